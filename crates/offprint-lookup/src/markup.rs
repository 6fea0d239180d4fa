//! Titles and abstracts as publishers deposit them: HTML, JATS and formulas, in JSON.

use html5gum::{DefaultEmitter, Token, Tokenizer};

/// The words of marked-up text, paragraphs divided by a blank line. TeX is put in dollar signs,
/// the heading `Abstract` is left out.
pub(crate) fn words(marked: &str) -> String {
    let once = stripped(marked);
    // Some publishers escape twice.
    if ["&lt;", "&amp;", "&gt;", "&#"]
        .iter()
        .any(|sign| once.contains(sign))
    {
        return stripped(&once);
    }
    once
}

fn stripped(marked: &str) -> String {
    let mut out = String::new();
    let mut title: Option<usize> = None;
    let mut tex = false;
    let mut hidden = 0_usize;
    for token in Tokenizer::new_with_emitter(marked, DefaultEmitter::<()>::default()).flatten() {
        match token {
            Token::StartTag(tag) => match local(&tag.name) {
                b"p" | b"sec" | b"list" | b"list-item" | b"br" => out.push_str("\n\n"),
                b"title" => {
                    out.push_str("\n\n");
                    title = Some(out.len());
                }
                b"tex-math" => {
                    tex = true;
                    out.push('$');
                }
                // The same formula for others.
                b"annotation" | b"annotation-xml" if !tag.self_closing => hidden += 1,
                _ => {}
            },
            Token::EndTag(tag) => match local(&tag.name) {
                b"p" | b"sec" => out.push_str("\n\n"),
                b"title" => {
                    if let Some(start) = title.take() {
                        let heading = out.get(start..).unwrap_or_default().trim();
                        if ["abstract", "summary", "摘要", "background"]
                            .iter()
                            .any(|name| heading.eq_ignore_ascii_case(name))
                        {
                            out.truncate(start);
                        } else if !heading.is_empty() {
                            out.push_str(": ");
                        }
                    }
                }
                b"tex-math" => {
                    tex = false;
                    out.push('$');
                }
                b"annotation" | b"annotation-xml" => hidden = hidden.saturating_sub(1),
                _ => {}
            },
            Token::String(text) if hidden == 0 => {
                let text = String::from_utf8_lossy(&text.value);
                if tex {
                    out.push_str(text.trim().trim_matches('$'));
                } else {
                    out.push_str(&text);
                }
            }
            Token::String(_) | Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    out.split("\n\n")
        .map(|paragraph| paragraph.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|paragraph| !paragraph.is_empty())
        .collect::<Vec<_>>()
        .join("\n\n")
}

/// A tag's name without its namespace: `p` of `jats:p`.
fn local(name: &[u8]) -> &[u8] {
    name.rsplit(|&byte| byte == b':').next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_left_of_every_kind_of_markup() {
        for (marked, wanted) in [
            ("A <i>Study</i> of H<sub>2</sub>O", "A Study of H2O"),
            ("Fish &amp; Chips", "Fish & Chips"),
            (
                "Fish &amp;amp; Chips &amp;lt;i&amp;gt;x&amp;lt;/i&amp;gt;",
                "Fish & Chips <i>x</i>",
            ),
            (
                "<jats:title>Abstract</jats:title><jats:p>One.\n  Two.</jats:p><jats:p>Three.</jats:p>",
                "One. Two.\n\nThree.",
            ),
            (
                "<jats:sec><jats:title>Methods</jats:title><jats:p>We fold.</jats:p></jats:sec>",
                "Methods:\n\nWe fold.",
            ),
            (
                "in <jats:inline-formula><jats:tex-math>$$O(n)$$</jats:tex-math></jats:inline-formula> time",
                "in $O(n)$ time",
            ),
            ("plain < less", "plain < less"),
            ("", ""),
        ] {
            assert_eq!(words(marked), wanted, "{marked}");
        }
    }
}
