//! Markdown and the HTML in it as headings, paragraphs, lists and tables of short pieces. The
//! only module here that knows the parsers.

use std::ops::Range;

use comrak::nodes::{NodeValue, Sourcepos};
use comrak::{Arena, Node, Options, parse_document};
use html5gum::{DefaultEmitter, Token, Tokenizer};
use offprint_core::chars::clean;
use offprint_core::text::MAX_DEPTH;

/// Around the TeX of a formula within a piece. [`clean`] leaves these characters alone, so
/// what was written with them loses them before.
pub(super) const FORMULA: (char, char) = ('\u{e000}', '\u{e001}');

/// How words are dressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Style {
    pub(super) strong: bool,
    pub(super) emphasis: bool,
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// Words.
    Text(String, Style),
    /// A link: its address as written, its words, whether a picture stands in their stead.
    Link {
        url: String,
        label: String,
        style: Style,
        is_picture: bool,
    },
    /// The end of a line of the source within a paragraph.
    Soft,
}

/// What stands between two hard breaks.
pub(super) type Line = Vec<Piece>;

/// A block.
#[derive(Debug)]
pub(super) enum Block {
    Heading {
        level: u8,
        line: Line,
        span: Range<usize>,
    },
    Paragraph {
        lines: Vec<Line>,
        span: Range<usize>,
    },
    List {
        items: Vec<Item>,
    },
    Table {
        head: Vec<Line>,
        rows: Vec<Row>,
    },
    /// What no paper can stand in: why.
    Other {
        why: &'static str,
        span: Range<usize>,
    },
}

/// An item of a list.
#[derive(Debug)]
pub(super) struct Item {
    /// Its own paragraphs.
    pub(super) lines: Vec<Line>,
    /// The items of lists in it.
    pub(super) children: Vec<Item>,
    pub(super) span: Range<usize>,
}

/// A row of a table.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) cells: Vec<Vec<Line>>,
    pub(super) span: Range<usize>,
}

/// Reads a text.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let mut options = Options::default();
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.tasklist = true;
    options.extension.math_dollars = true;
    options.extension.cjk_friendly_emphasis = true;
    options.extension.front_matter_delimiter = Some("---".to_owned());
    // A rule of dashes under an entry is no heading; under a line of its own it is one.
    options.parse.ignore_setext = false;
    let arena = Arena::new();
    let root = parse_document(&arena, text, &options);
    let places = Places::new(text);
    let mut out = Vec::new();
    for node in root.children() {
        block(node, &places, 0, &mut out);
    }
    out
}

/// Where the parser's lines begin.
struct Places {
    starts: Vec<usize>,
    length: usize,
}

impl Places {
    fn new(text: &str) -> Self {
        let mut starts = vec![0];
        let mut bytes = text.bytes().enumerate().peekable();
        while let Some((index, byte)) = bytes.next() {
            let ends = byte == b'\n'
                || byte == b'\r' && bytes.peek().is_none_or(|&(_, next)| next != b'\n');
            if ends {
                starts.push(index + 1);
            }
        }
        Self {
            starts,
            length: text.len(),
        }
    }

    fn at(&self, line: usize, column: usize) -> usize {
        let start = self.starts.get(line.saturating_sub(1)).copied();
        start.map_or(self.length, |start| (start + column).min(self.length))
    }

