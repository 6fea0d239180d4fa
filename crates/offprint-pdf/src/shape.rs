//! Characters to glyphs: which face draws a character, and how words are shaped.

use std::collections::{BTreeSet, HashMap};

use harfrust::{ShapeOptions, ShaperData, UnicodeBuffer};
use offprint_core::chars::is_wide;
use offprint_fonts as fonts;
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::{FontRef, GlyphId, MetadataProvider};

/// The faces that text is set in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Face {
    Cjk,
    CjkBold,
    Latin,
    LatinBold,
    LatinItalic,
    LatinBoldItalic,
    Mono,
    Math,
    Symbols,
    Symbols2,
    Emoji,
}

impl Face {
    pub(crate) const ALL: [Self; 11] = [
        Self::Cjk,
        Self::CjkBold,
        Self::Latin,
        Self::LatinBold,
        Self::LatinItalic,
        Self::LatinBoldItalic,
        Self::Mono,
        Self::Math,
        Self::Symbols,
        Self::Symbols2,
        Self::Emoji,
    ];

    pub(crate) fn font(self) -> fonts::Font {
        match self {
            Self::Cjk => fonts::CJK,
            Self::CjkBold => fonts::CJK_BOLD,
            Self::Latin => fonts::LATIN,
            Self::LatinBold => fonts::LATIN_BOLD,
            Self::LatinItalic => fonts::LATIN_ITALIC,
            Self::LatinBoldItalic => fonts::LATIN_BOLD_ITALIC,
            Self::Mono => fonts::MONO,
            Self::Math => fonts::MATH,
            Self::Symbols => fonts::SYMBOLS,
            Self::Symbols2 => fonts::SYMBOLS_2,
            Self::Emoji => fonts::EMOJI,
        }
    }

    fn is_cjk(self) -> bool {
        matches!(self, Self::Cjk | Self::CjkBold)
    }
}

/// Which faces are tried first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct Cut {
    pub(crate) mono: bool,
    pub(crate) bold: bool,
    pub(crate) italic: bool,
}

impl Cut {
    fn latin(self) -> Face {
        match (self.bold, self.italic) {
            (false, false) => Face::Latin,
            (true, false) => Face::LatinBold,
            (false, true) => Face::LatinItalic,
            (true, true) => Face::LatinBoldItalic,
        }
    }

    fn cjk(self) -> Face {
        if self.bold { Face::CjkBold } else { Face::Cjk }
    }

    /// The faces to try for a character, best first.
    fn faces(self, wide: bool) -> [Face; 8] {
        let [first, second, third] = match (wide, self.mono) {
            (true, _) => [self.cjk(), self.latin(), Face::Mono],
            (false, true) => [Face::Mono, self.latin(), self.cjk()],
            (false, false) => [self.latin(), self.cjk(), Face::Mono],
        };
        [
            first,
            second,
            third,
            Face::Math,
            Face::Symbols,
            Face::Symbols2,
            Face::Emoji,
            Face::Latin,
        ]
    }
}

/// What a glyph stands for: a character, or several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Meaning(u32);

impl Meaning {
    /// A glyph whose characters are told by the glyph before it.
    pub(crate) const NOTHING: Self = Self(u32::MAX);
}

/// The meanings of another shaper's phrases.
#[derive(Debug, Default)]
pub(crate) struct Translation(Vec<Meaning>);

impl Translation {
    /// What another shaper's meaning is called here.
    pub(crate) fn of(&self, meaning: Meaning) -> Meaning {
        if meaning.0 < FIRST_PHRASE || meaning == Meaning::NOTHING {
            return meaning;
        }
        let index = (meaning.0 - FIRST_PHRASE) as usize;
        self.0.get(index).copied().unwrap_or(Meaning::NOTHING)
    }
}

/// A shaped glyph; lengths in em.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Glyph {
    pub(crate) face: Face,
    pub(crate) id: u16,
    pub(crate) meaning: Meaning,
    pub(crate) advance: f32,
    pub(crate) dx: f32,
    pub(crate) dy: f32,
    /// How much wider than drawn in the font; 1 for all but long dashes.
    pub(crate) scale: f32,
}

