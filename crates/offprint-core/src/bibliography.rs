//! What bibliographies know of papers, before a curator has said a word.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::model::{Lang, LinkKind, Status};
use crate::text::Text;

/// A bibliography that was read, to be asked for its entries.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Bibliography {
    entries: BTreeMap<String, Entry>,
}

impl Bibliography {
    /// The bibliography of some entries, of which those with a key can be asked for. Where two
    /// have the same key, the first counts.
    #[must_use]
    pub fn new(entries: impl IntoIterator<Item = Entry>) -> Self {
        let mut by_key = BTreeMap::new();
        for entry in entries {
            if let Some(key) = entry.key.clone() {
                by_key.entry(key).or_insert(entry);
            }
        }
        Self { entries: by_key }
    }

    /// The entry of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Entry> {
        self.entries.get(key)
    }

    /// All keys in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }
}

/// Why a bibliography was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// What is wrong, one clause.
    pub message: String,
    /// The path of a file that may be meant.
    pub near: Option<String>,
    /// What to do.
    pub hint: Option<String>,
}

/// The facts of one work as a bibliography, a site or a list gives them. What it does not say
/// is absent; nothing is guessed. Readers leave out what may not be published: characters that
/// XML forbids, addresses that are not absolute, identifiers of a wrong form.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Entry {
    /// What a bibliography calls it: a citation key.
    pub key: Option<String>,
    /// The title in plain words on one line, formulas in `$…$`, as an issue's heading has it.
    pub title: Option<String>,
    /// CSL type, one that an issue's `type` takes.
    pub kind: Option<String>,
    /// Authors in order. Names in Latin script are written `Given Family`, Chinese ones as
    /// they are in Chinese.
    pub authors: Vec<String>,
    /// The authors' institutions.
    pub affiliations: Vec<String>,
    /// Conference or journal.
    pub venue: Option<String>,
    /// Volume of the journal, the series or the work.
    pub volume: Option<String>,
    /// Issue of the journal.
    pub issue: Option<String>,
    /// Pages within the journal or the volume, a range with `-`; else the article's number.
    pub pages: Option<String>,
    /// Who published it, where that is not the venue.
    pub publisher: Option<String>,
    /// Year of publication, where there is no date.
    pub year: Option<i16>,
    /// Date of publication.
    pub date: Option<Date>,
    /// How far it has come.
    pub status: Option<Status>,
    /// The work's own language.
    pub lang: Option<Lang>,
    /// The landing page; absolute.
    pub url: Option<String>,
    /// DOI, without a prefix.
    pub doi: Option<String>,
    /// arXiv identifier, without `arXiv:`; may carry a version.
    pub arxiv: Option<String>,
    /// OpenReview forum id.
    pub openreview: Option<String>,
    /// PubMed identifier.
    pub pmid: Option<String>,
    /// ISBN.
    pub isbn: Option<String>,
    /// Further links; absolute.
    pub links: BTreeMap<LinkKind, String>,
    /// Subjects.
    pub tags: Vec<String>,
    /// The work's abstract.
    pub abstract_text: Text,
    /// What the bibliography's keeper says of it: `annote`, `annotation`, `note`.
    pub annotation: Text,
    /// The collections or groups that it stands in.
    pub collections: Vec<String>,
}

impl Entry {
    /// Whether anything says where the work can be had.
    #[must_use]
    pub fn has_locator(&self) -> bool {
        self.url.is_some()
            || self.doi.is_some()
            || self.arxiv.is_some()
            || self.openreview.is_some()
            || self.pmid.is_some()
            || self.isbn.is_some()
            || !self.links.is_empty()
    }
}
