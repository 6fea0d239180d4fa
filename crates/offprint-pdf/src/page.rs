//! Pages as plain data, free of any file format: what stands where, in points.
//!
//! `y` grows downwards; inside a [`Row`] it starts at the row's top, on a [`Page`] at the
//! paper's top. `x` starts at the text's left edge in a row, at the paper's on a page.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use offprint_math::Drawing;

use crate::shape::{Face, Meaning, Translation};
use crate::structure::{ElementId, Tag, Tree};

/// Red, green and blue, 0 to 255.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Color(pub(crate) u8, pub(crate) u8, pub(crate) u8);

impl Color {
    /// As light as it is, without its hue.
    pub(crate) fn gray(self) -> Self {
        let Self(red, green, blue) = self;
        // The weights of Rec. 601, as pictures are turned to gray.
        let sum = 299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue);
        let light = ((sum + 500) / 1000) as u8;
        Self(light, light, light)
    }
}

/// A place that links and bookmarks lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Anchor(pub(crate) u32);

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// Out of the document.
    Url(String),
    /// To a place within it.
    Anchor(Anchor),
}

/// A glyph in its place. A long issue has millions of them at once, so they are small.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct PlacedGlyph {
    pub(crate) id: u16,
    /// How far its origin stands from its run's, in fiftieths of a point: finer than any
    /// printer, and far enough for the widest paper.
    offset: i16,
    pub(crate) meaning: Meaning,
}

impl PlacedGlyph {
    /// A glyph so many points from where its run begins.
    pub(crate) fn new(id: u16, meaning: Meaning, offset: f32) -> Self {
        Self {
            id,
            // The cast holds what lies off every paper.
            offset: (offset * 50.0).round() as i16,
            meaning,
        }
    }

    /// The glyph where a run begins.
    pub(crate) fn at_start(self) -> Self {
        Self { offset: 0, ..self }
    }
}

/// Glyphs of one face, size and colour on one baseline.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TextRun {
    pub(crate) face: Face,
    pub(crate) size: f32,
    pub(crate) color: Color,
    /// How much wider the glyphs are than their face draws them.
    pub(crate) scale: f32,
    /// Where it begins.
    pub(crate) x: f32,
    /// The baseline.
    pub(crate) y: f32,
    /// What it is content of; `None` for what only decorates the page.
    pub(crate) tag: Option<Tag>,
    pub(crate) glyphs: Vec<PlacedGlyph>,
}

impl TextRun {
    /// Where the origin of one of its glyphs stands.
    pub(crate) fn x_of(&self, glyph: PlacedGlyph) -> f32 {
        self.x + f32::from(glyph.offset) / 50.0
    }
}

/// A formula, or as much of one as stands on a line.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FormulaRun {
    pub(crate) drawing: Arc<Drawing>,
    /// What is drawn of it: indices of its marks.
    pub(crate) marks: Range<usize>,
    /// From where to where that reaches, in em of the formula.
    pub(crate) reach: Range<f32>,
    /// The em of the formula, in points.
    pub(crate) size: f32,
    pub(crate) color: Color,
    /// Where it begins.
    pub(crate) x: f32,
    /// The baseline.
    pub(crate) y: f32,
    /// What it says, for those who copy or search; nothing where another line says it.
    pub(crate) words: Arc<str>,
    /// The words as glyphs that are not seen: programs find text by its glyphs.
    pub(crate) spoken: Vec<TextRun>,
    /// Whether it stands on a line of its own.
    pub(crate) is_display: bool,
    pub(crate) is_bold: bool,
    /// What it is content of; `None` for what only decorates the page.
    pub(crate) tag: Option<Tag>,
}

impl FormulaRun {
    pub(crate) fn width(&self) -> f32 {
        (self.reach.end - self.reach.start) * self.size
    }
}

/// Something that is drawn.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Item {
    Text(TextRun),
    Formula(Box<FormulaRun>),
    /// A filled rectangle.
    Fill {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        color: Color,
        tag: Option<Tag>,
    },
    /// A filled circle around a point.
    Dot {
        x: f32,
        y: f32,
        radius: f32,
        color: Color,
        tag: Option<Tag>,
    },
    /// A dotted line that leads the eye.
    Leader {
        x: f32,
        y: f32,
        width: f32,
        color: Color,
    },
    /// A picture, named by its path among the assets.
    Picture {
        src: String,
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        tag: Option<Tag>,
    },
    /// The number of the page on which an anchor stands, set flush right against `x`.
    PageNumber {
        anchor: Anchor,
        x: f32,
        y: f32,
        size: f32,
        color: Color,
        tag: Option<Tag>,
    },
}

