//! What items say, as HTML: absolute addresses only, no links within the page.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use offprint_core::colophon::colophon;
use offprint_core::text::{Formula, Image, Inline, plain, plain_text};
use offprint_core::words::{Label, Words, byline, facts, link_label, stars};
use offprint_core::{Block, Issue, Paper, Section, Series};
use offprint_html::{FootnoteStyle, ImageSource, Options, Setting, escape, footnote_refs};

use crate::clean::{is_web, one_line, web_only, web_only_line};
use crate::item::{Book, Desk};

/// How long the summary of an issue without a description grows, in characters.
const SUMMARY: usize = 200;
/// How many authors of a paper are named.
const AUTHORS: usize = 10;
/// How cells of a table break long words.
const WRAP: &str = "overflow-wrap:anywhere";

/// What an issue is about, without markup.
pub(crate) fn summary(issue: &Issue) -> String {
    if let Some(description) = &issue.description {
        return one_line(description).into_owned();
    }
    let mut words = one_line(&plain_text(&issue.intro)).into_owned();
    if let Some((cut, _)) = words.char_indices().nth(SUMMARY) {
        words.truncate(cut);
        words.truncate(words.trim_end().len());
        words.push('…');
    }
    words
}

/// The whole text of an issue.
pub(crate) fn issue(desk: &Desk<'_>, issue: &Issue, books: &[Book]) -> String {
    let series = desk.series;
    let image = |image: &Image| desk.pictures.of_issue(&issue.id, image);
    let formula = |formula: &Formula, setting| desk.formula(formula, setting);
    let options = options(&image, &formula);
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
    if !books.is_empty() {
        let named: Vec<String> = books
            .iter()
            .map(|book| link(&book.url, book.name))
            .collect();
        paragraph(&mut out, &named.join(" · "));
    }
    out
}

/// A paper as an item: who wrote it and where it appeared, what the curator and its
/// abstract say with the notes they refer to, and where else to go.
pub(crate) fn paper(desk: &Desk<'_>, issue: &Issue, paper: &Paper) -> String {
    let image = |image: &Image| desk.pictures.of_issue(&issue.id, image);
    let formula = |formula: &Formula, setting| desk.formula(formula, setting);
    let options = options(&image, &formula);
    let words = Words::of(&issue.lang);
    let mut out = String::with_capacity(2048);
    push_text(&mut out, paper, words, &options);
    let mut referred = footnote_refs(&paper.commentary);
    referred.extend(footnote_refs(&paper.abstract_text));
    if !paper.tldr.is_empty() {
        referred.extend(footnote_refs(&[Block::Paragraph(paper.tldr.clone())]));
    }
    if let Some(figure) = &paper.image {
        referred.extend(footnote_refs(&[Block::Figure(figure.clone())]));
    }
    push_notes(&mut out, issue, &notes_of(issue, referred), &options);
    push_links(&mut out, desk.series, paper, words, Vec::new());
    out
}

/// What a bibliography says that a paper is about, without markup: its abstract, else the
/// curator's commentary or one sentence.
pub(crate) fn abstract_of(paper: &Paper) -> String {
    [&paper.abstract_text, &paper.commentary]
        .into_iter()
        .find(|text| !text.is_empty())
        .map_or_else(|| plain(&paper.tldr), |text| plain_text(text))
}

/// [`offprint_html::html`] for feed readers: links lead into the web only, and no style
/// stands in it that readers take for dangerous.
fn html(text: &[Block], options: &Options<'_>) -> String {
    let html = match web_only(text) {
        Some(text) => offprint_html::html(&text, options),
        None => offprint_html::html(text, options),
    };
    if !html.contains(WRAP) {
        return html;
    }
    // Quotes within texts are written as entities: these are attributes.
    html.replace(&format!(" style=\"{WRAP}\""), "")
        .replace(&format!(";{WRAP}\""), "\"")
}

/// [`html`] for a line.
fn inlines(content: &[Inline], options: &Options<'_>) -> String {
    match web_only_line(content) {
        Some(content) => offprint_html::inlines(&content, options),
        None => offprint_html::inlines(content, options),
    }
}

fn options<'o>(
    image: &'o dyn Fn(&Image) -> Option<ImageSource>,
    formula: &'o dyn Fn(&Formula, Setting) -> Option<ImageSource>,
) -> Options<'o> {
    Options {
        formula,
        heading: 4,
        footnotes: FootnoteStyle::Plain,
        image,
        full_width_marks: false,
        rtl: false,
        classes: false,
    }
}

/// The notes that are referred to, and those that they refer to in turn.
fn notes_of(issue: &Issue, referred: Vec<u32>) -> Vec<u32> {
    let mut found = BTreeSet::new();
    let mut waiting = referred;
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
    let title = match paper.landing().filter(|url| is_web(url)) {
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

    push_text(out, paper, words, options);

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
    push_links(out, series, paper, words, foot);
}

/// What stands under a paper's title: authors, venue and tags, then all texts.
fn push_text(out: &mut String, paper: &Paper, words: Words, options: &Options<'_>) {
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
}

/// What stands at a paper's end: `foot`, then its links.
fn push_links(
    out: &mut String,
    series: &Series,
    paper: &Paper,
    words: Words,
    mut foot: Vec<String>,
) {
    foot.extend(
        paper
            .buttons()
            .filter(|(_, url)| is_web(url))
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
pub(crate) fn dateline(issue: &Issue, words: Words) -> String {
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

/// A link where the address is one of the web's, else its words.
fn link(url: &str, text: &str) -> String {
    if !is_web(url) {
        return escape(text).into_owned();
    }
    format!("<a href=\"{}\">{}</a>", escape(url), escape(text))
}
