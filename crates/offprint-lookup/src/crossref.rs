//! Crossref's works.

use serde_json::Value;

use crate::client::{Client, Trouble, percent_encoded};
use crate::facts::{Facts, line};
use crate::markup::words;

/// Crossref's types that CSL calls otherwise.
const TYPES: &[(&str, &str)] = &[
    ("journal-article", "article-journal"),
    ("proceedings-article", "paper-conference"),
    ("posted-content", "article"),
    ("book-chapter", "chapter"),
    ("book-section", "chapter"),
    ("book", "book"),
    ("monograph", "book"),
    ("edited-book", "book"),
    ("reference-book", "book"),
    ("dissertation", "thesis"),
    ("report", "report"),
    ("dataset", "dataset"),
];

/// Asks for a paper.
pub(crate) fn ask(client: &mut Client<'_>, doi: &str) -> Result<Facts, Trouble> {
    let mut address = format!(
        "{}/works/{}",
        client.settings.crossref,
        percent_encoded(doi)
    );
    if let Some(mailto) = &client.settings.mailto {
        address.push_str("?mailto=");
        address.push_str(&percent_encoded(mailto));
    }
    client.ask("Crossref", &address, read)
}

fn read(bytes: &[u8]) -> Option<Facts> {
    let answer: Value = serde_json::from_slice(bytes).ok()?;
    let work = answer.get("message").filter(|work| work.is_object())?;
    let first = |name: &str| {
        let value = work.get(name)?;
        let text = value.as_str().or_else(|| {
            value
                .as_array()?
                .iter()
                .filter_map(Value::as_str)
                .find(|text| !text.trim().is_empty())
        })?;
        Some(line(&words(text))).filter(|text| !text.is_empty())
    };
    let mut title = first("title");
    if let (Some(title), Some(subtitle)) = (&mut title, first("subtitle"))
        && !title.to_lowercase().contains(&subtitle.to_lowercase())
    {
        let mark = if title.ends_with([':', '?', '!', '.']) {
            " "
        } else {
            ": "
        };
        title.push_str(mark);
        title.push_str(&subtitle);
    }
    let authors = work
        .get("author")
        .and_then(Value::as_array)
        .map(|authors| authors.iter().filter_map(name).collect())
        .unwrap_or_default();
    let (year, date) = [
        "published",
        "published-online",
        "published-print",
        "issued",
        "posted",
    ]
    .iter()
    .filter_map(|name| work.get(*name))
    .find_map(date)
    .map_or((None, None), |(year, date)| (Some(year), date));
    let kind = work.get("type").and_then(Value::as_str);
    let summary = work.get("abstract").and_then(Value::as_str).map(words);
    // Who takes a paper back deposits a notice that names it; the work then names the notice.
    let is_retracted = work
        .get("updated-by")
        .and_then(Value::as_array)
        .is_some_and(|notices| {
            notices.iter().any(|notice| {
                notice
                    .get("type")
                    .and_then(Value::as_str)
                    .is_some_and(|kind| kind.eq_ignore_ascii_case("retraction"))
            })
        });
    let venue = first("container-title").or_else(|| {
        let event = work.get("event")?.get("name")?.as_str()?;
        Some(line(&words(event))).filter(|name| !name.is_empty())
    });
    let text = |name: &str| {
        let text = line(&words(work.get(name).and_then(Value::as_str)?));
        Some(text).filter(|text| !text.is_empty())
    };
    let is_within = venue.is_some();
    Some(Facts {
        title,
        authors,
        venue,
        volume: text("volume"),
        issue: text("issue").filter(|_| kind == Some("journal-article")),
        // Of a book it is a count.
        pages: text("page").filter(|_| is_within),
        publisher: text("publisher").filter(|_| kind != Some("journal-article")),
        year,
        date,
        kind: kind
            .and_then(|kind| TYPES.iter().find(|(theirs, _)| *theirs == kind))
            .map(|(_, ours)| (*ours).to_owned()),
        lang: work
            .get("language")
            .and_then(Value::as_str)
            .map(str::to_owned),
        isbn: first("ISBN").filter(|_| matches!(kind, Some("book" | "monograph" | "edited-book"))),
        summary: summary.filter(|summary| !summary.is_empty()),
        is_preprint: kind == Some("posted-content"),
        is_retracted,
        ..Facts::default()
    })
}

/// A name as it is written, family name first for Chinese ones.
fn name(author: &Value) -> Option<String> {
    let part = |name: &str| {
        let text = author.get(name).and_then(Value::as_str).unwrap_or_default();
        line(&words(text))
    };
    let (given, family) = (part("given"), part("family"));
    if family.is_empty() {
        let name = if given.is_empty() {
            part("name")
        } else {
            given
        };
        return Some(name).filter(|name| !name.is_empty());
    }
    if given.is_empty() {
        return Some(family);
    }
    let is_han = |text: &str| {
        text.chars()
            .all(|sign| matches!(u32::from(sign), 0x3400..=0x9fff | 0x20000..=0x3ffff))
    };
    if is_han(&given) && is_han(&family) {
        return Some(format!("{family}{given}"));
    }
    let suffix = part("suffix");
    let name = format!("{given} {family}");
    Some(if suffix.is_empty() {
        name
    } else {
        format!("{name} {suffix}")
    })
}

/// `{"date-parts": [[2020, 6, 10]]}`: the year, and the day if it is whole.
fn date(value: &Value) -> Option<(i16, Option<String>)> {
    let parts = value.get("date-parts")?.get(0)?;
    let part = |index: usize| {
        let part = parts.get(index)?;
        part.as_i64()
            .or_else(|| part.as_str().and_then(|text| text.parse().ok()))
    };
    let year = i16::try_from(part(0)?).ok().filter(|year| *year > 0)?;
    let day = part(1).zip(part(2)).and_then(|(month, day)| {
        let month = i8::try_from(month).ok()?;
        let day = i8::try_from(day).ok()?;
        jiff::civil::Date::new(year, month, day).ok()
    });
    Some((year, day.map(|day| day.to_string())))
}
