//! A paper: everything that the curator knows and says of it.

use std::fmt::Write as _;

use minijinja::{Error, Value, context};
use offprint_core::chars::is_han;
use offprint_core::model::{Lang, Paper};
use offprint_core::text::{Block, plain_text};
use offprint_core::words::{Label, byline, facts, link_label, stars};
use offprint_html::{OnPage, escape};

use crate::pages::Making;
use crate::prose::{class, html, lang_attributes, line, prose, title};
use crate::{Profile, citations};

/// An XML name: identifiers may begin with a digit or a hyphen, names may not.
pub(crate) fn id(paper: &Paper) -> String {
    format!("p-{}", paper.id)
}

/// A paper's `article`, whose title is a heading of that level.
pub(crate) fn article(
    making: &Making<'_>,
    paper: &Paper,
    level: u8,
    on_page: &mut OnPage,
) -> Result<String, Error> {
    let words = making.words;
    let mut facts = facts(paper, words);
    facts.extend(paper.isbn.as_ref().map(|isbn| format!("ISBN {isbn}")));
    if !paper.tags.is_empty() {
        facts.push(paper.tags.join(words.comma()));
    }
    let mut links: Vec<Value> = paper
        .buttons()
        .map(|(kind, url)| context! { url, label => link_label(making.series, words, kind) })
        .collect();
    links.extend(
        making
            .citation_of(paper)
            .map(|url| context! { url, label => citations::link_label(making) }),
    );
    let image: Vec<Block> = paper.image.clone().map(Block::Figure).into_iter().collect();
    on_page.stands_under(level);
    // Footnote marks are given out in the order in which they stand on the page.
    let tldr = line(making, &paper.tldr, on_page);
    let image = html(making, &image, level + 1, on_page);
    let commentary = prose(making, &paper.commentary, level + 1, on_page);
    // What can be folded is written as a section where readers do not know how to; a section
    // has a heading.
    let folds = making.profile == Profile::Epub3;
    let heading = if folds { level } else { level + 1 };
    on_page.stands_under(heading);
    let abstract_html = html(making, &paper.abstract_text, heading + 1, on_page);
    let (abstract_lang, is_chinese) = abstract_lang(making, paper);
    making.fill(
        "paper.xhtml",
        context! {
            id => id(paper),
            level,
            number => &paper.number,
            url => paper.landing(),
            title => title(making, paper),
            title_lang => lang_attributes(making, paper.lang.as_ref()),
            authors => names(making, paper),
            affiliations => paper.affiliations.join(words.comma()),
            facts,
            isolates => making.issue.lang.is_rtl(),
            presenter => &paper.presenter,
            presenter_label => words.lead(Label::Presenter),
            rating => &paper.rating,
            rating_label => words.lead(Label::Rating),
            stars => paper.rating.map(stars),
            tldr,
            tldr_label => words.lead(Label::Tldr),
            image,
            // An abstract that is all there is to read lies open.
            is_open => paper.commentary.is_empty() && paper.tldr.is_empty(),
            commentary,
            folds,
            abstract => abstract_html,
            abstract_label => words.label(Label::Abstract),
            abstract_lang => lang_attributes(making, abstract_lang),
            abstract_class => class(is_chinese),
            links,
        },
    )
}

/// Some blocks of an abstract that is too long to stand within its paper's `article`.
pub(crate) fn abstract_goes_on(
    making: &Making<'_>,
    paper: &Paper,
    blocks: &[Block],
    level: u8,
    is_first: bool,
    on_page: &mut OnPage,
) -> String {
    let mut out = String::new();
    let (lang, is_chinese) = abstract_lang(making, paper);
    if is_first {
        on_page.stands_under(level);
        let label = making.words.label(Label::Abstract);
        let _ = writeln!(out, "<h{level}>{}</h{level}>", escape(label));
    }
    let _ = writeln!(
        out,
        "<div class=\"{}\"{}>\n{}</div>",
        class(is_chinese),
        lang_attributes(making, lang),
        html(making, blocks, level + 1, on_page),
    );
    out
}

/// A paper's authors. Names that are not written in Chinese are in the paper's language, so
/// that `O’Brien` gets no Chinese apostrophe.
fn names(making: &Making<'_>, paper: &Paper) -> String {
    let line = byline(paper, making.epub.authors);
    let lang = paper.lang.as_ref().filter(|lang| !lang.is_chinese());
    let attributes = lang_attributes(making, lang);
    if attributes.is_empty() {
        return escape(&line).into_owned();
    }
    let mut out = String::new();
    let mut rest = line.as_str();
    while let Some(first) = rest.chars().next() {
        let is_chinese = is_han(first);
        let end = rest.find(|character| is_han(character) != is_chinese);
        let (run, next) = rest.split_at(end.unwrap_or(rest.len()));
        let run_html = escape(run);
        if is_chinese {
            out.push_str(&run_html);
        } else {
            let _ = write!(out, "<span{attributes}>{run_html}</span>");
        }
        rest = next;
    }
    out
}

/// The language of a paper's abstract, the paper's unless the curator translated it, and
/// whether that is Chinese.
fn abstract_lang<'a>(making: &Making<'_>, paper: &'a Paper) -> (Option<&'a Lang>, bool) {
    let has_han = plain_text(&paper.abstract_text).chars().any(is_han);
    let lang = paper
        .lang
        .as_ref()
        .filter(|lang| !has_han || matches!(lang.primary().as_str(), "zh" | "ja" | "yue" | "ko"));
    let is_chinese = match lang {
        Some(lang) => lang.is_chinese(),
        None => has_han && making.issue.lang.is_chinese(),
    };
    (lang, is_chinese)
}
