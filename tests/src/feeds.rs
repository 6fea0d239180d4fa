//! Feeds: what is in them, and what readers that we did not write make of them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use roxmltree::{Document, Node};
use serde::Deserialize;
use serde_json::Value;

use crate::books::{calibre, node, node_modules};
use crate::tools::{ask, ask_gladly, python, tool};
use crate::{files_below, folder_with, read_text, repository};

const ATOM: &str = "http://www.w3.org/2005/Atom";
const CONTENT: &str = "http://purl.org/rss/1.0/modules/content/";
const DUBLIN_CORE: &str = "http://purl.org/dc/elements/1.1/";
const HISTORY: &str = "http://purl.org/syndication/history/1.0";
const MEDIA: &str = "http://search.yahoo.com/mrss/";

/// A feed in RSS 2.0.
#[derive(Debug, Clone)]
pub struct Feed {
    /// The channel's title.
    pub title: String,
    /// `lastBuildDate`, in seconds since 1970.
    pub built: Option<i64>,
    /// The channel's `atom:link`s: relation and address.
    pub links: Vec<(String, String)>,
    /// Whether it is an archive of RFC 5005.
    pub is_archive: bool,
    /// The items, in the order of the file.
    pub items: Vec<Item>,
}

/// An item of a feed.
#[derive(Debug, Clone)]
pub struct Item {
    /// What readers know it by.
    pub guid: String,
    /// The title in plain words.
    pub title: String,
    /// Where it leads to.
    pub link: Option<String>,
    /// `pubDate`, in seconds since 1970.
    pub date: i64,
    /// `atom:updated`, in seconds since 1970.
    pub updated: Option<i64>,
    /// `dc:creator`s.
    pub creators: Vec<String>,
    /// `category`s.
    pub tags: Vec<String>,
    /// `dc:identifier`s.
    pub identifiers: Vec<String>,
    /// HTML.
    pub description: String,
    /// HTML of `content:encoded`.
    pub content: Option<String>,
    /// Address, length and media type of `enclosure`, then of each `media:content`.
    pub files: Vec<(String, Option<u64>, String)>,
    /// The item as it stands in the file.
    pub xml: String,
}

impl Feed {
    /// Where the first link of this relation leads to.
    #[must_use]
    pub fn link(&self, relation: &str) -> Option<&str> {
        let mut links = self.links.iter();
        let (_, href) = links.find(|(rel, _)| rel == relation)?;
        Some(href)
    }

    /// The items' guids, in the order of the file.
    #[must_use]
    pub fn guids(&self) -> Vec<String> {
        self.items.iter().map(|item| item.guid.clone()).collect()
    }
}

/// Whether an element is of RSS itself, which has no namespace.
fn is_rss_element(node: Node<'_, '_>, name: &str) -> bool {
    node.tag_name().name() == name && node.tag_name().namespace().is_none()
}

fn text_of(node: Node<'_, '_>) -> String {
    node.descendants()
        .filter_map(|node| node.is_text().then(|| node.text()).flatten())
        .collect()
}

fn seconds(date: &str) -> i64 {
    let date = rfc2822::parse(date).unwrap_or_else(|error| panic!("{date}: {error}"));
    date.timestamp().as_second()
}

/// A file's feed.
///
/// # Panics
/// When it is no feed in RSS 2.0.
#[must_use]
pub fn feed(path: &Path) -> Feed {
    let xml = read_text(path);
    let document =
        Document::parse(&xml).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let channel = document
        .root_element()
        .children()
        .find(|&node| is_rss_element(node, "channel"))
        .unwrap_or_else(|| panic!("{} has no channel", path.display()));
    let named = |name: &'static str| {
        channel
            .children()
            .filter(move |&it| is_rss_element(it, name))
    };
    let attribute = |node: Node<'_, '_>, name: &str| node.attribute(name).unwrap_or("").to_owned();
    Feed {
        title: named("title").map(text_of).collect(),
        built: named("lastBuildDate")
            .next()
            .map(|node| seconds(&text_of(node))),
        links: channel
            .children()
            .filter(|node| node.has_tag_name((ATOM, "link")))
            .map(|node| (attribute(node, "rel"), attribute(node, "href")))
            .collect(),
        is_archive: channel
            .children()
            .any(|node| node.has_tag_name((HISTORY, "archive"))),
        items: named("item").map(|node| item(node, &xml)).collect(),
    }
}

