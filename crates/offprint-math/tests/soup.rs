//! Anything may stand between two dollars: nothing of it stops the program, and what comes of it
//! can be read.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test stops by panicking"
)]

use std::ops::Range;

use offprint_math::{MAX_TEX, Style, Typesetter, check, mathml, words};

/// A generator of numbers (xorshift, Marsaglia 2003): the same formulas each time.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).unwrap()
    }
}

const PIECES: &[&str] = &[
    "x",
    "1",
    "2.5",
    "αβ",
    "中文",
    "ℝ",
    "é",
    "e\u{301}",
    "😀",
    "𝒜",
    "+",
    "-",
    "=",
    "<",
    ">",
    "&",
    "&amp;",
    "_",
    "^",
    "'",
    "{",
    "}",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "|",
    "\\|",
    "\\{",
    "\\}",
    "$",
    "%",
    "#",
    "~",
    "\"",
    " ",
    "\n",
    "\t",
    "\u{0}",
    "\u{7}",
    "\u{200b}",
    "\u{202e}",
    "\u{feff}",
    "\u{fe00}",
    "\u{ffff}",
    "\\",
    "\\\\",
    "\\,",
    "\\!",
    "\\;",
    "\\quad",
    "\\left",
    "\\right",
    "\\left(",
    "\\right)",
    "\\left.",
    "\\right|",
    "\\middle|",
    "\\begin{matrix}",
    "\\end{matrix}",
    "\\begin{cases}",
    "\\end{cases}",
    "\\begin{align}",
    "\\end{align}",
    "\\begin{array}{c|r}",
    "\\end{array}",
    "\\begin",
    "\\end",
    "\\hline",
    "\\frac",
    "\\frac{a}{b}",
    "\\sqrt",
    "\\sqrt[3]",
    "\\hat",
    "\\overline",
    "\\text",
    "\\text{",
    "\\mathrm",
    "\\mathbb{R}",
    "\\mathcal{L}",
    "\\mathbf",
    "\\bm",
    "\\mathbbm{1}",
    "\\operatorname",
    "\\sum",
    "\\int",
    "\\lim",
    "\\limits",
    "\\nolimits",
    "\\not",
    "\\alpha",
    "\\infty",
    "\\in",
    "\\le",
    "\\to",
    "\\cdots",
    "\\over",
    "\\choose",
    "\\tag{1}",
    "\\tag",
    "\\label{a}",
    "\\color{red}",
    "\\textcolor{blue}{",
    "\\big(",
    "\\bigg|",
    "\\underbrace{",
    "\\overset{a}{=}",
    "\\xrightarrow{",
    "\\substack{",
    "\\ce{H2O}",
    "\\ce{",
    "\\SI{3}{\\metre}",
    "\\qty{",
    "\\num{1e3}",
    "\\nicefrac",
    "\\abs{",
    "\\phantom{",
    "\\boxed{",
    "\\cancel{",
    "\\displaystyle",
    "\\bf",
    "\\rm",
    "\\mbox{",
    "\\verb|x|",
    "\\verb",
    "\\def\\x{\\x}",
    "\\x",
    "\\newcommand{\\y}[1]{#1#1}",
    "\\y",
    "\\char",
    "\\href{javascript:1}{x}",
    "\\aplha",
    "\\mathcl",
    "<script>",
    "]]>",
    "-->",
    "\\rule{1em}{2em}",
    "\\kern1em",
    "\\hspace{-9999em}",
    "\\raisebox{1em}{",
    "\\mathchoice",
    "\\prime",
    "″",
    "\\ensuremath",
    "\\protect",
    "＼",
    "｛",
    "＾",
    "，",
    "。",
];

fn soup(random: &mut Random) -> String {
    // Short ones, of which many can be read, and long ones.
    let most = if random.below(2) == 0 { 4 } else { 24 };
    let count = 1 + random.below(most);
    (0..count)
        .map(|_| PIECES[random.below(PIECES.len())])
        .collect()
}

fn is_place(tex: &str, range: &Range<usize>) -> bool {
    range.start <= range.end && tex.get(range.clone()).is_some()
}

#[test]
fn any_text_is_read_or_has_a_fault_in_its_place() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let (mut read, mut refused) = (0, 0);
    for _ in 0..6_000 {
        let tex = soup(&mut random);
        let style = if random.below(2) == 0 {
            Style::Inline
        } else {
            Style::Display
        };
        match mathml(&tex, style) {
            Ok(written) => {
                read += 1;
                let tree = roxmltree::Document::parse(&written);
                assert!(tree.is_ok(), "{tex:?} became {written}");
            }
            Err(fault) => {
                refused += 1;
                assert!(is_place(&tex, &fault.range), "{tex:?}: {fault:?}");
                assert!(check(&tex).is_err(), "{tex:?}");
                assert!(!fault.message.is_empty(), "{tex:?}");
            }
        }
        if let Err(fault) = check(&tex) {
            assert!(is_place(&tex, &fault.range), "{tex:?}: {fault:?}");
            assert_ne!(fault.suggestion.as_deref(), Some(""), "{tex:?}");
        }
        let said = words(&tex);
        assert!(!said.contains(char::is_control), "{tex:?} said {said:?}");
        assert_eq!(said, said.trim(), "{tex:?} said {said:?}");
    }
    assert!(
        read > 1_000 && refused > 2_500,
        "{read} read, {refused} refused"
    );
}

#[test]
fn what_is_nested_deeply_is_refused_or_read() {
    let deep = [
        "{",
        "\\sqrt",
        "\\sqrt{",
        "\\hat",
        "\\left(",
        "x^",
        "x_{",
        "\\frac{",
        "\\frac",
        "\\text{",
        "\\text{$",
        "\\begin{matrix}",
        "\\bf",
        "\\displaystyle",
        "\\color{red}",
        "\\nicefrac{",
        "\\abs{",
        "-",
        "'",
        "\\over",
        "{\\over",
        "\\mathbf",
        "\\not",
        "\\underbrace{",
        "\\ce{",
        "x^\\sqrt",
        "\\operatorname{",
        "\\tag{",
        "\\mathop",
        "(",
        "\\overset{a}",
    ];
    let typesetter = Typesetter::default();
    for piece in deep {
        for count in [10, 31, 33, MAX_TEX / piece.len(), 20_000] {
            for closed in [false, true] {
                let mut tex = piece.repeat(count);
                if closed {
                    tex.push('x');
                    tex.push_str(&"}".repeat(count));
                }
                for style in [Style::Inline, Style::Display] {
                    if let Err(fault) = mathml(&tex, style) {
                        assert!(is_place(&tex, &fault.range), "{piece} {count}: {fault:?}");
                    }
                    let _ = check(&tex);
                }
                let _ = typesetter.set(&tex, Style::Inline);
                let _ = words(&tex);
            }
        }
    }
}

#[test]
fn a_formula_that_is_too_long_is_said_to_be() {
    let tex = "x+".repeat(MAX_TEX);
    let fault = check(&tex).unwrap_err();
    assert_eq!(
        fault.message,
        "a formula of more than 4000 bytes is not read"
    );
    assert_eq!(fault.range, 0..tex.len());
    assert!(words(&tex).starts_with("x+x+"));
}

#[test]
fn nothing_is_said_of_nothing() {
    for tex in ["", " ", "\n", "{}", "%\n", "\u{200b}"] {
        assert_eq!(words(tex), "", "{tex:?}");
        assert!(check(tex).is_ok(), "{tex:?}");
        assert!(mathml(tex, Style::Inline).is_ok(), "{tex:?}");
    }
}
