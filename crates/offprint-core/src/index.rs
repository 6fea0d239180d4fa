//! An index of names: which papers an author wrote, which carry a tag, in the order in
//! which readers look names up.

use std::collections::BTreeMap;

use encoding_rs::GBK;
use unicode_normalization::UnicodeNormalization;

use crate::chars::is_han;
use crate::model::{Issue, Paper};
use crate::names::is_and_others;
use crate::words::Label;

/// An index is made for issues with more papers than that: fewer are found in the contents.
pub const FEWEST_PAPERS: usize = 30;

/// A paper's place: the section's and its own position.
pub type Place = (usize, usize);

/// Names that begin alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// `A` to `Z`; `#` for what begins with none of them.
    pub letter: char,
    /// The names in order.
    pub entries: Vec<Entry>,
}

/// A name and where it occurs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The name as an index shows it, the family's first: `Brown, Tom B.`
    pub name: String,
    /// The papers in reading order, each once.
    pub places: Vec<Place>,
}

/// A list of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// What its entries are.
    pub kind: Kind,
    /// The entries by letter; never empty.
    pub groups: Vec<Group>,
}

/// What the entries of a list are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Titles of papers.
    Papers,
    /// Authors' names.
    Authors,
    /// Tags.
    Tags,
}

impl Kind {
    /// The list's heading.
    #[must_use]
    pub fn label(self) -> Label {
        match self {
            Self::Papers => Label::Papers,
            Self::Authors => Label::Authors,
            Self::Tags => Label::Tags,
        }
    }

    /// A name for addresses.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Papers => "papers",
            Self::Authors => "authors",
            Self::Tags => "tags",
        }
    }
}

/// The lists of an issue's index that have entries, in reading order. Only a book of several
/// issues lists papers: in one issue the contents do.
#[must_use]
pub fn lists(issue: &Issue) -> Vec<List> {
    let papers = if issue.parts.is_empty() {
        Vec::new()
    } else {
        titles(issue)
    };
    [
        (Kind::Papers, papers),
        (Kind::Authors, authors(issue)),
        (Kind::Tags, tags(issue)),
    ]
    .into_iter()
    .filter(|(_, groups)| !groups.is_empty())
    .map(|(kind, groups)| List { kind, groups })
    .collect()
}

/// Whether an issue is so long that readers look names up, and has any; a book always is.
#[must_use]
pub fn is_wanted(issue: &Issue) -> bool {
    if !issue.parts.is_empty() {
        return issue.papers().next().is_some();
    }
    let has_names = |paper: &Paper| {
        let mut authors = paper.authors.iter();
        !paper.tags.is_empty() || authors.any(|author| !is_and_others(author))
    };
    issue.papers().count() > FEWEST_PAPERS && issue.papers().any(has_names)
}

/// The authors of an issue's papers.
#[must_use]
pub fn authors(issue: &Issue) -> Vec<Group> {
    let names = papers(issue).flat_map(|(place, paper)| {
        paper
            .authors
            .iter()
            .filter(|author| !is_and_others(author))
            .map(move |author| (inverted(author), place))
    });
    grouped(names)
}

/// The tags of an issue's papers.
#[must_use]
pub fn tags(issue: &Issue) -> Vec<Group> {
    grouped(
        papers(issue)
            .flat_map(|(place, paper)| paper.tags.iter().map(move |tag| (tag.clone(), place))),
    )
}

/// The titles of an issue's papers; one that stands in several issues of a book is one entry.
#[must_use]
pub fn titles(issue: &Issue) -> Vec<Group> {
    let titles = papers(issue).map(|(place, paper)| {
        let title = paper.plain_title();
        let is_seen = title.chars().any(char::is_alphanumeric);
        (if is_seen { title } else { paper.id.clone() }, place)
    });
    grouped_by(titles, |title| key(without_article(title)))
}

/// A title from the word on that it is looked up by: `A`, `An` and `The` do not count
/// (ISO 999, 7.4).
fn without_article(title: &str) -> &str {
    let start = title.find(char::is_alphanumeric).unwrap_or(0);
    let title = title.get(start..).unwrap_or(title);
    ["a ", "an ", "the "]
        .into_iter()
        .find_map(|article| {
            let (first, rest) = title.split_at_checked(article.len())?;
            first.eq_ignore_ascii_case(article).then_some(rest)
        })
        .filter(|rest| rest.chars().any(char::is_alphanumeric))
        .unwrap_or(title)
}

fn papers(issue: &Issue) -> impl Iterator<Item = (Place, &Paper)> {
    issue
        .sections
        .iter()
        .enumerate()
        .flat_map(|(number, section)| {
            section
                .papers
                .iter()
                .enumerate()
                .map(move |(position, paper)| ((number, position), paper))
        })
}

fn grouped(names: impl Iterator<Item = (String, Place)>) -> Vec<Group> {
    grouped_by(names, key)
}

