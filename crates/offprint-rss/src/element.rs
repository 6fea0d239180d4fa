//! The elements of an item, written as the `rss` crate writes them in a channel, which it can
//! write as a whole only: an element a line, two blanks a level.

/// Text that is no markup as XML holds it. `&` and `<` become hexadecimal references, as the
/// RSS Best Practices Profile wants it: no reader takes them for markup when it decodes once
/// too often.
pub(crate) fn push_text(text: &str, out: &mut String) {
    offprint_html::push_spelled(text, reference, out);
}

const fn reference(byte: u8) -> Option<&'static str> {
    match byte {
        b'&' => Some("&#x26;"),
        b'<' => Some("&#x3C;"),
        b'>' => Some("&gt;"),
        b'\'' => Some("&apos;"),
        b'"' => Some("&quot;"),
        _ => None,
    }
}

/// An element of an item.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Element<'e> {
    name: &'e str,
    /// How deep it lies in the item, from 0.
    depth: usize,
}

/// An attribute's name and its value.
pub(crate) type Attribute<'e> = (&'static str, &'e str);

impl<'e> Element<'e> {
    /// One of the item's own fields.
    pub(crate) const fn field(name: &'e str) -> Self {
        Self { name, depth: 0 }
    }

    /// One within another.
    pub(crate) const fn within(self, name: &'e str) -> Self {
        Self {
            name,
            depth: self.depth + 1,
        }
    }

    /// Writes it with words in it.
    pub(crate) fn push(self, attributes: &[Attribute<'_>], words: &str, out: &mut String) {
        self.start(attributes, out);
        out.push('>');
        push_text(words, out);
        self.end(out);
    }

    /// Writes it with markup in it, as a section that is no markup to XML.
    pub(crate) fn push_markup(self, markup: &str, out: &mut String) {
        self.start(&[], out);
        out.push_str("><![CDATA[");
        if markup.contains("]]>") {
            // Nothing within may end the section.
            out.push_str(&markup.replace("]]>", "]]]]><![CDATA[>"));
        } else {
            out.push_str(markup);
        }
        out.push_str("]]>");
        self.end(out);
    }

    /// Writes it with nothing in it.
    pub(crate) fn push_empty(self, attributes: &[Attribute<'_>], out: &mut String) {
        self.start(attributes, out);
        out.push_str("/>\n");
    }

    /// Writes it with elements in it, which `write` writes.
    pub(crate) fn push_all(
        self,
        attributes: &[Attribute<'_>],
        out: &mut String,
        write: impl FnOnce(&mut String),
    ) {
        self.start(attributes, out);
        out.push_str(">\n");
        write(out);
        self.indent(out);
        self.end(out);
    }

    fn indent(self, out: &mut String) {
        out.push_str("      ");
        for _ in 0..self.depth {
            out.push_str("  ");
        }
    }

    fn start(self, attributes: &[Attribute<'_>], out: &mut String) {
        self.indent(out);
        out.push('<');
        out.push_str(self.name);
        for (name, value) in attributes {
            out.push(' ');
            out.push_str(name);
            out.push_str("=\"");
            push_text(value, out);
            out.push('"');
        }
    }

    fn end(self, out: &mut String) {
        out.push_str("</");
        out.push_str(self.name);
        out.push_str(">\n");
    }
}

/// Writes an item, whose fields `write` writes.
pub(crate) fn push_item(out: &mut String, write: impl FnOnce(&mut String)) {
    out.push_str("    <item>\n");
    write(out);
    out.push_str("    </item>\n");
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use rss::extension::Extension;
    use rss::extension::atom::{AtomExtension, Link};
    use rss::extension::dublincore::DublinCoreExtension;
    use rss::{Category, Channel, Enclosure, Guid, Item};

    use super::*;
    use crate::channel;

    #[test]
    fn items_look_as_in_a_channel_of_the_rss_crate() {
        let words = "a ]]> <b> & 'c' \"d\" &amp; 论文\n\t ";
        let markup = "<p>x &amp; y ]]> z]]>]]</p>\n";
        let url = "https://a.example/?x=1&y='2'";
        let content = Extension {
            name: "media:content".to_owned(),
            attrs: BTreeMap::from([("url".to_owned(), url.to_owned())]),
            ..Extension::default()
        };
        let group = Extension {
            name: "media:group".to_owned(),
            children: BTreeMap::from([("content".to_owned(), vec![content.clone(), content])]),
            ..Extension::default()
        };
        let channel = Channel {
            items: vec![Item {
                title: Some(words.to_owned()),
                link: Some(String::new()),
                description: Some(markup.to_owned()),
                categories: vec![Category {
                    name: words.to_owned(),
                    domain: None,
                }],
                enclosure: Some(Enclosure {
                    url: url.to_owned(),
                    length: "7".to_owned(),
                    mime_type: "a/b".to_owned(),
                }),
                guid: Some(Guid {
                    value: words.to_owned(),
                    permalink: false,
                }),
                content: Some(String::new()),
                extensions: BTreeMap::from([(
                    "media".to_owned(),
                    BTreeMap::from([("group".to_owned(), vec![group])]),
                )]),
                atom_ext: Some(AtomExtension {
                    links: vec![Link {
                        href: url.to_owned(),
                        rel: words.to_owned(),
                        ..Link::default()
                    }],
                }),
                dublin_core_ext: Some(DublinCoreExtension {
                    creators: vec![String::new(), words.to_owned()],
                    ..DublinCoreExtension::default()
                }),
                ..Item::default()
            }],
            ..Channel::default()
        };
        let mut out = String::new();
        push_item(&mut out, |out| {
            let field = Element::field;
            field("title").push(&[], words, out);
            field("link").push(&[], "", out);
            field("description").push_markup(markup, out);
            field("category").push(&[], words, out);
            let file = [("url", url), ("length", "7"), ("type", "a/b")];
            field("enclosure").push_empty(&file, out);
            field("guid").push(&[("isPermaLink", "false")], words, out);
            field("content:encoded").push_markup("", out);
            let group = field("media:group");
            group.push_all(&[], out, |out| {
                for _ in 0..2 {
                    group
                        .within("media:content")
                        .push_all(&[("url", url)], out, |_| {});
                }
            });
            field("atom:link").push_empty(&[("href", url), ("rel", words)], out);
            field("dc:creator").push(&[], "", out);
            field("dc:creator").push(&[], words, out);
        });
        let whole = channel::write(&channel).unwrap();
        let start = whole.find("    <item>").unwrap();
        let end = whole.find("  </channel>").unwrap();
        assert_eq!(Some(out.as_str()), whole.get(start..end));
    }
}
