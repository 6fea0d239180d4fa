//! A page as lines: what stands there, and what its dress says.

use std::ops::Range;
use std::sync::Arc;

use offprint_core::chars::clean;

use super::words::Field;

/// A line: what a reader sees between two breaks.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    /// Its bytes in the source.
    pub(super) span: Range<usize>,
    /// Its words, blanks squeezed, no control characters.
    pub(super) text: String,
    /// What stretches of `text` wear, in their order.
    pub(super) marks: Vec<Mark>,
    /// What the line as a whole wears.
    pub(super) dress: Dress,
    /// The cells of a row whose table tells what its columns hold.
    pub(super) cells: Vec<(Field, Line)>,
}

/// What a stretch of a line wears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    /// Bytes of the line's text.
    pub(super) range: Range<usize>,
    /// What it is.
    pub(super) kind: MarkKind,
}

/// A kind of mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum MarkKind {
    Strong,
    Emphasis,
    Strike,
    Code,
    /// TeX.
    Math,
    /// A link, absolute.
    Link(Arc<str>),
}

/// What a line wears.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is told by its own sign and goes with any other"
)]
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Dress {
    /// Level of the heading, 0 for none.
    pub(super) heading: u8,
    /// Whether it begins an item of a list.
    pub(super) item: bool,
    /// Whether that list is numbered.
    pub(super) ordered: bool,
    /// How deep in lists it stands.
    pub(super) depth: u8,
    /// Whether it stands in a quotation.
    pub(super) quote: bool,
    /// Whether it is program text.
    pub(super) code: bool,
    /// Whether a blank line or a block's edge is before it.
    pub(super) gap: bool,
    /// Whether it stands in what surrounds a page's content.
    pub(super) aside: bool,
    /// Whether it stands in what a page marks as its content.
    pub(super) content: bool,
    /// What the page's own names for its parts say.
    pub(super) hint: Option<Hint>,
    /// Its place in a table.
    pub(super) cell: Option<Cell>,
}

/// A part of a page, told from its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hint {
    Title,
    Account,
    Date,
    Byline,
    Tags,
    Related,
}

/// A place in a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cell {
    pub(super) table: usize,
    pub(super) row: usize,
    pub(super) column: usize,
}

impl Line {
    /// The links of the line with the words that carry them.
    pub(super) fn links(&self) -> impl Iterator<Item = (&str, &str)> {
        self.marks.iter().filter_map(|mark| match &mark.kind {
            MarkKind::Link(url) => Some((
                &**url,
                self.text.get(mark.range.clone()).unwrap_or_default(),
            )),
            MarkKind::Strong
            | MarkKind::Emphasis
            | MarkKind::Strike
            | MarkKind::Code
            | MarkKind::Math => None,
        })
    }

    /// Whether all its words are bold.
    pub(super) fn is_bold(&self) -> bool {
        let bold: usize = self
            .marks
            .iter()
            .filter(|mark| mark.kind == MarkKind::Strong)
            .map(|mark| mark.range.len())
            .sum();
        bold > 0 && bold * 10 >= self.text.trim().len() * 9
    }

    /// A part of the line with the marks in it.
    pub(super) fn part(&self, range: Range<usize>) -> Self {
        let text = self.text.get(range.clone()).unwrap_or_default();
        let start = range.start + (text.len() - text.trim_start().len());
        let trimmed = text.trim();
        let end = start + trimmed.len();
        let marks = self
            .marks
            .iter()
            .filter_map(|mark| {
                let from = mark.range.start.max(start);
                let to = mark.range.end.min(end);
                (from < to).then(|| Mark {
                    range: from - start..to - start,
                    kind: mark.kind.clone(),
                })
            })
            .collect();
        // Only a line that stands in the source as it is read can be cut exactly.
        let span = if self.span.len() == self.text.len() {
            self.span.start + start..self.span.start + end
        } else {
            self.span.clone()
        };
        Self {
            span,
            text: trimmed.to_owned(),
            marks,
            dress: self.dress.clone(),
            cells: Vec::new(),
        }
    }

