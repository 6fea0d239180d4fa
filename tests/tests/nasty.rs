//! Lists that nobody would write, on pages that nobody would choose: the PDF stays whole,
//! and everything stays on the paper and apart.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops by panicking, and the pictures are small"
)]

use std::fmt::Write;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use offprint_tests::tagged::{malformed, skipped_levels};
use offprint_tests::tools::{pdf_sheets, qpdf_check, structure_tree, verapdf};
use offprint_tests::typography::{outside, overprinted};
use offprint_tests::{SMALL_SERIES, fixture, read, repository, run, write};

const SENTENCE: &str = "作者先把问题拆成两半，一半是表示怎样学，一半是表示怎样用；与 BERT 一类模型相比，\
    它在 32K 长度上省下约 40% 的显存，附录里的反例值得一读。";

/// `[pdf]`, and the margins left and right in millimetres.
const PAGES: &[(&str, f64)] = &[
    ("margin = 5\nsize = 6", 5.0),
    ("margin = 70", 70.0),
    ("paper = \"6in\"\nqr = \"papers\"", 6.0),
    ("paper = \"6in\"\nsize = 24\ncover = \"page\"", 6.0),
    ("paper = \"A5\"\ncolumns = 2\nmargin = 15", 15.0),
    ("paper = \"newsletter\"\nmargin = 10\nsize = 7", 10.0),
];

struct Made {
    name: String,
    pdf: PathBuf,
    /// Whether its page is the first of all.
    is_first: bool,
    margin: f64,
    took: Duration,
}

/// All lists on all pages, built once.
fn all() -> &'static [Made] {
    static ALL: OnceLock<Vec<Made>> = OnceLock::new();
    ALL.get_or_init(|| {
        let root = repository().join("target/presets/nasty");
        let _ = std::fs::remove_dir_all(&root);
        let mut all = Vec::new();
        for (number, (settings, margin)) in PAGES.iter().enumerate() {
            for (name, issue) in lists() {
                let folder = root.join(format!("{number}-{name}"));
                let series = format!("{SMALL_SERIES}\n[pdf]\n{settings}\n");
                write(&folder.join("offprint.toml"), series.as_bytes());
                write(&folder.join("issues/issue.md"), issue.as_bytes());
                let figure = fixture("kitchen-sink/issues/kitchen-sink/images/figure.png");
                write(&folder.join("issues/figure.png"), &read(&figure));
                write(&folder.join("issues/tall.png"), &png(1, 3_000));
                write(&folder.join("issues/wide.png"), &png(3_000, 1));
                let start = Instant::now();
                let _ = run(&folder, &["build", "--format", "pdf"]).expect(0);
                all.push(Made {
                    name: format!("{name} with {settings}"),
                    is_first: number == 0,
                    pdf: folder.join("public/issue/issue.pdf"),
                    margin: *margin,
                    took: start.elapsed(),
                });
            }
        }
        all
    })
}

fn judge(findings: impl Fn(&Made) -> Vec<String>) {
    let findings: Vec<String> = all()
        .iter()
        .flat_map(|made| {
            let about = findings(made).into_iter();
            about.map(|it| format!("{}: {it}", made.name))
        })
        .collect();
    assert!(findings.is_empty(), "{}: {findings:#?}", findings.len());
}

/// A grey picture without compression.
fn png(width: u32, height: u32) -> Vec<u8> {
    let row = [&[0][..], &vec![0x80; width as usize]].concat();
    let raw = row.repeat(height as usize);
    let length = u16::try_from(raw.len()).unwrap();
    // One stored block, and Adler's sum.
    let mut data = vec![0x78, 0x01, 0x01];
    data.extend(length.to_le_bytes());
    data.extend((!length).to_le_bytes());
    data.extend(&raw);
    let (low, high) = raw.iter().fold((1_u32, 0_u32), |(low, high), &byte| {
        let low = (low + u32::from(byte)) % 65_521;
        (low, (high + low) % 65_521)
    });
    data.extend((high << 16 | low).to_be_bytes());
    let header = [
        &width.to_be_bytes()[..],
        &height.to_be_bytes(),
        &[8, 0, 0, 0, 0],
    ]
    .concat();
    let mut picture = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, data) in [(b"IHDR", header), (b"IDAT", data), (b"IEND", Vec::new())] {
        let chunk = [&kind[..], &data].concat();
        picture.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
        picture.extend(&chunk);
        picture.extend(crc(&chunk).to_be_bytes());
    }
    picture
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
        })
    })
}

