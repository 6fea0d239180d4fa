//! The pages of a book, in reading order, and what the contents say of them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{Display, Write as _};

use minijinja::{Environment, Error, Value, context};
use offprint_core::export::ExportError;
use offprint_core::index::{FEWEST_PAPERS, Place};
use offprint_core::model::{self, Issue, Paper, Section, Series};
use offprint_core::text::{Block, Inline};
use offprint_core::words::{Label, Words};
use offprint_html::{OnPage, escape};

use crate::contents::{Entry, NAV_FILE};
use crate::formulas::Formulas;
use crate::front;
use crate::pack::sheets;
use crate::pictures::Pictures;
use crate::prose::{class, foreign, html, is_seen, line, part_title, plain_title, prose};
use crate::templates::render;
use crate::{Epub, Profile, back, citations, index, paper};

/// The title page's file; the contents follow it.
pub(crate) const TITLE_FILE: &str = "title.xhtml";

/// How long the text of one page may get, in bytes: some readers load a page whole, and
/// Adobe's give up at 300 KB.
pub(crate) const PAGE_LIMIT: usize = 240 * 1024;

/// The first page of the references, without its ending.
const CITATIONS: &str = "citations";

/// What stands around a footnote's text, in bytes.
const NOTE_FRAME: usize = 200;

/// What the contents need to know of a book whose pages are written.
#[derive(Debug, Default)]
pub(crate) struct Book {
    /// Its pages in reading order; the contents are not among them.
    pub pages: Vec<PageName>,
    /// Its contents.
    pub entries: Vec<Entry>,
}

/// A page of the book: one XHTML document.
pub(crate) struct Page {
    pub name: PageName,
    pub xhtml: String,
}

/// Which page it is.
#[derive(Debug, Clone)]
pub(crate) struct PageName {
    pub file: String,
    pub title: String,
    pub kind: PageKind,
}

/// What a page is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PageKind {
    Cover,
    Title,
    /// Where reading begins.
    Start,
    Body,
    /// Where the index begins.
    Index,
    Back,
}

/// What every page is made from.
pub(crate) struct Making<'a> {
    pub epub: &'a Epub,
    pub profile: Profile,
    pub series: &'a Series,
    pub issue: &'a Issue,
    pub words: Words,
    pub pictures: &'a Pictures<'a>,
    pub formulas: &'a Formulas<'a>,
    pub environment: &'a Environment<'static>,
    /// Whether there is so much that pages lead to each other.
    is_long: bool,
    /// Whether the contents list papers, too.
    lists_papers: bool,
    /// How long footnotes are, in bytes.
    notes: BTreeMap<u32, usize>,
    /// On which page of the references each paper stands, by its id; empty where there are none.
    pub cited: BTreeMap<String, usize>,
}

impl<'a> Making<'a> {
    pub(crate) fn new(
        epub: &'a Epub,
        profile: Profile,
        series: &'a Series,
        issue: &'a Issue,
        pictures: &'a Pictures<'a>,
        formulas: &'a Formulas<'a>,
        environment: &'a Environment<'static>,
    ) -> Self {
        let papers = issue.papers().count();
        let mut making = Self {
            epub,
            profile,
            series,
            issue,
            words: Words::of(&issue.lang),
            pictures,
            formulas,
            environment,
            is_long: papers > FEWEST_PAPERS,
            lists_papers: papers <= epub.papers_in_contents,
            notes: BTreeMap::new(),
            cited: BTreeMap::new(),
        };
        let notes = issue.footnotes.iter().zip(1..);
        making.notes = notes
            .map(|(note, number)| {
                let text = html(&making, &note.content, 2, &mut OnPage::default());
                (number, text.len() + NOTE_FRAME)
            })
            .collect();
        if epub.citations {
            making.cited = citations::layout(&making);
        }
        making
    }

