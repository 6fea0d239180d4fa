//! What is wrong with a formula.

use std::ops::Range;

use ratex_parser::{ParseNode, Parser};

use crate::MAX_TEX;
use crate::layout::Style;
use crate::source::rewrite;

/// Why a formula cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where in the TeX as it was given, in bytes; never within a character.
    pub range: Range<usize>,
    /// What is wrong, in words that fit after "error: ".
    pub message: String,
    /// What may have been meant, such as `\mathcal` for `\mathcl`.
    pub suggestion: Option<String>,
}

/// Tells what is wrong with a formula.
///
/// # Errors
///
/// The first fault.
pub fn check(tex: &str, _style: Style) -> Result<(), Fault> {
    read(tex).map(drop)
}

/// A formula as the library's tree, which is never deep.
pub(crate) fn read(tex: &str) -> Result<Vec<ParseNode>, Fault> {
    if tex.len() > MAX_TEX {
        return Err(Fault {
            range: 0..tex.len(),
            message: format!("a formula of more than {MAX_TEX} bytes is not read"),
            suggestion: None,
        });
    }
    let prepared = rewrite(tex);
    Parser::new(&prepared.text).parse().map_err(|error| {
        let range = error
            .loc
            .map_or(0..tex.len(), |place| place.start..place.end);
        Fault {
            range: prepared.origin(&range),
            message: error.message,
            suggestion: None,
        }
    })
}
