//! A series that goes on: `new`, and what is told over several issues.

use std::path::Path;

use offprint_tests::{
    SMALL_SERIES, command, files_below, finish, folder_with, read_text, run, write,
};
use tempfile::TempDir;

/// A series of these issues: name of the file, front matter without its fences, body.
fn series(settings: &str, issues: &[(&str, &str, &str)]) -> TempDir {
    let settings = format!("{SMALL_SERIES}{settings}");
    let folder = folder_with(&[("offprint.toml", settings.as_bytes())]);
    for (name, facts, body) in issues {
        let text = format!("---\n{facts}\n---\n\n{body}");
        write(&folder.path().join("issues").join(name), text.as_bytes());
    }
    folder
}

/// Runs `new` and gives the path and the text of what it made, which has no errors.
fn next(folder: &Path, arguments: &[&str]) -> (String, String) {
    let before = files_below(&folder.join("issues"));
    let arguments = [&["new"], arguments].concat();
    let ran = run(folder, &arguments).expect(0);
    let after = files_below(&folder.join("issues"));
    assert_eq!(after.len(), before.len() + 1, "{}", ran.stdout);
    let made = after.into_iter().find(|file| !before.contains(file));
    let path = made.map(|(path, _)| path).unwrap_or_default();
    assert!(
        ran.stdout.contains(&format!("created issues/{path}")),
        "{}",
        ran.stdout
    );
    let _ = run(folder, &["check"]).expect(0);
    let text = read_text(&folder.join("issues").join(&path));
    (path, text)
}

const PAPER: &str = "## 栏目\n\n### A\n\n- 链接: https://papers.example.org/1\n\n评。\n";

#[test]
fn the_next_issue_goes_on_as_the_last_ones_did() {
    let folder = series(
        "",
        &[
            (
                "2026-11-13-030.md",
                "标题: 小刊 第 30 期\n日期: 2026-11-13 08:30\n期号: 30\n责任编辑: [甲]\n标签: [a, b]\ndefaults: { lang: en }",
                PAPER,
            ),
            (
                "2026-11-20-031.md",
                "标题: 小刊 第 31 期\n日期: 2026-11-20 08:30\n期号: 31\n责任编辑: [甲]\n标签: [b, c]\ndefaults: { lang: en }",
                PAPER,
            ),
        ],
    );
    let (path, text) = next(folder.path(), &[]);
    assert_eq!(path, "2026-11-27-032.md");
    let (front, body) = text
        .strip_prefix("---\n")
        .unwrap()
        .split_once("---\n")
        .unwrap();
    assert_eq!(
        front,
        "标题: 小刊 第 32 期
日期: 2026-11-27 08:30
期号: 32
草稿: true  # 草稿只检查，不生成；写好后删掉这一行
责任编辑: [甲]
标签: [b]
defaults:
  lang: en
"
    );
    assert!(body.contains("\n## 栏目\n\n### 论文的标题\n"), "{body}");
    // What it made is the last one now.
    let (path, text) = next(
        folder.path(),
        &["--title", "特刊: \"一\"", "--date", "2026-12-24"],
    );
    assert_eq!(path, "2026-12-24-033.md");
    assert!(
        text.contains("标题: \"特刊: \\\"一\\\"\"\n日期: 2026-12-24 08:30\n"),
        "{text}"
    );
}

#[test]
fn the_first_issue_of_a_series_takes_the_day_it_is_made() {
    let folder = folder_with(&[("offprint.toml", SMALL_SERIES.as_bytes())]);
    let mut new = command(folder.path(), &["new"]);
    let _ = finish(new.env("SOURCE_DATE_EPOCH", "1795694400")).expect(0);
    let text = read_text(&folder.path().join("issues/2026-11-26-001.md"));
    assert!(
        text.starts_with("---\ntitle: 小刊 第 1 期\ndate: 2026-11-26\nnumber: 1\n"),
        "{text}"
    );
    let _ = run(folder.path(), &["check"]).expect(0);
    let (path, _) = next(folder.path(), &[]);
    assert_eq!(path, "2026-12-03-002.md");
}

#[test]
fn every_form_goes_on_in_its_own() {
    let facts = "title: T 1\ndate: 2026-11-20\nlang: en\nauthors: [{ name: A, url: 'https://a.example.org/' }]";
    for (form, start) in [
        (
            "yaml",
            "title: T 2\ndate: 2026-11-27\nnumber: 2\ndraft: true",
        ),
        (
            "toml",
            "title = \"T 2\"\ndate = 2026-11-27\nnumber = 2\ndraft = true",
        ),
        (
            "json",
            "{\n  \"title\": \"T 2\",\n  \"date\": \"2026-11-27\",\n  \"number\": 2,\n  \"draft\": true",
        ),
    ] {
        let folder = series("", &[("1.md", facts, PAPER)]);
        let (path, text) = next(folder.path(), &["--form", form]);
        assert_eq!(path, format!("2.{form}"));
        assert!(text.starts_with(start), "{text}");
        let (path, _) = next(folder.path(), &[]);
        assert_eq!(path, format!("3.{form}"));
        let again = read_text(&folder.path().join("issues").join(path));
        assert!(
            again.contains("2026-12-04") && again.contains("https://a.example.org/"),
            "{again}"
        );
    }
}

