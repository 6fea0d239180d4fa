//! BibTeX, with fields of BibLaTeX where BibTeX has none.

use std::fmt::Write as _;

use offprint_core::citation::ranges;
use offprint_core::model::{Lang, Paper};
use offprint_core::names::{Name, is_and_others};
use offprint_core::text::{Inline, plain};

use crate::Entry;
use crate::spreadsheet::status;

/// The entry of a paper.
pub(crate) fn entry(entry: &Entry<'_>, key: &str) -> String {
    let paper = entry.paper;
    let (kind, container) = match entry.kind() {
        "paper-conference" => ("inproceedings", "booktitle"),
        "article-journal" | "article-magazine" | "article-newspaper" | "review" => {
            ("article", "journal")
        }
        "book" => ("book", "publisher"),
        "chapter" => ("incollection", "booktitle"),
        "thesis" => ("phdthesis", "school"),
        "report" => ("techreport", "institution"),
        "dataset" => ("dataset", "publisher"),
        "software" => ("software", "publisher"),
        "webpage" | "post" | "post-weblog" => ("online", "organization"),
        _ => ("misc", "howpublished"),
    };
    let mut out = format!("@{kind}{{{key},\n");
    let mut put = |name: &str, value: &str| {
        if !value.is_empty() {
            let _ = writeln!(out, "  {name} = {{{value}}},");
        }
    };
    let text = |text: &Option<String>| escaped(text.as_deref().unwrap_or_default());
    let address = |text: &Option<String>| verbatim(text.as_deref().unwrap_or_default());
    put("author", &authors(paper));
    put("title", &title(&paper.title));
    // Of what is published whole, the publisher stands in the container's place.
    let is_published = matches!(container, "publisher" | "school" | "institution");
    match &paper.publisher {
        Some(publisher) if is_published => put(container, &escaped(publisher)),
        Some(_) | None => put(container, &text(&paper.venue)),
    }
    put("volume", &text(&paper.volume));
    put("number", &text(&paper.issue));
    let pages = paper.pages.as_deref().unwrap_or_default();
    put("pages", &escaped(&ranges(pages, "--")));
    if !is_published {
        put("publisher", &text(&paper.publisher));
    }
    put(
        "year",
        &entry
            .year()
            .map(|year| year.to_string())
            .unwrap_or_default(),
    );
    if let Some(date) = paper.date.filter(|date| entry.year() == Some(date.year())) {
        put("month", &date.month().to_string());
        put("day", &date.day().to_string());
    }
    put("doi", &address(&paper.doi));
    if let Some(arxiv) = &paper.arxiv {
        put("eprint", &verbatim(arxiv));
        put("archiveprefix", "arXiv");
        put("pmid", paper.pmid.as_deref().unwrap_or_default());
    } else if let Some(pmid) = &paper.pmid {
        put("eprint", pmid);
        put("archiveprefix", "pubmed");
    }
    put("isbn", &text(&paper.isbn));
    put("url", &verbatim(paper.landing().unwrap_or_default()));
    match paper.lang.as_ref().map(|lang| (lang, babel(lang))) {
        Some((_, Some(name))) => put("langid", name),
        Some((lang, None)) => put("language", lang.as_str()),
        None => {}
    }
    put("pubstate", paper.status.map(status).unwrap_or_default());
    if entry.is_bare {
        out.push_str("}\n");
        return out;
    }
    put("keywords", &escaped(&paper.tags.join(", ")));
    put("abstract", &escaped(&entry.prose(&paper.abstract_text)));
    put("annotation", &escaped(&entry.comment()));
    put("openreview", &address(&paper.openreview));
    for (kind, url) in &paper.links {
        put(kind.key(), &verbatim(url));
    }
    put(
        "rating",
        &paper
            .rating
            .map(|rating| rating.to_string())
            .unwrap_or_default(),
    );
    put("offprint-issue", &entry.issue.id);
    put("offprint-date", &entry.issue.date.date().to_string());
    put("offprint-section", &escaped(&entry.section.title));
    out.push_str("}\n");
    out
}

/// `Vaswani, Ashish and {张三} and others`.
fn authors(paper: &Paper) -> String {
    let names: Vec<String> = paper
        .authors
        .iter()
        .map(|author| match Name::of(author) {
            _ if is_and_others(author) => "others".to_owned(),
            Name::Person {
                family,
                given,
                suffix,
            } => {
                let suffix = suffix.map(|suffix| format!("{}, ", escaped(&suffix)));
                let suffix = suffix.unwrap_or_default();
                format!("{}, {suffix}{}", escaped(&family), escaped(&given))
            }
            Name::Whole(name) => format!("{{{}}}", escaped(&name)),
        })
        .collect();
    names.join(" and ")
}

/// A title in braces of its own, which keep its capitals and small letters: titles are told as
/// they are written. Scripts without such letters need none.
fn title(title: &[Inline]) -> String {
    let mut out = String::new();
    for inline in title {
        match inline {
            Inline::Math(formula) if is_balanced(&formula.tex) => {
                let _ = write!(out, "${}$", formula.tex);
            }
            Inline::Text(_)
            | Inline::Math(_)
            | Inline::Code(_)
            | Inline::Emphasis(_)
            | Inline::Strong(_)
            | Inline::Strike(_)
            | Inline::Link { .. }
            | Inline::Image(_)
            | Inline::FootnoteRef(_)
            | Inline::HardBreak => out.push_str(&escaped(&plain(std::slice::from_ref(inline)))),
        }
    }
    if out
        .chars()
        .any(|letter| letter.is_uppercase() || letter.is_lowercase())
    {
        format!("{{{out}}}")
    } else {
        out
    }
}

/// Whether a formula can stand in a field: no dollar sign, and each brace with its match.
fn is_balanced(tex: &str) -> bool {
    let mut depth = 0_usize;
    let mut characters = tex.chars();
    while let Some(character) = characters.next() {
        match character {
            // What is escaped to TeX counts for BibTeX all the same.
            '\\' => match characters.next() {
                Some('{' | '}' | '$') | None => return false,
                Some(_) => {}
            },
            '$' | '%' => return false,
            '{' => depth += 1,
            '}' => match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => return false,
            },
            _ => {}
        }
    }
    depth == 0
}

/// Text with the signs that TeX takes for its own escaped.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => {
                out.push('\\');
                out.push(character);
            }
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            '\\' => out.push_str("\\textbackslash{}"),
            _ => out.push(character),
        }
    }
    out
}

/// An identifier or address, which BibLaTeX reads as it stands; signs that would end or
/// change the field are percent-encoded (RFC 3986).
fn verbatim(text: &str) -> String {
    text.replace('{', "%7B")
        .replace('}', "%7D")
        .replace('\\', "%5C")
}

/// What babel calls a language.
fn babel(lang: &Lang) -> Option<&'static str> {
    Some(match lang.primary().as_str() {
        "en" => "english",
        "zh" | "cmn" => "chinese",
        "de" => "german",
        "es" => "spanish",
        "fr" => "french",
        "it" => "italian",
        "ja" => "japanese",
        "ko" => "korean",
        "pt" => "portuguese",
        "ru" => "russian",
        _ => return None,
    })
}
