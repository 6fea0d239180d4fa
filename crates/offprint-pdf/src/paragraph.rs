//! A paragraph to lines: where lines end, and where each glyph stands on them.
//!
//! Line breaks follow UAX 14 with strict rules for Chinese (kinsoku). Among all ways to
//! break a paragraph the one whose lines are nearest to their natural width is taken.
//! Full-width marks give up their blank half beside each other and at a line's ends,
//! a fifth of an em parts Han characters from Latin ones, and lines are justified between
//! characters as far as that stays unseen.

use icu_segmenter::LineSegmenterBorrowed;
use icu_segmenter::options::LineBreakOptions;
use offprint_core::chars::{is_cjk_punctuation, is_han, is_wide};

use crate::page::{Anchor, Color, Item, Link, PlacedGlyph, Row, Target, TextRun};
use crate::shape::{Cut, Shaper, Side, Word, is_invisible, side};

/// How characters look.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Style {
    pub(crate) cut: Cut,
    /// In points.
    pub(crate) size: f32,
    pub(crate) color: Color,
    pub(crate) strike: bool,
    /// Dots under Han characters, which have no italics.
    pub(crate) dotted: bool,
    /// How far above the baseline.
    pub(crate) rise: f32,
    /// Whether lines should not end inside: for names, labels, short addresses.
    pub(crate) whole: bool,
    /// Index into [`Paragraph::targets`].
    pub(crate) link: Option<u32>,
}

/// A picture that stands in a line.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Picture {
    pub(crate) src: String,
    pub(crate) width: f32,
    pub(crate) height: f32,
}

/// Text to be broken into lines.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Paragraph {
    text: String,
    /// Styles with the end of what they apply to, in bytes of `text`.
    styles: Vec<(usize, Style)>,
    /// Pictures by their place in `text`, where a U+FFFC stands for them.
    pictures: Vec<(usize, Picture)>,
    anchors: Vec<(usize, Anchor)>,
    notes: Vec<(usize, u32)>,
    targets: Vec<Target>,
}

const OBJECT: char = '\u{fffc}';
const LINE_BREAK: char = '\n';

impl Paragraph {
    /// Adds characters; `\n` ends a line.
    pub(crate) fn push(&mut self, text: &str, style: Style) {
        self.text.extend(
            text.chars()
                .filter(|&character| !is_invisible(character) && character != OBJECT),
        );
        self.end_style(style);
    }

    pub(crate) fn push_picture(&mut self, picture: Picture, style: Style) {
        self.pictures.push((self.text.len(), picture));
        self.text.push(OBJECT);
        self.end_style(style);
    }

    pub(crate) fn push_break(&mut self, style: Style) {
        self.text.push(LINE_BREAK);
        self.end_style(style);
    }

    fn end_style(&mut self, style: Style) {
        let end = self.text.len();
        match self.styles.last_mut() {
            Some((last_end, last)) if *last == style => *last_end = end,
            _ => self.styles.push((end, style)),
        }
    }

    /// Marks this place as one that links lead to.
    pub(crate) fn push_anchor(&mut self, anchor: Anchor) {
        self.anchors.push((self.text.len(), anchor));
    }

    /// Says that the footnote at `index` belongs to this place.
    pub(crate) fn push_note(&mut self, index: u32) {
        self.notes.push((self.text.len(), index));
    }

    /// A target for [`Style::link`].
    pub(crate) fn target(&mut self, target: Target) -> u32 {
        self.targets.push(target);
        (self.targets.len() - 1) as u32
    }

    /// Makes the whole paragraph one link.
    pub(crate) fn link_all(&mut self, target: Target) {
        let link = self.target(target);
        for (_, style) in &mut self.styles {
            style.link = Some(link);
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }
}

/// Where lines stand between their margins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Alignment {
    Start,
    Center,
    End,
}

