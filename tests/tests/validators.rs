//! What others' validators say of the outputs; of EPUB more in `epub.rs`.

#![expect(
    clippy::case_sensitive_file_extension_comparisons,
    reason = "the names are ours"
)]

use std::fmt::Write;
use std::path::Path;

use offprint_tests::outputs::{squeezed, text_of_markup};
use offprint_tests::series::{built, outputs};
use offprint_tests::tools::{
    ask, ask_gladly, browser, pdftotext, python, qpdf_check, tool, verapdf, xmllint,
};
use offprint_tests::{copy_of, files_below, fixture, folder_with, read_text, run};

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
fn verapdf_finds_no_rule_of_pdf_ua_1_and_pdf_a_2a_broken() {
    let folders = built("pdf");
    let findings = verapdf(&outputs(&folders, ".pdf"), &["ua1", "2a"]);
    assert!(findings.is_empty(), "{findings:#?}");
}

/// A PDF of one empty page that says nothing about itself.
fn plain_pdf() -> Vec<u8> {
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Resources<<>>>>",
    ];
    let mut pdf = "%PDF-1.7\n".to_owned();
    let mut places = String::new();
    for (index, object) in objects.iter().enumerate() {
        let _ = writeln!(places, "{:010} 00000 n ", pdf.len());
        let _ = write!(pdf, "{} 0 obj\n{object}\nendobj\n", index + 1);
    }
    let start = pdf.len();
    let _ = write!(pdf, "xref\n0 4\n0000000000 65535 f \n{places}");
    let _ = write!(
        pdf,
        "trailer\n<</Root 1 0 R/Size 4>>\nstartxref\n{start}\n%%EOF\n"
    );
    pdf.into_bytes()
}

#[test]
fn verapdf_would_find_errors() {
    let folder = folder_with(&[
        ("plain.pdf", &plain_pdf()),
        ("torn.pdf", b"%PDF-1.7 is not enough"),
    ]);
    let [plain, torn] = ["plain.pdf", "torn.pdf"].map(|name| folder.path().join(name));
    let findings = verapdf(&[plain.clone(), torn.clone()], &["ua1", "2a"]);
    let has = |pdf: &Path, finding: &str| {
        let start = format!("{}: {finding}", pdf.display());
        findings.iter().any(|finding| finding.starts_with(&start))
    };
    // No mark that it is tagged, no metadata that says what it conforms to.
    assert!(has(&plain, "ua1 6.2-1 (1 times)"), "{findings:#?}");
    assert!(has(&plain, "2a 6.7.2.2-1 (1 times)"), "{findings:#?}");
    assert!(has(&torn, "ua1 "), "{findings:#?}");
    assert!(has(&torn, "2a "), "{findings:#?}");
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
    let feeds = outputs(&folders, ".xml").into_iter();
    // What is asked of the others: `feeds.rs`.
    for feed in feeds.filter(|path| path.ends_with("feed.xml") || path.ends_with("papers.xml")) {
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
    for page in outputs(&folders, ".wechat.preview.html") {
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
