//! Sections and papers.

use offprint_core::words::{Label, byline, facts, link_label, stars};
use offprint_core::{Inline, Paper, Section};

use super::{Composer, bold, plain_style};
use crate::page::{Anchor, Backdrop, Row, Target};
use crate::paragraph::{Paragraph, Setting, Style, lines};
use crate::theme::{ACCENT, INK, MUTED, PALE, RULE, SOFT};

impl Composer<'_> {
    pub(super) fn section(&mut self, section: &Section, anchor: Anchor, papers: &[Anchor]) {
        let level = u8::from(!section.title.is_empty());
        self.space(self.theme.leading * 2.2);
        if section.title.is_empty() {
            self.space(self.theme.leading);
        } else {
            self.bookmark(0, &section.title, anchor);
            self.push(Row::rule(0.0, self.measure, 0.8, ACCENT));
            self.space(9.0);
            self.heading(&section.title, self.theme.section, ACCENT, Some(anchor));
        }
        let dress = self.body();
        let start = self.flow.rows.len();
        self.blocks(&section.intro, dress);
        // A heading with a line or two does not end a page.
        let opening = self.flow.rows.get_mut(start..).unwrap_or_default();
        let height: f32 = opening.iter().map(|row| row.before + row.height).sum();
        if !section.papers.is_empty() && height < self.theme.leading * 5.0 {
            for row in opening {
                row.keep = true;
            }
        }
        for (paper, &anchor) in section.papers.iter().zip(papers) {
            self.paper(paper, anchor, level);
        }
    }

    pub(super) fn paper(&mut self, paper: &Paper, anchor: Anchor, level: u8) {
        let theme = self.theme;
        let plain_title = paper.plain_title();
        let numbered = match paper.number {
            Some(number) => format!("{number}. {plain_title}"),
            None => plain_title,
        };
        self.bookmark(level, &numbered, anchor);
        self.space(theme.leading * 1.55);
        self.paper_head(paper, anchor);
        if !paper.tldr.is_empty() {
            self.tldr(&paper.tldr);
            self.keep_with_next();
            self.space(theme.leading * 0.35);
        }
        if let Some(figure) = &paper.image {
            self.figure(figure);
            self.space(theme.leading * 0.35);
        }
        let dress = self.body();
        self.blocks(&paper.commentary, dress);
        if !paper.abstract_text.is_empty() {
            self.space(theme.leading * 0.5);
            self.abstract_text(paper);
        }
        self.links(paper);
    }

    /// Title, authors and what is known of the paper's appearance.
    fn paper_head(&mut self, paper: &Paper, anchor: Anchor) {
        let theme = self.theme;
        // The title, its number hanging before it.
        let size = theme.title;
        let style = bold(plain_style(size, INK));
        let leading = size * 1.42;
        let mut hang = 0.0;
        if let Some(number) = paper.number {
            let number = number.to_string();
            hang = size * (0.62 * number.len() as f32 + 0.7);
            let mut label = Paragraph::default();
            label.push(
                &number,
                Style {
                    color: ACCENT,
                    ..style
                },
            );
            self.label(&label, &self.ragged(leading));
        }
        let mut title = Paragraph::default();
        title.push_anchor(anchor);
        let link = paper
            .landing()
            .map(|url| title.target(Target::Url(url.to_owned())));
        self.inlines(&mut title, &paper.title, Style { link, ..style });
        let setting = Setting {
            x: self.x + hang,
            measure: self.measure - hang,
            ..self.ragged(leading)
        };
        for mut row in lines(self.shaper, &title, &setting) {
            row.keep = true;
            self.push(row);
        }
        let mut has_lines = false;
        if !paper.authors.is_empty() {
            self.keep_with_next();
            self.space(2.0);
            let mut words = Paragraph::default();
            // A name is not broken; between names a line may end.
            let names = byline(paper, 12)
                .replace(' ', "\u{a0}")
                .replace(",\u{a0}", ", ");
            words.push(&names, plain_style(theme.small, SOFT));
            self.paragraph(&words, &self.ragged(theme.small_leading));
            has_lines = true;
        }
        if !paper.affiliations.is_empty() {
            self.keep_with_next();
            let mut words = Paragraph::default();
            words.push(
                &paper.affiliations.join(self.words.comma()),
                plain_style(theme.small - 0.5, MUTED),
            );
            self.paragraph(&words, &self.ragged(theme.small_leading));
            has_lines = true;
        }
        let facts = self.paper_facts(paper);
        if !facts.is_empty() {
            self.keep_with_next();
            self.space(if has_lines { 0.5 } else { 2.0 });
            let style = plain_style(theme.small, MUTED);
            let mut words = Paragraph::default();
            for (index, fact) in facts.iter().enumerate() {
                if index > 0 {
                    words.push("  ·  ", style);
                }
                words.push(
                    fact,
                    Style {
                        whole: true,
                        ..style
                    },
                );
            }
            self.paragraph(&words, &self.ragged(theme.small_leading));
        }
        self.keep_with_next();
        self.space(theme.leading * 0.35);
    }

    pub(super) fn paper_facts(&self, paper: &Paper) -> Vec<String> {
        let mut facts = facts(paper, self.words);
        if let Some(rating) = paper.rating {
            let stars = stars(rating);
            facts.push(format!("{}{stars}", self.words.lead(Label::Rating)));
        }
        if let Some(presenter) = &paper.presenter {
            facts.push(format!("{}{presenter}", self.words.lead(Label::Presenter)));
        }
        let shown: Vec<&str> = paper.buttons().map(|(_, url)| url).collect();
        let is_shown = |id: &str| shown.iter().any(|url| url.contains(id));
        if let Some(doi) = paper.doi.as_ref().filter(|doi| !is_shown(doi)) {
            facts.push(format!("doi:{doi}"));
        }
        if let Some(arxiv) = paper.arxiv.as_ref().filter(|arxiv| !is_shown(arxiv)) {
            facts.push(format!("arXiv:{arxiv}"));
        }
        if let Some(pmid) = paper.pmid.as_ref().filter(|pmid| !is_shown(pmid)) {
            facts.push(format!("PMID {pmid}"));
        }
        if let Some(isbn) = &paper.isbn {
            facts.push(format!("ISBN {isbn}"));
        }
        facts.extend(paper.tags.iter().map(|tag| format!("#{tag}")));
        facts
    }

    pub(super) fn tldr(&mut self, tldr: &[Inline]) {
        let theme = self.theme;
        let backdrop = Backdrop {
            x: self.x,
            width: self.measure,
            color: PALE,
        };
        let bar = Backdrop {
            x: self.x,
            width: 2.2,
            color: ACCENT,
        };
        self.with_backdrop(backdrop, |composer| {
            composer.with_backdrop(bar, |composer| {
                composer.gap(4.5);
                composer.with_inset(11.0, 9.0, |composer| {
                    let style = plain_style(theme.body - 0.5, INK);
                    let mut paragraph = Paragraph::default();
                    let label = composer.words.lead(Label::Tldr);
                    paragraph.push(
                        &label,
                        bold(Style {
                            color: ACCENT,
                            ..style
                        }),
                    );
                    composer.inlines(&mut paragraph, tldr, style);
                    let setting = composer.setting(theme.leading * 0.94);
                    composer.paragraph(&paragraph, &setting);
                    composer.keep_with_next();
                });
                composer.gap(4.5);
            });
        });
    }

    pub(super) fn abstract_text(&mut self, paper: &Paper) {
        let bar = Backdrop {
            x: self.x,
            width: 1.2,
            color: RULE,
        };
        self.with_backdrop(bar, |composer| {
            composer.with_inset(11.0, 0.0, |composer| {
                let dress = composer.small(SOFT);
                let mut label = Paragraph::default();
                label.push(composer.words.label(Label::Abstract), bold(dress.style));
                composer.paragraph(&label, &composer.ragged(dress.leading));
                composer.keep_with_next();
                composer.blocks(&paper.abstract_text, dress);
            });
        });
    }

    pub(super) fn links(&mut self, paper: &Paper) {
        let style = plain_style(self.theme.small - 0.5, MUTED);
        let mut line = Paragraph::default();
        for (kind, url) in paper.buttons() {
            if !line.is_empty() {
                line.push("    ", style);
            }
            let target = line.target(Target::Url(url.to_owned()));
            let linked = Style {
                link: Some(target),
                whole: true,
                ..style
            };
            let label = link_label(self.series, self.words, kind);
            line.push(
                &label,
                bold(Style {
                    color: SOFT,
                    ..linked
                }),
            );
            line.push("\u{a0}", linked);
            line.push(
                &short_url(url),
                Style {
                    color: ACCENT,
                    ..linked
                },
            );
        }
        if !line.is_empty() {
            self.keep_with_next();
            self.space(self.theme.leading * 0.3);
            self.paragraph(&line, &self.ragged(self.theme.small_leading));
        }
    }
}

