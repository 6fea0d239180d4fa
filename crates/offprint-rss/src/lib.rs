//! RSS 2.0: `feed.xml` with an item an issue, and `papers.xml` with an item a paper.
//!
//! Feeds follow RSS 2.0 with the modules `content`, `dc`, `prism`, `atom` and `media`. What a
//! feed says depends on its issues alone: it knows no clock, and identifiers come from ids
//! and addresses, never from titles, so that mending a title shows no item twice.

mod body;
mod channel;
mod pictures;

use offprint_core::fields::{Fields, Node, NodeValue};
use offprint_core::{
    Artifact, Context, Diagnostic, Edition, Export, ExportError, Exported, RelativePath, Scope,
    Severity,
};

/// How much of an issue `feed.xml` carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// The whole text beside the summary.
    Full,
    /// The summary only.
    Summary,
}

/// The RSS exporter and its settings, `[feed]` in `offprint.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rss {
    /// Whether to write `feed.xml`.
    pub issues: bool,
    /// Whether to write `papers.xml`.
    pub papers: bool,
    /// What an item of `feed.xml` carries.
    pub content: Content,
    /// How many issues the feeds reach back, from the newest.
    pub limit: usize,
    /// The `WebSub` hub that is told of new items: an `http` or `https` URL.
    pub websub: Option<String>,
}

impl Default for Rss {
    fn default() -> Self {
        Self {
            issues: true,
            papers: true,
            content: Content::Full,
            limit: 30,
            websub: None,
        }
    }
}

impl Rss {
    /// Reads the table `[feed]`; faults are reported to `fields`.
    pub fn read(fields: &mut Fields<'_, '_>) -> Self {
        let default = Self::default();
        let (issues, papers) = read_items(fields).unwrap_or((default.issues, default.papers));
        let content = fields
            .choice(
                &["content"],
                &[("full", Content::Full), ("summary", Content::Summary)],
            )
            .unwrap_or(default.content);
        let limit = fields
            .integer(&["limit"], 1..=10_000)
            .and_then(|limit| usize::try_from(limit).ok())
            .unwrap_or(default.limit);
        let websub = read_hub(fields);
        fields.no_effect(
            &["formats"],
            |node| names_only(node, "rss"),
            Some("feeds are made as with `rss`"),
        );
        fields.no_effect(
            &["math"],
            |node| names_only(node, "text"),
            Some("feeds are made as with `text`"),
        );
        Self {
            issues,
            papers,
            content,
            limit,
            websub,
        }
    }
}

/// Which of the two feeds are wanted; `None` when the key is absent.
fn read_items(fields: &mut Fields<'_, '_>) -> Option<(bool, bool)> {
    let nodes = fields.list(&["items"]);
    if nodes.is_empty() {
        return None;
    }
    let (mut issues, mut papers) = (false, false);
    for node in nodes {
        match fields.text_of(node).as_deref() {
            Some("issue") => issues = true,
            Some("paper") => papers = true,
            Some(other) => {
                let unknown =
                    Diagnostic::error("unknown-value", format!("`{other}` is no kind of item"))
                        .at(fields.place_of(node))
                        .hint("write one of issue, paper");
                fields.report(unknown);
            }
            None => {}
        }
    }
    Some((issues, papers))
}

fn read_hub(fields: &mut Fields<'_, '_>) -> Option<String> {
    let (hub, node) = fields.spanned_text(&["websub"])?;
    if hub.starts_with("https://") || hub.starts_with("http://") {
        return Some(hub);
    }
    let wrong = Diagnostic::error("bad-url", format!("`{hub}` is no address of a hub"))
        .at(fields.place_of(node))
        .hint("write the hub's full URL, beginning with https://");
    fields.report(wrong);
    None
}

fn names_only(node: &Node, word: &str) -> bool {
    match &node.value {
        NodeValue::Text(text) => text.trim() == word,
        NodeValue::List(nodes) => nodes.iter().all(|node| names_only(node, word)),
        NodeValue::Null
        | NodeValue::Bool(_)
        | NodeValue::Integer(_)
        | NodeValue::Float(_)
        | NodeValue::Table(_) => false,
    }
}

impl Export for Rss {
    fn name(&self) -> &'static str {
        "rss"
    }

    fn scope(&self) -> Scope {
        Scope::Series
    }

    fn export(
        &self,
        context: &Context<'_>,
        edition: &Edition<'_>,
    ) -> Result<Exported, ExportError> {
        let shown = edition.issues.get(..self.limit).unwrap_or(edition.issues);
        let edition = Edition {
            series: edition.series,
            issues: shown,
        };
        let mut exported = Exported::default();
        let pictures = pictures::Pictures::new(context.assets, edition.series.url.as_deref());
        if self.issues {
            let channel = channel::issues(self, context, &edition, &pictures);
            exported.artifacts.push(artifact("feed.xml", &channel)?);
        }
        if self.papers {
            let channel = channel::papers(self, &edition, &pictures);
            exported.artifacts.push(artifact("papers.xml", &channel)?);
        }
        exported.artifacts.extend(pictures.artifacts());
        if edition.series.url.is_none() && (self.issues || self.papers) {
            exported.warnings.push(no_address());
        }
        Ok(exported)
    }
}

fn no_address() -> Diagnostic {
    let mut hint = Diagnostic::warning(
        "rss::no-address",
        "the feeds do not know where they will be published, so they hold no pictures and no books",
    )
    .hint("add `url = \"https://…/\"` to `[series]` in offprint.toml");
    hint.severity = Severity::Hint;
    hint
}

fn artifact(name: &str, channel: &rss::Channel) -> Result<Artifact, ExportError> {
    let failed = |error: &dyn std::fmt::Display| {
        ExportError::Internal(format!("{name} could not be written: {error}"))
    };
    let bytes = channel
        .pretty_write_to(Vec::new(), b' ', 2)
        .map_err(|error| failed(&error))?;
    let mut text = String::from_utf8(bytes).map_err(|error| failed(&error))?;
    // The model holds no character that XML forbids, but the writer would let one through
    // and a single one makes the whole feed unreadable.
    text.retain(offprint_core::chars::is_allowed);
    text.push('\n');
    Ok(Artifact::new(
        RelativePath::new(name)?,
        "application/rss+xml",
        text.into_bytes(),
    ))
}

#[cfg(test)]
mod tests;
