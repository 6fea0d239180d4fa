//! TeX formulas as pictures, for readers that show no `MathML`: feeds.
//!
//! A helper of formats, not a format. The library that lays formulas out stays behind
//! [`Drawer`], so that another can take its place.

use std::io::Cursor;

use image::{GenericImageView, GrayImage, ImageFormat, Luma};
use latex_rust::{Dim, MathFont, PngBackground, PngOptions, latex_to_png};

/// The longest formula that is drawn, in bytes of TeX: nobody reads a longer one as a picture.
const MAX_TEX: usize = 1_000;
/// The longest side of a picture, in its own pixels.
const MAX_SIDE: u32 = 4_000;
/// Points to the em, the size of a reader's text (16 CSS pixels).
const SIZE: i64 = 12;
/// Pixels of the picture to one of the page, so that it is sharp on a fine screen.
const SCALE: u32 = 2;
/// White around a formula, in the picture's own pixels: it may stand on a dark page.
const MARGIN: u32 = 4;
/// CSS pixels to the inch.
const DPI: u32 = 96;

/// A formula as a picture: black on white, so that it can be read wherever it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// PNG, two pixels to each of the page.
    pub png: Vec<u8>,
    /// Width on the page in CSS pixels, beside text of 16.
    pub width: u32,
    /// Height on the page in CSS pixels.
    pub height: u32,
}

/// Draws formulas.
pub struct Drawer {
    font: Option<MathFont>,
}

impl Default for Drawer {
    fn default() -> Self {
        Self {
            font: MathFont::stix_two_math().ok(),
        }
    }
}

impl Drawer {
    /// A formula's picture; `None` if it is too long, is no TeX, or holds what cannot be laid
    /// out, such as Chinese. `is_display` sets it as on a line of its own.
    #[must_use]
    pub fn draw(&self, tex: &str, is_display: bool) -> Option<Picture> {
        if tex.len() > MAX_TEX || tex.trim().is_empty() {
            return None;
        }
        let options = PngOptions {
            font_size_pt: Dim::from_i64(SIZE),
            dpi: Dim::from_i64(i64::from(DPI * SCALE)),
            background: PngBackground::White,
            display: is_display,
            ..PngOptions::new()
        };
        let font = self.font.as_ref()?;
        // Slanted letters lean out of their boxes, at which the picture would end.
        let drawn = latex_to_png(&format!(r"\,{tex}\,"), font, &options)
            .or_else(|_| latex_to_png(tex, font, &options))
            .ok()?;
        let pixels = image::load_from_memory_with_format(&drawn, ImageFormat::Png).ok()?;
        // Three of four bytes say nothing.
        let drawn = pixels.to_luma8();
        let inked = |&x: &u32| (0..drawn.height()).any(|y| drawn.get_pixel(x, y).0 != [u8::MAX]);
        let (left, right) = (0..drawn.width())
            .find(inked)
            .zip((0..drawn.width()).rfind(inked))?;
        let drawn = drawn.view(left, 0, right - left + 1, drawn.height());
        let (width, height) = (drawn.width() + 2 * MARGIN, drawn.height() + 2 * MARGIN);
        if width.max(height) > MAX_SIDE {
            return None;
        }
        let mut grey = GrayImage::from_pixel(width, height, Luma([u8::MAX]));
        image::imageops::replace(&mut grey, &*drawn, i64::from(MARGIN), i64::from(MARGIN));
        let mut png = Cursor::new(Vec::new());
        grey.write_to(&mut png, ImageFormat::Png).ok()?;
        Some(Picture {
            png: png.into_inner(),
            width: width.div_ceil(SCALE),
            height: height.div_ceil(SCALE),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_of_papers_are_drawn() {
        let drawer = Drawer::default();
        for tex in [
            r"O(n \log n)",
            r"\lVert x \rVert_2 \le \sqrt{d}",
            r"\mathcal{L} = \sum_{i=1}^{n} \log \frac{\exp(s_i / \tau)}{\sum_j \exp(s_j / \tau)}",
            r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}",
            r"\mathbb{E}_{x \sim p}[f(x)]",
        ] {
            let picture = drawer.draw(tex, true).unwrap();
            let decoded = image::load_from_memory(&picture.png).unwrap();
            assert_eq!(decoded.width().div_ceil(2), picture.width, "{tex}");
            assert!(
                picture.height >= 12 && picture.width > picture.height / 2,
                "{tex}"
            );
            assert_eq!(Some(picture), drawer.draw(tex, true), "{tex}");
        }
    }

    #[test]
    fn a_displayed_sum_is_higher_than_one_in_a_line() {
        let drawer = Drawer::default();
        let tex = r"\sum_{i=1}^n x_i";
        let [line, display] = [false, true].map(|display| drawer.draw(tex, display).unwrap());
        assert!(display.height > line.height);
    }

    #[test]
    fn what_cannot_be_drawn_is_left_to_the_caller() {
        let drawer = Drawer::default();
        let deep = format!("{}x{}", "{".repeat(400), "}".repeat(400));
        let long = "x+".repeat(600);
        for tex in [
            r"\nosuchcommand",
            "x^{",
            r"\text{损失}",
            " ",
            r"\quad",
            &deep,
            &long,
        ] {
            assert_eq!(drawer.draw(tex, false), None, "{tex}");
        }
        assert_eq!(drawer.draw(r"\rule{4000em}{1em}", false), None);
    }
}
