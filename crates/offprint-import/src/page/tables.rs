//! What is done to lines before they are looked at: rows of tables become one line each, and
//! labels meet their values.

use super::address;
use super::features;
use super::line::{Line, MarkKind};
use super::words::{self, Field};

/// Lines as the grammar reads them. Rows of a table whose head says what its columns hold come
/// as one line; a label and its value on the next line too; several labels on a line are
/// several lines.
pub(super) fn prepared(lines: Vec<Line>) -> Vec<Line> {
    let lines = rows(lines);
    let lines = lines.into_iter().flat_map(split).collect();
    joined(lines)
}

fn rows(lines: Vec<Line>) -> Vec<Line> {
    let mut out = Vec::with_capacity(lines.len());
    let mut lines = lines.into_iter().peekable();
    while let Some(line) = lines.next() {
        let Some(cell) = line.dress.cell else {
            out.push(line);
            continue;
        };
        let mut table = vec![line];
        while let Some(next) =
            lines.next_if(|next| next.dress.cell.is_some_and(|next| next.table == cell.table))
        {
            table.push(next);
        }
        out.extend(table_rows(table));
    }
    out
}

/// The rows of one table, if its first row names its columns; else its lines as they are.
fn table_rows(table: Vec<Line>) -> Vec<Line> {
    let first_row = table
        .first()
        .and_then(|line| line.dress.cell)
        .map(|cell| cell.row);
    let mut columns: Vec<(usize, Field)> = Vec::new();
    let mut heads = 0;
    for line in &table {
        let Some(cell) = line.dress.cell else {
            continue;
        };
        if Some(cell.row) != first_row {
            break;
        }
        heads += 1;
        if let Some(field) = column(&line.text)
            && columns.iter().all(|(_, taken)| *taken != field)
        {
            columns.push((cell.column, field));
        }
    }
    let has_title = columns.iter().any(|(_, field)| *field == Field::Title);
    let rows = table.len().saturating_sub(heads);
    if !has_title || columns.len() < 2 || rows < 2 {
        return table;
    }
    let mut out: Vec<Line> = Vec::new();
    for line in table {
        let Some(cell) = line.dress.cell else {
            continue;
        };
        let field = columns
            .iter()
            .find(|(column, _)| *column == cell.column)
            .map(|(_, field)| *field);
        let is_head = Some(cell.row) == first_row;
        let continues = out
            .last()
            .and_then(|last| last.dress.cell)
            .is_some_and(|last| last.row == cell.row);
        if !continues {
            let mut row = Line {
                span: line.span.clone(),
                dress: line.dress.clone(),
                ..Line::default()
            };
            row.dress.item = false;
            out.push(row);
        }
        let Some(row) = out.last_mut() else { continue };
        row.span.end = row.span.end.max(line.span.end);
        if is_head {
            if !row.text.is_empty() {
                row.text.push(' ');
            }
            row.text.push_str(&line.text);
            row.cells.push((Field::Unwanted, Line::default()));
            continue;
        }
        if field == Some(Field::Title) && row.text.is_empty() {
            row.text.clone_from(&line.text);
        }
        row.cells.push((field.unwrap_or(Field::Unwanted), line));
    }
    // A row without a title is no paper.
    for row in &mut out {
        if row.text.is_empty() {
            let words: Vec<&str> = row
                .cells
                .iter()
                .map(|(_, cell)| cell.text.as_str())
                .collect();
            row.text = words.join(" ");
            row.cells.clear();
        }
    }
    without_ranks(&mut out);
    out
}

/// Takes the rank or the mark away that stands before the titles of a table.
fn without_ranks(rows: &mut [Line]) {
    let is_title = |(field, _): &&(Field, Line)| *field == Field::Title;
    let titles = || {
        rows.iter()
            .flat_map(|row| row.cells.iter().filter(is_title))
    };
    let all = titles().count();
    let ranked = titles().filter(|(_, cell)| rank(&cell.text) > 0).count();
    if all < 3 || ranked * 10 < all * 9 {
        return;
    }
    for row in rows {
        for (field, cell) in &mut row.cells {
            if *field == Field::Title {
                *cell = cell.from(rank(&cell.text));
                row.text.clone_from(&cell.text);
            }
        }
    }
}

/// How long the bare number at a title's beginning is, with the blank behind it.
fn rank(title: &str) -> usize {
    let (number, rest) = title.split_once(' ').unwrap_or_default();
    let is_number = (1..=3).contains(&number.len()) && number.bytes().all(|c| c.is_ascii_digit());
    if is_number && !rest.trim().is_empty() {
        number.len() + 1
    } else {
        0
    }
}

