//! What a project remembers from build to build: what was made of what, and what was
//! published under which identifier.

use std::collections::{BTreeMap, BTreeSet};

use offprint_core::fields::{Node, NodeValue};
use offprint_core::lock::{self, Lock};
use offprint_core::{Diagnostic, Export, RelativePath, Scope, Severity, parallel};

use super::issues::read_issue;
use super::{Finding, Project, source_of};
use crate::build::{Made, Subject};
use crate::emit::replace;
use crate::fault::explain;
use crate::formats;
use crate::read::{ReadError, read_inside};
use crate::roots::{SERIES_FILE, shown};
use crate::state::{Hash, Hasher, Picture, Record, State, Texts};

/// The most bytes of a lock file: some million papers.
const MAX_LOCK: usize = 256 * 1024 * 1024;

impl Project {
    /// Reads what was published under which identifier; a series that was never built has
    /// nothing of the kind.
    pub(super) fn read_lock(&mut self) {
        let path = self.root.join(lock::FILE);
        match read_inside(&self.root, lock::FILE, MAX_LOCK) {
            Err(ReadError::Missing(_)) => {}
            read => match source_of(&path, read) {
                Err(finding) => self.findings.push(*finding),
                Ok((_, findings)) if !findings.is_empty() => self.findings.extend(findings),
                Ok((source, _)) => match Lock::parse(&source) {
                    Ok(lock) => {
                        self.lock = lock;
                        self.lock_text.clone_from(&source.text);
                    }
                    Err(diagnostics) => {
                        self.findings
                            .extend(diagnostics.into_iter().map(Finding::from));
                    }
                },
            },
        }
    }

    /// The hash of everything that a build reads, `of_files` being those of the issue files;
    /// `None` when one of them is not known or a picture cannot be read.
    fn hash_inputs(
        &self,
        of_files: Vec<Option<Hash>>,
        pictures: &BTreeMap<String, Picture>,
        bibliographies: &BTreeMap<String, Hash>,
        lock: &str,
    ) -> Option<Hash> {
        let mut hasher = self.hash_settings().with(lock);
        for (format, _) in &self.exporters {
            hasher = hasher.with(format.name);
        }
        for ((file, is_wanted), hash) in self.files.iter().zip(of_files) {
            let path = self.path_of(file);
            hasher = hasher
                .with(path)
                .with([u8::from(*is_wanted)])
                .with_hash(&hash?);
        }
        for src in pictures.keys() {
            hasher = hasher.with(src).with_hash(&self.images.picture(src)?.hash);
        }
        for (path, hash) in bibliographies {
            hasher = hasher.with(path).with_hash(hash);
        }
        Some(hasher.finish())
    }

    /// The hash of everything that this build read, if that is all of it.
    pub(crate) fn hash_of_read(
        &self,
        pictures: &BTreeMap<String, Picture>,
        lock: &str,
    ) -> Option<Hash> {
        let mut hashes = vec![None; self.files.len()];
        for loaded in &self.issues {
            if let Some(hash) = hashes.get_mut(loaded.file) {
                *hash = Some(loaded.hash.clone());
            }
        }
        self.hash_inputs(hashes, pictures, &self.shelf.hashes(), lock)
    }

    /// The hash of everything that a build would read now.
    fn hash_of_disk(&self, threads: usize) -> Option<Hash> {
        let hashes = parallel::in_parallel(
            self.files.len(),
            threads,
            || (),
            |(), index| {
                let (file, _) = self.files.get(index)?;
                let bytes = read_issue(&file.path, self.within(file)).ok()?;
                Some(Hash::of(&bytes))
            },
        );
        let hashes = hashes.ok()?.results;
        let hashes = hashes.into_iter().map(|(_, hash)| hash).collect();
        let bibliographies = self.shelf.hashes_of(&self.state.bibliographies)?;
        let pictures = &self.state.pictures;
        self.hash_inputs(hashes, pictures, &bibliographies, &self.lock_text)
    }

    /// Begins a hash with everything that is set for the series.
    fn hash_settings(&self) -> Hasher {
        let settings = self.settings.as_ref().map(|source| source.text.as_str());
        self.hash_files(Hasher::default().with(settings.unwrap_or_default()))
    }

    /// The hash of what a format makes of any issue depends on beside the issue: what the
    /// series says, and the format's own settings, which for one that carries files of others
    /// are those of all.
    pub(crate) fn hash_for(&self, exporter: &dyn Export) -> Hash {
        let mut hasher = Hasher::default();
        hasher = hasher.with(serde_json::to_vec(&self.series).unwrap_or_default());
        for format in formats::ALL {
            if format.name == exporter.name() || !exporter.attachments().is_empty() {
                hasher = hasher.with(format.table);
                if let Some(node) = self.series.settings.get(format.table) {
                    hasher = hash_node(node, hasher);
                }
            }
        }
        self.hash_files(hasher).finish()
    }

    /// Goes on with the fonts, texts and pictures that are set for the series.
    fn hash_files(&self, mut hasher: Hasher) -> Hasher {
        for (name, font) in &self.fonts {
            let index = font.index.map_or(-1, i64::from).to_le_bytes();
            hasher = hasher.with(name).with(index).with(&font.data);
        }
        for (path, source) in &self.texts {
            hasher = hasher.with(path).with(&source.text);
        }
        for (src, asset) in &self.pictures {
            hasher = hasher.with(src).with(&asset.data);
        }
        hasher
    }

