//! Texts with places for values, and what stands there in a text that was made from one.

use crate::po::Entry;

/// Values of these names, and constants such as `MAX_PAPERS`, are numbers; a text that has words
/// there is of another template.
const NUMBERS: [&str; 3] = ["count", "number", "unchanged"];

/// Values of these names are what somebody wrote, and stay as they are.
const DATA: [&str; 8] = [
    "code",
    "file",
    "media_id",
    "path",
    "src",
    "text",
    "title",
    "titles_line",
];

/// So many letters make a template that begins with a value.
const PLAIN: usize = 12;

/// How many places are tried to part two values.
const MAX_PLACES: usize = 12;

/// A template and its translation.
#[derive(Debug)]
pub(crate) struct Template {
    /// What stands before, between and after the values; one more than there are values.
    pieces: Vec<String>,
    /// What the values are called.
    names: Vec<String>,
    /// Which values are data and stay as they are.
    is_data: Vec<bool>,
    translation: Vec<Piece>,
    weight: usize,
    /// Whether it is told by its words alone. Else all its values must be known too.
    pub(crate) is_plain: bool,
    /// Whether it is more than punctuation.
    has_words: bool,
}

/// A piece of a translation.
#[derive(Debug)]
enum Piece {
    Words(String),
    /// The value of this number.
    Value(usize),
}

/// The values of a text, in the template's order.
pub(crate) type Filled<'a> = Vec<&'a str>;

impl Template {
    /// The entry as a template; none if it holds no value or its translation asks for one that
    /// the original has not.
    pub(crate) fn of(entry: &Entry) -> Option<Self> {
        if !entry.is_format {
            return None;
        }
        let (pieces, names) = parse(&entry.original)?;
        if names.is_empty() {
            return None;
        }
        let (words, wanted) = parse(&entry.translation)?;
        let mut translation = Vec::new();
        let mut wanted = wanted.iter();
        for words in words {
            translation.push(Piece::Words(words));
            if let Some(name) = wanted.next() {
                let value = names.iter().position(|other| other == name)?;
                translation.push(Piece::Value(value));
            }
        }
        let is_data = pieces
            .windows(2)
            .zip(&names)
            .map(|(around, name)| match around {
                [before, after] => {
                    DATA.contains(&name.as_str())
                        || before.ends_with(['`', '“', '…']) && after.starts_with(['`', '”'])
                        || before.matches('`').count() % 2 == 1 && after.contains('`')
                }
                _ => false,
            })
            .collect();
        let weight = pieces.iter().map(String::len).sum();
        let letters = pieces.iter().flat_map(|piece| piece.chars());
        let letters = letters.filter(|sign| sign.is_alphabetic()).count();
        let is_plain = letters >= PLAIN || pieces.first().is_some_and(|piece| has_letters(piece));
        Some(Self {
            pieces,
            names,
            is_data,
            translation,
            weight,
            is_plain,
            has_words: letters > 0,
        })
    }

    /// What a text of this template begins with.
    pub(crate) fn start(&self) -> &str {
        self.pieces.first().map_or("", String::as_str)
    }

    /// How many bytes a text must have in common with it.
    pub(crate) fn weight(&self) -> usize {
        self.weight
    }

    /// The values of a text that was made from this template. Where its words stand in a text
    /// more than once, there are those between the first and those between the last ones.
    pub(crate) fn values<'a>(&self, text: &'a str) -> impl Iterator<Item = Filled<'a>> {
        let inner = self.inner(text);
        let first = inner.and_then(|(inner, between)| split(inner, between));
        let last = inner.and_then(|(inner, between)| split_from_end(inner, between));
        let last = last.filter(|last| first.as_ref() != Some(last));
        let both = first.into_iter().chain(last);
        both.filter(|values| self.has_numbers(values))
    }

    /// What stands between the template's ends, and its pieces there.
    fn inner<'a>(&self, text: &'a str) -> Option<(&'a str, &[String])> {
        let [first, between @ .., last] = self.pieces.as_slice() else {
            return None;
        };
        let inner = text
            .strip_prefix(first.as_str())?
            .strip_suffix(last.as_str())?;
        Some((inner, between))
    }

    /// Values that stand side by side share a text; the second begins where it is known.
    fn apart<'a>(
        &self,
        values: &[&'a str],
        translate: &impl Fn(&str) -> Option<String>,
    ) -> Filled<'a> {
        let mut values = values.to_vec();
        for (number, piece) in self.pieces.iter().enumerate().skip(1) {
            let (Some(&before), Some(&text)) = (values.get(number - 1), values.get(number)) else {
                break;
            };
            if !piece.is_empty() || !before.is_empty() {
                continue;
            }
            let mut places = text
                .match_indices([' ', ',', ';', ':'])
                .map(|(place, _)| place);
            let place = places.by_ref().take(MAX_PLACES).find(|&place| {
                text.get(place..)
                    .is_some_and(|text| translate(text).is_some())
            });
            let (first, second) = text.split_at(place.unwrap_or(text.len()));
            if let [.., one, other] = values.get_mut(..=number).unwrap_or_default() {
                (*one, *other) = (first, second);
            }
        }
        values
    }

    /// Whether those values are numbers that should be.
    fn has_numbers(&self, values: &[&str]) -> bool {
        self.names.iter().zip(values).all(|(name, value)| {
            let mut bytes = value.trim().bytes();
            !is_number(name) || bytes.all(|byte| matches!(byte, b'0'..=b'9' | b',' | b'.'))
        })
    }

    /// The translation with the values of a text in their places, and how many of them were
    /// known; none where the template is not plain and a value is unknown.
    pub(crate) fn translate(
        &self,
        values: &[&str],
        translate: impl Fn(&str) -> Option<String>,
    ) -> Option<(String, usize)> {
        let values = self.apart(values, &translate);
        let mut out = String::new();
        let (mut is_known, mut count) = (true, 0);
        for piece in &self.translation {
            match piece {
                Piece::Words(words) => append(&mut out, words),
                Piece::Value(number) => {
                    let value = values.get(*number).copied().unwrap_or_default();
                    let is_data = self.is_data.get(*number).copied().unwrap_or_default();
                    // A detail behind a colon may be words of ours, and those have numbers.
                    let name = self.names.get(*number).map_or("", String::as_str);
                    let is_detail = !self.has_words
                        && !DATA.contains(&name)
                        && value.contains(|sign: char| sign.is_ascii_digit());
                    let known = if is_data && !is_detail {
                        None
                    } else {
                        translate(value)
                    };
                    count += usize::from(known.is_some());
                    is_known &= is_data || known.is_some() || is_data_like(value);
                    let value = known.as_deref().unwrap_or(value);
                    if value.starts_with('`') && out.ends_with(is_han) {
                        out.push(' ');
                    }
                    append(&mut out, value);
                }
            }
        }
        (is_known && (self.has_words || count > 0) || self.is_plain).then_some((out, count))
    }
}

