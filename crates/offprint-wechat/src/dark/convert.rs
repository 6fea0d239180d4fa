//! One element's style on a dark page, and what its children inherit.

use std::fmt::Write as _;

use super::shade::{
    self, DARK_GROUND, DARK_TEXT, FAINT, LIGHT_GROUND, LIGHT_TEXT, contrast, mixed, over, seen,
    whole,
};
use super::{Rgb, Shades};
use crate::css::{self, Declaration, Painted, Rgba, colors};
use crate::html::{Attribute, decode};

/// What the conversion remembers on the way down, and what is seen there.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Around {
    /// The last colour of words that was said, as it was said.
    said_text: Option<Rgba>,
    /// The last ground, converted.
    ground: Option<Rgba>,
    /// All grounds that were said, laid over the page.
    said_ground: Rgba,
    /// Whether a picture lies behind words; they keep their colours then.
    pictured: bool,
    /// The colour that was laid under a picture.
    padding: Option<Rgba>,

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

impl Default for Around {
    fn default() -> Self {
        Self {
            said_text: None,
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

    pub(super) fn line_height(&self) -> f64 {
        match self.line {
            Line::Times(times) => times * self.size,
            Line::Pixels(pixels) => pixels,
        }
    }

    pub(super) fn borders(&self) -> impl Iterator<Item = Shades> {
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

/// What the conversion made.
pub(super) struct Converted {
    /// The whole style, if anything of it changed.
    pub(super) style: Option<String>,
    pub(super) within: Around,
}

/// What a property colours.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Series {
    Ground,
    Shadow,
    /// `color` and what stands for it.
    Text,
    /// A line through or around letters.
    Decoration,
    Edge,
}

fn series(property: &str) -> Option<Series> {
    Some(match property {
        "background" | "background-color" | "background-image" => Series::Ground,
        "text-shadow" => Series::Shadow,
        "color" | "-webkit-text-fill-color" => Series::Text,
        "text-decoration"
        | "text-decoration-color"
        | "text-emphasis-color"
        | "-webkit-text-stroke"
        | "-webkit-text-stroke-color" => Series::Decoration,
        "border-image"
        | "-webkit-border-image"
        | "border"
        | "border-top"
        | "border-right"
        | "border-bottom"
        | "border-left"
        | "border-color"
        | "border-top-color"
        | "border-right-color"
        | "border-bottom-color"
        | "border-left-color"
        | "border-block-color"
        | "border-block-start-color"
        | "border-block-end-color"
        | "border-inline-color"
        | "border-inline-start-color"
        | "border-inline-end-color"
        | "outline"
        | "outline-color"
        | "box-shadow"
        | "column-rule"
        | "column-rule-color" => Series::Edge,
        _ => return None,
    })
}

/// Converts an element, whose ancestors were converted before.
pub(super) fn convert(around: &Around, element: &Element<'_>) -> Converted {
    let mut style = normal(element.declarations);
    let mut within = Around {
        borders: Vec::new(),
        ..around.clone()
    };
    if element.exempt {
        inherit(&mut within, around, element, &style, &style);
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
    inherit(&mut within, around, element, &light, &style);
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

/// The declarations that count, as a browser has them: the last of each property, and the
/// parts of a ground in one place.
fn normal(declarations: &[Declaration]) -> Vec<(String, String)> {
    let mut normal: Vec<(&Declaration, String)> = Vec::new();
    for declaration in declarations {
        let Declaration {
            property,
            value,
            important,
        } = declaration;
        if takes_one_color(property) && !is_color(value) {
            continue;
        }
        let beaten = |earlier: &Declaration| {
            earlier.property == *property
                || property == "background" && earlier.property.starts_with("background-")
                || property == "border"
                    && earlier.property.starts_with("border-")
                    && earlier.property != "border-radius"
        };
        if !important
            && normal
                .iter()
                .any(|(earlier, _)| earlier.important && earlier.property == *property)
        {
            continue;
        }
        normal.retain(|(earlier, _)| !beaten(earlier) || earlier.important && !important);
        let whole = normal
            .iter_mut()
            .find(|(earlier, _)| earlier.property == "background")
            .map(|(_, value)| value);
        match (property.as_str(), whole) {
            ("background-color" | "background-image", Some(whole)) => {
                *whole = ground_with(whole, value, property == "background-color");
            }
            ("background", _) => normal.push((declaration, ground_with(value, "", false))),
            _ => normal.push((declaration, value.clone())),
        }
    }
    normal
        .into_iter()
        .map(|(declaration, value)| (declaration.property.clone(), value))
        .collect()
}

fn takes_one_color(property: &str) -> bool {
    matches!(
        property,
        "color" | "background-color" | "-webkit-text-fill-color"
    )
}

fn is_color(value: &str) -> bool {
    let is_word = value
        .bytes()
        .all(|byte| byte.is_ascii_alphabetic() || byte == b'-');
    let is_known = matches!(
        value.to_ascii_lowercase().as_str(),
        "inherit" | "initial" | "unset" | "revert" | "currentcolor"
    );
    is_known || !colors(value).is_empty() || (!is_word && value.contains('('))
}

/// The value of `background` with its colour at its end, and with a part replaced.
fn ground_with(whole: &str, part: &str, is_color: bool) -> String {
    let layers = css::split(whole, b',');
    let Some((last, first)) = layers.split_last() else {
        return whole.to_owned();
    };
    let mut color = None;
    let mut image = None;
    let mut others = Vec::new();
    for word in css::words(last) {
        let is_image = word.contains("gradient(")
            || word.eq_ignore_ascii_case("none")
            || !css::urls(word).is_empty();
        if is_image && image.is_none() {
            image = Some(word);
        } else if !is_image && colors(word).len() == 1 {
            color = Some(word);
        } else {
            others.push(word);
        }
    }
    if is_color {
        color = Some(part);
    } else if !part.is_empty() {
        image = Some(part);
    }
    let last: Vec<&str> = image.into_iter().chain(others).chain(color).collect();
    let last = last.join(" ");
    first
        .iter()
        .map(|layer| layer.trim())
        .chain([last.as_str()])
        .collect::<Vec<_>>()
        .join(", ")
}

/// The order in which declarations are converted: a table's attribute first, then from the last
/// to the first, lines around letters before all, the ground's picture after its colour, and
/// words after all.
fn order(style: &[(String, String)], has_attribute: bool) -> Vec<usize> {
    let attribute = style.len().checked_sub(1).filter(|_| has_attribute);
    let rank = |property: &str| match property {
        "-webkit-text-stroke" | "-webkit-text-stroke-color" => 0,
        "color" => 2,
        "-webkit-text-fill-color" => 3,
        _ => 1,
    };
    let mut order: Vec<(u8, usize)> = style
        .iter()
        .enumerate()
        .rev()
        .filter(|(_, (property, _))| series(property).is_some())
        .map(|(index, (property, _))| (rank(property), index))
        .collect();
    // `-webkit-text-fill-color` stands for `color` where there are both.
    if !has_attribute && order.iter().any(|(rank, _)| *rank == 3) {
        order.retain(|(rank, _)| *rank != 2);
    }
    // The original cuts `-webkit-text-stroke` at blanks, and browsers write colours with them;
    // it goes wrong unless a colour has a name, or nothing but letters is coloured.
    let only_letters = order.iter().all(|(rank, _)| matches!(rank, 0 | 3));
    order.retain(|(_, index)| {
        style.get(*index).is_none_or(|(property, value)| {
            property != "-webkit-text-stroke"
                || only_letters
                || has_attribute
                || !value.contains(['#', '('])
        })
    });
    order.sort_by_key(|(rank, index)| (Some(*index) != attribute, *rank));
    let place_of = |order: &[(u8, usize)], wanted: &str| {
        order.iter().position(|(_, index)| {
            style
                .get(*index)
                .is_some_and(|(property, _)| property == wanted)
        })
    };
    if let Some(image) = place_of(&order, "background-image")
        && let Some(color) = place_of(&order, "background-color")
        && image < color
    {
        let moved = order.remove(image);
        order.insert(color, moved);
    }
    order.into_iter().map(|(_, index)| index).collect()
}

struct Conversion<'a> {
    around: &'a mut Around,
    says_text: bool,
    says_ground: bool,
    says_picture: bool,
    has_words: bool,
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
        if has_picture && (is_ground || property.ends_with("border-image")) {
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
            shade::words(color, ground)
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
            Series::Text => self.around.said_text = Some(said),
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
                if let Some(new) = differing(shade::words(said, ground), said) {
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
        format!("rgba({red},{green},{blue},{})", color.alpha)
    }
}

/// Works out what is seen within an element, and type and lines, which are inherited too.
fn inherit(
    within: &mut Around,
    around: &Around,
    element: &Element<'_>,
    light: &[(String, String)],
    dark: &[(String, String)],
) {
    if matches!(
        element.tag,
        "b" | "strong" | "th" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6"
    ) {
        within.bold = true;
    }
    for (property, value) in light {
        match property.as_str() {
            "font-size" => within.size = size(value, around.size).unwrap_or(within.size),
            "font" => {
                let written =
                    css::words(value).map(|word| word.split_once('/').unwrap_or((word, "")));
                for (word, line) in written {
                    if let Some(size) = size(word, around.size) {
                        within.size = size;
                        within.line = line_height(line, size).unwrap_or(Line::Times(1.2));
                    } else {
                        within.bold = is_bold(word).unwrap_or(within.bold);
                    }
                }
            }
            "font-weight" => within.bold = is_bold(value).unwrap_or(within.bold),
            _ => {}
        }
    }
    if let Some((_, value)) = light.iter().find(|(property, _)| property == "line-height") {
        within.line = line_height(value, within.size).unwrap_or(within.line);
    }
    let opacity = light
        .iter()
        .find(|(property, _)| property == "opacity")
        .and_then(|(_, value)| css::share(value).or_else(|| value.parse().ok()))
        .map_or(1.0, |opacity: f64| opacity.clamp(0.0, 1.0));
    if opacity < 1.0 {
        for (faded, ground) in within.faded.iter_mut().zip(around.grounds) {
            let added = ground.map(|part| part * around.fade * (1.0 - opacity));
            for (faded, added) in faded.iter_mut().zip(added) {
                *faded += added;
            }
        }
        within.fade *= opacity;
    }
    let [light_ground, dark_ground] = around.grounds;
    within.grounds = [painted(light_ground, light), painted(dark_ground, dark)];
    let [light_ink, dark_ink] = around.inks;
    within.inks = [ink(light_ink, light), ink(dark_ink, dark)];
    let edges = |style| edges(style).collect::<Vec<_>>();
    within.borders = edges(light)
        .into_iter()
        .zip(edges(dark))
        .map(|(light, dark)| [light, dark])
        .collect();
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
