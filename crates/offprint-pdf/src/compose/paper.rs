//! Sections and papers.

use offprint_core::chars::is_han;
use offprint_core::text::plain_text;
use offprint_core::words::{Label, byline, facts, link_label, stars};
use offprint_core::{Inline, Paper, Section};

use super::{Composer, bold, heights, plain_style};
use crate::page::{Anchor, Backdrop, Item, Row, Target};
use crate::paragraph::{Paragraph, Setting, Style, lines};
use crate::qr;
use crate::settings::Qr;
use crate::structure::{Numbering, Role};

/// The side of a QR code in points: some 19 mm, which a telephone reads from a hand-out.
const QR_SIDE: f32 = 54.0;
/// What a module must measure to be told from its neighbours: a third of a millimetre.
const QR_MODULE: f32 = 0.94;
/// Addresses so long that their code would be larger have none.
const QR_LARGEST: f32 = 100.0;
const QR_GAP: f32 = 14.0;

/// More authors than that are "et al.".
const MOST_AUTHORS: usize = 12;

impl<'a> Composer<'a> {
    pub(super) fn section_at(&mut self, index: usize) {
        let Some(section) = self.issue.sections.get(index) else {
            return;
        };
        let Some((anchor, papers)) = self.places.sections.get(index) else {
            return;
        };
        let role = if self.is_book() {
            Role::Section
        } else {
            Role::Part
        };
        self.within(role, |composer| {
            composer.section(section, *anchor, papers);
        });
    }

    fn section(&mut self, section: &'a Section, anchor: Anchor, papers: &[Anchor]) {
        let has_title = !section.title.is_empty();
        let accent = self.colors().accent;
        // What it stands under is composed already.
        self.level = 1 + self.deeper();
        self.space(self.theme.leading * 2.2);
        if has_title {
            self.bookmark(self.deeper(), &section.title, anchor);
            self.push(Row::rule(0.0, self.measure, 0.8, accent));
            self.space(9.0);
            let level = 2 + self.deeper();
            self.heading(
                level,
                &section.title,
                self.theme.section,
                accent,
                Some(anchor),
            );
        } else {
            self.space(self.theme.leading);
        }
        let dress = self.body();
        let start = self.flow.rows.len();
        self.base = self.level;
        self.blocks(&section.intro, dress);
        // A heading with a line or two does not end a page.
        let opening = self.flow.rows.get_mut(start..).unwrap_or_default();
        if !section.papers.is_empty() && heights(opening) < self.theme.leading * 5.0 {
            for row in opening {
                row.keep = true;
            }
        }
        let level = if has_title { 3 } else { 2 } + self.deeper();
        for (paper, &anchor) in section.papers.iter().zip(papers) {
            self.within(Role::Section, |composer| {
                // What was deeper belonged to another paper.
                composer.level = level - 1;
                composer.base = level;
                composer.paper(paper, anchor, level);
            });
        }
    }

    fn paper(&mut self, paper: &'a Paper, anchor: Anchor, level: u8) {
        let theme = self.theme;
        let plain_title = paper.plain_title();
        self.paper = Some(plain_title.clone());
        let numbered = match paper.number {
            Some(number) => format!("{number}. {plain_title}"),
            None => plain_title,
        };
        self.bookmark(level - 2, &numbered, anchor);
        self.space(theme.leading * 1.55);
        let start = self.flow.rows.len();
        self.card(paper, anchor, level);
        for row in self.flow.rows.get_mut(start..).unwrap_or_default() {
            row.keep = true;
        }
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
        self.paper = None;
    }

    /// The paper's head, with a QR code at its right where the settings ask for one.
    fn card(&mut self, paper: &Paper, anchor: Anchor, level: u8) {
        let wants_code = self.subject.settings.qr == Qr::Papers;
        let code = paper
            .landing()
            .filter(|_| wants_code)
            .and_then(|url| Some((url, qr::code(url)?)))
            .map(|(url, code)| (url, QR_SIDE.max(code.size as f32 * QR_MODULE), code))
            .filter(|(_, side, _)| *side <= QR_LARGEST);
        let Some((url, side, code)) = code else {
            self.paper_head(paper, anchor, level);
            return;
        };
        let start = self.flow.rows.len();
        let right = self.x + self.measure;
        self.with_inset(0.0, side + QR_GAP, |composer| {
            composer.paper_head(paper, anchor, level);
        });
        let height = heights(self.flow.rows.get(start..).unwrap_or_default())
            - self.flow.rows.get(start).map_or(0.0, |row| row.before);
        if height < side {
            let wanted = std::mem::take(&mut self.before);
            self.gap(side - height);
            self.before = wanted;
        }
        let alt = format!("{}{url}", self.words.lead(Label::QrCode));
        let tag = self.figure_tag(&alt);
        let module = side / code.size as f32;
        let (x, color) = (right - side, self.colors().ink);
        if let Some(row) = self.flow.rows.get_mut(start) {
            row.items.extend(code.bars.iter().map(|bar| Item::Fill {
                x: x + bar.x as f32 * module,
                y: bar.y as f32 * module,
                width: bar.width as f32 * module,
                height: bar.height as f32 * module,
                color,
                tag,
            }));
        }
    }

