//! Lines whose roles are known, put together as a draft.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use offprint_core::model::{IssueSource, Lang, Related as RelatedItem, SourceKind, Tag as Subject};
use offprint_core::text::{Block, Inline};
use offprint_core::{Diagnostic, Place, Source};

use super::address;
use super::facts::{self, Taken};
use super::features::{self, Features};
use super::grammar::{Reading, Role};
use super::html::Head;
use super::line::{Hint, Line};
use super::mentions::{Mention, Part};
use super::prose::{self, Piece};
use super::when;
use super::words::{self, Field};
use crate::{Draft, DraftPaper, DraftSection, Fate, Imported, Outcome, Traced};

/// A paper while its lines come in.
#[expect(
    clippy::struct_excessive_bools,
    reason = "what has come goes with anything else that has"
)]
#[derive(Default)]
struct Open {
    paper: DraftPaper,
    place: std::ops::Range<usize>,
    body: Vec<Piece>,
    summary: Vec<Piece>,
    /// Whether prose goes on with the abstract.
    in_abstract: bool,
    /// Whether the line before was a fact.
    after_fact: bool,
    /// Whether prose followed a fact.
    prose_after_fact: bool,
    /// How many pieces of the body stood when the last fact came.
    body_at_fact: usize,
    has_fact: bool,
    /// What its authors were announced with.
    authors_label: Option<String>,
    /// Whether what comes belongs to another paper, whose title cannot be told.
    is_lost: bool,
}

struct Builder<'a> {
    source: &'a Arc<Source>,
    head: &'a Head,
    draft: Draft,
    trace: Vec<Traced>,
    findings: Vec<Diagnostic>,
    intro: Vec<Piece>,
    section_text: Vec<Piece>,
    open: Option<Open>,
    count: usize,
    /// How many titles stand behind a label.
    labelled: usize,
    bylines: Vec<String>,
    relative: Option<std::ops::Range<usize>>,
    places: Vec<std::ops::Range<usize>>,
    section_places: Vec<std::ops::Range<usize>>,
    tails: Vec<Tail>,
    waiting_tags: Vec<String>,
    tags: Vec<(usize, Line)>,
    related: Vec<(usize, Line)>,
    /// The line above a paper that prose names.
    lead: Option<Line>,
    /// The line before, if it was taken for prose.
    before: Option<(&'a Line, &'a Features)>,
}

/// How the prose of a paper and its facts follow each other.
struct Tail {
    ends_in_prose: bool,
    has_fact: bool,
    body: Vec<Piece>,
    body_at_fact: usize,
}

/// Puts a page together.
pub(super) fn assemble(
    source: &Arc<Source>,
    lines: &[Line],
    features: &[Features],
    reading: &Reading,
    head: &Head,
) -> Outcome {
    let mut builder = Builder {
        source,
        head,
        draft: Draft::default(),
        trace: Vec::with_capacity(lines.len()),
        findings: Vec::new(),
        intro: Vec::new(),
        section_text: Vec::new(),
        open: None,
        count: 0,
        labelled: 0,
        bylines: Vec::new(),
        relative: None,
        places: Vec::new(),
        section_places: Vec::new(),
        tails: Vec::new(),
        waiting_tags: Vec::new(),
        tags: Vec::new(),
        related: Vec::new(),
        lead: None,
        before: None,
    };
    for (index, ((line, features), role)) in
        lines.iter().zip(features).zip(&reading.roles).enumerate()
    {
        match reading.mentions.get(&index) {
            Some(part) => builder.mention(line, part),
            None => builder.take(line, features, *role),
        }
        let is_prose = matches!(
            role,
            Role::Prose | Role::ProseFound | Role::Heading | Role::HeadingFound
        );
        builder.before = is_prose.then_some((line, features));
    }
    builder.finish(lines, reading)
}

impl<'a> Builder<'a> {
    fn kept(&mut self, line: &Line, what: impl Into<Cow<'static, str>>) {
        self.trace.push(Traced {
            span: line.span.clone(),
            fate: Fate::Kept(what.into()),
        });
    }

    fn dropped(&mut self, line: &Line, why: impl Into<Cow<'static, str>>) {
        self.trace.push(Traced {
            span: line.span.clone(),
            fate: Fate::Dropped(why.into()),
        });
    }

    fn place(&self, span: &std::ops::Range<usize>) -> Place {
        Place::new(self.source, span.clone())
    }

    fn take(&mut self, line: &'a Line, features: &'a Features, role: Role) {
        match role {
            Role::Opening
            | Role::Between
            | Role::Closing
            | Role::Furniture
            | Role::FurnitureFound => {
                self.furniture(line, features);
            }
            Role::Title => self.title(line),
            Role::Byline => self.byline(line, features),
            Role::Intro => {
                if features.is_intro_head {
                    self.dropped(line, "the heading of the introduction");
                } else {
                    self.intro.push(Piece {
                        line: line.clone(),
                        is_heading: false,
                    });
                    self.kept(line, "introduction");
                }
            }
            Role::Stray => self.stray(line, features),
            Role::Section => self.section(line, features),
            Role::SectionText => {
                if line.cells.is_empty() {
                    self.section_prose(line);
                } else {
                    self.dropped(line, "the head of a table");
                }
            }
            Role::Marker => {
                self.close_paper();
                self.marker(line);
            }
            Role::Paper | Role::PaperFound => self.begin_paper(line, features),
            Role::Translation | Role::TranslationFound => self.translation(line, features),
            Role::Fact | Role::FactFound => self.fact(line, features),
            Role::Prose | Role::ProseFound => self.prose(line, features, false),
            Role::Heading | Role::HeadingFound => self.prose(line, features, true),
            Role::Colophon => {
                self.close_paper();
                self.colophon(line, features);
            }
            Role::Tag => {
                self.close_paper();
                self.tags.push((self.trace.len(), line.clone()));
                self.kept(line, "tags");
            }
            Role::RelatedHead => {
                self.close_paper();
                self.dropped(line, "the heading of further reading");
            }
            Role::Related => {
                self.close_paper();
                self.related.push((self.trace.len(), line.clone()));
                self.kept(line, "further reading");
            }
            Role::ReferenceHead | Role::Reference => {
                self.close_paper();
                self.dropped(line, "the list of references");
            }
        }
    }

    fn furniture(&mut self, line: &Line, features: &Features) {
        let why = if line.cells.iter().any(|(field, _)| *field == Field::Title) {
            "a row of a table that is no paper's"
        } else if !line.cells.is_empty() {
            "the head of a table"
        } else if features.is_caption {
            "what is said of a picture"
        } else if features.repeats_later {
            "the page's table of contents"
        } else if line.dress.aside || features.is_outside {
            "page furniture: around the content"
        } else if features.is_furniture {
            "page furniture: a button or a link of the site"
        } else {
            "page furniture"
        };
        self.dropped(line, why);
    }

