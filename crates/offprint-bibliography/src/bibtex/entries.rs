//! The grammar of a BibTeX file: entries, fields, strings. TeX is left as it stands.
//!
//! What is broken is told and read around: BibTeX's own rules end a file at the first brace
//! too few, and files of years have one.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use offprint_core::{Diagnostic, Place, Source};

use crate::facts::{push, shown};

/// The longest value that `#` and strings may make of shorter ones, in bytes.
const MAX_VALUE: usize = 256 * 1024;
/// How often an entry may be broken before the rest of it is left alone.
const MAX_FAULTS: usize = 50;

/// An entry as it is written.
#[derive(Debug)]
pub(super) struct Written<'s> {
    /// Its type, in lower case.
    pub(super) kind: String,
    pub(super) key: Option<&'s str>,
    pub(super) fields: Vec<Field<'s>>,
    pub(super) span: Range<usize>,
}

/// A field of an entry: TeX, with strings and `#` resolved.
#[derive(Debug, Clone)]
pub(super) struct Field<'s> {
    /// Its name, in lower case.
    pub(super) name: String,
    pub(super) tex: Cow<'s, str>,
    /// Where the value stands.
    pub(super) span: Range<usize>,
}

impl Written<'_> {
    pub(super) fn field(&self, name: &str) -> Option<&Field<'_>> {
        self.fields
            .iter()
            .find(|field| field.name == name && !field.tex.trim().is_empty())
    }
}

/// A value before strings are resolved.
#[derive(Debug)]
struct Value<'s> {
    parts: Vec<Part<'s>>,
    span: Range<usize>,
}

#[derive(Debug)]
enum Part<'s> {
    Text(&'s str),
    /// The name of a string, and where it stands.
    Name(&'s str, usize),
}

type RawFields<'s> = Vec<(String, Value<'s>)>;

/// Reads all entries of a file.
pub(super) fn entries<'s>(
    source: &'s Arc<Source>,
    found: &mut Vec<Diagnostic>,
) -> Vec<Written<'s>> {
    let mut scanner = Scanner {
        text: &source.text,
        at: 0,
        line: 0,
        seen: 0,
        faults: 0,
        is_open: false,
        source,
        found,
    };
    let mut strings: HashMap<String, Cow<'s, str>> = HashMap::new();
    let mut raw = Vec::new();
    while let Some(start) = scanner.next_entry() {
        let Some((kind, closer)) = scanner.head() else {
            continue;
        };
        match kind.to_ascii_lowercase().as_str() {
            "comment" => scanner.comment(),
            "preamble" => {
                let _ = scanner.value(closer);
            }
            "string" => {
                for (name, value) in scanner.fields(closer) {
                    let text = resolve(&value, &strings, &mut scanner);
                    strings.insert(name, text);
                }
            }
            kind => {
                let key = scanner.key(closer);
                let fields = scanner.fields(closer);
                raw.push((kind.to_owned(), key, fields, start..scanner.at));
            }
        }
    }
    raw.into_iter()
        .map(|(kind, key, fields, span)| Written {
            kind,
            key,
            fields: resolved(fields, &strings, &mut scanner),
            span,
        })
        .collect()
}

fn resolved<'s>(
    fields: RawFields<'s>,
    strings: &HashMap<String, Cow<'s, str>>,
    scanner: &mut Scanner<'s, '_>,
) -> Vec<Field<'s>> {
    fields
        .into_iter()
        .map(|(name, value)| {
            let tex = resolve(&value, strings, scanner);
            let span = value.span;
            Field { name, tex, span }
        })
        .collect()
}

/// The text of a value. Months stay as they are called; other names must be defined.
fn resolve<'s>(
    value: &Value<'s>,
    strings: &HashMap<String, Cow<'s, str>>,
    scanner: &mut Scanner<'s, '_>,
) -> Cow<'s, str> {
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let mut text = Cow::Borrowed("");
    for part in &value.parts {
        let more = match part {
            Part::Text(text) => Cow::Borrowed(*text),
            Part::Name(name, at) => {
                let folded = name.to_ascii_lowercase();
                if let Some(text) = strings.get(&folded) {
                    text.clone()
                } else if MONTHS.iter().any(|month| folded.starts_with(month)) {
                    Cow::Borrowed(*name)
                } else {
                    let message = format!("no `@string` says what `{}` is", shown(name));
                    let hint = format!(
                        "add `@string{{{} = {{…}}}}`, or put the value in braces",
                        shown(name)
                    );
                    let place = Place::new(scanner.source, *at..at + name.len());
                    let diagnostic = Diagnostic::warning("bib::unknown-string", message);
                    push(diagnostic.at(place).hint(hint), scanner.found);
                    continue;
                }
            }
        };
        if text.len() + more.len() > MAX_VALUE {
            let place = Place::new(scanner.source, value.span.clone());
            let message = format!("this value has more than {MAX_VALUE} bytes and is cut off");
            push(
                Diagnostic::warning("bib::too-large", message).at(place),
                scanner.found,
            );
            break;
        }
        if text.is_empty() {
            text = more;
        } else {
            text.to_mut().push_str(&more);
        }
    }
    text
}

