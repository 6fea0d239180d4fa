//! What items say, as HTML: absolute addresses only, no links within the page.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::ops::Range;

use offprint_core::colophon::colophon;
use offprint_core::text::{Formula, Image, Inline, plain, plain_text};
use offprint_core::words::{Label, Words, byline, facts, link_label, stars};
use offprint_core::{Block, Issue, Paper, Section, Series};
use offprint_html::{
    FootnoteStyle, ImageSource, Options, Shown, escape, footnote_refs, push_escaped,
};
use offprint_math::Style;

use crate::clean::{Cleaner, is_web, one_line, web_only, web_only_line};
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

/// A text as HTML.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) html: String,
    /// Where in it papers say what their own items begin with, in reading order.
    papers: Vec<Range<usize>>,
}

impl Written {
    /// What a paper's own item begins with, by its place among the issue's papers.
    pub(crate) fn of_paper(&self, place: usize) -> Option<&str> {
        self.html.get(self.papers.get(place)?.clone())
    }

    /// The text, safe to write.
    fn cleaned(self, cleaner: &Cleaner) -> Self {
        match cleaner.cleaned("content:encoded", &self.html) {
            None => self,
            // Nothing may stand where it stood.
            Some(html) => Self {
                html,
                papers: Vec::new(),
            },
        }
    }
}

/// The whole text of an issue, safe to write.
pub(crate) fn issue(desk: &Desk<'_>, issue: &Issue, books: &[Book]) -> Written {
    let series = desk.series;
    let image = |image: &Image| desk.pictures.of_issue(&issue.id, image);
    let formula = |formula: &Formula, style| desk.formula(formula, style);
    let options = options(&image, &formula);
    let words = Words::of(&issue.lang);
    let mut papers = Vec::new();
    let mut out = String::new();
    if let Some(cover) = &issue.cover
        && image(cover).is_some()
    {
        // A book's cover at its full width would push the text off the screen.
        let cover = Inline::Image(Image {
            width: cover.width.or(Some(50)),
            ..cover.clone()
        });
        out.push_str("<p>");
        push_inlines(&mut out, &[cover], &options);
        out.push_str("</p>\n");
    }
    if let Some(subtitle) = &issue.subtitle {
        paragraph(&mut out, &format!("<strong>{}</strong>", escape(subtitle)));
    }
    paragraph(&mut out, &escape(&dateline(issue, words)));
    push_html(&mut out, &issue.intro, &options);
    for section in &issue.sections {
        push_section(&mut out, series, issue, section, &options, &mut papers);
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
            out.push_str("<p>");
            push_escaped(&line.label, &mut out);
            out.push_str(words.colon());
            push_inlines(&mut out, &line.content, &options);
            out.push_str("</p>\n");
        }
    }
    if !books.is_empty() {
        let mut line = Line::begin(&mut out);
        for book in books {
            push_link(line.part(), &book.url, book.name);
        }
        line.end();
    }
    Written { html: out, papers }.cleaned(&desk.cleaner)
}

/// A paper as an item: who wrote it and where it appeared, what the curator and its
/// abstract say with the notes they refer to, and where else to go. `text` is its beginning,
/// where the issue's text has it already.
pub(crate) fn paper(desk: &Desk<'_>, issue: &Issue, paper: &Paper, text: Option<&str>) -> String {
    let image = |image: &Image| desk.pictures.of_issue(&issue.id, image);
    let formula = |formula: &Formula, style| desk.formula(formula, style);
    let options = options(&image, &formula);
    let words = Words::of(&issue.lang);
    let mut out = String::with_capacity(2048);
    match text {
        Some(text) => out.push_str(text),
        None => push_text(&mut out, paper, words, &options),
    }
    let mut referred = footnote_refs(&paper.commentary);
    referred.extend(footnote_refs(&paper.abstract_text));
    if !paper.tldr.is_empty() {
        referred.extend(footnote_refs(&[Block::Paragraph(paper.tldr.clone())]));
    }
    if let Some(figure) = &paper.image {
        referred.extend(footnote_refs(&[Block::Figure(figure.clone())]));
    }
    push_notes(&mut out, issue, &notes_of(issue, referred), &options);
    push_links(Line::begin(&mut out), desk.series, paper, words);
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

/// [`offprint_html::push_html`] for feed readers: links lead into the web only, and no style
/// stands in it that readers take for dangerous.
fn push_html(out: &mut String, text: &[Block], options: &Options<'_>) {
    let start = out.len();
    match web_only(text) {
        Some(text) => offprint_html::push_html(&text, options, out),
        None => offprint_html::push_html(text, options, out),
    }
    if out.get(start..).is_some_and(|html| html.contains(WRAP)) {
        let html = out.split_off(start);
        // Quotes within texts are written as entities: these are attributes.
        let html = html.replace(&format!(" style=\"{WRAP}\""), "");
        out.push_str(&html.replace(&format!(";{WRAP}\""), "\""));
    }
}

/// [`push_html`] for a line.
fn push_inlines(out: &mut String, content: &[Inline], options: &Options<'_>) {
    match web_only_line(content) {
        Some(content) => offprint_html::push_inlines(&content, options, out),
        None => offprint_html::push_inlines(content, options, out),
    }
}

/// A paragraph of parts with dots between them; without a part there is none.
struct Line<'o> {
    out: &'o mut String,
    start: usize,
}