    fn title(&mut self, line: &Line) {
        let text = line.text.trim();
        match &self.draft.title {
            None => {
                self.draft.title = Some(without_site(text, self.head));
                self.kept(line, "title");
            }
            Some(title) if features::folded(title) == features::folded(text) => {
                self.dropped(line, "the title again");
            }
            Some(_) => self.dropped(line, "a second title"),
        }
    }

    fn byline(&mut self, line: &Line, features: &Features) {
        let mut told = false;
        if self.draft.date.is_none()
            && let Some(when) = when::find(&line.text)
        {
            self.draft.date = Some(when.written());
            told = true;
        } else if when::is_relative(&line.text) {
            self.relative.get_or_insert(line.span.clone());
        }
        let is_date = line.dress.hint == Some(Hint::Date);
        if let Some((field, from)) = features.label {
            let value = up_to_date(line.text.get(from..).unwrap_or_default());
            told |= self.page_fact(field, value, line);
        } else if !is_date {
            let mut value = up_to_date(&line.text);
            let behind = value.match_indices(' ').find_map(|(at, _)| {
                let (field, from) = words::label(value.get(at + 1..)?)?;
                Some((at, field, at + 1 + from))
            });
            if let Some((at, field, from)) = behind {
                let said = value.get(from..).unwrap_or_default().to_owned();
                told |= self.page_fact(field, &said, line);
                value = value.get(..at).unwrap_or_default().trim();
            }
            let is_name = (2..=30).contains(&value.chars().count())
                && value.chars().any(char::is_alphabetic)
                && !features.is_furniture
                && !when::is_relative(value)
                && !value.contains(['！', '!', '？'])
                && ![
                    "阅读", "浏览", "原创", "发布", "评论", "点赞", "views", "min read", "minutes",
                    "PDF", "Download", "下载", "订阅", "http", ":", "：",
                ]
                .iter()
                .any(|word| value.contains(word));
            if is_name {
                self.bylines.push(value.to_owned());
                if line.dress.hint == Some(Hint::Account) {
                    self.account(value);
                }
                told = true;
            }
        }
        if told {
            self.kept(line, "author, date or source");
        } else {
            self.dropped(line, "said under the title, but of no use to an issue");
        }
    }

    fn source_mut(&mut self) -> &mut IssueSource {
        self.draft.source.get_or_insert_default()
    }

    fn account(&mut self, name: &str) {
        let source = self.source_mut();
        source.kind = Some(SourceKind::Wechat);
        source.name.get_or_insert(name.to_owned());
    }

    /// What a label says of the page.
    fn page_fact(&mut self, field: Field, value: &str, line: &Line) -> bool {
        let value = value.trim();
        if value.is_empty() {
            return false;
        }
        match field {
            Field::Authors => {
                if self.draft.authors.is_empty() {
                    self.draft.authors = facts::names(value);
                    return !self.draft.authors.is_empty();
                }
                false
            }
            Field::Editor => add(&mut self.draft.editors, facts::names(first_part(value))),
            Field::Translator => add(&mut self.draft.translators, facts::names(first_part(value))),
            Field::Original => {
                let source = self.source_mut();
                let is_new = source.title.is_none();
                source.title.get_or_insert(value.to_owned());
                is_new
            }
            Field::Origin => self.origin(value, line),
            Field::Account => {
                self.account(first_part(value));
                true
            }
            Field::AccountId => {
                let source = self.source_mut();
                source.kind = Some(SourceKind::Wechat);
                source.id.get_or_insert(first_part(value).to_owned());
                true
            }
            Field::Declaration => {
                if self.draft.declaration.is_some() {
                    return false;
                }
                let end = value.trim_end_matches(" 举报投诉").trim_end();
                self.draft.declaration = Some(end.to_owned());
                true
            }
            Field::Date => when::find(value).is_some(),
            Field::Tags => {
                for name in value.split([',', '，', '、', ';', ' ', '#', '/']) {
                    self.add_tag(name.trim());
                }
                true
            }
            Field::Title
            | Field::Translation
            | Field::Affiliations
            | Field::Venue
            | Field::Url
            | Field::Link(_)
            | Field::Arxiv
            | Field::Doi
            | Field::Openreview
            | Field::Abstract
            | Field::Tldr
            | Field::Commentary
            | Field::Aspect
            | Field::Comments
            | Field::Status
            | Field::Rating
            | Field::Presenter
            | Field::Unwanted => false,
        }
    }

    /// `【微信号:zenRRan,微信公众号:深度学习自然语言处理】欢迎添加关注!`, or a name.
    fn origin(&mut self, value: &str, line: &Line) -> bool {
        let mut told = false;
        let signs: &[char] = &[
            ',', '，', '】', ']', '；', ';', '。', ' ', '（', '(', '）', ')',
        ];
        for (labels, is_id) in [
            (["微信公众号", "公众号", "微信公众平台"], false),
            (["微信号", "微信ID", "公众号ID"], true),
        ] {
            let found = labels.iter().find_map(|label| {
                let rest = value.split_once(label)?.1.trim_start();
                let rest = rest
                    .strip_prefix([':', '：', '“', '「', '"', '【', '|'])?
                    .trim_start();
                let end = rest
                    .find(|c| signs.contains(&c) || matches!(c, '”' | '」' | '"'))
                    .unwrap_or(rest.len());
                rest.get(..end)
                    .map(str::trim)
                    .filter(|name| !name.is_empty())
            });
            if let Some(name) = found {
                let source = self.source_mut();
                source.kind = Some(SourceKind::Wechat);
                let slot = if is_id {
                    &mut source.id
                } else {
                    &mut source.name
                };
                told |= slot.as_deref() != Some(name);
                // What is said in full outdoes a name beside the title.
                *slot = Some(name.to_owned());
            }
        }
        if told || value.contains("微信") {
            return told;
        }
        let name = value
            .split(['。', '，', '；', '|', '｜'])
            .next()
            .unwrap_or_default()
            .trim_matches(|c: char| {
                c.is_whitespace() || matches!(c, '【' | '】' | '[' | ']' | '“' | '”')
            });
        let url = features::addresses(line)
            .into_iter()
            .next()
            .map(|(url, _)| url);
        let is_name = (2..=40).contains(&name.chars().count()) && !name.starts_with("http");
        let source = self.source_mut();
        if is_name && source.name.is_none() {
            source.name = Some(name.to_owned());
            told = true;
        }
        if let Some(url) = url
            && source.url.is_none()
        {
            source.url = Some(url);
            told = true;
        }
        told
    }

