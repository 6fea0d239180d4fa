//! The pictures that feeds show, and where readers find them.

use std::cell::RefCell;
use std::collections::BTreeMap;

use offprint_core::text::Image;
use offprint_core::{Artifact, Asset, Assets, RelativePath};
use offprint_html::ImageSource;

/// Gives pictures their absolute addresses and remembers which were used.
pub(crate) struct Pictures<'a> {
    assets: &'a Assets,
    base: Option<&'a str>,
    used: RefCell<BTreeMap<RelativePath, &'a Asset>>,
}

impl<'a> Pictures<'a> {
    /// `base` is where the output folder will be found, ending in `/`.
    pub(crate) fn new(assets: &'a Assets, base: Option<&'a str>) -> Self {
        Self {
            assets,
            base,
            used: RefCell::default(),
        }
    }

    /// A picture of an issue; `None` when it has no address.
    pub(crate) fn of_issue(&self, issue_id: &str, image: &Image) -> Option<ImageSource> {
        let asset = self.assets.get(&image.src)?;
        self.published(asset, asset.public_path(issue_id).ok()?)
    }

    /// A picture of the series.
    pub(crate) fn of_series(&self, image: &Image) -> Option<ImageSource> {
        let asset = self.assets.get(&image.src)?;
        self.published(
            asset,
            RelativePath::new(format!("images/{}", asset.name)).ok()?,
        )
    }

    fn published(&self, asset: &'a Asset, path: RelativePath) -> Option<ImageSource> {
        let url = format!("{}{path}", self.base?);
        self.used.borrow_mut().insert(path, asset);
        Some(ImageSource {
            url,
            width: asset.width,
            height: asset.height,
        })
    }

    /// The files of all pictures used so far.
    pub(crate) fn artifacts(self) -> impl Iterator<Item = Artifact> {
        self.used.into_inner().into_iter().map(|(path, asset)| {
            let mut artifact =
                Artifact::new(path, asset.encoding.media_type(), asset.data.to_vec());
            artifact.listed = false;
            artifact
        })
    }
}
