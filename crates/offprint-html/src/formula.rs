//! Formulas as pages show and messages name them.

use offprint_math::{Drawing, Mark, Point};

/// The blank before the number of a formula, in em.
const BEFORE_TAG: f32 = 2.0;

/// How much of a formula a message quotes, in characters.
const QUOTED: usize = 60;

/// A displayed formula with its number (`\\tag`) beside it, as one drawing.
#[must_use]
pub fn with_tag(drawing: &Drawing) -> Drawing {
    let mut whole = drawing.clone();
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

/// The first characters of a formula's TeX on one line, for messages.
#[must_use]
pub fn shortened(tex: &str) -> String {
    let line: Vec<&str> = tex.split_whitespace().collect();
    let line = line.join(" ");
    match line.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use offprint_math::{Style, Typesetter};

    use super::*;

    #[test]
    fn the_number_of_a_formula_stands_beside_it() {
        let typesetter = Typesetter::default();
        let set = |tex: &str| typesetter.set(tex, Style::Display).unwrap();
        let (alone, numbered) = (set("a = b"), set("a = b \\tag{12}"));
        let whole = with_tag(&numbered);
        assert!(whole.tag.is_none());
        assert!(whole.width > alone.width + BEFORE_TAG);
        let edge = |drawing: &Drawing| drawing.bounds().right;
        let ink = whole.marks.iter().flat_map(Mark::segments).count();
        assert!(ink > alone.marks.iter().flat_map(Mark::segments).count());
        assert!((edge(&whole) - whole.width).abs() < 0.1);
        assert_eq!(with_tag(&alone), *alone);
    }

    #[test]
    fn a_message_quotes_the_beginning_of_a_formula() {
        assert_eq!(shortened("a\n  = b"), "a = b");
        let long = shortened(&"损".repeat(61));
        assert_eq!(long, format!("{}…", "损".repeat(60)));
    }
}
