//! A file's text with the name it is called by in messages.

use std::sync::{Arc, OnceLock};

/// The text of one input file.
#[derive(Debug)]
pub struct Source {
    /// How messages name the file: its path relative to where the user stands.
    pub name: String,
    /// The whole text, UTF-8, as it stands on disk but for a byte order mark.
    pub text: String,
    /// Line and column of every [`STRIDE`]th byte or what follows it, once somebody asked: there
    /// may be thousands of findings in a file, and none in most.
    marks: OnceLock<Vec<(usize, usize)>>,
}

/// How many bytes are looked through at most for a line and a column.
const STRIDE: usize = 1024;

impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.text == other.text
    }
}

impl Eq for Source {}

impl Source {
    /// A source to be shared between the diagnostics that point into it.
    #[must_use]
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        let mut text = text.into();
        if text.starts_with('\u{feff}') {
            text.drain(..'\u{feff}'.len_utf8());
        }
        Arc::new(Self {
            name: name.into(),
            text,
            marks: OnceLock::new(),
        })
    }

    /// Line and column of a byte, both from 1; the column counts characters. A place inside a
    /// character is that of the character behind it, and one behind the text its end.
    #[must_use]
    pub fn line_column(&self, offset: usize) -> (usize, usize) {
        let offset = self.text.ceil_char_boundary(offset.min(self.text.len()));
        let stride = offset / STRIDE;
        let at = self.text.ceil_char_boundary(stride * STRIDE);
        let marks = self.marks.get_or_init(|| marked(&self.text));
        let from = marks.get(stride).copied().unwrap_or((1, 1));
        let passed = self.text.get(at..offset).unwrap_or_default();
        passed.chars().fold(from, step)
    }
}

fn marked(text: &str) -> Vec<(usize, usize)> {
    let mut marks = vec![(1, 1)];
    let mut here = (1, 1);
    for (at, character) in text.char_indices() {
        here = step(here, character);
        if (at + character.len_utf8()) / STRIDE >= marks.len() {
            marks.push(here);
        }
    }
    marks
}

/// The place behind a character that stands at a place.
fn step((line, column): (usize, usize), character: char) -> (usize, usize) {
    if character == '\n' {
        (line + 1, 1)
    } else {
        (line, column + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_are_those_that_counting_tells() {
        let text = "一二\r\n𠮷x\n".repeat(400) + &"长 line".repeat(700);
        let source = Source::new("a.md", text.as_str());
        let mut counted = (1, 1);
        for (at, character) in text.char_indices() {
            assert_eq!(source.line_column(at), counted, "{at}");
            counted = step(counted, character);
        }
        assert_eq!(source.line_column(text.len()), counted);
        assert_eq!(source.line_column(usize::MAX), counted);
        assert_eq!(Source::new("a.md", "").line_column(0), (1, 1));
    }
}
