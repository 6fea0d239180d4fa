//! The papers of a series as one list, on standard output.

use std::path::Path;

use jiff::civil::Date;
use offprint_core::check::date;
use offprint_core::series::{Card, numbers};
use offprint_list::{Form, List};

use crate::browse::{self, Browser};
use crate::fault::Fault;
use crate::report::Reporter;
use crate::roots::IssueFile;

/// What is asked of a list.
#[derive(Debug)]
pub(crate) struct Wish<'a> {
    pub(crate) form: Form,
    /// The first day of issues.
    pub(crate) from: Option<&'a str>,
    /// The last day of issues.
    pub(crate) until: Option<&'a str>,
}

/// Prints the papers of the published issues that `path` names, the oldest first.
pub(crate) fn list(path: &Path, wish: &Wish<'_>, reporter: &mut Reporter) -> Result<(), Fault> {
    let from = wish.from.map(day).transpose()?;
    let until = wish.until.map(day).transpose()?;
    if let (Some(first), Some(last)) = (from, until)
        && first > last
    {
        return Err(Fault::usage(
            format!("{first} is after {last}"),
            "give the first day as `--from`, the last as `--until`",
        ));
    }
    let browser = browse::open(path)?;
    let mut list = List::new(wish.form, &browser.series);
    reporter.stdout(&list.head());
    for (file, number) in in_order(&browser, reporter) {
        if !browser.is_wanted(file) {
            continue;
        }
        let Some(mut issue) = browser.read(file).map(|read| read.issue) else {
            continue;
        };
        let day = issue.date.date();
        let is_asked_for = from.is_none_or(|first| first <= day)
            && until.is_none_or(|last| day <= last)
            && !issue.draft;
        if is_asked_for {
            issue.number = number;
            reporter.stdout(&list.issue(&issue));
        }
    }
    reporter.stdout(list.tail());
    Ok(())
}

fn day(written: &str) -> Result<Date, Fault> {
    date::day(written).map_err(|fault| {
        let hint = fault.hint.unwrap_or_else(|| "write 2026-11-27".to_owned());
        Fault::usage(fault.message, hint)
    })
}

/// The issues' files in the order of their dates, with their numbers in the series. What has
/// errors is told, and left out.
fn in_order<'b>(
    browser: &'b Browser,
    reporter: &mut Reporter,
) -> Vec<(&'b IssueFile, Option<u32>)> {
    let mut cards: Vec<Card> = Vec::new();
    let mut files = Vec::new();
    for file in browser.files() {
        match browser.read(file) {
            Some(read) => {
                cards.push(read.card);
                files.push(file);
            }
            None if browser.is_wanted(file) => reporter.finding(&browse::left_out(file)),
            None => {}
        }
    }
    let numbers = numbers(&cards);
    let mut order: Vec<_> = cards.iter().zip(numbers).zip(files).collect();
    order.sort_by(|((one, first), _), ((other, second), _)| {
        let key = (one.date.unix_seconds(), first, &one.id);
        key.cmp(&(other.date.unix_seconds(), second, &other.id))
    });
    order
        .into_iter()
        .map(|((card, number), file)| {
            // Issues of no series are not counted.
            let number = if browser.is_series {
                Some(number)
            } else {
                card.number
            };
            (file, number)
        })
        .collect()
}
