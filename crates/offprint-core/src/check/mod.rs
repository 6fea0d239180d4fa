//! What an issue must hold to, rule by rule.

pub mod date;
pub mod identifier;
pub(crate) mod link;
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
    /// The rule that this one is a case of: who names that in `[check]` names this too.
    pub case_of: Option<&'static str>,
}

impl Rule {
    /// A rule whose findings stop a build.
    #[must_use]
    pub const fn error(name: &'static str, about: &'static str) -> Self {
        Self::new(name, Severity::Error, about)
    }

    /// A rule whose findings the author should look at.
    #[must_use]
    pub const fn warning(name: &'static str, about: &'static str) -> Self {
        Self::new(name, Severity::Warning, about)
    }

    /// A rule whose findings are worth knowing.
    #[must_use]
    pub const fn hint(name: &'static str, about: &'static str) -> Self {
        Self::new(name, Severity::Hint, about)
    }

    /// A rule of any severity.
    #[must_use]
    pub const fn new(name: &'static str, severity: Severity, about: &'static str) -> Self {
        Self {
            name,
            severity,
            about,
            case_of: None,
        }
    }

    /// The same rule as a case of another.
    #[must_use]
    pub const fn case_of(self, general: &'static str) -> Self {
        Self {
            case_of: Some(general),
            ..self
        }
    }
}

/// All rules of loading and of series, ordered by name. Formats have their own, most of them
/// named `format::rule`.
pub const RULES: &[Rule] = &[
    Rule::warning(
        "arxiv-pdf-link",
        "the address of a paper is that of a PDF at arXiv, not of its page",
    ),
    Rule::error("bad-arxiv", "an arXiv identifier is ill-formed"),
    Rule::error("bad-color", "a colour of the settings is ill-formed"),
    Rule::error(
        "bad-date",
        "a date is not in the calendar, or not in ISO 8601 form",
    ),
    Rule::error("bad-doi", "a DOI is ill-formed"),
    Rule::error("bad-email", "an e-mail address is ill-formed"),
    Rule::error("bad-id", "an id is no slug"),
    Rule::error("bad-isbn", "an ISBN is ill-formed or mistyped"),
    Rule::error("bad-issn", "an ISSN is ill-formed or mistyped"),
    Rule::error("bad-lang", "a language tag is ill-formed (BCP 47)"),
    Rule::error("bad-lock", "`offprint.lock` cannot be read"),
    Rule::error("bad-openreview", "an OpenReview identifier is ill-formed"),
    Rule::error("bad-orcid", "an ORCID iD is ill-formed"),
    Rule::error("bad-pmid", "a PubMed identifier is ill-formed"),
    Rule::error("bad-timezone", "no time zone has this name"),
    Rule::error(
        "bad-url",
        "an address is no absolute http, https or mailto URL",
    ),
    Rule::warning("bare-url-cjk", "an address runs into Chinese text"),
    Rule::error(
        "broken-bibliography",
        "a bibliography is missing, damaged, or outside the project's folder",
    ),
    Rule::error(
        "broken-font",
        "a font is missing, damaged, or has not what the settings name",
    ),
    Rule::error(
        "broken-image",
        "a picture is missing, damaged, or outside the project's folder",
    ),
    Rule::warning(
        "contrast",
        "a colour of the settings is hard to read on its ground",
    ),
    Rule::error(
        "cover-alt",
        "the cover has no text for those who do not see it",
    ),
    Rule::warning(
        "date-order",
        "an issue is dated before the one that its number follows",
    ),
    Rule::error("duplicate-field", "a field stands in a table twice"),
    Rule::error("duplicate-footnote", "a footnote is defined twice"),
    Rule::error(
        "duplicate-id",
        "two papers, sections or issues have the same id",
    ),
    Rule::warning(
        "duplicate-number",
        "two issues of a series have the same number",
    ),
    Rule::warning("duplicate-paper", "a paper stands in an issue twice"),
    Rule::warning("empty-section", "a section holds nothing"),
    Rule::warning(
        "et-al-in-authors",
        "a list of authors breaks off with et al.",
    ),
    Rule::error("font-licence", "the maker of a font forbids to embed it"),
    Rule::error(
        "footnote",
        "a text of the settings has a footnote, which nothing would hold",
    ),
    Rule::warning(
        "forbidden-character",
        "a character that XML forbids, or a control character, is left out",
    ),
    Rule::warning(
        "future-date",
        "an issue that is no draft is dated after today; `check` alone tells",
    ),
    Rule::warning("heading-level", "a heading has no place in the outline"),
    Rule::warning(
        "heading-skip",
        "a heading in a text is more than one level below the one above it",
    ),
    Rule::warning(
        "http-link",
        "an address begins with http, and its host is known to serve https",
    ),
    Rule::error(
        "id-changed",
        "what was published has another identifier: readers would get it again",
    ),
    Rule::warning(
        "image-too-large",
        "a picture has more than the 10 MB that WeChat takes, or those of an issue more than 50 MB; `check` alone tells",
    ),
    Rule::warning(
        "lang-mismatch",
        "a text is not in the language that is named for it",
    ),
    Rule::hint("long-commentary", "a commentary is longer than a page"),
    Rule::warning(
        "long-title",
        "a title of an issue has more than the 64 characters that WeChat takes; `check` alone tells",
    ),
    Rule::error("math-error", "a formula cannot be read"),
    Rule::warning(
        "missing-alt",
        "a picture has no text for those who do not see it",
    ),
    Rule::warning("missing-commentary", "nothing is said of a paper"),
    Rule::error("missing-date", "an issue has no date"),
    Rule::error("missing-lang", "neither issue nor series names a language"),
    Rule::error("missing-title", "an issue, section or paper has no title"),
    Rule::error("missing-url", "a paper has neither address nor identifier"),
    Rule::warning(
        "mixed-width-punctuation",
        "a half-width mark stands between Chinese characters, or a pair of brackets has two widths",
    ),
    Rule::hint(
        "no-code-link",
        "a text speaks of code that the paper has no link to",
    ),
    Rule::hint("no-effect", "a setting is known but does nothing yet"),
    Rule::warning(
        "no-license",
        "neither series nor issue says what readers may do with it; `check` alone tells",
    ),
    Rule::hint(
        "no-space-cjk-latin",
        "Chinese and Latin words touch each other in some places and not in others",
    ),
    Rule::warning("number-gap", "a number of a series is left out"),
    Rule::warning("raw-html", "HTML in Markdown is shown as text"),
    Rule::error("remote-image", "a picture lies on another site"),
    Rule::warning("repeated-paper", "a paper was in an earlier issue"),
    Rule::warning(
        "stale-status",
        "a paper is under review for more than a year; `check` alone tells",
    ),
    Rule::error("syntax", "a file cannot be read"),
    Rule::hint(
        "tag-once",
        "a tag stands in one issue only and is nearly another",
    ),
    Rule::warning(
        "title-case-differs",
        "a title and the bibliography's differ in capital letters",
    ),
    Rule::error("too-deep", "lists, quotes or tables are nested too deeply"),
    Rule::error("too-large", "a file, title or text is over its limit"),
    Rule::warning(
        "tracking-parameter",
        "an address carries what tells its owner where readers come from",
    ),
    Rule::error(
        "undefined-footnote",
        "a footnote is referred to and not defined",
    ),
    Rule::error("unknown-cite", "a key stands in no bibliography"),
    Rule::warning("unknown-field", "a field means nothing where it stands"),
    Rule::warning("unknown-rule", "`[check]` names a rule that does not exist"),
    Rule::error("unknown-schema", "a file is written for a later version"),
    Rule::error("unknown-value", "a field has none of its values"),
    Rule::warning(
        "unused-footnote",
        "a footnote is defined and not referred to",
    ),
    Rule::warning(
        "unused-image",
        "a picture lies beside the issues and none names it; `check` alone tells",
    ),
    Rule::warning("url-no-scheme", "an address begins with its host"),
    Rule::warning("vanished", "an issue or a paper that was published is gone"),
    Rule::error("wrong-type", "a value is of the wrong kind"),
];

