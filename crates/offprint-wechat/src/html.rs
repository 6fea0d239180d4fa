//! The tokens of an HTML fragment with their places, borrowed from it.
//!
//! What a template makes may be broken; tokens are told as browsers tell them (HTML
//! standard, §13.2.5), and whatever comes is cut into tokens without a gap.

use std::borrow::Cow;
use std::ops::Range;

use rustc_hash::FxHashMap;

/// A piece of a fragment. Its attributes, if it is a tag, are handed over beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Token<'a> {
    /// A start tag; its name is in small letters, and `/>` may end it.
    Open(Cow<'a, str>, bool),
    /// An end tag.
    Close(Cow<'a, str>),
    /// Words, with their references not yet resolved.
    Text(&'a str),
    /// What stands within `script`, `style` and their like, where `<` is a letter.
    Raw(&'a str),
    /// A comment, a document type or a processing instruction.
    Other(&'a str),
}

/// An attribute as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Attribute<'a> {
    /// Its name in small letters.
    pub(crate) name: Cow<'a, str>,
    /// Its value, references not yet resolved; empty if there is none.
    pub(crate) value: &'a str,
    /// Where the value stands.
    pub(crate) place: Range<usize>,
}

/// What an attribute says, its references resolved.
pub(crate) fn value_of<'a>(attributes: &[Attribute<'a>], wanted: &str) -> Option<Cow<'a, str>> {
    attributes
        .iter()
        .find(|attribute| attribute.name == wanted)
        .map(|attribute| decode(attribute.value))
}

/// Cuts a fragment into tokens.
pub(crate) struct Tokens<'a> {
    html: &'a str,
    at: usize,
    /// The element whose content is no markup, if its start tag was the last token.
    raw: Option<&'static str>,
}

/// Elements without content and end tag.
pub(crate) const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];
const RAW: [&str; 9] = [
    "iframe",
    "noembed",
    "noframes",
    "plaintext",
    "script",
    "style",
    "textarea",
    "title",
    "xmp",
];

impl<'a> Tokens<'a> {
    pub(crate) fn new(html: &'a str) -> Self {
        Self {
            html,
            at: 0,
            raw: None,
        }
    }

    /// The next token and its place; `attributes` become those of a start tag.
    pub(crate) fn next(
        &mut self,
        attributes: &mut Vec<Attribute<'a>>,
    ) -> Option<(Token<'a>, Range<usize>)> {
        attributes.clear();
        let start = self.at;
        let rest = self.slice(start, self.html.len());
        if rest.is_empty() {
            return None;
        }
        if let Some(name) = self.raw.take() {
            let end = start + end_of_raw(rest, name);
            if end > start {
                self.at = end;
                return Some((Token::Raw(self.slice(start, end)), start..end));
            }
        }
        let token = match markup(rest.as_bytes()) {
            Some(Markup::Open) => self.open(attributes),
            Some(Markup::Close) => {
                let name = self.name(start + 2);
                self.at = self.attributes(start + 2 + name.len(), &mut Vec::new());
                Token::Close(lower(name))
            }
            Some(Markup::Comment) => {
                // `<!-->` and `<!--->` are whole comments.
                let length = ["<!-->", "<!--->"]
                    .iter()
                    .find(|short| rest.starts_with(**short))
                    .map(|short| short.len())
                    .or_else(|| rest.find("-->").map(|end| end + 3));
                self.other(length)
            }
            Some(Markup::Other) => self.other(rest.find('>').map(|end| end + 1)),
            None => {
                self.at = start + end_of_text(rest);
                Token::Text(self.slice(start, self.at))
            }
        };
        Some((token, start..self.at))
    }

