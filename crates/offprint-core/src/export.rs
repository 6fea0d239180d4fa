//! The contract between the program and an output format.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;

use crate::asset::Assets;
use crate::diagnostic::Diagnostic;
use crate::font::{FontUse, Fonts};
use crate::model::{Issue, Series};
use crate::source::Source;

/// An output format. The public fields of an implementing type are that format's settings.
pub trait Export: Send + Sync {
    /// The name on the command line and in messages, `epub`.
    fn name(&self) -> &'static str;

    /// What one call of [`Export::export`] covers.
    fn scope(&self) -> Scope;

    /// Pictures that the settings name, by their path from the project's root, for the
    /// caller to read.
    fn images(&self) -> Vec<&str> {
        Vec::new()
    }

    /// Fonts that the settings name, for the caller to find and to read.
    fn fonts(&self) -> Vec<FontUse> {
        Vec::new()
    }

    /// What is wrong with those that were read. Of the others the caller has told.
    fn check_fonts(&self, _fonts: &Fonts) -> Vec<Diagnostic> {
        Vec::new()
    }

    /// Text files that the settings name, by their path from the project's root, and folders,
    /// ending in `/`, all of whose files are wanted if they are there.
    fn files(&self) -> Vec<&str> {
        Vec::new()
    }

    /// What is wrong with those that were read. Of the others the caller has told.
    fn check_files(&self, _files: &Files) -> Vec<Diagnostic> {
        Vec::new()
    }

    /// Files that are to be carried within what it makes.
    fn attachments(&self) -> Vec<Attach> {
        Vec::new()
    }

    /// Whether the issues of each year are to be bound into a book (see
    /// [`book`](crate::book)) and rendered as that, too.
    fn binds_years(&self) -> bool {
        false
    }

    /// Renders; equal input gives equal bytes.
    ///
    /// # Errors
    /// [`ExportError::Input`] for what the curator can mend, [`ExportError::Internal`] for the rest.
    fn export(&self, context: &Context<'_>, edition: &Edition<'_>)
    -> Result<Exported, ExportError>;

    /// What makes the files of a series issue by issue, for a format of scope
    /// [`Scope::Series`]. What is long waits in `spool`.
    fn collector<'a>(
        &'a self,
        _series: &'a Series,
        _spool: &'a dyn Spool,
    ) -> Option<Box<dyn Collect + 'a>> {
        None
    }
}

/// Text files of the project's folder, by their path from its root, `/` between parts.
pub type Files = BTreeMap<String, Arc<Source>>;

/// Makes the files of a series. It is shown the issues one at a time, so that years of them
/// need not be in memory at once.
pub trait Collect: Send + Sync {
    /// Takes what the files will hold of an issue that is no draft. Called once an issue, on
    /// any thread and in any order; the files do not depend on either.
    /// [`Context::published`] holds the issue's own files.
    ///
    /// # Errors
    /// [`ExportError::Input`] for what the curator can mend, else what went wrong.
    fn add(&self, context: &Context<'_>, issue: &Issue) -> Result<Vec<Diagnostic>, ExportError>;

    /// Makes the files, and hands each to `sink` as soon as it is whole.
    /// [`Context::published`] holds the files of no issue, such as year-books.
    ///
    /// # Errors
    /// Those of `sink`, and what went wrong here.
    fn finish(
        self: Box<Self>,
        context: &Context<'_>,
        sink: &mut dyn FnMut(Artifact) -> Result<(), ExportError>,
    ) -> Result<Vec<Diagnostic>, ExportError>;
}

/// Room for what is too long for memory: bytes that are put once and read again.
pub trait Spool: Sync {
    /// Keeps `bytes`, and tells where.
    ///
    /// # Errors
    /// When the system has no room for them.
    fn put(&self, bytes: &[u8]) -> io::Result<Range<u64>>;

    /// The bytes that were put there; a range may be part of what one call of
    /// [`Spool::put`] returned.
    ///
    /// # Errors
    /// When they cannot be read.
    fn get(&self, range: Range<u64>) -> io::Result<Vec<u8>>;
}

/// A spool that is not too long for memory.
#[derive(Debug, Default)]
pub struct MemorySpool(Mutex<Vec<u8>>);

impl Spool for MemorySpool {
    fn put(&self, bytes: &[u8]) -> io::Result<Range<u64>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let start = all.len() as u64;
        all.extend_from_slice(bytes);
        Ok(start..all.len() as u64)
    }

    fn get(&self, range: Range<u64>) -> io::Result<Vec<u8>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        usize::try_from(range.start)
            .ok()
            .zip(usize::try_from(range.end).ok())
            .and_then(|(start, end)| all.get(start..end))
            .map(<[u8]>::to_vec)
            .ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }
}

/// What a format is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// One issue: the edition holds exactly one.
    Issue,
    /// The whole series: its files are made by [`Export::collector`], after those of every
    /// format of scope [`Scope::Issue`].
    Series,
}

