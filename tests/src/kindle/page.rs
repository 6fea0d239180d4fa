//! The pages' markup.

use std::collections::BTreeSet;

use roxmltree::Node;

use super::{Book, OPS, Place, is_of_type, words};

/// What Kindle does not show, or shows as something else: scripts, forms and frames (HTML
/// and CSS Guidelines), and what is missing among the supported tags.
const UNSUPPORTED: &[&str] = &[
    "applet", "audio", "button", "canvas", "datalist", "details", "dialog", "embed", "fieldset",
    "form", "frame", "frameset", "iframe", "input", "keygen", "legend", "marquee", "meter",
    "noframes", "noscript", "object", "optgroup", "option", "picture", "portal", "progress",
    "script", "select", "slot", "source", "summary", "template", "textarea", "track", "video",
];

const MATHML: &str = "http://www.w3.org/1998/Math/MathML";

/// What Enhanced Typesetting shows of `MathML` (Text Guidelines, `MathML` Support).
const MATH: &str = "annotation maligngroup malignmark math menclose mfenced mfrac mi \
    mlabeledtr mmultiscripts mn mo mover mpadded mphantom mroot mrow ms mspace msqrt mstyle \
    msub msubsup msup mtable mtd mtext mtr munder munderover semantics";

/// The most drawings in SVG that a book with Enhanced Typesetting may have.
const DRAWINGS: usize = 25;

/// Rows and columns from which a table is too large.
const ROWS: usize = 100;
const COLUMNS: usize = 11;

/// For each page, what a judge says of it.
fn of_pages<'b>(
    book: &'b Book<'_>,
    judge: impl Fn(&'b str, Node<'b, 'b>) -> Vec<String>,
) -> Vec<String> {
    let pages = book.pages();
    pages
        .flat_map(|(path, page)| {
            let findings = judge(path, page.root()).into_iter();
            findings.map(move |it| format!("{path}: {it}"))
        })
        .collect()
}

/// Each element of this name below a node.
fn below<'a>(node: Node<'a, 'a>, name: &'a str) -> impl Iterator<Item = Node<'a, 'a>> {
    node.descendants().filter(move |it| it.has_tag_name(name))
}

/// What stands before the root element of each page.
fn prologues<'b>(book: &'b Book<'_>) -> impl Iterator<Item = (&'b str, &'b str)> {
    let pages = book.pages();
    pages.map(|(path, page)| {
        let start = page.root_element().range().start;
        let (prologue, _) = page.input_text().split_at(start);
        (path, prologue)
    })
}

/// Every page says that it is XML 1.0 in UTF-8: else Send to Kindle reads it as ISO 8859-1.
pub(super) fn declaration(book: &Book<'_>) -> Vec<String> {
    let declared = "<?xml version=\"1.0\" encoding=\"utf-8\"?>";
    let package = [Some(&book.package.path), book.package.ncx.as_ref()];
    let others = package.into_iter().flatten().filter_map(|path| {
        let document = book.documents.get(path.as_str())?;
        Some((path.as_str(), document.input_text()))
    });
    prologues(book)
        .chain(others)
        .filter(|(_, text)| {
            let start = text.get(..declared.len()).unwrap_or_default();
            !start.eq_ignore_ascii_case(declared)
        })
        .map(|(path, _)| format!("{path}: does not begin with {declared}"))
        .collect()
}

/// A page is HTML 5 and declares no entities (HTML and CSS Guidelines, Supported Characters
/// and Spaces: characters stand for themselves).
pub(super) fn doctype(book: &Book<'_>) -> Vec<String> {
    prologues(book)
        .filter(|(_, prologue)| {
            let doctype = prologue.split_once("<!").map_or("", |(_, rest)| rest);
            !doctype.trim().eq_ignore_ascii_case("doctype html>")
        })
        .map(|(path, _)| format!("{path}: its doctype is not that of HTML 5"))
        .collect()
}

