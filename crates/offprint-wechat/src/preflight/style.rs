//! What is wrong with a style, whatever it stands on, and what of it concerns other rules.

use super::address::{is_data, is_mmbiz};
use super::{Rule, rules};
use crate::css::{self, Declaration, Sign};

/// What is known of a style.
#[derive(Debug, Default)]
pub(super) struct Style {
    /// What is wrong with it anywhere.
    pub(super) findings: Vec<(&'static Rule, String)>,
    /// What is wrong with it around words.
    pub(super) around_words: Vec<(&'static Rule, String)>,
    /// Whether it scrolls sideways.
    pub(super) scrolls: bool,
    /// `white-space` that does not wrap.
    pub(super) nowrap: Option<String>,
    /// A width in pixels, as it is written and as a number.
    pub(super) width: Option<(String, f64)>,
    pub(super) height: Option<f64>,
    /// Whether something keeps the width within the column.
    pub(super) is_fluid: bool,
    /// Whether its widest is within the column, so that a width does no harm.
    pub(super) is_capped: bool,
    pub(super) invisible: Option<String>,
    pub(super) ground: Option<String>,
    /// A ground of several colours.
    pub(super) gradient: Option<String>,
    pub(super) font_family: Option<String>,
    pub(super) fill: Option<String>,
    pub(super) stroke: Option<String>,
}

/// The width of an article's column on a phone, in pixels.
pub(super) const COLUMN: f64 = 335.0;
/// From here on a width takes up another share of each screen, in pixels.
const WIDE: f64 = 200.0;
/// How far margins at the sides may go, in pixels.
const SIDES: std::ops::RangeInclusive<f64> = -16.0..=100.0;

impl Style {
    pub(super) fn new(declarations: &[Declaration]) -> Self {
        let mut style = Self::default();
        let size = declarations
            .iter()
            .rev()
            .find(|declaration| declaration.property == "font-size")
            .and_then(|declaration| css::pixels(&declaration.value, 16.0))
            .unwrap_or(16.0);
        let mut height = None;
        let mut clips = false;
        for declaration in declarations {
            style.declaration(declaration, size);
            let value = declaration.value.to_ascii_lowercase();
            match declaration.property.as_str() {
                "height" | "max-height" => {
                    let pixels = css::pixels(&value, size);
                    if declaration.property == "height" {
                        style.height = pixels;
                    }
                    height = pixels
                        .map(|pixels| (written(declaration), pixels))
                        .or(height);
                }
                "overflow" | "overflow-y" => {
                    clips = matches!(value.as_str(), "hidden" | "clip");
                }
                _ => {}
            }
        }
        match height {
            Some((written, 0.0)) => style.around_words.push((&rules::CSS_HEIGHT_ZERO, written)),
            Some((written, _)) if clips => {
                style.around_words.push((&rules::CSS_HEIGHT_CLIP, written));
            }
            Some(_) | None => {}
        }
        style
    }

    /// The rule about its width, if the element does not scroll.
    pub(super) fn width(&self) -> Option<(&'static Rule, &str)> {
        let (written, pixels) = self.width.as_ref()?;
        if *pixels > COLUMN && !self.is_capped {
            Some((&rules::CSS_WIDTH_FIXED, written))
        } else if *pixels >= WIDE {
            Some((&rules::CSS_WIDTH_VAR, written))
        } else {
            None
        }
    }

    fn declaration(&mut self, declaration: &Declaration, size: f64) {
        let Declaration {
            property,
            value: as_written,
            important,
        } = declaration;
        let value = as_written.to_ascii_lowercase();
        let value = value.as_str();
        let bare = property
            .strip_prefix("-webkit-")
            .or_else(|| property.strip_prefix("-moz-"))
            .or_else(|| property.strip_prefix("-ms-"))
            .unwrap_or(property);
        let is_zero = || value.parse::<f64>() == Ok(0.0) || css::share(value) == Some(0.0);
        let rule = match bare {
            "position" => Some(&rules::CSS_POSITION),
            "top" | "right" | "bottom" | "left" | "z-index" => Some(&rules::CSS_OFFSET),
            "filter" | "backdrop-filter" if value != "none" => Some(&rules::CSS_FILTER),
            "float" if value != "none" => Some(&rules::CSS_FLOAT),
            "display" if value.contains("grid") => Some(&rules::CSS_GRID),
            "text-align" if matches!(value, "start" | "end") => Some(&rules::CSS_TEXT_ALIGN),
            "caret-color" if is_invisible(value) => Some(&rules::CSS_CARET),
            "text-decoration-thickness" | "text-underline-offset" => {
                Some(&rules::CSS_UNDERLINE_EXTRAS)
            }
            "content" => Some(&rules::CSS_PSEUDO),
            "transform" | "translate" | "rotate" | "scale" if value != "none" => {
                Some(&rules::CSS_TRANSFORM)
            }
            _ if bare.starts_with("inset") => Some(&rules::CSS_OFFSET),
            _ if bare.starts_with("animation") || bare.starts_with("transition") => {
                Some(&rules::CSS_ANIMATION)
            }
            _ if bare.starts_with("grid") => Some(&rules::CSS_GRID),
            _ if sides(bare, value)
                .filter_map(|side| css::pixels(side, size))
                .any(|side| !SIDES.contains(&side)) =>
            {
                Some(&rules::CSS_OFFSET_X)
            }
            _ => None,
        };
        self.findings
            .extend(rule.map(|rule| (rule, written(declaration))));
        match bare {
            "overflow" | "overflow-x" => {
                self.scrolls |= css::words(value).any(|word| matches!(word, "auto" | "scroll"));
            }
            "white-space" if matches!(value, "nowrap" | "pre") => {
                self.nowrap = Some(written(declaration));
            }
            "width" | "min-width" => {
                if let Some(width) = css::pixels(value, size) {
                    self.width = Some((written(declaration), width));
                }
                self.is_fluid |= css::share(value).is_some_and(|share| share <= 1.0);
            }
            "max-width" => {
                self.is_fluid |= css::share(value).is_some_and(|share| share <= 1.0);
                self.is_capped = css::share(value).is_some_and(|share| share <= 1.0)
                    || css::pixels(value, size).is_some_and(|width| width <= COLUMN);
            }
            "opacity" if is_zero() => self.invisible = Some(written(declaration)),
            "background" | "background-color" | "background-image" => {
                if !matches!(value, "none" | "transparent" | "inherit" | "initial") {
                    self.ground = Some(written(declaration));
                }
                if value.contains("gradient(") {
                    self.gradient = Some(written(declaration));
                }
            }
            "font-family" | "font" if !is_allowed_font(bare, value) => {
                self.font_family = Some(written(declaration));
            }
            "fill" => self.fill = Some(value.to_owned()),
            "stroke" => self.stroke = Some(value.to_owned()),
            _ => {}
        }
        if *important {
            self.findings
                .push((&rules::CSS_IMPORTANT, written(declaration)));
        }
        self.value(declaration);
    }

    /// What no value may hold.
    fn value(&mut self, declaration: &Declaration) {
        let value = &declaration.value;
        let mut broken: Vec<&'static Rule> = Vec::new();
        if declaration.property.starts_with("--") {
            broken.push(&rules::CSS_VAR);
        }
        if value.contains('(') {
            broken.extend(css::functions(value).iter().filter_map(|name| {
                Some(match name.as_str() {
                    "var" => &rules::CSS_VAR,
                    "calc" => &rules::CSS_CALC,
                    "color-mix" | "min" | "max" | "clamp" | "env" | "attr" => &rules::CSS_MODERN_FN,
                    _ => return None,
                })
            }));
            for (is_quoted, url) in css::urls(value) {
                if is_quoted {
                    broken.push(&rules::CSS_URL_QUOTED);
                }
                if url.starts_with('#') {
                    broken.push(&rules::SVG_URLREF);
                } else if is_data(&url) {
                    broken.push(&rules::CSS_URL_DATA);
                } else if !is_mmbiz(&url) {
                    broken.push(&rules::CSS_URL_EXTERNAL);
                }
            }
        }
        let has_rem = value.contains("rem")
            && css::signs(value).iter().any(|(sign, place)| {
                *sign == Sign::Number
                    && value
                        .get(place.clone())
                        .is_some_and(|number| number.ends_with("rem"))
            });
        if has_rem {
            broken.push(&rules::CSS_REM);
        }
        broken.dedup();
        let written = written(declaration);
        self.findings
            .extend(broken.into_iter().map(|rule| (rule, written.clone())));
    }
}

fn written(declaration: &Declaration) -> String {
    format!("{}:{}", declaration.property, declaration.value)
}

/// The parts of a margin or a padding that are at the sides.
fn sides<'a>(property: &str, value: &'a str) -> impl Iterator<Item = &'a str> {
    let words: Vec<&str> = css::words(value).collect();
    let sides = match (property, words.as_slice()) {
        ("margin" | "padding", &[all]) => vec![all],
        ("margin" | "padding", &[_, sides] | &[_, sides, _]) => vec![sides],
        ("margin" | "padding", &[_, right, _, left]) => vec![right, left],
        (
            "margin-left"
            | "margin-right"
            | "padding-left"
            | "padding-right"
            | "margin-inline"
            | "padding-inline"
            | "margin-inline-start"
            | "margin-inline-end"
            | "padding-inline-start"
            | "padding-inline-end",
            _,
        ) => words,
        _ => Vec::new(),
    };
    sides.into_iter()
}

fn is_invisible(color: &str) -> bool {
    css::colors(color)
        .first()
        .is_some_and(|found| found.color.alpha == 0.0)
}

/// WeChat's own typefaces are allowed, a monospaced one for code, and what is inherited.
fn is_allowed_font(property: &str, value: &str) -> bool {
    const OWN: &str = "mp-quote,pingfang sc,system-ui,-apple-system";
    let families: Vec<String> = css::split(value, b',')
        .into_iter()
        .map(|family| family.trim().replace(['"', '\''], ""))
        .collect();
    let is_inherited = matches!(value, "inherit" | "initial" | "unset");
    let is_monospaced = families
        .last()
        .is_some_and(|last| last.ends_with("monospace"));
    is_inherited
        || is_monospaced
        || property == "font-family" && families.join(",").starts_with(OWN)
}
