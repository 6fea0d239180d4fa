//! JSON Feed 1.1 (<https://www.jsonfeed.org/version/1.1/>). An item is a line, so that a
//! diff of two feeds reads well.

use std::borrow::Cow;

use offprint_core::model::Lang;
use offprint_core::{ExportError, Moment, Series};
use serde::Serialize;

use crate::Rss;
use crate::channel::Frame;
use crate::clean::{Cleaner, is_web};
use crate::item::{Desk, IssueItem, PaperItem, distinct_lines, lines};
use crate::pictures::Pictures;

/// The media type of JSON Feed.
pub(crate) const MEDIA_TYPE: &str = "application/feed+json";

#[derive(Serialize)]
struct Document<'a> {
    version: &'static str,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    home_page_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    feed_url: Option<String>,
    description: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    icon: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<Author<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hubs: Vec<Hub<'a>>,
    /// Empty: the items are put there as they are.
    items: [(); 0],
}

#[derive(Serialize)]
struct Author<'a> {
    name: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<Cow<'a, str>>,
}

#[derive(Serialize)]
struct Hub<'a> {
    r#type: &'static str,
    url: &'a str,
}

#[derive(Serialize)]
struct Item<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_url: Option<&'a str>,
    title: &'a str,
    content_html: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    summary: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<String>,
    date_published: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_modified: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<Author<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<Attachment<'a>>,
}

#[derive(Serialize)]
struct Attachment<'a> {
    url: &'a str,
    mime_type: &'static str,
    title: &'static str,
    size_in_bytes: u64,
}

/// A feed's bytes before and after its items.
///
/// # Errors
/// When the writer fails.
pub(crate) fn frame(
    frame: &Frame<'_>,
    settings: &Rss,
    series: &Series,
    cleaner: &Cleaner,
    pictures: &Pictures<'_>,
) -> Result<(String, String), ExportError> {
    let about = frame.about(series, cleaner);
    let icon = series.icon.as_ref().or(series.logo.as_ref());
    let publisher = series.publisher.as_deref().map(|name| Author {
        name: cleaner.line("authors", name),
        url: series.url.as_deref().map(Cow::Borrowed),
    });
    let feed = Document {
        version: "https://jsonfeed.org/version/1.1",
        title: &about.title,
        home_page_url: about.link.as_deref(),
        feed_url: series
            .url
            .as_ref()
            .map(|url| format!("{url}{}", frame.path)),
        description: &about.description,
        icon: icon.and_then(|icon| Some(pictures.of_series(icon)?.url)),
        authors: publisher.into_iter().collect(),
        language: about.lang.as_deref(),
        hubs: settings
            .websub
            .as_deref()
            .map(|url| Hub {
                r#type: "WebSub",
                url,
            })
            .into_iter()
            .collect(),
        items: [],
    };
    let text = serde_json::to_string_pretty(&feed).map_err(|error| failed(&error))?;
    let head = text
        .strip_suffix("]\n}")
        .ok_or_else(|| failed(&"its items are not at its end"))?;
    Ok((head.to_owned(), "\n  ]\n}\n".to_owned()))
}

/// What parts two items: the first character of every item, which the first one in a feed
/// is written without.
pub(crate) const COMMA: u8 = b',';

/// Writes an issue as an item, after [`COMMA`].
///
/// # Errors
/// When the writer fails.
pub(crate) fn push_issue(
    item: &IssueItem<'_>,
    desk: &Desk<'_>,
    out: &mut Vec<u8>,
) -> Result<(), ExportError> {
    let issue = item.issue;
    let cleaner = &desk.cleaner;
    let image = |image| Some(desk.pictures.of_issue(&issue.id, image)?.url);
    let authors = issue.authors.iter().map(|author| Author {
        name: cleaner.line("authors", &author.name),
        url: author
            .url
            .as_ref()
            .and_then(|url| cleaner.url("authors", url)),
    });
    let feed_item = Item {
        id: &cleaner.line("id", &issue.guid),
        url: item.link.as_deref(),
        external_url: None,
        title: &item.title,
        content_html: item
            .text
            .as_ref()
            .map_or(&item.summary_html, |text| &text.html),
        summary: &item.summary,
        image: issue.cover.as_ref().and_then(image),
        date_published: issue.date.rfc3339(),
        date_modified: issue.updated.map(Moment::rfc3339),
        authors: authors.filter(|author| !author.name.is_empty()).collect(),
        tags: distinct_lines(cleaner, "tags", issue.tags.iter().map(|tag| &tag.name)),
        language: Some(issue.lang.as_str()),
        attachments: item
            .books
            .iter()
            .map(|book| Attachment {
                url: &book.url,
                mime_type: book.media_type,
                title: book.name,
                size_in_bytes: book.bytes,
            })
            .collect(),
    };
    push(&feed_item, out)
}

/// Writes a paper as an item, after [`COMMA`].
///
/// # Errors
/// When the writer fails.
pub(crate) fn push_paper(
    item: &PaperItem<'_>,
    desk: &Desk<'_>,
    out: &mut Vec<u8>,
) -> Result<(), ExportError> {
    let paper = item.paper;
    let issue = item.issue;
    let cleaner = &desk.cleaner;
    let image = |image| Some(desk.pictures.of_issue(&issue.id, image)?.url);
    // Where the paper is talked about, where there is such a page, else the paper's own.
    let talk = issue.canonical.as_ref().filter(|url| is_web(url));
    let talk = talk.and_then(|url| cleaner.url("url", url));
    let feed_item = Item {
        id: &item.guid,
        url: talk.as_deref().or(item.link.as_deref()),
        external_url: item.link.as_deref(),
        title: &item.title,
        content_html: &item.html,
        summary: &item.summary,
        image: paper.image.as_ref().and_then(|figure| image(&figure.image)),
        date_published: item.date.rfc3339(),
        date_modified: issue.updated.map(Moment::rfc3339),
        authors: lines(cleaner, "authors", &paper.authors)
            .map(|name| Author { name, url: None })
            .collect(),
        tags: distinct_lines(cleaner, "tags", item.subjects()),
        language: paper.lang.as_ref().map(Lang::as_str),
        attachments: Vec::new(),
    };
    push(&feed_item, out)
}

fn push(item: &Item<'_>, out: &mut Vec<u8>) -> Result<(), ExportError> {
    out.push(COMMA);
    out.extend_from_slice(b"\n    ");
    serde_json::to_writer(out, item).map_err(|error| failed(&error))
}

fn failed(error: &dyn std::fmt::Display) -> ExportError {
    ExportError::Internal(format!("a JSON feed could not be written: {error}"))
}
