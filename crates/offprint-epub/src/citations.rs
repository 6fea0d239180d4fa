//! How to cite each paper: a reference in the style of the series, BibTeX and CSL-JSON.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use offprint_core::citation::{Style, reference};
use offprint_core::index::Place;
use offprint_core::model::Paper;
use offprint_core::words::Label;
use offprint_html::{OnPage, escape};
use offprint_list::Citations;

use crate::Profile;
use crate::pages::{Making, PAGE_LIMIT};
use crate::prose::{lang_attributes, line};

/// What a link back to a paper may take, in bytes, beyond what is known before pages are made.
const LINK: usize = 300;

/// On which page of the chapter each paper stands, by its id.
pub(crate) fn layout(making: &Making<'_>) -> BTreeMap<String, usize> {
    let mut pages = BTreeMap::new();
    let (mut page, mut length) = (0, 0);
    each(making, |_, paper, piece| {
        let own = piece.len() + LINK;
        if length > 0 && length + own > PAGE_LIMIT {
            page += 1;
            length = 0;
        }
        length += own;
        pages.insert(paper.id.clone(), page);
    });
    pages
}

/// The bodies of the chapter's pages; `address` tells where a paper stands.
pub(crate) fn bodies<'a>(
    making: &Making<'_>,
    address: &dyn Fn(Place) -> Option<&'a str>,
) -> Vec<String> {
    let mut bodies: Vec<String> = Vec::new();
    each(making, |place, paper, piece| {
        let page = making.cited.get(&paper.id).copied().unwrap_or_default();
        if bodies.len() <= page {
            bodies.resize(page + 1, String::new());
        }
        let Some(body) = bodies.get_mut(page) else {
            return;
        };
        let _ = write!(body, "\n<div class=\"citation\" id=\"{}\">\n<p>", id(paper));
        // Kindle takes two places that link to each other for a note and its mark.
        let back = address(place).filter(|_| making.profile == Profile::Epub3);
        match (paper.number, back) {
            (Some(number), Some(back)) => {
                let _ = write!(
                    body,
                    "<a class=\"back\" href=\"{}\">{number}</a> ",
                    escape(back)
                );
            }
            (Some(number), None) => {
                let _ = write!(body, "{number} ");
            }
            (None, _) => {}
        }
        body.push_str(&piece);
        body.push_str("</div>\n");
    });
    bodies
}

/// The name of a paper's place in the chapter.
pub(crate) fn id(paper: &Paper) -> String {
    format!("c-{}", paper.id)
}

/// The references in reading order, without what begins them.
fn each(making: &Making<'_>, mut take: impl FnMut(Place, &Paper, String)) {
    let style = making
        .series
        .citation
        .unwrap_or_else(|| Style::of(&making.issue.lang));
    let seen = making.issue.date.date();
    let mut citations = Citations::default();
    let has_code = making.has_code();
    for (section_number, section) in making.issue.sections.iter().enumerate() {
        for (number, paper) in section.papers.iter().enumerate() {
            let inlines = reference(paper, style, seen);
            let text = line(making, &inlines, &mut OnPage::default());
            let lang = lang_attributes(making, paper.lang.as_ref());
            let mut piece = if lang.is_empty() {
                format!("{text}</p>\n")
            } else {
                format!("<span{lang}>{text}</span></p>\n")
            };
            if has_code {
                let cite = citations.next(making.series, making.issue, section, paper);
                for (name, code) in [("BibTeX", cite.bibtex), ("CSL-JSON", cite.csl_json)] {
                    let _ = write!(
                        piece,
                        "<details>\n<summary>{name}</summary>\n<pre><code>{}</code></pre>\n</details>\n",
                        escape(code.trim_end()),
                    );
                }
            }
            take((section_number, number), paper, piece);
        }
    }
}

/// What the link from a paper to its reference says.
pub(crate) fn link_label(making: &Making<'_>) -> &'static str {
    making.words.label(Label::Cite)
}