    fn stray(&mut self, line: &Line, features: &Features) {
        if let Some((field, from)) = features.label {
            let value = line.text.get(from..).unwrap_or_default().to_owned();
            if matches!(field, Field::Authors | Field::Tags | Field::Date) || field.is_of_page() {
                if field == Field::Date
                    && self.draft.date.is_none()
                    && let Some(when) = when::find(&value)
                {
                    self.draft.date = Some(when.written());
                }
                if self.page_fact(field, &value, line) {
                    return self.kept(line, "said of the page");
                }
            }
        }
        if let Some((url, _)) = features::addresses(line).into_iter().next() {
            let place = self.place(&line.span);
            self.findings.push(
                Diagnostic::warning(
                    "import::stray-link",
                    format!("the address {} belongs to no paper", shown(&url)),
                )
                .at(place)
                .hint("write the paper that it leads to into the issue by hand"),
            );
            return self.dropped(line, "an address that belongs to no paper");
        }
        self.dropped(line, "a fact that belongs to no paper");
    }

    fn section(&mut self, line: &Line, features: &Features) {
        self.close_paper();
        self.close_section_text();
        let from = features
            .number
            .map_or(features.words_from, |(_, _, after)| after);
        let title = line
            .text
            .get(from..)
            .unwrap_or_default()
            .trim()
            .trim_end_matches([':', '：'])
            .trim_matches(|c: char| {
                matches!(c, '【' | '】' | '●' | '■' | '▌' | '◆' | ' ' | '|' | '*')
            })
            .to_owned();
        let title = if title.is_empty() {
            line.text.clone()
        } else {
            title
        };
        self.draft.sections.push(DraftSection {
            title: Some(title),
            ..DraftSection::default()
        });
        self.section_places.push(line.span.clone());
        let number = self.draft.sections.len();
        self.kept(line, format!("title of section {number}"));
    }

    fn close_section_text(&mut self) {
        let pieces = std::mem::take(&mut self.section_text);
        let text = prose::text(&pieces);
        match self.draft.sections.last_mut() {
            Some(section) => section.intro.extend(text),
            None => self.draft.intro.extend(text),
        }
    }

    fn begin_paper(&mut self, line: &Line, features: &Features) {
        // `Title` above `论文标题：Title` is one paper.
        let is_again = self.open.as_ref().is_some_and(|open| {
            let title = open.paper.entry.title.as_deref().unwrap_or_default();
            let own = features
                .label
                .map_or(features.words_from, |(_, value)| value);
            let is_labelled = features.label.is_some();
            let (before, now) = (
                features::folded(title),
                features::folded(features::title_words(line, own)),
            );
            !title.is_empty()
                && (open.body.is_empty() || is_labelled && !open.has_fact)
                && (before == now || is_labelled && now.len() >= 8 && before.starts_with(&now))
        });
        if is_again {
            if let Some(open) = &mut self.open {
                facts::put_title(&mut open.paper, line, features);
                open.has_fact = true;
            }
            let number = self.count;
            return self.kept(line, format!("title of paper {number} again"));
        }
        self.close_paper();
        self.close_section_text();
        self.drop_own_heading(line, features);
        if self.draft.sections.is_empty() {
            self.draft.sections.push(DraftSection::default());
            self.section_places.push(line.span.clone());
        }
        self.count += 1;
        self.labelled += usize::from(features.label.is_some());
        let number = self.count;
        let mut open = Open {
            place: line.span.clone(),
            ..Open::default()
        };
        open.paper.entry.tags = std::mem::take(&mut self.waiting_tags);
        if features.is_herald {
            // A subject is what a paper is about, and not what it is called.
            let subject = line.text.trim_start_matches('#').trim();
            if !subject.is_empty() && !subject.starts_with('@') {
                open.paper.entry.tags.push(subject.to_owned());
            }
            self.tell_no_title(line);
        } else if line.cells.is_empty() {
            let rest = facts::put_title(&mut open.paper, line, features);
            if let Some(translation) = rest.translation {
                open.body.push(words_piece(&translation));
            }
            if let Some(prose) = rest.prose {
                open.body.push(Piece {
                    line: prose,
                    is_heading: false,
                });
            }
        } else {
            open.paper.commentary = facts::put_row(&mut open.paper, line);
            if open.paper.entry.title.is_none() {
                self.tell_no_title(line);
            }
        }
        self.open = Some(open);
        self.kept(line, format!("title of paper {number}"));
    }

    /// A line of a page that names papers in its prose.
    fn mention(&mut self, line: &Line, part: &Part) {
        match part {
            Part::Title => {
                self.close_paper();
                let number = self.count + 1;
                self.kept(line, format!("title of paper {number}"));
            }
            Part::Lead => {
                self.close_paper();
                self.lead = Some(line.clone());
                let number = self.count + 1;
                self.kept(line, format!("commentary on paper {number}"));
            }
            Part::Names { papers, subject } => self.name(line, papers, *subject),
            Part::More => match &mut self.open {
                Some(open) => {
                    open.body.push(Piece {
                        line: line.clone(),
                        is_heading: false,
                    });
                    let number = self.count;
                    self.kept(line, format!("commentary on paper {number}"));
                }
                None => self.section_prose(line),
            },
            Part::Again => self.dropped(line, "the address of a paper again"),
        }
    }

    /// Papers that a line of prose names. What is about one is said of it; what only names them
    /// stays in the text.
    fn name(&mut self, line: &Line, papers: &[Mention], subject: Option<usize>) {
        self.close_paper();
        let lead = self.lead.take();
        if subject.is_none() {
            self.section_text.extend(lead.iter().map(piece));
            self.section_prose(line);
        }
        self.close_section_text();
        if self.draft.sections.is_empty() {
            self.draft.sections.push(DraftSection::default());
            self.section_places.push(line.span.clone());
        }
        for (index, mention) in papers.iter().enumerate() {
            self.close_paper();
            self.count += 1;
            let mut open = Open {
                place: line.span.clone(),
                ..Open::default()
            };
            facts::put_address(&mut open.paper.entry, &mention.url, Some(Field::Url));
            if let Some(title) = &mention.title {
                facts::put_words(&mut open.paper, title);
            } else {
                self.tell_no_title(line);
            }
            if subject == Some(index) {
                open.body.extend(lead.iter().chain([line]).map(piece));
                let number = self.count;
                self.kept(line, format!("commentary on paper {number}"));
            }
            self.open = Some(open);
        }
    }

    fn tell_no_title(&mut self, line: &Line) {
        let place = self.place(&line.span);
        self.findings.push(
            Diagnostic::warning("import::no-title", "no title is found for this paper")
                .at(place)
                .hint("write it into the issue, or let `--online` ask for it"),
        );
    }

    fn section_prose(&mut self, line: &Line) {
        self.section_text.push(piece(line));
        let number = self.draft.sections.len();
        self.kept(line, format!("text of section {number}"));
    }

