//! Rich text as HTML that WeChat's editor keeps: inline styles, no lists, no identifiers,
//! no line breaks but `<br>`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use offprint_core::chars::{is_han, is_wide};
use offprint_core::text::{Align, Figure, Image, Inline, List, Table, plain};
use offprint_core::words::{Label, Words};
use offprint_core::{Asset, Block};
use offprint_math::words;

use crate::formula::{Displayed, Formulas};
use crate::pictures::Pictures;
use crate::references::References;
use crate::theme::Styles;
use crate::typography::{Typography, is_address};

/// The nesting of lists and quotations beyond which nothing is indented any more: the column
/// of a phone is 335 pixels wide, and WeChat drops levels of what is nested deeply.
const MAX_INDENT: usize = 3;

/// The width of an article on a telephone, in pixels.
const COLUMN: usize = 335;
/// Half the width of a Han character in a table, and about that of a Latin one, in pixels.
const HALF: usize = 7;
/// What a cell takes beside its words, in pixels.
const PADDING: usize = 17;
/// The width from which on a picture takes the whole column, in pixels.
const WIDE: u32 = 300;
/// The longest address that stays on one line, in bytes: about a line of a telephone.
const LONG_ADDRESS: usize = 36;

/// Writes text as HTML and gathers what it refers to.
pub(crate) struct Writer<'a, 's> {
    /// The pictures, small enough.
    pub(crate) small: &'a Pictures<'a>,
    pub(crate) styles: &'s Styles,
    pub(crate) formulas: Formulas<'a>,
    /// Whether formulas are written as words, as in small print.
    pub(crate) in_words: bool,
    /// The formulas that stand as TeX since they cannot be drawn.
    pub(crate) undrawn: BTreeSet<String>,
    /// The language.
    pub(crate) words: Words,
    /// What is done to prose.
    pub(crate) typography: Typography,
    /// What stands before `images/` in the addresses of pictures.
    pub(crate) base: String,
    pub(crate) references: References,
    /// The notes whose marks stand in the text, in the order of first use: the numbers.
    pub(crate) notes: Vec<u32>,
    /// The pictures shown so far, by their addresses.
    pub(crate) pictures: BTreeMap<String, Asset>,
    pub(crate) out: String,
    pub(crate) indent: usize,
}

impl Writer<'_, '_> {
    /// The blocks of a text.
    pub(crate) fn html(&mut self, text: &[Block]) -> String {
        self.blocks(text);
        std::mem::take(&mut self.out)
    }

    /// A line of prose.
    pub(crate) fn line(&mut self, content: &[Inline]) -> String {
        self.prose(content);
        std::mem::take(&mut self.out)
    }

    /// A line whose words stand as they were written.
    pub(crate) fn verbatim(&mut self, content: &[Inline]) -> String {
        self.inlines(&Typography::VERBATIM.line(content));
        std::mem::take(&mut self.out)
    }

    /// A picture on its own, or nothing if it is not there.
    pub(crate) fn picture(&mut self, image: &Image, style: &str) -> String {
        if self.small.get(&image.src).is_some() {
            self.image(image, style, "");
        }
        std::mem::take(&mut self.out)
    }

    /// Words and a mark that refers to an address, or the words as a link where WeChat
    /// allows it.
    pub(crate) fn linked(&mut self, text: &str, url: Option<&str>) -> String {
        let text = Inline::Text(text.to_owned());
        let content = match url {
            Some(url) => Inline::Link {
                url: url.to_owned(),
                content: vec![text],
            },
            None => text,
        };
        self.verbatim(&[content])
    }

    /// Words on one line as they were written.
    pub(crate) fn plain(&mut self, text: &str) -> String {
        self.linked(text, None)
    }

    /// The name of a button and the number of the address that it leads to.
    pub(crate) fn button(&mut self, name: &str, url: &str) -> String {
        if is_wechat(url) {
            return self.linked(name, Some(url));
        }
        let number = self.references.number(url, name);
        self.plain(&format!("{name} [{number}]"))
    }

    fn prose(&mut self, content: &[Inline]) {
        self.inlines(&self.typography.line(content));
    }

