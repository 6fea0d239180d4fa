//! Characters that no output may carry, and kinds of characters that typography asks for.

use std::borrow::Cow;

/// Whether XML 1.0 (§2.2) allows the character and it means something in text:
/// no C0 or C1 controls but tab and newline, no noncharacters.
#[must_use]
pub fn is_allowed(character: char) -> bool {
    match character {
        '\t' | '\n' => true,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fdd0}'..='\u{fdef}' => false,
        _ => u32::from(character) & 0xfffe != 0xfffe,
    }
}

/// Text without what [`is_allowed`] forbids, line ends as `\n`, bidi controls balanced.
#[must_use]
pub fn clean(text: &str) -> Cow<'_, str> {
    let dirty = text
        .chars()
        .any(|character| !is_allowed(character) || is_bidi_control(character));
    if !dirty {
        return Cow::Borrowed(text);
    }
    let mut out: String = text
        .replace("\r\n", "\n")
        .replace('\r', "\n")
        .chars()
        .filter(|&character| is_allowed(character))
        .collect();
    balance_bidi(&mut out);
    Cow::Owned(out)
}

fn is_bidi_control(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Closes what is open at the text's end and drops closers that close nothing, so that
/// one title cannot turn the rest of a page around (CVE-2021-42574).
fn balance_bidi(text: &mut String) {
    let mut open = Vec::new();
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        let closer = match character {
            '\u{202a}' | '\u{202b}' | '\u{202d}' | '\u{202e}' => Some('\u{202c}'),
            '\u{2066}'..='\u{2068}' => Some('\u{2069}'),
            _ => None,
        };
        if let Some(closer) = closer {
            open.push(closer);
        } else if matches!(character, '\u{202c}' | '\u{2069}')
            && open.pop_if(|top| *top == character).is_none()
        {
            continue;
        }
        out.push(character);
    }
    out.extend(open.into_iter().rev());
    *text = out;
}

/// Whether the character is a Han character.
#[must_use]
pub fn is_han(character: char) -> bool {
    matches!(character,
        '\u{2e80}'..='\u{2fdf}' | '\u{3005}' | '\u{3007}' | '\u{3021}'..='\u{3029}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}')
}

/// Whether the character stands in a full-width box in Chinese text: Han, kana, full-width
/// forms, CJK punctuation, and the quotes, dashes and dots that Chinese text shares with others.
#[must_use]
pub fn is_wide(character: char) -> bool {
    is_han(character)
        || matches!(character,
            '\u{3000}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff01}'..='\u{ff60}'
            | '\u{ffe0}'..='\u{ffe6}')
}

/// Whether the character is one of the punctuation marks of Chinese text.
#[must_use]
pub fn is_cjk_punctuation(character: char) -> bool {
    matches!(character,
        '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}' | '\u{3014}'..='\u{301f}'
        | '\u{ff01}' | '\u{ff08}' | '\u{ff09}' | '\u{ff0c}' | '\u{ff0e}' | '\u{ff1a}' | '\u{ff1b}' | '\u{ff1f}'
        | '\u{ff3b}' | '\u{ff3d}' | '\u{ff5b}' | '\u{ff5d}' | '\u{ff5e}'
        | '\u{2018}' | '\u{2019}' | '\u{201c}' | '\u{201d}' | '\u{2014}' | '\u{2026}' | '\u{b7}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_forbids_is_dropped_and_the_rest_kept() {
        assert_eq!(clean("a\u{0}b\u{b}c\u{fffe}\u{85}d\te\n"), "abcd\te\n");
        assert_eq!(clean("一\r\n二\r三"), "一\n二\n三");
        assert!(matches!(clean("𠮷 🎉 ok"), Cow::Borrowed(_)));
    }

    #[test]
    fn an_open_override_is_closed_at_the_end() {
        assert_eq!(
            clean("a\u{202e}b\u{2066}c"),
            "a\u{202e}b\u{2066}c\u{2069}\u{202c}"
        );
        assert_eq!(clean("a\u{202c}b\u{2069}"), "ab");
    }

    #[test]
    fn han_is_wide_and_latin_is_not() {
        assert!(is_wide('重') && is_wide('，') && is_wide('𠮷') && is_wide('カ'));
        assert!(!is_wide('a') && !is_wide('“') && !is_han('，'));
    }
}
