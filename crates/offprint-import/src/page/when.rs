//! Dates as pages write them.

use jiff::civil::Date;

/// A date that stands in a text, perhaps with a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct When {
    /// The day.
    pub(super) date: Date,
    /// Hour and minute.
    pub(super) time: Option<(u8, u8)>,
    /// An offset as RFC 3339 writes it, where there is one.
    pub(super) offset: Option<String>,
    /// Bytes of the text.
    pub(super) range: std::ops::Range<usize>,
}

impl When {
    /// As an issue's `date` is written.
    pub(super) fn written(&self) -> String {
        match self.time {
            Some((hour, minute)) => format!(
                "{}T{hour:02}:{minute:02}{}",
                self.date,
                self.offset
                    .as_ref()
                    .map_or(String::new(), |offset| match offset.as_str() {
                        "Z" => "Z".to_owned(),
                        offset => offset.to_owned(),
                    })
            ),
            None => self.date.to_string(),
        }
    }
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The first date with a year: `2020-11-02 15:50`, `2020/11/2`, `2020年11月2日`, `2020.11.02`,
/// `Nov 2, 2020`, `2 November 2020`.
pub(super) fn find(text: &str) -> Option<When> {
    let head = text.get(..text.floor_char_boundary(400))?;
    numeric(head).or_else(|| named(head))
}

fn number(text: &str) -> Option<(usize, i16)> {
    let length = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    (1..=4)
        .contains(&length)
        .then(|| {
            text.get(..length)?
                .parse()
                .ok()
                .map(|number| (length, number))
        })
        .flatten()
}

fn numeric(text: &str) -> Option<When> {
    for (start, character) in text.char_indices() {
        if !matches!(character, '1' | '2') {
            continue;
        }
        let before = text.get(..start)?.chars().next_back();
        if before
            .is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '/' | '-' | '_' | ':'))
        {
            continue;
        }
        if let Some(found) = numeric_at(text, start) {
            return Some(found);
        }
    }
    None
}

fn numeric_at(text: &str, start: usize) -> Option<When> {
    let mut at = start;
    let (length, year) = number(text.get(at..)?)?;
    if length != 4 || !(1950..=2100).contains(&year) {
        return None;
    }
    at += length;
    let separator = text.get(at..)?.trim_start().chars().next()?;
    let (first, second) = match separator {
        '-' => ('-', None),
        '/' => ('/', None),
        '.' => ('.', None),
        '年' => ('月', Some('日')),
        _ => return None,
    };
    at = past(text, at, separator)?;
    let (length, month) = number(text.get(at..)?)?;
    at += length;
    at = past(text, at, first)?;
    let (length, day) = number(text.get(at..)?)?;
    at += length;
    if let Some(sign) = second {
        at = past(text, at, sign).or_else(|| past(text, at, '号'))?;
    } else if text.get(at..)?.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    let (time, offset, end) = time(text, at);
    Some(When {
        date,
        time,
        offset,
        range: start..end,
    })
}

/// Behind a sign and the blanks around it.
fn past(text: &str, at: usize, sign: char) -> Option<usize> {
    let rest = text.get(at..)?;
    let after = rest.trim_start().strip_prefix(sign)?.trim_start();
    Some(text.len() - after.len())
}

/// A time after a date: `15:50`, `T15:50:00+08:00`, `下午3:50`.
fn time(text: &str, at: usize) -> (Option<(u8, u8)>, Option<String>, usize) {
    let none = (None, None, at);
    let Some(rest) = text.get(at..) else {
        return none;
    };
    let trimmed = rest.trim_start_matches([' ', 'T', '，', ',', '\u{a0}']);
    let (trimmed, later) = ["下午", "晚上", "上午", "早上", "中午", "凌晨"]
        .iter()
        .find_map(|word| {
            Some((
                trimmed.strip_prefix(word)?.trim_start(),
                matches!(*word, "下午" | "晚上"),
            ))
        })
        .unwrap_or((trimmed, false));
    let Some((length, hour)) = number(trimmed) else {
        return none;
    };
    let Some(minutes) = trimmed
        .get(length..)
        .and_then(|rest| rest.strip_prefix([':', '：']))
    else {
        return none;
    };
    let Some((digits, minute)) = number(minutes) else {
        return none;
    };
    if length > 2 || digits != 2 || hour > 23 || minute > 59 {
        return none;
    }
    let mut tail = minutes.get(digits..).unwrap_or_default();
    if let Some(seconds) = tail.strip_prefix(':') {
        tail = seconds.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    }
    let hour = if later && hour < 12 { hour + 12 } else { hour };
    let offset = offset(tail);
    let end = text.len() - tail.len() + offset.as_ref().map_or(0, |(length, _)| *length);
    (
        u8::try_from(hour).ok().zip(u8::try_from(minute).ok()),
        offset.map(|(_, offset)| offset),
        end,
    )
}

