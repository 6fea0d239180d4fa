//! The pages of a book, in reading order, and what the contents say of them.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::sync::Arc;

use minijinja::{Environment, Error, Value, context};
use offprint_core::chars::is_han;
use offprint_core::colophon::{colophon, imprint};
use offprint_core::diagnostic::Diagnostic;
use offprint_core::export::ExportError;
use offprint_core::model::{Issue, Lang, Paper, Series, Tag};
use offprint_core::text::{Block, Image, Inline, plain_text};
use offprint_core::words::{Label, Words, byline, facts, link_label, stars};
use offprint_html::{FootnoteStyle, Options, html_continued, inlines};

use crate::cover as drawing;
use crate::pictures::{self, Pictures};
use crate::templates::{self, render};
use crate::{Cover, Epub};

/// The title page's file; the contents follow it.
pub(crate) const TITLE_FILE: &str = "title.xhtml";

/// How long the text of one page may get, in bytes: some readers load a page whole, and
/// Adobe's give up at 300 KB.
const PAGE_LIMIT: usize = 240 * 1024;

/// A book, ready to be packed.
pub(crate) struct Book {
    /// Its cover picture.
    pub cover: Option<CoverPicture>,
    /// Its pages in reading order; the contents are not among them.
    pub pages: Vec<Page>,
    /// Its contents.
    pub entries: Vec<Entry>,
    /// What was lost.
    pub warnings: Vec<Diagnostic>,
}

/// A cover picture.
pub(crate) struct CoverPicture {
    pub file: String,
    pub data: Arc<[u8]>,
    pub media_type: &'static str,
}

/// A page of the book: one XHTML document.
pub(crate) struct Page {
    pub file: String,
    pub title: String,
    pub kind: PageKind,
    pub xhtml: String,
}

/// What a page is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PageKind {
    Cover,
    Title,
    /// Where reading begins.
    Start,
    Body,
    Back,
}

/// A line of the contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub title: String,
    /// The title's language, where it is not the book's.
    pub lang: Option<String>,
    pub href: String,
    pub children: Vec<Entry>,
}

/// What every page is made from.
struct Making<'a> {
    epub: &'a Epub,
    series: &'a Series,
    issue: &'a Issue,
    words: Words,
    pictures: &'a Pictures<'a>,
    environment: Environment<'static>,
}

/// The text of a page while it grows.
#[derive(Default)]
struct Part {
    body: String,
    /// What the contents say of its papers, with their ids for addresses.
    papers: Vec<Entry>,
    /// Footnotes whose mark stands on the page.
    referenced: BTreeSet<u32>,
}

/// Lays out an issue as a book.
pub(crate) fn book<'a>(
    epub: &'a Epub,
    series: &'a Series,
    issue: &'a Issue,
    pictures: &'a Pictures<'a>,
) -> Result<Book, ExportError> {
    let making = Making {
        epub,
        series,
        issue,
        words: Words::of(&issue.lang),
        pictures,
        environment: templates::environment().map_err(internal)?,
    };
    let mut warnings = Vec::new();
    let cover = cover(&making, &mut warnings)?;
    lay_out(&making, cover, warnings).map_err(internal)
}

fn internal(error: impl Display) -> ExportError {
    ExportError::Internal(format!("the book's pages could not be made: {error}"))
}

fn lay_out(
    making: &Making<'_>,
    cover: Option<CoverPicture>,
    warnings: Vec<Diagnostic>,
) -> Result<Book, Error> {
    let issue = making.issue;
    let words = making.words;
    let mut pages = Vec::new();
    let mut entries = Vec::new();
    if let Some(cover) = &cover {
        pages.push(cover_page(making, cover)?);
    }
    pages.push(title_page(making)?);

    let mut files = FileNames::default();
    if !issue.intro.is_empty() {
        let mut parts = Vec::new();
        append_prose(making, &mut parts, &issue.intro)?;
        let title = words.label(Label::Introduction);
        let chapter = chapter(
            making,
            "introduction",
            title,
            &files.take("introduction"),
            parts,
        )?;
        pages.extend(chapter.pages);
        entries.push(chapter.entry);
    }
    for section in &issue.sections {
        let mut parts = Vec::new();
        append_prose(making, &mut parts, &section.intro)?;
        for paper in &section.papers {
            append_paper(making, &mut parts, paper)?;
        }
        // Papers that stand in no section are the issue's.
        let title = match section.title.trim() {
            "" => issue.title.as_str(),
            title => title,
        };
        let file = files.take(&section.id);
        let chapter = chapter(making, "chapter", title, &file, parts)?;
        pages.extend(chapter.pages);
        entries.push(chapter.entry);
    }
    if let Some(page) = pages.iter_mut().find(|page| page.kind == PageKind::Body) {
        page.kind = PageKind::Start;
    }
    if let Some(page) = back_page(making)? {
        entries.push(entry(page.title.clone(), page.file.clone()));
        pages.push(page);
    }
    if issue.papers().count() > making.epub.papers_in_contents {
        for entry in &mut entries {
            entry.children.clear();
        }
    }
    // Contents without a line are not valid.
    if entries.is_empty() {
        entries.push(entry(issue.title.clone(), TITLE_FILE.to_owned()));
    }
    Ok(Book {
        cover,
        pages,
        entries,
        warnings,
    })
}

