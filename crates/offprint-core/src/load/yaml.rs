//! YAML 1.2 (core schema) into nodes with their places.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, Span, options};

use super::names;
use crate::diagnostic::{Diagnostic, Place};
use crate::fields::{Entry, Node, NodeValue};
use crate::source::Source;
use crate::text::MAX_DEPTH;

/// The most bytes that aliases (`*name`) may unfold to.
const MAX_UNFOLDED: usize = 16 * 1024 * 1024;
/// What a node costs beside its text, so that aliases of empty nodes are bounded too.
const NODE_COST: usize = 32;

/// Reads `range` of the source. The first fault ends the reading: nothing that follows
/// it can be told for sure.
pub(super) fn parse(source: &Arc<Source>, range: Range<usize>) -> Result<Node, Box<Diagnostic>> {
    let text = source.text.get(range.clone()).unwrap_or_default();
    let text = with_ascii_colons(text);
    let options = options! {
        emit_comments: false,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    };
    let mut reading = Reading {
        source,
        start: range.start,
        open: Vec::new(),
        anchors: BTreeMap::new(),
        unfolded: 0,
        root: None,
        documents: 0,
    };
    for event in Parser::new_from_str_with_options(&text, options) {
        let (event, span) = event.map_err(|error| Box::new(reading.syntax_error(&error)))?;
        reading.take(event, span)?;
    }
    Ok(reading.root.unwrap_or(Node {
        value: NodeValue::Null,
        span: range.start..range.start,
    }))
}

/// A list or table whose end has not come yet.
struct Open {
    anchor: usize,
    start: usize,
    content: Content,
}

enum Content {
    List(Vec<Node>),
    Table {
        entries: Vec<Entry>,
        key: Option<(String, Range<usize>)>,
    },
}

/// A node that aliases may name, with its cost and depth.
struct Anchored {
    node: Node,
    cost: usize,
    depth: usize,
}

struct Reading<'a> {
    source: &'a Arc<Source>,
    start: usize,
    open: Vec<Open>,
    anchors: BTreeMap<usize, Anchored>,
    unfolded: usize,
    root: Option<Node>,
    documents: usize,
}