/// The prefix `epub` means EPUB's own attributes: with another namespace, contents and notes
/// lose their meaning without a word.
pub(super) fn namespace(book: &Book<'_>) -> Vec<String> {
    of_pages(book, |_, root| {
        let mut spaces = root.descendants().flat_map(|node| node.namespaces());
        let is_wrong = spaces.any(|space| space.name() == Some("epub") && space.uri() != OPS);
        let finding = is_wrong.then(|| format!("`epub` does not mean {OPS}"));
        finding.into_iter().collect()
    })
}

/// No page has an element that Kindle does not support (HTML and CSS Guidelines; Supported
/// HTML Tags).
pub(super) fn elements(book: &Book<'_>) -> Vec<String> {
    of_pages(book, |_, root| {
        let elements = root.descendants().filter(Node::is_element);
        let names: BTreeSet<&str> = elements.map(|it| it.tag_name().name()).collect();
        let unsupported = names.into_iter().filter(|name| UNSUPPORTED.contains(name));
        unsupported.map(|name| format!("has <{name}>")).collect()
    })
}

/// A formula has only what Kindle shows (Text Guidelines, `MathML` Support).
pub(super) fn math(book: &Book<'_>) -> Vec<String> {
    of_pages(book, |_, root| {
        let elements = root.descendants().filter(|it| is_math(*it));
        let names: BTreeSet<&str> = elements.map(|it| it.tag_name().name()).collect();
        let unsupported = names
            .into_iter()
            .filter(|name| MATH.split(' ').all(|it| it != *name));
        unsupported.map(|name| format!("has <{name}>")).collect()
    })
}

fn is_math(node: Node<'_, '_>) -> bool {
    node.tag_name().namespace() == Some(MATHML)
}

/// Drawings in SVG are few and have no letters (Image Guidelines, Supported SVG Tags and
/// Elements).
pub(super) fn drawings(book: &Book<'_>) -> Vec<String> {
    let mut count = 0;
    let mut findings = Vec::new();
    for (path, page) in book.pages() {
        for drawing in below(page.root(), "svg") {
            count += 1;
            if below(drawing, "text").next().is_some() {
                findings.push(format!("{path}: has letters in a drawing"));
            }
        }
    }
    if count > DRAWINGS {
        findings.push(format!("{count} drawings"));
    }
    findings
}

/// A paragraph stands in no other (HTML and CSS Guidelines, Nested `<p>` Tags).
pub(super) fn paragraphs(book: &Book<'_>) -> Vec<String> {
    of_pages(book, |_, root| {
        let nested = below(root, "p").filter(|it| is_within(*it, "p"));
        nested
            .map(|it| format!("{:?} is a paragraph in one", words(it)))
            .collect()
    })
}

/// Whether a node is below an element of this name.
fn is_within(node: Node<'_, '_>, name: &str) -> bool {
    node.ancestors().skip(1).any(|it| it.has_tag_name(name))
}

/// Tables have fewer than 100 rows and no more than 10 columns, none stands in another, and
/// no cell is wider or higher than its table (Table Guidelines).
pub(super) fn tables(book: &Book<'_>) -> Vec<String> {
    of_pages(book, |_, root| {
        let mut findings = Vec::new();
        for table in below(root, "table") {
            if is_within(table, "table") {
                findings.push("has a table in a table".to_owned());
            }
            let rows = below(table, "tr").count();
            let columns = below(table, "tr").map(columns).max().unwrap_or_default();
            if rows >= ROWS || columns >= COLUMNS {
                findings.push(format!("has a table of {rows} rows and {columns} columns"));
            }
            let spans = below(table, "tr").flat_map(|row| row.children());
            if spans
                .map(|cell| span(cell, "rowspan"))
                .any(|span| span > rows)
            {
                findings.push("has a cell that is higher than its table".to_owned());
            }
        }
        findings
    })
}

fn columns(row: Node<'_, '_>) -> usize {
    let cells = row.children().filter(Node::is_element);
    cells.map(|cell| span(cell, "colspan")).sum()
}

