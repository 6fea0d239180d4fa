//! A Markdown text as the parser sees it, and where its pieces stand in the file.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use comrak::nodes::{NodeValue, Sourcepos};
use comrak::{Arena, Node, Options, parse_document};

use crate::chars::has_ascii;
use crate::source::Source;

/// How far off a line of a text is looked for behind the line before it, in bytes.
const SEARCH_WINDOW: usize = 512;

/// The fence that stands in for `$$` around formulas which Markdown would take apart.
const FORMULA_FENCE: &str = "~~~~~~~~";

/// Where the lines of a Markdown text stand in its file.
#[derive(Debug)]
pub(crate) struct Origin {
    pub(super) span: Range<usize>,
    lines: Vec<Option<usize>>,
    /// Whether the text stands there as it is.
    is_verbatim: bool,
}

impl Origin {
    /// The text stands in the file as it is, from byte `start`.
    pub(crate) fn verbatim(text: &str, start: usize) -> Self {
        Self {
            span: start..start + text.len(),
            lines: line_starts(text)
                .into_iter()
                .map(|line| Some(start + line))
                .collect(),
            is_verbatim: true,
        }
    }

    /// The text was read from `span`, perhaps unescaped or with its indentation taken off:
    /// lines that stand there as they are keep their places, the others have the whole span.
    pub(crate) fn within(source: &Source, span: Range<usize>, text: &str) -> Self {
        let mut lines = Vec::new();
        let mut cursor = span.start;
        for line in text.split('\n') {
            let line = line.trim_end_matches('\r');
            // Indentation and escapes put it a little further off, never far: without a bound,
            // text of nothing but escapes would be searched anew for every line.
            let far = cursor + SEARCH_WINDOW + 2 * line.len();
            let far = source.text.floor_char_boundary(far.min(span.end));
            let rest = source.text.get(cursor..far).unwrap_or_default();
            let found = if line.trim().is_empty() {
                None
            } else if rest.starts_with(line) {
                // Most texts stand in the file as they are, and no search need be prepared.
                Some(cursor)
            } else {
                rest.find(line).map(|at| cursor + at)
            };
            cursor = found.unwrap_or(cursor) + line.len();
            cursor = source.text.floor_char_boundary(cursor.min(span.end));
            lines.push(found);
        }
        Self {
            span,
            lines,
            is_verbatim: false,
        }
    }

    /// Where the lines of a text begin that stands in the file as it is.
    fn starts(&self) -> Option<Vec<usize>> {
        let lines = self.lines.iter().filter(|_| self.is_verbatim);
        let starts = lines.map(|line| line.and_then(|line| line.checked_sub(self.span.start)));
        starts
            .collect::<Option<Vec<_>>>()
            .filter(|starts| !starts.is_empty())
    }

    fn offset(&self, line: usize, column: usize) -> Option<usize> {
        let start = self.lines.get(line).copied().flatten()?;
        Some(start + column.saturating_sub(1))
    }
}

/// Lines as the parser counts them: they end with `\n`, `\r\n` or `\r`.
fn line_starts(text: &str) -> Vec<usize> {
    let mut starts = vec![0];
    if !has_ascii(text, |byte| byte == b'\r') {
        starts.extend(text.match_indices('\n').map(|(index, _)| index + 1));
        return starts;
    }
    let mut bytes = text.bytes().enumerate().peekable();
    while let Some((index, byte)) = bytes.next() {
        let ends = match byte {
            b'\n' => true,
            b'\r' => bytes.peek().is_none_or(|&(_, next)| next != b'\n'),
            _ => false,
        };
        if ends {
            starts.push(index + 1);
        }
    }
    starts
}

/// A parsed Markdown text.
pub(crate) struct Document<'a> {
    root: Node<'a>,
    text: Cow<'a, str>,
    starts: Vec<usize>,
    preamble: usize,
    /// The line that is no longer the document's own, if there is one.
    end: Option<usize>,
    pub(super) origin: Origin,
}

/// Parses a text into `arena`.
pub(crate) fn parse<'a>(arena: &'a Arena<'a>, markdown: &'a str, origin: Origin) -> Document<'a> {
    let fences = formula_fences(markdown);
    parse_fenced(arena, with_fences(markdown, &fences), origin)
}

pub(super) fn parse_fenced<'a>(
    arena: &'a Arena<'a>,
    markdown: Cow<'a, str>,
    origin: Origin,
) -> Document<'a> {
    let (preamble, preamble_lines) = preamble(&markdown);
    let known = match &markdown {
        Cow::Borrowed(_) if preamble.is_empty() => origin.starts(),
        // Lines before it, or fences in it.
        Cow::Borrowed(_) | Cow::Owned(_) => None,
    };
    let text = if preamble.is_empty() {
        markdown
    } else {
        Cow::Owned(preamble + &markdown)
    };
    Document {
        root: parse_document(arena, &text, &options()),
        starts: known.unwrap_or_else(|| line_starts(&text)),
        text,
        preamble: preamble_lines,
        end: None,
        origin,
    }
}

fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.tasklist = true;
    options.extension.footnotes = true;
    options.extension.math_dollars = true;
    options.extension.cjk_friendly_emphasis = true;
    options.extension.link_attributes = true;
    options.parse.leave_footnote_definitions = true;
    // A line of dashes below a paragraph is a rule here, never a section.
    options.parse.ignore_setext = true;
    options
}

