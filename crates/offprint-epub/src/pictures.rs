//! Which pictures a book shows, and where they lie in it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::{Mutex, MutexGuard, PoisonError};

use image::{ImageError, ImageFormat};
use offprint_core::asset::{Asset, Assets, Encoding};
use offprint_core::diagnostic::Diagnostic;
use offprint_core::text::Image;
use offprint_html::ImageSource;

use crate::{Profile, kindle};

/// The pictures of a build, noting those that a book asks for.
pub(crate) struct Pictures<'a> {
    assets: &'a Assets,
    profile: Profile,
    asked: Mutex<BTreeMap<String, Option<&'a Asset>>>,
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
            asked: Mutex::default(),
        }
    }

    fn asked(&self) -> MutexGuard<'_, BTreeMap<String, Option<&'a Asset>>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A picture that will be shown.
    pub(crate) fn get(&self, src: &str) -> Option<&'a Asset> {
        let asset = self.assets.get(src);
        self.asked().insert(src.to_owned(), asset);
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
        let asked = self.asked();
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
            Ok(PictureFile {
                file,
                media_type: asset.encoding.media_type(),
                data: data(asset, self.profile)?,
            })
        })
        .collect()
    }

    /// The pictures that were asked for and are not there.
    pub(crate) fn warnings(&self) -> Vec<Diagnostic> {
        let asked = self.asked();
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

/// A picture's bytes, as a profile wants them.
///
/// # Errors
/// When the picture cannot be encoded anew.
pub(crate) fn data(asset: &Asset, profile: Profile) -> Result<Cow<'_, [u8]>, ImageError> {
    let changed = match profile {
        // Few readers turn a picture as its camera says.
        _ if !asset.is_upright => Some(upright(asset)?),
        Profile::Epub3 => None,
        Profile::Kindle => kindle::picture(asset)?,
    };
    Ok(changed.map_or(Cow::Borrowed(&asset.data[..]), Cow::Owned))
}

fn upright(asset: &Asset) -> Result<Vec<u8>, ImageError> {
    let picture = asset.decode()?;
    match asset.encoding {
        Encoding::Jpeg => kindle::jpeg(&picture, kindle::PHOTOGRAPH),
        Encoding::Png => {
            let mut data = Vec::new();
            picture.write_to(&mut Cursor::new(&mut data), ImageFormat::Png)?;
            Ok(data)
        }
    }
}

/// The file that holds a picture in the book.
pub(crate) fn file(asset: &Asset) -> String {
    format!("images/{}", asset.name)
}

#[cfg(test)]
mod tests {
    use image::{Rgb, RgbImage};

    use super::*;

    /// A JPEG that says it lies on its side (Exif 2.32, 4.6.4: orientation 6).
    fn lying(picture: &RgbImage) -> Vec<u8> {
        let mut jpeg = Vec::new();
        picture
            .write_to(&mut Cursor::new(&mut jpeg), ImageFormat::Jpeg)
            .unwrap();
        let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0".to_vec();
        exif.extend([0; 4]);
        let length = u16::try_from(exif.len() + 2).unwrap();
        let mut turned = jpeg[..2].to_vec();
        turned.extend([0xff, 0xe1]);
        turned.extend(length.to_be_bytes());
        turned.extend(exif);
        turned.extend(&jpeg[2..]);
        turned
    }

    #[test]
    fn what_a_camera_laid_on_its_side_stands_in_every_book() {
        let picture = RgbImage::from_fn(32, 16, |x, _| {
            if x < 16 {
                Rgb([200, 0, 0])
            } else {
                Rgb([0, 0, 200])
            }
        });
        let asset = Asset::read("lying.jpg", lying(&picture)).unwrap();
        assert!(!asset.is_upright && (asset.width, asset.height) == (16, 32));
        for profile in [Profile::Epub3, Profile::Kindle] {
            let upright = image::load_from_memory(&data(&asset, profile).unwrap()).unwrap();
            assert_eq!((upright.width(), upright.height()), (16, 32));
            let top = upright.to_rgb8().get_pixel(8, 4).0;
            assert!(top[0] > 150 && top[2] < 50, "{top:?}");
        }
    }
}
