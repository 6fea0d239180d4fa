//! The structure tree and what leads from pages to it (ISO 32000-1, 14.7).

use std::io::Write as _;

use super::file::{File, Id, push_literal, push_number, push_text};
use crate::content::Content;
use crate::structure::{ElementId, Kind, Node, Numbering, Role, Tree};

/// A sequence of a page that is content: whose, where, and under which number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Marked {
    tag: u32,
    page: u32,
    number: u32,
}

/// A link's annotation and the element that it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Annotation {
    pub(crate) element: ElementId,
    pub(crate) page: u32,
    pub(crate) id: Id,
}

/// What the tree is made from.
pub(crate) struct Sources<'a> {
    pub(crate) tree: &'a Tree,
    pub(crate) contents: &'a [Content],
    pub(crate) pages: &'a [Id],
    /// In the order of their `StructParent` numbers, which begin after the pages'.
    pub(crate) annotations: &'a [Annotation],
}

/// Writes the tree. Returns the number of its root.
pub(crate) fn write(file: &mut File, sources: &Sources<'_>) -> Id {
    let root = file.reserve();
    let nodes = sources.tree.nodes();
    let marked = marked(sources.contents);
    let mut annotations = sources.annotations.to_vec();
    annotations.sort_unstable();
    let live = live(nodes, &marked, &annotations);
    let mut ids: Vec<Option<Id>> = Vec::with_capacity(nodes.len());
    for (node, &is_live) in nodes.iter().zip(&live) {
        let is_element = matches!(node.kind, Kind::Element { .. });
        ids.push((is_element && is_live).then(|| file.reserve()));
    }
    let writer = Writer {
        nodes,
        children: Children::new(nodes, &live),
        marked: &marked,
        annotations: &annotations,
        boxes: boxes(sources.contents),
        pages: sources.pages,
        ids: &ids,
        root,
    };
    let mut names = Vec::new();
    for index in 0..nodes.len() {
        if let Some(id) = writer.id(index) {
            let body = writer.element(index, &mut names);
            file.object(id, &body);
        }
    }
    let parents = writer.parent_tree(file, sources);
    let mut body = b"<</Type/StructTreeRoot/K ".to_vec();
    let document = writer.id(Tree::ROOT.index());
    let _ = match document {
        Some(document) => write!(body, "{document}"),
        None => write!(body, "[]"),
    };
    let next = sources.pages.len() + sources.annotations.len();
    let _ = write!(body, "/ParentTree {parents}/ParentTreeNextKey {next}");
    if !names.is_empty() {
        names.sort();
        body.extend_from_slice(b"/IDTree<</Names[");
        for (name, id) in names {
            push_literal(&mut body, name.bytes());
            let _ = write!(body, "{id}");
        }
        body.extend_from_slice(b"]>>");
    }
    body.extend_from_slice(b">>");
    file.object(root, &body);
    root
}

fn marked(contents: &[Content]) -> Vec<Marked> {
    let mut marked: Vec<Marked> = contents
        .iter()
        .zip(0..)
        .flat_map(|(content, page)| {
            content
                .marks
                .iter()
                .zip(0..)
                .map(move |(tag, number)| Marked {
                    tag: tag.index() as u32,
                    page,
                    number,
                })
        })
        .collect();
    marked.sort_unstable();
    marked
}

/// Where pictures and displayed formulas stand, ordered by their content.
fn boxes(contents: &[Content]) -> Vec<(u32, [f32; 4])> {
    let mut boxes: Vec<(u32, [f32; 4])> = contents
        .iter()
        .flat_map(|content| &content.boxes)
        .map(|(tag, corners)| (tag.index() as u32, *corners))
        .collect();
    boxes.sort_by_key(|(tag, _)| *tag);
    boxes
}

/// Whether each node came to stand on a page, or anything in it.
fn live(nodes: &[Node], marked: &[Marked], annotations: &[Annotation]) -> Vec<bool> {
    let mut live = vec![false; nodes.len()];
    let own = marked
        .iter()
        .map(|marked| marked.tag as usize)
        .chain(annotations.iter().map(|link| link.element.index()));
    for index in own {
        if let Some(slot) = live.get_mut(index) {
            *slot = true;
        }
    }
    // Parents stand before their children.
    for (index, node) in nodes.iter().enumerate().rev() {
        if live.get(index).copied().unwrap_or_default()
            && let Some(slot) = live.get_mut(node.parent as usize)
        {
            *slot = true;
        }
    }
    live
}

/// The children of every node, one after the other.
struct Children {
    starts: Vec<u32>,
    children: Vec<u32>,
}

