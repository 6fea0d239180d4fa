//! A paper's fields.

use super::cite;
use super::decode::{Reading, check_title, too_large};
use super::names::{self, Names};
use super::values::{
    day, doi, extra, id, identified, lang, line, names_list, no_numbers, page, url, words,
};
use crate::bibliography::Entry;
use crate::check::identifier::{self, Identified};
use crate::citation;
use crate::diagnostic::{Diagnostic, Edit, Place};
use crate::fields::{Fields, NodeValue};
use crate::markdown::{first_line, one_line, title};
use crate::model::{LinkKind, Paper, Status, without_version};
use crate::text::{Inline, Text};

/// Statuses: the words of the model, then Chinese ones.
pub(super) const STATUSES: &[(&str, Status)] = &[
    ("preprint", Status::Preprint),
    ("submitted", Status::Submitted),
    ("accepted", Status::Accepted),
    ("oral", Status::Oral),
    ("spotlight", Status::Spotlight),
    ("poster", Status::Poster),
    ("best-paper", Status::BestPaper),
    ("rejected", Status::Rejected),
    ("withdrawn", Status::Withdrawn),
    ("预印本", Status::Preprint),
    ("投稿中", Status::Submitted),
    ("在投", Status::Submitted),
    ("审稿中", Status::Submitted),
    ("已录用", Status::Accepted),
    ("录用", Status::Accepted),
    ("已接收", Status::Accepted),
    ("口头报告", Status::Oral),
    ("亮点论文", Status::Spotlight),
    ("海报", Status::Poster),
    ("最佳论文", Status::BestPaper),
    ("未录用", Status::Rejected),
    ("拒稿", Status::Rejected),
    ("已撤稿", Status::Withdrawn),
    ("撤稿", Status::Withdrawn),
];

/// Types of CSL 1.0.2.
pub(super) const TYPES: &[(&str, &str)] = &[
    ("paper-conference", "paper-conference"),
    ("article", "article"),
    ("article-journal", "article-journal"),
    ("article-magazine", "article-magazine"),
    ("article-newspaper", "article-newspaper"),
    ("book", "book"),
    ("chapter", "chapter"),
    ("dataset", "dataset"),
    ("document", "document"),
    ("post", "post"),
    ("post-weblog", "post-weblog"),
    ("report", "report"),
    ("review", "review"),
    ("software", "software"),
    ("speech", "speech"),
    ("standard", "standard"),
    ("thesis", "thesis"),
    ("webpage", "webpage"),
];

pub(super) const LINKS: &[(Names, LinkKind)] = &[
    (names::PDF, LinkKind::Pdf),
    (names::CODE, LinkKind::Code),
    (names::PROJECT, LinkKind::Project),
    (names::DATA, LinkKind::Data),
    (names::VIDEO, LinkKind::Video),
    (names::SLIDES, LinkKind::Slides),
    (names::POSTER, LinkKind::Poster),
    (names::BLOG, LinkKind::Blog),
    (names::DISCUSSION, LinkKind::Discussion),
];

/// The longest guid, in bytes: as long as an address.
const MAX_GUID: usize = 2_000;
/// The longest commentary or abstract, in bytes.
pub(super) const MAX_COMMENTARY: usize = 64 * 1024;

