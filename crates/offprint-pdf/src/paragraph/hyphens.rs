//! Where words of Latin script may be divided, at a cost.

use std::sync::Arc;

use hypher::hyphenate_bounded;

use super::pieces::{Kind, Piece};
use super::{Lang, Paragraph};
use crate::shape::{Face, Shaper};

/// What it costs to divide a word: more than to stretch a line as far as readers do not
/// notice.
const COST: f32 = 220.0;

// Letters that stay on the first line, and on the second.
const LEFT: usize = 2;
const RIGHT: usize = 3;

/// The patterns for a language, given as a BCP 47 tag. What is of Latin script in a text
/// that is written otherwise is nearly always English.
pub(crate) fn patterns(tag: &str) -> Option<Lang> {
    match tag.split('-').next().unwrap_or_default() {
        "en" | "zh" | "ja" | "ko" | "yue" => Some(Lang::English),
        "de" => Some(Lang::German),
        "es" => Some(Lang::Spanish),
        "fr" => Some(Lang::French),
        "it" => Some(Lang::Italian),
        "nl" => Some(Lang::Dutch),
        "pt" => Some(Lang::Portuguese),
        _ => None,
    }
}

/// The pieces with words cut where they may be divided; `None` if none may.
pub(super) fn hyphenate(
    shaper: &mut Shaper,
    paragraph: &Paragraph,
    lang: Lang,
    pieces: &[Piece],
) -> Option<Vec<Piece>> {
    // The last word is never divided: a tail alone on the last line looks lost.
    let last_word = pieces
        .iter()
        .rev()
        .take_while(|piece| !matches!(piece.kind, Kind::Space | Kind::Han))
        .count();
    let mut out: Vec<Piece> = Vec::new();
    let mut done = 0;
    for (index, piece) in pieces.iter().enumerate().take(pieces.len() - last_word) {
        let Some(core) = divisible(paragraph, piece) else {
            continue;
        };
        let text = paragraph.text.get(core.clone()).unwrap_or_default();
        let divisions = shaper.divisions(lang, text, places);
        if divisions.is_empty() {
            continue;
        }
        out.extend(pieces.get(done..index).unwrap_or_default());
        done = index + 1;
        let hyphen = hyphen_width(shaper, paragraph, piece);
        let places = divisions
            .iter()
            .map(|&place| core.start + usize::from(place));
        divide(shaper, paragraph, piece, places, hyphen, &mut out);
    }
    if done == 0 {
        return None;
    }
    out.extend(pieces.get(done..).unwrap_or_default());
    Some(out)
}

/// Offsets in a word before which it may be divided.
fn places(lang: Lang, word: &str) -> Arc<[u8]> {
    let mut at = 0;
    let syllables = hyphenate_bounded(word, lang, LEFT, RIGHT);
    let mut places: Vec<u8> = syllables
        .map_while(|syllable| {
            at += syllable.len();
            u8::try_from(at).ok()
        })
        .collect();
    // The last syllable ends where the word does.
    places.pop_if(|place| usize::from(*place) == word.len());
    places.into()
}

/// The letters of a word that may be divided. Names, numbers, acronyms and the parts of
/// compounds are left whole.
fn divisible(paragraph: &Paragraph, piece: &Piece) -> Option<std::ops::Range<usize>> {
    if piece.kind != Kind::Word || piece.level != 0 {
        return None;
    }
    let (_, style) = paragraph.styles.get(piece.style as usize)?;
    if style.whole || style.cut.mono {
        return None;
    }
    let start = piece.at as usize;
    let text = paragraph.text.get(start..start + piece.length as usize)?;
    let opening = text.find(char::is_alphabetic)?;
    let core = text.get(opening..)?;
    let length = core
        .find(|character: char| !character.is_alphabetic())
        .unwrap_or(core.len());
    let (core, closing) = core.split_at_checked(length)?;
    if length < LEFT + RIGHT
        || closing.contains(|character: char| character.is_alphanumeric() || character == '-')
        || !text
            .get(..opening)?
            .chars()
            .all(|character| matches!(character, '(' | '[' | '“' | '‘' | '"' | '\'' | '«'))
    {
        return None;
    }
    let mut letters = core.chars();
    let first = letters.next()?;
    if !letters.all(|letter| letter.is_lowercase() && is_latin(letter)) {
        return None;
    }
    let before = paragraph.text.get(..start + opening)?;
    let may = if first.is_uppercase() {
        begins_sentence(before)
    } else {
        // "self-/supervised" has a better place to be divided at.
        !before.ends_with(['-', '/', '.', '@', '_', '\u{2011}', '’'])
            && !before.ends_with(char::is_alphanumeric)
    };
    (may && is_latin(first)).then_some(start + opening..start + opening + length)
}

fn is_latin(letter: char) -> bool {
    matches!(letter, 'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}')
}

/// Whether what follows begins a sentence, so that its capital makes it no name.
fn begins_sentence(before: &str) -> bool {
    let before = before.trim_end_matches(|character: char| {
        character.is_whitespace() || matches!(character, '(' | '[' | '“' | '‘' | '"' | '«')
    });
    before
        .chars()
        .next_back()
        .is_none_or(|last| matches!(last, '.' | '?' | '!' | ':' | '…' | '\u{fffc}'))
}

fn face(shaper: &Shaper, piece: &Piece) -> Option<Face> {
    shaper.glyphs(piece.word).first().map(|glyph| glyph.face)
}

fn hyphen_width(shaper: &mut Shaper, paragraph: &Paragraph, piece: &Piece) -> f32 {
    let width = face(shaper, piece).map_or(0.0, |face| shaper.word(face, "-", false).width);
    width * paragraph.size(piece.style)
}

