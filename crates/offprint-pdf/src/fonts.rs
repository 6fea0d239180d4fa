//! Fonts as a PDF embeds them: the glyphs in use and nothing else.
//!
//! Each pair of a glyph and what it stands for gets a code of its own, so that `ToUnicode`
//! is right even where a font draws several characters with one glyph (`·` and `•`).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};
use offprint_core::ExportError;
use printpdf::{FontId, ParsedFont, PdfFont, PdfFontMap};
use sha2::{Digest, Sha256};
use skrifa::{FontRef, Tag};
use subsetter::GlyphRemapper;

use crate::page::{Item, Page};
use crate::shape::{Face, Meaning, Shaper};

/// A face with the codes that pages use.
pub(crate) struct Embedded {
    codes: BTreeMap<(u16, Meaning), u16>,
    /// For each glyph its first meaning with its code: most glyphs have no other, and every
    /// glyph of a document asks.
    first: Vec<Option<(Meaning, u16)>>,
    /// Advances by code, in thousandths of the em, as the file states them.
    widths: Vec<i32>,
    /// Subset glyphs by code; code 0 is the missing glyph.
    glyphs_by_code: Vec<u16>,
    /// The `ToUnicode` map.
    to_unicode: String,
    /// The program of a font with `PostScript` outlines, which printpdf does not see: it
    /// would take our codes for the font's.
    cff: Option<Vec<u8>>,
}

impl Embedded {
    /// The code of a glyph; 0, the missing glyph, for one that was not collected.
    pub(crate) fn code(&self, glyph: u16, meaning: Meaning) -> u16 {
        match self.first.get(usize::from(glyph)).copied().flatten() {
            Some((first, code)) if first == meaning => code,
            Some(_) => self.codes.get(&(glyph, meaning)).copied().unwrap_or(0),
            None => 0,
        }
    }

    /// Every code that means something.
    pub(crate) fn all_codes(&self) -> impl Iterator<Item = u16> {
        1..=(self.glyphs_by_code.len() - 1) as u16
    }

    /// Its advance in thousandths of the em.
    pub(crate) fn width(&self, code: u16) -> i32 {
        self.widths.get(usize::from(code)).copied().unwrap_or(1000)
    }
}

/// The character that makes printpdf write a code.
pub(crate) fn character_of(code: u16) -> char {
    char::from_u32(PRIVATE + u32::from(code)).unwrap_or('\u{fffd}')
}

// The last private plane: no text of ours passes through printpdf's own encoding.
const PRIVATE: u32 = 0x0010_0000;

/// The resource name of a face.
pub(crate) fn name(face: Face) -> String {
    format!("F{}", face.number())
}

/// [`name`] as printpdf takes it.
pub(crate) fn id(face: Face) -> FontId {
    FontId(name(face))
}

/// Cuts down every face that the pages use.
///
/// # Errors
/// When a font is damaged: the user's own by the user's fault, an embedded one by ours.
pub(crate) fn embed(
    shaper: &Shaper,
    pages: &[Page],
) -> Result<(PdfFontMap, BTreeMap<Face, Embedded>), ExportError> {
    shaper.is_whole()?;
    let mut used: BTreeMap<Face, Used> = BTreeMap::new();
    let items = pages.iter().flat_map(Page::all_items);
    for run in items.flat_map(Item::runs) {
        let glyphs = used.entry(run.face).or_default();
        for glyph in &run.glyphs {
            glyphs.add(glyph.id, glyph.meaning);
        }
    }
    let mut map = PdfFontMap::default();
    let mut faces = BTreeMap::new();
    for (face, glyphs) in used {
        let (parsed, embedded) = embed_face(shaper, face, &glyphs.into_set())?;
        map.map.insert(id(face), PdfFont::new(parsed));
        faces.insert(face, embedded);
    }
    Ok((map, faces))
}

/// The glyphs of a face that pages use: quick to ask for what is there already.
#[derive(Default)]
struct Used {
    first: Vec<Option<Meaning>>,
    others: BTreeSet<(u16, Meaning)>,
}

impl Used {
    fn add(&mut self, glyph: u16, meaning: Meaning) {
        let index = usize::from(glyph);
        if self.first.len() <= index {
            self.first.resize(index + 1, None);
        }
        match self.first.get_mut(index) {
            Some(Some(first)) if *first == meaning => {}
            Some(slot @ None) => *slot = Some(meaning),
            Some(Some(_)) | None => {
                self.others.insert((glyph, meaning));
            }
        }
    }

