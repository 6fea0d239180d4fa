//! Pictures, read once and handed to every exporter.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::Arc;

use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder as _, ImageError, ImageFormat, ImageReader, Limits};
use serde::{Deserialize, Serialize};

use crate::export::{PathError, RelativePath, is_portable_name};

/// The largest picture file taken, in bytes.
pub const MAX_BYTES: usize = 20 * 1024 * 1024;
/// The largest side taken, in pixels.
pub const MAX_SIDE: u32 = 12_000;
/// The largest area taken, in pixels.
pub const MAX_PIXELS: u64 = 40_000_000;
/// The most memory that decoding may ask for, in bytes.
pub const MAX_DECODED: u64 = 192 * 1024 * 1024;

/// How a picture is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Encoding {
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
}

impl Encoding {
    /// The media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
        }
    }

    fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
        }
    }

    fn format(self) -> ImageFormat {
        match self {
            Self::Png => ImageFormat::Png,
            Self::Jpeg => ImageFormat::Jpeg,
        }
    }
}

/// A picture that was read, decoded once under limits, and is known to be whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// How `data` is encoded.
    pub encoding: Encoding,
    /// Width in pixels when it stands upright.
    pub width: u32,
    /// Height in pixels when it stands upright.
    pub height: u32,
    /// Whether the rows are stored as they are shown. Cameras store them as the sensor lay,
    /// and say in the EXIF data how to turn them.
    pub is_upright: bool,
    /// The file's bytes: PNG and JPEG as they came, other formats as PNG.
    pub data: Arc<[u8]>,
    /// A portable file name, unique among the [`Assets`] it is in.
    pub name: String,
}

/// What reading a picture found out, so that nobody need decode the same bytes again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    encoding: Encoding,
    width: u32,
    height: u32,
    is_upright: bool,
    /// Whether it is published as it came.
    is_original: bool,
}

/// Why a file is not a picture that can be published.
#[derive(Debug, thiserror::Error)]
pub enum AssetError {
    /// Larger than [`MAX_BYTES`].
    #[error("the file has {0} bytes; the limit is {MAX_BYTES}")]
    TooManyBytes(usize),
    /// Larger than [`MAX_SIDE`] or [`MAX_PIXELS`].
    #[error(
        "the picture has {0} x {1} pixels; the limits are {MAX_SIDE} a side and {MAX_PIXELS} in all"
    )]
    TooManyPixels(u32, u32),
    /// None of PNG, JPEG, GIF, WebP.
    #[error("the file is none of PNG, JPEG, GIF and WebP")]
    UnknownFormat,
    /// Damaged, or asking for too much memory.
    #[error("the picture cannot be read: {0}")]
    Damaged(#[from] image::ImageError),
}

impl Asset {
    /// Reads a picture; `path` only lends its file name.
    ///
    /// # Errors
    /// When the file is too large, damaged, or in a format that cannot be published.
    pub fn read(path: &str, bytes: Vec<u8>) -> Result<Self, AssetError> {
        Self::read_facts(path, bytes).map(|(asset, _)| asset)
    }

    /// [`Asset::read`], and what it found out.
    ///
    /// # Errors
    /// As [`Asset::read`].
    pub fn read_facts(path: &str, bytes: Vec<u8>) -> Result<(Self, Facts), AssetError> {
        if bytes.len() > MAX_BYTES {
            return Err(AssetError::TooManyBytes(bytes.len()));
        }
        let format = image::guess_format(&bytes).map_err(|_| AssetError::UnknownFormat)?;
        let ((width, height), orientation) = header(format, &bytes)?;
        if width > MAX_SIDE
            || height > MAX_SIDE
            || u64::from(width) * u64::from(height) > MAX_PIXELS
        {
            return Err(AssetError::TooManyPixels(width, height));
        }
        let is_upright = orientation == Orientation::NoTransforms;
        let decoded = decode(format, &bytes)?;
        let (width, height) = (decoded.width(), decoded.height());
        let is_original = matches!(format, ImageFormat::Png | ImageFormat::Jpeg);
        let (encoding, is_upright, data) = if format == ImageFormat::Png {
            (Encoding::Png, is_upright, bytes)
        } else if format == ImageFormat::Jpeg {
            (Encoding::Jpeg, is_upright, bytes)
        } else if matches!(format, ImageFormat::Gif | ImageFormat::WebP) {
            let mut png = Cursor::new(Vec::new());
            decoded.write_to(&mut png, ImageFormat::Png)?;
            (Encoding::Png, true, png.into_inner())
        } else {
            return Err(AssetError::UnknownFormat);
        };
        let facts = Facts {
            encoding,
            width,
            height,
            is_upright,
            is_original,
        };
        Ok((Self::with(path, data, facts), facts))
    }

