//! Articles for WeChat, by the built program.

#![expect(clippy::unwrap_used, reason = "a test stops by panicking")]

use std::collections::BTreeSet;
use std::path::Path;

use offprint_tests::outputs::text_of_markup;
use offprint_tests::series::{series_of, series_with};
use offprint_tests::{
    SMALL_SERIES, copy_of, files_below, fixture, folder_with, list, long, read_text, repository,
    run, small_issue, write,
};
use tempfile::TempDir;

const THEMES: [&str; 5] = ["plain", "classic", "orange", "violet", "paper"];

/// A series with this theme instead of its own.
fn themed(folder: &Path, theme: &str) {
    let path = folder.join("offprint.toml");
    let settings = read_text(&path);
    let lines: Vec<&str> = settings
        .lines()
        .filter(|line| !line.starts_with("theme "))
        .collect();
    let settings = format!("{}\n", lines.join("\n"));
    let settings = if settings.contains("[wechat]\n") {
        settings.replace("[wechat]\n", &format!("[wechat]\ntheme = \"{theme}\"\n"))
    } else {
        format!("{settings}\n[wechat]\ntheme = \"{theme}\"\n")
    };
    write(&path, settings.as_bytes());
}

/// The articles of a built series in order, without the preview pages.
fn articles(folder: &Path) -> Vec<(String, String)> {
    let files = files_below(&folder.join("public")).into_iter();
    let mut articles: Vec<(String, String)> = files
        .filter(|(path, _)| path.contains(".wechat.") && !path.contains(".preview."))
        .map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap()))
        .collect();
    // `.10.` comes after `.9.`
    articles.sort_by_key(|(path, _)| (path.len(), path.clone()));
    articles
}

/// An article with what its drawings say in their place.
fn said(article: &str) -> String {
    let mut parts = article.split("<svg");
    let mut out = parts.next().unwrap().to_owned();
    for part in parts {
        let (drawing, after) = part.split_once("</svg>").unwrap();
        let label = drawing.split_once("aria-label=\"");
        out.push_str(label.map_or("", |(_, label)| label.split_once('"').unwrap().0));
        out.push_str(after);
    }
    out
}

fn lists() -> Vec<TempDir> {
    vec![
        copy_of(&fixture("iclr-2021")),
        copy_of(&fixture("kitchen-sink")),
        copy_of(&fixture("hostile")),
        series_of(&long::issue(30)),
        series_of(&list::markdown(40)),
        series_of(&small_issue("一")),
    ]
}

#[test]
fn nothing_is_found_in_any_theme() {
    for folder in lists() {
        for theme in THEMES {
            themed(folder.path(), theme);
            let arguments = ["check", "--format", "wechat", "--message-format", "json"];
            let ran = run(folder.path(), &arguments);
            let found: Vec<String> = ran
                .objects("diagnostic")
                .iter()
                .filter(|found| found["severity"] != "hint")
                // That is the issue's fault.
                .filter(|found| found["code"] != "wechat::long-title")
                .filter_map(|found| {
                    let code = found["code"].as_str()?;
                    code.starts_with("wechat::").then(|| found.to_string())
                })
                .collect();
            assert_eq!(found, [""; 0], "{theme}");
            assert!(!ran.objects("notes").is_empty());
        }
    }
}

#[test]
fn the_digest_takes_little_markup_in_any_theme() {
    let folder = copy_of(&fixture("iclr-2021"));
    for theme in THEMES {
        themed(folder.path(), theme);
        let _ = run(folder.path(), &["build", "--format", "wechat"]).expect(0);
        let articles = articles(folder.path());
        assert_eq!(articles.len(), 1);
        // How long drawings are is no theme's affair.
        let article = &said(&articles[0].1);
        let seen = text_of_markup(article).chars().count();
        let ratio = article.chars().count() as f64 / seen as f64;
        assert!(ratio <= 2.2, "{theme}: {ratio:.3}");
        // Titles of papers stand in the references, and no link is dead.
        assert!(article.contains("] Self-Supervised Variational Auto-Encoders: https://"));
        assert!(!article.contains("<a "));
    }
}

/// An issue with each of these formulas in a line or on lines of its own.
fn formulary(rows: &[Vec<&str>]) -> String {
    let mut issue = "---\ntitle: 公式\ndate: 2026-01-05\nlicense: CC0-1.0\n---\n".to_owned();
    for (place, row) in rows.iter().enumerate() {
        let paper = format!(
            "\n### 第 {place} 篇\n\n- 链接: https://a.example/{place}\n- 作者: 某人\n\n取 "
        );
        issue.push_str(&paper);
        let column = |place: usize| row.get(place).copied().unwrap_or_default();
        let (style, tex) = (column(1), column(2));
        let formula = if style == "inline" {
            ["$", tex, "$，即可。\n"]
        } else {
            ["下式：\n\n$$\n", tex, "\n$$\n"]
        };
        issue.extend(formula);
    }
    issue
}

