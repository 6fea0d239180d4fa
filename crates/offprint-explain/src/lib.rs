//! A page for every code that a diagnostic can carry: what it means, why it matters, how to
//! mend it, and an example, in English and Chinese.
//!
//! Pages are written in `pages/*.md`, a file a subject. A page begins with `# code`; labelled
//! lines follow, then fenced examples:
//!
//! | Line | |
//! |---|---|
//! | `severity: error` | how it is reported unless `[check]` says otherwise: `error`, `warning`, `hint` |
//! | `what:`, `why:`, `mend:` | the page in English, a paragraph each |
//! | `说明:`, `原因:`, `改法:` | the same in Chinese |
//! | `fix: yes` | `offprint check --fix` can mend it |
//! | `untested: …` | why there is no example that a test could run |
//!
//! Before the first page, `group:` and `分类:` name the subject. A fence's info string is
//! `wrong`, `right` or `both` and what the text is: a file by its path, or the part of a file
//! that [`Snippet::of`] tells of. Tests put the wrong example through the program, which must
//! report this code and no other error, and the right one, which must not be reported.

mod read;

use std::borrow::Cow;

use offprint_core::Severity;
use offprint_core::words::Words;
use offprint_wechat::preflight;

/// What one code means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The `code` of the diagnostics that it is about.
    pub code: &'static str,
    /// What it belongs to, for tables of contents.
    pub group: &'static str,
    /// How it is reported unless `[check]` says otherwise.
    pub severity: Severity,
    /// What it says, one sentence.
    pub what: Cow<'static, str>,
    /// Whom it hurts, and how.
    pub why: Cow<'static, str>,
    /// What to do.
    pub mend: Cow<'static, str>,
    /// Whether `offprint check --fix` can mend it.
    pub has_fix: bool,
    /// What is written wrong, and right. Empty where [`Page::untested`] says why.
    pub snippets: Vec<Snippet>,
    /// Why there is no example.
    pub untested: Option<&'static str>,
}

/// A piece of an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Snippet {
    /// Which example it belongs to.
    pub side: Side,
    /// What it is: a file by its path, or one of the words `facts` (lines of an issue's front
    /// matter), `body` and `body-zh` (what follows it, in English and Chinese), `paper` (a paper's list of fields), `series` (lines
    /// of `offprint.toml`), `html` (a WeChat article), `command` (what is run, `offprint
    /// check` unless it is given), `picture PATH WIDTHxHEIGHT`.
    pub of: &'static str,
    /// The text, with its last line end.
    pub text: &'static str,
}

impl Snippet {
    /// Whether it is a picture, which has no text to show.
    #[must_use]
    pub fn is_picture(&self) -> bool {
        self.of.starts_with("picture ")
    }
}

/// Which example a [`Snippet`] belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The one that is reported.
    Wrong,
    /// The one that is not.
    Right,
    /// Both.
    Both,
}

/// The page of a code.
#[must_use]
pub fn page(code: &str, words: Words) -> Option<Page> {
    all(words).into_iter().find(|page| page.code == code)
}

/// All pages, by subject and then in the order of their codes.
#[must_use]
pub fn all(words: Words) -> Vec<Page> {
    let mut pages = Vec::new();
    for text in FILES {
        let (file, _) = read::file(text);
        let mut of_file: Vec<Page> = file
            .pages
            .iter()
            .filter_map(|raw| page_of(raw, &file, words))
            .collect();
        of_file.sort_by_key(|page| page.code);
        pages.append(&mut of_file);
    }
    pages
}

const FILES: &[&str] = &[
    include_str!("../pages/file.md"),
    include_str!("../pages/issue.md"),
    include_str!("../pages/paper.md"),
    include_str!("../pages/text.md"),
    include_str!("../pages/pictures.md"),
    include_str!("../pages/series.md"),
    include_str!("../pages/settings.md"),
    include_str!("../pages/feed.md"),
    include_str!("../pages/epub.md"),
    include_str!("../pages/pdf.md"),
    include_str!("../pages/wechat.md"),
    include_str!("../pages/preflight.md"),
    include_str!("../pages/bib.md"),
    include_str!("../pages/import.md"),
    include_str!("../pages/command.md"),
];

