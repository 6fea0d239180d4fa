//! What holds of all divisions into pages, on flows that are made up by a generator.

use super::fill::{FLOAT_GAP, GROW, NOTES_GAP, SHRINK};
use super::*;
use crate::page::{Backdrop, Bookmark, Color, Item, Row};

const AREA: Area = Area {
    left: 10.0,
    top: 20.0,
    width: 220.0,
    height: 400.0,
    columns: 1,
    column: 220.0,
};

const TWO: Area = Area {
    columns: 2,
    column: 100.0,
    ..AREA
};

const FOOT: f32 = AREA.top + AREA.height;
const INK: Color = Color(0, 0, 0);

/// Numbers that look random and are always the same.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % sides
    }
}

/// A row that can be found again by its number.
fn row(number: u32, height: f32) -> Row {
    Row {
        height,
        items: vec![Item::Dot {
            x: 0.0,
            y: 0.0,
            radius: number as f32,
            color: INK,
            tag: None,
        }],
        ..Row::default()
    }
}

fn lines(count: u32) -> Vec<Row> {
    (0..count).map(|number| row(number, 10.0)).collect()
}

fn flow(rows: Vec<Row>) -> Flow {
    Flow {
        rows,
        ..Flow::default()
    }
}

/// Paragraphs below headings, as issues have them.
fn prose(dice: &mut Dice, paragraphs: u64) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for _ in 0..paragraphs {
        let mut before = 6.0;
        if dice.roll(4) == 0 {
            let number = rows.len() as u32;
            rows.push(Row {
                before: 20.0,
                keep: true,
                ..row(number, 14.0)
            });
            before = 4.0;
        }
        let count = 1 + dice.roll(9);
        for line in 0..count {
            let number = rows.len() as u32;
            rows.push(Row {
                before: if line == 0 { before } else { 0.0 },
                keep: line + 1 < count && (line == 0 || line + 2 == count),
                ..row(number, 10.0)
            });
        }
    }
    rows
}

/// A row on a page: its page, number, and place.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Placed {
    page: usize,
    number: u32,
    x: f32,
    y: f32,
}

fn placed(pages: &Pages) -> Vec<Placed> {
    let of_page = |(page, content): (usize, &Page)| {
        let dots = content.items.iter().filter_map(move |item| match *item {
            Item::Dot { x, y, radius, .. } => Some(Placed {
                page,
                number: radius as u32,
                x,
                y,
            }),
            Item::Text(_)
            | Item::Formula(_)
            | Item::Fill { .. }
            | Item::Leader { .. }
            | Item::Picture { .. }
            | Item::PageNumber { .. } => None,
        });
        dots.collect::<Vec<_>>()
    };
    pages.pages.iter().enumerate().flat_map(of_page).collect()
}

fn on_page(placed: &[Placed], page: usize) -> Vec<u32> {
    let of_page = placed.iter().filter(|row| row.page == page);
    of_page.map(|row| row.number).collect()
}

fn divide(rows: Vec<Row>, area: Area) -> Vec<Placed> {
    placed(&paginate(&mut flow(rows), area))
}

#[test]
fn every_row_is_placed_once_in_order_above_the_foot() {
    for (seed, area) in (0..40).flat_map(|seed| [(seed, AREA), (seed, TWO)]) {
        let rows = prose(&mut Dice(seed), 20 + seed * 3);
        let placed = divide(rows.clone(), area);
        let numbers: Vec<u32> = placed.iter().map(|row| row.number).collect();
        let all: Vec<u32> = (0..rows.len() as u32).collect();
        assert_eq!(numbers, all, "seed {seed}");
        for at in &placed {
            let height = rows[at.number as usize].height;
            assert!(at.y >= area.top && at.y + height <= FOOT + 0.1, "{at:?}");
        }
        for pair in placed.windows(2) {
            let is_below = pair[1].y >= pair[0].y + rows[pair[0].number as usize].height - 0.1;
            let is_on = pair[1].page > pair[0].page || pair[1].x > pair[0].x;
            assert!(is_below || is_on, "{pair:?}");
        }
    }
}

#[test]
fn what_belongs_together_is_not_parted() {
    for (seed, area) in (0..40).flat_map(|seed| [(seed, AREA), (seed, TWO)]) {
        let rows = prose(&mut Dice(seed), 20 + seed * 3);
        for pair in divide(rows.clone(), area).windows(2) {
            let is_same = pair[0].page == pair[1].page && pair[0].x.total_cmp(&pair[1].x).is_eq();
            assert!(is_same || !rows[pair[0].number as usize].keep, "{pair:?}");
        }
    }
}

