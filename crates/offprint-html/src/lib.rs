//! Rich text as a well-formed HTML fragment that is XHTML and HTML5 at once.
//!
//! A helper of the formats that speak HTML, not a format. What comes out holds no scripts,
//! no styles but those of table cells and picture widths, no identifiers but those of
//! footnote marks, and classes only if [`Options`] ask for them; one element a line, so that
//! a diff of two outputs reads well.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use offprint_core::chars::is_wide;
use offprint_core::marks::full_width;
use offprint_core::text::{
    Align, Block, Figure, Formula, Image, Inline, List, ListItem, Table, plain,
};
use offprint_math::Style;

/// Where a picture is to be found from the page that shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageSource {
    /// The `src` attribute, not yet escaped.
    pub url: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

/// How a footnote's mark is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FootnoteStyle {
    /// A link to `#fn-N`, marked up as EPUB's pop-up notes and DPUB-ARIA want it. The first
    /// reference to a note carries the id `fnref-N` for the way back.
    EpubNoteref,
    /// A superscript `[N]` without a link, for feeds: readers break links within a page.
    Plain,
}

/// How a formula is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// By an element of its own, which is written as it is.
    Element {
        /// A `math` or an `svg` element, well-formed and with its namespace.
        markup: Arc<str>,
        /// A class of the style sheet, for what is wider than a narrow page: of the paragraph
        /// that holds a displayed formula, of a `span` around one within a line.
        class: Option<&'static str>,
        /// Whether that may have to be moved sideways to be seen, for which it takes the focus.
        scrolls: bool,
    },
    /// By a picture, whose alternative text is the formula's TeX.
    Picture {
        /// Where it is.
        source: ImageSource,
        /// The `style` attribute, such as where it stands in its line; may be empty.
        style: String,
    },
}

/// How a text becomes HTML.
pub struct Options<'a> {
    /// The level of the highest heading inside a text: 4 gives `h4`, `h5`, `h6`.
    pub heading: u8,
    /// How footnote marks are written.
    pub footnotes: FootnoteStyle,
    /// Where a picture is; `None` writes its alternative text instead.
    pub image: &'a dyn Fn(&Image) -> Option<ImageSource>,
    /// How a formula is shown that stands on a line of its own or within one; `None` writes its
    /// TeX as code.
    pub formula: &'a dyn Fn(&Formula, Style) -> Option<Shown>,
    /// Whether half-width marks between Han characters become full-width: for prose, not
    /// for titles.
    pub full_width_marks: bool,
    /// Whether the page runs from right to left: code on it does not.
    pub rtl: bool,
    /// Whether there is a style sheet that knows the classes `math` (a displayed formula) and
    /// those of [`Shown::Element`],
    /// `long` (code that may break anywhere), `url` (an address that is shown), and `nowrap`
    /// (a footnote's mark with the character before it, a formula with the marks behind it).
    pub classes: bool,
}

/// What stands on a page already, where several texts share it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OnPage {
    /// The footnotes whose mark stands on it: each `fnref-N` is given out once.
    pub referenced: BTreeSet<u32>,
    /// The headings under which the next text stands: the level that was wanted, and the
    /// level it has, so that no level is skipped.
    headings: Vec<(u8, u8)>,
}

impl OnPage {
    /// What follows stands under a heading of this level, which is written already.
    pub fn stands_under(&mut self, level: u8) {
        self.headings = vec![(level, level)];
    }

    /// The level of the next heading, one below that of the heading above it at the most.
    fn heading(&mut self, wanted: u8, highest: u8) -> u8 {
        while self
            .headings
            .pop_if(|(above, _)| *above >= wanted)
            .is_some()
        {}
        let above = match self.headings.last() {
            Some((_, level)) => *level,
            None => highest.saturating_sub(1),
        };
        let level = wanted.min(above + 1).clamp(1, 6);
        self.headings.push((wanted, level));
        level
    }
}

/// The blocks of a text, each on its own line.
#[must_use]
pub fn html(text: &[Block], options: &Options<'_>) -> String {
    html_continued(text, options, &mut OnPage::default())
}