/// An address as print shows it: without its scheme, and not longer than a line.
fn short_url(url: &str) -> String {
    const LONGEST: usize = 64;
    let shown = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"))
        .or_else(|| url.strip_prefix("mailto:"))
        .unwrap_or(url);
    let shown = shown.strip_prefix("www.").unwrap_or(shown);
    let shown = readable(shown.strip_suffix('/').unwrap_or(shown));
    if shown.chars().count() <= LONGEST {
        return shown;
    }
    let mut short: String = shown.chars().take(LONGEST - 1).collect();
    short.push('…');
    short
}

/// An address with its escaped letters as letters; escaped ASCII stays as it is.
fn readable(url: &str) -> String {
    let mut out = String::new();
    let mut rest = url;
    while let Some(start) = rest.find('%') {
        let (before, escaped) = rest.split_at(start);
        out.push_str(before);
        let mut bytes = Vec::new();
        let mut tail = escaped;
        while let Some(byte) = tail
            .strip_prefix('%')
            .and_then(|hex| hex.get(..2))
            .and_then(|hex| u8::from_str_radix(hex, 16).ok())
        {
            bytes.push(byte);
            tail = tail.get(3..).unwrap_or_default();
        }
        match String::from_utf8(bytes) {
            Ok(letters)
                if !letters.is_empty()
                    && letters
                        .chars()
                        .all(|letter| letter.is_alphanumeric() && !letter.is_ascii()) =>
            {
                out.push_str(&letters);
                rest = tail;
            }
            Ok(_) | Err(_) => {
                out.push('%');
                rest = escaped.get(1..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_its_scheme_and_cut_when_long() {
        assert_eq!(short_url("https://www.example.org/"), "example.org");
        assert_eq!(short_url("mailto:a@example.org"), "a@example.org");
        let long = format!("https://example.org/{}", "x".repeat(100));
        assert_eq!(short_url(&long).chars().count(), 64);
        assert!(short_url(&long).ends_with('…'));
    }

    #[test]
    fn escaped_letters_are_shown_as_letters_and_nothing_else_is() {
        assert_eq!(readable("a/%E8%AE%BA%E6%96%87/b"), "a/论文/b");
        assert_eq!(readable("a%20b%2Fc%00%FF%"), "a%20b%2Fc%00%FF%");
        assert_eq!(readable("%E2%80%AE"), "%E2%80%AE");
    }
}