fn grouped_by(
    names: impl Iterator<Item = (String, Place)>,
    key: impl Fn(&str) -> Key,
) -> Vec<Group> {
    let mut entries: BTreeMap<(Key, String), Vec<Place>> = BTreeMap::new();
    for (name, place) in names {
        let places = entries.entry((key(&name), name)).or_default();
        if places.last() != Some(&place) {
            places.push(place);
        }
    }
    let mut groups: Vec<Group> = Vec::new();
    for ((key, name), places) in entries {
        let entry = Entry { name, places };
        match groups.last_mut() {
            Some(group) if group.letter == key.letter() => group.entries.push(entry),
            _ => groups.push(Group {
                letter: key.letter(),
                entries: vec![entry],
            }),
        }
    }
    groups
}

/// `Brown, Tom B.` of `Tom B. Brown`: the last word is the family's, with the lower-case
/// words before it, as BibTeX has it. Names in other scripts, of one word, or turned
/// already stay as they are.
fn inverted(name: &str) -> String {
    let is_latin = name.chars().all(|character| {
        !character.is_alphabetic()
            || character < '\u{250}'
            || ('\u{1e00}'..='\u{1eff}').contains(&character)
    });
    let words: Vec<&str> = name.split_whitespace().collect();
    if !is_latin || name.contains(',') || words.len() < 2 {
        return name.to_owned();
    }
    let is_particle = |word: &&str| word.chars().next().is_some_and(char::is_lowercase);
    let is_suffix = |word: &str| {
        matches!(
            word.trim_end_matches('.'),
            "Jr" | "Sr" | "II" | "III" | "IV"
        )
    };
    let mut last = words.len() - 1;
    if last > 1 && words.get(last).is_some_and(|word| is_suffix(word)) {
        last -= 1;
    }
    let particles = words
        .get(1..last)
        .unwrap_or_default()
        .iter()
        .rev()
        .take_while(|word| is_particle(word))
        .count();
    let (given, family) = words.split_at(last - particles);
    format!("{}, {}", family.join(" "), given.join(" "))
}

/// What a name is ordered by: its first letter, then its letters without marks and case;
/// Chinese by its sound.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    /// Names that begin with no letter come last.
    is_other: bool,
    letter: char,
    /// Chinese after Latin under the same letter.
    is_han: bool,
    /// Letters, or what stands for the sound of Han characters.
    rest: Vec<u16>,
}

impl Key {
    fn letter(&self) -> char {
        if self.is_other { '#' } else { self.letter }
    }
}

fn key(name: &str) -> Key {
    let first = name.chars().find(|character| character.is_alphanumeric());
    if let Some(first) = first.filter(|&first| is_han(first)) {
        let letter = initial(first);
        return Key {
            is_other: letter.is_none(),
            letter: letter.unwrap_or('#'),
            is_han: true,
            rest: name.chars().map(sound).collect(),
        };
    }
    let folded: String = name
        .nfkd()
        .filter(|character| character.is_alphanumeric() || *character == ' ')
        .flat_map(char::to_lowercase)
        .map(unstroked)
        .collect();
    let folded = folded.trim();
    let letter = folded
        .chars()
        .next()
        .map(|first| first.to_ascii_uppercase());
    let letter = letter.filter(char::is_ascii_uppercase);
    Key {
        is_other: letter.is_none(),
        letter: letter.unwrap_or('#'),
        is_han: false,
        rest: folded.encode_utf16().collect(),
    }
}

/// Letters that no decomposition parts from their stroke.
fn unstroked(letter: char) -> char {
    match letter {
        'ø' | 'œ' => 'o',
        'đ' | 'ð' => 'd',
        'ł' => 'l',
        'ħ' => 'h',
        'æ' => 'a',
        'ß' => 's',
        'þ' => 't',
        'ı' => 'i',
        other => other,
    }
}

/// The code of a character in GBK, whose common characters (the first level of GB 2312)
/// stand in the order of their sound; others come after them.
fn sound(character: char) -> u16 {
    let mut buffer = [0; 4];
    let text = character.encode_utf8(&mut buffer);
    let (bytes, _, has_failed) = GBK.encode(text);
    match *bytes {
        [high, low] if !has_failed => {
            let code = u16::from_be_bytes([high, low]);
            // Characters that GB 2312 does not have stand before those that it has.
            if low < 0xa1 || high < 0xb0 {
                code | 0x8000
            } else {
                code & 0x7fff
            }
        }
        _ => u16::MAX,
    }
}

