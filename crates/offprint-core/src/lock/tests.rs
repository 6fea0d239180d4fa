use super::*;
use crate::diagnostic::Severity;
use crate::series::samples::{card, told};

const ONE: &str = "date: 2026-01-01\nnumber: 1";

fn papers() -> Vec<(&'static str, &'static str)> {
    vec![
        ("By DOI", "doi: 10.1000/1"),
        ("By Address", "url: https://e.example.org/b?q=期"),
        ("By arXiv", "arxiv: 2006.05929"),
        ("A Book", "isbn: 9783161484100"),
    ]
}

/// What is told of cards when others were published before.
fn changes(before: &[Card], now: &[Card]) -> Vec<String> {
    let mut lock = Lock::default();
    lock.record(before, true);
    let compared = read(&lock.render()).compare(now, true);
    let gone = compared.gone.iter().map(|diagnostic| {
        let place = diagnostic.place.as_ref().unwrap();
        assert!(
            place
                .source
                .text
                .get(place.span.clone())
                .unwrap()
                .starts_with("issue ")
        );
        format!("{}: {}", diagnostic.code, diagnostic.message)
    });
    told(now, &compared.across)
        .into_iter()
        .chain(gone)
        .collect()
}

fn hints(before: &[Card], now: &[Card]) -> Vec<String> {
    let mut lock = Lock::default();
    lock.record(before, true);
    let compared = lock.compare(now, true);
    compared
        .across
        .iter()
        .filter(|across| across.diagnostic.severity == Severity::Error)
        .map(|across| across.diagnostic.hints[0].clone())
        .collect()
}

fn read(text: &str) -> Lock {
    match Lock::parse(&Source::new(FILE, text)) {
        Ok(lock) => lock,
        Err(faults) => panic!("{faults:?}"),
    }
}

fn faults(text: &str) -> Vec<String> {
    let faults = Lock::parse(&Source::new(FILE, text)).unwrap_err();
    faults
        .iter()
        .map(|fault| {
            assert_eq!((fault.code, fault.severity), ("bad-lock", Severity::Error));
            assert!(!fault.hints.is_empty());
            let (line, _) = fault.place.as_ref().unwrap().line_column();
            format!("{line}: {}", fault.message)
        })
        .collect()
}

#[test]
fn a_lock_has_a_line_for_every_issue_and_paper() {
    let mut lock = Lock::default();
    lock.record(
        &[
            card("b", "date: 2026-01-08", &[]),
            card(
                "a",
                "date: 2026-01-01\nnumber: 7\nvolume: 2\ntitle: 第一期",
                &papers(),
            ),
            card("c", "date: 2026-01-15\ndraft: true", &[]),
        ],
        true,
    );
    let text = lock.render();
    assert_eq!(
        text.lines()
            .filter(|line| !line.starts_with('#'))
            .collect::<Vec<_>>(),
        [
            "offprint-lock 1",
            "issue a tag:weekly.example.org,2026:weekly/issue/a 2026-01-01 2/7 第一期",
            "paper a doi-10-1000-1 By DOI",
            "paper a https://e.example.org/b?q=%25E6%259C%259F By Address",
            "paper a arxiv-2006-05929 By arXiv",
            "paper a paper-4 A Book",
            "issue b tag:weekly.example.org,2026:weekly/issue/b 2026-01-08 - Title of b",
        ]
    );
    assert_eq!(read(&text).render(), text);
    assert_eq!(read(&text.replace('\n', "\r\n")).render(), text);
}

#[test]
fn a_recorded_identifier_stays_when_year_and_address_change() {
    let mut lock = Lock::default();
    lock.record(&[card("a", ONE, &[])], true);
    let mut moved = card("a", "date: 2027-01-01", &[]);
    moved.guid = "tag:new.example.org,2027:weekly/issue/a".to_owned();
    lock.record(&[moved], true);
    let guid = "tag:weekly.example.org,2026:weekly/issue/a";
    assert_eq!(lock.guid_of("a"), Some(guid));
    assert_eq!(lock.guid_of("b"), None);
    assert!(lock.render().contains(" 2027-01-01 "));
}

