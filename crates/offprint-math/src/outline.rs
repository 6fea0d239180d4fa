//! Outlines of what is drawn.

/// A place. Formulas measure in em; `y` grows upwards from the baseline, as in fonts and PDF.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Point {
    /// Distance from the left edge.
    pub x: f32,
    /// Height above the baseline.
    pub y: f32,
}

impl Point {
    /// A place.
    #[must_use]
    pub const fn new(x: f32, y: f32) -> Self {
        Self { x, y }
    }
}

/// A piece of an outline, which goes on from where the last one ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Segment {
    /// Begins a new contour.
    Move(Point),
    /// A straight line.
    Line(Point),
    /// A quadratic Bézier curve: its control point and its end.
    Quad(Point, Point),
    /// A cubic Bézier curve: its two control points and its end.
    Cubic(Point, Point, Point),
    /// Closes the contour.
    Close,
}

impl Segment {
    /// The segment with every point put through `map`.
    #[must_use]
    pub fn map(self, map: impl Fn(Point) -> Point) -> Self {
        match self {
            Self::Move(to) => Self::Move(map(to)),
            Self::Line(to) => Self::Line(map(to)),
            Self::Quad(control, to) => Self::Quad(map(control), map(to)),
            Self::Cubic(first, second, to) => Self::Cubic(map(first), map(second), map(to)),
            Self::Close => Self::Close,
        }
    }
}

/// A shape to be filled; where contours overlap, the non-zero winding rule holds.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outline {
    /// Its contours, one after the other.
    pub segments: Vec<Segment>,
}

impl Outline {
    /// A rectangle by its left bottom corner and its size; one without an inside is nothing,
    /// which printers would show as a hairline.
    #[must_use]
    pub(crate) fn rectangle(x: f32, y: f32, width: f32, height: f32) -> Self {
        if width == 0.0 || height == 0.0 {
            return Self::default();
        }
        Self {
            segments: vec![
                Segment::Move(Point::new(x, y)),
                Segment::Line(Point::new(x, y + height)),
                Segment::Line(Point::new(x + width, y + height)),
                Segment::Line(Point::new(x + width, y)),
                Segment::Close,
            ],
        }
    }
}

impl Outline {
    /// The outline, its outer contours clockwise as those of letters: where shapes of opposite
    /// turns are filled as one, what they share stays blank.
    #[must_use]
    pub(crate) fn clockwise(self) -> Self {
        let points = |segment: &Segment| match *segment {
            Segment::Move(to)
            | Segment::Line(to)
            | Segment::Quad(_, to)
            | Segment::Cubic(_, _, to) => Some(to),
            Segment::Close => None,
        };
        let mut area = 0.0;
        for contour in contours(&self.segments) {
            let corners: Vec<Point> = contour.iter().filter_map(points).collect();
            let next = corners.iter().cycle().skip(1);
            for (one, other) in corners.iter().zip(next) {
                area += one.x * other.y - other.x * one.y;
            }
        }
        if area <= 0.0 {
            return self;
        }
        Self {
            segments: contours(&self.segments).flat_map(reversed).collect(),
        }
    }
}

/// The contours of an outline, each from its move on.
fn contours(segments: &[Segment]) -> impl Iterator<Item = &[Segment]> {
    segments.chunk_by(|_, next| !matches!(next, Segment::Move(_)))
}

/// A contour drawn from its end to its beginning.
fn reversed(contour: &[Segment]) -> Vec<Segment> {
    let mut starts = Vec::with_capacity(contour.len());
    let mut at = Point::default();
    for segment in contour {
        starts.push(at);
        at = match *segment {
            Segment::Move(to)
            | Segment::Line(to)
            | Segment::Quad(_, to)
            | Segment::Cubic(_, _, to) => to,
            Segment::Close => at,
        };
    }
    let mut out = vec![Segment::Move(at)];
    for (segment, start) in contour.iter().zip(starts).rev() {
        match *segment {
            Segment::Line(_) => out.push(Segment::Line(start)),
            Segment::Quad(control, _) => out.push(Segment::Quad(control, start)),
            Segment::Cubic(first, second, _) => out.push(Segment::Cubic(second, first, start)),
            Segment::Move(_) | Segment::Close => {}
        }
    }
    if contour.last() == Some(&Segment::Close) {
        out.push(Segment::Close);
    }
    out
}

/// A rectangle by its edges.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rectangle {
    /// The left edge.
    pub left: f32,
    /// The bottom edge; below the baseline it is negative.
    pub bottom: f32,
    /// The right edge.
    pub right: f32,
    /// The top edge.
    pub top: f32,
}

impl Rectangle {
    /// The smallest rectangle around both.
    pub(crate) fn including(self, point: Point) -> Self {
        Self {
            left: self.left.min(point.x),
            bottom: self.bottom.min(point.y),
            right: self.right.max(point.x),
            top: self.top.max(point.y),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outer_contours_are_made_to_turn_as_those_of_letters() {
        let [left_bottom, right_bottom, right_top, left_top] =
            [(0.0, 0.0), (2.0, 0.0), (2.0, 1.0), (0.0, 1.0)].map(|(x, y)| Point::new(x, y));
        let rectangle = Outline::rectangle(0.0, 0.0, 2.0, 1.0);
        assert_eq!(rectangle.clone().clockwise(), rectangle);
        let against = Outline {
            segments: vec![
                Segment::Move(left_top),
                Segment::Line(left_bottom),
                Segment::Line(right_bottom),
                Segment::Line(right_top),
                Segment::Close,
            ],
        };
        assert_eq!(
            against.clockwise().segments,
            [
                Segment::Move(right_top),
                Segment::Line(right_bottom),
                Segment::Line(left_bottom),
                Segment::Line(left_top),
                Segment::Close,
            ]
        );
        let curve = Outline {
            segments: vec![
                Segment::Move(left_bottom),
                Segment::Quad(right_bottom, right_top),
                Segment::Cubic(right_top, left_top, left_top),
                Segment::Close,
            ],
        };
        assert_eq!(
            curve.clockwise().segments,
            [
                Segment::Move(left_top),
                Segment::Cubic(left_top, right_top, right_top),
                Segment::Quad(right_bottom, left_bottom),
                Segment::Close,
            ]
        );
    }
}
