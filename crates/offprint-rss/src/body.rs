//! What items say, as HTML: absolute addresses only, no links within the page.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use offprint_core::colophon::colophon;
use offprint_core::text::{Image, Inline, plain_text};
use offprint_core::words::{Label, Words, byline, facts, link_label, stars};
use offprint_core::{Block, Issue, Paper, Section, Series, Text};
use offprint_html::{FootnoteStyle, Options, escape, footnote_refs, html, inlines};

use crate::pictures::Pictures;

/// How long the summary of an issue without a description grows, in characters.
const SUMMARY: usize = 200;
/// How many authors of a paper are named.
const AUTHORS: usize = 10;

/// A file of the issue that readers can take along.
pub(crate) struct File {
    pub(crate) name: &'static str,
    pub(crate) url: String,
}

/// What an issue is about, without markup.
pub(crate) fn summary(issue: &Issue) -> String {
    if let Some(description) = &issue.description {
        return one_line(description);
    }
    let mut words = one_line(&plain_text(&issue.intro));
    if let Some((cut, _)) = words.char_indices().nth(SUMMARY) {
        words.truncate(cut);
        words.truncate(words.trim_end().len());
        words.push('…');
    }
    words
}

/// Text with every run of blanks as one space, for fields that are one line.
pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The whole text of an issue.
pub(crate) fn issue(
    series: &Series,
    issue: &Issue,
    files: &[File],
    pictures: &Pictures<'_>,
) -> String {
    let image = |image: &Image| pictures.of_issue(&issue.id, image);
    let options = options(&image);
    let words = Words::of(&issue.lang);
    let mut out = String::new();
    if let Some(cover) = &issue.cover
        && image(cover).is_some()
    {
        // A book's cover at its full width would push the text off the screen.
        let cover = Inline::Image(Image {
            width: cover.width.or(Some(50)),
            ..cover.clone()
        });
        paragraph(&mut out, &inlines(&[cover], &options));
    }
    if let Some(subtitle) = &issue.subtitle {
        paragraph(&mut out, &format!("<strong>{}</strong>", escape(subtitle)));
    }
    paragraph(&mut out, &escape(&dateline(issue, words)));
    out.push_str(&html(&issue.intro, &options));
    for section in &issue.sections {
        push_section(&mut out, series, issue, section, &options);
    }
    let notes: Vec<u32> = (1..).take(issue.footnotes.len()).collect();
    if !notes.is_empty() {
        heading(&mut out, words.label(Label::Notes));
        push_notes(&mut out, issue, &notes, &options);
    }
    push_related(&mut out, issue, words);
    push_tags(&mut out, issue, words);
    let lines = colophon(issue);
    if !lines.is_empty() {
        heading(&mut out, words.label(Label::About));
        for line in lines {
            let content = inlines(&line.content, &options);
            let colon = words.colon();
            paragraph(
                &mut out,
                &format!("{}{colon}{content}", escape(&line.label)),
            );
        }
    }
    if !files.is_empty() {
        let named: Vec<String> = files
            .iter()
            .map(|file| link(&file.url, file.name))
            .collect();
        paragraph(&mut out, &named.join(" · "));
    }
    out
}

/// What the curator says of a paper, with the notes it refers to; without a commentary the
/// paper's one sentence, else its abstract.
pub(crate) fn paper(issue: &Issue, paper: &Paper, pictures: &Pictures<'_>) -> String {
    let image = |image: &Image| pictures.of_issue(&issue.id, image);
    let options = options(&image);
    let tldr: Text = if paper.tldr.is_empty() {
        Vec::new()
    } else {
        vec![Block::Paragraph(paper.tldr.clone())]
    };
    let text = [&paper.commentary, &tldr, &paper.abstract_text]
        .into_iter()
        .find(|text| !text.is_empty());
    let Some(text) = text else {
        return String::new();
    };
    let mut out = html(text, &options);
    push_notes(&mut out, issue, &notes_of(issue, text), &options);
    out
}

fn options(image: &dyn Fn(&Image) -> Option<offprint_html::ImageSource>) -> Options<'_> {
    Options {
        heading: 4,
        footnotes: FootnoteStyle::Plain,
        image,
        full_width_marks: false,
        rtl: false,
        classes: false,
    }
}

/// The notes that a text refers to, and those that they refer to in turn.
fn notes_of(issue: &Issue, text: &[Block]) -> Vec<u32> {
    let mut found = BTreeSet::new();
    let mut waiting = footnote_refs(text);
    while let Some(number) = waiting.pop() {
        if let Some(note) = issue.footnote(number)
            && found.insert(number)
        {
            waiting.extend(footnote_refs(&note.content));
        }
    }
    found.into_iter().collect()
}

/// Notes as paragraphs that begin with their mark: an ordered list would lose its numbers
/// where readers drop `start`.
fn push_notes(out: &mut String, issue: &Issue, numbers: &[u32], options: &Options<'_>) {
    for &number in numbers {
        let Some(note) = issue.footnote(number) else {
            continue;
        };
        let mark = Inline::Text(format!("[{number}] "));
        let mut content = note.content.clone();
        if let Some(Block::Paragraph(first)) = content.first_mut() {
            first.insert(0, mark);
        } else {
            content.insert(0, Block::Paragraph(vec![mark]));
        }
        out.push_str(&html(&content, options));
    }
}

