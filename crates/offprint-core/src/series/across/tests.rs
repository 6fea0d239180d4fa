use super::super::samples::{card, series, told};
use super::*;

fn dated(id: &str, facts: &str) -> Card {
    card(id, facts, &[])
}

fn findings(cards: &[Card]) -> Vec<String> {
    told(cards, &check(cards, &series(), true))
}

#[test]
fn issues_without_a_number_are_counted_by_date() {
    let cards = [
        dated("c", "date: 2026-03-01"),
        dated("a", "date: 2026-01-01\nnumber: 4"),
        dated("b", "date: 2026-02-01"),
        dated("draft", "date: 2026-02-02\ndraft: true"),
        dated("d", "date: 2026-04-01\nnumber: 5"),
    ];
    assert_eq!(numbers(&cards), [8, 4, 6, 7, 5]);
    let [first, ..] = &cards;
    assert_eq!(first.number, None);
}

#[test]
fn two_issues_of_one_id_or_number_are_told() {
    let cards = [
        dated("a", "date: 2026-01-01\nnumber: 1\nid: same"),
        dated("b", "date: 2026-01-02\nnumber: 1\nid: same"),
        dated("c", "date: 2026-01-03\nnumber: 1\nvolume: 2"),
    ];
    let found = check(&cards, &Series::default(), true);
    assert_eq!(
        told(&cards, &found),
        [
            "same duplicate-number: two issues have the number 1",
            "same duplicate-id: two issues have the id `same`",
        ]
    );
    assert!(found.iter().all(|across| across.card == 1));
    assert_eq!(found[0].diagnostic.hints, ["the other is issues/a.md"]);
}

#[test]
fn a_number_that_is_left_out_is_told_once() {
    let cards = [
        dated("a", "date: 2026-01-01\nnumber: 12"),
        dated("b", "date: 2026-01-02\nnumber: 14"),
        dated("c", "date: 2026-01-03\nnumber: 18"),
        dated("d", "date: 2026-01-04\nnumber: 19"),
    ];
    let found = check(&cards, &series(), true);
    assert_eq!(
        told(&cards, &found),
        [
            "b number-gap: issue 12 is followed by 14",
            "c number-gap: issue 14 is followed by 18",
        ]
    );
    let labels: Vec<_> = found
        .iter()
        .map(|it| it.diagnostic.label.clone().unwrap())
        .collect();
    assert_eq!(labels, ["13 is missing", "15 to 17 are missing"]);
    assert_eq!(check(&cards, &series(), false), []);
}

#[test]
fn drafts_fill_gaps_and_volumes_begin_anew() {
    let cards = [
        dated("a", "date: 2026-01-01\nnumber: 12\nvolume: 1"),
        dated("b", "date: 2026-01-02\nnumber: 13\nvolume: 1\ndraft: true"),
        dated("c", "date: 2026-01-03\nnumber: 14\nvolume: 1"),
        dated("d", "date: 2026-02-01\nnumber: 1\nvolume: 2"),
        dated("e", "date: 2026-03-01\nnumber: 2\nvolume: 3"),
        dated("f", "date: 2026-04-01\nnumber: 5\nvolume: 4"),
    ];
    assert_eq!(
        findings(&cards),
        ["f number-gap: issue 2 of volume 3 is followed by issue 5 of volume 4"]
    );
}

#[test]
fn numbers_made_of_dates_go_by_the_calendar() {
    let cards = [
        dated("a", "date: 2026-12-31\nnumber: 202612"),
        dated("b", "date: 2027-01-31\nnumber: 202701"),
    ];
    assert_eq!(findings(&cards), [""; 0]);
}

#[test]
fn an_issue_dated_before_the_one_before_it_is_told() {
    let cards = [
        dated("a", "date: 2026-01-08\nnumber: 12"),
        dated("b", "date: 2026-01-01\nnumber: 13"),
        dated("c", "date: 2026-01-09T10:00:00Z\nnumber: 14"),
        dated("d", "date: 2026-01-09\nnumber: 15"),
        dated("e", "date: 2025-01-01\nnumber: 16\ndraft: true"),
        dated("f", "date: 2026-01-09T09:00:00Z\nnumber: 17"),
        dated("g", "date: 2026-01-09T08:00:00Z\nnumber: 18"),
    ];
    let found = check(&cards, &series(), true);
    assert_eq!(
        told(&cards, &found),
        [
            "b date-order: issue 13 is dated before issue 12",
            "g date-order: issue 18 is dated before issue 17",
        ]
    );
    assert_eq!(
        found[0].diagnostic.hints,
        ["issues/a.md is dated 2026-01-08"]
    );
}

const URL: &str = "url: https://e.example.org/";