    /// A heading with the words of the title below it is the paper's.
    fn drop_own_heading(&mut self, line: &Line, features: &Features) {
        let from = features
            .label
            .map_or(features.words_from, |(_, value)| value);
        let own = features::folded(features::title_words(line, from));
        let is_own = own.chars().count() >= 8
            && self.draft.sections.last().is_some_and(|section| {
                section.papers.is_empty()
                    && section.intro.is_empty()
                    && section
                        .title
                        .as_deref()
                        .is_some_and(|title| features::folded(title) == own)
            });
        if is_own {
            self.draft.sections.pop();
            if let Some(place) = self.section_places.pop()
                && let Some(traced) = self
                    .trace
                    .iter_mut()
                    .rev()
                    .find(|traced| traced.span == place)
            {
                traced.fate = Fate::Kept(format!("title of paper {}", self.count + 1).into());
            }
        }
    }

    /// What stands above a title: its number, a subject, who recommends it.
    fn marker(&mut self, line: &Line) {
        match line.text.strip_prefix('#') {
            Some(subject) if !subject.trim().is_empty() => {
                self.waiting_tags.push(subject.trim().to_owned());
                self.kept(line, "tag of the next paper");
            }
            _ if line.text.starts_with('@') => self.dropped(line, "who recommends a paper"),
            _ => self.dropped(line, "the number of a paper"),
        }
    }

    /// Whether a line belongs to a paper that was not seen to begin.
    fn is_lost(&self) -> bool {
        self.open.as_ref().is_some_and(|open| open.is_lost)
    }

    fn drop_lost(&mut self, line: &Line) {
        self.dropped(line, "belongs to a paper whose title cannot be told");
    }

    /// Begins a paper that announces its authors as the one before it did: that is no fact of
    /// the one before. The line above is its title, if it can be one.
    fn begin_unseen(&mut self, line: &Line, features: &Features) {
        let Some((Field::Authors, from)) = features.label else {
            return;
        };
        let label = line.text.get(..from).unwrap_or_default();
        let value = line.text.get(from..).unwrap_or_default();
        let Some(open) = &mut self.open else { return };
        let is_second = open.authors_label.as_deref() == Some(label)
            && !open.paper.entry.authors.is_empty()
            && facts::names(value) != open.paper.entry.authors;
        if !is_second {
            return;
        }
        let before = self.before.filter(|(line, features)| {
            (6..=250).contains(&features.length)
                && !features.is_sentence
                && !features.is_caption
                && features.label.is_none()
                && !line.text.ends_with(['。', '，', '.', ','])
        });
        let place = self.place(&line.span);
        let Some((title, its_features)) = before else {
            if let Some(open) = &mut self.open {
                open.is_lost = true;
            }
            self.findings.push(
                Diagnostic::warning(
                    "import::doubtful",
                    "another paper begins here, but its title cannot be told; it is left out",
                )
                .at(place)
                .hint("write it into the issue by hand"),
            );
            return;
        };
        let is_it = |piece: &Piece| piece.line.span == title.span;
        if let Some(open) = &mut self.open {
            for pieces in [&mut open.body, &mut open.summary] {
                if pieces.last().is_some_and(is_it) {
                    pieces.pop();
                }
            }
        }
        if self
            .trace
            .last()
            .is_some_and(|traced| traced.span == title.span)
        {
            self.trace.pop();
        }
        self.begin_paper(title, its_features);
        self.findings.push(
            Diagnostic::warning(
                "import::doubtful",
                "the line above is taken for a paper's title, for authors stand below it",
            )
            .at(place)
            .hint("look at it in the issue"),
        );
    }

    fn translation(&mut self, line: &Line, features: &Features) {
        if self.is_lost() {
            return self.drop_lost(line);
        }
        let number = self.count;
        let from = features.label.map_or(0, |(_, value)| value);
        let is_original = features.han < 0.3 && features.label.is_none();
        if let Some(open) = &mut self.open
            && is_original
            && open
                .paper
                .entry
                .title
                .as_deref()
                .is_some_and(|title| title.chars().any(offprint_core::chars::is_han))
        {
            if let Some(translated) = facts::put_original(&mut open.paper, &line.text) {
                open.body.insert(0, words_piece(&translated));
                open.body_at_fact = open.body_at_fact.max(1);
            }
            return self.kept(line, format!("title of paper {number}"));
        }
        if let Some(open) = &mut self.open {
            let mut value = line.from(from);
            for (url, range) in features::addresses(&value) {
                let is_name = value
                    .text
                    .get(range)
                    .is_some_and(|words| !words.starts_with("http"));
                facts::put_address(&mut open.paper.entry, &url, is_name.then_some(Field::Url));
            }
            value
                .marks
                .retain(|mark| !matches!(mark.kind, super::line::MarkKind::Link(_)));
            open.body.insert(
                0,
                Piece {
                    line: plain(value),
                    is_heading: false,
                },
            );
            open.body_at_fact = open.body_at_fact.min(open.body.len()).max(1);
        }
        self.kept(
            line,
            format!("translated title of paper {number}, put before its commentary"),
        );
    }

    fn fact(&mut self, line: &Line, features: &Features) {
        self.begin_unseen(line, features);
        if self.is_lost() {
            return self.drop_lost(line);
        }
        let number = self.count;
        let Some(open) = &mut self.open else {
            return self.stray(line, features);
        };
        let (field, value) = match features.label {
            Some((field, from)) => (Some(field), line.from(from)),
            None => (
                words::lone_label(&line.text).filter(|_| !features.is_bare_link),
                line.clone(),
            ),
        };
        match field {
            Some(Field::Commentary | Field::Aspect) => return self.prose(line, features, false),
            Some(Field::Abstract) => {
                open.in_abstract = true;
                if !value.text.is_empty() && features.label.is_some() {
                    open.summary.push(Piece {
                        line: plain(value),
                        is_heading: false,
                    });
                }
                return self.kept(line, format!("abstract of paper {number}"));
            }
            _ => {}
        }
        open.in_abstract = false;
        open.after_fact = true;
        open.has_fact = true;
        open.body_at_fact = open.body.len();
        let taken = match field {
            Some(Field::Origin) => facts::put_field(&mut open.paper, Field::Venue, &value),
            Some(field) if field.is_of_page() => {
                let text = value.text.clone();
                if self.page_fact(field, &text, line) {
                    return self.kept(line, "said of the page");
                }
                return self.dropped(line, "of no use to an issue");
            }
            Some(Field::Title) => Taken::Not("a second title"),
            Some(field) if features.label.is_some() => {
                if field == Field::Authors
                    && let Some((_, from)) = features.label
                {
                    let label = line.text.get(..from).unwrap_or_default();
                    open.authors_label.get_or_insert_with(|| label.to_owned());
                }
                facts::put_field(&mut open.paper, field, &value)
            }
            _ => facts::put_unlabelled(&mut open.paper, line, features),
        };
        match taken {
            Taken::As(what) => self.kept(line, format!("{what} of paper {number}")),
            Taken::Not(why) => {
                if let Some((url, _)) = features::addresses(line).into_iter().next() {
                    let place = self.place(&line.span);
                    self.findings.push(
                        Diagnostic::remark(
                            "import::left-out",
                            format!("the address {} is left out: {why}", shown(&url)),
                        )
                        .at(place),
                    );
                }
                self.dropped(line, format!("left out of paper {number}: {why}"));
            }
        }
    }

