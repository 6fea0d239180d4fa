//! Rich text as a small closed tree, parsed once and walked by every exporter.
//!
//! Exporters match these enums without `_`, so that a new variant makes the
//! compiler name each place to visit.

use serde::Serialize;

/// A run of blocks: a commentary, an introduction, an abstract.
pub type Text = Vec<Block>;

/// The deepest nesting of blocks and inlines that a loader lets through; deeper
/// input is an error, so that walks over the tree may recurse.
pub const MAX_DEPTH: usize = 64;

/// A block of text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Block {
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// A heading inside a text; never a section or a paper.
    Heading {
        /// 1 for the highest (`####` in an issue file), at most 3.
        level: u8,
        /// Its words.
        content: Vec<Inline>,
    },
    /// A bulleted or numbered list.
    List(List),
    /// A block quotation.
    Quote(Text),
    /// Code to be shown as it stands.
    Code {
        /// The language named after the fence.
        language: Option<String>,
        /// The code, lines ended by `\n`, no newline at its end.
        text: String,
    },
    /// A display formula.
    Math(Formula),
    /// A picture on its own with its caption.
    Figure(Figure),
    /// A table.
    Table(Table),
    /// A thematic break.
    Rule,
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Inline {
    /// Plain words. Never holds a line break.
    Text(String),
    /// Stress emphasis (`*…*`).
    Emphasis(Vec<Inline>),
    /// Strong importance (`**…**`).
    Strong(Vec<Inline>),
    /// Struck out (`~~…~~`).
    Strike(Vec<Inline>),
    /// Code within a line.
    Code(String),
    /// A formula within a line.
    Math(Formula),
    /// A link. Links do not nest.
    Link {
        /// Absolute `http`, `https` or `mailto` URL.
        url: String,
        /// What is shown.
        content: Vec<Inline>,
    },
    /// A picture within a line.
    Image(Image),
    /// A reference to a footnote: its number, from 1, in
    /// [`Issue::footnotes`](crate::Issue::footnotes).
    FootnoteRef(u32),
    /// A line break that the author asked for.
    HardBreak,
}

/// A list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct List {
    /// The first number of a numbered list; `None` for bullets.
    pub start: Option<u32>,
    /// Whether items stand close together, without space between them.
    pub tight: bool,
    /// The items in order.
    pub items: Vec<ListItem>,
}

/// An item of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListItem {
    /// Whether the box of a task item is ticked; `None` for other items.
    pub checked: Option<bool>,
    /// The item's text.
    pub content: Text,
}

/// A formula, kept as its TeX source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Formula {
    /// TeX without the dollar signs, blanks at both ends removed.
    pub tex: String,
}

impl Formula {
    /// The formula in one line of plain text: `O(n log n)`.
    #[must_use]
    pub fn words(&self) -> String {
        offprint_math::words(&self.tex)
    }
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Image {
    /// Key into [`Assets`](crate::Assets): the path from the project's root, `/` between parts.
    pub src: String,
    /// Text for those who do not see the picture.
    pub alt: String,
    /// Wished width as a share of the text's width, in percent, 1 to 100.
    pub width: Option<u8>,
}

/// A picture with what is said under it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Figure {
    /// The picture.
    pub image: Image,
    /// The caption; empty for none.
    pub caption: Vec<Inline>,
    /// Who made the picture.
    pub credit: Option<String>,
}

/// How a table's column is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Align {
    /// As the text runs.
    Start,
    /// Centred.
    Center,
    /// Against the line's end; for numbers.
    End,
}

/// A table. Every row has as many cells as `align`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Table {
    /// One entry a column.
    pub align: Vec<Align>,
    /// The head row.
    pub head: Vec<Vec<Inline>>,
    /// The rows below.
    pub rows: Vec<Vec<Vec<Inline>>>,
}

/// A footnote's definition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Footnote {
    /// The label the author gave it.
    pub label: String,
    /// What it says.
    pub content: Text,
}

/// The words of a line without their dress: formulas in words, pictures as their
/// alternative text, footnote marks dropped.
#[must_use]
pub fn plain(inlines: &[Inline]) -> String {
    let mut out = String::new();
    push_plain(inlines, Formula::words, &mut out);
    out
}

fn push_plain(inlines: &[Inline], formula: fn(&Formula) -> String, out: &mut String) {
    for inline in inlines {
        match inline {
            Inline::Text(text) | Inline::Code(text) => out.push_str(text),
            Inline::Emphasis(content)
            | Inline::Strong(content)
            | Inline::Strike(content)
            | Inline::Link { content, .. } => push_plain(content, formula, out),
            Inline::Math(math) => out.push_str(&formula(math)),
            Inline::Image(image) => out.push_str(&image.alt),
            Inline::FootnoteRef(_) => {}
            Inline::HardBreak => out.push(' '),
        }
    }
}

/// The words of a text, one line a block, as [`plain`] gives them.
#[must_use]
pub fn plain_text(text: &[Block]) -> String {
    plain_text_with(text, Formula::words)
}

