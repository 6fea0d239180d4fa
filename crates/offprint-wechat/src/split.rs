//! An issue that is too long for one article, as several.
//!
//! WeChat counts an article's markup. What an issue's papers take is measured one by one; the
//! parts are as few as they can be, much alike in length, and end where a section does if that
//! costs little. Before an issue is divided, its formulas are drawn with fewer characters.

use std::io;
use std::ops::Range;

use offprint_core::parallel::in_parallel;
use offprint_core::text::plain_text;
use offprint_core::words::Words;
use offprint_core::{Issue, Section, Text};

use crate::formula::Detail;

/// How often parts are cut anew when one turns out longer than its papers are together.
const ATTEMPTS: usize = 8;

/// Something that is not divided: a paper, or the words of a section without papers.
#[derive(Debug, Clone, Copy)]
struct Item {
    section: usize,
    /// The paper's place in its section.
    paper: Option<usize>,
    /// How long it is, with the section's title where it begins one.
    length: usize,
}

impl Item {
    fn begins_section(&self) -> bool {
        self.paper.is_none_or(|place| place == 0)
    }
}

/// How parts are written and measured.
pub(crate) struct Press<W, L> {
    /// Writes an issue, its formulas in so much detail.
    pub(crate) write: W,
    /// How long what was written is, in characters.
    pub(crate) length: L,
    /// The most characters of a part.
    pub(crate) limit: usize,
    /// Whether what is too long becomes several parts.
    pub(crate) divides: bool,
    /// How many threads write.
    pub(crate) threads: usize,
}

/// What is written of an issue, or of its parts if that is too long; a paper that is longer
/// alone is a part of its own.
///
/// # Errors
/// Those of [`Press::write`], and of a system that gives no thread.
pub(crate) fn parts<T: Send, E: Send + From<io::Error>>(
    issue: &Issue,
    press: &Press<impl Fn(&Issue, Detail) -> Result<T, E> + Sync, impl Fn(&T) -> usize + Sync>,
) -> Result<Vec<T>, E> {
    // A long issue need not be written to know that it is too long.
    if !press.divides || least(issue) <= press.limit {
        let whole = (press.write)(issue, Detail::Fine)?;
        if (press.length)(&whole) <= press.limit {
            return Ok(vec![whole]);
        }
        let coarse = (press.write)(issue, Detail::Coarse)?;
        if (press.length)(&coarse) <= press.limit {
            return Ok(vec![coarse]);
        }
        // Without drawings there is nothing to save.
        if (press.length)(&coarse) < (press.length)(&whole) {
            let lettered = (press.write)(issue, Detail::Lettered)?;
            if (press.length)(&lettered) <= press.limit {
                return Ok(vec![lettered]);
            }
        }
        if !press.divides {
            return Ok(vec![whole]);
        }
    }
    let write = |issue: &Issue| (press.write)(issue, Detail::Lettered);
    let frame = Frame::of(issue);
    let measure = |issue: &Issue| write(issue).map(|part| (press.length)(&part));
    let empty = measure(&frame.filled(false, false, Vec::new()))?;
    let beyond = |front, back, sections| {
        let length = measure(&frame.filled(front, back, sections));
        length.map(|length| length.saturating_sub(empty))
    };
    let front = beyond(true, false, Vec::new())?;
    let back = beyond(false, true, Vec::new())?;
    let titles = all(issue.sections.len(), press.threads, |place| {
        let title = issue.sections.get(place).map(|section| Section {
            id: section.id.clone(),
            title: section.title.clone(),
            intro: Vec::new(),
            papers: Vec::new(),
        });
        beyond(false, false, title.into_iter().collect())
    })?;
    let mut items: Vec<Item> = issue
        .sections
        .iter()
        .enumerate()
        .flat_map(|(place, section)| items_of(place, section))
        .collect();
    let lengths = all(items.len(), press.threads, |place| {
        let alone = items.get(place..=place).unwrap_or_default();
        beyond(false, false, sections(issue, alone))
    })?;
    for (item, length) in items.iter_mut().zip(lengths) {
        // One that begins no section was measured with its title, which is in the part already.
        let title = titles.get(item.section).copied().unwrap_or_default();
        let less = if item.begins_section() { 0 } else { title };
        item.length = length.saturating_sub(less);
    }
    let lengths = Lengths {
        items: &items,
        titles: &titles,
        front,
        back,
    };
    let mut room = press.limit.saturating_sub(empty);
    for attempt in 1.. {
        let ranges = cuts(&lengths, room);
        if ranges.len() < 2 {
            break;
        }
        let parts = all(ranges.len(), press.threads, |place| {
            let range = ranges.get(place).cloned().unwrap_or_default();
            let items = items.get(range).unwrap_or_default();
            write(&frame.part(items, place, ranges.len()))
        })?;
        let too_long = parts
            .iter()
            .zip(&ranges)
            .filter(|(_, range)| range.len() > 1);
        let excess = too_long
            .map(|(part, _)| (press.length)(part).saturating_sub(press.limit))
            .max()
            .unwrap_or_default();
        if excess == 0 || attempt == ATTEMPTS {
            return Ok(parts);
        }
        room = room.saturating_sub(excess);
    }
    Ok(vec![write(issue)?])
}