impl Reading<'_> {
    fn span(&self, span: &Span) -> Range<usize> {
        let range = span.byte_range().unwrap_or_default();
        self.start + range.start..self.start + range.end
    }

    fn take(&mut self, event: Event<'_>, at: Span) -> Result<(), Box<Diagnostic>> {
        let span = self.span(&at);
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    return Err(Box::new(
                        Diagnostic::error("syntax", "a second YAML document begins here")
                            .at(Place::new(self.source, span))
                            .hint("keep one issue to a file"),
                    ));
                }
            }
            Event::Scalar(text, style, anchor, tag) => {
                let is_text = tag.is_some_and(|tag| tag.core_suffix() == Some("str"));
                let value = match style {
                    ScalarStyle::Plain if !is_text => plain(&text),
                    ScalarStyle::Plain
                    | ScalarStyle::SingleQuoted
                    | ScalarStyle::DoubleQuoted
                    | ScalarStyle::Literal
                    | ScalarStyle::Folded => NodeValue::Text(text.into_owned()),
                };
                self.put(Node { value, span }, anchor)?;
            }
            Event::SequenceStart(_, anchor, _) => {
                self.enter(anchor, span, Content::List(Vec::new()))?;
            }
            Event::MappingStart(_, anchor, _) => {
                let content = Content::Table {
                    entries: Vec::new(),
                    key: None,
                };
                self.enter(anchor, span, content)?;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(open) = self.open.pop() {
                    let (value, last) = match open.content {
                        Content::List(nodes) => {
                            let last = nodes.last().map(|node| node.span.end);
                            (NodeValue::List(nodes), last)
                        }
                        Content::Table { entries, .. } => {
                            let last = entries.last().map(|entry| entry.value.span.end);
                            (NodeValue::Table(entries), last)
                        }
                    };
                    // A block collection ends where the next token stands, lines further down.
                    let end = if at.is_empty() {
                        last.unwrap_or(span.end)
                    } else {
                        span.end
                    };
                    let span = open.start..end.max(open.start);
                    self.put(Node { value, span }, open.anchor)?;
                }
            }
            Event::Alias(target) => {
                let Some(anchored) = self.anchors.get(&target) else {
                    return Err(Box::new(
                        Diagnostic::error("syntax", "an alias cannot stand within what it names")
                            .at(Place::new(self.source, span)),
                    ));
                };
                self.unfolded += anchored.cost;
                if self.unfolded > MAX_UNFOLDED {
                    return Err(Box::new(
                        Diagnostic::error(
                            "too-large",
                            format!("aliases unfold to more than {MAX_UNFOLDED} bytes here"),
                        )
                        .at(Place::new(self.source, span)),
                    ));
                }
                if self.open.len() + anchored.depth > MAX_DEPTH {
                    return Err(Box::new(self.too_deep(span)));
                }
                let node = anchored.node.clone();
                self.put(node, 0)?;
            }
            Event::UnresolvedAlias(name) => {
                return Err(Box::new(
                    Diagnostic::error("syntax", format!("nothing is called `&{name}`"))
                        .at(Place::new(self.source, span)),
                ));
            }
            // The parser marks its list of events open; none but those that hold no data are left.
            Event::StreamStart | Event::StreamEnd | Event::DocumentEnd | Event::Anchor(..) | _ => {}
        }
        Ok(())
    }

    fn enter(
        &mut self,
        anchor: usize,
        span: Range<usize>,
        content: Content,
    ) -> Result<(), Box<Diagnostic>> {
        if self.open.len() >= MAX_DEPTH {
            return Err(Box::new(self.too_deep(span)));
        }
        self.open.push(Open {
            anchor,
            start: span.start,
            content,
        });
        Ok(())
    }

    /// A finished node goes into what is open, or becomes the document.
    fn put(&mut self, node: Node, anchor: usize) -> Result<(), Box<Diagnostic>> {
        if anchor != 0 {
            let (cost, depth) = measure(&node);
            let node = node.clone();
            self.anchors.insert(anchor, Anchored { node, cost, depth });
        }
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(open) => match &mut open.content {
                Content::List(nodes) => nodes.push(node),
                Content::Table { entries, key } => match key.take() {
                    Some((key, key_span)) => entries.push(Entry {
                        key,
                        key_span,
                        value: node,
                    }),
                    None => *key = Some(key_of(self.source, node)?),
                },
            },
        }
        Ok(())
    }

    fn too_deep(&self, span: Range<usize>) -> Diagnostic {
        super::too_deep(Place::new(self.source, span))
    }

    fn syntax_error(&self, error: &ScanError) -> Diagnostic {
        let at = self.start + error.marker().byte_offset().unwrap_or_default();
        let place = Place::new(self.source, at..at + 1);
        if matches!(error.kind(), ErrorKind::RecursionLimitExceeded) {
            return super::too_deep(place);
        }
        let message = error.info().trim_end_matches('.').to_owned();
        let diagnostic = Diagnostic::error("syntax", message).at(place.clone());
        let (line, _) = place.line_column();
        let line = self.source.text.lines().nth(line - 1).unwrap_or_default();
        let value = line.split_once(": ").map_or("", |(_, value)| value.trim());
        if value.contains(": ") && !value.starts_with(['"', '\'', '{', '[', '|', '>']) {
            diagnostic.hint("put a value that holds `: ` between quotes: 'A: B'")
        } else if line.trim_start().starts_with('\t') || line.starts_with('\t') {
            diagnostic.hint("YAML takes spaces for indentation, not tabs")
        } else if value.starts_with(['@', '`', '%', '&', '*', '!']) {
            diagnostic.hint("put a value that begins with a sign between quotes")
        } else {
            diagnostic
        }
    }
}

