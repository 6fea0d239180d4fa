//! An issue as an article: what stands where.

use minijinja::value::Value;
use offprint_core::colophon::colophon;
use offprint_core::text::{Image, Inline};
use offprint_core::words::{Label, Words, byline, facts, link_label, stars};
use offprint_core::{Block, Issue, Paper, Section, Series, Text};
use serde::Serialize;

use crate::Wechat;
use crate::fragment::{Writer, note_mark};
use crate::settings::{Account, Part, Past};
use crate::theme::Styles;

/// How many Han characters of the small size a line of a telephone has, with a card's border
/// around it.
const LINE: usize = 21;
/// How many authors of a paper are named.
const AUTHORS: usize = 6;

/// What the template of an article is given. Each [`Value`] is finished HTML.
#[derive(Debug, Serialize)]
pub(crate) struct Article<'a> {
    style: &'a Styles,
    labels: Labels,
    groups: Vec<Group>,
    /// The text that the settings put first.
    header: Value,
    dateline: Value,
    intro: Value,
    sections: Vec<SectionView>,
    /// The text that the settings put last.
    footer: Value,
    account: Option<AccountView>,
}

#[derive(Debug, Serialize)]
struct Labels {
    introduction: &'static str,
    abstract_text: &'static str,
    tldr: String,
    /// Stands between links and the like; no line begins with it.
    separator: Value,
}

/// Blocks that follow each other and are set alike.
#[derive(Debug, Serialize)]
struct Group {
    /// Whether they are set small, as what stands at an article's end.
    is_small: bool,
    blocks: Vec<BlockView>,
}

#[derive(Debug, Serialize)]
struct BlockView {
    /// The template that writes it.
    template: &'static str,
    label: &'static str,
    lines: Vec<Value>,
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
    authors: Value,
    /// Venue and year, status, tags.
    facts: Vec<Value>,
    /// Whether one of these lines takes more than a line of a telephone.
    is_long: bool,
    /// Rating and presenter.
    notes: Vec<Value>,
    links: Vec<Value>,
    tldr: Value,
    figure: Value,
    commentary: Value,
    abstract_text: Value,
}

#[derive(Debug, Serialize)]
struct AccountView {
    name: Value,
    id: Option<Value>,
    picture: Value,
    hint: &'static str,
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
    let mut article = Article {
        style: styles,
        labels: Labels {
            introduction: words.label(Label::Introduction),
            abstract_text: words.label(Label::Abstract),
            tldr: words.lead(Label::Tldr),
            separator: safe("\u{a0}· ".to_owned()),
        },
        groups: Vec::new(),
        header: safe(String::new()),
        dateline: safe(String::new()),
        intro: safe(String::new()),
        sections: Vec::new(),
        footer: safe(String::new()),
        account: None,
    };
    let place_of = |part| settings.blocks.iter().position(|&block| block == part);
    let is_above_text = place_of(Part::Notes) < place_of(Part::Papers).max(place_of(Part::Intro));
    let mut blocks = Vec::new();
    for &part in &settings.blocks {
        let (label, lines) = match part {
            Part::Header => {
                article.header = text(writer, settings.header.as_ref());
                ("", present(&article.header))
            }
            Part::Dateline => {
                article.dateline = safe(writer.line(&[Inline::Text(dateline(issue, words))]));
                ("", present(&article.dateline))
            }
            Part::Intro => {
                article.intro = safe(writer.html(&issue.intro));
                ("", present(&article.intro))
            }
            Part::Papers => {
                let sections = issue.sections.iter();
                article.sections = sections
                    .map(|section| section_view(writer, series, words, section))
                    .collect();
                ("", article.sections.first().map(|_| Vec::new()))
            }
            // A note is known by its mark: those above the text wait until it is written.
            Part::Notes if is_above_text => (words.label(Label::Notes), Some(Vec::new())),
            Part::Notes => (words.label(Label::Notes), some(notes(writer, issue))),
            Part::Past => (past_label(words), some(past(writer, &settings.past))),
            Part::Related => (
                words.label(Label::Related),
                some(related(writer, issue, words)),
            ),
            Part::Tags => (words.label(Label::Tags), some(tags(writer, issue, words))),
            Part::About => (words.about(issue), some(about(writer, issue, words))),
            // Filled in when every other part has been written.
            Part::References => (words.label(Label::References), Some(Vec::new())),
            Part::Footer => {
                article.footer = text(writer, settings.footer.as_ref());
                ("", present(&article.footer))
            }
            Part::Account => {
                let account = settings.account.as_ref();
                article.account = account.map(|account| account_view(writer, words, account));
                ("", article.account.as_ref().map(|_| Vec::new()))
            }
        };
        if let Some(lines) = lines {
            blocks.push((part, label, lines));
        }
    }
    for waiting in [Part::Notes, Part::References] {
        let place = blocks
            .iter()
            .position(|(part, _, lines)| *part == waiting && lines.is_empty());
        if let Some((_, _, lines)) = place.and_then(|place| blocks.get_mut(place)) {
            *lines = if waiting == Part::Notes {
                notes(writer, issue)
            } else {
                references(writer)
            };
        }
    }
    let may_be_empty = |part| !matches!(part, Part::Notes | Part::References);
    blocks.retain(|(part, _, lines)| may_be_empty(*part) || !lines.is_empty());
    for (part, label, lines) in blocks {
        let block = BlockView {
            template: part.template(),
            label,
            lines,
        };
        let is_small = part.is_small();
        match article.groups.last_mut() {
            Some(group) if group.is_small == is_small => group.blocks.push(block),
            Some(_) | None => article.groups.push(Group {
                is_small,
                blocks: vec![block],
            }),
        }
    }
    article
}