impl<'o> Line<'o> {
    fn begin(out: &'o mut String) -> Self {
        Self {
            start: out.len(),
            out,
        }
    }

    /// Where the next part is to be written.
    fn part(&mut self) -> &mut String {
        let is_first = self.out.len() == self.start;
        self.out.push_str(if is_first { "<p>" } else { " · " });
        self.out
    }

    fn end(self) {
        if self.out.len() > self.start {
            self.out.push_str("</p>\n");
        }
    }
}

fn options<'o>(
    image: &'o dyn Fn(&Image) -> Option<ImageSource>,
    formula: &'o dyn Fn(&Formula, Style) -> Option<Shown>,
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
        push_html(out, &content, options);
    }
}

fn push_section(
    out: &mut String,
    series: &Series,
    issue: &Issue,
    section: &Section,
    options: &Options<'_>,
    papers: &mut Vec<Range<usize>>,
) {
    if !section.title.is_empty() {
        heading(out, &section.title);
    }
    push_html(out, &section.intro, options);
    for paper in &section.papers {
        papers.push(push_paper(out, series, issue, paper, options));
    }
}

/// Returns where that stands which its own item begins with.
fn push_paper(
    out: &mut String,
    series: &Series,
    issue: &Issue,
    paper: &Paper,
    options: &Options<'_>,
) -> Range<usize> {
    let words = Words::of(&issue.lang);
    out.push_str("<h3");
    if let Some(lang) = paper.lang.as_ref().filter(|lang| **lang != issue.lang) {
        let _ = write!(out, " lang=\"{}\"", lang.as_str());
    }
    out.push('>');
    if let Some(number) = paper.number {
        let _ = write!(out, "{number}. ");
    }
    let landing = paper.landing().filter(|url| is_web(url));
    if let Some(url) = landing {
        out.push_str("<a href=\"");
        push_escaped(url, out);
        out.push_str("\">");
    }
    push_inlines(out, &paper.title, options);
    if landing.is_some() {
        out.push_str("</a>");
    }
    out.push_str("</h3>\n");

    let start = out.len();
    push_text(out, paper, words, options);
    let text = start..out.len();

    let mut foot = Line::begin(out);
    if let Some(rating) = paper.rating {
        let part = foot.part();
        part.push_str(&words.lead(Label::Rating));
        part.push_str(&stars(rating));
    }
    if let Some(presenter) = &paper.presenter {
        let part = foot.part();
        part.push_str(&words.lead(Label::Presenter));
        push_escaped(presenter, part);
    }
    push_links(foot, series, paper, words);
    text
}

/// What stands under a paper's title: authors, venue and tags, then all texts.
fn push_text(out: &mut String, paper: &Paper, words: Words, options: &Options<'_>) {
    let byline = byline(paper, AUTHORS);
    let facts = facts(paper, words);
    let mut about = facts.join(" · ");
    for (place, tag) in (facts.len()..).zip(&paper.tags) {
        about.push_str(if place > 0 { " · #" } else { "#" });
        about.push_str(tag);
    }
    if !byline.is_empty() || !about.is_empty() {
        out.push_str("<p>");
        push_escaped(&byline, out);
        if !byline.is_empty() && !about.is_empty() {
            out.push_str("<br/>");
        }
        push_escaped(&about, out);
        out.push_str("</p>\n");
    }
    if !paper.tldr.is_empty() {
        out.push_str("<p><strong>");
        push_escaped(&words.lead(Label::Tldr), out);
        out.push_str("</strong>");
        push_inlines(out, &paper.tldr, options);
        out.push_str("</p>\n");
    }
    if let Some(figure) = &paper.image {
        push_html(out, &[Block::Figure(figure.clone())], options);
    }
    push_html(out, &paper.commentary, options);
    if !paper.abstract_text.is_empty() {
        let lead = words.label(Label::Abstract);
        paragraph(out, &format!("<strong>{}</strong>", escape(lead)));
        out.push_str("<blockquote>\n");
        push_html(out, &paper.abstract_text, options);
        out.push_str("</blockquote>\n");
    }
}

/// What stands at a paper's end: what its foot has already, then its links.
fn push_links(mut foot: Line<'_>, series: &Series, paper: &Paper, words: Words) {
    for (kind, url) in paper.buttons().filter(|(_, url)| is_web(url)) {
        push_link(foot.part(), url, &link_label(series, words, kind));
    }
    foot.end();
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
fn push_link(out: &mut String, url: &str, text: &str) {
    let is_link = is_web(url);
    if is_link {
        out.push_str("<a href=\"");
        push_escaped(url, out);
        out.push_str("\">");
    }
    push_escaped(text, out);
    if is_link {
        out.push_str("</a>");
    }
}

/// [`push_link`] into a string of its own.
fn link(url: &str, text: &str) -> String {
    let mut out = String::new();
    push_link(&mut out, url, text);
    out
}
