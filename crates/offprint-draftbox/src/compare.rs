//! What WeChat made of an article.
//!
//! Some of it is known and expected: `src` becomes `data-src`, addresses become `https` and
//! another size, the case of `viewBox` is lost, `nodeleaf` gets a value, `id`, `position`,
//! `style` and `script` go. Anything else is a change to be told.

use html5gum::Token;
use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::line::line;
use crate::markup::{text_of, tokens};
use crate::memory::hash;

/// The most parts of two articles that are compared one by one: more than any that the
/// interface takes has.
const MAX_PIECES: usize = 40_000;
/// The most characters of a change that are shown.
pub(crate) const MAX_SHOWN: usize = 160;
/// The most characters of the text before a change that are shown.
const MAX_NEAR: usize = 24;

/// Something that WeChat changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The article's title.
    pub article: String,
    /// Where: the name of a field such as `digest`, or the text before the change.
    pub place: String,
    /// What was sent; empty for what was added.
    pub sent: String,
    /// What is there now; empty for what was removed.
    pub now: String,
}

/// What differs between two articles beyond what is expected: the place, what was sent, what
/// there is now.
pub(crate) fn compare(sent: &str, now: &str) -> Vec<(String, String, String)> {
    let (sent, now) = (pieces(sent), pieces(now));
    if sent.len() > MAX_PIECES || now.len() > MAX_PIECES {
        return if sent == now {
            Vec::new()
        } else {
            let count = |pieces: &[String]| format!("{} tags and texts", pieces.len());
            vec![("the whole article".to_owned(), count(&sent), count(&now))]
        };
    }
    let mut changes = Vec::new();
    for operation in capture_diff_slices(Algorithm::Myers, &sent, &now) {
        if matches!(operation, DiffOp::Equal { .. }) {
            continue;
        }
        let old = operation.old_range();
        let near = near(sent.get(..old.start).unwrap_or_default());
        let show =
            |pieces: Option<&[String]>| line(&pieces.unwrap_or_default().concat(), MAX_SHOWN);
        let change = (
            near,
            show(sent.get(old)),
            show(now.get(operation.new_range())),
        );
        changes.push(change);
    }
    changes
}

/// The hash of an article, the same after what is expected.
pub(crate) fn fingerprint(html: &str) -> String {
    hash(pieces(html).join("\0").as_bytes())
}

/// The end of the text before a change.
fn near(before: &[String]) -> String {
    let text = before.iter().rev().find(|piece| !piece.starts_with('<'));
    match text {
        Some(text) => {
            let characters = text.chars().count();
            let end: String = text
                .chars()
                .skip(characters.saturating_sub(MAX_NEAR))
                .collect();
            format!("after “{}”", line(&end, MAX_NEAR))
        }
        None => "at its beginning".to_owned(),
    }
}

