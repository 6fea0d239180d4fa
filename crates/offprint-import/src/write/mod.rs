//! A draft written as an issue file in any of the four forms.

mod fit;
mod markdown;
mod yaml;

use offprint_core::check::identifier::Identified;
use offprint_core::load::Form;
use offprint_core::model::{IssueSource, Lang, Related, SourceKind, Status, Tag};
use offprint_core::text::plain_text_with;
use offprint_core::{Diagnostic, Text};
use serde_json::{Map, Value, json};

use crate::{Draft, DraftPaper, DraftSection};

/// What an issue must have and a source may not say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The title.
    pub title: String,
    /// The date, perhaps with a time, as an issue has it.
    pub date: String,
    /// The language of titles, labels and commentary.
    pub lang: Lang,
    /// The issue's id, where its file's name gives none.
    pub id: Option<String>,
    /// Whether the series has the same language, so that the issue need not name it.
    pub inherits_lang: bool,
}

/// An issue file.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// Its text.
    pub text: String,
    /// What had to be shortened to fit an issue's limits.
    pub diagnostics: Vec<Diagnostic>,
}

/// Writes a draft. It loads without an error, whatever it holds.
#[must_use]
pub fn write(draft: &Draft, head: &Head, form: Form) -> Written {
    let mut draft = draft.clone();
    let diagnostics = fit::fit(&mut draft);
    let in_chinese = head.lang.is_chinese();
    let shared = shared_lang(&draft, head);
    if shared.is_some() {
        draft.papers_mut().for_each(|paper| paper.entry.lang = None);
    }
    let front = front(&draft, head, shared);
    let text = match form {
        Form::Markdown => {
            let mut out = format!("---\n{}---\n", yaml::mapping(&front));
            markdown::body(&draft, in_chinese, &mut out);
            out
        }
        Form::Yaml => yaml::mapping(&whole(front, &draft, in_chinese)),
        Form::Toml => toml::to_string_pretty(&Value::Object(whole(front, &draft, in_chinese)))
            .unwrap_or_default(),
        Form::Json => {
            let whole = Value::Object(whole(front, &draft, in_chinese));
            serde_json::to_string_pretty(&whole).unwrap_or_default() + "\n"
        }
    };
    Written { text, diagnostics }
}

/// A text as Markdown, pictures and footnotes left out.
#[must_use]
pub fn text(text: &Text) -> String {
    markdown::text(text)
}

/// The language that all papers have and the issue has not: it is written once.
fn shared_lang(draft: &Draft, head: &Head) -> Option<Lang> {
    let mut papers = draft.papers();
    let lang = papers.next()?.entry.lang.clone()?;
    let is_shared = papers.all(|paper| paper.entry.lang.as_ref() == Some(&lang));
    (is_shared && lang != head.lang).then_some(lang)
}

/// A table that takes what is there and leaves out what is not.
#[derive(Default)]
struct Table(Map<String, Value>);

impl Table {
    fn put(&mut self, name: &str, value: Value) {
        let is_empty = match &value {
            Value::Null => true,
            Value::String(text) => text.is_empty(),
            Value::Array(values) => values.is_empty(),
            Value::Object(values) => values.is_empty(),
            Value::Bool(_) | Value::Number(_) => false,
        };
        if !is_empty {
            self.0.insert(name.to_owned(), value);
        }
    }

    fn value(self) -> Value {
        Value::Object(self.0)
    }
}

/// The fields of the issue itself.
fn front(draft: &Draft, head: &Head, paper_lang: Option<Lang>) -> Map<String, Value> {
    let mut table = Table::default();
    table.put("title", json!(fit::readable_formulas(head.title.clone())));
    table.put("date", json!(head.date));
    table.put("id", json!(head.id));
    if !head.inherits_lang {
        table.put("lang", json!(head.lang));
    }
    if let Some(lang) = paper_lang {
        table.put("defaults", json!({ "lang": lang }));
    }
    table.put("description", json!(draft.description));
    table.put("authors", json!(draft.authors));
    table.put("editors", json!(draft.editors));
    table.put("translators", json!(draft.translators));
    table.put("source", draft.source.as_ref().map_or(Value::Null, source));
    table.put("declaration", json!(draft.declaration));
    table.put("canonical", json!(draft.canonical));
    table.put("tags", tags(&draft.tags));
    table.put("related", draft.related.iter().map(related).collect());
    table.0
}

