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
    if is_surely_clean(text) {
        return Cow::Borrowed(text);
    }
    let is_dirty = text
        .chars()
        .any(|character| !is_allowed(character) || is_bidi_control(character));
    if !is_dirty {
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

/// Whether a text surely has nothing in it that [`clean`] changes. All texts are asked about,
/// and nearly all have nothing; so bytes are looked at as they stand, to the text's end and
/// without a choice on the way, which a processor does for many of them at once.
pub(crate) fn is_surely_clean(text: &str) -> bool {
    !any_three(text, may_be_dirt)
}

/// Whether a text surely has no blanks but single spaces between words.
#[must_use]
pub fn is_surely_one_line(text: &str) -> bool {
    !text.starts_with(' ') && !text.ends_with(' ') && !any_three(text, may_be_break)
}

/// Whether `is_one` is true of any three bytes in a row, the last two of which may be zeros
/// behind the text's end.
fn any_three(text: &str, is_one: impl Fn(u8, u8, u8) -> bool) -> bool {
    let bytes = text.as_bytes();
    let second = bytes.get(1..).unwrap_or_default();
    let third = bytes.get(2..).unwrap_or_default();
    let threes = bytes.iter().zip(second).zip(third);
    let found = threes.fold(false, |found, ((&first, &second), &third)| {
        found | is_one(first, second, third)
    });
    let ends_so = match bytes {
        [.., first, second] => is_one(*first, *second, 0) | is_one(*second, 0, 0),
        [first] => is_one(*first, 0, 0),
        [] => false,
    };
    found | ends_so
}

/// Whether a character that [`clean`] changes may stand where there are these bytes. Of
/// others the answer is yes for few only.
#[expect(
    clippy::needless_bitwise_bool,
    reason = "without a choice on the way many bytes are looked at together"
)]
const fn may_be_dirt(first: u8, second: u8, third: u8) -> bool {
    let is_control = (first < 0x20) & (first != b'\n') & (first != b'\t') | (first == 0x7f);
    // U+0080 to U+009F
    let is_late_control = (first == 0xc2) & (second < 0xa0);
    // U+202A to U+202E, U+2066 to U+2069
    let embeds = (second == 0x80) & (third >= 0xaa) & (third <= 0xae);
    let isolates = (second == 0x81) & (third >= 0xa6) & (third <= 0xa9);
    let turns = (first == 0xe2) & (embeds | isolates);
    // U+FDD0 to U+FDEF, and the last two characters of every plane
    let is_noncharacter =
        (first == 0xef) & (second == 0xb7) | (first == 0xbf) & (second | 1 == 0xbf);
    is_control | is_late_control | turns | is_noncharacter
}

/// Whether there are two spaces or another blank where there are these bytes; of others the
/// answer is yes for few only.
#[expect(
    clippy::needless_bitwise_bool,
    reason = "without a choice on the way many bytes are looked at together"
)]
const fn may_be_break(first: u8, second: u8, third: u8) -> bool {
    let is_control = (first >= b'\t') & (first <= b'\r');
    let is_second_space = (first == b' ') & (second == b' ');
    // U+0085, U+00A0, U+1680, U+3000
    let is_short = (first == 0xc2) & ((second == 0x85) | (second == 0xa0));
    let is_mark = (first == 0xe1) & (second == 0x9a);
    let is_wide = (first == 0xe3) & (second == 0x80) & (third == 0x80);
    // U+2000 to U+200A, U+2028, U+2029, U+202F, U+205F
    let is_space = (third <= 0x8a) | (third == 0xa8) | (third == 0xa9) | (third == 0xaf);
    let is_general =
        (first == 0xe2) & ((second == 0x80) & is_space | (second == 0x81) & (third == 0x9f));
    is_control | is_second_space | is_short | is_mark | is_wide | is_general
}

/// Whether a text has one of some ASCII characters. It is looked at to its end, which a
/// processor does for many bytes at once.
pub(crate) fn has_ascii(text: &str, is_one: impl Fn(u8) -> bool) -> bool {
    let bytes = text.as_bytes().iter();
    bytes.fold(false, |found, &byte| found | is_one(byte))
}

/// Whether there are two spaces in a row.
pub(crate) fn has_spaces_in_a_row(text: &str) -> bool {
    any_three(text, |first, second, _| [first, second] == [b' '; 2])
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
    fn no_text_that_would_change_is_taken_for_clean() {
        let mut clean_ones = 0;
        for character in '\0'..=char::MAX {
            let is_changed = !is_allowed(character) || is_bidi_control(character);
            for text in [format!("一{character}，b"), format!("{character}")] {
                let is_clean = is_surely_clean(&text);
                assert!(!(is_clean && is_changed), "{character:?}");
                clean_ones += usize::from(is_clean);
            }
        }
        assert!(clean_ones > 2 * 1_000_000, "{clean_ones}");
        assert!(is_surely_clean("“引号”——…，。（全角）亿万\n\tü π · 🧪"));
        assert!(is_surely_clean(""));
        // Wherever it stands among the bytes that are looked at together.
        for before in 0..100 {
            for dirt in ["\u{b}", "\u{80}", "\u{202e}", "\u{2069}", "\u{ffff}"] {
                for after in ["", "a", "。", &"a".repeat(99)] {
                    let text = format!("{}{dirt}{after}", "a".repeat(before));
                    assert!(!is_surely_clean(&text), "{text:?}");
                }
            }
        }
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