/// [`html`] for a text that shares its page with others.
#[must_use]
pub fn html_continued(text: &[Block], options: &Options<'_>, on_page: &mut OnPage) -> String {
    let mut out = String::new();
    Writer::new(options, on_page, &mut out).blocks(text);
    out
}

/// [`html`], written to the end of `out`.
pub fn push_html(text: &[Block], options: &Options<'_>, out: &mut String) {
    Writer::new(options, &mut OnPage::default(), out).blocks(text);
}

/// The pieces of a line.
#[must_use]
pub fn inlines(content: &[Inline], options: &Options<'_>) -> String {
    let mut out = String::new();
    push_inlines(content, options, &mut out);
    out
}

/// [`inlines`], written to the end of `out`.
pub fn push_inlines(content: &[Inline], options: &Options<'_>, out: &mut String) {
    Writer::new(options, &mut OnPage::default(), out).inlines(content);
}

/// Text as it may stand between tags and in double-quoted attributes.
#[must_use]
pub fn escape(text: &str) -> Cow<'_, str> {
    if !has_spelled(text, reference) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    push_spelled(text, reference, &mut out);
    Cow::Owned(out)
}

/// [`escape`], written to the end of `out`.
pub fn push_escaped(text: &str, out: &mut String) {
    push_spelled(text, reference, out);
}

/// How HTML spells a character that would be markup.
const fn reference(byte: u8) -> Option<&'static str> {
    match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'"' => Some("&quot;"),
        _ => None,
    }
}

/// Appends a text to `out`, with the ASCII characters that `spelling` knows spelled so.
pub fn push_spelled(
    text: &str,
    spelling: impl Fn(u8) -> Option<&'static str> + Copy,
    out: &mut String,
) {
    if !has_spelled(text, spelling) {
        out.push_str(text);
        return;
    }
    let mut start = 0;
    for (place, byte) in text.bytes().enumerate() {
        if let Some(spelled) = spelling(byte) {
            out.push_str(text.get(start..place).unwrap_or_default());
            out.push_str(spelled);
            start = place + 1;
        }
    }
    out.push_str(text.get(start..).unwrap_or_default());
}

/// Whether anything of a text is to be spelled otherwise. It is looked at to its end, which a
/// processor does for many bytes at once: most texts have none.
fn has_spelled(text: &str, spelling: impl Fn(u8) -> Option<&'static str>) -> bool {
    text.bytes()
        .fold(false, |found, byte| found | spelling(byte).is_some())
}

/// The footnotes that a text refers to, each once, in the order of their numbers.
#[must_use]
pub fn footnote_refs(text: &[Block]) -> Vec<u32> {
    let mut numbers = BTreeSet::new();
    collect_refs(text, &mut numbers);
    numbers.into_iter().collect()
}

fn collect_refs(text: &[Block], numbers: &mut BTreeSet<u32>) {
    for block in text {
        match block {
            Block::Paragraph(content) | Block::Heading { content, .. } => {
                collect_inline_refs(content, numbers);
            }
            Block::List(list) => {
                for item in &list.items {
                    collect_refs(&item.content, numbers);
                }
            }
            Block::Quote(content) => collect_refs(content, numbers),
            Block::Figure(figure) => collect_inline_refs(&figure.caption, numbers),
            Block::Table(table) => {
                for cell in table.head.iter().chain(table.rows.iter().flatten()) {
                    collect_inline_refs(cell, numbers);
                }
            }
            Block::Code { .. } | Block::Math(_) | Block::Rule => {}
        }
    }
}

fn collect_inline_refs(content: &[Inline], numbers: &mut BTreeSet<u32>) {
    for inline in content {
        match inline {
            Inline::FootnoteRef(number) => {
                numbers.insert(*number);
            }
            Inline::Emphasis(content)
            | Inline::Strong(content)
            | Inline::Strike(content)
            | Inline::Link { content, .. } => collect_inline_refs(content, numbers),
            Inline::Text(_)
            | Inline::Code(_)
            | Inline::Math(_)
            | Inline::Image(_)
            | Inline::HardBreak => {}
        }
    }
}

