//! An issue in the making: what a source says, and nothing else.

use offprint_core::Text;
use offprint_core::bibliography::Entry;
use offprint_core::model::{IssueSource, Lang, Related, Tag};
use offprint_core::text::Inline;

/// What was found of an issue. Texts hold no pictures and no footnotes: pictures of other sites
/// may not be shown, and a footnote is a link or a sentence where it is referred to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Draft {
    /// The title.
    pub title: Option<String>,
    /// A sentence or two on the whole.
    pub description: Option<String>,
    /// When it appeared: `2020-11-02`, or with a time `2020-11-02T15:50`, and an offset where
    /// the source has one.
    pub date: Option<String>,
    /// The language of its prose, where the source says it.
    pub lang: Option<Lang>,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// Who edited it (责任编辑).
    pub editors: Vec<String>,
    /// Who translated it.
    pub translators: Vec<String>,
    /// Where it was taken from.
    pub source: Option<IssueSource>,
    /// Legal notice (声明).
    pub declaration: Option<String>,
    /// Where the piece first appeared on the web.
    pub canonical: Option<String>,
    /// Subjects, with a site's counts.
    pub tags: Vec<Tag>,
    /// Further reading.
    pub related: Vec<Related>,
    /// Opening text.
    pub intro: Text,
    /// Sections in order; the first may have no title where papers stand before any heading.
    pub sections: Vec<DraftSection>,
}

impl Draft {
    /// All papers in order.
    pub fn papers(&self) -> impl Iterator<Item = &DraftPaper> {
        self.sections.iter().flat_map(|section| &section.papers)
    }

    /// All papers in order, to be filled in.
    pub fn papers_mut(&mut self) -> impl Iterator<Item = &mut DraftPaper> {
        self.sections
            .iter_mut()
            .flat_map(|section| &mut section.papers)
    }
}

/// A section.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DraftSection {
    /// Its title.
    pub title: Option<String>,
    /// Text before its first paper.
    pub intro: Text,
    /// Its papers. A section without any is prose.
    pub papers: Vec<DraftPaper>,
}

/// A paper and what is said of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DraftPaper {
    /// Title, authors, venue, identifiers, links, abstract. Its `annotation` and `collections`
    /// are empty: they have become commentary and sections.
    pub entry: Entry,
    /// One sentence (一句话).
    pub tldr: Vec<Inline>,
    /// How warmly it is recommended, 1 to 5.
    pub rating: Option<u8>,
    /// Who presents it (主讲).
    pub presenter: Option<String>,
    /// What is said of it.
    pub commentary: Text,
}

impl From<Entry> for DraftPaper {
    /// A paper of a bibliography; what its keeper says of it is the commentary.
    fn from(mut entry: Entry) -> Self {
        let commentary = std::mem::take(&mut entry.annotation);
        entry.collections.clear();
        Self {
            entry,
            commentary,
            ..Self::default()
        }
    }
}
