//! What only a whole series can tell: numbers, and findings about several issues.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use super::card::{Card, PaperCard, Span};
use super::fold::fold;
use super::tags;
use crate::check::RepeatWindow;
use crate::diagnostic::Diagnostic;
use crate::load::shown;
use crate::model::Series;

/// A finding about an issue that may not be in memory. It has no place yet: a place needs
/// the file's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Across {
    /// Which of the cards it is about.
    pub card: usize,
    /// Where in that issue's file it is.
    pub span: Range<usize>,
    /// What is wrong.
    pub diagnostic: Diagnostic,
}

impl Across {
    pub(crate) fn new(card: usize, at: Span, diagnostic: Diagnostic) -> Self {
        Self {
            card,
            span: at.into(),
            diagnostic,
        }
    }
}

/// The most papers of one issue of which it is told that they ran before.
const MAX_REPEATED: usize = 100;

/// The numbers of a series' issues: those that they give. Each of the others has the one
/// after that of the issue before it by date, or the next that is free.
#[must_use]
pub fn numbers(cards: &[Card]) -> Vec<u32> {
    let mut numbers: Vec<u32> = cards
        .iter()
        .map(|card| card.number.unwrap_or_default())
        .collect();
    let mut taken: BTreeSet<u32> = cards.iter().filter_map(|card| card.number).collect();
    let mut next = 1;
    for index in by_date(cards) {
        let (Some(card), Some(number)) = (cards.get(index), numbers.get_mut(index)) else {
            continue;
        };
        *number = card.number.unwrap_or_else(|| {
            (next..u32::MAX)
                .find(|number| !taken.contains(number))
                .unwrap_or(u32::MAX)
        });
        taken.insert(*number);
        next = number.saturating_add(1);
    }
    numbers
}

/// What is wrong between the issues of a series, in their order. `is_whole` tells whether
/// every issue of it could be read: else nothing is said to be missing. Issues of no series,
/// whose [`Series::id`] is empty, are told from each other and no more.
///
/// What `[check]` raises and drops is left to the caller, who knows the places.
#[must_use]
pub fn check(cards: &[Card], series: &Series, is_whole: bool) -> Vec<Across> {
    let mut found = duplicates(cards);
    if !series.id.is_empty() {
        let numbers = numbers(cards);
        let by_number = by_number(cards, &numbers);
        if is_whole {
            number_gaps(cards, &by_number, &mut found);
        }
        date_order(cards, &by_number, &mut found);
        repeated_papers(cards, &numbers, series.check.repeat_window, &mut found);
        tags::once(cards, &by_date(cards), &mut found);
    }
    found.sort_by_key(|across| (across.card, across.span.start, across.span.end));
    found
}

/// Cards in the order in which their issues appear.
fn by_date(cards: &[Card]) -> Vec<usize> {
    let mut order: Vec<(i64, &str, usize)> = cards
        .iter()
        .enumerate()
        .map(|(index, card)| (card.date.unix_seconds(), card.id.as_str(), index))
        .collect();
    order.sort_unstable();
    order.into_iter().map(|(_, _, index)| index).collect()
}

fn duplicates(cards: &[Card]) -> Vec<Across> {
    let mut found = Vec::new();
    let mut ids: BTreeMap<&str, &str> = BTreeMap::new();
    let mut numbers: BTreeMap<(Option<u32>, u32), &str> = BTreeMap::new();
    for (index, card) in cards.iter().enumerate() {
        if let Some(first) = ids.insert(&card.id, &card.file) {
            let diagnostic = Diagnostic::error(
                "duplicate-id",
                format!("two issues have the id `{}`", card.id),
            )
            .hint(format!("the other is {first}"));
            found.push(Across::new(
                index,
                card.id_at.unwrap_or(card.head),
                diagnostic,
            ));
        }
        if let Some(number) = card.number
            && let Some(first) = numbers.insert((card.volume, number), &card.file)
        {
            let diagnostic = Diagnostic::warning(
                "duplicate-number",
                format!("two issues have the number {number}"),
            )
            .hint(format!("the other is {first}"));
            let at = card.number_at.unwrap_or(card.head);
            found.push(Across::new(index, at, diagnostic));
        }
    }
    found
}

/// An issue in the order of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Numbered {
    volume: Option<u32>,
    number: u32,
    card: usize,
}

