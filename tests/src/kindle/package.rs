//! The archive and its package document.

use std::collections::BTreeSet;

use roxmltree::{Document, Node};

use super::picture::Picture;
use super::{Book, CONTAINER, Documents, NCX, XHTML, elements, is_of_type, resolve, words};

/// What Send to Kindle takes by mail at the most, in bytes.
const BOOK_LIMIT: usize = 50 * 1024 * 1024;

/// The languages that Amazon takes books in, by the list "Supported Languages" of its help
/// pages. Others are a known cause of `E999`.
const LANGUAGES: &[&str] = &[
    "af", "ar", "br", "ca", "co", "cy", "da", "de", "en", "es", "eu", "fi", "fr", "frr", "fy",
    "ga", "gd", "gl", "gsw", "gu", "gv", "hi", "is", "it", "ja", "kw", "lb", "ml", "mr", "nb",
    "nl", "nn", "no", "oc", "pl", "pt", "rm", "sco", "stq", "sv", "ta", "zh",
];

/// A file of the manifest.
pub(super) struct Item {
    id: String,
    /// In the archive.
    pub(super) path: String,
    pub(super) media_type: String,
    properties: String,
}

/// What the package document says.
pub(super) struct Package {
    /// Of the document itself.
    pub(super) path: String,
    pub(super) items: Vec<Item>,
    /// The paths of what is read, in order.
    pub(super) spine: Vec<String>,
    pub(super) ncx: Option<String>,
    pub(super) nav: Option<String>,
}

impl Package {
    pub(super) fn of(documents: &Documents<'_>) -> Option<Self> {
        let container = documents.get(CONTAINER)?;
        let rootfile = elements(container, "rootfile").next()?;
        let path = rootfile.attribute("full-path")?.to_owned();
        let document = documents.get(path.as_str())?;
        let items: Vec<Item> = elements(document, "item")
            .filter_map(|item| {
                let attribute = |name| item.attribute(name).unwrap_or_default().to_owned();
                Some(Item {
                    id: attribute("id"),
                    path: resolve(&path, item.attribute("href")?)?,
                    media_type: attribute("media-type"),
                    properties: attribute("properties"),
                })
            })
            .collect();
        let named = |id: &str| items.iter().find(|item| item.id == id);
        let spine = elements(document, "itemref")
            .filter_map(|itemref| Some(named(itemref.attribute("idref")?)?.path.clone()))
            .collect();
        let ncx = elements(document, "spine")
            .next()
            .and_then(|spine| named(spine.attribute("toc")?))
            .map(|item| item.path.clone());
        let nav = items.iter().find(|item| item.has("nav"));
        Some(Self {
            nav: nav.map(|item| item.path.clone()),
            ncx,
            spine,
            items,
            path,
        })
    }

    pub(super) fn item(&self, path: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.path == path)
    }
}

impl Item {
    fn has(&self, property: &str) -> bool {
        self.properties
            .split_whitespace()
            .any(|other| other == property)
    }
}

impl<'a> Book<'a> {
    fn package_document(&self) -> Option<&'a Document<'a>> {
        self.documents.get(self.package.path.as_str())
    }

    /// The elements of Dublin Core of this name.
    fn metadata(&self, name: &'a str) -> Vec<Node<'a, 'a>> {
        let document = self.package_document();
        let found = document.into_iter().flat_map(|it| elements(it, name));
        found
            .filter(|node| {
                node.parent_element()
                    .is_some_and(|parent| parent.tag_name().name() == "metadata")
            })
            .collect()
    }
}

/// Send to Kindle by mail takes 50 MB.
pub(super) fn book_size(book: &Book<'_>) -> Vec<String> {
    let is_too_large = book.size >= BOOK_LIMIT;
    let finding = is_too_large.then(|| format!("{} bytes", book.size));
    finding.into_iter().collect()
}

/// What is in the book is in its manifest, spelt the same, and the other way round
/// (HTML and CSS Guidelines, File References: Case and Spelling of Source).
pub(super) fn declared_files(book: &Book<'_>) -> Vec<String> {
    let declared: BTreeSet<&str> = book
        .package
        .items
        .iter()
        .map(|item| item.path.as_str())
        .collect();
    let missing = declared
        .iter()
        .filter(|path| !book.files.contains_key(**path))
        .map(|path| format!("{path}: is not in the book"));
    let undeclared = book
        .files
        .keys()
        .filter(|path| {
            let is_container = path.starts_with("META-INF/") || *path == "mimetype";
            !is_container && **path != book.package.path && !declared.contains(path.as_str())
        })
        .map(|path| format!("{path}: is not in the manifest"));
    missing.chain(undeclared).collect()
}

