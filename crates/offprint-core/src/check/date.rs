//! Dates as authors write them.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone, TimeZoneDatabase};

use crate::date::Moment;

/// Why a text is no date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong, one clause.
    pub message: String,
    /// What to write instead.
    pub hint: Option<String>,
    /// The day that is surely meant: year, month and day stand there in that order, with
    /// nothing else.
    pub meant: Option<Date>,
}

/// The time zone of an IANA name, from the table built into the program.
#[must_use]
pub fn time_zone(name: &str) -> Option<TimeZone> {
    if name.eq_ignore_ascii_case("utc") {
        return Some(TimeZone::UTC);
    }
    TimeZoneDatabase::bundled().get(name).ok()
}

/// A day, `2020-11-02`.
///
/// # Errors
/// When the text has another form or the calendar has no such day.
pub fn day(written: &str) -> Result<Date, Fault> {
    let written = written.trim();
    let (date, rest) = leading_date(written)?;
    if rest.is_empty() || time_of_day(rest).is_some() {
        Ok(date)
    } else {
        Err(wrong_form(written))
    }
}

/// A date, or a date with a time of day: `2020-11-02`, `2020-11-02T15:50:00+08:00`,
/// `2020-11-02 15:50`. Without an offset it is told in `zone`.
///
/// # Errors
/// When the text has another form or the calendar has no such day.
pub fn moment(written: &str, zone: &TimeZone) -> Result<Moment, Fault> {
    let written = written.trim();
    let (date, rest) = leading_date(written)?;
    let moment = if rest.is_empty() {
        Moment::from_date(date, zone)
    } else {
        let (time, offset) = time_of_day(rest).ok_or_else(|| wrong_form(written))?;
        let zone = offset.map_or_else(|| zone.clone(), TimeZone::fixed);
        Moment::from_datetime(DateTime::from_parts(date, time), &zone)
    };
    moment.map_err(|_| Fault {
        message: format!("`{written}` lies outside the years 1 to 9999"),
        hint: None,
        meant: None,
    })
}

fn wrong_form(written: &str) -> Fault {
    let shown: String = written.chars().take(40).collect();
    // Chinese input methods write digits full-width.
    let narrow: String = written
        .chars()
        .map(|character| {
            match character {
                '\u{ff10}'..='\u{ff19}' => char::from_u32(u32::from(character) - 0xff10 + 0x30),
                _ => None,
            }
            .unwrap_or(character)
        })
        .collect();
    let mut numbers = narrow
        .split(|character: char| !character.is_ascii_digit())
        .filter(|digits| !digits.is_empty())
        .map(|digits| digits.parse::<i16>().unwrap_or(-1));
    let mut meant = None;
    let guess = match (numbers.next(), numbers.next(), numbers.next()) {
        (Some(year @ 1000..), Some(month), Some(day)) => {
            let is_separator = |character: char| "-/.年月日－／．".contains(character);
            let is_all = numbers.next().is_none()
                && narrow.chars().all(|character| {
                    character.is_ascii_digit() || is_separator(character) || character == ' '
                })
                && narrow.starts_with(|first: char| first.is_ascii_digit());
            let guess = civil(year, month, day);
            meant = guess.filter(|_| is_all);
            guess
        }
        (Some(day), Some(month), Some(year @ 1000..)) if month > 12 => civil(year, day, month),
        _ => None,
    };
    Fault {
        message: format!("`{shown}` is not written as a date"),
        hint: Some(match guess {
            Some(date) => format!("write {date}"),
            None => "write year-month-day, as 2020-11-02 or 2020-11-02T15:50:00+08:00".to_owned(),
        }),
        meant,
    }
}

