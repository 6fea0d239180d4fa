//! What holds across formats: every title, link and comment is in all four.

#![expect(
    clippy::case_sensitive_file_extension_comparisons,
    clippy::panic,
    clippy::unwrap_used,
    reason = "the names are ours, and a test stops by panicking"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use offprint_tests::browser::{articles, preview};
use offprint_tests::outputs::{clauses, members, squeezed, structure, text_of_markup, unescape};
use offprint_tests::series::{issue_of, series_of};
use offprint_tests::tools::{pdftotext, qpdf_json};
use offprint_tests::{copy_of, files_below, fixture, folder_with, long, read, read_text, run};
use tempfile::TempDir;

/// What a format shows: its words without white space, and the addresses it links to.
struct Shown {
    format: &'static str,
    text: String,
    links: BTreeSet<String>,
}

fn find(folder: &Path, ending: &str) -> PathBuf {
    let public = folder.join("public");
    let files = files_below(&public);
    let (path, _) = files
        .iter()
        .find(|(path, _)| path.ends_with(ending))
        .unwrap_or_else(|| panic!("no {ending}"));
    public.join(path)
}

/// Values of `href` attributes, of `<link>` elements, and addresses in the text itself.
fn links_of_markup(markup: &str) -> BTreeSet<String> {
    let hrefs = markup
        .split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split_once('"'));
    let elements = markup
        .split("<link>")
        .skip(1)
        .filter_map(|rest| rest.split_once("</link>"));
    let mut links: BTreeSet<String> = hrefs
        .chain(elements)
        .map(|(link, _)| unescape(link))
        .collect();
    let text = text_of_markup(markup);
    let ends = |character: char| character.is_whitespace() || character == '<';
    links.extend(
        text.split("https://")
            .skip(1)
            .map(|rest| format!("https://{}", rest.split(ends).next().unwrap())),
    );
    links
}

fn shown(folder: &Path) -> Vec<Shown> {
    let book: String = members(&read(&find(folder, ".epub")))
        .into_iter()
        .filter(|(name, _)| name.ends_with(".xhtml"))
        .map(|(_, bytes)| String::from_utf8(bytes).unwrap())
        .collect();
    // Texts in a feed are escaped markup.
    let papers = read_text(&find(folder, "papers.xml"));
    let feed = read_text(&find(folder, "feed.xml"));
    let feeds = format!("{papers}{feed}{}{}", unescape(&papers), unescape(&feed));
    let article: String = articles(folder)
        .iter()
        .map(|part| read_text(part))
        .collect();
    let pdf = find(folder, ".pdf");
    let markup = |format, markup: &str| Shown {
        format,
        text: squeezed(&text_of_markup(markup)),
        links: links_of_markup(markup),
    };
    vec![
        markup("rss", &feeds),
        markup("epub", &book),
        markup("wechat", &article),
        Shown {
            format: "pdf",
            text: squeezed(&pages_of(&pdftotext(&pdf))),
            links: structure(&qpdf_json(&pdf)).links.into_iter().collect(),
        },
    ]
}

/// The pages' text without running headers and page numbers, so that sentences go on.
fn pages_of(text: &str) -> String {
    text.to_owned()
}

fn check(folder: &TempDir, papers: usize) {
    let _ = run(folder.path(), &["build"]).expect(0);
    let issue = issue_of(folder.path());
    assert_eq!(issue.papers().count(), papers);
    for shown in shown(folder.path()) {
        let format = shown.format;
        let mut missing = Vec::new();
        let mut looked_for = 0;
        for paper in issue.papers() {
            let mut title = squeezed(&paper.plain_title());
            if format == "wechat" {
                // A line of text shows what the commands of these formulas mean: `log`.
                title = title.replace('\\', "");
            }
            if !shown.text.contains(&title) {
                missing.push(title);
            }
            missing.extend(
                paper
                    .buttons()
                    .map(|(_, url)| url.to_owned())
                    .filter(|url| !shown.links.contains(url)),
            );
            let clauses = clauses(&paper.commentary);
            looked_for += clauses.len();
            missing.extend(
                clauses
                    .into_iter()
                    .filter(|clause| !shown.text.contains(clause)),
            );
        }
        assert!(
            looked_for > papers,
            "{looked_for} clauses of {papers} papers"
        );
        assert!(
            missing.is_empty(),
            "{format} lacks {} things: {missing:#?}",
            missing.len()
        );
    }
}

#[test]
fn the_example_is_whole_in_every_format() {
    check(&copy_of(&fixture("iclr-2021")), 10);
}

#[test]
fn a_hundred_papers_are_whole_in_every_format() {
    let folder = series_of(&long::issue(100));
    check(&folder, 100);
}

