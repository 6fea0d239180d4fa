//! What is inherited: what the conversion remembers on the way down, and what is seen.

use super::shade::{
    CHECKED_TEXT, DARK_GROUND, DARK_TEXT, FAINT, LIGHT_GROUND, LIGHT_TEXT, contrast, seen,
};
use super::{Rgb, Shades};
use crate::css::{self, Rgba, colors};

/// What the conversion remembers on the way down, and what is seen there.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Around {
    /// The last colour of words that was said, as it was said.
    pub(super) said_text: Option<Rgba>,
    /// The same, converted as WeChat's own checker does.
    pub(super) checked_text: Option<Rgba>,
    /// The last ground, converted.
    pub(super) ground: Option<Rgba>,
    /// All grounds that were said, laid over the page.
    pub(super) said_ground: Rgba,
    /// Whether a picture lies behind words; they keep their colours then.
    pub(super) pictured: bool,
    /// The colour that was laid under a picture.
    pub(super) padding: Option<Rgba>,

    /// The colour of words by day and by night, as style rules hand it down.
    inks: [Rgba; 2],
    /// What is seen behind them.
    grounds: [[f64; 3]; 2],
    /// How `opacity` fades all that is within: by what it is multiplied, and what is added.
    fade: f64,
    faded: [[f64; 3]; 2],
    /// The borders that the element itself has.
    borders: Vec<[Rgba; 2]>,
    pub(super) size: f64,
    pub(super) bold: bool,
    line: Line,
}

/// How high lines are.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Line {
    /// By the size of type.
    Times(f64),
    Pixels(f64),
}

/// About what browsers take without a number.
const NORMAL_LINE: Line = Line::Times(1.2);

impl Default for Around {
    fn default() -> Self {
        Self {
            said_text: None,
            checked_text: None,
            ground: None,
            said_ground: LIGHT_GROUND,
            pictured: false,
            padding: None,
            inks: [LIGHT_TEXT, DARK_TEXT],
            grounds: [LIGHT_GROUND.parts, DARK_GROUND.parts],
            fade: 1.0,
            faded: [[0.0; 3]; 2],
            borders: Vec::new(),
            size: 17.0,
            bold: false,
            line: Line::Times(1.6),
        }
    }
}

impl Around {
    /// Words and ground as they are seen.
    pub(super) fn seen(&self) -> [Shades; 2] {
        let ground = self.grounds;
        [self.on_ground(self.inks), self.fade(ground)]
    }

    pub(super) fn has_picture(&self) -> bool {
        self.pictured
    }

    /// The contrast that WeChat's own checker finds at night: it looks at what was said, knows
    /// nothing of what the conversion adds, and takes a gradient for its last colour by day.
    pub(super) fn checked_contrast(&self) -> f64 {
        let text = self.checked_text.unwrap_or(CHECKED_TEXT);
        let ground = self.ground.unwrap_or(DARK_GROUND);
        contrast(text.parts, ground.parts)
    }

    pub(super) fn line_height(&self) -> f64 {
        match self.line {
            Line::Times(times) => times * self.size,
            Line::Pixels(pixels) => pixels,
        }
    }

    pub(super) fn edges(&self) -> impl Iterator<Item = Shades> {
        self.borders.iter().map(|border| self.on_ground(*border))
    }

    fn on_ground(&self, [light, dark]: [Rgba; 2]) -> Shades {
        let [light_ground, dark_ground] = self.grounds;
        self.fade([seen(light_ground, light), seen(dark_ground, dark)])
    }

    fn fade(&self, [light, dark]: [[f64; 3]; 2]) -> Shades {
        let [add_light, add_dark] = self.faded;
        let shade = |parts: [f64; 3], add: [f64; 3]| -> Rgb {
            let [red, green, blue] = parts.map(|part| part * self.fade);
            let [add_red, add_green, add_blue] = add;
            [red + add_red, green + add_green, blue + add_blue]
                .map(|part| part.round().clamp(0.0, 255.0) as u8)
        };
        Shades {
            light: shade(light, add_light),
            dark: shade(dark, add_dark),
        }
    }
}

impl Around {
    /// Works out what is seen within an element, and type and lines, which are inherited too.
    ///
    /// `light` and `dark` are its declarations by day and by night.
    pub(super) fn inherit(
        &mut self,
        around: &Self,
        tag: &str,
        light: &[(String, String)],
        dark: &[(String, String)],
    ) {
        self.inherit_type(around, tag, light);
        let opacity = light
            .iter()
            .find(|(property, _)| property == "opacity")
            .and_then(|(_, value)| css::share(value).or_else(|| value.parse().ok()))
            .map_or(1.0, |opacity: f64| opacity.clamp(0.0, 1.0));
        if opacity < 1.0 {
            for (faded, ground) in self.faded.iter_mut().zip(around.grounds) {
                let added = ground.map(|part| part * around.fade * (1.0 - opacity));
                for (faded, added) in faded.iter_mut().zip(added) {
                    *faded += added;
                }
            }
            self.fade *= opacity;
        }
        let [light_ground, dark_ground] = around.grounds;
        self.grounds = [painted(light_ground, light), painted(dark_ground, dark)];
        let [light_ink, dark_ink] = around.inks;
        self.inks = [ink(light_ink, light), ink(dark_ink, dark)];
        self.borders = edges(light)
            .zip(edges(dark))
            .map(|(light, dark)| [light, dark])
            .collect();
    }