fn item(node: Node<'_, '_>, xml: &str) -> Item {
    let plain = |name: &'static str| {
        node.children()
            .filter(move |&child| is_rss_element(child, name))
            .map(text_of)
    };
    let of = |namespace: &'static str, name: &'static str| {
        node.children()
            .filter(move |child| child.has_tag_name((namespace, name)))
            .map(text_of)
    };
    let enclosures = node
        .children()
        .filter(|&child| is_rss_element(child, "enclosure"))
        .map(|it| (it, "length"));
    let media = node
        .descendants()
        .filter(|child| child.has_tag_name((MEDIA, "content")))
        .map(|it| (it, "fileSize"));
    let files = enclosures.chain(media).map(|(it, length)| {
        let attribute = |name| it.attribute(name).unwrap_or_default().to_owned();
        let length = it.attribute(length).and_then(|length| length.parse().ok());
        (attribute("url"), length, attribute("type"))
    });
    let dates: Vec<i64> = plain("pubDate").map(|date| seconds(&date)).collect();
    let [date] = dates.as_slice() else {
        panic!("an item has {} dates: {:?}", dates.len(), node.range());
    };
    Item {
        guid: plain("guid").collect(),
        title: plain("title").collect(),
        link: plain("link").next(),
        date: *date,
        updated: of(ATOM, "updated").next().map(|date| {
            let date: Result<Timestamp, _> = date.parse();
            date.unwrap_or_else(|error| panic!("{error}")).as_second()
        }),
        creators: of(DUBLIN_CORE, "creator").collect(),
        tags: plain("category").collect(),
        identifiers: of(DUBLIN_CORE, "identifier").collect(),
        description: plain("description").collect(),
        content: of(CONTENT, "encoded").next(),
        files: files.collect(),
        xml: xml.get(node.range()).unwrap_or_default().to_owned(),
    }
}

/// A feed of a series and the archives that a reader finds from it, newest first, by their
/// paths below `public`. `address` is that of the series.
///
/// # Panics
/// When a link leads nowhere, or round in a circle.
#[must_use]
pub fn with_archives(public: &Path, address: &str, name: &str) -> Vec<(String, Feed)> {
    let mut chain: Vec<(String, Feed)> = Vec::new();
    let mut next = Some(name.to_owned());
    while let Some(path) = next {
        assert!(
            chain.iter().all(|(earlier, _)| *earlier != path),
            "{path} comes again"
        );
        let feed = feed(&public.join(&path));
        next = feed.link("prev-archive").map(|url| {
            let path = url.strip_prefix(address);
            path.unwrap_or_else(|| panic!("{url} is not below {address}"))
                .to_owned()
        });
        chain.push((path, feed));
    }
    chain
}

/// The paths of the feeds in RSS 2.0 below a folder of outputs.
///
/// # Panics
/// When they cannot be read.
#[must_use]
pub fn rss_below(public: &Path) -> Vec<String> {
    let feeds = files_below(public)
        .into_iter()
        .filter(|(path, bytes)| has_ending(path, "xml") && is_rss(bytes));
    feeds.map(|(path, _)| path).collect()
}

fn has_ending(path: &str, ending: &str) -> bool {
    Path::new(path).extension().is_some_and(|it| it == ending)
}

fn is_rss(bytes: &[u8]) -> bool {
    let start = bytes.get(..200).unwrap_or(bytes);
    String::from_utf8_lossy(start).contains("<rss ")
}

/// Elements that an item's HTML may have.
const ELEMENTS: &[&str] = &[
    "a",
    "blockquote",
    "br",
    "code",
    "del",
    "div",
    "em",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "img",
    "li",
    "ol",
    "p",
    "pre",
    "span",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
];
/// Attributes that they may have, `href` and `src` apart.
const ATTRIBUTES: &[&str] = &[
    "alt", "dir", "height", "lang", "start", "style", "title", "width",
];

