//! What validators and readers that are not ours say of books.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::PathBuf;
use std::sync::OnceLock;

use offprint_core::text::Block;
use offprint_core::{Issue, Series};
use offprint_tests::books::{
    Shown, ace, calibre_check, ebook_meta, edit, epubcheck, kobofix, library_of, mutool_outline,
    outline, read_in_engines,
};
use offprint_tests::formulas;
use offprint_tests::kindle;
use offprint_tests::outputs::{clauses, members, squeezed, unescape};
use offprint_tests::series::{outputs, series_with};
use offprint_tests::shelf::{self, Book, all_paths, paths};
use offprint_tests::{SMALL_SERIES, files_below, folder_with, read, run, small_issue, write};
use tempfile::TempDir;

/// A series with one issue, built, and its book.
fn small(issue: &str) -> (TempDir, PathBuf) {
    let folder = folder_with(&[
        ("offprint.toml", SMALL_SERIES.as_bytes()),
        ("issues/issue.md", issue.as_bytes()),
    ]);
    let book = rebuilt(&folder);
    (folder, book)
}

fn rebuilt(folder: &TempDir) -> PathBuf {
    let _ = run(folder.path(), &["build", "--format", "epub"]).expect(0);
    outputs(std::slice::from_ref(folder), ".epub").remove(0)
}

/// A small book in which `old` in the file `name` became `new`.
fn broken(name: &str, old: &str, new: &str) -> (TempDir, PathBuf) {
    let (folder, book) = small(&small_issue("One"));
    let copy = folder.path().join("broken.epub");
    edit(&book, &copy, name, old, new);
    (folder, copy)
}

const NOTHING: [String; 0] = [];

/// Books without a cover: one wants none, two are titled in scripts of which the fonts of
/// drawn covers have no letters.
const COVERLESS: [&str; 3] = ["no cover", "Arabic", "Hebrew"];

#[test]
fn epubcheck_finds_nothing_and_has_no_hints() {
    let mut findings = epubcheck(&all_paths(shelf::books()));
    // Kindle makes the cover's page itself, and shows two if the book has one.
    findings.retain(|finding| {
        let ours = finding.contains(".kindle.epub: USAGE(OPF-097)");
        !(ours && finding.contains("\"OEBPS/cover."))
    });
    assert_eq!(findings, NOTHING);
}

#[test]
fn epubcheck_would_find_errors_warnings_and_hints() {
    let folder = folder_with(&[("torn.epub", b"PK\x03\x04 is not enough")]);
    let torn = folder.path().join("torn.epub");
    let opf = "OEBPS/content.opf";
    let (_error, error) = broken(opf, "<dc:language>", "<dc:language>x y z");
    let (_warning, warning) = broken(opf, "<dc:date>", "<dc:date>soon");
    let (_hint, hint) = broken("OEBPS/title.xhtml", "<h1", "<h1 epub:type=\"nonsense\"");
    let findings = epubcheck(&[torn.clone(), error.clone(), warning.clone(), hint.clone()]);
    for (book, severity) in [
        (torn, "FATAL"),
        (error, "ERROR"),
        (warning, "WARNING"),
        (hint, "USAGE"),
    ] {
        let start = format!("{}: {severity}(", book.display());
        let found = findings.iter().any(|finding| finding.starts_with(&start));
        assert!(found, "{start} in {findings:#?}");
    }
}

#[test]
fn kobofix_finds_nothing() {
    for book in shelf::books() {
        assert_eq!(kobofix(&book.path), NOTHING, "{}", book.name);
    }
}

#[test]
fn kobofix_would_find_what_adobe_cannot_read() {
    let css = "p { width: calc(100% - 1em) } p {";
    let (_folder, book) = broken("OEBPS/stylesheet.css", "p {", css);
    assert!(!kobofix(&book).is_empty());
}

/// What calibre finds, without that it does not know `altimg`, by which formulas refer to
/// their pictures: EPUBCheck knows it.
fn calibre(books: &[PathBuf]) -> Vec<String> {
    let mut findings = calibre_check(books);
    findings.retain(|it| !(it.contains("OEBPS/math/") && it.ends_with(".svg is not referenced")));
    findings
}

#[test]
fn calibre_finds_nothing() {
    assert_eq!(calibre(&all_paths(shelf::books())), NOTHING);
}