    fn blocks(&mut self, text: &[Block]) {
        for block in text {
            match block {
                Block::Paragraph(content) => {
                    let style = if is_mostly_han(content) {
                        &self.styles.paragraph
                    } else {
                        &self.styles.latin_paragraph
                    };
                    self.element("p", style, content);
                }
                Block::Heading { level: _, content } => {
                    self.element("p", &self.styles.heading, content);
                }
                Block::List(list) => self.list(list),
                Block::Quote(content) => self.quote(content),
                Block::Code { language: _, text } => self.code_block(text),
                Block::Math(formula) => self.display(&formula.tex),
                Block::Figure(figure) => self.figure(figure),
                Block::Table(table) => self.table(table),
                Block::Rule => {
                    self.open("section", &self.styles.rule);
                    // The editor drops an element without content.
                    self.out.push_str("<br></section>");
                }
            }
        }
    }

    fn open(&mut self, name: &str, style: &str) {
        let _ = write!(self.out, "<{name} style=\"{style}\">");
    }

    fn element(&mut self, name: &str, style: &str, content: &[Inline]) {
        self.open(name, style);
        self.prose(content);
        let _ = write!(self.out, "</{name}>");
    }

    fn quote(&mut self, content: &[Block]) {
        if self.indent >= MAX_INDENT {
            self.blocks(content);
            return;
        }
        self.indent += 1;
        self.open("section", &self.styles.quote);
        self.blocks(content);
        self.out.push_str("</section>");
        self.indent -= 1;
    }

    fn list(&mut self, list: &List) {
        let bullet = ["•", "◦", "▪"].get(self.indent % 3).copied().unwrap_or("•");
        let numbers = list.start.map(u64::from);
        let end = numbers.map(|start| start + list.items.len() as u64);
        let styles = self.styles;
        let marker_style = match end {
            None | Some(0..=100) => &styles.marker,
            Some(_) => &styles.wide_marker,
        };
        let is_indented = self.indent < MAX_INDENT;
        if is_indented {
            let style = if self.indent == 0 {
                &styles.list
            } else {
                &styles.inner_list
            };
            self.open("section", style);
        }
        self.indent += 1;
        for (place, item) in (0_u64..).zip(&list.items) {
            let marker = match (item.checked, numbers) {
                (Some(true), _) => "☑".to_owned(),
                (Some(false), _) => "☐".to_owned(),
                (None, Some(start)) => format!("{}.", start + place),
                (None, None) => bullet.to_owned(),
            };
            if is_indented {
                self.open("section", &styles.item);
                self.open("section", marker_style);
                self.out.push_str(&marker);
                self.out.push_str("</section>");
                let is_han = match item.content.first() {
                    Some(Block::Paragraph(content)) => is_mostly_han(content),
                    Some(_) | None => true,
                };
                let style = if is_han {
                    &styles.item_text
                } else {
                    &styles.latin_item_text
                };
                self.open("section", style);
                self.item(&item.content);
                self.out.push_str("</section></section>");
            } else {
                self.flat_item(&marker, &item.content);
            }
        }
        if is_indented {
            self.out.push_str("</section>");
        }
        self.indent -= 1;
    }

    /// An item that is nested too deeply for a box of its own.
    fn flat_item(&mut self, marker: &str, content: &[Block]) {
        let _ = write!(self.out, "<section>{marker} ");
        let rest = match content.split_first() {
            Some((Block::Paragraph(words), rest)) => {
                self.prose(words);
                rest
            }
            Some(_) | None => content,
        };
        self.out.push_str("</section>");
        self.blocks(rest);
    }

    /// An item's text; its first paragraph stands beside the marker.
    fn item(&mut self, content: &[Block]) {
        match content.split_first() {
            Some((Block::Paragraph(words), rest)) => {
                self.prose(words);
                self.blocks(rest);
            }
            Some(_) | None => self.blocks(content),
        }
    }

    fn code_block(&mut self, text: &str) {
        if text.trim().is_empty() {
            return;
        }
        self.open("section", &self.styles.code_block);
        self.out.push_str("<code>");
        for (place, line) in text.split('\n').enumerate() {
            if place > 0 {
                self.out.push_str("<br>");
            }
            let mut after_blank = true;
            for character in line.chars() {
                match character {
                    ' ' if after_blank => self.out.push_str("&nbsp;"),
                    '\t' => self.out.push_str("&nbsp;&nbsp;&nbsp;&nbsp;"),
                    _ => escape(character, &mut self.out),
                }
                after_blank = matches!(character, ' ' | '\t');
            }
        }
        self.out.push_str("</code></section>");
    }

    fn figure(&mut self, figure: &Figure) {
        let styles = self.styles;
        self.open("section", &styles.figure);
        self.image(&figure.image, &styles.picture, &plain(&figure.caption));
        let mut caption = figure.caption.clone();
        if let Some(credit) = &figure.credit {
            caption.push(Inline::Text(format!(" {credit}")));
        }
        if !caption.is_empty() {
            self.out.push_str("<br>");
            self.prose(&caption);
        }
        self.out.push_str("</section>");
    }

