//! Where columns and pages end: of all ways to divide the rows, the one whose pages look
//! best together.
//!
//! A [`State`] says what a column begins with. From each, the ends are tried that rows
//! allow within the column; every end leads to another state, and the cheapest way to the
//! last one is taken. No column looks further than its own end, so that the work grows with
//! the number of rows.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::Area;
use super::fill::{Added, Filling, GROW, Manner, SHRINK, SLACK};
use super::measure::{Begin, Measures};

/// How far down a column's text is to reach by wider spaces.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Goal {
    /// As far as it reaches by itself.
    Natural,
    /// To the notes, or where they would end.
    Foot,
    /// So far below the area's top.
    At(f32),
}

/// Rows that stand below each other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Frame {
    pub(super) from: usize,
    pub(super) to: usize,
    /// How many floats of earlier rows stand at the top.
    pub(super) waiting: u32,
    /// `None` for the whole width.
    pub(super) column: Option<u32>,
    /// Below the area's top.
    pub(super) top: f32,
    /// Where the notes end, below the area's top.
    pub(super) foot: f32,
    pub(super) goal: Goal,
    /// Whether all floats stand at their place.
    pub(super) inline: bool,
    pub(super) ends_page: bool,
}

impl Frame {
    pub(super) fn manner(&self) -> Manner {
        if self.inline {
            Manner::Inline
        } else {
            Manner::of(self.top <= 0.0)
        }
    }
}

/// What a column begins with. Later states come later in order, so that each is left for
/// good before the next is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct State {
    row: u32,
    /// Floats of earlier rows that wait.
    waiting: Reverse<u32>,
    /// Below the area's top, in the bits of a number that is not negative.
    top: Reverse<u32>,
    column: u32,
}

impl State {
    fn page(row: usize, waiting: u32) -> Self {
        Self {
            row: row as u32,
            waiting: Reverse(waiting),
            top: Reverse(0),
            column: 0,
        }
    }

    fn below(row: usize, top: f32) -> Self {
        Self {
            top: Reverse(top.max(0.0).to_bits()),
            ..Self::page(row, 0)
        }
    }

    fn top(self) -> f32 {
        f32::from_bits(self.top.0)
    }
}

/// How a state was left.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Step {
    /// A column is full; the page may be too.
    Full { ends_page: bool },
    /// Nothing is to come on this page.
    Closed,
    /// Rows of another width follow below.
    Band { height: f32 },
    /// Two columns of equal height end here.
    Balanced {
        split: u32,
        text: f32,
        height: f32,
        ends_page: bool,
    },
    /// Nothing more fits on the page.
    Skip,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Edge {
    to: State,
    step: Step,
    cost: f64,
}

/// A state with the cheapest way to it.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Node {
    state: State,
    /// What led here, and from which node; `None` for the start.
    way: Option<(usize, Step)>,
    cost: f64,
}

// Costs, in no unit. An eighth of a page left blank costs about 16.
const BLANK: f32 = 1000.0;
/// Every line left blank is seen; a nicer page further on is not.
const RAGGED: f32 = 120.0;
/// What a blank costs before a section, where the eye expects one.
const BEFORE_SECTION: f32 = 0.6;
/// A section that begins near the foot of a page.
const LATE_SECTION: f32 = 40.0;
const LATE: f32 = 0.15;
const PAGE: f32 = 3.0;
const GROWN: f32 = 5.0;
const SHRUNK: f32 = 20.0;
/// A page that ends within a paragraph.
const DIVIDED: f32 = 1.0;
/// A page that holds less than this is hardly worth its paper.
const THIRD: f32 = 0.36;
const UNDER_A_THIRD: f32 = 3000.0;
/// A last page that holds less than a third.
const SHORT: f32 = 350.0;
/// Columns that end at different heights where nothing else helps.
const UNBALANCED: f32 = 10_000.0;
/// Rows divided that belong together.
const TORN: f32 = 50_000.0;

/// The frames of all pages in order.
pub(super) fn plan(measures: &Measures, area: Area) -> Vec<Frame> {
    let planner = Planner::new(measures, area);
    let nodes = planner.search();
    planner.frames(&nodes)
}

/// How many states are looked at.
#[cfg(test)]
pub(super) fn states(measures: &Measures, area: Area) -> usize {
    Planner::new(measures, area).search().len()
}

struct Planner<'a> {
    measures: &'a Measures,
    height: f32,
    columns: u32,
}

/// An end that a column may have.
#[derive(Debug, Clone, Copy)]
struct End {
    to: usize,
    filling: Filling,
    /// How much stood above the last section that began, if one did.
    section: Option<f32>,
}