/// Glyphs of one word, as a stretch of [`Shaper::glyphs`].
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Word {
    start: u32,
    length: u32,
    /// In em.
    pub(crate) width: f32,
    /// Blank at the left that a line's start may drop, in em.
    pub(crate) lead: f32,
    /// Blank at the right that a line's end may drop, in em.
    pub(crate) trail: f32,
}

struct Font {
    file: FontRef<'static>,
    data: ShaperData,
    charmap: skrifa::charmap::Charmap<'static>,
    metrics: GlyphMetrics<'static>,
    em: f32,
}

/// All faces, and what was shaped with them so far.
pub(crate) struct Shaper {
    fonts: Vec<Option<Font>>,
    glyphs: Vec<Glyph>,
    words: HashMap<(Face, String), Word>,
    characters: HashMap<(Face, char), Word>,
    found: HashMap<(Cut, char, bool), Option<Face>>,
    phrases: Vec<String>,
    known_phrases: HashMap<String, u32>,
    missing: BTreeSet<char>,
}

impl Shaper {
    pub(crate) fn new() -> Self {
        let fonts = Face::ALL
            .iter()
            .map(|face| {
                let font = FontRef::new(face.font().data).ok()?;
                let size = Size::unscaled();
                let location = LocationRef::default();
                Some(Font {
                    data: ShaperData::new(&font),
                    charmap: font.charmap(),
                    metrics: font.glyph_metrics(size, location),
                    em: f32::from(font.metrics(size, location).units_per_em),
                    file: font,
                })
            })
            .collect();
        Self {
            fonts,
            glyphs: Vec::new(),
            words: HashMap::new(),
            characters: HashMap::new(),
            found: HashMap::new(),
            phrases: Vec::new(),
            known_phrases: HashMap::new(),
            missing: BTreeSet::new(),
        }
    }

    fn font(&self, face: Face) -> Option<&Font> {
        self.fonts.get(face as usize).and_then(Option::as_ref)
    }

    /// The glyphs of a word.
    pub(crate) fn glyphs(&self, word: Word) -> &[Glyph] {
        let start = word.start as usize;
        self.glyphs
            .get(start..start + word.length as usize)
            .unwrap_or_default()
    }

    /// The characters that no face has.
    pub(crate) fn missing(&self) -> &BTreeSet<char> {
        &self.missing
    }

    /// The characters that a glyph stands for.
    pub(crate) fn characters(&self, meaning: Meaning) -> String {
        match char::from_u32(meaning.0) {
            Some(character) => character.to_string(),
            None if meaning == Meaning::NOTHING => String::new(),
            None => {
                let index = meaning.0.saturating_sub(FIRST_PHRASE) as usize;
                self.phrases.get(index).cloned().unwrap_or_default()
            }
        }
    }

    fn meaning(&mut self, text: &str) -> Meaning {
        let mut characters = text.chars();
        match (characters.next(), characters.next()) {
            (None, _) => Meaning::NOTHING,
            (Some(only), None) => Meaning(u32::from(only)),
            (Some(_), Some(_)) => {
                let index = if let Some(&index) = self.known_phrases.get(text) {
                    index
                } else {
                    let index = self.phrases.len() as u32;
                    self.phrases.push(text.to_owned());
                    self.known_phrases.insert(text.to_owned(), index);
                    index
                };
                Meaning(FIRST_PHRASE + index)
            }
        }
    }

    /// Takes over what other shapers learned of missing characters and of glyphs that stand
    /// for several characters. What the latter are called depends on the texts alone, not on
    /// which shaper met them when.
    pub(crate) fn unite(&mut self, others: Vec<Self>) -> Vec<Translation> {
        let phrases: BTreeSet<&str> = others
            .iter()
            .flat_map(|other| &other.phrases)
            .map(String::as_str)
            .collect();
        for phrase in phrases {
            self.meaning(phrase);
        }
        others
            .into_iter()
            .map(|other| {
                self.missing.extend(other.missing);
                let phrases = other.phrases.iter().map(|phrase| self.meaning(phrase));
                Translation(phrases.collect())
            })
            .collect()
    }

