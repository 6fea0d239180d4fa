//! All files of the feeds, from issues that are shown one at a time.
//!
//! What an issue gives to the files is written at once and put into the spool; in memory
//! stays where it lies there, and what the order and the parting of the files need.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use jiff::civil::Date;
use offprint_core::{
    Artifact, Collect, Context, Diagnostic, ExportError, Issue, Moment, RelativePath, Section,
    Series, Severity, Spool, guid,
};

use crate::Rss;
use crate::body::{self, Written};
use crate::catalogue;
use crate::clean::Cleaner;
use crate::files;
use crate::formulas::{Formulas, OfIssue};
use crate::item::{Desk, IssueItem, PaperItem};
use crate::json;
use crate::names;
use crate::pictures::Pictures;

/// How many bytes of items are gathered before they go to the spool.
const BATCH: usize = 256 * 1024;
/// Where bytes lie in the spool.
pub(crate) type Spooled = Range<u64>;

/// Makes the feeds of a series.
pub(crate) struct Collector<'a> {
    settings: &'a Rss,
    series: &'a Series,
    spool: &'a dyn Spool,
    formulas: Formulas,
    state: Mutex<State>,
}

/// What is known of the issues so far.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) issues: Vec<Shown>,
    pub(crate) labels: Labels,
    /// Which issues and papers may be among those of the JSON feeds.
    newest_issues: Candidates,
    newest_papers: Candidates,
    pictures: BTreeMap<RelativePath, (&'static str, Spooled)>,
}

/// An issue's place in time: the newest first, as lists of issues are sorted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Age {
    seconds: std::cmp::Reverse<i64>,
    number: std::cmp::Reverse<Option<u32>>,
    id: String,
    guid: String,
}

impl Age {
    fn of(issue: &Issue) -> Self {
        Self {
            seconds: std::cmp::Reverse(issue.date.unix_seconds()),
            number: std::cmp::Reverse(issue.number),
            id: issue.id.clone(),
            guid: issue.guid.clone(),
        }
    }
}

/// What stays of an issue in memory.
#[derive(Debug)]
pub(crate) struct Shown {
    age: Age,
    pub(crate) date: Date,
    pub(crate) modified: Moment,
    pub(crate) title: String,
    /// Kept only where the series has no description of its own.
    pub(crate) summary: Option<String>,
    pub(crate) canonical: Option<String>,
    pub(crate) lang: String,
    pub(crate) rss: Option<Spooled>,
    pub(crate) json: Option<Spooled>,
    pub(crate) entry: Option<Spooled>,
    pub(crate) papers: Vec<Filed>,
    /// The first papers in JSON.
    pub(crate) json_papers: Vec<Spooled>,
    /// Labels of the papers' tags.
    pub(crate) tags: Vec<u32>,
}

/// What stays of a paper in memory.
#[derive(Debug)]
pub(crate) struct Filed {
    pub(crate) rss: Spooled,
    pub(crate) section: Option<u32>,
    pub(crate) tags: Range<u32>,
}

/// Titles of sections and tags by a number.
#[derive(Debug, Default)]
pub(crate) struct Labels {
    numbers: BTreeMap<(Kind, String, String), u32>,
    pub(crate) all: Vec<Label>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Section,
    Tag,
}

#[derive(Debug, Clone)]
pub(crate) struct Label {
    pub(crate) kind: Kind,
    pub(crate) slug: String,
    pub(crate) title: String,
}

impl Labels {
    fn section(&mut self, section: &Section, settings: &Rss) -> Option<u32> {
        let key = (Kind::Section, section.title.clone(), section.id.clone());
        if let Some(&number) = self.numbers.get(&key) {
            return Some(number);
        }
        let slug = names::of_section(section, &settings.names)?;
        self.add(key, slug)
    }

    fn tag(&mut self, tag: &str, settings: &Rss) -> Option<u32> {
        let key = (Kind::Tag, tag.to_owned(), String::new());
        if let Some(&number) = self.numbers.get(&key) {
            return Some(number);
        }
        let slug = names::of_tag(tag, &settings.names)?;
        self.add(key, slug)
    }

    fn add(&mut self, key: (Kind, String, String), slug: String) -> Option<u32> {
        let number = u32::try_from(self.all.len()).ok()?;
        self.all.push(Label {
            kind: key.0,
            slug,
            title: key.1.clone(),
        });
        self.numbers.insert(key, number);
        Some(number)
    }
}

/// The newest issues so far that together have as many items as a feed may hold.
#[derive(Debug, Default)]
struct Candidates {
    issues: BTreeMap<Age, usize>,
    items: usize,
}

