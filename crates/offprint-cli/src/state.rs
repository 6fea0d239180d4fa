//! What is remembered of a build, so that the next one makes only what changed.
//!
//! The memory is a hidden folder of the series with a file for each output folder. It may be
//! lost or damaged at any time: then everything is made again, with the same bytes. Nothing
//! of it lies among what is published, for it holds times, and outputs hold none.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::UNIX_EPOCH;

use offprint_core::asset::Facts;
use offprint_core::{Diagnostic, Edit, Fix, Place, RelativePath, Severity, Source};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::build::Made;
use crate::emit::{look, replace};
use crate::project::Finding;
use crate::read::{Decoded, decode, read_file, read_inside, slashed};
use crate::roots::shown;

/// The folder of the series that nobody needs to look into.
const FOLDER: &str = ".offprint";
/// What this program writes and understands.
const VERSION: u32 = 1;
/// More than the memory of any series needs, in bytes.
const MAX_STATE: usize = 512 * 1024 * 1024;

/// The first half of a SHA-256, in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Hash(String);

impl Hash {
    /// Its digits.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The hash of `bytes`.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        Hasher::default().with(bytes).finish()
    }
}

/// Hashes several values, none of which runs into the next.
#[derive(Default)]
pub(crate) struct Hasher(Sha256);

impl Hasher {
    pub(crate) fn with(mut self, bytes: impl AsRef<[u8]>) -> Self {
        let bytes = bytes.as_ref();
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
        self
    }

    pub(crate) fn with_hash(self, hash: &Hash) -> Self {
        self.with(&hash.0)
    }

    pub(crate) fn finish(self) -> Hash {
        let mut hash = String::with_capacity(32);
        for byte in self.0.finalize().iter().take(16) {
            let _ = write!(hash, "{byte:02x}");
        }
        Hash(hash)
    }
}

/// What tells a file that was written to from one that was not, without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stamp {
    pub(crate) bytes: u64,
    /// Seconds and nanoseconds since 1970.
    modified: (u64, u32),
    /// The same for the last change of the file's entry, which nobody can set back; 0 where
    /// the system tells none.
    changed: (i64, i64),
}

impl Stamp {
    pub(crate) fn of(metadata: &Metadata) -> Self {
        let modified = metadata
            .modified()
            .ok()
            .and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        Self {
            bytes: metadata.len(),
            modified: modified.map_or((0, 0), |since| (since.as_secs(), since.subsec_nanos())),
            changed: changed(metadata),
        }
    }
}

#[cfg(unix)]
fn changed(metadata: &Metadata) -> (i64, i64) {
    use std::os::unix::fs::MetadataExt;
    (metadata.ctime(), metadata.ctime_nsec())
}

#[cfg(not(unix))]
fn changed(_metadata: &Metadata) -> (i64, i64) {
    (0, 0)
}

/// What is known of a picture that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Picture {
    pub(crate) stamp: Stamp,
    pub(crate) hash: Hash,
    pub(crate) facts: Facts,
}

/// A file that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MadeFile {
    path: String,
    stamp: Stamp,
    hash: Hash,
    media_type: String,
    pages: Option<usize>,
    listed: bool,
}

/// What a format made of an issue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record {
    /// The hash of everything that it was made from.
    pub(crate) key: Hash,
    /// A book's title.
    pub(crate) title: Option<String>,
    pub(crate) files: Vec<MadeFile>,
    pub(crate) findings: Vec<StoredFinding>,
}

/// A finding that is told again as long as its cause stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredFinding {
    severity: StoredSeverity,
    code: String,
    message: String,
    label: Option<String>,
    hints: Vec<String>,
    /// The file it is about, from the project's root.
    file: Option<String>,
    span: Option<(usize, usize)>,
    fix: Option<StoredFix>,
}

