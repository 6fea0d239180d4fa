//! The fonts that settings name: files of the project, or what the folders of `--font-dir`
//! hold. No other folder is looked into.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use offprint_core::Diagnostic;
use offprint_core::diagnostic::did_you_mean;
use offprint_core::font::{self, FontFile, FontUse, Fonts};
use skrifa::raw::tables::name::Name;
use skrifa::raw::types::NameId;
use skrifa::raw::{FontData, FontRead};

use crate::fault::{Fault, explain};
use crate::read::{ReadError, is_missing, read_file, read_inside};
use crate::roots::shown;

/// Folders of fonts nest no deeper.
const MAX_DEPTH: usize = 8;
/// More fonts than any machine has.
const MAX_FILES: usize = 20_000;
/// The most bytes of a table of names.
const MAX_NAMES: u32 = 1024 * 1024;

/// The fonts of a project, each read once.
pub(crate) struct FontFinder<'a> {
    root: &'a Path,
    folders: &'a [PathBuf],
    /// What the folders hold; looked at when a name asks for it.
    listed: OnceCell<Vec<PathBuf>>,
    named: OnceCell<Vec<NamedFace>>,
    files: Fonts,
    broken: BTreeMap<String, BrokenFont>,
}

struct BrokenFont {
    message: String,
    label: Option<String>,
    hint: Option<String>,
}

/// A face in a file of the folders, with the names that it goes by.
#[derive(Debug)]
struct NamedFace {
    /// Where the file is in the list.
    file: usize,
    index: u32,
    /// Those that mean this face alone.
    own: Vec<String>,
    /// Those that it shares with its other cuts.
    families: Vec<String>,
    is_regular: bool,
}

/// Checks the folders that the command line names.
pub(crate) fn check_folders(folders: &[PathBuf]) -> Result<(), Fault> {
    for folder in folders {
        match fs::metadata(folder) {
            Ok(metadata) if metadata.is_dir() => {}
            Ok(_) => {
                return Err(Fault::usage(
                    format!("`{}` is no folder", shown(folder)),
                    "give `--font-dir` the folder that the fonts lie in",
                ));
            }
            Err(error) if is_missing(&error) => {
                return Err(Fault::usage(
                    format!("there is no folder `{}`", shown(folder)),
                    "give `--font-dir` the folder that the fonts lie in",
                ));
            }
            Err(error) => return Err(Fault::io("read", folder, &error)),
        }
    }
    Ok(())
}

impl<'a> FontFinder<'a> {
    pub(crate) fn new(root: &'a Path, folders: &'a [PathBuf]) -> Self {
        Self {
            root,
            folders,
            listed: OnceCell::new(),
            named: OnceCell::new(),
            files: Fonts::new(),
            broken: BTreeMap::new(),
        }
    }

    /// Reads the fonts that were not read before, and reports those that cannot be.
    pub(crate) fn diagnose(&mut self, uses: &[FontUse]) -> Vec<Diagnostic> {
        let mut diagnostics = Vec::new();
        for used in uses {
            if !self.files.contains_key(&used.name) && !self.broken.contains_key(&used.name) {
                match self.find(&used.name) {
                    Ok(file) => {
                        self.files.insert(used.name.clone(), file);
                    }
                    Err(broken) => {
                        self.broken.insert(used.name.clone(), broken);
                    }
                }
            }
            if let Some(broken) = self.broken.get(&used.name) {
                let mut diagnostic =
                    Diagnostic::error("broken-font", broken.message.clone()).at(used.place.clone());
                diagnostic.label.clone_from(&broken.label);
                diagnostic.hints.extend(broken.hint.clone());
                diagnostics.push(diagnostic);
            }
        }
        diagnostics
    }

    /// What was read so far.
    pub(crate) fn files(&self) -> &Fonts {
        &self.files
    }

    pub(crate) fn into_fonts(self) -> Fonts {
        self.files
    }

    /// A file of the project; for a name without folders, also what `--font-dir` holds.
    fn find(&self, name: &str) -> Result<FontFile, BrokenFont> {
        let near = match read_inside(self.root, name, font::MAX_BYTES) {
            Ok(bytes) => {
                return Ok(FontFile {
                    data: bytes.into(),
                    index: None,
                });
            }
            Err(ReadError::Missing(near)) => near,
            Err(error) => return Err(unread(name, &error)),
        };
        if !name.contains('/')
            && let Some((path, index)) = self.look_up(name)
        {
            return read_file(path, font::MAX_BYTES)
                .map(|bytes| FontFile {
                    data: bytes.into(),
                    index,
                })
                .map_err(|error| unread(&shown(path), &error));
        }
        Err(self.missing(name, near))
    }

