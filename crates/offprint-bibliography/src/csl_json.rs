//! CSL-JSON 1.0.2 as Zotero, Better BibTeX, Mendeley and pandoc write it, and the JSON of
//! Crossref, which differs in what is a list.

use std::ops::Range;
use std::sync::Arc;

use offprint_core::bibliography::Entry;
use offprint_core::chars::clean;
use offprint_core::fields::{Node, NodeValue};
use offprint_core::load;
use offprint_core::model::LinkKind;
use offprint_core::{Diagnostic, Source};

use crate::facts::{Work, push};
use crate::names::{joined, whole};
use crate::{Library, first_line, zotero};

/// Whether a text is such a list: JSON in which the fields of an item are named.
pub(crate) fn is_one(text: &str) -> bool {
    const LOOKED_AT: usize = 64 * 1024;
    let start = text.trim_start();
    let end = start.floor_char_boundary(LOOKED_AT);
    let head = start.get(..end).unwrap_or_default();
    let is_json = start.starts_with(['[', '{']);
    is_json
        && head.contains("\"title\"")
        && [
            "\"type\"",
            "\"author\"",
            "\"issued\"",
            "\"DOI\"",
            "\"itemType\"",
            "\"container-title\"",
        ]
        .iter()
        .any(|name| head.contains(name))
}

pub(crate) fn read(source: &Arc<Source>) -> Library {
    let mut library = Library::default();
    let root = match load::json(source) {
        Ok(root) => root,
        Err(mut diagnostic) => {
            diagnostic.code = "bib::syntax";
            library.diagnostics.push(*diagnostic);
            return library;
        }
    };
    let Some(items) = items(&root) else {
        library.diagnostics.push(
            Diagnostic::error("bib::syntax", "this is no list of works")
                .at(first_line(source, &root.span))
                .hint("CSL-JSON is a list of items: `[{ \"id\": …, \"title\": … }]`"),
        );
        return library;
    };
    let collections = zotero::Collections::of(&root);
    for item in items {
        if !matches!(item.value, NodeValue::Table(_)) {
            push(
                Diagnostic::warning("bib::syntax", "this is no work and is left out")
                    .at(first_line(source, &item.span))
                    .hint("an item is a table of fields: `{ \"id\": …, \"title\": … }`"),
                &mut library.diagnostics,
            );
            continue;
        }
        let entry = if get(item, "itemType").is_some() {
            zotero::entry(source, item, &collections, &mut library.diagnostics)
        } else {
            Some(entry(source, item, &mut library.diagnostics))
        };
        library
            .entries
            .extend(entry.map(|entry| (entry, item.span.clone())));
    }
    library
}

/// The items of a list, of a table that holds one, or a lone item.
fn items(root: &Node) -> Option<Vec<&Node>> {
    if let NodeValue::List(items) = &root.value {
        return Some(items.iter().collect());
    }
    for name in ["items", "references", "message"] {
        if let Some(inner) = get(root, name) {
            return items(inner);
        }
    }
    let is_item = ["title", "author", "DOI", "itemType", "URL"]
        .iter()
        .any(|name| get(root, name).is_some());
    is_item.then(|| vec![root])
}

/// A field of a table.
pub(crate) fn get<'n>(node: &'n Node, name: &str) -> Option<&'n Node> {
    match &node.value {
        NodeValue::Table(entries) => entries
            .iter()
            .find(|entry| entry.key == name)
            .map(|entry| &entry.value)
            .filter(|node| node.value != NodeValue::Null),
        NodeValue::Null
        | NodeValue::Bool(_)
        | NodeValue::Integer(_)
        | NodeValue::Float(_)
        | NodeValue::Text(_)
        | NodeValue::List(_) => None,
    }
}

/// The values of a list; of anything else, it alone.
pub(crate) fn list(node: &Node) -> &[Node] {
    match &node.value {
        NodeValue::List(nodes) => nodes,
        NodeValue::Null
        | NodeValue::Bool(_)
        | NodeValue::Integer(_)
        | NodeValue::Float(_)
        | NodeValue::Text(_)
        | NodeValue::Table(_) => std::slice::from_ref(node),
    }
}