/// What a fix does, and its edits: where they begin and end, and what is to stand there.
type StoredFix = (String, Vec<(usize, usize, String)>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum StoredSeverity {
    Hint,
    Warning,
    Error,
}

/// A build that wrote its files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Whole {
    /// The hash of everything that was read for it.
    pub(crate) key: Hash,
    pub(crate) findings: Vec<StoredFinding>,
    pub(crate) issues: usize,
    pub(crate) papers: usize,
    /// Files that are not built, from the project's root.
    pub(crate) drafts: Vec<String>,
}

/// What is remembered of an output folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct State {
    version: u32,
    program: String,
    /// The series that was built here.
    series: String,
    pub(crate) whole: Option<Whole>,
    /// By issue and format.
    pub(crate) issues: BTreeMap<String, BTreeMap<String, Record>>,
    /// By book and format.
    pub(crate) books: BTreeMap<String, BTreeMap<String, Record>>,
    /// Files of the series, by format.
    pub(crate) shared: BTreeMap<String, Vec<MadeFile>>,
    /// Files that no later build made again.
    pub(crate) left_over: Vec<MadeFile>,
    /// By their path from the project's root.
    pub(crate) pictures: BTreeMap<String, Picture>,
    /// The bibliographies that were read, by their path from the project's root.
    #[serde(default)]
    pub(crate) bibliographies: BTreeSet<String>,
}

impl State {
    /// Nothing is remembered of the series.
    pub(crate) fn empty(series: &str) -> Self {
        Self {
            version: VERSION,
            program: program(),
            series: series.to_owned(),
            whole: None,
            issues: BTreeMap::new(),
            books: BTreeMap::new(),
            shared: BTreeMap::new(),
            left_over: Vec::new(),
            pictures: BTreeMap::new(),
            bibliographies: BTreeSet::new(),
        }
    }

    /// The memory of the same series without any file.
    pub(crate) fn without_files(&self) -> Self {
        Self::empty(&self.series)
    }

    /// All files but those that were left over.
    fn made_files(&self) -> impl Iterator<Item = &MadeFile> {
        let issues = self.issues.values().chain(self.books.values());
        issues
            .flat_map(BTreeMap::values)
            .flat_map(|record| &record.files)
            .chain(self.shared.values().flatten())
    }

    fn files(&self) -> impl Iterator<Item = &MadeFile> {
        self.made_files().chain(&self.left_over)
    }

    /// Whether earlier builds left any file.
    pub(crate) fn has_files(&self) -> bool {
        self.files().next().is_some()
    }

    /// Whether all files that were made are still there as they were made.
    pub(crate) fn is_intact(&self, out: &Path) -> bool {
        self.made_files().all(|file| file.is_intact(out))
    }

    /// The files of the earlier build that neither this state has nor `made` holds, each
    /// once, and only those that are still there as they were made.
    pub(crate) fn abandoned<'a>(
        &'a self,
        earlier: &'a Self,
        out: &Path,
        made: impl Iterator<Item = &'a RelativePath>,
    ) -> Vec<MadeFile> {
        let current = self.files().map(|file| file.path.as_str());
        let mut seen: BTreeSet<&str> = current.chain(made.map(RelativePath::as_str)).collect();
        let mut abandoned = Vec::new();
        for file in earlier.files() {
            if seen.insert(&file.path) && file.is_intact(out) {
                abandoned.push(file.clone());
            }
        }
        abandoned
    }
}

/// Where the memory of an output folder is kept; issues of no series have none.
#[derive(Debug, Default)]
pub(crate) struct Memory(Option<PathBuf>);

impl Memory {
    /// What the series in `root` remembers of the folder `out`.
    pub(crate) fn of(root: &Path, out: &Path) -> Self {
        let out = std::path::absolute(out).unwrap_or_else(|_| out.to_owned());
        // A series that is moved takes its own output along.
        let below = out.strip_prefix(root).map_or_else(
            |_| out.to_string_lossy().into_owned(),
            |below| format!("./{}", slashed(below)),
        );
        let Hash(name) = Hash::of(below.as_bytes());
        Self(Some(root.join(FOLDER).join(format!("{name}.json"))))
    }