/// A page in one language; `None` where a part of it is missing.
fn page_of(raw: &read::Raw, file: &read::File, words: Words) -> Option<Page> {
    let rule = preflight::RULES.iter().find(|rule| rule.code == raw.code);
    let is_english = words == Words::English;
    let said = |english: Option<&'static str>, chinese: Option<&'static str>| {
        if is_english { english } else { chinese }
    };
    let what = said(raw.what, raw.what_zh).map(Cow::from);
    let mend = said(raw.mend, raw.mend_zh).map(Cow::from);
    let why = said(raw.why, raw.why_zh).map(Cow::from);
    // What WeChat does stands beside its rules, in English.
    let told = rule.filter(|_| is_english);
    Some(Page {
        code: raw.code,
        group: said(file.group, file.group_zh)?,
        severity: raw.severity.or_else(|| severity_of(raw.code))?,
        what: what.or_else(|| told.map(|rule| sentence(rule.effect)))?,
        why: why.or_else(|| rule.map(|rule| channels(rule, words)))?,
        mend: mend.or_else(|| told.map(|rule| sentence(rule.remedy)))?,
        has_fix: raw.has_fix,
        snippets: raw.snippets.clone(),
        untested: raw.untested,
    })
}

/// How a rule of WeChat's is reported.
fn severity_of(code: &str) -> Option<Severity> {
    let rule = preflight::NAMED.iter().find(|rule| rule.name == code);
    rule.map(|rule| rule.severity)
}

/// Where a rule of WeChat's holds.
fn channels(rule: &preflight::Rule, words: Words) -> Cow<'static, str> {
    let said = match (words, rule.paste, rule.draft) {
        (Words::English, true, false) => {
            "It holds for articles that are pasted into WeChat's editor. Articles made with the \
             built-in themes and templates keep to it; a theme, template or HTML of your own may \
             not."
        }
        (Words::English, false, _) => {
            "It holds for drafts that are sent by `offprint publish wechat`. Articles made with \
             the built-in themes and templates keep to it; a theme, template or HTML of your own \
             may not."
        }
        (Words::English, true, true) => {
            "It holds for articles that are pasted into WeChat's editor and for drafts that are \
             sent. Articles made with the built-in themes and templates keep to it; a theme, \
             template or HTML of your own may not."
        }
        (Words::Chinese, true, false) => {
            "适用于粘贴到公众号编辑器的文章。内置主题和模板生成的文章都守这条规则；自己写的主题、模板或 HTML 则未必。"
        }
        (Words::Chinese, false, _) => {
            "适用于由 `offprint publish wechat` 送进草稿箱的文章。内置主题和模板生成的文章都守这条规则；自己写的主题、模板或 HTML 则未必。"
        }
        (Words::Chinese, true, true) => {
            "粘贴到公众号编辑器的文章和送进草稿箱的文章都适用。内置主题和模板生成的文章都守这条规则；自己写的主题、模板或 HTML 则未必。"
        }
    };
    Cow::from(said)
}

/// A clause as a sentence.
fn sentence(clause: &str) -> Cow<'static, str> {
    let mut characters = clause.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    let sentence: String = first.into_iter().chain(characters).chain(['.']).collect();
    Cow::from(sentence)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use offprint_core::check::RULES;

    use super::*;

    #[test]
    fn pages_are_well_formed_and_complete_in_both_languages() {
        let mut codes = BTreeSet::new();
        for text in FILES {
            let (file, faults) = read::file(text);
            assert_eq!(faults, Vec::<String>::new());
            for raw in &file.pages {
                assert!(codes.insert(raw.code), "{} has two pages", raw.code);
                for words in [Words::English, Words::Chinese] {
                    assert!(
                        page_of(raw, &file, words).is_some(),
                        "the page of {} lacks something in {words:?}",
                        raw.code
                    );
                }
            }
        }
    }

    #[test]
    fn a_page_has_an_example_or_says_why_not() {
        for page in all(Words::English) {
            let has = |side| page.snippets.iter().any(|snippet| snippet.side == side);
            assert_eq!(
                has(Side::Wrong),
                page.untested.is_none(),
                "{}: wrong",
                page.code
            );
            assert_eq!(has(Side::Right), has(Side::Wrong), "{}: right", page.code);
        }
    }

    #[test]
    fn chinese_pages_are_chinese() {
        for page in all(Words::Chinese) {
            for text in [&page.what, &page.why, &page.mend] {
                assert!(
                    text.chars().any(offprint_core::chars::is_han),
                    "{}: {text}",
                    page.code
                );
            }
        }
    }

    #[test]
    fn severities_are_those_of_the_rules() {
        for page in all(Words::English) {
            let rules = [
                RULES,
                offprint_rss::RULES,
                offprint_epub::RULES,
                offprint_pdf::RULES,
                offprint_wechat::RULES,
            ];
            let mut rules = rules.into_iter().flatten();
            if let Some(rule) = rules.find(|rule| rule.name == page.code) {
                assert_eq!(page.severity, rule.severity, "{}", page.code);
            }
        }
    }
}
