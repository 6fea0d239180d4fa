//! Which fonts the settings name, and for which text.

use offprint_core::fields::{Entry, Fields, Node, NodeValue};
use offprint_core::font::FontUse;
use offprint_core::{Diagnostic, Place};

/// The user's own fonts by what they are for. What they lack, the embedded ones draw.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FontSettings {
    /// Latin, Greek, Cyrillic, and what else has words and no full width.
    pub body: Vec<Family>,
    /// Chinese and full-width marks.
    pub cjk: Vec<Family>,
    /// Code.
    pub mono: Vec<Family>,
    /// For characters that the fonts of a text's own kind lack.
    pub fallback: Vec<Family>,
}

/// A face with its cuts.
#[derive(Debug, Clone, PartialEq)]
pub struct Family {
    /// For plain text.
    pub regular: FontFace,
    /// For strong text and titles.
    pub bold: Option<FontFace>,
    /// For emphasis.
    pub italic: Option<FontFace>,
    /// For both.
    pub bold_italic: Option<FontFace>,
}

/// One face of a font file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FontFace {
    /// The file's path from the project's root, or a name that the caller can find.
    pub file: String,
    /// Which face of a collection, from 0.
    pub index: Option<u32>,
    /// Where a variable font stands on its axes; its defaults on those that are not named.
    pub axes: Vec<Axis>,
    /// Where the file is named.
    pub place: Option<Place>,
    /// Where the index stands.
    pub index_place: Option<Place>,
}

/// A place on an axis of a variable font.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// Its tag, such as `wght`.
    pub tag: [u8; 4],
    /// How far along.
    pub value: f32,
    /// Where the settings say so.
    pub place: Option<Place>,
}

impl Family {
    /// All faces that it names.
    pub fn faces(&self) -> impl Iterator<Item = &FontFace> {
        [
            Some(&self.regular),
            self.bold.as_ref(),
            self.italic.as_ref(),
            self.bold_italic.as_ref(),
        ]
        .into_iter()
        .flatten()
    }
}

impl FontSettings {
    /// Reads `fonts` of the table `[pdf]`: a font, a list of fonts for all text but code, or
    /// a table of fonts by what they are for.
    pub fn read(fields: &mut Fields<'_, '_>) -> Self {
        let Some(node) = fields.node(&["fonts"]) else {
            return Self::default();
        };
        if is_table_without(node, FACE_KEYS) {
            return fields.table_of(node, |fields| Self {
                body: families(fields, "body"),
                cjk: families(fields, "cjk"),
                mono: families(fields, "mono"),
                fallback: families(fields, "fallback"),
            });
        }
        let all: Vec<Family> = fields
            .list(&["fonts"])
            .into_iter()
            .filter_map(|node| family(fields, node))
            .collect();
        Self {
            body: all.clone(),
            cjk: all,
            ..Self::default()
        }
    }

    /// All faces that are named, in order.
    pub fn faces(&self) -> impl Iterator<Item = &FontFace> {
        [&self.body, &self.cjk, &self.mono, &self.fallback]
            .into_iter()
            .flatten()
            .flat_map(Family::faces)
    }

    /// The files that are named, each place once.
    #[must_use]
    pub fn uses(&self) -> Vec<FontUse> {
        let mut uses = Vec::new();
        for face in self.faces() {
            let Some(place) = face.place.clone() else {
                continue;
            };
            let file = FontUse {
                name: face.file.clone(),
                place,
            };
            if !uses.contains(&file) {
                uses.push(file);
            }
        }
        uses
    }
}

const FACE_KEYS: &[&str] = &["file", "index", "axes"];

/// Whether this is a table none of whose keys is among `keys`.
fn is_table_without(node: &Node, keys: &[&str]) -> bool {
    match &node.value {
        NodeValue::Table(entries) => !entries
            .iter()
            .any(|entry| keys.contains(&entry.key.as_str())),
        NodeValue::Null
        | NodeValue::Bool(_)
        | NodeValue::Integer(_)
        | NodeValue::Float(_)
        | NodeValue::Text(_)
        | NodeValue::List(_) => false,
    }
}

fn is_table(node: &Node) -> bool {
    matches!(node.value, NodeValue::Table(_))
}

fn families(fields: &mut Fields<'_, '_>, role: &'static str) -> Vec<Family> {
    fields
        .list(&[role])
        .into_iter()
        .filter_map(|node| family(fields, node))
        .collect()
}

