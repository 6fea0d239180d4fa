//! Text to pieces: what no line break divides.

use std::iter::Peekable;
use std::ops::Range;
use std::vec::IntoIter;

use icu_segmenter::LineSegmenterBorrowed;
use icu_segmenter::options::LineBreakOptions;

use super::address::{address_break, addresses};
use super::bidi::Course;
use super::kinsoku::{break_cost, is_western_closing, may_not_begin, may_not_end};
use super::pieces::{Kind, Piece};
use super::{FORMULA, Paragraph, Setting, Style};
use crate::formula::{Part, SCALE};
use crate::shape::{Cut, Face, Shaper, Side, Word, is_invisible};

fn segmenter() -> LineSegmenterBorrowed<'static> {
    // The strictest rules are the default; they keep small kana and 々 off line starts.
    icu_segmenter::LineSegmenter::new_for_non_complex_scripts(LineBreakOptions::default())
}

/// A stretch of a paragraph without hard breaks, and what it is cut by.
pub(super) struct Stretch<'a> {
    pub(super) paragraph: &'a Paragraph,
    pub(super) setting: &'a Setting,
    /// Where it begins in the paragraph's text.
    pub(super) start: usize,
    pub(super) text: &'a str,
    /// Places of marks that are full-width here.
    pub(super) wide: &'a [usize],
    pub(super) course: Course,
}

/// Cuts a stretch into pieces.
pub(super) fn cut(shaper: &mut Shaper, stretch: &Stretch<'_>) -> Vec<Piece> {
    let text = stretch.text;
    let styles = &stretch.paragraph.styles;
    let mut cutter = Cutter {
        shaper,
        stretch,
        levels: stretch.course.levels(text),
        addresses: addresses(text).into_iter().peekable(),
        pieces: Vec::with_capacity(text.len() / 4 + 1),
        faces: [None; 128],
        faces_of: None,
        word: None,
    };
    let mut breaks = segmenter().segment_str(text).peekable();
    let mut index = styles.partition_point(|&(end, _)| end <= stretch.start);
    let mut before = None;
    let mut breaks_here = false;
    for (offset, character) in text.char_indices() {
        let at = stretch.start + offset;
        while styles.get(index).is_some_and(|&(end, _)| end <= at) {
            index += 1;
        }
        let Some(&(_, style)) = styles.get(index) else {
            break;
        };
        while breaks.peek().is_some_and(|&place| place < offset) {
            breaks.next();
        }
        // A break before what nobody sees is one before what follows it.
        breaks_here |= offset > 0 && breaks.peek() == Some(&offset);
        if is_invisible(character) || character == '\u{200b}' {
            cutter.pass(character, at);
            continue;
        }
        let here = Here {
            offset,
            at,
            character,
            before,
            breaks: breaks_here,
            index: index as u32,
            style,
        };
        cutter.step(&here);
        before = Some(character);
        breaks_here = false;
    }
    cutter.end_word();
    cutter.pieces
}

/// A character in its place.
struct Here {
    /// In the stretch.
    offset: usize,
    /// In the paragraph.
    at: usize,
    character: char,
    /// The character before it.
    before: Option<char>,
    /// Whether UAX 14 lets a line begin here.
    breaks: bool,
    /// The style's index.
    index: u32,
    style: Style,
}

/// What characters share that are shaped together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Key {
    style: u32,
    face: Face,
    level: u8,
}

struct Cutter<'a> {
    shaper: &'a mut Shaper,
    stretch: &'a Stretch<'a>,
    /// By byte; nothing if all are 0.
    levels: Vec<u8>,
    /// Those that are not past.
    addresses: Peekable<IntoIter<Range<usize>>>,
    pieces: Vec<Piece>,
    /// The faces of ASCII characters in the cut `faces_of`.
    faces: [Option<Face>; 128],
    faces_of: Option<Cut>,
    /// The word that the last characters make up: its place in the paragraph.
    word: Option<(Range<usize>, Key)>,
}

