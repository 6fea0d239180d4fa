//! Formulas as drawings: telephones have no face for them, and WeChat keeps no `MathML`.
//!
//! A drawing is an `svg` of paths, nothing else. WeChat strips every `id`, so that nothing can be
//! shared, and leaves drawings alone in dark mode, so that the ink is `currentColor`.
//!
//! Everything but a number is drawn, a single letter too: beside the drawn letters of a formula,
//! slanted letters of the telephone's own face look like other variables. It takes some hundred
//! characters a letter, which count against the length of an article.

mod letters;
mod path;

use offprint_math::{Drawing, Mark, Point, Rectangle, Rgb, Segment, Style, Typesetter, words};

use crate::dark;
use crate::fragment::escape;
use path::Outlines;

/// The size of formulas as a multiple of that of the words around them. The small letters of
/// the faces of formulas are 0.43 em high, those of telephones' faces about 0.52 em.
const SIZE: f32 = 1.15;
/// Room around a formula within its drawing, at the sides and above and below, in em of it.
const SIDE: f32 = 0.03;
const ABOVE: f32 = 0.06;
/// From here on a formula is wider than a narrow column has room for, in em of the words.
const WIDE: f32 = 16.0;
/// The least width of what a line may end after or begin with, in em of the formula.
const LEAST_PIECE: f32 = 1.8;
/// Between pieces that are further apart stands a blank, in em of the formula.
const BLANK: f32 = 0.1;
/// What stands between a formula and its number, in em of the words.
const GAP: f32 = 0.5;

/// The style of a drawing in the middle of its box; of one that is wider, at its beginning.
const CENTRED: &str = ";display:block;margin:auto";

/// How finely formulas are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub(crate) enum Detail {
    /// As fine as a telephone shows.
    #[default]
    Fine,
    /// With fewer characters, for an article that is too long otherwise.
    Coarse,
    /// As coarse, and letters where a line of text can show the formula: a tenth of the
    /// characters. Last, for letters of the telephone's face look otherwise than drawn ones.
    Lettered,
}

impl Detail {
    /// Steps to the em. At 16 pixels an em, telephones show 48.
    fn steps(self) -> u16 {
        match self {
            Self::Fine => 200,
            Self::Coarse | Self::Lettered => 100,
        }
    }

    /// How far curves may be from those of the faces, in em.
    fn accuracy(self) -> f64 {
        match self {
            Self::Fine => 0.003,
            Self::Coarse | Self::Lettered => 0.005,
        }
    }
}

/// What formulas are drawn with. What was laid out or simplified once is kept.
#[derive(Default)]
pub(crate) struct Tools {
    typesetter: Typesetter,
    outlines: Outlines,
}

/// Draws formulas.
#[derive(Clone, Copy)]
pub(crate) struct Formulas<'a> {
    pub(crate) tools: &'a Tools,
    pub(crate) detail: Detail,
}

/// A part of a formula within a line.
pub(crate) struct Part {
    pub(crate) html: String,
    /// Whether a blank stands before it.
    pub(crate) is_apart: bool,
    /// Whether it is words and no drawing.
    pub(crate) is_words: bool,
    /// Whether it may be wider than the column, and scrolls.
    pub(crate) is_wide: bool,
}

/// A formula on lines of its own.
pub(crate) struct Displayed {
    pub(crate) drawing: String,
    /// Its number, as high and as deep as the formula.
    pub(crate) number: Option<Numbered>,
}

/// What stands beside a formula.
pub(crate) struct Numbered {
    pub(crate) drawing: String,
    /// The style that leaves as much room on the other side of the formula, so that it stands in
    /// the middle of the column; none if there is not so much.
    pub(crate) balance: String,
}

