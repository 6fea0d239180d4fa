//! YAML (1.2) as people write it: a name a line, prose in blocks.

use std::fmt::Write as _;

use offprint_core::spell::yaml_text;
use serde_json::{Map, Value};

/// A document that is a mapping.
pub(super) fn mapping(table: &Map<String, Value>) -> String {
    let mut out = String::new();
    push_mapping(table, 0, &mut out);
    out
}

fn push_mapping(table: &Map<String, Value>, indent: usize, out: &mut String) {
    for (index, (name, value)) in table.iter().enumerate() {
        // The first name of an item stands behind its dash.
        if index > 0 || indent == 0 {
            push_indent(indent, out);
        }
        let _ = write!(out, "{}:", yaml_text(name));
        push_value(value, indent, out);
    }
}

fn push_indent(indent: usize, out: &mut String) {
    out.extend(std::iter::repeat_n(' ', indent));
}

/// What stands behind a name and its colon.
fn push_value(value: &Value, indent: usize, out: &mut String) {
    match value {
        Value::Object(table) if !table.is_empty() => {
            out.push('\n');
            push_indent(indent + 2, out);
            push_mapping(table, indent + 2, out);
        }
        Value::Array(values) if values.iter().any(Value::is_object) => {
            out.push('\n');
            for value in values {
                push_indent(indent + 2, out);
                out.push_str("- ");
                if let Some(table) = value.as_object().filter(|table| !table.is_empty()) {
                    push_mapping(table, indent + 4, out);
                } else {
                    let _ = writeln!(out, "{}", flow(value));
                }
            }
        }
        Value::String(text) if may_be_block(text) => {
            let keep = if text.ends_with('\n') { "" } else { "-" };
            let _ = writeln!(out, " |{keep}");
            for line in text.lines() {
                if !line.is_empty() {
                    push_indent(indent + 2, out);
                    out.push_str(line);
                }
                out.push('\n');
            }
        }
        Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Array(_)
        | Value::Object(_) => {
            let _ = writeln!(out, " {}", flow(value));
        }
    }
}

/// Whether a literal block holds a text as it is: it has several lines, the first is not
/// indented, none is of blanks alone, and there is nothing that a reader of YAML changes.
fn may_be_block(text: &str) -> bool {
    let is_plain = |character: char| {
        character == '\n'
            || !(character.is_control()
                || matches!(character, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}'))
    };
    text.contains('\n')
        && !text.starts_with([' ', '\n'])
        && !text.ends_with("\n\n")
        && text.chars().all(is_plain)
        && text
            .lines()
            .all(|line| line.is_empty() || !line.trim_start().is_empty())
}

/// A value on one line; JSON is YAML where plain words will not do.
fn flow(value: &Value) -> String {
    match value {
        Value::String(text) => yaml_text(text),
        Value::Array(values) => {
            let values: Vec<String> = values.iter().map(flow).collect();
            format!("[{}]", values.join(", "))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => value.to_string(),
    }
}