/// What in an item's HTML is more than text, or leads out of the web: elements and
/// attributes that are not known to be harmless, addresses that are relative or no `http`,
/// `https` or `mailto`, pictures without words, markup that is no XML either.
#[must_use]
pub fn faults_of_markup(html: &str) -> Vec<String> {
    let wrapped = format!("<div>{html}</div>");
    let document = match Document::parse(&wrapped) {
        Ok(document) => document,
        Err(error) => return vec![format!("not well-formed: {error}")],
    };
    let mut faults = Vec::new();
    for node in document.descendants().filter(Node::is_element) {
        let name = node.tag_name().name();
        if !ELEMENTS.contains(&name) || node.tag_name().namespace().is_some() {
            faults.push(format!("<{name}>"));
        }
        for attribute in node.attributes() {
            let value = attribute.value();
            let is_web = value.starts_with("https://") || value.starts_with("http://");
            let is_harmless = match attribute.name() {
                "href" => is_web || value.starts_with("mailto:"),
                "src" => is_web,
                "style" => !value.contains(['(', '\\', '@', '<']),
                name => ATTRIBUTES.contains(&name),
            };
            if !is_harmless {
                faults.push(format!("<{name} {}=\"{value}\">", attribute.name()));
            }
        }
        if name == "img" && node.attribute("alt").is_none_or(str::is_empty) {
            faults.push("<img> without words".to_owned());
        }
    }
    faults
}

/// What one reader makes of an item.
#[derive(Debug, Deserialize)]
pub struct Seen {
    /// What it is known by.
    pub guid: String,
    /// Its title.
    pub title: String,
    /// Where it leads to.
    pub link: String,
    /// In seconds since 1970, written as the reader does.
    pub date: Value,
    /// The author, of readers that show one.
    #[serde(default)]
    pub author: String,
    /// The authors, of readers that show several.
    #[serde(default)]
    pub authors: Vec<String>,
    /// HTML.
    pub content: String,
}

impl Seen {
    /// The date in seconds since 1970.
    #[must_use]
    pub fn seconds(&self) -> Option<i64> {
        let text = || self.date.as_str()?.parse().ok();
        self.date.as_i64().or_else(text)
    }
}

/// What feedparser makes of a feed.
#[derive(Debug, Deserialize)]
pub struct Parsed {
    /// The format, `rss20`.
    pub version: String,
    /// What is wrong with it.
    pub fault: Option<String>,
    /// The feed's title.
    pub title: String,
    /// Its page.
    pub link: String,
    /// Its language.
    pub language: String,
    /// Its links: relation and address.
    pub links: Vec<(String, String)>,
    /// Its items.
    pub items: Vec<Seen>,
}

/// The addresses that programs take from a list of subscriptions.
#[derive(Debug, Deserialize)]
pub struct Subscriptions {
    /// By newsboat.
    pub newsboat: Vec<String>,
    /// By sfeed.
    pub sfeed: Vec<String>,
}

/// What readers make of a file.
#[derive(Debug, Deserialize)]
pub struct Readers {
    /// What expat finds wrong with it.
    pub malformed: Option<String>,
    /// feedparser, of feeds.
    pub feedparser: Option<Parsed>,
    /// newsboat, of feeds that are in no folder.
    pub newsboat: Option<Vec<Seen>>,
    /// sfeed, of feeds.
    pub sfeed: Option<Vec<Seen>>,
    /// Of lists of subscriptions.
    pub subscriptions: Option<Subscriptions>,
}

/// What newsboat, sfeed, feedparser and expat make of these files below a folder.
///
/// # Panics
/// When one is not installed, or fails.
#[must_use]
pub fn read_by_others(folder: &Path, names: &[String]) -> BTreeMap<String, Readers> {
    let told = ask_gladly(
        python()
            .arg(repository().join("tests/feeds/read.py"))
            .arg(folder)
            .args(names),
    );
    serde_json::from_str(&told).unwrap_or_else(|error| panic!("read.py: {error}"))
}

