//! `offprint.lock`: what a series has published, and under which identifiers.
//!
//! Feed readers know an item by its identifier alone. One that changes (a file is renamed,
//! the series moves to another address) brings the item to every reader a second time. So
//! what a build published is written down, in a file that is kept in version control; a
//! recorded identifier wins over a computed one, and what would change one is an error.
//!
//! The file has a line for each issue and each of its papers, so that changes of two people
//! are merged line by line:
//!
//! ```text
//! offprint-lock 1
//! issue ID GUID DATE NUMBER TITLE…
//! paper ISSUE-ID NAME TITLE…
//! ```
//!
//! NAME is the paper's identifier behind that of its issue and `/paper/`; NUMBER is `-`, `12`,
//! or `3/12` with a volume. `withdrawn` stands in place of `issue` for one that is gone.
//! Issues are ordered by id, papers as they are read.

mod compare;

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;
use std::ops::Range;
use std::str::FromStr;
use std::sync::Arc;

use jiff::civil::Date;

use crate::diagnostic::{Diagnostic, Place};
use crate::load::{is_issue_id, shown};
use crate::series::Card;
use crate::source::Source;

pub use compare::Compared;

/// The file's name, in the series' root.
pub const FILE: &str = "offprint.lock";

/// The first line that is no comment.
const HEADER: &str = "offprint-lock 1";
/// What the file says of itself.
const HEAD: &str = "\
# What this series has published, and the identifiers by which feed readers know it.
# `offprint build` keeps this file; put it into version control. Where a merge stops here,
# keep the lines of both sides.
";
/// What to do about a line that nobody can have meant.
const BAD_LINE: &str =
    "take the file from version control; if it never was there, delete it and build again";
/// The most faults that are told of one file.
const MAX_FAULTS: usize = 100;

/// What was published.
#[derive(Debug, Clone, Default)]
pub struct Lock {
    /// Where it was read from, if it was.
    source: Option<Arc<Source>>,
    issues: BTreeMap<String, Record>,
}

/// An issue that was published.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Record {
    guid: String,
    date: Option<Date>,
    number: Numbered,
    title: String,
    /// In the order in which they are read.
    papers: Vec<PaperRecord>,
    /// Whether it has been said that it is gone.
    is_withdrawn: bool,
    /// Its line in the file.
    at: Range<usize>,
}

/// A paper that was published.
#[derive(Debug, Clone, PartialEq, Eq)]
struct PaperRecord {
    name: Box<str>,
    title: Box<str>,
}

/// The number that an issue gives itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Numbered {
    volume: Option<u32>,
    number: Option<u32>,
}

impl Lock {
    /// Reads the file.
    ///
    /// # Errors
    /// Every fault of it, each with its line.
    pub fn parse(source: &Arc<Source>) -> Result<Self, Vec<Diagnostic>> {
        let mut reading = Reading {
            source,
            faults: Vec::new(),
            issues: BTreeMap::new(),
            papers: Vec::new(),
            header: Header::Awaited,
        };
        let mut at = 0;
        for line in source.text.split_inclusive('\n') {
            let bare = line.trim_end_matches(['\n', '\r']);
            reading.line(bare, at..at + bare.len());
            at += line.len();
        }
        reading.finish()
    }

    /// The identifier under which an issue was published. It stays, whatever the series'
    /// address or the issue's date have become.
    #[must_use]
    pub fn guid_of(&self, issue_id: &str) -> Option<&str> {
        self.issues.get(issue_id).map(|record| record.guid.as_str())
    }