impl Reading<'_> {
    /// Reads a paper. `further` is what follows its fields, `cited` what a bibliography says
    /// of it.
    pub(super) fn paper(
        &mut self,
        fields: &mut Fields<'_, '_>,
        further: Text,
        cited: Option<Entry>,
    ) -> Paper {
        let at = first_line(&fields.place());
        let id = id(fields, names::ID).map(|(id, at)| self.claim(id, at, fields));
        let cite = line(fields, names::CITE).map(|key| cite::bare(&key).to_owned());
        let is_unknown = cite.is_some() && cited.is_none();
        let title = self.title(fields, cite.as_deref(), cited.as_ref(), &at);
        let mut paper = Paper {
            id: id.unwrap_or_default(),
            guid: self.guid(fields),
            number: None,
            title,
            url: landing(fields),
            doi: doi(fields),
            arxiv: identified(
                fields,
                names::ARXIV,
                "bad-arxiv",
                "arXiv identifier",
                identifier::arxiv,
                "an identifier such as 2006.05929 or hep-th/9901001",
            ),
            openreview: identified(
                fields,
                names::OPENREVIEW,
                "bad-openreview",
                "OpenReview identifier",
                identifier::openreview,
                "what stands behind `forum?id=` in its address: zOGdf9K8aC",
            ),
            pmid: identified(
                fields,
                names::PMID,
                "bad-pmid",
                "PubMed identifier",
                identifier::pmid,
                "up to 8 digits",
            ),
            isbn: identified(
                fields,
                names::ISBN,
                "bad-isbn",
                "ISBN",
                identifier::isbn,
                "10 or 13 digits; the last is computed from the others",
            ),
            links: LINKS
                .iter()
                .filter_map(|&(names, kind)| url(fields, names).map(|url| (kind, url)))
                .collect(),
            cite,
            authors: {
                no_numbers(fields, names::AUTHORS);
                names_list(fields, names::AUTHORS)
            },
            affiliations: names_list(fields, names::AFFILIATIONS),
            venue: line(fields, names::VENUE),
            volume: line(fields, names::VOLUME),
            issue: line(fields, names::ISSUE_NUMBER),
            pages: line(fields, names::PAGES).map(|pages| citation::ranges(&pages, "-")),
            publisher: line(fields, names::PUBLISHER),
            year: fields
                .integer(names::YEAR, 1000..=9999)
                .and_then(|year| i16::try_from(year).ok()),
            date: day(fields, names::DATE),
            status: fields.choice(names::STATUS, STATUSES),
            kind: fields
                .choice(names::TYPE, TYPES)
                .unwrap_or("paper-conference")
                .to_owned(),
            lang: lang(fields, names::LANG),
            tags: words(fields, names::TAGS),
            tldr: fields
                .spanned_text(names::TLDR)
                .map(|(text, node)| self.manuscript.line(&text, node.span.clone()))
                .unwrap_or_default(),
            rating: fields
                .integer(names::RATING, 1..=5)
                .and_then(|rating| u8::try_from(rating).ok()),
            presenter: line(fields, names::PRESENTER),
            abstract_text: self.long_prose(fields, names::ABSTRACT, "this abstract"),
            image: self.figure(fields),
            commentary: self.long_prose(fields, names::COMMENTARY, "this commentary"),
            extra: extra(fields),
        };
        if paper.commentary.is_empty() {
            paper.commentary = further;
        } else {
            paper.commentary.extend(further);
        }
        if let Some(entry) = cited {
            cite::complete(&mut paper, entry, &at, fields);
        }
        identify(&mut paper);
        check_paper(&paper, is_unknown, &at, fields);
        self.judge_paper(&paper, &at, fields);
        paper
    }

    /// The title as the paper's own fields have it, empty where a bibliography is to give it.
    fn title(
        &mut self,
        fields: &mut Fields<'_, '_>,
        cite: Option<&str>,
        cited: Option<&Entry>,
        at: &Place,
    ) -> Vec<Inline> {
        let written = fields.spanned_text(names::TITLE).map(|(text, node)| {
            let at = fields.place_of(node);
            check_title(&text, &at, fields);
            title(&text)
        });
        if let (Some(key), None) = (cite, cited) {
            let node = fields.node(names::CITE);
            let at = node.map_or_else(|| at.clone(), |node| fields.place_of(node));
            self.note_unknown(key, at, written.is_some());
            return written.unwrap_or_default();
        }
        if written.is_none() && cited.is_none_or(|entry| entry.title.is_none()) {
            let diagnostic =
                Diagnostic::error("missing-title", "this paper has no title").at(at.clone());
            fields.report(diagnostic.hint(match cite {
                Some(_) => "the bibliography has none either: add `title`",
                None => "every paper needs a title",
            }));
        }
        written.unwrap_or_default()
    }

    /// What feeds know the paper by, as an author gives it: anything, once in an issue.
    fn guid(&mut self, fields: &mut Fields<'_, '_>) -> Option<String> {
        let (text, node) = fields.spanned_text(names::GUID)?;
        let at = fields.place_of(node);
        let guid = one_line(&text);
        if guid.len() > MAX_GUID {
            fields.report(too_large("this guid", &format!("{MAX_GUID} bytes"), &at));
            return None;
        }
        // No id looks like this, so that the two kinds do not stand in each other's way.
        if !self.ids.insert(format!("guid {guid}")) {
            fields.report(
                Diagnostic::error("duplicate-id", "this guid stands in the issue twice")
                    .at(at)
                    .hint("feeds cannot tell two papers of one guid from each other"),
            );
        }
        Some(guid)
    }

    fn long_prose(&mut self, fields: &mut Fields<'_, '_>, names: Names, what: &str) -> Text {
        let Some((text, node)) = fields.spanned_text(names) else {
            return Text::new();
        };
        let at = fields.place_of(node);
        check_length(what, text.len(), &at, fields.diagnostics());
        self.prose_of(&text, node)
    }
}

