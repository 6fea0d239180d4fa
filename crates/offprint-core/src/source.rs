//! A file's text with the name it is called by in messages.

use std::sync::Arc;

/// The text of one input file.
#[derive(Debug, PartialEq, Eq)]
pub struct Source {
    /// How messages name the file: its path relative to where the user stands.
    pub name: String,
    /// The whole text, UTF-8, as it stands on disk but for a byte order mark.
    pub text: String,
}

impl Source {
    /// A source to be shared between the diagnostics that point into it.
    #[must_use]
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        let mut text = text.into();
        if text.starts_with('\u{feff}') {
            text.drain(..'\u{feff}'.len_utf8());
        }
        Arc::new(Self {
            name: name.into(),
            text,
        })
    }
}