/// The characters that an issue takes at the least: those of its papers' texts.
fn least(issue: &Issue) -> usize {
    let of = |text: &Text| {
        plain_text(text)
            .chars()
            .filter(|letter| !letter.is_whitespace())
            .count()
    };
    issue
        .papers()
        .map(|paper| of(&paper.commentary) + of(&paper.abstract_text))
        .sum()
}

/// What `work` gives for 0 to `count`, in order; the first error if there are any.
fn all<T: Send, E: Send + From<io::Error>>(
    count: usize,
    threads: usize,
    work: impl Fn(usize) -> Result<T, E> + Sync,
) -> Result<Vec<T>, E> {
    let shared = in_parallel(count, threads, || (), |(), place| work(place))?;
    shared
        .results
        .into_iter()
        .map(|(_, result)| result)
        .collect()
}

/// An issue without its sections, to be filled again and again.
struct Frame<'a> {
    whole: &'a Issue,
    empty: Issue,
}

impl<'a> Frame<'a> {
    fn of(whole: &'a Issue) -> Self {
        let mut empty = whole.clone();
        empty.sections.clear();
        empty.intro.clear();
        empty.related.clear();
        empty.tags.clear();
        Self { whole, empty }
    }

    /// The issue with these sections; with what stands before all of them if `front`, with
    /// what to read next if `back`. Where it comes from and on what terms stays with all.
    fn filled(&self, front: bool, back: bool, sections: Vec<Section>) -> Issue {
        let mut issue = self.empty.clone();
        issue.sections = sections;
        if front {
            issue.intro.clone_from(&self.whole.intro);
        }
        if back {
            issue.related.clone_from(&self.whole.related);
            issue.tags.clone_from(&self.whole.tags);
        }
        issue
    }

    /// The part at a place, from 0, of so many.
    fn part(&self, items: &[Item], place: usize, of: usize) -> Issue {
        let sections = sections(self.whole, items);
        let mut part = self.filled(place == 0, place + 1 == of, sections);
        let title = part.short_title.as_deref().unwrap_or(&part.title);
        let mark = Words::of(&part.lang).part(place + 1, of);
        part.short_title = Some(format!("{title}{mark}"));
        part
    }
}

/// What a section is made of: its papers, or its words alone if it has none.
fn items_of(section: usize, content: &Section) -> Vec<Item> {
    let item = |paper| Item {
        section,
        paper,
        length: 0,
    };
    if content.papers.is_empty() {
        return vec![item(None)];
    }
    (0..content.papers.len())
        .map(|place| item(Some(place)))
        .collect()
}

/// The sections that items belong to, with nothing else in them. One whose beginning is
/// elsewhere says so in its title.
fn sections(issue: &Issue, items: &[Item]) -> Vec<Section> {
    let words = Words::of(&issue.lang);
    let mut sections: Vec<Section> = Vec::new();
    let mut last = None;
    for item in items {
        let Some(whole) = issue.sections.get(item.section) else {
            continue;
        };
        if last != Some(item.section) {
            last = Some(item.section);
            let begins = item.begins_section();
            let title = match (begins, whole.title.is_empty()) {
                (true, _) | (_, true) => whole.title.clone(),
                (false, false) => words.continued(&whole.title),
            };
            sections.push(Section {
                id: whole.id.clone(),
                title,
                intro: if begins {
                    whole.intro.clone()
                } else {
                    Vec::new()
                },
                papers: Vec::new(),
            });
        }
        let paper = item.paper.and_then(|place| whole.papers.get(place));
        if let Some(section) = sections.last_mut() {
            section.papers.extend(paper.cloned());
        }
    }
    sections
}

/// What is to be divided, in characters.
struct Lengths<'a> {
    items: &'a [Item],
    /// The title of each section.
    titles: &'a [usize],
    front: usize,
    back: usize,
}

impl Lengths<'_> {
    fn section(&self, place: usize) -> Option<usize> {
        self.items.get(place).map(|item| item.section)
    }

    /// Whether a part that ends before this item ends a section.
    fn is_boundary(&self, place: usize) -> bool {
        place
            .checked_sub(1)
            .is_none_or(|before| self.section(before) != self.section(place))
    }

    /// What a part that begins with this item takes beside its items.
    fn extra(&self, start: usize) -> usize {
        let front = if start == 0 { self.front } else { 0 };
        let continued = match self.items.get(start) {
            Some(item) if !item.begins_section() => {
                // The title and a mark that the section began before.
                self.titles.get(item.section).copied().unwrap_or_default() + 20
            }
            Some(_) | None => 0,
        };
        front + continued
    }

    /// How far a part that begins with each item can reach.
    fn reach(&self, room: usize) -> Vec<usize> {
        (0..self.items.len())
            .map(|start| {
                let mut length = self.extra(start);
                let mut end = start;
                while let Some(item) = self.items.get(end) {
                    let is_last = end + 1 == self.items.len();
                    length += item.length + if is_last { self.back } else { 0 };
                    if length > room && end > start {
                        break;
                    }
                    end += 1;
                }
                end
            })
            .collect()
    }
}

