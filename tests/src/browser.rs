//! The preview page of a WeChat article, driven within Chromium.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use offprint_wechat::dark::dark;
use offprint_wechat::preflight::characters;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::books::{node, node_modules};
use crate::tools::ask;
use crate::{copy_of, files_below, folder_with, read_text, repository, run, write};

/// A series that was built once in each theme that its preview page offers.
#[derive(Debug)]
pub struct Themed {
    /// The names of the themes, in the order of the page.
    pub themes: Vec<String>,
    /// Where the series was built in each.
    folders: Vec<TempDir>,
    /// Articles in dark mode.
    dark: TempDir,
}

impl Themed {
    /// Builds copies of a series.
    ///
    /// # Panics
    /// When one cannot be built, or has no page.
    #[must_use]
    pub fn build(series: &Path) -> Self {
        Self::build_in(series, usize::MAX)
    }

    /// The same in the first theme alone. How long its parts are depends on the theme, and so
    /// does where a series is divided.
    ///
    /// # Panics
    /// When it cannot be built, or has no page.
    #[must_use]
    pub fn build_first(series: &Path) -> Self {
        Self::build_in(series, 1)
    }

    fn build_in(series: &Path, count: usize) -> Self {
        let first = built(series, "plain");
        let page = read_text(&preview(first.path()));
        let themes = themes(&page);
        let mut folders = vec![first];
        let others = themes.iter().take(count).skip(1);
        folders.extend(others.map(|theme| built(series, theme)));
        let converted = folder_with(&[]);
        for (theme, folder) in folders.iter().enumerate() {
            for (part, article) in articles(folder.path()).iter().enumerate() {
                let dark = dark(&read_text(article));
                write(
                    &converted.path().join(format!("{theme}-{part}.html")),
                    dark.as_bytes(),
                );
            }
        }
        Self {
            themes,
            folders,
            dark: converted,
        }
    }

    /// The number of its parts.
    #[must_use]
    pub fn parts(&self) -> usize {
        self.folders
            .first()
            .map_or(0, |folder| articles(folder.path()).len())
    }

    /// Drives the page of the series in the first theme: what was found wrong under the name
    /// of each check. With `OFFPRINT_SHOTS` in the environment, pictures go to that folder.
    ///
    /// # Panics
    /// When Node.js or Chromium is not installed, or fails.
    #[must_use]
    pub fn drive(&self, groups: &[&str]) -> BTreeMap<String, Vec<String>> {
        let files: Vec<Vec<PathBuf>> = self
            .folders
            .iter()
            .map(|folder| articles(folder.path()))
            .collect();
        let dark = |(theme, parts): (usize, &Vec<PathBuf>)| -> Vec<PathBuf> {
            (0..parts.len())
                .map(|part| self.dark.path().join(format!("{theme}-{part}.html")))
                .collect()
        };
        let lengths = |parts: &Vec<PathBuf>| -> Vec<usize> {
            parts
                .iter()
                .map(|part| characters(&read_text(part)))
                .collect()
        };
        let page = self.folders.first().map(|folder| preview(folder.path()));
        let task = json!({
            "page": page,
            "themes": self.themes,
            "files": files,
            "dark": files.iter().enumerate().map(dark).collect::<Vec<_>>(),
            "characters": files.iter().map(lengths).collect::<Vec<_>>(),
            "groups": groups,
        });
        let folder = folder_with(&[("task.json", task.to_string().as_bytes())]);
        let mut command = node(&repository().join("tests/readers/preview.mjs"));
        command
            .arg("--modules")
            .arg(node_modules())
            .arg(folder.path().join("task.json"));
        if let Some(shots) = std::env::var_os("OFFPRINT_SHOTS") {
            command.arg("--shots").arg(shots);
        }
        let told = ask(&mut command).expect(0).stdout;
        serde_json::from_str(&told).unwrap_or_else(|error| panic!("{error}: {told}"))
    }
}

fn built(series: &Path, theme: &str) -> TempDir {
    let folder = copy_of(series);
    let settings = folder.path().join("offprint.toml");
    let text = read_text(&settings);
    let mut lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.starts_with("theme"))
        .collect();
    let line = format!("theme = {}", Value::from(theme));
    match lines.iter().position(|line| line.trim() == "[wechat]") {
        Some(table) => lines.insert(table + 1, &line),
        None => lines.extend(["[wechat]", &line]),
    }
    write(&settings, lines.join("\n").as_bytes());
    let _ = run(folder.path(), &["build", "--format", "wechat"]).expect(0);
    folder
}

/// The names of the themes that a page offers.
fn themes(page: &str) -> Vec<String> {
    let data = page
        .split_once("id=\"data\">")
        .and_then(|(_, rest)| rest.split_once("</script>"));
    let data: Value = data
        .and_then(|(data, _)| serde_json::from_str(data).ok())
        .unwrap_or_else(|| panic!("the page has no data"));
    let themes = data.get("themes").and_then(Value::as_array);
    let names = themes
        .into_iter()
        .flatten()
        .filter_map(|theme| Some(theme.get("name")?.as_str()?.to_owned()));
    names.collect()
}

/// The preview page below a series' outputs.
///
/// # Panics
/// When there is none.
#[must_use]
pub fn preview(series: &Path) -> PathBuf {
    let public = series.join("public");
    files_below(&public)
        .into_iter()
        .find(|(path, _)| path.ends_with(".wechat.preview.html"))
        .map_or_else(|| panic!("no preview page"), |(path, _)| public.join(path))
}

/// The articles of a series' one issue, in the order of their parts.
#[must_use]
pub fn articles(series: &Path) -> Vec<PathBuf> {
    let public = series.join("public");
    let mut articles: Vec<String> = files_below(&public)
        .into_iter()
        .map(|(path, _)| path)
        .filter(|path| path.contains(".wechat.") && !path.ends_with(".wechat.preview.html"))
        .collect();
    // The tenth part comes after the ninth.
    articles.sort_by_key(|path| (path.len(), path.clone()));
    articles.iter().map(|path| public.join(path)).collect()
}