fn entry(title: String, href: String) -> Entry {
    Entry {
        title,
        lang: None,
        href,
        children: Vec::new(),
    }
}

/// The curator's picture, else a drawn one.
fn cover(
    making: &Making<'_>,
    warnings: &mut Vec<Diagnostic>,
) -> Result<Option<CoverPicture>, ExportError> {
    let issues = making.issue.cover.as_ref().map(|image| image.src.as_str());
    let series = match &making.epub.cover {
        Cover::Auto => None,
        Cover::Picture(path) => Some(path.as_str()),
        Cover::None => return Ok(None),
    };
    let mut pictures = issues.into_iter().chain(series);
    if let Some(asset) = pictures.find_map(|src| making.pictures.get(src)) {
        return Ok(Some(CoverPicture {
            file: pictures::file(asset),
            data: Arc::clone(&asset.data),
            media_type: asset.encoding.media_type(),
        }));
    }
    let drawing = drawing::draw(making.series, making.issue).map_err(internal)?;
    warnings.extend(drawing.missing.into_iter().map(missing_glyph));
    Ok(Some(CoverPicture {
        // Beside the folder of pictures, where one may have this name.
        file: "cover.png".to_owned(),
        data: drawing.png.into(),
        media_type: "image/png",
    }))
}

fn missing_glyph(character: char) -> Diagnostic {
    Diagnostic::warning(
        "epub::missing-glyph",
        format!(
            "the drawn cover lacks `{character}` (U+{:04X}), which no embedded font has",
            u32::from(character)
        ),
    )
    .hint("give the issue a `cover` picture")
}

/// An XHTML document around its body.
pub(crate) fn document(
    environment: &Environment<'_>,
    issue: &Issue,
    title: &str,
    body: &str,
) -> Result<String, Error> {
    let mut class = class(issue.lang.is_chinese()).to_owned();
    if issue.lang.is_rtl() {
        class.push_str(" rtl");
    }
    render(
        environment,
        "document.xhtml",
        context! { lang => issue.lang.as_str(), rtl => issue.lang.is_rtl(), title, class, body },
    )
}

fn cover_page(making: &Making<'_>, cover: &CoverPicture) -> Result<Page, Error> {
    let title = making.words.label(Label::Cover);
    let alt = match &making.issue.cover {
        Some(image) if !image.alt.is_empty() => image.alt.as_str(),
        _ => making.issue.title.as_str(),
    };
    let body = fill(making, "cover.xhtml", context! { src => &cover.file, alt })?;
    page(making, "cover.xhtml", title, PageKind::Cover, &body)
}

fn title_page(making: &Making<'_>) -> Result<Page, Error> {
    let Making { issue, words, .. } = making;
    let people = [
        (Label::Authors, &issue.authors),
        (Label::Translators, &issue.translators),
        (Label::Editors, &issue.editors),
    ];
    let people: Vec<String> = people
        .into_iter()
        .filter(|(_, people)| !people.is_empty())
        .map(|(label, people)| {
            let names: Vec<&str> = people.iter().map(|person| person.name.as_str()).collect();
            format!("{}{}", words.lead(label), names.join(words.comma()))
        })
        .collect();
    let mut facts = vec![words.moment(issue.date)];
    facts.extend(issue.event.as_ref().map(|event| event.name.clone()));
    facts.push(words.papers(issue.papers().count()));
    let imprint = imprint(making.series, issue).filter(|name| *name != issue.title);
    let body = fill(
        making,
        "title.xhtml",
        context! {
            imprint,
            number => words.number(issue),
            title => &issue.title,
            subtitle => &issue.subtitle,
            people,
            facts,
            description => &issue.description,
        },
    )?;
    page(
        making,
        TITLE_FILE,
        words.label(Label::TitlePage),
        PageKind::Title,
        &body,
    )
}

