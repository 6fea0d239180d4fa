//! Punctuation marks between Han characters.

use std::borrow::Cow;

use crate::chars::{is_cjk_punctuation, is_han};

/// Chinese prose with full-width marks where half-width ones stand between Han characters:
/// `甲,乙(丙)` becomes `甲，乙（丙）`, as GB/T 15834 has it. Marks beside Latin letters,
/// digits or blanks stay, so do brackets of which only one could be changed, and text that
/// holds an address.
#[must_use]
pub fn full_width(text: &str) -> Cow<'_, str> {
    let may_change = !text.is_ascii() && text.contains([',', ':', ';', '!', '?', '(']);
    if !may_change || text.contains("://") {
        return Cow::Borrowed(text);
    }
    let mut characters: Vec<char> = text.chars().collect();
    let mut changes = Vec::new();
    let mut open = Vec::new();
    for (index, &character) in characters.iter().enumerate() {
        let neighbours = (
            index
                .checked_sub(1)
                .and_then(|index| characters.get(index))
                .copied(),
            characters.get(index + 1).copied(),
        );
        match character {
            '(' => open.push((index, neighbours)),
            ')' => {
                if let Some((start, outer)) = open.pop()
                    && may_be_wide(outer, neighbours)
                {
                    changes.extend([(start, '（'), (index, '）')]);
                }
            }
            _ => {
                if let Some(wide) = wide(character)
                    && let (Some(before), Some(after)) = neighbours
                    && (is_han(before) || matches!(before, ')' | '）' | '”' | '」' | '》'))
                    && (is_han(after) || matches!(after, '“' | '「' | '《'))
                {
                    changes.push((index, wide));
                }
            }
        }
    }
    if changes.is_empty() {
        return Cow::Borrowed(text);
    }
    for (index, wide) in changes {
        if let Some(character) = characters.get_mut(index) {
            *character = wide;
        }
    }
    Cow::Owned(characters.into_iter().collect())
}

fn wide(mark: char) -> Option<char> {
    Some(match mark {
        ',' => '，',
        ':' => '：',
        ';' => '；',
        '!' => '！',
        '?' => '？',
        _ => return None,
    })
}

/// Whether a pair of brackets is Chinese inside and out, told from the characters beside
/// the opening and beside the closing one. The text's ends say nothing.
fn may_be_wide(
    (before, first): (Option<char>, Option<char>),
    (last, after): (Option<char>, Option<char>),
) -> bool {
    let is_chinese = |character: char| is_han(character) || is_cjk_punctuation(character);
    first.is_some_and(is_chinese)
        && last.is_some_and(is_chinese)
        && before.is_none_or(is_chinese)
        && after.is_none_or(|after| is_chinese(after) || wide(after).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_between_han_characters_become_full_width_and_others_stay() {
        for (written, wanted) in [
            ("先看图,再看表", "先看图，再看表"),
            ("结论:有效;代价:慢", "结论：有效；代价：慢"),
            ("真的吗?真的!好", "真的吗？真的！好"),
            ("自监督(无标签)学习", "自监督（无标签）学习"),
            ("(附表)如下", "（附表）如下"),
            ("见附录(第二节),略", "见附录（第二节），略"),
            ("比例 3:1, 共 1,000 篇", "比例 3:1, 共 1,000 篇"),
            ("模型(BERT)很大", "模型(BERT)很大"),
            ("用 BERT,效果好", "用 BERT,效果好"),
            ("见 https://例子.org/甲,乙", "见 https://例子.org/甲,乙"),
            ("一半(开着", "一半(开着"),
            ("外(中(内)中)外", "外（中（内）中）外"),
            ("已经，全角（的）", "已经，全角（的）"),
            ("end, (all) of it: Latin!", "end, (all) of it: Latin!"),
        ] {
            assert_eq!(full_width(written), wanted);
            assert_eq!(full_width(wanted), wanted, "a second time");
        }
    }
}