    fn span(&self, at: Sourcepos) -> Range<usize> {
        let start = self.at(at.start.line, at.start.column.saturating_sub(1));
        start..self.at(at.end.line, at.end.column).max(start)
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the parser's tree is open, and most of it not enabled"
)]
fn block(node: Node<'_>, places: &Places, depth: usize, out: &mut Vec<Block>) {
    if depth > MAX_DEPTH {
        return;
    }
    let data = node.data();
    let span = places.span(data.sourcepos);
    match &data.value {
        NodeValue::Heading(heading) => out.push(Block::Heading {
            level: heading.level,
            line: lines_of(node).concat(),
            span,
        }),
        NodeValue::Paragraph | NodeValue::Subtext => out.push(Block::Paragraph {
            lines: lines_of(node),
            span,
        }),
        NodeValue::List(_) => out.push(Block::List {
            items: node
                .children()
                .map(|child| item(child, places, depth + 1))
                .collect(),
        }),
        NodeValue::Table(_) => {
            let mut rows = node.children().map(|row| Row {
                cells: row.children().map(lines_of).collect(),
                span: places.span(row.data().sourcepos),
            });
            let head = rows.next().map_or_else(Vec::new, |row| {
                row.cells.into_iter().map(|cell| cell.concat()).collect()
            });
            let rows = rows.collect();
            out.push(Block::Table { head, rows });
        }
        NodeValue::HtmlBlock(html) => self::html(&html.literal, &span, out),
        NodeValue::CodeBlock(_) => out.push(Block::Other { why: "code", span }),
        NodeValue::ThematicBreak => out.push(Block::Other {
            why: "a rule",
            span,
        }),
        NodeValue::FrontMatter(_) => out.push(Block::Other {
            why: "front matter of another program",
            span,
        }),
        // Quotations, too, hold lists.
        _ => {
            for child in node.children() {
                block(child, places, depth + 1, out);
            }
        }
    }
}

fn item(node: Node<'_>, places: &Places, depth: usize) -> Item {
    let span = places.span(node.data().sourcepos);
    let mut inner = Vec::new();
    for child in node.children() {
        block(child, places, depth + 1, &mut inner);
    }
    let mut item = Item {
        lines: Vec::new(),
        children: Vec::new(),
        span: span.clone(),
    };
    for block in inner {
        match block {
            Block::Heading { line, .. } => item.lines.push(line),
            Block::Paragraph { lines, .. } => item.lines.extend(lines),
            Block::List { items } => {
                // The item's own place ends where those in it begin.
                if let Some(first) = items.first()
                    && item.children.is_empty()
                {
                    item.span.end = first.span.start.clamp(span.start, span.end);
                }
                item.children.extend(items);
            }
            Block::Table { rows, .. } => item.children.extend(rows.into_iter().map(|row| Item {
                lines: row.cells.into_iter().flatten().collect(),
                children: Vec::new(),
                span: row.span,
            })),
            Block::Other { .. } => {}
        }
    }
    item
}

/// The lines of a block: hard breaks divide them.
fn lines_of(node: Node<'_>) -> Vec<Line> {
    let mut builder = Builder::default();
    for child in node.children() {
        inline(child, &mut builder, 0);
    }
    builder.finish()
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the parser's tree is open, and most of it not enabled"
)]
fn inline(node: Node<'_>, builder: &mut Builder, depth: usize) {
    if depth > MAX_DEPTH {
        return;
    }
    let data = node.data();
    let children = |builder: &mut Builder| {
        for child in node.children() {
            inline(child, builder, depth + 1);
        }
    };
    match &data.value {
        NodeValue::Text(text) => builder.words(text),
        NodeValue::Code(code) => builder.words(&code.literal),
        NodeValue::Math(math) => builder.formula(&math.literal),
        NodeValue::SoftBreak => builder.soft(),
        NodeValue::LineBreak => builder.hard(),
        NodeValue::HtmlInline(html) => builder.html(html),
        NodeValue::Emph => {
            builder.emphasis += 1;
            children(builder);
            builder.emphasis -= 1;
        }
        NodeValue::Strong => {
            builder.strong += 1;
            children(builder);
            builder.strong -= 1;
        }
        NodeValue::Link(link) => {
            builder.open_link(&link.url);
            children(builder);
            builder.close_link();
        }
        NodeValue::Image(_) => {
            let mut alt = String::new();
            for inner in node.descendants().skip(1) {
                if let NodeValue::Text(text) = &inner.data().value {
                    alt.push_str(text);
                }
            }
            builder.picture(&alt);
        }
        _ => children(builder),
    }
}

