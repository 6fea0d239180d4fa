//! What people read in Chinese: nothing is left in English, and programs and English readers
//! get what they always got.

use std::fmt::Write as _;
use std::path::Path;

use offprint_tests::{
    Ran, command, copy_of, files_below, finish, fixture, folder_with, repository, run, write,
};

/// So many English words in a row are a sentence that was not translated.
const A_SENTENCE: usize = 3;

/// Runs that are wrong usage, or that fail otherwise before they begin.
const WRONG: &[&[&str]] = &[
    &[],
    &["chekc"],
    &["frobnicate"],
    &["check", "--frobnicate"],
    &["check", "--fromat", "x"],
    &["check", "--format", "docx"],
    &["check", "--format"],
    &["check", "--quiet=3"],
    &["check", "--quiet", "--verbose"],
    &["check", "--color", "sometimes"],
    &["check", "--message-format", "jso"],
    &["check", "--lang", "klingon"],
    &["build", "--out", "a", "--out", "b"],
    &["build", "--jobs", "many"],
    &["build", "nowhere.md"],
    &["build", ".", "--font-dir", "nowhere"],
    &["book"],
    &["book", "2026"],
    &["book", "next"],
    &["book", "--from", "2026"],
    &["book", "--from", "2026-02", "--to", "2026-01"],
    &["book", "--from", "2026", "--to", "2026-02-30"],
    &["init", "a", "b"],
    &["new", "nowhere"],
    &["list", "--from", "yesterday"],
    &["list", "nowhere"],
    &["completions", "tcsh"],
    &["publish"],
    &["publish", "wechat"],
    &["publish", "wechat", "a.md", "--timeout", "0"],
    &["publish", "wechat", "nowhere.md"],
    &["import"],
    &["import", "nowhere.txt"],
    &["import", "."],
    &["import", "-"],
    &["import", "-", "--from", "papyrus"],
    &["explain", "nonsense"],
    &["schema", "nonsense"],
    &["check", "--dry-run"],
];

/// Sources to import, and what is said of them.
const SOURCES: &[(&str, &str)] = &[
    (
        "links.txt",
        "https://arxiv.org/abs/1706.03762\nno link\n10.1000/182\n\
         https://arxiv.org/abs/1706.03762\nhttps://papers.example/x.pdf\n# remark\n## Part\n",
    ),
    (
        "table.csv",
        "title,url,shelf\nOne,https://papers.example/1,3\n,,\nTwo,nowhere,\n",
    ),
    ("strange.csv", "shelf,colour\n1,2\n"),
    (
        "lines.jsonl",
        "{\"title\":\"One\",\"url\":\"https://papers.example/1\"}\n[1]\nnothing\n{\"title\":5}\n",
    ),
    (
        "feed.xml",
        "<rss><channel><title>Feed</title></channel></rss>",
    ),
    (
        "items.xml",
        "<rss><channel><title>Feed</title><item></item><item><title>One</title></item></channel></rss>",
    ),
    ("torn.xml", "<rss version=\"2.0\"><channel><title>Feed</tit"),
    (
        "page.txt",
        "登录\n一份摘编\n作者：某人 2024-03-01\n导读\n说明。\n一、方法\nLearning to Rest\n\
         这篇论文讲休息。\n论文链接：https://arxiv.org/abs/1706.03762\n责任编辑：乙\n",
    ),
    ("prose.txt", "这里没有论文。\n"),
    ("empty.txt", ""),
    ("binary.txt", "\u{0}\u{1}"),
];

/// The program as somebody in China runs it.
fn chinese(folder: &Path, arguments: &[&str]) -> Ran {
    finish(
        command(folder, arguments)
            .env("LANG", "zh_CN.UTF-8")
            .env("SOURCE_DATE_EPOCH", "1700000000"),
    )
}

/// Lines with a sentence in English, apart from quoted lines, data between quotation marks,
/// paths, addresses and options.
fn english(said: &str) -> Vec<&str> {
    said.lines()
        .filter(|line| {
            let line = shown_words(line);
            let mut in_a_row = 0;
            line.split_whitespace().any(|word| {
                let is_word = word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_lowercase())
                    || word.len() > 1
                        && word.bytes().all(|byte| byte.is_ascii_alphabetic())
                        && word.bytes().skip(1).all(|byte| byte.is_ascii_lowercase());
                in_a_row = if is_word { in_a_row + 1 } else { 0 };
                in_a_row >= A_SENTENCE
            })
        })
        .collect()
}

