//! A project: a series with its issues, or a lone issue, read and checked.

mod beside;
mod issues;
mod memory;

use std::collections::BTreeMap;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

use jiff::Timestamp;
use offprint_core::fields::{Fields, Node, NodeValue};
use offprint_core::load::{self, ImageUse};
use offprint_core::lock::Lock;
use offprint_core::series::Card;
use offprint_core::{
    Asset, Diagnostic, Export, Files, Fonts, Issue, Moment, Place, Series, Source,
};

use crate::build::Destination;

use crate::fault::{Fault, explain};
use crate::fonts::FontFinder;
use crate::formats::{self, Format};
use crate::images::Images;
use crate::read::{Decoded, ReadError, decode, read_inside, slashed};
use crate::roots::{IssueFile, Kind, Root, SERIES_FILE, list, lone_issue, shown};
use crate::shelf::Shelf;
use crate::state::{Hash, Memory, State};
use crate::texts;

/// The code of a warning about an issue that the feeds go without.
pub(crate) const LEFT_OUT: &str = "left-out";
/// The most bytes of a text file.
const MAX_TEXT: usize = load::MAX_BYTES;

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
    /// The issue's id.
    pub(crate) id: String,
    /// Its identifier for the world, which it keeps for good.
    pub(crate) guid: String,
    /// Its number in the series.
    pub(crate) number: Option<u32>,
    pub(crate) draft: bool,
    pub(crate) papers: usize,
    pub(crate) date: Moment,
    pub(crate) origin: Origin,
    /// Whether its own files are to be made, not only its entries in the feeds.
    pub(crate) wanted: bool,
    /// The hash of its file.
    pub(crate) hash: Hash,
    /// The hash of its papers that have facts from bibliographies, if there are any.
    pub(crate) cited: Option<Hash>,
    /// The pictures that it names.
    pub(crate) pictures: Vec<String>,
    /// Which of the project's files it is.
    file: usize,
    /// The issue itself, unless there are too many to keep.
    kept: Mutex<Option<Issue>>,
}

/// The file of an issue. Its text is as long as the issue itself, and seldom asked for when
/// that has been read.
#[derive(Debug)]
pub(crate) struct Origin {
    /// How messages name the file.
    pub(crate) name: String,
    path: PathBuf,
    /// The folder that a link may not lead out of.
    within: Option<PathBuf>,
    text: OnceLock<Option<Arc<Source>>>,
}

impl Origin {
    /// The file itself, whose text is kept.
    pub(crate) fn kept(source: Arc<Source>) -> Self {
        Self {
            name: source.name.clone(),
            path: PathBuf::new(),
            within: None,
            text: OnceLock::from(Some(source)),
        }
    }

    /// A file whose text is read again if need be.
    fn let_go(source: &Source, path: PathBuf, within: Option<&Path>) -> Self {
        Self {
            name: source.name.clone(),
            path,
            within: within.map(Path::to_owned),
            text: OnceLock::new(),
        }
    }

    /// The file with its text, if it still can be read.
    pub(crate) fn source(&self) -> Option<&Arc<Source>> {
        self.text
            .get_or_init(|| {
                let bytes = issues::read_issue(&self.path, self.within.as_deref());
                let (source, _) = source_of(&self.path, bytes).ok()?;
                Some(source)
            })
            .as_ref()
    }
}