/// Lines while they are read.
#[derive(Debug, Default)]
struct Builder {
    lines: Vec<Line>,
    line: Line,
    strong: usize,
    emphasis: usize,
    link: Option<(String, String, bool)>,
}

impl Builder {
    fn style(&self) -> Style {
        Style {
            strong: self.strong > 0,
            emphasis: self.emphasis > 0,
        }
    }

    fn words(&mut self, text: &str) {
        let text = clean(text).replace([FORMULA.0, FORMULA.1], "");
        if let Some((_, label, _)) = &mut self.link {
            label.push_str(&text);
            return;
        }
        let style = self.style();
        push_linked(&without_shortcodes(&text), style, &mut self.line);
    }

    fn formula(&mut self, tex: &str) {
        let tex = clean(tex).trim().replace([FORMULA.0, FORMULA.1, '\n'], " ");
        if tex.is_empty() {
            return;
        }
        let text = format!("{}{tex}{}", FORMULA.0, FORMULA.1);
        let style = self.style();
        match &mut self.link {
            Some((_, label, _)) => label.push_str(&text),
            None => push_text(&text, style, &mut self.line),
        }
    }

    fn soft(&mut self) {
        let style = self.style();
        match &mut self.link {
            Some((_, label, _)) => label.push(' '),
            // Words that stand out together stay together.
            None if style != Style::default() => push_text(" ", style, &mut self.line),
            None => self.line.push(Piece::Soft),
        }
    }

    fn hard(&mut self) {
        if let Some((_, label, _)) = &mut self.link {
            label.push(' ');
        } else {
            let line = std::mem::take(&mut self.line);
            self.lines.push(line);
        }
    }

    fn picture(&mut self, alt: &str) {
        if let Some((_, label, is_picture)) = &mut self.link {
            label.push_str(&clean(alt));
            *is_picture = true;
        }
    }

    fn open_link(&mut self, url: &str) {
        self.close_link();
        self.link = Some((url.to_owned(), String::new(), false));
    }

    fn close_link(&mut self) {
        if let Some((url, label, is_picture)) = self.link.take() {
            let label = without_shortcodes(&label);
            self.line.push(Piece::Link {
                url,
                label: label.trim().to_owned(),
                style: self.style(),
                is_picture,
            });
        }
    }

    /// A tag within a line.
    fn html(&mut self, html: &str) {
        for token in tokens(html) {
            match token {
                Token::StartTag(tag) => {
                    let attribute = |name: &str| {
                        tag.attributes
                            .get(name.as_bytes())
                            .map(|value| String::from_utf8_lossy(&value.value).into_owned())
                    };
                    self.open(&tag.name, attribute("href"), attribute("alt"));
                }
                Token::EndTag(tag) => self.close(&tag.name),
                Token::String(text) => self.words(&String::from_utf8_lossy(&text.value)),
                Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
            }
        }
    }

    fn open(&mut self, name: &[u8], href: Option<String>, alt: Option<String>) {
        match name {
            b"br" => self.hard(),
            b"b" | b"strong" => self.strong += 1,
            b"i" | b"em" => self.emphasis += 1,
            b"a" => {
                if let Some(href) = href {
                    self.open_link(&href);
                }
            }
            b"img" => self.picture(&alt.unwrap_or_default()),
            _ => {}
        }
    }

    fn close(&mut self, name: &[u8]) {
        match name {
            b"b" | b"strong" => self.strong = self.strong.saturating_sub(1),
            b"i" | b"em" => self.emphasis = self.emphasis.saturating_sub(1),
            b"a" => self.close_link(),
            _ => {}
        }
    }

    fn finish(&mut self) -> Vec<Line> {
        self.close_link();
        self.hard();
        self.strong = 0;
        self.emphasis = 0;
        let mut lines = std::mem::take(&mut self.lines);
        lines.retain(|line| {
            line.iter().any(|piece| match piece {
                Piece::Text(text, _) => !text.trim().is_empty(),
                Piece::Link { .. } => true,
                Piece::Soft => false,
            })
        });
        lines
    }
}

