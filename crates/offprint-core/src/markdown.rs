//! Markdown into [`Text`](crate::text::Text). This module alone knows the parser.
//!
//! The parser's tree is large and open; ours is small and closed. On the way, links are
//! checked, bare addresses are linked, line breaks between wide characters vanish, pictures
//! are resolved, footnotes are gathered, and what has no place in print is reported.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use comrak::nodes::{ListType, NodeValue, Sourcepos, TableAlignment};
use comrak::{Arena, Node, Options, parse_document};

use crate::chars::{clean, is_cjk_punctuation, is_wide};
use crate::check::path::{Picture, picture};
use crate::check::url::absolute;
use crate::diagnostic::{Diagnostic, Place};
use crate::load::{ImageUse, too_deep};
use crate::source::Source;
use crate::text::{
    Align, Block, Figure, Footnote, Formula, Image, Inline, List, ListItem, MAX_DEPTH, Table, Text,
    plain,
};

/// The fence that stands in for `$$` around formulas which Markdown would take apart.
const FORMULA_FENCE: &str = "~~~~~~~~";

/// Where the lines of a Markdown text stand in its file.
#[derive(Debug)]
pub(crate) struct Origin {
    span: Range<usize>,
    lines: Vec<Option<usize>>,
}

impl Origin {
    /// The text stands in the file as it is, from byte `start`.
    pub(crate) fn verbatim(text: &str, start: usize) -> Self {
        Self {
            span: start..start + text.len(),
            lines: line_starts(text)
                .into_iter()
                .map(|line| Some(start + line))
                .collect(),
        }
    }

    /// The text was read from `span`, perhaps unescaped or with its indentation taken off:
    /// lines that stand there as they are keep their places, the others have the whole span.
    pub(crate) fn within(source: &Source, span: Range<usize>, text: &str) -> Self {
        let mut lines = Vec::new();
        let mut cursor = span.start;
        for line in text.split('\n') {
            let line = line.trim_end_matches('\r');
            let rest = source.text.get(cursor..span.end).unwrap_or_default();
            let found = if line.trim().is_empty() {
                None
            } else {
                rest.find(line).map(|at| cursor + at)
            };
            if let Some(start) = found {
                cursor = start + line.len();
            }
            lines.push(found);
        }
        Self { span, lines }
    }

    fn offset(&self, line: usize, column: usize) -> Option<usize> {
        let start = self.lines.get(line).copied().flatten()?;
        Some(start + column.saturating_sub(1))
    }
}

/// Lines as the parser counts them: they end with `\n`, `\r\n` or `\r`.
fn line_starts(text: &str) -> Vec<usize> {
    let mut starts = vec![0];
    let mut bytes = text.bytes().enumerate().peekable();
    while let Some((index, byte)) = bytes.next() {
        let ends = match byte {
            b'\n' => true,
            b'\r' => !bytes.peek().is_some_and(|&(_, next)| next == b'\n'),
            _ => false,
        };
        if ends {
            starts.push(index + 1);
        }
    }
    starts
}

/// A parsed Markdown text.
pub(crate) struct Document<'a> {
    root: Node<'a>,
    text: String,
    starts: Vec<usize>,
    preamble: usize,
    origin: Origin,
}

/// Parses a text into `arena`.
pub(crate) fn parse<'a>(arena: &'a Arena<'a>, markdown: &str, origin: Origin) -> Document<'a> {
    let (preamble, preamble_lines) = preamble(markdown);
    let text = format!("{preamble}{}", fence_formulas(markdown));
    Document {
        root: parse_document(arena, &text, &options()),
        starts: line_starts(&text),
        text,
        preamble: preamble_lines,
        origin,
    }
}

fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.tasklist = true;
    options.extension.footnotes = true;
    options.extension.math_dollars = true;
    options.extension.cjk_friendly_emphasis = true;
    options.extension.link_attributes = true;
    options.parse.leave_footnote_definitions = true;
    // A line of dashes below a paragraph is a rule here, never a section.
    options.parse.ignore_setext = true;
    options
}

/// The parser takes `[^x]` for a footnote only where `x` is defined, yet the definition may
/// stand in another text, or be missing, which is to be reported. So every label is defined
/// in front of the text; the comment keeps an indented first line out of the last definition.
fn preamble(markdown: &str) -> (String, usize) {
    let labels: BTreeSet<&str> = markdown
        .split("[^")
        .skip(1)
        .filter_map(|rest| rest.split_once(']'))
        .map(|(label, _)| label)
        .filter(|label| {
            (1..=200).contains(&label.len())
                && !label.contains(|character: char| {
                    character.is_whitespace() || character == '[' || character == '\0'
                })
        })
        .collect();
    if labels.is_empty() {
        return (String::new(), 0);
    }
    let mut preamble = String::new();
    for label in &labels {
        preamble.push_str("[^");
        preamble.push_str(label);
        preamble.push_str("]: .\n\n");
    }
    preamble.push_str("<!-- -->\n\n");
    (preamble, 2 * labels.len() + 2)
}

