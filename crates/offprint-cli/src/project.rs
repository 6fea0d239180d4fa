//! A project: a series with its issues, or a lone issue, read and checked.

use std::collections::BTreeSet;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use offprint_core::fields::{Fields, Node, NodeValue};
use offprint_core::load::{self, ImageUse};
use offprint_core::{Assets, Diagnostic, Export, Fonts, Issue, Place, Series, Severity, Source};

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
                origins.push(is_wanted);
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

fn load_issue(
    images: &mut Images<'_>,
    threads: usize,
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
