//! What Amazon's converters ask of a book beyond EPUB (Kindle Publishing Guidelines 2026.2;
//! the numbers are those of its sections).

use std::borrow::Cow;
use std::io::Cursor;

use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::{
    DynamicImage, ExtendedColorType, ImageDecoder as _, ImageError, ImageFormat, Rgb, RgbImage,
};
use offprint_core::asset::{Asset, Encoding};
use offprint_core::diagnostic::Diagnostic;
use offprint_core::model::Lang;

/// Covers are refused below that, in pixels of the shorter side (4.2).
const SHORTEST_COVER: u32 = 500;

/// In percent: what photographs are kept at that must be encoded again.
const JPEG_QUALITY: u8 = 85;

/// The languages of Kindle's books: those of others end as `E999` (help topic G200673300).
const LANGUAGES: [&str; 41] = [
    "af", "ar", "br", "ca", "co", "cy", "da", "de", "en", "es", "eu", "fi", "fr", "frr", "fy",
    "ga", "gd", "gl", "gsw", "gu", "gv", "hi", "is", "it", "ja", "kw", "lb", "ml", "mr", "nb",
    "nl", "nn", "no", "oc", "pl", "pt", "rm", "sco", "stq", "sv", "ta",
];

/// A page without the characters that are not shown as they should (6.7): blanks of other
/// widths are plain, and marks that are not seen are gone.
pub(crate) fn page(xhtml: &str) -> Cow<'_, str> {
    if xhtml
        .chars()
        .all(|character| plain(character) == Some(character))
    {
        return Cow::Borrowed(xhtml);
    }
    Cow::Owned(xhtml.chars().filter_map(plain).collect())
}

fn plain(character: char) -> Option<char> {
    match character {
        '\u{2007}' | '\u{202f}' => Some('\u{a0}'),
        '\u{2000}'..='\u{200a}' | '\u{205f}' | '\u{3000}' => Some(' '),
        '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}' => None,
        _ => Some(character),
    }
}

/// A picture as Kindle takes it (11.4.1), where it is not so already: without
/// transparency, and in red, green and blue.
///
/// # Errors
/// When the picture cannot be decoded or encoded.
pub(crate) fn picture(asset: &Asset) -> Result<Option<Vec<u8>>, ImageError> {
    let mut data = Vec::new();
    match asset.encoding {
        Encoding::Png => {
            let picture = asset.decode()?;
            let is_opaque = !picture.color().has_alpha()
                || picture.to_rgba8().pixels().all(|pixel| pixel.0[3] == 255);
            if is_opaque {
                return Ok(None);
            }
            flattened(&picture).write_to(&mut Cursor::new(&mut data), ImageFormat::Png)?;
        }
        Encoding::Jpeg => {
            let color = JpegDecoder::new(Cursor::new(&asset.data[..]))?.original_color_type();
            if color != ExtendedColorType::Cmyk8 {
                return Ok(None);
            }
            data = jpeg(&asset.decode()?)?;
        }
    }
    Ok(Some(data))
}

/// A cover picture as a JPEG (4.2).
///
/// # Errors
/// When the picture cannot be decoded or encoded.
pub(crate) fn cover(asset: &Asset) -> Result<Vec<u8>, ImageError> {
    if asset.encoding == Encoding::Jpeg {
        return Ok(picture(asset)?.unwrap_or_else(|| asset.data.to_vec()));
    }
    jpeg(&asset.decode()?)
}

fn jpeg(picture: &DynamicImage) -> Result<Vec<u8>, ImageError> {
    let mut data = Vec::new();
    JpegEncoder::new_with_quality(&mut data, JPEG_QUALITY).encode_image(&flattened(picture))?;
    Ok(data)
}

/// The picture on white.
fn flattened(picture: &DynamicImage) -> RgbImage {
    let picture = picture.to_rgba8();
    RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [red, green, blue, alpha] = picture.get_pixel(x, y).0;
        let alpha = u32::from(alpha);
        Rgb([red, green, blue].map(|channel| {
            let mixed = (u32::from(channel) * alpha + 255 * (255 - alpha) + 127) / 255;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        }))
    })
}

