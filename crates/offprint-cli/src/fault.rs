//! What stops the program, apart from faults of the input.

use std::fmt::Display;
use std::io::{self, ErrorKind};
use std::path::Path;

use crate::roots::shown;

/// Why the program cannot go on. Each kind has its exit code.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The command line asks for something that cannot be.
    Usage(Words),
    /// A disk, a permission, another process.
    Machine(Words),
    /// Ours.
    Bug(String),
}

/// A message and what to do about it.
#[derive(Debug)]
pub(crate) struct Words {
    pub(crate) message: String,
    pub(crate) hint: Option<String>,
}

impl Fault {
    pub(crate) fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Usage(Words {
            message: message.into(),
            hint: Some(hint.into()),
        })
    }

    pub(crate) fn machine(message: impl Into<String>, hint: Option<&str>) -> Self {
        Self::Machine(Words {
            message: message.into(),
            hint: hint.map(str::to_owned),
        })
    }

    /// An input or output error in words: what was tried on which file, and why it failed.
    pub(crate) fn io(tried: &str, path: &Path, error: &io::Error) -> Self {
        let (reason, hint) = explain(error);
        Self::machine(format!("cannot {tried} `{}`: {reason}", shown(path)), hint)
    }

    /// The process's exit code.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::Machine(_) => 3,
            Self::Bug(_) => 70,
        }
    }
}

/// A system's error in plain words, with a next step where there is one.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the standard library adds kinds; the rest explain themselves"
)]
pub(crate) fn explain(error: &io::Error) -> (String, Option<&'static str>) {
    let (reason, hint): (&dyn Display, _) = match error.kind() {
        ErrorKind::StorageFull => (
            &"the disk is full",
            Some("make room and build again; the earlier files are as they were"),
        ),
        ErrorKind::QuotaExceeded => (
            &"your share of the disk is used up",
            Some("make room and build again; the earlier files are as they were"),
        ),
        ErrorKind::FileTooLarge => (&"the file system takes no file of that size", None),
        ErrorKind::PermissionDenied => (
            &"permission denied",
            Some("look at the folder's owner and mode, or choose another one with --out"),
        ),
        ErrorKind::ReadOnlyFilesystem => (
            &"the file system is read-only",
            Some("choose another folder with --out"),
        ),
        ErrorKind::NotADirectory => (
            &"a part of the path is a file, not a folder",
            Some("choose another folder with --out"),
        ),
        ErrorKind::AlreadyExists => (
            &"something else already has that name",
            Some("choose another folder with --out"),
        ),
        ErrorKind::NotFound => (&"there is no such file or folder", None),
        ErrorKind::CrossesDevices => (
            &"the folder lies on another file system than the output folder",
            None,
        ),
        ErrorKind::InvalidFilename => (&"the file system takes no such name", None),
        _ => (error, None),
    };
    (reason.to_string(), hint)
}
