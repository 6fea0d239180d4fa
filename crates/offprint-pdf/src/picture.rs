//! Pictures as PDF image streams: at most as fine as print shows, in grey or sRGB.

use std::collections::BTreeMap;

use image::ImageError;
use image::codecs::jpeg::JpegEncoder;
use offprint_core::asset::{Asset, Encoding};
use offprint_core::parallel::in_parallel;
use offprint_core::{Assets, ExportError};

use crate::page::{Item, Page};

mod pixels;
mod stream;

use pixels::{Channels, Pixels};
pub(crate) use stream::{Colors, Filter, Stream};

/// What offset and laser printers show, in pixels an inch.
const FINEST: f32 = 300.0;
/// How much finer a JPEG may be, for sizes that are not whole points.
const JPEG_EXCESS: f32 = 1.01;
const JPEG_QUALITY: u8 = 88;
/// Photographs are large, and two at once are memory enough.
const THREADS: usize = 2;

/// A picture ready to be embedded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Picture {
    pub(crate) colors: Stream,
    /// How opaque each pixel is, from 0 to full white.
    pub(crate) opacity: Option<Stream>,
}

/// Whether pictures keep their hues.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ink {
    Color,
    Gray,
}

/// The pictures that the pages show, by their path among the assets.
///
/// # Errors
/// When a picture that was read before cannot be decoded again.
pub(crate) fn read(
    pages: &[Page],
    assets: &Assets,
    ink: Ink,
    threads: usize,
) -> Result<BTreeMap<String, Picture>, ExportError> {
    let shown: Vec<(&str, &Asset, Size)> = sizes(pages)
        .into_iter()
        .filter_map(|(src, size)| Some((src, assets.get(src)?, size)))
        .collect();
    let one = |(): &mut (), index: usize| {
        shown
            .get(index)
            .map(|&(src, asset, size)| (src, prepare(asset, size, ink)))
    };
    let shared = in_parallel(shown.len(), threads.min(THREADS), || (), one)
        .map_err(|error| ExportError::Internal(format!("cannot start a thread: {error}")))?;
    let pictures = shared
        .results
        .into_iter()
        .filter_map(|(_, picture)| picture);
    pictures
        .map(|(src, picture)| match picture {
            Ok(picture) => Ok((src.to_owned(), picture)),
            Err(error) => Err(ExportError::Internal(format!("{src}: {error}"))),
        })
        .collect()
}

/// In points.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Size {
    width: f32,
    height: f32,
}

/// The largest size at which each picture is shown.
fn sizes(pages: &[Page]) -> BTreeMap<&str, Size> {
    let mut sizes: BTreeMap<&str, Size> = BTreeMap::new();
    for item in pages.iter().flat_map(|page| &page.items) {
        if let Item::Picture {
            src, width, height, ..
        } = item
        {
            let size = sizes.entry(src).or_insert(Size {
                width: 0.0,
                height: 0.0,
            });
            size.width = size.width.max(*width);
            size.height = size.height.max(*height);
        }
    }
    sizes
}

fn pixels_at(points: f32) -> f32 {
    points / 72.0 * FINEST
}

fn prepare(asset: &Asset, size: Size, ink: Ink) -> Result<Picture, ImageError> {
    match asset.encoding {
        Encoding::Jpeg => jpeg(asset, size, ink).map(|colors| Picture {
            colors,
            opacity: None,
        }),
        Encoding::Png => {
            let (colors, opacity) = decoded(asset, size, ink)?.parted();
            Ok(Picture {
                colors: stream::lossless(colors.without_needless_hue())?,
                opacity: opacity.map(stream::lossless).transpose()?,
            })
        }
    }
}

/// The pixels, upright and at most as fine as print shows.
fn decoded(asset: &Asset, size: Size, ink: Ink) -> Result<Pixels, ImageError> {
    let whole = |points: f32| pixels_at(points).round() as usize;
    let pixels = Pixels::new(asset.decode()?).scaled(whole(size.width), whole(size.height));
    Ok(match ink {
        Ink::Color => pixels,
        Ink::Gray => pixels.gray(),
    })
}

