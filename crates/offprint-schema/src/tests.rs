//! The description and the loader, put to each other name by name, word by word, number by
//! number.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use offprint_core::fields::Fields;
use offprint_core::load::{Form, Location, issue as load_issue, series as load_series};
use offprint_core::{Diagnostic, Series, Source};

use super::describe::{self, Field, Kind, Table};
use super::*;

/// Where a table stands: the text of a file with `@` for its fields, and whether it is an
/// issue in JSON or `offprint.toml`.
struct Context {
    table: &'static Table,
    text: &'static str,
    is_issue: bool,
}

const fn in_issue(table: &'static Table, text: &'static str) -> Context {
    Context {
        table,
        text,
        is_issue: true,
    }
}

const fn in_series(table: &'static Table, text: &'static str) -> Context {
    Context {
        table,
        text,
        is_issue: false,
    }
}

/// Every place where a table may stand.
static CONTEXTS: &[Context] = &[
    in_issue(&describe::ISSUE, "{@}"),
    in_issue(&describe::SECTION, r#"{"sections": [{@}]}"#),
    in_issue(&describe::PAPER, r#"{"papers": [{@}]}"#),
    in_issue(&describe::PAPER, r#"{"sections": [{"papers": [{@}]}]}"#),
    in_issue(
        &describe::PAPER_FIELDS,
        r#"{"defaults": {@}, "papers": [{}]}"#,
    ),
    in_issue(&describe::PERSON, r#"{"authors": [{@}]}"#),
    in_issue(&describe::PERSON, r#"{"editors": [{@}]}"#),
    in_issue(&describe::PERSON, r#"{"translators": {@}}"#),
    in_issue(&describe::LICENSE_TABLE, r#"{"license": {@}}"#),
    in_issue(&describe::LICENSE_TABLE, r#"{"source": {"license": {@}}}"#),
    in_issue(&describe::SOURCE, r#"{"source": {@}}"#),
    in_issue(&describe::EVENT, r#"{"event": {@}}"#),
    in_issue(&describe::COVER, r#"{"cover": {@}}"#),
    in_issue(&describe::TAG, r#"{"tags": [{@}]}"#),
    in_issue(&describe::RELATED, r#"{"related": [{@}]}"#),
    in_issue(&describe::IDENTIFIER, r#"{"identifier": {@}}"#),
    in_issue(&describe::IMAGE, r#"{"papers": [{"image": {@}}]}"#),
    in_issue(&describe::IMAGE, r#"{"related": [{"image": {@}}]}"#),
    in_series(&describe::SERIES_FILE, "@"),
    in_series(&describe::SERIES, "[series]\n@"),
    in_series(&describe::LOGO, "[series.logo]\n@"),
    in_series(&describe::LOGO, "[series.icon]\n@"),
    in_series(&describe::LICENSE_TABLE, "[series.license]\n@"),
    in_series(&describe::KNOWN_PERSON, "[people.ann]\n@"),
    in_series(&describe::PATHS, "[paths]\n@"),
    in_series(&describe::LABELS, "[labels]\n@"),
    in_series(&describe::HTML, "[html]\n@"),
    in_series(&describe::NUMBERING, "[html.numbering]\n@"),
    in_series(&describe::CHECK, "[check]\n@"),
    in_series(&describe::FEED, "[feed]\n@"),
    in_series(&describe::EPUB, "[epub]\n@"),
    in_series(&describe::PDF, "[pdf]\n@"),
    in_series(&describe::MARGIN, "[pdf.margin]\n@"),
    in_series(&describe::FONT_ROLES, "[pdf.fonts]\n@"),
    in_series(&describe::FONT, "[pdf.fonts.body]\nfile = \"a.ttf\"\n@"),
    in_series(
        &describe::FONT,
        "[[pdf.fonts.fallback]]\nfile = \"a.ttf\"\n@",
    ),
    in_series(
        &describe::CUT_TABLE,
        "[pdf.fonts.body]\nfile = \"a.ttf\"\n[pdf.fonts.body.bold]\nfile = \"a.ttf\"\n@",
    ),
    in_series(&describe::WECHAT, "[wechat]\n@"),
    in_series(&describe::ACCOUNT, "[wechat.account]\n@"),
    in_series(&describe::PAST, "[[wechat.past]]\n@"),
];

/// What is found in a file, settings of formats too.
fn findings(is_issue: bool, text: String) -> Vec<Diagnostic> {
    let source = Source::new(if is_issue { "a.json" } else { "offprint.toml" }, text);
    if is_issue {
        let location = Location {
            folder: String::new(),
            stem: "a".to_owned(),
        };
        return load_issue(&source, Form::Json, &location, &Series::default()).diagnostics;
    }
    let loaded = load_series(&source);
    let mut found = loaded.diagnostics;
    let series = loaded.value.unwrap_or_default();
    for (format, node) in &series.settings {
        read_settings(format, &source, node, &mut found);
    }
    found
}

fn read_settings(
    format: &str,
    source: &Arc<Source>,
    node: &offprint_core::fields::Node,
    found: &mut Vec<Diagnostic>,
) {
    let mut fields = Fields::new(source, node, found);
    match format {
        "feed" => drop(offprint_rss::Rss::read(&mut fields)),
        "epub" => drop(offprint_epub::Epub::read(&mut fields)),
        "pdf" => drop(offprint_pdf::Pdf::read(&mut fields)),
        "wechat" => drop(offprint_wechat::Wechat::read(&mut fields)),
        other => panic!("nobody reads [{other}]"),
    }
    fields.finish();
}

impl Context {
    /// What is found when one field stands in the table.
    fn with(&self, name: &str, value: &Value) -> Vec<Diagnostic> {
        let name = Value::from(name).to_string();
        let field = if self.is_issue {
            format!("{name}: {value}")
        } else {
            format!("{name} = {value}\n")
        };
        findings(self.is_issue, self.text.replace('@', &field))
    }

    fn knows(&self, name: &str) -> bool {
        let found = self.with(name, &Value::from("x"));
        let said = format!("there is no field `{name}` here");
        let is_unknown = |it: &Diagnostic| it.code == "unknown-field" && it.message == said;
        assert!(
            !found.iter().any(|it| it.code == "syntax"),
            "{name}: {found:?}"
        );
        !found.iter().any(is_unknown)
    }

    fn takes(&self, field: &Field, value: &Value) -> bool {
        let name = field.names.first().copied().unwrap_or_default();
        let codes: Vec<&str> = self.with(name, value).iter().map(|it| it.code).collect();
        assert!(!codes.contains(&"syntax"), "{name} {value}: {codes:?}");
        !codes.contains(&"unknown-value") && !codes.contains(&"wrong-type")
    }
}

/// Every text between quotation marks in the sources that read fields, and every name of the
/// description: what a field could be called, or hold.
#[expect(
    clippy::disallowed_methods,
    reason = "what is not written down anywhere else is looked for in the sources"
)]
fn words() -> BTreeSet<String> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut sources = Vec::new();
    for entry in fs::read_dir(crates.join("offprint-core/src/load")).unwrap() {
        sources.push(entry.unwrap().path());
    }
    for path in [
        "offprint-core/src/model.rs",
        "offprint-epub/src/lib.rs",
        "offprint-pdf/src/font_settings.rs",
        "offprint-pdf/src/settings.rs",
        "offprint-rss/src/settings.rs",
        "offprint-wechat/src/settings.rs",
        "offprint-wechat/src/theme.rs",
    ] {
        sources.push(crates.join(path));
    }
    let mut words = BTreeSet::new();
    for path in sources {
        let text = fs::read_to_string(&path).unwrap();
        let pieces = text.lines().flat_map(|line| line.split('"'));
        words.extend(pieces.filter(|it| is_word(it)).map(str::to_owned));
    }
    for context in CONTEXTS {
        let names = context.table.fields.iter().flat_map(|field| field.names);
        words.extend(names.map(|name| (*name).to_owned()));
    }
    words
}

fn is_word(text: &str) -> bool {
    (1..=20).contains(&text.chars().count())
        && text.trim() == text
        && text
            .chars()
            .all(|it| it.is_alphanumeric() || "-+/;$ ".contains(it))
        && text.chars().any(char::is_alphabetic)
        && !text.starts_with("x-")
}

#[test]
fn the_loader_knows_the_names_that_are_described_and_no_others() {
    let words = words();
    assert!(words.len() > 300, "{} words", words.len());
    let mut faults = Vec::new();
    for context in CONTEXTS {
        let described: BTreeSet<&str> = context
            .table
            .fields
            .iter()
            .flat_map(|field| field.names.iter().copied())
            .collect();
        for word in &words {
            // A second `file` would be no TOML.
            if context.text.contains("file = ") && word == "file" {
                continue;
            }
            // A table with one of these is a font, not a table of fonts.
            let is_font = ["file", "index", "axes"].contains(&word.as_str());
            if context.table.name == "font-roles" && is_font {
                continue;
            }
            // Names in capitals or with blanks are read as the plain ones.
            let is_folded = word.chars().any(|it| it.is_ascii_uppercase() || it == ' ');
            if context.table.is_read_kindly && is_folded {
                continue;
            }
            let is_described = described.contains(word.as_str());
            if context.knows(word) != is_described {
                let side = if is_described {
                    "described and not read"
                } else {
                    "read and not described"
                };
                faults.push(format!("{}: `{word}` is {side}", context.table.name));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_table_is_put_to_the_loader() {
    let mut tables = vec![&describe::ISSUE, &describe::SERIES_FILE];
    collect(&describe::ISSUE, &mut tables);
    collect(&describe::SERIES_FILE, &mut tables);
    for table in tables {
        let is_there = CONTEXTS.iter().any(|it| it.table.name == table.name);
        assert!(is_there, "{} stands in no context", table.name);
    }
}

/// The words of a field that takes nothing else.
fn words_of(kind: &Kind) -> Option<&'static [&'static str]> {
    match kind {
        Kind::Word(words) => Some(words),
        Kind::List(kind) => words_of(kind),
        Kind::Text
        | Kind::Like(_)
        | Kind::Only(_)
        | Kind::Integer(..)
        | Kind::Number(..)
        | Kind::Boolean
        | Kind::Table(_)
        | Kind::Map(_)
        | Kind::Either(_)
        | Kind::Anything => None,
    }
}

#[test]
fn fields_of_few_words_take_those_that_are_described_and_no_others() {
    let words = words();
    let mut faults = Vec::new();
    let mut count = 0;
    for context in CONTEXTS {
        for field in context.table.fields {
            let Some(described) = words_of(&field.kind) else {
                // Whatever is text takes any word.
                continue;
            };
            count += 1;
            let described: BTreeSet<String> =
                described.iter().map(|it| it.to_lowercase()).collect();
            let all = words.iter().cloned().chain(described.clone());
            for word in all {
                // Some lists of words are not folded.
                let lower = word.to_lowercase();
                let is_described = described.contains(&lower);
                let is_taken = context.takes(field, &Value::from(word.as_str()))
                    || context.takes(field, &json!([word]));
                if is_taken != is_described && !(is_described && word != lower) {
                    let name = field.names.first().copied().unwrap_or_default();
                    faults.push(format!(
                        "{}.{name}: `{word}` is {}taken",
                        context.table.name,
                        if is_taken { "" } else { "not " }
                    ));
                }
            }
        }
    }
    assert!(count > 20, "{count}");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn numbers_have_the_limits_that_are_described() {
    let mut count = 0;
    for context in CONTEXTS {
        for field in context.table.fields {
            let name = field.names.first().copied().unwrap_or_default();
            let tries = match field.kind {
                Kind::Integer(least, most) => vec![
                    (json!(least), true),
                    (json!(most), true),
                    (json!(least - 1), false),
                    (json!(most.saturating_add(1)), most == i64::MAX),
                ],
                Kind::Number(least, most) => vec![
                    (json!(least), true),
                    (json!(least - 0.5), false),
                    (json!(most * 2.0), false),
                ],
                Kind::Text
                | Kind::Like(_)
                | Kind::Only(_)
                | Kind::Boolean
                | Kind::Word(_)
                | Kind::List(_)
                | Kind::Table(_)
                | Kind::Map(_)
                | Kind::Either(_)
                | Kind::Anything => continue,
            };
            for (value, is_fine) in tries {
                // Versions are judged by a rule of their own.
                if name != "schema" {
                    assert_eq!(
                        context.takes(field, &value),
                        is_fine,
                        "{}.{name} = {value}",
                        context.table.name
                    );
                }
            }
            count += 1;
        }
    }
    assert!(count > 15, "{count}");
}

#[test]
fn schemas_say_their_draft_and_refer_to_what_is_there() {
    for schema in [issue(), series()] {
        assert_eq!(
            schema["$schema"],
            "https://json-schema.org/draft/2020-12/schema"
        );
        let mut references = Vec::new();
        collect_references(&schema, &mut references);
        assert!(references.len() > 20);
        for reference in references {
            let pointer = reference.trim_start_matches('#');
            assert!(schema.pointer(pointer).is_some(), "{reference}");
        }
    }
    assert_eq!(issue().to_string(), issue().to_string());
}

fn collect_references(schema: &Value, found: &mut Vec<String>) {
    match schema {
        Value::Object(fields) => {
            for (name, value) in fields {
                if name == "$ref" {
                    found.extend(value.as_str().map(str::to_owned));
                }
                collect_references(value, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|it| collect_references(it, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