/// What `[check]` changes.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct Check {
    /// The codes of findings that are errors.
    pub deny: Vec<String>,
    /// The codes of warnings and hints that are dropped. The one error that can be allowed is
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

/// What a name in `[check]` stands for.
#[derive(Debug, Default)]
pub(crate) struct Named {
    /// The codes of the findings that it names.
    pub(crate) codes: Vec<&'static str>,
    /// What is wrong with naming it.
    pub(crate) fault: Option<Diagnostic>,
}

/// What naming `name` in `[check]` means, where `formats` are the rules of those that read the
/// rest of the settings; `allowed` when it stands under `allow`.
pub(crate) fn named(name: &str, allowed: bool, formats: &[&[Rule]]) -> Named {
    let all = || RULES.iter().chain(formats.iter().copied().flatten());
    let rules: Vec<&Rule> = all()
        .filter(|rule| rule.name == name || rule.case_of == Some(name))
        .collect();
    let fault = if rules.is_empty() {
        let names = all().flat_map(|rule| std::iter::once(rule.name).chain(rule.case_of));
        let unknown = Diagnostic::warning("unknown-rule", format!("there is no rule `{name}`"));
        Some(match did_you_mean(name, names) {
            Some(near) => unknown.label(format!("did you mean `{near}`?")),
            None => unknown.hint("`offprint explain` lists all rules"),
        })
    } else {
        let is_error = |rule: &&Rule| rule.severity == Severity::Error;
        let is_refused = allowed && name != "remote-image" && rules.iter().all(is_error);
        is_refused.then(|| {
            Diagnostic::warning(
                "unknown-rule",
                format!("`{name}` is an error and cannot be allowed"),
            )
            .hint("only warnings, hints and `remote-image` can be allowed")
        })
    };
    Named {
        codes: rules.into_iter().map(|rule| rule.name).collect(),
        fault,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORMAT: &[Rule] = &[
        Rule::warning("pdf::missing-glyph", "no font has a character").case_of("missing-glyph"),
        Rule::error("pdf::too-deep", "…"),
    ];

    #[test]
    fn rules_are_ordered() {
        assert!(RULES.is_sorted_by(|one, other| one.name < other.name));
    }

    #[test]
    fn a_general_name_stands_for_the_rules_of_formats() {
        let named = named("missing-glyph", true, &[FORMAT]);
        assert_eq!(named.codes, ["pdf::missing-glyph"]);
        assert_eq!(named.fault, None);
    }

    #[test]
    fn a_misspelt_rule_of_a_format_is_told() {
        let fault = named("pdf::mising-glyph", false, &[FORMAT]).fault.unwrap();
        assert_eq!(fault.code, "unknown-rule");
        assert_eq!(
            fault.label.as_deref(),
            Some("did you mean `pdf::missing-glyph`?")
        );
        let fault = named("pdf::too-deep", true, &[FORMAT]).fault.unwrap();
        assert!(fault.message.contains("cannot be allowed"));
    }
}
