//! Pieces to lines: the way to break a paragraph whose lines are nearest to their natural
//! width.

use super::Setting;
use super::pieces::{Kind, Piece};

/// Sums over pieces, so that a line's measures are differences.
struct Sums {
    width: Vec<f64>,
    stretch: Vec<f64>,
    more: Vec<f64>,
    shrink: Vec<f64>,
}

fn sums(pieces: &[Piece]) -> Sums {
    let sum = |of: &dyn Fn(&Piece) -> f32| {
        let mut total = 0.0_f64;
        let mut sums = Vec::with_capacity(pieces.len() + 1);
        sums.push(0.0);
        for piece in pieces {
            total += f64::from(of(piece));
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

fn between(sums: &[f64], from: usize, to: usize) -> f32 {
    let at = |index: usize| sums.get(index).copied().unwrap_or_default();
    (at(to) - at(from)) as f32
}

/// Where lines end: for each line, the index after its last piece.
pub(super) fn best_breaks(pieces: &[Piece], setting: &Setting, first: f32, em: f32) -> Vec<usize> {
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
            let natural =
                between(&sums.width, from, end) + closing.width - opening.lead - closing.trail;
            let shrink = between(&sums.shrink, from, end);
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
                let stretch = between(&sums.stretch, from, end);
                let more = between(&sums.more, from, end);
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
