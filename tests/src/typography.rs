//! What a typographer would mark in a PDF, counted on what poppler and mutool read in it.

use std::ops::Range;

use offprint_core::chars::is_han;

use crate::outputs::{squeezed, unescape};

/// Marks that no line may begin with.
const CLOSING: &str = "，。、；：！？）》〉」』”’】〕〗］｝…—·";
/// Marks that no line may end with.
const OPENING: &str = "（《〈「『“‘【〔〖［｛";

/// A word as poppler parts words, with the sides of its box in points, from the page's
/// left and top.
#[derive(Debug, Clone, PartialEq)]
pub struct Word {
    /// Its characters.
    pub text: String,
    /// The left side.
    pub left: f64,
    /// The right side.
    pub right: f64,
    /// From the top to the bottom side.
    pub height: f64,
}

/// The words of a line.
pub type Line = Vec<Word>;

/// The lines of what `pdftotext -bbox-layout` prints, in its order.
#[must_use]
pub fn lines(bbox: &str) -> Vec<Line> {
    let lines = bbox.split("<line ").skip(1);
    lines
        .map(|line| {
            let line = line.split_once("</line>").map_or(line, |(line, _)| line);
            line.split("<word ").skip(1).filter_map(word).collect()
        })
        .collect()
}

fn word(element: &str) -> Option<Word> {
    let (attributes, rest) = element.split_once('>')?;
    let (text, _) = rest.split_once("</word>")?;
    let number = |name: &str| -> Option<f64> {
        let (_, value) = attributes.split_once(&format!("{name}=\""))?;
        value.split_once('"')?.0.parse().ok()
    };
    Some(Word {
        text: unescape(text),
        left: number("xMin")?,
        right: number("xMax")?,
        height: number("yMax")? - number("yMin")?,
    })
}

/// A word with its box in points, from the page's left and top.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// Its characters.
    pub text: String,
    /// The left side.
    pub left: f64,
    /// The upper side.
    pub top: f64,
    /// The right side.
    pub right: f64,
    /// The lower side.
    pub bottom: f64,
}

/// A page with its words.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// In points.
    pub width: f64,
    /// In points.
    pub height: f64,
    /// In poppler's order.
    pub words: Vec<Placed>,
}

/// The pages of what `pdftotext -bbox` prints.
#[must_use]
pub fn sheets(bbox: &str) -> Vec<Sheet> {
    let pages = bbox.split("<page ").skip(1);
    pages
        .filter_map(|page| {
            Some(Sheet {
                width: number(page, "width")?,
                height: number(page, "height")?,
                words: page.split("<word ").skip(1).filter_map(placed).collect(),
            })
        })
        .collect()
}

fn placed(element: &str) -> Option<Placed> {
    let (attributes, rest) = element.split_once('>')?;
    let (text, _) = rest.split_once("</word>")?;
    Some(Placed {
        text: unescape(text),
        left: number(attributes, "xMin")?,
        top: number(attributes, "yMin")?,
        right: number(attributes, "xMax")?,
        bottom: number(attributes, "yMax")?,
    })
}

fn number(attributes: &str, name: &str) -> Option<f64> {
    let (_, value) = attributes.split_once(&format!("{name}=\""))?;
    value.split_once('"')?.0.parse().ok()
}

/// Words that stand left or right of the text's area, or not wholly on the paper. The
/// blank half of a mark at a line's end may stand out.
#[must_use]
pub fn outside(sheets: &[Sheet], left: f64, right: f64) -> Vec<String> {
    let mut found = Vec::new();
    for (index, sheet) in sheets.iter().enumerate() {
        for word in &sheet.words {
            let height = word.bottom - word.top;
            let blank = if word.text.ends_with(|last| CLOSING.contains(last)) {
                height / 2.0
            } else {
                1.0
            };
            let is_within = word.left > left - 1.0
                && word.right < sheet.width - right + blank
                && word.top > 0.0
                && word.bottom < sheet.height;
            if !is_within {
                found.push(format!("page {}: {}", index + 1, word.text));
            }
        }
    }
    found
}

