//! Putting a build's files in place, and remembering what they were made from.

use super::{Committed, Rendered, Subject, Turn};
use crate::fault::Fault;
use crate::project::{Finding, Project};
use crate::state::{Hash, MadeFile, Record, StoredFinding, Whole};

impl Rendered {
    /// Puts the files in place, and remembers what they were made from. With `prune`, files
    /// that are made no longer are removed.
    pub(crate) fn commit(self, project: &Project, prune: bool) -> Result<Committed, Fault> {
        let Self {
            stage,
            turns,
            is_whole,
        } = self;
        let mut committed = Committed::default();
        let Some(stage) = stage else {
            return Ok(committed);
        };
        let lock = project.next_lock();
        let out = &project.destination.folder;
        let made = turns
            .iter()
            .map(|turn| (&turn.subject, turn.format))
            .collect();
        let mut memory = project.remaining_state(&made);
        let abandoned = memory.abandoned(&project.state, out, turns.iter().flat_map(Turn::paths));
        let removed = if prune {
            abandoned.iter().filter_map(MadeFile::path).collect()
        } else {
            memory.left_over = abandoned;
            Vec::new()
        };
        committed.left_over = memory.left_over.iter().filter_map(MadeFile::path).collect();
        let names = project.names();
        let findings: Vec<&Finding> = project
            .findings
            .iter()
            .chain(turns.iter().flat_map(|turn| &turn.findings))
            // What is gone is taken down as withdrawn now.
            .filter(|finding| finding.diagnostic.code != "vanished")
            .collect();
        let remember = || {
            for turn in &turns {
                let files = turn.files.iter().filter_map(|made| MadeFile::of(made, out));
                let record = |key: &Hash, files| {
                    let findings = turn.findings.iter();
                    turn.earlier.clone().unwrap_or_else(|| Record {
                        key: key.clone(),
                        title: turn.title.clone(),
                        files,
                        findings: findings
                            .map(|finding| StoredFinding::of(finding, &names))
                            .collect(),
                    })
                };
                let records = match &turn.subject {
                    Subject::Issue(id) => memory.issues.entry(id.clone()).or_default(),
                    Subject::Book(id) => memory.books.entry(id.clone()).or_default(),
                    Subject::Series => {
                        let shared = memory.shared.entry(turn.format.to_owned()).or_default();
                        shared.extend(files);
                        continue;
                    }
                };
                if let Some(key) = &turn.key {
                    records.insert(turn.format.to_owned(), record(key, files.collect()));
                }
            }
            memory.pictures = project.images.pictures();
            memory.bibliographies = project.shelf.hashes().into_keys().collect();
            let key = project.hash_of_read(&memory.pictures, &lock);
            memory.whole = key.filter(|_| is_whole).map(|key| {
                let published = || project.wanted().filter(|loaded| !loaded.draft);
                Whole {
                    key,
                    findings: findings
                        .iter()
                        .map(|finding| StoredFinding::of(finding, &names))
                        .collect(),
                    issues: published().count(),
                    papers: published().map(|loaded| loaded.papers).sum(),
                    drafts: project
                        .wanted()
                        .filter(|loaded| loaded.draft)
                        .map(|loaded| {
                            names
                                .get(&loaded.origin.name)
                                .unwrap_or(&loaded.origin.name)
                                .clone()
                        })
                        .collect(),
                }
            });
            project.memory.write(&memory);
        };
        committed.changed = stage.commit(&removed, remember)?;
        committed.removed = removed.len();
        committed.files = turns.into_iter().flat_map(|turn| turn.files).collect();
        committed.warning = project.write_lock(&lock);
        Ok(committed)
    }
}