/// Markdown finds blocks before formulas, so that a line of a displayed formula which begins
/// with `+` or `-`, or is blank, would break it. Such formulas get a fence instead of `$$`,
/// line for line.
fn fence_formulas(markdown: &str) -> Cow<'_, str> {
    if !markdown.contains("$$") {
        return Cow::Borrowed(markdown);
    }
    let lines: Vec<&str> = markdown.split_inclusive('\n').collect();
    let mut fences: BTreeSet<usize> = BTreeSet::new();
    let mut code: Option<(char, usize)> = None;
    let mut open: Option<usize> = None;
    let mut fragile = false;
    for (index, line) in lines.iter().enumerate() {
        let content = line.trim_start_matches([' ', '>']).trim_end();
        let run = |sign: char| content.chars().take_while(|&next| next == sign).count();
        let marker = ['`', '~'].into_iter().find(|&sign| run(sign) >= 3);
        if let Some((sign, length)) = code {
            if run(sign) >= length && content.chars().all(|next| next == sign) {
                code = None;
            }
            continue;
        }
        if open.is_none() {
            if let Some(sign) = marker {
                code = Some((sign, run(sign)));
            } else if content == "$$" && !line.starts_with("    ") {
                open = Some(index);
                fragile = false;
            }
            continue;
        }
        if content == "$$" {
            if let Some(first) = open.take().filter(|_| fragile) {
                fences.insert(first);
                fences.insert(index);
            }
        } else if line.starts_with("## ") || line.starts_with("### ") {
            open = None;
        } else {
            fragile |= content.is_empty()
                || content.starts_with(['+', '-', '*', '#', '>', '=', '|', '<', '`', '~', '_'])
                || content.starts_with(|first: char| first.is_ascii_digit());
        }
    }
    if fences.is_empty() {
        return Cow::Borrowed(markdown);
    }
    let mut out = String::with_capacity(markdown.len() + 32);
    let mut opens = true;
    for (index, line) in lines.iter().enumerate() {
        if fences.contains(&index) {
            let language = if opens { "math" } else { "" };
            out.push_str(&line.replace("$$", &format!("{FORMULA_FENCE}{language}")));
            opens = !opens;
        } else {
            out.push_str(line);
        }
    }
    Cow::Owned(out)
}

impl<'a> Document<'a> {
    /// The blocks of the text in order.
    pub(crate) fn blocks(&self) -> impl Iterator<Item = Node<'a>> {
        let preamble = self.preamble;
        self.root
            .children()
            .filter(move |node| node.data().sourcepos.start.line > preamble)
    }

    /// What the author wrote for a node.
    pub(crate) fn written(&self, at: Sourcepos) -> &str {
        let start = self.index(at.start.line, at.start.column.saturating_sub(1));
        let end = self.index(at.end.line, at.end.column).max(start);
        let start = self.text.floor_char_boundary(start);
        let end = self.text.ceil_char_boundary(end);
        self.text.get(start..end).unwrap_or_default()
    }

    fn index(&self, line: usize, column: usize) -> usize {
        let start = self.starts.get(line.saturating_sub(1)).copied();
        let end = self.starts.get(line).copied().unwrap_or(self.text.len());
        start.map_or(self.text.len(), |start| (start + column).min(end))
    }

    /// Where a node stands in the file.
    pub(crate) fn span(&self, at: Sourcepos) -> Range<usize> {
        let line = |line: usize| line.checked_sub(self.preamble + 1);
        let start = line(at.start.line).and_then(|line| self.origin.offset(line, at.start.column));
        let end = line(at.end.line).and_then(|line| self.origin.offset(line, at.end.column + 1));
        match (start, end) {
            (Some(start), Some(end)) if start <= end => start..end,
            (Some(start), _) => start..start,
            (None, _) => self.origin.span.clone(),
        }
    }
}

/// The texts of one file while they are read: what was found, which pictures are named,
/// and the footnotes, whose numbers are told only when all texts are known.
#[derive(Debug)]
pub(crate) struct Manuscript<'s> {
    source: &'s Arc<Source>,
    folder: &'s str,
    allow_remote_images: bool,
    /// What was found.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// The pictures that are named.
    pub(crate) images: Vec<ImageUse>,
    scope: usize,
    references: Vec<Reference>,
    definitions: Vec<Definition>,
    defined: BTreeSet<(usize, String)>,
    reported_depth: bool,
}

/// A `[^label]`; until all is read, [`Inline::FootnoteRef`] holds its place in the list.
#[derive(Debug)]
struct Reference {
    scope: usize,
    label: String,
    place: Place,
}

#[derive(Debug)]
struct Definition {
    scope: usize,
    label: String,
    place: Place,
    content: Text,
    number: Option<u32>,
}

impl<'s> Manuscript<'s> {
    /// Begins on a file whose pictures are named relative to `folder`.
    pub(crate) fn new(source: &'s Arc<Source>, folder: &'s str, allow_remote_images: bool) -> Self {
        Self {
            source,
            folder,
            allow_remote_images,
            diagnostics: Vec::new(),
            images: Vec::new(),
            scope: 0,
            references: Vec::new(),
            definitions: Vec::new(),
            defined: BTreeSet::new(),
            reported_depth: false,
        }
    }

    /// Reads a text of its own, which stands at `span`.
    pub(crate) fn text(&mut self, markdown: &str, span: Range<usize>) -> Text {
        let origin = Origin::within(self.source, span, markdown);
        let arena = Arena::new();
        let document = parse(&arena, markdown, origin);
        let nodes: Vec<Node<'_>> = document.blocks().collect();
        self.blocks(&document, &nodes)
    }

