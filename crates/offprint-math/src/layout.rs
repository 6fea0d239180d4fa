//! Formulas laid out as TeX would.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use ratex_layout::{
    FallbackGlyphMetrics, LayoutOptions, layout_with_fallback_metrics, to_display_list,
    validate_layout,
};
use ratex_parser::ParseNode;
use ratex_parser::parse_node::AtomFamily;
use ratex_types::{Color, DisplayItem, DisplayList, MathStyle, PathCommand};
use zeno::Command;

use crate::Rgb;
use crate::faces::{Faces, points};
use crate::fault::read_with_text;
use crate::outline::{Outline, Point, Rectangle, Segment};
use crate::tidy::{family, tidy};

/// The thickness of lines that are drawn and not filled, in em: TeX's rules.
const STROKE: f32 = 0.046;
/// How far a formula may reach, in em: a longer one is no formula of a page.
const MAX_REACH: f32 = 500.0;
/// The most outlines that a formula is drawn with.
const MAX_MARKS: usize = 4_000;

/// How a formula is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Style {
    /// Within a line: small fractions, limits beside sums.
    Inline,
    /// On a line of its own.
    Display,
}

/// A formula laid out. Lengths are in em of the text that it stands in.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Drawing {
    /// How much of the line it takes.
    pub width: f32,
    /// How far its box reaches above the baseline.
    pub ascent: f32,
    /// How far its box reaches below the baseline, as a positive number.
    pub depth: f32,
    /// What is to be filled, in order.
    pub marks: Vec<Mark>,
    /// Where a line may end within the formula, from left to right: after relations and binary
    /// operators that no brackets or groups enclose, as in TeX. None in a displayed formula.
    pub breaks: Vec<Break>,
    /// What `\tag` says of a displayed formula, brackets included.
    pub tag: Option<Box<Drawing>>,
}

/// An outline, placed.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// The outline; equal letters share one.
    pub outline: Arc<Outline>,
    /// Where its origin stands.
    pub origin: Point,
    /// By what it is enlarged before it is placed.
    pub scale: f32,
    /// Its colour, if the formula names one other than that of the text.
    pub color: Option<Rgb>,
}

impl Mark {
    /// Its segments where they stand in the formula.
    pub fn segments(&self) -> impl Iterator<Item = Segment> + '_ {
        let Self { origin, scale, .. } = *self;
        let place =
            move |point: Point| Point::new(origin.x + point.x * scale, origin.y + point.y * scale);
        let segments = self.outline.segments.iter();
        segments.map(move |segment| segment.map(place))
    }
}

/// A place where a line may end within a formula.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Break {
    /// The first of the marks that stand after it.
    pub mark: usize,
    /// Where the part before it ends.
    pub end: f32,
    /// Where the part after it begins. The blank between is dropped when the line ends here.
    pub start: f32,
    /// Whether it stands after a relation, where TeX rather breaks than after an operator.
    pub after_relation: bool,
}

impl Drawing {
    /// The rectangle around everything that is filled and the formula's own box: slanted
    /// letters lean out of theirs.
    #[must_use]
    pub fn bounds(&self) -> Rectangle {
        let own = Rectangle {
            left: 0.0,
            bottom: -self.depth,
            right: self.width,
            top: self.ascent,
        };
        let segments = self.marks.iter().flat_map(Mark::segments);
        segments
            .flat_map(|segment| points(&segment))
            .fold(own, Rectangle::including)
    }
}

/// The blank before the number of a formula, in em.
const BEFORE_TAG: f32 = 2.0;

impl Drawing {
    /// The formula with its number (`\tag`) beside it, as one drawing.
    #[must_use]
    pub fn with_tag(&self) -> Self {
        let mut whole = self.clone();
        let Some(tag) = whole.tag.take() else {
            return whole;
        };
        let start = whole.width + BEFORE_TAG;
        whole.marks.extend(tag.marks.into_iter().map(|mark| Mark {
            origin: Point::new(mark.origin.x + start, mark.origin.y),
            ..mark
        }));
        whole.width = start + tag.width;
        whole.ascent = whole.ascent.max(tag.ascent);
        whole.depth = whole.depth.max(tag.depth);
        whole
    }
}

/// A formula's TeX, and how it is set.
type Key = (String, Style);