    fn into_set(self) -> BTreeSet<(u16, Meaning)> {
        let first = (0_u16..).zip(self.first);
        let first = first.filter_map(|(glyph, meaning)| Some((glyph, meaning?)));
        self.others.into_iter().chain(first).collect()
    }
}

fn embed_face(
    shaper: &Shaper,
    face: Face,
    glyphs: &BTreeSet<(u16, Meaning)>,
) -> Result<(ParsedFont, Embedded), ExportError> {
    let font = shaper
        .typeface(face)
        .ok_or_else(|| ExportError::Internal(format!("{face:?} is in no book")))?;
    let failed = |what: &str| ExportError::Internal(format!("{}: {what}", font.name));
    let mut remapper = GlyphRemapper::new();
    let mut codes = BTreeMap::new();
    let mut glyphs_by_code = vec![0];
    let mut last = (0, 0);
    for &key in glyphs {
        let code = match u16::try_from(glyphs_by_code.len()) {
            Ok(code) => {
                glyphs_by_code.push(remapper.remap(key.0));
                code
            }
            // There are no more: it is drawn right, and read as what it meant before.
            Err(_) if key.0 == last.0 => last.1,
            Err(_) => 0,
        };
        last = (key.0, code);
        codes.insert(key, code);
    }
    let data = font.cut_down(&remapper)?;
    // Of the whole font: the subset has lost what printpdf reads its metrics from.
    let metrics = shaper
        .metrics(face)
        .ok_or_else(|| failed("cannot be read"))?;
    let mut characters = BTreeMap::new();
    let mut advances = BTreeMap::new();
    let mut widths = vec![0];
    let mut first: Vec<Option<(Meaning, u16)>> = Vec::new();
    // Codes were given in the order of glyphs, so widths stand at their codes.
    for (&(glyph, meaning), &code) in &codes {
        let index = usize::from(glyph);
        if first.len() <= index {
            first.resize(index + 1, None);
            if let Some(slot) = first.last_mut() {
                *slot = Some((meaning, code));
            }
        }
        if usize::from(code) != widths.len() {
            continue;
        }
        let advance = shaper.advance(face, glyph);
        characters.insert(u32::from(character_of(code)), code);
        advances.insert(code, advance);
        widths.push((f32::from(advance) * 1000.0 / f32::from(metrics.units_per_em)) as i32);
    }
    let (data, cff) = match bare_cff(&data) {
        Some(cff) => (PLACEHOLDER.to_vec(), Some(cff)),
        None => (data, None),
    };
    let mut parsed = ParsedFont::with_glyph_data(
        data,
        0,
        Some(format!("{}+{}", tag(glyphs), font.name)),
        characters,
        advances,
        metrics.units_per_em,
        printpdf::FontMetrics {
            ascent: metrics.ascent,
            descent: metrics.descent,
        },
    );
    // As a slope: so far aside for so far up.
    let aside = (-font.slant.clamp(-45.0, 45.0).to_radians().tan() * 1000.0).round() as i16;
    parsed.pdf_font_metrics = printpdf::PdfFontMetricsStub {
        units_per_em: metrics.units_per_em,
        x_min: metrics.bounds.0,
        y_min: metrics.bounds.1,
        x_max: metrics.bounds.2,
        y_max: metrics.bounds.3,
        caret_slope_rise: 1000,
        caret_slope_run: aside,
        us_weight_class: font.weight,
    };
    let to_unicode = to_unicode(shaper, &codes);
    Ok((
        parsed,
        Embedded {
            codes,
            first,
            widths,
            glyphs_by_code,
            to_unicode,
            cff,
        },
    ))
}

/// Tells a font's dictionary what printpdf does not: our codes are neither glyphs nor
/// characters, so which glyph each code draws, and which characters it means.
///
/// # Errors
/// When the dictionary is not as printpdf makes it.
pub(crate) fn mend(
    document: &mut Document,
    font: ObjectId,
    face: Face,
    embedded: &Embedded,
) -> Result<(), lopdf::Error> {
    let to_unicode = document
        .get_dictionary(font)?
        .get(b"ToUnicode")?
        .as_reference()?;
    document.set_object(
        to_unicode,
        Stream::new(Dictionary::new(), embedded.to_unicode.clone().into_bytes()),
    );
    if let Some(program) = &embedded.cff {
        mend_cff(document, font, face, embedded, program)
    } else {
        let glyphs: Vec<u8> = embedded
            .glyphs_by_code
            .iter()
            .flat_map(|glyph| glyph.to_be_bytes())
            .collect();
        let glyphs = document.add_object(Stream::new(Dictionary::new(), glyphs));
        for descendant in descendants(document, font)? {
            descendant
                .as_dict_mut()?
                .set("CIDToGIDMap", Object::Reference(glyphs));
        }
        Ok(())
    }
}

