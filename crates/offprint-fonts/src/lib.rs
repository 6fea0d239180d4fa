//! The fonts that every build can rely on, so that a fresh machine prints Chinese and
//! every machine prints the same.
//!
//! Those of text are from the Noto project, those of formulas from `KaTeX`; all are under the SIL
//! Open Font License 1.1 (`OFL.txt`). Noto's are cut down by `make/subset.py` (to fewer
//! characters, and Han outlines to a coarser grid); `PROVENANCE.tsv` names the packages and
//! digests they were made from.

/// An embedded font: a whole OpenType file with TrueType outlines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Font {
    /// Its `PostScript` name.
    pub name: &'static str,
    /// The file's bytes.
    pub data: &'static [u8],
}

macro_rules! fonts {
    ($($(#[$doc:meta])* $constant:ident = $name:literal;)*) => {
        $($(#[$doc])* pub const $constant: Font = Font {
            name: $name,
            data: include_bytes!(concat!("../data/", $name, ".ttf")),
        };)*

        /// All of them.
        pub const ALL: &[Font] = &[$($constant),*];
    };
}

fonts! {
    /// Chinese, Japanese kana and full-width punctuation: GB 2312, the 8,105 characters of
    /// 通用规范汉字表 and the common ones of Big5 and JIS X 0208.
    CJK = "NotoSansSC-Regular";
    /// [`CJK`] in bold.
    CJK_BOLD = "NotoSansSC-Bold";
    /// Latin, Greek and Cyrillic.
    LATIN = "NotoSans-Regular";
    /// [`LATIN`] in bold.
    LATIN_BOLD = "NotoSans-Bold";
    /// [`LATIN`] in italics.
    LATIN_ITALIC = "NotoSans-Italic";
    /// [`LATIN`] in bold italics.
    LATIN_BOLD_ITALIC = "NotoSans-BoldItalic";
    /// Code: Latin, Greek, Cyrillic, arrows, boxes; every advance is 0.6 em.
    MONO = "NotoSansMono-Regular";
    /// Mathematical operators and alphabets.
    MATH = "NotoSansMath-Regular";
    /// Symbols.
    SYMBOLS = "NotoSansSymbols-Regular";
    /// More symbols.
    SYMBOLS_2 = "NotoSansSymbols2-Regular";
    /// Emoji in one colour.
    EMOJI = "NotoEmoji-Regular";
}

macro_rules! katex {
    ($($name:literal),* $(,)?) => {
        /// The faces of formulas: Computer Modern as `KaTeX` ships it, in whole files. Their names are
        /// those that its metrics go by, such as `Main-Regular`.
        pub const KATEX: &[Font] = &[$(Font {
            name: $name,
            data: include_bytes!(concat!("../data/katex/KaTeX_", $name, ".ttf")),
        }),*];
    };
}

katex! {
    "AMS-Regular", "Caligraphic-Bold", "Caligraphic-Regular", "Fraktur-Bold", "Fraktur-Regular",
    "Main-Bold", "Main-BoldItalic", "Main-Italic", "Main-Regular", "Math-BoldItalic",
    "Math-Italic", "SansSerif-Bold", "SansSerif-Italic", "SansSerif-Regular", "Script-Regular",
    "Size1-Regular", "Size2-Regular", "Size3-Regular", "Size4-Regular", "Typewriter-Regular",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_font_is_a_true_type_file() {
        for font in ALL.iter().chain(KATEX) {
            assert!(font.data.starts_with(&[0, 1, 0, 0]), "{}", font.name);
        }
    }

    #[test]
    fn provenance_tells_the_length_of_every_font() {
        let table = include_str!("../PROVENANCE.tsv");
        for font in ALL {
            let row = format!("{}.ttf\t{}\t", font.name, font.data.len());
            assert!(table.contains(&row), "{row}");
        }
        for font in KATEX {
            let row = format!("katex/KaTeX_{}.ttf\t{}\t", font.name, font.data.len());
            assert!(table.contains(&row), "{row}");
        }
        assert_eq!(table.lines().count(), ALL.len() + KATEX.len() + 1);
    }

    #[test]
    fn chinese_takes_at_most_eight_megabytes() {
        assert!(CJK.data.len() + CJK_BOLD.data.len() <= 8 * 1024 * 1024);
    }
}
