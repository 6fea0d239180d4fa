//! What remains of an issue when it is not in memory.

use std::ops::Range;

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::fold::{fold, key};
use crate::date::Moment;
use crate::fields::Value;
use crate::guid;
use crate::load::Places;
use crate::model::{Issue, Paper, without_version};
use crate::source::Source;

/// An issue in few words: enough to number it, to find what it shares with others, and to
/// point into its file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// How messages name the issue's file.
    pub file: String,
    /// The issue's id.
    pub id: String,
    /// The issue's identifier for the world; see [`guid`](crate::guid).
    pub guid: String,
    /// The title.
    pub title: String,
    /// The number as the issue gives it.
    pub number: Option<u32>,
    /// The volume as the issue gives it.
    pub volume: Option<u32>,
    /// When it appears.
    #[serde(with = "moment")]
    pub date: Moment,
    /// Whether it is kept back.
    pub draft: bool,
    /// How many sections it has.
    pub sections: u32,
    /// Where the title stands in the file.
    pub head: Span,
    /// Where the id stands, if one is given.
    pub id_at: Option<Span>,
    /// Where the number stands, if one is given.
    pub number_at: Option<Span>,
    /// Where the date stands.
    pub date_at: Option<Span>,
    /// The short title, if one is given.
    pub short_title: Option<Box<str>>,
    /// Where the short title stands, if one is given.
    pub short_title_at: Option<Span>,
    /// Whether the issue says what readers may do with it.
    pub has_terms: bool,
    /// Every tag of the issue and its papers, with the first place of each, ordered by tag.
    pub tags: Vec<(Box<str>, Span)>,
    /// Where a paper is said to be under review, and since when at the latest.
    pub under_review: Vec<(Span, Date)>,
    /// The papers in reading order.
    pub papers: Vec<PaperCard>,
}

/// A paper on a [`Card`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperCard {
    /// What follows the issue's identifier and `/paper/` in the paper's own.
    pub name: Box<str>,
    /// The title in plain words.
    pub title: Box<str>,
    /// What the paper is, by every identifier it has: a line for each, as
    /// [`Paper::identity`] writes them and in that order.
    pub identities: Box<str>,
    /// Stands for the folded title; see [`fold`]. 0 for a title of which nothing is left.
    pub title_key: u64,
    /// Where the heading stands.
    pub at: Span,
    /// The line of the heading, from 1.
    pub line: u32,
    /// Whether the paper is meant to run again: `x-again: true`.
    pub again: bool,
}

/// A stretch of a file of at most 4 GiB, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Span {
    /// Where it begins.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
}

impl From<&Range<usize>> for Span {
    fn from(range: &Range<usize>) -> Self {
        let short = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self {
            start: short(range.start),
            end: short(range.end),
        }
    }
}

impl From<Span> for Range<usize> {
    fn from(span: Span) -> Self {
        span.start as usize..span.end as usize
    }
}

impl Card {
    /// The card of an issue that was read from `source`.
    #[must_use]
    pub fn of(issue: &Issue, source: &Source, places: &Places) -> Self {
        let mut lines = Lines::of(&source.text);
        let spans = places.papers.iter().map(Span::from);
        let papers = issue
            .papers()
            .zip(guid::of_papers(issue))
            .zip(spans.chain(std::iter::repeat(Span::default())))
            .map(|((paper, guid), at)| {
                let name = guid.get(issue.guid.len() + "/paper/".len()..);
                let title = paper.plain_title();
                let folded = fold(&title);
                PaperCard {
                    name: name.unwrap_or_default().into(),
                    title_key: if folded.is_empty() { 0 } else { key(&folded) },
                    title: title.into(),
                    identities: identities(paper),
                    at,
                    line: lines.at(at.start as usize),
                    again: again(paper),
                }
            })
            .collect();
        Self {
            file: source.name.clone(),
            id: issue.id.clone(),
            guid: issue.guid.clone(),
            title: issue.title.clone(),
            number: issue.number,
            volume: issue.volume,
            date: issue.date,
            draft: issue.draft,
            sections: u32::try_from(issue.sections.len()).unwrap_or(u32::MAX),
            head: Span::from(&places.head),
            id_at: places.id.as_ref().map(Span::from),
            number_at: places.number.as_ref().map(Span::from),
            date_at: places.date.as_ref().map(Span::from),
            short_title: issue.short_title.as_deref().map(Box::from),
            short_title_at: places.short_title.as_ref().map(Span::from),
            has_terms: has_terms(issue),
            tags: places
                .tags
                .iter()
                .map(|(tag, at)| (tag.as_str().into(), Span::from(at)))
                .collect(),
            under_review: places
                .under_review
                .iter()
                .map(|(at, date)| (Span::from(at), date.unwrap_or(issue.date.date())))
                .collect(),
            papers,
        }
    }
}

