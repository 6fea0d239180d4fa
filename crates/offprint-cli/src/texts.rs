//! Text files of a project that formats ask for: themes, templates.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use offprint_core::{Diagnostic, Files, Place, Source};

use crate::read::{Decoded, ReadError, decode, read_inside};
use crate::roots::shown;

/// The most bytes of such a file.
const MAX_BYTES: usize = 1024 * 1024;
/// The most files of a folder that are read.
const MAX_FILES: usize = 100;

/// Reads the files below `root` that `wanted` names, and reports those that cannot be read at
/// the place that `place` gives for their name. A name that ends in `/` is a folder that need
/// not be there.
pub(crate) fn read(
    root: &Path,
    wanted: &[&str],
    place: impl Fn(&str) -> Place,
    files: &mut Files,
) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for name in wanted {
        let paths = if name.ends_with('/') {
            files_of(root, name)
        } else {
            vec![(*name).to_owned()]
        };
        for path in paths {
            match read_one(root, &path) {
                Ok(source) => {
                    files.insert(path, source);
                }
                Err((message, hint)) => {
                    let mut diagnostic = Diagnostic::error("unreadable", message).at(place(name));
                    diagnostic.hints.extend(hint);
                    diagnostics.push(diagnostic);
                }
            }
        }
    }
    diagnostics
}

/// The files of a folder in the order of their names, without hidden ones and those that
/// editors leave behind.
fn files_of(root: &Path, folder: &str) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(root.join(folder))
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let entry = entry.ok()?;
            // What is no folder may be a link to a file; reading it will tell.
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            let name = entry.file_name().into_string().ok()?;
            let is_wanted = !is_folder && !name.starts_with('.') && !name.ends_with('~');
            is_wanted.then(|| format!("{folder}{name}"))
        })
        .collect();
    names.sort_unstable();
    names.truncate(MAX_FILES);
    names
}

fn read_one(root: &Path, path: &str) -> Result<Arc<Source>, (String, Option<String>)> {
    let name = shown(&root.join(path));
    match read_inside(root, path, MAX_BYTES).map(decode) {
        Ok(Decoded::Text(text)) => Ok(Source::new(name, text)),
        Ok(Decoded::Damaged { .. }) => Err((
            format!("`{path}` is not UTF-8"),
            Some("save it as UTF-8 in your editor".to_owned()),
        )),
        Err(ReadError::Missing(near)) => Err((
            format!("there is no file `{path}`"),
            near.map(|near| format!("did you mean `{near}`?")),
        )),
        Err(ReadError::Outside) => Err((
            format!("`{path}` is outside the project's folder"),
            Some("put the file itself below the folder of offprint.toml".to_owned()),
        )),
        Err(ReadError::NotAFile) => Err((format!("`{path}` is no regular file"), None)),
        Err(ReadError::TooLarge) => {
            Err((format!("`{path}` has more than {MAX_BYTES} bytes"), None))
        }
        Err(ReadError::System(error)) => Err((format!("`{path}` cannot be read: {error}"), None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_folders_are_read_and_faults_told() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("templates/wechat");
        fs::create_dir_all(folder.join("more")).unwrap();
        for (name, text) in [("b.html", "b"), ("a.html", "a"), (".c", "c"), ("d~", "d")] {
            fs::write(folder.join(name), text).unwrap();
        }
        fs::write(root.path().join("gbk.toml"), b"\xd6\xd0").unwrap();
        let source = Source::new("offprint.toml", "theme");
        let place = |_: &str| Place::new(&source, 0..5);
        let mut files = Files::new();
        let wanted = ["templates/wechat/", "none/", "gbk.toml", "template/b.html"];
        let diagnostics = read(root.path(), &wanted, place, &mut files);
        let names: Vec<&str> = files.keys().map(String::as_str).collect();
        assert_eq!(
            names,
            ["templates/wechat/a.html", "templates/wechat/b.html"]
        );
        let messages: Vec<&str> = diagnostics
            .iter()
            .map(|diagnostic| diagnostic.message.as_str())
            .collect();
        assert_eq!(
            messages,
            [
                "`gbk.toml` is not UTF-8",
                "there is no file `template/b.html`"
            ]
        );
    }
}
