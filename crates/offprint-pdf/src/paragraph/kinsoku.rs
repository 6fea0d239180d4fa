//! Which characters may begin and end lines, and where a line's end reads badly.

use offprint_core::chars::is_han;

use crate::shape::{Side, side};

/// Marks that no line begins with, whatever stands before them.
pub(super) fn may_not_begin(character: char) -> bool {
    side(character) == Some(Side::Closing)
        || matches!(
            character,
            '…' | '⋯' | '～' | '·' | '・' | '%' | '％' | '‰' | '℃' | '℉' | '°' | '′' | '″'
        )
}

/// Marks of Latin script that belong to what is before them.
pub(super) fn is_western_closing(character: char) -> bool {
    matches!(
        character,
        ',' | '.' | ';' | ':' | '!' | '?' | ')' | ']' | '}' | '»' | '›'
    )
}

/// Marks that no line ends with, whatever follows them.
pub(super) fn may_not_end(character: char) -> bool {
    side(character) == Some(Side::Opening)
        || matches!(
            character,
            '(' | '['
                | '{'
                | '«'
                | '‹'
                | '¡'
                | '¿'
                | '$'
                | '£'
                | '€'
                | '¥'
                | '￥'
                | '№'
                | '§'
                | '#'
        )
}

/// What it costs to end a line between two characters where that is possible.
pub(super) fn break_cost(before: &str, after: &str, last: char, next: char) -> f32 {
    if is_han(last) {
        return if is_han(next) {
            0.0
        } else {
            after_han(last, next)
        };
    }
    let mut cost = match last {
        // "state-of-the-/art": readers, and programs that read, take it for one word.
        '-' => 220.0,
        '–' if next.is_ascii_digit() => 300.0,
        '/' if before.ends_with("//") => 440.0,
        '/' | '.' | '?' | '&' | '=' => 40.0,
        ' ' | '\u{3000}' => return tie(before.trim_end(), after),
        _ => 0.0,
    };
    if is_dash(next) {
        cost += 1500.0;
    }
    cost
}

fn after_han(last: char, next: char) -> f32 {
    if is_dash(next) {
        1500.0
    } else if !next.is_ascii_digit() {
        0.0
    } else if last == '第' {
        // An ordinal is one word with its number.
        400.0
    } else if matches!(last, '图' | '表' | '式' | '节' | '章') {
        150.0
    } else {
        0.0
    }
}

/// A dash that begins a line reads as a list.
fn is_dash(character: char) -> bool {
    matches!(character, '—' | '–' | '…')
}

/// What it costs to part two words at the blank between them.
fn tie(before: &str, after: &str) -> f32 {
    let (Some(last), Some(next)) = (before.chars().next_back(), after.chars().next()) else {
        return 0.0;
    };
    if is_dash(next) {
        // The blank sets the dash off; after it is the better place.
        return 60.0;
    }
    if last.is_ascii_digit() && (next.is_alphabetic() || matches!(next, '%' | '°' | '×')) {
        return if is_unit(first_word(after)) {
            4000.0
        } else {
            0.0
        };
    }
    if next.is_ascii_digit() {
        let word = last_word(before);
        return if counts(word) { 1500.0 } else { 0.0 };
    }
    if last == '.' {
        let word = last_word(before);
        let is_initial = word.chars().count() == 2 && word.starts_with(char::is_uppercase);
        // "J. Smith" is one name.
        return if is_initial { 150.0 } else { 0.0 };
    }
    if after.starts_with("al.") && before.ends_with("et") {
        return 400.0;
    }
    0.0
}

fn first_word(text: &str) -> &str {
    let end = text.find(|character: char| !character.is_alphabetic() && character != '%');
    text.get(..end.unwrap_or(text.len())).unwrap_or_default()
}

fn last_word(text: &str) -> &str {
    text.rsplit([' ', '(', '\u{a0}']).next().unwrap_or_default()
}

/// Words of measure, which stay with their number.
fn is_unit(word: &str) -> bool {
    matches!(
        word,
        "%" | "k"
            | "m"
            | "s"
            | "h"
            | "g"
            | "d"
            | "K"
            | "M"
            | "G"
            | "B"
            | "T"
            | "W"
            | "V"
            | "A"
            | "J"
            | "N"
            | "L"
            | "x"
            | "ms"
            | "ns"
            | "µs"
            | "μs"
            | "min"
            | "km"
            | "cm"
            | "mm"
            | "nm"
            | "µm"
            | "μm"
            | "kg"
            | "mg"
            | "kB"
            | "KB"
            | "MB"
            | "GB"
            | "TB"
            | "PB"
            | "KiB"
            | "MiB"
            | "GiB"
            | "TiB"
            | "bit"
            | "bits"
            | "Hz"
            | "kHz"
            | "MHz"
            | "GHz"
            | "kW"
            | "MW"
            | "kWh"
            | "GPU"
            | "GPUs"
            | "TPU"
            | "TPUs"
            | "dB"
            | "fps"
            | "FPS"
            | "FLOPs"
            | "TFLOPs"
            | "pt"
            | "px"
            | "am"
            | "pm"
            | "AM"
            | "PM"
            | "BC"
            | "AD"
            | "°"
            | "°C"
    )
}

/// Words that say what the number after them counts.
fn counts(word: &str) -> bool {
    matches!(
        word,
        "Fig."
            | "Figs."
            | "Figure"
            | "Figures"
            | "Eq."
            | "Eqs."
            | "Equation"
            | "Sec."
            | "Section"
            | "Sections"
            | "Ch."
            | "Chapter"
            | "Table"
            | "Tables"
            | "Tab."
            | "Theorem"
            | "Thm."
            | "Lemma"
            | "Corollary"
            | "Proposition"
            | "Prop."
            | "Definition"
            | "Algorithm"
            | "Alg."
            | "Appendix"
            | "App."
            | "No."
            | "no."
            | "Vol."
            | "vol."
            | "p."
            | "pp."
            | "§"
            | "§§"
            | "№"
            | "图"
            | "表"
            | "式"
            | "第"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cost(before: &str, after: &str) -> f32 {
        let last = before.chars().next_back().unwrap();
        let next = after.chars().next().unwrap();
        break_cost(before, after, last, next)
    }

    #[test]
    fn numbers_stay_with_their_units_and_their_names() {
        assert!(cost("in 100 ", "km away") > 400.0);
        assert!(cost("see Fig. ", "3 for") > 200.0);
        assert!(cost("共 3 ", "GPU 上") > 400.0);
        assert!(cost("第", "3 章") > 300.0);
        assert!(cost("of 100 ", "papers") < 1.0);
        assert!(cost("数到", "3") < 1.0);
    }

    #[test]
    fn names_stay_together() {
        assert!(cost("by J. ", "Smith") > 100.0);
        assert!(cost("Devlin et ", "al.") > 300.0);
        assert!(cost("ends here. ", "Smith") < 1.0);
    }

    #[test]
    fn a_dash_begins_no_line_where_that_can_be_helped() {
        assert!(cost("真的", "——吗") > 500.0);
        assert!(cost("model", "—fine") > 500.0);
        assert!(cost("——", "吗") < 1.0);
    }
}
