//! Findings that can be mended without asking, mended in their files.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use offprint_core::mend::mend;
use offprint_core::{Fix, Source};

use crate::emit::replace_alike;
use crate::fault::Fault;
use crate::project::{Finding, Project};
use crate::read::{ReadError, read_file};
use crate::roots::shown;

/// What a file may begin with that is no text of it.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// A finding that was mended, or would be.
#[derive(Debug)]
pub(crate) struct Mending {
    /// How messages name the file.
    pub(crate) file: String,
    /// Where the finding was, line and column from 1.
    pub(crate) at: (usize, usize),
    /// The rule.
    pub(crate) code: &'static str,
    /// What was done.
    pub(crate) about: String,
}

/// The files of some projects with what is to be mended in them.
#[derive(Debug, Default)]
pub(crate) struct Mendings {
    files: Vec<MendedFile>,
    /// Each finding once, file by file.
    pub(crate) list: Vec<Mending>,
}

#[derive(Debug)]
struct MendedFile {
    source: Arc<Source>,
    text: String,
}

impl Mendings {
    /// What can be mended of what was found in `projects`. Where two fixes meet, the first one
    /// is made; the other may follow when the file is read anew.
    pub(crate) fn of(projects: &[Project]) -> Self {
        let mut files: BTreeMap<&str, Vec<(&Finding, &Fix)>> = BTreeMap::new();
        for finding in projects.iter().flat_map(|project| &project.findings) {
            let diagnostic = &finding.diagnostic;
            if let (Some(place), Some(fix)) = (&diagnostic.place, &diagnostic.fix) {
                let of_file = files.entry(&place.source.name).or_default();
                of_file.push((finding, fix.as_ref()));
            }
        }
        let mut mendings = Self::default();
        for fixes in files.into_values() {
            mendings.add(&fixes);
        }
        mendings
    }

    fn add(&mut self, fixes: &[(&Finding, &Fix)]) {
        let places = fixes
            .iter()
            .find_map(|(found, _)| found.diagnostic.place.as_ref());
        let Some(source) = places.map(|place| &place.source) else {
            return;
        };
        let mended = mend(&source.text, fixes.iter().map(|(_, fix)| *fix));
        if mended.text == source.text {
            return;
        }
        for ((finding, fix), is_made) in fixes.iter().zip(mended.made) {
            let Some(place) = finding.diagnostic.place.as_ref().filter(|_| is_made) else {
                continue;
            };
            self.list.push(Mending {
                file: source.name.clone(),
                at: place.line_column(),
                code: finding.diagnostic.code,
                about: fix.about.clone(),
            });
        }
        self.files.push(MendedFile {
            source: Arc::clone(source),
            text: mended.text,
        });
    }

    /// Whether there is nothing to mend.
    pub(crate) fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Writes the files, each whole; one that is not as it was read stops it.
    pub(crate) fn write(&self) -> Result<(), Fault> {
        let mut targets = Vec::new();
        for file in &self.files {
            let path = target(&file.source)?;
            let bytes = unchanged(&path, &file.source)?;
            targets.push((path, bytes));
        }
        for (file, (path, bytes)) in self.files.iter().zip(targets) {
            let mark = if bytes.starts_with(BYTE_ORDER_MARK.as_bytes()) {
                BYTE_ORDER_MARK
            } else {
                ""
            };
            let text = format!("{mark}{}", file.text);
            replace_alike(&path, text.as_bytes())
                .map_err(|error| Fault::io("write", &path, &error))?;
        }
        Ok(())
    }
}

/// The file itself where its name is a link to it.
fn target(source: &Source) -> Result<PathBuf, Fault> {
    let named = Path::new(&source.name);
    let path = named
        .canonicalize()
        .map_err(|error| Fault::io("find", named, &error))?;
    let metadata = fs::metadata(&path).map_err(|error| Fault::io("read", &path, &error))?;
    if metadata.permissions().readonly() {
        return Err(Fault::machine(
            format!("`{}` is write-protected", shown(&path)),
            Some("let the file be written to, or mend it by hand"),
        ));
    }
    Ok(path)
}

/// The bytes of a file that is as it was read.
fn unchanged(path: &Path, source: &Source) -> Result<Vec<u8>, Fault> {
    let limit = source.text.len() + BYTE_ORDER_MARK.len();
    let bytes = match read_file(path, limit) {
        Ok(bytes) => Some(bytes),
        Err(ReadError::System(error)) => return Err(Fault::io("read", path, &error)),
        Err(
            ReadError::Missing(_) | ReadError::Outside | ReadError::NotAFile | ReadError::TooLarge,
        ) => None,
    };
    let is_same = |bytes: &Vec<u8>| {
        let text = bytes.strip_prefix(BYTE_ORDER_MARK.as_bytes());
        text.unwrap_or(bytes) == source.text.as_bytes()
    };
    bytes.filter(is_same).ok_or_else(|| {
        Fault::machine(
            format!("`{}` was changed while it was read", source.name),
            Some("nothing was mended in it; run it again"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use offprint_core::{Diagnostic, Place};

    fn mendings(path: &Path, text: &str) -> Mendings {
        let source = Source::new(path.display().to_string(), text);
        let place = Place::find(&source, "http").unwrap();
        let diagnostic = Diagnostic::warning("http-link", "m").at(place);
        let finding = Finding::from(diagnostic.fix_by("say https", "http", "https"));
        let fix = finding.diagnostic.fix.clone().unwrap();
        let mut mendings = Mendings::default();
        mendings.add(&[(&finding, &fix)]);
        mendings
    }

    fn content(path: &Path) -> String {
        String::from_utf8(read_file(path, 1_000).unwrap()).unwrap()
    }

    #[test]
    fn every_byte_but_the_mend_stays() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("a.md");
        fs::write(&path, "\u{feff}一\r\nhttp://x # 注\r\n\0").unwrap();
        mendings(&path, "一\r\nhttp://x # 注\r\n\0")
            .write()
            .unwrap();
        assert_eq!(content(&path), "\u{feff}一\r\nhttps://x # 注\r\n\0");
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_that_was_changed_meanwhile_is_left_alone() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("a.md");
        for now in ["http://y", "http://x and more", ""] {
            fs::write(&path, now).unwrap();
            let fault = mendings(&path, "http://x").write().unwrap_err();
            assert_eq!(fault.exit_code(), 3);
            assert_eq!(content(&path), now);
        }
    }

    #[cfg(unix)]
    #[test]
    fn the_mode_of_a_file_and_a_link_to_it_are_kept() {
        use std::os::unix::fs::PermissionsExt;
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("a.md");
        let link = root.path().join("link.md");
        fs::write(&path, "http://x").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink("a.md", &link).unwrap();
        mendings(&link, "http://x").write().unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(content(&path), "https://x");
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o640);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o440)).unwrap();
        let again = mendings(&path, "https://x");
        assert_eq!(again.write().unwrap_err().exit_code(), 3);
    }
}
