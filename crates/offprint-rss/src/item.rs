//! An issue or a paper as an item: what it says, and how RSS writes it.

use std::borrow::Cow;

use jiff::tz::{Offset, TimeZone};
use offprint_core::model::without_version;
use offprint_core::text::Formula;
use offprint_core::words::{Words, link_label};
use offprint_core::{Context, Issue, Moment, Paper, Published, Section, Series};
use offprint_html::{Shown, escape};
use offprint_math::Style;

use crate::body::{self, Written};
use crate::clean::{Cleaner, is_web};
use crate::element::{Element, push_item};
use crate::formulas::OfIssue;
use crate::pictures::Pictures;
use crate::{Content, Rss};

/// The media type of EPUB.
pub(crate) const EPUB: &str = "application/epub+zip";
/// The media type of PDF.
pub(crate) const PDF: &str = "application/pdf";

/// What items are made with.
pub(crate) struct Desk<'a> {
    pub(crate) settings: &'a Rss,
    pub(crate) series: &'a Series,
    pub(crate) cleaner: Cleaner,
    pub(crate) pictures: Pictures<'a>,
    pub(crate) formulas: OfIssue<'a>,
}

impl Desk<'_> {
    /// A formula's picture; `None` when it has none or no address.
    pub(crate) fn formula(&self, formula: &Formula, style: Style) -> Option<Shown> {
        let base = self
            .series
            .url
            .as_deref()
            .filter(|_| self.settings.draws_math)?;
        self.formulas.shown(formula, style, base)
    }
}

/// A book of an issue with its absolute address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Book {
    /// `EPUB` or `PDF`.
    pub(crate) name: &'static str,
    pub(crate) url: String,
    pub(crate) media_type: &'static str,
    pub(crate) bytes: u64,
}

/// The first EPUB and the first PDF of an issue, where both they and their address are known.
pub(crate) fn books(context: &Context<'_>, series: &Series, issue: &Issue) -> Vec<Book> {
    let Some(base) = &series.url else {
        return Vec::new();
    };
    let is_of_issue = |file: &&Published| file.issue.as_deref() == Some(issue.id.as_str());
    let first = |(name, media_type): (&'static str, &'static str)| {
        context
            .published
            .iter()
            .filter(is_of_issue)
            .find(move |file| file.media_type == media_type)
            .map(|file| Book {
                name,
                url: format!("{base}{}", file.path),
                media_type,
                bytes: file.bytes,
            })
    };
    [("EPUB", EPUB), ("PDF", PDF)]
        .into_iter()
        .filter_map(first)
        .collect()
}

/// An issue, ready to be written in any format.
pub(crate) struct IssueItem<'a> {
    pub(crate) issue: &'a Issue,
    pub(crate) title: Cow<'a, str>,
    pub(crate) summary: String,
    /// The summary as HTML, for which readers take a description.
    pub(crate) summary_html: String,
    /// Where a click leads.
    pub(crate) link: Option<String>,
    pub(crate) books: Vec<Book>,
    /// The whole text as HTML; `None` where only summaries are wanted.
    pub(crate) text: Option<Written>,
}

impl<'a> IssueItem<'a> {
    pub(crate) fn new(desk: &Desk<'_>, context: &Context<'_>, issue: &'a Issue) -> Self {
        let cleaner = &desk.cleaner;
        let books = books(context, desk.series, issue);
        let url_of = |media_type: &str| {
            books
                .iter()
                .find(|book| book.media_type == media_type)
                .map(|book| book.url.clone())
        };
        let text = match desk.settings.content {
            Content::Full => Some(body::issue(desk, issue, &books)),
            Content::Summary => None,
        };
        let title = issue.short_title.as_ref().unwrap_or(&issue.title);
        let summary = cleaner.own_line("description", body::summary(issue));
        Self {
            issue,
            title: cleaner.line("title", title),
            summary_html: escape(&summary).into_owned(),
            summary,
            link: issue
                .canonical
                .as_ref()
                .and_then(|url| cleaner.url("link", url).map(Cow::into_owned))
                .or_else(|| url_of(PDF))
                .or_else(|| url_of(EPUB)),
            books,
            text,
        }
    }

