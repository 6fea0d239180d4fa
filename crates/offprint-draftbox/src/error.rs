//! Why a publication failed.

use crate::draft::Fault;
use crate::errcode::{BUSY, meaning, next_step};

/// Why a publication failed. What was uploaded before is remembered all the same.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PublishError {
    /// The input cannot be published; nothing was sent.
    #[error("the articles cannot be published: {}", .0.first().map_or("no reason given", |first| first.message.as_str()))]
    Input(Vec<Fault>),
    /// WeChat said no.
    #[error("{doing} failed: {}", what(*code, errmsg))]
    Refused {
        /// What was being done.
        doing: String,
        /// WeChat's `errcode`.
        code: i64,
        /// WeChat's `errmsg`, of one line.
        errmsg: String,
    },
    /// No answer came, or none that can be understood.
    #[error("{doing} failed: {why}")]
    Unanswered {
        /// What was being done.
        doing: String,
        /// Why there is no answer.
        why: String,
        /// Whether it may have been done all the same.
        may_be_done: bool,
    },
    /// The draft was changed in the console since it was last read, and was left as it is.
    #[error("the draft of `{0}` was changed in the console; it was left as it is")]
    Edited(String),
    /// What was done could not be written down.
    #[error("{0}")]
    NotKept(String),
}

impl PublishError {
    /// What to do next, in one sentence.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Input(_) => return None,
            Self::Refused { code, errmsg, .. } => next_step(*code, errmsg).unwrap_or_else(|| {
                "https://developers.weixin.qq.com/doc/ explains the code".to_owned()
            }),
            Self::Unanswered { .. } => {
                "look at the network and at the proxy, if there is one, and publish again: what \
                 was uploaded is remembered"
                    .to_owned()
            }
            Self::Edited(_) => "publish with --overwrite to put the issue in its place".to_owned(),
            Self::NotKept(_) => {
                "what was uploaded is uploaded again next time; look for a draft that was made"
                    .to_owned()
            }
        })
    }

    /// WeChat's code.
    #[must_use]
    pub fn code(&self) -> Option<i64> {
        match self {
            Self::Refused { code, .. } => Some(*code),
            Self::Input(_) | Self::Unanswered { .. } | Self::Edited(_) | Self::NotKept(_) => None,
        }
    }

    /// Whether what failed may have been done all the same.
    pub(crate) fn may_be_done(&self) -> bool {
        match self {
            Self::Refused { code, .. } => *code == BUSY,
            Self::Unanswered { may_be_done, .. } => *may_be_done,
            Self::Input(_) | Self::Edited(_) | Self::NotKept(_) => false,
        }
    }

    /// The reason alone.
    pub(crate) fn why(&self) -> String {
        match self {
            Self::Refused { code, errmsg, .. } => what(*code, errmsg),
            Self::Unanswered { why, .. } => why.clone(),
            Self::Input(_) | Self::Edited(_) | Self::NotKept(_) => self.to_string(),
        }
    }
}

fn what(code: i64, errmsg: &str) -> String {
    match meaning(code) {
        Some((what, _)) => format!("{what} (WeChat says {code}: {errmsg})"),
        None => format!("WeChat says {code}: {errmsg}"),
    }
}
