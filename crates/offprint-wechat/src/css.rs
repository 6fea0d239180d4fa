//! What is written in `style` attributes: declarations, their words, lengths and colours.

use std::borrow::Cow;
use std::ops::Range;

/// A declaration, as `color: red !important`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Declaration {
    /// The property in small letters.
    pub(crate) property: String,
    /// The value without `!important` and without comments.
    pub(crate) value: String,
    /// Whether it says `!important`.
    pub(crate) important: bool,
}

/// The declarations of a `style` attribute whose references are resolved. What is no
/// declaration is left out, as browsers do.
pub(crate) fn declarations(style: &str) -> Vec<Declaration> {
    let style = without_comments(style);
    let mut declarations = Vec::new();
    for part in split(&style, b';') {
        let Some((property, value)) = part.split_once(':') else {
            continue;
        };
        let property = property.trim();
        let custom = property.starts_with("--");
        let is_name = !property.is_empty()
            && property
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        let mut value = value.trim();
        let mut important = false;
        if let Some((before, after)) = value.rsplit_once('!')
            && after.trim().eq_ignore_ascii_case("important")
        {
            value = before.trim_end();
            important = true;
        }
        if (is_name || custom) && !value.is_empty() {
            declarations.push(Declaration {
                property: property.to_ascii_lowercase(),
                value: value.to_owned(),
                important,
            });
        }
    }
    declarations
}

fn without_comments(style: &str) -> Cow<'_, str> {
    if !style.contains("/*") {
        return Cow::Borrowed(style);
    }
    let mut out = String::with_capacity(style.len());
    let mut rest = style;
    while let Some((before, after)) = rest.split_once("/*") {
        out.push_str(before);
        out.push(' ');
        rest = after.split_once("*/").map_or("", |(_, rest)| rest);
    }
    Cow::Owned(out + rest)
}

/// Cuts at a sign outside strings and brackets.
pub(crate) fn split(text: &str, sign: u8) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut depth = 0_usize;
    let mut quote = None;
    let mut escaped = false;
    for (place, byte) in text.bytes().enumerate() {
        if escaped {
            escaped = false;
            continue;
        }
        match (quote, byte) {
            (_, b'\\') => escaped = true,
            (Some(open), _) if open == byte => quote = None,
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'(') => depth += 1,
            (None, b')') => depth = depth.saturating_sub(1),
            (None, _) if byte == sign && depth == 0 => {
                parts.extend(text.get(start..place));
                start = place + 1;
            }
            _ => {}
        }
    }
    parts.extend(text.get(start..));
    parts
}

/// The words of a value: what blanks outside strings and brackets divide.
pub(crate) fn words(value: &str) -> impl Iterator<Item = &str> {
    split(value, b' ')
        .into_iter()
        .flat_map(|word| word.split(['\t', '\n', '\r']))
        .filter(|word| !word.is_empty())
}

/// A sign of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sign {
    Ident,
    /// A name and its bracket.
    Function,
    Hash,
    Number,
    String,
    /// `url(…)` without quotes, or its start with them.
    Url,
    Other,
}

/// Cuts a value into signs with their places.
pub(crate) fn signs(value: &str) -> Vec<(Sign, Range<usize>)> {
    let bytes = value.as_bytes();
    let mut signs = Vec::new();
    let mut at = 0;
    while let Some(&first) = bytes.get(at) {
        let run = |from: usize, is_part: &dyn Fn(u8) -> bool| {
            let rest = bytes.get(from..).unwrap_or_default();
            from + rest
                .iter()
                .position(|byte| !is_part(*byte))
                .unwrap_or(rest.len())
        };
        let next = bytes.get(at + 1).copied().unwrap_or_default();
        let (sign, end) = match first {
            b'"' | b'\'' => (Sign::String, end_of_string(bytes, at)),
            b'#' => (Sign::Hash, run(at + 1, &is_ident)),
            b'0'..=b'9' | b'.' => (Sign::Number, run(at + 1, &is_number)),
            b'+' | b'-' if next.is_ascii_digit() || next == b'.' => {
                (Sign::Number, run(at + 1, &is_number))
            }
            _ if is_ident(first) => {
                let end = run(at + 1, &is_ident);
                let name = value.get(at..end).unwrap_or_default();
                if bytes.get(end) != Some(&b'(') {
                    (Sign::Ident, end)
                } else if name.eq_ignore_ascii_case("url") {
                    let inside = run(end + 1, &|byte| byte.is_ascii_whitespace());
                    match bytes.get(inside) {
                        Some(b'"' | b'\'') => (Sign::Url, inside),
                        _ => (
                            Sign::Url,
                            (run(inside, &|byte| byte != b')') + 1).min(bytes.len()),
                        ),
                    }
                } else {
                    (Sign::Function, end + 1)
                }
            }
            _ => (Sign::Other, at + 1),
        };
        signs.push((sign, at..end));
        at = end;
    }
    signs
}

