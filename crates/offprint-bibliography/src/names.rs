//! Names of people as an issue writes them.

use offprint_core::chars::is_han;

/// Family names of two characters; all others have one.
const DOUBLE: [&str; 20] = [
    "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "长孙", "宇文",
    "司徒", "司空", "夏侯", "端木", "百里", "呼延", "南宫", "闻人",
];

/// A name of the parts that a bibliography keeps apart. Chinese names begin with the family's
/// and have no blank in them.
pub(crate) fn joined(family: &str, given: &str, suffix: &str) -> String {
    let (family, given, suffix) = (family.trim(), given.trim(), suffix.trim());
    // Particles that cling to the name: `d’ Alembert`, `'s- Gravesande`.
    let family = ["’ ", "' ", "- "]
        .iter()
        .fold(family.to_owned(), |family, end| {
            family.replace(end, end.trim_end())
        });
    let family = family.as_str();
    if !given.is_empty() && is_chinese(family) && is_chinese(given) {
        return without_blanks(&format!("{family}{given}"));
    }
    let parts = [given, family, suffix];
    let parts = parts.iter().filter(|part| !part.is_empty());
    whole(&parts.copied().collect::<Vec<_>>().join(" "))
}

/// A name that is written as a whole.
pub(crate) fn whole(name: &str) -> String {
    let name = name.trim();
    if is_chinese(name) {
        without_blanks(name)
    } else {
        name.to_owned()
    }
}

/// The names of one written with commas: `Family, Given` or `Family, Suffix, Given`. Chinese
/// writers put commas between names too.
pub(crate) fn of_parts(parts: &[&str]) -> Vec<String> {
    match parts {
        [] => Vec::new(),
        [name] => vec![whole(name)],
        [first, second] if is_chinese(first) && is_chinese(second) => {
            if is_family(first) {
                vec![joined(first, second, "")]
            } else {
                vec![whole(first), whole(second)]
            }
        }
        [family, given] if is_suffix(given) => vec![joined("", family, given)],
        [family, given] => vec![joined(family, given, "")],
        names if names.iter().all(|name| is_chinese(name)) => {
            names.iter().map(|name| whole(name)).collect()
        }
        // RIS has the suffix last.
        [family, given, suffix] if is_suffix(suffix) => vec![joined(family, given, suffix)],
        [family, suffix, given] => vec![joined(family, given, suffix)],
        names => vec![names.join(", ")],
    }
}

/// Whether a list of authors ends with this instead of a name.
pub(crate) fn is_and_others(name: &str) -> bool {
    let name = name.trim().trim_end_matches('.').to_ascii_lowercase();
    matches!(
        name.as_str(),
        "et al" | "等" | "others" | "and others" | "等人"
    )
}

pub(crate) fn is_chinese(name: &str) -> bool {
    let mut letters = name.chars().filter(|letter| !letter.is_whitespace());
    name.chars().any(is_han) && letters.all(|letter| is_han(letter) || letter == '·')
}

fn is_family(name: &str) -> bool {
    name.chars().count() == 1 || DOUBLE.contains(&name)
}

fn is_suffix(word: &str) -> bool {
    let word = word.trim_end_matches('.');
    matches!(word, "Jr" | "Sr" | "II" | "III" | "IV")
}

fn without_blanks(name: &str) -> String {
    name.chars()
        .filter(|letter| !letter.is_whitespace())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_put_in_the_order_of_speech() {
        for (parts, names) in [
            (
                &["van der Maaten", "Laurens"][..],
                &["Laurens van der Maaten"][..],
            ),
            (
                &["King", "Jr.", "Martin Luther"],
                &["Martin Luther King Jr."],
            ),
            (&["John Smith", "Jr."], &["John Smith Jr."]),
            (&["张", "三"], &["张三"]),
            (&["欧阳", "修文"], &["欧阳修文"]),
            (&["张三", "李四"], &["张三", "李四"]),
            (&["张三", "李四", "王五"], &["张三", "李四", "王五"]),
            (&["张 三"], &["张三"]),
            (&["Plato"], &["Plato"]),
            (&["Plato", ""], &["Plato"]),
            (
                &["d’ Alembert", "Jean le Rond"],
                &["Jean le Rond d’Alembert"],
            ),
        ] {
            assert_eq!(of_parts(parts), names);
        }
    }
}