impl End {
    fn late(&self, height: f32) -> f32 {
        let is_late = self
            .section
            .is_some_and(|above| self.filling.used - above < LATE * height);
        if is_late { LATE_SECTION } else { 0.0 }
    }
}

impl<'a> Planner<'a> {
    fn new(measures: &'a Measures, area: Area) -> Self {
        Self {
            measures,
            height: area.height,
            columns: area.columns.clamp(1, 2),
        }
    }

    fn search(&self) -> Vec<Node> {
        let mut nodes: Vec<Node> = Vec::new();
        let mut open: BTreeMap<State, (Option<(usize, Step)>, f64)> = BTreeMap::new();
        open.insert(State::page(0, 0), (None, 0.0));
        let mut edges = Vec::new();
        while let Some((state, (way, cost))) = open.pop_first() {
            let number = nodes.len();
            nodes.push(Node { state, way, cost });
            if state == State::page(self.measures.len(), 0) {
                break;
            }
            self.edges(state, &mut edges);
            for edge in edges.drain(..) {
                debug_assert!(edge.to > state, "{edge:?} leads back to {state:?}");
                let way = (Some((number, edge.step)), cost + edge.cost);
                match open.entry(edge.to) {
                    Entry::Vacant(entry) => {
                        entry.insert(way);
                    }
                    Entry::Occupied(mut entry) => {
                        if way.1 < entry.get().1 {
                            entry.insert(way);
                        }
                    }
                }
            }
        }
        nodes
    }

    /// Walks the way back from the last node.
    fn frames(&self, nodes: &[Node]) -> Vec<Frame> {
        let mut frames = Vec::new();
        let mut node = nodes.last();
        while let Some((current, (from, step))) = node.and_then(|node| Some((node, node.way?))) {
            let Some(before) = nodes.get(from) else {
                break;
            };
            self.push_frames(before.state, step, current.state, &mut frames);
            node = Some(before);
        }
        frames.reverse();
        frames
    }

    /// The frames of a step, the last one first.
    fn push_frames(&self, state: State, step: Step, next: State, frames: &mut Vec<Frame>) {
        let whole = self.is_whole(state);
        let frame = Frame {
            from: state.row as usize,
            to: next.row as usize,
            waiting: state.waiting.0,
            column: (!whole).then_some(state.column),
            top: state.top(),
            foot: self.height,
            goal: Goal::Natural,
            inline: false,
            ends_page: true,
        };
        match step {
            Step::Full { ends_page } => frames.push(Frame {
                goal: Goal::Foot,
                ends_page,
                ..frame
            }),
            Step::Closed => frames.push(frame),
            Step::Band { height } => frames.push(Frame {
                foot: frame.top + height,
                ends_page: false,
                ..frame
            }),
            Step::Balanced {
                split,
                text,
                height,
                ends_page,
            } => {
                let frame = Frame {
                    foot: if ends_page {
                        self.height
                    } else {
                        frame.top + height
                    },
                    goal: Goal::At(frame.top + text),
                    inline: true,
                    ..frame
                };
                frames.push(Frame {
                    from: split as usize,
                    waiting: 0,
                    column: Some(1),
                    ends_page,
                    ..frame
                });
                frames.push(Frame {
                    to: split as usize,
                    ends_page: false,
                    ..frame
                });
            }
            Step::Skip => frames.push(Frame {
                to: frame.from,
                waiting: 0,
                ..frame
            }),
        }
    }

    fn is_whole(&self, state: State) -> bool {
        let row = self.measures.get(state.row as usize);
        self.columns == 1 || state.column == 0 && row.is_none_or(|row| row.wide)
    }

    /// Every way to leave a state.
    fn edges(&self, state: State, edges: &mut Vec<Edge>) {
        let whole = self.is_whole(state);
        if !whole && state.column == 0 {
            edges.extend(self.balanced(state));
        }
        let from = state.row as usize;
        let room = self.height - state.top();
        let is_page = state.top() <= 0.0;
        let mut filling = Filling::new(room, Manner::of(is_page));
        let floats = filling.put_waiting(self.measures, from, state.waiting.0);
        let mut ends: Vec<End> = Vec::new();
        let mut passed: Vec<End> = Vec::new();
        if floats > 0 {
            ends.push(End {
                to: from,
                filling,
                section: None,
            });
        }
        let mut section = None;
        let mut index = from;
        loop {
            if let Some(edge) = self.stop(state, index, &filling) {
                edges.push(edge);
                break;
            }
            if let Some(row) = self
                .measures
                .get(index)
                .filter(|row| row.begin != Begin::Nothing)
                && index > from
            {
                section = Some(filling.used + row.before);
            }
            if filling.add(self.measures, index) == Added::Full {
                break;
            }
            index += 1;
            let end = End {
                to: index,
                filling,
                section,
            };
            passed.push(end);
            if !filling.kept && self.stop(state, index, &filling).is_none() {
                ends.push(end);
            }
        }
        if ends.is_empty() && edges.is_empty() {
            match self.torn(room, &passed).filter(|_| is_page) {
                Some(end) => edges.push(self.full(state, &end, TORN)),
                None => edges.push(self.skip(state)),
            }
        }
        self.push_ends(state, &ends, edges);
    }