/// A line without what it quotes.
fn shown_words(line: &str) -> String {
    let trimmed = line.trim_start();
    if trimmed.starts_with("--> ") || trimmed.starts_with("::: ") {
        return String::new();
    }
    let mut line = line;
    if let Some((number, rest)) = trimmed.split_once('|') {
        let is_gutter = number.trim().bytes().all(|byte| byte.is_ascii_digit());
        let is_trace = number.contains("保留") || number.contains("略去");
        line = match (is_gutter, number.trim().is_empty(), is_trace) {
            (_, true, _) => rest.trim_start_matches([' ', '^', '|', '-']),
            (true, ..) => "",
            (.., true) => number,
            _ => line,
        };
    }
    let mut out = String::new();
    let mut until = None;
    for character in line.chars() {
        match until {
            Some(end) if character == end => until = None,
            Some(_) => {}
            None => {
                until = match character {
                    '`' | '"' | '\'' => Some(character),
                    '“' => Some('”'),
                    '[' => Some(']'),
                    _ => None,
                };
                out.push(if until.is_some() { '·' } else { character });
            }
        }
    }
    out.split_whitespace()
        .map(|word| word.trim_end_matches([',', '.', ':', ';', '，', '。']))
        .map(|word| {
            let is_data = word.contains(['/', '\\', '_', '.', '-', '<', '=', '@']);
            if is_data { "·" } else { word }
        })
        .collect::<Vec<_>>()
        .join(" ")
}

fn assert_chinese(runs: &[(String, Ran)]) {
    let mut left = String::new();
    for (what, ran) in runs {
        for line in english(&ran.stdout).into_iter().chain(english(&ran.stderr)) {
            let _ = writeln!(left, "{what}: {line}");
        }
    }
    assert!(left.is_empty(), "these lines are in English:\n{left}");
}

/// Lists that are wrong in every way that a fixture is.
fn broken() -> Vec<String> {
    let mut paths: Vec<String> = Vec::new();
    for (path, _) in files_below(&repository().join("fixtures")) {
        let folder = path.split('/').next().unwrap_or_default();
        let is_series = fixture(folder).join("offprint.toml").exists();
        let path = if is_series { folder } else { &path };
        if !paths.iter().any(|other| other == path) {
            paths.push(path.to_owned());
        }
    }
    paths.sort();
    paths
}

#[test]
fn the_detector_finds_english() {
    assert_eq!(english("error: there is no `a`").len(), 1);
    assert_eq!(english("  | ^^^ did you mean `title`?").len(), 1);
    assert_eq!(english("错误[bad-date]: `a b c d` 不是日期").len(), 0);
    assert_eq!(english("12 | one two three four").len(), 0);
    assert_eq!(english("Print errors only").len(), 1);
    assert_eq!(
        english("    3  保留     标题  | Attention is all you need").len(),
        0
    );
}

#[test]
fn findings_are_told_in_chinese() {
    let folder = copy_of(&repository().join("fixtures"));
    let mut runs = Vec::new();
    for path in broken() {
        let ran = chinese(folder.path(), &["check", "--verbose", &path]);
        assert!(ran.stdout.contains("检查了"), "{path}: {}", ran.stderr);
        runs.push((path, ran));
    }
    assert!(runs.len() > 20);
    for name in ["hostile", "kitchen-sink", "own-fonts"] {
        let formats = ["check", "-v", "--format", "rss,epub,pdf,wechat", name];
        runs.push((
            format!("{name}, all formats"),
            chinese(folder.path(), &formats),
        ));
    }
    assert!(runs.iter().any(|(_, ran)| ran.stderr.contains("错误[")));
    assert!(runs.iter().any(|(_, ran)| ran.stderr.contains("警告[")));
    assert!(runs.iter().any(|(_, ran)| ran.stderr.contains("= 提示: ")));
    assert_chinese(&runs);
}

#[test]
fn help_is_told_in_chinese() {
    let folder = folder_with(&[]);
    let mut runs = Vec::new();
    let mut wanted: Vec<Vec<String>> = vec![Vec::new()];
    while let Some(names) = wanted.pop() {
        let mut arguments: Vec<&str> = names.iter().map(String::as_str).collect();
        arguments.push("--help");
        let ran = chinese(folder.path(), &arguments).expect(0);
        assert!(ran.stdout.contains("用法：offprint"), "{}", ran.stdout);
        assert!(ran.stdout.contains("选项：\n"), "{}", ran.stdout);
        assert!(ran.stdout.contains("显示帮助"), "{}", ran.stdout);
        let commands = ran.stdout.split("命令：\n").nth(1).unwrap_or_default();
        for line in commands.lines().take_while(|line| !line.is_empty()) {
            let name = line.split_whitespace().next().unwrap().to_owned();
            wanted.push(names.iter().cloned().chain([name]).collect());
        }
        runs.push((names.join(" "), ran));
    }
    assert!(runs.len() > 10, "only {} commands", runs.len());
    assert_chinese(&runs);
}

#[test]
fn wrong_usage_is_told_in_chinese() {
    let folder = folder_with(&[]);
    let runs: Vec<(String, Ran)> = WRONG
        .iter()
        .map(|arguments| {
            let in_chinese = chinese(folder.path(), arguments);
            let in_english = run(folder.path(), arguments);
            let what = arguments.join(" ");
            assert_eq!(in_chinese.code, in_english.code, "{what}");
            assert_eq!(
                in_chinese.stdout.is_empty(),
                in_english.stdout.is_empty(),
                "{what}"
            );
            assert_ne!(in_chinese.stderr, in_english.stderr, "{what}");
            (what, in_chinese)
        })
        .collect();
    assert_chinese(&runs);
}