/// The longest word that a cell of a table keeps whole, in characters.
const LONG_WORD: usize = 24;

/// The longest code that is kept whole, in characters.
const LONG_CODE: usize = 16;

/// How many columns a narrow page has room for when words stay whole.
const MANY_COLUMNS: usize = 6;

fn has_long_word(content: &[Inline]) -> bool {
    plain(content).split_whitespace().any(|word| {
        // Lines break between wide characters.
        word.split(is_wide)
            .any(|run| run.chars().nth(LONG_WORD).is_some())
    })
}

struct Writer<'a> {
    options: &'a Options<'a>,
    on_page: &'a mut OnPage,
    /// Within a link, the footnotes whose mark waits for its end: links do not nest.
    held: Option<Vec<u32>>,
    out: &'a mut String,
    /// Where in `out` the text begins.
    start: usize,
}

impl<'a> Writer<'a> {
    fn new(options: &'a Options<'a>, on_page: &'a mut OnPage, out: &'a mut String) -> Self {
        Self {
            options,
            on_page,
            held: None,
            start: out.len(),
            out,
        }
    }

    fn blocks(&mut self, text: &[Block]) {
        for block in text {
            match block {
                Block::Paragraph(content) => self.element("p", content),
                Block::Heading { level, content } => {
                    let highest = self.options.heading;
                    let wanted = highest + level.saturating_sub(1);
                    let level = self.on_page.heading(wanted, highest);
                    self.element(&format!("h{level}"), content);
                }
                Block::List(list) => self.list(list),
                Block::Quote(content) => {
                    self.out.push_str("<blockquote>\n");
                    self.blocks(content);
                    self.out.push_str("</blockquote>\n");
                }
                Block::Code { language: _, text } => {
                    let dir = self.code_direction();
                    let _ = write!(self.out, "<pre{dir}><code>");
                    // The parser of HTML drops a newline right after `<pre>`, not after `<code>`.
                    self.text(text);
                    self.out.push_str("</code></pre>\n");
                }
                Block::Math(formula) => {
                    // No paragraph of the text around it: no indent, no justified line.
                    let shown = (self.options.formula)(formula, Style::Display);
                    self.out.push_str("<p");
                    match self.wide(shown.as_ref()) {
                        Some((class, focus)) => {
                            let _ = write!(self.out, " class=\"math {class}\"{focus}");
                        }
                        None if self.options.classes => self.out.push_str(" class=\"math\""),
                        None => {}
                    }
                    self.out.push('>');
                    self.formula(formula, shown);
                    self.out.push_str("</p>\n");
                }
                Block::Figure(figure) => self.figure(figure),
                Block::Table(table) => self.table(table),
                Block::Rule => self.out.push_str("<hr/>\n"),
            }
        }
    }

    fn element(&mut self, name: &str, content: &[Inline]) {
        self.start_tag(name);
        self.inlines(content);
        self.end_tag(name);
        self.out.push('\n');
    }

    fn start_tag(&mut self, name: &str) {
        self.out.push('<');
        self.out.push_str(name);
        self.out.push('>');
    }

    fn end_tag(&mut self, name: &str) {
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }

    fn list(&mut self, list: &List) {
        match list.start {
            None => self.out.push_str("<ul>\n"),
            Some(1) => self.out.push_str("<ol>\n"),
            Some(start) => {
                let _ = writeln!(self.out, "<ol start=\"{start}\">");
            }
        }
        for item in &list.items {
            self.item(item, list.tight);
        }
        self.out.push_str(if list.start.is_some() {
            "</ol>\n"
        } else {
            "</ul>\n"
        });
    }

    fn item(&mut self, item: &ListItem, tight: bool) {
        self.out.push_str("<li>");
        match item.checked {
            // A form's check box would be lost in feeds and is no content of a book.
            Some(true) => self.out.push_str("☑ "),
            Some(false) => self.out.push_str("☐ "),
            None => {}
        }
        match item.content.split_first() {
            Some((Block::Paragraph(content), rest)) if tight => {
                self.inlines(content);
                if !rest.is_empty() {
                    self.out.push('\n');
                    self.blocks(rest);
                }
            }
            Some(_) => {
                self.out.push('\n');
                self.blocks(&item.content);
            }
            None => {}
        }
        self.out.push_str("</li>\n");
    }

