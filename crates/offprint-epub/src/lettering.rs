//! Text as outlines for the drawn cover: faces, shaping and lines.

use std::collections::BTreeSet;
use std::ops::Range;

use harfrust::{Direction, ShapeOptions, ShaperData, UnicodeBuffer};
use icu_segmenter::LineSegmenter;
use icu_segmenter::options::{LineBreakOptions, LineBreakStrictness};
use offprint_core::chars::{is_cjk_punctuation, is_wide};
use offprint_fonts as fonts;
use skrifa::charmap::Charmap;
use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::{FontRef, GlyphId, MetadataProvider as _};
use zeno::{Command, Vector};

/// Blank between Han characters and Latin words, in em.
const GAP: f32 = 0.2;
/// How much of a full-width mark's blank half is taken away, in em.
const SQUEEZE: f32 = 0.45;

/// How bold text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    Regular,
    Bold,
}

/// The faces for one weight, best first.
pub(crate) struct Faces {
    latin_first: Vec<Face>,
    /// Where the Chinese face stands in `latin_first`.
    chinese: usize,
}

struct Face {
    font: FontRef<'static>,
    data: ShaperData,
    charmap: Charmap<'static>,
    em: f32,
}

/// A letter or what is drawn as one; lengths in em.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Cluster {
    /// Where it begins in the text, in bytes.
    start: usize,
    is_space: bool,
    /// Blank before it, unless it begins a line.
    gap: f32,
    advance: f32,
    /// Blank within it that a line's start or end drops.
    lead: f32,
    trail: f32,
    glyphs: Vec<Glyph>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Glyph {
    face: usize,
    id: u32,
    x: f32,
    y: f32,
}

impl Faces {
    /// The faces of a weight. A face that cannot be read is left out.
    pub(crate) fn new(weight: Weight) -> Self {
        let (latin, chinese) = match weight {
            Weight::Regular => (fonts::LATIN, fonts::CJK),
            Weight::Bold => (fonts::LATIN_BOLD, fonts::CJK_BOLD),
        };
        let others = [fonts::MATH, fonts::SYMBOLS, fonts::SYMBOLS_2, fonts::EMOJI];
        let latin_first = [latin, chinese]
            .iter()
            .chain(&others)
            .filter_map(Face::new)
            .collect();
        Self {
            latin_first,
            chinese: 1,
        }
    }

    /// The face for a character.
    fn find(&self, character: char, wide: bool) -> Option<usize> {
        let has = |index: &usize| {
            self.latin_first
                .get(*index)
                .is_some_and(|face| face.charmap.map(character).is_some())
        };
        let all = 0..self.latin_first.len();
        Some(self.chinese)
            .filter(|index| wide && has(index))
            .or_else(|| all.into_iter().find(has))
    }
}

impl Face {
    fn new(font: &fonts::Font) -> Option<Self> {
        let font = FontRef::new(font.data).ok()?;
        let metrics = font.metrics(Size::unscaled(), LocationRef::default());
        Some(Self {
            data: ShaperData::new(&font),
            charmap: font.charmap(),
            em: f32::from(metrics.units_per_em),
            font,
        })
    }
}

/// Shapes a line of text; characters that no face has are left out and added to `missing`.
pub(crate) fn shape(
    faces: &Faces,
    text: &str,
    is_chinese: bool,
    missing: &mut BTreeSet<char>,
) -> Vec<Cluster> {
    let mut clusters: Vec<Cluster> = Vec::new();
    // A run of one face: where it begins, and what is in it.
    let mut run: Option<(usize, usize, String)> = None;
    let characters: Vec<(usize, char)> = text.char_indices().collect();
    for (index, &(start, character)) in characters.iter().enumerate() {
        let neighbour = |offset: Option<usize>| {
            offset
                .and_then(|offset| characters.get(offset))
                .is_some_and(|(_, other)| other.is_alphanumeric() && !is_wide(*other))
        };
        // Chinese shares quotes, dashes and dots with other scripts, and gives them full width.
        let in_word = neighbour(index.checked_sub(1)) && neighbour(Some(index + 1));
        let shared = is_chinese && is_cjk_punctuation(character) && character != '·' && !in_word;
        let face = match &run {
            // Joiners, selectors and direction marks belong to what they follow.
            Some((_, face, _)) if is_invisible(character) => Some(*face),
            _ => faces.find(character, shared || is_wide(character)),
        };
        let Some(face) = face else {
            if !is_invisible(character) && !character.is_whitespace() {
                missing.insert(character);
            }
            continue;
        };
        match &mut run {
            Some((_, running, words)) if *running == face => words.push(character),
            _ => {
                if let Some((start, face, words)) = run.take() {
                    shape_run(faces, start, face, &words, &mut clusters);
                }
                run = Some((start, face, character.to_string()));
            }
        }
    }
    if let Some((start, face, words)) = run {
        shape_run(faces, start, face, &words, &mut clusters);
    }
    space_out(text, is_chinese, &mut clusters);
    clusters
}

