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
    /// A rectangle by its left bottom corner and its size.
    #[must_use]
    pub(crate) fn rectangle(x: f32, y: f32, width: f32, height: f32) -> Self {
        Self {
            segments: vec![
                Segment::Move(Point::new(x, y)),
                Segment::Line(Point::new(x + width, y)),
                Segment::Line(Point::new(x + width, y + height)),
                Segment::Line(Point::new(x, y + height)),
                Segment::Close,
            ],
        }
    }
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