fn span(cell: Node<'_, '_>, name: &str) -> usize {
    let span = cell.attribute(name).and_then(|span| span.parse().ok());
    span.unwrap_or(1)
}

/// The level of a heading.
pub(super) fn level(node: Node<'_, '_>) -> Option<usize> {
    let name = node.tag_name().name();
    let levels = ["h1", "h2", "h3", "h4", "h5", "h6"];
    Some(levels.iter().position(|level| *level == name)? + 1)
}

/// Each page has headings, from the first level and without a gap (QA Standards).
pub(super) fn headings(book: &Book<'_>) -> Vec<String> {
    of_pages(book, |_, root| {
        let mut findings = Vec::new();
        let mut last = 0;
        for heading in root.descendants() {
            let Some(level) = level(heading) else {
                continue;
            };
            if level > last + 1 {
                findings.push(format!("h{last}, then h{level} {:?}", words(heading)));
            }
            if words(heading).is_empty() && below(heading, "img").next().is_none() {
                findings.push(format!("an h{level} has no words"));
            }
            last = level;
        }
        if last == 0 {
            findings.push("has no heading".to_owned());
        }
        findings
    })
}

/// An `id` names one element.
pub(super) fn ids(book: &Book<'_>) -> Vec<String> {
    of_pages(book, |_, root| {
        let mut taken = BTreeSet::new();
        let ids = root.descendants().filter_map(|node| node.attribute("id"));
        ids.filter(|id| !taken.insert(*id))
            .map(|id| format!("`{id}` is there twice"))
            .collect()
    })
}

/// A link leads to a page that is read or to the web, and never to the `id` of a `body`,
/// which Kindle takes off: all others are known causes of `E999`.
pub(super) fn links(book: &Book<'_>) -> Vec<String> {
    of_pages(book, |path, root| {
        let links = below(root, "a").filter_map(|link| link.attribute("href"));
        links
            .filter_map(|href| match book.place(path, href) {
                Ok(None) => None,
                Ok(Some(place)) => {
                    let is_body = place.element.is_some_and(|it| it.has_tag_name("body"));
                    let is_lost = is_body || book.position(&place.path).is_none();
                    is_lost.then(|| format!("{href} leads to nothing that is read"))
                }
                Err(fault) => Some(fault),
            })
            .collect()
    })
}

impl<'a> Book<'a> {
    /// The element of the book to which a link leads.
    fn target(&self, path: &str, link: Node<'_, '_>) -> Option<Node<'a, 'a>> {
        let place: Place<'a> = self.place(path, link.attribute("href")?).ok()??;
        place.element
    }

    /// The file in which an element of a page stands.
    fn path_of(&self, node: Node<'_, '_>) -> &str {
        let root = node.document().root();
        let pages = self.pages().find(|(_, page)| page.root() == root);
        pages.map_or("", |(path, _)| path)
    }
}

/// The note in which a node stands.
fn note<'a>(node: Node<'a, 'a>) -> Option<Node<'a, 'a>> {
    node.ancestors()
        .find(|it| it.has_tag_name("aside") && is_of_type(*it, "footnote"))
}

/// A mark leads to a note, which is an `aside` of the type `footnote`, and each note leads
/// back to a mark of its own (Text Guidelines, Footnote Guidelines).
pub(super) fn notes(book: &Book<'_>) -> Vec<String> {
    of_pages(book, |path, root| {
        let leads_to = |link| book.target(path, link).and_then(note);
        let marks = below(root, "a").filter(|it| is_of_type(*it, "noteref"));
        let lost = marks
            .filter(|mark| leads_to(*mark).is_none())
            .map(|mark| format!("{:?} leads to no note", words(mark)));
        let asides = below(root, "aside").filter(|it| note(*it) == Some(*it));
        let is_answered = |aside: &Node<'_, '_>| {
            let back = below(*aside, "a").filter_map(|link| book.target(path, link));
            back.flat_map(|mark| below(mark, "a"))
                .any(|mark| leads_to(mark) == Some(*aside))
        };
        let unanswered = asides
            .filter(|aside| !is_answered(aside))
            .map(|aside| format!("the note {:?} leads to no mark of it", words(aside)));
        lost.chain(unanswered).collect()
    })
}