/// Words that are printed over each other.
#[must_use]
pub fn overprinted(sheets: &[Sheet]) -> Vec<String> {
    let mut found = Vec::new();
    for (index, sheet) in sheets.iter().enumerate() {
        for (position, word) in sheet.words.iter().enumerate() {
            for other in sheet.words.iter().skip(position + 1) {
                let width = word.right.min(other.right) - word.left.max(other.left);
                let height = word.bottom.min(other.bottom) - word.top.max(other.top);
                let lower = (word.bottom - word.top).min(other.bottom - other.top);
                // The blank halves of marks beside each other are taken away.
                let [first, second] = if word.left < other.left {
                    [word, other]
                } else {
                    [other, word]
                };
                let is_squeezed = first.text.ends_with(|last| CLOSING.contains(last))
                    && second
                        .text
                        .starts_with(|first| OPENING.contains(first) || CLOSING.contains(first));
                let blank = if is_squeezed { lower } else { 1.0 };
                if width > blank && height > lower / 2.0 {
                    let words = format!("{} over {}", word.text, other.text);
                    found.push(format!("page {}: {words}", index + 1));
                }
            }
        }
    }
    found
}

fn text_of(line: &[Word]) -> String {
    let words: Vec<&str> = line.iter().map(|word| word.text.as_str()).collect();
    words.join(" ")
}

/// Lines that begin with a closing mark or end with an opening one.
#[must_use]
pub fn lines_against_kinsoku(lines: &[Line]) -> Vec<String> {
    let texts = lines.iter().map(|line| text_of(line));
    texts
        .filter(|text| {
            text.starts_with(|first| CLOSING.contains(first))
                || text.ends_with(|last| OPENING.contains(last))
        })
        .collect()
}

/// Ends of paragraphs where a character stands alone on a line, apart from marks. What is
/// short above it too, or begins elsewhere, is no paragraph.
#[must_use]
pub fn runts(lines: &[Line]) -> Vec<String> {
    let pairs = lines.windows(2);
    pairs
        .filter_map(|pair| {
            let [above, below] = pair else { return None };
            let (first, last) = (above.first()?, above.last()?);
            let [alone] = below.as_slice() else {
                return None;
            };
            let width = last.right - first.left;
            let is_paragraph = (first.left - alone.left).abs() < 1.0 && width > 10.0 * alone.height;
            let mut letters = alone
                .text
                .trim_end_matches(|mark| CLOSING.contains(mark))
                .chars();
            let is_lone = letters.next().is_some_and(is_han) && letters.next().is_none();
            (is_paragraph && is_lone).then(|| format!("{} / {}", text_of(above), alone.text))
        })
        .collect()
}

/// Places where a line was stretched so far between two Han characters that poppler sees
/// a blank, unless the source has one there. What lies further apart than a third of a
/// line's height was set apart on purpose.
#[must_use]
pub fn stretched_han(lines: &[Line], source: &str) -> Vec<String> {
    let pairs = lines.iter().flat_map(|line| line.windows(2));
    pairs
        .filter_map(|pair| match pair {
            [left, right] if right.left - left.right < left.height / 3.0 => {
                Some(format!("{} {}", left.text, right.text))
            }
            _ => None,
        })
        .flat_map(|text| blanks_between_han(&text, source))
        .collect()
}

/// Single blanks between two Han characters of a text that are not in its source, each
/// with a character more on both sides.
#[must_use]
pub fn blanks_between_han(text: &str, source: &str) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    let is_blank = |window: &[char]| match window {
        [_, left, ' ', right, _] => is_han(*left) && is_han(*right),
        _ => false,
    };
    // So that the first and the last character of a text have neighbours.
    let padded = [&['\n'], characters.as_slice(), &['\n']].concat();
    padded
        .windows(5)
        .filter(|window| is_blank(window))
        .map(|window| window.iter().collect::<String>().trim().to_owned())
        .filter(|found| !source.contains(found))
        .collect()
}

/// Words that are still parted at the end of a line by a hyphen that is not the source's.
/// A soft hyphen does not part a word.
#[must_use]
pub fn open_hyphens(text: &str, source: &str) -> Vec<String> {
    let source = squeezed(source);
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let next = lines.iter().skip(index + 1).map(|line| line.trim());
        let next = next.clone().find(|line| !line.is_empty());
        let before = line.split_whitespace().next_back();
        let (Some(before), Some(next)) = (before, next) else {
            continue;
        };
        let after = next.split_whitespace().next().unwrap_or_default();
        let parts_a_word = before
            .strip_suffix(['-', '\u{2010}'])
            .is_some_and(|stem| stem.ends_with(char::is_alphabetic))
            && after.starts_with(char::is_lowercase);
        let word = format!("{before}{after}");
        if parts_a_word && !source.contains(&word) {
            found.push(word);
        }
    }
    found
}