/// Lays formulas out; equal ones once.
pub struct Typesetter {
    faces: Mutex<Faces>,
    set: Mutex<HashMap<Key, Option<Arc<Drawing>>>>,
}

impl Default for Typesetter {
    fn default() -> Self {
        Self {
            faces: Mutex::new(Faces::new()),
            set: Mutex::default(),
        }
    }
}

impl Typesetter {
    /// A formula laid out; `None` for what cannot be: what is no TeX or too long, commands that
    /// are not known, letters that no face has.
    #[must_use]
    pub fn set(&self, tex: &str, style: Style) -> Option<Arc<Drawing>> {
        let key = (tex.to_owned(), style);
        let set = || self.set.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = set().get(&key) {
            return known.clone();
        }
        let drawing = self.lay_out(tex, style).map(Arc::new);
        set().insert(key, drawing.clone());
        drawing
    }

    fn lay_out(&self, tex: &str, style: Style) -> Option<Drawing> {
        let (mut nodes, text) = read_with_text(tex).ok()?;
        tidy(&mut nodes);
        let mut faces = self.faces.lock().unwrap_or_else(PoisonError::into_inner);
        let metrics = Arc::new(text_metrics(&text, &faces));
        let options = LayoutOptions {
            style: match style {
                Style::Inline => MathStyle::Text,
                Style::Display => MathStyle::Display,
            },
            ..LayoutOptions::default()
        };
        let mut lay = |nodes: &[ParseNode]| -> Option<DisplayList> {
            let laid = layout_with_fallback_metrics(nodes, &options, Arc::clone(&metrics));
            validate_layout(&laid).ok()?;
            Some(to_display_list(&laid))
        };
        // What `\tag` says stands at the end of the line, not in the formula.
        let (tags, nodes): (Vec<_>, Vec<_>) = nodes
            .into_iter()
            .partition(|node| matches!(node, ParseNode::Tag { .. }));
        let list = lay(&nodes)?;
        let mut drawing = draw(&list, &mut faces)?;
        if let Some(ParseNode::Tag { tag, .. }) = tags.first() {
            drawing.tag = Some(Box::new(draw(&lay(tag)?, &mut faces)?));
        }
        if style == Style::Inline {
            drawing.breaks = breaks(&nodes, &list, &mut lay);
        }
        Some(drawing)
    }
}

/// The room that letters take which only the faces of text have.
fn text_metrics(tex: &str, faces: &Faces) -> HashMap<char, FallbackGlyphMetrics> {
    let letters = tex.chars().filter(|letter| !letter.is_ascii());
    let digits = ('𝟘'..='𝟡').take(if tex.contains("mathbb") { 10 } else { 0 });
    letters
        .chain(digits)
        .filter_map(|letter| {
            let room = faces.room(letter)?;
            let metrics = FallbackGlyphMetrics {
                width: f64::from(room.width),
                height: f64::from(room.height),
                depth: f64::from(room.depth),
            };
            Some((letter, metrics))
        })
        .collect()
}

/// The places where a line may end: a part's end is where the formula up to there would end, and
/// the next part begins where its first piece stands.
fn breaks(
    nodes: &[ParseNode],
    list: &DisplayList,
    lay: &mut impl FnMut(&[ParseNode]) -> Option<DisplayList>,
) -> Vec<Break> {
    /// Blank on either side of a binary operator: 4 mu.
    const OPERATOR: f64 = 4.0 / 18.0;
    let mut found = Vec::new();
    let mut depth = 0_usize;
    for (index, node) in nodes.iter().enumerate() {
        let (before, after) = (nodes.get(..=index), nodes.get(index + 1..));
        let Some((before, after)) = before.zip(after).filter(|(_, after)| !after.is_empty()) else {
            break;
        };
        match family(node) {
            Some(AtomFamily::Open) => depth += 1,
            Some(AtomFamily::Close) => depth = depth.saturating_sub(1),
            // A relation next to a relation is one sign with it; an operator at the beginning or
            // after another sign is a sign of what follows.
            Some(AtomFamily::Rel)
                if depth == 0
                    && (is_operand(after.first())
                        || after.first().and_then(family) == Some(AtomFamily::Bin)) =>
            {
                let Some((left, rest)) = lay(before).zip(lay(after)) else {
                    continue;
                };
                found.push(Break {
                    mark: left.items.len(),
                    end: left.width as f32,
                    start: (list.width - rest.width) as f32,
                    after_relation: true,
                });
            }
            Some(AtomFamily::Bin)
                if depth == 0
                    && is_operand(index.checked_sub(1).and_then(|before| nodes.get(before)))
                    && is_operand(after.first()) =>
            {
                let Some((left, rest)) = lay(before).zip(lay(after)) else {
                    continue;
                };
                let start = list.width - rest.width;
                found.push(Break {
                    mark: left.items.len(),
                    end: (start - OPERATOR) as f32,
                    start: start as f32,
                    after_relation: false,
                });
            }
            _ => {}
        }
    }
    found
}

