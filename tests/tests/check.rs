//! What `check` finds and mends, and its findings as SARIF.

use std::fs;
use std::path::Path;

use offprint_tests::tools::sarif_faults;
use offprint_tests::{
    Ran, SMALL_SERIES, command, copy_of, files_below, finish, fixture, folder_with, read,
    read_text, run, small_issue, write,
};
use serde_json::Value;

const MARKDOWN: &str = "---\n# 刊头，注释留着\ntitle: 一期\ndate: 2020年11月2日   # 周一\nlang: zh-CN\n\
    declaration: 转载请注明。\neditros: [张三]\nsource: { name: 某号, url: mp.weixin.qq.com/s/a }\n---\n\n\
    <!-- 别动 -->\n导读，见https://arxiv.org/abs/2006.05929一文。其一,比较 [这个](http://github.com/a/b \"题\")。\n\n\
    ## 节\n\n### 一篇 [A  Paper](http://openreview.net/forum?id=zOGdf9K8aC&utm_source=x)\n\n\
    - 代码：github.com/a/b#readme\n- 全文:   <http://arxiv.org/pdf/2006.05929v1>；\n\n评（一)。\n\n\
    ### B\n\n- 链接：https://arxiv.org/pdf/1706.03762.pdf\n\n评。\n";
const MARKDOWN_MENDED: &str = "---\n# 刊头，注释留着\ntitle: 一期\ndate: 2020-11-02   # 周一\nlang: zh-CN\n\
    declaration: 转载请注明。\neditors: [张三]\nsource: { name: 某号, url: https://mp.weixin.qq.com/s/a }\n---\n\n\
    <!-- 别动 -->\n导读，见<https://arxiv.org/abs/2006.05929>一文。其一，比较 [这个](https://github.com/a/b \"题\")。\n\n\
    ## 节\n\n### 一篇 [A  Paper](https://openreview.net/forum?id=zOGdf9K8aC)\n\n\
    - 代码：https://github.com/a/b#readme\n- 全文:   <https://arxiv.org/pdf/2006.05929v1>；\n\n评（一）。\n\n\
    ### B\n\n- 链接：https://arxiv.org/abs/1706.03762\n- 全文：https://arxiv.org/pdf/1706.03762.pdf\n\n评。\n";

const YAML: &str = "title: T # a comment\ndate: '2020/11/2'\nlang: en\nlicence: MIT\npapers:\n  \
    - title: P\n    url: \"http://arxiv.org/abs/2006.05929\"   # kept\n    commentray: |\n      \
    See http://doi.org/10.1000/182 for more.\n";
const YAML_MENDED: &str = "title: T # a comment\ndate: '2020-11-02'\nlang: en\nlicence: MIT\npapers:\n  \
    - title: P\n    url: \"https://arxiv.org/abs/2006.05929\"   # kept\n    commentary: |\n      \
    See https://doi.org/10.1000/182 for more.\n";

const TOML: &str = "# kept\ntitle = 'T'\ndate = \"2020.11.02\"\nlang = \"en\"\nlicense = \"MIT\" # kept\n\
    [[papers]]\ntitle = \"P\"\nurl   =   \"openreview.net/forum?id=zOGdf9K8aC\"\ncommentary = \"\"\"\nWords.\"\"\"\n";
const TOML_MENDED: &str = "# kept\ntitle = 'T'\ndate = \"2020-11-02\"\nlang = \"en\"\nlicense = \"MIT\" # kept\n\
    [[papers]]\ntitle = \"P\"\nurl   =   \"https://openreview.net/forum?id=zOGdf9K8aC\"\ncommentary = \"\"\"\nWords.\"\"\"\n";

const JSON: &str = "{\n\t\"titel\": \"T\", \"date\": \"2020-11-2\",\n  \"lang\": \"en\", \"license\": \"MIT\",\n  \
    \"papers\": [{\"title\": \"P\", \"url\": \"http:\\/\\/arxiv.org/abs/2006.05929\",\n  \
    \"code\": \"http://github.com/a/b?utm_source=a\\u0026x=1\", \"pdf\": \"http://arxiv.org/pdf/1\", \"commentary\": \"W.\"}]}";
