//! Markdown into [`Text`]. This module alone knows the parser.
//!
//! The parser's tree is large and open; ours is small and closed. On the way, links are
//! checked, bare addresses are linked, line breaks between wide characters vanish, pictures
//! are resolved, footnotes are gathered, and what has no place in print is reported.

mod document;
mod footnotes;
mod judge;
mod line;
mod pieces;

use std::ops::Range;
use std::sync::Arc;

use comrak::nodes::{ListType, NodeValue, Sourcepos, TableAlignment};
use comrak::{Arena, Node};

use crate::chars::clean;
use crate::check::link::{self, Written, is_settled};
use crate::check::path::{Picture, picture};
use crate::check::url::absolute;
use crate::diagnostic::{Diagnostic, Place};
use crate::load::{Forbidden, ImageUse, too_deep};
use crate::source::Source;
use crate::text::{
    Align, Block, Figure, Footnote, Image, Inline, List, ListItem, MAX_DEPTH, Table, Text,
};
pub(crate) use document::Document;
use document::{Origin, parse};
use footnotes::Footnotes;
pub(crate) use footnotes::Passage;
use judge::Meetings;
pub(crate) use judge::unreadable;
use line::{finish, formula, push_all, push_text};
pub use line::{one_line, title};
pub(crate) use pieces::Pieces;

/// How often a place is searched for in text that was unescaped: hostile files would have
/// it searched for at every word.
const MAX_SEARCHES: usize = 200;

