//! RIS, the lines of a tag and a value that Zotero, CNKI (知网) and publishers give.

use std::ops::Range;
use std::sync::Arc;

use offprint_core::bibliography::Entry;
use offprint_core::chars::clean;
use offprint_core::model::LinkKind;
use offprint_core::{Diagnostic, Source};

use crate::facts::{Work, push};
use crate::names::of_parts;
use crate::{Library, first_line};

/// A line: its tag, its value with the lines that it runs on to, and where the value stands.
struct Line {
    tag: [u8; 2],
    value: String,
    span: Range<usize>,
}

/// Whether a text is RIS: its first line of words gives a type.
pub(crate) fn is_one(text: &str) -> bool {
    let first = text.lines().find(|line| !line.trim().is_empty());
    first.and_then(tagged).is_some_and(|(tag, _)| &tag == b"TY")
}

pub(crate) fn read(source: &Arc<Source>) -> Library {
    let mut library = Library::default();
    let mut lines: Vec<Line> = Vec::new();
    let mut start = 0;
    let mut end = 0;
    let mut at = 0;
    let mut is_open = false;
    for written in source.text.split_inclusive('\n') {
        let line = written.trim_end();
        let span = at..at + line.len();
        at += written.len();
        match tagged(line) {
            Some((tag, _)) if &tag == b"ER" => {
                end = span.end;
                finish(source, &mut lines, start..end, &mut library);
                is_open = false;
            }
            Some((tag, value)) => {
                // A record that lacks its end, or its beginning.
                if &tag == b"TY" && is_open {
                    finish(source, &mut lines, start..end, &mut library);
                    is_open = false;
                }
                if !is_open {
                    is_open = true;
                    start = span.start;
                }
                end = span.end;
                lines.push(Line {
                    tag,
                    value: value.to_owned(),
                    span: span.end - value.len()..span.end,
                });
            }
            None if line.trim().is_empty() => {}
            None => match lines.last_mut().filter(|_| is_open) {
                Some(last) => {
                    last.value.push('\n');
                    last.value.push_str(line.trim());
                    last.span.end = span.end;
                    end = span.end;
                }
                None => push(
                    Diagnostic::warning("bib::syntax", "this line belongs to no record")
                        .at(first_line(source, &span))
                        .hint("records begin with a line of `TY  - `"),
                    &mut library.diagnostics,
                ),
            },
        }
    }
    if is_open {
        finish(source, &mut lines, start..end, &mut library);
    }
    library
}

/// The tag of a line and its value: `AU  - Vaswani, Ashish`. Some write other blanks, or a
/// dash of another width.
fn tagged(line: &str) -> Option<([u8; 2], &str)> {
    let line = line.trim_start_matches(['\u{feff}', ' ']);
    let tag: [u8; 2] = line.as_bytes().get(..2)?.try_into().ok()?;
    let [first, second] = tag;
    let is_tag =
        first.is_ascii_uppercase() && (second.is_ascii_uppercase() || second.is_ascii_digit());
    let rest = line.get(2..)?;
    let dash = rest.trim_start_matches([' ', '\t', '\u{a0}', '\u{3000}']);
    let gap = rest.len() - dash.len();
    let value = dash
        .strip_prefix('-')
        .or_else(|| dash.strip_prefix('－'))
        .or_else(|| dash.strip_prefix('–'))?;
    let is_apart = value.is_empty() || value.starts_with([' ', '\t', '\u{a0}', '\u{3000}']);
    (is_tag && gap > 0 && is_apart).then(|| (tag, value.trim()))
}

fn finish(source: &Arc<Source>, lines: &mut Vec<Line>, span: Range<usize>, library: &mut Library) {
    let lines = std::mem::take(lines);
    let has_facts = lines
        .iter()
        .any(|line| !matches!(&line.tag, b"TY" | b"ID") && !line.value.is_empty());
    if !has_facts {
        push(
            Diagnostic::warning("bib::empty", "this record says nothing and is left out")
                .at(first_line(source, &span))
                .hint("give it a title"),
            &mut library.diagnostics,
        );
        return;
    }
    let entry = entry(source, &lines, &mut library.diagnostics);
    library.entries.push((entry, span));
}

