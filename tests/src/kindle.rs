//! What Amazon asks of a book that goes to a Kindle, as far as the file shows it.
//!
//! The rules are those of the Kindle Publishing Guidelines and of Amazon's help pages for
//! publishers, which say the same. They are cited by their headings, because the numbers of
//! sections change between editions. The service that takes books by mail and by its page
//! checks more than it says, and answers everything with `E999`; causes that people found
//! are rules here, too, and said to be such.
//!
//! What cannot be seen in the file is not judged: whether a picture is sharp enough for its
//! place, whether a link's words tell where it leads. Nor is what would take words from the
//! curator, such as the advice that a picture's description has less than 140 characters,
//! nor the grammar of the package document, which is EPUBCheck's.

mod contents;
mod package;
mod page;
mod picture;
mod style;

use std::collections::BTreeMap;
use std::path::Path;

use roxmltree::{Document, Node, NodeId, ParsingOptions};

use crate::outputs::members;
use crate::read;

use self::package::Package;
use self::style::Sheet;

const CONTAINER: &str = "META-INF/container.xml";
const XHTML: &str = "application/xhtml+xml";
const NCX: &str = "application/x-dtbncx+xml";
/// The namespace of `epub:type`.
const OPS: &str = "http://www.idpf.org/2007/ops";

type Files = BTreeMap<String, Vec<u8>>;
type Documents<'a> = BTreeMap<&'a str, Document<'a>>;
type Rule = fn(&Book<'_>) -> Vec<String>;

/// The rules with their names.
const RULES: &[(&str, Rule)] = &[
    ("book-size", package::book_size),
    ("declared-files", package::declared_files),
    ("file-names", package::file_names),
    ("media-types", package::media_types),
    ("spine", package::spine),
    ("title-and-author", package::title_and_author),
    ("language", package::language),
    ("date", package::date),
    ("empty-metadata", package::empty_metadata),
    ("identifier", package::identifier),
    ("direction", package::direction),
    ("cover", package::cover),
    ("cover-page", package::cover_page),
    ("ncx", contents::ncx),
    ("ncx-order", contents::ncx_order),
    ("nav", contents::nav),
    ("nav-in-spine", contents::nav_in_spine),
    ("guide", contents::guide),
    ("declaration", page::declaration),
    ("doctype", page::doctype),
    ("namespace", page::namespace),
    ("elements", page::elements),
    ("math", page::math),
    ("drawings", page::drawings),
    ("paragraphs", page::paragraphs),
    ("tables", page::tables),
    ("headings", page::headings),
    ("ids", page::ids),
    ("links", page::links),
    ("notes", page::notes),
    ("two-way-links", page::two_way_links),
    ("spaces", page::spaces),
    ("empty-page", page::empty_page),
    ("hidden", style::hidden),
    ("sheet", style::sheet),
    ("at-rules", style::at_rules),
    ("resources", style::resources),
    ("functions", style::functions),
    ("position", style::position),
    ("negative", style::negative),
    ("fixed-units", style::fixed_units),
    ("side-margins", style::side_margins),
    ("heights", style::heights),
    ("body-text", style::body_text),
    ("black-and-white", style::black_and_white),
    ("heading-alignment", style::heading_alignment),
    ("pictures", picture::pictures),
    ("picture-elements", picture::picture_elements),
];

/// A book taken apart.
struct Book<'a> {
    /// Of the archive, in bytes.
    size: usize,
    files: &'a Files,
    /// What is well-formed XML, by path.
    documents: &'a Documents<'a>,
    /// The first element of each `id`, by path.
    ids: BTreeMap<&'a str, BTreeMap<&'a str, NodeId>>,
    package: Package,
    sheets: Vec<Sheet>,
}

/// The names of the rules.
pub fn rules() -> impl Iterator<Item = &'static str> {
    // A file that is not well-formed has a name of its own, because nothing else can be
    // said of it.
    ["well-formed"]
        .into_iter()
        .chain(RULES.iter().map(|(name, _)| *name))
}

