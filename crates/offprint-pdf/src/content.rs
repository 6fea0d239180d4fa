//! A page to its content stream (ISO 32000-1, 7.8.2): text, rectangles, pictures, each
//! marked with what it is content of.
//!
//! printpdf could write these from its operations, but gives every glyph in hexadecimal and
//! every number as it comes: twice as much to compress, which is most of the time that a
//! long issue takes.

use std::collections::BTreeMap;
use std::io;

use offprint_core::parallel::in_parallel;

use crate::finish::file::{
    deflate, push_hundredths, push_integer, push_literal, push_number, push_text,
};
use crate::fonts::{self, Embedded};
use crate::forms::{self, Form, Forms};
use crate::page::{Color, FormulaRun, Item, Page, PlacedGlyph, TextRun};
use crate::picture::Ink;
use crate::shape::{Face, Meaning, Shaper};
use crate::structure::Tag;

/// What a page draws.
#[derive(Debug, Default)]
pub(crate) struct Content {
    /// The stream, not compressed.
    pub(crate) stream: Vec<u8>,
    /// What each marked sequence is content of, by its number on the page.
    pub(crate) marks: Vec<Tag>,
    /// Where the pictures stand that tell something, and displayed formulas: left, bottom, right, top.
    pub(crate) boxes: Vec<(Tag, [f32; 4])>,
}

/// What drawing needs beside the page.
pub(crate) struct Painter<'a> {
    pub(crate) shaper: &'a Shaper,
    /// Of the paper, in points.
    pub(crate) height: f32,
    pub(crate) ink: Ink,
    pub(crate) faces: &'a BTreeMap<Face, Embedded>,
    pub(crate) forms: &'a Forms,
    /// The names of pictures among the resources.
    pub(crate) pictures: &'a BTreeMap<String, String>,
}

impl Painter<'_> {
    /// The streams of all pages, compressed.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub(crate) fn contents(&self, pages: &[Page], threads: usize) -> io::Result<Vec<Content>> {
        let shared = in_parallel(
            pages.len(),
            threads,
            || (),
            |(), number| {
                let mut content = pages
                    .get(number)
                    .map(|page| self.content(page))
                    .unwrap_or_default();
                content.stream = deflate(&content.stream);
                content
            },
        )?;
        Ok(shared
            .results
            .into_iter()
            .map(|(_, content)| content)
            .collect())
    }

    fn content(&self, page: &Page) -> Content {
        let mut pen = Pen {
            painter: self,
            out: Content::default(),
            fill: None,
            font: None,
            in_text: None,
            in_rectangles: false,
            mark: Mark::None,
        };
        for item in &page.items {
            // Formulas have a sequence of their own.
            if item.formula().is_none_or(|formula| formula.tag.is_none()) {
                pen.mark(item.tag().map_or(Mark::Decoration, Mark::Content));
            }
            pen.item(item);
        }
        for (items, mark) in [(&page.header, Mark::Header), (&page.footer, Mark::Footer)] {
            for item in items {
                pen.mark(mark);
                pen.item(item);
            }
        }
        pen.mark(Mark::None);
        pen.out
    }
}

/// What the sequence is that is being drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    None,
    Decoration,
    Header,
    Footer,
    Content(Tag),
}

struct Pen<'a> {
    painter: &'a Painter<'a>,
    out: Content,
    fill: Option<Color>,
    font: Option<(Face, u32)>,
    /// Where the current line of a text object begins, in hundredths of a point.
    in_text: Option<(i64, i64)>,
    /// Whether rectangles wait to be filled.
    in_rectangles: bool,
    mark: Mark,
}

fn hundredths(points: f32) -> i64 {
    (points * 100.0).round() as i64
}

