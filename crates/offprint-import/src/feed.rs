//! RSS, Atom and JSON Feed.

use std::borrow::Cow;
use std::sync::Arc;

use feed_rs::model;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use offprint_core::bibliography::Entry;
use offprint_core::check::identifier::{self, Identified};
use offprint_core::check::url::absolute;
use offprint_core::model::{IssueSource, Lang, LinkKind, SourceKind};
use offprint_core::text::plain_text;
use offprint_core::{Block, Diagnostic, Inline, Place, Source, Text, markdown};

use crate::{Draft, DraftPaper, Fate, Imported, Outcome, Traced, group, markup};

/// Reads a feed: an item a paper.
pub(crate) fn read(source: &Arc<Source>) -> Outcome {
    let feed = feed_rs::parser::parse(source.text.trim_start().as_bytes())
        .map_err(|error| vec![unreadable(source, &error.to_string())])?;
    if feed.entries.is_empty() {
        return Err(vec![
            Diagnostic::error("import::no-papers", "this feed has no items")
                .at(Place::new(source, 0..0))
                .hint("a feed that is read again later may have some"),
        ]);
    }
    let mut diagnostics = Vec::new();
    let mut trace = Vec::new();
    let mut papers = Vec::new();
    let mut after = 0;
    for (index, item) in feed.entries.iter().enumerate() {
        let title = item.title.as_ref().map(|title| title.content.as_str());
        let span = title
            .and_then(|title| find_words(&source.text, after, title))
            .unwrap_or(after..after);
        after = span.end;
        let Some(paper) = paper(item) else {
            diagnostics.push(
                Diagnostic::warning(
                    "import::left-out",
                    format!("item {} has neither title nor link", index + 1),
                )
                .at(Place::new(source, span)),
            );
            continue;
        };
        if !paper.entry.has_locator() {
            diagnostics.push(
                Diagnostic::warning("import::no-address", "this item links to nothing")
                    .at(Place::new(source, span.clone())),
            );
        }
        trace.push(Traced {
            span,
            fate: Fate::Kept(Cow::from(format!("paper {}", papers.len() + 1))),
        });
        papers.push((paper, category(item)));
    }
    let draft = Draft {
        title: feed.title.as_ref().map(line),
        description: feed.description.as_ref().map(line),
        date: newest(&feed).map(|date| date.to_string()),
        lang: feed.language.as_deref().and_then(Lang::parse),
        source: source_of(&feed),
        sections: group::sections(papers),
        ..Draft::default()
    };
    Ok(Imported {
        draft,
        diagnostics,
        trace,
    })
}

/// Why a feed cannot be read, at the place where its XML breaks if that is why.
fn unreadable(source: &Arc<Source>, reason: &str) -> Diagnostic {
    let mut reader = quick_xml::Reader::from_str(&source.text);
    let at = loop {
        match reader.read_event() {
            Ok(quick_xml::events::Event::Eof) => break 0,
            Ok(_) => {}
            Err(_) => break usize::try_from(reader.error_position()).unwrap_or_default(),
        }
    };
    Diagnostic::error(
        "import::syntax",
        format!("this feed cannot be read: {reason}"),
    )
    .at(Place::new(source, at..at))
    .hint("save the feed again as its site serves it")
}

/// Where the words of a title stand, behind `after`.
fn find_words(text: &str, after: usize, words: &str) -> Option<std::ops::Range<usize>> {
    let first = words.lines().next()?.trim();
    let first = first.get(..first.floor_char_boundary(40))?;
    if first.is_empty() {
        return None;
    }
    let at = after + text.get(after..)?.find(first)?;
    Some(at..at + first.len())
}