impl PaperCard {
    /// What the paper is, by every identifier it has.
    pub fn identities(&self) -> impl Iterator<Item = &str> {
        self.identities.lines()
    }
}

/// Whether an issue names a licence, its own or that of where it comes from, or says in words
/// what it allows.
fn has_terms(issue: &Issue) -> bool {
    let source = issue.source.as_ref();
    issue.license.is_some()
        || issue.declaration.is_some()
        || source.is_some_and(|source| source.license.is_some())
}

/// Every identifier of a paper. One that is registered for arXiv is told as arXiv's own too,
/// whose DOIs are made of it.
fn identities(paper: &Paper) -> Box<str> {
    let doi = paper.doi.as_deref().map(str::to_ascii_lowercase);
    let arxiv = paper.arxiv.as_deref().map(without_version);
    let of_doi = doi
        .as_deref()
        .and_then(|doi| doi.strip_prefix("10.48550/arxiv."))
        .filter(|_| arxiv.is_none());
    let lines: Vec<String> = [
        ("doi", doi.as_deref()),
        ("arxiv", arxiv.or(of_doi.map(without_version))),
        ("openreview", paper.openreview.as_deref()),
        ("pmid", paper.pmid.as_deref()),
        ("isbn", paper.isbn.as_deref()),
    ]
    .into_iter()
    .filter_map(|(kind, id)| Some(format!("{kind}/{}", id?)))
    .collect();
    lines.join("\n").into()
}

/// Whether `x-again` says so, as [`Fields::boolean`](crate::fields::Fields::boolean) reads it.
fn again(paper: &Paper) -> bool {
    match paper.extra.get("x-again") {
        Some(Value::Bool(again)) => *again,
        Some(Value::Text(text)) => {
            matches!(
                text.trim().to_ascii_lowercase().as_str(),
                "true" | "yes" | "是"
            )
        }
        Some(
            Value::Null | Value::Integer(_) | Value::Float(_) | Value::List(_) | Value::Table(_),
        )
        | None => false,
    }
}

/// Counts lines. Places are asked for in the order of the text, or nearly so.
struct Lines<'t> {
    text: &'t str,
    counted: usize,
    line: u32,
}

impl<'t> Lines<'t> {
    fn of(text: &'t str) -> Self {
        Self {
            text,
            counted: 0,
            line: 1,
        }
    }

    /// The line, from 1, in which a byte stands.
    fn at(&mut self, offset: usize) -> u32 {
        if offset < self.counted {
            *self = Self::of(self.text);
        }
        let offset = offset.min(self.text.len());
        let passed = self.text.as_bytes().get(self.counted..offset);
        let breaks = passed
            .unwrap_or_default()
            .iter()
            .filter(|&&byte| byte == b'\n');
        self.line += breaks.count() as u32;
        self.counted = offset;
        self.line
    }
}

/// A moment as a card keeps it: the wall clock, the offset in minutes, whether a time of day
/// was given.
mod moment {
    use super::{Deserialize, Deserializer, Moment, Offset, Serialize, Serializer, TimeZone};

