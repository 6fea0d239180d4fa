//! Books of many issues, through the built program.

use std::fs;
use std::path::{Path, PathBuf};

use offprint_tests::books::{epubcheck, mutool_outline, outline};
use offprint_tests::outputs::squeezed;
use offprint_tests::tools::{ask_gladly, pdftotext, qpdf_check, tool, verapdf};
use offprint_tests::years::{Years, day};
use offprint_tests::{folder_with, read, read_text, run, write};
use tempfile::TempDir;

const PAPERS: usize = 3;

/// A series of two years and some weeks, of which one issue of the first year is a draft.
fn series(settings: &str) -> TempDir {
    let folder = folder_with(&[]);
    Years {
        papers: PAPERS,
        abstracts: false,
    }
    .write(folder.path(), 60);
    let path = folder.path().join("offprint.toml");
    let text = format!("{}\n{settings}", read_text(&path));
    write(&path, text.as_bytes());
    let draft = issue_file(&folder, 5);
    let text = read_text(&draft).replacen("\ndate:", "\ndraft: true\ndate:", 1);
    write(&draft, text.as_bytes());
    folder
}

fn issue_file(folder: &TempDir, number: usize) -> PathBuf {
    folder.path().join(offprint_tests::years::path(number))
}

fn book(folder: &TempDir, id: &str, ending: &str) -> PathBuf {
    folder.path().join(format!("public/{id}/{id}.{ending}"))
}

/// How many of the series' issues are of a year, without the draft.
fn issues_of(year: i16) -> usize {
    (1..=60)
        .filter(|&number| number != 5 && day(number).year() == year)
        .count()
}

#[test]
fn a_year_is_one_book_that_others_find_whole() {
    let folder = series("[epub]\nprofile = [\"epub3\", \"kindle\"]\n");
    let ran = run(folder.path(), &["book", "2005"]).expect(0);
    let issues = issues_of(2005);
    let told = format!("Built {issues} issues, {} papers: 3 files", issues * PAPERS);
    assert!(ran.stdout.contains(&told), "{}", ran.stdout);

    let (epub, pdf) = (
        book(&folder, "book-2005", "epub"),
        book(&folder, "book-2005", "pdf"),
    );
    assert_eq!(epubcheck(std::slice::from_ref(&epub)), [] as [String; 0]);
    assert_eq!(qpdf_check(&pdf), None);
    assert_eq!(
        verapdf(std::slice::from_ref(&pdf), &["ua1", "2a"]),
        [] as [String; 0]
    );

    // Contents by issue in the book, and its title on the first page of the PDF.
    let contents = outline(&mutool_outline(&epub));
    let text = squeezed(&pdftotext(&pdf));
    let first = squeezed(&ask_gladly(
        tool("pdftotext").args(["-l", "1"]).arg(&pdf).arg("-"),
    ));
    assert!(first.contains("2005"), "{first}");
    for number in 1..=60 {
        let is_in = number != 5 && day(number).year() == 2005;
        let title = title_of(&issue_file(&folder, number));
        assert!(!title.is_empty());
        assert_eq!(contents.contains(&title), is_in, "{title} in {contents}");
        assert_eq!(text.contains(&squeezed(&title)), is_in, "{title}");
    }
    for heading in ["论文", "作者", "标签"] {
        assert!(text.contains(heading), "{heading}");
    }

    // Bound again, it is the same to the byte.
    let bytes = (read(&epub), read(&pdf));
    fs::remove_dir_all(folder.path().join("public")).unwrap();
    let _ = run(folder.path(), &["book", "2005"]).expect(0);
    assert!((read(&epub), read(&pdf)) == bytes);
    let ran = run(folder.path(), &["book", "2005"]).expect(0);
    assert!(ran.stdout.contains("Nothing changed"), "{}", ran.stdout);
}

fn title_of(issue: &Path) -> String {
    let text = read_text(issue);
    let line = text.lines().find_map(|line| line.strip_prefix("title: "));
    line.unwrap_or_default().trim_matches('"').to_owned()
}

#[test]
fn what_cannot_be_bound_is_told() {
    let folder = series("");
    for (arguments, told) in [
        (&["book"][..], "a book of which year?"),
        (&["book", "1999"], "there are issues of 2005 to 2006"),
        (&["book", "2005", "--from", "2005"], "--from"),
        (&["book", "--from", "2005-02-30", "--to", "2006"], "no date"),
    ] {
        let ran = run(folder.path(), arguments).expect(2);
        assert!(ran.stderr.contains(told), "{arguments:?}: {}", ran.stderr);
    }
    assert!(!folder.path().join("public").exists());
}

#[test]
fn days_may_be_bound_and_the_catalogue_offers_the_book() {
    let folder = series("");
    let span = ["book", "--from", "2005-12", "--to", "2006-01"];
    let _ = run(folder.path(), &span).expect(0);
    let id = "book-2005-12-to-2006-01";
    assert!(book(&folder, id, "pdf").exists());
    let _ = run(folder.path(), &["build", "--format", "rss"]).expect(0);
    let catalogue = read_text(&folder.path().join("public/opds.xml"));
    assert!(
        catalogue.contains(&format!("https://years.example.org/{id}/{id}.epub")),
        "{catalogue}"
    );
}

#[test]
fn a_build_binds_years_if_it_is_asked_to() {
    let folder = series("[epub]\nomnibus = [\"year\"]\n");
    let _ = run(folder.path(), &["build", "--format", "epub"]).expect(0);
    let [first, second] = ["book-2005", "book-2006"].map(|id| book(&folder, id, "epub"));
    let before = (read(&first), read(&second));
    let ran = run(folder.path(), &["build", "--format", "epub"]).expect(0);
    assert!(ran.stdout.contains("Nothing changed"), "{}", ran.stdout);
    // An issue of the second year changes the book of that year alone.
    let issue = issue_file(&folder, 60);
    let text = format!("{}\n又一句。\n", read_text(&issue));
    write(&issue, text.as_bytes());
    let ran = run(folder.path(), &["build", "--format", "epub"]).expect(0);
    assert!(read(&first) == before.0 && read(&second) != before.1);
    assert!(!ran.stdout.contains("book-2005"), "{}", ran.stdout);
}