fn is_ident(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | 0x80..)
}

fn is_number(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'%')
}

fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let quote = bytes.get(start);
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            byte if Some(byte) == quote => return at + 1,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// The names of the functions in a value, in small letters.
pub(crate) fn functions(value: &str) -> Vec<String> {
    signs(value)
        .into_iter()
        .filter(|(sign, _)| *sign == Sign::Function)
        .filter_map(|(_, place)| value.get(place))
        .map(|name| name.trim_end_matches('(').to_ascii_lowercase())
        .collect()
}

/// An address in a value: whether it has quotes, and what is written.
pub(crate) fn urls(value: &str) -> Vec<(bool, String)> {
    let signs = signs(value);
    let mut urls = Vec::new();
    for (index, (sign, place)) in signs.iter().enumerate() {
        if *sign != Sign::Url {
            continue;
        }
        let written = value.get(place.clone()).unwrap_or_default();
        let quoted = signs
            .get(index + 1)
            .filter(|(sign, _)| *sign == Sign::String && !written.ends_with(')'))
            .and_then(|(_, place)| value.get(place.clone()));
        urls.push(if let Some(quoted) = quoted {
            (true, quoted.trim_matches(['"', '\'']).trim().to_owned())
        } else {
            let inside = written.split_once('(').map_or("", |(_, inside)| inside);
            (false, inside.trim_end_matches(')').trim().to_owned())
        });
    }
    urls
}

/// A colour: parts from 0 to 255, and how much it covers, from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rgba {
    pub(crate) parts: [f64; 3],
    pub(crate) alpha: f64,
}

impl Rgba {
    pub(crate) const fn gray(part: u8) -> Self {
        Self {
            parts: [part as f64; 3],
            alpha: 1.0,
        }
    }
}

/// A colour in a value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Painted {
    /// Where it is written.
    pub(crate) place: Range<usize>,
    pub(crate) color: Rgba,
    /// Whether it is written in sRGB, which browsers write as `rgb(…)`.
    pub(crate) srgb: bool,
}

/// The colours in a value, whatever their notation.
pub(crate) fn colors(value: &str) -> Vec<Painted> {
    let mut colors: Vec<Painted> = Vec::new();
    for (sign, place) in signs(value) {
        if colors
            .last()
            .is_some_and(|last| place.start < last.place.end)
        {
            continue;
        }
        let written = value.get(place.clone()).unwrap_or_default();
        let (place, srgb) = match sign {
            Sign::Hash => (place, true),
            // The parser takes digits without `#` too.
            Sign::Ident if written.bytes().any(|byte| !byte.is_ascii_hexdigit()) => (place, true),
            Sign::Function => {
                let name = written.trim_end_matches('(').to_ascii_lowercase();
                let srgb = matches!(name.as_str(), "rgb" | "rgba" | "hsl" | "hsla" | "hwb");
                if !srgb && !matches!(name.as_str(), "lab" | "lch" | "oklab" | "oklch") {
                    continue;
                }
                let Some(length) = value
                    .get(place.end..)
                    .and_then(|inside| inside.find(')'))
                    .map(|end| end + 1)
                else {
                    continue;
                };
                (place.start..place.end + length, srgb)
            }
            Sign::Ident | Sign::Number | Sign::String | Sign::Url | Sign::Other => continue,
        };
        if let Some(color) = value.get(place.clone()).and_then(color) {
            colors.push(Painted { place, color, srgb });
        }
    }
    colors
}

/// A colour that is the whole of a value.
fn color(written: &str) -> Option<Rgba> {
    let parsed = csscolorparser::parse(written).ok()?;
    let [red, green, blue, _] = parsed.to_rgba8();
    // Two digits of a colour tell of how much it covers what browsers write: `#8888` is .533.
    let alpha = (f64::from(parsed.a.clamp(0.0, 1.0)) * 1000.0).round() / 1000.0;
    Some(Rgba {
        parts: [red, green, blue].map(f64::from),
        alpha,
    })
}