/// What expat and libxml2 find wrong with XML files, each in one run.
///
/// # Panics
/// When one is not installed.
#[must_use]
pub fn malformed(paths: &[PathBuf]) -> Vec<String> {
    let script = "import sys\n\
        from xml.parsers import expat\n\
        for path in sys.stdin.read().split('\\n'):\n\
        \x20   parser = expat.ParserCreate(namespace_separator=' ')\n\
        \x20   try: parser.Parse(open(path, 'rb').read(), True)\n\
        \x20   except expat.ExpatError as error: print(f'{path}: {error}')\n";
    let list: Vec<String> = paths
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    let folder = folder_with(&[("list", list.join("\n").as_bytes())]);
    let input = std::fs::File::open(folder.path().join("list"))
        .unwrap_or_else(|error| panic!("the list of files: {error}"));
    let told = ask_gladly(python().args(["-c", script]).stdin(input));
    let mut faults: Vec<String> = told.lines().map(str::to_owned).collect();
    // A command line holds only so many paths.
    for some in paths.chunks(500) {
        let ran = ask(tool("xmllint").args(["--noout", "--nonet"]).args(some));
        // A prefix that nobody declared is said, and passes.
        if ran.code != Some(0) || !ran.stderr.is_empty() {
            faults.push(ran.stderr);
        }
    }
    faults
}

/// A catalogue as Foliate sees it.
#[derive(Debug, Deserialize)]
pub struct Catalogue {
    /// Its title.
    pub title: String,
    /// Its further pages, and itself: relation and address.
    pub pages: Vec<(String, String)>,
    /// Its books.
    pub publications: Vec<Publication>,
}

/// A book of a catalogue as Foliate sees it.
#[derive(Debug, Deserialize)]
pub struct Publication {
    /// Its title.
    pub title: String,
    /// Its authors.
    pub authors: Vec<String>,
    /// When it was issued.
    pub published: String,
    /// Its language.
    pub language: String,
    /// Its subjects.
    pub subjects: Vec<String>,
    /// What it is about.
    pub summary: String,
    /// How that is meant: `text` or `html`.
    pub form: String,
    /// Its pictures.
    pub images: Vec<String>,
    /// Its files: media type and address.
    pub downloads: Vec<(String, String)>,
}

/// What the OPDS client of foliate-js makes of these files below a folder.
///
/// # Panics
/// When Node.js, Chromium or the client is not installed, or a file is no catalogue.
#[must_use]
pub fn catalogues_in_foliate(folder: &Path, names: &[String]) -> Vec<Catalogue> {
    let told = ask_gladly(
        node(&repository().join("tests/readers/catalogue.mjs"))
            .arg("--modules")
            .arg(node_modules())
            .args(names.iter().map(|name| folder.join(name))),
    );
    let parse = |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    told.lines().map(parse).collect()
}

/// A book of a catalogue as calibre sees it.
#[derive(Debug, Deserialize)]
pub struct Found {
    /// Its id in the catalogue.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its authors.
    pub author: String,
    /// The address of its picture.
    pub cover: String,
    /// The addresses of its files, by formats (`EPUB`).
    pub downloads: BTreeMap<String, String>,
}

/// The books that calibre's client of OPDS finds in these files below a folder.
///
/// # Panics
/// When calibre is not installed, or fails.
#[must_use]
pub fn catalogues_in_calibre(folder: &Path, names: &[String]) -> Vec<Found> {
    let settings = folder_with(&[]);
    let told = ask_gladly(
        calibre("calibre-debug", settings.path())
            .arg("-e")
            .arg(repository().join("tests/feeds/catalogue.py"))
            .arg("--")
            .arg(folder)
            .args(names),
    );
    serde_json::from_str(&told).unwrap_or_else(|error| panic!("calibre: {error}: {told}"))
}

/// What breaks the rules of JSON Feed 1.1 (jsonfeed.org/version/1.1), or holds an address
/// that is relative.
#[must_use]
pub fn faults_of_json_feed(feed: &Value) -> Vec<String> {
    let mut faults = Faults(Vec::new());
    let Some(top) = faults.object("feed", feed) else {
        return faults.0;
    };
    if top.get("version").and_then(Value::as_str) != Some("https://jsonfeed.org/version/1.1") {
        faults.add("feed", "version");
    }
    for (key, value) in top {
        match key.as_str() {
            "version" | "items" => {}
            "title" | "description" | "user_comment" | "language" => {
                faults.text("feed", key, value);
            }
            "home_page_url" | "feed_url" | "next_url" | "icon" | "favicon" => {
                faults.url("feed", key, value);
            }
            "authors" => faults.authors("feed", value),
            "expired" if value.is_boolean() => {}
            "hubs" => faults.each("feed", key, value, |faults, hub| {
                faults.fields("hub", hub, &["type", "url"], &["type", "url"]);
            }),
            other => faults.unknown("feed", other),
        }
    }
    if !top.contains_key("title") {
        faults.add("feed", "title");
    }
    let mut ids = BTreeSet::new();
    let items = top.get("items").unwrap_or(&Value::Null);
    faults.each("feed", "items", items, |faults, item| {
        let id = faults.item(item);
        if !ids.insert(id.clone()) {
            faults.add(&id, "id comes again");
        }
    });
    faults.0
}