#[test]
fn no_page_is_under_a_third_full_where_it_can_be_helped() {
    for seed in 0..60 {
        let rows = prose(&mut Dice(seed), 40 + seed);
        let placed = divide(rows, AREA);
        let last = placed.last().map_or(0, |row| row.page);
        for page in 0..=last {
            let of_page = placed.iter().filter(|row| row.page == page);
            let end = of_page.map(|row| row.y + 10.0).fold(0.0, f32::max);
            let wanted = if page == last { 0.25 } else { 0.7 };
            assert!(
                end - AREA.top > AREA.height * wanted,
                "{seed}: {page} of {last}"
            );
        }
    }
}

#[test]
fn a_few_lines_too_many_are_taken_in_by_narrower_spaces() {
    let spaced = |number| Row {
        before: 10.0,
        ..row(number, 30.0)
    };
    // 430 points of rows and spaces on 400.
    let placed = divide((0..11).map(spaced).collect(), AREA);
    assert_eq!(placed.last().map(|row| row.page), Some(0));
    let gap = placed[1].y - placed[0].y - 30.0;
    assert!((10.0 * (1.0 - SHRINK) - 0.01..10.0).contains(&gap));
}

#[test]
fn a_page_that_is_nearly_full_is_stretched_to_its_foot() {
    let spaced = |number| Row {
        before: 10.0,
        ..row(number, 29.0)
    };
    // Ten rows take 380 points.
    let placed = divide((0..25).map(spaced).collect(), AREA);
    assert_eq!(on_page(&placed, 0).len(), 10);
    assert!((placed[9].y + 29.0 - FOOT).abs() < 0.1);
    let gap = placed[1].y - placed[0].y - 29.0;
    assert!(gap > 10.0 && gap <= 10.0 * (1.0 + GROW) + 0.01);
}

#[test]
fn a_last_line_does_not_stand_alone_on_a_page() {
    let placed = divide(lines(81), AREA);
    assert_eq!(placed.last().map(|row| row.page), Some(2));
    assert!(on_page(&placed, 2).len() >= 10);
    assert!(on_page(&placed, 0).len() >= 30);
    assert!(on_page(&placed, 1).len() >= 30);
}

#[test]
fn a_heading_moves_to_the_page_of_its_text() {
    let mut rows = lines(60);
    rows[39].keep = true;
    let placed = divide(rows, AREA);
    assert!(!on_page(&placed, 0).contains(&39));
}

#[test]
fn a_section_does_not_begin_with_a_line_or_two_at_the_foot() {
    let mut rows = lines(70);
    rows[36].before = 20.0;
    rows[36].keep = true;
    rows[36].anchors.push(Anchor(7));
    let mut flow = flow(rows);
    flow.bookmarks.push(Bookmark {
        level: 0,
        title: String::new(),
        anchor: Anchor(7),
    });
    let pages = paginate(&mut flow, AREA);
    assert_eq!(on_page(&placed(&pages), 1).first(), Some(&36));
}

#[test]
fn a_chain_longer_than_a_page_is_divided_at_its_widest_space() {
    let mut rows = lines(60);
    for row in &mut rows {
        row.keep = true;
    }
    rows[30].before = 8.0;
    let placed = divide(rows, AREA);
    assert_eq!(on_page(&placed, 1).first(), Some(&30));
}

#[test]
fn a_row_taller_than_a_page_has_its_own() {
    let placed = divide(vec![row(0, 5.0), row(1, 900.0), row(2, 5.0)], AREA);
    let pages: Vec<usize> = placed.iter().map(|row| row.page).collect();
    assert_eq!(pages, [0, 1, 2]);
}

#[test]
fn a_row_that_begins_a_page_does() {
    let mut rows = lines(20);
    rows[3].begins_page = true;
    for area in [AREA, TWO] {
        let placed = divide(rows.clone(), area);
        assert_eq!(on_page(&placed, 0), [0, 1, 2]);
        assert_eq!(on_page(&placed, 1).len(), 17);
    }
}

#[test]
fn a_cover_has_a_page_to_itself_and_no_number() {
    let mut flow = flow(lines(20));
    flow.cover = 2;
    let pages = paginate(&mut flow, AREA);
    assert_eq!(on_page(&placed(&pages), 0), [0, 1]);
    assert_eq!([pages.label(0), pages.label(1)], ["", "1"]);
    assert_eq!(paginate(&mut Flow::default(), AREA).label(0), "1");
}