fn tokens(html: &str) -> impl Iterator<Item = Token<()>> {
    Tokenizer::new_with_emitter(html, DefaultEmitter::<()>::default()).flatten()
}

fn push_text(text: &str, style: Style, line: &mut Line) {
    if text.is_empty() {
        return;
    }
    if let Some(Piece::Text(last, same)) = line.last_mut()
        && *same == style
    {
        last.push_str(text);
    } else {
        line.push(Piece::Text(text.to_owned(), style));
    }
}

/// Words, and the addresses that stand in them as they are.
fn push_linked(text: &str, style: Style, line: &mut Line) {
    let mut rest = text;
    while let Some(start) = ["https://", "http://"]
        .iter()
        .filter_map(|scheme| rest.find(scheme))
        .min()
    {
        let (before, from) = rest.split_at_checked(start).unwrap_or((rest, ""));
        let end = from
            .find(|sign: char| {
                sign.is_whitespace()
                    || matches!(sign, '<' | '>' | '"' | '`' | '|' | '\\' | '^' | '{' | '}')
                    || !sign.is_ascii()
            })
            .unwrap_or(from.len());
        let url = from.get(..end).unwrap_or_default();
        let url = url.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_', ']']);
        let url = if url.matches(')').count() > url.matches('(').count() {
            url.trim_end_matches([')', '.'])
        } else {
            url
        };
        push_text(before, style, line);
        line.push(Piece::Link {
            url: url.to_owned(),
            label: String::new(),
            style,
            is_picture: false,
        });
        rest = from.get(url.len().max(1)..).unwrap_or_default();
    }
    push_text(rest, style, line);
}