fn shape_run(faces: &Faces, start: usize, index: usize, words: &str, clusters: &mut Vec<Cluster>) {
    let Some(face) = faces.latin_first.get(index) else {
        return;
    };
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(words);
    // A right-to-left title would need bidi as well; none of the faces has its letters.
    buffer.set_direction(Direction::LeftToRight);
    buffer.guess_segment_properties();
    let shaped = face
        .data
        .shaper(&face.font)
        .build()
        .shape(buffer, ShapeOptions::new());
    for (info, position) in shaped.glyph_infos().iter().zip(shaped.glyph_positions()) {
        let begins = start + info.cluster as usize;
        if clusters.last().is_none_or(|last| last.start != begins) {
            clusters.push(Cluster {
                start: begins,
                ..Cluster::default()
            });
        }
        if let Some(cluster) = clusters.last_mut() {
            cluster.glyphs.push(Glyph {
                face: index,
                id: info.glyph_id,
                x: cluster.advance + position.x_offset as f32 / face.em,
                y: position.y_offset as f32 / face.em,
            });
            cluster.advance += position.x_advance as f32 / face.em;
        }
    }
}

/// Sets the blanks that depend on neighbours.
fn space_out(text: &str, is_chinese: bool, clusters: &mut [Cluster]) {
    let mut before: Option<(char, f32)> = None;
    for cluster in clusters {
        let character = character(text, cluster);
        cluster.is_space = character.is_whitespace();
        let is_full = is_chinese && cluster.advance > 0.9;
        match side(character) {
            Some(Side::Opening) if is_full => cluster.lead = SQUEEZE,
            Some(Side::Closing) if is_full => cluster.trail = SQUEEZE,
            Some(_) | None => {}
        }
        if let Some((other, trail)) = before {
            let marks = cluster.lead > 0.0 || cluster.trail > 0.0;
            cluster.gap = if trail > 0.0 && marks {
                -trail
            } else if cluster.lead > 0.0 && side(other) == Some(Side::Opening) {
                -cluster.lead
            } else if (is_letter(other) && is_word(character))
                || (is_word(other) && is_letter(character))
            {
                GAP
            } else {
                0.0
            };
        }
        before = Some((character, cluster.trail));
    }
}

/// A Chinese letter.
fn is_letter(character: char) -> bool {
    is_wide(character) && !is_cjk_punctuation(character)
}

/// A letter or digit of another script.
fn is_word(character: char) -> bool {
    character.is_alphanumeric() && !is_wide(character)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Opening,
    Closing,
}

/// Which half of its box a full-width mark keeps blank: an opening one the left.
fn side(character: char) -> Option<Side> {
    match character {
        '（' | '《' | '〈' | '「' | '『' | '【' | '〔' | '〖' | '［' | '｛' | '“' | '‘' => {
            Some(Side::Opening)
        }
        '）' | '》' | '〉' | '」' | '』' | '】' | '〕' | '〗' | '］' | '｝' | '”' | '’' | '，'
        | '。' | '、' | '；' | '：' => Some(Side::Closing),
        _ => None,
    }
}

fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
}

/// The length of a line, in em.
pub(crate) fn width(line: &[Cluster]) -> f32 {
    let end = line.iter().rposition(|cluster| !cluster.is_space);
    let line = end.and_then(|end| line.get(..=end)).unwrap_or_default();
    let all: f32 = line
        .iter()
        .map(|cluster| cluster.gap + cluster.advance)
        .sum();
    let lead = line.first().map_or(0.0, |first| first.gap + first.lead);
    all - lead - line.last().map_or(0.0, |last| last.trail)
}

