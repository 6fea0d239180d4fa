//! `import`: what others have written becomes an issue that loads and builds.

use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use offprint_tests::lookup::{Failure, Server};
use offprint_tests::{
    Ran, SMALL_SERIES, command, files_below, finish, fixture, folder_with, read_text, run, write,
};
use serde_json::Value;

/// A digest as it is copied from a page, in our own words.
const PAGE: &str = "\
登录 注册
首页 > 深度学习

本周读什么:记忆与对比学习

读文小组 来源:读文小组 作者:小舟 2026-01-09 08:30 次阅读

导读

这一周挑了三篇,两篇讲记忆,一篇讲对比学习。

记忆

Memformer: The Memory-Augmented Transformer

长序列一来,注意力就吃不消;这篇把历史压进一块定长的记忆,时间降到线性。

论文链接:https://openreview.net/forum?id=_adSMszz_g9

Not All Memories are Created Equal: Learning to Expire

不是每条历史都值得留着。作者让模型自己定每条记忆的期限。

论文链接:https://openreview.net/forum?id=ZVBtN6B_6i7

对比学习

Contrast to Divide: Self-Supervised Pre-Training for Learning with Noisy Labels

先用对比学习热身,再分干净样本和脏样本,热身就不会记住噪声。

论文链接:https://openreview.net/forum?id=uB5x7Y2qsFR

责任编辑:xj

声明:本文仅供读文小组内部交流。
";

const BIBTEX: &str = "@inproceedings{able2020memory,
  title = {{Memory} for {LaTeX} and $O(n)$},
  author = {Able, Ann and {van der Berg}, Bo and {The Example Team}},
  booktitle = {Proceedings of Examples},
  year = {2020},
  url = {https://a.example/1},
  keywords = {memory, examples}
}

@article{broken2021,
  title = {Never closed,
  author = {Nobody}

@misc{cy2022,
  title = {Third},
  author = {Cy, Cyrus},
  eprint = {2006.05929},
  archiveprefix = {arXiv},
  annotation = {Read it *twice*.}
}
";

/// One source of each kind: its file, its text, how many papers it holds.
const SOURCES: [(&str, &str, usize); 9] = [
    ("page.txt", PAGE, 3),
    (
        "page.html",
        "<html><head><title>两篇论文 - 某站</title></head><body><nav><a href='/'>首页</a></nav>\
         <article><h1>两篇论文</h1><p>2026-01-09</p><h2>记忆</h2>\
         <h3>Memformer: The Memory-Augmented Transformer</h3><p>把历史压进一块<b>定长</b>的记忆。</p>\
         <p>论文链接：<a href='https://openreview.net/forum?id=_adSMszz_g9'>点这里</a></p>\
         <h3>Not All Memories are Created Equal: Learning to Expire</h3><p>每条记忆都有期限。</p>\
         <p>论文链接：<a href='https://openreview.net/forum?id=ZVBtN6B_6i7'>点这里</a></p>\
         </article><footer>备案号</footer></body></html>",
        2,
    ),
    ("refs.bib", BIBTEX, 3),
    (
        "refs.json",
        r#"[{"id":"a","type":"article-journal","title":"One <i>Title</i>","author":[{"family":"Able","given":"Ann"}],
           "issued":{"date-parts":[[2020,5]]},"DOI":"10.1000/x","container-title":"Journal of Samples"},
          {"id":"b","type":"paper-conference","title":"Two","URL":"https://a.example/2"}]"#,
        2,
    ),
    (
        "refs.ris",
        "TY  - JOUR\r\nTI  - 噪声标签\r\nAU  - 张, 三\r\nJO  - 某学报\r\nPY  - 2021\r\nUR  - https://a.example/1\r\nER  - \r\n",
        1,
    ),
    (
        "README.md",
        "# Awesome memory\n\n## Memory\n\n- [Memformer](https://arxiv.org/abs/2010.06891) - Keeps it small.\n\
         - **Expire-Span.** Sukhbaatar et al. ICML 2021. [[paper]](https://arxiv.org/abs/2105.06548) [[code]](https://github.com/facebookresearch/transformer-sequential)\n\n\
         ## Licence\n\nCC0\n",
        2,
    ),
    (
        "feed.xml",
        "<rss version='2.0'><channel><title>Blog</title><item><title>One</title><link>https://a.example/1</link>\
         <description>&lt;p&gt;Good.&lt;/p&gt;</description></item></channel></rss>",
        1,
    ),
    (
        "table.csv",
        "标题,作者,链接,短评\n甲,张三;李四,https://a.example/1,好\n乙,,https://a.example/2,\"也好,真的\"\n",
        2,
    ),
    (
        "links.txt",
        "# to read\narXiv:2006.05929v2\nhttps://openreview.net/forum?id=zOGdf9K8aC\n10.18653/v1/N19-1423\n",
        3,
    ),
];

