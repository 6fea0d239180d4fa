//! Findings drawn as rustc draws its own: the line, a caret under it, what to do next.

use annotate_snippets::renderer::DEFAULT_TERM_WIDTH;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use offprint_core::{Place, Severity};
use unicode_width::UnicodeWidthChar;

use crate::lang::Lang;
use crate::project::Finding;

/// The most columns of a quoted line; longer ones are cut around the caret.
const MAX_QUOTED: usize = 110;
/// How many of those may stand before the caret in a cut line.
const BEFORE_CARET: usize = 40;
/// How many bytes of a line are looked at before and behind the caret: a file of megabytes may
/// be one line, with thousands of findings.
const LOOKED_AT: usize = 4096;

/// A finding as rustc would draw it.
pub(crate) fn draw(finding: &Finding, is_styled: bool, lang: Lang) -> String {
    let Finding { diagnostic, file } = finding;
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR.with_name(lang.say("error")),
        Severity::Warning => Level::WARNING.with_name(lang.say("warning")),
        Severity::Hint => Level::NOTE.with_name(lang.say("hint")),
    };
    let harmless_in = |text: &str| harmless(&lang.say(text));
    let mut group = Group::with_title(
        level
            .primary_title(harmless_in(&diagnostic.message))
            .id(diagnostic.code),
    );
    let label = diagnostic.label.as_deref().map(harmless_in);
    let mut is_cut = false;
    if let Some(place) = &diagnostic.place {
        let (line, column) = place.line_column();
        let quoted = quote(place);
        let annotation = AnnotationKind::Primary
            .span(quoted.start..quoted.end)
            .label(label);
        let snippet = Snippet::source(quoted.line)
            .line_start(line)
            .annotation(annotation);
        is_cut = quoted.is_cut_before;
        // The renderer counts columns in what it is given, which is wrong for a cut line.
        group = if is_cut {
            let origin = Origin::path(harmless(&place.source.name))
                .line(line)
                .char_column(column);
            group.element(origin).element(snippet)
        } else {
            group.element(snippet.path(harmless(&place.source.name)))
        };
    } else if let Some(file) = file {
        group = group.element(Origin::path(harmless(file)));
    }
    for hint in &diagnostic.hints {
        group = group.element(
            Level::HELP
                .with_name(lang.say("hint"))
                .message(harmless_in(hint)),
        );
    }
    if let Some(fix) = &diagnostic.fix {
        let words = format!("offprint check --fix: {}", harmless_in(&fix.about));
        group = group.element(Level::HELP.with_name(lang.say("fix")).message(words));
    }
    let renderer = if is_styled {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    // Lines are cut here, so the renderer must not do it once more.
    let drawn = renderer
        .term_width(DEFAULT_TERM_WIDTH.max(4 * MAX_QUOTED))
        .render(&[group]);
    if is_cut {
        without_separator(&drawn)
    } else {
        drawn
    }
}

/// Drops the `:::` line that parts an origin from a snippet: here both are one place.
fn without_separator(drawn: &str) -> String {
    let lines: Vec<&str> = drawn
        .lines()
        .enumerate()
        .filter(|(index, line)| *index != 3 || !line.contains(":::"))
        .map(|(_, line)| line)
        .collect();
    lines.join("\n")
}

/// The line of a place, and where in it the place is.
struct Quoted {
    line: String,
    start: usize,
    end: usize,
    is_cut_before: bool,
}