fn offset(text: &str) -> Option<(usize, String)> {
    if text.starts_with('Z') {
        return Some((1, "Z".to_owned()));
    }
    let sign = text
        .chars()
        .next()
        .filter(|sign| matches!(sign, '+' | '-'))?;
    let digits: String = text
        .get(1..)?
        .chars()
        .take(5)
        .take_while(|c| c.is_ascii_digit() || *c == ':')
        .collect();
    let compact: String = digits.chars().filter(char::is_ascii_digit).collect();
    let (hours, minutes) = (compact.get(..2)?, compact.get(2..4)?);
    (compact.len() == 4).then(|| (1 + digits.len(), format!("{sign}{hours}:{minutes}")))
}

fn named(text: &str) -> Option<When> {
    let lower = text.to_ascii_lowercase();
    let mut best: Option<When> = None;
    for (index, name) in MONTHS.iter().enumerate() {
        let short = name.get(..3)?;
        let mut from = 0;
        while let Some(at) = lower.get(from..).and_then(|rest| rest.find(short)) {
            let start = from + at;
            from = start + short.len();
            let before = lower.get(..start)?.chars().next_back();
            if before.is_some_and(char::is_alphabetic) {
                continue;
            }
            let rest = lower.get(start..)?;
            let length = if rest.starts_with(name) {
                name.len()
            } else {
                short.len()
            };
            let after = rest.get(length..)?;
            if after.starts_with(|c: char| c.is_alphabetic())
                && !after.starts_with("t ")
                && !after.starts_with("t.")
            {
                continue;
            }
            let found = named_at(text, &lower, start, start + length, index);
            if let Some(found) = found
                && best
                    .as_ref()
                    .is_none_or(|best| found.range.start < best.range.start)
            {
                best = Some(found);
            }
        }
    }
    best
}

fn named_at(text: &str, lower: &str, start: usize, end: usize, month: usize) -> Option<When> {
    let month = i8::try_from(month + 1).ok()?;
    let blanks: &[char] = &[' ', ',', '.', '-', '\u{a0}'];
    let after = lower.get(end..)?;
    let after = after
        .strip_prefix("t ")
        .or_else(|| after.strip_prefix("t."))
        .unwrap_or(after);
    let after = after.trim_start_matches(blanks);
    let (length, first) = number(after)?;
    let rest = after.get(length..)?;
    let rest = ["st", "nd", "rd", "th"]
        .iter()
        .find_map(|suffix| rest.strip_prefix(suffix))
        .unwrap_or(rest);
    if length <= 2 {
        // Nov 2, 2020
        let rest = rest.trim_start_matches(blanks);
        let (length, year) = number(rest)?;
        if length != 4 {
            return None;
        }
        let at = lower.len() - rest.len() + length;
        let date = Date::new(year, month, i8::try_from(first).ok()?).ok()?;
        let (time, offset, end) = time(text, at);
        return Some(When {
            date,
            time,
            offset,
            range: start..end,
        });
    }
    // 2 November 2020
    let before = lower.get(..start)?.trim_end_matches(blanks);
    let before = ["st", "nd", "rd", "th", "of"]
        .iter()
        .find_map(|suffix| before.strip_suffix(suffix))
        .unwrap_or(before)
        .trim_end();
    let from =
        before.len() - (before.len() - before.trim_end_matches(|c: char| c.is_ascii_digit()).len());
    let day: i8 = before.get(from..)?.parse().ok()?;
    let date = Date::new(first, month, day).ok()?;
    let at = lower.len() - rest.len();
    let (time, offset, end) = time(text, at);
    Some(When {
        date,
        time,
        offset,
        range: from..end,
    })
}

/// Words for a day that only the reader's own day explains.
pub(super) fn is_relative(text: &str) -> bool {
    [
        "昨天",
        "今天",
        "前天",
        "小时前",
        "分钟前",
        "天前",
        "周前",
        "刚刚",
        " ago",
        "yesterday",
        "today",
    ]
    .iter()
    .any(|word| text.contains(word))
        && text.chars().count() <= 24
}

/// A day without its year: `02-21 16:36`.
pub(super) fn has_day_only(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.windows(11).any(|window| {
        window
            .iter()
            .zip(b"00-00 00:00")
            .all(|(byte, sign)| match sign {
                b'0' => byte.is_ascii_digit(),
                sign => byte == sign,
            })
    })
}
