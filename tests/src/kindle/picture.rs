//! Pictures.

use std::io::Cursor;

use image::codecs::gif::GifDecoder;
use image::{AnimationDecoder as _, ImageFormat};

use super::{Book, elements};

/// The largest file of a picture (Kindle Publishing Guidelines 2014.1 and later; 127 KB was
/// the bound before, to which Amazon shrinks pictures by itself for old devices).
const PICTURE_LIMIT: usize = 5 * 1024 * 1024;

/// A picture as a decoder sees it.
pub(super) struct Picture {
    pub(super) media_type: &'static str,
    pub(super) width: u32,
    pub(super) height: u32,
    /// Whether a pixel lets the page through.
    is_transparent: bool,
    /// Whether it is of inks (CMYK) and not of lights.
    is_of_inks: bool,
    /// Whether it moves.
    is_animated: bool,
}

impl Picture {
    /// Reads a whole picture; none when it is damaged or of no format that is known here.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let format = image::guess_format(bytes).ok()?;
        let picture = image::load_from_memory_with_format(bytes, format).ok()?;
        let is_animated = format == ImageFormat::Gif
            && GifDecoder::new(Cursor::new(bytes))
                .is_ok_and(|gif| gif.into_frames().take(2).count() > 1);
        Some(Self {
            media_type: format.to_mime_type(),
            width: picture.width(),
            height: picture.height(),
            is_transparent: picture.color().has_alpha()
                && picture
                    .to_rgba8()
                    .pixels()
                    .any(|pixel| pixel.0[3] < u8::MAX),
            is_of_inks: format == ImageFormat::Jpeg && components(bytes) == Some(4),
            is_animated,
        })
    }

    /// Whether a path ends as those of its format do.
    pub(super) fn has_extension(&self, path: &str) -> bool {
        let (_, extension) = path.rsplit_once('.').unwrap_or_default();
        match self.media_type {
            "image/jpeg" => ["jpg", "jpeg"].contains(&extension),
            media_type => media_type.ends_with(extension) && !extension.is_empty(),
        }
    }
}

/// How many components a JPEG's pixels have (ITU-T T.81, B.2.2): three of light, four of ink.
fn components(jpeg: &[u8]) -> Option<u8> {
    let mut rest = jpeg.get(2..)?;
    loop {
        let [0xff, marker, high, low, ..] = rest else {
            return None;
        };
        let is_frame = (0xc0..=0xcf).contains(marker) && ![0xc4, 0xc8, 0xcc].contains(marker);
        if is_frame {
            return rest.get(9).copied();
        }
        let length = u16::from_be_bytes([*high, *low]);
        rest = rest.get(2 + usize::from(length)..)?;
    }
}

/// Pictures are JPEG, PNG or GIF, whole, of light and not of ink, do not move and let
/// nothing through (Image Guidelines, Supported Image Input Formats), and have 5 MB at the
/// most.
pub(super) fn pictures(book: &Book<'_>) -> Vec<String> {
    let mut findings = Vec::new();
    let items = book.package.items.iter();
    for item in items.filter(|item| item.media_type.starts_with("image/")) {
        let path = &item.path;
        let Some(bytes) = book.files.get(path) else {
            continue;
        };
        if bytes.len() > PICTURE_LIMIT {
            findings.push(format!("{path}: has {} bytes", bytes.len()));
        }
        let Some(picture) = Picture::read(bytes) else {
            findings.push(format!("{path}: cannot be read"));
            continue;
        };
        let faults = [
            (
                !["image/jpeg", "image/png", "image/gif"].contains(&picture.media_type),
                "is in a format that Kindle does not show",
            ),
            (picture.is_transparent, "is transparent"),
            (picture.is_of_inks, "is in CMYK"),
            (picture.is_animated, "moves"),
        ];
        let faults = faults.iter().filter(|(is_there, _)| *is_there);
        findings.extend(faults.map(|(_, fault)| format!("{path}: {fault}")));
    }
    findings
}

/// A picture has a source in the book, which is a picture, and a description, maybe empty
/// (Image Guidelines). One without a source is a known cause of `E999`.
pub(super) fn picture_elements(book: &Book<'_>) -> Vec<String> {
    let mut findings = Vec::new();
    for (path, page) in book.pages() {
        for img in elements(page, "img") {
            let src = img.attribute("src").unwrap_or_default();
            let place = book.place(path, src).ok().flatten();
            let item = place.and_then(|place| book.package.item(&place.path));
            if item.is_none_or(|item| !item.media_type.starts_with("image/")) {
                findings.push(format!("{path}: {src:?} is no picture of the book"));
            }
            if img.attribute("alt").is_none() {
                findings.push(format!("{path}: {src:?} has no description"));
            }
        }
    }
    findings
}
