//! How often a series appears, and when its next issue does.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use serde::Serialize;

/// How often a series appears, where the curator says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Rhythm {
    /// Every day.
    Daily,
    /// From Monday to Friday.
    Weekdays,
    /// Every seven days.
    Weekly,
    /// Every fourteen days.
    Biweekly,
    /// Every month, on the same day of it or on the same weekday.
    Monthly,
}

/// How many intervals between issues are looked at.
const REMEMBERED: usize = 10;
/// Past so many days from Monday to Friday in a row, a series is taken to rest on weekends.
const WORKING_WEEK: usize = 5;

/// The day on which the issue after those of `days` appears, which are in order: by `rhythm`,
/// or else by the one that explains most of the last intervals, weekly if there are none.
/// `None` for no days at all, and past the year 9999.
#[must_use]
pub fn next_day(days: &[Date], rhythm: Option<Rhythm>) -> Option<Date> {
    let mut days = days.to_vec();
    days.dedup();
    let last = *days.last()?;
    let first = days.len().saturating_sub(REMEMBERED + 1);
    let days = days.get(first..)?;
    let rule = match rhythm {
        Some(Rhythm::Daily) => Rule::Days(1),
        Some(Rhythm::Weekdays) => Rule::Weekdays,
        Some(Rhythm::Weekly) => Rule::Days(7),
        Some(Rhythm::Biweekly) => Rule::Days(14),
        Some(Rhythm::Monthly) => best(&monthly(days, 1), days).unwrap_or(Rule::Month {
            step: 1,
            day: last.day(),
        }),
        None => best(&rules(days), days).unwrap_or(Rule::Days(7)),
    };
    rule.next(last)
}

/// How one issue follows another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    /// So many days later.
    Days(i32),
    /// On the next day from Monday to Friday.
    Weekdays,
    /// So many months later, on this day or the month's last.
    Month { step: i32, day: i8 },
    /// So many months later, on this one of the month's days of the same name; -1 is the last.
    Nth { step: i32, nth: i8 },
}

impl Rule {
    /// Whether an issue of this day may keep to the rule.
    fn holds(self, date: Date) -> bool {
        match self {
            Self::Days(_) | Self::Weekdays => true,
            Self::Month { day, .. } => date.day() == day.min(date.days_in_month()),
            Self::Nth { nth, .. } => date
                .nth_weekday_of_month(nth, date.weekday())
                .is_ok_and(|nth| nth == date),
        }
    }

    fn next(self, day: Date) -> Option<Date> {
        let month = |step: i32| day.first_of_month().checked_add(step.months()).ok();
        match self {
            Self::Days(days) => day.checked_add(days.days()).ok(),
            Self::Weekdays => {
                let days = match day.weekday() {
                    Weekday::Friday => 3,
                    Weekday::Saturday => 2,
                    Weekday::Sunday
                    | Weekday::Monday
                    | Weekday::Tuesday
                    | Weekday::Wednesday
                    | Weekday::Thursday => 1,
                };
                day.checked_add(days.days()).ok()
            }
            Self::Month { step, day } => {
                let first = month(step)?;
                let day = day.min(first.days_in_month());
                Date::new(first.year(), first.month(), day).ok()
            }
            Self::Nth { step, nth } => month(step)?.nth_weekday_of_month(nth, day.weekday()).ok(),
        }
    }
}

/// The rules that may explain some intervals, the likelier first.
fn rules(days: &[Date]) -> Vec<Rule> {
    let mut rules = Vec::new();
    for step in [1, 2, 3, 6, 12] {
        rules.extend(monthly(days, step));
    }
    let has_weekend = days
        .iter()
        .any(|day| matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday));
    if days.len() >= WORKING_WEEK && !has_weekend {
        rules.push(Rule::Weekdays);
    }
    // Of intervals that are equally frequent, the latest counts.
    for (before, after) in days.iter().zip(days.iter().skip(1)).rev() {
        let rule = Rule::Days((*after - *before).get_days());
        if !rules.contains(&rule) {
            rules.push(rule);
        }
    }
    rules.push(Rule::Weekdays);
    rules
}

fn monthly(days: &[Date], step: i32) -> Vec<Rule> {
    let mut rules = Vec::new();
    for date in days.iter().rev() {
        let rule = Rule::Month {
            step,
            day: date.day(),
        };
        if !rules.contains(&rule) {
            rules.push(rule);
        }
    }
    rules.extend([1, 2, 3, 4, -1].map(|nth| Rule::Nth { step, nth }));
    rules
}

