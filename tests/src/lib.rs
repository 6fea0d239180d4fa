//! What the tests of the whole program share: the built binary, folders to run it in,
//! readers of what it made, and the validators of others.

#![expect(clippy::panic, reason = "a test stops by panicking")]

pub mod books;
pub mod browser;
pub mod draftbox;
pub mod feeds;
pub mod formulas;
pub mod hostile;
pub mod kindle;
pub mod list;
pub mod long;
pub mod lookup;
pub mod outputs;
pub mod pages;
pub mod presets;
pub mod series;
pub mod shelf;
pub mod tagged;
pub mod tools;
pub mod typography;
pub mod years;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use tempfile::TempDir;

/// The repository's root.
#[must_use]
pub fn repository() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().map(Path::to_owned).unwrap_or_default()
}

/// The folder of a fixture.
#[must_use]
pub fn fixture(name: &str) -> PathBuf {
    repository().join("fixtures").join(name)
}

/// The built program. It belongs to another package, so that Cargo does not build it for
/// these tests by itself; the first call in a process lets it, unless `OFFPRINT_PROGRAM`
/// names it.
///
/// # Panics
/// When it cannot be built.
#[must_use]
pub fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        if let Some(program) = std::env::var_os("OFFPRINT_PROGRAM") {
            return program.into();
        }
        let mut cargo = Command::new(env!("CARGO"));
        cargo.current_dir(repository()).args([
            "build",
            "--package=offprint-cli",
            "--message-format=json",
        ]);
        if !cfg!(debug_assertions) {
            cargo.arg("--release");
        }
        let output = cargo
            .stderr(Stdio::inherit())
            .output()
            .unwrap_or_else(|error| panic!("cannot run Cargo: {error}"));
        assert!(output.status.success(), "the program cannot be built");
        let executable = String::from_utf8_lossy(&output.stdout)
            .lines()
            .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
            .find_map(|message| message.get("executable")?.as_str().map(PathBuf::from));
        executable.unwrap_or_else(|| panic!("Cargo named no executable"))
    })
}

/// What a run of the program said.
#[derive(Debug)]
pub struct Ran {
    /// The exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Ran {
    /// The objects of `--message-format json` whose `reason` is this.
    ///
    /// # Panics
    /// When a line is no JSON object.
    #[must_use]
    pub fn objects(&self, reason: &str) -> Vec<serde_json::Value> {
        self.stdout
            .lines()
            .map(|line| {
                serde_json::from_str::<serde_json::Value>(line)
                    .unwrap_or_else(|error| panic!("no JSON: {error}: {line}"))
            })
            .filter(|object| object.get("reason").and_then(|it| it.as_str()) == Some(reason))
            .collect()
    }

    /// The codes of all diagnostics in JSON output, in order.
    #[must_use]
    pub fn codes(&self) -> Vec<String> {
        self.objects("diagnostic")
            .iter()
            .filter_map(|object| object.get("code")?.as_str().map(str::to_owned))
            .collect()
    }

    /// The same run, which must have ended with this exit code.
    ///
    /// # Panics
    /// When it has not.
    #[must_use]
    pub fn expect(self, code: i32) -> Self {
        assert_eq!(
            self.code,
            Some(code),
            "stdout:\n{}\nstderr:\n{}",
            self.stdout,
            self.stderr
        );
        self
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// The program with these arguments, to be run in `folder`, in a plain environment.
#[must_use]
pub fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program());
    command
        .current_dir(folder)
        .args(arguments)
        .stdin(Stdio::null());
    for name in [
        "LANG",
        "LC_ALL",
        "LC_MESSAGES",
        "NO_COLOR",
        "OFFPRINT_THREADS",
        "SOURCE_DATE_EPOCH",
        "TZ",
    ] {
        command.env_remove(name);
    }
    command
}

/// Runs the program with these arguments in `folder`.
///
/// # Panics
/// When it cannot be started.
#[must_use]
pub fn run(folder: &Path, arguments: &[&str]) -> Ran {
    finish(&mut command(folder, arguments))
}

/// Runs a command to its end.
///
/// # Panics
/// When it cannot be started.
#[must_use]
pub fn finish(command: &mut Command) -> Ran {
    command
        .output()
        .unwrap_or_else(|error| panic!("cannot start {command:?}: {error}"))
        .into()
}

/// A new folder with these files, `/` between the parts of their paths.
///
/// # Panics
/// When it cannot be written.
#[must_use]
pub fn folder_with(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("no temporary folder: {error}"));
    for (path, bytes) in files {
        write(&folder.path().join(path), bytes);
    }
    folder
}

/// Writes a file, and the folders above it.
///
/// # Panics
/// When it cannot be written.
pub fn write(path: &Path, bytes: &[u8]) {
    let result = path
        .parent()
        .map_or(Ok(()), fs::create_dir_all)
        .and_then(|()| fs::File::create(path)?.write_all(bytes));
    result.unwrap_or_else(|error| panic!("cannot write {}: {error}", path.display()));
}

/// A copy of a folder in a new one, under the same name.
///
/// # Panics
/// When it cannot be copied.
#[must_use]
pub fn copy_of(folder: &Path) -> TempDir {
    let copy = tempfile::tempdir().unwrap_or_else(|error| panic!("no temporary folder: {error}"));
    for (path, bytes) in files_below(folder) {
        if !path.starts_with("public/") {
            write(&copy.path().join(path), &bytes);
        }
    }
    copy
}

/// All files below a folder with their bytes, ordered by path, `/` between parts.
///
/// # Panics
/// When they cannot be read.
#[must_use]
pub fn files_below(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    collect(folder, "", &mut files);
    files.sort_unstable();
    files
}

fn collect(folder: &Path, prefix: &str, files: &mut Vec<(String, Vec<u8>)>) {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries {
        let entry = entry.unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{path}/"), files);
        } else {
            let bytes = read(&entry.path());
            files.push((path, bytes));
        }
    }
}

/// A file's bytes.
///
/// # Panics
/// When it cannot be read.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "tests read what was made")]
pub fn read(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A file's text.
///
/// # Panics
/// When it cannot be read or is no UTF-8.
#[must_use]
pub fn read_text(path: &Path) -> String {
    String::from_utf8(read(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A small Markdown issue with this title, ready to be built.
#[must_use]
pub fn small_issue(title: &str) -> String {
    format!(
        "---\ntitle: {title}\ndate: 2020-11-02\nlang: zh-CN\n---\n\n导读一句。\n\n## 栏目\n\n\
         ### A Paper about {title}\n\n- 链接: https://papers.example.org/1\n\n短评一句。\n"
    )
}

/// A small series' `offprint.toml`.
pub const SMALL_SERIES: &str = "schema = 1\n\n[series]\nid = \"small\"\ntitle = \"小刊\"\nlang = \"zh-CN\"\nurl = \"https://small.example.org/\"\n";
