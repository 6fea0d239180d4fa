//! Formulas, laid out once for all issues of a run; how large they stand beside text.

use std::ops::Range;
use std::sync::{Arc, LazyLock};

use offprint_math::{Drawing, Style, Typesetter, words};

use crate::page::{FormulaRun, PlacedGlyph, TextRun};
use crate::shape::{Cut, Glyph, Shaper};

/// The em of a formula by that of the text around it. Small letters of the faces of formulas
/// are lower than those of text (0.43 em against 0.54), capitals and digits hardly so (0.68 and
/// 0.64 against 0.73): between the two, formulas look as large as the text.
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
        for place in &self.drawing.breaks {
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
        parts
    }
}

/// What it costs to end a line within a formula: about what TeX takes for it, 500 and 700,
/// where a line that is far too loose costs as much.
const AFTER_RELATION: f32 = 500.0;
const AFTER_OPERATOR: f32 = 700.0;
/// What it costs more to leave no more than a letter to the next line, and how wide that is.
const LONELY: f32 = 800.0;
const LONELY_WIDTH: f32 = 1.2;

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

/// A formula's first characters, on one line.
pub(crate) fn shortened(tex: &str) -> String {
    const LENGTH: usize = 60;
    let line = tex.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LENGTH) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line,
    }
}