    /// What is remembered of the series, if this very program wrote it.
    pub(crate) fn read(&self, series: &str) -> State {
        let remembered = self
            .0
            .as_ref()
            .and_then(|path| read_file(path, MAX_STATE).ok())
            .and_then(|bytes| serde_json::from_slice::<State>(&bytes).ok())
            .filter(|state| state.version == VERSION && state.series == series);
        match remembered {
            Some(state) if state.program == program() => state,
            // Another version makes everything again, and still knows what is no longer made.
            // Books are made when they are asked for, and stay until then.
            Some(mut state) => {
                let books = std::mem::take(&mut state.books);
                State {
                    left_over: state.files().cloned().collect(),
                    books: books
                        .into_iter()
                        .map(|(id, book)| (id, outdated(book)))
                        .collect(),
                    ..State::empty(series)
                }
            }
            None => State::empty(series),
        }
    }

    /// Keeps a memory. Where that fails, the next build makes everything again.
    pub(crate) fn write(&self, state: &State) {
        let Some(path) = &self.0 else {
            return;
        };
        let Ok(bytes) = serde_json::to_vec(state) else {
            return;
        };
        if let Some(folder) = path.parent() {
            if fs::create_dir(folder).is_ok() {
                // Git is told to look away.
                let _ = replace(&folder.join(".gitignore"), b"*\n");
            }
            // A link would lead out of the series.
            if fs::symlink_metadata(folder).is_ok_and(|metadata| metadata.is_dir()) {
                let _ = replace(path, &bytes);
            }
        }
    }
}

/// A book that is to be made again when it is asked for.
fn outdated(mut book: BTreeMap<String, Record>) -> BTreeMap<String, Record> {
    for record in book.values_mut() {
        record.key = Hash(String::new());
    }
    book
}

/// This program: its version, and what tells a build of it from the next while it is written.
fn program() -> String {
    let version = env!("CARGO_PKG_VERSION");
    let stamp = std::env::current_exe()
        .and_then(fs::metadata)
        .map(|metadata| Stamp::of(&metadata));
    match stamp {
        Ok(Stamp {
            bytes, modified, ..
        }) => format!("{version} {bytes} {}.{:09}", modified.0, modified.1),
        Err(_) => version.to_owned(),
    }
}

impl MadeFile {
    /// A file that lies at its place now.
    pub(crate) fn of(made: &Made, out: &Path) -> Option<Self> {
        let metadata = look(out, &made.path).ok().flatten()?;
        Some(Self {
            path: made.path.as_str().to_owned(),
            stamp: Stamp::of(&metadata),
            hash: made.hash.clone(),
            media_type: made.media_type.to_owned(),
            pages: made.pages,
            listed: made.listed,
        })
    }

    /// Where the file lies.
    pub(crate) fn path(&self) -> Option<RelativePath> {
        RelativePath::new(self.path.clone()).ok()
    }

    /// Whether the file has the bytes that were made.
    pub(crate) fn is_intact(&self, out: &Path) -> bool {
        let Ok(path) = RelativePath::new(self.path.clone()) else {
            return false;
        };
        let Some(metadata) = look(out, &path).ok().flatten().filter(Metadata::is_file) else {
            return false;
        };
        let stamp = Stamp::of(&metadata);
        let limit = usize::try_from(stamp.bytes).unwrap_or(usize::MAX);
        stamp == self.stamp
            || stamp.bytes == self.stamp.bytes
                && read_file(&out.join(&self.path), limit)
                    .is_ok_and(|bytes| Hash::of(&bytes) == self.hash)
    }

