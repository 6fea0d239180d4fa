//! Signs and letters: what the parser's names stand for in Unicode.

use std::borrow::Cow;

use ratex_font::symbols::{Mode as FontMode, get_symbol};
use ratex_parser::Mode;

/// The characters that a sign of the formula stands for.
///
/// The parser's fonts keep some signs at places of private use: those get the character that
/// Unicode has for them.
pub(crate) fn characters(name: &str, mode: Mode) -> Cow<'_, str> {
    let own = match name {
        "---" => "—",
        "--" => "–",
        "``" => "“",
        "''" => "”",
        "`" if mode == Mode::Text => "‘",
        "'" if mode == Mode::Text => "’",
        "\\@not" => "\u{338}",
        "\\@gvertneqq" => "≩",
        "\\@lvertneqq" => "≨",
        "\\@ngeqq" | "\\@ngeqslant" => "≱",
        "\\@nleqq" | "\\@nleqslant" => "≰",
        "\\@nshortmid" => "∤",
        "\\@nshortparallel" => "∦",
        "\\@nsubseteqq" => "⊈",
        "\\@nsupseteqq" => "⊉",
        "\\@varsubsetneq" => "⊊",
        "\\@varsubsetneqq" => "⫋",
        "\\@varsupsetneq" => "⊋",
        "\\@varsupsetneqq" => "⫌",
        "\\@imath" => "ı",
        "\\@jmath" => "ȷ",
        "\u{e258}" => "≘",
        "\u{e25e}" => "≞",
        "|" | "\\vert" | "\\lvert" | "\\rvert" => "|",
        "\\|" | "\\Vert" | "\\lVert" | "\\rVert" => "‖",
        "\\lt" => "<",
        "\\gt" => ">",
        _ => "",
    };
    if !own.is_empty() {
        return Cow::Borrowed(own);
    }
    // A character that was given as such is kept, though the fonts may have it as another.
    if !name.is_ascii() && !name.contains(is_private) {
        return Cow::Borrowed(name);
    }
    let mode = match mode {
        Mode::Math => FontMode::Math,
        Mode::Text => FontMode::Text,
    };
    match get_symbol(name, mode).and_then(|symbol| symbol.codepoint) {
        Some(character) if !is_private(character) => Cow::Owned(character.to_string()),
        _ => Cow::Borrowed(name.strip_prefix('\\').unwrap_or(name)),
    }
}

/// Whether a character has no meaning that readers agree on.
pub(crate) fn is_private(character: char) -> bool {
    matches!(character, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..)
}

/// A bracket as it stands beside what it encloses; nothing for TeX's empty one.
pub(crate) fn bracket(name: &str) -> Cow<'_, str> {
    match name {
        "." | "" => Cow::Borrowed(""),
        "<" => Cow::Borrowed("⟨"),
        ">" => Cow::Borrowed("⟩"),
        _ => characters(name, Mode::Math),
    }
}

/// An alphabet of mathematics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Alphabet {
    /// Letters slant if they stand alone, as readers of `MathML` do it by themselves.
    #[default]
    Usual,
    Upright,
    Italic,
    Bold,
    BoldItalic,
    Script,
    Fraktur,
    DoubleStruck,
    Sans,
    SansItalic,
    Monospace,
}

impl Alphabet {
    /// The alphabet that a command such as `\mathbf` asks for.
    pub(crate) fn named(font: &str) -> Self {
        match font {
            "mathrm" | "textrm" | "textnormal" | "textup" => Self::Upright,
            "mathit" | "mathnormal" | "emph" => Self::Italic,
            "mathbf" => Self::Bold,
            "boldsymbol" => Self::BoldItalic,
            "mathcal" | "mathscr" => Self::Script,
            "mathfrak" => Self::Fraktur,
            "mathbb" => Self::DoubleStruck,
            "mathsf" => Self::Sans,
            "mathsfit" => Self::SansItalic,
            "mathtt" => Self::Monospace,
            _ => Self::Usual,
        }
    }

