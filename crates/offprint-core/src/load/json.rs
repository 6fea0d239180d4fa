//! JSON (RFC 8259) into nodes with their places.

use std::ops::Range;
use std::sync::Arc;

use jsonc_parser::ast::{ObjectPropName, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use crate::diagnostic::{Diagnostic, Place};
use crate::fields::{Entry, Node, NodeValue};
use crate::source::Source;
use crate::text::MAX_DEPTH;

/// Reads the source. The first fault ends the reading.
pub(super) fn parse(source: &Arc<Source>) -> Result<Node, Box<Diagnostic>> {
    let strict = ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    let parsed =
        parse_to_ast(&source.text, &CollectOptions::default(), &strict).map_err(|error| {
            let range = error.range();
            let place = Place::new(source, range.start..range.end.max(range.start + 1));
            if matches!(
                error.kind(),
                jsonc_parser::errors::ParseErrorKind::NestingDepthExceeded
            ) {
                return Box::new(super::too_deep(place));
            }
            let message = error.kind().to_string();
            let mut letters = message.chars();
            let message: String = letters
                .next()
                .map(|first| first.to_ascii_lowercase())
                .into_iter()
                .chain(letters)
                .collect();
            Box::new(Diagnostic::error("syntax", message).at(place))
        })?;
    match parsed.value {
        Some(value) => node(source, value, 0),
        None => Ok(Node {
            value: NodeValue::Null,
            span: 0..0,
        }),
    }
}

fn node(source: &Arc<Source>, value: Value<'_>, depth: usize) -> Result<Node, Box<Diagnostic>> {
    let range = value.range();
    let span: Range<usize> = range.start..range.end;
    if depth > MAX_DEPTH {
        return Err(Box::new(super::too_deep(Place::new(source, span))));
    }
    let value = match value {
        Value::StringLit(text) => NodeValue::Text(text.value.into_owned()),
        Value::NumberLit(number) => match (number.value.parse(), number.value.parse()) {
            (Ok(value), _) => NodeValue::Integer(value),
            (Err(_), Ok(value)) => NodeValue::Float(value),
            (Err(_), Err(_)) => {
                return Err(Box::new(
                    Diagnostic::error("syntax", "this is no number").at(Place::new(source, span)),
                ));
            }
        },
        Value::BooleanLit(boolean) => NodeValue::Bool(boolean.value),
        Value::NullKeyword(_) => NodeValue::Null,
        Value::Array(array) => NodeValue::List(
            array
                .elements
                .into_iter()
                .map(|element| node(source, element, depth + 1))
                .collect::<Result<_, _>>()?,
        ),
        Value::Object(object) => {
            let mut entries = Vec::with_capacity(object.properties.len());
            for property in object.properties {
                let key_range = property.name.range();
                entries.push(Entry {
                    key: match property.name {
                        ObjectPropName::String(name) => name.value.into_owned(),
                        ObjectPropName::Word(name) => name.value.to_owned(),
                    },
                    key_span: key_range.start..key_range.end,
                    value: node(source, property.value, depth + 1)?,
                });
            }
            NodeValue::Table(entries)
        }
    };
    Ok(Node { value, span })
}
