//! What the command says, in Chinese.
//!
//! Libraries write English. Before a person reads it, a [`Translator`] finds the template that
//! a text was made from and fills in its translation. The catalogue is a gettext PO file; its
//! `msgid`s are the templates as they stand in the sources, without blanks at their ends.
//!
//! - What stands between backquotes or “quotation marks” is data, and stays as it is.
//! - Any other value is translated too if it is a text of the catalogue.
//! - Parts joined by `: `, `; `, `, ` or `" and "` are found one by one where no template has
//!   them together.
//! - What has no entry stays English.

mod po;
mod template;

use std::borrow::Cow;
use std::cell::Cell;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::OnceLock;

pub use po::{Entry, Fault, read};
pub use template::placeholders;

use template::{Filled, Template};

/// The Chinese catalogue.
pub const CHINESE: &str = include_str!("../po/zh.po");

/// How deep values are translated within values.
const MAX_DEPTH: usize = 5;
/// Longer values are data, and no words of ours.
const MAX_LENGTH: usize = 4_000;
/// How many places of a text are tried as joints of one kind.
const MAX_JOINTS: usize = 12;
/// How many pieces of one text are looked at.
const MAX_PIECES: usize = 400;

/// A catalogue, ready to be asked.
#[derive(Debug, Default)]
pub struct Translator {
    /// Texts without a value.
    words: HashMap<String, String>,
    templates: Vec<Template>,
    /// Places in `templates` by the text that they begin with.
    by_start: HashMap<String, Vec<usize>>,
    /// The lengths of those texts, each once.
    starts: Vec<usize>,
}

impl Translator {
    /// Simplified Chinese, read once.
    pub fn chinese() -> &'static Self {
        static CHINESE_TRANSLATOR: OnceLock<Translator> = OnceLock::new();
        CHINESE_TRANSLATOR.get_or_init(|| Self::new(&read(CHINESE).unwrap_or_default()))
    }

    /// A translator that knows `entries`.
    #[must_use]
    pub fn new(entries: &[Entry]) -> Self {
        let mut translator = Self::default();
        for entry in entries.iter().filter(|entry| !entry.translation.is_empty()) {
            if let Some(template) = Template::of(entry) {
                translator.templates.push(template);
            } else {
                let (original, translation) = entry.verbatim();
                translator.words.insert(original, translation);
            }
        }
        for (place, template) in translator.templates.iter().enumerate() {
            let start = template.start();
            translator.starts.push(start.len());
            let of_start = translator.by_start.entry(start.to_owned()).or_default();
            of_start.push(place);
        }
        translator.starts.sort_unstable();
        translator.starts.dedup();
        translator
    }

    /// A text in the translator's language; blanks around it stay.
    #[must_use]
    pub fn translate<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let translation = self.find(text, 0, &Cell::new(MAX_PIECES));
        translation.map_or(Cow::Borrowed(text), Cow::Owned)
    }

    /// Lines in the translator's language, each a text of its own.
    #[must_use]
    pub fn translate_lines<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if text.trim_end_matches('\n').contains('\n') {
            let lines = text.split_inclusive('\n');
            Cow::Owned(lines.map(|line| self.translate(line)).collect())
        } else {
            self.translate(text)
        }
    }

    /// What is known of a text, if anything is. As many more pieces are looked at as `left` says.
    fn find(&self, text: &str, depth: usize, left: &Cell<usize>) -> Option<String> {
        let words = text.trim();
        if words.is_empty() || words.len() > MAX_LENGTH && depth > 0 || depth > MAX_DEPTH {
            return None;
        }
        left.set(left.get().checked_sub(1)?);
        let translation = self
            .words
            .get(words)
            .cloned()
            .or_else(|| self.fill(words, true, depth, left))
            .or_else(|| self.fill(words, false, depth, left))
            .or_else(|| self.join(words, depth, left))?;
        let (before, _) = text.split_once(words).unwrap_or_default();
        let after = text.get(before.len() + words.len()..).unwrap_or_default();
        // Columns stay where they are.
        let blanks = if after.starts_with(' ') && after.trim_matches(' ').is_empty() {
            let room = (columns(words) + after.len()).saturating_sub(columns(&translation));
            " ".repeat(room.max(1))
        } else {
            after.to_owned()
        };
        Some(format!("{before}{translation}{blanks}"))
    }

    /// The translation by the template that has most in common with the text, among those that
    /// are plain or those that are not.
    fn fill(&self, text: &str, is_plain: bool, depth: usize, left: &Cell<usize>) -> Option<String> {
        let mut fitting: Vec<(&Template, Filled<'_>)> = Vec::new();
        for &length in &self.starts {
            let of_start = text
                .get(..length)
                .and_then(|start| self.by_start.get(start));
            let templates = of_start.into_iter().flatten();
            let templates = templates.filter_map(|&place| self.templates.get(place));
            for template in templates.filter(|template| template.is_plain == is_plain) {
                fitting.extend(template.values(text).map(|filled| (template, filled)));
            }
        }
        fitting.sort_by_key(|(template, _)| Reverse(template.weight()));
        fitting
            .chunk_by(|(one, _), (other, _)| std::ptr::eq(*one, *other))
            .find_map(|fillings| {
                let translations = fillings.iter().filter_map(|(template, filled)| {
                    template.translate(filled, |value| self.find(value, depth + 1, left))
                });
                // The first of those that know most.
                translations.reduce(|best, other| if other.1 > best.1 { other } else { best })
            })
            .map(|(translation, _)| translation)
    }

    /// The translation of parts that were joined.
    fn join(&self, text: &str, depth: usize, left: &Cell<usize>) -> Option<String> {
        for (joint, chinese, is_list) in [
            ("; ", "；", false),
            (": ", "：", false),
            (", and ", "，", false),
            (", ", "、", true),
            (" and ", "和", true),
            (" or ", "或", true),
        ] {
            for (place, _) in text.match_indices(joint).take(MAX_JOINTS) {
                let (before, rest) = text.split_at(place);
                let after = rest.get(joint.len()..).unwrap_or_default();
                let Some(before) = self.find(before, depth + 1, left) else {
                    continue;
                };
                // Some texts begin with the joint itself.
                if let Some(rest) = self.find(rest, depth + 1, left) {
                    return Some(format!("{before}{rest}"));
                }
                match self.find(after, depth + 1, left) {
                    Some(after) => return Some(format!("{before}{chinese}{after}")),
                    None if is_list => {}
                    None => return Some(format!("{before}{chinese}{after}")),
                }
            }
        }
        None
    }
}

/// How many columns a terminal gives to a text, near enough for the catalogue's own words.
fn columns(text: &str) -> usize {
    let wide = |character: &char| matches!(character, '\u{1100}'.. if !('\u{2000}'..='\u{2e7f}').contains(character));
    text.chars()
        .map(|character| if wide(&character) { 2 } else { 1 })
        .sum()
}

#[cfg(test)]
mod tests;
