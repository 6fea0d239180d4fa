//! Rendering issues in all formats, and writing what came of it.

mod commit;
mod plan;

use std::any::Any;
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use offprint_core::export::MemorySpool;
use offprint_core::parallel;
use offprint_core::{
    Artifact, Collect, Context, Diagnostic, Edition, Export, ExportError, Exported, Issue,
    Published, RelativePath, Scope, Spool,
};

use self::plan::{Job, remembered};
pub(crate) use self::plan::{Plan, key_of, plan};
use crate::attach::attachments;
use crate::book::BookJob;
use crate::emit::{FileSpool, Stage, length_of};
use crate::fault::Fault;
use crate::formats;
use crate::locate::locate_all;
use crate::project::{Finding, LoadedIssue, Project};
use crate::report::Progress;
use crate::roots::shown;
use crate::state::{Hash, Record};

/// A file that was made.
#[derive(Debug, Clone)]
pub(crate) struct Made {
    pub(crate) format: &'static str,
    pub(crate) path: RelativePath,
    /// The path as messages show it.
    pub(crate) shown: String,
    pub(crate) media_type: &'static str,
    pub(crate) bytes: u64,
    pub(crate) hash: Hash,
    pub(crate) pages: Option<usize>,
    /// What a person should know of it, a line each.
    pub(crate) notes: Vec<String>,
    pub(crate) listed: bool,
}

/// What formats of the series are about, in messages.
const THE_SERIES: &str = "the series";

/// What a file is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Subject {
    /// The issue with this id.
    Issue(String),
    /// The book of several issues with this id.
    Book(String),
    /// All issues of the series.
    Series,
}

/// What came of one exporter's turn, now or in an earlier build.
#[derive(Debug)]
struct Turn {
    format: &'static str,
    subject: Subject,
    /// A book's title.
    title: Option<String>,
    /// The hash of everything that it was made from.
    key: Option<Hash>,
    /// What is remembered of it, if it was in an earlier build.
    earlier: Option<Record>,
    files: Vec<Made>,
    findings: Vec<Finding>,
}

impl Turn {
    fn paths(&self) -> impl Iterator<Item = &RelativePath> {
        self.files.iter().map(|made| &made.path)
    }
}

/// A project's files, waiting to be put in place.
#[derive(Debug)]
pub(crate) struct Rendered {
    stage: Option<Stage>,
    turns: Vec<Turn>,
    /// Whether everything was made that was asked of the project.
    is_whole: bool,
}

/// What a build left in place.
#[derive(Debug, Default)]
pub(crate) struct Committed {
    /// All files, those of earlier builds too.
    pub(crate) files: Vec<Made>,
    /// Those that were not there before with the same bytes.
    pub(crate) changed: BTreeSet<RelativePath>,
    /// Files of earlier builds that are made no longer.
    pub(crate) left_over: Vec<RelativePath>,
    /// How many of those were removed.
    pub(crate) removed: usize,
    /// What could not be done beside it.
    pub(crate) warning: Option<Finding>,
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
    pub(crate) fn show(&self, path: &RelativePath) -> String {
        let path = self.folder.join(path.as_str());
        if self.within.is_none() {
            path.display().to_string()
        } else {
            shown(&path)
        }
    }
}

pub(crate) fn exporters(project: &Project, scope: Scope) -> impl Iterator<Item = &dyn Export> {
    project
        .exporters
        .iter()
        .map(|(_, exporter)| exporter.as_ref())
        .filter(move |exporter| exporter.scope() == scope)
}

