//! A new series whose first issue explains itself.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use unicode_width::UnicodeWidthStr;

use crate::fault::Fault;
use crate::report::Reporter;
use crate::roots::shown;

const CHINESE: [&str; 2] = [include_str!("zh.toml"), include_str!("zh.md")];
const ENGLISH: [&str; 2] = [include_str!("en.toml"), include_str!("en.md")];

/// Makes a series in `folder`; files that are there already are never touched.
pub(crate) fn init(folder: &Path, reporter: &mut Reporter) -> Result<(), Fault> {
    let date = today()?;
    let [settings, issue] = if reporter.lang().is_chinese() {
        CHINESE
    } else {
        ENGLISH
    };
    let name = name_of(folder);
    let settings = settings
        .replace("{{id}}", &quoted(&slug(&name)))
        .replace("{{title}}", &quoted(&name));
    let issue = issue.replace("{{date}}", &date.to_string());
    let files = [
        (folder.join("offprint.toml"), settings, "the series"),
        (
            folder.join(format!("issues/{date}-first.md")),
            issue,
            "a first issue: it explains itself",
        ),
        (
            folder.join(".gitignore"),
            "/public\n".to_owned(),
            "keeps what is built out of the repository",
        ),
    ];
    let is_ours = |path: &Path| path.ends_with(".gitignore");
    for (path, ..) in files.iter().filter(|(path, ..)| !is_ours(path)) {
        if fs::symlink_metadata(path).is_ok() {
            return Err(already_there(path));
        }
    }
    let width = files
        .iter()
        .map(|(path, ..)| shown(path).width())
        .max()
        .unwrap_or_default();
    for (path, text, purpose) in &files {
        if is_ours(path) && fs::symlink_metadata(path).is_ok() {
            continue;
        }
        write_new(path, text)?;
        let name = shown(path);
        let blanks = " ".repeat(width - name.width());
        reporter.say(&format!("  created {name}{blanks}  {purpose}\n"));
    }
    let place = if folder == Path::new(".") {
        String::new()
    } else {
        format!(" {}", folder.display())
    };
    reporter.say(&format!("Next: offprint build{place}\n"));
    Ok(())
}

fn already_there(path: &Path) -> Fault {
    Fault::usage(
        format!("`{}` is there already", shown(path)),
        "nothing was changed; choose another folder: `offprint init DIR`",
    )
}

fn write_new(path: &Path, text: &str) -> Result<(), Fault> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| Fault::io("make the folder", folder, &error))?;
    }
    let written = File::create_new(path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| {
        if error.kind() == ErrorKind::AlreadyExists {
            already_there(path)
        } else {
            Fault::io("write", path, &error)
        }
    })
}

/// The day the series is made: that of `SOURCE_DATE_EPOCH` if set, else today's.
pub(crate) fn today() -> Result<Date, Fault> {
    Ok(match epoch()? {
        Some(moment) => TimeZone::UTC.to_datetime(moment).date(),
        None => TimeZone::system().to_datetime(Timestamp::now()).date(),
    })
}

/// The moment of `SOURCE_DATE_EPOCH` if set, else this one.
pub(crate) fn now() -> Result<Timestamp, Fault> {
    Ok(epoch()?.unwrap_or_else(Timestamp::now))
}

fn epoch() -> Result<Option<Timestamp>, Fault> {
    let Some(seconds) = std::env::var_os("SOURCE_DATE_EPOCH") else {
        return Ok(None);
    };
    let moment = seconds
        .to_str()
        .and_then(|seconds| Timestamp::from_second(seconds.trim().parse().ok()?).ok());
    moment.map(Some).ok_or_else(|| {
        Fault::usage(
            "SOURCE_DATE_EPOCH is no number of seconds",
            "unset it, or set it to seconds since 1970",
        )
    })
}

/// The series' name: the folder's.
fn name_of(folder: &Path) -> String {
    let named = folder.file_name().map(PathBuf::from);
    let named = named.or_else(|| folder.canonicalize().ok()?.file_name().map(PathBuf::from));
    named.map_or_else(
        || "digest".to_owned(),
        |name| name.to_string_lossy().into_owned(),
    )
}

/// Letters, digits and hyphens of a name; `digest` where none are left.
fn slug(name: &str) -> String {
    let slug: String = name
        .chars()
        .map(|character| {
            if character.is_ascii_alphanumeric() {
                character.to_ascii_lowercase()
            } else {
                '-'
            }
        })
        .collect();
    let slug = slug
        .split('-')
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("-");
    if slug.is_empty() {
        "digest".to_owned()
    } else {
        slug
    }
}

/// A TOML basic string (TOML 1.0, "String").
fn quoted(text: &str) -> String {
    let escaped: String = text
        .chars()
        .map(|character| match character {
            '"' | '\\' => format!("\\{character}"),
            _ if character.is_control() => format!("\\u{:04X}", u32::from(character)),
            _ => character.to_string(),
        })
        .collect();
    format!("\"{escaped}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_id_is_a_slug_of_the_folders_name() {
        assert_eq!(slug("ACL Notes (2026)"), "acl-notes-2026");
        assert_eq!(slug("论文抽印本"), "digest");
    }

    #[test]
    fn a_title_cannot_leave_its_quotes() {
        assert_eq!(quoted("a\"\nid = \\x"), "\"a\\\"\\u000Aid = \\\\x\"");
    }
}
