//! Rendering issues in all formats, and writing what came of it.

use std::any::Any;
use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use offprint_core::parallel;
use offprint_core::{
    Attach, Attachment, Context, Diagnostic, Edition, Export, ExportError, Exported, Issue, Place,
    Published, RelativePath, Scope, Source,
};

use crate::emit::{Stage, length_of};
use crate::fault::Fault;
use crate::formats;
use crate::project::{Finding, LoadedIssue, Project, start_of};
use crate::report::Progress;
use crate::roots::shown;

/// A file that was made.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) format: &'static str,
    /// The issue's id, `None` for files of the series.
    pub(crate) issue: Option<String>,
    pub(crate) path: RelativePath,
    /// The path as messages show it.
    pub(crate) shown: String,
    pub(crate) media_type: &'static str,
    pub(crate) bytes: u64,
    pub(crate) pages: Option<usize>,
    pub(crate) listed: bool,
}

/// A project's files, waiting to be put in place.
#[derive(Debug)]
pub(crate) struct Rendered {
    pub(crate) stage: Option<Stage>,
    pub(crate) files: Vec<Made>,
    pub(crate) findings: Vec<Finding>,
}

/// Where a project's files go.
#[derive(Debug)]
pub(crate) struct Destination {
    pub(crate) folder: PathBuf,
    /// The folder that links may not lead out of; `None` where the user chose `folder`.
    pub(crate) within: Option<PathBuf>,
}

impl Destination {
    /// A file's path as messages show it: as typed where the user chose the folder.
    fn show(&self, path: &RelativePath) -> String {
        let path = self.folder.join(path.as_str());
        if self.within.is_none() {
            path.display().to_string()
        } else {
            shown(&path)
        }
    }
}

/// One exporter's turn.
struct Job<'a> {
    exporter: &'a dyn Export,
    issue: Option<&'a LoadedIssue>,
}

/// How many exporter's turns a project's issues take.
pub(crate) fn count_jobs(project: &Project) -> usize {
    issue_jobs(project).len() + series_exporters(project).count()
}

fn issue_jobs(project: &Project) -> Vec<Job<'_>> {
    let mut jobs = Vec::new();
    for loaded in project.wanted().filter(|loaded| !loaded.issue.draft) {
        for (_, exporter) in &project.exporters {
            if exporter.scope() == Scope::Issue {
                jobs.push(Job {
                    exporter: exporter.as_ref(),
                    issue: Some(loaded),
                });
            }
        }
    }
    jobs
}

fn series_exporters(project: &Project) -> impl Iterator<Item = &dyn Export> {
    project
        .exporters
        .iter()
        .map(|(_, exporter)| exporter.as_ref())
        .filter(|exporter| exporter.scope() == Scope::Series)
}

/// Renders a project into a stage. Nothing is in place yet.
pub(crate) fn render(
    project: &Project,
    destination: &Destination,
    threads: usize,
    progress: &Progress,
) -> Result<Rendered, Fault> {
    let mut rendered = Rendered {
        stage: None,
        files: Vec::new(),
        findings: Vec::new(),
    };
    if project.wanted().all(|loaded| loaded.issue.draft) {
        return Ok(rendered);
    }
    let stage = Stage::open(&destination.folder, destination.within.as_deref())?;
    let jobs = issue_jobs(project);
    // With many issues every thread has one of its own.
    let spare = if jobs.len() <= 4 * threads {
        threads
    } else {
        1
    };
    let results = in_parallel(jobs.len(), threads, |index| {
        let result = jobs.get(index).map(|job| {
            let issues = job.issue.map(|loaded| &loaded.issue);
            run(
                project,
                job,
                issues.as_slice(),
                &[],
                spare,
                &stage,
                destination,
            )
        });
        progress.step();
        result
    })?;
    for result in results.into_iter().flatten() {
        rendered.add(result?);
    }
    if !rendered.has_errors() {
        let mut issues: Vec<&Issue> = project
            .issues
            .iter()
            .map(|loaded| &loaded.issue)
            .filter(|issue| !issue.draft)
            .collect();
        issues.sort_by(|left, right| newest_first(left, right));
        let published = published(&issues, &rendered.files, &destination.folder);
        for exporter in series_exporters(project) {
            let job = Job {
                exporter,
                issue: None,
            };
            let result = run(
                project,
                &job,
                &issues,
                &published,
                threads,
                &stage,
                destination,
            );
            progress.step();
            rendered.add(result?);
        }
    }
    rendered.stage = Some(stage);
    Ok(rendered)
}

impl Rendered {
    pub(crate) fn has_errors(&self) -> bool {
        self.findings
            .iter()
            .any(|finding| finding.diagnostic.severity == offprint_core::Severity::Error)
    }

