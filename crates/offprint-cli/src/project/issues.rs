//! The issues of a project: reading them, and what they are to each other.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use offprint_core::load::{self, Loaded};
use offprint_core::lock::Compared;
use offprint_core::series::{self, Across, Card};
use offprint_core::{Assets, Attach, Diagnostic, Issue, Place, Severity, Source, guid, parallel};

use super::{Finding, LEFT_OUT, LoadedIssue, MAX_TEXT, Origin, Project, source_of, start_of};
use crate::fault::Fault;
use crate::read::{ReadError, read_file, read_inside, slashed};
use crate::roots::{IssueFile, shown};
use crate::state::{Hash, Hasher};

/// How long issues may be together that are kept in memory, in bytes of their files. An
/// issue takes up to three times as much there. Longer series are read once more.
const KEPT: usize = 32 * 1024 * 1024;

/// What came of reading an issue's file.
struct ReadIssue {
    value: Option<(Issue, Card, Arc<Source>)>,
    hash: Hash,
    /// The bibliographies that it and the series name.
    bibliography: Vec<String>,
    /// The keys under which its papers stand in them.
    keys: Vec<String>,
    cited: Option<Hash>,
    pictures: Vec<String>,
    findings: Vec<Finding>,
}

/// An issue's file as it was read, or what keeps it from being read.
type LoadedFile = Result<(Arc<Source>, Loaded<Issue>), Vec<Finding>>;

impl Project {
    /// Reads the issues. Those that are not wanted are read for the feeds' sake: their
    /// faults leave them out, and are not told.
    pub(crate) fn read_issues(&mut self, threads: usize) {
        let this = &*self;
        let keeps_text = this
            .exporters
            .iter()
            .any(|(_, exporter)| exporter.attachments().contains(&Attach::Source));
        // With many issues every thread has some of its own.
        let (outer, inner) = if this.files.len() < 2 * threads {
            (1, threads)
        } else {
            (threads, 1)
        };
        let mut cards = Vec::new();
        let mut issues = Vec::new();
        let mut findings = Vec::new();
        let mut cited = BTreeSet::new();
        let mut books: BTreeSet<String> = this.series.bibliography.iter().cloned().collect();
        let mut room = KEPT;
        let read = |index: usize| {
            let (file, _) = this.files.get(index)?;
            Some(this.read_issue(file, inner))
        };
        parallel::in_order(0..this.files.len(), outer, read, |index, read| {
            let Some((read, (file, wanted))) = read.zip(this.files.get(index)) else {
                return;
            };
            let has_errors = read
                .findings
                .iter()
                .any(|finding| finding.diagnostic.severity == Severity::Error);
            if *wanted {
                findings.extend(read.findings);
                cited.extend(read.keys);
                books.extend(read.bibliography);
            } else if has_errors {
                let diagnostic = Diagnostic::warning(
                    LEFT_OUT,
                    "this issue has errors and is left out of the feeds",
                )
                .hint("`offprint check` tells which");
                findings.push(Finding {
                    diagnostic,
                    file: Some(shown(&file.path)),
                });
            }
            let Some((issue, card, source)) = read.value.filter(|_| *wanted || !has_errors) else {
                return;
            };
            let length = source.text.len();
            let is_kept = length <= room;
            if is_kept {
                room -= length;
            }
            let origin = if keeps_text && is_kept {
                Origin::kept(source)
            } else {
                Origin::let_go(&source, file.path.clone(), this.within(file))
            };
            issues.push(LoadedIssue {
                id: card.id.clone(),
                guid: String::new(),
                number: card.number,
                draft: card.draft,
                papers: card.papers.len(),
                date: card.date,
                origin,
                wanted: *wanted,
                hash: read.hash,
                cited: read.cited,
                pictures: read.pictures,
                file: index,
                kept: Mutex::new(is_kept.then_some(issue)),
            });
            cards.push(card);
        });
        self.is_whole = cards.len() == self.files.len();
        self.report_bibliographies(&books, &cited);
        self.findings.extend(findings);
        self.issues = issues;
        self.cards = cards;
        self.complete();
    }

    /// Tells of the bibliographies that the series names and that cannot be read, and of what is
    /// wrong with those of `paths`.
    fn report_bibliographies(&mut self, paths: &BTreeSet<String>, cited: &BTreeSet<String>) {
        let mut found = Vec::new();
        for (path, at) in &self.bibliographies {
            if let Err(unread) = self.shelf.get(path) {
                found.push(load::broken_bibliography(&unread, at.clone()));
            }
        }
        found.extend(self.shelf.diagnose(paths, cited));
        self.series.check.apply(&mut found);
        self.findings.extend(found.into_iter().map(Finding::from));
    }

