//! Series, issue, section, paper: the list that a curator keeps.
//!
//! Names follow CSL, JATS and schema.org. Everything here is resolved: defaults
//! are filled in, texts are parsed, identifiers are unique.

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::civil::Date;
use serde::Serialize;

use crate::check::Check;
use crate::date::Moment;
use crate::fields::{Node, Value};
use crate::series::Rhythm;
use crate::text::{Figure, Footnote, Image, Inline, Text, plain};

/// A language tag (BCP 47), such as `zh-CN` or `en`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Lang(String);

impl Lang {
    /// Reads a tag, `None` when it is not well formed.
    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        let mut parts = tag.split('-');
        let primary = parts.next()?;
        let well_formed = (2..=3).contains(&primary.len())
            && primary.bytes().all(|byte| byte.is_ascii_alphabetic())
            && parts.all(|part| {
                (1..=8).contains(&part.len())
                    && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
            });
        well_formed.then(|| Self(tag.to_owned()))
    }

    /// The tag as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The primary language in lower case: `zh` of `zh-CN`.
    #[must_use]
    pub fn primary(&self) -> String {
        self.0
            .split('-')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase()
    }

    /// Whether labels and typography are Chinese.
    #[must_use]
    pub fn is_chinese(&self) -> bool {
        matches!(self.primary().as_str(), "zh" | "cmn" | "yue" | "wuu")
    }

    /// Whether text runs from right to left.
    #[must_use]
    pub fn is_rtl(&self) -> bool {
        matches!(
            self.primary().as_str(),
            "ar" | "he" | "fa" | "ur" | "yi" | "dv" | "ps" | "sd" | "ug"
        )
    }
}

/// A person or an account that writes, edits or translates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Person {
    /// The name as it is shown.
    pub name: String,
    /// What they do, in the series' own words (`责任编辑`).
    pub role: Option<String>,
    /// Their page.
    pub url: Option<String>,
    /// Their address.
    pub email: Option<String>,
    /// Their ORCID iD.
    pub orcid: Option<String>,
}

/// Terms of use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct License {
    /// What is shown: an SPDX identifier or a name.
    pub name: String,
    /// Its text on the web.
    pub url: Option<String>,
}

/// A series of issues: what `offprint.toml` says.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Series {
    /// Stable slug; feed and book identifiers are derived from it. A lone issue has a
    /// series whose id is the issue's.
    pub id: String,
    /// The series' title. Empty for a lone issue without one.
    pub title: String,
    /// A second line under the title.
    pub subtitle: Option<String>,
    /// A sentence or two for feeds and catalogues.
    pub description: Option<String>,
    /// What issues inherit.
    pub lang: Option<Lang>,
    /// Base of every absolute URL, ending in `/`.
    pub url: Option<String>,
    /// Who publishes it.
    pub publisher: Option<String>,
    /// The masthead's picture.
    pub logo: Option<Image>,
    /// A small square picture for feeds.
    pub icon: Option<Image>,
    /// Terms of use that issues inherit.
    pub license: Option<License>,
    /// Legal notice that issues inherit (声明).
    pub declaration: Option<String>,
    /// IANA name of the time zone for dates without an offset; `UTC` if unset.
    pub timezone: String,
    /// ISSN.
    pub issn: Option<String>,
    /// How often it appears; told from its issues unless set.
    pub rhythm: Option<Rhythm>,
    /// How references are written; after the language of each issue unless set.
    pub citation: Option<crate::citation::Style>,
    /// Subjects of every issue.
    pub tags: Vec<String>,
    /// People whom issues name by key.
    pub people: BTreeMap<String, Person>,
    /// Bibliography files of all issues, from the project's root.
    pub bibliography: Vec<String>,
    /// Link kinds by the names their buttons get; see [`LinkKind::key`].
    pub labels: BTreeMap<String, String>,
    /// How papers are numbered.
    pub numbering: Numbering,
    /// Where issues lie and where outputs go.
    pub paths: Paths,
    /// Rules that are raised or dropped.
    pub check: Check,
    /// The tables of `offprint.toml` that belong to formats (`feed`, `epub`, `pdf`,
    /// `wechat`, …), each read by its exporter.
    #[serde(skip)]
    pub settings: BTreeMap<String, Node>,
}

