//! What a series holds now against what was published.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::{Lock, Numbered, PaperRecord, Record};
use crate::diagnostic::{Diagnostic, Place};
use crate::load::{id_of, shown};
use crate::series::{Across, Card, PaperCard, fold};

/// What [`Lock::compare`] found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Compared {
    /// Findings about issues, in their order.
    pub across: Vec<Across>,
    /// Findings about issues that are gone, which stand in the lock file alone.
    pub gone: Vec<Diagnostic>,
}

/// The most papers of an issue of which it is told that they are gone.
const MAX_GONE: usize = 20;
/// How much two titles at the same place share if one is the other, mended (Sørensen–Dice).
const MENDED: f64 = 0.6;

impl Lock {
    /// Finds what was published and has another identifier now (`id-changed`, an error), and
    /// what is gone (`vanished`, a warning). `is_whole` tells whether every issue of the
    /// series could be read: else none is taken to be gone.
    #[must_use]
    pub fn compare(&self, cards: &[Card], is_whole: bool) -> Compared {
        let mut compared = Compared::default();
        let renamed = if is_whole {
            self.renamed(cards)
        } else {
            BTreeMap::new()
        };
        for (index, card) in cards.iter().enumerate() {
            if let Some(&id) = renamed.get(&index) {
                let at = card.id_at.unwrap_or(card.head);
                let diagnostic = changed(&format!("this issue was published as `{id}`"))
                    .hint(format!("give it `id: {id}`, or its file the name it had"));
                compared
                    .across
                    .push(Across::new(index, at, republish(diagnostic)));
                continue;
            }
            let Some(record) = self.issues.get(&card.id) else {
                continue;
            };
            if !card.draft {
                compare_papers(index, card, record, &mut compared.across);
            } else if !record.is_withdrawn {
                let diagnostic = Diagnostic::warning(
                    "vanished",
                    "this issue was published, and is a draft again",
                )
                .hint("readers who have it keep it; feeds go without it");
                compared
                    .across
                    .push(Across::new(index, card.head, diagnostic));
            }
        }
        if is_whole {
            let taken: BTreeSet<&str> = renamed.into_values().collect();
            self.report_gone(cards, &taken, &mut compared.gone);
        }
        compared
            .across
            .sort_by_key(|across| (across.card, across.span.start, across.span.end));
        compared
    }

    fn report_gone(&self, cards: &[Card], taken: &BTreeSet<&str>, gone: &mut Vec<Diagnostic>) {
        let here: HashSet<&str> = cards.iter().map(|card| card.id.as_str()).collect();
        for (id, record) in &self.issues {
            if record.is_withdrawn || here.contains(id.as_str()) || taken.contains(id.as_str()) {
                continue;
            }
            let mut diagnostic = Diagnostic::warning(
                "vanished",
                format!(
                    "the issue `{id}`, “{}”, was published and is gone",
                    shown(&record.title)
                ),
            )
            .hint("readers who have it keep it; feeds and addresses go without it");
            if let Some(source) = &self.source {
                diagnostic = diagnostic.at(Place::new(source, record.at.clone()));
            }
            gone.push(diagnostic);
        }
    }

    /// Issues that were published under another id: card by card, that id.
    fn renamed(&self, cards: &[Card]) -> BTreeMap<usize, &str> {
        let here: HashMap<&str, &Card> =
            cards.iter().map(|card| (card.id.as_str(), card)).collect();
        // What was published, and is not where it was.
        let lost: Vec<(&str, &Record)> = self
            .issues
            .iter()
            .map(|(id, record)| (id.as_str(), record))
            .filter(|(id, record)| here.get(id).is_none_or(|card| is_another(card, record)))
            .collect();
        // What is where nothing was published, or something else.
        let new = cards.iter().enumerate().filter(|(_, card)| {
            !card.draft
                && self
                    .issues
                    .get(&card.id)
                    .is_none_or(|record| is_another(card, record))
        });
        if lost.is_empty() {
            return BTreeMap::new();
        }
        let evidence = Evidence::of(self, cards, &lost);
        let mut renamed = BTreeMap::new();
        let mut taken = BTreeSet::new();
        for (index, card) in new {
            if let Some(id) = evidence.former(card, &here)
                && taken.insert(id)
            {
                renamed.insert(index, id);
            }
        }
        renamed
    }
}

/// Whether an issue has none of the papers that were published under its id.
fn is_another(card: &Card, record: &Record) -> bool {
    if card.papers.is_empty() || record.papers.is_empty() {
        return false;
    }
    if card.papers.first().map(|paper| &paper.name) == record.papers.first().map(|it| &it.name) {
        return false;
    }
    let names: HashSet<&str> = record.papers.iter().map(|paper| &*paper.name).collect();
    let titles: HashSet<String> = record.papers.iter().map(|it| fold(&it.title)).collect();
    !card
        .papers
        .iter()
        .any(|paper| names.contains(&*paper.name) || titles.contains(&fold(&paper.title)))
}

