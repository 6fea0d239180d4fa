//! A paragraph to lines: where lines end, and where each glyph stands on them.
//!
//! Line breaks follow UAX 14 with strict rules for Chinese (kinsoku). Among all ways to
//! break a paragraph the one is taken whose lines are nearest to their natural width and
//! most like each other; words are divided only if that makes a paragraph look better.
//! Full-width marks give up their blank half beside each other and at a line's ends,
//! a fifth of an em parts Han characters from Latin ones, and lines are justified between
//! characters as far as that stays unseen.

mod address;
mod bidi;
mod breaks;
mod cut;
mod hyphens;
mod kinsoku;
mod line;
mod pieces;

use std::ops::Range;

use crate::formula::{Part, Set};
use crate::page::{Anchor, Color, Row, Target};
use crate::shape::{Cut, Shaper, is_invisible};
use crate::structure::{ElementId, Tag};

use bidi::Course;
use breaks::best_breaks;
use cut::{Stretch, cut};
use hyphens::{hyphenate, rejoin};
use line::set_line;
pub(crate) use pieces::FULL_WIDTH_IN_CODE;
use pieces::{Kind, Piece, divide_long, shrink_formulas, space_out, wide_marks, widest_chain};

pub(crate) use hyphens::patterns;
/// A language by whose patterns words are divided.
pub(crate) use hypher::Lang;

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
#[derive(Debug, Clone, Default)]
pub(crate) struct Paragraph {
    text: String,
    /// Styles with the end of what they apply to, in bytes of `text`.
    styles: Vec<(usize, Style)>,
    /// Pictures by their place in `text`, where a U+FFFC stands for them.
    pictures: Vec<(usize, Picture)>,
    /// Formulas by their place in `text`, where a letter stands for each part that no line
    /// break divides.
    formulas: Vec<(usize, Part)>,
    anchors: Vec<(usize, Anchor)>,
    notes: Vec<(usize, u32)>,
    targets: Vec<(Target, ElementId)>,
}

const OBJECT: char = '\u{fffc}';
/// What stands for a formula: a letter of the private use area, so that all rules for lines
/// and directions take it for one. A font of the user's may have it, too; what is a formula is
/// told by its place.
const FORMULA: char = '\u{e000}';
const LINE_BREAK: char = '\n';

impl Paragraph {
    /// Adds characters; `\n` ends a line.
    pub(crate) fn push(&mut self, text: &str, style: Style) {
        if text.is_ascii() {
            self.text.push_str(text);
        } else {
            text.chars()
                .for_each(|character| self.push_character(character));
        }
        self.end_style(style);
    }

    /// Adds a character unless nobody would see it or its effect.
    fn push_character(&mut self, character: char) {
        let acts = bidi::is_control(character)
            || matches!(character, '\u{200c}' | '\u{200d}')
                && self.text.ends_with(bidi::is_cursive);
        if acts || !is_invisible(character) && character != OBJECT {
            self.text.push(character);
        }
    }

    pub(crate) fn push_picture(&mut self, picture: Picture, style: Style) {
        self.pictures.push((self.text.len(), picture));
        self.text.push(OBJECT);
        self.end_style(style);
    }

    pub(crate) fn push_formula(&mut self, set: &Set, style: Style) {
        for part in set.parts() {
            self.formulas.push((self.text.len(), part));
            self.text.push(FORMULA);
        }
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
        let at = piece.at as usize;
        let found = self.pictures.binary_search_by_key(&at, |&(at, _)| at);
        let (_, picture) = self.pictures.get(found.ok()?)?;
        Some(picture)
    }

    /// The formula at a place.
    fn formula_at(&self, at: usize) -> Option<&Part> {
        let found = self.formulas.binary_search_by_key(&at, |&(at, _)| at);
        let (_, part) = self.formulas.get(found.ok()?)?;
        Some(part)
    }

    fn formula(&self, piece: &Piece) -> Option<&Part> {
        if piece.kind != Kind::Formula {
            return None;
        }
        self.formula_at(piece.at as usize)
    }

