//! A Markdown issue taken apart: front matter, sections, papers with their field lists.

use std::ops::Range;
use std::sync::Arc;

use comrak::Node as MarkdownNode;
use comrak::nodes::{ListType, NodeValue as Markdown};

use super::names::{self, Names};
use crate::chars::has_ascii;
use crate::diagnostic::{Diagnostic, Place, did_you_mean};
use crate::fields::{Entry, Node, NodeValue};
use crate::markdown::Document;
use crate::source::Source;

/// Front matter and body of a Markdown file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Parts {
    /// The front matter, its fences left out.
    pub(super) front: Option<(FrontMatter, Range<usize>)>,
    /// Where the body begins.
    pub(super) body: usize,
}

/// How front matter is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FrontMatter {
    /// Between lines of `---`.
    Yaml,
    /// Between lines of `+++`.
    Toml,
}

/// Finds the front matter; it begins on the first line.
///
/// # Errors
/// When it is not closed.
pub(super) fn split(source: &Arc<Source>) -> Result<Parts, Box<Diagnostic>> {
    let text = source.text.as_str();
    let mut lines = text.split_inclusive('\n');
    let first = lines.next().unwrap_or_default();
    let fence = first.trim_end();
    let kind = match fence {
        "---" => FrontMatter::Yaml,
        "+++" => FrontMatter::Toml,
        _ => {
            return Ok(Parts {
                front: None,
                body: 0,
            });
        }
    };
    let mut at = first.len();
    for line in lines {
        let closes =
            line.trim_end() == fence || (kind == FrontMatter::Yaml && line.trim_end() == "...");
        if closes {
            return Ok(Parts {
                front: Some((kind, first.len()..at)),
                body: at + line.len(),
            });
        }
        at += line.len();
    }
    Err(Box::new(
        Diagnostic::error("syntax", "this front matter is never closed")
            .at(Place::new(source, 0..fence.len()))
            .hint(format!("end it with a line of `{fence}`")),
    ))
}

/// What stands below the front matter, or in a piece of it. Nodes are of the Markdown parser,
/// tables of facts are the same as in data forms.
#[derive(Default)]
pub(super) struct Outline<'a> {
    /// A leading `#` heading.
    pub(super) title: Option<(String, Range<usize>)>,
    /// Text before the first section or paper.
    pub(super) intro: Vec<MarkdownNode<'a>>,
    /// Sections and papers in order. A paper belongs to the section before it, which may
    /// stand in an earlier piece.
    pub(super) divisions: Vec<Division<'a>>,
}

/// A `##` or `###` heading and what follows it.
pub(super) struct Division<'a> {
    pub(super) kind: DivisionKind,
    /// What the heading says, then the field list: `title` and `id` of a section; `title`,
    /// `url` or `cite` and much more of a paper.
    pub(super) facts: Node,
    /// What follows the field list.
    pub(super) text: Vec<MarkdownNode<'a>>,
}

/// What a heading begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DivisionKind {
    Section,
    Paper,
}

/// What a list under a `##` heading may give; the heading gives the title.
const SECTION_FIELDS: &[Names] = &[names::ID];

/// Takes a body, or a piece of it, apart at its headings.
pub(super) fn outline<'a>(
    source: &Arc<Source>,
    document: &Document<'a>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Outline<'a> {
    let mut outline = Outline::default();
    // A field list stands right under its heading.
    let mut under_heading = false;
    for node in document.blocks() {
        let level = if let Markdown::Heading(heading) = &node.data().value {
            Some(heading.level)
        } else {
            None
        };
        match level {
            Some(1) => {
                let heading = Heading::of(document, node);
                let is_first = outline.title.is_none()
                    && outline.intro.is_empty()
                    && outline.divisions.is_empty();
                if is_first {
                    outline.title = Some((heading.text, heading.span));
                } else {
                    diagnostics.push(
                        Diagnostic::warning(
                            "heading-level",
                            "a `#` heading is the issue's title and stands at the beginning",
                        )
                        .at(Place::new(source, heading.span))
                        .hint("write `##` for a section, `###` for a paper"),
                    );
                    outline.prose().push(node);
                }
                under_heading = false;
            }
            Some(level @ (2 | 3)) => {
                let heading = Heading::of(document, node);
                let (kind, facts) = if level == 2 {
                    (DivisionKind::Section, heading.section())
                } else {
                    (DivisionKind::Paper, heading.paper())
                };
                outline.divisions.push(Division {
                    kind,
                    facts,
                    text: Vec::new(),
                });
                under_heading = true;
            }
            _ => {
                let taken = under_heading
                    && outline.divisions.last_mut().is_some_and(|division| {
                        field_list(source, document, node, division, diagnostics)
                    });
                if !taken {
                    outline.prose().push(node);
                }
                under_heading = false;
            }
        }
    }
    outline
}

