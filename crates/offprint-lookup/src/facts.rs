//! What a service said of a paper, as it is kept.

use std::fmt::Write as _;

use jiff::civil::Date;
use offprint_core::Diagnostic;
use offprint_core::bibliography::Entry;
use offprint_core::chars::clean;
use offprint_core::check::identifier;
use offprint_core::check::url::absolute;
use offprint_core::model::{Lang, LinkKind, Status};
use offprint_core::text::{Block, Formula, Inline};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The longest name of a file that is made from an identifier; longer ones are hashed.
const MAX_NAME: usize = 120;

/// Facts. A field that a later version adds is absent from what an earlier one kept.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Facts {
    pub(crate) title: Option<String>,
    pub(crate) authors: Vec<String>,
    pub(crate) venue: Option<String>,
    pub(crate) volume: Option<String>,
    pub(crate) issue: Option<String>,
    pub(crate) pages: Option<String>,
    pub(crate) publisher: Option<String>,
    pub(crate) year: Option<i16>,
    /// `2020-06-10`.
    pub(crate) date: Option<String>,
    /// CSL type.
    pub(crate) kind: Option<String>,
    pub(crate) lang: Option<String>,
    pub(crate) doi: Option<String>,
    pub(crate) isbn: Option<String>,
    pub(crate) pdf: Option<String>,
    /// Paragraphs, with a blank line between.
    pub(crate) summary: Option<String>,
    pub(crate) is_preprint: bool,
    pub(crate) is_withdrawn: bool,
    /// Whether the publisher took it back.
    pub(crate) is_retracted: bool,
}

impl Facts {
    /// Reads what [`write`](Self::write) wrote; `None` if it says nothing.
    pub(crate) fn read(text: &str) -> Option<Self> {
        serde_json::from_str::<Self>(text)
            .ok()
            .filter(|facts| facts.title.is_some())
    }

