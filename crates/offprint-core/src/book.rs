//! A book of several issues: a year of a series between two covers.
//!
//! [`bind`] makes one [`Issue`] of many, with a [`Part`] for each. Formats that know parts
//! export it like any other.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::colophon::colophon;
use crate::guid;
use crate::model::{Identifier, Issue, Lang, Part, Person, Related, Series, Tag};
use crate::text::{Block, Inline, List, ListItem, Text};
use crate::words::{Label, Words};

/// The days that a book covers, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first day.
    pub first: Date,
    /// The last day, not before the first.
    pub last: Date,
}

/// The largest unit of the calendar of which a span is a whole number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Whole years.
    Year,
    /// Whole months.
    Month,
    /// Days.
    Day,
}

impl Span {
    /// A year, `None` outside the years that can be told.
    #[must_use]
    pub fn year(year: i16) -> Option<Self> {
        let first = Date::new(year, 1, 1).ok()?;
        Some(Self {
            first,
            last: first.last_of_year(),
        })
    }

    /// The days that are written as `2026`, `2026-01` or `2026-01-31`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '-').map(str::parse::<i16>);
        let small = |part: i16| i8::try_from(part).ok();
        match (parts.next(), parts.next(), parts.next()) {
            (Some(Ok(year)), None, _) => Self::year(year),
            (Some(Ok(year)), Some(Ok(month)), None) => {
                let first = Date::new(year, small(month)?, 1).ok()?;
                Some(Self {
                    first,
                    last: first.last_of_month(),
                })
            }
            (Some(Ok(year)), Some(Ok(month)), Some(Ok(day))) => {
                let day = Date::new(year, small(month)?, small(day)?).ok()?;
                Some(Self {
                    first: day,
                    last: day,
                })
            }
            _ => None,
        }
    }

    /// The days of the book with this [`id`](Self::id).
    #[must_use]
    pub fn of_id(id: &str) -> Option<Self> {
        let days = id.strip_prefix("book-")?;
        let (first, last) = days.split_once("-to-").unwrap_or((days, days));
        Some(Self {
            first: Self::parse(first)?.first,
            last: Self::parse(last)?.last,
        })
    }

    /// Whether a day is one of them.
    #[must_use]
    pub fn contains(self, date: Date) -> bool {
        (self.first..=self.last).contains(&date)
    }

    /// Its largest unit.
    #[must_use]
    pub fn unit(self) -> Unit {
        let Self { first, last } = self;
        if first == first.first_of_year() && last == last.last_of_year() {
            Unit::Year
        } else if first == first.first_of_month() && last == last.last_of_month() {
            Unit::Month
        } else {
            Unit::Day
        }
    }

    /// The id of its book: `book-2026`, `book-2026-01-to-2026-06`,
    /// `book-2026-01-15-to-2026-02-01`.
    #[must_use]
    pub fn id(self) -> String {
        let form = match self.unit() {
            Unit::Year => "%Y",
            Unit::Month => "%Y-%m",
            Unit::Day => "%Y-%m-%d",
        };
        let (first, last) = (
            self.first.strftime(form).to_string(),
            self.last.strftime(form).to_string(),
        );
        if first == last {
            format!("book-{first}")
        } else {
            format!("book-{first}-to-{last}")
        }
    }
}

/// The issues that belong into a book: those that are no drafts and appeared on these days,
/// each by the calendar of its own place, the oldest first.
#[must_use]
pub fn choose<'a>(issues: impl IntoIterator<Item = &'a Issue>, span: Span) -> Vec<&'a Issue> {
    let mut chosen: Vec<&Issue> = issues
        .into_iter()
        .filter(|issue| !issue.draft && span.contains(issue.date.date()))
        .collect();
    let key = |issue: &Issue| (issue.date.unix_seconds(), issue.number);
    chosen.sort_by(|one, other| {
        key(one)
            .cmp(&key(other))
            .then_with(|| one.id.cmp(&other.id))
    });
    chosen
}

/// The years in which issues appeared that are no drafts, in order.
#[must_use]
pub fn years<'a>(issues: impl IntoIterator<Item = &'a Issue>) -> Vec<i16> {
    let issues = issues.into_iter().filter(|issue| !issue.draft);
    let years: BTreeSet<i16> = issues.map(|issue| issue.date.date().year()).collect();
    years.into_iter().collect()
}

