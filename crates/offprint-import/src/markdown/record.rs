//! An entry of a list, told apart: title, names, venue, links, and what is said of it.

use std::collections::BTreeMap;

use jiff::civil::Date;
use offprint_core::bibliography::Entry;
use offprint_core::check::identifier;
use offprint_core::model::LinkKind;
use offprint_core::text::{Block, Formula, Inline};

use super::blocks::{FORMULA, Line, Piece, Style};
use super::words::{
    self, Field, MARKS, Role, appeared, appeared_in_brackets, authors, authors_then, role,
};
use crate::address::{self, Locator};

/// The longest title, in characters; what is longer is prose.
const MAX_TITLE: usize = 400;
/// More words than this on a line without a title are prose, whatever they hold.
const PROSE: usize = 25;

/// What an entry says.
#[derive(Debug, Clone, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four things that are told apart from each other"
)]
pub(super) struct Record {
    pub(super) entry: Entry,
    pub(super) commentary: Vec<Block>,
    pub(super) tldr: Vec<Inline>,
    /// Whether it has what only papers have.
    pub(super) is_paper: bool,
    /// Whether there is a link to the paper itself, or its identifier.
    pub(super) has_paper_link: bool,
    /// Whether there is any link that can be published.
    pub(super) has_link: bool,
    /// Whether there is a link at all, be it to a place in the list.
    pub(super) has_any_link: bool,
    /// Whether the title is a link, or stands out.
    pub(super) is_marked: bool,
}

/// A stretch of a line.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "what is seen of a stretch, each for itself"
)]
struct Segment {
    text: String,
    style: Style,
    url: Option<String>,
    is_picture: bool,
    line: usize,
    /// Whether brackets stand around it. A link in brackets is no title.
    bracketed: bool,
    quoted: bool,
    /// The mark before it: `-`, `|`, `.`, `:`, `●`, or a blank.
    lead: char,
    /// The mark of a sentence's end that stood behind it.
    tail: &'static str,
    /// Whether a blank stood before it.
    spaced: bool,
    used: bool,
}

/// A line, and the field it is named for by a table's head.
pub(super) struct Labelled {
    pub(super) field: Option<Field>,
    pub(super) line: Line,
}

/// Reads an entry from its lines.
pub(super) fn record(lines: &[Labelled]) -> Record {
    let mut reader = Reader::new(lines);
    reader.read_labels();
    reader.read_links();
    reader.find_title();
    reader.read_rest();
    reader.finish()
}

struct Reader<'l> {
    lines: &'l [Labelled],
    segments: Vec<Segment>,
    fields: Vec<Option<Field>>,
    roles: Vec<Option<Role>>,
    record: Record,
    /// The links to the paper, in order.
    papers: Vec<String>,
    /// Links that may lead to it, of which nothing is said.
    pages: Vec<String>,
    title_at: Option<usize>,
    title_url: Option<String>,
    date: Option<(i16, Option<Date>)>,
}

impl<'l> Reader<'l> {
    fn new(lines: &'l [Labelled]) -> Self {
        let mut segments = Vec::new();
        for (number, line) in lines.iter().enumerate() {
            let is_whole = matches!(
                line.field,
                Some(Field::Abstract | Field::Remark | Field::Tldr)
            );
            split_line(&line.line, number, is_whole, &mut segments);
        }
        Self {
            lines,
            roles: vec![None; segments.len()],
            segments,
            fields: lines.iter().map(|line| line.field).collect(),
            record: Record::default(),
            papers: Vec::new(),
            pages: Vec::new(),
            title_at: None,
            title_url: None,
            date: None,
        }
    }

    fn field(&self, line: usize) -> Option<Field> {
        self.fields.get(line).copied().flatten()
    }

    /// Lines that say what they are: `Authors: …`, `论文链接：…`.
    fn read_labels(&mut self) {
        let mut before = None;
        for index in 0..self.segments.len() {
            let Some(segment) = self.segments.get(index) else {
                continue;
            };
            let is_first = before.replace(segment.line) != Some(segment.line);
            if segment.url.is_some() {
                continue;
            }
            let Some((label, value)) = segment.text.split_once([':', '：']) else {
                continue;
            };
            let (label, value) = (label.to_owned(), value.trim().to_owned());
            let line = segment.line;
            let Some(field) = words::field(&label) else {
                continue;
            };
            match field {
                Field::Link(role) => {
                    // It names the links behind it, up to the next label.
                    let ends = self
                        .segments
                        .iter()
                        .enumerate()
                        .skip(index + 1)
                        .take_while(|(_, next)| next.line == line && next.url.is_some())
                        .map(|(at, _)| at)
                        .last();
                    if let Some(last) = ends {
                        for at in index + 1..=last {
                            let own = self
                                .segments
                                .get(at)
                                .and_then(|link| words::role(&link.text));
                            if let Some(slot) = self.roles.get_mut(at) {
                                *slot = own.or(Some(role));
                            }
                        }
                        self.spend(index);
                    } else if is_first && value.chars().count() <= 24 && !value.contains(' ') {
                        // `Code: None`
                        self.spend(index);
                    }
                }
                _ if !is_first => {}
                Field::Nothing => {}
                Field::Title
                | Field::Authors
                | Field::Affiliations
                | Field::Venue
                | Field::Date
                | Field::Abstract
                | Field::Tldr
                | Field::Remark => {
                    if let Some(slot) = self.fields.get_mut(line) {
                        *slot = Some(field);
                    }
                    if let Some(segment) = self.segments.get_mut(index) {
                        segment.text = value;
                        segment.used = segment.text.is_empty();
                    }
                }
            }
        }
    }

    fn spend(&mut self, index: usize) {
        if let Some(segment) = self.segments.get_mut(index) {
            segment.used = true;
        }
    }

