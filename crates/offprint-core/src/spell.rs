//! How texts are spelled in YAML and TOML.

use std::fmt::Write as _;

/// Text of YAML, without quotes where nobody can take it for anything else, also within a list
/// in brackets.
#[must_use]
pub fn yaml_text(text: &str) -> String {
    let is_word = |(at, character): (usize, char)| match character {
        '-' | '_' | '.' | '/' | '+' | ' ' | '?' | '=' | '&' | '%' => true,
        ':' => text.get(at..).is_some_and(|rest| rest.starts_with("://")),
        // Our own reader takes it for a colon.
        '：' => false,
        _ if character.is_ascii() => character.is_ascii_alphanumeric(),
        // Signs that are not seen are better seen escaped.
        _ => character.is_alphanumeric() || crate::chars::is_wide(character),
    };
    let is_plain = text.starts_with(char::is_alphabetic)
        && !text.ends_with(' ')
        && text.char_indices().all(is_word)
        && !matches!(
            text.to_ascii_lowercase().as_str(),
            "true" | "false" | "null" | "yes" | "no" | "on" | "off" | "y" | "n"
        );
    if is_plain || is_moment(text) {
        text.to_owned()
    } else {
        // What TOML's basic strings escape, YAML's double-quoted ones escape alike.
        toml_text(text)
    }
}

/// Whether a text is a date, perhaps with a time of day, which all forms but JSON have plain.
fn is_moment(text: &str) -> bool {
    crate::check::date::day(text).is_ok()
}

/// Whether a text is a date of TOML: local, or with the whole time of day.
#[must_use]
pub fn is_toml_moment(text: &str) -> bool {
    let seconds = |text: &str| text.as_bytes().get(16) == Some(&b':');
    is_moment(text) && (text.len() == 10 || seconds(text))
}

/// A name of TOML, quoted where it is no bare key.
#[must_use]
pub fn toml_name(name: &str) -> String {
    let is_bare = !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if is_bare {
        name.to_owned()
    } else {
        toml_text(name)
    }
}

/// A basic string (TOML 1.0, "String").
#[must_use]
pub fn toml_text(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => {
                out.push('\\');
                out.push(character);
            }
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            _ if character.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(character));
            }
            _ => out.push(character),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yaml_needs_quotes_only_where_it_would_mislead() {
        for plain in [
            "a b",
            "https://a.example/x?id=1&b=2",
            "第 12 期，论文",
            "2026-11-27",
        ] {
            assert_eq!(yaml_text(plain), plain);
        }
        for quoted in [
            "a: b", "no", "#a", "- a", "a, b", "", "1.5", "a ", "a\nb", "[a]",
        ] {
            assert!(yaml_text(quoted).starts_with('"'), "{quoted}");
        }
        assert_eq!(toml_text("a\n\"\u{1}"), "\"a\\n\\\"\\u0001\"");
    }
}