/// The words of a text as [`plain_text`] gives them, but for formulas: what `formula` makes of
/// them.
#[must_use]
pub fn plain_text_with(text: &[Block], formula: fn(&Formula) -> String) -> String {
    let mut out = String::new();
    push_plain_blocks(text, formula, &mut out);
    out.truncate(out.trim_end().len());
    out
}

fn push_plain_blocks(text: &[Block], formula: fn(&Formula) -> String, out: &mut String) {
    let line = |content: &[Inline]| {
        let mut line = String::new();
        push_plain(content, formula, &mut line);
        line
    };
    for block in text {
        match block {
            Block::Paragraph(content) | Block::Heading { content, .. } => {
                push_plain(content, formula, out);
                out.push('\n');
            }
            Block::List(list) => list
                .items
                .iter()
                .for_each(|item| push_plain_blocks(&item.content, formula, out)),
            Block::Quote(content) => push_plain_blocks(content, formula, out),
            Block::Code { text, .. } => push_line(text, out),
            Block::Math(math) => push_line(&formula(math), out),
            Block::Figure(figure) => {
                let caption = line(&figure.caption);
                push_line(
                    if caption.is_empty() {
                        &figure.image.alt
                    } else {
                        &caption
                    },
                    out,
                );
            }
            Block::Table(table) => {
                for row in std::iter::once(&table.head).chain(&table.rows) {
                    let cells: Vec<String> = row.iter().map(|cell| line(cell)).collect();
                    push_line(&cells.join(" "), out);
                }
            }
            Block::Rule => {}
        }
    }
}

fn push_line(line: &str, out: &mut String) {
    out.push_str(line);
    out.push('\n');
}

/// Visits every image of a text, in reading order.
pub fn for_each_image<'a>(text: &'a [Block], visit: &mut impl FnMut(&'a Image)) {
    for block in text {
        match block {
            Block::Paragraph(content) | Block::Heading { content, .. } => {
                for_each_inline_image(content, visit);
            }
            Block::List(list) => list
                .items
                .iter()
                .for_each(|item| for_each_image(&item.content, visit)),
            Block::Quote(content) => for_each_image(content, visit),
            Block::Figure(figure) => {
                visit(&figure.image);
                for_each_inline_image(&figure.caption, visit);
            }
            Block::Table(table) => {
                for cell in table.head.iter().chain(table.rows.iter().flatten()) {
                    for_each_inline_image(cell, visit);
                }
            }
            Block::Code { .. } | Block::Math(_) | Block::Rule => {}
        }
    }
}

/// Visits the number of every footnote that a text refers to, in reading order.
pub fn for_each_footnote(text: &[Block], visit: &mut impl FnMut(u32)) {
    for block in text {
        match block {
            Block::Paragraph(content) | Block::Heading { content, .. } => {
                for_each_inline_footnote(content, visit);
            }
            Block::List(list) => list
                .items
                .iter()
                .for_each(|item| for_each_footnote(&item.content, visit)),
            Block::Quote(content) => for_each_footnote(content, visit),
            Block::Figure(figure) => for_each_inline_footnote(&figure.caption, visit),
            Block::Table(table) => {
                for cell in table.head.iter().chain(table.rows.iter().flatten()) {
                    for_each_inline_footnote(cell, visit);
                }
            }
            Block::Code { .. } | Block::Math(_) | Block::Rule => {}
        }
    }
}

/// Visits where links of a text lead, in reading order.
pub fn for_each_link<'a>(text: &'a [Block], visit: &mut impl FnMut(&'a str)) {
    for block in text {
        match block {
            Block::Paragraph(content) | Block::Heading { content, .. } => {
                for_each_inline_link(content, visit);
            }
            Block::List(list) => list
                .items
                .iter()
                .for_each(|item| for_each_link(&item.content, visit)),
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

fn for_each_inline_link<'a>(inlines: &'a [Inline], visit: &mut impl FnMut(&'a str)) {
    for inline in inlines {
        match inline {
            Inline::Link { url, .. } => visit(url),
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

/// [`for_each_footnote`] for a line.
pub fn for_each_inline_footnote(inlines: &[Inline], visit: &mut impl FnMut(u32)) {
    for inline in inlines {
        match inline {
            Inline::FootnoteRef(number) => visit(*number),
            Inline::Emphasis(content)
            | Inline::Strong(content)
            | Inline::Strike(content)
            | Inline::Link { content, .. } => for_each_inline_footnote(content, visit),
            Inline::Text(_)
            | Inline::Code(_)
            | Inline::Math(_)
            | Inline::Image(_)
            | Inline::HardBreak => {}
        }
    }
}

fn for_each_inline_image<'a>(inlines: &'a [Inline], visit: &mut impl FnMut(&'a Image)) {
    for inline in inlines {
        match inline {
            Inline::Image(image) => visit(image),
            Inline::Emphasis(content)
            | Inline::Strong(content)
            | Inline::Strike(content)
            | Inline::Link { content, .. } => for_each_inline_image(content, visit),
            Inline::Text(_)
            | Inline::Code(_)
            | Inline::Math(_)
            | Inline::FootnoteRef(_)
            | Inline::HardBreak => {}
        }
    }
}