/// What tells that an issue is one that was lost.
struct Evidence<'a, 'l> {
    lost: &'a [(&'l str, &'l Record)],
    /// Lost issues by what is theirs alone.
    titles: HashMap<String, Option<usize>>,
    dates: HashMap<jiff::civil::Date, Option<usize>>,
    numbers: HashMap<(Option<u32>, u32), Option<usize>>,
    /// Lost issues by names and titles of their papers.
    papers: HashMap<String, Vec<usize>>,
}

impl<'a, 'l> Evidence<'a, 'l> {
    fn of(lock: &Lock, cards: &[Card], lost: &'a [(&'l str, &'l Record)]) -> Self {
        let mut evidence = Self {
            lost,
            titles: HashMap::new(),
            dates: HashMap::new(),
            numbers: HashMap::new(),
            papers: HashMap::new(),
        };
        for (index, (_, record)) in lost.iter().enumerate() {
            once(&mut evidence.titles, fold(&record.title), index);
            if let Some(date) = record.date {
                once(&mut evidence.dates, date, index);
            }
            if let Some(number) = key_of(record.number) {
                once(&mut evidence.numbers, number, index);
            }
            for key in record
                .papers
                .iter()
                .flat_map(|it| [it.name.to_string(), fold(&it.title)])
            {
                let issues = evidence.papers.entry(key).or_default();
                if issues.last() != Some(&index) {
                    issues.push(index);
                }
            }
        }
        // What other issues of the series share tells nothing.
        let lost_ids: HashSet<&str> = lost.iter().map(|(id, _)| *id).collect();
        for (id, record) in &lock.issues {
            if !lost_ids.contains(id.as_str()) {
                evidence.titles.remove(&fold(&record.title));
                if let Some(date) = record.date {
                    evidence.dates.remove(&date);
                }
            }
        }
        let mut titles: HashMap<String, usize> = HashMap::new();
        for card in cards {
            *titles.entry(fold(&card.title)).or_default() += 1;
        }
        evidence.titles.retain(|title, _| {
            !title.is_empty() && titles.get(title).is_none_or(|&count| count < 2)
        });
        evidence
    }

    /// The id under which an issue was published.
    fn former(&self, card: &Card, here: &HashMap<&str, &Card>) -> Option<&'l str> {
        let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
        for paper in &card.papers {
            let mut found = BTreeSet::new();
            for key in [paper.name.to_string(), fold(&paper.title)] {
                found.extend(self.papers.get(&key).into_iter().flatten().copied());
            }
            for index in found {
                *shared.entry(index).or_default() += 1;
            }
        }
        let same_title = self.titles.get(&fold(&card.title)).copied().flatten();
        let same_date = self.dates.get(&card.date.date()).copied().flatten();
        let number = Numbered {
            volume: card.volume,
            number: card.number,
        };
        let same_number =
            key_of(number).and_then(|number| self.numbers.get(&number).copied().flatten());
        let candidates: BTreeSet<usize> = [same_title, same_date, same_number]
            .into_iter()
            .flatten()
            .chain(shared.keys().copied())
            .collect();
        candidates
            .into_iter()
            .filter_map(|index| {
                let &(id, record) = self.lost.get(index)?;
                let shared = shared.get(&index).copied().unwrap_or_default();
                let facts = [same_title, same_date, same_number]
                    .into_iter()
                    .filter(|same| *same == Some(index))
                    .count();
                let most = card.papers.len().max(record.papers.len());
                let has_papers = !card.papers.is_empty() && !record.papers.is_empty();
                let is_known_by_papers = has_papers && shared * 2 >= most;
                // An issue that said it was gone, or whose id another has, is known by its
                // papers alone; one that shares none is another.
                let is_gone = !record.is_withdrawn && !here.contains_key(id);
                let is_known_by_facts = is_gone && facts > 0 && (shared > 0 || !has_papers);
                (id != card.id && (is_known_by_papers || is_known_by_facts)).then_some((
                    shared,
                    facts,
                    std::cmp::Reverse(index),
                    id,
                ))
            })
            .max()
            .map(|(_, _, _, id)| id)
    }
}

/// Notes a value's owner; `None` when it has several.
fn once<K: std::hash::Hash + Eq>(owners: &mut HashMap<K, Option<usize>>, value: K, owner: usize) {
    owners
        .entry(value)
        .and_modify(|first| *first = None)
        .or_insert(Some(owner));
}

fn key_of(number: Numbered) -> Option<(Option<u32>, u32)> {
    Some((number.volume, number.number?))
}

fn changed(what: &str) -> Diagnostic {
    Diagnostic::error("id-changed", format!("{what}: readers would get it again"))
}