/// Whether a sign can stand beside this piece as one between two.
fn is_operand(node: Option<&ParseNode>) -> bool {
    node.is_some_and(|node| {
        !matches!(
            family(node),
            Some(AtomFamily::Rel | AtomFamily::Bin | AtomFamily::Punct)
        ) && !matches!(node, ParseNode::SpacingNode { .. } | ParseNode::Kern { .. })
    })
}

/// A layout as outlines.
fn draw(list: &DisplayList, faces: &mut Faces) -> Option<Drawing> {
    let reach = [list.width, list.height, list.depth];
    if list.items.len() > MAX_MARKS
        || reach
            .iter()
            .any(|length| !length.is_finite() || length.abs() > f64::from(MAX_REACH))
    {
        return None;
    }
    let base = list.height;
    let mut marks = Vec::with_capacity(list.items.len());
    for item in &list.items {
        marks.push(mark(item, base, faces)?);
    }
    let drawing = Drawing {
        width: list.width.max(0.0) as f32,
        ascent: list.height as f32,
        depth: list.depth as f32,
        marks,
        ..Drawing::default()
    };
    let reach = drawing.bounds();
    [reach.left, reach.bottom, reach.right, reach.top]
        .iter()
        .all(|length| length.is_finite() && length.abs() <= MAX_REACH)
        .then_some(drawing)
}

/// One thing that is drawn; the library measures downwards from the top of the formula.
fn mark(item: &DisplayItem, base: f64, faces: &mut Faces) -> Option<Mark> {
    let at = |x: &f64, y: &f64| Point::new(*x as f32, (base - y) as f32);
    let placed = |outline: Outline, color: &Color| Mark {
        outline: Arc::new(outline.clockwise()),
        origin: Point::default(),
        scale: 1.0,
        color: named(*color),
    };
    Some(match item {
        DisplayItem::GlyphPath {
            x,
            y,
            scale,
            font,
            char_code,
            color,
        } => {
            let id = ratex_font::FontId::parse(font)?;
            let letter = match char::from_u32(*char_code) {
                // Elsewhere these stand for the digits of another face.
                Some(digit @ '𝟘'..='𝟡') => digit,
                _ => ratex_font::katex_ttf_glyph_char(id, *char_code),
            };
            Mark {
                outline: match letter {
                    blank if blank.is_whitespace() => Arc::default(),
                    letter => faces.outline(font, letter)?,
                },
                origin: at(x, y),
                scale: *scale as f32,
                color: named(*color),
            }
        }
        DisplayItem::Line {
            x,
            y,
            width,
            thickness,
            color,
            dashed,
        } => {
            let left = at(x, y);
            let (width, thickness) = (*width as f32, *thickness as f32);
            let bottom = left.y - thickness / 2.0;
            let dash = 3.0 * thickness;
            if !*dashed || dash <= 0.0 || width / dash > 1_000.0 {
                placed(Outline::rectangle(left.x, bottom, width, thickness), color)
            } else {
                let mut outline = Outline::default();
                let mut from = 0.0;
                while from < width {
                    let dash = dash.min(width - from);
                    let dash = Outline::rectangle(left.x + from, bottom, dash, thickness);
                    outline.segments.extend(dash.segments);
                    from += 6.0 * thickness;
                }
                placed(outline, color)
            }
        }
        DisplayItem::Rect {
            x,
            y,
            width,
            height,
            color,
        } => {
            let (width, height) = (*width as f32, *height as f32);
            let top = at(x, y);
            placed(
                Outline::rectangle(top.x, top.y - height, width, height),
                color,
            )
        }
        DisplayItem::Path {
            x,
            y,
            commands,
            fill,
            color,
        } => {
            let place = |dx: &f64, dy: &f64| at(&(x + dx), &(y + dy));
            let segments = commands
                .iter()
                .map(|command| segment(command, place))
                .collect();
            let outline = Outline { segments };
            placed(if *fill { outline } else { stroked(&outline) }, color)
        }
    })
}