/// A font with its cuts; what is wrong with it is reported.
fn family<'n>(fields: &mut Fields<'n, '_>, node: &'n Node) -> Option<Family> {
    if !is_table(node) {
        return file_named(fields, node).map(|regular| Family {
            regular,
            bold: None,
            italic: None,
            bold_italic: None,
        });
    }
    fields.table_of(node, |fields| {
        let regular = face(fields, None);
        let mut cut = |name: &'static str| {
            let node = fields.node(&[name])?;
            // Without the font itself, its cuts are read for the sake of their faults.
            let base = regular.clone().unwrap_or_default();
            variant(fields, node, &base)
        };
        let (bold, italic, bold_italic) = (cut("bold"), cut("italic"), cut("bold-italic"));
        Some(Family {
            regular: regular?,
            bold,
            italic,
            bold_italic,
        })
    })
}

/// A cut: another file, another face of the same file, or the same face elsewhere on its axes.
fn variant<'n>(
    fields: &mut Fields<'n, '_>,
    node: &'n Node,
    regular: &FontFace,
) -> Option<FontFace> {
    if !is_table(node) {
        return file_named(fields, node);
    }
    if !is_table_without(node, FACE_KEYS) {
        return fields.table_of(node, |fields| face(fields, Some(regular)));
    }
    let mut face = regular.clone();
    for axis in axes(fields, node) {
        face.axes.retain(|known| known.tag != axis.tag);
        face.axes.push(axis);
    }
    Some(face)
}

/// The fields `file`, `index` and `axes`; `base` lends its file where none is named.
fn face(fields: &mut Fields<'_, '_>, base: Option<&FontFace>) -> Option<FontFace> {
    let file = fields.spanned_text(&["file"]);
    let index = fields.node(&["index"]);
    let number = fields.integer(&["index"], 0..=65_535);
    let axes = match fields.node(&["axes"]) {
        Some(node) => axes(fields, node),
        None => Vec::new(),
    };
    let mut face = match (file, base) {
        (Some((file, node)), _) => FontFace {
            file,
            place: Some(fields.place_of(node)),
            ..FontFace::default()
        },
        (None, Some(base)) => base.clone(),
        (None, None) => {
            let place = fields.place();
            fields.report(
                Diagnostic::error("broken-font", "this font names no file")
                    .at(place)
                    .hint("add `file = \"fonts/….ttf\"`"),
            );
            return None;
        }
    };
    if let (Some(number), Some(node)) = (number, index) {
        face.index = u32::try_from(number).ok();
        face.index_place = Some(fields.place_of(node));
    }
    face.axes = axes;
    Some(face)
}

fn file_named<'n>(fields: &mut Fields<'n, '_>, node: &'n Node) -> Option<FontFace> {
    let file = fields.text_of(node)?;
    if file.is_empty() {
        let place = fields.place_of(node);
        fields.report(
            Diagnostic::error("broken-font", "this names no file")
                .at(place)
                .hint("name a font file by its path from the project's root"),
        );
        return None;
    }
    Some(FontFace {
        file,
        place: Some(fields.place_of(node)),
        ..FontFace::default()
    })
}

fn axes<'n>(fields: &mut Fields<'n, '_>, node: &'n Node) -> Vec<Axis> {
    fields.table_of(node, |fields| {
        fields
            .rest()
            .into_iter()
            .filter_map(|entry| match axis(fields, entry) {
                Ok(axis) => Some(axis),
                Err(diagnostic) => {
                    fields.report(*diagnostic);
                    None
                }
            })
            .collect()
    })
}

