//! Lines as texts: paragraphs, lists, code, formulas, links, emphasis.

use offprint_core::Text;
use offprint_core::chars::is_wide;
use offprint_core::text::{Block, Formula, Inline, List, ListItem};

use super::address;
use super::line::{Line, Mark, MarkKind};

/// What a line is within a text.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    /// The line.
    pub(super) line: Line,
    /// Whether it is a heading within the text.
    pub(super) is_heading: bool,
}

/// Lines as blocks.
pub(super) fn text(pieces: &[Piece]) -> Text {
    let mut out = Text::new();
    let mut rest = pieces;
    while let Some((piece, after)) = rest.split_first() {
        let line = &piece.line;
        if piece.is_heading {
            let content = inlines(line);
            out.push(Block::Heading {
                level: 1,
                content: without_strong(content),
            });
            rest = after;
            continue;
        }
        if line.dress.code {
            let count = run(rest, |next| next.line.dress.code);
            let (code, after) = rest.split_at_checked(count).unwrap_or((rest, &[]));
            let lines: Vec<&str> = code.iter().map(|piece| piece.line.text.as_str()).collect();
            out.push(Block::Code {
                language: None,
                text: lines.join("\n"),
            });
            rest = after;
            continue;
        }
        if line.dress.item {
            let count = run(rest, |next| next.line.dress.item && !next.is_heading);
            let (items, after) = rest.split_at_checked(count).unwrap_or((rest, &[]));
            out.push(Block::List(List {
                start: line.dress.ordered.then_some(1),
                tight: true,
                items: items
                    .iter()
                    .map(|piece| ListItem {
                        checked: None,
                        content: vec![Block::Paragraph(inlines(&piece.line))],
                    })
                    .collect(),
            }));
            rest = after;
            continue;
        }
        let count = 1 + after
            .iter()
            .zip(rest)
            .take_while(|(next, last)| continues(last, next))
            .count();
        let (lines, after) = rest.split_at_checked(count).unwrap_or((rest, &[]));
        let block = paragraph(lines);
        match (block, line.dress.quote) {
            (Some(block), true) => match out.last_mut() {
                Some(Block::Quote(text)) => text.push(block),
                _ => out.push(Block::Quote(vec![block])),
            },
            (Some(block), false) => out.push(block),
            (None, _) => {}
        }
        rest = after;
    }
    out
}

fn run(pieces: &[Piece], holds: impl Fn(&Piece) -> bool) -> usize {
    pieces.iter().take_while(|piece| holds(piece)).count()
}

/// Whether a line goes on where the last one ended: text that was cut at a column.
fn continues(last: &Piece, next: &Piece) -> bool {
    let (before, after) = (&last.line, &next.line);
    if after.dress.gap
        || next.is_heading
        || after.dress.item
        || after.dress.code
        || before.dress.quote != after.dress.quote
    {
        return false;
    }
    let length = before.text.chars().count();
    let ends = before.text.ends_with([
        '。', '！', '？', '.', '!', '?', '：', ':', '；', ';', '”', '"', '…',
    ]);
    let wraps =
        (50..=100).contains(&length) && !before.text.ends_with(['。', '！', '？', '：', '；']);
    let starts_small = after.text.starts_with(|c: char| c.is_lowercase());
    !ends && (starts_small || wraps) || ends && wraps && starts_small
}

fn paragraph(lines: &[Piece]) -> Option<Block> {
    if let [only] = lines
        && let Some(tex) = display(&only.line.text)
    {
        return Some(Block::Math(Formula { tex }));
    }
    let mut content: Vec<Inline> = Vec::new();
    let mut last: Option<char> = None;
    for piece in lines {
        let first = piece.line.text.chars().next();
        if let (Some(last), Some(first)) = (last, first)
            && !(is_wide(last) && is_wide(first))
        {
            content.push(Inline::Text(" ".to_owned()));
        }
        content.extend(inlines(&piece.line));
        last = piece.line.text.chars().next_back();
    }
    (!content.is_empty()).then_some(Block::Paragraph(content))
}

/// The TeX of a line that is a formula and nothing else.
fn display(text: &str) -> Option<String> {
    let inner = text
        .strip_prefix("$$")
        .and_then(|rest| rest.strip_suffix("$$"))
        .or_else(|| {
            text.strip_prefix("\\[")
                .and_then(|rest| rest.strip_suffix("\\]"))
        })?;
    let inner = inner.trim();
    (!inner.is_empty() && !inner.contains("$$")).then(|| inner.to_owned())
}

fn without_strong(content: Vec<Inline>) -> Vec<Inline> {
    match <[Inline; 1]>::try_from(content) {
        Ok([Inline::Strong(inner)]) => inner,
        Ok(other) => other.into(),
        Err(content) => content,
    }
}

