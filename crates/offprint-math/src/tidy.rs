//! The parser's tree, mended where the layout library sets it otherwise than TeX does.
//!
//! Each of these is what TeX's rules ask (*The `TeXbook`*, chapter 18 and appendix G):
//!
//! - a fraction is an ordinary atom, not an inner one;
//! - a font switch changes faces, not spaces, and reaches into what stands below it;
//! - kerns between an operator and its operands do not make a sign of it;
//! - what has scripts and no nucleus is an ordinary atom;
//! - scripts of an accented letter stand as on the bare letter (rule 12);
//! - digits of the blackboard alphabet and small capitals exist.

use ratex_parser::ParseNode;
use ratex_parser::parse_node::{AtomFamily, Mode};

/// The mended tree.
pub(crate) fn tidy(nodes: &mut Vec<ParseNode>) {
    list(nodes, None);
}

/// Mends a list; `font` is what its letters are to be set in.
fn list(nodes: &mut Vec<ParseNode>, font: Option<&str>) {
    for node in &mut *nodes {
        one(node, font);
    }
    keep_operators(nodes);
}

#[expect(clippy::too_many_lines, reason = "an arm for every kind of node")]
fn one(node: &mut ParseNode, font: Option<&str>) {
    match node {
        ParseNode::MathOrd { .. } | ParseNode::TextOrd { .. } => {
            if let Some(font) = font {
                *node = in_font(font, node);
            }
        }
        ParseNode::Font {
            font: own, body, ..
        } => {
            if let Some(digits) = blackboard_digits(own, body) {
                *node = digits;
            } else if is_spread(body) {
                let own = std::mem::take(own);
                one(body, Some(&own));
                *node = std::mem::replace(body, nothing());
            }
        }
        ParseNode::SupSub { base, sup, sub, .. } => {
            for script in [sup, sub].into_iter().flatten() {
                one(script, font);
            }
            match base {
                Some(base) => one(base, font),
                None => *base = Some(Box::new(nothing())),
            }
            lower_scripts(node);
        }
        ParseNode::GenFrac {
            numer,
            denom,
            left_delim,
            right_delim,
            ..
        } => {
            one(numer, font);
            one(denom, font);
            let is_bare = |delimiter: &Option<String>| {
                delimiter
                    .as_ref()
                    .is_none_or(|delimiter| delimiter.is_empty() || delimiter == ".")
            };
            if is_bare(left_delim) && is_bare(right_delim) {
                *node = group(vec![std::mem::replace(node, nothing())]);
            }
        }
        ParseNode::OrdGroup { body, .. }
        | ParseNode::Color { body, .. }
        | ParseNode::Styling { body, .. }
        | ParseNode::Sizing { body, .. }
        | ParseNode::LeftRight { body, .. }
        | ParseNode::Phantom { body, .. }
        | ParseNode::MClass { body, .. }
        | ParseNode::HBox { body, .. }
        | ParseNode::Href { body, .. }
        | ParseNode::Pmb { body, .. }
        | ParseNode::Op {
            body: Some(body), ..
        } => list(body, font),
        ParseNode::Sqrt { body, index, .. } => {
            one(body, font);
            if let Some(index) = index {
                one(index, font);
            }
        }
        ParseNode::Accent { base: body, .. }
        | ParseNode::AccentUnder { base: body, .. }
        | ParseNode::Overline { body, .. }
        | ParseNode::Underline { body, .. }
        | ParseNode::VPhantom { body, .. }
        | ParseNode::Smash { body, .. }
        | ParseNode::HorizBrace { base: body, .. }
        | ParseNode::Enclose { body, .. }
        | ParseNode::Lap { body, .. }
        | ParseNode::RaiseBox { body, .. }
        | ParseNode::VCenter { body, .. } => one(body, font),
        ParseNode::XArrow { body, below, .. } => {
            one(body, font);
            if let Some(below) = below {
                one(below, font);
            }
        }
        ParseNode::Array { body, .. } => {
            for cell in body.iter_mut().flatten() {
                one(cell, font);
            }
        }
        ParseNode::MathChoice {
            display,
            text,
            script,
            scriptscript,
            ..
        } => {
            for body in [display, text, script, scriptscript] {
                list(body, font);
            }
        }
        ParseNode::Atom { family, .. } => {
            let class = class_name(*family);
            if font == Some(BOLD) {
                *node = ParseNode::MClass {
                    mode: Mode::Math,
                    mclass: class.to_owned(),
                    body: vec![in_font(BOLD, node)],
                    is_character_box: true,
                    loc: None,
                };
            }
        }
        ParseNode::OperatorName { body, .. } => {
            for letter in body {
                if let ParseNode::TextOrd { text, .. } = letter
                    && let Some(escaped @ ("_" | "$" | "&" | "#" | "%")) = text.strip_prefix('\\')
                {
                    *text = escaped.to_owned();
                }
            }
        }
        ParseNode::Text { body, font, .. } => {
            if font.as_deref() == Some("\\textsc") {
                small_capitals(body);
            }
        }
        // Signs, and what has no letters or sets them itself.
        ParseNode::OpToken { .. }
        | ParseNode::AccentToken { .. }
        | ParseNode::SpacingNode { .. }
        | ParseNode::Op { .. }
        | ParseNode::ColorToken { .. }
        | ParseNode::Size { .. }
        | ParseNode::DelimSizing { .. }
        | ParseNode::LeftRightRight { .. }
        | ParseNode::Middle { .. }
        | ParseNode::Rule { .. }
        | ParseNode::Kern { .. }
        | ParseNode::Environment { .. }
        | ParseNode::Cr { .. }
        | ParseNode::Infix { .. }
        | ParseNode::Internal { .. }
        | ParseNode::Verb { .. }
        | ParseNode::Url { .. }
        | ParseNode::Raw { .. }
        | ParseNode::Tag { .. }
        | ParseNode::NoNumber { .. }
        | ParseNode::Html { .. }
        | ParseNode::HtmlMathMl { .. }
        | ParseNode::IncludeGraphics { .. }
        | ParseNode::CdLabel { .. }
        | ParseNode::CdLabelParent { .. }
        | ParseNode::CdArrow { .. }
        | ParseNode::ProofTree { .. } => {}
    }
}

