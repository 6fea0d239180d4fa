//! Whether Markdown is a list of papers or a post that tells of some.
//!
//! Both readers judge each entry for themselves. What tells which of them understood a file is
//! the papers that they found: titles that are titles, with something said of each.

use offprint_core::Source;

use super::words;
use crate::{DraftPaper, Fate, Imported, Outcome, page};

/// Whether the reading as a list leaves it open that the file is none.
pub(super) fn is_in_doubt(list: &Outcome, source: &Source) -> bool {
    let Ok(list) = list else {
        return true;
    };
    let is_without_evidence = list
        .diagnostics
        .iter()
        .any(|finding| finding.code == "import::no-evidence");
    let papers = papers(list).count();
    let odd = papers.saturating_sub(papers_with_titles(list));
    // A heading above each paper is a title that was not understood.
    let single = alone(list);
    let told = told(list);
    // A few papers cost little to be read again.
    is_mostly_prose(&source.text)
        || is_without_evidence
        || papers <= 3
        || odd * 5 > papers
        || papers >= 3 && single * 10 >= papers * 7
        || told * 3 < source.text.len()
}

/// The least bytes of a line that is a paragraph.
const PARAGRAPH: usize = 160;

/// Whether most of a text are paragraphs, and no items, rows or headings.
fn is_mostly_prose(text: &str) -> bool {
    let is_prose = |line: &&str| {
        let line = line.trim_start();
        line.len() >= PARAGRAPH
            && !line.starts_with(['-', '*', '+', '|', '#', '<', '!', '['])
            && !line.starts_with(|c: char| c.is_ascii_digit())
    };
    let prose: usize = text.lines().filter(is_prose).map(str::len).sum();
    prose * 2 > text.len()
}

/// The reading that found more papers which are some.
pub(super) fn better(list: Outcome, page: Outcome) -> Outcome {
    let (list, page) = match (list, page) {
        (Ok(list), Ok(page)) => (list, page),
        // What nothing but one reader takes for papers must be some.
        (Err(faults), Ok(page)) => {
            let all = papers(&page).count();
            let found = papers(&page)
                .filter(|paper| paper.entry.has_locator())
                .count();
            let titled = papers_with_titles(&page);
            let is_sound = 2 * found >= all || all >= 3 && titled * 10 >= all * 8;
            return if is_sound { Ok(page) } else { Err(faults) };
        }
        (list, Err(_)) => return list,
    };
    // What is certain counts, and what was invented counts against it. A title that was not
    // told is no invention, nor is one of a paper of which nothing else is told.
    let worth = |imported: &Imported| {
        let good = sound(imported);
        let all = papers(imported).count();
        let untold = papers(imported)
            .filter(|paper| paper.entry.title.is_none() && paper.entry.has_locator())
            .count();
        let bad = papers(imported)
            .filter(|paper| paper.entry.title.is_some() && !has_title(paper))
            .count();
        (
            (2 * good + untold).saturating_sub(bad),
            facts(imported),
            all.saturating_sub(alone(imported)),
        )
    };
    // A page that only speaks of papers has words above them that are no titles.
    let located = |imported: &Imported| {
        papers(imported)
            .filter(|paper| paper.entry.has_locator())
            .count()
    };
    let untold = papers(&page)
        .filter(|paper| paper.entry.title.is_none() && paper.entry.has_locator())
        .count();
    let speaks = untold * 2 >= papers(&page).count() && located(&page) >= located(&list);
    if speaks || worth(&page) > worth(&list) {
        Ok(page)
    } else {
        Ok(list)
    }
}

/// The papers that stand alone under a heading.
fn alone(imported: &Imported) -> usize {
    imported
        .draft
        .sections
        .iter()
        .filter(|section| section.title.is_some() && section.papers.len() == 1)
        .count()
}

fn papers(imported: &Imported) -> impl Iterator<Item = &DraftPaper> {
    imported.draft.papers()
}

fn papers_with_titles(imported: &Imported) -> usize {
    papers(imported).filter(|paper| has_title(paper)).count()
}

/// The papers with a title and with something that only papers have.
fn sound(imported: &Imported) -> usize {
    papers(imported)
        .filter(|paper| {
            let entry = &paper.entry;
            has_title(paper)
                && (entry.has_locator()
                    || !entry.authors.is_empty()
                    || entry.venue.is_some()
                    || !entry.abstract_text.is_empty())
        })
        .count()
}

/// Whether a paper's title is one: no identifier, no number before it, words enough.
fn has_title(paper: &DraftPaper) -> bool {
    let title = paper.entry.title.as_deref().unwrap_or_default().trim();
    let lower = title.to_ascii_lowercase();
    let is_identifier = ["arxiv:", "arxiv ", "doi:", "http:", "https:", "10."]
        .iter()
        .any(|start| lower.starts_with(start));
    !is_identifier && !page::is_numbered(title) && !is_phrase(title) && words::words(title) >= 3
}

/// Whether words are a piece of a sentence: `paper from the lab`, `Ada publishes a`.
fn is_phrase(title: &str) -> bool {
    let first = title.split_whitespace().next().unwrap_or_default();
    let last = title.split_whitespace().last().unwrap_or_default();
    let is_small = first.len() > 1 && first.bytes().all(|byte| byte.is_ascii_lowercase());
    is_small || ["a", "an", "and", "of", "the", "to", "with"].contains(&last)
}

/// How much is said of the papers, where it can be true: a sentence is no institution.
fn facts(imported: &Imported) -> usize {
    papers(imported)
        .map(|paper| {
            let entry = &paper.entry;
            let is_name = |name: &String| name.chars().count() <= 60 && !name.contains('：');
            let are_names = entry.affiliations.iter().chain(&entry.authors).all(is_name);
            usize::from(entry.has_locator())
                + usize::from(!entry.authors.is_empty() && are_names)
                + usize::from(!entry.affiliations.is_empty() && are_names)
                + usize::from(!entry.abstract_text.is_empty())
                + usize::from(entry.venue.is_some())
                + entry.links.len()
        })
        .sum()
}

/// How many bytes of the source went into the draft.
fn told(imported: &Imported) -> usize {
    imported
        .trace
        .iter()
        .filter(|traced| matches!(traced.fate, Fate::Kept(_)))
        .map(|traced| traced.span.len())
        .sum()
}