    /// Takes down the issues of a series, drafts excepted. What is gone is withdrawn, but its
    /// identifier is kept. `is_whole` tells whether every issue of the series could be read:
    /// else none is taken to be gone.
    pub fn record(&mut self, cards: &[Card], is_whole: bool) {
        if is_whole {
            for record in self.issues.values_mut() {
                record.is_withdrawn = true;
            }
        }
        for card in cards {
            if card.draft {
                if let Some(record) = self.issues.get_mut(&card.id) {
                    record.is_withdrawn = true;
                }
                continue;
            }
            let guid = self.guid_of(&card.id).unwrap_or(&card.guid).to_owned();
            let papers = card.papers.iter().map(|paper| PaperRecord {
                name: paper.name.clone(),
                title: paper.title.clone(),
            });
            let record = Record {
                guid,
                date: Some(card.date.date()),
                number: Numbered {
                    volume: card.volume,
                    number: card.number,
                },
                title: card.title.clone(),
                papers: papers.collect(),
                is_withdrawn: false,
                at: 0..0,
            };
            self.issues.insert(card.id.clone(), record);
        }
        // Places are those of the text that was read.
        self.source = None;
    }

    /// The file's text.
    #[must_use]
    pub fn render(&self) -> String {
        let mut text = format!("{HEAD}{HEADER}\n");
        for (id, record) in &self.issues {
            let word = if record.is_withdrawn {
                "withdrawn"
            } else {
                "issue"
            };
            let date = record
                .date
                .map_or_else(|| "-".to_owned(), |date| date.to_string());
            let title = one_line(&record.title);
            let _ = writeln!(
                text,
                "{word} {id} {} {date} {} {title}",
                record.guid,
                record.number.written()
            );
            for paper in &record.papers {
                text.push_str("paper ");
                text.push_str(id);
                text.push(' ');
                text.push_str(&paper.name);
                text.push(' ');
                text.push_str(&one_line(&paper.title));
                text.push('\n');
            }
        }
        text
    }
}

/// A title, which the loader gives without line ends; who calls the library may not.
fn one_line(title: &str) -> std::borrow::Cow<'_, str> {
    if title.contains(['\n', '\r']) {
        title.replace(['\n', '\r'], " ").into()
    } else {
        title.into()
    }
}

impl Numbered {
    fn written(self) -> String {
        let number = self
            .number
            .map_or_else(|| "-".to_owned(), |number| number.to_string());
        match self.volume {
            Some(volume) => format!("{volume}/{number}"),
            None => number,
        }
    }
}

impl FromStr for Numbered {
    type Err = ();

    fn from_str(written: &str) -> Result<Self, ()> {
        let (volume, number) = match written.split_once('/') {
            Some((volume, number)) => (Some(volume.parse().map_err(|_| ())?), number),
            None => (None, written),
        };
        let number = match number {
            "-" => None,
            _ => Some(number.parse().map_err(|_| ())?),
        };
        Ok(Self { volume, number })
    }
}

/// A file that is being read.
struct Reading<'s> {
    source: &'s Arc<Source>,
    faults: Vec<Diagnostic>,
    issues: BTreeMap<String, Record>,
    /// Papers with the id of their issue and their line.
    papers: Vec<(&'s str, PaperRecord, Range<usize>)>,
    header: Header,
}

/// What the first line says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Header {
    /// It was not reached yet.
    Awaited,
    /// The lines are as this program writes them.
    Known,
    /// What the lines mean is not known here.
    Later,
}

impl<'s> Reading<'s> {
    fn line(&mut self, line: &'s str, at: Range<usize>) {
        if ["<<<<<<<", "|||||||", "=======", ">>>>>>>"]
            .into_iter()
            .any(|mark| line.starts_with(mark))
        {
            // The first mark of a conflict stands for the others.
            if line.starts_with('<') {
                let hint = "keep the lines of both sides, and remove the marks";
                self.fault(at, "a merge stopped here", hint);
            }
            return;
        }
        if line.trim().is_empty() || line.starts_with('#') || self.header == Header::Later {
            return;
        }
        if self.header == Header::Awaited {
            self.header = Header::Known;
            if line.trim_end() == HEADER {
                return;
            }
            if line.starts_with("offprint-lock ") {
                self.header = Header::Later;
                let hint = "use a later offprint for this series";
                self.fault(at, "this file is written by a later version", hint);
                return;
            }
            let message = format!("this should be the line `{HEADER}`");
            self.fault(at.clone(), &message, BAD_LINE);
        }
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let is_read = match word {
            "issue" | "withdrawn" => self.issue(rest, word == "withdrawn", &at),
            "paper" => self.paper(rest, &at),
            // Two sides of a merge have it twice.
            _ => line.trim_end() == HEADER,
        };
        if !is_read {
            let message = format!("`{}` is no line of this file", shown(line));
            self.fault(at, &message, BAD_LINE);
        }
    }