    /// What stands from a byte on.
    pub(super) fn from(&self, start: usize) -> Self {
        self.part(start..self.text.len())
    }
}

/// What a post's source says before its text (`---`, as Jekyll and Hexo have it): names with
/// values, and where the text begins.
pub(super) fn front_matter(text: &str) -> Option<(Vec<(&str, &str)>, usize)> {
    let mut at = 0;
    let mut fields = Vec::new();
    for (index, raw) in text.split_inclusive('\n').enumerate().take(200) {
        at += raw.len();
        let line = raw.trim_end();
        match (index, line) {
            (0, "---") => {}
            (0, _) => return None,
            (_, "---") => return Some((fields, at)),
            _ => {
                if let Some((name, value)) = line.split_once(':') {
                    let value = value.trim().trim_matches(['"', '\'']);
                    fields.push((name.trim(), value));
                }
            }
        }
    }
    None
}

/// Cuts pasted text into lines; `start` bytes of it are no lines.
pub(super) fn lines(text: &str, start: usize) -> Vec<Line> {
    let mut out = Vec::new();
    let mut at = start;
    let text = text.get(start..).unwrap_or_default();
    let mut gap = true;
    let mut table = 0;
    let mut row = 0;
    let mut in_fence = false;
    // Whether rules stand between the rows of the table: a row may have more lines than one.
    let mut is_grid = false;
    for raw in text.split_inclusive('\n') {
        let start = at;
        at += raw.len();
        let trimmed = raw.trim_matches(is_blank);
        if trimmed.is_empty() {
            gap = true;
            continue;
        }
        let start = start + (raw.len() - raw.trim_start_matches(is_blank).len());
        let span = start..start + trimmed.len();
        if trimmed.starts_with("```") {
            in_fence = !in_fence;
            gap = true;
            continue;
        }
        if !in_fence && is_rule(trimmed) {
            if !is_grid && row > 0 {
                table += 1;
                row = 0;
            }
            is_grid = true;
            row += 1;
            continue;
        }
        let mut dress = Dress {
            gap: std::mem::replace(&mut gap, false),
            code: in_fence,
            ..Dress::default()
        };
        let cells = cells_of(trimmed);
        if cells.len() > 1 && !in_fence {
            let is_rule = cells
                .iter()
                .all(|cell| !cell.is_empty() && cell.chars().all(|c| matches!(c, '-' | ':' | ' ')));
            if is_rule {
                continue;
            }
            for (column, cell) in cells.iter().enumerate() {
                if cell.is_empty() {
                    continue;
                }
                dress.cell = Some(Cell { table, row, column });
                let from = cell.as_ptr() as usize - trimmed.as_ptr() as usize;
                let span = span.start + from..span.start + from + cell.len();
                let above = out
                    .iter_mut()
                    .rev()
                    .take(cells.len())
                    .find(|above: &&mut Line| is_grid && above.dress.cell == dress.cell);
                if let Some(above) = above {
                    push_text(&mut above.text, " ");
                    push_marked(cell, above);
                    above.span.end = span.end;
                    continue;
                }
                out.push(plain_line(cell, span, dress.clone()));
            }
            row += usize::from(!is_grid);
            continue;
        }
        is_grid = false;
        if row > 0 {
            table += 1;
            row = 0;
        }
        let mut line = plain_line(trimmed, span, dress);
        if line.dress.item {
            let indent: usize = raw
                .chars()
                .take_while(|c| is_blank(*c))
                .map(|c| if c == '\t' { 4 } else { 1 })
                .sum();
            line.dress.depth = u8::try_from(indent / 2 + 1).unwrap_or(u8::MAX);
        }
        out.push(line);
    }
    out.retain(|line| !line.text.is_empty());
    out
}

/// Whether a line is the rule between two rows of a table that is drawn: `+-----+=====+`.
fn is_rule(line: &str) -> bool {
    line.len() >= 5
        && line.starts_with('+')
        && line.ends_with('+')
        && line.chars().all(|c| matches!(c, '+' | '-' | '=' | ':'))
        && line.contains(['-', '='])
}