#[test]
fn formulas_of_papers_are_drawn_and_nothing_is_lost() {
    let table = read_text(&repository().join("crates/offprint-math/tests/formulas.tsv"));
    let rows: Vec<Vec<&str>> = table
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split('\t').collect())
        // Dollar signs within one end a formula in Markdown.
        .filter(|row: &Vec<&str>| !row[2].contains('$'))
        .collect();
    let folder = series_of(&formulary(&rows));
    let arguments = ["build", "--format", "wechat", "--message-format", "json"];
    let built = run(folder.path(), &arguments).expect(0);
    let told: BTreeSet<&str> = built
        .stdout
        .lines()
        .filter_map(|line| line.split_once("\"code\":\"wechat::")?.1.split('"').next())
        .collect();
    // These papers have few words.
    let expected = BTreeSet::from(["coarse-formulas", "limit.overhead"]);
    assert!(told.is_subset(&expected), "{told:?}");
    let articles = articles(folder.path());
    assert!(articles.len() > 1);
    let papers = articles.iter().map(|(_, article)| {
        assert!(article.chars().count() < 20_000);
        assert!(!article.contains("<code") && !article.contains('$'));
        for drawing in article.split("<svg").skip(1) {
            let (drawing, _) = drawing.split_once("</svg>").unwrap();
            assert!(drawing.contains(" fill=\"currentColor\""), "{drawing}");
            assert_eq!(
                drawing.matches('<').count(),
                drawing.matches("<path ").count(),
                "{drawing}"
            );
        }
        article.matches(" 篇</strong>").count()
    });
    assert_eq!(papers.sum::<usize>(), rows.len());
    // Equal bytes, however often.
    let again = series_of(&formulary(&rows));
    let _ = run(again.path(), &arguments).expect(0);
    assert!(articles == self::articles(again.path()));
}

#[test]
fn a_check_makes_the_format_and_keeps_nothing() {
    let folder = folder_with(&[
        ("offprint.toml", SMALL_SERIES.as_bytes()),
        ("issues/a.md", small_issue("甲").as_bytes()),
        (
            "issues/b.md",
            small_issue("乙")
                .replace("lang:", "draft: true\nlang:")
                .as_bytes(),
        ),
    ]);
    let before = files_below(folder.path());
    let ran = run(folder.path(), &["check", "--format", "wechat"]).expect(0);
    for id in ["a", "b"] {
        assert!(
            ran.stdout
                .contains(&format!("public/{id}/{id}.wechat.html")),
            "{}",
            ran.stdout
        );
    }
    assert!(
        ran.stdout.contains(" of 20000 characters"),
        "{}",
        ran.stdout
    );
    assert!(ran.stdout.contains("1 link became a reference"));
    assert_eq!(files_below(folder.path()), before);
    let all = ["check", "--format", "rss,epub,pdf,wechat"];
    let _ = run(folder.path(), &all).expect(0);
    assert_eq!(files_below(folder.path()), before);
    let _ = run(folder.path(), &["check", "--format", "weChat"]).expect(2);
}

/// The numbers in brackets of an article in the order of their first use.
fn numbers(text: &str) -> Vec<usize> {
    let mut seen = BTreeSet::new();
    text.split('[')
        .skip(1)
        .filter_map(|part| part.split_once(']')?.0.parse().ok())
        .filter(|number| seen.insert(*number))
        .collect()
}

#[test]
fn long_issues_are_divided_and_lose_nothing() {
    for papers in [30, 100, 300] {
        let folder = series_of(&list::markdown(papers));
        let ran = run(folder.path(), &["build", "--format", "wechat"]).expect(0);
        let parts = articles(folder.path());
        assert!(parts.len() > 1, "{}", ran.stdout);
        let issue = read_text(&folder.path().join("issues/issue.md"));
        let titles: Vec<&str> = issue
            .lines()
            .filter_map(|line| line.strip_prefix("### "))
            .collect();
        assert_eq!(titles.len(), papers);
        let mut all = String::new();
        for (path, part) in &parts {
            // Pictures get addresses of about that length.
            let length = part.chars().count() + 150 * part.matches("<img ").count();
            assert!(length < 20_000, "{path}: {length}");
            let text = text_of_markup(part);
            let found = numbers(&text);
            assert_eq!(found, (1..=found.len()).collect::<Vec<_>>(), "{path}");
            all.push_str(&text);
        }
        for title in &titles {
            let wanted = titles.iter().filter(|other| other == &title).count();
            // Once on its card, once in the references.
            assert_eq!(all.matches(title).count(), 2 * wanted, "{title}");
        }
    }
}