    /// Where a paper's reference stands.
    pub(crate) fn citation_of(&self, paper: &Paper) -> Option<String> {
        let page = *self.cited.get(&paper.id)?;
        let file = page_file(CITATIONS, page);
        Some(format!("{file}#{}", citations::id(paper)))
    }

    /// Whether references have BibTeX and CSL-JSON with them: where it can be folded, and the
    /// book is not so long that nobody looks through its references.
    pub(crate) fn has_code(&self) -> bool {
        self.profile == Profile::Epub3 && self.lists_papers
    }

    /// Fills in a template.
    pub(crate) fn fill(&self, template: &str, values: Value) -> Result<String, Error> {
        render(self.environment, template, values)
    }

    /// A page around its body.
    pub(crate) fn page(
        &self,
        file: &str,
        title: &str,
        kind: PageKind,
        body: &str,
    ) -> Result<Page, Error> {
        Ok(Page {
            name: PageName {
                file: file.to_owned(),
                title: title.to_owned(),
                kind,
            },
            xhtml: self.document(title, body)?,
        })
    }

    /// An XHTML document around its body.
    pub(crate) fn document(&self, title: &str, body: &str) -> Result<String, Error> {
        let lang = &self.issue.lang;
        let mut class = class(lang.is_chinese()).to_owned();
        if lang.is_rtl() {
            class.push_str(" rtl");
        }
        self.fill(
            "document.xhtml",
            context! {
                lang => lang.as_str(),
                rtl => lang.is_rtl(),
                sheets => sheets(self.profile).to_vec(),
                title,
                class,
                body,
            },
        )
    }
}

pub(crate) fn internal(error: impl Display) -> ExportError {
    ExportError::Internal(format!("the book's pages could not be made: {error}"))
}

/// A chapter: a text with a line of its own in the contents, on one page or several.
struct Chapter<'a> {
    content: Content<'a>,
    title: String,
    /// Its first page's file, without its ending.
    stem: String,
    /// The level of its title: below 1 where it belongs to a part.
    level: u8,
    /// What ends the part that it is the last chapter of.
    about: &'a [Block],
}

enum Content<'a> {
    Introduction(&'a [Block]),
    /// What begins a part, and the papers of it that stand in no section.
    Part(&'a model::Part, Option<&'a Section>),
    Section(&'a Section),
    Citations,
    Index,
}

impl Chapter<'_> {
    /// The file of one of its pages, counted from 0.
    fn file(&self, page: usize) -> String {
        page_file(&self.stem, page)
    }

    /// The section whose papers it holds.
    fn section(&self) -> Option<&Section> {
        match self.content {
            Content::Part(_, section) => section,
            Content::Section(section) => Some(section),
            Content::Introduction(_) | Content::Citations | Content::Index => None,
        }
    }

    /// A term of the EPUB structural vocabulary and of DPUB-ARIA.
    fn kind(&self) -> &'static str {
        match self.content {
            Content::Introduction(_) => "introduction",
            Content::Part(..) => "part",
            Content::Section(_) => "chapter",
            Content::Citations => "bibliography",
            Content::Index => "index",
        }
    }
}

/// The file of a chapter's page, counted from 0.
fn page_file(stem: &str, page: usize) -> String {
    match page {
        0 => format!("{stem}.xhtml"),
        _ => format!("{stem}.{}.xhtml", page + 1),
    }
}