struct Scanner<'s, 'd> {
    text: &'s str,
    at: usize,
    /// Where the line begins that `seen` is on.
    line: usize,
    /// How far line ends were looked for.
    seen: usize,
    /// How often the entry that is being read is broken.
    faults: usize,
    /// Whether a value of it was never closed, which leaves the entry open too.
    is_open: bool,
    source: &'s Arc<Source>,
    found: &'d mut Vec<Diagnostic>,
}

impl<'s> Scanner<'s, '_> {
    fn rest(&self) -> &'s str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Goes over blanks, and over comments that run to the end of a line.
    fn blanks(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start();
            self.at += rest.len() - trimmed.len();
            if !trimmed.starts_with('%') {
                return;
            }
            self.at += trimmed.find('\n').unwrap_or(trimmed.len());
        }
    }

    fn take(&mut self, sign: char) -> bool {
        let is_there = self.peek() == Some(sign);
        if is_there {
            self.at += sign.len_utf8();
        }
        is_there
    }

    fn take_while(&mut self, is_part: impl Fn(char) -> bool) -> &'s str {
        let rest = self.rest();
        let length = rest.find(|sign| !is_part(sign)).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    fn report(&mut self, is_lost: bool, message: &str, at: Range<usize>, hint: &str) {
        let place = Place::new(self.source, at);
        let diagnostic = if is_lost {
            Diagnostic::error("bib::syntax", message)
        } else {
            Diagnostic::warning("bib::syntax", message)
        };
        self.faults += 1;
        push(diagnostic.at(place).hint(hint), self.found);
    }

    /// Goes to the next `@` that no comment holds, and returns where it is.
    fn next_entry(&mut self) -> Option<usize> {
        loop {
            let at = self.at + self.rest().find('@')?;
            self.at = at + 1;
            if let Some(end) = self.text.get(self.seen..at)?.rfind('\n') {
                self.line = self.seen + end + 1;
            }
            self.seen = at;
            let line = self.text.get(self.line..)?;
            if !line.trim_start_matches([' ', '\t']).starts_with('%') {
                return Some(at);
            }
        }
    }

    /// The type of an entry, and the sign that closes it. Behind an `@` that begins no entry
    /// there is neither.
    fn head(&mut self) -> Option<(&'s str, char)> {
        let before = self.at;
        let gap = |scanner: &mut Self| {
            scanner.take_while(char::is_whitespace);
        };
        gap(self);
        let kind = self.take_while(is_word);
        gap(self);
        let closer = match self.peek() {
            Some('{') => '}',
            Some('(') => ')',
            _ => {
                self.at = before;
                return None;
            }
        };
        self.at += 1;
        if kind.is_empty() {
            self.at = before;
            return None;
        }
        Some((kind, closer))
    }

    /// Goes over what stands in a comment's braces, or to the end of its line.
    fn comment(&mut self) {
        let start = self.at;
        match braced(self.rest(), false) {
            Some(length) => self.at = start + length + 1,
            None => self.at += self.rest().find('\n').unwrap_or(self.rest().len()),
        }
    }

    /// The key, up to its comma. `None` where there is none.
    fn key(&mut self, closer: char) -> Option<&'s str> {
        self.blanks();
        let before = self.at;
        let key = self
            .take_while(|sign| sign != closer && !matches!(sign, ',' | '\n' | '=' | '{' | '"'))
            .trim();
        if matches!(self.peek(), Some('=' | '{' | '"')) {
            // A field stands where the key should.
            self.at = before;
            return None;
        }
        self.blanks();
        self.take(',');
        Some(key).filter(|key| !key.is_empty())
    }

    /// The fields up to the entry's end, which is passed.
    fn fields(&mut self, closer: char) -> RawFields<'s> {
        let mut fields = RawFields::new();
        self.faults = 0;
        self.is_open = false;
        loop {
            self.blanks();
            let at = self.at;
            if self.faults > MAX_FAULTS {
                self.skip_entry();
                return fields;
            }
            match self.peek() {
                None if self.reread(&mut fields) => continue,
                None if self.is_open => return fields,
                None => {
                    self.report(
                        true,
                        "this entry is never closed",
                        at..at,
                        "add its last brace",
                    );
                    return fields;
                }
                Some(',') => {
                    self.at += 1;
                    continue;
                }
                Some(sign) if sign == closer => {
                    self.at += 1;
                    if self.goes_on() {
                        self.report(
                            false,
                            "this brace closes the entry, and it goes on",
                            at..at + 1,
                            "take one of the braces away",
                        );
                        continue;
                    }
                    return fields;
                }
                Some('@') if begins_entry(self.rest()) => {
                    if self.reread(&mut fields) {
                        continue;
                    }
                    if self.is_open {
                        return fields;
                    }
                    self.report(
                        true,
                        "another entry begins before this one is closed",
                        at..at + 1,
                        "close the entry above with a brace",
                    );
                    return fields;
                }
                Some(_) => {}
            }
            let name = self.take_while(is_word);
            self.blanks();
            if name.is_empty() || !self.take('=') {
                let line = self.text.get(at..).unwrap_or_default();
                let line = line.lines().next().unwrap_or_default().trim_end();
                self.report(
                    true,
                    "this is no field",
                    at..at + line.len(),
                    "write `name = {value},` and close every brace",
                );
                if !self.recover(at) {
                    return fields;
                }
                continue;
            }
            let Some(value) = self.value(closer) else {
                self.report(
                    true,
                    "this field has no value",
                    at..at + name.len(),
                    "write `name = {value},`",
                );
                if !self.recover(at) {
                    return fields;
                }
                continue;
            };
            fields.push((name.to_ascii_lowercase(), value));
            let end = self.at;
            self.blanks();
            let follows = self.peek();
            if follows == Some(',') || follows == Some(closer) || follows.is_none() {
                continue;
            }
            if follows != Some('@') {
                self.report(
                    false,
                    "there is no comma behind this value",
                    end.saturating_sub(1)..end,
                    "add a comma between the fields",
                );
            }
        }
    }

    /// Goes to the next line that begins an entry.
    fn skip_entry(&mut self) {
        let mut at = self.at;
        for line in self.rest().split_inclusive('\n') {
            if at > self.at && begins_entry(self.text.get(at..).unwrap_or_default()) {
                break;
            }
            at += line.len();
        }
        self.at = at;
    }

    /// Reads the last value anew where it took the fields behind it and the entry's own brace,
    /// because one of its braces is not closed: it ends with its first line then.
    fn reread(&mut self, fields: &mut RawFields<'s>) -> bool {
        let Some((_, value)) = fields.last_mut() else {
            return false;
        };
        let written = self.text.get(value.span.clone()).unwrap_or_default();
        // A brace behind a backslash may be a word of the value.
        let start = value.span.start + 1;
        let inner = self.text.get(start..).unwrap_or_default();
        if written.starts_with('{')
            && let Some(length) = braced(inner, true)
            && length + 2 < written.len()
            && ends_field(inner, length)
        {
            value.parts = vec![Part::Text(inner.get(..length).unwrap_or_default())];
            self.at = start + length + 1;
            value.span.end = self.at;
            return true;
        }
        let mut ends = written.match_indices('\n').map(|(at, _)| at + 1);
        let Some(first) = ends.next() else {
            return false;
        };
        let has_field = std::iter::once(first).chain(ends).any(|at| {
            let line = written.get(at..).unwrap_or_default();
            begins_field(line.trim_start())
        });
        if !has_field {
            return false;
        }
        let line = written.get(..first).unwrap_or_default().trim();
        let line = line.trim_end_matches(',').trim_end_matches(['}', '"']);
        let line = line.strip_prefix(['{', '"']).unwrap_or(line);
        value.parts = vec![Part::Text(line)];
        let start = value.span.start;
        value.span.end = start + first;
        self.at = start + first;
        self.is_open = true;
        self.report(
            true,
            "this value is never closed",
            start..start + 1,
            "close every brace and quotation mark that it opens",
        );
        true
    }

    /// Whether fields follow where an entry was closed: a comma, and another field.
    fn goes_on(&self) -> bool {
        let Some(rest) = self.rest().trim_start().strip_prefix(',') else {
            return false;
        };
        let rest = rest.trim_start();
        begins_field(rest)
    }

    /// Goes to the next line behind `from` that begins a field, or the end of the entry;
    /// `false` where there is none before the next entry.
    fn recover(&mut self, from: usize) -> bool {
        let mut at = from;
        for (count, line) in self
            .text
            .get(from..)
            .unwrap_or_default()
            .split_inclusive('\n')
            .enumerate()
        {
            if count > 0 {
                let bare = line.trim();
                let rest = self.text.get(at..).unwrap_or_default();
                if begins_entry(rest) {
                    self.at = at;
                    return false;
                }
                if begins_field(rest.trim_start()) || bare == "}" || bare == ")" {
                    self.at = at;
                    return true;
                }
            }
            at += line.len();
        }
        self.at = self.text.len();
        false
    }

    /// A value: parts between `#`.
    fn value(&mut self, closer: char) -> Option<Value<'s>> {
        self.blanks();
        let start = self.at;
        let mut parts = Vec::new();
        loop {
            self.blanks();
            parts.push(self.part(closer)?);
            let end = self.at;
            self.blanks();
            if !self.take('#') {
                self.at = end;
                return Some(Value {
                    parts,
                    span: start..end,
                });
            }
        }
    }

    fn part(&mut self, closer: char) -> Option<Part<'s>> {
        let start = self.at;
        match self.peek()? {
            '{' => {
                self.at += 1;
                Some(Part::Text(self.closed(start, '}')))
            }
            '"' => {
                self.at += 1;
                Some(Part::Text(self.closed(start, '"')))
            }
            _ => {
                let word = self.take_while(|sign| {
                    !sign.is_whitespace()
                        && !matches!(sign, ',' | '#' | '{' | '}' | '"' | '=')
                        && sign != closer
                });
                if word.is_empty() {
                    None
                } else if word.starts_with(|first: char| first.is_ascii_digit()) {
                    Some(Part::Text(word))
                } else {
                    Some(Part::Name(word, start))
                }
            }
        }
    }

    /// The length of a value in braces. Where a brace behind a backslash would close it, that
    /// may be one of its words.
    fn value_in_braces(rest: &str) -> Option<usize> {
        let length = braced(rest, false).or_else(|| braced(rest, true))?;
        if !rest.get(..length)?.ends_with('\\') {
            return Some(length);
        }
        let further = braced(rest, true);
        Some(
            further
                .filter(|&end| ends_field(rest, end))
                .unwrap_or(length),
        )
    }

    /// What stands up to the sign that closes a value. Where none does before the next entry,
    /// the value is what stands on its first line.
    fn closed(&mut self, start: usize, closer: char) -> &'s str {
        let rest = self.rest();
        let length = match closer {
            '}' => Self::value_in_braces(rest),
            _ => quoted(rest),
        };
        if let Some(length) = length {
            self.at += length + closer.len_utf8();
            return rest.get(..length).unwrap_or_default();
        }
        self.is_open = true;
        self.report(
            true,
            "this value is never closed",
            start..start + 1,
            "close every brace and quotation mark that it opens",
        );
        let line = rest.split('\n').next().unwrap_or_default();
        self.at += line.len();
        line.trim_end().trim_end_matches([',', closer])
    }
}