/// Those of the wanted texts that are not found one after another in the pages of an
/// extracted text (pages end with form feeds). White space, hyphens and invisible
/// characters do not count. A text may go on on the next page, below its header or above
/// its footnotes.
#[must_use]
pub fn out_of_order(text: &str, wanted: &[String]) -> Vec<String> {
    let pages: Vec<String> = text.split('\u{c}').map(bare).collect();
    let (mut page, mut at) = (0, 0);
    let mut missing = Vec::new();
    for wanted in wanted {
        match find(&pages, page, at, &bare(wanted)) {
            Some((found, end)) => (page, at) = (found, end),
            None => missing.push(wanted.clone()),
        }
    }
    missing
}

/// A text without white space, hyphens and characters that cannot be seen.
fn bare(text: &str) -> String {
    let mut text = squeezed(text);
    text.retain(|character| {
        !matches!(character,
            '-' | '\u{ad}' | '\u{2010}' | '\u{2011}' | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}')
    });
    text
}

/// Where a text that begins at this page and byte or later ends.
fn find(pages: &[String], page: usize, at: usize, wanted: &str) -> Option<(usize, usize)> {
    for (number, text) in pages.iter().enumerate().skip(page) {
        let start = if number == page { at } else { 0 };
        let text = text.get(start..)?;
        if let Some(found) = text.find(wanted) {
            return Some((number, start + found + wanted.len()));
        }
        if let Some(end) = goes_on(pages, number, text, wanted, PAGES) {
            return Some(end);
        }
    }
    None
}

/// Most pages that a text goes on over.
const PAGES: u32 = 3;

/// How many characters of a text may happen to stand in a page's foot.
const CHANCE: usize = 12;

/// Where a text ends that begins on page `number`, whose text is this, and ends on a later
/// one.
fn goes_on(
    pages: &[String],
    number: usize,
    text: &str,
    wanted: &str,
    most: u32,
) -> Option<(usize, usize)> {
    let next = pages.get(number + 1).filter(|_| most > 0)?;
    let mut ends: Vec<usize> = wanted.char_indices().map(|(at, _)| at).skip(1).collect();
    // What begins with more than a page has is not there either.
    let longest =
        ends.partition_point(|&end| wanted.get(..end).is_some_and(|it| text.contains(it)));
    ends.truncate(longest);
    ends.into_iter().rev().take(CHANCE).find_map(|end| {
        let tail = wanted.get(end..)?;
        let found = next.find(tail).map(|at| (number + 1, at + tail.len()));
        found.or_else(|| goes_on(pages, number + 1, next, tail, most - 1))
    })
}

/// Points that a row of a [`Picture`] stands for.
pub const POINTS_A_ROW: f64 = 2.0;

/// A page seen from afar: which of its rows have ink, from the top.
pub type Picture = Vec<bool>;

/// The pictures in what `pdftoppm -gray` prints.
#[must_use]
pub fn pictures(pgm: &[u8]) -> Vec<Picture> {
    // Lines and letters are thin from afar, thus grey; paper is white.
    let has_ink = |row: &[u8]| row.iter().any(|&grey| grey < 0xf0);
    let pages = pixels(pgm).into_iter();
    pages
        .map(|(width, _, page)| page.chunks(width.max(1)).map(has_ink).collect())
        .collect()
}

/// Width, height and pixels of each page in what `pdftoppm -gray` prints.
#[must_use]
pub fn pixels(pgm: &[u8]) -> Vec<(usize, usize, Vec<u8>)> {
    let mut pages = Vec::new();
    let mut rest = pgm;
    while let Some((width, height, pixels)) = header(rest) {
        let (page, after) = pixels
            .split_at_checked(width * height)
            .unwrap_or((pixels, &[]));
        pages.push((width, height, page.to_vec()));
        rest = after;
    }
    pages
}

/// Width, height and pixels: `P5 WIDTH HEIGHT 255`, each followed by one white space.
fn header(pgm: &[u8]) -> Option<(usize, usize, &[u8])> {
    let mut rest = pgm;
    let mut next = || -> Option<&str> {
        let end = rest.iter().position(u8::is_ascii_whitespace)?;
        let (field, after) = rest.split_at_checked(end)?;
        rest = after.get(1..)?;
        std::str::from_utf8(field).ok()
    };
    let is_pgm = next()? == "P5";
    let width = next()?.parse().ok()?;
    let height = next()?.parse().ok()?;
    let is_byte = next()? == "255";
    (is_pgm && is_byte).then_some((width, height, rest))
}

/// Rows of a page's text, without what stands alone at its head and foot: running header
/// and folio.
fn body(page: &[bool]) -> Range<usize> {
    let edge = page.len() / 8;
    let from_above = running(page.iter().take(edge).copied());
    let from_below = running(page.iter().rev().take(edge).copied());
    from_above..page.len() - from_below
}

