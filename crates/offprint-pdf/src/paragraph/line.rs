//! One line: where each glyph stands on it.

use std::sync::Arc;

use super::bidi::{Course, order};
use super::pieces::{Kind, Piece};
use super::{Alignment, Paragraph, Setting, Style};
use crate::formula::Part;
use crate::page::{Color, FormulaRun, Item, Link, PlacedGlyph, Row, TextRun};
use crate::shape::{Glyph, Shaper};

/// Where a line stands in its paragraph.
pub(super) struct Place {
    pub(super) indent: f32,
    pub(super) is_last: bool,
    pub(super) course: Course,
}

/// Puts the pieces of one line in their places.
pub(super) fn set_line(
    shaper: &mut Shaper,
    paragraph: &Paragraph,
    setting: &Setting,
    line: &[Piece],
    place: &Place,
) -> Row {
    let shown = line
        .iter()
        .rposition(|piece| piece.kind != Kind::Space)
        .map_or(0, |last| last + 1);
    let (line, dropped) = line.split_at_checked(shown).unwrap_or((line, &[]));
    let measure = setting.measure - place.indent;
    let fit = fit(line, measure, setting.justify && !place.is_last);
    // Running text begins at the right if it runs from there. Titles, labels and entries of
    // lists keep their place on the page.
    let backwards = setting.justify && place.course == Course::Backwards;
    let offset = match setting.align {
        Alignment::Start if backwards => fit.free,
        Alignment::End if backwards => 0.0,
        Alignment::Start => 0.0,
        Alignment::Center => fit.free / 2.0,
        Alignment::End => fit.free,
    };
    // What a paragraph from the right is indented by is at its right.
    let indent = if backwards { 0.0 } else { place.indent };
    let mut row = Row {
        height: setting.leading,
        ..Row::default()
    };
    let baseline = baseline(paragraph, setting, line, &mut row);
    let mut pen = Pen {
        shaper,
        paragraph,
        row: &mut row,
        grounds: Vec::new(),
        baseline,
        x: setting.x + indent + offset - line.first().map_or(0.0, |piece| piece.lead),
    };
    let levels = || line.iter().map(|piece| piece.level).collect::<Vec<_>>();
    let plain = place.course == Course::Plain;
    if let Some(order) = (!plain)
        .then(levels)
        .and_then(|levels| order(&levels, place.course))
    {
        let mut spaces = order.spaces.iter();
        for piece in order.pieces.iter().filter_map(|&index| line.get(index)) {
            let space = spaces.next().and_then(|&index| line.get(index));
            let space = space.map_or(-piece.trail, |piece| fit.after(piece));
            pen.draw(piece, space, &[]);
        }
    } else {
        let last = line.len().saturating_sub(1);
        for (index, piece) in line.iter().enumerate() {
            let space = if index == last {
                -piece.trail
            } else {
                fit.after(piece)
            };
            pen.draw(piece, space, line.get(index..).unwrap_or_default());
        }
    }
    // Nobody sees the blank at which a line ends, but it parts the words for those who listen.
    if let Some(blank) = dropped.first().filter(|_| plain) {
        pen.blank(blank);
    }
    // Grounds lie under everything else.
    let grounds = pen.grounds;
    for item in &mut row.items {
        if let Item::Formula(run) = item {
            run.speak(shaper);
        }
    }
    row.items.splice(0..0, grounds);
    if let Some(last) = line.last().filter(|last| last.level == 0)
        && !setting.verbatim
        && !place.is_last
    {
        if last.divided {
            hide_hyphen(&mut row);
        } else {
            tell_hyphen(shaper, &mut row);
        }
    }
    row.shrink();
    row
}

/// The hyphen of a divided word is no part of the text: those who listen hear the word whole.
fn hide_hyphen(row: &mut Row) {
    let Some(run) = row.items.iter_mut().rev().find_map(Item::text_mut) else {
        return;
    };
    if run.glyphs.len() < 2 {
        return;
    }
    let Some(hyphen) = run.glyphs.pop() else {
        return;
    };
    let alone = TextRun {
        x: run.x_of(hyphen),
        tag: None,
        glyphs: vec![hyphen.at_start()],
        ..*run
    };
    row.items.push(Item::Text(alone));
}