impl Pen<'_> {
    fn op(&mut self, operator: &str) {
        let out = &mut self.out.stream;
        out.extend_from_slice(operator.as_bytes());
        out.push(b'\n');
    }

    fn number(&mut self, value: f32) {
        push_number(&mut self.out.stream, value);
        self.out.stream.push(b' ');
    }

    fn numbers(&mut self, values: &[f32]) {
        for &value in values {
            self.number(value);
        }
    }

    fn up(&self, y: f32) -> f32 {
        self.painter.height - y
    }

    fn end_text(&mut self) {
        if self.in_text.take().is_some() {
            self.op("ET");
        }
    }

    fn end_rectangles(&mut self) {
        if std::mem::take(&mut self.in_rectangles) {
            self.op("f");
        }
    }

    /// Begins a marked sequence, unless the one that is open is the same.
    fn mark(&mut self, mark: Mark) {
        if self.mark == mark {
            return;
        }
        self.end_text();
        self.end_rectangles();
        if self.mark != Mark::None {
            self.op("EMC");
        }
        self.mark = mark;
        match mark {
            Mark::None => {}
            Mark::Decoration => self.op("/Artifact BMC"),
            Mark::Header => self.op("/Artifact<</Type/Pagination/Subtype/Header>>BDC"),
            Mark::Footer => self.op("/Artifact<</Type/Pagination/Subtype/Footer>>BDC"),
            Mark::Content(tag) => self.begin_content(tag, None),
        }
    }

    /// Begins a sequence of content; `words` are what it means where its codes do not tell.
    fn begin_content(&mut self, tag: Tag, words: Option<&str>) {
        let number = self.out.marks.len() as u64;
        self.out.marks.push(tag);
        self.mark = Mark::Content(tag);
        let kind: &[u8] = if words.is_some() { b"/Span" } else { b"/P" };
        self.out.stream.extend_from_slice(kind);
        self.out.stream.extend_from_slice(b"<</MCID ");
        push_integer(&mut self.out.stream, number);
        if let Some(words) = words {
            self.out.stream.extend_from_slice(b"/ActualText");
            push_text(&mut self.out.stream, words);
        }
        self.op(">>BDC");
    }

    fn item(&mut self, item: &Item) {
        if !matches!(item, Item::Text(_)) {
            self.end_text();
        }
        if !matches!(item, Item::Fill { .. }) {
            self.end_rectangles();
        }
        match item {
            Item::Text(run) => self.text(run),
            Item::Formula(run) => self.formula(run),
            Item::Fill {
                x,
                y,
                width,
                height,
                color,
                ..
            } => {
                self.set_fill(*color);
                let bottom = self.up(y + height);
                self.numbers(&[*x, bottom, *width, *height]);
                self.op("re");
                self.in_rectangles = true;
            }
            Item::Dot {
                x,
                y,
                radius,
                color,
                ..
            } => self.dot(*x, *y, *radius, *color),
            Item::Leader { x, y, width, color } => self.leader(*x, *y, *width, *color),
            Item::Picture {
                src,
                x,
                y,
                width,
                height,
                tag,
            } => {
                let Some(name) = self.painter.pictures.get(src) else {
                    return;
                };
                let bottom = self.up(y + height);
                if let Some(tag) = tag {
                    let corners = [*x, bottom, x + width, self.up(*y)];
                    self.out.boxes.push((*tag, corners));
                }
                self.out.stream.extend_from_slice(b"q ");
                self.numbers(&[*width, 0.0, 0.0, *height, *x, bottom]);
                self.op(&format!("cm/{name} Do Q"));
            }
            // These became text when the pages were known.
            Item::PageNumber { .. } => {}
        }
    }

    fn set_fill(&mut self, color: Color) {
        if self.fill == Some(color) {
            return;
        }
        self.end_rectangles();
        self.fill = Some(color);
        self.color(color, "g", "rg");
    }

    fn color(&mut self, Color(red, green, blue): Color, gray: &str, rgb: &str) {
        let share = |value: u8| f32::from(value) / 255.0;
        if red == green && green == blue {
            self.number(share(red));
            self.op(gray);
        } else {
            // Three places, as a hundredth of full light can be seen.
            let [red, green, blue] = [red, green, blue].map(share);
            let text = format!("{red:.3} {green:.3} {blue:.3} {rgb}");
            self.op(&text);
        }
    }

    /// Shows a run. Glyphs that stand for something only together say so, in a sequence of
    /// their own: a reader of the file cannot tell from one code at a time.
    fn text(&mut self, run: &TextRun) {
        let Some(face) = self.painter.faces.get(&run.face) else {
            return;
        };
        let mut rest = run.glyphs.as_slice();
        let is_part = |glyph: &PlacedGlyph| glyph.meaning == Meaning::NOTHING;
        while let Some((first, others)) = rest.split_first() {
            let parts = others.iter().take_while(|glyph| is_part(glyph)).count();
            if parts == 0 {
                // Up to the glyph before the next part of a cluster.
                let plain = others.iter().position(is_part).unwrap_or(rest.len());
                let (plain, after) = rest.split_at_checked(plain).unwrap_or((rest, &[]));
                self.segment(run, plain, face);
                rest = after;
                continue;
            }
            let (cluster, after) = rest.split_at_checked(parts + 1).unwrap_or((rest, &[]));
            rest = after;
            let Some(tag) = run.tag else {
                self.segment(run, cluster, face);
                continue;
            };
            let words = self.painter.shaper.characters(first.meaning);
            self.mark(Mark::None);
            self.begin_content(tag, Some(&words));
            self.segment(run, cluster, face);
            self.mark(Mark::None);
            self.mark(Mark::Content(tag));
        }
    }

    /// Shows some glyphs of a run.
    fn segment(&mut self, run: &TextRun, glyphs: &[PlacedGlyph], face: &Embedded) {
        let Some(first) = glyphs.first() else {
            return;
        };
        self.set_fill(run.color);
        if self.in_text.is_none() {
            self.op("BT");
        }
        let (line_x, line_y) = self.in_text.unwrap_or_default();
        let chosen = (run.face, run.size.to_bits());
        if self.font != Some(chosen) {
            self.font = Some(chosen);
            let name = fonts::name(run.face);
            self.out.stream.extend_from_slice(b"/");
            self.out.stream.extend_from_slice(name.as_bytes());
            self.out.stream.push(b' ');
            self.number(run.size);
            self.op("Tf");
        }
        let (x, y) = (hundredths(run.x_of(*first)), hundredths(self.up(run.y)));
        push_hundredths(&mut self.out.stream, x - line_x);
        self.out.stream.push(b' ');
        push_hundredths(&mut self.out.stream, y - line_y);
        self.op(" Td");
        self.in_text = Some((x, y));
        let is_scaled = run.scale.to_bits() != 1.0_f32.to_bits();
        if is_scaled {
            self.number(run.scale * 100.0);
            self.op("Tz");
        }
        self.show_glyphs(run, glyphs, face, x as f32 / 100.0);
        if is_scaled {
            self.op("100 Tz");
        }
    }

    fn show_glyphs(&mut self, run: &TextRun, glyphs: &[PlacedGlyph], face: &Embedded, start: f32) {
        // Where the reader's pen stands, from the advances that the file states.
        let mut pen = start;
        let em = run.size * run.scale;
        let mut codes: Vec<u8> = Vec::with_capacity(glyphs.len() * 2);
        let mut is_parted = false;
        for glyph in glyphs {
            let offset = ((pen - run.x_of(*glyph)) * 1000.0 / em).round();
            // Less than a hundredth of the em cannot be seen; the pen carries it on.
            if offset.abs() >= 4.0 {
                if !is_parted {
                    self.out.stream.push(b'[');
                    is_parted = true;
                }
                if !codes.is_empty() {
                    push_literal(&mut self.out.stream, codes.drain(..));
                }
                push_hundredths(&mut self.out.stream, offset as i64 * 100);
                pen -= offset * em / 1000.0;
            }
            let code = face.code(glyph.id, glyph.meaning);
            codes.extend(code.to_be_bytes());
            pen += face.width(code) as f32 * em / 1000.0;
        }
        push_literal(&mut self.out.stream, codes);
        self.op(if is_parted { "]TJ" } else { "Tj" });
    }

    /// Draws a formula, and over it its words, which are not seen.
    fn formula(&mut self, run: &FormulaRun) {
        if let Some(tag) = run.tag {
            self.mark(Mark::None);
            self.begin_content(tag, Some(&run.words));
            if run.is_display {
                let [bottom, top] = [-run.drawing.depth, run.drawing.ascent]
                    .map(|height| self.up(run.y) + height * run.size);
                let corners = [run.x, bottom, run.x + run.width(), top];
                self.out.boxes.push((tag, corners));
            }
        }
        self.set_fill(run.color);
        let marks = run.drawing.marks.get(run.marks.clone());
        for mark in marks.unwrap_or_default() {
            self.formula_mark(run, mark);
        }
        if !run.spoken.is_empty() {
            self.op("3 Tr");
            for words in &run.spoken {
                if let Some(face) = self.painter.faces.get(&words.face) {
                    self.segment(words, &words.glyphs, face);
                }
            }
            self.end_text();
            self.op("0 Tr");
        }
        if run.tag.is_some() {
            self.mark(Mark::None);
        }
    }

    fn formula_mark(&mut self, run: &FormulaRun, mark: &offprint_math::Mark) {
        let x = run.x + (mark.origin.x - run.reach.start) * run.size;
        let y = self.up(run.y) + mark.origin.y * run.size;
        let size = run.size * mark.scale;
        let color = mark.color.map(|[red, green, blue]| match self.painter.ink {
            Ink::Color => Color(red, green, blue),
            Ink::Gray => Color(red, green, blue).gray(),
        });
        match self.painter.forms.of_outline(&mark.outline, run.is_bold) {
            Form::Blank => {}
            Form::Rectangle {
                left,
                bottom,
                width,
                height,
            } => {
                if let Some(color) = color {
                    self.set_fill(color);
                }
                self.numbers(&[
                    x + left * size,
                    y + bottom * size,
                    width * size,
                    height * size,
                ]);
                self.op("re f");
                self.set_fill(run.color);
            }
            Form::Named(number) => {
                self.out.stream.extend_from_slice(b"q ");
                if let Some(color) = color {
                    self.color(color, "g", "rg");
                }
                if run.is_bold {
                    self.color(color.unwrap_or(run.color), "G", "RG");
                }
                self.numbers(&[size, 0.0, 0.0, size, x, y]);
                self.op(&format!("cm/{} Do Q", forms::name(number)));
            }
        }
    }

    fn dot(&mut self, x: f32, y: f32, radius: f32, color: Color) {
        self.set_fill(color);
        // A quarter of a circle as a Bézier curve.
        let handle = radius * 0.5523;
        let (x, y) = (x, self.up(y));
        self.numbers(&[x + radius, y]);
        self.op("m");
        for (from, to) in [
            ((1.0, 0.0), (0.0, 1.0)),
            ((0.0, 1.0), (-1.0, 0.0)),
            ((-1.0, 0.0), (0.0, -1.0)),
            ((0.0, -1.0), (1.0, 0.0)),
        ] {
            self.numbers(&[
                x + from.0 * radius + to.0 * handle,
                y + from.1 * radius + to.1 * handle,
                x + to.0 * radius + from.0 * handle,
                y + to.1 * radius + from.1 * handle,
                x + to.0 * radius,
                y + to.1 * radius,
            ]);
            self.op("c");
        }
        self.op("f");
    }

    fn leader(&mut self, x: f32, y: f32, width: f32, color: Color) {
        const STEP: f32 = 4.5;
        // Dots stand on a grid of the page, so that they align from line to line.
        let start = (x / STEP).ceil() * STEP;
        let end = ((x + width) / STEP).floor() * STEP;
        if end <= start {
            return;
        }
        let y = self.up(y);
        self.op("q");
        self.color(color, "G", "RG");
        self.op(".9 w 1 J[0 4.5]0 d");
        self.numbers(&[start, y]);
        self.op("m");
        self.numbers(&[end, y]);
        self.op("l S Q");
    }
}
