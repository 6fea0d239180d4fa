//! The pictures that a project's files name.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use offprint_core::Diagnostic;
use offprint_core::asset::{self, Asset, AssetError};
use offprint_core::load::ImageUse;

use crate::fault::{Fault, explain};
use crate::read::{ReadError, look_inside, read_inside};
use crate::state::{Hash, Picture, Stamp};

/// The pictures of a project. Each is decoded once; its bytes are read again by who needs
/// them, for those of all issues together may be more than memory.
pub(crate) struct Images {
    root: PathBuf,
    /// What an earlier build found out.
    known: BTreeMap<String, Picture>,
    looked_at: Mutex<BTreeMap<String, Look>>,
}

/// What came of looking at a picture, once somebody did.
type Look = Arc<OnceLock<Result<Picture, BrokenImage>>>;

struct BrokenImage {
    message: String,
    near: Option<String>,
    hint: Option<&'static str>,
}

impl Images {
    pub(crate) fn of(root: &Path, known: BTreeMap<String, Picture>) -> Self {
        Self {
            root: root.to_owned(),
            known,
            looked_at: Mutex::default(),
        }
    }

    /// Looks at pictures, and reports those that cannot be read. Authors name them from
    /// `folder`.
    pub(crate) fn diagnose(&self, uses: &[ImageUse], folder: &str) -> Vec<Diagnostic> {
        let mut diagnostics = Vec::new();
        for used in uses {
            if let Err(broken) = self.look_at(&used.src).get_or_init(|| self.read(&used.src)) {
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

    fn look_at(&self, src: &str) -> Look {
        let mut looked_at = self
            .looked_at
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        Arc::clone(looked_at.entry(src.to_owned()).or_default())
    }

    fn read(&self, src: &str) -> Result<Picture, BrokenImage> {
        if let Some(picture) = self.unchanged(src) {
            return Ok(picture.clone());
        }
        let (bytes, stamp) = read_bytes(&self.root, src)?;
        let hash = Hash::of(&bytes);
        if let Some(known) = self.known.get(src).filter(|known| known.hash == hash) {
            return Ok(Picture {
                stamp,
                ..known.clone()
            });
        }
        let (_, facts) =
            Asset::read_facts(src, bytes).map_err(|error| broken_asset(src, &error))?;
        Ok(Picture { stamp, hash, facts })
    }

    /// A picture of an earlier build whose file was not written to since.
    fn unchanged(&self, src: &str) -> Option<&Picture> {
        let known = self.known.get(src)?;
        let metadata = look_inside(&self.root, src).ok()?;
        (Stamp::of(&metadata) == known.stamp).then_some(known)
    }

    /// What is known of a picture, if it can be read.
    pub(crate) fn picture(&self, src: &str) -> Option<Picture> {
        let looked_at = self.look_at(src);
        let result = looked_at.get_or_init(|| self.read(src));
        result.as_ref().ok().cloned()
    }

    /// What is known of all pictures that were looked at.
    pub(crate) fn pictures(&self) -> BTreeMap<String, Picture> {
        let looked_at = self
            .looked_at
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        looked_at
            .iter()
            .filter_map(|(src, result)| Some((src.clone(), result.get()?.as_ref().ok()?.clone())))
            .collect()
    }

    /// A picture with its bytes; `None` for one that was found broken.
    pub(crate) fn asset(&self, src: &str) -> Result<Option<Asset>, Fault> {
        let Some(picture) = self.picture(src) else {
            return Ok(None);
        };
        let gone = |reason: &str| {
            Fault::machine(
                format!("the picture `{src}` was changed while it was read: {reason}"),
                Some("build again"),
            )
        };
        let (bytes, _) = read_bytes(&self.root, src).map_err(|broken| gone(&broken.message))?;
        let asset = if Hash::of(&bytes) == picture.hash {
            Asset::known(src, bytes, picture.facts)
        } else {
            Asset::read(src, bytes)
        };
        asset.map(Some).map_err(|error| gone(&error.to_string()))
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

fn read_bytes(root: &Path, src: &str) -> Result<(Vec<u8>, Stamp), BrokenImage> {
    let broken = |message: String, hint| BrokenImage {
        message,
        near: None,
        hint,
    };
    let read = look_inside(root, src).and_then(|metadata| {
        Ok((
            read_inside(root, src, asset::MAX_BYTES)?,
            Stamp::of(&metadata),
        ))
    });
    read.map_err(|error| match error {
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
    })
}

fn broken_asset(src: &str, error: &AssetError) -> BrokenImage {
    let hint = match error {
        AssetError::TooManyBytes(_) | AssetError::TooManyPixels(..) => {
            "save it smaller: 2000 pixels across are plenty for print"
        }
        AssetError::UnknownFormat => "save it as PNG or JPEG",
        AssetError::Damaged(_) => "open it in an image viewer, and save it anew as PNG or JPEG",
    };
    BrokenImage {
        message: format!("`{src}`: {error}"),
        near: None,
        hint: Some(hint),
    }
}