/// The landing page. `none` and `无` say that there is none, which is no oversight then.
fn landing(fields: &mut Fields<'_, '_>) -> Option<String> {
    let says_none = matches!(
        fields.node(names::URL).map(|node| &node.value),
        Some(NodeValue::Text(text)) if matches!(text.trim(), "none" | "无")
    );
    if says_none {
        return None;
    }
    let before = fields.diagnostics().len();
    let url = page(fields, names::URL);
    if fields.node(names::PDF).is_none() && fields.node(names::CITE).is_none() {
        let found = fields.diagnostics().iter_mut().skip(before);
        for diagnostic in found.filter(|found| found.code == "arxiv-pdf-link") {
            keep_pdf(diagnostic);
        }
    }
    url
}

/// Where a fix makes the address of a PDF that of the paper's page, lets it keep the PDF as the
/// next line of the field list. In data formats nobody can tell where another field may stand.
fn keep_pdf(diagnostic: &mut Diagnostic) {
    let (Some(place), Some(fix)) = (&diagnostic.place, &mut diagnostic.fix) else {
        return;
    };
    let text = &place.source.text;
    let (before, rest) = text.split_at_checked(place.span.start).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    let url = rest.get(..place.span.len()).unwrap_or_default();
    let after = rest.get(url.len()..).unwrap_or_default();
    let (after, end) = match after.split_once('\n') {
        Some((after, _)) if after.ends_with('\r') => (after.trim_end_matches('\r'), "\r\n"),
        Some((after, _)) => (after, "\n"),
        None => (after, "\n"),
    };
    let Some((bullet, name, dress)) = field_of(line) else {
        return;
    };
    let Some(closing) = closing_of(dress, after) else {
        return;
    };
    let pdf = if name.is_ascii() { "pdf" } else { "全文" };
    // As the other fixes of this address leave it.
    let url = url.split('?').next().unwrap_or_default();
    let url = url.split_once("://").map_or(url, |(_, rest)| rest);
    let at = place.span.end + after.len();
    fix.edits.push(Edit {
        span: at..at,
        text: format!("{end}{bullet}{pdf}{dress}https://{url}{closing}"),
    });
    "lead to the paper's page, and keep the PDF as `pdf`".clone_into(&mut fix.about);
}

/// The bullet, the name, and what parts it from its value, of the line of a field list up to
/// its value.
fn field_of(line: &str) -> Option<(&str, &str, &str)> {
    let item = line.trim_start_matches([' ', '\t']);
    let rest = item.strip_prefix(['-', '*', '+'])?;
    let name = rest.trim_start_matches([' ', '\t']);
    let bullet = line.get(..line.len() - name.len())?;
    let (called, _) = name.split_once([':', '：'])?;
    let dress = name.get(called.len()..)?;
    let is_whole = rest.len() > name.len() && !called.is_empty();
    let is_bare = |dress: &str| dress.trim_matches([':', '：', ' ', '\t', '<']).is_empty();
    (is_whole && is_bare(dress) && called.chars().all(char::is_alphabetic))
        .then_some((bullet, called, dress))
}

/// What closes the address behind `dress`, if nothing but marks follows it on its line.
fn closing_of<'t>(dress: &str, after: &'t str) -> Option<&'t str> {
    let after = after.trim_end();
    let closing = if dress.ends_with('<') { ">" } else { "" };
    let marks = after.strip_prefix(closing)?;
    marks
        .trim_matches(['；', '，', '。', '、', ';', ','])
        .is_empty()
        .then(|| after.get(..closing.len()).unwrap_or_default())
}