#[test]
fn what_is_as_it_was_or_only_titled_anew_is_fine() {
    let before = [card("a", ONE, &papers())];
    assert_eq!(changes(&before, &before), [""; 0]);
    let retitled: Vec<(String, &str)> = papers()
        .into_iter()
        .map(|(title, fields)| (format!("{title}, Mended"), fields))
        .collect();
    let retitled: Vec<(&str, &str)> = retitled.iter().map(|(a, b)| (a.as_str(), *b)).collect();
    let now = [card(
        "a",
        "title: Another\ndate: 2026-02-02\nnumber: 2",
        &retitled,
    )];
    assert_eq!(changes(&before, &now), [""; 0]);
    let mut reordered = papers();
    reordered.truncate(3);
    reordered.reverse();
    let before = [card("a", ONE, &papers()[..3])];
    assert_eq!(changes(&before, &[card("a", ONE, &reordered)]), [""; 0]);
}

#[test]
fn an_issue_under_a_new_id_is_told_by_title_date_number_or_papers() {
    let other = card(
        "other",
        "date: 2026-05-05\nnumber: 5",
        &[("X", "doi: 10.1000/x")],
    );
    let before = [card("old", ONE, &papers()), other.clone()];
    let changed = "new id-changed: this issue was published as `old`: readers would get it again";
    for facts in [
        "date: 2026-01-01\ntitle: New",
        "date: 2026-02-01\nnumber: 1\ntitle: New",
        "date: 2026-02-01\ntitle: Title of OLD!",
        "date: 2026-02-01\ntitle: New",
    ] {
        let now = [card("new", facts, &papers()), other.clone()];
        assert_eq!(changes(&before, &now), [changed], "{facts}");
    }
    // Issues of prose have no papers to be known by.
    let before = [card("old", ONE, &[]), other.clone()];
    for facts in [
        "date: 2026-01-01\ntitle: New",
        "date: 2026-02-01\nnumber: 1\ntitle: New",
        "date: 2026-02-01\ntitle: Title of OLD!",
    ] {
        let now = [card("new", facts, &[]), other.clone()];
        assert_eq!(changes(&before, &now), [changed], "{facts}");
        assert_eq!(
            hints(&before, &now),
            ["give it `id: old`, or its file the name it had"]
        );
        let given = format!("{facts}\nid: old");
        assert_eq!(
            changes(&before, &[card("new", &given, &[]), other.clone()]),
            [""; 0]
        );
    }
}

#[test]
fn a_new_issue_beside_one_that_is_gone_is_another() {
    let title = "title: Weekly";
    let issue = |id: &str, date: &str, doi: &str| {
        card(
            id,
            &format!("{title}\ndate: {date}"),
            &[(doi, &format!("doi: 10.1000/{doi}"))],
        )
    };
    let before = [issue("a", "2026-01-01", "1"), issue("b", "2026-01-08", "2")];
    let now = [issue("b", "2026-01-08", "2"), issue("c", "2026-01-01", "3")];
    assert_eq!(
        changes(&before, &now),
        ["vanished: the issue `a`, “Weekly”, was published and is gone"]
    );
    // A draft is not out yet.
    let draft = card(
        "d",
        "title: Weekly\ndate: 2026-01-01\ndraft: true",
        &[("1", "doi: 10.1000/1")],
    );
    let now = [issue("b", "2026-01-08", "2"), draft];
    assert_eq!(
        changes(&before, &now),
        ["vanished: the issue `a`, “Weekly”, was published and is gone"]
    );
}

#[test]
fn issues_that_moved_up_by_one_are_told() {
    let issue = |id: &str, doi: &str| {
        let fields = format!("doi: 10.1000/{doi}");
        card(
            id,
            "date: 2026-01-01\ntitle: Weekly",
            &[(&format!("Of {doi}"), &fields)],
        )
    };
    let before = [issue("001", "1"), issue("002", "2")];
    let now = [issue("001", "0"), issue("002", "1"), issue("003", "2")];
    assert_eq!(
        changes(&before, &now)
            .into_iter()
            .filter(|told| told.contains("id-changed"))
            .collect::<Vec<_>>(),
        [
            "002 id-changed: this issue was published as `001`: readers would get it again",
            "003 id-changed: this issue was published as `002`: readers would get it again",
        ]
    );
}