fn imported(ran: &Ran) -> Value {
    let objects = ran.objects("imported");
    assert_eq!(objects.len(), 1, "{}", ran.stdout);
    objects.into_iter().next().unwrap_or_default()
}

#[test]
fn every_kind_of_source_becomes_an_issue_that_checks_and_builds() {
    for (name, text, papers) in SOURCES {
        let folder = folder_with(&[(name, text.as_bytes())]);
        let ran = run(
            folder.path(),
            &[
                "import",
                name,
                "--date",
                "2026-01-09",
                "--message-format",
                "json",
            ],
        )
        .expect(0);
        let told = imported(&ran);
        assert_eq!(told["papers"], papers, "{name}: {}", ran.stdout);
        let path = told["path"].as_str().unwrap();
        assert_eq!(path, "2026-01-09.md");
        let _ = run(folder.path(), &["check", path]).expect(0);
        let _ = run(folder.path(), &["build", path]).expect(0);
        let made = files_below(&folder.path().join("public/2026-01-09"));
        for ending in [".epub", ".pdf", ".wechat.html"] {
            assert!(
                made.iter().any(|(file, _)| file.ends_with(ending)),
                "{name}"
            );
        }
    }
}

#[test]
fn the_four_forms_hold_one_issue() {
    for (name, text, _) in SOURCES {
        let mut feeds = Vec::new();
        for form in ["md", "yaml", "toml", "json"] {
            let folder = folder_with(&[(name, text.as_bytes())]);
            let out = format!("issue.{form}");
            let arguments = [
                "import",
                name,
                "--date",
                "2026-01-09",
                "--to",
                form,
                "-o",
                &out,
            ];
            let _ = run(folder.path(), &arguments).expect(0);
            let _ = run(folder.path(), &["build", &out, "--format", "rss"]).expect(0);
            feeds.push(read_text(&folder.path().join("public/papers.json")));
        }
        for feed in &feeds {
            assert_eq!(feed, &feeds[0], "{name}");
        }
    }
}

#[test]
fn a_page_is_told_in_a_few_lines_and_explained_on_demand() {
    let folder = folder_with(&[("page.txt", PAGE.as_bytes())]);
    let ran = run(folder.path(), &["import", "page.txt", "--explain"]).expect(0);
    for line in [
        "  read    本周读什么:记忆与对比学习 · 2026-01-09 08:30 · 读文小组\n",
        "  found   2 sections, 3 papers\n",
        "  wrote   2026-01-09.md\n",
        "Next: offprint check 2026-01-09.md\n",
    ] {
        assert!(ran.stdout.contains(line), "{line}: {}", ran.stdout);
    }
    // Every line of the page has its fate, the site's own among them.
    for line in PAGE.lines().filter(|line| !line.trim().is_empty()) {
        let start: String = line.trim().chars().take(10).collect();
        assert!(
            ran.stdout.contains(&format!("| {start}")),
            "{start}: {}",
            ran.stdout
        );
    }
    let login = ran.stdout.lines().find(|line| line.contains("登录 注册"));
    assert!(
        login.is_some_and(|line| line.contains("dropped")),
        "{}",
        ran.stdout
    );
    let text = read_text(&folder.path().join("2026-01-09.md"));
    assert!(!text.contains("登录"), "{text}");
    assert!(text.contains("editors: [xj]"), "{text}");
    // Another import of the same day does not touch the first.
    let ran = run(folder.path(), &["import", "page.txt"]).expect(0);
    assert!(
        ran.stdout.contains("wrote   2026-01-09-2.md"),
        "{}",
        ran.stdout
    );
    assert_eq!(read_text(&folder.path().join("2026-01-09.md")), text);
    let ran = run(
        folder.path(),
        &["import", "page.txt", "-o", "2026-01-09.md"],
    )
    .expect(2);
    assert!(ran.stderr.contains("is there already"), "{}", ran.stderr);
}

