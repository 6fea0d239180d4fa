//! Texts as Markdown, and the body of a Markdown issue.

use std::fmt::Write as _;

use offprint_core::load::paper_field_name;
use offprint_core::text::{Align, List, Table, plain_text};
use offprint_core::{Block, Inline, Source, markdown};
use offprint_math::check;
use serde_json::Value;

use super::fit::one_line;
use super::{facts, is_loose, says_the_same, title, title_of};
use crate::{Draft, DraftPaper};

/// The body of an issue below its front matter.
pub(super) fn body(draft: &Draft, in_chinese: bool, out: &mut String) {
    if !draft.intro.is_empty() {
        out.push('\n');
        out.push_str(&text(&draft.intro));
    }
    for (index, section) in draft.sections.iter().enumerate() {
        let is_first = index == 0;
        if let Some(title) = title_of(section, is_first, in_chinese) {
            let _ = write!(out, "\n## {}\n", heading(title));
        } else {
            debug_assert!(is_loose(section));
        }
        if !section.intro.is_empty() {
            out.push('\n');
            // A list right under the heading might be taken for the section's fields.
            out.push_str(&text(&section.intro).replacen("* id:", "* id\\:", 1));
        }
        for paper in &section.papers {
            push_paper(paper, in_chinese, out);
        }
    }
}