/// An issue with this body.
fn issue(body: &str) -> String {
    format!("---\ntitle: 考题\ndate: 2024-05-06\n---\n\n{body}\n")
}

/// A paper with this commentary.
fn paper(title: &str, fields: &str, commentary: &str) -> String {
    format!("### {title}\n\n- 链接: https://p.example.org/1\n{fields}\n{commentary}\n\n")
}

fn lists() -> Vec<(&'static str, String)> {
    vec![
        ("empty", issue("")),
        (
            "prose",
            issue(&format!("## 一\n\n{SENTENCE}\n\n## 二\n\n{SENTENCE}")),
        ),
        (
            "loose",
            issue(&[1, 2, 3].map(|_| paper("A Paper", "", SENTENCE)).concat()),
        ),
        ("words", words()),
        ("blocks", blocks()),
        ("notes", notes()),
        ("many", many()),
    ]
}

/// Titles without a blank, two hundred authors, a paragraph of 20,000 characters.
fn words() -> String {
    let authors: Vec<String> = (0..200)
        .map(|number| format!("Author Number{number}"))
        .collect();
    let fields = format!("- 作者: {}\n", authors.join("; "));
    let mut body = format!("## {}\n\n", "N".repeat(400));
    body.push_str(&paper(&"X".repeat(400), &fields, &SENTENCE.repeat(250)));
    let _ = write!(body, "## {}\n\n", "节".repeat(200));
    body.push_str(&paper(&"题".repeat(400), "", &"x".repeat(3_000)));
    body.push_str(&paper(&"a-b/c_d".repeat(60), "", &"没有标点".repeat(500)));
    body.push_str(&paper(
        "Signs",
        "",
        "𝐀𝐁𝐂 ℝℂ e\u{301}a\u{308} x\u{305} 😀👩‍💻 🇨🇳 1️⃣ ①②㉑ ½ ﬁ $\\sum_{i=1}^n x_i^2$ 与[一个链接文字很长很长](https://e.example.org/a)。",
    ));
    issue(&body)
}

/// Lists and quotes in each other, a table of many columns, long lines of code, pictures of
/// odd shapes, headings that skip levels.
fn blocks() -> String {
    let mut deep = "先说一句。\n\n".to_owned();
    for level in 0..20 {
        let _ = writeln!(deep, "{}- 层 {level} text", "  ".repeat(level));
    }
    deep.push('\n');
    for level in 1..20 {
        let marks = "> ".repeat(level);
        let _ = writeln!(deep, "{marks}引 {level}\n{marks}");
    }
    let mut table = format!("|{}\n|{}\n", "列 head|".repeat(8), "---|".repeat(8));
    for row in 0..60 {
        let _ = writeln!(table, "|{}", format!("{row} 值|").repeat(8));
    }
    let code = format!(
        "```\n{}\n{}\n\n\ttab\n```\n\n行内 `{}` 与 `{}`。",
        "x = f(a, b) + ".repeat(100),
        "y".repeat(1_000),
        "z".repeat(300),
        "a b ".repeat(100)
    );
    let caption = SENTENCE.repeat(4);
    let pictures = format!(
        "![高](tall.png \"高图\")\n\n![宽](wide.png \"宽图\")\n\n![图](figure.png \"{caption}\")\n\n{}",
        "![图](figure.png \"图注\")\n\n".repeat(12)
    );
    let headings = "###### 六级\n\n文\n\n#### 四级\n\n##### 五级\n\n###### 没有文字\n";
    let papers = [
        paper("Deep", "", &deep),
        paper("Table", "", &table),
        paper("Code", "", &code),
        paper("Pictures", "", &pictures),
        paper("Headings", "", headings),
    ];
    issue(&format!("## 节\n\n{}", papers.concat()))
}