#[test]
fn what_is_gone_is_told_once_and_its_identifier_kept() {
    let before = [
        card("a", ONE, &papers()),
        card("b", "date: 2026-01-08", &papers()[..2]),
    ];
    let mut lock = Lock::default();
    lock.record(&before, true);
    let now = [
        card("b", "date: 2026-01-08", &papers()[..1]),
        card("c", "date: 2026-01-15\ndraft: true", &[]),
    ];
    let compared = lock.compare(&now, true);
    assert_eq!(
        told(&now, &compared.across),
        ["b vanished: the paper “By Address” was published in this issue and is gone"]
    );
    assert_eq!(compared.gone.len(), 1);
    assert_eq!(lock.compare(&now, false).gone, []);
    lock.record(&now, false);
    assert!(lock.render().contains("\nissue a "));
    lock.record(&now, true);
    let text = lock.render();
    assert!(
        text.contains("\nwithdrawn a tag:weekly.example.org,2026:weekly/issue/a 2026-01-01 1 ")
    );
    let mut lock = read(&text);
    assert_eq!(lock.compare(&now, true), Compared::default());
    // Whoever brings it back under another name is told.
    let now = [card("z", "date: 2026-03-01", &papers())];
    let back = told(&now, &lock.compare(&now, true).across);
    assert_eq!(
        back,
        ["z id-changed: this issue was published as `a`: readers would get it again"]
    );
    lock.record(&before, true);
    assert!(!lock.render().contains("withdrawn"));
}

#[test]
fn a_published_issue_that_is_a_draft_again_is_told_once() {
    let mut lock = Lock::default();
    lock.record(&[card("a", ONE, &papers())], true);
    let draft = [card("a", &format!("{ONE}\ndraft: true"), &[])];
    assert_eq!(
        told(&draft, &lock.compare(&draft, true).across),
        ["a vanished: this issue was published, and is a draft again"]
    );
    lock.record(&draft, true);
    assert!(lock.render().contains("paper a paper-4 A Book"));
    assert_eq!(lock.compare(&draft, true), Compared::default());
}

#[test]
fn a_paper_under_a_new_name_is_told_and_keeps_the_old_one_if_asked() {
    let before = [card("a", ONE, &papers())];
    let mut now = papers();
    now[0].1 = "doi: 10.1000/1\narxiv: 2101.00001";
    now[1].1 = "url: https://elsewhere.example.org/b";
    let changed = [card("a", ONE, &now)];
    assert_eq!(
        changes(&before, &changed),
        [
            "a id-changed: this paper was published as `doi-10-1000-1`: readers would get it again",
            "a id-changed: this paper was published as `https://e.example.org/b?q=%25E6%259C%259F`: readers would get it again",
        ]
    );
    assert_eq!(
        hints(&before, &changed),
        [
            "give it `id: doi-10-1000-1`",
            "give it `guid: https://e.example.org/b?q=%E6%9C%9F`",
        ]
    );
    now[0].1 = "doi: 10.1000/1\narxiv: 2101.00001\nid: doi-10-1000-1";
    now[1].1 = "url: https://elsewhere.example.org/b\nguid: https://e.example.org/b?q=%E6%9C%9F";
    assert_eq!(changes(&before, &[card("a", ONE, &now)]), [""; 0]);
}

#[test]
fn a_paper_known_by_its_place_is_told_when_it_moves() {
    let before = [card("a", ONE, &papers())];
    let mut now = papers();
    now.insert(0, ("Another Book", "isbn: 9780306406157"));
    let moved = [card("a", ONE, &now)];
    assert_eq!(
        changes(&before, &moved),
        ["a id-changed: this paper was published as `paper-4`: readers would get it again"]
    );
    assert_eq!(hints(&before, &moved), ["give it `guid: paper-4`"]);
    now[4].1 = "isbn: 9783161484100\nguid: paper-4";
    assert_eq!(changes(&before, &[card("a", ONE, &now)]), [""; 0]);
    // Two that changed places.
    let two = |first: (&'static str, &'static str), second| card("a", ONE, &[first, second]);
    let (one, other) = (
        ("Book One", "isbn: 9783161484100"),
        ("Volume Two", "isbn: 9780306406157"),
    );
    let told = changes(&[two(one, other)], &[two(other, one)]);
    assert_eq!(told.len(), 2, "{told:?}");
}