/// Binds issues, in the order in which they are given, into one of as many parts; `None`
/// without any.
///
/// Sections, papers and footnotes get identifiers that are unique in the book. Papers keep
/// their numbers, which begin anew in each issue. What is true of all issues (source,
/// declaration, licence …) is said once at the book's end, the rest at the end of its part.
/// Cover pictures of issues and pictures of their related reading are left out.
#[must_use]
pub fn bind(series: &Series, issues: &[&Issue], span: Span) -> Option<Issue> {
    let newest = issues
        .iter()
        .max_by_key(|issue| issue.date.unix_seconds())?;
    let modified = issues
        .iter()
        .map(|issue| issue.modified())
        .max_by_key(|moment| moment.unix_seconds())
        .filter(|moment| moment.unix_seconds() > newest.date.unix_seconds());
    let lang = lang_of(series, issues)?;
    let words = Words::of(&lang);
    let name = words.book(span);
    let id = span.id();
    let mut book = Issue {
        guid: guid::of_issue(series, &id, span.first),
        id,
        title: if series.title.is_empty() {
            name.clone()
        } else {
            format!("{} {name}", series.title)
        },
        short_title: Some(name),
        subtitle: Some(run_of(issues, words)),
        description: series.description.clone(),
        number: None,
        volume: None,
        date: newest.date,
        updated: modified,
        draft: false,
        lang,
        authors: united(issues, |issue| &issue.authors),
        editors: united(issues, |issue| &issue.editors),
        translators: united(issues, |issue| &issue.translators),
        source: common(issues, |issue| &issue.source),
        declaration: common(issues, |issue| &issue.declaration),
        license: common(issues, |issue| &issue.license),
        event: common(issues, |issue| &issue.event),
        cover: None,
        tags: tags(issues),
        related: common(issues, |issue| &issue.related),
        bibliography: Vec::new(),
        identifier: Identifier::default(),
        canonical: None,
        intro: Vec::new(),
        sections: Vec::new(),
        parts: Vec::with_capacity(issues.len()),
        footnotes: Vec::new(),
        extra: BTreeMap::new(),
    };
    let editors = common(issues, |issue| &issue.editors);
    let translators = common(issues, |issue| &issue.translators);
    let mut names = Names::default();
    for issue in issues {
        let mut own = Issue::clone(issue);
        let part = part(&mut own, &mut book, &mut names, words);
        // What the book says of all.
        own.authors.clear();
        drop_equal(&mut own.editors, &editors);
        drop_equal(&mut own.translators, &translators);
        drop_equal(&mut own.source, &book.source);
        drop_equal(&mut own.declaration, &book.declaration);
        drop_equal(&mut own.license, &book.license);
        drop_equal(&mut own.event, &book.event);
        drop_equal(&mut own.related, &book.related);
        own.lang.clone_from(&book.lang);
        book.parts.push(Part {
            about: about(&own, words),
            ..part
        });
    }
    Some(book)
}

/// Moves an issue's text into the book; its part has no end yet.
fn part(own: &mut Issue, book: &mut Issue, names: &mut Names, words: Words) -> Part {
    let mut facts: Vec<String> = words.number(own).into_iter().collect();
    facts.push(words.moment(own.date));
    if !own.authors.is_empty() {
        facts.push(words.people(&own.authors, usize::MAX));
    }
    let shift = u32::try_from(book.footnotes.len()).unwrap_or(u32::MAX);
    let mut intro: Text = [own.subtitle.take(), own.description.take()]
        .into_iter()
        .flatten()
        .map(|words| Block::Paragraph(vec![Inline::Text(words)]))
        .collect();
    renumber(&mut own.intro, shift);
    intro.append(&mut own.intro);
    for note in &mut own.footnotes {
        renumber(&mut note.content, shift);
    }
    book.footnotes.append(&mut own.footnotes);
    let first = book.sections.len();
    for mut section in std::mem::take(&mut own.sections) {
        section.id = names.sections.take(&format!("{}-{}", own.id, section.id));
        renumber(&mut section.intro, shift);
        for paper in &mut section.papers {
            paper.id = names.papers.take(&format!("{}-{}", own.id, paper.id));
            if own.lang != book.lang && paper.lang.is_none() {
                paper.lang = Some(own.lang.clone());
            }
            renumber_line(&mut paper.title, shift);
            renumber_line(&mut paper.tldr, shift);
            if let Some(figure) = &mut paper.image {
                renumber_line(&mut figure.caption, shift);
            }
            renumber(&mut paper.abstract_text, shift);
            renumber(&mut paper.commentary, shift);
        }
        book.sections.push(section);
    }
    for path in own.bibliography.drain(..) {
        if !book.bibliography.contains(&path) {
            book.bibliography.push(path);
        }
    }
    Part {
        id: names.parts.take(&own.id),
        title: own.title.clone(),
        subtitle: Some(facts.join(" · ")),
        intro,
        sections: first..book.sections.len(),
        about: Vec::new(),
    }
}

/// The series' language, else that of most issues.
fn lang_of(series: &Series, issues: &[&Issue]) -> Option<Lang> {
    let mut counts: BTreeMap<&Lang, usize> = BTreeMap::new();
    for issue in issues {
        *counts.entry(&issue.lang).or_default() += 1;
    }
    let most = counts.into_iter().max_by_key(|(_, count)| *count);
    let most = most.map(|(lang, _)| lang);
    series.lang.as_ref().or(most).cloned()
}