/// A line's words with what they wear.
pub(super) fn inlines(line: &Line) -> Vec<Inline> {
    let text = &line.text;
    let mut marks: Vec<Mark> = line.marks.clone();
    let mut taken: Vec<std::ops::Range<usize>> = marks
        .iter()
        .filter(|mark| {
            matches!(
                mark.kind,
                MarkKind::Code | MarkKind::Math | MarkKind::Link(_)
            )
        })
        .map(|mark| mark.range.clone())
        .collect();
    taken.sort_by_key(|range| range.start);
    let mut bare = Vec::new();
    for (range, url) in address::find(text) {
        if is_free(&taken, &range) {
            marks.push(Mark {
                range: range.clone(),
                kind: MarkKind::Link(url.into()),
            });
            bare.push(range);
        }
    }
    taken.extend(bare);
    taken.sort_by_key(|range| range.start);
    for range in formulas(text) {
        if is_free(&taken, &range) {
            marks.push(Mark {
                range,
                kind: MarkKind::Math,
            });
        }
    }
    marks.sort_by_key(|mark| (mark.range.start, usize::MAX - mark.range.end));
    let mut edges: Vec<usize> = marks
        .iter()
        .flat_map(|mark| [mark.range.start, mark.range.end])
        .chain([0, text.len()])
        .collect();
    edges.sort_unstable();
    edges.dedup();
    let mut out: Vec<Inline> = Vec::new();
    let mut open: Vec<&Mark> = Vec::new();
    let mut coming = marks.iter().peekable();
    for (&from, &to) in edges.iter().zip(edges.iter().skip(1)) {
        open.retain(|mark| mark.range.end > from);
        while let Some(mark) = coming.next_if(|mark| mark.range.start <= from) {
            if mark.range.end > from {
                open.push(mark);
            }
        }
        let words = text.get(from..to).unwrap_or_default();
        push(words, &open, &mut out);
    }
    out
}

/// Whether a range meets none of those taken, which are in order.
pub(super) fn is_free(taken: &[std::ops::Range<usize>], range: &std::ops::Range<usize>) -> bool {
    let after = taken.partition_point(|other| other.start < range.end);
    after
        .checked_sub(1)
        .and_then(|before| taken.get(before))
        .is_none_or(|before| before.end <= range.start)
}

fn push(words: &str, open: &[&Mark], out: &mut Vec<Inline>) {
    if words.is_empty() {
        return;
    }
    let wears = |kind: &MarkKind| open.iter().any(|mark| mark.kind == *kind);
    let mut inline = if wears(&MarkKind::Math) {
        let tex = words
            .trim_start_matches("\\(")
            .trim_end_matches("\\)")
            .trim_matches('$')
            .trim();
        Inline::Math(Formula {
            tex: tex.to_owned(),
        })
    } else if wears(&MarkKind::Code) {
        Inline::Code(words.to_owned())
    } else {
        Inline::Text(words.to_owned())
    };
    for (kind, wrap) in [
        (
            MarkKind::Strike,
            Inline::Strike as fn(Vec<Inline>) -> Inline,
        ),
        (MarkKind::Emphasis, Inline::Emphasis),
        (MarkKind::Strong, Inline::Strong),
    ] {
        // Blanks are not stressed.
        if wears(&kind) && !words.trim().is_empty() {
            inline = wrap(vec![inline]);
        }
    }
    let url = open.iter().find_map(|mark| match &mark.kind {
        MarkKind::Link(url) => Some(url),
        MarkKind::Strong
        | MarkKind::Emphasis
        | MarkKind::Strike
        | MarkKind::Code
        | MarkKind::Math => None,
    });
    match url {
        Some(address) => match out.last_mut() {
            Some(Inline::Link { url, content }) if **url == **address => content.push(inline),
            _ => out.push(Inline::Link {
                url: address.to_string(),
                content: vec![inline],
            }),
        },
        None => match (out.last_mut(), inline) {
            (Some(Inline::Text(last)), Inline::Text(more)) => last.push_str(&more),
            (Some(Inline::Strong(last)), Inline::Strong(more)) => last.extend(more),
            (_, inline) => out.push(inline),
        },
    }
}

/// Formulas between dollar signs that hug them, and between `\(` and `\)`.
fn formulas(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(start) = text
        .get(at..)
        .and_then(|rest| rest.find(['$', '\\']))
        .map(|offset| at + offset)
    {
        let rest = text.get(start..).unwrap_or_default();
        if rest.starts_with("\\(") {
            // No formula is longer; a page of openings costs no more than others.
            let window = rest
                .get(..rest.floor_char_boundary(2000))
                .unwrap_or_default();
            if let Some(end) = window.find("\\)") {
                out.push(start..start + end + 2);
                at = start + end + 2;
                continue;
            }
            at = start + 2;
            continue;
        }
        if rest.starts_with('\\') {
            // What follows stands for itself, a dollar sign too.
            let next = rest.chars().nth(1).map_or(0, char::len_utf8);
            at = start + 1 + next;
            continue;
        }
        let sign = if rest.starts_with("$$") { "$$" } else { "$" };
        let inner = rest.get(sign.len()..).unwrap_or_default();
        let end = inner.find(sign).filter(|&end| {
            let tex = inner.get(..end).unwrap_or_default();
            let after = inner.get(end + sign.len()..).unwrap_or_default();
            !tex.is_empty()
                && tex.len() <= 2000
                && !tex.starts_with(' ')
                && !tex.ends_with(' ')
                && !after.starts_with(|c: char| c.is_ascii_digit())
        });
        if let Some(end) = end {
            let length = sign.len() * 2 + end;
            out.push(start..start + length);
            at = start + length;
        } else {
            at = start + sign.len();
        }
    }
    out
}