#[test]
fn calibre_would_find_a_lost_link_and_a_rule_in_the_wrong_place() {
    let (_link, link) = broken("OEBPS/nav.xhtml", "section-1.xhtml", "section-9.xhtml");
    let css = "a:hover { margin: 0 } a { margin: 0 }\np {";
    let (_rule, rule) = broken("OEBPS/stylesheet.css", "p {", css);
    let findings = calibre_check(&[link.clone(), rule.clone()]);
    for book in [link, rule] {
        let start = book.display().to_string();
        let found = findings.iter().any(|finding| finding.starts_with(&start));
        assert!(found, "{start} in {findings:#?}");
    }
}

#[test]
fn ace_finds_no_violation() {
    let names = [
        "kitchen-sink",
        "English",
        "Arabic",
        "footnotes",
        "formulas",
        "tables",
        "headings",
        "no section",
    ];
    let books = shelf::books().iter();
    for book in books.filter(|book| names.contains(&book.name)) {
        assert_eq!(ace(&book.path), NOTHING, "{}", book.name);
    }
}

#[test]
fn ace_would_find_a_violation() {
    let (_folder, book) = broken(
        "OEBPS/section-1.xhtml",
        "<h2",
        "<img src=\"cover.png\"/><h2",
    );
    let findings = ace(&book);
    let found = |rule: &str| findings.iter().any(|finding| finding.contains(rule));
    assert!(found("section-1.xhtml: image-alt"), "{findings:#?}");
}

/// The subjects of a book: the issue's, then those of the series.
fn subjects(series: &Series, issue: &Issue) -> Vec<String> {
    let own = issue.tags.iter().map(|tag| tag.name.clone());
    let mut subjects: Vec<String> = own.collect();
    for tag in &series.tags {
        if !subjects.contains(tag) {
            subjects.push(tag.clone());
        }
    }
    subjects
}

fn names(issue: &Issue) -> Vec<String> {
    issue.authors.iter().map(|it| it.name.clone()).collect()
}

/// Numbers count from 1 in a series that gives none.
fn number(issue: &Issue) -> u32 {
    issue.number.unwrap_or(1)
}

fn check_metadata(book: &Book, engine: &str, shown: &Shown) {
    let (series, issue) = (book.series(), book.issue());
    let name = format!("{} in {engine}", book.name);
    let told = &shown.metadata;
    assert_eq!(told.title.as_deref(), Some(issue.title.as_str()), "{name}");
    assert_eq!(
        told.language.as_deref(),
        Some(issue.lang.as_str()),
        "{name}"
    );
    assert_eq!(told.publisher, series.publisher, "{name}");
    assert_eq!(told.description, issue.description, "{name}");
    let published = told.published.as_deref().unwrap_or_default();
    let date = issue.date.date().to_string();
    assert!(published.starts_with(&date), "{name}: {published}");
    let identifier = told.identifier.as_deref().unwrap_or_default();
    assert!(identifier.starts_with("urn:uuid:"), "{name}: {identifier}");
    let direction = if issue.lang.is_rtl() { "rtl" } else { "ltr" };
    assert_eq!(told.direction.as_deref(), Some(direction), "{name}");
    assert_eq!(
        shown.cover.is_none(),
        COVERLESS.contains(&book.name),
        "{name}"
    );
    if let (Some(image), Some(cover)) = (&issue.cover, &shown.cover) {
        let path = book.folder.join(&image.src);
        assert_eq!(cover.bytes, read(&path).len(), "{name}");
    }
    let authors = names(&issue);
    if engine == "epub.js" {
        // It shows the first author only, and knows no series, no subjects.
        if let Some(first) = authors.first() {
            assert_eq!(told.authors, [first.as_str()], "{name}");
        }
        return;
    }
    if authors.is_empty() {
        assert_eq!(told.authors.len(), 1, "{name}: {:?}", told.authors);
    } else {
        assert_eq!(told.authors, authors, "{name}");
    }
    let editors: Vec<&str> = issue.editors.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(told.editors, editors, "{name}");
    assert_eq!(
        told.series.as_deref(),
        Some(series.title.as_str()),
        "{name}"
    );
    assert_eq!(told.position, Some(f64::from(number(&issue))), "{name}");
    assert_eq!(told.subjects, subjects(&series, &issue), "{name}");
    for (prefix, value) in [
        ("urn:doi:", &issue.identifier.doi),
        ("urn:issn:", &issue.identifier.issn),
        ("", &issue.identifier.urn),
    ] {
        if let Some(value) = value {
            let wanted = format!("{prefix}{value}");
            assert!(told.others.contains(&wanted), "{name}: {:?}", told.others);
        }
    }
}

