//! The issues of a series, read one at a time, for commands that build nothing.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use offprint_core::load::{self, Form, Loaded, Location};
use offprint_core::lock::{self, Lock};
use offprint_core::series::Card;
use offprint_core::{Diagnostic, Issue, Series, Source};

use crate::fault::Fault;
use crate::project::{Finding, LEFT_OUT, read_series};
use crate::read::{Decoded, ReadError, decode, read_file, read_inside, slashed};
use crate::roots::{IssueFile, Kind, Root, SERIES_FILE, find, list, lone_issue, shown};
use crate::shelf::Shelf;

/// A series, or issues of none, whose files are read when they are asked for.
pub(crate) struct Browser {
    /// The folder.
    pub(crate) root: PathBuf,
    pub(crate) series: Series,
    /// Whether there is a series.
    pub(crate) is_series: bool,
    files: Vec<IssueFile>,
    /// The files that were named, if not all are meant.
    wanted: Option<Vec<PathBuf>>,
    lock: Lock,
    shelf: Shelf,
}

/// An issue whose file was read.
pub(crate) struct Read {
    pub(crate) issue: Issue,
    pub(crate) card: Card,
    pub(crate) source: Arc<Source>,
}

/// Finds what a path of the command line names.
pub(crate) fn open(path: &Path) -> Result<Browser, Fault> {
    let mut roots = find(&[path.to_owned()])?;
    let Some(Root { folder, kind }) = roots.pop() else {
        return Err(Fault::Bug("a path names nothing".to_owned()));
    };
    match kind {
        Kind::Lone { files } => Ok(Browser {
            series: Series::default(),
            is_series: false,
            files: files
                .iter()
                .filter_map(|file| lone_issue(&folder, file))
                .collect(),
            wanted: None,
            lock: Lock::default(),
            shelf: Shelf::of(&folder),
            root: folder,
        }),
        Kind::Series { wanted } => {
            let Some(series) = read_series(&folder).value else {
                return Err(Fault::usage(
                    format!("`{}` cannot be read", shown(&folder.join(SERIES_FILE))),
                    "`offprint check` tells why",
                ));
            };
            let files = list(&folder, &folder.join(&series.paths.issues)).files;
            let lock = read_inside(&folder, lock::FILE, load::MAX_BYTES)
                .ok()
                .and_then(text_of)
                .and_then(|text| Lock::parse(&Source::new(lock::FILE, text)).ok());
            Ok(Browser {
                series,
                is_series: true,
                files,
                wanted,
                lock: lock.unwrap_or_default(),
                shelf: Shelf::of(&folder),
                root: folder,
            })
        }
    }
}

impl Browser {
    /// The issues' files, ordered by name.
    pub(crate) fn files(&self) -> &[IssueFile] {
        &self.files
    }

    /// Whether a file was named, or all are meant.
    pub(crate) fn is_wanted(&self, file: &IssueFile) -> bool {
        let wanted = self.wanted.as_ref();
        wanted.is_none_or(|wanted| wanted.contains(&file.path))
    }

    /// Reads an issue; `None` if it has errors, which `check` tells.
    pub(crate) fn read(&self, file: &IssueFile) -> Option<Read> {
        let source = self.source(file)?;
        let mut loaded = self.load(&source, file.form, &file.location);
        let has_errors = loaded.has_errors();
        let mut issue = loaded.value.take().filter(|_| !has_errors)?;
        if let Some(guid) = self.lock.guid_of(&issue.id) {
            guid.clone_into(&mut issue.guid);
        }
        let card = Card::of(&issue, &source, &loaded.places);
        Some(Read {
            issue,
            card,
            source,
        })
    }

    fn source(&self, file: &IssueFile) -> Option<Arc<Source>> {
        let bytes = if file.is_named {
            read_file(&file.path, load::MAX_BYTES)
        } else {
            let path = file.path.strip_prefix(&self.root).map(slashed);
            path.map_err(|_| ReadError::Outside)
                .and_then(|path| read_inside(&self.root, &path, load::MAX_BYTES))
        };
        let text = text_of(bytes.ok()?)?;
        Some(Source::new(shown(&file.path), text))
    }

    /// Reads an issue's text as that of a file of the series.
    pub(crate) fn load(
        &self,
        source: &Arc<Source>,
        form: Form,
        location: &Location,
    ) -> Loaded<Issue> {
        let library = |path: &str| self.shelf.get(path);
        load::issue_with(1, source, form, location, &self.series, &library)
    }
}

/// What is told of an issue that [`Browser::read`] does not give.
pub(crate) fn left_out(file: &IssueFile) -> Finding {
    let diagnostic = Diagnostic::warning(LEFT_OUT, "this issue has errors and is left out")
        .hint("`offprint check` tells which");
    Finding {
        diagnostic,
        file: Some(shown(&file.path)),
    }
}

fn text_of(bytes: Vec<u8>) -> Option<String> {
    match decode(bytes) {
        Decoded::Text(text) => Some(text),
        Decoded::Damaged { .. } => None,
    }
}
