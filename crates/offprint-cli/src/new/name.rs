//! The name of the next issue, after those before it.

use jiff::civil::Date;

/// What an issue is called, as far as names are made of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Named<'n> {
    /// A file's name without its extension, or a title.
    pub(super) name: &'n str,
    pub(super) date: Date,
    pub(super) number: u32,
}

/// A piece of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    /// The date, in a form of its own.
    Date(DateForm),
    /// The number, with leading zeros up to this many digits.
    Number(usize),
    /// A number of its own, which counts up.
    Count(u64, usize),
    Text(String),
}

/// How a date is written in a name; the text between year, month and day.
#[derive(Debug, Clone, PartialEq, Eq)]
enum DateForm {
    Day(&'static str),
    Month(&'static str),
    /// A week of ISO 8601, with the sign before it.
    Week(&'static str),
    Year,
}

/// The name of an issue with this date and number, after that of the last one and of the one
/// before. What the two do not share was about the issue, and is left out. `None` if neither
/// date nor number is a part of the name.
pub(super) fn next(
    last: Named<'_>,
    before: Option<Named<'_>>,
    date: Date,
    number: u32,
) -> Option<String> {
    go_on(last, before, date, number, false)
}

/// [`next`] for a title, of which nothing is left where the two begin otherwise.
pub(super) fn next_title(
    last: Named<'_>,
    before: Option<Named<'_>>,
    date: Date,
    number: u32,
) -> Option<String> {
    go_on(last, before, date, number, true)
}

fn go_on(
    last: Named<'_>,
    before: Option<Named<'_>>,
    date: Date,
    number: u32,
    is_title: bool,
) -> Option<String> {
    let pieces = pieces(last);
    let is_text = |piece: &Piece| matches!(piece, Piece::Text(_));
    let first = pieces.iter().position(|piece| !is_text(piece))?;
    let end = pieces.iter().rposition(|piece| !is_text(piece))? + 1;
    let former = before.map(self::pieces);
    let is_pattern = former.as_ref().is_some_and(|former| alike(former, &pieces));
    let kept = if is_pattern {
        pieces.as_slice()
    } else {
        let same_start = former
            .as_ref()
            .is_none_or(|former| former.get(..first) == pieces.get(..first));
        if is_title && !same_start {
            return None;
        }
        let start = if same_start { 0 } else { first };
        pieces.get(start..end)?
    };
    let mut name: String = kept
        .iter()
        .map(|piece| written(piece, date, number))
        .collect();
    if !is_pattern && let Some(Piece::Text(tail)) = pieces.get(end) {
        name.push_str(unit(tail));
    }
    Some(name)
}

/// What belongs to the number before it: `期`, `th`.
fn unit(tail: &str) -> &str {
    let bare = tail.trim_start_matches(' ');
    let length = match bare.chars().next() {
        Some(first @ ('期' | '号' | '辑' | '卷' | '回')) => first.len_utf8(),
        Some(_) | None if bare.len() < tail.len() => return "",
        Some(_) | None => bare
            .find(|character: char| !character.is_alphabetic())
            .unwrap_or(bare.len()),
    };
    tail.get(..tail.len() - bare.len() + length)
        .unwrap_or_default()
}

/// Whether two names are made alike.
fn alike(one: &[Piece], other: &[Piece]) -> bool {
    one.len() == other.len()
        && one.iter().zip(other).all(|pair| match pair {
            (Piece::Number(_), Piece::Number(_)) | (Piece::Count(..), Piece::Count(..)) => true,
            (one, other) => one == other,
        })
}

fn written(piece: &Piece, date: Date, number: u32) -> String {
    let (year, month, day) = (date.year(), date.month(), date.day());
    match piece {
        Piece::Date(DateForm::Day(sign)) => format!("{year:04}{sign}{month:02}{sign}{day:02}"),
        Piece::Date(DateForm::Month(sign)) => format!("{year:04}{sign}{month:02}"),
        Piece::Date(DateForm::Week(sign)) => {
            let week = date.iso_week_date();
            format!("{:04}{sign}{:02}", week.year(), week.week())
        }
        Piece::Date(DateForm::Year) => format!("{year:04}"),
        Piece::Number(width) => format!("{number:0width$}"),
        Piece::Count(count, width) => format!("{:0width$}", count.saturating_add(1)),
        Piece::Text(text) => text.clone(),
    }
}

fn pieces(named: Named<'_>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = named.name;
    while !rest.is_empty() {
        if let Some((form, length)) = date_at(rest, named.date).filter(|_| !ends_in_digit(&pieces))
        {
            pieces.push(Piece::Date(form));
            rest = rest.get(length..).unwrap_or_default();
            continue;
        }
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (taken, behind) = if digits == 0 {
            let length = rest.chars().next().map_or(0, char::len_utf8);
            rest.split_at_checked(length).unwrap_or((rest, ""))
        } else {
            rest.split_at_checked(digits).unwrap_or((rest, ""))
        };
        rest = behind;
        if digits > 0 && taken.parse() == Ok(named.number) && !has_number(&pieces) {
            pieces.push(Piece::Number(taken.len()));
        } else if let Some(Piece::Text(text)) = pieces.last_mut() {
            text.push_str(taken);
        } else {
            pieces.push(Piece::Text(taken.to_owned()));
        }
    }
    if pieces.iter().all(|piece| matches!(piece, Piece::Text(_))) {
        count_at_end(&mut pieces);
    }
    pieces
}

fn has_number(pieces: &[Piece]) -> bool {
    pieces.iter().any(|piece| matches!(piece, Piece::Number(_)))
}

fn ends_in_digit(pieces: &[Piece]) -> bool {
    match pieces.last() {
        Some(Piece::Text(text)) => text.ends_with(|last: char| last.is_ascii_digit()),
        Some(_) | None => false,
    }
}

/// Takes digits at a name's end for a count, where nothing else in it changes.
fn count_at_end(pieces: &mut Vec<Piece>) {
    let Some(Piece::Text(text)) = pieces.last_mut() else {
        return;
    };
    let bare = text
        .trim_end_matches(|last: char| last.is_ascii_digit())
        .len();
    let digits = text.split_off(bare);
    match digits.parse() {
        Ok(count) => pieces.push(Piece::Count(count, digits.len())),
        Err(_) => text.push_str(&digits),
    }
}

/// The form of a date at the beginning of a text, and its length. A whole day may be any,
/// since files are named on other days than issues appear; the others are the issue's own.
fn date_at(text: &str, date: Date) -> Option<(DateForm, usize)> {
    let digits = |range: std::ops::Range<usize>| -> Option<i16> {
        let part = text.get(range)?;
        part.bytes()
            .all(|byte| byte.is_ascii_digit())
            .then(|| part.parse().ok())
            .flatten()
    };
    let stops = |length: usize| {
        text.as_bytes()
            .get(length)
            .is_none_or(|byte| !byte.is_ascii_digit())
    };
    let year = digits(0..4)?;
    for sign in ["-", "_", ".", ""] {
        let month_at = 4 + sign.len();
        let day_at = month_at + 2 + sign.len();
        let has_signs =
            text.get(4..month_at) == Some(sign) && text.get(month_at + 2..day_at) == Some(sign);
        let day = digits(month_at..month_at + 2)
            .zip(digits(day_at..day_at + 2))
            .filter(|_| has_signs && stops(day_at + 2))
            .and_then(|(month, day)| {
                Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
            });
        if day.is_some_and(|day| (1900..=2999).contains(&day.year())) {
            return Some((DateForm::Day(sign), day_at + 2));
        }
    }
    let week = date.iso_week_date();
    for sign in ["-W", "-w", "W", "w"] {
        let length = 4 + sign.len() + 2;
        let is_week = text.get(4..4 + sign.len()) == Some(sign)
            && digits(4 + sign.len()..length) == Some(i16::from(week.week()))
            && year == week.year()
            && stops(length);
        if is_week {
            return Some((DateForm::Week(sign), length));
        }
    }
    if year != date.year() {
        return None;
    }
    for sign in ["-", "_", ".", ""] {
        let length = 4 + sign.len() + 2;
        let is_month = text.get(4..4 + sign.len()) == Some(sign)
            && digits(4 + sign.len()..length) == Some(i16::from(date.month()))
            && stops(length);
        if is_month {
            return Some((DateForm::Month(sign), length));
        }
    }
    stops(4).then_some((DateForm::Year, 4))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// The name after `last`, issue 12 of 20 November 2026, and `before`, issue 11 a week
    /// earlier.
    fn after(last: &str, before: Option<&str>) -> Option<String> {
        let named = |name, day, number| Named {
            name,
            date: date(2026, 11, day),
            number,
        };
        let before = before.map(|name| named(name, 13, 11));
        next(named(last, 20, 12), before, date(2026, 11, 27), 13)
    }

    fn alone(last: &str) -> String {
        after(last, None).unwrap_or_default()
    }

    #[test]
    fn names_count_on() {
        assert_eq!(alone("012"), "013");
        assert_eq!(alone("weekly-12"), "weekly-13");
        assert_eq!(alone("2026-11-20-012"), "2026-11-27-013");
        assert_eq!(alone("2026-11-20"), "2026-11-27");
        assert_eq!(alone("20261120"), "20261127");
        assert_eq!(alone("2026_11_20"), "2026_11_27");
        assert_eq!(alone("2026-11-19"), "2026-11-27");
        assert_eq!(alone("2026-W47"), "2026-W48");
        assert_eq!(alone("2026-11"), "2026-11");
        assert_eq!(alone("2026-12"), "2026-13");
        assert_eq!(alone("第12期"), "第13期");
        assert_eq!(alone("周刊第 12 期：自监督"), "周刊第 13 期");
        assert_eq!(alone("The 12th: on trees"), "The 13th");
        assert_eq!(alone("12 things"), "13");
        assert_eq!(alone("issue7"), "issue8");
        assert_eq!(alone("099"), "100");
        assert_eq!(after("hello", None), None);
        assert_eq!(after("", None), None);
        assert_eq!(after("18446744073709551616", None), None);
    }

    #[test]
    fn a_name_grows_past_its_zeros() {
        let last = Named {
            name: "999",
            date: date(2026, 11, 20),
            number: 999,
        };
        assert_eq!(next(last, None, date(2026, 11, 27), 1000).unwrap(), "1000");
    }

    #[test]
    fn words_about_an_issue_are_left_out_and_words_of_the_pattern_stay() {
        assert_eq!(alone("2026-11-20-first"), "2026-11-27");
        assert_eq!(
            after("2026-11-20-transformers", Some("2026-11-13-gpt")).unwrap(),
            "2026-11-27"
        );
        assert_eq!(
            after("2026-11-20-digest", Some("2026-11-13-digest")).unwrap(),
            "2026-11-27-digest"
        );
        assert_eq!(after("no-12-x", Some("no-11-y")).unwrap(), "no-13");
        assert_eq!(after("about-12", Some("other-11")).unwrap(), "13");
        assert_eq!(after("第 12 期", Some("第 11 期")).unwrap(), "第 13 期");
        assert_eq!(after("n12-a", Some("n11-a")).unwrap(), "n13-a");
    }

    #[test]
    fn a_title_goes_on_only_where_it_begins_as_before() {
        let named = |name, number| Named {
            name,
            date: date(2026, 11, 20),
            number,
        };
        let title = |last, before| {
            next_title(
                named(last, 12),
                Some(named(before, 11)),
                date(2026, 11, 27),
                13,
            )
        };
        assert_eq!(
            title("Weekly 12: trees", "Weekly 11: maps").unwrap(),
            "Weekly 13"
        );
        assert_eq!(title("Trees, no. 12", "Maps, no. 11"), None);
    }

    #[test]
    fn digits_that_are_neither_date_nor_number_stay() {
        assert_eq!(alone("v2-12"), "v2-13");
        assert_eq!(alone("2026-11-20-gpt4"), "2026-11-27");
        assert_eq!(alone("1234567-12"), "1234567-13");
    }
}
