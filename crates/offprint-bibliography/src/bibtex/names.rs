//! Lists of names: `Vaswani, Ashish and {The X Team} and others`.

use super::tex::words;
use crate::names::{joined, of_parts, whole};

/// The names of a list, as an issue writes them.
pub(super) fn names(tex: &str) -> Vec<String> {
    let mut names = Vec::new();
    for name in split_at_and(tex) {
        names.extend(one(name));
    }
    names
}

/// Mostly one name; people also put semicolons between them.
fn one(tex: &str) -> Vec<String> {
    let tex = tex.trim();
    if tex.is_empty() {
        return Vec::new();
    }
    let several = split(tex, |sign| matches!(sign, ';' | '；' | '、'));
    if several.len() > 1 {
        return several.into_iter().flat_map(one).collect();
    }
    let parts = split(tex, |sign| matches!(sign, ',' | '，'));
    if let Some(name) = extended(&parts) {
        return vec![name];
    }
    let parts: Vec<String> = parts
        .iter()
        .map(|part| words(part).split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    match parts.as_slice() {
        // A group in braces, which may have commas in it.
        [name] => vec![whole(name)],
        parts => of_parts(parts),
    }
}

/// BibLaTeX's extended format: `family=Maaten, given=Laurens, prefix=van der`.
fn extended(parts: &[&str]) -> Option<String> {
    let (mut family, mut given) = (String::new(), String::new());
    let (mut prefix, mut suffix) = (String::new(), String::new());
    for part in parts {
        let (name, value) = part.split_once('=')?;
        let value = words(value.trim().trim_matches('"'));
        match name.trim().to_ascii_lowercase().as_str() {
            "family" => family = value,
            "given" => given = value,
            "prefix" => prefix = value,
            "suffix" => suffix = value,
            "id"
            | "useprefix"
            | "given-i"
            | "family-i"
            | "prefix-i"
            | "suffix-i"
            | "nocase"
            | "juniorcomma"
            | "sortingnamekeytemplatename" => {}
            _ => return None,
        }
    }
    let family = format!("{prefix} {family}");
    (!family.trim().is_empty() || !given.is_empty()).then(|| joined(&family, &given, &suffix))
}

/// Splits at `and` between blanks and outside of braces.
fn split_at_and(tex: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut depth = 0_usize;
    let bytes = tex.as_bytes();
    let is_blank = |at: Option<usize>| {
        at.and_then(|at| bytes.get(at))
            .is_none_or(u8::is_ascii_whitespace)
    };
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            b'\\' => at += 1,
            b'a' | b'A' if depth == 0 => {
                let is_and = bytes
                    .get(at..at + 3)
                    .is_some_and(|word| word.eq_ignore_ascii_case(b"and"))
                    && is_blank(at.checked_sub(1))
                    && is_blank(Some(at + 3));
                if is_and {
                    parts.push(tex.get(start..at).unwrap_or_default());
                    start = at + 3;
                    at += 2;
                }
            }
            _ => {}
        }
        at += 1;
    }
    parts.push(tex.get(start..).unwrap_or_default());
    parts
}

/// Splits at signs outside of braces.
fn split(tex: &str, is_end: impl Fn(char) -> bool) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut depth = 0_usize;
    let mut is_escaped = false;
    for (at, sign) in tex.char_indices() {
        if std::mem::take(&mut is_escaped) {
            continue;
        }
        match sign {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            '\\' => is_escaped = true,
            _ if depth == 0 && is_end(sign) => {
                parts.push(tex.get(start..at).unwrap_or_default());
                start = at + sign.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(tex.get(start..).unwrap_or_default());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_put_in_the_order_of_speech() {
        for (tex, expected) in [
            (
                "Vaswani, Ashish and Noam Shazeer",
                &["Ashish Vaswani", "Noam Shazeer"][..],
            ),
            (
                "van der Maaten, Laurens AND Hinton, Geoffrey E.",
                &["Laurens van der Maaten", "Geoffrey E. Hinton"],
            ),
            ("King, Jr., Martin Luther", &["Martin Luther King Jr."]),
            (
                "{The Alpha and Omega Team, Inc.}\nand others",
                &["The Alpha and Omega Team, Inc.", "others"],
            ),
            (
                "{张三} and 李, 四 and 欧阳, 修文",
                &["张三", "李四", "欧阳修文"],
            ),
            ("张三，李四，王五", &["张三", "李四", "王五"]),
            ("张三;李四;", &["张三", "李四"]),
            (
                "family=Maaten, given=Laurens, prefix=van der, useprefix=true",
                &["Laurens van der Maaten"],
            ),
            (
                r#"G{\"o}del, Kurt and {\L}ukasz Kaiser"#,
                &["Kurt Gödel", "Łukasz Kaiser"],
            ),
            ("Alexander Anderson and\tAnd", &["Alexander Anderson"]),
            ("and", &[]),
            ("", &[]),
        ] {
            assert_eq!(names(tex), expected, "{tex}");
        }
    }
}