    pub(super) fn serialize<S: Serializer>(
        moment: &Moment,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let clock = moment.civil();
        (clock, moment.offset_minutes(), moment.has_time()).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Moment, D::Error> {
        let (clock, minutes, has_time): (jiff::civil::DateTime, i32, bool) =
            Deserialize::deserialize(deserializer)?;
        let zone = Offset::from_seconds(minutes.saturating_mul(60))
            .map(TimeZone::fixed)
            .map_err(serde::de::Error::custom)?;
        let moment = if has_time {
            Moment::from_datetime(clock, &zone)
        } else {
            Moment::from_date(clock.date(), &zone)
        };
        moment.map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::{self, Form, Location};
    use crate::model::Series;

    fn card(form: Form, text: &str) -> (Card, String) {
        let source = Source::new("issues/one.md", text);
        let location = Location {
            folder: "issues".to_owned(),
            stem: "one".to_owned(),
        };
        let loaded = load::issue(&source, form, &location, &Series::default());
        let issue = loaded.value.unwrap();
        (
            Card::of(&issue, &source, &loaded.places),
            source.text.clone(),
        )
    }

    fn at(text: &str, span: Span) -> &str {
        text.get(Range::from(span)).unwrap()
    }

    const MARKDOWN: &str = "---\ntitle: 题\n期号: 7\ndate: 2020-11-02\nlang: zh-CN\n---\n\n### 甲\n- doi: 10.48550/arXiv.2006.05929\n- x-again: 是\n\n评。\n\n## 节\n\n### 乙 [B](https://e.example.org/b)\n\n评。\n";

    #[test]
    fn a_card_points_at_the_fields_and_papers_of_its_file() {
        let (card, text) = card(Form::Markdown, MARKDOWN);
        assert_eq!(card.number, Some(7));
        assert_eq!(at(&text, card.number_at.unwrap()), "7");
        assert_eq!(at(&text, card.date_at.unwrap()), "2020-11-02");
        assert_eq!(at(&text, card.head), "题");
        assert_eq!((card.id.as_str(), card.id_at), ("one", None));
        assert_eq!(card.sections, 2);
        let [first, second] = card.papers.as_slice() else {
            panic!("two papers: {:?}", card.papers);
        };
        assert_eq!((at(&text, first.at), first.line), ("甲", 8));
        assert_eq!(second.line, 16);
        assert!(at(&text, second.at).starts_with("乙"));
        assert!(first.again && !second.again);
        let names: Vec<&str> = first.identities().collect();
        assert_eq!(names, ["doi/10.48550/arxiv.2006.05929", "arxiv/2006.05929"]);
        assert_eq!(&*first.name, "doi-10-48550-arxiv-2006-05929");
        assert_eq!(&*second.name, "https://e.example.org/b");
    }

    #[test]
    fn data_forms_have_places_too() {
        let json = "{\n\"title\": \"T\", \"id\": \"x-1\", \"number\": 3, \"date\": \"2020-11-02\", \"lang\": \"en\",\n\"papers\": [\n{\"title\": \"P\", \"url\": \"https://e.example.org/\", \"x-again\": true}\n]}";
        let (card, text) = card(Form::Json, json);
        assert_eq!(at(&text, card.id_at.unwrap()), "\"x-1\"");
        assert_eq!(at(&text, card.number_at.unwrap()), "3");
        assert_eq!(card.papers[0].line, 4);
        assert!(at(&text, card.papers[0].at).starts_with("{\"title\": \"P\""));
        assert!(card.papers[0].again);
    }

    #[test]
    fn an_issue_without_front_matter_fields_points_at_its_heading() {
        let text = "---\ndate: 2020-11-02T08:30:00-03:30\nlang: en\n---\n# Heading\n";
        let (card, text) = card(Form::Markdown, text);
        assert_eq!(at(&text, card.head), "Heading");
    }

    #[test]
    fn a_card_that_was_put_away_is_the_same_when_it_is_taken_out() {
        for text in [
            MARKDOWN,
            "---\ntitle: T\ndate: 2020-11-02T08:30:07-03:30\nlang: en\n---\n",
        ] {
            let (card, _) = card(Form::Markdown, text);
            let kept = serde_json::to_string(&card).unwrap();
            assert_eq!(serde_json::from_str::<Card>(&kept).unwrap(), card);
        }
    }
}
