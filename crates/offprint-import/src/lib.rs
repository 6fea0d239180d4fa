//! From anywhere to an issue: what others have written, read into a [`Draft`] that the curator
//! goes on with.
//!
//! A reader never invents: what a source does not say stays absent from the draft and is named
//! among the findings. Each reader is a module with one function, `read`; [`mod@write`] turns a
//! draft into an issue file, which loads without an error whatever the source held.

pub mod detect;
pub mod draft;

mod address;
mod feed;
mod group;
mod json;
mod links;
mod markdown;
mod markup;
mod page;
mod references;
mod table;
pub mod write;

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use offprint_bibliography::Form;
use offprint_core::{Block, Diagnostic, Inline, Source, Text};

pub use detect::{Detected, detect};
pub use draft::{Draft, DraftPaper, DraftSection};

/// What a source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A digest's page as text, as it is copied from a browser.
    Page,
    /// A saved page.
    Html,
    /// BibTeX or BibLaTeX.
    Bibtex,
    /// CSL-JSON.
    CslJson,
    /// RIS.
    Ris,
    /// A list or tables in Markdown.
    Markdown,
    /// RSS, Atom or JSON Feed.
    Feed,
    /// CSV with a row of names.
    Csv,
    /// A JSON object a line.
    JsonLines,
    /// Addresses or identifiers, one a line.
    Links,
}

/// What came of reading a source.
#[derive(Debug, Clone, PartialEq)]
pub struct Imported {
    /// What was found.
    pub draft: Draft,
    /// What could not be told, was left out or is in doubt; warnings and hints named
    /// `import::…`, each with its place.
    pub diagnostics: Vec<Diagnostic>,
    /// What became of each stretch of the source, in its order.
    pub trace: Vec<Traced>,
}

/// A stretch of a source, mostly a line, and what was made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traced {
    /// Bytes of the source's text. In a saved page, those of the text between tags.
    pub span: Range<usize>,
    /// What it was taken for.
    pub fate: Fate,
}

/// What became of a stretch of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It is in the draft: what as (`title of paper 3`).
    Kept(Cow<'static, str>),
    /// It is not: why (`page furniture: a button`).
    Dropped(Cow<'static, str>),
}

/// Reads a source, or says why it cannot be read at all: errors named `import::…`, with places.
pub type Outcome = Result<Imported, Vec<Diagnostic>>;

/// Reads `source` as `kind`.
///
/// # Errors
/// When nothing can be made of it: it is not of that kind, or holds no paper.
pub fn import(source: &Arc<Source>, kind: Kind) -> Outcome {
    match kind {
        Kind::Page => page::read(source, page::Form::Text),
        Kind::Html => page::read(source, page::Form::Html),
        Kind::Bibtex => references::read(source, Form::Bibtex),
        Kind::CslJson => references::read(source, Form::CslJson),
        Kind::Ris => references::read(source, Form::Ris),
        Kind::Markdown => markdown::read(source),
        Kind::Feed => feed::read(source),
        Kind::Csv => table::csv(source),
        Kind::JsonLines => table::json_lines(source),
        Kind::Links => links::read(source),
    }
}

/// A text of words alone: a paragraph between blank lines.
pub(crate) fn plain_paragraphs(written: &str) -> Text {
    written
        .split("\n\n")
        .map(|paragraph| paragraph.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|paragraph| !paragraph.is_empty())
        .map(|paragraph| Block::Paragraph(vec![Inline::Text(paragraph)]))
        .collect()
}
