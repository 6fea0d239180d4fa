//! What is wrong with a formula.

use std::ops::Range;

use crate::layout::Style;
use crate::mathml::mathml;

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

/// Tells what is wrong with a formula; nothing for one that at least one of the ways to show it
/// can read.
///
/// # Errors
///
/// The first fault.
pub fn check(tex: &str, style: Style) -> Result<(), Fault> {
    mathml(tex, style).map(drop)
}