/// Programs that read a page drop a hyphen at a line's end and join the words, which is
/// right for divided words. A hyphen that belongs to the text is told twice, so that one
/// is left of it.
fn tell_hyphen(shaper: &mut Shaper, row: &mut Row) {
    let last = row.items.iter_mut().rev().find_map(Item::text_mut);
    let last = last.and_then(|run| run.glyphs.last_mut());
    if let Some(glyph) = last
        && glyph.meaning == shaper.meaning("-")
    {
        glyph.meaning = shaper.meaning("--");
    }
}

/// Draws pieces one after the other, from left to right.
struct Pen<'a> {
    shaper: &'a Shaper,
    paragraph: &'a Paragraph,
    row: &'a mut Row,
    grounds: Vec<Item>,
    baseline: f32,
    x: f32,
}

impl Pen<'_> {
    /// Draws a piece, after which a space is left; `rest` is what is drawn from it on.
    fn draw(&mut self, piece: &Piece, space: f32, rest: &[Piece]) {
        let Some(&(_, style)) = self.paragraph.styles.get(piece.style as usize) else {
            return;
        };
        let (x, y) = (self.x, self.baseline - style.rise);
        let advance = piece.width + space;
        if let Some(picture) = self.paragraph.picture(piece) {
            self.row.items.push(Item::Picture {
                src: picture.src.clone(),
                x,
                y: y - picture.height,
                width: piece.width,
                height: picture.height * piece.width / picture.width.max(0.01),
                tag: style.tag,
            });
        } else if let Some(part) = self.paragraph.formula(piece) {
            self.formula(part, piece, style, y);
        } else {
            self.word(piece, style, y, rest);
        }
        if let Some(ground) = style.ground {
            extend_ground(&mut self.grounds, style, ground, x, y, advance);
        }
        if style.strike {
            self.row.items.push(Item::Fill {
                x,
                y: y - 0.31 * style.size,
                width: advance,
                height: 0.05 * style.size,
                color: style.color,
                tag: style.tag,
            });
        }
        if style.dotted && piece.kind == Kind::Han {
            self.row.items.push(Item::Dot {
                x: x - piece.shift + 0.5 * style.size,
                y: y + 0.26 * style.size,
                radius: 0.055 * style.size,
                color: style.color,
                tag: style.tag,
            });
        }
        if style.link.is_some() {
            extend_link(self.row, self.paragraph, piece, style, x, y, advance);
        }
        self.x += advance;
    }

    /// Draws a formula, or goes on with the one whose part stands before.
    fn formula(&mut self, part: &Part, piece: &Piece, style: Style, y: f32) {
        let size = part.size(piece.width, style.size);
        let drawing = &part.set.drawing;
        if let Some(Item::Formula(run)) = self.row.items.last_mut()
            && Arc::ptr_eq(&run.drawing, drawing)
            && !part.is_first()
            && run.marks.end == part.marks.start
        {
            run.marks.end = part.marks.end;
            run.reach.end = part.end;
            return;
        }
        let words = if part.is_first() {
            Arc::clone(&part.set.words)
        } else {
            Arc::from("")
        };
        self.row.items.push(Item::Formula(Box::new(FormulaRun {
            drawing: Arc::clone(drawing),
            marks: part.marks.clone(),
            reach: part.start..part.end,
            size,
            color: style.color,
            x: self.x,
            y,
            words,
            spoken: Vec::new(),
            is_display: false,
            is_bold: style.cut.bold,
            tag: style.tag,
        })));
    }

    /// Draws a blank that takes no room.
    fn blank(&mut self, piece: &Piece) {
        if let Some(&(_, style)) = self.paragraph.styles.get(piece.style as usize) {
            self.word(piece, style, self.baseline - style.rise, &[]);
        }
    }

    fn word(&mut self, piece: &Piece, style: Style, y: f32, following: &[Piece]) {
        let mut x = self.x - piece.shift;
        let mut rest = self.shaper.glyphs(piece.word);
        while let Some(first) = rest.first() {
            let is_like = |glyph: &&Glyph| {
                glyph.face == first.face
                    && glyph.scale.to_bits() == first.scale.to_bits()
                    && glyph.dy.to_bits() == first.dy.to_bits()
            };
            let count = rest.iter().take_while(is_like).count();
            let (like, after) = rest.split_at_checked(count).unwrap_or((rest, &[]));
            let y = y - first.dy * style.size;
            if let Some(run) = run_for(self.row, first, style, x, y) {
                if run.glyphs.is_empty() {
                    run.glyphs
                        .reserve_exact(like_glyphs(self.shaper, following));
                }
                let start = run.x;
                run.glyphs.extend(like.iter().map(|glyph| {
                    let offset = x + glyph.dx * style.size - start;
                    x += glyph.advance * style.size;
                    PlacedGlyph::new(glyph.id, glyph.meaning, offset)
                }));
            }
            rest = after;
        }
    }
}

