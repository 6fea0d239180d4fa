//! Books of several issues: a year of the series, or any span of days.

use std::collections::BTreeSet;
use std::path::PathBuf;

use offprint_core::book::{Span, bind};
use offprint_core::{Export, Issue, Scope};

use crate::args::Input;
use crate::build::{Subject, exporters, key_of};
use crate::fault::Fault;
use crate::formats::{self, Format};
use crate::project::{LoadedIssue, Project};
use crate::state::{Hash, Hasher};

/// The formats of which a book is made.
pub(crate) const FORMATS: [&str; 2] = ["epub", "pdf"];

/// What `book` was asked for.
pub(crate) struct Wish {
    pub(crate) span: Span,
    /// Where the series is.
    pub(crate) input: Input,
    pub(crate) formats: Vec<&'static Format>,
}

/// What the command line says of a book: the days in one of two ways, and where the series is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Words<'a> {
    /// The first word without a name: the year, or the path if the days are given otherwise.
    pub(crate) year: Option<&'a str>,
    pub(crate) from: Option<&'a str>,
    pub(crate) to: Option<&'a str>,
    pub(crate) path: Option<&'a str>,
    pub(crate) formats: &'a [String],
    pub(crate) font_dir: &'a [PathBuf],
}

impl Wish {
    /// Understands a command line.
    ///
    /// # Errors
    /// When it names no days, or days in two ways, or none that can be told.
    pub(crate) fn read(words: &Words<'_>) -> Result<Self, Fault> {
        let (span, path) = match (words.year, words.from, words.to, words.path) {
            (Some(year), None, None, path) => (read_year(year)?, path),
            (path, Some(from), Some(to), None) => (read_days(from, to)?, path),
            (None, None, None, _) => {
                return Err(Fault::usage(
                    "a book of which year?",
                    "write `offprint book 2026`, or `--from 2026-01 --to 2026-06`",
                ));
            }
            (_, Some(_), Some(_), Some(_)) => {
                return Err(Fault::usage(
                    "a year and `--from` both say which issues to bind",
                    "leave one of them away",
                ));
            }
            (_, Some(_), None, _) | (_, None, Some(_), _) => {
                return Err(Fault::usage(
                    "`--from` and `--to` go together",
                    "give both: `--from 2026-01 --to 2026-06`",
                ));
            }
        };
        let is_wanted = |format: &&Format| {
            FORMATS.contains(&format.name)
                && (words.formats.is_empty() || words.formats.iter().any(|it| it == format.name))
        };
        Ok(Self {
            span,
            input: Input {
                paths: vec![PathBuf::from(path.unwrap_or("."))],
                font_dir: words.font_dir.to_vec(),
            },
            formats: formats::ALL.iter().filter(is_wanted).collect(),
        })
    }
}

fn read_year(text: &str) -> Result<Span, Fault> {
    let year = text.parse().ok().filter(|year| (1..=9999).contains(year));
    year.and_then(Span::year).ok_or_else(|| {
        Fault::usage(
            format!("`{text}` is no year"),
            "write it as `2026`; the path of the series comes after it",
        )
    })
}

fn read_days(from: &str, to: &str) -> Result<Span, Fault> {
    let span = Span {
        first: read_day(from)?.first,
        last: read_day(to)?.last,
    };
    if span.first > span.last {
        return Err(Fault::usage(
            format!("{from} is after {to}"),
            "give the first day as `--from`, the last as `--to`",
        ));
    }
    Ok(span)
}

/// A day, or all days of a month or a year.
fn read_day(text: &str) -> Result<Span, Fault> {
    Span::parse(text).ok_or_else(|| {
        Fault::usage(
            format!("`{text}` is no date"),
            "write `2026-01-31`, `2026-01` or `2026`",
        )
    })
}

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
    fn new(project: &'a Project, exporter: &'a dyn Export, span: Span) -> Self {
        let settings = project.hash_for(exporter);
        let issues = choose(project, span);
        let mut hasher = Hasher::default().with(span.id());
        for loaded in &issues {
            hasher = hasher.with_hash(&key_of(project, loaded, exporter.name(), &settings));
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
pub(crate) fn of_years(project: &Project) -> Result<Vec<BookJob<'_>>, Fault> {
    let mut jobs = Vec::new();
    for exporter in exporters(project, Scope::Issue).filter(|exporter| exporter.binds_years()) {
        for span in years(project).into_iter().filter_map(Span::year) {
            check_id(project, span)?;
            jobs.push(BookJob::new(project, exporter, span));
        }
    }
    Ok(jobs)
}

/// The book of some days, in all formats that were read.
pub(crate) fn of_span(project: &Project, span: Span) -> Result<Vec<BookJob<'_>>, Fault> {
    check_id(project, span)?;
    if choose(project, span).is_empty() {
        let years: Vec<i16> = years(project).into_iter().collect();
        return Err(no_issue(span, &years));
    }
    let exporters = exporters(project, Scope::Issue);
    Ok(exporters
        .map(|exporter| BookJob::new(project, exporter, span))
        .collect())
}