#[test]
fn commands_speak_chinese_to_their_end() {
    let folder = folder_with(&[]);
    let mut runs = Vec::new();
    for arguments in [
        &["init", "series"][..],
        &["init", "series"],
        &["new", "series"],
        &["new", "series", "--date", "2020-13-01"],
        &["new", "series", "--id", "A B"],
        &["check", "series"],
        &["build", "series"],
        &["build", "series"],
        &["build", "series", "--verbose"],
        &["build", "series", "--deny-warnings"],
        &["build", "series", "--out", "series/offprint.toml"],
        &["book", "2023", "series"],
        &["book", "1999", "series"],
        &["publish", "wechat", "series"],
        &["publish", "wechat", "series", "--dry-run"],
    ] {
        runs.push((arguments.join(" "), chinese(folder.path(), arguments)));
    }
    assert!(runs[0].1.stdout.contains("接下来：offprint build series"));
    assert!(
        runs[6].1.stdout.contains("构建了 1 期、2 篇论文"),
        "{}",
        runs[6].1.stdout
    );
    assert_chinese(&runs);
}

#[test]
fn imports_speak_chinese() {
    let folder = folder_with(&[]);
    let mut runs = Vec::new();
    for (name, text) in SOURCES {
        write(&folder.path().join(name), text.as_bytes());
        let ran = chinese(folder.path(), &["import", name, "--explain"]);
        runs.push(((*name).to_owned(), ran));
    }
    assert!(runs[0].1.stdout.contains("已写入"), "{}", runs[0].1.stderr);
    assert!(runs[0].1.stdout.contains("保留"), "{}", runs[0].1.stdout);
    assert_chinese(&runs);
}

#[test]
fn carets_stand_where_they_stood() {
    let text = "---\ntitle: 一期\ndate: 2020-11-31\nlang: zh-CN\ndraft: perhaps\n---\n";
    let folder = folder_with(&[("one.md", text.as_bytes())]);
    let carets = |said: &str| -> Vec<String> {
        let lines = said.lines().filter(|line| line.contains('^'));
        lines
            .map(|line| line.trim_end_matches(|after| after != '^').to_owned())
            .collect()
    };
    let in_english = run(folder.path(), &["check", "one.md"]).expect(1);
    let in_chinese = chinese(folder.path(), &["check", "one.md"]).expect(1);
    assert!(
        carets(&in_english.stderr).len() > 1,
        "{}",
        in_english.stderr
    );
    assert_eq!(carets(&in_english.stderr), carets(&in_chinese.stderr));
    assert!(
        in_chinese.stderr.contains(
            "错误[bad-date]: `2020-11-31` 不是日期：2020-11 只有 30 天\n --> one.md:3:7\n"
        ),
        "{}",
        in_chinese.stderr
    );
}

#[test]
fn the_environment_and_the_option_choose_the_language() {
    let folder = folder_with(&[]);
    let said = |variables: &[(&str, &str)], arguments: &[&str]| {
        let mut command = command(folder.path(), arguments);
        command.envs(variables.iter().copied());
        finish(&mut command).expect(2).stderr
    };
    let check = ["check", "nowhere"];
    let in_english = said(&[], &check);
    let in_chinese = said(&[("LANG", "zh_CN.UTF-8")], &check);
    assert!(in_english.starts_with("error[usage]: there is no `nowhere`\n"));
    assert!(in_chinese.starts_with("错误[usage]: 没有 `nowhere`\n"));
    assert_eq!(said(&[("LANG", "C")], &check), in_english);
    assert_eq!(said(&[("LANG", "de_DE.UTF-8")], &check), in_english);
    assert_eq!(
        said(&[("LC_ALL", "C"), ("LANG", "zh_CN")], &check),
        in_english
    );
    assert_eq!(
        said(&[("LC_MESSAGES", "zh"), ("LANG", "C")], &check),
        in_chinese
    );
    for lang in ["zh", "zh-CN", "ZH_TW"] {
        assert_eq!(said(&[], &["--lang", lang, "check", "nowhere"]), in_chinese);
    }
    let chinese = [("LANG", "zh_CN.UTF-8")];
    assert_eq!(
        said(&chinese, &["check", "nowhere", "--lang=en"]),
        in_english
    );
    assert_eq!(
        said(&chinese, &["check", "nowhere", "--lang", "auto"]),
        in_chinese
    );
}

#[test]
fn programs_read_english() {
    let folder = copy_of(&fixture("broken-fields"));
    for arguments in [
        &["--message-format", "json", "check", "fields.md"][..],
        &["--message-format", "json", "check", "nowhere.md"],
        &["--message-format", "sarif", "check", "fields.md"],
        &["schema", "issue"],
        &["completions", "bash"],
        &["man"],
        &["--version"],
    ] {
        let plain = run(folder.path(), arguments);
        let in_chinese = chinese(folder.path(), arguments);
        assert_eq!(plain.stdout, in_chinese.stdout, "{arguments:?}");
        assert_eq!(plain.code, in_chinese.code, "{arguments:?}");
        assert!(!plain.stdout.is_empty());
    }
}