    fn add(&mut self, (files, findings): (Vec<Made>, Vec<Finding>)) {
        self.files.extend(files);
        self.findings.extend(findings);
    }
}

fn newest_first(left: &Issue, right: &Issue) -> std::cmp::Ordering {
    let key = |issue: &Issue| (issue.date.unix_seconds(), issue.number);
    key(right)
        .cmp(&key(left))
        .then_with(|| left.id.cmp(&right.id))
}

/// The files that readers may be sent to: those of this build, and for issues and formats
/// that it leaves alone, those of earlier builds.
fn published(issues: &[&Issue], files: &[Made], out: &Path) -> Vec<Published> {
    let mut published = Vec::new();
    for issue in issues {
        for format in formats::ALL {
            let made = files.iter().find(|made| {
                made.listed
                    && made.format == format.name
                    && made.issue.as_deref() == Some(issue.id.as_str())
            });
            let (path, media_type, bytes) = if let Some(made) = made {
                (made.path.clone(), made.media_type, made.bytes)
            } else if let Some((ending, media_type)) = format.per_issue
                && let Ok(path) = RelativePath::new(format!("{id}/{id}.{ending}", id = issue.id))
                && let Some(bytes) = length_of(out, &path)
            {
                (path, media_type, bytes)
            } else {
                continue;
            };
            let issue = Some(issue.id.clone());
            published.push(Published {
                issue,
                format: format.name,
                path,
                media_type,
                bytes,
            });
        }
    }
    published
}

/// Lets an exporter render, and stages what it made.
fn run(
    project: &Project,
    job: &Job<'_>,
    issues: &[&Issue],
    published: &[Published],
    threads: usize,
    stage: &Stage,
    destination: &Destination,
) -> Result<(Vec<Made>, Vec<Finding>), Fault> {
    let attachments = match attachments(project, job, issues, threads)? {
        Ok(attachments) => attachments,
        Err(diagnostics) => return Ok((Vec::new(), locate_all(diagnostics, job.issue, project))),
    };
    let context = Context {
        attachments: &attachments,
        assets: &project.assets,
        fonts: &project.fonts,
        published,
        threads,
    };
    let edition = Edition {
        series: &project.series,
        issues,
    };
    let format = job.exporter.name();
    let subject = job
        .issue
        .map_or("the series", |loaded| loaded.issue.id.as_str());
    let result = export(job.exporter, subject, &context, &edition)?;
    let exported = match result {
        Ok(exported) => exported,
        Err(ExportError::Input(diagnostics)) => {
            return Ok((Vec::new(), locate_all(diagnostics, job.issue, project)));
        }
        Err(ExportError::Internal(message)) => {
            return Err(Fault::Bug(format!("{format} of {subject}: {message}")));
        }
        Err(ExportError::System(error)) => {
            return Err(Fault::io("write to", &destination.folder, &error));
        }
    };
    let mut files = Vec::new();
    for artifact in exported.artifacts {
        stage.put(&artifact)?;
        files.push(Made {
            format,
            issue: job.issue.map(|loaded| loaded.issue.id.clone()),
            shown: destination.show(&artifact.path),
            path: artifact.path,
            media_type: artifact.media_type,
            bytes: artifact.data.len() as u64,
            pages: artifact.pages,
            listed: artifact.listed,
        });
    }
    let mut warnings = exported.warnings;
    project.series.check.apply(&mut warnings);
    Ok((files, locate_all(warnings, job.issue, project)))
}

/// Lets an exporter render; a panic is a fault of ours.
fn export(
    exporter: &dyn Export,
    subject: &str,
    context: &Context<'_>,
    edition: &Edition<'_>,
) -> Result<Result<Exported, ExportError>, Fault> {
    catch_unwind(AssertUnwindSafe(|| exporter.export(context, edition))).map_err(|panic| {
        Fault::Bug(format!(
            "{} of {subject}: {}",
            exporter.name(),
            panic_message(panic.as_ref())
        ))
    })
}

