//! Nodes into an [`Issue`]: the one reader of all four forms.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use comrak::Arena;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::cite::{Shelf, Unknown, bibliographies, without_known};
use super::judge::judge_issue;
use super::names::{self, Names};
use super::outline::{Division, DivisionKind, Outline, outline};
use super::paper::{check_length, default_id};
use super::parts::Read;
use super::tables::{
    count, counted, event, identifier_table, issue_id, issue_source, paper_defaults, tags, width,
};
use super::values::{
    bad_date, check_schema, day, extra, id, lang, license, line, normalized, people, place, shown,
    url,
};
use super::{Context, Loaded, Location, Places};
use crate::check::date::time_zone;
use crate::date::Moment;
use crate::diagnostic::{Diagnostic, Place};
use crate::fields::{Entry, Fields, Node, NodeValue};
use crate::guid;
use crate::markdown::{
    Document, Manuscript, Passage, Pieces, first_line, one_line, title as formatted, unreadable,
};
use crate::model::{Issue, Numbering, Paper, Related, Section, Series};
use crate::source::Source;
use crate::text::{Figure, Image, Inline, Text, plain};
use crate::words::Words;

/// The most papers a list may hold.
pub(super) const MAX_PAPERS: usize = 10_000;
/// How many papers of a data form are read at a time.
const PAPERS_OF_A_PART: usize = 32;
/// The longest title, in bytes.
pub(super) const MAX_TITLE: usize = 2_000;

/// What reading a file needs at every step.
pub(super) struct Reading<'a> {
    /// Where the fields of an issue are to be written, if there are none at all.
    where_fields_go: Option<&'static str>,
    source: &'a Arc<Source>,
    folder: &'a str,
    series: &'a Series,
    zone: TimeZone,
    /// How many threads may read.
    pub(super) threads: usize,
    /// What is wrong with headings and field lists.
    pub(super) layout: Vec<Diagnostic>,
    pub(super) manuscript: Manuscript<'a>,
    pub(super) ids: BTreeSet<String>,
    /// Where each paper stands, in reading order.
    pub(super) papers: Vec<Range<usize>>,
    /// See [`Places::tags`].
    pub(super) tags: BTreeMap<String, Range<usize>>,
    /// See [`Places::under_review`].
    pub(super) under_review: Vec<(Range<usize>, Option<Date>)>,
    /// Where the issue's own fields stand.
    places: Places,
    pub(super) is_over_full: bool,
    /// The bibliographies that papers refer to.
    pub(super) shelf: Shelf,
    /// The keys that none of them has.
    pub(super) unknown: Vec<Unknown>,
}

/// The beginning of a body, which has the issue's title and introduction.
struct Lead<'b> {
    document: Document<'b>,
    outline: Outline<'b>,
    pieces: &'b Pieces<'b>,
    /// The piece that follows.
    next: usize,
}

/// Reads an issue: `facts` are the whole of a data form or the front matter of a Markdown
/// file (absent when its syntax is broken), `body` is a Markdown file's rest.
pub(super) fn issue(
    context: &Context<'_>,
    facts: Option<&Node>,
    body: Option<&Pieces<'_>>,
    mut diagnostics: Vec<Diagnostic>,
) -> Loaded<Issue> {
    let Context {
        source,
        location,
        series,
        threads,
        library,
    } = *context;
    let has_no_front_matter =
        body.is_some() && facts.is_some_and(|facts| facts.value == NodeValue::Null);
    let mut reading = Reading {
        where_fields_go: has_no_front_matter
            .then_some("begin the file with front matter: the fields between two lines of `---`"),
        threads,
        ..Reading::new(
            source,
            &location.folder,
            series,
            time_zone(&series.timezone).unwrap_or(TimeZone::UTC),
        )
    };
    let nothing = Node {
        value: NodeValue::Table(Vec::new()),
        span: 0..0,
    };
    let mut found = Vec::new();
    let facts_or_none = facts.unwrap_or(&nothing);
    let mut fields = normalized(source, facts_or_none, names::ISSUE, &[], &mut found);
    reading.places = places_of(&mut fields);
    let (bibliography, shelf) = bibliographies(&mut fields, series, library);
    reading.shelf = shelf;
    let mut issue = reading.issue(&mut fields, location, facts.is_some(), body);
    if let Some(issue) = &mut issue {
        issue.bibliography = bibliography;
    }
    reading.report_unknown();
    fields.finish();
    diagnostics.append(&mut reading.layout);
    diagnostics.append(&mut found);
    diagnostics.append(&mut reading.manuscript.diagnostics);
    let mut forbidden = reading.manuscript.forbidden;
    forbidden.note_all(source, facts_or_none);
    diagnostics.extend(forbidden.report(source));
    diagnostics.extend(reading.manuscript.meetings.report(source));
    Loaded {
        value: issue,
        images: reading.manuscript.images,
        bibliographies: Vec::new(),
        places: Places {
            papers: reading.papers,
            tags: reading.tags.into_iter().collect(),
            under_review: reading.under_review,
            ..reading.places
        },
        diagnostics,
    }
}