/// No lines, for a part that is there.
fn present(html: &Value) -> Option<Vec<Value>> {
    html.is_true().then(Vec::new)
}

fn some(lines: Vec<Value>) -> Option<Vec<Value>> {
    (!lines.is_empty()).then_some(lines)
}

fn text(writer: &mut Writer<'_, '_>, text: Option<&Text>) -> Value {
    safe(text.map(|text| writer.html(text)).unwrap_or_default())
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
    let title = safe(writer.verbatim(&paper.title));
    let authors = safe(writer.plain(&byline(paper, AUTHORS)));
    let styles = writer.styles;
    let status = paper.status.map(|status| words.status(status));
    let mut venue = facts(paper, words);
    if status.is_some() {
        venue.pop();
    }
    let mut facts = Vec::new();
    if !venue.is_empty() {
        facts.push(safe(writer.plain(&venue.join(" · "))));
    }
    if let Some(status) = status {
        // Blanks that do not break stand for a padding.
        let style = &styles.badge;
        facts.push(safe(format!(
            "<span style=\"{style}\">\u{a0}{status}\u{a0}</span>"
        )));
    }
    for tag in &paper.tags {
        facts.push(safe(writer.plain(&format!("#{tag}"))));
    }
    let mut notes = Vec::new();
    if let Some(rating) = paper.rating {
        let rating = stars(rating);
        notes.push(safe(format!("{}{rating}", words.lead(Label::Rating))));
    }
    if let Some(presenter) = &paper.presenter {
        let presenter = writer.plain(presenter);
        notes.push(safe(format!("{}{presenter}", words.lead(Label::Presenter))));
    }
    let links: Vec<Value> = paper
        .buttons()
        .map(|(kind, url)| safe(writer.button(&link_label(series, words, kind), url)))
        .collect();
    let widths = |parts: &[Value], between: usize| {
        let parts = parts.iter();
        parts.map(|part| width(&part.to_string()) + between).sum()
    };
    let is_long = [
        width(&authors.to_string()),
        widths(&facts, 1),
        widths(&links, 2),
    ]
    .iter()
    .any(|&width| width > LINE);
    let tldr = safe(writer.line(&paper.tldr));
    let figure = match &paper.image {
        Some(figure) => writer.html(&[Block::Figure(figure.clone())]),
        None => String::new(),
    };
    let commentary = safe(writer.html(&paper.commentary));
    let abstract_text = safe(writer.html(&paper.abstract_text));
    PaperView {
        number: paper.number,
        title,
        authors,
        facts,
        is_long,
        notes,
        links,
        tldr,
        figure: safe(figure),
        commentary,
        abstract_text,
    }
}

/// About how wide HTML is, in Han characters.
fn width(html: &str) -> usize {
    let mut halves = 0;
    let mut is_tag = false;
    for character in html.chars() {
        match character {
            '<' => is_tag = true,
            '>' => is_tag = false,
            _ if is_tag => {}
            _ if character.is_ascii() => halves += 1,
            _ => halves += 2,
        }
    }
    halves / 2
}

fn notes(writer: &mut Writer<'_, '_>, issue: &Issue) -> Vec<Value> {
    let mut notes = Vec::new();
    // Small print is no place for drawings.
    writer.in_words = true;
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
    writer.in_words = false;
    notes
}

fn past(writer: &mut Writer<'_, '_>, past: &[Past]) -> Vec<Value> {
    past.iter()
        .map(|issue| safe(writer.linked(&issue.title, Some(&issue.url))))
        .collect()
}

fn past_label(words: Words) -> &'static str {
    match words {
        Words::Chinese => "往期回顾",
        Words::English => "Earlier issues",
    }
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

fn about(writer: &mut Writer<'_, '_>, issue: &Issue, words: Words) -> Vec<Value> {
    colophon(issue)
        .iter()
        .map(|line| {
            let content = writer.verbatim(&line.content);
            let label = writer.plain(&line.label);
            safe(format!("{label}{}{content}", words.colon()))
        })
        .collect()
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
    let style = writer.styles.account_picture.clone();
    let picture = account.qr.as_ref().map(|src| {
        let image = Image {
            src: src.clone(),
            alt: account.name.clone(),
            width: None,
        };
        writer.picture(&image, &style)
    });
    let id = account.id.as_ref().map(|id| match words {
        Words::Chinese => format!("微信号：{id}"),
        Words::English => format!("WeChat ID: {id}"),
    });
    let picture = picture.unwrap_or_default();
    AccountView {
        name: safe(writer.plain(&account.name)),
        id: id.map(|id| safe(writer.plain(&id))),
        hint: match words {
            _ if picture.is_empty() => "",
            Words::Chinese => "长按二维码，关注我们",
            Words::English => "Press and hold the code to follow",
        },
        picture: safe(picture),
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
