//! The contents, as EPUB 3 and as EPUB 2 want them.

use minijinja::{Error, Value, context};
use offprint_core::words::Label;

use crate::Profile;
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
    /// Lines below it: those of an issue's papers below their section's, in a book of several
    /// issues one level further down.
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
    let entries = points(&book.entries, levels(making), &mut 0);
    let body = making.fill("nav.xhtml", context! { title, entries, landmarks })?;
    making.document(title, &body)
}

/// The NCX, for Kindle and readers of EPUB 2.
pub(crate) fn ncx(making: &Making<'_>, book: &Book) -> Result<String, Error> {
    let Making { series, issue, .. } = making;
    let levels = levels(making);
    making.fill(
        "toc.ncx",
        context! {
            lang => issue.lang.as_str(),
            uid => metadata::uid(series, issue),
            title => &issue.title,
            depth => depth(&book.entries).min(levels),
            points => points(&book.entries, levels, &mut 0),
        },
    )
}

/// How many levels of lines readers know: Kindle two (5.2), so that a book of several issues
/// lists no papers there that stand in sections.
fn levels(making: &Making<'_>) -> usize {
    match making.profile {
        Profile::Epub3 => 3,
        Profile::Kindle => 2,
    }
}

fn depth(entries: &[Entry]) -> usize {
    let below = entries.iter().map(|entry| depth(&entry.children));
    below.max().map_or(0, |below| below + 1)
}

/// The entries of the first so many levels as templates read them, each with its place in
/// reading order, from 1 and without gaps.
fn points(entries: &[Entry], levels: usize, order: &mut usize) -> Vec<Value> {
    let mut values = Vec::with_capacity(entries.len());
    let Some(below) = levels.checked_sub(1) else {
        return values;
    };
    for entry in entries {
        *order += 1;
        let own = *order;
        let children = points(&entry.children, below, order);
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