impl Candidates {
    /// Whether items of an issue may be among the newest `limit`, as far as is known.
    fn admits(&mut self, age: &Age, items: usize, limit: usize) -> bool {
        self.items -= self.issues.insert(age.clone(), items).unwrap_or_default();
        self.items += items;
        while let Some(oldest) = self.issues.last_entry() {
            if self.items - oldest.get() < limit {
                break;
            }
            self.items -= oldest.remove();
        }
        self.issues.contains_key(age)
    }
}

/// Items on their way to the spool.
struct Batch<'a> {
    spool: &'a dyn Spool,
    bytes: Vec<u8>,
    /// Those in `bytes` by their place there.
    waiting: Vec<Range<usize>>,
    put: Vec<Spooled>,
}

impl<'a> Batch<'a> {
    fn new(spool: &'a dyn Spool) -> Self {
        Self {
            spool,
            bytes: Vec::new(),
            waiting: Vec::new(),
            put: Vec::new(),
        }
    }

    /// Takes an item, which `write` writes to the end of what waits.
    fn push(
        &mut self,
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), ExportError>,
    ) -> Result<(), ExportError> {
        let start = self.bytes.len();
        write(&mut self.bytes)?;
        self.waiting.push(start..self.bytes.len());
        if self.bytes.len() >= BATCH {
            self.flush()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), ExportError> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let at = self.spool.put(&self.bytes)?.start;
        self.put.extend(
            self.waiting
                .drain(..)
                .map(|item| at + item.start as u64..at + item.end as u64),
        );
        self.bytes.clear();
        Ok(())
    }

    /// Where all items lie, in the order in which they came.
    fn finish(mut self) -> Result<Vec<Spooled>, ExportError> {
        self.flush()?;
        Ok(self.put)
    }
}

impl<'a> Collector<'a> {
    pub(crate) fn new(settings: &'a Rss, series: &'a Series, spool: &'a dyn Spool) -> Self {
        Self {
            settings,
            series,
            spool,
            formulas: Formulas::default(),
            state: Mutex::default(),
        }
    }

    fn desk<'d>(&'d self, context: &Context<'d>) -> Desk<'d> {
        Desk {
            settings: self.settings,
            series: self.series,
            cleaner: Cleaner::default(),
            pictures: Pictures::new(context.assets, self.series.url.as_deref()),
            formulas: OfIssue::new(&self.formulas),
        }
    }

    fn put(&self, bytes: &[u8]) -> Result<Spooled, ExportError> {
        Ok(self.spool.put(bytes)?)
    }

    /// The papers of an issue in RSS and the first ones in JSON.
    fn put_papers(
        &self,
        desk: &Desk<'_>,
        issue: &Issue,
        text: Option<&Written>,
        in_json: usize,
    ) -> Result<(Vec<Spooled>, Vec<Spooled>), ExportError> {
        let mut rss = Batch::new(self.spool);
        let mut json = Batch::new(self.spool);
        let papers = issue
            .sections
            .iter()
            .flat_map(|section| section.papers.iter().map(move |paper| (section, paper)));
        let guids = guid::of_papers(issue);
        let mut written = String::new();
        for (place, ((section, paper), guid)) in (0..).zip(papers.zip(&guids)) {
            let item = PaperItem::new(desk, issue, section, paper, guid, place, text);
            if (place as usize) < in_json {
                json.push(|out| json::push_paper(&item, desk, out))?;
            }
            if self.settings.rss {
                written.clear();
                item.push_rss(desk, &mut written);
                rss.push(|out| {
                    out.extend_from_slice(written.as_bytes());
                    Ok(())
                })?;
            }
        }
        Ok((rss.finish()?, json.finish()?))
    }

