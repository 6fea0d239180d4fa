//! From the paths on the command line to files: what belongs to which series.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use offprint_core::Diagnostic;
use offprint_core::load::{Form, Location};

use crate::fault::Fault;
use crate::project::{Finding, read_series, unreadable};
use crate::read::{is_missing, slashed};

/// The series' own file.
pub(crate) const SERIES_FILE: &str = "offprint.toml";

/// What one or more paths of the command line name: the folder whose files belong together.
#[derive(Debug)]
pub(crate) struct Root {
    /// The folder.
    pub(crate) folder: PathBuf,
    pub(crate) kind: Kind,
}

#[derive(Debug)]
pub(crate) enum Kind {
    /// A folder with `offprint.toml`; the issues that were asked for, all unless some were named.
    Series { wanted: Option<Vec<PathBuf>> },
    /// Issues of no series, which share their feeds.
    Lone { files: Vec<PathBuf> },
}
/// Finds the projects that `paths` name, in their order, each once.
pub(crate) fn find(paths: &[PathBuf]) -> Result<Vec<Root>, Fault> {
    let mut roots: Vec<Root> = Vec::new();
    for path in paths {
        let Root { folder, kind } = root_of(path)?;
        let mut kind = Some(kind);
        for earlier in roots.iter_mut().filter(|root| root.folder == folder) {
            kind = kind.and_then(|kind| earlier.merge(kind));
        }
        roots.extend(kind.map(|kind| Root { folder, kind }));
    }
    Ok(roots)
}

impl Root {
    /// Takes in more paths of the same folder; gives them back if they are of another kind.
    fn merge(&mut self, other: Kind) -> Option<Kind> {
        match (&mut self.kind, other) {
            (Kind::Series { wanted }, Kind::Series { wanted: more }) => {
                *wanted = wanted.take().zip(more).map(|(mut files, more)| {
                    files.extend(more);
                    files
                });
                None
            }
            (Kind::Lone { files }, Kind::Lone { files: more }) => {
                for file in more {
                    if !files.contains(&file) {
                        files.push(file);
                    }
                }
                None
            }
            (Kind::Series { .. } | Kind::Lone { .. }, other) => Some(other),
        }
    }
}

fn root_of(path: &Path) -> Result<Root, Fault> {
    let metadata = fs::metadata(path).map_err(|error| {
        if is_missing(&error) {
            Fault::usage(
                format!("there is no `{}`", shown(path)),
                "name an issue file, or a folder with offprint.toml",
            )
        } else {
            Fault::io("read", path, &error)
        }
    })?;
    if metadata.is_dir() && path.join(SERIES_FILE).exists() {
        return Ok(Root {
            folder: real(path)?,
            kind: Kind::Series { wanted: None },
        });
    }
    if metadata.is_dir() {
        // The folder of an issue that keeps its pictures beside it.
        return match indexes(path).as_slice() {
            [index] => root_of(index),
            _ => Err(Fault::usage(
                format!("there is no {SERIES_FILE} in `{}`", shown(path)),
                "name an issue file, or make a series with `offprint init`",
            )),
        };
    }
    // The name stays as it was typed: a link to a file elsewhere is an issue of this folder.
    let folder = real(&parent_of(path))?;
    let file = folder.join(path.file_name().unwrap_or_default());
    if path.file_name() == Some(OsStr::new(SERIES_FILE)) {
        return Ok(Root {
            folder,
            kind: Kind::Series { wanted: None },
        });
    }
    if form_of(path).is_none() {
        return Err(Fault::usage(
            format!("`{}` is no issue file", shown(path)),
            "issue files end in .md, .yaml, .yml, .toml or .json",
        ));
    }
    if !metadata.is_file() {
        return Err(Fault::usage(
            format!("`{}` is no regular file", shown(path)),
            "save the list to a file first",
        ));
    }
    Ok(match series_above(&file) {
        Some(folder) => Root {
            folder,
            kind: Kind::Series {
                wanted: Some(vec![file]),
            },
        },
        None => Root {
            folder,
            kind: Kind::Lone { files: vec![file] },
        },
    })
}

fn real(path: &Path) -> Result<PathBuf, Fault> {
    path.canonicalize()
        .map_err(|error| Fault::io("find", path, &error))
}

/// The folder of a file, `.` for a bare name.
fn parent_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent.to_owned(),
        Some(_) | None => PathBuf::from("."),
    }
}