    /// What links lead to.
    fn read_links(&mut self) {
        for index in 0..self.segments.len() {
            let Some(segment) = self.segments.get(index) else {
                continue;
            };
            let Some(url) = segment.url.clone() else {
                continue;
            };
            self.record.has_any_link = true;
            let Some(published) = address::published(&url) else {
                // A place in this list, or a file beside it: its words may still say much.
                if role(&segment.text).is_some() || segment.is_picture || segment.text.is_empty() {
                    self.spend(index);
                }
                continue;
            };
            self.record.has_link = true;
            let given = self.roles.get(index).copied().flatten();
            let by_words = role(&segment.text);
            let by_column = match self.field(segment.line) {
                Some(Field::Link(role)) => Some(role),
                _ => None,
            };
            let is_bare = segment.text.is_empty() || segment.text.starts_with("http");
            // `[ICCV 2021](…)` says where it appeared, and leads to it.
            let label = segment.text.clone();
            let says_where = by_words.is_none()
                && words::words(&label) <= 6
                && !segment.is_picture
                && appeared(&label).is_some();
            let by_words = if says_where {
                Some(Role::Paper)
            } else {
                by_words
            };
            let found = given.or(by_words).or_else(|| {
                (segment.is_picture || is_bare || words::words(&segment.text) <= 2)
                    .then_some(by_column)
                    .flatten()
            });
            let found = found
                .or_else(|| (segment.is_picture || is_bare).then(|| role_of_address(&published)));
            let is_unlabelled = found.is_none() && segment.bracketed;
            let found = found.or_else(|| {
                segment.bracketed.then(|| {
                    words::role_in_brackets(&segment.text)
                        .unwrap_or_else(|| role_of_address(&published))
                })
            });
            let is_page = !address::is_of_paper(&published)
                && (is_bare && given.is_none() && by_column.is_none()
                    || words::is_vague(&segment.text));
            let found = match found {
                // A picture of stars leads to code; `[arXiv]` of a repository does not exist.
                Some(Role::Nothing) if segment.is_picture && address::is_of_code(&published) => {
                    Some(Role::Beside(LinkKind::Code))
                }
                other => other,
            };
            let Some(found) = found else {
                continue;
            };
            let segment_is_picture = segment.is_picture;
            if says_where {
                self.take_appeared(&label, false);
            }
            if let Some(slot) = self.roles.get_mut(index) {
                *slot = Some(found);
            }
            self.spend(index);
            match found {
                Role::Nothing if (is_bare || is_unlabelled) && !segment_is_picture => {
                    self.pages.push(published);
                }
                Role::Paper if is_page => self.pages.push(published),
                Role::Paper => self.papers.push(published),
                Role::Beside(kind) => {
                    self.record.entry.links.entry(kind).or_insert(published);
                }
                Role::Nothing => {}
            }
        }
    }

    /// Finds the title: what stands out, is linked, or comes first, and is neither names nor
    /// a venue nor a label.
    fn find_title(&mut self) {
        let named = self.segments.iter().position(|segment| {
            !segment.used && matches!(self.field(segment.line), Some(Field::Title))
        });
        let mut best: Option<(i32, usize)> = None;
        let mut first = true;
        let mut candidate_before = false;
        let first_line = self.segments.iter().find(|it| !it.used).map(|it| it.line);
        for (index, segment) in self.segments.iter().enumerate() {
            if named.is_some_and(|named| {
                self.segments
                    .get(named)
                    .is_some_and(|it| it.line != segment.line)
            }) {
                continue;
            }
            let Some(mut score) = self.title_score(segment) else {
                continue;
            };
            score += if first { 2 } else { 0 };
            score += if Some(segment.line) == first_line {
                1
            } else {
                -2
            };
            if candidate_before && (is_dash(segment.lead) || matches!(segment.lead, ':' | '●')) {
                score -= 4;
            }
            // Nor is what follows a first sentence without dress.
            let is_plain = segment.url.is_none() && !segment.style.strong && !segment.quoted;
            if candidate_before && is_plain && segment.lead == '.' {
                score -= 2;
            }
            // A link or a quotation in the midst of a sentence is none either.
            let is_amid = (segment.url.is_some() || segment.quoted && !segment.style.strong)
                && index
                    .checked_sub(1)
                    .and_then(|before| self.segments.get(before))
                    .is_some_and(|before| {
                        before.line == segment.line
                            && !before.used
                            && before.url.is_none()
                            && before.tail.is_empty()
                            && segment.lead == ' '
                            && words::words(&before.text) >= 3
                            && self.title_score(before).is_some()
                    });
            if is_amid {
                score -= 8;
            }
            first = false;
            candidate_before = true;
            if best.is_none_or(|(highest, _)| score > highest) {
                best = Some((score, index));
            }
        }
        let Some((_, index)) = best.filter(|&(score, _)| score > 0) else {
            return;
        };
        self.take_title(index);
    }

    fn title_score(&self, segment: &Segment) -> Option<i32> {
        let text = segment.text.as_str();
        let letters = text.chars().filter(|sign| sign.is_alphabetic()).count();
        let length = text.chars().count();
        if segment.used || segment.bracketed || letters < 2 || length > MAX_TITLE {
            return None;
        }
        let is_other = matches!(
            self.field(segment.line),
            Some(
                Field::Authors
                    | Field::Affiliations
                    | Field::Venue
                    | Field::Date
                    | Field::Abstract
                    | Field::Tldr
                    | Field::Remark
                    | Field::Nothing
                    | Field::Link(Role::Beside(_) | Role::Nothing)
            )
        );
        let is_label = segment.url.is_none()
            && (text.ends_with([':', '：'])
                || words::field(text).is_some() && words::words(text) <= 2)
            && !segment.style.strong;
        if is_other || is_label || words::date(text).is_some() || is_noise(text) {
            return None;
        }
        let count = words::words(text);
        let mut score = if segment.style.strong && segment.quoted {
            10
        } else if segment.style.strong {
            6
        } else if segment.quoted {
            5
        } else if segment.url.is_some() {
            6
        } else if segment.style.emphasis {
            2
        } else {
            3
        };
        if segment.url.as_deref().is_some_and(address::is_of_paper) {
            score += 2;
        }
        score += match count {
            0 => return None,
            1 => 0,
            2 => 1,
            _ => 3,
        };
        if segment.url.is_none() && !segment.style.strong && !segment.quoted {
            if count > PROSE + 10 {
                return None;
            }
            // A sentence.
            if count >= 12 && !is_title_case(text) {
                score -= 4;
            }
        }
        if let Some(names) = authors(text, segment.style.emphasis) {
            // `Simultaneous Mapping and Target Navigation` may as well be a title.
            let is_doubtful = names.len() == 2
                && !text.contains([',', ';', '.', '、'])
                && !segment.style.emphasis;
            // Names stand out in no list that has titles beside them.
            let is_strong = segment.style.strong && !segment.style.emphasis;
            if !is_doubtful && !is_strong && (segment.style.emphasis || segment.url.is_none()) {
                return None;
            }
            score -= match (is_doubtful, is_strong) {
                (true, _) => 5,
                // `Smaller, Weaker, Yet Better` where there is no other title.
                (false, true) => 8,
                (false, false) => 6,
            };
        }
        if appeared(text).is_some() && !(segment.url.is_some() && count >= 3) {
            return None;
        }
        (segment.lead != '●').then_some(score)
    }