/// Divides items into as few parts as have room, alike in length; a part rather ends where a
/// section does.
fn cuts(lengths: &Lengths<'_>, room: usize) -> Vec<Range<usize>> {
    let count = lengths.items.len();
    let reach = lengths.reach(room);
    // How many parts there are from each item on, at the least.
    let mut needed = vec![0; count + 1];
    for start in (0..count).rev() {
        let end = reach.get(start).copied().unwrap_or(count);
        let after = needed.get(end).copied().unwrap_or_default();
        if let Some(needed) = needed.get_mut(start) {
            *needed = after + 1;
        }
    }
    let mut left: usize = lengths.items.iter().map(|item| item.length).sum();
    left += lengths.front + lengths.back;
    let mut cuts = Vec::new();
    let mut start = 0;
    while start < count {
        let parts = needed.get(start).copied().unwrap_or(1);
        let end = reach.get(start).copied().unwrap_or(count);
        let ideal = left / parts.max(1);
        let mut length = lengths.extra(start);
        let mut best = (usize::MAX, end, length);
        for (place, item) in lengths.items.iter().enumerate().take(end).skip(start) {
            length += item.length;
            let after = place + 1;
            if needed.get(after).copied().unwrap_or_default() + 1 > parts {
                continue;
            }
            let within = if lengths.is_boundary(after) {
                0
            } else {
                ideal / 4
            };
            let cost = length.abs_diff(ideal) + within;
            if cost < best.0 {
                best = (cost, after, length);
            }
        }
        let (_, end, length) = best;
        cuts.push(start..end);
        left = left.saturating_sub(length);
        start = end;
    }
    cuts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(sections: &[&[usize]]) -> Vec<Item> {
        let mut items = Vec::new();
        for (section, lengths) in sections.iter().enumerate() {
            for (place, &length) in lengths.iter().enumerate() {
                items.push(Item {
                    section,
                    paper: Some(place),
                    length,
                });
            }
        }
        items
    }

    fn cut(sections: &[&[usize]], room: usize) -> Vec<Range<usize>> {
        let lengths = Lengths {
            items: &items(sections),
            titles: &vec![10; sections.len()],
            front: 50,
            back: 30,
        };
        cuts(&lengths, room)
    }

    #[test]
    fn parts_are_few_and_alike_and_end_with_sections() {
        // All of it, and one character too many.
        assert_eq!(cut(&[&[100, 100]], 280).len(), 1);
        assert_eq!(cut(&[&[100, 100]], 279), [0..1, 1..2]);
        // Five papers: two and three rather than four and one.
        assert_eq!(cut(&[&[100; 5]], 480), [0..2, 2..5]);
        // A section's end near the middle wins.
        assert_eq!(cut(&[&[100; 3], &[100; 5]], 700), [0..3, 3..8]);
        assert_eq!(cut(&[&[100; 1], &[100; 7]], 800), [0..4, 4..8]);
        // What is longer than a part alone is one.
        assert_eq!(cut(&[&[100, 900, 100]], 400), [0..1, 1..2, 2..3]);
        assert_eq!(cut(&[], 10), [0..0; 0]);
    }

    #[test]
    fn every_item_is_in_one_part_that_has_room() {
        let mut state = 7_u64;
        let mut random = move |below: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            usize::try_from((state >> 33) % below).unwrap()
        };
        for _ in 0..300 {
            let sections: Vec<Vec<usize>> = (0..=random(4))
                .map(|_| (0..=random(12)).map(|_| 1 + random(300)).collect())
                .collect();
            let sections: Vec<&[usize]> = sections.iter().map(Vec::as_slice).collect();
            let items = items(&sections);
            let room = 400 + random(900);
            let cuts = cut(&sections, room);
            let mut next = 0;
            for range in &cuts {
                assert_eq!(range.start, next);
                assert!(range.end > range.start);
                next = range.end;
                let front = match items[range.start].begins_section() {
                    _ if range.start == 0 => 50,
                    true => 0,
                    false => 30,
                };
                let back = if range.end == items.len() { 30 } else { 0 };
                let length: usize = items[range.clone()].iter().map(|item| item.length).sum();
                assert!(
                    length + front + back <= room || range.len() == 1,
                    "{range:?} of {room}"
                );
            }
            assert_eq!(next, items.len());
        }
    }
}
