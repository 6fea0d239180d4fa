//! Text to pieces: what no line break divides, and how far pieces stand apart.

use icu_segmenter::LineSegmenterBorrowed;
use icu_segmenter::options::LineBreakOptions;
use offprint_core::chars::{is_cjk_punctuation, is_han, is_wide};

use super::{OBJECT, Paragraph, Setting};
use crate::shape::{Face, Shaper, Side, Word, side};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    Han,
    /// A full-width mark.
    Mark(Option<Side>),
    Space,
    Picture,
}

/// What no line break divides.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    pub(super) kind: Kind,
    pub(super) word: Word,
    pub(super) style: u32,
    /// Where it stands in the text.
    pub(super) at: usize,
    /// How far its glyphs move left, because a blank before it was squeezed.
    pub(super) shift: f32,
    pub(super) width: f32,
    pub(super) lead: f32,
    pub(super) trail: f32,
    /// A gap after it that lines drop at their end.
    pub(super) gap: f32,
    /// How far the place after it may stretch without being seen, how much further if
    /// need be, and how far it may shrink.
    pub(super) stretch: f32,
    pub(super) more: f32,
    pub(super) shrink: f32,
    /// What it costs to end a line after it; `None` if that is impossible.
    pub(super) break_cost: Option<f32>,
}

const GAP: f32 = 0.2;
// Wider, and PDF readers take the characters for separate words.
pub(super) const HAN_STRETCH: f32 = 0.09;

/// For each mark that Chinese shares with Latin script (quotes, dashes, dots), whether it
/// is full-width here: places in `text`, in order.
pub(super) fn wide_marks(text: &str) -> Vec<usize> {
    if !text.contains(['“', '”', '‘', '’', '—', '…', '·']) {
        return Vec::new();
    }
    let characters: Vec<(usize, char)> = text.char_indices().collect();
    let is_chinese = |character: char| {
        is_han(character)
            || (is_wide(character) && !matches!(character, '“' | '”' | '‘' | '’' | '—' | '…' | '·'))
    };
    let is_shared = |character: char| {
        matches!(
            character,
            '“' | '”' | '‘' | '’' | '—' | '…' | '·' | '*' | '_'
        )
    };
    // Whether the nearest characters that are no such marks are Chinese.
    let mut before = Vec::with_capacity(characters.len());
    let mut last = false;
    for &(_, character) in &characters {
        before.push(last);
        if !is_shared(character) {
            last = is_chinese(character);
        }
    }
    let mut after = vec![false; characters.len()];
    let mut next = false;
    for (&(_, character), slot) in characters.iter().zip(&mut after).rev() {
        *slot = next;
        if !is_shared(character) {
            next = is_chinese(character);
        }
    }
    let is_near = |index: usize| {
        [&before, &after]
            .into_iter()
            .any(|side| side.get(index).copied().unwrap_or_default())
    };
    let mut wide = Vec::new();
    let mut open: Vec<(char, usize)> = Vec::new();
    for (index, &(at, character)) in characters.iter().enumerate() {
        match character {
            '“' | '‘' => open.push((character, index)),
            '”' | '’' => {
                let apostrophe = character == '’'
                    && index
                        .checked_sub(1)
                        .and_then(|index| characters.get(index))
                        .is_some_and(|&(_, before)| {
                            before.is_alphanumeric() && !is_chinese(before)
                        })
                    && characters
                        .get(index + 1)
                        .is_some_and(|&(_, after)| after.is_alphanumeric() && !is_chinese(after));
                if apostrophe {
                    continue;
                }
                let opener = if character == '”' { '“' } else { '‘' };
                let partner = open
                    .iter()
                    .rposition(|&(mark, _)| mark == opener)
                    .map(|position| open.split_off(position))
                    .and_then(|opened| opened.first().map(|&(_, index)| index));
                if is_near(index) || partner.is_some_and(is_near) {
                    wide.push(at);
                    wide.extend(
                        partner
                            .and_then(|partner| characters.get(partner))
                            .map(|&(at, _)| at),
                    );
                }
            }
            '—' | '…' if is_near(index) => wide.push(at),
            // A name's middle dot stands between Han characters.
            '·' if index > 0
                && characters
                    .get(index - 1)
                    .is_some_and(|&(_, before)| is_chinese(before))
                && characters
                    .get(index + 1)
                    .is_some_and(|&(_, after)| is_chinese(after)) =>
            {
                wide.push(at);
            }
            _ => {}
        }
    }
    wide.extend(
        open.into_iter()
            .filter(|&(_, index)| is_near(index))
            .filter_map(|(_, index)| characters.get(index).map(|&(at, _)| at)),
    );
    wide.sort_unstable();
    wide
}