    /// The face for a character; `wide` asks for the full-width form of a mark that
    /// Chinese shares with other scripts.
    pub(crate) fn face(&mut self, cut: Cut, character: char, wide: bool) -> Face {
        let wide = wide || is_wide(character);
        let key = (cut, character, wide);
        if let Some(&found) = self.found.get(&key) {
            return found.unwrap_or(cut.cjk());
        }
        let found = cut.faces(wide).into_iter().find(|&face| {
            self.font(face)
                .is_some_and(|font| font.charmap.map(character).is_some())
        });
        if found.is_none() && !character.is_whitespace() {
            self.missing.insert(character);
        }
        self.found.insert(key, found);
        found.unwrap_or(cut.cjk())
    }

    /// A single character without regard to its neighbours: Han characters and full-width marks.
    pub(crate) fn character(&mut self, face: Face, character: char) -> Word {
        let key = (face, character);
        if let Some(&word) = self.characters.get(&key) {
            return word;
        }
        let start = self.glyphs.len() as u32;
        let mut word = Word {
            start,
            length: 1,
            width: 1.0,
            lead: 0.0,
            trail: 0.0,
        };
        if let Some(font) = self.font(face) {
            let glyph = font
                .charmap
                .map(character)
                // A character that cannot be drawn but may pass, such as a rare symbol.
                .or_else(|| font.charmap.map('\u{25a1}'))
                .unwrap_or(GlyphId::NOTDEF);
            let advance = font.metrics.advance_width(glyph).unwrap_or(font.em) / font.em;
            word.width = advance;
            if let Some(bounds) = font.metrics.bounds(glyph).filter(|_| face.is_cjk()) {
                match side(character) {
                    Some(Side::Opening) => {
                        word.lead = (bounds.x_min / font.em - MARGIN).clamp(0.0, 0.5);
                    }
                    Some(Side::Closing) => {
                        word.trail = (advance - bounds.x_max / font.em - MARGIN).clamp(0.0, 0.5);
                    }
                    None => {}
                }
            }
            let glyph = glyph.to_u32() as u16;
            self.glyphs.push(Glyph {
                face,
                id: glyph,
                meaning: Meaning(u32::from(character)),
                advance,
                dx: 0.0,
                dy: 0.0,
                scale: 1.0,
            });
        }
        self.characters.insert(key, word);
        word
    }

    /// `——`: one dash over two full widths, as no font's single dash is long enough.
    pub(crate) fn long_dash(&mut self, face: Face) -> Word {
        // Under the name of a character that is never drawn alone.
        let key = (face, '\u{2e3b}');
        if let Some(&word) = self.characters.get(&key) {
            return word;
        }
        let drawn = self.character(face, '\u{2e3a}');
        let meaning = self.meaning("——");
        let start = self.glyphs.len() as u32;
        if let Some(&glyph) = self.glyphs(drawn).first() {
            // The font's bar is 1.58 em long; widened it leaves a little air at both ends.
            let scale = 1.2;
            self.glyphs.push(Glyph {
                meaning,
                scale,
                dx: (2.0 - glyph.advance * scale) / 2.0,
                advance: 2.0,
                ..glyph
            });
        }
        let word = Word {
            start,
            length: self.glyphs.len() as u32 - start,
            width: 2.0,
            lead: 0.0,
            trail: 0.0,
        };
        self.characters.insert(key, word);
        word
    }

    /// A run of one face, with kerning and marks in their places.
    pub(crate) fn word(&mut self, face: Face, text: &str) -> Word {
        // Asking with an owned key only on the first meeting would need an unstable API.
        let key = (face, text.to_owned());
        if let Some(&word) = self.words.get(&key) {
            return word;
        }
        let word = self.shape(face, text);
        self.words.insert(key, word);
        word
    }

