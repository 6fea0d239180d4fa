//! What the division into pages asks of rows: how tall they are, and what must not part.

use std::collections::BTreeSet;

use crate::page::{Anchor, Flow, Row, heights};

// Smaller spaces belong to what they part: a title and its authors.
const LEAST_ELASTIC: f32 = 3.0;

/// The part of a space that may grow and shrink.
pub(super) fn elastic(before: f32) -> f32 {
    if before < LEAST_ELASTIC { 0.0 } else { before }
}

/// Rows beside the text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Float {
    /// Without the space above.
    pub(super) height: f32,
    /// Of its footnotes.
    pub(super) notes: f32,
}

/// What begins with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Begin {
    Nothing,
    Section,
    Page,
}

/// A row without what it shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Measure {
    pub(super) before: f32,
    pub(super) height: f32,
    /// Of its footnotes.
    pub(super) notes: f32,
    /// Of the head that stands above it at a page's top.
    pub(super) head: f32,
    pub(super) keep: bool,
    pub(super) wide: bool,
    pub(super) begin: Begin,
    pub(super) float: Option<Float>,
    /// How many floats stand before it in the flow.
    pub(super) floats: u32,
    /// Where the rows end that share columns with it.
    pub(super) band: u32,
    /// The height of all rows before it.
    above: f64,
}

/// The rows of a flow in order.
#[derive(Debug)]
pub(super) struct Measures {
    rows: Vec<Measure>,
    /// The rows that floats belong to.
    floats: Vec<u32>,
}

fn notes_height(flow: &Flow, row: &Row) -> f32 {
    row.notes
        .iter()
        .filter_map(|&note| flow.notes.get(&note))
        .map(|rows| heights(rows))
        .sum()
}

/// Rows at a page's top, where the space above the first is dropped.
pub(super) fn height_at_top(rows: &[Row]) -> f32 {
    heights(rows) - rows.first().map_or(0.0, |row| row.before)
}

/// The rows of a row's float.
pub(super) fn float_rows<'a>(flow: &'a Flow, row: &Row) -> Option<&'a [Row]> {
    let rows = flow.floats.get(row.float? as usize)?;
    Some(rows.as_slice())
}

impl Measures {
    pub(super) fn new(flow: &Flow) -> Self {
        let mut measures = Self {
            rows: Vec::with_capacity(flow.rows.len()),
            floats: Vec::new(),
        };
        let mut above = 0.0;
        for (index, row) in flow.rows.iter().enumerate() {
            let float = float_rows(flow, row);
            let head = row.head.and_then(|head| flow.heads.get(head as usize));
            let measure = Measure {
                before: row.before + float.and_then(<[Row]>::first).map_or(0.0, |row| row.before),
                height: row.height,
                notes: notes_height(flow, row),
                head: head.map_or(0.0, |rows| height_at_top(rows)),
                keep: row.keep,
                wide: row.wide,
                begin: if row.begins_page || index > 0 && index == flow.cover {
                    Begin::Page
                } else {
                    Begin::Nothing
                },
                float: float.map(|rows| Float {
                    height: height_at_top(rows),
                    notes: rows.iter().map(|row| notes_height(flow, row)).sum(),
                }),
                floats: measures.floats.len() as u32,
                band: 0,
                above,
            };
            let float = measure.float.map_or(0.0, |float| float.height);
            above += f64::from(measure.before + measure.height + float);
            if measure.float.is_some() {
                measures.floats.push(index as u32);
            }
            measures.rows.push(measure);
        }
        measures.mark_bands();
        measures.mark_sections(flow);
        measures
    }

    fn mark_bands(&mut self) {
        let mut band = self.rows.len() as u32;
        for (index, row) in self.rows.iter_mut().enumerate().rev() {
            row.band = band;
            if row.wide || row.begin == Begin::Page {
                band = index as u32;
            }
        }
    }

    /// A section begins with what is kept with its heading.
    fn mark_sections(&mut self, flow: &Flow) {
        let sections: BTreeSet<Anchor> = flow
            .bookmarks
            .iter()
            .filter(|bookmark| bookmark.level <= flow.section_level)
            .map(|bookmark| bookmark.anchor)
            .collect();
        let mut start = 0;
        for (index, row) in flow.rows.iter().enumerate() {
            if row.anchors.iter().any(|anchor| sections.contains(anchor))
                && let Some(first) = self.rows.get_mut(start)
                && first.begin == Begin::Nothing
            {
                first.begin = Begin::Section;
            }
            if !row.keep {
                start = index + 1;
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn get(&self, index: usize) -> Option<&Measure> {
        self.rows.get(index)
    }

    /// The row of the float that is the `number`th in the flow.
    pub(super) fn float_row(&self, number: u32) -> Option<usize> {
        self.floats.get(number as usize).map(|&row| row as usize)
    }

    /// How many floats stand before a row in the flow.
    pub(super) fn floats_before(&self, index: usize) -> u32 {
        let all = self.floats.len() as u32;
        self.get(index).map_or(all, |row| row.floats)
    }

    /// About how tall rows are that stand below each other, floats among them.
    pub(super) fn height(&self, from: usize, to: usize) -> f32 {
        let above = |index: usize| match (self.get(index), self.rows.last()) {
            (Some(row), _) => row.above,
            (None, Some(last)) => {
                let float = last.float.map_or(0.0, |float| float.height);
                last.above + f64::from(last.before + last.height + float)
            }
            (None, None) => 0.0,
        };
        (above(to) - above(from)) as f32
    }

    /// Whether a row must be on the same page as the one before it.
    pub(super) fn is_kept(&self, index: usize) -> bool {
        index
            .checked_sub(1)
            .and_then(|before| self.get(before))
            .is_some_and(|before| before.keep)
    }
}
