//! PDFs of the same issues in every look that settings can give them, built once.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use offprint_core::Issue;
use tempfile::TempDir;

use crate::series::{issue_of, series_with};
use crate::{copy_of, fixture, list, read_text, run, write};

/// The looks: a name, and what `[pdf]` says.
pub const LOOKS: &[(&str, &str)] = &[
    ("newsletter", "paper = \"newsletter\""),
    ("reader", "paper = \"6in\""),
    (
        "office",
        "paper = \"Letter\"\ngray = true\ncover = \"page\"",
    ),
    ("hand-out", "paper = \"A5\"\nqr = \"papers\""),
    (
        "bold",
        "emphasis = \"bold\"\naccent = \"#7a1f2b\"\nsize = 12\nmargin = { top = 20, right = 15, bottom = 20, left = 35 }",
    ),
    (
        "carrier",
        "paper = \"A5\"\ncolumns = 2\nsize = 8\nmargin = 12\nattach = [\"source\", \"epub\"]",
    ),
];

/// Papers of the reading list: so many that it has an index.
pub const PAPERS: usize = 34;

/// A series in one look, built.
#[derive(Debug)]
pub struct Preset {
    /// The look's name and the issue's.
    pub name: String,
    /// What `[pdf]` says.
    pub settings: &'static str,
    /// Where the series is.
    pub folder: PathBuf,
    /// The made PDF.
    pub pdf: PathBuf,
    /// The issue as the program reads it.
    pub issue: Issue,
}

impl Preset {
    /// Whether a look is this one.
    #[must_use]
    pub fn is(&self, look: &str) -> bool {
        self.name.split(' ').next() == Some(look)
    }
}

/// Every look of the fixture with everything in it and of a reading list with an index.
///
/// # Panics
/// When one cannot be built.
#[must_use]
pub fn presets() -> &'static [Preset] {
    // The folders are left when the process ends, so that they have a place of their own.
    static PRESETS: OnceLock<Vec<Preset>> = OnceLock::new();
    PRESETS.get_or_init(|| {
        let process = std::env::current_exe().unwrap_or_default();
        let process = process.file_stem().unwrap_or_default();
        let root = crate::repository().join("target/presets").join(process);
        let _ = std::fs::remove_dir_all(&root);
        let mut presets = Vec::new();
        for (look, settings) in LOOKS {
            for (issue, series) in [("sink", sink(settings)), ("list", list(settings))] {
                let folder = root.join(look).join(issue);
                for (path, bytes) in crate::files_below(series.path()) {
                    write(&folder.join(path), &bytes);
                }
                presets.push(build(format!("{look} {issue}"), settings, folder));
            }
        }
        presets
    })
}

fn sink(settings: &str) -> TempDir {
    let folder = copy_of(&fixture("kitchen-sink"));
    let path = folder.path().join("offprint.toml");
    let text = read_text(&path).replace("paper = \"A5\"", settings);
    assert!(text.contains(settings), "the fixture has no settings");
    write(&path, text.as_bytes());
    folder
}

fn list(settings: &str) -> TempDir {
    series_with(&format!("[pdf]\n{settings}\n"), &list::markdown(PAPERS))
}

fn build(name: String, settings: &'static str, folder: PathBuf) -> Preset {
    let formats = if settings.contains("attach") {
        "epub,pdf"
    } else {
        "pdf"
    };
    let _ = run(&folder, &["build", "--format", formats]).expect(0);
    let pdf = only_pdf(&folder);
    Preset {
        name,
        settings,
        issue: issue_of(&folder),
        folder,
        pdf,
    }
}

fn only_pdf(folder: &Path) -> PathBuf {
    let public = folder.join("public");
    let files = crate::files_below(&public);
    let mut paths = files.into_iter().map(|(path, _)| path);
    let pdf = paths.find(|path| Path::new(path).extension().is_some_and(|it| it == "pdf"));
    let pdf = pdf.unwrap_or_else(|| panic!("no PDF in {}", public.display()));
    public.join(pdf)
}