/// How many glyphs the first of some pieces and those after it have that are likely of one
/// run.
fn like_glyphs(shaper: &Shaper, pieces: &[Piece]) -> usize {
    let is_full_width = |piece: &Piece| matches!(piece.kind, Kind::Han | Kind::Mark(_));
    let Some(first) = pieces.first() else {
        return 0;
    };
    pieces
        .iter()
        .take_while(|piece| {
            piece.style == first.style && is_full_width(piece) == is_full_width(first)
        })
        .map(|piece| shaper.glyphs(piece.word).len())
        .sum()
}

/// The row's last run if a glyph can go on with it, else a new one.
fn run_for<'a>(
    row: &'a mut Row,
    glyph: &Glyph,
    style: Style,
    x: f32,
    y: f32,
) -> Option<&'a mut TextRun> {
    let goes_on = |run: &TextRun| {
        run.face == glyph.face
            && run.size.to_bits() == style.size.to_bits()
            && run.color == style.color
            && run.scale.to_bits() == glyph.scale.to_bits()
            && run.tag == style.tag
            && (run.y - y).abs() < 0.001
    };
    let last = row.items.iter().rposition(|item| item.text().is_some());
    let known = last.filter(|&index| {
        let run = row.items.get(index).and_then(Item::text);
        run.is_some_and(goes_on)
    });
    let index = known.unwrap_or_else(|| {
        row.items.push(Item::Text(TextRun {
            face: glyph.face,
            size: style.size,
            color: style.color,
            scale: glyph.scale,
            x,
            y,
            tag: style.tag,
            glyphs: Vec::new(),
        }));
        row.items.len() - 1
    });
    row.items.get_mut(index).and_then(Item::text_mut)
}

/// Lays a ground under a piece, or widens the one of the piece before it.
fn extend_ground(
    grounds: &mut Vec<Item>,
    style: Style,
    ground: Color,
    left: f32,
    y: f32,
    advance: f32,
) {
    let padding = Style::PADDING * style.size;
    if let Some(Item::Fill { x, width, .. }) = grounds.last_mut()
        && (*x + *width - padding - left).abs() < 0.01
    {
        *width += advance;
        return;
    }
    grounds.push(Item::Fill {
        x: left - padding,
        y: y - 1.02 * style.size,
        width: advance + 2.0 * padding,
        height: 1.34 * style.size,
        color: ground,
        tag: None,
    });
}

/// How far a line gives way to meet the margin: shares of what its pieces can do.
struct Fit {
    stretch: f32,
    more: f32,
    shrink: f32,
    /// What stays blank.
    free: f32,
}

impl Fit {
    /// The space after a piece that is not the last.
    fn after(&self, piece: &Piece) -> f32 {
        piece.gap + piece.stretch * self.stretch + piece.more * self.more
            - piece.shrink * self.shrink
    }
}

/// How often a blank's last reserve is used where no better break was to be had.
const MOST: f32 = 2.5;

