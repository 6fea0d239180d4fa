//! Scripts: raised and lowered letters where Unicode has them, else signs.

use ratex_parser::parse_node::ParseNode;

use super::whole::{is_bracketed, is_letterlike};
use crate::glyphs::Alphabet;

/// A text raised, and whether it ends in plain letters.
pub(super) fn superscript(text: &str, is_named: bool) -> (String, bool) {
    match text {
        "⊤" => return ("ᵀ".to_owned(), false),
        "∘" => return ("°".to_owned(), false),
        "*" | "†" | "‡" | "⋆" => return (text.to_owned(), false),
        _ => {}
    }
    let primes = text.trim_start_matches(['′', '″', '‴', '⁗']);
    let signs = text.get(..text.len() - primes.len()).unwrap_or_default();
    if !signs.is_empty() {
        // Several primes in a row are one sign.
        let count: usize = signs
            .chars()
            .map(|sign| match sign {
                '″' => 2,
                '‴' => 3,
                '⁗' => 4,
                _ => 1,
            })
            .sum();
        let signs = "′".repeat(count);
        if primes.is_empty() {
            return (signs, false);
        }
        let (rest, is_open) = superscript(primes, is_named);
        return (signs + &rest, is_open);
    }
    match raised(text) {
        Some(raised) if !is_word(text, is_named) => (raised, false),
        _ => apart('^', text),
    }
}

pub(super) fn subscript(text: &str, is_named: bool) -> (String, bool) {
    match lowered(text) {
        Some(lowered) if !is_word(text, is_named) => (lowered, false),
        _ => apart('_', text),
    }
}

/// Whether a script is a word, which reads better in plain letters: one of text, or a long one.
fn is_word(text: &str, is_named: bool) -> bool {
    text.chars().count() > if is_named { 1 } else { 2 } && text.chars().all(char::is_alphabetic)
}

/// Whether a script is text or a name set in roman.
pub(super) fn is_named(script: Option<&ParseNode>) -> bool {
    match script {
        Some(ParseNode::OrdGroup { body, .. } | ParseNode::MClass { body, .. }) => {
            matches!(body.as_slice(), [one] if is_named(Some(one)))
        }
        Some(ParseNode::Font { font, .. }) => Alphabet::named(font) == Alphabet::Upright,
        Some(
            ParseNode::Text { .. }
            | ParseNode::HBox { .. }
            | ParseNode::Op { .. }
            | ParseNode::OperatorName { .. },
        ) => true,
        _ => false,
    }
}

/// A script behind its sign, in brackets if it is more than a name.
fn apart(sign: char, text: &str) -> (String, bool) {
    let is_name = text.chars().all(is_letterlike) || text.chars().count() == 1;
    let is_enclosed = text.starts_with(['(', '[', '{']) && is_bracketed(text);
    let is_name = is_name || is_enclosed;
    if is_name {
        (format!("{sign}{text}"), !is_enclosed)
    } else {
        (format!("{sign}({text})"), false)
    }
}

/// Text in raised letters, if Unicode has all of them.
pub(super) fn raised(text: &str) -> Option<String> {
    const PLAIN: &str = "0123456789+−-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUW";
    const RAISED: &str = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁᵂ";
    mapped(text, PLAIN, RAISED)
}

/// Text in lowered letters, if Unicode has all of them.
fn lowered(text: &str) -> Option<String> {
    const PLAIN: &str = "0123456789+−-=()aehijklmnoprstuvx";
    const LOWERED: &str = "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ";
    mapped(text, PLAIN, LOWERED)
}

fn mapped(text: &str, plain: &str, other: &str) -> Option<String> {
    text.chars()
        .map(|character| {
            let place = plain.chars().position(|known| known == character)?;
            other.chars().nth(place)
        })
        .collect()
}
