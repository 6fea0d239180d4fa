//! Pieces to lines: the way to break a paragraph whose lines are nearest to their natural
//! width and to each other's.

use super::Setting;
use super::pieces::{Kind, Piece};

/// Sums over pieces, so that a line's measures are differences.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    width: f32,
    stretch: f32,
    more: f32,
    shrink: f32,
}

/// A place where a line may end and the next begin.
#[derive(Debug, Clone, Copy)]
struct Place {
    /// The index after the line's last piece.
    piece: usize,
    cost: f32,
    /// Whether the line ends with a hyphen, its own or one that is set for it.
    hyphen: bool,
    /// Whether it ends with a Han character, perhaps inside of a word.
    after_han: bool,
    /// What stands before a line that begins here.
    begin: Sums,
    /// What stands before the end of a line that ends here, blanks not counted.
    end: Sums,
}

/// The best way to break all up to a place whose last line is of one look.
#[derive(Debug, Clone, Copy)]
struct Node {
    /// Index into the places.
    place: usize,
    look: Look,
    /// How many lines with hyphens at their ends come last: 0, 1, or 2 for more.
    hyphens: u8,
    total: f32,
    /// Index of the node before.
    from: usize,
    /// Index of the next node at the same place.
    next: usize,
}

const NONE: usize = usize::MAX;

/// How far blanks differ from their natural width: no line should look unlike its
/// neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Look {
    Tight,
    Even,
    Loose,
    Open,
    Wide,
}

impl Look {
    fn distance(self, other: Self) -> u8 {
        (self as u8).abs_diff(other as u8)
    }
}

/// Where lines end: for each line, the index after its last piece.
pub(super) struct Breaks {
    pub(super) ends: Vec<usize>,
    /// Whether all lines look well.
    pub(super) is_good: bool,
}

/// The lines of a stretch of text whose first line is indented by `first`.
pub(super) fn best_breaks(pieces: &[Piece], setting: &Setting, first: f32, em: f32) -> Breaks {
    if pieces.is_empty() {
        return Breaks {
            ends: vec![0],
            is_good: true,
        };
    }
    let places = places(pieces);
    let mut search = Search {
        places: &places,
        measure: setting.measure,
        first,
        rest: setting.rest,
        em,
        justify: setting.justify,
        balance: false,
    };
    if !setting.justify
        && !setting.verbatim
        && let Some(measure) = search.balanced_measure()
    {
        search.measure = measure;
        search.balance = true;
    }
    search.run()
}

fn places(pieces: &[Piece]) -> Vec<Place> {
    let mut sums = Sums::default();
    // The end of the last piece that is not a blank.
    let mut end = Sums::default();
    let mut places = Vec::with_capacity(pieces.len() / 2 + 2);
    places.push(Place {
        piece: 0,
        cost: 0.0,
        hyphen: false,
        after_han: false,
        begin: begin(sums, pieces.first()),
        end,
    });
    for (index, piece) in pieces.iter().enumerate() {
        if piece.kind != Kind::Space {
            end = Sums {
                width: sums.width + piece.width - piece.trail,
                ..sums
            };
        }
        sums.width += piece.width + piece.gap;
        sums.stretch += piece.stretch;
        sums.more += piece.more;
        sums.shrink += piece.shrink;
        let is_last = index + 1 == pieces.len();
        let Some(cost) = piece.break_cost.or(is_last.then_some(0.0)) else {
            continue;
        };
        places.push(Place {
            piece: index + 1,
            cost: if is_last { 0.0 } else { cost },
            hyphen: piece.hyphen && !is_last,
            after_han: piece.kind == Kind::Han,
            begin: begin(sums, pieces.get(index + 1)),
            end,
        });
    }
    places
}

fn begin(sums: Sums, opening: Option<&Piece>) -> Sums {
    let lead = opening.map_or(0.0, |piece| piece.lead);
    Sums {
        width: sums.width + lead,
        ..sums
    }
}

