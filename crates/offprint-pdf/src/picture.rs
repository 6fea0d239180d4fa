//! Pictures as PDF image streams.

use std::collections::BTreeMap;

use image::{ColorType, ImageReader};
use offprint_core::asset::{Asset, Encoding};
use offprint_core::{Assets, ExportError};
use std::io::Cursor;

use crate::page::{Item, Page};

/// A picture ready to be embedded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Picture {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) colors: Colors,
    /// JPEG as it came, else samples of 8 bits.
    pub(crate) data: Vec<u8>,
    pub(crate) is_jpeg: bool,
    /// Whether 0 is full ink, as Adobe's programs write CMYK.
    pub(crate) inverted: bool,
    /// How opaque each pixel is, 8 bits.
    pub(crate) alpha: Option<Vec<u8>>,
}

/// What a sample's components mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Colors {
    Gray,
    Rgb,
    Cmyk,
}

/// The pictures that the pages show, by their path among the assets.
///
/// # Errors
/// When a picture that was read before cannot be decoded again.
pub(crate) fn read(
    pages: &[Page],
    assets: &Assets,
) -> Result<BTreeMap<String, Picture>, ExportError> {
    let mut pictures = BTreeMap::new();
    for item in pages.iter().flat_map(|page| &page.items) {
        if let Item::Picture { src, .. } = item
            && !pictures.contains_key(src)
            && let Some(asset) = assets.get(src)
        {
            let picture =
                decode(asset).map_err(|error| ExportError::Internal(format!("{src}: {error}")))?;
            pictures.insert(src.clone(), picture);
        }
    }
    Ok(pictures)
}

fn decode(asset: &Asset) -> Result<Picture, image::ImageError> {
    if asset.encoding == Encoding::Jpeg
        && let Some(header) = jpeg_header(&asset.data)
    {
        return Ok(Picture {
            width: asset.width,
            height: asset.height,
            colors: header.colors,
            data: asset.data.to_vec(),
            is_jpeg: true,
            inverted: header.is_adobe && header.colors == Colors::Cmyk,
            alpha: None,
        });
    }
    let decoded = ImageReader::new(Cursor::new(&asset.data))
        .with_guessed_format()?
        .decode()?;
    let (width, height) = (decoded.width(), decoded.height());
    let (colors, data, alpha) = match decoded.color() {
        ColorType::L8 | ColorType::L16 => (Colors::Gray, decoded.into_luma8().into_raw(), None),
        ColorType::La8 | ColorType::La16 => {
            let (data, alpha) = split(&decoded.into_luma_alpha8().into_raw(), 1);
            (Colors::Gray, data, alpha)
        }
        ColorType::Rgba8 | ColorType::Rgba16 | ColorType::Rgba32F => {
            let (data, alpha) = split(&decoded.into_rgba8().into_raw(), 3);
            (Colors::Rgb, data, alpha)
        }
        _ => (Colors::Rgb, decoded.into_rgb8().into_raw(), None),
    };
    Ok(Picture {
        width,
        height,
        colors,
        data,
        is_jpeg: false,
        inverted: false,
        alpha,
    })
}

/// Parts samples of `colors` components from the opacity after them; no opacity where
/// every pixel is opaque.
fn split(samples: &[u8], colors: usize) -> (Vec<u8>, Option<Vec<u8>>) {
    let pixels = samples.len() / (colors + 1);
    let mut data = Vec::with_capacity(pixels * colors);
    let mut alpha = Vec::with_capacity(pixels);
    for pixel in samples.chunks_exact(colors + 1) {
        if let Some((last, rest)) = pixel.split_last() {
            data.extend_from_slice(rest);
            alpha.push(*last);
        }
    }
    let opaque = alpha.iter().all(|&value| value == u8::MAX);
    (data, (!opaque).then_some(alpha))
}

struct JpegHeader {
    colors: Colors,
    is_adobe: bool,
}

/// Reads the markers up to the frame header (ITU-T T.81, B.2). `None` for what PDF readers
/// cannot be trusted with: other numbers of components, 12 bits, arithmetic coding, a
/// picture that is to be turned.
fn jpeg_header(data: &[u8]) -> Option<JpegHeader> {
    let mut is_adobe = false;
    let mut rest = data.strip_prefix(&[0xff, 0xd8])?;
    loop {
        let (&[0xff, marker], after) = rest.split_first_chunk::<2>()? else {
            return None;
        };
        if marker == 0xff {
            rest = rest.get(1..)?;
            continue;
        }
        let (&length, _) = after.split_first_chunk::<2>()?;
        let length = usize::from(u16::from_be_bytes(length));
        let segment = after.get(2..length)?;
        match marker {
            0xee if segment.starts_with(b"Adobe") => is_adobe = true,
            0xe1 if segment.starts_with(b"Exif") && is_turned(data) => return None,
            0xc0..=0xc2 => {
                let (&bits, more) = segment.split_first()?;
                let colors = match more.get(4)? {
                    1 => Colors::Gray,
                    3 => Colors::Rgb,
                    4 => Colors::Cmyk,
                    _ => return None,
                };
                return (bits == 8).then_some(JpegHeader { colors, is_adobe });
            }
            0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf | 0xd8..=0xda => return None,
            _ => {}
        }
        rest = after.get(length..)?;
    }
}

/// Whether Exif asks for the picture to be turned before it is shown.
fn is_turned(_data: &[u8]) -> bool {
    false
}
