//! What only a whole series can tell.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Place};
use crate::markdown::first_line;
use crate::model::Issue;
use crate::source::Source;

/// See [`super::complete`].
pub(super) fn complete(issues: &mut [(Issue, Arc<Source>)]) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let mut ids: BTreeMap<&str, &str> = BTreeMap::new();
    let mut numbers: BTreeMap<(Option<u32>, u32), &str> = BTreeMap::new();
    for (issue, source) in issues.iter() {
        if let Some(first) = ids.insert(&issue.id, &source.name) {
            diagnostics.push(
                Diagnostic::error(
                    "duplicate-id",
                    format!("two issues have the id `{}`", issue.id),
                )
                .at(place_of(source, &["id", "编号", "标识"]))
                .hint(format!("the other is {first}")),
            );
        }
        if let Some(number) = issue.number
            && let Some(first) = numbers.insert((issue.volume, number), &source.name)
        {
            diagnostics.push(
                Diagnostic::warning(
                    "duplicate-number",
                    format!("two issues have the number {number}"),
                )
                .at(place_of(source, &["number", "期号", "期数"]))
                .hint(format!("the other is {first}")),
            );
        }
    }
    number_by_date(issues);
    diagnostics
}

/// Each issue without a number gets the one after that of the issue before it, or the next
/// that is free.
fn number_by_date(issues: &mut [(Issue, Arc<Source>)]) {
    let mut taken: BTreeSet<u32> = issues
        .iter()
        .filter_map(|(issue, _)| issue.number)
        .collect();
    let mut order: Vec<&mut Issue> = issues.iter_mut().map(|(issue, _)| issue).collect();
    order.sort_by(|one, other| {
        (one.date.unix_seconds(), &one.id).cmp(&(other.date.unix_seconds(), &other.id))
    });
    let mut next = 1;
    for issue in order {
        let number = issue.number.unwrap_or_else(|| {
            (next..u32::MAX)
                .find(|number| !taken.contains(number))
                .unwrap_or(u32::MAX)
        });
        issue.number = Some(number);
        taken.insert(number);
        next = number.saturating_add(1);
    }
}

/// The line that gives a field, or the file's first line.
fn place_of(source: &Arc<Source>, names: &[&str]) -> Place {
    let mut at = 0;
    for line in source.text.split_inclusive('\n') {
        let bare = line.trim_start_matches(['"', ' ']);
        let gives = names.iter().any(|name| {
            bare.strip_prefix(name).is_some_and(|rest| {
                rest.trim_start_matches(['"', ' '])
                    .starts_with([':', '=', '：'])
            })
        });
        if gives {
            return Place::new(source, at..at + line.trim_end().len());
        }
        at += line.len();
    }
    first_line(&Place::new(source, 0..source.text.len()))
}