/// What surrounds an edition.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The pictures, by their path from the project's root.
    pub assets: &'a Assets,
    /// The fonts that [`Export::fonts`] asks for.
    pub fonts: &'a Fonts,
    /// The files that [`Export::files`] asks for.
    pub files: &'a Files,
    /// What may be linked to; empty for formats of scope [`Scope::Issue`].
    pub published: &'a [Published],
    /// The files that [`Export::attachments`] asks for, of the edition's only issue.
    pub attachments: &'a [Attachment],
    /// How many threads an exporter may use; what it makes does not depend on it.
    pub threads: usize,
}

/// A wish for a file to be carried within another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attach {
    /// The issue's own file, as its author wrote it.
    Source,
    /// What another format makes of the issue.
    Format(&'static str),
}

/// A file to be carried within another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Why it is here.
    pub wish: Attach,
    /// Its name, without folders.
    pub name: String,
    /// Its media type.
    pub media_type: &'static str,
    /// Its bytes.
    pub data: Vec<u8>,
}

/// What is to be rendered.
#[derive(Debug, Clone, Copy)]
pub struct Edition<'a> {
    /// The series, or what stands for one when an issue is built alone.
    pub series: &'a Series,
    /// The issues; drafts are not among them.
    pub issues: &'a [&'a Issue],
}

/// A file that was made and may be linked to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The issue's id; `None` for a file of the series.
    pub issue: Option<String>,
    /// The title of a book of several issues.
    pub title: Option<String>,
    /// The format's name.
    pub format: &'static str,
    /// Where it lies, from the output folder.
    pub path: RelativePath,
    /// Its media type.
    pub media_type: &'static str,
    /// Its length.
    pub bytes: u64,
}

/// What an exporter made.
#[derive(Debug, Default)]
pub struct Exported {
    /// Files to be written.
    pub artifacts: Vec<Artifact>,
    /// What was lost on the way, and other things worth knowing.
    pub warnings: Vec<Diagnostic>,
}

/// A file to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// Where, from the output folder.
    pub path: RelativePath,
    /// Its media type.
    pub media_type: &'static str,
    /// Its bytes.
    pub data: Vec<u8>,
    /// How many pages it has, where pages are fixed.
    pub pages: Option<usize>,
    /// What a person should know of it, a line each.
    pub notes: Vec<String>,
    /// Whether a reader of the build's report cares: `false` for a page's pictures.
    pub listed: bool,
}

impl Artifact {
    /// A file of its own, without pages.
    #[must_use]
    pub fn new(path: RelativePath, media_type: &'static str, data: Vec<u8>) -> Self {
        Self {
            path,
            media_type,
            data,
            pages: None,
            notes: Vec::new(),
            listed: true,
        }
    }
}

/// Why an export failed.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The input cannot be rendered in this format; each entry says what and where.
    #[error("the input cannot be rendered: {}", .0.first().map_or("no reason given", |first| first.message.as_str()))]
    Input(Vec<Diagnostic>),
    /// A library or our own code failed on input that should be fine.
    #[error("{0}")]
    Internal(String),
    /// The machine failed: there is no room for what waits to be written.
    #[error("{0}")]
    System(#[from] io::Error),
}

/// A path below the output folder: parts of `[A-Za-z0-9._-]`, joined by `/`, none of
/// them `.`, `..`, hidden, or a name that Windows reserves.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct RelativePath(String);

impl RelativePath {
    /// Checks a path.
    ///
    /// # Errors
    /// When a part is not a portable file name.
    pub fn new(path: impl Into<String>) -> Result<Self, PathError> {
        let path = path.into();
        if path.split('/').all(is_portable_name) {
            Ok(Self(path))
        } else {
            Err(PathError(path))
        }
    }

    /// The path with `/` between its parts.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RelativePath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A path that may not be written to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a portable path below the output folder")]
pub struct PathError(String);

impl From<PathError> for ExportError {
    fn from(error: PathError) -> Self {
        Self::Internal(error.to_string())
    }
}

/// Whether every file system takes `name` as a file's name.
#[must_use]
pub fn is_portable_name(name: &str) -> bool {
    let stem = name
        .split('.')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let reserved = matches!(stem.as_str(), "con" | "prn" | "aux" | "nul")
        || (stem.len() == 4
            && (stem.starts_with("com") || stem.starts_with("lpt"))
            && stem.ends_with(|last: char| last.is_ascii_digit()));
    !name.is_empty()
        && name.len() <= 200
        && !reserved
        && !name.starts_with('.')
        && !name.ends_with('.')
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_portable_paths_below_the_output_folder_pass() {
        for good in ["feed.xml", "2020-11-02/a_b.epub", "a/images/x-2.png"] {
            assert!(RelativePath::new(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "/etc/passwd",
            "../x",
            "a/../b",
            "a//b",
            "a/",
            ".hidden",
            "a/.git/x",
            "C:\\x",
            "a\\b",
            "con",
            "NUL.txt",
            "com1.png",
            "名字.pdf",
            "a b",
            "x.",
        ] {
            assert!(RelativePath::new(bad).is_err(), "{bad}");
        }
    }
}
