//! What is wrong with an input, or lost in an output, as data.
//!
//! The command line draws diagnostics or prints them as JSON; nothing here does.

use std::ops::Range;
use std::sync::Arc;

use crate::source::Source;

/// How much a diagnostic matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; never fails a build.
    Hint,
    /// Something may be lost or misread; fails only under `--deny-warnings`.
    Warning,
    /// Nothing is written until this is mended.
    Error,
}

impl Severity {
    /// The lower-case name used in messages and in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hint => "hint",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A stretch of a source file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub source: Arc<Source>,
    /// Byte offsets into its text; always on character boundaries.
    pub span: Range<usize>,
}

impl Place {
    /// A place in `source`, its span moved onto character boundaries and into the text.
    #[must_use]
    pub fn new(source: &Arc<Source>, span: Range<usize>) -> Self {
        let text = &source.text;
        let start = text.floor_char_boundary(span.start.min(text.len()));
        let end = text.ceil_char_boundary(span.end.clamp(start, text.len()));
        Self {
            source: Arc::clone(source),
            span: start..end,
        }
    }

    /// The first place where `needle` stands in `source`.
    #[must_use]
    pub fn find(source: &Arc<Source>, needle: &str) -> Option<Self> {
        let start = source.text.find(needle)?;
        Some(Self::new(source, start..start + needle.len()))
    }

    /// Line and column, both from 1; the column counts characters.
    #[must_use]
    pub fn line_column(&self) -> (usize, usize) {
        self.source.line_column(self.span.start)
    }
}

/// A stretch of a text and what is to stand there instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// Byte offsets into the text; empty where something is put in.
    pub span: Range<usize>,
    /// What is to stand there.
    pub text: String,
}

/// How a finding can be mended without asking: certain, and in the file of its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as an order of a few words.
    pub about: String,
    /// The changes, none of which meets another.
    pub edits: Vec<Edit>,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// How much it matters.
    pub severity: Severity,
    /// The rule's name, such as `bad-date` or `pdf::missing-glyph`.
    pub code: &'static str,
    /// One sentence, lower case, without a full stop.
    pub message: String,
    /// Where; absent when the finding is about no file in particular.
    pub place: Option<Place>,
    /// A few words written beside the caret.
    pub label: Option<String>,
    /// What to do next, one sentence each.
    pub hints: Vec<String>,
    /// How it can be mended, where that is mechanical.
    pub fix: Option<Box<Fix>>,
}

impl Diagnostic {
    /// A finding that stops the build.
    #[must_use]
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message)
    }

    /// A finding that the author should look at.
    #[must_use]
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message)
    }

    /// A finding that is worth knowing and stops nothing.
    #[must_use]
    pub fn remark(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Hint, code, message)
    }

    fn new(severity: Severity, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            severity,
            code,
            message: message.into(),
            place: None,
            label: None,
            hints: Vec::new(),
            fix: None,
        }
    }

    /// The same finding, pointing at `place`.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// The same finding with words beside the caret.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// The same finding with a way to mend it.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(Box::new(fix));
        self
    }

    /// The same finding, mended by writing `text` for what stands at its place, if `written`
    /// does.
    #[must_use]
    pub fn fix_by(self, about: &str, written: &str, text: impl Into<String>) -> Self {
        let Some(place) = &self.place else {
            return self;
        };
        if place.source.text.get(place.span.clone()) != Some(written) {
            return self;
        }
        let edit = Edit {
            span: place.span.clone(),
            text: text.into(),
        };
        self.fix(Fix {
            about: about.to_owned(),
            edits: vec![edit],
        })
    }

    /// The same finding with one more hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }
}

/// The candidate nearest to what was written, if one is near enough to suggest.
#[must_use]
pub fn did_you_mean<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let written = written.to_lowercase();
    let length = written.chars().count();
    candidates
        .into_iter()
        // No candidate of a very different length is near; long names cost the square of it.
        .filter(|candidate| {
            let other = candidate.chars().count();
            length.abs_diff(other) <= 1 + length.max(other) / 3
        })
        .map(|candidate| {
            (
                strsim::damerau_levenshtein(&written, &candidate.to_lowercase()),
                candidate,
            )
        })
        .filter(|&(distance, candidate)| {
            let length = candidate.chars().count().max(written.chars().count());
            // Two Chinese characters with one wrong are still a likely slip; two Latin letters are not.
            distance <= length / 3 || (distance == 1 && length >= 2 && !candidate.is_ascii())
        })
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_counts_characters_not_bytes() {
        let source = Source::new("a.md", "标题\n标签：噪声 x");
        let place = Place::find(&source, "噪声").unwrap();
        assert_eq!(place.line_column(), (2, 4));
    }

    #[test]
    fn a_span_inside_a_character_grows_to_hold_it() {
        let source = Source::new("a.md", "标题");
        assert_eq!(Place::new(&source, 1..2).span, 0..3);
        assert_eq!(Place::new(&source, 99..200).span, 6..6);
    }

    #[test]
    fn a_byte_order_mark_is_no_text() {
        assert_eq!(Source::new("a.md", "\u{feff}---").text, "---");
    }

    #[test]
    fn near_names_are_suggested_and_far_ones_are_not() {
        let names = ["title", "date", "editors", "标签"];
        assert_eq!(did_you_mean("dtae", names), Some("date"));
        assert_eq!(did_you_mean("Editor", names), Some("editors"));
        assert_eq!(did_you_mean("标錄", names), Some("标签"));
        assert_eq!(did_you_mean("banana", names), None);
    }
}