/// Renders what a plan asks for into a stage. Nothing is in place yet.
pub(crate) fn render(
    project: &Project,
    plan: Plan<'_>,
    threads: usize,
    progress: &Progress,
) -> Result<Rendered, Fault> {
    let Plan {
        jobs,
        books,
        is_whole,
        is_trial,
    } = plan;
    let mut rendered = Rendered {
        stage: None,
        turns: Vec::new(),
        is_whole,
    };
    // A series of nothing but drafts is not begun; one that was takes back what it published.
    let is_idle = books.is_empty() && jobs.iter().all(|job| !job.loaded.wanted);
    if is_idle && !project.state.has_files() {
        return Ok(rendered);
    }
    let destination = &project.destination;
    let stage = if is_trial {
        Stage::trial(&destination.folder)
    } else {
        Stage::open(&destination.folder, destination.within.as_deref())?
    };
    let spool: Box<dyn Spool> = if is_trial {
        Box::new(MemorySpool::default())
    } else {
        Box::new(FileSpool::within(&stage)?)
    };
    let collectors: Vec<Collector<'_>> = exporters(project, Scope::Series)
        .filter_map(|exporter| {
            let collect = exporter.collector(&project.series, spool.as_ref())?;
            let format = exporter.name();
            Some(Collector { format, collect })
        })
        .collect();
    let mut build = Build {
        project,
        stage: &stage,
        collectors,
        progress,
    };
    let (busy, mut idle): (Vec<Job<'_>>, Vec<Job<'_>>) =
        jobs.into_iter().partition(|job| !job.todo.is_empty());
    // Formats that keep the newest issues only need not prepare others in vain.
    idle.sort_by_key(|job| Reverse(job.loaded.date.unix_seconds()));
    // With many issues every thread has some of its own.
    let (outer, inner) = if busy.len() < 2 * threads {
        (1, threads)
    } else {
        (threads, 1)
    };
    rendered.turns = build.all(busy, outer, inner)?;
    rendered.turns.extend(build.all(idle, threads, 1)?);
    if !rendered.has_errors() {
        for job in &books {
            rendered.turns.push(build.book(job, threads)?);
            progress.step();
        }
    }
    if !rendered.has_errors() {
        for collector in std::mem::take(&mut build.collectors) {
            rendered
                .turns
                .push(build.finish(collector, &rendered.turns, threads)?);
        }
    }
    drop(build);
    rendered.stage = Some(stage);
    Ok(rendered)
}

/// A format of the series at work.
struct Collector<'a> {
    format: &'static str,
    collect: Box<dyn Collect + 'a>,
}

/// What all jobs of a build share.
struct Build<'a> {
    project: &'a Project,
    stage: &'a Stage,
    collectors: Vec<Collector<'a>>,
    progress: &'a Progress,
}

