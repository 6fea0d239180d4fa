//! One element's style on a dark page.

use std::fmt::Write as _;

use super::around::Around;
use super::normal::{Series, normal, order, series};
use super::shade::{
    self, CHECKED_TEXT, DARK_GROUND, DARK_TEXT, FAINT, LIGHT_GROUND, LIGHT_TEXT, contrast, mixed,
    over, whole,
};
use crate::css::{self, Declaration, Painted, Rgba, colors};
use crate::html::{Attribute, decode};

/// What is asked of an element.
pub(super) struct Element<'a> {
    tag: &'a str,
    declarations: &'a [Declaration],
    /// The ground that a table's attributes say.
    table_ground: Option<Rgba>,
    /// The colour that `<font>` says.
    font_color: Option<Rgba>,
    /// Whether it is left as it is.
    exempt: bool,
    pub(super) has_words: bool,
}

impl<'a> Element<'a> {
    pub(super) fn new(tag: &'a str, declarations: &'a [Declaration]) -> Self {
        Self {
            tag,
            declarations,
            table_ground: None,
            font_color: None,
            exempt: matches!(tag, "mpcps" | "iframe"),
            has_words: true,
        }
    }

    /// Takes notice of the attributes that say colours.
    pub(super) fn read(&mut self, attributes: &[Attribute<'_>]) {
        let only = |written: &str| colors(&decode(written)).first().map(|found| found.color);
        for attribute in attributes {
            let value = attribute.value;
            let is_table = matches!(self.tag, "table" | "tr" | "td" | "th");
            match attribute.name.as_ref() {
                "data-no-dark" => self.exempt = true,
                "color" if self.tag == "font" => self.font_color = only(value),
                "bgcolor" if is_table => self.table_ground = self.table_ground.or(only(value)),
                "class" if is_table => {
                    // The editor's own striped tables.
                    self.table_ground = value
                        .split_ascii_whitespace()
                        .find_map(|class| match class {
                            "ue-table-interlace-color-single" => Some("#fcfcfc"),
                            "ue-table-interlace-color-double" => Some("#f7faff"),
                            _ => None,
                        })
                        .and_then(only)
                        .or(self.table_ground);
                }
                _ => {}
            }
        }
    }
}

/// Whether an attribute concerns the conversion.
pub(super) fn says_colors(attribute: &Attribute<'_>) -> bool {
    match attribute.name.as_ref() {
        "bgcolor" | "data-no-dark" => true,
        "class" => attribute.value.contains("ue-table-interlace"),
        _ => false,
    }
}

/// Whether an element is a drawing or a part of one.
pub(super) fn is_drawing(tag: &str) -> bool {
    matches!(
        tag,
        "svg"
            | "g"
            | "path"
            | "rect"
            | "circle"
            | "ellipse"
            | "line"
            | "polyline"
            | "polygon"
            | "text"
            | "tspan"
            | "image"
            | "foreignobject"
    )
}

/// What the conversion made.
pub(super) struct Converted {
    /// The whole style, if anything of it changed.
    pub(super) style: Option<String>,
    pub(super) within: Around,
}

/// Converts an element, whose ancestors were converted before.
pub(super) fn convert(around: &Around, element: &Element<'_>) -> Converted {
    let mut style = normal(element.declarations);
    let mut within = around.clone();
    if element.exempt {
        within.inherit(around, element.tag, &style, &style);
        return Converted {
            style: None,
            within,
        };
    }
    let before = style.clone();
    if let Some(color) = element.table_ground
        && !before
            .iter()
            .any(|(property, _)| property.contains("background"))
    {
        style.push(("background-color".to_owned(), written(color)));
    }
    if let Some(color) = element.font_color
        && !before.iter().any(|(property, _)| property == "color")
    {
        style.push(("color".to_owned(), written(color)));
    }
    let has_attribute = style.len() > before.len() && element.table_ground.is_some();
    let light = style.clone();
    let mut conversion = Conversion::new(&mut within, &light, element.has_words);
    conversion.is_drawing = is_drawing(element.tag);
    // The original looks for `-webkit-text-fill-color` in vain behind a table's attribute.
    conversion.says_text = light.iter().any(|(property, _)| {
        property == "color" || property == "-webkit-text-fill-color" && !has_attribute
    });
    for index in order(&light, has_attribute) {
        if let (Some((property, value)), Some(entry)) = (light.get(index), style.get_mut(index)) {
            conversion.declaration(property, value, &mut entry.1);
        }
    }
    let added = conversion.finish(&mut style);
    style.extend(added);
    within.inherit(around, element.tag, &light, &style);
    Converted {
        style: (style != before).then(|| {
            style
                .iter()
                .fold(String::new(), |mut out, (property, value)| {
                    if !out.is_empty() {
                        out.push(';');
                    }
                    let _ = write!(out, "{property}:{value}");
                    out
                })
        }),
        within,
    }
}

/// The conversion of one element.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
struct Conversion<'a> {
    around: &'a mut Around,
    says_text: bool,
    says_ground: bool,
    says_picture: bool,
    has_words: bool,
    /// Pictures behind drawings are left alone.
    is_drawing: bool,
    /// The colour that words without one of their own are given.
    text: Option<Rgba>,
    /// The gradients that words lie on, mixed.
    gradients: Vec<Rgba>,
    /// The colours to be laid under pictures.
    paddings: Vec<Rgba>,
    /// The colour laid under a picture in the border.
    lining: Option<Rgba>,
}