    /// Title, authors and what is known of the paper's appearance.
    fn paper_head(&mut self, paper: &Paper, anchor: Anchor, level: u8) {
        let theme = self.theme;
        self.paper_title(paper, anchor, level);
        let mut has_lines = false;
        if !paper.authors.is_empty() {
            self.keep_with_next();
            self.space(2.0);
            // A name is not broken; between names a line may end.
            let names = byline(paper, MOST_AUTHORS)
                .replace(' ', "\u{a0}")
                .replace(",\u{a0}", ", ");
            let style = plain_style(theme.small, self.colors().soft);
            let setting = self.ragged(theme.small_leading);
            self.block_of(Role::Paragraph, &setting, |composer, words| {
                composer.speak(paper.lang.as_ref(), &names);
                composer.name(words, &names, style);
            });
            has_lines = true;
        }
        if !paper.affiliations.is_empty() {
            self.keep_with_next();
            let names = paper.affiliations.join(self.words.comma());
            let style = plain_style(theme.small - 0.5, self.colors().muted);
            let setting = self.ragged(theme.small_leading);
            self.block_of(Role::Paragraph, &setting, |composer, words| {
                composer.speak(paper.lang.as_ref(), &names);
                composer.name(words, &names, style);
            });
            has_lines = true;
        }
        self.paper_facts(paper, has_lines);
        self.keep_with_next();
        self.space(theme.leading * 0.35);
    }

    /// The title, its number hanging before it.
    fn paper_title(&mut self, paper: &Paper, anchor: Anchor, level: u8) {
        let size = self.theme.title;
        let style = bold(plain_style(size, self.colors().ink));
        let leading = size * 1.42;
        let role = self.heading_role(level);
        self.within(role, |composer| {
            let start = composer.flow.rows.len();
            let mut hang = 0.0;
            if let Some(number) = paper.number {
                let number = number.to_string();
                hang = size * (0.62 * number.len() as f32 + 0.7);
                let accent = Style {
                    color: composer.colors().accent,
                    ..style
                };
                let mut label = Paragraph::default();
                composer.name(&mut label, &number, accent);
                composer.label(&label, &composer.ragged(leading));
            }
            let mut title = Paragraph::default();
            title.push_anchor(anchor);
            let fill = |composer: &mut Self, title: &mut Paragraph, style: Style| {
                composer.speak(paper.lang.as_ref(), &paper.plain_title());
                composer.inlines(title, &paper.title, style);
            };
            match paper.landing() {
                Some(url) => {
                    let target = Target::Url(url.to_owned());
                    composer.linked(&mut title, target, style, fill);
                }
                None => fill(composer, &mut title, style),
            }
            let setting = Setting {
                x: composer.x + hang,
                measure: composer.measure - hang,
                ..composer.ragged(leading)
            };
            for mut row in lines(composer.shaper, &title, &setting) {
                row.keep = true;
                composer.push(row);
            }
            if paper.number.is_some() {
                composer.align_label(start);
            }
        });
    }

    /// Venue, year, status as a badge, and the rest of what is known.
    fn paper_facts(&mut self, paper: &Paper, has_lines: bool) {
        let theme = self.theme;
        let (known, more) = (facts(paper, self.words), self.more_facts(paper));
        if known.is_empty() && more.is_empty() {
            return;
        }
        self.keep_with_next();
        self.space(if has_lines { 0.5 } else { 2.0 });
        let style = plain_style(theme.small, self.colors().muted);
        let whole = Style {
            whole: true,
            ..style
        };
        let badge = Style {
            ground: Some(self.colors().badge),
            color: self.colors().accent,
            ..bold(whole)
        };
        let status = paper.status.map(|status| self.words.status(status));
        let setting = self.ragged(theme.small_leading);
        self.block_of(Role::Paragraph, &setting, |composer, words| {
            let mut after_badge = false;
            for fact in known.iter().chain(&more) {
                let is_badge = status == Some(fact.as_str());
                // The badge's ground reaches into the blanks beside it.
                if !words.is_empty() {
                    let before = if after_badge { "   ·  " } else { "  ·  " };
                    composer.name(words, before, style);
                    composer.name(words, if is_badge { " " } else { "" }, style);
                }
                composer.name(words, fact, if is_badge { badge } else { whole });
                after_badge = is_badge;
            }
        });
    }