    /// A file of the folders that bears a name, or else a face that does.
    fn look_up(&self, name: &str) -> Option<(&Path, Option<u32>)> {
        let files = self.listed();
        let is_named = |path: &&PathBuf| path.file_name().is_some_and(|file| file == name);
        if let Some(path) = files.iter().find(is_named) {
            return Some((path, None));
        }
        let is_it = |names: &[String]| names.iter().any(|own| own.eq_ignore_ascii_case(name));
        let faces = self.named();
        let family = || faces.iter().filter(|face| is_it(&face.families));
        let face = faces
            .iter()
            .find(|face| is_it(&face.own))
            .or_else(|| family().find(|face| face.is_regular))
            .or_else(|| family().next())?;
        Some((files.get(face.file)?, Some(face.index)))
    }

    fn listed(&self) -> &[PathBuf] {
        self.listed.get_or_init(|| {
            let mut files = Vec::new();
            for folder in self.folders {
                list(folder, 0, &mut files);
            }
            files
        })
    }

    fn named(&self) -> &[NamedFace] {
        self.named.get_or_init(|| {
            let mut faces = Vec::new();
            for (number, path) in self.listed().iter().enumerate() {
                // A file that is no font bears no name.
                faces.extend(names(path, number).unwrap_or_default());
            }
            faces
        })
    }

    fn missing(&self, name: &str, near: Option<String>) -> BrokenFont {
        let near = near.or_else(|| {
            let files = self.listed().iter();
            let files = files.filter_map(|path| path.file_name()?.to_str());
            let names = self.named().iter();
            let names = names.flat_map(|face| face.families.iter().chain(&face.own));
            did_you_mean(name, files.chain(names.map(String::as_str))).map(str::to_owned)
        });
        let hint = if name.contains('/') {
            "fonts are named by their paths from the project's root"
        } else if self.folders.is_empty() {
            "name a file by its path from the project's root, or say where fonts lie with `--font-dir`"
        } else {
            "neither the project's root nor a folder of `--font-dir` has it"
        };
        BrokenFont {
            message: format!("there is no font `{name}`"),
            hint: near.is_none().then(|| hint.to_owned()),
            label: near.map(|near| format!("did you mean `{near}`?")),
        }
    }
}

fn unread(name: &str, error: &ReadError) -> BrokenFont {
    let (message, hint) = match error {
        ReadError::Missing(_) => (format!("the font `{name}` is no longer there"), None),
        ReadError::Outside => (
            format!("the font `{name}` lies outside the project's folder"),
            Some("copy it into the project, or write its file's name alone and name its folder with `--font-dir`".to_owned()),
        ),
        ReadError::NotAFile => (format!("`{name}` is no regular file"), None),
        ReadError::TooLarge => (
            format!("the font `{name}` has more than {} MiB", font::MAX_BYTES / 1024 / 1024),
            Some("choose a version for fewer scripts".to_owned()),
        ),
        ReadError::System(error) => {
            let (reason, hint) = explain(error);
            (format!("the font `{name}` cannot be read: {reason}"), hint.map(str::to_owned))
        }
    };
    BrokenFont {
        message,
        label: None,
        hint,
    }
}

/// The font files below a folder, in an order that no file system changes.
fn list(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    paths.sort_unstable();
    for path in paths {
        if files.len() >= MAX_FILES {
            return;
        }
        if path.is_dir() {
            if depth < MAX_DEPTH {
                list(&path, depth + 1, files);
            }
        } else if path.extension().is_some_and(|extension| {
            ["ttf", "otf", "ttc", "otc"]
                .iter()
                .any(|known| extension.eq_ignore_ascii_case(known))
        }) {
            files.push(path);
        }
    }
}

