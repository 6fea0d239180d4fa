//! What is told of an article: what WeChat would drop, rewrite or refuse, and how it fills
//! what WeChat allows.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use offprint_core::{Diagnostic, Issue};

use crate::formula::Detail;
use crate::html::{Token, Tokens, decode};
use crate::preflight::{
    AUTHOR, Channel, DIGEST, Facts, Finding, Level, TITLE, characters, is_told_gently, preflight,
    preflight_facts,
};
use crate::{Article, MAX_CHARACTERS, MAX_PICTURE, Sheet, Wechat};

/// How many findings of one rule are told one by one.
const TOLD: usize = 3;
/// How many characters of the words before a place tell where it is.
const NEAR: usize = 16;

/// What WeChat would drop, rewrite or refuse of what was made. That pictures are still to be
/// uploaded is known.
pub(crate) fn findings(article: &Article<'_>) -> Vec<Finding> {
    let mut findings = preflight(&article.content, Channel::Paste);
    findings.retain(|finding| finding.rule.name != "img.local");
    findings
}

/// The formulas of an issue that stand as TeX, each once.
pub(crate) fn undrawn(sheets: &[Sheet<'_>]) -> Vec<Diagnostic> {
    let undrawn: BTreeSet<&String> = sheets.iter().flat_map(|sheet| &sheet.undrawn).collect();
    let tell = |tex: &String| {
        let tex = offprint_math::shortened(tex);
        let message =
            format!("the article shows a formula as TeX, for it cannot be drawn: `{tex}`");
        Diagnostic::warning("wechat::math-fallback", message)
            .hint("write it with commands of LaTeX and amsmath, or show it as a picture")
    };
    undrawn.into_iter().map(tell).collect()
}

/// Formulas that were drawn with fewer characters.
fn coarse(issue: &Issue, sheet: &Sheet<'_>) -> Option<Diagnostic> {
    let article = &sheet.article;
    if sheet.detail == Detail::Fine || !article.content.contains("<svg") {
        return None;
    }
    let message = if sheet.detail == Detail::Lettered {
        format!(
            "short formulas of the article “{}” of `{}` are letters, others are drawn less finely: \
             the issue takes more articles otherwise",
            article.title, issue.id
        )
    } else {
        format!(
            "the formulas of the article “{}” of `{}` are drawn less finely: with finer ones \
             the issue takes more than one article",
            article.title, issue.id
        )
    };
    let diagnostic = Diagnostic::remark("wechat::coarse-formulas", message);
    Some(diagnostic.hint("if they look poor, divide the issue, or say some of them in words"))
}

/// All that is told of an article.
pub(crate) fn diagnose(
    settings: &Wechat,
    issue: &Issue,
    sheet: &Sheet<'_>,
    findings: &[Finding],
) -> Vec<Diagnostic> {
    let article = &sheet.article;
    let mut diagnostics = beside(settings, article);
    diagnostics.extend(coarse(issue, sheet));
    diagnostics.extend(too_long(issue, article));
    // Those within the article were made smaller.
    if let Some(cover) = article.cover.filter(|cover| cover.data.len() > MAX_PICTURE) {
        let message = format!(
            "the cover `{}` has {} bytes, more than the 10 MB that WeChat takes",
            cover.name,
            cover.data.len()
        );
        let diagnostic = Diagnostic::warning("wechat::image-too-large", message);
        diagnostics.push(diagnostic.hint("make the picture smaller, or store it as JPEG"));
    }
    diagnostics.extend(in_article(article, findings));
    diagnostics
}

/// Title, author and summary against WeChat's limits.
fn beside(settings: &Wechat, article: &Article<'_>) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let title = article.title.chars().count();
    let short = "give the issue a `short-title`";
    if title > settings.max_title {
        let most = settings.max_title;
        let message = format!(
            "the title “{}” has {title} characters; WeChat takes {most}",
            article.title
        );
        diagnostics.push(Diagnostic::warning("wechat::long-title", message).hint(short));
    } else if title > TITLE.draft {
        let message = format!(
            "the title “{}” has {title} characters; WeChat's interface for drafts takes {}, its \
             editor {}",
            article.title, TITLE.draft, TITLE.editor
        );
        diagnostics.push(Diagnostic::remark("wechat::long-title", message).hint(short));
    }
    let facts = Facts {
        title: "",
        author: article.author.as_deref(),
        digest: article.digest.as_deref(),
        source_url: article.source_url.as_deref(),
    };
    for finding in preflight_facts(&facts, Channel::Draft) {
        let message = format!("{}: {}", finding.rule.effect, finding.detail);
        let diagnostic = Diagnostic::warning(finding.rule.code, message);
        diagnostics.push(diagnostic.hint(finding.rule.remedy));
    }
    diagnostics
}

/// An article that could not be divided any more, or was not to be.
fn too_long(issue: &Issue, article: &Article<'_>) -> Option<Diagnostic> {
    let length = characters(&article.content);
    if length < MAX_CHARACTERS {
        return None;
    }
    let message = format!(
        "the article “{}” of `{}` has {length} characters with its markup; WeChat's interface \
         for drafts takes fewer than {MAX_CHARACTERS}",
        article.title, issue.id
    );
    let diagnostic = Diagnostic::warning("wechat::too-long", message);
    Some(diagnostic.hint(
        "shorten its papers' commentary or abstracts, or paste it from the preview page: the \
         editor takes more",
    ))
}

/// What the preflight found, rule by rule.
fn in_article(article: &Article<'_>, findings: &[Finding]) -> Vec<Diagnostic> {
    let mut by_rule: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        by_rule.entry(finding.rule.name).or_default().push(finding);
    }
    let mut diagnostics = Vec::new();
    for findings in by_rule.values() {
        let more = findings.len().saturating_sub(TOLD);
        for (place, finding) in findings.iter().take(TOLD).enumerate() {
            let rule = finding.rule;
            let near = near(&article.content, finding.place.start);
            let mut message = format!("{}: `{}`{near}", rule.effect, finding.detail);
            if more > 0 && place + 1 == TOLD {
                let _ = write!(message, ", and {more} more");
            }
            let diagnostic = match rule.level {
                Level::Error | Level::Warning if !is_told_gently(rule.name) => {
                    Diagnostic::warning(rule.code, message)
                }
                Level::Error | Level::Warning | Level::Hint => {
                    Diagnostic::remark(rule.code, message)
                }
            };
            diagnostics.push(diagnostic.hint(rule.remedy));
        }
    }
    diagnostics
}

