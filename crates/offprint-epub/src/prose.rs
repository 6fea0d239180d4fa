//! Text of an issue as XHTML, and in which language it stands.

use offprint_core::chars::is_han;
use offprint_core::model::{Lang, Paper, Part};
use offprint_core::text::{Block, Formula, Image, Inline, plain_text};
use offprint_html::{FootnoteStyle, OnPage, Options, escape, html_continued, inlines};

use crate::pages::Making;
use crate::{Profile, kindle};

/// The blocks of a text; `heading` is the level of its highest heading.
pub(crate) fn html(
    making: &Making<'_>,
    text: &[Block],
    heading: u8,
    on_page: &mut OnPage,
) -> String {
    let image = |image: &Image| making.pictures.source(image);
    let formula = |formula: &Formula, style| making.formulas.shown(formula, style);
    let options = Options {
        formula: &formula,
        heading,
        footnotes: FootnoteStyle::EpubNoteref,
        image: &image,
        full_width_marks: making.issue.lang.is_chinese(),
        rtl: making.issue.lang.is_rtl(),
        classes: true,
    };
    match making.profile {
        Profile::Epub3 => html_continued(text, &options, on_page),
        Profile::Kindle => html_continued(&kindle::with_short_tables(text), &options, on_page),
    }
}

/// [`html`], in a Chinese book set apart as Western where there is no Chinese in it.
pub(crate) fn prose(
    making: &Making<'_>,
    text: &[Block],
    heading: u8,
    on_page: &mut OnPage,
) -> String {
    let html = html(making, text, heading, on_page);
    let is_chinese = making.issue.lang.is_chinese();
    let flows = text.iter().any(|block| {
        matches!(
            block,
            Block::Paragraph(_) | Block::List(_) | Block::Quote(_)
        )
    });
    let words = plain_text(text);
    if is_chinese && flows && words.chars().any(char::is_alphabetic) && !words.chars().any(is_han) {
        format!("<div class=\"latin\">\n{html}</div>\n")
    } else {
        html
    }
}

/// A line that may hold footnote marks.
pub(crate) fn line(making: &Making<'_>, content: &[Inline], on_page: &mut OnPage) -> String {
    let paragraph = html(making, &[Block::Paragraph(content.to_vec())], 1, on_page);
    let line = paragraph.trim_end();
    let line = line.strip_prefix("<p>").unwrap_or(line);
    line.strip_suffix("</p>").unwrap_or(line).to_owned()
}

/// A paper's title, as its curator wrote it.
pub(crate) fn title(making: &Making<'_>, paper: &Paper) -> String {
    let formula = |formula: &Formula, style| making.formulas.shown_in_title(formula, style);
    let options = Options {
        formula: &formula,
        heading: 1,
        footnotes: FootnoteStyle::Plain,
        image: &|_: &Image| None,
        full_width_marks: false,
        rtl: making.issue.lang.is_rtl(),
        classes: true,
    };
    if is_seen(&paper.plain_title()) {
        inlines(&paper.title, &options)
    } else {
        escape(&paper.id).into_owned()
    }
}

/// A paper's title without markup.
pub(crate) fn plain_title(paper: &Paper) -> String {
    let title = paper.plain_title();
    if is_seen(&title) {
        title
    } else {
        paper.id.clone()
    }
}

/// A part's title, which must be seen.
pub(crate) fn part_title(part: &Part) -> &str {
    if is_seen(&part.title) {
        part.title.trim()
    } else {
        &part.id
    }
}

/// Whether anything of a text can be seen: headings and links need words.
pub(crate) fn is_seen(text: &str) -> bool {
    kindle::plain_text(text)
        .chars()
        .any(|character| !character.is_whitespace())
}

/// A language that is not the book's.
pub(crate) fn foreign<'a>(making: &Making<'_>, lang: Option<&'a Lang>) -> Option<&'a Lang> {
    lang.filter(|lang| **lang != making.issue.lang)
}

/// The attributes that tell a foreign language, with a space before them.
pub(crate) fn lang_attributes(making: &Making<'_>, lang: Option<&Lang>) -> String {
    let Some(lang) = foreign(making, lang) else {
        return String::new();
    };
    let dir = match (making.issue.lang.is_rtl(), lang.is_rtl()) {
        (true, false) => " dir=\"ltr\"",
        (false, true) => " dir=\"rtl\"",
        (true, true) | (false, false) => "",
    };
    format!(" lang=\"{0}\" xml:lang=\"{0}\"{dir}", lang.as_str())
}

/// The class that chooses between Chinese and Western paragraphs.
pub(crate) fn class(is_chinese: bool) -> &'static str {
    if is_chinese { "zh" } else { "latin" }
}
