//! The preview page of a WeChat article, as people use it: in a browser, by mouse and by
//! keyboard, with an editor to paste into.

use offprint_tests::browser::{Themed, articles, preview};
use offprint_tests::series::{series_of, series_with};
use offprint_tests::{
    copy_of, files_below, fixture, folder_with, hostile, list, read_text, run, small_issue,
};
use offprint_wechat::dark::dark;

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

/// Every way in which the page is used.
const ALL: &[&str] = &[
    "copying",
    "selecting",
    "darkening",
    "seeing",
    "typing",
    "measuring",
    "reporting",
    "withoutScript",
    "printing",
];

#[test]
fn the_page_does_what_its_controls_say() {
    let series = Themed::build(&fixture("iclr-2021"), dark);
    assert!(series.themes.len() > 1, "{:?}", series.themes);
    check(
        &series,
        ALL,
        &[
            "counts",
            "file: copy, item",
            "file: copy, missing",
            "file: copy, refused",
            "file: copy, early",
            "file: copying refused",
            "file: copy title",
            "file: copy digest",
            "file: console",
            "file: requests",
            "http: copy, item",
            "http: copying refused",
            "http: console",
            "http: requests",
            "selection",
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