/// Text without `:star:` and the like.
fn without_shortcodes(text: &str) -> String {
    if !text.contains(':') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(':') {
        out.push_str(before);
        let name = after
            .find(|sign: char| {
                !(sign.is_ascii_lowercase() || sign.is_ascii_digit() || "_+-".contains(sign))
            })
            .unwrap_or(after.len());
        let is_code = after
            .get(name..)
            .is_some_and(|rest| rest.starts_with(':') && !rest.starts_with("://"))
            && after
                .get(..name)
                .is_some_and(|name| name.bytes().filter(u8::is_ascii_lowercase).count() >= 2);
        if is_code {
            rest = after.get(name + 1..).unwrap_or_default();
        } else {
            out.push(':');
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

/// Reads a block of HTML.
fn html(literal: &str, span: &Range<usize>, out: &mut Vec<Block>) {
    let mut page = Page {
        span,
        begin: 0,
        end: 0,
        out,
        builder: Builder::default(),
        heading: None,
        items: Vec::new(),
        in_item: false,
        rows: Vec::new(),
        in_table: false,
    };
    for token in
        Tokenizer::new_with_emitter(literal, DefaultEmitter::<usize>::new_with_span()).flatten()
    {
        match token {
            Token::StartTag(tag) => {
                page.end = tag.span.start;
                let attribute = |name: &str| {
                    tag.attributes
                        .get(name.as_bytes())
                        .map(|value| String::from_utf8_lossy(&value.value).into_owned())
                };
                page.open(&tag.name, attribute("href"), attribute("alt"));
            }
            Token::EndTag(tag) => {
                page.end = tag.span.end;
                page.close(&tag.name);
            }
            Token::String(text) => {
                page.end = text.span.end;
                let text = String::from_utf8_lossy(&text.value);
                let mut words = text.split(['\n', '\t', '\r']);
                page.builder.words(words.next().unwrap_or_default());
                for word in words {
                    page.builder.words(" ");
                    page.builder.words(word.trim_start());
                }
            }
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    page.finish();
}

/// A page's blocks while they are read. Its tags need not be closed, nor nest.
struct Page<'a> {
    /// Where it stands.
    span: &'a Range<usize>,
    /// Where within it the block begins that is being read.
    begin: usize,
    /// How far within it all is read.
    end: usize,
    out: &'a mut Vec<Block>,
    builder: Builder,
    heading: Option<u8>,
    items: Vec<Item>,
    in_item: bool,
    rows: Vec<Row>,
    in_table: bool,
}

impl Page<'_> {
    fn open(&mut self, name: &[u8], href: Option<String>, alt: Option<String>) {
        match name {
            b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" => {
                self.flush();
                self.heading = name.get(1).map(|digit| digit.saturating_sub(b'0'));
            }
            b"summary" => {
                self.flush();
                self.heading = Some(7);
            }
            b"li" => {
                self.flush();
                self.in_item = true;
            }
            b"table" => {
                self.flush();
                self.in_table = true;
            }
            b"tr" if self.in_table => {
                self.begin = self.end;
                let span = self.ended();
                self.rows.push(Row {
                    cells: Vec::new(),
                    span,
                });
            }
            b"td" | b"th" if self.in_table => {}
            b"p" | b"div" | b"ul" | b"ol" | b"details" | b"section" | b"center" | b"blockquote" => {
                if self.in_table || self.in_item {
                    self.builder.hard();
                } else {
                    self.flush();
                }
            }
            _ => self.builder.open(name, href, alt),
        }
    }

    fn close(&mut self, name: &[u8]) {
        match name {
            b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" | b"summary" | b"li" => self.flush(),
            b"td" | b"th" if self.in_table => {
                let cell = self.builder.finish();
                let end = (self.span.start + self.end).min(self.span.end);
                if let Some(row) = self.rows.last_mut() {
                    row.cells.push(cell);
                    row.span.end = end;
                }
            }
            b"table" => self.end_table(),
            b"ul" | b"ol" => {
                self.flush();
                self.end_list();
            }
            b"p" | b"div" | b"details" | b"section" | b"center" | b"blockquote" => {
                if self.in_table || self.in_item {
                    self.builder.hard();
                } else {
                    self.flush();
                }
            }
            _ => self.builder.close(name),
        }
    }

    /// Where the block stands that ends here.
    fn ended(&mut self) -> Range<usize> {
        let begin = std::mem::replace(&mut self.begin, self.end);
        let within = |at: usize| (self.span.start + at).min(self.span.end);
        within(begin)..within(self.end)
    }

    /// Ends what is being read.
    fn flush(&mut self) {
        if self.in_table {
            return;
        }
        let lines = self.builder.finish();
        let span = self.ended();
        if let Some(level) = self.heading.take() {
            if !lines.is_empty() {
                self.end_list();
                let line = lines.concat();
                self.out.push(Block::Heading { level, line, span });
            }
        } else if self.in_item {
            self.in_item = false;
            if !lines.is_empty() {
                self.items.push(Item {
                    lines,
                    children: Vec::new(),
                    span,
                });
            }
        } else if !lines.is_empty() {
            self.end_list();
            self.out.push(Block::Paragraph { lines, span });
        }
    }

    fn end_list(&mut self) {
        if !self.items.is_empty() {
            let items = std::mem::take(&mut self.items);
            self.out.push(Block::List { items });
        }
    }

    fn end_table(&mut self) {
        self.in_table = false;
        let stray = self.builder.finish();
        let mut rows = std::mem::take(&mut self.rows).into_iter();
        let head = rows.next().map_or_else(Vec::new, |row| {
            row.cells.into_iter().map(|cell| cell.concat()).collect()
        });
        let rows: Vec<Row> = rows.collect();
        if rows.is_empty() {
            // One row is a frame around something.
            let lines: Vec<Line> = head.into_iter().chain(stray).collect();
            if !lines.is_empty() {
                let span = self.ended();
                self.out.push(Block::Paragraph { lines, span });
            }
        } else {
            self.out.push(Block::Table { head, rows });
        }
    }

    fn finish(mut self) {
        if self.in_table {
            self.end_table();
        }
        self.flush();
        self.end_list();
    }
}
