//! A fragment of HTML, as feeds carry it, read into [`Text`].

use html5gum::{StartTag, Token, Tokenizer};
use offprint_core::check::url::absolute;
use offprint_core::text::{List, ListItem, MAX_DEPTH, plain};
use offprint_core::{Block, Inline, Text};

/// Reads a fragment. What is no text (scripts, forms, pictures) is left out; what is not known
/// gives its words.
pub(crate) fn text(html: &str) -> Text {
    let mut builder = Builder::default();
    let mut skipping: Option<Vec<u8>> = None;
    for token in Tokenizer::new(html).flatten() {
        if let Some(name) = &skipping {
            if matches!(&token, Token::EndTag(tag) if tag.name.as_slice() == name.as_slice()) {
                skipping = None;
            }
            continue;
        }
        match token {
            Token::StartTag(tag) => {
                if is_skipped(&tag.name) {
                    if !tag.self_closing {
                        skipping = Some(tag.name.as_slice().to_vec());
                    }
                } else {
                    builder.open(&tag);
                }
            }
            Token::EndTag(tag) => builder.close(&tag.name),
            Token::String(text) => builder.words(&String::from_utf8_lossy(&text)),
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    builder.finish()
}

fn is_skipped(name: &[u8]) -> bool {
    matches!(
        name,
        b"script" | b"style" | b"template" | b"iframe" | b"object" | b"svg" | b"head" | b"select"
    )
}

/// An element that is open.
#[derive(Debug)]
enum Open {
    /// Blocks of a quotation.
    Quote(Text),
    /// Items so far.
    List {
        start: Option<u32>,
        items: Vec<Text>,
    },
    /// Blocks of an item.
    Item(Text),
    /// What emphasis, a link or the like holds so far, and the element's name.
    Line(Dress, Vec<u8>, Vec<Inline>),
    /// A heading's level.
    Heading(u8),
    /// Code that keeps its lines.
    Code(String),
}

#[derive(Debug)]
enum Dress {
    Emphasis,
    Strong,
    Strike,
    Code,
    Link(String),
}

#[derive(Debug, Default)]
struct Builder {
    done: Text,
    open: Vec<Open>,
    /// The paragraph that is being read.
    line: Vec<Inline>,
}

impl Builder {
    fn open(&mut self, tag: &StartTag<()>) {
        let name = tag.name.as_slice();
        match name {
            b"br" => self.push(Inline::HardBreak),
            b"hr" => {
                self.end_line();
                self.push_block(Block::Rule);
            }
            b"blockquote" if self.has_room() => {
                self.end_line();
                self.open.push(Open::Quote(Vec::new()));
            }
            b"ul" | b"ol" if self.has_room() => {
                self.end_line();
                let start = (name == b"ol").then(|| {
                    let start = tag.attributes.get(b"start".as_slice());
                    start
                        .and_then(|start| String::from_utf8_lossy(start).trim().parse().ok())
                        .unwrap_or(1)
                });
                self.open.push(Open::List {
                    start,
                    items: Vec::new(),
                });
            }
            b"li" => {
                self.end_line();
                self.close_to(|open| matches!(open, Open::List { .. }));
                if matches!(self.open.last(), Some(Open::List { .. })) && self.has_room() {
                    self.open.push(Open::Item(Vec::new()));
                }
            }
            b"pre" => {
                self.end_line();
                self.open.push(Open::Code(String::new()));
            }
            b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" => {
                self.end_line();
                let level = name.get(1).map_or(1, |digit| digit.saturating_sub(b'0'));
                self.open
                    .push(Open::Heading(level.saturating_sub(2).clamp(1, 3)));
            }
            b"em" | b"i" | b"cite" => self.dress(Dress::Emphasis, name),
            b"strong" | b"b" => self.dress(Dress::Strong, name),
            b"del" | b"s" | b"strike" => self.dress(Dress::Strike, name),
            b"code" | b"kbd" | b"samp" | b"tt" => self.dress(Dress::Code, name),
            b"a" => {
                let href = tag.attributes.get(b"href".as_slice());
                let url = href.and_then(|href| absolute(String::from_utf8_lossy(href).trim()).ok());
                if let Some(url) = url {
                    self.dress(Dress::Link(url), name);
                }
            }
            name if is_block(name) => self.end_line(),
            _ => {}
        }
    }

    fn close(&mut self, name: &[u8]) {
        match name {
            b"blockquote" => self.end_block(|open| matches!(open, Open::Quote(_))),
            b"ul" | b"ol" => self.end_block(|open| matches!(open, Open::List { .. })),
            b"li" => {
                self.end_line();
                self.close_to(|open| matches!(open, Open::List { .. }));
            }
            b"pre" => self.end_block(|open| matches!(open, Open::Code(_))),
            b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" => {
                self.end_block(|open| matches!(open, Open::Heading(_)));
            }
            name if is_block(name) => self.end_line(),
            name => {
                let is_it = |open: &Open| matches!(open, Open::Line(_, tag, _) if tag == name);
                let stands = self
                    .open
                    .iter()
                    .rev()
                    .take_while(|open| matches!(open, Open::Line(..)));
                if stands.into_iter().any(is_it) {
                    while let Some(open) = self.open.pop() {
                        let was_it = is_it(&open);
                        self.close_one(open);
                        if was_it {
                            break;
                        }
                    }
                }
            }
        }
    }

    fn has_room(&self) -> bool {
        self.open.len() < MAX_DEPTH / 4
    }

    fn dress(&mut self, dress: Dress, name: &[u8]) {
        if self.has_room() {
            self.open.push(Open::Line(dress, name.to_vec(), Vec::new()));
        }
    }

    fn words(&mut self, text: &str) {
        if let Some(Open::Code(code)) = self.open.last_mut() {
            code.push_str(text);
            return;
        }
        let mut line = String::with_capacity(text.len());
        for character in text.chars() {
            let is_blank = character.is_whitespace() && character != '\u{3000}';
            if !is_blank {
                line.push(character);
            } else if !line.ends_with(' ') {
                line.push(' ');
            }
        }
        self.push(Inline::Text(line));
    }

    fn push(&mut self, inline: Inline) {
        match self.open.last_mut() {
            Some(Open::Code(code)) => {
                if matches!(inline, Inline::HardBreak) {
                    code.push('\n');
                }
            }
            Some(Open::Line(_, _, content)) => content.push(inline),
            Some(Open::Quote(_) | Open::List { .. } | Open::Item(_) | Open::Heading(_)) | None => {
                self.line.push(inline);
            }
        }
    }

    /// Closes what is open within a line, and the paragraph.
    fn end_line(&mut self) {
        while let Some(Open::Line(..)) = self.open.last() {
            if let Some(open) = self.open.pop() {
                self.close_one(open);
            }
        }
        let line = trimmed(std::mem::take(&mut self.line));
        if !line.is_empty() {
            let block = match self.open.last() {
                Some(Open::Heading(level)) => Block::Heading {
                    level: *level,
                    content: line,
                },
                _ => Block::Paragraph(line),
            };
            self.push_block(block);
        }
    }

    /// Closes the innermost element of a kind with all that is open in it.
    fn end_block(&mut self, is_it: impl Fn(&Open) -> bool) {
        self.end_line();
        if self.open.iter().any(&is_it) {
            self.close_to(&is_it);
            if let Some(open) = self.open.pop() {
                self.close_one(open);
            }
        }
    }

    /// Closes what is open within the innermost element of a kind, not that itself.
    fn close_to(&mut self, is_it: impl Fn(&Open) -> bool) {
        if !self.open.iter().any(&is_it) {
            return;
        }
        while self.open.last().is_some_and(|open| !is_it(open)) {
            if let Some(open) = self.open.pop() {
                self.close_one(open);
            }
        }
    }

    fn close_one(&mut self, open: Open) {
        match open {
            Open::Quote(content) => {
                if !content.is_empty() {
                    self.push_block(Block::Quote(content));
                }
            }
            Open::List { start, items } => {
                if !items.is_empty() {
                    let tight = items.iter().all(|item| {
                        item.iter()
                            .filter(|b| matches!(b, Block::Paragraph(_)))
                            .count()
                            < 2
                    });
                    let items = items
                        .into_iter()
                        .map(|content| ListItem {
                            checked: None,
                            content,
                        })
                        .collect();
                    self.push_block(Block::List(List {
                        start,
                        tight,
                        items,
                    }));
                }
            }
            Open::Item(content) => match self.open.last_mut() {
                Some(Open::List { items, .. }) if !content.is_empty() => items.push(content),
                _ => {}
            },
            Open::Line(dress, _, content) => {
                let is_empty = plain(&content).trim().is_empty();
                match dress {
                    _ if is_empty => content.into_iter().for_each(|inline| self.push(inline)),
                    Dress::Emphasis => self.push(Inline::Emphasis(content)),
                    Dress::Strong => self.push(Inline::Strong(content)),
                    Dress::Strike => self.push(Inline::Strike(content)),
                    Dress::Code => self.push(Inline::Code(plain(&content))),
                    Dress::Link(url) => {
                        let content = without_links(content);
                        self.push(Inline::Link { url, content });
                    }
                }
            }
            Open::Heading(_) => {}
            Open::Code(code) => {
                let text = code.trim_matches('\n').to_owned();
                if !text.trim().is_empty() {
                    self.push_block(Block::Code {
                        language: None,
                        text,
                    });
                }
            }
        }
    }

    fn push_block(&mut self, block: Block) {
        let holder = self.open.iter_mut().rev().find_map(|open| match open {
            Open::Quote(content) | Open::Item(content) => Some(content),
            Open::List { .. } | Open::Line(..) | Open::Heading(_) | Open::Code(_) => None,
        });
        holder.unwrap_or(&mut self.done).push(block);
    }

    fn finish(mut self) -> Text {
        self.end_line();
        while let Some(open) = self.open.pop() {
            self.close_one(open);
        }
        self.done
    }
}

