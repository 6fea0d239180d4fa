//! An issue or a paper as an item: what it says, and how RSS writes it.

use std::collections::BTreeMap;

use jiff::tz::{Offset, TimeZone};
use offprint_core::model::without_version;
use offprint_core::text::Formula;
use offprint_core::words::{Words, link_label};
use offprint_core::{Context, ExportError, Issue, Moment, Paper, Published, Section, Series};
use offprint_html::{ImageSource, Setting, escape};
use rss::extension::atom::{AtomExtension, Link};
use rss::extension::dublincore::DublinCoreExtension;
use rss::extension::{Extension, ExtensionMap};
use rss::{Channel, Enclosure, Guid, Item};

use crate::body;
use crate::channel::{categories, write};
use crate::clean::{Cleaner, is_web};
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
    /// Where a formula's picture is; `None` when it has none or no address.
    pub(crate) fn formula(&self, formula: &Formula, setting: Setting) -> Option<ImageSource> {
        let base = self
            .series
            .url
            .as_deref()
            .filter(|_| self.settings.draws_math)?;
        self.formulas.source(formula, setting, base)
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
    pub(crate) title: String,
    pub(crate) summary: String,
    /// The summary as HTML, for which readers take a description.
    pub(crate) summary_html: String,
    /// Where a click leads.
    pub(crate) link: Option<String>,
    pub(crate) books: Vec<Book>,
    /// The whole text as HTML; `None` where only summaries are wanted.
    pub(crate) html: Option<String>,
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
        let html = match desk.settings.content {
            Content::Full => {
                let html = body::issue(desk, issue, &books);
                Some(cleaner.text("content:encoded", html))
            }
            Content::Summary => None,
        };
        let title = issue.short_title.as_ref().unwrap_or(&issue.title);
        let summary = cleaner.line("description", &body::summary(issue));
        Self {
            issue,
            title: cleaner.line("title", title),
            summary_html: escape(&summary).into_owned(),
            summary,
            link: issue
                .canonical
                .as_ref()
                .and_then(|url| cleaner.url("link", url))
                .or_else(|| url_of(PDF))
                .or_else(|| url_of(EPUB)),
            books,
            html,
        }
    }

    /// The item of RSS.
    ///
    /// # Errors
    /// When the writer fails.
    pub(crate) fn rss(self, cleaner: &Cleaner) -> Result<String, ExportError> {
        let issue = self.issue;
        let mut extensions = updated(issue);
        if self.books.len() > 1 {
            let contents = self.books.iter().map(media_content).collect();
            let group = Extension {
                name: "media:group".to_owned(),
                children: BTreeMap::from([("content".to_owned(), contents)]),
                ..Extension::default()
            };
            extensions.insert(
                "media".to_owned(),
                BTreeMap::from([("group".to_owned(), vec![group])]),
            );
        }
        let epub = self.books.iter().find(|book| book.media_type == EPUB);
        cut(Item {
            title: Some(self.title),
            link: self.link,
            description: Some(self.summary_html),
            categories: categories(cleaner, issue.tags.iter().map(|tag| &tag.name)),
            enclosure: epub.map(|book| Enclosure {
                url: book.url.clone(),
                length: book.bytes.to_string(),
                mime_type: book.media_type.to_owned(),
            }),
            guid: Some(permanent(cleaner.line("guid", &issue.guid))),
            pub_date: Some(issue.date.rfc2822()),
            content: self.html,
            extensions,
            dublin_core_ext: Some(DublinCoreExtension {
                creators: lines(
                    cleaner,
                    "dc:creator",
                    issue.authors.iter().map(|author| &author.name),
                ),
                languages: vec![issue.lang.as_str().to_owned()],
                ..DublinCoreExtension::default()
            }),
            ..Item::default()
        })
    }
}

/// A paper, ready to be written in any format.
pub(crate) struct PaperItem<'a> {
    pub(crate) issue: &'a Issue,
    pub(crate) section: &'a Section,
    pub(crate) paper: &'a Paper,
    pub(crate) title: String,
    pub(crate) guid: String,
    /// When it appears, so that sorting by date keeps the papers' order.
    pub(crate) date: Moment,
    /// The paper's own page.
    pub(crate) link: Option<String>,
    /// What it is about, on one line: its abstract, else what the curator says. Reference
    /// managers take it for the abstract.
    pub(crate) summary: String,
    /// All that is said of it, as HTML.
    pub(crate) html: String,
}

impl<'a> PaperItem<'a> {
    /// The paper at a `place` in its issue, from 0.
    pub(crate) fn new(
        desk: &Desk<'_>,
        issue: &'a Issue,
        section: &'a Section,
        paper: &'a Paper,
        guid: &str,
        place: u32,
    ) -> Self {
        let cleaner = &desk.cleaner;
        Self {
            issue,
            section,
            paper,
            title: cleaner.line("title", &paper.plain_title()),
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
            summary: cleaner.line("dc:description", &body::abstract_of(paper)),
            html: cleaner.text("description", body::paper(desk, issue, paper)),
        }
    }

