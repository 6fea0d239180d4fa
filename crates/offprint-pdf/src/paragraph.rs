//! A paragraph to lines: where lines end, and where each glyph stands on them.
//!
//! Line breaks follow UAX 14 with strict rules for Chinese (kinsoku). Among all ways to
//! break a paragraph the one whose lines are nearest to their natural width is taken.
//! Full-width marks give up their blank half beside each other and at a line's ends,
//! a fifth of an em parts Han characters from Latin ones, and lines are justified between
//! characters as far as that stays unseen.

mod breaks;
mod line;
mod pieces;

use crate::page::{Anchor, Color, Row, Target};
use crate::shape::{Cut, Shaper, is_invisible};
use crate::structure::{ElementId, Tag};

use breaks::best_breaks;
use line::set_line;
use pieces::{Kind, Piece, divide_long, pieces, space_out, wide_marks};

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
    /// A ground behind them, as badges and buttons have it.
    pub(crate) ground: Option<Color>,
    /// Index into [`Paragraph::targets`].
    pub(crate) link: Option<u32>,
    /// What the characters are content of; `None` for what only decorates the page.
    pub(crate) tag: Option<Tag>,
}

impl Style {
    /// How far a ground reaches beyond what stands on it, in em.
    pub(crate) const PADDING: f32 = 0.38;
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
    targets: Vec<(Target, ElementId)>,
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

    /// A target for [`Style::link`], and the element that it makes live.
    pub(crate) fn target(&mut self, target: Target, element: ElementId) -> u32 {
        self.targets.push((target, element));
        (self.targets.len() - 1) as u32
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    fn picture(&self, piece: &Piece) -> Option<&Picture> {
        if piece.kind != Kind::Picture {
            return None;
        }
        let found = self.pictures.binary_search_by_key(&piece.at, |&(at, _)| at);
        let (_, picture) = self.pictures.get(found.ok()?)?;
        Some(picture)
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

#[cfg(test)]
mod tests {
    use offprint_core::chars::is_han;

    use super::pieces::HAN_STRETCH;
    use super::*;
    use crate::page::{Item, TextRun};
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
            ground: None,
            link: None,
            tag: None,
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
        assert_eq!(faces("“你好”"), [Face::CJK]);
        assert_eq!(faces("O’Brien said “yes” twice…"), [Face::LATIN]);
        assert_eq!(faces("他说“yes”。"), [Face::CJK, Face::LATIN, Face::CJK]);
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
    fn any_mixture_of_characters_is_set_whole() {
        const KINDS: &[&str] = &[
            "中", "文", "a", "Word", " ", "  ", "\u{3000}", "，", "“", "”", "（", "）", "—", "…",
            "·", "-", "/", "e\u{301}", "😀", "👍🏽", "\u{200b}", "\u{200d}", "\u{ad}", "\u{a0}", "1",
            "%", "ﬁ", "々",
        ];
        let mut shaper = Shaper::new();
        let mut state = 7_u32;
        for _ in 0..400 {
            let mut text = String::new();
            for _ in 0..40 {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                text.push_str(KINDS[(state >> 16) as usize % KINDS.len()]);
            }
            let measure = 30.0 + (state >> 24) as f32;
            let rows = set(&mut shaper, &text, measure);
            let shown: String = rows.iter().map(|row| words(&shaper, row)).collect();
            let strip = |text: &str| -> String {
                text.chars()
                    .filter(|&character| !character.is_whitespace() && !is_invisible(character))
                    .filter(|&character| character != '\u{200b}')
                    .collect()
            };
            assert_eq!(strip(&shown), strip(&text));
        }
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
