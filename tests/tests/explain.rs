//! `offprint explain`: every code has a page, every page a code, and examples are true.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::Path;

use offprint_core::words::Words;
use offprint_explain::{Page, Side, all};
use offprint_tests::pages::unpack;
use offprint_tests::{command, files_below, finish, repository, run};
use offprint_wechat::preflight::{Channel, NAMED, preflight};
use unicode_width::UnicodeWidthStr;

/// What stands before a code in the sources.
const BEFORE: &[&str] = &[
    "Diagnostic::error(",
    "Diagnostic::warning(",
    "Diagnostic::remark(",
    "Rule::error(",
    "Rule::warning(",
    "Rule::hint(",
    ".case_of(",
    // The command's own faults.
    "Words { message, hint }) => (",
    "Fault::Bug(message) => (",
];

/// What codes of formats and imports begin with.
const SPACES: &[&str] = &[
    "bib::", "epub::", "feed::", "import::", "pdf::", "rss::", "wechat::",
];

/// The codes in the program's sources, tests aside, each with a file that has it.
fn codes_in_sources() -> BTreeMap<String, String> {
    let mut codes = BTreeMap::new();
    for (path, bytes) in files_below(&repository().join("crates")) {
        let is_rust = Path::new(&path).extension() == Some(OsStr::new("rs"));
        let is_test = path.contains("/tests/") || path.ends_with("tests.rs");
        if is_rust && !is_test && path.contains("/src/") {
            let text = String::from_utf8_lossy(&bytes);
            let own = text.split("#[cfg(test)]\nmod tests {").next();
            for code in codes_in(own.unwrap_or_default()) {
                codes.entry(code).or_insert_with(|| path.clone());
            }
        }
    }
    for rule in NAMED {
        codes.insert(rule.name.to_owned(), "the preflight".to_owned());
    }
    codes
}

fn codes_in(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for before in BEFORE {
        let behind = text.split(before).skip(1).map(str::trim_start);
        found.extend(behind.filter_map(|rest| rest.strip_prefix('"')));
    }
    // What stands between quotation marks, each literal and what parts it from the next.
    let spaces = |literal: &&str| SPACES.iter().any(|space| literal.starts_with(space));
    found.extend(text.split('"').filter(spaces));
    if let Some((_, rest)) = text.split_once("PLANNED: &[&str] = &[") {
        let list = rest.split(']').next().unwrap_or_default();
        found.extend(list.split(", ").filter_map(|name| name.strip_prefix('"')));
    }
    let is_name = |code: &&str| {
        let mut characters = code.chars();
        !code.ends_with(':')
            && characters
                .all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || ":-.".contains(it))
    };
    found
        .into_iter()
        .filter_map(|rest| rest.split('"').next())
        .filter(is_name)
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_code_has_a_page_and_every_page_a_code() {
    let codes = codes_in_sources();
    assert!(codes.len() > 150, "{} codes were found", codes.len());
    let pages: BTreeSet<String> = all(Words::English)
        .into_iter()
        .map(|page| page.code.to_owned())
        .collect();
    let without: Vec<_> = codes
        .iter()
        .filter(|(code, _)| !pages.contains(*code))
        .collect();
    assert!(without.is_empty(), "without a page: {without:?}");
    let dead: Vec<_> = pages
        .iter()
        .filter(|code| !codes.contains_key(*code))
        .collect();
    assert!(dead.is_empty(), "pages of no code: {dead:?}");
}

/// Whether the program offers to mend the wrong example.
fn mendable(page: &Page) -> bool {
    let findings = unpack(page, Side::Wrong).run().objects("diagnostic");
    let is_offered = |it: &serde_json::Value| it["code"] == page.code && it["fix"].is_object();
    findings.iter().any(is_offered)
}

/// What comes with a finding by necessity: one of two definitions is never used.
const COMPANIONS: &[(&str, &str)] = &[("duplicate-footnote", "unused-footnote")];

/// The codes of the findings in a run, with their severities.
fn found(page: &Page, side: Side) -> Vec<(String, String)> {
    let example = unpack(page, side);
    let ran = example.run();
    let findings = ran.objects("diagnostic");
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    findings
        .iter()
        .map(|finding| (text(&finding["code"]), text(&finding["severity"])))
        .collect()
}

