//! Which way text runs (UAX 9): levels for characters, and the order in which the pieces
//! of a line are drawn.

use unicode_bidi::{BidiInfo, Direction, Level, get_base_direction_full};

/// Whether a character says which way its neighbours run and is itself never drawn.
/// Overrides are none: they show letters in an order in which nobody reads them, and who
/// writes them means to deceive (CVE-2021-42574).
pub(super) fn is_control(character: char) -> bool {
    matches!(character,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202c}' | '\u{2066}'..='\u{2069}')
}

/// Whether a character could make text run from right to left.
fn turns(character: char) -> bool {
    matches!(character,
        '\u{590}'..='\u{8ff}' | '\u{200f}' | '\u{202b}' | '\u{2067}' | '\u{2068}'
        | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

/// Whether a character's letters join, so that joiners beside it change its form.
pub(super) fn is_cursive(character: char) -> bool {
    matches!(character, '\u{600}'..='\u{8ff}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
}

/// Which way a paragraph runs as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Course {
    /// From left to right throughout.
    Plain,
    /// From left to right, with parts that run the other way.
    Forwards,
    /// From right to left: its first letter says so.
    Backwards,
}

impl Course {
    pub(super) fn of(text: &str) -> Self {
        if !text.chars().any(turns) {
            Self::Plain
        } else if get_base_direction_full(text) == Direction::Rtl {
            Self::Backwards
        } else {
            Self::Forwards
        }
    }

    /// The level of each byte of a stretch of the paragraph; nothing if all are 0.
    pub(super) fn levels(self, stretch: &str) -> Vec<u8> {
        let base = match self {
            Self::Plain => return Vec::new(),
            Self::Forwards => Level::ltr(),
            Self::Backwards => Level::rtl(),
        };
        let levels = BidiInfo::new(stretch, Some(base)).levels;
        levels.iter().map(Level::number).collect()
    }
}

/// Pieces of a line from left to right, by their levels: what stands where, and between
/// which of them, in the order of the text, the space after each lies.
pub(super) struct Order {
    /// Indices of pieces.
    pub(super) pieces: Vec<usize>,
    /// For each place between two drawn pieces, the piece whose space after it goes there.
    pub(super) spaces: Vec<usize>,
}

/// The order of a line; `None` if it is that of the text.
pub(super) fn order(levels: &[u8], course: Course) -> Option<Order> {
    if course == Course::Plain || levels.iter().all(|&level| level == 0) {
        return None;
    }
    let levels: Vec<Level> = levels
        .iter()
        .map(|&level| Level::new(level).unwrap_or(Level::ltr()))
        .collect();
    let pieces = BidiInfo::reorder_visual(&levels);
    // Neighbours in the text that are neighbours on the line keep their space between them.
    // The others' spaces go, in turn, to where runs meet.
    let pairs = || pieces.iter().zip(pieces.iter().skip(1));
    let mut is_kept = vec![false; pieces.len()];
    for (&left, &right) in pairs() {
        if left.abs_diff(right) == 1
            && let Some(kept) = is_kept.get_mut(left.min(right))
        {
            *kept = true;
        }
    }
    let mut others: Vec<usize> = (0..pieces.len().saturating_sub(1))
        .filter(|&index| !is_kept.get(index).copied().unwrap_or_default())
        .collect();
    if course == Course::Forwards {
        others.reverse();
    }
    let spaces = pairs()
        .map(|(&left, &right)| {
            if left.abs_diff(right) == 1 {
                left.min(right)
            } else {
                others.pop().unwrap_or(left.min(right))
            }
        })
        .collect();
    Some(Order { pieces, spaces })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(levels: &[u8], course: Course) -> (Vec<usize>, Vec<usize>) {
        let order = order(levels, course).unwrap();
        (order.pieces, order.spaces)
    }

    #[test]
    fn a_word_that_runs_the_other_way_is_drawn_from_its_end() {
        assert_eq!(
            drawn(&[0, 1, 1, 1, 0], Course::Forwards),
            (vec![0, 3, 2, 1, 4], vec![0, 2, 1, 3])
        );
    }

    #[test]
    fn in_a_paragraph_from_the_right_the_first_piece_stands_at_the_right() {
        assert_eq!(
            drawn(&[1, 1, 2, 2, 1], Course::Backwards),
            (vec![4, 2, 3, 1, 0], vec![3, 2, 1, 0])
        );
    }

    #[test]
    fn every_space_is_used_once_however_deep_levels_nest() {
        let levels = [0, 1, 2, 3, 4, 2, 1, 1, 2, 0, 3, 0, 1];
        for course in [Course::Forwards, Course::Backwards] {
            let (mut pieces, mut spaces) = drawn(&levels, course);
            pieces.sort_unstable();
            spaces.sort_unstable();
            assert_eq!(pieces, (0..levels.len()).collect::<Vec<_>>());
            assert_eq!(spaces, (0..levels.len() - 1).collect::<Vec<_>>());
        }
    }

    #[test]
    fn the_first_letter_says_which_way_a_paragraph_runs() {
        assert_eq!(Course::of("深度学习 and more"), Course::Plain);
        assert_eq!(Course::of("论文《שלום》"), Course::Forwards);
        assert_eq!(Course::of("(12) שלום world"), Course::Backwards);
        assert_eq!(Course::of("\u{200f}(12) world"), Course::Backwards);
    }

    #[test]
    fn numbers_run_forwards_inside_of_what_runs_backwards() {
        let text = "אב 12 גד";
        let levels = Course::Forwards.levels(text);
        let of = |character| levels[text.find(character).unwrap()];
        assert_eq!((of('א'), of('1'), of('ד')), (1, 2, 1));
    }

    #[test]
    fn marks_of_direction_act_though_nobody_sees_them() {
        // Without the mark the exclamation would go with the paragraph.
        let level = |text: &str| Course::Forwards.levels(text)[text.find('!').unwrap()];
        assert_eq!(level("a אב! b"), 0);
        assert_eq!(level("a אב!\u{200f} b"), 1);
    }
}
