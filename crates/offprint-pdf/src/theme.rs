//! Sizes and colours of the page.

use crate::Paper;
use crate::page::Color;
use crate::paginate::Area;

pub(crate) const INK: Color = Color(0x1d, 0x1d, 0x1f);
pub(crate) const SOFT: Color = Color(0x4a, 0x4d, 0x52);
pub(crate) const MUTED: Color = Color(0x6b, 0x6f, 0x76);
pub(crate) const ACCENT: Color = Color(0x1f, 0x4e, 0x79);
pub(crate) const RULE: Color = Color(0xc9, 0xcd, 0xd2);
pub(crate) const PALE: Color = Color(0xf4, 0xf5, 0xf7);
pub(crate) const BAR: Color = Color(0xc3, 0xd3, 0xe2);

/// Lengths in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Theme {
    pub(crate) width: f32,
    pub(crate) height: f32,
    pub(crate) area: Area,
    /// The size of running text.
    pub(crate) body: f32,
    pub(crate) leading: f32,
    pub(crate) small: f32,
    pub(crate) small_leading: f32,
    pub(crate) code: f32,
    pub(crate) masthead: f32,
    pub(crate) section: f32,
    pub(crate) title: f32,
    pub(crate) header: f32,
}

const MILLIMETRE: f32 = 72.0 / 25.4;

impl Theme {
    pub(crate) fn new(paper: Paper, chinese: bool) -> Self {
        let (width, height) = paper.size();
        let is_small = width < 500.0;
        let body = match (is_small, chinese) {
            (false, true) => 10.5,
            (true, true) | (false, false) => 10.0,
            (true, false) => 9.5,
        };
        let leading = body * if chinese { 1.68 } else { 1.5 };
        let side = if is_small { 16.0 } else { 27.0 } * MILLIMETRE;
        let top = if is_small { 19.0 } else { 27.0 } * MILLIMETRE;
        let bottom = if is_small { 18.0 } else { 26.0 } * MILLIMETRE;
        // A whole number of Han characters fills a line, so that none needs stretching.
        let measure = ((width - 2.0 * side) / body).floor() * body;
        Self {
            width,
            height,
            area: Area {
                left: (width - measure) / 2.0,
                top,
                width: measure,
                height: height - top - bottom,
            },
            body,
            leading,
            small: body - 1.5,
            small_leading: (body - 1.5) * if chinese { 1.6 } else { 1.45 },
            code: body - 2.0,
            masthead: if is_small { 19.0 } else { 24.0 },
            section: if is_small { 14.5 } else { 16.5 },
            title: body + 1.5,
            header: 7.5,
        }
    }
}

impl Paper {
    /// Width and height in points.
    pub(crate) fn size(self) -> (f32, f32) {
        match self {
            Self::A4 => (210.0 * MILLIMETRE, 297.0 * MILLIMETRE),
            Self::A5 => (148.0 * MILLIMETRE, 210.0 * MILLIMETRE),
            Self::Letter => (612.0, 792.0),
        }
    }
}
