//! The two channels and their items.

use std::collections::BTreeMap;

use jiff::tz::{Offset, TimeZone};
use offprint_core::guid;
use offprint_core::words::{Words, link_label};
use offprint_core::{Context, Edition, Issue, Moment, Paper, Published, Section, Series};
use offprint_html::escape;
use rss::extension::atom::{AtomExtension, Link};
use rss::extension::dublincore::DublinCoreExtension;
use rss::extension::{Extension, ExtensionMap};
use rss::{Category, Channel, Enclosure, Guid, Image, Item};

use crate::body::{self, File, one_line};
use crate::pictures::Pictures;
use crate::{Content, Rss};

/// The link of a channel that has none, which RSS 2.0 does not allow. RFC 2606 keeps the
/// name from ever leading anywhere.
const NO_ADDRESS: &str = "https://offprint.invalid/";
/// How often readers should look, in minutes: a digest does not change by the hour.
const TTL: &str = "720";
/// The widest channel picture that RSS 2.0 allows, in pixels.
const IMAGE_WIDTH: u32 = 144;
/// The highest channel picture that RSS 2.0 allows, in pixels.
const IMAGE_HEIGHT: u32 = 400;

const EPUB: &str = "application/epub+zip";
const PDF: &str = "application/pdf";

/// `feed.xml`: an item an issue.
pub(crate) fn issues(
    settings: &Rss,
    context: &Context<'_>,
    edition: &Edition<'_>,
    pictures: &Pictures<'_>,
) -> Channel {
    let mut channel = frame(settings, edition, "feed.xml", pictures);
    channel.items = edition
        .issues
        .iter()
        .map(|issue| issue_item(settings, context, edition.series, issue, pictures))
        .collect();
    declare_modules(&mut channel);
    channel
}

/// `papers.xml`: an item a paper.
pub(crate) fn papers(settings: &Rss, edition: &Edition<'_>, pictures: &Pictures<'_>) -> Channel {
    let mut channel = frame(settings, edition, "papers.xml", pictures);
    let kind = match words(edition) {
        Words::Chinese => "论文",
        Words::English => "Papers",
    };
    channel.title = format!("{} · {kind}", channel.title);
    if let Some(image) = &mut channel.image {
        image.title.clone_from(&channel.title);
    }
    for issue in edition.issues {
        let date = papers_date(issue);
        let guids = guid::of_papers(issue);
        let papers = issue
            .sections
            .iter()
            .flat_map(|section| section.papers.iter().map(move |paper| (section, paper)));
        for (place, ((section, paper), guid)) in (0..).zip(papers.zip(guids)) {
            let mut item = paper_item(edition.series, issue, section, paper, pictures);
            item.guid = Some(permanent(guid));
            // Readers sort by date; a second apart, papers keep their order.
            item.pub_date = Some(date.minus_seconds(place).rfc2822());
            channel.items.push(item);
        }
    }
    declare_modules(&mut channel);
    channel
}

/// Declares the modules whose elements the items hold; the writer knows those of its own.
fn declare_modules(channel: &mut Channel) {
    for (prefix, uri) in [
        ("atom", "http://www.w3.org/2005/Atom"),
        ("media", "http://search.yahoo.com/mrss/"),
        ("prism", "http://prismstandard.org/namespaces/1.2/basic/"),
    ] {
        let mut items = channel.items.iter();
        if items.any(|item| item.extensions.contains_key(prefix)) {
            channel.namespaces.insert(prefix.to_owned(), uri.to_owned());
        }
    }
}