/// Of two links none leads to the other, unless they are a note and its mark: Kindle takes
/// such a pair for a note, and shows a window where a page is wanted (Hyperlink Guidelines,
/// Internal Link Guidelines).
pub(super) fn two_way_links(book: &Book<'_>) -> Vec<String> {
    of_pages(book, |path, root| {
        let is_small = |node: &Node<'_, '_>| {
            let large = ["article", "body", "html", "main", "nav", "section"];
            !large.contains(&node.tag_name().name())
        };
        let leads_back = |link: &Node<'_, '_>| {
            let Some(target) = book.target(path, *link).filter(|it| note(*it).is_none()) else {
                return false;
            };
            let there = book.path_of(target);
            let back = below(target, "a").filter_map(|link| book.target(there, link));
            let mut back = back.filter(is_small);
            note(*link).is_none() && back.any(|back| link.ancestors().any(|it| it == back))
        };
        let links = below(root, "a").filter(leads_back);
        links
            .map(|link| format!("{:?} leads to a link that leads back", words(link)))
            .collect()
    })
}

/// Spaces are plain ones, no-break ones and the zero width non-joiner, and Unicode's other
/// format characters are absent: they break selection, the dictionary and lines (HTML and
/// CSS Guidelines, Supported Characters and Spaces). The zero width joiner is let pass,
/// because emoji and some scripts are spelt with it, and so are formulas.
///
/// No-break spaces do not stand for all spaces of a paragraph (Text Guidelines, Body Text
/// Defaults).
pub(super) fn spaces(book: &Book<'_>) -> Vec<String> {
    let mut findings = of_pages(book, |_, root| unsupported_characters(root));
    let ncx = book.package.ncx.as_deref();
    if let Some(ncx) = ncx.and_then(|path| book.documents.get(path)) {
        let unsupported = unsupported_characters(ncx.root()).into_iter();
        findings.extend(unsupported.map(|it| format!("the NCX: {it}")));
    }
    findings.extend(of_pages(book, |_, root| {
        let fixed = below(root, "p").filter(|paragraph| {
            let words = words(*paragraph);
            words.matches('\u{a0}').count() > 2 && !words.contains(' ')
        });
        let fixed = fixed.map(|it| format!("{:?} has no-break spaces only", words(it)));
        fixed.collect()
    }));
    findings
}

fn unsupported_characters(root: Node<'_, '_>) -> Vec<String> {
    let texts = root.descendants().filter(|it| {
        let is_formula = it.parent_element().is_some_and(is_math);
        it.is_text() && !is_formula
    });
    let characters: BTreeSet<char> = texts
        .filter_map(|text| text.text())
        .flat_map(str::chars)
        .filter(|it| is_unsupported(*it))
        .collect();
    let codes = characters.into_iter().map(u32::from);
    codes.map(|code| format!("has U+{code:04X}")).collect()
}

fn is_unsupported(character: char) -> bool {
    let is_supported_space = matches!(character, ' ' | '\n' | '\t' | '\u{a0}');
    let is_format = matches!(
        character,
        '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'
            | '\u{200e}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
    );
    character.is_whitespace() && !is_supported_space || is_format
}

/// A page shows something.
pub(super) fn empty_page(book: &Book<'_>) -> Vec<String> {
    of_pages(book, |_, root| {
        let body = below(root, "body").next();
        let shows = |body: Node<'_, '_>| {
            let mut all = body.descendants();
            !words(body).is_empty()
                || all.any(|it| it.has_tag_name("img") || it.has_tag_name("svg"))
        };
        if body.is_some_and(shows) {
            Vec::new()
        } else {
            vec!["shows nothing".to_owned()]
        }
    })
}