    fn prose(&mut self, line: &Line, features: &Features, is_heading: bool) {
        if self.is_lost() {
            return self.drop_lost(line);
        }
        let number = self.count;
        let Some(open) = &mut self.open else {
            self.intro.push(Piece {
                line: line.clone(),
                is_heading,
            });
            return self.kept(line, "introduction");
        };
        let label = features.label.map(|(field, _)| field);
        let alone = words::lone_label(&line.text);
        if label == Some(Field::Abstract) || alone == Some(Field::Abstract) {
            open.in_abstract = true;
            let value = line.from(features.label.map_or(line.text.len(), |(_, from)| from));
            if !value.text.is_empty() {
                open.summary.push(Piece {
                    line: plain(value),
                    is_heading: false,
                });
            }
            return self.kept(line, format!("abstract of paper {number}"));
        }
        let ends_abstract = is_heading || label.is_some() || alone.is_some();
        if open.in_abstract && !ends_abstract {
            // A label with its text beside it has told all; one above it goes on.
            let told_beside = open.summary.len() == 1 && line.dress.gap && open.after_fact;
            if !told_beside {
                open.summary.push(Piece {
                    line: line.clone(),
                    is_heading: false,
                });
                return self.kept(line, format!("abstract of paper {number}"));
            }
        }
        open.in_abstract = false;
        if open.after_fact {
            open.prose_after_fact = true;
        }
        let value = match (label, features.label) {
            // The label says that it is commentary, and no more.
            (Some(Field::Commentary), Some((_, from))) => {
                let value = line.from(from);
                if value.text.is_empty() {
                    return self.dropped(line, "the label of a commentary");
                }
                value
            }
            _ => line.clone(),
        };
        if alone == Some(Field::Commentary) {
            return self.dropped(line, "the label of a commentary");
        }
        open.body.push(Piece {
            line: value,
            is_heading,
        });
        self.kept(line, format!("commentary on paper {number}"));
    }

    fn close_paper(&mut self) {
        let Some(mut open) = self.open.take() else {
            return;
        };
        let number = self.count;
        let ends_in_prose =
            open.has_fact && open.body.len() > open.body_at_fact && open.body_at_fact > 0;
        self.tails.push(Tail {
            ends_in_prose,
            has_fact: open.has_fact,
            body_at_fact: open.body_at_fact,
            body: Vec::new(),
        });
        open.paper
            .entry
            .abstract_text
            .extend(prose::text(&open.summary));
        open.paper.commentary.extend(prose::text(&open.body));
        if let Some(tail) = self.tails.last_mut() {
            tail.body = open.body;
        }
        let title = open.paper.entry.title.as_deref().unwrap_or_default();
        if title.chars().count() > 200 {
            let place = self.place(&open.place);
            self.findings.push(
                Diagnostic::warning(
                    "import::doubtful",
                    format!("the title of paper {number} may hold what is said of it"),
                )
                .at(place)
                .hint("cut it in the issue"),
            );
        }
        if !open.paper.entry.has_locator() {
            let title = open.paper.entry.title.clone().unwrap_or_default();
            let place = self.place(&open.place);
            self.findings.push(
                Diagnostic::warning(
                    "import::no-address",
                    format!(
                        "nothing says where paper {number}, \u{201c}{}\u{201d}, can be had",
                        shown(&title)
                    ),
                )
                .at(place)
                .hint("add its address, DOI or arXiv identifier to the issue"),
            );
        }
        self.places.push(open.place);
        if let Some(section) = self.draft.sections.last_mut() {
            section.papers.push(open.paper);
        }
    }

    fn colophon(&mut self, line: &Line, features: &Features) {
        match features.label {
            Some((field, from)) => {
                let value = line.text.get(from..).unwrap_or_default().to_owned();
                if field == Field::Unwanted {
                    return self.dropped(line, "of no use to an issue");
                }
                if self.page_fact(field, &value, line) {
                    return self.kept(line, colophon_name(field));
                }
                self.dropped(
                    line,
                    "said before, or nothing that an issue has a place for",
                );
            }
            None if features.is_page_title => self.dropped(line, "the title again"),
            None => {
                let is_legal = ["侵权", "转载", "版权", "copyright", "Copyright", "仅供学术"]
                    .iter()
                    .any(|word| line.text.contains(word));
                if is_legal && self.draft.declaration.is_none() {
                    self.draft.declaration = Some(line.text.clone());
                    self.kept(line, "declaration");
                } else {
                    self.dropped(line, "said under the text, of no use to an issue");
                }
            }
        }
    }

    fn add_tag(&mut self, name: &str) {
        let is_name = !name.is_empty() && name.chars().count() <= 40;
        if is_name && self.draft.tags.iter().all(|tag| tag.name != name) {
            self.draft.tags.push(Subject {
                name: name.to_owned(),
                url: None,
                followers: None,
                articles: None,
                views: None,
            });
        }
    }

    fn close_tags(&mut self) {
        let lines = std::mem::take(&mut self.tags);
        let mut waiting: Option<&str> = None;
        for (_, line) in &lines {
            let text = line.text.as_str();
            match text {
                "+关注" => {}
                "关注" | "文章" | "浏览量" | "浏览" | "帖子" => waiting = Some(text),
                number if number.chars().all(|c| c.is_ascii_digit()) => {
                    let Ok(number) = number.parse() else { continue };
                    let Some(tag) = self.draft.tags.last_mut() else {
                        continue;
                    };
                    match waiting.take() {
                        Some("关注") => tag.followers = Some(number),
                        Some("文章" | "帖子") => tag.articles = Some(number),
                        Some(_) => tag.views = Some(number),
                        None => {}
                    }
                }
                hashed if hashed.starts_with('#') => {
                    for name in hashed.split(['#', ' ']) {
                        self.add_tag(name.trim());
                    }
                }
                name => {
                    let name = words::label(name)
                        .filter(|(field, _)| *field == Field::Tags)
                        .map_or(name, |(_, from)| name.get(from..).unwrap_or_default());
                    for name in name.split(['#', ',', '，', '、']) {
                        let url = line.links().next().map(|(url, _)| url.to_owned());
                        self.add_tag(name.trim());
                        if let Some(tag) = self
                            .draft
                            .tags
                            .last_mut()
                            .filter(|tag| tag.name == name.trim())
                        {
                            tag.url = tag.url.take().or(url);
                        }
                    }
                }
            }
        }
    }

    fn close_related(&mut self) {
        let lines = std::mem::take(&mut self.related);
        let feet = lines.iter().filter(|(_, line)| is_related_foot(&line.text));
        if feet.count() >= 2 {
            self.related_with_feet(&lines);
        } else {
            self.related_titles(&lines);
        }
    }