fn paper(item: &model::Entry) -> Option<DraftPaper> {
    let mut entry = Entry {
        title: item
            .title
            .as_ref()
            .map(line)
            .filter(|title| !title.is_empty()),
        date: item
            .published
            .or(item.updated)
            .and_then(|date| day(date.timestamp())),
        lang: item.language.as_deref().and_then(Lang::parse),
        tags: item
            .categories
            .iter()
            .map(|category| {
                category
                    .label
                    .as_ref()
                    .unwrap_or(&category.term)
                    .trim()
                    .to_owned()
            })
            .filter(|tag| !tag.is_empty())
            .collect(),
        ..Entry::default()
    };
    entry.tags.dedup();
    for link in &item.links {
        place_link(link, &mut entry);
    }
    entry.title = entry.title.map(without_identifier);
    // Atom's identifier may be an address that nothing links to.
    if entry.url.is_none() {
        entry.url = absolute(&item.id).ok();
    }
    identify(&mut entry);
    // Who wrote of a paper is not who wrote it.
    if is_the_papers_own(&entry) {
        let people = item
            .authors
            .iter()
            .filter_map(|person| person.name.as_ref());
        entry.authors = people.flat_map(|name| names(name)).collect();
    }
    if entry.title.is_none() && !entry.has_locator() {
        return None;
    }
    let content = item
        .content
        .as_ref()
        .and_then(|content| content.body.as_deref());
    let summary = item
        .summary
        .as_ref()
        .map(|summary| summary.content.as_str());
    let text = markup::text(content.or(summary).unwrap_or_default());
    let mut paper = DraftPaper::from(entry);
    match abstract_of(&text) {
        Some(text) => paper.entry.abstract_text = with_formulas(text),
        // A paper's own page tells its abstract; what another site says is a comment.
        None if paper.entry.arxiv.is_some() && is_of_archive(item) => {
            paper.entry.abstract_text = with_formulas(text);
        }
        None => paper.commentary = text,
    }
    Some(paper)
}

fn line(text: &model::Text) -> String {
    plain_text(&markup::text(&text.content))
        .replace('\n', " ")
        .trim()
        .to_owned()
}

/// Names between commas, as preprint servers write them.
fn names(written: &str) -> Vec<String> {
    let plain = plain_text(&markup::text(written));
    let parts: Vec<&str> = plain.split([',', '、', ';']).map(str::trim).collect();
    let are_names = parts
        .iter()
        .all(|part| part.contains([' ', '.']) || !part.is_ascii());
    if parts.len() > 1 && are_names {
        parts.into_iter().map(str::to_owned).collect()
    } else {
        vec![plain.trim().to_owned()]
    }
}

fn place_link(link: &model::Link, entry: &mut Entry) {
    let Ok(url) = absolute(link.href.trim()) else {
        return;
    };
    let is_pdf = link.title.as_deref() == Some("pdf")
        || link.media_type.as_deref() == Some("application/pdf");
    let doi = || matches!(identifier::of_url(&url), Some(Identified::Doi(_)));
    match link.rel.as_deref() {
        _ if is_pdf => {
            entry.links.entry(LinkKind::Pdf).or_insert(url);
        }
        None | Some("alternate") if entry.url.is_none() => entry.url = Some(url),
        // JSON Feed 1.1: `external_url` is the page that the item is about.
        None | Some("alternate") if identifier::of_url(&url).is_some() => {
            let own = entry.url.replace(url);
            entry.links.extend(own.map(|own| (LinkKind::Blog, own)));
        }
        Some("related") if doi() => {
            if let Some(Identified::Doi(id)) = identifier::of_url(&url) {
                entry.doi = Some(id);
            }
        }
        Some("replies") => {
            entry.links.entry(LinkKind::Discussion).or_insert(url);
        }
        _ => {}
    }
}

/// The identifier that the address gives away.
fn identify(entry: &mut Entry) {
    match entry.url.as_deref().and_then(identifier::of_url) {
        Some(Identified::Doi(id)) => entry.doi = Some(id),
        Some(Identified::Arxiv(id)) => {
            // Feeds link to a version over http; the paper is the same.
            entry.url = Some(identifier::arxiv_url(&id));
            entry.arxiv = Some(id);
        }
        Some(Identified::Openreview(id)) => entry.openreview = Some(id),
        None => {}
    }
}