/// The channel without its items.
fn frame(settings: &Rss, edition: &Edition<'_>, file: &str, pictures: &Pictures<'_>) -> Channel {
    let series = edition.series;
    let newest = edition.issues.first();
    let title = [&series.title]
        .into_iter()
        .chain(newest.map(|issue| &issue.title))
        .chain([&series.id])
        .find(|title| !title.is_empty())
        .map_or("offprint", String::as_str);
    let description = series
        .description
        .clone()
        .or_else(|| series.subtitle.clone())
        .or_else(|| newest.map(|issue| body::summary(issue)))
        .filter(|description| !description.is_empty())
        .unwrap_or_else(|| title.to_owned());
    let link = series
        .url
        .clone()
        .or_else(|| newest.and_then(|issue| issue.canonical.clone()))
        .unwrap_or_else(|| NO_ADDRESS.to_owned());
    let modified = edition
        .issues
        .iter()
        .map(|issue| issue.modified())
        .max_by_key(|moment| moment.unix_seconds());
    let lang = series.lang.as_ref().or(newest.map(|issue| &issue.lang));

    let mut channel = Channel {
        title: one_line(title),
        description: escape(&one_line(&description)).into_owned(),
        language: lang.map(|lang| lang.as_str().to_owned()),
        copyright: series.license.as_ref().map(|license| match &license.url {
            Some(url) => format!("{} {url}", license.name),
            None => license.name.clone(),
        }),
        last_build_date: modified.map(Moment::rfc2822),
        categories: categories(&series.tags),
        generator: Some(concat!("offprint ", env!("CARGO_PKG_VERSION")).to_owned()),
        docs: Some("https://www.rssboard.org/rss-specification".to_owned()),
        ttl: Some(TTL.to_owned()),
        image: image(series, title, &link, pictures),
        link,
        ..Channel::default()
    };
    let self_link = series.url.as_ref().map(|url| Link {
        href: format!("{url}{file}"),
        rel: "self".to_owned(),
        mime_type: Some("application/rss+xml".to_owned()),
        ..Link::default()
    });
    let hub = settings.websub.as_ref().map(|hub| Link {
        href: hub.clone(),
        rel: "hub".to_owned(),
        ..Link::default()
    });
    let links: Vec<Link> = self_link.into_iter().chain(hub).collect();
    if !links.is_empty() {
        channel.atom_ext = Some(AtomExtension { links });
    }
    channel
}

fn image(series: &Series, title: &str, link: &str, pictures: &Pictures<'_>) -> Option<Image> {
    let picture = series.icon.as_ref().or(series.logo.as_ref())?;
    let source = pictures.of_series(picture)?;
    // The largest size within both limits, in proportion.
    let scale = (f64::from(IMAGE_WIDTH) / f64::from(source.width.max(1)))
        .min(f64::from(IMAGE_HEIGHT) / f64::from(source.height.max(1)))
        .min(1.0);
    let scaled = |side: u32| {
        ((f64::from(side) * scale).round() as u32)
            .max(1)
            .to_string()
    };
    Some(Image {
        width: Some(scaled(source.width)),
        height: Some(scaled(source.height)),
        url: source.url,
        // RSS 2.0 asks for the channel's own title and link.
        title: one_line(title),
        link: link.to_owned(),
        description: None,
    })
}