impl<'a> Outline<'a> {
    /// The text that is being written at the outline's end.
    fn prose(&mut self) -> &mut Vec<MarkdownNode<'a>> {
        match self.divisions.last_mut() {
            None => &mut self.intro,
            Some(division) => &mut division.text,
        }
    }
}

/// A heading as it was written, without its number signs.
struct Heading {
    text: String,
    /// The text before its escapes were taken off.
    written: String,
    span: Range<usize>,
    /// The heading's words with the link's dress taken off, their place, and its target, when
    /// there is one link in it.
    link: Option<(String, Range<usize>, String)>,
}

impl Heading {
    fn of(document: &Document<'_>, node: MarkdownNode<'_>) -> Self {
        let at = node.data().sourcepos;
        let written = document.written(at);
        let span = document.span(at);
        let inner = written.trim_start().trim_start_matches('#').trim_start();
        let start = span.start + (written.len() - inner.len());
        let inner = inner.trim_end();
        // A closing run of number signs belongs to the heading's dress.
        let without_run = inner.trim_end_matches('#');
        let inner = if without_run.is_empty() || without_run.ends_with([' ', '\t']) {
            without_run.trim_end()
        } else {
            inner
        };
        Self {
            text: unescape(inner),
            written: inner.to_owned(),
            span: start..start + inner.len(),
            link: only_link(document, node, written, inner),
        }
    }

    fn section(self) -> Node {
        let mut entries = Vec::new();
        let mut title = self.text.as_str();
        if !self.written.contains("\\{#")
            && let Some((before, attributes)) = title.rsplit_once('{')
            && let Some(id) = attributes
                .strip_suffix('}')
                .and_then(|attributes| attributes.trim().strip_prefix('#'))
        {
            entries.push(entry(names::ID, id.to_owned(), self.span.clone()));
            title = before.trim_end();
        }
        let title = match &self.link {
            // A section leads nowhere; its heading keeps the words.
            Some((text, _, _)) => text.clone(),
            None => title.to_owned(),
        };
        entries.push(entry(names::TITLE, title, self.span.clone()));
        table(entries, self.span)
    }

    fn paper(self) -> Node {
        let mut entries = Vec::new();
        match self.link {
            Some((text, span, url)) => {
                entries.push(entry(names::TITLE, text, span));
                entries.push(entry(names::URL, url, self.span.clone()));
            }
            // `\@` is an at sign.
            None => match self.written.strip_prefix('@') {
                Some(key) if !key.is_empty() && !key.contains(char::is_whitespace) => {
                    entries.push(entry(names::CITE, key.to_owned(), self.span.clone()));
                }
                _ => entries.push(entry(names::TITLE, self.text, self.span.clone())),
            },
        }
        table(entries, self.span)
    }
}

/// See [`Heading::link`]. `inner` is what stands in `written`, the whole line, behind the
/// number signs.
fn only_link(
    document: &Document<'_>,
    heading: MarkdownNode<'_>,
    written: &str,
    inner: &str,
) -> Option<(String, Range<usize>, String)> {
    let mut links = heading
        .children()
        .filter(|child| matches!(child.data().value, Markdown::Link(_)));
    let only = links.next()?;
    if links.next().is_some() {
        return None;
    }
    let Markdown::Link(link) = &only.data().value else {
        return None;
    };
    let mut words_at = only.first_child()?.data().sourcepos;
    words_at.end = only.last_child()?.data().sourcepos.end;
    let line_at = heading.data().sourcepos.start.column;
    let dress = only.data().sourcepos;
    let inner_at = written.find(inner)?;
    let before = written.get(inner_at..dress.start.column.checked_sub(line_at)?)?;
    let after = written.get((dress.end.column + 1).checked_sub(line_at)?..inner_at + inner.len());
    let words = document.written(words_at);
    let text = format!("{before}{words}{}", after.unwrap_or_default());
    Some((unescape(&text), document.span(words_at), link.url.clone()))
}

