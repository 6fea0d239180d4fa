//! Titles compared as people compare them.

use unicode_normalization::UnicodeNormalization;

/// A title without what two spellings of it may differ in: case, blanks, punctuation, full
/// and half width (Unicode NFKC). Titles of nothing but signs have nothing left.
#[must_use]
pub fn fold(title: &str) -> String {
    let mut folded = String::with_capacity(title.len());
    if title.is_ascii() {
        folded.extend(
            title
                .chars()
                .filter(char::is_ascii_alphanumeric)
                .map(|character| character.to_ascii_lowercase()),
        );
    } else {
        folded.extend(
            title
                .nfkc()
                .filter(|character| character.is_alphanumeric())
                .flat_map(char::to_lowercase),
        );
    }
    folded
}

/// A number that equal folded titles share, and others by accident only (FNV-1a, 64 bits).
/// It is the same in every run, so it may be kept.
pub(super) fn key(folded: &str) -> u64 {
    folded.bytes().fold(0xcbf2_9ce4_8422_2325, |key, byte| {
        (key ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_title_are_folded_into_one() {
        assert_eq!(fold("A*  Search: Ｒevisited!"), "asearchrevisited");
        assert_eq!(fold("a search — revisited"), fold("A*Search: Revisited"));
        assert_eq!(fold("《论文（一）》"), fold("论文 (一)"));
        assert_eq!(fold("ＢＥＲＴ４"), "bert4");
        assert_ne!(fold("Part I"), fold("Part II"));
        assert_eq!(fold("?!…"), "");
    }

    #[test]
    fn the_key_of_a_title_is_the_same_for_ever() {
        // The test vectors of the FNV authors for 64 bits, 1a.
        assert_eq!(key(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(key("a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(key("foobar"), 0x8594_4171_f739_67e8);
    }
}