/// A last line that is shorter, in em, holds one character, or one with its mark.
const RUNT: f32 = 1.9;

/// What a line costs by itself, and how it looks.
#[derive(Debug, Clone, Copy)]
struct Line {
    cost: f32,
    look: Look,
}

struct Search<'a> {
    places: &'a [Place],
    measure: f32,
    first: f32,
    rest: f32,
    em: f32,
    justify: bool,
    /// Whether the last line should be as long as the others.
    balance: bool,
}

impl Search<'_> {
    fn measure_from(&self, start: usize) -> f32 {
        self.measure - if start == 0 { self.first } else { self.rest }
    }

    fn run(&self) -> Breaks {
        let end = self.places.len() - 1;
        let mut ways = Ways::new(self.places.len());
        // No line is looked at that is less than half full, unless it is the longest.
        let mut shortest = 1;
        for (start, place) in self.places.iter().enumerate().take(end) {
            let Some(head) = ways.best_at(start) else {
                continue;
            };
            shortest = shortest.max(start + 1);
            let half = place.begin.width + self.measure_from(start) * 0.5;
            while self
                .places
                .get(shortest + 1)
                .is_some_and(|next| next.end.width < half)
            {
                shortest += 1;
            }
            self.extend((start, place), shortest, head, &mut ways);
        }
        self.trace(&ways.nodes, ways.heads.last().copied().unwrap_or(NONE))
    }

    /// Tries all lines that begin at a place and end no earlier than at `shortest`.
    fn extend(&self, from: (usize, &Place), shortest: usize, head: usize, ways: &mut Ways) {
        // Lines that are far too loose count only where nothing better is to be had, or
        // where it might be one hyphen too many or leave a last line of one character.
        let mut spare: Option<(usize, &Place, Line)> = None;
        let mut cheapest = f32::MAX;
        let mut reached = false;
        for (index, to) in self.places.iter().enumerate().skip(shortest) {
            let is_end = index + 1 == self.places.len();
            let line = match self.line(from, to, is_end) {
                Some(line) => line,
                None if reached => break,
                // Nothing shorter can be had from here.
                None => {
                    let over = to.end.width - from.1.begin.width;
                    let line = Line {
                        cost: 1e6 + over * 100.0,
                        look: Look::Tight,
                    };
                    ways.join(head, (index, to), line, is_end);
                    break;
                }
            };
            reached = true;
            if line.look == Look::Wide {
                if spare.is_none_or(|(_, _, known)| line.cost < known.cost) {
                    spare = Some((index, to, line));
                }
                continue;
            }
            if !to.hyphen && !self.leaves_runt(to) {
                cheapest = cheapest.min(line.cost);
            }
            ways.join(head, (index, to), line, is_end);
        }
        if let Some((index, to, line)) = spare
            && line.cost < cheapest
        {
            ways.join(head, (index, to), line, false);
        }
    }

    /// Whether nothing but a character is left after a place, perhaps with its mark.
    fn leaves_runt(&self, place: &Place) -> bool {
        self.places.last().is_some_and(|last| {
            last.piece > place.piece && last.end.width - place.begin.width < RUNT * self.em
        })
    }

    /// A line between two places; `None` if the words do not fit on it.
    fn line(&self, (start, place): (usize, &Place), to: &Place, is_end: bool) -> Option<Line> {
        let measure = self.measure_from(start);
        let natural = (to.end.width - place.begin.width).max(0.0);
        let shrink = (to.end.shrink - place.begin.shrink).max(0.0);
        let slack = measure - natural;
        if slack < -shrink - 0.01 {
            return None;
        }
        let mut line = if slack < 0.0 {
            tightness(-slack, shrink)
        } else if is_end {
            self.last_line(start, natural, measure)
        } else if self.justify {
            let stretch = (to.end.stretch - place.begin.stretch).max(0.0);
            let more = (to.end.more - place.begin.more).max(0.0);
            looseness(slack, stretch, more, measure)
        } else {
            let share = slack / measure;
            // Titles break best where the sense does.
            let inside = if to.after_han { 40.0 } else { 0.0 };
            Line {
                cost: 1500.0 * share * share + inside,
                look: Look::Even,
            }
        };
        line.cost += 10.0 + to.cost;
        Some(line)
    }

    /// The lines of the best way to the end.
    fn trace(&self, nodes: &[Node], head: usize) -> Breaks {
        let mut best: Option<&Node> = None;
        let mut at = head;
        while let Some(node) = nodes.get(at) {
            if best.is_none_or(|known| node.total < known.total) {
                best = Some(node);
            }
            at = node.next;
        }
        let mut is_good = true;
        let mut ends = Vec::new();
        while let Some(node) = best.filter(|node| node.from != NONE) {
            let from = nodes.get(node.from);
            is_good &= node.look != Look::Wide
                && from.is_none_or(|from| node.total - from.total < GOOD_LINE);
            ends.extend(self.places.get(node.place).map(|place| place.piece));
            best = from;
        }
        ends.reverse();
        Breaks { ends, is_good }
    }

    fn last_line(&self, start: usize, natural: f32, measure: f32) -> Line {
        let share = natural / measure;
        let cost = if start == 0 {
            0.0
        } else if natural < RUNT * self.em {
            // One character, or one with its mark.
            6000.0
        } else if self.balance {
            900.0 * (1.0 - share) * (1.0 - share)
        } else if !self.justify {
            400.0 * (0.4 - share).max(0.0)
        } else if natural < 3.0 * self.em {
            60.0
        } else {
            0.0
        };
        Line {
            cost,
            look: Look::Even,
        }
    }

    /// The narrowest measure in which a few lines of ragged text stay as many.
    fn balanced_measure(&self) -> Option<f32> {
        let count = self.count(self.measure)?;
        if !(2..=MOST_BALANCED).contains(&count) {
            return None;
        }
        let (mut narrow, mut wide) = (self.measure / (count as f32 + 0.5), self.measure);
        for _ in 0..9 {
            let middle = f32::midpoint(narrow, wide);
            if self.count(middle) == Some(count) {
                wide = middle;
            } else {
                narrow = middle;
            }
        }
        // A little room, so that lines can end where the sense does.
        Some((wide + self.em).min(self.measure))
    }

    /// How many lines there are if each is filled; `None` if one cannot hold its words or
    /// if there are more than can be balanced.
    fn count(&self, measure: f32) -> Option<usize> {
        let last = self.places.len() - 1;
        let mut start = 0;
        for count in 1..=MOST_BALANCED {
            let indent = if start == 0 { self.first } else { self.rest };
            let limit = self.places.get(start)?.begin.width + measure - indent + 0.01;
            let fits = |place: &&Place| place.end.width <= limit;
            let fitting = || self.places.iter().skip(start + 1).take_while(fits);
            // A line that ends inside of a name is better ended earlier.
            let is_apt = |place: &Place| place.cost < BAD_PLACE;
            let fitting = match fitting()
                .enumerate()
                .filter(|(_, place)| is_apt(place))
                .last()
            {
                Some((last, _)) => last + 1,
                None => fitting().count(),
            };
            if fitting == 0 {
                return None;
            }
            start += fitting;
            if start == last {
                return Some(count);
            }
        }
        None
    }
}