fn push_paper(paper: &DraftPaper, in_chinese: bool, out: &mut String) {
    let _ = write!(out, "\n### {}\n", heading(&title(paper, in_chinese)));
    let name = |field| paper_field_name(field, in_chinese);
    let colon = if in_chinese { "：" } else { ": " };
    for (field, value) in facts(paper) {
        let value = match value {
            Value::String(text) if text == "none" && in_chinese => "无".to_owned(),
            Value::String(text) => text,
            Value::Array(values) => {
                let values: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
                let Some(line) = joined(&values) else {
                    let _ = writeln!(out, "- {}{}", name(field), colon.trim_end());
                    for value in values {
                        let _ = writeln!(out, "  - {value}");
                    }
                    continue;
                };
                line
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => value.to_string(),
        };
        let _ = writeln!(out, "- {}{colon}{value}", name(field));
    }
    if !paper.entry.abstract_text.is_empty() {
        let written = in_field(&paper.entry.abstract_text);
        let mut lines = written.lines();
        let first = lines.next().unwrap_or_default();
        let _ = writeln!(out, "- {}{colon}{first}", name("abstract"));
        for line in lines {
            if line.is_empty() {
                out.push('\n');
            } else {
                let _ = writeln!(out, "  {line}");
            }
        }
    }
    if !paper.commentary.is_empty() {
        out.push('\n');
        out.push_str(&text(&paper.commentary));
    }
}

/// Names or words on one line, if they are the same when they are taken apart again.
fn joined(values: &[&str]) -> Option<String> {
    const SEPARATORS: [char; 6] = [';', '；', '、', ',', '，', '#'];
    let is_safe = values.iter().all(|value| !value.contains(SEPARATORS));
    is_safe.then(|| values.join("; "))
}

/// A text that stands in a field: a paragraph comes first.
fn in_field(content: &[Block]) -> String {
    match content.first() {
        Some(Block::Paragraph(_)) => text(content),
        _ => plain(content),
    }
}

/// A text; without its dress where the parser would take that for something else.
pub(super) fn text(content: &[Block]) -> String {
    let mut out = String::new();
    push_blocks(content, &mut out);
    if reads_as(&out, content) {
        out
    } else {
        plain(content)
    }
}

/// A line, as [`text`] writes it.
pub(super) fn line(content: &[Inline]) -> String {
    let mut out = String::new();
    push_line(&without_breaks(content), &mut out);
    let paragraph = [Block::Paragraph(content.to_vec())];
    if !reads_as(&out, &paragraph) {
        out.clear();
        push_escaped(&plain_text(&paragraph), &mut out);
    }
    escape_starts(&one_line(&out))
}

/// Whether Markdown is read as the text that it was written for.
fn reads_as(written: &str, content: &[Block]) -> bool {
    let source = Source::new("", written);
    let (read, found) = markdown::setting(&source, written, 0..written.len());
    found.is_empty() && says_the_same(&read, content)
}

/// The words of a text, a paragraph a line.
fn plain(content: &[Block]) -> String {
    let mut out = String::new();
    for line in plain_text(content).lines() {
        let line = one_line(line);
        if !line.is_empty() {
            push_gap(&mut out);
            push_escaped(&line, &mut out);
            out.push('\n');
        }
    }
    escape_starts(&out)
}

fn push_gap(out: &mut String) {
    if !out.is_empty() {
        out.push('\n');
    }
}

fn push_blocks(content: &[Block], out: &mut String) {
    let mut last_list: Option<&List> = None;
    let mut is_other = false;
    for block in content {
        let mut written = String::new();
        let mut list = None;
        match block {
            Block::Paragraph(line) => {
                push_line(line, &mut written);
                written = escape_starts(written.trim());
                written.push('\n');
            }
            Block::Heading { level, content } => {
                let hashes = 3 + usize::from((*level).clamp(1, 3));
                written.extend(std::iter::repeat_n('#', hashes));
                written.push(' ');
                let mut line = String::new();
                push_line(&without_breaks(content), &mut line);
                written.push_str(line.trim());
                written.push('\n');
            }
            Block::List(this) => {
                // Two lists that follow each other need different marks to stay two.
                is_other = last_list
                    .is_some_and(|last| last.start.is_some() == this.start.is_some())
                    && !is_other;
                push_list(this, is_other, &mut written);
                list = Some(this);
            }
            Block::Quote(content) => {
                let mut inner = String::new();
                push_blocks(content, &mut inner);
                for line in inner.lines() {
                    written.push_str(if line.is_empty() { ">" } else { "> " });
                    written.push_str(line);
                    written.push('\n');
                }
            }
            Block::Code { language, text } => {
                let fence = fence(text, '`', 3);
                let language = language
                    .as_deref()
                    .filter(|language| !language.contains(['`', '\n']))
                    .unwrap_or_default();
                let _ = writeln!(written, "{fence}{language}\n{text}\n{fence}");
            }
            Block::Math(formula) if check(&formula.tex).is_err() => {
                let fence = fence(&formula.tex, '`', 3);
                let _ = writeln!(written, "{fence}tex\n{}\n{fence}", formula.tex);
            }
            Block::Math(formula) => {
                let _ = writeln!(written, "$$\n{}\n$$", formula.tex);
            }
            Block::Figure(figure) => {
                push_line(&figure.caption, &mut written);
                written = escape_starts(written.trim());
                written.push('\n');
            }
            Block::Table(table) => push_table(table, &mut written),
            Block::Rule => written.push_str("***\n"),
        }
        if written.trim().is_empty() {
            continue;
        }
        if list.is_none() {
            is_other = false;
        }
        last_list = list;
        push_gap(out);
        out.push_str(&written);
    }
}

fn push_list(list: &List, is_other: bool, out: &mut String) {
    let mut number = list.start.unwrap_or_default();
    for item in &list.items {
        // The fields of a paper are marked with dashes.
        let mark = match (list.start.is_some(), is_other) {
            (false, false) => "*".to_owned(),
            (false, true) => "+".to_owned(),
            (true, false) => format!("{number}."),
            (true, true) => format!("{number})"),
        };
        number = number.saturating_add(1);
        let mut inner = match item.checked {
            Some(true) => "[x] ".to_owned(),
            Some(false) => "[ ] ".to_owned(),
            None => String::new(),
        };
        let mut content = String::new();
        push_blocks(&item.content, &mut content);
        // A blank line before a list within an item would loosen the list around it.
        if list.tight
            && let [Block::Paragraph(_), Block::List(_)] = item.content.as_slice()
        {
            content = content.replacen("\n\n", "\n", 1);
        }
        inner.push_str(&content);
        if inner.trim().is_empty() {
            continue;
        }
        if !list.tight {
            push_gap(out);
        }
        let mut lines = inner.lines();
        let _ = writeln!(out, "{mark} {}", lines.next().unwrap_or_default());
        let indent = mark.len() + 1;
        for line in lines {
            if line.is_empty() {
                out.push('\n');
                continue;
            }
            out.extend(std::iter::repeat_n(' ', indent));
            out.push_str(line);
            out.push('\n');
        }
    }
}

fn push_table(table: &Table, out: &mut String) {
    let row = |cells: &[Vec<Inline>], out: &mut String| {
        out.push('|');
        for index in 0..table.align.len() {
            let mut cell = String::new();
            if let Some(content) = cells.get(index) {
                push_line(&without_breaks(content), &mut cell);
            }
            let _ = write!(out, " {} |", escape_bars(cell.trim()));
        }
        out.push('\n');
    };
    row(&table.head, out);
    out.push('|');
    for align in &table.align {
        out.push_str(match align {
            Align::Start => " --- |",
            Align::Center => " :-: |",
            Align::End => " --: |",
        });
    }
    out.push('\n');
    for cells in &table.rows {
        row(cells, out);
    }
}

fn escape_bars(cell: &str) -> String {
    let mut out = String::with_capacity(cell.len());
    let mut is_escaped = false;
    for character in cell.chars() {
        if character == '|' && !is_escaped {
            out.push('\\');
        }
        is_escaped = character == '\\' && !is_escaped;
        out.push(character);
    }
    out
}

fn without_breaks(line: &[Inline]) -> Vec<Inline> {
    line.iter()
        .map(|inline| {
            if *inline == Inline::HardBreak {
                Inline::Text(" ".to_owned())
            } else {
                inline.clone()
            }
        })
        .collect()
}

fn push_line(line: &[Inline], out: &mut String) {
    for inline in line {
        match inline {
            Inline::Text(text) => push_escaped(&text.replace(['\n', '\r'], " "), out),
            Inline::Emphasis(content) => push_dressed("*", content, out),
            Inline::Strong(content) => push_dressed("**", content, out),
            Inline::Strike(content) => push_dressed("~~", content, out),
            Inline::Code(code) => push_code(code, out),
            Inline::Math(formula) => push_formula(&formula.tex, out),
            Inline::Link { url, content } => push_link(url, content, out),
            Inline::Image(image) => push_escaped(&image.alt, out),
            Inline::FootnoteRef(_) => {}
            Inline::HardBreak => {
                if !out.ends_with('\n') && !out.is_empty() {
                    out.push_str("\\\n");
                }
            }
        }
    }
}

/// Emphasis; blanks at its ends stand outside.
fn push_dressed(mark: &str, content: &[Inline], out: &mut String) {
    let mut inner = String::new();
    push_line(&without_breaks(content), &mut inner);
    let words = inner.trim();
    let is_odd = words.is_empty() || out.ends_with('*') && !out.ends_with("\\*");
    if is_odd {
        out.push_str(&inner);
        return;
    }
    let start = inner.len() - inner.trim_start().len();
    let end = inner.trim_end().len();
    out.push_str(inner.get(..start).unwrap_or_default());
    let _ = write!(out, "{mark}{words}{mark}");
    out.push_str(inner.get(end..).unwrap_or_default());
}

/// A run of marks longer than any in the text.
fn fence(text: &str, mark: char, least: usize) -> String {
    let mut longest = 0;
    let mut run = 0;
    for character in text.chars() {
        run = if character == mark { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    std::iter::repeat_n(mark, least.max(longest + 1)).collect()
}

fn push_code(code: &str, out: &mut String) {
    let code = one_line(code);
    if code.is_empty() {
        return;
    }
    let fence = fence(&code, '`', 1);
    let gap = if code.starts_with('`') || code.ends_with('`') {
        " "
    } else {
        ""
    };
    let _ = write!(out, "{fence}{gap}{code}{gap}{fence}");
}

/// A formula, or its TeX as code where dollar signs cannot hold it or nobody can read it.
fn push_formula(tex: &str, out: &mut String) {
    let tex = one_line(tex);
    let is_held = !tex.contains('$') && !tex.ends_with('\\');
    if tex.is_empty() || !is_held || check(&tex).is_err() {
        push_code(&tex, out);
    } else {
        let _ = write!(out, "${tex}$");
    }
}

fn push_link(url: &str, content: &[Inline], out: &mut String) {
    let mut words = String::new();
    push_line(&without_breaks(content), &mut words);
    let words = words.trim();
    let is_itself = matches!(content, [Inline::Text(text)] if text.trim() == url);
    if words.is_empty() || is_itself {
        let _ = write!(out, "<{url}>");
    } else if url.contains(['(', ')', '<', '>', ' ', '\\']) {
        let url = url
            .replace('<', "%3C")
            .replace('>', "%3E")
            .replace(' ', "%20");
        let _ = write!(out, "[{words}](<{url}>)");
    } else {
        let _ = write!(out, "[{words}]({url})");
    }
}

/// Words in which nothing is Markdown.
fn push_escaped(text: &str, out: &mut String) {
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let next = characters.peek().copied();
        let needs = match character {
            '\\' => next.is_none_or(|next| next.is_ascii_punctuation()),
            '`' | '*' | '[' | ']' | '<' | '$' | '~' | '|' => true,
            // Within a word an underscore is one.
            '_' => {
                !(out.ends_with(|before: char| before.is_ascii_alphanumeric())
                    && next.is_some_and(|next| next.is_ascii_alphanumeric()))
            }
            '&' => next.is_some_and(|next| next.is_ascii_alphanumeric() || next == '#'),
            '!' => next == Some('['),
            // Attributes stand right behind what they belong to.
            '{' => out.ends_with([')', '`', ']']),
            _ => false,
        };
        if needs {
            out.push('\\');
        }
        out.push(character);
    }
}

/// Lines of paragraphs that do not begin as another block does.
fn escape_starts(written: &str) -> String {
    let mut out = String::with_capacity(written.len());
    for (index, line) in written.lines().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        let line = line.trim_start_matches([' ', '\t']);
        match start_of_block(line) {
            Some(at) => {
                let (before, after) = line.split_at_checked(at).unwrap_or((line, ""));
                out.push_str(before);
                out.push('\\');
                out.push_str(after);
            }
            None => out.push_str(line),
        }
    }
    if written.ends_with('\n') {
        out.push('\n');
    }
    out
}

/// Where the mark stands that makes a line a heading, quote, list, rule or the line under a
/// heading or a table's head.
fn start_of_block(line: &str) -> Option<usize> {
    let first = line.chars().next()?;
    match first {
        '#' | '>' | '=' | '|' => Some(0),
        '-' | '+' => {
            let rest = line.get(1..).unwrap_or_default();
            (rest.is_empty() || rest.starts_with([' ', '\t', '-', '+', ':', '|'])).then_some(0)
        }
        ':' => line.starts_with(":-").then_some(0),
        '0'..='9' => {
            let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let rest = line.get(digits..).unwrap_or_default();
            let is_list = digits <= 9
                && rest.starts_with(['.', ')'])
                && rest
                    .get(1..)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']));
            is_list.then_some(digits)
        }
        _ => None,
    }
}

/// A heading whose words are taken as they stand: what would be a link or the heading's dress
/// is escaped, formulas are left alone.
fn heading(title: &str) -> String {
    let mut out = String::new();
    let mut characters = title.chars().peekable();
    let mut in_formula = false;
    while let Some(character) = characters.next() {
        match character {
            '\\' if !in_formula && characters.peek() == Some(&'$') => {
                out.push_str("\\$");
                characters.next();
                continue;
            }
            '\\' if !in_formula && characters.peek().is_none_or(char::is_ascii_punctuation) => {
                out.push('\\');
            }
            '[' | ']' | '<' if !in_formula => out.push('\\'),
            '$' => in_formula = !in_formula,
            _ => {}
        }
        out.push(character);
    }
    // A run of number signs behind a blank, `{#id}` and a leading `@` mean something.
    if out.ends_with('#') {
        let words = out.trim_end_matches('#').len();
        if words == 0 || out.get(..words).is_some_and(|words| words.ends_with(' ')) {
            out.insert(out.len() - 1, '\\');
        }
    }
    if out.starts_with('@') {
        out.insert(0, '\\');
    }
    if out.ends_with('}')
        && let Some(at) = out.rfind("{#")
    {
        out.insert(at, '\\');
    }
    out
}