#[test]
fn folders_rhythms_and_ids_are_kept() {
    let issue =
        |date: &str, id: &str| format!("title: T\ndate: {date}\nid: {id}\nvolume: 2\nnumber: 7");
    let folder = series(
        "rhythm = \"monthly\"\n",
        &[("autumn/index.md", &issue("2026-10-31", "no-7"), PAPER)],
    );
    let (path, text) = next(folder.path(), &[]);
    assert_eq!(path, "2026-11-30/index.md");
    assert!(
        text.contains("date: 2026-11-30\nid: no-8\nnumber: 8\nvolume: 2\n"),
        "{text}"
    );
    let (_, text) = next(folder.path(), &["--id", "special"]);
    assert!(text.contains("\nid: special\n"), "{text}");
}

#[test]
fn what_cannot_be_made_is_told_and_nothing_is_touched() {
    let folder = series("", &[("1.md", "title: T\ndate: 2026-11-20", PAPER)]);
    let before = files_below(folder.path());
    for (arguments, told) in [
        (&["new", "--date", "2026-11-31"][..], "2026-11 has 30 days"),
        (&["new", "--date", "soon"], "is not written as a date"),
        (&["new", "--id", "../x"], "is no id"),
        (&["new", "--id", "1"], "another issue has the id `1`"),
        (&["new", "--title", " "], "the issue has no title"),
        (&["new", "nowhere"], "there is no `nowhere`"),
    ] {
        let ran = run(folder.path(), arguments).expect(2);
        assert!(ran.stderr.contains(told), "{arguments:?}: {}", ran.stderr);
    }
    assert_eq!(files_below(folder.path()), before);
    let lone = folder_with(&[(
        "a.md",
        "---\ntitle: T\ndate: 2026-11-20\nlang: en\n---\n".as_bytes(),
    )]);
    let ran = run(lone.path(), &["new", "a.md"]).expect(2);
    assert!(ran.stderr.contains("offprint init"), "{}", ran.stderr);
}

#[test]
fn hostile_fields_are_repeated_as_they_are() {
    let hostile = "title: T\nlang: en\nauthors: [\"]]> {{ 7 }} \\\" ' # : -\", \"- &a *b !c\"]\nlicense: '@x: y'\ndeclaration: \"-->\\n---\\n+++\"\nx-a: { \"b: c\": [1, null, true, ~, 1.5] }\n";
    let issues: Vec<(String, String)> = (1..=3)
        .map(|number| {
            (
                format!("{number}.md"),
                format!("{hostile}date: 2026-11-0{number}"),
            )
        })
        .collect();
    let body = "## --> <!-- # \"x\"\n\n文。\n";
    let issues: Vec<(&str, &str, &str)> = issues
        .iter()
        .map(|(name, facts)| (name.as_str(), facts.as_str(), body))
        .collect();
    for form in ["md", "yaml", "toml", "json"] {
        let folder = series("", &issues);
        let (_, text) = next(folder.path(), &["--form", form]);
        assert!(text.contains("{{ 7 }}") && text.contains("x-a"), "{text}");
    }
}

#[test]
fn a_list_holds_the_published_papers_of_the_days_asked_for() {
    let paper = |name: &str| {
        format!(
            "### {name}\n\n- 链接: https://papers.example.org/{name}\n- 作者: A. {name}\n\n评。\n"
        )
    };
    let (one, two, three) = (paper("One"), paper("Two"), paper("Three"));
    let folder = series(
        "",
        &[
            ("b.md", "title: B\ndate: 2026-11-20", &two),
            ("a.md", "title: A\ndate: 2026-11-27", &one),
            ("c.md", "title: C\ndate: 2026-11-13\ndraft: true", &three),
            ("broken.md", "title: D\ndate: soon", &three),
        ],
    );
    let ran = run(folder.path(), &["list", "--to", "csv"]).expect(0);
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(lines.len(), 3, "{}", ran.stdout);
    assert!(
        lines[1].starts_with("b,\"tag:small.example.org,2026:small/issue/b\",2,,2026-11-20,B,")
    );
    assert!(
        lines[2].starts_with("a,") && lines[2].contains(",One,"),
        "{}",
        lines[2]
    );
    assert!(
        ran.stderr.contains("left-out") && ran.stderr.contains("broken.md"),
        "{}",
        ran.stderr
    );
    let ran = run(
        folder.path(),
        &["list", "--to", "bibtex", "--from", "2026-11-21"],
    )
    .expect(0);
    assert!(ran.stdout.starts_with("@misc{oneone,\n"), "{}", ran.stdout);
    assert_eq!(ran.stdout.matches('@').count(), 1);
    let ran = run(folder.path(), &["list", "--until", "2026-11-20"]).expect(0);
    assert!(ran.stdout.starts_with("| 期 | 论文 |"), "{}", ran.stdout);
    assert_eq!(ran.stdout.lines().count(), 3, "{}", ran.stdout);
    let ran = run(folder.path(), &["list", "--to", "csl-json", "issues/a.md"]).expect(0);
    let items: Vec<serde_json::Value> = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(items.len(), 1);
    // It is counted among all issues of its series.
    assert_eq!(items[0]["custom"]["issue-number"], 3);
    assert!(!ran.stderr.contains("left-out"), "{}", ran.stderr);
    let ran = run(folder.path(), &["new", "issues/b.md"]).expect(0);
    assert!(ran.stdout.contains("issue 4, 2026-12-04"), "{}", ran.stdout);
    let _ = run(folder.path(), &["list", "--deny-warnings"]).expect(1);
    let _ = run(folder.path(), &["list", "--from", "x"]).expect(2);
    let _ = run(
        folder.path(),
        &["list", "--from", "2026-11-02", "--until", "2026-11-01"],
    )
    .expect(2);
}