struct Faults(Vec<String>);

impl Faults {
    fn add(&mut self, place: &str, what: &str) {
        self.0.push(format!("{place}: {what}"));
    }

    /// The members of an object; those whose names begin with `_` are extensions.
    fn unknown(&mut self, place: &str, key: &str) {
        if !key.starts_with('_') {
            self.add(place, &format!("{key} is unknown or of a wrong type"));
        }
    }

    fn object<'a>(
        &mut self,
        place: &str,
        value: &'a Value,
    ) -> Option<&'a serde_json::Map<String, Value>> {
        let object = value.as_object();
        if object.is_none() {
            self.add(place, "is no object");
        }
        object
    }

    fn text(&mut self, place: &str, key: &str, value: &Value) {
        if value.as_str().is_none_or(|text| text.trim().is_empty()) {
            self.add(place, &format!("{key} is no text"));
        }
    }

    fn url(&mut self, place: &str, key: &str, value: &Value) {
        let is_web = |url: &str| url.starts_with("https://") || url.starts_with("http://");
        if !value.as_str().is_some_and(is_web) {
            self.add(place, &format!("{key} is no address: {value}"));
        }
    }

    fn date(&mut self, place: &str, key: &str, value: &Value) {
        let parse = |text: &str| text.parse::<Timestamp>().is_ok();
        if !value.as_str().is_some_and(parse) {
            self.add(place, &format!("{key} is no date: {value}"));
        }
    }

    fn each(
        &mut self,
        place: &str,
        key: &str,
        value: &Value,
        mut judge: impl FnMut(&mut Self, &Value),
    ) {
        let Some(values) = value.as_array() else {
            self.add(place, &format!("{key} is no list"));
            return;
        };
        for value in values {
            judge(self, value);
        }
    }

    fn fields(&mut self, place: &str, value: &Value, known: &[&str], needed: &[&str]) {
        let Some(object) = self.object(place, value) else {
            return;
        };
        for (key, value) in object {
            match key.as_str() {
                "url" | "avatar" if known.contains(&key.as_str()) => self.url(place, key, value),
                "size_in_bytes" | "duration_in_seconds"
                    if known.contains(&key.as_str()) && value.is_u64() => {}
                "name" | "title" | "mime_type" | "type" if known.contains(&key.as_str()) => {
                    self.text(place, key, value);
                }
                other => self.unknown(place, other),
            }
        }
        for needed in needed {
            if !object.contains_key(*needed) {
                self.add(place, &format!("{needed} is missing"));
            }
        }
    }

    fn authors(&mut self, place: &str, value: &Value) {
        self.each(place, "authors", value, |faults, author| {
            faults.fields(place, author, &["name", "url", "avatar"], &[]);
            if author.as_object().is_some_and(serde_json::Map::is_empty) {
                faults.add(place, "an author without name, url and avatar");
            }
        });
    }

    /// Judges an item, and returns its id.
    fn item(&mut self, item: &Value) -> String {
        let Some(object) = self.object("item", item) else {
            return String::new();
        };
        let id = object.get("id").and_then(Value::as_str).unwrap_or_default();
        if id.is_empty() {
            self.add("item", "has no id");
        }
        if !object.contains_key("content_html") && !object.contains_key("content_text") {
            self.add(id, "has no content");
        }
        for (key, value) in object {
            match key.as_str() {
                "id" => {}
                "content_html" | "content_text" if value.is_string() => {}
                "title" | "summary" | "language" => self.text(id, key, value),
                "url" | "external_url" | "image" | "banner_image" => self.url(id, key, value),
                "date_published" | "date_modified" => self.date(id, key, value),
                "authors" => self.authors(id, value),
                "tags" => self.each(id, key, value, |faults, tag| faults.text(id, "tags", tag)),
                "attachments" => self.each(id, key, value, |faults, file| {
                    let known = [
                        "url",
                        "mime_type",
                        "title",
                        "size_in_bytes",
                        "duration_in_seconds",
                    ];
                    faults.fields(id, file, &known, &["url", "mime_type"]);
                }),
                other => self.unknown(id, other),
            }
        }
        id.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sound() -> Value {
        json!({
            "version": "https://jsonfeed.org/version/1.1",
            "title": "题",
            "home_page_url": "https://a.example/",
            "feed_url": "https://a.example/feed.json",
            "authors": [{"name": "甲"}],
            "hubs": [{"type": "WebSub", "url": "https://hub.example/"}],
            "_ours": {"about": 1},
            "items": [
                {"id": "1", "content_html": "", "date_published": "2020-11-02T15:50:00+08:00",
                 "tags": ["a"], "attachments": [{"url": "https://a.example/a.epub", "mime_type": "application/epub+zip", "size_in_bytes": 3}]},
                {"id": "2", "content_text": "x", "external_url": "http://b.example/"},
            ],
        })
    }

    #[test]
    fn planted_faults_of_a_json_feed_are_found() {
        assert_eq!(faults_of_json_feed(&sound()), [""; 0]);
        let planted = [
            ("/version", json!("https://jsonfeed.org/version/1")),
            ("/title", json!(7)),
            ("/title", json!("")),
            ("/home_page_url", json!("/")),
            ("/feed_url", json!("javascript:alert(1)")),
            ("/authors", json!({"name": "甲"})),
            ("/authors/0", json!({})),
            ("/authors/0/name", json!(1)),
            ("/hubs/0", json!({"type": "WebSub"})),
            ("/_ours", Value::Null),
            ("/items", json!({})),
            ("/items/0/id", json!("2")),
            ("/items/0/id", json!(1)),
            ("/items/0/content_html", Value::Null),
            ("/items/0/date_published", json!("2020-11-02")),
            ("/items/0/tags", json!("a")),
            ("/items/0/tags/0", json!(1)),
            ("/items/0/attachments/0/size_in_bytes", json!("3")),
            ("/items/0/attachments/0/url", json!("a.epub")),
            (
                "/items/0/attachments/0",
                json!({"url": "https://a.example/"}),
            ),
            ("/items/1", json!({"id": "2"})),
            ("/items/1", json!("2")),
            ("/items/1/external_url", json!("ftp://b.example/")),
        ];
        for (place, fault) in planted {
            let mut feed = sound();
            *feed.pointer_mut(place).unwrap() = fault.clone();
            let faults = faults_of_json_feed(&feed);
            // What is an extension may be anything.
            assert_eq!(faults.is_empty(), place == "/_ours", "{place} {fault}");
        }
        for (place, key) in [("", "author"), ("/items/0", "urls")] {
            let mut feed = sound();
            let object = feed.pointer_mut(place).unwrap().as_object_mut().unwrap();
            object.insert(key.to_owned(), json!("x"));
            assert_eq!(faults_of_json_feed(&feed).len(), 1, "{key}");
        }
        for (place, key) in [("", "title"), ("", "items"), ("/items/0", "id")] {
            let mut feed = sound();
            let object = feed.pointer_mut(place).unwrap().as_object_mut().unwrap();
            object.remove(key);
            assert_eq!(faults_of_json_feed(&feed).len(), 1, "{key}");
        }
    }

    #[test]
    fn planted_faults_of_markup_are_found() {
        let sound = "<p lang=\"en\">a &lt;script&gt; <a href=\"mailto:a@b.example\">b</a><img src=\"https://a.example/i.png\" alt=\"x\" style=\"width:50%\"/></p>";
        assert_eq!(faults_of_markup(sound), [""; 0]);
        for fault in [
            "<script>alert(1)</script>",
            "<p onclick=\"x()\">a</p>",
            "<a href=\"javascript:alert(1)\">a</a>",
            "<a href=\"#note\">a</a>",
            "<a href=\"/a\">a</a>",
            "<img src=\"data:image/png;base64,AA\" alt=\"a\"/>",
            "<img src=\"https://a.example/i.png\"/>",
            "<p style=\"background:url(x)\">a</p>",
            "<math xmlns=\"http://www.w3.org/1998/Math/MathML\"/>",
            "<p>a",
            "<iframe/>",
        ] {
            assert_ne!(faults_of_markup(fault), [""; 0], "{fault}");
        }
    }
}