/// How a paragraph is set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Setting {
    /// Where lines begin.
    pub(crate) x: f32,
    /// Their width.
    pub(crate) measure: f32,
    /// How much further in the first line begins.
    pub(crate) first: f32,
    /// How much further in the other lines begin.
    pub(crate) rest: f32,
    /// From baseline to baseline.
    pub(crate) leading: f32,
    pub(crate) justify: bool,
    pub(crate) align: Alignment,
    /// Whether blanks stand as written and nothing is squeezed: for code.
    pub(crate) verbatim: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Word,
    Han,
    /// A full-width mark.
    Mark(Option<Side>),
    Space,
    Picture,
}

/// What no line break divides.
#[derive(Debug, Clone, Copy)]
struct Piece {
    kind: Kind,
    word: Word,
    style: u32,
    /// Where it stands in the text.
    at: usize,
    /// How far its glyphs move left, because a blank before it was squeezed.
    shift: f32,
    width: f32,
    lead: f32,
    trail: f32,
    /// A gap after it that lines drop at their end.
    gap: f32,
    /// How far the place after it may stretch without being seen, how much further if
    /// need be, and how far it may shrink.
    stretch: f32,
    more: f32,
    shrink: f32,
    /// What it costs to end a line after it; `None` if that is impossible.
    break_cost: Option<f32>,
}

const GAP: f32 = 0.2;
// Wider, and PDF readers take the characters for separate words.
const HAN_STRETCH: f32 = 0.09;

/// Breaks a paragraph into rows of one line each.
pub(crate) fn lines(shaper: &mut Shaper, paragraph: &Paragraph, setting: &Setting) -> Vec<Row> {
    let mut rows = Vec::new();
    let wide = wide_marks(&paragraph.text);
    let mut start = 0;
    let mut is_first = true;
    for stretch in paragraph.text.split(LINE_BREAK) {
        let end = start + stretch.len();
        let mut pieces = pieces(shaper, paragraph, setting, stretch, start, &wide);
        if !setting.verbatim {
            space_out(paragraph, &mut pieces);
        }
        divide_long(shaper, paragraph, setting, &mut pieces);
        let first = if is_first {
            setting.first
        } else {
            setting.rest
        };
        let em = pieces
            .first()
            .and_then(|piece| paragraph.styles.get(piece.style as usize))
            .map_or(10.0, |(_, style)| style.size);
        let ends = best_breaks(&pieces, setting, first, em);
        let mut from = 0;
        for (index, &to) in ends.iter().enumerate() {
            let indent = if index == 0 { first } else { setting.rest };
            let line = pieces.get(from..to).unwrap_or_default();
            let is_last = index + 1 == ends.len();
            let mut row = set_line(shaper, paragraph, setting, line, indent, is_last);
            let text_start = if from == 0 {
                start
            } else {
                line.first().map_or(end, |piece| piece.at)
            };
            let text_end = pieces.get(to).map_or(end + 1, |piece| piece.at);
            row.anchors = paragraph
                .anchors
                .iter()
                .filter(|(at, _)| (text_start..text_end).contains(at))
                .map(|&(_, anchor)| anchor)
                .collect();
            row.notes = paragraph
                .notes
                .iter()
                .filter(|(at, _)| (text_start..text_end).contains(at))
                .map(|&(_, note)| note)
                .collect();
            rows.push(row);
            from = to;
        }
        is_first = false;
        start = end + LINE_BREAK.len_utf8();
    }
    rows
}

/// The width of the widest line and of the widest piece that cannot be broken.
pub(crate) fn extremes(
    shaper: &mut Shaper,
    paragraph: &Paragraph,
    setting: &Setting,
) -> (f32, f32) {
    let wide = wide_marks(&paragraph.text);
    let (mut widest, mut narrowest) = (0.0_f32, 0.0_f32);
    let mut start = 0;
    for stretch in paragraph.text.split(LINE_BREAK) {
        let mut pieces = pieces(shaper, paragraph, setting, stretch, start, &wide);
        space_out(paragraph, &mut pieces);
        let (mut line, mut chain) = (0.0, 0.0);
        for piece in &pieces {
            line += piece.width + piece.gap;
            chain += piece.width;
            narrowest = narrowest.max(chain);
            chain = if piece.break_cost.is_some() {
                0.0
            } else {
                chain + piece.gap
            };
        }
        widest = widest.max(line);
        start += stretch.len() + LINE_BREAK.len_utf8();
    }
    (widest, narrowest)
}

