//! From the paths on the command line to projects: a series with its issues, or a lone issue.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use offprint_core::asset::{self, Asset, AssetError};
use offprint_core::fields::{Fields, Node, NodeValue};
use offprint_core::load::{self, Form, ImageUse, Location};
use offprint_core::{Assets, Diagnostic, Export, Issue, Place, Series, Severity, Source};

use crate::fault::{Fault, explain};
use crate::formats::{self, Format};
use crate::read::{Decoded, ReadError, decode, is_missing, read_file, read_inside, slashed};

/// The series' own file.
const SERIES_FILE: &str = "offprint.toml";
/// The most bytes of a text file.
const MAX_TEXT: usize = load::MAX_BYTES;

/// What one or more paths of the command line name: the folder whose files belong together.
#[derive(Debug)]
pub(crate) struct Root {
    /// The folder.
    folder: PathBuf,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    /// A folder with `offprint.toml`; the issues that were asked for, all unless some were named.
    Series { wanted: Option<Vec<PathBuf>> },
    /// An issue of no series.
    Lone { file: PathBuf },
}

/// A finding, and the file it is about where it has no place in one.
#[derive(Debug)]
pub(crate) struct Finding {
    pub(crate) diagnostic: Diagnostic,
    pub(crate) file: Option<String>,
}

impl From<Diagnostic> for Finding {
    fn from(diagnostic: Diagnostic) -> Self {
        Self {
            diagnostic,
            file: None,
        }
    }
}

/// An issue that was read.
#[derive(Debug)]
pub(crate) struct LoadedIssue {
    pub(crate) issue: Issue,
    pub(crate) source: Arc<Source>,
    /// Whether its own files are to be made, not only its entries in the feeds.
    pub(crate) wanted: bool,
}

/// Everything a build needs, and everything that is wrong with it.
pub(crate) struct Project {
    pub(crate) series: Series,
    /// Issues without errors; drafts too.
    pub(crate) issues: Vec<LoadedIssue>,
    pub(crate) assets: Assets,
    pub(crate) exporters: Vec<(&'static Format, Box<dyn Export>)>,
    pub(crate) findings: Vec<Finding>,
    /// Where files go unless `--out` says otherwise.
    pub(crate) out: PathBuf,
    /// The folder that `out` may not leave.
    pub(crate) out_within: PathBuf,
    /// How many issue files were looked at, without those that were only read for the feeds.
    pub(crate) files: usize,
}

/// Finds the projects that `paths` name, in their order, each once.
pub(crate) fn find(paths: &[PathBuf]) -> Result<Vec<Root>, Fault> {
    let mut roots: Vec<Root> = Vec::new();
    for path in paths {
        let root = root_of(path)?;
        match roots
            .iter_mut()
            .find(|earlier| earlier.folder == root.folder && earlier.takes(&root.kind))
        {
            Some(earlier) => earlier.merge(root.kind),
            None => roots.push(root),
        }
    }
    Ok(roots)
}

impl Root {
    /// Whether `kind`, of the same folder, is part of this project.
    fn takes(&self, kind: &Kind) -> bool {
        match (&self.kind, kind) {
            (Kind::Series { .. }, Kind::Series { .. }) => true,
            (Kind::Lone { file: left }, Kind::Lone { file: right }) => left == right,
            (Kind::Series { .. }, Kind::Lone { .. }) | (Kind::Lone { .. }, Kind::Series { .. }) => {
                false
            }
        }
    }