    fn figure(&mut self, figure: &Figure) {
        self.out.push_str("<figure>\n");
        self.image(&figure.image);
        self.out.push('\n');
        if !figure.caption.is_empty() || figure.credit.is_some() {
            self.out.push_str("<figcaption>");
            self.inlines(&figure.caption);
            if let Some(credit) = &figure.credit {
                if !figure.caption.is_empty() {
                    self.out.push(' ');
                }
                self.out.push_str("<small>");
                self.text(credit);
                self.out.push_str("</small>");
            }
            self.out.push_str("</figcaption>\n");
        }
        self.out.push_str("</figure>\n");
    }

    fn table(&mut self, table: &Table) {
        self.out.push_str("<table>\n<thead>\n");
        self.row("th", &table.head, table);
        self.out.push_str("</thead>\n");
        // An empty `tbody` is not allowed in the XHTML of a book.
        if !table.rows.is_empty() {
            self.out.push_str("<tbody>\n");
            for row in &table.rows {
                self.row("td", row, table);
            }
            self.out.push_str("</tbody>\n");
        }
        self.out.push_str("</table>\n");
    }

    fn row(&mut self, cell: &str, row: &[Vec<Inline>], table: &Table) {
        self.out.push_str("<tr>");
        let is_wide = table.align.len() > MANY_COLUMNS;
        for (content, align) in row.iter().zip(&table.align) {
            // A head without words heads nothing.
            let cell = if content.is_empty() { "td" } else { cell };
            // `align` is gone from HTML5; a style survives in books and most feed readers.
            let align = match align {
                Align::Start => "",
                Align::Center => "text-align:center",
                Align::End => "text-align:right",
            };
            // A word as long as an address would push the table over the page's edge.
            let wrap = if is_wide || has_long_word(content) {
                "overflow-wrap:anywhere"
            } else {
                ""
            };
            let style = match (align, wrap) {
                ("", "") => String::new(),
                ("", style) | (style, "") => format!(" style=\"{style}\""),
                (align, wrap) => format!(" style=\"{align};{wrap}\""),
            };
            let _ = write!(self.out, "<{cell}{style}>");
            self.inlines(content);
            let _ = write!(self.out, "</{cell}>");
        }
        self.out.push_str("</tr>\n");
    }

    fn inlines(&mut self, content: &[Inline]) {
        // How much of a text stands beside the formula before it.
        let mut taken = 0;
        for (place, inline) in content.iter().enumerate() {
            match inline {
                Inline::Text(text) => {
                    self.words(text.get(std::mem::take(&mut taken)..).unwrap_or_default());
                }
                Inline::Emphasis(content) => self.wrapped("em", content),
                Inline::Strong(content) => self.wrapped("strong", content),
                Inline::Strike(content) => self.wrapped("del", content),
                Inline::Code(code) => {
                    let dir = self.code_direction();
                    let is_long = self.options.classes && code.chars().nth(LONG_CODE).is_some();
                    let class = if is_long { " class=\"long\"" } else { "" };
                    self.out.push_str("<code");
                    self.out.push_str(class);
                    self.out.push_str(dir);
                    self.out.push('>');
                    self.text(code);
                    self.out.push_str("</code>");
                }
                Inline::Math(formula) => {
                    let marks = match content.get(place + 1) {
                        Some(Inline::Text(text)) if self.options.classes => closing_marks(text),
                        _ => "",
                    };
                    taken = marks.len();
                    let shown = (self.options.formula)(formula, Style::Inline);
                    let (class, focus) = match self.wide(shown.as_ref()) {
                        None if marks.is_empty() => ("", ""),
                        None => ("nowrap", ""),
                        Some(wide) => wide,
                    };
                    if !class.is_empty() {
                        let _ = write!(self.out, "<span class=\"{class}\"{focus}>");
                    }
                    self.formula(formula, shown);
                    self.words(marks);
                    if !class.is_empty() {
                        self.out.push_str("</span>");
                    }
                }
                Inline::Link { url, content } => {
                    let is_shown = self.options.classes && plain(content) == *url;
                    let class = if is_shown { " class=\"url\"" } else { "" };
                    self.out.push_str("<a");
                    self.out.push_str(class);
                    self.out.push_str(" href=\"");
                    self.text(url);
                    self.out.push_str("\">");
                    let outer = self.held.replace(Vec::new());
                    self.inlines(content);
                    self.out.push_str("</a>");
                    for number in std::mem::replace(&mut self.held, outer).unwrap_or_default() {
                        self.footnote_ref(number);
                    }
                }
                Inline::Image(image) => self.image(image),
                Inline::FootnoteRef(number) => self.footnote_ref(*number),
                Inline::HardBreak => self.out.push_str("<br/>"),
            }
        }
    }

