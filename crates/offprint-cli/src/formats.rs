//! The one list of output formats. A new format is a line here.

use offprint_core::Export;
use offprint_core::check::Rule;
use offprint_core::fields::Fields;
use offprint_epub::Epub;
use offprint_pdf::Pdf;
use offprint_rss::Rss;
use offprint_wechat::Wechat;

/// What the program knows of a format before it runs.
pub(crate) struct Format {
    /// The name on the command line.
    pub(crate) name: &'static str,
    /// Its table in `offprint.toml`.
    pub(crate) table: &'static str,
    /// Reads that table.
    pub(crate) read: fn(&mut Fields<'_, '_>) -> Box<dyn Export>,
    /// What it finds.
    pub(crate) rules: &'static [&'static [Rule]],
    /// For a format that makes one file per issue: how `ID/ID.…` ends, and its media type.
    pub(crate) per_issue: Option<(&'static str, &'static str)>,
}

/// All formats, in the order in which results are listed.
pub(crate) const ALL: &[Format] = &[
    Format {
        name: "rss",
        table: "feed",
        read: |fields| Box::new(Rss::read(fields)),
        rules: &[offprint_rss::RULES],
        per_issue: None,
    },
    Format {
        name: "epub",
        table: "epub",
        read: |fields| Box::new(Epub::read(fields)),
        rules: &[offprint_epub::RULES],
        per_issue: Some(("epub", offprint_epub::MEDIA_TYPE)),
    },
    Format {
        name: "pdf",
        table: "pdf",
        read: |fields| Box::new(Pdf::read(fields)),
        rules: &[offprint_pdf::RULES],
        per_issue: Some(("pdf", "application/pdf")),
    },
    Format {
        name: "wechat",
        table: "wechat",
        read: |fields| Box::new(Wechat::read(fields)),
        rules: &[offprint_wechat::RULES, offprint_wechat::preflight::NAMED],
        per_issue: None,
    },
];

/// What this program itself finds, beside what its libraries do.
pub(crate) const RULES: &[Rule] = &[
    Rule::warning(
        "left-out",
        "an issue with errors is left out of the feeds while another is built",
    ),
    Rule::warning(
        "lock-not-written",
        "`offprint.lock` cannot be written, so that what was published is not recorded",
    ),
    Rule::warning("no-issues", "a series has no issues where it says they are"),
    Rule::error("not-utf8", "a file is not UTF-8"),
    Rule::warning(
        "unchecked",
        "issues were not looked at, because their series cannot be read",
    ),
    Rule::error("unreadable", "a file cannot be read"),
    Rule::warning("wechat::changed", "WeChat changed a draft that was sent"),
    Rule::error("wechat::edited", "a draft was changed in WeChat's console"),
    Rule::error(
        "wechat::empty-article",
        "an article of a draft holds nothing",
    ),
    Rule::error(
        "wechat::foreign-picture",
        "a picture of a draft lies on another site",
    ),
    Rule::warning(
        "wechat::forgotten",
        "what was sent to WeChat before is no longer known",
    ),
    Rule::error(
        "wechat::image-type",
        "a picture of a draft is of a kind that WeChat does not take",
    ),
    Rule::error(
        "wechat::long-address",
        "the address of a draft's source is longer than WeChat takes",
    ),
    Rule::error(
        "wechat::long-author",
        "the author's name of a draft is longer than WeChat takes",
    ),
    Rule::error(
        "wechat::long-digest",
        "the summary of a draft is longer than WeChat takes",
    ),
    Rule::error("wechat::no-cover", "a draft has no cover"),
    Rule::error("wechat::no-title", "an article of a draft has no title"),
];

/// All rules but those of the core.
pub(crate) fn rules() -> Vec<&'static [Rule]> {
    let of_formats = ALL.iter().flat_map(|format| format.rules.iter().copied());
    of_formats.chain([RULES]).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_rule_is_listed_twice() {
        let mut names = BTreeSet::new();
        let all = rules().into_iter().chain([offprint_core::check::RULES]);
        for rule in all.flatten() {
            assert!(names.insert(rule.name), "{}", rule.name);
        }
    }
}
