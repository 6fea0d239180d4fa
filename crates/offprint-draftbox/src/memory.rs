//! What is remembered of an account between publications.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::secret::Secret;

/// What is known of one account. It may be lost: then pictures are uploaded again, and drafts
/// are made anew beside those that were made before. It holds the access token, so it is to
/// be kept from others.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Memory {
    pub(crate) token: Option<Token>,
    /// Addresses of pictures by the hash of their bytes.
    pub(crate) pictures: BTreeMap<String, String>,
    /// Media ids of covers by the hash of their bytes.
    pub(crate) covers: BTreeMap<String, String>,
    pub(crate) drafts: BTreeMap<String, Draft>,
}

/// An access token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Token {
    pub(crate) value: Secret,
    /// When it is asked for anew, in seconds since 1970.
    pub(crate) expires: u64,
}

/// A draft that was made, or may have been.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Draft {
    /// Its media id.
    pub(crate) media_id: Option<String>,
    /// While it is unknown whether the draft was made: the newest drafts before.
    pub(crate) pending: Option<Vec<String>>,
    /// The hash of what it was when it was last read back.
    pub(crate) seen: Option<String>,
}

/// The SHA-256 of `bytes`, in hexadecimal.
pub(crate) fn hash(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}
