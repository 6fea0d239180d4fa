//! A table of GitHub's Markdown, for a README.

use offprint_core::check::identifier::{arxiv_url, doi_url, openreview_url, pmid_url};
use offprint_core::model::Series;
use offprint_core::text::{Inline, plain};
use offprint_core::words::{Words, byline, facts, link_label, stars};

use crate::Entry;

/// The most authors that are named.
const MOST_AUTHORS: usize = 3;

pub(crate) fn head(series: &Series) -> String {
    let columns = match words_of(series) {
        Words::Chinese => ["期", "论文", "作者", "发表", "标签", "链接"],
        Words::English => ["Issue", "Paper", "Authors", "Published", "Tags", "Links"],
    };
    format!(
        "| {} |\n|{}\n",
        columns.join(" | "),
        "---|".repeat(columns.len())
    )
}

fn words_of(series: &Series) -> Words {
    series.lang.as_ref().map_or(Words::English, Words::of)
}

pub(crate) fn row(entry: &Entry<'_>) -> String {
    let Entry {
        series,
        issue,
        section,
        paper,
        is_bare: _,
    } = entry;
    let words = words_of(series);
    let mut place = vec![issue.date.date().to_string(), escaped(&section.title)];
    if let Some(number) = issue.number {
        let number = match issue.volume {
            Some(volume) => format!("{volume}/{number}"),
            None => number.to_string(),
        };
        place.insert(0, number);
    }
    let mut title = linked(&title(&paper.title), paper.landing());
    if let Some(rating) = paper.rating {
        title.push(' ');
        title.push_str(&stars(rating));
    }
    if !paper.tldr.is_empty() {
        title.push_str("<br>");
        title.push_str(&escaped(&plain(&paper.tldr)));
    }
    let identifiers = [
        ("DOI", paper.doi.as_deref().map(doi_url)),
        ("arXiv", paper.arxiv.as_deref().map(arxiv_url)),
        (
            "OpenReview",
            paper.openreview.as_deref().map(openreview_url),
        ),
        ("PubMed", paper.pmid.as_deref().map(pmid_url)),
    ];
    let links: Vec<String> = identifiers
        .into_iter()
        .filter_map(|(name, url)| Some((name.to_owned(), url?)))
        // The title leads there already.
        .filter(|(_, url)| paper.landing() != Some(url.as_str()))
        .chain(paper.buttons().filter_map(|(kind, url)| {
            kind.map(|kind| (link_label(series, words, Some(kind)), url.to_owned()))
        }))
        .map(|(name, url)| linked(&escaped(&name), Some(&url)))
        .collect();
    let cells = [
        place.join(" · "),
        title,
        escaped(&byline(paper, MOST_AUTHORS)),
        escaped(&facts(paper, words).join(words.comma())),
        escaped(&paper.tags.join(words.comma())),
        links.join(" · "),
    ];
    format!("| {} |\n", cells.join(" | "))
}

/// A title with its formulas as GitHub draws them in tables, too.
fn title(title: &[Inline]) -> String {
    title
        .iter()
        .map(|inline| match inline {
            Inline::Math(formula) if !formula.tex.contains(['`', '$', '\n']) => {
                // A bar would end the cell.
                let tex = formula
                    .tex
                    .replace("\\|", "\\Vert ")
                    .replace('|', "\\vert ");
                format!("$`{tex}`$")
            }
            Inline::Math(_)
            | Inline::Text(_)
            | Inline::Code(_)
            | Inline::Emphasis(_)
            | Inline::Strong(_)
            | Inline::Strike(_)
            | Inline::Link { .. }
            | Inline::Image(_)
            | Inline::FootnoteRef(_)
            | Inline::HardBreak => escaped(&plain(std::slice::from_ref(inline))),
        })
        .collect()
}

/// A link; `words` are Markdown.
fn linked(words: &str, url: Option<&str>) -> String {
    let Some(url) = url else {
        return words.to_owned();
    };
    let mut target = String::with_capacity(url.len());
    for character in url.chars() {
        match character {
            '|' => target.push_str("%7C"),
            '<' => target.push_str("%3C"),
            '>' => target.push_str("%3E"),
            '\\' => target.push_str("%5C"),
            '`' => target.push_str("%60"),
            '&' => target.push_str("&amp;"),
            _ if character.is_whitespace() => target.push_str("%20"),
            _ => target.push(character),
        }
    }
    if target.contains(['(', ')']) {
        format!("[{words}](<{target}>)")
    } else {
        format!("[{words}]({target})")
    }
}

/// Words on one line, with the signs that Markdown takes for its own escaped.
fn escaped(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    let mut characters = words.chars().peekable();
    while let Some(character) = characters.next() {
        // A colon before a word may begin an emoji's name.
        let is_sign = match character {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '$' => true,
            ':' => characters
                .peek()
                .is_some_and(|next| next.is_ascii_alphanumeric() || "+-".contains(*next)),
            _ => false,
        };
        match character {
            '\n' | '\r' | '\t' => out.push(' '),
            '&' => out.push_str("&amp;"),
            _ if is_sign => {
                out.push('\\');
                out.push(character);
            }
            _ => out.push(character),
        }
    }
    out
}
