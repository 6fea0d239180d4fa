//! Outlines in few characters.
//!
//! The faces of formulas are made of quadratic curves, many to a letter. Fewer cubic ones follow
//! them so closely that no screen shows a difference, in half the characters.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use kurbo::simplify::SimplifyBezPath;
use kurbo::{
    BezPath, CubicBez, ParamCurve as _, ParamCurveNearest as _, PathEl, PathSeg, Point, Vec2,
    fit_to_cubic,
};
use offprint_math::{Mark, Outline, Segment};
use rustc_hash::FxHashMap;

use super::Detail;

/// The cosine of the angle from which on two curves meet in a corner, which stays.
const CORNER: f64 = 0.99;
/// Lines that are shorter are pieces of curves, as arrows are drawn, in em.
const SHORT: f64 = 0.03;
/// How many curves more are tried when one cannot be added.
const MISSES: usize = 2;

/// Simplifies outlines, each once.
#[derive(Default)]
pub(crate) struct Outlines {
    known: Mutex<FxHashMap<Key, Known>>,
}

/// An outline's address, the bits of its scale, and how finely it is drawn.
type Key = (usize, u32, Detail);

/// An outline, which keeps its address, and what it became.
type Known = (Arc<Outline>, Arc<BezPath>);

impl Outlines {
    /// A mark's outline at its scale, its origin at 0, in em; `y` grows upwards.
    pub(super) fn simplified(&self, mark: &Mark, detail: Detail) -> Arc<BezPath> {
        let key = (
            Arc::as_ptr(&mark.outline) as usize,
            mark.scale.to_bits(),
            detail,
        );
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, path)) = known().get(&key) {
            return Arc::clone(path);
        }
        let path = Arc::new(simplified(&mark.outline, mark.scale, detail.accuracy()));
        known().insert(key, (Arc::clone(&mark.outline), Arc::clone(&path)));
        path
    }

    /// The attribute `d` for marks of one colour.
    pub(super) fn data<'m>(
        &self,
        marks: impl IntoIterator<Item = &'m Mark>,
        detail: Detail,
    ) -> String {
        let mut pen = Pen {
            steps: f64::from(detail.steps()),
            ..Pen::default()
        };
        for mark in marks {
            pen.origin = Vec2::new(f64::from(mark.origin.x), f64::from(mark.origin.y));
            for element in self.simplified(mark, detail).iter() {
                pen.element(element);
            }
            pen.close();
        }
        pen.out
    }
}

/// An outline with as few curves as follow it.
fn simplified(outline: &Outline, scale: f32, accuracy: f64) -> BezPath {
    let place = |point: offprint_math::Point| {
        let [x, y] = [point.x, point.y].map(|length| f64::from(length * scale));
        Point::new(x, y)
    };
    let mut out = Fitter {
        accuracy,
        ..Fitter::default()
    };
    for segment in &outline.segments {
        match *segment {
            Segment::Move(to) => out.move_to(place(to)),
            Segment::Line(to) => {
                let to = place(to);
                if out.at.distance(to) < SHORT {
                    out.curve(&[to], PathEl::LineTo(to));
                } else {
                    out.line_to(to);
                }
            }
            Segment::Quad(control, to) => {
                let [control, to] = [control, to].map(place);
                out.curve(&[control, to], PathEl::QuadTo(control, to));
            }
            Segment::Cubic(first, second, to) => {
                let [first, second, to] = [first, second, to].map(place);
                out.curve(&[first, second, to], PathEl::CurveTo(first, second, to));
            }
            Segment::Close => out.fit(),
        }
    }
    out.fit();
    out.path
}

/// Gathers curves that pass into each other, and puts fewer in their place.
#[derive(Default)]
struct Fitter {
    accuracy: f64,
    path: BezPath,
    at: Point,
    /// The curves since the last corner.
    run: BezPath,
    /// The direction in which they end.
    direction: Vec2,
}

impl Fitter {
    fn move_to(&mut self, to: Point) {
        self.fit();
        self.path.move_to(to);
        self.at = to;
    }

    fn line_to(&mut self, to: Point) {
        self.fit();
        if !self.path.elements().is_empty() {
            self.path.line_to(to);
        }
        self.at = to;
    }

    /// `points` are those of the curve without its beginning.
    fn curve(&mut self, points: &[Point], element: PathEl) {
        let way = |from: Point, to: Point| {
            let way = to - from;
            let length = way.hypot();
            (length > 0.0).then(|| way / length)
        };
        let Some(to) = points.last().copied() else {
            return;
        };
        let begins = points.iter().find_map(|&point| way(self.at, point));
        let before = points.iter().rev().skip(1).chain([&self.at]);
        let ends = before.copied().find_map(|point| way(point, to));
        let Some((begins, ends)) = begins.zip(ends) else {
            // It has no length.
            return;
        };
        if self.run.elements().is_empty() || self.direction.dot(begins) < CORNER {
            self.fit();
            self.run.move_to(self.at);
        }
        self.run.push(element);
        self.direction = ends;
        self.at = to;
    }