const JSON_MENDED: &str = "{\n\t\"title\": \"T\", \"date\": \"2020-11-02\",\n  \"lang\": \"en\", \"license\": \"MIT\",\n  \
    \"papers\": [{\"title\": \"P\", \"url\": \"http:\\/\\/arxiv.org/abs/2006.05929\",\n  \
    \"code\": \"http://github.com/a/b?utm_source=a\\u0026x=1\", \"pdf\": \"https://arxiv.org/pdf/1\", \"commentary\": \"W.\"}]}";

/// Mends a file, which must come to be `wanted` to the byte, and stay so.
fn check_mended(name: &str, written: &[u8], wanted: &[u8]) {
    let folder = folder_with(&[(name, written)]);
    let path = folder.path().join(name);
    let ran = run(folder.path(), &["check", "--fix", "--dry-run", name]);
    assert!(ran.stdout.contains("to mend"), "{}", ran.stdout);
    assert_eq!(read(&path), written, "a dry run wrote to {name}");
    let ran = run(folder.path(), &["check", "--fix", name]);
    assert!(
        ran.stdout.contains(&format!("mended  {name}:")),
        "{}",
        ran.stdout
    );
    let mended = read(&path);
    assert_eq!(
        String::from_utf8_lossy(&mended),
        String::from_utf8_lossy(wanted)
    );
    assert_eq!(mended, wanted);
    let again = run(folder.path(), &["check", "--fix", name]);
    assert!(!again.stdout.contains("mended"), "{}", again.stdout);
    assert!(!again.stdout.contains("--fix"), "{}", again.stdout);
    assert_eq!(read(&path), wanted);
    assert_eq!(files_below(folder.path()).len(), 1);
}

#[test]
fn a_mend_changes_what_it_says_and_no_other_byte() {
    check_mended("a.md", MARKDOWN.as_bytes(), MARKDOWN_MENDED.as_bytes());
    check_mended("a.yaml", YAML.as_bytes(), YAML_MENDED.as_bytes());
    check_mended("a.toml", TOML.as_bytes(), TOML_MENDED.as_bytes());
    check_mended("a.json", JSON.as_bytes(), JSON_MENDED.as_bytes());
}

#[test]
fn line_ends_and_a_byte_order_mark_stay() {
    let windows = |text: &str| format!("\u{feff}{}", text.replace('\n', "\r\n"));
    for (name, written, wanted) in [
        ("a.md", MARKDOWN, MARKDOWN_MENDED),
        ("a.yaml", YAML, YAML_MENDED),
        ("a.toml", TOML, TOML_MENDED),
        ("a.json", JSON, JSON_MENDED),
    ] {
        check_mended(
            name,
            windows(written).as_bytes(),
            windows(wanted).as_bytes(),
        );
    }
}

#[test]
fn the_settings_of_a_series_are_mended_too() {
    let settings = format!(
        "{}# kept\nlicnse = \"MIT\"\npublisher = \"x\"\n[check]\ndeny = [\"http-link\"]\n",
        SMALL_SERIES.replace("https://small", "small")
    );
    let folder = folder_with(&[
        ("offprint.toml", settings.as_bytes()),
        ("issues/one.md", small_issue("One").as_bytes()),
    ]);
    let _ = run(folder.path(), &["check", "--fix"]).expect(0);
    let wanted = settings
        .replace("\"small.", "\"https://small.")
        .replace("licnse", "license");
    assert_eq!(read_text(&folder.path().join("offprint.toml")), wanted);
}

