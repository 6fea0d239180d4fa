//! Findings as one SARIF 2.1.0 document (OASIS), which code hosts and editors read.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

use offprint_core::check::{self, Rule};
use offprint_core::{Diagnostic, Fix, Place, Severity};
use serde_json::{Map, Value, json};

use crate::formats;
use crate::places::Places;
use crate::project::Finding;
use crate::state::{Hash, Hasher};

/// The base of relative addresses: where the program was started.
const HERE: &str = "%SRCROOT%";

/// A document while findings come in.
#[derive(Debug, Default)]
pub(crate) struct Log {
    results: Vec<Value>,
    /// The codes that were found, in the order of their first finding.
    codes: Vec<&'static str>,
    /// How often the same was found, for each to have a print of its own.
    seen: BTreeMap<Hash, usize>,
    /// Why the program stopped.
    notifications: Vec<Value>,
}

impl Log {
    /// Takes a finding.
    pub(crate) fn add(&mut self, finding: &Finding) {
        let Finding { diagnostic, file } = finding;
        let place = diagnostic.place.as_ref();
        let name = place.map(|place| &place.source.name).or(file.as_ref());
        let artifact = name.map(|name| artifact(name));
        let mut result = json!({
            "ruleId": diagnostic.code,
            "ruleIndex": self.index_of(diagnostic.code),
            "level": level(diagnostic.severity),
            "message": { "text": text_of(diagnostic) },
            "partialFingerprints": { "offprintFinding/v1": self.print_of(finding) },
        });
        if let Some(artifact) = &artifact {
            let mut location = json!({ "artifactLocation": artifact });
            if let Some(place) = place {
                let region = region(&place.span, &mut Places::of(place));
                put(&mut location, "region", region);
            }
            put(
                &mut result,
                "locations",
                json!([{ "physicalLocation": location }]),
            );
        }
        if let (Some(fix), Some(place), Some(artifact)) = (&diagnostic.fix, place, artifact) {
            put(&mut result, "fixes", json!([fix_of(fix, place, &artifact)]));
        }
        self.results.push(result);
    }

    /// Notes why the program stopped.
    pub(crate) fn stop(&mut self, diagnostic: &Diagnostic) {
        self.notifications.push(json!({
            "level": "error",
            "descriptor": { "id": diagnostic.code },
            "message": { "text": text_of(diagnostic) },
        }));
    }

    /// The whole document, on one line.
    pub(crate) fn finish(self, exit_code: u8) -> String {
        let of_formats = formats::rules();
        let all: BTreeMap<&str, &Rule> = of_formats
            .into_iter()
            .chain([check::RULES])
            .flatten()
            .map(|rule| (rule.name, rule))
            .collect();
        let rules = self.codes.iter().map(|code| match all.get(code) {
            Some(rule) => json!({
                "id": code,
                "shortDescription": { "text": sentence(rule.about) },
                "fullDescription": { "text": sentence(rule.about) },
                "help": { "text": format!("Run `offprint explain {code}`.") },
                "defaultConfiguration": { "level": level(rule.severity) },
            }),
            None => json!({ "id": code }),
        });
        let mut invocation = json!({
            "executionSuccessful": self.notifications.is_empty(),
            "exitCode": exit_code,
        });
        if !self.notifications.is_empty() {
            put(
                &mut invocation,
                "toolExecutionNotifications",
                Value::Array(self.notifications),
            );
        }
        let document = json!({
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [{
                "tool": { "driver": {
                    "name": "offprint",
                    "version": env!("CARGO_PKG_VERSION"),
                    "semanticVersion": env!("CARGO_PKG_VERSION"),
                    "informationUri": env!("CARGO_PKG_REPOSITORY"),
                    "rules": rules.collect::<Vec<_>>(),
                }},
                "invocations": [invocation],
                "originalUriBaseIds": {
                    HERE: { "description": { "text": "Where offprint was started." } },
                },
                "columnKind": "unicodeCodePoints",
                "results": self.results,
            }],
        });
        format!("{document}\n")
    }

    fn index_of(&mut self, code: &'static str) -> usize {
        let known = self.codes.iter().position(|known| *known == code);
        known.unwrap_or_else(|| {
            self.codes.push(code);
            self.codes.len() - 1
        })
    }