/// What it costs, for each step that they differ, that two lines look unlike.
const UNLIKE: f32 = 50.0;
const MOST_UNLIKE: f32 = UNLIKE * 4.0;

/// More lines than these are text, not a title.
const MOST_BALANCED: usize = 4;

/// What places cost at which no title should be broken.
const BAD_PLACE: f32 = 200.0;

/// What a line may cost before words are divided for it.
const GOOD_LINE: f32 = 130.0;

/// The best ways to break all up to each place.
struct Ways {
    nodes: Vec<Node>,
    /// For each place the first of its nodes.
    heads: Vec<usize>,
}

impl Ways {
    fn new(places: usize) -> Self {
        let mut heads = vec![NONE; places];
        if let Some(head) = heads.first_mut() {
            *head = 0;
        }
        let mut nodes = Vec::with_capacity(places);
        nodes.push(Node {
            place: 0,
            look: Look::Even,
            hyphens: 0,
            total: 0.0,
            from: NONE,
            next: NONE,
        });
        Self { nodes, heads }
    }

    /// Adds a line to every way to reach its start.
    fn join(&mut self, head: usize, to: (usize, &Place), line: Line, is_end: bool) {
        let mut from = head;
        while let Some(&node) = self.nodes.get(from) {
            let mut total = node.total + line.cost;
            let distance = node.look.distance(line.look);
            if distance > 1 && node.from != NONE {
                total += UNLIKE * f32::from(distance);
            }
            let hyphens = if to.1.hyphen { node.hyphens + 1 } else { 0 };
            total += match hyphens {
                0 | 1 => 0.0,
                2 => 250.0,
                3.. => 4000.0,
            };
            if is_end && node.hyphens > 0 {
                // The last line but one is better without a hyphen.
                total += 120.0;
            }
            self.keep_best(Node {
                place: to.0,
                look: line.look,
                hyphens: hyphens.min(2),
                total,
                from,
                next: NONE,
            });
            from = node.next;
        }
    }

