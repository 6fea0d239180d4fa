//! What others' validators say of the outputs.

#![expect(
    clippy::case_sensitive_file_extension_comparisons,
    reason = "the names are ours"
)]

use std::path::{Path, PathBuf};

use offprint_tests::outputs::{squeezed, text_of_markup};
use offprint_tests::tools::{
    ask, ask_gladly, browser, epubcheck, pdftotext, python, qpdf_check, tool, xmllint,
};
use offprint_tests::{
    SMALL_SERIES, copy_of, files_below, fixture, folder_with, long, read_text, run,
};
use tempfile::TempDir;

/// Built series: the fixtures, and an issue of a hundred papers.
fn built(formats: &str) -> Vec<TempDir> {
    let long = folder_with(&[
        ("offprint.toml", SMALL_SERIES.as_bytes()),
        ("issues/long.md", long::issue(100).as_bytes()),
    ]);
    let folders = vec![
        copy_of(&fixture("iclr-2021")),
        copy_of(&fixture("kitchen-sink")),
        copy_of(&fixture("hostile")),
        long,
    ];
    for folder in &folders {
        let _ = run(folder.path(), &["build", "--format", formats]).expect(0);
    }
    folders
}

/// The files below the outputs of `folders` that end so.
fn outputs(folders: &[TempDir], ending: &str) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    for folder in folders {
        let public = folder.path().join("public");
        let files = files_below(&public)
            .into_iter()
            .filter(|(path, _)| path.ends_with(ending));
        paths.extend(files.map(|(path, _)| public.join(path)));
    }
    assert!(paths.len() >= folders.len(), "too few {ending}: {paths:?}");
    paths
}

#[test]
fn epubcheck_finds_no_error_and_no_warning() {
    let folders = built("epub");
    for book in outputs(&folders, ".epub") {
        assert_eq!(epubcheck(&book), Vec::<String>::new(), "{}", book.display());
    }
}

#[test]
fn epubcheck_would_find_an_error() {
    let folder = folder_with(&[("broken.epub", b"PK\x03\x04 is not enough")]);
    assert!(!epubcheck(&folder.path().join("broken.epub")).is_empty());
}

#[test]
fn pdfs_are_whole_and_their_fonts_embedded_subset_and_mapped_to_unicode() {
    let folders = built("pdf");
    for pdf in outputs(&folders, ".pdf") {
        assert_eq!(qpdf_check(&pdf), None, "{}", pdf.display());
        let fonts = ask_gladly(tool("pdffonts").arg(&pdf));
        let lines: Vec<&str> = fonts.lines().skip(2).collect();
        assert!(!lines.is_empty(), "{fonts}");
        for line in lines {
            let columns: Vec<&str> = line.split_whitespace().rev().collect();
            // From the right: generation, object, unicode, subset, embedded.
            assert_eq!(columns[2..5], ["yes", "yes", "yes"], "{line}");
        }
    }
}

#[test]
fn pdftotext_finds_every_title_and_the_chinese_in_reading_order() {
    let folder = copy_of(&fixture("iclr-2021"));
    let _ = run(folder.path(), &["build", "--format", "pdf"]).expect(0);
    let pdf = outputs(std::slice::from_ref(&folder), ".pdf").remove(0);
    let text = squeezed(&pdftotext(&pdf));
    let source = read_text(&folder.path().join("issues/2020-11-02-ssl-transformer.md"));
    let titles: Vec<&str> = source
        .lines()
        .filter_map(|line| line.strip_prefix("### "))
        .collect();
    assert_eq!(titles.len(), 10);
    let mut at = 0;
    for title in titles {
        let title = squeezed(title);
        // Once in the contents, once at the paper.
        assert!(text.matches(title.as_str()).count() >= 2, "{title}");
        let found = text.rfind(title.as_str()).unwrap();
        assert!(found > at, "{title} comes too early");
        at = found;
    }
    let sentence = "把先验定成一个高斯，算起来省事，代价是模型被拽向一个数据并不服从的形状。";
    assert!(text.contains(sentence));
}

#[test]
fn feeds_are_well_formed_and_a_reader_finds_every_item() {
    let folders = built("rss");
    for feed in outputs(&folders, ".xml") {
        assert_eq!(xmllint(&feed), None, "{}", feed.display());
        let script = "import sys, feedparser\n\
            d = feedparser.parse(sys.argv[1])\n\
            assert not d.bozo, d.bozo_exception\n\
            assert d.version == 'rss20', d.version\n\
            assert d.feed.title and d.feed.link and d.feed.language\n\
            ids = [e.id for e in d.entries]\n\
            assert len(set(ids)) == len(ids), ids\n\
            for e in d.entries: assert e.title and e.published_parsed, e\n\
            print(len(d.entries))";
        let count = ask_gladly(python().args(["-c", script]).arg(&feed));
        let is_papers = feed.ends_with("papers.xml");
        let papers = |folder: &Path| -> usize {
            files_below(&folder.join("issues"))
                .iter()
                .filter(|(path, _)| path.ends_with(".md"))
                .map(|(_, text)| String::from_utf8_lossy(text).matches("\n### ").count())
                .sum()
        };
        let series = feed.parent().and_then(Path::parent).unwrap();
        let wanted = if is_papers { papers(series) } else { 1 };
        assert_eq!(count.trim(), wanted.to_string(), "{}", feed.display());
    }
}

#[test]
fn a_browser_shows_the_wechat_page_without_a_script_error() {
    let folders = built("wechat");
    for page in outputs(&folders, ".wechat.html") {
        let profile = folder_with(&[]);
        let picture = profile.path().join("page.png");
        let mut browser = browser();
        browser
            .args([
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--hide-scrollbars",
                "--window-size=375,800",
                "--virtual-time-budget=2000",
                "--host-resolver-rules=MAP * ~NOTFOUND",
                "--enable-logging=stderr",
                "--v=0",
            ])
            .arg(format!("--user-data-dir={}", profile.path().display()));
        let url = format!("file://{}", page.display());
        let ran = ask(browser
            .arg(format!("--screenshot={}", picture.display()))
            .arg(&url))
        .expect(0);
        let console: Vec<&str> = ran
            .stderr
            .lines()
            .filter(|line| line.contains("CONSOLE"))
            .collect();
        assert!(console.is_empty(), "{}: {console:?}", page.display());
        let png = offprint_tests::read(&picture);
        assert!(
            png.len() > 5_000,
            "{} gives a picture of {} bytes",
            page.display(),
            png.len()
        );
        assert!(!text_of_markup(&read_text(&page)).trim().is_empty());
    }
}