    /// What tells a finding from others, and stays the same when lines come or go above it.
    fn print_of(&mut self, finding: &Finding) -> String {
        let Finding { diagnostic, file } = finding;
        let place = diagnostic.place.as_ref();
        let name = place.map(|place| &place.source.name).or(file.as_ref());
        let print = Hasher::default()
            .with(diagnostic.code)
            .with(name.map_or("", String::as_str))
            .with(place.map_or("", line_of).trim())
            .with(&diagnostic.message)
            .finish();
        let count = self.seen.entry(print.clone()).or_default();
        *count += 1;
        format!("{}:{count}", print.as_str())
    }
}

fn put(object: &mut Value, key: &str, value: Value) {
    if let Some(object) = object.as_object_mut() {
        object.insert(key.to_owned(), value);
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "note",
    }
}

/// Everything that a finding says, in sentences.
fn text_of(diagnostic: &Diagnostic) -> String {
    let parts = std::iter::once(&diagnostic.message)
        .chain(&diagnostic.label)
        .chain(&diagnostic.hints);
    let sentences: Vec<String> = parts.map(|part| sentence(part)).collect();
    sentences.join(" ")
}

/// Words that begin with a capital and end with a full stop.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    let mut sentence: String = first.chain(letters).collect();
    if !sentence.ends_with(['.', '!', '?', '。', '！', '？']) {
        sentence.push('.');
    }
    sentence
}

fn artifact(name: &str) -> Value {
    let mut location = Map::new();
    if name.starts_with('/') {
        location.insert("uri".to_owned(), format!("file://{}", encoded(name)).into());
    } else {
        location.insert("uri".to_owned(), encoded(name).into());
        location.insert("uriBaseId".to_owned(), HERE.into());
    }
    Value::Object(location)
}

/// A path as RFC 3986 writes it.
fn encoded(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    // A colon in the first part would make a scheme of it.
    let first_part = path.find('/').unwrap_or(path.len());
    for (at, byte) in path.bytes().enumerate() {
        let stays = byte.is_ascii_alphanumeric()
            || b"/-._~!$&'()*+,;=@".contains(&byte)
            || byte == b':' && at > first_part;
        if stays {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

fn region(span: &Range<usize>, places: &mut Places<'_>) -> Value {
    let (start_line, start_column) = places.line_column(span.start);
    let (end_line, end_column) = places.line_column(span.end);
    json!({
        "startLine": start_line,
        "startColumn": start_column,
        "endLine": end_line,
        "endColumn": end_column,
    })
}

fn fix_of(fix: &Fix, place: &Place, artifact: &Value) -> Value {
    let mut places = Places::of(place);
    let replacements = fix.edits.iter().map(|edit| {
        json!({
            "deletedRegion": region(&edit.span, &mut places),
            "insertedContent": { "text": edit.text },
        })
    });
    json!({
        "description": { "text": sentence(&fix.about) },
        "artifactChanges": [{
            "artifactLocation": artifact,
            "replacements": replacements.collect::<Vec<_>>(),
        }],
    })
}

/// The line on which a place begins.
fn line_of(place: &Place) -> &str {
    let text = &place.source.text;
    let (before, after) = text
        .split_at_checked(place.span.start)
        .unwrap_or((text, ""));
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let end = after.find('\n').unwrap_or(after.len());
    text.get(start..place.span.start + end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use offprint_core::Source;
    use std::collections::BTreeSet;

    #[test]
    fn addresses_of_files_are_encoded() {
        assert_eq!(
            encoded("issues/2020 第 1 期#a%.md"),
            "issues/2020%20%E7%AC%AC%201%20%E6%9C%9F%23a%25.md"
        );
        assert_eq!(encoded("a:b/c:d"), "a%3Ab/c:d");
        assert_eq!(
            artifact("/tmp/x y.md"),
            json!({ "uri": "file:///tmp/x%20y.md" })
        );
    }

    #[test]
    fn prints_tell_findings_apart_and_outlive_lines_above() {
        let mut prints = BTreeSet::new();
        for text in ["一 x\n一 x\n", "新\n一 x\n一 x\n"] {
            let source = Source::new("a.md", text);
            let mut log = Log::default();
            for (at, _) in text.match_indices('x') {
                let place = Place::new(&source, at..at + 1);
                let found = Diagnostic::warning("missing-alt", "no text").at(place);
                log.add(&found.into());
            }
            for result in &log.results {
                prints.insert(result["partialFingerprints"].to_string());
            }
        }
        assert_eq!(prints.len(), 2, "{prints:?}");
    }
}
