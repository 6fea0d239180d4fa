//! An issue as an article: what stands where.

use minijinja::value::Value;
use offprint_core::colophon::colophon;
use offprint_core::text::{Image, Inline};
use offprint_core::words::{Label, Words, byline, facts, link_label, stars};
use offprint_core::{Block, Issue, Paper, Section, Series};
use serde::Serialize;

use crate::fragment::{Writer, note_mark};
use crate::theme::Styles;
use crate::{Account, Wechat};

/// How many authors of a paper are named.
const AUTHORS: usize = 6;

/// What the template of an article is given. Each [`Value`] is finished HTML.
#[derive(Debug, Serialize)]
pub(crate) struct Article<'a> {
    style: &'a Styles,
    labels: Labels,
    dateline: Value,
    intro: Value,
    sections: Vec<SectionView>,
    notes: Vec<Value>,
    related: Vec<Value>,
    tags: Vec<Value>,
    colophon: Vec<Value>,
    references: Vec<Value>,
    account: Option<AccountView>,
}

#[derive(Debug, Serialize)]
struct Labels {
    introduction: &'static str,
    notes: &'static str,
    related: &'static str,
    tags: &'static str,
    about: &'static str,
    references: &'static str,
    abstract_text: &'static str,
    tldr: String,
}

#[derive(Debug, Serialize)]
struct SectionView {
    title: Value,
    intro: Value,
    papers: Vec<PaperView>,
}

#[derive(Debug, Serialize)]
struct PaperView {
    number: Option<u32>,
    title: Value,
    /// Authors; what is known of its appearance.
    meta: Vec<Value>,
    tldr: Value,
    figure: Value,
    commentary: Value,
    abstract_text: Value,
    /// Rating, presenter, links.
    foot: Vec<Value>,
}

#[derive(Debug, Serialize)]
struct AccountView {
    name: Value,
    id: Option<Value>,
    picture: Value,
}

/// Lays out an issue. The parts are written in reading order, which numbers the references.
pub(crate) fn article<'a>(
    settings: &Wechat,
    series: &Series,
    issue: &'a Issue,
    styles: &'a Styles,
    writer: &mut Writer<'_, '_>,
) -> Article<'a> {
    let words = Words::of(&issue.lang);
    let dateline = safe(writer.plain(&dateline(issue, words)));
    let intro = safe(writer.html(&issue.intro));
    let sections = issue
        .sections
        .iter()
        .map(|section| section_view(writer, series, words, section))
        .collect();
    let notes = notes(writer, issue);
    let related = related(writer, issue, words);
    let tags = tags(writer, issue, words);
    let colophon = colophon(issue)
        .iter()
        .map(|line| {
            let content = writer.verbatim(&line.content);
            let label = writer.plain(&line.label);
            safe(format!("{label}{}{content}", words.colon()))
        })
        .collect();
    let references = references(writer);
    let account = settings
        .account
        .as_ref()
        .map(|account| account_view(writer, words, account));
    Article {
        style: styles,
        labels: Labels {
            introduction: words.label(Label::Introduction),
            notes: words.label(Label::Notes),
            related: words.label(Label::Related),
            tags: words.label(Label::Tags),
            about: words.label(Label::About),
            references: words.label(Label::References),
            abstract_text: words.label(Label::Abstract),
            tldr: words.lead(Label::Tldr),
        },
        dateline,
        intro,
        sections,
        notes,
        related,
        tags,
        colophon,
        references,
        account,
    }
}

fn section_view(
    writer: &mut Writer<'_, '_>,
    series: &Series,
    words: Words,
    section: &Section,
) -> SectionView {
    SectionView {
        title: safe(writer.plain(&section.title)),
        intro: safe(writer.html(&section.intro)),
        papers: section
            .papers
            .iter()
            .map(|paper| paper_view(writer, series, words, paper))
            .collect(),
    }
}

fn paper_view(
    writer: &mut Writer<'_, '_>,
    series: &Series,
    words: Words,
    paper: &Paper,
) -> PaperView {
    let mut facts = facts(paper, words);
    facts.extend(paper.tags.iter().map(|tag| format!("#{tag}")));
    let meta = [byline(paper, AUTHORS), facts.join(" · ")]
        .iter()
        .filter(|line| !line.is_empty())
        .map(|line| safe(writer.plain(line)))
        .collect();
    let title = safe(writer.verbatim(&paper.title));
    let tldr = safe(writer.line(&paper.tldr));
    let figure = match &paper.image {
        Some(figure) => writer.html(&[Block::Figure(figure.clone())]),
        None => String::new(),
    };
    let commentary = safe(writer.html(&paper.commentary));
    let abstract_text = safe(writer.html(&paper.abstract_text));
    let mut foot = Vec::new();
    if let Some(rating) = paper.rating {
        foot.push(safe(format!(
            "{}{}",
            words.lead(Label::Rating),
            stars(rating)
        )));
    }
    if let Some(presenter) = &paper.presenter {
        let presenter = writer.plain(presenter);
        foot.push(safe(format!("{}{presenter}", words.lead(Label::Presenter))));
    }
    for (kind, url) in paper.buttons() {
        foot.push(safe(writer.button(&link_label(series, words, kind), url)));
    }
    PaperView {
        number: paper.number,
        title,
        meta,
        tldr,
        figure: safe(figure),
        commentary,
        abstract_text,
        foot,
    }
}

