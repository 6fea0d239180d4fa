//! What is told of pictures by `check` alone: no build reads what nothing names.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use offprint_core::Diagnostic;
use offprint_core::load::{Form, ImageUse};

use super::{Finding, Project};
use crate::read::slashed;
use crate::report::size;
use crate::roots::{IssueFile, shown};

/// The largest picture that WeChat takes, in bytes.
const MAX_PICTURE: u64 = 10 * 1024 * 1024;
/// How long the pictures of an issue may be together: Send to Kindle takes no larger book.
const MAX_PICTURES: u64 = 50 * 1024 * 1024;
/// The endings of pictures.
const ENDINGS: &[&str] = &["gif", "jpeg", "jpg", "png", "webp"];
/// The most entries of folders that are looked at.
const MOST_ENTRIES: usize = 50_000;
/// The most pictures that are told of.
const MOST_TOLD: usize = 100;
/// How deep pictures lie below the issues.
const MAX_DEPTH: usize = 4;

impl Project {
    /// Tells of pictures of an issue that are too large for where it goes.
    pub(super) fn large_pictures(&self, uses: &[ImageUse]) -> Vec<Diagnostic> {
        let mut seen = BTreeSet::new();
        let mut sum = 0;
        let mut largest: Option<(u64, &ImageUse)> = None;
        let mut found = Vec::new();
        for used in uses {
            let picture = self.images.picture(&used.src);
            let Some(picture) = picture.filter(|_| seen.insert(&used.src)) else {
                continue;
            };
            let bytes = picture.stamp.bytes;
            sum += bytes;
            if largest.is_none_or(|(most, _)| bytes > most) {
                largest = Some((bytes, used));
            }
            if bytes > MAX_PICTURE {
                let message = format!(
                    "this picture has {}; WeChat takes {}",
                    size(bytes),
                    size(MAX_PICTURE)
                );
                found.push(
                    Diagnostic::warning("image-too-large", message)
                        .at(used.place.clone())
                        .hint("save it smaller: 2000 pixels across are plenty for print"),
                );
            }
        }
        if let Some((bytes, used)) = largest.filter(|_| sum > MAX_PICTURES) {
            let message = format!(
                "the pictures of this issue have {} together; Send to Kindle takes books of {}",
                size(sum),
                size(MAX_PICTURES)
            );
            found.push(
                Diagnostic::warning("image-too-large", message)
                    .at(used.place.clone())
                    .label(format!("the largest, {}", size(bytes)))
                    .hint("save them smaller, or split the issue"),
            );
        }
        found
    }

    /// Tells of pictures beside the issues that nothing names. Where an issue could not be
    /// read, nobody knows what it names.
    pub(super) fn unused_pictures(&mut self) {
        // Of a part, the pictures of the others are not spoken of.
        if !self.is_whole || self.is_part {
            return;
        }
        let named: BTreeSet<&str> = self
            .issues
            .iter()
            .flat_map(|loaded| &loaded.pictures)
            .chain(self.pictures.keys())
            .map(String::as_str)
            .collect();
        let mut walk = Walk::default();
        if self.is_series {
            walk.folder(&self.root.join(&self.series.paths.issues), MAX_DEPTH);
        } else {
            for (file, _) in &self.files {
                self.walk_beside(file, &named, &mut walk);
            }
        }
        walk.pictures.sort_unstable();
        walk.pictures.dedup();
        let unused = walk.pictures.iter().filter(|path| {
            let below = path.strip_prefix(&self.root).map(slashed);
            below.is_ok_and(|below| !named.contains(below.as_str()))
        });
        let unused: Vec<&PathBuf> = unused.collect();
        let more = unused.len().saturating_sub(MOST_TOLD);
        let mut found: Vec<Finding> = unused
            .into_iter()
            .take(MOST_TOLD)
            .map(|path| Finding {
                diagnostic: Diagnostic::warning("unused-image", "nothing names this picture")
                    .hint("remove it, or name it where it belongs: ![what it shows](…)"),
                file: Some(shown(path)),
            })
            .collect();
        if let Some(last) = found.last_mut().filter(|_| more > 0) {
            let hint = format!("{more} more pictures are named by nothing");
            last.diagnostic.hints.push(hint);
        }
        let allows = |finding: &Finding| {
            let mut kept = vec![finding.diagnostic.clone()];
            self.series.check.apply(&mut kept);
            kept.pop()
        };
        let kept: Vec<Finding> = found
            .into_iter()
            .filter_map(|finding| {
                let diagnostic = allows(&finding)?;
                Some(Finding {
                    diagnostic,
                    ..finding
                })
            })
            .collect();
        self.findings.extend(kept);
    }

    /// Walks the folders that are an issue's own: `NAME/` beside `NAME.md`, the folder of an
    /// `index.md`, and those that it takes pictures from, unless other lists may do so too.
    fn walk_beside(&self, file: &IssueFile, named: &BTreeSet<&str>, walk: &mut Walk) {
        let folder = file.path.parent().unwrap_or(&self.root);
        let stem = file.path.file_stem().unwrap_or_default();
        walk.folder(&folder.join(stem), MAX_DEPTH);
        if stem == "index" {
            walk.folder(folder, MAX_DEPTH);
            return;
        }
        let is_other_list = |path: &Path| {
            let ending = path.extension().and_then(|ending| ending.to_str());
            ending.and_then(Form::of_extension).is_some()
                && path.file_stem() != Some("README".as_ref())
                && !self.files.iter().any(|(file, _)| file.path == path)
        };
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        if entries
            .take(MOST_ENTRIES)
            .any(|entry| is_other_list(&entry.path()))
        {
            return;
        }
        let folders: BTreeSet<PathBuf> = named
            .iter()
            .filter_map(|src| Some(self.root.join(src).parent()?.to_owned()))
            .collect();
        for folder in folders {
            walk.folder(&folder, 0);
        }
    }
}

/// Pictures that were found, and how much was looked at.
#[derive(Default)]
struct Walk {
    entries: usize,
    pictures: Vec<PathBuf>,
}

impl Walk {
    /// Takes the pictures of a folder, and of those below it down to `depth`; links and hidden
    /// ones are left alone.
    fn folder(&mut self, folder: &Path, depth: usize) {
        let Ok(entries) = fs::read_dir(folder) else {
            return;
        };
        let mut below = Vec::new();
        for entry in entries.flatten() {
            self.entries += 1;
            if self.entries > MOST_ENTRIES {
                return;
            }
            let (path, Ok(kind)) = (entry.path(), entry.file_type()) else {
                continue;
            };
            if entry.file_name().as_encoded_bytes().starts_with(b".") {
                continue;
            }
            if kind.is_dir() {
                below.push(path);
            } else if kind.is_file() && is_picture(&path) {
                self.pictures.push(path);
            }
        }
        below.sort_unstable();
        for folder in below.iter().filter(|_| depth > 0) {
            self.folder(folder, depth - 1);
        }
    }
}

fn is_picture(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| ENDINGS.contains(&ending.to_ascii_lowercase().as_str()))
}