    /// The file as a build tells of it.
    pub(crate) fn to_made(
        &self,
        format: &'static str,
        show: impl Fn(&RelativePath) -> String,
    ) -> Option<Made> {
        let path = RelativePath::new(self.path.clone()).ok()?;
        Some(Made {
            format,
            shown: show(&path),
            path,
            media_type: lasting(&self.media_type),
            bytes: self.stamp.bytes,
            hash: self.hash.clone(),
            pages: self.pages,
            notes: Vec::new(),
            listed: self.listed,
        })
    }
}

/// A text that stays for as long as the program runs, kept once.
fn lasting(text: &str) -> &'static str {
    static TEXTS: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut texts = TEXTS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = texts.get(text) {
        return known;
    }
    let kept: &'static str = Box::leak(text.to_owned().into_boxed_str());
    texts.insert(kept);
    kept
}

impl StoredFinding {
    /// Keeps a finding; `files` tell the paths from the root of what messages name.
    pub(crate) fn of(finding: &Finding, files: &BTreeMap<String, String>) -> Self {
        let diagnostic = &finding.diagnostic;
        let place = diagnostic.place.as_ref();
        let name = place
            .map(|place| &place.source.name)
            .or(finding.file.as_ref());
        Self {
            severity: match diagnostic.severity {
                Severity::Hint => StoredSeverity::Hint,
                Severity::Warning => StoredSeverity::Warning,
                Severity::Error => StoredSeverity::Error,
            },
            code: diagnostic.code.to_owned(),
            message: diagnostic.message.clone(),
            label: diagnostic.label.clone(),
            hints: diagnostic.hints.clone(),
            file: name.map(|name| files.get(name).unwrap_or(name).clone()),
            span: place.map(|place| (place.span.start, place.span.end)),
            fix: diagnostic.fix.as_ref().map(|fix| {
                let edits = fix.edits.iter();
                let edits = edits.map(|edit| (edit.span.start, edit.span.end, edit.text.clone()));
                (fix.about.clone(), edits.collect())
            }),
        }
    }
}

/// Restores findings; each file is read once.
pub(crate) struct Texts<'a> {
    root: &'a Path,
    read: BTreeMap<String, Option<Arc<Source>>>,
}

impl<'a> Texts<'a> {
    /// Texts of the project in `root`.
    pub(crate) fn of(root: &'a Path) -> Self {
        Self {
            root,
            read: BTreeMap::new(),
        }
    }

    /// A finding as it was.
    pub(crate) fn restore(&mut self, stored: &StoredFinding) -> Finding {
        let mut diagnostic = Diagnostic::error(lasting(&stored.code), stored.message.clone());
        diagnostic.severity = match stored.severity {
            StoredSeverity::Hint => Severity::Hint,
            StoredSeverity::Warning => Severity::Warning,
            StoredSeverity::Error => Severity::Error,
        };
        diagnostic.label.clone_from(&stored.label);
        diagnostic.hints.clone_from(&stored.hints);
        if let Some((about, edits)) = &stored.fix {
            let edits = edits.iter().map(|(start, end, text)| Edit {
                span: *start..*end,
                text: text.clone(),
            });
            diagnostic = diagnostic.fix(Fix {
                about: about.clone(),
                edits: edits.collect(),
            });
        }
        if let Some((file, (start, end))) = stored.file.as_ref().zip(stored.span) {
            let root = self.root;
            let source = self.read.entry(file.clone()).or_insert_with(|| {
                let bytes = read_inside(root, file, MAX_STATE).ok()?;
                match decode(bytes) {
                    Decoded::Text(text) => Some(Source::new(shown(&root.join(file)), text)),
                    Decoded::Damaged { .. } => None,
                }
            });
            diagnostic.place = source.as_ref().map(|source| Place::new(source, start..end));
        }
        let file = stored.file.as_ref().filter(|_| diagnostic.place.is_none());
        let file = file.map(|file| shown(&self.root.join(file)));
        Finding { diagnostic, file }
    }
}
