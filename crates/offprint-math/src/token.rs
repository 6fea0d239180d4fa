//! TeX taken apart into tokens, with their places.

use std::ops::Range;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `\alpha`: a backslash and letters.
    Word,
    /// `\{`: a backslash and another character.
    Symbol,
    /// `\verb|…|`.
    Verbatim,
    Open,
    Close,
    Blank,
    /// From `%` to the end of the line.
    Comment,
    /// Any other character.
    Other,
}

/// A piece of TeX.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) range: Range<usize>,
}

impl Token {
    /// As it is written.
    pub(crate) fn text<'a>(&self, tex: &'a str) -> &'a str {
        tex.get(self.range.clone()).unwrap_or_default()
    }
}

/// The tokens of a formula; together they are all of it.
///
/// `%` begins a comment only where a line ends after it, and not behind a digit: `95%` is an
/// amount to everyone but TeX.
pub(crate) fn tokens(tex: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = tex;
    let mut last = '\0';
    while let Some(first) = rest.chars().next() {
        let (kind, length) = match first {
            '\\' => command(rest),
            '{' => (Kind::Open, 1),
            '}' => (Kind::Close, 1),
            '%' if !last.is_ascii_digit() => match rest.find('\n') {
                Some(end) => (Kind::Comment, end + 1),
                None => (Kind::Other, 1),
            },
            blank if blank.is_ascii_whitespace() => {
                let end = rest.find(|c: char| !c.is_ascii_whitespace());
                (Kind::Blank, end.unwrap_or(rest.len()))
            }
            other => (Kind::Other, other.len_utf8()),
        };
        let start = tex.len() - rest.len();
        tokens.push(Token {
            kind,
            range: start..start + length,
        });
        last = first;
        rest = rest.get(length..).unwrap_or_default();
    }
    tokens
}

/// The command at the beginning of a text, and its length.
fn command(text: &str) -> (Kind, usize) {
    let behind = text.get(1..).unwrap_or_default();
    let is_part = |c: char| c.is_ascii_alphabetic() || c == '@';
    let letters = behind.find(|c: char| !is_part(c)).unwrap_or(behind.len());
    if letters == 0 {
        let symbol = behind.chars().next().map_or(0, char::len_utf8);
        return (Kind::Symbol, 1 + symbol);
    }
    let word = 1 + letters;
    if text.get(..word) == Some("\\verb") {
        let star = usize::from(
            behind
                .get(letters..)
                .is_some_and(|rest| rest.starts_with('*')),
        );
        let body = text.get(word + star..).unwrap_or_default();
        if let Some(bound) = body.chars().next() {
            let begin = bound.len_utf8();
            let end = body.get(begin..).and_then(|body| body.find(bound));
            if let Some(end) = end {
                return (Kind::Verbatim, word + star + begin + end + begin);
            }
        }
    }
    (Kind::Word, word)
}