    fn table(&mut self, table: &Table) {
        let styles = self.styles;
        self.open("section", &styles.scroller);
        let wanted = table_width(table, self.formulas);
        let (wide, width) = if wanted <= COLUMN {
            ("", "width:100%".to_owned())
        } else {
            // The reader scrolls. WeChat's own checker wants to be told that it is meant.
            (
                " data-ignore-width=\"\"",
                format!("width:100%;min-width:{wanted}px"),
            )
        };
        let _ = write!(self.out, "<table{wide} style=\"{};{width}\">", styles.table);
        self.out.push_str("<tbody>");
        self.row("th", &table.head, &table.align, &styles.head_cell);
        for row in &table.rows {
            self.row("td", row, &table.align, &styles.cell);
        }
        self.out.push_str("</tbody></table></section>");
    }

    fn row(&mut self, name: &str, row: &[Vec<Inline>], align: &[Align], style: &str) {
        self.out.push_str("<tr>");
        for (content, align) in row.iter().zip(align) {
            // Cells inherit what the table says; those of its head are centred by browsers.
            let align = match align {
                Align::Start if name == "th" => self.styles.start.as_str(),
                Align::Start => "",
                Align::Center => ";text-align:center",
                Align::End => &self.styles.end,
            };
            self.element(name, &format!("{style}{align}"), content);
        }
        self.out.push_str("</tr>");
    }

    fn inlines(&mut self, content: &[Inline]) {
        for (place, inline) in content.iter().enumerate() {
            match inline {
                Inline::Text(_) => {
                    let [_, own, _] = attached(content, place);
                    self.escaped(own);
                }
                Inline::Emphasis(content) => self.emphasis(content),
                Inline::Strong(content) => {
                    self.out.push_str("<strong>");
                    self.inlines(content);
                    self.out.push_str("</strong>");
                }
                Inline::Strike(content) => {
                    self.open("span", &self.styles.strike);
                    self.inlines(content);
                    self.out.push_str("</span>");
                }
                Inline::Code(code) => self.code(code),
                Inline::Math(formula) => {
                    let before = place.checked_sub(1).map(|place| attached(content, place));
                    let [_, _, before] = before.unwrap_or_default();
                    let [after, _, _] = attached(content, place + 1);
                    self.formula(&formula.tex, before, after);
                }
                Inline::Link { url, content } => self.link(url, content),
                Inline::Image(image) => {
                    self.image(image, &self.styles.inline_picture, "");
                }
                Inline::FootnoteRef(number) => {
                    let number = self.note(*number);
                    self.mark(&note_mark(number));
                }
                Inline::HardBreak => {
                    self.out.push_str("<br>");
                }
            }
        }
    }

    fn emphasis(&mut self, content: &[Inline]) {
        // Chinese has no italics: slanted by force, it is hard to read.
        if plain(content).chars().any(is_han) {
            self.open("em", &self.styles.emphasis);
        } else {
            self.out.push_str("<em>");
        }
        self.inlines(content);
        self.out.push_str("</em>");
    }

    fn link(&mut self, url: &str, content: &[Inline]) {
        if is_wechat(url) {
            let _ = write!(self.out, "<a href=\"");
            self.escaped(url);
            let _ = write!(self.out, "\" style=\"{}\">", self.styles.link);
            self.inlines(content);
            self.out.push_str("</a>");
            return;
        }
        if is_address(url, content) {
            // The address itself stands in the text and can be copied there. A long one breaks
            // anywhere, or it would leave a hole at the end of the line before.
            if url.len() > LONG_ADDRESS {
                self.open("span", &self.styles.address);
                self.inlines(content);
                self.out.push_str("</span>");
            } else {
                self.inlines(content);
            }
            return;
        }
        self.inlines(content);
        let number = self.references.number(url, &plain(content));
        self.mark(&format!("[{number}]"));
    }

    /// The number that a note has in this article: a part of an issue has some of its notes.
    fn note(&mut self, number: u32) -> u32 {
        let known = self.notes.iter().position(|&known| known == number);
        let place = known.unwrap_or_else(|| {
            self.notes.push(number);
            self.notes.len() - 1
        });
        u32::try_from(place + 1).unwrap_or(number)
    }

    /// A mark above the line.
    fn mark(&mut self, mark: &str) {
        let style = &self.styles.mark;
        let _ = write!(self.out, "<sup style=\"{style}\">{mark}</sup>");
    }

