//! JSON Schemas (draft 2020-12) of issue files and `offprint.toml`, for editors and bots.
//!
//! [`describe`] says in one place which fields there are, what they are called and what they
//! may hold; the schemas are made from it. The loader reads fields by hand, so a test puts
//! every name, word and number to it and finds both of one mind.
//!
//! A schema cannot know what `offprint check` does: that a picture is there, that two papers
//! have one id. What it refuses, the loader refuses or warns of.

pub mod describe;

use serde_json::{Map, Value, json};

use describe::{Field, ISSUE, Kind, SERIES_FILE, Table};

/// The schema of an issue: a whole one in YAML, TOML or JSON, or a Markdown file's front matter.
#[must_use]
pub fn issue() -> Value {
    let mut schema = document("issue", &ISSUE);
    // Markdown has the title as its heading, too; data forms have no other place.
    let title = one_of(&ISSUE, &["title"]);
    let body = one_of(&ISSUE, &["sections", "papers"]);
    schema.insert("if".to_owned(), body);
    schema.insert("then".to_owned(), title);
    Value::Object(schema)
}

/// The schema of `offprint.toml`.
#[must_use]
pub fn series() -> Value {
    Value::Object(document("series", &SERIES_FILE))
}

/// A schema of its own, with all tables that it needs.
fn document(name: &str, table: &'static Table) -> Map<String, Value> {
    let mut needed = Vec::new();
    collect(table, &mut needed);
    let mut schema = Map::new();
    let draft = "https://json-schema.org/draft/2020-12/schema";
    schema.insert("$schema".to_owned(), json!(draft));
    schema.insert("$id".to_owned(), json!(format!("urn:offprint:{name}:1")));
    schema.insert("title".to_owned(), json!(format!("offprint: {name}")));
    schema.extend(object(table, "#"));
    let definitions: Map<String, Value> = needed
        .into_iter()
        .map(|table| {
            let place = format!("#/$defs/{}", table.name);
            (table.name.to_owned(), Value::Object(object(table, &place)))
        })
        .collect();
    schema.insert("$defs".to_owned(), Value::Object(definitions));
    schema
}

/// The tables within a table, each once, in the order in which they are met.
fn collect(table: &'static Table, found: &mut Vec<&'static Table>) {
    for field in table.fields {
        collect_of(&field.kind, found);
    }
}

fn collect_of(kind: &'static Kind, found: &mut Vec<&'static Table>) {
    match kind {
        Kind::Table(table) => {
            if !found.iter().any(|known| known.name == table.name) {
                found.push(table);
                collect(table, found);
            }
        }
        Kind::List(kind) | Kind::Map(kind) => collect_of(kind, found),
        Kind::Either(kinds) => {
            for kind in *kinds {
                collect_of(kind, found);
            }
        }
        Kind::Text
        | Kind::Like(_)
        | Kind::Only(_)
        | Kind::Integer(..)
        | Kind::Number(..)
        | Kind::Boolean
        | Kind::Word(_)
        | Kind::Anything => {}
    }
}

/// What a table may hold. `place` is where it stands in the schema.
fn object(table: &Table, place: &str) -> Map<String, Value> {
    let mut properties = Map::new();
    for field in table.fields {
        if let Some(name) = field.names.first() {
            properties.insert((*name).to_owned(), property(field));
        }
    }
    for field in table.fields {
        let Some((first, others)) = field.names.split_first() else {
            continue;
        };
        for name in others {
            let same = json!({ "$ref": format!("{place}/properties/{first}") });
            properties.insert((*name).to_owned(), same);
        }
    }
    let mut patterns = Map::new();
    if table.is_read_kindly {
        patterns.insert("^x-".to_owned(), json!({}));
        patterns.insert(CAPITALS.to_owned(), json!({}));
    }
    let mut schema = Map::new();
    schema.insert("description".to_owned(), said(table.about));
    schema.insert("type".to_owned(), json!(["object", "null"]));
    schema.insert("properties".to_owned(), Value::Object(properties));
    if !patterns.is_empty() {
        schema.insert("patternProperties".to_owned(), Value::Object(patterns));
    }
    schema.insert("additionalProperties".to_owned(), json!(false));
    if !table.needs.is_empty() {
        let needs = table.needs.iter().map(|names| one_of(table, names));
        let needs: Vec<Value> = needs.collect();
        // Nothing at all needs nothing: it counts as absent.
        let nothing = json!({ "type": "null" });
        schema.insert(
            "anyOf".to_owned(),
            json!([nothing, { "type": "object", "allOf": needs }]),
        );
    }
    schema
}

