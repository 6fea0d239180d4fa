//! What the user is told: findings drawn or as JSON, files made, a closing line.

use std::fmt::Write as _;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use annotate_snippets::renderer::DEFAULT_TERM_WIDTH;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use offprint_core::{Diagnostic, Place, Severity};
use serde_json::{Value, json};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::args::{Color, Globals, MessageFormat};
use crate::build::Made;
use crate::fault::{Fault, Words};
use crate::project::Finding;

/// The most columns of a quoted line; longer ones are cut around the caret.
const MAX_QUOTED: usize = 110;
/// How many of those may stand before the caret in a cut line.
const BEFORE_CARET: usize = 40;

/// Where messages go, and how many there were.
#[derive(Debug)]
pub(crate) struct Reporter {
    form: MessageFormat,
    volume: Volume,
    is_styled: bool,
    counts: Counts,
    stdout_fault: Option<io::Error>,
}

/// How much is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Volume {
    /// Errors.
    Quiet,
    /// Warnings and results too.
    Usual,
    /// Hints too.
    Hints,
    /// Everything.
    All,
}

/// How many findings there were.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Counts {
    pub(crate) errors: usize,
    pub(crate) warnings: usize,
    pub(crate) hints: usize,
}

/// What a command did.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    pub(crate) issues: usize,
    pub(crate) papers: usize,
    pub(crate) files: usize,
    pub(crate) unchanged: usize,
    pub(crate) drafts: Vec<String>,
}

