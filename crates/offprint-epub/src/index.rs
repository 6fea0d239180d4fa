//! The index of authors and tags in a book of many papers.

use std::fmt::Write as _;

use minijinja::Error;
use offprint_core::index::{self, Entry, Group, Place};
use offprint_core::words::Label;
use offprint_html::escape;

use crate::contents;
use crate::pages::{Making, Part, append};
use crate::prose::{lang_attributes, title};

/// How many papers one list names at the most: pages are filled with whole lists.
const MOST: usize = 100;

/// The index in parts for pages; `address` tells where a paper stands.
pub(crate) fn parts<'a>(
    making: &Making<'_>,
    address: &dyn Fn(Place) -> Option<&'a str>,
) -> Result<Vec<Part>, Error> {
    let mut parts: Vec<Part> = Vec::new();
    for (label, id, groups) in [
        (Label::Authors, "authors", index::authors(making.issue)),
        (Label::Tags, "tags", index::tags(making.issue)),
    ] {
        let label = making.words.label(label);
        for (number, group) in groups.iter().enumerate() {
            let letter = format!("<h3>{}</h3>\n", escape(&group.letter.to_string()));
            for (list_number, list) in lists(making, group, address).iter().enumerate() {
                let is_first = (number, list_number) == (0, 0);
                // On every page the headings stand again under which it goes on.
                append(making, &mut parts, |place| {
                    let mut piece = String::new();
                    if is_first {
                        let _ = writeln!(piece, "<h2 id=\"{id}\">{}</h2>", escape(label));
                    } else if place.is_new {
                        let _ = writeln!(piece, "<h2>{}</h2>", escape(label));
                    }
                    if list_number == 0 || place.is_new {
                        piece.push_str(&letter);
                    }
                    piece.push_str(list);
                    Ok(piece)
                })?;
                if let Some(part) = parts.last_mut().filter(|_| is_first) {
                    part.entries.push(contents::Entry::new(label, id));
                }
            }
        }
    }
    Ok(parts)
}

/// The names that begin with one letter and their papers, in lists of [`MOST`] papers.
fn lists<'a>(
    making: &Making<'_>,
    group: &Group,
    address: &dyn Fn(Place) -> Option<&'a str>,
) -> Vec<String> {
    let mut lists = Vec::new();
    let mut list = String::new();
    let mut count = 0;
    for entry in &group.entries {
        // A name with very many papers stands once more where they go on.
        for places in entry.places.chunks(MOST) {
            if count > 0 && count + places.len() > MOST {
                lists.push(format!("<ul class=\"names\">\n{list}</ul>\n"));
                list.clear();
                count = 0;
            }
            count += places.len();
            name(making, entry, places, address, &mut list);
        }
    }
    if !list.is_empty() {
        lists.push(format!("<ul class=\"names\">\n{list}</ul>\n"));
    }
    lists
}

fn name<'a>(
    making: &Making<'_>,
    entry: &Entry,
    places: &[Place],
    address: &dyn Fn(Place) -> Option<&'a str>,
    out: &mut String,
) {
    let _ = write!(out, "<li>{}\n<ul>", escape(&entry.name));
    for place in places {
        let section = making.issue.sections.get(place.0);
        let paper = section.and_then(|section| section.papers.get(place.1));
        if let (Some(paper), Some(address)) = (paper, address(*place)) {
            let _ = write!(
                out,
                "\n<li><a href=\"{}\"{}>{}</a></li>",
                escape(address),
                lang_attributes(making, paper.lang.as_ref()),
                title(making, paper),
            );
        }
    }
    out.push_str("\n</ul></li>\n");
}
