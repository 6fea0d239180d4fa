//! CSV (RFC 4180).

use csv::{Terminator, WriterBuilder};
use offprint_core::model::{LinkKind, Status};

use crate::Entry;

/// The columns, named as the fields of the input are; those of the issue come first. New ones
/// come last: programs may count on the order.
const COLUMNS: [&str; 42] = [
    "issue",
    "issue-guid",
    "issue-number",
    "issue-volume",
    "issue-date",
    "issue-title",
    "section",
    "number",
    "id",
    "title",
    "authors",
    "affiliations",
    "venue",
    "year",
    "date",
    "type",
    "status",
    "lang",
    "doi",
    "arxiv",
    "openreview",
    "pmid",
    "isbn",
    "url",
    "pdf",
    "code",
    "project",
    "data",
    "video",
    "slides",
    "poster",
    "blog",
    "discussion",
    "tags",
    "rating",
    "presenter",
    "abstract",
    "commentary",
    "volume",
    // `issue` is the list's own.
    "journal-issue",
    "pages",
    "publisher",
];

pub(crate) fn head() -> String {
    record(COLUMNS)
}

pub(crate) fn row(entry: &Entry<'_>) -> String {
    let Entry {
        issue,
        section,
        paper,
        ..
    } = entry;
    let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
    let owned = |text: &Option<String>| text.clone().unwrap_or_default();
    let words = |text: &Option<String>| guarded(text.as_deref().unwrap_or_default());
    let several = |texts: &[String]| guarded(&texts.join("; "));
    let mut cells = vec![
        issue.id.clone(),
        issue.guid.clone(),
        number(issue.number),
        number(issue.volume),
        issue.date.date().to_string(),
        guarded(&issue.title),
        guarded(&section.title),
        number(paper.number),
        paper.id.clone(),
        guarded(&paper.plain_title()),
        several(&paper.authors),
        several(&paper.affiliations),
        words(&paper.venue),
        paper.year.map(|year| year.to_string()).unwrap_or_default(),
        paper.date.map(|date| date.to_string()).unwrap_or_default(),
        paper.kind.clone(),
        paper.status.map(status).unwrap_or_default().to_owned(),
        paper
            .lang
            .as_ref()
            .map(|lang| lang.as_str().to_owned())
            .unwrap_or_default(),
        owned(&paper.doi),
        owned(&paper.arxiv),
        owned(&paper.openreview),
        owned(&paper.pmid),
        owned(&paper.isbn),
        owned(&paper.url),
    ];
    cells.extend(
        LinkKind::ALL
            .iter()
            .map(|kind| paper.links.get(kind).cloned().unwrap_or_default()),
    );
    cells.extend([
        several(&paper.tags),
        paper
            .rating
            .map(|rating| rating.to_string())
            .unwrap_or_default(),
        words(&paper.presenter),
        guarded(&entry.prose(&paper.abstract_text)),
        guarded(&entry.comment()),
        words(&paper.volume),
        words(&paper.issue),
        words(&paper.pages),
        words(&paper.publisher),
    ]);
    record(cells)
}

/// The word of a status, as issues write it.
pub(crate) fn status(status: Status) -> &'static str {
    Status::ALL
        .iter()
        .find(|(_, other)| *other == status)
        .map(|(word, _)| *word)
        .unwrap_or_default()
}

/// Words with an apostrophe before them where a spreadsheet would take them for a formula,
/// and do what a stranger wrote into a title. Identifiers and addresses, whose signs are
/// bounded, stay as they are.
fn guarded(words: &str) -> String {
    if words.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']) {
        format!("'{words}")
    } else {
        words.to_owned()
    }
}

fn record<T: AsRef<[u8]>>(cells: impl IntoIterator<Item = T>) -> String {
    let mut writer = WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .from_writer(Vec::new());
    // Writing to memory does not fail.
    let _ = writer.write_record(cells);
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}