pub(super) fn segmenter() -> LineSegmenterBorrowed<'static> {
    // The strictest rules are the default; they keep small kana and 々 off line starts.
    icu_segmenter::LineSegmenter::new_for_non_complex_scripts(LineBreakOptions::default())
}

pub(super) fn pieces(
    shaper: &mut Shaper,
    paragraph: &Paragraph,
    setting: &Setting,
    stretch: &str,
    start: usize,
    wide: &[usize],
) -> Vec<Piece> {
    let mut breaks = segmenter().segment_str(stretch).peekable();
    let mut pieces: Vec<Piece> = Vec::new();
    let mut word = String::new();
    let mut word_at = 0;
    let mut style_index = paragraph.styles.partition_point(|&(end, _)| end <= start);
    let mut current = None;
    let mut characters = stretch.char_indices().peekable();
    while let Some((offset, character)) = characters.next() {
        let at = start + offset;
        while paragraph
            .styles
            .get(style_index)
            .is_some_and(|&(end, _)| end <= at)
        {
            style_index += 1;
        }
        let Some(&(_, style)) = paragraph.styles.get(style_index) else {
            break;
        };
        while breaks.peek().is_some_and(|&place| place < offset) {
            breaks.next();
        }
        let is_full = wide.binary_search(&at).is_ok();
        let kind = Kind::of(character, is_full);
        // UAX 14 lets no line end beside a quotation mark; full-width ones have a side.
        let after_mark = word.is_empty()
            && pieces
                .last()
                .is_some_and(|last| last.kind == Kind::Mark(Some(Side::Closing)));
        let beside_mark =
            kind == Kind::Mark(Some(Side::Opening)) || after_mark && kind != Kind::Space;
        let breaks_here = offset > 0 && (breaks.peek() == Some(&offset) || beside_mark);
        // A picture's place is shaped as a blank.
        let drawn_as = if kind == Kind::Picture {
            ' '
        } else {
            character
        };
        let face = shaper.face(style.cut, drawn_as, is_full);
        let joins = kind == Kind::Word && !shaper.is_cjk(face);
        let key = (style_index as u32, face);
        if !joins || breaks_here || current != Some(key) {
            flush(shaper, paragraph, &mut word, word_at, current, &mut pieces);
            current = None;
        }
        if breaks_here
            && !may_not_begin(character)
            && let Some(last) = pieces.last_mut()
            && !matches!(last.kind, Kind::Mark(Some(Side::Opening)))
        {
            let mut cost = break_cost(last, stretch, offset);
            if style.whole && last.style == style_index as u32 {
                cost += 4000.0;
            }
            last.break_cost = Some(cost);
        }
        if character == '\u{200b}' {
            continue;
        }
        if joins {
            if word.is_empty() {
                word_at = at;
            }
            word.push(character);
            current = Some(key);
            continue;
        }
        let drawn = if kind == Kind::Picture {
            Word::default()
        } else if character == '—'
            && is_full
            && characters.peek().is_some_and(|&(_, next)| next == '—')
        {
            characters.next();
            shaper.long_dash(face)
        } else {
            shaper.character(face, if kind == Kind::Space { ' ' } else { character })
        };
        let mut piece = Piece::new(kind, drawn, style_index as u32, at, style.size);
        if kind == Kind::Picture {
            piece.width = paragraph
                .pictures
                .iter()
                .find(|&&(place, _)| place == at)
                .map_or(0.0, |(_, picture)| picture.width.min(setting.measure));
        }
        if setting.verbatim {
            (piece.lead, piece.trail) = (0.0, 0.0);
            if matches!(kind, Kind::Han | Kind::Mark(_)) {
                // Two cells of the code face, so that columns stay in line.
                piece.shift = -0.1 * style.size;
                piece.width = 1.2 * style.size;
            }
        }
        pieces.push(piece);
    }
    flush(shaper, paragraph, &mut word, word_at, current, &mut pieces);
    pieces
}

pub(super) fn flush(
    shaper: &mut Shaper,
    paragraph: &Paragraph,
    word: &mut String,
    at: usize,
    key: Option<(u32, Face)>,
    pieces: &mut Vec<Piece>,
) {
    let Some((style, face)) = key.filter(|_| !word.is_empty()) else {
        return;
    };
    let drawn = shaper.word(face, word);
    let size = paragraph
        .styles
        .get(style as usize)
        .map_or(10.0, |(_, style)| style.size);
    pieces.push(Piece::new(Kind::Word, drawn, style, at, size));
    word.clear();
}

