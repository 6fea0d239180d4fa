//! Issue and series files read into the model.
//!
//! Markdown with front matter, YAML, TOML and JSON carry the same issue; each becomes
//! a tree of [`Node`](crate::fields::Node)s, and one reader makes the [`Issue`] of it.

mod cite;
mod decode;
mod forbidden;
mod json;
mod judge;
mod names;
mod outline;
mod paper;
mod parts;
mod series;
mod tables;
mod toml;
mod values;
mod yaml;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::bibliography::{Bibliography, Unread};
use crate::check::Rule;
use crate::diagnostic::{Diagnostic, Place};
use crate::fields::{NodeValue, Value};
use crate::markdown::Pieces;
use crate::model::{Issue, Series};
use crate::source::Source;

pub use cite::{Library, broken as broken_bibliography};
pub(crate) use forbidden::Forbidden;
pub(crate) use paper::id_of;
pub(crate) use tables::{id_of_stem, is_issue_id};
pub(crate) use values::shown;

/// How an issue is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Markdown with YAML (`---`) or TOML (`+++`) front matter.
    Markdown,
    /// YAML.
    Yaml,
    /// TOML.
    Toml,
    /// JSON.
    Json,
}

impl Form {
    /// The form that a file's extension (without the dot) stands for.
    #[must_use]
    pub fn of_extension(extension: &str) -> Option<Self> {
        match extension.to_ascii_lowercase().as_str() {
            "md" | "markdown" => Some(Self::Markdown),
            "yaml" | "yml" => Some(Self::Yaml),
            "toml" => Some(Self::Toml),
            "json" => Some(Self::Json),
            _ => None,
        }
    }
}

/// A picture that a file names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageUse {
    /// Key into [`Assets`](crate::Assets): the path from the project's root, `/` between parts.
    pub src: String,
    /// Where it is named.
    pub place: Place,
}

/// Where an issue's parts stand in its file, as byte offsets into the text of its
/// [`Source`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Places {
    /// The issue's title, or the file's first line when it has none.
    pub head: Range<usize>,
    /// The id, where the issue gives one.
    pub id: Option<Range<usize>>,
    /// The number, where the issue gives one.
    pub number: Option<Range<usize>>,
    /// The date.
    pub date: Option<Range<usize>>,
    /// The short title, where the issue gives one.
    pub short_title: Option<Range<usize>>,
    /// The heading of each paper, in reading order.
    pub papers: Vec<Range<usize>>,
    /// Every tag of the issue and its papers, with the first place of each, ordered by tag.
    pub tags: Vec<(String, Range<usize>)>,
    /// Where a paper is said to be under review, and its date if it has one.
    pub under_review: Vec<(Range<usize>, Option<jiff::civil::Date>)>,
}

/// What came of reading a file.
#[derive(Debug)]
pub struct Loaded<T> {
    /// The value; absent when an error leaves nothing to go on with.
    pub value: Option<T>,
    /// Every picture that is named, for the caller to read.
    pub images: Vec<ImageUse>,
    /// The bibliographies that a series' file names, and where: for the caller to look whether
    /// they can be read. Those that an issue names itself are read with it.
    pub bibliographies: Vec<(String, Place)>,
    /// Where the parts of an issue stand; nowhere in a series' file.
    pub places: Places,
    /// Everything found, in the order of the file.
    pub diagnostics: Vec<Diagnostic>,
}

impl<T> Loaded<T> {
    /// Whether anything found stops a build.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics
            .iter()
            .any(|diagnostic| diagnostic.severity == crate::Severity::Error)
    }
}

/// Where an issue file lies, for what its name and folder decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The issue's folder from the project's root, `/` between parts, empty for the root:
    /// pictures are named relative to it.
    pub folder: String,
    /// The file's name without its extension; for `NAME/index.md` the folder's name.
    /// The issue's id unless it gives one.
    pub stem: String,
}

/// The largest file taken, in bytes: some 15,000 papers with commentary and abstract.
pub const MAX_BYTES: usize = 32 * 1024 * 1024;
/// What an issue may hold.
pub mod limits {
    /// The most papers.
    pub const PAPERS: usize = super::decode::MAX_PAPERS;
    /// The longest title, in bytes.
    pub const TITLE: usize = super::decode::MAX_TITLE;
    /// The longest commentary or abstract, in bytes.
    pub const TEXT: usize = super::paper::MAX_COMMENTARY;
}

