//! Nodes into an [`Issue`]: the one reader of all four forms.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use jiff::tz::TimeZone;

use super::names::{self, Names};
use super::outline::{Outline, PaperOutline, SectionOutline};
use super::values::{
    bad_date, check_schema, day, extra, id, identified, lang, license, line, names_list,
    normalized, people, place, shown, url, without_effect, words,
};
use super::{Loaded, Location};
use crate::check::date::time_zone;
use crate::check::identifier::{self, Identified};
use crate::date::Moment;
use crate::diagnostic::{Diagnostic, Place};
use crate::fields::{Entry, Fields, Node, NodeValue};
use crate::markdown::{Document, Manuscript, Passage, first_line, one_line, percent, title};
use crate::model::{
    Event, Identifier, Issue, IssueSource, LinkKind, Numbering, Paper, Related, Section, Series,
    SourceKind, Status, Tag, without_version,
};
use crate::source::Source;
use crate::text::{Figure, Image, Text, plain};
use crate::words::Words;

/// The most papers a list may hold.
const MAX_PAPERS: usize = 10_000;
/// The longest title, in bytes.
const MAX_TITLE: usize = 2_000;
/// The longest commentary or abstract, in bytes.
const MAX_COMMENTARY: usize = 64 * 1024;
/// The most fields that `defaults` may hold, since every paper gets a copy.
const MAX_DEFAULTS: usize = 64;

