//! Pieces, which no line break divides, and how far they stand apart.

use std::ops::Range;

use offprint_core::chars::{is_cjk_punctuation, is_han, is_wide};

use super::kinsoku::is_western_closing;
use super::{OBJECT, Paragraph, Setting};
use crate::formula::Part;
use crate::shape::{Shaper, Side, Word, is_invisible, side};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    Han,
    /// A full-width mark.
    Mark(Option<Side>),
    Space,
    Picture,
    /// A formula, or a part of one.
    Formula,
}

/// What no line break divides.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    pub(super) kind: Kind,
    pub(super) word: Word,
    pub(super) style: u32,
    /// Where it stands in the text.
    pub(super) at: u32,
    /// How many bytes of the text it covers.
    pub(super) length: u32,
    /// UAX 9's: odd where text runs from right to left.
    pub(super) level: u8,
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
    /// Whether a line that ends after it ends with a hyphen.
    pub(super) hyphen: bool,
    /// Whether the word goes on in the next piece, so that a hyphen is to be set.
    pub(super) divided: bool,
}

const GAP: f32 = 0.2;
// Wider, and PDF readers take the characters for separate words.
pub(super) const HAN_STRETCH: f32 = 0.09;

/// For each mark that Chinese shares with Latin script (quotes, dashes, dots), whether it
/// is full-width here: places in `text`, in order.
pub(super) fn wide_marks(text: &str) -> Vec<usize> {
    // All of these but the last begin with the byte E2.
    let is_candidate = |byte: &u8| matches!(byte, 0xe2 | 0xc2);
    if !text.as_bytes().iter().any(is_candidate)
        || !text.contains(['“', '”', '‘', '’', '—', '…', '·'])
    {
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
        ) || is_invisible(character)
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

/// Squeezes marks beside each other, parts Han from Latin, and says what may stretch.
pub(super) fn space_out(paragraph: &Paragraph, pieces: &mut [Piece]) {
    for index in 1..pieces.len() {
        if let Some([left, right]) = pieces.get_mut(index - 1..=index) {
            space_pair(paragraph, left, right);
        }
    }
    // A blank that the author put between Han and Latin is that gap, not a word space.
    for index in 1..pieces.len().saturating_sub(1) {
        if let Some([left, space, right]) = pieces.get_mut(index - 1..=index + 1)
            && space.kind == Kind::Space
        {
            narrow_blank(paragraph, left, space, right);
        }
    }
    for piece in pieces.iter_mut() {
        if matches!(piece.kind, Kind::Mark(Some(_))) {
            // The blank beside a mark gives way a little before a line looks tight.
            piece.shrink = piece.shrink.max(piece.trail * 0.35);
        }
    }
}

fn space_pair(paragraph: &Paragraph, left: &mut Piece, right: &mut Piece) {
    let size = paragraph.size(left.style);
    match (left.kind, right.kind) {
        (Kind::Mark(a), Kind::Mark(b)) => {
            if a == Some(Side::Closing) && b == Some(Side::Closing) {
                if !(is_tone(paragraph, left) && is_tone(paragraph, right)) {
                    left.width -= left.trail;
                    left.trail = 0.0;
                }
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
        (Kind::Han, Kind::Formula) | (Kind::Formula, Kind::Han) => part(left, size),
        (Kind::Han, Kind::Word) => {
            if first_character(paragraph, right).is_some_and(takes_gap) {
                part(left, size);
            }
        }
        (Kind::Word, Kind::Han) => {
            if last_character(paragraph, left).is_some_and(takes_gap)
                && !is_tag_mark(paragraph, left)
            {
                part(left, size);
            }
        }
        (Kind::Mark(_), Kind::Word | Kind::Picture | Kind::Formula)
        | (Kind::Word | Kind::Picture | Kind::Formula, Kind::Mark(_)) => {
            left.stretch = HAN_STRETCH * size * 0.5;
        }
        (Kind::Word | Kind::Picture | Kind::Formula | Kind::Han | Kind::Mark(_), Kind::Space)
        | (
            Kind::Word | Kind::Picture | Kind::Formula,
            Kind::Word | Kind::Picture | Kind::Formula,
        )
        | (Kind::Han, Kind::Picture)
        | (Kind::Picture, Kind::Han) => {}
    }
}

/// Sets Han and Latin apart.
fn part(left: &mut Piece, size: f32) {
    left.gap = GAP * size;
    left.stretch = 0.1 * size;
    left.more = 0.15 * size;
    left.shrink = 0.06 * size;
}

fn narrow_blank(paragraph: &Paragraph, left: &Piece, space: &mut Piece, right: &Piece) {
    let size = paragraph.size(space.style);
    if matches!(left.kind, Kind::Mark(_)) || matches!(right.kind, Kind::Mark(_)) {
        // The mark's own blank is space enough.
        space.width = 0.02 * size;
        space.stretch = 0.0;
        space.more = 0.0;
        space.shrink = 0.0;
    } else if matches!(
        (left.kind, right.kind),
        (Kind::Han, Kind::Word | Kind::Formula) | (Kind::Word | Kind::Formula, Kind::Han)
    ) {
        space.width = (GAP + 0.03) * size;
        space.stretch = 0.12 * size;
        space.more = 0.2 * size;
        space.shrink = 0.06 * size;
    }
}

fn first_character(paragraph: &Paragraph, piece: &Piece) -> Option<char> {
    let text = paragraph.text.get(piece.at as usize..)?;
    text.chars().next()
}

fn last_character(paragraph: &Paragraph, piece: &Piece) -> Option<char> {
    let text = paragraph.text.get(..(piece.at + piece.length) as usize)?;
    text.chars().next_back()
}

/// `#` and `@` right before a name belong to it; after a letter (`C#`) they do not.
fn is_tag_mark(paragraph: &Paragraph, piece: &Piece) -> bool {
    piece.length == 1 && matches!(first_character(paragraph, piece), Some('#' | '@'))
}

/// Marks that keep their room beside each other: `！？`.
fn is_tone(paragraph: &Paragraph, piece: &Piece) -> bool {
    matches!(first_character(paragraph, piece), Some('！' | '？'))
}

impl Kind {
    pub(super) fn of(character: char, is_full: bool) -> Self {
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
    pub(super) fn new(kind: Kind, word: Word, style: u32, range: Range<usize>, size: f32) -> Self {
        Self {
            kind,
            word,
            style,
            at: range.start as u32,
            length: range.len() as u32,
            level: 0,
            shift: 0.0,
            width: word.width * size,
            lead: word.lead * size,
            trail: word.trail * size,
            gap: 0.0,
            stretch: 0.0,
            more: 0.0,
            shrink: 0.0,
            break_cost: None,
            hyphen: false,
            divided: false,
        }
    }

    /// Makes it as wide as two cells of the code face for each full width, so that columns
    /// stay in line.
    pub(super) fn as_cells(&mut self, size: f32, full_widths: f32) {
        let cell = 0.6 * size / FULL_WIDTH_IN_CODE;
        let spare = 2.0 * cell - size;
        (self.lead, self.trail) = (0.0, 0.0);
        self.shift = -0.5 * spare * full_widths;
        self.width = 2.0 * cell * full_widths;
    }
}

/// How much larger full-width characters are in code than the letters around them: two
/// cells of 0.6 em are wider than an em, and more blank between Han characters than
/// [`HAN_STRETCH`] would part them for programs that read the file.
pub(crate) const FULL_WIDTH_IN_CODE: f32 = 1.12;

fn takes_gap(character: char) -> bool {
    character.is_alphanumeric()
        || matches!(
            character,
            '%' | '‰' | '°' | '℃' | '℉' | '$' | '€' | '£' | '¥' | '+' | '#' | '@' | '&' | '*'
        )
}

/// The width of the widest pieces in a row that no line break divides.
pub(super) fn widest_chain(pieces: &[Piece]) -> f32 {
    let (mut widest, mut chain) = (0.0_f32, 0.0_f32);
    for piece in pieces {
        chain += piece.width;
        widest = widest.max(chain);
        chain = if piece.break_cost.is_some() {
            0.0
        } else {
            chain + piece.gap
        };
    }
    widest
}

/// Makes formulas smaller that no line could hold with the marks beside them.
pub(super) fn shrink_formulas(paragraph: &Paragraph, setting: &Setting, pieces: &mut [Piece]) {
    let measure = setting.narrowest();
    let begins = |piece: &Piece| paragraph.formula(piece).is_some_and(Part::is_first);
    // For each formula, how much of its size the narrowest place of one of its parts leaves it.
    let mut shares: Vec<f32> = Vec::new();
    for chain in pieces.chunk_by(|left, _| left.break_cost.is_none()) {
        let sum = |of: fn(&Piece) -> bool| {
            let pieces = chain.iter().filter(|piece| of(piece));
            pieces.map(|piece| piece.width).sum::<f32>()
        };
        let formulas = sum(|piece| piece.kind == Kind::Formula);
        let others = sum(|piece| piece.kind != Kind::Formula);
        // Long words beside it are divided.
        let room = (measure - others).max(measure * 0.5);
        let share = (room / formulas.max(0.01)).min(1.0);
        for piece in chain.iter().filter(|piece| piece.kind == Kind::Formula) {
            match shares.last_mut().filter(|_| !begins(piece)) {
                Some(last) => *last = last.min(share),
                None => shares.push(share),
            }
        }
    }
    let mut shares = shares.into_iter();
    let mut share = 1.0;
    for piece in pieces
        .iter_mut()
        .filter(|piece| piece.kind == Kind::Formula)
    {
        if begins(piece) {
            share = shares.next().unwrap_or(1.0);
        }
        piece.width *= share;
        // The gap after its last part is the text's.
        if paragraph.formula(piece).is_some_and(|part| part.gap > 0.0) {
            piece.gap *= share;
        }
    }
}

/// Lets lines end inside what no line can hold: long addresses, long identifiers.
pub(super) fn divide_long(
    shaper: &Shaper,
    paragraph: &Paragraph,
    setting: &Setting,
    pieces: &mut Vec<Piece>,
) {
    let measure = setting.narrowest();
    let mut out: Vec<Piece> = Vec::with_capacity(pieces.len() * 2);
    let mut rest = pieces.as_slice();
    let mut goes_on = false;
    while !rest.is_empty() {
        let length = rest
            .iter()
            .position(|piece| piece.break_cost.is_some())
            .map_or(rest.len(), |last| last + 1);
        let (chain, after) = rest.split_at_checked(length).unwrap_or((rest, &[]));
        let is_part = goes_on || chain.last().is_some_and(|last| last.divided);
        goes_on = chain.last().is_some_and(|last| last.divided);
        if is_part || widest_chain(chain) <= measure {
            out.extend(chain);
        } else {
            divide_chain(shaper, paragraph, measure, chain, &mut out);
        }
        rest = after;
    }
    *pieces = out;
}

fn divide_chain(
    shaper: &Shaper,
    paragraph: &Paragraph,
    measure: f32,
    chain: &[Piece],
    out: &mut Vec<Piece>,
) {
    for (index, piece) in chain.iter().enumerate() {
        // Nothing follows the last piece that could begin a line.
        let closes = chain.get(index + 1).is_none_or(|next| {
            next.kind == Kind::Mark(Some(Side::Closing))
                || piece.kind == Kind::Formula
                    && first_character(paragraph, next).is_some_and(is_western_closing)
        });
        if piece.kind == Kind::Word && piece.width > measure * 0.4 {
            divide_word(shaper, paragraph, piece, closes, out);
        } else {
            let opens = piece.kind == Kind::Mark(Some(Side::Opening));
            let may_end = piece.break_cost.is_none() && !opens && !closes;
            out.push(Piece {
                break_cost: piece.break_cost.or(may_end.then_some(800.0)),
                ..*piece
            });
        }
    }
}

/// Cuts a word into its clusters.
fn divide_word(
    shaper: &Shaper,
    paragraph: &Paragraph,
    piece: &Piece,
    closes: bool,
    out: &mut Vec<Piece>,
) {
    let size = paragraph.size(piece.style);
    let mut clusters = shaper.clusters(piece.word);
    if piece.level % 2 == 1 {
        clusters.reverse();
    }
    let last = clusters.len().saturating_sub(1);
    let mut at = piece.at;
    for (position, cluster) in clusters.into_iter().enumerate() {
        let length = shaper.bytes(cluster) as u32;
        let part = Piece {
            word: cluster,
            at,
            length,
            width: cluster.width * size,
            ..*piece
        };
        out.push(if position == last {
            Piece {
                break_cost: piece.break_cost.or((!closes).then_some(500.0)),
                ..part
            }
        } else {
            Piece {
                gap: 0.0,
                stretch: 0.0,
                more: 0.0,
                shrink: 0.0,
                break_cost: Some(500.0),
                hyphen: false,
                ..part
            }
        });
        at += length;
    }
}