/// Cuts one word. The parts' widths are those that they have in the whole word; when a
/// line ends inside, both halves are shaped anew.
fn divide(
    shaper: &Shaper,
    paragraph: &Paragraph,
    piece: &Piece,
    places: impl Iterator<Item = usize>,
    hyphen: f32,
    out: &mut Vec<Piece>,
) {
    let size = paragraph.size(piece.style);
    let end = piece.at + piece.length;
    let mut glyphs = Advances::of(shaper, piece);
    let mut at = piece.at;
    for place in places {
        let place = place as u32;
        let width = glyphs.until(place - piece.at) * size;
        out.push(Piece {
            at,
            length: place - at,
            width,
            // The hyphen, if the line ends here.
            trail: -hyphen,
            lead: 0.0,
            gap: 0.0,
            stretch: 0.0,
            more: 0.0,
            shrink: 0.0,
            break_cost: Some(COST),
            hyphen: true,
            divided: true,
            ..*piece
        });
        at = place;
    }
    out.push(Piece {
        at,
        length: end - at,
        width: glyphs.until(piece.length) * size,
        ..*piece
    });
}

/// How far glyphs reach, by the bytes of text that they stand for.
struct Advances {
    /// Bytes and advance of each glyph.
    glyphs: Vec<(u32, f32)>,
    next: usize,
    bytes: u32,
}

impl Advances {
    fn of(shaper: &Shaper, piece: &Piece) -> Self {
        let glyphs = shaper.glyphs(piece.word);
        Self {
            glyphs: glyphs
                .iter()
                .map(|glyph| (shaper.bytes_of(glyph.meaning) as u32, glyph.advance))
                .collect(),
            next: 0,
            bytes: 0,
        }
    }

    /// The advance from where the last call ended up to a byte. A ligature is shared out.
    fn until(&mut self, byte: u32) -> f32 {
        let mut width = 0.0;
        while let Some((bytes, advance)) = self.glyphs.get_mut(self.next) {
            let end = self.bytes + *bytes;
            if end <= byte {
                width += *advance;
                self.bytes = end;
                self.next += 1;
            } else {
                let share = byte.saturating_sub(self.bytes) as f32 / *bytes as f32;
                let part = *advance * share;
                width += part;
                *advance -= part;
                *bytes -= byte.saturating_sub(self.bytes);
                self.bytes = byte.max(self.bytes);
                break;
            }
        }
        width
    }
}

/// Makes whole words of the parts that stand on one line, and sets the hyphen at its end.
/// `None` if the line has no parts of words.
pub(super) fn rejoin(
    shaper: &mut Shaper,
    paragraph: &Paragraph,
    line: &[Piece],
    begins_inside: bool,
) -> Option<Vec<Piece>> {
    if !begins_inside && !line.iter().any(|piece| piece.divided) {
        return None;
    }
    let mut out: Vec<Piece> = Vec::with_capacity(line.len());
    let mut start = 0;
    for (index, piece) in line.iter().enumerate() {
        let ends_line = index + 1 == line.len();
        if piece.divided && !ends_line {
            continue;
        }
        let first = line.get(start).unwrap_or(piece);
        start = index + 1;
        let is_part = piece.divided || first.at != piece.at || begins_inside && out.is_empty();
        if is_part {
            out.push(reshaped(shaper, paragraph, first, piece));
        } else {
            out.push(*piece);
        }
    }
    Some(out)
}

/// A word from the first to the last of its parts.
fn reshaped(shaper: &mut Shaper, paragraph: &Paragraph, first: &Piece, last: &Piece) -> Piece {
    let range = first.at as usize..(last.at + last.length) as usize;
    let Some(face) = face(shaper, last) else {
        return *last;
    };
    let text = paragraph.text.get(range.clone()).unwrap_or_default();
    let word = if last.divided {
        shaper.word(face, &format!("{text}-"), false)
    } else {
        shaper.word(face, text, false)
    };
    Piece {
        word,
        at: first.at,
        length: range.len() as u32,
        width: word.width * paragraph.size(last.style),
        trail: 0.0,
        ..*last
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn syllables(word: &str) -> Vec<&str> {
        let mut parts = Vec::new();
        let mut rest = word;
        for &place in places(Lang::English, word).iter().rev() {
            let (before, part) = rest.split_at(usize::from(place));
            parts.push(part);
            rest = before;
        }
        parts.push(rest);
        parts.reverse();
        parts
    }

    #[test]
    fn two_letters_stay_before_a_hyphen_and_three_after() {
        assert_eq!(
            syllables("representation"),
            ["rep", "re", "sen", "ta", "tion"]
        );
        assert_eq!(syllables("about"), ["about"]);
        assert_eq!(syllables("ready"), ["ready"]);
        assert_eq!(syllables("interest"), ["in", "ter", "est"]);
    }

    #[test]
    fn words_of_any_length_are_divided() {
        let long = "interest".repeat(40);
        let parts = syllables(&long);
        assert!(parts.len() > 20, "{parts:?}");
        assert_eq!(parts.concat(), long);
    }

    #[test]
    fn a_language_without_patterns_is_left_whole() {
        assert_eq!(patterns("zh-Hant-TW"), Some(Lang::English));
        assert_eq!(patterns("de-CH"), Some(Lang::German));
        assert_eq!(patterns("pl"), None);
    }

    #[test]
    fn a_capital_makes_a_name_except_where_a_sentence_begins() {
        assert!(begins_sentence("It works. "));
        assert!(begins_sentence(""));
        assert!(begins_sentence("He asked: “"));
        assert!(!begins_sentence("by Dr "));
        assert!(!begins_sentence("the "));
    }
}
