//! A paper as others cite it: one line, in the paper's own language, after a style.

use jiff::civil::Date;

use crate::chars::is_han;
use crate::model::{Lang, Paper};
use crate::names::{Name, is_and_others};
use crate::text::{Inline, plain};

/// How references are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub enum Style {
    /// GB/T 7714-2015, the Chinese standard, numeric system.
    Gb7714,
    /// Author, year, title, venue, address: what most international journals' short
    /// references have in common.
    Short,
}

impl Style {
    /// The style that readers of a language expect.
    #[must_use]
    pub fn of(lang: &Lang) -> Self {
        if lang.is_chinese() {
            Self::Gb7714
        } else {
            Self::Short
        }
    }
}

/// After so many authors comes `et al.` (GB/T 7714-2015, 8.1.2).
const AUTHORS: usize = 3;

/// Writes the reference of a paper that was looked at on the day `seen`.
#[must_use]
pub fn reference(paper: &Paper, style: Style, seen: Date) -> Vec<Inline> {
    let mut line = Line::default();
    match style {
        Style::Gb7714 => gb7714(paper, seen, &mut line),
        Style::Short => short(paper, &mut line),
    }
    line.0
}

/// Whether a paper's reference is Chinese: its language, else the script of its title or of
/// all its authors.
#[must_use]
pub fn is_chinese(paper: &Paper) -> bool {
    if let Some(lang) = &paper.lang {
        return lang.is_chinese();
    }
    let has_han = |text: &str| text.chars().any(is_han);
    has_han(&paper.plain_title())
        || !paper.authors.is_empty() && paper.authors.iter().all(|author| has_han(author))
}

/// Text and links; neighbouring words are one.
#[derive(Default)]
struct Line(Vec<Inline>);

impl Line {
    fn words(&mut self, words: &str) {
        match self.0.last_mut() {
            Some(Inline::Text(text)) => text.push_str(words),
            _ => self.0.push(Inline::Text(words.to_owned())),
        }
    }

    fn inlines(&mut self, inlines: &[Inline]) {
        for inline in inlines {
            match inline {
                Inline::Text(text) => self.words(text),
                Inline::Math(_)
                | Inline::Code(_)
                | Inline::Emphasis(_)
                | Inline::Strong(_)
                | Inline::Strike(_)
                | Inline::Link { .. }
                | Inline::Image(_)
                | Inline::FootnoteRef(_)
                | Inline::HardBreak => self.0.push(inline.clone()),
            }
        }
    }

    fn link(&mut self, url: &str) {
        self.0.push(Inline::Link {
            url: url.to_owned(),
            content: vec![Inline::Text(url.to_owned())],
        });
    }

    /// Ends a part with a full stop and a blank, unless it ends itself.
    fn stop(&mut self) {
        let words = plain(&self.0);
        let ends = words
            .trim_end()
            .ends_with(['.', '?', '!', '。', '？', '！']);
        self.words(if ends { " " } else { ". " });
    }
}

/// The first authors, and whether there are more.
fn authors(paper: &Paper, write: impl Fn(&Name) -> String) -> (Vec<String>, bool) {
    let named = paper
        .authors
        .iter()
        .take_while(|author| !is_and_others(author));
    let named: Vec<Name> = named.map(|author| Name::of(author)).collect();
    let has_more = named.len() > AUTHORS || named.len() < paper.authors.len();
    (named.iter().take(AUTHORS).map(write).collect(), has_more)
}

/// The year of publication: as given, or of the date.
fn year(paper: &Paper) -> Option<i16> {
    paper.year.or_else(|| paper.date.map(Date::year))
}

