//! The preview page of a WeChat article, as people use it: in a browser, by mouse and by
//! keyboard, with an editor to paste into.

use std::fmt::Write as _;

use offprint_tests::browser::{Themed, articles, preview};
use offprint_tests::series::{series_of, series_with};
use offprint_tests::{
    copy_of, fixture, folder_with, hostile, list, read_text, run, small_issue, write,
};
use tempfile::TempDir;

/// Fails unless all of these checks were made and nothing was found by any.
fn check(series: &Themed, groups: &[&str], checks: &[&str]) {
    let found = series.drive(groups);
    for check in checks {
        assert!(
            found.contains_key(*check),
            "not made: {check} in {found:#?}"
        );
    }
    let wrong: Vec<_> = found
        .iter()
        .filter(|(_, faults)| !faults.is_empty())
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_is_copied_is_the_file_of_the_theme_by_every_way_of_copying() {
    let series = Themed::build(&fixture("iclr-2021"));
    assert!(series.themes.len() > 1, "{:?}", series.themes);
    let mut checks = vec!["counts".to_owned(), "selection".to_owned()];
    for from in ["file", "http"] {
        for check in [
            "copy, item",
            "copy, missing",
            "copy, refused",
            "copy, early",
            "copying refused",
            "copy title",
            "copy digest",
            "console",
            "requests",
        ] {
            checks.push(format!("{from}: {check}"));
        }
    }
    let checks: Vec<&str> = checks.iter().map(String::as_str).collect();
    check(&series, &["copying", "selecting"], &checks);
}

#[test]
fn the_page_is_used_by_keyboard_at_every_width_without_script_and_on_paper() {
    let series = Themed::build(&fixture("iclr-2021"));
    check(
        &series,
        &[
            "darkening",
            "seeing",
            "typing",
            "measuring",
            "reporting",
            "withoutScript",
            "printing",
        ],
        &[
            "dark",
            "axe",
            "keyboard",
            "widths",
            "shifts",
            "report",
            "without script",
            "paper",
        ],
    );
}

#[test]
fn an_issue_of_everything_looks_in_dark_as_it_is_converted() {
    let series = Themed::build(&fixture("kitchen-sink"));
    let groups = [
        "copyingOnce",
        "darkening",
        "seeing",
        "measuring",
        "reporting",
        "withoutScript",
    ];
    check(
        &series,
        &groups,
        &["copied once", "dark", "axe", "widths", "report"],
    );
}

#[test]
fn the_parts_of_a_long_issue_are_shown_and_copied_one_by_one() {
    // Each paper is a part, in every theme.
    let mut issue = small_issue("Length");
    for number in 2..=3 {
        let words = format!("第 {number} 篇的短评，很长。").repeat(900);
        let _ = write!(
            issue,
            "\n### Paper {number}\n\n- 链接: https://papers.example.org/{number}\n\n{words}\n"
        );
    }
    let long = series_of(&issue);
    let series = Themed::build(long.path());
    assert!(series.parts() > 1, "one part");
    check(
        &series,
        &[
            "copying",
            "darkening",
            "typing",
            "reporting",
            "withoutScript",
        ],
        &[
            "file: copy, item",
            "file: copy, missing",
            "http: copy, item",
            "dark",
            "keyboard",
            "report",
            "without script",
        ],
    );
}

#[test]
fn the_papers_of_a_long_list_are_all_in_its_parts() {
    let long = series_of(&list::markdown(40));
    let series = Themed::build_first(long.path());
    assert!(series.parts() > 2, "{} parts", series.parts());
    check(
        &series,
        &["copying", "darkening", "reporting", "withoutScript"],
        &[
            "file: copy, item",
            "http: copy, missing",
            "dark",
            "report",
            "without script",
        ],
    );
}

#[test]
fn a_page_in_english_or_from_right_to_left_is_as_usable() {
    for lang in ["en", "ar"] {
        let issue = small_issue("A “Quoted” Title").replace("zh-CN", lang);
        let small = series_with("", &issue);
        let series = Themed::build(small.path());
        let groups = [
            "copyingOnce",
            "seeing",
            "typing",
            "measuring",
            "withoutScript",
        ];
        check(
            &series,
            &groups,
            &["copied once", "axe", "keyboard", "widths"],
        );
        let page = read_text(&preview(small_built(&small).path()));
        assert!(page.contains("Copy the article") && !page.contains("复制"));
        assert_eq!(page.contains("dir=\"rtl\""), lang == "ar");
    }
}

/// A copy of a series, built.
fn small_built(series: &TempDir) -> TempDir {
    let folder = copy_of(series.path());
    let _ = run(folder.path(), &["build", "--format", "wechat"]).expect(0);
    folder
}

#[test]
fn hostile_words_are_words_on_the_page_and_on_the_clipboard() {
    let whole = hostile::series();
    let count = hostile::STRINGS.len() + 1;
    // Markup, addresses that run, attributes, nothing visible, what turns text around, words
    // of a template, and one that is very long.
    for number in [0, 1, 2, 3, 6, 7, 10, 11, 12, count - 1] {
        let name = format!("issues/hostile-{number:02}.json");
        let settings = read_text(&whole.path().join("offprint.toml"));
        let issue = read_text(&whole.path().join(&name));
        let folder = folder_with(&[
            ("offprint.toml", settings.as_bytes()),
            (&name, issue.as_bytes()),
        ]);
        let series = Themed::build(folder.path());
        check(
            &series,
            &["copyingOnce", "reporting", "withoutScript"],
            &[
                "copied once",
                "report",
                "without script",
                "file: console",
                "file: requests",
            ],
        );
    }
}

#[test]
fn a_page_holds_its_pictures_once_and_nothing_of_another_host() {
    let folder = copy_of(&fixture("iclr-2021"));
    let issue = folder.path().join("issues/2020-11-02-ssl-transformer.md");
    // The same picture again.
    let text = read_text(&issue);
    let again = format!("{text}\n\n![又一次](images/expire-span.png)\n");
    write(&issue, again.as_bytes());
    let _ = run(folder.path(), &["build", "--format", "wechat"]).expect(0);
    let page = read_text(&preview(folder.path()));
    let article: String = articles(folder.path())
        .iter()
        .map(|it| read_text(it))
        .collect();
    assert_eq!(article.matches("expire-span.png\"").count(), 2);
    // The figures, the account's code and the cover.
    assert_eq!(page.matches("src=\"data:image/png;base64,").count(), 4);
    for attribute in ["src=\"http", "srcset=", "@import", "url(http"] {
        assert!(!page.contains(attribute), "{attribute}");
    }
    let policy = page
        .split_once("Content-Security-Policy\" content=\"")
        .unwrap()
        .1;
    let policy = policy.split_once('"').unwrap().0;
    assert!(
        policy.starts_with("default-src 'none'; img-src data:;"),
        "{policy}"
    );
}