/// The names of all faces of a file. Of large files only what tells them is read.
fn names(path: &Path, file: usize) -> Option<Vec<NamedFace>> {
    // Opening a pipe would wait for a writer.
    if !fs::metadata(path).ok()?.is_file() {
        return None;
    }
    let mut reader = File::open(path).ok()?;
    let header = read_at(&mut reader, 0, 12)?;
    let mut offsets = vec![0];
    if header.starts_with(b"ttcf") {
        let count = number(&header, 8)?.min(256);
        let table = read_at(&mut reader, 12, count.checked_mul(4)?)?;
        offsets = (0..count as usize)
            .filter_map(|index| number(&table, index * 4))
            .collect();
    }
    let mut faces = Vec::new();
    for (offset, index) in offsets.into_iter().zip(0..) {
        if let Some(table) = name_table(&mut reader, offset) {
            faces.extend(named_face(&table, file, index));
        }
    }
    Some(faces)
}

fn read_at(reader: &mut File, offset: u32, length: u32) -> Option<Vec<u8>> {
    reader.seek(SeekFrom::Start(u64::from(offset))).ok()?;
    let mut bytes = vec![0; length as usize];
    reader.read_exact(&mut bytes).ok()?;
    Some(bytes)
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_be_bytes(bytes.try_into().ok()?))
}

/// The table `name` of the font at an offset (OpenType, table directory).
fn name_table(reader: &mut File, offset: u32) -> Option<Vec<u8>> {
    let header = read_at(reader, offset, 12)?;
    let count = number(&header, 4)? >> 16;
    let records = read_at(reader, offset.checked_add(12)?, count.min(256) * 16)?;
    let record = records
        .chunks_exact(16)
        .find(|record| record.starts_with(b"name"))?;
    let (start, length) = (number(record, 8)?, number(record, 12)?);
    read_at(
        reader,
        start,
        Some(length).filter(|length| *length <= MAX_NAMES)?,
    )
}

fn named_face(table: &[u8], file: usize, index: u32) -> Option<NamedFace> {
    let table = Name::read(FontData::new(table)).ok()?;
    let mut face = NamedFace {
        file,
        index,
        own: Vec::new(),
        families: Vec::new(),
        is_regular: false,
    };
    for record in table.name_record() {
        let Ok(text) = record.string(table.string_data()) else {
            continue;
        };
        let text: String = text.chars().collect();
        match record.name_id() {
            NameId::FULL_NAME | NameId::POSTSCRIPT_NAME => face.own.push(text),
            NameId::FAMILY_NAME | NameId::TYPOGRAPHIC_FAMILY_NAME => face.families.push(text),
            NameId::SUBFAMILY_NAME | NameId::TYPOGRAPHIC_SUBFAMILY_NAME => {
                face.is_regular |= ["regular", "book", "roman", "normal"]
                    .contains(&text.to_ascii_lowercase().as_str());
            }
            _ => {}
        }
    }
    Some(face)
}

#[cfg(test)]
mod tests {
    use offprint_core::{Place, Source};

    use super::*;

    const VARIABLE: &[u8] = include_bytes!("../../../fixtures/own-fonts/fonts/Test-Variable.ttf");
    const HAN: &[u8] = include_bytes!("../../../fixtures/own-fonts/fonts/Test-Han.otf");
    const BOTH: &[u8] = include_bytes!("../../../fixtures/own-fonts/fonts/Test-Both.ttc");

    struct Folders {
        root: tempfile::TempDir,
        fonts: Vec<tempfile::TempDir>,
    }

