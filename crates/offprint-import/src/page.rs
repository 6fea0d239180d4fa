//! A digest's page, as text or saved.

use std::sync::Arc;

use offprint_core::Source;

use crate::Outcome;

/// How a page came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Copied from a browser.
    Text,
    /// HTML.
    Html,
}

/// Reads a page.
pub(crate) fn read(_source: &Arc<Source>, _form: Form) -> Outcome {
    Err(Vec::new())
}
