//! TeX's classes of pieces, by which it sets space, and what pieces are by themselves.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "the library's tree has sixty kinds of pieces, of which most questions concern few"
)]

use ratex_parser::parse_node::{AtomFamily, Measurement, ParseNode};
use unicode_normalization::UnicodeNormalization as _;

use crate::glyphs::{Alphabet, characters};

/// TeX's classes of pieces, by which it sets space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    Ordinary,
    Operator,
    Binary,
    Relation,
    Open,
    Close,
    Punctuation,
    Inner,
    /// Space and the like, which a sign looks past.
    Blank,
}

pub(crate) fn class(node: &ParseNode) -> Class {
    match node {
        ParseNode::Atom { family, .. } => match family {
            AtomFamily::Bin => Class::Binary,
            AtomFamily::Close => Class::Close,
            AtomFamily::Inner => Class::Inner,
            AtomFamily::Open => Class::Open,
            AtomFamily::Punct => Class::Punctuation,
            AtomFamily::Rel => Class::Relation,
        },
        ParseNode::Op {
            suppress_base_shift: None,
            ..
        }
        | ParseNode::OperatorName { .. } => Class::Operator,
        ParseNode::SupSub {
            base: Some(base), ..
        } => class(base),
        ParseNode::MClass { mclass, .. } | ParseNode::DelimSizing { mclass, .. } => {
            named_class(mclass)
        }
        ParseNode::XArrow { .. } => Class::Relation,
        ParseNode::LeftRight { .. } | ParseNode::GenFrac { .. } => Class::Inner,
        ParseNode::Kern { .. }
        | ParseNode::SpacingNode { .. }
        | ParseNode::Internal { .. }
        | ParseNode::NoNumber { .. }
        | ParseNode::Tag { .. } => Class::Blank,
        ParseNode::OrdGroup {
            semisimple: Some(true),
            body,
            ..
        }
        | ParseNode::Color { body, .. }
        | ParseNode::HtmlMathMl { mathml: body, .. }
        | ParseNode::Pmb { body, .. }
        | ParseNode::Styling { body, .. }
        | ParseNode::Sizing { body, .. } => body.first().map_or(Class::Blank, class),
        _ => Class::Ordinary,
    }
}

pub(crate) fn named_class(name: &str) -> Class {
    match name {
        "mop" => Class::Operator,
        "mbin" => Class::Binary,
        "mrel" => Class::Relation,
        "mopen" => Class::Open,
        "mclose" => Class::Close,
        "mpunct" => Class::Punctuation,
        "minner" => Class::Inner,
        _ => Class::Ordinary,
    }
}

/// The classes of a row's pieces: a sign between two that has not two beside it is no such sign.
pub(crate) fn classes(nodes: &[ParseNode]) -> Vec<Class> {
    let mut classes: Vec<Class> = nodes.iter().map(class).collect();
    let mut before: Option<usize> = None;
    for index in 0..classes.len() {
        let Some(here) = classes
            .get(index)
            .copied()
            .filter(|&here| here != Class::Blank)
        else {
            continue;
        };
        let last = before.and_then(|before| classes.get(before).copied());
        let is_alone = matches!(
            last,
            None | Some(
                Class::Operator
                    | Class::Binary
                    | Class::Relation
                    | Class::Open
                    | Class::Punctuation
            )
        );
        if here == Class::Binary && is_alone {
            set(&mut classes, index, Class::Ordinary);
        }
        let ends = matches!(here, Class::Relation | Class::Close | Class::Punctuation);
        if let (true, Some(Class::Binary), Some(before)) = (ends, last, before) {
            set(&mut classes, before, Class::Ordinary);
        }
        before = Some(index);
    }
    if let Some(before) = before.filter(|&before| classes.get(before) == Some(&Class::Binary)) {
        set(&mut classes, before, Class::Ordinary);
    }
    classes
}

fn set(classes: &mut [Class], index: usize, class: Class) {
    if let Some(place) = classes.get_mut(index) {
        *place = class;
    }
}

