//! What the user is told: findings drawn or as JSON, files made, a closing line.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use offprint_core::{Diagnostic, Fix, Place, RelativePath, Severity};
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use crate::args::{Globals, MessageFormat};
use crate::build::{Committed, Made};
use crate::draw::{draw, harmless};
use crate::fault::{Fault, Words};
#[cfg(test)]
use crate::lang::Choice;
use crate::lang::Lang;
use crate::mend::Mending;
use crate::places::Places;
use crate::project::{Finding, Project};
use crate::roots::shown;
use crate::sarif::Log;
use crate::state::MadeFile;

/// A build that made more files than that tells their numbers.
const MOST_LINES: usize = 60;

/// Where messages go, and how many there were.
#[derive(Debug)]
pub(crate) struct Reporter {
    form: MessageFormat,
    volume: Volume,
    is_styled: bool,
    lang: Lang,
    counts: Counts,
    /// What goes into one document.
    log: Option<Log>,
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
    /// How many of them can be mended without asking.
    pub(crate) fixable: usize,
}

/// What a command did.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    pub(crate) issues: usize,
    pub(crate) papers: usize,
    pub(crate) files: usize,
    /// How many of the files are as they were.
    pub(crate) unchanged: usize,
    /// How many files were written, also those that nobody is told of.
    pub(crate) written: usize,
    pub(crate) drafts: Vec<String>,
    /// Files of earlier builds that are made no longer.
    pub(crate) left_over: Vec<String>,
    /// How many of those were removed.
    pub(crate) removed: usize,
}

impl Summary {
    /// Counts what a build did.
    pub(crate) fn add(&mut self, project: &Project, committed: &Committed) {
        self.count_files(committed);
        self.removed += committed.removed;
        let show = |path| project.destination.show(path);
        self.left_over.extend(committed.left_over.iter().map(show));
        for loaded in project.wanted() {
            if loaded.draft {
                self.drafts.push(loaded.origin.name.clone());
            } else {
                self.issues += 1;
                self.papers += loaded.papers;
            }
        }
    }

    /// Counts the files of a build.
    pub(crate) fn count_files(&mut self, committed: &Committed) {
        let Committed { files, changed, .. } = committed;
        let listed = || files.iter().filter(|made| made.listed);
        self.files += listed().count();
        self.unchanged += listed()
            .filter(|made| !changed.contains(&made.path))
            .count();
        self.written += changed.len();
    }

    /// Counts what a build left alone.
    pub(crate) fn add_unchanged(&mut self, project: &Project, files: &[Made]) {
        let listed = files.iter().filter(|made| made.listed).count();
        self.files += listed;
        self.unchanged += listed;
        if let Some(whole) = &project.state.whole {
            self.issues += whole.issues;
            self.papers += whole.papers;
            let drafts = whole
                .drafts
                .iter()
                .map(|path| shown(&project.root.join(path)));
            self.drafts.extend(drafts);
        }
        let left_over = project.state.left_over.iter().filter_map(MadeFile::path);
        self.left_over
            .extend(left_over.map(|path| project.destination.show(&path)));
    }
}

impl Reporter {
    pub(crate) fn new(globals: &Globals, usual: Volume) -> Self {
        let volume = match (globals.quiet, globals.verbose) {
            (true, _) => Volume::Quiet,
            (false, true) => Volume::All,
            (false, false) => usual,
        };
        let is_styled = globals.color.styles(&io::stderr());
        Self {
            form: globals.message_format,
            volume,
            is_styled,
            lang: Lang::of(globals.lang),
            counts: Counts::default(),
            log: (globals.message_format == MessageFormat::Sarif).then(Log::default),
            stdout_fault: None,
        }
    }

    pub(crate) fn counts(&self) -> Counts {
        self.counts
    }