    fn take_title(&mut self, index: usize) {
        let Some(segment) = self.segments.get(index).cloned() else {
            return;
        };
        let is_plain = segment.url.is_none() && !segment.style.strong && !segment.quoted;
        let mut title = segment.text.clone();
        if is_plain && let Some((names, rest)) = authors_then(&title) {
            let rest = rest.to_owned();
            let (own, venue) = split_venue(&rest);
            if words::words(&own) >= 1 {
                self.record.entry.authors = names;
                if let Some(venue) = venue {
                    self.take_appeared(&venue, false);
                }
                title = own;
            }
        } else if is_plain {
            let (own, venue) = split_venue(&title);
            if let Some(venue) = venue
                && words::words(&own) >= 2
            {
                self.take_appeared(&venue, false);
                title = own;
            }
            let behind = words::names_behind(&title).map(|(own, names)| (own.to_owned(), names));
            if let Some((own, names)) = behind {
                self.record.entry.authors = names;
                title = own;
            }
        }
        self.spend(index);
        self.title_at = Some(index);
        self.title_url.clone_from(&segment.url);
        self.record.is_marked = !is_plain;
        let mut tail = segment.tail;
        // A formula or a change of dress within a title divides it; what follows without a
        // mark between belongs to it.
        let mut last = index;
        while let Some(next) = self.segments.get(last + 1) {
            // `What Is This? A Title`, `A Title - With Two Parts`
            let is_second = is_title_case(&next.text)
                && words::words(&next.text) <= 16
                && !title.ends_with(['.', ','])
                && (matches!(tail, "?" | "!") || tail.is_empty() && is_dash(next.lead));
            let goes_on = next.line == segment.line
                && !next.used
                && (next.lead == ' ' && tail.is_empty() || is_second)
                && next.url.is_none() == segment.url.is_none()
                && next.style.strong == segment.style.strong
                && !next.quoted
                && !next.bracketed
                && is_plain
                && appeared(&next.text).is_none()
                && authors(&next.text, true).is_none()
                && words::date(&next.text).is_none();
            if !goes_on {
                break;
            }
            if matches!(tail, "?" | "!") {
                title.push_str(tail);
            }
            if is_dash(next.lead) {
                title.push(' ');
                title.push(next.lead);
            }
            if next.spaced || is_second {
                title.push(' ');
            }
            title.push_str(&next.text);
            tail = next.tail;
            last += 1;
            self.spend(last);
        }
        // `[Name](…): What It Does` is one title.
        if let Some(next) = self.segments.get(last + 1)
            && next.line == segment.line
            && !next.used
            && next.lead == ':'
            && segment.url.is_some()
            && words::words(&title) <= 4
            && self.is_of_papers(&segment)
            && is_title_case(&next.text)
            && next.url.is_none()
        {
            title.push_str(": ");
            title.push_str(&next.text);
            tail = next.tail;
            self.spend(last + 1);
        }
        if tail == "?" || tail == "!" || tail == "？" || tail == "！" {
            title.push_str(tail);
        }
        self.record.entry.title = Some(written_title(&title)).filter(|title| !title.is_empty());
    }

    fn is_of_papers(&self, segment: &Segment) -> bool {
        segment.url.as_deref().is_some_and(address::is_of_paper) || !self.papers.is_empty()
    }

    fn take_appeared(&mut self, text: &str, is_bracketed: bool) -> bool {
        if let Some(id) = arxiv_in(text)
            && self.record.entry.arxiv.is_none()
        {
            Locator::Arxiv(id).fill(&mut self.record.entry);
        }
        let found = if is_bracketed {
            appeared_in_brackets(text)
        } else {
            appeared(text)
        };
        let Some(found) = found else {
            return false;
        };
        let entry = &mut self.record.entry;
        if entry.venue.is_none() {
            entry.venue = found.venue;
            entry.year = found.year.or(entry.year);
        } else {
            entry.year = entry.year.or(found.year);
        }
        entry.status = entry.status.or(found.status);
        true
    }

    /// Everything beside title and links.
    fn read_rest(&mut self) {
        let mut lines: BTreeMap<usize, (usize, Vec<usize>)> = BTreeMap::new();
        for (at, segment) in self.segments.iter().enumerate() {
            let (whole, left) = lines.entry(segment.line).or_default();
            *whole += 1;
            if !segment.used {
                left.push(at);
            }
        }
        for (line, (whole, indices)) in lines {
            if indices.is_empty() {
                continue;
            }
            match self.field(line) {
                Some(Field::Authors) => self.take_authors(&indices),
                Some(Field::Affiliations) => {
                    let text = self.joined(&indices);
                    let names = text.split([';', '；', '、', ',', '，']).map(str::trim);
                    let names = names.filter(|name| !name.is_empty() && !is_noise(name));
                    self.record.entry.affiliations = names.map(str::to_owned).collect();
                }
                Some(Field::Venue) => {
                    let text = self.joined(&indices);
                    if !self.take_appeared(&text, false)
                        && !is_noise(&text)
                        && words::date(&text).is_none()
                    {
                        let name = text.trim_matches(MARKS);
                        self.record.entry.venue = self.record.entry.venue.take().or_else(|| {
                            Some(name.to_owned()).filter(|name| words::words(name) > 0)
                        });
                    }
                    self.date = self.date.or_else(|| words::date(&text));
                }
                Some(Field::Date) => {
                    let text = self.joined(&indices);
                    self.date = words::date(&text).or(self.date);
                    self.take_appeared(&text, false);
                }
                Some(Field::Abstract) => {
                    let paragraph = self.paragraph(&indices);
                    self.record.entry.abstract_text.extend(paragraph);
                }
                Some(Field::Tldr) => {
                    if let Some(Block::Paragraph(content)) = self.paragraph(&indices) {
                        self.record.tldr = content;
                    }
                }
                Some(Field::Nothing | Field::Link(Role::Beside(_) | Role::Nothing)) => {}
                Some(Field::Remark) => {
                    let paragraph = self.paragraph(&indices);
                    self.record.commentary.extend(paragraph);
                }
                Some(Field::Title | Field::Link(Role::Paper)) | None => {
                    self.read_line(line, whole, indices);
                }
            }
        }
    }