/// Everything a build needs, and everything that is wrong with it.
pub(crate) struct Project {
    /// The project's folder.
    pub(crate) root: PathBuf,
    /// Whether it has a file of its own, and so more than one build in its life.
    pub(crate) is_series: bool,
    pub(crate) series: Series,
    /// Issues without errors; drafts too. Empty until [`Project::read_issues`].
    pub(crate) issues: Vec<LoadedIssue>,
    /// What remains of each of them.
    pub(crate) cards: Vec<Card>,
    /// Whether every issue file gave an issue.
    pub(crate) is_whole: bool,
    pub(crate) images: Images,
    /// The bibliographies that papers have facts from.
    pub(crate) shelf: Shelf,
    /// The bibliographies that the series names, and where.
    bibliographies: Vec<(String, Place)>,
    /// The pictures that the series and the settings name.
    pub(crate) pictures: BTreeMap<String, Asset>,
    pub(crate) fonts: Fonts,
    /// The text files that the settings ask for.
    pub(crate) texts: Files,
    /// The series' own file.
    pub(crate) settings: Option<Arc<Source>>,
    /// What was published under which identifier.
    pub(crate) lock: Lock,
    /// The file that says so.
    lock_text: String,
    pub(crate) exporters: Vec<(&'static Format, Box<dyn Export>)>,
    /// Those of formats that are not made for themselves.
    pub(crate) unwanted: Vec<(&'static Format, Box<dyn Export>)>,
    pub(crate) findings: Vec<Finding>,
    /// Where files go.
    pub(crate) destination: Destination,
    /// What is remembered of earlier builds.
    pub(crate) state: State,
    pub(crate) memory: Memory,
    /// When it is checked; a build knows no clock.
    now: Option<Timestamp>,
    /// The issue files, and whether their own files are to be made.
    files: Vec<(IssueFile, bool)>,
    /// Whether only some issues of the series are spoken of.
    is_part: bool,
}

/// Reads everything that a project's files name but the issues. Exporters of all formats
/// read their settings, and those of `formats` are kept. Files go to `out`, else where the
/// project says.
pub(crate) fn open(
    root: &Root,
    formats: &[&'static Format],
    font_folders: &[PathBuf],
    out: Option<&Path>,
) -> Result<Project, Fault> {
    let folder = &root.folder;
    let mut findings = Vec::new();
    let mut series = Series::default();
    let mut settings = None;
    let mut uses = Vec::new();
    let mut bibliographies = Vec::new();
    let mut own = Destination {
        folder: PathBuf::new(),
        within: None,
    };
    let is_series = matches!(root.kind, Kind::Series { .. });
    let mut is_readable = true;
    if is_series {
        let read = read_series(folder);
        is_readable = read.value.is_some();
        findings = read.findings;
        series = read.value.unwrap_or_default();
        settings = read.source;
        bibliographies = read.bibliographies;
        uses = read.images;
        own.folder = folder.join(&series.paths.out);
        own.within = Some(folder.clone());
    } else {
        let here =
            std::env::current_dir().map_err(|error| Fault::io("find", Path::new("."), &error))?;
        own.folder = here.join(&series.paths.out);
        own.within = Some(here);
    }
    let destination = match out {
        Some(out) => Destination {
            folder: out.to_owned(),
            within: None,
        },
        None => own,
    };
    let memory = if is_series {
        Memory::of(folder, &destination.folder)
    } else {
        Memory::default()
    };
    let state = memory.read(&series.id);
    let mut project = Project {
        root: folder.clone(),
        is_series,
        series,
        issues: Vec::new(),
        cards: Vec::new(),
        is_whole: false,
        images: Images::of(folder, state.pictures.clone()),
        shelf: Shelf::of(folder),
        bibliographies,
        pictures: BTreeMap::new(),
        fonts: Fonts::new(),
        texts: Files::new(),
        settings,
        lock: Lock::default(),
        lock_text: String::new(),
        exporters: Vec::new(),
        unwanted: Vec::new(),
        findings,
        destination,
        state,
        memory,
        now: None,
        files: Vec::new(),
        is_part: matches!(root.kind, Kind::Series { wanted: Some(_) }),
    };
    let diagnostics = project.images.diagnose(&uses, "");
    project
        .findings
        .extend(diagnostics.into_iter().map(Finding::from));
    let mut fonts = FontFinder::new(folder, font_folders);
    let names = project.read_exporters(&mut fonts, formats);
    project.fonts = fonts.into_fonts();
    for src in uses.into_iter().map(|used| used.src).chain(names) {
        if let Some(asset) = project.images.asset(&src)? {
            project.pictures.insert(src, asset);
        }
    }
    project
        .findings
        .sort_by_key(|finding| start_of(&finding.diagnostic));
    project.find_files(&root.kind, is_readable);
    Ok(project)
}

impl Project {
    /// Finds the issue files; `is_readable` tells whether the series' own file could be read.
    fn find_files(&mut self, kind: &Kind, is_readable: bool) {
        match kind {
            Kind::Lone { files } => {
                let files = files.iter().filter_map(|file| lone_issue(&self.root, file));
                self.files = files.map(|file| (file, true)).collect();
            }
            Kind::Series { wanted } if is_readable => {
                self.read_lock();
                let listing = list(&self.root, &self.root.join(&self.series.paths.issues));
                self.findings.extend(listing.findings);
                let files = listing.files.into_iter().map(|file| {
                    let is_wanted = wanted
                        .as_ref()
                        .is_none_or(|wanted| wanted.contains(&file.path));
                    (file, is_wanted)
                });
                self.files = files.collect();
            }
            Kind::Series { .. } => {
                let diagnostic = Diagnostic::warning(
                    "unchecked",
                    "the issues were not looked at, because what they inherit is unknown",
                )
                .hint(format!(
                    "mend `{}` first",
                    shown(&self.root.join(SERIES_FILE))
                ));
                self.findings.push(diagnostic.into());
            }
        }
    }

    /// Reads the issues as a check does: what depends on the day is told too, and what lies
    /// beside them.
    pub(crate) fn check_issues(&mut self, now: Timestamp, threads: usize) {
        self.now = Some(now);
        self.read_issues(threads);
        self.unused_pictures();
    }

    /// Leaves alone all formats but those of these names.
    pub(crate) fn make_only(&mut self, formats: &[String]) {
        let all = std::mem::take(&mut self.exporters);
        for (format, exporter) in all {
            let is_wanted = formats.iter().any(|name| name == format.name);
            let exporters = if is_wanted {
                &mut self.exporters
            } else {
                &mut self.unwanted
            };
            exporters.push((format, exporter));
        }
    }

    /// The issues whose own files are to be made.
    pub(crate) fn wanted(&self) -> impl Iterator<Item = &LoadedIssue> {
        self.issues.iter().filter(|loaded| loaded.wanted)
    }

    /// How many issue files were looked at, without those that were only read for the feeds.
    pub(crate) fn count_files(&self) -> usize {
        self.files
            .iter()
            .filter(|(_, is_wanted)| *is_wanted)
            .count()
    }

    /// An issue's file from the project's root, `/` between parts.
    fn path_of(&self, file: &IssueFile) -> String {
        let below = file.path.strip_prefix(&self.root);
        below.map_or_else(|_| file.path.display().to_string(), slashed)
    }

    /// Reads the settings of all formats. Returns the pictures that they name.
    fn read_exporters(
        &mut self,
        fonts: &mut FontFinder<'_>,
        formats: &[&'static Format],
    ) -> Vec<String> {
        let nowhere = Source::new(String::new(), String::new());
        let source = self.settings.as_ref().unwrap_or(&nowhere);
        let nothing = Node {
            value: NodeValue::Null,
            span: 0..0,
        };
        let mut pictures = Vec::new();
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
            diagnostics.extend(self.images.diagnose(&uses, ""));
            pictures.extend(uses.into_iter().map(|used| used.src));
            let place =
                |name: &str| Place::new(source, span_of(node, name).unwrap_or(node.span.clone()));
            let files = &mut self.texts;
            diagnostics.extend(texts::read(&self.root, &exporter.files(), place, files));
            diagnostics.extend(exporter.check_files(files));
            let is_wanted = formats.iter().any(|wanted| wanted.name == format.name);
            // Fonts are large: those of formats that are not made are left alone.
            if is_wanted {
                diagnostics.extend(fonts.diagnose(&exporter.fonts()));
                diagnostics.extend(exporter.check_fonts(fonts.files()));
            }
            self.series.check.apply(&mut diagnostics);
            self.findings
                .extend(diagnostics.into_iter().map(Finding::from));
            let exporters = if is_wanted {
                &mut self.exporters
            } else {
                &mut self.unwanted
            };
            exporters.push((format, exporter));
        }
        pictures
    }

    /// The folder that a link of an issue's file may not lead out of.
    fn within(&self, file: &IssueFile) -> Option<&Path> {
        (!file.is_named).then_some(self.root.as_path())
    }
}

/// Where a finding begins in its file.
pub(crate) fn start_of(diagnostic: &Diagnostic) -> usize {
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

pub(crate) fn unreadable(path: &Path, error: &io::Error) -> Finding {
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
pub(crate) struct ReadSeries {
    pub(crate) value: Option<Series>,
    source: Option<Arc<Source>>,
    images: Vec<ImageUse>,
    bibliographies: Vec<(String, Place)>,
    findings: Vec<Finding>,
}

pub(crate) fn read_series(folder: &Path) -> ReadSeries {
    let path = folder.join(SERIES_FILE);
    match source_of(&path, read_inside(folder, SERIES_FILE, MAX_TEXT)) {
        Err(finding) => ReadSeries {
            value: None,
            source: None,
            images: Vec::new(),
            bibliographies: Vec::new(),
            findings: vec![*finding],
        },
        Ok((source, findings)) if !findings.is_empty() => ReadSeries {
            value: None,
            source: Some(source),
            images: Vec::new(),
            bibliographies: Vec::new(),
            findings,
        },
        Ok((source, _)) => {
            let loaded = load::series_with(&source, &formats::rules());
            ReadSeries {
                value: loaded.value,
                source: Some(source),
                images: loaded.images,
                bibliographies: loaded.bibliographies,
                findings: loaded.diagnostics.into_iter().map(Finding::from).collect(),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_was_let_go_is_read_again() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("a.md");
        std::fs::write(&path, "\u{feff}words\n").unwrap();
        let source = Source::new("a.md", "words\n");
        for within in [None, Some(root.path())] {
            let origin = Origin::let_go(&source, path.clone(), within);
            assert_eq!(origin.source().unwrap().text, source.text);
            assert_eq!(origin.name, "a.md");
        }
        std::fs::remove_file(&path).unwrap();
        let origin = Origin::let_go(&source, path, None);
        assert_eq!(origin.source(), None);
        assert_eq!(Origin::kept(source).source().unwrap().text, "words\n");
    }
}
