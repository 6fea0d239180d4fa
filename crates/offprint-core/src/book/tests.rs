use jiff::civil::date;

use super::*;
use crate::load::{Form, Location, issue};
use crate::source::Source;
use crate::text::{for_each_footnote, for_each_image, plain_text};

fn read(id: &str, head: &str, text: &str) -> Issue {
    let text = format!("---\nid: {id}\n{head}---\n{text}");
    let location = Location {
        folder: String::new(),
        stem: id.to_owned(),
    };
    let source = Source::new("a.md", text);
    let loaded = issue(&source, Form::Markdown, &location, &series());
    loaded.value.expect("the issue can be read")
}

fn series() -> Series {
    Series {
        id: "notes".to_owned(),
        title: "论文抽印本".to_owned(),
        lang: Lang::parse("zh-CN"),
        url: Some("https://notes.example/".to_owned()),
        ..Series::default()
    }
}

fn year() -> Span {
    Span::year(2026).unwrap()
}

const PAPER: &str = "## 甲 {#one}\n\n短评。[^b]\n\n### First\n\n- url: https://a.example/1\n\
    - id: first\n- tldr: 一句[^a]\n\n| a | b |\n|---|---|\n| 1 | 2[^b] |\n\n\
    > 引文 **重[^a]**\n\n[^a]: 甲注，见[^b]。\n[^b]: 乙注。\n";

fn two() -> [Issue; 2] {
    let head = |number: u32, date: &str| {
        format!("title: 第{number}次\ndate: {date}\nnumber: {number}\nauthors: [张三, 李四]\n")
    };
    [
        read(
            "n-1",
            &head(1, "2026-01-05"),
            &format!("导读[^a]。\n\n{PAPER}"),
        ),
        read("n-2", &head(2, "2026-02-05"), PAPER),
    ]
}

fn bound(issues: &[Issue]) -> Issue {
    let issues: Vec<&Issue> = issues.iter().collect();
    bind(&series(), &issues, year()).unwrap()
}

#[test]
fn a_span_is_named_by_its_largest_unit() {
    let id = |first, last| Span { first, last }.id();
    assert_eq!(year().id(), "book-2026");
    assert_eq!(
        id(date(2025, 1, 1), date(2026, 12, 31)),
        "book-2025-to-2026"
    );
    assert_eq!(
        id(date(2026, 1, 1), date(2026, 6, 30)),
        "book-2026-01-to-2026-06"
    );
    assert_eq!(id(date(2024, 2, 1), date(2024, 2, 29)), "book-2024-02");
    assert_eq!(
        id(date(2026, 1, 15), date(2026, 2, 28)),
        "book-2026-01-15-to-2026-02-28"
    );
    assert!(Span::year(i16::MAX).is_none());
}

