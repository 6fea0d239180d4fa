//! What is told of issues by the day of a check, and what a build does not tell, because
//! nothing of what it makes is lost or misread by it: titles that are long for one format,
//! issues that do not say what readers may do with them.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::across::Across;
use super::card::{Card, Span};
use crate::diagnostic::Diagnostic;

/// The most characters of a title that WeChat's editor takes.
const MAX_TITLE: usize = 64;
/// How long a review may take, in days.
const REVIEW: i32 = 365;

/// What is wrong with issues when it is `now`, in their order. `is_series` tells whether they
/// are those of one series, of which only the last to appear can still be at fault for what
/// was said of its papers.
///
/// What `[check]` raises and drops is left to the caller, as in [`check`](super::check).
#[must_use]
pub fn check_at(cards: &[Card], is_series: bool, now: Timestamp) -> Vec<Across> {
    let published = cards.iter().enumerate().filter(|(_, card)| !card.draft);
    let newest = published
        .max_by_key(|(index, card)| (card.date.unix_seconds(), *index))
        .map(|(index, _)| index)
        .filter(|_| is_series);
    let mut found = Vec::new();
    let today = now.to_zoned(TimeZone::UTC).date();
    for (index, card) in cards.iter().enumerate() {
        long_title(index, card, &mut found);
        if card.draft {
            continue;
        }
        let at = card.date_at.unwrap_or(card.head);
        if card.date.unix_seconds() > now.as_second() {
            let message = format!("this issue is dated {}, which is to come", card.date.date());
            let warning = Diagnostic::warning("future-date", message)
                .hint("say `draft: true` until it appears, or mend the date");
            found.push(Across::new(index, at, warning));
        }
        // What an earlier issue said was right when it appeared.
        if newest.is_none_or(|newest| newest == index) {
            stale_status(index, card, today, &mut found);
        }
    }
    no_license(cards, is_series, &mut found);
    found.sort_by_key(|across| (across.card, across.span.start, across.span.end));
    found
}

/// Warns once of each place that has papers under review for too long.
fn stale_status(index: usize, card: &Card, today: Date, found: &mut Vec<Across>) {
    let mut told = BTreeSet::new();
    for (at, since) in &card.under_review {
        let days = since.until(today).map_or(0, |span| span.get_days());
        if days > REVIEW && told.insert(at.start) {
            let message = format!("this is said to be under review since {since}");
            let warning = Diagnostic::warning("stale-status", message)
                .label("more than a year ago")
                .hint("look up what became of it: accepted, rejected, withdrawn, or preprint");
            found.push(Across::new(index, *at, warning));
        }
    }
}

/// Warns of issues that do not say what readers may do with them. Those of a series are told
/// of once: it is for the series to say.
fn no_license(cards: &[Card], is_series: bool, found: &mut Vec<Across>) {
    let is_lacking = |(_, card): &(usize, &Card)| !card.has_terms && !card.draft;
    let lacking = cards.iter().enumerate().filter(is_lacking);
    let most = if is_series { 1 } else { usize::MAX };
    for (index, card) in lacking.clone().take(most) {
        let warning = Diagnostic::warning(
            "no-license",
            "nothing says what readers may do with this issue",
        );
        let warning = if is_series {
            let more = lacking.clone().count() - 1;
            let warning = warning.hint(
                "add `license = \"CC-BY-4.0\"` or a `declaration` to `[series]` in offprint.toml",
            );
            match more {
                0 => warning,
                more => warning.label(format!("nor with {more} more")),
            }
        } else {
            warning.hint("add `license: CC-BY-4.0` (许可), or a `declaration` (声明) in words")
        };
        found.push(Across::new(index, card.head, warning));
    }
}

fn long_title(index: usize, card: &Card, found: &mut Vec<Across>) {
    let shown = card.short_title.as_deref().unwrap_or(&card.title);
    let length = shown.chars().count();
    if length <= MAX_TITLE {
        return;
    }
    let (what, hint) = match card.short_title {
        Some(_) => ("short title", "shorten it"),
        None => ("title", "add a `short-title` (短标题)"),
    };
    let message = format!("the {what} has {length} characters; WeChat takes {MAX_TITLE}");
    let warning = Diagnostic::warning("long-title", message).hint(hint);
    found.push(Across::new(index, place(card), warning));
}

fn place(card: &Card) -> Span {
    card.short_title_at.unwrap_or(card.head)
}

#[cfg(test)]
mod tests {
    use super::super::samples::{card, told};
    use super::*;

    fn at(cards: &[Card], now: &str) -> Vec<String> {
        told(cards, &check_at(cards, true, now.parse().unwrap()))
    }

    #[test]
    fn an_issue_of_tomorrow_is_told_of_unless_it_is_a_draft() {
        let cards = [
            card("a", "date: 2020-11-02T08:00:00+08:00", &[]),
            card("b", "date: 2020-11-02\ndraft: true", &[]),
        ];
        assert_eq!(
            at(&cards, "2020-11-01T23:59:59Z"),
            ["a future-date: this issue is dated 2020-11-02, which is to come"]
        );
        assert_eq!(at(&cards, "2020-11-02T00:00:00Z"), Vec::<String>::new());
    }

    #[test]
    fn a_review_of_more_than_a_year_is_told_of() {
        let papers = [
            ("A", "url: https://a.example/\nstatus: submitted"),
            (
                "B",
                "url: https://b.example/\nstatus: 在投\ndate: 2021-06-01",
            ),
            ("C", "url: https://c.example/\nstatus: accepted"),
        ];
        let cards = [card("a", "date: 2020-11-02", &papers)];
        assert_eq!(at(&cards, "2021-11-02T12:00:00Z"), Vec::<String>::new());
        assert_eq!(
            at(&cards, "2021-11-03T12:00:00Z"),
            ["a stale-status: this is said to be under review since 2020-11-02"]
        );
        assert_eq!(at(&cards, "2023-11-03T12:00:00Z").len(), 2);
        let cards = [cards[0].clone(), card("b", "date: 2023-11-02", &[])];
        assert_eq!(at(&cards, "2023-11-03T12:00:00Z"), Vec::<String>::new());
    }

    #[test]
    fn a_series_without_terms_is_told_of_once() {
        let free = |id: &str| Card {
            has_terms: false,
            ..card(id, "date: 2020-11-02", &[])
        };
        let cards = [card("a", "date: 2020-11-02", &[]), free("b"), free("c")];
        let told_of = |is_series| {
            let found = check_at(&cards, is_series, "2021-01-01T00:00:00Z".parse().unwrap());
            let codes: Vec<_> = found.iter().map(|found| found.diagnostic.code).collect();
            (codes, found[0].card, found[0].diagnostic.label.clone())
        };
        let label = Some("nor with 1 more".to_owned());
        assert_eq!(told_of(true), (vec!["no-license"], 1, label));
        assert_eq!(told_of(false), (vec!["no-license"; 2], 1, None));
    }

    #[test]
    fn a_title_that_wechat_cannot_hold_asks_for_a_short_one() {
        let long = "题".repeat(65);
        let title = format!("title: {long}\ndate: 2020-11-02");
        let told = |facts: &str| at(&[card("a", facts, &[])], "2021-01-01T00:00:00Z");
        assert_eq!(
            told(&title),
            ["a long-title: the title has 65 characters; WeChat takes 64"]
        );
        assert_eq!(
            told(&format!("{title}\nshort-title: 短")),
            Vec::<String>::new()
        );
        assert_eq!(
            told(&format!("{title}\n短标题: {long}")),
            ["a long-title: the short title has 65 characters; WeChat takes 64"]
        );
    }
}