    /// A letter or digit in this alphabet, where Unicode has it.
    pub(crate) fn letter(self, letter: char) -> char {
        // Where the alphabet begins: capitals, small letters, digits, Greek.
        let (capitals, small, digits, greek) = match self {
            Self::Usual | Self::Upright => return letter,
            Self::Italic => (0x1d434, 0x1d44e, 0, 0x1d6e2),
            Self::Bold => (0x1d400, 0x1d41a, 0x1d7ce, 0x1d6a8),
            Self::BoldItalic => (0x1d468, 0x1d482, 0x1d7ce, 0x1d71c),
            Self::Script => (0x1d49c, 0x1d4b6, 0, 0),
            Self::Fraktur => (0x1d504, 0x1d51e, 0, 0),
            Self::DoubleStruck => (0x1d538, 0x1d552, 0x1d7d8, 0),
            Self::Sans => (0x1d5a0, 0x1d5ba, 0x1d7e2, 0),
            Self::SansItalic => (0x1d608, 0x1d622, 0x1d7e2, 0),
            Self::Monospace => (0x1d670, 0x1d68a, 0x1d7f6, 0),
        };
        // Letters that Unicode had before it had the alphabets.
        let earlier = match (self, letter) {
            (Self::Italic, 'h') => 'ℎ',
            (Self::Script, 'B') => 'ℬ',
            (Self::Script, 'E') => 'ℰ',
            (Self::Script, 'F') => 'ℱ',
            (Self::Script, 'H') => 'ℋ',
            (Self::Script, 'I') => 'ℐ',
            (Self::Script, 'L') => 'ℒ',
            (Self::Script, 'M') => 'ℳ',
            (Self::Script, 'R') => 'ℛ',
            (Self::Script, 'e') => 'ℯ',
            (Self::Script, 'g') => 'ℊ',
            (Self::Script, 'o') => 'ℴ',
            (Self::Fraktur, 'C') => 'ℭ',
            (Self::Fraktur, 'H') => 'ℌ',
            (Self::Fraktur, 'I') => 'ℑ',
            (Self::Fraktur, 'R') => 'ℜ',
            (Self::Fraktur, 'Z') => 'ℨ',
            (Self::DoubleStruck, 'C') => 'ℂ',
            (Self::DoubleStruck, 'H') => 'ℍ',
            (Self::DoubleStruck, 'N') => 'ℕ',
            (Self::DoubleStruck, 'P') => 'ℙ',
            (Self::DoubleStruck, 'Q') => 'ℚ',
            (Self::DoubleStruck, 'R') => 'ℝ',
            (Self::DoubleStruck, 'Z') => 'ℤ',
            _ => '\0',
        };
        if earlier != '\0' {
            return earlier;
        }
        let place = |begin: u32, first: char| {
            let code = begin + (u32::from(letter) - u32::from(first));
            (begin != 0).then(|| char::from_u32(code)).flatten()
        };
        let styled = match letter {
            'A'..='Z' => place(capitals, 'A'),
            'a'..='z' => place(small, 'a'),
            '0'..='9' => place(digits, '0'),
            'Α'..='Ρ' | 'Σ'..='Ω' => place(greek, 'Α'),
            'α'..='ω' => place(if greek == 0 { 0 } else { greek + 26 }, 'α'),
            _ => {
                let after = "∂ϵϑϰϕϱϖ".chars().position(|other| other == letter);
                let after = match (letter, after) {
                    ('∇', _) => Some(25),
                    (_, Some(place)) => u32::try_from(place + 51).ok(),
                    (_, None) => None,
                };
                after
                    .filter(|_| greek != 0)
                    .and_then(|after| char::from_u32(greek + after))
            }
        };
        styled.unwrap_or(letter)
    }
}

/// What stands above or below a letter: the sign by itself, the sign that joins a letter, and
/// whether it grows with what it stands on.
pub(crate) fn accent(label: &str) -> (char, char, bool) {
    match label.strip_prefix('\\').unwrap_or(label) {
        "hat" | "^" => ('ˆ', '\u{302}', false),
        "tilde" | "~" => ('˜', '\u{303}', false),
        "bar" | "=" => ('¯', '\u{304}', false),
        "vec" => ('→', '\u{20d7}', false),
        "dot" | "." => ('˙', '\u{307}', false),
        "ddot" | "\"" => ('¨', '\u{308}', false),
        "dddot" => ('\u{20db}', '\u{20db}', false),
        "ddddot" => ('\u{20dc}', '\u{20dc}', false),
        "acute" | "'" => ('´', '\u{301}', false),
        "grave" | "`" => ('`', '\u{300}', false),
        "check" | "v" => ('ˇ', '\u{30c}', false),
        "breve" | "u" => ('˘', '\u{306}', false),
        "mathring" | "r" => ('˚', '\u{30a}', false),
        "H" => ('˝', '\u{30b}', false),
        "c" => ('¸', '\u{327}', false),
        "textcircled" => ('○', '\u{20dd}', false),
        "widehat" => ('ˆ', '\u{302}', true),
        "widetilde" | "utilde" => ('˜', '\u{303}', true),
        "widecheck" => ('ˇ', '\u{30c}', true),
        "overleftarrow" | "underleftarrow" => ('←', '\u{20d6}', true),
        "overleftrightarrow" | "underleftrightarrow" => ('↔', '\u{20e1}', true),
        "Overrightarrow" => ('⇒', '\u{20d7}', true),
        "overleftharpoon" => ('↼', '\u{20d0}', true),
        "overrightharpoon" => ('⇀', '\u{20d1}', true),
        "overgroup" => ('⏠', '\u{311}', true),
        "undergroup" => ('⏡', '\u{32e}', true),
        "overrightarrow" | "underrightarrow" => ('→', '\u{20d7}', true),
        _ => ('¯', '\u{305}', true),
    }
}

/// The arrow that `\xrightarrow` and its like stretch.
pub(crate) fn arrow(label: &str) -> &'static str {
    match label.trim_start_matches("\\x") {
        "leftarrow" => "←",
        "Leftarrow" => "⇐",
        "Rightarrow" => "⇒",
        "leftrightarrow" => "↔",
        "Leftrightarrow" => "⇔",
        "hookleftarrow" => "↩",
        "hookrightarrow" => "↪",
        "mapsto" => "↦",
        "rightharpoondown" => "⇁",
        "rightharpoonup" => "⇀",
        "leftharpoondown" => "↽",
        "leftharpoonup" => "↼",
        "rightleftharpoons" | "rightequilibrium" | "leftequilibrium" => "⇌",
        "leftrightharpoons" => "⇋",
        "longequal" => "=",
        "twoheadrightarrow" => "↠",
        "twoheadleftarrow" => "↞",
        "tofrom" | "rightleftarrows" => "⇄",
        _ => "→",
    }
}