/// How much of a Markdown file is parsed at a time, in bytes: much more than a paper, and so
/// little that the parser's tree of it, five times as large, is nothing beside the file.
const PIECE: usize = 64 * 1024;
/// The most findings that are kept of one file.
const MAX_FINDINGS: usize = 1_000;
/// The most hints of one rule.
const MAX_HINTS: usize = 20;
/// The most papers without a commentary that are told of one by one.
const MAX_SILENT: usize = 5;

/// A field of an issue as its author writes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// The field's English name, or the name as written where there is no such field.
    pub field: String,
    /// The name as written.
    pub name: String,
    /// The value as written, nothing resolved.
    pub value: Value,
}

/// What an issue says of itself: the front matter of a Markdown file, or all of a data form
/// but its sections. Nothing where it cannot be read.
#[must_use]
pub fn facts(source: &Arc<Source>, form: Form) -> Vec<Fact> {
    let node = match form {
        Form::Markdown => match outline::split(source).map(|parts| parts.front) {
            Ok(Some((outline::FrontMatter::Yaml, range))) => yaml::parse(source, range).ok(),
            Ok(Some((outline::FrontMatter::Toml, range))) => toml::parse(source, range).0,
            Ok(None) | Err(_) => None,
        },
        Form::Yaml => yaml::parse(source, 0..source.text.len()).ok(),
        Form::Toml => toml::parse(source, 0..source.text.len()).0,
        Form::Json => json::parse(source).ok(),
    };
    let Some(NodeValue::Table(entries)) = node.map(|node| node.value) else {
        return Vec::new();
    };
    entries
        .into_iter()
        .filter_map(|entry| {
            let (name, field) = values::spelled(&entry.key, names::ISSUE);
            let field = field.and_then(|names| names.first().copied());
            let is_body = matches!(field, Some("intro" | "sections" | "papers"));
            (!is_body).then(|| Fact {
                field: field.unwrap_or(&name).to_owned(),
                name: entry.key.clone(),
                value: entry.value.to_value(),
            })
        })
        .collect()
}

/// What a field of an issue is called: its first Chinese name if one is asked for and there is
/// one, else `field`, its English name.
#[must_use]
pub fn name_of(field: &str, in_chinese: bool) -> &str {
    preferred(names::ISSUE, field, in_chinese)
}

/// What a field of a paper is called: its first Chinese name if one is asked for and there is
/// one, else `field`, its English name.
#[must_use]
pub fn paper_field_name(field: &str, in_chinese: bool) -> &str {
    preferred(names::PAPER, field, in_chinese)
}

/// The English name of the field of a paper that `name` means, in whatever language and case.
#[must_use]
pub fn paper_field(name: &str) -> Option<&'static str> {
    names::canonical(names::PAPER, name)?.first().copied()
}

/// Whether an issue needs an `id`, because its file's name without the extension gives none.
#[must_use]
pub fn needs_id(stem: &str) -> bool {
    id_of_stem(stem).is_none()
}

/// The names in a text that lists people, as an issue's `authors` takes it apart.
#[must_use]
pub fn names_of(text: &str) -> Vec<String> {
    values::split_names(text)
}

/// The status that a word of `status` means.
#[must_use]
pub fn paper_status(word: &str) -> Option<crate::model::Status> {
    chosen(paper::STATUSES, word)
}

/// The CSL type that a word of `type` means.
#[must_use]
pub fn paper_kind(word: &str) -> Option<&'static str> {
    chosen(paper::TYPES, word)
}

fn chosen<T: Copy>(choices: &[(&str, T)], word: &str) -> Option<T> {
    let word = word.trim().to_ascii_lowercase();
    let found = choices.iter().find(|(name, _)| *name == word);
    found.map(|&(_, value)| value)
}

fn preferred<'a>(fields: &[names::Names], field: &'a str, in_chinese: bool) -> &'a str {
    let names = fields
        .iter()
        .find(|names| in_chinese && names.first() == Some(&field));
    names
        .and_then(|names| names.iter().find(|name| !name.is_ascii()))
        .map_or(field, |name| *name)
}

/// Reads `offprint.toml`, where no rules are known but those of this crate.
#[must_use]
pub fn series(source: &Arc<Source>) -> Loaded<Series> {
    series_with(source, &[])
}

/// Reads `offprint.toml`; `[check]` may name the rules of `formats` too.
#[must_use]
pub fn series_with(source: &Arc<Source>, formats: &[&[Rule]]) -> Loaded<Series> {
    let mut loaded = match too_large(source) {
        Some(diagnostic) => nothing(vec![diagnostic]),
        None => series::series(source, formats),
    };
    report_forbidden(source, &mut loaded);
    let check = loaded.value.as_ref().map(|series| series.check.clone());
    arrange(&mut loaded.diagnostics, &check.unwrap_or_default());
    loaded
}