    /// `ID GUID DATE NUMBER TITLE…`; `false` when it is not.
    fn issue(&mut self, rest: &str, is_withdrawn: bool, at: &Range<usize>) -> bool {
        let mut words = rest.splitn(5, ' ');
        let (Some(id), Some(guid), Some(date), Some(number)) =
            (words.next(), words.next(), words.next(), words.next())
        else {
            return false;
        };
        let date = match date {
            "-" => Ok(None),
            _ => crate::check::date::day(date).map(Some),
        };
        let (Ok(date), Ok(number)) = (date, number.parse()) else {
            return false;
        };
        if !is_issue_id(id) || !is_guid(guid) {
            return false;
        }
        let record = Record {
            guid: guid.to_owned(),
            date,
            number,
            title: words.next().unwrap_or_default().to_owned(),
            papers: Vec::new(),
            is_withdrawn,
            at: at.clone(),
        };
        match self.issues.get_mut(id) {
            None => {
                self.issues.insert(id.to_owned(), record);
            }
            Some(first) if first.guid == record.guid => {
                first.is_withdrawn &= is_withdrawn;
            }
            Some(first) => {
                let message = format!("the issue `{id}` has two identifiers");
                let hint = format!(
                    "keep the line whose identifier was published first; the other is `{}`",
                    shown(&first.guid)
                );
                self.fault(at.clone(), &message, &hint);
            }
        }
        true
    }

    /// `ISSUE-ID NAME TITLE…`; `false` when it is not.
    fn paper(&mut self, rest: &'s str, at: &Range<usize>) -> bool {
        let mut words = rest.splitn(3, ' ');
        let (Some(issue), Some(name)) = (words.next(), words.next()) else {
            return false;
        };
        if !is_issue_id(issue) || !is_guid(name) {
            return false;
        }
        let record = PaperRecord {
            name: name.into(),
            title: words.next().unwrap_or_default().into(),
        };
        self.papers.push((issue, record, at.clone()));
        true
    }

    fn fault(&mut self, at: Range<usize>, message: &str, hint: &str) {
        let diagnostic = Diagnostic::error("bad-lock", message)
            .at(Place::new(self.source, at))
            .hint(hint);
        self.faults.push(diagnostic);
    }

    fn finish(mut self) -> Result<Lock, Vec<Diagnostic>> {
        // Lines of two sides of a merge may name a paper twice.
        let mut known: BTreeMap<&str, HashSet<Box<str>>> = BTreeMap::new();
        for (issue, paper, at) in std::mem::take(&mut self.papers) {
            if let Some(record) = self.issues.get_mut(issue) {
                if known.entry(issue).or_default().insert(paper.name.clone()) {
                    record.papers.push(paper);
                }
            } else if self.header == Header::Known {
                let message = format!("there is no line of the issue `{issue}`");
                self.fault(at, &message, BAD_LINE);
            }
        }
        if self.header == Header::Awaited && self.faults.is_empty() {
            let message = format!("the line `{HEADER}` is missing");
            self.fault(0..0, &message, BAD_LINE);
        }
        if self.faults.is_empty() {
            return Ok(Lock {
                source: Some(Arc::clone(self.source)),
                issues: self.issues,
            });
        }
        let more = self.faults.len().saturating_sub(MAX_FAULTS);
        self.faults.truncate(MAX_FAULTS);
        if more > 0
            && let Some(last) = self.faults.pop()
        {
            self.faults
                .push(last.hint(format!("{more} more faults of this file are left out")));
        }
        Err(self.faults)
    }
}

/// Whether a text may be an identifier: signs of ASCII without blanks (RFC 3986).
fn is_guid(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests;