/// A text, or the first of several; numbers are texts too.
pub(crate) fn text(node: &Node) -> Option<String> {
    match &node.value {
        NodeValue::Text(text) => Some(text.clone()),
        NodeValue::Integer(number) => Some(number.to_string()),
        NodeValue::List(nodes) => nodes.iter().find_map(text),
        NodeValue::Null | NodeValue::Bool(_) | NodeValue::Float(_) | NodeValue::Table(_) => None,
    }
    .filter(|text| !text.trim().is_empty())
}

fn entry(source: &Arc<Source>, item: &Node, found: &mut Vec<Diagnostic>) -> Entry {
    let field = |names: &[&str]| -> Option<(String, Range<usize>)> {
        names.iter().find_map(|name| {
            let node = get(item, name)?;
            Some((text(node)?, node.span.clone()))
        })
    };
    let mut work = Work::new(source, found);
    let key = field(&["citation-key", "id"]).filter(|_| get(item, "indexed").is_none());
    work.entry.key = key.map(|(key, _)| clean(&key).trim().to_owned());
    let kind = field(&["type"]).map(|(kind, _)| kind).unwrap_or_default();
    work.entry.kind = kind_of(&kind).map(str::to_owned);
    if let Some((title, _)) = field(&["title", "title-short"]) {
        match field(&["subtitle"]) {
            Some((subtitle, _)) => work.title(&format!("{title}: {subtitle}")),
            None => work.title(&title),
        }
    }
    if let Some(authors) = get(item, "author") {
        for author in list(authors) {
            match name(author) {
                Some(name) => work.author(&name, &author.span),
                None => work.no_name(&author.span),
            }
            for affiliation in get(author, "affiliation").map(list).unwrap_or_default() {
                let affiliation = get(affiliation, "name").unwrap_or(affiliation);
                work.affiliation(&text(affiliation).unwrap_or_default());
            }
        }
    }
    if let Some((written, at)) = field(&["DOI", "doi"]) {
        work.doi(&written, &at);
    }
    if let Some((written, at)) = field(&["PMID"]) {
        work.pmid(&written, &at);
    }
    if let Some((written, at)) = field(&["ISBN"]) {
        work.isbn(&written, &at);
    }
    if let Some((written, at)) = field(&["URL", "url"]) {
        work.url(&written, &at);
    }
    archive(item, &mut work);
    if let Some((note, at)) = field(&["note"]) {
        work.note(&note, &at);
    }
    let venues: &[&str] = match kind.as_str() {
        "book" | "report" | "thesis" | "dataset" | "software" | "standard" | "monograph"
        | "dissertation" | "edited-book" => &["publisher", "container-title", "event-title"],
        _ => &[
            "container-title",
            "event-title",
            "event",
            "container-title-short",
            "publisher",
        ],
    };
    // arXiv is the publisher of preprints, and Crossref says so of others.
    if let Some((venue, _)) = field(venues) {
        work.venue(&venue);
    }
    appearance(item, &mut work);
    for name in [
        "issued",
        "published-print",
        "published-online",
        "published",
        "created",
    ] {
        if let Some(date) = get(item, name).filter(|_| work.entry.year.is_none()) {
            issued(date, &mut work);
        }
    }
    if let Some((lang, _)) = field(&["language"]) {
        work.lang(&lang);
    }
    if let Some((status, _)) = field(&["status"]) {
        work.status(&status);
    }
    for name in ["keyword", "keywords", "categories", "subject"] {
        for node in get(item, name).map(list).unwrap_or_default() {
            work.tags(&text(node).unwrap_or_default());
        }
    }
    for name in ["collections", "groups"] {
        for node in get(item, name).map(list).unwrap_or_default() {
            work.collection(&text(node).unwrap_or_default());
        }
    }
    if let Some((text, _)) = field(&["abstract"]) {
        work.abstract_text(&text);
    }
    if let Some((text, _)) = field(&["annote", "annotation"]) {
        work.annotation(&text);
    }
    if let Some(custom) = get(item, "custom") {
        custom_fields(custom, &mut work);
    }
    work.finish()
}

/// Where in its journal or volume a work stands, and who published that, in the words of CSL,
/// Crossref and Zotero.
pub(crate) fn appearance(item: &Node, work: &mut Work<'_>) {
    let field = |names: &[&str]| names.iter().find_map(|name| text(get(item, name)?));
    if let Some(volume) = field(&["volume"]) {
        work.volume(&volume);
    }
    if let Some(issue) = field(&["issue"]) {
        work.issue(&issue);
    }
    if let Some(pages) = field(&["page", "pages", "article-number"]) {
        work.pages(&pages);
    }
    if let Some(publisher) = field(&["publisher"]) {
        work.publisher(&publisher);
    }
}

