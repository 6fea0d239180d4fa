//! Examples of the pages that `offprint explain` shows, unpacked into folders to run in.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::path::Path;

use image::{ImageFormat, RgbImage};
use offprint_explain::{Page, Side, Snippet};
use tempfile::TempDir;

use crate::{Ran, folder_with, run};

/// An example in a folder of its own.
#[derive(Debug)]
pub struct Example {
    /// The folder.
    pub folder: TempDir,
    /// What is run in it, without the program's name.
    pub arguments: Vec<String>,
}

/// What a series says of itself where an example does not.
const SERIES: &[(&str, &str)] = &[
    ("id", "\"digest\""),
    ("title", "\"Digest\""),
    ("lang", "\"en\""),
    ("license", "\"CC-BY-4.0\""),
    ("url", "\"https://digest.example.org/\""),
];

const ISSUE: &str = "---\ntitle: Notes\ndate: 2026-01-05\n---\n\nA quiet month.\n";

/// The wrong or the right example of a page, with what belongs to both.
///
/// # Panics
/// When it cannot be written.
#[must_use]
pub fn unpack(page: &Page, side: Side) -> Example {
    let of_side = |it: &&Snippet| it.side == side || it.side == Side::Both;
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    let mut arguments = None;
    let (mut facts, mut body, mut series) = (None, None, None);
    let mut lang = "en";
    for snippet in page.snippets.iter().filter(of_side) {
        let text = snippet.text;
        match snippet.of {
            "facts" => facts = Some(text),
            "body" => body = Some(text.to_owned()),
            "body-zh" => {
                body = Some(text.to_owned());
                lang = "zh-CN";
            }
            "paper" => body = Some(paper(text)),
            "series" => series = Some(text),
            "command" => {
                let words = text.split_whitespace().skip(1).map(str::to_owned);
                arguments = Some(words.collect());
            }
            of => match of.strip_prefix("picture ") {
                Some(named) => files.push(picture(named)),
                None => files.push((of.to_owned(), text.as_bytes().to_vec())),
            },
        }
    }
    if facts.is_some() || body.is_some() {
        let text = issue(facts.unwrap_or_default(), lang, body.as_deref());
        files.push(("issue.md".to_owned(), text.into_bytes()));
    }
    if let Some(lines) = series {
        files.push(("offprint.toml".to_owned(), settings(lines).into_bytes()));
        if !files.iter().any(|(path, _)| is_issue(path)) {
            files.push(("issues/notes.md".to_owned(), ISSUE.into()));
        }
    }
    let arguments = arguments.unwrap_or_else(|| vec!["check".to_owned(), path_of(&files)]);
    let files: Vec<(&str, &[u8])> = files
        .iter()
        .map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
        .collect();
    Example {
        folder: folder_with(&files),
        arguments,
    }
}

impl Example {
    /// What the program says of it, as JSON.
    #[must_use]
    pub fn run(&self) -> Ran {
        let mut arguments: Vec<&str> = self.arguments.iter().map(String::as_str).collect();
        arguments.push("--message-format=json");
        run(self.folder.path(), &arguments)
    }
}

fn is_issue(path: &str) -> bool {
    path.strip_prefix("issues/")
        .is_some_and(|name| Path::new(name).extension() == Some(OsStr::new("md")))
}

/// What `check` is given: the series, or the issue that stands alone.
fn path_of(files: &[(String, Vec<u8>)]) -> String {
    let is_there = |name: &str| files.iter().any(|(path, _)| path == name);
    if is_there("offprint.toml") {
        return ".".to_owned();
    }
    let lone = files.iter().find(|(path, _)| path.starts_with("issue."));
    lone.map(|(path, _)| path.clone()).unwrap_or_default()
}

/// A paper with these fields in a section.
fn paper(fields: &str) -> String {
    let url = if fields.contains("- url:") {
        ""
    } else {
        "- url: https://example.org/paper\n"
    };
    format!("## Papers\n\n### Attention in Small Models\n{url}{fields}\nWorth a look.\n")
}

fn issue(facts: &str, lang: &str, body: Option<&str>) -> String {
    let usual = [
        ("title", "Reading notes"),
        ("date", "2026-01-05"),
        ("lang", lang),
        ("license", "CC-BY-4.0"),
    ];
    let mut text = "---\n".to_owned();
    for (name, value) in usual {
        if !says(facts, name) {
            let _ = writeln!(text, "{name}: {value}");
        }
    }
    let body = body.unwrap_or("A quiet month.\n");
    format!("{text}{facts}---\n\n{body}")
}

fn settings(lines: &str) -> String {
    let (own, tables) = if lines.starts_with('[') {
        ("", lines)
    } else {
        (lines, "")
    };
    let mut text = "[series]\n".to_owned();
    for (name, value) in SERIES {
        if !says(own, name) {
            let _ = writeln!(text, "{name} = {value}");
        }
    }
    format!("{text}{own}\n{tables}")
}

fn says(lines: &str, name: &str) -> bool {
    lines.lines().any(|line| {
        line.strip_prefix(name)
            .is_some_and(|rest| rest.starts_with([':', ' ', '=']))
    })
}

/// `PATH WIDTHxHEIGHT` as a PNG of one colour.
fn picture(named: &str) -> (String, Vec<u8>) {
    let read = || {
        let (path, size) = named.split_once(' ')?;
        let (width, height) = size.split_once('x')?;
        Some((path, width.parse().ok()?, height.parse().ok()?))
    };
    let Some((path, width, height)) = read() else {
        panic!("`{named}` names no picture");
    };
    let mut bytes = std::io::Cursor::new(Vec::new());
    let pixels = RgbImage::from_pixel(width, height, image::Rgb([90, 120, 160]));
    pixels
        .write_to(&mut bytes, ImageFormat::Png)
        .unwrap_or_else(|error| panic!("{named}: {error}"));
    (path.to_owned(), bytes.into_inner())
}