fn by_number(cards: &[Card], numbers: &[u32]) -> Vec<Numbered> {
    let mut order: Vec<Numbered> = cards
        .iter()
        .zip(numbers)
        .enumerate()
        .map(|(card, (issue, &number))| Numbered {
            volume: issue.volume,
            number,
            card,
        })
        .collect();
    order.sort_unstable();
    order
}

/// Warns where a number is left out. A volume may begin with 1 or go on counting. Numbers
/// that are made of the date (2026, 202611, 20261127) go by the calendar.
fn number_gaps(cards: &[Card], order: &[Numbered], found: &mut Vec<Across>) {
    for (before, after) in order.iter().zip(order.iter().skip(1)) {
        let next = before.number.saturating_add(1);
        let is_next = if before.volume == after.volume {
            after.number <= next
        } else {
            after.number <= 1 || after.number == next || before.volume.is_none()
        };
        let (Some(first), Some(card)) = (cards.get(before.card), cards.get(after.card)) else {
            continue;
        };
        if is_next || is_of_date(card, after.number) {
            continue;
        }
        let (message, missing) = if before.volume == after.volume {
            (
                format!("issue {} is followed by {}", before.number, after.number),
                (next, after.number - 1),
            )
        } else {
            let volume = |numbered: &Numbered| numbered.volume.unwrap_or_default();
            let message = format!(
                "issue {} of volume {} is followed by issue {} of volume {}",
                before.number,
                volume(before),
                after.number,
                volume(after)
            );
            (message, (1, after.number - 1))
        };
        let label = match missing {
            (first, last) if first == last => format!("{first} is missing"),
            (first, last) if first + 1 == last => format!("{first} and {last} are missing"),
            (first, last) => format!("{first} to {last} are missing"),
        };
        let diagnostic = Diagnostic::warning("number-gap", message)
            .label(label)
            .hint(format!("the one before it is {}", first.file));
        found.push(Across::new(
            after.card,
            card.number_at.unwrap_or(card.head),
            diagnostic,
        ));
    }
}

/// Whether a number is the issue's year, with its month, or with its day.
fn is_of_date(card: &Card, number: u32) -> bool {
    let date = card.date.date();
    let year = u32::from(date.year().unsigned_abs());
    let month = year * 100 + u32::from(date.month().unsigned_abs());
    let day = month * 100 + u32::from(date.day().unsigned_abs());
    [year, month, day].contains(&number)
}

/// Warns about an issue that is dated before the one that its number follows. Dates of
/// drafts are not settled.
fn date_order(cards: &[Card], order: &[Numbered], found: &mut Vec<Across>) {
    let published = || {
        order.iter().filter_map(|numbered| {
            let card = cards.get(numbered.card)?;
            (!card.draft).then_some((numbered, card))
        })
    };
    for ((before, first), (after, card)) in published().zip(published().skip(1)) {
        if (before.volume, before.number) == (after.volume, after.number) {
            continue;
        }
        let (earlier, later) = (first.date, card.date);
        // A bare date is no time of day that could be before another.
        let is_same_day =
            earlier.date() == later.date() && !(earlier.has_time() && later.has_time());
        if earlier.unix_seconds() <= later.unix_seconds() || is_same_day {
            continue;
        }
        let message = format!(
            "{} is dated before {}",
            named(after.volume, after.number),
            named(before.volume, before.number)
        );
        let diagnostic = Diagnostic::warning("date-order", message).hint(format!(
            "{} is dated {}",
            first.file,
            first.date.date()
        ));
        found.push(Across::new(
            after.card,
            card.date_at.unwrap_or(card.head),
            diagnostic,
        ));
    }
}

/// `issue 12`, with its volume if it has one.
fn named(volume: Option<u32>, number: u32) -> String {
    match volume {
        Some(volume) => format!("issue {number} of volume {volume}"),
        None => format!("issue {number}"),
    }
}

/// A paper that ran.
#[derive(Clone, Copy)]
struct Ran<'c> {
    /// Its issue's place in the order of dates.
    position: usize,
    card: usize,
    paper: &'c PaperCard,
}

/// Papers of other issues by what they are known by; the latest of each.
#[derive(Default)]
struct Run<'c> {
    by_identity: HashMap<&'c str, Ran<'c>>,
    by_title: HashMap<u64, Ran<'c>>,
}

impl<'c> Run<'c> {
    fn of(papers: usize) -> Self {
        Self {
            by_identity: HashMap::with_capacity(papers),
            by_title: HashMap::with_capacity(papers),
        }
    }

    fn add(&mut self, ran: Ran<'c>) {
        for identity in ran.paper.identities() {
            self.by_identity.insert(identity, ran);
        }
        if ran.paper.title_key != 0 {
            self.by_title.insert(ran.paper.title_key, ran);
        }
    }