impl Formulas<'_> {
    /// A formula within a line, in the parts that a line may end between. `None` for what cannot
    /// be drawn.
    pub(crate) fn line(self, tex: &str) -> Option<Vec<Part>> {
        let lettered = || {
            let is_lettered = self.detail == Detail::Lettered;
            is_lettered.then(|| letters::html(tex)).flatten()
        };
        if let Some(html) = number(tex).or_else(lettered) {
            return Some(vec![Part {
                html,
                is_apart: false,
                is_words: true,
                is_wide: false,
            }]);
        }
        let drawing = self.tools.typesetter.set(tex, Style::Inline)?;
        let pieces = pieces(&drawing);
        let parts = pieces.iter().enumerate().map(|(place, piece)| {
            let svg = self.svg(&piece.drawing);
            let depth = format!(";vertical-align:-{}em", length(svg.depth));
            let says = if place == 0 {
                says(tex)
            } else {
                // The first of them says it all.
                "aria-hidden=\"true\"".to_owned()
            };
            let is_wide = svg.width > WIDE;
            let mut html = String::new();
            if is_wide {
                // It scrolls: WeChat would squeeze it. A box that scrolls stands on its lower edge.
                html.push_str("<span style=\"display:inline-block;max-width:100%;overflow-x:auto");
                html.push_str(&depth);
                html.push_str("\">");
                let style = unsqueezed(&svg) + ";display:block";
                push(&svg, &says, &style, &mut html);
                html.push_str("</span>");
            } else {
                push(&svg, &says, &depth, &mut html);
            }
            Part {
                html,
                is_apart: piece.is_apart,
                is_words: false,
                is_wide,
            }
        });
        Some(parts.collect())
    }

    /// A formula on lines of its own. `None` for what cannot be drawn.
    pub(crate) fn display(self, tex: &str) -> Option<Displayed> {
        let drawing = self.tools.typesetter.set(tex, Style::Display)?;
        let says = says(tex);
        let written = |drawing: &Drawing| {
            let svg = self.svg(drawing);
            let mut out = String::new();
            let style = unsqueezed(&svg) + CENTRED;
            push(&svg, &says, &style, &mut out);
            (out, svg.width)
        };
        let Some(tag) = drawing.tag.as_deref() else {
            let (drawing, _) = written(&drawing);
            return Some(Displayed {
                drawing,
                number: None,
            });
        };
        // Both get one height and one depth: then they stand on one baseline.
        let [own, beside] = [drawing.bounds(), tag.bounds()];
        let alike = |drawing: &Drawing| Drawing {
            ascent: own.top.max(beside.top),
            depth: -own.bottom.min(beside.bottom),
            ..drawing.clone()
        };
        let (drawing, width) = written(&alike(&drawing));
        let svg = self.svg(&alike(tag));
        let room = svg.width + GAP;
        let mut number = String::new();
        let style = format!(";display:block;margin-left:{}em", length(GAP));
        push(&svg, "aria-hidden=\"true\"", &style, &mut number);
        Some(Displayed {
            drawing,
            number: Some(Numbered {
                drawing: number,
                balance: if width + 2.0 * room <= WIDE {
                    format!(";padding-left:{}em", length(room))
                } else {
                    String::new()
                },
            }),
        })
    }

    /// A layout as the parts of an `svg`.
    fn svg(self, drawing: &Drawing) -> Svg {
        let steps = f32::from(self.detail.steps());
        let Rectangle {
            left,
            bottom,
            right,
            top,
        } = drawing.bounds();
        // Browsers move the edges of a drawing to whole pixels, and cut off what is beyond.
        let [left, top] = [left - SIDE, -top - ABOVE].map(|edge| (edge * steps).floor());
        let [right, bottom] = [right + SIDE, -bottom + ABOVE].map(|edge| (edge * steps).ceil());
        let [width, height] = [right - left, bottom - top];
        let paths = drawing
            .marks
            .chunk_by(|one, other| Ink::of(one) == Ink::of(other))
            .filter_map(|marks| {
                let data = self.tools.outlines.data(marks, self.detail);
                let ink = Ink::of(marks.first()?);
                (!data.is_empty()).then_some((data, ink))
            });
        Svg {
            view_box: format!("{left} {top} {width} {height}"),
            width: width / steps * SIZE,
            height: height / steps * SIZE,
            depth: bottom / steps * SIZE,
            paths: paths.collect(),
        }
    }

    /// How wide a formula is within a line, in em. `None` for what cannot be drawn.
    pub(crate) fn width(self, tex: &str) -> Option<f32> {
        let drawing = self.tools.typesetter.set(tex, Style::Inline)?;
        Some(drawing.width * SIZE)
    }
}

/// The parts of an `svg`. Lengths are in em of the words around it.
struct Svg {
    view_box: String,
    width: f32,
    height: f32,
    /// How far it reaches below the line.
    depth: f32,
    /// The attribute `d` of each path, and what it is filled with.
    paths: Vec<(String, Ink)>,
}

/// What a path is filled with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ink {
    /// The colour of the words around.
    Own,
    Color(Rgb),
    /// A colour behind words.
    Ground(Rgb),
}

impl Ink {
    fn of(mark: &Mark) -> Self {
        /// Rectangles that are thinner are lines, in em.
        const LINE: f32 = 0.2;
        let Some(color) = mark.color else {
            return Self::Own;
        };
        let corners: Option<Vec<Point>> = mark
            .outline
            .segments
            .iter()
            .filter(|segment| **segment != Segment::Close)
            .map(|segment| match *segment {
                Segment::Move(to) | Segment::Line(to) => Some(to),
                Segment::Quad(..) | Segment::Cubic(..) | Segment::Close => None,
            })
            .collect();
        let Some([one, _, other, _]) = corners.as_deref() else {
            return Self::Color(color);
        };
        let sides = [one.x - other.x, one.y - other.y].map(|side| (side * mark.scale).abs());
        if sides.iter().all(|&side| side >= LINE) {
            Self::Ground(color)
        } else {
            Self::Color(color)
        }
    }
}