/// Names of files are letters and digits of ASCII, `-`, `_` and `.`, and differ in more
/// than their case: spaces and Chinese in them are a known cause of books that come with
/// pages missing.
pub(super) fn file_names(book: &Book<'_>) -> Vec<String> {
    let mut findings = Vec::new();
    let mut taken = BTreeSet::new();
    let declared = book.package.items.iter().map(|item| &item.path);
    let paths: BTreeSet<&String> = book.files.keys().chain(declared).collect();
    for path in paths {
        let is_portable = path.chars().all(|character| {
            character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.' | '/')
        });
        if !is_portable || path.ends_with('.') {
            findings.push(format!("{path}: is no portable name"));
        }
        if !taken.insert(path.to_ascii_lowercase()) {
            findings.push(format!("{path}: another name differs in case only"));
        }
    }
    findings
}

/// A file is what its media type says: XHTML, an NCX, a style sheet or a picture. Fonts would
/// be taken, too; our books have none.
pub(super) fn media_types(book: &Book<'_>) -> Vec<String> {
    let items = book.package.items.iter();
    items
        .filter(|item| {
            let bytes = book.files.get(&item.path);
            let is_right = match item.media_type.as_str() {
                XHTML | NCX => book.documents.contains_key(item.path.as_str()),
                "text/css" => item.path.to_ascii_lowercase().ends_with(".css"),
                media_type => bytes
                    .and_then(|bytes| Picture::read(bytes))
                    .is_some_and(|picture| {
                        picture.media_type == media_type && picture.has_extension(&item.path)
                    }),
            };
            bytes.is_some() && !is_right
        })
        .map(|item| format!("{}: is no {}", item.path, item.media_type))
        .collect()
}

/// What is read is XHTML, each page once, and something of it belongs to the main text.
pub(super) fn spine(book: &Book<'_>) -> Vec<String> {
    let mut findings = Vec::new();
    let mut seen = BTreeSet::new();
    for path in &book.package.spine {
        let item = book.package.item(path);
        if item.is_none_or(|item| item.media_type != XHTML) {
            findings.push(format!("{path}: is no XHTML"));
        }
        if !seen.insert(path) {
            findings.push(format!("{path}: is read twice"));
        }
    }
    let document = book.package_document().into_iter();
    let mut itemrefs = document.flat_map(|it| elements(it, "itemref"));
    if itemrefs.all(|itemref| itemref.attribute("linear") == Some("no")) {
        findings.push("nothing is read".to_owned());
    }
    findings
}

/// A reflowable book must have a title (Creating Reflowable Books, Metadata Guidelines), and
/// one only: of two, a converter takes the last for the book's name. One without an author
/// is shelved under `Unknown`.
pub(super) fn title_and_author(book: &Book<'_>) -> Vec<String> {
    let count = |name| {
        let told = book.metadata(name).into_iter().map(words);
        told.filter(|words| !words.is_empty()).count()
    };
    let mut findings = Vec::new();
    if count("title") != 1 {
        findings.push(format!("{} titles", count("title")));
    }
    if count("creator") == 0 {
        findings.push("no author".to_owned());
    }
    findings
}

/// A book has one language (Creating Reflowable Books, Metadata Guidelines), which Amazon
/// knows. Of two, `zh-CN` and `en`, English was taken.
pub(super) fn language(book: &Book<'_>) -> Vec<String> {
    let languages: Vec<String> = book.metadata("language").into_iter().map(words).collect();
    let [language] = languages.as_slice() else {
        return vec![format!("{} languages", languages.len())];
    };
    let mut subtags = language.split('-');
    let primary = subtags.next().unwrap_or_default().to_ascii_lowercase();
    let is_well_formed = subtags.all(|subtag| {
        (1..=8).contains(&subtag.len()) && subtag.chars().all(|it| it.is_ascii_alphanumeric())
    });
    if LANGUAGES.contains(&primary.as_str()) && is_well_formed {
        Vec::new()
    } else {
        vec![format!("Kindle does not know `{language}`")]
    }
}

/// A date is a year, a month or a day, maybe with a time (W3C's profile of ISO 8601): else
/// Amazon drops it.
pub(super) fn date(book: &Book<'_>) -> Vec<String> {
    let dates = book.metadata("date").into_iter().map(words);
    dates
        .filter(|date| !is_date(date))
        .map(|date| format!("`{date}` is no date"))
        .collect()
}

fn is_date(date: &str) -> bool {
    let (day, time) = date.split_once('T').unwrap_or((date, ""));
    let is_number = |(index, part): (usize, &str)| {
        part.len() == if index == 0 { 4 } else { 2 } && part.chars().all(|it| it.is_ascii_digit())
    };
    let is_spelt = day.split('-').enumerate().all(is_number);
    let numbers: Vec<u32> = day
        .split('-')
        .filter_map(|part| part.parse().ok())
        .collect();
    let is_real = match numbers.as_slice() {
        [_] => true,
        [_, month] => (1..=12).contains(month),
        [year, month, day] => (1..=days(*year, *month)).contains(day),
        _ => false,
    };
    is_spelt && is_real && (time.is_empty() || numbers.len() == 3)
}