/// Where the fields stand by which messages about the whole issue point at it.
fn places_of(fields: &mut Fields<'_, '_>) -> Places {
    let file = Place::new(fields.source(), 0..usize::MAX);
    let mut at = |names| fields.node(names).map(|node| node.span.clone());
    Places {
        head: at(names::TITLE).unwrap_or_else(|| first_line(&file).span),
        id: at(names::ID),
        number: at(names::NUMBER),
        date: at(names::DATE),
        short_title: at(names::SHORT_TITLE),
        ..Places::default()
    }
}

impl<'a> Reading<'a> {
    fn new(source: &'a Arc<Source>, folder: &'a str, series: &'a Series, zone: TimeZone) -> Self {
        Self {
            where_fields_go: None,
            source,
            folder,
            series,
            zone,
            threads: 1,
            layout: Vec::new(),
            manuscript: Manuscript::new(source, folder, series.check.allows_remote_images()),
            ids: BTreeSet::new(),
            papers: Vec::new(),
            tags: BTreeMap::new(),
            under_review: Vec::new(),
            places: Places::default(),
            is_over_full: false,
            shelf: Shelf::default(),
            unknown: Vec::new(),
        }
    }

    /// The same file read from nothing, for a part of it.
    pub(super) fn apart(&self) -> Self {
        Self {
            shelf: self.shelf.clone(),
            ..Self::new(self.source, self.folder, self.series, self.zone.clone())
        }
    }
}

