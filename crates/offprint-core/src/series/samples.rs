//! Cards for tests, made of issues as the program reads them.

use std::fmt::Write as _;

use super::Card;
use crate::load::{self, Form, Location};
use crate::model::Series;
use crate::source::Source;

/// A series with an id.
pub(crate) fn series() -> Series {
    Series {
        id: "weekly".to_owned(),
        url: Some("https://weekly.example.org/".to_owned()),
        declaration: Some("All rights reserved.".to_owned()),
        ..Series::default()
    }
}

/// The card of an issue with this id, these front matter fields and papers: each its title,
/// and its fields on lines of their own.
pub(crate) fn card(id: &str, facts: &str, papers: &[(&str, &str)]) -> Card {
    let mut text = format!("---\nlang: en\n{facts}\n---\n\n## Section\n");
    if !facts.contains("title:") {
        text.insert_str("---\n".len(), &format!("title: Title of {id}\n"));
    }
    for (title, fields) in papers {
        let _ = write!(text, "\n### {title}\n\n");
        for field in fields.lines() {
            let _ = writeln!(text, "- {field}");
        }
        text.push_str("\nWords.\n");
    }
    let source = Source::new(format!("issues/{id}.md"), text);
    let location = Location {
        folder: "issues".to_owned(),
        stem: id.to_owned(),
    };
    let loaded = load::issue(&source, Form::Markdown, &location, &series());
    let Some(issue) = loaded.value else {
        panic!("{id}: {:?}", loaded.diagnostics);
    };
    Card::of(&issue, &source, &loaded.places)
}

/// Findings as `id line of the file: code message`.
pub(crate) fn told(cards: &[Card], found: &[super::Across]) -> Vec<String> {
    found
        .iter()
        .map(|across| {
            let card = &cards[across.card];
            let diagnostic = &across.diagnostic;
            assert!(!across.span.is_empty(), "{diagnostic:?}");
            format!("{} {}: {}", card.id, diagnostic.code, diagnostic.message)
        })
        .collect()
}