impl Default for Series {
    fn default() -> Self {
        Self {
            id: String::new(),
            title: String::new(),
            subtitle: None,
            description: None,
            lang: None,
            url: None,
            publisher: None,
            logo: None,
            icon: None,
            license: None,
            declaration: None,
            timezone: "UTC".to_owned(),
            issn: None,
            rhythm: None,
            citation: None,
            tags: Vec::new(),
            people: BTreeMap::new(),
            bibliography: Vec::new(),
            labels: BTreeMap::new(),
            numbering: Numbering::Issue,
            paths: Paths::default(),
            check: Check::default(),
            settings: BTreeMap::new(),
        }
    }
}

/// Folders of a series, from the project's root, `/` between parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Paths {
    /// Where issues are looked for.
    pub issues: String,
    /// Where outputs go.
    pub out: String,
}

impl Default for Paths {
    fn default() -> Self {
        Self {
            issues: "issues".to_owned(),
            out: "public".to_owned(),
        }
    }
}

/// Where the count of papers starts anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Numbering {
    /// 1, 2, 3 … through the issue.
    Issue,
    /// From 1 in every section.
    Section,
    /// No numbers.
    None,
}

/// An issue: one list of papers, published at one time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Issue {
    /// Slug `[a-z0-9-]`, unique in the series; the file's name unless given.
    pub id: String,
    /// What the world knows it by, a tag URI (RFC 4151) that never changes; see
    /// [`guid`](crate::guid).
    pub guid: String,
    /// The title.
    pub title: String,
    /// A title of at most 64 characters for feeds and WeChat.
    pub short_title: Option<String>,
    /// A second line under the title.
    pub subtitle: Option<String>,
    /// A sentence or two for feeds, catalogues and previews.
    pub description: Option<String>,
    /// Number in the series.
    pub number: Option<u32>,
    /// Volume of the series.
    pub volume: Option<u32>,
    /// When it appears.
    pub date: Moment,
    /// When it was last changed after that.
    pub updated: Option<Moment>,
    /// Drafts are checked, not built.
    pub draft: bool,
    /// The language of titles, labels and commentary.
    pub lang: Lang,
    /// Who wrote it.
    pub authors: Vec<Person>,
    /// Who edited it (责任编辑).
    pub editors: Vec<Person>,
    /// Who translated it.
    pub translators: Vec<Person>,
    /// Where it was taken from (来源).
    pub source: Option<IssueSource>,
    /// Legal notice (声明); the series' unless given.
    pub declaration: Option<String>,
    /// Terms of use; the series' unless given.
    pub license: Option<License>,
    /// The conference or workshop it is about.
    pub event: Option<Event>,
    /// The cover picture.
    pub cover: Option<Image>,
    /// Subjects, with a site's counts where there are any.
    pub tags: Vec<Tag>,
    /// Further reading (相关文章).
    pub related: Vec<Related>,
    /// Bibliography files of this issue, from the project's root.
    pub bibliography: Vec<String>,
    /// Identifiers registered elsewhere.
    pub identifier: Identifier,
    /// Where the piece first appeared on the web.
    pub canonical: Option<String>,
    /// Opening text (导读).
    pub intro: Text,
    /// Sections in reading order.
    pub sections: Vec<Section>,
    /// What the sections belong to in a book of several issues, in reading order. A single
    /// issue has no parts.
    pub parts: Vec<Part>,
    /// Footnotes in the order of their first reference; the first is number 1.
    pub footnotes: Vec<Footnote>,
    /// `x-*` fields, handed to templates as they are.
    pub extra: BTreeMap<String, Value>,
}

impl Issue {
    /// All papers in reading order.
    pub fn papers(&self) -> impl Iterator<Item = &Paper> {
        self.sections.iter().flat_map(|section| &section.papers)
    }

    /// The footnote that a reference names.
    #[must_use]
    pub fn footnote(&self, number: u32) -> Option<&Footnote> {
        let index = usize::try_from(number).ok()?.checked_sub(1)?;
        self.footnotes.get(index)
    }

    /// The last time the issue was changed, for `dcterms:modified` and the like.
    #[must_use]
    pub fn modified(&self) -> Moment {
        self.updated.unwrap_or(self.date)
    }
}

/// Where an issue was taken from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct IssueSource {
    /// What it is.
    pub kind: Option<SourceKind>,
    /// The account, site or list.
    pub name: Option<String>,
    /// Its identifier, such as a WeChat account's.
    pub id: Option<String>,
    /// The piece's title there (原文标题).
    pub title: Option<String>,
    /// Its address.
    pub url: Option<String>,
    /// Who passed it on.
    pub via: Option<String>,
    /// When it appeared there.
    pub date: Option<Date>,
    /// Its terms of use.
    pub license: Option<License>,
}

