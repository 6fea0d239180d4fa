//! What a build has to do: what is to be made, and what earlier builds made of the same
//! things.

use offprint_core::{Export, RelativePath, Scope};

use super::{Subject, Turn, exporters};
use crate::book::{self, BookJob};
use crate::fault::Fault;
use crate::project::{LoadedIssue, Project};
use crate::state::{Hash, Hasher, Texts};

/// An issue's turn with all formats.
pub(super) struct Job<'a> {
    pub(super) loaded: &'a LoadedIssue,
    /// What earlier builds made, and is as it should be.
    pub(super) done: Vec<Turn>,
    /// What is to be made, with the hash of what it is made from.
    pub(super) todo: Vec<(&'a dyn Export, Hash)>,
}

/// What is to be done.
pub(crate) struct Plan<'a> {
    pub(super) jobs: Vec<Job<'a>>,
    pub(super) books: Vec<BookJob<'a>>,
    /// Whether it is all that there is to do.
    pub(super) is_whole: bool,
    /// Whether nothing of it is to be kept.
    pub(super) is_trial: bool,
}

impl<'a> Plan<'a> {
    /// Nothing but books.
    pub(crate) fn of_books(books: Vec<BookJob<'a>>) -> Self {
        Self {
            jobs: Vec::new(),
            books,
            is_whole: false,
            is_trial: false,
        }
    }

    /// Everything that is made issue by issue, drafts too, to see what is found.
    pub(crate) fn trial(project: &'a Project) -> Self {
        let jobs = project.wanted().map(|loaded| Job {
            loaded,
            done: Vec::new(),
            todo: exporters(project, Scope::Issue)
                .map(|exporter| {
                    let key = key_of(project, loaded, exporter.name(), &Hash::of(&[]));
                    (exporter, key)
                })
                .collect(),
        });
        Self {
            jobs: jobs.collect(),
            books: Vec::new(),
            is_whole: false,
            is_trial: true,
        }
    }

    /// How many exporter's turns there are.
    pub(crate) fn count(&self) -> usize {
        let of_issues: usize = self.jobs.iter().map(|job| job.todo.len()).sum();
        of_issues + self.books.len()
    }

    /// How many issues have a file that is to be made.
    pub(crate) fn count_issues(&self) -> usize {
        self.jobs.iter().filter(|job| !job.todo.is_empty()).count()
    }
}

/// Compares a project with what earlier builds left.
pub(crate) fn plan(project: &Project) -> Result<Plan<'_>, Fault> {
    let settings: Vec<(&dyn Export, Hash)> = exporters(project, Scope::Issue)
        .map(|exporter| (exporter, project.hash_for(exporter)))
        .collect();
    let has_series_formats = exporters(project, Scope::Series).next().is_some();
    let published = project.issues.iter().filter(|loaded| !loaded.draft);
    let jobs = published
        .filter(|loaded| loaded.wanted || has_series_formats)
        .map(|loaded| {
            let mut job = Job {
                loaded,
                done: Vec::new(),
                todo: Vec::new(),
            };
            for (exporter, settings) in settings.iter().filter(|_| loaded.wanted) {
                let key = key_of(project, loaded, exporter.name(), settings);
                let subject = Subject::Issue(loaded.id.clone());
                match remembered(project, subject, exporter.name(), &key) {
                    Some(turn) => job.done.push(turn),
                    None => job.todo.push((*exporter, key)),
                }
            }
            job
        })
        .collect();
    Ok(Plan {
        jobs,
        books: book::of_years(project)?,
        is_whole: true,
        is_trial: false,
    })
}

/// The hash of everything that a format makes an issue's files from.
pub(crate) fn key_of(
    project: &Project,
    loaded: &LoadedIssue,
    format: &str,
    settings: &Hash,
) -> Hash {
    let number = loaded
        .number
        .map_or(String::new(), |number| number.to_string());
    let mut hasher = Hasher::default()
        .with(format)
        .with_hash(settings)
        .with(&project.series.id)
        .with(&loaded.id)
        .with(&loaded.guid)
        .with(number)
        .with_hash(&loaded.hash);
    if let Some(cited) = &loaded.cited {
        hasher = hasher.with("cited").with_hash(cited);
    }
    for src in &loaded.pictures {
        hasher = hasher.with(src);
        if let Some(picture) = project.images.picture(src) {
            hasher = hasher.with_hash(&picture.hash);
        }
    }
    hasher.finish()
}

/// What an earlier build made of the same things, if all of it is still there.
pub(super) fn remembered(
    project: &Project,
    subject: Subject,
    format: &'static str,
    key: &Hash,
) -> Option<Turn> {
    let records = match &subject {
        Subject::Issue(id) => project.state.issues.get(id)?,
        Subject::Book(id) => project.state.books.get(id)?,
        Subject::Series => return None,
    };
    let record = records.get(format)?;
    let out = &project.destination.folder;
    if record.key != *key || !record.files.iter().all(|file| file.is_intact(out)) {
        return None;
    }
    let show = |path: &RelativePath| project.destination.show(path);
    let files = record.files.iter();
    let mut texts = Texts::of(&project.root);
    Some(Turn {
        format,
        subject,
        title: record.title.clone(),
        key: Some(key.clone()),
        earlier: Some(record.clone()),
        files: files
            .map(|file| file.to_made(format, show))
            .collect::<Option<_>>()?,
        findings: record
            .findings
            .iter()
            .map(|finding| texts.restore(finding))
            .collect(),
    })
}