/// A TOML file of settings as a table, which [`Fields`](crate::fields::Fields) reads; `None` if
/// it is no TOML.
#[must_use]
pub fn settings(source: &Arc<Source>) -> (Option<crate::fields::Node>, Vec<Diagnostic>) {
    toml::parse(source, 0..source.text.len())
}

/// A JSON file as values with their places, for lists that other programs keep.
///
/// # Errors
/// When it is no JSON, or nested too deeply; the first fault is told.
pub fn json(source: &Arc<Source>) -> Result<crate::fields::Node, Box<Diagnostic>> {
    json::parse(source)
}

/// The word among the values of `type` that a word is, in any case.
#[must_use]
pub fn kind(word: &str) -> Option<&'static str> {
    paper::TYPES
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(word))
        .map(|(_, kind)| *kind)
}

/// Reads an issue file, which inherits from `series`.
#[must_use]
pub fn issue(
    source: &Arc<Source>,
    form: Form,
    location: &Location,
    series: &Series,
) -> Loaded<Issue> {
    issue_on(1, source, form, location, series)
}

/// [`issue`] on at most `threads` threads, with the same result whatever their number.
#[must_use]
pub fn issue_on(
    threads: usize,
    source: &Arc<Source>,
    form: Form,
    location: &Location,
    series: &Series,
) -> Loaded<Issue> {
    issue_with(threads, source, form, location, series, &no_library)
}

/// The library of who has none.
fn no_library(path: &str) -> Result<Arc<Bibliography>, Unread> {
    Err(Unread {
        message: format!("the bibliography `{}` is not read here", shown(path)),
        near: None,
        hint: None,
    })
}

/// [`issue_on`], with the facts of papers that `library` knows.
#[must_use]
pub fn issue_with(
    threads: usize,
    source: &Arc<Source>,
    form: Form,
    location: &Location,
    series: &Series,
    library: &Library<'_>,
) -> Loaded<Issue> {
    let context = Context {
        source,
        location,
        series,
        threads,
        library,
    };
    let mut loaded = match too_large(source) {
        Some(diagnostic) => nothing(vec![diagnostic]),
        None => match form {
            Form::Markdown => {
                markdown_issue(&context, |text, start| Pieces::new(text, start, PIECE))
            }
            Form::Yaml => data_issue(&context, yaml::parse(source, 0..source.text.len())),
            Form::Json => data_issue(&context, json::parse(source)),
            Form::Toml => match toml::parse(source, 0..source.text.len()) {
                (Some(facts), _) => data_issue(&context, Ok(facts)),
                (None, diagnostics) => nothing(diagnostics),
            },
        },
    };
    report_forbidden(source, &mut loaded);
    arrange(&mut loaded.diagnostics, &series.check);
    loaded
}

fn nothing<T>(diagnostics: Vec<Diagnostic>) -> Loaded<T> {
    Loaded {
        value: None,
        images: Vec::new(),
        bibliographies: Vec::new(),
        places: Places::default(),
        diagnostics,
    }
}

/// What an issue is read with.
struct Context<'c> {
    source: &'c Arc<Source>,
    location: &'c Location,
    series: &'c Series,
    threads: usize,
    library: &'c Library<'c>,
}

fn data_issue(
    context: &Context<'_>,
    facts: Result<crate::fields::Node, Box<Diagnostic>>,
) -> Loaded<Issue> {
    match facts {
        Ok(facts) => decode::issue(context, Some(&facts), None, Vec::new()),
        Err(diagnostic) => nothing(vec![*diagnostic]),
    }
}

fn markdown_issue(
    context: &Context<'_>,
    cut: impl FnOnce(&str, usize) -> Pieces<'_>,
) -> Loaded<Issue> {
    let source = context.source;
    let parts = match outline::split(source) {
        Ok(parts) => parts,
        Err(diagnostic) => return nothing(vec![*diagnostic]),
    };
    let mut diagnostics = Vec::new();
    let facts = match parts.front {
        None => Some(crate::fields::Node {
            value: crate::fields::NodeValue::Null,
            span: 0..0,
        }),
        Some((outline::FrontMatter::Yaml, range)) => match yaml::parse(source, range) {
            Ok(facts) => Some(facts),
            Err(diagnostic) => {
                diagnostics.push(*diagnostic);
                None
            }
        },
        Some((outline::FrontMatter::Toml, range)) => {
            let (facts, faults) = toml::parse(source, range);
            diagnostics.extend(faults);
            facts
        }
    };
    let text = source.text.get(parts.body..).unwrap_or_default();
    let body = cut(text, parts.body);
    decode::issue(context, facts.as_ref(), Some(&body), diagnostics)
}