#[test]
fn notes_stand_at_the_foot_of_the_page_of_their_mark() {
    for (seed, area) in (0..30).flat_map(|seed| [(seed, AREA), (seed, TWO)]) {
        let mut dice = Dice(seed);
        let mut rows = prose(&mut dice, 60);
        let mut notes = BTreeMap::new();
        for (index, marked) in rows.iter_mut().enumerate() {
            if dice.roll(12) == 0 {
                let note = index as u32;
                marked.notes.push(note);
                notes.insert(note, vec![row(10_000 + note, 8.0), row(20_000 + note, 8.0)]);
            }
        }
        let count = notes.len();
        let mut flow = flow(rows);
        flow.notes = notes;
        let placed = placed(&paginate(&mut flow, area));
        let find = |number| placed.iter().find(|row| row.number == number);
        let mut seen = 0;
        for note in placed.iter().filter(|row| row.number >= 10_000) {
            let mark = find(note.number % 10_000).expect("the mark is placed");
            assert_eq!((mark.page, mark.x as i32), (note.page, note.x as i32));
            let texts = placed.iter().filter(|row| {
                row.number < 10_000 && row.page == note.page && row.x as i32 == note.x as i32
            });
            let end = texts.map(|row| row.y + 10.0).fold(0.0, f32::max);
            assert!(note.y >= end + NOTES_GAP / 2.0, "{note:?} {end}");
            assert!(note.y + 8.0 <= FOOT + 0.1);
            seen += 1;
        }
        assert_eq!(seen, 2 * count);
    }
}

#[test]
fn floats_keep_their_order_and_wait_for_the_next_page_at_most() {
    for (seed, area) in (0..30).flat_map(|seed| [(seed, AREA), (seed, TWO)]) {
        let mut dice = Dice(seed);
        let mut rows = prose(&mut dice, 60);
        let mut floats = Vec::new();
        for index in (7..rows.len()).rev() {
            if !rows[index - 1].keep && dice.roll(14) == 0 {
                rows.insert(
                    index,
                    Row {
                        before: 8.0,
                        ..Row::default()
                    },
                );
            }
        }
        for marker in rows.iter_mut().filter(|row| row.items.is_empty()) {
            let number = floats.len() as u32;
            let height = 40.0 + dice.roll(160) as f32;
            floats.push(vec![row(10_000 + number, height)]);
            marker.float = Some(number);
        }
        let heights: Vec<f32> = floats.iter().map(|rows| rows[0].height).collect();
        let count = heights.len();
        let mut flow = flow(rows);
        flow.floats = floats;
        let placed = placed(&paginate(&mut flow, area));
        let numbers = |is_float: bool| -> Vec<u32> {
            let rows = placed.iter().map(|row| row.number);
            rows.filter(|&number| (number >= 10_000) == is_float)
                .collect()
        };
        let expected: Vec<u32> = (0..count as u32).map(|number| 10_000 + number).collect();
        assert_eq!(numbers(true), expected, "seed {seed}");
        assert!(numbers(false).is_sorted());
        for float in placed.iter().filter(|row| row.number >= 10_000) {
            let height = heights[(float.number - 10_000) as usize];
            assert!(float.y + height <= FOOT + 0.1);
        }
    }
}

fn line(number: u32, height: f32) -> Row {
    row(number, height)
}

/// Everything at once, some of it taller than a page.
fn anything(dice: &mut Dice) -> Flow {
    let mut flow = Flow::default();
    flow.heads.push(vec![row(50_000, 12.0)]);
    let count = 1 + dice.roll(250);
    for number in 0..count as u32 {
        let height = if dice.roll(60) == 0 {
            500
        } else {
            dice.roll(30)
        } as f32;
        let mut row = Row {
            before: dice.roll(20) as f32,
            keep: dice.roll(3) == 0,
            head: (dice.roll(9) == 0).then_some(0),
            wide: dice.roll(12) == 0,
            begins_page: dice.roll(50) == 0,
            ..row(number, height)
        };
        if dice.roll(20) == 0 {
            row.float = Some(flow.floats.len() as u32);
            let height = if dice.roll(8) == 0 {
                450
            } else {
                dice.roll(200)
            } as f32;
            let mut float = line(number, height);
            if dice.roll(3) == 0 {
                float.notes.push(number);
                let note = line(100_000 + number, 8.0);
                flow.notes.insert(number, vec![note]);
            }
            flow.floats.push(vec![float]);
            row.items.clear();
        }
        if dice.roll(15) == 0 {
            row.anchors.push(Anchor(number));
            flow.bookmarks.push(Bookmark {
                level: 0,
                title: String::new(),
                anchor: Anchor(number),
            });
        }
        flow.rows.push(row);
    }
    flow
}

