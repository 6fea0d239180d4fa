//! Rows to pages: `measure` says what matters of a row, `fill` how much a column holds,
//! `plan` where pages end, and `place` puts everything there.

mod fill;
mod measure;
mod place;
mod plan;

use std::collections::BTreeMap;

use crate::page::{Anchor, Flow, Page, Spot};
use measure::Measures;

/// The part of a page that text fills, in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Area {
    pub(crate) left: f32,
    pub(crate) top: f32,
    pub(crate) width: f32,
    pub(crate) height: f32,
    /// How many columns it has, at most two, and how wide each is; the blank between them
    /// is what remains.
    pub(crate) columns: u32,
    pub(crate) column: f32,
}

/// Pages, and where the anchors came to stand on them.
#[derive(Debug, Default)]
#[expect(clippy::struct_field_names, reason = "the pages are what it holds")]
pub(crate) struct Pages {
    pub(crate) pages: Vec<Page>,
    pub(crate) spots: BTreeMap<Anchor, Spot>,
    /// Whether the first page is a cover, which has no number.
    pub(crate) has_cover: bool,
}

impl Pages {
    /// What a page is called, which is empty for a cover. `page` counts from 0.
    pub(crate) fn label(&self, page: usize) -> String {
        match (self.has_cover, page) {
            (true, 0) => String::new(),
            (true, page) => page.to_string(),
            (false, page) => (page + 1).to_string(),
        }
    }
}

impl Pages {
    /// Adds pages at the end.
    pub(crate) fn append(&mut self, other: Self) {
        let before = self.pages.len();
        self.pages.extend(other.pages);
        for (anchor, spot) in other.spots {
            let page = spot.page + before;
            self.spots.entry(anchor).or_insert(Spot { page, ..spot });
        }
    }
}

/// Divides the rows into pages that fill `area`. Everything that is shown is moved out of
/// the flow; its bookmarks and its structure stay.
pub(crate) fn paginate(flow: &mut Flow, area: Area) -> Pages {
    let measures = Measures::new(flow);
    let frames = plan::plan(&measures, area);
    let mut pages = place::place(flow, &measures, area, &frames);
    pages.has_cover = flow.cover > 0;
    flow.cover = 0;
    flow.rows = Vec::new();
    flow.floats = Vec::new();
    flow.heads = Vec::new();
    flow.notes = BTreeMap::new();
    if pages.pages.is_empty() {
        pages.pages.push(Page::default());
    }
    pages
}

#[cfg(test)]
mod tests;