    /// Writes the item of RSS.
    pub(crate) fn push_rss(&self, cleaner: &Cleaner, out: &mut String) {
        let issue = self.issue;
        let field = Element::field;
        push_item(out, |out| {
            field("title").push(&[], &self.title, out);
            if let Some(link) = &self.link {
                field("link").push(&[], link, out);
            }
            field("description").push_markup(&self.summary_html, out);
            let tags = issue.tags.iter().map(|tag| &tag.name);
            for tag in distinct_lines(cleaner, "category", tags) {
                field("category").push(&[], &tag, out);
            }
            let epub = self.books.iter().find(|book| book.media_type == EPUB);
            if let Some(Book {
                url,
                media_type,
                bytes,
                ..
            }) = epub
            {
                let file = [
                    ("url", url.as_str()),
                    ("length", &bytes.to_string()),
                    ("type", media_type),
                ];
                field("enclosure").push_empty(&file, out);
            }
            push_guid(&cleaner.line("guid", &issue.guid), out);
            field("pubDate").push(&[], &issue.date.rfc2822(), out);
            if let Some(text) = &self.text {
                field("content:encoded").push_markup(&text.html, out);
            }
            push_updated(issue, out);
            if self.books.len() > 1 {
                push_media(&self.books, out);
            }
            let authors = issue.authors.iter().map(|author| &author.name);
            for name in lines(cleaner, "dc:creator", authors) {
                field("dc:creator").push(&[], &name, out);
            }
            field("dc:language").push(&[], issue.lang.as_str(), out);
        });
    }
}

/// A paper, ready to be written in any format.
pub(crate) struct PaperItem<'a> {
    pub(crate) issue: &'a Issue,
    pub(crate) section: &'a Section,
    pub(crate) paper: &'a Paper,
    pub(crate) title: String,
    pub(crate) guid: Cow<'a, str>,
    /// When it appears, so that sorting by date keeps the papers' order.
    pub(crate) date: Moment,
    /// The paper's own page.
    pub(crate) link: Option<Cow<'a, str>>,
    /// What it is about, on one line: its abstract, else what the curator says. Reference
    /// managers take it for the abstract.
    pub(crate) summary: String,
    /// All that is said of it, as HTML.
    pub(crate) html: String,
}

impl<'a> PaperItem<'a> {
    /// The paper at a `place` in its issue, from 0. `text` is the issue's, where it is written
    /// already.
    pub(crate) fn new(
        desk: &Desk<'_>,
        issue: &'a Issue,
        section: &'a Section,
        paper: &'a Paper,
        guid: &'a str,
        place: u32,
        text: Option<&Written>,
    ) -> Self {
        let cleaner = &desk.cleaner;
        let text = text.and_then(|text| text.of_paper(place as usize));
        Self {
            issue,
            section,
            paper,
            title: cleaner.own_line("title", paper.plain_title()),
            guid: cleaner.line("guid", guid),
            date: papers_date(issue).minus_seconds(place),
            link: paper
                .landing()
                .filter(|url| is_web(url))
                .or_else(|| {
                    paper
                        .links
                        .values()
                        .map(String::as_str)
                        .find(|url| is_web(url))
                })
                .and_then(|url| cleaner.url("link", url)),
            summary: cleaner.own_line("dc:description", body::abstract_of(paper)),
            html: cleaner.text("description", body::paper(desk, issue, paper, text)),
        }
    }

    /// The section's title and the paper's tags.
    pub(crate) fn subjects(&self) -> impl Iterator<Item = &'a String> {
        Some(&self.section.title)
            .into_iter()
            .chain(&self.paper.tags)
    }

    /// Writes the item of RSS. Its Dublin Core fields are what reference managers make a
    /// bibliographic entry of.
    pub(crate) fn push_rss(&self, desk: &Desk<'_>, out: &mut String) {
        let cleaner = &desk.cleaner;
        let paper = self.paper;
        let field = Element::field;
        push_item(out, |out| {
            field("title").push(&[], &self.title, out);
            if let Some(link) = &self.link {
                field("link").push(&[], link, out);
            }
            // Readers that know no difference take the first description for a summary and
            // the second for the text.
            if !self.summary.is_empty() {
                // Who takes it for the abstract takes it for HTML, as an item's description.
                field("dc:description").push(&[], &escape(&self.summary), out);
            }
            if !self.html.is_empty() {
                field("description").push_markup(&self.html, out);
            }
            for subject in distinct_lines(cleaner, "category", self.subjects()) {
                field("category").push(&[], &subject, out);
            }
            push_guid(&self.guid, out);
            field("pubDate").push(&[], &self.date.rfc2822(), out);
            push_updated(self.issue, out);
            self.push_further_links(desk, out);
            for name in lines(cleaner, "dc:creator", &paper.authors) {
                field("dc:creator").push(&[], &name, out);
            }
            for identifier in identifiers(cleaner, paper) {
                field("dc:identifier").push(&[], &identifier, out);
            }
            if let Some(lang) = &paper.lang {
                field("dc:language").push(&[], lang.as_str(), out);
            }
            for venue in lines(cleaner, "dc:source", &paper.venue) {
                field("dc:source").push(&[], &venue, out);
            }
        });
    }

    /// Where else to go: all but the paper's own page.
    fn push_further_links(&self, desk: &Desk<'_>, out: &mut String) {
        let cleaner = &desk.cleaner;
        let words = Words::of(&self.issue.lang);
        for (kind, url) in self.paper.buttons() {
            let Some(url) = cleaner
                .url("atom:link", url)
                .filter(|url| Some(url) != self.link.as_ref())
            else {
                continue;
            };
            let label = cleaner.own_line("atom:link", link_label(desk.series, words, kind));
            let link = [("href", &*url), ("rel", "related"), ("title", &label)];
            Element::field("atom:link").push_empty(&link, out);
        }
    }
}