/// For each mark that Chinese shares with Latin script (quotes, dashes, dots), whether it
/// is full-width here: places in `text`, in order.
fn wide_marks(text: &str) -> Vec<usize> {
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
    let before = |index: usize| {
        characters
            .get(..index)
            .unwrap_or_default()
            .iter()
            .rev()
            .map(|&(_, character)| character)
            .find(|&character| !is_shared(character))
    };
    let after = |index: usize| {
        characters
            .get(index + 1..)
            .unwrap_or_default()
            .iter()
            .map(|&(_, character)| character)
            .find(|&character| !is_shared(character))
    };
    let is_near = |index: usize| {
        before(index).is_some_and(is_chinese) || after(index).is_some_and(is_chinese)
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

fn segmenter() -> LineSegmenterBorrowed<'static> {
    // The strictest rules are the default; they keep small kana and 々 off line starts.
    icu_segmenter::LineSegmenter::new_for_non_complex_scripts(LineBreakOptions::default())
}

fn pieces(
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
        let kind = if character == OBJECT {
            Kind::Picture
        } else if character.is_whitespace() && character != '\u{3000}' {
            Kind::Space
        } else if is_full || is_cjk_punctuation(character) && is_wide(character) {
            Kind::Mark(side(character))
        } else if is_wide(character) {
            Kind::Han
        } else {
            Kind::Word
        };
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
        let joins = kind == Kind::Word
            && !matches!(face, crate::shape::Face::Cjk | crate::shape::Face::CjkBold);
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
        let mut drawn = if character == '—'
            && is_full
            && characters.peek().is_some_and(|&(_, next)| next == '—')
        {
            characters.next();
            shaper.long_dash(face)
        } else {
            shaper.character(face, if kind == Kind::Space { ' ' } else { character })
        };
        if kind == Kind::Picture {
            drawn = Word::default();
        }
        let mut piece = Piece {
            kind,
            word: drawn,
            style: style_index as u32,
            at,
            shift: 0.0,
            width: drawn.width * style.size,
            lead: drawn.lead * style.size,
            trail: drawn.trail * style.size,
            gap: 0.0,
            stretch: 0.0,
            more: 0.0,
            shrink: 0.0,
            break_cost: None,
        };
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

fn flush(
    shaper: &mut Shaper,
    paragraph: &Paragraph,
    word: &mut String,
    at: usize,
    key: Option<(u32, crate::shape::Face)>,
    pieces: &mut Vec<Piece>,
) {
    let Some((style, face)) = key.filter(|_| !word.is_empty()) else {
        return;
    };
    let shaped = shaper.word(face, word);
    let size = paragraph
        .styles
        .get(style as usize)
        .map_or(10.0, |(_, style)| style.size);
    pieces.push(Piece {
        kind: Kind::Word,
        word: shaped,
        style,
        at,
        shift: 0.0,
        width: shaped.width * size,
        lead: 0.0,
        trail: 0.0,
        gap: 0.0,
        stretch: 0.0,
        more: 0.0,
        shrink: 0.0,
        break_cost: None,
    });
    word.clear();
}

/// Marks that no line begins with, whatever stands before them.
fn may_not_begin(character: char) -> bool {
    side(character) == Some(Side::Closing)
        || matches!(
            character,
            '！' | '？' | '…' | '～' | '·' | '・' | '%' | '％' | '℃'
        )
}

fn break_cost(last: &Piece, text: &str, offset: usize) -> f32 {
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
fn space_out(paragraph: &Paragraph, pieces: &mut [Piece]) {
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

impl Piece {
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

fn takes_gap(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '%' | '$' | '€' | '£' | '+')
}

/// Lets lines end inside what no line can hold: long addresses, long identifiers.
fn divide_long(shaper: &Shaper, paragraph: &Paragraph, setting: &Setting, pieces: &mut Vec<Piece>) {
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

fn end_chain(
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

/// Sums over pieces, so that a line's measures are differences.
struct Sums {
    width: Vec<f32>,
    stretch: Vec<f32>,
    more: Vec<f32>,
    shrink: Vec<f32>,
}

fn sums(pieces: &[Piece]) -> Sums {
    let sum = |of: &dyn Fn(&Piece) -> f32| {
        let mut total = 0.0;
        let mut sums = Vec::with_capacity(pieces.len() + 1);
        sums.push(0.0);
        for piece in pieces {
            total += of(piece);
            sums.push(total);
        }
        sums
    };
    Sums {
        width: sum(&|piece| piece.width + piece.gap),
        stretch: sum(&|piece| piece.stretch),
        more: sum(&|piece| piece.more),
        shrink: sum(&|piece| piece.shrink),
    }
}

fn at(sums: &[f32], index: usize) -> f32 {
    sums.get(index).copied().unwrap_or_default()
}

/// Where lines end: for each line, the index after its last piece.
fn best_breaks(pieces: &[Piece], setting: &Setting, first: f32, em: f32) -> Vec<usize> {
    let count = pieces.len();
    if count == 0 {
        return vec![0];
    }
    let sums = sums(pieces);
    // The last piece before each index that is not a blank.
    let mut visible = Vec::with_capacity(count + 1);
    let mut last = 0;
    visible.push(0);
    for (index, piece) in pieces.iter().enumerate() {
        if piece.kind != Kind::Space {
            last = index;
        }
        visible.push(last);
    }
    // Cost of the best way to end a line at each index, and where that line begins.
    let mut best: Vec<Option<(f32, usize)>> = vec![None; count + 1];
    if let Some(start) = best.first_mut() {
        *start = Some((0.0, 0));
    }
    for from in 0..count {
        let Some((so_far, _)) = best.get(from).copied().flatten() else {
            continue;
        };
        let indent = if from == 0 { first } else { setting.rest };
        let measure = setting.measure - indent;
        let Some(opening) = pieces.get(from) else {
            break;
        };
        let mut reached = false;
        for (to, piece) in (from + 1..).zip(pieces.iter().skip(from)) {
            let is_end = to == count;
            let Some(cost) = piece.break_cost.or(is_end.then_some(0.0)) else {
                continue;
            };
            let end = visible.get(to).copied().unwrap_or_default().max(from);
            let Some(closing) = pieces.get(end) else {
                break;
            };
            let natural = at(&sums.width, end) + closing.width
                - at(&sums.width, from)
                - opening.lead
                - closing.trail;
            let shrink = at(&sums.shrink, end) - at(&sums.shrink, from);
            let slack = measure - natural;
            let overfull = slack < -shrink - 0.01;
            if overfull && reached {
                break;
            }
            let mut line = 10.0 + cost;
            if overfull {
                // Nothing shorter can be had from here.
                line += 1e6 - slack * 100.0;
            } else if slack < 0.0 {
                let share = if shrink > 0.0 { -slack / shrink } else { 0.0 };
                line += 120.0 * share * share * share;
            } else if is_end {
                if from > 0 {
                    line += lost(natural, em, measure, setting.justify);
                }
            } else if setting.justify {
                let stretch = at(&sums.stretch, end) - at(&sums.stretch, from);
                let more = at(&sums.more, end) - at(&sums.more, from);
                line += looseness(slack, stretch, more, measure);
            } else {
                let share = slack / measure;
                line += 1500.0 * share * share;
            }
            reached = true;
            let total = so_far + line;
            if let Some(slot) = best.get_mut(to)
                && slot.is_none_or(|(known, _)| total < known)
            {
                *slot = Some((total, from));
            }
            if overfull {
                break;
            }
        }
    }
    let mut ends = Vec::new();
    let mut index = count;
    while index > 0 {
        ends.push(index);
        index = best
            .get(index)
            .copied()
            .flatten()
            .map_or(0, |(_, from)| from);
    }
    ends.reverse();
    ends
}

/// What a last line costs that is short enough to look lost.
fn lost(natural: f32, em: f32, measure: f32, justified: bool) -> f32 {
    let share = natural / measure;
    if natural < 1.9 * em {
        600.0
    } else if !justified {
        // Titles and labels look best with lines of like length.
        400.0 * (0.4 - share).max(0.0)
    } else if natural < 3.0 * em {
        30.0
    } else {
        0.0
    }
}

fn looseness(slack: f32, stretch: f32, more: f32, measure: f32) -> f32 {
    if slack <= stretch {
        let share = if stretch > 0.0 { slack / stretch } else { 0.0 };
        return 100.0 * share * share * share;
    }
    let rest = slack - stretch;
    if rest <= more {
        let share = rest / more;
        return 100.0 + 500.0 * share * share;
    }
    700.0 + 6000.0 * (rest - more) / measure
}

/// Puts the pieces of one line in their places.
fn set_line(
    shaper: &Shaper,
    paragraph: &Paragraph,
    setting: &Setting,
    line: &[Piece],
    indent: f32,
    is_last: bool,
) -> Row {
    let shown = line
        .iter()
        .rposition(|piece| piece.kind != Kind::Space)
        .map_or(0, |last| last + 1);
    let line = line.get(..shown).unwrap_or_default();
    let measure = setting.measure - indent;
    let inner = line.split_last().map_or(line, |(_, inner)| inner);
    let natural = inner
        .iter()
        .map(|piece| piece.width + piece.gap)
        .sum::<f32>()
        + line.last().map_or(0.0, |piece| piece.width - piece.trail)
        - line.first().map_or(0.0, |piece| piece.lead);
    let sum = |of: fn(&Piece) -> f32| inner.iter().map(of).sum::<f32>();
    let slack = measure - natural;
    let (mut stretch, mut more, mut shrink) = (0.0, 0.0, 0.0);
    if slack < 0.0 {
        let can = sum(|piece| piece.shrink);
        shrink = if can > 0.0 {
            (-slack / can).min(1.0)
        } else {
            0.0
        };
    } else if setting.justify && !is_last {
        let can = sum(|piece| piece.stretch);
        let can_more = sum(|piece| piece.more);
        stretch = if can > 0.0 {
            (slack / can).min(1.0)
        } else {
            0.0
        };
        more = if can_more > 0.0 {
            ((slack - can * stretch).max(0.0) / can_more).min(1.0)
        } else {
            0.0
        };
    }
    let free = if setting.justify && !is_last {
        0.0
    } else {
        slack.max(0.0)
    };
    let offset = match setting.align {
        Alignment::Start => 0.0,
        Alignment::Center => free / 2.0,
        Alignment::End => free,
    };
    let mut row = Row {
        height: setting.leading,
        ..Row::default()
    };
    let tallest = line
        .iter()
        .filter(|piece| piece.kind == Kind::Picture)
        .filter_map(|piece| {
            paragraph
                .pictures
                .iter()
                .find(|&&(place, _)| place == piece.at)
                .map(|(_, picture)| picture.height)
        })
        .fold(0.0_f32, f32::max);
    let size = line
        .iter()
        .filter_map(|piece| paragraph.styles.get(piece.style as usize))
        .map(|(_, style)| style.size)
        .fold(0.0_f32, f32::max)
        .max(setting.leading * 0.4);
    // Han characters fill the box from 0.88 em above the baseline to 0.12 em below.
    let mut baseline = (setting.leading - size) / 2.0 + 0.88 * size;
    if tallest > 0.0 {
        let needed = tallest + 2.0;
        let extra = (needed - baseline).max(0.0);
        baseline += extra;
        row.height += extra;
    }
    let mut x = setting.x + indent + offset - line.first().map_or(0.0, |piece| piece.lead);
    let count = line.len();
    for (index, piece) in line.iter().enumerate() {
        let Some(&(_, style)) = paragraph.styles.get(piece.style as usize) else {
            continue;
        };
        let y = baseline - style.rise;
        if piece.kind == Kind::Picture {
            if let Some((_, picture)) = paragraph
                .pictures
                .iter()
                .find(|&&(place, _)| place == piece.at)
            {
                row.items.push(Item::Picture {
                    src: picture.src.clone(),
                    x,
                    y: y - picture.height,
                    width: piece.width,
                    height: picture.height * piece.width / picture.width.max(0.01),
                });
            }
        } else {
            draw_word(shaper, &mut row, piece, style, x, y);
        }
        let mut advance = piece.width;
        if index + 1 < count {
            advance +=
                piece.gap + piece.stretch * stretch + piece.more * more - piece.shrink * shrink;
        } else {
            advance -= piece.trail;
        }
        if style.strike {
            row.items.push(Item::Fill {
                x,
                y: y - 0.31 * style.size,
                width: advance,
                height: 0.05 * style.size,
                color: style.color,
            });
        }
        if style.dotted && piece.kind == Kind::Han {
            row.items.push(Item::Dot {
                x: x - piece.shift + 0.5 * style.size,
                y: y + 0.26 * style.size,
                radius: 0.055 * style.size,
                color: style.color,
            });
        }
        if let Some(link) = style.link {
            extend_link(&mut row, paragraph, link, style, x, y, advance);
        }
        x += advance;
    }
    row
}

fn draw_word(shaper: &Shaper, row: &mut Row, piece: &Piece, style: Style, x: f32, y: f32) {
    let mut pen = x - piece.shift;
    for glyph in shaper.glyphs(piece.word) {
        let glyph_y = y - glyph.dy * style.size;
        let placed = PlacedGlyph {
            id: glyph.id,
            meaning: glyph.meaning,
            x: pen + glyph.dx * style.size,
        };
        pen += glyph.advance * style.size;
        let run = row.items.iter_mut().rev().find_map(|item| match item {
            Item::Text(run) => Some(run),
            Item::Fill { .. }
            | Item::Dot { .. }
            | Item::Leader { .. }
            | Item::Picture { .. }
            | Item::PageNumber { .. } => None,
        });
        match run {
            Some(run)
                if run.face == glyph.face
                    && run.size.to_bits() == style.size.to_bits()
                    && run.color == style.color
                    && (run.y - glyph_y).abs() < 0.001 =>
            {
                run.glyphs.push(placed);
            }
            _ => row.items.push(Item::Text(TextRun {
                face: glyph.face,
                size: style.size,
                color: style.color,
                y: glyph_y,
                glyphs: vec![placed],
            })),
        }
    }
}

fn extend_link(
    row: &mut Row,
    paragraph: &Paragraph,
    link: u32,
    style: Style,
    x: f32,
    y: f32,
    advance: f32,
) {
    let Some(target) = paragraph.targets.get(link as usize) else {
        return;
    };
    let top = y - 0.95 * style.size;
    match row.links.last_mut() {
        Some(last) if last.target == *target && (last.x + last.width - x).abs() < 0.01 => {
            last.width += advance;
        }
        _ => row.links.push(Link {
            target: target.clone(),
            words: linked_words(paragraph, link),
            x,
            y: top,
            width: advance,
            height: 1.2 * style.size,
        }),
    }
}

fn linked_words(paragraph: &Paragraph, link: u32) -> String {
    let mut start = 0;
    let mut words = String::new();
    for &(end, style) in &paragraph.styles {
        if style.link == Some(link) {
            words.push_str(paragraph.text.get(start..end).unwrap_or_default());
        }
        start = end;
    }
    words.replace(OBJECT, "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::Face;

    const NASTY: &str = "“你好，”他说，“这是《论文》（第一版）——真的……吗？”O’Brien 说“yes”。约翰·史密斯的\
        文字「『重叠』」；BERT（Devlin et al.）在100%的GPU上跑，见 https://example.org/a/very/long/path/index.html?query=1&more=2，\
        后面接中文！之后是《书》、《报》、《刊》。A state-of-the-art model—fine-tuned—works “well” in practice; see §3.2 (p. 7).";

    fn style() -> Style {
        Style {
            cut: Cut::default(),
            size: 10.0,
            color: Color(0, 0, 0),
            strike: false,
            dotted: false,
            rise: 0.0,
            whole: false,
            link: None,
        }
    }

    fn setting(measure: f32) -> Setting {
        Setting {
            x: 0.0,
            measure,
            first: 0.0,
            rest: 0.0,
            leading: 16.0,
            justify: true,
            align: Alignment::Start,
            verbatim: false,
        }
    }

    fn set(shaper: &mut Shaper, text: &str, measure: f32) -> Vec<Row> {
        let mut paragraph = Paragraph::default();
        paragraph.push(text, style());
        lines(shaper, &paragraph, &setting(measure))
    }

    fn runs(row: &Row) -> Vec<&TextRun> {
        row.items
            .iter()
            .filter_map(|item| match item {
                Item::Text(run) => Some(run),
                Item::Fill { .. }
                | Item::Dot { .. }
                | Item::Leader { .. }
                | Item::Picture { .. }
                | Item::PageNumber { .. } => None,
            })
            .collect()
    }

    fn words(shaper: &Shaper, row: &Row) -> String {
        runs(row)
            .iter()
            .flat_map(|run| &run.glyphs)
            .map(|glyph| shaper.characters(glyph.meaning))
            .collect()
    }

    fn texts(text: &str, measure: f32) -> Vec<String> {
        let mut shaper = Shaper::new();
        let rows = set(&mut shaper, text, measure);
        rows.iter().map(|row| words(&shaper, row)).collect()
    }

    /// Left and right edge of what is drawn.
    fn ink(shaper: &Shaper, row: &Row) -> (f32, f32) {
        let mut edges = (f32::MAX, f32::MIN);
        for run in runs(row) {
            for glyph in &run.glyphs {
                if let Some((left, right)) = shaper.ink(run.face, glyph.id) {
                    edges.0 = edges.0.min(glyph.x + left * run.size);
                    edges.1 = edges.1.max(glyph.x + right * run.size);
                }
            }
        }
        edges
    }

    #[test]
    fn no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one() {
        for measure in 60..400 {
            for line in texts(NASTY, measure as f32) {
                let first = line.chars().next().unwrap();
                let last = line.chars().next_back().unwrap();
                assert!(
                    !"，。、；：？！）》」』”".contains(first),
                    "{measure}: {line}"
                );
                assert!(!"（《「『“".contains(last), "{measure}: {line}");
            }
        }
    }

    #[test]
    fn dashes_and_dots_of_two_characters_are_never_divided() {
        for measure in 60..400 {
            let lines = texts(NASTY, measure as f32);
            for pair in lines.windows(2) {
                let [line, next] = pair else { continue };
                for mark in ['—', '…'] {
                    assert!(
                        !(line.ends_with(mark) && next.starts_with(mark)),
                        "{measure}: {line} / {next}"
                    );
                }
            }
        }
    }

    #[test]
    fn nothing_is_drawn_outside_the_margins() {
        let mut shaper = Shaper::new();
        for measure in (60..400).step_by(7) {
            for row in set(&mut shaper, NASTY, measure as f32) {
                let (left, right) = ink(&shaper, &row);
                let line = words(&shaper, &row);
                assert!(left >= -0.6, "{measure}: {left} {line}");
                assert!(right <= measure as f32 + 0.6, "{measure}: {right} {line}");
            }
        }
    }

    #[test]
    fn every_character_is_set_once_and_in_order() {
        for measure in [60.0, 133.0, 421.0] {
            let set: String = texts(NASTY, measure).concat();
            let strip = |text: &str| text.replace([' ', '\u{a0}'], "");
            assert_eq!(strip(&set), strip(NASTY));
        }
    }

    #[test]
    fn lines_of_chinese_end_flush_with_the_margin() {
        let text =
            "把先验定成一个高斯，算起来省事，代价是模型被拽向一个数据并不服从的形状。".repeat(4);
        let mut shaper = Shaper::new();
        let rows = set(&mut shaper, &text, 205.0);
        let (_, full) = rows.split_last().unwrap();
        for row in full {
            let (_, right) = ink(&shaper, row);
            assert!((203.0..205.6).contains(&right), "{right}");
        }
    }

    #[test]
    fn han_characters_are_never_parted_by_more_than_readers_of_the_file_bear() {
        let mut shaper = Shaper::new();
        for measure in 100..300 {
            for row in set(&mut shaper, NASTY, measure as f32) {
                for run in runs(&row) {
                    for pair in run.glyphs.windows(2) {
                        let [left, right] = pair else { continue };
                        let is_han_pair = [left, right]
                            .iter()
                            .all(|glyph| shaper.characters(glyph.meaning).chars().all(is_han));
                        if is_han_pair {
                            assert!(right.x - left.x <= 10.0 * (1.0 + HAN_STRETCH) + 0.01);
                        }
                    }
                }
            }
        }
    }

    fn width(text: &str) -> f32 {
        let mut shaper = Shaper::new();
        let mut paragraph = Paragraph::default();
        paragraph.push(text, style());
        extremes(&mut shaper, &paragraph, &setting(1000.0)).0
    }

    #[test]
    fn marks_beside_each_other_share_the_blank_between_them() {
        assert!(width("好」。") < 10.0 + 10.0 * 1.6);
        assert!(width("好，「好") < 10.0 * 3.6);
        assert!((width("好，好") - 30.0).abs() < 0.01);
    }

    #[test]
    fn a_fifth_of_an_em_parts_han_from_latin() {
        let apart = width("中A中") - width("A") - 20.0;
        assert!((apart - 4.0).abs() < 0.01, "{apart}");
    }

    #[test]
    fn quotes_follow_their_neighbours() {
        let mut shaper = Shaper::new();
        let mut faces = |text: &str| -> Vec<Face> {
            let rows = set(&mut shaper, text, 1000.0);
            rows.iter().flat_map(runs).map(|run| run.face).collect()
        };
        assert_eq!(faces("“你好”"), [Face::Cjk]);
        assert_eq!(faces("O’Brien said “yes” twice…"), [Face::Latin]);
        assert_eq!(faces("他说“yes”。"), [Face::Cjk, Face::Latin, Face::Cjk]);
    }

    #[test]
    fn an_address_that_no_line_holds_is_broken_and_not_cut() {
        let address = format!("https://example.org/{}", "a".repeat(300));
        let lines = texts(&address, 120.0);
        assert!(lines.len() > 5);
        assert_eq!(lines.concat(), address);
    }

    #[test]
    fn a_last_line_is_no_single_character() {
        let text = "给外挂一块定长记忆读写历史都走它对长度为序列时间降到存储只要而标准是多少呢";
        let text = text.repeat(2);
        for count in 42..72 {
            let text: String = text.chars().take(count).collect();
            let lines = texts(&text, 205.0);
            let last = lines.last().unwrap();
            assert!(last.chars().count() > 1, "{lines:?}");
        }
    }

    #[test]
    fn code_keeps_its_blanks() {
        let mut shaper = Shaper::new();
        let mut paragraph = Paragraph::default();
        paragraph.push("    x", style());
        let setting = Setting {
            verbatim: true,
            justify: false,
            ..setting(200.0)
        };
        let rows = lines(&mut shaper, &paragraph, &setting);
        assert_eq!(words(&shaper, &rows[0]), "    x");
    }

    #[test]
    fn a_hard_break_ends_a_line_and_does_not_stretch_it() {
        let mut shaper = Shaper::new();
        let mut paragraph = Paragraph::default();
        paragraph.push("一二三", style());
        paragraph.push_break(style());
        paragraph.push("四", style());
        let rows = lines(&mut shaper, &paragraph, &setting(200.0));
        assert_eq!(rows.len(), 2);
        assert!(ink(&shaper, &rows[0]).1 < 31.0);
    }
}
