//! Addresses and identifiers, one a line, as one notes them down.
//!
//! A line may go on with a title or a remark. `##` and lines of words before addresses begin
//! sections, `#` and `//` comments.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use offprint_core::chars::clean;
use offprint_core::model::LinkKind;
use offprint_core::text::{Block, Inline};
use offprint_core::{Diagnostic, Place, Source};

use crate::address::{self, Locator};
use crate::draft::{Draft, DraftPaper, DraftSection};
use crate::{Fate, Imported, Outcome, Traced};

/// The longest line of words that may be a section's title, in characters.
const MAX_HEADING: usize = 80;

/// What a line is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Line<'t> {
    /// Nothing, or a comment.
    Comment,
    /// A section's title, marked as one.
    Heading(&'t str),
    /// Works, and what else the line says.
    Works(Vec<Locator>, Rest<'t>),
    /// Words without an address.
    Words(&'t str),
}

/// What stands on a line beside an address.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Rest<'t> {
    title: Option<&'t str>,
    remark: Option<&'t str>,
}

/// Reads a list of addresses.
pub(crate) fn read(source: &Arc<Source>) -> Outcome {
    let mut reader = Reader::new(source);
    let lines = lines(&source.text);
    for (index, (span, text)) in lines.iter().enumerate() {
        match line(text) {
            Line::Comment if text.trim().is_empty() => {}
            Line::Comment => reader.drop(span, "a comment"),
            Line::Heading(title) => reader.section(span, title),
            Line::Works(locators, rest) => reader.works(span, locators, &rest),
            Line::Words(words) => {
                let is_heading = is_heading(words)
                    && lines
                        .iter()
                        .skip(index + 1)
                        .map(|(_, text)| line(text))
                        .find(|next| *next != Line::Comment)
                        .is_some_and(|next| matches!(next, Line::Works(..)));
                if is_heading {
                    reader.section(span, words.trim_end_matches([':', '：']));
                } else {
                    reader.unknown(span, words);
                }
            }
        }
    }
    reader.finish()
}

/// The lines of a text without their ends, with their places.
pub(crate) fn lines(text: &str) -> Vec<(Range<usize>, &str)> {
    let mut start = 0;
    let mut lines = Vec::new();
    for line in text.split_inclusive(['\n', '\r']) {
        let words = line.trim();
        let at = start + line.find(words).unwrap_or(0);
        lines.push((at..at + words.len(), words));
        start += line.len();
    }
    lines
}

/// Reads a line for itself.
pub(crate) fn line(text: &str) -> Line<'_> {
    let text = text.trim();
    if let Some(heading) = text.strip_prefix("##") {
        let heading = heading.trim_matches(['#', ' ', '\t']);
        return if heading.is_empty() {
            Line::Comment
        } else {
            Line::Heading(heading)
        };
    }
    if text.is_empty() || text.starts_with(['#', '%']) || text.starts_with("//") {
        return Line::Comment;
    }
    let text = without_marker(text);
    if let Some((locators, rest)) = works(text) {
        return Line::Works(locators, rest);
    }
    Line::Words(text)
}

