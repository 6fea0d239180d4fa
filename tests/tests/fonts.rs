//! PDFs in fonts of the user's own, and characters that no font has.

use std::fs;

use offprint_tests::outputs::squeezed;
use offprint_tests::tools::{ask_gladly, pdftotext, qpdf_check, tool};
use offprint_tests::{SMALL_SERIES, copy_of, fixture, folder_with, read, run, small_issue};

#[test]
fn own_fonts_of_every_kind_are_embedded_and_their_text_reads_back() {
    let folder = copy_of(&fixture("own-fonts"));
    let _ = run(
        folder.path(),
        &["build", "--deny-warnings", "--format", "pdf"],
    )
    .expect(0);
    let pdf = folder.path().join("public/one/one.pdf");
    assert_eq!(qpdf_check(&pdf), None);
    let listing = ask_gladly(tool("pdffonts").arg(&pdf));
    for (name, kind) in [
        ("OffprintTestVariable-Regular-wght400", "CID TrueType"),
        ("OffprintTestVariable-Regular-wght700", "CID TrueType"),
        ("OffprintTestVariable-Regular-wght550.5", "CID TrueType"),
        ("OffprintTestHan-Regular", "CID Type 0C"),
        ("OffprintTestHan-Bold", "CID Type 0C"),
        ("NotoSans-Italic", "CID TrueType"),
    ] {
        let line = listing.lines().find(|line| {
            line.split_whitespace()
                .next()
                .is_some_and(|first| first.ends_with(&format!("+{name}")))
        });
        let line = line.unwrap_or_else(|| panic!("{name} is not in {listing}"));
        assert!(line.contains(kind), "{line}");
        assert!(line.contains("yes yes yes"), "{line}");
    }
    let text = squeezed(&pdftotext(&pdf));
    for words in [
        "导读：这一期很好——“引号”与粗体、bold、italic和code，以及（括号）：甲、乙、丙。",
        "《书名》，—…·•・；一二三！",
        "AVATAR:Words,KernedToFit",
        "短评：office,fluffy“quoted”words;naïveКириллица.",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[test]
fn a_font_by_name_is_found_where_the_command_line_says_and_nowhere_else() {
    let settings = format!("{SMALL_SERIES}\n[pdf.fonts]\nbody = \"Offprint Test Variable\"\n");
    let folder = folder_with(&[
        ("offprint.toml", settings.as_bytes()),
        ("issues/one.md", small_issue("One").as_bytes()),
    ]);
    let ran = run(folder.path(), &["build", "--format", "pdf"]).expect(1);
    assert!(
        ran.stderr
            .contains("error[broken-font]: there is no font `Offprint Test Variable`"),
        "{}",
        ran.stderr
    );
    assert!(ran.stderr.contains("offprint.toml:10:8"), "{}", ran.stderr);
    assert!(ran.stderr.contains("`--font-dir`"), "{}", ran.stderr);
    assert!(!folder.path().join("public").exists());
    // Feeds need no fonts.
    let _ = run(folder.path(), &["build", "--format", "rss"]).expect(0);
    let fonts = fixture("own-fonts").join("fonts");
    let fonts = fonts.to_str().unwrap();
    let _ = run(folder.path(), &["check", "--font-dir", fonts]).expect(0);
    let build = ["build", "--format", "pdf", "--font-dir", fonts];
    let _ = run(folder.path(), &build).expect(0);
    let pdf = folder.path().join("public/one/one.pdf");
    let listing = ask_gladly(tool("pdffonts").arg(&pdf));
    assert!(
        listing.contains("+OffprintTestVariable-Regular"),
        "{listing}"
    );
    let first = read(&pdf);
    fs::remove_dir_all(folder.path().join("public")).unwrap();
    let _ = run(folder.path(), &build).expect(0);
    assert!(first == read(&pdf), "equal input gives equal bytes");
    let ran = run(folder.path(), &["build", "--font-dir", "none"]).expect(2);
    assert!(
        ran.stderr.contains("there is no folder `none`"),
        "{}",
        ran.stderr
    );
}

#[test]
fn all_characters_without_a_font_are_told_with_their_places() {
    let markdown = "---\ntitle: One\ndate: 2024-05-06\n---\n\n好\u{a980}。\n\n## S\n\n### P\n\
                    - url: https://example.org/\n\nא &#x5d2;\n";
    let json = r#"{
  "title": "Two",
  "date": "2024-05-07",
  "intro": "\u05d3 \ud800\udf30"
}"#;
    let settings = SMALL_SERIES.replace("小刊", "小刊ꦁ");
    let folder = folder_with(&[
        ("offprint.toml", settings.as_bytes()),
        ("issues/one.md", markdown.as_bytes()),
        ("issues/two.json", json.as_bytes()),
    ]);
    let arguments = ["build", "--format", "pdf", "--message-format", "json"];
    let ran = run(folder.path(), &arguments).expect(1);
    let mut told: Vec<String> = ran
        .objects("diagnostic")
        .iter()
        .filter(|told| told["code"] == "pdf::missing-glyph")
        .map(|told| {
            format!(
                "{}:{}:{} {}",
                told["path"].as_str().unwrap(),
                told["line"],
                told["column"],
                told["message"].as_str().unwrap()
            )
        })
        .collect();
    told.sort();
    told.dedup();
    assert_eq!(
        told,
        [
            "issues/one.md:13:1 no font has `א` (U+05D0)",
            "issues/one.md:13:3 no font has `ג` (U+05D2)",
            "issues/one.md:6:2 no font has `ꦀ` (U+A980)",
            "issues/two.json:4:13 no font has `ד` (U+05D3)",
            "issues/two.json:4:20 no font has `𐌰` (U+10330)",
            "offprint.toml:5:12 no font has `ꦁ` (U+A981)",
        ]
    );
    assert!(!folder.path().join("public").exists());
}