/// How many days a month has.
fn days(year: u32, month: u32) -> u32 {
    let is_leap = year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    }
}

/// Metadata without a word are shown as blanks.
pub(super) fn empty_metadata(book: &Book<'_>) -> Vec<String> {
    let metadata = book
        .package_document()
        .into_iter()
        .flat_map(|it| elements(it, "metadata"));
    let children = metadata.flat_map(|metadata| metadata.children().filter(Node::is_element));
    children
        .filter(|child| {
            let content = child.attribute("content").unwrap_or_default();
            words(*child).is_empty()
                && content.trim().is_empty()
                && child.attribute("href").is_none()
        })
        .map(|child| format!("{} says nothing", child.tag_name().name()))
        .collect()
}

/// The book's identifier is the one that the package names and the NCX repeats.
pub(super) fn identifier(book: &Book<'_>) -> Vec<String> {
    let root = book.package_document().map(Document::root_element);
    let id = root.and_then(|root| root.attribute("unique-identifier"));
    let identifier = book
        .metadata("identifier")
        .into_iter()
        .find(|node| id.is_some() && node.attribute("id") == id)
        .map(words);
    let Some(identifier) = identifier else {
        return vec!["the package names none".to_owned()];
    };
    let ncx = book.package.ncx.as_deref();
    let ncx = ncx.and_then(|path| book.documents.get(path));
    let repeated = ncx
        .into_iter()
        .flat_map(|ncx| elements(ncx, "meta"))
        .find(|meta| meta.attribute("name") == Some("dtb:uid"))
        .and_then(|meta| meta.attribute("content"));
    match repeated {
        Some(repeated) if repeated == identifier => Vec::new(),
        other => vec![format!("the NCX says {other:?} for {identifier:?}")],
    }
}

/// A book that runs from right to left says so (Creating Reflowable Books, Metadata
/// Guidelines).
pub(super) fn direction(book: &Book<'_>) -> Vec<String> {
    let is_rtl =
        |(_, page): (&str, &Document<'_>)| page.root_element().attribute("dir") == Some("rtl");
    let pages = book.pages().count();
    let rtl = book.pages().filter(|page| is_rtl(*page)).count();
    let spine = book
        .package_document()
        .and_then(|it| elements(it, "spine").next());
    let turns = spine.and_then(|spine| spine.attribute("page-progression-direction"));
    if (rtl * 2 > pages) == (turns == Some("rtl")) {
        Vec::new()
    } else {
        vec![format!(
            "{rtl} of {pages} pages run from right to left, the book {turns:?}"
        )]
    }
}

/// The cover picture is named in both ways (Cover Image Guidelines, Internal Content Cover
/// Image), a JPEG, and not below 500 pixels on its shorter side, which is not shown.
pub(super) fn cover(book: &Book<'_>) -> Vec<String> {
    let items = book.package.items.iter();
    let covers: Vec<&super::package::Item> = items.filter(|it| it.has("cover-image")).collect();
    let [cover] = covers.as_slice() else {
        return vec![format!("{} cover pictures", covers.len())];
    };
    let mut findings = Vec::new();
    let metas = book.metadata("meta");
    let named = metas
        .iter()
        .find(|meta| meta.attribute("name") == Some("cover"))
        .and_then(|meta| meta.attribute("content"));
    if named != Some(cover.id.as_str()) {
        findings.push(format!(
            "{}: <meta name=\"cover\"> says {named:?}",
            cover.path
        ));
    }
    match book.files.get(&cover.path).and_then(|it| Picture::read(it)) {
        Some(picture) if picture.media_type == "image/jpeg" => {
            let shorter = picture.width.min(picture.height);
            if shorter < 500 {
                findings.push(format!("{}: {shorter} pixels are too few", cover.path));
            }
        }
        _ => findings.push(format!("{}: is no JPEG", cover.path)),
    }
    findings
}

/// The cover is shown by itself; a page for it shows it twice, or fails (Cover Image
/// Guidelines, Internal Content Cover Image).
pub(super) fn cover_page(book: &Book<'_>) -> Vec<String> {
    let items = book.package.items.iter();
    let covers: BTreeSet<&str> = items
        .filter(|item| item.has("cover-image"))
        .map(|item| item.path.as_str())
        .collect();
    let shows_cover = |path: &str, page: &Document<'_>| {
        let mut sources = page.descendants().filter_map(|node| node.attribute("src"));
        sources.any(|src| resolve(path, src).is_some_and(|src| covers.contains(src.as_str())))
    };
    let pages = book.pages();
    pages
        .filter(|(path, page)| {
            let is_typed = page.descendants().any(|node| is_of_type(node, "cover"));
            is_typed && Some(*path) != book.package.nav.as_deref() || shows_cover(path, page)
        })
        .map(|(path, _)| format!("{path}: shows the cover"))
        .collect()
}