    /// Columns that are hardly filled are left out where others are.
    fn push_ends(&self, state: State, ends: &[End], edges: &mut Vec<Edge>) {
        let room = self.height - state.top();
        let is_filled = |end: &&End| end.filling.gap() < room * 0.66;
        let any = ends.iter().any(|end| is_filled(&end));
        edges.extend(
            ends.iter()
                .filter(|end| !any || is_filled(end))
                .map(|end| self.full(state, end, 0.0)),
        );
    }

    /// What ends a column before row `index`, whether or not it is full.
    fn stop(&self, state: State, index: usize, filling: &Filling) -> Option<Edge> {
        let is_first = index == state.row as usize && filling.is_empty();
        let row = self.measures.get(index);
        let begins = is_first && state.top() <= 0.0;
        let closes = row.is_none_or(|row| row.begin == Begin::Page && !begins);
        let end = End {
            to: index,
            filling: *filling,
            section: None,
        };
        if filling.waiting > 0 {
            let must_flush = closes || self.begins_section(index) || self.is_other(state, index);
            return must_flush.then(|| {
                if filling.is_empty() {
                    self.skip(state)
                } else {
                    self.full(state, &end, 0.0)
                }
            });
        }
        if closes {
            return Some(self.closed(state, &end));
        }
        if !self.is_other(state, index) {
            return None;
        }
        if !self.is_whole(state) {
            return Some(Edge {
                to: State::page(index, 0),
                step: Step::Full { ends_page: true },
                ..self.full(state, &end, UNBALANCED)
            });
        }
        let height = filling.used + filling.notes;
        let below = state.top() + height + row.map_or(0.0, |row| row.before);
        Some(Edge {
            to: State::below(index, below),
            step: Step::Band { height },
            cost: 0.0,
        })
    }

    fn begins_section(&self, index: usize) -> bool {
        self.measures
            .get(index)
            .is_some_and(|row| row.begin != Begin::Nothing)
    }

    /// Whether a row has another width than those of the column.
    fn is_other(&self, state: State, index: usize) -> bool {
        self.columns > 1
            && self
                .measures
                .get(index)
                .is_some_and(|row| row.wide != self.is_whole(state))
    }

    fn next_column(&self, state: State, to: usize, waiting: u32) -> (State, bool) {
        let row = self.measures.get(to);
        // Floats alone may stand before what begins a page.
        let closes = waiting == 0 && row.is_none_or(|row| row.begin == Begin::Page)
            || row.is_some_and(|row| row.wide);
        if !self.is_whole(state) && state.column + 1 < self.columns && !closes {
            let next = State {
                row: to as u32,
                waiting: Reverse(waiting),
                column: state.column + 1,
                ..state
            };
            (next, false)
        } else {
            (State::page(to, waiting), true)
        }
    }

    fn full(&self, state: State, end: &End, penalty: f32) -> Edge {
        let (to, ends_page) = self.next_column(state, end.to, end.filling.waiting);
        let next = self.measures.get(end.to);
        let mut cost = self.blank(end.filling.gap(), end.filling.elastic);
        if next.is_some_and(|row| row.begin != Begin::Nothing) {
            cost *= BEFORE_SECTION;
        }
        if next.is_some_and(|row| row.before <= 0.0) {
            cost += DIVIDED;
        }
        let cost = self.share(state) * (PAGE + cost + end.late(self.height));
        Edge {
            to,
            step: Step::Full { ends_page },
            cost: f64::from(cost + penalty),
        }
    }

    /// How much of a page a column is.
    fn share(&self, state: State) -> f32 {
        if self.is_whole(state) {
            1.0
        } else {
            1.0 / self.columns as f32
        }
    }

    /// What a column costs that is not full, or too full.
    fn blank(&self, gap: f32, elastic: f32) -> f32 {
        let blank = gap / self.height;
        if gap < 0.0 {
            let part = -gap / (SHRINK * elastic).max(SLACK);
            return SHRUNK * part * part;
        }
        if gap <= GROW * elastic {
            let part = gap / (GROW * elastic).max(SLACK);
            return GROWN * part * part;
        }
        let filled = 1.0 - blank;
        let short = if filled < THIRD { UNDER_A_THIRD } else { 0.0 };
        GROWN + (BLANK * blank + RAGGED) * blank + short * (THIRD - filled)
    }

