//! What stands at an issue's end: where it comes from, who made it, on what terms.

use crate::model::{Issue, License, Person, Series};
use crate::text::Inline;
use crate::words::{Label, Words};

/// A labelled line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What the line tells, without a colon.
    pub label: String,
    /// What it says.
    pub content: Vec<Inline>,
}

/// The lines of an issue's colophon, in reading order: source, original title, first
/// publication, people, event, declaration, licence.
#[must_use]
pub fn colophon(issue: &Issue) -> Vec<Line> {
    let words = Words::of(&issue.lang);
    let mut lines = Vec::new();
    let mut push = |label: Label, content: Vec<Inline>| {
        if !content.is_empty() {
            lines.push(Line {
                label: words.label(label).to_owned(),
                content,
            });
        }
    };
    if let Some(source) = &issue.source {
        let name = match (&source.name, &source.id) {
            (Some(name), Some(id)) if words == Words::Chinese => Some(format!("{name}（{id}）")),
            (Some(name), Some(id)) => Some(format!("{name} ({id})")),
            (Some(name), None) => Some(name.clone()),
            (None, id) => id.clone(),
        };
        let shown = name.or_else(|| source.url.clone());
        push(
            Label::Source,
            shown
                .map(|shown| linked(shown, source.url.as_deref()))
                .unwrap_or_default(),
        );
        push(Label::OriginalTitle, plain(source.title.as_deref()));
        push(Label::Via, plain(source.via.as_deref()));
        push(
            Label::FirstPublished,
            plain(source.date.map(|date| words.date(date)).as_deref()),
        );
    }
    push(
        Label::OriginalLink,
        issue
            .canonical
            .as_ref()
            .map(|url| linked(url.clone(), Some(url)))
            .unwrap_or_default(),
    );
    push(Label::Authors, people(&issue.authors, words));
    push(Label::Translators, people(&issue.translators, words));
    push(Label::Editors, people(&issue.editors, words));
    if let Some(event) = &issue.event {
        let mut content = linked(event.name.clone(), event.url.as_deref());
        let dates = match (event.start, event.end) {
            (Some(start), Some(end)) => {
                Some(format!("{} – {}", words.date(start), words.date(end)))
            }
            (Some(start), None) => Some(words.date(start)),
            (None, end) => end.map(|end| words.date(end)),
        };
        let submissions = event.submissions.map(|count| match words {
            Words::Chinese => format!("{} {count} 篇", words.label(Label::Submissions)),
            Words::English => format!("{count} {}", words.label(Label::Submissions)),
        });
        for more in [dates, event.place.clone(), submissions]
            .into_iter()
            .flatten()
        {
            content.push(Inline::Text(format!(" · {more}")));
        }
        push(Label::Event, content);
    }
    push(
        Label::Updated,
        plain(
            issue
                .updated
                .map(|updated| words.moment(updated))
                .as_deref(),
        ),
    );
    push(Label::Declaration, plain(issue.declaration.as_deref()));
    push(
        Label::License,
        issue.license.as_ref().map(license).unwrap_or_default(),
    );
    lines
}

/// The name that a reader knows the publication by: the series' title, else its publisher,
/// else the issue's first author.
#[must_use]
pub fn imprint<'a>(series: &'a Series, issue: &'a Issue) -> Option<&'a str> {
    Some(series.title.as_str())
        .filter(|title| !title.is_empty())
        .or(series.publisher.as_deref())
        .or_else(|| issue.authors.first().map(|author| author.name.as_str()))
}

fn plain(text: Option<&str>) -> Vec<Inline> {
    text.map(|text| Inline::Text(text.to_owned()))
        .into_iter()
        .collect()
}

fn linked(text: String, url: Option<&str>) -> Vec<Inline> {
    let text = Inline::Text(text);
    match url {
        Some(url) => vec![Inline::Link {
            url: url.to_owned(),
            content: vec![text],
        }],
        None => vec![text],
    }
}

fn license(license: &License) -> Vec<Inline> {
    linked(license.name.clone(), license.url.as_deref())
}

fn people(people: &[Person], words: Words) -> Vec<Inline> {
    let mut content = Vec::new();
    for person in people {
        if !content.is_empty() {
            content.push(Inline::Text(words.comma().to_owned()));
        }
        content.extend(linked(person.name.clone(), person.url.as_deref()));
    }
    content
}