/// The number of rows to the end of the first ink; 0 when it does not end in these rows.
fn running(rows: impl Iterator<Item = bool> + Clone) -> usize {
    let start = rows.clone().position(|ink| ink).unwrap_or(0);
    let length = rows.skip(start).position(|ink| !ink);
    length.map_or(0, |length| start + length)
}

/// The first and the last row of a page's text; `None` on an empty page.
fn extent(page: &[bool]) -> Option<(usize, usize)> {
    let inked = |row: &usize| page.get(*row) == Some(&true);
    Some((body(page).find(inked)?, body(page).rev().find(inked)?))
}

/// A gap of more rows than this is no space between paragraphs.
const GAP: usize = 18;

/// How much of the rows from `top` to `bottom` a page fills, from 0 to 1.
fn fill(page: &[bool], top: usize, bottom: usize) -> f64 {
    let body = body(page);
    let rows = (top..=bottom).map(|row| body.contains(&row) && page.get(row) == Some(&true));
    let (mut empty, mut gap) = (0, 0);
    for ink in rows.chain([true]) {
        if !ink {
            gap += 1;
            continue;
        }
        if gap > GAP {
            empty += gap;
        }
        gap = 0;
    }
    let all = bottom + 1 - top;
    1.0 - empty as f64 / all as f64
}

/// Where sections begin: the page, from 1, and the points from its foot.
pub type Start = (usize, f64);

