//! The pictures of an article: where they lie, and small enough for WeChat's interface.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageError, ImageFormat};
use offprint_core::asset::Encoding;
use offprint_core::{Asset, Assets, Diagnostic, Issue, Series};

/// The largest picture within an article, in bytes: `media/uploadimg` takes less than 1 MB.
pub(crate) const MAX_BYTES: usize = 1_000_000;
/// The qualities that a JPEG is tried with.
const QUALITIES: [u8; 3] = [88, 80, 72];
/// How much smaller each side becomes when no quality is low enough.
const SHRINK: f64 = 0.8;
/// How often a picture is shrunk: to a fortieth of its sides, at which any is small enough.
const ATTEMPTS: usize = 16;

/// What stands before `images/NAME` in the address of an issue's picture: the address of the
/// issue's folder, from which WeChat's editor fetches the pictures of a pasted article.
pub(crate) fn base(series: &Series, issue: &Issue) -> String {
    series
        .url
        .as_ref()
        .map(|url| format!("{url}{}/", issue.id))
        .unwrap_or_default()
}

/// The pictures of a build as an article may have them. Those that are too large are encoded
/// anew when they are first asked for.
#[derive(Debug)]
pub(crate) struct Pictures<'a> {
    assets: &'a Assets,
    changed: Mutex<BTreeMap<String, Changed>>,
}

/// A picture that was encoded anew.
#[derive(Debug)]
struct Changed {
    /// What it became; what went wrong is told by then.
    asset: Option<Asset>,
    diagnostic: Diagnostic,
}

impl<'a> Pictures<'a> {
    pub(crate) fn new(assets: &'a Assets) -> Self {
        Self {
            assets,
            changed: Mutex::default(),
        }
    }

    /// The picture that [`Image::src`](offprint_core::text::Image::src) names.
    pub(crate) fn get(&self, src: &str) -> Option<Asset> {
        let asset = self.assets.get(src)?;
        // The editor drops what cameras say of how to turn a picture.
        if asset.data.len() < MAX_BYTES && asset.is_upright {
            return Some(asset.clone());
        }
        let mut changed = self.changed.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = changed
            .entry(src.to_owned())
            .or_insert_with(|| self.change(src, asset));
        Some(entry.asset.as_ref().unwrap_or(asset).clone())
    }

    /// What is to be said of those that were encoded anew.
    pub(crate) fn diagnostics(&self) -> Vec<Diagnostic> {
        let changed = self.changed.lock().unwrap_or_else(PoisonError::into_inner);
        changed
            .values()
            .map(|changed| changed.diagnostic.clone())
            .collect()
    }

    fn change(&self, src: &str, asset: &Asset) -> Changed {
        match small(asset) {
            Ok((data, encoding, width, height)) => {
                let before = asset.data.len().div_ceil(1000);
                let after = data.len().div_ceil(1000);
                let diagnostic = Diagnostic::remark(
                    "wechat::image-converted",
                    format!(
                        "`{src}` has {before} kB; the article has it with {after} kB, {width} x \
                         {height} pixels"
                    ),
                );
                let changed = Asset {
                    encoding,
                    width,
                    height,
                    is_upright: true,
                    data: Arc::from(data),
                    name: self.name(asset, encoding),
                };
                Changed {
                    asset: Some(changed),
                    diagnostic,
                }
            }
            Err(error) => Changed {
                asset: None,
                diagnostic: Diagnostic::warning(
                    "wechat::image-too-large",
                    format!("`{src}` cannot be made small enough for WeChat: {error}"),
                )
                .hint("make the picture smaller, or store it as JPEG"),
            },
        }
    }

    /// A file name that no other picture has: beside the article lies the picture as it came,
    /// for other formats.
    fn name(&self, asset: &Asset, encoding: Encoding) -> String {
        let stem = asset
            .name
            .rsplit_once('.')
            .map_or(&*asset.name, |(stem, _)| stem);
        let extension = match encoding {
            Encoding::Png => "png",
            Encoding::Jpeg => "jpg",
        };
        let mut name = format!("{stem}-wechat.{extension}");
        let mut count = 1;
        while self
            .assets
            .iter()
            .any(|(_, other)| other.name.eq_ignore_ascii_case(&name))
        {
            count += 1;
            name = format!("{stem}-wechat-{count}.{extension}");
        }
        name
    }
}