fn entry(names: Names, text: String, span: Range<usize>) -> Entry {
    Entry {
        key: names.first().copied().unwrap_or_default().to_owned(),
        key_span: span.clone(),
        value: Node {
            value: NodeValue::Text(text),
            span,
        },
    }
}

fn table(entries: Vec<Entry>, span: Range<usize>) -> Node {
    Node {
        value: NodeValue::Table(entries),
        span,
    }
}

/// Headings are taken as they stand, but authors escape what their editors would take for
/// emphasis. Formulas keep their backslashes.
fn unescape(written: &str) -> String {
    if !has_ascii(written, |byte| byte == b'\\') {
        return written.to_owned();
    }
    let mut out = String::with_capacity(written.len());
    let mut characters = written.chars().peekable();
    let mut in_formula = false;
    while let Some(character) = characters.next() {
        if character == '$' {
            in_formula = !in_formula;
        }
        let escaped = (character == '\\' && !in_formula)
            .then(|| characters.next_if(char::is_ascii_punctuation))
            .flatten();
        match escaped {
            // `\$` means a dollar sign to the title's own reading.
            Some('$') => out.push_str("\\$"),
            Some(sign) => out.push(sign),
            None => out.push(character),
        }
    }
    out
}

/// Takes a bullet list under a heading for a field list, if it is one: a key of it is a known
/// field, or its first key is near to one.
fn field_list(
    source: &Arc<Source>,
    document: &Document<'_>,
    node: MarkdownNode<'_>,
    division: &mut Division<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> bool {
    let Markdown::List(list) = &node.data().value else {
        return false;
    };
    if list.list_type != ListType::Bullet {
        return false;
    }
    let is_section = division.kind == DivisionKind::Section;
    let fields = if is_section {
        SECTION_FIELDS
    } else {
        names::PAPER
    };
    let items: Vec<Item> = node
        .children()
        .map(|item| Item::of(document, item))
        .collect();
    let keys: Vec<Option<&str>> = items
        .iter()
        .map(|item| item.key.as_ref().map(|(key, _)| key.as_str()))
        .collect();
    let is_known = |key: &str| names::canonical(fields, key).is_some();
    let is_field_list = if is_section {
        // The text of a section may begin with a list of its own.
        keys.iter().all(|key| key.is_some_and(is_known))
    } else {
        let is_near = |key: &str| {
            key.starts_with("x-")
                || did_you_mean(
                    &names::fold(key),
                    fields.iter().flat_map(|names| names.iter().copied()),
                )
                .is_some()
        };
        keys.iter().flatten().any(|key| is_known(key))
            || keys.first().copied().flatten().is_some_and(is_near)
    };
    if !is_field_list {
        return false;
    }
    let NodeValue::Table(entries) = &mut division.facts.value else {
        return false;
    };
    for item in items {
        if let Some(span) = item.stray {
            diagnostics.push(
                Diagnostic::error("syntax", "this line runs on from the field above it")
                    .at(Place::new(source, span))
                    .hint("leave a blank line between the fields and the commentary"),
            );
        }
        if let Some((key, key_span)) = item.key {
            entries.push(Entry {
                key,
                key_span,
                value: item.value,
            });
        } else {
            diagnostics.push(no_field(Place::new(source, item.value.span)));
        }
    }
    true
}

/// What is said of a bullet among fields that has no key.
fn no_field(place: Place) -> Diagnostic {
    let written = place
        .source
        .text
        .get(place.span.clone())
        .unwrap_or_default();
    let hint = if written.starts_with("http") {
        format!("write `- url: {}`", super::values::shown(written))
    } else {
        "write `- name: value`; a list of the commentary follows a paragraph of it".to_owned()
    };
    Diagnostic::error("syntax", "this is no field")
        .at(place)
        .hint(hint)
}

/// A bullet read as a field.
struct Item {
    key: Option<(String, Range<usize>)>,
    value: Node,
    /// A line that is not indented, and a part of the bullet only since Markdown is lazy.
    stray: Option<Range<usize>>,
}

impl Item {
    fn of(document: &Document<'_>, item: MarkdownNode<'_>) -> Self {
        let mut children = item.children();
        let Some(first) = children.next() else {
            let span = document.span(item.data().sourcepos);
            return Self {
                key: None,
                value: Node {
                    value: NodeValue::Null,
                    span,
                },
                stray: None,
            };
        };
        let first_at = first.data().sourcepos;
        let mut at = first_at;
        let nested = children.next();
        // A list is the value where nothing else is; else it belongs to a text.
        let ends_with_colon = document
            .written(first_at)
            .trim_end()
            .trim_end_matches(['*', '_'])
            .ends_with([':', '：']);
        let list_below =
            nested.filter(|node| ends_with_colon && matches!(node.data().value, Markdown::List(_)));
        if list_below.is_none()
            && let Some(last) = item.last_child()
        {
            at.end = last.data().sourcepos.end;
        }
        let written = document.written(at);
        let start = document.span(at).start;
        let (written, stray) = without_stray_lines(written, start);
        let Some((key, colon_end)) = key_of(written) else {
            return Self {
                key: None,
                value: Node {
                    value: NodeValue::Null,
                    span: document.span(first_at),
                },
                stray: None,
            };
        };
        let key_start = start + written.find(key).unwrap_or_default();
        let key_span = key_start..key_start + key.len();
        let rest = written.get(colon_end..).unwrap_or_default();
        let value_text = rest.trim_start();
        let value_start = start + colon_end + (rest.len() - value_text.len());
        let value_text = value_text.trim_end();
        let value = match list_below {
            Some(list) if value_text.is_empty() => Node {
                value: NodeValue::List(
                    list.children()
                        .map(|inner| {
                            let mut at = inner.data().sourcepos;
                            if let Some((first, last)) = inner.first_child().zip(inner.last_child())
                            {
                                at = first.data().sourcepos;
                                at.end = last.data().sourcepos.end;
                            }
                            let written = document.written(at).trim_end();
                            let span = document.span(at);
                            Node {
                                value: NodeValue::Text(dedent(written)),
                                span: span.start..span.start + written.len(),
                            }
                        })
                        .collect(),
                ),
                span: document.span(list.data().sourcepos),
            },
            _ => Node {
                value: NodeValue::Text(dedent(value_text)),
                span: value_start..value_start + value_text.len(),
            },
        };
        Self {
            key: Some((key.to_owned(), key_span)),
            value,
            stray,
        }
    }
}

/// What of a bullet is indented as its text has to be, and the first line that is not.
fn without_stray_lines(written: &str, start: usize) -> (&str, Option<Range<usize>>) {
    let mut at = 0;
    for (index, line) in written.split_inclusive('\n').enumerate() {
        let is_stray = index > 0 && !line.trim().is_empty() && !line.starts_with([' ', '\t']);
        if is_stray {
            let end = at + line.trim_end().len();
            return (
                written.get(..at).unwrap_or(written).trim_end(),
                Some(start + at..start + end),
            );
        }
        at += line.len();
    }
    (written, None)
}

/// The key that a bullet begins with, and where its colon ends. Emphasis around the key
/// (`**链接**：`) is taken off.
fn key_of(written: &str) -> Option<(&str, usize)> {
    let line = written.lines().next().unwrap_or_default();
    let (at, colon) = line
        .char_indices()
        .find(|&(_, character)| matches!(character, ':' | '：'))?;
    let mut colon_end = at + colon.len_utf8();
    if line.get(colon_end..)?.starts_with("//") {
        return None;
    }
    let lead = line.get(..at)?;
    let key = lead.trim_matches(|character: char| {
        character.is_whitespace() || matches!(character, '*' | '_' | '`')
    });
    let is_name = !key.is_empty()
        && key.chars().count() <= 24
        && !key.contains(|character: char| {
            matches!(
                character,
                '[' | ']' | '(' | '<' | '，' | '。' | '、' | '!' | '$'
            )
        });
    if !is_name {
        return None;
    }
    // `**链接：**` closes its emphasis behind the colon.
    let unclosed = lead.trim_start().len() - lead.trim_start().trim_start_matches(['*', '_']).len();
    let closed = lead.trim_end().len() - lead.trim_end().trim_end_matches(['*', '_']).len();
    if unclosed > closed {
        let after = line.get(colon_end..)?;
        let marks = after.len() - after.trim_start_matches(['*', '_']).len();
        colon_end += marks.min(unclosed - closed);
    }
    Some((key, colon_end))
}

/// Continuation lines without the indentation that puts them under their bullet.
fn dedent(written: &str) -> String {
    if !has_ascii(written, |byte| byte == b'\n') {
        return written.to_owned();
    }
    let indent = written
        .lines()
        .skip(1)
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.len() - line.trim_start_matches(' ').len())
        .min()
        .unwrap_or_default();
    let mut lines = written.lines();
    let mut out = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        out.push('\n');
        out.push_str(line.get(indent..).unwrap_or_default());
    }
    out
}
