//! Puts rows where the plan says: what they show is moved onto the pages.

use std::collections::BTreeMap;

use super::fill::{Added, FLOAT_GAP, Filling, GROW, NOTES_GAP, SHRINK, below_float};
use super::measure::{Measures, elastic, float_rows};
use super::plan::{Frame, Goal};
use super::{Area, Pages};
use crate::page::{Anchor, Backdrop, Color, Flow, Item, Link, Page, Row, Spot};

/// Room for what stands on every page, so that a full list need not grow once more.
const RUNNING: usize = 8;

/// A page that is being filled, its parts in the order in which they are painted.
#[derive(Default)]
struct Sheet {
    grounds: Vec<Item>,
    text: Vec<Item>,
    notes: Vec<Item>,
    links: Vec<Link>,
}

impl Sheet {
    fn finish(mut self) -> Page {
        let count = self.grounds.len() + self.text.len() + self.notes.len();
        let mut items = Vec::with_capacity(count + RUNNING);
        items.append(&mut self.grounds);
        items.append(&mut self.text);
        items.append(&mut self.notes);
        Page {
            items,
            links: self.links,
            ..Page::default()
        }
    }
}

/// What stands in a frame, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// The float of a row, which waited for this column.
    WaitingFloat(usize),
    Row(usize),
    /// A row whose float stands elsewhere.
    LeftByFloat(usize),
}

/// Makes pages of the rows of `flow`, which are used up.
pub(super) fn place(flow: &mut Flow, measures: &Measures, area: Area, frames: &[Frame]) -> Pages {
    let mut placer = Placer {
        flow,
        measures,
        area,
        pages: Pages::default(),
        sheet: Sheet::default(),
    };
    for frame in frames {
        placer.frame(frame);
        if frame.ends_page {
            let sheet = std::mem::take(&mut placer.sheet);
            placer.pages.pages.push(sheet.finish());
        }
    }
    placer.pages
}

struct Placer<'a> {
    flow: &'a mut Flow,
    measures: &'a Measures,
    area: Area,
    pages: Pages,
    sheet: Sheet,
}

/// Where rows go on in a frame.
struct Pen {
    column: u32,
    left: f32,
    y: f32,
    /// How much of each elastic space is added to it.
    stretch: f32,
    has_rows: bool,
    /// Whether floats stand above the first row.
    has_floats: bool,
    notes: Vec<u32>,
    /// From where to where each ground runs.
    grounds: BTreeMap<u32, (f32, f32)>,
}