impl Cutter<'_> {
    /// Passes over a character that nobody sees. Joiners between letters stay in the word.
    fn pass(&mut self, character: char, at: usize) {
        match &mut self.word {
            Some((range, _)) if matches!(character, '\u{200c}' | '\u{200d}') && range.end == at => {
                range.end += character.len_utf8();
            }
            _ => self.end_word(),
        }
    }

    fn step(&mut self, here: &Here) {
        let is_full =
            !self.stretch.wide.is_empty() && self.stretch.wide.binary_search(&here.at).is_ok();
        let kind = match here.character {
            FORMULA if self.formula(here).is_some() => Kind::Formula,
            character => Kind::of(character, is_full),
        };
        // The place of a picture or a formula is shaped as a blank.
        let drawn_as = match kind {
            Kind::Picture | Kind::Formula | Kind::Space => ' ',
            Kind::Word | Kind::Han | Kind::Mark(_) => here.character,
        };
        let face = self.face(here, drawn_as, is_full);
        let level = self.levels.get(here.offset).copied().unwrap_or(0);
        let key = Key {
            style: here.index,
            face,
            level,
        };
        let joins = kind == Kind::Word && !self.shaper.is_cjk(face);
        let cost = self.cost(here, kind);
        let goes_on = self
            .word
            .as_ref()
            .is_some_and(|(range, known)| *known == key && range.end == here.at);
        if !joins || cost.is_some() || !goes_on {
            self.end_word();
        }
        // What has a ground is one box.
        let is_boxed = here.style.ground.is_some();
        if let (Some(cost), Some(last)) = (cost, self.pieces.last_mut())
            && !(is_boxed && last.style == here.index)
        {
            let inside = here.style.whole && last.style == here.index;
            last.break_cost = Some(cost + if inside { 4000.0 } else { 0.0 });
            last.hyphen = here.before == Some('-');
        }
        if joins {
            let end = here.at + here.character.len_utf8();
            match &mut self.word {
                Some((range, _)) => range.end = end,
                None => self.word = Some((here.at..end, key)),
            }
        } else if kind == Kind::Mark(None) && here.character == '—' && self.lengthen_dash(here) {
            // The dash before became a long one.
        } else {
            self.single(here, kind, key);
        }
    }

    fn formula(&self, here: &Here) -> Option<&Part> {
        self.stretch.paragraph.formula_at(here.at)
    }

    fn face(&mut self, here: &Here, character: char, is_full: bool) -> Face {
        if self.faces_of != Some(here.style.cut) {
            self.faces_of = Some(here.style.cut);
            self.faces = [None; 128];
        }
        let slot = self.faces.get_mut(character as usize);
        if let Some(&mut Some(known)) = slot {
            return known;
        }
        let face = self.shaper.face(here.style.cut, character, is_full);
        if let Some(slot) = slot {
            *slot = Some(face);
        }
        face
    }

    /// What it costs to begin a line with a character; `None` if that cannot be.
    fn cost(&mut self, here: &Here, kind: Kind) -> Option<f32> {
        let (before, after) = self.stretch.text.split_at_checked(here.offset)?;
        let last = here.before?;
        if kind == Kind::Formula
            && let Some(cost) = self.formula(here).and_then(|part| part.cost)
        {
            return Some(cost);
        }
        let is_past = |address: &Range<usize>| address.end <= here.offset;
        self.addresses.next_if(is_past);
        let address = self
            .addresses
            .peek()
            .filter(|address| address.start < here.offset);
        if let Some(address) = address {
            let text = self.stretch.text.get(address.clone())?;
            return address_break(text, here.offset - address.start);
        }
        let beside = self.pieces.last().filter(|_| self.word.is_none());
        let follows = |side| beside.is_some_and(|last| last.kind == Kind::Mark(Some(side)));
        // UAX 14 lets no line end beside a quotation mark; full-width ones have a side.
        let by_its_side = (kind == Kind::Mark(Some(Side::Opening))
            || follows(Side::Closing) && kind != Kind::Space)
            && !may_not_end(last)
            && !is_western_closing(here.character);
        if !here.breaks && !by_its_side || follows(Side::Opening) || may_not_begin(here.character) {
            return None;
        }
        Some(break_cost(before, after, last, here.character))
    }

    fn end_word(&mut self) {
        let Some((range, key)) = self.word.take() else {
            return;
        };
        let text = self.stretch.paragraph.text.get(range.clone());
        let drawn = self
            .shaper
            .word(key.face, text.unwrap_or_default(), key.level % 2 == 1);
        let size = self.stretch.paragraph.size(key.style);
        let mut piece = Piece::new(Kind::Word, drawn, key.style, range, size);
        piece.level = key.level;
        self.pieces.push(piece);
    }

    /// Makes the full-width dash before this one a long one; `false` if there is none.
    fn lengthen_dash(&mut self, here: &Here) -> bool {
        let dash = '—'.len_utf8() as u32;
        let Some(last) = self.pieces.last_mut() else {
            return false;
        };
        let is_dash = last.kind == Kind::Mark(None)
            && here.before == Some('—')
            && last.length == dash
            && last.at + last.length == here.at as u32
            && last.style == here.index;
        let Some(face) = self
            .shaper
            .glyphs(last.word)
            .first()
            .map(|glyph| glyph.face)
        else {
            return false;
        };
        if !is_dash {
            return false;
        }
        let word = self.shaper.long_dash(face);
        let range = last.at as usize..here.at + dash as usize;
        let level = last.level;
        *last = Piece::new(last.kind, word, here.index, range, here.style.size);
        last.level = level;
        if self.stretch.setting.verbatim {
            last.as_cells(here.style.size, 2.0);
        }
        true
    }

    /// A character that is a piece of its own.
    fn single(&mut self, here: &Here, kind: Kind, key: Key) {
        let backwards = key.level % 2 == 1;
        let drawn = match kind {
            Kind::Picture | Kind::Formula => Word::default(),
            Kind::Space => self.shaper.character(key.face, ' '),
            // Brackets turn around.
            Kind::Mark(_) if backwards => {
                let mut bytes = [0; 4];
                let text = here.character.encode_utf8(&mut bytes);
                self.shaper.word(key.face, text, true)
            }
            Kind::Word | Kind::Han | Kind::Mark(_) => {
                self.shaper.character(key.face, here.character)
            }
        };
        let range = here.at..here.at + here.character.len_utf8();
        let size = here.style.size;
        let mut piece = Piece::new(kind, drawn, here.index, range, size);
        piece.level = key.level;
        if self.stretch.course == Course::Backwards || key.level > 0 {
            // It may stand anywhere on its line, so no line's end takes its blank away.
            (piece.lead, piece.trail) = (0.0, 0.0);
        }
        if kind == Kind::Picture {
            piece.width = self
                .stretch
                .paragraph
                .picture(&piece)
                .map_or(0.0, |picture| {
                    picture.width.min(self.stretch.setting.measure)
                });
        }
        if let Some(part) = self.stretch.paragraph.formula(&piece) {
            piece.width = part.width() * SCALE * size;
            piece.gap = part.gap * SCALE * size;
        }
        if self.stretch.setting.verbatim {
            (piece.lead, piece.trail) = (0.0, 0.0);
            if matches!(kind, Kind::Han | Kind::Mark(_)) {
                piece.as_cells(size, 1.0);
            }
        }
        self.pieces.push(piece);
    }
}
