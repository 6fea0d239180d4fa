//! TOML into nodes with their places.

use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::{Diagnostic, Place};
use crate::fields::{Entry, Node, NodeValue};
use crate::source::Source;
use crate::text::MAX_DEPTH;

/// Reads `range` of the source: what could be read, and every fault of it.
pub(super) fn parse(source: &Arc<Source>, range: Range<usize>) -> (Option<Node>, Vec<Diagnostic>) {
    let text = source.text.get(range.clone()).unwrap_or_default();
    let reading = Reading {
        source,
        start: range.start,
    };
    if let Some(at) = deep_key(text) {
        let at = range.start + at;
        return (None, vec![super::too_deep(Place::new(source, at..at + 1))]);
    }
    let (table, errors) = DeTable::parse_recoverable(text);
    let faults: Vec<Diagnostic> = errors
        .iter()
        .map(|error| reading.syntax_error(error.message(), error.span()))
        .collect();
    if !faults.is_empty() {
        return (None, faults);
    }
    match reading.table(table.get_ref(), range, 0) {
        Ok(node) => (Some(node), Vec::new()),
        Err(diagnostic) => (None, vec![*diagnostic]),
    }
}

struct Reading<'a> {
    source: &'a Arc<Source>,
    start: usize,
}

impl Reading<'_> {
    fn span(&self, span: &Range<usize>) -> Range<usize> {
        self.start + span.start..self.start + span.end
    }

    fn table(
        &self,
        table: &DeTable<'_>,
        span: Range<usize>,
        depth: usize,
    ) -> Result<Node, Box<Diagnostic>> {
        let mut entries = Vec::with_capacity(table.len());
        for (key, value) in table {
            entries.push(Entry {
                key: key.get_ref().to_string(),
                key_span: self.span(&key.span()),
                value: self.node(value, depth + 1)?,
            });
        }
        entries.sort_by_key(|entry| entry.key_span.start);
        Ok(Node {
            value: NodeValue::Table(entries),
            span,
        })
    }

    fn node(&self, value: &Spanned<DeValue<'_>>, depth: usize) -> Result<Node, Box<Diagnostic>> {
        let span = self.span(&value.span());
        if depth > MAX_DEPTH {
            return Err(Box::new(super::too_deep(Place::new(self.source, span))));
        }
        let value = match value.get_ref() {
            DeValue::String(text) => NodeValue::Text(text.to_string()),
            DeValue::Integer(integer) => {
                match i64::from_str_radix(integer.as_str(), integer.radix()) {
                    Ok(value) => NodeValue::Integer(value),
                    Err(_) => {
                        return Err(Box::new(self.fault("this number is too large", span)));
                    }
                }
            }
            DeValue::Float(float) => match float.as_str().parse() {
                Ok(value) => NodeValue::Float(value),
                Err(_) => return Err(Box::new(self.fault("this is no number", span))),
            },
            DeValue::Boolean(value) => NodeValue::Bool(*value),
            DeValue::Datetime(_) => NodeValue::Text(
                self.source
                    .text
                    .get(span.clone())
                    .unwrap_or_default()
                    .to_owned(),
            ),
            DeValue::Array(array) => NodeValue::List(
                array
                    .iter()
                    .map(|value| self.node(value, depth + 1))
                    .collect::<Result<_, _>>()?,
            ),
            DeValue::Table(table) => return self.table(table, span, depth),
        };
        Ok(Node { value, span })
    }

    fn syntax_error(&self, message: &str, span: Option<Range<usize>>) -> Diagnostic {
        let span = self.span(&span.unwrap_or_default());
        let written = self.source.text.get(span.clone()).unwrap_or_default();
        let before = self.source.text.get(..span.start).unwrap_or_default();
        let line = self
            .source
            .text
            .get(before.rfind('\n').map_or(0, |at| at + 1)..)
            .and_then(|rest| rest.lines().next())
            .unwrap_or_default();
        let diagnostic = self.fault(message, span);
        let key = line.split('=').next().unwrap_or_default().trim();
        if line.contains('=') && !key.is_ascii() && !key.starts_with(['"', '\'']) {
            diagnostic.hint(format!(
                "write a Chinese name between quotes: \"{key}\" = …"
            ))
        } else if written.contains('\\') || message.contains("escape") {
            diagnostic.hint("write TeX between triple single quotes: '''\\mathcal{L}'''")
        } else {
            diagnostic
        }
    }

    fn fault(&self, message: &str, span: Range<usize>) -> Diagnostic {
        // A day that the calendar lacks is a fault of the date, whoever finds it.
        let code = if message.starts_with("invalid date, expected day") {
            "bad-date"
        } else {
            "syntax"
        };
        Diagnostic::error(code, message).at(Place::new(self.source, span))
    }
}

/// Where a dotted key is too deep. The parser recurses over tables, however they are
/// written, so this is told before it starts; dots within quotes do no harm in being
/// counted, since no key of an issue has so many.
fn deep_key(text: &str) -> Option<usize> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let key_part = line.split(['=', '"', '\'', '#']).next().unwrap_or_default();
        if key_part.bytes().filter(|&byte| byte == b'.').count() > MAX_DEPTH {
            return Some(start);
        }
        start += line.len();
    }
    None
}
