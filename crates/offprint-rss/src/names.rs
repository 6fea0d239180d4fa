//! What the feeds of sections and tags are called.
//!
//! A name follows from the section or tag alone and from nothing else that exists, so that
//! a feed never moves: the curator's own name, else a section's given id, else the title's
//! Latin letters and digits. What those do not tell apart (`C++` and `C#`, other scripts)
//! has a hash of the title at its end.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use offprint_core::Section;
use offprint_core::export::is_portable_name;
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The longest slug, in characters, without its hash.
const LONGEST: usize = 60;
/// How many bytes of a hash stand in a slug: among 10,000 titles, two share it once in
/// twenty thousand series.
const HASH: usize = 5;

/// A title or tag as it is compared: the same words in other case or width, with other
/// blanks, are the same.
pub(crate) fn fold(title: &str) -> String {
    let folded: String = title.nfkc().flat_map(char::to_lowercase).collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a text may name a feed.
pub(crate) fn is_slug(text: &str) -> bool {
    text.len() <= LONGEST
        && is_portable_name(text)
        && !text.starts_with('-')
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// What the feed of a section is called; `None` for a section without a title.
pub(crate) fn of_section(section: &Section, names: &BTreeMap<String, String>) -> Option<String> {
    let title = fold(&section.title);
    if title.is_empty() {
        return None;
    }
    if let Some(name) = names.get(&title) {
        return Some(name.clone());
    }
    let id = section.id.to_ascii_lowercase();
    if is_slug(&id) && !is_ordinal(&id) {
        return Some(id);
    }
    Some(slug(&title))
}

/// What the feed of a tag is called; `None` for a tag that says nothing.
pub(crate) fn of_tag(tag: &str, names: &BTreeMap<String, String>) -> Option<String> {
    let tag = fold(tag);
    if tag.is_empty() {
        return None;
    }
    Some(names.get(&tag).cloned().unwrap_or_else(|| slug(&tag)))
}

/// Whether an id is only a section's place in its issue.
fn is_ordinal(id: &str) -> bool {
    id.strip_prefix("section-")
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The slug of a folded title.
fn slug(title: &str) -> String {
    let mut slug = String::new();
    let mut is_whole = true;
    for character in title
        .nfd()
        .filter(|&character| !is_combining_mark(character))
    {
        if character.is_ascii_alphanumeric() {
            slug.push(character);
            continue;
        }
        // Marks that part words; all others mean something.
        is_whole &= character.is_whitespace() || "-_.,:;/&'\"()[]".contains(character);
        if !slug.is_empty() && !slug.ends_with('-') && character != '\'' {
            slug.push('-');
        }
    }
    if slug.len() > LONGEST {
        slug.truncate(LONGEST);
        is_whole = false;
    }
    slug.truncate(slug.trim_end_matches('-').len());
    if is_whole && is_slug(&slug) {
        return slug;
    }
    if !slug.is_empty() {
        slug.push('-');
    }
    for byte in Sha256::digest(title.as_bytes()).iter().take(HASH) {
        let _ = write!(slug, "{byte:02x}");
    }
    slug
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(tag: &str) -> String {
        of_tag(tag, &BTreeMap::new()).unwrap()
    }

    fn section(id: &str, title: &str) -> Section {
        Section {
            id: id.to_owned(),
            title: title.to_owned(),
            intro: Vec::new(),
            papers: Vec::new(),
        }
    }

    #[test]
    fn latin_titles_are_their_own_names() {
        assert_eq!(tag("Representation  Learning"), "representation-learning");
        assert_eq!(tag("Vision & Language"), "vision-language");
        assert_eq!(tag("Café"), "cafe");
        assert_eq!(tag("ＮＬＰ"), tag("nlp"));
        assert_eq!(tag("GPT-4"), "gpt-4");
        assert_eq!(tag("Moore's law"), "moores-law");
    }

    #[test]
    fn what_letters_do_not_tell_apart_has_a_hash() {
        let names = [
            "C",
            "C++",
            "C#",
            "记忆",
            "自监督",
            "π",
            "con",
            "🧪",
            "ß",
            "+-",
        ]
        .map(tag);
        let unique: std::collections::BTreeSet<&String> = names.iter().collect();
        assert_eq!(unique.len(), names.len(), "{names:?}");
        assert_eq!(names[0], "c");
        for name in &names {
            assert!(
                is_slug(name)
                    && offprint_core::RelativePath::new(format!("tags/{name}.xml")).is_ok(),
                "{name}"
            );
        }
        assert_eq!(tag("记忆 Transformer"), tag("记忆  transformer"));
        assert!(tag("记忆 Transformer").starts_with("transformer-"));
    }

    #[test]
    fn long_titles_with_one_beginning_have_names_of_their_own() {
        let long = "word ".repeat(40);
        let (one, two) = (tag(&format!("{long}a")), tag(&format!("{long}b")));
        assert_ne!(one, two);
        assert!(one.len() <= LONGEST + 1 + 2 * HASH, "{one}");
    }

    #[test]
    fn a_section_goes_by_its_given_id_and_never_by_its_place() {
        let none = BTreeMap::new();
        let name = |id, title, names: &BTreeMap<_, _>| of_section(&section(id, title), names);
        assert_eq!(name("memory", "记忆", &none).unwrap(), "memory");
        assert_eq!(name("section-2", "Memory", &none).unwrap(), "memory");
        assert_eq!(
            name("section-2", "记忆", &none),
            name("section-7", "记忆", &none)
        );
        assert_eq!(name("section-1", " ", &none), None);
        let named = BTreeMap::from([("记忆".to_owned(), "mem".to_owned())]);
        assert_eq!(name("memory", "记忆 ", &named).unwrap(), "mem");
        assert_eq!(of_tag("记忆", &named).unwrap(), "mem");
    }
}