impl<'a> Conversion<'a> {
    fn new(around: &'a mut Around, style: &[(String, String)], has_words: bool) -> Self {
        let says = |wanted: &dyn Fn(&str) -> bool| style.iter().any(|(name, _)| wanted(name));
        Self {
            around,
            says_text: false,
            says_ground: says(&|name| name.contains("background")),
            says_picture: style.iter().any(|(name, value)| {
                (name.contains("background") || name.ends_with("border-image"))
                    && !css::urls(value).is_empty()
            }),
            has_words,
            is_drawing: false,
            text: None,
            gradients: Vec::new(),
            paddings: Vec::new(),
            lining: None,
        }
    }

    fn declaration(&mut self, property: &str, value: &str, new: &mut String) {
        let Some(series) = series(property) else {
            return;
        };
        let is_gradient = value.contains("gradient");
        let found: Vec<Painted> = colors(value)
            .into_iter()
            .filter(|painted| painted.srgb)
            .filter(|painted| is_gradient || !is_transparent(value, painted))
            .collect();
        let stops: Vec<Rgba> = found
            .iter()
            .map(|painted| {
                if is_transparent(value, painted) {
                    Rgba {
                        alpha: 0.0,
                        ..LIGHT_GROUND
                    }
                } else {
                    painted.color
                }
            })
            .collect();
        let mix = if is_gradient { mixed(&stops) } else { None };
        let mut colors = Vec::new();
        let mut changed = is_gradient && mix.is_some();
        let mut remembered = false;
        for painted in &found {
            let color = mix.unwrap_or(painted.color);
            let result = if color.alpha < FAINT {
                None
            } else {
                let result = self.color(series, color);
                let result = result.filter(|_| !self.says_picture);
                if !remembered {
                    self.remember(series, color, result);
                    remembered = true;
                }
                result
            };
            changed |= result.is_some();
            colors.push(result.unwrap_or(color));
        }
        let has_picture = !css::urls(value).is_empty();
        if changed && (!is_gradient || self.has_words || has_picture) {
            *new = replaced(value, &found, &colors);
        }
        let is_ground = series == Series::Ground;
        if has_picture && !self.is_drawing && (is_ground || property.ends_with("border-image")) {
            // A colour may stand in the last layer only, which it would no longer be.
            self.picture(is_ground, css::colors(value).is_empty());
        }
        if is_ground
            && self.has_words
            && !has_picture
            && let Some(mix) = mix
        {
            self.gradients.push(mix);
        }
    }

    /// A colour converted, if that changes it.
    fn color(&mut self, series: Series, color: Rgba) -> Option<Rgba> {
        let new = match series {
            Series::Ground => return self.ground(color),
            Series::Shadow if self.around.pictured => color,
            Series::Shadow => shade::ground(color),
            Series::Text | Series::Decoration => {
                let ground = self.around.ground.unwrap_or(DARK_GROUND);
                self.words(color, ground)
            }
            Series::Edge => self.words(color, DARK_GROUND),
        };
        differing(new, color)
    }

    fn words(&self, color: Rgba, ground: Rgba) -> Rgba {
        if self.around.pictured {
            color
        } else {
            shade::words(color, ground, DARK_TEXT)
        }
    }

    fn ground(&mut self, color: Rgba) -> Option<Rgba> {
        self.around.pictured = false;
        if let Some(padding) = self.around.padding {
            // Less is not seen.
            if whole(padding) == whole(color) || contrast(padding.parts, color.parts) < 1.1 {
                return None;
            }
            self.around.padding = None;
        }
        let new = shade::ground(color);
        if !self.says_text {
            let said = self.around.said_text.unwrap_or(LIGHT_TEXT);
            self.text = Some(self.words(said, new));
        }
        differing(new, color)
    }