    /// What stands in a part of the text, with the words of formulas.
    fn told(&self, range: Range<usize>) -> String {
        let text = self.text.get(range.clone()).unwrap_or_default();
        let mut told = String::with_capacity(text.len());
        for (offset, character) in text.char_indices() {
            let formula = (character == FORMULA)
                .then(|| self.formula_at(range.start + offset))
                .flatten();
            match formula {
                Some(part) if part.is_first() => told.push_str(&part.set.words),
                // The first part says it all.
                Some(_) => {}
                None if character == OBJECT => {}
                None => told.push(character),
            }
        }
        told
    }

    /// The size of a style's type.
    fn size(&self, style: u32) -> f32 {
        self.styles
            .get(style as usize)
            .map_or(10.0, |(_, style)| style.size)
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
    /// Whether long words of Latin script may be divided, and by which language's rules.
    pub(crate) hyphenate: Option<Lang>,
}

impl Setting {
    /// The width of the narrowest lines.
    fn narrowest(&self) -> f32 {
        self.measure - self.first.max(self.rest)
    }
}

/// Breaks a paragraph into rows of one line each.
pub(crate) fn lines(shaper: &mut Shaper, paragraph: &Paragraph, setting: &Setting) -> Vec<Row> {
    let mut rows = Vec::new();
    let wide = wide_marks(&paragraph.text);
    let course = Course::of(&paragraph.text);
    let mut start = 0;
    for text in paragraph.text.split(LINE_BREAK) {
        let stretch = Stretch {
            paragraph,
            setting,
            start,
            text,
            wide: &wide,
            course,
        };
        stretch_lines(shaper, &stretch, &mut rows);
        start += text.len() + LINE_BREAK.len_utf8();
    }
    rows
}

/// Breaks what stands between two hard breaks.
fn stretch_lines(shaper: &mut Shaper, stretch: &Stretch<'_>, rows: &mut Vec<Row>) {
    let (paragraph, setting) = (stretch.paragraph, stretch.setting);
    let first = if rows.is_empty() {
        setting.first
    } else {
        setting.rest
    };
    let (pieces, ends) = break_up(shaper, stretch, first);
    let stretch_end = stretch.start + stretch.text.len();
    let mut from = 0;
    for (index, &to) in ends.iter().enumerate() {
        let line = pieces.get(from..to).unwrap_or_default();
        let begins_inside = from
            .checked_sub(1)
            .and_then(|before| pieces.get(before))
            .is_some_and(|before| before.divided);
        let whole = rejoin(shaper, paragraph, line, begins_inside);
        let place = line::Place {
            indent: if index == 0 { first } else { setting.rest },
            is_last: index + 1 == ends.len(),
            course: stretch.course,
        };
        let mut row = set_line(
            shaper,
            paragraph,
            setting,
            whole.as_deref().unwrap_or(line),
            &place,
        );
        // A word is not continued over the page, where neither readers nor programs join it.
        row.keep =
            !setting.verbatim && !place.is_last && line.last().is_some_and(|last| last.hyphen);
        let start_of = |index: usize| pieces.get(index).map(|piece| piece.at as usize);
        let text_start = if from == 0 {
            stretch.start
        } else {
            start_of(from).unwrap_or(stretch_end)
        };
        let text = text_start..start_of(to).unwrap_or(stretch_end + 1);
        let within = |at: &usize| text.contains(at);
        row.anchors = paragraph
            .anchors
            .iter()
            .filter(|(at, _)| within(at))
            .map(|&(_, anchor)| anchor)
            .collect();
        row.notes = paragraph
            .notes
            .iter()
            .filter(|(at, _)| within(at))
            .map(|&(_, note)| note)
            .collect();
        rows.push(row);
        from = to;
    }
}

/// The pieces of a stretch, and for each of its lines the index after its last piece.
fn break_up(shaper: &mut Shaper, stretch: &Stretch<'_>, first: f32) -> (Vec<Piece>, Vec<usize>) {
    let (paragraph, setting) = (stretch.paragraph, stretch.setting);
    let mut pieces = cut(shaper, stretch);
    if !setting.verbatim {
        space_out(paragraph, &mut pieces);
    }
    let em = pieces
        .first()
        .map_or(10.0, |piece| paragraph.size(piece.style));
    let mut lang = setting.hyphenate;
    if widest_chain(&pieces) > setting.narrowest() {
        shrink_formulas(paragraph, setting, &mut pieces);
    }
    if widest_chain(&pieces) > setting.narrowest() {
        if let Some(divided) = lang
            .take()
            .and_then(|lang| hyphenate(shaper, paragraph, lang, &pieces))
        {
            pieces = divided;
        }
        divide_long(shaper, paragraph, setting, &mut pieces);
    }
    let breaks = best_breaks(&pieces, setting, first, em);
    if !breaks.is_good
        && let Some(lang) = lang
        && let Some(divided) = hyphenate(shaper, paragraph, lang, &pieces)
    {
        let breaks = best_breaks(&divided, setting, first, em);
        return (divided, breaks.ends);
    }
    (pieces, breaks.ends)
}

/// The width of the widest line and of the widest piece that cannot be broken.
pub(crate) fn extremes(
    shaper: &mut Shaper,
    paragraph: &Paragraph,
    setting: &Setting,
) -> (f32, f32) {
    let wide = wide_marks(&paragraph.text);
    let course = Course::of(&paragraph.text);
    let (mut widest, mut narrowest) = (0.0_f32, 0.0_f32);
    let mut start = 0;
    for text in paragraph.text.split(LINE_BREAK) {
        let stretch = Stretch {
            paragraph,
            setting,
            start,
            text,
            wide: &wide,
            course,
        };
        let mut pieces = cut(shaper, &stretch);
        space_out(paragraph, &mut pieces);
        let line = pieces.iter().map(|piece| piece.width + piece.gap).sum();
        widest = widest.max(line);
        narrowest = narrowest.max(widest_chain(&pieces));
        start += text.len() + LINE_BREAK.len_utf8();
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
        后面接中文！之后是《书》、《报》、《刊》。A state-of-the-art model—fine-tuned—works “well” in practice; see §3.2 (p. 7).\
        他问：“真的吗！？”（『是的』）」。第 3 章有 1,000,000 字, 占 3.14%; 约 20 km, 水温 25℃……〔见〈附录〉〕【完】——完了？！";

    const ENGLISH: &str = "We present a simple framework for contrastive learning of visual representations. \
        We simplify recently proposed self-supervised learning algorithms without requiring specialized \
        architectures or a memory bank. In order to understand what enables the contrastive prediction tasks to \
        learn useful representations, we systematically study the major components of our framework, as \
        Rumelhart and Krizhevsky did. Composition of data augmentations plays a critical role in defining \
        effective predictive tasks, and a learnable nonlinear transformation between the representation and the \
        contrastive loss substantially improves the quality of the learned representations on ImageNet, at 1,000 \
        GPU hours or 20 km of cable, compared to the state-of-the-art (see Fig. 3 and \
        https://example.org/well-known/paper.pdf) in our considerably more comprehensive investigation.";

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
            hyphenate: Some(Lang::English),
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
                Item::Formula(_)
                | Item::Fill { .. }
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

    /// What programs that read pages make of lines: a hyphen at a line's end is dropped and
    /// the words joined.
    fn joined(lines: &[String]) -> String {
        let mut text = String::new();
        for (index, line) in lines.iter().enumerate() {
            let is_last = index + 1 == lines.len();
            let line = line.strip_suffix('-').filter(|_| !is_last).unwrap_or(line);
            text.push_str(line);
        }
        text
    }

    /// Left and right edge of what is drawn.
    fn ink(shaper: &Shaper, row: &Row) -> (f32, f32) {
        let mut edges = (f32::MAX, f32::MIN);
        for run in runs(row) {
            for glyph in &run.glyphs {
                if let Some((left, right)) = shaper.ink(run.face, glyph.id) {
                    edges.0 = edges.0.min(run.x_of(*glyph) + left * run.size);
                    edges.1 = edges.1.max(run.x_of(*glyph) + right * run.size);
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
                // An address goes on with its mark.
                let goes_on = line
                    .chars()
                    .nth(1)
                    .is_some_and(|c| c.is_ascii_alphanumeric());
                assert!(
                    !"，。、；：？！）》〉」』】〕”’·…%℃,.;:!?)".contains(first) || goes_on,
                    "{measure}: {line}"
                );
                assert!(!"（《〈「『【〔“‘(§".contains(last), "{measure}: {line}");
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
            let set = joined(&texts(NASTY, measure));
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
    fn lines_of_english_end_flush_with_the_margin_even_in_columns() {
        let mut shaper = Shaper::new();
        for measure in 240..480 {
            let rows = set(&mut shaper, ENGLISH, measure as f32);
            let (_, full) = rows.split_last().unwrap();
            for row in full {
                let (_, right) = ink(&shaper, row);
                let line = words(&shaper, row);
                assert!(right > measure as f32 - 2.5, "{measure}: {right} {line}");
            }
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
                            let apart = run.x_of(*right) - run.x_of(*left);
                            assert!(apart <= 10.0 * (1.0 + HAN_STRETCH) + 0.03);
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

    /// Text in which `$` begins and ends formulas.
    fn with_formulas(text: &str) -> Paragraph {
        let mut paragraph = Paragraph::default();
        for (index, part) in text.split('$').enumerate() {
            if index % 2 == 0 {
                paragraph.push(part, style());
            } else {
                let set = Set::new(part, offprint_math::Style::Inline);
                paragraph.push_formula(&set.expect(part), style());
            }
        }
        paragraph
    }

    /// The words of a line from left to right, `F` for formulas or what stands of them there.
    fn line_with_formulas(shaper: &Shaper, row: &Row) -> String {
        let mut items: Vec<(f32, String)> = Vec::new();
        for item in &row.items {
            if let Some(formula) = item.formula() {
                items.push((formula.x, "F".to_owned()));
            } else if let Some(run) = item.text() {
                let words = run.glyphs.iter();
                let words = words.map(|glyph| shaper.characters(glyph.meaning));
                items.push((run.x_of(run.glyphs[0]), words.collect()));
            }
        }
        items.sort_by(|(left, _), (right, _)| left.total_cmp(right));
        items.into_iter().map(|(_, words)| words).collect()
    }

    const FORMULAS: &str = "我们证明（$n$）的复杂度是“$O(n \\log n)$”，其中$a + b = c$。若$x_i \\ge 0$、\
        $k$-均值与$\\dfrac{1}{2}$倍的$\\alpha + \\beta$有界：$\\hat{y} = W x$；见《$\\ell_2$》。";

    #[test]
    fn lines_end_within_formulas_only_after_their_signs() {
        let mut shaper = Shaper::new();
        let paragraph = with_formulas(FORMULAS);
        let mut divided = 0;
        for measure in 90..400 {
            let rows = lines(&mut shaper, &paragraph, &setting(measure as f32));
            let formulas = rows.iter().flat_map(|row| &row.items);
            let mut at = 0;
            for run in formulas.filter_map(Item::formula) {
                let all = run.drawing.marks.len();
                let may_end = |mark: usize| {
                    mark == all || run.drawing.breaks.iter().any(|place| place.mark == mark)
                };
                assert_eq!(run.marks.start, at, "{measure}: nothing is left out");
                assert!(may_end(run.marks.end), "{measure}");
                at = run.marks.end % all;
                divided += usize::from(at > 0);
                assert!(run.x > -0.01 && run.x + run.width() < measure as f32 + 0.01);
            }
            assert_eq!(at, 0, "{measure}");
        }
        assert!(divided > 20, "{divided}");
    }

    #[test]
    fn marks_stay_with_the_formulas_beside_them() {
        let mut shaper = Shaper::new();
        let paragraph = with_formulas(FORMULAS);
        for measure in 60..400 {
            let rows = lines(&mut shaper, &paragraph, &setting(measure as f32));
            for row in &rows {
                let line = line_with_formulas(&shaper, row);
                let closing = ['）', '”', '，', '。', '、', '：', '；', '》', '-'];
                assert!(!line.starts_with(closing), "{measure}: {line}");
                assert!(!line.ends_with(['（', '“', '《']), "{measure}: {line}");
            }
        }
    }

    #[test]
    fn tall_formulas_stay_within_their_line() {
        let mut shaper = Shaper::new();
        let paragraph = with_formulas(FORMULAS);
        let rows = lines(&mut shaper, &paragraph, &setting(160.0));
        for row in &rows {
            for run in row.items.iter().filter_map(Item::formula) {
                assert!(run.y - run.drawing.ascent * run.size > 0.0);
                assert!(run.y + run.drawing.depth * run.size < row.height);
            }
        }
        let tall = rows.iter().filter(|row| row.height > 16.0).count();
        assert_eq!(tall, 1, "the fraction's");
    }

    #[test]
    fn a_fifth_of_an_em_parts_han_from_formulas() {
        let mut shaper = Shaper::new();
        let mut width = |text| {
            let paragraph = with_formulas(text);
            extremes(&mut shaper, &paragraph, &setting(1000.0)).0
        };
        let apart = width("中$x$中") - width("$x$") - 20.0;
        assert!((apart - 4.0).abs() < 0.01, "{apart}");
        // A blank that the author put there is that gap.
        let blank = width("中 $x$ 中") - width("中$x$中");
        assert!(blank.abs() < 1.0, "{blank}");
    }

    #[test]
    fn a_formula_that_no_line_holds_is_broken_after_commas_or_made_smaller() {
        let mut shaper = Shaper::new();
        let numbers = (1..30).map(|number| number.to_string());
        let numbers = numbers.collect::<Vec<_>>().join(", ");
        let paragraph = with_formulas(&format!("见$\\{{{numbers}\\}}$。"));
        let rows = lines(&mut shaper, &paragraph, &setting(120.0));
        assert!(rows.len() > 3, "{}", rows.len());
        let long = with_formulas("见$\\mathtt{supercalifragilisticexpialidocious}$。");
        let rows = [rows, lines(&mut shaper, &long, &setting(90.0))].concat();
        for row in &rows {
            let line = line_with_formulas(&shaper, row);
            assert!(!line.starts_with('。'), "{line}");
            for run in row.items.iter().filter_map(Item::formula) {
                assert!(run.x + run.width() < 120.01);
            }
        }
        let runs = |rows: &[Row]| {
            let items = rows.iter().flat_map(|row| &row.items);
            items.filter_map(Item::formula).cloned().collect::<Vec<_>>()
        };
        let last = runs(&rows).pop().expect("a formula");
        assert!(last.size < 8.0 && last.x + last.width() < 90.0);
    }

    #[test]
    fn a_formula_runs_from_left_to_right_in_text_that_does_not() {
        let mut shaper = Shaper::new();
        let paragraph = with_formulas("אב $a + b = c$ גד");
        let rows = lines(&mut shaper, &paragraph, &setting(300.0));
        let formulas: Vec<_> = rows[0].items.iter().filter_map(Item::formula).collect();
        assert_eq!(formulas.len(), 1);
        assert_eq!(formulas[0].marks, 0..formulas[0].drawing.marks.len());
    }

    #[test]
    fn what_only_a_formula_says_needs_no_font() {
        let mut shaper = Shaper::new();
        let mut paragraph = Paragraph::default();
        let mut set = Set::new("x", offprint_math::Style::Inline).expect("a formula");
        set.words = "x\u{12000}".into();
        paragraph.push_formula(&set, style());
        let rows = lines(&mut shaper, &paragraph, &setting(300.0));
        let run = rows[0].items[0].formula().expect("a formula");
        assert_eq!(run.spoken[0].glyphs.len(), 1);
        assert!(shaper.missing().is_empty());
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

    /// Texts of forty pieces that look arbitrary and never change, each with a number below
    /// 256.
    fn mixtures(
        kinds: &'static [&'static str],
        mut state: u32,
    ) -> impl Iterator<Item = (String, f32)> {
        std::iter::repeat_with(move || {
            let mut text = String::new();
            for _ in 0..40 {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                text.push_str(kinds[(state >> 16) as usize % kinds.len()]);
            }
            (text, (state >> 24) as f32)
        })
    }

    #[test]
    fn any_mixture_of_characters_is_set_whole() {
        const KINDS: &[&str] = &[
            "中", "文", "a", "Word", " ", "  ", "\u{3000}", "，", "“", "”", "（", "）", "—", "…",
            "·", "-", "/", "e\u{301}", "😀", "👍🏽", "\u{200b}", "\u{200d}", "\u{ad}", "\u{a0}", "1",
            "%", "ﬁ", "々",
        ];
        let mut shaper = Shaper::new();
        for (text, share) in mixtures(KINDS, 7).take(400) {
            let measure = 30.0 + share;
            let rows = set(&mut shaper, &text, measure);
            let lines: Vec<String> = rows.iter().map(|row| words(&shaper, row)).collect();
            let shown = joined(&lines);
            let strip = |text: &str| -> String {
                text.chars()
                    .filter(|&character| !character.is_whitespace() && !is_invisible(character))
                    .filter(|&character| character != '\u{200b}')
                    .collect()
            };
            assert_eq!(strip(&shown), strip(&text));
        }
    }

    /// The text without its blanks, which lines drop at their ends.
    fn solid(text: &str) -> String {
        text.replace([' ', '\u{a0}'], "")
    }

    #[test]
    fn programs_that_drop_hyphens_at_line_ends_find_every_word_whole() {
        let mut divided = 0;
        for measure in 90..480 {
            let lines = texts(ENGLISH, measure as f32);
            assert_eq!(solid(&joined(&lines)), solid(ENGLISH), "{measure}");
            divided += lines.iter().filter(|line| line.ends_with('-')).count();
        }
        assert!(divided > 400, "{divided}");
    }

    /// The word that a hyphen at a line's end divides, its tail from the next line.
    fn divided_words(lines: &[String]) -> Vec<(String, String)> {
        let pairs = lines.iter().zip(lines.iter().skip(1));
        pairs
            .filter(|(line, _)| line.ends_with('-') && !line.ends_with("--"))
            .map(|(line, next)| {
                let head = line.rsplit(' ').next().unwrap().trim_end_matches('-');
                let tail = next.split(' ').next().unwrap();
                (head.to_owned(), tail.to_owned())
            })
            .collect()
    }

    #[test]
    fn names_addresses_and_short_words_are_not_divided() {
        for measure in 120..480 {
            for (head, tail) in divided_words(&texts(ENGLISH, measure as f32)) {
                let word = format!("{head}{tail}");
                let letters = |part: &str| part.chars().filter(|c| c.is_alphabetic()).count();
                assert!(letters(&head) >= 2 && letters(&tail) >= 3, "{head}-{tail}");
                for whole in ["Rumel", "Krizh", "Image", "://", "GPU", "state", "self"] {
                    assert!(!word.contains(whole), "{measure}: {head}-{tail}");
                }
            }
        }
    }

    #[test]
    fn hyphens_end_no_three_lines_in_a_row_and_never_the_last_but_one() {
        for measure in 200..480 {
            let lines = texts(ENGLISH, measure as f32);
            for three in lines.windows(3) {
                let all = three.iter().all(|line| line.ends_with('-'));
                assert!(!all, "{measure}: {three:?}");
            }
            let last = lines.last().unwrap();
            assert!(last.ends_with("investigation."), "{measure}: {last}");
            if last.starts_with("investigation") || last.contains(' ') {
                continue;
            }
            panic!("{measure}: {last}");
        }
    }

    #[test]
    fn a_hyphen_ends_no_page() {
        let mut shaper = Shaper::new();
        for measure in (200..480).step_by(11) {
            for row in set(&mut shaper, ENGLISH, measure as f32) {
                assert_eq!(row.keep, words(&shaper, &row).ends_with('-'));
            }
        }
    }

    #[test]
    fn ragged_text_and_code_are_not_divided() {
        let mut shaper = Shaper::new();
        let mut paragraph = Paragraph::default();
        paragraph.push(ENGLISH, style());
        let code = Style {
            cut: Cut {
                mono: true,
                ..Cut::default()
            },
            ..style()
        };
        let mut mono = Paragraph::default();
        mono.push(ENGLISH, code);
        for measure in (150..400).step_by(9) {
            let ragged = Setting {
                hyphenate: None,
                justify: false,
                ..setting(measure as f32)
            };
            let justified = setting(measure as f32);
            for (paragraph, setting) in [(&paragraph, &ragged), (&mono, &justified)] {
                let rows = lines(&mut shaper, paragraph, setting);
                let lines: Vec<String> = rows.iter().map(|row| words(&shaper, row)).collect();
                assert_eq!(divided_words(&lines), []);
            }
        }
    }

    #[test]
    fn words_are_divided_only_where_lines_would_look_bad() {
        // Here all lines are good without.
        let lines = texts(
            "中文排版要求每行右端对齐，representation 一词不必断开，因为汉字之间可以微调。",
            205.0,
        );
        assert_eq!(divided_words(&lines), []);
        let count = |measure| divided_words(&texts(ENGLISH, measure)).len();
        let wide: usize = (400..480).map(|measure| count(measure as f32)).sum();
        assert!(wide < 80 * 2, "{wide}");
    }

    #[test]
    fn digits_and_their_units_stay_on_one_line() {
        for text in [NASTY, ENGLISH] {
            for measure in 200..480 {
                let lines = texts(text, measure as f32);
                for pair in lines.windows(2) {
                    let [line, next] = pair else { continue };
                    let parts = line.ends_with(|c: char| c.is_ascii_digit() || c == ',')
                        && next.starts_with(|c: char| c.is_ascii_digit());
                    assert!(!parts, "{measure}: {line} / {next}");
                    let leaves = line.trim_end().ends_with("20") && next.starts_with("km")
                        || line.trim_end().ends_with("Fig.");
                    assert!(!leaves, "{measure}: {line} / {next}");
                }
            }
        }
    }

    #[test]
    fn no_paragraph_ends_with_a_line_of_one_character() {
        let text = "给外挂一块定长记忆，读写历史都走它。对长度为 N 的序列，时间降到线性，存储只要常数；标准是多少呢？";
        for measure in 120..420 {
            let lines = texts(text, measure as f32);
            let last = lines.last().unwrap();
            let count = last.chars().filter(|&c| is_han(c)).count();
            assert!(lines.len() == 1 || count > 1, "{measure}: {lines:?}");
        }
    }

    #[test]
    fn a_long_dash_begins_a_line_only_where_nothing_else_will_do() {
        let text = "“少即是多”——这句话放在这里并不夸张：去掉一个模块——哪怕是最小的那个——结果反而更稳……真的。";
        for measure in 160..420 {
            for line in texts(text, measure as f32) {
                assert!(!line.starts_with(['—', '…']), "{measure}: {line}");
            }
        }
    }

    /// How wide the blanks of each line but the last are.
    fn blanks(measure: f32) -> Vec<f32> {
        let mut shaper = Shaper::new();
        let rows = set(&mut shaper, ENGLISH, measure);
        let (_, full) = rows.split_last().unwrap();
        full.iter()
            .filter_map(|row| {
                let runs = runs(row);
                let placed = |run: &TextRun| -> Vec<_> {
                    let glyphs = run.glyphs.iter();
                    glyphs.map(|glyph| (*glyph, run.x_of(*glyph))).collect()
                };
                let glyphs: Vec<_> = runs.iter().flat_map(|run| placed(run)).collect();
                let pairs = glyphs.iter().zip(glyphs.iter().skip(1));
                pairs
                    .filter(|((glyph, _), _)| shaper.characters(glyph.meaning) == " ")
                    .map(|((_, x), (_, next))| next - x)
                    .next()
            })
            .collect()
    }

    #[test]
    fn blanks_neither_gape_nor_change_much_from_line_to_line() {
        for measure in 300..480 {
            let blanks = blanks(measure as f32);
            for blank in &blanks {
                assert!((2.0..7.0).contains(blank), "{measure}: {blanks:?}");
            }
            for pair in blanks.windows(2) {
                let [one, other] = pair else { continue };
                assert!(
                    one / other < 3.0 && other / one < 3.0,
                    "{measure}: {blanks:?}"
                );
            }
        }
    }

    #[test]
    fn lines_of_a_title_are_of_like_length() {
        let titles = [
            (
                "A Closer Look at Self-Supervised Pre-Training for Retrieval-Augmented Generation",
                0.45,
            ),
            (
                "自监督学习的一个新视角：从互信息到下游任务的迁移，以及它在小数据上为什么有效",
                0.8,
            ),
        ];
        let mut shaper = Shaper::new();
        for (title, share) in titles {
            let mut paragraph = Paragraph::default();
            paragraph.push(title, style());
            for measure in 200..400 {
                let setting = Setting {
                    justify: false,
                    hyphenate: None,
                    ..setting(measure as f32)
                };
                let rows = lines(&mut shaper, &paragraph, &setting);
                if !(2..=4).contains(&rows.len()) {
                    continue;
                }
                let widths: Vec<f32> = rows.iter().map(|row| ink(&shaper, row).1).collect();
                let longest = widths.iter().copied().fold(0.0, f32::max);
                let shortest = widths.iter().copied().fold(f32::MAX, f32::min);
                assert!(shortest > longest * share, "{measure}: {widths:?}");
            }
        }
    }

    #[test]
    fn three_marks_in_a_row_share_their_blanks() {
        // Each but the last gives up its right half.
        assert!(width("好）」。") < 10.0 * (1.0 + 0.6 + 0.6 + 1.0));
        assert!(width("好：「『好") < 10.0 * (1.0 + 1.0 + 0.6 + 0.6 + 1.0));
        assert!(width("好！”") < 10.0 * (1.0 + 0.75 + 1.0));
        // The two of a pair keep their distance.
        assert!((width("！？") - 20.0).abs() < 0.01);
    }

    #[test]
    fn words_of_hebrew_are_drawn_from_right_to_left() {
        let drawn = |text: &str| texts(text, 1000.0).concat();
        assert_eq!(drawn("论文《אבג》在此"), "论文《גבא》在此");
        assert_eq!(drawn("see אבג 12 דה (ו) too"), "see )ו( הד 12 גבא too");
        assert_eq!(drawn("אבג (x) דה"), "הד )x( גבא");
        // Controls act, and are not drawn; overrides do not act.
        assert_eq!(drawn("a\u{202e}bcd\u{202c}e"), "abcde");
        assert_eq!(drawn("אב! x"), "x !בא");
        assert_eq!(drawn("אב!\u{200e} x"), " x!בא");
    }

    #[test]
    fn lines_that_run_both_ways_are_flush_and_whole() {
        let text = "这里有希伯来语אבגדה和数字12：ובה אפשר לשלב 3.14 models，（ומילים）。".repeat(4);
        let backwards = format!("אב {text}");
        let mut shaper = Shaper::new();
        for text in [&text, &backwards] {
            for measure in (120..400).step_by(7) {
                let rows = set(&mut shaper, text, measure as f32);
                let mut drawn: Vec<char> = Vec::new();
                for row in &rows {
                    drawn.extend(words(&shaper, row).chars().filter(|c| !c.is_whitespace()));
                    let (left, right) = ink(&shaper, row);
                    assert!(
                        left >= -0.6 && right <= measure as f32 + 0.6,
                        "{left} {right}"
                    );
                }
                drawn.retain(|&character| character != '-');
                let mut meant: Vec<char> = solid(text).chars().collect();
                drawn.sort_unstable();
                meant.sort_unstable();
                assert_eq!(drawn, meant);
            }
        }
    }

    #[test]
    fn running_text_from_the_right_ends_at_the_left() {
        let mut shaper = Shaper::new();
        let rows = set(&mut shaper, "אבג", 200.0);
        let (left, right) = ink(&shaper, &rows[0]);
        assert!(left > 150.0 && right > 190.0, "{left} {right}");
    }

    #[test]
    fn any_mixture_of_directions_is_set_whole() {
        const KINDS: &[&str] = &[
            "中",
            "אב",
            "ג",
            "word",
            " ",
            "，",
            "“",
            "”",
            "《",
            "》",
            "(",
            ")",
            "12",
            "3.5",
            "%",
            "-",
            "\u{200e}",
            "\u{200f}",
            "\u{202b}",
            "\u{202e}",
            "\u{2067}",
            "\u{2068}",
            "\u{2069}",
            "\u{202c}",
            "\u{627}\u{200c}",
            "\u{644}",
            "——",
            "representation",
        ];
        let mut shaper = Shaper::new();
        for (text, share) in mixtures(KINDS, 11).take(300) {
            let measure = 90.0 + share;
            let rows = set(&mut shaper, &text, measure);
            let sorted = |text: &str| {
                let is_counted = |&character: &char| {
                    !character.is_whitespace() && !is_invisible(character) && character != '-'
                };
                let mut characters: Vec<char> = text.chars().filter(is_counted).collect();
                characters.sort_unstable();
                characters
            };
            let shown: String = rows.iter().map(|row| words(&shaper, row)).collect();
            assert_eq!(sorted(&shown), sorted(&text));
            for row in &rows {
                let (left, right) = ink(&shaper, row);
                assert!(left >= -0.8, "{left} {text}");
                assert!(
                    right <= measure + 0.8 || left > right,
                    "{right} of {measure}: {text}"
                );
            }
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
