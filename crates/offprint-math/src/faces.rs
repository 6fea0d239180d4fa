//! The faces that formulas are set in.

use std::collections::HashMap;
use std::sync::Arc;

use offprint_fonts as fonts;
use skrifa::charmap::Charmap;
use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::{FontRef, GlyphId, MetadataProvider as _};

use crate::outline::{Outline, Point, Rectangle, Segment};

/// How large the faces of text are set in a formula. Formats set formulas larger than their text,
/// because the small letters of the faces of formulas are smaller; Chinese is to stay as large as
/// around the formula.
const TEXT: f32 = 0.88;

/// The faces of formulas, and those of text for what formulas have no letters of: Chinese.
pub(crate) struct Faces {
    math: Vec<(&'static str, Face<'static>)>,
    text: Vec<Face<'static>>,
    drawn: HashMap<(usize, u32), Arc<Outline>>,
}

struct Face<'a> {
    font: FontRef<'a>,
    charmap: Charmap<'a>,
    em: f32,
}

/// How much room a letter takes, in em.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Room {
    pub(crate) width: f32,
    pub(crate) height: f32,
    pub(crate) depth: f32,
}

impl Faces {
    pub(crate) fn new() -> Self {
        let math = fonts::KATEX
            .iter()
            .filter_map(|font| Some((font.name, Face::new(font)?)))
            .collect();
        let text = [
            // Signs such as ° are full-width in the Chinese face.
            fonts::LATIN,
            fonts::CJK,
            fonts::MATH,
            fonts::SYMBOLS,
            fonts::SYMBOLS_2,
            fonts::EMOJI,
        ];
        Self {
            math,
            text: text
                .iter()
                .filter_map(Face::new)
                .map(|face| Face {
                    em: face.em / TEXT,
                    ..face
                })
                .collect(),
            drawn: HashMap::new(),
        }
    }

    /// The outline of a letter of the face called `name`, or else of the first face that has it.
    pub(crate) fn outline(&mut self, name: &str, letter: char) -> Option<Arc<Outline>> {
        let own = self
            .math
            .iter()
            .enumerate()
            .find(|(_, (known, _))| *known == name)
            .and_then(|(index, (_, face))| Some((index, face, face.glyph(letter)?)));
        let (index, face, glyph) = own.or_else(|| {
            // Letters of another math face beat those of text, which are sans serif.
            let others = self.math.iter().map(|(_, face)| face).chain(&self.text);
            others
                .enumerate()
                .find_map(|(index, face)| Some((index, face, face.glyph(letter)?)))
        })?;
        let key = (index, glyph.to_u32());
        if let Some(known) = self.drawn.get(&key) {
            return Some(Arc::clone(known));
        }
        let outline = Arc::new(face.draw(glyph)?);
        self.drawn.insert(key, Arc::clone(&outline));
        Some(outline)
    }

    /// The room that a letter takes in the first face of text that has it.
    pub(crate) fn room(&self, letter: char) -> Option<Room> {
        self.text.iter().find_map(|face| face.room(letter))
    }
}

impl Face<'static> {
    fn new(font: &fonts::Font) -> Option<Self> {
        let font = FontRef::new(font.data).ok()?;
        let metrics = font.metrics(Size::unscaled(), LocationRef::default());
        Some(Self {
            charmap: font.charmap(),
            em: f32::from(metrics.units_per_em),
            font,
        })
    }
}

impl Face<'_> {
    fn glyph(&self, letter: char) -> Option<GlyphId> {
        self.charmap.map(letter)
    }

    fn room(&self, letter: char) -> Option<Room> {
        let glyph = self.glyph(letter)?;
        let advance = self
            .font
            .glyph_metrics(Size::unscaled(), LocationRef::default())
            .advance_width(glyph)?;
        let ink = bounds(&self.draw(glyph)?);
        Some(Room {
            width: advance / self.em,
            height: ink.map_or(0.0, |ink| ink.top.max(0.0)),
            depth: ink.map_or(0.0, |ink| (-ink.bottom).max(0.0)),
        })
    }

    fn draw(&self, glyph: GlyphId) -> Option<Outline> {
        let mut pen = Pen {
            scale: self.em.recip(),
            outline: Outline::default(),
        };
        if let Some(drawing) = self.font.outline_glyphs().get(glyph) {
            let settings = DrawSettings::unhinted(Size::unscaled(), LocationRef::default());
            drawing.draw(settings, &mut pen).ok()?;
        }
        Some(pen.outline)
    }
}

/// The rectangle around every point of an outline; `None` for a blank.
fn bounds(outline: &Outline) -> Option<Rectangle> {
    let mut points = outline.segments.iter().flat_map(points);
    let first = points.next()?;
    let start = Rectangle {
        left: first.x,
        bottom: first.y,
        right: first.x,
        top: first.y,
    };
    Some(points.fold(start, Rectangle::including))
}

/// The points of a segment, control points among them.
pub(crate) fn points(segment: &Segment) -> impl Iterator<Item = Point> + use<> {
    let points = match *segment {
        Segment::Move(to) | Segment::Line(to) => [Some(to), None, None],
        Segment::Quad(control, to) => [Some(control), Some(to), None],
        Segment::Cubic(first, second, to) => [Some(first), Some(second), Some(to)],
        Segment::Close => [None; 3],
    };
    points.into_iter().flatten()
}

struct Pen {
    scale: f32,
    outline: Outline,
}

impl Pen {
    fn at(&self, x: f32, y: f32) -> Point {
        Point::new(x * self.scale, y * self.scale)
    }
}

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        let to = self.at(x, y);
        self.outline.segments.push(Segment::Move(to));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let to = self.at(x, y);
        self.outline.segments.push(Segment::Line(to));
    }

    fn quad_to(&mut self, cx0: f32, cy0: f32, x: f32, y: f32) {
        let (control, to) = (self.at(cx0, cy0), self.at(x, y));
        self.outline.segments.push(Segment::Quad(control, to));
    }

    fn curve_to(&mut self, cx0: f32, cy0: f32, cx1: f32, cy1: f32, x: f32, y: f32) {
        let (first, second, to) = (self.at(cx0, cy0), self.at(cx1, cy1), self.at(x, y));
        self.outline
            .segments
            .push(Segment::Cubic(first, second, to));
    }

    fn close(&mut self) {
        self.outline.segments.push(Segment::Close);
    }
}
