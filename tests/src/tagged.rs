//! The structure tree of a PDF as poppler tells it (`pdfinfo -struct-text`), to be walked.

/// An element of the tree with what it holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Element {
    /// `P`, `H2`, `Figure`.
    pub role: String,
    /// Elements and words in their order.
    pub content: Vec<Content>,
}

/// What an element holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// An element below it.
    Element(Element),
    /// Words of its own.
    Words(String),
}

impl Element {
    /// The elements right below it.
    pub fn children(&self) -> impl Iterator<Item = &Self> {
        self.content.iter().filter_map(|content| match content {
            Content::Element(element) => Some(element),
            Content::Words(_) => None,
        })
    }

    /// It and all elements below it, in reading order.
    #[must_use]
    pub fn all(&self) -> Vec<&Self> {
        let below = self.children().flat_map(Self::all);
        [self].into_iter().chain(below).collect()
    }

    /// All elements of this role below it.
    #[must_use]
    pub fn of_role(&self, role: &str) -> Vec<&Self> {
        let all = self.all().into_iter();
        all.filter(|element| element.role == role).collect()
    }

    /// The words in it, in reading order.
    #[must_use]
    pub fn text(&self) -> String {
        let parts = self.content.iter().map(|content| match content {
            Content::Element(element) => element.text(),
            Content::Words(words) => words.clone(),
        });
        parts.collect()
    }

    /// The roles of the elements right below it.
    #[must_use]
    pub fn roles(&self) -> Vec<&str> {
        self.children().map(|child| child.role.as_str()).collect()
    }
}

/// Reads the tree: two blanks a level, a role or words in quotation marks on a line;
/// attributes and objects are passed over. What is outermost stands below an element
/// without a role.
#[must_use]
pub fn tree(told: &str) -> Element {
    let mut open = vec![Element::default()];
    for line in told.lines() {
        let words = line.trim_start();
        let depth = (line.len() - words.len()) / 2 + 1;
        if words.is_empty() || words.starts_with('/') || words.starts_with("Object ") {
            continue;
        }
        while open.len() > depth {
            close(&mut open);
        }
        let Some(parent) = open.last_mut() else {
            break;
        };
        if let Some(text) = words.strip_prefix('"') {
            let text = text.strip_suffix('"').unwrap_or(text);
            parent.content.push(Content::Words(text.to_owned()));
        } else {
            let end = words.find([' ', ':']).unwrap_or(words.len());
            let (role, _) = words.split_at(end);
            open.push(Element {
                role: role.to_owned(),
                content: Vec::new(),
            });
        }
    }
    while open.len() > 1 {
        close(&mut open);
    }
    open.pop().unwrap_or_default()
}

fn close(open: &mut Vec<Element>) {
    if open.len() > 1
        && let Some(element) = open.pop()
        && let Some(parent) = open.last_mut()
    {
        parent.content.push(Content::Element(element));
    }
}

/// Headings that skip a level, with their words; and one that says so when there is not
/// exactly one `H1`, first.
#[must_use]
pub fn skipped_levels(tree: &Element) -> Vec<String> {
    let mut skipped = Vec::new();
    let mut last = 0;
    for element in tree.all() {
        let level = element.role.strip_prefix('H');
        let Some(level) = level.and_then(|level| level.parse::<u32>().ok()) else {
            continue;
        };
        if level > last + 1 || (level == 1) != (last == 0) {
            skipped.push(format!("H{last}, then H{level} {}", element.text()));
        }
        last = level;
    }
    if last == 0 {
        skipped.push("no heading".to_owned());
    }
    skipped
}

/// Lists, tables and notes that are not made of the parts that readers expect.
#[must_use]
pub fn malformed(tree: &Element) -> Vec<String> {
    let is_odd = |element: &Element, parent: &str| {
        let roles = element.roles();
        match element.role.as_str() {
            "L" => roles.is_empty() || roles.iter().any(|&role| role != "LI"),
            "LI" => parent != "L" || !matches!(roles.as_slice(), ["LBody"] | ["Lbl", "LBody"]),
            "Table" => {
                roles.is_empty() || roles.iter().any(|&role| role != "TR" && role != "Caption")
            }
            "TR" => {
                parent != "Table"
                    || roles.is_empty()
                    || roles.iter().any(|&role| role != "TH" && role != "TD")
            }
            "TH" | "TD" => parent != "TR",
            "Note" => roles.first() != Some(&"Lbl"),
            "TOC" => roles.iter().any(|&role| role != "TOCI" && role != "TOC"),
            _ => false,
        }
    };
    let mut odd = Vec::new();
    for parent in tree.all() {
        for element in parent.children() {
            if is_odd(element, &parent.role) {
                let roles = element.roles().join(", ");
                odd.push(format!("{} in {}: {roles}", element.role, parent.role));
            }
        }
    }
    odd
}

/// Notes that do not come right after the mark that asks for them.
#[must_use]
pub fn stray_notes(tree: &Element) -> Vec<String> {
    let mut stray = Vec::new();
    for parent in tree.all() {
        let mut before: Option<&Element> = None;
        for content in &parent.content {
            let element = match content {
                Content::Element(element) => Some(element),
                Content::Words(_) => None,
            };
            if let Some(note) = element.filter(|element| element.role == "Note") {
                let label = note.children().next().map(Element::text);
                let mark = before.filter(|before| before.role == "Reference");
                if label.is_none() || mark.map(Element::text) != label {
                    stray.push(note.text());
                }
            }
            before = element;
        }
    }
    stray
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOLD: &str = "Document\n  H1 (block)\n    \"Title\"\n  P (block)\n    \"See \"\n    Reference (inline)\n      \"1\"\n      Object 4 0\n    Note <n> (inline)\n      Lbl (block)\n        \"1\"\n      P (block)\n        \"a note\"\n  L (block):\n     /ListNumbering /Disc\n    LI (block)\n      Lbl (block)\n        \"•\"\n      LBody (block)\n        \"item\"\n";

    #[test]
    fn a_tree_is_read_with_its_words() {
        let tree = tree(TOLD);
        assert_eq!(tree.roles(), ["Document"]);
        let document = tree.children().next().unwrap();
        assert_eq!(document.roles(), ["H1", "P", "L"]);
        assert_eq!(document.text(), "TitleSee 11a note•item");
        assert_eq!(tree.of_role("LBody")[0].text(), "item");
        assert!(skipped_levels(&tree).is_empty());
        assert!(malformed(&tree).is_empty());
        assert!(stray_notes(&tree).is_empty());
    }

    #[test]
    fn what_is_wrong_is_found() {
        let skipping = TOLD.replace("L (block):", "H3 (block):");
        assert_eq!(skipped_levels(&tree(&skipping)).len(), 1);
        assert_eq!(skipped_levels(&tree(&TOLD.replace("H1", "H2"))).len(), 1);
        assert_eq!(
            malformed(&tree(&TOLD.replace("LBody", "Div"))),
            ["LI in L: Lbl, Div"]
        );
        let stray = TOLD.replace("      \"1\"\n      Object", "      \"2\"\n      Object");
        assert_eq!(stray_notes(&tree(&stray)), ["1a note"]);
    }
}