impl Reporter {
    pub(crate) fn new(globals: &Globals, usual: Volume) -> Self {
        let volume = match (globals.quiet, globals.verbose) {
            (true, _) => Volume::Quiet,
            (false, true) => Volume::All,
            (false, false) => usual,
        };
        let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let is_styled = match globals.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
                io::stderr().is_terminal() && !set("NO_COLOR") && !is_dumb
            }
        };
        Self {
            form: globals.message_format,
            volume,
            is_styled,
            counts: Counts::default(),
            stdout_fault: None,
        }
    }

    pub(crate) fn counts(&self) -> Counts {
        self.counts
    }

    /// Tells a finding, and counts it.
    pub(crate) fn finding(&mut self, finding: &Finding) {
        let severity = finding.diagnostic.severity;
        let is_told = match severity {
            Severity::Error => {
                self.counts.errors += 1;
                true
            }
            Severity::Warning => {
                self.counts.warnings += 1;
                self.volume > Volume::Quiet
            }
            Severity::Hint => {
                self.counts.hints += 1;
                self.volume >= Volume::Hints
            }
        };
        match self.form {
            MessageFormat::Json => self.object(&as_json(finding)),
            MessageFormat::Human if is_told => {
                let drawn = draw(finding, self.is_styled);
                self.stderr(&format!("{drawn}\n\n"));
            }
            MessageFormat::Human => {}
        }
    }

    /// Tells why the program stops.
    pub(crate) fn fault(&mut self, fault: &Fault) {
        let (code, message, hint) = match fault {
            Fault::Usage(Words { message, hint }) => ("usage", message.clone(), hint.clone()),
            Fault::Machine(Words { message, hint }) => ("io", message.clone(), hint.clone()),
            Fault::Bug(message) => (
                "bug",
                format!("offprint has a bug: {message}"),
                Some(
                    "no file was changed; please report this with the list that caused it"
                        .to_owned(),
                ),
            ),
        };
        let mut diagnostic = Diagnostic::error(code, message);
        diagnostic.hints.extend(hint);
        self.finding(&diagnostic.into());
    }

    /// Tells of a file that was made.
    pub(crate) fn files(&mut self, files: &[Made]) {
        match self.form {
            MessageFormat::Json => {
                for made in files {
                    self.object(&json!({
                        "reason": "artifact",
                        "format": made.format,
                        "path": made.shown,
                        "bytes": made.bytes,
                        "pages": made.pages,
                        "listed": made.listed,
                    }));
                }
            }
            MessageFormat::Human if self.volume == Volume::Quiet => {}
            MessageFormat::Human => {
                let listed: Vec<&Made> = files
                    .iter()
                    .filter(|made| made.listed || self.volume == Volume::All)
                    .collect();
                let width = listed
                    .iter()
                    .map(|made| made.shown.width())
                    .max()
                    .unwrap_or_default();
                let mut lines = String::new();
                for made in listed {
                    let blanks = " ".repeat(width - made.shown.width());
                    let _ = write!(
                        lines,
                        "  {:7} {}{blanks}  {:>8}",
                        made.format,
                        made.shown,
                        size(made.bytes)
                    );
                    if let Some(pages) = made.pages {
                        let _ = write!(lines, "  {}", count(pages, "page"));
                    }
                    lines.push('\n');
                }
                self.stdout(&lines);
            }
        }
    }

    /// Closes a check.
    pub(crate) fn checked(&mut self, summary: &Summary) {
        self.drafts(summary);
        let Counts {
            errors,
            warnings,
            hints,
        } = self.counts;
        let mut found = Vec::new();
        if errors + warnings == 0 {
            found.push("no errors".to_owned());
        } else {
            found.push(count(errors, "error"));
            found.push(count(warnings, "warning"));
        }
        if hints > 0 {
            found.push(count(hints, "hint"));
        }
        let line = format!(
            "Checked {}, {}: {}",
            count(summary.issues, "issue"),
            count(summary.papers, "paper"),
            found.join(", ")
        );
        self.close(summary, &line);
    }

    /// Closes a build that wrote its files.
    pub(crate) fn built(&mut self, summary: &Summary, took: Duration) {
        self.drafts(summary);
        let mut line = format!(
            "Built {}, {}: {}",
            count(summary.issues, "issue"),
            count(summary.papers, "paper"),
            count(summary.files, "file"),
        );
        if summary.unchanged > 0 {
            let _ = write!(line, ", {} as before", summary.unchanged);
        }
        // A log that is compared from run to run has no use for the time.
        if io::stdout().is_terminal() {
            let _ = write!(line, " in {:.2} s", took.as_secs_f64());
        }
        if self.counts.hints > 0 && self.volume < Volume::Hints {
            let _ = write!(
                line,
                "; `offprint check` has {}",
                count(self.counts.hints, "hint")
            );
        }
        self.close(summary, &line);
    }

    /// Closes a build that wrote nothing.
    pub(crate) fn failed(&mut self, summary: &Summary) {
        let Counts {
            errors, warnings, ..
        } = self.counts;
        let found = match (errors, warnings) {
            (0, warnings) => format!(
                "{}, which --deny-warnings forbids",
                count(warnings, "warning")
            ),
            (errors, 0) => count(errors, "error"),
            (errors, warnings) => {
                format!("{}, {}", count(errors, "error"), count(warnings, "warning"))
            }
        };
        match self.form {
            MessageFormat::Json => self.finish(summary),
            MessageFormat::Human => self.stderr(&format!("{found}; nothing was written\n")),
        }
    }

    fn drafts(&mut self, summary: &Summary) {
        if self.form == MessageFormat::Human && self.volume > Volume::Quiet {
            for draft in &summary.drafts {
                self.stdout(&format!("  draft   {draft}  is checked, not built\n"));
            }
        }
    }

    fn close(&mut self, summary: &Summary, line: &str) {
        match self.form {
            MessageFormat::Json => self.finish(summary),
            MessageFormat::Human if self.volume == Volume::Quiet => {}
            MessageFormat::Human => self.stdout(&format!("{line}\n")),
        }
    }

    /// Closes the JSON form.
    pub(crate) fn finish(&mut self, summary: &Summary) {
        if self.form == MessageFormat::Json {
            self.object(&json!({
                "reason": "finished",
                "errors": self.counts.errors,
                "warnings": self.counts.warnings,
                "hints": self.counts.hints,
                "issues": summary.issues,
                "papers": summary.papers,
                "files": summary.files,
            }));
        }
    }

    fn object(&mut self, object: &Value) {
        self.stdout(&format!("{object}\n"));
    }

    /// Prints what was asked for. Nobody reading on is no fault; a full disk is, and is
    /// told at the end.
    pub(crate) fn stdout(&mut self, text: &str) {
        if self.stdout_fault.is_some() {
            return;
        }
        let mut stdout = io::stdout().lock();
        if let Err(error) = stdout
            .write_all(text.as_bytes())
            .and_then(|()| stdout.flush())
        {
            self.stdout_fault = Some(error);
        }
    }

    /// Says something that only people read.
    pub(crate) fn say(&mut self, text: &str) {
        if self.form == MessageFormat::Human && self.volume > Volume::Quiet {
            self.stdout(text);
        }
    }

    #[expect(
        clippy::unused_self,
        reason = "messages go through the reporter, wherever they end"
    )]
    fn stderr(&self, text: &str) {
        // Where nobody can be told, nothing is left to do.
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }

    /// Why printing failed, if it did and somebody could mind.
    pub(crate) fn printing_fault(&mut self) -> Option<Fault> {
        let error = self
            .stdout_fault
            .take()
            .filter(|error| error.kind() != ErrorKind::BrokenPipe)?;
        Some(Fault::io("print to", "standard output".as_ref(), &error))
    }
}