fn quote(place: &Place) -> Quoted {
    let text = &place.source.text;
    let (before, rest) = text
        .split_at_checked(place.span.start)
        .unwrap_or((text, ""));
    let from = before.ceil_char_boundary(before.len().saturating_sub(LOOKED_AT));
    let before = before.get(from..).unwrap_or_default();
    let is_far = from > 0 && !before.contains('\n');
    let before = before.rsplit('\n').next().unwrap_or_default();
    let rest = rest
        .get(..rest.floor_char_boundary(LOOKED_AT))
        .unwrap_or_default()
        .split('\n')
        .next()
        .unwrap_or_default()
        .trim_end_matches('\r');
    // A span over several lines is shown to the end of its first one.
    let length = rest.ceil_char_boundary(place.span.len().min(rest.len()));
    let (marked, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
    let (before, marked, after) = (harmless(before), harmless(marked), harmless(after));
    if !is_far && columns(&before) + columns(&marked) + columns(&after) <= MAX_QUOTED {
        let line = format!("{before}{marked}{after}");
        let (start, end) = (before.len(), before.len() + marked.len());
        return Quoted {
            line,
            start,
            end,
            is_cut_before: false,
        };
    }
    let is_cut_before = is_far || columns(&before) > BEFORE_CARET;
    let before = if is_cut_before {
        format!("…{}", last_columns(&before, BEFORE_CARET))
    } else {
        before
    };
    let room = MAX_QUOTED - columns(&before).min(MAX_QUOTED / 2);
    let marked = first_columns(&marked, room);
    let after = first_columns(&after, room - columns(&marked).min(room));
    let line = format!("{before}{marked}{after}");
    Quoted {
        start: before.len(),
        end: before.len() + marked.len(),
        line,
        is_cut_before,
    }
}

fn columns(text: &str) -> usize {
    text.chars().map(char_columns).sum()
}

fn char_columns(character: char) -> usize {
    if character == '\t' {
        4
    } else {
        character.width().unwrap_or_default()
    }
}

/// As much of the start of `text` as goes into `room` columns, with `…` if that is not all.
fn first_columns(text: &str, room: usize) -> String {
    let mut used = 0;
    let fits = |character: &char| {
        used += char_columns(*character);
        used <= room
    };
    let mut shown: String = text.chars().take_while(fits).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

/// As much of the end of `text` as goes into `room` columns.
fn last_columns(text: &str, room: usize) -> &str {
    let mut used = 0;
    let start = text
        .char_indices()
        .rev()
        .take_while(|(_, character)| {
            used += char_columns(*character);
            used <= room
        })
        .last()
        .map_or(text.len(), |(index, _)| index);
    text.get(start..).unwrap_or_default()
}

/// Text that cannot command a terminal nor turn its line around: controls become U+FFFD.
pub(crate) fn harmless(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '\t' => '\t',
            '\n' => ' ',
            '\u{200e}'
            | '\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            | '\u{2028}'
            | '\u{2029}' => '\u{fffd}',
            _ if character.is_control() => '\u{fffd}',
            _ => character,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Choice;
    use offprint_core::{Diagnostic, Source};
    use unicode_width::UnicodeWidthStr;

    fn drawn(text: &str, needle: &str) -> String {
        let source = Source::new("a.md", text);
        let place = Place::find(&source, needle).unwrap();
        let finding = Diagnostic::error("bad-date", "there is no such day")
            .at(place)
            .label("here")
            .into();
        drawn_in(&finding, Choice::English)
    }

    fn drawn_in(finding: &Finding, choice: Choice) -> String {
        draw(finding, false, Lang::of(choice))
    }

    #[test]
    fn the_caret_stands_under_chinese_text() {
        let drawn = drawn("标题：好\n日期：2020-11-31\n", "2020-11-31");
        assert_eq!(
            drawn,
            "error[bad-date]: there is no such day\n --> a.md:2:4\n  |\n2 | 日期：2020-11-31\n  |       ^^^^^^^^^^ here"
        );
    }

    #[test]
    fn a_huge_line_is_cut_around_the_caret_and_keeps_its_column() {
        let text = format!("{}WRONG{}", "字".repeat(5_000), "字".repeat(5_000));
        let drawn = drawn(&text, "WRONG");
        let lines: Vec<&str> = drawn.lines().collect();
        assert_eq!(lines[1], " --> a.md:1:5001");
        assert!(lines.iter().all(|line| line.width() < 140), "{drawn}");
        let caret = lines[4].find('^').unwrap();
        let quoted = lines[3].find("WRONG").unwrap();
        assert_eq!(
            lines[4].split_at(caret).0.width(),
            lines[3].split_at(quoted).0.width(),
            "{drawn}"
        );
    }

    #[test]
    fn a_quoted_line_cannot_command_the_terminal() {
        let drawn = drawn("a\u{1b}[31m\u{9b}2J\u{202e}\u{7} WRONG\n", "WRONG");
        assert!(
            drawn
                .chars()
                .all(|character| character == '\n' || !character.is_control()),
            "{drawn:?}"
        );
        assert!(!drawn.contains('\u{202e}'));
    }

    #[test]
    fn a_place_at_the_end_of_the_file_is_drawn() {
        let source = Source::new("a.md", "one\n");
        let finding = Diagnostic::error("syntax", "the end")
            .at(Place::new(&source, 4..4))
            .into();
        assert!(drawn_in(&finding, Choice::English).contains("a.md:2:1"));
        let empty = Source::new("a.md", "");
        let finding = Diagnostic::error("syntax", "the end")
            .at(Place::new(&empty, 0..0))
            .into();
        assert!(drawn_in(&finding, Choice::English).contains("a.md:1:1"));
    }

    #[test]
    fn a_span_over_lines_is_drawn_on_its_first() {
        let drawn = drawn("x: [1,\n 2]\n", "[1,\n 2]");
        assert!(drawn.ends_with("1 | x: [1,\n  |    ^^^ here"), "{drawn}");
    }
}