    fn slice(&self, start: usize, end: usize) -> &'a str {
        self.html.get(start..end).unwrap_or_default()
    }

    fn open(&mut self, attributes: &mut Vec<Attribute<'a>>) -> Token<'a> {
        let start = self.at + 1;
        let name = self.name(start);
        self.at = self.attributes(start + name.len(), attributes);
        let name = lower(name);
        self.raw = RAW.into_iter().find(|raw| *raw == name);
        let ends = self.slice(start, self.at).ends_with("/>");
        Token::Open(name, ends)
    }

    fn other(&mut self, length: Option<usize>) -> Token<'a> {
        let start = self.at;
        self.at = length.map_or(self.html.len(), |length| start + length);
        Token::Other(self.slice(start, self.at))
    }

    fn name(&self, start: usize) -> &'a str {
        let rest = self.slice(start, self.html.len());
        let end = rest
            .bytes()
            .position(|byte| is_space(byte) || matches!(byte, b'/' | b'>'))
            .unwrap_or(rest.len());
        self.slice(start, start + end)
    }

    /// Reads what follows a tag's name; returns where the tag ends.
    fn attributes(&self, mut at: usize, attributes: &mut Vec<Attribute<'a>>) -> usize {
        let bytes = self.html.as_bytes();
        let find = |from: usize, is_end: &dyn Fn(u8) -> bool| {
            let rest = bytes.get(from..).unwrap_or_default();
            from + rest
                .iter()
                .position(|byte| is_end(*byte))
                .unwrap_or(rest.len())
        };
        loop {
            at = find(at, &|byte| !is_space(byte) && byte != b'/');
            match bytes.get(at) {
                None => return at,
                Some(b'>') => return at + 1,
                Some(_) => {}
            }
            let end = find(at + 1, &|byte| {
                is_space(byte) || matches!(byte, b'/' | b'>' | b'=')
            });
            let name = lower(self.slice(at, end));
            at = find(end, &|byte| !is_space(byte));
            if bytes.get(at) != Some(&b'=') {
                attributes.push(Attribute {
                    name,
                    value: "",
                    place: end..end,
                });
                continue;
            }
            at = find(at + 1, &|byte| !is_space(byte));
            let (start, end) = match bytes.get(at) {
                Some(&quote @ (b'"' | b'\'')) => {
                    let end = find(at + 1, &|byte| byte == quote);
                    (at + 1, end)
                }
                _ => (at, find(at, &|byte| is_space(byte) || byte == b'>')),
            };
            attributes.push(Attribute {
                name,
                value: self.slice(start, end),
                place: start..end,
            });
            at = if start > at { end + 1 } else { end };
            at = at.min(bytes.len());
        }
    }
}

/// The elements whose end tags are still to come, each with what is known of it.
pub(crate) struct Stack<'a, T> {
    open: Vec<(Cow<'a, str>, T)>,
    /// How many of each name are open, so that a stray end tag is told at once.
    names: FxHashMap<Cow<'a, str>, usize>,
}

impl<'a, T> Stack<'a, T> {
    pub(crate) fn new() -> Self {
        Self {
            open: Vec::new(),
            names: FxHashMap::default(),
        }
    }

    /// How many of an element are open.
    pub(crate) fn count(&self, name: &str) -> usize {
        self.names.get(name).copied().unwrap_or_default()
    }

    pub(crate) fn last(&self) -> Option<&T> {
        self.open.last().map(|(_, element)| element)
    }

    pub(crate) fn last_mut(&mut self) -> Option<&mut T> {
        self.open.last_mut().map(|(_, element)| element)
    }

    pub(crate) fn iter_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut T> {
        self.open.iter_mut().map(|(_, element)| element)
    }

    /// Whether a start tag has no end tag: it is one of a few, or ends itself in a drawing.
    pub(crate) fn is_whole(&self, name: &str, ends: bool) -> bool {
        VOID.contains(&name) || ends && (name == "svg" || self.count("svg") > 0)
    }

    pub(crate) fn push(&mut self, name: Cow<'a, str>, element: T) {
        *self.names.entry(name.clone()).or_default() += 1;
        self.open.push((name, element));
    }

    pub(crate) fn pop(&mut self) -> Option<(Cow<'a, str>, T)> {
        let (name, element) = self.open.pop()?;
        if let Some(count) = self.names.get_mut(&name) {
            *count = count.saturating_sub(1);
        }
        Some((name, element))
    }
}

enum Markup {
    Open,
    Close,
    Comment,
    Other,
}

/// What begins with these bytes; `None` for text, in which `<` may stand.
fn markup(bytes: &[u8]) -> Option<Markup> {
    match bytes {
        [b'<', first, ..] if first.is_ascii_alphabetic() => Some(Markup::Open),
        [b'<', b'/', first, ..] if first.is_ascii_alphabetic() => Some(Markup::Close),
        [b'<', b'!', b'-', b'-', ..] => Some(Markup::Comment),
        [b'<', b'!' | b'?' | b'/', ..] => Some(Markup::Other),
        _ => None,
    }
}

fn end_of_text(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(next) = bytes
        .get(at..)
        .and_then(|rest| rest.iter().position(|byte| *byte == b'<'))
    {
        let place = at + next;
        if markup(bytes.get(place..).unwrap_or_default()).is_some() {
            return place;
        }
        at = place + 1;
    }
    bytes.len()
}

fn end_of_raw(text: &str, name: &str) -> usize {
    if name == "plaintext" {
        return text.len();
    }
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(next) = text.get(at..).and_then(|rest| rest.find("</")) {
        let place = at + next;
        let after = bytes.get(place + 2..).unwrap_or_default();
        let is_end = after
            .get(..name.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()))
            && after
                .get(name.len())
                .is_none_or(|byte| is_space(*byte) || matches!(byte, b'/' | b'>'));
        if is_end {
            return place;
        }
        at = place + 2;
    }
    bytes.len()
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0c)
}

