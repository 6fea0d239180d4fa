//! What stands around the items of an RSS feed.

use std::borrow::Cow;
use std::collections::BTreeMap;

use offprint_core::words::Words;
use offprint_core::{ExportError, Moment, Series};
use offprint_html::escape;
use rss::extension::atom::{AtomExtension, Link};
use rss::extension::{Extension, ExtensionMap};
use rss::{Category, Channel, Image};

use crate::clean::{Cleaner, with_references};
use crate::item::distinct_lines;
use crate::pictures::Pictures;
use crate::{Content, Rss};

/// The media type of RSS.
pub(crate) const MEDIA_TYPE: &str = "application/rss+xml";
/// The link of a channel that has none, which RSS 2.0 does not allow. RFC 2606 keeps the
/// name from ever leading anywhere.
const NO_ADDRESS: &str = "https://offprint.invalid/";
/// How often readers should look, in minutes: a digest does not change by the hour.
const TTL: &str = "720";
/// The widest channel picture that RSS 2.0 allows, in pixels.
const IMAGE_WIDTH: u32 = 144;
/// The highest channel picture that RSS 2.0 allows, in pixels.
const IMAGE_HEIGHT: u32 = 400;

/// What a feed is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject<'a> {
    /// The issues.
    Issues,
    /// The papers of all issues.
    Papers,
    /// The papers of a section or with a tag.
    Named(&'a str),
}

/// What feeds need to know of the newest issue that they hold.
#[derive(Debug, Clone)]
pub(crate) struct Newest<'a> {
    /// Its title.
    pub(crate) title: &'a str,
    /// What it is about.
    pub(crate) summary: Option<&'a str>,
    /// Where it first appeared.
    pub(crate) canonical: Option<&'a str>,
    /// Its language.
    pub(crate) lang: &'a str,
}

/// Where an archive page stands among its neighbours (RFC 5005, §4).
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Archive {
    /// Whether the page is full, and never changes by what comes later.
    pub(crate) is_closed: bool,
    /// The page before it, or before the main feed, by its path from the output folder.
    pub(crate) prev: Option<String>,
    /// The page after it.
    pub(crate) next: Option<String>,
    /// The main feed; `None` for the main feed itself.
    pub(crate) current: Option<String>,
}

/// A feed without its items.
#[derive(Debug)]
pub(crate) struct Frame<'a> {
    /// What it is about.
    pub(crate) subject: Subject<'a>,
    /// Its path from the output folder.
    pub(crate) path: &'a str,
    /// The newest issue that it holds.
    pub(crate) newest: Option<Newest<'a>>,
    /// When the issues that it holds were last changed.
    pub(crate) modified: Option<Moment>,
    /// Its archives.
    pub(crate) archive: Archive,
}

/// What every feed of a series says of itself, whatever its format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct About {
    pub(crate) title: String,
    pub(crate) description: String,
    /// The series' page, where one is known.
    pub(crate) link: Option<String>,
    pub(crate) lang: Option<String>,
}