/// The kind of place an issue was taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum SourceKind {
    /// A WeChat account.
    Wechat,
    /// A web site.
    Web,
    /// A mailing list.
    Mail,
}

/// A conference or workshop.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Event {
    /// Its name, `ICLR 2021`.
    pub name: String,
    /// First day.
    pub start: Option<Date>,
    /// Last day.
    pub end: Option<Date>,
    /// Where it is held.
    pub place: Option<String>,
    /// Its page.
    pub url: Option<String>,
    /// How many papers were submitted.
    pub submissions: Option<u64>,
    /// How papers are reviewed (`open`, `double-blind` …).
    pub review: Option<String>,
}

/// A subject, with the counts that a site shows beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tag {
    /// The subject.
    pub name: String,
    /// Its page.
    pub url: Option<String>,
    /// How many people follow it (关注).
    pub followers: Option<u64>,
    /// How many articles carry it (文章).
    pub articles: Option<u64>,
    /// How often those were read (浏览量).
    pub views: Option<u64>,
}

/// Something to read next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Related {
    /// Its title.
    pub title: String,
    /// Its address.
    pub url: Option<String>,
    /// When it appeared.
    pub date: Option<Date>,
    /// What it says.
    pub summary: Option<String>,
    /// Its picture.
    pub image: Option<Image>,
    /// How often it was read.
    pub views: Option<u64>,
}

/// Identifiers that others gave an issue.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Identifier {
    /// DOI, without a prefix.
    pub doi: Option<String>,
    /// ISSN.
    pub issn: Option<String>,
    /// URN.
    pub urn: Option<String>,
}

/// A run of sections that belong together: an issue within a book of several.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Part {
    /// Slug, unique in the book: the issue's id.
    pub id: String,
    /// The title.
    pub title: String,
    /// A line under the title: number, date, authors.
    pub subtitle: Option<String>,
    /// Text before the first section.
    pub intro: Text,
    /// Which of the book's sections are its own. Parts follow each other without a gap.
    pub sections: Range<usize>,
    /// What stands at its end: where it comes from, who made it, on what terms, what to read
    /// next.
    pub about: Text,
}

/// A section. One without papers is prose.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Section {
    /// Slug, unique in the issue: as given, else `section-N`.
    pub id: String,
    /// The title.
    pub title: String,
    /// Text before the first paper.
    pub intro: Text,
    /// Papers in reading order.
    pub papers: Vec<Paper>,
}

/// A paper, and what the curator says of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Paper {
    /// Unique in the issue, `[A-Za-z0-9_-]`: as given, else from the identity, else `paper-N`.
    pub id: String,
    /// What feeds know it by within the issue, where that is not to follow from the id or the
    /// address; see [`guid`](crate::guid).
    pub guid: Option<String>,
    /// The number to be shown, after the series' [`Numbering`].
    pub number: Option<u32>,
    /// The title, verbatim: only [`Inline::Text`] and [`Inline::Math`].
    pub title: Vec<Inline>,
    /// The landing page, as given or made from an identifier. Absent only where every
    /// other locator is a document (`pdf`) or the entry has an ISBN.
    pub url: Option<String>,
    /// DOI, without a prefix.
    pub doi: Option<String>,
    /// arXiv identifier, without `arXiv:`; may carry a version.
    pub arxiv: Option<String>,
    /// OpenReview forum id.
    pub openreview: Option<String>,
    /// PubMed identifier.
    pub pmid: Option<String>,
    /// ISBN, digits and `X` only.
    pub isbn: Option<String>,
    /// Further links in the order of [`LinkKind`].
    pub links: BTreeMap<LinkKind, String>,
    /// Key into the bibliography.
    pub cite: Option<String>,
    /// Authors in order, as written.
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
    /// Year of publication.
    pub year: Option<i16>,
    /// Date of publication.
    pub date: Option<Date>,
    /// How far it has come.
    pub status: Option<Status>,
    /// CSL type; `paper-conference` unless given.
    pub kind: String,
    /// The paper's own language, that of its title.
    pub lang: Option<Lang>,
    /// Subjects.
    pub tags: Vec<String>,
    /// One sentence (一句话).
    pub tldr: Vec<Inline>,
    /// How warmly it is recommended, 1 to 5.
    pub rating: Option<u8>,
    /// Who presents it in a reading group (主讲).
    pub presenter: Option<String>,
    /// The paper's own abstract.
    pub abstract_text: Text,
    /// A picture with its caption.
    pub image: Option<Figure>,
    /// What the curator says.
    pub commentary: Text,
    /// `x-*` fields, handed to templates as they are.
    pub extra: BTreeMap<String, Value>,
}