    pub(crate) fn write(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// Fills what is absent.
    pub(crate) fn fill(&self, entry: &mut Entry) {
        if entry.title.is_none() {
            entry.title = self.title.as_deref().map(line).filter(|it| !it.is_empty());
        }
        if entry.authors.is_empty() {
            let names = self.authors.iter().map(|name| line(name));
            entry.authors = names.filter(|name| !name.is_empty()).collect();
        }
        if entry.venue.is_none() {
            entry.venue = self.venue.as_deref().map(line).filter(|it| !it.is_empty());
        }
        for (own, said) in [
            (&mut entry.volume, &self.volume),
            (&mut entry.issue, &self.issue),
            (&mut entry.pages, &self.pages),
            (&mut entry.publisher, &self.publisher),
        ] {
            if own.is_none() {
                *own = said.as_deref().map(line).filter(|it| !it.is_empty());
            }
        }
        if entry.date.is_none() && entry.year.is_none() {
            entry.date = self
                .date
                .as_deref()
                .and_then(|date| date.parse::<Date>().ok());
            entry.year = self.year.filter(|_| entry.date.is_none());
        }
        if entry.kind.is_none() {
            entry.kind.clone_from(&self.kind);
        }
        if entry.lang.is_none() {
            entry.lang = self.lang.as_deref().and_then(Lang::parse);
        }
        if entry.doi.is_none() {
            entry.doi = self.doi.as_deref().and_then(identifier::doi);
        }
        if entry.isbn.is_none() {
            entry.isbn = self.isbn.as_deref().and_then(identifier::isbn);
        }
        if let Some(pdf) = self.pdf.as_deref().and_then(|pdf| absolute(pdf).ok()) {
            entry.links.entry(LinkKind::Pdf).or_insert(pdf);
        }
        if entry.status.is_none() {
            entry.status = if self.is_withdrawn {
                Some(Status::Withdrawn)
            } else if self.is_preprint && entry.venue.is_none() {
                Some(Status::Preprint)
            } else {
                None
            };
        }
        if entry.abstract_text.is_empty() {
            entry.abstract_text = self
                .summary
                .as_deref()
                .unwrap_or_default()
                .split("\n\n")
                .map(line)
                .filter(|paragraph| !paragraph.is_empty())
                .map(|paragraph| Block::Paragraph(with_formulas(&paragraph)))
                .collect();
        }
    }

    /// What a curator should know before praising a paper.
    pub(crate) fn remark(&self, shown: &str) -> Option<Diagnostic> {
        if self.is_retracted {
            Some(
                Diagnostic::warning(
                    "import::retracted",
                    format!("`{shown}` was retracted by its publisher"),
                )
                .hint("say so in the commentary, or leave the paper out"),
            )
        } else if self.is_withdrawn {
            Some(
                Diagnostic::warning(
                    "import::withdrawn",
                    format!("`{shown}` was withdrawn by its authors"),
                )
                .hint("say so in the commentary, or leave the paper out"),
            )
        } else {
            None
        }
    }
}

/// Text on one line.
pub(crate) fn line(text: &str) -> String {
    clean(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Words with the formulas between dollar signs, by the rule that titles have: the signs hug
/// the formula, and no digit follows the last.
fn with_formulas(text: &str) -> Vec<Inline> {
    let mut out = Vec::new();
    let mut words = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        words.push_str(before);
        if words.ends_with('\\') {
            words.pop();
            words.push('$');
            rest = after;
            continue;
        }
        // `$$…$$` is a formula as well.
        let (mark, inner) = match after.strip_prefix('$') {
            Some(inner) => ("$$", inner),
            None => ("$", after),
        };
        let closed = inner.split_once(mark).filter(|(tex, after)| {
            !tex.trim().is_empty()
                && !tex.starts_with(' ')
                && !tex.ends_with([' ', '\\'])
                && !after.starts_with(|next: char| next.is_ascii_digit())
        });
        if let Some((tex, after)) = closed {
            if !words.is_empty() {
                out.push(Inline::Text(std::mem::take(&mut words)));
            }
            out.push(Inline::Math(Formula {
                tex: tex.trim().to_owned(),
            }));
            rest = after;
        } else {
            words.push_str(mark);
            rest = inner;
        }
    }
    words.push_str(rest);
    if !words.is_empty() {
        out.push(Inline::Text(words));
    }
    out
}

/// A name that fits every file system, another one for every identifier.
pub(crate) fn file_name(kind: &str, id: &str) -> String {
    let mut name = format!("{kind}-");
    for byte in id.bytes() {
        if byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-') {
            name.push(char::from(byte));
        } else {
            // Upper case too: some file systems do not tell it from lower case.
            let _ = write!(name, "_{byte:02x}");
        }
    }
    if name.len() > MAX_NAME {
        let digest = Sha256::digest(id.as_bytes());
        name = format!("{kind}-");
        for byte in digest {
            let _ = write!(name, "{byte:02x}");
        }
        name.push_str("_hash");
    }
    name.push_str(".json");
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_differ_as_identifiers_do() {
        assert_eq!(
            file_name("arxiv", "2006.05929v2"),
            "arxiv-2006.05929v2.json"
        );
        assert_eq!(
            file_name("doi", "10.1000/a_B"),
            "doi-10.1000_2fa_5f_42.json"
        );
        assert_eq!(file_name("arxiv", "../../x"), "arxiv-.._2f.._2fx.json");
        assert!(file_name("doi", &"a/".repeat(250)).len() < 100);
        assert_ne!(file_name("openreview", "aB"), file_name("openreview", "ab"));
    }

    #[test]
    fn what_is_said_already_stays() {
        let facts = Facts {
            title: Some("Theirs".to_owned()),
            authors: vec!["Ada Lovelace".to_owned()],
            date: Some("2020-06-10".to_owned()),
            is_preprint: true,
            ..Facts::default()
        };
        let mut entry = Entry {
            title: Some("Mine".to_owned()),
            year: Some(2019),
            venue: Some("ICLR".to_owned()),
            ..Entry::default()
        };
        facts.fill(&mut entry);
        assert_eq!(entry.title.as_deref(), Some("Mine"));
        assert_eq!((entry.year, entry.date), (Some(2019), None));
        assert_eq!(entry.authors, ["Ada Lovelace"]);
        assert_eq!(entry.status, None, "it appeared");
    }

    #[test]
    fn formulas_are_told_from_prices() {
        let math = |tex: &str| {
            Inline::Math(Formula {
                tex: tex.to_owned(),
            })
        };
        let text = |words: &str| Inline::Text(words.to_owned());
        assert_eq!(
            with_formulas("in $O(n)$ time for $5 or $6, $$x$$"),
            [
                text("in "),
                math("O(n)"),
                text(" time for $5 or $6, "),
                math("x")
            ]
        );
        assert_eq!(with_formulas("a \\$b$c$"), [text("a $b"), math("c")]);
        assert_eq!(with_formulas("$"), [text("$")]);
    }
}