    /// Writes the curves that were gathered, or fewer: each takes the place of as many as it can.
    fn fit(&mut self) {
        let run = std::mem::take(&mut self.run);
        if self.path.elements().is_empty() {
            return;
        }
        let curves: Vec<PathSeg> = run.segments().collect();
        let source = SimplifyBezPath::new(&run);
        // The source counts from 0 to 1.
        let place = |curve: usize| curve as f64 / curves.len() as f64;
        let mut from = 0;
        while let Some(own) = curves.get(from) {
            let mut longest = (from + 1, own.as_path_el());
            let mut misses = 0;
            for to in from + 2..=curves.len() {
                let replaced = curves.get(from..to).unwrap_or_default();
                match fit_to_cubic(&source, place(from)..place(to), self.accuracy) {
                    Some((curve, _)) if is_along(curve, replaced, self.accuracy) => {
                        longest = (to, PathEl::CurveTo(curve.p1, curve.p2, curve.p3));
                    }
                    Some(_) | None if misses == MISSES => break,
                    Some(_) | None => misses += 1,
                }
            }
            self.path.push(longest.1);
            from = longest.0;
        }
    }
}

/// Whether a curve and those in whose place it is to stand are nowhere far from each other: the
/// library measures along some lines only.
fn is_along(curve: CubicBez, replaced: &[PathSeg], accuracy: f64) -> bool {
    const STEPS: u8 = 8;
    let most = accuracy * accuracy;
    let near = |segment: PathSeg, point: Point| segment.nearest(point, 1e-5).distance_sq <= most;
    let places = |steps: u8| (1..steps).map(move |step| f64::from(step) / f64::from(steps));
    curve.is_finite()
        && replaced.iter().all(|segment| {
            places(STEPS / 2).all(|place| near(PathSeg::Cubic(curve), segment.eval(place)))
        })
        && places(STEPS * 2).all(|place| {
            let point = curve.eval(place);
            replaced.iter().any(|&segment| near(segment, point))
        })
}

/// Writes the attribute `d` in whole numbers, relative to the point before. Contours are closed
/// where they are filled, and need not be.
#[derive(Default)]
struct Pen {
    steps: f64,
    /// Where the mark stands.
    origin: Vec2,
    out: String,
    at: [i64; 2],
    /// Where the contour begins, and what was written of it.
    start: [i64; 2],
    contour: String,
    /// The command of the last number: one that is repeated need not be named.
    command: char,
    /// A line that is not written yet: one that leads back to the start need not be.
    line: Option<[i64; 2]>,
    /// Where the contour before ended.
    end: [i64; 2],
}

impl Pen {
    fn element(&mut self, element: PathEl) {
        match element {
            PathEl::MoveTo(to) => {
                self.close();
                self.start = self.unit(to);
                self.at = self.start;
                self.command = ' ';
            }
            PathEl::LineTo(to) => {
                self.line();
                self.line = Some(self.unit(to));
            }
            PathEl::QuadTo(control, to) => self.curve('q', &[control, to]),
            PathEl::CurveTo(first, second, to) => self.curve('c', &[first, second, to]),
            PathEl::ClosePath => {}
        }
    }

    /// Ends the contour.
    fn close(&mut self) {
        if self.line.is_some_and(|to| to != self.start) {
            self.line();
        }
        self.line = None;
        if self.contour.is_empty() {
            return;
        }
        let [x, y] = self.start;
        let [dx, dy] = [x - self.end[0], y - self.end[1]];
        let mut moves = [('M', [x, y]), ('m', [dx, dy])].map(|(command, numbers)| {
            let mut out = String::from(command);
            for number in numbers {
                push(number, &mut out);
            }
            out
        });
        moves.sort_by_key(String::len);
        if let Some(shortest) = moves.first() {
            self.out.push_str(shortest);
        }
        self.out.push_str(&self.contour);
        self.contour.clear();
        self.end = self.at;
    }

    fn unit(&self, point: Point) -> [i64; 2] {
        let place = (point + self.origin).to_vec2() * self.steps;
        [place.x, -place.y].map(|number| number.round() as i64)
    }

    /// Writes the line that waits.
    fn line(&mut self) {
        let Some(to) = self.line.take() else {
            return;
        };
        let [dx, dy] = [to[0] - self.at[0], to[1] - self.at[1]];
        match (dx, dy) {
            (0, 0) => {}
            (_, 0) => self.command('h', &[dx]),
            (0, _) => self.command('v', &[dy]),
            (_, _) => self.command('l', &[dx, dy]),
        }
        self.at = to;
    }

    fn curve(&mut self, name: char, points: &[Point]) {
        self.line();
        let [x, y] = self.at;
        let mut numbers = Vec::with_capacity(6);
        for &point in points {
            let [to_x, to_y] = self.unit(point);
            numbers.extend([to_x - x, to_y - y]);
            self.at = [to_x, to_y];
        }
        if numbers.iter().any(|&number| number != 0) {
            self.command(name, &numbers);
        }
    }

    fn command(&mut self, command: char, numbers: &[i64]) {
        if self.command != command {
            self.contour.push(command);
            self.command = command;
        }
        for &number in numbers {
            push(number, &mut self.contour);
        }
    }
}

/// Writes a number. A minus sign parts it from the one before as well as a blank does.
fn push(number: i64, out: &mut String) {
    if number >= 0 && out.ends_with(|last: char| last.is_ascii_digit()) {
        out.push(' ');
    }
    let _ = write!(out, "{number}");
}