impl Paper {
    /// The title in plain words.
    #[must_use]
    pub fn plain_title(&self) -> String {
        plain(&self.title)
    }

    /// The best address to send a reader to: the landing page, else the document,
    /// else the first further link.
    #[must_use]
    pub fn landing(&self) -> Option<&str> {
        self.url
            .as_deref()
            .or_else(|| self.links.get(&LinkKind::Pdf).map(String::as_str))
            .or_else(|| self.links.values().next().map(String::as_str))
    }

    /// Landing page and further links, as labelled buttons are drawn: `None` is the
    /// landing page itself.
    pub fn buttons(&self) -> impl Iterator<Item = (Option<LinkKind>, &str)> {
        self.url
            .as_deref()
            .map(|url| (None, url))
            .into_iter()
            .chain(
                self.links
                    .iter()
                    .map(|(&kind, url)| (Some(kind), url.as_str())),
            )
    }

    /// What the paper is, wherever and however it is titled: `doi/10.1/x`,
    /// `arxiv/2006.05929` (no version), `openreview/zOGdf9K8aC`, `pmid/…`, `isbn/…`.
    #[must_use]
    pub fn identity(&self) -> Option<String> {
        if let Some(doi) = &self.doi {
            return Some(format!("doi/{}", doi.to_ascii_lowercase()));
        }
        if let Some(arxiv) = &self.arxiv {
            return Some(format!("arxiv/{}", without_version(arxiv)));
        }
        if let Some(openreview) = &self.openreview {
            return Some(format!("openreview/{openreview}"));
        }
        if let Some(pmid) = &self.pmid {
            return Some(format!("pmid/{pmid}"));
        }
        self.isbn.as_ref().map(|isbn| format!("isbn/{isbn}"))
    }
}

/// `2006.05929` of `2006.05929v2`.
#[must_use]
pub fn without_version(arxiv: &str) -> &str {
    match arxiv.rsplit_once('v') {
        Some((id, version))
            if !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            id
        }
        _ => arxiv,
    }
}

/// A link beside a paper's landing page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum LinkKind {
    /// The document itself.
    Pdf,
    /// Source code (代码).
    Code,
    /// The project's page (主页).
    Project,
    /// Data sets (数据).
    Data,
    /// A recording (视频).
    Video,
    /// Slides of a talk.
    Slides,
    /// A poster.
    Poster,
    /// A blog post.
    Blog,
    /// A discussion.
    Discussion,
}

impl LinkKind {
    /// All kinds, in the order in which they are shown.
    pub const ALL: [Self; 9] = [
        Self::Pdf,
        Self::Code,
        Self::Project,
        Self::Data,
        Self::Video,
        Self::Slides,
        Self::Poster,
        Self::Blog,
        Self::Discussion,
    ];

    /// The field's name, `code`.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Code => "code",
            Self::Project => "project",
            Self::Data => "data",
            Self::Video => "video",
            Self::Slides => "slides",
            Self::Poster => "poster",
            Self::Blog => "blog",
            Self::Discussion => "discussion",
        }
    }
}

/// How far a paper has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Status {
    /// On a preprint server.
    Preprint,
    /// Under review.
    Submitted,
    /// Accepted.
    Accepted,
    /// Accepted as a talk.
    Oral,
    /// Accepted as a spotlight.
    Spotlight,
    /// Accepted as a poster.
    Poster,
    /// Given a prize.
    BestPaper,
    /// Turned down.
    Rejected,
    /// Taken back.
    Withdrawn,
}

impl Status {
    /// All states with the words that issues use for them.
    pub const ALL: [(&'static str, Self); 9] = [
        ("preprint", Self::Preprint),
        ("submitted", Self::Submitted),
        ("accepted", Self::Accepted),
        ("oral", Self::Oral),
        ("spotlight", Self::Spotlight),
        ("poster", Self::Poster),
        ("best-paper", Self::BestPaper),
        ("rejected", Self::Rejected),
        ("withdrawn", Self::Withdrawn),
    ];
}