/// The files that an exporter wants to carry within its own, or why one cannot be made.
fn attachments(
    project: &Project,
    job: &Job<'_>,
    issues: &[&Issue],
    threads: usize,
) -> Result<Result<Vec<Attachment>, Vec<Diagnostic>>, Fault> {
    let mut attachments = Vec::new();
    let Some(loaded) = job.issue else {
        return Ok(Ok(attachments));
    };
    for wish in job.exporter.attachments() {
        match wish {
            Attach::Source => {
                let Some(source) = loaded.origin.source() else {
                    let message = "this file is no longer there to be attached";
                    return Ok(Err(vec![Diagnostic::error("unreadable", message)]));
                };
                let path = source.name.replace('\\', "/");
                let name = path.rsplit('/').next().unwrap_or_default().to_owned();
                attachments.push(Attachment {
                    wish,
                    media_type: media_type_of_source(&name),
                    name,
                    data: source.text.clone().into_bytes(),
                });
            }
            Attach::Format(format) => {
                let mut others = project.exporters.iter().chain(&project.unwanted);
                let Some((_, exporter)) = others.find(|(other, _)| other.name == format) else {
                    continue;
                };
                let context = Context {
                    assets: &project.assets,
                    fonts: &project.fonts,
                    published: &[],
                    attachments: &[],
                    threads,
                };
                let edition = Edition {
                    series: &project.series,
                    issues,
                };
                let made = match export(exporter.as_ref(), &loaded.issue.id, &context, &edition)? {
                    Ok(made) => made,
                    Err(ExportError::Input(diagnostics)) => return Ok(Err(diagnostics)),
                    Err(ExportError::Internal(message)) => {
                        return Err(Fault::Bug(format!("{format} to attach: {message}")));
                    }
                    Err(ExportError::System(error)) => {
                        return Err(Fault::io("write", format.as_ref(), &error));
                    }
                };
                if let Some(artifact) = made.artifacts.into_iter().next() {
                    let path = artifact.path.as_str();
                    attachments.push(Attachment {
                        wish,
                        name: path.rsplit('/').next().unwrap_or(path).to_owned(),
                        media_type: artifact.media_type,
                        data: artifact.data,
                    });
                }
            }
        }
    }
    Ok(Ok(attachments))
}

fn media_type_of_source(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("md" | "markdown") => "text/markdown",
        Some("yaml" | "yml") => "application/yaml",
        Some("toml") => "application/toml",
        Some("json") => "application/json",
        _ => "text/plain",
    }
}

/// An exporter's findings with their places, in the order of the file.
fn locate_all(
    diagnostics: Vec<Diagnostic>,
    issue: Option<&LoadedIssue>,
    project: &Project,
) -> Vec<Finding> {
    let mut findings: Vec<Finding> = diagnostics
        .into_iter()
        .map(|diagnostic| locate(diagnostic, issue, project))
        .collect();
    findings.sort_by_key(|finding| start_of(&finding.diagnostic));
    findings
}

/// An exporter's finding with its place: where the character that it names stands first,
/// in the issue or the series, else the issue's file.
fn locate(mut diagnostic: Diagnostic, issue: Option<&LoadedIssue>, project: &Project) -> Finding {
    let Some(issue) = issue else {
        return diagnostic.into();
    };
    if diagnostic.place.is_none() {
        diagnostic.place = named_character(&diagnostic.message).and_then(|named| {
            [issue.origin.source(), project.settings.as_ref()]
                .into_iter()
                .flatten()
                .find_map(|source| place_of(source, named))
        });
    }
    let file = diagnostic
        .place
        .is_none()
        .then(|| issue.origin.name.clone());
    Finding { diagnostic, file }
}

/// The character that a message names in backquotes.
fn named_character(message: &str) -> Option<char> {
    message.split('`').skip(1).step_by(2).find_map(|named| {
        let mut characters = named.chars();
        characters.next().filter(|_| characters.next().is_none())
    })
}

/// Where a file first has a character, as itself or in the spellings of its formats.
fn place_of(source: &Arc<Source>, character: char) -> Option<Place> {
    let point = u32::from(character);
    let mut spellings = vec![
        character.to_string(),
        // YAML and TOML; Markdown.
        format!("\\U{point:08x}"),
        format!("\\U{point:08X}"),
        format!("&#x{point:x};"),
        format!("&#x{point:X};"),
        format!("&#{point};"),
    ];
    // JSON spells characters beyond the first plane as two.
    let [mut small, mut large] = [String::new(), String::new()];
    for unit in character.encode_utf16(&mut [0; 2]) {
        let _ = write!(small, "\\u{unit:04x}");
        let _ = write!(large, "\\u{unit:04X}");
    }
    spellings.extend([small, large]);
    spellings
        .iter()
        .find_map(|spelling| Place::find(source, spelling))
}

/// The words of a panic.
pub(crate) fn panic_message(panic: &(dyn Any + Send)) -> String {
    let words = panic
        .downcast_ref::<&str>()
        .map(|words| (*words).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned());
    words.unwrap_or_else(|| "a panic without words".to_owned())
}