/// Sections with their papers as the contents must show them. What else the book has to
/// offer, such as an introduction, stands before and after them.
fn check_contents(book: &Book, shown: &Shown) {
    let issue = book.issue();
    let mut wanted = String::new();
    for section in &issue.sections {
        let papers = section.papers.iter();
        let papers = papers.map(|paper| words(&paper.plain_title()));
        if section.title.is_empty() {
            papers.for_each(|title| push(&mut wanted, 0, &title));
        } else {
            push(&mut wanted, 0, &words(&section.title));
            papers.for_each(|title| push(&mut wanted, 1, &title));
        }
    }
    let found = outline(&shown.contents);
    assert!(found.contains(&wanted), "{}:\n{found}\n{wanted}", book.name);
}

fn push(lines: &mut String, depth: usize, words: &str) {
    let _ = writeln!(lines, "{}{words}", "  ".repeat(depth));
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn check_text(book: &Book, engine: &str, shown: &Shown) {
    let issue = book.issue();
    let text = squeezed(&shown.text());
    let mut wanted: Vec<String> = Vec::new();
    let mut add = |blocks: &[Block]| wanted.extend(clauses(blocks));
    add(&issue.intro);
    for section in &issue.sections {
        add(&section.intro);
        for paper in &section.papers {
            add(&paper.commentary);
        }
    }
    for footnote in &issue.footnotes {
        add(&footnote.content);
    }
    assert!(!wanted.is_empty(), "{}", book.name);
    for paper in issue.papers() {
        wanted.extend(clauses(&[Block::Paragraph(paper.title.clone())]));
    }
    wanted.retain(|words| !text.contains(words));
    assert_eq!(wanted, NOTHING, "{} in {engine}", book.name);
}

#[test]
fn two_engines_show_every_book_as_its_issue_says() {
    let books = shelf::books();
    let readings = read_in_engines(&paths(books));
    for (book, reading) in books.iter().zip(&readings) {
        for (engine, shown) in [
            ("epub.js", &reading.epubjs),
            ("foliate-js", &reading.foliate),
        ] {
            assert_eq!(shown.findings(), NOTHING, "{} in {engine}", book.name);
            check_metadata(book, engine, shown);
            check_text(book, engine, shown);
        }
        let contents = outline(&reading.epubjs.contents);
        for other in [
            &reading.foliate.contents,
            &reading.epubjs.ncx,
            &mutool_outline(&book.path),
            &mutool_outline(&book.kindle),
        ] {
            assert_eq!(outline(other), contents, "{}", book.name);
        }
        // Contents of very many papers list sections only.
        if book.name != "a thousand" {
            check_contents(book, &reading.epubjs);
        }
    }
}

#[test]
fn the_engines_would_show_what_is_wrong() {
    let page = "OEBPS/section-1.xhtml";
    let wide = "<p style=\"width: 900px\">wide</p><h2";
    let coloured = "<p style=\"color: black\">black on black</p><h2";
    let lost = "<img src=\"lost.png\" alt=\"lost\"/><h2";
    let outside = "<img src=\"https://out.example.org/a.png\" alt=\"outside\"/><h2";
    let cases = [
        (page, "<h2", wide, "sticks out"),
        (page, "<h2", coloured, "has a colour"),
        (page, "<h2", lost, "lost does not come"),
        (
            page,
            "<h2",
            outside,
            "outside: https://out.example.org/a.png",
        ),
        ("OEBPS/modern.css", "a { color", "b { color", "is blue"),
        ("OEBPS/nav.xhtml", "#p-", "#q-", "leads nowhere"),
        ("OEBPS/toc.ncx", "#p-", "#q-", "leads nowhere"),
    ];
    let books: Vec<(TempDir, PathBuf)> = cases
        .iter()
        .map(|(name, old, new, _)| broken(name, old, new))
        .collect();
    let files: Vec<PathBuf> = books.iter().map(|(_, book)| book.clone()).collect();
    for (reading, (name, _, new, wanted)) in read_in_engines(&files).iter().zip(cases) {
        let found = |shown: &Shown| shown.findings().iter().any(|it| it.contains(wanted));
        assert!(found(&reading.epubjs), "epub.js: {name}: {new}");
        // foliate-js does not read the NCX where there is a navigation document.
        if name != "OEBPS/toc.ncx" {
            assert!(found(&reading.foliate), "foliate-js: {name}: {new}");
        }
    }
}

#[test]
fn readers_would_show_other_metadata_contents_and_text() {
    let opf = "OEBPS/content.opf";
    let (_title, title) = broken(opf, ">One</dc:title>", ">Two</dc:title>");
    let (_series, series) = broken(opf, "content=\"小刊\"", "content=\"大刊\"");
    let (_collection, collection) = broken(opf, "id=\"series\">小刊", "id=\"series\">大刊");
    let (_ncx, ncx) = broken("OEBPS/toc.ncx", "A Paper about One", "Another");
    let (_text, text) = broken("OEBPS/section-1.xhtml", "<p>短评", "<p hidden=\"\">短评");
    let readings = read_in_engines(&[title.clone(), series.clone(), ncx.clone(), text]);
    let [of_title, of_series, of_ncx, of_text] = readings.as_slice() else {
        panic!("{} books", readings.len())
    };
    assert_eq!(of_title.epubjs.metadata.title.as_deref(), Some("Two"));
    assert_eq!(of_title.foliate.metadata.title.as_deref(), Some("Two"));
    assert_eq!(of_series.foliate.metadata.series.as_deref(), Some("大刊"));
    let told = |book: &PathBuf, field: &str| ebook_meta(book).0.remove(field);
    assert_eq!(told(&title, "Title").as_deref(), Some("Two"));
    assert_eq!(told(&collection, "Series").as_deref(), Some("大刊 #1"));
    let contents = outline(&of_ncx.epubjs.contents);
    for other in [&of_ncx.epubjs.ncx, &mutool_outline(&ncx)] {
        assert_ne!(outline(other), contents);
        assert!(outline(other).contains("Another"));
    }
    for (shown, others) in [
        (&of_text.epubjs, &of_ncx.epubjs),
        (&of_text.foliate, &of_ncx.foliate),
    ] {
        assert!(!shown.text().contains("短评一句"));
        assert!(others.text().contains("短评一句"));
    }
}

/// Three letters for the languages of our books, as calibre names them.
fn three_letters(lang: &str) -> &str {
    match lang {
        "zh-CN" => "zho",
        "en" => "eng",
        "ar" => "ara",
        "he" => "heb",
        other => other,
    }
}

#[test]
fn calibre_shows_every_book_as_its_issue_says() {
    for book in shelf::books() {
        let (series, issue) = (book.series(), book.issue());
        let (told, cover) = ebook_meta(&book.path);
        let is = |field: &str| told.get(field).map(String::as_str).unwrap_or_default();
        let name = book.name;
        let title = match &issue.subtitle {
            Some(subtitle) => format!("{}: {subtitle}", issue.title),
            None => issue.title.clone(),
        };
        assert_eq!(is("Title"), title, "{name}");
        let authors: Vec<String> = names(&issue)
            .iter()
            .map(|author| author.replace('&', "&&"))
            .collect();
        let authors = authors.join(" & ");
        if authors.is_empty() {
            assert_ne!(is("Author(s)"), "Unknown", "{name}");
            assert!(!is("Author(s)").is_empty(), "{name}");
        } else {
            // The rest of the line is how to sort them.
            assert_eq!(is("Author(s)"), authors, "{name}");
        }
        assert_eq!(
            is("Publisher"),
            series.publisher.unwrap_or_default(),
            "{name}"
        );
        let position = format!("{} #{}", series.title, number(&issue));
        assert_eq!(is("Series"), position, "{name}");
        assert_eq!(
            is("Languages"),
            three_letters(issue.lang.as_str()),
            "{name}"
        );
        assert_eq!(
            is("Comments"),
            issue.description.clone().unwrap_or_default(),
            "{name}"
        );
        let mut tags = series.tags.clone();
        tags.splice(0..0, issue.tags.iter().map(|tag| tag.name.clone()));
        // calibre divides tags at commas.
        let tags = tags.join(", ").replace("a,b", "a, b");
        assert_eq!(is("Tags"), tags, "{name}");
        // calibre moves a month's last day into the month, so that it stays there in any
        // time zone.
        let date = issue.date.date();
        if date.day() < 28 {
            let published = is("Published");
            assert!(
                published.starts_with(&date.to_string()),
                "{name}: {published}"
            );
        }
        for (prefix, value) in [
            ("doi:", &issue.identifier.doi),
            ("issn:", &issue.identifier.issn),
        ] {
            if let Some(value) = value {
                let wanted = format!("{prefix}{value}");
                assert!(is("Identifiers").contains(&wanted), "{name}: {told:?}");
            }
        }
        // calibre paints the first page of a book that has no cover.
        assert!(cover.is_some(), "{name}");
        if let (Some(image), Some(cover)) = (&issue.cover, &cover) {
            assert!(*cover == read(&book.folder.join(&image.src)), "{name}");
        }
    }
}

#[test]
fn a_rebuilt_issue_is_the_same_book_in_a_library() {
    let (folder, first) = small(&small_issue("One"));
    let identifier = |book: &PathBuf| {
        let reading = read_in_engines(std::slice::from_ref(book)).remove(0);
        reading.epubjs.metadata.identifier.unwrap()
    };
    let kept = folder.path().join("first.epub");
    write(&kept, &read(&first));
    let edited = small_issue("One").replace("短评一句", "短评两句");
    write(&folder.path().join("issues/issue.md"), edited.as_bytes());
    let second = rebuilt(&folder);
    assert!(read(&kept) != read(&second));
    assert_eq!(identifier(&kept), identifier(&second));
    let (_other, other) = small(&small_issue("Two"));
    let titles = library_of(&[kept, second, other]);
    assert_eq!(titles, ["One", "Two"]);
}

#[test]
fn a_series_says_for_whom_its_books_are_made() {
    let built = |profile: &str, code: i32| {
        let settings = format!("[epub]\nprofile = {profile}\n");
        let folder = series_with(&settings, &small_issue("One"));
        let ran = run(folder.path(), &["build", "--format", "epub"]).expect(code);
        let files = files_below(folder.path());
        let names = files
            .iter()
            .filter_map(|(path, _)| path.strip_prefix("public/"));
        (names.collect::<Vec<_>>().join(" "), ran.stderr)
    };
    let both = "issue/issue.epub issue/issue.kindle.epub";
    assert_eq!(built("[\"kindle\", \"epub3\", \"kindle\"]", 0).0, both);
    for alone in ["\"epub3\"", "\"kindle\"", "[\"kindle-safe\"]"] {
        assert_eq!(built(alone, 0).0, "issue/issue.epub", "{alone}");
    }
    let (names, told) = built("[\"epub3\", \"kindel\", 3]", 1);
    assert_eq!(names, "");
    for words in [
        "`kindel` is no profile",
        "did you mean `kindle`?",
        "`3` is no profile",
    ] {
        assert!(told.contains(words), "{words} in {told}");
    }
}

/// The books of an issue of all formulas: for readers of today, and for Kindle.
fn books_of_formulas() -> &'static [PathBuf] {
    static BOOKS: OnceLock<(TempDir, Vec<PathBuf>)> = OnceLock::new();
    let (_, books) = BOOKS.get_or_init(|| {
        let settings = "[epub]\nprofile = [\"epub3\", \"kindle\"]\n";
        let folder = series_with(settings, &formulas::issue());
        let ran = run(folder.path(), &["build", "--format", "epub"]).expect(0);
        assert!(!ran.stderr.contains("math-fallback"), "{}", ran.stderr);
        let issue = folder.path().join("public/issue");
        let books = ["issue.epub", "issue.kindle.epub"].map(|name| issue.join(name));
        (folder, books.into())
    });
    books
}

