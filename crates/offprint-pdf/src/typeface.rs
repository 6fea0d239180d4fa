//! A font file's face: read, checked, shaped with, cut down.

use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use harfrust::{
    Direction, GlyphBuffer, Script, ShapeOptions, ShapePlan, ShaperData, ShaperInstance,
    UnicodeBuffer,
};
use offprint_core::font::FontFile;
use offprint_core::{Diagnostic, ExportError, Place, Severity};
use skrifa::instance::{Location, Size};
use skrifa::raw::{FileRef, TableProvider};
use skrifa::string::StringId;
use skrifa::{FontRef, GlyphId, MetadataProvider, Tag};
use subsetter::GlyphRemapper;

use crate::font_settings::{Axis, FontFace};

/// A font at one place on its axes.
pub(crate) struct Typeface {
    /// Its `PostScript` name.
    pub(crate) name: String,
    /// As an angle of the upright from the vertical, in degrees, negative to the right.
    pub(crate) slant: f32,
    /// From 1 to 1000; 400 is regular.
    pub(crate) weight: u16,
    /// As the settings name it; `None` for an embedded font.
    named: Option<FontFace>,
    data: Data,
    index: u32,
    axes: Vec<(Tag, f32)>,
    location: Location,
    shaping: ShaperData,
    instance: Option<ShaperInstance>,
    em: f32,
    /// A library stopped at it.
    is_damaged: AtomicBool,
}

#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Data {
    Embedded(&'static [u8]),
    Read(Arc<[u8]>),
}

impl Data {
    fn bytes(&self) -> &[u8] {
        match self {
            Self::Embedded(bytes) => bytes,
            Self::Read(bytes) => bytes,
        }
    }
}

/// What a PDF states of a whole font, in its own units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Metrics {
    pub(crate) units_per_em: u16,
    pub(crate) ascent: i16,
    pub(crate) descent: i16,
    /// Left, bottom, right, top.
    pub(crate) bounds: (i16, i16, i16, i16),
}

impl Typeface {
    /// `None` for bytes that are no font.
    fn new(data: Data, index: u32, axes: Vec<(Tag, f32)>) -> Option<Self> {
        let font = FontRef::from_index(data.bytes(), index).ok()?;
        let location = font.axes().location(axes.iter().copied());
        let instance = (!axes.is_empty())
            .then(|| ShaperInstance::from_variations(&font, axes.iter().copied()));
        let metrics = font.metrics(Size::unscaled(), &location);
        let along = |tag: &[u8; 4]| {
            let named = axes.iter().find(|(known, _)| *known == Tag::new(tag));
            named.map(|&(_, value)| value)
        };
        let slant = along(b"slnt").unwrap_or(metrics.italic_angle);
        let weight = along(b"wght").unwrap_or_else(|| font.attributes().weight.value());
        Some(Self {
            name: name_of(&font, &axes),
            slant,
            weight: weight as u16,
            shaping: ShaperData::new(&font),
            em: f32::from(metrics.units_per_em),
            named: None,
            is_damaged: AtomicBool::new(false),
            instance,
            location,
            axes,
            index,
            data,
        })
    }

    /// An embedded font.
    pub(crate) fn embedded(name: &str, bytes: &'static [u8]) -> Option<Self> {
        let mut typeface = Self::new(Data::Embedded(bytes), 0, Vec::new())?;
        name.clone_into(&mut typeface.name);
        Some(typeface)
    }

