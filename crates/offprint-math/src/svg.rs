//! Formulas as SVG paths.

use std::fmt::Write as _;

use crate::Rgb;
use crate::layout::{Drawing, Mark};
use crate::outline::{Point, Segment};

/// A formula as the parts of an SVG element. It needs no font, style sheet, id or reference.
///
/// Lengths are in em. What a page needs beside the paths: `width` and `height` for the element,
/// and `vertical-align` of minus `depth`, so that the baselines meet.
#[derive(Debug, Clone, PartialEq)]
pub struct Svg {
    /// Width of the picture, with the ink that leans out of the formula's box.
    pub width: f32,
    /// Height of the picture.
    pub height: f32,
    /// How far the picture reaches below the baseline.
    pub depth: f32,
    /// The attribute `viewBox`.
    pub view_box: String,
    /// The paths in order.
    pub paths: Vec<SvgPath>,
}

/// One path of a formula.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SvgPath {
    /// The attribute `d`.
    pub data: String,
    /// Its colour; `None` is that of the text (`currentColor`).
    pub color: Option<Rgb>,
}

impl Drawing {
    /// The formula as SVG, `units` steps to the em: 1,000 is what the faces are drawn on, 200 is
    /// enough for text on a screen and takes two thirds of the bytes.
    ///
    /// Neighbours of one colour share a path.
    #[must_use]
    pub fn svg(&self, units: u16) -> Svg {
        let units = f32::from(units.max(1));
        let bounds = self.bounds();
        let [left, top] = [bounds.left, -bounds.top].map(|edge| (edge * units).floor());
        let [right, bottom] = [bounds.right, -bounds.bottom].map(|edge| (edge * units).ceil());
        let mut paths: Vec<SvgPath> = Vec::new();
        for mark in &self.marks {
            if paths.last().is_none_or(|last| last.color != mark.color) {
                paths.push(SvgPath {
                    data: String::new(),
                    color: mark.color,
                });
            }
            if let Some(path) = paths.last_mut() {
                push(mark, units, &mut path.data);
            }
        }
        paths.retain(|path| !path.data.is_empty());
        Svg {
            width: (right - left) / units,
            height: (bottom - top) / units,
            depth: bottom / units,
            view_box: format!("{left} {top} {} {}", right - left, bottom - top),
            paths,
        }
    }
}

impl Svg {
    /// Appends the paths as elements, in the colour of what is around them unless they have one
    /// of their own.
    pub fn push_paths(&self, out: &mut String) {
        for path in &self.paths {
            let _ = match path.color {
                None => write!(out, "<path d=\"{}\"/>", path.data),
                Some([red, green, blue]) => write!(
                    out,
                    "<path fill=\"#{red:02x}{green:02x}{blue:02x}\" d=\"{}\"/>",
                    path.data
                ),
            };
        }
    }
}

/// Appends an outline in whole units, relative to the point before: the shortest way to write it.
fn push(mark: &Mark, units: f32, out: &mut String) {
    let unit = |point: Point| {
        [
            (point.x * units).round() as i32,
            (-point.y * units).round() as i32,
        ]
    };
    let mut pen = Pen {
        at: [0, 0],
        start: [0, 0],
        command: ' ',
        out,
    };
    for segment in mark.segments() {
        match segment {
            Segment::Move(to) => pen.move_to(unit(to)),
            Segment::Line(to) => pen.line_to(unit(to)),
            Segment::Quad(control, to) if is_flat(pen.at, unit(control), unit(to)) => {
                pen.line_to(unit(to));
            }
            Segment::Quad(control, to) => pen.curve('q', &[unit(control), unit(to)]),
            Segment::Cubic(first, second, to) => {
                pen.curve('c', &[unit(first), unit(second), unit(to)]);
            }
            Segment::Close => pen.close(),
        }
    }
}

/// Whether a curve strays less than a third of a unit from the line between its ends: half as far
/// as its control point does.
fn is_flat(from: [i32; 2], control: [i32; 2], to: [i32; 2]) -> bool {
    let part = |point: [i32; 2]| [(point[0] - from[0]) as f32, (point[1] - from[1]) as f32];
    let ([ax, ay], [bx, by]) = (part(control), part(to));
    let length = bx.hypot(by);
    // A control point behind the ends bends the curve back.
    let along = ax * bx + ay * by;
    (0.0..=length * length).contains(&along) && (ax * by - ay * bx).abs() <= length * 2.0 / 3.0
}