impl Build<'_> {
    /// Does jobs on `outer` threads, each of which may use `inner`.
    fn all(&self, jobs: Vec<Job<'_>>, outer: usize, inner: usize) -> Result<Vec<Turn>, Fault> {
        let jobs: Vec<Mutex<Option<Job<'_>>>> =
            jobs.into_iter().map(|job| Mutex::new(Some(job))).collect();
        let results = in_parallel(jobs.len(), outer, |index| {
            let job = jobs.get(index)?;
            let job = job.lock().unwrap_or_else(PoisonError::into_inner).take()?;
            Some(self.one(job, inner))
        })?;
        let mut turns = Vec::new();
        for result in results.into_iter().flatten() {
            turns.extend(result?);
        }
        Ok(turns)
    }

    /// Makes what an issue lacks, and shows it to the formats of the series.
    fn one(&self, job: Job<'_>, threads: usize) -> Result<Vec<Turn>, Fault> {
        let Job {
            loaded,
            done: mut turns,
            todo,
        } = job;
        if todo.is_empty() && self.collectors.is_empty() {
            return Ok(turns);
        }
        let issue = self.project.take_issue(loaded)?;
        let assets = self.project.assets(&loaded.pictures)?;
        let context = Context {
            assets: &assets,
            fonts: &self.project.fonts,
            published: &[],
            files: &self.project.texts,
            attachments: &[],
            threads,
        };
        let results = in_parallel(todo.len(), threads, |index| {
            let (exporter, key) = todo.get(index)?;
            let result = self.turn(*exporter, key, loaded, &issue, &context);
            self.progress.step();
            Some(result)
        })?;
        for result in results.into_iter().flatten() {
            turns.push(result?);
        }
        let order = |turn: &Turn| {
            formats::ALL
                .iter()
                .position(|known| known.name == turn.format)
        };
        turns.sort_by_key(order);
        let published = published(self.project, loaded, &turns);
        let context = Context {
            published: &published,
            ..context
        };
        // A draft is in a trial only.
        let collectors = self.collectors.iter().filter(|_| !loaded.draft);
        for Collector { format, collect } in collectors {
            let result = guarded(format, &loaded.id, || collect.add(&context, &issue))?;
            let findings = self.found(result, format, &loaded.id, Some(loaded))?;
            turns.push(Turn {
                format,
                subject: Subject::Series,
                title: None,
                key: None,
                earlier: None,
                files: Vec::new(),
                findings,
            });
        }
        Ok(turns)
    }

    /// Lets an exporter render, and stages what it made.
    fn turn(
        &self,
        exporter: &dyn Export,
        key: &Hash,
        loaded: &LoadedIssue,
        issue: &Issue,
        context: &Context<'_>,
    ) -> Result<Turn, Fault> {
        let format = exporter.name();
        let mut turn = Turn {
            format,
            subject: Subject::Issue(loaded.id.clone()),
            title: None,
            key: Some(key.clone()),
            earlier: None,
            files: Vec::new(),
            findings: Vec::new(),
        };
        let edition = Edition {
            series: &self.project.series,
            issues: &[issue],
        };
        let attachments = match attachments(self.project, exporter, loaded, &edition, context)? {
            Ok(attachments) => attachments,
            Err(diagnostics) => {
                turn.findings = locate_all(diagnostics, Some(loaded), self.project);
                return Ok(turn);
            }
        };
        let context = Context {
            attachments: &attachments,
            ..*context
        };
        let result = export(exporter, &loaded.id, &context, &edition)?;
        (turn.files, turn.findings) = self.exported(result, format, &loaded.id, Some(loaded))?;
        Ok(turn)
    }

    /// Binds a book, and lets its format render it.
    fn book(&self, job: &BookJob<'_>, threads: usize) -> Result<Turn, Fault> {
        if let Some(turn) = remembered(self.project, job.subject(), job.format(), &job.key) {
            return Ok(turn);
        }
        let bound = job.bind(self.project)?;
        let assets = self.project.assets(job.pictures())?;
        let context = Context {
            assets: &assets,
            fonts: &self.project.fonts,
            published: &[],
            files: &self.project.texts,
            attachments: &[],
            threads,
        };
        let edition = Edition {
            series: &self.project.series,
            issues: &[&bound],
        };
        let exported = export(job.exporter, &bound.id, &context, &edition)?;
        let (files, findings) = self.exported(exported, job.format(), &bound.id, None)?;
        Ok(Turn {
            format: job.format(),
            subject: job.subject(),
            title: Some(bound.title),
            key: Some(job.key.clone()),
            earlier: None,
            files,
            findings,
        })
    }

    /// Makes the files of the series.
    fn finish(
        &self,
        collector: Collector<'_>,
        turns: &[Turn],
        threads: usize,
    ) -> Result<Turn, Fault> {
        let Collector { format, collect } = collector;
        let assets = self.project.assets([])?;
        let published = self.published_books(turns);
        let context = Context {
            assets: &assets,
            fonts: &self.project.fonts,
            published: &published,
            files: &self.project.texts,
            attachments: &[],
            threads,
        };
        let mut files = Vec::new();
        let mut fault = None;
        let mut sink = |artifact: Artifact| match self.put(&artifact, format) {
            Ok(made) => {
                files.push(made);
                Ok(())
            }
            Err(reason) => {
                fault = Some(reason);
                let message = "a file could not be staged".to_owned();
                Err(ExportError::Internal(message))
            }
        };
        let result = guarded(format, THE_SERIES, || collect.finish(&context, &mut sink))?;
        if let Some(fault) = fault {
            return Err(fault);
        }
        let findings = self.found(result, format, THE_SERIES, None)?;
        Ok(Turn {
            format,
            subject: Subject::Series,
            title: None,
            key: None,
            earlier: None,
            files,
            findings,
        })
    }

    /// Stages what an exporter made, and places what it found.
    fn exported(
        &self,
        result: Result<Exported, ExportError>,
        format: &'static str,
        subject: &str,
        loaded: Option<&LoadedIssue>,
    ) -> Result<(Vec<Made>, Vec<Finding>), Fault> {
        let mut files = Vec::new();
        let warnings = match result {
            Ok(exported) => {
                for artifact in exported.artifacts {
                    files.push(self.put(&artifact, format)?);
                }
                Ok(exported.warnings)
            }
            Err(error) => Err(error),
        };
        Ok((files, self.found(warnings, format, subject, loaded)?))
    }

    /// What an exporter found, in its place. What the curator cannot mend is a fault.
    fn found(
        &self,
        result: Result<Vec<Diagnostic>, ExportError>,
        format: &str,
        subject: &str,
        loaded: Option<&LoadedIssue>,
    ) -> Result<Vec<Finding>, Fault> {
        let diagnostics = match result {
            Ok(mut warnings) => {
                self.project.series.check.apply(&mut warnings);
                warnings
            }
            Err(error) => input_of(error, format, subject, &self.project.destination)?,
        };
        Ok(locate_all(diagnostics, loaded, self.project))
    }

    /// Stages a file.
    fn put(&self, artifact: &Artifact, format: &'static str) -> Result<Made, Fault> {
        Ok(Made {
            format,
            shown: self.project.destination.show(&artifact.path),
            hash: self.stage.put(artifact)?,
            path: artifact.path.clone(),
            media_type: artifact.media_type,
            bytes: artifact.data.len() as u64,
            pages: artifact.pages,
            notes: artifact.notes.clone(),
            listed: artifact.listed,
        })
    }

    /// The books that readers may be sent to: those of this build and of earlier ones.
    fn published_books(&self, turns: &[Turn]) -> Vec<Published> {
        let published = |format, title: &Option<String>, files: &[Made]| {
            let title = title.clone();
            let files = files.iter().filter(|made| made.listed);
            files
                .map(|made| Published {
                    issue: None,
                    title: title.clone(),
                    format,
                    path: made.path.clone(),
                    media_type: made.media_type,
                    bytes: made.bytes,
                })
                .collect::<Vec<_>>()
        };
        let mut books = Vec::new();
        let is_book = |turn: &&Turn| matches!(turn.subject, Subject::Book(_));
        for turn in turns.iter().filter(is_book) {
            books.extend(published(turn.format, &turn.title, &turn.files));
        }
        let out = &self.project.destination.folder;
        for (id, records) in &self.project.state.books {
            for format in formats::ALL {
                let subject = Subject::Book(id.clone());
                let is_made = |turn: &Turn| turn.subject == subject && turn.format == format.name;
                let Some(record) = records
                    .get(format.name)
                    .filter(|_| !turns.iter().any(is_made))
                else {
                    continue;
                };
                let show = |path: &RelativePath| self.project.destination.show(path);
                let files = record.files.iter().filter(|file| file.is_intact(out));
                let files: Vec<Made> = files
                    .filter_map(|file| file.to_made(format.name, show))
                    .collect();
                books.extend(published(format.name, &record.title, &files));
            }
        }
        books.sort_by(|one, other| one.path.cmp(&other.path));
        books
    }
}

