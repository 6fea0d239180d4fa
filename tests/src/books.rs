//! What others say of our EPUBs: validators, and the engines of readers.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;
use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

use crate::outputs::members;
use crate::tools::{ask, ask_gladly, browser, package, python, tool};
use crate::{folder_with, read, read_text, repository, write};

/// What EPUBCheck (the W3C's) finds in the books: messages of any severity, its hints about
/// usage among them. All books are read in one run, because Java starts slowly.
///
/// # Panics
/// When it is not installed, or fails.
#[must_use]
pub fn epubcheck(books: &[PathBuf]) -> Vec<String> {
    let jar = package("epubcheck").join("epubcheck.jar");
    let told = ask_gladly(
        tool("java")
            // Java writes its findings in the encoding of the locale.
            .env("LC_ALL", "C.UTF-8")
            .args(["-XX:TieredStopAtLevel=1", "-cp"])
            .arg(jar)
            .arg(repository().join("tests/epubcheck/Check.java"))
            .args(books),
    );
    findings(&told, books)
}

/// The lines of a validator but for the last, which must say that it looked at every book.
fn findings(told: &str, books: &[PathBuf]) -> Vec<String> {
    let mut lines: Vec<String> = told.lines().map(str::to_owned).collect();
    let last = lines.pop().unwrap_or_default();
    assert_eq!(last, format!("{} looked at", books.len()), "{told}");
    lines
}

/// A program of Node.js with the packages of `tests/readers/package.json`.
pub(crate) fn node(script: &Path) -> Command {
    let mut node = Command::new(repository().join("target/tools/bin/node"));
    node.arg(script);
    node
}

pub(crate) fn node_modules() -> PathBuf {
    repository().join("target/tools/node_modules")
}

/// The violations of accessibility that Ace (DAISY's) finds in a book.
///
/// # Panics
/// When it is not installed, or fails.
#[must_use]
pub fn ace(book: &Path) -> Vec<String> {
    let out = folder_with(&[]);
    let browser = PathBuf::from(browser().get_program());
    let _ = ask(node(&node_modules().join("@daisy/ace-cli/bin/ace.js"))
        .env("PUPPETEER_EXECUTABLE_PATH", on_path(&browser))
        // Ace keeps settings and a log there.
        .env("HOME", out.path())
        .args(["--force", "--silent", "--outdir"])
        .arg(out.path())
        .arg(book))
    .expect(0);
    let report: serde_json::Value =
        serde_json::from_str(&read_text(&out.path().join("report.json")))
            .unwrap_or_else(|error| panic!("Ace's report: {error}"));
    let list = |value: &serde_json::Value| {
        value
            .get("assertions")
            .and_then(|it| it.as_array().cloned())
    };
    let text = |value: &serde_json::Value, pointer: &str| {
        value
            .pointer(pointer)
            .and_then(|it| it.as_str())
            .unwrap_or_default()
            .to_owned()
    };
    let mut violations = Vec::new();
    for file in list(&report).unwrap_or_else(|| panic!("Ace reports nothing: {report}")) {
        let name = text(&file, "/earl:testSubject/url");
        for violation in list(&file).unwrap_or_default() {
            violations.push(format!(
                "{name}: {}: {}",
                text(&violation, "/earl:test/dct:title"),
                text(&violation, "/earl:result/html")
            ));
        }
    }
    let outcome = text(&report, "/earl:result/earl:outcome");
    let wanted = if violations.is_empty() {
        "pass"
    } else {
        "fail"
    };
    assert_eq!(outcome, wanted, "{violations:?}");
    violations
}

/// Where a program of the system is.
fn on_path(program: &Path) -> PathBuf {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let mut places = std::env::split_paths(&folders).map(|folder| folder.join(program));
    places
        .find(|place| place.is_file())
        .unwrap_or_else(|| program.to_owned())
}

/// What kobofix finds in a book that Kobo's and Adobe's readers stumble over.
///
/// # Panics
/// When it is not installed, or fails.
#[must_use]
pub fn kobofix(book: &Path) -> Vec<String> {
    let ran = ask(python()
        .args(["-m", "kobofix", "--check", "--strict"])
        .arg(book));
    let findings: Vec<String> = ran
        .stdout
        .lines()
        .map(str::trim)
        .filter(|line| line.starts_with("KOBO-"))
        .map(str::to_owned)
        .collect();
    let clean = ran.stdout.contains("0 error, 0 warning, 0 info");
    assert_eq!(clean, findings.is_empty(), "{}{}", ran.stdout, ran.stderr);
    findings
}

