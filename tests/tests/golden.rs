//! The outputs of the fixtures as readable projections, and what is said of broken input.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "the names are ours, and a test stops by panicking"
)]

use std::fmt::Write;
use std::path::Path;

use offprint_tests::outputs::{members, structure};
use offprint_tests::tools::{painted_text, qpdf_json, structure_text};
use offprint_tests::{copy_of, files_below, fixture, read, read_text, run};

/// One file of what a fixture's build made.
/// The only file that ends so; `.epub` is not the end of a book for Kindle.
fn only(folder: &Path, ending: &str) -> String {
    let public = folder.join("public");
    let mut paths = files_below(&public)
        .into_iter()
        .map(|(path, _)| path)
        .filter(|path| {
            path.strip_suffix(ending)
                .is_some_and(|it| !it.ends_with(".kindle"))
        });
    let path = paths
        .next()
        .unwrap_or_else(|| panic!("nothing ends in {ending}"));
    assert_eq!(paths.next(), None, "several files end in {ending}");
    public.join(path).to_str().unwrap().to_owned()
}

fn epub_projection(book: &Path) -> String {
    let members = members(&read(book));
    let mut text = String::new();
    for (name, _) in &members {
        let _ = writeln!(text, "{name}");
    }
    for (name, bytes) in &members {
        if [".xhtml", ".opf", ".ncx"]
            .iter()
            .any(|ending| name.ends_with(ending))
        {
            let _ = write!(text, "\n===== {name}\n{}\n", String::from_utf8_lossy(bytes));
        }
    }
    text
}

fn pdf_projection(pdf: &Path) -> String {
    let structure = structure(&qpdf_json(pdf));
    let mut text = format!(
        "===== bookmarks\n{}\n===== links\n{}\n",
        structure.bookmarks,
        structure.links.join("\n")
    );
    let pages = painted_text(pdf);
    for (index, page) in pages.trim_end_matches('\u{c}').split('\u{c}').enumerate() {
        let _ = write!(text, "\n===== page {}\n{}\n", index + 1, page.trim_end());
    }
    let _ = write!(text, "\n===== structure\n{}\n", structure_text(pdf));
    text
}

fn check_fixture(name: &str) {
    let folder = copy_of(&fixture(name));
    let ran = run(folder.path(), &["build"]).expect(0);
    let projections = [
        ("report", without_sizes(&ran.stdout)),
        ("warnings", ran.stderr),
        (
            "feed",
            read_text(Path::new(&only(folder.path(), "feed.xml"))),
        ),
        (
            "papers",
            read_text(Path::new(&only(folder.path(), "papers.xml"))),
        ),
        (
            "wechat",
            read_text(Path::new(&only(folder.path(), ".wechat.html"))),
        ),
        (
            "epub",
            epub_projection(Path::new(&only(folder.path(), ".epub"))),
        ),
        (
            "pdf",
            pdf_projection(Path::new(&only(folder.path(), ".pdf"))),
        ),
    ];
    for (kind, projection) in projections {
        insta::assert_snapshot!(format!("{name}-{kind}"), projection);
    }
    if name == "kitchen-sink" {
        let kindle = only(folder.path(), ".kindle.epub");
        insta::assert_snapshot!("kitchen-sink-kindle", epub_projection(Path::new(&kindle)));
    }
}

/// The report without the lengths of files, which change with fonts and compressors.
fn without_sizes(report: &str) -> String {
    let lines = report.lines().map(|line| {
        let mut words: Vec<&str> = line.split_whitespace().collect();
        if let Some(unit) = words
            .iter()
            .position(|word| ["B", "KB", "MB"].contains(word))
        {
            words.splice(unit - 1..=unit, ["…"]);
        }
        words.join(" ")
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_example_issue_comes_out_as_it_did() {
    check_fixture("iclr-2021");
}

#[test]
fn an_issue_with_everything_comes_out_as_it_did() {
    check_fixture("kitchen-sink");
}

#[test]
fn faults_are_told_as_they_were() {
    let fixtures = std::fs::read_dir(fixture("")).unwrap();
    let mut names: Vec<String> = fixtures
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("broken-"))
        .collect();
    names.sort();
    assert!(names.len() >= 7, "{names:?}");
    for name in names {
        let folder = copy_of(&fixture(&name));
        let series = folder.path().join("offprint.toml").exists();
        let mut paths: Vec<String> = if series {
            vec![".".to_owned()]
        } else {
            files_below(folder.path())
                .into_iter()
                .map(|(path, _)| path)
                .filter(|path| !path.contains('/'))
                .collect()
        };
        paths.sort();
        let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
        let human = run(folder.path(), &[&["check"], paths.as_slice()].concat()).expect(1);
        insta::assert_snapshot!(
            name.clone(),
            format!("{}\n{}", human.stderr.trim_end(), human.stdout)
        );
        let json = run(
            folder.path(),
            &[&["check", "--message-format", "json"], paths.as_slice()].concat(),
        )
        .expect(1);
        insta::assert_snapshot!(format!("{name}-json"), json.stdout);
        let _ = run(
            folder.path(),
            &[&["build", "-o", "out"], paths.get(..1).unwrap()].concat(),
        );
        assert!(
            !folder.path().join("out").exists() || !series,
            "{name} was built"
        );
    }
}
