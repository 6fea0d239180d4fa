//! Values that are sent to the interface and shown to nobody.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A value that no message, no log and no `Debug` output shows.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Wraps a value.
    #[must_use]
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value, to be sent.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }

    /// `text` without the value, should an answer repeat it.
    pub(crate) fn scrub(&self, text: &str) -> String {
        if self.0.is_empty() {
            text.to_owned()
        } else {
            text.replace(&self.0, "…")
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

/// What an account is asked for in the name of: its AppID (开发者ID) and AppSecret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The AppID. It is no secret: every article's page shows it.
    pub appid: String,
    /// The AppSecret.
    pub secret: Secret,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::{Memory, Token};

    #[test]
    fn no_debug_output_shows_a_secret() {
        let credentials = Credentials {
            appid: "wx1".to_owned(),
            secret: Secret::new("geheim"),
        };
        let memory = Memory {
            token: Some(Token {
                value: Secret::new("geheim"),
                expires: 1,
            }),
            ..Memory::default()
        };
        let shown = format!("{credentials:?} {memory:#?}");
        assert!(!shown.contains("geheim"), "{shown}");
        assert_eq!(credentials.secret.scrub("a geheim b"), "a … b");
        assert_eq!(Secret::new("").scrub("a b"), "a b");
    }
}