    /// A picture whose very bytes were read before.
    ///
    /// # Errors
    /// As [`Asset::read`], for bytes that have to be encoded anew.
    pub fn known(path: &str, bytes: Vec<u8>, facts: Facts) -> Result<Self, AssetError> {
        if facts.is_original {
            Ok(Self::with(path, bytes, facts))
        } else {
            Self::read(path, bytes)
        }
    }

    fn with(path: &str, data: Vec<u8>, facts: Facts) -> Self {
        let stem = path.rsplit('/').next().unwrap_or_default();
        let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
        Self {
            encoding: facts.encoding,
            width: facts.width,
            height: facts.height,
            is_upright: facts.is_upright,
            data: data.into(),
            name: format!("{}.{}", portable_stem(stem), facts.encoding.extension()),
        }
    }

    /// The picture's pixels, standing upright.
    ///
    /// # Errors
    /// When the data are not those that [`Asset::read`] has seen.
    pub fn decode(&self) -> Result<DynamicImage, ImageError> {
        decode(self.encoding.format(), &self.data)
    }

    /// Where the picture lies beside an issue's files in the output folder.
    ///
    /// # Errors
    /// When the issue's id is not a portable name.
    pub fn public_path(&self, issue_id: &str) -> Result<RelativePath, PathError> {
        RelativePath::new(format!("{issue_id}/images/{}", self.name))
    }
}

fn header(format: ImageFormat, bytes: &[u8]) -> Result<((u32, u32), Orientation), ImageError> {
    let mut decoder = ImageReader::with_format(Cursor::new(bytes), format).into_decoder()?;
    Ok((decoder.dimensions(), decoder.orientation()?))
}

fn decode(format: ImageFormat, bytes: &[u8]) -> Result<DynamicImage, ImageError> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_DECODED);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder()?;
    limits.reserve(decoder.total_bytes())?;
    decoder.set_limits(limits)?;
    let orientation = decoder.orientation()?;
    let mut picture = DynamicImage::from_decoder(decoder)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn portable_stem(stem: &str) -> String {
    let stem: String = stem
        .chars()
        .map(|character| {
            if character.is_ascii_alphanumeric() || character == '_' {
                character
            } else {
                '-'
            }
        })
        .take(60)
        .collect();
    let stem = stem.trim_matches('-').to_owned();
    if is_portable_name(&stem) {
        stem
    } else {
        "image".to_owned()
    }
}

/// All pictures of a build.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Assets {
    by_path: BTreeMap<String, Asset>,
}

impl Assets {
    /// Gathers pictures under their paths from the project's root, and tells apart those
    /// whose file names would collide.
    #[must_use]
    pub fn new(pictures: BTreeMap<String, Asset>) -> Self {
        let mut taken = std::collections::BTreeSet::new();
        let mut by_path = pictures;
        for asset in by_path.values_mut() {
            let (stem, extension) = asset.name.rsplit_once('.').unwrap_or((&asset.name, "bin"));
            let (stem, extension) = (stem.to_owned(), extension.to_owned());
            let mut count = 1;
            // Some file systems take `A.png` and `a.png` for one file.
            while !taken.insert(asset.name.to_ascii_lowercase()) {
                count += 1;
                asset.name = format!("{stem}-{count}.{extension}");
            }
        }
        Self { by_path }
    }

    /// The picture that [`Image::src`](crate::text::Image::src) names.
    #[must_use]
    pub fn get(&self, src: &str) -> Option<&Asset> {
        self.by_path.get(src)
    }

    /// All pictures with their paths, ordered by path.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Asset)> {
        self.by_path
            .iter()
            .map(|(path, asset)| (path.as_str(), asset))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{DynamicImage, RgbaImage};