    fn take_authors(&mut self, indices: &[usize]) {
        let text: Vec<String> = indices
            .iter()
            .filter_map(|&at| self.segments.get(at))
            .map(|segment| segment.text.clone())
            .collect();
        let text = text.join(", ").replace(", ,", ",");
        if let Some(names) = authors(&text, true) {
            self.record.entry.authors = names;
        } else {
            let names = text
                .split([';', '；', '、', ',', '，'])
                .map(|name| name.trim_matches(MARKS).trim())
                .filter(|name| !name.is_empty() && !is_noise(name));
            self.record.entry.authors = names.map(str::to_owned).collect();
        }
    }

    fn joined(&self, indices: &[usize]) -> String {
        let mut text = String::new();
        for segment in indices.iter().filter_map(|&at| self.segments.get(at)) {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(&segment.text);
        }
        text
    }

    /// A line that says of itself not what it is: names, venue and year, then words.
    fn read_line(&mut self, line: usize, whole: usize, mut indices: Vec<usize>) {
        let is_title_line = self
            .title_at
            .and_then(|at| self.segments.get(at))
            .is_some_and(|title| title.line == line);
        self.take_linked_names(&mut indices);
        let total: usize = indices
            .iter()
            .filter_map(|&at| self.segments.get(at))
            .map(|segment| words::words(&segment.text))
            .sum();
        let is_prose = !is_title_line && total > PROSE && self.record.entry.title.is_some();
        let mut left = Vec::new();
        for &at in &indices {
            let Some(segment) = self.segments.get(at).cloned() else {
                continue;
            };
            let before_title = self.title_at.is_some_and(|title| at < title);
            let text = segment.text.as_str();
            if segment.url.is_some() {
                left.push(at);
                continue;
            }
            if is_noise(text) {
                continue;
            }
            if segment.lead != '●' {
                if self.date.is_none()
                    && let Some(found) = words::date(text)
                {
                    self.date = Some(found);
                    continue;
                }
                if self.record.entry.authors.is_empty() {
                    // Names fill a line however long it is.
                    let single = segment.style.emphasis || before_title && is_two_words(text);
                    if let Some(names) = authors(text, single)
                        && (names.len() > 1 || !segment.bracketed)
                    {
                        self.record.entry.authors = names;
                        continue;
                    }
                }
                // `Authors, Venue 2020` behind a title.
                if !is_prose
                    && self.record.entry.authors.is_empty()
                    && let Some((names, rest)) = authors_then(text)
                    && appeared(rest).is_some()
                {
                    self.record.entry.authors = names;
                    let rest = rest.to_owned();
                    self.take_appeared(&rest, false);
                    continue;
                }
                let may_be_venue = !is_prose
                    && (self.record.entry.venue.is_none() || self.record.entry.year.is_none());
                if may_be_venue && self.take_appeared(text, segment.bracketed) {
                    continue;
                }
            }
            // What stands in brackets before a title is a name it goes by, or a number.
            let is_mark = segment.bracketed && words::words(text) <= 4;
            if is_mark || before_title && words::words(text) <= 2 {
                continue;
            }
            left.push(at);
        }
        let has_words = left.iter().any(|&at| {
            self.segments
                .get(at)
                .is_some_and(|segment| segment.url.is_none() && words::words(&segment.text) > 0)
        });
        if has_words || !is_title_line && total > 3 {
            let is_whole = !is_title_line && left.len() == whole;
            let paragraph = match self.lines.get(line) {
                // Nothing was taken from it: it stays as it is written.
                Some(labelled) if is_whole => paragraph_of(&labelled.line),
                Some(_) | None => self.paragraph(&left),
            };
            self.record.commentary.extend(paragraph);
        } else {
            self.take_stray_links(&left);
        }
    }

    /// Links whose words are names, several in a row.
    fn take_linked_names(&mut self, indices: &mut Vec<usize>) {
        if !self.record.entry.authors.is_empty() {
            return;
        }
        let linked = indices
            .iter()
            .filter(|&&at| {
                self.segments.get(at).is_some_and(|segment| {
                    segment.url.is_some() && authors(&segment.text, true).is_some()
                })
            })
            .count();
        let is_all_names = indices.iter().all(|&at| {
            self.segments.get(at).is_some_and(|segment| {
                authors(&segment.text, true).is_some()
                    || appeared(&segment.text).is_some()
                    || words::date(&segment.text).is_some()
                    || is_noise(&segment.text)
            })
        });
        if linked < 1 || !is_all_names || self.record.entry.title.is_none() {
            return;
        }
        let mut names = Vec::new();
        indices.retain(|&at| {
            let Some(segment) = self.segments.get(at) else {
                return true;
            };
            if appeared(&segment.text).is_some() {
                return true;
            }
            match authors(&segment.text, true) {
                Some(found) => {
                    names.extend(found);
                    false
                }
                None => true,
            }
        });
        self.record.entry.authors = names;
    }

    /// Links with words that are no label: code by where they lead, else nothing.
    fn take_stray_links(&mut self, indices: &[usize]) {
        for &at in indices {
            let Some(url) = self
                .segments
                .get(at)
                .and_then(|segment| segment.url.clone())
            else {
                continue;
            };
            let Some(url) = address::published(&url) else {
                continue;
            };
            if address::is_of_code(&url) {
                self.record.entry.links.entry(LinkKind::Code).or_insert(url);
            } else if address::is_of_paper(&url) && self.papers.is_empty() {
                self.papers.push(url);
            }
        }
    }