fn descendants(document: &mut Document, font: ObjectId) -> Result<&mut [Object], lopdf::Error> {
    document
        .get_dictionary_mut(font)?
        .get_mut(b"DescendantFonts")?
        .as_array_mut()
        .map(Vec::as_mut_slice)
}

/// `PostScript` outlines are found by their CID alone, which after cutting down is the
/// glyph's number (ISO 32000-2, 9.7.4.2), so the step from codes to glyphs is the encoding's.
fn mend_cff(
    document: &mut Document,
    font: ObjectId,
    face: Face,
    embedded: &Embedded,
    program: &[u8],
) -> Result<(), lopdf::Error> {
    let program = document.add_object(Stream::new(
        dictionary! { "Subtype" => "CIDFontType0C" },
        program.to_vec(),
    ));
    let mut descriptors = Vec::new();
    for descendant in descendants(document, font)? {
        let descendant = descendant.as_dict_mut()?;
        descendant.set("Subtype", "CIDFontType0");
        descendant.remove(b"CIDToGIDMap");
        descriptors.push(descendant.get(b"FontDescriptor")?.as_reference()?);
    }
    for descriptor in descriptors {
        let descriptor = document.get_dictionary_mut(descriptor)?;
        let placeholder = descriptor.remove(b"FontFile2");
        descriptor.set("FontFile3", program);
        if let Some(Object::Reference(placeholder)) = placeholder {
            document.objects.remove(&placeholder);
        }
    }
    let glyphs = &embedded.glyphs_by_code;
    if glyphs.iter().zip(0..).all(|(&glyph, code)| glyph == code) {
        return Ok(());
    }
    let name = format!("Offprint-{}", id(face).0);
    let encoding = document.add_object(Stream::new(
        dictionary! {
            "Type" => "CMap",
            "CMapName" => Object::Name(name.clone().into_bytes()),
            "CIDSystemInfo" => dictionary! {
                "Registry" => Object::string_literal("Adobe"),
                "Ordering" => Object::string_literal("Identity"),
                "Supplement" => 0,
            },
            "WMode" => 0,
        },
        encoding(&name, glyphs).into_bytes(),
    ));
    document
        .get_dictionary_mut(font)?
        .set("Encoding", Object::Reference(encoding));
    let mut widths: BTreeMap<u16, i32> = BTreeMap::new();
    for (&glyph, code) in glyphs.iter().zip(0..).skip(1) {
        widths.insert(glyph, embedded.width(code));
    }
    // The glyphs in use have the numbers from 1 on, without gaps.
    let widths: Vec<Object> = widths.into_values().map(Object::from).collect();
    for descendant in descendants(document, font)? {
        descendant
            .as_dict_mut()?
            .set("W", vec![1.into(), Object::Array(widths.clone())]);
    }
    Ok(())
}