    fn encoded(format: ImageFormat) -> Vec<u8> {
        let mut out = Cursor::new(Vec::new());
        let picture = RgbaImage::from_pixel(3, 2, image::Rgba([200, 30, 30, 255]));
        DynamicImage::from(picture)
            .to_rgb8()
            .write_to(&mut out, format)
            .unwrap();
        out.into_inner()
    }

    #[test]
    fn png_and_jpeg_pass_as_they_came_and_others_become_png() {
        let png = encoded(ImageFormat::Png);
        assert_eq!(&*Asset::read("a.png", png.clone()).unwrap().data, png);
        let jpeg = Asset::read("a.jpeg", encoded(ImageFormat::Jpeg)).unwrap();
        assert_eq!(
            (jpeg.encoding, jpeg.name.as_str()),
            (Encoding::Jpeg, "a.jpg")
        );
        let webp = Asset::read("a.webp", encoded(ImageFormat::WebP)).unwrap();
        assert_eq!(
            (webp.encoding, webp.width, webp.height),
            (Encoding::Png, 3, 2)
        );
    }

    /// EXIF data that say only how to turn the picture (TIFF 6.0, tag 0x0112).
    fn exif(orientation: u8) -> Vec<u8> {
        let mut tiff = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
        tiff.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
        tiff
    }

    #[test]
    fn a_picture_that_a_camera_held_upright_stands_upright() {
        let lying = RgbaImage::from_pixel(3, 2, image::Rgba([200, 30, 30, 255]));
        let mut jpeg = Vec::new();
        let mut encoder = image::codecs::jpeg::JpegEncoder::new(&mut jpeg);
        image::ImageEncoder::set_exif_metadata(&mut encoder, exif(6)).unwrap();
        encoder
            .encode_image(&DynamicImage::from(lying.clone()).to_rgb8())
            .unwrap();
        let asset = Asset::read("a.jpg", jpeg.clone()).unwrap();
        assert_eq!((asset.width, asset.height), (2, 3));
        assert!(!asset.is_upright);
        assert_eq!(*asset.data, *jpeg);
        assert_eq!(asset.decode().unwrap().width(), 2);

        let mut webp = Vec::new();
        let mut encoder = image::codecs::webp::WebPEncoder::new_lossless(&mut webp);
        image::ImageEncoder::set_exif_metadata(&mut encoder, exif(6)).unwrap();
        encoder
            .encode(&lying, 3, 2, image::ExtendedColorType::Rgba8)
            .unwrap();
        let asset = Asset::read("a.webp", webp).unwrap();
        assert_eq!((asset.width, asset.height), (2, 3));
        assert!(asset.is_upright);
    }

    #[test]
    fn a_cut_off_picture_and_no_picture_are_refused() {
        let mut png = encoded(ImageFormat::Png);
        png.truncate(png.len() / 2);
        assert!(matches!(
            Asset::read("a.png", png),
            Err(AssetError::Damaged(_))
        ));
        assert!(matches!(
            Asset::read("a.png", b"<svg/>".to_vec()),
            Err(AssetError::UnknownFormat)
        ));
    }

    #[test]
    fn a_header_that_claims_too_much_is_refused_before_decoding() {
        let mut png = encoded(ImageFormat::Png);
        // Width and height of IHDR, and its checksum.
        png[16..20].copy_from_slice(&60_000_u32.to_be_bytes());
        let crc = png[12..29].iter().fold(!0_u32, |crc, &byte| {
            (0..8).fold(crc ^ u32::from(byte), |crc, _| {
                (crc >> 1) ^ (0xedb8_8320 * (crc & 1))
            })
        });
        png[29..33].copy_from_slice(&(!crc).to_be_bytes());
        assert!(matches!(
            Asset::read("a.png", png),
            Err(AssetError::TooManyPixels(60_000, 2))
        ));
    }

    #[test]
    fn names_are_portable_and_differ_even_where_case_does_not_count() {
        let png = encoded(ImageFormat::Png);
        let paths = ["a/图 1.png", "a/Fig.png", "b/fig.png", "con.png"];
        let pictures = paths.map(|path| (path.to_owned(), Asset::read(path, png.clone()).unwrap()));
        let assets = Assets::new(BTreeMap::from(pictures));
        let names: Vec<&str> = assets
            .iter()
            .map(|(_, asset)| asset.name.as_str())
            .collect();
        assert_eq!(names, ["Fig.png", "1.png", "fig-2.png", "image.png"]);
    }
}
