//! Filling a column from its top, row by row.

use super::measure::{Float, Measures, elastic};

/// Space between the text and the notes at a page's foot; the rule stands in its middle.
pub(super) const NOTES_GAP: f32 = 14.0;
/// Space below a float at a page's top.
pub(super) const FLOAT_GAP: f32 = 14.0;
/// How far spaces shrink so that a page holds more, and grow so that it is full.
pub(super) const SHRINK: f32 = 0.35;
pub(super) const GROW: f32 = 0.25;
/// Sums of heights are not exact.
pub(super) const SLACK: f32 = 0.01;

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Added {
    /// It stands here, as does its float if it has one.
    Here,
    /// Its float waits for the next column.
    Waits,
    /// There was no room for it.
    Full,
}

/// What is put into a column that has no room for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    Nothing,
    /// Its first row or float: no other column is taller.
    First,
    /// Everything, floats at their place.
    Inline,
}

impl Manner {
    /// Of a column that begins at a page's top, or of one that does not.
    pub(super) fn of(is_at_top: bool) -> Self {
        if is_at_top {
            Self::First
        } else {
            Self::Nothing
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    Nothing,
    Floats,
    Rows,
}

/// How much stands in a column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Filling {
    room: f32,
    manner: Manner,
    /// Height of the text.
    pub(super) used: f32,
    /// Height of the spaces in it that may grow and shrink.
    pub(super) elastic: f32,
    /// Height of the notes at its foot, with the gap above them.
    pub(super) notes: f32,
    /// How many floats wait.
    pub(super) waiting: u32,
    /// Whether the last row asks for the next one.
    pub(super) kept: bool,
    content: Content,
}

/// What a row wants above it beyond the gap that every float has below it.
pub(super) fn below_float(before: f32) -> f32 {
    (before - FLOAT_GAP).max(0.0)
}

impl Filling {
    pub(super) fn new(room: f32, manner: Manner) -> Self {
        Self {
            room,
            manner,
            used: 0.0,
            elastic: 0.0,
            notes: 0.0,
            waiting: 0,
            kept: false,
            content: Content::Nothing,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.content == Content::Nothing
    }

    /// What is missing to a full column; below zero where spaces must shrink.
    pub(super) fn gap(&self) -> f32 {
        self.room - self.used - self.notes
    }

    /// Puts the floats that wait for row `from` at the top; returns how many.
    pub(super) fn put_waiting(&mut self, measures: &Measures, from: usize, waiting: u32) -> u32 {
        let first = measures.floats_before(from).saturating_sub(waiting);
        self.waiting = waiting;
        while self.waiting > 0 {
            let number = first + waiting - self.waiting;
            let float = measures
                .float_row(number)
                .and_then(|row| measures.get(row))
                .and_then(|row| row.float);
            if !float.is_none_or(|float| self.put_float_at_top(float)) {
                break;
            }
            self.waiting -= 1;
        }
        waiting - self.waiting
    }

    fn put_float_at_top(&mut self, float: Float) -> bool {
        let notes = self.with_notes(float.notes);
        let fits = self.used + float.height + notes <= self.room + SLACK;
        let is_here = fits || self.is_forced();
        if is_here {
            self.used += float.height + FLOAT_GAP;
            self.notes = notes;
            self.content = Content::Floats;
        }
        is_here
    }

    fn is_forced(&self) -> bool {
        match self.manner {
            Manner::Nothing => false,
            Manner::First => self.is_empty(),
            Manner::Inline => true,
        }
    }

    fn with_notes(&self, more: f32) -> f32 {
        let is_first = more > 0.0 && self.notes <= 0.0;
        self.notes + more + if is_first { NOTES_GAP } else { 0.0 }
    }

    /// Adds the next row.
    pub(super) fn add(&mut self, measures: &Measures, index: usize) -> Added {
        let Some(row) = measures.get(index) else {
            return Added::Full;
        };
        let (above, head) = match self.content {
            Content::Rows => (row.before, 0.0),
            Content::Floats => (below_float(row.before), row.head),
            Content::Nothing => (0.0, row.head),
        };
        let (float, more_notes) = row
            .float
            .map_or((0.0, 0.0), |float| (float.height, float.notes));
        let used = self.used + above + head + row.height + float;
        let notes = self.with_notes(row.notes + more_notes);
        let spaces = if self.content == Content::Rows {
            self.elastic + elastic(above)
        } else {
            self.elastic
        };
        let is_float = row.float.is_some();
        let shrinks = if is_float { 0.0 } else { SHRINK * spaces };
        let fits = used - shrinks + notes <= self.room + SLACK;
        let is_forced = self.is_forced();
        if is_float && self.manner != Manner::Inline && (self.waiting > 0 || !fits && !is_forced) {
            self.waiting += 1;
            self.kept |= row.keep;
            return Added::Waits;
        }
        if !fits && !is_forced {
            return Added::Full;
        }
        self.used = used;
        self.elastic = spaces;
        self.notes = notes;
        self.kept = row.keep;
        self.content = Content::Rows;
        Added::Here
    }
}