/// A book lies where an issue of its id would.
fn check_id(project: &Project, span: Span) -> Result<(), Fault> {
    let id = span.id();
    if project.issues.iter().any(|loaded| loaded.id == id) {
        return Err(Fault::usage(
            format!("an issue has the id `{id}`, which the book needs"),
            "give the issue another `id`",
        ));
    }
    Ok(())
}

fn no_issue(span: Span, years: &[i16]) -> Fault {
    let Span { first, last } = span;
    let message = format!("no issue appeared from {first} to {last}");
    match years {
        [] => Fault::usage(message, "the series has none but drafts"),
        [year] => Fault::usage(message, format!("all are of {year}")),
        [first, .., last] => {
            let span = i32::from(*last) - i32::from(*first) + 1;
            // A run is told by its ends.
            let told = if usize::try_from(span).is_ok_and(|span| span == years.len()) {
                format!("{first} to {last}")
            } else {
                let years: Vec<String> = years.iter().map(ToString::to_string).collect();
                years.join(", ")
            };
            Fault::usage(message, format!("there are issues of {told}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn read(year: Option<&str>, from: Option<&str>, to: Option<&str>) -> Result<Wish, String> {
        let words = Words {
            year,
            from,
            to,
            path: None,
            formats: &[],
            font_dir: &[],
        };
        Wish::read(&words).map_err(|fault| match fault {
            Fault::Usage(words) => words.message,
            Fault::Machine(words) => panic!("{}", words.message),
            Fault::Bug(message) => panic!("{message}"),
        })
    }

    #[test]
    fn days_are_given_by_a_year_or_by_their_ends() {
        let wish = read(Some("2026"), None, None).unwrap();
        assert_eq!(Some(wish.span), Span::year(2026));
        assert_eq!(wish.input.paths, [PathBuf::from(".")]);
        let names: Vec<&str> = wish.formats.iter().map(|format| format.name).collect();
        assert_eq!(names, FORMATS);

        let wish = read(Some("notes"), Some("2024-02"), Some("2024-02")).unwrap();
        let leap = Span {
            first: date(2024, 2, 1),
            last: date(2024, 2, 29),
        };
        assert_eq!(wish.span, leap);
        assert_eq!(wish.input.paths, [PathBuf::from("notes")]);
        let wish = read(None, Some("2025"), Some("2026-01-15")).unwrap();
        assert_eq!(
            (wish.span.first, wish.span.last),
            (date(2025, 1, 1), date(2026, 1, 15))
        );
    }

    #[test]
    fn what_is_no_span_is_said() {
        let said = |year, from, to| read(year, from, to).err().unwrap();
        assert_eq!(said(None, None, None), "a book of which year?");
        assert_eq!(said(Some("notes"), None, None), "`notes` is no year");
        assert_eq!(said(Some("99999"), None, None), "`99999` is no year");
        assert_eq!(
            said(None, Some("2026"), None),
            "`--from` and `--to` go together"
        );
        assert_eq!(
            said(None, Some("2026-02"), Some("2026-01")),
            "2026-02 is after 2026-01"
        );
        for bad in ["", "x", "2026-13", "2026-02-30", "2026-1-1-1", "2026-300"] {
            assert_eq!(
                said(None, Some(bad), Some("2027")),
                format!("`{bad}` is no date")
            );
        }
    }

    #[test]
    fn the_years_that_there_are_are_named() {
        let hint = |years: &[i16]| match no_issue(Span::year(1999).unwrap(), years) {
            Fault::Usage(words) => words.hint.unwrap(),
            Fault::Machine(_) | Fault::Bug(_) => panic!("a usage fault"),
        };
        assert_eq!(hint(&[]), "the series has none but drafts");
        assert_eq!(hint(&[2026]), "all are of 2026");
        assert_eq!(
            hint(&[2024, 2025, 2026]),
            "there are issues of 2024 to 2026"
        );
        assert_eq!(hint(&[2020, 2026]), "there are issues of 2020, 2026");
    }
}
