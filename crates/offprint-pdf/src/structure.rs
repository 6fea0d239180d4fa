//! What a document's parts are, for those who do not see the page: the logical structure
//! of a tagged PDF (ISO 32000-1, 14.7 and 14.8), free of any file format.
//!
//! A [`Tree`] is a list in reading order. Every node but the root names its parent, which
//! stands before it. Elements say what something is, contents stand for what is drawn: the
//! items of a page name the content that they belong to by its [`Tag`].

/// An element of a [`Tree`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ElementId(u32);

/// Content of an element: what items on pages carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Tag(u32);

/// How the items of a list are marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Numbering {
    Bullets,
    Numbers,
    /// Neither: boxes to tick, buttons.
    None,
}

/// What an element is: a standard structure type (ISO 32000-1, 14.8.4) with what it needs
/// to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Role {
    Document,
    /// A section of the issue.
    Part,
    /// A paper, an introduction, the back matter.
    Section,
    /// Blocks that belong together without being a section.
    Division,
    /// 1 to 6.
    Heading(u8),
    Paragraph,
    List(Numbering),
    ListItem,
    Label,
    ListBody,
    Quote,
    Code,
    /// A formula, told in words.
    Formula(String),
    /// A picture, told in words.
    Figure(String),
    Caption,
    Table,
    TableRow,
    /// The head of a column.
    HeaderCell,
    DataCell,
    Contents,
    ContentsItem,
    Reference,
    Link,
    Note,
    Span,
    Index,
}

/// What stands in a [`Tree`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    Element {
        role: Role,
        /// The language where it is not that of the element around it.
        lang: Option<Box<str>>,
    },
    Content,
}

/// A node and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Node {
    /// Index of its parent; the root is its own.
    pub(crate) parent: u32,
    pub(crate) kind: Kind,
}

/// Elements and contents in reading order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tree {
    nodes: Vec<Node>,
}

impl Tree {
    /// The element that holds all others.
    pub(crate) const ROOT: ElementId = ElementId(0);

    /// A tree that holds nothing but its root.
    pub(crate) fn new() -> Self {
        Self {
            nodes: vec![Node {
                parent: 0,
                kind: Kind::Element {
                    role: Role::Document,
                    lang: None,
                },
            }],
        }
    }

    pub(crate) fn reserve(&mut self, nodes: usize) {
        self.nodes.reserve_exact(nodes);
    }

    fn push(&mut self, node: Node) -> u32 {
        self.nodes.push(node);
        (self.nodes.len() - 1) as u32
    }

    /// Adds an element after everything that its parent holds so far.
    pub(crate) fn element(&mut self, parent: ElementId, role: Role) -> ElementId {
        let kind = Kind::Element { role, lang: None };
        ElementId(self.push(Node {
            parent: parent.0,
            kind,
        }))
    }

    /// Says in which language an element is.
    pub(crate) fn set_lang(&mut self, element: ElementId, language: &str) {
        if let Some(Node {
            kind: Kind::Element { lang, .. },
            ..
        }) = self.nodes.get_mut(element.0 as usize)
        {
            *lang = Some(language.into());
        }
    }

    /// Content at the end of an element: what was added last, if it was content of the same
    /// element, so that a paragraph without links is one piece.
    pub(crate) fn content(&mut self, parent: ElementId) -> Tag {
        if let Some(last) = self.nodes.last()
            && last.parent == parent.0
            && last.kind == Kind::Content
        {
            return Tag((self.nodes.len() - 1) as u32);
        }
        Tag(self.push(Node {
            parent: parent.0,
            kind: Kind::Content,
        }))
    }

    /// The nodes in reading order; each parent before its children.
    pub(crate) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Adds what another tree's root holds at the end of `parent`. Returns how far the
    /// indices of its nodes moved, for [`Tag::moved`] and [`ElementId::moved`].
    pub(crate) fn append(&mut self, parent: ElementId, other: Self) -> u32 {
        let shift = self.nodes.len() as u32 - 1;
        self.nodes
            .extend(other.nodes.into_iter().skip(1).map(|node| Node {
                parent: if node.parent == 0 {
                    parent.0
                } else {
                    node.parent + shift
                },
                ..node
            }));
        shift
    }
}

impl Default for Tree {
    fn default() -> Self {
        Self::new()
    }
}

impl ElementId {
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }

    pub(crate) fn moved(self, shift: u32) -> Self {
        Self(self.0 + shift)
    }
}

impl Tag {
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }

    pub(crate) fn moved(self, shift: u32) -> Self {
        Self(self.0 + shift)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_after_a_link_is_content_of_its_own() {
        let mut tree = Tree::new();
        let paragraph = tree.element(Tree::ROOT, Role::Paragraph);
        let before = tree.content(paragraph);
        assert_eq!(tree.content(paragraph), before);
        let link = tree.element(paragraph, Role::Link);
        let words = tree.content(link);
        let after = tree.content(paragraph);
        assert!(before < words && words < after);
    }

    #[test]
    fn a_tree_is_appended_below_an_element() {
        let mut tree = Tree::new();
        let part = tree.element(Tree::ROOT, Role::Part);
        let mut other = Tree::new();
        let paragraph = other.element(Tree::ROOT, Role::Paragraph);
        let words = other.content(paragraph);
        let shift = tree.append(part, other);
        let node = |index: usize| tree.nodes()[index].clone();
        assert_eq!(
            node(words.moved(shift).index()).parent,
            paragraph.moved(shift).0
        );
        assert_eq!(node(paragraph.moved(shift).index()).parent, part.0);
    }
}