/// The cells of a row: between tabs, as tables are copied, or between bars.
fn cells_of(line: &str) -> Vec<&str> {
    if let Some(inner) = line
        .strip_prefix('|')
        .and_then(|rest| rest.strip_suffix('|'))
    {
        return inner.split('|').map(str::trim).collect();
    }
    if line.contains('\t') {
        return line
            .split('\t')
            .map(|cell| cell.trim_matches(is_blank))
            .collect();
    }
    Vec::new()
}

/// Blanks at the ends of lines, and what takes no room.
pub(super) fn is_blank(character: char) -> bool {
    character.is_whitespace()
        || character.is_control()
        || matches!(
            character,
            '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}' | '\u{ffa0}' | '\u{3164}'
        )
}

fn plain_line(written: &str, span: Range<usize>, mut dress: Dress) -> Line {
    let mut rest = written;
    if !dress.code {
        let sharps = rest.len() - rest.trim_start_matches('#').len();
        if (1..=6).contains(&sharps) {
            if let Some(title) = rest.get(sharps..).filter(|title| title.starts_with(' ')) {
                dress.heading = sharps as u8;
                rest = title.trim_matches(is_blank);
            }
        } else if let Some(quoted) = rest.strip_prefix("> ") {
            dress.quote = true;
            rest = quoted.trim_start_matches(is_blank);
        }
        let bullet = rest.strip_prefix(|first| matches!(first, '•' | '·' | '◦' | '▪' | '‣'));
        let dash = rest.strip_prefix("- ").or_else(|| rest.strip_prefix("* "));
        if let Some(item) = bullet.or(dash) {
            dress.item = true;
            rest = item.trim_matches(is_blank);
        }
    }
    let mut line = Line {
        span,
        dress,
        ..Line::default()
    };
    push_marked(rest, &mut line);
    line.text.truncate(line.text.trim_end().len());
    line
}

/// Appends text in which `**…**` and `[…](…)` may have been kept.
fn push_marked(text: &str, line: &mut Line) {
    let mut rest = text;
    let mut bold_from = None;
    while !rest.is_empty() {
        let next = rest.find(['[', '*']).unwrap_or(rest.len());
        let (before, from) = rest.split_at_checked(next).unwrap_or((rest, ""));
        push_text(&mut line.text, before);
        if let Some(after) = from.strip_prefix("**") {
            match bold_from.take() {
                Some(start) => line.marks.push(Mark {
                    range: start..line.text.len(),
                    kind: MarkKind::Strong,
                }),
                None if after.contains("**") => bold_from = Some(line.text.len()),
                None => push_text(&mut line.text, "**"),
            }
            rest = after;
        } else if let Some((label, url, after)) = link_at(from) {
            let start = line.text.len();
            push_text(&mut line.text, label);
            line.marks.push(Mark {
                range: start..line.text.len(),
                kind: MarkKind::Link(url.into()),
            });
            rest = after;
        } else {
            let length = from.chars().next().map_or(0, char::len_utf8);
            let (sign, after) = from.split_at_checked(length).unwrap_or((from, ""));
            push_text(&mut line.text, sign);
            rest = after;
        }
    }
}

/// `[label](https://…)` at the text's beginning.
fn link_at(text: &str) -> Option<(&str, &str, &str)> {
    let inner = text.strip_prefix('[')?;
    // A label is short, so that many brackets cost little.
    let window = inner.get(..inner.floor_char_boundary(400))?;
    let end = window.find("](")?;
    let label = inner.get(..end)?;
    let rest = inner.get(end + 2..)?;
    let window = rest.get(..rest.floor_char_boundary(2000))?;
    let close = window.find(')')?;
    let url = rest.get(..close)?.split(' ').next()?;
    let is_address = url.starts_with("http://") || url.starts_with("https://");
    (is_address && !label.contains('[')).then_some((label, url, rest.get(close + 1..)?))
}

/// Appends text, its blanks squeezed.
pub(super) fn push_text(out: &mut String, text: &str) {
    for character in clean(text).chars() {
        if is_blank(character) {
            if character.is_whitespace() && !out.ends_with(' ') && !out.is_empty() {
                out.push(' ');
            }
        } else {
            out.push(character);
        }
    }
}
