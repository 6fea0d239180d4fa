//! The faces of a build: those that every build has, and those that the settings name.

use std::collections::BTreeSet;

use offprint_core::font::Fonts;
use offprint_core::{Diagnostic, ExportError};
use offprint_fonts as embedded;

use crate::font_settings::{Family, FontFace, FontSettings};
use crate::shape::Cut;
use crate::typeface::{Typeface, at, open};

/// A face, by its number in a [`Book`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Face(u16);

impl Face {
    pub(crate) const CJK: Self = Self(0);
    pub(crate) const CJK_BOLD: Self = Self(1);
    pub(crate) const LATIN: Self = Self(2);
    pub(crate) const LATIN_BOLD: Self = Self(3);
    pub(crate) const LATIN_ITALIC: Self = Self(4);
    pub(crate) const LATIN_BOLD_ITALIC: Self = Self(5);
    pub(crate) const MONO: Self = Self(6);
    const MATH: Self = Self(7);
    const SYMBOLS: Self = Self(8);
    const SYMBOLS_2: Self = Self(9);
    const EMOJI: Self = Self(10);

    /// Its number, for the names of resources.
    pub(crate) fn number(self) -> u16 {
        self.0
    }
}

/// In the order of the constants of [`Face`].
const EMBEDDED: [embedded::Font; 11] = [
    embedded::CJK,
    embedded::CJK_BOLD,
    embedded::LATIN,
    embedded::LATIN_BOLD,
    embedded::LATIN_ITALIC,
    embedded::LATIN_BOLD_ITALIC,
    embedded::MONO,
    embedded::MATH,
    embedded::SYMBOLS,
    embedded::SYMBOLS_2,
    embedded::EMOJI,
];

/// More fonts than anybody sets a page in.
const MOST_FACES: usize = 200;

/// A family as faces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cuts {
    regular: Face,
    bold: Option<Face>,
    italic: Option<Face>,
    bold_italic: Option<Face>,
}

impl Cuts {
    fn exact(self, cut: Cut) -> Option<Face> {
        match (cut.bold, cut.italic) {
            (false, false) => Some(self.regular),
            (true, false) => self.bold,
            (false, true) => self.italic,
            (true, true) => self.bold_italic,
        }
    }

    fn nearest(self, cut: Cut) -> Face {
        let bold = self.bold.filter(|_| cut.bold);
        let italic = self.italic.filter(|_| cut.italic);
        self.exact(cut).or(bold).or(italic).unwrap_or(self.regular)
    }
}

/// All faces, and which draws what.
pub(crate) struct Book {
    faces: Vec<Typeface>,
    /// Those that draw Chinese and nothing else.
    cjk_only: BTreeSet<Face>,
    body: Vec<Cuts>,
    cjk: Vec<Cuts>,
    mono: Vec<Cuts>,
    fallback: Vec<Cuts>,
}

/// What a text is, for the choice of its face.
#[derive(Clone, Copy)]
enum Role {
    Body,
    Cjk,
    Mono,
}

impl Book {
    /// The embedded faces.
    pub(crate) fn embedded() -> Self {
        let faces = EMBEDDED
            .iter()
            .filter_map(|font| Typeface::embedded(font.name, font.data))
            .collect();
        Self {
            faces,
            cjk_only: BTreeSet::from([Face::CJK, Face::CJK_BOLD]),
            body: Vec::new(),
            cjk: Vec::new(),
            mono: Vec::new(),
            fallback: Vec::new(),
        }
    }