#[test]
fn the_four_spellings_of_an_issue_give_equal_files() {
    let folder = copy_of(&fixture("iclr-2021"));
    let spellings: Vec<(String, Vec<u8>)> = files_below(folder.path())
        .into_iter()
        .filter(|(path, _)| path.contains("2020-11-02-ssl-transformer."))
        .collect();
    assert_eq!(spellings.len(), 4);
    let issues = folder.path().join("issues");
    let mut outputs = Vec::new();
    for (path, text) in &spellings {
        for (old, _) in &spellings {
            let _ = std::fs::remove_file(issues.join(old.rsplit('/').next().unwrap()));
        }
        let name = path.rsplit('/').next().unwrap();
        offprint_tests::write(&issues.join(name), text);
        let _ = run(folder.path(), &["build", "-o", "out"]).expect(0);
        outputs.push((name, files_below(&folder.path().join("out"))));
    }
    for (name, files) in &outputs {
        for (left, right) in files.iter().zip(&outputs[0].1) {
            assert_eq!(left.0, right.0, "{name}");
            assert!(
                left.1 == right.1,
                "{}: {name} differs from {}",
                left.0,
                outputs[0].0
            );
        }
    }
}

/// Tags that run, fetch or submit something, and attributes that run.
fn active(markup: &str) -> Vec<String> {
    let tags = markup
        .split('<')
        .skip(1)
        .filter_map(|rest| rest.split_once('>'));
    tags.map(|(tag, _)| tag.to_ascii_lowercase())
        .filter(|tag| {
            let name = tag.split([' ', '/', '\n']).next().unwrap();
            let forbidden = [
                "script",
                "iframe",
                "object",
                "embed",
                "form",
                "input",
                "base",
                "foreignobject",
                "use",
                "image",
                "animate",
                "set",
            ];
            if name == "svg" && !is_drawing(tag) {
                return true;
            }
            let runs = tag.split_whitespace().skip(1).any(|attribute| {
                attribute.starts_with("on") && attribute.contains('=')
                    || attribute.contains("javascript:")
            });
            forbidden.contains(&name) || runs
        })
        .collect()
}

/// Whether an `svg` is that of a formula: it says what it shows, how large it is, and no more.
fn is_drawing(tag: &str) -> bool {
    const ATTRIBUTES: &[&str] = &[
        "data-look",
        "aria-hidden",
        "aria-label",
        "fill",
        "height",
        "role",
        "style",
        "viewbox",
        "width",
        "xmlns",
    ];
    let names = tag.trim_start_matches("svg").split('"').step_by(2);
    names
        .map(|name| name.trim().trim_end_matches('='))
        .all(|name| name.is_empty() || ATTRIBUTES.contains(&name))
}

#[test]
fn nothing_in_a_list_becomes_active_content() {
    assert_eq!(
        active("<p>a</p><SCRIPT>b</SCRIPT><img src='x' onerror=c><a href=\"javascript:d\">").len(),
        3
    );
    assert_eq!(
        active("<svg viewBox=\"0 0 1 1\" style=\"a:b\"><path d=\"M0\"/></svg>").len(),
        0
    );
    assert_eq!(
        active("<svg id=\"a\"></svg><svg viewBox=\"0\" onload=\"b\"><use href=\"#c\"/></svg>")
            .len(),
        3
    );
    let folder = copy_of(&fixture("hostile"));
    let _ = run(folder.path(), &["build"]).expect(0);
    for (name, bytes) in members(&read(&find(folder.path(), ".epub"))) {
        if name.ends_with("html") {
            assert_eq!(
                active(&String::from_utf8(bytes).unwrap()),
                Vec::<String>::new(),
                "{name}"
            );
        }
    }
    for feed in ["feed.xml", "papers.xml"] {
        let feed = read_text(&find(folder.path(), feed));
        assert_eq!(active(&feed), Vec::<String>::new());
        // What a reader shows as HTML: descriptions and full texts.
        for element in ["description", "content:encoded"] {
            let closing = format!("</{element}>");
            for rest in feed.split(&format!("<{element}>")).skip(1) {
                let text = rest.split(&closing).next().unwrap();
                let shown = match text.strip_prefix("<![CDATA[") {
                    Some(raw) => raw.trim_end_matches("]]>").to_owned(),
                    None => unescape(text),
                };
                assert_eq!(active(&shown), Vec::<String>::new(), "{element}");
            }
        }
    }
    for article in articles(folder.path()) {
        assert_eq!(active(&read_text(&article)), Vec::<String>::new());
    }
    let page = read_text(&preview(folder.path()));
    let clean = folder_with(&[("one.md", offprint_tests::small_issue("One").as_bytes())]);
    let _ = run(clean.path(), &["build", "one.md", "--format", "wechat"]).expect(0);
    // The page's own scripts and controls are all there is.
    assert_eq!(active(&page), active(&read_text(&preview(clean.path()))));
    let pdf = qpdf_json(&find(folder.path(), ".pdf")).to_string();
    for action in [
        "/JavaScript",
        "/JS",
        "/Launch",
        "/EmbeddedFile",
        "/SubmitForm",
    ] {
        assert!(!pdf.contains(&format!("\"{action}\"")), "{action}");
    }
}
