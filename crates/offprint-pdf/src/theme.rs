//! Sizes and colours of the page.

use crate::page::Color;
use crate::paginate::Area;
use crate::settings::{Paper, Pdf, Rgb};

/// The colours of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Palette {
    pub(crate) ink: Color,
    pub(crate) soft: Color,
    pub(crate) muted: Color,
    pub(crate) accent: Color,
    pub(crate) rule: Color,
    pub(crate) pale: Color,
    pub(crate) bar: Color,
    /// Under badges and buttons.
    pub(crate) badge: Color,
}

impl Palette {
    fn new(settings: &Pdf) -> Self {
        if settings.gray {
            let gray = |value| Color(value, value, value);
            return Self {
                ink: gray(0x10),
                soft: gray(0x40),
                muted: gray(0x5c),
                accent: gray(0x18),
                rule: gray(0xb8),
                pale: gray(0xf2),
                bar: gray(0xa8),
                badge: gray(0xe8),
            };
        }
        let Rgb(red, green, blue) = settings.accent.unwrap_or(Rgb(0x1f, 0x4e, 0x79));
        // The accent, so many sixteenths of the way to white.
        let tint =
            |value: u8, way: u8| value + ((255 - u16::from(value)) * u16::from(way) / 16) as u8;
        let tinted = |way| Color(tint(red, way), tint(green, way), tint(blue, way));
        Self {
            ink: Color(0x1d, 0x1d, 0x1f),
            soft: Color(0x4a, 0x4d, 0x52),
            muted: Color(0x6b, 0x6f, 0x76),
            accent: Color(red, green, blue),
            rule: Color(0xc9, 0xcd, 0xd2),
            pale: Color(0xf4, 0xf5, 0xf7),
            bar: tinted(12),
            badge: tinted(14),
        }
    }
}

/// Lengths in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Theme {
    pub(crate) width: f32,
    pub(crate) height: f32,
    pub(crate) area: Area,
    pub(crate) colors: Palette,
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
    /// How far above the text the running header stands.
    pub(crate) header_gap: f32,
    /// How far below the text the page number stands.
    pub(crate) footer_gap: f32,
    /// Whether the margins have room for them.
    pub(crate) has_header: bool,
    pub(crate) has_folio: bool,
}

/// The blank between two columns, in ems of the body.
const GUTTER: f32 = 2.0;

// What a line needs with a little blank around it, in points.
const FEWEST_FOR_HEADER: f32 = 28.0;
const FEWEST_FOR_FOLIO: f32 = 22.0;

impl Theme {
    /// The area of an index: two columns of short lines, where there is room for them.
    pub(crate) fn index_area(&self) -> Area {
        let gutter = GUTTER * self.body;
        if self.area.width < 20.0 * self.body {
            return self.area;
        }
        Area {
            columns: 2,
            column: (self.area.width - gutter) / 2.0,
            ..self.area
        }
    }

    pub(crate) fn new(settings: &Pdf, chinese: bool) -> Self {
        let paper = settings.paper;
        let (width, height) = paper.size();
        let usual = match (paper, chinese) {
            (Paper::A4 | Paper::Letter, _) if settings.two_columns => 9.5,
            (Paper::A4 | Paper::Letter, true) => 10.5,
            (Paper::A4 | Paper::Letter, false) | (Paper::A5, true) => 10.0,
            (Paper::A5, false) | (Paper::SixInch, true) => 9.5,
            (Paper::SixInch, false) => 9.0,
        };
        let body = settings.size.unwrap_or(usual);
        let leading = body
            * match (paper, chinese) {
                // Programs that read the file tell columns apart only where lines are at most
                // half as far apart again as the type is large; narrow ones need no more.
                (_, true) if settings.two_columns => 1.49,
                (Paper::SixInch, true) => 1.49,
                (Paper::SixInch, false) => 1.4,
                (Paper::A4 | Paper::A5 | Paper::Letter, true) => 1.68,
                (Paper::A4 | Paper::A5 | Paper::Letter, false) => 1.5,
            };
        let mut margin = settings.margin.unwrap_or(paper.margin());
        if settings.two_columns && settings.margin.is_none() {
            margin.left *= 0.72;
            margin.right *= 0.72;
        }
        let room = width - margin.left - margin.right;
        // A whole number of Han characters fills a line, so that none needs stretching.
        let whole = |room: f32| (room / body).floor() * body;
        let (columns, column, gutter): (u8, f32, f32) = if settings.two_columns {
            let gutter = GUTTER * body;
            (2, whole((room - gutter) / 2.0), gutter)
        } else {
            (1, whole(room), 0.0)
        };
        let measure = column * f32::from(columns) + gutter;
        let is_tiny = paper == Paper::SixInch;
        let scale = body / usual;
        Self {
            width,
            height,
            area: Area {
                left: margin.left + (room - measure) / 2.0,
                top: margin.top,
                width: measure,
                height: height - margin.top - margin.bottom,
                columns: u32::from(columns),
                column,
            },
            colors: Palette::new(settings),
            body,
            leading,
            small: body - if is_tiny { 1.0 } else { 1.5 } * scale,
            small_leading: (body - 1.5 * scale)
                * match (chinese, settings.two_columns || is_tiny) {
                    (true, false) => 1.6,
                    (true, true) => 1.48,
                    (false, _) => 1.45,
                },
            code: body - if is_tiny { 2.5 } else { 2.0 } * scale,
            masthead: scale
                * match paper {
                    Paper::A4 | Paper::Letter => 24.0,
                    Paper::A5 => 19.0,
                    Paper::SixInch => 16.0,
                },
            section: scale
                * match paper {
                    Paper::A4 | Paper::Letter if settings.two_columns => 14.5,
                    Paper::A4 | Paper::Letter => 16.5,
                    Paper::A5 => 14.5,
                    Paper::SixInch => 12.5,
                },
            title: body + if is_tiny { 0.5 } else { 1.5 } * scale,
            header: if is_tiny { 6.5 } else { 7.5 },
            header_gap: (margin.top * 0.4).min(30.0),
            footer_gap: (margin.bottom * 0.28).min(20.0),
            has_header: margin.top >= FEWEST_FOR_HEADER,
            has_folio: margin.bottom >= FEWEST_FOR_FOLIO,
        }
    }
}