#[test]
fn what_is_allowed_is_not_mended_and_a_locked_file_stops_it() {
    let settings = format!("{SMALL_SERIES}[check]\nallow = [\"http-link\"]\n");
    let issue = small_issue("One").replace(
        "https://papers.example.org/1",
        "http://arxiv.org/abs/1706.03762",
    );
    let folder = folder_with(&[
        ("offprint.toml", settings.as_bytes()),
        ("issues/one.md", issue.as_bytes()),
    ]);
    let _ = run(folder.path(), &["check", "--fix"]).expect(0);
    let path = folder.path().join("issues/one.md");
    assert_eq!(read_text(&path), issue);
    write(
        &folder.path().join("offprint.toml"),
        SMALL_SERIES.as_bytes(),
    );
    let mut mode = fs::metadata(&path).unwrap().permissions();
    mode.set_readonly(true);
    fs::set_permissions(&path, mode).unwrap();
    let ran = run(folder.path(), &["check", "--fix"]).expect(3);
    assert!(ran.stderr.contains("write-protected"), "{}", ran.stderr);
    assert_eq!(read_text(&path), issue);
}

#[test]
fn a_mended_list_is_published_as_before_but_for_the_mends() {
    let folder = folder_with(&[("a.md", MARKDOWN_MENDED.as_bytes())]);
    let bracketed = run(folder.path(), &["build", "a.md", "-o", "one"]).expect(0);
    assert!(bracketed.stdout.contains("Built"), "{}", bracketed.stdout);
    let bare = MARKDOWN_MENDED.replace(
        "见<https://arxiv.org/abs/2006.05929>一",
        "见https://arxiv.org/abs/2006.05929一",
    );
    assert_ne!(bare, MARKDOWN_MENDED);
    write(&folder.path().join("a.md"), bare.as_bytes());
    let _ = run(folder.path(), &["build", "a.md", "-o", "other"]).expect(0);
    let all = |name: &str| {
        let files = files_below(&folder.path().join(name));
        // The page of an issue attaches the list itself.
        files
            .into_iter()
            .filter(|(path, _)| path != "a/a.pdf")
            .collect::<Vec<_>>()
    };
    assert_eq!(all("one"), all("other"));
}

/// Each rule with a list that breaks it, and where that is told.
const RULES: &[(&str, &str, &str)] = &[
    (
        "arxiv-pdf-link",
        "### P\n\n- 链接: https://arxiv.org/pdf/1706.03762\n\n评。",
        "11:7",
    ),
    ("bare-url-cjk", "见https://a.example.org/b看。", "9:2"),
    (
        "heading-skip",
        "## 节\n\n### [P](https://a.example.org/)\n\n评。\n\n##### 一\n",
        "15:1",
    ),
    ("http-link", "[一](http://arxiv.org/abs/1706.03762)", "9:5"),
    (
        "lang-mismatch",
        "### [A Paper of Words](https://a.example.org/)\n\n- lang: zh\n\n评。",
        "11:9",
    ),
    ("mixed-width-punctuation", "一二,三四。", "9:3"),
    (
        "no-code-link",
        "### [P](https://a.example.org/)\n\n代码已开源。",
        "9:5",
    ),
    ("no-space-cjk-latin", "用BERT做。", "9:1"),
    (
        "tracking-parameter",
        "https://a.example.org/?utm_source=x",
        "9:1",
    ),
    (
        "url-no-scheme",
        "### P\n\n- 链接: a.example.org/x\n\n评。",
        "11:7",
    ),
];

const HEAD: &str =
    "---\ntitle: 一期\ndate: 2020-11-02\nlang: zh-CN\ndeclaration: 转载请注明。\nid: a\n---\n\n";