/// The loader folds capitals, `_` and blanks in names of issues, sections and papers; a schema
/// leaves such names to it.
const CAPITALS: &str = "[A-Z_ ]";

/// That a table has one of some fields under any of their names.
fn one_of(table: &Table, fields: &[&str]) -> Value {
    let is_meant = |field: &&Field| field.names.first().is_some_and(|it| fields.contains(it));
    let names = table.fields.iter().filter(is_meant).flat_map(|it| it.names);
    let mut ways: Vec<Value> = names.map(|name| json!({ "required": [name] })).collect();
    if table.is_read_kindly {
        let all_are_plain = json!({ "propertyNames": { "not": { "pattern": CAPITALS } } });
        ways.push(json!({ "not": all_are_plain }));
    }
    json!({ "anyOf": ways })
}

fn property(field: &Field) -> Value {
    let mut schema = Map::new();
    schema.insert("description".to_owned(), said(field.about));
    schema.extend(kind(&field.kind));
    Value::Object(schema)
}

/// Both languages, as editors show one text only.
fn said((english, chinese): (&str, &str)) -> Value {
    json!(format!("{english}. {chinese}。"))
}

/// What a value of this kind may be. A field without a value counts as absent.
fn kind(of: &Kind) -> Map<String, Value> {
    let schema = match of {
        Kind::Text => json!({ "type": ["string", "number", "boolean", "null"] }),
        Kind::Like(pattern) => json!({
            "type": ["string", "number", "boolean", "null"],
            "pattern": format!("^\\s*(?:{pattern})?\\s*$"),
        }),
        Kind::Only(pattern) => json!({
            "type": ["string", "null"],
            "pattern": format!("^\\s*(?:{pattern})?\\s*$"),
        }),
        Kind::Integer(least, most) => json!({
            "type": ["integer", "string", "null"],
            "minimum": least,
            "maximum": most,
            "pattern": "^\\s*[+-]?[0-9]+\\s*$",
        }),
        Kind::Number(least, most) => json!({
            "type": ["number", "null"],
            "minimum": least,
            "maximum": most,
        }),
        Kind::Boolean => json!({
            "anyOf": [
                { "type": ["boolean", "null"] },
                { "enum": ["yes", "no", "是", "否", "true", "false"] },
            ],
        }),
        Kind::Word(words) => {
            let mut words: Vec<Value> = words.iter().map(|word| json!(word)).collect();
            words.push(Value::Null);
            json!({ "enum": words })
        }
        Kind::List(item) => {
            let item = Value::Object(kind(item));
            json!({ "anyOf": [item.clone(), { "type": "array", "items": item }] })
        }
        Kind::Table(table) => json!({ "$ref": format!("#/$defs/{}", table.name) }),
        Kind::Map(item) => json!({
            "type": ["object", "null"],
            "additionalProperties": Value::Object(kind(item)),
        }),
        Kind::Either(kinds) => {
            let ways: Vec<Value> = kinds.iter().map(|it| Value::Object(kind(it))).collect();
            json!({ "anyOf": ways })
        }
        Kind::Anything => json!({}),
    };
    match schema {
        Value::Object(schema) => schema,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Map::new()
        }
    }
}

#[cfg(test)]
mod tests;
