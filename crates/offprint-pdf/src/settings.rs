//! What `[pdf]` of `offprint.toml` may say.

use offprint_core::Diagnostic;
use offprint_core::export::Attach;
use offprint_core::fields::{Fields, NodeValue};

use crate::theme::Theme;

use crate::font_settings::FontSettings;

/// A size of paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Paper {
    /// 210 × 297 mm.
    #[default]
    A4,
    /// 148 × 210 mm.
    A5,
    /// 8.5 × 11 inches.
    Letter,
    /// 90 × 120 mm: the screen of a six-inch reader.
    SixInch,
}

/// How the first page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Cover {
    /// The title stands above the contents.
    #[default]
    Masthead,
    /// The title has a page of its own.
    Page,
}

/// How Han characters, which have no italics, are emphasised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Emphasis {
    /// By a dot under each (着重号).
    #[default]
    Dots,
    /// By bold type.
    Bold,
}

/// What gets a QR code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Qr {
    /// Nothing.
    #[default]
    None,
    /// Every paper, for its landing page.
    Papers,
}

/// What the file claims to be, beside PDF/UA-1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Standard {
    /// PDF/A-2a (ISO 19005-2).
    #[default]
    Archival,
    /// Nothing.
    Accessible,
}

/// Blank edges of a page, in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Margin {
    /// Above the text; the running header stands in it.
    pub top: f32,
    /// Right of the text.
    pub right: f32,
    /// Below the text; the page number stands in it.
    pub bottom: f32,
    /// Left of the text.
    pub left: f32,
}

/// A colour in sRGB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rgb(pub u8, pub u8, pub u8);

/// The PDF exporter and its settings.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Pdf {
    /// What it is to be printed on.
    pub paper: Paper,
    /// Whether text runs in two columns, as newsletters do.
    pub two_columns: bool,
    /// The blank edges; after the paper's size unless given.
    pub margin: Option<Margin>,
    /// The size of running text in points; after the paper and the language unless given.
    pub size: Option<f32>,
    /// The colour of headings, links and rules.
    pub accent: Option<Rgb>,
    /// Whether everything is black and grey, for printers without colour.
    pub gray: bool,
    /// How the first page begins.
    pub cover: Cover,
    /// How Han characters are emphasised.
    pub emphasis: Emphasis,
    /// What gets a QR code.
    pub qr: Qr,
    /// What the file claims to be.
    pub standard: Standard,
    /// Files to be carried within it; a file that does is PDF/A-3 instead of PDF/A-2.
    pub attach: Vec<Attach>,
    /// What it is to be set in.
    pub fonts: FontSettings,
}

/// A millimetre in points.
pub(crate) const MILLIMETRE: f32 = 72.0 / 25.4;

// A paper's name, and whether it brings two columns.
const PAPERS: &[(&str, (Paper, bool))] = &[
    ("A4", (Paper::A4, false)),
    ("A5", (Paper::A5, false)),
    ("Letter", (Paper::Letter, false)),
    ("6in", (Paper::SixInch, false)),
    ("newsletter", (Paper::A4, true)),
];

impl Pdf {
    /// Reads the table `[pdf]` of `offprint.toml`.
    pub fn read(fields: &mut Fields<'_, '_>) -> Self {
        let (paper, is_newsletter) = fields.choice(&["paper"], PAPERS).unwrap_or_default();
        let columns = fields.integer(&["columns"], 1..=2);
        let pdf = Self {
            paper,
            two_columns: columns.map_or(is_newsletter, |columns| columns == 2),
            margin: read_margin(fields, paper),
            size: fields
                .number(&["size"], 6.0..=24.0)
                .map(|points| points as f32),
            accent: read_color(fields),
            gray: fields.boolean(&["gray", "grey"]).unwrap_or_default(),
            cover: fields
                .choice(
                    &["cover"],
                    &[("masthead", Cover::Masthead), ("page", Cover::Page)],
                )
                .unwrap_or_default(),
            emphasis: fields
                .choice(
                    &["emphasis"],
                    &[("dots", Emphasis::Dots), ("bold", Emphasis::Bold)],
                )
                .unwrap_or_default(),
            qr: fields
                .choice(&["qr"], &[("none", Qr::None), ("papers", Qr::Papers)])
                .unwrap_or_default(),
            standard: fields
                .choice(
                    &["standard"],
                    &[
                        ("PDF/A-2a", Standard::Archival),
                        ("PDF/UA-1", Standard::Accessible),
                    ],
                )
                .unwrap_or_default(),
            attach: read_attachments(fields),
            fonts: FontSettings::read(fields),
        };
        report_narrow_lines(&pdf, fields);
        pdf
    }
}

/// Lines of very few characters cannot be set well whatever is done.
fn report_narrow_lines(pdf: &Pdf, fields: &mut Fields<'_, '_>) {
    const FEWEST_CHARACTERS: f32 = 8.0;
    const FEWEST_LINES: f32 = 5.0;
    let theme = Theme::new(pdf, true);
    let characters = (theme.area.column / theme.body).floor();
    let lines = (theme.area.height / theme.leading).floor();
    let message = if characters < FEWEST_CHARACTERS {
        format!(
            "a line has room for {characters} characters of this size; it takes at least {FEWEST_CHARACTERS}"
        )
    } else if lines < FEWEST_LINES {
        format!("a page has room for {lines} lines of this size; it takes at least {FEWEST_LINES}")
    } else {
        return;
    };
    let place = fields.place();
    fields.report(
        Diagnostic::error("narrow-page", message)
            .at(place)
            .hint("choose a smaller `size`, narrower margins, fewer columns or larger paper"),
    );
}