/// What Amazon would blame in a book: the rule, the file, the fault. None is good.
///
/// # Panics
/// When the file is no ZIP archive.
#[must_use]
pub fn findings(book: &Path) -> Vec<String> {
    let bytes = read(book);
    let files: Files = members(&bytes).into_iter().collect();
    let mut findings = Vec::new();
    let mut documents = Documents::new();
    for (path, bytes) in &files {
        match document(path, bytes) {
            None => {}
            Some(Ok(document)) => {
                documents.insert(path, document);
            }
            Some(Err(fault)) => findings.push(format!("well-formed: {path}: {fault}")),
        }
    }
    let Some(package) = Package::of(&documents) else {
        findings.push("well-formed: no package document".to_owned());
        return findings;
    };
    let book = Book {
        size: bytes.len(),
        files: &files,
        documents: &documents,
        ids: documents
            .iter()
            .map(|(path, document)| (*path, ids(document)))
            .collect(),
        sheets: style::sheets(&files, &documents),
        package,
    };
    for (name, rule) in RULES {
        findings.extend(rule(&book).into_iter().map(|it| format!("{name}: {it}")));
    }
    findings
}

/// A file of XML. Only UTF-8 is taken (HTML and CSS Guidelines, Support for Other
/// Encodings, allows more, but the service by mail mistakes them), and `--` in a comment is
/// no XML: both are known causes of `E999`.
fn document<'a>(path: &str, bytes: &'a [u8]) -> Option<Result<Document<'a>, String>> {
    let (_, extension) = path.rsplit_once('.')?;
    if !["xhtml", "html", "htm", "opf", "ncx", "xml"].contains(&extension) {
        return None;
    }
    let options = ParsingOptions {
        allow_dtd: true,
        ..ParsingOptions::default()
    };
    Some(match std::str::from_utf8(bytes) {
        Ok(text) => Document::parse_with_options(text, options).map_err(|it| it.to_string()),
        Err(error) => Err(error.to_string()),
    })
}

fn ids<'a>(document: &'a Document<'_>) -> BTreeMap<&'a str, NodeId> {
    let mut ids = BTreeMap::new();
    for node in document.descendants() {
        if let Some(id) = node.attribute("id") {
            ids.entry(id).or_insert_with(|| node.id());
        }
    }
    ids
}

/// Where a reference inside the book leads.
struct Place<'a> {
    path: String,
    /// The element, when it has a fragment.
    element: Option<Node<'a, 'a>>,
}

impl<'a> Book<'a> {
    /// The pages in reading order.
    fn pages(&self) -> impl Iterator<Item = (&str, &'a Document<'a>)> {
        let spine = self.package.spine.iter();
        spine.filter_map(|path| Some((path.as_str(), self.documents.get(path.as_str())?)))
    }

    /// A file's place in reading order.
    fn position(&self, path: &str) -> Option<usize> {
        self.package.spine.iter().position(|other| other == path)
    }

    /// Where a reference in the file `from` leads; `None` when out of the book.
    fn place(&self, from: &str, href: &str) -> Result<Option<Place<'a>>, String> {
        let is_address = |it: char| !it.is_whitespace() && !it.is_control() && !"<>\\".contains(it);
        if !href.chars().all(is_address) {
            return Err(format!("{href:?} is no address"));
        }
        let is_web = ["http://", "https://", "mailto:"]
            .iter()
            .any(|scheme| href.starts_with(scheme));
        if is_web {
            return Ok(None);
        }
        let (file, fragment) = match href.split_once('#') {
            Some((file, fragment)) => (file, Some(fragment)),
            None => (href, None),
        };
        let path = if file.is_empty() {
            from.to_owned()
        } else {
            resolve(from, file).ok_or_else(|| format!("`{href}` leads out of the book"))?
        };
        if !self.files.contains_key(&path) {
            return Err(format!("`{href}` is not in the book"));
        }
        let element = match fragment {
            None => None,
            Some(fragment) => {
                let id = self
                    .ids
                    .get(path.as_str())
                    .and_then(|ids| ids.get(fragment));
                let document = self.documents.get(path.as_str());
                let element = id.and_then(|id| document?.get_node(*id));
                Some(element.ok_or_else(|| format!("`{href}` names no element"))?)
            }
        };
        Ok(Some(Place { path, element }))
    }
}

/// A path relative to the file `from`, as a path in the archive.
fn resolve(from: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The elements of this name in a document, whatever their namespace.
fn elements<'a>(document: &'a Document<'a>, name: &'a str) -> impl Iterator<Item = Node<'a, 'a>> {
    document
        .descendants()
        .filter(move |node| node.is_element() && node.tag_name().name() == name)
}

/// The words in an element.
fn words(node: Node<'_, '_>) -> String {
    let texts = node.descendants().filter(Node::is_text);
    let text: String = texts.filter_map(|text| text.text()).collect();
    text.trim().to_owned()
}

/// Whether `epub:type` has this word.
fn is_of_type(node: Node<'_, '_>, word: &str) -> bool {
    let types = node.attribute((OPS, "type")).unwrap_or_default();
    types.split_whitespace().any(|other| other == word)
}
