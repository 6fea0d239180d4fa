//! What a file is.
use crate::Kind;
/// What a file was recognised as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Detected {
    /// A source that can be imported.
    Kind(Kind),
    /// An issue in offprint's own form.
    Issue,
}
/// Recognises a text.
#[must_use]
pub fn detect(name: &str, _text: &str) -> Detected {
    Detected::Kind(match name.rsplit('.').next() {
        Some("csv") => Kind::Csv,
        Some("xml" | "rss" | "atom") => Kind::Feed,
        Some("jsonl") => Kind::JsonLines,
        Some("md") => Kind::Markdown,
        Some("bib") => Kind::Bibtex,
        _ => Kind::Page,
    })
}