fn fill(making: &Making<'_>, template: &str, values: Value) -> Result<String, Error> {
    render(&making.environment, template, values)
}

fn page(
    making: &Making<'_>,
    file: &str,
    title: &str,
    kind: PageKind,
    body: &str,
) -> Result<Page, Error> {
    Ok(Page {
        file: file.to_owned(),
        title: title.to_owned(),
        kind,
        xhtml: document(&making.environment, making.issue, title, body)?,
    })
}

fn html(
    making: &Making<'_>,
    text: &[Block],
    heading: u8,
    referenced: &mut BTreeSet<u32>,
) -> String {
    let image = |image: &Image| making.pictures.source(image);
    let options = Options {
        heading,
        footnotes: FootnoteStyle::EpubNoteref,
        image: &image,
    };
    let mut out = String::new();
    let is_math = |block: &Block| matches!(block, Block::Math(_));
    // Formulas are no paragraphs of the text around them: no indent, no justified line.
    for run in text.chunk_by(|one, other| is_math(one) == is_math(other)) {
        let html = html_continued(run, &options, referenced);
        if run.iter().any(is_math) {
            out.push_str(&html.replace("<p>", "<p class=\"math\">"));
        } else {
            out.push_str(&html);
        }
    }
    out
}

/// [`html`], in a Chinese book set apart as Western where there is no Chinese in it.
fn prose(
    making: &Making<'_>,
    text: &[Block],
    heading: u8,
    referenced: &mut BTreeSet<u32>,
) -> String {
    let html = html(making, text, heading, referenced);
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
fn line(making: &Making<'_>, content: &[Inline], referenced: &mut BTreeSet<u32>) -> String {
    let paragraph = html(making, &[Block::Paragraph(content.to_vec())], 1, referenced);
    let line = paragraph.trim_end();
    let line = line.strip_prefix("<p>").unwrap_or(line);
    line.strip_suffix("</p>").unwrap_or(line).to_owned()
}

/// Adds what `write` makes to the last page, or to a new one when that is full.
fn append(
    parts: &mut Vec<Part>,
    is_full: impl Fn(&Part, &str) -> bool,
    write: impl Fn(&mut BTreeSet<u32>) -> Result<String, Error>,
) -> Result<(), Error> {
    if let Some(part) = parts.last_mut() {
        let mut referenced = part.referenced.clone();
        let piece = write(&mut referenced)?;
        if !is_full(part, &piece) {
            part.body.push_str(&piece);
            part.referenced = referenced;
            return Ok(());
        }
    }
    // Footnote marks begin anew on every page, so the piece is written again.
    let mut part = Part::default();
    part.body = write(&mut part.referenced)?;
    parts.push(part);
    Ok(())
}

fn append_prose(making: &Making<'_>, parts: &mut Vec<Part>, text: &[Block]) -> Result<(), Error> {
    for block in text {
        append(
            parts,
            |part, piece| part.body.len() + piece.len() > PAGE_LIMIT,
            |referenced| Ok(prose(making, std::slice::from_ref(block), 2, referenced)),
        )?;
    }
    Ok(())
}

fn append_paper(making: &Making<'_>, parts: &mut Vec<Part>, paper: &Paper) -> Result<(), Error> {
    let most = making.epub.papers_per_page;
    append(
        parts,
        |part, piece| part.body.len() + piece.len() > PAGE_LIMIT || part.papers.len() >= most,
        |referenced| paper_html(making, paper, referenced),
    )?;
    if let Some(part) = parts.last_mut() {
        part.papers.push(Entry {
            title: paper.plain_title(),
            lang: foreign(making, paper.lang.as_ref()).map(|lang| lang.as_str().to_owned()),
            href: paper_id(paper),
            children: Vec::new(),
        });
    }
    Ok(())
}

/// An XML name: identifiers may begin with a digit or a hyphen, names may not.
fn paper_id(paper: &Paper) -> String {
    format!("p-{}", paper.id)
}

/// A language that is not the book's.
fn foreign<'a>(making: &Making<'_>, lang: Option<&'a Lang>) -> Option<&'a Lang> {
    lang.filter(|lang| **lang != making.issue.lang)
}

/// The attributes that tell a foreign language, with a space before them.
fn lang_attributes(making: &Making<'_>, lang: Option<&Lang>) -> String {
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

fn paper_html(
    making: &Making<'_>,
    paper: &Paper,
    referenced: &mut BTreeSet<u32>,
) -> Result<String, Error> {
    let words = making.words;
    let mut facts = facts(paper, words);
    facts.extend(paper.isbn.as_ref().map(|isbn| format!("ISBN {isbn}")));
    if !paper.tags.is_empty() {
        facts.push(paper.tags.join(words.comma()));
    }
    let links: Vec<Value> = paper
        .buttons()
        .map(|(kind, url)| context! { url, label => link_label(making.series, words, kind) })
        .collect();
    let image: Vec<Block> = paper.image.clone().map(Block::Figure).into_iter().collect();
    let abstract_lang = abstract_lang(paper);
    let title_options = Options {
        heading: 1,
        footnotes: FootnoteStyle::Plain,
        image: &|_: &Image| None,
    };
    // Footnote marks are given out in the order in which they stand on the page.
    let tldr = line(making, &paper.tldr, referenced);
    let image = html(making, &image, 3, referenced);
    let commentary = prose(making, &paper.commentary, 3, referenced);
    let abstract_html = html(making, &paper.abstract_text, 4, referenced);
    fill(
        making,
        "paper.xhtml",
        context! {
            id => paper_id(paper),
            number => &paper.number,
            url => paper.landing(),
            title => inlines(&paper.title, &title_options),
            title_lang => lang_attributes(making, paper.lang.as_ref()),
            authors => byline(paper, making.epub.authors),
            affiliations => paper.affiliations.join(words.comma()),
            facts,
            presenter => &paper.presenter,
            presenter_label => words.lead(Label::Presenter),
            rating => &paper.rating,
            rating_label => words.lead(Label::Rating),
            stars => paper.rating.map(stars),
            tldr,
            tldr_label => words.lead(Label::Tldr),
            image,
            commentary,
            abstract => abstract_html,
            abstract_label => words.label(Label::Abstract),
            abstract_lang => lang_attributes(making, abstract_lang),
            abstract_class => class(abstract_is_chinese(making, paper)),
            links,
        },
    )
}

/// The class that chooses between Chinese and Western paragraphs.
fn class(is_chinese: bool) -> &'static str {
    if is_chinese { "zh" } else { "latin" }
}

/// The language of a paper's abstract: the paper's, unless the curator translated it.
fn abstract_lang(paper: &Paper) -> Option<&Lang> {
    let has_han = plain_text(&paper.abstract_text).chars().any(is_han);
    paper
        .lang
        .as_ref()
        .filter(|lang| !has_han || matches!(lang.primary().as_str(), "zh" | "ja" | "yue" | "ko"))
}

fn abstract_is_chinese(making: &Making<'_>, paper: &Paper) -> bool {
    match abstract_lang(paper) {
        Some(lang) => lang.is_chinese(),
        None => {
            making.issue.lang.is_chinese() && plain_text(&paper.abstract_text).chars().any(is_han)
        }
    }
}

/// The pages of a section, and its place in the contents.
struct Chapter {
    pages: Vec<Page>,
    entry: Entry,
}

/// Makes pages of a section's parts. `kind` is a term of the EPUB structural vocabulary and
/// of DPUB-ARIA.
fn chapter(
    making: &Making<'_>,
    kind: &str,
    title: &str,
    stem: &str,
    mut parts: Vec<Part>,
) -> Result<Chapter, Error> {
    if parts.is_empty() {
        parts.push(Part::default());
    }
    let count = parts.len();
    let mut chapter = Chapter {
        pages: Vec::with_capacity(count),
        entry: entry(title.to_owned(), format!("{stem}.xhtml")),
    };
    for (index, part) in parts.into_iter().enumerate() {
        let number = index + 1;
        let (file, title) = if index == 0 {
            (format!("{stem}.xhtml"), title.to_owned())
        } else {
            (
                format!("{stem}.{number}.xhtml"),
                format!("{title} · {number}/{count}"),
            )
        };
        chapter
            .entry
            .children
            .extend(part.papers.into_iter().map(|paper| Entry {
                href: format!("{file}#{}", paper.href),
                ..paper
            }));
        let body = fill(
            making,
            "chapter.xhtml",
            context! {
                kind,
                title => &title,
                body => &part.body,
                notes => notes(making, part.referenced),
                notes_label => making.words.label(Label::Notes),
                back_label => making.words.label(Label::BackToText),
            },
        )?;
        chapter
            .pages
            .push(page(making, &file, &title, PageKind::Body, &body)?);
    }
    Ok(chapter)
}

/// The footnotes of a page: those whose mark stands on it, and those that they refer to.
fn notes(making: &Making<'_>, mut referenced: BTreeSet<u32>) -> Vec<Value> {
    let mut written = BTreeSet::new();
    let mut notes = Vec::new();
    while let Some(number) = referenced.difference(&written).next().copied() {
        written.insert(number);
        if let Some(note) = making.issue.footnote(number) {
            // The way back stands before the first words, so that a pop-up begins with them.
            let (first, rest): (&[Inline], &[Block]) =
                if let Some((Block::Paragraph(first), rest)) = note.content.split_first() {
                    (first, rest)
                } else {
                    (&[], &note.content)
                };
            let first = line(making, first, &mut referenced);
            let body = html(making, rest, 3, &mut referenced);
            notes.push(context! { number, first, body });
        }
    }
    notes
}

fn back_page(making: &Making<'_>) -> Result<Option<Page>, Error> {
    let Making { issue, words, .. } = making;
    let mut unreferenced = BTreeSet::new();
    let lines: Vec<Value> = colophon(issue)
        .into_iter()
        .map(|colophon_line| {
            let label = lead(*words, &colophon_line.label);
            context! { label, content => line(making, &colophon_line.content, &mut unreferenced) }
        })
        .collect();
    let tags: Vec<Value> = issue
        .tags
        .iter()
        .map(|tag| context! { name => &tag.name, url => &tag.url, counts => counts(tag, *words) })
        .collect();
    let related: Vec<Value> = issue
        .related
        .iter()
        .map(|piece| {
            let mut facts: Vec<String> = piece.date.map(|date| words.date(date)).into_iter().collect();
            facts.extend(piece.views.map(|views| counted(*words, views, Label::Views)));
            let image = piece.image.clone().map(|image| line(making, &[Inline::Image(image)], &mut unreferenced));
            context! { title => &piece.title, url => &piece.url, facts, summary => &piece.summary, image }
        })
        .collect();
    if lines.is_empty() && tags.is_empty() && related.is_empty() {
        return Ok(None);
    }
    let title = words.label(Label::About);
    let body = fill(
        making,
        "back.xhtml",
        context! {
            title,
            lines,
            tags,
            tags_label => words.label(Label::Tags),
            related,
            related_label => words.label(Label::Related),
        },
    )?;
    page(making, "about.xhtml", title, PageKind::Back, &body).map(Some)
}

fn lead(words: Words, label: &str) -> String {
    match words {
        Words::Chinese => format!("{label}："),
        Words::English => format!("{label}: "),
    }
}

fn counts(tag: &Tag, words: Words) -> Vec<String> {
    [
        (tag.followers, Label::Followers),
        (tag.articles, Label::Articles),
        (tag.views, Label::Views),
    ]
    .into_iter()
    .filter_map(|(count, label)| Some(counted(words, count?, label)))
    .collect()
}

fn counted(words: Words, count: u64, label: Label) -> String {
    let label = words.label(label);
    match words {
        Words::Chinese => format!("{label} {count}"),
        Words::English => format!("{count} {label}"),
    }
}

/// The names of files that were given out, in lower case: some file systems take `A.xhtml`
/// and `a.xhtml` for one file.
struct FileNames(BTreeSet<String>);

impl Default for FileNames {
    fn default() -> Self {
        Self(["about", "cover", "nav", "title"].map(str::to_owned).into())
    }
}

impl FileNames {
    /// A name after a section's slug, without its ending. Names never hold a dot, so that
    /// those of a section's further pages are free.
    fn take(&mut self, slug: &str) -> String {
        let stem: String = slug
            .chars()
            .filter(|character| character.is_ascii_alphanumeric() || matches!(character, '-' | '_'))
            .take(60)
            .collect();
        let stem = if stem.is_empty() {
            "section".to_owned()
        } else {
            stem.to_ascii_lowercase()
        };
        let mut name = stem.clone();
        let mut count = 1;
        while !self.0.insert(name.clone()) {
            count += 1;
            name = format!("{stem}-{count}");
        }
        name
    }
}