impl Children {
    fn new(nodes: &[Node], live: &[bool]) -> Self {
        let is_child = |index: usize| index > 0 && live.get(index).copied().unwrap_or_default();
        let mut starts = vec![0_u32; nodes.len() + 1];
        for (index, node) in nodes.iter().enumerate() {
            if is_child(index)
                && let Some(count) = starts.get_mut(node.parent as usize + 1)
            {
                *count += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut next = starts.clone();
        let mut children = vec![0_u32; sum as usize];
        for (index, node) in nodes.iter().enumerate() {
            if is_child(index)
                && let Some(place) = next.get_mut(node.parent as usize)
                && let Some(slot) = children.get_mut(*place as usize)
            {
                *slot = index as u32;
                *place += 1;
            }
        }
        Self { starts, children }
    }

    fn of(&self, index: usize) -> &[u32] {
        let at = |index: usize| self.starts.get(index).copied().unwrap_or_default() as usize;
        self.children
            .get(at(index)..at(index + 1))
            .unwrap_or_default()
    }
}

struct Writer<'a> {
    nodes: &'a [Node],
    children: Children,
    marked: &'a [Marked],
    annotations: &'a [Annotation],
    boxes: Vec<(u32, [f32; 4])>,
    pages: &'a [Id],
    ids: &'a [Option<Id>],
    root: Id,
}

impl Writer<'_> {
    fn id(&self, index: usize) -> Option<Id> {
        self.ids.get(index).copied().flatten()
    }

    fn marked_of(&self, index: u32) -> &[Marked] {
        let start = self.marked.partition_point(|marked| marked.tag < index);
        let end = self.marked.partition_point(|marked| marked.tag <= index);
        self.marked.get(start..end).unwrap_or_default()
    }

    fn annotations_of(&self, index: usize) -> &[Annotation] {
        let element = |link: &Annotation| link.element.index();
        let start = self
            .annotations
            .partition_point(|link| element(link) < index);
        let end = self
            .annotations
            .partition_point(|link| element(link) <= index);
        self.annotations.get(start..end).unwrap_or_default()
    }

    /// The first page on which an element has content of its own.
    fn page(&self, index: usize) -> Option<u32> {
        let contents = self.children.of(index).iter().copied();
        let marked = contents
            .filter_map(|child| self.marked_of(child).first())
            .map(|marked| marked.page);
        let links = self.annotations_of(index).iter().map(|link| link.page);
        marked.chain(links).next()
    }

    fn element(&self, index: usize, names: &mut Vec<(String, Id)>) -> Vec<u8> {
        let mut body = b"<</S/".to_vec();
        let (Some(id), Some(node)) = (self.id(index), self.nodes.get(index)) else {
            return body;
        };
        let Kind::Element { role, lang } = &node.kind else {
            return body;
        };
        let parent = if index == Tree::ROOT.index() {
            Some(self.root)
        } else {
            self.id(node.parent as usize)
        };
        body.extend_from_slice(structure_type(role).as_bytes());
        if let Some(parent) = parent {
            let _ = write!(body, "/P {parent}");
        }
        if let Some(lang) = lang {
            body.extend_from_slice(b"/Lang");
            push_literal(&mut body, lang.bytes());
        }
        self.attributes(index, role, &mut body);
        if *role == Role::Note {
            let name = format!("note{}", id.0);
            body.extend_from_slice(b"/ID");
            push_literal(&mut body, name.bytes());
            names.push((name, id));
        }
        let page = self.page(index);
        if let Some(page) = page.and_then(|page| self.pages.get(page as usize)) {
            let _ = write!(body, "/Pg {page}");
        }
        body.extend_from_slice(b"/K[");
        let start = body.len();
        for &child in self.children.of(index) {
            match self.id(child as usize) {
                Some(id) => {
                    let _ = write!(body, "{id} ");
                }
                None => self.push_marked(child, page, &mut body),
            }
        }
        for link in self.annotations_of(index) {
            let _ = write!(body, "<</Type/OBJR/Obj {}", link.id);
            self.push_page(link.page, page, &mut body);
            body.extend_from_slice(b">>");
        }
        while body.len() > start && body.last() == Some(&b' ') {
            body.pop();
        }
        body.extend_from_slice(b"]>>");
        body
    }

    fn push_page(&self, page: u32, usual: Option<u32>, body: &mut Vec<u8>) {
        if Some(page) != usual
            && let Some(id) = self.pages.get(page as usize)
        {
            let _ = write!(body, "/Pg {id}");
        }
    }

    fn push_marked(&self, content: u32, usual: Option<u32>, body: &mut Vec<u8>) {
        for marked in self.marked_of(content) {
            if Some(marked.page) == usual {
                let _ = write!(body, "{} ", marked.number);
            } else {
                body.extend_from_slice(b"<</Type/MCR");
                self.push_page(marked.page, usual, body);
                let _ = write!(body, "/MCID {}>>", marked.number);
            }
        }
    }

