//! A project: a series with its issues, or a lone issue, read and checked.

use std::collections::BTreeSet;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use offprint_core::fields::{Fields, Node, NodeValue};
use offprint_core::load::{self, ImageUse};
use offprint_core::{
    Assets, Attach, Diagnostic, Export, Fonts, Issue, Place, Series, Severity, Source,
};

use crate::fault::{Fault, explain};
use crate::fonts::FontFinder;
use crate::formats::{self, Format};
use crate::images::Images;
use crate::read::{Decoded, ReadError, decode, read_file, read_inside, slashed};
use crate::roots::{IssueFile, Kind, Root, SERIES_FILE, list, lone_issue, shown};

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
    pub(crate) issue: Issue,
    pub(crate) origin: Origin,
    /// Whether its own files are to be made, not only its entries in the feeds.
    pub(crate) wanted: bool,
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
                let bytes = read_issue(&self.path, self.within.as_deref());
                let (source, _) = source_of(&self.path, bytes).ok()?;
                Some(source)
            })
            .as_ref()
    }
}

/// Everything a build needs, and everything that is wrong with it.
pub(crate) struct Project {
    pub(crate) series: Series,
    /// Issues without errors; drafts too.
    pub(crate) issues: Vec<LoadedIssue>,
    pub(crate) assets: Assets,
    pub(crate) fonts: Fonts,
    /// The series' own file.
    pub(crate) settings: Option<Arc<Source>>,
    pub(crate) exporters: Vec<(&'static Format, Box<dyn Export>)>,
    /// Those of formats that are not made for themselves.
    pub(crate) unwanted: Vec<(&'static Format, Box<dyn Export>)>,
    pub(crate) findings: Vec<Finding>,
    /// Where files go unless `--out` says otherwise.
    pub(crate) out: PathBuf,
    /// The folder that `out` may not leave.
    pub(crate) out_within: PathBuf,
    /// How many issue files were looked at, without those that were only read for the feeds.
    pub(crate) files: usize,
}
/// Reads everything that a project's files name. Exporters of all formats read their
/// settings, and those of `formats` are kept.
pub(crate) fn load(
    root: &Root,
    formats: &[&'static Format],
    font_folders: &[PathBuf],
    threads: usize,
) -> Result<Project, Fault> {
    let folder = &root.folder;
    let mut project = Project {
        series: Series::default(),
        issues: Vec::new(),
        assets: Assets::default(),
        fonts: Fonts::new(),
        settings: None,
        exporters: Vec::new(),
        unwanted: Vec::new(),
        findings: Vec::new(),
        out: PathBuf::new(),
        out_within: PathBuf::new(),
        files: 0,
    };
    let mut images = Images::of(folder);
    let mut fonts = FontFinder::new(folder, font_folders);
    match &root.kind {
        Kind::Lone { files } => {
            let here = std::env::current_dir()
                .map_err(|error| Fault::io("find", Path::new("."), &error))?;
            project.out = here.join(&project.series.paths.out);
            project.out_within = here;
            project.read_exporters(&mut images, &mut fonts, formats);
            project.load_issues(
                &mut images,
                threads,
                files
                    .iter()
                    .filter_map(|file| Some((lone_issue(folder, file)?, true))),
            );
            if let Some(first) = project.issues.first() {
                project.series.id.clone_from(&first.issue.id);
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
            project.settings = series.source;
            project.read_exporters(&mut images, &mut fonts, formats);
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
                project.load_issues(&mut images, threads, files);
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
    project.fonts = fonts.into_fonts();
    Ok(project)
}
impl Project {
    /// The issues whose own files are to be made.
    pub(crate) fn wanted(&self) -> impl Iterator<Item = &LoadedIssue> {
        self.issues.iter().filter(|loaded| loaded.wanted)
    }

    fn read_exporters(
        &mut self,
        images: &mut Images<'_>,
        fonts: &mut FontFinder<'_>,
        formats: &[&'static Format],
    ) {
        let nowhere = Source::new(String::new(), String::new());
        let source = self.settings.as_ref().unwrap_or(&nowhere);
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
    }

    /// Reads issue files. Those that are not wanted are read for the feeds' sake: their
    /// faults leave them out, and are not told.
    fn load_issues(
        &mut self,
        images: &mut Images<'_>,
        threads: usize,
        files: impl Iterator<Item = (IssueFile, bool)>,
    ) {
        let keeps_text = self
            .exporters
            .iter()
            .any(|(_, exporter)| exporter.attachments().contains(&Attach::Source));
        let mut loaded = Vec::new();
        let mut origins = Vec::new();
        for (file, is_wanted) in files {
            let (issue, findings) = load_issue(images, threads, &file, &self.series);
            let has_errors = findings
                .iter()
                .any(|finding| finding.diagnostic.severity == Severity::Error);
            if is_wanted {
                self.files += 1;
                self.findings.extend(findings);
            } else if has_errors {
                let diagnostic = Diagnostic::warning(
                    LEFT_OUT,
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
                origins.push((file, is_wanted));
            }
        }
        let numbers: Vec<Option<u32>> = loaded.iter().map(|(issue, _)| issue.number).collect();
        let mut across = load::complete(&mut loaded);
        if self.series.id.is_empty() {
            // Issues of no series are not counted.
            for ((issue, _), number) in loaded.iter_mut().zip(numbers) {
                issue.number = number;
            }
        }
        self.series.check.apply(&mut across);
        for ((issue, source), (file, wanted)) in loaded.into_iter().zip(origins) {
            let origin = if keeps_text {
                Origin::kept(source)
            } else {
                let within = (!file.is_named).then_some(images.root);
                Origin::let_go(&source, file.path, within)
            };
            self.issues.push(LoadedIssue {
                issue,
                origin,
                wanted,
            });
        }
        let unwanted: BTreeSet<&str> = self
            .issues
            .iter()
            .filter(|loaded| !loaded.wanted)
            .map(|loaded| loaded.origin.name.as_str())
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

/// The bytes of an issue file; a link may not lead out of `within`.
fn read_issue(path: &Path, within: Option<&Path>) -> Result<Vec<u8>, ReadError> {
    let Some(root) = within else {
        return read_file(path, MAX_TEXT);
    };
    let relative = path.strip_prefix(root).map(slashed).unwrap_or_default();
    read_inside(root, &relative, MAX_TEXT)
}

fn load_issue(
    images: &mut Images<'_>,
    threads: usize,
    file: &IssueFile,
    series: &Series,
) -> (Option<(Issue, Arc<Source>)>, Vec<Finding>) {
    let bytes = read_issue(&file.path, (!file.is_named).then_some(images.root));
    let (source, findings) = match source_of(&file.path, bytes) {
        Ok(read) => read,
        Err(finding) => return (None, vec![*finding]),
    };
    if !findings.is_empty() {
        return (None, findings);
    }
    let mut loaded = load::issue_on(threads, &source, file.form, &file.location, series);
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
    findings: Vec<Finding>,
}

pub(crate) fn read_series(folder: &Path) -> ReadSeries {
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