fn axis(fields: &Fields<'_, '_>, entry: &Entry) -> Result<Axis, Box<Diagnostic>> {
    let place = fields.place_of(&entry.value);
    let value = match entry.value.value {
        NodeValue::Integer(value) => value as f32,
        NodeValue::Float(value) => value as f32,
        NodeValue::Null
        | NodeValue::Bool(_)
        | NodeValue::Text(_)
        | NodeValue::List(_)
        | NodeValue::Table(_) => {
            let wrong = Diagnostic::error("wrong-type", "this should be a number");
            return Err(Box::new(wrong.at(place)));
        }
    };
    // A tag has four bytes, the last of which may be blanks (OpenType, fvar).
    let mut tag = [b' '; 4];
    let name = entry.key.as_bytes();
    if name.is_empty() || name.len() > tag.len() || !name.iter().all(u8::is_ascii_graphic) {
        let place = Place::new(fields.source(), entry.key_span.clone());
        let message = format!("`{}` is no tag of an axis", entry.key);
        let wrong = Diagnostic::error("broken-font", message).at(place);
        let hint = "tags have four letters, such as `wght`, `wdth`, `opsz`";
        return Err(Box::new(wrong.hint(hint)));
    }
    for (byte, &written) in tag.iter_mut().zip(name) {
        *byte = written;
    }
    Ok(Axis {
        tag,
        value,
        place: Some(place),
    })
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use offprint_core::Source;
    use offprint_core::load::series;

    use super::*;

    fn read(table: &str) -> (FontSettings, Vec<String>) {
        let text = format!(
            "schema = 1\n[series]\nid = \"s\"\ntitle = \"S\"\nlang = \"en\"\n\
             url = \"https://example.org/\"\n{table}"
        );
        let source = Source::new("offprint.toml", text);
        let series = series(&source).value.unwrap();
        let mut diagnostics = Vec::new();
        let node = &series.settings["pdf"];
        let mut fields = Fields::new(&source, node, &mut diagnostics);
        let settings = FontSettings::read(&mut fields);
        fields.finish();
        let faults = diagnostics
            .iter()
            .map(|diagnostic| {
                let place = diagnostic.place.as_ref().unwrap();
                let (line, column) = place.line_column();
                format!("{}:{column} {}", line - 6, diagnostic.message)
            })
            .collect();
        (settings, faults)
    }

    /// A face in few words.
    fn said(face: &FontFace) -> String {
        let mut said = face.file.clone();
        if let Some(index) = face.index {
            let _ = write!(said, "#{index}");
        }
        for axis in &face.axes {
            let tag = String::from_utf8_lossy(&axis.tag);
            let _ = write!(said, " {tag}={}", axis.value);
        }
        said
    }

    fn all(families: &[Family]) -> Vec<Vec<String>> {
        families
            .iter()
            .map(|family| family.faces().map(said).collect())
            .collect()
    }

    #[test]
    fn a_list_names_fonts_for_latin_and_chinese() {
        let (settings, faults) = read(
            "[pdf]\nfonts = [\"a.ttf\", { file = \"b.ttc\", index = 2 }, \
             { file = \"c.ttf\", axes = { wght = 400, opsz = 9.5 }, bold = { wght = 700 } }]\n",
        );
        assert_eq!(faults, Vec::<String>::new());
        let wanted = [
            vec!["a.ttf"],
            vec!["b.ttc#2"],
            vec!["c.ttf wght=400 opsz=9.5", "c.ttf opsz=9.5 wght=700"],
        ];
        assert_eq!(all(&settings.body), wanted);
        assert_eq!(settings.body, settings.cjk);
        assert!(settings.mono.is_empty() && settings.fallback.is_empty());
    }

    #[test]
    fn one_font_is_a_list_of_one() {
        for fonts in ["\"a.ttf\"", "{ file = \"a.ttf\" }"] {
            let (settings, faults) = read(&format!("[pdf]\nfonts = {fonts}\n"));
            assert_eq!(faults, Vec::<String>::new());
            assert_eq!(all(&settings.body), [["a.ttf"]]);
        }
    }

    #[test]
    fn a_table_names_fonts_by_what_they_are_for() {
        let (settings, faults) = read(
            "[pdf.fonts]\nbody = { file = \"a.ttf\", bold = \"b.ttf\", italic = \"i.ttf\", \
             bold-italic = { file = \"z.ttc\", index = 3 } }\n\
             cjk = { file = \"h.ttc\", index = 2, bold = { index = 7 } }\n\
             mono = \"m.ttf\"\nfallback = [\"x.ttf\", \"y.ttf\"]\n",
        );
        assert_eq!(faults, Vec::<String>::new());
        let body = [["a.ttf", "b.ttf", "i.ttf", "z.ttc#3"]];
        assert_eq!(all(&settings.body), body);
        assert_eq!(all(&settings.cjk), [["h.ttc#2", "h.ttc#7"]]);
        assert_eq!(all(&settings.mono), [["m.ttf"]]);
        assert_eq!(all(&settings.fallback), [["x.ttf"], ["y.ttf"]]);
        let names: Vec<String> = settings.uses().into_iter().map(|file| file.name).collect();
        let files = [
            "a.ttf", "b.ttf", "i.ttf", "z.ttc", "h.ttc", "m.ttf", "x.ttf", "y.ttf",
        ];
        assert_eq!(names, files);
    }

    #[test]
    fn all_faults_are_told_where_they_stand() {
        let (settings, faults) = read(
            "[pdf.fonts]\nbody = { bold = \"b.ttf\" }\n\
             cjk = { file = \"h.ttc\", index = -1, axes = { weight = 1, wght = \"x\" } }\n\
             mono = \"\"\nserif = \"s.ttf\"\n",
        );
        assert_eq!(
            faults,
            [
                "2:8 this font names no file",
                "3:33 this should be a whole number from 0 to 65535",
                "3:46 `weight` is no tag of an axis",
                "3:65 this should be a number",
                "4:8 this names no file",
                "5:1 there is no field `serif` here",
            ]
        );
        assert_eq!(all(&settings.cjk), [["h.ttc"]]);
        assert!(settings.body.is_empty() && settings.mono.is_empty());
    }
}
