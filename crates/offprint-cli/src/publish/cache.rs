//! What is remembered of an account, in a file of the user's own cache folder.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use offprint_core::Diagnostic;
use offprint_draftbox::{Base, Credentials, Memory};

use super::credentials::repository_of;
use crate::fault::{Fault, explain};
use crate::network::{cache_folder, make_folder};
use crate::read::{ReadError, read_file};
use crate::roots::shown;
use crate::state::Hasher;

/// More than the memory of any account needs, in bytes.
const MAX_BYTES: usize = 64 * 1024 * 1024;

/// The file of one account at one address of the interface.
#[derive(Debug)]
pub(super) struct Cache {
    path: PathBuf,
    /// Held while the file may be written to.
    lock: Option<File>,
}

impl Cache {
    /// The file of an account. Nothing is read or made yet.
    pub(super) fn of(base: &Base, account: &Credentials, root: &Path) -> Result<Self, Fault> {
        let folder = cache_folder()?;
        // It holds an access token.
        let near = folder
            .ancestors()
            .find_map(|above| above.canonicalize().ok());
        let near = near.unwrap_or_default();
        let is_inside = near.starts_with(root)
            || repository_of(root).is_some_and(|repository| near.starts_with(repository));
        if is_inside {
            return Err(Fault::usage(
                format!(
                    "the cache folder `{}` lies in the folder or repository of the series",
                    shown(&folder)
                ),
                "let XDG_CACHE_HOME name another folder",
            ));
        }
        let name = Hasher::default()
            .with(base.to_string())
            .with(&account.appid)
            .finish();
        Ok(Self {
            path: folder.join(format!("wechat-{}.json", name.as_str())),
            lock: None,
        })
    }

    /// Keeps others from publishing for the account at the same time.
    pub(super) fn lock(mut self) -> Result<Self, Fault> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        make_folder(folder).map_err(|error| Fault::io("make", folder, &error))?;
        let path = self.path.with_extension("lock");
        let lock = private(OpenOptions::new().create(true).truncate(false))
            .open(&path)
            .map_err(|error| Fault::io("write", &path, &error))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Fault::machine(
                    "another offprint is publishing for this account",
                    Some("wait until it has ended, and publish again"),
                ));
            }
            Err(TryLockError::Error(error)) => return Err(Fault::io("lock", &path, &error)),
        }
        self.lock = Some(lock);
        Ok(self)
    }

    /// What is remembered; `None` if it cannot be understood.
    pub(super) fn read(&self) -> Result<Option<Memory>, Fault> {
        match read_file(&self.path, MAX_BYTES) {
            Ok(bytes) => Ok(serde_json::from_slice(&bytes).ok()),
            Err(ReadError::Missing(_)) => Ok(Some(Memory::default())),
            Err(ReadError::System(error)) => Err(Fault::io("read", &self.path, &error)),
            Err(ReadError::Outside | ReadError::NotAFile | ReadError::TooLarge) => Ok(None),
        }
    }

    /// What is told of a file that cannot be understood.
    pub(super) fn forgotten(&self) -> Diagnostic {
        Diagnostic::warning(
            "wechat::forgotten",
            format!(
                "`{}` is damaged: pictures are uploaded again, and the drafts that were made \
                 before stay in the box beside new ones",
                shown(&self.path)
            ),
        )
        .hint("delete old drafts at https://mp.weixin.qq.com")
    }

    /// Replaces the file whole.
    pub(super) fn write(&self, memory: &Memory) -> Result<(), String> {
        let tried = || format!("cannot write `{}`", shown(&self.path));
        let bytes = serde_json::to_vec(memory).map_err(|error| format!("{}: {error}", tried()))?;
        self.replace(&bytes)
            .map_err(|error| format!("{}: {}", tried(), explain(&error).0))
    }

    fn replace(&self, bytes: &[u8]) -> io::Result<()> {
        let temporary = self.path.with_extension("tmp");
        if fs::symlink_metadata(&temporary).is_ok() {
            fs::remove_file(&temporary)?;
        }
        let mut file = private(OpenOptions::new().create_new(true)).open(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&temporary, &self.path)
    }
}

/// A file that nobody else may read.
#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;

    options.write(true).mode(0o600)
}

#[cfg(not(unix))]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options.write(true)
}
