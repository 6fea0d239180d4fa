//! Facts that papers have from bibliographies.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::decode::{Reading, check_title};
use super::names::{self, Names};
use super::paper::{LINKS, check_length};
use super::values::{shown, spelled};
use crate::bibliography::{Bibliography, Entry, Unread};
use crate::check::path::{Picture, picture};
use crate::diagnostic::{Diagnostic, Place, did_you_mean};
use crate::fields::{self, Fields, Node, NodeValue};
use crate::markdown::{one_line, title};
use crate::model::{Paper, Series};
use crate::text::plain_text;

/// How many unknown keys of an issue get a suggestion: nobody misspells more, and each is
/// compared with all keys.
const MOST_SUGGESTIONS: usize = 50;

/// Gives the bibliography at a path from the project's root, or says why there is none.
pub type Library<'l> = dyn Fn(&str) -> Result<Arc<Bibliography>, Unread> + Sync + 'l;

/// The bibliographies of an issue.
#[derive(Debug, Clone, Default)]
pub(super) struct Shelf {
    /// The issue's own, then the series'.
    books: Vec<Arc<Bibliography>>,
    /// Whether any is named.
    is_named: bool,
    /// The first of those that could not be read.
    unread: Option<String>,
}

impl Shelf {
    fn get(&self, key: &str) -> Option<&Entry> {
        self.books.iter().find_map(|book| book.get(key))
    }
}

/// A key that stands in no bibliography.
#[derive(Debug)]
pub(super) struct Unknown {
    key: String,
    at: Place,
}

/// What an issue's field list or table says under `cite`, without the `@` of some.
fn key_of(facts: &Node) -> Option<&str> {
    let NodeValue::Table(entries) = &facts.value else {
        return None;
    };
    let cite = entries.iter().find(|entry| {
        let (_, field) = spelled(&entry.key, names::PAPER);
        field == Some(names::CITE)
    })?;
    match &cite.value.value {
        NodeValue::Text(text) => Some(bare(text)).filter(|key| !key.is_empty()),
        NodeValue::Null
        | NodeValue::Bool(_)
        | NodeValue::Integer(_)
        | NodeValue::Float(_)
        | NodeValue::List(_)
        | NodeValue::Table(_) => None,
    }
}

/// A key without the `@` that some write in front of it.
pub(super) fn bare(written: &str) -> &str {
    let written = written.trim();
    written.strip_prefix('@').unwrap_or(written)
}

/// The path of a bibliography from the project's root.
///
/// # Errors
/// When it is none, with the reason.
pub(super) fn path(written: &str) -> Result<String, String> {
    match picture("", written) {
        Picture::File(path) => Ok(path),
        Picture::Remote => Err("a bibliography lies on another site; download it".to_owned()),
        Picture::Refused(why) => Err(why.replacen("a picture", "a bibliography", 1)),
    }
}

/// What is said of a bibliography that cannot be read, where it is named.
#[must_use]
pub fn broken(unread: &Unread, at: Place) -> Diagnostic {
    let mut diagnostic = Diagnostic::error("broken-bibliography", unread.message.clone()).at(at);
    diagnostic.label = unread
        .near
        .as_ref()
        .map(|near| format!("did you mean `{near}`?"));
    diagnostic.hints.extend(unread.hint.clone());
    diagnostic
}

/// Reads the names of an issue's bibliographies, which come to those of the series, and gets
/// them all.
pub(super) fn bibliographies(
    fields: &mut Fields<'_, '_>,
    series: &Series,
    library: &Library<'_>,
) -> (Vec<String>, Shelf) {
    let mut shelf = Shelf::default();
    let mut paths = Vec::new();
    for node in fields.list(names::BIBLIOGRAPHY) {
        let Some(written) = fields.text_of(node).filter(|text| !text.is_empty()) else {
            continue;
        };
        let at = fields.place_of(node);
        shelf.is_named = true;
        let read = match path(&written) {
            Ok(path) => {
                if paths.contains(&path) {
                    continue;
                }
                paths.push(path.clone());
                library(&path)
            }
            Err(message) => Err(Unread {
                message,
                near: None,
                hint: Some("write a path from the project's root".to_owned()),
            }),
        };
        match read {
            Ok(book) => shelf.books.push(book),
            Err(unread) => {
                fields.report(broken(&unread, at));
                shelf.unread.get_or_insert(written);
            }
        }
    }
    let mut all = series.bibliography.clone();
    for path in &series.bibliography {
        shelf.is_named = true;
        if paths.contains(path) {
            continue;
        }
        match library(path) {
            Ok(book) => shelf.books.push(book),
            // Whoever reads the series tells why.
            Err(_) => {
                shelf.unread.get_or_insert_with(|| path.clone());
            }
        }
    }
    all.extend(
        paths
            .into_iter()
            .filter(|path| !series.bibliography.contains(path)),
    );
    (all, shelf)
}

