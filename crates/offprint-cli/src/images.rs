//! The pictures that a project's files name.

use std::collections::BTreeMap;
use std::path::Path;

use offprint_core::asset::{self, Asset, AssetError};
use offprint_core::load::ImageUse;
use offprint_core::{Assets, Diagnostic};

use crate::fault::explain;
use crate::read::{ReadError, read_inside};

/// The pictures of a project, each read once.
pub(crate) struct Images<'a> {
    pub(crate) root: &'a Path,
    read: BTreeMap<String, Result<Asset, BrokenImage>>,
}

struct BrokenImage {
    message: String,
    near: Option<String>,
    hint: Option<&'static str>,
}

impl<'a> Images<'a> {
    pub(crate) fn of(root: &'a Path) -> Self {
        Self {
            root,
            read: BTreeMap::new(),
        }
    }

    /// Reads the pictures that were not read before, and reports those that cannot be.
    /// Authors name them from `folder`.
    pub(crate) fn diagnose(&mut self, uses: &[ImageUse], folder: &str) -> Vec<Diagnostic> {
        let mut diagnostics = Vec::new();
        for used in uses {
            let root = self.root;
            let result = self
                .read
                .entry(used.src.clone())
                .or_insert_with(|| read_image(root, &used.src));
            if let Err(broken) = result {
                let mut diagnostic = Diagnostic::error("broken-image", broken.message.clone())
                    .at(used.place.clone());
                diagnostic.label = broken
                    .near
                    .as_ref()
                    .map(|near| format!("did you mean `{}`?", named_from(folder, near)));
                diagnostic.hints.extend(broken.hint.map(str::to_owned));
                diagnostics.push(diagnostic);
            }
        }
        diagnostics
    }

    pub(crate) fn into_assets(self) -> Assets {
        Assets::new(
            self.read
                .into_iter()
                .filter_map(|(src, result)| Some((src, result.ok()?)))
                .collect(),
        )
    }
}

/// A path from the project's root as an author in `folder` writes it.
fn named_from(folder: &str, path: &str) -> String {
    if folder.is_empty() {
        return path.to_owned();
    }
    let below = path.strip_prefix(folder);
    match below.and_then(|below| below.strip_prefix('/')) {
        Some(below) => below.to_owned(),
        None => format!("/{path}"),
    }
}

fn read_image(root: &Path, src: &str) -> Result<Asset, BrokenImage> {
    let broken = |message: String, hint| BrokenImage {
        message,
        near: None,
        hint,
    };
    let bytes = read_inside(root, src, asset::MAX_BYTES).map_err(|error| match error {
        ReadError::Missing(near) => BrokenImage {
            message: format!("there is no picture `{src}`"),
            hint: near.is_none().then_some(
                "pictures are named from the issue's folder, or from the project's root with `/` in front",
            ),
            near,
        },
        ReadError::Outside => broken(
            format!("the picture `{src}` lies outside the project's folder"),
            Some("copy it into the project"),
        ),
        ReadError::NotAFile => broken(format!("`{src}` is no regular file"), None),
        ReadError::TooLarge => broken(
            format!("the picture `{src}` has more than {} MiB", asset::MAX_BYTES / 1024 / 1024),
            Some("save it smaller: 2000 pixels across are plenty for print"),
        ),
        ReadError::System(error) => {
            let (reason, hint) = explain(&error);
            broken(format!("the picture `{src}` cannot be read: {reason}"), hint)
        }
    })?;
    Asset::read(src, bytes).map_err(|error| {
        let hint = match error {
            AssetError::TooManyBytes(_) | AssetError::TooManyPixels(..) => {
                "save it smaller: 2000 pixels across are plenty for print"
            }
            AssetError::UnknownFormat => "save it as PNG or JPEG",
            AssetError::Damaged(_) => "open it in an image viewer, and save it anew as PNG or JPEG",
        };
        broken(format!("`{src}`: {error}"), Some(hint))
    })
}