    /// Further reading whose items end in a line with date and views.
    fn related_with_feet(&mut self, lines: &[(usize, Line)]) {
        let mut group: Vec<&Line> = Vec::new();
        let mut last_title = String::new();
        let mut lost_days = 0_usize;
        for (at, line) in lines {
            let fold = features::folded(&without_tags(&line.text));
            if is_related_foot(&line.text) {
                let Some((first, rest)) = group.split_first() else {
                    continue;
                };
                let title = without_tags(&first.text);
                last_title = features::folded(&title);
                let foot = when::find(&line.text);
                if foot.is_none() && when::has_day_only(&line.text) {
                    lost_days += 1;
                }
                let summary: Vec<&str> = rest
                    .iter()
                    .filter(|line| features::folded(&without_tags(&line.text)) != last_title)
                    .map(|line| line.text.as_str())
                    .collect();
                let mut item = related_item(title, &group);
                item.date = foot.map(|when| when.date);
                item.summary = (!summary.is_empty()).then(|| summary.join(" "));
                item.views = views(&line.text);
                self.draft.related.push(item);
                group.clear();
            } else if !last_title.is_empty() && fold == last_title && group.is_empty() {
                self.drop_at(*at, "the title of further reading again");
            } else if line.text == "的头像" || fold.is_empty() {
                self.drop_at(*at, "page furniture");
            } else {
                group.push(line);
            }
        }
        // The last title may stand without date and views.
        if let [only] = group.as_slice() {
            let title = without_tags(&only.text);
            let is_title = (8..=80).contains(&title.chars().count());
            if is_title && features::folded(&title) != last_title {
                self.draft.related.push(related_item(title, &group));
            }
        }
        if lost_days > 0 {
            self.findings.push(Diagnostic::remark(
                "import::no-year",
                format!("{lost_days} dates of further reading have no year and are left out"),
            ));
        }
    }

    /// Further reading of which there are titles alone.
    fn related_titles(&mut self, lines: &[(usize, Line)]) {
        let mut seen = BTreeSet::new();
        for (at, line) in lines {
            let bare = without_tags(&line.text);
            let has_sign = line.links().next().is_some()
                || line.dress.item
                || words::numbering(&line.text).is_some()
                || lines.len() <= 12;
            let is_item = has_sign
                && !words::is_furniture(&bare)
                && !line.dress.aside
                && (6..=90).contains(&bare.chars().count())
                && !bare.ends_with(['。', '！']);
            if !is_item || !seen.insert(features::folded(&bare)) {
                self.drop_at(*at, "around further reading");
                continue;
            }
            let from = words::numbering(&bare).map_or(0, |(_, _, at)| at);
            let when = when::find(&bare);
            let before_date = when
                .as_ref()
                .and_then(|when| bare.get(from..when.range.start))
                .filter(|title| title.trim().chars().count() >= 6);
            let title = before_date.or(bare.get(from..)).unwrap_or_default();
            let title = title.trim_matches(['●', '•', '▶', ' ', '·']).to_owned();
            let mut item = related_item(title, &[line]);
            item.date = when.map(|when| when.date);
            self.draft.related.push(item);
        }
    }

    /// Tells of a line that was kept at first that it is dropped.
    fn drop_at(&mut self, at: usize, why: &'static str) {
        if let Some(traced) = self.trace.get_mut(at) {
            traced.fate = Fate::Dropped(why.into());
        }
    }

    fn finish(mut self, lines: &[Line], reading: &Reading) -> Outcome {
        self.close_paper();
        self.close_section_text();
        self.close_tags();
        self.close_related();
        let intro = prose::text(&std::mem::take(&mut self.intro));
        let rest = std::mem::replace(&mut self.draft.intro, intro);
        self.draft.intro.extend(rest);
        self.close_words(lines, reading);
        if self.count == 0 {
            return Err(self.nothing(lines));
        }
        self.head_facts();
        self.merge_same();
        self.fold_headlines();
        let empty = |section: &DraftSection| section.papers.is_empty() && section.intro.is_empty();
        for (section, place) in self.draft.sections.iter().zip(&self.section_places) {
            if empty(section) {
                let title = section.title.clone().unwrap_or_default();
                let place = Place::new(self.source, place.clone());
                self.findings.push(
                    Diagnostic::remark(
                        "import::left-out",
                        format!(
                            "the heading “{}” is left out: nothing stands under it",
                            shown(&title)
                        ),
                    )
                    .at(place),
                );
            }
        }
        self.draft.sections.retain(|section| !empty(section));
        for &index in &reading.doubtful {
            let (Some(line), Some(role)) = (lines.get(index), reading.roles.get(index)) else {
                continue;
            };
            let message = if role.is_paper() {
                "this line is taken for a paper's title, but may be none"
            } else {
                "this line may be a paper's title, but is not taken for one"
            };
            let place = self.place(&line.span);
            self.findings.push(
                Diagnostic::warning("import::doubtful", message)
                    .at(place)
                    .hint("look at it in the issue"),
            );
        }
        if self.head.pictures > 0 {
            self.findings.push(
                Diagnostic::remark(
                    "import::pictures",
                    format!("{} pictures of the page are left out", self.head.pictures),
                )
                .hint("save those that may be shown beside the issue and write them in"),
            );
        }
        self.findings
            .sort_by_key(|finding| finding.place.as_ref().map_or(0, |place| place.span.start));
        self.trace.sort_by_key(|traced| traced.span.start);
        Ok(Imported {
            draft: self.draft,
            diagnostics: self.findings,
            trace: self.trace,
        })
    }

    fn nothing(&self, lines: &[Line]) -> Vec<Diagnostic> {
        let diagnostic = Diagnostic::error("import::no-papers", "no paper was found on this page")
            .hint("a paper is told by its title with an address, authors or a label such as `论文链接:` beside it")
            .hint("copy the whole text of the page, or save it as HTML and import that");
        let span = lines.first().map_or(0..0, |line| line.span.clone());
        vec![diagnostic.at(self.place(&span))]
    }

    /// Words after the last paper that belong to no paper: pages whose papers all end in their
    /// facts say good-bye after the last.
    fn close_words(&mut self, lines: &[Line], reading: &Reading) {
        let Some((last, others)) = self.tails.split_last() else {
            return;
        };
        let with_facts = others
            .iter()
            .filter(|tail| tail.has_fact && tail.body_at_fact > 0)
            .count();
        let in_prose = others.iter().filter(|tail| tail.ends_in_prose).count();
        if with_facts < 3
            || with_facts * 10 < others.len() * 8
            || in_prose * 10 > others.len()
            || !last.ends_in_prose
        {
            return;
        }
        let (kept, extra) = last
            .body
            .split_at_checked(last.body_at_fact)
            .unwrap_or((&last.body, &[]));
        let text = prose::text(kept);
        let spans: Vec<usize> = extra.iter().map(|piece| piece.line.span.start).collect();
        if let Some(paper) = self
            .draft
            .sections
            .iter_mut()
            .rev()
            .find_map(|section| section.papers.last_mut())
        {
            paper.commentary = text;
        }
        for traced in &mut self.trace {
            if spans.contains(&traced.span.start) {
                traced.fate = Fate::Dropped("words after the last paper".into());
            }
        }
        let first = lines
            .iter()
            .zip(&reading.roles)
            .find(|(line, _)| spans.first() == Some(&line.span.start))
            .map(|(line, _)| line.span.clone());
        if let Some(span) = first {
            let place = self.place(&span);
            self.findings.push(
                Diagnostic::remark(
                    "import::left-out",
                    "words after the last paper are left out: they belong to no paper",
                )
                .at(place),
            );
        }
    }