    /// Tells a finding, and counts it.
    pub(crate) fn finding(&mut self, finding: &Finding) {
        let severity = finding.diagnostic.severity;
        self.counts.fixable += usize::from(finding.diagnostic.fix.is_some());
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
            MessageFormat::Sarif => {
                if let Some(log) = &mut self.log {
                    log.add(finding);
                }
            }
            MessageFormat::Human if is_told => {
                let drawn = draw(finding, self.is_styled, self.lang);
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
        if let Some(log) = &mut self.log {
            log.stop(&diagnostic);
            return;
        }
        self.finding(&diagnostic.into());
    }

    /// Prints what is printed as a whole, when the program is about to end.
    pub(crate) fn end(&mut self, exit_code: u8) {
        if let Some(log) = self.log.take() {
            self.stdout(&log.finish(exit_code));
        }
    }

    /// Tells of files, those that `changed` and those that are as they were. People are
    /// told of the former.
    pub(crate) fn files(&mut self, files: &[Made], changed: &BTreeSet<RelativePath>) {
        match self.form {
            MessageFormat::Json => {
                for made in files {
                    self.object(&json!({
                        "reason": "artifact",
                        "format": made.format,
                        "path": made.shown,
                        "bytes": made.bytes,
                        "pages": made.pages,
                        "notes": made.notes,
                        "listed": made.listed,
                        "changed": changed.contains(&made.path),
                    }));
                }
            }
            MessageFormat::Sarif => {}
            MessageFormat::Human if self.volume == Volume::Quiet => {}
            MessageFormat::Human => {
                let is_told = |made: &&Made| {
                    self.volume == Volume::All || made.listed && changed.contains(&made.path)
                };
                let listed: Vec<&Made> = files.iter().filter(is_told).collect();
                let text = if listed.len() > MOST_LINES && self.volume < Volume::All {
                    totals(&listed, self.lang)
                } else {
                    lines(&listed, self.lang)
                };
                self.stdout(&text);
            }
        }
    }

    /// Tells what a person should know of files that were made to be looked at.
    pub(crate) fn notes<'a>(&mut self, files: impl Iterator<Item = &'a Made>) {
        let files = files.filter(|made| made.listed && !made.notes.is_empty());
        for made in files {
            match self.form {
                MessageFormat::Json => self.object(&json!({
                    "reason": "notes",
                    "format": made.format,
                    "path": made.shown,
                    "notes": made.notes,
                })),
                MessageFormat::Sarif => {}
                MessageFormat::Human if self.volume == Volume::Quiet => {}
                MessageFormat::Human => {
                    let mut text = format!("  {:7} {}\n", made.format, made.shown);
                    for note in &made.notes {
                        let _ = writeln!(text, "          {}", self.lang.say(note));
                    }
                    self.stdout(&text);
                }
            }
        }
    }

    /// Tells what was mended, or would be.
    pub(crate) fn mended(&mut self, list: &[Mending], is_trial: bool) {
        for mending in list {
            let (line, column) = mending.at;
            self.object_of(|| {
                json!({
                    "reason": "mended",
                    "path": mending.file,
                    "line": line,
                    "column": column,
                    "code": mending.code,
                    "about": mending.about,
                    "written": !is_trial,
                })
            });
        }
        let done = if is_trial { "to mend" } else { "mended" };
        let mut text = String::new();
        if list.len() > MOST_LINES && self.volume < Volume::All {
            let mut files: BTreeMap<&str, usize> = BTreeMap::new();
            for mending in list {
                *files.entry(&mending.file).or_default() += 1;
            }
            for (file, number) in files {
                let number = count(number, "place");
                let _ = writeln!(text, "  {done:7} {}  {number}", harmless(file));
            }
        } else {
            for mending in list {
                let (line, column) = mending.at;
                let Mending { code, about, .. } = mending;
                let file = harmless(&mending.file);
                let _ = writeln!(text, "  {done:7} {file}:{line}:{column}  {code}: {about}");
            }
        }
        self.say(&text);
    }

    /// Closes a check.
    pub(crate) fn checked(&mut self, summary: &Summary) {
        self.drafts(summary);
        let Counts {
            errors,
            warnings,
            hints,
            fixable,
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
        let mut line = format!(
            "Checked {}, {}: {}",
            count(summary.issues, "issue"),
            count(summary.papers, "paper"),
            found.join(", ")
        );
        if fixable > 0 {
            let _ = write!(line, "; `offprint check --fix` mends {fixable}");
        }
        self.close(summary, &line);
    }

    /// Closes a build that wrote its files, or had none to write.
    pub(crate) fn built(&mut self, summary: &Summary, took: Duration) {
        self.drafts(summary);
        self.left_over(summary);
        let made = format!(
            "{}, {}: {}",
            count(summary.issues, "issue"),
            count(summary.papers, "paper"),
            count(summary.files, "file"),
        );
        let mut line = match summary.unchanged {
            unchanged if unchanged == summary.files && summary.written == 0 && unchanged > 0 => {
                format!("Nothing changed in {made} as before")
            }
            0 => format!("Built {made}"),
            unchanged => format!("Built {made}, {unchanged} as before"),
        };
        // A log that is compared from run to run has no use for the time.
        if io::stdout().is_terminal() {
            let _ = write!(line, " in {:.2} s", took.as_secs_f64());
        }
        if self.counts.hints > 0 && self.volume < Volume::Hints {
            let _ = write!(
                line,
                "; --verbose shows {}",
                count(self.counts.hints, "hint")
            );
        }
        self.close(summary, &line);
    }

    fn left_over(&mut self, summary: &Summary) {
        if let Some(first) = summary.left_over.first() {
            let more = match summary.left_over.len() {
                1 => String::new(),
                number => format!(" and {} more", number - 1),
            };
            self.say(&format!(
                "  left    {first}{more}  made before and no longer: --prune removes what is\n"
            ));
        }
        if summary.removed > 0 {
            let removed = count(summary.removed, "file");
            self.say(&format!("  removed {removed} that an earlier build made\n"));
        }
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
            MessageFormat::Sarif => {}
            MessageFormat::Human => self.warn(&format!("{found}; nothing was written\n")),
        }
    }

    fn drafts(&mut self, summary: &Summary) {
        if self.form == MessageFormat::Human && self.volume > Volume::Quiet {
            for draft in &summary.drafts {
                self.say(&format!("  draft   {draft}  is checked, not built\n"));
            }
        }
    }