/// A `CMap` from codes to glyphs.
fn encoding(name: &str, glyphs: &[u16]) -> String {
    let mut map = format!(
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n\
         /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> def\n\
         /CMapName /{name} def\n/CMapType 1 def\n/WMode 0 def\n\
         1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n",
    );
    let codes: Vec<(usize, u16)> = glyphs.iter().copied().enumerate().skip(1).collect();
    // A block holds at most a hundred entries.
    for block in codes.chunks(100) {
        let _ = writeln!(map, "{} begincidchar", block.len());
        for (code, glyph) in block {
            let _ = writeln!(map, "<{code:04X}> {glyph}");
        }
        map.push_str("endcidchar\n");
    }
    map.push_str("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
    map
}

/// Stands for a program that printpdf is not shown.
const PLACEHOLDER: &[u8] = b"-";

/// The outlines of a font file, if they are `PostScript`'s.
fn bare_cff(file: &[u8]) -> Option<Vec<u8>> {
    let table = FontRef::new(file).ok()?.table_data(Tag::new(b"CFF "))?;
    Some(table.as_bytes().to_vec())
}

/// Six capital letters that depend on the glyphs alone (ISO 32000-2, 9.9.2).
fn tag(glyphs: &BTreeSet<(u16, Meaning)>) -> String {
    let mut hash = Sha256::new();
    for (glyph, _) in glyphs {
        hash.update(glyph.to_be_bytes());
    }
    hash.finalize()
        .iter()
        .take(6)
        .map(|byte| char::from(b'A' + byte % 26))
        .collect()
}

fn to_unicode(shaper: &Shaper, codes: &BTreeMap<(u16, Meaning), u16>) -> String {
    let mut map = String::from(
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n\
         /CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n\
         /CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n\
         1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n",
    );
    let mut entries: Vec<(u16, String)> = codes
        .iter()
        .map(|(&(_, meaning), &code)| {
            let words = shaper.characters(meaning);
            // A part of a cluster, whose characters are told around it, means nothing alone;
            // every code must mean something (ISO 19005-2, 6.2.11.7.2).
            let words = if words.is_empty() {
                "\u{200b}".to_owned()
            } else {
                words
            };
            (code, words)
        })
        .collect();
    entries.sort_unstable();
    // A block holds at most a hundred entries.
    for block in entries.chunks(100) {
        let _ = writeln!(map, "{} beginbfchar", block.len());
        for (code, text) in block {
            let _ = write!(map, "<{code:04X}> <");
            for unit in text.encode_utf16() {
                let _ = write!(map, "{unit:04X}");
            }
            map.push_str(">\n");
        }
        map.push_str("endbfchar\n");
    }
    map.push_str("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
    map
}

#[cfg(test)]
mod tests {
    use offprint_core::load::{Form, Location, issue};
    use offprint_core::{Assets, Context, Edition, Export, Series, Source};

    use super::*;
    use crate::Pdf;
    use crate::book::tests::{face, family, files, varied};
    use crate::font_settings::{Family, FontFace, FontSettings};

    #[test]
    fn more_meanings_than_codes_are_drawn_all_the_same() {
        let mut shaper = Shaper::new();
        let mut glyphs: BTreeSet<(u16, Meaning)> = BTreeSet::new();
        for number in 0..70_000 {
            glyphs.insert((40, shaper.meaning(&number.to_string())));
        }
        glyphs.insert((41, shaper.meaning("x")));
        let (_, embedded) = embed_face(&shaper, Face::LATIN, &glyphs).unwrap();
        let mut codes = glyphs
            .iter()
            .map(|&(glyph, meaning)| embedded.code(glyph, meaning));
        assert_eq!(codes.next(), Some(1));
        // The last glyph has none left, and shows as missing.
        assert_eq!(codes.next_back(), Some(0));
        assert!(codes.all(|code| code > 0));
        assert_eq!(embedded.all_codes().count(), usize::from(u16::MAX));
        assert_eq!(embedded.width(1), embedded.width(u16::MAX));
    }

    fn exported(fonts: FontSettings, text: &str) -> Vec<u8> {
        let text = format!("---\ntitle: 字体\ndate: 2024-05-06\nlang: zh-CN\n---\n{text}");
        let location = Location {
            folder: String::new(),
            stem: "trial".to_owned(),
        };
        let source = Source::new("trial.md", text);
        let issue = issue(&source, Form::Markdown, &location, &Series::default());
        let settings = Pdf {
            fonts,
            ..Pdf::default()
        };
        let context = Context {
            assets: &Assets::default(),
            fonts: &files(),
            published: &[],
            files: &offprint_core::Files::new(),
            attachments: &[],
            threads: 1,
        };
        let edition = Edition {
            series: &Series::default(),
            issues: &[&issue.value.unwrap()],
        };
        let mut exported = settings.export(&context, &edition).unwrap();
        exported.artifacts.remove(0).data
    }

    fn bold_of_a_collection() -> FontSettings {
        let bold = FontFace {
            index: Some(0),
            ..face("Both")
        };
        FontSettings {
            cjk: vec![Family {
                bold: Some(bold),
                ..family(face("Han"))
            }],
            ..FontSettings::default()
        }
    }

    /// The fonts of all pages by the names of their faces.
    fn fonts(document: &Document) -> BTreeMap<String, &Dictionary> {
        let mut fonts = BTreeMap::new();
        for page in document.page_iter() {
            for font in document.get_page_fonts(page).unwrap().into_values() {
                let name = font.get(b"BaseFont").unwrap().as_name().unwrap();
                let name = String::from_utf8(name.get(7..).unwrap().to_vec()).unwrap();
                fonts.insert(name, font);
            }
        }
        fonts
    }

    fn descendant(font: &Dictionary) -> &Dictionary {
        let descendants = font.get(b"DescendantFonts").unwrap().as_array().unwrap();
        descendants[0].as_dict().unwrap()
    }

    fn descriptor<'a>(document: &'a Document, descendant: &Dictionary) -> &'a Dictionary {
        let id = descendant.get(b"FontDescriptor").unwrap();
        document.get_dictionary(id.as_reference().unwrap()).unwrap()
    }

    #[test]
    fn postscript_outlines_are_embedded_as_such_from_files_and_collections() {
        let data = exported(bold_of_a_collection(), "这一期**很好**。\n");
        let document = Document::load_mem(&data).unwrap();
        let fonts = fonts(&document);
        for name in ["OffprintTestHan-Regular", "OffprintTestHan-Bold"] {
            let descendant = descendant(fonts[name]);
            let subtype = descendant.get(b"Subtype").unwrap().as_name().unwrap();
            assert_eq!(subtype, b"CIDFontType0");
            assert!(!descendant.has(b"CIDToGIDMap"));
            let descriptor = descriptor(&document, descendant);
            assert!(!descriptor.has(b"FontFile2"));
            let program = descriptor.get(b"FontFile3").unwrap();
            let program = document
                .get_object(program.as_reference().unwrap())
                .unwrap();
            let program = program.as_stream().unwrap();
            let subtype = program.dict.get(b"Subtype").unwrap().as_name().unwrap();
            assert_eq!(subtype, b"CIDFontType0C");
            // A CFF table's version (Adobe technical note 5176).
            assert_eq!(program.decompressed_content().unwrap()[..2], [1, 0]);
        }
        for object in document.objects.values() {
            if let Object::Stream(stream) = object {
                assert_ne!(stream.content, PLACEHOLDER);
            }
        }
    }

    #[test]
    fn one_glyph_for_two_meanings_is_one_glyph_with_two_codes() {
        // The font draws the long dash with its short one.
        let data = exported(bold_of_a_collection(), "这——那，一—二。\n");
        let document = Document::load_mem(&data).unwrap();
        let font = fonts(&document)["OffprintTestHan-Regular"];
        let encoding = font.get(b"Encoding").unwrap().as_reference().unwrap();
        let encoding = document.get_object(encoding).unwrap().as_stream().unwrap();
        let text = encoding.get_plain_content().unwrap();
        let text = String::from_utf8(text).unwrap();
        let glyphs: Vec<u16> = text
            .lines()
            .filter(|line| line.starts_with('<') && !line.contains("> <"))
            .map(|line| line.split_once(' ').unwrap().1.parse().unwrap())
            .collect();
        let different: BTreeSet<u16> = glyphs.iter().copied().collect();
        assert_eq!(different.len() + 1, glyphs.len(), "{text}");
        let widths = descendant(font).get(b"W").unwrap();
        let widths = widths.as_array().unwrap()[1].as_array().unwrap();
        assert_eq!(widths.len(), different.len());
        let meanings = font.get(b"ToUnicode").unwrap().as_reference().unwrap();
        let meanings = document.get_object(meanings).unwrap().as_stream().unwrap();
        let meanings = String::from_utf8(meanings.get_plain_content().unwrap()).unwrap();
        assert!(meanings.contains("<2014>\n") && meanings.contains("<20142014>\n"));
    }

    #[test]
    fn a_variable_font_is_a_font_for_each_place_on_its_axes() {
        let settings = FontSettings {
            body: vec![Family {
                bold: Some(varied(700.0)),
                ..family(varied(450.0))
            }],
            ..FontSettings::default()
        };
        let data = exported(settings.clone(), "plain **strong**\n");
        let document = Document::load_mem(&data).unwrap();
        let fonts = fonts(&document);
        let stem = |name: &str| {
            let descendant = descendant(fonts[name]);
            let descriptor = descriptor(&document, descendant);
            assert!(descriptor.has(b"FontFile2"));
            descriptor.get(b"StemV").unwrap().as_i64().unwrap()
        };
        let thin = stem("OffprintTestVariable-Regular-wght450");
        let thick = stem("OffprintTestVariable-Regular-wght700");
        assert!(thin < thick, "{thin} {thick}");
        assert_eq!(data, exported(settings, "plain **strong**\n"));
    }
}
