//! The parts of an issue: composed on their own, in parallel, and joined in order.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::Arc;

use offprint_core::parallel::in_parallel;
use offprint_core::text::{for_each_footnote, for_each_inline_footnote};
use offprint_core::{Issue, Section};

use super::{Composer, NotePlace, Places, Subject};
use crate::page::Flow;
use crate::shape::Shaper;
use crate::structure::Tree;

/// A part of an issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Masthead, contents, introduction.
    Front,
    Section(usize),
}

/// Lays out everything that an issue says, on at most this many threads.
///
/// # Errors
/// When the system gives no thread.
pub(crate) fn compose(
    shaper: &mut Shaper,
    subject: &Subject<'_>,
    places: &Places,
    threads: usize,
) -> io::Result<Flow> {
    let parts: Vec<Part> = std::iter::once(Part::Front)
        .chain((0..subject.issue.sections.len()).map(Part::Section))
        .collect();
    let owned = first_references(subject.issue, &parts);
    let book = shaper.book();
    let fresh = || Shaper::with(Arc::clone(&book));
    let shared = in_parallel(parts.len(), threads, fresh, |shaper, index| {
        let mut composer = Composer::new(shaper, subject, places);
        let own = owned.get(index).into_iter().flatten();
        composer.notes = own.map(|&note| (note, NotePlace::Nowhere)).collect();
        match parts.get(index) {
            Some(Part::Section(section)) => composer.section_at(*section),
            Some(Part::Front) | None => composer.front(),
        }
        (composer.flow, composer.notes)
    })?;
    let meanings = shaper.unite(shared.states);
    let mut flow = Flow::default();
    flow.reserve(shared.results.iter().map(|(_, (part, _))| part));
    let mut note_places: BTreeMap<u32, NotePlace> = BTreeMap::new();
    for (thread, (part, notes)) in shared.results {
        if let Some(meanings) = meanings.get(thread) {
            flow.append(Tree::ROOT, part, meanings);
        }
        note_places.extend(notes);
    }
    let ends: Vec<u32> = (0..subject.issue.footnotes.len() as u32)
        .filter(|note| note_places.get(note) != Some(&NotePlace::Foot))
        .collect();
    let mut composer = Composer::new(shaper, subject, places);
    composer.end_notes(&ends);
    composer.back_matter();
    let back = composer.flow;
    flow.append_own(Tree::ROOT, back);
    Ok(flow)
}

/// For each part the footnotes that it is the first to refer to.
fn first_references(issue: &Issue, parts: &[Part]) -> Vec<BTreeSet<u32>> {
    let mut known: BTreeSet<u32> = BTreeSet::new();
    parts
        .iter()
        .map(|part| {
            let mut own = BTreeSet::new();
            let mut visit = |number: u32| {
                let note = number.saturating_sub(1);
                if known.insert(note) {
                    own.insert(note);
                }
            };
            match part {
                Part::Front => for_each_footnote(&issue.intro, &mut visit),
                Part::Section(index) => {
                    if let Some(section) = issue.sections.get(*index) {
                        visit_section(section, &mut visit);
                    }
                }
            }
            own
        })
        .collect()
}

fn visit_section(section: &Section, visit: &mut impl FnMut(u32)) {
    for_each_footnote(&section.intro, visit);
    for paper in &section.papers {
        for_each_inline_footnote(&paper.title, visit);
        for_each_inline_footnote(&paper.tldr, visit);
        if let Some(figure) = &paper.image {
            for_each_inline_footnote(&figure.caption, visit);
        }
        for_each_footnote(&paper.commentary, visit);
        for_each_footnote(&paper.abstract_text, visit);
    }
}