/// A picture in less than [`MAX_BYTES`], upright: as JPEG, or as PNG if one sees through it.
/// Its quality is lowered first, then its size.
fn small(asset: &Asset) -> Result<(Vec<u8>, Encoding, u32, u32), ImageError> {
    let mut picture = asset.decode()?;
    let is_clear = picture.color().has_alpha()
        && picture.to_rgba8().pixels().any(|pixel| {
            let [_, _, _, alpha] = pixel.0;
            alpha < u8::MAX
        });
    let encoding = if is_clear {
        Encoding::Png
    } else {
        Encoding::Jpeg
    };
    let mut data = Vec::new();
    for _ in 0..ATTEMPTS {
        let qualities: &[u8] = if is_clear { &[0] } else { &QUALITIES };
        for &quality in qualities {
            data = encode(&picture, encoding, quality)?;
            if data.len() < MAX_BYTES {
                return Ok((data, encoding, picture.width(), picture.height()));
            }
        }
        let shrunk = |side: u32| ((f64::from(side) * SHRINK) as u32).max(1);
        let (width, height) = (shrunk(picture.width()), shrunk(picture.height()));
        picture = picture.resize_exact(width, height, FilterType::Triangle);
    }
    Ok((data, encoding, picture.width(), picture.height()))
}

fn encode(picture: &DynamicImage, encoding: Encoding, quality: u8) -> Result<Vec<u8>, ImageError> {
    let mut data = Vec::new();
    match encoding {
        Encoding::Png => {
            picture.write_to(&mut std::io::Cursor::new(&mut data), ImageFormat::Png)?;
        }
        Encoding::Jpeg => {
            JpegEncoder::new_with_quality(&mut data, quality).encode_image(&picture.to_rgb8())?;
        }
    }
    Ok(data)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::{Rgb, RgbImage, Rgba, RgbaImage};

    use super::*;

    fn noise(index: u32) -> u8 {
        (index.wrapping_mul(2_654_435_761) >> 13) as u8
    }

    fn assets(path: &str, picture: &DynamicImage) -> Assets {
        let mut data = Cursor::new(Vec::new());
        picture.write_to(&mut data, ImageFormat::Png).unwrap();
        let asset = Asset::read(path, data.into_inner()).unwrap();
        Assets::new(BTreeMap::from([(path.to_owned(), asset)]))
    }

    #[test]
    fn small_pictures_pass_as_they_are() {
        let assets = assets("a.png", &RgbImage::new(40, 20).into());
        let pictures = Pictures::new(&assets);
        assert_eq!(pictures.get("a.png").as_ref(), assets.get("a.png"));
        assert_eq!(pictures.get("b.png"), None);
        assert_eq!(pictures.diagnostics(), []);
    }

    #[test]
    fn large_pictures_become_small_enough_and_are_told() {
        let opaque = RgbImage::from_fn(1600, 1200, |x, y| {
            Rgb([noise(x * 3 + y), noise(x + y * 7), noise(x * y)])
        });
        let clear = RgbaImage::from_fn(900, 900, |x, y| {
            Rgba([noise(x * 3 + y), noise(x + y * 7), noise(x * y), noise(x)])
        });
        for (picture, encoding, name) in [
            (opaque.into(), Encoding::Jpeg, "a-wechat.jpg"),
            (clear.into(), Encoding::Png, "a-wechat.png"),
        ] {
            let assets = assets("a.png", &picture);
            assert!(assets.get("a.png").unwrap().data.len() > MAX_BYTES);
            let pictures = Pictures::new(&assets);
            let made = pictures.get("a.png").unwrap();
            assert!(made.data.len() < MAX_BYTES, "{}", made.data.len());
            assert_eq!((made.encoding, made.name.as_str()), (encoding, name));
            let shown = made.decode().unwrap();
            assert_eq!((shown.width(), shown.height()), (made.width, made.height));
            assert_eq!(pictures.get("a.png"), Some(made));
            let told = pictures.diagnostics();
            assert_eq!(told.len(), 1);
            assert_eq!(told[0].code, "wechat::image-converted");
        }
    }
}
