//! What fits a feed, and how the rest becomes archives (RFC 5005).

use std::ops::Range;

use crate::Rss;

/// How much a feed may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limit {
    /// Items.
    pub(crate) items: usize,
    /// Bytes of items.
    pub(crate) bytes: u64,
}

impl Limit {
    /// What the settings leave for items beside `frame` bytes of the feed's own words.
    pub(crate) fn new(settings: &Rss, frame: u64) -> Self {
        Self {
            items: settings.limit.max(1),
            bytes: settings.max_size.saturating_sub(frame),
        }
    }

    /// How many of the first items fit, given their lengths; at least one, if there is one.
    pub(crate) fn first(self, lengths: impl IntoIterator<Item = u64>) -> usize {
        let mut filling = Filling::default();
        lengths
            .into_iter()
            .take_while(|&length| filling.takes(self, length))
            .count()
    }
}

/// A feed that is being filled.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Filling {
    items: usize,
    bytes: u64,
}

impl Filling {
    /// Takes one more item, unless the feed is full. The first one always fits.
    pub(crate) fn takes(&mut self, limit: Limit, length: u64) -> bool {
        let bytes = self.bytes.saturating_add(length);
        if self.items > 0 && (self.items >= limit.items || bytes > limit.bytes) {
            return false;
        }
        self.items += 1;
        self.bytes = bytes;
        true
    }
}

/// A feed's items, the newest first, parted into what subscribers see and what archives hold.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Parted {
    /// The items of the main feed.
    pub(crate) main: Range<usize>,
    /// The items of each page, the oldest page first; none when all fit the main feed. All
    /// pages but the last are full and closed: newer items change nothing in them. The last
    /// one is still being filled, and the main feed holds what it holds.
    pub(crate) pages: Vec<Range<usize>>,
}

/// Parts items of these lengths, the newest first. Pages are cut from the oldest item on,
/// so that the cuts stay where they are as items come.
pub(crate) fn part(lengths: &[u64], limit: Limit) -> Parted {
    let main = 0..limit.first(lengths.iter().copied());
    let mut pages = Vec::new();
    let mut end = lengths.len();
    while end > 0 {
        let older = lengths.get(..end).unwrap_or_default();
        let start = end - limit.first(older.iter().rev().copied());
        pages.push(start..end);
        end = start;
    }
    if pages.len() < 2 {
        pages.clear();
    }
    Parted { main, pages }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit(items: usize, bytes: u64) -> Limit {
        Limit { items, bytes }
    }

    #[test]
    fn what_fits_the_main_feed_needs_no_archive() {
        let whole = Parted {
            main: 0..3,
            pages: Vec::new(),
        };
        assert_eq!(part(&[1, 1, 1], limit(3, 3)), whole);
        let nothing = Parted {
            main: 0..0,
            pages: Vec::new(),
        };
        assert_eq!(part(&[], limit(3, 3)), nothing);
    }

    #[test]
    fn pages_are_cut_from_the_oldest_by_items_and_by_bytes() {
        let parted = part(&[1; 7], limit(3, 99));
        assert_eq!(parted.main, 0..3);
        assert_eq!(parted.pages, [4..7, 1..4, 0..1]);
        let parted = part(&[5, 5, 90, 5, 5], limit(3, 10));
        assert_eq!(parted.main, 0..2);
        assert_eq!(parted.pages, [3..5, 2..3, 0..2]);
    }

    #[test]
    fn closed_pages_stay_as_items_come_and_no_item_is_lost() {
        // Lengths that a simple rule makes look random.
        let lengths: Vec<u64> = (0..200_u64).map(|n| 1 + n * 7919 % 97).collect();
        let limit = limit(11, 300);
        let mut closed: Vec<Range<usize>> = Vec::new();
        for count in 1..=lengths.len() {
            let newest_first: Vec<u64> = lengths[..count].iter().rev().copied().collect();
            let parted = part(&newest_first, limit);
            // Positions from the oldest item, which do not move.
            let pages: Vec<Range<usize>> = parted
                .pages
                .iter()
                .map(|page| count - page.end..count - page.start)
                .collect();
            let (open, now_closed) = pages
                .split_last()
                .map_or((0..count, &[][..]), |(last, rest)| (last.clone(), rest));
            assert_eq!(now_closed[..closed.len()], closed);
            let reached = now_closed.last().map_or(0, |page| page.end);
            assert_eq!(open.start, reached);
            assert!(parted.main.end >= count - reached, "{count}");
            closed = now_closed.to_vec();
        }
        assert!(closed.len() > 15, "{closed:?}");
    }
}