/// The first letter of a Han character's sound, for the characters of GB 2312's first
/// level.
fn initial(character: char) -> Option<char> {
    /// Family names whose sound is not the character's usual one.
    const NAMES: &[(char, char)] = &[
        ('曾', 'Z'),
        ('单', 'S'),
        ('解', 'X'),
        ('仇', 'Q'),
        ('查', 'Z'),
        ('区', 'O'),
        ('朴', 'P'),
        ('翟', 'Z'),
        ('褚', 'C'),
        ('闫', 'Y'),
        ('鄢', 'Y'),
        ('郝', 'H'),
        ('芮', 'R'),
        ('匡', 'K'),
        ('阎', 'Y'),
        ('裴', 'P'),
        ('佟', 'T'),
        ('邹', 'Z'),
        ('郗', 'X'),
        ('祁', 'Q'),
        ('岑', 'C'),
        ('阮', 'R'),
        ('邱', 'Q'),
        ('龚', 'G'),
    ];
    /// Where each letter's characters begin in GB 2312.
    const LETTERS: &[(u16, char)] = &[
        (0xb0a1, 'A'),
        (0xb0c5, 'B'),
        (0xb2c1, 'C'),
        (0xb4ee, 'D'),
        (0xb6ea, 'E'),
        (0xb7a2, 'F'),
        (0xb8c1, 'G'),
        (0xb9fe, 'H'),
        (0xbbf7, 'J'),
        (0xbfa6, 'K'),
        (0xc0ac, 'L'),
        (0xc2e8, 'M'),
        (0xc4c3, 'N'),
        (0xc5b6, 'O'),
        (0xc5be, 'P'),
        (0xc6da, 'Q'),
        (0xc8bb, 'R'),
        (0xc8f6, 'S'),
        (0xcbfa, 'T'),
        (0xcdda, 'W'),
        (0xcef4, 'X'),
        (0xd1b9, 'Y'),
        (0xd4d1, 'Z'),
        (0xd7fa, '#'),
    ];
    if let Some((_, letter)) = NAMES.iter().find(|(name, _)| *name == character) {
        return Some(*letter);
    }
    let code = sound(character) | 0x8000;
    if sound(character) & 0x8000 != 0 {
        return None;
    }
    let after = LETTERS.partition_point(|(start, _)| *start <= code);
    let (_, letter) = LETTERS.get(after.checked_sub(1)?)?;
    Some(*letter).filter(|letter| *letter != '#')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_name_comes_first() {
        assert_eq!(inverted("Tom B. Brown"), "Brown, Tom B.");
        assert_eq!(inverted("Aäron van den Oord"), "van den Oord, Aäron");
        assert_eq!(
            inverted("Martin Luther King Jr."),
            "King Jr., Martin Luther"
        );
        assert_eq!(inverted("Brown, Tom"), "Brown, Tom");
        assert_eq!(inverted("OpenAI"), "OpenAI");
        assert_eq!(inverted("林舟"), "林舟");
        assert_eq!(inverted("Иван Петров"), "Иван Петров");
    }

    fn order(names: &[&str]) -> Vec<(char, String)> {
        let names = names.iter().map(|name| ((*name).to_owned(), (0, 0)));
        grouped(names)
            .into_iter()
            .flat_map(|group| {
                let letter = group.letter;
                group
                    .entries
                    .into_iter()
                    .map(move |entry| (letter, entry.name))
            })
            .collect()
    }

    #[test]
    fn names_stand_by_letter_whatever_their_marks_and_chinese_by_its_sound() {
        let found = order(&[
            "Zoë",
            "张三",
            "Ångström",
            "abel",
            "李四",
            "Łukasz",
            "曾五",
            "Émile",
            "42",
        ]);
        let found: Vec<(char, &str)> = found
            .iter()
            .map(|(letter, name)| (*letter, name.as_str()))
            .collect();
        assert_eq!(
            found,
            [
                ('A', "abel"),
                ('A', "Ångström"),
                ('E', "Émile"),
                ('L', "Łukasz"),
                ('L', "李四"),
                ('Z', "Zoë"),
                ('Z', "曾五"),
                ('Z', "张三"),
                ('#', "42"),
            ]
        );
    }

    #[test]
    fn a_name_of_several_papers_is_told_once() {
        let names = [("A", (0, 0)), ("A", (0, 2)), ("A", (0, 2)), ("A", (1, 0))];
        let groups = grouped(
            names
                .into_iter()
                .map(|(name, place)| (name.to_owned(), place)),
        );
        assert_eq!(groups.len(), 1);
        assert_eq!(groups[0].entries[0].places, [(0, 0), (0, 2), (1, 0)]);
    }

    #[test]
    fn a_title_is_looked_up_without_its_article() {
        for (title, word) in [
            ("A Simple Framework", "Simple Framework"),
            ("“The Bitter Lesson”", "Bitter Lesson”"),
            ("AN IMAGE", "IMAGE"),
            ("Attention", "Attention"),
            ("A* Search", "A* Search"),
            ("The", "The"),
            ("A ?", "A ?"),
            ("《强化学习》综述", "强化学习》综述"),
            ("é", "é"),
        ] {
            assert_eq!(without_article(title), word, "{title}");
        }
    }

    #[test]
    fn a_character_s_letter_is_that_of_its_sound() {
        for (character, letter) in [
            ('啊', 'A'),
            ('北', 'B'),
            ('王', 'W'),
            ('许', 'X'),
            ('座', 'Z'),
        ] {
            assert_eq!(initial(character), Some(letter), "{character}");
        }
        assert_eq!(initial('鼙'), None);
    }
}
