//! What others say, fit for a message.

/// `text` in one line of at most `most` characters, without controls of terminals and of the
/// direction of text.
pub(crate) fn line(text: &str, most: usize) -> String {
    let is_shown = |c: &char| !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let mut characters = text
        .trim()
        .chars()
        .filter(is_shown)
        .map(|c| if c.is_control() { ' ' } else { c });
    let mut line: String = characters.by_ref().take(most).collect();
    if characters.next().is_some() {
        line.push('…');
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_told_nothing_but_text() {
        assert_eq!(line(" a\u{1b}[31m\n\u{202e}图 ", 80), "a [31m 图");
        assert_eq!(line("图图图", 2), "图图…");
    }
}
