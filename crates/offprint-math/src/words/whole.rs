//! Whether a text needs brackets to be one thing.

use unicode_normalization::char::is_combining_mark;

/// Whether a text holds together by itself, without brackets: letters, or one pair of brackets
/// with a name before it.
pub(super) fn is_whole(text: &str) -> bool {
    text.chars().all(is_letterlike) || is_bracketed(text) || is_barred(text)
}

/// Whether bars enclose all of a text.
fn is_barred(text: &str) -> bool {
    ["|", "‖"].iter().any(|bar| {
        let inner = text
            .strip_prefix(bar)
            .and_then(|text| text.strip_suffix(bar));
        inner.is_some_and(|inner| !inner.contains(bar))
    })
}

/// Letters, digits, and what stands on or beside them.
pub(super) fn is_letterlike(character: char) -> bool {
    character.is_alphanumeric()
        || is_raised(character)
        || is_combining_mark(character)
        || "′*.°√∂∇!%#∞".contains(character)
}

fn is_raised(character: char) -> bool {
    matches!(character, '⁰'..='⁾' | '₀'..='₎' | '²' | '³' | '¹' | 'ᴬ'..='ᵪ' | 'ᶜ' | 'ᶠ' | 'ᶻ' | 'ₐ'..='ₜ' | 'ⱼ')
}

/// Whether a text is one letter or one number, with what stands on or beside it.
pub(super) fn is_single(text: &str) -> bool {
    let marks = |c: char| is_raised(c) || is_combining_mark(c) || c == '′' || c == '*';
    let mut plain = text.chars().filter(|c| !marks(*c));
    let first = plain.next();
    match first {
        Some(first) if first.is_ascii_digit() => plain.all(|c| c.is_ascii_digit() || c == '.'),
        Some(first) => first.is_alphanumeric() && plain.next().is_none(),
        None => true,
    }
}

/// Whether one pair of brackets encloses all of a text, or all behind a name: `f(x)`.
pub(super) fn is_bracketed(text: &str) -> bool {
    let Some(open) = text.find(['(', '[', '{']) else {
        return false;
    };
    let (name, rest) = text.split_at(open);
    if !name.chars().all(is_letterlike) {
        return false;
    }
    let mut depth = 0_i32;
    let close = rest.char_indices().find(|(_, character)| {
        depth += match character {
            '(' | '[' | '{' => 1,
            ')' | ']' | '}' => -1,
            _ => 0,
        };
        depth == 0
    });
    close.is_some_and(|(place, _)| place + 1 == rest.len())
}