    fn head_facts(&mut self) {
        let head = self.head;
        if head.is_front_matter && head.title.is_some() {
            self.draft.title.clone_from(&head.title);
        }
        if self.draft.title.is_none() {
            self.draft.title = head
                .title
                .as_ref()
                .or(head.window_title.as_ref())
                .map(|title| without_site(title, head))
                .filter(|title| !title.is_empty());
        }
        if self.draft.title.is_none() {
            self.findings.push(
                Diagnostic::warning("import::no-title", "the page's title cannot be told")
                    .hint("write a `title` into the issue"),
            );
        }
        let date = head.date.as_deref().and_then(when::find);
        if let Some(date) = date {
            self.draft.date = Some(date.written());
        }
        if self.draft.date.is_none() {
            self.draft.date = head.seconds.and_then(beijing);
        }
        if self.draft.date.is_none() {
            let finding = Diagnostic::warning("import::no-date", "the page's date cannot be told")
                .hint("write a `date` into the issue");
            let finding = match &self.relative {
                Some(span) => finding
                    .label("counted from the day of reading")
                    .at(self.place(span)),
                None => finding,
            };
            self.findings.push(finding);
        }
        let bylines = std::mem::take(&mut self.bylines);
        if self.draft.authors.is_empty() {
            if let Some(author) = &head.author
                && !author.starts_with("http")
                && author.chars().count() <= 60
            {
                self.draft.authors = facts::names(author);
            }
            if self.draft.authors.is_empty()
                && let Some(first) = bylines.first()
            {
                self.draft.authors = vec![first.clone()];
            }
        }
        if self.draft.source.is_none()
            && let Some(site) = &head.site
        {
            self.draft.source = Some(IssueSource {
                kind: Some(SourceKind::Web),
                name: Some(site.clone()),
                ..IssueSource::default()
            });
        }
        if self.draft.description.is_none() {
            self.draft.description = head.description.clone().filter(|text| {
                // Sites cut the text's beginning for this; that is the introduction again.
                let intro = features::folded(&offprint_core::text::plain_text(&self.draft.intro));
                let own: String = features::folded(text).chars().take(30).collect();
                !own.is_empty() && !intro.starts_with(&own) && text.chars().count() <= 300
            });
        }
        self.draft.canonical.clone_from(&head.canonical);
        self.draft.lang = head.lang.as_deref().and_then(Lang::parse);
    }

    /// One paper that a page names twice is one paper.
    fn merge_same(&mut self) {
        let mut seen: BTreeMap<String, (usize, usize)> = BTreeMap::new();
        let mut known: BTreeMap<String, Known> = BTreeMap::new();
        let mut doubles: Vec<((usize, usize), (usize, usize))> = Vec::new();
        for (at, section) in self.draft.sections.iter().enumerate() {
            for (index, paper) in section.papers.iter().enumerate() {
                let Some(title) = &paper.entry.title else {
                    continue;
                };
                let key = features::folded(title);
                if key.chars().count() < 8 {
                    continue;
                }
                let id = paper.entry.url.as_deref().map(address::identity);
                let is_named = says_little(paper);
                let by_address = id.as_ref().and_then(|id| known.get(id)).filter(|first| {
                    let is_part = first.title.starts_with(&key) || key.starts_with(&first.title);
                    is_part || first.says_little != is_named
                });
                let here = (at, index);
                match (seen.get(&key).copied(), by_address) {
                    (Some(first), _) => doubles.push((first, here)),
                    // A list of what the page tells of, above it or below.
                    (None, Some(first)) if first.says_little && !is_named => {
                        doubles.push((here, first.place));
                        seen.insert(key, here);
                    }
                    (None, Some(first)) => doubles.push((first.place, here)),
                    (None, None) => {
                        seen.insert(key.clone(), here);
                        if let Some(id) = id {
                            known.entry(id).or_insert(Known {
                                place: here,
                                title: key,
                                says_little: is_named,
                            });
                        }
                    }
                }
            }
        }
        let mut papers: Vec<Vec<Option<DraftPaper>>> = self
            .draft
            .sections
            .iter_mut()
            .map(|section| section.papers.drain(..).map(Some).collect())
            .collect();
        for ((first_section, first), (at, index)) in doubles {
            let again = papers
                .get_mut(at)
                .and_then(|papers| papers.get_mut(index))
                .and_then(Option::take);
            let kept = papers
                .get_mut(first_section)
                .and_then(|papers| papers.get_mut(first));
            if let (Some(again), Some(Some(kept))) = (again, kept) {
                let title = shown(kept.entry.title.as_deref().unwrap_or_default());
                self.findings.push(Diagnostic::remark(
                    "import::duplicate-paper",
                    format!("“{title}” stands on the page twice and is one paper of the issue"),
                ));
                merge(kept, again);
            }
        }
        for (section, papers) in self.draft.sections.iter_mut().zip(papers) {
            section.papers = papers.into_iter().flatten().collect();
        }
    }

    /// A heading above each paper is the paper's own headline, and no section.
    fn fold_headlines(&mut self) {
        let sections = &self.draft.sections;
        let titled = sections
            .iter()
            .filter(|section| section.title.is_some() && !section.papers.is_empty())
            .count();
        let single = sections
            .iter()
            .filter(|section| section.title.is_some() && section.papers.len() == 1)
            .count();
        let is_labelled = self.labelled * 10 >= self.count * 8;
        if titled < 3 || single * 10 < titled * 9 || !is_labelled {
            return;
        }
        let mut all = DraftSection::default();
        for mut section in std::mem::take(&mut self.draft.sections) {
            if let (Some(title), Some(first)) = (section.title.take(), section.papers.first_mut()) {
                let headline = Block::Paragraph(vec![Inline::Strong(vec![Inline::Text(title)])]);
                let intro = std::mem::take(&mut section.intro);
                let own = std::mem::take(&mut first.commentary);
                first.commentary = std::iter::once(headline).chain(intro).chain(own).collect();
            }
            all.intro.extend(section.intro);
            all.papers.extend(section.papers);
        }
        self.draft.sections = vec![all];
        self.section_places.truncate(1);
    }
}

