//! Fonts as a PDF embeds them: the glyphs in use and nothing else.
//!
//! Each pair of a glyph and what it stands for gets a code of its own, so that `ToUnicode`
//! is right even where a font draws several characters with one glyph (`·` and `•`).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use offprint_core::ExportError;
use printpdf::{FontId, ParsedFont, PdfFont, PdfFontMap};
use sha2::{Digest, Sha256};
use subsetter::GlyphRemapper;

use crate::page::{Item, Page};
use crate::shape::{Face, Meaning, Shaper};

/// A face with the codes that pages use.
pub(crate) struct Embedded {
    codes: BTreeMap<(u16, Meaning), u16>,
    /// Advances by code, in thousandths of the em, as the file states them.
    widths: BTreeMap<u16, i32>,
    /// Subset glyphs by code, two bytes each.
    pub(crate) glyphs_by_code: Vec<u8>,
    /// The `ToUnicode` map.
    pub(crate) to_unicode: String,
}

impl Embedded {
    /// The code of a glyph; 0, the missing glyph, for one that was not collected.
    pub(crate) fn code(&self, glyph: u16, meaning: Meaning) -> u16 {
        self.codes.get(&(glyph, meaning)).copied().unwrap_or(0)
    }

    /// Every code that means something.
    pub(crate) fn all_codes(&self) -> impl Iterator<Item = u16> {
        1..=self.codes.len() as u16
    }

    /// Its advance in thousandths of the em.
    pub(crate) fn width(&self, code: u16) -> i32 {
        self.widths.get(&code).copied().unwrap_or(1000)
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
    format!("F{}", face as usize)
}

/// [`name`] as printpdf takes it.
pub(crate) fn id(face: Face) -> FontId {
    FontId(name(face))
}

/// Cuts down every face that the pages use.
///
/// # Errors
/// When an embedded font cannot be read, which would be our own fault.
pub(crate) fn embed(
    shaper: &Shaper,
    pages: &[Page],
) -> Result<(PdfFontMap, BTreeMap<Face, Embedded>), ExportError> {
    let mut used: BTreeMap<Face, BTreeSet<(u16, Meaning)>> = BTreeMap::new();
    for item in pages.iter().flat_map(Page::all_items) {
        if let Item::Text(run) = item {
            let glyphs = used.entry(run.face).or_default();
            glyphs.extend(run.glyphs.iter().map(|glyph| (glyph.id, glyph.meaning)));
        }
    }
    let mut map = PdfFontMap::default();
    let mut faces = BTreeMap::new();
    for (face, glyphs) in used {
        let (parsed, embedded) = embed_face(shaper, face, &glyphs)?;
        map.map.insert(id(face), PdfFont::new(parsed));
        faces.insert(face, embedded);
    }
    Ok((map, faces))
}

fn embed_face(
    shaper: &Shaper,
    face: Face,
    glyphs: &BTreeSet<(u16, Meaning)>,
) -> Result<(ParsedFont, Embedded), ExportError> {
    let font = face.font();
    let failed = |what: &str| ExportError::Internal(format!("{}: {what}", font.name));
    let mut remapper = GlyphRemapper::new();
    let mut codes = BTreeMap::new();
    let mut glyphs_by_code = vec![0, 0];
    for (&key, code) in glyphs.iter().zip(1_u16..) {
        glyphs_by_code.extend(remapper.remap(key.0).to_be_bytes());
        codes.insert(key, code);
    }
    let data = subsetter::subset(font.data, 0, &remapper)
        .map_err(|error| failed(&format!("cannot be cut down: {error}")))?;
    // Of the whole font: the subset has lost what printpdf reads its metrics from.
    let metrics = shaper
        .metrics(face)
        .ok_or_else(|| failed("cannot be read"))?;
    let mut characters = BTreeMap::new();
    let mut advances = BTreeMap::new();
    let mut widths = BTreeMap::new();
    for (&(glyph, _), &code) in &codes {
        let advance = shaper.advance(face, glyph);
        characters.insert(u32::from(character_of(code)), code);
        advances.insert(code, advance);
        widths.insert(
            code,
            (f32::from(advance) * 1000.0 / f32::from(metrics.units_per_em)) as i32,
        );
    }
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
    let slant = if font.name.contains("Italic") {
        (1000, 213)
    } else {
        (1, 0)
    };
    parsed.pdf_font_metrics = printpdf::PdfFontMetricsStub {
        units_per_em: metrics.units_per_em,
        x_min: metrics.bounds.0,
        y_min: metrics.bounds.1,
        x_max: metrics.bounds.2,
        y_max: metrics.bounds.3,
        caret_slope_rise: slant.0,
        caret_slope_run: slant.1,
        us_weight_class: if font.name.contains("Bold") { 700 } else { 400 },
    };
    let to_unicode = to_unicode(shaper, &codes);
    Ok((
        parsed,
        Embedded {
            codes,
            widths,
            glyphs_by_code,
            to_unicode,
        },
    ))
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