    fn words(&mut self, text: &str) {
        if self.options.full_width_marks {
            self.text(&full_width(text));
        } else {
            self.text(text);
        }
    }

    fn wrapped(&mut self, name: &str, content: &[Inline]) {
        self.start_tag(name);
        self.inlines(content);
        self.end_tag(name);
    }

    fn code_direction(&self) -> &'static str {
        if self.options.rtl { " dir=\"ltr\"" } else { "" }
    }

    /// The class of the element around a formula that is wide, and what lets it be moved by
    /// keys.
    fn wide(&self, shown: Option<&Shown>) -> Option<(&'static str, &'static str)> {
        match shown {
            Some(Shown::Element { class, scrolls, .. }) if self.options.classes => {
                // Nothing within a link may take the focus.
                let takes_focus = *scrolls && self.held.is_none();
                let focus = if takes_focus { " tabindex=\"0\"" } else { "" };
                class.map(|class| (class, focus))
            }
            Some(_) | None => None,
        }
    }

    fn formula(&mut self, formula: &Formula, shown: Option<Shown>) {
        match shown {
            Some(Shown::Element { markup, .. }) => self.out.push_str(&markup),
            Some(Shown::Picture { source, style }) => {
                self.img(&source, &formula.tex);
                if !style.is_empty() {
                    self.out.push_str(" style=\"");
                    self.text(&style);
                    self.out.push('"');
                }
                self.out.push_str("/>");
            }
            None => {
                let dir = self.code_direction();
                let _ = write!(self.out, "<code{dir}>");
                self.text(&formula.tex);
                self.out.push_str("</code>");
            }
        }
    }

    fn image(&mut self, image: &Image) {
        let Some(source) = (self.options.image)(image) else {
            self.text(&image.alt);
            return;
        };
        self.img(&source, &image.alt);
        if let Some(width) = image.width {
            let _ = write!(self.out, " style=\"width:{width}%;height:auto\"");
        }
        self.out.push_str("/>");
    }

    /// A picture's element without its end.
    fn img(&mut self, source: &ImageSource, alt: &str) {
        self.out.push_str("<img src=\"");
        self.text(&source.url);
        self.out.push_str("\" alt=\"");
        self.text(alt);
        let ImageSource { width, height, .. } = source;
        let _ = write!(self.out, "\" width=\"{width}\" height=\"{height}\"");
    }

    fn footnote_ref(&mut self, number: u32) {
        match self.options.footnotes {
            FootnoteStyle::EpubNoteref => {
                if let Some(held) = &mut self.held {
                    held.push(number);
                    return;
                }
                // Lines break behind every wide character, in front of a mark as well.
                let written = self.out.get(self.start..).unwrap_or_default();
                let holds = self.options.classes && written.ends_with(is_wide);
                let last = if holds { self.out.pop() } else { None };
                if let Some(last) = last {
                    let _ = write!(self.out, "<span class=\"nowrap\">{last}");
                }
                self.out
                    .push_str("<sup><a epub:type=\"noteref\" role=\"doc-noteref\"");
                if self.on_page.referenced.insert(number) {
                    let _ = write!(self.out, " id=\"fnref-{number}\"");
                }
                let _ = write!(self.out, " href=\"#fn-{number}\">{number}</a></sup>");
                if last.is_some() {
                    self.out.push_str("</span>");
                }
            }
            FootnoteStyle::Plain => {
                let _ = write!(self.out, "<sup>[{number}]</sup>");
            }
        }
    }

    fn text(&mut self, text: &str) {
        push_escaped(text, self.out);
    }
}

