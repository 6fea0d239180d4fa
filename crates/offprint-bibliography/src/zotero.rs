//! Items as Zotero itself has them, which "Better BibTeX JSON" gives.

use std::collections::BTreeMap;
use std::sync::Arc;

use offprint_core::bibliography::Entry;
use offprint_core::chars::clean;
use offprint_core::fields::{Node, NodeValue};
use offprint_core::{Diagnostic, Source};

use crate::csl_json::{appearance, get, list, text};
use crate::facts::Work;
use crate::names::{joined, whole};

/// The collections that items stand in.
pub(crate) struct Collections(BTreeMap<String, Vec<String>>);

impl Collections {
    /// Those of an export: `{ "KEY": { "name": …, "items": [1, 2] } }`.
    pub(crate) fn of(root: &Node) -> Self {
        let mut names: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let Some(NodeValue::Table(collections)) = get(root, "collections").map(|node| &node.value)
        else {
            return Self(names);
        };
        for collection in collections {
            let Some(name) = get(&collection.value, "name").and_then(text) else {
                continue;
            };
            let items = get(&collection.value, "items").map(list);
            for item in items.unwrap_or_default().iter().filter_map(text) {
                names.entry(item).or_default().push(name.clone());
            }
        }
        Self(names)
    }
}

/// An item; `None` for notes and attachments, which are no works.
pub(crate) fn entry(
    source: &Arc<Source>,
    item: &Node,
    collections: &Collections,
    found: &mut Vec<Diagnostic>,
) -> Option<Entry> {
    let field = |names: &[&str]| {
        names.iter().find_map(|name| {
            let node = get(item, name)?;
            Some((text(node)?, node.span.clone()))
        })
    };
    let (kind, _) = field(&["itemType"])?;
    if matches!(kind.as_str(), "note" | "attachment" | "annotation") {
        return None;
    }
    let mut work = Work::new(source, found);
    let key = field(&["citationKey", "citekey", "citation-key"]);
    work.entry.key = key.map(|(key, _)| clean(&key).trim().to_owned());
    work.entry.kind = kind_of(&kind).map(str::to_owned);
    if let Some((title, _)) = field(&["title", "shortTitle"]) {
        work.title(&title);
    }
    for creator in get(item, "creators").map(list).unwrap_or_default() {
        let part = |name: &str| get(creator, name).and_then(text).unwrap_or_default();
        let is_author = matches!(
            part("creatorType").as_str(),
            "" | "author" | "inventor" | "programmer" | "presenter" | "contributor"
        );
        if !is_author {
            continue;
        }
        let name = match part("name") {
            name if name.is_empty() => joined(&part("lastName"), &part("firstName"), ""),
            name => whole(&name),
        };
        if name.is_empty() {
            work.no_name(&creator.span);
        } else {
            work.author(&name, &creator.span);
        }
    }
    if let Some((written, at)) = field(&["DOI"]) {
        work.doi(&written, &at);
    }
    if let Some((written, at)) = field(&["ISBN"]) {
        work.isbn(&written, &at);
    }
    if let Some((written, at)) = field(&["url"]) {
        work.url(&written, &at);
    }
    if let Some((written, at)) = field(&["archiveID"])
        && written.to_ascii_lowercase().starts_with("arxiv:")
    {
        work.arxiv(&written, &at);
    }
    // `extra` has facts a line, and what the keeper adds.
    if let Some((written, at)) = field(&["extra"]) {
        work.note(&written, &at);
    }
    let venue = field(&[
        "publicationTitle",
        "proceedingsTitle",
        "conferenceName",
        "bookTitle",
        "university",
        "institution",
        "repository",
        "websiteTitle",
        "blogTitle",
        "publisher",
    ]);
    if let Some((venue, _)) = venue {
        work.venue(&venue);
    }
    appearance(item, &mut work);
    if let Some((date, at)) = field(&["date"]) {
        work.loose_date(&date, &at);
    }
    if let Some((lang, _)) = field(&["language"]) {
        work.lang(&lang);
    }
    for tag in get(item, "tags").map(list).unwrap_or_default() {
        // What a program tagged says less than what the keeper did, but it is said.
        let tag = get(tag, "tag").unwrap_or(tag);
        work.tag(&text(tag).unwrap_or_default());
    }
    if let Some((text, _)) = field(&["abstractNote"]) {
        work.abstract_text(&text);
    }
    for note in get(item, "notes").map(list).unwrap_or_default() {
        let note = get(note, "note").unwrap_or(note);
        work.annotation(&text(note).unwrap_or_default());
    }
    if let Some((id, _)) = field(&["itemID", "itemKey", "key"]) {
        for name in collections.0.get(&id).into_iter().flatten() {
            work.collection(name);
        }
    }
    Some(work.finish())
}

/// The CSL type of Zotero's.
fn kind_of(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "journalArticle" => "article-journal",
        "conferencePaper" => "paper-conference",
        "preprint" => "article",
        "magazineArticle" => "article-magazine",
        "newspaperArticle" => "article-newspaper",
        "book" => "book",
        "bookSection" | "encyclopediaArticle" | "dictionaryEntry" => "chapter",
        "thesis" => "thesis",
        "report" => "report",
        "dataset" => "dataset",
        "computerProgram" => "software",
        "webpage" => "webpage",
        "blogPost" => "post-weblog",
        "forumPost" => "post",
        "presentation" => "speech",
        "standard" => "standard",
        "document" | "manuscript" | "patent" => "document",
        _ => return None,
    })
}