/// The last words before a place of an article.
fn near(html: &str, place: usize) -> String {
    let mut words = String::new();
    let mut tokens = Tokens::new(html);
    let mut attributes = Vec::new();
    while let Some((token, range)) = tokens.next(&mut attributes) {
        if range.start >= place {
            break;
        }
        if let Token::Text(text) = token {
            let text = decode(text);
            if !text.trim().is_empty() {
                words.clear();
                words.push_str(text.trim());
            }
        }
    }
    let count = words.chars().count();
    let last: String = words.chars().skip(count.saturating_sub(NEAR)).collect();
    match (last.is_empty(), count > NEAR) {
        (true, _) => String::new(),
        (false, true) => format!(", after “…{last}”"),
        (false, false) => format!(", after “{last}”"),
    }
}

/// What a person should know of an article before it is pasted.
pub(crate) fn notes(sheet: &Sheet<'_>) -> Vec<String> {
    let Sheet {
        article,
        references,
        ..
    } = sheet;
    let length = |text: &Option<String>| text.as_deref().map_or(0, |text| text.chars().count());
    let mut notes = vec![format!(
        "{} of {MAX_CHARACTERS} characters, title {} of {}/{}, author {} of {}, digest {} of {}",
        characters(&article.content),
        article.title.chars().count(),
        TITLE.draft,
        TITLE.editor,
        length(&article.author),
        AUTHOR.draft,
        length(&article.digest),
        DIGEST.draft,
    )];
    let mut links = Vec::new();
    if !references.is_empty() {
        links.push(count(
            references.len(),
            "link became a reference",
            "links became references",
        ));
    }
    let alive = article.content.matches("<a ").count();
    if alive > 0 {
        links.push(count(alive, "link stays a link", "links stay links"));
    }
    if !links.is_empty() {
        notes.push(links.join(", "));
    }
    if !article.pictures.is_empty() {
        let bytes: usize = article
            .pictures
            .values()
            .map(|picture| picture.data.len())
            .sum();
        let by_hand = article
            .pictures
            .keys()
            .any(|address| !address.contains("://"));
        notes.push(format!(
            "{}, {} KB{}",
            count(article.pictures.len(), "picture", "pictures"),
            bytes.div_ceil(1024),
            if by_hand {
                ": upload them by hand, or give the series a `url` from where the editor fetches them"
            } else {
                ""
            },
        ));
    }
    notes
}

fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
