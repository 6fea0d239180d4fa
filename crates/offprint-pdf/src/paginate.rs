//! Rows to pages: where pages end.

use std::collections::BTreeMap;

use crate::page::{Anchor, Color, Flow, Item, Link, Page, Row, Spot};

/// The part of a page that text fills, in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Area {
    pub(crate) left: f32,
    pub(crate) top: f32,
    pub(crate) width: f32,
    pub(crate) height: f32,
    /// How many columns it has, and how wide each is; the blank between them is what remains.
    pub(crate) columns: u32,
    pub(crate) column: f32,
}

/// Pages, and where the anchors came to stand on them.
#[derive(Debug, Default)]
pub(crate) struct Pages {
    pub(crate) pages: Vec<Page>,
    pub(crate) spots: BTreeMap<Anchor, Spot>,
}

// Space between the text and the notes at a page's foot; the rule stands in its middle.
const NOTES_GAP: f32 = 14.0;

/// Divides the rows into pages that fill `area`.
pub(crate) fn paginate(flow: &mut Flow, area: Area) -> Pages {
    let floats = std::mem::take(&mut flow.floats);
    flow.rows = std::mem::take(&mut flow.rows)
        .into_iter()
        .flat_map(|row| {
            let float = row
                .float
                .and_then(|float| floats.get(float as usize))
                .cloned();
            float.unwrap_or_else(|| vec![row])
        })
        .collect();
    let flow = &*flow;
    let mut pages = Pages::default();
    let mut from = 0;
    while from < flow.rows.len() {
        let to = page_end(flow, area, from);
        let rows = flow.rows.get(from..to).unwrap_or_default();
        place(flow, area, rows, &mut pages);
        from = to;
    }
    if pages.pages.is_empty() {
        pages.pages.push(Page::default());
    }
    pages
}

fn heights(rows: &[Row]) -> f32 {
    rows.iter().map(|row| row.before + row.height).sum()
}

fn notes_height(flow: &Flow, row: &Row) -> f32 {
    row.notes
        .iter()
        .filter_map(|&note| flow.notes.get(&note))
        .map(|rows| heights(rows))
        .sum()
}

fn head<'a>(flow: &'a Flow, row: &Row) -> &'a [Row] {
    row.head
        .and_then(|index| flow.heads.get(index as usize))
        .map_or(&[], Vec::as_slice)
}

/// The index after the last row of the page that begins with row `from`.
fn page_end(flow: &Flow, area: Area, from: usize) -> usize {
    let mut used = 0.0;
    let mut notes = 0.0;
    let mut to = from;
    for (index, row) in flow.rows.iter().enumerate().skip(from) {
        let above = if index == from {
            heights(head(flow, row))
        } else {
            row.before
        };
        let mut more_notes = notes_height(flow, row);
        if more_notes > 0.0 && notes <= 0.0 {
            more_notes += NOTES_GAP;
        }
        if used + above + row.height + notes + more_notes > area.height + 0.01 {
            break;
        }
        used += above + row.height;
        notes += more_notes;
        to = index + 1;
    }
    if to == flow.rows.len() {
        return to;
    }
    let mut end = to;
    while end > from && flow.rows.get(end - 1).is_some_and(|row| row.keep) {
        end -= 1;
    }
    // What cannot be kept together on any page is divided where the page is full.
    if end == from { to.max(from + 1) } else { end }
}

fn place(flow: &Flow, area: Area, rows: &[Row], pages: &mut Pages) {
    let number = pages.pages.len();
    let mut page = Page::default();
    let mut grounds: BTreeMap<u32, (f32, f32)> = BTreeMap::new();
    let mut foreground = Page::default();
    let mut y = area.top;
    let mut notes: Vec<u32> = Vec::new();
    let repeated = rows.first().map_or(&[][..], |row| head(flow, row));
    for (index, row) in repeated.iter().chain(rows).enumerate() {
        if index > 0 {
            y += row.before;
        }
        for &backdrop in &row.backdrops {
            let ground = grounds.entry(backdrop).or_insert((y, y));
            ground.1 = y + row.height;
        }
        put(row, area.left, y, &mut foreground);
        for &anchor in &row.anchors {
            pages
                .spots
                .entry(anchor)
                .or_insert(Spot { page: number, y });
        }
        notes.extend(&row.notes);
        y += row.height;
    }
    for (backdrop, (top, bottom)) in grounds {
        if let Some(backdrop) = flow.backdrops.get(backdrop as usize) {
            page.items.push(Item::Fill {
                x: area.left + backdrop.x,
                y: top,
                width: backdrop.width,
                height: bottom - top,
                color: backdrop.color,
                tag: None,
            });
        }
    }
    page.items.append(&mut foreground.items);
    page.links.append(&mut foreground.links);
    place_notes(flow, area, &notes, number, &mut page, pages);
    pages.pages.push(page);
}

