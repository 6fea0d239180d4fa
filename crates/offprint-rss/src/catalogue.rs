//! `opds.xml`: a catalogue of the books, which reading apps browse and download from
//! (OPDS 1.2, <https://specs.opds.io/opds-1.2>; an Atom feed, RFC 4287).
//!
//! Addresses are absolute where the series has one: Calibre's stores take them as they
//! are. Else they are relative to the catalogue, which RFC 4287 allows and KOReader and
//! Thorium resolve, so that a folder on the reader's own network is a catalogue, too.

use std::borrow::Cow;
use std::io;

use offprint_core::words::Words;
use offprint_core::{Context, ExportError, Issue, Moment, Published, RelativePath, Series};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use uuid::Uuid;

use crate::body;
use crate::channel::About;
use crate::clean::{Cleaner, with_references};
use crate::item::{Desk, EPUB, PDF};

/// The media type of a catalogue that leads to books.
pub(crate) const MEDIA_TYPE: &str = "application/atom+xml;profile=opds-catalog;kind=acquisition";
/// How many entries a page of the catalogue holds.
pub(crate) const PAGE: usize = 100;

const ATOM: &str = "http://www.w3.org/2005/Atom";
const DC: &str = "http://purl.org/dc/elements/1.1/";
const TERMS: &str = "http://purl.org/dc/terms/";
/// Anyone may have the book.
const OPEN_ACCESS: &str = "http://opds-spec.org/acquisition/open-access";
const IMAGE: &str = "http://opds-spec.org/image";
const THUMBNAIL: &str = "http://opds-spec.org/image/thumbnail";

/// An entry's fields, in the order in which they are written.
struct Entry<'a> {
    title: Cow<'a, str>,
    id: Cow<'a, str>,
    updated: Moment,
    published: Option<Moment>,
    authors: Vec<(Cow<'a, str>, Option<Cow<'a, str>>)>,
    tags: Vec<Cow<'a, str>>,
    summary: String,
    /// What is said where a book is shown on its own.
    content: String,
    lang: Option<&'a str>,
    image: Option<(RelativePath, &'static str)>,
    alternate: Option<Cow<'a, str>>,
    books: Vec<&'a Published>,
}

/// The entry of an issue; `None` when it has no book.
///
/// # Errors
/// When the writer fails.
pub(crate) fn issue(
    desk: &Desk<'_>,
    context: &Context<'_>,
    issue: &Issue,
) -> Result<Option<String>, ExportError> {
    let cleaner = &desk.cleaner;
    let books = books(context, Some(&issue.id));
    if books.is_empty() {
        return Ok(None);
    }
    let cover = issue
        .cover
        .as_ref()
        .and_then(|cover| desk.pictures.place_in_issue(&issue.id, cover));
    let picture = cover.or_else(|| {
        let icon = desk.series.icon.as_ref()?;
        desk.pictures.place_in_series(icon)
    });
    let summary = cleaner.own_line("summary", body::summary(issue));
    let dateline = body::dateline(issue, Words::of(&issue.lang));
    let detail = [dateline.as_str(), &summary]
        .map(|line| cleaner.line("content", line))
        .join("\n");
    let entry = Entry {
        title: cleaner.line("title", &issue.title),
        id: cleaner.line("id", &issue.guid),
        updated: issue.modified(),
        published: Some(issue.date),
        authors: issue
            .authors
            .iter()
            .map(|author| {
                let url = author.url.as_ref();
                (
                    cleaner.line("author", &author.name),
                    url.and_then(|url| cleaner.url("author", url)),
                )
            })
            .filter(|(name, _)| !name.is_empty())
            .collect(),
        tags: issue
            .tags
            .iter()
            .map(|tag| cleaner.line("category", &tag.name))
            .filter(|tag| !tag.is_empty())
            .collect(),
        summary,
        content: detail.trim().to_owned(),
        lang: Some(issue.lang.as_str()),
        image: picture.map(|(path, asset)| (path, asset.encoding.media_type())),
        alternate: issue
            .canonical
            .as_ref()
            .and_then(|url| cleaner.url("link", url)),
        books,
    };
    write_entry(&entry, base(desk.series)).map(Some)
}

