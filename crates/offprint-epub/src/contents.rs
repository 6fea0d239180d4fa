//! The contents, as EPUB 3 and as EPUB 2 want them.

use minijinja::{Error, Value, context};
use offprint_core::words::Label;

use crate::metadata;
use crate::pages::{Book, Making, PageKind, TITLE_FILE};

/// The file that `epub-builder` gives the navigation document.
pub(crate) const NAV_FILE: &str = "nav.xhtml";

/// A line of the contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub title: String,
    /// The title's language, where it is not the book's.
    pub lang: Option<String>,
    pub href: String,
    /// Lines below it, which have none themselves: Kindle knows two levels.
    pub children: Vec<Entry>,
}

impl Entry {
    /// A line in the book's language, with none below it.
    pub(crate) fn new(title: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            lang: None,
            href: href.into(),
            children: Vec::new(),
        }
    }
}

/// The navigation document, which is the visible contents too.
pub(crate) fn nav(making: &Making<'_>, book: &Book) -> Result<String, Error> {
    let title = making.words.label(Label::Contents);
    let mut landmarks = Vec::new();
    for page in &book.pages {
        let kind = match page.kind {
            PageKind::Cover => "cover",
            PageKind::Title => "titlepage",
            PageKind::Start => "bodymatter",
            PageKind::Index => "index",
            PageKind::Back => "colophon",
            PageKind::Body => continue,
        };
        landmarks.push(context! { kind, href => &page.file, title => &page.title });
        if page.file == TITLE_FILE {
            landmarks.push(context! { kind => "toc", href => NAV_FILE, title });
        }
    }
    let body = making.fill(
        "nav.xhtml",
        context! { title, entries => points(&book.entries, &mut 0), landmarks },
    )?;
    making.document(title, &body)
}

/// The NCX, for Kindle and readers of EPUB 2.
pub(crate) fn ncx(making: &Making<'_>, book: &Book) -> Result<String, Error> {
    let Making { series, issue, .. } = making;
    let nested = book.entries.iter().any(|entry| !entry.children.is_empty());
    making.fill(
        "toc.ncx",
        context! {
            lang => issue.lang.as_str(),
            uid => metadata::uid(series, issue),
            title => &issue.title,
            depth => if nested { 2 } else { 1 },
            points => points(&book.entries, &mut 0),
        },
    )
}

/// The entries as templates read them, each with its place in reading order, from 1 and
/// without gaps.
fn points(entries: &[Entry], order: &mut usize) -> Vec<Value> {
    let mut values = Vec::with_capacity(entries.len());
    for entry in entries {
        *order += 1;
        let own = *order;
        // Entries are two levels deep at the most.
        let children = points(&entry.children, order);
        values.push(context! {
            order => own,
            title => &entry.title,
            lang => &entry.lang,
            href => &entry.href,
            children,
        });
    }
    values
}
