//! Readers of what the program makes: text and structure for people and snapshots.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::io::{Cursor, Read};

use offprint_core::text::{Block, Inline};
use serde_json::Value;

/// The members of an EPUB by name, in the order of the archive.
///
/// # Panics
/// When the bytes are no ZIP archive.
#[must_use]
pub fn members(book: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(book))
        .unwrap_or_else(|error| panic!("no archive: {error}"));
    (0..archive.len())
        .map(|index| {
            let mut member = archive
                .by_index(index)
                .unwrap_or_else(|error| panic!("member {index}: {error}"));
            let mut bytes = Vec::new();
            member
                .read_to_end(&mut bytes)
                .unwrap_or_else(|error| panic!("{}: {error}", member.name()));
            (member.name().to_owned(), bytes)
        })
        .collect()
}

/// The text of markup without its tags, entities resolved.
#[must_use]
pub fn text_of_markup(markup: &str) -> String {
    let mut text = String::new();
    let mut rest = markup;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        // What a reader does not see.
        let hidden = [
            ("style", "</style>"),
            ("script", "</script>"),
            ("!--", "-->"),
            ("![CDATA[", ""),
        ]
        .into_iter()
        .find(|(opening, _)| after.starts_with(opening));
        rest = match hidden {
            Some((_, "")) => after.strip_prefix("![CDATA[").unwrap_or_default(),
            Some((_, closing)) => after.split_once(closing).map_or("", |(_, rest)| rest),
            None => after.split_once('>').map_or("", |(_, rest)| rest),
        };
        text.push(' ');
    }
    text.push_str(rest);
    unescape(&text)
}

/// The five entities of XML, numeric references, and the one of HTML that we write.
#[must_use]
pub fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let Some((name, behind)) = after.split_once(';').filter(|(name, _)| name.len() < 10) else {
            out.push('&');
            rest = after;
            continue;
        };
        let number = name
            .strip_prefix("#x")
            .and_then(|hex| u32::from_str_radix(hex, 16).ok());
        let number = number.or_else(|| {
            name.strip_prefix('#')
                .and_then(|digits| digits.parse().ok())
        });
        match (name, number.and_then(char::from_u32)) {
            (_, Some(character)) => out.push(character),
            ("amp", _) => out.push('&'),
            ("lt", _) => out.push('<'),
            ("gt", _) => out.push('>'),
            ("quot", _) => out.push('"'),
            ("apos", _) => out.push('\''),
            ("nbsp", _) => out.push('\u{a0}'),
            _ => {
                let _ = write!(out, "&{name};");
            }
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// Text without any white space, to look for words wherever lines break.
#[must_use]
pub fn squeezed(text: &str) -> String {
    text.chars()
        .filter(|character| !character.is_whitespace())
        .collect()
}

/// Runs of plain words in a text, between marks that formats may set apart.
#[must_use]
pub fn clauses(blocks: &[Block]) -> Vec<String> {
    let mut clauses = Vec::new();
    for block in blocks {
        if let Block::Paragraph(inlines) = block {
            collect_clauses(inlines, &mut clauses);
        }
    }
    clauses
}

fn collect_clauses(inlines: &[Inline], clauses: &mut Vec<String>) {
    for inline in inlines {
        match inline {
            Inline::Text(text) => {
                let parts =
                    text.split(|character: char| !character.is_alphanumeric() && character != ' ');
                clauses.extend(
                    parts
                        .map(squeezed)
                        .filter(|clause| clause.chars().count() > 1),
                );
            }
            Inline::Emphasis(content)
            | Inline::Strong(content)
            | Inline::Strike(content)
            | Inline::Link { content, .. } => collect_clauses(content, clauses),
            Inline::Code(_)
            | Inline::Math(_)
            | Inline::Image(_)
            | Inline::FootnoteRef(_)
            | Inline::HardBreak => {}
        }
    }
}

/// Bookmarks of a PDF as an indented list, and the addresses it links to, in order.
#[derive(Debug, Default)]
pub struct Structure {
    /// A line per bookmark, two blanks for each level, with the page it leads to.
    pub bookmarks: String,
    /// Each address once, in the order of pages.
    pub links: Vec<String>,
}

/// Reads bookmarks and links out of qpdf's JSON (version 2).
#[must_use]
pub fn structure(json: &Value) -> Structure {
    let mut structure = Structure::default();
    bookmarks(json.get("outlines"), 0, &mut structure.bookmarks);
    let objects: BTreeMap<&str, &Value> = json
        .get("qpdf")
        .and_then(|parts| parts.get(1)?.as_object())
        .map(|objects| {
            objects
                .iter()
                .map(|(name, value)| (name.as_str(), value))
                .collect()
        })
        .unwrap_or_default();
    let resolve = |value: &Value| -> Value {
        let Some(reference) = value.as_str().filter(|text| text.ends_with(" R")) else {
            return value.clone();
        };
        let object = objects.get(format!("obj:{reference}").as_str());
        object
            .and_then(|object| {
                object
                    .get("value")
                    .or_else(|| object.get("stream")?.get("dict"))
            })
            .cloned()
            .unwrap_or_default()
    };
    let pages = json
        .get("pages")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    for page in &pages {
        let page = page.get("object").map(resolve).unwrap_or_default();
        let annotations = page.get("/Annots").map(resolve).unwrap_or_default();
        for annotation in annotations.as_array().into_iter().flatten() {
            let action = resolve(annotation)
                .get("/A")
                .map(resolve)
                .unwrap_or_default();
            let address = action
                .get("/URI")
                .and_then(Value::as_str)
                .and_then(|text| text.split_once(':'));
            if let Some((_, address)) = address
                && !structure.links.iter().any(|link| link == address)
            {
                structure.links.push(address.to_owned());
            }
        }
    }
    structure
}

fn bookmarks(outlines: Option<&Value>, depth: usize, out: &mut String) {
    for outline in outlines.and_then(Value::as_array).into_iter().flatten() {
        let title = outline
            .get("title")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let page = outline.get("destpageposfrom1").and_then(Value::as_u64);
        let page = page.map_or_else(|| "nowhere".to_owned(), |page| format!("page {page}"));
        let _ = writeln!(out, "{}{title} → {page}", "  ".repeat(depth));
        bookmarks(outline.get("kids"), depth + 1, out);
    }
}