/// A program of calibre, with settings of its own in this folder.
pub(crate) fn calibre(program: &str, settings: &Path) -> Command {
    let mut calibre = tool(program);
    calibre
        .env("CALIBRE_CONFIG_DIRECTORY", settings)
        // A browser that checks style sheets refuses to run as root otherwise.
        .env("QTWEBENGINE_DISABLE_SANDBOX", "1")
        .env("QT_QPA_PLATFORM", "offscreen")
        .env("LC_ALL", "C.UTF-8");
    calibre
}

/// What calibre's checker finds in the books, in one run.
///
/// # Panics
/// When it is not installed, or fails.
#[must_use]
pub fn calibre_check(books: &[PathBuf]) -> Vec<String> {
    let settings = folder_with(&[]);
    let told = ask_gladly(
        calibre("calibre-debug", settings.path())
            .arg("-e")
            .arg(repository().join("tests/calibre/check.py"))
            .arg("--")
            .args(books),
    );
    findings(&told, books)
}

/// What calibre's `ebook-meta` says of a book: values by their names (`Title`), and the
/// cover's bytes.
///
/// # Panics
/// When it is not installed, or cannot read the book.
#[must_use]
pub fn ebook_meta(book: &Path) -> (BTreeMap<String, String>, Option<Vec<u8>>) {
    let folder = folder_with(&[]);
    let cover = folder.path().join("cover");
    let told = ask_gladly(
        calibre("ebook-meta", folder.path())
            .arg(book)
            .arg("--get-cover")
            .arg(&cover),
    );
    let values = told.lines().filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        Some((name.trim().to_owned(), value.trim().to_owned()))
    });
    (values.collect(), cover.exists().then(|| read(&cover)))
}

/// The titles in a library of calibre's to which these books were added one after the
/// other, each in place of one that calibre takes for the same.
///
/// # Panics
/// When calibre is not installed, or cannot read a book.
#[must_use]
pub fn library_of(books: &[PathBuf]) -> Vec<String> {
    let folder = folder_with(&[]);
    let library = folder.path().join("library");
    for book in books {
        let _ = ask_gladly(
            calibre("calibredb", folder.path())
                .args(["add", "--automerge", "overwrite", "--with-library"])
                .arg(&library)
                .arg(book),
        );
    }
    let list = ask_gladly(
        calibre("calibredb", folder.path())
            .args([
                "list",
                "--for-machine",
                "--fields",
                "title",
                "--with-library",
            ])
            .arg(&library),
    );
    let list: Vec<serde_json::Value> =
        serde_json::from_str(&list).unwrap_or_else(|error| panic!("calibre's list: {error}"));
    let titles = list.iter().filter_map(|book| book.get("title")?.as_str());
    titles.map(str::to_owned).collect()
}

/// A book in the engines of two readers.
#[derive(Debug, Deserialize)]
pub struct Reading {
    /// What epub.js shows.
    pub epubjs: Shown,
    /// What foliate-js shows.
    pub foliate: Shown,
}

/// What an engine shows of a book.
#[derive(Debug, Deserialize)]
pub struct Shown {
    /// What it knows of the whole.
    pub metadata: Metadata,
    /// The picture on the front.
    pub cover: Option<Picture>,
    /// The contents.
    pub contents: Vec<Entry>,
    /// The contents for readers of EPUB 2, if the engine reads them.
    #[serde(default)]
    pub ncx: Vec<Entry>,
    /// The pages in reading order.
    pub pages: Vec<Page>,
    /// What went wrong besides the pages: messages, exceptions, failed and refused requests.
    pub problems: Vec<String>,
}

/// What an engine knows of a book; epub.js reads less than foliate-js.
#[derive(Debug, Deserialize)]
#[expect(missing_docs, reason = "the names are EPUB's")]
pub struct Metadata {
    pub title: Option<String>,
    pub authors: Vec<String>,
    #[serde(default)]
    pub editors: Vec<String>,
    pub language: Option<String>,
    pub publisher: Option<String>,
    pub series: Option<String>,
    pub position: Option<f64>,
    pub description: Option<String>,
    pub identifier: Option<String>,
    #[serde(default)]
    pub others: Vec<String>,
    #[serde(default)]
    pub subjects: Vec<String>,
    pub published: Option<String>,
    pub direction: Option<String>,
}

/// A cover.
#[derive(Debug, Deserialize)]
pub struct Picture {
    /// The size of the file.
    pub bytes: usize,
}

/// An entry of the contents.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Entry {
    /// The words to press.
    pub label: String,
    /// Where it leads to.
    pub href: String,
    /// Whether that is there.
    pub found: bool,
    /// What stands below it.
    pub entries: Vec<Self>,
}