impl Reading<'_> {
    /// The entry that a paper refers to.
    pub(super) fn cited(&self, facts: &Node) -> Option<Entry> {
        self.shelf.get(key_of(facts)?).cloned()
    }

    /// Notes a key that stands in no bibliography. A paper that says all itself may have one
    /// where there is no bibliography at all.
    pub(super) fn note_unknown(&mut self, key: &str, at: Place, has_title: bool) {
        if self.shelf.is_named || !has_title {
            let key = key.to_owned();
            self.unknown.push(Unknown { key, at });
        }
    }

    /// Reports the keys that stand in no bibliography.
    pub(super) fn report_unknown(&mut self) {
        let unknown = std::mem::take(&mut self.unknown);
        let found = &mut self.manuscript.diagnostics;
        if let (Some(path), Some(first)) = (&self.shelf.unread, unknown.first()) {
            // The others may stand in it too.
            found.push(
                Diagnostic::error(
                    "unknown-cite",
                    format!(
                        "`{}` stands in no bibliography that could be read",
                        shown(&first.key)
                    ),
                )
                .at(first.at.clone())
                .hint(format!("mend `{}` first", shown(path))),
            );
            return;
        }
        for (count, Unknown { key, at }) in unknown.into_iter().enumerate() {
            let message = format!("`{}` stands in no bibliography", shown(&key));
            let mut diagnostic = Diagnostic::error("unknown-cite", message).at(at);
            if !self.shelf.is_named {
                found.push(diagnostic.hint(
                    "name one: `bibliography: [refs.bib]` here, or under `[paths]` of the series",
                ));
                continue;
            }
            let near = (count < MOST_SUGGESTIONS)
                .then(|| did_you_mean(&key, self.shelf.books.iter().flat_map(|book| book.keys())));
            match near.flatten() {
                Some(near) => diagnostic.label = Some(format!("did you mean `{near}`?")),
                None => diagnostic.hints.push("add an entry of this key".to_owned()),
            }
            found.push(diagnostic);
        }
    }
}

/// The defaults for a paper without those of which the bibliography knows better.
pub(super) fn without_known(defaults: &[fields::Entry], entry: &Entry) -> Vec<fields::Entry> {
    let is_dated = entry.year.is_some() || entry.date.is_some();
    let known: [(Names, bool); 21] = [
        (names::TITLE, entry.title.is_some()),
        (names::URL, entry.url.is_some()),
        (names::DOI, entry.doi.is_some()),
        (names::ARXIV, entry.arxiv.is_some()),
        (names::OPENREVIEW, entry.openreview.is_some()),
        (names::PMID, entry.pmid.is_some()),
        (names::ISBN, entry.isbn.is_some()),
        (names::AUTHORS, !entry.authors.is_empty()),
        (names::AFFILIATIONS, !entry.affiliations.is_empty()),
        (names::VENUE, entry.venue.is_some()),
        (names::VOLUME, entry.volume.is_some()),
        (names::ISSUE_NUMBER, entry.issue.is_some()),
        (names::PAGES, entry.pages.is_some()),
        (names::PUBLISHER, entry.publisher.is_some()),
        (names::YEAR, is_dated),
        (names::DATE, is_dated),
        (names::STATUS, entry.status.is_some()),
        (names::TYPE, entry.kind.is_some()),
        (names::LANG, entry.lang.is_some()),
        (names::TAGS, !entry.tags.is_empty()),
        (names::ABSTRACT, !entry.abstract_text.is_empty()),
    ];
    let is_known = |field: Names| {
        let is_fact = known
            .iter()
            .any(|&(names, is_known)| is_known && names == field);
        let is_link = LINKS
            .iter()
            .any(|&(names, kind)| names == field && entry.links.contains_key(&kind));
        is_fact || is_link
    };
    defaults
        .iter()
        .filter(|default| !spelled(&default.key, names::PAPER).1.is_some_and(is_known))
        .cloned()
        .collect()
}