/// Elements that end a paragraph.
fn is_block(name: &[u8]) -> bool {
    matches!(
        name,
        b"p" | b"div"
            | b"section"
            | b"article"
            | b"header"
            | b"footer"
            | b"main"
            | b"aside"
            | b"figure"
            | b"figcaption"
            | b"table"
            | b"tr"
            | b"td"
            | b"th"
            | b"dl"
            | b"dt"
            | b"dd"
            | b"address"
            | b"details"
            | b"summary"
            | b"center"
    )
}

fn without_links(line: Vec<Inline>) -> Vec<Inline> {
    line.into_iter()
        .flat_map(|inline| {
            if let Inline::Link { content, .. } = inline {
                content
            } else {
                vec![inline]
            }
        })
        .collect()
}

/// A line without blanks and breaks at its ends.
fn trimmed(mut line: Vec<Inline>) -> Vec<Inline> {
    let is_blank = |inline: &Inline| {
        let words = plain(std::slice::from_ref(inline));
        matches!(inline, Inline::HardBreak | Inline::Text(_)) && words.trim().is_empty()
    };
    while line.last().is_some_and(is_blank) {
        line.pop();
    }
    let start = line.iter().take_while(|inline| is_blank(inline)).count();
    line.drain(..start);
    if let Some(Inline::Text(text)) = line.first_mut() {
        *text = text.trim_start().to_owned();
    }
    if let Some(Inline::Text(text)) = line.last_mut() {
        *text = text.trim_end().to_owned();
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(html: &str) -> String {
        crate::write::text(&text(html))
    }

    #[test]
    fn a_fragment_is_what_it_looks_like() {
        assert_eq!(
            written(
                "<div>One <b>two </b>three<br>four</div><p>A <a href='https://a.example/x'>link</a> \
                 &amp; <code>co*de</code></p><script>no()</script><ul><li>a<ul><li>b</li></ul></li>\
                 <li>c</ul><blockquote><p>q</blockquote><h3>Head</h3><pre>x\n  y</pre><img src=x>"
            ),
            "One **two** three\\\nfour\n\nA [link](https://a.example/x) & `co*de`\n\n* a\n  * b\n\
             * c\n\n> q\n\n#### Head\n\n```\nx\n  y\n```\n"
        );
    }

    #[test]
    fn broken_markup_gives_its_words() {
        assert_eq!(
            written("a <b>b <i>c</b> d</i> <li>e</ul></p>f"),
            "a **b *c*** d \n\ne\n\nf\n".replace(" \n", "\n")
        );
        assert_eq!(written("plain & < words"), "plain & \\< words\n");
        let deep = "<div><ul><li>".repeat(5_000) + "x";
        assert!(written(&deep).contains('x'));
    }
}
