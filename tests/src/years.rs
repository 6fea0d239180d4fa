//! A series that has run for years, the same for the same numbers: an issue a week, with
//! sections and tags that come again, and papers of which each is in one issue only. Some
//! papers have a DOI, some an arXiv or OpenReview id, some an address alone.

use std::fmt::Write;
use std::path::Path;

use jiff::ToSpan;
use jiff::civil::{Date, date};

use crate::list::{Entry, GROUPS, entry};
use crate::long::Dice;
use crate::write;

/// `offprint.toml` of the series.
pub const SETTINGS: &str = "schema = 1\n\n[series]\nid = \"years\"\ntitle = \"年年有论文\"\nlang = \"zh-CN\"\nurl = \"https://years.example.org/\"\ndescription = \"每周一期，一期不落。\"\ntimezone = \"Asia/Shanghai\"\n";

const VENUES: &[&str] = &["NeurIPS", "ICML", "ICLR", "ACL", "Journal of Samples"];
const EDITORS: &[&str] = &["林舟", "何田田", "Ada Byron"];
const SYLLABLES: &[&str] = &[
    "ba", "ce", "di", "fo", "gu", "ka", "le", "mi", "no", "pu", "ra", "se", "ti", "vo", "zu",
];
/// How many papers a section has, unless that makes more sections than there are titles.
const A_SECTION: usize = 4;

/// What the issues are like.
#[derive(Debug, Clone, Copy)]
pub struct Years {
    /// How many papers an issue has.
    pub papers: usize,
    /// Whether papers have an abstract of 150 words.
    pub abstracts: bool,
}

impl Years {
    /// Writes a series of so many issues.
    ///
    /// # Panics
    /// When it cannot be written.
    pub fn write(self, folder: &Path, issues: usize) {
        write(&folder.join("offprint.toml"), SETTINGS.as_bytes());
        for number in 1..=issues {
            self.write_issue(folder, number);
        }
    }

    /// Writes one issue into a series' folder.
    ///
    /// # Panics
    /// When it cannot be written.
    pub fn write_issue(self, folder: &Path, number: usize) {
        write(&folder.join(path(number)), self.issue(number).as_bytes());
    }

    /// The issue of this number, from 1, in Markdown.
    #[must_use]
    pub fn issue(self, number: usize) -> String {
        let mut dice = Dice(number as u64 + 11);
        let mut text = format!(
            "---\ntitle: 第 {number} 期：{}\ndate: {}\nnumber: {number}\neditors: [{}]\ntags: [{}]\ndefaults:\n  lang: en\n---\n\n本期 {} 篇。[^issue]\n\n[^issue]: 全部由程序写成，论文都是虚构的。\n",
            title_of_section(number),
            day(number),
            dice.pick(EDITORS),
            title_of_section(number + 1),
            self.papers,
        );
        let size = self.papers.div_ceil(GROUPS.len()).max(A_SECTION);
        for place in 0..self.papers {
            if place.is_multiple_of(size) {
                let title = title_of_section(number + place / size);
                let _ = write!(text, "\n## {title}\n");
            }
            let paper = (number - 1) * self.papers + place;
            self.push_paper(&mut text, paper, day(number), &mut dice);
        }
        text
    }

    fn push_paper(self, text: &mut String, number: usize, date: Date, dice: &mut Dice) {
        let Entry {
            title,
            authors,
            url,
            tags,
            summary,
            commentary,
        } = entry(number, dice);
        let _ = writeln!(text, "\n### {}: {title}\n", name(number));
        let _ = match number % 4 {
            0 => writeln!(text, "- doi: 10.5555/years.{number:06}"),
            // The numbers of arXiv have five digits since 2015.
            1 => writeln!(
                text,
                "- arxiv: 20{:02}.{:05}",
                date.month(),
                number % 100_000
            ),
            2 => writeln!(text, "- openreview: Yr{number:06}aZ"),
            _ => writeln!(text, "- 链接: {url}"),
        };
        let _ = writeln!(text, "- 作者: {}", authors.join("; "));
        let _ = writeln!(text, "- 标签: {}", tags.join(", "));
        if number.is_multiple_of(3) {
            let venue = dice.pick(VENUES);
            let _ = writeln!(text, "- 会议: {venue}\n- year: {}", date.year() - 1);
        }
        if number.is_multiple_of(5) {
            let _ = writeln!(text, "- pdf: https://papers.example.org/{number:06}.pdf");
        }
        if self.abstracts {
            let _ = writeln!(text, "- 摘要: {summary}");
        }
        let _ = write!(text, "\n{commentary}");
        if number.is_multiple_of(7) {
            let _ = write!(
                text,
                "复杂度是 $O(n \\log n)$。[^p{number}]\n\n[^p{number}]: 见附录 {}。",
                number % 9 + 1
            );
        }
        text.push('\n');
    }
}

/// Where the issue of this number stands in the series' folder.
#[must_use]
pub fn path(number: usize) -> String {
    format!("issues/{}.md", id(number))
}

/// The id of the issue of this number.
#[must_use]
pub fn id(number: usize) -> String {
    format!("{}-{number:04}", day(number))
}

/// The day of an issue: Fridays since 2005.
///
/// # Panics
/// When the calendar ends before it.
#[must_use]
pub fn day(number: usize) -> Date {
    let weeks = i64::try_from(number).unwrap_or(i64::MAX) - 1;
    date(2005, 1, 7)
        .checked_add(weeks.weeks())
        .unwrap_or_else(|error| panic!("issue {number}: {error}"))
}

fn title_of_section(number: usize) -> &'static str {
    GROUPS
        .get(number % GROUPS.len())
        .copied()
        .unwrap_or_default()
}

/// What authors call what they made: a word that no other paper has.
fn name(number: usize) -> String {
    let mut syllables: Vec<&str> = Vec::new();
    let mut rest = number + SYLLABLES.len();
    while rest > 0 {
        syllables.extend(SYLLABLES.get(rest % SYLLABLES.len()));
        rest /= SYLLABLES.len();
    }
    syllables.reverse();
    let word = syllables.concat();
    let mut letters = word.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn each_paper_has_a_name_of_its_own_and_each_issue_a_friday() {
        let names: HashSet<String> = (0..100_000).map(name).collect();
        assert_eq!(names.len(), 100_000);
        assert_eq!(id(1), "2005-01-07-0001");
        assert_eq!(id(1_000), "2024-03-01-1000");
    }
}