/// Tells of characters that no output may carry, unless they kept the file from being read.
fn report_forbidden<T>(source: &Arc<Source>, loaded: &mut Loaded<T>) {
    let is_read = loaded
        .diagnostics
        .iter()
        .all(|diagnostic| !matches!(diagnostic.code, "syntax" | "too-large" | "too-deep"));
    if is_read {
        loaded.diagnostics.extend(forbidden::in_plain(source));
    }
}

fn too_large(source: &Arc<Source>) -> Option<Diagnostic> {
    (source.text.len() > MAX_BYTES).then(|| {
        Diagnostic::error(
            "too-large",
            format!("the file is longer than the limit, {MAX_BYTES} bytes"),
        )
        .at(Place::new(source, 0..0))
    })
}

/// What is nested deeper than the tree may be.
pub(crate) fn too_deep(place: Place) -> Diagnostic {
    let limit = crate::text::MAX_DEPTH;
    Diagnostic::error("too-deep", format!("nested more than {limit} deep here")).at(place)
}

/// Keeps the first hints of each rule; the last that is kept tells how many more there are.
fn limit_hints(diagnostics: &mut Vec<Diagnostic>) {
    let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
    let is_hint = |diagnostic: &Diagnostic| diagnostic.severity == crate::Severity::Hint;
    for diagnostic in diagnostics.iter().filter(|found| is_hint(found)) {
        *counts.entry(diagnostic.code).or_default() += 1;
    }
    counts.retain(|_, count| *count > MAX_HINTS);
    let mut kept: BTreeMap<&'static str, usize> = BTreeMap::new();
    diagnostics.retain_mut(|diagnostic| {
        let Some(count) = counts.get(diagnostic.code).filter(|_| is_hint(diagnostic)) else {
            return true;
        };
        let place = kept.entry(diagnostic.code).or_default();
        *place += 1;
        if *place == MAX_HINTS {
            let more = count - MAX_HINTS;
            diagnostic
                .hints
                .push(format!("the same is true of {more} more"));
        }
        *place <= MAX_HINTS
    });
}

/// Tells of papers that lack words once, at the first of them, where they are many: a list that
/// came from elsewhere has words for none.
fn fold_silence(diagnostics: &mut Vec<Diagnostic>) {
    let is_silence = |found: &Diagnostic| found.code == "missing-commentary";
    let papers = diagnostics.iter().filter(|found| is_silence(found)).count();
    if papers <= MAX_SILENT {
        return;
    }
    let mut is_told = false;
    diagnostics.retain_mut(|diagnostic| {
        if !is_silence(diagnostic) {
            return true;
        }
        let is_first = !std::mem::replace(&mut is_told, true);
        if is_first {
            diagnostic.label = Some(format!("nor of {} more", papers - 1));
        }
        is_first
    });
}

/// Puts findings in the order of the file, each once, as the series judges them.
fn arrange(diagnostics: &mut Vec<Diagnostic>, check: &crate::check::Check) {
    check.apply(diagnostics);
    diagnostics.sort_by_key(|diagnostic| {
        diagnostic
            .place
            .as_ref()
            .map(|place| (place.span.start, place.span.end))
    });
    diagnostics.dedup();
    limit_hints(diagnostics);
    fold_silence(diagnostics);
    if diagnostics.len() > MAX_FINDINGS {
        let dropped = diagnostics.len() - MAX_FINDINGS;
        // Errors are worth more than what they crowd out.
        diagnostics.sort_by_key(|diagnostic| std::cmp::Reverse(diagnostic.severity));
        diagnostics.truncate(MAX_FINDINGS);
        diagnostics.sort_by_key(|diagnostic| {
            diagnostic
                .place
                .as_ref()
                .map(|place| (place.span.start, place.span.end))
        });
        diagnostics.push(Diagnostic::warning(
            "too-large",
            format!("{dropped} more findings are left out"),
        ));
    }
}

#[cfg(test)]
mod mend_tests;
#[cfg(test)]
mod piece_tests;
#[cfg(test)]
mod tests;