#[test]
fn a_book_full_of_formulas_is_clean_to_every_validator() {
    let books = books_of_formulas();
    let mut findings = epubcheck(books);
    findings.retain(|finding| !finding.contains("USAGE(OPF-097)") || finding.contains("/math/"));
    assert_eq!(findings, NOTHING);
    assert_eq!(calibre(books), NOTHING);
    for book in books {
        assert_eq!(kobofix(book), NOTHING);
        assert_eq!(ace(book), NOTHING);
    }
    assert_eq!(kindle::findings(&books[1]), NOTHING);
}

#[test]
fn epubcheck_would_find_formulas_that_are_not_announced_and_lost_pictures() {
    let folder = folder_with(&[]);
    let copy = |name: &str, file: &str, old: &str, new: &str| {
        let copy = folder.path().join(name);
        edit(&books_of_formulas()[0], &copy, file, old, new);
        copy
    };
    let silent = copy(
        "silent.epub",
        "OEBPS/content.opf",
        "section-1.xhtml\" properties=\"mathml\"",
        "section-1.xhtml\"",
    );
    let lost = copy(
        "lost.epub",
        "OEBPS/section-1.xhtml",
        "altimg=\"math/",
        "altimg=\"math/lost-",
    );
    let findings = epubcheck(&[silent, lost]);
    for wanted in ["silent.epub: ERROR(OPF-014)", "lost.epub: ERROR(RSC-007)"] {
        let found = findings.iter().any(|finding| finding.contains(wanted));
        assert!(found, "{wanted} in {findings:#?}");
    }
}

