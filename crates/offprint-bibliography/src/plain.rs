//! Markup of others made plain: HTML and JATS in titles and abstracts.

use std::borrow::Cow;

use html5gum::{Token, Tokenizer};
use offprint_core::chars::clean;
use offprint_core::markdown::{one_line, title};
use offprint_core::text::{Block, Text};

/// Elements of text that Zotero, Crossref, PubMed and publishers write into titles and
/// abstracts. Other words between `<` and `>` are no markup: `Vec<T>`.
const INLINE: [&str; 26] = [
    "i",
    "b",
    "u",
    "em",
    "strong",
    "sub",
    "sup",
    "sc",
    "scp",
    "span",
    "a",
    "italic",
    "bold",
    "monospace",
    "underline",
    "tt",
    "code",
    "small",
    "font",
    "inline-formula",
    "tex-math",
    "xref",
    "ext-link",
    "mml",
    "styled-content",
    "named-content",
];
/// Those that begin a line of their own.
const BLOCKS: [&str; 16] = [
    "p",
    "div",
    "br",
    "sec",
    "title",
    "abstract",
    "list",
    "list-item",
    "ul",
    "ol",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "blockquote",
];

/// Text without its tags and with its character references resolved; blocks are lines.
pub(crate) fn unmarked(written: &str) -> Cow<'_, str> {
    if !written.contains(['<', '&']) {
        return Cow::Borrowed(written);
    }
    let mut out = String::with_capacity(written.len());
    let mut rest = written;
    while let Some(at) = rest.find(['<', '&']) {
        let (before, from) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(before);
        if let Some((name, after)) = tag(from) {
            if BLOCKS.contains(&name.as_str()) {
                out.push('\n');
            }
            rest = after;
        } else if let Some((reference, after)) = reference(from) {
            push_reference(reference, &mut out);
            rest = after;
        } else {
            let length = from.chars().next().map_or(0, char::len_utf8);
            let (sign, after) = from.split_at_checked(length).unwrap_or((from, ""));
            out.push_str(sign);
            rest = after;
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The name of the tag that a text begins with, in lower case and without its prefix, and what
/// follows it.
fn tag(text: &str) -> Option<(String, &str)> {
    let inner = text.strip_prefix('<')?;
    let inner = inner.strip_prefix('/').unwrap_or(inner);
    let length = inner.find(|sign: char| !(sign.is_ascii_alphanumeric() || "-:".contains(sign)))?;
    let (name, more) = inner.split_at_checked(length)?;
    let name = name.rsplit(':').next().unwrap_or(name).to_ascii_lowercase();
    let is_mathml = inner.starts_with("mml:");
    if !(is_mathml || INLINE.contains(&name.as_str()) || BLOCKS.contains(&name.as_str())) {
        return None;
    }
    let end = more.find(['<', '>'])?;
    let (attributes, after) = more.split_at_checked(end)?;
    let after = after.strip_prefix('>')?;
    let is_tag = attributes.is_empty() || attributes.starts_with([' ', '\t', '\n', '\r', '/']);
    is_tag.then_some((name, after))
}

/// The character reference that a text begins with, and what follows it.
fn reference(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix('&')?;
    let length = inner.find(|sign: char| !(sign.is_ascii_alphanumeric() || sign == '#'))?;
    let after = inner.get(length..)?.strip_prefix(';')?;
    let is_one = (1..=32).contains(&length);
    is_one.then_some((text.get(..length + 2)?, after))
}

fn push_reference(reference: &str, out: &mut String) {
    let mut resolved = Vec::new();
    for token in Tokenizer::new(reference) {
        let Ok(token) = token;
        if let Token::String(text) = token {
            resolved.extend_from_slice(&text);
        }
    }
    match String::from_utf8(resolved) {
        Ok(text) if !text.is_empty() => out.push_str(&text),
        _ => out.push_str(reference),
    }
}

/// A text on one line.
pub(crate) fn line(written: &str) -> String {
    one_line(&clean(&unmarked(written)))
}

/// A text in paragraphs, one a line; formulas between dollar signs.
pub(crate) fn paragraphs(written: &str) -> Text {
    clean(&unmarked(written))
        .lines()
        .map(title)
        .filter(|line| !line.is_empty())
        .map(Block::Paragraph)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_and_references_are_made_plain() {
        for (written, plain) in [
            ("The <i>E. coli</i> genome", "The E. coli genome"),
            (
                "On <span class=\"nocase\">iOS</span> &amp; H<sub>2</sub>O",
                "On iOS & H2O",
            ),
            ("Vec<T> &&lt; a < b & c", "Vec<T> &< a < b & c"),
            (
                "caf&eacute; &#x4e2d;&#25991; &nosuch;",
                "café 中文 &nosuch;",
            ),
            ("<i", "<i"),
            ("<i <b>x</b>", "<i x"),
            ("&", "&"),
        ] {
            assert_eq!(line(written), plain);
        }
    }

    #[test]
    fn paragraphs_of_jats_are_paragraphs() {
        let text = paragraphs(
            "<jats:title>Abstract</jats:title><jats:p>One.</jats:p><jats:p>Two.</jats:p>",
        );
        assert_eq!(text.len(), 3);
    }
}