    /// Reads one line, which stands at `span`. Blocks but the first paragraph are read as
    /// further words of it.
    pub(crate) fn line(&mut self, markdown: &str, span: Range<usize>) -> Vec<Inline> {
        let mut line = Vec::new();
        for block in self.text(markdown, span) {
            let content = match block {
                Block::Paragraph(content) | Block::Heading { content, .. } => content,
                Block::Math(formula) => vec![Inline::Math(formula)],
                Block::Figure(figure) => vec![Inline::Image(figure.image)],
                other @ (Block::List(_)
                | Block::Quote(_)
                | Block::Code { .. }
                | Block::Table(_)
                | Block::Rule) => vec![Inline::Text(
                    crate::text::plain_text(&[other]).replace('\n', " "),
                )],
            };
            if !line.is_empty() {
                line.push(Inline::Text(" ".to_owned()));
            }
            line.extend(content);
        }
        line
    }

    /// Converts a run of blocks, which share their footnotes.
    pub(crate) fn blocks(&mut self, document: &Document<'_>, nodes: &[Node<'_>]) -> Text {
        self.scope += 1;
        let mut text = Text::new();
        for node in nodes {
            self.block(document, node, 1, &mut text);
        }
        text
    }

    fn place(&self, document: &Document<'_>, at: Sourcepos) -> Place {
        Place::new(self.source, document.span(at))
    }

    /// Whether `depth` is too deep to go on, which is reported once.
    fn is_too_deep(&mut self, document: &Document<'_>, at: Sourcepos, depth: usize) -> bool {
        if depth <= MAX_DEPTH {
            return false;
        }
        if !self.reported_depth {
            self.reported_depth = true;
            let place = self.place(document, at);
            self.diagnostics.push(too_deep(place));
        }
        true
    }

    fn children(&mut self, document: &Document<'_>, parent: Node<'_>, depth: usize) -> Text {
        let mut text = Text::new();
        for child in parent.children() {
            self.block(document, child, depth + 1, &mut text);
        }
        text
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the parser's tree is open, and most of it not enabled"
    )]
    fn block(&mut self, document: &Document<'_>, node: Node<'_>, depth: usize, out: &mut Text) {
        let data = node.data();
        let at = data.sourcepos;
        if self.is_too_deep(document, at, depth) {
            return;
        }
        match &data.value {
            NodeValue::Paragraph | NodeValue::Subtext => {
                self.paragraph(document, node, depth, out);
            }
            NodeValue::Heading(heading) => {
                let content = self.finished_inlines(document, node, depth);
                if !content.is_empty() {
                    out.push(Block::Heading {
                        level: heading.level.saturating_sub(3).clamp(1, 3),
                        content,
                    });
                }
            }
            NodeValue::List(list) => {
                let items: Vec<ListItem> = node
                    .children()
                    .map(|item| {
                        let checked = if let NodeValue::TaskItem(task) = &item.data().value {
                            Some(task.symbol.is_some())
                        } else {
                            None
                        };
                        ListItem {
                            checked,
                            content: self.children(document, item, depth + 1),
                        }
                    })
                    .collect();
                out.push(Block::List(List {
                    start: match list.list_type {
                        ListType::Ordered => Some(u32::try_from(list.start).unwrap_or(1)),
                        ListType::Bullet => None,
                    },
                    tight: list.tight,
                    items,
                }));
            }
            NodeValue::BlockQuote => {
                let content = self.children(document, node, depth);
                if !content.is_empty() {
                    out.push(Block::Quote(content));
                }
            }
            NodeValue::CodeBlock(code) => {
                let literal = clean(&code.literal);
                let text = literal.trim_end_matches('\n').to_owned();
                let language = code
                    .info
                    .split(|character: char| character.is_whitespace() || "{,".contains(character))
                    .next()
                    .map(|language| clean(language).into_owned())
                    .filter(|language| !language.is_empty());
                if code.fenced && language.as_deref() == Some("math") {
                    push_formula(&text, out);
                } else {
                    out.push(Block::Code { language, text });
                }
            }
            NodeValue::HtmlBlock(html) => self.html_block(document, at, &html.literal, out),
            NodeValue::ThematicBreak => out.push(Block::Rule),
            NodeValue::FootnoteDefinition(definition) => {
                let content = self.children(document, node, depth);
                let place = self.place(document, at);
                self.define(definition.name.clone(), place, content);
            }
            NodeValue::Table(table) => {
                let align: Vec<Align> = table
                    .alignments
                    .iter()
                    .map(|align| match align {
                        TableAlignment::None | TableAlignment::Left => Align::Start,
                        TableAlignment::Center => Align::Center,
                        TableAlignment::Right => Align::End,
                    })
                    .collect();
                let mut rows: Vec<Vec<Vec<Inline>>> = node
                    .children()
                    .map(|row| {
                        let mut cells: Vec<Vec<Inline>> = row
                            .children()
                            .map(|cell| self.finished_inlines(document, cell, depth + 1))
                            .collect();
                        cells.resize(align.len(), Vec::new());
                        cells
                    })
                    .collect();
                if !rows.is_empty() {
                    let head = rows.remove(0);
                    out.push(Block::Table(Table { align, head, rows }));
                }
            }
            // Not enabled, or only ever within what is matched above.
            _ => out.extend(self.children(document, node, depth)),
        }
    }

    fn define(&mut self, label: String, place: Place, content: Text) {
        let scope = self.scope;
        let twice = !self.defined.insert((scope, fold(&label)));
        if twice {
            self.diagnostics.push(
                Diagnostic::error(
                    "duplicate-footnote",
                    format!("the footnote `{label}` is defined twice"),
                )
                .at(first_line(&place))
                .hint("give one of the two another label"),
            );
        }
        self.definitions.push(Definition {
            scope,
            label: clean(&label).into_owned(),
            place,
            content,
            number: None,
        });
    }

    fn html_block(
        &mut self,
        document: &Document<'_>,
        at: Sourcepos,
        literal: &str,
        out: &mut Text,
    ) {
        let trimmed = literal.trim();
        if trimmed.starts_with("<!--") {
            let Some((_, rest)) = trimmed.split_once("-->") else {
                let place = first_line(&self.place(document, at));
                self.diagnostics.push(
                    Diagnostic::error("syntax", "this comment is never closed")
                        .at(place)
                        .hint("end it with `-->`"),
                );
                return;
            };
            if rest.trim().is_empty() {
                return;
            }
        } else if is_break(trimmed) {
            return;
        }
        self.report_html(document, at, trimmed);
        let mut content = Vec::new();
        for line in trimmed.lines() {
            if !content.is_empty() {
                content.push(Inline::HardBreak);
            }
            push_text(line.trim(), &mut content);
        }
        out.push(Block::Paragraph(content));
    }

    fn report_html(&mut self, document: &Document<'_>, at: Sourcepos, html: &str) {
        let shown: String = html
            .lines()
            .next()
            .unwrap_or_default()
            .chars()
            .take(40)
            .collect();
        let place = first_line(&self.place(document, at));
        self.diagnostics.push(
            Diagnostic::warning(
                "raw-html",
                format!("`{shown}` is HTML, which is shown as text"),
            )
            .at(place)
            .hint("write Markdown instead; code goes between backquotes"),
        );
    }

    /// A paragraph, which displayed formulas take apart. One that holds nothing but pictures
    /// becomes figures.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the parser's tree is open, and most of it not enabled"
    )]
    fn paragraph(&mut self, document: &Document<'_>, node: Node<'_>, depth: usize, out: &mut Text) {
        let is_picture = |value: &NodeValue| matches!(value, NodeValue::Image(_));
        let is_blank = |value: &NodeValue| match value {
            NodeValue::SoftBreak | NodeValue::LineBreak => true,
            NodeValue::Text(text) => text.trim().is_empty(),
            _ => false,
        };
        let only_pictures = node.first_child().is_some()
            && node
                .children()
                .all(|child| is_picture(&child.data().value) || is_blank(&child.data().value));
        if only_pictures {
            for child in node.children() {
                if let NodeValue::Image(_) = &child.data().value {
                    self.figure(document, child, out);
                }
            }
            return;
        }
        let mut run = Vec::new();
        for child in node.children() {
            let display = match &child.data().value {
                NodeValue::Math(math) if math.display_math => Some(math.literal.clone()),
                _ => None,
            };
            match display {
                Some(tex) => {
                    push_paragraph(std::mem::take(&mut run), out);
                    push_formula(&tex, out);
                }
                None => self.inline(document, child, depth + 1, false, &mut run),
            }
        }
        push_paragraph(run, out);
    }

    fn figure(&mut self, document: &Document<'_>, node: Node<'_>, out: &mut Text) {
        let data = node.data();
        let NodeValue::Image(link) = &data.value else {
            return;
        };
        match self.picture_of(document, node) {
            Ok(image) => out.push(Block::Figure(Figure {
                image,
                caption: title(link.title.trim()),
                credit: None,
            })),
            Err(substitute) => push_paragraph(substitute, out),
        }
    }

    /// The picture a node names, or what is shown in its stead.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the parser's tree is open, and most of it not enabled"
    )]
    fn picture_of(
        &mut self,
        document: &Document<'_>,
        node: Node<'_>,
    ) -> Result<Image, Vec<Inline>> {
        let data = node.data();
        let at = data.sourcepos;
        let src = match &data.value {
            NodeValue::Image(link) => link.url.clone(),
            _ => String::new(),
        };
        let mut alt = String::new();
        for inner in node.descendants().skip(1) {
            match &inner.data().value {
                NodeValue::Text(text) => alt.push_str(text),
                NodeValue::Code(code) => alt.push_str(&code.literal),
                NodeValue::Math(math) => alt.push_str(math.literal.trim()),
                NodeValue::SoftBreak | NodeValue::LineBreak => alt.push(' '),
                _ => {}
            }
        }
        let place = self.place(document, at);
        let mut width = None;
        for (key, value) in data.attrs.iter().flat_map(|attributes| &attributes.pairs) {
            if key == "width" {
                width = percent(value);
                if width.is_none() {
                    self.diagnostics.push(
                        Diagnostic::warning(
                            "unknown-value",
                            format!("`{value}` is no width of a picture"),
                        )
                        .at(place.clone())
                        .hint("write a share of the text's width: {width=60%}"),
                    );
                }
            }
        }
        self.image(&src, &alt, width, place)
    }

    /// A picture that is named at `place`, or what is shown in its stead.
    pub(crate) fn image(
        &mut self,
        src: &str,
        alt: &str,
        width: Option<u8>,
        place: Place,
    ) -> Result<Image, Vec<Inline>> {
        let alt = one_line(&clean(alt));
        match picture(self.folder, src) {
            Picture::File(path) => {
                let path = clean(&path).into_owned();
                if alt.is_empty() {
                    self.diagnostics.push(
                        Diagnostic::warning("missing-alt", "this picture has no alternative text")
                            .at(place.clone())
                            .hint("say what it shows, for those who do not see it: ![a folded page](…)"),
                    );
                }
                self.images.push(ImageUse {
                    src: path.clone(),
                    place,
                });
                Ok(Image {
                    src: path,
                    alt,
                    width,
                })
            }
            Picture::Remote => {
                let diagnostic = if self.allow_remote_images {
                    Diagnostic::warning(
                        "remote-image",
                        "a picture on another site gives way to a link",
                    )
                } else {
                    Diagnostic::error("remote-image", "this picture lies on another site")
                };
                self.diagnostics.push(
                    diagnostic
                        .at(place)
                        .hint("download it next to the issue and name the file"),
                );
                let words = if alt.is_empty() {
                    src.trim().to_owned()
                } else {
                    alt
                };
                let words = vec![Inline::Text(clean(&words).into_owned())];
                Err(match absolute(src) {
                    Ok(url) => vec![Inline::Link {
                        url,
                        content: words,
                    }],
                    Err(_) => words,
                })
            }
            Picture::Refused(why) => {
                self.diagnostics.push(
                    Diagnostic::error("broken-image", why)
                        .at(place)
                        .hint("name a file by its path from the issue, or from the root with `/`"),
                );
                Err(vec![Inline::Text(alt)])
            }
        }
    }

    fn finished_inlines(
        &mut self,
        document: &Document<'_>,
        parent: Node<'_>,
        depth: usize,
    ) -> Vec<Inline> {
        let mut line = Vec::new();
        for child in parent.children() {
            self.inline(document, child, depth + 1, false, &mut line);
        }
        finish(line)
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the parser's tree is open, and most of it not enabled"
    )]
    fn inline(
        &mut self,
        document: &Document<'_>,
        node: Node<'_>,
        depth: usize,
        in_link: bool,
        out: &mut Vec<Inline>,
    ) {
        let data = node.data();
        let at = data.sourcepos;
        if self.is_too_deep(document, at, depth) {
            return;
        }
        let inner = |manuscript: &mut Self, in_link: bool| {
            let mut content = Vec::new();
            for child in node.children() {
                manuscript.inline(document, child, depth + 1, in_link, &mut content);
            }
            content
        };
        match &data.value {
            NodeValue::Text(text) => push_text(text, out),
            // Resolved by `finish`, which sees both sides.
            NodeValue::SoftBreak => push_text("\n", out),
            NodeValue::LineBreak => out.push(Inline::HardBreak),
            NodeValue::Code(code) => {
                let code = clean(&code.literal).replace(['\n', '\t'], " ");
                if !code.is_empty() {
                    out.push(Inline::Code(code));
                }
            }
            NodeValue::HtmlInline(html) => {
                if is_break(html) {
                    out.push(Inline::HardBreak);
                } else if !html.starts_with("<!--") {
                    self.report_html(document, at, html);
                    push_text(html, out);
                }
            }
            NodeValue::Emph => push_nonempty(Inline::Emphasis, inner(self, in_link), out),
            NodeValue::Strong => push_nonempty(Inline::Strong, inner(self, in_link), out),
            NodeValue::Strikethrough => {
                let content = inner(self, in_link);
                // One tilde is a range in Chinese text (3~5), two strike out.
                if document.written(at).starts_with("~~") {
                    push_nonempty(Inline::Strike, content, out);
                } else {
                    push_text("~", out);
                    for inline in content {
                        push_inline(inline, out);
                    }
                    push_text("~", out);
                }
            }
            NodeValue::Link(link) => {
                let content = inner(self, true);
                if in_link {
                    content
                        .into_iter()
                        .for_each(|inline| push_inline(inline, out));
                    return;
                }
                match absolute(&link.url) {
                    Ok(url) => {
                        let content = if content.is_empty() {
                            vec![Inline::Text(clean(link.url.trim()).into_owned())]
                        } else {
                            content
                        };
                        out.push(Inline::Link { url, content });
                    }
                    Err(fault) => {
                        let place = self.place(document, at);
                        let mut diagnostic = Diagnostic::error("bad-url", fault.message).at(place);
                        diagnostic.hints.extend(fault.hint);
                        self.diagnostics.push(diagnostic);
                        content
                            .into_iter()
                            .for_each(|inline| push_inline(inline, out));
                    }
                }
            }
            NodeValue::Image(_) => match self.picture_of(document, node) {
                Ok(image) => out.push(Inline::Image(image)),
                Err(substitute) => substitute
                    .into_iter()
                    .for_each(|inline| push_inline(inline, out)),
            },
            NodeValue::FootnoteReference(reference) => {
                let place = self.place(document, at);
                let index = u32::try_from(self.references.len()).unwrap_or(u32::MAX);
                self.references.push(Reference {
                    scope: self.scope,
                    label: clean(&reference.name).into_owned(),
                    place,
                });
                out.push(Inline::FootnoteRef(index));
            }
            NodeValue::Math(math) => {
                let tex = formula(&math.literal);
                if !tex.tex.is_empty() {
                    out.push(Inline::Math(tex));
                }
            }
            // Not enabled.
            _ => inner(self, in_link)
                .into_iter()
                .for_each(|inline| push_inline(inline, out)),
        }
    }

    /// Gives footnotes their numbers by first reference, once all texts are read; `texts` and
    /// `lines` come in reading order. Returns the footnotes in the order of their numbers.
    pub(crate) fn number_footnotes(&mut self, readers: Vec<Passage<'_>>) -> Vec<Footnote> {
        let mut local: BTreeMap<(usize, String), usize> = BTreeMap::new();
        let mut anywhere: BTreeMap<String, usize> = BTreeMap::new();
        for (index, definition) in self.definitions.iter().enumerate() {
            let label = fold(&definition.label);
            local
                .entry((definition.scope, label.clone()))
                .or_insert(index);
            anywhere.entry(label).or_insert(index);
        }
        let references = std::mem::take(&mut self.references);
        let mut order: Vec<usize> = Vec::new();
        let definitions = &mut self.definitions;
        let diagnostics = &mut self.diagnostics;
        let mut resolve =
            |index: u32, order: &mut Vec<usize>, definitions: &mut Vec<Definition>| {
                let reference = references.get(usize::try_from(index).ok()?)?;
                let label = fold(&reference.label);
                let found = local
                    .get(&(reference.scope, label.clone()))
                    .or_else(|| anywhere.get(&label));
                let Some(&found) = found else {
                    let diagnostic = Diagnostic::error(
                        "undefined-footnote",
                        format!("the footnote `{}` is not defined", reference.label),
                    )
                    .at(reference.place.clone())
                    .hint(format!("define it: [^{}]: …", reference.label));
                    diagnostics.push(diagnostic);
                    return None;
                };
                let definition = definitions.get_mut(found)?;
                if definition.number.is_none() {
                    order.push(found);
                    definition.number = u32::try_from(order.len()).ok();
                }
                definition.number
            };
        for passage in readers {
            match passage {
                Passage::Text(text) => {
                    renumber(text, &mut |index| resolve(index, &mut order, definitions))
                }
                Passage::Line(line) => {
                    renumber_line(line, &mut |index| resolve(index, &mut order, definitions))
                }
            }
        }
        // Footnotes may refer to footnotes, which come after those of the text.
        let mut footnotes = Vec::new();
        let mut next = 0;
        while let Some(&index) = order.get(next) {
            next += 1;
            let Some(definition) = definitions.get_mut(index) else {
                break;
            };
            let label = definition.label.clone();
            let mut content = std::mem::take(&mut definition.content);
            renumber(&mut content, &mut |index| {
                resolve(index, &mut order, definitions)
            });
            footnotes.push(Footnote { label, content });
        }
        for definition in definitions.iter() {
            if definition.number.is_none() {
                diagnostics.push(
                    Diagnostic::warning(
                        "unused-footnote",
                        format!("nothing refers to the footnote `{}`", definition.label),
                    )
                    .at(first_line(&definition.place)),
                );
            }
        }
        footnotes
    }
}

