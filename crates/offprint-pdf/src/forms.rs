//! The outlines that formulas are drawn with, each once for a whole document: form `XObject`s
//! (ISO 32000-1, 8.10), which take the colour of where they stand.

use std::io::Write as _;
use std::sync::Arc;

use offprint_math::{Outline, Point, Segment};
use rustc_hash::FxHashMap as HashMap;

use crate::page::{Item, Page};

/// Steps to the em in which outlines are written: what the faces are drawn on.
const UNITS: f32 = 1000.0;

/// How much bolder outlines are beside bold text, in their own em: a line so thick is drawn
/// around them. The faces of formulas have bold letters, but no bold signs; in TeX, too, bold
/// letters are others than those that stand in a bold title.
const BOLDER: f32 = 0.035;

/// How an outline is drawn. Lengths are in its own em.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Form {
    Blank,
    /// A line of a fraction, a bar: shorter than its form would be.
    Rectangle {
        left: f32,
        bottom: f32,
        width: f32,
        height: f32,
    },
    /// The form of this number.
    Named(usize),
}

/// A form as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Written {
    /// Of its dictionary, beside length and filter.
    pub(crate) entries: Vec<u8>,
    pub(crate) stream: Vec<u8>,
}

/// All outlines of a document.
#[derive(Debug, Default)]
pub(crate) struct Forms {
    /// By address, and whether they are bold: pages hold the outlines as long as they are drawn.
    known: HashMap<(usize, bool), Form>,
    numbers: HashMap<Arc<Written>, usize>,
    written: Vec<Arc<Written>>,
}

/// The name of a form among the resources.
pub(crate) fn name(number: usize) -> String {
    format!("M{number}")
}

impl Forms {
    /// The outlines of some pages, numbered in the order in which they come.
    pub(crate) fn of(pages: &[Page]) -> Self {
        let mut forms = Self::default();
        let items = pages.iter().flat_map(Page::all_items);
        for run in items.filter_map(Item::formula) {
            let marks = run.drawing.marks.get(run.marks.clone());
            for mark in marks.unwrap_or_default() {
                forms.add(&mark.outline, run.is_bold);
            }
        }
        forms
    }

    fn add(&mut self, outline: &Arc<Outline>, is_bold: bool) {
        let key = (Arc::as_ptr(outline) as usize, is_bold);
        if self.known.contains_key(&key) {
            return;
        }
        let form = rectangle(outline, is_bold).unwrap_or_else(|| match written(outline, is_bold) {
            Some(written) => Form::Named(self.number(written)),
            None => Form::Blank,
        });
        self.known.insert(key, form);
    }

    fn number(&mut self, written: Written) -> usize {
        if let Some(&known) = self.numbers.get(&written) {
            return known;
        }
        let number = self.written.len();
        let written = Arc::new(written);
        self.numbers.insert(Arc::clone(&written), number);
        self.written.push(written);
        number
    }

    /// How an outline of the pages is drawn.
    pub(crate) fn of_outline(&self, outline: &Arc<Outline>, is_bold: bool) -> Form {
        let key = (Arc::as_ptr(outline) as usize, is_bold);
        self.known.get(&key).copied().unwrap_or(Form::Blank)
    }

    /// The forms by their numbers.
    pub(crate) fn written(&self) -> impl Iterator<Item = &Written> {
        self.written.iter().map(AsRef::as_ref)
    }
}

fn rectangle(outline: &Outline, is_bold: bool) -> Option<Form> {
    let &[
        Segment::Move(a),
        Segment::Line(b),
        Segment::Line(c),
        Segment::Line(d),
        Segment::Close,
    ] = outline.segments.as_slice()
    else {
        return None;
    };
    let same = |one: f32, other: f32| (one - other).abs() < 1e-5;
    let is_upright = same(a.y, b.y) && same(b.x, c.x) && same(c.y, d.y) && same(d.x, a.x);
    let (width, height) = ((c.x - a.x).abs(), (c.y - a.y).abs());
    is_upright.then_some(if width < 1e-4 || height < 1e-4 {
        // A strut: readers would draw it as the thinnest of lines.
        Form::Blank
    } else {
        let around = if is_bold { BOLDER / 2.0 } else { 0.0 };
        Form::Rectangle {
            left: a.x.min(c.x) - around,
            bottom: a.y.min(c.y) - around,
            width: width + 2.0 * around,
            height: height + 2.0 * around,
        }
    })
}