/// A line without the bullet or number before it.
fn without_marker(text: &str) -> &str {
    for bullet in [
        "- [ ] ", "- [x] ", "- [X] ", "- ", "* ", "+ ", "• ", "· ", "● ",
    ] {
        if let Some(rest) = text.strip_prefix(bullet) {
            return rest.trim_start();
        }
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = text.get(digits..).unwrap_or_default();
    if (1..=4).contains(&digits) {
        for sign in [". ", ") ", "、", "）", ".\t", ")\t"] {
            if let Some(rest) = rest.strip_prefix(sign) {
                return rest.trim_start();
            }
        }
    }
    if let Some((number, rest)) = text
        .strip_prefix('[')
        .and_then(|rest| rest.split_once("] "))
        && !number.is_empty()
        && number.bytes().all(|byte| byte.is_ascii_digit())
    {
        return rest.trim_start();
    }
    text
}

/// The works that a line names, and what stands beside them.
fn works(text: &str) -> Option<(Vec<Locator>, Rest<'_>)> {
    let mut found: Vec<(Range<usize>, Locator)> = Vec::new();
    let mut prefix_until = 0;
    let all = words(text);
    for (index, span) in all.iter().enumerate() {
        if span.start < prefix_until {
            continue;
        }
        // `doi: 10.1/x`, `ISBN 978-3-16-148410-0`, `PMID: 1`: a prefix and its identifier.
        let with_next = prefixed(text, span, all.get(index + 1..).unwrap_or_default());
        let whole = with_next.clone().unwrap_or_else(|| span.clone());
        let Some(word) = text.get(whole.clone()) else {
            continue;
        };
        let trimmed = trim_marks(word);
        let joined: String = if with_next.is_some() {
            trimmed.split_whitespace().collect::<Vec<_>>().concat()
        } else {
            trimmed.to_owned()
        };
        if let Some(locator) = address::of_word(&joined) {
            prefix_until = whole.end;
            found.push((whole, locator));
        }
    }
    let first = found.first()?.0.start;
    let last = found.last()?.0.end;
    let before = text.get(..first)?;
    let after = text.get(last..)?;
    let locators = found.into_iter().map(|(_, locator)| locator).collect();
    Some((locators, rest(before, after)))
}

/// Where the words of a line stand: what blanks, tabs, commas and wide marks divide.
fn words(text: &str) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut start = None;
    for (index, character) in text.char_indices() {
        let divides = character.is_whitespace()
            || matches!(
                character,
                '，' | '；'
                    | '。'
                    | '、'
                    | '|'
                    | '<'
                    | '>'
                    | '"'
                    | '《'
                    | '》'
                    | '（'
                    | '）'
                    | '：'
            )
            || matches!(character, ',' | ';')
                && text.get(index + 1..).is_none_or(|rest| {
                    rest.is_empty()
                        || rest.starts_with([' ', '"', '\t'])
                        || rest.starts_with("http")
                });
        match (divides, start) {
            (true, Some(from)) => {
                words.push(from..index);
                start = None;
            }
            (false, None) => start = Some(index),
            (true, None) | (false, Some(_)) => {}
        }
    }
    if let Some(from) = start {
        words.push(from..text.len());
    }
    // `[Title](https://…)`: the address is a word of its own.
    words
        .into_iter()
        .map(|span| {
            let word = text.get(span.clone()).unwrap_or_default();
            let at = word.find("](http").map(|at| at + 2);
            let at = at.or_else(|| word.starts_with('(').then_some(1));
            at.map_or(span.clone(), |at| span.start + at..span.end)
        })
        .collect()
}

/// A prefix of an identifier with the words that follow it, where it stands apart.
fn prefixed(text: &str, span: &Range<usize>, behind: &[Range<usize>]) -> Option<Range<usize>> {
    let word = text.get(span.clone())?;
    let name = word.trim_end_matches(':').to_ascii_lowercase();
    let ends = match name.as_str() {
        "doi" | "arxiv" | "pmid" | "openreview" => 1,
        // ISBNs are grouped by blanks, too.
        "isbn" | "isbn-13" | "isbn-10" => 5,
        _ => return None,
    };
    let mut end = None;
    for next in behind.iter().take(ends) {
        let joined: String = text.get(span.start..next.end)?.split_whitespace().collect();
        let joined = if joined.contains(':') {
            joined
        } else {
            joined.replacen(name.as_str(), &format!("{name}:"), 1)
        };
        if address::of_word(trim_marks(&joined)).is_some() {
            end = Some(next.end);
            break;
        }
    }
    end.map(|end| span.start..end)
}