fn source(source: &IssueSource) -> Value {
    let mut table = Table::default();
    table.put("kind", json!(source.kind.map(source_kind)));
    table.put("name", json!(source.name));
    table.put("id", json!(source.id));
    table.put("title", json!(source.title));
    table.put("url", json!(source.url));
    table.put("via", json!(source.via));
    table.put("date", json!(source.date));
    let license = source.license.as_ref();
    table.put("license", json!(license.map(|license| &license.name)));
    table.value()
}

fn source_kind(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Wechat => "wechat",
        SourceKind::Web => "web",
        SourceKind::Mail => "mail",
    }
}

/// Tags without counts are words.
fn tags(tags: &[Tag]) -> Value {
    let is_bare = |tag: &Tag| {
        tag.url.is_none()
            && tag.followers.is_none()
            && tag.articles.is_none()
            && tag.views.is_none()
    };
    tags.iter()
        .map(|tag| {
            if is_bare(tag) {
                return json!(tag.name);
            }
            let mut table = Table::default();
            table.put("name", json!(tag.name));
            table.put("url", json!(tag.url));
            table.put("followers", json!(tag.followers));
            table.put("articles", json!(tag.articles));
            table.put("views", json!(tag.views));
            table.value()
        })
        .collect()
}

fn related(related: &Related) -> Value {
    let mut table = Table::default();
    table.put("title", json!(related.title));
    table.put("url", json!(related.url));
    table.put("date", json!(related.date));
    table.put("views", json!(related.views));
    table.put("summary", json!(related.summary));
    table.value()
}

/// The fields of the issue with its body, for the forms of data.
fn whole(front: Map<String, Value>, draft: &Draft, in_chinese: bool) -> Map<String, Value> {
    let mut table = Table(front);
    table.put("intro", json!(prose(&draft.intro)));
    let mut loose = true;
    let sections = draft.sections.iter().map(|section| {
        let title = title_of(section, loose, in_chinese);
        loose = false;
        let mut table = Table::default();
        table.put("title", json!(title));
        table.put("intro", json!(prose(&section.intro)));
        let papers = section.papers.iter().map(|own| paper(own, in_chinese));
        table.put("papers", papers.collect());
        table.value()
    });
    let mut sections: Vec<Value> = sections.collect();
    // Papers before any heading belong to no section.
    let has_head = draft.sections.first().is_some_and(is_loose);
    if has_head && let Value::Object(mut first) = sections.remove(0) {
        table.put("papers", first.remove("papers").unwrap_or_default());
    }
    table.put("sections", Value::Array(sections));
    table.0
}

/// Whether a section is nothing but papers, with no heading and no text of its own.
fn is_loose(section: &DraftSection) -> bool {
    section.title.is_none() && section.intro.is_empty()
}

/// The title that a section is written with: one without gets a word, unless it is the first
/// and nothing but papers.
fn title_of(section: &DraftSection, is_first: bool, in_chinese: bool) -> Option<&str> {
    match section.title.as_deref() {
        None if is_first && is_loose(section) => None,
        None if in_chinese => Some("其他"),
        None => Some("Others"),
        title => title,
    }
}

/// A text as Markdown; plainer where that would be read as something else.
fn prose(text: &Text) -> Option<String> {
    (!text.is_empty()).then(|| markdown::text(text))
}

/// The heading of a paper: its title, else what it is known by. A key is the bibliography's own
/// word for it, and no name.
fn title(paper: &DraftPaper, in_chinese: bool) -> String {
    let entry = &paper.entry;
    let known_as = || {
        let arxiv = entry.arxiv.as_ref().map(|id| format!("arXiv:{id}"));
        arxiv
            .or_else(|| entry.doi.as_ref().map(|doi| format!("doi:{doi}")))
            .or_else(|| {
                entry
                    .openreview
                    .as_ref()
                    .map(|id| format!("OpenReview:{id}"))
            })
            .or_else(|| entry.pmid.as_ref().map(|id| format!("PMID:{id}")))
            .or_else(|| entry.isbn.as_ref().map(|isbn| format!("ISBN:{isbn}")))
            .or_else(|| entry.url.clone())
            .or_else(|| entry.links.values().next().cloned())
            .unwrap_or_else(|| if in_chinese { "无题" } else { "Untitled" }.to_owned())
    };
    entry
        .title
        .clone()
        .filter(|title| !title.is_empty())
        .unwrap_or_else(known_as)
}