    /// Whether everything is as the last build read it and left it.
    pub(crate) fn is_unchanged(&self, threads: usize) -> bool {
        let Some(whole) = &self.state.whole else {
            return false;
        };
        let has_errors = self
            .findings
            .iter()
            .any(|finding| finding.diagnostic.severity == Severity::Error);
        !has_errors
            && self.state.is_intact(&self.destination.folder)
            && self
                .hash_of_disk(threads)
                .is_some_and(|key| key == whole.key)
    }

    /// Tells of an unchanged project what was found when it was read.
    pub(crate) fn restore_findings(&mut self) {
        let mut texts = Texts::of(&self.root);
        let stored = self.state.whole.iter().flat_map(|whole| &whole.findings);
        self.findings = stored.map(|finding| texts.restore(finding)).collect();
    }

    /// The files that the last build left.
    pub(crate) fn remembered_files(&self) -> Vec<Made> {
        let show = |path: &RelativePath| self.destination.show(path);
        let mut made = Vec::new();
        for format in formats::ALL {
            let books = self.state.books.values();
            for records in self.state.issues.values().chain(books) {
                let files = records
                    .get(format.name)
                    .into_iter()
                    .flat_map(|record| &record.files);
                made.extend(files.filter_map(|file| file.to_made(format.name, show)));
            }
            let shared = self.state.shared.get(format.name).into_iter().flatten();
            made.extend(shared.filter_map(|file| file.to_made(format.name, show)));
        }
        made
    }

    /// What a build remembers of earlier ones, without what `made` makes anew.
    pub(crate) fn remaining_state(&self, made: &BTreeSet<(&Subject, &str)>) -> State {
        let out = &self.destination.folder;
        let mut state = self.state.without_files();
        let published: BTreeSet<&str> = self
            .issues
            .iter()
            .filter(|loaded| !loaded.draft)
            .map(|loaded| loaded.id.as_str())
            .collect();
        let remaining = |subject: &Subject, records: &BTreeMap<String, Record>| {
            let records: BTreeMap<String, Record> = records
                .iter()
                .filter(|(format, record)| {
                    !made.contains(&(subject, format.as_str()))
                        && record.files.iter().all(|file| file.is_intact(out))
                })
                .map(|(format, record)| (format.clone(), record.clone()))
                .collect();
            Some(records).filter(|records| !records.is_empty())
        };
        for (id, records) in &self.state.issues {
            if self.is_series && self.is_whole && !published.contains(id.as_str()) {
                continue;
            }
            let records = remaining(&Subject::Issue(id.clone()), records);
            state
                .issues
                .extend(records.map(|records| (id.clone(), records)));
        }
        for (id, records) in &self.state.books {
            let records = remaining(&Subject::Book(id.clone()), records);
            state
                .books
                .extend(records.map(|records| (id.clone(), records)));
        }
        for (format, files) in &self.state.shared {
            if !made.contains(&(&Subject::Series, format.as_str())) {
                state.shared.insert(format.clone(), files.clone());
            }
        }
        state
    }

    /// The record of what is published when this build is done.
    pub(crate) fn next_lock(&self) -> String {
        let makes_feeds = self
            .exporters
            .iter()
            .any(|(_, exporter)| exporter.scope() == Scope::Series);
        if !self.is_series || !makes_feeds {
            return self.lock_text.clone();
        }
        let mut lock = self.lock.clone();
        lock.record(&self.cards, self.is_whole);
        lock.render()
    }

    /// Writes the record of what is published, if it says something new. A folder that
    /// nobody may write to is none to lose what was made for.
    pub(crate) fn write_lock(&self, text: &str) -> Option<Finding> {
        if text == self.lock_text {
            return None;
        }
        let path = self.root.join(lock::FILE);
        let error = replace(&path, text.as_bytes()).err()?;
        let (reason, _) = explain(&error);
        let diagnostic = Diagnostic::warning(
            "lock-not-written",
            format!("what was published is not recorded: {reason}"),
        )
        .hint("build where the series' folder can be written to, and keep the file in version control");
        Some(Finding {
            diagnostic,
            file: Some(shown(&path)),
        })
    }

    /// Issue files by the names that messages give them, and what else messages are about.
    pub(crate) fn names(&self) -> BTreeMap<String, String> {
        let issues = self
            .files
            .iter()
            .map(|(file, _)| (shown(&file.path), self.path_of(file)));
        let settings = self.settings.iter();
        let settings = settings.map(|source| (source.name.clone(), SERIES_FILE.to_owned()));
        let texts = self.texts.iter();
        let texts = texts.map(|(path, source)| (source.name.clone(), path.clone()));
        let bibliographies = self.shelf.names();
        issues
            .chain(settings)
            .chain(texts)
            .chain(bibliographies)
            .collect()
    }
}

/// Goes on with a value, wherever it stands in its file.
fn hash_node(node: &Node, hasher: Hasher) -> Hasher {
    match &node.value {
        NodeValue::Null => hasher.with("null"),
        NodeValue::Bool(value) => hasher.with(if *value { "true" } else { "false" }),
        NodeValue::Integer(value) => hasher.with("integer").with(value.to_le_bytes()),
        NodeValue::Float(value) => hasher.with("float").with(value.to_le_bytes()),
        NodeValue::Text(value) => hasher.with("text").with(value),
        NodeValue::List(values) => {
            let hasher = hasher.with("list").with(values.len().to_le_bytes());
            values
                .iter()
                .fold(hasher, |hasher, value| hash_node(value, hasher))
        }
        NodeValue::Table(entries) => {
            let hasher = hasher.with("table").with(entries.len().to_le_bytes());
            entries.iter().fold(hasher, |hasher, entry| {
                hash_node(&entry.value, hasher.with(&entry.key))
            })
        }
    }
}