impl Placer<'_> {
    fn frame(&mut self, frame: &Frame) {
        let (parts, filling) = self.parts(frame);
        let step = self.area.width - self.area.column;
        let column = frame.column.unwrap_or(0);
        let left = self.area.left + step * column as f32;
        let mut pen = Pen {
            column,
            left,
            y: self.area.top + frame.top,
            stretch: stretch(frame, &filling),
            has_rows: false,
            has_floats: false,
            notes: Vec::new(),
            grounds: BTreeMap::new(),
        };
        for part in parts {
            self.part(part, &mut pen);
        }
        let backdrops = &self.flow.backdrops;
        let grounds = pen.grounds.iter().filter_map(|(&index, &(top, bottom))| {
            let backdrop = backdrops.get(index as usize)?;
            Some(ground(backdrop, left, top, bottom))
        });
        self.sheet.grounds.extend(grounds);
        self.notes(&pen.notes, column, left, self.area.top + frame.foot);
    }

    /// Fills the frame as the plan did.
    fn parts(&self, frame: &Frame) -> (Vec<Part>, Filling) {
        let room = self.area.height - frame.top;
        let mut filling = Filling::new(room, frame.manner());
        let mut parts = Vec::new();
        let first = self.measures.floats_before(frame.from);
        let first = first.saturating_sub(frame.waiting);
        let count = filling.put_waiting(self.measures, frame.from, frame.waiting);
        let rows = (first..first + count).filter_map(|number| self.measures.float_row(number));
        parts.extend(rows.map(Part::WaitingFloat));
        for index in frame.from..frame.to {
            parts.push(match filling.add(self.measures, index) {
                Added::Here | Added::Full => Part::Row(index),
                Added::Waits => Part::LeftByFloat(index),
            });
        }
        (parts, filling)
    }

    fn part(&mut self, part: Part, pen: &mut Pen) {
        let index = match part {
            Part::WaitingFloat(index) => {
                self.float(index, 0.0, pen);
                pen.y += FLOAT_GAP;
                pen.has_floats = true;
                return;
            }
            Part::Row(index) | Part::LeftByFloat(index) => index,
        };
        let Some(row) = self.flow.rows.get_mut(index) else {
            return;
        };
        let has_float = row.float.is_some();
        if part == Part::LeftByFloat(index) {
            self.anchors(index, 0.0, pen);
            return;
        }
        if !pen.has_rows
            && let Some(head) = row.head
        {
            self.head(head, pen);
        }
        let before = self.measures.get(index).map_or(0.0, |row| row.before);
        let above = if pen.has_rows {
            before + elastic(before) * pen.stretch
        } else if pen.has_floats {
            below_float(before)
        } else {
            0.0
        };
        pen.has_rows = true;
        if has_float {
            self.anchors(index, above, pen);
            self.float(index, above, pen);
            return;
        }
        pen.y += above;
        if let Some(row) = self.flow.rows.get_mut(index).map(std::mem::take) {
            self.row(row, pen);
        }
    }

    /// The places of a row that shows nothing itself.
    fn anchors(&mut self, index: usize, above: f32, pen: &Pen) {
        let row = self.flow.rows.get_mut(index);
        let anchors = row.map(|row| std::mem::take(&mut row.anchors));
        let (column, y) = (pen.column, pen.y + above);
        self.spots(&anchors.unwrap_or_default(), column, y);
    }

    fn spots(&mut self, anchors: &[Anchor], column: u32, y: f32) {
        let page = self.pages.pages.len();
        for &anchor in anchors {
            let spot = Spot { page, column, y };
            self.pages.spots.entry(anchor).or_insert(spot);
        }
    }

    fn float(&mut self, index: usize, above: f32, pen: &mut Pen) {
        let Some(row) = self.flow.rows.get(index) else {
            return;
        };
        let is_there = float_rows(self.flow, row).is_some();
        let float = row.float.filter(|_| is_there).unwrap_or_default();
        pen.y += above;
        let rows = self.flow.floats.get_mut(float as usize);
        for (index, row) in rows.map(std::mem::take).into_iter().flatten().enumerate() {
            if index > 0 {
                pen.y += row.before;
            }
            self.row(row, pen);
        }
    }

    fn head(&mut self, head: u32, pen: &mut Pen) {
        let rows = self.flow.heads.get(head as usize).cloned();
        for (index, row) in rows.into_iter().flatten().enumerate() {
            if index > 0 {
                pen.y += row.before;
            }
            self.row(row, pen);
        }
    }

    fn row(&mut self, row: Row, pen: &mut Pen) {
        for &backdrop in &row.backdrops {
            let ground = pen.grounds.entry(backdrop).or_insert((pen.y, pen.y));
            ground.1 = pen.y + row.height;
        }
        pen.notes.extend(&row.notes);
        self.spots(&row.anchors, pen.column, pen.y);
        let height = row.height;
        put(
            row,
            pen.left,
            pen.y,
            &mut self.sheet.text,
            &mut self.sheet.links,
        );
        pen.y += height;
    }

    fn notes(&mut self, notes: &[u32], column: u32, left: f32, foot: f32) {
        let rows: Vec<Row> = notes
            .iter()
            .filter_map(|note| self.flow.notes.remove(note))
            .flatten()
            .collect();
        if rows.is_empty() {
            return;
        }
        let height: f32 = rows.iter().map(|row| row.before + row.height).sum();
        let mut y = foot - height;
        self.sheet.notes.push(Item::Fill {
            x: left,
            y: y - NOTES_GAP / 2.0,
            width: self.area.column * 0.2,
            height: 0.5,
            color: Color(0x6b, 0x6f, 0x76),
            tag: None,
        });
        for row in rows {
            y += row.before;
            self.spots(&row.anchors, column, y);
            let height = row.height;
            put(row, left, y, &mut self.sheet.notes, &mut self.sheet.links);
            y += height;
        }
    }
}

fn ground(backdrop: &Backdrop, left: f32, top: f32, bottom: f32) -> Item {
    Item::Fill {
        x: left + backdrop.x,
        y: top,
        width: backdrop.width,
        height: bottom - top,
        color: backdrop.color,
        tag: None,
    }
}

/// How much of each elastic space is added so that the text reaches its goal.
fn stretch(frame: &Frame, filling: &Filling) -> f32 {
    let foot = frame.foot - filling.notes;
    let wanted = match frame.goal {
        Goal::Natural => foot.min(frame.top + filling.used),
        Goal::Foot => foot,
        Goal::At(y) => foot.min(y),
    };
    let missing = wanted - frame.top - filling.used;
    if filling.elastic <= 0.0 {
        return 0.0;
    }
    let part = missing / filling.elastic;
    if part > GROW { 0.0 } else { part.max(-SHRINK) }
}

/// Moves what a row shows to its place on the page.
fn put(row: Row, left: f32, top: f32, items: &mut Vec<Item>, links: &mut Vec<Link>) {
    items.extend(row.items.into_iter().map(|mut item| {
        item.shift(left, top);
        item
    }));
    links.extend(row.links.into_iter().map(|link| Link {
        x: link.x + left,
        y: link.y + top,
        ..link
    }));
}