    fn shape(&mut self, face: Face, text: &str) -> Word {
        let start = self.glyphs.len() as u32;
        let Some(font) = self.font(face) else {
            return Word::default();
        };
        let em = font.em;
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.set_direction(harfrust::Direction::LeftToRight);
        buffer.guess_segment_properties();
        let shaper = font.data.shaper(&font.file).build();
        let drawn = shaper.shape(buffer, ShapeOptions::new());
        let infos: Vec<(u32, u32)> = drawn
            .glyph_infos()
            .iter()
            .map(|info| (info.glyph_id, info.cluster))
            .collect();
        let positions: Vec<_> = drawn.glyph_positions().to_vec();
        let mut width = 0.0;
        let mut glyphs = Vec::with_capacity(infos.len());
        for (index, (&(id, cluster), position)) in infos.iter().zip(&positions).enumerate() {
            let begins = index == 0
                || infos
                    .get(index - 1)
                    .is_some_and(|&(_, before)| before != cluster);
            let meaning = if begins {
                let end = infos
                    .iter()
                    .skip(index)
                    .map(|&(_, next)| next)
                    .find(|&next| next != cluster)
                    .map_or(text.len(), |next| next as usize);
                self.meaning(text.get(cluster as usize..end).unwrap_or_default())
            } else {
                Meaning::NOTHING
            };
            let advance = position.x_advance as f32 / em;
            width += advance;
            glyphs.push(Glyph {
                face,
                id: id as u16,
                meaning,
                advance,
                dx: position.x_offset as f32 / em,
                dy: position.y_offset as f32 / em,
                scale: 1.0,
            });
        }
        self.glyphs.extend(glyphs);
        Word {
            start,
            length: infos.len() as u32,
            width,
            lead: 0.0,
            trail: 0.0,
        }
    }

    /// Each cluster of a word on its own, for words that no line can hold.
    pub(crate) fn clusters(&self, word: Word) -> Vec<Word> {
        let mut clusters: Vec<Word> = Vec::new();
        for (offset, glyph) in self.glyphs(word).iter().enumerate() {
            match clusters.last_mut() {
                Some(last) if glyph.meaning == Meaning::NOTHING => {
                    last.length += 1;
                    last.width += glyph.advance;
                }
                _ => clusters.push(Word {
                    start: word.start + offset as u32,
                    length: 1,
                    width: glyph.advance,
                    lead: 0.0,
                    trail: 0.0,
                }),
            }
        }
        clusters
    }
}

// Above the last code point.
const FIRST_PHRASE: u32 = 0x0011_0000;

// What stays of a mark's blank when it is squeezed, in em.
const MARGIN: f32 = 0.03;

/// Which half of its box a full-width mark leaves blank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// The left: brackets and quotes that open.
    Opening,
    /// The right: those that close, commas and stops.
    Closing,
}

/// The side of a full-width mark; `None` for marks in the middle and for letters.
pub(crate) fn side(character: char) -> Option<Side> {
    match character {
        '（' | '《' | '〈' | '「' | '『' | '【' | '〔' | '〖' | '［' | '｛' | '“' | '‘' | '〝' => {
            Some(Side::Opening)
        }
        '）' | '》' | '〉' | '」' | '』' | '】' | '〕' | '〗' | '］' | '｝' | '”' | '’' | '〞'
        | '，' | '。' | '、' | '；' | '：' | '．' => Some(Side::Closing),
        _ => None,
    }
}

/// Whether a character is never drawn: joiners, direction marks, selectors, soft hyphens,
/// skin tones.
pub(crate) fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200c}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether a missing character is a picture or sign whose loss a reader can bear.
pub(crate) fn is_sign(character: char) -> bool {
    matches!(character, '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1fbff}')
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

impl Shaper {
    /// What a PDF states of a face.
    pub(crate) fn metrics(&self, face: Face) -> Option<Metrics> {
        let font = self.font(face)?;
        let metrics = font.file.metrics(Size::unscaled(), LocationRef::default());
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

    /// A glyph's advance in its font's units.
    pub(crate) fn advance(&self, face: Face, glyph: u16) -> u16 {
        self.font(face)
            .and_then(|font| font.metrics.advance_width(GlyphId::new(u32::from(glyph))))
            .map_or(0, |advance| advance as u16)
    }

    /// Left and right edge of a glyph's outline, in em.
    #[cfg(test)]
    pub(crate) fn ink(&self, face: Face, glyph: u16) -> Option<(f32, f32)> {
        let font = self.font(face)?;
        let bounds = font.metrics.bounds(GlyphId::new(u32::from(glyph)))?;
        (bounds.x_max > bounds.x_min).then(|| (bounds.x_min / font.em, bounds.x_max / font.em))
    }
}
