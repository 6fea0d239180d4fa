//! Books of several issues: a year of the series, or any span of days.

use std::collections::BTreeSet;

use jiff::civil::Date;
use offprint_core::book::{Span, bind};
use offprint_core::{Export, Issue, Scope};

use crate::build::{Subject, exporters, key_of};
use crate::fault::Fault;
use crate::project::{LoadedIssue, Project};
use crate::state::{Hash, Hasher};

/// A book that a format is to make.
pub(crate) struct BookJob<'a> {
    pub(crate) exporter: &'a dyn Export,
    /// The hash of everything that it is made from.
    pub(crate) key: Hash,
    span: Span,
    /// The oldest first.
    issues: Vec<&'a LoadedIssue>,
}

impl<'a> BookJob<'a> {
    fn new(project: &'a Project, exporter: &'a dyn Export, span: Span, settings: &Hash) -> Self {
        let issues = choose(project, span);
        let mut hasher = Hasher::default().with(span.id());
        for loaded in &issues {
            hasher = hasher.with_hash(&key_of(project, loaded, exporter.name(), settings));
        }
        Self {
            exporter,
            key: hasher.finish(),
            span,
            issues,
        }
    }

    /// What its files are about.
    pub(crate) fn subject(&self) -> Subject {
        Subject::Book(self.span.id())
    }

    pub(crate) fn format(&self) -> &'static str {
        self.exporter.name()
    }

    /// The pictures that its issues name.
    pub(crate) fn pictures(&self) -> impl Iterator<Item = &String> {
        self.issues.iter().flat_map(|loaded| &loaded.pictures)
    }

    /// Reads its issues, and binds them.
    pub(crate) fn bind(&self, project: &Project) -> Result<Issue, Fault> {
        let issues: Vec<Issue> = self
            .issues
            .iter()
            .map(|loaded| project.take_issue(loaded))
            .collect::<Result<_, _>>()?;
        let issues: Vec<&Issue> = issues.iter().collect();
        bind(&project.series, &issues, self.span)
            .ok_or_else(|| Fault::Bug(format!("{} has no issues", self.span.id())))
    }
}

/// The published issues of some days, the oldest first.
pub(crate) fn choose(project: &Project, span: Span) -> Vec<&LoadedIssue> {
    let mut issues: Vec<&LoadedIssue> = project
        .issues
        .iter()
        .filter(|loaded| !loaded.draft && span.contains(loaded.date.date()))
        .collect();
    issues.sort_by(|one, other| {
        let key = |loaded: &LoadedIssue| (loaded.date.unix_seconds(), loaded.number);
        key(one)
            .cmp(&key(other))
            .then_with(|| one.id.cmp(&other.id))
    });
    issues
}

/// The years in which issues were published.
fn years(project: &Project) -> BTreeSet<i16> {
    let published = project.issues.iter().filter(|loaded| !loaded.draft);
    published.map(|loaded| loaded.date.date().year()).collect()
}

/// The books of years that the settings ask for.
pub(crate) fn of_years<'a>(project: &'a Project, settings: &Hash) -> Vec<BookJob<'a>> {
    let mut jobs = Vec::new();
    for exporter in exporters(project, Scope::Issue).filter(|exporter| exporter.binds_years()) {
        let spans = years(project).into_iter().filter_map(Span::year);
        jobs.extend(spans.map(|span| BookJob::new(project, exporter, span, settings)));
    }
    jobs
}

/// The book of some days, in all formats that were read.
pub(crate) fn of_span(project: &Project, span: Span) -> Result<Vec<BookJob<'_>>, Fault> {
    if choose(project, span).is_empty() {
        let years: Vec<String> = years(project).iter().map(i16::to_string).collect();
        let hint = if years.is_empty() {
            "the series has published no issue yet".to_owned()
        } else {
            format!("there are issues of {}", years.join(", "))
        };
        let message = format!(
            "no issue was published from {} to {}",
            span.first, span.last
        );
        return Err(Fault::usage(message, hint));
    }
    let settings = project.hash_settings().finish();
    let exporters = exporters(project, Scope::Issue);
    Ok(exporters
        .map(|exporter| BookJob::new(project, exporter, span, &settings))
        .collect())
}

/// The days that the command line names.
pub(crate) fn span_of(
    year: Option<i16>,
    from: Option<Date>,
    until: Option<Date>,
) -> Result<Span, Fault> {
    let hint = "write `offprint book 2026`, or `--from 2026-01-01 --to 2026-06-30`";
    match (year, from, until) {
        (Some(year), None, None) => {
            Span::year(year).ok_or_else(|| Fault::usage(format!("there is no year {year}"), hint))
        }
        (None, Some(first), Some(last)) if first <= last => Ok(Span { first, last }),
        (None, Some(first), Some(last)) => Err(Fault::usage(
            format!("{first} is after {last}"),
            "give the earlier day with `--from`",
        )),
        (Some(_) | None, _, _) => Err(Fault::usage(
            "a book needs a year, or a first and a last day",
            hint,
        )),
    }
}