/// A stretch of an issue that may refer to footnotes.
pub(crate) enum Passage<'t> {
    /// Blocks.
    Text(&'t mut Text),
    /// One line.
    Line(&'t mut Vec<Inline>),
}

fn renumber(text: &mut Text, number: &mut impl FnMut(u32) -> Option<u32>) {
    for block in text {
        match block {
            Block::Paragraph(content) | Block::Heading { content, .. } => {
                renumber_line(content, number);
            }
            Block::List(list) => list
                .items
                .iter_mut()
                .for_each(|item| renumber(&mut item.content, number)),
            Block::Quote(content) => renumber(content, number),
            Block::Figure(figure) => renumber_line(&mut figure.caption, number),
            Block::Table(table) => std::iter::once(&mut table.head)
                .chain(&mut table.rows)
                .flatten()
                .for_each(|cell| renumber_line(cell, number)),
            Block::Code { .. } | Block::Math(_) | Block::Rule => {}
        }
    }
}

fn renumber_line(line: &mut Vec<Inline>, number: &mut impl FnMut(u32) -> Option<u32>) {
    line.retain_mut(|inline| match inline {
        Inline::FootnoteRef(index) => match number(*index) {
            Some(found) => {
                *index = found;
                true
            }
            None => false,
        },
        Inline::Emphasis(content)
        | Inline::Strong(content)
        | Inline::Strike(content)
        | Inline::Link { content, .. } => {
            renumber_line(content, number);
            true
        }
        Inline::Text(_)
        | Inline::Code(_)
        | Inline::Math(_)
        | Inline::Image(_)
        | Inline::HardBreak => true,
    });
}

fn fold(label: &str) -> String {
    label.to_lowercase()
}

/// The first line of a place that may cover many.
pub(crate) fn first_line(place: &Place) -> Place {
    let text = place
        .source
        .text
        .get(place.span.clone())
        .unwrap_or_default();
    let length = text.find(['\n', '\r']).unwrap_or(text.len());
    Place::new(&place.source, place.span.start..place.span.start + length)
}

fn is_break(html: &str) -> bool {
    let inner = html
        .trim()
        .strip_prefix('<')
        .and_then(|html| html.strip_suffix('>'))
        .map(|html| html.trim_end_matches('/').trim().to_ascii_lowercase());
    inner.as_deref() == Some("br")
}

/// A width as a share: `60%`, or `60`.
pub(crate) fn percent(written: &str) -> Option<u8> {
    let written = written.trim();
    let digits = written.strip_suffix(['%', '％']).unwrap_or(written);
    digits
        .trim()
        .parse()
        .ok()
        .filter(|percent| (1..=100).contains(percent))
}

fn formula(tex: &str) -> Formula {
    Formula {
        tex: clean(tex).trim().to_owned(),
    }
}

fn push_formula(tex: &str, out: &mut Text) {
    let formula = formula(tex);
    if !formula.tex.is_empty() {
        out.push(Block::Math(formula));
    }
}

fn push_paragraph(line: Vec<Inline>, out: &mut Text) {
    let line = finish(line);
    if !line.is_empty() {
        out.push(Block::Paragraph(line));
    }
}

fn push_nonempty(wrap: fn(Vec<Inline>) -> Inline, content: Vec<Inline>, out: &mut Vec<Inline>) {
    if !content.is_empty() {
        out.push(wrap(content));
    }
}

fn push_inline(inline: Inline, out: &mut Vec<Inline>) {
    match inline {
        Inline::Text(text) => push_text(&text, out),
        other @ (Inline::Emphasis(_)
        | Inline::Strong(_)
        | Inline::Strike(_)
        | Inline::Code(_)
        | Inline::Math(_)
        | Inline::Link { .. }
        | Inline::Image(_)
        | Inline::FootnoteRef(_)
        | Inline::HardBreak) => out.push(other),
    }
}

fn push_text(text: &str, out: &mut Vec<Inline>) {
    let text = clean(text);
    if text.is_empty() {
        return;
    }
    if let Some(Inline::Text(last)) = out.last_mut() {
        last.push_str(&text);
    } else {
        out.push(Inline::Text(text.into_owned()));
    }
}

/// A line break between wide characters is none; elsewhere it is a blank. Marks that Chinese
/// and English share (quotes, dashes, ellipses) are wide beside a wide character.
fn break_is_blank(before: Option<char>, after: Option<char>) -> bool {
    let (Some(before), Some(after)) = (before, after) else {
        return false;
    };
    let may_be_wide = |character| is_wide(character) || is_cjk_punctuation(character);
    !(may_be_wide(before) && may_be_wide(after) && (is_wide(before) || is_wide(after)))
}

/// What is left to do when a whole line is known: soft breaks, runs of blanks, blanks at
/// both ends, bare addresses.
fn finish(mut line: Vec<Inline>) -> Vec<Inline> {
    let mut visible = Vec::new();
    collect_breaks(&line, &mut visible);
    let blanks = decide_breaks(&visible);
    apply_breaks(&mut line, &mut blanks.into_iter());
    squeeze(&mut line, &mut true);
    while let Some(last) = line.last_mut() {
        match last {
            Inline::Text(text) => {
                text.truncate(text.trim_end_matches(' ').len());
                if !text.is_empty() {
                    break;
                }
                line.pop();
            }
            Inline::HardBreak => {
                line.pop();
            }
            Inline::Emphasis(_)
            | Inline::Strong(_)
            | Inline::Strike(_)
            | Inline::Code(_)
            | Inline::Math(_)
            | Inline::Link { .. }
            | Inline::Image(_)
            | Inline::FootnoteRef(_) => break,
        }
    }
    while line.first() == Some(&Inline::HardBreak) {
        line.remove(0);
    }
    link_bare_urls(line)
}

/// The characters of a line as breaks see them: `\n` is a soft break, `\r` a hard one.
fn collect_breaks(line: &[Inline], out: &mut Vec<char>) {
    for inline in line {
        match inline {
            Inline::Text(text) => out.extend(text.chars()),
            Inline::Emphasis(content)
            | Inline::Strong(content)
            | Inline::Strike(content)
            | Inline::Link { content, .. } => collect_breaks(content, out),
            Inline::Code(_) | Inline::Math(_) | Inline::Image(_) => out.push('x'),
            Inline::FootnoteRef(_) => {}
            Inline::HardBreak => out.push('\r'),
        }
    }
}

fn decide_breaks(visible: &[char]) -> Vec<bool> {
    let is_blank = |character: char| matches!(character, ' ' | '\t' | '\n');
    let mut after = Vec::new();
    let mut next: Option<char> = None;
    for &character in visible.iter().rev() {
        match character {
            '\n' => after.push(next),
            '\r' => next = None,
            _ if is_blank(character) => {}
            _ => next = Some(character),
        }
    }
    let mut before: Option<char> = None;
    let mut blanks = Vec::new();
    for &character in visible {
        match character {
            '\n' => blanks.push(break_is_blank(before, after.pop().flatten())),
            '\r' => before = None,
            _ if is_blank(character) => {}
            _ => before = Some(character),
        }
    }
    blanks
}

fn apply_breaks(line: &mut [Inline], blanks: &mut impl Iterator<Item = bool>) {
    for inline in line {
        match inline {
            Inline::Text(text) => {
                if text.contains(['\n', '\t']) {
                    *text = text
                        .chars()
                        .filter_map(|character| match character {
                            '\n' => blanks.next().unwrap_or(true).then_some(' '),
                            '\t' => Some(' '),
                            _ => Some(character),
                        })
                        .collect();
                }
            }
            Inline::Emphasis(content)
            | Inline::Strong(content)
            | Inline::Strike(content)
            | Inline::Link { content, .. } => apply_breaks(content, blanks),
            Inline::Code(_)
            | Inline::Math(_)
            | Inline::Image(_)
            | Inline::FootnoteRef(_)
            | Inline::HardBreak => {}
        }
    }
}

/// Makes one blank of several; `after_blank` tells whether the last character was one, or
/// the line begins.
fn squeeze(line: &mut Vec<Inline>, after_blank: &mut bool) {
    line.retain_mut(|inline| match inline {
        Inline::Text(text) => {
            text.retain(|character| {
                let keep = character != ' ' || !*after_blank;
                *after_blank = character == ' ';
                keep
            });
            !text.is_empty()
        }
        Inline::Emphasis(content)
        | Inline::Strong(content)
        | Inline::Strike(content)
        | Inline::Link { content, .. } => {
            squeeze(content, after_blank);
            !content.is_empty()
        }
        Inline::HardBreak => {
            *after_blank = true;
            true
        }
        Inline::Code(_) | Inline::Math(_) | Inline::Image(_) => {
            *after_blank = false;
            true
        }
        Inline::FootnoteRef(_) => true,
    });
}

/// Links the addresses that stand in text as they are.
fn link_bare_urls(line: Vec<Inline>) -> Vec<Inline> {
    let mut out = Vec::with_capacity(line.len());
    for inline in line {
        match inline {
            Inline::Text(text) => link_text(&text, &mut out),
            Inline::Emphasis(content) => out.push(Inline::Emphasis(link_bare_urls(content))),
            Inline::Strong(content) => out.push(Inline::Strong(link_bare_urls(content))),
            Inline::Strike(content) => out.push(Inline::Strike(link_bare_urls(content))),
            other @ (Inline::Code(_)
            | Inline::Math(_)
            | Inline::Link { .. }
            | Inline::Image(_)
            | Inline::FootnoteRef(_)
            | Inline::HardBreak) => out.push(other),
        }
    }
    out
}

fn link_text(text: &str, out: &mut Vec<Inline>) {
    let mut rest = text;
    let mut plain_until = 0;
    while let Some((skipped, written)) = next_bare_url(rest) {
        let start = text.len() - rest.len() + skipped;
        let after = start + written.len();
        if let Ok(url) = absolute(written) {
            push_text(text.get(plain_until..start).unwrap_or_default(), out);
            out.push(Inline::Link {
                url,
                content: vec![Inline::Text(written.to_owned())],
            });
            plain_until = after;
        }
        rest = text.get(after..).unwrap_or_default();
    }
    push_text(text.get(plain_until..).unwrap_or_default(), out);
}

/// The next `http://` or `https://` run: how far off it is, and the run. It ends before a
/// blank, a wide character or a mark that Chinese text uses, and gives up trailing
/// punctuation and brackets that it does not open.
fn next_bare_url(text: &str) -> Option<(usize, &str)> {
    let mut from = 0;
    loop {
        let start = from + text.get(from..)?.find("http")?;
        let run = text.get(start..)?;
        let before = text.get(..start)?.chars().next_back();
        let scheme = ["https://", "http://"]
            .into_iter()
            .find(|scheme| run.starts_with(scheme));
        let begins = !before.is_some_and(|before| before.is_ascii_alphanumeric());
        if let Some(scheme) = scheme.filter(|_| begins) {
            let length = run
                .find(|character: char| {
                    character.is_whitespace()
                        || !character.is_ascii()
                            && (is_wide(character) || is_cjk_punctuation(character))
                        || matches!(
                            character,
                            '<' | '>' | '"' | '`' | '|' | '\\' | '^' | '{' | '}'
                        )
                })
                .unwrap_or(run.len());
            let run = trim_url(run.get(..length)?);
            if run.len() > scheme.len() {
                return Some((start, run));
            }
        }
        from = start + "http".len();
    }
}

fn trim_url(mut run: &str) -> &str {
    let count = |run: &str, sign: char| run.matches(sign).count();
    let mut round = count(run, ')').saturating_sub(count(run, '('));
    let mut square = count(run, ']').saturating_sub(count(run, '['));
    while let Some(last) = run.chars().next_back() {
        let drop = match last {
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | '~' => true,
            ')' if round > 0 => {
                round -= 1;
                true
            }
            ']' if square > 0 => {
                square -= 1;
                true
            }
            _ => false,
        };
        if !drop {
            break;
        }
        run = run.get(..run.len() - last.len_utf8()).unwrap_or_default();
    }
    run
}

/// A title: its words as they stand, but for formulas between dollar signs. `\$` is a dollar
/// sign. The dollar signs of a formula hug it, and no digit follows the last, so that
/// `$5 and $6` are prices.
pub(crate) fn title(written: &str) -> Vec<Inline> {
    let written = one_line(&clean(written));
    let mut out = Vec::new();
    let mut rest = written.as_str();
    while let Some(at) = rest.find('$') {
        let (before, from_dollar) = rest.split_at_checked(at).unwrap_or((rest, ""));
        let inner = from_dollar.get(1..).unwrap_or_default();
        if let Some(before) = before.strip_suffix('\\') {
            push_text(before, &mut out);
            push_text("$", &mut out);
            rest = inner;
            continue;
        }
        push_text(before, &mut out);
        match closing_dollar(inner) {
            Some(end) => {
                let tex = inner.get(..end).unwrap_or_default();
                out.push(Inline::Math(formula(tex)));
                rest = inner.get(end + 1..).unwrap_or_default();
            }
            None => {
                push_text("$", &mut out);
                rest = inner;
            }
        }
    }
    push_text(rest, &mut out);
    out
}

fn closing_dollar(inner: &str) -> Option<usize> {
    if inner.starts_with([' ', '$']) {
        return None;
    }
    let end = inner
        .match_indices('$')
        .map(|(end, _)| end)
        .find(|&end| !inner.get(..end).is_some_and(|tex| tex.ends_with('\\')))?;
    let hugs = !inner.get(..end)?.ends_with(' ');
    let digit_follows = inner
        .get(end + 1..)?
        .starts_with(|next: char| next.is_ascii_digit());
    (end > 0 && hugs && !digit_follows).then_some(end)
}

/// Text on one line: breaks between wide characters vanish, others become blanks, runs of
/// blanks become one.
pub(crate) fn one_line(text: &str) -> String {
    let trimmed = text.trim();
    if !trimmed.contains(['\n', '\t']) && !trimmed.contains("  ") {
        return trimmed.to_owned();
    }
    let mut line = vec![Inline::Text(trimmed.to_owned())];
    let mut visible = Vec::new();
    collect_breaks(&line, &mut visible);
    let blanks = decide_breaks(&visible);
    apply_breaks(&mut line, &mut blanks.into_iter());
    squeeze(&mut line, &mut true);
    plain(&line)
}