    /// The words of segments as a paragraph.
    fn paragraph(&self, indices: &[usize]) -> Option<Block> {
        let mut content: Vec<Inline> = Vec::new();
        let mut before: Option<&Segment> = None;
        for segment in indices.iter().filter_map(|&at| self.segments.get(at)) {
            let words = segment.text.as_str();
            let lead = match (before, segment.lead) {
                (Some(_), '-' | '–' | '—') => " – ",
                (Some(_), ':') => ": ",
                (Some(_), '●') => " · ",
                (Some(_), '|') => " | ",
                (Some(_), _) if segment.spaced => " ",
                (_, _) => "",
            };
            push_words(lead, &mut content);
            let (open, close) = if segment.quoted {
                ("“", "”")
            } else if segment.bracketed {
                ("(", ")")
            } else {
                ("", "")
            };
            push_words(open, &mut content);
            let inner = inlines(words);
            let inner = match segment.url.as_deref().and_then(address::published) {
                Some(url) => {
                    let shown = if inner.is_empty() {
                        vec![Inline::Text(url.clone())]
                    } else {
                        inner
                    };
                    vec![Inline::Link {
                        url,
                        content: shown,
                    }]
                }
                None => inner,
            };
            if segment.style.strong && !inner.is_empty() {
                content.push(Inline::Strong(inner));
            } else if segment.style.emphasis && !inner.is_empty() {
                content.push(Inline::Emphasis(inner));
            } else {
                push_all(inner, &mut content);
            }
            push_words(close, &mut content);
            push_words(segment.tail, &mut content);
            before = Some(segment);
        }
        (!content.is_empty()).then_some(Block::Paragraph(content))
    }

    fn finish(mut self) -> Record {
        let entry = &mut self.record.entry;
        let mut title_is_paper = false;
        let papers = std::mem::take(&mut self.papers);
        let paper_hosts = papers.iter().any(|url| address::is_of_paper(url));
        let has_role_link = !papers.is_empty();
        for url in papers {
            if let Some(locator) = address::of_url(&url) {
                locator.fill(entry);
            }
        }
        if let Some(url) = self.title_url.as_deref().and_then(address::published) {
            title_is_paper = address::is_of_paper(&url);
            if let Some(locator) = address::of_url(&url) {
                if address::is_of_code(&url) && has_role_link {
                    entry.links.entry(LinkKind::Code).or_insert(url);
                } else if has_role_link && !title_is_paper && entry.url.is_some() {
                    entry.links.entry(LinkKind::Project).or_insert(url);
                } else {
                    locator.fill(entry);
                }
            }
        }
        for url in std::mem::take(&mut self.pages) {
            entry.url = entry.url.take().or(Some(url));
        }
        if let Some((year, date)) = self.date {
            entry.year = entry.year.or(Some(year));
            // A full date says the year as well.
            entry.date = date.filter(|date| entry.year == Some(date.year()));
            if entry.date.is_some() {
                entry.year = None;
            }
        }
        let has_id = entry.arxiv.is_some()
            || entry.doi.is_some()
            || entry.openreview.is_some()
            || entry.pmid.is_some();
        let has_year = entry.year.is_some() || entry.date.is_some();
        self.record.has_paper_link = has_role_link || title_is_paper || has_id;
        self.record.is_paper = has_id
            || title_is_paper
            || paper_hosts
            || has_role_link && entry.title.is_some()
            || entry.venue.is_some() && (has_year || !entry.authors.is_empty())
            || entry.authors.len() >= 2 && has_year;
        self.record
    }
}

/// What an address is that nothing is said of.
fn role_of_address(url: &str) -> Role {
    if address::is_of_paper(url) {
        Role::Paper
    } else if address::is_of_code(url) {
        Role::Beside(LinkKind::Code)
    } else if address::is_of_video(url) {
        Role::Beside(LinkKind::Video)
    } else {
        Role::Nothing
    }
}

fn push_words(text: &str, out: &mut Vec<Inline>) {
    if text.is_empty() {
        return;
    }
    if let Some(Inline::Text(last)) = out.last_mut() {
        last.push_str(text);
    } else {
        out.push(Inline::Text(text.to_owned()));
    }
}

fn push_all(line: Vec<Inline>, out: &mut Vec<Inline>) {
    for inline in line {
        if let Inline::Text(text) = &inline {
            push_words(text, out);
        } else {
            out.push(inline);
        }
    }
}

/// Words with their formulas.
pub(super) fn inlines(text: &str) -> Vec<Inline> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(FORMULA.0) {
        push_words(before, &mut out);
        let (tex, after) = after.split_once(FORMULA.1).unwrap_or((after, ""));
        out.push(Inline::Math(Formula {
            tex: tex.trim().to_owned(),
        }));
        rest = after;
    }
    push_words(rest, &mut out);
    out
}

/// Lines of prose as they are written.
pub(super) fn prose(lines: &[Line]) -> Vec<Block> {
    lines.iter().filter_map(paragraph_of).collect()
}

fn paragraph_of(line: &Line) -> Option<Block> {
    let mut content = Vec::new();
    for (index, piece) in line.iter().enumerate() {
        match piece {
            Piece::Text(text, style) => {
                let inner = inlines(text);
                let is_edge = style.strong || style.emphasis;
                if is_edge && !text.trim().is_empty() {
                    content.push(if style.strong {
                        Inline::Strong(inner)
                    } else {
                        Inline::Emphasis(inner)
                    });
                } else {
                    push_all(inner, &mut content);
                }
            }
            Piece::Link { url, label, .. } => {
                let shown = inlines(label);
                match address::published(url) {
                    Some(url) if shown.is_empty() => content.push(Inline::Link {
                        content: vec![Inline::Text(url.clone())],
                        url,
                    }),
                    Some(url) => content.push(Inline::Link {
                        url,
                        content: shown,
                    }),
                    None => content.extend(shown),
                }
            }
            Piece::Soft => {
                let wide = |piece: Option<&Piece>, last: bool| {
                    let text = match piece {
                        Some(Piece::Text(text, _)) => text.as_str(),
                        Some(Piece::Link { label, .. }) => label.as_str(),
                        Some(Piece::Soft) | None => "",
                    };
                    let sign = if last {
                        text.chars().next_back()
                    } else {
                        text.chars().next()
                    };
                    sign.is_some_and(offprint_core::chars::is_wide)
                };
                let before = index.checked_sub(1).and_then(|at| line.get(at));
                if !(wide(before, true) && wide(line.get(index + 1), false)) {
                    push_words(" ", &mut content);
                }
            }
        }
    }
    if let Some(Inline::Text(first)) = content.first_mut() {
        *first = first
            .trim_start_matches([' ', '●', '•', '·', '\t', '\u{3000}'])
            .to_owned();
    }
    if let Some(Inline::Text(last)) = content.last_mut() {
        last.truncate(last.trim_end().len());
    }
    content.retain(|inline| !matches!(inline, Inline::Text(text) if text.is_empty()));
    (!content.is_empty()).then_some(Block::Paragraph(content))
}