#[test]
fn a_series_takes_an_import_among_its_issues() {
    let settings = SMALL_SERIES.to_owned();
    let folder = folder_with(&[
        ("offprint.toml", settings.as_bytes()),
        ("page.txt", PAGE.as_bytes()),
    ]);
    let ran = run(folder.path(), &["import", "page.txt"]).expect(0);
    assert!(
        ran.stdout.contains("wrote   issues/2026-01-09.md"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout.contains("Next: offprint check\n"),
        "{}",
        ran.stdout
    );
    let text = read_text(&folder.path().join("issues/2026-01-09.md"));
    // The series says the language already.
    assert!(!text.contains("\nlang:"), "{text}");
    let _ = run(folder.path(), &["build"]).expect(0);
}

#[test]
fn standard_input_and_output_do() {
    let folder = folder_with(&[]);
    let mut child = command(folder.path(), &["import", "-", "-o", "-", "--title", "读"]);
    let mut child = child
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(PAGE.as_bytes())
        .unwrap();
    let ran = Ran::from(child.wait_with_output().unwrap()).expect(0);
    assert!(
        ran.stdout.starts_with("---\ntitle: 读\ndate: "),
        "{}",
        ran.stdout
    );
    assert!(ran.stdout.ends_with('\n'));
    assert!(files_below(folder.path()).is_empty());
}

#[test]
fn texts_in_other_encodings_are_read_and_told() {
    for (bytes, encoding) in [
        (encoding_rs::GB18030.encode(PAGE).0.into_owned(), "GBK"),
        (
            [0xff, 0xfe]
                .into_iter()
                .chain(PAGE.encode_utf16().flat_map(u16::to_le_bytes))
                .collect(),
            "UTF-16LE",
        ),
    ] {
        let folder = folder_with(&[("page.txt", &bytes)]);
        let ran = run(folder.path(), &["import", "page.txt", "-v"]).expect(0);
        assert!(
            ran.stderr.contains(&format!("is read as {encoding}")),
            "{}",
            ran.stderr
        );
        assert!(
            ran.stdout.contains("2 sections, 3 papers"),
            "{}",
            ran.stdout
        );
    }
}

#[test]
fn what_the_source_does_not_say_is_told() {
    let folder = folder_with(&[("refs.bib", BIBTEX.as_bytes())]);
    let mut command = command(folder.path(), &["import", "refs.bib"]);
    let ran = finish(command.env("SOURCE_DATE_EPOCH", "1767916800")).expect(0);
    assert!(
        ran.stderr.contains("warning[import::no-title]"),
        "{}",
        ran.stderr
    );
    assert!(
        ran.stderr.contains("the issue is dated 2026-01-09"),
        "{}",
        ran.stderr
    );
    // A broken entry is told with its line; the others are there.
    assert!(ran.stderr.contains("refs.bib:10:"), "{}", ran.stderr);
    let text = read_text(&folder.path().join("2026-01-09.md"));
    assert!(text.contains("### Memory for LaTeX and $O(n)$\n"), "{text}");
    assert!(
        text.contains("Ann Able; Bo van der Berg; The Example Team"),
        "{text}"
    );
    assert!(text.contains("Read it"), "{text}");
    // Who minds warnings gets no issue with any.
    let arguments = ["import", "refs.bib", "-o", "x.md", "--deny-warnings"];
    let _ = run(folder.path(), &arguments).expect(1);
    assert!(!folder.path().join("x.md").exists());
}

#[test]
fn what_cannot_be_imported_is_told_without_a_trace_on_disk() {
    let issue = read_text(&fixture("iclr-2021").join("issues/2020-11-02-ssl-transformer.md"));
    let cases: [(&str, &[u8], i32, &str); 7] = [
        ("empty.txt", b"", 2, "is empty"),
        (
            "picture.png",
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
            2,
            "holds no text",
        ),
        ("issue.md", issue.as_bytes(), 2, "is an issue already"),
        (
            "broken.xml",
            b"<rss><channel>\n<item><title>x</item>",
            1,
            "broken.xml:2:",
        ),
        ("table.csv", b"a,b\n1,2\n", 1, "table.csv:1:"),
        ("no.bib", b"% nothing\n", 1, "no.bib"),
        ("news.txt", "今天天气很好。\n".as_bytes(), 1, "news.txt"),
    ];
    for (name, bytes, code, words) in cases {
        let folder = folder_with(&[(name, bytes)]);
        let ran = run(folder.path(), &["import", name]).expect(code);
        assert!(ran.stderr.contains(words), "{name}: {}", ran.stderr);
        assert_eq!(files_below(folder.path()).len(), 1, "{name}");
    }
    let folder = folder_with(&[]);
    for (arguments, words) in [
        (
            ["import", "missing.txt"].as_slice(),
            "there is no `missing.txt`",
        ),
        (&["import", "."], "is no regular file"),
        (
            &["import", "x.txt", "nowhere"],
            "there is no folder `nowhere`",
        ),
        (&["import", "x.txt", "--date", "2026-02-30"], "2026-02"),
        (&["import", "x.txt", "--issue-lang", "!"], "no language tag"),
    ] {
        let ran = run(folder.path(), arguments).expect(2);
        assert!(ran.stderr.contains(words), "{arguments:?}: {}", ran.stderr);
    }
}

#[test]
fn equal_sources_give_equal_issues() {
    for (name, text, _) in SOURCES {
        let issues: Vec<String> = (0..2)
            .map(|_| {
                let folder = folder_with(&[]);
                write(&folder.path().join(name), text.as_bytes());
                let arguments = ["import", name, "--date", "2026-01-09", "-o", "-"];
                run(Path::new(folder.path()), &arguments).expect(0).stdout
            })
            .collect();
        assert_eq!(issues[0], issues[1]);
    }
}

/// The program, asking a server of this machine, remembering in a folder of its own.
fn online(folder: &Path, server: &Server, arguments: &[&str]) -> Ran {
    let mut command = command(folder, arguments);
    command
        .env("OFFPRINT_ARXIV_API", server.arxiv())
        .env("OFFPRINT_CROSSREF_API", server.crossref())
        .env("OFFPRINT_OPENREVIEW_API", server.openreview())
        .env("OFFPRINT_OPENREVIEW_V1_API", server.openreview_v1())
        .env("OFFPRINT_LOOKUP_WAIT", "1")
        .env("XDG_CACHE_HOME", folder.join("cache"))
        .env("SOURCE_DATE_EPOCH", "1767916800");
    for proxy in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        command.env_remove(proxy);
    }
    finish(&mut command)
}