fn notes(writer: &mut Writer<'_, '_>, issue: &Issue) -> Vec<Value> {
    let mut notes = Vec::new();
    // A note may refer to another one.
    while let Some(note) = writer
        .notes
        .get(notes.len())
        .map(|&number| issue.footnote(number))
    {
        let number = u32::try_from(notes.len() + 1).unwrap_or(u32::MAX);
        let content = note.map_or(&[][..], |note| &note.content);
        let mark = Inline::Text(format!("{} ", note_mark(number)));
        notes.push(match content {
            // A note of one paragraph, as nearly all are, needs no paragraph of its own.
            [Block::Paragraph(content)] => {
                let content = [&[mark], content.as_slice()].concat();
                safe(writer.line(&content))
            }
            [Block::Paragraph(first), rest @ ..] => {
                let first = Block::Paragraph([&[mark], first.as_slice()].concat());
                let html = writer.html(&[first]);
                safe(html + &writer.html(rest))
            }
            content => {
                let mark = writer.line(&[mark]);
                safe(mark + &writer.html(content))
            }
        });
    }
    notes
}

fn related(writer: &mut Writer<'_, '_>, issue: &Issue, words: Words) -> Vec<Value> {
    let mut lines = Vec::new();
    for related in &issue.related {
        let mut line = writer.linked(&related.title, related.url.as_deref());
        if let Some(date) = related.date {
            line.push_str(" · ");
            line.push_str(&words.date(date));
        }
        if let Some(views) = related.views {
            line.push_str(" · ");
            line.push_str(&count(words, Label::Views, views));
        }
        if let Some(summary) = &related.summary {
            line.push_str("<br>");
            line.push_str(&writer.line(&[Inline::Text(summary.clone())]));
        }
        if let Some(image) = &related.image {
            line.push_str("<br>");
            line.push_str(&writer.verbatim(&[Inline::Image(image.clone())]));
        }
        lines.push(safe(line));
    }
    lines
}

fn tags(writer: &mut Writer<'_, '_>, issue: &Issue, words: Words) -> Vec<Value> {
    let mut lines = Vec::new();
    for tag in &issue.tags {
        let mut line = writer.linked(&format!("#{}", tag.name), tag.url.as_deref());
        for (label, number) in [
            (Label::Followers, tag.followers),
            (Label::Articles, tag.articles),
            (Label::Views, tag.views),
        ] {
            if let Some(number) = number {
                line.push_str(" · ");
                line.push_str(&count(words, label, number));
            }
        }
        lines.push(safe(line));
    }
    lines
}

fn references(writer: &mut Writer<'_, '_>) -> Vec<Value> {
    let list = writer.references.list().to_vec();
    let mut lines = Vec::new();
    for (number, reference) in (1..).zip(&list) {
        let url = reference
            .url
            .strip_prefix("mailto:")
            .unwrap_or(&reference.url);
        let label = if reference.label.is_empty() {
            String::new()
        } else {
            format!("{}: ", reference.label)
        };
        lines.push(safe(writer.plain(&format!("[{number}] {label}{url}"))));
    }
    lines
}

fn account_view(writer: &mut Writer<'_, '_>, words: Words, account: &Account) -> AccountView {
    let picture = account
        .qr
        .as_ref()
        .filter(|src| writer.assets.get(src).is_some())
        .map(|src| {
            let image = Image {
                src: src.clone(),
                alt: account.name.clone(),
                width: None,
            };
            writer.verbatim(&[Inline::Image(image)])
        });
    let id = account.id.as_ref().map(|id| match words {
        Words::Chinese => format!("微信号：{id}"),
        Words::English => format!("WeChat ID: {id}"),
    });
    AccountView {
        name: safe(writer.plain(&account.name)),
        id: id.map(|id| safe(writer.plain(&id))),
        picture: safe(picture.unwrap_or_default()),
    }
}

/// Number, date and size of an issue.
fn dateline(issue: &Issue, words: Words) -> String {
    let parts = [
        words.number(issue),
        Some(words.moment(issue.date)),
        Some(words.papers(issue.papers().count())),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn count(words: Words, label: Label, number: u64) -> String {
    match words {
        Words::Chinese => format!("{} {number}", words.label(label)),
        Words::English => format!("{number} {}", words.label(label)),
    }
}

fn safe(html: String) -> Value {
    Value::from_safe_string(html)
}