#[test]
fn every_rule_tells_where_it_is_broken_and_can_be_denied_and_allowed() {
    for (rule, body, place) in RULES {
        let issue = format!("{HEAD}{body}\n");
        for (settings, severity) in [
            (String::new(), None),
            (format!("[check]\ndeny = [\"{rule}\"]\n"), Some("error")),
            (format!("[check]\nallow = [\"{rule}\"]\n"), Some("")),
        ] {
            let settings = format!("{SMALL_SERIES}{settings}");
            let folder = folder_with(&[
                ("offprint.toml", settings.as_bytes()),
                ("issues/a.md", issue.as_bytes()),
            ]);
            let ran = run(folder.path(), &["check", "--message-format", "json"]);
            let found = ran.objects("diagnostic");
            let found: Vec<&Value> = found.iter().filter(|it| it["code"] == *rule).collect();
            if severity == Some("") {
                assert!(found.is_empty(), "{rule}: {found:?}");
                continue;
            }
            let [found] = found.as_slice() else {
                panic!("{rule}: {}", ran.stdout);
            };
            assert_eq!(
                format!("{}:{}", found["line"], found["column"]),
                *place,
                "{rule}"
            );
            assert_eq!(found["path"], "issues/a.md");
            let is_told = found["hints"]
                .as_array()
                .is_some_and(|hints| !hints.is_empty());
            assert!(is_told, "{rule} says not what to do");
            if let Some(severity) = severity {
                assert_eq!(found["severity"], severity, "{rule}");
            }
        }
        assert_eq!(
            codes(&format!("{HEAD}一 BERT 二，（三）。\n")),
            Vec::<String>::new()
        );
    }
}

/// The codes of what is found in a lone list.
fn codes(issue: &str) -> Vec<String> {
    let folder = folder_with(&[("a.md", issue.as_bytes())]);
    run(
        folder.path(),
        &["check", "a.md", "--message-format", "json"],
    )
    .codes()
}

fn at(folder: &Path, now: &str) -> Ran {
    let mut check = command(folder, &["check", "--message-format", "json"]);
    finish(check.env("SOURCE_DATE_EPOCH", now))
}

#[test]
fn the_day_is_told_by_check_and_never_by_build() {
    let issue = small_issue("One")
        .replace("date: 2020-11-02", "date: 2020-11-02\ndeclaration: 一")
        .replace("- 链接", "- 状态: 投稿中\n- 链接");
    let folder = folder_with(&[
        ("offprint.toml", SMALL_SERIES.as_bytes()),
        ("issues/one.md", issue.as_bytes()),
    ]);
    assert_eq!(at(folder.path(), "1604246400").codes(), ["future-date"]);
    assert_eq!(
        at(folder.path(), "1606000000").codes(),
        Vec::<String>::new()
    );
    let later = at(folder.path(), "1704067200");
    assert_eq!(later.codes(), ["stale-status"]);
    assert_eq!(later.objects("diagnostic")[0]["line"], 14);
    for now in ["1604246400", "1704067200"] {
        let mut build = command(folder.path(), &["build", "--deny-warnings"]);
        let _ = finish(build.env("SOURCE_DATE_EPOCH", now)).expect(0);
    }
}

#[test]
fn pictures_that_nothing_names_are_told_of() {
    let figure = read(&fixture(
        "kitchen-sink/issues/kitchen-sink/images/figure.png",
    ));
    let issue = small_issue("One").replace("短评一句。", "短评。\n\n![图](images/used.png)");
    let folder = folder_with(&[
        (
            "offprint.toml",
            format!("{SMALL_SERIES}declaration = \"一\"\n").as_bytes(),
        ),
        ("issues/one.md", issue.as_bytes()),
        ("issues/images/used.png", &figure),
        ("issues/images/old one.png", &figure),
        ("issues/.hidden.png", &figure),
        ("elsewhere/a.png", &figure),
    ]);
    let ran = run(folder.path(), &["check", "--message-format", "json"]).expect(0);
    let found = ran.objects("diagnostic");
    assert_eq!(ran.codes(), ["unused-image"]);
    assert_eq!(found[0]["path"], "issues/images/old one.png");
    // What an issue with errors names is not known.
    write(
        &folder.path().join("issues/two.md"),
        b"---\ntitle: x\n---\n",
    );
    let ran = run(folder.path(), &["check", "--message-format", "json"]).expect(1);
    assert!(!ran.codes().contains(&"unused-image".to_owned()));
}

