//! What papers and issues that were read could be better at.

use std::ops::Range;

use super::decode::Reading;
use super::names;
use crate::chars::is_han;
use crate::diagnostic::{Diagnostic, Place};
use crate::fields::{Fields, Node, NodeValue};
use crate::model::{Issue, Lang, LinkKind, Paper, Status};
use crate::text::{Text, for_each_link, plain, plain_text};

/// What a page of a printed hand-out holds: Han characters, and words of other scripts.
const LONG: usize = 1_000;
/// So many letters without a Han character are no Chinese text.
const NO_CHINESE: usize = 200;
/// So many Han characters are no name or two.
const SOME_CHINESE: usize = 50;

/// So many letters tell the language of an issue.
const ENOUGH: usize = 50_000;

/// Sites of code, where a repository has two names.
const CODE_SITES: &[&str] = &[
    "https://github.com/",
    "http://github.com/",
    "https://gitlab.com/",
    "https://gitee.com/",
    "https://codeberg.org/",
    "https://bitbucket.org/",
];

/// What is said of code that is there, in lower case.
const CODE_WORDS: &[&str] = &[
    "代码已开源",
    "代码已公开",
    "代码已经开源",
    "代码开源",
    "开源了代码",
    "公开了代码",
    "源码已开源",
    "code is available",
    "code available at",
    "code is publicly available",
    "code has been released",
    "code is released",
];

impl Reading<'_> {
    /// Says what is to be said of a paper, and notes what the series is to know of it.
    pub(super) fn judge_paper(&mut self, paper: &Paper, at: &Place, fields: &mut Fields<'_, '_>) {
        self.note_tags(paper.tags.iter().map(String::as_str), fields);
        if paper.status == Some(Status::Submitted)
            && let Some(node) = fields.node(names::STATUS)
        {
            self.under_review.push((node.span.clone(), paper.date));
        }
        let commentary = plain_text(&paper.commentary);
        if length(&commentary) > LONG {
            let message = format!("this commentary is longer than {LONG} characters or words");
            let hint = "say in a few sentences why the paper is worth reading";
            let remark = Diagnostic::remark("long-commentary", message).at(at.clone());
            fields.report(remark.hint(hint));
        }
        judge_code(paper, &commentary, at, fields);
        judge_lang(paper, fields);
    }

    /// Notes where tags stand; the first place of each is enough.
    pub(super) fn note_tags<'t>(
        &mut self,
        tags: impl IntoIterator<Item = &'t str>,
        fields: &mut Fields<'_, '_>,
    ) {
        let Some(node) = fields.node(names::TAGS) else {
            return;
        };
        for tag in tags {
            if !self.tags.contains_key(tag) {
                let span = word_in(&fields.source().text, node, tag);
                self.tags.insert(tag.to_owned(), span);
            }
        }
    }
}

/// Says what is to be said of an issue that was read.
pub(super) fn judge_issue(issue: &Issue, fields: &mut Fields<'_, '_>, head: Range<usize>) {
    // Titles of papers and their abstracts are in the papers' languages.
    let own = issue.sections.iter().flat_map(|section| {
        let commentaries = section.papers.iter().map(|paper| &paper.commentary);
        std::iter::once(&section.intro).chain(commentaries)
    });
    let own = std::iter::once(&issue.intro).chain(own);
    let texts = own.map(|text| plain_text(text));
    let (mut han, mut letters) = (0, 0);
    for text in std::iter::once(issue.title.clone()).chain(texts) {
        let all = text.chars().filter(|character| character.is_alphabetic());
        let own = all.clone().filter(|&character| is_han(character)).count();
        han += own;
        letters += all.count() - own;
        if han + letters > ENOUGH {
            break;
        }
    }
    let message = match primary(&issue.lang).as_str() {
        "zh" if han == 0 && letters >= NO_CHINESE => "the issue has no Chinese character",
        "zh" | "ja" | "ko" | "yue" | "und" => return,
        _ if han >= SOME_CHINESE && han * 2 > letters => "most of the issue is Chinese",
        _ => return,
    };
    let at = fields
        .node(names::LANG)
        .map_or(head, |node| node.span.clone());
    let at = Place::new(fields.source(), at);
    fields.report(
        Diagnostic::warning("lang-mismatch", message)
            .at(at)
            .label(format!("its language is `{}`", issue.lang.as_str()))
            .hint("`lang` is the language of your own words: it decides line breaks and fonts"),
    );
}