fn push_section(
    out: &mut String,
    series: &Series,
    issue: &Issue,
    section: &Section,
    options: &Options<'_>,
) {
    if !section.title.is_empty() {
        heading(out, &section.title);
    }
    out.push_str(&html(&section.intro, options));
    for paper in &section.papers {
        push_paper(out, series, issue, paper, options);
    }
}

fn push_paper(
    out: &mut String,
    series: &Series,
    issue: &Issue,
    paper: &Paper,
    options: &Options<'_>,
) {
    let words = Words::of(&issue.lang);
    let title = inlines(&paper.title, options);
    let title = match paper.landing() {
        Some(url) => format!("<a href=\"{}\">{title}</a>", escape(url)),
        None => title,
    };
    let number = paper
        .number
        .map(|number| format!("{number}. "))
        .unwrap_or_default();
    let lang = paper
        .lang
        .as_ref()
        .filter(|lang| **lang != issue.lang)
        .map(|lang| format!(" lang=\"{}\"", lang.as_str()))
        .unwrap_or_default();
    let _ = writeln!(out, "<h3{lang}>{number}{title}</h3>");

    let mut facts = facts(paper, words);
    facts.extend(paper.tags.iter().map(|tag| format!("#{tag}")));
    let about: Vec<String> = [byline(paper, AUTHORS), facts.join(" · ")]
        .into_iter()
        .filter(|line| !line.is_empty())
        .map(|line| escape(&line).into_owned())
        .collect();
    if !about.is_empty() {
        paragraph(out, &about.join("<br/>"));
    }
    if !paper.tldr.is_empty() {
        let tldr = inlines(&paper.tldr, options);
        let lead = words.lead(Label::Tldr);
        paragraph(out, &format!("<strong>{}</strong>{tldr}", escape(&lead)));
    }
    if let Some(figure) = &paper.image {
        out.push_str(&html(&[Block::Figure(figure.clone())], options));
    }
    out.push_str(&html(&paper.commentary, options));
    if !paper.abstract_text.is_empty() {
        let lead = words.label(Label::Abstract);
        paragraph(out, &format!("<strong>{}</strong>", escape(lead)));
        out.push_str("<blockquote>\n");
        out.push_str(&html(&paper.abstract_text, options));
        out.push_str("</blockquote>\n");
    }

    let mut foot: Vec<String> = Vec::new();
    if let Some(rating) = paper.rating {
        foot.push(format!("{}{}", words.lead(Label::Rating), stars(rating)));
    }
    if let Some(presenter) = &paper.presenter {
        foot.push(format!(
            "{}{}",
            words.lead(Label::Presenter),
            escape(presenter)
        ));
    }
    foot.extend(
        paper
            .buttons()
            .map(|(kind, url)| link(url, &link_label(series, words, kind))),
    );
    if !foot.is_empty() {
        paragraph(out, &foot.join(" · "));
    }
}

fn push_related(out: &mut String, issue: &Issue, words: Words) {
    if issue.related.is_empty() {
        return;
    }
    heading(out, words.label(Label::Related));
    out.push_str("<ul>\n");
    for related in &issue.related {
        let title = match &related.url {
            Some(url) => link(url, &related.title),
            None => escape(&related.title).into_owned(),
        };
        let mut more = String::new();
        if let Some(date) = related.date {
            more.push_str(" · ");
            more.push_str(&words.date(date));
        }
        if let Some(views) = related.views {
            let _ = write!(more, " · {}", count(words, Label::Views, views));
        }
        let _ = write!(out, "<li>{title}{more}");
        if let Some(summary) = &related.summary {
            let _ = write!(out, "<br/>{}", escape(summary));
        }
        out.push_str("</li>\n");
    }
    out.push_str("</ul>\n");
}

fn push_tags(out: &mut String, issue: &Issue, words: Words) {
    if issue.tags.is_empty() {
        return;
    }
    heading(out, words.label(Label::Tags));
    out.push_str("<ul>\n");
    for tag in &issue.tags {
        let mut parts = vec![match &tag.url {
            Some(url) => link(url, &tag.name),
            None => escape(&tag.name).into_owned(),
        }];
        for (label, number) in [
            (Label::Followers, tag.followers),
            (Label::Articles, tag.articles),
            (Label::Views, tag.views),
        ] {
            parts.extend(number.map(|number| count(words, label, number)));
        }
        let _ = writeln!(out, "<li>{}</li>", parts.join(" · "));
    }
    out.push_str("</ul>\n");
}

fn count(words: Words, label: Label, number: u64) -> String {
    match words {
        Words::Chinese => format!("{} {number}", words.label(label)),
        Words::English => format!("{number} {}", words.label(label)),
    }
}

/// Number, date and authors of an issue. Some readers show one author of many or none.
fn dateline(issue: &Issue, words: Words) -> String {
    let authors: Vec<&str> = issue
        .authors
        .iter()
        .map(|author| author.name.as_str())
        .collect();
    let parts = [
        words.number(issue),
        Some(words.moment(issue.date)),
        Some(words.papers(issue.papers().count())),
        Some(authors.join(words.comma())).filter(|authors| !authors.is_empty()),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn heading(out: &mut String, title: &str) {
    let _ = writeln!(out, "<h2>{}</h2>", escape(title));
}

fn paragraph(out: &mut String, content: &str) {
    let _ = writeln!(out, "<p>{content}</p>");
}

fn link(url: &str, text: &str) -> String {
    format!("<a href=\"{}\">{}</a>", escape(url), escape(text))
}