/// How tall a row or its float is, and whether it runs over both columns.
fn shape(row: &Row, flow: &Flow) -> (f32, bool) {
    match row.float {
        Some(float) => (flow.floats[float as usize][0].height, false),
        None => (row.height, row.wide),
    }
}

#[test]
fn nothing_is_lost_or_covered_however_rows_and_floats_are_mixed() {
    for (seed, area) in (0..400).flat_map(|seed| [(seed, AREA), (seed, TWO)]) {
        let mut flow = anything(&mut Dice(seed));
        let (rows, notes) = (flow.rows.len(), flow.notes.len());
        let shapes: Vec<(f32, bool)> = flow.rows.iter().map(|row| shape(row, &flow)).collect();
        let begins: Vec<u32> = (1..rows)
            .filter(|&row| flow.rows[row].begins_page)
            .map(|row| row as u32)
            .collect();
        let placed = placed(&paginate(&mut flow, area));
        let of = |least: u32, most: u32| {
            let numbers = placed.iter().map(|row| row.number);
            let mut numbers: Vec<u32> = numbers.filter(|at| (least..most).contains(at)).collect();
            numbers.sort_unstable();
            numbers
        };
        assert_eq!(
            of(0, 50_000),
            (0..rows as u32).collect::<Vec<_>>(),
            "seed {seed}"
        );
        assert_eq!(of(100_000, u32::MAX).len(), notes, "seed {seed}");
        let page = |number| {
            placed
                .iter()
                .find(|row| row.number == number)
                .map(|row| row.page)
        };
        let text: Vec<Placed> = placed
            .iter()
            .copied()
            .filter(|row| row.number < 50_000)
            .collect();
        for (index, row) in text.iter().enumerate() {
            for above in text[..index].iter().filter(|above| above.page == row.page) {
                let (height, is_wide) = shapes[above.number as usize];
                let is_beside = above.x < row.x && !is_wide;
                assert!(
                    is_beside || above.y + height <= row.y + 0.1,
                    "{seed}: {above:?} {row:?}"
                );
            }
        }
        for begin in begins {
            assert!(page(begin - 1) < page(begin), "seed {seed}: {begin}");
        }
    }
}

fn with_float(lines_before: u32, height: f32) -> Flow {
    let mut rows = lines(80);
    let marker = Row {
        float: Some(0),
        before: 8.0,
        ..Row::default()
    };
    rows.insert(lines_before as usize, marker);
    let mut flow = flow(rows);
    flow.floats = vec![vec![row(10_000, height)]];
    flow
}

#[test]
fn a_float_that_does_not_fit_lets_the_text_go_on_before_it() {
    let placed = placed(&paginate(&mut with_float(30, 150.0), AREA));
    let float = placed.iter().position(|row| row.number == 10_000);
    let float = float.expect("the float is placed");
    assert_eq!(placed[float].page, 1);
    assert!((placed[float].y - AREA.top).abs() < 0.1);
    assert_eq!(on_page(&placed, 0), (0..40).collect::<Vec<u32>>());
    let below = placed[float + 1].y - placed[float].y - 150.0;
    assert!((below - FLOAT_GAP).abs() < 0.1);
}

#[test]
fn a_float_that_fits_stands_at_its_place() {
    let placed = placed(&paginate(&mut with_float(10, 150.0), AREA));
    assert_eq!(placed[10].number, 10_000);
    let below = placed[10].y - placed[9].y - 10.0;
    assert!(below > 7.9 && below <= 8.0 * (1.0 + GROW) + 0.01);
}

#[test]
fn a_float_taller_than_a_page_has_its_own() {
    let placed = placed(&paginate(&mut with_float(10, 900.0), AREA));
    let page = placed.iter().find(|row| row.number == 10_000);
    let page = page.map(|row| row.page).expect("the float is placed");
    assert_eq!(on_page(&placed, page), [10_000]);
}