/// An outline in whole units; `None` if there is nothing to fill.
fn written(outline: &Outline, is_bold: bool) -> Option<Written> {
    let unit = |length: f32| (length * UNITS).round() as i64;
    let mut stream = Vec::with_capacity(outline.segments.len() * 16);
    let mut at = Point::default();
    let mut edges: Option<[i64; 4]> = None;
    let mut push = |points: &[Point], operator: &str| {
        for point in points {
            let [x, y] = [unit(point.x), unit(point.y)];
            let _ = write!(stream, "{x} {y} ");
            let [left, bottom, right, top] = edges.unwrap_or([x, y, x, y]);
            edges = Some([left.min(x), bottom.min(y), right.max(x), top.max(y)]);
        }
        stream.extend_from_slice(operator.as_bytes());
        stream.push(b'\n');
    };
    for segment in &outline.segments {
        match *segment {
            Segment::Move(to) => push(&[to], "m"),
            Segment::Line(to) => push(&[to], "l"),
            // The same curve as a cubic one.
            Segment::Quad(control, to) => {
                let toward = |end: Point| {
                    Point::new(
                        end.x + (control.x - end.x) * 2.0 / 3.0,
                        end.y + (control.y - end.y) * 2.0 / 3.0,
                    )
                };
                push(&[toward(at), toward(to), to], "c");
            }
            Segment::Cubic(first, second, to) => push(&[first, second, to], "c"),
            Segment::Close => push(&[], "h"),
        }
        if let Segment::Move(to)
        | Segment::Line(to)
        | Segment::Quad(_, to)
        | Segment::Cubic(_, _, to) = *segment
        {
            at = to;
        }
    }
    let [left, bottom, right, top] = edges?;
    let mut around = 0;
    if is_bold {
        around = unit(BOLDER);
        let line = format!("{around} w 1 j\n");
        stream.splice(0..0, line.into_bytes());
    }
    stream.push(if is_bold { b'B' } else { b'f' });
    let [left, bottom, right, top] = [left - around, bottom - around, right + around, top + around];
    let entries = format!(
        "/Type/XObject/Subtype/Form/BBox[{left} {bottom} {right} {top}]\
         /Matrix[.001 0 0 .001 0 0]/Resources<<>>"
    );
    Some(Written {
        entries: entries.into_bytes(),
        stream,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outline(segments: &[Segment]) -> Arc<Outline> {
        Arc::new(Outline {
            segments: segments.to_vec(),
        })
    }

    fn bow() -> Arc<Outline> {
        outline(&[
            Segment::Move(Point::new(0.0, 0.0)),
            Segment::Quad(Point::new(0.3, 0.6), Point::new(0.6, 0.0)),
            Segment::Close,
        ])
    }

    fn bar(width: f32) -> Arc<Outline> {
        let [left, right] = [0.0, width];
        outline(&[
            Segment::Move(Point::new(left, 0.2)),
            Segment::Line(Point::new(right, 0.2)),
            Segment::Line(Point::new(right, 0.25)),
            Segment::Line(Point::new(left, 0.25)),
            Segment::Close,
        ])
    }

    fn forms(outlines: &[&Arc<Outline>], is_bold: bool) -> Forms {
        let mut forms = Forms::default();
        for outline in outlines {
            forms.add(outline, is_bold);
        }
        forms
    }

    #[test]
    fn equal_outlines_are_one_form() {
        let (one, other) = (bow(), bow());
        let forms = forms(&[&one, &other, &one], false);
        assert_eq!(forms.written().count(), 1);
        for outline in [one, other] {
            assert_eq!(forms.of_outline(&outline, false), Form::Named(0));
        }
    }

    #[test]
    fn curves_become_cubic_ones() {
        let forms = forms(&[&bow()], false);
        let written = forms.written().next().expect("a form");
        let stream = String::from_utf8_lossy(&written.stream);
        assert_eq!(stream, "0 0 m\n200 400 400 400 600 0 c\nh\nf");
        let entries = String::from_utf8_lossy(&written.entries);
        assert!(entries.contains("/BBox[0 0 600 400]"), "{entries}");
    }

    #[test]
    fn bold_outlines_have_a_line_around_them() {
        let bow = bow();
        let forms = forms(&[&bow], true);
        let written = forms.written().next().expect("a form");
        let stream = String::from_utf8_lossy(&written.stream);
        assert!(
            stream.starts_with("35 w 1 j\n") && stream.ends_with("\nB"),
            "{stream}"
        );
        assert_eq!(forms.of_outline(&bow, false), Form::Blank);
    }

    #[test]
    fn bars_are_rectangles_and_struts_nothing() {
        let (bar, strut) = (bar(0.5), bar(0.0));
        let forms = forms(&[&bar, &strut], false);
        assert_eq!(forms.written().count(), 0);
        let Form::Rectangle { width, height, .. } = forms.of_outline(&bar, false) else {
            panic!("no rectangle");
        };
        assert!((width - 0.5).abs() < 1e-6 && (height - 0.05).abs() < 1e-6);
        assert_eq!(forms.of_outline(&strut, false), Form::Blank);
    }
}