impl Frame<'_> {
    /// What the feed says of itself.
    pub(crate) fn about(&self, series: &Series, cleaner: &Cleaner) -> About {
        let newest = self.newest.as_ref();
        let title = [series.title.as_str()]
            .into_iter()
            .chain(newest.map(|issue| issue.title))
            .chain([series.id.as_str()])
            .find(|title| !title.is_empty())
            .unwrap_or("offprint");
        let description = series
            .description
            .as_deref()
            .or(series.subtitle.as_deref())
            .or(newest.and_then(|issue| issue.summary))
            .filter(|description| !description.is_empty())
            .unwrap_or(title);
        let link = series
            .url
            .as_deref()
            .or(newest.and_then(|issue| issue.canonical))
            .and_then(|url| cleaner.url("link", url).map(Cow::into_owned));
        let lang = match &series.lang {
            Some(lang) => Some(lang.as_str()),
            None => newest.map(|issue| issue.lang),
        };
        let is_chinese = lang
            .and_then(offprint_core::model::Lang::parse)
            .is_some_and(|lang| Words::of(&lang) == Words::Chinese);
        let title = match self.subject {
            Subject::Issues => title.to_owned(),
            Subject::Papers if is_chinese => format!("{title} · 论文"),
            Subject::Papers => format!("{title} · Papers"),
            Subject::Named(name) => format!("{title} · {name}"),
        };
        About {
            title: cleaner.own_line("title", title),
            description: cleaner.line("description", description).into_owned(),
            link,
            lang: lang.map(str::to_owned),
        }
    }

    /// The feed's bytes before and after its items.
    ///
    /// # Errors
    /// When the writer fails.
    pub(crate) fn write(
        &self,
        settings: &Rss,
        series: &Series,
        cleaner: &Cleaner,
        pictures: &Pictures<'_>,
    ) -> Result<(String, String), ExportError> {
        let about = self.about(series, cleaner);
        let link = about.link.unwrap_or_else(|| NO_ADDRESS.to_owned());
        let extensions = if self.archive.is_closed {
            let mark = Extension {
                name: "fh:archive".to_owned(),
                // Without a value, the writer would put blanks into an empty element.
                value: Some(String::new()),
                ..Extension::default()
            };
            ExtensionMap::from([(
                "fh".to_owned(),
                BTreeMap::from([("archive".to_owned(), vec![mark])]),
            )])
        } else {
            ExtensionMap::new()
        };
        let links = self.links(settings, series, cleaner);
        let channel = Channel {
            description: escape(&about.description).into_owned(),
            language: about.lang,
            copyright: self.copyright(series, cleaner),
            last_build_date: self.modified.map(Moment::rfc2822),
            categories: distinct_lines(cleaner, "category", &series.tags)
                .into_iter()
                .map(|name| Category {
                    name: name.into_owned(),
                    domain: None,
                })
                .collect(),
            generator: Some(concat!("offprint ", env!("CARGO_PKG_VERSION")).to_owned()),
            docs: Some("https://www.rssboard.org/rss-specification".to_owned()),
            ttl: Some(TTL.to_owned()),
            image: image(series, &about.title, &link, pictures),
            title: about.title,
            link,
            atom_ext: (!links.is_empty()).then_some(AtomExtension { links }),
            extensions,
            namespaces: self.namespaces(settings),
            ..Channel::default()
        };
        let text = write(&channel)?;
        let end = text.rfind("  </channel>").unwrap_or(text.len());
        let (head, foot) = text.split_at_checked(end).unwrap_or_default();
        Ok((head.to_owned(), foot.to_owned()))
    }

    /// A feed of papers names no terms: what keeps papers takes them for the papers' own.
    fn copyright(&self, series: &Series, cleaner: &Cleaner) -> Option<String> {
        let license = series.license.as_ref()?;
        if self.subject != Subject::Issues {
            return None;
        }
        let terms = match &license.url {
            Some(url) => format!("{} {url}", license.name),
            None => license.name.clone(),
        };
        Some(cleaner.own_line("copyright", terms))
    }

    fn links(&self, settings: &Rss, series: &Series, cleaner: &Cleaner) -> Vec<Link> {
        let link = |rel: &str, href: String, mime_type: Option<&str>| Link {
            href,
            rel: rel.to_owned(),
            mime_type: mime_type.map(str::to_owned),
            ..Link::default()
        };
        let mut links = Vec::new();
        if let Some(url) = &series.url {
            links.push(link(
                "self",
                format!("{url}{}", self.path),
                Some(MEDIA_TYPE),
            ));
        }
        if let Some(hub) = &settings.websub
            && self.archive.current.is_none()
        {
            links.push(link("hub", hub.clone(), None));
        }
        for (rel, path) in [
            ("prev-archive", &self.archive.prev),
            ("next-archive", &self.archive.next),
            ("current", &self.archive.current),
        ] {
            if let Some(path) = path {
                let href = match &series.url {
                    Some(url) => format!("{url}{path}"),
                    // Wherever the feeds will lie, they lie beside each other.
                    None => relative(self.path, path),
                };
                links.push(link(rel, href, Some(MEDIA_TYPE)));
            }
        }
        if self.subject != Subject::Issues
            && let Some(url) = series.license.as_ref().and_then(|terms| terms.url.as_ref())
            && let Some(url) = cleaner.url("link", url)
        {
            links.push(link("license", url.into_owned(), None));
        }
        links
    }

    /// The modules whose elements the feed may hold. They are always declared, so that a
    /// feed's head does not depend on its items.
    fn namespaces(&self, settings: &Rss) -> BTreeMap<String, String> {
        let mut modules = vec![
            ("atom", "http://www.w3.org/2005/Atom"),
            ("dc", "http://purl.org/dc/elements/1.1/"),
        ];
        if self.subject == Subject::Issues {
            modules.push(("media", "http://search.yahoo.com/mrss/"));
            if settings.content == Content::Full {
                modules.push(("content", "http://purl.org/rss/1.0/modules/content/"));
            }
        }
        if self.archive.is_closed {
            modules.push(("fh", "http://purl.org/syndication/history/1.0"));
        }
        modules
            .into_iter()
            .map(|(prefix, uri)| (prefix.to_owned(), uri.to_owned()))
            .collect()
    }
}

/// The way from one file of the output folder to another.
fn relative(from: &str, to: &str) -> String {
    "../".repeat(from.matches('/').count()) + to
}

/// A channel as text.
///
/// # Errors
/// When the writer fails.
pub(crate) fn write(channel: &Channel) -> Result<String, ExportError> {
    let failed = |error: &dyn std::fmt::Display| {
        ExportError::Internal(format!("a feed could not be written: {error}"))
    };
    let bytes = channel
        .pretty_write_to(Vec::with_capacity(4096), b' ', 2)
        .map_err(|error| failed(&error))?;
    let mut text = String::from_utf8(bytes).map_err(|error| failed(&error))?;
    text.push('\n');
    Ok(with_references(text))
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
        title: title.to_owned(),
        link: link.to_owned(),
        description: None,
    })
}