    fn closed(&self, state: State, end: &End) -> Edge {
        let penalty = if self.is_whole(state) {
            0.0
        } else {
            UNBALANCED
        };
        let gap = end.filling.gap();
        Edge {
            to: State::page(end.to, 0),
            step: Step::Closed,
            cost: f64::from(penalty + self.last(gap, end.filling.elastic)),
        }
    }

    /// What a last page costs: nothing as long as it is worth its paper.
    fn last(&self, gap: f32, elastic: f32) -> f32 {
        if gap < 0.0 {
            return PAGE + self.blank(gap, elastic);
        }
        let missing = (THIRD - (1.0 - gap / self.height)).max(0.0) / THIRD;
        PAGE + SHORT * missing * missing + if missing > 0.0 { SHORT / 10.0 } else { 0.0 }
    }

    fn skip(&self, state: State) -> Edge {
        let row = state.row as usize;
        let torn = if self.measures.is_kept(row) {
            TORN
        } else {
            0.0
        };
        let blank = self.blank(self.height - state.top(), 0.0);
        Edge {
            to: State::page(row, state.waiting.0),
            step: Step::Skip,
            cost: f64::from(torn + blank),
        }
    }

    /// Where rows part that belong together but are taller than a column: at the widest
    /// space in its lower half.
    fn torn(&self, room: f32, passed: &[End]) -> Option<End> {
        let space = |end: &End| {
            let row = self.measures.get(end.to);
            row.map_or(0.0, |row| row.before)
        };
        let mut best = *passed.last()?;
        for end in passed.iter().rev() {
            if end.filling.gap() < room * 0.5 && space(end) > space(&best) {
                best = *end;
            }
        }
        Some(best)
    }

    /// The rest of a band in two columns of about equal height, if the page has room.
    fn balanced(&self, state: State) -> Option<Edge> {
        let from = state.row as usize;
        let first = self.measures.get(from)?;
        if first.begin == Begin::Page && state.waiting.0 > 0 {
            return None;
        }
        let to = first.band as usize;
        let room = self.height - state.top();
        if self.measures.height(from, to) > room * 2.2 {
            return None;
        }
        let mut filling = Filling::new(room, Manner::Inline);
        filling.put_waiting(self.measures, from, state.waiting.0);
        let mut ends = Vec::new();
        for index in from..to {
            filling.add(self.measures, index);
            if !filling.kept || index + 1 == to {
                ends.push(End {
                    to: index + 1,
                    filling,
                    section: None,
                });
            }
        }
        let closing = self.measures.get(to).filter(|row| row.begin != Begin::Page);
        let mut best: Option<(usize, Pair)> = None;
        for end in &ends {
            let pair = self.pair(end, to, &filling);
            let height = |pair: &Pair| {
                if closing.is_some() {
                    pair.height
                } else {
                    pair.text
                }
            };
            let fits = pair.height <= room + SLACK;
            if fits
                && best
                    .as_ref()
                    .is_none_or(|(_, best)| height(&pair) < height(best))
            {
                best = Some((end.to, pair));
            }
        }
        let (split, pair) = best?;
        let step = Step::Balanced {
            split: split as u32,
            text: pair.text,
            height: pair.height,
            ends_page: closing.is_none(),
        };
        Some(match closing {
            Some(row) => Edge {
                to: State::below(to, state.top() + pair.height + row.before),
                step,
                cost: f64::from(BLANK * (pair.uneven / self.height).powi(2)),
            },
            None => Edge {
                to: State::page(to, 0),
                step,
                cost: f64::from(
                    self.last(room - pair.height, 0.0)
                        + BLANK * (pair.uneven / self.height).powi(2),
                ),
            },
        })
    }

    /// Two columns, the first one up to `end`.
    fn pair(&self, end: &End, to: usize, all: &Filling) -> Pair {
        let first = &end.filling;
        let text = match self.measures.get(end.to).filter(|_| end.to < to) {
            Some(row) => all.used - first.used - row.before + row.head,
            None => 0.0,
        };
        let notes = all.notes - first.notes;
        let gap = if notes > 0.0 && first.notes > 0.0 {
            super::fill::NOTES_GAP
        } else {
            0.0
        };
        Pair {
            text: first.used.max(text),
            height: (first.used + first.notes).max(text + notes + gap),
            uneven: (first.used - text).abs(),
        }
    }
}

/// Two columns beside each other.
struct Pair {
    /// The height of the taller text.
    text: f32,
    /// With notes.
    height: f32,
    /// How much their texts differ.
    uneven: f32,
}