#[test]
fn a_paper_that_was_in_an_earlier_issue_is_told_by_any_of_its_identifiers() {
    let cards = [
        card(
            "one",
            "date: 2026-01-01",
            &[
                ("By DOI", "doi: 10.1000/AbC"),
                ("By arXiv", "arxiv: 2006.05929v1"),
                ("By forum", "openreview: zOGdf9K8aC"),
                ("By Title: All of It", URL),
                ("Preprint First", "arxiv: 2101.00001"),
            ],
        ),
        card(
            "two",
            "date: 2026-01-08",
            &[
                ("Other Words", "doi: 10.1000/aBc"),
                ("By arXiv", "doi: 10.48550/arXiv.2006.05929"),
                ("By Forum", "doi: 10.1000/other\nopenreview: zOGdf9K8aC"),
                (
                    "by title — all of it",
                    "url: https://elsewhere.example.org/",
                ),
                ("Preprint first", "doi: 10.1000/journal"),
                ("New", "doi: 10.1000/new"),
            ],
        ),
    ];
    let found = check(&cards, &series(), true);
    let labels: Vec<_> = found
        .iter()
        .map(|it| it.diagnostic.label.clone().unwrap())
        .collect();
    assert_eq!(
        labels,
        [
            "same DOI `10.1000/abc`",
            "same arXiv id `2006.05929`",
            "same OpenReview id `zOGdf9K8aC`",
            "same title",
            "same title",
        ]
    );
    assert!(
        found
            .iter()
            .all(|it| it.card == 1 && it.diagnostic.message == "this paper was in issue 1")
    );
    assert_eq!(
        found[0].diagnostic.hints,
        [
            "it stands in issues/one.md:9 as “By DOI”",
            "add `x-again: true` to it if it is meant to run again",
        ]
    );
}

#[test]
fn one_title_of_two_papers_is_no_repetition() {
    let cards = [
        card(
            "one",
            "date: 2026-01-01",
            &[("Editorial", "doi: 10.1000/1"), ("???", URL)],
        ),
        card(
            "two",
            "date: 2026-01-08",
            &[("Editorial", "doi: 10.1000/2"), ("!!!", URL)],
        ),
    ];
    assert_eq!(findings(&cards), [""; 0]);
}

#[test]
fn a_paper_that_is_meant_to_run_again_says_so() {
    let again = "doi: 10.1000/1\nx-again: true";
    let cards = [
        card("one", "date: 2026-01-01", &[("A", "doi: 10.1000/1")]),
        card("two", "date: 2026-01-08", &[("A", again)]),
        card("three", "date: 2026-01-15", &[("A", "doi: 10.1000/1")]),
    ];
    assert_eq!(
        findings(&cards),
        ["three repeated-paper: this paper was in issue 2"]
    );
}

#[test]
fn a_window_bounds_how_far_back_a_paper_is_looked_for() {
    let cards = [
        card("one", "date: 2026-01-01", &[("A", "doi: 10.1000/1")]),
        card("two", "date: 2026-01-08", &[]),
        card("three", "date: 2026-01-15", &[("A", "doi: 10.1000/1")]),
    ];
    let count = |window| {
        let mut series = series();
        series.check.repeat_window = window;
        check(&cards, &series, true).len()
    };
    assert_eq!(count(RepeatWindow::All), 1);
    assert_eq!(count(RepeatWindow::Last(2)), 1);
    assert_eq!(count(RepeatWindow::Last(1)), 0);
    assert_eq!(count(RepeatWindow::Off), 0);
}

#[test]
fn what_was_published_knows_nothing_of_drafts() {
    let cards = [
        card(
            "draft",
            "date: 2026-01-01\ndraft: true",
            &[("A", "doi: 10.1000/1")],
        ),
        card("out", "date: 2026-01-08", &[("A", "doi: 10.1000/1")]),
        card(
            "draft-2",
            "date: 2026-01-15\ndraft: true",
            &[("B", "doi: 10.1000/2")],
        ),
        card(
            "draft-3",
            "date: 2026-01-22\ndraft: true",
            &[("B", "doi: 10.1000/2")],
        ),
    ];
    assert_eq!(
        findings(&cards),
        [
            "draft repeated-paper: this paper was in issue 2",
            "draft-3 repeated-paper: this paper is in issue 3 too, a draft",
        ]
    );
}

#[test]
fn an_issue_that_repeats_another_whole_is_told_in_bounds() {
    let papers: Vec<(String, String)> = (0..120)
        .map(|index| (format!("P {index}"), format!("doi: 10.1000/{index}")))
        .collect();
    let papers: Vec<(&str, &str)> = papers
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    let cards = [
        card("one", "date: 2026-01-01", &papers),
        card("two", "date: 2026-01-08", &papers),
    ];
    let found = check(&cards, &series(), true);
    assert_eq!(found.len(), MAX_REPEATED);
    let last = found.last().unwrap();
    assert_eq!(
        last.diagnostic.hints.last().unwrap(),
        "20 more papers of this issue were in others"
    );
}

#[test]
fn findings_stand_in_the_order_of_issues_and_places() {
    let cards = [
        card(
            "b",
            "date: 2026-01-08\nnumber: 9",
            &[("A", "doi: 10.1000/1")],
        ),
        card(
            "a",
            "date: 2026-01-01\nnumber: 1",
            &[("A", "doi: 10.1000/1")],
        ),
    ];
    assert_eq!(
        findings(&cards),
        [
            "b number-gap: issue 1 is followed by 9",
            "b repeated-paper: this paper was in issue 1",
        ]
    );
}