/// What Kindle will say of a curator's cover.
pub(crate) fn cover_warning(src: &str, asset: &Asset) -> Option<Diagnostic> {
    (asset.width.min(asset.height) < SHORTEST_COVER).then(|| {
        Diagnostic::warning(
            "epub::small-cover",
            format!(
                "Kindle takes covers of {SHORTEST_COVER} pixels a side at least; {src} has {} x {}",
                asset.width, asset.height
            ),
        )
        .hint("1600 x 2560 is best; without a `cover`, one is drawn")
    })
}

/// What Kindle will say of a book's language.
pub(crate) fn lang_warning(lang: &Lang) -> Option<Diagnostic> {
    let primary = lang.primary();
    // Of Chinese, Kindle knows both scripts.
    let is_known = primary == "zh" || LANGUAGES.contains(&primary.as_str());
    (!is_known).then(|| {
        Diagnostic::warning(
            "epub::kindle-language",
            format!("Kindle has no books in the language `{}`", lang.as_str()),
        )
        .hint("its readers can get the book of the profile `epub3` on other devices")
    })
}

#[cfg(test)]
mod tests {
    use image::{Rgba, RgbaImage};

    use super::*;

    fn asset(picture: impl Into<DynamicImage>, name: &str, format: ImageFormat) -> Asset {
        let mut bytes = Cursor::new(Vec::new());
        picture.into().write_to(&mut bytes, format).unwrap();
        Asset::read(name, bytes.into_inner()).unwrap()
    }

    #[test]
    fn blanks_become_plain_and_what_is_not_seen_is_dropped() {
        assert_eq!(page("a\u{2009}b\u{3000}c\u{202f}d"), "a b c\u{a0}d");
        assert_eq!(page("soft\u{ad}hyphen\u{200b}\u{feff}"), "softhyphen");
        assert!(matches!(page("<p>文</p>\n"), Cow::Borrowed(_)));
    }

    #[test]
    fn what_shines_through_is_set_on_white_and_other_pictures_are_kept() {
        let glass = RgbaImage::from_pixel(4, 4, Rgba([0, 0, 0, 51]));
        let glass = asset(glass, "glass.png", ImageFormat::Png);
        let data = picture(&glass).unwrap().unwrap();
        let flat = image::load_from_memory(&data).unwrap();
        assert!(!flat.color().has_alpha());
        assert_eq!(flat.to_rgb8().get_pixel(0, 0), &Rgb([204, 204, 204]));

        let opaque = RgbaImage::from_pixel(4, 4, Rgba([9, 9, 9, 255]));
        let opaque = asset(opaque, "opaque.png", ImageFormat::Png);
        assert_eq!(picture(&opaque).unwrap(), None);
        let photograph = asset(RgbImage::new(8, 8), "photograph.jpg", ImageFormat::Jpeg);
        assert_eq!(picture(&photograph).unwrap(), None);
    }

    #[test]
    fn covers_are_jpegs_and_large() {
        let picture = asset(RgbImage::new(600, 960), "cover.png", ImageFormat::Png);
        let data = cover(&picture).unwrap();
        assert_eq!(image::guess_format(&data).unwrap(), ImageFormat::Jpeg);
        assert_eq!(cover_warning("cover.png", &picture), None);
        let small = asset(RgbImage::new(499, 960), "cover.png", ImageFormat::Png);
        let warning = cover_warning("cover.png", &small).unwrap();
        assert!(warning.message.contains("499 x 960"), "{}", warning.message);
    }

    #[test]
    fn languages_that_kindle_does_not_know_are_told() {
        let warning = |tag: &str| lang_warning(&Lang::parse(tag).unwrap());
        for known in ["zh-CN", "zh-Hant", "en-GB", "ar", "ja"] {
            assert_eq!(warning(known), None, "{known}");
        }
        assert!(warning("ko").unwrap().message.contains("`ko`"));
    }
}