/// The rule that explains most intervals, the first of several.
fn best(rules: &[Rule], days: &[Date]) -> Option<Rule> {
    let explained = |rule: &Rule| {
        days.iter()
            .zip(days.iter().skip(1))
            .filter(|(before, after)| rule.holds(**before) && rule.next(**before) == Some(**after))
            .count()
    };
    rules
        .iter()
        .rev()
        .map(|rule| (explained(rule), *rule))
        .filter(|(count, _)| *count > 0)
        .max_by_key(|(count, _)| *count)
        .map(|(_, rule)| rule)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(days: &[&str]) -> String {
        next_by(days, None)
    }

    fn next_by(days: &[&str], rhythm: Option<Rhythm>) -> String {
        let days: Vec<Date> = days.iter().map(|day| day.parse().unwrap()).collect();
        next_day(&days, rhythm).unwrap().to_string()
    }

    #[test]
    fn a_series_without_a_rhythm_is_weekly() {
        assert_eq!(next(&["2026-11-27"]), "2026-12-04");
        assert_eq!(next(&["2026-11-27", "2026-11-27"]), "2026-12-04");
        assert_eq!(next_day(&[], None), None);
    }

    #[test]
    fn the_most_frequent_interval_counts() {
        assert_eq!(next(&["2026-11-01", "2026-11-15"]), "2026-11-29");
        let skipped = [
            "2026-10-02",
            "2026-10-09",
            "2026-10-23",
            "2026-10-30",
            "2026-11-06",
        ];
        assert_eq!(next(&skipped), "2026-11-13");
        assert_eq!(
            next(&["2026-11-01", "2026-11-06", "2026-11-15"]),
            "2026-11-24"
        );
    }

    #[test]
    fn months_go_by_their_day_or_weekday() {
        assert_eq!(
            next(&["2026-01-15", "2026-02-15", "2026-03-15"]),
            "2026-04-15"
        );
        assert_eq!(
            next(&["2025-12-31", "2026-01-31", "2026-02-28"]),
            "2026-03-31"
        );
        // The first Friday, then the last.
        assert_eq!(
            next(&["2026-09-04", "2026-10-02", "2026-11-06"]),
            "2026-12-04"
        );
        assert_eq!(
            next(&["2026-08-28", "2026-09-25", "2026-10-30"]),
            "2026-11-27"
        );
        assert_eq!(
            next(&["2026-01-01", "2026-04-01", "2026-07-01"]),
            "2026-10-01"
        );
        assert_eq!(next(&["2024-06-01", "2025-06-01"]), "2026-06-01");
    }

    #[test]
    fn days_go_over_weekends_or_rest_on_them() {
        let week = [
            "2026-11-16",
            "2026-11-17",
            "2026-11-18",
            "2026-11-19",
            "2026-11-20",
        ];
        assert_eq!(next(&week), "2026-11-23");
        assert_eq!(next(&week[..3]), "2026-11-19");
        let over = ["2026-11-19", "2026-11-20", "2026-11-21"];
        assert_eq!(next(&over), "2026-11-22");
        assert_eq!(
            next(&["2026-11-19", "2026-11-20", "2026-11-23", "2026-11-24"]),
            "2026-11-25"
        );
    }

    #[test]
    fn a_rhythm_that_is_set_wins() {
        let days = ["2026-11-13", "2026-11-20"];
        assert_eq!(next_by(&days, Some(Rhythm::Daily)), "2026-11-21");
        assert_eq!(next_by(&days, Some(Rhythm::Weekdays)), "2026-11-23");
        assert_eq!(next_by(&days, Some(Rhythm::Weekly)), "2026-11-27");
        assert_eq!(next_by(&days, Some(Rhythm::Biweekly)), "2026-12-04");
        assert_eq!(next_by(&days, Some(Rhythm::Monthly)), "2026-12-20");
        let fridays = ["2026-10-02", "2026-11-06"];
        assert_eq!(next_by(&fridays, Some(Rhythm::Monthly)), "2026-12-04");
    }

    #[test]
    fn only_the_last_intervals_count_and_the_calendar_ends() {
        let mut days: Vec<Date> = (0..30)
            .map(|day| {
                jiff::civil::date(2026, 1, 1)
                    .checked_add(day.days())
                    .unwrap()
            })
            .collect();
        let last = *days.last().unwrap();
        days.extend((1..=10).map(|week| last.checked_add((week * 7).days()).unwrap()));
        let next = days.last().unwrap().checked_add(7.days()).unwrap();
        assert_eq!(next_day(&days, None), Some(next));
        assert_eq!(next_day(&[Date::MAX], None), None);
    }
}