/// The language of a paper against its title.
fn judge_lang(paper: &Paper, fields: &mut Fields<'_, '_>) {
    let Some(lang) = &paper.lang else {
        return;
    };
    let title = plain(&paper.title);
    let han = title.chars().filter(|&character| is_han(character)).count();
    let others = title.chars().filter(|character| character.is_alphabetic());
    let letters = others.count() - han;
    let words = title.split_whitespace().count();
    let message = match primary(lang).as_str() {
        "zh" if han == 0 && letters > 0 && words >= 3 => "the title has no Chinese character",
        "zh" | "ja" | "ko" | "yue" | "und" => return,
        _ if han >= 4 && han * 2 > letters => "the title is Chinese",
        _ => return,
    };
    let Some(node) = fields.node(names::LANG) else {
        return;
    };
    let at = fields.place_of(node);
    fields.report(
        Diagnostic::warning("lang-mismatch", message)
            .at(at)
            .label(format!("the paper's language is `{}`", lang.as_str()))
            .hint("`lang` of a paper is the language that it is written in"),
    );
}

fn primary(lang: &Lang) -> String {
    let primary = lang.as_str().split('-').next().unwrap_or_default();
    primary.to_ascii_lowercase()
}

/// A text that speaks of code, where the paper has no link to any.
fn judge_code(paper: &Paper, commentary: &str, at: &Place, fields: &mut Fields<'_, '_>) {
    let has_link = |wanted: LinkKind| paper.links.iter().any(|(kind, _)| *kind == wanted);
    let leads_to_code = |url: &String| repository(url).is_some();
    if has_link(LinkKind::Code)
        || has_link(LinkKind::Project)
        || paper.url.as_ref().is_some_and(leads_to_code)
    {
        return;
    }
    let remark = |message: &str| Diagnostic::remark("no-code-link", message).at(at.clone());
    let found = linked_code(&paper.commentary).or_else(|| linked_code(&paper.abstract_text));
    if let Some(url) = found {
        let hint = format!("add `code: {}` (代码)", super::shown(&url));
        fields.report(remark("the text links to code, and the paper has no `code`").hint(hint));
        return;
    }
    let speaks = |text: &str| {
        let text = text.to_lowercase();
        CODE_WORDS.iter().any(|words| text.contains(words))
    };
    if speaks(commentary) || speaks(&plain_text(&paper.abstract_text)) {
        let hint = "add its address as `code` (代码), so that readers find it";
        fields.report(remark("the text speaks of code, and the paper has no `code`").hint(hint));
    }
}

/// The first address of a repository that a text links to.
fn linked_code(text: &Text) -> Option<String> {
    let mut found = None;
    for_each_link(text, &mut |url| {
        if found.is_none() {
            found = repository(url).map(str::to_owned);
        }
    });
    found
}

/// An address that is a repository's.
fn repository(url: &str) -> Option<&str> {
    let path = CODE_SITES.iter().find_map(|site| url.strip_prefix(site))?;
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let names = path.split('/').filter(|name| !name.is_empty());
    (names.count() == 2).then_some(url)
}

/// How long a text is: Han characters, and words of other scripts.
fn length(text: &str) -> usize {
    let mut length = 0;
    let mut in_word = false;
    for character in text.chars() {
        let goes_on = character.is_alphanumeric() && !is_han(character);
        length += usize::from(is_han(character) || goes_on && !in_word);
        in_word = goes_on;
    }
    length
}

/// Where a word stands in a value as a word of its own, or the value.
fn word_in(text: &str, node: &Node, word: &str) -> Range<usize> {
    if let NodeValue::List(nodes) = &node.value {
        let has_word = |node: &&Node| {
            let written = text.get(node.span.clone()).unwrap_or_default();
            occurrence(written, word).is_some()
        };
        if let Some(node) = nodes.iter().find(has_word) {
            return word_in(text, node, word);
        }
    }
    let written = text.get(node.span.clone()).unwrap_or_default();
    match occurrence(written, word) {
        Some(at) => node.span.start + at..node.span.start + at + word.len(),
        None => node.span.clone(),
    }
}

fn occurrence(written: &str, word: &str) -> Option<usize> {
    let is_apart = |at: &usize| {
        let before = written.get(..*at).and_then(|text| text.chars().next_back());
        let after = written
            .get(at + word.len()..)
            .and_then(|text| text.chars().next());
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    };
    let mut found = written.match_indices(word).map(|(at, _)| at);
    found.find(is_apart).filter(|_| !word.is_empty())
}
