//! Reading files of a project: regular ones, below its root, under limits.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use offprint_core::diagnostic::did_you_mean;

/// Why a file of a project was not read.
#[derive(Debug)]
pub(crate) enum ReadError {
    /// There is none; a file of a similar name may be near.
    Missing(Option<String>),
    /// The path, or a symbolic link in it, leads out of the project.
    Outside,
    /// A folder, a pipe, a device.
    NotAFile,
    /// Longer than the limit.
    TooLarge,
    /// The system refused.
    System(io::Error),
}

/// Reads the file at `path`, `/` between its parts, below `root`, if it has at most
/// `limit` bytes.
pub(crate) fn read_inside(root: &Path, path: &str, limit: usize) -> Result<Vec<u8>, ReadError> {
    read_file(&locate(root, path)?, limit)
}

/// What the system knows of the file at `path` below `root`.
pub(crate) fn look_inside(root: &Path, path: &str) -> Result<Metadata, ReadError> {
    fs::metadata(locate(root, path)?).map_err(ReadError::System)
}

/// Where `path` below `root` leads, if that is below `root` too.
fn locate(root: &Path, path: &str) -> Result<PathBuf, ReadError> {
    let relative = Path::new(path);
    if relative
        .components()
        .any(|part| !matches!(part, Component::Normal(_)))
    {
        return Err(ReadError::Outside);
    }
    let real_root = root.canonicalize().map_err(ReadError::System)?;
    let real = match real_root.join(relative).canonicalize() {
        Ok(real) => real,
        Err(error) if is_missing(&error) => {
            return Err(ReadError::Missing(similar(&real_root, relative)));
        }
        Err(error) => return Err(ReadError::System(error)),
    };
    if !real.starts_with(&real_root) {
        return Err(ReadError::Outside);
    }
    Ok(real)
}

