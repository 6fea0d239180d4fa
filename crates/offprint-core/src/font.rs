//! Fonts of the user's own: what an exporter asks for, and what it is handed.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::Place;

/// The most bytes of a font file.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;

/// A font that settings name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FontUse {
    /// A file's path from the project's root, or the name of a file or of a font.
    pub name: String,
    /// Where the settings name it.
    pub place: Place,
}

/// A font file that was read and not yet looked into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FontFile {
    /// The whole file.
    pub data: Arc<[u8]>,
    /// The face of a collection that bears the name; `None` for a file named as such.
    pub index: Option<u32>,
}

/// The fonts of a build, by the names that settings give them.
pub type Fonts = BTreeMap<String, FontFile>;
