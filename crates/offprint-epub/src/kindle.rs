//! What Amazon's converters ask of a book beyond EPUB (Kindle Publishing Guidelines 2026.2;
//! the numbers are those of its sections).

use std::borrow::Cow;
use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageError, ImageFormat, Rgb, RgbImage};
use offprint_core::asset::{Asset, Encoding};
use offprint_core::diagnostic::Diagnostic;
use offprint_core::model::{Issue, Lang};
use offprint_core::text::{Block, List, ListItem, Table};

/// Covers are refused below that, in pixels of the shorter side (4.2).
const SHORTEST_COVER: u32 = 500;

/// In percent: what photographs are kept at that must be encoded again.
pub(crate) const PHOTOGRAPH: u8 = 85;
/// In percent: what covers are encoded at. Letters and flat grounds show no fringes at the
/// size of a cover, and take half the room.
pub(crate) const COVER: u8 = 70;

/// The languages of Kindle's books: those of others end as `E999` (help topic G200673300).
const LANGUAGES: [&str; 41] = [
    "af", "ar", "br", "ca", "co", "cy", "da", "de", "en", "es", "eu", "fi", "fr", "frr", "fy",
    "ga", "gd", "gl", "gsw", "gu", "gv", "hi", "is", "it", "ja", "kw", "lb", "ml", "mr", "nb",
    "nl", "nn", "no", "oc", "pl", "pt", "rm", "sco", "stq", "sv", "ta",
];

/// Text without the characters that are not shown as they should (6.7): blanks of other
/// widths are plain, and marks that are not seen are gone. Joiners of emoji and of Persian
/// stay.
pub(crate) fn plain_text(text: &str) -> Cow<'_, str> {
    if text
        .chars()
        .all(|character| plain(character) == Some(character))
    {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter_map(plain).collect())
}

fn plain(character: char) -> Option<char> {
    match character {
        '\u{2007}' | '\u{202f}' => Some('\u{a0}'),
        '\u{2000}'..='\u{200a}' | '\u{2028}' | '\u{2029}' | '\u{205f}' | '\u{3000}' => Some(' '),
        '\u{ad}'
        | '\u{61c}'
        | '\u{200b}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}' => None,
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
            if components(&asset.data) != Some(4) {
                return Ok(None);
            }
            data = jpeg(&asset.decode()?, PHOTOGRAPH)?;
        }
    }
    Ok(Some(data))
}

/// A cover picture as a JPEG (4.2).
///
/// # Errors
/// When the picture cannot be decoded or encoded.
pub(crate) fn cover(asset: &Asset) -> Result<Vec<u8>, ImageError> {
    if asset.encoding == Encoding::Jpeg && asset.is_upright {
        return Ok(picture(asset)?.unwrap_or_else(|| asset.data.to_vec()));
    }
    jpeg(&asset.decode()?, COVER)
}

/// How many colours a JPEG mixes its own from (ITU-T T.81, B.2.2): 4 in print.
fn components(jpeg: &[u8]) -> Option<u8> {
    let mut rest = jpeg.get(2..)?;
    loop {
        let [0xff, marker, high, low, ..] = *rest else {
            return None;
        };
        let is_frame = (0xc0..=0xcf).contains(&marker) && !matches!(marker, 0xc4 | 0xc8 | 0xcc);
        if is_frame {
            return rest.get(9).copied();
        }
        rest = rest.get(2 + usize::from(u16::from_be_bytes([high, low]))..)?;
    }
}