    /// The latest run of a paper, and what it is known by: an identifier, or
    /// `None` for the title.
    fn find(&self, paper: &'c PaperCard) -> Option<(Ran<'c>, Option<&'c str>)> {
        let by_identity = paper
            .identities()
            .filter_map(|identity| Some((*self.by_identity.get(identity)?, Some(identity))))
            .max_by_key(|(ran, _)| ran.position);
        by_identity.or_else(|| {
            let ran = *self.by_title.get(&paper.title_key)?;
            let is_same = paper.title_key != 0
                && !differ(paper, ran.paper)
                && fold(&paper.title) == fold(&ran.paper.title);
            is_same.then_some((ran, None))
        })
    }
}

/// Whether two papers that share no identifier have each one of the same kind, so that they
/// are two for all that they have the same title.
fn differ(one: &PaperCard, other: &PaperCard) -> bool {
    fn kind(identity: &str) -> Option<&str> {
        identity.split('/').next()
    }
    one.identities().any(|identity| {
        other
            .identities()
            .any(|further| kind(identity) == kind(further))
    })
}

/// Warns about papers of an earlier issue. A draft is told of all that was published and of
/// drafts before it; what was published knows nothing of drafts.
fn repeated_papers(cards: &[Card], numbers: &[u32], window: RepeatWindow, found: &mut Vec<Across>) {
    let window = match window {
        RepeatWindow::All => usize::MAX,
        RepeatWindow::Last(issues) => issues as usize,
        RepeatWindow::Off => return,
    };
    let order = by_date(cards);
    let papers = cards.iter().map(|card| card.papers.len()).sum();
    let mut published = Run::of(papers);
    let mut drafts = Run::default();
    for is_draft in [false, true] {
        for (position, &index) in order.iter().enumerate() {
            let Some(card) = cards.get(index).filter(|card| card.draft == is_draft) else {
                continue;
            };
            let mut repeated = Vec::new();
            for paper in card.papers.iter().filter(|paper| !paper.again) {
                let earlier = published
                    .find(paper)
                    .or_else(|| drafts.find(paper))
                    .filter(|(ran, _)| ran.position.abs_diff(position) <= window);
                if let Some((ran, identity)) = earlier
                    && let Some((first, &number)) = cards.get(ran.card).zip(numbers.get(ran.card))
                {
                    repeated.push((
                        paper,
                        repeated_paper(paper, ran.paper, first, number, identity),
                    ));
                }
            }
            let more = repeated.len().saturating_sub(MAX_REPEATED);
            repeated.truncate(MAX_REPEATED);
            let last = repeated.len();
            for (count, (paper, mut diagnostic)) in repeated.into_iter().enumerate() {
                if more > 0 && count + 1 == last {
                    diagnostic =
                        diagnostic.hint(format!("{more} more papers of this issue were in others"));
                }
                found.push(Across::new(index, paper.at, diagnostic));
            }
            let run = if is_draft {
                &mut drafts
            } else {
                &mut published
            };
            for paper in &card.papers {
                run.add(Ran {
                    position,
                    card: index,
                    paper,
                });
            }
        }
    }
}

fn repeated_paper(
    paper: &PaperCard,
    ran: &PaperCard,
    first: &Card,
    number: u32,
    identity: Option<&str>,
) -> Diagnostic {
    let issue = named(first.volume, number);
    let message = if first.draft {
        format!("this paper is in {issue} too, a draft")
    } else {
        format!("this paper was in {issue}")
    };
    let (kind, id) = identity
        .and_then(|identity| identity.split_once('/'))
        .unzip();
    let what = match kind {
        Some("doi") => "DOI",
        Some("arxiv") => "arXiv id",
        Some("openreview") => "OpenReview id",
        Some("pmid") => "PubMed id",
        Some("isbn") => "ISBN",
        _ => "title",
    };
    let label = match id {
        Some(id) => format!("same {what} `{}`", shown(id)),
        None => format!("same {what}"),
    };
    let place = format!("{}:{}", first.file, ran.line);
    let place = if ran.title == paper.title {
        format!("it stands in {place}")
    } else {
        format!("it stands in {place} as “{}”", shown(&ran.title))
    };
    Diagnostic::warning("repeated-paper", message)
        .label(label)
        .hint(place)
        .hint("add `x-again: true` to it if it is meant to run again")
}

#[cfg(test)]
mod tests;
