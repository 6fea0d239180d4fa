//! Names of authors, as far as they can be taken apart.

/// A name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Name {
    /// A person of whose name the parts are known.
    Person {
        /// The family's name, with the particles that belong to it (`van der Maaten`).
        family: String,
        /// What stands before it.
        given: String,
        /// `Jr.` and the like.
        suffix: Option<String>,
    },
    /// A name that is taken as it stands: of a group, of one word, in another script.
    Whole(String),
}

/// Words that no person is called.
const GROUPS: [&str; 18] = [
    "team",
    "group",
    "collaboration",
    "consortium",
    "committee",
    "project",
    "lab",
    "labs",
    "laboratory",
    "university",
    "institute",
    "association",
    "foundation",
    "network",
    "research",
    "inc",
    "ltd",
    "corporation",
];

impl Name {
    /// Takes a name apart. `Family, Given` says itself what is what; in Latin script without
    /// a comma the last word is the family's, with the lower-case words before it (`van der`),
    /// as BibTeX has it.
    #[must_use]
    pub fn of(written: &str) -> Self {
        // Chinese names have neither comma nor blank.
        if let Some((family, given)) = written.split_once([',', '，'])
            && [family, given].iter().all(|part| is_chinese(part.trim()))
        {
            return Self::Whole(format!("{}{}", family.trim(), given.trim()));
        }
        let whole = || Self::Whole(written.to_owned());
        if !is_latin(written) || is_group(written) {
            return whole();
        }
        let parts: Vec<&str> = written.split(',').map(str::trim).collect();
        match parts.as_slice() {
            [words] => Self::of_words(words).unwrap_or_else(whole),
            [name, suffix] if is_suffix(suffix) => match Self::of_words(name) {
                Some(Self::Person { family, given, .. }) => Self::Person {
                    family,
                    given,
                    suffix: Some((*suffix).to_owned()),
                },
                Some(Self::Whole(_)) | None => whole(),
            },
            [family, given] => person(family, given, None).unwrap_or_else(whole),
            [family, suffix, given] if is_suffix(suffix) => {
                person(family, given, Some(suffix)).unwrap_or_else(whole)
            }
            _ => whole(),
        }
    }

    /// The name as a list of authors shows it: given name first, unless it is Chinese.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Person {
                family,
                given,
                suffix,
            } => {
                let suffix = suffix.as_ref().map(|suffix| format!(" {suffix}"));
                format!("{given} {family}{}", suffix.unwrap_or_default())
            }
            Self::Whole(name) => name.clone(),
        }
    }

    fn of_words(name: &str) -> Option<Self> {
        let mut words: Vec<&str> = name.split_whitespace().collect();
        let suffix = words.last().copied().filter(|word| is_suffix(word));
        if suffix.is_some() {
            words.pop();
        }
        let last = words.len().checked_sub(1)?;
        let is_particle = |word: &&str| word.starts_with(char::is_lowercase);
        let particles = words
            .get(1..last)?
            .iter()
            .rev()
            .take_while(|word| is_particle(word))
            .count();
        let (given, family) = words.split_at_checked(last - particles)?;
        // `Nguyễn Văn A` begins with the family's name: a last word of one letter is none.
        if family.iter().all(|word| word.chars().count() == 1) {
            return None;
        }
        person(&family.join(" "), &given.join(" "), suffix)
    }

    /// The family's name; of a name that is not taken apart, its only word.
    #[must_use]
    pub fn family(&self) -> Option<&str> {
        match self {
            Self::Person { family, .. } => Some(family),
            Self::Whole(name) => (!name.contains(' ')).then_some(name),
        }
    }
}

fn person(family: &str, given: &str, suffix: Option<&str>) -> Option<Name> {
    (!family.is_empty() && !given.is_empty()).then(|| Name::Person {
        family: family.to_owned(),
        given: given.to_owned(),
        suffix: suffix.map(str::to_owned),
    })
}

fn is_chinese(part: &str) -> bool {
    !part.is_empty() && part.chars().all(crate::chars::is_han)
}

fn is_suffix(word: &str) -> bool {
    matches!(
        word.trim_end_matches('.'),
        "Jr" | "Sr" | "II" | "III" | "IV"
    )
}

fn is_group(name: &str) -> bool {
    name.chars()
        .any(|character| character.is_ascii_digit() || "&/@()".contains(character))
        || name
            .split(|character: char| !character.is_alphanumeric())
            .any(|word| GROUPS.contains(&word.to_ascii_lowercase().as_str()))
        || name
            .split_whitespace()
            .any(|word| matches!(word, "and" | "of" | "the"))
}

fn is_latin(name: &str) -> bool {
    name.chars().all(|character| {
        !character.is_alphabetic()
            || character < '\u{250}'
            || ('\u{1e00}'..='\u{1eff}').contains(&character)
    })
}

/// Whether a list of authors ends with this instead of a name.
#[must_use]
pub fn is_and_others(author: &str) -> bool {
    let author = author.trim_end_matches('.').to_ascii_lowercase();
    matches!(author.as_str(), "et al" | "等" | "others" | "and others")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(written: &str) -> String {
        match Name::of(written) {
            Name::Person {
                family,
                given,
                suffix,
            } => [Some(family), Some(given), suffix]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(" | "),
            Name::Whole(name) => name,
        }
    }

    #[test]
    fn names_of_latin_script_are_taken_apart() {
        assert_eq!(told("Ashish Vaswani"), "Vaswani | Ashish");
        assert_eq!(told("Noam M. Shazeer"), "Shazeer | Noam M.");
        assert_eq!(told("Laurens van der Maaten"), "van der Maaten | Laurens");
        assert_eq!(told("Smith, John"), "Smith | John");
        assert_eq!(told("John Smith Jr."), "Smith | John | Jr.");
        assert_eq!(told("John Smith, Jr."), "Smith | John | Jr.");
        assert_eq!(told("Smith, III, John"), "Smith | John | III");
        assert_eq!(told("José Álvarez"), "Álvarez | José");
        assert_eq!(told("Van Nguyen"), "Nguyen | Van");
    }

    #[test]
    fn other_names_stay_whole() {
        assert_eq!(told("张, 三"), "张三");
        assert_eq!(Name::of("Smith, John").shown(), "John Smith");
        assert_eq!(Name::of("John Smith Jr.").shown(), "John Smith Jr.");
        for name in [
            "张三",
            "日本 太郎",
            "Plato",
            "OpenAI",
            "Gemini Team, Google",
            "The ATLAS Collaboration",
            "Barnes and Noble",
            "Иван Иванов",
            "O, A, B, C",
            ",",
            "",
            "Jr.",
            "AT&T Labs",
            "Nguyễn Văn A",
        ] {
            assert_eq!(told(name), name);
        }
    }
}
