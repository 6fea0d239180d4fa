//! How a reader finds the parts of a book.

use std::collections::BTreeSet;

use roxmltree::{Document, Node};

use super::{Book, elements, is_of_type, words};

/// The most pages that stand before the contents.
const BEFORE_CONTENTS: usize = 2;

/// An entry of the contents.
#[derive(Debug, PartialEq, Eq)]
struct Entry<'a> {
    /// 1 for the outermost.
    depth: usize,
    label: String,
    href: &'a str,
}

/// How many elements of this name a node stands in, itself among them.
fn depth(node: Node<'_, '_>, name: &str) -> usize {
    node.ancestors().filter(|it| it.has_tag_name(name)).count()
}

fn points<'a>(ncx: &'a Document<'a>) -> Vec<Entry<'a>> {
    let points = elements(ncx, "navPoint");
    points
        .map(|point| {
            let child = |name| point.children().find(|child| child.has_tag_name(name));
            let content = child("content").and_then(|content| content.attribute("src"));
            Entry {
                depth: depth(point, "navPoint"),
                label: child("navLabel").map(words).unwrap_or_default(),
                href: content.unwrap_or_default(),
            }
        })
        .collect()
}

/// The links of the list of this `epub:type` in the navigation document.
fn links<'a>(nav: &'a Document<'a>, kind: &str) -> Vec<Node<'a, 'a>> {
    let list = elements(nav, "nav").filter(|list| is_of_type(*list, kind));
    list.flat_map(|list| list.descendants().filter(|node| node.has_tag_name("a")))
        .collect()
}

fn lines<'a>(nav: &'a Document<'a>) -> Vec<Entry<'a>> {
    let links = links(nav, "toc").into_iter();
    links
        .map(|link| Entry {
            depth: depth(link, "ol"),
            label: words(link),
            href: link.attribute("href").unwrap_or_default(),
        })
        .collect()
}

impl<'a> Book<'a> {
    fn ncx(&self) -> Option<(&str, &'a Document<'a>)> {
        let path = self.package.ncx.as_deref()?;
        Some((path, self.documents.get(path)?))
    }

    fn nav(&self) -> Option<(&str, &'a Document<'a>)> {
        let path = self.package.nav.as_deref()?;
        Some((path, self.documents.get(path)?))
    }
}

/// What is wrong with contents: entries of a third level (Navigation Guidelines, NCX
/// Guidelines), without words, or that lead out of what is read.
fn faults(book: &Book<'_>, path: &str, entries: &[Entry<'_>]) -> Vec<String> {
    let mut findings = Vec::new();
    if entries.is_empty() {
        findings.push(format!("{path}: has no entry"));
    }
    for Entry { depth, label, href } in entries {
        if *depth > 2 {
            findings.push(format!("{path}: {label:?} is of level {depth}"));
        }
        if label.is_empty() {
            findings.push(format!("{path}: the entry of {href} has no words"));
        }
        match book.place(path, href) {
            Ok(Some(place)) if book.position(&place.path).is_some() => {}
            Ok(_) => findings.push(format!("{path}: {href} is not read")),
            Err(fault) => findings.push(format!("{path}: {fault}")),
        }
    }
    findings
}

/// A book has an NCX, named by the spine, of two levels at the most, whose entries lead to
/// pages (Navigation Guidelines, NCX Guidelines).
pub(super) fn ncx(book: &Book<'_>) -> Vec<String> {
    let Some((path, ncx)) = book.ncx() else {
        return vec!["the spine names none".to_owned()];
    };
    let entries = points(ncx);
    let mut findings = faults(book, path, &entries);
    let deepest = entries.iter().map(|entry| entry.depth).max();
    let told = elements(ncx, "meta")
        .find(|meta| meta.attribute("name") == Some("dtb:depth"))
        .and_then(|meta| meta.attribute("content")?.parse().ok());
    if told != deepest {
        findings.push(format!("{path}: dtb:depth is {told:?}, not {deepest:?}"));
    }
    findings
}