    fn attributes(&self, index: usize, role: &Role, body: &mut Vec<u8>) {
        match role {
            Role::Figure(alt) | Role::Formula(alt) => {
                body.extend_from_slice(b"/Alt");
                push_text(body, alt);
                if let Some(corners) = self.corners(index) {
                    body.extend_from_slice(b"/A<</O/Layout/Placement/Block/BBox[");
                    for corner in corners {
                        push_number(body, corner);
                        body.push(b' ');
                    }
                    body.extend_from_slice(b"]>>");
                }
            }
            Role::List(numbering) => {
                let name = match numbering {
                    Numbering::Bullets => "Disc",
                    Numbering::Numbers => "Decimal",
                    Numbering::None => return,
                };
                let _ = write!(body, "/A<</O/List/ListNumbering/{name}>>");
            }
            Role::HeaderCell => body.extend_from_slice(b"/A<</O/Table/Scope/Column>>"),
            Role::Document
            | Role::Part
            | Role::Section
            | Role::Division
            | Role::Heading(_)
            | Role::Paragraph
            | Role::ListItem
            | Role::Label
            | Role::ListBody
            | Role::Quote
            | Role::Code
            | Role::Caption
            | Role::Table
            | Role::TableRow
            | Role::DataCell
            | Role::Contents
            | Role::ContentsItem
            | Role::Reference
            | Role::Link
            | Role::Note
            | Role::Span
            | Role::Index => {}
        }
    }

    /// The corners of the picture or displayed formula in an element.
    fn corners(&self, index: usize) -> Option<[f32; 4]> {
        self.children.of(index).iter().find_map(|child| {
            let found = self.boxes.binary_search_by_key(child, |(tag, _)| *tag);
            let (_, corners) = self.boxes.get(found.ok()?)?;
            Some(*corners)
        })
    }

    /// From the sequences of pages, and from annotations, to their elements.
    fn parent_tree(&self, file: &mut File, sources: &Sources<'_>) -> Id {
        const ENTRIES_A_LEAF: usize = 256;
        let mut values: Vec<Id> = Vec::new();
        for content in sources.contents {
            let mut body = b"[".to_vec();
            for tag in &content.marks {
                let parent = self.nodes.get(tag.index()).map(|node| node.parent as usize);
                if let Some(id) = parent.and_then(|parent| self.id(parent)) {
                    let _ = write!(body, "{id} ");
                }
            }
            body.push(b']');
            values.push(file.add(&body));
        }
        let links = sources.annotations.iter();
        values.extend(links.filter_map(|link| self.id(link.element.index())));
        let mut leaves = Vec::new();
        for (number, chunk) in values.chunks(ENTRIES_A_LEAF).enumerate() {
            let first = number * ENTRIES_A_LEAF;
            let mut body = b"<</Nums[".to_vec();
            for (key, value) in (first..).zip(chunk) {
                let _ = write!(body, "{key} {value} ");
            }
            let _ = write!(body, "]/Limits[{first} {}]>>", first + chunk.len() - 1);
            leaves.push(file.add(&body));
        }
        let mut body = b"<</Kids[".to_vec();
        for leaf in leaves {
            let _ = write!(body, "{leaf} ");
        }
        body.extend_from_slice(b"]>>");
        file.add(&body)
    }
}

/// The name of a role among the standard structure types.
fn structure_type(role: &Role) -> &'static str {
    match role {
        Role::Document => "Document",
        Role::Part => "Part",
        Role::Section => "Sect",
        Role::Division => "Div",
        Role::Heading(1) => "H1",
        Role::Heading(2) => "H2",
        Role::Heading(3) => "H3",
        Role::Heading(4) => "H4",
        Role::Heading(5) => "H5",
        Role::Heading(_) => "H6",
        Role::Paragraph => "P",
        Role::List(_) => "L",
        Role::ListItem => "LI",
        Role::Label => "Lbl",
        Role::ListBody => "LBody",
        Role::Quote => "BlockQuote",
        Role::Code => "Code",
        Role::Formula(_) => "Formula",
        Role::Figure(_) => "Figure",
        Role::Caption => "Caption",
        Role::Table => "Table",
        Role::TableRow => "TR",
        Role::HeaderCell => "TH",
        Role::DataCell => "TD",
        Role::Contents => "TOC",
        Role::ContentsItem => "TOCI",
        Role::Reference => "Reference",
        Role::Link => "Link",
        Role::Note => "Note",
        Role::Span => "Span",
        Role::Index => "Index",
    }
}