/// A command of a path, its points put through `place`.
fn segment(command: &PathCommand, place: impl Fn(&f64, &f64) -> Point) -> Segment {
    match command {
        PathCommand::MoveTo { x, y } => Segment::Move(place(x, y)),
        PathCommand::LineTo { x, y } => Segment::Line(place(x, y)),
        PathCommand::QuadTo { x1, y1, x, y } => Segment::Quad(place(x1, y1), place(x, y)),
        PathCommand::CubicTo {
            x1,
            y1,
            x2,
            y2,
            x,
            y,
        } => Segment::Cubic(place(x1, y1), place(x2, y2), place(x, y)),
        PathCommand::Close => Segment::Close,
    }
}

/// A colour that a formula names; black is that of the text.
fn named(color: Color) -> Option<Rgb> {
    let byte = |part: f32| (part.clamp(0.0, 1.0) * 255.0).round() as u8;
    let color = [byte(color.r), byte(color.g), byte(color.b)];
    (color != [0; 3]).then_some(color)
}

/// A line's two edges, as an outline.
fn stroked(line: &Outline) -> Outline {
    let mut commands: Vec<Command> = Vec::new();
    zeno::apply(
        commands_of(&line.segments).as_slice(),
        zeno::Stroke::new(STROKE),
        None,
        &mut commands,
    );
    let point = |at: zeno::Point| Point::new(at.x, at.y);
    let segments = commands.into_iter().map(|command| match command {
        Command::MoveTo(to) => Segment::Move(point(to)),
        Command::LineTo(to) => Segment::Line(point(to)),
        Command::QuadTo(control, to) => Segment::Quad(point(control), point(to)),
        Command::CurveTo(first, second, to) => {
            Segment::Cubic(point(first), point(second), point(to))
        }
        Command::Close => Segment::Close,
    });
    Outline {
        segments: segments.collect(),
    }
}

