//! Declarations as a browser keeps them, and the order in which they are converted.

use crate::css::{self, Declaration, colors};

/// What a property colours.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Series {
    Ground,
    Shadow,
    /// `color` and what stands for it.
    Text,
    /// A line through or around letters.
    Decoration,
    Edge,
}

pub(super) fn series(property: &str) -> Option<Series> {
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

/// The declarations that count, as a browser has them: the last of each property, and the
/// parts of a ground in one place.
pub(super) fn normal(declarations: &[Declaration]) -> Vec<(String, String)> {
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
pub(super) fn order(style: &[(String, String)], has_attribute: bool) -> Vec<usize> {
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