/// A picture that is as long as somebody's screenshot, by a chunk that no reader looks at.
fn large(picture: &[u8], length: usize) -> Vec<u8> {
    let (before, end) = picture.split_at(picture.len() - 12);
    let mut chunk = b"ofPt".to_vec();
    chunk.resize(4 + length, 0);
    let crc = !chunk.iter().fold(u32::MAX, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
        })
    });
    let length = u32::try_from(length).unwrap_or_default();
    [
        before,
        &length.to_be_bytes(),
        &chunk,
        &crc.to_be_bytes(),
        end,
    ]
    .concat()
}

#[test]
fn pictures_that_are_too_large_are_told_of_where_they_are_named() {
    let figure = read(&fixture(
        "kitchen-sink/issues/kitchen-sink/images/figure.png",
    ));
    let issue = format!("{HEAD}![图](one.png)\n\n![图](two.png) 一 ![图](one.png)\n");
    let folder = folder_with(&[
        ("a.md", issue.as_bytes()),
        ("one.png", &large(&figure, 11 << 20)),
        ("two.png", &large(&figure, 1 << 20)),
    ]);
    let ran = run(
        folder.path(),
        &["check", "a.md", "--message-format", "json"],
    )
    .expect(0);
    assert_eq!(ran.codes(), ["image-too-large"]);
    assert_eq!(ran.objects("diagnostic")[0]["line"], 9);
    let _ = run(
        folder.path(),
        &["build", "a.md", "--format", "rss", "--deny-warnings"],
    )
    .expect(0);
}

