//! The pieces of an issue: composed on their own, in parallel, and joined in order.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::Arc;

use offprint_core::parallel::in_parallel;
use offprint_core::text::{for_each_footnote, for_each_inline_footnote};
use offprint_core::{Issue, Section};

use super::{Composer, NotePlace, Places, Subject};
use crate::page::Flow;
use crate::shape::Shaper;
use crate::structure::{Role, Tree};

/// What is composed on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    /// Masthead, contents, introduction.
    Front,
    /// What begins a part of a book.
    Opening(usize),
    Section(usize),
    /// What ends a part of a book.
    Closing(usize),
}

fn pieces(issue: &Issue) -> Vec<Piece> {
    let mut pieces = vec![Piece::Front];
    if issue.parts.is_empty() {
        pieces.extend((0..issue.sections.len()).map(Piece::Section));
    }
    for (index, part) in issue.parts.iter().enumerate() {
        pieces.push(Piece::Opening(index));
        pieces.extend(part.sections.clone().map(Piece::Section));
        if !part.about.is_empty() {
            pieces.push(Piece::Closing(index));
        }
    }
    pieces
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
    let pieces = pieces(subject.issue);
    let owned = first_references(subject.issue, &pieces);
    let book = shaper.book();
    let fresh = || Shaper::with(Arc::clone(&book));
    let shared = in_parallel(pieces.len(), threads, fresh, |shaper, index| {
        let mut composer = Composer::new(shaper, subject, places);
        let own = owned.get(index).into_iter().flatten();
        composer.notes = own.map(|&note| (note, NotePlace::Nowhere)).collect();
        match pieces.get(index) {
            Some(Piece::Opening(part)) => composer.opening(*part),
            Some(Piece::Section(section)) => composer.section_at(*section),
            Some(Piece::Closing(part)) => composer.closing(*part),
            Some(Piece::Front) | None => composer.front(),
        }
        (composer.flow, composer.notes)
    })?;
    let meanings = shaper.unite(shared.states);
    let mut flow = Flow {
        section_level: u8::from(!subject.issue.parts.is_empty()),
        ..Flow::default()
    };
    flow.reserve(shared.results.iter().map(|(_, (part, _))| part));
    let mut note_places: BTreeMap<u32, NotePlace> = BTreeMap::new();
    // What a part begins holds all of it.
    let mut parent = Tree::ROOT;
    for (piece, (thread, (part, notes))) in pieces.iter().zip(shared.results) {
        if let Piece::Opening(_) = piece {
            parent = flow.tree.element(Tree::ROOT, Role::Part);
        }
        if let Some(meanings) = meanings.get(thread) {
            flow.append(parent, part, meanings);
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

/// For each piece the footnotes that it is the first to refer to.
fn first_references(issue: &Issue, pieces: &[Piece]) -> Vec<BTreeSet<u32>> {
    let mut known: BTreeSet<u32> = BTreeSet::new();
    pieces
        .iter()
        .map(|piece| {
            let mut own = BTreeSet::new();
            let mut visit = |number: u32| {
                let note = number.saturating_sub(1);
                if known.insert(note) {
                    own.insert(note);
                }
            };
            match piece {
                Piece::Front => for_each_footnote(&issue.intro, &mut visit),
                Piece::Opening(index) => {
                    if let Some(part) = issue.parts.get(*index) {
                        for_each_footnote(&part.intro, &mut visit);
                    }
                }
                Piece::Section(index) => {
                    if let Some(section) = issue.sections.get(*index) {
                        visit_section(section, &mut visit);
                    }
                }
                // It refers to none.
                Piece::Closing(_) => {}
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