fn fit(line: &[Piece], measure: f32, justify: bool) -> Fit {
    // The last piece has nothing after it that could give way.
    let inner = line.split_last().map_or(line, |(_, inner)| inner);
    let sum = |of: fn(&Piece) -> f32| inner.iter().map(of).sum::<f32>();
    let natural = sum(|piece| piece.width + piece.gap)
        + line.last().map_or(0.0, |piece| piece.width - piece.trail)
        - line.first().map_or(0.0, |piece| piece.lead);
    let slack = measure - natural;
    let share = |wanted: f32, can: f32, most: f32| {
        if can > 0.0 {
            (wanted / can).clamp(0.0, most)
        } else {
            0.0
        }
    };
    let mut fit = Fit {
        stretch: 0.0,
        more: 0.0,
        shrink: 0.0,
        free: if justify { 0.0 } else { slack.max(0.0) },
    };
    if slack < 0.0 {
        fit.shrink = share(-slack, sum(|piece| piece.shrink), 1.0);
    } else if justify {
        let can = sum(|piece| piece.stretch);
        fit.stretch = share(slack, can, 1.0);
        // Wide blanks in one line look better than a margin with a notch.
        fit.more = share(slack - can, sum(|piece| piece.more), MOST);
    }
    fit
}

/// Blank between a tall formula and the lines above and below.
const APART: f32 = 0.5;

/// Where the baseline stands below the row's top; the row grows for tall pictures and formulas.
fn baseline(paragraph: &Paragraph, setting: &Setting, line: &[Piece], row: &mut Row) -> f32 {
    let size = line
        .iter()
        .filter_map(|piece| paragraph.styles.get(piece.style as usize))
        .map(|(_, style)| style.size)
        .fold(setting.leading * 0.4, f32::max);
    // Han characters fill the box from 0.88 em above the baseline to 0.12 em below.
    let baseline = (setting.leading - size) / 2.0 + 0.88 * size;
    let below = setting.leading - baseline;
    let (mut tallest, mut deepest) = (baseline, below);
    for piece in line {
        if let Some(picture) = paragraph.picture(piece) {
            tallest = tallest.max(picture.height + 2.0);
        } else if let Some(part) = paragraph.formula(piece) {
            let size = part.size(piece.width, paragraph.size(piece.style));
            let drawing = &part.set.drawing;
            tallest = tallest.max(drawing.ascent * size + APART);
            deepest = deepest.max(drawing.depth * size + APART);
        }
    }
    row.height += tallest - baseline + deepest - below;
    tallest
}

fn extend_link(
    row: &mut Row,
    paragraph: &Paragraph,
    piece: &Piece,
    style: Style,
    x: f32,
    y: f32,
    advance: f32,
) {
    let Some((link, (target, element))) = style
        .link
        .and_then(|link| Some((link, paragraph.targets.get(link as usize)?)))
    else {
        return;
    };
    let top = y - 0.95 * style.size;
    match row.links.last_mut() {
        Some(last)
            if last.element == *element
                && last.target == *target
                && (last.x + last.width - x).abs() < 0.01 =>
        {
            last.width += advance;
        }
        _ => row.links.push(Link {
            target: target.clone(),
            words: linked_words(paragraph, piece.style as usize, link),
            element: *element,
            x,
            y: top,
            width: advance,
            height: 1.2 * style.size,
        }),
    }
}

/// All words of the link that begins or goes on at a style.
fn linked_words(paragraph: &Paragraph, style: usize, link: u32) -> String {
    let is_linked = |&(_, (_, style)): &(usize, &(usize, Style))| style.link == Some(link);
    let before = paragraph.styles.get(..style).unwrap_or_default();
    let first = style
        - before
            .iter()
            .enumerate()
            .rev()
            .take_while(is_linked)
            .count();
    let last = paragraph
        .styles
        .iter()
        .enumerate()
        .skip(first)
        .take_while(is_linked)
        .last();
    let end_of = |index: usize| paragraph.styles.get(index).map(|&(end, _)| end);
    let start = first.checked_sub(1).and_then(end_of).unwrap_or(0);
    let end = last.map_or(start, |(_, &(end, _))| end);
    let words = paragraph.told(start..end);
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}
