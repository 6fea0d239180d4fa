//! CSL-JSON 1.0.2, as citation software reads it.

use offprint_core::model::Paper;
use offprint_core::names::{Name, is_and_others};
use serde_json::{Map, Value, json};

use crate::Entry;
use crate::spreadsheet::status;

/// The item of a paper. What CSL has no variable for stands in `custom`.
pub(crate) fn item(entry: &Entry<'_>, key: &str) -> Value {
    let paper = entry.paper;
    let kind = entry.kind();
    let mut item = Map::new();
    let mut put = |name: &str, value: Value| {
        let is_empty = match &value {
            Value::Null => true,
            Value::String(text) => text.is_empty(),
            Value::Array(values) => values.is_empty(),
            Value::Object(values) => values.is_empty(),
            Value::Bool(_) | Value::Number(_) => false,
        };
        if !is_empty {
            item.insert(name.to_owned(), value);
        }
    };
    put("id", json!(key));
    put("type", json!(kind));
    put("title", json!(paper.plain_title()));
    put("author", authors(paper));
    let container = match kind {
        "book" | "report" | "thesis" | "dataset" | "software" | "standard" => "publisher",
        _ => "container-title",
    };
    put(container, json!(paper.venue));
    // Who published it says more than a venue in that place.
    put("publisher", json!(paper.publisher));
    put("volume", json!(paper.volume));
    put("issue", json!(paper.issue));
    put("page", json!(paper.pages));
    if kind == "paper-conference" {
        put("event-title", json!(paper.venue));
    }
    put("issued", issued(entry));
    put("DOI", json!(paper.doi));
    if let Some(arxiv) = &paper.arxiv {
        put("archive", json!("arXiv"));
        put("number", json!(format!("arXiv:{arxiv}")));
    }
    put("PMID", json!(paper.pmid));
    put("ISBN", json!(paper.isbn));
    put("URL", json!(paper.landing()));
    put("language", json!(paper.lang));
    put("status", json!(paper.status.map(status)));
    if entry.is_bare {
        return Value::Object(item);
    }
    put("keyword", json!(paper.tags.join(", ")));
    put("abstract", json!(entry.prose(&paper.abstract_text)));
    put("annote", json!(entry.comment()));
    put("custom", custom(entry));
    Value::Object(item)
}

/// A list of one item, a variable a line.
pub(crate) fn lines(item: &Value) -> String {
    let variables = item.as_object().into_iter().flatten();
    let lines: Vec<String> = variables
        .map(|(name, value)| format!("  {}: {value}", json!(name)))
        .collect();
    format!("[{{\n{}\n}}]\n", lines.join(",\n"))
}

fn authors(paper: &Paper) -> Value {
    paper
        .authors
        .iter()
        .filter(|author| !is_and_others(author))
        .map(|author| match Name::of(author) {
            Name::Person {
                family,
                given,
                suffix: None,
            } => json!({ "family": family, "given": given }),
            Name::Person {
                family,
                given,
                suffix: Some(suffix),
            } => json!({ "family": family, "given": given, "suffix": suffix }),
            Name::Whole(name) => json!({ "literal": name }),
        })
        .collect()
}

fn issued(entry: &Entry<'_>) -> Value {
    let date = entry.paper.date;
    match (date, entry.year()) {
        (Some(date), Some(year)) if date.year() == year => {
            json!({ "date-parts": [[year, date.month(), date.day()]] })
        }
        (_, Some(year)) => json!({ "date-parts": [[year]] }),
        (_, None) => Value::Null,
    }
}

fn custom(entry: &Entry<'_>) -> Value {
    let Entry {
        issue,
        section,
        paper,
        ..
    } = entry;
    let links: Map<String, Value> = paper
        .links
        .iter()
        .map(|(kind, url)| (kind.key().to_owned(), json!(url)))
        .collect();
    let mut custom = Map::new();
    for (name, value) in [
        ("issue", json!(issue.id)),
        ("issue-guid", json!(issue.guid)),
        ("issue-title", json!(issue.title)),
        ("issue-number", json!(issue.number)),
        ("issue-volume", json!(issue.volume)),
        ("issue-date", json!(issue.date.date())),
        ("section", json!(section.title)),
        ("id", json!(paper.id)),
        ("openreview", json!(paper.openreview)),
        ("affiliations", json!(paper.affiliations)),
        ("rating", json!(paper.rating)),
        ("presenter", json!(paper.presenter)),
        ("links", Value::Object(links)),
    ] {
        let is_empty = value.is_null()
            || value.as_array().is_some_and(Vec::is_empty)
            || value.as_object().is_some_and(Map::is_empty);
        if !is_empty {
            custom.insert(name.to_owned(), value);
        }
    }
    Value::Object(custom)
}