fn lower(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

/// Text with its references resolved: the numbered ones, and those by name that stand for
/// markup, spaces and signs without width. Others stay as they are written.
pub(crate) fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        // The longest that is known is `&ZeroWidthSpace;`.
        let end = after
            .bytes()
            .take(24)
            .position(|byte| !byte.is_ascii_alphanumeric() && byte != b'#')
            .unwrap_or(after.len().min(24));
        let name = after.get(..end).unwrap_or_default();
        rest = after;
        if let Some(character) = reference(name) {
            out.push(character);
            let next = after.get(end..).unwrap_or_default();
            rest = next.strip_prefix(';').unwrap_or(next);
        } else {
            out.push('&');
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn reference(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16),
            None => number.parse(),
        };
        return char::from_u32(code.ok()?);
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "NewLine" => '\n',
        "Tab" => '\t',
        "zwnj" => '\u{200c}',
        "zwj" => '\u{200d}',
        "ZeroWidthSpace" => '\u{200b}',
        "NoBreak" => '\u{2060}',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every token as it is written, with a sign of its kind.
    fn cut(html: &str) -> Vec<String> {
        let mut tokens = Tokens::new(html);
        let mut attributes = Vec::new();
        let mut out = Vec::new();
        let mut end = 0;
        while let Some((token, place)) = tokens.next(&mut attributes) {
            assert_eq!(place.start, end, "no gap in {html:?}");
            assert!(place.end > place.start, "an empty token in {html:?}");
            end = place.end;
            let mut shown = match token {
                Token::Open(name, _) => format!("+{name}"),
                Token::Close(name) => format!("-{name}"),
                Token::Text(text) => format!("\"{text}"),
                Token::Raw(text) => format!("!{text}"),
                Token::Other(text) => format!("?{text}"),
            };
            for attribute in &attributes {
                assert_eq!(html.get(attribute.place.clone()), Some(attribute.value));
                shown = format!("{shown} {}={}", attribute.name, attribute.value);
            }
            out.push(shown);
        }
        assert_eq!(end, html.len(), "the whole of {html:?}");
        out
    }

    #[test]
    fn markup_is_cut_as_browsers_cut_it() {
        for (html, tokens) in [
            ("a<b>c</B >d", vec!["\"a", "+b", "\"c", "-b", "\"d"]),
            (
                "<P ID=x class='a>b' hidden / title=\"&lt;\">",
                vec!["+p id=x class=a>b hidden= title=&lt;"],
            ),
            ("<img src=a/b.png/>", vec!["+img src=a/b.png/"]),
            ("<br/>a < b <3 <", vec!["+br", "\"a < b <3 <"]),
            (
                "<!--a>--><!DOCTYPE html><?x?></>",
                vec!["?<!--a>-->", "?<!DOCTYPE html>", "?<?x?>", "?</>"],
            ),
            ("<!-->a", vec!["?<!-->", "\"a"]),
            (
                "<style>a<b{}</STYLE\n>c",
                vec!["+style", "!a<b{}", "-style", "\"c"],
            ),
            ("<script></script>", vec!["+script", "-script"]),
            ("<p a=\"b", vec!["+p a=b"]),
            ("<p a=", vec!["+p a="]),
            ("<p =a=b>", vec!["+p =a=b"]),
            ("<!-- a", vec!["?<!-- a"]),
            ("<script>a</scripty>", vec!["+script", "!a</scripty>"]),
            ("中<p a='文", vec!["\"中", "+p a=文"]),
        ] {
            assert_eq!(cut(html), tokens, "{html}");
        }
    }

    #[test]
    fn whatever_comes_is_cut_without_a_gap() {
        let pieces = [
            "<", ">", "/", "!", "--", "a", "=", "\"", "'", " ", "中", "style", "</", "&",
        ];
        for first in pieces {
            for second in pieces {
                for third in pieces {
                    for fourth in pieces {
                        cut(&format!("<{first}{second}{third}{fourth}"));
                        cut(&format!("<style>{first}{second}{third}{fourth}style>"));
                    }
                }
            }
        }
    }

    #[test]
    fn references_are_resolved() {
        for (written, meant) in [
            ("url(&quot;a&#34;&#x22;)", "url(\"a\"\")"),
            ("a&b;&amp;lt;", "a&b;&lt;"),
            ("&nbsp&zwnj;&#8203;", "\u{a0}\u{200c}\u{200b}"),
            ("&#xD800;&#;&", "&#xD800;&#;&"),
            ("&中文;", "&中文;"),
        ] {
            assert_eq!(decode(written), meant);
        }
    }
}