/// Pages, from 1, that are filled less than a third and are not the last of a section,
/// with their fill. A page is a section's last when another begins on top of the next.
#[must_use]
pub fn short_pages(pages: &[Picture], sections: &[Start]) -> Vec<(usize, f64)> {
    let extents: Vec<(usize, usize)> = pages.iter().filter_map(|page| extent(page)).collect();
    let top = extents.iter().map(|&(top, _)| top).min().unwrap_or(0);
    let bottom = extents.iter().map(|&(_, bottom)| bottom).max();
    let bottom = bottom.unwrap_or(0);
    let begins_with_a_section = |number: usize| {
        let Some(page) = pages.get(number - 1) else {
            return true;
        };
        let first = extent(page).map_or(0, |(first, _)| first) as f64;
        sections.iter().any(|&(at, height)| {
            let row = page.len() as f64 - height / POINTS_A_ROW;
            at == number && row < first + GAP as f64
        })
    };
    let fills = pages.iter().enumerate().map(|(index, page)| {
        let fill = fill(page, top, bottom);
        (index + 1, fill)
    });
    fills
        .filter(|&(number, fill)| fill < 1.0 / 3.0 && !begins_with_a_section(number + 1))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(words: &[(&str, f64, f64)]) -> Line {
        words
            .iter()
            .map(|&(text, left, right)| Word {
                text: text.to_owned(),
                left,
                right,
                height: 12.0,
            })
            .collect()
    }

    #[test]
    fn words_are_read_with_their_boxes() {
        let bbox = "<line xMin=\"1\">\n<word xMin=\"49.5\" yMin=\"10\" xMax=\"60\" yMax=\"22\">A&amp;B</word>\n</line>\n<line >\n</line>";
        let lines = lines(bbox);
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0], line(&[("A&B", 49.5, 60.0)]));
    }

    #[test]
    fn words_over_each_other_or_beyond_the_margin_are_found() {
        let word = |text: &str, left: &str, right: &str| {
            format!("<word xMin=\"{left}\" yMin=\"20\" xMax=\"{right}\" yMax=\"32\">{text}</word>")
        };
        let words = [
            word("A&amp;B", "5", "20"),
            word("over", "18", "40"),
            word("字。", "60", "94"),
            word("out", "80.5", "92.5"),
        ];
        let page = format!(
            "<page width=\"100\" height=\"200\">{}</page>",
            words.concat()
        );
        let sheets = sheets(&page);
        assert!((sheets[0].width - 100.0).abs() < 0.1);
        assert_eq!(outside(&sheets, 10.0, 10.0), ["page 1: A&B", "page 1: out"]);
        assert_eq!(
            overprinted(&sheets),
            ["page 1: A&B over over", "page 1: 字。 over out"]
        );
    }

    #[test]
    fn marks_at_the_wrong_end_of_a_line_are_found() {
        let lines = [
            line(&[("，第一行", 0.0, 40.0)]),
            line(&[("好的（", 0.0, 30.0), ("一句", 31.0, 50.0)]),
            line(&[("一句", 0.0, 20.0), ("好的（", 21.0, 50.0)]),
            line(&[("（好）。", 0.0, 40.0)]),
        ];
        assert_eq!(lines_against_kinsoku(&lines), ["，第一行", "一句 好的（"]);
    }

    #[test]
    fn a_character_alone_on_the_last_line_of_a_paragraph_is_found() {
        let long = line(&[("一行很长的字", 0.0, 200.0)]);
        let alone = line(&[("字。”", 0.0, 30.0)]);
        assert_eq!(
            runts(&[long.clone(), alone.clone()]),
            ["一行很长的字 / 字。”"]
        );
        let two = line(&[("两字。", 0.0, 30.0)]);
        assert!(runts(&[long.clone(), two]).is_empty());
        let elsewhere = line(&[("字", 50.0, 60.0)]);
        assert!(runts(&[long, elsewhere]).is_empty());
        assert!(runts(&[alone.clone(), alone]).is_empty());
    }

    #[test]
    fn a_small_gap_between_han_is_a_fault_and_a_wide_one_is_not() {
        let stretched = [line(&[("一句", 0.0, 20.0), ("话", 22.5, 32.5)])];
        assert_eq!(stretched_han(&stretched, "一句话"), ["一句 话"]);
        assert!(stretched_han(&stretched, "一句 话").is_empty());
        let apart = [line(&[("一句", 0.0, 20.0), ("话", 30.0, 40.0)])];
        assert!(stretched_han(&apart, "一句话").is_empty());
        let mixed = [line(&[("一句", 0.0, 20.0), ("word", 22.5, 42.5)])];
        assert!(stretched_han(&mixed, "一句word").is_empty());
    }

    #[test]
    fn blanks_between_han_are_found_next_to_each_other() {
        assert_eq!(
            blanks_between_han("一句 话 好。\n下 面", "一句话好。下 面"),
            ["一句 话", "话 好。"]
        );
    }

    #[test]
    fn a_hyphen_at_a_line_end_is_open_unless_the_source_has_it() {
        let text = "fine-\ntune the repre-\n\nsentation, a soft hy\u{ad}\nphen and 3-\n4 or -\nx";
        assert_eq!(
            open_hyphens(text, "fine-tune the representation"),
            ["repre-sentation,"]
        );
    }

    #[test]
    fn texts_are_wanted_in_their_order_over_page_breaks() {
        let wanted = |texts: &[&str]| -> Vec<String> {
            texts.iter().map(|text| (*text).to_owned()).collect()
        };
        let text =
            "目录 甲 乙\n1\u{c}页眉\n甲\n这句话\n跨\n2\u{c}页眉 过一页 乙 repre\u{ad}\nsents";
        let good = wanted(&["甲", "这句话跨过一页", "乙", "represents"]);
        assert_eq!(out_of_order(text, &good), Vec::<String>::new());
        let bad = wanted(&["跨过一页", "这句话", "没有"]);
        assert_eq!(out_of_order(text, &bad), ["这句话", "没有"]);
    }

    #[test]
    fn pictures_are_read_one_after_another() {
        let pgm = b"P5\n2 2\n255\n\xff\xff\xff\x80P5\n1 1\n255\n\x00";
        assert_eq!(pictures(pgm), [vec![false, true], vec![true]]);
        assert!(pictures(b"P6\n1 1\n255\n\x00").is_empty());
    }

    /// A page of 400 rows with a header, a folio and text in these rows.
    fn page(text: Range<usize>) -> Picture {
        (0..400)
            .map(|row| {
                let is_running = (20..24).contains(&row) || (380..384).contains(&row);
                is_running || (text.contains(&row) && row % 8 < 5)
            })
            .collect()
    }

    #[test]
    fn a_short_page_is_found_unless_a_section_begins_after_it() {
        let pages = [page(40..360), page(40..80), page(40..360), page(40..60)];
        let short: Vec<usize> = short_pages(&pages, &[]).iter().map(|it| it.0).collect();
        // The last page ends the last section.
        assert_eq!(short, [2]);
        // The third page's text begins 40 rows below its top: 720 points from its foot.
        assert!(short_pages(&pages, &[(3, 720.0)]).is_empty());
        assert_eq!(short_pages(&pages, &[(3, 400.0), (2, 720.0)]).len(), 1);
    }

    #[test]
    fn a_note_at_the_foot_does_not_fill_a_page() {
        let mut noted = page(40..80);
        noted[340..360].fill(true);
        let short = short_pages(&[page(40..360), noted, page(40..360)], &[]);
        assert_eq!(short.len(), 1);
        let half = short_pages(&[page(40..360), page(40..180), page(40..360)], &[]);
        assert!(half.is_empty(), "{half:?}");
    }
}