/// An article as tags and texts, each in one spelling. A text that begins with `<` has a
/// `\` before it.
fn pieces(html: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut text = String::new();
    // How many elements are open that go with all they hold.
    let mut dropped: Option<(String, usize)> = None;
    for token in tokens(html) {
        match token {
            Token::StartTag(tag) => {
                let name = text_of(&tag.name);
                if let Some((gone, depth)) = &mut dropped {
                    *depth += usize::from(*gone == name);
                    continue;
                }
                if matches!(name.as_str(), "style" | "script") {
                    dropped = Some((name, 1));
                    continue;
                }
                let attributes = tag
                    .attributes
                    .iter()
                    .map(|(name, value)| (text_of(name), text_of(&value.value)));
                flush(&mut text, &mut pieces);
                pieces.push(opening(&name, attributes));
            }
            Token::EndTag(tag) => {
                let name = text_of(&tag.name);
                if let Some((gone, depth)) = &mut dropped {
                    *depth -= usize::from(*gone == name);
                    if *depth == 0 {
                        dropped = None;
                    }
                    continue;
                }
                flush(&mut text, &mut pieces);
                pieces.push(format!("</{name}>"));
            }
            Token::String(string) if dropped.is_none() => text.push_str(&text_of(&string.value)),
            Token::String(_) | Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    flush(&mut text, &mut pieces);
    pieces
}

fn flush(text: &mut String, pieces: &mut Vec<String>) {
    if text.starts_with('<') {
        text.insert(0, '\\');
    }
    if !text.is_empty() {
        pieces.push(std::mem::take(text));
    }
}

fn opening(name: &str, attributes: impl Iterator<Item = (String, String)>) -> String {
    let mut kept: Vec<(String, String)> = attributes
        .filter_map(|(name, value)| match name.as_str() {
            "id" => None,
            "src" | "data-src" => Some(("src".to_owned(), address(&value))),
            "nodeleaf" => Some((name, String::new())),
            "style" => Some(declarations(&value))
                .filter(|style| !style.is_empty())
                .map(|style| (name, style)),
            _ => Some((name, value)),
        })
        .collect();
    kept.sort_unstable();
    // WeChat may give both `src` and `data-src`.
    kept.dedup();
    let mut tag = format!("<{name}");
    for (name, value) in kept {
        tag.push(' ');
        tag.push_str(&name);
        if !value.is_empty() {
            tag.push_str("=\"");
            tag.push_str(&value);
            tag.push('"');
        }
    }
    tag.push('>');
    tag
}

/// The address of a picture without its scheme and size.
fn address(written: &str) -> String {
    let bare = written.split(['?', '#']).next().unwrap_or_default();
    let rest = bare
        .strip_prefix("https://")
        .or_else(|| bare.strip_prefix("http://"));
    match rest {
        Some(rest) => match rest.rsplit_once('/') {
            Some((path, size)) if size.bytes().all(|byte| byte.is_ascii_digit()) => {
                format!("https://{path}")
            }
            _ => format!("https://{rest}"),
        },
        None => written.to_owned(),
    }
}

/// The declarations of a `style` in one spelling, without `position`.
fn declarations(style: &str) -> String {
    let mut depth = 0_usize;
    let parts = style.split(|character: char| {
        match character {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        character == ';' && depth == 0
    });
    let mut kept = Vec::new();
    for part in parts {
        let (property, value) = part.split_once(':').unwrap_or((part, ""));
        let property = property.trim().to_ascii_lowercase();
        if property.is_empty() || property == "position" {
            continue;
        }
        let words: Vec<&str> = value.split_whitespace().collect();
        kept.push(format!("{property}:{}", words.join(" ").replace(", ", ",")));
    }
    kept.join(";")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_expected_is_no_change() {
        let sent = "<section id=\"a\" style=\"position: relative; color: red;\">图&nbsp;&lt;1\
                    <img src=\"http://mmbiz.qpic.cn/x/0\" alt=\"a\"><br/>\
                    <svg viewBox=\"0 0 1 1\"></svg><section nodeleaf></section></section>\
                    <style>p{}</style><script>1<2</script>";
        let now = "<section style=\"color:red\">图\u{a0}&lt;1\
                   <img alt='a' data-src=\"https://mmbiz.qpic.cn/x/640?from=appmsg\"><br>\
                   <svg viewbox=\"0 0 1 1\"></svg><section nodeleaf=\"nodeleaf\"></section></section>";
        assert_eq!(compare(sent, now), []);
        assert_eq!(fingerprint(sent), fingerprint(now));
    }

    #[test]
    fn a_change_is_told_with_its_place() {
        let sent =
            "<p>第一段</p><p style=\"color:red;float:left\">第二段</p><a href=\"https://x\">x</a>";
        let now = "<p>第一段</p><p style=\"color:red\">第二段</p>x";
        let changes = compare(sent, now);
        let shown: Vec<(&str, &str, &str)> = changes
            .iter()
            .map(|(near, sent, now)| (near.as_str(), sent.as_str(), now.as_str()))
            .collect();
        assert_eq!(
            shown,
            [
                (
                    "after “第一段”",
                    "<p style=\"color:red;float:left\">",
                    "<p style=\"color:red\">"
                ),
                ("after “第二段”", "<a href=\"https://x\">", ""),
                ("after “x”", "</a>", ""),
            ]
        );
        assert_ne!(fingerprint(sent), fingerprint(now));
    }

    #[test]
    fn an_article_of_endless_tags_is_compared_in_time() {
        let sent = "<p>a</p>".repeat(MAX_PIECES);
        let now = "<b>b</b>".repeat(MAX_PIECES);
        assert_eq!(compare(&sent, &now).len(), 1);
        assert_eq!(compare(&sent, &sent), []);
    }
}