/// The paper's identifiers, its DOI last: reference managers keep the last one they see.
fn identifiers(cleaner: &Cleaner, paper: &Paper) -> Vec<String> {
    let mut identifiers: Vec<String> = [
        ("pmid:", &paper.pmid),
        ("arXiv:", &paper.arxiv),
        ("urn:isbn:", &paper.isbn),
        ("doi:", &paper.doi),
    ]
    .into_iter()
    .filter_map(|(prefix, id)| id.as_ref().map(|id| format!("{prefix}{id}")))
    .map(|id| cleaner.own_line("dc:identifier", id))
    .collect();
    // Zotero has no field for an identifier of arXiv, but knows the DOI that arXiv registers
    // for it.
    if let (None, Some(arxiv)) = (&paper.doi, &paper.arxiv) {
        identifiers.push(format!("doi:10.48550/arXiv.{}", without_version(arxiv)));
    }
    // Zotero looks for an ISSN in the last one, and takes eight digits for it.
    if paper.pmid.is_some() && identifiers.len() == 1 {
        identifiers.clear();
    }
    identifiers
}

/// When an issue's papers appear: at its time. Of an issue that gives a day only, one hour
/// into that day, so that papers some seconds apart stay on it.
fn papers_date(issue: &Issue) -> Moment {
    if issue.date.has_time() {
        return issue.date;
    }
    let zone = Offset::from_seconds(issue.date.offset_minutes() * 60)
        .map_or(TimeZone::UTC, TimeZone::fixed);
    Moment::from_datetime(issue.date.date().at(1, 0, 0, 0), &zone).unwrap_or(issue.date)
}

/// All books, for readers that show more than one enclosure.
fn push_media(books: &[Book], out: &mut String) {
    let group = Element::field("media:group");
    group.push_all(&[], out, |out| {
        for book in books {
            let bytes = book.bytes.to_string();
            let file = [
                ("fileSize", bytes.as_str()),
                ("medium", "document"),
                ("type", book.media_type),
                ("url", &book.url),
            ];
            group.within("media:content").push_all(&file, out, |_| {});
        }
    });
}

/// An edit leaves an item's date as it was and says here when it happened.
fn push_updated(issue: &Issue, out: &mut String) {
    if let Some(updated) = issue.updated {
        Element::field("atom:updated").push(&[], &updated.rfc3339(), out);
    }
}

/// An identifier that is no address.
fn push_guid(guid: &str, out: &mut String) {
    Element::field("guid").push(&[("isPermaLink", "false")], guid, out);
}

/// Fields of one line each, without those that say nothing.
pub(crate) fn lines<'a>(
    cleaner: &Cleaner,
    field: &'static str,
    values: impl IntoIterator<Item = &'a String>,
) -> impl Iterator<Item = Cow<'a, str>> {
    values
        .into_iter()
        .map(move |value| cleaner.line(field, value))
        .filter(|value| !value.is_empty())
}

/// [`lines`], each once.
pub(crate) fn distinct_lines<'a>(
    cleaner: &Cleaner,
    field: &'static str,
    values: impl IntoIterator<Item = &'a String>,
) -> Vec<Cow<'a, str>> {
    let mut distinct = Vec::new();
    for line in lines(cleaner, field, values) {
        if !distinct.contains(&line) {
            distinct.push(line);
        }
    }
    distinct
}