/// A word without marks around it that are none of it.
fn trim_marks(word: &str) -> &str {
    let word = word.trim_matches(['"', '\'', '`', '<', '>']);
    let word = word.trim_end_matches(['.', ',', ';', '!', '?', ']', '}']);
    let opens = word.matches('(').count();
    if word.matches(')').count() > opens {
        word.trim_end_matches([')', '.', ','])
    } else {
        word
    }
}

/// Tells title and remark from what stands before and after an address.
fn rest<'t>(before: &'t str, after: &'t str) -> Rest<'t> {
    const MARKS: &[char] = &[
        ' ', '\t', ',', ';', '|', '-', '–', '—', ':', '：', '，', '(', '[', '<', '"', '|',
    ];
    let linked = before.trim_end();
    if let Some(title) = linked
        .strip_suffix("](")
        .and_then(|title| title.rsplit_once('['))
        .map(|(_, title)| title.trim())
    {
        let after = after.trim_start_matches([')', ']']);
        let after = after.trim_matches(MARKS);
        return Rest {
            title: Some(title).filter(|title| has_words(title) && !is_label(title)),
            remark: Some(after).filter(|after| has_words(after)),
        };
    }
    let before = before.trim_matches(MARKS);
    let after = after
        .trim_matches(MARKS)
        .trim_start_matches([')', ']', '>', '"']);
    let after = after.trim_matches(MARKS).trim_end_matches('"');
    if has_words(before) && !is_label(before) {
        // What stands before an address names it.
        let title = unquoted(before);
        return Rest {
            title: Some(title),
            remark: Some(after).filter(|after| has_words(after)),
        };
    }
    if !has_words(after) {
        return Rest::default();
    }
    for (open, close) in [('《', '》'), ('"', '"'), ('“', '”')] {
        if let Some((title, more)) = after
            .strip_prefix(open)
            .and_then(|rest| rest.split_once(close))
        {
            let more = more.trim_matches(MARKS);
            return Rest {
                title: Some(title.trim()).filter(|title| has_words(title)),
                remark: Some(more).filter(|more| has_words(more)),
            };
        }
    }
    for divider in ["\t", " | ", "|", " - ", " – ", " — ", "——"] {
        if let Some((head, more)) = after.split_once(divider)
            && is_title(head)
        {
            let more = more.trim_matches(MARKS);
            return Rest {
                title: Some(head.trim_matches(MARKS)),
                remark: Some(more).filter(|more| has_words(more)),
            };
        }
    }
    if is_title(after) {
        Rest {
            title: Some(after),
            remark: None,
        }
    } else {
        Rest {
            title: None,
            remark: Some(after),
        }
    }
}

fn has_words(text: &str) -> bool {
    text.chars().filter(|sign| sign.is_alphanumeric()).count() >= 2
}

/// Whether words only say what an address is.
fn is_label(text: &str) -> bool {
    let text = text.trim_matches(|sign: char| !sign.is_alphanumeric());
    [
        "arxiv",
        "doi",
        "paper",
        "pdf",
        "link",
        "url",
        "pmid",
        "isbn",
        "openreview",
        "论文",
        "链接",
        "论文链接",
        "地址",
        "论文地址",
    ]
    .iter()
    .any(|label| text.eq_ignore_ascii_case(label))
}

fn unquoted(text: &str) -> &str {
    text.trim_matches(['"', '“', '”', '《', '》', '*', '_', ' '])
}

/// Whether words are written as titles are: most of the longer ones with capitals, no end of a
/// sentence. Everything else is a remark, for a wrong title is worse than none.
fn is_title(text: &str) -> bool {
    let text = text.trim();
    if text.ends_with(['.', '!', '。', '！', '…', ',', '，']) {
        return false;
    }
    let long: Vec<&str> = text
        .split_whitespace()
        .filter(|word| word.chars().filter(|sign| sign.is_alphabetic()).count() >= 4)
        .collect();
    let capital = long
        .iter()
        .filter(|word| word.chars().any(char::is_uppercase))
        .count();
    text.starts_with(|first: char| first.is_uppercase() || first.is_ascii_digit() || first == '$')
        && long.len() >= 2
        && capital * 10 >= long.len() * 7
}

