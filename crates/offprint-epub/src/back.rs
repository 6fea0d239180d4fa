//! What stands behind the text.

use minijinja::{Error, Value, context};
use offprint_core::colophon::colophon;
use offprint_core::model::{Issue, Tag};
use offprint_core::text::Inline;
use offprint_core::words::{Label, Words};
use offprint_html::OnPage;

use crate::pages::{Making, Page, PageKind};
use crate::prose::line;

/// The page's file.
pub(crate) const FILE: &str = "about.xhtml";

/// Whether anything is known that stands there.
pub(crate) fn is_wanted(issue: &Issue) -> bool {
    !colophon(issue).is_empty() || !issue.tags.is_empty() || !issue.related.is_empty()
}

/// Where the issue comes from, what it is about, and what to read next. `turn` holds the
/// links to other pages, if any.
pub(crate) fn back_page(making: &Making<'_>, turn: Option<Value>) -> Result<Page, Error> {
    let Making { issue, words, .. } = making;
    let mut on_page = OnPage::default();
    let lines: Vec<Value> = colophon(issue)
        .into_iter()
        .map(|colophon_line| {
            let label = format!("{}{}", colophon_line.label, words.colon());
            context! { label, content => line(making, &colophon_line.content, &mut on_page) }
        })
        .collect();
    let tags: Vec<Value> = issue
        .tags
        .iter()
        .map(|tag| context! { name => &tag.name, url => &tag.url, counts => counts(tag, *words) })
        .collect();
    let related: Vec<Value> = issue
        .related
        .iter()
        .map(|piece| {
            let mut facts: Vec<String> = piece.date.map(|date| words.date(date)).into_iter().collect();
            facts.extend(piece.views.map(|views| counted(*words, views, Label::Views)));
            let image = piece.image.clone().map(|image| line(making, &[Inline::Image(image)], &mut on_page));
            context! { title => &piece.title, url => &piece.url, facts, summary => &piece.summary, image }
        })
        .collect();
    let title = words.about(issue);
    let body = making.fill(
        "back.xhtml",
        context! {
            title,
            lines,
            tags,
            tags_label => words.label(Label::Tags),
            related,
            related_label => words.label(Label::Related),
            turn,
        },
    )?;
    making.page(FILE, title, PageKind::Back, &body)
}

fn counts(tag: &Tag, words: Words) -> Vec<String> {
    [
        (tag.followers, Label::Followers),
        (tag.articles, Label::Articles),
        (tag.views, Label::Views),
    ]
    .into_iter()
    .filter_map(|(count, label)| Some(counted(words, count?, label)))
    .collect()
}

fn counted(words: Words, count: u64, label: Label) -> String {
    let label = words.label(label);
    match words {
        Words::Chinese => format!("{label} {count}"),
        Words::English => format!("{count} {label}"),
    }
}