    /// Notes a ground or the colour of words for what is within.
    fn remember(&mut self, series: Series, said: Rgba, new: Option<Rgba>) {
        match series {
            Series::Ground => {
                let ground = whole(new.unwrap_or(said));
                self.around.ground = Some(ground);
                self.around.said_ground = over(self.around.said_ground, said);
            }
            Series::Text => {
                self.around.said_text = Some(said);
                let ground = self.around.ground.unwrap_or(DARK_GROUND);
                self.around.checked_text = Some(if self.around.pictured || self.says_picture {
                    said
                } else {
                    shade::words(said, ground, CHECKED_TEXT)
                });
            }
            Series::Shadow | Series::Decoration | Series::Edge => {}
        }
    }

    /// Lays the grounds that were said by day under a picture, on which words keep their
    /// colours.
    fn picture(&mut self, is_ground: bool, can_be_padded: bool) {
        let padding = self.around.said_ground;
        self.around.pictured = true;
        if is_ground {
            if self.has_words {
                self.around.padding = Some(padding);
                if can_be_padded {
                    self.paddings.push(padding);
                }
            }
        } else if !self.says_ground && self.has_words {
            self.lining = Some(padding);
        }
        if !self.says_text {
            self.text = Some(self.around.said_text.unwrap_or(LIGHT_TEXT));
            self.around.checked_text = self.text;
        }
    }

    /// What is added to the style; grounds under words are known only now.
    fn finish(self, style: &mut [(String, String)]) -> Vec<(String, String)> {
        let mut added = Vec::new();
        if let Some(text) = self.text {
            added.push(("color".to_owned(), written(text)));
        }
        if let Some(padding) = self.paddings.last() {
            let padding = written(*padding);
            for (property, value) in &mut *style {
                let more = match property.as_str() {
                    "background-image" | "background" if !css::urls(value).is_empty() => {
                        format!(",linear-gradient({padding},{padding})")
                    }
                    "background-position" => ",top left".to_owned(),
                    "background-size" => ",100%".to_owned(),
                    _ => continue,
                };
                value.push_str(&more);
            }
        }
        if let Some(lining) = self.lining {
            let lining = written(lining);
            let image = format!("linear-gradient({lining},{lining})");
            added.push(("background-image".to_owned(), image));
        }
        for mix in self.gradients {
            let below = self.around.ground.unwrap_or(DARK_GROUND);
            self.around.ground = Some(over(below, mix));
            self.around.said_ground = over(self.around.said_ground, mix);
            let filled = style
                .iter()
                .any(|(property, _)| property == "-webkit-text-fill-color");
            let color = style.iter_mut().find(|(property, _)| property == "color");
            if let Some((_, value)) = color
                && !filled
                && let Some(said) = self.around.said_text
                && !self.around.pictured
            {
                let ground = self.around.ground.unwrap_or(DARK_GROUND);
                if let Some(new) = differing(shade::words(said, ground, DARK_TEXT), said) {
                    *value = written(new);
                }
            }
        }
        added
    }
}

fn differing(new: Rgba, old: Rgba) -> Option<Rgba> {
    (whole(new) != whole(old)).then_some(new)
}

fn is_transparent(value: &str, painted: &Painted) -> bool {
    value
        .get(painted.place.clone())
        .is_some_and(|written| written.eq_ignore_ascii_case("transparent"))
}

fn replaced(value: &str, found: &[Painted], colors: &[Rgba]) -> String {
    let mut out = String::with_capacity(value.len());
    let mut end = 0;
    for (painted, color) in found.iter().zip(colors) {
        out.push_str(value.get(end..painted.place.start).unwrap_or_default());
        out.push_str(&written(*color));
        end = painted.place.end;
    }
    out.push_str(value.get(end..).unwrap_or_default());
    out
}

fn written(color: Rgba) -> String {
    let [red, green, blue] = whole(color).parts.map(|part| part.clamp(0.0, 255.0) as u8);
    if color.alpha >= 1.0 {
        format!("#{red:02x}{green:02x}{blue:02x}")
    } else {
        // Three decimals, as browsers have; first what arithmetic left is taken off.
        let alpha = ((color.alpha * 1e6).round() / 1e3).round() / 1e3;
        format!("rgba({red},{green},{blue},{alpha})")
    }
}
