//! Bibliographies read into the facts of papers: BibTeX and BibLaTeX, CSL-JSON, RIS.

use std::ops::Range;

use offprint_core::Diagnostic;
use offprint_core::bibliography::Entry;

/// What came of reading a bibliography.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Library {
    /// Its entries in order, with their places in the file.
    pub entries: Vec<(Entry, Range<usize>)>,
    /// What is wrong with it, each with its place. A broken entry does not keep the others
    /// from being read.
    pub diagnostics: Vec<Diagnostic>,
}