/// A braced group: an ordinary atom.
fn group(body: Vec<ParseNode>) -> ParseNode {
    ParseNode::OrdGroup {
        mode: Mode::Math,
        body,
        semisimple: None,
        loc: None,
    }
}

fn nothing() -> ParseNode {
    group(Vec::new())
}

/// Takes the letter and gives it its font.
fn in_font(font: &str, letter: &mut ParseNode) -> ParseNode {
    ParseNode::Font {
        mode: Mode::Math,
        font: font.to_owned(),
        body: Box::new(std::mem::replace(letter, nothing())),
        loc: None,
    }
}

fn is_letter(node: &ParseNode) -> bool {
    matches!(node, ParseNode::MathOrd { .. } | ParseNode::TextOrd { .. })
}

/// The font that signs have letters in, too.
const BOLD: &str = "boldsymbol";

/// Whether a font has to be given to the parts: the library sets letters in one well, and loses
/// the spaces around signs, and the font within all else.
fn is_spread(body: &ParseNode) -> bool {
    if let ParseNode::OrdGroup { body, .. } = body {
        return !body.iter().all(is_letter);
    }
    !is_letter(body) && !matches!(body, ParseNode::Text { .. })
}

/// The library's name for a class of atoms.
fn class_name(family: AtomFamily) -> &'static str {
    match family {
        AtomFamily::Bin => "mbin",
        AtomFamily::Close => "mclose",
        AtomFamily::Inner => "minner",
        AtomFamily::Open => "mopen",
        AtomFamily::Punct => "mpunct",
        AtomFamily::Rel => "mrel",
    }
}

/// Digits in the blackboard alphabet, which the faces have no letters for: those of Unicode.
fn blackboard_digits(font: &str, body: &ParseNode) -> Option<ParseNode> {
    const ZERO: u32 = 0x1D7D8;
    if font != "mathbb" {
        return None;
    }
    let nodes = if let ParseNode::OrdGroup { body, .. } = body {
        body.as_slice()
    } else {
        std::slice::from_ref(body)
    };
    let digits = nodes.iter().map(|node| {
        let ParseNode::TextOrd { text, loc, .. } = node else {
            return None;
        };
        let digit = text.parse::<u8>().ok().filter(|digit| *digit < 10)?;
        Some(ParseNode::TextOrd {
            mode: Mode::Text,
            text: char::from_u32(ZERO + u32::from(digit))?.to_string(),
            loc: loc.clone(),
        })
    });
    let digits: Vec<ParseNode> = digits.collect::<Option<_>>()?;
    (!digits.is_empty()).then(|| group(digits))
}