    /// The embedded faces and the user's own, with all that is wrong with those. A file
    /// that is not among `files` was told by who looked for it.
    pub(crate) fn new(settings: &FontSettings, files: &Fonts) -> (Self, Vec<Diagnostic>) {
        let mut reading = Reading {
            book: Self::embedded(),
            files,
            known: Vec::new(),
            diagnostics: Vec::new(),
        };
        let [body, cjk, mono, fallback] = [
            &settings.body,
            &settings.cjk,
            &settings.mono,
            &settings.fallback,
        ]
        .map(|families| reading.families(families));
        let Reading {
            mut book,
            mut diagnostics,
            ..
        } = reading;
        for (family, named) in cjk.into_iter().zip(&settings.cjk) {
            let Some(family) = family else { continue };
            let has_han = SAMPLES
                .iter()
                .any(|&sample| book.has(family.regular, sample));
            if has_han {
                book.cjk.push(family);
            } else if !body.contains(&Some(family)) {
                diagnostics.push(at(
                    Diagnostic::warning(
                        "broken-font",
                        format!("`{}` has no Chinese characters", named.regular.file),
                    )
                    .hint("name it as `body` or `fallback` instead"),
                    named.regular.place.as_ref(),
                ));
            }
        }
        book.body.extend(body.into_iter().flatten());
        book.mono.extend(mono.into_iter().flatten());
        book.fallback.extend(fallback.into_iter().flatten());
        book.mark_cjk();
        (book, diagnostics)
    }

    /// Finds the faces that draw Chinese and nothing else.
    fn mark_cjk(&mut self) {
        let faces = |families: &[Cuts]| -> BTreeSet<Face> {
            families
                .iter()
                .flat_map(|cuts| [Some(cuts.regular), cuts.bold, cuts.italic, cuts.bold_italic])
                .flatten()
                .collect()
        };
        let mut only = faces(&self.cjk);
        for others in [&self.body, &self.mono, &self.fallback] {
            only.retain(|face| !faces(others).contains(face));
        }
        self.cjk_only.extend(only);
    }

    /// # Errors
    /// When a font turned out to be damaged while it was used.
    pub(crate) fn is_whole(&self) -> Result<(), ExportError> {
        self.faces.iter().try_for_each(Typeface::is_whole)
    }

    /// A face's font.
    pub(crate) fn typeface(&self, face: Face) -> Option<&Typeface> {
        self.faces.get(usize::from(face.0))
    }

    fn has(&self, face: Face, character: char) -> bool {
        self.typeface(face)
            .is_some_and(|typeface| typeface.glyph(character).is_some())
    }

    /// Whether a face is for Chinese, whose characters are set one by one.
    pub(crate) fn is_cjk(&self, face: Face) -> bool {
        self.cjk_only.contains(&face)
    }

    /// The face that draws a character, best first; `wide` asks for full-width forms.
    pub(crate) fn find(&self, cut: Cut, character: char, wide: bool) -> Option<Face> {
        let (own, others) = match (wide, cut.mono) {
            (true, _) => (Role::Cjk, [Role::Body, Role::Mono]),
            (false, true) => (Role::Mono, [Role::Body, Role::Cjk]),
            (false, false) => (Role::Body, [Role::Cjk, Role::Mono]),
        };
        let mut faces = self.faces_of(own, cut);
        faces.extend(self.fallback.iter().map(|family| family.nearest(cut)));
        faces.push(embedded_face(own, cut));
        for role in others {
            faces.extend(self.faces_of(role, cut));
            faces.push(embedded_face(role, cut));
        }
        faces.extend([
            Face::MATH,
            Face::SYMBOLS,
            Face::SYMBOLS_2,
            Face::EMOJI,
            Face::LATIN,
        ]);
        faces.into_iter().find(|&face| self.has(face, character))
    }

    /// The faces for a role: the user's own, or else the embedded one.
    fn faces_of(&self, role: Role, cut: Cut) -> Vec<Face> {
        let families = match role {
            Role::Body => &self.body,
            Role::Cjk => &self.cjk,
            Role::Mono => &self.mono,
        };
        if families.is_empty() {
            return vec![embedded_face(role, cut)];
        }
        let nearest = families.iter().map(|family| family.nearest(cut));
        match role {
            Role::Body => families
                .iter()
                .filter_map(|family| family.exact(cut))
                // Emphasis in another face is better than none.
                .chain(
                    [embedded_face(role, cut)]
                        .into_iter()
                        .filter(|_| families.iter().any(|family| family.exact(cut).is_none())),
                )
                .chain(nearest)
                .collect(),
            Role::Cjk | Role::Mono => nearest.collect(),
        }
    }
}