/// Fills in what a paper's own fields do not say. A field that is there and wrong has been
/// reported; nothing takes its place.
pub(super) fn complete(paper: &mut Paper, entry: Entry, at: &Place, fields: &mut Fields<'_, '_>) {
    fn fill<T>(slot: &mut Option<T>, names: Names, fact: Option<T>, fields: &mut Fields<'_, '_>) {
        if fields.node(names).is_none() {
            *slot = fact;
        }
    }
    fn fill_list<T>(slot: &mut Vec<T>, names: Names, facts: Vec<T>, fields: &mut Fields<'_, '_>) {
        if fields.node(names).is_none() {
            *slot = facts;
        }
    }
    if let Some(written) = entry.title {
        if let Some(node) = fields.node(names::TITLE) {
            check_case(node, &written, fields);
        } else {
            check_title(&written, at, fields);
            paper.title = title(&written);
        }
    }
    fill(&mut paper.url, names::URL, entry.url, fields);
    fill(&mut paper.doi, names::DOI, entry.doi, fields);
    fill(&mut paper.arxiv, names::ARXIV, entry.arxiv, fields);
    fill(
        &mut paper.openreview,
        names::OPENREVIEW,
        entry.openreview,
        fields,
    );
    fill(&mut paper.pmid, names::PMID, entry.pmid, fields);
    fill(&mut paper.isbn, names::ISBN, entry.isbn, fields);
    let mut links: BTreeMap<_, _> = entry.links;
    links.retain(|kind, _| {
        LINKS
            .iter()
            .any(|&(names, known)| known == *kind && fields.node(names).is_none())
    });
    paper.links.append(&mut links);
    fill_list(&mut paper.authors, names::AUTHORS, entry.authors, fields);
    fill_list(
        &mut paper.affiliations,
        names::AFFILIATIONS,
        entry.affiliations,
        fields,
    );
    fill(&mut paper.venue, names::VENUE, entry.venue, fields);
    fill(&mut paper.volume, names::VOLUME, entry.volume, fields);
    fill(&mut paper.issue, names::ISSUE_NUMBER, entry.issue, fields);
    fill(&mut paper.pages, names::PAGES, entry.pages, fields);
    fill(
        &mut paper.publisher,
        names::PUBLISHER,
        entry.publisher,
        fields,
    );
    // A year and a date say the same.
    if fields.node(names::YEAR).is_none() && fields.node(names::DATE).is_none() {
        paper.year = entry.year;
        paper.date = entry.date;
    }
    fill(&mut paper.status, names::STATUS, entry.status, fields);
    if let Some(kind) = entry.kind.filter(|_| fields.node(names::TYPE).is_none()) {
        paper.kind = kind;
    }
    fill(&mut paper.lang, names::LANG, entry.lang, fields);
    fill_list(&mut paper.tags, names::TAGS, entry.tags, fields);
    if fields.node(names::ABSTRACT).is_none() {
        let length = plain_text(&entry.abstract_text).len();
        check_length("this abstract", length, at, fields.diagnostics());
        paper.abstract_text = entry.abstract_text;
    }
}

/// Warns about a title that the bibliography has in other letters.
fn check_case<'n>(node: &'n Node, known: &str, fields: &mut Fields<'n, '_>) {
    let Some(written) = fields.text_of(node).map(|text| one_line(&text)) else {
        return;
    };
    if written != known && written.to_lowercase() == known.to_lowercase() {
        let at = fields.place_of(node);
        fields.report(
            Diagnostic::warning(
                "title-case-differs",
                "the bibliography has this title in other letters",
            )
            .at(at)
            .hint(format!("there it is `{known}`")),
        );
    }
}