/// Results of `work` for 0 to `count`, in that order whatever thread did what when.
fn in_parallel<T: Send>(
    count: usize,
    threads: usize,
    work: impl Fn(usize) -> T + Sync,
) -> Result<Vec<T>, Fault> {
    let shared =
        parallel::in_parallel(count, threads, || (), |(), index| work(index)).map_err(|error| {
            Fault::machine(
                format!("cannot start a thread: {error}"),
                Some("try --jobs 1"),
            )
        })?;
    Ok(shared
        .results
        .into_iter()
        .map(|(_, result)| result)
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::Origin;
    use offprint_core::export::Exported;
    use offprint_core::load::{self, Form, Location};
    use offprint_core::{Assets, Fonts, Series};

    /// A format that does what its name says.
    struct Fake(fn() -> Result<Exported, ExportError>);

    impl Export for Fake {
        fn name(&self) -> &'static str {
            "fake"
        }

        fn scope(&self) -> Scope {
            Scope::Issue
        }

        fn export(&self, _: &Context<'_>, _: &Edition<'_>) -> Result<Exported, ExportError> {
            (self.0)()
        }
    }

    fn project(fake: fn() -> Result<Exported, ExportError>) -> Project {
        let text = "---\ntitle: 题 ⟟\ndate: 2020-11-02\nlang: zh-CN\n---\n\n导读。\n";
        let source = Source::new("a.md", text);
        let location = Location {
            folder: String::new(),
            stem: "a".to_owned(),
        };
        let series = Series::default();
        let loaded = load::issue(&source, Form::Markdown, &location, &series);
        let issue = LoadedIssue {
            issue: loaded.value.unwrap(),
            origin: Origin::kept(source),
            wanted: true,
        };
        let exporter: Box<dyn Export> = Box::new(Fake(fake));
        Project {
            series,
            issues: vec![issue],
            assets: Assets::default(),
            fonts: Fonts::new(),
            settings: None,
            exporters: vec![(&formats::ALL[0], exporter)],
            unwanted: Vec::new(),
            findings: Vec::new(),
            out: PathBuf::new(),
            out_within: PathBuf::new(),
            files: 1,
        }
    }

    fn rendered(
        fake: fn() -> Result<Exported, ExportError>,
        out: &Path,
    ) -> Result<Rendered, Fault> {
        let destination = Destination {
            folder: out.to_owned(),
            within: None,
        };
        render(&project(fake), &destination, 2, &Progress::hidden())
    }

    #[test]
    fn a_panic_of_an_exporter_is_a_bug_that_leaves_no_file() {
        let root = tempfile::tempdir().unwrap();
        let out = root.path().join("public");
        let fault = rendered(|| panic!("ouch"), &out).unwrap_err();
        assert!(
            matches!(&fault, Fault::Bug(message) if message == "fake of a: ouch"),
            "{fault:?}"
        );
        assert_eq!(fault.exit_code(), 70);
        assert!(!out.exists());
    }

    #[test]
    fn a_character_that_a_format_lacks_is_shown_where_it_stands() {
        let root = tempfile::tempdir().unwrap();
        let lacking = || {
            let message = "no font has `⟟` (U+27DF)";
            Err(ExportError::Input(vec![Diagnostic::error(
                "fake::glyph",
                message,
            )]))
        };
        let rendered = rendered(lacking, root.path()).unwrap();
        assert!(rendered.has_errors());
        let place = rendered.findings[0].diagnostic.place.as_ref().unwrap();
        assert_eq!(place.line_column(), (2, 10));
    }

    #[test]
    fn a_character_is_found_in_any_spelling() {
        for (text, character) in [
            ("a ⟟", '⟟'),
            ("a \\u27df", '⟟'),
            ("a \\U000027DF", '⟟'),
            ("a &#x27DF;", '⟟'),
            ("a &#10207;", '⟟'),
            ("a \\ud800\\udf30", '𐌰'),
            ("a \\uD800\\uDF30", '𐌰'),
            ("a \\U00010330", '𐌰'),
        ] {
            let place = place_of(&Source::new("a", text), character).unwrap();
            assert_eq!(place.span, 2..text.len(), "{text}");
        }
        assert_eq!(place_of(&Source::new("a", "\\u27de"), '⟟'), None);
    }

    #[test]
    fn a_character_of_the_series_is_shown_in_its_file() {
        let root = tempfile::tempdir().unwrap();
        let lacking = || {
            let message = "no font has `ꦀ` (U+A980)";
            Err(ExportError::Input(vec![Diagnostic::error(
                "fake::glyph",
                message,
            )]))
        };
        let mut project = project(lacking);
        project.settings = Some(Source::new("offprint.toml", "[series]\ntitle = \"ꦀ\"\n"));
        let destination = Destination {
            folder: root.path().to_owned(),
            within: None,
        };
        let rendered = render(&project, &destination, 1, &Progress::hidden()).unwrap();
        let place = rendered.findings[0].diagnostic.place.as_ref().unwrap();
        assert_eq!(place.source.name, "offprint.toml");
        assert_eq!(place.line_column(), (2, 10));
    }
}