fn entry(source: &Arc<Source>, lines: &[Line], found: &mut Vec<Diagnostic>) -> Entry {
    let first = |tags: &[&[u8; 2]]| {
        tags.iter().find_map(|tag| {
            lines
                .iter()
                .find(|line| line.tag == **tag && !line.value.is_empty())
        })
    };
    let mut work = Work::new(source, found);
    let kind = first(&[b"TY"]).map(|line| line.value.to_ascii_uppercase());
    let kind = kind.as_deref().unwrap_or_default();
    work.entry.kind = kind_of(kind).map(str::to_owned);
    work.entry.key = first(&[b"ID"]).map(|line| clean(&line.value).trim().to_owned());
    // In a book's record BT may be its title.
    let titles: &[&[u8; 2]] = match kind {
        "BOOK" | "EBOOK" | "EDBOOK" => &[b"TI", b"T1", b"BT", b"CT"],
        _ => &[b"TI", b"T1", b"CT"],
    };
    if let Some(line) = first(titles) {
        work.title(&line.value);
    }
    for line in lines {
        match &line.tag {
            b"AU" | b"A1" => {
                for name in authors(&line.value) {
                    work.author(&name, &line.span);
                }
            }
            b"DO" => work.doi(&line.value, &line.span),
            b"UR" => work.url(&line.value, &line.span),
            b"LK" if line.value.starts_with("http") => work.url(&line.value, &line.span),
            // The document; a file of the keeper's own is none for others.
            b"L1" if line.value.starts_with("http") => {
                work.link(LinkKind::Pdf, &line.value, &line.span);
            }
            b"PM" => work.pmid(&line.value, &line.span),
            b"KW" => work.tags(&line.value),
            b"N2" | b"AB" => work.abstract_text(&line.value),
            b"N1" | b"RN" => work.note(&line.value, &line.span),
            b"LA" => work.lang(&line.value),
            b"AD" => work.affiliation(&line.value),
            b"AN" => accession(&mut work, line, lines),
            b"SN" => serial(&mut work, line, kind),
            b"M1" | b"M3" | b"C1" | b"VL" => work.arxiv_in(&line.value),
            _ => {}
        }
    }
    let venues: &[&[u8; 2]] = match kind {
        "BOOK" | "EBOOK" | "EDBOOK" | "RPRT" | "THES" | "DATA" | "COMP" | "STAND" => {
            &[b"PB", b"T2"]
        }
        "CONF" | "CPAPER" | "CHAP" | "ECHAP" => &[b"T2", b"BT", b"C3", b"JO", b"JF", b"T3", b"PB"],
        _ => &[
            b"JF", b"T2", b"JO", b"JA", b"J1", b"J2", b"BT", b"C3", b"PB",
        ],
    };
    if let Some(line) = first(venues) {
        work.venue(&line.value);
    }
    if let Some(line) = first(&[b"VL"]) {
        work.volume(&line.value);
    }
    if let Some(line) = first(&[b"IS"]) {
        work.issue(&line.value);
    }
    if let Some(start) = first(&[b"SP"]) {
        let start = start.value.trim();
        // Some have the whole range in the place of its beginning.
        let end = first(&[b"EP"]).map(|end| end.value.trim());
        match end.filter(|end| *end != start && !start.contains(['-', '–', '+'])) {
            Some(end) => work.pages(&format!("{start}-{end}")),
            None => work.pages(start),
        }
    }
    if let Some(line) = first(&[b"PB"]) {
        work.publisher(&line.value);
    }
    for tag in [b"DA", b"Y1", b"PY"] {
        if let Some(line) = first(&[tag])
            && work.entry.year.is_none()
        {
            // `2020/06/11/`, `2020/06/11/Spring`
            work.date(line.value.trim_end_matches('/'), &line.span);
        }
    }
    work.finish()
}

/// A line is a name; CNKI and others put several into one.
fn authors(value: &str) -> Vec<String> {
    value
        .split([';', '；', '、', '\n'])
        .flat_map(|name| {
            let parts: Vec<&str> = name.split([',', '，']).map(str::trim).collect();
            of_parts(&parts)
        })
        .filter(|name| !name.is_empty())
        .collect()
}

/// An identifier of a database, which its name tells.
fn accession(work: &mut Work<'_>, line: &Line, lines: &[Line]) {
    let named = |tag: &[u8; 2]| lines.iter().find(|line| line.tag == *tag);
    let database = [b"DB", b"DP"]
        .into_iter()
        .find_map(named)
        .map(|line| line.value.to_ascii_lowercase())
        .unwrap_or_default();
    let is_pubmed = ["pubmed", "medline", "nlm"]
        .iter()
        .any(|name| database.contains(name));
    if line.value.to_ascii_lowercase().starts_with("arxiv") {
        work.arxiv(&line.value, &line.span);
    } else if is_pubmed {
        work.pmid(&line.value, &line.span);
    }
}

/// An ISBN; an ISSN stands under the same tag and names no work.
fn serial(work: &mut Work<'_>, line: &Line, kind: &str) {
    let is_book = matches!(
        kind,
        "BOOK" | "EBOOK" | "EDBOOK" | "CHAP" | "ECHAP" | "CONF"
    );
    let digits = line.value.bytes().filter(u8::is_ascii_digit).count();
    if digits >= 10 || is_book && digits == 9 {
        work.isbn(&line.value, &line.span);
    }
}

/// The CSL type of a type of reference.
fn kind_of(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "JOUR" | "EJOUR" | "JFULL" | "ABST" | "INPR" => "article-journal",
        "CONF" | "CPAPER" => "paper-conference",
        "MGZN" => "article-magazine",
        "NEWS" => "article-newspaper",
        "BOOK" | "EBOOK" | "EDBOOK" => "book",
        "CHAP" | "ECHAP" | "ENCYC" | "DICT" => "chapter",
        "THES" => "thesis",
        "RPRT" | "GOVDOC" => "report",
        "DATA" | "AGGR" => "dataset",
        "COMP" => "software",
        "ELEC" | "WEB" => "webpage",
        "BLOG" => "post-weblog",
        "STAND" => "standard",
        "SLIDE" => "speech",
        "UNPB" | "PREP" => "article",
        "GEN" | "MANSCPT" | "PAT" | "PAMP" => "document",
        _ => return None,
    })
}