/// Whether a line of words may be the title of a section.
fn is_heading(words: &str) -> bool {
    words.chars().count() <= MAX_HEADING
        && has_words(words)
        && !words.contains("://")
        && !looks_like_identifier(words)
        && !words.ends_with(['.', '。', '!', '！', '?', '？', ',', '，', ';', '；'])
}

/// Whether words look like an identifier that is mistyped.
fn looks_like_identifier(words: &str) -> bool {
    let head = words.to_ascii_lowercase();
    let is_prefixed = ["arxiv:", "doi:", "pmid:", "isbn", "openreview:", "10."]
        .iter()
        .any(|prefix| head.starts_with(prefix));
    let first = words.split_whitespace().next().unwrap_or_default();
    let digits = first.bytes().filter(u8::is_ascii_digit).count();
    let is_number = digits >= 5 && digits * 2 > first.len();
    let is_host = first.contains('/') && first.contains('.') && first.is_ascii();
    is_prefixed || is_number || is_host
}

struct Reader<'s> {
    source: &'s Arc<Source>,
    draft: Draft,
    /// Where the lines of the source begin.
    line_starts: Vec<usize>,
    /// The first line that named a work.
    seen: BTreeMap<String, usize>,
    papers: usize,
    diagnostics: Vec<Diagnostic>,
    trace: Vec<Traced>,
}

impl<'s> Reader<'s> {
    fn new(source: &'s Arc<Source>) -> Self {
        Self {
            source,
            draft: Draft::default(),
            line_starts: std::iter::once(0)
                .chain(source.text.match_indices('\n').map(|(at, _)| at + 1))
                .collect(),
            seen: BTreeMap::new(),
            papers: 0,
            diagnostics: Vec::new(),
            trace: Vec::new(),
        }
    }

    fn drop(&mut self, span: &Range<usize>, why: &'static str) {
        self.trace.push(Traced {
            span: span.clone(),
            fate: Fate::Dropped(why.into()),
        });
    }

    fn keep(&mut self, span: &Range<usize>, what: String) {
        self.trace.push(Traced {
            span: span.clone(),
            fate: Fate::Kept(what.into()),
        });
    }

    fn place(&self, span: &Range<usize>) -> Place {
        Place::new(self.source, span.clone())
    }

    fn section(&mut self, span: &Range<usize>, title: &str) {
        self.draft.sections.push(DraftSection {
            title: Some(clean(title).trim().to_owned()),
            ..DraftSection::default()
        });
        self.keep(
            span,
            format!("title of section {}", self.draft.sections.len()),
        );
    }

    fn unknown(&mut self, span: &Range<usize>, words: &str) {
        self.drop(span, "neither an address nor an identifier");
        let finding = if looks_like_identifier(words) || words.contains("://") {
            Diagnostic::warning(
                "import::bad-identifier",
                "this is no address and no identifier that is known, and is left out",
            )
            .hint("compare it with the paper's page: arXiv:2006.05929, 10.1000/182, https://…")
        } else {
            Diagnostic::warning(
                "import::not-a-link",
                "this line holds no address and no identifier, and is left out",
            )
            .hint("give the paper's address, or begin the line with `##` for a section, `#` for a comment")
        };
        self.diagnostics.push(finding.at(self.place(span)));
    }

    /// Takes the works of a line: several identifiers of the same kind are several works,
    /// others say more of one.
    fn works(&mut self, span: &Range<usize>, locators: Vec<Locator>, rest: &Rest<'_>) {
        let mut groups: Vec<Vec<Locator>> = Vec::new();
        for locator in locators {
            let same_kind = |other: &Locator| {
                std::mem::discriminant(other) == std::mem::discriminant(&locator)
                    && other.identity() != locator.identity()
                    && !is_beside(&locator)
                    && !is_beside(other)
            };
            match groups.last_mut() {
                Some(group) if !group.iter().any(same_kind) => group.push(locator),
                _ => groups.push(vec![locator]),
            }
        }
        let is_alone = groups.len() == 1;
        for group in groups {
            self.work(span, group, if is_alone { Some(rest) } else { None });
        }
    }