impl Item {
    /// What it is content of.
    pub(crate) fn tag(&self) -> Option<Tag> {
        match self {
            Self::Text(run) => run.tag,
            Self::Formula(run) => run.tag,
            Self::Fill { tag, .. }
            | Self::Dot { tag, .. }
            | Self::Picture { tag, .. }
            | Self::PageNumber { tag, .. } => *tag,
            Self::Leader { .. } => None,
        }
    }

    fn tag_mut(&mut self) -> Option<&mut Option<Tag>> {
        match self {
            Self::Text(run) => Some(&mut run.tag),
            Self::Formula(run) => Some(&mut run.tag),
            Self::Fill { tag, .. }
            | Self::Dot { tag, .. }
            | Self::Picture { tag, .. }
            | Self::PageNumber { tag, .. } => Some(tag),
            Self::Leader { .. } => None,
        }
    }

    /// The glyphs, if it is text.
    pub(crate) fn text(&self) -> Option<&TextRun> {
        match self {
            Self::Text(run) => Some(run),
            Self::Formula(_)
            | Self::Fill { .. }
            | Self::Dot { .. }
            | Self::Leader { .. }
            | Self::Picture { .. }
            | Self::PageNumber { .. } => None,
        }
    }

    /// [`Item::text`], to be changed.
    pub(crate) fn text_mut(&mut self) -> Option<&mut TextRun> {
        match self {
            Self::Text(run) => Some(run),
            Self::Formula(_)
            | Self::Fill { .. }
            | Self::Dot { .. }
            | Self::Leader { .. }
            | Self::Picture { .. }
            | Self::PageNumber { .. } => None,
        }
    }

    /// All glyphs in it, seen or not.
    pub(crate) fn runs(&self) -> &[TextRun] {
        match self {
            Self::Text(run) => std::slice::from_ref(run),
            Self::Formula(run) => &run.spoken,
            Self::Fill { .. }
            | Self::Dot { .. }
            | Self::Leader { .. }
            | Self::Picture { .. }
            | Self::PageNumber { .. } => &[],
        }
    }

    /// [`Item::runs`], to be changed.
    fn runs_mut(&mut self) -> &mut [TextRun] {
        match self {
            Self::Text(run) => std::slice::from_mut(run),
            Self::Formula(run) => &mut run.spoken,
            Self::Fill { .. }
            | Self::Dot { .. }
            | Self::Leader { .. }
            | Self::Picture { .. }
            | Self::PageNumber { .. } => &mut [],
        }
    }

    /// The formula, if it is one.
    pub(crate) fn formula(&self) -> Option<&FormulaRun> {
        match self {
            Self::Formula(run) => Some(run),
            Self::Text(_)
            | Self::Fill { .. }
            | Self::Dot { .. }
            | Self::Leader { .. }
            | Self::Picture { .. }
            | Self::PageNumber { .. } => None,
        }
    }

    /// Moves it to the right and down.
    pub(crate) fn shift(&mut self, right: f32, down: f32) {
        if let Self::Formula(formula) = self {
            for run in &mut formula.spoken {
                run.x += right;
                run.y += down;
            }
        }
        let (x, y) = match self {
            Self::Formula(run) => (&mut run.x, &mut run.y),
            Self::Text(run) => (&mut run.x, &mut run.y),
            Self::Fill { x, y, .. }
            | Self::Dot { x, y, .. }
            | Self::Leader { x, y, .. }
            | Self::Picture { x, y, .. }
            | Self::PageNumber { x, y, .. } => (x, y),
        };
        *x += right;
        *y += down;
    }

    /// One like it, further to the right and down.
    pub(crate) fn moved(&self, right: f32, down: f32) -> Self {
        let mut item = self.clone();
        item.shift(right, down);
        item
    }
}

/// An area that is a link.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Link {
    pub(crate) target: Target,
    /// What it says, for those who do not see it.
    pub(crate) words: String,
    /// The element that it makes live.
    pub(crate) element: ElementId,
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) width: f32,
    pub(crate) height: f32,
}