    fn close(&mut self, summary: &Summary, line: &str) {
        match self.form {
            MessageFormat::Json => self.finish(summary),
            MessageFormat::Sarif => {}
            MessageFormat::Human if self.volume == Volume::Quiet => {}
            MessageFormat::Human => self.say(&format!("{line}\n")),
        }
    }

    /// Closes an import that made nothing.
    pub(crate) fn imported_nothing(&mut self) {
        match self.form {
            MessageFormat::Json | MessageFormat::Sarif => self.finish(&Summary::default()),
            MessageFormat::Human => self.warn("nothing was written\n"),
        }
    }

    /// How messages are printed.
    pub(crate) fn form(&self) -> MessageFormat {
        self.form
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

    /// Says something that only programs read.
    pub(crate) fn object_of(&mut self, object: impl FnOnce() -> Value) {
        if self.form == MessageFormat::Json {
            self.object(&object());
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

    /// Shows people what they asked for, however quiet the rest is to be.
    pub(crate) fn show(&mut self, text: &str) {
        if self.form == MessageFormat::Human {
            self.stdout(text);
        }
    }

    /// Says something that only people read.
    pub(crate) fn say(&mut self, text: &str) {
        self.say_as_is(&self.lang.say_lines(text));
    }

    /// Says something that is in the user's language already.
    pub(crate) fn say_as_is(&mut self, text: &str) {
        if self.form == MessageFormat::Human && self.volume > Volume::Quiet {
            self.stdout(text);
        }
    }

    /// The language of what people read.
    pub(crate) fn lang(&self) -> Lang {
        self.lang
    }

    fn warn(&self, text: &str) {
        self.stderr(&self.lang.say(text));
    }

    #[expect(
        clippy::unused_self,
        reason = "messages go through the reporter, wherever they end"
    )]
    pub(crate) fn stderr(&self, text: &str) {
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
    lang: Lang,
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
            lang: self.lang,
        }
    }
}

impl Progress {
    /// Progress that nobody watches.
    #[cfg(test)]
    pub(crate) fn hidden() -> Self {
        Self {
            total: 0,
            done: AtomicUsize::new(0),
            is_shown: false,
            lang: Lang::of(Choice::English),
        }
    }

    pub(crate) fn step(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if self.is_shown {
            let line = format!("  rendering {done}/{}", self.total);
            let _ = write!(io::stderr().lock(), "\r{}", self.lang.say(&line));
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

/// A line a file.
fn lines(files: &[&Made], lang: Lang) -> String {
    let widths = files.iter().map(|made| made.shown.width());
    let width = widths.max().unwrap_or_default();
    let mut lines = String::new();
    for made in files {
        let blanks = " ".repeat(width - made.shown.width());
        let _ = write!(
            lines,
            "  {:7} {}{blanks}  {:>8}",
            made.format,
            made.shown,
            size(made.bytes)
        );
        if let Some(pages) = made.pages {
            let _ = write!(lines, "  {}", lang.say(&count(pages, "page")));
        }
        lines.push('\n');
        for note in &made.notes {
            let _ = writeln!(lines, "          {}", lang.say(note));
        }
    }
    lines
}

/// A line a format, for builds that made more files than anyone reads through.
fn totals(files: &[&Made], lang: Lang) -> String {
    let mut lines = String::new();
    let formats: BTreeSet<&str> = files.iter().map(|made| made.format).collect();
    for format in formats {
        let of_format = || files.iter().filter(|made| made.format == format);
        let bytes = of_format().map(|made| made.bytes).sum();
        let number = count(of_format().count(), "file");
        let number = padded(&lang.say(&number));
        let _ = write!(lines, "  {format:7} {number} {:>8}", size(bytes));
        let pages: usize = of_format().filter_map(|made| made.pages).sum();
        if pages > 0 {
            let _ = write!(lines, "  {}", lang.say(&count(pages, "page")));
        }
        lines.push('\n');
    }
    lines
}

/// A number of files with blanks up to where the next column begins.
fn padded(text: &str) -> String {
    format!(
        "{text}{}",
        " ".repeat(12_usize.saturating_sub(text.width()))
    )
}

/// `1 issue`, `2 issues`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// A length in bytes as people read it, in powers of ten.
pub(crate) fn size(bytes: u64) -> String {
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
        "fix": place.zip(diagnostic.fix.as_ref()).map(|(place, fix)| fix_as_json(place, fix)),
    })
}

fn fix_as_json(place: &Place, fix: &Fix) -> Value {
    let mut places = Places::of(place);
    let edits = fix.edits.iter().map(|edit| {
        let (line, column) = places.line_column(edit.span.start);
        json!({
            "start": edit.span.start,
            "end": edit.span.end,
            "line": line,
            "column": column,
            "text": edit.text,
        })
    });
    json!({ "about": fix.about, "edits": edits.collect::<Vec<_>>() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_rounded_to_what_is_read() {
        assert_eq!(
            [size(999), size(1_500), size(999_499), size(999_500)],
            ["999 B", "2 KB", "999 KB", "1.0 MB"]
        );
    }
}