pub(crate) fn input_of(
    error: ExportError,
    format: &str,
    subject: &str,
    destination: &Destination,
) -> Result<Vec<Diagnostic>, Fault> {
    match error {
        ExportError::Input(diagnostics) => Ok(diagnostics),
        ExportError::Internal(message) => {
            Err(Fault::Bug(format!("{format} of {subject}: {message}")))
        }
        ExportError::System(error) => Err(Fault::io("write to", &destination.folder, &error)),
    }
}

impl Rendered {
    /// What was found while rendering.
    pub(crate) fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.turns.iter().flat_map(|turn| &turn.findings)
    }

    /// The files that were made.
    pub(crate) fn files(&self) -> impl Iterator<Item = &Made> {
        self.turns.iter().flat_map(|turn| &turn.files)
    }

    pub(crate) fn has_errors(&self) -> bool {
        self.findings()
            .any(|finding| finding.diagnostic.severity == offprint_core::Severity::Error)
    }
}

/// The files of an issue that readers may be sent to: those of this build, and of formats
/// that it leaves alone, those of earlier builds.
fn published(project: &Project, loaded: &LoadedIssue, turns: &[Turn]) -> Vec<Published> {
    let out = &project.destination.folder;
    let mut published = Vec::new();
    for format in formats::ALL {
        let made = turns
            .iter()
            .filter(|turn| turn.format == format.name)
            .flat_map(|turn| &turn.files)
            .filter(|made| made.listed)
            .map(|made| (made.path.clone(), made.media_type, made.bytes));
        let mut files: Vec<(RelativePath, &'static str, u64)> = made.collect();
        if files.is_empty()
            && let Some((ending, media_type)) = format.per_issue
            && let Ok(path) = RelativePath::new(format!("{id}/{id}.{ending}", id = loaded.id))
            && let Some(bytes) = length_of(out, &path)
        {
            files.push((path, media_type, bytes));
        }
        published.extend(
            files
                .into_iter()
                .map(|(path, media_type, bytes)| Published {
                    issue: Some(loaded.id.clone()),
                    title: None,
                    format: format.name,
                    path,
                    media_type,
                    bytes,
                }),
        );
    }
    published
}

/// Lets an exporter render.
pub(crate) fn export(
    exporter: &dyn Export,
    subject: &str,
    context: &Context<'_>,
    edition: &Edition<'_>,
) -> Result<Result<Exported, ExportError>, Fault> {
    guarded(exporter.name(), subject, || {
        exporter.export(context, edition)
    })
}

/// Runs what an exporter does; a panic is a fault of ours.
fn guarded<T>(format: &str, subject: &str, work: impl FnOnce() -> T) -> Result<T, Fault> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        Fault::Bug(format!(
            "{format} of {subject}: {}",
            panic_message(panic.as_ref())
        ))
    })
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
    use crate::project;
    use crate::roots::{Kind, Root};
    use offprint_core::Source;
    use std::path::Path;

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

    /// A lone issue, and a format that does what `fake` says.
    fn project(root: &Path, fake: fn() -> Result<Exported, ExportError>) -> Project {
        let file = root.join("a.md");
        let text = "---\ntitle: 题 ⟟\ndate: 2020-11-02\nlang: zh-CN\n---\n\n导读。\n";
        std::fs::write(&file, text).unwrap();
        let root = Root {
            folder: root.to_owned(),
            kind: Kind::Lone { files: vec![file] },
        };
        let out = root.folder.join("public");
        let mut project = project::open(&root, &[], &[], Some(&out)).unwrap();
        project.exporters = vec![(&formats::ALL[0], Box::new(Fake(fake)))];
        project.read_issues(1);
        project
    }

    fn rendered(project: &Project) -> Result<Rendered, Fault> {
        render(project, plan(project)?, 2, &Progress::hidden())
    }

    #[test]
    fn a_panic_of_an_exporter_is_a_bug_that_leaves_no_file() {
        let root = tempfile::tempdir().unwrap();
        let project = project(root.path(), || panic!("ouch"));
        let fault = rendered(&project).unwrap_err();
        assert!(
            matches!(&fault, Fault::Bug(message) if message == "fake of a: ouch"),
            "{fault:?}"
        );
        assert_eq!(fault.exit_code(), 70);
        assert!(!project.destination.folder.exists());
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
        let rendered = rendered(&project(root.path(), lacking)).unwrap();
        assert!(rendered.has_errors());
        let finding = rendered.findings().next().unwrap();
        let place = finding.diagnostic.place.as_ref().unwrap();
        assert_eq!(place.line_column(), (2, 10));
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
        let mut project = project(root.path(), lacking);
        project.settings = Some(Source::new("offprint.toml", "[series]\ntitle = \"ꦀ\"\n"));
        let rendered = rendered(&project).unwrap();
        let finding = rendered.findings().next().unwrap();
        let place = finding.diagnostic.place.as_ref().unwrap();
        assert_eq!(place.source.name, "offprint.toml");
        assert_eq!(place.line_column(), (2, 10));
    }
}