/// A ground or a bar that runs behind several rows, named by its index in
/// [`Flow::backdrops`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Backdrop {
    pub(crate) x: f32,
    pub(crate) width: f32,
    pub(crate) color: Color,
}

/// What no page break may divide: a line, a picture, a row of a table.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Row {
    pub(crate) height: f32,
    /// Space above, dropped at a page's top.
    pub(crate) before: f32,
    /// Whether the next row must be on the same page.
    pub(crate) keep: bool,
    pub(crate) items: Vec<Item>,
    pub(crate) links: Vec<Link>,
    pub(crate) anchors: Vec<Anchor>,
    pub(crate) backdrops: Vec<u32>,
    /// Rows that are repeated above this one when it begins a page: an index into
    /// [`Flow::heads`].
    pub(crate) head: Option<u32>,
    /// Footnotes that this row refers to: keys of [`Flow::notes`].
    pub(crate) notes: Vec<u32>,
    /// Rows that stand here if the page has room for them, else at the top of the next: an
    /// index into [`Flow::floats`].
    pub(crate) float: Option<u32>,
    /// Whether it runs over all columns of a page.
    pub(crate) wide: bool,
    /// Whether it begins a page.
    pub(crate) begins_page: bool,
}

impl Row {
    /// A horizontal rule, which stays with what stands under it.
    pub(crate) fn rule(x: f32, width: f32, thickness: f32, color: Color) -> Self {
        Self {
            height: thickness,
            keep: true,
            items: vec![Item::Fill {
                x,
                y: 0.0,
                width,
                height: thickness,
                color,
                tag: None,
            }],
            ..Self::default()
        }
    }

    /// Gives back room that it does not need: all rows of a document are kept until its
    /// pages are known.
    pub(crate) fn shrink(&mut self) {
        for run in self.items.iter_mut().flat_map(Item::runs_mut) {
            run.glyphs.shrink_to_fit();
        }
        self.items.shrink_to_fit();
        self.links.shrink_to_fit();
    }

    /// Makes its picture so high, as wide as that asks, and centred where it was.
    pub(crate) fn shrink_picture(&mut self, highest: f32) {
        for item in &mut self.items {
            if let Item::Picture {
                x, width, height, ..
            } = item
            {
                let narrower = *width * highest / height.max(0.01);
                *x += (*width - narrower) / 2.0;
                (*width, *height) = (narrower, highest);
            }
        }
        self.height = highest;
    }

    /// The row as it stands again on a further page: read once, it only decorates there.
    pub(crate) fn repeated(&self) -> Self {
        let mut row = self.clone();
        row.anchors.clear();
        row.links.clear();
        row.notes.clear();
        for tag in row.items.iter_mut().filter_map(Item::tag_mut) {
            *tag = None;
        }
        row
    }

    /// Where the rightmost link ends.
    pub(crate) fn right_edge(&self) -> f32 {
        let text = self.links.iter().map(|link| link.x + link.width);
        text.fold(0.0, f32::max)
    }

    /// The first baseline.
    pub(crate) fn baseline(&self) -> Option<f32> {
        self.items.iter().find_map(|item| match item.formula() {
            Some(formula) => Some(formula.y),
            None => item.text().map(|run| run.y),
        })
    }

    /// Adds space at the top.
    pub(crate) fn lower(&mut self, points: f32) {
        self.height += points;
        for item in &mut self.items {
            item.shift(0.0, points);
        }
        for link in &mut self.links {
            link.y += points;
        }
    }
}

/// How high rows are together.
pub(crate) fn heights(rows: &[Row]) -> f32 {
    rows.iter().map(|row| row.before + row.height).sum()
}

/// An entry of the outline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bookmark {
    /// 0 for the outermost.
    pub(crate) level: u8,
    pub(crate) title: String,
    pub(crate) anchor: Anchor,
}

/// Rows in order, not yet divided into pages.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Flow {
    pub(crate) rows: Vec<Row>,
    pub(crate) backdrops: Vec<Backdrop>,
    pub(crate) heads: Vec<Vec<Row>>,
    /// Footnotes by their index in the issue.
    pub(crate) notes: BTreeMap<u32, Vec<Row>>,
    pub(crate) floats: Vec<Vec<Row>>,
    pub(crate) bookmarks: Vec<Bookmark>,
    pub(crate) tree: Tree,
    /// How many rows at the start are a cover, which has a page to itself.
    pub(crate) cover: usize,
    /// The level of the bookmarks of sections: below 0 in a book of several issues.
    pub(crate) section_level: u8,
    /// The TeX of formulas that cannot be drawn, and the title of the first paper that has each.
    pub(crate) undrawn: BTreeMap<String, Option<String>>,
}

