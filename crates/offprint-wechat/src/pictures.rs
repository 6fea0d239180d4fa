//! The pictures of an article: their addresses.

use offprint_core::{Issue, Series};

/// What stands before `images/NAME` in the address of an issue's picture: the address of the
/// issue's folder, from which WeChat's editor fetches the pictures of a pasted article.
pub(crate) fn base(series: &Series, issue: &Issue) -> String {
    series
        .url
        .as_ref()
        .map(|url| format!("{url}{}/", issue.id))
        .unwrap_or_default()
}