fn chapters<'a>(making: &Making<'a>) -> Vec<Chapter<'a>> {
    let issue = making.issue;
    let mut files = FileNames::default();
    // Papers link to their references by a name that is known beforehand.
    let citations = files.take(CITATIONS);
    let mut chapters = Vec::with_capacity(issue.sections.len() + 2);
    if !issue.intro.is_empty() {
        chapters.push(Chapter {
            content: Content::Introduction(&issue.intro),
            title: making.words.label(Label::Introduction).to_owned(),
            stem: files.take("introduction"),
            level: 1,
            about: &[],
        });
    }
    if issue.parts.is_empty() {
        let sections = issue.sections.iter();
        chapters.extend(sections.map(|section| chapter(section, 1, &issue.title, &mut files)));
    }
    for part in &issue.parts {
        chapters.extend(part_chapters(issue, part, &mut files));
    }
    if !making.cited.is_empty() {
        chapters.push(Chapter {
            content: Content::Citations,
            title: making.words.label(Label::Citations).to_owned(),
            stem: citations,
            level: 1,
            about: &[],
        });
    }
    if offprint_core::index::is_wanted(issue) {
        chapters.push(Chapter {
            content: Content::Index,
            title: making.words.label(Label::Index).to_owned(),
            stem: files.take("index"),
            level: 1,
            about: &[],
        });
    }
    chapters
}

/// A section's chapter. Papers that stand in no section are those of the whole, whose title
/// is given.
fn chapter<'a>(section: &'a Section, level: u8, whole: &str, files: &mut FileNames) -> Chapter<'a> {
    let title = if is_seen(&section.title) {
        section.title.trim()
    } else {
        whole
    };
    Chapter {
        content: Content::Section(section),
        title: title.to_owned(),
        stem: files.take(&section.id),
        level,
        about: &[],
    }
}

/// What begins a part, and its sections.
fn part_chapters<'a>(
    issue: &'a Issue,
    part: &'a model::Part,
    files: &mut FileNames,
) -> Vec<Chapter<'a>> {
    let title = part_title(part);
    let sections = issue.sections.get(part.sections.clone());
    let sections = sections.unwrap_or_default();
    let (first, rest) = match sections.split_first() {
        Some((first, rest)) if !is_seen(&first.title) => (Some(first), rest),
        Some(_) | None => (None, sections),
    };
    let mut chapters = vec![Chapter {
        content: Content::Part(part, first),
        title: title.to_owned(),
        stem: files.take(&part.id),
        level: 1,
        about: &[],
    }];
    chapters.extend(rest.iter().map(|section| chapter(section, 2, title, files)));
    if let Some(last) = chapters.last_mut() {
        last.about = &part.about;
    }
    chapters
}

/// Writes the pages of a book behind its cover in reading order, one chapter at a time, so
/// that no more than a chapter is held.
///
/// # Errors
/// When a template fails.
pub(crate) fn write(making: &Making<'_>, out: &mut dyn FnMut(Page)) -> Result<Book, Error> {
    let mut book = Book::default();
    let mut has_begun = false;
    let mut put = |book: &mut Book, mut page: Page| {
        // Reading begins with the first chapter.
        if page.name.kind == PageKind::Body && !std::mem::replace(&mut has_begun, true) {
            page.name.kind = PageKind::Start;
        }
        book.pages.push(page.name.clone());
        out(page);
    };
    let chapters = chapters(making);
    let mut title_page = front::title_page(making)?;
    if chapters.is_empty() {
        title_page.name.kind = PageKind::Start;
    }
    put(&mut book, title_page);

    let has_back = back::is_wanted(making.issue);
    // Where the papers stand, section by section.
    let mut addresses: Vec<Vec<String>> = Vec::new();
    let mut previous = None;
    for (number, chapter) in chapters.iter().enumerate() {
        let next = match chapters.get(number + 1) {
            Some(next) => Some(next.file(0)),
            None => has_back.then(|| back::FILE.to_owned()),
        };
        let parts = parts(making, chapter, &addresses)?;
        let paged = paged(making, chapter, parts, previous, next.as_deref())?;
        if chapter.section().is_some() {
            addresses.push(paged.papers);
        }
        previous = paged.pages.last().map(|page| page.name.file.clone());
        for page in paged.pages {
            put(&mut book, page);
        }
        match book.entries.last_mut() {
            Some(part) if chapter.level > 1 => part.children.push(paged.entry),
            Some(_) | None => book.entries.push(paged.entry),
        }
    }
    if has_back {
        let turn = turn(making, previous, None);
        let page = back::back_page(making, turn)?;
        let entry = Entry::new(page.name.title.clone(), page.name.file.clone());
        put(&mut book, page);
        book.entries.push(entry);
    }
    // Contents without a line are not valid.
    if book.entries.is_empty() {
        let entry = Entry::new(making.issue.title.clone(), TITLE_FILE);
        book.entries.push(entry);
    }
    Ok(book)
}