    /// A formula within a line, with what no line may end between on its sides.
    fn formula(&mut self, tex: &str, before: &str, after: &str) {
        let drawn = if self.in_words {
            None
        } else {
            self.formulas.line(tex)
        };
        let Some(parts) = drawn else {
            self.escaped(before);
            if self.in_words {
                self.escaped(&words(tex));
            } else {
                self.source(tex);
            }
            self.escaped(after);
            return;
        };
        let last = parts.len().saturating_sub(1);
        for (place, part) in parts.iter().enumerate() {
            if part.is_apart {
                self.out.push(' ');
            }
            let before = if place == 0 { before } else { "" };
            let after = if place == last { after } else { "" };
            // Browsers break lines beside a drawing, even before a comma.
            let stands_alone = before.is_empty() && after.is_empty();
            let is_held = !(stands_alone || part.is_words || part.is_wide);
            if is_held {
                self.open("span", &self.styles.held);
            }
            self.escaped(before);
            self.out.push_str(&part.html);
            self.escaped(after);
            if is_held {
                self.out.push_str("</span>");
            }
        }
    }

    /// A formula on lines of its own, its number at the end of the line.
    fn display(&mut self, tex: &str) {
        let drawn = if self.in_words {
            None
        } else {
            self.formulas.display(tex)
        };
        let Some(Displayed { drawing, number }) = drawn else {
            self.open(
                "section",
                &format!("{};text-align:center", self.styles.formula),
            );
            if self.in_words {
                self.escaped(&words(tex));
            } else {
                self.source(tex);
            }
            self.out.push_str("</section>");
            return;
        };
        let Some(number) = number else {
            self.open("section", &self.styles.formula);
            self.out.push_str(&drawing);
            self.out.push_str("</section>");
            return;
        };
        let styles = self.styles;
        self.open("section", &styles.numbered_formula);
        self.open(
            "section",
            &format!("{}{}", styles.beside_number, number.balance),
        );
        let _ = write!(
            self.out,
            "{drawing}</section><section>{}</section></section>",
            number.drawing
        );
    }

    /// The source of a formula that cannot be drawn.
    fn source(&mut self, tex: &str) {
        self.undrawn.insert(tex.to_owned());
        self.code(tex);
    }

    fn code(&mut self, code: &str) {
        self.open("code", &self.styles.code);
        let mut blank = false;
        for character in code.chars() {
            match character {
                '\n' => self.out.push_str("<br>"),
                ' ' | '\t' if blank => self.out.push_str("&nbsp;"),
                '\t' => self.out.push(' '),
                _ => escape(character, &mut self.out),
            }
            blank = matches!(character, ' ' | '\t' | '\n');
        }
        self.out.push_str("</code>");
    }

    /// A picture, or what is said in its stead; `caption` stands in for words that are not
    /// given.
    fn image(&mut self, image: &Image, style: &str, caption: &str) {
        let alt = [&image.alt, caption, self.words.label(Label::Image)]
            .into_iter()
            .find(|alt| !alt.trim().is_empty())
            .unwrap_or_default();
        let Some(asset) = self.small.get(&image.src) else {
            self.escaped(alt);
            return;
        };
        let address = format!("{}images/{}", self.base, asset.name);
        self.out.push_str("<img src=\"");
        self.escaped(&address);
        self.out.push_str("\" alt=\"");
        self.escaped(alt);
        let _ = write!(self.out, "\" data-w=\"{}\" style=\"", asset.width);
        // What fills the column of a telephone fills wider ones, too.
        let fills = (asset.width >= WIDE).then_some(100);
        if let Some(percent) = image.width.or(fills) {
            let _ = write!(self.out, "width:{percent}%;");
        }
        let _ = write!(self.out, "{style}\">");
        self.pictures.insert(address, asset);
    }

    fn escaped(&mut self, text: &str) {
        for character in text.chars() {
            escape(character, &mut self.out);
        }
    }
}

/// A text in a line in three: what belongs to the formula before it, its own words, and what
/// belongs to the formula after it. Anything else in a line has nothing of it.
fn attached(content: &[Inline], place: usize) -> [&str; 3] {
    let is_math = |place: Option<usize>| {
        let inline = place.and_then(|place| content.get(place));
        matches!(inline, Some(Inline::Math(_)))
    };
    let Some(Inline::Text(text)) = content.get(place) else {
        return [""; 3];
    };
    let first = if is_math(place.checked_sub(1)) {
        let rest = text.trim_start_matches(is_part_of_word);
        text.len() - rest.trim_start_matches(is_closing).len()
    } else {
        0
    };
    let (first, text) = text.split_at_checked(first).unwrap_or(("", text));
    let last = if is_math(place.checked_add(1)) {
        let rest = text.trim_end_matches(is_part_of_word);
        rest.trim_end_matches(is_opening).len()
    } else {
        text.len()
    };
    let (own, last) = text.split_at_checked(last).unwrap_or((text, ""));
    [first, own, last]
}