/// Entries of the books that hold several issues, the last by name first: one for each
/// name, whatever its formats.
///
/// # Errors
/// When the writer fails.
pub(crate) fn of_series(
    desk: &Desk<'_>,
    context: &Context<'_>,
    about: &About,
    modified: impl Fn(&str) -> Option<Moment>,
) -> Result<Vec<String>, ExportError> {
    let mut books = books(context, None);
    books.sort_by_key(|book| std::cmp::Reverse(stem(book)));
    books
        .chunk_by(|left, right| stem(left) == stem(right))
        .zip(1..)
        .filter_map(|(books, place)| {
            let stem = books.first().map(|book| stem(book))?;
            let name = stem.rsplit('/').next().unwrap_or(stem);
            // Readers tell news by their time, so that no two entries have the same.
            let updated = modified(name)?.minus_seconds(place);
            let picture = desk.series.icon.as_ref().or(desk.series.logo.as_ref());
            let picture = picture.and_then(|icon| desk.pictures.place_in_series(icon));
            Some(Entry {
                title: books
                    .iter()
                    .find_map(|book| book.title.clone())
                    .unwrap_or_else(|| format!("{} · {name}", about.title))
                    .into(),
                id: identifier(desk.series, stem).into(),
                updated,
                published: None,
                authors: Vec::new(),
                tags: Vec::new(),
                summary: String::new(),
                content: about.description.clone(),
                lang: about.lang.as_deref(),
                image: picture.map(|(path, asset)| (path, asset.encoding.media_type())),
                alternate: None,
                books: books.to_vec(),
            })
        })
        .map(|entry| write_entry(&entry, base(desk.series)))
        .collect()
}

/// A page of the catalogue.
pub(crate) struct Page<'a> {
    /// Its number, from 1.
    pub(crate) number: usize,
    /// How many there are.
    pub(crate) count: usize,
    pub(crate) about: &'a About,
    pub(crate) updated: Moment,
    pub(crate) icon: Option<RelativePath>,
}

impl Page<'_> {
    /// Its file's name.
    pub(crate) fn path(number: usize) -> String {
        if number == 1 {
            "opds.xml".to_owned()
        } else {
            format!("opds-{number}.xml")
        }
    }

    /// The page's bytes before and after its entries.
    ///
    /// # Errors
    /// When the writer fails.
    pub(crate) fn frame(
        &self,
        series: &Series,
        cleaner: &Cleaner,
    ) -> Result<(String, String), ExportError> {
        let base = base(series);
        let about = self.about;
        let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
        (|| {
            writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
            let mut feed = BytesStart::new("feed").with_attributes([
                ("xmlns", ATOM),
                ("xmlns:dc", DC),
                ("xmlns:dcterms", TERMS),
            ]);
            if let Some(lang) = &about.lang {
                feed.push_attribute(("xml:lang", lang.as_str()));
            }
            writer.write_event(Event::Start(feed))?;
            text(&mut writer, "id", &identifier(series, "opds"))?;
            text(&mut writer, "title", &about.title)?;
            if !about.description.is_empty() && about.description != about.title {
                text(&mut writer, "subtitle", &about.description)?;
            }
            text(&mut writer, "updated", &self.updated.rfc3339())?;
            let author = series.publisher.as_deref().unwrap_or(&about.title);
            person(
                &mut writer,
                &cleaner.line("author", author),
                series.url.as_deref(),
            )?;
            if let Some(icon) = &self.icon {
                text(&mut writer, "icon", &format!("{base}{icon}"))?;
            }
            let turn = |number: usize| format!("{base}{}", Self::path(number));
            link(&mut writer, "self", &turn(self.number), MEDIA_TYPE, None)?;
            if let Some(url) = &about.link {
                link(&mut writer, "alternate", url, "text/html", None)?;
            }
            if self.count > 1 {
                link(&mut writer, "first", &turn(1), MEDIA_TYPE, None)?;
                link(&mut writer, "last", &turn(self.count), MEDIA_TYPE, None)?;
                if self.number > 1 {
                    let before = turn(self.number - 1);
                    link(&mut writer, "previous", &before, MEDIA_TYPE, None)?;
                }
                if self.number < self.count {
                    let after = turn(self.number + 1);
                    link(&mut writer, "next", &after, MEDIA_TYPE, None)?;
                }
            }
            Ok(())
        })()
        .map_err(|error: io::Error| failed(&error))?;
        let mut head = utf8(writer)?;
        head.push('\n');
        Ok((head, "</feed>\n".to_owned()))
    }
}

/// Where the output folder will be found; nothing where that is not known.
fn base(series: &Series) -> &str {
    series.url.as_deref().unwrap_or_default()
}

/// An identifier of what has none in the model: name-based (RFC 9562, version 5), from the
/// series' id.
fn identifier(series: &Series, name: &str) -> String {
    let space = Uuid::new_v5(&Uuid::NAMESPACE_URL, b"offprint:series");
    let name = format!("{}/{name}", series.id);
    Uuid::new_v5(&space, name.as_bytes()).urn().to_string()
}

/// The EPUB and PDF files of an issue, or of none: EPUB first, and of several the one for
/// all readers last, because calibre keeps the last link of a type.
fn books<'a>(context: &Context<'a>, issue: Option<&str>) -> Vec<&'a Published> {
    [EPUB, PDF]
        .into_iter()
        .flat_map(|media_type| {
            context
                .published
                .iter()
                .rev()
                .filter(move |file| file.media_type == media_type)
        })
        .filter(|file| file.issue.as_deref() == issue)
        .collect()
}