    fn inherit_type(&mut self, around: &Self, tag: &str, style: &[(String, String)]) {
        if matches!(
            tag,
            "b" | "strong" | "th" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6"
        ) {
            self.bold = true;
        }
        for (property, value) in style {
            match property.as_str() {
                "font-size" => self.size = size(value, around.size).unwrap_or(self.size),
                "font-weight" => self.bold = is_bold(value).unwrap_or(self.bold),
                "font" => {
                    for word in css::words(value) {
                        let (word, line) = word.split_once('/').unwrap_or((word, ""));
                        if let Some(size) = size(word, around.size) {
                            self.size = size;
                            self.line = line_height(line, size).unwrap_or(NORMAL_LINE);
                        } else {
                            self.bold = is_bold(word).unwrap_or(self.bold);
                        }
                    }
                }
                _ => {}
            }
        }
        let line = style.iter().find(|(property, _)| property == "line-height");
        if let Some((_, value)) = line {
            self.line = line_height(value, self.size).unwrap_or(self.line);
        }
    }
}

fn ink(inherited: Rgba, style: &[(String, String)]) -> Rgba {
    let said = |wanted: &str| {
        style
            .iter()
            .rev()
            .find(|(property, _)| property == wanted)
            .and_then(|(_, value)| colors(value).first().map(|found| found.color))
    };
    said("-webkit-text-fill-color")
        .or_else(|| said("color"))
        .unwrap_or(inherited)
}

fn painted(below: [f64; 3], style: &[(String, String)]) -> [f64; 3] {
    let mut ground = below;
    for (property, value) in style {
        if !matches!(
            property.as_str(),
            "background" | "background-color" | "background-image"
        ) {
            continue;
        }
        let found = colors(value);
        let stops = found.len() as f64;
        if value.contains("gradient") && stops > 0.0 {
            // As if its stops had equal shares.
            let layers = found.iter().map(|stop| seen(ground, stop.color));
            let sum = layers.fold([0.0; 3], |[red, green, blue], [r, g, b]| {
                [red + r / stops, green + g / stops, blue + b / stops]
            });
            ground = sum;
        } else if let Some(found) = found.last() {
            ground = seen(ground, found.color);
        }
    }
    ground
}

/// The colours of the borders that are drawn.
fn edges(style: &[(String, String)]) -> impl Iterator<Item = Rgba> {
    let is_drawn = |value: &str| {
        css::words(value).any(|word| {
            ["solid", "dashed", "dotted", "double", "groove", "ridge"]
                .iter()
                .any(|style| word.eq_ignore_ascii_case(style))
        }) && css::words(value).all(|word| css::pixels(word, 16.0) != Some(0.0))
    };
    let drawn_apart = style
        .iter()
        .any(|(property, value)| property == "border-style" && is_drawn(value));
    style
        .iter()
        .filter(move |(property, value)| match property.as_str() {
            "border" | "border-top" | "border-right" | "border-bottom" | "border-left" => {
                is_drawn(value)
            }
            "border-color" => drawn_apart,
            _ => false,
        })
        .filter_map(|(_, value)| colors(value).first().map(|found| found.color))
        .filter(|color| color.alpha >= FAINT)
}

/// A size of type in pixels (CSS Fonts 4, §2.5).
fn size(value: &str, around: f64) -> Option<f64> {
    css::pixels(value, around)
        .or_else(|| css::share(value).map(|share| share * around))
        .or_else(|| {
            Some(match value.to_ascii_lowercase().as_str() {
                "xx-small" => 9.0,
                "x-small" => 10.0,
                "small" => 13.0,
                "medium" => 16.0,
                "large" => 18.0,
                "x-large" => 24.0,
                "xx-large" => 32.0,
                "smaller" => around / 1.2,
                "larger" => around * 1.2,
                _ => return None,
            })
        })
        .filter(|size| *size >= 0.0)
}

fn line_height(value: &str, size: f64) -> Option<Line> {
    if value.eq_ignore_ascii_case("normal") {
        return Some(NORMAL_LINE);
    }
    if let Ok(times) = value.parse::<f64>() {
        return Some(Line::Times(times));
    }
    css::pixels(value, size)
        .or_else(|| css::share(value).map(|share| share * size))
        .map(Line::Pixels)
}

fn is_bold(value: &str) -> Option<bool> {
    match value.to_ascii_lowercase().as_str() {
        "bold" | "bolder" => Some(true),
        "normal" | "lighter" => Some(false),
        number => number
            .parse::<u16>()
            .ok()
            .filter(|weight| (1..=1000).contains(weight))
            .map(|weight| weight >= 600),
    }
}