fn place_notes(
    flow: &Flow,
    area: Area,
    notes: &[u32],
    number: usize,
    page: &mut Page,
    pages: &mut Pages,
) {
    let rows: Vec<&Row> = notes
        .iter()
        .filter_map(|&note| flow.notes.get(&note))
        .flatten()
        .collect();
    if rows.is_empty() {
        return;
    }
    let height: f32 = rows.iter().map(|row| row.before + row.height).sum();
    let mut y = area.top + area.height - height;
    page.items.push(Item::Fill {
        x: area.left,
        y: y - NOTES_GAP / 2.0,
        width: area.width * 0.2,
        height: 0.5,
        color: Color(0x6b, 0x6f, 0x76),
        tag: None,
    });
    for row in rows {
        y += row.before;
        put(row, area.left, y, page);
        for &anchor in &row.anchors {
            pages
                .spots
                .entry(anchor)
                .or_insert(Spot { page: number, y });
        }
        y += row.height;
    }
}

/// Moves a row's contents to their place on the page.
fn put(row: &Row, left: f32, top: f32, page: &mut Page) {
    page.items
        .extend(row.items.iter().map(|item| moved(item, left, top)));
    page.links.extend(row.links.iter().map(|link| Link {
        x: link.x + left,
        y: link.y + top,
        ..link.clone()
    }));
}

/// An item moved to the right and down.
pub(crate) fn moved(item: &Item, right: f32, down: f32) -> Item {
    let mut item = item.clone();
    match &mut item {
        Item::Text(run) => {
            run.y += down;
            for glyph in &mut run.glyphs {
                glyph.x += right;
            }
        }
        Item::Fill { x, y, .. }
        | Item::Dot { x, y, .. }
        | Item::Leader { x, y, .. }
        | Item::Picture { x, y, .. }
        | Item::PageNumber { x, y, .. } => {
            *x += right;
            *y += down;
        }
    }
    item
}

#[cfg(test)]
mod tests {
    use super::*;

    const AREA: Area = Area {
        left: 0.0,
        top: 0.0,
        width: 100.0,
        height: 100.0,
        columns: 1,
        column: 100.0,
    };

    fn row(height: f32, keep: bool) -> Row {
        Row {
            height,
            keep,
            ..Row::default()
        }
    }

    fn ends(rows: Vec<Row>) -> Vec<usize> {
        let flow = Flow {
            rows,
            ..Flow::default()
        };
        let mut ends = Vec::new();
        let mut from = 0;
        while from < flow.rows.len() {
            from = page_end(&flow, AREA, from);
            ends.push(from);
        }
        ends
    }

    #[test]
    fn a_heading_moves_to_the_page_of_its_text() {
        let rows = vec![row(80.0, false), row(15.0, true), row(15.0, false)];
        assert_eq!(ends(rows), [1, 3]);
    }

    #[test]
    fn a_chain_longer_than_a_page_is_divided_all_the_same() {
        let rows = vec![
            row(40.0, true),
            row(40.0, true),
            row(40.0, true),
            row(40.0, false),
        ];
        assert_eq!(ends(rows), [2, 4]);
    }

    #[test]
    fn a_row_taller_than_a_page_has_its_own() {
        assert_eq!(ends(vec![row(500.0, false), row(10.0, false)]), [1, 2]);
    }

    #[test]
    fn a_note_takes_its_room_from_the_page() {
        let mut flow = Flow {
            rows: vec![row(50.0, false), row(20.0, false), row(20.0, false)],
            notes: BTreeMap::from([(0, vec![row(20.0, false)])]),
            ..Flow::default()
        };
        if let Some(row) = flow.rows.get_mut(2) {
            row.notes.push(0);
        }
        assert_eq!(page_end(&flow, AREA, 0), 2);
    }
}
