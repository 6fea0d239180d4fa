//! Which pictures a book shows, and where they lie in it.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;

use image::ImageError;
use offprint_core::asset::{Asset, Assets};
use offprint_core::diagnostic::Diagnostic;
use offprint_core::text::Image;
use offprint_html::ImageSource;

use crate::{Profile, kindle};

/// The pictures of a build, noting those that a book asks for.
pub(crate) struct Pictures<'a> {
    assets: &'a Assets,
    profile: Profile,
    asked: RefCell<BTreeMap<String, Option<&'a Asset>>>,
}

/// A file of a book that holds a picture.
pub(crate) struct PictureFile<'a> {
    pub file: String,
    pub media_type: &'static str,
    pub data: Cow<'a, [u8]>,
}

impl<'a> Pictures<'a> {
    pub(crate) fn new(assets: &'a Assets, profile: Profile) -> Self {
        Self {
            assets,
            profile,
            asked: RefCell::default(),
        }
    }

    /// A picture that will be shown.
    pub(crate) fn get(&self, src: &str) -> Option<&'a Asset> {
        let asset = self.assets.get(src);
        self.asked.borrow_mut().insert(src.to_owned(), asset);
        asset
    }

    /// A picture, whether or not it will be shown.
    pub(crate) fn peek(&self, src: &str) -> Option<&'a Asset> {
        self.assets.get(src)
    }

    /// Where a picture is to be found from a page.
    pub(crate) fn source(&self, image: &Image) -> Option<ImageSource> {
        self.get(&image.src).map(|asset| ImageSource {
            url: file(asset),
            width: asset.width,
            height: asset.height,
        })
    }

    /// The pictures that were asked for, each once.
    pub(crate) fn used(&self) -> BTreeMap<String, &'a Asset> {
        let asked = self.asked.borrow();
        asked
            .values()
            .flatten()
            .map(|asset| (file(asset), *asset))
            .collect()
    }

    /// Their files, as the profile wants them.
    ///
    /// # Errors
    /// When a picture cannot be encoded anew.
    pub(crate) fn files(&self) -> Result<Vec<PictureFile<'a>>, ImageError> {
        let used = self.used().into_iter();
        used.map(|(file, asset)| {
            let changed = match self.profile {
                Profile::Epub3 => None,
                Profile::Kindle => kindle::picture(asset)?,
            };
            Ok(PictureFile {
                file,
                media_type: asset.encoding.media_type(),
                data: changed.map_or(Cow::Borrowed(&asset.data[..]), Cow::Owned),
            })
        })
        .collect()
    }

    /// The pictures that were asked for and are not there.
    pub(crate) fn warnings(&self) -> Vec<Diagnostic> {
        let asked = self.asked.borrow();
        asked
            .iter()
            .filter(|(_, asset)| asset.is_none())
            .map(|(src, _)| {
                Diagnostic::warning(
                    "epub::missing-picture",
                    format!("the picture {src} is not there; the book shows its description"),
                )
            })
            .collect()
    }
}

/// The file that holds a picture in the book.
pub(crate) fn file(asset: &Asset) -> String {
    format!("images/{}", asset.name)
}