/// Whether the item's page is that of the paper.
fn is_the_papers_own(entry: &Entry) -> bool {
    let is_known = entry.arxiv.is_some() || entry.doi.is_some() || entry.openreview.is_some();
    is_known && !entry.links.contains_key(&LinkKind::Blog)
}

/// A title without the `(arXiv:2401.00001v2 [cs.CL] UPDATED)` behind it.
fn without_identifier(title: String) -> String {
    match title.split_once(" (arXiv:") {
        Some((words, rest)) if rest.ends_with(')') => words.trim_end_matches('.').to_owned(),
        _ => title,
    }
}

/// The formulas of a text that was plain, between dollar signs.
fn with_formulas(text: Text) -> Text {
    let line = |line: Vec<Inline>| -> Vec<Inline> {
        line.into_iter()
            .flat_map(|inline| {
                let Inline::Text(words) = &inline else {
                    return vec![inline];
                };
                // What stands at the ends is not the title's to trim.
                let edge = |is_edge: bool| is_edge.then(|| Inline::Text(" ".to_owned()));
                let (first, last) = (words.starts_with(' '), words.ends_with(' '));
                edge(first)
                    .into_iter()
                    .chain(markdown::title(words))
                    .chain(edge(last))
                    .collect()
            })
            .collect()
    };
    text.into_iter()
        .map(|block| {
            if let Block::Paragraph(content) = block {
                Block::Paragraph(line(content))
            } else {
                block
            }
        })
        .collect()
}

/// Whether an item comes from the server that keeps the paper.
fn is_of_archive(item: &model::Entry) -> bool {
    item.id.contains("arxiv.org")
}

/// What stands behind `Abstract:`, if the text has it.
fn abstract_of(text: &Text) -> Option<Text> {
    for (index, block) in text.iter().enumerate() {
        let Block::Paragraph(line) = block else {
            return None;
        };
        for (at, inline) in line.iter().enumerate() {
            let Inline::Text(words) = inline else {
                continue;
            };
            for label in ["Abstract:", "摘要：", "摘要:"] {
                if let Some((_, after)) = words.split_once(label) {
                    let mut first = vec![Inline::Text(after.trim_start().to_owned())];
                    first.extend(line.iter().skip(at + 1).cloned());
                    let mut out = vec![Block::Paragraph(first)];
                    out.extend(text.iter().skip(index + 1).cloned());
                    return Some(out);
                }
            }
        }
    }
    None
}

fn category(item: &model::Entry) -> Option<String> {
    let category = item.categories.first()?;
    Some(
        category
            .label
            .as_ref()
            .unwrap_or(&category.term)
            .trim()
            .to_owned(),
    )
}

fn day(seconds: i64) -> Option<Date> {
    let moment = Timestamp::from_second(seconds).ok()?;
    Some(moment.to_zoned(TimeZone::UTC).date())
}

/// When the feed last had something new.
fn newest(feed: &model::Feed) -> Option<Date> {
    let items = feed
        .entries
        .iter()
        .filter_map(|item| item.published.or(item.updated));
    let newest = items.max().or(feed.updated).or(feed.published)?;
    day(newest.timestamp())
}

fn source_of(feed: &model::Feed) -> Option<IssueSource> {
    let name = feed.title.as_ref().map(line);
    let site = feed
        .links
        .iter()
        .filter(|link| matches!(link.rel.as_deref(), None | Some("alternate")))
        .find_map(|link| absolute(link.href.trim()).ok());
    (name.is_some() || site.is_some()).then(|| IssueSource {
        kind: Some(SourceKind::Web),
        name,
        url: site,
        ..IssueSource::default()
    })
}

#[cfg(test)]
mod tests;
