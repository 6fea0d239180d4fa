//! A draft brought within what an issue may hold.

use offprint_core::chars::clean;
use offprint_core::load::limits;
use offprint_core::text::{MAX_DEPTH, plain, plain_text};
use offprint_core::{Block, Diagnostic, Inline, Text, markdown};
use offprint_math::check;

use crate::{Draft, DraftPaper};

/// Texts are written anew, with escapes and indentation that take room.
const ROOM: usize = 2;

/// Cleans what is on a line, shortens what is too long, and tells of what was shortened.
pub(super) fn fit(draft: &mut Draft) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut left_out = 0;
    let mut room = limits::PAPERS;
    fit_line(&mut draft.description);
    fit_line(&mut draft.declaration);
    for names in [
        &mut draft.authors,
        &mut draft.editors,
        &mut draft.translators,
    ] {
        fit_lines(names);
    }
    fit_text(&mut draft.intro, "the introduction", &mut found);
    for section in &mut draft.sections {
        fit_line(&mut section.title);
        shorten(&mut section.title, "a section's title", &mut found);
        section.title = section.title.take().map(readable_formulas);
        let over = section.papers.len().saturating_sub(room);
        section.papers.truncate(room);
        room -= section.papers.len();
        left_out += over;
        let what = section.title.clone().unwrap_or_default();
        fit_text(&mut section.intro, &what, &mut found);
        for paper in &mut section.papers {
            fit_paper(paper, &mut found);
        }
    }
    if left_out > 0 {
        found.push(
            Diagnostic::warning(
                "import::too-many",
                format!(
                    "{left_out} papers are left out: an issue holds {}",
                    limits::PAPERS
                ),
            )
            .hint("split the source and import its parts one by one"),
        );
    }
    found
}

fn fit_paper(paper: &mut DraftPaper, found: &mut Vec<Diagnostic>) {
    let entry = &mut paper.entry;
    fit_line(&mut entry.title);
    shorten(&mut entry.title, "a title", found);
    entry.title = entry.title.take().map(readable_formulas);
    fit_line(&mut entry.venue);
    fit_line(&mut entry.volume);
    fit_line(&mut entry.issue);
    fit_line(&mut entry.pages);
    fit_line(&mut entry.publisher);
    fit_line(&mut paper.presenter);
    fit_lines(&mut entry.authors);
    fit_lines(&mut entry.affiliations);
    fit_lines(&mut entry.tags);
    let what = entry.title.clone().unwrap_or_default();
    fit_text(&mut entry.abstract_text, &what, found);
    fit_text(&mut paper.commentary, &what, found);
}

/// One line without characters that no output may carry.
fn fit_line(text: &mut Option<String>) {
    *text = text
        .take()
        .map(|text| one_line(&text))
        .filter(|text| !text.is_empty());
}

/// Names and subjects; signs alone are none.
fn fit_lines(texts: &mut Vec<String>) {
    for text in texts.iter_mut() {
        *text = one_line(text);
    }
    texts.retain(|text| text.contains(char::is_alphanumeric));
}

pub(super) fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    clean(&words.join(" ")).into_owned()
}

/// A title whose formulas can all be read: the dollar signs around others are dollar signs.
pub(super) fn readable_formulas(title: String) -> String {
    if !title.contains('$') {
        return title;
    }
    let pieces = markdown::title(&title);
    let is_readable = |tex: &str| check(tex).is_ok();
    let unreadable =
        |piece: &Inline| matches!(piece, Inline::Math(formula) if !is_readable(&formula.tex));
    if !pieces.iter().any(unreadable) {
        return title;
    }
    let mut out = String::new();
    for piece in pieces {
        if let Inline::Math(formula) = &piece {
            let dollar = if is_readable(&formula.tex) {
                "$"
            } else {
                "\\$"
            };
            out.extend([dollar, &formula.tex, dollar]);
        } else {
            out.push_str(&plain(&[piece]).replace('$', "\\$"));
        }
    }
    out
}

fn shorten(text: &mut Option<String>, what: &str, found: &mut Vec<Diagnostic>) {
    let limit = limits::TITLE - '…'.len_utf8();
    if let Some(text) = text
        && text.len() > limit
    {
        text.truncate(text.floor_char_boundary(limit));
        let start: String = text.chars().take(40).collect();
        text.push('…');
        found.push(
            Diagnostic::warning(
                "import::too-long",
                format!("{what} is cut off at {} bytes: `{start}…`", limits::TITLE),
            )
            .hint("look whether the source was read rightly there"),
        );
    }
}

/// Keeps as many blocks as an issue's text may be long, and none that is nested too deeply.
fn fit_text(text: &mut Text, of: &str, found: &mut Vec<Diagnostic>) {
    for block in text.iter_mut() {
        if depth(block) > MAX_DEPTH / 4 {
            let plain = one_line(&plain_text(std::slice::from_ref(block)));
            *block = Block::Paragraph(vec![Inline::Text(plain)]);
        }
    }
    text.retain(|block| !is_empty(block));
    let limit = limits::TEXT / ROOM;
    let mut length = 0;
    let kept = text
        .iter()
        .take_while(|block| {
            length += super::markdown::text(std::slice::from_ref(*block)).len() + 2;
            length <= limit
        })
        .count();
    if kept < text.len() {
        let blocks = text.len() - kept;
        text.truncate(kept);
        let start: String = of.chars().take(40).collect();
        found.push(
            Diagnostic::warning(
                "import::too-long",
                format!("{blocks} paragraphs are left out at `{start}`: the text is too long"),
            )
            .hint(format!(
                "a text of an issue has at most {} bytes",
                limits::TEXT
            )),
        );
    }
}

/// Whether a block says nothing.
fn is_empty(block: &Block) -> bool {
    *block != Block::Rule && plain_text(std::slice::from_ref(block)).trim().is_empty()
}

fn depth(block: &Block) -> usize {
    let of_text = |text: &Text| text.iter().map(depth).max().unwrap_or_default();
    1 + match block {
        Block::Paragraph(content) | Block::Heading { content, .. } => line_depth(content),
        Block::List(list) => list
            .items
            .iter()
            .map(|item| of_text(&item.content))
            .max()
            .unwrap_or_default(),
        Block::Quote(content) => of_text(content),
        Block::Figure(figure) => line_depth(&figure.caption),
        Block::Table(table) => table
            .head
            .iter()
            .chain(table.rows.iter().flatten())
            .map(|cell| line_depth(cell))
            .max()
            .unwrap_or_default(),
        Block::Code { .. } | Block::Math(_) | Block::Rule => 0,
    }
}

fn line_depth(line: &[Inline]) -> usize {
    line.iter()
        .map(|inline| match inline {
            Inline::Emphasis(content)
            | Inline::Strong(content)
            | Inline::Strike(content)
            | Inline::Link { content, .. } => 1 + line_depth(content),
            Inline::Text(_)
            | Inline::Code(_)
            | Inline::Math(_)
            | Inline::Image(_)
            | Inline::FootnoteRef(_)
            | Inline::HardBreak => 0,
        })
        .max()
        .unwrap_or_default()
}