/// A title as an issue's heading has it: formulas in dollar signs, no marks around.
fn written_title(text: &str) -> String {
    let title = text.replace([FORMULA.0, FORMULA.1], "$");
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    let title = title.trim_matches(|sign: char| {
        MARKS.contains(&sign) && !matches!(sign, '#' | '*' | '+' | '`' | '“' | '”' | '"' | '~')
            || is_pictograph(sign)
    });
    let title = title.trim_matches('*').trim();
    let quoted = title
        .strip_prefix(['"', '“', '《'])
        .and_then(|title| title.strip_suffix(['"', '”', '》']))
        .filter(|title| !title.contains(['"', '“', '《']));
    quoted.unwrap_or(title).trim().to_owned()
}

fn is_dash(sign: char) -> bool {
    matches!(sign, '-' | '–' | '—')
}

pub(super) fn is_pictograph(sign: char) -> bool {
    matches!(u32::from(sign), 0x2190..=0x21ff | 0x2300..=0x23ff | 0x2600..=0x27bf | 0x2b00..=0x2bff | 0xfe0f | 0x1f000..=0x1faff)
}

fn is_two_words(text: &str) -> bool {
    (2..=3).contains(&text.split_whitespace().count())
}

/// Words that say nothing.
fn is_noise(text: &str) -> bool {
    let bare: String = text
        .chars()
        .filter(|sign| sign.is_alphanumeric())
        .collect::<String>()
        .to_lowercase();
    bare.is_empty()
        || bare.bytes().all(|byte| byte.is_ascii_digit()) && bare.len() <= 3
        || [
            "new",
            "hot",
            "na",
            "none",
            "tba",
            "tbd",
            "comingsoon",
            "and",
            "by",
            "in",
            "with",
            "at",
            "to",
            "the",
            "officialcode",
            "official",
            "code",
            "paper",
            "pdf",
            "link",
            "stars",
            "or",
            "todo",
            "x",
            "project",
            "page",
            "暂无",
            "无",
            "未开源",
            "of",
            "from",
            "soon",
            "also",
        ]
        .contains(&bare.as_str())
}

/// Whether words are written as titles are.
pub(super) fn is_title_case(text: &str) -> bool {
    let long: Vec<&str> = text
        .split(|sign: char| sign.is_whitespace() || sign == '-')
        .filter(|word| word.chars().filter(|sign| sign.is_alphabetic()).count() >= 4)
        .collect();
    let capital = long
        .iter()
        .filter(|word| word.chars().any(char::is_uppercase))
        .count();
    !long.is_empty() && capital * 10 >= long.len() * 6
}

/// A title and the venue behind its last commas: `Title, ICCV 2015`.
fn split_venue(text: &str) -> (String, Option<String>) {
    let mut at = text.len();
    for _ in 0..3 {
        let Some(comma) = text.get(..at).and_then(|head| head.rfind([',', '，'])) else {
            break;
        };
        let tail = text.get(comma..).unwrap_or_default();
        let tail = tail.trim_matches(MARKS);
        if appeared(tail).is_some() || arxiv_in(tail).is_some() && words::words(tail) <= 6 {
            let own = text.get(..comma).unwrap_or_default();
            return (own.trim().to_owned(), Some(tail.to_owned()));
        }
        at = comma;
    }
    (text.to_owned(), None)
}

/// An arXiv identifier within words: `arXiv preprint arXiv:1506.05869 (2015)`.
fn arxiv_in(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let at = lower.find("arxiv:")?;
    let rest = text.get(at + "arxiv:".len()..)?.trim_start();
    let end = rest
        .find(|sign: char| !(sign.is_ascii_alphanumeric() || "./-".contains(sign)))
        .unwrap_or(rest.len());
    identifier::arxiv(rest.get(..end)?.trim_end_matches('.'))
}

/// Cuts a line into segments.
fn split_line(line: &Line, number: usize, is_whole: bool, out: &mut Vec<Segment>) {
    let mut splitter = Splitter {
        number,
        out,
        lead: '\n',
        spaced: false,
    };
    for (index, piece) in line.iter().enumerate() {
        let around = around(line, index);
        let is_boxed = matches!(around, Some(('[' | '(' | '（' | '【', _)));
        let is_quoted = matches!(around, Some(('"' | '“' | '《', _)));
        match piece {
            Piece::Text(text, style) => {
                if is_whole {
                    splitter.push(text, *style, false, false, "");
                } else if style.strong && (is_boxed || is_quoted) {
                    splitter.push(text, *style, is_boxed, is_quoted, "");
                } else if style.strong {
                    splitter.marked(text, *style, None);
                } else if index == 0 {
                    splitter.plain(without_count(text), *style);
                } else {
                    splitter.plain(text, *style);
                }
            }
            Piece::Link {
                url,
                label,
                style,
                is_picture,
            } => {
                let before = splitter.out.len();
                splitter.link(url, label, *style, *is_picture);
                let is_own = is_boxed || bracketed_whole(label.trim()).is_some();
                for segment in splitter.out.iter_mut().skip(before) {
                    segment.bracketed |= is_own && segment.url.is_some();
                }
            }
            Piece::Soft => splitter.soft(line.get(index + 1)),
        }
    }
}

/// The marks right before and behind a piece, if they belong together.
fn around(line: &Line, index: usize) -> Option<(char, char)> {
    let Piece::Text(before, _) = line.get(index.checked_sub(1)?)? else {
        return None;
    };
    let Piece::Text(after, _) = line.get(index + 1)? else {
        return None;
    };
    let open = before.trim_end().chars().next_back()?;
    let mut signs = after.trim_start_matches(['.', ',', ' ']).chars();
    let close = signs.next()?;
    [
        ('[', ']'),
        ('(', ')'),
        ('（', '）'),
        ('【', '】'),
        ('"', '"'),
        ('“', '”'),
        ('《', '》'),
    ]
    .contains(&(open, close))
    .then_some((open, close))
}