/// Breaks a text into as few lines of at most `most` em as it takes, as even as they get,
/// rather after a mark than within a phrase. Lines break where UAX 14 allows it, strictly,
/// so that no Chinese mark stands where it may not; a word longer than a line is cut.
pub(crate) fn lines(text: &str, clusters: &[Cluster], most: f32) -> Vec<Range<usize>> {
    let breaks = breaks(text, clusters, most);
    // The cheapest way to each break: its cost, and where its last line begins.
    let mut ways: Vec<(f32, usize)> = vec![(0.0, 0)];
    for (index, &end) in breaks.iter().enumerate().skip(1) {
        let mut best = (f32::INFINITY, index - 1);
        for (earlier, &start) in breaks.iter().enumerate().take(index).rev() {
            let Some(line) = clusters.get(start..end) else {
                continue;
            };
            let slack = (most - width(line)) / most;
            // A single piece is taken however long it is.
            if slack < 0.0 && earlier + 1 < index {
                break;
            }
            let before = ways.get(earlier).map_or(0.0, |way| way.0);
            let cost = before + 1.0 + slack * slack + reluctance(text, clusters, end);
            if cost < best.0 {
                best = (cost, earlier);
            }
        }
        ways.push(best);
    }
    let mut lines = Vec::new();
    let mut last = ways.len() - 1;
    while last > 0 {
        let first = ways.get(last).map_or(0, |way| way.1);
        if let (Some(&start), Some(&end)) = (breaks.get(first), breaks.get(last)) {
            lines.push(start..end);
        }
        last = first;
    }
    lines.reverse();
    lines
}

/// The clusters before which a line may begin, from the first to the end.
fn breaks(text: &str, clusters: &[Cluster], most: f32) -> Vec<usize> {
    let mut options = LineBreakOptions::default();
    options.strictness = Some(LineBreakStrictness::Strict);
    let segmenter = LineSegmenter::new_for_non_complex_scripts(options);
    let mut allowed: BTreeSet<usize> = segmenter
        .segment_str(text)
        .filter_map(|offset| {
            clusters
                .binary_search_by_key(&offset, |cluster| cluster.start)
                .ok()
        })
        .collect();
    // UAX 14 does not know which quotation marks open and lets no line break beside one.
    for (index, pair) in clusters.windows(2).enumerate() {
        if let [before, after] = pair
            && before.advance > 0.9
            && after.advance > 0.9
            && is_between(character(text, before), character(text, after))
        {
            allowed.insert(index + 1);
        }
    }
    allowed.insert(clusters.len());
    let mut breaks = vec![0];
    for end in allowed {
        let mut start = breaks.last().copied().unwrap_or_default();
        let fits = |start: usize, end: usize| {
            clusters
                .get(start..end)
                .is_none_or(|piece| width(piece) <= most)
        };
        while !fits(start, end) {
            let cut = (start + 1..end).take_while(|&cut| fits(start, cut)).last();
            start = cut.unwrap_or(start + 1);
            breaks.push(start);
        }
        if end > start {
            breaks.push(end);
        }
    }
    breaks
}

fn character(text: &str, cluster: &Cluster) -> char {
    let rest = text.get(cluster.start..);
    rest.and_then(|rest| rest.chars().next()).unwrap_or(' ')
}

/// Whether a Chinese line may break between two full-width characters of which one is a
/// quotation mark.
fn is_between(before: char, after: char) -> bool {
    let closed = matches!(before, '”' | '’') && side(after) != Some(Side::Closing);
    let opens = matches!(after, '“' | '‘') && side(before) != Some(Side::Opening);
    (closed && (is_letter(after) || side(after).is_some()))
        || (opens && (is_letter(before) || side(before).is_some()))
}

/// How little a line should end before a cluster.
fn reluctance(text: &str, clusters: &[Cluster], end: usize) -> f32 {
    let Some(next) = clusters.get(end) else {
        return 0.0;
    };
    let (before, after) = text.split_at_checked(next.start).unwrap_or_default();
    let ends_with_space = before.ends_with(char::is_whitespace);
    let last = before.trim_end().chars().next_back();
    if last.is_some_and(|last| !last.is_alphanumeric()) {
        0.0
    } else if ends_with_space && after.starts_with(|first: char| first.is_ascii_digit()) {
        // `ICLR 2021`
        0.4
    } else if ends_with_space {
        0.1
    } else {
        0.2
    }
}