/// The length of what stands before the brace that closes it. BibTeX counts braces behind a
/// backslash too; `escapes` says not to.
fn braced(text: &str, escapes: bool) -> Option<usize> {
    let mut depth = 0_usize;
    let mut bytes = text.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'{' => depth += 1,
            b'}' => match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => return Some(at),
            },
            b'\\' if escapes => {
                bytes.next();
            }
            b'\n' if begins_entry(text.get(at + 1..)?) => return None,
            _ => {}
        }
    }
    None
}

/// Whether a value may end with the brace at `end`: a comma follows, or the end of its entry.
fn ends_field(text: &str, end: usize) -> bool {
    let rest = text.get(end + 1..).unwrap_or_default().trim_start();
    rest.starts_with([',', '}', ')', '#'])
}

/// The length of what stands before the quotation mark that closes it: one in braces does not.
fn quoted(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut bytes = text.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.checked_sub(1)?,
            b'"' if depth == 0 => return Some(at),
            b'\\' => {
                bytes.next();
            }
            b'\n' if begins_entry(text.get(at + 1..)?) => return None,
            _ => {}
        }
    }
    None
}

/// Whether a line begins an entry: `@article{key,`.
fn begins_entry(text: &str) -> bool {
    let Some(rest) = text.trim_start_matches([' ', '\t']).strip_prefix('@') else {
        return false;
    };
    let length = rest.find(|sign| !is_word(sign)).unwrap_or(rest.len());
    let after = rest.get(length..).unwrap_or_default();
    let after = after.trim_start_matches([' ', '\t']);
    length > 0 && after.starts_with(['{', '('])
}

/// Whether a text begins a field: `title = `.
fn begins_field(text: &str) -> bool {
    let length = text.find(|sign| !is_word(sign)).unwrap_or(text.len());
    let after = text.get(length..).unwrap_or_default();
    length > 0 && after.trim_start_matches([' ', '\t']).starts_with('=')
}

fn is_word(sign: char) -> bool {
    sign.is_alphanumeric() || matches!(sign, '_' | '-' | '+' | ':' | '.' | '/' | '*' | '$' | '!')
}
