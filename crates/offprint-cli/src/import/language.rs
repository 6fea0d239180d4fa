//! The language of a draft's prose.

use offprint_core::chars::is_han;
use offprint_core::model::Lang;
use offprint_core::text::plain_text;
use offprint_import::Draft;

use crate::lang::speaks_chinese;

/// The language that a draft says it has, else that of its words, else of its series, else of
/// its maker.
pub(super) fn of(draft: &Draft, series: Option<&Lang>) -> Option<Lang> {
    if let Some(lang) = &draft.lang {
        return Some(lang.clone());
    }
    let own = of_prose(draft).or_else(|| of_titles(draft));
    match (own, series) {
        // `zh-Hant` is Chinese too, and the series says which.
        (Some(is_chinese), Some(series)) if series.is_chinese() == is_chinese => {
            Some(series.clone())
        }
        (Some(is_chinese), _) => chinese_or_not(is_chinese),
        (None, Some(series)) => Some(series.clone()),
        (None, None) => chinese_or_not(speaks_chinese()),
    }
}

fn chinese_or_not(is_chinese: bool) -> Option<Lang> {
    Lang::parse(if is_chinese { "zh-CN" } else { "en" })
}

/// Whether what is said between the papers is Chinese; `None` where nothing is said.
fn of_prose(draft: &Draft) -> Option<bool> {
    let mut words = Words::default();
    words.add(&plain_text(&draft.intro));
    for section in &draft.sections {
        words.add(section.title.as_deref().unwrap_or_default());
        words.add(&plain_text(&section.intro));
        for paper in &section.papers {
            words.add(&plain_text(&paper.commentary));
        }
    }
    words.are_chinese()
}

fn of_titles(draft: &Draft) -> Option<bool> {
    let mut words = Words::default();
    words.add(draft.title.as_deref().unwrap_or_default());
    for paper in draft.papers() {
        words.add(paper.entry.title.as_deref().unwrap_or_default());
    }
    words.are_chinese()
}

#[derive(Default)]
struct Words {
    han: usize,
    latin: usize,
}

impl Words {
    fn add(&mut self, text: &str) {
        for character in text.chars() {
            if is_han(character) {
                self.han += 1;
            } else if character.is_alphabetic() {
                self.latin += 1;
            }
        }
    }

    /// A Chinese character says about as much as four letters.
    fn are_chinese(&self) -> Option<bool> {
        (self.han + self.latin > 0).then_some(self.han * 4 >= self.latin)
    }
}