    /// Asks a library that answers some damage with a panic.
    fn ask<T>(&self, question: impl FnOnce(FontRef<'_>) -> Option<T>) -> Option<T> {
        let file = FontRef::from_index(self.data.bytes(), self.index).ok()?;
        catch_unwind(AssertUnwindSafe(|| question(file))).unwrap_or_else(|_| {
            self.is_damaged.store(true, Ordering::Relaxed);
            None
        })
    }

    /// The glyph of a character.
    pub(crate) fn glyph(&self, character: char) -> Option<GlyphId> {
        self.ask(|file| file.charmap().map(character))
    }

    /// How far a glyph moves the pen, in its own units.
    pub(crate) fn advance(&self, glyph: GlyphId) -> Option<f32> {
        self.ask(|file| {
            file.glyph_metrics(Size::unscaled(), &self.location)
                .advance_width(glyph)
        })
    }

    /// Left and right edge of a glyph's outline, in em.
    pub(crate) fn ink(&self, glyph: GlyphId) -> Option<(f32, f32)> {
        self.ask(|file| {
            let glyphs = file.glyph_metrics(Size::unscaled(), &self.location);
            let bounds = glyphs.bounds(glyph)?;
            Some((bounds.x_min / self.em, bounds.x_max / self.em))
        })
    }

    /// Units in an em.
    pub(crate) fn em(&self) -> f32 {
        self.em
    }

    fn shaper<'a>(&'a self, file: &FontRef<'a>) -> harfrust::Shaper<'a> {
        self.shaping
            .shaper(file)
            .instance(self.instance.as_ref())
            .build()
    }

    /// What is to be looked up in it for a script and a direction, which takes longer to
    /// find out than most words take to shape.
    pub(crate) fn plan(&self, direction: Direction, script: Option<Script>) -> Option<ShapePlan> {
        self.ask(|file| {
            let shaper = self.shaper(&file);
            Some(ShapePlan::new(&shaper, direction, script, None, &[]))
        })
    }

    /// Glyphs for a run of text.
    pub(crate) fn shape(
        &self,
        buffer: UnicodeBuffer,
        plan: Option<&ShapePlan>,
    ) -> Option<GlyphBuffer> {
        self.ask(|file| {
            let options = ShapeOptions::new().plan(plan);
            Some(self.shaper(&file).shape(buffer, options))
        })
    }

    /// What a PDF states of it.
    pub(crate) fn metrics(&self) -> Option<Metrics> {
        let metrics = self.ask(|file| Some(file.metrics(Size::unscaled(), &self.location)))?;
        let bounds = metrics.bounds.unwrap_or_default();
        Some(Metrics {
            units_per_em: metrics.units_per_em,
            ascent: metrics.ascent as i16,
            descent: metrics.descent as i16,
            bounds: (
                bounds.x_min as i16,
                bounds.y_min as i16,
                bounds.x_max as i16,
                bounds.y_max as i16,
            ),
        })
    }

    /// A font file of its own with these glyphs alone, at its place on the axes.
    ///
    /// # Errors
    /// When the font is damaged.
    pub(crate) fn cut_down(&self, glyphs: &GlyphRemapper) -> Result<Vec<u8>, ExportError> {
        self.subset(glyphs).ok_or_else(|| self.fault())
    }

    /// # Errors
    /// When the font turned out to be damaged while it was used.
    pub(crate) fn is_whole(&self) -> Result<(), ExportError> {
        if self.is_damaged.load(Ordering::Relaxed) {
            Err(self.fault())
        } else {
            Ok(())
        }
    }

    /// Damage: to the user's own font by the user's fault, to an embedded one by ours.
    fn fault(&self) -> ExportError {
        match &self.named {
            Some(named) => ExportError::Input(vec![damaged(named)]),
            None => ExportError::Internal(format!("{} cannot be read", self.name)),
        }
    }

    fn subset(&self, glyphs: &GlyphRemapper) -> Option<Vec<u8>> {
        let axes: Vec<(subsetter::Tag, f32)> = self
            .axes
            .iter()
            .map(|(tag, value)| (subsetter::Tag::new(&tag.to_be_bytes()), *value))
            .collect();
        self.ask(|_| {
            subsetter::subset_with_variations(self.data.bytes(), self.index, &axes, glyphs).ok()
        })
    }
}

/// The `PostScript` name, with what sets an instance of a variable font apart.
fn name_of(font: &FontRef<'_>, axes: &[(Tag, f32)]) -> String {
    let written = |id| {
        font.localized_strings(id)
            .english_or_first()
            .map(|name| name.to_string())
    };
    let written = written(StringId::POSTSCRIPT_NAME)
        .or_else(|| written(StringId::FULL_NAME))
        .unwrap_or_default();
    let mut name = written;
    for (tag, value) in axes {
        let _ = write!(name, "-{tag}{value}");
    }
    // What a PDF's names and other programs' names of fonts agree on.
    name.retain(|character| character.is_ascii_alphanumeric() || "-._".contains(character));
    name.truncate(100);
    if name.is_empty() {
        "Font".clone_into(&mut name);
    }
    name
}

/// Opens a face, with warnings; or all that is wrong with it.
pub(crate) fn open(
    named: &FontFace,
    file: &FontFile,
) -> Result<(Typeface, Vec<Diagnostic>), Vec<Diagnostic>> {
    catch_unwind(|| open_face(named, file)).unwrap_or_else(|_| Err(vec![damaged(named)]))
}

fn open_face(
    named: &FontFace,
    file: &FontFile,
) -> Result<(Typeface, Vec<Diagnostic>), Vec<Diagnostic>> {
    let index = index_of(named, file).map_err(|fault| vec![*fault])?;
    let unreadable = || vec![damaged(named)];
    let font = FontRef::from_index(&file.data, index).map_err(|_| unreadable())?;
    let mut found: Vec<Diagnostic> = permission(named, &font).into_iter().collect();
    found.extend(
        named
            .axes
            .iter()
            .filter_map(|axis| misplaced(named, axis, &font)),
    );
    if found.iter().any(|one| one.severity == Severity::Error) {
        return Err(found);
    }
    let axes = named
        .axes
        .iter()
        .map(|axis| (Tag::new(&axis.tag), axis.value))
        .collect();
    let mut typeface =
        Typeface::new(Data::Read(Arc::clone(&file.data)), index, axes).ok_or_else(unreadable)?;
    typeface.named = Some(named.clone());
    let is_usable = typeface.em > 0.0
        && font.charmap().has_map()
        && typeface.metrics().is_some()
        && typeface.advance(GlyphId::NOTDEF).is_some()
        // Whatever a page needs of it later is cut out the same way.
        && typeface.subset(&GlyphRemapper::new()).is_some();
    if is_usable {
        Ok((typeface, found))
    } else {
        Err(unreadable())
    }
}

fn damaged(named: &FontFace) -> Diagnostic {
    let message = format!("`{}` cannot be read as a font", named.file);
    at(
        Diagnostic::error("broken-font", message).hint(
            "fonts with TrueType or PostScript outlines are taken (.ttf, .otf, .ttc, .otc), \
             those of bitmaps alone are not",
        ),
        named.place.as_ref(),
    )
}

/// Which face of a file is meant.
fn index_of(named: &FontFace, file: &FontFile) -> Result<u32, Box<Diagnostic>> {
    let broken = |message: String, hint: String, place: &Option<Place>| {
        let broken = Diagnostic::error("broken-font", message).hint(hint);
        Box::new(at(broken, place.as_ref()))
    };
    let wanted = named.index.or(file.index).unwrap_or(0);
    match FileRef::new(&file.data) {
        Ok(FileRef::Collection(collection)) if wanted < collection.len() => Ok(wanted),
        Ok(FileRef::Collection(collection)) => Err(broken(
            format!("`{}` has no face {wanted}", named.file),
            match collection.len() {
                0 => "it holds no face at all".to_owned(),
                1 => "its only face has the index 0".to_owned(),
                count => format!("its faces have the indices 0 to {}", count - 1),
            },
            &named.index_place,
        )),
        Ok(FileRef::Font(_)) if wanted == 0 => Ok(0),
        Ok(FileRef::Font(_)) => Err(broken(
            format!("`{}` is no collection and has one face", named.file),
            "leave `index` out".to_owned(),
            &named.index_place,
        )),
        Err(_) => Err(broken(
            format!("`{}` is no TrueType or OpenType font", named.file),
            match file.data.get(..4) {
                Some(b"wOFF" | b"wOF2") => {
                    "it is a font for web pages (WOFF): name its TTF or OTF".to_owned()
                }
                _ => "name a .ttf, .otf, .ttc or .otc file".to_owned(),
            },
            &named.place,
        )),
    }
}

/// What is wrong with a place on an axis.
fn misplaced(named: &FontFace, axis: &Axis, font: &FontRef<'_>) -> Option<Diagnostic> {
    let tag = Tag::new(&axis.tag);
    let known = font.axes();
    let range = |axis: &skrifa::Axis| {
        format!(
            "{} from {} to {}",
            axis.tag(),
            axis.min_value(),
            axis.max_value()
        )
    };
    let diagnostic = match known.get_by_tag(tag) {
        Some(found) if (found.min_value()..=found.max_value()).contains(&axis.value) => {
            return None;
        }
        Some(found) => Diagnostic::error(
            "broken-font",
            format!("`{}` has no {tag} of {}", named.file, axis.value),
        )
        .hint(format!("it has {}", range(&found))),
        None => Diagnostic::error(
            "broken-font",
            format!("`{}` has no axis `{tag}`", named.file),
        )
        .hint(if known.is_empty() {
            "it is no variable font: name a file for each cut".to_owned()
        } else {
            let ranges: Vec<String> = known.iter().map(|known| range(&known)).collect();
            format!("it has {}", ranges.join(", "))
        }),
    };
    Some(at(diagnostic, axis.place.as_ref()))
}

/// What the font's maker forbids (OpenType, OS/2, fsType).
fn permission(named: &FontFace, font: &FontRef<'_>) -> Option<Diagnostic> {
    let bits = font.os2().ok()?.fs_type();
    let file = &named.file;
    let diagnostic = if bits & 0x000f == 0x0002 {
        Diagnostic::error(
            "font-licence",
            format!("the maker of `{file}` forbids to embed it"),
        )
        .hint("choose another font, or ask the maker for a version that may be embedded")
    } else if bits & 0x0200 != 0 {
        Diagnostic::error(
            "font-licence",
            format!("the maker of `{file}` allows to embed its bitmaps alone"),
        )
        .hint("choose another font, or ask the maker for a version that may be embedded")
    } else if bits & 0x0100 != 0 {
        Diagnostic::warning(
            "font-licence",
            format!("the maker of `{file}` does not want it embedded in part, as it is here"),
        )
        .hint("look at its licence, or choose another font")
    } else {
        return None;
    };
    Some(at(diagnostic, named.place.as_ref()))
}

/// A finding with its place, where that is known.
pub(crate) fn at(mut diagnostic: Diagnostic, place: Option<&Place>) -> Diagnostic {
    diagnostic.place = place.cloned();
    diagnostic
}