/// The fields of a paper but its title, abstract and commentary, by their English names.
fn facts(paper: &DraftPaper) -> Vec<(&'static str, Value)> {
    let entry = &paper.entry;
    let mut facts = Vec::new();
    let url = match &entry.url {
        Some(url) => json!(url),
        None if entry.has_locator() => Value::Null,
        None => json!("none"),
    };
    facts.push(("url", url));
    // The address says these already.
    let from_url = entry
        .url
        .as_deref()
        .and_then(offprint_core::check::identifier::of_url);
    let unless_said = |own: &Option<String>, said: Option<&String>| {
        if own.as_ref() == said {
            Value::Null
        } else {
            json!(own)
        }
    };
    let (mut doi, mut arxiv, mut openreview) = (None, None, None);
    match &from_url {
        Some(Identified::Doi(id)) => doi = Some(id),
        Some(Identified::Arxiv(id)) => arxiv = Some(id),
        Some(Identified::Openreview(id)) => openreview = Some(id),
        None => {}
    }
    facts.push(("doi", unless_said(&entry.doi, doi)));
    facts.push(("arxiv", unless_said(&entry.arxiv, arxiv)));
    facts.push(("openreview", unless_said(&entry.openreview, openreview)));
    facts.push(("pmid", json!(entry.pmid)));
    facts.push(("isbn", json!(entry.isbn)));
    for (kind, url) in &entry.links {
        facts.push((kind.key(), json!(url)));
    }
    facts.push(("authors", json!(entry.authors)));
    facts.push(("affiliations", json!(entry.affiliations)));
    facts.push(("venue", json!(entry.venue)));
    facts.push(("volume", json!(entry.volume)));
    facts.push(("issue", json!(entry.issue)));
    facts.push(("pages", json!(entry.pages)));
    facts.push(("publisher", json!(entry.publisher)));
    let year = entry.year.filter(|_| entry.date.is_none());
    facts.push(("year", json!(year)));
    facts.push(("date", json!(entry.date)));
    facts.push(("status", json!(entry.status.map(status))));
    let kind = entry
        .kind
        .as_deref()
        .filter(|kind| *kind != "paper-conference");
    facts.push(("type", json!(kind)));
    facts.push(("lang", json!(entry.lang)));
    facts.push(("tags", json!(entry.tags)));
    let tldr = markdown::line(&paper.tldr);
    facts.push(("tldr", json!(tldr)));
    facts.push(("rating", json!(paper.rating)));
    facts.push(("presenter", json!(paper.presenter)));
    facts.retain(|(_, value)| {
        !matches!(value, Value::Null)
            && value.as_str() != Some("")
            && value.as_array().is_none_or(|values| !values.is_empty())
    });
    facts
}

fn status(status: Status) -> &'static str {
    Status::ALL
        .iter()
        .find(|(_, other)| *other == status)
        .map_or("", |(name, _)| name)
}

fn paper(paper: &DraftPaper, in_chinese: bool) -> Value {
    let mut table = Table::default();
    table.put("title", json!(title(paper, in_chinese)));
    for (name, value) in facts(paper) {
        table.put(name, value);
    }
    table.put("abstract", json!(prose(&paper.entry.abstract_text)));
    table.put("commentary", json!(prose(&paper.commentary)));
    table.value()
}

/// Whether two texts say the same, but for blanks.
fn says_the_same(one: &[offprint_core::Block], other: &[offprint_core::Block]) -> bool {
    // What nobody can read as a formula is written as code.
    let [one, other] =
        [one, other].map(|text| plain_text_with(text, |formula| formula.tex.clone()));
    one.split_whitespace()
        .flat_map(str::chars)
        .eq(other.split_whitespace().flat_map(str::chars))
}

#[cfg(test)]
mod tests;
