//! Bibliographies read into the facts of papers: BibTeX and BibLaTeX, CSL-JSON, RIS.
//!
//! What is read is safe to publish: no characters that XML forbids, addresses absolute and
//! `http` or `https`, identifiers of the right form. What is not is left out and told.

mod bibtex;
mod csl_json;
mod facts;
mod names;
mod plain;
mod ris;
mod zotero;

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use offprint_core::bibliography::Entry;
use offprint_core::{Diagnostic, Place, Source};

/// The most findings that are kept of one file.
const MAX_FINDINGS: usize = 1_000;

/// How a bibliography is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// BibTeX or BibLaTeX.
    Bibtex,
    /// CSL-JSON, or what Zotero and Crossref give in JSON.
    CslJson,
    /// RIS.
    Ris,
}

impl Form {
    /// The form that a file's extension (without the dot) stands for.
    #[must_use]
    pub fn of_extension(extension: &str) -> Option<Self> {
        match extension.to_ascii_lowercase().as_str() {
            "bib" | "bibtex" | "biblatex" => Some(Self::Bibtex),
            "json" | "csl" | "csljson" => Some(Self::CslJson),
            "ris" => Some(Self::Ris),
            _ => None,
        }
    }

    /// The form that a text is in, if it surely is in one.
    #[must_use]
    pub fn of_text(text: &str) -> Option<Self> {
        if ris::is_one(text) {
            Some(Self::Ris)
        } else if csl_json::is_one(text) {
            Some(Self::CslJson)
        } else if bibtex::is_one(text) {
            Some(Self::Bibtex)
        } else {
            None
        }
    }
}

/// What came of reading a bibliography.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Library {
    /// Its entries in order, with their places in the file.
    pub entries: Vec<(Entry, Range<usize>)>,
    /// What is wrong with it, each with its place; rules are named `bib::…`. A broken entry
    /// does not keep the others from being read. Errors are about what could not be read,
    /// warnings about facts that were left out.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a bibliography.
#[must_use]
pub fn read(source: &Arc<Source>, form: Form) -> Library {
    let mut library = match form {
        Form::Bibtex => bibtex::read(source),
        Form::CslJson => csl_json::read(source),
        Form::Ris => ris::read(source),
    };
    report_repeated_keys(source, &mut library);
    library.diagnostics.sort_by_key(|diagnostic| {
        let place = diagnostic.place.as_ref();
        place.map(|place| (place.span.start, place.span.end))
    });
    if library.diagnostics.len() > MAX_FINDINGS {
        let dropped = library.diagnostics.len() - MAX_FINDINGS;
        // Errors are worth more than what they crowd out; the order of equals stays.
        library
            .diagnostics
            .sort_by_key(|diagnostic| std::cmp::Reverse(diagnostic.severity));
        library.diagnostics.truncate(MAX_FINDINGS);
        library.diagnostics.push(Diagnostic::warning(
            "bib::many",
            format!("{dropped} more findings are left out"),
        ));
    }
    library
}

/// Warns about keys that name two entries: only the first can be cited.
fn report_repeated_keys(source: &Arc<Source>, library: &mut Library) {
    let mut seen = BTreeSet::new();
    for (entry, span) in &library.entries {
        let Some(key) = &entry.key else {
            continue;
        };
        if !seen.insert(key.as_str()) {
            library.diagnostics.push(
                Diagnostic::warning(
                    "bib::duplicate-key",
                    format!("the key `{}` stands here twice", facts::shown(key)),
                )
                .at(first_line(source, span))
                .hint("`@key` means the first of them; give the other one a key of its own"),
            );
        }
    }
}

/// The first line of an entry, which messages about all of it point at.
fn first_line(source: &Arc<Source>, span: &Range<usize>) -> Place {
    let whole = Place::new(source, span.clone());
    let text = source.text.get(whole.span.clone()).unwrap_or_default();
    let length = text.find('\n').unwrap_or(text.len());
    let length = text
        .get(..length)
        .map_or(length, |line| line.trim_end().len());
    Place::new(source, whole.span.start..whole.span.start + length)
}

#[cfg(test)]
mod tests;
