//! A long Markdown text cut into pieces, which are parsed one by one or side by side.
//!
//! A heading that begins a line closes every open block (`CommonMark` 0.31.2, 4.2 and 5.1),
//! so that what stands before it and what follows can be parsed apart. Two things stand
//! against it: in code and in HTML the line is no heading, which is seen when the piece
//! before it has been parsed; and links and footnotes may be defined anywhere, for which
//! the whole text is looked through beforehand.

use std::collections::BTreeMap;
use std::ops::Range;

use comrak::Arena;
use comrak::nodes::NodeValue;

use super::document::{Document, Origin, formula_fences, is_division, parse_fenced, with_fences};
use crate::chars::is_han;

/// A Markdown text, perhaps in pieces.
pub(crate) struct Pieces<'t> {
    text: &'t str,
    /// Where the text begins in its file.
    start: usize,
    /// Where pieces begin in the text.
    cuts: Vec<usize>,
    /// Found in the whole text, since a fence counts until the one that closes it.
    fences: Vec<(usize, bool)>,
}

impl<'t> Pieces<'t> {
    /// Cuts a text, which begins at byte `start` of its file, before headings of sections and
    /// papers. Pieces have at least `size` bytes, all but the last.
    pub(crate) fn new(text: &'t str, start: usize, size: usize) -> Self {
        Self {
            text,
            start,
            cuts: cuts(text, size).unwrap_or_else(|| vec![0]),
            fences: formula_fences(text),
        }
    }

    /// Cuts a text wherever a line looks like a heading, for a test to see what comes of it.
    #[cfg(test)]
    pub(crate) fn cut_blindly(text: &'t str, start: usize) -> Self {
        let headings = text
            .match_indices('\n')
            .map(|(at, _)| at + 1)
            .filter(|&at| text.get(at..).is_some_and(is_division));
        Self {
            text,
            start,
            cuts: std::iter::once(0).chain(headings).collect(),
            fences: formula_fences(text),
        }
    }

    /// How many there are, one at least.
    pub(crate) fn count(&self) -> usize {
        self.cuts.len()
    }

    /// Parses a piece, together with those behind it that are no pieces of their own; returns
    /// the one after them, too.
    pub(crate) fn parse_from<'a>(
        &'a self,
        arena: &'a Arena<'a>,
        first: usize,
    ) -> (Document<'a>, usize) {
        let mut length = 1;
        loop {
            let next = first.saturating_add(length).min(self.count());
            if let Some(document) = self.parse(arena, first..next) {
                return (document, next);
            }
            // So that as much again is parsed in vain at most.
            length *= 2;
        }
    }

    /// Parses some pieces as one text. `None` when the next one turns out to be no piece of
    /// its own: its heading stands in code or in HTML that begins in these.
    pub(crate) fn parse<'a>(
        &'a self,
        arena: &'a Arena<'a>,
        pieces: Range<usize>,
    ) -> Option<Document<'a>> {
        let start = self.cuts.get(pieces.start).copied()?;
        let next = self.cuts.get(pieces.end).copied();
        let end = next.unwrap_or(self.text.len());
        // The parser sees the next heading, too, and closes what is open as it always does.
        let heading = next.and_then(|next| self.text.get(next..)?.split_inclusive('\n').next());
        let seen = end + heading.map_or(0, str::len);
        let text = self.text.get(start..seen)?;
        let first = self.fences.partition_point(|&(at, _)| at < start);
        let last = self.fences.partition_point(|&(at, _)| at < end);
        let fences: Vec<(usize, bool)> = self
            .fences
            .get(first..last)?
            .iter()
            .map(|&(at, opens)| (at - start, opens))
            .collect();
        let origin = Origin::verbatim(text, self.start + start);
        let mut document = parse_fenced(arena, with_fences(text, &fences), origin);
        if heading.is_none() || document.cut_last(is_heading) {
            Some(document)
        } else {
            None
        }
    }
}

fn is_heading(value: &NodeValue) -> bool {
    matches!(value, NodeValue::Heading(_))
}