#[test]
fn every_formula_is_in_both_books_with_its_source() {
    let texts = |book: &PathBuf| {
        let members = members(&read(book)).into_iter();
        let pages = members.filter(|(name, _)| name.contains(".xhtml"));
        let pages: Vec<String> = pages
            .map(|(_, bytes)| String::from_utf8(bytes).unwrap_or_default())
            .collect();
        pages.join("\n")
    };
    let attributes = |text: &str, start: &str| -> BTreeSet<String> {
        let values = text.split(start).skip(1);
        values
            .filter_map(|value| Some(unescape(value.split_once('"')?.0)))
            .collect()
    };
    let [standard, kindle] = books_of_formulas() else {
        panic!("two books");
    };
    let (standard, kindle) = (texts(standard), texts(kindle));
    let mathml = attributes(&standard, " alttext=\"");
    let pictures = attributes(&kindle, ".png\" alt=\"");
    for (_, tex) in formulas::all() {
        assert!(mathml.contains(&tex), "{tex} in {mathml:#?}");
        // Blanks of other widths and marks that are not seen are dropped for Kindle.
        let is_there = pictures.contains(&tex);
        assert!(is_there, "{tex} in {pictures:#?}");
    }
    for text in [&standard, &kindle] {
        // Of BibTeX there is code.
        assert!(!text.replace("<pre><code>", "").contains("<code>"));
    }
    assert!(!kindle.contains("<math"));
}