/// An item of further reading with the first link of its lines.
fn related_item(title: String, lines: &[&Line]) -> RelatedItem {
    let mut found = lines.iter().flat_map(|line| line.links());
    RelatedItem {
        title,
        url: found.next().map(|(url, _)| url.to_owned()),
        date: None,
        summary: None,
        image: None,
        views: None,
    }
}

/// A paper whose address is known.
struct Known {
    /// Its section and its number in it.
    place: (usize, usize),
    /// Its title, folded.
    title: String,
    says_little: bool,
}

/// Whether a page names a paper without saying anything of it.
fn says_little(paper: &DraftPaper) -> bool {
    let entry = &paper.entry;
    let words = offprint_core::text::plain_text(&paper.commentary);
    entry.authors.is_empty()
        && entry.affiliations.is_empty()
        && entry.abstract_text.is_empty()
        && entry.venue.is_none()
        && paper.tldr.is_empty()
        && words.chars().take(61).count() <= 60
}

fn merge(kept: &mut DraftPaper, again: DraftPaper) {
    let is_named = says_little(&again) && !says_little(kept);
    let entry = &mut kept.entry;
    let other = again.entry;
    entry.url = entry.url.take().or(other.url);
    entry.arxiv = entry.arxiv.take().or(other.arxiv);
    entry.doi = entry.doi.take().or(other.doi);
    entry.openreview = entry.openreview.take().or(other.openreview);
    entry.venue = entry.venue.take().or(other.venue);
    entry.status = entry.status.or(other.status);
    entry.date = entry.date.or(other.date);
    entry.year = entry.year.or(other.year);
    if entry.authors.is_empty() {
        entry.authors = other.authors;
    }
    if entry.affiliations.is_empty() {
        entry.affiliations = other.affiliations;
    }
    if entry.abstract_text.is_empty() {
        entry.abstract_text = other.abstract_text;
    }
    for (kind, url) in other.links {
        entry.links.entry(kind).or_insert(url);
    }
    if kept.tldr.is_empty() {
        kept.tldr = again.tldr;
    }
    // A few words between the names of papers are none on this one.
    if !is_named {
        kept.commentary.extend(again.commentary);
    }
}

fn add(list: &mut Vec<String>, names: Vec<String>) -> bool {
    let before = list.len();
    for name in names {
        if !list.contains(&name) {
            list.push(name);
        }
    }
    list.len() > before
}

fn colophon_name(field: Field) -> &'static str {
    const NAMES: &[(Field, &str)] = &[
        (Field::Editor, "editor"),
        (Field::Translator, "translator"),
        (Field::Original, "title at the source"),
        (Field::Origin, "source"),
        (Field::Account, "source"),
        (Field::AccountId, "source"),
        (Field::Declaration, "declaration"),
        (Field::Authors, "author"),
    ];
    NAMES
        .iter()
        .find(|(named, _)| *named == field)
        .map_or("said of the page", |(_, name)| *name)
}

fn plain(mut line: Line) -> Line {
    line.dress.item = false;
    line.dress.heading = 0;
    line
}

fn piece(line: &Line) -> Piece {
    Piece {
        line: line.clone(),
        is_heading: false,
    }
}

fn words_piece(words: &str) -> Piece {
    Piece {
        line: Line {
            text: words.to_owned(),
            dress: super::line::Dress {
                gap: true,
                ..super::line::Dress::default()
            },
            ..Line::default()
        },
        is_heading: false,
    }
}

/// What messages show of a text.
fn shown(text: &str) -> String {
    text.chars().take(80).collect()
}

/// A value up to the date that follows it.
fn up_to_date(value: &str) -> &str {
    let end = when::find(value).map_or(value.len(), |when| when.range.start);
    let value = value.get(..end).unwrap_or_default();
    value
        .trim_matches(|c: char| {
            c.is_whitespace() || matches!(c, '·' | '|' | '•' | '-' | '/' | '｜' | ',' | '，')
        })
        .trim_end_matches("发布于")
        .trim_end_matches("于")
        .trim()
}

/// A name up to where the next thing begins.
fn first_part(value: &str) -> &str {
    value
        .split([' ', '|', '｜', '；', ';', '。', '/'])
        .next()
        .unwrap_or_default()
        .trim()
}

/// The time that WeChat gives as seconds, on Beijing's clocks.
fn beijing(seconds: i64) -> Option<String> {
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
    let time = jiff::Timestamp::from_second(seconds).ok()?.to_zoned(zone);
    Some(format!(
        "{}T{:02}:{:02}+08:00",
        time.date(),
        time.hour(),
        time.minute()
    ))
}

/// A title without the site's name after it.
fn without_site(title: &str, head: &Head) -> String {
    let title = title.trim();
    for sign in [
        " - ", "_", " | ", " – ", " — ", "-", "|", " :: ", " · ", "｜",
    ] {
        let Some((front, back)) = title.rsplit_once(sign) else {
            continue;
        };
        let (front, back) = (front.trim(), back.trim());
        let is_site = head.site.as_deref() == Some(back)
            || back.chars().count() <= 16
                && [
                    "博客",
                    "知乎",
                    "专知",
                    "网",
                    "CSDN",
                    "掘金",
                    "简书",
                    "新浪",
                    "腾讯",
                    "Blog",
                    "blog",
                    "公众号",
                    "社区",
                    "资讯",
                    "SegmentFault",
                    "Medium",
                    "Substack",
                    "机器之心",
                    "云",
                ]
                .iter()
                .any(|word| back.contains(word));
        if is_site && front.chars().count() >= 4 {
            return without_site(front, head);
        }
        if head.title.as_deref() == Some(front) {
            return front.to_owned();
        }
    }
    title.to_owned()
}

/// Words without the tags that some sites leave in them.
fn without_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        let (before, from) = rest.split_at_checked(start).unwrap_or((rest, ""));
        out.push_str(before);
        let is_tag = from
            .get(1..)
            .is_some_and(|next| next.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/'));
        if let Some(end) = from.find('>').filter(|_| is_tag) {
            rest = from.get(end + 1..).unwrap_or_default();
        } else {
            out.push('<');
            rest = from.get(1..).unwrap_or_default();
        }
    }
    out.push_str(rest);
    out
}

/// The line under an item of further reading: when it appeared, how often it was read.
fn is_related_foot(text: &str) -> bool {
    text.chars().count() <= 60
        && (text.contains("次阅读")
            || text.contains("发表于")
            || text.contains("阅读数")
            || text.contains("浏览"))
        && text.contains(|c: char| c.is_ascii_digit())
}

fn views(text: &str) -> Option<u64> {
    let before = text
        .split("次阅读")
        .next()
        .filter(|_| text.contains("次阅读"))?;
    let digits: String = before
        .chars()
        .rev()
        .skip_while(|c| c.is_whitespace())
        .take_while(char::is_ascii_digit)
        .collect();
    digits.chars().rev().collect::<String>().parse().ok()
}