/// Where a text may be cut, its beginning first; `None` when what one piece means may depend
/// on another.
fn cuts(text: &str, size: usize) -> Option<Vec<usize>> {
    // Without a preamble, the parser takes a byte order mark off the text's beginning.
    if text.len() <= size || text.starts_with('\u{feff}') {
        return None;
    }
    let may_have_returns = text.contains('\r');
    let mut cuts = vec![0];
    let mut last = 0;
    let mut next = 0;
    let mut labels = Labels::default();
    for line in text.split_inclusive('\n') {
        let start = next;
        next += line.len();
        if start - last >= size && start > 0 && is_division(line) {
            cuts.push(start);
            last = start;
        }
        let is_clear = !may_have_returns || !has_lone_return(line);
        if !is_clear || may_define_link(line, text.get(start..)?) || !labels.add(line) {
            return None;
        }
    }
    labels.are_clear().then_some(cuts)
}

/// Whether the parser sees several lines in what is one line here.
fn has_lone_return(line: &str) -> bool {
    let line = line.strip_suffix('\n').unwrap_or(line);
    line.strip_suffix('\r').unwrap_or(line).contains('\r')
}

/// Whether a link that is named by a label may be defined at the beginning of a line
/// (`CommonMark` 0.31.2, 4.7), within whatever lists, quotes and footnotes. `rest` is the text
/// from that line on, since a label may have several lines.
fn may_define_link(line: &str, rest: &str) -> bool {
    let mut inner = line;
    loop {
        inner = inner.trim_start_matches(|sign: char| {
            matches!(sign, ' ' | '\t' | '>' | '-' | '+' | '*' | '.' | ')') || sign.is_ascii_digit()
        });
        let Some(label) = inner.strip_prefix('[') else {
            return false;
        };
        let footnote = label
            .strip_prefix('^')
            .and_then(|label| label.split_once("]:"))
            .filter(|(label, _)| is_plain(label));
        if let Some((_, after)) = footnote {
            inner = after;
            continue;
        }
        let mut label = rest
            .get(line.len() - label.len()..)
            .unwrap_or_default()
            .chars();
        // A label has no bracket within, unless behind a backslash.
        while let Some(sign) = label.next() {
            match sign {
                '\\' => {
                    label.next();
                }
                '[' => return false,
                ']' => return label.next() == Some(':'),
                _ => {}
            }
        }
        return false;
    }
}

/// Whether a footnote's label means itself, whatever the parser does with it.
fn is_plain(label: &str) -> bool {
    (1..=200).contains(&label.len())
        && label.chars().all(|character| {
            character.is_ascii_alphanumeric()
                || matches!(character, '-' | '_' | '.')
                || is_han(character)
        })
}

/// The labels of a text's footnotes. A reference takes the spelling of its definition, which
/// may stand anywhere in the text, so that it is the same all over only where no label is
/// spelled in two ways.
#[derive(Default)]
struct Labels<'t> {
    spellings: BTreeMap<String, &'t str>,
    /// Whether there is a bracket that may begin a reference in another spelling (`[\^a]`).
    has_odd: bool,
}

impl<'t> Labels<'t> {
    /// Takes the labels of a line; `false` when one is not plain, or spelled in two ways.
    fn add(&mut self, line: &'t str) -> bool {
        let mut rest = line;
        while let Some((_, inner)) = rest.split_once('[') {
            rest = inner;
            self.has_odd |= inner.starts_with("\\^") || inner.starts_with('&');
            let Some(label) = inner.strip_prefix('^') else {
                continue;
            };
            let Some((label, _)) = label.split_once(']').filter(|(label, _)| is_plain(label))
            else {
                return false;
            };
            let first = self
                .spellings
                .entry(label.to_ascii_lowercase())
                .or_insert(label);
            if *first != label {
                return false;
            }
        }
        true
    }

    fn are_clear(&self) -> bool {
        self.spellings.is_empty() || !self.has_odd
    }
}