/// The picture as a JPEG of that quality in percent, on white.
///
/// # Errors
/// When the picture cannot be encoded.
pub(crate) fn jpeg(picture: &DynamicImage, quality: u8) -> Result<Vec<u8>, ImageError> {
    let mut data = Vec::new();
    JpegEncoder::new_with_quality(&mut data, quality).encode_image(&flattened(picture))?;
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

/// The rows of one table at the most (Table Guidelines, 11.5): longer ones go on in another.
const ROWS: usize = 90;

/// The columns of a table at the most.
const COLUMNS: usize = 10;

/// Whether a table stands in a text for which something holds.
fn has_table(text: &[Block], holds: fn(&Table) -> bool) -> bool {
    text.iter().any(|block| match block {
        Block::Table(table) => holds(table),
        Block::Quote(content) => has_table(content, holds),
        Block::List(list) => {
            let mut items = list.items.iter();
            items.any(|item| has_table(&item.content, holds))
        }
        Block::Paragraph(_)
        | Block::Heading { .. }
        | Block::Code { .. }
        | Block::Math(_)
        | Block::Figure(_)
        | Block::Rule => false,
    })
}

fn is_long(table: &Table) -> bool {
    table.rows.len() > ROWS
}

/// What Kindle will say of tables that have too many columns.
pub(crate) fn table_warning(issue: &Issue) -> Option<Diagnostic> {
    let texts = issue
        .papers()
        .flat_map(|paper| [&paper.commentary, &paper.abstract_text]);
    let texts = texts
        .chain([&issue.intro])
        .chain(issue.sections.iter().map(|section| &section.intro))
        .chain(issue.parts.iter().map(|part| &part.intro))
        .chain(issue.footnotes.iter().map(|note| &note.content));
    let is_wide = |table: &Table| table.align.len() > COLUMNS;
    let count = texts.filter(|text| has_table(text, is_wide)).count();
    (count > 0).then(|| {
        let texts = if count == 1 {
            "a text has".to_owned()
        } else {
            format!("{count} texts have")
        };
        Diagnostic::warning(
            "epub::kindle-table",
            format!("{texts} a table of more than {COLUMNS} columns, the most that Kindle sets"),
        )
        .hint("turn columns into rows, or split the table")
    })
}

/// The text with its long tables split, where it has any.
pub(crate) fn with_short_tables(text: &[Block]) -> Cow<'_, [Block]> {
    if !has_table(text, is_long) {
        return Cow::Borrowed(text);
    }
    let mut split = Vec::with_capacity(text.len() + 1);
    for block in text {
        match block {
            Block::Table(table) if is_long(table) => {
                split.extend(table.rows.chunks(ROWS).map(|rows| {
                    Block::Table(Table {
                        align: table.align.clone(),
                        head: table.head.clone(),
                        rows: rows.to_vec(),
                    })
                }));
            }
            Block::Quote(content) => {
                split.push(Block::Quote(with_short_tables(content).into_owned()));
            }
            Block::List(list) => {
                let items = list.items.iter().map(|item| ListItem {
                    content: with_short_tables(&item.content).into_owned(),
                    ..item.clone()
                });
                split.push(Block::List(List {
                    items: items.collect(),
                    ..list.clone()
                }));
            }
            Block::Table(_)
            | Block::Paragraph(_)
            | Block::Heading { .. }
            | Block::Code { .. }
            | Block::Math(_)
            | Block::Figure(_)
            | Block::Rule => split.push(block.clone()),
        }
    }
    Cow::Owned(split)
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
        assert_eq!(plain_text("a\u{2009}b\u{3000}c\u{202f}d"), "a b c\u{a0}d");
        assert_eq!(plain_text("\u{202e}turned\u{202c}\u{2028}on"), "turned on");
        assert_eq!(plain_text("soft\u{ad}hyphen\u{200b}\u{feff}"), "softhyphen");
        assert!(matches!(plain_text("<p>文</p>\n"), Cow::Borrowed(_)));
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
    fn four_colours_are_told_from_three() {
        let photograph = asset(RgbImage::new(8, 8), "photograph.jpg", ImageFormat::Jpeg);
        assert_eq!(components(&photograph.data), Some(3));
        // A frame of 8 bits, 1 x 1, after a comment.
        let printed = [
            0xff, 0xd8, 0xff, 0xfe, 0, 3, b'c', 0xff, 0xc2, 0, 20, 8, 0, 1, 0, 1, 4,
        ];
        assert_eq!(components(&printed), Some(4));
        assert_eq!(components(&printed[..12]), None);
    }

    #[test]
    fn long_tables_go_on_in_another_wherever_they_stand() {
        let table = |rows: usize| {
            Block::Table(Table {
                align: vec![offprint_core::text::Align::Start],
                head: vec![Vec::new()],
                rows: vec![vec![Vec::new()]; rows],
            })
        };
        let short = [table(90)];
        assert!(matches!(with_short_tables(&short), Cow::Borrowed(_)));
        let split = with_short_tables(&[table(181)]).into_owned();
        assert_eq!(split, [table(90), table(90), table(1)]);
        let quoted = with_short_tables(&[Block::Quote(vec![table(91)])]).into_owned();
        assert_eq!(quoted, [Block::Quote(vec![table(90), table(1)])]);
    }

    #[test]
    fn tables_of_many_columns_are_told() {
        let mut issue = crate::samples::long(2, 2);
        assert_eq!(table_warning(&issue), None);
        let table = |columns| {
            vec![Block::Quote(vec![Block::Table(Table {
                align: vec![offprint_core::text::Align::Start; columns],
                head: vec![Vec::new(); columns],
                rows: Vec::new(),
            })])]
        };
        issue.sections[0].papers[0].commentary = table(11);
        issue.intro = table(10);
        let one = table_warning(&issue).unwrap();
        assert!(one.message.starts_with("a text has"), "{}", one.message);
        issue.intro = table(12);
        let two = table_warning(&issue).unwrap();
        assert!(two.message.starts_with("2 texts have"), "{}", two.message);
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