/// Sets the scripts of an accented letter as on the bare one: the letter with its accent takes no
/// room, and the letter's room has the scripts.
fn lower_scripts(node: &mut ParseNode) {
    let ParseNode::SupSub {
        base: Some(base), ..
    } = node
    else {
        return;
    };
    let ParseNode::Accent {
        base: letter,
        is_stretchy,
        ..
    } = &**base
    else {
        return;
    };
    let mut letter = &**letter;
    if let ParseNode::OrdGroup { body, .. } = letter {
        let [only] = body.as_slice() else {
            return;
        };
        letter = only;
    }
    let unfonted = if let ParseNode::Font { body, .. } = letter {
        body
    } else {
        letter
    };
    if is_stretchy == &Some(true) || !is_letter(unfonted) {
        return;
    }
    let room = ParseNode::Phantom {
        mode: Mode::Math,
        body: vec![letter.clone()],
        loc: None,
    };
    let accented = std::mem::replace(&mut **base, room);
    let accented = ParseNode::Lap {
        mode: Mode::Math,
        alignment: "rlap".to_owned(),
        body: Box::new(group(vec![accented])),
        loc: None,
    };
    let scripts = std::mem::replace(node, nothing());
    *node = group(vec![accented, scripts]);
}

/// Puts kerns beside a binary operator into one group with its operand.
fn keep_operators(nodes: &mut Vec<ParseNode>) {
    let is_space =
        |node: &ParseNode| matches!(node, ParseNode::SpacingNode { .. } | ParseNode::Kern { .. });
    let mut at = 0;
    while at < nodes.len() {
        let is_operator = nodes
            .get(at)
            .is_some_and(|node| family(node) == Some(AtomFamily::Bin));
        let before = nodes
            .get(..at)
            .and_then(|before| before.iter().rposition(|node| !is_space(node)));
        let after = nodes
            .get(at + 1..)
            .and_then(|after| after.iter().position(|node| !is_space(node)))
            .map(|found| at + 1 + found);
        if is_operator
            && let (Some(before), Some(after)) = (before, after)
            && nodes.get(before).is_some_and(ends_operand)
            && nodes.get(after).is_some_and(begins_operand)
        {
            // From behind, so that the places before stay.
            if after > at + 1 {
                let operand: Vec<ParseNode> = nodes.drain(at + 1..=after).collect();
                nodes.insert(at + 1, group(operand));
            }
            if before + 1 < at {
                let operand: Vec<ParseNode> = nodes.drain(before..at).collect();
                nodes.insert(before, group(operand));
                at = before + 1;
            }
        }
        at += 1;
    }
}

/// The class of a sign, with scripts or without.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the parser's tree is open, and few of its nodes are signs"
)]
pub(crate) fn family(node: &ParseNode) -> Option<AtomFamily> {
    match node {
        ParseNode::Atom { family, .. } => Some(*family),
        ParseNode::SupSub {
            base: Some(base), ..
        } => family(base),
        _ => None,
    }
}

/// Small letters as capitals of four fifths their size, for the faces have no small capitals.
fn small_capitals(letters: &mut [ParseNode]) {
    /// `\footnotesize`.
    const SMALL: u8 = 4;
    for letter in letters {
        if let ParseNode::TextOrd { text, .. } = letter
            && text.chars().all(char::is_lowercase)
        {
            *text = text.to_uppercase();
            *letter = ParseNode::Sizing {
                mode: Mode::Text,
                size: SMALL,
                body: vec![std::mem::replace(letter, nothing())],
                loc: None,
            };
        }
    }
}

/// Whether a binary operator may follow.
fn ends_operand(node: &ParseNode) -> bool {
    !matches!(
        family(node),
        Some(AtomFamily::Bin | AtomFamily::Rel | AtomFamily::Open | AtomFamily::Punct)
    ) && !matches!(node, ParseNode::Op { .. } | ParseNode::OperatorName { .. })
}

/// Whether it can be what follows a binary operator, and may stand in a group.
fn begins_operand(node: &ParseNode) -> bool {
    !matches!(
        family(node),
        Some(AtomFamily::Bin | AtomFamily::Rel | AtomFamily::Close | AtomFamily::Punct)
    ) && !matches!(node, ParseNode::Op { .. } | ParseNode::OperatorName { .. })
}

