//! One line: where each glyph stands on it.

use super::pieces::{Kind, Piece};
use super::{Alignment, OBJECT, Paragraph, Setting, Style};
use crate::page::{Color, Item, Link, PlacedGlyph, Row, TextRun};
use crate::shape::Shaper;

/// Puts the pieces of one line in their places.
pub(super) fn set_line(
    shaper: &Shaper,
    paragraph: &Paragraph,
    setting: &Setting,
    line: &[Piece],
    indent: f32,
    is_last: bool,
) -> Row {
    let shown = line
        .iter()
        .rposition(|piece| piece.kind != Kind::Space)
        .map_or(0, |last| last + 1);
    let line = line.get(..shown).unwrap_or_default();
    let measure = setting.measure - indent;
    let fit = fit(line, measure, setting.justify && !is_last);
    let offset = match setting.align {
        Alignment::Start => 0.0,
        Alignment::Center => fit.free / 2.0,
        Alignment::End => fit.free,
    };
    let mut row = Row {
        height: setting.leading,
        ..Row::default()
    };
    let baseline = baseline(paragraph, setting, line, &mut row);
    let mut x = setting.x + indent + offset - line.first().map_or(0.0, |piece| piece.lead);
    let count = line.len();
    let mut grounds: Vec<Item> = Vec::new();
    for (index, piece) in line.iter().enumerate() {
        let Some(&(_, style)) = paragraph.styles.get(piece.style as usize) else {
            continue;
        };
        let y = baseline - style.rise;
        if let Some(picture) = paragraph.picture(piece) {
            row.items.push(Item::Picture {
                src: picture.src.clone(),
                x,
                y: y - picture.height,
                width: piece.width,
                height: picture.height * piece.width / picture.width.max(0.01),
                tag: style.tag,
            });
        } else {
            draw_word(shaper, &mut row, piece, style, x, y);
        }
        let mut advance = piece.width;
        if index + 1 < count {
            advance += piece.gap + piece.stretch * fit.stretch + piece.more * fit.more
                - piece.shrink * fit.shrink;
        } else {
            advance -= piece.trail;
        }
        if let Some(ground) = style.ground {
            extend_ground(&mut grounds, style, ground, x, y, advance);
        }
        if style.strike {
            row.items.push(Item::Fill {
                x,
                y: y - 0.31 * style.size,
                width: advance,
                height: 0.05 * style.size,
                color: style.color,
                tag: style.tag,
            });
        }
        if style.dotted && piece.kind == Kind::Han {
            row.items.push(Item::Dot {
                x: x - piece.shift + 0.5 * style.size,
                y: y + 0.26 * style.size,
                radius: 0.055 * style.size,
                color: style.color,
                tag: style.tag,
            });
        }
        extend_link(&mut row, paragraph, piece, style, x, y, advance);
        x += advance;
    }
    // Grounds lie under everything else.
    row.items.splice(0..0, grounds);
    row
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

fn fit(line: &[Piece], measure: f32, justify: bool) -> Fit {
    // The last piece has nothing after it that could give way.
    let inner = line.split_last().map_or(line, |(_, inner)| inner);
    let sum = |of: fn(&Piece) -> f32| inner.iter().map(of).sum::<f32>();
    let natural = sum(|piece| piece.width + piece.gap)
        + line.last().map_or(0.0, |piece| piece.width - piece.trail)
        - line.first().map_or(0.0, |piece| piece.lead);
    let slack = measure - natural;
    let share = |wanted: f32, can: f32| {
        if can > 0.0 {
            (wanted / can).clamp(0.0, 1.0)
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
        fit.shrink = share(-slack, sum(|piece| piece.shrink));
    } else if justify {
        let can = sum(|piece| piece.stretch);
        fit.stretch = share(slack, can);
        fit.more = share(slack - can, sum(|piece| piece.more));
    }
    fit
}

/// Where the baseline stands below the row's top; the row grows for tall pictures.
fn baseline(paragraph: &Paragraph, setting: &Setting, line: &[Piece], row: &mut Row) -> f32 {
    let size = line
        .iter()
        .filter_map(|piece| paragraph.styles.get(piece.style as usize))
        .map(|(_, style)| style.size)
        .fold(setting.leading * 0.4, f32::max);
    // Han characters fill the box from 0.88 em above the baseline to 0.12 em below.
    let baseline = (setting.leading - size) / 2.0 + 0.88 * size;
    let tallest = line
        .iter()
        .filter_map(|piece| paragraph.picture(piece))
        .map(|picture| picture.height + 2.0)
        .fold(baseline, f32::max);
    row.height += tallest - baseline;
    tallest
}

fn draw_word(shaper: &Shaper, row: &mut Row, piece: &Piece, style: Style, x: f32, y: f32) {
    let mut pen = x - piece.shift;
    for glyph in shaper.glyphs(piece.word) {
        let glyph_y = y - glyph.dy * style.size;
        let placed = PlacedGlyph {
            id: glyph.id,
            meaning: glyph.meaning,
            x: pen + glyph.dx * style.size,
        };
        pen += glyph.advance * style.size;
        let run = row.items.iter_mut().rev().find_map(|item| match item {
            Item::Text(run) => Some(run),
            Item::Fill { .. }
            | Item::Dot { .. }
            | Item::Leader { .. }
            | Item::Picture { .. }
            | Item::PageNumber { .. } => None,
        });
        match run {
            Some(run)
                if run.face == glyph.face
                    && run.size.to_bits() == style.size.to_bits()
                    && run.color == style.color
                    && run.scale.to_bits() == glyph.scale.to_bits()
                    && run.tag == style.tag
                    && (run.y - glyph_y).abs() < 0.001 =>
            {
                run.glyphs.push(placed);
            }
            _ => row.items.push(Item::Text(TextRun {
                face: glyph.face,
                size: style.size,
                color: style.color,
                scale: glyph.scale,
                y: glyph_y,
                tag: style.tag,
                glyphs: vec![placed],
            })),
        }
    }
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
    let words = paragraph.text.get(start..end).unwrap_or_default();
    let words = words.replace(OBJECT, "");
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}