    /// Keeps, at each place, the best way for each look and number of hyphens.
    fn keep_best(&mut self, reached: Node) {
        let Some(head) = self.heads.get_mut(reached.place) else {
            return;
        };
        let mut at = *head;
        while let Some(node) = self.nodes.get_mut(at) {
            if node.look == reached.look && node.hyphens == reached.hyphens {
                if reached.total < node.total {
                    *node = Node {
                        next: node.next,
                        ..reached
                    };
                }
                return;
            }
            at = node.next;
        }
        self.nodes.push(Node {
            next: *head,
            ..reached
        });
        *head = self.nodes.len() - 1;
    }

    /// The first of the nodes at a place, of which those are left out that can only lose
    /// against the best, however the next line looks.
    fn best_at(&mut self, place: usize) -> Option<usize> {
        let head = self
            .heads
            .get(place)
            .copied()
            .filter(|&head| head != NONE)?;
        let mut best = *self.nodes.get(head)?;
        let mut at = best.next;
        while let Some(&node) = self.nodes.get(at) {
            if node.total < best.total {
                best = node;
            }
            at = node.next;
        }
        let stays =
            |node: &Node| node.hyphens < best.hyphens || node.total <= best.total + MOST_UNLIKE;
        let (mut first, mut last) = (NONE, NONE);
        at = head;
        while let Some(&node) = self.nodes.get(at) {
            if stays(&node) {
                match self.nodes.get_mut(last) {
                    Some(before) => before.next = at,
                    None => first = at,
                }
                last = at;
            }
            at = node.next;
        }
        if let Some(end) = self.nodes.get_mut(last) {
            end.next = NONE;
        }
        Some(first)
    }
}

fn tightness(missing: f32, shrink: f32) -> Line {
    let share = if shrink > 0.0 { missing / shrink } else { 0.0 };
    Line {
        cost: 120.0 * share * share * share,
        look: if share > 0.5 { Look::Tight } else { Look::Even },
    }
}

fn looseness(slack: f32, stretch: f32, more: f32, measure: f32) -> Line {
    if slack <= stretch {
        let share = if stretch > 0.0 { slack / stretch } else { 0.0 };
        return Line {
            cost: 100.0 * share * share * share,
            look: if share > 0.6 { Look::Loose } else { Look::Even },
        };
    }
    let rest = slack - stretch;
    if rest <= more {
        let share = rest / more;
        return Line {
            cost: 100.0 + 500.0 * share * share,
            look: if share > 0.25 {
                Look::Open
            } else {
                Look::Loose
            },
        };
    }
    Line {
        cost: 700.0 + 6000.0 * (rest - more) / measure,
        look: Look::Wide,
    }
}
