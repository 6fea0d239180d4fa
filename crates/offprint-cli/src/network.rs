//! What commands that make connections share: the proxy, and the folder for what was learnt.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use offprint_draftbox::Proxy;

use crate::fault::Fault;

/// What stands between, by the variables that programs have for it. `HTTP_PROXY` is for what
/// is not encrypted.
pub(crate) fn proxy() -> Result<Option<Proxy>, Fault> {
    let set = |name: &&str| env::var_os(name).is_some_and(|value| !value.is_empty());
    let names = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
    let Some(name) = names.into_iter().find(set) else {
        return Ok(None);
    };
    let except = env::var("NO_PROXY").or_else(|_| env::var("no_proxy"));
    let written = env::var(name).unwrap_or_default();
    offprint_draftbox::proxy(&written, &except.unwrap_or_default())
        .map(Some)
        .ok_or_else(|| {
            // The value may hold a password.
            Fault::usage(
                format!("{name} holds no address of a proxy"),
                format!("write `http://host:port` or `socks5://host:port`, or unset {name}"),
            )
        })
}

/// Where the user's programs keep what they can do without.
pub(crate) fn cache_folder() -> Result<PathBuf, Fault> {
    let absolute = |name: &str| {
        let path = PathBuf::from(env::var_os(name)?);
        path.is_absolute().then_some(path)
    };
    absolute("XDG_CACHE_HOME")
        .or_else(|| absolute("LOCALAPPDATA"))
        .or_else(|| Some(env::home_dir()?.join(".cache")))
        .map(|folder| folder.join("offprint"))
        .ok_or_else(|| {
            Fault::usage(
                "there is no folder for what is remembered",
                "let XDG_CACHE_HOME name one, from the root on",
            )
        })
}

#[cfg(unix)]
pub(crate) fn make_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;

    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
}

#[cfg(not(unix))]
pub(crate) fn make_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}