/// The parser takes `[^x]` for a footnote only where `x` is defined, yet the definition may
/// stand in another text, or be missing, which is to be reported. So every label is defined
/// in front of the text; the comment keeps an indented first line out of the last definition.
fn preamble(markdown: &str) -> (String, usize) {
    let labels: BTreeSet<&str> = markdown
        .split('[')
        .skip(1)
        .filter_map(|rest| rest.strip_prefix('^')?.split_once(']'))
        .map(|(label, _)| label)
        .filter(|label| {
            (1..=200).contains(&label.len())
                && !label.contains(|character: char| {
                    character.is_whitespace() || character == '[' || character == '\0'
                })
        })
        .collect();
    if labels.is_empty() {
        return (String::new(), 0);
    }
    let mut preamble = String::new();
    for label in &labels {
        preamble.push_str("[^");
        preamble.push_str(label);
        preamble.push_str("]: .\n\n");
    }
    preamble.push_str("<!-- -->\n\n");
    (preamble, 2 * labels.len() + 2)
}

/// Markdown finds blocks before formulas, so that a line of a displayed formula which begins
/// with `+` or `-`, or is blank, would break it. Such formulas get a fence instead of `$$`,
/// line for line. These are the lines with `$$`: where each begins, and whether it opens.
pub(super) fn formula_fences(markdown: &str) -> Vec<(usize, bool)> {
    let mut fences = Vec::new();
    if !markdown.contains("$$") {
        return fences;
    }
    let mut code: Option<(char, usize)> = None;
    let mut open: Option<usize> = None;
    let mut fragile = false;
    let mut next = 0;
    for line in markdown.split_inclusive('\n') {
        let start = next;
        next += line.len();
        let content = line.trim_start_matches([' ', '>']).trim_end();
        let run = |sign: char| content.chars().take_while(|&next| next == sign).count();
        let marker = ['`', '~'].into_iter().find(|&sign| run(sign) >= 3);
        if let Some((sign, length)) = code {
            if run(sign) >= length && content.chars().all(|next| next == sign) {
                code = None;
            }
            continue;
        }
        if open.is_none() {
            if let Some(sign) = marker {
                code = Some((sign, run(sign)));
            } else if content == "$$" && !line.starts_with("    ") {
                open = Some(start);
                fragile = false;
            }
            continue;
        }
        if content == "$$" {
            if let Some(first) = open.take().filter(|_| fragile) {
                fences.extend([(first, true), (start, false)]);
            }
        } else if is_division(line) {
            open = None;
        } else {
            fragile |= content.is_empty()
                || content.starts_with(['+', '-', '*', '#', '>', '=', '|', '<', '`', '~', '_'])
                || content.starts_with(|first: char| first.is_ascii_digit());
        }
    }
    fences
}

/// Writes fences for the `$$` of such lines, which come in order.
pub(super) fn with_fences<'t>(markdown: &'t str, fences: &[(usize, bool)]) -> Cow<'t, str> {
    if fences.is_empty() {
        return Cow::Borrowed(markdown);
    }
    let mut out = String::with_capacity(markdown.len() + fences.len() * FORMULA_FENCE.len());
    let mut rest = markdown;
    for &(start, opens) in fences {
        let taken = markdown.len() - rest.len();
        let Some((before, from)) = rest.split_at_checked(start - taken) else {
            break;
        };
        let (indent, after) = from.split_once("$$").unwrap_or((from, ""));
        out.push_str(before);
        out.push_str(indent);
        out.push_str(FORMULA_FENCE);
        out.push_str(if opens { "math" } else { "" });
        rest = after;
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Whether a line is the heading of a section or a paper, as far as the line alone tells.
pub(super) fn is_division(line: &str) -> bool {
    line.starts_with("## ") || line.starts_with("### ")
}

impl<'a> Document<'a> {
    /// The blocks of the text in order.
    pub(crate) fn blocks(&self) -> impl Iterator<Item = Node<'a>> {
        let own = self.preamble + 1..self.end.unwrap_or(usize::MAX);
        self.root
            .children()
            .filter(move |node| own.contains(&node.data().sourcepos.start.line))
    }

    /// Leaves the last line to another document, if it is such a block and no part of an
    /// earlier one; else it is `false`.
    pub(super) fn cut_last(&mut self, is_block: impl Fn(&NodeValue) -> bool) -> bool {
        let last_line = self.starts.len() - usize::from(self.text.ends_with(['\n', '\r']));
        let is_cut = self.root.last_child().is_some_and(|last| {
            let data = last.data();
            data.sourcepos.start.line == last_line && is_block(&data.value)
        });
        if is_cut {
            self.end = Some(last_line);
        }
        is_cut
    }

    /// What the author wrote for a node.
    pub(crate) fn written(&self, at: Sourcepos) -> &str {
        let start = self.index(at.start.line, at.start.column.saturating_sub(1));
        let end = self.index(at.end.line, at.end.column).max(start);
        let start = self.text.floor_char_boundary(start);
        let end = self.text.ceil_char_boundary(end);
        self.text.get(start..end).unwrap_or_default()
    }

    fn index(&self, line: usize, column: usize) -> usize {
        let start = self.starts.get(line.saturating_sub(1)).copied();
        let end = self.starts.get(line).copied().unwrap_or(self.text.len());
        start.map_or(self.text.len(), |start| (start + column).min(end))
    }

    /// Where a node stands in the file.
    pub(crate) fn span(&self, at: Sourcepos) -> Range<usize> {
        let line = |line: usize| line.checked_sub(self.preamble + 1);
        let start = line(at.start.line).and_then(|line| self.origin.offset(line, at.start.column));
        let end = line(at.end.line).and_then(|line| self.origin.offset(line, at.end.column + 1));
        match (start, end) {
            (Some(start), Some(end)) if start <= end => start..end,
            (Some(start), _) => start..start,
            (None, _) => self.origin.span.clone(),
        }
    }
}