/// What stands between these pieces, each taken where it comes first.
fn split<'a>(text: &'a str, pieces: &[String]) -> Option<Filled<'a>> {
    let mut values = Vec::with_capacity(pieces.len() + 1);
    let mut rest = text;
    for piece in pieces {
        let mut place = rest.find(piece.as_str())?;
        // Blanks before a blank fill up the value's column.
        while piece.starts_with(' ')
            && rest
                .get(place + 1..)
                .is_some_and(|rest| rest.starts_with(piece.as_str()))
        {
            place += 1;
        }
        let (value, after) = rest.split_at(place);
        values.push(value);
        rest = after.strip_prefix(piece.as_str())?;
    }
    values.push(rest);
    Some(values)
}

/// What stands between these pieces, each taken where it comes last.
fn split_from_end<'a>(text: &'a str, pieces: &[String]) -> Option<Filled<'a>> {
    let mut values = Vec::with_capacity(pieces.len() + 1);
    let mut rest = text;
    for piece in pieces.iter().rev() {
        let (before, value) = rest.rsplit_once(piece.as_str())?;
        values.push(value);
        rest = before;
    }
    values.push(rest);
    values.reverse();
    Some(values)
}

fn is_number(name: &str) -> bool {
    NUMBERS.contains(&name) || name.starts_with("MAX_")
}

/// Whether a value is a name, a number or quoted, and no words of ours.
fn is_data_like(value: &str) -> bool {
    let value = value.trim();
    !value.contains(' ')
        || value.len() > 1 && value.starts_with('`') && value.ends_with('`')
        || !has_letters(value)
        || value.starts_with(|sign: char| sign.is_ascii_digit())
            && !value.contains(|sign: char| sign.is_ascii_lowercase())
}

fn has_letters(text: &str) -> bool {
    text.contains(char::is_alphabetic)
}

/// Appends with a blank between a Han character and a letter or digit of another script, and
/// with none before a full-width mark.
fn append(out: &mut String, mut words: &str) {
    let is_mark = |sign| matches!(sign, '，' | '；' | '：' | '。' | '、');
    if words.trim_start().starts_with(is_mark) {
        words = words.trim_start();
        out.truncate(out.trim_end().len());
    }
    if let (Some(before), Some(after)) = (out.chars().next_back(), words.chars().next())
        && (is_han(before) && after.is_ascii_alphanumeric()
            || before.is_ascii_alphanumeric() && is_han(after))
    {
        out.push(' ');
    }
    out.push_str(words);
}

fn is_han(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}

/// The names of the values in a template, sorted; those without a name are called by their
/// numbers. None if its braces do not match.
#[must_use]
pub fn placeholders(template: &str) -> Option<Vec<String>> {
    let (_, mut names) = parse(template)?;
    names.sort();
    names.dedup();
    Some(names)
}

/// A template's pieces, and the names of the values between them.
fn parse(template: &str) -> Option<(Vec<String>, Vec<String>)> {
    let mut pieces = vec![String::new()];
    let mut names = Vec::new();
    let mut unnamed = 0;
    let mut characters = template.chars().peekable();
    while let Some(character) = characters.next() {
        let piece = pieces.last_mut()?;
        match character {
            '{' | '}' if characters.peek() == Some(&character) => {
                characters.next();
                piece.push(character);
            }
            '{' => {
                let mut inner = String::new();
                loop {
                    match characters.next()? {
                        '}' => break,
                        other => inner.push(other),
                    }
                }
                let name = inner.split(':').next().unwrap_or_default().trim();
                if name.is_empty() {
                    names.push(unnamed.to_string());
                    unnamed += 1;
                } else {
                    names.push(name.to_owned());
                }
                pieces.push(String::new());
            }
            '}' => return None,
            _ => piece.push(character),
        }
    }
    Some((pieces, names))
}