/// The marks that a text begins with and that no line may begin with. Browsers end lines behind
/// a formula whatever follows.
fn closing_marks(text: &str) -> &str {
    let is_mark = |character: char| {
        matches!(
            character,
            '，' | '。'
                | '、'
                | '；'
                | '：'
                | '！'
                | '？'
                | '）'
                | '》'
                | '〉'
                | '」'
                | '』'
                | '】'
                | '〕'
                | '”'
                | '’'
                | '…'
                | ','
                | '.'
                | ';'
                | ':'
                | '!'
                | '?'
                | ')'
                | ']'
                | '}'
                | '%'
        )
    };
    let end = text.find(|character| !is_mark(character));
    text.get(..end.unwrap_or(text.len())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Options<'static> = Options {
        formula: &|_, _| None,
        heading: 4,
        footnotes: FootnoteStyle::Plain,
        image: &|_| None,
        full_width_marks: false,
        rtl: false,
        classes: false,
    };

    fn written(content: &[Block]) -> String {
        html(content, &PLAIN)
    }

    fn words(text: &str) -> Vec<Inline> {
        vec![Inline::Text(text.to_owned())]
    }

    #[test]
    fn no_line_ends_between_a_formula_and_its_mark() {
        let element = |_: &Formula, _: Style| {
            Some(Shown::Element {
                markup: "<math/>".into(),
                class: None,
                scrolls: false,
            })
        };
        let options = Options {
            formula: &element,
            classes: true,
            full_width_marks: true,
            ..PLAIN
        };
        let math = || {
            Inline::Math(Formula {
                tex: "x".to_owned(),
            })
        };
        let line = |between: &str| {
            let content = vec![math(), Inline::Text(between.to_owned()), math()];
            html(&[Block::Paragraph(content)], &options)
        };
        assert_eq!(
            line("），即"),
            "<p><span class=\"nowrap\"><math/>），</span>即<math/></p>\n"
        );
        assert_eq!(
            line("."),
            "<p><span class=\"nowrap\"><math/>.</span><math/></p>\n"
        );
        assert_eq!(line(" ."), "<p><math/> .<math/></p>\n");
        let plain = Options {
            classes: false,
            ..options
        };
        let content = vec![math(), Inline::Text("，".to_owned())];
        let html = html(&[Block::Paragraph(content)], &plain);
        assert_eq!(html, "<p><math/>，</p>\n");
    }

    #[test]
    fn a_formula_is_an_element_a_picture_or_code() {
        let formula = || Formula {
            tex: "a < \"b\"".to_owned(),
        };
        let text = [
            Block::Math(formula()),
            Block::Paragraph(vec![Inline::Math(formula())]),
        ];
        let element = |_: &Formula, _: Style| {
            Some(Shown::Element {
                markup: Arc::from("<math/>"),
                class: Some("wide"),
                scrolls: true,
            })
        };
        let options = Options {
            formula: &element,
            ..PLAIN
        };
        assert_eq!(html(&text, &options), "<p><math/></p>\n<p><math/></p>\n");
        let options = Options {
            classes: true,
            ..options
        };
        assert_eq!(
            html(&text, &options),
            "<p class=\"math wide\" tabindex=\"0\"><math/></p>\n\
             <p><span class=\"wide\" tabindex=\"0\"><math/></span></p>\n"
        );
        let link = Inline::Link {
            url: "https://a.example/".to_owned(),
            content: vec![Inline::Math(formula())],
        };
        assert_eq!(
            inlines(&[link], &options),
            "<a href=\"https://a.example/\"><span class=\"wide\"><math/></span></a>"
        );
        let picture = |_: &Formula, style: Style| {
            let place = match style {
                Style::Inline => "vertical-align:middle",
                Style::Display => "",
            };
            Some(Shown::Picture {
                source: ImageSource {
                    url: "a&b.png".to_owned(),
                    width: 3,
                    height: 2,
                },
                style: place.to_owned(),
            })
        };
        let img = "<img src=\"a&amp;b.png\" alt=\"a &lt; &quot;b&quot;\" width=\"3\" height=\"2\"";
        let options = Options {
            formula: &picture,
            ..PLAIN
        };
        assert_eq!(
            html(&text, &options),
            format!("<p>{img}/></p>\n<p>{img} style=\"vertical-align:middle\"/></p>\n")
        );
        let code = "<code>a &lt; &quot;b&quot;</code>";
        assert_eq!(written(&text), format!("<p>{code}</p>\n<p>{code}</p>\n"));
    }

    #[test]
    fn code_runs_from_left_to_right_on_every_page() {
        let code = [Block::Code {
            language: None,
            text: "f(x)".to_owned(),
        }];
        let options = Options { rtl: true, ..PLAIN };
        let page = html(&code, &options);
        assert_eq!(page, "<pre dir=\"ltr\"><code>f(x)</code></pre>\n");
        let line = inlines(&[Inline::Code("f(x)".to_owned())], &options);
        assert_eq!(line, "<code dir=\"ltr\">f(x)</code>");
        assert_eq!(written(&code), "<pre><code>f(x)</code></pre>\n");
    }

    #[test]
    fn text_and_attributes_are_escaped() {
        let link = Inline::Link {
            url: "https://a.example/?x=1&y=\"2\"".to_owned(),
            content: words("<b> & ]]>"),
        };
        assert_eq!(
            written(&[Block::Paragraph(vec![link])]),
            "<p><a href=\"https://a.example/?x=1&amp;y=&quot;2&quot;\">&lt;b&gt; &amp; ]]&gt;</a></p>\n"
        );
    }

    #[test]
    fn tight_items_hold_no_paragraph_and_loose_ones_do() {
        let item = || ListItem {
            checked: None,
            content: vec![Block::Paragraph(words("a"))],
        };
        let list = |tight| {
            Block::List(List {
                start: Some(3),
                tight,
                items: vec![item()],
            })
        };
        assert_eq!(
            written(&[list(true)]),
            "<ol start=\"3\">\n<li>a</li>\n</ol>\n"
        );
        assert_eq!(
            written(&[list(false)]),
            "<ol start=\"3\">\n<li>\n<p>a</p>\n</li>\n</ol>\n"
        );
    }

    #[test]
    fn a_footnote_mark_in_a_link_follows_it() {
        let link = Inline::Link {
            url: "https://a.example/".to_owned(),
            content: vec![
                Inline::Strong(vec![Inline::FootnoteRef(1)]),
                Inline::Text("b".to_owned()),
            ],
        };
        let options = Options {
            footnotes: FootnoteStyle::EpubNoteref,
            ..PLAIN
        };
        assert_eq!(
            inlines(&[link], &options),
            "<a href=\"https://a.example/\"><strong></strong>b</a><sup><a epub:type=\"noteref\" \
             role=\"doc-noteref\" id=\"fnref-1\" href=\"#fn-1\">1</a></sup>"
        );
    }

    #[test]
    fn what_lines_may_break_has_a_class_where_a_style_sheet_knows_it() {
        let url = "https://a.example/";
        let address = Inline::Link {
            url: url.to_owned(),
            content: words(url),
        };
        let content = [
            Inline::Text("注".to_owned()),
            Inline::FootnoteRef(1),
            Inline::Text("a".to_owned()),
            Inline::FootnoteRef(1),
            address,
            Inline::Code("x".repeat(17)),
            Inline::Code("x".repeat(16)),
        ];
        let line = |classes| {
            let options = Options {
                footnotes: FootnoteStyle::EpubNoteref,
                classes,
                ..PLAIN
            };
            inlines(&content, &options)
        };
        let classes = |line: &str, name: &str| line.matches(&format!("class=\"{name}\"")).count();
        let known = line(true);
        assert!(
            known.starts_with("<span class=\"nowrap\">注<sup><a "),
            "{known}"
        );
        assert!(known.contains("</sup></span>a<sup>"), "{known}");
        for name in ["nowrap", "url", "long"] {
            assert_eq!(classes(&known, name), 1, "{name} in {known}");
        }
        assert!(!line(false).contains("class="));
    }

    #[test]
    fn headings_stop_at_the_sixth_level() {
        let headings = [1, 2, 3].map(|level| Block::Heading {
            level,
            content: words("a"),
        });
        let options = Options {
            heading: 5,
            ..PLAIN
        };
        let page = html(&headings, &options);
        assert_eq!(page, "<h5>a</h5>\n<h6>a</h6>\n<h6>a</h6>\n");
    }

    #[test]
    fn no_level_of_headings_is_skipped_and_equal_ones_stay_equal() {
        let heading = |level| Block::Heading {
            level,
            content: words("a"),
        };
        let levels = |levels: &[u8], on_page: &mut OnPage| -> Vec<char> {
            let blocks: Vec<Block> = levels.iter().map(|level| heading(*level)).collect();
            let options = Options {
                heading: 3,
                ..PLAIN
            };
            let page = html_continued(&blocks, &options, on_page);
            let starts = page.split("<h").skip(1);
            starts.filter_map(|start| start.chars().next()).collect()
        };
        let mut on_page = OnPage::default();
        assert_eq!(
            levels(&[3, 3, 2, 3, 1, 3], &mut on_page),
            ['3', '3', '3', '4', '3', '4']
        );
        // The next text goes on under the last heading, unless told otherwise.
        assert_eq!(levels(&[3], &mut on_page), ['4']);
        on_page.stands_under(2);
        assert_eq!(levels(&[2, 1], &mut on_page), ['3', '3']);
    }

    #[test]
    fn a_head_without_words_is_a_cell_as_others() {
        let table = Table {
            align: vec![Align::Start, Align::Start],
            head: vec![Vec::new(), words("n")],
            rows: Vec::new(),
        };
        let page = written(&[Block::Table(table)]);
        assert!(page.contains("<tr><td></td><th>n</th></tr>"), "{page}");
    }

    #[test]
    fn only_the_first_mark_of_a_note_carries_the_way_back() {
        let marks = Block::Paragraph(vec![Inline::FootnoteRef(2), Inline::FootnoteRef(2)]);
        let options = Options {
            footnotes: FootnoteStyle::EpubNoteref,
            ..PLAIN
        };
        let page = html(std::slice::from_ref(&marks), &options);
        assert_eq!(page.matches("id=\"fnref-2\"").count(), 1);
        assert_eq!(page.matches("href=\"#fn-2\"").count(), 2);
        assert_eq!(footnote_refs(&[Block::Quote(vec![marks])]), [2]);
    }

    #[test]
    fn a_picture_without_a_source_leaves_its_words() {
        let image = Image {
            src: "a.png".to_owned(),
            alt: "折页".to_owned(),
            width: None,
        };
        assert_eq!(
            written(&[Block::Paragraph(vec![Inline::Image(image)])]),
            "<p>折页</p>\n"
        );
    }

    #[test]
    fn a_cell_with_a_word_of_an_addresss_length_may_break_it() {
        let table = Table {
            align: vec![Align::Start, Align::End],
            head: vec![
                words("方法很长很长很长很长很长很长很长很长很长很长很长很长"),
                words("n"),
            ],
            rows: vec![vec![words("1"), words(&"x".repeat(25))]],
        };
        let page = written(&[Block::Table(table)]);
        assert_eq!(page.matches("anywhere").count(), 1, "{page}");
        assert!(page.contains("<td style=\"text-align:right;overflow-wrap:anywhere\">x"));
    }

    #[test]
    fn a_table_without_rows_has_no_body() {
        let table = Table {
            align: vec![Align::End],
            head: vec![words("n")],
            rows: Vec::new(),
        };
        let page = written(&[Block::Table(table)]);
        assert!(!page.contains("tbody"), "{page}");
        assert!(
            page.contains("<th style=\"text-align:right\">n</th>"),
            "{page}"
        );
    }
}
