//! Keys by which BibTeX and CSL-JSON know a paper.

use offprint_core::names::{Name, is_and_others};
use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;

use crate::Entry;

/// Words that a title begins with and is not known by.
const SMALL_WORDS: [&str; 28] = [
    "a", "an", "and", "are", "as", "at", "by", "can", "do", "does", "for", "from", "how", "in",
    "is", "of", "on", "or", "the", "to", "towards", "toward", "via", "what", "when", "why", "with",
    "without",
];

/// The keys that are taken, and how many papers wanted each.
#[derive(Debug, Default)]
pub(crate) struct Keys(HashMap<String, usize>);

impl Keys {
    /// A key for the next paper: `vaswani2017attention`. A second paper of that key has `b`
    /// behind it. One whose author or title gives no Latin letters goes by its id.
    pub(crate) fn key(&mut self, entry: &Entry<'_>) -> String {
        let wanted = readable(entry).unwrap_or_else(|| id_of(entry));
        let Some(&taken) = self.0.get(&wanted) else {
            self.0.insert(wanted.clone(), 1);
            return wanted;
        };
        let mut count = taken;
        loop {
            let key = format!("{wanted}{}", letters(count));
            count += 1;
            if !self.0.contains_key(&key) {
                self.0.insert(wanted, count);
                self.0.insert(key.clone(), 1);
                return key;
            }
        }
    }
}

fn readable(entry: &Entry<'_>) -> Option<String> {
    let first = entry.paper.authors.first()?;
    if is_and_others(first) {
        return None;
    }
    let name = Name::of(first);
    let family = ascii(name.family()?)?;
    let title = entry.paper.plain_title();
    let word = title
        .split(|character: char| !character.is_alphanumeric())
        .filter_map(ascii)
        .find(|word| !SMALL_WORDS.contains(&word.as_str()))?;
    let year = entry
        .year()
        .map(|year| year.to_string())
        .unwrap_or_default();
    Some(format!("{family}{year}{word}"))
}

/// The id of a paper, with that of its issue where it is but a place in it.
fn id_of(entry: &Entry<'_>) -> String {
    let id = &entry.paper.id;
    if id.starts_with("paper-") {
        format!("{}-{id}", entry.issue.id)
    } else {
        id.clone()
    }
}

/// A word in lower-case letters a-z and digits; `None` if a letter of it is none of those
/// beneath its marks.
fn ascii(word: &str) -> Option<String> {
    let mut folded = String::new();
    for character in word.nfkd().filter(|character| character.is_alphanumeric()) {
        match character {
            'ø' | 'Ø' => folded.push('o'),
            'ł' | 'Ł' => folded.push('l'),
            'đ' | 'Đ' => folded.push('d'),
            'ı' => folded.push('i'),
            'ß' => folded.push_str("ss"),
            'æ' | 'Æ' => folded.push_str("ae"),
            'œ' | 'Œ' => folded.push_str("oe"),
            _ if character.is_ascii() => folded.push(character.to_ascii_lowercase()),
            _ => return None,
        }
    }
    (!folded.is_empty()).then_some(folded)
}

/// `b` to `z`, then `ba`, `bb` …
fn letters(mut count: usize) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(b'a' + (count % 26) as u8));
        count /= 26;
        if count == 0 {
            break;
        }
    }
    letters.iter().rev().collect()
}