/// A book's path without what its name ends in: formats of one book share it.
fn stem(book: &Published) -> &str {
    let path = book.path.as_str();
    let path = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    path.strip_suffix(".kindle").unwrap_or(path)
}

/// What a reader chooses a file by.
fn name(book: &Published) -> &'static str {
    if book.media_type == PDF {
        "PDF"
    } else if book.path.as_str().ends_with(".kindle.epub") {
        "EPUB (Kindle)"
    } else {
        "EPUB"
    }
}

/// An entry as it stands in a feed, with its indents and its last newline.
fn write_entry(entry: &Entry<'_>, base: &str) -> Result<String, ExportError> {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    (|| {
        // The indent of the feed around it.
        writer.write_event(Event::Start(BytesStart::new("feed")))?;
        writer.write_event(Event::Start(BytesStart::new("entry")))?;
        text(&mut writer, "title", &entry.title)?;
        text(&mut writer, "id", &entry.id)?;
        text(&mut writer, "updated", &entry.updated.rfc3339())?;
        if let Some(published) = entry.published {
            text(&mut writer, "published", &published.rfc3339())?;
        }
        for (name, url) in &entry.authors {
            person(&mut writer, name, url.as_deref())?;
        }
        if let Some(lang) = entry.lang {
            text(&mut writer, "dc:language", lang)?;
        }
        if let Some(published) = entry.published {
            text(&mut writer, "dcterms:issued", &published.date().to_string())?;
        }
        for tag in &entry.tags {
            let category =
                BytesStart::new("category").with_attributes([("term", &**tag), ("label", &**tag)]);
            writer.write_event(Event::Empty(category))?;
        }
        if !entry.summary.is_empty() {
            text(&mut writer, "summary", &entry.summary)?;
        }
        if !entry.content.is_empty() {
            let start = BytesStart::new("content").with_attributes([("type", "text")]);
            writer.write_event(Event::Start(start))?;
            writer.write_event(Event::Text(BytesText::new(&entry.content)))?;
            writer.write_event(Event::End(BytesEnd::new("content")))?;
        }
        if let Some(url) = &entry.alternate {
            link(&mut writer, "alternate", url, "text/html", None)?;
        }
        for book in &entry.books {
            let href = format!("{base}{}", book.path);
            let file = Some((name(book), book.bytes));
            link(&mut writer, OPEN_ACCESS, &href, book.media_type, file)?;
        }
        if let Some((path, media_type)) = &entry.image {
            let href = format!("{base}{path}");
            link(&mut writer, IMAGE, &href, media_type, None)?;
            link(&mut writer, THUMBNAIL, &href, media_type, None)?;
        }
        writer.write_event(Event::End(BytesEnd::new("entry")))
    })()
    .map_err(|error: io::Error| failed(&error))?;
    let text = utf8(writer)?;
    let (_, entry) = text.split_once('\n').unwrap_or_default();
    Ok(format!("{entry}\n"))
}

type XmlWriter = Writer<Vec<u8>>;

fn text(writer: &mut XmlWriter, name: &str, value: &str) -> io::Result<()> {
    writer.write_event(Event::Start(BytesStart::new(name)))?;
    writer.write_event(Event::Text(BytesText::new(value)))?;
    writer.write_event(Event::End(BytesEnd::new(name)))
}

fn person(writer: &mut XmlWriter, name: &str, url: Option<&str>) -> io::Result<()> {
    writer.write_event(Event::Start(BytesStart::new("author")))?;
    text(writer, "name", name)?;
    if let Some(url) = url {
        text(writer, "uri", url)?;
    }
    writer.write_event(Event::End(BytesEnd::new("author")))
}

/// A link; `file` is what a reader chooses it by, and its length in bytes.
fn link(
    writer: &mut XmlWriter,
    rel: &str,
    href: &str,
    media_type: &str,
    file: Option<(&str, u64)>,
) -> io::Result<()> {
    let mut link = BytesStart::new("link").with_attributes([
        ("rel", rel),
        ("href", href),
        ("type", media_type),
    ]);
    if let Some((title, bytes)) = file {
        link.push_attribute(("title", title));
        link.push_attribute(("length", bytes.to_string().as_str()));
    }
    writer.write_event(Event::Empty(link))
}

fn utf8(writer: XmlWriter) -> Result<String, ExportError> {
    String::from_utf8(writer.into_inner())
        .map(with_references)
        .map_err(|error| failed(&error))
}

fn failed(error: &dyn std::fmt::Display) -> ExportError {
    ExportError::Internal(format!("the catalogue could not be written: {error}"))
}
