//! Formulas, laid out once for all issues of a run; how large they stand beside text.

use std::ops::Range;
use std::sync::{Arc, LazyLock};

use offprint_math::{Break, Drawing, Mark, Rectangle, Segment, Style, Typesetter, words};

use crate::page::{FormulaRun, PlacedGlyph, TextRun};
use crate::shape::{Cut, Glyph, Shaper};

/// The em of a formula by that of the text around it. Small letters of the faces of formulas
/// are lower than those of text (0.43 em against 0.54), capitals and digits hardly so (0.68 and
/// 0.64 against 0.71): between the two, formulas look as large as the text.
pub(crate) const SCALE: f32 = 1.13;

static TYPESETTER: LazyLock<Typesetter> = LazyLock::new(Typesetter::default);

/// A formula that can be drawn, and what it says.
#[derive(Debug, Clone)]
pub(crate) struct Set {
    pub(crate) drawing: Arc<Drawing>,
    /// In one line of plain text.
    pub(crate) words: Arc<str>,
}

impl Set {
    /// A formula laid out; `None` for what cannot be.
    pub(crate) fn new(tex: &str, style: Style) -> Option<Self> {
        let drawing = TYPESETTER.set(tex, style)?;
        Some(Self {
            drawing,
            words: words(tex).into(),
        })
    }

    /// What `\tag` says of it. The formula's own words have that, too.
    pub(crate) fn number(&self) -> Option<Self> {
        let drawing = self.drawing.tag.as_deref()?;
        Some(Self {
            drawing: Arc::new(drawing.clone()),
            words: Arc::from(""),
        })
    }

    /// Its parts, between which lines may end.
    pub(crate) fn parts(&self) -> Vec<Part> {
        let mut parts = Vec::with_capacity(self.drawing.breaks.len() + 1);
        let mut part = Part {
            set: self.clone(),
            marks: 0..self.drawing.marks.len(),
            start: 0.0,
            end: self.drawing.width,
            gap: 0.0,
            cost: None,
        };
        let width = self.drawing.width;
        // Signs that are moved into each other are one.
        let is_open = |place: &&Break| {
            let next = self.drawing.marks.get(place.mark).map(ink);
            next.is_none_or(|next| next.left > place.end - 0.1)
        };
        for place in self.drawing.breaks.iter().filter(is_open) {
            parts.push(Part {
                marks: part.marks.start..place.mark,
                end: place.end,
                gap: place.start - place.end,
                ..part.clone()
            });
            part.marks.start = place.mark;
            part.start = place.start;
            let cost = if place.after_relation {
                AFTER_RELATION
            } else {
                AFTER_OPERATOR
            };
            let is_lonely = width - place.start < LONELY_WIDTH;
            part.cost = Some(if is_lonely { cost + LONELY } else { cost });
        }
        parts.push(part);
        parts.iter().flat_map(Part::divided).collect()
    }
}

/// What it costs to end a line within a formula: about what TeX takes for it, 500 and 700,
/// where a line that is far too loose costs as much.
const AFTER_RELATION: f32 = 500.0;
const AFTER_OPERATOR: f32 = 700.0;
/// What it costs more to leave no more than a letter to the next line, and how wide that is.
const LONELY: f32 = 800.0;
const LONELY_WIDTH: f32 = 1.2;

/// Where TeX would end no line, it is a last resort.
const AFTER_COMMA: f32 = 3000.0;
const AFTER_BLANK: f32 = 6000.0;
/// What a line cannot hold where text is narrowest, and how wide the blanks between its pieces
/// are: more than between letters, less than after a comma. In em of the formula.
const LONG: f32 = 8.0;
const BLANK: f32 = 0.2;

/// What a mark draws on; of a blank, nothing that would widen another.
fn ink(mark: &Mark) -> Rectangle {
    let nothing = Rectangle {
        left: f32::MAX,
        right: f32::MIN,
        bottom: f32::MAX,
        top: f32::MIN,
    };
    let points = mark.segments().flat_map(|segment| match segment {
        Segment::Move(to) | Segment::Line(to) => [Some(to), None, None],
        Segment::Quad(control, to) => [Some(control), Some(to), None],
        Segment::Cubic(first, second, to) => [Some(first), Some(second), Some(to)],
        Segment::Close => [None; 3],
    });
    points.flatten().fold(nothing, |ink, point| Rectangle {
        left: ink.left.min(point.x),
        right: ink.right.max(point.x),
        bottom: ink.bottom.min(point.y),
        top: ink.top.max(point.y),
    })
}

/// Whether that has the shape of a comma on the baseline.
fn is_comma(ink: Rectangle) -> bool {
    ink.top < 0.2 && ink.bottom < -0.1 && ink.right - ink.left < 0.3
}

/// As much of a formula as no line break divides. Lengths are in em of the formula.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    pub(crate) set: Set,
    pub(crate) marks: Range<usize>,
    pub(crate) start: f32,
    pub(crate) end: f32,
    /// The blank after it, which is dropped at a line's end.
    pub(crate) gap: f32,
    /// What it costs to begin a line with it; `None` for the formula's first.
    pub(crate) cost: Option<f32>,
}

