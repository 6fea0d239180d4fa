//! The index of a book of many papers: authors and tags, and titles where it holds several
//! issues.

use std::fmt::Write as _;

use minijinja::Error;
use offprint_core::index::{self, Entry, Group, Kind, Place};
use offprint_core::model::Paper;
use offprint_html::escape;

use crate::contents;
use crate::pages::{Making, Part, append};
use crate::prose::{lang_attributes, part_title, title};

/// How many papers one list names at the most: pages are filled with whole lists.
const MOST: usize = 100;

/// The index in parts for pages; `address` tells where a paper stands.
pub(crate) fn parts<'a>(
    making: &Making<'_>,
    address: &dyn Fn(Place) -> Option<&'a str>,
) -> Result<Vec<Part>, Error> {
    let mut parts: Vec<Part> = Vec::new();
    for list in index::lists(making.issue) {
        let (label, id) = (making.words.label(list.kind.label()), list.kind.key());
        for (number, group) in list.groups.iter().enumerate() {
            let letter = format!("<h3>{}</h3>\n", escape(&group.letter.to_string()));
            let lists = lists(making, list.kind, group, address);
            for (list_number, list) in lists.iter().enumerate() {
                let is_first = (number, list_number) == (0, 0);
                // On every page the headings stand again under which it goes on.
                append(making, 1, &mut parts, |place| {
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
    kind: Kind,
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
            match (kind, places) {
                (Kind::Papers, [place]) => link(making, *place, address, &mut list),
                (Kind::Papers, _) => issues(making, entry, places, address, &mut list),
                (Kind::Authors | Kind::Tags, _) => {
                    name(making, entry, places, address, &mut list);
                }
            }
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
        if let Some(link) = paper_link(making, *place, address) {
            let _ = write!(out, "\n<li>{link}</li>");
        }
    }
    out.push_str("\n</ul></li>\n");
}

/// A title that leads to its paper.
fn link<'a>(
    making: &Making<'_>,
    place: Place,
    address: &dyn Fn(Place) -> Option<&'a str>,
    out: &mut String,
) {
    if let Some(link) = paper_link(making, place, address) {
        let _ = writeln!(out, "<li>{link}</li>");
    }
}

/// The title of a paper that stands in several issues, which lead to it.
fn issues<'a>(
    making: &Making<'_>,
    entry: &Entry,
    places: &[Place],
    address: &dyn Fn(Place) -> Option<&'a str>,
    out: &mut String,
) {
    let first = places.first().and_then(|place| paper(making, *place));
    let lang = first.and_then(|paper| paper.lang.as_ref());
    let attributes = lang_attributes(making, lang);
    let _ = write!(
        out,
        "<li><span{attributes}>{}</span>\n<ul>",
        escape(&entry.name)
    );
    for place in places {
        let mut parts = making.issue.parts.iter();
        let part = parts.find(|part| part.sections.contains(&place.0));
        if let (Some(part), Some(address)) = (part, address(*place)) {
            let _ = write!(
                out,
                "\n<li><a href=\"{}\">{}</a></li>",
                escape(address),
                escape(part_title(part)),
            );
        }
    }
    out.push_str("\n</ul></li>\n");
}

fn paper<'m>(making: &Making<'m>, place: Place) -> Option<&'m Paper> {
    let section = making.issue.sections.get(place.0)?;
    section.papers.get(place.1)
}

fn paper_link<'a>(
    making: &Making<'_>,
    place: Place,
    address: &dyn Fn(Place) -> Option<&'a str>,
) -> Option<String> {
    let paper = paper(making, place)?;
    Some(format!(
        "<a href=\"{}\"{}>{}</a>",
        escape(address(place)?),
        lang_attributes(making, paper.lang.as_ref()),
        title(making, paper),
    ))
}
