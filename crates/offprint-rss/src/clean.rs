//! What every field passes before it is written.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use offprint_core::chars::{clean, is_allowed, is_surely_one_line};
use offprint_core::text::{Figure, List, ListItem, Table, plain};
use offprint_core::{Block, Diagnostic, Inline, Text};

/// Text with every run of blanks as one space, for fields that are one line.
pub(crate) fn one_line(text: &str) -> Cow<'_, str> {
    if is_surely_one_line(text) {
        return Cow::Borrowed(text);
    }
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    Cow::Owned(line)
}

/// The one place where text is made safe to write: without the characters that XML 1.0
/// forbids, C1 controls and noncharacters, line ends as `\n`, bidi controls balanced. A
/// single wrong character would make a whole feed unreadable. What was dropped is told in
/// [`Cleaner::findings`]: a loaded issue is clean already.
#[derive(Debug, Default)]
pub(crate) struct Cleaner(RefCell<BTreeMap<&'static str, BTreeSet<char>>>);

impl Cleaner {
    /// A field that is one line. Most are so already, and lent out as they are.
    pub(crate) fn line<'t>(&self, field: &'static str, text: &'t str) -> Cow<'t, str> {
        match one_line(text) {
            Cow::Borrowed(line) => self
                .cleaned(field, line)
                .map_or(Cow::Borrowed(line), Cow::Owned),
            Cow::Owned(line) => Cow::Owned(self.text(field, line)),
        }
    }

    /// [`Cleaner::line`] of a text that was made for it.
    pub(crate) fn own_line(&self, field: &'static str, text: String) -> String {
        let changed = match self.line(field, &text) {
            Cow::Borrowed(_) => None,
            Cow::Owned(line) => Some(line),
        };
        changed.unwrap_or(text)
    }

    /// A field of several lines, or one that holds markup.
    pub(crate) fn text(&self, field: &'static str, text: String) -> String {
        self.cleaned(field, &text).unwrap_or(text)
    }

    /// A text that is safe to write; `None` when it is so already.
    pub(crate) fn cleaned(&self, field: &'static str, text: &str) -> Option<String> {
        let Cow::Owned(cleaned) = clean(text) else {
            return None;
        };
        let mut dropped = self.0.borrow_mut();
        for character in text.chars() {
            if !is_allowed(character) && character != '\r' {
                dropped.entry(field).or_default().insert(character);
            }
        }
        Some(cleaned)
    }

    /// An address that readers may follow; `None` when it is no `http` or `https` URL.
    pub(crate) fn url<'t>(&self, field: &'static str, url: &'t str) -> Option<Cow<'t, str>> {
        is_web(url).then(|| self.line(field, url))
    }

    /// A warning for each field that lost characters.
    pub(crate) fn findings(&self) -> Vec<Diagnostic> {
        let dropped = self.0.borrow();
        dropped
            .iter()
            .map(|(field, characters)| {
                let named: Vec<String> = characters
                    .iter()
                    .map(|&character| format!("U+{:04X}", u32::from(character)))
                    .collect();
                Diagnostic::warning(
                    "feed::dropped-character",
                    format!("`{field}` of the feeds cannot hold {}", named.join(", ")),
                )
                .hint("remove these characters: they are no text")
            })
            .collect()
    }
}

/// Whether an address is one of the web's.
pub(crate) fn is_web(url: &str) -> bool {
    let is_scheme = |scheme: &str| {
        url.get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    is_scheme("https://") || is_scheme("http://")
}

/// XML as the RSS Best Practices Profile wants it, where text that is no markup may hold
/// `&` and `<`: as hexadecimal references, which no reader takes for markup when it decodes
/// once too often.
pub(crate) fn with_references(xml: String) -> String {
    const OPEN: &str = "<![CDATA[";
    const CLOSE: &str = "]]>";
    if !xml.contains("&amp;") && !xml.contains("&lt;") {
        return xml;
    }
    let mut out = String::with_capacity(xml.len() + 64);
    let mut rest = xml.as_str();
    while !rest.is_empty() {
        let start = rest.find(OPEN).unwrap_or(rest.len());
        let (text, section) = rest.split_at_checked(start).unwrap_or((rest, ""));
        out.push_str(&text.replace("&amp;", "&#x26;").replace("&lt;", "&#x3C;"));
        let end = section
            .find(CLOSE)
            .map_or(section.len(), |end| end + CLOSE.len());
        let (section, after) = section.split_at_checked(end).unwrap_or((section, ""));
        out.push_str(section);
        rest = after;
    }
    out
}

/// A text whose links all lead into the web: feed readers differ in what they make of
/// others. An e-mail address is written out, any other link keeps its words only. `None`
/// when the text is so already.
pub(crate) fn web_only(text: &[Block]) -> Option<Text> {
    let mut all_web = true;
    for_each_link(text, &mut |url| all_web &= is_web(url));
    (!all_web).then(|| blocks(text))
}

/// [`web_only`] for a line.
pub(crate) fn web_only_line(content: &[Inline]) -> Option<Vec<Inline>> {
    let mut all_web = true;
    for_each_inline_link(content, &mut |url| all_web &= is_web(url));
    (!all_web).then(|| inlines(content))
}

fn for_each_link(text: &[Block], visit: &mut impl FnMut(&str)) {
    for block in text {
        match block {
            Block::Paragraph(content) | Block::Heading { content, .. } => {
                for_each_inline_link(content, visit);
            }
            Block::List(list) => {
                for item in &list.items {
                    for_each_link(&item.content, visit);
                }
            }
            Block::Quote(content) => for_each_link(content, visit),
            Block::Figure(figure) => for_each_inline_link(&figure.caption, visit),
            Block::Table(table) => {
                for cell in table.head.iter().chain(table.rows.iter().flatten()) {
                    for_each_inline_link(cell, visit);
                }
            }
            Block::Code { .. } | Block::Math(_) | Block::Rule => {}
        }
    }
}

fn for_each_inline_link(content: &[Inline], visit: &mut impl FnMut(&str)) {
    for inline in content {
        match inline {
            Inline::Link { url, content } => {
                visit(url);
                for_each_inline_link(content, visit);
            }
            Inline::Emphasis(content) | Inline::Strong(content) | Inline::Strike(content) => {
                for_each_inline_link(content, visit);
            }
            Inline::Text(_)
            | Inline::Code(_)
            | Inline::Math(_)
            | Inline::Image(_)
            | Inline::FootnoteRef(_)
            | Inline::HardBreak => {}
        }
    }
}

fn blocks(text: &[Block]) -> Text {
    text.iter()
        .map(|block| match block {
            Block::Paragraph(content) => Block::Paragraph(inlines(content)),
            Block::Heading { level, content } => Block::Heading {
                level: *level,
                content: inlines(content),
            },
            Block::List(list) => Block::List(List {
                items: list
                    .items
                    .iter()
                    .map(|item| ListItem {
                        checked: item.checked,
                        content: blocks(&item.content),
                    })
                    .collect(),
                ..*list
            }),
            Block::Quote(content) => Block::Quote(blocks(content)),
            Block::Figure(figure) => Block::Figure(Figure {
                image: figure.image.clone(),
                caption: inlines(&figure.caption),
                credit: figure.credit.clone(),
            }),
            Block::Table(table) => {
                let row = |row: &Vec<Vec<Inline>>| row.iter().map(|cell| inlines(cell)).collect();
                Block::Table(Table {
                    align: table.align.clone(),
                    head: row(&table.head),
                    rows: table.rows.iter().map(row).collect(),
                })
            }
            Block::Code { .. } | Block::Math(_) | Block::Rule => block.clone(),
        })
        .collect()
}

fn inlines(content: &[Inline]) -> Vec<Inline> {
    let mut out = Vec::with_capacity(content.len());
    for inline in content {
        match inline {
            Inline::Link { url, content } if is_web(url) => out.push(Inline::Link {
                url: url.clone(),
                content: inlines(content),
            }),
            Inline::Link { url, content } => {
                let address = url.strip_prefix("mailto:");
                let shown = plain(content);
                // An address that is shown as it is has no words of its own.
                if shown != *url {
                    out.extend(inlines(content));
                }
                match address {
                    Some(address) if shown == *url => out.push(Inline::Text(address.to_owned())),
                    Some(address) if shown != address => {
                        out.push(Inline::Text(format!(" ({address})")));
                    }
                    Some(_) | None => {}
                }
            }
            Inline::Emphasis(content) => out.push(Inline::Emphasis(inlines(content))),
            Inline::Strong(content) => out.push(Inline::Strong(inlines(content))),
            Inline::Strike(content) => out.push(Inline::Strike(inlines(content))),
            Inline::Text(_)
            | Inline::Code(_)
            | Inline::Math(_)
            | Inline::Image(_)
            | Inline::FootnoteRef(_)
            | Inline::HardBreak => out.push(inline.clone()),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_dropped_is_told_by_field() {
        let cleaner = Cleaner::default();
        assert_eq!(cleaner.line("title", " a\u{0}b \n c\u{ffff}"), "ab c");
        assert_eq!(
            cleaner.text("description", "x\r\ny\u{9b}z".to_owned()),
            "x\nyz"
        );
        assert_eq!(cleaner.line("link", "\u{202e}a"), "\u{202e}a\u{202c}");
        let findings = cleaner.findings();
        let messages: Vec<&str> = findings
            .iter()
            .map(|finding| finding.message.as_str())
            .collect();
        assert_eq!(
            messages,
            [
                "`description` of the feeds cannot hold U+009B",
                "`title` of the feeds cannot hold U+0000, U+FFFF"
            ]
        );
    }

    #[test]
    fn a_line_is_told_from_what_has_to_become_one() {
        let mut lent = 0;
        for character in '\0'..=char::MAX {
            let is_blank = character.is_whitespace();
            let text = format!("a{character}b");
            let expected = if is_blank { "a b" } else { text.as_str() };
            let line = one_line(&text);
            assert_eq!(line, expected);
            lent += usize::from(matches!(line, Cow::Borrowed(_)));
        }
        assert!(lent > 1_111_000, "{lent}");
        for (text, line) in [
            ("", ""),
            (" ", ""),
            (" a", "a"),
            ("a ", "a"),
            ("a  b", "a b"),
        ] {
            assert_eq!(one_line(text), line);
        }
    }

    #[test]
    fn text_is_written_with_references_and_markup_left_alone() {
        let xml = "<t>a &amp;lt; &lt;b></t><![CDATA[&amp; &lt;]]]]><![CDATA[>]]>&amp;";
        assert_eq!(
            with_references(xml.to_owned()),
            "<t>a &#x26;lt; &#x3C;b></t><![CDATA[&amp; &lt;]]]]><![CDATA[>]]>&#x26;"
        );
    }

    #[test]
    fn only_the_webs_links_stay_links() {
        let link = |url: &str, words: &str| Inline::Link {
            url: url.to_owned(),
            content: vec![Inline::Text(words.to_owned())],
        };
        let text = [Block::Quote(vec![Block::Paragraph(vec![
            link("HTTPS://a.example/", "a"),
            Inline::Strong(vec![link("javascript:alert(1)", "b")]),
            link("mailto:c@d.example", "c"),
            link("mailto:c@d.example", "c@d.example"),
            link("mailto:c@d.example", "mailto:c@d.example"),
            link("javascript:alert(1)", "javascript:alert(1)"),
        ])])];
        let cleaned = web_only(&text).unwrap();
        let expected = [Block::Quote(vec![Block::Paragraph(vec![
            link("HTTPS://a.example/", "a"),
            Inline::Strong(vec![Inline::Text("b".to_owned())]),
            Inline::Text("c".to_owned()),
            Inline::Text(" (c@d.example)".to_owned()),
            Inline::Text("c@d.example".to_owned()),
            Inline::Text("c@d.example".to_owned()),
        ])])];
        assert_eq!(cleaned, expected);
        assert_eq!(web_only(&cleaned), None);
    }
}