    fn folders(root: &[(&str, &[u8])], fonts: &[&[(&str, &[u8])]]) -> Folders {
        let made = |files: &[(&str, &[u8])]| {
            let folder = tempfile::tempdir().unwrap();
            for (path, data) in files {
                let path = folder.path().join(path);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, data).unwrap();
            }
            folder
        };
        Folders {
            root: made(root),
            fonts: fonts.iter().map(|files| made(files)).collect(),
        }
    }

    /// What was found for each name, and what was said of the others.
    fn find(folders: &Folders, names: &[&str]) -> (Fonts, Vec<Diagnostic>) {
        let fonts: Vec<PathBuf> = folders
            .fonts
            .iter()
            .map(|folder| folder.path().to_owned())
            .collect();
        let mut finder = FontFinder::new(folders.root.path(), &fonts);
        let source = Source::new("offprint.toml", names.join("\n"));
        let uses: Vec<FontUse> = names
            .iter()
            .map(|name| FontUse {
                name: (*name).to_owned(),
                place: Place::find(&source, name).unwrap(),
            })
            .collect();
        let diagnostics = finder.diagnose(&uses);
        (finder.into_fonts(), diagnostics)
    }

    #[test]
    fn a_path_is_a_file_of_the_project_and_no_other() {
        let folders = folders(
            &[("fonts/a.ttf", VARIABLE), ("b.otf", HAN)],
            &[&[("b.otf", b"another"), ("fonts/c.ttf", VARIABLE)]],
        );
        let names = [
            "fonts/a.ttf",
            "b.otf",
            "fonts/c.ttf",
            "../x.ttf",
            "fonts/A.ttf",
        ];
        let (found, told) = find(&folders, &names);
        assert_eq!(&*found["fonts/a.ttf"].data, VARIABLE);
        assert_eq!(&*found["b.otf"].data, HAN);
        assert_eq!(found.len(), 2);
        let told: Vec<(usize, &str, Option<&str>)> = told
            .iter()
            .map(|one| {
                let (line, _) = one.place.as_ref().unwrap().line_column();
                (line, one.message.as_str(), one.label.as_deref())
            })
            .collect();
        assert_eq!(
            told,
            [
                (
                    3,
                    "there is no font `fonts/c.ttf`",
                    Some("did you mean `fonts/a.ttf`?")
                ),
                (
                    4,
                    "the font `../x.ttf` lies outside the project's folder",
                    None
                ),
                (
                    5,
                    "there is no font `fonts/A.ttf`",
                    Some("did you mean `fonts/a.ttf`?")
                ),
            ]
        );
    }

    #[test]
    fn a_name_is_looked_for_in_the_folders_by_file_font_and_family() {
        let folders = folders(
            &[],
            &[
                &[("deep/er/Both.TTC", BOTH), ("z.otf", b"no font")],
                &[("Both.TTC", HAN), ("v.ttf", VARIABLE)],
            ],
        );
        let cases = [
            // The first folder's, whatever is below the second.
            ("Both.TTC", BOTH, None),
            ("OffprintTestHan-Bold", BOTH, Some(0)),
            ("offprint test han regular", BOTH, Some(1)),
            // Of a family, the regular face.
            ("Offprint Test Han", BOTH, Some(1)),
            ("Offprint Test Variable", VARIABLE, Some(0)),
        ];
        let (found, told) = find(&folders, &cases.map(|(name, ..)| name));
        assert_eq!(told, []);
        for (name, data, index) in cases {
            assert_eq!(&*found[name].data, data, "{name}");
            assert_eq!(found[name].index, index, "{name}");
        }
    }

    #[test]
    fn a_slip_in_a_name_is_pointed_out() {
        let folders = folders(&[], &[&[("Han.otf", HAN)]]);
        let (_, told) = find(&folders, &["Offprint Text Han", "Ham.otf", "Garamond"]);
        let labels: Vec<Option<&str>> = told.iter().map(|one| one.label.as_deref()).collect();
        assert_eq!(
            labels,
            [
                Some("did you mean `Offprint Test Han`?"),
                Some("did you mean `Han.otf`?"),
                None,
            ]
        );
        assert_eq!(
            told[2].hints,
            ["neither the project's root nor a folder of `--font-dir` has it"]
        );
    }

    #[test]
    fn files_that_are_no_fonts_bear_no_names() {
        let mut endless = BOTH.to_vec();
        // A collection that claims to hold four thousand million faces.
        endless[8..12].fill(0xff);
        let folders = folders(
            &[],
            &[&[
                ("a.ttf", b""),
                ("b.ttf", b"ttcf\0\0\0\0\xff\xff\xff\xff"),
                ("c.ttf", &HAN[..HAN.len() / 2]),
                ("d.ttc", &endless),
                ("e.ttf/inside.txt", b"a folder"),
            ]],
        );
        let (found, told) = find(&folders, &["Offprint Test Sans"]);
        assert!(found.is_empty());
        assert_eq!(told.len(), 1);
    }

    #[test]
    fn a_folder_that_is_not_there_is_wrong_usage() {
        let folders = folders(&[("a.ttf", HAN)], &[]);
        let root = folders.root.path();
        assert!(check_folders(&[root.to_owned()]).is_ok());
        for path in [root.join("none"), root.join("a.ttf")] {
            assert_eq!(check_folders(&[path]).unwrap_err().exit_code(), 2);
        }
    }
}
