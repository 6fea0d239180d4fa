//! The pictures that feeds show, and where readers find them.

use std::cell::RefCell;
use std::collections::BTreeMap;

use offprint_core::text::Image;
use offprint_core::{Asset, Assets, RelativePath};
use offprint_html::ImageSource;

/// Gives pictures their places and remembers which were used.
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
        let base = self.base?;
        let (path, asset) = self.place_in_issue(issue_id, image)?;
        Some(source(base, &path, asset))
    }

    /// A picture of the series; `None` when it has no address.
    pub(crate) fn of_series(&self, image: &Image) -> Option<ImageSource> {
        let base = self.base?;
        let (path, asset) = self.place_in_series(image)?;
        Some(source(base, &path, asset))
    }

    /// Where a picture of an issue lies, from the output folder.
    pub(crate) fn place_in_issue(
        &self,
        issue_id: &str,
        image: &Image,
    ) -> Option<(RelativePath, &'a Asset)> {
        let asset = self.assets.get(&image.src)?;
        Some(self.used(asset.public_path(issue_id).ok()?, asset))
    }

    /// Where a picture of the series lies, from the output folder.
    pub(crate) fn place_in_series(&self, image: &Image) -> Option<(RelativePath, &'a Asset)> {
        let asset = self.assets.get(&image.src)?;
        let path = RelativePath::new(format!("images/{}", asset.name)).ok()?;
        Some(self.used(path, asset))
    }

    fn used(&self, path: RelativePath, asset: &'a Asset) -> (RelativePath, &'a Asset) {
        self.used.borrow_mut().insert(path.clone(), asset);
        (path, asset)
    }

    /// All pictures used so far.
    pub(crate) fn into_used(self) -> BTreeMap<RelativePath, &'a Asset> {
        self.used.into_inner()
    }
}

fn source(base: &str, path: &RelativePath, asset: &Asset) -> ImageSource {
    ImageSource {
        url: format!("{base}{path}"),
        width: asset.width,
        height: asset.height,
    }
}
