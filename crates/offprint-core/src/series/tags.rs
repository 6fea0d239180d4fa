//! Tags that are nearly others.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::across::Across;
use super::card::{Card, Span};
use super::fold::fold;
use crate::diagnostic::Diagnostic;
use crate::load::shown;

/// Longer tags are no slips of one another, and cost the square of their length.
const LONGEST: usize = 40;
/// Shorter ones are near to too many others: `GAN` and `CAN`.
const SHORTEST: usize = 5;
/// A series of more tags than that has no use for hints about some.
const MOST: usize = 10_000;
/// With how many others a tag is compared at most.
const MOST_ALIKE: usize = 32;

/// A tag and where it is used.
#[derive(Clone, Copy)]
struct Use<'c> {
    tag: &'c str,
    /// The first issue in the order of dates that has it, and where.
    card: usize,
    at: Span,
    /// In how many issues.
    issues: usize,
}

/// Hints at tags that stand in one issue only and are another but for case, signs, a plural or
/// a slip of the pen. `order` is that of the dates. The tag of more issues is the right one,
/// else the earlier.
pub(super) fn once(cards: &[Card], order: &[usize], found: &mut Vec<Across>) {
    let uses = uses(cards, order);
    if uses.len() > MOST {
        return;
    }
    let mut near = Near::default();
    for (index, own) in uses.iter().enumerate() {
        near.add(own.tag, index);
    }
    for (index, own) in uses.iter().enumerate().filter(|(_, own)| own.issues == 1) {
        let is_better = |&(other, of): &(usize, &Use<'_>)| {
            other != index
                && of.card != own.card
                && (of.issues > 1 || other < index)
                && are_near(own.tag, of.tag)
        };
        let candidates = near.of(own.tag).into_iter();
        let candidates = candidates.filter_map(|other| Some((other, uses.get(other)?)));
        let best = candidates
            .filter(is_better)
            .max_by_key(|(other, of)| (of.issues, std::cmp::Reverse(*other)));
        let Some((_, best)) = best else {
            continue;
        };
        let of = match best.issues {
            1 => cards
                .get(best.card)
                .map(|card| card.file.clone())
                .unwrap_or_default(),
            issues => format!("{issues} issues"),
        };
        let message = format!("the tag `{}` stands in this issue only", shown(own.tag));
        let remark = Diagnostic::remark("tag-once", message)
            .label(format!("nearly `{}`", shown(best.tag)))
            .hint(format!(
                "write `{}`, as {of} {}, if the same is meant",
                shown(best.tag),
                if best.issues == 1 {
                    "has it"
                } else {
                    "have it"
                }
            ));
        found.push(Across::new(own.card, own.at, remark));
    }
}

/// All tags in the order in which they come up.
fn uses<'c>(cards: &'c [Card], order: &[usize]) -> Vec<Use<'c>> {
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut uses: Vec<Use<'c>> = Vec::new();
    for &card in order {
        for (tag, at) in cards.get(card).into_iter().flat_map(|card| &card.tags) {
            let place = *places.entry(tag).or_insert(uses.len());
            match uses.get_mut(place) {
                Some(known) => known.issues += 1,
                None => uses.push(Use {
                    tag,
                    card,
                    at: *at,
                    issues: 1,
                }),
            }
        }
    }
    uses
}

/// Tags by what is left of them when a character is taken out: two that are a slip apart have
/// such a rest in common.
#[derive(Default)]
struct Near {
    by_rest: BTreeMap<String, Vec<usize>>,
}

impl Near {
    fn add(&mut self, tag: &str, index: usize) {
        for rest in rests(tag) {
            let alike = self.by_rest.entry(rest).or_default();
            if alike.len() < MOST_ALIKE {
                alike.push(index);
            }
        }
    }

    fn of(&self, tag: &str) -> BTreeSet<usize> {
        let rests = rests(tag);
        let alike = rests.iter().filter_map(|rest| self.by_rest.get(rest));
        alike.flatten().copied().take(MOST_ALIKE).collect()
    }
}

