//! What an issue must hold to, rule by rule.

pub mod date;
pub mod identifier;
pub mod path;
pub mod url;

use crate::diagnostic::{Diagnostic, Severity, did_you_mean};

/// A named rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Its name, the `code` of its diagnostics.
    pub name: &'static str,
    /// How it is reported unless `[check]` says otherwise.
    pub severity: Severity,
    /// What it looks for, one line.
    pub about: &'static str,
}

const fn error(name: &'static str, about: &'static str) -> Rule {
    Rule {
        name,
        severity: Severity::Error,
        about,
    }
}

const fn warning(name: &'static str, about: &'static str) -> Rule {
    Rule {
        name,
        severity: Severity::Warning,
        about,
    }
}

/// All rules of loading, ordered by name. Formats have their own, named `format::rule`.
pub const RULES: &[Rule] = &[
    error("bad-arxiv", "an arXiv identifier is ill-formed"),
    error(
        "bad-date",
        "a date is not in the calendar, or not in ISO 8601 form",
    ),
    error("bad-doi", "a DOI is ill-formed"),
    error("bad-email", "an e-mail address is ill-formed"),
    error("bad-id", "an id is no slug"),
    error("bad-isbn", "an ISBN is ill-formed or mistyped"),
    error("bad-issn", "an ISSN is ill-formed or mistyped"),
    error("bad-lang", "a language tag is ill-formed (BCP 47)"),
    error("bad-lock", "`offprint.lock` cannot be read"),
    error("bad-openreview", "an OpenReview identifier is ill-formed"),
    error("bad-orcid", "an ORCID iD is ill-formed"),
    error("bad-pmid", "a PubMed identifier is ill-formed"),
    error("bad-timezone", "no time zone has this name"),
    error(
        "bad-url",
        "an address is no absolute http, https or mailto URL",
    ),
    error(
        "broken-bibliography",
        "a bibliography is missing, damaged, or outside the project's folder",
    ),
    error(
        "broken-font",
        "a font is missing, damaged, or has not what the settings name",
    ),
    error(
        "broken-image",
        "a picture is missing, damaged, or outside the project's folder",
    ),
    error(
        "cover-alt",
        "the cover has no text for those who do not see it",
    ),
    warning(
        "date-order",
        "an issue is dated before the one that its number follows",
    ),
    error("duplicate-field", "a field stands in a table twice"),
    error("duplicate-footnote", "a footnote is defined twice"),
    error(
        "duplicate-id",
        "two papers, sections or issues have the same id",
    ),
    warning(
        "duplicate-number",
        "two issues of a series have the same number",
    ),
    warning("duplicate-paper", "a paper stands in an issue twice"),
    warning("empty-section", "a section holds nothing"),
    warning(
        "et-al-in-authors",
        "a list of authors breaks off with et al.",
    ),
    error("font-licence", "the maker of a font forbids to embed it"),
    warning(
        "forbidden-character",
        "a character that XML forbids, or a control character, is left out",
    ),
    warning("heading-level", "a heading has no place in the outline"),
    error(
        "id-changed",
        "what was published has another identifier: readers would get it again",
    ),
    warning(
        "missing-alt",
        "a picture has no text for those who do not see it",
    ),
    warning("missing-commentary", "nothing is said of a paper"),
    error("missing-date", "an issue has no date"),
    error("missing-lang", "neither issue nor series names a language"),
    error("missing-title", "an issue, section or paper has no title"),
    error("missing-url", "a paper has neither address nor identifier"),
    Rule {
        name: "no-effect",
        severity: Severity::Hint,
        about: "a setting is known but does nothing yet",
    },
    warning("number-gap", "a number of a series is left out"),
    warning("raw-html", "HTML in Markdown is shown as text"),
    error("remote-image", "a picture lies on another site"),
    warning("repeated-paper", "a paper was in an earlier issue"),
    error("syntax", "a file cannot be read"),
    warning(
        "title-case-differs",
        "a title and the bibliography's differ in capital letters",
    ),
    error("too-deep", "lists, quotes or tables are nested too deeply"),
    error("too-large", "a file, title or text is over its limit"),
    error(
        "undefined-footnote",
        "a footnote is referred to and not defined",
    ),
    error("unknown-cite", "a key stands in no bibliography"),
    warning("unknown-field", "a field means nothing where it stands"),
    warning("unknown-rule", "`[check]` names a rule that does not exist"),
    error("unknown-schema", "a file is written for a later version"),
    error("unknown-value", "a field has none of its values"),
    warning(
        "unused-footnote",
        "a footnote is defined and not referred to",
    ),
    warning("vanished", "an issue or a paper that was published is gone"),
    error("wrong-type", "a value is of the wrong kind"),
];