/// The nearest folder above `file` with `offprint.toml`, if its series counts the file
/// among its issues.
fn series_above(file: &Path) -> Option<PathBuf> {
    let folder = file
        .ancestors()
        .skip(1)
        .find(|folder| folder.join(SERIES_FILE).is_file())?;
    let series = read_series(folder).value.unwrap_or_default();
    let issues = folder.join(&series.paths.issues);
    list(folder, &issues)
        .files
        .iter()
        .any(|found| found.path == file)
        .then(|| folder.to_owned())
}

fn form_of(path: &Path) -> Option<Form> {
    Form::of_extension(path.extension()?.to_str()?)
}
/// An issue file below a series' folder.
pub(crate) struct IssueFile {
    pub(crate) path: PathBuf,
    pub(crate) form: Form,
    pub(crate) location: Location,
    /// Whether the user named it, so that a link is followed wherever it leads.
    pub(crate) is_named: bool,
}

/// What [`list`] found.
#[derive(Default)]
pub(crate) struct Listing {
    pub(crate) files: Vec<IssueFile>,
    pub(crate) findings: Vec<Finding>,
}

/// The issue files of a series: `NAME.md` and its kin, and `NAME/index.md`, ordered by name.
pub(crate) fn list(root: &Path, folder: &Path) -> Listing {
    let mut listing = Listing::default();
    let mut names = match names_in(folder) {
        Ok(names) => names,
        Err(error) if is_missing(&error) => {
            let message = format!(
                "there is no folder `{}`, where the issues should be",
                shown(folder)
            );
            listing.findings.push(
                Diagnostic::warning("no-issues", message)
                    .hint(
                        "make it, or say where they are: `[paths] issues = \"…\"` in offprint.toml",
                    )
                    .into(),
            );
            return listing;
        }
        Err(error) => {
            listing.findings.push(unreadable(folder, &error));
            return listing;
        }
    };
    names.sort_unstable();
    for name in names {
        let path = folder.join(&name);
        if path.is_dir() {
            for index in indexes(&path) {
                listing.files.extend(issue_file(root, index, Some(&name)));
            }
        } else if !name.eq_ignore_ascii_case("README.md") {
            listing.files.extend(issue_file(root, path, None));
        }
    }
    if listing.files.is_empty() {
        let message = format!("there are no issues in `{}`", shown(folder));
        listing.findings.push(
            Diagnostic::warning("no-issues", message)
                .hint("an issue is a file that ends in .md, .yaml, .yml, .toml or .json")
                .into(),
        );
    }
    listing
}

/// The issue files named `index` in a folder.
fn indexes(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = names_in(folder)
        .unwrap_or_default()
        .iter()
        .map(|name| folder.join(name))
        .filter(|path| path.file_stem() == Some(OsStr::new("index")) && form_of(path).is_some())
        .collect();
    paths.sort_unstable();
    paths
}

/// The names in a folder that are not hidden.
fn names_in(folder: &Path) -> Result<Vec<OsString>, io::Error> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        if !name.as_encoded_bytes().starts_with(b".") {
            names.push(name);
        }
    }
    Ok(names)
}

/// `path` as an issue file, `None` when its name ends otherwise.
fn issue_file(root: &Path, path: PathBuf, index_of: Option<&OsStr>) -> Option<IssueFile> {
    let form = form_of(&path)?;
    let folder = path.parent()?.strip_prefix(root).ok()?;
    let stem = index_of.or_else(|| path.file_stem())?;
    let location = Location {
        folder: slashed(folder),
        stem: stem.to_string_lossy().into_owned(),
    };
    Some(IssueFile {
        path,
        form,
        location,
        is_named: false,
    })
}
/// An issue file that the user named.
pub(crate) fn lone_issue(folder: &Path, file: &Path) -> Option<IssueFile> {
    let stem = file.file_stem()?;
    let index_of = if stem == "index" {
        folder.file_name()
    } else {
        None
    };
    Some(IssueFile {
        is_named: true,
        ..issue_file(folder, file.to_owned(), index_of)?
    })
}
/// A path as messages show it: from where the user stands if that is near, `/` between parts.
pub(crate) fn shown(path: &Path) -> String {
    if path.is_relative() {
        let shown = slashed(path);
        return if shown.is_empty() {
            ".".to_owned()
        } else {
            shown
        };
    }
    let here = std::env::current_dir().unwrap_or_default();
    let near = here
        .ancestors()
        .take(3)
        .enumerate()
        .filter(|(ups, folder)| *ups == 0 || folder.parent().is_some());
    for (ups, folder) in near {
        if let Ok(below) = path.strip_prefix(folder) {
            let shown = format!("{}{}", "../".repeat(ups), slashed(below));
            return if shown.is_empty() {
                ".".to_owned()
            } else {
                shown
            };
        }
    }
    path.display().to_string()
}