struct Pen<'a> {
    at: [i32; 2],
    start: [i32; 2],
    /// What the last number belongs to; a command that is repeated need not be named.
    command: char,
    out: &'a mut String,
}

impl Pen<'_> {
    fn move_to(&mut self, to: [i32; 2]) {
        // Absolute: what was drawn before may be dropped or come from another formula.
        self.name('M');
        self.number(to[0]);
        self.number(to[1]);
        self.at = to;
        self.start = to;
        // Pairs after a move are lines.
        self.command = 'M';
    }

    fn line_to(&mut self, to: [i32; 2]) {
        let [dx, dy] = [to[0] - self.at[0], to[1] - self.at[1]];
        match (dx, dy) {
            (0, 0) => return,
            (_, 0) => {
                self.name('h');
                self.number(dx);
            }
            (0, _) => {
                self.name('v');
                self.number(dy);
            }
            _ => {
                self.name('l');
                self.number(dx);
                self.number(dy);
            }
        }
        self.at = to;
    }

    fn curve(&mut self, name: char, points: &[[i32; 2]]) {
        let at = self.at;
        if points.iter().all(|point| *point == at) {
            return;
        }
        self.name(name);
        for point in points {
            self.number(point[0] - at[0]);
            self.number(point[1] - at[1]);
        }
        if let Some(&to) = points.last() {
            self.at = to;
        }
    }

    fn close(&mut self) {
        self.out.push('z');
        self.command = 'z';
        self.at = self.start;
    }

    fn name(&mut self, command: char) {
        if self.command != command || command == 'M' {
            self.out.push(command);
            self.command = command;
        }
    }

    fn number(&mut self, number: i32) {
        // A minus sign parts numbers as well as a blank does.
        if number >= 0 && self.out.ends_with(|last: char| last.is_ascii_digit()) {
            self.out.push(' ');
        }
        let _ = write!(self.out, "{number}");
    }
}

#[cfg(test)]
mod tests {
    use crate::{Style, Typesetter};

    fn drawing(tex: &str) -> std::sync::Arc<crate::Drawing> {
        Typesetter::default().set(tex, Style::Inline).unwrap()
    }

    #[test]
    fn a_box_becomes_a_short_path() {
        let svg = drawing(r"\rule{1em}{0.5em}").svg(100);
        assert_eq!(svg.view_box, "0 -50 100 50");
        assert_eq!(svg.paths.len(), 1);
        assert_eq!(svg.paths[0].data, "M0 0v-50h100v50z");
        assert_eq!((svg.width, svg.height, svg.depth), (1.0, 0.5, 0.0));
    }

    #[test]
    fn the_picture_holds_all_ink() {
        // f leans out on both sides.
        let drawing = drawing("f");
        let bounds = drawing.bounds();
        let svg = drawing.svg(200);
        assert!(svg.width >= bounds.right - bounds.left && svg.width >= drawing.width);
        assert!(svg.depth >= -bounds.bottom && svg.height - svg.depth >= bounds.top);
        let edges: Vec<f32> = svg
            .view_box
            .split(' ')
            .map(|edge| edge.parse().unwrap())
            .collect();
        assert!(edges[0] <= bounds.left * 200.0 && edges[0] > bounds.left * 200.0 - 1.0);
    }

    #[test]
    fn colors_part_paths() {
        let svg = drawing(r"a b \textcolor{red}{c d} e").svg(200);
        let colors: Vec<_> = svg.paths.iter().map(|path| path.color).collect();
        assert_eq!(colors, [None, Some([255, 0, 0]), None]);
        let mut paths = String::new();
        svg.push_paths(&mut paths);
        assert!(paths.contains("/><path fill=\"#ff0000\" d=\"M"));
    }

    #[test]
    fn fewer_units_take_fewer_bytes() {
        let drawing = drawing(r"\sum_{i=1}^n \hat{x}_i");
        let lengths = [1_000, 200, 100].map(|units| drawing.svg(units).paths[0].data.len());
        assert!(
            lengths.is_sorted_by(|more, fewer| more > fewer),
            "{lengths:?}"
        );
        assert!(lengths[1] * 5 < lengths[0] * 4, "{lengths:?}");
    }
}
