//! Issue and series files read into the model.
//!
//! Markdown with front matter, YAML, TOML and JSON carry the same issue; each becomes
//! a tree of [`Node`](crate::fields::Node)s, and one reader makes the [`Issue`] of it.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Place};
use crate::model::{Issue, Series};
use crate::source::Source;

/// How an issue is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Markdown with YAML (`---`) or TOML (`+++`) front matter.
    Markdown,
    /// YAML.
    Yaml,
    /// TOML.
    Toml,
    /// JSON.
    Json,
}

impl Form {
    /// The form that a file's extension (without the dot) stands for.
    #[must_use]
    pub fn of_extension(extension: &str) -> Option<Self> {
        match extension.to_ascii_lowercase().as_str() {
            "md" | "markdown" => Some(Self::Markdown),
            "yaml" | "yml" => Some(Self::Yaml),
            "toml" => Some(Self::Toml),
            "json" => Some(Self::Json),
            _ => None,
        }
    }
}

/// A picture that a file names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageUse {
    /// Key into [`Assets`](crate::Assets): the path from the project's root, `/` between parts.
    pub src: String,
    /// Where it is named.
    pub place: Place,
}

/// What came of reading a file.
#[derive(Debug)]
pub struct Loaded<T> {
    /// The value; absent when an error leaves nothing to go on with.
    pub value: Option<T>,
    /// Every picture that is named, for the caller to read.
    pub images: Vec<ImageUse>,
    /// Everything found, in the order of the file.
    pub diagnostics: Vec<Diagnostic>,
}

impl<T> Loaded<T> {
    /// Whether anything found stops a build.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics
            .iter()
            .any(|diagnostic| diagnostic.severity == crate::Severity::Error)
    }
}

/// Where an issue file lies, for what its name and folder decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The issue's folder from the project's root, `/` between parts, empty for the root:
    /// pictures are named relative to it.
    pub folder: String,
    /// The file's name without its extension; for `NAME/index.md` the folder's name.
    /// The issue's id unless it gives one.
    pub stem: String,
}

/// Reads `offprint.toml`.
#[must_use]
pub fn series(_source: &Arc<Source>) -> Loaded<Series> {
    Loaded {
        value: None,
        images: Vec::new(),
        diagnostics: Vec::new(),
    }
}

/// Reads an issue file, which inherits from `series`.
#[must_use]
pub fn issue(
    _source: &Arc<Source>,
    _form: Form,
    _location: &Location,
    _series: &Series,
) -> Loaded<Issue> {
    Loaded {
        value: None,
        images: Vec::new(),
        diagnostics: Vec::new(),
    }
}

/// Numbers the issues of a series that give none, by date, and reports ids and numbers
/// that stand twice. `issues` come with the source they were read from.
#[must_use]
pub fn complete(_issues: &mut [(Issue, Arc<Source>)]) -> Vec<Diagnostic> {
    Vec::new()
}
