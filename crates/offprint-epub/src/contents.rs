//! The contents, as EPUB 3 and as EPUB 2 want them.

use minijinja::{Environment, Error, Value, context};
use offprint_core::model::{Issue, Series};
use offprint_core::words::{Label, Words};

use crate::metadata;
use crate::pages::{Book, Entry, PageKind, document};
use crate::templates::render;

/// The file that `epub-builder` gives the navigation document.
const NAV_FILE: &str = "nav.xhtml";

/// The navigation document, which is the visible contents too.
pub(crate) fn nav(
    environment: &Environment<'_>,
    issue: &Issue,
    book: &Book,
) -> Result<String, Error> {
    let words = Words::of(&issue.lang);
    let title = words.label(Label::Contents);
    let mut landmarks = Vec::new();
    for page in &book.pages {
        let kind = match page.kind {
            PageKind::Cover => "cover",
            PageKind::Title => "titlepage",
            PageKind::Start => "bodymatter",
            PageKind::Back => "colophon",
            PageKind::Body => continue,
        };
        landmarks.push(context! { kind, href => &page.file, title => &page.title });
        if page.kind == PageKind::Title {
            landmarks.push(context! { kind => "toc", href => NAV_FILE, title });
        }
    }
    let body = render(
        environment,
        "nav.xhtml",
        context! { title, entries => points(&book.entries, &mut 0), landmarks },
    )?;
    document(environment, issue, title, &body)
}

/// The NCX, for Kindle and readers of EPUB 2.
pub(crate) fn ncx(
    environment: &Environment<'_>,
    series: &Series,
    issue: &Issue,
    book: &Book,
) -> Result<String, Error> {
    let nested = book.entries.iter().any(|entry| !entry.children.is_empty());
    render(
        environment,
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
