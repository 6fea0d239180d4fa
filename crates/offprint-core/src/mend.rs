//! Fixes made in a text.

use std::collections::BTreeMap;

use crate::diagnostic::{Edit, Fix};

/// A text after its fixes.
#[derive(Debug, PartialEq, Eq)]
pub struct Mended {
    /// The text.
    pub text: String,
    /// For each fix in order, whether it was made.
    pub made: Vec<bool>,
}

/// Makes `fixes` in `text`, each whole or not at all: one that meets what an earlier one
/// changes is left out, and so is one whose places are not in the text. Every byte that no
/// fix names stays. The same fix twice is made once and counts twice.
#[must_use]
pub fn mend<'f>(text: &str, fixes: impl IntoIterator<Item = &'f Fix>) -> Mended {
    // By where they begin; no two of them meet.
    let mut edits: BTreeMap<usize, &Edit> = BTreeMap::new();
    let mut made = Vec::new();
    for fix in fixes {
        let is_there = |edit: &Edit| edits.get(&edit.span.start) == Some(&edit);
        if !fix.edits.is_empty() && fix.edits.iter().all(is_there) {
            made.push(true);
            continue;
        }
        let mut own = BTreeMap::new();
        let is_made = !fix.edits.is_empty()
            && fix.edits.iter().all(|edit| {
                let fits = text.get(edit.span.clone()).is_some()
                    && !meets(&edits, edit)
                    && !meets(&own, edit);
                own.insert(edit.span.start, edit);
                fits
            });
        if is_made {
            edits.append(&mut own);
        }
        made.push(is_made);
    }
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits.into_values() {
        out.push_str(text.get(at..edit.span.start).unwrap_or_default());
        out.push_str(&edit.text);
        at = edit.span.end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    Mended { text: out, made }
}

/// Whether an edit changes what one of `edits` does, or puts something in where one begins.
fn meets(edits: &BTreeMap<usize, &Edit>, edit: &Edit) -> bool {
    let before = edits.range(..=edit.span.start).next_back();
    let runs_into = before.is_some_and(|(start, before)| {
        *start == edit.span.start || before.span.end > edit.span.start
    });
    let next = edits.range(edit.span.start..).next();
    runs_into || next.is_some_and(|(start, _)| *start < edit.span.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fix(edits: &[(std::ops::Range<usize>, &str)]) -> Fix {
        let edit = |(span, text): &(std::ops::Range<usize>, &str)| Edit {
            span: span.clone(),
            text: (*text).to_owned(),
        };
        Fix {
            about: String::new(),
            edits: edits.iter().map(edit).collect(),
        }
    }

    #[test]
    fn fixes_are_made_whole_and_apart() {
        let fixes = [
            fix(&[(0..0, "[")]),
            fix(&[(1..3, "x"), (5..6, "")]),
            fix(&[(2..4, "y"), (6..6, "]")]),
            fix(&[(6..6, "!")]),
            fix(&[(6..6, "!")]),
            fix(&[(4..99, "")]),
            fix(&[(0..0, "(")]),
        ];
        let mended = mend("abcdef", &fixes);
        assert_eq!(mended.text, "[axde!");
        assert_eq!(mended.made, [true, true, false, true, true, false, false]);
    }

    #[test]
    fn no_character_is_cut() {
        let mended = mend("标题", &[fix(&[(1..2, "x")])]);
        assert_eq!((mended.text.as_str(), mended.made), ("标题", vec![false]));
    }
}