/// Marks that no line begins with, whatever stands before them.
pub(super) fn may_not_begin(character: char) -> bool {
    side(character) == Some(Side::Closing)
        || matches!(
            character,
            '！' | '？' | '…' | '～' | '·' | '・' | '%' | '％' | '℃'
        )
}

pub(super) fn break_cost(last: &Piece, text: &str, offset: usize) -> f32 {
    let before = text.get(..offset).and_then(|text| text.chars().next_back());
    let after = text.get(offset..).and_then(|text| text.chars().next());
    let mut cost = 0.0;
    if before == Some('-') {
        cost += 150.0;
    }
    if text.get(..offset).is_some_and(|text| text.ends_with("//")) {
        cost += 400.0;
    }
    if matches!(before, Some('/' | '.' | '?' | '&' | '=')) {
        cost += 40.0;
    }
    // A dash that begins a line reads as a list.
    if matches!(after, Some('—' | '–' | '…')) && last.kind != Kind::Space {
        cost += 400.0;
    }
    cost
}

/// Squeezes marks beside each other, parts Han from Latin, and says what may stretch.
pub(super) fn space_out(paragraph: &Paragraph, pieces: &mut [Piece]) {
    let size_of = |piece: &Piece| {
        paragraph
            .styles
            .get(piece.style as usize)
            .map_or(10.0, |(_, style)| style.size)
    };
    let edge = |piece: &Piece, last: bool| -> Option<char> {
        let text = paragraph.text.get(piece.at..)?;
        if last && piece.kind == Kind::Word {
            let length = piece.word_length(paragraph);
            return text.get(..length).and_then(|word| word.chars().next_back());
        }
        text.chars().next()
    };
    for index in 1..pieces.len() {
        let Some([left, right]) = pieces.get_mut(index - 1..=index) else {
            break;
        };
        let size = size_of(left);
        match (left.kind, right.kind) {
            (Kind::Mark(a), Kind::Mark(b)) => {
                if a == Some(Side::Closing) && b == Some(Side::Closing) {
                    left.width -= left.trail;
                    left.trail = 0.0;
                } else if b == Some(Side::Opening) && a.is_some() {
                    right.width -= right.lead;
                    right.shift += right.lead;
                    right.lead = 0.0;
                }
                left.stretch = HAN_STRETCH * size;
            }
            (Kind::Han | Kind::Mark(_), Kind::Han | Kind::Mark(_)) => {
                left.stretch = HAN_STRETCH * size;
            }
            (Kind::Space, _) => {
                left.stretch = left.width * 0.5;
                left.more = left.width * 1.2;
                left.shrink = left.width * 0.22;
            }
            (Kind::Han, Kind::Word) => {
                if edge(right, false).is_some_and(takes_gap) {
                    left.gap = GAP * size;
                    left.stretch = 0.1 * size;
                    left.more = 0.15 * size;
                    left.shrink = 0.06 * size;
                }
            }
            (Kind::Word, Kind::Han) => {
                if edge(left, true).is_some_and(takes_gap) {
                    left.gap = GAP * size;
                    left.stretch = 0.1 * size;
                    left.more = 0.15 * size;
                    left.shrink = 0.06 * size;
                }
            }
            (Kind::Mark(_), Kind::Word | Kind::Picture)
            | (Kind::Word | Kind::Picture, Kind::Mark(_)) => {
                left.stretch = HAN_STRETCH * size * 0.5;
            }
            (Kind::Word | Kind::Picture | Kind::Han | Kind::Mark(_), Kind::Space)
            | (Kind::Word | Kind::Picture, Kind::Word | Kind::Picture)
            | (Kind::Han, Kind::Picture)
            | (Kind::Picture, Kind::Han) => {}
        }
    }
    // A blank that the author put between Han and Latin is that gap, not a word space.
    for index in 1..pieces.len().saturating_sub(1) {
        let Some([left, space, right]) = pieces.get_mut(index - 1..=index + 1) else {
            break;
        };
        let parts = matches!(
            (left.kind, right.kind),
            (Kind::Han, Kind::Word) | (Kind::Word, Kind::Han)
        );
        let beside_mark = matches!(left.kind, Kind::Mark(_)) || matches!(right.kind, Kind::Mark(_));
        if space.kind == Kind::Space && beside_mark {
            // The mark's own blank is space enough.
            space.width = 0.02 * size_of(space);
            space.stretch = 0.0;
            space.more = 0.0;
            space.shrink = 0.0;
        } else if space.kind == Kind::Space && parts {
            let size = size_of(space);
            space.width = (GAP + 0.03) * size;
            space.stretch = 0.12 * size;
            space.more = 0.2 * size;
            space.shrink = 0.06 * size;
        }
    }
    for piece in pieces.iter_mut() {
        if matches!(piece.kind, Kind::Mark(Some(_))) {
            // The blank beside a mark gives way a little before a line looks tight.
            piece.shrink = piece.shrink.max(piece.trail * 0.35);
        }
    }
}

