//! The HTML of an article: its pictures, its length, its parts.

use std::collections::BTreeMap;

use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer};

/// About how many characters the address of a picture at WeChat has.
const ADDRESS: usize = 150;

/// What an article consists of, with places in its text.
pub(crate) fn tokens(html: &str) -> impl Iterator<Item = Token<usize>> {
    let emitter = DefaultEmitter::<usize>::new_with_span();
    Tokenizer::new_with_emitter(html, emitter).flatten()
}

/// The pictures of an article, each as often as it stands there.
pub(crate) fn sources(html: &str) -> Vec<String> {
    tokens(html)
        .filter_map(|token| source_of(&token).map(|(_, _, src)| src))
        .collect()
}

/// How long WeChat finds an article, in characters. Its own addresses will stand where
/// pictures are written into it.
pub(crate) fn characters(html: &str) -> usize {
    let inline: usize = sources(html)
        .iter()
        .filter(|src| src.starts_with("data:"))
        .map(|src| src.chars().count().saturating_sub(ADDRESS))
        .sum();
    html.chars().count().saturating_sub(inline)
}

/// The article with other addresses of its pictures.
pub(crate) fn with_sources(html: &str, addresses: &BTreeMap<&str, &str>) -> String {
    let mut out = String::with_capacity(html.len());
    let mut copied = 0;
    for token in tokens(html) {
        let Some((name, mut range, src)) = source_of(&token) else {
            continue;
        };
        // The place of a value without quotes reaches a character too far.
        let written = html.get(range.clone()).unwrap_or_default();
        if !written.ends_with(['"', '\'']) {
            range.end -= 1;
        }
        let Some(address) = addresses.get(src.as_str()) else {
            continue;
        };
        out.push_str(html.get(copied..range.start).unwrap_or_default());
        out.push_str(name);
        out.push_str("=\"");
        for character in address.chars() {
            match character {
                '&' => out.push_str("&amp;"),
                '"' => out.push_str("&quot;"),
                '<' => out.push_str("&lt;"),
                other => out.push(other),
            }
        }
        out.push('"');
        copied = range.end;
    }
    out.push_str(html.get(copied..).unwrap_or_default());
    out
}

/// Where a tag names a picture: the attribute, its place, the address.
fn source_of(token: &Token<usize>) -> Option<(&'static str, std::ops::Range<usize>, String)> {
    let Token::StartTag(tag) = token else {
        return None;
    };
    let StartTag {
        name, attributes, ..
    } = tag;
    let attribute = match name.as_slice() {
        b"img" => "src",
        b"image" => "href",
        _ => return None,
    };
    let value = attributes.get(attribute.as_bytes())?;
    let range = value.span.start..value.span.end;
    Some((attribute, range, text_of(&value.value)))
}

/// Bytes of a document that was text.
pub(crate) fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_addresses_of_pictures_are_replaced() {
        let html = "<p title='src=\"a.png\"'>图 src=\"a.png\" &lt;img src=\"a.png\"></p>\
                    <img alt=\"图&quot;>\" src=\"a.png\" data-w=\"3\"><img src='a.png'>\
                    <img src=\"b&amp;c.png\"/><img src=\"keep.png\"><img SRC=a.png>";
        let addresses = BTreeMap::from([
            ("a.png", "https://m/?a=1&b=\"2\""),
            ("b&c.png", "https://m/b"),
        ]);
        let placed = "src=\"https://m/?a=1&amp;b=&quot;2&quot;\"";
        let expected = format!(
            "<p title='src=\"a.png\"'>图 src=\"a.png\" &lt;img src=\"a.png\"></p>\
             <img alt=\"图&quot;>\" {placed} data-w=\"3\"><img {placed}>\
             <img src=\"https://m/b\"/><img src=\"keep.png\"><img {placed}>"
        );
        assert_eq!(with_sources(html, &addresses), expected);
        assert_eq!(
            sources(html),
            ["a.png", "a.png", "b&c.png", "keep.png", "a.png"]
        );
    }

    #[test]
    fn a_picture_in_the_page_counts_as_its_address() {
        let html = format!("<img src=\"data:image/png;base64,{}\">", "A".repeat(5000));
        assert_eq!(characters(&html), "<img src=\"\">".len() + ADDRESS);
        assert_eq!(characters("图<br>"), 5);
    }
}