/// As it came but for what it says beside the picture, unless that is far finer than print shows or a reader might show it wrong.
fn jpeg(asset: &Asset, size: Size, ink: Ink) -> Result<Stream, ImageError> {
    let own = jpeg_colors(&asset.data)
        .filter(|colors| asset.is_upright && (ink == Ink::Color || *colors == Colors::Gray))
        .map(|colors| Stream {
            width: asset.width as usize,
            height: asset.height as usize,
            colors,
            bits: 8,
            filter: Filter::Jpeg,
            data: bare_jpeg(&asset.data).unwrap_or_else(|| asset.data.to_vec()),
        });
    let excess = (asset.width as f32 / pixels_at(size.width))
        .min(asset.height as f32 / pixels_at(size.height));
    match own {
        Some(own) if excess <= JPEG_EXCESS => Ok(own),
        Some(_) | None => encoded(&decoded(asset, size, ink)?.parted().0),
    }
}

fn encoded(pixels: &Pixels) -> Result<Stream, ImageError> {
    let (colors, layout) = match pixels.channels {
        Channels::Gray | Channels::GrayAlpha => (Colors::Gray, image::ExtendedColorType::L8),
        Channels::Rgb | Channels::RgbAlpha => (Colors::Rgb, image::ExtendedColorType::Rgb8),
    };
    let mut data = Vec::new();
    JpegEncoder::new_with_quality(&mut data, JPEG_QUALITY).encode(
        &pixels.samples,
        pixels.width as u32,
        pixels.height as u32,
        layout,
    )?;
    Ok(Stream {
        width: pixels.width,
        height: pixels.height,
        colors,
        bits: 8,
        filter: Filter::Jpeg,
        data,
    })
}

/// The marker segments of a JPEG (ITU-T T.81, B.1.1.4): each marker's second byte, with its
/// data. The first scan's has everything up to the file's end, and is the last.
fn segments(data: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    let mut rest = data.strip_prefix(&[0xff, 0xd8]);
    std::iter::from_fn(move || {
        loop {
            let (&[0xff, marker], after) = rest?.split_first_chunk::<2>()? else {
                return None;
            };
            if marker == 0xff {
                rest = rest?.get(1..);
                continue;
            }
            if marker == SCAN {
                rest = None;
                return Some((marker, after));
            }
            let (&length, _) = after.split_first_chunk::<2>()?;
            let (segment, next) =
                after.split_at_checked(usize::from(u16::from_be_bytes(length)))?;
            rest = Some(next);
            return Some((marker, segment.get(2..)?));
        }
    })
}

/// Start of scan.
const SCAN: u8 = 0xda;

/// What the frame header says of the colours. `None` for what readers of PDF cannot be
/// trusted with: 12 bits, arithmetic coding, and CMYK, which means nothing beside an output
/// intent of sRGB.
fn jpeg_colors(data: &[u8]) -> Option<Colors> {
    let is_frame =
        |marker: &u8| matches!(marker, 0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf);
    let (marker, header) = segments(data).find(|(marker, _)| is_frame(marker))?;
    match (marker, header) {
        (0xc0..=0xc2, [8, _, _, _, _, 1, ..]) => Some(Colors::Gray),
        (0xc0..=0xc2, [8, _, _, _, _, 3, ..]) => Some(Colors::Rgb),
        _ => None,
    }
}

/// A JPEG without what cameras and programs write beside the picture: where it was taken,
/// previews, comments, and whatever follows its end. The picture itself is not touched.
fn bare_jpeg(data: &[u8]) -> Option<Vec<u8>> {
    let mut out = vec![0xff, 0xd8];
    for (marker, segment) in segments(data) {
        if marker == SCAN {
            // Scans up to the last end of an image.
            let end = segment.windows(2).rposition(|pair| pair == [0xff, 0xd9])?;
            out.extend([0xff, marker]);
            out.extend_from_slice(segment.get(..end + 2)?);
            return Some(out);
        }
        // JFIF's and Adobe's segments say how the colours are to be read.
        let is_beside = matches!(marker, 0xe1..=0xed | 0xef | 0xfe);
        if !is_beside {
            out.extend([0xff, marker]);
            out.extend(((segment.len() + 2) as u16).to_be_bytes());
            out.extend_from_slice(segment);
        }
    }
    None
}

#[cfg(test)]
mod tests;