/// Notes by the dozen, longer than a page, in cells and captions.
fn notes() -> String {
    let mut dozens = "文字".to_owned();
    let mut below = String::new();
    for number in 0..60 {
        let _ = write!(dozens, "词[^n{number}]");
        let _ = writeln!(below, "[^n{number}]: 注 {number}：{SENTENCE}\n");
    }
    let long = format!(
        "长[^l]。\n\n[^l]: {}\n\n    第二段。\n",
        SENTENCE.repeat(60)
    );
    let cells = "|a[^c1]|b|\n|-|-|\n|x[^c2]|y|\n\n![图](figure.png \"图注[^c3]注\")\n\n两次[^c1]和[^c1]。\n\n\
                 [^c1]: 表头注\n\n[^c2]: 格注\n\n[^c3]: 图注注\n";
    let papers = [
        paper("Dozens", "", &format!("{dozens}。\n\n{below}")),
        paper("Long", "", &long),
        paper("Cells", "", cells),
    ];
    issue(&format!("## 节\n\n{}", papers.concat()))
}

/// A section of many papers with many tags.
fn many() -> String {
    let mut body = "## 大节\n\n".to_owned();
    for number in 0..60 {
        let tags: Vec<String> = (0..10).map(|tag| format!("标签 {number} {tag}")).collect();
        let fields = format!(
            "- 作者: 作者 {number}; Ada Byron\n- 标签: {}\n",
            tags.join(", ")
        );
        body.push_str(&paper(
            &format!("A Paper about {number}"),
            &fields,
            SENTENCE,
        ));
    }
    issue(&body)
}

#[test]
fn everything_stays_on_the_paper_and_apart() {
    judge(|made| {
        let points = made.margin * 72.0 / 25.4;
        let sheets = pdf_sheets(&made.pdf);
        let mut found = outside(&sheets, points, points);
        // The mark of a wrapped line of code hangs.
        found.retain(|word| !word.ends_with('↩'));
        found.extend(overprinted(&sheets));
        found.truncate(5);
        found
    });
}

#[test]
fn no_page_is_blank() {
    judge(|made| {
        let sheets = pdf_sheets(&made.pdf);
        let blank = sheets.iter().position(|sheet| sheet.words.is_empty());
        blank
            .map(|page| format!("page {}", page + 1))
            .into_iter()
            .collect()
    });
}

#[test]
fn no_build_takes_long() {
    judge(|made| {
        let is_slow = made.took > Duration::from_secs(20);
        is_slow
            .then(|| format!("{:?}", made.took))
            .into_iter()
            .collect()
    });
}

#[test]
fn verapdf_and_qpdf_find_nothing_and_the_structure_is_whole() {
    judge(|made| {
        let mut found: Vec<String> = qpdf_check(&made.pdf).into_iter().collect();
        // Pages change nothing in the structure, which poppler is slow to tell.
        if made.is_first {
            let tree = structure_tree(&made.pdf);
            found.extend(skipped_levels(&tree));
            found.extend(malformed(&tree));
        }
        found
    });
    let firsts = all().iter().filter(|made| made.is_first);
    let pdfs: Vec<PathBuf> = firsts.map(|made| made.pdf.clone()).collect();
    assert!(pdfs.len() > 5, "{}", pdfs.len());
    let findings = verapdf(&pdfs, &["ua1", "2a"]);
    assert!(findings.is_empty(), "{findings:#?}");
}

#[test]
fn a_page_too_narrow_for_its_type_is_told() {
    let settings = "[pdf]\npaper = \"6in\"\ncolumns = 2\nsize = 24\nmargin = 30\n";
    let folder = offprint_tests::series::series_with(settings, &issue(SENTENCE));
    let ran = run(folder.path(), &["build", "--format", "pdf"]).expect(1);
    assert!(ran.stderr.contains("offprint.toml:"), "{}", ran.stderr);
    assert!(ran.stderr.contains("hint: choose"), "{}", ran.stderr);
    assert!(!folder.path().join("public").exists());
}