/// The outlines of a line, set at `size` pixels with its first letter's edge at `x` and its
/// baseline at `y`.
pub(crate) fn outlines(faces: &Faces, line: &[Cluster], size: f32, x: f32, y: f32) -> Vec<Command> {
    let mut path = Path {
        commands: Vec::new(),
        x,
        y,
    };
    let mut pen = x;
    for (index, cluster) in line.iter().enumerate() {
        pen += size
            * if index == 0 {
                -cluster.lead
            } else {
                cluster.gap
            };
        for glyph in &cluster.glyphs {
            let Some(face) = faces.latin_first.get(glyph.face) else {
                continue;
            };
            path.x = pen + glyph.x * size;
            path.y = y - glyph.y * size;
            if let Some(outline) = face.font.outline_glyphs().get(GlyphId::new(glyph.id)) {
                let settings = DrawSettings::unhinted(Size::new(size), LocationRef::default());
                // A glyph that cannot be drawn leaves a blank.
                let _ = outline.draw(settings, &mut path);
            }
        }
        pen += size * cluster.advance;
    }
    path.commands
}

/// An outline in pixels, y downwards.
struct Path {
    commands: Vec<Command>,
    x: f32,
    y: f32,
}

impl Path {
    fn point(&self, x: f32, y: f32) -> Vector {
        Vector::new(self.x + x, self.y - y)
    }
}

impl OutlinePen for Path {
    fn move_to(&mut self, x: f32, y: f32) {
        self.commands.push(Command::MoveTo(self.point(x, y)));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.commands.push(Command::LineTo(self.point(x, y)));
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        let control = self.point(cx, cy);
        self.commands
            .push(Command::QuadTo(control, self.point(x, y)));
    }

    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        let controls = (self.point(ax, ay), self.point(bx, by));
        self.commands
            .push(Command::CurveTo(controls.0, controls.1, self.point(x, y)));
    }

    fn close(&mut self) {
        self.commands.push(Command::Close);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clusters(text: &str) -> Vec<Cluster> {
        shape(&Faces::new(Weight::Bold), text, true, &mut BTreeSet::new())
    }

    fn broken(text: &str, most: f32) -> Vec<String> {
        let clusters = clusters(text);
        lines(text, &clusters, most)
            .into_iter()
            .map(|line| {
                let start = clusters[line.start].start;
                let end = clusters.get(line.end).map_or(text.len(), |next| next.start);
                text.get(start..end).unwrap().to_owned()
            })
            .collect()
    }

    #[test]
    fn lines_hold_all_of_the_text_within_the_measure() {
        let text =
            "Supercalifragilisticexpialidocious 自监督学习与 Transformer：ICLR 2021 投稿选读";
        let clusters = clusters(text);
        for most in 1..30 {
            let most = most as f32;
            assert_eq!(broken(text, most).concat(), text);
            for line in lines(text, &clusters, most) {
                let is_single = line.len() == 1;
                assert!(width(&clusters[line]) <= most || is_single, "at {most} em");
            }
        }
    }

    #[test]
    fn no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one() {
        let text = "他说：“注意力，就是一切！”《论文》（第 1 版）、代码；数据……都在这里。";
        for most in 4..30 {
            for line in broken(text, most as f32) {
                let line = line.trim();
                assert!(
                    !line.starts_with(['，', '。', '、', '：', '；', '！', '”', '》', '）', '…']),
                    "{line}"
                );
                assert!(!line.ends_with(['“', '《', '（']), "{line}");
            }
        }
    }

    #[test]
    fn titles_rather_break_after_a_mark() {
        assert_eq!(
            broken("自监督学习选读：ICLR 2021 投稿", 10.0),
            ["自监督学习选读：", "ICLR 2021 投稿"]
        );
    }

    #[test]
    fn chinese_and_latin_stand_apart_and_adjoining_marks_close_up() {
        let apart = width(&clusters("读BERT")) - width(&clusters("读")) - width(&clusters("BERT"));
        assert!((apart - GAP).abs() < 0.01, "{apart}");
        // Of `）《` one half is blank, not two.
        let marks = width(&clusters("甲）《乙"));
        assert!((marks - (4.0 - SQUEEZE)).abs() < 0.01, "{marks}");
    }

    #[test]
    fn a_character_without_a_glyph_is_left_out_and_named() {
        let mut missing = BTreeSet::new();
        let shaped = shape(
            &Faces::new(Weight::Bold),
            "a\u{12000}b\u{202e}",
            true,
            &mut missing,
        );
        assert_eq!(missing, BTreeSet::from(['\u{12000}']));
        assert!(width(&shaped) > 0.0);
    }
}
