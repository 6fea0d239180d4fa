//! Formulas as pictures.

use std::io::Cursor;

use image::{GrayImage, ImageFormat, Luma};
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
        let mut png = Cursor::new(Vec::new());
        grey.write_to(&mut png, ImageFormat::Png).ok()?;
        let page = |length: f32| (length / options.scale).round() as u32;
        Some(Picture {
            png: png.into_inner(),
            width: page(width),
            height: page(height),
            depth: -bounds.bottom * options.size + options.margin,
        })
    }
}

/// How light a colour is (ITU-R BT.601).
fn luma([red, green, blue]: crate::Rgb) -> u8 {
    let weighted = 299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue);
    (weighted / 1_000) as u8
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