/// Characters one of which every font for Chinese, Japanese or Korean has.
const SAMPLES: [char; 3] = ['一', 'あ', '가'];

fn embedded_face(role: Role, cut: Cut) -> Face {
    match (role, cut.bold, cut.italic) {
        (Role::Body, false, false) => Face::LATIN,
        (Role::Body, true, false) => Face::LATIN_BOLD,
        (Role::Body, false, true) => Face::LATIN_ITALIC,
        (Role::Body, true, true) => Face::LATIN_BOLD_ITALIC,
        (Role::Cjk, false, _) => Face::CJK,
        (Role::Cjk, true, _) => Face::CJK_BOLD,
        (Role::Mono, _, _) => Face::MONO,
    }
}

/// Turns settings into faces.
struct Reading<'a> {
    book: Book,
    files: &'a Fonts,
    /// What was looked at before, so that a face named twice is one face.
    known: Vec<(FontFace, Option<Face>)>,
    diagnostics: Vec<Diagnostic>,
}

impl Reading<'_> {
    fn families(&mut self, families: &[Family]) -> Vec<Option<Cuts>> {
        families
            .iter()
            .map(|family| {
                let regular = self.face(&family.regular);
                let mut cut = |face: &Option<FontFace>| face.as_ref().and_then(|f| self.face(f));
                let (bold, italic, bold_italic) = (
                    cut(&family.bold),
                    cut(&family.italic),
                    cut(&family.bold_italic),
                );
                Some(Cuts {
                    regular: regular?,
                    bold,
                    italic,
                    bold_italic,
                })
            })
            .collect()
    }

    fn face(&mut self, named: &FontFace) -> Option<Face> {
        if let Some((_, face)) = self.known.iter().find(|(known, _)| is_same(known, named)) {
            return *face;
        }
        let face = self.read(named);
        self.known.push((named.clone(), face));
        face
    }

    fn read(&mut self, named: &FontFace) -> Option<Face> {
        let file = self.files.get(&named.file)?;
        let number = self.book.faces.len();
        if number >= MOST_FACES {
            self.report(too_many(named));
            return None;
        }
        match open(named, file) {
            Ok((typeface, warnings)) => {
                for warning in warnings {
                    self.report(warning);
                }
                self.book.faces.push(typeface);
                u16::try_from(number).ok().map(Face)
            }
            Err(faults) => {
                for fault in faults {
                    self.report(fault);
                }
                None
            }
        }
    }

    /// What several faces of a file have in common is told once.
    fn report(&mut self, diagnostic: Diagnostic) {
        if !self.diagnostics.contains(&diagnostic) {
            self.diagnostics.push(diagnostic);
        }
    }
}

/// Whether two settings mean the same face, wherever they stand.
fn is_same(left: &FontFace, right: &FontFace) -> bool {
    let axes = |face: &FontFace| -> Vec<([u8; 4], u32)> {
        let mut axes: Vec<_> = face
            .axes
            .iter()
            .map(|axis| (axis.tag, axis.value.to_bits()))
            .collect();
        axes.sort_unstable();
        axes
    };
    left.file == right.file && left.index == right.index && axes(left) == axes(right)
}

fn too_many(named: &FontFace) -> Diagnostic {
    let most = MOST_FACES - EMBEDDED.len();
    let message = format!("more than {most} faces are named");
    at(
        Diagnostic::error("broken-font", message).hint("keep those that the text needs"),
        named.place.as_ref(),
    )
}

#[cfg(test)]
pub(crate) mod tests;