    /// Tells issues their place in the series, and what is wrong across them.
    fn complete(&mut self) {
        let mut across = series::check(&self.cards, &self.series, self.is_whole);
        if let Some(now) = self.now {
            across.extend(series::check_at(&self.cards, self.is_series, now));
            across.sort_by_key(|across| (across.card, across.span.start, across.span.end));
        }
        if let Some(first) = self.cards.first().filter(|_| !self.is_series) {
            self.series.id.clone_from(&first.id);
        }
        // Issues of no series are not counted.
        if self.is_series {
            let numbers = series::numbers(&self.cards);
            for (loaded, number) in self.issues.iter_mut().zip(numbers) {
                loaded.number = Some(number);
            }
        }
        for (card, loaded) in self.cards.iter_mut().zip(&mut self.issues) {
            card.guid = match self.lock.guid_of(&card.id) {
                Some(guid) => guid.to_owned(),
                None => guid::of_issue(&self.series, &card.id, card.date.date()),
            };
            loaded.guid.clone_from(&card.guid);
        }
        if self.is_series {
            let Compared {
                across: changed,
                mut gone,
            } = self.lock.compare(&self.cards, self.is_whole);
            across.extend(changed);
            self.series.check.apply(&mut gone);
            self.findings.extend(gone.into_iter().map(Finding::from));
        }
        let mut wanted = Vec::new();
        for Across {
            card,
            span,
            diagnostic,
        } in across
        {
            let Some(loaded) = self.issues.get(card) else {
                continue;
            };
            if !loaded.wanted && diagnostic.severity != Severity::Error {
                continue;
            }
            wanted.push(match loaded.origin.source() {
                Some(source) => diagnostic.at(Place::new(source, span)),
                None => diagnostic,
            });
        }
        self.series.check.apply(&mut wanted);
        self.findings.extend(wanted.into_iter().map(Finding::from));
    }

    /// What is in an issue's file, with the file's hash.
    fn load_issue(&self, file: &IssueFile, threads: usize) -> (Hash, LoadedFile) {
        let bytes = read_issue(&file.path, self.within(file));
        let hash = Hash::of(bytes.as_deref().unwrap_or_default());
        let source = match source_of(&file.path, bytes) {
            Ok((source, findings)) if findings.is_empty() => source,
            Ok((_, findings)) => return (hash, Err(findings)),
            Err(finding) => return (hash, Err(vec![*finding])),
        };
        let library = |path: &str| self.shelf.get(path);
        let (series, location) = (&self.series, &file.location);
        let loaded = load::issue_with(threads, &source, file.form, location, series, &library);
        (hash, Ok((source, loaded)))
    }

    fn read_issue(&self, file: &IssueFile, threads: usize) -> ReadIssue {
        let (hash, loaded) = self.load_issue(file, threads);
        let mut read = ReadIssue {
            value: None,
            hash,
            bibliography: Vec::new(),
            keys: Vec::new(),
            cited: None,
            pictures: Vec::new(),
            findings: Vec::new(),
        };
        let (source, loaded) = match loaded {
            Ok(loaded) => loaded,
            Err(findings) => {
                read.findings = findings;
                return read;
            }
        };
        let mut diagnostics = loaded.diagnostics;
        diagnostics.extend(self.images.diagnose(&loaded.images, &file.location.folder));
        if self.now.is_some() {
            let mut large = self.large_pictures(&loaded.images);
            self.series.check.apply(&mut large);
            diagnostics.extend(large);
        }
        diagnostics.sort_by_key(start_of);
        read.findings = diagnostics
            .into_iter()
            .map(|diagnostic| {
                let file = diagnostic.place.is_none().then(|| source.name.clone());
                Finding { diagnostic, file }
            })
            .collect();
        read.pictures = loaded.images.into_iter().map(|used| used.src).collect();
        read.pictures.sort_unstable();
        read.pictures.dedup();
        read.value = loaded.value.map(|issue| {
            (read.keys, read.cited) = cited(&issue);
            read.bibliography.clone_from(&issue.bibliography);
            let card = Card::of(&issue, &source, &loaded.places);
            (issue, card, source)
        });
        read
    }

    /// The issue itself, for the last time: it is read again if there were too many to keep.
    pub(crate) fn take_issue(&self, loaded: &LoadedIssue) -> Result<Issue, Fault> {
        let kept = loaded
            .kept
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let issue = match kept {
            Some(issue) => Some(issue),
            None => self
                .files
                .get(loaded.file)
                .map(|(file, _)| self.load_issue(file, 1))
                .filter(|(hash, _)| *hash == loaded.hash)
                .and_then(|(_, again)| again.ok()?.1.value),
        };
        let mut issue = issue.ok_or_else(|| {
            Fault::machine(
                format!("`{}` was changed while it was read", loaded.origin.name),
                Some("build again"),
            )
        })?;
        issue.number = loaded.number;
        issue.guid.clone_from(&loaded.guid);
        Ok(issue)
    }

    /// The pictures of some issues and of the series, with their bytes.
    pub(crate) fn assets<'s>(
        &self,
        pictures: impl IntoIterator<Item = &'s String>,
    ) -> Result<Assets, Fault> {
        let mut assets = self.pictures.clone();
        for src in pictures {
            if !assets.contains_key(src)
                && let Some(asset) = self.images.asset(src)?
            {
                assets.insert(src.clone(), asset);
            }
        }
        Ok(Assets::new(assets))
    }
}

/// The keys of an issue's papers, and the hash of those papers as they are with all facts that
/// bibliographies have.
fn cited(issue: &Issue) -> (Vec<String>, Option<Hash>) {
    let mut keys = Vec::new();
    let mut hasher = Hasher::default();
    for paper in issue.papers() {
        if let Some(key) = &paper.cite {
            keys.push(key.clone());
            hasher = hasher.with(serde_json::to_vec(paper).unwrap_or_default());
        }
    }
    let hash = (!keys.is_empty()).then(|| hasher.finish());
    (keys, hash)
}

/// The bytes of an issue file; a link may not lead out of `within`.
pub(super) fn read_issue(path: &Path, within: Option<&Path>) -> Result<Vec<u8>, ReadError> {
    let Some(root) = within else {
        return read_file(path, MAX_TEXT);
    };
    let relative = path.strip_prefix(root).map(slashed).unwrap_or_default();
    read_inside(root, &relative, MAX_TEXT)
}
