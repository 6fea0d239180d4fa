//! The table `[feed]` of `offprint.toml`.

use std::collections::{BTreeMap, BTreeSet};

use offprint_core::Diagnostic;
use offprint_core::fields::{Fields, NodeValue};

use crate::names::{fold, is_slug};

/// How much of an issue `feed.xml` carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// The whole text beside the summary.
    Full,
    /// The summary only.
    Summary,
}

/// The feeds' exporter and its settings, `[feed]` in `offprint.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a wish of its own, as the author writes it"
)]
pub struct Rss {
    /// Whether there are feeds with an item an issue.
    pub issues: bool,
    /// Whether there are feeds with an item a paper.
    pub papers: bool,
    /// Whether feeds are written as RSS 2.0, with sections, tags and archives.
    pub rss: bool,
    /// Whether feeds are written as JSON Feed 1.1.
    pub json: bool,
    /// Whether there is an OPDS 1.2 catalogue of books.
    pub opds: bool,
    /// What an item of `feed.xml` and `feed.json` carries.
    pub content: Content,
    /// Whether formulas are pictures with their TeX as alternative text; else they are TeX.
    pub draws_math: bool,
    /// How many items a feed holds at the most, from the newest.
    pub limit: usize,
    /// How long a feed grows at the most, in bytes. A single item may be longer.
    pub max_size: u64,
    /// The `WebSub` hub that is told of new items: an `http` or `https` URL.
    pub websub: Option<String>,
    /// What the feeds of sections and tags are called: by the folded title or tag, a slug
    /// of `[a-z0-9-]`.
    pub names: BTreeMap<String, String>,
}

/// Bytes of a megabyte, as file managers and providers of space count.
const MEGABYTE: f64 = 1e6;
/// The smallest feed that may be asked for: less holds no item beside the feed's own words.
const SMALLEST: f64 = 0.02;
/// The largest feed that may be asked for. Readers fetch it every few hours.
const LARGEST: f64 = 100.0;

impl Default for Rss {
    fn default() -> Self {
        Self {
            issues: true,
            papers: true,
            rss: true,
            json: true,
            opds: true,
            content: Content::Full,
            draws_math: true,
            limit: 500,
            max_size: 2_000_000,
            websub: None,
            names: BTreeMap::new(),
        }
    }
}

impl Rss {
    /// Reads the table `[feed]`; faults are reported to `fields`.
    pub fn read(fields: &mut Fields<'_, '_>) -> Self {
        let default = Self::default();
        let (rss, json, opds) =
            read_formats(fields).unwrap_or((default.rss, default.json, default.opds));
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
        let max_size = read_size(fields).unwrap_or(default.max_size);
        let websub = read_hub(fields);
        let names = fields.table(&["names"], read_names).unwrap_or_default();
        let draws_math = read_math(fields).unwrap_or(default.draws_math);
        Self {
            issues,
            papers,
            rss,
            json,
            opds,
            content,
            draws_math,
            limit,
            max_size,
            websub,
            names,
        }
    }
}

/// Whether formulas are pictures. `MathML` would break most readers.
fn read_math(fields: &mut Fields<'_, '_>) -> Option<bool> {
    fields.no_effect(
        &["math"],
        |node| !matches!(&node.value, NodeValue::Text(word) if word.trim() == "mathml"),
        Some("few readers show it: feeds are made as with `image+text`"),
    );
    fields.choice(
        &["math"],
        &[
            ("image+text", true),
            ("image", true),
            ("mathml", true),
            ("text", false),
        ],
    )
}

/// Which formats are wanted; `None` when the key is absent.
fn read_formats(fields: &mut Fields<'_, '_>) -> Option<(bool, bool, bool)> {
    let nodes = fields.list(&["formats"]);
    if nodes.is_empty() {
        return None;
    }
    let (mut rss, mut json, mut opds) = (false, false, false);
    for node in nodes {
        let word = fields.text_of(node);
        match word.as_deref() {
            Some("rss") => rss = true,
            Some("json") => json = true,
            Some("opds") => opds = true,
            Some("atom") => {
                // Who reads Atom reads RSS, too.
                rss = true;
                let remark = Diagnostic::remark("no-effect", "`atom` has no effect yet")
                    .at(fields.place_of(node))
                    .label("feeds are made as with `rss`");
                fields.report(remark);
            }
            Some(other) => {
                let unknown =
                    Diagnostic::error("unknown-value", format!("`{other}` is no format of feeds"))
                        .at(fields.place_of(node))
                        .hint("write some of rss, json, opds");
                fields.report(unknown);
            }
            None => {}
        }
    }
    Some((rss, json, opds))
}

/// Which kinds of items are wanted; `None` when the key is absent.
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

/// A number of megabytes, or text such as `2 MB` or `500 kB`, in bytes.
fn read_size(fields: &mut Fields<'_, '_>) -> Option<u64> {
    let node = fields.node(&["max-size"])?;
    let megabytes = match &node.value {
        NodeValue::Integer(number) => Some(*number as f64),
        NodeValue::Float(number) => Some(*number),
        NodeValue::Text(text) => size_of(text),
        NodeValue::Null | NodeValue::Bool(_) | NodeValue::List(_) | NodeValue::Table(_) => None,
    };
    let wanted = megabytes.filter(|size| (SMALLEST..=LARGEST).contains(size));
    if wanted.is_none() {
        let wrong = Diagnostic::error("wrong-type", "this should be a length in megabytes")
            .at(fields.place_of(node))
            .hint(format!(
                "write a length from {SMALLEST} to {LARGEST} MB: 2, \"2 MB\", \"500 kB\""
            ));
        fields.report(wrong);
    }
    wanted.map(|size| (size * MEGABYTE).round() as u64)
}

/// The megabytes that a text names.
fn size_of(text: &str) -> Option<f64> {
    let text = text.trim();
    let end = text
        .find(|character: char| !character.is_ascii_digit() && character != '.')
        .unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(end)?;
    let scale = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "mb" => 1.0,
        "kb" => 1e-3,
        _ => return None,
    };
    Some(number.parse::<f64>().ok()? * scale)
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

/// The table `[feed.names]`: `"title or tag" = "slug"`.
fn read_names(fields: &mut Fields<'_, '_>) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    let mut taken = BTreeSet::new();
    for entry in fields.rest() {
        let Some(slug) = fields.text_of(&entry.value) else {
            continue;
        };
        let fault = if !is_slug(&slug) {
            Some((
                "bad-id",
                format!("`{slug}` cannot be a file's name"),
                "write letters a to z, digits and hyphens, 60 at the most",
            ))
        } else if names.contains_key(&fold(&entry.key)) {
            Some((
                "duplicate-field",
                format!("`{}` is named here twice", entry.key),
                "keep one of the two",
            ))
        } else if taken.insert(slug.clone()) {
            None
        } else {
            Some((
                "duplicate-id",
                format!("`{slug}` names another feed already"),
                "give each a name of its own",
            ))
        };
        if let Some((code, message, hint)) = fault {
            let wrong = Diagnostic::error(code, message)
                .at(fields.place_of(&entry.value))
                .hint(hint);
            fields.report(wrong);
        } else {
            names.insert(fold(&entry.key), slug);
        }
    }
    names
}