/// Words without the count before them: `3) `, `3、`.
fn without_count(text: &str) -> &str {
    let trimmed = text.trim_start();
    let digits = trimmed.bytes().take_while(u8::is_ascii_digit).count();
    let rest = trimmed.get(digits..).unwrap_or_default();
    if (1..=4).contains(&digits) {
        for mark in [") ", ")", "）", "、", ". "] {
            if let Some(rest) = rest.strip_prefix(mark) {
                return rest;
            }
        }
    }
    text
}

struct Splitter<'a> {
    number: usize,
    out: &'a mut Vec<Segment>,
    lead: char,
    spaced: bool,
}

impl Splitter<'_> {
    fn push(
        &mut self,
        text: &str,
        style: Style,
        bracketed: bool,
        quoted: bool,
        tail: &'static str,
    ) {
        let trimmed = text.trim();
        self.spaced |= text.starts_with(char::is_whitespace);
        let inner = trim_segment(trimmed);
        if inner.is_empty() {
            if !trimmed.is_empty() {
                // Marks alone: they lead what follows, and may end what came before.
                if let Some(last) = self.out.last_mut()
                    && last.line == self.number
                    && last.tail.is_empty()
                    && !self.spaced
                {
                    last.tail = tail_of(trimmed);
                }
                self.note_marks(trimmed);
            }
            self.spaced |= text.ends_with(char::is_whitespace);
            return;
        }
        let at = trimmed.find(inner).unwrap_or(0);
        self.note_marks(trimmed.get(..at).unwrap_or_default());
        let after = trimmed.get(at + inner.len()..).unwrap_or_default();
        let own_tail = if tail.is_empty() {
            tail_of(after)
        } else {
            tail
        };
        self.out.push(Segment {
            text: inner.to_owned(),
            style,
            url: None,
            is_picture: false,
            line: self.number,
            bracketed,
            quoted,
            lead: self.lead,
            tail: own_tail,
            spaced: self.spaced,
            used: false,
        });
        self.lead = match own_tail {
            "" => ' ',
            _ => '.',
        };
        self.spaced = text.ends_with(char::is_whitespace);
        self.note_marks(after);
    }

    fn note_marks(&mut self, marks: &str) {
        for sign in marks.chars() {
            match sign {
                '-' | '–' | '—' => self.lead = sign,
                '|' => self.lead = '|',
                ':' | '：' => self.lead = ':',
                '●' | '•' | '·' => self.lead = '●',
                '.' | '。' | ',' | ';' if self.lead == ' ' => self.lead = '.',
                _ => {}
            }
        }
    }

    fn link(&mut self, url: &str, label: &str, style: Style, is_picture: bool) {
        let before = self.out.len();
        if !is_picture && role(label).is_none() && words::words(label) >= 2 {
            self.marked(label, style, Some(url));
        }
        if self.out.len() > before {
            return;
        }
        let trimmed = label.trim_matches(|sign: char| {
            MARKS.contains(&sign) || matches!(sign, '[' | ']' | '(' | ')' | '【' | '】')
        });
        self.out.push(Segment {
            text: trimmed.to_owned(),
            style,
            url: Some(url.to_owned()),
            is_picture,
            line: self.number,
            bracketed: false,
            quoted: false,
            lead: self.lead,
            tail: "",
            spaced: self.spaced,
            used: false,
        });
        self.lead = ' ';
        self.spaced = false;
    }

    /// Words that stand out, or are linked: only what stands in brackets at their ends and
    /// says when or where is cut off.
    fn marked(&mut self, text: &str, style: Style, url: Option<&str>) {
        let trimmed = text.trim();
        // `[Name]`, `[2020]`
        if let Some(inner) = bracketed_whole(trimmed) {
            let before = self.out.len();
            self.push(inner, style, url.is_none(), false, "");
            self.link_last(before, url);
            return;
        }
        let (own, end) = bracket_at_end(trimmed);
        let (own, end) = match end {
            Some(end) if says_when(end) => (own, Some(end)),
            _ => (trimmed, None),
        };
        let (begin, own) = match bracket_at_begin(own) {
            Some((begin, rest)) if says_when(begin) || own.starts_with('[') => (Some(begin), rest),
            _ => (None, own),
        };
        if let Some(begin) = begin {
            self.push(begin, style, true, false, "");
        }
        let before = self.out.len();
        self.spaced |= text.starts_with(char::is_whitespace);
        self.push(own, style, false, false, "");
        self.link_last(before, url);
        if let Some(end) = end {
            self.push(end, style, true, false, "");
        }
        self.spaced |= text.ends_with(char::is_whitespace);
    }

    fn link_last(&mut self, before: usize, url: Option<&str>) {
        if self.out.len() > before
            && let Some(url) = url
            && let Some(last) = self.out.last_mut()
        {
            last.url = Some(url.to_owned());
        }
    }

    /// The end of a line of the source: it divides, unless the sentence goes on.
    fn soft(&mut self, next: Option<&Piece>) {
        let goes_on = self.out.last().is_some_and(|last| {
            last.line == self.number
                && last.url.is_none()
                && last.tail.is_empty()
                && last.text.chars().count() >= 50
        }) && matches!(next, Some(Piece::Text(text, _))
            if text.trim_start().starts_with(char::is_lowercase));
        self.spaced = true;
        if !goes_on {
            self.lead = match self.lead {
                ' ' => '\n',
                other => other,
            };
        }
    }

    /// Words without dress.
    fn plain(&mut self, text: &str, style: Style) {
        let mut start = 0;
        let mut formula = false;
        for (index, sign) in text.char_indices() {
            if sign == FORMULA.0 || sign == FORMULA.1 {
                formula = sign == FORMULA.0;
            }
            if formula || index < start {
                continue;
            }
            let after = text.get(index + sign.len_utf8()..).unwrap_or_default();
            let before = text.get(start..index).unwrap_or_default();
            let blank_after = after.is_empty() || after.starts_with(char::is_whitespace);
            let blank_before = before.is_empty() || before.ends_with(char::is_whitespace);
            let cut: Option<(&'static str, char)> = match sign {
                '.' if blank_after && ends_sentence(before) => Some((".", '.')),
                '。' => Some(("。", '.')),
                '?' if blank_after && !after.trim().is_empty() => Some(("?", '.')),
                '!' if blank_after && !after.trim().is_empty() => Some(("!", '.')),
                '？' => Some(("？", '.')),
                '！' => Some(("！", '.')),
                '|' => Some(("", '|')),
                '-' | '–' | '—'
                    if blank_after
                        && (blank_before || before.len() <= 24 && appeared(before).is_some()) =>
                {
                    Some(("", sign))
                }
                '●' | '•' => Some(("", '●')),
                ' ' if after.starts_with(' ') && !before.trim().is_empty() => Some(("", '-')),
                _ => None,
            };
            if let Some((tail, lead)) = cut {
                self.push(before, style, false, false, tail);
                // Two marks in a row: the one that divides more is kept.
                self.lead = if lead == '.' && self.lead != ' ' && self.lead != '.' {
                    self.lead
                } else {
                    lead
                };
                self.spaced = true;
                start = index + sign.len_utf8();
                continue;
            }
            let close = match sign {
                '[' => ']',
                '(' => ')',
                '（' => '）',
                '【' => '】',
                '"' => '"',
                '“' => '”',
                '《' => '》',
                _ => continue,
            };
            let near = after.floor_char_boundary(MAX_TITLE.min(after.len()));
            let near = after.get(..near).unwrap_or_default();
            let Some((inner, _)) = near.split_once(close) else {
                continue;
            };
            let is_quote = matches!(sign, '"' | '“' | '《');
            let takes = if is_quote {
                words::words(inner) >= 2 && blank_before
            } else {
                says_when(inner)
                    || matches!(sign, '[' | '【') && before.trim().is_empty()
                    || role(inner).is_some()
            };
            if takes {
                self.push(before, style, false, false, "");
                self.push(inner, style, !is_quote, is_quote, "");
                start = index + sign.len_utf8() + inner.len() + close.len_utf8();
            }
        }
        self.push(
            text.get(start..).unwrap_or_default(),
            style,
            false,
            false,
            "",
        );
    }
}

