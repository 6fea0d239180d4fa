//! The bibliographies that papers of a project have facts from.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use offprint_bibliography::Form;
use offprint_core::bibliography::{Bibliography, Unread};
use offprint_core::{Diagnostic, Severity, Source};

use crate::fault::explain;
use crate::read::{Decoded, ReadError, decode, read_inside};
use crate::roots::shown;
use crate::state::Hash;

/// The most bytes of a bibliography: some 100,000 entries with their abstracts.
const MAX_BYTES: usize = 256 * 1024 * 1024;

/// The bibliographies of a project; each is read once, when the first issue asks for it.
pub(crate) struct Shelf {
    root: PathBuf,
    books: Mutex<BTreeMap<String, Slot>>,
}

/// What came of reading a bibliography, once somebody did.
type Slot = Arc<OnceLock<Result<Book, Unread>>>;

struct Book {
    hash: Hash,
    source: Arc<Source>,
    bibliography: Arc<Bibliography>,
    /// Where the entry of each key stands.
    spans: BTreeMap<String, Range<usize>>,
    diagnostics: Vec<Diagnostic>,
}

impl Shelf {
    pub(crate) fn of(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            books: Mutex::default(),
        }
    }

    /// The bibliography at a path from the project's root.
    pub(crate) fn get(&self, path: &str) -> Result<Arc<Bibliography>, Unread> {
        let slot = self.slot(path);
        let book = slot.get_or_init(|| read(&self.root, path));
        match book {
            Ok(book) if !book.is_broken() => Ok(Arc::clone(&book.bibliography)),
            Ok(_) => Err(Unread {
                message: format!("`{path}` holds no entry that can be read"),
                near: None,
                hint: Some("see what is said of the file itself".to_owned()),
            }),
            Err(unread) => Err(unread.clone()),
        }
    }

    fn slot(&self, path: &str) -> Slot {
        let mut books = self.books.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(books.entry(path.to_owned()).or_default())
    }

    /// The bibliographies that were asked for and are there, by path.
    fn books(&self) -> Vec<(String, Slot)> {
        let books = self.books.lock().unwrap_or_else(PoisonError::into_inner);
        let read = |slot: &Slot| matches!(slot.get(), Some(Ok(_)));
        books
            .iter()
            .filter(|(_, slot)| read(slot))
            .map(|(path, slot)| (path.clone(), Arc::clone(slot)))
            .collect()
    }

    /// The hash of each file that was read.
    pub(crate) fn hashes(&self) -> BTreeMap<String, Hash> {
        self.each(|path, book| Some((path, book.hash.clone())))
            .into_iter()
            .collect()
    }

    /// The hash of each of some files as it is now; `None` if one cannot be read.
    pub(crate) fn hashes_of(&self, paths: &BTreeSet<String>) -> Option<BTreeMap<String, Hash>> {
        paths
            .iter()
            .map(|path| {
                let bytes = read_inside(&self.root, path, MAX_BYTES).ok()?;
                Some((path.clone(), Hash::of(&bytes)))
            })
            .collect()
    }

    /// What messages call the files that were read, and their paths.
    pub(crate) fn names(&self) -> Vec<(String, String)> {
        self.each(|path, book| Some((book.source.name.clone(), path)))
    }

    /// What is wrong with some bibliographies, as far as they were read: with all of the file,
    /// or with entries of these keys.
    pub(crate) fn diagnose(
        &self,
        paths: &BTreeSet<String>,
        cited: &BTreeSet<String>,
    ) -> Vec<Diagnostic> {
        let found = self.each(|path, book| {
            if !paths.contains(&path) {
                return None;
            }
            let spans: Vec<&Range<usize>> =
                cited.iter().filter_map(|key| book.spans.get(key)).collect();
            let is_told = |diagnostic: &&Diagnostic| {
                let place = diagnostic.place.as_ref();
                diagnostic.code == "bib::syntax"
                    || place.is_some_and(|place| {
                        spans.iter().any(|span| span.contains(&place.span.start))
                    })
            };
            let told = book.diagnostics.iter().filter(is_told);
            Some(told.cloned().collect::<Vec<_>>())
        });
        found.into_iter().flatten().collect()
    }

    fn each<T>(&self, of_book: impl Fn(String, &Book) -> Option<T>) -> Vec<T> {
        self.books()
            .into_iter()
            .filter_map(|(path, slot)| {
                let book = slot.get()?.as_ref().ok()?;
                of_book(path, book)
            })
            .collect()
    }
}

impl Book {
    /// Whether nothing of it could be read.
    fn is_broken(&self) -> bool {
        self.spans.is_empty()
            && self
                .diagnostics
                .iter()
                .any(|diagnostic| diagnostic.severity == Severity::Error)
    }
}

fn read(root: &Path, path: &str) -> Result<Book, Unread> {
    let unread = |message: String, hint: Option<String>| Unread {
        message,
        near: None,
        hint,
    };
    let bytes = read_inside(root, path, MAX_BYTES).map_err(|error| match error {
        ReadError::Missing(near) => Unread {
            message: format!("there is no bibliography `{path}`"),
            near,
            hint: Some("bibliographies are named from the project's root".to_owned()),
        },
        ReadError::Outside => unread(
            format!("`{path}` leads out of the project's folder"),
            Some("put the file itself here".to_owned()),
        ),
        ReadError::NotAFile => unread(format!("`{path}` is no regular file"), None),
        ReadError::TooLarge => unread(
            format!("`{path}` has more than {} MiB", MAX_BYTES / 1024 / 1024),
            Some("keep what is cited in a bibliography of its own".to_owned()),
        ),
        ReadError::System(error) => {
            let (reason, hint) = explain(&error);
            unread(
                format!("`{path}` cannot be read: {reason}"),
                hint.map(str::to_owned),
            )
        }
    })?;
    let hash = Hash::of(&bytes);
    let text = match decode(bytes) {
        Decoded::Text(text) => text,
        Decoded::Damaged { text, at, guess } => {
            let line = text.bytes().take(at).filter(|&byte| byte == b'\n').count() + 1;
            let hint = match guess {
                Some(guess) => format!("it may be {guess}: save it as UTF-8 in your editor"),
                None => "save it as UTF-8 in your editor".to_owned(),
            };
            return Err(unread(
                format!("line {line} of `{path}` is not UTF-8"),
                Some(hint),
            ));
        }
    };
    let source = Source::new(shown(&root.join(path)), text);
    let extension = path.rsplit_once('.').map(|(_, extension)| extension);
    let form = extension
        .and_then(Form::of_extension)
        .or_else(|| Form::of_text(&source.text));
    let Some(form) = form else {
        return Err(unread(
            format!("`{path}` is no bibliography"),
            Some("bibliographies end in .bib, .json or .ris".to_owned()),
        ));
    };
    let library = offprint_bibliography::read(&source, form);
    let mut spans = BTreeMap::new();
    for (entry, span) in &library.entries {
        if let Some(key) = &entry.key {
            spans.entry(key.clone()).or_insert_with(|| span.clone());
        }
    }
    let entries = library.entries.into_iter().map(|(entry, _)| entry);
    Ok(Book {
        hash,
        source,
        bibliography: Arc::new(Bibliography::new(entries)),
        spans,
        diagnostics: library.diagnostics,
    })
}
