//! A long list read in parts, on several threads.

use std::ops::Range;

use super::decode::{MAX_PAPERS, Reading, push_all_passages, push_passages};
use crate::diagnostic::Diagnostic;
use crate::markdown::Passage;
use crate::model::{Paper, Section};
use crate::parallel::in_order;

/// What a list, or a part of it, gives.
#[derive(Default)]
pub(super) struct Read {
    /// Papers before the first section: in a part, those of a section before it.
    pub(super) loose: Vec<Paper>,
    /// Sections in order.
    pub(super) sections: Vec<Section>,
    /// The headings of sections that have a title.
    pub(super) headings: Vec<Option<Range<usize>>>,
    /// What is wrong with fields.
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl Read {
    /// The papers of the section that is being read.
    pub(super) fn papers(&mut self) -> &mut Vec<Paper> {
        match self.sections.last_mut() {
            Some(section) => &mut section.papers,
            None => &mut self.loose,
        }
    }

    fn append(&mut self, mut part: Self) {
        self.papers().append(&mut part.loose);
        self.sections.append(&mut part.sections);
        self.headings.append(&mut part.headings);
        self.diagnostics.append(&mut part.diagnostics);
    }

    fn passages(&mut self) -> Vec<Passage<'_>> {
        let mut passages = Vec::new();
        for paper in &mut self.loose {
            push_passages(paper, &mut passages);
        }
        push_all_passages(&mut self.sections, &mut passages);
        passages
    }
}

impl Reading<'_> {
    /// Reads parts in order. `one` reads some of them as one, and is `false` where what
    /// follows these is no part of its own; it never is of all that are left.
    ///
    /// With several threads each part is read apart, as if there were nothing before it. What
    /// came of that is taken unless it is different behind the parts before; then the part is
    /// read once more, so that threads make no difference but in time.
    pub(super) fn parts(
        &mut self,
        parts: Range<usize>,
        read: &mut Read,
        one: impl Fn(&mut Self, Range<usize>, &mut Read) -> bool + Sync,
    ) {
        let mut next = parts.start;
        if self.threads <= 1 || parts.len() <= 1 {
            while next < parts.end {
                next = self.part_here(next..parts.end, read, &one);
            }
            return;
        }
        let start = self.apart();
        let apart = |index: usize| {
            let mut reading = start.apart();
            let mut read = Read::default();
            one(&mut reading, index..index + 1, &mut read).then_some((reading, read))
        };
        in_order(parts.clone(), self.threads, apart, |index, part| {
            if index < next {
                // A piece of the one before it, and read with that.
                return;
            }
            match part.filter(|(reading, _)| self.agrees(reading)) {
                Some((reading, mut part)) => {
                    self.absorb(reading, &mut part);
                    read.append(part);
                    next = index + 1;
                }
                None => next = self.part_here(index..parts.end, read, &one),
            }
        });
    }

    /// Reads the first of some parts behind what was read before, with those that turn out to
    /// belong to it. Returns the one after them.
    fn part_here(
        &mut self,
        parts: Range<usize>,
        read: &mut Read,
        one: impl Fn(&mut Self, Range<usize>, &mut Read) -> bool,
    ) -> usize {
        let mut length = 1;
        loop {
            let end = parts.end.min(parts.start + length);
            if one(self, parts.start..end, read) || end == parts.end {
                return end;
            }
            // So that as much again is read in vain at most.
            length *= 2;
        }
    }

    /// Whether a part that was read apart reads the same behind all that was read here.
    fn agrees(&self, part: &Self) -> bool {
        self.ids.is_disjoint(&part.ids)
            && self.papers.len() + part.papers.len() <= MAX_PAPERS
            && !part.is_over_full
            && self.manuscript.agrees(&part.manuscript)
    }

    /// Takes what was read apart behind what was read here.
    fn absorb(&mut self, part: Self, read: &mut Read) {
        self.layout.extend(part.layout);
        self.ids.extend(part.ids);
        self.unknown.extend(part.unknown);
        self.papers.extend(part.papers);
        self.under_review.extend(part.under_review);
        for (tag, at) in part.tags {
            self.tags.entry(tag).or_insert(at);
        }
        self.manuscript.absorb(part.manuscript, read.passages());
    }
}