fn read_attachments(fields: &mut Fields<'_, '_>) -> Vec<Attach> {
    const KNOWN: &[(&str, Attach)] =
        &[("source", Attach::Source), ("epub", Attach::Format("epub"))];
    let mut wishes = Vec::new();
    for node in fields.list(&["attach"]) {
        let Some(text) = fields.text_of(node) else {
            continue;
        };
        match KNOWN.iter().find(|(name, _)| *name == text) {
            Some((_, wish)) if wishes.contains(wish) => {}
            Some((_, wish)) => wishes.push(*wish),
            None => {
                let place = fields.place_of(node);
                fields.report(
                    Diagnostic::error("unknown-value", format!("`{text}` cannot be attached"))
                        .at(place)
                        .hint("write `source`, `epub` or both"),
                );
            }
        }
    }
    wishes
}

/// Millimetres: one number for all edges, or a table of those that differ from the paper's
/// usual ones.
fn read_margin(fields: &mut Fields<'_, '_>, paper: Paper) -> Option<Margin> {
    let usual = paper.margin();
    let (width, height) = paper.size();
    let node = fields.node(&["margin"])?;
    if !matches!(node.value, NodeValue::Table(_)) {
        // Read again as the number that it should be.
        let widest = f64::from(width.min(height) / MILLIMETRE / 3.0).floor();
        let all = fields.number(&["margin"], 5.0..=widest)? as f32 * MILLIMETRE;
        return Some(Margin {
            top: all,
            right: all,
            bottom: all,
            left: all,
        });
    }
    let margin = fields.table_of(node, |fields| {
        let mut edge = |name: &'static str, length: f32, usual: f32| {
            let widest = f64::from(length / MILLIMETRE / 3.0).floor();
            fields
                .number(&[name], 5.0..=widest)
                .map_or(usual, |millimetres| millimetres as f32 * MILLIMETRE)
        };
        Margin {
            top: edge("top", height, usual.top),
            right: edge("right", width, usual.right),
            bottom: edge("bottom", height, usual.bottom),
            left: edge("left", width, usual.left),
        }
    });
    Some(margin)
}

/// `#1f4e79` or `#147`. One too pale to be read on paper is a warning.
fn read_color(fields: &mut Fields<'_, '_>) -> Option<Rgb> {
    let (text, node) = fields.spanned_text(&["accent"])?;
    let Some(color) = parse_color(&text) else {
        let place = fields.place_of(node);
        fields.report(
            Diagnostic::error("bad-color", format!("`{text}` is no colour"))
                .at(place)
                .hint("write it as `#1f4e79`: red, green and blue in hexadecimal"),
        );
        return None;
    };
    let contrast = 1.05 / (luminance(color) + 0.05);
    if contrast < 4.5 {
        let place = fields.place_of(node);
        fields.report(
            Diagnostic::warning(
                "contrast",
                format!("text in `{text}` is hard to read on white: contrast {contrast:.1} of 4.5"),
            )
            .at(place)
            .hint("choose a darker colour"),
        );
    }
    Some(color)
}

fn parse_color(text: &str) -> Option<Rgb> {
    let digits = text.strip_prefix('#')?;
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let value = u32::from_str_radix(digits, 16).ok()?;
    let part = |shift: u32| (value >> shift) as u8;
    match digits.len() {
        6 => Some(Rgb(part(16), part(8), part(0))),
        3 => {
            let [red, green, blue] = [8, 4, 0].map(|shift| (part(shift) & 0xf) * 17);
            Some(Rgb(red, green, blue))
        }
        _ => None,
    }
}

/// Relative luminance (WCAG 2.2).
fn luminance(Rgb(red, green, blue): Rgb) -> f32 {
    let linear = |value: u8| {
        let share = f32::from(value) / 255.0;
        if share <= 0.040_45 {
            share / 12.92
        } else {
            ((share + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

impl Paper {
    /// Width and height in points.
    pub(crate) fn size(self) -> (f32, f32) {
        match self {
            Self::A4 => (210.0 * MILLIMETRE, 297.0 * MILLIMETRE),
            Self::A5 => (148.0 * MILLIMETRE, 210.0 * MILLIMETRE),
            Self::Letter => (612.0, 792.0),
            Self::SixInch => (90.0 * MILLIMETRE, 120.0 * MILLIMETRE),
        }
    }

    /// The blank edges that suit it.
    pub(crate) fn margin(self) -> Margin {
        let (top, side, bottom) = match self {
            Self::A4 | Self::Letter => (27.0, 27.0, 26.0),
            Self::A5 => (19.0, 16.0, 18.0),
            Self::SixInch => (10.5, 6.0, 9.5),
        };
        Margin {
            top: top * MILLIMETRE,
            right: side * MILLIMETRE,
            bottom: bottom * MILLIMETRE,
            left: side * MILLIMETRE,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_has_three_or_six_digits() {
        assert_eq!(parse_color("#1f4e79"), Some(Rgb(0x1f, 0x4e, 0x79)));
        assert_eq!(parse_color("#18f"), Some(Rgb(0x11, 0x88, 0xff)));
        for bad in ["", "#", "1f4e79", "#1f4e7", "#+12345", "blue"] {
            assert_eq!(parse_color(bad), None, "{bad}");
        }
    }

    #[test]
    fn white_is_brighter_than_black() {
        assert!(luminance(Rgb(255, 255, 255)) > 0.99);
        assert!(luminance(Rgb(0, 0, 0)) < 0.01);
    }
}