/// Where a preprint lies: `archive` with `number`, Better BibTeX's `archive_location`.
fn archive(item: &Node, work: &mut Work<'_>) {
    let is_arxiv = get(item, "archive")
        .or_else(|| get(item, "publisher"))
        .and_then(text)
        .is_some_and(|archive| archive.eq_ignore_ascii_case("arxiv"));
    for name in ["number", "archive_location", "archive-location"] {
        let Some((written, at)) =
            get(item, name).and_then(|node| Some((text(node)?, node.span.clone())))
        else {
            continue;
        };
        let says_so = written.to_ascii_lowercase().starts_with("arxiv:");
        if is_arxiv && name == "number" || says_so {
            work.arxiv(&written, &at);
        }
    }
}

/// What offprint's own lists say where CSL has no variable.
fn custom_fields(custom: &Node, work: &mut Work<'_>) {
    if let Some(node) = get(custom, "openreview")
        && let Some(id) = text(node)
    {
        work.openreview(&id, &node.span);
    }
    for node in get(custom, "affiliations").map(list).unwrap_or_default() {
        work.affiliation(&text(node).unwrap_or_default());
    }
    let Some(links) = get(custom, "links") else {
        return;
    };
    for kind in LinkKind::ALL {
        if let Some(node) = get(links, kind.key())
            && let Some(url) = text(node)
        {
            work.link(kind, &url, &node.span);
        }
    }
}

/// A name variable.
fn name(node: &Node) -> Option<String> {
    if let Some(name) = text(node) {
        return Some(whole(&name));
    }
    let part = |name: &str| get(node, name).and_then(text).unwrap_or_default();
    let literal = [part("literal"), part("name")];
    if let Some(literal) = literal.iter().find(|name| !name.is_empty()) {
        return Some(whole(literal));
    }
    let family = [
        part("dropping-particle"),
        part("non-dropping-particle"),
        part("family"),
    ];
    let family: Vec<&str> = family
        .iter()
        .map(|part| part.trim())
        .filter(|part| !part.is_empty())
        .collect();
    let name = joined(&family.join(" "), &part("given"), &part("suffix"));
    (!name.is_empty()).then_some(name)
}

/// A date variable: parts, or as somebody wrote it.
fn issued(node: &Node, work: &mut Work<'_>) {
    let parts = get(node, "date-parts").map(list).and_then(<[Node]>::first);
    let numbers: Vec<i16> = parts
        .map(list)
        .unwrap_or_default()
        .iter()
        .map_while(|part| text(part)?.trim().parse().ok())
        .collect();
    match numbers.as_slice() {
        [year, rest @ ..] if crate::facts::is_year(*year) => {
            work.entry.year = Some(*year);
            if let [month, day, ..] = rest {
                work.day(*year, *month, *day);
            }
        }
        _ => {
            let written = ["raw", "literal"].iter().find_map(|name| get(node, name));
            if let Some(written) = text(written.unwrap_or(node)) {
                work.loose_date(&written, &node.span);
            }
        }
    }
}

/// The CSL type, as issues have it, of CSL's and Crossref's own.
fn kind_of(kind: &str) -> Option<&'static str> {
    load::kind(kind).or_else(|| {
        Some(match kind {
            "journal-article" | "article-journal-review" => "article-journal",
            "proceedings-article" => "paper-conference",
            "posted-content" | "preprint" => "article",
            "monograph" | "edited-book" | "reference-book" | "proceedings" | "book-set"
            | "book-series" | "periodical" | "collection" => "book",
            "book-chapter" | "book-section" | "book-part" | "reference-entry" | "entry"
            | "entry-dictionary" | "entry-encyclopedia" => "chapter",
            "dissertation" => "thesis",
            "review-book" | "peer-review" => "review",
            "report-component" | "report-series" => "report",
            "manuscript"
            | "patent"
            | "pamphlet"
            | "personal_communication"
            | "bill"
            | "legislation"
            | "legal_case"
            | "treaty"
            | "hearing"
            | "regulation"
            | "graphic"
            | "figure"
            | "map"
            | "song"
            | "motion_picture"
            | "broadcast"
            | "interview"
            | "performance"
            | "musical_score"
            | "classic"
            | "event"
            | "other" => "document",
            _ => return None,
        })
    })
}