/// Statuses: the words of the model, then Chinese ones.
const STATUSES: &[(&str, Status)] = &[
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
const TYPES: &[(&str, &str)] = &[
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

const SOURCE_KINDS: &[(&str, SourceKind)] = &[
    ("wechat", SourceKind::Wechat),
    ("web", SourceKind::Web),
    ("mail", SourceKind::Mail),
    ("微信", SourceKind::Wechat),
    ("公众号", SourceKind::Wechat),
    ("网站", SourceKind::Web),
    ("网页", SourceKind::Web),
    ("邮件", SourceKind::Mail),
];

const LINKS: &[(Names, LinkKind)] = &[
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

/// What reading a file needs at every step.
struct Reading<'a> {
    /// Where the fields of an issue are to be written, if there are none at all.
    where_fields_go: Option<&'static str>,
    source: &'a Arc<Source>,
    series: &'a Series,
    zone: TimeZone,
    manuscript: Manuscript<'a>,
    ids: BTreeSet<String>,
    /// Where each paper stands, in reading order.
    papers: Vec<Place>,
    is_over_full: bool,
}

/// Reads an issue: `facts` are the whole of a data form or the front matter of a Markdown
/// file (absent when its syntax is broken), `body` is a Markdown file's rest.
pub(super) fn issue(
    source: &Arc<Source>,
    location: &Location,
    series: &Series,
    facts: Option<&Node>,
    body: Option<(&Document<'_>, Outline<'_>)>,
    mut diagnostics: Vec<Diagnostic>,
) -> Loaded<Issue> {
    let has_no_front_matter =
        body.is_some() && facts.is_some_and(|facts| facts.value == NodeValue::Null);
    let mut reading = Reading {
        where_fields_go: has_no_front_matter
            .then_some("begin the file with front matter: the fields between two lines of `---`"),
        source,
        series,
        zone: time_zone(&series.timezone).unwrap_or(TimeZone::UTC),
        manuscript: Manuscript::new(
            source,
            &location.folder,
            series.check.allows_remote_images(),
        ),
        ids: BTreeSet::new(),
        papers: Vec::new(),
        is_over_full: false,
    };
    let nothing = Node {
        value: NodeValue::Table(Vec::new()),
        span: 0..0,
    };
    let node = normalized(facts.unwrap_or(&nothing), names::ISSUE, &[]);
    let mut fields = Fields::new(source, &node, &mut diagnostics);
    let issue = reading.issue(&mut fields, location, facts.is_some(), body);
    fields.finish();
    diagnostics.append(&mut reading.manuscript.diagnostics);
    Loaded {
        value: issue,
        images: reading.manuscript.images,
        diagnostics,
    }
}

impl Reading<'_> {
    fn issue(
        &mut self,
        fields: &mut Fields<'_, '_>,
        location: &Location,
        has_facts: bool,
        body: Option<(&Document<'_>, Outline<'_>)>,
    ) -> Option<Issue> {
        check_schema(fields);
        let (document, outline) = match body {
            Some((document, outline)) => (Some(document), outline),
            None => (None, Outline::default()),
        };
        let title = self.issue_title(fields, outline.title.as_ref(), has_facts);
        let short_title = line(fields, names::SHORT_TITLE);
        let subtitle = line(fields, names::SUBTITLE);
        let description = line(fields, names::DESCRIPTION);
        let date = self.moment(fields, names::DATE);
        if date.is_none() && has_facts && fields.node(names::DATE).is_none() {
            self.report_missing(
                fields,
                "missing-date",
                "the issue has no date",
                "add `date: 2020-11-02`",
            );
        }
        let updated = self.moment(fields, names::UPDATED);
        let id = issue_id(fields, location, has_facts);
        let number = counted(fields, names::NUMBER);
        let volume = counted(fields, names::VOLUME);
        let draft = fields.boolean(names::DRAFT).unwrap_or(false);
        let has_lang = fields.node(names::LANG).is_some();
        let lang = lang(fields, names::LANG).or_else(|| self.series.lang.clone());
        if lang.is_none() && has_facts && !has_lang {
            self.report_missing(
                fields,
                "missing-lang",
                "neither issue nor series names a language",
                "add `lang: zh-CN`",
            );
        }
        let series = self.series;
        let authors = people(fields, names::AUTHORS, &series.people);
        let editors = people(fields, names::EDITORS, &series.people);
        let translators = people(fields, names::TRANSLATORS, &series.people);
        let source = issue_source(fields);
        let declaration = line(fields, names::DECLARATION).or_else(|| series.declaration.clone());
        let license = license(fields, names::LICENSE).or_else(|| series.license.clone());
        let event = event(fields);
        let cover = self.cover(fields);
        let tags = tags(fields);
        let related = self.related(fields);
        let bibliography: Vec<String> = series
            .bibliography
            .iter()
            .cloned()
            .chain(fields.texts(names::BIBLIOGRAPHY))
            .collect();
        without_effect(fields, names::BIBLIOGRAPHY);
        let identifier = fields
            .table(names::IDENTIFIER, identifier_table)
            .unwrap_or_default();
        let canonical = url(fields, names::CANONICAL);
        let extra = extra(fields);

        let defaults = paper_defaults(fields);
        let mut intro = self.prose(fields, names::INTRO);
        if let Some(document) = document {
            intro.extend(self.manuscript.blocks(document, &outline.intro));
        }
        let words = lang.as_ref().map_or(Words::Chinese, Words::of);
        let sections = self.sections(fields, document, outline.sections, &defaults, words);

        let mut issue = Issue {
            id: id.unwrap_or_default(),
            title: title.clone().unwrap_or_default(),
            short_title,
            subtitle,
            description,
            number,
            volume,
            date: date.or_else(unknown_date)?,
            updated,
            draft,
            lang: lang.clone().or_else(|| crate::model::Lang::parse("und"))?,
            authors,
            editors,
            translators,
            source,
            declaration,
            license,
            event,
            cover,
            tags,
            related,
            bibliography,
            identifier,
            canonical,
            intro,
            sections,
            footnotes: Vec::new(),
            extra,
        };
        self.finish(&mut issue);
        let is_whole = title.is_some() && date.is_some() && lang.is_some() && !issue.id.is_empty();
        is_whole.then_some(issue)
    }

    fn report_missing(
        &self,
        fields: &mut Fields<'_, '_>,
        code: &'static str,
        message: &str,
        hint: &str,
    ) {
        let mut diagnostic = Diagnostic::error(code, message)
            .at(first_line(&fields.place()))
            .hint(hint);
        diagnostic
            .hints
            .extend(self.where_fields_go.map(str::to_owned));
        fields.report(diagnostic);
    }

    /// What needs all papers: footnotes, ids, numbers, papers that stand twice.
    fn finish(&mut self, issue: &mut Issue) {
        let mut passages = vec![Passage::Text(&mut issue.intro)];
        for section in &mut issue.sections {
            passages.push(Passage::Text(&mut section.intro));
            for paper in &mut section.papers {
                passages.push(Passage::Line(&mut paper.tldr));
                passages.push(Passage::Text(&mut paper.abstract_text));
                if let Some(figure) = &mut paper.image {
                    passages.push(Passage::Line(&mut figure.caption));
                }
                passages.push(Passage::Text(&mut paper.commentary));
            }
        }
        issue.footnotes = self.manuscript.number_footnotes(passages);
        self.name_and_number(issue);
        self.report_duplicates(issue);
    }

    /// Warns about papers that stand in the issue twice.
    fn report_duplicates(&mut self, issue: &Issue) {
        let mut seen: BTreeMap<String, &Place> = BTreeMap::new();
        let mut found = Vec::new();
        for (paper, at) in issue.papers().zip(&self.papers) {
            let identity = paper
                .identity()
                .or_else(|| paper.url.clone())
                .unwrap_or_else(|| plain(&paper.title).to_lowercase());
            match seen.get(&identity) {
                Some(first) if !identity.is_empty() => found.push((*first, at)),
                Some(_) => {}
                None => {
                    seen.insert(identity, at);
                }
            }
        }
        for (first, again) in found {
            let head = first
                .source
                .text
                .get(first.span.clone())
                .unwrap_or_default();
            self.manuscript.diagnostics.push(
                Diagnostic::warning("duplicate-paper", "this paper stands in the issue twice")
                    .at(again.clone())
                    .hint(format!("it stands further up too: `{}`", shown(head))),
            );
        }
    }

    /// Ids for what has none, after all that are given are known; then the numbers shown.
    fn name_and_number(&mut self, issue: &mut Issue) {
        let mut ordinal = 0;
        let mut shown = 0;
        for (index, section) in issue.sections.iter_mut().enumerate() {
            if section.id.is_empty() {
                section.id = free(&mut self.ids, &format!("section-{}", index + 1));
            }
            if self.series.numbering == Numbering::Section {
                shown = 0;
            }
            for paper in &mut section.papers {
                ordinal += 1;
                shown += 1;
                if paper.id.is_empty() {
                    let wanted = default_id(paper).unwrap_or_else(|| format!("paper-{ordinal}"));
                    paper.id = free(&mut self.ids, &wanted);
                }
                paper.number = match self.series.numbering {
                    Numbering::Issue | Numbering::Section => Some(shown),
                    Numbering::None => None,
                };
            }
        }
    }

    fn issue_title(
        &mut self,
        fields: &mut Fields<'_, '_>,
        heading: Option<&(String, Range<usize>)>,
        has_facts: bool,
    ) -> Option<String> {
        let written = fields.spanned_text(names::TITLE);
        match (written, heading) {
            (Some((text, node)), heading) => {
                let text = one_line(&text);
                let at = fields.place_of(node);
                check_title(&text, &at, fields);
                if let Some((other, span)) = heading
                    && one_line(other) != text
                {
                    let at = Place::new(self.source, span.clone());
                    fields.report(
                        Diagnostic::warning(
                            "heading-level",
                            "this `#` heading differs from the issue's title and is left out",
                        )
                        .at(at)
                        .hint("keep one of the two; write `##` for a section"),
                    );
                }
                Some(text)
            }
            (None, Some((text, span))) if !text.is_empty() => {
                let at = Place::new(self.source, span.clone());
                let text = one_line(&crate::chars::clean(text));
                check_title(&text, &at, fields);
                Some(text)
            }
            (None, _) => {
                if has_facts {
                    self.report_missing(
                        fields,
                        "missing-title",
                        "the issue has no title",
                        "add `title: …`",
                    );
                }
                None
            }
        }
    }

    fn moment(&mut self, fields: &mut Fields<'_, '_>, names: Names) -> Option<Moment> {
        let (text, node) = fields.spanned_text(names)?;
        match crate::check::date::moment(&text, &self.zone) {
            Ok(moment) => Some(moment),
            Err(fault) => {
                let at = fields.place_of(node);
                fields.report(bad_date(fault, at));
                None
            }
        }
    }

    fn cover(&mut self, fields: &mut Fields<'_, '_>) -> Option<Image> {
        let node = fields.node(names::COVER)?;
        let at = fields.place_of(node);
        let (src, alt) = if matches!(node.value, NodeValue::Table(_)) {
            fields.table_of(node, |fields| {
                (
                    fields
                        .spanned_text(names::SRC)
                        .map(|(src, node)| (src, fields.place_of(node))),
                    line(fields, names::ALT),
                )
            })
        } else {
            (fields.text_of(node).map(|src| (src, at.clone())), None)
        };
        let Some((src, src_at)) = src else {
            fields.report(
                Diagnostic::error("broken-image", "the cover names no file")
                    .at(first_line(&at))
                    .hint("write `cover: { src: images/cover.png, alt: … }`"),
            );
            return None;
        };
        if alt.is_none() {
            fields.report(
                Diagnostic::error("cover-alt", "the cover has no alternative text")
                    .at(src_at.clone())
                    .hint("say what it shows: `cover: { src: …, alt: … }`"),
            );
        }
        // Its absence is reported above, and not as a mere warning.
        let stand_in = alt.as_deref().unwrap_or("-");
        let image = self.manuscript.image(&src, stand_in, None, src_at).ok()?;
        Some(Image {
            alt: alt.unwrap_or_default(),
            ..image
        })
    }

    fn related(&mut self, fields: &mut Fields<'_, '_>) -> Vec<Related> {
        let mut related = Vec::new();
        for node in fields.list(names::RELATED) {
            if !matches!(node.value, NodeValue::Table(_)) {
                related.extend(fields.text_of(node).map(|title| Related {
                    title: one_line(&title),
                    url: None,
                    date: None,
                    summary: None,
                    image: None,
                    views: None,
                }));
                continue;
            }
            related.extend(fields.table_of(node, |fields| {
                let url = url(fields, names::URL);
                let title = line(fields, names::TITLE).or_else(|| url.clone());
                let date = day(fields, names::DATE);
                let summary = line(fields, names::SUMMARY);
                let image = self.figure(fields).map(|figure| figure.image);
                let views = count(fields, names::VIEWS);
                let Some(title) = title else {
                    let at = first_line(&fields.place());
                    fields.report(
                        Diagnostic::error("missing-title", "this related piece has no title")
                            .at(at)
                            .hint("add `title`"),
                    );
                    return None;
                };
                Some(Related {
                    title,
                    url,
                    date,
                    summary,
                    image,
                    views,
                })
            }));
        }
        related
    }

    /// A picture with caption and credit: a table, a path, or Markdown's `![alt](src "caption")`.
    fn figure(&mut self, fields: &mut Fields<'_, '_>) -> Option<Figure> {
        let node = fields.node(names::IMAGE)?;
        let at = fields.place_of(node);
        if matches!(node.value, NodeValue::Table(_)) {
            return fields.table_of(node, |fields| {
                let src = fields.text(names::SRC);
                let alt = line(fields, names::ALT).unwrap_or_default();
                let caption = fields
                    .spanned_text(names::CAPTION)
                    .map(|(text, node)| self.manuscript.line(&text, node.span.clone()))
                    .unwrap_or_default();
                let credit = line(fields, names::CREDIT);
                let width = width(fields);
                let Some(src) = src else {
                    fields.report(
                        Diagnostic::error("broken-image", "this picture names no file")
                            .at(first_line(&at))
                            .hint("add `src`"),
                    );
                    return None;
                };
                let image = self.manuscript.image(&src, &alt, width, at).ok()?;
                Some(Figure {
                    image,
                    caption,
                    credit,
                })
            });
        }
        let text = fields.text_of(node)?;
        if text.starts_with("![") {
            let mut blocks = self.manuscript.text(&text, node.span.clone()).into_iter();
            return match (blocks.next(), blocks.next()) {
                (Some(crate::text::Block::Figure(figure)), None) => Some(figure),
                _ => None,
            };
        }
        let image = self.manuscript.image(&text, "", None, at).ok()?;
        Some(Figure {
            image,
            caption: Vec::new(),
            credit: None,
        })
    }

    /// A Markdown text of a data form.
    fn prose(&mut self, fields: &mut Fields<'_, '_>, names: Names) -> Text {
        match fields.spanned_text(names) {
            Some((text, node)) => {
                // Blanks at the beginning may mean code; only the field's own text tells.
                let text = match &node.value {
                    NodeValue::Text(written) => written.trim_end().trim_start_matches(['\n', '\r']),
                    NodeValue::Null
                    | NodeValue::Bool(_)
                    | NodeValue::Integer(_)
                    | NodeValue::Float(_)
                    | NodeValue::List(_)
                    | NodeValue::Table(_) => text.as_str(),
                };
                self.manuscript.text(text, node.span.clone())
            }
            None => Text::new(),
        }
    }

    fn sections(
        &mut self,
        fields: &mut Fields<'_, '_>,
        document: Option<&Document<'_>>,
        outlines: Vec<SectionOutline<'_>>,
        defaults: &[Entry],
        words: Words,
    ) -> Vec<Section> {
        let mut sections = Vec::new();
        // Papers without a section get one whose title is their own word.
        let loose = fields.list(names::PAPERS);
        if !loose.is_empty() {
            let papers = self.paper_nodes(fields, loose, defaults);
            sections.push(Section {
                id: String::new(),
                title: loose_papers(words).to_owned(),
                intro: Text::new(),
                papers,
            });
        }
        for node in fields.list(names::SECTIONS) {
            let normal = normalized(node, names::SECTION, &[]);
            let mut inner = Fields::new(self.source, &normal, fields.diagnostics());
            let section = self.section(&mut inner, None, None, defaults, words);
            inner.finish();
            sections.push(section);
        }
        for outline in outlines {
            let facts = outline.facts.clone().unwrap_or(Node {
                value: NodeValue::Table(vec![]),
                span: 0..0,
            });
            let mut inner = Fields::new(self.source, &facts, fields.diagnostics());
            let section = self.section(&mut inner, document, Some(outline), defaults, words);
            inner.finish();
            sections.push(section);
        }
        sections
    }

    fn section(
        &mut self,
        fields: &mut Fields<'_, '_>,
        document: Option<&Document<'_>>,
        outline: Option<SectionOutline<'_>>,
        defaults: &[Entry],
        words: Words,
    ) -> Section {
        let is_loose = outline
            .as_ref()
            .is_some_and(|outline| outline.facts.is_none());
        let title = fields.spanned_text(names::TITLE).map(|(text, node)| {
            let text = one_line(&text);
            let at = fields.place_of(node);
            check_title(&text, &at, fields);
            text
        });
        if title.is_none() && !is_loose {
            let at = first_line(&fields.place());
            fields.report(
                Diagnostic::error("missing-title", "this section has no title")
                    .at(at)
                    .hint("every section needs a few words for the table of contents"),
            );
        }
        let id = id(fields, names::ID).map(|(id, at)| self.claim(id, at, fields));
        let mut intro = self.prose(fields, names::INTRO);
        let nodes = fields.list(names::PAPERS);
        let mut papers = self.paper_nodes(fields, nodes, defaults);
        if let (Some(document), Some(outline)) = (document, outline) {
            intro.extend(self.manuscript.blocks(document, &outline.intro));
            for paper in &outline.papers {
                papers.extend(self.paper_outline(document, paper, fields, defaults));
            }
        }
        if intro.is_empty() && papers.is_empty() && title.is_some() {
            let at = first_line(&fields.place());
            fields
                .report(Diagnostic::warning("empty-section", "this section holds nothing").at(at));
        }
        Section {
            id: id.unwrap_or_default(),
            title: title.unwrap_or_else(|| loose_papers(words).to_owned()),
            intro,
            papers,
        }
    }

    /// Takes an id that an author gave.
    fn claim(&mut self, id: String, at: Place, fields: &mut Fields<'_, '_>) -> String {
        if !self.ids.insert(id.clone()) {
            fields.report(
                Diagnostic::error("duplicate-id", format!("the id `{id}` stands here twice"))
                    .at(at)
                    .hint("ids of sections and papers are unique in an issue"),
            );
        }
        id
    }

    /// Whether another paper may come; the first too many is reported.
    fn count_paper(&mut self, at: &Place, fields: &mut Fields<'_, '_>) -> bool {
        let fits = self.papers.len() < MAX_PAPERS;
        if fits {
            self.papers.push(at.clone());
        } else if !self.is_over_full {
            self.is_over_full = true;
            fields.report(too_large("the list", &format!("{MAX_PAPERS} papers"), at));
        }
        fits
    }

    fn paper_nodes(
        &mut self,
        fields: &mut Fields<'_, '_>,
        nodes: Vec<&Node>,
        defaults: &[Entry],
    ) -> Vec<Paper> {
        let mut papers = Vec::new();
        for node in nodes {
            if !self.count_paper(&first_line(&place(self.source, node)), fields) {
                break;
            }
            let normal = normalized(node, names::PAPER, defaults);
            let mut inner = Fields::new(self.source, &normal, fields.diagnostics());
            papers.push(self.paper(&mut inner, Text::new()));
            inner.finish();
        }
        papers
    }

    fn paper_outline(
        &mut self,
        document: &Document<'_>,
        outline: &PaperOutline<'_>,
        fields: &mut Fields<'_, '_>,
        defaults: &[Entry],
    ) -> Option<Paper> {
        let at = place(self.source, &outline.facts);
        if !self.count_paper(&at, fields) {
            return None;
        }
        if let (Some(first), Some(last)) = (outline.commentary.first(), outline.commentary.last()) {
            let start = document.span(first.data().sourcepos).start;
            let end = document.span(last.data().sourcepos).end;
            let span = start..end.max(start);
            check_length(
                "this commentary",
                span.len(),
                &Place::new(self.source, span),
                fields,
            );
        }
        let commentary = self.manuscript.blocks(document, &outline.commentary);
        let normal = normalized(&outline.facts, names::PAPER, defaults);
        let mut inner = Fields::new(self.source, &normal, fields.diagnostics());
        let paper = self.paper(&mut inner, commentary);
        inner.finish();
        Some(paper)
    }

    fn paper(&mut self, fields: &mut Fields<'_, '_>, further: Text) -> Paper {
        let at = first_line(&fields.place());
        let id = id(fields, names::ID).map(|(id, at)| self.claim(id, at, fields));
        let cite = line(fields, names::CITE);
        let written = fields.spanned_text(names::TITLE).map(|(text, node)| {
            let at = fields.place_of(node);
            check_title(&text, &at, fields);
            title(&text)
        });
        if written.is_none() {
            let diagnostic =
                Diagnostic::error("missing-title", "this paper has no title").at(at.clone());
            fields.report(if cite.is_some() {
                diagnostic.hint("bibliographies are not read yet: write the title yourself")
            } else {
                diagnostic.hint("every paper needs a title")
            });
        }
        let mut paper = Paper {
            id: id.unwrap_or_default(),
            number: None,
            title: written.unwrap_or_default(),
            url: url(fields, names::URL),
            doi: identified(
                fields,
                names::DOI,
                "bad-doi",
                "DOI",
                identifier::doi,
                "10., a number, `/`, a name: 10.1000/182",
            ),
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
            authors: names_list(fields, names::AUTHORS),
            affiliations: names_list(fields, names::AFFILIATIONS),
            venue: line(fields, names::VENUE),
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
        paper.commentary.extend(further);
        identify(&mut paper);
        check_paper(&paper, &at, fields);
        paper
    }

    fn long_prose(&mut self, fields: &mut Fields<'_, '_>, names: Names, what: &str) -> Text {
        if let Some((text, node)) = fields.spanned_text(names) {
            let at = fields.place_of(node);
            check_length(what, text.len(), &at, fields);
        }
        self.prose(fields, names)
    }
}

fn check_paper(paper: &Paper, at: &Place, fields: &mut Fields<'_, '_>) {
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
    if !has_locator && paper.landing().is_none() {
        fields.report(
            Diagnostic::error(
                "missing-url",
                "this paper has neither address nor identifier",
            )
            .at(at.clone())
            .hint("add `url`, `doi`, `arxiv` or `openreview` (链接)"),
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
        let lower = author.to_lowercase();
        lower.ends_with("et al")
            || lower.ends_with("et al.")
            || lower == "等"
            || lower.ends_with(" 等")
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
fn default_id(paper: &Paper) -> Option<String> {
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
    Some(
        id.chars()
            .map(|character| {
                if character.is_ascii_alphanumeric() || matches!(character, '-' | '_') {
                    character
                } else {
                    '-'
                }
            })
            .take(100)
            .collect(),
    )
}

/// `wanted`, or with a number behind it if it is taken.
fn free(taken: &mut BTreeSet<String>, wanted: &str) -> String {
    let mut id = wanted.to_owned();
    let mut count = 1;
    while !taken.insert(id.clone()) {
        count += 1;
        id = format!("{wanted}-{count}");
    }
    id
}

/// Stands for a date that is missing while the rest is checked.
fn unknown_date() -> Option<Moment> {
    Moment::from_date(jiff::civil::date(1970, 1, 1), &TimeZone::UTC).ok()
}

fn loose_papers(words: Words) -> &'static str {
    match words {
        Words::Chinese => "论文",
        Words::English => "Papers",
    }
}

fn is_issue_id(id: &str) -> bool {
    (1..=100).contains(&id.len())
        && id
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && !id.starts_with('-')
        && !id.ends_with('-')
        && crate::export::is_portable_name(id)
}

fn check_title(title: &str, at: &Place, fields: &mut Fields<'_, '_>) {
    if title.len() > MAX_TITLE {
        fields.report(too_large("this title", &format!("{MAX_TITLE} bytes"), at));
    }
}

fn check_length(what: &str, length: usize, at: &Place, fields: &mut Fields<'_, '_>) {
    if length > MAX_COMMENTARY {
        fields.report(too_large(what, &format!("{MAX_COMMENTARY} bytes"), at));
    }
}

fn too_large(what: &str, limit: &str, at: &Place) -> Diagnostic {
    Diagnostic::error(
        "too-large",
        format!("{what} is longer than the limit, {limit}"),
    )
    .at(first_line(at))
}

fn counted(fields: &mut Fields<'_, '_>, names: Names) -> Option<u32> {
    fields
        .integer(names, 0..=i64::from(u32::MAX))
        .and_then(|number| u32::try_from(number).ok())
}

fn count(fields: &mut Fields<'_, '_>, names: Names) -> Option<u64> {
    fields
        .integer(names, 0..=i64::MAX)
        .and_then(|number| u64::try_from(number).ok())
}

fn width(fields: &mut Fields<'_, '_>) -> Option<u8> {
    let (text, node) = fields.spanned_text(names::WIDTH)?;
    let width = percent(&text);
    if width.is_none() {
        let at = fields.place_of(node);
        fields.report(
            Diagnostic::error("unknown-value", format!("`{}` is no width", shown(&text)))
                .at(at)
                .hint("write a share of the text's width: 60%"),
        );
    }
    width
}

fn issue_id(fields: &mut Fields<'_, '_>, location: &Location, has_facts: bool) -> Option<String> {
    if let Some((text, node)) = fields.spanned_text(names::ID) {
        if is_issue_id(&text) {
            return Some(text);
        }
        let at = fields.place_of(node);
        fields.report(
            Diagnostic::error("bad-id", format!("`{}` is no id", shown(&text)))
                .at(at)
                .hint(
                    "write at most 100 letters a-z, digits and `-`: it names files and addresses",
                ),
        );
        return None;
    }
    let slug: String = location
        .stem
        .to_ascii_lowercase()
        .chars()
        .map(|character| {
            if matches!(character, ' ' | '_' | '.') {
                '-'
            } else {
                character
            }
        })
        .collect();
    if is_issue_id(&slug) {
        return Some(slug);
    }
    if has_facts {
        let at = first_line(&fields.place());
        fields.report(
            Diagnostic::error(
                "bad-id",
                format!("the file's name, `{}`, gives no id", shown(&location.stem)),
            )
            .at(at)
            .hint("add `id: …` of letters a-z, digits and `-`: it names files and addresses"),
        );
    }
    None
}

fn issue_source(fields: &mut Fields<'_, '_>) -> Option<IssueSource> {
    let node = fields.node(names::SOURCE)?;
    if !matches!(node.value, NodeValue::Table(_)) {
        return line(fields, names::SOURCE).map(|name| IssueSource {
            name: Some(name),
            ..IssueSource::default()
        });
    }
    Some(fields.table_of(node, |fields| IssueSource {
        kind: fields.choice(names::KIND, SOURCE_KINDS),
        name: line(fields, names::NAME),
        id: line(fields, &["id", "微信号"]),
        title: line(fields, &["title", "标题", "原文标题"]),
        url: url(fields, names::URL),
        via: line(fields, names::VIA),
        date: day(fields, names::DATE),
        license: license(fields, names::LICENSE),
    }))
}

/// The fields that papers inherit.
fn paper_defaults(fields: &mut Fields<'_, '_>) -> Vec<Entry> {
    let Some(node) = fields.node(names::DEFAULTS) else {
        return Vec::new();
    };
    let at = fields.place_of(node);
    let normal = normalized(node, names::PAPER, &[]);
    match normal.value {
        NodeValue::Table(mut entries) => {
            let is_large = entries.len() > MAX_DEFAULTS || node.span.len() > MAX_COMMENTARY;
            if is_large {
                fields.report(too_large(
                    "the defaults",
                    &format!("{MAX_DEFAULTS} fields and {MAX_COMMENTARY} bytes"),
                    &at,
                ));
                entries.clear();
            }
            entries
        }
        NodeValue::Null
        | NodeValue::Bool(_)
        | NodeValue::Integer(_)
        | NodeValue::Float(_)
        | NodeValue::Text(_)
        | NodeValue::List(_) => {
            fields.table_of(node, |_| ());
            Vec::new()
        }
    }
}

fn event(fields: &mut Fields<'_, '_>) -> Option<Event> {
    let node = fields.node(names::EVENT)?;
    if !matches!(node.value, NodeValue::Table(_)) {
        return line(fields, names::EVENT).map(|name| Event {
            name,
            ..Event::default()
        });
    }
    fields.table_of(node, |fields| {
        let name = line(fields, names::NAME);
        let event = Event {
            name: name.clone().unwrap_or_default(),
            start: day(fields, names::START),
            end: day(fields, names::END),
            place: line(fields, names::PLACE),
            url: url(fields, names::URL),
            submissions: count(fields, names::SUBMISSIONS),
            review: line(fields, names::REVIEW),
        };
        if name.is_none() {
            let at = first_line(&fields.place());
            fields.report(
                Diagnostic::error("missing-title", "this event has no name")
                    .at(at)
                    .hint("add `name`"),
            );
            return None;
        }
        Some(event)
    })
}

fn tags(fields: &mut Fields<'_, '_>) -> Vec<Tag> {
    let bare = |name: String| Tag {
        name,
        url: None,
        followers: None,
        articles: None,
        views: None,
    };
    let Some(node) = fields.node(names::TAGS) else {
        return Vec::new();
    };
    if !matches!(node.value, NodeValue::List(_) | NodeValue::Table(_)) {
        return words(fields, names::TAGS).into_iter().map(bare).collect();
    }
    let mut tags = Vec::new();
    for node in fields.list(names::TAGS) {
        if !matches!(node.value, NodeValue::Table(_)) {
            let name = fields.text_of(node).map(|name| one_line(&name));
            tags.extend(name.filter(|name| !name.is_empty()).map(bare));
            continue;
        }
        tags.extend(fields.table_of(node, |fields| {
            let name = line(fields, names::NAME);
            let url = url(fields, names::URL);
            let followers = count(fields, names::FOLLOWERS);
            let articles = count(fields, names::ARTICLES);
            let views = count(fields, names::VIEWS);
            let Some(name) = name else {
                let at = first_line(&fields.place());
                fields.report(
                    Diagnostic::error("missing-title", "this tag has no name")
                        .at(at)
                        .hint("add `name`"),
                );
                return None;
            };
            Some(Tag {
                name,
                url,
                followers,
                articles,
                views,
            })
        }));
    }
    tags
}

fn identifier_table(fields: &mut Fields<'_, '_>) -> Identifier {
    Identifier {
        doi: identified(
            fields,
            names::DOI,
            "bad-doi",
            "DOI",
            identifier::doi,
            "10., a number, `/`, a name: 10.1000/182",
        ),
        issn: identified(
            fields,
            names::ISSN,
            "bad-issn",
            "ISSN",
            identifier::issn,
            "eight digits, the last computed from the others: 2049-3630",
        ),
        urn: line(fields, names::URN),
    }
}
