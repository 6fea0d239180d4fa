//! Characters that are left out because no output may carry them, told once a file.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::chars::{is_allowed, is_surely_clean};
use crate::diagnostic::{Diagnostic, Place};
use crate::fields::{Node, NodeValue};
use crate::source::Source;

/// Characters that were written by escapes (`\u0001` in YAML, TOML and JSON) or character
/// references (`&#1;` in Markdown): where each stands first, and how often.
#[derive(Debug, Default)]
pub(crate) struct Forbidden(BTreeMap<char, (Range<usize>, usize)>);

impl Forbidden {
    /// Whether there is anything to note in a text.
    pub(crate) fn is_in(text: &str) -> bool {
        !is_surely_clean(text) && !text.chars().all(is_published)
    }

    /// Notes what is written in `written`, which stands at `span`, or somewhere in it, and was
    /// read as `text`.
    pub(crate) fn note(&mut self, text: &str, written: &str, span: &Range<usize>) {
        if !Self::is_in(text) {
            return;
        }
        let mut counts: BTreeMap<char, usize> = BTreeMap::new();
        for character in text.chars().filter(|&character| !is_published(character)) {
            *counts.entry(character).or_default() += 1;
        }
        for (character, count) in counts {
            // What stands there as it is has been told of the file as a whole.
            let plain = written.chars().filter(|other| *other == character).count();
            let count = count.saturating_sub(plain);
            if count == 0 {
                continue;
            }
            let at = escape(written, character).filter(|_| written.len() == span.len());
            let at = at.map_or_else(
                || span.clone(),
                |at| span.start + at.start..span.start + at.end,
            );
            self.add(character, at, count);
        }
    }

    /// Notes what is written in a tree of values, names excepted.
    pub(super) fn note_all(&mut self, source: &Source, node: &Node) {
        match &node.value {
            NodeValue::Text(text) => {
                let written = source.text.get(node.span.clone()).unwrap_or_default();
                self.note(text, written, &node.span);
            }
            NodeValue::List(nodes) => {
                for node in nodes {
                    self.note_all(source, node);
                }
            }
            NodeValue::Table(entries) => {
                for entry in entries {
                    self.note_all(source, &entry.value);
                }
            }
            NodeValue::Null | NodeValue::Bool(_) | NodeValue::Integer(_) | NodeValue::Float(_) => {}
        }
    }

    /// Takes what was noted of a later part of the file.
    pub(crate) fn absorb(&mut self, later: Self) {
        for (character, (at, count)) in later.0 {
            self.add(character, at, count);
        }
    }

    fn add(&mut self, character: char, at: Range<usize>, count: usize) {
        let (first, sum) = self.0.entry(character).or_insert((at.clone(), 0));
        *sum += count;
        if at.start < first.start {
            *first = at;
        }
    }

    /// A finding for each character.
    pub(super) fn report(self, source: &Arc<Source>) -> impl Iterator<Item = Diagnostic> {
        self.0.into_iter().map(|(character, (at, count))| {
            let place = Place::new(source, at);
            let found = finding(character, place, count);
            found.hint("remove it where it is written as an escape or a character reference")
        })
    }
}

/// A finding for each character that stands in the file as it is.
pub(super) fn in_plain(source: &Arc<Source>) -> impl Iterator<Item = Diagnostic> {
    let mut found: BTreeMap<char, (usize, usize)> = BTreeMap::new();
    let text = if is_surely_clean(&source.text) {
        ""
    } else {
        &source.text
    };
    for (at, character) in text.char_indices() {
        if !is_published(character) {
            let (_, count) = found.entry(character).or_insert((at, 0));
            *count += 1;
        }
    }
    found.into_iter().map(|(character, (at, count))| {
        let place = Place::new(source, at..at + character.len_utf8());
        let found = finding(character, place, count);
        found.hint("remove it; editors show such characters if asked to")
    })
}

fn finding(character: char, place: Place, count: usize) -> Diagnostic {
    let code_point = u32::from(character);
    let diagnostic = Diagnostic::warning(
        "forbidden-character",
        format!("the character U+{code_point:04X} cannot be published and is left out"),
    )
    .at(place);
    if count > 1 {
        diagnostic.label(format!("the first of {count}"))
    } else {
        diagnostic
    }
}

/// Whether a character stays in a text; a carriage return stays as a line end.
fn is_published(character: char) -> bool {
    is_allowed(character) || character == '\r'
}

/// Where a character is written as an escape or a character reference.
fn escape(written: &str, character: char) -> Option<Range<usize>> {
    let code_point = u32::from(character);
    let letter = match code_point {
        0x00 => Some("\\0"),
        0x07 => Some("\\a"),
        0x08 => Some("\\b"),
        0x0b => Some("\\v"),
        0x0c => Some("\\f"),
        0x1b => Some("\\e"),
        _ => None,
    };
    let spellings = [
        format!("\\u{code_point:04x}"),
        format!("\\u{code_point:08x}"),
        format!("\\x{code_point:02x}"),
    ];
    let lower = written.to_ascii_lowercase();
    let found = spellings
        .iter()
        .filter_map(|spelling| Some((lower.find(spelling.as_str())?, spelling.len())))
        .min()
        .or_else(|| Some((written.find(letter?)?, 2)))
        .map(|(at, length)| at..at + length);
    found.or_else(|| reference(written, code_point))
}

/// Where a character is written as a numeric character reference (`CommonMark` 0.31, §2.5).
fn reference(written: &str, code_point: u32) -> Option<Range<usize>> {
    written.match_indices("&#").find_map(|(at, mark)| {
        let rest = written.get(at + mark.len()..)?;
        let (number, _) = rest.split_once(';')?;
        let value = match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16),
            None => number.parse(),
        };
        (value.ok()? == code_point).then_some(at..at + mark.len() + number.len() + 1)
    })
}