impl Flow {
    /// Makes room for other flows that are to be appended: growing as they come would for a
    /// moment take twice the memory.
    pub(crate) fn reserve<'a>(&mut self, others: impl Iterator<Item = &'a Self>) {
        let (rows, nodes) = others.fold((0, 0), |(rows, nodes), other| {
            (rows + other.rows.len(), nodes + other.tree.nodes().len())
        });
        // And for what the issue ends with.
        self.rows.reserve_exact(rows + rows / 16 + 256);
        self.tree.reserve(nodes + nodes / 16 + 1024);
    }

    /// Adds another flow at the end, its structure below `parent`. `meanings` translates
    /// what its glyphs stand for.
    pub(crate) fn append(&mut self, parent: ElementId, other: Self, meanings: &Translation) {
        self.join(parent, other, Some(meanings));
    }

    /// [`Flow::append`] for a flow whose glyphs the same shaper made.
    pub(crate) fn append_own(&mut self, parent: ElementId, other: Self) {
        self.join(parent, other, None);
    }

    fn join(&mut self, parent: ElementId, other: Self, meanings: Option<&Translation>) {
        let shift = Shift {
            tree: self.tree.append(parent, other.tree),
            backdrops: self.backdrops.len() as u32,
            heads: self.heads.len() as u32,
            floats: self.floats.len() as u32,
            meanings,
        };
        if self.rows.is_empty() {
            self.cover = other.cover;
        }
        let moved = |mut rows: Vec<Row>| {
            for row in &mut rows {
                row.renumber(&shift);
            }
            rows
        };
        self.rows.extend(moved(other.rows));
        self.backdrops.extend(other.backdrops);
        self.heads.extend(other.heads.into_iter().map(moved));
        self.floats.extend(other.floats.into_iter().map(moved));
        self.notes.extend(
            other
                .notes
                .into_iter()
                .map(|(note, rows)| (note, moved(rows))),
        );
        self.bookmarks.extend(other.bookmarks);
        for (tex, paper) in other.undrawn {
            self.add_undrawn(tex, paper);
        }
    }

    /// Notes that a formula cannot be drawn.
    pub(crate) fn add_undrawn(&mut self, tex: String, paper: Option<String>) {
        let known = self.undrawn.entry(tex).or_default();
        if known.is_none() {
            *known = paper;
        }
    }
}

/// How far the indices in a row move when its flow is appended to another.
struct Shift<'a> {
    tree: u32,
    backdrops: u32,
    heads: u32,
    floats: u32,
    meanings: Option<&'a Translation>,
}

impl Row {
    fn renumber(&mut self, shift: &Shift<'_>) {
        for item in &mut self.items {
            if let Some(tag) = item.tag_mut() {
                *tag = tag.map(|tag| tag.moved(shift.tree));
            }
            if let Some(meanings) = shift.meanings {
                for glyph in item.runs_mut().iter_mut().flat_map(|run| &mut run.glyphs) {
                    glyph.meaning = meanings.of(glyph.meaning);
                }
            }
        }
        for link in &mut self.links {
            link.element = link.element.moved(shift.tree);
        }
        for backdrop in &mut self.backdrops {
            *backdrop += shift.backdrops;
        }
        self.head = self.head.map(|head| head + shift.heads);
        self.float = self.float.map(|float| float + shift.floats);
    }
}

/// A finished page.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Page {
    /// In the order in which they are painted.
    pub(crate) items: Vec<Item>,
    pub(crate) links: Vec<Link>,
    /// What stands above and below the text on every page.
    pub(crate) header: Vec<Item>,
    pub(crate) footer: Vec<Item>,
}

impl Page {
    /// Everything that is drawn on it.
    pub(crate) fn all_items(&self) -> impl Iterator<Item = &Item> {
        self.items.iter().chain(&self.header).chain(&self.footer)
    }
}

/// Where an anchor came to stand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Spot {
    /// From 0.
    pub(crate) page: usize,
    /// From 0.
    pub(crate) column: u32,
    /// From the paper's top.
    pub(crate) y: f32,
}