    /// The section's title and the paper's tags.
    pub(crate) fn subjects(&self) -> impl Iterator<Item = &'a String> {
        Some(&self.section.title)
            .into_iter()
            .chain(&self.paper.tags)
    }

    /// The item of RSS. Its Dublin Core fields are what reference managers make a
    /// bibliographic entry of.
    ///
    /// # Errors
    /// When the writer fails.
    pub(crate) fn rss(self, desk: &Desk<'_>) -> Result<String, ExportError> {
        let cleaner = &desk.cleaner;
        let paper = self.paper;
        let words = Words::of(&self.issue.lang);
        let further: Vec<Link> = paper
            .buttons()
            .filter_map(|(kind, url)| {
                let url = cleaner.url("atom:link", url)?;
                (Some(&url) != self.link.as_ref()).then(|| Link {
                    href: url,
                    rel: "related".to_owned(),
                    title: Some(cleaner.line("atom:link", &link_label(desk.series, words, kind))),
                    ..Link::default()
                })
            })
            .collect();
        let item = cut(Item {
            categories: categories(cleaner, self.subjects()),
            title: Some(self.title),
            link: self.link,
            description: Some(self.html).filter(|html| !html.is_empty()),
            guid: Some(permanent(self.guid)),
            pub_date: Some(self.date.rfc2822()),
            extensions: updated(self.issue),
            atom_ext: Some(AtomExtension { links: further }),
            dublin_core_ext: Some(DublinCoreExtension {
                creators: lines(cleaner, "dc:creator", &paper.authors),
                // Who takes it for the abstract takes it for HTML, as an item's description.
                descriptions: Some(escape(&self.summary).into_owned())
                    .filter(|summary| !summary.is_empty())
                    .into_iter()
                    .collect(),
                identifiers: identifiers(cleaner, paper),
                languages: paper
                    .lang
                    .iter()
                    .map(|lang| lang.as_str().to_owned())
                    .collect(),
                sources: lines(cleaner, "dc:source", &paper.venue),
                ..DublinCoreExtension::default()
            }),
            ..Item::default()
        })?;
        Ok(abstract_first(item))
    }
}

/// The item with its `dc:description` before its `description`: readers that know no
/// difference take the first for a summary and the second for the text.
fn abstract_first(mut item: String) -> String {
    let from = item.rfind("      <dc:description>");
    let to = item.find("      <description>");
    if let (Some(from), Some(to)) = (from, to) {
        let line: String = item.drain(from..).collect();
        let (line, rest) = line.split_once('\n').unwrap_or((&line, ""));
        item.push_str(rest);
        item.insert_str(to, &format!("{line}\n"));
    }
    item
}

/// The item as it stands in a channel, with its indents and its last newline.
fn cut(item: Item) -> Result<String, ExportError> {
    const START: &str = "    <item>";
    const END: &str = "</item>\n";
    let channel = Channel {
        items: vec![item],
        ..Channel::default()
    };
    let mut text = write(&channel)?;
    // Texts hold no tags but within an item.
    let (Some(start), Some(end)) = (text.find(START), text.rfind(END)) else {
        return Err(ExportError::Internal(
            "the writer of RSS wrote no item".to_owned(),
        ));
    };
    text.truncate(end + END.len());
    text.drain(..start);
    Ok(text)
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
    .map(|id| cleaner.line("dc:identifier", &id))
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

fn media_content(book: &Book) -> Extension {
    let attributes = [
        ("url", book.url.clone()),
        ("type", book.media_type.to_owned()),
        ("fileSize", book.bytes.to_string()),
        ("medium", "document".to_owned()),
    ];
    Extension {
        name: "media:content".to_owned(),
        attrs: attributes
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
        ..Extension::default()
    }
}

/// An edit leaves an item's date as it was and says here when it happened.
fn updated(issue: &Issue) -> ExtensionMap {
    let Some(updated) = issue.updated else {
        return ExtensionMap::new();
    };
    let updated = element("atom:updated", updated.rfc3339());
    ExtensionMap::from([(
        "atom".to_owned(),
        BTreeMap::from([("updated".to_owned(), vec![updated])]),
    )])
}

fn element(name: &str, value: String) -> Extension {
    Extension {
        name: name.to_owned(),
        value: Some(value),
        ..Extension::default()
    }
}

fn permanent(value: String) -> Guid {
    Guid {
        value,
        permalink: false,
    }
}

/// Fields of one line each, without those that say nothing.
pub(crate) fn lines<'a>(
    cleaner: &Cleaner,
    field: &'static str,
    values: impl IntoIterator<Item = &'a String>,
) -> Vec<String> {
    values
        .into_iter()
        .map(|value| cleaner.line(field, value))
        .filter(|value| !value.is_empty())
        .collect()
}