/// A page as it is shown on a phone, 375 CSS pixels wide, light on dark, with everything
/// unfolded.
#[derive(Debug, Deserialize)]
pub struct Page {
    /// Its file.
    pub file: String,
    /// The text that a person sees.
    pub text: String,
    /// Elements that stick out of the window.
    pub wide: Vec<String>,
    /// Elements, links apart, with a colour of their own.
    pub coloured: Vec<String>,
    /// Links whose colour is the browser's blue, which dark pages swallow.
    pub blue: Vec<String>,
    /// Pictures that do not come.
    pub lost: Vec<String>,
    /// Messages, exceptions, failed and refused requests.
    pub problems: Vec<String>,
}

impl Shown {
    /// What a person would complain of.
    #[must_use]
    pub fn findings(&self) -> Vec<String> {
        let mut findings = self.problems.clone();
        for page in &self.pages {
            let file = &page.file;
            let all = [
                ("sticks out", &page.wide),
                ("has a colour", &page.coloured),
                ("is blue", &page.blue),
                ("does not come", &page.lost),
                ("goes wrong", &page.problems),
            ];
            for (complaint, elements) in all {
                findings.extend(
                    elements
                        .iter()
                        .map(|it| format!("{file}: {it} {complaint}")),
                );
            }
        }
        lost(&self.contents, &mut findings);
        lost(&self.ncx, &mut findings);
        findings
    }

    /// The text of all pages.
    #[must_use]
    pub fn text(&self) -> String {
        let pages: Vec<&str> = self.pages.iter().map(|page| page.text.as_str()).collect();
        pages.join("\n")
    }
}

fn lost(entries: &[Entry], findings: &mut Vec<String>) {
    for entry in entries {
        if !entry.found {
            findings.push(format!("{} leads nowhere: {}", entry.label, entry.href));
        }
        lost(&entry.entries, findings);
    }
}

/// The contents' labels as an indented list.
#[must_use]
pub fn outline(entries: &[Entry]) -> String {
    fn write(entries: &[Entry], depth: usize, out: &mut String) {
        for entry in entries {
            let label: Vec<&str> = entry.label.split_whitespace().collect();
            let _ = writeln!(out, "{}{}", "  ".repeat(depth), label.join(" "));
            write(&entry.entries, depth + 1, out);
        }
    }
    let mut out = String::new();
    write(entries, 0, &mut out);
    out
}

/// What epub.js and foliate-js show of each book, in one run of the browser.
///
/// # Panics
/// When Node.js, Chromium or an engine is not installed, or a book cannot be opened.
#[must_use]
pub fn read_in_engines(books: &[PathBuf]) -> Vec<Reading> {
    let told = ask_gladly(
        node(&repository().join("tests/readers/read.mjs"))
            .arg("--modules")
            .arg(node_modules())
            .arg("--text")
            .args(books),
    );
    let readings: Vec<Reading> = told
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect();
    assert_eq!(readings.len(), books.len());
    readings
}

/// The contents that mutool reads, which are those of the NCX.
///
/// # Panics
/// When mutool is not installed, or cannot read the book.
#[must_use]
pub fn mutool_outline(book: &Path) -> Vec<Entry> {
    #[derive(Deserialize)]
    struct Point {
        title: String,
        uri: String,
        #[serde(default)]
        down: Vec<Point>,
    }
    fn entries(points: Vec<Point>) -> Vec<Entry> {
        let entry = |point: Point| Entry {
            label: point.title,
            href: point.uri,
            found: true,
            entries: entries(point.down),
        };
        points.into_iter().map(entry).collect()
    }
    let script = "print(JSON.stringify(new Document(scriptArgs[0]).loadOutline()))";
    let folder = folder_with(&[("outline.js", script.as_bytes())]);
    let told = ask_gladly(
        tool("mutool")
            .arg("run")
            .arg(folder.path().join("outline.js"))
            .arg(book),
    );
    let points: Vec<Point> =
        serde_json::from_str(&told).unwrap_or_else(|error| panic!("mutool: {error}: {told}"));
    entries(points)
}

/// A copy of a book in which `old` in the file `name` became `new`.
///
/// # Panics
/// When there is no `old` in that file.
pub fn edit(book: &Path, copy: &Path, name: &str, old: &str, new: &str) {
    let mut edited = false;
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (member, mut bytes) in members(&read(book)) {
        if member == name {
            let text = String::from_utf8_lossy(&bytes);
            edited = text.contains(old);
            bytes = text.replacen(old, new, 1).into_bytes();
        }
        let result = archive
            .start_file(member, stored)
            .and_then(|()| Ok(archive.write_all(&bytes)?));
        result.unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    assert!(edited, "no {old:?} in {name}");
    let bytes = archive.finish().unwrap_or_else(|error| panic!("{error}"));
    write(copy, bytes.get_ref());
}