impl Kind {
    fn of(character: char, is_full: bool) -> Self {
        if character == OBJECT {
            Self::Picture
        } else if character.is_whitespace() && character != '\u{3000}' {
            Self::Space
        } else if is_full || is_cjk_punctuation(character) && is_wide(character) {
            Self::Mark(side(character))
        } else if is_wide(character) {
            Self::Han
        } else {
            Self::Word
        }
    }
}

impl Piece {
    fn new(kind: Kind, word: Word, style: u32, at: usize, size: f32) -> Self {
        Self {
            kind,
            word,
            style,
            at,
            shift: 0.0,
            width: word.width * size,
            lead: word.lead * size,
            trail: word.trail * size,
            gap: 0.0,
            stretch: 0.0,
            more: 0.0,
            shrink: 0.0,
            break_cost: None,
        }
    }

    /// Bytes of text that a word covers.
    fn word_length(&self, paragraph: &Paragraph) -> usize {
        // Words hold neither blanks nor full-width characters.
        let text = paragraph.text.get(self.at..).unwrap_or_default();
        let end = paragraph
            .styles
            .get(self.style as usize)
            .map_or(usize::MAX, |&(end, _)| end - self.at);
        text.char_indices()
            .find(|&(offset, character)| {
                offset >= end || character.is_whitespace() || is_wide(character)
            })
            .map_or(text.len(), |(offset, _)| offset)
    }
}

pub(super) fn takes_gap(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '%' | '$' | '€' | '£' | '+')
}

/// Lets lines end inside what no line can hold: long addresses, long identifiers.
pub(super) fn divide_long(
    shaper: &Shaper,
    paragraph: &Paragraph,
    setting: &Setting,
    pieces: &mut Vec<Piece>,
) {
    let measure = setting.measure - setting.first.max(setting.rest);
    let mut out: Vec<Piece> = Vec::with_capacity(pieces.len());
    let mut chain: Vec<Piece> = Vec::new();
    let mut width = 0.0;
    let mut divided = false;
    for &piece in pieces.iter() {
        width += piece.width + piece.gap;
        chain.push(piece);
        if piece.break_cost.is_none() {
            continue;
        }
        divided |= end_chain(shaper, paragraph, measure, width, &mut chain, &mut out);
        width = 0.0;
    }
    divided |= end_chain(shaper, paragraph, measure, width, &mut chain, &mut out);
    if divided {
        *pieces = out;
    }
}

pub(super) fn end_chain(
    shaper: &Shaper,
    paragraph: &Paragraph,
    measure: f32,
    width: f32,
    chain: &mut Vec<Piece>,
    out: &mut Vec<Piece>,
) -> bool {
    if width <= measure {
        out.append(chain);
        return false;
    }
    let closing: Vec<bool> = chain
        .iter()
        .map(|piece| piece.kind == Kind::Mark(Some(Side::Closing)))
        .collect();
    for (index, mut piece) in chain.drain(..).enumerate() {
        let after = piece.break_cost;
        // Nothing follows the last piece that could begin a line.
        let closes = closing.get(index + 1).copied().unwrap_or(true);
        if piece.kind == Kind::Word && piece.width > measure * 0.4 {
            let size = paragraph
                .styles
                .get(piece.style as usize)
                .map_or(10.0, |(_, style)| style.size);
            let clusters = shaper.clusters(piece.word);
            let last = clusters.len().saturating_sub(1);
            for (position, cluster) in clusters.into_iter().enumerate() {
                let is_last = position == last;
                out.push(Piece {
                    word: cluster,
                    width: cluster.width * size,
                    gap: if is_last { piece.gap } else { 0.0 },
                    stretch: if is_last { piece.stretch } else { 0.0 },
                    more: if is_last { piece.more } else { 0.0 },
                    shrink: if is_last { piece.shrink } else { 0.0 },
                    break_cost: if is_last {
                        after.or(Some(500.0).filter(|_| !closes))
                    } else {
                        Some(500.0)
                    },
                    ..piece
                });
            }
        } else {
            let opens = matches!(piece.kind, Kind::Mark(Some(Side::Opening)));
            if after.is_none() && !opens && !closes {
                piece.break_cost = Some(800.0);
            }
            out.push(piece);
        }
    }
    true
}