#[test]
fn a_float_does_not_pass_the_heading_of_a_section() {
    let mut flow = with_float(30, 150.0);
    // The second row after the float.
    flow.rows[32].anchors.push(Anchor(1));
    flow.bookmarks.push(Bookmark {
        level: 0,
        title: String::new(),
        anchor: Anchor(1),
    });
    let placed = placed(&paginate(&mut flow, AREA));
    let position = |number| placed.iter().position(|row| row.number == number);
    assert!(position(10_000) < position(31));
}

#[test]
fn a_heading_is_not_left_behind_by_the_float_under_it() {
    let mut flow = with_float(36, 150.0);
    flow.rows[35].keep = true;
    let placed = placed(&paginate(&mut flow, AREA));
    let page = |number| {
        placed
            .iter()
            .find(|row| row.number == number)
            .map(|row| row.page)
    };
    assert_eq!(page(35), page(36));
}

#[test]
fn columns_end_level_above_a_wide_row_and_at_the_end() {
    for count in 11..40 {
        let mut rows = lines(2 * count);
        rows[count as usize].wide = true;
        let placed = divide(rows, TWO);
        let heading = placed[count as usize];
        assert!((heading.x - TWO.left).abs() < 0.1);
        for band in [&placed[..count as usize], &placed[count as usize + 1..]] {
            let last = band.last().map(|row| row.page);
            let ends = |left: bool| {
                let rows = band.iter().filter(|row| Some(row.page) == last);
                let rows = rows.filter(|row| (row.x < 100.0) == left);
                rows.map(|row| row.y + 10.0).fold(0.0, f32::max)
            };
            assert!((ends(true) - ends(false)).abs() <= 10.1, "{band:?}");
        }
        let above = placed[..count as usize].iter();
        let above = above.filter(|row| row.page == heading.page);
        assert!(above.clone().all(|row| row.y + 10.0 <= heading.y + 0.1));
    }
}

#[test]
fn a_ground_that_runs_over_columns_has_a_part_in_each() {
    let mut rows = lines(60);
    for row in &mut rows[30..] {
        row.backdrops.push(0);
    }
    let mut flow = flow(rows);
    flow.backdrops.push(Backdrop {
        x: 5.0,
        width: 80.0,
        color: INK,
    });
    let pages = paginate(&mut flow, TWO);
    let grounds: Vec<(f32, f32)> = pages.pages[0]
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Fill { x, height, .. } => Some((*x, *height)),
            Item::Dot { .. }
            | Item::Text(_)
            | Item::Formula(_)
            | Item::Leader { .. }
            | Item::Picture { .. }
            | Item::PageNumber { .. } => None,
        })
        .collect();
    // All sixty rows fit on the page: thirty a column.
    assert_eq!(grounds, [(135.0, 300.0)]);
}

#[test]
fn a_table_that_goes_on_repeats_its_head() {
    let mut rows = lines(60);
    for row in &mut rows[1..] {
        row.head = Some(0);
    }
    let mut flow = flow(rows);
    flow.heads = vec![vec![row(10_000, 12.0)]];
    let placed = placed(&paginate(&mut flow, AREA));
    assert_eq!(on_page(&placed, 1).first(), Some(&10_000));
    let heads = placed.iter().filter(|row| row.number == 10_000);
    assert_eq!(heads.count(), 1);
    assert!((placed[placed.len() - 1].y - placed[placed.len() - 2].y - 10.0).abs() < 0.1);
}

#[test]
fn the_work_grows_with_the_number_of_rows() {
    for (area, most) in [(AREA, 1), (TWO, 2)] {
        let rows = prose(&mut Dice(1), 4000);
        let measures = Measures::new(&flow(rows));
        assert!(plan::states(&measures, area) <= most * measures.len() + 1);
    }
}

#[test]
fn places_are_known_and_equal_flows_give_equal_pages() {
    let make = || {
        let mut rows = prose(&mut Dice(3), 200);
        for (index, row) in rows.iter_mut().enumerate() {
            row.anchors.push(Anchor(index as u32));
        }
        rows
    };
    let pages = paginate(&mut flow(make()), TWO);
    for row in placed(&pages) {
        let spot = pages.spots[&Anchor(row.number)];
        assert_eq!(spot.page, row.page);
        assert!((spot.y - row.y).abs() < 0.01);
    }
    assert_eq!(pages.pages, paginate(&mut flow(make()), TWO).pages);
}