/// `-means` after a formula, `top-` before one.
fn is_part_of_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '-' | '\'' | '’' | '/')
}

/// What no line begins with.
fn is_closing(letter: char) -> bool {
    "，。、；：？！）》」』】〉〕”…—,.;:?!)]}%".contains(letter)
}

/// What no line ends with.
fn is_opening(letter: char) -> bool {
    "（《「『【〈〔“([{#$¥￥".contains(letter)
}

/// Writes a character of words; line breaks become blanks.
pub(crate) fn escape(character: char, out: &mut String) {
    match character {
        // They break lines in the editor, and are never seen.
        '\u{200b}' | '\u{2060}' | '\u{feff}' => {}
        '\n' | '\t' => out.push(' '),
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '"' => out.push_str("&quot;"),
        _ => out.push(character),
    }
}

/// The width that a table's columns want, in pixels: that of their longest line, at most eight
/// Han characters each but for a longer word or formula.
fn table_width(table: &Table, formulas: Formulas<'_>) -> usize {
    let rows = || std::iter::once(&table.head).chain(&table.rows);
    let column = |place: usize| {
        let cells = rows().filter_map(|row| row.get(place));
        let wanted = cells.map(|cell| {
            let text = plain(&measurable(cell, formulas));
            let longest = text.split_whitespace().flat_map(|word| word.split(is_wide));
            let longest = longest.map(|word| word.chars().count() * HALF).max();
            let whole: usize = text
                .chars()
                .map(|character| if is_wide(character) { 2 * HALF } else { HALF })
                .sum();
            whole.min(8 * 2 * HALF).max(longest.unwrap_or_default())
        });
        wanted.max().unwrap_or_default() + PADDING
    };
    (0..table.align.len()).map(column).sum()
}

/// A cell with a word in the place of each formula, about as wide.
fn measurable(content: &[Inline], formulas: Formulas<'_>) -> Vec<Inline> {
    let inner = |content: &[Inline]| measurable(content, formulas);
    let measured = content.iter().map(|inline| match inline {
        Inline::Math(formula) => {
            let width = formulas.width(&formula.tex);
            let letters = width.map(|width| (width * 2.0).ceil() as usize);
            Inline::Text(letters.map_or_else(|| formula.tex.clone(), |count| "x".repeat(count)))
        }
        Inline::Emphasis(content) => Inline::Emphasis(inner(content)),
        Inline::Strong(content) => Inline::Strong(inner(content)),
        Inline::Strike(content) => Inline::Strike(inner(content)),
        Inline::Link { url, content } => Inline::Link {
            url: url.clone(),
            content: inner(content),
        },
        Inline::Text(_)
        | Inline::Code(_)
        | Inline::Image(_)
        | Inline::FootnoteRef(_)
        | Inline::HardBreak => inline.clone(),
    });
    measured.collect()
}

/// Whether justified lines of these words stay even: an address that stays whole leaves a hole
/// before it.
fn is_mostly_han(content: &[Inline]) -> bool {
    let is_whole = |inline: &Inline| {
        matches!(inline, Inline::Link { url, content }
            if is_address(url, content) && url.len() <= LONG_ADDRESS)
    };
    if content.iter().any(is_whole) {
        return false;
    }
    let words = plain(content);
    let han = words.chars().filter(|&character| is_han(character)).count();
    let letters = words.chars().filter(char::is_ascii_alphabetic).count();
    han * 3 >= letters
}

/// The mark of a note: ① to ㊿, then plain numbers. Square brackets are the references'.
pub(crate) fn note_mark(number: u32) -> String {
    let circled = match number {
        1..=20 => char::from_u32(0x2460 + number - 1),
        21..=35 => char::from_u32(0x3251 + number - 21),
        36..=50 => char::from_u32(0x32b1 + number - 36),
        _ => None,
    };
    circled.map_or_else(|| format!("({number})"), String::from)
}

/// Whether WeChat's editor keeps a link to this address.
fn is_wechat(url: &str) -> bool {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    rest.and_then(|rest| rest.split(['/', '?', '#']).next())
        .is_some_and(|host| host.eq_ignore_ascii_case("mp.weixin.qq.com"))
}
