//! A post's source in Markdown, read as what a browser makes of it.

use std::ops::Range;

use comrak::html::format_document;
use comrak::nodes::NodeValue;
use comrak::{Arena, Options, parse_document};

use super::html::{self, Head};
use super::line::{self, Line};

/// What the renderer writes before the place of an element in the source.
const PLACE: &str = "data-sourcepos=\"";

/// Reads a post: its lines with their places in the source, and what its head says.
pub(super) fn read(text: &str) -> (Vec<Line>, Head) {
    let (fields, start) = line::front_matter(text).unwrap_or_default();
    let body = text.get(start..).unwrap_or_default();
    let shown = shown(body);
    let (mut lines, head) = html::read(&shown);
    let places = places(&shown);
    let starts: Vec<usize> = std::iter::once(0)
        .chain(body.match_indices('\n').map(|(at, _)| at + 1))
        .collect();
    for line in &mut lines {
        let index = places.partition_point(|(at, _)| *at <= line.span.start);
        let row = index
            .checked_sub(1)
            .and_then(|index| places.get(index))
            .map_or(0, |(_, row)| *row);
        let span = row_span(body, &starts, row);
        line.span = start + span.start..start + span.end;
    }
    let own = Head::of_fields(&fields);
    let head = Head {
        pictures: head.pictures,
        ..own
    };
    (lines, head)
}

/// The post as HTML in which each part tells its place.
fn shown(body: &str) -> String {
    let arena = Arena::new();
    let options = options();
    let rows: Vec<&str> = body.lines().collect();
    let column = column(&rows);
    let root = parse_document(&arena, body, &options);
    for node in root.descendants() {
        let mut data = node.data_mut();
        let row = data.sourcepos.start.line;
        if matches!(data.value, NodeValue::SoftBreak) && !is_wrapped(&rows, row, column) {
            data.value = NodeValue::LineBreak;
        }
        if let NodeValue::HtmlBlock(block) = &mut data.value {
            // The renderer leaves what is HTML already as it is.
            block.literal = format!("<!--{PLACE}{row}:-->{}", block.literal);
        }
    }
    let mut out = String::with_capacity(body.len() * 2);
    // Writing to a string does not fail.
    let _ = format_document(root, &options, &mut out);
    out
}

/// The columns at which texts are broken.
const COLUMNS: std::ops::RangeInclusive<usize> = 60..=110;

/// The column at which a post's lines were broken, if all were: the next word had no room.
fn column(rows: &[&str]) -> Option<usize> {
    let pairs: Vec<(&str, &str)> = rows
        .iter()
        .zip(rows.iter().skip(1))
        .map(|(line, next)| (line.trim_end(), next.trim()))
        .filter(|(line, next)| {
            let is_text = |text: &str| {
                text.starts_with(|c: char| c.is_alphanumeric() || "[(\"*`_".contains(c))
            };
            is_text(line) && is_text(next) && !next.starts_with("* ")
        })
        .collect();
    let mut lengths: Vec<usize> = pairs.iter().map(|(line, _)| line.chars().count()).collect();
    lengths.sort_unstable();
    // An address is not broken, however long.
    let width = lengths
        .get(lengths.len() * 19 / 20)
        .copied()
        .filter(|width| COLUMNS.contains(width))?;
    let broken = pairs
        .iter()
        .filter(|(line, next)| has_no_room(line, next, width))
        .count();
    (broken >= 8 && broken * 10 >= pairs.len() * 8).then_some(width)
}

/// Whether the first word of a line did not fit at the end of the one before.
fn has_no_room(line: &str, next: &str, width: usize) -> bool {
    let first = next.split_whitespace().next().unwrap_or_default();
    line.chars().count() + 1 + first.chars().count() > width
}

/// Whether a line was broken where it was long enough, and goes on in the next.
fn is_wrapped(rows: &[&str], row: usize, column: Option<usize>) -> bool {
    let at = |row: usize| rows.get(row).map(|line| line.trim()).unwrap_or_default();
    let (line, next) = (at(row.saturating_sub(1)), at(row));
    if column.is_some_and(|column| has_no_room(line, next, column)) {
        return true;
    }
    let last = line.rsplit(' ').next().unwrap_or_default();
    let goes_on = line.ends_with(',')
        || matches!(
            last,
            "a" | "an"
                | "and"
                | "are"
                | "as"
                | "at"
                | "by"
                | "for"
                | "from"
                | "in"
                | "is"
                | "of"
                | "on"
                | "or"
                | "that"
                | "the"
                | "to"
                | "with"
        );
    line.len() >= 60 && (goes_on || next.starts_with(|c: char| c.is_lowercase()))
}

fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.math_dollars = true;
    options.extension.cjk_friendly_emphasis = true;
    options.render.sourcepos = true;
    // Tables are often written in HTML. Nothing of it is shown: it is read as any page is.
    options.render.r#unsafe = true;
    options
}

/// Where in the HTML each line of the source begins, by line.
fn places(shown: &str) -> Vec<(usize, usize)> {
    let mut marks: Vec<(usize, Option<usize>)> = Vec::new();
    for (at, _) in shown.match_indices(PLACE) {
        let digits = shown.get(at + PLACE.len()..).unwrap_or_default();
        let row = digits
            .split(':')
            .next()
            .filter(|row| row.len() <= 9)
            .and_then(|row| row.parse::<usize>().ok());
        if let Some(row) = row {
            marks.push((at, Some(row.saturating_sub(1))));
        }
    }
    marks.extend(shown.match_indices('\n').map(|(at, _)| (at, None)));
    marks.sort_unstable();
    let mut row = 0;
    marks
        .into_iter()
        .map(|(at, told)| {
            // Between two elements each line is one of the source's, as long as it is text.
            row = told.unwrap_or(row + 1);
            (at, row)
        })
        .collect()
}

/// The bytes of a line without the blanks around it.
fn row_span(text: &str, starts: &[usize], row: usize) -> Range<usize> {
    let start = starts.get(row).copied().unwrap_or(text.len());
    let end = starts.get(row + 1).copied().unwrap_or(text.len());
    let line = text.get(start..end).unwrap_or_default();
    let from = start + (line.len() - line.trim_start().len());
    from..(from + line.trim().len()).max(from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_knows_its_place_in_the_source() {
        let text = "---\ntitle: A\n---\n\n# Heading one\n\nFirst line\nsecond line\n\n- item one\n  - item two\n\n<table>\n<tr><td>cell</td></tr>\n</table>\n\n`$x$` and $y_{1}\\{$\n";
        let (lines, head) = read(text);
        assert_eq!(head.title.as_deref(), Some("A"));
        for words in [
            "Heading one",
            "First line",
            "second line",
            "item one",
            "item two",
            "cell",
        ] {
            let line = lines.iter().find(|line| line.text == words).unwrap();
            let at = text.get(line.span.clone()).unwrap();
            assert!(at.contains(words), "{words}: {at}");
        }
        assert!(lines.iter().any(|line| line.text.contains("y_{1}\\{")));
    }

    #[test]
    fn places_never_lie_outside_of_the_source() {
        for text in [
            "",
            "---\n---\n",
            "data-sourcepos=\"99:1",
            "<p data-sourcepos=\"99999:1-2:3\">é\n\né",
            "<!-- open\n\n中文",
        ] {
            let (lines, _) = read(text);
            for line in lines {
                assert!(text.get(line.span.clone()).is_some(), "{text}");
            }
        }
    }
}