#[test]
fn engines_show_formulas_within_their_pages() {
    for reading in read_in_engines(books_of_formulas()) {
        for shown in [&reading.epubjs, &reading.foliate] {
            let mut findings = shown.findings();
            // Some formulas name colours, and Kindle makes links its own.
            findings.retain(|it| !it.ends_with("has a colour") && !it.ends_with("is blue"));
            assert_eq!(findings, NOTHING);
        }
        let contents = outline(&reading.epubjs.contents);
        assert!(
            contents.contains("公式 xᵢ²\n  On O(n log n), Part 0"),
            "{contents}"
        );
    }
}

#[test]
fn formulas_that_no_page_can_hold_are_moved_by_keys_and_are_words_in_titles() {
    let sum: Vec<String> = (1..40).map(|number| format!("x_{{{number}}}")).collect();
    let sum = sum.join(" + ");
    let (_folder, book) = small(&format!(
        "---\ntitle: Sums\ndate: 2026-01-05\nlang: en\n---\n\n## Sums\n\n### The Sum ${sum}$\n\n\
         - url: https://papers.example.org/sum\n\nIt is ${sum}$.\n\n$$\n{sum}\n$$\n"
    ));
    let book = [book];
    assert_eq!(epubcheck(&book), NOTHING);
    assert_eq!(ace(&book[0]), NOTHING);
    let pages = members(&read(&book[0])).into_iter();
    let page = pages
        .filter(|(name, _)| name == "OEBPS/section-1.xhtml")
        .map(|(_, bytes)| String::from_utf8_lossy(&bytes).into_owned());
    let page: String = page.collect();
    assert_eq!(page.matches("tabindex=\"0\"><math").count(), 2, "{page}");
    assert!(page.contains(">The Sum x₁ + x₂ + "), "{page}");
}
