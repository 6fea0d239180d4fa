//! What WeChat's editor, its interface for drafts or its phones would drop, rewrite or refuse
//! in an article.
//!
//! The rules were gathered from WeChat's specification of articles and its checker
//! (`wechatjs/verify-article-structure-spec`), from the practice that it advises for dark mode
//! (`wechatjs/mp-darkmode`), from the documentation of its interface (`draft/add`,
//! `media/uploadimg`) and from what became of articles that were saved. They are named
//! `group.rule`, as in `tag.div`. They judge the HTML that was really made, whatever made it.
//!
//! There is no layout here: where the checker measures, as with widths and lines, rules look at
//! what is written.

mod address;
mod drawing;
mod lint;
mod names;
mod rules;
mod style;
mod words;

use std::ops::Range;

use crate::html::{Token, Tokens};
use lint::Lint;
pub(crate) use rules::is_told_gently;
pub use rules::{NAMED, RULES};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// It is removed, refused or shown wrong.
    Error,
    /// It works on some devices, or against official advice.
    Warning,
    /// It could be better.
    Hint,
}

/// How an article comes into WeChat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// It is pasted into the editor.
    Paste,
    /// It is sent to the interface for drafts (`draft/add`).
    Draft,
}

/// What an article has to keep to.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its name, `group.rule`.
    pub name: &'static str,
    /// The code of diagnostics about it, `wechat::group.rule`.
    pub code: &'static str,
    /// How bad it is to break it.
    pub level: Level,
    /// Whether it holds for what is pasted.
    pub paste: bool,
    /// Whether it holds for drafts.
    pub draft: bool,
    /// What happens, as a clause.
    pub effect: &'static str,
    /// How to mend it, as an order.
    pub remedy: &'static str,
}

impl Rule {
    /// Whether the rule holds there.
    #[must_use]
    pub fn holds(&self, channel: Channel) -> bool {
        match channel {
            Channel::Paste => self.paste,
            Channel::Draft => self.draft,
        }
    }
}

/// A place where a rule is broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// The tag, attribute, declaration or words it is about, shortened.
    pub detail: String,
    /// The bytes of the HTML that it is about; of the text itself for titles and the like.
    pub place: Range<usize>,
}

/// Checks an article: what goes into the editor, not a whole page.
///
/// All findings come at once, in the order of the HTML. It takes time in proportion to the
/// length of the article.
#[must_use]
pub fn preflight(html: &str, channel: Channel) -> Vec<Finding> {
    let mut lint = Lint::new(html, channel);
    let mut tokens = Tokens::new(html);
    let mut attributes = Vec::new();
    while let Some((token, place)) = tokens.next(&mut attributes) {
        match token {
            Token::Open(name, ends) => lint.open(name, ends, &attributes, &place),
            Token::Close(name) => lint.close(&name, &place),
            Token::Text(text) => lint.text(text, &place),
            Token::Raw(_) => {}
            Token::Other(written) => lint.other(written, &place),
        }
    }
    let mut findings = lint.finish();
    findings.sort_by_key(|finding| finding.place.start);
    findings
}

/// The most characters of something that is sent beside an article.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Most {
    /// Those that the interface for drafts takes.
    pub(crate) draft: usize,
    /// Those that the editor takes.
    pub(crate) editor: usize,
}

/// A title.
pub(crate) const TITLE: Most = Most {
    draft: 32,
    editor: 64,
};
/// An author's name.
pub(crate) const AUTHOR: Most = Most {
    draft: 16,
    editor: 8,
};
/// A digest.
pub(crate) const DIGEST: Most = Most {
    draft: 128,
    editor: 120,
};

/// What is sent beside an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Facts<'a> {
    /// Its title.
    pub title: &'a str,
    /// Who wrote it.
    pub author: Option<&'a str>,
    /// Its summary.
    pub digest: Option<&'a str>,
    /// Where 阅读原文 (“read the original”) leads.
    pub source_url: Option<&'a str>,
}

/// Checks what is sent beside an article. A finding's place is what is too much of the text.
#[must_use]
pub fn preflight_facts(facts: &Facts<'_>, channel: Channel) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut longest = |rule: &'static Rule, text: Option<&str>, draft: usize, paste: usize| {
        let text = text.unwrap_or_default();
        let most = match channel {
            Channel::Draft => draft,
            Channel::Paste => paste,
        };
        if let Some((end, _)) = text.char_indices().nth(most)
            && rule.holds(channel)
        {
            let length = text.chars().count();
            findings.push(Finding {
                rule,
                detail: format!("{length} characters of {most}"),
                place: end..text.len(),
            });
        }
    };
    let [title, author, digest] = [TITLE, AUTHOR, DIGEST];
    longest(
        &rules::LIMIT_TITLE,
        Some(facts.title),
        title.draft,
        title.editor,
    );
    longest(
        &rules::LIMIT_AUTHOR,
        facts.author,
        author.draft,
        author.editor,
    );
    longest(
        &rules::LIMIT_DIGEST,
        facts.digest,
        digest.draft,
        digest.editor,
    );
    let short = facts
        .digest
        .filter(|text| text.chars().nth(digest.draft).is_none());
    longest(
        &rules::LIMIT_DIGEST_EDITOR,
        short,
        digest.editor,
        digest.editor,
    );
    let url = facts.source_url.unwrap_or_default();
    if url.len() > MAX_URL && rules::LIMIT_SOURCE_URL.holds(channel) {
        findings.push(Finding {
            rule: &rules::LIMIT_SOURCE_URL,
            detail: format!("{} bytes of {MAX_URL}", url.len()),
            place: url.floor_char_boundary(MAX_URL)..url.len(),
        });
    }
    findings
}

/// The longest address of the original, in bytes.
const MAX_URL: usize = 1024;
/// About how long the address of a picture at WeChat is, in characters.
const MMBIZ_URL: usize = 144;

/// How long WeChat finds an article, markup included. It puts an address of its own in the
/// place of each picture's.
#[must_use]
pub fn characters(html: &str) -> usize {
    let added = added(html, |url| url.chars().count());
    html.chars().count().saturating_add_signed(added)
}

/// The same in bytes.
fn bytes(html: &str) -> usize {
    html.len().saturating_add_signed(added(html, str::len))
}

/// By how much an article grows when its pictures are uploaded; those that are in it shrink.
fn added(html: &str, length: impl Fn(&str) -> usize) -> isize {
    if !html.contains("<img") && !html.contains("<IMG") {
        return 0;
    }
    let mut tokens = Tokens::new(html);
    let mut attributes = Vec::new();
    let mut added = 0;
    while let Some((token, _)) = tokens.next(&mut attributes) {
        if !matches!(&token, Token::Open(name, _) if name == "img") {
            continue;
        }
        for attribute in &attributes {
            let is_address = matches!(attribute.name.as_ref(), "src" | "data-src");
            if is_address && !address::is_mmbiz(attribute.value) {
                added += MMBIZ_URL.cast_signed() - length(attribute.value).cast_signed();
            }
        }
    }
    added
}

#[cfg(test)]
mod tests;