/// Links to the pages before and after, in a book of many. Kindle takes two places that
/// link to each other for a note and its mark, and shows one as a pop-up.
fn turn(making: &Making<'_>, previous: Option<String>, next: Option<String>) -> Option<Value> {
    let words = making.words;
    (making.is_long && making.profile == Profile::Epub3).then(|| {
        context! {
            label => words.label(Label::Turn),
            previous,
            previous_label => words.label(Label::Previous),
            contents => NAV_FILE,
            contents_label => words.label(Label::Contents),
            next,
            next_label => words.label(Label::Next),
        }
    })
}

/// The text of a page while it grows.
#[derive(Default)]
pub(crate) struct Part {
    body: String,
    /// What the contents say of what is on it, with ids for addresses.
    pub entries: Vec<Entry>,
    on_page: OnPage,
}

impl Part {
    /// How long the page will be with its footnotes, in bytes.
    fn len(&self, making: &Making<'_>, on_page: &OnPage) -> usize {
        let numbers = on_page.referenced.iter();
        let notes = numbers.filter_map(|number| making.notes.get(number));
        self.body.len() + notes.sum::<usize>()
    }
}

/// Where a piece of a chapter is written.
pub(crate) struct Piece<'a> {
    pub on_page: &'a mut OnPage,
    /// Whether the page begins with it.
    pub is_new: bool,
}