fn rests(tag: &str) -> Vec<String> {
    let key = folded(tag);
    let length = key.chars().count();
    let mut rests = vec![key.clone()];
    if let Some(singular) = key.strip_suffix('s') {
        rests.push(singular.to_owned());
    }
    if (SHORTEST..=LONGEST).contains(&length) && key.is_ascii() {
        rests.extend((0..length).map(|out| {
            let kept = key.chars().enumerate().filter(|(at, _)| *at != out);
            kept.map(|(_, character)| character).collect()
        }));
    }
    rests.sort_unstable();
    rests.dedup();
    rests
}

/// A tag without case, blanks and signs; its own words where nothing else is left of it.
fn folded(tag: &str) -> String {
    let kept: String = fold(tag)
        .chars()
        .filter(|sign| !sign.is_whitespace())
        .collect();
    if kept.is_empty() {
        tag.to_owned()
    } else {
        kept
    }
}

/// Whether two tags are the same but for case, signs, a plural, or a slip. Digits make a
/// difference (`GPT-3`, `GPT-4`), and so does every Han character (自监督, 半监督).
fn are_near(one: &str, other: &str) -> bool {
    let signs = |tag: &str| -> String {
        // `C` is neither `C++` nor `C#`.
        tag.chars().filter(|sign| "+#*".contains(*sign)).collect()
    };
    if signs(one) != signs(other) {
        return false;
    }
    let (one, other) = (folded(one), folded(other));
    if one == other {
        return true;
    }
    let is_plural = |one: &str, other: &str| {
        one.is_ascii() && one.len() >= 3 && other.strip_suffix('s') == Some(one)
    };
    if is_plural(&one, &other) || is_plural(&other, &one) {
        return true;
    }
    let digits = |tag: &str| -> String { tag.chars().filter(char::is_ascii_digit).collect() };
    let is_long = |tag: &str| tag.is_ascii() && (SHORTEST..=LONGEST).contains(&tag.len());
    // A first letter tells words apart (`action`, `faction`), seldom by a slip.
    is_long(&one)
        && is_long(&other)
        && one.get(..1) == other.get(..1)
        && digits(&one) == digits(&other)
        && strsim::damerau_levenshtein(&one, &other) == 1
}

#[cfg(test)]
mod tests {
    use super::super::samples::{card, told};
    use super::*;

    #[test]
    fn slips_are_near_and_other_words_are_not() {
        for (one, other) in [
            ("Transformer", "transformers"),
            ("self-supervised", "Self Supervised"),
            ("summarization", "sumarization"),
            ("dialogue", "dialouge"),
            ("LLM", "LLMs"),
            ("预训练 模型", "预训练模型"),
        ] {
            assert!(
                are_near(one, other) && are_near(other, one),
                "{one} {other}"
            );
        }
        for (one, other) in [
            ("GPT-3", "GPT-4"),
            ("Llama 2", "Llama"),
            ("自监督学习", "半监督学习"),
            ("C", "C++"),
            ("GAN", "CAN"),
            ("视觉", "听觉"),
            ("vision", "fission"),
            ("", "s"),
        ] {
            assert!(!are_near(one, other), "{one} {other}");
        }
    }

    #[test]
    fn a_tag_of_one_issue_that_is_nearly_another_is_hinted_at() {
        let cards = [
            card("a", "date: 2020-11-02\ntags: [Transformer, 对话]", &[]),
            card(
                "b",
                "date: 2020-11-09\ntags: [transformers]",
                &[("B", "tags: 对话, GPT-3")],
            ),
            card(
                "c",
                "date: 2020-11-16\ntags: Transformer",
                &[("C", "tags: GPT-4, 对话")],
            ),
        ];
        let mut found = Vec::new();
        once(&cards, &[0, 1, 2], &mut found);
        assert_eq!(
            told(&cards, &found),
            ["b tag-once: the tag `transformers` stands in this issue only"]
        );
        let remark = found.first().map(|across| &across.diagnostic).unwrap();
        assert_eq!(remark.label.as_deref(), Some("nearly `Transformer`"));
    }

    #[test]
    fn of_two_tags_of_one_issue_each_the_later_is_told_of() {
        let cards = [
            card("a", "date: 2020-11-09\ntags: [dialogue]", &[]),
            card("b", "date: 2020-11-02\ntags: [dialouge]", &[]),
        ];
        let mut found = Vec::new();
        once(&cards, &[1, 0], &mut found);
        assert_eq!(found.len(), 1);
        assert_eq!(found.first().map(|across| across.card), Some(0));
    }
}