    /// Keeps the pictures that were shown for [`Collect::finish`].
    fn keep_pictures(&self, desk: Desk<'_>) -> Result<(), ExportError> {
        for (path, png) in desk.formulas.take_fresh() {
            let spooled = self.spool.put(&png)?;
            self.locked().pictures.insert(path, ("image/png", spooled));
        }
        let pictures = desk.pictures;
        for (path, asset) in pictures.into_used() {
            if self.locked().pictures.contains_key(&path) {
                continue;
            }
            let spooled = self.spool.put(&asset.data)?;
            let media_type = asset.encoding.media_type();
            self.locked().pictures.insert(path, (media_type, spooled));
        }
        Ok(())
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Collect for Collector<'_> {
    fn add(&self, context: &Context<'_>, issue: &Issue) -> Result<Vec<Diagnostic>, ExportError> {
        let settings = self.settings;
        let desk = self.desk(context);
        let age = Age::of(issue);
        let paper_count = issue.papers().count();
        let (issue_in_json, papers_in_json) = {
            let mut state = self.locked();
            let issues = settings.json
                && settings.issues
                && state.newest_issues.admits(&age, 1, settings.limit);
            let papers = settings.json
                && settings.papers
                && state
                    .newest_papers
                    .admits(&age, paper_count, settings.limit);
            (issues, if papers { settings.limit } else { 0 })
        };

        let mut rss = None;
        let mut json = None;
        let mut text = None;
        if settings.issues && (settings.rss || issue_in_json) {
            let item = IssueItem::new(&desk, context, issue);
            if issue_in_json {
                let mut written = Vec::new();
                json::push_issue(&item, &desk, &mut written)?;
                json = Some(self.put(&written)?);
            }
            if settings.rss {
                let mut written = String::new();
                item.push_rss(&desk.cleaner, &mut written);
                rss = Some(self.put(written.as_bytes())?);
            }
            text = item.text;
        }
        let (rss_papers, json_papers) = if settings.papers && (settings.rss || papers_in_json > 0) {
            self.put_papers(&desk, issue, text.as_ref(), papers_in_json)?
        } else {
            (Vec::new(), Vec::new())
        };
        let entry = if settings.opds {
            let entry = catalogue::issue(&desk, context, issue)?;
            entry.map(|entry| self.put(entry.as_bytes())).transpose()?
        } else {
            None
        };

        let mut findings = desk.cleaner.findings();
        findings.extend(desk.formulas.findings());
        self.keep_pictures(desk)?;
        let series = self.series;
        let is_described = series.description.is_some() || series.subtitle.is_some();
        let mut shown = Shown {
            age,
            date: issue.date.date(),
            modified: issue.modified(),
            title: issue.title.clone(),
            summary: (!is_described).then(|| body::summary(issue)),
            canonical: issue.canonical.clone(),
            lang: issue.lang.as_str().to_owned(),
            rss,
            json,
            entry,
            papers: Vec::with_capacity(rss_papers.len()),
            json_papers,
            tags: Vec::new(),
        };
        let mut state = self.locked();
        let mut rss_papers = rss_papers.into_iter();
        for section in &issue.sections {
            let number = state.labels.section(section, settings);
            for (paper, rss) in section.papers.iter().zip(rss_papers.by_ref()) {
                let start = shown.tags.len() as u32;
                for tag in &paper.tags {
                    shown.tags.extend(state.labels.tag(tag, settings));
                }
                shown.papers.push(Filed {
                    rss,
                    section: number,
                    tags: start..shown.tags.len() as u32,
                });
            }
        }
        state.issues.push(shown);
        Ok(findings)
    }

    fn finish(
        self: Box<Self>,
        context: &Context<'_>,
        sink: &mut dyn FnMut(Artifact) -> Result<(), ExportError>,
    ) -> Result<Vec<Diagnostic>, ExportError> {
        let desk = self.desk(context);
        let mut state = std::mem::take(&mut *self.locked());
        state.issues.sort_by(|left, right| left.age.cmp(&right.age));
        files::write(&desk, self.spool, &state, context, sink)?;
        let mut findings = desk.cleaner.findings();
        self.keep_pictures(desk)?;
        state.pictures.append(&mut self.locked().pictures);
        for (path, (media_type, spooled)) in state.pictures {
            let mut artifact = Artifact::new(path, media_type, self.spool.get(spooled)?);
            artifact.listed = false;
            sink(artifact)?;
        }
        let has_feeds = (self.settings.rss || self.settings.json)
            && (self.settings.issues || self.settings.papers);
        if self.series.url.is_none() && has_feeds {
            findings.push(no_address());
        }
        Ok(findings)
    }
}

fn no_address() -> Diagnostic {
    let mut hint = Diagnostic::warning(
        "rss::no-address",
        "the feeds do not know where they will be published, so they hold no pictures and no books",
    )
    .hint("add `url = \"https://…/\"` to `[series]` in offprint.toml");
    hint.severity = Severity::Hint;
    hint
}

impl State {
    /// When any issue was last changed.
    pub(crate) fn modified(&self) -> Option<Moment> {
        self.issues
            .iter()
            .map(|issue| issue.modified)
            .max_by_key(|moment| moment.unix_seconds())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_issues_are_candidates_whenever_they_come() {
        let age = |day: i64| Age {
            seconds: std::cmp::Reverse(day),
            number: std::cmp::Reverse(None),
            id: String::new(),
            guid: String::new(),
        };
        let mut candidates = Candidates::default();
        assert!(candidates.admits(&age(5), 3, 4));
        assert!(candidates.admits(&age(9), 3, 4));
        assert!(candidates.admits(&age(7), 3, 4));
        // Six newer papers are known.
        assert!(!candidates.admits(&age(6), 1, 4));
        assert!(candidates.admits(&age(8), 1, 4));
        assert!(!candidates.admits(&age(7), 1, 4));
    }
}