/// What a column holds, told from its head.
fn column(head: &str) -> Option<Field> {
    let words = features::folded(head);
    match words.as_str() {
        "论文" | "paper" | "papers" | "title" | "标题" | "题目" | "名称" | "论文标题" | "name"
        | "论文名称" | "work" | "文章" => Some(Field::Title),
        "链接" | "link" | "links" | "地址" | "url" | "论文链接" | "paperlink" => {
            Some(Field::Url)
        }
        _ => words::field(head),
    }
}

/// Cuts a line before each label within it.
fn split(line: Line) -> Vec<Line> {
    if !line.cells.is_empty() || line.dress.code || line.text.len() > 20_000 {
        return vec![line];
    }
    let mut cuts = cuts(&line.text);
    // `Law of the Weakest Link: …` is one title.
    if line.dress.heading > 0 {
        cuts.retain(|cut| {
            let rest = line.from(*cut);
            let is_address = words::label(&rest.text).is_some_and(|(field, _)| field.is_address());
            !is_address || !features::addresses(&rest).is_empty()
        });
    }
    cuts.retain(|cut| {
        line.marks.iter().all(|mark| {
            !matches!(mark.kind, MarkKind::Link(_))
                || *cut <= mark.range.start
                || mark.range.end <= *cut
        })
    });
    if cuts.is_empty() {
        return vec![line];
    }
    let mut out = Vec::new();
    let mut from = 0;
    for cut in cuts.into_iter().chain([line.text.len()]) {
        let mut part = line.part(from..cut);
        let end = part.text.trim_end_matches([' ', '|', '｜', '/']).len();
        part.text.truncate(end);
        let length = part.text.len();
        part.marks.retain(|mark| mark.range.end <= length);
        if !out.is_empty() {
            part.dress.gap = false;
            part.dress.item = false;
        }
        if !part.text.is_empty() {
            out.push(part);
        }
        from = cut;
    }
    out
}

fn cuts(text: &str) -> Vec<usize> {
    let mut found: Vec<(usize, Field, usize)> = Vec::new();
    for (at, sign) in text.match_indices([':', '：']) {
        let Some((start, field)) = label_before(text, at) else {
            continue;
        };
        let may_cut = field.is_fact()
            || matches!(field, Field::Commentary | Field::Editor)
            || field.is_of_page() && text.len() < 300;
        if may_cut {
            found.push((start, field, at + sign.len()));
        }
    }
    let begins_so = found.first().is_some_and(|(start, _, _)| *start == 0);
    let inner = found.iter().filter(|(start, _, _)| *start > 0).count();
    let prefix = found
        .first()
        .and_then(|(start, _, _)| text.get(..*start))
        .unwrap_or_default();
    let after_number = words::numbering(prefix).map_or(0, |(_, _, at)| at);
    let prefix = prefix.get(after_number..).unwrap_or_default().trim();
    let after_title = features::latin_title(prefix) >= if after_number > 0 { 0.8 } else { 1.8 };
    let is_long = text.chars().count() > 200;
    let is_title = found
        .first()
        .is_some_and(|(start, field, _)| *start == 0 && *field == Field::Title);
    found
        .into_iter()
        .filter(|(start, field, value)| {
            let value = text.get(*value..).unwrap_or_default().trim_start();
            let has_address = value.starts_with("http")
                || address::find(
                    value
                        .get(..value.floor_char_boundary(60))
                        .unwrap_or_default(),
                )
                .first()
                .is_some_and(|(range, _)| range.start == 0);
            // `Generation Models: Advances` is a title's, `Authors: …` is not.
            let is_label = text
                .get(*start..)
                .and_then(|rest| rest.chars().next())
                .is_some_and(offprint_core::chars::is_han)
                || matches!(
                    field,
                    Field::Authors | Field::Abstract | Field::Comments | Field::Url
                );
            let after_title = after_title && is_label;
            // `Title: Folding Codes: A Formalism` is one title.
            let is_of_title = is_title && !is_label && !has_address;
            let is_within =
                is_of_title || is_value(text, *start) || is_long && is_amid_sentence(text, *start);
            *start > 0
                && !is_within
                && (field.is_address() && has_address
                    || ((begins_so || after_title || (inner >= 2 && !is_long))
                        && !matches!(field, Field::Commentary | Field::Editor | Field::Title)
                        && !field.is_of_page())
                    || (begins_so && field.is_of_page())
                    || (after_title && *field == Field::Title)
                    || (begins_so
                        && inner >= 2
                        && matches!(field, Field::Commentary | Field::Title)))
        })
        .map(|(start, _, _)| start)
        .collect()
}

/// Whether what begins here goes on with a sentence: `Code is available at: …`.
fn is_amid_sentence(text: &str, cut: usize) -> bool {
    let goes_on = text
        .get(cut..)
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase()));
    let before = text.get(..cut).unwrap_or_default().trim_end();
    goes_on && before.ends_with(|c: char| c.is_ascii_alphanumeric() || c == ',')
}