/// Rules that are documented and wait for the part of the program they look at.
pub(crate) const PLANNED: &[&str] = &[
    "arxiv-pdf-link",
    "bare-url-cjk",
    "contrast",
    "future-date",
    "heading-skip",
    "http-link",
    "image-too-large",
    "lang-mismatch",
    "long-commentary",
    "long-title",
    "math-error",
    "missing-glyph",
    "mixed-width-punctuation",
    "no-code-link",
    "no-license",
    "no-space-cjk-latin",
    "stale-status",
    "tag-once",
    "tracking-parameter",
    "unused-image",
    "url-no-scheme",
];

/// What `[check]` changes.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct Check {
    /// Rules whose findings are errors.
    pub deny: Vec<String>,
    /// Rules whose warnings and hints are dropped. The one error that can be allowed is
    /// `remote-image`, which becomes a warning: the picture gives way to a link.
    pub allow: Vec<String>,
    /// How far back `repeated-paper` looks.
    pub repeat_window: RepeatWindow,
}

/// The issues in which a paper may not have been.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub enum RepeatWindow {
    /// All earlier ones.
    #[default]
    All,
    /// So many before its own.
    Last(u32),
    /// None.
    Off,
}

impl Check {
    /// Whether pictures on other sites only warn.
    #[must_use]
    pub fn allows_remote_images(&self) -> bool {
        self.allow.iter().any(|rule| rule == "remote-image")
    }

    /// Raises and drops findings as `[check]` says. Exporters' warnings may go through it too.
    pub fn apply(&self, diagnostics: &mut Vec<Diagnostic>) {
        diagnostics.retain(|diagnostic| {
            diagnostic.severity == Severity::Error
                || diagnostic.code == "remote-image"
                || !self.allow.iter().any(|rule| rule == diagnostic.code)
        });
        for diagnostic in diagnostics {
            if self.deny.iter().any(|rule| rule == diagnostic.code) {
                diagnostic.severity = Severity::Error;
            }
        }
    }
}

/// What is wrong with naming `name` in `[check]`; `allowed` when it stands under `allow`.
pub(crate) fn judge_rule_name(name: &str, allowed: bool) -> Option<Diagnostic> {
    if name.contains("::") {
        return None;
    }
    if PLANNED.contains(&name) {
        let message = format!("the rule `{name}` has no effect yet");
        return Some(Diagnostic::remark("no-effect", message));
    }
    match RULES.iter().find(|rule| rule.name == name) {
        Some(rule)
            if allowed && rule.severity == Severity::Error && rule.name != "remote-image" =>
        {
            Some(
                Diagnostic::warning(
                    "unknown-rule",
                    format!("`{name}` is an error and cannot be allowed"),
                )
                .hint("only warnings, hints and `remote-image` can be allowed"),
            )
        }
        Some(_) => None,
        None => {
            let diagnostic =
                Diagnostic::warning("unknown-rule", format!("there is no rule `{name}`"));
            let names = RULES.iter().map(|rule| rule.name);
            Some(match did_you_mean(name, names) {
                Some(near) => diagnostic.label(format!("did you mean `{near}`?")),
                None => diagnostic,
            })
        }
    }
}
