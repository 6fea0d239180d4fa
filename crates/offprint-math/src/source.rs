//! TeX as papers write it, made into the TeX that the libraries read.

use std::borrow::Cow;

/// The formula in commands that the libraries know.
pub(crate) fn prepare(tex: &str) -> Cow<'_, str> {
    Cow::Borrowed(tex)
}