#[test]
fn wrong_examples_give_their_finding_and_no_other_and_right_ones_none() {
    let mut faults = Vec::new();
    for page in all(Words::English) {
        if page.untested.is_some() || is_of_html(&page) {
            continue;
        }
        let code = page.code;
        let wrong = found(&page, Side::Wrong);
        if !wrong.iter().any(|(other, _)| other == code) {
            faults.push(format!("{code}: the wrong example gives {wrong:?}"));
        }
        let is_other = |(other, severity): &&(String, String)| {
            other != code && severity != "hint" && !COMPANIONS.contains(&(code, other))
        };
        // A mend may be offered for some cases of a rule only; its example is one of them.
        let offers_fix = mendable(&page);
        if page.has_fix != offers_fix {
            faults.push(format!("{code}: a mend is offered: {offers_fix}"));
        }
        let others: Vec<_> = wrong.iter().filter(is_other).collect();
        if !others.is_empty() {
            faults.push(format!("{code}: the wrong example gives {others:?} too"));
        }
        let right = found(&page, Side::Right);
        let is_fault = |(other, severity): &&(String, String)| other == code || severity != "hint";
        let left: Vec<_> = right.iter().filter(is_fault).collect();
        if !left.is_empty() {
            faults.push(format!("{code}: the right example gives {left:?}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn is_of_html(page: &Page) -> bool {
    page.snippets.iter().any(|snippet| snippet.of == "html")
}

#[test]
fn wrong_articles_break_their_rule_and_right_ones_do_not() {
    let mut count = 0;
    for page in all(Words::English).iter().filter(|page| is_of_html(page)) {
        let broken = |side: Side, channel| -> Vec<&str> {
            let snippets = page.snippets.iter().filter(|it| it.side == side);
            let html: Vec<&str> = snippets.map(|it| it.text.trim_end_matches('\n')).collect();
            let findings = preflight(&html.concat(), channel);
            findings.iter().map(|finding| finding.rule.code).collect()
        };
        let channels = [Channel::Paste, Channel::Draft];
        let is_found = channels.map(|channel| broken(Side::Wrong, channel).contains(&page.code));
        assert!(is_found.contains(&true), "{}", page.code);
        for channel in channels {
            let kept = broken(Side::Right, channel);
            assert!(!kept.contains(&page.code), "{}: {kept:?}", page.code);
        }
        count += 1;
    }
    assert!(count > 70, "{count}");
}

#[test]
fn what_can_be_mended_by_the_program_is_mended_by_it() {
    for page in all(Words::English).iter().filter(|page| page.has_fix) {
        let mut example = unpack(page, Side::Wrong);
        example.arguments.push("--fix".to_owned());
        let _ = example.run().expect(0);
        example.arguments.pop();
        let left = example.run().codes();
        assert!(!left.iter().any(|code| code == page.code), "{left:?}");
    }
}

fn explain(arguments: &[&str]) -> offprint_tests::Ran {
    let all: Vec<&str> = ["explain"].iter().chain(arguments).copied().collect();
    run(&repository(), &all)
}

#[test]
fn a_page_says_what_why_and_how_in_either_language() {
    let english = explain(&["bad-date"]).expect(0).stdout;
    for part in [
        "error[bad-date]: A date",
        "Why it matters\n  ",
        "How to mend it\n  ",
        "How it is reported\n  An error",
        "Wrong: a paper's fields\n    - date: 2020-11-31\n",
        "Right: a paper's fields\n    - date: 2020-11-30\n",
    ] {
        assert!(english.contains(part), "{part} in:\n{english}");
    }
    assert!(!english.contains('\u{1b}'));
    let chinese = explain(&["bad-date", "--lang=zh"]).expect(0).stdout;
    for part in [
        "错误[bad-date]: 日期",
        "为什么要紧\n  ",
        "怎么改\n  ",
        "错：论文的字段\n    - date",
    ] {
        assert!(chinese.contains(part), "{part} in:\n{chinese}");
    }
    let mut by_environment = command(&repository(), &["explain", "bad-date"]);
    by_environment.env("LANG", "zh_CN.UTF-8");
    assert_eq!(finish(&mut by_environment).stdout, chinese);
    for page in english.lines().chain(chinese.lines()) {
        assert!(page.width() <= 80, "{page}");
    }
}

#[test]
fn a_name_may_come_as_it_was_copied() {
    let page = explain(&["bad-date"]).expect(0).stdout;
    for written in [
        "error[bad-date]",
        "error[bad-date]: `2020-11-31` is no date",
        "[bad-date]",
    ] {
        assert_eq!(explain(&[written]).expect(0).stdout, page);
    }
    let colored = explain(&["bad-date", "--color=always"]).expect(0).stdout;
    assert!(colored.starts_with("\u{1b}[1;31merror[bad-date]\u{1b}[0m: "));
}

#[test]
fn an_unknown_name_is_wrong_usage_with_the_nearest_one() {
    for (written, near) in [
        ("bad-dtae", "bad-date"),
        ("image-converted", "wechat::image-converted"),
        ("wechat::tag.dvi", "wechat::tag.div"),
    ] {
        let ran = explain(&[written]).expect(2);
        let hint = format!("did you mean `{near}`?");
        assert!(ran.stderr.contains(&hint), "{}", ran.stderr);
        assert_eq!(ran.stdout, "");
    }
    let hostile = format!("\u{1b}[2J{}", "字".repeat(5_000));
    let ran = explain(&[&hostile]).expect(2);
    assert!(ran.stderr.len() < 500 && !ran.stderr.contains('\u{1b}'));
    let _ = explain(&["nothing::"]).expect(2);
}

#[test]
fn the_table_has_a_line_for_each_page_and_a_namespace_has_its_own() {
    for lang in ["--lang=en", "--lang=zh"] {
        let table = explain(&[lang]).expect(0).stdout;
        for page in all(Words::English) {
            assert!(table.contains(&format!("  {}", page.code)), "{}", page.code);
        }
        let widest = table.lines().map(UnicodeWidthStr::width).max();
        assert!(widest <= Some(80), "{widest:?} in:\n{table}");
    }
    let of_wechat = explain(&["wechat::", "--message-format=json"]).expect(0);
    let names: Vec<String> = of_wechat
        .objects("page")
        .iter()
        .map(|page| page["code"].as_str().unwrap_or_default().to_owned())
        .collect();
    assert!(names.len() > 87, "{}", names.len());
    assert!(names.iter().all(|name| name.starts_with("wechat::")));
}

#[test]
fn json_has_all_of_a_page() {
    let ran = explain(&["tracking-parameter", "--message-format=json", "--lang=en"]).expect(0);
    let pages = ran.objects("page");
    assert_eq!(pages.len(), 1);
    assert_eq!(pages[0]["code"], "tracking-parameter");
    assert_eq!(pages[0]["severity"], "warning");
    assert_eq!(pages[0]["fix"], true);
    let example = pages[0]["example"].as_array().map(Vec::len);
    assert_eq!(example, Some(2));
    for part in ["what", "why", "mend", "reported", "group"] {
        assert!(pages[0][part].as_str().is_some_and(|it| !it.is_empty()));
    }
}