/// Adds what `write` makes to the last page, or to a new one when that is full. The pages'
/// title is a heading of that level.
pub(crate) fn append(
    making: &Making<'_>,
    level: u8,
    parts: &mut Vec<Part>,
    write: impl Fn(Piece<'_>) -> Result<String, Error>,
) -> Result<(), Error> {
    append_to(making, level, making.epub.papers_per_page, parts, write)
}

/// [`append`] to a page with fewer than `most` papers.
fn append_to(
    making: &Making<'_>,
    level: u8,
    most: usize,
    parts: &mut Vec<Part>,
    write: impl Fn(Piece<'_>) -> Result<String, Error>,
) -> Result<(), Error> {
    if let Some(part) = parts.last_mut() {
        let mut on_page = part.on_page.clone();
        let piece = write(Piece {
            on_page: &mut on_page,
            is_new: false,
        })?;
        let length = part.len(making, &on_page) + piece.len();
        if length <= PAGE_LIMIT && part.entries.len() < most {
            part.body.push_str(&piece);
            part.on_page = on_page;
            return Ok(());
        }
    }
    // Footnote marks begin anew on every page, so the piece is written again.
    let mut part = Part::default();
    part.on_page.stands_under(level);
    part.body = write(Piece {
        on_page: &mut part.on_page,
        is_new: true,
    })?;
    parts.push(part);
    Ok(())
}

/// A chapter's text, in parts for pages.
fn parts(
    making: &Making<'_>,
    chapter: &Chapter<'_>,
    addresses: &[Vec<String>],
) -> Result<Vec<Part>, Error> {
    let mut parts = Vec::new();
    let level = chapter.level;
    let append_section = |parts: &mut Vec<Part>, section: &Section| {
        append_prose(making, level, parts, &section.intro)?;
        let mut papers = section.papers.iter();
        papers.try_for_each(|paper| append_paper(making, level, parts, paper))
    };
    match chapter.content {
        Content::Introduction(text) => append_prose(making, level, &mut parts, text)?,
        Content::Part(part, section) => {
            append_prose(making, level, &mut parts, &part.intro)?;
            if let Some(section) = section {
                append_section(&mut parts, section)?;
            }
        }
        Content::Section(section) => append_section(&mut parts, section)?,
        Content::Citations => {
            let address = |(section, position): Place| {
                let address = addresses.get(section)?.get(position)?;
                Some(address.as_str())
            };
            let bodies = citations::bodies(making, &address);
            parts.extend(bodies.into_iter().map(|body| Part {
                body,
                ..Part::default()
            }));
        }
        Content::Index => {
            let address = |(section, position): Place| {
                let address = addresses.get(section)?.get(position)?;
                Some(address.as_str())
            };
            parts = index::parts(making, &address)?;
        }
    }
    if parts.is_empty() {
        parts.push(Part::default());
    }
    append_about(making, level, &mut parts, chapter.about)?;
    Ok(parts)
}

/// Adds what ends a part. It belongs to the part, whose title has the first level.
fn append_about(
    making: &Making<'_>,
    level: u8,
    parts: &mut Vec<Part>,
    text: &[Block],
) -> Result<(), Error> {
    let title = making.words.label(Label::About);
    // A heading and what stands under it are on one page.
    let pieces = text.chunk_by(|block, _| matches!(block, Block::Heading { .. }));
    for (number, blocks) in pieces.enumerate() {
        append_to(making, level, usize::MAX, parts, |piece| {
            let mut out = String::from("\n<div class=\"about\">\n");
            if number == 0 || piece.is_new {
                let _ = writeln!(out, "<h2>{}</h2>", escape(title));
                piece.on_page.stands_under(2);
            }
            out.push_str(&html(making, blocks, 3, piece.on_page));
            out.push_str("</div>\n");
            Ok(out)
        })?;
    }
    Ok(())
}

/// Adds a paper. What is too long for a page of its own goes on behind its `article`.
fn append_paper(
    making: &Making<'_>,
    level: u8,
    parts: &mut Vec<Part>,
    paper: &Paper,
) -> Result<(), Error> {
    let own = level + 1;
    let article =
        |paper: &Paper, piece: Piece<'_>| paper::article(making, paper, own, piece.on_page);
    append(making, level, parts, |piece| article(paper, piece))?;
    // A page is longer than it may be only if it holds one piece.
    let is_too_long = parts.pop_if(|part| part.body.len() > PAGE_LIMIT).is_some();
    if is_too_long {
        let head = Paper {
            commentary: Vec::new(),
            abstract_text: Vec::new(),
            ..paper.clone()
        };
        append(making, level, parts, |piece| article(&head, piece))?;
    }
    if let Some(part) = parts.last_mut() {
        let lang = foreign(making, paper.lang.as_ref());
        part.entries.push(Entry {
            lang: lang.map(|lang| lang.as_str().to_owned()),
            ..Entry::new(plain_title(paper), paper::id(paper))
        });
    }
    if is_too_long {
        append_prose(making, level, parts, &paper.commentary)?;
        for (number, block) in paper.abstract_text.iter().enumerate() {
            append(making, level, parts, |piece| {
                let is_first = number == 0;
                let block = std::slice::from_ref(block);
                Ok(paper::abstract_goes_on(
                    making,
                    paper,
                    block,
                    own,
                    is_first,
                    piece.on_page,
                ))
            })?;
        }
    }
    Ok(())
}

fn append_prose(
    making: &Making<'_>,
    level: u8,
    parts: &mut Vec<Part>,
    text: &[Block],
) -> Result<(), Error> {
    for block in text {
        append(making, level, parts, |piece| {
            let block = std::slice::from_ref(block);
            Ok(prose(making, block, level + 1, piece.on_page))
        })?;
    }
    Ok(())
}

/// A chapter's pages, its lines in the contents, and where its papers stand.
struct Paged {
    pages: Vec<Page>,
    entry: Entry,
    papers: Vec<String>,
}

fn paged(
    making: &Making<'_>,
    chapter: &Chapter<'_>,
    parts: Vec<Part>,
    mut previous: Option<String>,
    next: Option<&str>,
) -> Result<Paged, Error> {
    let count = parts.len();
    let lists_papers = making.lists_papers;
    let mut paged = Paged {
        pages: Vec::with_capacity(count),
        entry: Entry::new(chapter.title.clone(), chapter.file(0)),
        papers: Vec::new(),
    };
    let mut first = 1;
    for (number, part) in parts.into_iter().enumerate() {
        let file = chapter.file(number);
        let mut title = chapter.title.clone();
        if number > 0 {
            title = format!("{title} · {}/{count}", number + 1);
        }
        let is_last = number + 1 == count;
        let next = if is_last {
            next.map(str::to_owned)
        } else {
            Some(chapter.file(number + 1))
        };
        let is_section = chapter.section().is_some();
        let subtitle = match chapter.content {
            Content::Part(part, _) if number == 0 => part.subtitle.as_ref(),
            Content::Part(..)
            | Content::Introduction(_)
            | Content::Section(_)
            | Content::Citations
            | Content::Index => None,
        };
        let body = making.fill(
            "chapter.xhtml",
            context! {
                kind => chapter.kind(),
                level => chapter.level,
                title => &title,
                subtitle,
                papers => if is_section && !lists_papers { lines(&part.entries) } else { Vec::new() },
                papers_label => making.words.label(Label::OnThisPage),
                body => &part.body,
                notes => notes(making, chapter.level, part.on_page),
                notes_label => making.words.label(Label::Notes),
                back_label => making.words.label(Label::BackToText),
                turn => turn(making, previous.take(), next),
            },
        )?;
        let kind = match chapter.content {
            Content::Index if number == 0 => PageKind::Index,
            Content::Introduction(_)
            | Content::Part(..)
            | Content::Section(_)
            | Content::Citations
            | Content::Index => PageKind::Body,
        };
        paged.pages.push(making.page(&file, &title, kind, &body)?);

        let found = part.entries.len();
        let entries = part.entries.into_iter().map(|entry| Entry {
            href: format!("{file}#{}", entry.href),
            ..entry
        });
        if is_section {
            let entries: Vec<Entry> = entries.collect();
            paged
                .papers
                .extend(entries.iter().map(|paper| paper.href.clone()));
            if lists_papers {
                paged.entry.children.extend(entries);
            } else if count > 1 && found > 0 {
                let last = first + found - 1;
                let title = making.words.papers_from_to(first, last);
                let href = format!("{file}#papers");
                paged.entry.children.push(Entry::new(title, href));
            }
        } else {
            paged.entry.children.extend(entries);
        }
        first += found;
        previous = Some(file);
    }
    Ok(paged)
}

/// Entries as templates read them.
fn lines(entries: &[Entry]) -> Vec<Value> {
    let lines = entries.iter();
    lines
        .map(|entry| context! { title => &entry.title, lang => &entry.lang, href => &entry.href })
        .collect()
}

/// The footnotes of a page: those whose mark stands on it, and those that they refer to.
fn notes(making: &Making<'_>, level: u8, mut on_page: OnPage) -> Vec<Value> {
    on_page.stands_under(level);
    let mut written = BTreeSet::new();
    let mut notes = Vec::new();
    while let Some(number) = on_page.referenced.difference(&written).next().copied() {
        written.insert(number);
        if let Some(note) = making.issue.footnote(number) {
            // The way back stands before the first words, so that a pop-up begins with them.
            let (first, rest): (&[Inline], &[Block]) =
                if let Some((Block::Paragraph(first), rest)) = note.content.split_first() {
                    (first, rest)
                } else {
                    (&[], &note.content)
                };
            let first = line(making, first, &mut on_page);
            let body = html(making, rest, level + 1, &mut on_page);
            notes.push(context! { number, first, body });
        }
    }
    notes
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
