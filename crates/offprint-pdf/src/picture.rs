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
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the crate may learn more layouts, and all of them convert to RGB"
    )]
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
/// cannot be trusted with: other numbers of components, 12 bits, arithmetic coding.
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

#[cfg(test)]
mod tests {
    use super::*;
    use image::{DynamicImage, ImageFormat};

    fn encoded(image: &DynamicImage, format: ImageFormat) -> Picture {
        let mut bytes = Cursor::new(Vec::new());
        image.write_to(&mut bytes, format).unwrap();
        decode(&Asset::read("x", bytes.into_inner()).unwrap()).unwrap()
    }

    #[test]
    fn a_jpeg_passes_through_with_its_own_colours() {
        let gray = encoded(&DynamicImage::new_luma8(3, 2), ImageFormat::Jpeg);
        assert_eq!((gray.colors, gray.is_jpeg), (Colors::Gray, true));
        assert!(gray.data.starts_with(&[0xff, 0xd8]));
        let rgb = encoded(&DynamicImage::new_rgb8(3, 2), ImageFormat::Jpeg);
        assert_eq!((rgb.colors, rgb.is_jpeg), (Colors::Rgb, true));
    }

    #[test]
    fn adobe_s_cmyk_is_told_from_others() {
        let header = |adobe: &[u8]| {
            let mut data = vec![0xff, 0xd8];
            data.extend_from_slice(adobe);
            data.extend([0xff, 0xc0, 0, 8, 8, 0, 1, 0, 1, 4]);
            jpeg_header(&data).map(|header| (header.colors, header.is_adobe))
        };
        assert_eq!(header(&[]), Some((Colors::Cmyk, false)));
        let adobe = [0xff, 0xee, 0, 7, b'A', b'd', b'o', b'b', b'e'];
        assert_eq!(header(&adobe), Some((Colors::Cmyk, true)));
        assert_eq!(jpeg_header(&[0xff, 0xd8, 0xff]).map(|_| ()), None);
    }

    #[test]
    fn opacity_is_kept_where_there_is_any() {
        let clear = encoded(&DynamicImage::new_rgba8(2, 2), ImageFormat::Png);
        assert_eq!(clear.alpha, Some(vec![0; 4]));
        assert_eq!(clear.data.len(), 12);
        let mut solid = image::RgbaImage::new(2, 2);
        solid.pixels_mut().for_each(|pixel| pixel.0[3] = 255);
        assert_eq!(encoded(&solid.into(), ImageFormat::Png).alpha, None);
    }

    #[test]
    fn sixteen_bits_become_eight() {
        let deep = encoded(&DynamicImage::new_luma16(2, 2), ImageFormat::Png);
        assert_eq!((deep.colors, deep.data.len()), (Colors::Gray, 4));
    }
}