impl Part {
    /// The part itself; if it is so long that a narrow line could not hold it, its pieces
    /// between blanks.
    fn divided(&self) -> Vec<Self> {
        let mut pieces = Vec::new();
        let mut rest = self.clone();
        if self.width() > LONG {
            let marks = self.set.drawing.marks.get(self.marks.clone());
            let inks: Vec<Rectangle> = marks.unwrap_or_default().iter().map(ink).collect();
            // Where what stands after each mark begins.
            let before = |nearest: &mut f32, ink: &Rectangle| {
                let start = *nearest;
                *nearest = start.min(ink.left);
                Some(start)
            };
            let mut starts: Vec<f32> = inks.iter().rev().scan(f32::MAX, before).collect();
            starts.reverse();
            let mut end = f32::MIN;
            let pairs = inks.iter().zip(inks.iter().skip(1)).zip(starts);
            for (index, ((ink, next), start)) in (self.marks.start + 1..).zip(pairs) {
                end = end.max(ink.right);
                let is_between = end > f32::MIN && start < f32::MAX;
                if !is_between || start - end < BLANK || is_comma(*next) {
                    continue;
                }
                pieces.push(Self {
                    marks: rest.marks.start..index,
                    end,
                    gap: start - end,
                    ..rest.clone()
                });
                rest.marks.start = index;
                rest.start = start;
                let is_list = is_comma(*ink);
                rest.cost = Some(if is_list { AFTER_COMMA } else { AFTER_BLANK });
            }
        }
        pieces.push(rest);
        pieces
    }

    pub(crate) fn is_first(&self) -> bool {
        self.cost.is_none()
    }

    pub(crate) fn width(&self) -> f32 {
        self.end - self.start
    }

    /// Its em in points where it is drawn so wide, beside text of a size.
    pub(crate) fn size(&self, width: f32, text: f32) -> f32 {
        let own = self.width();
        if own > 0.0 { width / own } else { text * SCALE }
    }
}

impl FormulaRun {
    /// Sets its words as glyphs over its width. Those that no face has are left to the file's
    /// own word for what it says.
    pub(crate) fn speak(&mut self, shaper: &mut Shaper) {
        let size = self.size / SCALE;
        let mut drawn: Vec<Glyph> = Vec::with_capacity(self.words.len());
        for character in self.words.chars() {
            let character = if character.is_whitespace() {
                ' '
            } else {
                character
            };
            if let Some(face) = shaper.face_if_any(Cut::default(), character) {
                let word = shaper.character(face, character);
                drawn.extend(shaper.glyphs(word));
            }
        }
        let natural: f32 = drawn.iter().map(|glyph| glyph.advance * size).sum();
        let scale = (self.width() / natural.max(0.01)).clamp(0.01, 10.0);
        let mut x = self.x;
        for glyph in drawn {
            if self.spoken.last().is_none_or(|run| run.face != glyph.face) {
                self.spoken.push(TextRun {
                    face: glyph.face,
                    size,
                    color: self.color,
                    scale,
                    x,
                    y: self.y,
                    tag: self.tag,
                    glyphs: Vec::new(),
                });
            }
            if let Some(run) = self.spoken.last_mut() {
                let offset = x - run.x;
                run.glyphs
                    .push(PlacedGlyph::new(glyph.id, glyph.meaning, offset));
            }
            x += glyph.advance * size * scale;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_formulas_hold_what_is_drawn_of_them() {
        let table = include_str!("../../offprint-math/tests/formulas.tsv");
        let rows = table.lines().filter(|line| !line.starts_with('#'));
        let mut divided = 0;
        for tex in rows.filter_map(|line| line.split('\t').nth(2)) {
            let Some(set) = Set::new(tex, Style::Inline) else {
                continue;
            };
            let parts = set.parts();
            divided += usize::from(parts.len() > 1);
            let (first, last) = (&parts[0], &parts[parts.len() - 1]);
            assert!(first.is_first() && first.start.abs() < 1e-6, "{tex}");
            assert_eq!(last.marks.end, set.drawing.marks.len(), "{tex}");
            for pair in parts.windows(2) {
                assert_eq!(pair[0].marks.end, pair[1].marks.start, "{tex}");
                let gap = pair[1].start - pair[0].end;
                assert!((gap - pair[0].gap).abs() < 1e-5, "{tex}");
                assert!(!pair[1].is_first(), "{tex}");
            }
            for part in &parts {
                for mark in &set.drawing.marks[part.marks.clone()] {
                    let ink = ink(mark);
                    // Slanted letters lean out of their boxes.
                    let is_within = ink.left > part.start - 0.3 && ink.right < part.end + 0.3;
                    assert!(is_within, "{tex}: {ink:?} {} {}", part.start, part.end);
                }
            }
        }
        assert!(divided > 20, "{divided}");
    }
}