    fn more_facts(&self, paper: &Paper) -> Vec<String> {
        let mut facts = Vec::new();
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

    fn tldr(&mut self, tldr: &[Inline]) {
        let theme = self.theme;
        let colors = self.colors();
        let backdrop = Backdrop {
            x: self.x,
            width: self.measure,
            color: colors.pale,
        };
        let bar = Backdrop {
            x: self.x,
            width: 2.2,
            color: colors.accent,
        };
        self.with_backdrop(backdrop, |composer| {
            composer.with_backdrop(bar, |composer| {
                composer.gap(4.5);
                composer.with_inset(11.0, 9.0, |composer| {
                    let style = plain_style(theme.body - 0.5, colors.ink);
                    let label = bold(Style {
                        color: colors.accent,
                        ..style
                    });
                    let setting = composer.setting(theme.leading * 0.94);
                    composer.block_of(Role::Paragraph, &setting, |composer, paragraph| {
                        let lead = composer.words.lead(Label::Tldr);
                        composer.name(paragraph, &lead, label);
                        composer.inlines(paragraph, tldr, style);
                    });
                    composer.keep_with_next();
                });
                composer.gap(4.5);
            });
        });
    }

    fn abstract_text(&mut self, paper: &'a Paper) {
        let bar = Backdrop {
            x: self.x,
            width: 1.2,
            color: self.colors().rule,
        };
        self.with_backdrop(bar, |composer| {
            composer.with_inset(11.0, 0.0, |composer| {
                let mut dress = composer.small(composer.colors().soft);
                // Latin letters fill less of their line than Han characters do.
                if !plain_text(&paper.abstract_text).chars().any(is_han) {
                    dress.leading = dress.style.size * 1.45;
                }
                let label = composer.words.label(Label::Abstract);
                let setting = composer.ragged(dress.leading);
                composer.block_of(Role::Paragraph, &setting, |composer, paragraph| {
                    composer.name(paragraph, label, bold(dress.style));
                });
                composer.keep_with_next();
                // The authors wrote it in their paper's language.
                composer.within(Role::Division, |composer| {
                    composer.speak(paper.lang.as_ref(), "");
                    let outer = composer.lang;
                    composer.lang = paper.lang.as_ref().unwrap_or(outer);
                    composer.blocks(&paper.abstract_text, dress);
                    composer.lang = outer;
                });
            });
        });
    }

    /// A labelled button for each link, with its address for those who read on paper.
    fn links(&mut self, paper: &Paper) {
        let style = plain_style(self.theme.small - 0.5, self.colors().muted);
        let whole = Style {
            whole: true,
            ..style
        };
        let button = Style {
            color: self.colors().accent,
            ground: Some(self.colors().badge),
            ..bold(whole)
        };
        let address = Style {
            color: self.colors().soft,
            ..whole
        };
        let mut line = Paragraph::default();
        self.within(Role::List(Numbering::None), |composer| {
            for (kind, url) in paper.buttons() {
                if !line.is_empty() {
                    line.push("    ", style);
                }
                let label = link_label(composer.series, composer.words, kind);
                let target = Target::Url(url.to_owned());
                composer.list_item(|composer| {
                    composer.linked(&mut line, target, whole, |composer, line, linked| {
                        let button = Style {
                            link: linked.link,
                            ..button
                        };
                        let address = Style {
                            link: linked.link,
                            ..address
                        };
                        composer.name(line, &label, button);
                        composer.name(line, "\u{a0}\u{a0}\u{a0}", linked);
                        composer.name(line, &short_url(url), address);
                    });
                });
            }
        });
        if line.is_empty() {
            return;
        }
        self.keep_with_next();
        self.space(self.theme.leading * 0.3);
        let inset = Style::PADDING * style.size;
        let setting = Setting {
            x: self.x + inset,
            measure: self.measure - inset,
            ..self.ragged(self.theme.small_leading * 1.06)
        };
        self.paragraph(&line, &setting);
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