fn civil(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn leading_date(written: &str) -> Result<(Date, &str), Fault> {
    let (date, rest) = written.split_at_checked(10).unwrap_or((written, ""));
    let mut parts = date.split('-').map(|part| {
        part.bytes()
            .all(|byte| byte.is_ascii_digit())
            .then(|| part.parse::<i16>().ok().map(|number| (number, part.len())))
            .flatten()
    });
    let (Some(Some((year, 4))), Some(Some((month, 2))), Some(Some((day, 2))), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(wrong_form(written));
    };
    let no_such = |message: String| Fault {
        message,
        hint: None,
        meant: None,
    };
    let Some(first) = civil(year, month, 1).filter(|_| year > 0) else {
        return Err(no_such(format!(
            "`{date}` is no date: there is no month {month}"
        )));
    };
    let days = first.days_in_month();
    match civil(year, month, day) {
        Some(date) => Ok((date, rest)),
        None => Err(no_such(format!(
            "`{date}` is no date: {year:04}-{month:02} has {days} days"
        ))),
    }
}

fn time_of_day(rest: &str) -> Option<(Time, Option<Offset>)> {
    let rest = rest.strip_prefix(['T', 't', ' '])?.trim_start();
    let clock_length = rest
        .find(|character: char| !character.is_ascii_digit() && character != ':' && character != '.')
        .unwrap_or(rest.len());
    let (clock, offset) = rest.split_at_checked(clock_length)?;
    let clock = clock.split('.').next()?;
    let mut parts = clock.split(':').map(two_digits);
    let hour = parts.next()??;
    let minute = parts.next()??;
    let second = parts.next().unwrap_or(Some(0))?;
    if parts.next().is_some() {
        return None;
    }
    let time = Time::new(hour, minute, second, 0).ok()?;
    let offset = offset.trim();
    match offset {
        "" => Some((time, None)),
        "Z" | "z" => Some((time, Some(Offset::UTC))),
        _ => {
            let sign = if offset.starts_with('-') { -1 } else { 1 };
            let digits: String = offset.strip_prefix(['+', '-'])?.replace(':', "");
            let (hours, minutes) = digits.split_at_checked(2)?;
            let hours = i32::from(two_digits(hours)?);
            let minutes = if minutes.is_empty() {
                0
            } else {
                i32::from(two_digits(minutes)?)
            };
            if hours > 23 || minutes > 59 {
                return None;
            }
            let offset = Offset::from_seconds(sign * (hours * 60 + minutes) * 60).ok()?;
            Some((time, Some(offset)))
        }
    }
}

fn two_digits(text: &str) -> Option<i8> {
    (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_told_in_the_series_zone_unless_they_say_otherwise() {
        let zone = time_zone("Asia/Shanghai").unwrap();
        let told = |written: &str| moment(written, &zone).unwrap().rfc3339();
        assert_eq!(told("2020-11-02"), "2020-11-02T00:00:00+08:00");
        assert_eq!(told("2020-11-02 15:50"), "2020-11-02T15:50:00+08:00");
        assert_eq!(told("2020-11-02T15:50:00Z"), "2020-11-02T15:50:00+00:00");
        assert_eq!(
            told("2020-11-02T15:50:00.5-0530"),
            "2020-11-02T15:50:00-05:30"
        );
        assert_eq!(
            told(" 2020-11-02 15:50:07 +08:00 "),
            "2020-11-02T15:50:07+08:00"
        );
    }

    #[test]
    fn a_day_that_no_calendar_has_says_how_long_the_month_is() {
        assert_eq!(
            day("2020-11-31").unwrap_err().message,
            "`2020-11-31` is no date: 2020-11 has 30 days"
        );
        assert!(day("2021-02-29").is_err());
        assert!(day("2020-02-29").is_ok());
        assert!(
            day("2020-13-01")
                .unwrap_err()
                .message
                .contains("no month 13")
        );
    }

    #[test]
    fn other_spellings_are_answered_with_the_right_one() {
        for written in [
            "2020/11/2",
            "2020年11月2日",
            "2020.11.02",
            "2020-11-2",
            "11/02/2020x",
        ] {
            let fault = day(written).unwrap_err();
            assert!(fault.hint.unwrap().starts_with("write "), "{written}");
        }
        assert_eq!(
            day("2020年11月2日").unwrap_err().hint.unwrap(),
            "write 2020-11-02"
        );
        let meant = |written| day(written).unwrap_err().meant.map(|date| date.to_string());
        assert_eq!(meant("２０２０-11-02").as_deref(), Some("2020-11-02"));
        assert_eq!(meant("2020年11月2日").as_deref(), Some("2020-11-02"));
        for written in [
            "11/22/2020",
            "2020-11-02 to 2020-11-04",
            "2020/11/2 15:50",
            "2020/13/2",
        ] {
            assert_eq!(meant(written), None, "{written}");
        }
        assert!(moment("2020-11-02T25:00", &TimeZone::UTC).is_err());
        assert!(moment("2020-11-02Tnoon", &TimeZone::UTC).is_err());
        assert!(moment("", &TimeZone::UTC).is_err());
    }

    #[test]
    fn zones_that_nobody_has_are_none() {
        assert!(time_zone("Asia/Shanghai").is_some());
        assert!(time_zone("Asia/Atlantis").is_none());
        assert!(time_zone("../../etc/passwd").is_none());
    }
}