/// A line on a terminal that counts what is done.
#[derive(Debug)]
pub(crate) struct Progress {
    total: usize,
    done: AtomicUsize,
    is_shown: bool,
}

impl Reporter {
    /// Progress over `total` steps, shown where somebody sees it and it takes long enough.
    pub(crate) fn progress(&self, issues: usize, total: usize) -> Progress {
        let is_shown = issues > 1
            && self.volume > Volume::Quiet
            && self.form == MessageFormat::Human
            && io::stderr().is_terminal();
        Progress {
            total,
            done: AtomicUsize::new(0),
            is_shown,
        }
    }
}

impl Progress {
    pub(crate) fn step(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if self.is_shown {
            let _ = write!(io::stderr().lock(), "\r  rendering {done}/{}", self.total);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.is_shown {
            let _ = write!(io::stderr().lock(), "\r\x1b[K");
        }
    }
}

/// `1 issue`, `2 issues`.
fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// A length in bytes as people read it, in powers of ten.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..999_500 => format!("{} KB", (bytes + 500) / 1_000),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

fn as_json(finding: &Finding) -> Value {
    let Finding { diagnostic, file } = finding;
    let place = diagnostic.place.as_ref();
    let start = place.map(Place::line_column);
    let end =
        place.map(|place| Place::new(&place.source, place.span.end..place.span.end).line_column());
    json!({
        "reason": "diagnostic",
        "severity": diagnostic.severity.as_str(),
        "code": diagnostic.code,
        "message": diagnostic.message,
        "path": place.map(|place| &place.source.name).or(file.as_ref()),
        "line": start.map(|(line, _)| line),
        "column": start.map(|(_, column)| column),
        "end_line": end.map(|(line, _)| line),
        "end_column": end.map(|(_, column)| column),
        "byte_start": place.map(|place| place.span.start),
        "byte_end": place.map(|place| place.span.end),
        "label": diagnostic.label,
        "hints": diagnostic.hints,
    })
}

/// A finding as rustc would draw it.
fn draw(finding: &Finding, is_styled: bool) -> String {
    let Finding { diagnostic, file } = finding;
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Hint => Level::NOTE.with_name("hint"),
    };
    let mut group = Group::with_title(
        level
            .primary_title(harmless(&diagnostic.message))
            .id(diagnostic.code),
    );
    let label = diagnostic.label.as_deref().map(harmless);
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
        group = group.element(Level::HELP.with_name("hint").message(harmless(hint)));
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
    let before = before.rsplit('\n').next().unwrap_or_default();
    let rest = rest
        .split('\n')
        .next()
        .unwrap_or_default()
        .trim_end_matches('\r');
    // A span over several lines is shown to the end of its first one.
    let length = rest.ceil_char_boundary(place.span.len().min(rest.len()));
    let (marked, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
    let (before, marked, after) = (harmless(before), harmless(marked), harmless(after));
    if columns(&before) + columns(&marked) + columns(&after) <= MAX_QUOTED {
        let line = format!("{before}{marked}{after}");
        let (start, end) = (before.len(), before.len() + marked.len());
        return Quoted {
            line,
            start,
            end,
            is_cut_before: false,
        };
    }
    let is_cut_before = columns(&before) > BEFORE_CARET;
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
fn harmless(text: &str) -> String {
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
    use offprint_core::Source;

    fn drawn(text: &str, needle: &str) -> String {
        let source = Source::new("a.md", text);
        let place = Place::find(&source, needle).unwrap();
        draw(
            &Diagnostic::error("bad-date", "there is no such day")
                .at(place)
                .label("here")
                .into(),
            false,
        )
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
        assert!(draw(&finding, false).contains("a.md:2:1"));
        let empty = Source::new("a.md", "");
        let finding = Diagnostic::error("syntax", "the end")
            .at(Place::new(&empty, 0..0))
            .into();
        assert!(draw(&finding, false).contains("a.md:1:1"));
    }

    #[test]
    fn a_span_over_lines_is_drawn_on_its_first() {
        let drawn = drawn("x: [1,\n 2]\n", "[1,\n 2]");
        assert!(drawn.ends_with("1 | x: [1,\n  |    ^^^ here"), "{drawn}");
    }

    #[test]
    fn sizes_are_rounded_to_what_is_read() {
        assert_eq!(
            [size(999), size(1_500), size(999_499), size(999_500)],
            ["999 B", "2 KB", "999 KB", "1.0 MB"]
        );
    }
}