fn key_of(source: &Arc<Source>, node: Node) -> Result<(String, Range<usize>), Box<Diagnostic>> {
    match node.value {
        NodeValue::Text(text) => Ok((text, node.span)),
        NodeValue::Null | NodeValue::Bool(_) | NodeValue::Integer(_) | NodeValue::Float(_) => {
            let written = source.text.get(node.span.clone()).unwrap_or_default();
            Ok((written.trim().to_owned(), node.span))
        }
        NodeValue::List(_) | NodeValue::Table(_) => Err(Box::new(
            Diagnostic::error("syntax", "a field's name must be a word")
                .at(Place::new(source, node.span)),
        )),
    }
}

/// What an alias to the node costs, and how deep it is. The parser bounds the depth.
fn measure(node: &Node) -> (usize, usize) {
    let children: Vec<&Node> = match &node.value {
        NodeValue::List(nodes) => nodes.iter().collect(),
        NodeValue::Table(entries) => entries.iter().map(|entry| &entry.value).collect(),
        NodeValue::Text(text) => return (NODE_COST + text.len(), 0),
        NodeValue::Null | NodeValue::Bool(_) | NodeValue::Integer(_) | NodeValue::Float(_) => {
            return (NODE_COST, 0);
        }
    };
    let mut cost = NODE_COST;
    let mut depth = 0;
    for (child_cost, child_depth) in children.into_iter().map(measure) {
        cost += child_cost;
        depth = depth.max(child_depth);
    }
    (cost, depth + 1)
}

/// A plain scalar after the core schema (YAML 1.2.2, 10.3.2): `no` and dates are text.
fn plain(text: &str) -> NodeValue {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return NodeValue::Null,
        "true" | "True" | "TRUE" => return NodeValue::Bool(true),
        "false" | "False" | "FALSE" => return NodeValue::Bool(false),
        _ => {}
    }
    let looks_numeric = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte))
        && text.bytes().any(|byte| byte.is_ascii_digit());
    if looks_numeric {
        if let Ok(value) = text.parse() {
            return NodeValue::Integer(value);
        }
        if let Ok(value) = text.parse::<f64>()
            && value.is_finite()
        {
            return NodeValue::Float(value);
        }
    }
    NodeValue::Text(text.to_owned())
}

/// Writes `: ` for the full-width colon after a known field's name, as Chinese input
/// methods give it. Both take as many bytes (`：` and a colon with two blanks), so places
/// stay right. Block scalars (`|`, `>`) are left alone.
fn with_ascii_colons(text: &str) -> Cow<'_, str> {
    if !text.contains('：') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut scalar_indent: Option<usize> = None;
    for line in text.split_inclusive('\n') {
        let content = line.trim_start_matches(' ');
        let indent = line.len() - content.len();
        if let Some(outer) = scalar_indent {
            if content.trim().is_empty() || indent > outer {
                out.push_str(line);
                continue;
            }
            scalar_indent = None;
        }
        let bare = content.trim_start_matches("- ").trim_start_matches(' ');
        let replaced = match bare.split_once('：') {
            Some((key, rest)) if names::is_known(key.trim()) => {
                let lead = line.strip_suffix(bare).unwrap_or_default();
                Cow::Owned(format!("{lead}{key}:  {rest}"))
            }
            _ => Cow::Borrowed(line),
        };
        if opens_block_scalar(&replaced) {
            scalar_indent = Some(indent);
        }
        out.push_str(&replaced);
    }
    Cow::Owned(out)
}

fn opens_block_scalar(line: &str) -> bool {
    let line = line.split(" #").next().unwrap_or_default().trim_end();
    let header = line.trim_end_matches(|last: char| last.is_ascii_digit() || "+-".contains(last));
    header
        .strip_suffix(['|', '>'])
        .is_some_and(|lead| lead.trim_end().ends_with([':', '-']))
}