#[test]
fn a_lone_list_answers_for_its_own_pictures() {
    let figure = read(&fixture(
        "kitchen-sink/issues/kitchen-sink/images/figure.png",
    ));
    let issue = small_issue("One").replace("短评一句。", "短评。\n\n![图](images/used.png)");
    let folder = folder_with(&[
        ("one.md", issue.as_bytes()),
        ("images/used.png", &figure),
        ("images/old.png", &figure),
        ("holiday.png", &figure),
        ("one/left.png", &figure),
    ]);
    let unused = || {
        let ran = run(
            folder.path(),
            &["check", "one.md", "--message-format", "json"],
        );
        let found = ran.objects("diagnostic").into_iter();
        let unused = found.filter(|it| it["code"] == "unused-image");
        unused
            .map(|it| it["path"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(unused(), ["images/old.png", "one/left.png"]);
    // Another list may name those of the common folder.
    write(&folder.path().join("two.md"), small_issue("Two").as_bytes());
    assert_eq!(unused(), ["one/left.png"]);
}

#[test]
fn tags_of_a_series_are_compared() {
    let issue = |title: &str, date: &str, tags: &str| {
        let head = format!("date: {date}\ntags: [{tags}]\ndeclaration: 一");
        small_issue(title)
            .replace("date: 2020-11-02", &head)
            .replace("/1", &format!("/{title}"))
    };
    let folder = folder_with(&[
        ("offprint.toml", SMALL_SERIES.as_bytes()),
        (
            "issues/a.md",
            issue("A", "2020-11-02", "预训练, Transformer").as_bytes(),
        ),
        (
            "issues/b.md",
            issue("B", "2020-11-09", "对话, Transformers").as_bytes(),
        ),
    ]);
    let ran = run(folder.path(), &["check", "--message-format", "json"]).expect(0);
    let found = ran.objects("diagnostic");
    assert_eq!(ran.codes(), ["tag-once"]);
    assert_eq!(
        (&found[0]["path"], &found[0]["line"], &found[0]["column"]),
        (&"issues/b.md".into(), &4.into(), &12.into())
    );
    assert_eq!(found[0]["severity"], "hint");
}

#[test]
fn a_misspelt_rule_of_a_format_is_told_and_a_general_one_is_known() {
    let check = "[check]\ndeny = [\"wechat::dark.contrasts\"]\nallow = [\"missing-glyph\", \"contrast\", \"image-too-large\"]\n";
    let folder = folder_with(&[
        (
            "offprint.toml",
            format!("{SMALL_SERIES}declaration = \"一\"\n{check}").as_bytes(),
        ),
        ("issues/one.md", small_issue("One").as_bytes()),
    ]);
    let ran = run(folder.path(), &["check"]).expect(0);
    assert!(
        ran.stderr.contains("did you mean `wechat::dark.contrast`?"),
        "{}",
        ran.stderr
    );
    assert!(ran.stdout.contains("0 errors, 1 warning"), "{}", ran.stdout);
}

#[test]
fn findings_come_as_sarif_that_others_take() {
    for name in [
        "broken-fields",
        "broken-markdown",
        "broken-series",
        "broken-images",
        "iclr-2021",
    ] {
        let folder = copy_of(&fixture(name));
        let mut paths: Vec<String> = files_below(folder.path())
            .into_iter()
            .map(|(path, _)| path)
            .filter(|path| !path.contains('/'))
            .collect();
        if folder.path().join("offprint.toml").exists() {
            paths = vec![".".to_owned()];
        }
        let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
        let sarif = [&["check", "--message-format", "sarif"], paths.as_slice()].concat();
        let ran = run(folder.path(), &sarif);
        assert_eq!(ran.stderr, "", "{name}");
        assert_eq!(sarif_faults(&ran.stdout), Vec::<String>::new(), "{name}");
        let document: Value = serde_json::from_str(&ran.stdout).unwrap();
        let results = document["runs"][0]["results"].as_array().unwrap();
        let json = [&["check", "--message-format", "json"], paths.as_slice()].concat();
        let json = run(folder.path(), &json);
        let found = json.objects("diagnostic");
        assert_eq!(results.len(), found.len(), "{name}");
        for (result, diagnostic) in results.iter().zip(&found) {
            assert_eq!(result["ruleId"], diagnostic["code"]);
            let region = &result["locations"][0]["physicalLocation"]["region"];
            assert_eq!(region["startLine"], diagnostic["line"]);
            assert_eq!(region["startColumn"], diagnostic["column"]);
            assert_eq!(region["endColumn"], diagnostic["end_column"]);
            assert_eq!(result["fixes"].is_array(), diagnostic["fix"].is_object());
        }
    }
}

#[test]
fn the_validator_of_sarif_finds_faults() {
    let folder = copy_of(&fixture("broken-fields"));
    let ran = run(
        folder.path(),
        &["check", "fields.md", "--message-format", "sarif"],
    )
    .expect(1);
    for (right, wrong) in [
        ("\"level\":\"error\"", "\"level\":\"hint\""),
        ("\"startLine\":", "\"startLine\":-"),
        ("\"version\":\"2.1.0\"", "\"version\":\"2.2.0\""),
        ("\"uri\":\"fields.md\"", "\"uri\":\"fields 一%.md\""),
    ] {
        assert!(ran.stdout.contains(right), "{right}");
        let faults = sarif_faults(&ran.stdout.replacen(right, wrong, 1));
        assert!(!faults.is_empty(), "{wrong} passes");
    }
}

#[test]
fn sarif_tells_what_stops_the_program_and_names_files_as_addresses() {
    let folder = folder_with(&[("第 1 期#a.md", b"no front matter")]);
    let ran = run(
        folder.path(),
        &["build", "第 1 期#a.md", "--message-format", "sarif"],
    )
    .expect(1);
    assert!(
        ran.stdout
            .contains("\"uri\":\"%E7%AC%AC%201%20%E6%9C%9F%23a.md\""),
        "{}",
        ran.stdout
    );
    assert_eq!(sarif_faults(&ran.stdout), Vec::<String>::new());
    let ran = run(
        folder.path(),
        &["check", "nothing.md", "--message-format", "sarif"],
    )
    .expect(2);
    assert!(
        ran.stdout.contains("toolExecutionNotifications"),
        "{}",
        ran.stdout
    );
    assert_eq!(sarif_faults(&ran.stdout), Vec::<String>::new());
    let ran = run(folder.path(), &["list", "--message-format", "sarif"]).expect(2);
    assert!(ran.stdout.contains("check` and `build"), "{}", ran.stdout);
}
