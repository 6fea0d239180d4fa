//! Formulas as pictures.

use image::{GrayImage, Luma};
use zeno::{Mask, Origin};

use crate::layout::{Drawing, commands_of};
use crate::outline::{Point, Segment};

/// The longest side of a picture, in its own pixels.
const MAX_SIDE: f32 = 4_000.0;

/// How a picture is made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PictureOptions {
    /// CSS pixels to the em: the size of the text around.
    pub size: f32,
    /// Pixels of the picture to one of the page: 2 is sharp on a fine screen.
    pub scale: f32,
    /// White around the formula, in CSS pixels: it may stand on a dark page.
    pub margin: f32,
}

impl Default for PictureOptions {
    /// Beside text of 16 pixels, for fine screens.
    fn default() -> Self {
        Self {
            size: 16.0,
            scale: 2.0,
            margin: 2.0,
        }
    }
}

/// A formula as a picture: black on white, so that it can be read wherever it is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// The file, a PNG.
    pub png: Vec<u8>,
    /// Width on the page in CSS pixels.
    pub width: u32,
    /// Height on the page in CSS pixels.
    pub height: u32,
    /// How far it reaches below the baseline, in CSS pixels.
    pub depth: f32,
}

impl Drawing {
    /// The formula as a picture; `None` if that would be larger than anyone reads.
    #[must_use]
    pub fn png(&self, options: PictureOptions) -> Option<Picture> {
        let pixels = options.size * options.scale;
        let margin = (options.margin * options.scale).round();
        let bounds = self.bounds();
        // Whole CSS pixels, so that the page does not scale the picture.
        let whole = |length: f32| (length / options.scale).ceil() * options.scale;
        let width = whole((bounds.right - bounds.left) * pixels + 2.0 * margin);
        let height = whole((bounds.top - bounds.bottom) * pixels + 2.0 * margin);
        if !(1.0..=MAX_SIDE).contains(&width) || !(1.0..=MAX_SIDE).contains(&height) {
            return None;
        }
        let place = |point: Point| {
            Point::new(
                (point.x - bounds.left) * pixels + margin,
                (bounds.top - point.y) * pixels + margin,
            )
        };
        let mut grey = GrayImage::from_pixel(width as u32, height as u32, Luma([u8::MAX]));
        for mark in &self.marks {
            let segments: Vec<Segment> =
                mark.segments().map(|segment| segment.map(place)).collect();
            let commands = commands_of(&segments);
            let (mask, at) = Mask::new(commands.as_slice())
                .origin(Origin::TopLeft)
                .render();
            let shade = mark.color.map_or(0, luma);
            fill(&mut grey, &mask, at, shade);
        }
        let png = sixteen_greys(&grey).ok()?;
        let page = |length: f32| (length / options.scale).round() as u32;
        Some(Picture {
            png,
            width: page(width),
            height: page(height),
            // Whole pixels are filled up below.
            depth: (height - margin) / options.scale - bounds.top * options.size,
        })
    }
}

/// How light a colour is (ITU-R BT.601).
fn luma([red, green, blue]: crate::Rgb) -> u8 {
    let weighted = 299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue);
    (weighted / 1_000) as u8
}

/// The picture as a PNG of 16 greys: as many as edges need, in half the bytes of 256.
fn sixteen_greys(grey: &GrayImage) -> Result<Vec<u8>, png::EncodingError> {
    let sixteenth = |level: u8| ((u16::from(level) * 15 + 127) / 255) as u8;
    let rows = grey.chunks_exact((grey.width() as usize).max(1));
    let packed: Vec<u8> = rows
        .flat_map(|row| {
            let pairs = row.chunks(2);
            pairs.map(|pair| match *pair {
                [left, right] => sixteenth(left) << 4 | sixteenth(right),
                [left] => sixteenth(left) << 4,
                _ => 0,
            })
        })
        .collect();
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, grey.width(), grey.height());
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Four);
    // Filters work on whole bytes, which hold two pixels here.
    encoder.set_filter(png::Filter::NoFilter);
    encoder.set_compression(png::Compression::Balanced);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&packed)?;
    writer.finish()?;
    Ok(file)
}

/// Lays a mask over the picture.
fn fill(grey: &mut GrayImage, mask: &[u8], at: zeno::Placement, shade: u8) {
    let rows = mask.chunks_exact((at.width as usize).max(1));
    for (row, coverage) in rows.enumerate() {
        for (column, &coverage) in coverage.iter().enumerate() {
            let place = (
                u32::try_from(at.left + column as i32),
                u32::try_from(at.top + row as i32),
            );
            let (Ok(x), Ok(y)) = place else { continue };
            if let Some(pixel) = grey.get_pixel_mut_checked(x, y) {
                let (under, over) = (u32::from(pixel.0[0]), u32::from(shade));
                let coverage = u32::from(coverage);
                pixel.0[0] = ((under * (255 - coverage) + over * coverage) / 255) as u8;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Style, Typesetter};

    fn picture(tex: &str, options: PictureOptions) -> Option<Picture> {
        Typesetter::default().set(tex, Style::Inline)?.png(options)
    }

    #[test]
    fn a_picture_is_black_on_white_and_stands_as_told() {
        // 20 by 10 pixels on the page, of which 2 on each side are white.
        let found = picture(r"\rule[-0.25em]{1em}{0.5em}", PictureOptions::default()).unwrap();
        assert_eq!((found.width, found.height), (20, 12));
        assert!((found.depth - 6.0).abs() < f32::EPSILON);
        let pixels = image::load_from_memory(&found.png).unwrap().to_luma8();
        assert_eq!(pixels.dimensions(), (40, 24));
        for (x, y, pixel) in pixels.enumerate_pixels() {
            let is_ink = (4..36).contains(&x) && (4..20).contains(&y);
            assert_eq!(pixel.0[0], if is_ink { 0 } else { 255 }, "{x} {y}");
        }
    }

    #[test]
    fn equal_formulas_give_equal_pictures_and_ink_is_never_cut_off() {
        let tex = r"\widehat{f}^{\,2}_{j} = \text{损失}";
        let found = picture(tex, PictureOptions::default()).unwrap();
        assert_eq!(
            Some(&found),
            picture(tex, PictureOptions::default()).as_ref()
        );
        let pixels = image::load_from_memory(&found.png).unwrap().to_luma8();
        let (width, height) = pixels.dimensions();
        let mut edge = pixels
            .enumerate_pixels()
            .filter(|(x, y, _)| *x == 0 || *y == 0 || *x == width - 1 || *y == height - 1);
        assert!(edge.all(|(_, _, pixel)| pixel.0[0] == 255));
    }

    #[test]
    fn what_would_be_huge_is_no_picture() {
        let options = PictureOptions {
            size: 400.0,
            ..PictureOptions::default()
        };
        assert_eq!(picture("a+b+c+d+e+f+g+h", options), None);
        // Nothing to be seen is no picture either.
        let bare = PictureOptions {
            margin: 0.0,
            ..PictureOptions::default()
        };
        assert_eq!(picture(r"{}", bare), None);
    }
}