/// A length in pixels, given the size of type around it; `None` for shares and words.
pub(crate) fn pixels(value: &str, size: f64) -> Option<f64> {
    let value = value.trim();
    let end = value
        .bytes()
        .position(|byte| !(byte.is_ascii_digit() || matches!(byte, b'.' | b'+' | b'-')))
        .unwrap_or(value.len());
    let (number, unit) = value.split_at_checked(end)?;
    let number: f64 = number.parse().ok()?;
    let factor = match unit.to_ascii_lowercase().as_str() {
        "" if number == 0.0 => 1.0,
        "px" => 1.0,
        "pt" => 96.0 / 72.0,
        "pc" | "rem" => 16.0,
        "in" => 96.0,
        "cm" => 96.0 / 2.54,
        "mm" => 96.0 / 25.4,
        "q" => 96.0 / 101.6,
        "em" => size,
        "ex" | "ch" => size / 2.0,
        _ => return None,
    };
    Some(number * factor)
}

/// A share of something, `100%` as 1.
pub(crate) fn share(value: &str) -> Option<f64> {
    let number: f64 = value.trim().strip_suffix('%')?.trim().parse().ok()?;
    Some(number / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(style: &str) -> String {
        let shown = declarations(style).into_iter().map(|declaration| {
            let important = if declaration.important { "!" } else { "" };
            format!("{}={}{important}|", declaration.property, declaration.value)
        });
        shown.collect::<Vec<_>>().concat()
    }

    #[test]
    fn declarations_are_read_however_they_are_written() {
        for (style, meant) in [
            ("COLOR : Red ; margin:0", "color=Red|margin=0|"),
            ("color:red! IMPORTANT;a:b!important", "color=red!|a=b!|"),
            (
                "background:url(data:a;b,c);color:/*;*/red",
                "background=url(data:a;b,c)|color=red|",
            ),
            (
                "font-family:\"a;b\";color:red",
                "font-family=\"a;b\"|color=red|",
            ),
            ("--a: 1;;:;color;b:", "--a=1|"),
            ("a:url('x\\');y');b:c", "a=url('x\\');y')|b=c|"),
            ("a:b/* never closed", "a=b|"),
        ] {
            assert_eq!(read(style), meant, "{style}");
        }
    }

    #[test]
    fn colours_are_found_in_every_notation() {
        for (value, meant) in [
            ("#FFF", "255 255 255 1"),
            ("#8888", "136 136 136 0.533"),
            ("1px solid rgb(1, 2 , 3)", "1 2 3 1"),
            ("rgb(1 2 3 / 50%)", "1 2 3 0.5"),
            ("RGBA(1,2,3,.25)", "1 2 3 0.25"),
            ("hsl(120deg, 100%, 25%)", "0 128 0 1"),
            ("Red", "255 0 0 1"),
            ("transparent", "0 0 0 0"),
            (
                "linear-gradient(90deg,#000 1px,white)",
                "0 0 0 1, 255 255 255 1",
            ),
            ("url(red.png) url(\"blue\") navy", "0 0 128 1"),
            ("redder fade deed 1px none #ggg rgb(", ""),
        ] {
            let found: Vec<String> = colors(value)
                .iter()
                .map(|painted| {
                    let [red, green, blue] = painted.color.parts;
                    format!("{red} {green} {blue} {}", painted.color.alpha)
                })
                .collect();
            assert_eq!(found.join(", "), meant, "{value}");
        }
    }

    #[test]
    fn addresses_and_functions_are_found() {
        assert_eq!(
            urls("url(a b) url( \"c\" ), url('d')"),
            [
                (false, "a b".to_owned()),
                (true, "c".to_owned()),
                (true, "d".to_owned())
            ]
        );
        assert_eq!(
            functions("minmax(calc(1px + VAR(--a)), 'env(')"),
            ["minmax", "calc", "var"]
        );
    }

    #[test]
    fn lengths_become_pixels() {
        for (value, length) in [
            ("12px", Some(12.0)),
            ("-1.5em", Some(-30.0)),
            ("9pt", Some(12.0)),
            ("0", Some(0.0)),
            ("1rem", Some(16.0)),
            ("1", None),
            ("50%", None),
            ("auto", None),
            ("中", None),
        ] {
            assert_eq!(pixels(value, 20.0), length, "{value}");
        }
        assert_eq!(share("50%"), Some(0.5));
    }
}