/// The first letters of given names: `N M` of `Noam M.`, each followed by `end`.
fn initials(given: &str, end: &str, hyphen: &str) -> String {
    given
        .split_whitespace()
        .map(|name| {
            let parts: Vec<String> = name
                .split('-')
                .filter_map(|part| part.chars().find(|c| c.is_alphabetic()))
                .map(|first| format!("{}{end}", first.to_uppercase()))
                .collect();
            parts.join(hyphen)
        })
        .filter(|initials| !initials.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Pages with `dash` in their ranges, however those are written: `1--10`, `1 – 10`, `S1-S10`.
#[must_use]
pub fn ranges(pages: &str, dash: &str) -> String {
    const DASHES: [char; 7] = ['-', '‐', '‑', '‒', '–', '—', '−'];
    let mut out = String::with_capacity(pages.len());
    let mut rest = pages;
    while let Some(at) = rest.find(DASHES) {
        let (before, from) = rest.split_at_checked(at).unwrap_or((rest, ""));
        let after = from.trim_start_matches(DASHES);
        let is_range = before.trim_end().ends_with(char::is_alphanumeric)
            && after.trim_start().starts_with(char::is_alphanumeric);
        if is_range {
            out.push_str(before.trim_end());
            out.push_str(dash);
            rest = after.trim_start();
        } else {
            out.push_str(before);
            let length = from.len() - after.len();
            out.push_str(from.get(..length).unwrap_or_default());
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

/// `44(5)`, `44`, `(5)`.
fn volume_and_issue(paper: &Paper) -> String {
    let issue = paper.issue.as_ref().map(|issue| format!("({issue})"));
    let volume = paper.volume.clone().unwrap_or_default();
    format!("{volume}{}", issue.unwrap_or_default())
}

/// The volume of a work of several, or of proceedings: `Vol. 139`, `第139卷`.
fn volume_name(paper: &Paper) -> Option<String> {
    let volume = paper.volume.as_ref()?;
    Some(if !volume.bytes().all(|byte| byte.is_ascii_digit()) {
        volume.clone()
    } else if is_chinese(paper) {
        format!("第{volume}卷")
    } else {
        format!("Vol. {volume}")
    })
}

/// Whether a paper is a whole that a publisher brought out, and no part of another.
fn is_whole(paper: &Paper) -> bool {
    matches!(paper.kind.as_str(), "book" | "thesis" | "report")
}

/// `VASWANI A, SHAZEER N, PARMAR N, et al. Title[C/OL]//Venue. 2017: 1-9[2020-11-02]. https://….`
fn gb7714(paper: &Paper, seen: Date, line: &mut Line) {
    let (names, has_more) = authors(paper, |name| match name {
        Name::Person {
            family,
            given,
            suffix,
        } => {
            let suffix = suffix
                .as_ref()
                .map(|suffix| format!(" {}", suffix.trim_end_matches('.')));
            let initials = initials(given, "", " ");
            format!(
                "{} {initials}{}",
                family.to_uppercase(),
                suffix.unwrap_or_default()
            )
        }
        Name::Whole(name) => name.clone(),
    });
    if !names.is_empty() {
        line.words(&names.join(", "));
        if has_more {
            line.words(if is_chinese(paper) {
                ", 等"
            } else {
                ", et al"
            });
        }
        line.stop();
    }
    line.inlines(&paper.title);
    if let Some(volume) = volume_name(paper).filter(|_| is_whole(paper)) {
        line.words(&format!(": {volume}"));
    }
    let url = paper.landing();
    let (mark, is_within) = mark(paper);
    let carrier = if url.is_some() && mark != "EB" {
        "/OL"
    } else {
        ""
    };
    let carrier = if mark == "EB" { "/OL" } else { carrier };
    line.words(&format!("[{mark}{carrier}]"));
    let looked_at = url.map(|_| format!("[{seen}]")).unwrap_or_default();
    line.words(&appearance(paper, is_within));
    line.words(&looked_at);
    if let Some(url) = url {
        line.words(". ");
        line.link(url);
    }
    if let Some(doi) = paper.doi.as_deref().filter(|doi| !says(url, doi)) {
        line.words(&format!(". DOI:{doi}"));
    }
    if let Some(isbn) = &paper.isbn {
        line.words(&format!(". ISBN:{isbn}"));
    }
    line.words(".");
}

/// Where and when a paper appeared, up to the day on which it was looked at:
/// `. Journal, 2021, 44(5): 1-10`, `//Proceedings: Vol. 139. Publisher, 2021: 1-10`,
/// `. Publisher, 1999`, `. (2020-06-10)`.
fn appearance(paper: &Paper, is_within: bool) -> String {
    let mut out = String::new();
    let mut year = year(paper).map(|year| year.to_string());
    let publisher = paper.publisher.as_deref();
    let container = paper.venue.as_deref().filter(|_| !is_whole(paper));
    match container {
        Some(venue) if is_within => {
            out.push_str("//");
            out.push_str(venue);
            if let Some(volume) = volume_name(paper) {
                out.push_str(": ");
                out.push_str(&volume);
            }
            // A venue that names its year needs it no second time.
            year = year.filter(|year| publisher.is_some() || !venue.contains(year));
            push_part(publisher.into_iter().chain(year.as_deref()), &mut out);
        }
        Some(venue) => {
            let number = volume_and_issue(paper);
            // An issue without a volume is one of the year.
            let (year, number) = match year {
                Some(year) if number.starts_with('(') => (year + &number, String::new()),
                year => (year.unwrap_or_default(), number),
            };
            push_part([venue, &year, &number].into_iter(), &mut out);
        }
        None => match publisher.or(paper.venue.as_deref()) {
            Some(by) => push_part([by].into_iter().chain(year.as_deref()), &mut out),
            None => match paper.date.map(|date| date.to_string()).or(year) {
                Some(date) if paper.landing().is_some() => {
                    push_part([format!("({date})").as_str()].into_iter(), &mut out);
                }
                date => push_part(date.as_deref().into_iter(), &mut out),
            },
        },
    }
    if let Some(pages) = &paper.pages {
        out.push_str(": ");
        out.push_str(&ranges(pages, "-"));
    }
    out
}

/// Writes the parts that are there behind a full stop.
fn push_part<'t>(told: impl Iterator<Item = &'t str>, out: &mut String) {
    let told: Vec<&str> = told.filter(|told| !told.is_empty()).collect();
    if !told.is_empty() {
        out.push_str(". ");
        out.push_str(&told.join(", "));
    }
}

fn says(url: Option<&str>, doi: &str) -> bool {
    url.is_some_and(|url| url.ends_with(doi))
}

/// The mark of a kind of document (GB/T 7714-2015, annex B), and whether it stands within
/// another.
fn mark(paper: &Paper) -> (&'static str, bool) {
    match paper.kind.as_str() {
        // What names no conference was not shown to be of one.
        "paper-conference" if paper.venue.is_some() => ("C", true),
        "article-journal" | "article-magazine" | "review" => ("J", false),
        "article-newspaper" => ("N", false),
        "book" => ("M", false),
        "chapter" => ("M", true),
        "thesis" => ("D", false),
        "report" => ("R", false),
        "standard" => ("S", false),
        "dataset" => ("DS", false),
        "software" => ("CP", false),
        "speech" | "document" if paper.landing().is_none() => ("Z", false),
        _ if paper.landing().is_some() => ("EB", false),
        _ => ("Z", false),
    }
}

/// `Vaswani, A., Shazeer, N., Parmar, N., et al. (2017). Title. Venue, 44(5), 1–10. https://…`
fn short(paper: &Paper, line: &mut Line) {
    let (names, has_more) = authors(paper, |name| match name {
        Name::Person {
            family,
            given,
            suffix,
        } => {
            let suffix = suffix.as_ref().map(|suffix| format!(", {suffix}"));
            format!(
                "{family}, {}{}",
                initials(given, ".", "-"),
                suffix.unwrap_or_default()
            )
        }
        Name::Whole(name) => name.clone(),
    });
    let year = year(paper).map(|year| year.to_string());
    if names.is_empty() {
        line.inlines(&paper.title);
    } else {
        line.words(&names.join(", "));
        if has_more {
            line.words(if is_chinese(paper) {
                ", 等"
            } else {
                ", et al."
            });
        }
    }
    match &year {
        Some(year) => line.words(&format!(" ({year}). ")),
        None => line.stop(),
    }
    if !names.is_empty() {
        line.inlines(&paper.title);
        line.stop();
    }
    let venue = paper.venue.clone();
    let told = [
        venue.filter(|_| !is_whole(paper) || paper.publisher.is_none()),
        Some(volume_and_issue(paper)).filter(|_| !is_whole(paper)),
        paper.pages.as_deref().map(|pages| ranges(pages, "–")),
        // Of a journal or a conference the name is enough.
        paper
            .publisher
            .clone()
            .filter(|_| is_whole(paper) || paper.venue.is_none()),
    ];
    let told: Vec<String> = told
        .into_iter()
        .flatten()
        .filter(|told| !told.is_empty())
        .collect();
    if !told.is_empty() {
        line.words(&told.join(", "));
        line.stop();
    }
    if let Some(url) = paper.landing() {
        line.link(url);
    } else if let Some(isbn) = &paper.isbn {
        line.words(&format!("ISBN {isbn}."));
    }
    trim_end(&mut line.0);
}

fn trim_end(line: &mut Vec<Inline>) {
    if let Some(Inline::Text(text)) = line.last_mut() {
        text.truncate(text.trim_end().len());
        if text.is_empty() {
            line.pop();
        }
    }
}

#[cfg(test)]
mod tests;
