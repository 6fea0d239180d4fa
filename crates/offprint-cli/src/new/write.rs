//! Fields written in the four forms of an issue.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use offprint_core::fields::Value;
use offprint_core::spell::{is_toml_moment, toml_name, toml_text, yaml_text};
use serde_json::Value as Json;

/// A field of an issue that is to be written.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) value: Value,
    /// Written behind it where the form has comments.
    pub(super) comment: Option<&'static str>,
}

/// Lines of YAML (1.2).
pub(super) fn yaml(fields: &[Field]) -> String {
    let mut out = String::new();
    for field in fields {
        let comment = comment(field);
        let name = yaml_text(&field.name);
        match &field.value {
            Value::Table(table) if !table.is_empty() => {
                let _ = writeln!(out, "{name}:{comment}");
                for (name, value) in table {
                    let _ = writeln!(out, "  {}: {}", yaml_text(name), yaml_value(value));
                }
            }
            value @ (Value::Null
            | Value::Bool(_)
            | Value::Integer(_)
            | Value::Float(_)
            | Value::Text(_)
            | Value::List(_)
            | Value::Table(_)) => {
                let _ = writeln!(out, "{name}: {}{comment}", yaml_value(value));
            }
        }
    }
    out
}

/// Lines of TOML (1.0).
pub(super) fn toml(fields: &[Field]) -> String {
    let mut out = String::new();
    for field in fields {
        if let Some(value) = toml_value(&field.value) {
            let _ = writeln!(
                out,
                "{} = {value}{}",
                toml_name(&field.name),
                comment(field)
            );
        }
    }
    out
}

/// The members of a JSON object.
pub(super) fn json(fields: &[Field]) -> serde_json::Map<String, Json> {
    fields
        .iter()
        .map(|field| (field.name.clone(), json_value(&field.value)))
        .collect()
}

fn comment(field: &Field) -> String {
    field
        .comment
        .map(|comment| format!("  # {comment}"))
        .unwrap_or_default()
}

fn json_value(value: &Value) -> Json {
    serde_json::to_value(value).unwrap_or_default()
}

/// A value on one line; JSON is YAML where plain words will not do.
fn yaml_value(value: &Value) -> String {
    match value {
        Value::Text(text) => yaml_text(text),
        Value::List(values) => {
            let values: Vec<String> = values.iter().map(yaml_value).collect();
            format!("[{}]", values.join(", "))
        }
        Value::Table(table) => {
            let entries: Vec<String> = table
                .iter()
                .map(|(name, value)| format!("{}: {}", yaml_text(name), yaml_value(value)))
                .collect();
            braced(&entries)
        }
        Value::Null | Value::Bool(_) | Value::Integer(_) | Value::Float(_) => {
            json_value(value).to_string()
        }
    }
}

/// A value of TOML, which has no null.
fn toml_value(value: &Value) -> Option<String> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(_) | Value::Integer(_) => json_value(value).to_string(),
        Value::Float(number) => format!("{number:?}"),
        Value::Text(text) if is_toml_moment(text) => text.clone(),
        Value::Text(text) => toml_text(text),
        Value::List(values) => {
            let values: Vec<String> = values.iter().filter_map(toml_value).collect();
            format!("[{}]", values.join(", "))
        }
        Value::Table(table) => braced(&toml_entries(table)),
    })
}

fn toml_entries(table: &BTreeMap<String, Value>) -> Vec<String> {
    table
        .iter()
        .filter_map(|(name, value)| Some(format!("{} = {}", toml_name(name), toml_value(value)?)))
        .collect()
}

fn braced(entries: &[String]) -> String {
    if entries.is_empty() {
        "{}".to_owned()
    } else {
        format!("{{ {} }}", entries.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use offprint_core::Source;
    use offprint_core::load::{Form, facts};

    fn field(name: &str, value: Value) -> Field {
        Field {
            name: name.to_owned(),
            value,
            comment: None,
        }
    }

    fn text(text: &str) -> Value {
        Value::Text(text.to_owned())
    }

    const HOSTILE: [&str; 16] = [
        "plain",
        "with blanks in it",
        "论文 一",
        "第 12 期：自监督",
        "a: b",
        "- x",
        "no",
        "1.5",
        "2026-11-27",
        "2026-11-27 08:00",
        "2026-11-27T08:00:00+08:00",
        "# x",
        "'\"\\ \t x",
        "{a} [b] &c *d !e |f >g %h @i `j",
        "two\nlines",
        "",
    ];

    #[test]
    fn what_is_written_is_read_again() {
        let table: BTreeMap<String, Value> = HOSTILE
            .iter()
            .map(|name| ((*name).to_owned(), text(name)))
            .filter(|(name, _)| !name.is_empty() && !name.contains(char::is_control))
            .collect();
        let fields: Vec<Field> = HOSTILE
            .iter()
            .enumerate()
            .map(|(index, value)| field(&format!("x-{index}"), text(value)))
            .chain([
                field("x-list", Value::List(HOSTILE.map(text).to_vec())),
                field("x-table", Value::Table(table.clone())),
                field(
                    "x-nested",
                    Value::List(vec![Value::Table(table), Value::Bool(true)]),
                ),
                field(
                    "x-numbers",
                    Value::List(vec![Value::Integer(-7), Value::Float(1.0)]),
                ),
                field("x-期", Value::List(Vec::new())),
            ])
            .collect();
        let json = serde_json::Value::Object(json(&fields)).to_string();
        for (form, written) in [
            (Form::Yaml, yaml(&fields)),
            (Form::Toml, toml(&fields)),
            (Form::Json, json),
        ] {
            let read = facts(&Source::new("x", written.clone()), form);
            assert_eq!(read.len(), fields.len(), "{form:?}\n{written}");
            for (read, field) in read.iter().zip(&fields) {
                assert_eq!(read.name, field.name, "{form:?}");
                assert_eq!(read.value, field.value, "{form:?}\n{written}");
            }
        }
    }

    #[test]
    fn words_stand_without_quotes() {
        let fields = [
            field("authors", Value::List(vec![text("xj"), text("Ann O'Neil")])),
            field(
                "defaults",
                Value::Table([("lang".to_owned(), text("en"))].into()),
            ),
            Field {
                comment: Some("for now"),
                ..field("draft", Value::Bool(true))
            },
        ];
        assert_eq!(
            yaml(&fields),
            "authors: [xj, \"Ann O'Neil\"]\ndefaults:\n  lang: en\ndraft: true  # for now\n"
        );
        assert_eq!(
            toml(&fields),
            "authors = [\"xj\", \"Ann O'Neil\"]\ndefaults = { lang = \"en\" }\ndraft = true  # for now\n"
        );
    }
}