    fn merge(&mut self, other: Kind) {
        if let (Kind::Series { wanted }, Kind::Series { wanted: more }) = (&mut self.kind, other) {
            *wanted = wanted.take().zip(more).map(|(mut files, more)| {
                files.extend(more);
                files
            });
        }
    }
}

fn root_of(path: &Path) -> Result<Root, Fault> {
    let metadata = fs::metadata(path).map_err(|error| {
        if is_missing(&error) {
            Fault::usage(
                format!("there is no `{}`", path.display()),
                "name an issue file, or a folder with offprint.toml",
            )
        } else {
            Fault::io("read", path, &error)
        }
    })?;
    if metadata.is_dir() {
        return if path.join(SERIES_FILE).exists() {
            Ok(Root {
                folder: real(path)?,
                kind: Kind::Series { wanted: None },
            })
        } else {
            Err(Fault::usage(
                format!("there is no {SERIES_FILE} in `{}`", path.display()),
                "name an issue file, or make a series with `offprint init`",
            ))
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
            format!("`{}` is no issue file", path.display()),
            "issue files end in .md, .yaml, .yml, .toml or .json",
        ));
    }
    if !metadata.is_file() {
        return Err(Fault::usage(
            format!("`{}` is no regular file", path.display()),
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
            kind: Kind::Lone { file },
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

/// An issue file below a series' folder.
struct IssueFile {
    path: PathBuf,
    form: Form,
    location: Location,
    /// Whether the user named it, so that a link is followed wherever it leads.
    is_named: bool,
}

/// What [`list`] found.
#[derive(Default)]
struct Listing {
    files: Vec<IssueFile>,
    findings: Vec<Finding>,
}

/// The issue files of a series: `NAME.md` and its kin, and `NAME/index.md`, ordered by name.
fn list(root: &Path, folder: &Path) -> Listing {
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
            let inner = names_in(&path).unwrap_or_default();
            let mut indexes: Vec<PathBuf> = inner
                .iter()
                .map(|name| path.join(name))
                .filter(|path| path.file_stem() == Some(OsStr::new("index")))
                .collect();
            indexes.sort_unstable();
            for index in indexes {
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

fn unreadable(path: &Path, error: &io::Error) -> Finding {
    let (reason, hint) = explain(error);
    let mut diagnostic = Diagnostic::error("unreadable", format!("this cannot be read: {reason}"));
    diagnostic.hints.extend(hint.map(str::to_owned));
    Finding {
        diagnostic,
        file: Some(shown(path)),
    }
}

/// A text file as a source; `Err` when there is no text to point into.
fn source_of(
    path: &Path,
    bytes: Result<Vec<u8>, ReadError>,
) -> Result<(Arc<Source>, Vec<Finding>), Box<Finding>> {
    let name = shown(path);
    let bytes = bytes.map_err(|error| {
        let diagnostic = match error {
            ReadError::Missing(_) => {
                Diagnostic::error("unreadable", "this file is no longer there")
            }
            ReadError::Outside => {
                Diagnostic::error("unreadable", "this is a link out of the project's folder")
                    .hint("put the file itself here")
            }
            ReadError::NotAFile => Diagnostic::error("unreadable", "this is no regular file"),
            ReadError::TooLarge => Diagnostic::error(
                "too-large",
                format!("this file has more than {} MiB", MAX_TEXT / 1024 / 1024),
            )
            .hint("split the list into several issues"),
            ReadError::System(error) => return Box::new(unreadable(path, &error)),
        };
        Box::new(Finding {
            diagnostic,
            file: Some(name.clone()),
        })
    })?;
    Ok(match decode(bytes) {
        Decoded::Text(text) => (Source::new(name, text), Vec::new()),
        Decoded::Damaged { text, at, guess } => {
            let dropped = if text.starts_with('\u{feff}') {
                '\u{feff}'.len_utf8()
            } else {
                0
            };
            let at = at.saturating_sub(dropped);
            let source = Source::new(name, text);
            let diagnostic = Diagnostic::error("not-utf8", "this file is not UTF-8")
                .at(Place::new(&source, at..at + '\u{fffd}'.len_utf8()))
                .label("the first bytes that are not")
                .hint(match guess {
                    Some(guess) => format!("it may be {guess}: save it as UTF-8 in your editor"),
                    None => "save it as UTF-8 in your editor".to_owned(),
                });
            (source, vec![diagnostic.into()])
        }
    })
}

/// The series of a folder; `value` is absent when nothing can be said about its issues.
struct ReadSeries {
    value: Option<Series>,
    source: Option<Arc<Source>>,
    images: Vec<ImageUse>,
    findings: Vec<Finding>,
}

fn read_series(folder: &Path) -> ReadSeries {
    let path = folder.join(SERIES_FILE);
    match source_of(&path, read_inside(folder, SERIES_FILE, MAX_TEXT)) {
        Err(finding) => ReadSeries {
            value: None,
            source: None,
            images: Vec::new(),
            findings: vec![*finding],
        },
        Ok((source, findings)) if !findings.is_empty() => ReadSeries {
            value: None,
            source: Some(source),
            images: Vec::new(),
            findings,
        },
        Ok((source, _)) => {
            let loaded = load::series(&source);
            ReadSeries {
                value: loaded.value,
                source: Some(source),
                images: loaded.images,
                findings: loaded.diagnostics.into_iter().map(Finding::from).collect(),
            }
        }
    }
}

/// Reads everything that a project's files name. Exporters of all formats read their
/// settings, and those of `formats` are kept.
pub(crate) fn load(root: &Root, formats: &[&'static Format]) -> Result<Project, Fault> {
    let folder = &root.folder;
    let mut project = Project {
        series: Series::default(),
        issues: Vec::new(),
        assets: Assets::default(),
        exporters: Vec::new(),
        findings: Vec::new(),
        out: PathBuf::new(),
        out_within: PathBuf::new(),
        files: 0,
    };
    let mut images = Images {
        root: folder,
        read: BTreeMap::new(),
    };
    match &root.kind {
        Kind::Lone { file } => {
            let here = std::env::current_dir()
                .map_err(|error| Fault::io("find", Path::new("."), &error))?;
            project.out = here.join(&project.series.paths.out);
            project.out_within = here;
            project.read_exporters(&mut images, None, formats);
            project.load_issues(
                &mut images,
                lone_issue(folder, file)
                    .into_iter()
                    .map(|file| (file, true)),
            );
            if let Some(only) = project.issues.first() {
                project.series.id.clone_from(&only.issue.id);
            }
        }
        Kind::Series { wanted } => {
            let series = read_series(folder);
            let is_readable = series.value.is_some();
            project.findings = series.findings;
            project.series = series.value.unwrap_or_default();
            project.out = folder.join(&project.series.paths.out);
            project.out_within.clone_from(folder);
            project.findings.extend(
                images
                    .diagnose(&series.images, "")
                    .into_iter()
                    .map(Finding::from),
            );
            project.read_exporters(&mut images, series.source.as_ref(), formats);
            project
                .findings
                .sort_by_key(|finding| start_of(&finding.diagnostic));
            if is_readable {
                let listing = list(folder, &folder.join(&project.series.paths.issues));
                project.findings.extend(listing.findings);
                let files = listing.files.into_iter().map(|file| {
                    let is_wanted = wanted
                        .as_ref()
                        .is_none_or(|wanted| wanted.contains(&file.path));
                    (file, is_wanted)
                });
                project.load_issues(&mut images, files);
            } else {
                let diagnostic = Diagnostic::warning(
                    "unchecked",
                    "the issues were not looked at, because what they inherit is unknown",
                )
                .hint(format!("mend `{}` first", shown(&folder.join(SERIES_FILE))));
                project.findings.push(diagnostic.into());
            }
        }
    }
    project.assets = images.into_assets();
    Ok(project)
}

fn lone_issue(folder: &Path, file: &Path) -> Option<IssueFile> {
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

impl Project {
    /// The issues whose own files are to be made.
    pub(crate) fn wanted(&self) -> impl Iterator<Item = &LoadedIssue> {
        self.issues.iter().filter(|loaded| loaded.wanted)
    }

    fn read_exporters(
        &mut self,
        images: &mut Images<'_>,
        source: Option<&Arc<Source>>,
        formats: &[&'static Format],
    ) {
        let nowhere = Source::new(String::new(), String::new());
        let source = source.unwrap_or(&nowhere);
        let nothing = Node {
            value: NodeValue::Null,
            span: 0..0,
        };
        for format in formats::ALL {
            let mut diagnostics = Vec::new();
            let node = self.series.settings.get(format.table).unwrap_or(&nothing);
            let mut fields = Fields::new(source, node, &mut diagnostics);
            let exporter = (format.read)(&mut fields);
            fields.finish();
            let uses: Vec<ImageUse> = exporter
                .images()
                .into_iter()
                .map(|src| ImageUse {
                    src: src.to_owned(),
                    place: Place::new(source, span_of(node, src).unwrap_or(node.span.clone())),
                })
                .collect();
            diagnostics.extend(images.diagnose(&uses, ""));
            self.series.check.apply(&mut diagnostics);
            self.findings
                .extend(diagnostics.into_iter().map(Finding::from));
            if formats.iter().any(|wanted| wanted.name == format.name) {
                self.exporters.push((format, exporter));
            }
        }
    }

    /// Reads issue files. Those that are not wanted are read for the feeds' sake: their
    /// faults leave them out, and are not told.
    fn load_issues(
        &mut self,
        images: &mut Images<'_>,
        files: impl Iterator<Item = (IssueFile, bool)>,
    ) {
        let mut loaded = Vec::new();
        let mut origins = Vec::new();
        for (file, is_wanted) in files {
            let (issue, findings) = load_issue(images, &file, &self.series);
            let has_errors = findings
                .iter()
                .any(|finding| finding.diagnostic.severity == Severity::Error);
            if is_wanted {
                self.files += 1;
                self.findings.extend(findings);
            } else if has_errors {
                let diagnostic = Diagnostic::warning(
                    "left-out",
                    "this issue has errors and is left out of the feeds",
                )
                .hint("`offprint check` tells which");
                self.findings.push(Finding {
                    diagnostic,
                    file: Some(shown(&file.path)),
                });
            }
            if let Some(issue) = issue.filter(|_| is_wanted || !has_errors) {
                loaded.push(issue);
                origins.push(is_wanted);
            }
        }
        let mut across = load::complete(&mut loaded);
        self.series.check.apply(&mut across);
        for ((issue, source), wanted) in loaded.into_iter().zip(origins) {
            self.issues.push(LoadedIssue {
                issue,
                source,
                wanted,
            });
        }
        let unwanted: BTreeSet<&str> = self
            .issues
            .iter()
            .filter(|loaded| !loaded.wanted)
            .map(|loaded| loaded.source.name.as_str())
            .collect();
        let told = across.into_iter().filter(|diagnostic| {
            !diagnostic.place.as_ref().is_some_and(|place| {
                diagnostic.severity != Severity::Error
                    && unwanted.contains(place.source.name.as_str())
            })
        });
        self.findings.extend(told.map(Finding::from));
    }
}

fn start_of(diagnostic: &Diagnostic) -> usize {
    diagnostic
        .place
        .as_ref()
        .map_or(0, |place| place.span.start)
}

/// Where a table of settings says this.
fn span_of(node: &Node, text: &str) -> Option<Range<usize>> {
    match &node.value {
        NodeValue::Text(written) => (written.trim() == text).then(|| node.span.clone()),
        NodeValue::List(nodes) => nodes.iter().find_map(|node| span_of(node, text)),
        NodeValue::Table(entries) => entries.iter().find_map(|entry| span_of(&entry.value, text)),
        NodeValue::Null | NodeValue::Bool(_) | NodeValue::Integer(_) | NodeValue::Float(_) => None,
    }
}

fn load_issue(
    images: &mut Images<'_>,
    file: &IssueFile,
    series: &Series,
) -> (Option<(Issue, Arc<Source>)>, Vec<Finding>) {
    let relative = file
        .path
        .strip_prefix(images.root)
        .map(slashed)
        .unwrap_or_default();
    let bytes = if file.is_named {
        read_file(&file.path, MAX_TEXT)
    } else {
        read_inside(images.root, &relative, MAX_TEXT)
    };
    let (source, findings) = match source_of(&file.path, bytes) {
        Ok(read) => read,
        Err(finding) => return (None, vec![*finding]),
    };
    if !findings.is_empty() {
        return (None, findings);
    }
    let mut loaded = load::issue(&source, file.form, &file.location, series);
    let mut diagnostics = loaded.diagnostics;
    diagnostics.extend(images.diagnose(&loaded.images, &file.location.folder));
    diagnostics.sort_by_key(start_of);
    let findings = diagnostics
        .into_iter()
        .map(|diagnostic| {
            let file = diagnostic.place.is_none().then(|| source.name.clone());
            Finding { diagnostic, file }
        })
        .collect();
    (loaded.value.take().map(|issue| (issue, source)), findings)
}

/// The pictures of a project, each read once.
struct Images<'a> {
    root: &'a Path,
    read: BTreeMap<String, Result<Asset, BrokenImage>>,
}

struct BrokenImage {
    message: String,
    near: Option<String>,
    hint: Option<&'static str>,
}

impl Images<'_> {
    /// Reads the pictures that were not read before, and reports those that cannot be.
    /// Authors name them from `folder`.
    fn diagnose(&mut self, uses: &[ImageUse], folder: &str) -> Vec<Diagnostic> {
        let mut diagnostics = Vec::new();
        for used in uses {
            let root = self.root;
            let result = self
                .read
                .entry(used.src.clone())
                .or_insert_with(|| read_image(root, &used.src));
            if let Err(broken) = result {
                let mut diagnostic = Diagnostic::error("broken-image", broken.message.clone())
                    .at(used.place.clone());
                diagnostic.label = broken
                    .near
                    .as_ref()
                    .map(|near| format!("did you mean `{}`?", named_from(folder, near)));
                diagnostic.hints.extend(broken.hint.map(str::to_owned));
                diagnostics.push(diagnostic);
            }
        }
        diagnostics
    }

    fn into_assets(self) -> Assets {
        Assets::new(
            self.read
                .into_iter()
                .filter_map(|(src, result)| Some((src, result.ok()?)))
                .collect(),
        )
    }
}

/// A path from the project's root as an author in `folder` writes it.
fn named_from(folder: &str, path: &str) -> String {
    if folder.is_empty() {
        return path.to_owned();
    }
    let below = path.strip_prefix(folder);
    match below.and_then(|below| below.strip_prefix('/')) {
        Some(below) => below.to_owned(),
        None => format!("/{path}"),
    }
}

fn read_image(root: &Path, src: &str) -> Result<Asset, BrokenImage> {
    let broken = |message: String, hint| BrokenImage {
        message,
        near: None,
        hint,
    };
    let bytes = read_inside(root, src, asset::MAX_BYTES).map_err(|error| match error {
        ReadError::Missing(near) => BrokenImage {
            message: format!("there is no picture `{src}`"),
            hint: near.is_none().then_some(
                "pictures are named from the issue's folder, or from the project's root with `/` in front",
            ),
            near,
        },
        ReadError::Outside => broken(
            format!("the picture `{src}` lies outside the project's folder"),
            Some("copy it into the project"),
        ),
        ReadError::NotAFile => broken(format!("`{src}` is no regular file"), None),
        ReadError::TooLarge => broken(
            format!("the picture `{src}` has more than {} MiB", asset::MAX_BYTES / 1024 / 1024),
            Some("save it smaller: 2000 pixels across are plenty for print"),
        ),
        ReadError::System(error) => {
            let (reason, hint) = explain(&error);
            broken(format!("the picture `{src}` cannot be read: {reason}"), hint)
        }
    })?;
    Asset::read(src, bytes).map_err(|error| {
        let hint = match error {
            AssetError::TooManyBytes(_) | AssetError::TooManyPixels(..) => {
                "save it smaller: 2000 pixels across are plenty for print"
            }
            AssetError::UnknownFormat => "save it as PNG or JPEG",
            AssetError::Damaged(_) => "open it in an image viewer, and save it anew as PNG or JPEG",
        };
        broken(format!("`{src}`: {error}"), Some(hint))
    })
}