/// A length in em; TeX's units for text of 10 points.
pub(crate) fn ems(measure: &Measurement) -> f64 {
    let unit = match measure.unit.as_str() {
        "mu" => 1.0 / 18.0,
        "ex" => 0.431,
        "pt" => 0.1,
        "px" | "bp" => 0.100_375,
        "mm" => 0.284_53,
        "cm" => 2.845_3,
        "in" => 7.227,
        "pc" => 1.2,
        "dd" | "nd" => 0.107,
        "cc" | "nc" => 1.284,
        "sp" => 0.000_001_525_9,
        _ => 1.0,
    };
    (measure.number * unit).clamp(-100.0, 100.0)
}

/// The body of a piece that only groups.
pub(crate) fn inside(node: &ParseNode) -> Option<&[ParseNode]> {
    match node {
        ParseNode::OrdGroup { body, .. } => Some(body),
        _ => None,
    }
}

/// A name set in roman, such as `arg max`, if a piece is nothing else.
pub(crate) fn name(nodes: &[ParseNode]) -> Option<String> {
    let mut out = String::new();
    for node in nodes {
        match node {
            ParseNode::MathOrd { text, mode, .. }
            | ParseNode::TextOrd { text, mode, .. }
            | ParseNode::Atom { text, mode, .. } => match text.as_str() {
                "-" | "−" => out.push('-'),
                "*" => out.push('*'),
                text => out.push_str(&characters(text, *mode)),
            },
            ParseNode::OrdGroup { body, .. }
            | ParseNode::Text { body, .. }
            | ParseNode::HBox { body, .. }
            | ParseNode::MClass { body, .. } => out.push_str(&name(body)?),
            ParseNode::Font { body, font, .. }
                if matches!(
                    Alphabet::named(font),
                    Alphabet::Usual | Alphabet::Upright | Alphabet::Italic
                ) =>
            {
                out.push_str(&name(std::slice::from_ref(body))?);
            }
            ParseNode::SpacingNode { .. } => out.push('\u{a0}'),
            ParseNode::Kern { dimension, .. } => {
                if ems(dimension) > 0.0 {
                    out.push('\u{2009}');
                }
            }
            ParseNode::Internal { .. } => {}
            _ => return None,
        }
    }
    (!out.is_empty()).then_some(out)
}

/// Whether an operator is a sign with its own space, such as a sum.
pub(crate) fn is_large(node: &ParseNode) -> bool {
    match node {
        ParseNode::Op { symbol, .. } => *symbol,
        ParseNode::SupSub {
            base: Some(base), ..
        } => is_large(base),
        _ => false,
    }
}

/// The stroke of `\not`.
pub(crate) fn is_stroke(node: &ParseNode) -> bool {
    match node {
        ParseNode::HtmlMathMl { mathml, .. } => {
            matches!(mathml.as_slice(), [one] if is_stroke(one))
        }
        ParseNode::MathOrd { text, mode, .. }
        | ParseNode::TextOrd { text, mode, .. }
        | ParseNode::Atom { text, mode, .. } => characters(text, *mode) == "\u{338}",
        ParseNode::OrdGroup { body, .. } | ParseNode::MClass { body, .. } => {
            matches!(body.as_slice(), [one] if is_stroke(one))
        }
        _ => false,
    }
}

/// The sign after a stroke, struck, and how far behind the stroke it stands.
pub(crate) fn struck(nodes: &[ParseNode]) -> Option<(usize, String)> {
    let (place, next) = nodes
        .iter()
        .enumerate()
        .skip(1)
        .find(|(_, node)| class(node) != Class::Blank)?;
    let sign = plain_sign(next)?;
    Some((place, strike(&sign)))
}

/// The sign of a piece that is one.
pub(crate) fn plain_sign(node: &ParseNode) -> Option<String> {
    match node {
        ParseNode::Atom { text, mode, .. }
        | ParseNode::MathOrd { text, mode, .. }
        | ParseNode::TextOrd { text, mode, .. } => Some(characters(text, *mode).into_owned()),
        ParseNode::OrdGroup { body, .. }
        | ParseNode::MClass { body, .. }
        | ParseNode::HtmlMathMl { mathml: body, .. } => match body.as_slice() {
            [one] => plain_sign(one),
            _ => None,
        },
        _ => None,
    }
}

/// A sign with a stroke through it.
fn strike(sign: &str) -> String {
    let mut signs = sign.chars();
    let first = signs.next().into_iter().chain(['\u{338}']);
    first.chain(signs).nfc().collect()
}