#[test]
fn parts_of_an_issue_that_grew_short_are_left_over() {
    let folder = series_of(&list::markdown(40));
    let _ = run(folder.path(), &["build", "--format", "wechat"]).expect(0);
    assert!(articles(folder.path()).len() > 1);
    write(
        &folder.path().join("issues/issue.md"),
        list::markdown(5).as_bytes(),
    );
    let ran = run(folder.path(), &["build", "--format", "wechat"]).expect(0);
    assert!(ran.stdout.contains("--prune"), "{}", ran.stdout);
    let _ = run(folder.path(), &["build", "--format", "wechat", "--prune"]).expect(0);
    assert_eq!(articles(folder.path()).len(), 1);
    // Put together on request, it is one article and a warning.
    let folder = series_with("[wechat]\nsplit = false\n", &list::markdown(40));
    let arguments = ["build", "--format", "wechat", "--message-format", "json"];
    let ran = run(folder.path(), &arguments).expect(0);
    assert!(ran.codes().contains(&"wechat::too-long".to_owned()));
    assert_eq!(articles(folder.path()).len(), 1);
}

#[test]
fn themes_and_templates_of_a_series_are_read_and_judged() {
    let settings = format!("{SMALL_SERIES}\n[wechat]\ntheme = \"themes/ours.toml\"\n");
    let folder = folder_with(&[
        ("offprint.toml", settings.as_bytes()),
        ("issues/a.md", small_issue("甲").as_bytes()),
        (
            "themes/ours.toml",
            b"base = \"violet\"\naccent = \"#0f4c81\"\n",
        ),
        (
            "templates/wechat/dateline.html",
            "<p style=\"{{ style.dateline }}\">某刊 {{ dateline }}</p>\n".as_bytes(),
        ),
    ]);
    let build = ["build", "--format", "wechat"];
    let _ = run(folder.path(), &build).expect(0);
    let (_, first) = articles(folder.path()).remove(0);
    assert!(
        first.contains("#0f4c81") && first.contains("某刊 第"),
        "{first}"
    );
    let ran = run(folder.path(), &build).expect(0);
    assert!(ran.stdout.contains("Nothing changed"), "{}", ran.stdout);

    // Another accent makes the article anew, and nothing else.
    let theme = folder.path().join("themes/ours.toml");
    write(&theme, b"base = \"violet\"\naccent = \"#7a1f1f\"\n");
    let _ = run(folder.path(), &build).expect(0);
    let (_, second) = articles(folder.path()).remove(0);
    assert_eq!(second, first.replace("#0f4c81", "#7a1f1f"));

    // All that is wrong is told at once, at its line, and the earlier files stay.
    write(
        &theme,
        b"base = \"violett\"\naccent = \"bluish\"\nsize = 40\nradios = 3\n",
    );
    let template = folder.path().join("templates/wechat/paper.html");
    write(&template, "<p>{{ paper.titel }}</p>\n{% if x %}".as_bytes());
    let before = files_below(&folder.path().join("public"));
    let ran = run(folder.path(), &build).expect(1);
    for place in [
        "themes/ours.toml:1",
        "themes/ours.toml:2",
        "themes/ours.toml:3",
        "templates/wechat/paper.html:2",
    ] {
        assert!(ran.stderr.contains(place), "{place}: {}", ran.stderr);
    }
    assert!(ran.stderr.contains("radios"), "{}", ran.stderr);
    assert_eq!(files_below(&folder.path().join("public")), before);

    // What a template writes is looked at as all else is.
    write(&theme, b"base = \"violet\"\n");
    write(
        &template,
        b"<div id=\"x\"><a href=\"https://a.example/\">{{ paper.title }}</a></div>\n",
    );
    let arguments = ["build", "--format", "wechat", "--message-format", "json"];
    let ran = run(folder.path(), &arguments).expect(0);
    let codes = ran.codes();
    for code in [
        "wechat::tag.div",
        "wechat::attr.id",
        "wechat::link.external",
    ] {
        assert!(codes.iter().any(|found| found == code), "{codes:?}");
    }
    // One that never ends ends with an error.
    write(
        &template,
        b"{% for one in range(99999) %}{% for other in range(99999) %}{% endfor %}{% endfor %}",
    );
    let ran = run(folder.path(), &build).expect(1);
    assert!(
        ran.stderr.contains("templates/wechat/paper.html"),
        "{}",
        ran.stderr
    );
    std::fs::remove_file(&template).unwrap();

    // A file that is not there is told with the nearest name.
    std::fs::rename(&theme, folder.path().join("themes/our.toml")).unwrap();
    let ran = run(folder.path(), &build).expect(1);
    assert!(ran.stderr.contains("offprint.toml:"), "{}", ran.stderr);
    assert!(ran.stderr.contains("did you mean `themes/our.toml`"));
}