#[cfg(test)]
mod tests {
    use crate::{Drawing, Style, Typesetter};

    fn set(tex: &str) -> std::sync::Arc<Drawing> {
        Typesetter::default().set(tex, Style::Inline).unwrap()
    }

    fn widths(one: &str, other: &str) {
        let [one_width, other_width] = [one, other].map(|tex| set(tex).width);
        assert!(
            (one_width - other_width).abs() < 0.002,
            "{one} {one_width}, {other} {other_width}"
        );
    }

    #[test]
    fn a_fraction_is_an_ordinary_atom() {
        widths(r"a\frac{b}{c}d", r"ad\frac{b}{c}");
        widths(r"\binom{b}{c}a", r"a\binom{b}{c}");
    }

    #[test]
    fn a_font_switch_keeps_the_spaces_of_signs() {
        widths(r"\mathrm{T = 2}", r"\mathrm{T} = \mathrm{2}");
        widths(r"\mathbf{a + b}", r"\mathbf{a} + \mathbf{b}");
        widths(
            r"\boldsymbol{a + b}",
            r"\boldsymbol{a} \mathbin{\boldsymbol{+}} \boldsymbol{b}",
        );
        widths(r"{\rm A_V}", r"\mathrm{A}_\mathrm{V}");
    }

    #[test]
    fn a_font_switch_reaches_below() {
        let [bold, plain] = [r"\mathbf{\overline{x}}", r"\overline{x}"].map(set);
        let letter = |drawing: &Drawing| drawing.marks[0].outline.segments.clone();
        assert_ne!(letter(&bold), letter(&plain));
        assert_eq!(letter(&bold), letter(&set(r"\mathbf{x}")));
        let [inner, own] = [r"\mathbf{\sqrt{\mathrm{x}}}", r"\sqrt{\mathrm{x}}"].map(set);
        assert_eq!(inner.marks.len(), own.marks.len());
        assert_eq!(inner.width.to_bits(), own.width.to_bits());
    }

    #[test]
    fn kerns_do_not_make_a_sign_of_an_operator() {
        widths(r"N\!-\!1", r"N{\!}-{\!}1");
        widths(r"a\,\pm\,b", r"{a\,}\pm{\,b}");
        // What is a sign stays one.
        widths(r"\,-1", r"\,{-}1");
        widths(r"(\,-\,1)", r"(\,{-}\,1)");
    }

    #[test]
    fn scripts_without_a_nucleus_are_ordinary() {
        widths("_0 = x", "{}_0 = x");
    }

    #[test]
    fn scripts_stand_on_an_accented_letter_as_on_the_bare_one() {
        for (accented, bare) in [
            (r"\hat{x}^2_i", "x^2_i"),
            (r"\bar{\mathbf{x}}^2", r"\mathbf{x}^2"),
        ] {
            let [accented_drawing, bare_drawing] = [accented, bare].map(set);
            let script = |drawing: &Drawing| {
                drawing
                    .marks
                    .iter()
                    .find(|mark| mark.scale < 1.0)
                    .map(|mark| mark.origin.y)
            };
            let [high, low] =
                [&accented_drawing, &bare_drawing].map(|drawing| script(drawing).unwrap());
            assert!((high - low).abs() < 0.06, "{accented}: {high} {low}");
        }
        // Over more than a letter, they stand where they have to.
        assert!(set(r"\widehat{abc}^2").ascent > set("abc^2").ascent);
    }

    #[test]
    fn letters_that_the_faces_lack() {
        let one = set(r"\mathbb{1}");
        assert_eq!(one.marks.len(), 1);
        assert_ne!(one.marks[0].outline, set("1").marks[0].outline);
        let [capitals, plain] = [r"\textsc{Ab}", r"\text{AB}"].map(set);
        assert_eq!(capitals.marks[1].outline, plain.marks[1].outline);
        assert!((capitals.marks[1].scale - 0.8).abs() < 0.01);
        assert_eq!(
            set(r"\operatorname{a\_b}").marks[1].outline,
            set(r"\text{\_}").marks[0].outline
        );
        assert_eq!(set(r"x\ ").marks[0].outline, set("x").marks[0].outline);
    }
}
