//! Characters to glyphs: which face draws a character, and how words are shaped.

use std::collections::BTreeSet;
use std::sync::Arc;

use harfrust::{Direction, Script, ShapePlan, UnicodeBuffer};
use hypher::Lang;
use offprint_core::ExportError;
use offprint_core::chars::is_wide;
use rustc_hash::FxHashMap as HashMap;
use skrifa::GlyphId;

use crate::book::Book;
pub(crate) use crate::book::Face;
use crate::typeface::{Metrics, Typeface};

/// Which faces are tried first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct Cut {
    pub(crate) mono: bool,
    pub(crate) bold: bool,
    pub(crate) italic: bool,
}

impl Cut {
    /// A number for a character and what its face depends on.
    fn key(self, character: char, wide: bool) -> u32 {
        let flags = [self.mono, self.bold, self.italic, wide];
        flags
            .into_iter()
            .fold(u32::from(character), |key, flag| key << 1 | u32::from(flag))
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

/// All faces, and what was shaped with them so far.
pub(crate) struct Shaper {
    book: Arc<Book>,
    glyphs: Vec<Glyph>,
    /// By direction, too: whether they run from right to left.
    words: HashMap<(Face, bool), HashMap<Box<str>, Word>>,
    plans: HashMap<(Face, bool, Option<Script>), Option<ShapePlan>>,
    divisions: HashMap<Lang, HashMap<Box<str>, Arc<[u8]>>>,
    characters: HashMap<(Face, char), Word>,
    /// By [`Cut::key`].
    found: HashMap<u32, Option<Face>>,
    phrases: Vec<String>,
    known_phrases: HashMap<String, u32>,
    missing: BTreeSet<char>,
}

impl Shaper {
    /// With the embedded faces alone.
    #[cfg(test)]
    pub(crate) fn new() -> Self {
        Self::with(Arc::new(Book::embedded()))
    }

    /// With the faces of a book.
    pub(crate) fn with(book: Arc<Book>) -> Self {
        Self {
            book,
            glyphs: Vec::new(),
            words: HashMap::default(),
            plans: HashMap::default(),
            divisions: HashMap::default(),
            characters: HashMap::default(),
            found: HashMap::default(),
            phrases: Vec::new(),
            known_phrases: HashMap::default(),
            missing: BTreeSet::new(),
        }
    }

    /// The faces, for another shaper.
    pub(crate) fn book(&self) -> Arc<Book> {
        Arc::clone(&self.book)
    }

    /// A face's font.
    pub(crate) fn typeface(&self, face: Face) -> Option<&Typeface> {
        self.book.typeface(face)
    }

    /// # Errors
    /// When a font turned out to be damaged while it was used.
    pub(crate) fn is_whole(&self) -> Result<(), ExportError> {
        self.book.is_whole()
    }

    /// Whether a face is for Chinese, whose characters are set one by one.
    pub(crate) fn is_cjk(&self, face: Face) -> bool {
        self.book.is_cjk(face)
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

    pub(crate) fn meaning(&mut self, text: &str) -> Meaning {
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
        let key = cut.key(character, wide);
        // This one has a box for what cannot be drawn.
        let lacking = if cut.bold { Face::CJK_BOLD } else { Face::CJK };
        if let Some(&found) = self.found.get(&key) {
            return found.unwrap_or(lacking);
        }
        let found = self.book.find(cut, character, wide);
        if found.is_none() && !character.is_whitespace() {
            self.missing.insert(character);
        }
        self.found.insert(key, found);
        found.unwrap_or(lacking)
    }

    /// The face for a character that may as well be left out.
    pub(crate) fn face_if_any(&self, cut: Cut, character: char) -> Option<Face> {
        let wide = is_wide(character);
        let known = self.found.get(&cut.key(character, wide)).copied();
        known.unwrap_or_else(|| self.book.find(cut, character, wide))
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
        if let Some(drawn) = self.typeface(face).map(|font| drawn(font, character)) {
            let advance = drawn.advance;
            word.width = advance;
            // Marks that are no full em wide have no half to leave blank.
            if let Some((left, right)) = drawn.ink.filter(|_| advance > 0.9) {
                match side(character) {
                    Some(Side::Opening) => word.lead = (left - MARGIN).clamp(0.0, MOST_SQUEEZED),
                    Some(Side::Closing) => {
                        word.trail = (advance - right - MARGIN).clamp(0.0, MOST_SQUEEZED);
                    }
                    None => {}
                }
            }
            self.glyphs.push(Glyph {
                face,
                id: drawn.id,
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
        let meaning = self.meaning("——");
        let start = self.glyphs.len() as u32;
        if let Some(drawn) = self.typeface(face).map(|font| {
            let long = '\u{2e3a}';
            let has_long = font.glyph(long).is_some();
            drawn(font, if has_long { long } else { '—' })
        }) {
            let (left, right) = drawn.ink.unwrap_or((0.0, drawn.advance));
            // Widened, the bar leaves a little air at both ends.
            let scale = (190.0 / (right - left).max(0.5)).round() / 100.0;
            self.glyphs.push(Glyph {
                face,
                id: drawn.id,
                meaning,
                scale,
                dx: (2.0 - (left + right) * scale) / 2.0,
                dy: 0.0,
                advance: 2.0,
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

    /// Offsets at which a word may be divided: found out once for each word.
    pub(crate) fn divisions(
        &mut self,
        lang: Lang,
        word: &str,
        find: impl FnOnce(Lang, &str) -> Arc<[u8]>,
    ) -> Arc<[u8]> {
        let known = self.divisions.entry(lang).or_default();
        if let Some(divisions) = known.get(word) {
            return Arc::clone(divisions);
        }
        let divisions = find(lang, word);
        known.insert(word.into(), Arc::clone(&divisions));
        divisions
    }

    /// A run of one face and one direction, with kerning and marks in their places.
    pub(crate) fn word(&mut self, face: Face, text: &str, backwards: bool) -> Word {
        let key = (face, backwards);
        if let Some(&word) = self.words.get(&key).and_then(|words| words.get(text)) {
            return word;
        }
        let word = self.shape(face, text, backwards);
        self.words.entry(key).or_default().insert(text.into(), word);
        word
    }

    fn shape(&mut self, face: Face, text: &str, backwards: bool) -> Word {
        let start = self.glyphs.len() as u32;
        let direction = if backwards {
            Direction::RightToLeft
        } else {
            Direction::LeftToRight
        };
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.set_direction(direction);
        buffer.guess_segment_properties();
        let Some(font) = self.book.typeface(face) else {
            return Word::default();
        };
        let em = font.em();
        let script = Some(buffer.script());
        // What to look up in a font for a script takes longer to find out than most words
        // take to shape.
        let plan = self
            .plans
            .entry((face, backwards, script))
            .or_insert_with(|| font.plan(direction, script));
        // A damaged font is found out when all is set.
        let Some(drawn) = font.shape(buffer, plan.as_ref()) else {
            return Word::default();
        };
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
                let differs = |&&(_, other): &&(u32, u32)| other != cluster;
                // Clusters run down where the word runs from right to left.
                let next = if backwards {
                    infos.iter().take(index).next_back()
                } else {
                    infos.iter().skip(index).find(differs)
                };
                let end = next.map_or(text.len(), |&(_, next)| next as usize);
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

    /// How many bytes of text a glyph stands for.
    pub(crate) fn bytes_of(&self, meaning: Meaning) -> usize {
        match char::from_u32(meaning.0) {
            Some(character) => character.len_utf8(),
            None if meaning == Meaning::NOTHING => 0,
            None => {
                let index = meaning.0.saturating_sub(FIRST_PHRASE) as usize;
                self.phrases.get(index).map_or(0, String::len)
            }
        }
    }

    /// How many bytes of text a word stands for.
    pub(crate) fn bytes(&self, word: Word) -> usize {
        let glyphs = self.glyphs(word).iter();
        glyphs.map(|glyph| self.bytes_of(glyph.meaning)).sum()
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

// A mark that the next one reaches into by half an em or more is taken for the end of its
// line by programs that read the file.
const MOST_SQUEEZED: f32 = 0.485;

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
        | '，' | '。' | '、' | '；' | '：' | '．' | '！' | '？' => Some(Side::Closing),
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

/// A character's glyph; lengths in em.
struct Drawn {
    id: u16,
    advance: f32,
    /// Left and right edge of the outline.
    ink: Option<(f32, f32)>,
}

fn drawn(font: &Typeface, character: char) -> Drawn {
    let glyph = font
        .glyph(character)
        // A character that cannot be drawn but may pass, such as a rare symbol.
        .or_else(|| font.glyph('\u{25a1}'))
        .unwrap_or(GlyphId::NOTDEF);
    Drawn {
        id: glyph.to_u32() as u16,
        advance: font
            .advance(glyph)
            .map_or(1.0, |advance| advance / font.em()),
        ink: font.ink(glyph),
    }
}

impl Shaper {
    /// What a PDF states of a face.
    pub(crate) fn metrics(&self, face: Face) -> Option<Metrics> {
        self.typeface(face)?.metrics()
    }

    /// A glyph's advance in its font's units.
    pub(crate) fn advance(&self, face: Face, glyph: u16) -> u16 {
        self.typeface(face)
            .and_then(|font| font.advance(GlyphId::new(u32::from(glyph))))
            // As the cut-down font has it: instances of variable fonts are rounded.
            .map_or(0, |advance| advance.round() as u16)
    }

    /// Left and right edge of a glyph's outline, in em.
    #[cfg(test)]
    pub(crate) fn ink(&self, face: Face, glyph: u16) -> Option<(f32, f32)> {
        self.typeface(face)?
            .ink(GlyphId::new(u32::from(glyph)))
            .filter(|(left, right)| right > left)
    }
}
