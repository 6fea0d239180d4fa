//! Where in an issue an exporter's finding belongs.

use std::fmt::Write as _;
use std::sync::Arc;

use offprint_core::{Diagnostic, Place, Source};

use crate::project::{Finding, LoadedIssue, Project, start_of};

/// An exporter's findings with their places, in the order of the file.
pub(crate) fn locate_all(
    diagnostics: Vec<Diagnostic>,
    issue: Option<&LoadedIssue>,
    project: &Project,
) -> Vec<Finding> {
    let mut findings: Vec<Finding> = diagnostics
        .into_iter()
        .map(|diagnostic| locate(diagnostic, issue, project))
        .collect();
    findings.sort_by_key(|finding| start_of(&finding.diagnostic));
    findings
}

/// An exporter's finding with its place: where the character that it names stands first,
/// in the issue or the series, else the issue's file.
fn locate(mut diagnostic: Diagnostic, issue: Option<&LoadedIssue>, project: &Project) -> Finding {
    let Some(issue) = issue else {
        return diagnostic.into();
    };
    if diagnostic.place.is_none() {
        diagnostic.place = named_character(&diagnostic.message).and_then(|named| {
            [issue.origin.source(), project.settings.as_ref()]
                .into_iter()
                .flatten()
                .find_map(|source| place_of(source, named))
        });
    }
    let file = diagnostic
        .place
        .is_none()
        .then(|| issue.origin.name.clone());
    Finding { diagnostic, file }
}

/// The character that a message names in backquotes.
fn named_character(message: &str) -> Option<char> {
    message.split('`').skip(1).step_by(2).find_map(|named| {
        let mut characters = named.chars();
        characters.next().filter(|_| characters.next().is_none())
    })
}

/// Where a file first has a character, as itself or in the spellings of its formats.
fn place_of(source: &Arc<Source>, character: char) -> Option<Place> {
    let point = u32::from(character);
    let mut spellings = vec![
        character.to_string(),
        // YAML and TOML; Markdown.
        format!("\\U{point:08x}"),
        format!("\\U{point:08X}"),
        format!("&#x{point:x};"),
        format!("&#x{point:X};"),
        format!("&#{point};"),
    ];
    // JSON spells characters beyond the first plane as two.
    let [mut small, mut large] = [String::new(), String::new()];
    for unit in character.encode_utf16(&mut [0; 2]) {
        let _ = write!(small, "\\u{unit:04x}");
        let _ = write!(large, "\\u{unit:04X}");
    }
    spellings.extend([small, large]);
    spellings
        .iter()
        .find_map(|spelling| Place::find(source, spelling))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_is_found_in_any_spelling() {
        for (text, character) in [
            ("a ⟟", '⟟'),
            ("a \\u27df", '⟟'),
            ("a \\U000027DF", '⟟'),
            ("a &#x27DF;", '⟟'),
            ("a &#10207;", '⟟'),
            ("a \\ud800\\udf30", '𐌰'),
            ("a \\uD800\\uDF30", '𐌰'),
            ("a \\U00010330", '𐌰'),
        ] {
            let place = place_of(&Source::new("a", text), character).unwrap();
            assert_eq!(place.span, 2..text.len(), "{text}");
        }
        assert_eq!(place_of(&Source::new("a", "\\u27de"), '⟟'), None);
    }
}