/// A segment's words without the marks around them. A bracket stays with its other half.
fn trim_segment(text: &str) -> &str {
    let mut text = text;
    loop {
        let before = text;
        text = text.trim_matches(|sign: char| {
            sign.is_whitespace()
                || matches!(
                    sign,
                    ',' | ';'
                        | '|'
                        | '–'
                        | '—'
                        | '，'
                        | '；'
                        | '、'
                        | '\\'
                        | '/'
                        | '●'
                        | '•'
                        | '·'
                        | '"'
                        | '“'
                        | '”'
                        | '\u{fe0f}'
                        | '@'
                        | '>'
                        | '<'
                )
                || is_pictograph(sign)
        });
        text = text.trim_start_matches([':', '：', '.', '-', '。']);
        text = text.trim_end_matches(['.', '-', '。']);
        for (open, close) in [
            ('[', ']'),
            ('(', ')'),
            ('（', '）'),
            ('【', '】'),
            ('{', '}'),
        ] {
            let opens = text.matches(open).count();
            let closes = text.matches(close).count();
            if opens > closes {
                text = text.trim_end_matches(open);
                text = text.trim_start_matches(open);
            } else if closes > opens {
                text = text.trim_start_matches(close);
                text = text.trim_end_matches(close);
            }
        }
        if text.len() == before.len() {
            return text;
        }
    }
}

/// The mark of a sentence's end among those behind a segment.
fn tail_of(marks: &str) -> &'static str {
    match marks.trim_start().chars().next() {
        Some('.') => ".",
        Some('。') => "。",
        Some(',') => ",",
        Some('，') => "，",
        Some(';') => ";",
        Some('；') => "；",
        Some('、') => "、",
        _ => "",
    }
}

/// Whether a full stop behind these words ends a sentence: none behind an initial or the
/// commonest abbreviations.
fn ends_sentence(before: &str) -> bool {
    let word = before
        .rsplit(|sign: char| sign.is_whitespace() || sign == '.' || sign == '-')
        .next()
        .unwrap_or_default();
    let is_initial = word.chars().count() == 1 && word.chars().all(char::is_uppercase);
    let is_short = [
        "vs", "e.g", "i.e", "Dr", "St", "Jr", "Fig", "No", "Proc", "Int", "Conf", "cf", "et",
        "Vol", "Inc", "Mr", "Ms", "Prof", "approx", "eg", "ie",
    ]
    .contains(&word);
    !is_initial && !is_short && !word.is_empty()
}

/// Whether words in brackets tell time or place.
fn says_when(inner: &str) -> bool {
    words::date(inner).is_some()
        || appeared_in_brackets(inner).is_some()
        || inner.chars().count() <= 12
            && [
                "oral",
                "spotlight",
                "poster",
                "highlight",
                "best paper",
                "new",
                "survey",
                "workshop",
            ]
            .contains(&inner.trim().to_lowercase().as_str())
}

fn bracketed_whole(text: &str) -> Option<&str> {
    let pairs = [('[', ']'), ('(', ')'), ('【', '】'), ('（', '）')];
    pairs.into_iter().find_map(|(open, close)| {
        let inner = text.strip_prefix(open)?.strip_suffix(close)?;
        (!inner.contains([open, close])).then_some(inner)
    })
}

/// What stands before brackets at the end, and in them.
fn bracket_at_end(text: &str) -> (&str, Option<&str>) {
    let bare = text.trim_end_matches(['.', ' ', ',']);
    for (open, close) in [('(', ')'), ('[', ']'), ('（', '）'), ('【', '】')] {
        if let Some(body) = bare.strip_suffix(close)
            && let Some((own, inner)) = body.rsplit_once(open)
            && !own.trim().is_empty()
        {
            return (own.trim_end(), Some(inner));
        }
    }
    (text, None)
}

fn bracket_at_begin(text: &str) -> Option<(&str, &str)> {
    for (open, close) in [('[', ']'), ('(', ')'), ('【', '】'), ('（', '）')] {
        if let Some(body) = text.strip_prefix(open)
            && let Some((inner, own)) = body.split_once(close)
            && !own.trim().is_empty()
        {
            return Some((inner, own.trim_start()));
        }
    }
    None
}