#[test]
fn a_book_has_a_part_for_every_issue_and_its_own_identifiers() {
    let book = bound(&two());
    assert_eq!(book.id, "book-2026");
    assert_eq!(book.guid, "tag:notes.example,2026:notes/issue/book-2026");
    assert_eq!(book.title, "论文抽印本 2026 年合订本");
    assert_eq!(book.subtitle.as_deref(), Some("第 1–2 期"));
    assert_eq!(book.number, None);
    let names: Vec<&str> = book.authors.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["张三", "李四"]);
    let parts: Vec<(&str, &str, Option<&str>)> = book
        .parts
        .iter()
        .map(|part| {
            (
                part.id.as_str(),
                part.title.as_str(),
                part.subtitle.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        parts,
        [
            ("n-1", "第1次", Some("第 1 期 · 2026年1月5日 · 张三、李四")),
            ("n-2", "第2次", Some("第 2 期 · 2026年2月5日 · 张三、李四")),
        ]
    );
    assert_eq!(book.parts[1].sections, 1..2);
    let ids: Vec<&str> = book.papers().map(|paper| paper.id.as_str()).collect();
    assert_eq!(ids, ["n-1-first", "n-2-first"]);
    let numbers: Vec<Option<u32>> = book.papers().map(|paper| paper.number).collect();
    assert_eq!(numbers, [Some(1), Some(1)]);
    assert_ne!(book.sections[0].id, book.sections[1].id);
}

#[test]
fn every_reference_finds_the_note_that_it_found_in_its_issue() {
    let [one, two] = two();
    let book = bound(&[one.clone(), two.clone()]);
    assert_eq!(book.footnotes.len(), 4);
    let mut found = Vec::new();
    let mut visit = |number: u32| {
        found.push(plain_text(&book.footnote(number).unwrap().content));
    };
    for_each_footnote(&book.parts[1].intro, &mut visit);
    let section = &book.sections[1];
    for_each_footnote(&section.intro, &mut visit);
    for_each_footnote(
        &[Block::Paragraph(section.papers[0].tldr.clone())],
        &mut visit,
    );
    for_each_footnote(&section.papers[0].commentary, &mut visit);
    for_each_footnote(&book.footnotes[2].content, &mut visit);
    for_each_footnote(&book.footnotes[3].content, &mut visit);
    let mut wanted = Vec::new();
    let mut visit = |number: u32| {
        wanted.push(plain_text(&two.footnote(number).unwrap().content));
    };
    let section = &two.sections[0];
    for_each_footnote(&section.intro, &mut visit);
    for_each_footnote(
        &[Block::Paragraph(section.papers[0].tldr.clone())],
        &mut visit,
    );
    for_each_footnote(&section.papers[0].commentary, &mut visit);
    for_each_footnote(&two.footnotes[0].content, &mut visit);
    for_each_footnote(&two.footnotes[1].content, &mut visit);
    assert_eq!(found, wanted);
    assert_eq!(found.len(), 5);
    // References of the second issue lead past the notes of the first.
    let mut numbers = Vec::new();
    for_each_footnote(&book.sections[1].papers[0].commentary, &mut |number| {
        numbers.push(number);
    });
    assert!(numbers.iter().all(|number| *number > 2), "{numbers:?}");
    assert_eq!(one.footnotes[0], book.footnotes[0]);
}

#[test]
fn references_are_renumbered_wherever_they_stand() {
    let inline = || {
        vec![
            Inline::Emphasis(vec![Inline::FootnoteRef(1)]),
            Inline::Link {
                url: "https://a.example/".to_owned(),
                content: vec![Inline::Strike(vec![Inline::FootnoteRef(2)])],
            },
        ]
    };
    let image = crate::text::Image {
        src: "a.png".to_owned(),
        alt: String::new(),
        width: None,
    };
    let mut text = vec![
        Block::Heading {
            level: 1,
            content: inline(),
        },
        Block::List(List {
            start: None,
            tight: true,
            items: vec![ListItem {
                checked: None,
                content: vec![Block::Quote(vec![Block::Paragraph(inline())])],
            }],
        }),
        Block::Figure(crate::text::Figure {
            image,
            caption: inline(),
            credit: None,
        }),
        Block::Table(crate::text::Table {
            align: vec![crate::text::Align::Start],
            head: vec![inline()],
            rows: vec![vec![inline()]],
        }),
    ];
    let count = |text: &[Block]| {
        let mut numbers = Vec::new();
        for_each_footnote(text, &mut |number| numbers.push(number));
        numbers
    };
    let before = count(&text);
    assert_eq!(before.len(), 10);
    renumber(&mut text, 7);
    let shifted: Vec<u32> = before.iter().map(|number| number + 7).collect();
    assert_eq!(count(&text), shifted);
}

#[test]
fn pictures_of_equal_paths_stay_one() {
    let head = "title: t\ndate: 2026-01-01\n";
    let text = "![图](/figures/a.png)\n";
    let book = bound(&[read("a", head, text), read("b", head, text)]);
    let mut paths = Vec::new();
    for part in &book.parts {
        for_each_image(&part.intro, &mut |image| paths.push(image.src.as_str()));
    }
    assert_eq!(paths, ["figures/a.png", "figures/a.png"]);
}

#[test]
fn names_that_collide_when_they_are_joined_are_told_apart() {
    let head = "title: t\ndate: 2026-01-01\n";
    let paper = |id: &str| format!("## s\n\n### T\n\n- url: https://a.example/\n- id: {id}\n");
    let book = bound(&[
        read("a", head, &paper("b-c")),
        read("a-b", head, &paper("c")),
    ]);
    let ids: Vec<&str> = book.papers().map(|paper| paper.id.as_str()).collect();
    assert_eq!(ids, ["a-b-c", "a-b-c-2"]);
}

#[test]
fn what_all_issues_say_is_said_once_and_the_rest_in_its_part() {
    let head = |rest: &str| format!("title: t\ndate: 2026-01-01\nlicense: CC-BY-4.0\n{rest}");
    let one = read(
        "a",
        &head(
            "declaration: 甲声明\nsource: {name: 某号}\nrelated:\n  - {title: 下一篇, url: https://a.example/n}\n",
        ),
        "",
    );
    let two = read("b", &head("declaration: 乙声明\n"), "");
    let book = bound(&[one.clone(), two]);
    assert!(book.license.is_some() && book.declaration.is_none() && book.source.is_none());
    let first = plain_text(&book.parts[0].about);
    assert_eq!(first, "来源：某号\n声明：甲声明\n相关阅读\n下一篇");
    assert_eq!(plain_text(&book.parts[1].about), "声明：乙声明");

    let alone = bound(&[one]);
    assert!(alone.parts[0].about.is_empty());
    assert_eq!(alone.declaration.as_deref(), Some("甲声明"));
    assert_eq!(alone.related.len(), 1);
}

#[test]
fn an_issue_may_have_no_section_and_a_book_may_not_be_empty() {
    let head = "title: t\nsubtitle: 副题\ndescription: 说明\ndate: 2026-01-01\n";
    let book = bound(&[read("a", head, "导读。\n"), read("b", head, PAPER)]);
    assert_eq!(book.parts[0].sections, 0..0);
    assert_eq!(book.parts[1].sections, 0..1);
    assert_eq!(plain_text(&book.parts[0].intro), "副题\n说明\n导读。");
    assert_eq!(bind(&series(), &[], year()), None);
}

#[test]
fn a_book_is_dated_by_its_newest_issue_and_its_latest_change() {
    let head = |date: &str| format!("title: t\ndate: {date}\n");
    let mut old = read("a", &head("2026-01-01"), "");
    let new = read("b", &head("2026-06-01"), "");
    let book = bound(&[old.clone(), new.clone()]);
    assert_eq!((book.date, book.updated), (new.date, None));
    old.updated = Some(read("c", &head("2026-07-01"), "").date);
    let book = bound(&[old.clone(), new]);
    assert_eq!(book.updated, old.updated);
}

#[test]
fn issues_are_chosen_by_the_calendar_of_their_place_and_drafts_never() {
    let head = |date: &str| format!("title: t\ndate: {date}\n");
    // Half past midnight in Shanghai is still the old year at UTC.
    let early = read("early", &head("2026-01-01T00:30:00+08:00"), "");
    let late = read("late", &head("2026-12-31T23:30:00-05:00"), "");
    let next = read("next", &head("2027-01-01"), "");
    let mut draft = read("draft", &head("2026-03-01"), "");
    draft.draft = true;
    let issues = [&late, &next, &draft, &early];
    let chosen: Vec<&str> = choose(issues, year())
        .into_iter()
        .map(|issue| issue.id.as_str())
        .collect();
    assert_eq!(chosen, ["early", "late"]);
    assert_eq!(years(issues), [2026, 2027]);
}

#[test]
fn an_id_tells_the_days_of_its_book() {
    for (first, last) in [
        ("2026-01-01", "2026-12-31"),
        ("2026-02-01", "2026-02-28"),
        ("2025-12-01", "2026-01-31"),
        ("2026-01-15", "2026-02-01"),
        ("2026-01-15", "2026-01-15"),
    ] {
        let span = Span {
            first: first.parse().unwrap(),
            last: last.parse().unwrap(),
        };
        assert_eq!(Span::of_id(&span.id()), Some(span), "{}", span.id());
    }
    for other in [
        "2026",
        "book-",
        "book-2026-13",
        "book-2026-02-30",
        "book-a-to-b",
    ] {
        assert_eq!(Span::of_id(other), None, "{other}");
    }
}