/// The entries of the NCX come in the order of the book (Navigation Guidelines, NCX
/// Guidelines) and are counted from 1 without a gap; another order is a known cause of
/// `E999`.
pub(super) fn ncx_order(book: &Book<'_>) -> Vec<String> {
    let Some((path, ncx)) = book.ncx() else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    for (index, point) in elements(ncx, "navPoint").enumerate() {
        let order = point.attribute("playOrder");
        if order != Some((index + 1).to_string().as_str()) {
            findings.push(format!("{path}: entry {} is counted {order:?}", index + 1));
        }
    }
    let places: Vec<(usize, Option<u32>)> = points(ncx)
        .iter()
        .filter_map(|entry| book.place(path, entry.href).ok().flatten())
        .filter_map(|place| {
            let element = place.element.map(|element| element.id().get());
            Some((book.position(&place.path)?, element))
        })
        .collect();
    let is_ascending = |pair: &[(usize, Option<u32>)]| match pair {
        [first, second] => first <= second,
        _ => true,
    };
    if !places.windows(2).all(is_ascending) {
        findings.push(format!("{path}: is not in reading order"));
    }
    findings
}

/// The contents as a page say the same as the NCX, in links and not in a table (Navigation
/// Guidelines, HTML Table of Contents Guidelines); where pages of print are marked, there is
/// a list of them, too (Text Guidelines, Enabling Real Page Numbers).
pub(super) fn nav(book: &Book<'_>) -> Vec<String> {
    let Some((path, nav)) = book.nav() else {
        return vec!["there is none".to_owned()];
    };
    let entries = lines(nav);
    let mut findings = faults(book, path, &entries);
    if elements(nav, "table").next().is_some() {
        findings.push(format!("{path}: has a table"));
    }
    if book.ncx().is_none_or(|(_, ncx)| points(ncx) != entries) {
        findings.push(format!("{path}: and the NCX differ"));
    }
    let mut nodes = book.pages().flat_map(|(_, page)| page.descendants());
    let is_marked = nodes.any(|node| is_of_type(node, "pagebreak"));
    if is_marked && links(nav, "page-list").is_empty() {
        findings.push(format!("{path}: has no list of the pages"));
    }
    findings
}

/// The contents stand toward the beginning of the book (Navigation Guidelines, HTML Table
/// of Contents Guidelines), where one who leafs through it meets them.
pub(super) fn nav_in_spine(book: &Book<'_>) -> Vec<String> {
    let position = book.nav().and_then(|(path, _)| book.position(path));
    if position.is_some_and(|position| position <= BEFORE_CONTENTS) {
        Vec::new()
    } else {
        vec![format!("the contents are page {position:?}")]
    }
}

/// The menu can go to the contents and to the beginning (Navigation Guidelines, Guide
/// Items), by the landmarks or the guide; both lead to pages, and to no cover page.
pub(super) fn guide(book: &Book<'_>) -> Vec<String> {
    let mut findings = Vec::new();
    let mut kinds = BTreeSet::new();
    let package = book.package.path.as_str();
    let references = book
        .documents
        .get(package)
        .into_iter()
        .flat_map(|it| elements(it, "reference"));
    let guide = references.map(|it| (package, it, it.attribute("type").unwrap_or_default()));
    let landmarks = book.nav().into_iter().flat_map(|(path, nav)| {
        let links = links(nav, "landmarks").into_iter();
        links.map(move |it| {
            (
                path,
                it,
                it.attribute((super::OPS, "type")).unwrap_or_default(),
            )
        })
    });
    for (path, node, kind) in guide.chain(landmarks) {
        let href = node.attribute("href").unwrap_or_default();
        match book.place(path, href) {
            Ok(Some(place)) if book.position(&place.path).is_some() => {}
            Ok(_) => findings.push(format!("{path}: {href} is not read")),
            Err(fault) => findings.push(format!("{path}: {fault}")),
        }
        if kind == "cover" {
            findings.push(format!("{path}: names {href} as the cover"));
        }
        kinds.insert(kind.to_owned());
    }
    if !kinds.contains("toc") {
        findings.push("no way to the contents".to_owned());
    }
    if !kinds.contains("bodymatter") && !kinds.contains("text") {
        findings.push("no way to the beginning".to_owned());
    }
    findings
}