/// `is_unknown` tells that the paper's facts should be in a bibliography, and are in none.
fn check_paper(paper: &Paper, is_unknown: bool, at: &Place, fields: &mut Fields<'_, '_>) {
    // A locator that is there and wrong has been reported as such.
    let has_locator = [
        names::URL,
        names::DOI,
        names::ARXIV,
        names::OPENREVIEW,
        names::PMID,
        names::ISBN,
    ]
    .into_iter()
    .chain(LINKS.iter().map(|&(names, _)| names))
    .any(|names| fields.node(names).is_some());
    // What should have come from a bibliography is missed there.
    let is_missed = is_unknown && paper.title.is_empty();
    let has_locator = has_locator || paper.isbn.is_some() || paper.landing().is_some();
    if !has_locator && !is_missed {
        fields.report(
            Diagnostic::error(
                "missing-url",
                "this paper has neither address nor identifier",
            )
            .at(at.clone())
            .hint("add `url`, `doi`, `arxiv` or `openreview` (链接), or say `url: none` (无)"),
        );
    }
    if paper.commentary.is_empty() && fields.node(names::COMMENTARY).is_none() {
        fields.report(
            Diagnostic::warning("missing-commentary", "nothing is said of this paper")
                .at(at.clone())
                .hint("a sentence on why it is worth reading makes the list yours"),
        );
    }
    let breaks_off = paper.authors.iter().any(|author| {
        let name = author.strip_suffix('.').unwrap_or(author);
        let end = name.len().checked_sub("et al".len());
        end.and_then(|start| name.get(start..))
            .is_some_and(|end| end.eq_ignore_ascii_case("et al"))
            || author == "等"
            || author.ends_with(" 等")
    });
    if breaks_off {
        let at = fields
            .node(names::AUTHORS)
            .map_or_else(|| at.clone(), |node| fields.place_of(node));
        fields.report(
            Diagnostic::warning("et-al-in-authors", "the list of authors breaks off")
                .at(at)
                .hint("name all authors; formats shorten the list themselves"),
        );
    }
}

/// Identifiers that the address gives away, and the address that identifiers give.
fn identify(paper: &mut Paper) {
    if let Some(url) = &paper.url {
        match identifier::of_url(url) {
            Some(Identified::Doi(doi)) => paper.doi = paper.doi.take().or(Some(doi)),
            Some(Identified::Arxiv(arxiv)) => paper.arxiv = paper.arxiv.take().or(Some(arxiv)),
            Some(Identified::Openreview(id)) => {
                paper.openreview = paper.openreview.take().or(Some(id));
            }
            None => {}
        }
        return;
    }
    paper.url = paper
        .doi
        .as_deref()
        .map(identifier::doi_url)
        .or_else(|| paper.arxiv.as_deref().map(identifier::arxiv_url))
        .or_else(|| paper.openreview.as_deref().map(identifier::openreview_url))
        .or_else(|| paper.pmid.as_deref().map(identifier::pmid_url));
}

/// The id of a paper that is given none: it lasts as long as the paper's identifier does.
pub(super) fn default_id(paper: &Paper) -> Option<String> {
    let id = paper
        .arxiv
        .as_deref()
        .map(|arxiv| format!("arxiv-{}", without_version(arxiv)))
        .or_else(|| {
            paper
                .openreview
                .as_ref()
                .map(|id| format!("openreview-{id}"))
        })
        .or_else(|| {
            paper
                .doi
                .as_ref()
                .map(|doi| format!("doi-{}", doi.to_ascii_lowercase()))
        })?;
    Some(id_of(&id))
}

/// An id made of an identifier.
pub(crate) fn id_of(identifier: &str) -> String {
    identifier
        .chars()
        .map(|character| {
            if character.is_ascii_alphanumeric() || matches!(character, '-' | '_') {
                character
            } else {
                '-'
            }
        })
        .take(100)
        .collect()
}

pub(super) fn check_length(
    what: &str,
    length: usize,
    at: &Place,
    diagnostics: &mut Vec<Diagnostic>,
) {
    if length > MAX_COMMENTARY {
        diagnostics.push(too_large(what, &format!("{MAX_COMMENTARY} bytes"), at));
    }
}