fn issue_item(
    settings: &Rss,
    context: &Context<'_>,
    series: &Series,
    issue: &Issue,
    pictures: &Pictures<'_>,
) -> Item {
    let books = books(context, series, issue);
    let files: Vec<File> = books
        .iter()
        .map(|book| File {
            name: if book.media_type == EPUB {
                "EPUB"
            } else {
                "PDF"
            },
            url: book.url.clone(),
        })
        .collect();
    let url_of = |media_type: &str| {
        books
            .iter()
            .find(|book| book.media_type == media_type)
            .map(|book| book.url.clone())
    };
    let full = match settings.content {
        Content::Full => Some(body::issue(series, issue, &files, pictures)),
        Content::Summary => None,
    };
    let mut extensions = updated(issue);
    if books.len() > 1 {
        let contents = books.iter().map(media_content).collect();
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
    Item {
        title: Some(one_line(issue.short_title.as_ref().unwrap_or(&issue.title))),
        link: issue
            .canonical
            .clone()
            .or_else(|| url_of(PDF))
            .or_else(|| url_of(EPUB)),
        // Readers take a description for HTML.
        description: Some(escape(&body::summary(issue)).into_owned()),
        categories: categories(issue.tags.iter().map(|tag| &tag.name)),
        enclosure: books
            .iter()
            .find(|book| book.media_type == EPUB)
            .map(|book| Enclosure {
                url: book.url.clone(),
                length: book.bytes.to_string(),
                mime_type: book.media_type.to_owned(),
            }),
        guid: Some(permanent(issue.guid.clone())),
        pub_date: Some(issue.date.rfc2822()),
        content: full,
        extensions,
        dublin_core_ext: Some(DublinCoreExtension {
            creators: issue
                .authors
                .iter()
                .map(|author| one_line(&author.name))
                .collect(),
            languages: vec![issue.lang.as_str().to_owned()],
            ..DublinCoreExtension::default()
        }),
        ..Item::default()
    }
}

fn paper_item(
    series: &Series,
    issue: &Issue,
    section: &Section,
    paper: &Paper,
    pictures: &Pictures<'_>,
) -> Item {
    let words = Words::of(&issue.lang);
    let landing = paper.landing();
    let further = paper
        .buttons()
        .filter(|&(_, url)| Some(url) != landing)
        .map(|(kind, url)| Link {
            href: url.to_owned(),
            rel: "related".to_owned(),
            title: Some(link_label(series, words, kind)),
            ..Link::default()
        })
        .collect();
    let mut extensions = updated(issue);
    let published = paper
        .date
        .map(|date| date.to_string())
        .or_else(|| paper.year.map(|year| format!("{year:04}")));
    if let Some(published) = published {
        // Not `dc:date`, which some readers put in the place of `pubDate` and sort by.
        let date = element("prism:publicationDate", published);
        extensions.insert(
            "prism".to_owned(),
            BTreeMap::from([("publicationDate".to_owned(), vec![date])]),
        );
    }
    let section = Some(&section.title).filter(|title| !title.is_empty());
    let description = body::paper(issue, paper, pictures);
    Item {
        title: Some(one_line(&paper.plain_title())),
        link: landing.map(str::to_owned),
        description: Some(description).filter(|text| !text.is_empty()),
        categories: categories(section.into_iter().chain(&paper.tags)),
        extensions,
        atom_ext: Some(AtomExtension { links: further }),
        dublin_core_ext: Some(DublinCoreExtension {
            creators: paper.authors.iter().map(|name| one_line(name)).collect(),
            identifiers: identifiers(paper),
            languages: paper
                .lang
                .iter()
                .map(|lang| lang.as_str().to_owned())
                .collect(),
            sources: paper.venue.iter().map(|venue| one_line(venue)).collect(),
            ..DublinCoreExtension::default()
        }),
        ..Item::default()
    }
}

/// The paper's identifiers, its DOI last: reference managers keep the last one they see.
fn identifiers(paper: &Paper) -> Vec<String> {
    [
        ("arXiv:", &paper.arxiv),
        ("pmid:", &paper.pmid),
        ("urn:isbn:", &paper.isbn),
        ("doi:", &paper.doi),
    ]
    .into_iter()
    .filter_map(|(prefix, id)| id.as_ref().map(|id| format!("{prefix}{id}")))
    .collect()
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

/// A book of an issue with its absolute address.
struct Book {
    url: String,
    media_type: &'static str,
    bytes: u64,
}

/// The EPUB and the PDF of an issue, where both they and their address are known.
fn books(context: &Context<'_>, series: &Series, issue: &Issue) -> Vec<Book> {
    let Some(base) = &series.url else {
        return Vec::new();
    };
    let of_issue = |file: &&Published| file.issue.as_deref() == Some(issue.id.as_str());
    let books = |media_type: &'static str| {
        context
            .published
            .iter()
            .filter(of_issue)
            .find(move |file| file.media_type == media_type)
            .map(|file| Book {
                url: format!("{base}{}", file.path),
                media_type,
                bytes: file.bytes,
            })
    };
    [EPUB, PDF].into_iter().filter_map(books).collect()
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

/// Categories in order, each once.
fn categories<'a>(names: impl IntoIterator<Item = &'a String>) -> Vec<Category> {
    let mut categories: Vec<Category> = Vec::new();
    for name in names {
        let name = one_line(name);
        if !categories.iter().any(|category| category.name == name) {
            categories.push(Category { name, domain: None });
        }
    }
    categories
}

fn words(edition: &Edition<'_>) -> Words {
    let lang = edition
        .series
        .lang
        .as_ref()
        .or(edition.issues.first().map(|issue| &issue.lang));
    lang.map_or(Words::English, Words::of)
}