/// Reads Markdown that stands in a file of settings at `span`; the paths of its pictures begin
/// at the project's root. It may have no footnotes: nothing would hold them.
#[must_use]
pub fn setting(
    source: &Arc<Source>,
    markdown: &str,
    span: Range<usize>,
) -> (Text, Vec<Diagnostic>) {
    let mut manuscript = Manuscript::new(source, "", false);
    let mut text = manuscript.text(markdown, span.clone());
    let footnotes = manuscript.number_footnotes(vec![Passage::Text(&mut text)]);
    if !footnotes.is_empty() {
        manuscript.diagnostics.push(
            Diagnostic::error("footnote", "there is no place for a footnote here")
                .at(Place::new(source, span))
                .hint("write what it says into the text"),
        );
    }
    (text, manuscript.diagnostics)
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
    /// Characters that character references stand for and no output may carry.
    pub(crate) forbidden: Forbidden,
    /// Where Chinese and Latin words meet.
    pub(crate) meetings: Meetings,
    footnotes: Footnotes,
    searches: usize,
    reported_depth: bool,
    /// Whether the line that is read has marks that may be Chinese or not.
    has_unclear_marks: bool,
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
            forbidden: Forbidden::default(),
            meetings: Meetings::default(),
            footnotes: Footnotes::default(),
            searches: 0,
            reported_depth: false,
            has_unclear_marks: false,
        }
    }

    /// Reads a text of its own, which stands at `span`.
    pub(crate) fn text(&mut self, markdown: &str, span: Range<usize>) -> Text {
        let outer = self.footnotes.enter();
        let text = self.part(markdown, span);
        self.footnotes.leave(outer);
        text
    }

    /// Reads Markdown that shares its footnotes with what is being read.
    fn part(&mut self, markdown: &str, span: Range<usize>) -> Text {
        let origin = Origin::within(self.source, span, markdown);
        let arena = Arena::new();
        let document = parse(&arena, markdown, origin);
        let mut text = Text::new();
        let blocks: Vec<Node<'_>> = document.blocks().collect();
        self.judge_headings(&document, &blocks);
        for node in blocks {
            self.block(&document, node, 1, &mut text);
        }
        text.shrink_to_fit();
        text
    }

    /// Reads one line, which stands at `span`. Blocks but the first paragraph are read as
    /// further words of it.
    pub(crate) fn line(&mut self, markdown: &str, span: Range<usize>) -> Vec<Inline> {
        let outer = self.footnotes.enter();
        let line = self.line_part(markdown, span);
        self.footnotes.leave(outer);
        line
    }

    fn line_part(&mut self, markdown: &str, span: Range<usize>) -> Vec<Inline> {
        let mut line = Vec::new();
        for block in self.part(markdown, span) {
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
        let outer = self.footnotes.enter();
        let mut text = Text::new();
        self.judge_headings(document, nodes);
        for node in nodes {
            self.block(document, node, 1, &mut text);
        }
        text.shrink_to_fit();
        self.footnotes.leave(outer);
        text
    }

    fn place(&mut self, document: &Document<'_>, at: Sourcepos) -> Place {
        let span = document.span(at);
        if span == document.origin.span && self.searches < MAX_SEARCHES {
            // Lines that were folded or unescaped; most words of them stand there as they are.
            self.searches += 1;
            let written = document.written(at);
            let whole = self.source.text.get(span.clone()).unwrap_or_default();
            if let Some(found) = whole.find(written).filter(|_| !written.is_empty()) {
                let start = span.start + found;
                return Place::new(self.source, start..start + written.len());
            }
        }
        Place::new(self.source, span)
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

    /// Notes what character references in a text stand for, if no output may carry it.
    fn note_forbidden(&mut self, document: &Document<'_>, at: Sourcepos, text: &str) {
        if Forbidden::is_in(text) {
            let place = self.place(document, at);
            self.forbidden.note(text, document.written(at), &place.span);
        }
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
                    self.judge_formula(document, at, &text);
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
                let twice = self.footnotes.define(&definition.name, place, content);
                self.diagnostics.extend(twice);
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
        self.note_marks(node);
        for child in node.children() {
            let display = match &child.data().value {
                NodeValue::Math(math) if math.display_math => Some(math.literal.clone()),
                _ => None,
            };
            match display {
                Some(tex) => {
                    let at = child.data().sourcepos;
                    self.judge_formula(document, at, &tex);
                    push_paragraph(std::mem::take(&mut run), out);
                    push_formula(&tex, out);
                }
                None => self.inline(document, child, depth + 1, Around::Prose, &mut run),
            }
        }
        push_paragraph(run, out);
    }

    fn figure(&mut self, document: &Document<'_>, node: Node<'_>, out: &mut Text) {
        let data = node.data();
        let NodeValue::Image(link) = &data.value else {
            return;
        };
        let place = self.place(document, data.sourcepos);
        match self.picture_of(document, node) {
            Ok(image) => {
                let caption = self.line_part(link.title.trim(), place.span);
                out.push(Block::Figure(Figure {
                    image,
                    caption,
                    credit: None,
                }));
            }
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
                NodeValue::Math(math) => alt.push_str(&offprint_math::words(&math.literal)),
                NodeValue::SoftBreak | NodeValue::LineBreak => alt.push(' '),
                _ => {}
            }
        }
        let place = self.place(document, at);
        self.note_forbidden(document, at, &alt);
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
        self.note_marks(parent);
        for child in parent.children() {
            self.inline(document, child, depth + 1, Around::Prose, &mut line);
        }
        finish(line)
    }

    /// Looks over the marks of a line before its words are judged one by one.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the parser's tree is open, and most of it not enabled"
    )]
    fn note_marks(&mut self, line: Node<'_>) {
        let mut words = String::new();
        for node in line.descendants() {
            match &node.data().value {
                NodeValue::Text(text) => {
                    words.push_str(text);
                    words.push('\u{fffc}');
                }
                NodeValue::SoftBreak => words.push('\n'),
                NodeValue::FootnoteReference(_) => {}
                _ => words.push('\u{fffc}'),
            }
        }
        self.has_unclear_marks = judge::has_unclear_marks(&words);
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
        around: Around,
        out: &mut Vec<Inline>,
    ) {
        let data = node.data();
        let at = data.sourcepos;
        if self.is_too_deep(document, at, depth) {
            return;
        }
        let inner = |manuscript: &mut Self, around: Around| {
            let mut content = Vec::new();
            for child in node.children() {
                manuscript.inline(document, child, depth + 1, around, &mut content);
            }
            content
        };
        match &data.value {
            NodeValue::Text(text) => {
                self.note_forbidden(document, at, text);
                self.judge_words(document, at, text, around);
                push_text(text, out);
            }
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
                    // A closing tag has been told of by the one it closes.
                    if !html.starts_with("</") {
                        self.report_html(document, at, html);
                    }
                    push_text(html, out);
                }
            }
            NodeValue::Emph => push_nonempty(Inline::Emphasis, inner(self, around), out),
            NodeValue::Strong => push_nonempty(Inline::Strong, inner(self, around), out),
            NodeValue::Strikethrough => {
                let content = inner(self, around);
                // One tilde is a range in Chinese text (3~5), two strike out.
                if document.written(at).starts_with("~~") {
                    push_nonempty(Inline::Strike, content, out);
                } else {
                    push_text("~", out);
                    push_all(content, out);
                    push_text("~", out);
                }
            }
            NodeValue::Link(link) => {
                let words = if document.written(at).ends_with(')') {
                    Around::Link
                } else {
                    Around::Label
                };
                let content = inner(self, words);
                if around != Around::Prose {
                    push_all(content, out);
                    return;
                }
                match self.link_of(document, at, &link.url) {
                    Some(url) => {
                        let content = if content.is_empty() {
                            vec![Inline::Text(clean(link.url.trim()).into_owned())]
                        } else {
                            content
                        };
                        out.push(Inline::Link { url, content });
                    }
                    None => push_all(content, out),
                }
            }
            NodeValue::Image(_) => match self.picture_of(document, node) {
                Ok(image) => out.push(Inline::Image(image)),
                Err(substitute) => push_all(substitute, out),
            },
            NodeValue::FootnoteReference(reference) => {
                let place = self.place(document, at);
                out.push(self.footnotes.refer(&reference.name, place));
            }
            NodeValue::Math(math) => {
                self.judge_formula(document, at, &math.literal);
                let tex = formula(&math.literal);
                if !tex.tex.is_empty() {
                    out.push(Inline::Math(tex));
                }
            }
            // Not enabled.
            _ => push_all(inner(self, around), out),
        }
    }

    /// Where a link leads that is written at `at`, and what is said of that.
    fn link_of(&mut self, document: &Document<'_>, at: Sourcepos, url: &str) -> Option<String> {
        let url = url.trim();
        if is_settled(url) {
            return absolute(url).ok();
        }
        let whole = self.place(document, at);
        let written = whole
            .source
            .text
            .get(whole.span.clone())
            .unwrap_or_default();
        let place = match address_in(written, url) {
            Some(at) => {
                let start = whole.span.start + at;
                Place::new(self.source, start..start + url.len())
            }
            None => whole,
        };
        let written = Written {
            text: url,
            place: &place,
            is_landing: false,
            is_set_off: true,
        };
        link::read(written, &mut self.diagnostics)
    }

    /// Whether a text that was read apart reads the same behind what was read here.
    pub(crate) fn agrees(&self, apart: &Self) -> bool {
        self.searches + apart.searches <= MAX_SEARCHES
            && !(self.reported_depth && apart.reported_depth)
    }

    /// Takes what was read apart behind what was read here; `passages` are all of its texts.
    pub(crate) fn absorb(&mut self, apart: Self, passages: Vec<Passage<'_>>) {
        self.diagnostics.extend(apart.diagnostics);
        self.images.extend(apart.images);
        self.forbidden.absorb(apart.forbidden);
        self.meetings.absorb(apart.meetings);
        self.footnotes.absorb(apart.footnotes, passages);
        self.searches += apart.searches;
        self.reported_depth |= apart.reported_depth;
    }

    /// Gives footnotes their numbers once all texts are read; `passages` come in reading
    /// order. Returns the footnotes in the order of their numbers.
    pub(crate) fn number_footnotes(&mut self, passages: Vec<Passage<'_>>) -> Vec<Footnote> {
        self.footnotes.number(passages, &mut self.diagnostics)
    }
}

/// What words stand in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Around {
    Prose,
    /// The words of a link that says itself where it leads.
    Link,
    /// Words by which a link finds its address, or that are the address: any change of them
    /// may lead elsewhere.
    Label,
}

/// Where the address of a link stands in what was written: `[words](address "title")` or
/// `<address>`. That of a reference stands elsewhere, and one that is escaped nowhere.
fn address_in(written: &str, url: &str) -> Option<usize> {
    let inner = written.strip_prefix('<');
    if inner.and_then(|inner| inner.strip_suffix('>')) == Some(url) {
        return Some(1);
    }
    // The words and the title may hold what looks like an address too: then it is in doubt.
    let mut found = written.match_indices("](").filter_map(|(at, bracket)| {
        let rest = written.get(at + bracket.len()..)?.trim_start();
        let rest = rest.strip_prefix('<').unwrap_or(rest);
        rest.starts_with(url).then_some(written.len() - rest.len())
    });
    let first = found.next().filter(|_| found.next().is_none());
    first.filter(|_| !url.is_empty() && written.ends_with(')'))
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

#[cfg(test)]
mod tests;