/// Segments as the commands of the rasteriser.
pub(crate) fn commands_of(segments: &[Segment]) -> Vec<Command> {
    let point = |at: Point| zeno::Point::new(at.x, at.y);
    let commands = segments.iter().map(|segment| match *segment {
        Segment::Move(to) => Command::MoveTo(point(to)),
        Segment::Line(to) => Command::LineTo(point(to)),
        Segment::Quad(control, to) => Command::QuadTo(point(control), point(to)),
        Segment::Cubic(first, second, to) => {
            Command::CurveTo(point(first), point(second), point(to))
        }
        Segment::Close => Command::Close,
    });
    commands.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(tex: &str, style: Style) -> Arc<Drawing> {
        Typesetter::default().set(tex, style).unwrap()
    }

    #[test]
    fn equal_formulas_are_laid_out_once_and_share_their_letters() {
        let typesetter = Typesetter::default();
        let first = typesetter.set("x + x", Style::Inline).unwrap();
        let again = typesetter.set("x + x", Style::Inline).unwrap();
        assert!(Arc::ptr_eq(&first, &again));
        let outlines: Vec<_> = first.marks.iter().map(|mark| &mark.outline).collect();
        assert!(Arc::ptr_eq(outlines[0], outlines[2]));
        assert!(!Arc::ptr_eq(outlines[0], outlines[1]));
    }

    #[test]
    fn a_letter_stands_on_the_baseline_in_its_size() {
        let drawing = set(r"\mathrm{x}", Style::Inline);
        let bounds = drawing.bounds();
        // The x-height of the face is 0.431 em.
        assert!((drawing.ascent - 0.431).abs() < 0.001, "{drawing:?}");
        assert!(drawing.depth.abs() < 0.001 && bounds.bottom > -0.01);
        assert!((bounds.top - 0.431).abs() < 0.02);
    }

    #[test]
    fn a_displayed_sum_is_higher_than_one_in_a_line() {
        let [inline, display] =
            [Style::Inline, Style::Display].map(|style| set(r"\sum_{i=1}^n x_i", style));
        assert!(display.ascent + display.depth > 1.5 * (inline.ascent + inline.depth));
        assert!(display.width < inline.width + 0.5);
    }

    #[test]
    fn chinese_is_set_in_the_face_of_text() {
        let [plain, chinese] = ["x", r"x\text{损失}"].map(|tex| set(tex, Style::Inline));
        assert!(
            (chinese.width - plain.width - 1.76).abs() < 0.02,
            "{}",
            chinese.width
        );
        assert_eq!(chinese.marks.len(), 3);
        assert!(chinese.ascent > 0.6 && chinese.depth > 0.02);
    }

    #[test]
    fn lines_end_after_signs_that_nothing_encloses() {
        let breaks = |tex| {
            let drawing = set(tex, Style::Inline);
            for place in &drawing.breaks {
                assert!(
                    place.end < place.start && place.start < drawing.width,
                    "{tex}"
                );
                // What stands before a break ends before it, what stands after begins there.
                for (index, mark) in drawing.marks.iter().enumerate() {
                    let is_before = index < place.mark;
                    assert_eq!(
                        mark.origin.x < place.end,
                        is_before,
                        "{tex} {place:?} {mark:?}"
                    );
                }
            }
            let signs = drawing.breaks.iter().map(|place| place.after_relation);
            signs.collect::<Vec<_>>()
        };
        assert_eq!(breaks("a + b = c"), [false, true]);
        assert_eq!(breaks("f(x + y) = {a + b}"), [true]);
        assert!(breaks("-x").is_empty());
        assert_eq!(breaks("a = -b"), [true]);
        assert_eq!(breaks("p(y \\mid x) \\sim q_i^2 - r"), [true, false]);
        assert!(breaks("10^{-3}").is_empty());
        assert_eq!(breaks("a <= b"), [true]);
        assert!(breaks(r"X \perp\!\!\!\perp").is_empty());
        assert!(breaks("x \\in").is_empty());
        let displayed = set("a + b = c", Style::Display);
        assert_eq!(displayed.breaks, []);
    }

    #[test]
    fn a_tag_is_no_part_of_its_formula() {
        let [plain, tagged] =
            ["E = mc^2", r"E = mc^2 \tag{3.1}"].map(|tex| set(tex, Style::Display));
        assert!((plain.width - tagged.width).abs() < f32::EPSILON);
        assert_eq!(plain.tag, None);
        // Brackets, digits and the stop.
        assert_eq!(tagged.tag.as_ref().unwrap().marks.len(), 5);
    }

    #[test]
    fn the_number_of_a_formula_stands_beside_it() {
        let [alone, numbered] = ["a = b", r"a = b \tag{12}"].map(|tex| set(tex, Style::Display));
        let whole = numbered.with_tag();
        assert!(whole.tag.is_none());
        assert!(whole.width > alone.width + BEFORE_TAG);
        assert!(whole.marks.len() > alone.marks.len());
        assert!((whole.bounds().right - whole.width).abs() < 0.1);
        assert_eq!(alone.with_tag(), *alone);
    }

    #[test]
    fn colors_are_kept_and_black_is_that_of_the_text() {
        let drawing = set(
            r"\color{black}a\color{red}b\textcolor{#00f}{c}d",
            Style::Inline,
        );
        let colors: Vec<_> = drawing.marks.iter().map(|mark| mark.color).collect();
        assert_eq!(
            colors,
            [
                None,
                Some([255, 0, 0]),
                Some([0, 0, 255]),
                Some([255, 0, 0])
            ]
        );
    }

    #[test]
    fn lines_across_and_around_are_outlines() {
        for tex in [
            r"\cancel{x}",
            r"\boxed{x}",
            r"\oiint",
            r"\begin{array}{c:c}a&b\end{array}",
        ] {
            let drawing = set(tex, Style::Display);
            assert!(
                drawing.marks.iter().all(|mark| mark.segments().count() > 2),
                "{tex}"
            );
        }
    }

    #[test]
    fn what_cannot_be_laid_out_is_left_to_the_caller() {
        let typesetter = Typesetter::default();
        let deep = format!("{}x{}", "{".repeat(400), "}".repeat(400));
        let long = "x+".repeat(crate::MAX_TEX);
        for tex in [
            r"\nosuchcommand",
            "x^{",
            "\\text{\u{10FFFD}}",
            r"\rule{4000em}{1em}",
            r"\rule{1em}{-4000em}",
            r"\hspace{9999999999999999999999em}x",
            &deep,
            &long,
        ] {
            assert_eq!(typesetter.set(tex, Style::Inline), None, "{tex}");
        }
    }
}