fn republish(diagnostic: Diagnostic) -> Diagnostic {
    diagnostic.hint("if they are to get it again: `offprint build --republish`")
}

/// A paper of an issue's record, with its place.
#[derive(Clone, Copy)]
struct Lost<'l> {
    place: usize,
    paper: &'l PaperRecord,
}

fn compare_papers(index: usize, card: &Card, record: &Record, found: &mut Vec<Across>) {
    let is_as_before = card.papers.len() == record.papers.len()
        && card
            .papers
            .iter()
            .zip(&record.papers)
            .all(|(paper, before)| paper.name == before.name && !is_ordinal(&paper.name));
    if is_as_before {
        return;
    }
    let now: HashMap<&str, &PaperCard> = card
        .papers
        .iter()
        .map(|paper| (&*paper.name, paper))
        .collect();
    let before: HashMap<&str, &PaperRecord> = record
        .papers
        .iter()
        .map(|paper| (&*paper.name, paper))
        .collect();
    let mut by_title: HashMap<String, Option<Lost<'_>>> = HashMap::new();
    let mut gone: BTreeMap<usize, &PaperRecord> = BTreeMap::new();
    for (place, paper) in record.papers.iter().enumerate() {
        let lost = Lost { place, paper };
        by_title
            .entry(fold(&paper.title))
            .and_modify(|first| *first = None)
            .or_insert(Some(lost));
        if !now.contains_key(&*paper.name) {
            gone.insert(place, paper);
        }
    }
    by_title.remove("");
    let gone_names: HashMap<&str, usize> = gone
        .iter()
        .map(|(&place, paper)| (&*paper.name, place))
        .collect();
    for (place, paper) in card.papers.iter().enumerate() {
        let recorded = before.get(&*paper.name);
        // A place in the list may have become that of another paper; other names stay with
        // what they name, however it is titled.
        if recorded.is_some() && !is_ordinal(&paper.name) {
            continue;
        }
        let former = by_title
            .get(&fold(&paper.title))
            .copied()
            .flatten()
            .filter(|lost| {
                lost.paper.name != paper.name
                    && now.get(&*lost.paper.name).is_none_or(|holder| {
                        is_ordinal(&holder.name) && fold(&holder.title) != fold(&lost.paper.title)
                    })
            })
            .or_else(|| {
                if recorded.is_some() {
                    return None;
                }
                let by_identity = paper
                    .identities()
                    .find_map(|identity| gone_names.get(id_of(identity).as_str()).copied());
                let place = by_identity.or_else(|| {
                    let lost = gone.get(&place)?;
                    is_mended(paper, lost).then_some(place)
                })?;
                Some(Lost {
                    place,
                    paper: gone.get(&place)?,
                })
            });
        let Some(former) = former else {
            continue;
        };
        gone.remove(&former.place);
        let name = &former.paper.name;
        let diagnostic = changed(&format!("this paper was published as `{}`", shown(name)))
            .hint(format!("give it `{}`", given_by(name)));
        found.push(Across::new(index, paper.at, republish(diagnostic)));
    }
    report_gone_papers(index, card, gone.into_values(), found);
}

fn report_gone_papers<'l>(
    index: usize,
    card: &Card,
    gone: impl ExactSizeIterator<Item = &'l PaperRecord>,
    found: &mut Vec<Across>,
) {
    let more = gone.len().saturating_sub(MAX_GONE);
    let last = gone.len().min(MAX_GONE);
    for (count, paper) in gone.take(MAX_GONE).enumerate() {
        let mut diagnostic = Diagnostic::warning(
            "vanished",
            format!(
                "the paper “{}” was published in this issue and is gone",
                shown(&paper.title)
            ),
        )
        .hint("readers who have it keep it; feeds go without it");
        if more > 0 && count + 1 == last {
            diagnostic = diagnostic.hint(format!("{more} more papers of this issue are gone"));
        }
        found.push(Across::new(index, card.head, diagnostic));
    }
}

/// Whether a name is a place in the list.
fn is_ordinal(name: &str) -> bool {
    name.strip_prefix("paper-")
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether a paper is what stood at its place, with its title mended. One that has another
/// identifier of the same kind is another.
fn is_mended(paper: &PaperCard, lost: &PaperRecord) -> bool {
    let kind = lost.name.split('-').next().unwrap_or_default();
    let is_another = paper
        .identities()
        .any(|identity| identity.split('/').next() == Some(kind));
    !is_another && strsim::sorensen_dice(&fold(&paper.title), &fold(&lost.title)) >= MENDED
}

/// The field by which a paper keeps the name that it was published by.
fn given_by(name: &str) -> String {
    let is_id = name.len() <= 100
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if is_id && !is_ordinal(name) {
        format!("id: {name}")
    } else {
        format!("guid: {}", crate::guid::decoded(name))
    }
}