/// Reads a regular file of at most `limit` bytes.
pub(crate) fn read_file(path: &Path, limit: usize) -> Result<Vec<u8>, ReadError> {
    // Opening a pipe would wait for a writer, so the kind is looked at first.
    let metadata = fs::metadata(path).map_err(|error| {
        if is_missing(&error) {
            ReadError::Missing(None)
        } else {
            ReadError::System(error)
        }
    })?;
    if !metadata.is_file() {
        return Err(ReadError::NotAFile);
    }
    let file = File::open(path).map_err(ReadError::System)?;
    let length = usize::try_from(metadata.len()).unwrap_or(limit);
    let mut bytes = Vec::with_capacity(length.min(limit));
    // The file may have grown since.
    file.take(limit as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(ReadError::System)?;
    if bytes.len() > limit {
        return Err(ReadError::TooLarge);
    }
    Ok(bytes)
}

/// Whether nothing is at a path, also because a folder on the way is no folder.
pub(crate) fn is_missing(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

/// The path of a file that a slip of the pen, or of the shift key, may have meant.
fn similar(real_root: &Path, relative: &Path) -> Option<String> {
    let mut found = PathBuf::new();
    for part in relative.components() {
        let part = part.as_os_str();
        let folder = real_root.join(&found).canonicalize().ok()?;
        if !folder.starts_with(real_root) {
            return None;
        }
        if folder.join(part).exists() {
            found.push(part);
            continue;
        }
        let mut names: Vec<String> = fs::read_dir(&folder)
            .ok()?
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|name| !name.starts_with('.'))
            .collect();
        names.sort_unstable();
        let part = part.to_str()?;
        found.push(did_you_mean(part, names.iter().map(String::as_str))?);
    }
    let is_file = real_root.join(&found).is_file();
    is_file.then(|| slashed(&found))
}

/// A path with `/` between its parts.
pub(crate) fn slashed(path: &Path) -> String {
    let parts: Vec<_> = path
        .components()
        .filter(|part| *part != Component::CurDir)
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    parts.join("/")
}

/// A file's text.
pub(crate) enum Decoded {
    /// It is UTF-8.
    Text(String),
    /// It is not: the text with U+FFFD for what cannot be read, the offset of the first such
    /// place, and what the file may be instead.
    Damaged {
        text: String,
        at: usize,
        guess: Option<&'static str>,
    },
}

/// Reads bytes as UTF-8.
pub(crate) fn decode(bytes: Vec<u8>) -> Decoded {
    let error = match String::from_utf8(bytes) {
        Ok(text) => return Decoded::Text(text),
        Err(error) => error,
    };
    let at = error.utf8_error().valid_up_to();
    let bytes = error.into_bytes();
    let guess = match bytes.get(..2) {
        Some([0xff, 0xfe] | [0xfe, 0xff]) => Some("UTF-16"),
        _ if is_like_gb18030(&bytes) => Some("GBK or GB 18030"),
        _ => None,
    };
    Decoded::Damaged {
        text: String::from_utf8_lossy(&bytes).into_owned(),
        at,
        guess,
    }
}

/// Whether all bytes beyond ASCII come in the pairs of GBK (GB 18030 §5).
fn is_like_gb18030(bytes: &[u8]) -> bool {
    let mut rest = bytes.iter();
    while let Some(&byte) = rest.next() {
        let pair_is_whole = match byte {
            0..=0x7f => true,
            0x81..=0xfe => matches!(rest.next(), Some(0x30..=0x7e | 0x80..=0xfe)),
            0x80 | 0xff => false,
        };
        if !pair_is_whole {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_climbs_out_is_not_opened() {
        let root = tempfile::tempdir().unwrap();
        let inner = root.path().join("inner");
        fs::create_dir(&inner).unwrap();
        fs::write(root.path().join("secret"), "x").unwrap();
        for path in ["../secret", "/etc/hostname", "a/../../secret", ""] {
            let result = read_inside(&inner, path, 10);
            assert!(
                matches!(result, Err(ReadError::Outside | ReadError::NotAFile)),
                "{path}: {result:?}"
            );
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_followed_within_the_project_only() {
        let root = tempfile::tempdir().unwrap();
        let inner = root.path().join("inner");
        fs::create_dir(&inner).unwrap();
        fs::write(root.path().join("secret"), "x").unwrap();
        fs::write(inner.join("own"), "y").unwrap();
        std::os::unix::fs::symlink(root.path().join("secret"), inner.join("out")).unwrap();
        std::os::unix::fs::symlink("own", inner.join("in")).unwrap();
        std::os::unix::fs::symlink(root.path(), inner.join("up")).unwrap();
        assert!(matches!(
            read_inside(&inner, "out", 10),
            Err(ReadError::Outside)
        ));
        assert!(matches!(
            read_inside(&inner, "up/secret", 10),
            Err(ReadError::Outside)
        ));
        assert_eq!(read_inside(&inner, "in", 10).unwrap(), b"y");
    }

    #[test]
    fn a_file_over_the_limit_is_refused() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("a"), [0; 11]).unwrap();
        assert!(matches!(
            read_inside(root.path(), "a", 10),
            Err(ReadError::TooLarge)
        ));
        assert_eq!(read_inside(root.path(), "a", 11).unwrap().len(), 11);
    }

    #[test]
    fn a_name_in_other_case_is_suggested() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("Images")).unwrap();
        fs::write(root.path().join("Images/Cover.PNG"), "").unwrap();
        let Err(ReadError::Missing(near)) = read_inside(root.path(), "images/cover.png", 10) else {
            panic!("there is no such file");
        };
        assert_eq!(near.as_deref(), Some("Images/Cover.PNG"));
    }

    #[test]
    fn chinese_in_gbk_is_recognised() {
        let mut bytes = b"title: ".to_vec();
        bytes.extend([0xc2, 0xdb, 0xce, 0xc4]);
        let Decoded::Damaged { at, guess, .. } = decode(bytes) else {
            panic!("this is no UTF-8");
        };
        assert_eq!((at, guess), (7, Some("GBK or GB 18030")));
    }
}
