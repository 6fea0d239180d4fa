//! The AppID and the AppSecret: from the environment, or from a file that is nobody else's.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use offprint_draftbox::{Credentials, Secret};

use super::Wish;
use crate::fault::Fault;
use crate::read::{ReadError, read_file};
use crate::roots::shown;

const APPID: &str = "OFFPRINT_WECHAT_APPID";
const SECRET: &str = "OFFPRINT_WECHAT_SECRET";
/// More than such a file needs, in bytes.
const MAX_BYTES: usize = 64 * 1024;
/// Folders that mark a repository.
const REPOSITORIES: [&str; 4] = [".git", ".hg", ".jj", ".svn"];
/// What the file looks like.
const FORM: &str = "it has two lines: `appid = \"wx…\"` and `secret = \"…\"`";

/// The credentials that a file or the environment holds; `None` without any where none are
/// needed.
pub(super) fn read(wish: &Wish<'_>, root: &Path) -> Result<Option<Credentials>, Fault> {
    if let Some(path) = wish.credentials {
        return from_file(path, root).map(Some);
    }
    match (variable(APPID)?, variable(SECRET)?) {
        (Some(appid), Some(secret)) => Ok(Some(Credentials {
            appid,
            secret: Secret::new(secret),
        })),
        // The AppID alone tells what is remembered of the account.
        (Some(appid), None) if wish.dry_run => Ok(Some(Credentials {
            appid,
            secret: Secret::new(""),
        })),
        _ if wish.dry_run => Ok(None),
        (Some(_), None) => Err(Fault::usage(
            format!("{APPID} is set, {SECRET} is not"),
            format!("set {SECRET} too, or give both in a file with --credentials"),
        )),
        (None, Some(_)) => Err(Fault::usage(
            format!("{SECRET} is set, {APPID} is not"),
            format!("set {APPID} too, or give both in a file with --credentials"),
        )),
        (None, None) => Err(missing()),
    }
}

pub(super) fn missing() -> Fault {
    Fault::usage(
        "the account's AppID and AppSecret are not given",
        format!(
            "set {APPID} and {SECRET}, or give a file with --credentials; they are at \
             https://mp.weixin.qq.com (设置与开发 > 开发接口管理)"
        ),
    )
}

fn variable(name: &str) -> Result<Option<String>, Fault> {
    let Some(value) = env::var_os(name) else {
        return Ok(None);
    };
    let value = value.into_string().unwrap_or_else(|_| "\0".to_owned());
    let value = value.trim();
    if value.is_empty() {
        return Ok(None);
    }
    if is_possible(value) {
        Ok(Some(value.to_owned()))
    } else {
        Err(Fault::usage(
            format!("{name} holds characters that it cannot have"),
            "copy it again from https://mp.weixin.qq.com: it is of Latin letters and digits",
        ))
    }
}

/// Whether a value can be an AppID or an AppSecret at all.
fn is_possible(value: &str) -> bool {
    value.len() <= 256 && value.bytes().all(|byte| byte.is_ascii_graphic())
}

fn from_file(path: &Path, root: &Path) -> Result<Credentials, Fault> {
    let real = path
        .canonicalize()
        .map_err(|error| Fault::io("read", path, &error))?;
    check_place(path, &real, root)?;
    check_mode(path, &real)?;
    let bytes = read_file(&real, MAX_BYTES).map_err(|error| match error {
        ReadError::System(error) => Fault::io("read", path, &error),
        ReadError::Missing(_) | ReadError::Outside | ReadError::NotAFile | ReadError::TooLarge => {
            Fault::usage(format!("`{}` is no file of credentials", shown(path)), FORM)
        }
    })?;
    // Nothing of what is wrong is shown: it may be the AppSecret.
    let table = String::from_utf8(bytes)
        .ok()
        .and_then(|text| text.parse::<toml::Table>().ok())
        .ok_or_else(|| Fault::usage(format!("`{}` is no TOML", shown(path)), FORM))?;
    let field = |name: &str| {
        let value = table.get(name).and_then(toml::Value::as_str);
        let value = value.map(str::trim).filter(|value| !value.is_empty());
        let value = value.filter(|value| is_possible(value)).ok_or_else(|| {
            let message = format!("`{}` has no usable `{name}`", shown(path));
            Fault::usage(message, FORM)
        })?;
        Ok::<_, Fault>(value.to_owned())
    };
    Ok(Credentials {
        appid: field("appid")?,
        secret: Secret::new(field("secret")?),
    })
}

/// What is in the series' folder or its repository goes to others sooner or later.
fn check_place(path: &Path, real: &Path, root: &Path) -> Result<(), Fault> {
    let typed = path.parent().and_then(|parent| {
        let parent = if parent.as_os_str().is_empty() {
            Path::new(".")
        } else {
            parent
        };
        parent.canonicalize().ok()
    });
    for folder in [Some(root.to_owned()), repository_of(root)]
        .into_iter()
        .flatten()
    {
        let is_inside = |place: &Path| place.starts_with(&folder);
        if is_inside(real) || typed.as_deref().is_some_and(is_inside) {
            return Err(Fault::usage(
                format!(
                    "`{}` lies in the folder or repository of the series, from which it may be \
                     published",
                    shown(path)
                ),
                "move it to a folder of your own, such as ~/.config/offprint/, and make a new \
                 AppSecret if it ever was committed",
            ));
        }
    }
    Ok(())
}

/// The repository that a folder is in.
pub(super) fn repository_of(folder: &Path) -> Option<PathBuf> {
    let is_repository = |folder: &&Path| {
        REPOSITORIES
            .iter()
            .any(|name| fs::symlink_metadata(folder.join(name)).is_ok())
    };
    let folder = folder.canonicalize().ok()?;
    folder.ancestors().find(is_repository).map(Path::to_owned)
}

#[cfg(unix)]
fn check_mode(path: &Path, real: &Path) -> Result<(), Fault> {
    use std::os::unix::fs::PermissionsExt;

    let metadata = fs::metadata(real).map_err(|error| Fault::io("read", path, &error))?;
    if metadata.permissions().mode() & 0o077 != 0 {
        return Err(Fault::usage(
            format!("others may read `{}`", shown(path)),
            format!("make it yours alone: `chmod 600 {}`", shown(path)),
        ));
    }
    Ok(())
}

#[cfg(not(unix))]
fn check_mode(_path: &Path, _real: &Path) -> Result<(), Fault> {
    Ok(())
}