#[test]
fn a_paper_with_another_title_at_its_place_is_told_if_it_is_the_same() {
    let before = [card(
        "a",
        ONE,
        &[("A Study of Retrieval", "url: https://e.example.org/1")],
    )];
    let mended = [card(
        "a",
        ONE,
        &[("A Study on Retrieval", "url: https://e.example.org/2")],
    )];
    assert!(changes(&before, &mended)[0].contains("id-changed"));
    let another = [card(
        "a",
        ONE,
        &[("Parsing for All", "url: https://e.example.org/2")],
    )];
    assert_eq!(
        changes(&before, &another),
        ["a vanished: the paper “A Study of Retrieval” was published in this issue and is gone"]
    );
    let before = [card(
        "a",
        ONE,
        &[("A Study of Retrieval", "doi: 10.1000/1")],
    )];
    let part_two = [card(
        "a",
        ONE,
        &[("A Study of Retrieval 2", "doi: 10.1000/2")],
    )];
    assert!(changes(&before, &part_two)[0].contains("vanished"));
    // An identifier tells what it is whatever its title.
    let found = [card(
        "a",
        ONE,
        &[("Entirely New", "doi: 10.1000/1\narxiv: 2101.00001")],
    )];
    assert_eq!(hints(&before, &found), ["give it `id: doi-10-1000-1`"]);
}

#[test]
fn titles_with_hostile_signs_come_back_as_they_were() {
    let title = "<<<<<<< # \u{202e}]]> | “quoted” \u{2028}line";
    let fields = [(title, "doi: 10.1000/1"), ("=======", "doi: 10.1000/2")];
    let mut lock = Lock::default();
    lock.record(&[card("a", ONE, &fields)], true);
    let text = lock.render();
    assert_eq!(read(&text).render(), text);
    let mut odd = card("a", ONE, &[]);
    odd.title = "two\nlines".to_owned();
    lock.record(&[odd], true);
    assert_eq!(read(&lock.render()).render(), lock.render());
}

#[test]
fn every_fault_of_the_file_is_told_with_its_line() {
    assert_eq!(
        faults(
            "# head
offprint-lock 1
<<<<<<< ours
issue a tag:a 2026-01-01 - A
=======
issue a tag:b 2026-01-01 - A
>>>>>>> theirs
issue B tag:b 2026-01-01 - B
issue b tag:b 2026-02-30 - B
issue c tag:c 2026-01-01 x C
issue d
papers a x X
paper a
paper e x X
"
        ),
        [
            "3: a merge stopped here",
            "6: the issue `a` has two identifiers",
            "8: `issue B tag:b 2026-01-01 - B` is no line of this file",
            "9: `issue b tag:b 2026-02-30 - B` is no line of this file",
            "10: `issue c tag:c 2026-01-01 x C` is no line of this file",
            "11: `issue d` is no line of this file",
            "12: `papers a x X` is no line of this file",
            "13: `paper a` is no line of this file",
            "14: there is no line of the issue `e`",
        ]
    );
    assert_eq!(
        faults("offprint-lock 2\nthings a b\n"),
        ["1: this file is written by a later version"]
    );
    assert_eq!(faults(""), ["1: the line `offprint-lock 1` is missing"]);
    assert_eq!(
        faults("issue a tag:a 2026-01-01 - A\n"),
        ["1: this should be the line `offprint-lock 1`"]
    );
    let many = format!("offprint-lock 1\n{}", "x\n".repeat(5_000));
    assert_eq!(faults(&many).len(), MAX_FAULTS);
}

#[test]
fn a_union_of_two_sides_is_read() {
    let lock = read(
        "offprint-lock 1
issue a tag:a 2026-01-01 - A
paper a x X
withdrawn a tag:a 2026-01-02 - A, once more
paper a x X again
paper a y Y
offprint-lock 1
",
    );
    let text = lock.render();
    assert!(text.ends_with("issue a tag:a 2026-01-01 - A\npaper a x X\npaper a y Y\n"));
}