/// A part of a formula that is not divided.
struct Piece {
    drawing: Drawing,
    /// Whether a blank stands before it.
    is_apart: bool,
}

/// A formula divided where a line may end. Short ones are whole, which takes fewer characters.
fn pieces(drawing: &Drawing) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let (mut mark, mut start, mut is_apart) = (0, 0.0, false);
    let mut push = |marks: std::ops::Range<usize>, start: f32, end: f32, is_apart| {
        let marks = drawing.marks.get(marks).unwrap_or_default();
        let moved = |mark: &Mark| Mark {
            origin: Point::new(mark.origin.x - start, mark.origin.y),
            ..mark.clone()
        };
        pieces.push(Piece {
            drawing: Drawing {
                width: end - start,
                marks: marks.iter().map(moved).collect(),
                ..Drawing::default()
            },
            is_apart,
        });
    };
    for place in &drawing.breaks {
        let is_worth_it = place.end - start >= LEAST_PIECE
            && drawing.width - place.start >= LEAST_PIECE
            && place.mark > mark;
        if is_worth_it {
            push(mark..place.mark, start, place.end, is_apart);
            (mark, start) = (place.mark, place.start);
            is_apart = place.start - place.end > BLANK;
        }
    }
    push(mark..drawing.marks.len(), start, drawing.width, is_apart);
    pieces
}

/// The style that keeps a drawing as wide as it is: WeChat gives everything a `max-width`, which
/// yields to nothing but a `min-width`.
fn unsqueezed(svg: &Svg) -> String {
    let width = svg.width;
    if width > WIDE {
        format!(";min-width:{}em", length(width))
    } else {
        String::new()
    }
}

/// A number as words: the telephone's own figures stand elsewhere in the text, too.
fn number(tex: &str) -> Option<String> {
    let (number, unit) = match (tex.strip_suffix("\\%"), tex.strip_suffix("\\times")) {
        (Some(number), _) => (number, "%"),
        (None, Some(number)) => (number, "×"),
        (None, None) => (tex, ""),
    };
    let number = number.trim_end();
    let (sign, figures) = match number.strip_prefix('-') {
        Some(figures) => ("−", figures),
        None => ("", number),
    };
    let is_number = figures
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.')
        && figures.bytes().filter(|&byte| byte == b'.').count() <= 1
        && figures.starts_with(|first: char| first.is_ascii_digit())
        && figures.ends_with(|last: char| last.is_ascii_digit());
    is_number.then(|| format!("{sign}{figures}{unit}"))
}

/// The attributes by which a drawing says what it shows.
fn says(tex: &str) -> String {
    let mut says = String::from("role=\"img\" aria-label=\"");
    for character in words(tex).chars() {
        escape(character, &mut says);
    }
    says.push('"');
    says
}

fn push(svg: &Svg, says: &str, style: &str, out: &mut String) {
    out.push_str("<svg viewBox=\"");
    out.push_str(&svg.view_box);
    out.push_str("\" ");
    out.push_str(says);
    out.push_str(" fill=\"currentColor\" style=\"width:");
    out.push_str(&length(svg.width));
    out.push_str("em;height:");
    out.push_str(&length(svg.height));
    out.push_str("em");
    out.push_str(style);
    out.push_str("\">");
    for (data, ink) in &svg.paths {
        out.push_str("<path ");
        match *ink {
            Ink::Own => {}
            Ink::Color(color) => {
                out.push_str("fill=\"");
                out.push_str(&shade(color));
                out.push_str("\" ");
            }
            // Through it the page is seen, light or dark, and words stay readable.
            Ink::Ground(color) => {
                out.push_str("fill=\"");
                out.push_str(&shade(color));
                out.push_str("\" fill-opacity=\".2\" ");
            }
        }
        out.push_str("d=\"");
        out.push_str(data);
        out.push_str("\"/>");
    }
    out.push_str("</svg>");
}

/// A length that is not negative, as CSS writes it shortest: `.575`.
fn length(length: f32) -> String {
    let written = ((length.max(0.0) * 1_000.0).round() / 1_000.0).to_string();
    match written.strip_prefix("0.") {
        Some(fraction) => format!(".{fraction}"),
        None => written,
    }
}

/// A colour that a formula names, in a shade that is seen by day and by night.
fn shade(color: Rgb) -> String {
    let [red, green, blue] = dark::seen_on_both(color);
    format!("#{red:02x}{green:02x}{blue:02x}")
}

#[cfg(test)]
mod tests;