/// Whether what begins here is the value of a label before it.
fn is_value(text: &str, cut: usize) -> bool {
    text.get(..cut)
        .is_some_and(|before| before.trim_end().ends_with([':', '：']))
}

/// The label that ends at a colon: where it begins, and what it announces.
fn label_before(text: &str, colon: usize) -> Option<(usize, Field)> {
    let before = text.get(text.floor_char_boundary(colon.saturating_sub(60))..colon)?;
    let base = colon - before.len();
    let is_edge = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '。' | '；'
                    | ';'
                    | '，'
                    | '|'
                    | '｜'
                    | '】'
                    | ']'
                    | '）'
                    | ')'
                    | '/'
                    | '！'
                    | '”'
                    | '"'
                    | '》'
                    | '、'
            )
    };
    // One word, or two: `Project page:`
    let trimmed = before.trim_end();
    let mut end = trimmed.len();
    let mut found = None;
    for _ in 0..2 {
        let Some(inner) = trimmed.get(..end) else {
            break;
        };
        let start = inner.rfind(is_edge).map_or(0, |at| {
            at + trimmed
                .get(at..)
                .and_then(|rest| rest.chars().next())
                .map_or(1, char::len_utf8)
        });
        let Some(name) = trimmed.get(start..) else {
            break;
        };
        let at_edge = start > 0 || base == 0;
        if at_edge
            && let Some(field) = words::field(name)
            && (name.starts_with(|c: char| !c.is_ascii_lowercase())
                || field.is_address()
                || base + start == 0)
        {
            found = Some((base + start, field));
        }
        let Some(before) = start.checked_sub(1) else {
            break;
        };
        end = before;
        if !trimmed.get(end..).is_some_and(|rest| rest.starts_with(' ')) {
            break;
        }
    }
    found
}

/// Joins labels whose value stands on the next line with it.
fn joined(lines: Vec<Line>) -> Vec<Line> {
    let mut out: Vec<Line> = Vec::with_capacity(lines.len());
    let mut lines = lines.into_iter().peekable();
    while let Some(mut line) = lines.next() {
        if let Some(field) = waiting(&line)
            && let Some(next) = lines.peek()
            && next.cells.is_empty()
            && fits(field, next, &line)
            && let Some(next) = lines.next()
        {
            append(&mut line, next);
        }
        out.push(line);
    }
    out
}

/// The field whose value a line lacks.
fn waiting(line: &Line) -> Option<Field> {
    if line.text.len() > 80 || !line.cells.is_empty() {
        return None;
    }
    let from = words::numbering(&line.text).map_or(0, |(_, _, at)| at);
    let text = line.text.get(from..)?;
    let has_links = line.links().next().is_some();
    match words::label(text) {
        Some((field, value)) => (value >= text.len() && !has_links).then_some(field),
        None if has_links => None,
        None => words::lone_label(text),
    }
}

fn fits(field: Field, next: &Line, label: &Line) -> bool {
    let has_colon = label.text.trim_end().ends_with([':', '：', '】', ']']);
    let begins_with_address = features::addresses(next)
        .first()
        .is_some_and(|(_, range)| range.start < 4);
    if words::label(&next.text).is_some() {
        return false;
    }
    if field.is_address() {
        return begins_with_address
            || (has_colon && features::identifier(field, &next.text).is_some());
    }
    if !has_colon || begins_with_address && field != Field::Title {
        return false;
    }
    match field {
        Field::Title | Field::Translation => next.text.chars().count() <= 300,
        Field::Authors
        | Field::Affiliations
        | Field::Venue
        | Field::Date
        | Field::Tags
        | Field::Rating
        | Field::Editor
        | Field::Translator
        | Field::Original
        | Field::Origin
        | Field::Presenter
        | Field::Status
        | Field::Account
        | Field::AccountId => next.text.chars().count() <= 400,
        Field::Tldr => true,
        Field::Url
        | Field::Link(_)
        | Field::Arxiv
        | Field::Doi
        | Field::Openreview
        | Field::Abstract
        | Field::Commentary
        | Field::Aspect
        | Field::Comments
        | Field::Declaration
        | Field::Unwanted => false,
    }
}

/// Appends a line to another.
pub(super) fn append(line: &mut Line, next: Line) {
    if !line.text.is_empty() && !line.text.ends_with([':', '：', ' ']) {
        line.text.push_str(
            if line.text.ends_with(['】', ']']) || words::label(&line.text).is_some() {
                " "
            } else {
                "："
            },
        );
    }
    let start = line.text.len();
    line.text.push_str(&next.text);
    line.marks.extend(next.marks.into_iter().map(|mut mark| {
        mark.range = mark.range.start + start..mark.range.end + start;
        mark
    }));
    line.span.end = line.span.end.max(next.span.end);
}
