//! Drawings: what of them survives, and whether they are seen in dark mode.

use std::ops::Range;

use super::address::is_mmbiz;
use super::lint::{Lint, READABLE, Within};
use super::rules;
use super::style::Style;
use crate::css::{self, Rgba};
use crate::dark::{Shades, contrast_of};
use crate::html::{Attribute, value_of};

/// The largest drawing, in pixels: the column of the editor.
const EDITOR_COLUMN: f64 = 677.0;

/// What a shape of a drawing is painted with.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) enum Ink {
    /// What nobody said: black within, nothing around.
    #[default]
    Unsaid,
    /// Nothing, or what adapts to the page.
    Harmless,
    Color(Rgba),
}

impl Lint<'_> {
    pub(super) fn drawing(
        &mut self,
        name: &str,
        attributes: &[Attribute<'_>],
        style: &Style,
        within: Within,
        surroundings: usize,
        place: &Range<usize>,
    ) {
        let pixels = |wanted: &str| {
            let value = value_of(attributes, wanted)?;
            let bare = value.trim().parse::<f64>().ok();
            bare.or_else(|| css::pixels(&value, 16.0))
        };
        match name {
            "svg" if self.open.count("svg") == 0 => {
                let says = value_of(attributes, "aria-label").unwrap_or_default();
                self.visible += says.chars().count();
                let view = value_of(attributes, "viewbox");
                let width = style.width.as_ref().map(|(_, width)| *width);
                let width = width.or_else(|| pixels("width"));
                let height = style.height.or_else(|| pixels("height"));
                // One that scrolls may be wider than the column.
                let most = if within.scroller {
                    f64::INFINITY
                } else {
                    EDITOR_COLUMN
                };
                let is_sized = width.is_some_and(|width| (0.0..=most).contains(&width))
                    && height.is_some_and(|height| height >= 0.0);
                if view.is_none() || !is_sized {
                    self.find(&rules::SVG_SIZE, "svg", place);
                }
                self.view_width = view.and_then(|view| {
                    let mut parts = view.split([' ', ',']).filter(|part| !part.is_empty());
                    parts.nth(2)?.parse().ok()
                });
                let around = self.cascade.at(surroundings);
                self.drawing_ground = (!around.pictured).then(|| {
                    let Shades { light, dark } = around.ground;
                    [light, dark].map(|shade| shade.map(f64::from))
                });
                self.ink_found = false;
            }
            "image" => {
                let address = ["href", "xlink:href", "data-src"]
                    .iter()
                    .find_map(|name| value_of(attributes, name))
                    .unwrap_or_default();
                if !is_mmbiz(&address) {
                    self.find(&rules::SVG_IMAGE, &address, place);
                }
            }
            "animate" | "animatetransform" | "animatemotion" | "set" => {
                let begin = value_of(attributes, "begin")
                    .unwrap_or_default()
                    .to_ascii_lowercase();
                if begin.contains("touchstart") && !begin.contains("click") {
                    self.find(&rules::SVG_BEGIN, &begin, place);
                }
            }
            "rect" if is_backdrop(attributes, self.view_width) => {
                if let Ink::Color(color) = within.fill {
                    self.drawing_ground = Some([color.parts; 2]);
                }
            }
            "path" | "rect" | "circle" | "ellipse" | "polygon" | "polyline" | "text" | "tspan" => {
                let fill = match within.fill {
                    Ink::Unsaid => Ink::Color(Rgba::gray(0)),
                    said @ (Ink::Harmless | Ink::Color(_)) => said,
                };
                self.ink("fill", fill, place);
                self.ink("stroke", within.stroke, place);
            }
            "line" => self.ink("stroke", within.stroke, place),
            _ => {}
        }
    }

    /// Complains once a drawing.
    fn ink(&mut self, what: &str, ink: Ink, place: &Range<usize>) {
        let Ink::Color(color) = ink else {
            return;
        };
        let Some(grounds) = self.drawing_ground else {
            return;
        };
        // What is pale by day is meant to be so.
        let [light, dark] = grounds.map(|ground| contrast_of(color.parts, ground));
        if !self.ink_found && dark < READABLE && light >= READABLE {
            self.ink_found = true;
            let [red, green, blue] = color.parts;
            let detail = format!("{what} rgb({red},{green},{blue})");
            self.find(&rules::SVG_INK, &detail, place);
        }
    }
}

pub(super) fn ink(style: Option<&str>, attribute: Option<&str>, around: Ink) -> Ink {
    let Some(said) = style.or(attribute) else {
        return around;
    };
    let said = said.trim();
    if said.eq_ignore_ascii_case("inherit") {
        return around;
    }
    match css::colors(said).first() {
        Some(found) if found.color.alpha > 0.0 => Ink::Color(found.color),
        _ => Ink::Harmless,
    }
}

/// Whether a rectangle is the ground of its drawing.
fn is_backdrop(attributes: &[Attribute<'_>], view_width: Option<f64>) -> bool {
    let number = |name: &str| value_of(attributes, name)?.trim().parse::<f64>().ok();
    let is_at_start = ["x", "y"]
        .iter()
        .all(|name| number(name).is_none_or(|place| place <= 0.0));
    let is_whole = value_of(attributes, "width").is_some_and(|width| width.trim() == "100%")
        || number("width")
            .zip(view_width)
            .is_some_and(|(width, view)| width >= view);
    is_at_start && is_whole
}