impl Reading<'_> {
    fn issue(
        &mut self,
        fields: &mut Fields<'_, '_>,
        location: &Location,
        has_facts: bool,
        body: Option<&Pieces<'_>>,
    ) -> Option<Issue> {
        check_schema(fields);
        let arena = Arena::new();
        let lead = body.map(|pieces| self.lead(&arena, pieces));
        let heading = lead.as_ref().and_then(|lead| lead.outline.title.as_ref());
        let title = self.issue_title(fields, heading, has_facts);
        let short_title = line(fields, names::SHORT_TITLE).map(|title| title_words(&title));
        let subtitle = line(fields, names::SUBTITLE).map(|title| title_words(&title));
        let description = line(fields, names::DESCRIPTION).map(|text| title_words(&text));
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
        self.note_tags(tags.iter().map(|tag| tag.name.as_str()), fields);
        let related = self.related(fields);
        let identifier = fields
            .table(names::IDENTIFIER, identifier_table)
            .unwrap_or_default();
        let canonical = url(fields, names::CANONICAL);
        let extra = extra(fields);

        let defaults = paper_defaults(fields);
        let mut intro = self.prose(fields, names::INTRO);
        if let Some(lead) = &lead {
            intro.extend(self.manuscript.blocks(&lead.document, &lead.outline.intro));
        }
        let words = lang.as_ref().map_or(Words::Chinese, Words::of);
        let mut sections = self.sections(fields, &defaults, words);
        if let Some(lead) = &lead {
            sections.extend(self.body(lead, &defaults, words, fields.diagnostics()));
        }

        let id = id.unwrap_or_default();
        let date_or_any = date.or_else(unknown_date)?;
        let mut issue = Issue {
            guid: guid::of_issue(self.series, &id, date_or_any.date()),
            id,
            title: title.clone().unwrap_or_default(),
            short_title,
            subtitle,
            description,
            number,
            volume,
            date: date_or_any,
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
            bibliography: Vec::new(),
            identifier,
            canonical,
            intro,
            sections,
            parts: Vec::new(),
            footnotes: Vec::new(),
            extra,
        };
        self.finish(&mut issue);
        if has_facts {
            judge_issue(&issue, fields, self.places.head.clone());
        }
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
        push_all_passages(&mut issue.sections, &mut passages);
        issue.footnotes = self.manuscript.number_footnotes(passages);
        self.name_and_number(issue);
        self.report_duplicates(issue);
    }

    /// Warns about papers that stand in the issue twice.
    fn report_duplicates(&mut self, issue: &Issue) {
        let mut seen: BTreeMap<String, &Range<usize>> = BTreeMap::new();
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
            let head = self.source.text.get(first.clone()).unwrap_or_default();
            self.manuscript.diagnostics.push(
                Diagnostic::warning("duplicate-paper", "this paper stands in the issue twice")
                    .at(Place::new(self.source, again.clone()))
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
                Some(title_words(&text))
            }
            (None, Some((text, span))) if !text.is_empty() => {
                let at = Place::new(self.source, span.clone());
                self.places.head.clone_from(span);
                let text = one_line(&crate::chars::clean(text));
                check_title(&text, &at, fields);
                Some(title_words(&text))
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
                fields.report(bad_date(fault, &text, &at));
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
    pub(super) fn figure(&mut self, fields: &mut Fields<'_, '_>) -> Option<Figure> {
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
            let found = self.manuscript.diagnostics.len();
            let mut blocks = self.manuscript.text(&text, node.span.clone()).into_iter();
            if let (Some(crate::text::Block::Figure(figure)), None) = (blocks.next(), blocks.next())
            {
                return Some(figure);
            }
            if self.manuscript.diagnostics.len() == found {
                fields.report(
                    Diagnostic::error("unknown-value", "this is not one picture")
                        .at(at)
                        .hint("write `![what it shows](images/fig.png \"caption\")` and no more"),
                );
            }
            return None;
        }
        let image = self.manuscript.image(&text, "", None, at).ok()?;
        Some(Figure {
            image,
            caption: Vec::new(),
            credit: None,
        })
    }

    /// A Markdown text of a data form.
    pub(super) fn prose(&mut self, fields: &mut Fields<'_, '_>, names: Names) -> Text {
        match fields.spanned_text(names) {
            Some((text, node)) => self.prose_of(&text, node),
            None => Text::new(),
        }
    }

    /// The Markdown text of a node, which is `text` without blanks at both ends.
    pub(super) fn prose_of(&mut self, text: &str, node: &Node) -> Text {
        // Blanks at the beginning may mean code; only the field's own text tells.
        let text = match &node.value {
            NodeValue::Text(written) => written.trim_end().trim_start_matches(['\n', '\r']),
            NodeValue::Null
            | NodeValue::Bool(_)
            | NodeValue::Integer(_)
            | NodeValue::Float(_)
            | NodeValue::List(_)
            | NodeValue::Table(_) => text,
        };
        self.manuscript.text(text, node.span.clone())
    }

    /// Sections that a data form or the front matter gives.
    fn sections(
        &mut self,
        fields: &mut Fields<'_, '_>,
        defaults: &[Entry],
        words: Words,
    ) -> Vec<Section> {
        let mut sections = Vec::new();
        // Papers without a section get one whose title is their own word.
        let loose = fields.list(names::PAPERS);
        if !loose.is_empty() {
            let papers = self.paper_nodes(fields, &loose, defaults);
            sections.push(loose_section(papers, words));
        }
        for node in fields.list(names::SECTIONS) {
            let found = fields.diagnostics();
            let mut inner = normalized(self.source, node, names::SECTION, &[], found);
            let mut section = self.section_head(&mut inner);
            section.intro = self.prose(&mut inner, names::INTRO);
            let nodes = inner.list(names::PAPERS);
            section.papers = self.paper_nodes(&mut inner, &nodes, defaults);
            if section.title.is_empty() {
                loose_papers(words).clone_into(&mut section.title);
            } else {
                let place = inner.place();
                report_empty(&section, &place, inner.diagnostics());
            }
            inner.finish();
            sections.push(section);
        }
        sections
    }

    /// Title and id of a section. The title is empty when there is none, which is reported.
    fn section_head(&mut self, fields: &mut Fields<'_, '_>) -> Section {
        let title = fields.spanned_text(names::TITLE).map(|(text, node)| {
            let text = one_line(&text);
            let at = fields.place_of(node);
            check_title(&text, &at, fields);
            title_words(&text)
        });
        if title.is_none() {
            let at = first_line(&fields.place());
            fields.report(
                Diagnostic::error("missing-title", "this section has no title")
                    .at(at)
                    .hint("every section needs a few words for the table of contents"),
            );
        }
        let id = id(fields, names::ID).map(|(id, at)| self.claim(id, at, fields));
        Section {
            id: id.unwrap_or_default(),
            title: title.unwrap_or_default(),
            intro: Text::new(),
            papers: Vec::new(),
        }
    }

    /// Parses the beginning of a body.
    fn lead<'b>(&mut self, arena: &'b Arena<'b>, pieces: &'b Pieces<'b>) -> Lead<'b> {
        let (document, next) = pieces.parse_from(arena, 0);
        let outline = outline(self.source, &document, &mut self.layout);
        Lead {
            document,
            outline,
            pieces,
            next,
        }
    }

    /// Sections that headings give.
    fn body(
        &mut self,
        lead: &Lead<'_>,
        defaults: &[Entry],
        words: Words,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Vec<Section> {
        let mut read = Read::default();
        self.divisions(&lead.document, &lead.outline, defaults, &mut read);
        let pieces = lead.pieces;
        self.parts(
            lead.next..pieces.count(),
            &mut read,
            |reading, parts, read| {
                let arena = Arena::new();
                let Some(document) = pieces.parse(&arena, parts) else {
                    return false;
                };
                let outline = outline(reading.source, &document, &mut reading.layout);
                reading.divisions(&document, &outline, defaults, read);
                true
            },
        );
        diagnostics.append(&mut read.diagnostics);
        let mut sections = Vec::with_capacity(read.sections.len() + 1);
        if !read.loose.is_empty() {
            sections.push(loose_section(read.loose, words));
        }
        for (mut section, heading) in read.sections.into_iter().zip(read.headings) {
            match heading {
                Some(heading) => {
                    report_empty(&section, &Place::new(self.source, heading), diagnostics);
                }
                None => loose_papers(words).clone_into(&mut section.title),
            }
            section.papers.shrink_to_fit();
            sections.push(section);
        }
        sections
    }

    /// Reads what stands under headings.
    fn divisions(
        &mut self,
        document: &Document<'_>,
        outline: &Outline<'_>,
        defaults: &[Entry],
        read: &mut Read,
    ) {
        for division in &outline.divisions {
            let diagnostics = &mut read.diagnostics;
            match division.kind {
                DivisionKind::Section => {
                    let mut fields = Fields::new(self.source, &division.facts, diagnostics);
                    let mut section = self.section_head(&mut fields);
                    section.intro = self.manuscript.blocks(document, &division.text);
                    fields.finish();
                    let heading = (!section.title.is_empty()).then(|| division.facts.span.clone());
                    read.headings.push(heading);
                    read.sections.push(section);
                }
                DivisionKind::Paper => {
                    let paper = self.paper_division(document, division, defaults, diagnostics);
                    read.papers().extend(paper);
                }
            }
        }
    }

    /// Takes an id that an author gave.
    pub(super) fn claim(&mut self, id: String, at: Place, fields: &mut Fields<'_, '_>) -> String {
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
    fn count_paper(&mut self, at: &Place, diagnostics: &mut Vec<Diagnostic>) -> bool {
        let fits = self.papers.len() < MAX_PAPERS;
        if fits {
            self.papers.push(at.span.clone());
        } else if !self.is_over_full {
            self.is_over_full = true;
            diagnostics.push(too_large("the list", &format!("{MAX_PAPERS} papers"), at));
        }
        fits
    }

    fn paper_nodes(
        &mut self,
        fields: &mut Fields<'_, '_>,
        nodes: &[&Node],
        defaults: &[Entry],
    ) -> Vec<Paper> {
        let mut read = Read::default();
        let count = nodes.len().div_ceil(PAPERS_OF_A_PART);
        self.parts(0..count, &mut read, |reading, parts, read| {
            let start = parts.start * PAPERS_OF_A_PART;
            let end = nodes.len().min(parts.end * PAPERS_OF_A_PART);
            for node in nodes.get(start..end).into_iter().flatten() {
                let at = first_line(&place(reading.source, node));
                if !reading.count_paper(&at, &mut read.diagnostics) {
                    break;
                }
                let cited = reading.cited(node);
                let own = cited.as_ref().map(|entry| without_known(defaults, entry));
                let defaults = own.as_deref().unwrap_or(defaults);
                let found = &mut read.diagnostics;
                let mut inner = normalized(reading.source, node, names::PAPER, defaults, found);
                read.loose
                    .push(reading.paper(&mut inner, Text::new(), cited));
                inner.finish();
            }
            true
        });
        fields.diagnostics().append(&mut read.diagnostics);
        read.loose.shrink_to_fit();
        read.loose
    }

    fn paper_division(
        &mut self,
        document: &Document<'_>,
        division: &Division<'_>,
        defaults: &[Entry],
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Paper> {
        let at = place(self.source, &division.facts);
        if !self.count_paper(&at, diagnostics) {
            return None;
        }
        if let (Some(first), Some(last)) = (division.text.first(), division.text.last()) {
            let start = document.span(first.data().sourcepos).start;
            let end = document.span(last.data().sourcepos).end;
            let place = Place::new(self.source, start..end.max(start));
            check_length("this commentary", place.span.len(), &place, diagnostics);
        }
        let commentary = self.manuscript.blocks(document, &division.text);
        let facts = &division.facts;
        let cited = self.cited(facts);
        let own = cited.as_ref().map(|entry| without_known(defaults, entry));
        let defaults = own.as_deref().unwrap_or(defaults);
        let mut inner = normalized(self.source, facts, names::PAPER, defaults, diagnostics);
        let paper = self.paper(&mut inner, commentary, cited);
        inner.finish();
        Some(paper)
    }
}

/// Where footnotes may be referred to, in reading order.
pub(super) fn push_all_passages<'t>(sections: &'t mut [Section], passages: &mut Vec<Passage<'t>>) {
    for section in sections {
        passages.push(Passage::Text(&mut section.intro));
        for paper in &mut section.papers {
            push_passages(paper, passages);
        }
    }
}

pub(super) fn push_passages<'t>(paper: &'t mut Paper, passages: &mut Vec<Passage<'t>>) {
    passages.push(Passage::Line(&mut paper.tldr));
    passages.push(Passage::Text(&mut paper.abstract_text));
    if let Some(figure) = &mut paper.image {
        passages.push(Passage::Line(&mut figure.caption));
    }
    passages.push(Passage::Text(&mut paper.commentary));
}

/// Warns about a section that holds nothing; `at` begins with its heading.
fn report_empty(section: &Section, at: &Place, diagnostics: &mut Vec<Diagnostic>) {
    if section.intro.is_empty() && section.papers.is_empty() {
        diagnostics.push(
            Diagnostic::warning("empty-section", "this section holds nothing").at(first_line(at)),
        );
    }
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

/// A section for papers that stand in none.
fn loose_section(papers: Vec<Paper>, words: Words) -> Section {
    Section {
        id: String::new(),
        title: loose_papers(words).to_owned(),
        intro: Text::new(),
        papers,
    }
}

fn loose_papers(words: Words) -> &'static str {
    match words {
        Words::Chinese => "论文",
        Words::English => "Papers",
    }
}

pub(super) fn check_title(title: &str, at: &Place, fields: &mut Fields<'_, '_>) {
    if title.len() > MAX_TITLE {
        fields.report(too_large("this title", &format!("{MAX_TITLE} bytes"), at));
    }
    if !title.contains('$') {
        return;
    }
    for piece in formatted(title) {
        if let Inline::Math(formula) = piece
            && let Err(fault) = offprint_math::check(&formula.tex)
        {
            fields.report(unreadable(&formula.tex, fault, at));
        }
    }
}

/// A title that is kept in plain words: formulas between dollar signs are said in words, too.
fn title_words(title: &str) -> String {
    if title.contains('$') {
        plain(&formatted(title))
    } else {
        title.to_owned()
    }
}

pub(super) fn too_large(what: &str, limit: &str, at: &Place) -> Diagnostic {
    Diagnostic::error(
        "too-large",
        format!("{what} is longer than the limit, {limit}"),
    )
    .at(first_line(at))
}