const LINKS: &str = "arXiv:2001.00001\nhttps://arxiv.org/abs/2001.90000\n10.1000/fold\n";

#[test]
fn facts_come_from_the_services_and_are_remembered() {
    let server = Server::start();
    let folder = folder_with(&[("links.txt", LINKS.as_bytes())]);
    let ran = online(
        folder.path(),
        &server,
        &["import", "links.txt", "--online", "-o", "first.md"],
    )
    .expect(0);
    let text = read_text(&folder.path().join("first.md"));
    assert!(
        text.contains("### Folding $\\mathcal{O}(n)$ Cranes & Boats"),
        "{text}"
    );
    assert!(text.contains("- venue: Journal of Paper\n"), "{text}");
    // One that is not there is told, and kept as it was written.
    assert!(text.contains("### arXiv:2001.90000\n"), "{text}");
    assert!(ran.stderr.contains("2001.90000"), "{}", ran.stderr);
    assert!(
        ran.stdout.contains("  learnt  facts of 2 papers\n"),
        "{}",
        ran.stdout
    );
    assert!(!server.requests().is_empty());
    // What was learnt is asked for once.
    let again = &["import", "links.txt", "--online", "-o", "second.md"];
    let ran = online(folder.path(), &server, again).expect(0);
    assert!(ran.stdout.contains("from memory"), "{}", ran.stdout);
    let asked = server.requests();
    assert!(
        asked.iter().all(|target| !target.contains("2001.00001")),
        "{asked:?}"
    );
    assert_eq!(read_text(&folder.path().join("second.md")), text);
    let anew = &[
        "import",
        "links.txt",
        "--online",
        "--refresh",
        "-o",
        "third.md",
    ];
    let _ = online(folder.path(), &server, anew).expect(0);
    assert!(
        server
            .requests()
            .iter()
            .any(|target| target.contains("2001.00001"))
    );
}

#[test]
fn a_service_that_fails_costs_its_facts_alone() {
    let server = Server::start();
    for _ in 0..4 {
        server.fail("/crossref", Failure::Status(503, Some(0)));
    }
    server.fail("/arxiv", Failure::Status(429, Some(0)));
    let folder = folder_with(&[("links.txt", LINKS.as_bytes())]);
    let ran = online(folder.path(), &server, &["import", "links.txt", "--online"]).expect(0);
    let text = read_text(&folder.path().join("2026-01-09.md"));
    assert!(text.contains("Cranes & Boats"), "{text}");
    assert!(text.contains("### doi:10.1000/fold\n"), "{text}");
    assert!(ran.stderr.contains("doi:10.1000/fold"), "{}", ran.stderr);
    let _ = run(folder.path(), &["check", "2026-01-09.md"]).expect(0);
    // Without being asked to, the program asks nobody.
    let _ = server.requests();
    let _ = online(folder.path(), &server, &["import", "links.txt"]).expect(0);
    assert_eq!(server.requests(), Vec::<String>::new());
    let mut command = command(
        folder.path(),
        &["import", "links.txt", "--online", "-o", "x.md"],
    );
    let ran = finish(command.env("OFFPRINT_ARXIV_API", "nowhere")).expect(2);
    assert!(ran.stderr.contains("OFFPRINT_ARXIV_API"), "{}", ran.stderr);
}