/// `第 1–52 期` if the numbers leave no gap, else how many issues there are.
fn run_of(issues: &[&Issue], words: Words) -> String {
    let numbers: Option<Vec<u32>> = issues
        .iter()
        .map(|issue| issue.number.filter(|_| issue.volume.is_none()))
        .collect();
    let run = numbers.as_deref().and_then(|numbers| {
        let follow =
            |pair: &[u32]| matches!(pair, [one, next] if one.checked_add(1) == Some(*next));
        let has_no_gap = numbers.windows(2).all(follow);
        let ends = numbers.first().copied().zip(numbers.last().copied());
        ends.filter(|_| has_no_gap)
    });
    match run {
        Some((first, last)) => words.numbers_from_to(first, last),
        None => words.issues(issues.len()),
    }
}

/// What all issues say alike; nothing if they differ.
fn common<T: Clone + Default + PartialEq>(issues: &[&Issue], get: impl Fn(&Issue) -> &T) -> T {
    let mut values = issues.iter().map(|issue| get(issue));
    let first = values.next();
    first
        .filter(|first| values.all(|value| value == *first))
        .cloned()
        .unwrap_or_default()
}

fn drop_equal<T: Default + PartialEq>(own: &mut T, common: &T) {
    if own == common {
        *own = T::default();
    }
}

/// Everybody once, in the order in which they appear.
fn united(issues: &[&Issue], get: impl Fn(&Issue) -> &Vec<Person>) -> Vec<Person> {
    let mut known = BTreeSet::new();
    let all = issues.iter().flat_map(|issue| get(issue));
    all.filter(|person| known.insert(person.name.as_str()))
        .cloned()
        .collect()
}

/// Every subject once, with the counts that were seen last.
fn tags(issues: &[&Issue]) -> Vec<Tag> {
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    let mut tags: Vec<Tag> = Vec::new();
    for tag in issues.iter().flat_map(|issue| &issue.tags) {
        let place = *places.entry(&tag.name).or_insert(tags.len());
        match tags.get_mut(place) {
            Some(known) => known.clone_from(tag),
            None => tags.push(tag.clone()),
        }
    }
    tags
}

/// What stands at the end of a part.
fn about(issue: &Issue, words: Words) -> Text {
    let mut text: Text = colophon(issue)
        .into_iter()
        .map(|line| {
            let label = format!("{}{}", line.label, words.colon());
            let mut content = vec![Inline::Strong(vec![Inline::Text(label)])];
            content.extend(line.content);
            Block::Paragraph(content)
        })
        .collect();
    if !issue.related.is_empty() {
        let label = words.label(Label::Related).to_owned();
        text.push(Block::Heading {
            level: 1,
            content: vec![Inline::Text(label)],
        });
        text.push(Block::List(List {
            start: None,
            tight: true,
            items: issue
                .related
                .iter()
                .map(|related| item(related, words))
                .collect(),
        }));
    }
    text
}

fn item(related: &Related, words: Words) -> ListItem {
    let title = Inline::Text(related.title.clone());
    let mut line = vec![match &related.url {
        Some(url) => Inline::Link {
            url: url.clone(),
            content: vec![title],
        },
        None => title,
    }];
    let date = related.date.map(|date| words.date(date));
    line.extend(date.map(|date| Inline::Text(format!(" · {date}"))));
    let summary = related.summary.clone().map(Inline::Text);
    let lines = std::iter::once(line).chain(summary.map(|summary| vec![summary]));
    ListItem {
        checked: None,
        content: lines.map(Block::Paragraph).collect(),
    }
}

/// Identifiers that were given out.
#[derive(Default)]
struct Names {
    parts: Unique,
    sections: Unique,
    papers: Unique,
}

#[derive(Default)]
struct Unique(BTreeSet<String>);

impl Unique {
    fn take(&mut self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        let mut count = 1;
        while !self.0.insert(name.clone()) {
            count += 1;
            name = format!("{wanted}-{count}");
        }
        name
    }
}

/// Adds `shift` to the number of every footnote that a text refers to.
fn renumber(text: &mut [Block], shift: u32) {
    for block in text {
        match block {
            Block::Paragraph(content) | Block::Heading { content, .. } => {
                renumber_line(content, shift);
            }
            Block::List(list) => {
                for item in &mut list.items {
                    renumber(&mut item.content, shift);
                }
            }
            Block::Quote(content) => renumber(content, shift),
            Block::Figure(figure) => renumber_line(&mut figure.caption, shift),
            Block::Table(table) => {
                let rows = table.rows.iter_mut().flatten();
                for cell in table.head.iter_mut().chain(rows) {
                    renumber_line(cell, shift);
                }
            }
            Block::Code { .. } | Block::Math(_) | Block::Rule => {}
        }
    }
}

fn renumber_line(inlines: &mut [Inline], shift: u32) {
    for inline in inlines {
        match inline {
            Inline::FootnoteRef(number) => *number = number.saturating_add(shift),
            Inline::Emphasis(content)
            | Inline::Strong(content)
            | Inline::Strike(content)
            | Inline::Link { content, .. } => renumber_line(content, shift),
            Inline::Text(_)
            | Inline::Code(_)
            | Inline::Math(_)
            | Inline::Image(_)
            | Inline::HardBreak => {}
        }
    }
}

#[cfg(test)]
mod tests;
