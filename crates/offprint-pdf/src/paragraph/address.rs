//! Where lines end inside of addresses.

use std::ops::Range;

use offprint_core::chars::is_wide;

/// Addresses in a text: what stands around `://`, after `www.` and after a DOI's `10.`.
pub(super) fn addresses(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    if !text.contains("://") && !text.contains("www.") && !text.contains("10.") {
        return found;
    }
    let mut rest = 0;
    while let Some(token) = text.get(rest..).and_then(|text| next_token(text, rest)) {
        rest = token.end;
        let word = text.get(token.clone()).unwrap_or_default();
        if is_address(word) {
            found.push(token);
        }
    }
    found
}

/// The next characters, from a place on, that an address could be made of.
fn next_token(text: &str, at: usize) -> Option<Range<usize>> {
    let is_part = |character: char| {
        !character.is_whitespace()
            && !is_wide(character)
            && !matches!(
                character,
                '“' | '”' | '‘' | '’' | '(' | ')' | '<' | '>' | '"'
            )
    };
    let start = text.find(is_part)?;
    let length = text
        .get(start..)?
        .find(|character| !is_part(character))
        .unwrap_or(text.len() - start);
    Some(at + start..at + start + length)
}

fn is_address(word: &str) -> bool {
    let is_doi = word.split_once('/').is_some_and(|(registrant, _)| {
        registrant
            .strip_prefix("10.")
            .is_some_and(|digits| digits.len() >= 4 && digits.chars().all(|c| c.is_ascii_digit()))
    });
    is_doi || word.contains("://") || word.starts_with("www.")
}

/// What it costs to end a line at a place in an address; `None` where readers would not
/// see that it goes on, or what belongs to it.
pub(super) fn address_break(address: &str, at: usize) -> Option<f32> {
    let (before, after) = address.split_at_checked(at)?;
    let last = before.chars().next_back()?;
    let mut following = after.chars();
    let next = following.next()?;
    let goes_on = following.next().is_some_and(char::is_alphanumeric);
    if before.ends_with("//") {
        Some(400.0)
    } else if last == '/' && (next.is_alphanumeric() || next == '~') {
        Some(100.0)
    } else if matches!(next, '?' | '#' | '&' | '=') && goes_on {
        Some(140.0)
    } else if matches!(next, '.' | '-' | '_' | '~' | '%' | '+') && last.is_alphanumeric() && goes_on
    {
        // A line that ended with the mark would seem to end with a stop or a hyphen.
        Some(if last.is_ascii_digit() { 250.0 } else { 160.0 })
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        addresses(text)
            .into_iter()
            .map(|range| text.get(range).unwrap())
            .collect()
    }

    #[test]
    fn addresses_end_before_what_is_around_them() {
        assert_eq!(
            found("见 https://example.org/a?b=1，以及（www.example.org）和 10.1000/xyz-1。"),
            [
                "https://example.org/a?b=1",
                "www.example.org",
                "10.1000/xyz-1"
            ]
        );
        assert_eq!(found("10.5 points and 3.10.2"), [""; 0]);
    }

    #[test]
    fn an_address_breaks_after_slashes_and_before_other_marks() {
        let address = "https://example.org/a-b/index.html?x=1";
        let mut parts = vec![String::new()];
        for (at, character) in address.char_indices() {
            if address_break(address, at).is_some() {
                parts.push(String::new());
            }
            parts.last_mut().unwrap().push(character);
        }
        assert_eq!(
            parts,
            [
                "https://", "example", ".org/", "a", "-b/", "index", ".html", "?x", "=1"
            ]
        );
    }
}
