//! Built series: the fixtures, and issues of many papers.

use std::path::{Path, PathBuf};

use offprint_core::load::{self, Form, Location};
use offprint_core::{Issue, Source};
use tempfile::TempDir;

use crate::{SMALL_SERIES, copy_of, files_below, fixture, folder_with, list, long, read_text, run};

/// A series whose one issue is this Markdown.
#[must_use]
pub fn series_of(issue: &str) -> TempDir {
    series_with("", issue)
}

/// The same, with further settings below those of the series.
#[must_use]
pub fn series_with(settings: &str, issue: &str) -> TempDir {
    let settings = format!("{SMALL_SERIES}\n{settings}");
    folder_with(&[
        ("offprint.toml", settings.as_bytes()),
        ("issues/issue.md", issue.as_bytes()),
    ])
}

/// The fixtures, an issue of a hundred papers and reading lists with abstracts, on wide and
/// on narrow pages, built.
///
/// # Panics
/// When one cannot be built.
#[must_use]
pub fn built(formats: &str) -> Vec<TempDir> {
    let folders = vec![
        copy_of(&fixture("iclr-2021")),
        copy_of(&fixture("kitchen-sink")),
        copy_of(&fixture("hostile")),
        series_of(&long::issue(100)),
        series_of(&list::markdown(40)),
        series_with("[pdf]\npaper = \"A5\"\n", &list::markdown(20)),
    ];
    for folder in &folders {
        let _ = run(folder.path(), &["build", "--format", formats]).expect(0);
    }
    folders
}

/// The files below the outputs of `folders` that end so.
///
/// # Panics
/// When they are fewer than the folders.
#[must_use]
pub fn outputs(folders: &[TempDir], ending: &str) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    for folder in folders {
        let public = folder.path().join("public");
        let files = files_below(&public)
            .into_iter()
            .filter(|(path, _)| path.ends_with(ending));
        paths.extend(files.map(|(path, _)| public.join(path)));
    }
    assert!(paths.len() >= folders.len(), "too few {ending}: {paths:?}");
    paths
}

/// The path and the text of the issue in a series' folder.
///
/// # Panics
/// When there is none in Markdown.
#[must_use]
pub fn source_of(folder: &Path) -> (String, String) {
    let files = files_below(&folder.join("issues"));
    let issue = files
        .into_iter()
        .find(|(path, _)| Path::new(path).extension().is_some_and(|it| it == "md"));
    let (path, text) = issue.unwrap_or_else(|| panic!("no issue in {}", folder.display()));
    let text = String::from_utf8(text).unwrap_or_else(|error| panic!("{path}: {error}"));
    (path, text)
}

/// The issue in a series' folder as the program reads it.
///
/// # Panics
/// When it has errors.
#[must_use]
pub fn issue_of(folder: &Path) -> Issue {
    let settings = Source::new("offprint.toml", read_text(&folder.join("offprint.toml")));
    let series = load::series(&settings).value;
    let (path, text) = source_of(folder);
    let parent = Path::new(&path)
        .parent()
        .map_or("".into(), Path::to_string_lossy);
    let beside = format!("issues/{parent}").trim_end_matches('/').to_owned();
    let source = Source::new(path, text);
    let location = Location {
        folder: beside,
        stem: "issue".to_owned(),
    };
    series
        .and_then(|series| load::issue(&source, Form::Markdown, &location, &series).value)
        .unwrap_or_else(|| panic!("the issue of {} has errors", folder.display()))
}