    fn work(&mut self, span: &Range<usize>, locators: Vec<Locator>, rest: Option<&Rest<'_>>) {
        let own: Vec<String> = locators
            .iter()
            .filter(|locator| !is_beside(locator))
            .map(Locator::identity)
            .collect();
        if let Some(first) = own.iter().find_map(|identity| self.seen.get(identity)) {
            let first = self.line_starts.partition_point(|start| start <= first);
            self.diagnostics.push(
                Diagnostic::warning(
                    "import::duplicate-paper",
                    format!("this paper stands in line {first} already, and is taken once"),
                )
                .at(self.place(span)),
            );
            self.drop(span, "stands there already");
            return;
        }
        for identity in own {
            self.seen.entry(identity).or_insert(span.start);
        }
        let mut paper = DraftPaper::default();
        // The paper's own address first: what lies beside it is none of its pages.
        let (beside, own): (Vec<Locator>, Vec<Locator>) = locators.into_iter().partition(is_beside);
        let has_own = !own.is_empty();
        let mut is_archived = false;
        for locator in own {
            if let Locator::Page(url) = &locator {
                is_archived |= address::is_of_paper(url);
            } else {
                is_archived = true;
            }
            locator.fill(&mut paper.entry);
        }
        for locator in beside {
            if let Locator::Page(url) = &locator
                && has_own
            {
                let kind = if address::is_of_code(url) {
                    LinkKind::Code
                } else {
                    LinkKind::Video
                };
                paper.entry.links.entry(kind).or_insert_with(|| url.clone());
            } else {
                locator.fill(&mut paper.entry);
            }
        }
        if !is_archived {
            self.diagnostics.push(
                Diagnostic::remark(
                    "import::unknown-site",
                    "no archive of papers is known at this address; it is taken as the paper's page",
                )
                .at(self.place(span)),
            );
        }
        if let Some(rest) = rest {
            paper.entry.title = rest
                .title
                .map(|title| clean(title).trim().to_owned())
                .filter(|title| !title.is_empty());
            if let Some(remark) = rest.remark {
                let remark = clean(remark).trim().to_owned();
                paper.commentary = vec![Block::Paragraph(vec![Inline::Text(remark)])];
            }
        }
        self.papers += 1;
        let what = if paper.entry.title.is_some() {
            format!("address and title of paper {}", self.papers)
        } else {
            format!("address of paper {}", self.papers)
        };
        self.keep(span, what);
        if self.draft.sections.is_empty() {
            self.draft.sections.push(DraftSection::default());
        }
        if let Some(section) = self.draft.sections.last_mut() {
            section.papers.push(paper);
        }
    }

    fn finish(self) -> Outcome {
        if self.papers == 0 {
            let mut faults = self.diagnostics;
            for fault in &mut faults {
                fault.severity = offprint_core::Severity::Error;
            }
            faults.push(
                Diagnostic::error("import::no-papers", "no paper is named here")
                    .at(Place::new(self.source, 0..0))
                    .hint("write an address or an identifier a line: https://arxiv.org/abs/2006.05929"),
            );
            return Err(faults);
        }
        let mut draft = self.draft;
        draft.sections.retain(|section| !section.papers.is_empty());
        Ok(Imported {
            draft,
            diagnostics: self.diagnostics,
            trace: self.trace,
        })
    }
}

/// Whether an address is one of code or a recording, which stand beside a paper's own.
fn is_beside(locator: &Locator) -> bool {
    matches!(locator, Locator::Page(url) if address::is_of_code(url) || address::is_of_video(url))
}

#[cfg(test)]
mod tests;
