//! Lists and tables of papers in Markdown: awesome lists, reading lists, weekly tables.
//!
//! What is a paper is told by what only papers have: an address at an archive, a link called
//! `paper` or `pdf`, a venue with a year. An item without any is one where most of its list
//! are. A list in which nothing has any is the curator's all the same, and is taken with a word
//! of doubt.

mod blocks;
mod choice;
mod record;
mod words;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use offprint_core::model::LinkKind;
use offprint_core::text::Text;
use offprint_core::{Diagnostic, Place, Source};

use self::blocks::{Block, Item, Line, Piece, Row, blocks};
use self::record::{Labelled, Record, prose, record};
use self::words::Field;
use crate::draft::{Draft, DraftPaper, DraftSection};
use crate::{Fate, Imported, Outcome, Traced, page};

/// Headings deeper than Markdown's: what names a list within a list.
const LIST_LEVEL: u8 = 10;

/// So many papers that stand there twice are named each for itself: lists by subject repeat
/// papers by the hundred.
const MAX_DUPLICATES: usize = 10;

/// The most bytes of an entry that a finding points at.
const MAX_SHOWN: usize = 400;

/// The most items below an entry that may say more of it.
const MAX_LINES: usize = 100;

/// Reads a list, or a post that tells of papers.
pub(crate) fn read(source: &Arc<Source>) -> Outcome {
    let list = read_list(source);
    if !choice::is_in_doubt(&list, source) {
        return list;
    }
    choice::better(list, page::read(source, page::Form::Post))
}

fn read_list(source: &Arc<Source>) -> Outcome {
    let mut reader = Reader::default();
    reader.blocks(blocks(&source.text));
    reader.settle();
    reader.finish(source)
}

/// A stretch of the list, taken for itself.
#[derive(Debug)]
enum Unit {
    Heading {
        level: u8,
        title: String,
        span: Range<usize>,
    },
    Candidate(Box<Candidate>),
    Prose {
        lines: Vec<Line>,
        span: Range<usize>,
    },
    Other {
        why: &'static str,
        span: Range<usize>,
    },
}

/// What may be a paper.
#[derive(Debug)]
struct Candidate {
    record: Record,
    span: Range<usize>,
    /// The list or table that it stands in.
    group: usize,
    /// Whether text below it may say more of it.
    is_open: bool,
    /// Whether it needs more than a venue to be one: a row among figures.
    needs_link: bool,
    is_taken: bool,
}

#[derive(Debug, Default)]
struct Reader {
    units: Vec<Unit>,
    groups: usize,
    /// Whether nothing in the whole file showed a sign of a paper.
    is_doubtful: bool,
}

fn labelled(lines: &[Line]) -> Vec<Labelled> {
    lines
        .iter()
        .map(|line| Labelled {
            field: None,
            line: line.clone(),
        })
        .collect()
}

fn of_lines(lines: &[Line]) -> Record {
    record(&labelled(lines))
}

impl Reader {
    fn blocks(&mut self, blocks: Vec<Block>) {
        let mut blocks = blocks.into_iter().peekable();
        let mut paragraphs = None;
        while let Some(block) = blocks.next() {
            match block {
                Block::Heading { level, line, span } => {
                    paragraphs = None;
                    let below = match blocks.peek() {
                        Some(Block::List { items }) => facts_of(items),
                        _ => None,
                    };
                    self.heading(level, &line, span, below.as_deref());
                    if below.is_some() {
                        blocks.next();
                    }
                }
                Block::Paragraph { lines, span } => {
                    let below = match blocks.peek() {
                        Some(Block::List { items }) => facts_of(items),
                        _ => None,
                    };
                    let group = *paragraphs.get_or_insert_with(|| {
                        self.groups += 1;
                        self.groups
                    });
                    if self.paragraph(lines, &span, below.as_deref(), group) {
                        blocks.next();
                    }
                }
                Block::List { items } => {
                    self.groups += 1;
                    let group = self.groups;
                    for item in items {
                        self.item(item, group, 0);
                    }
                }
                Block::Table { head, rows } => self.table(&head, rows),
                Block::Other { why, span } => self.units.push(Unit::Other { why, span }),
            }
        }
    }

    fn candidate(&mut self, record: Record, span: Range<usize>, group: usize, is_open: bool) {
        self.units.push(Unit::Candidate(Box::new(Candidate {
            record,
            span,
            group,
            is_open,
            needs_link: false,
            is_taken: false,
        })));
    }

    /// A heading is a section's, or a paper's if it is linked to one, or if what stands below
    /// it are a paper's facts.
    fn heading(&mut self, level: u8, line: &Line, span: Range<usize>, below: Option<&[Line]>) {
        let mut own = of_lines(std::slice::from_ref(line));
        if let Some(below) = below {
            let mut lines = vec![line.clone()];
            lines.extend_from_slice(below);
            let all = of_lines(&lines);
            if all.is_paper && all.has_paper_link && own.entry.title.is_some() {
                // The heading is the title, whatever stands below.
                own.entry.title = heading_title(line, &own);
                let mut record = all;
                record.entry.title = own.entry.title;
                record.is_marked = true;
                self.groups += 1;
                self.candidate(record, span, self.groups, true);
                return;
            }
        }
        if own.is_paper && own.has_paper_link && own.entry.title.is_some() && level > 1 {
            own.is_marked = true;
            self.groups += 1;
            self.candidate(own, span, self.groups, true);
        } else {
            let title = heading_words(line);
            self.units.push(Unit::Heading { level, title, span });
        }
        // Facts that are no paper's are a list like any other, but without titles: nothing.
    }

    /// A paragraph: an entry, several, or prose. `true` if the list below was taken with it.
    fn paragraph(
        &mut self,
        lines: Vec<Line>,
        span: &Range<usize>,
        below: Option<&[Line]>,
        group: usize,
    ) -> bool {
        let own = of_lines(&lines);
        if let Some(below) = below
            && own.entry.title.is_some()
            && !own.has_paper_link
        {
            let mut all = lines.clone();
            all.extend_from_slice(below);
            let mut record = of_lines(&all);
            // `Paper: None` says of what stands above that it is one.
            let is_called_paper = names_paper(below);
            record.is_paper |= is_called_paper;
            if record.is_paper && record.has_paper_link
                || own.is_marked && record.has_link
                || is_called_paper
            {
                self.candidate(record, span.clone(), group, true);
                return true;
            }
        }
        // Several entries, a line each.
        let parts: Vec<Line> = lines
            .iter()
            .flat_map(|line| line.split(|piece| *piece == Piece::Soft))
            .filter(|part| !part.is_empty())
            .map(<[Piece]>::to_vec)
            .collect();
        if parts.len() >= 2 {
            let records: Vec<Record> = parts
                .iter()
                .map(|part| of_lines(std::slice::from_ref(part)))
                .collect();
            let are_entries = records
                .iter()
                .all(|record| record.entry.title.is_some() && record.has_paper_link);
            if are_entries {
                for record in records {
                    self.candidate(record, span.clone(), group, false);
                }
                return false;
            }
        }
        let total: usize = lines.iter().map(count).sum();
        let is_entry = own.entry.title.is_some()
            && own.is_paper
            && (own.has_paper_link && (own.is_marked || total <= 60)
                || own.is_marked && own.has_link && total <= 60);
        if is_entry {
            self.candidate(own, span.clone(), group, true);
        } else {
            let span = span.clone();
            self.units.push(Unit::Prose { lines, span });
        }
        false
    }

    /// An item with what stands in it: lists in it say more of it, or are lists of their own.
    fn item(&mut self, item: Item, group: usize, depth: u8) {
        let own = of_lines(&item.lines);
        if item.children.is_empty() {
            self.candidate(own, item.span, group, false);
            return;
        }
        let children: Vec<Record> = item
            .children
            .iter()
            .map(|child| of_lines(&child.lines))
            .collect();
        // What has a list of its own counts as an entry: it may name one.
        let entries = children
            .iter()
            .zip(&item.children)
            .filter(|(record, child)| {
                record.entry.title.is_some() && (record.has_link || !child.children.is_empty())
            })
            .count();
        let papers = children
            .iter()
            .filter(|child| child.entry.title.is_some() && child.has_paper_link)
            .count();
        let nested = item.children.iter().any(|child| !child.children.is_empty());
        let is_group = item.children.len() > MAX_LINES
            || !own.has_paper_link
            && (entries * 2 >= children.len() && entries > 0
                || nested && papers == 0 && children.iter().all(|child| !child.has_link))
            && !(own.has_link && papers == 0)
            // One line below a title says who, where and with what links.
            && !(children.len() == 1
                && children.iter().all(|child| !child.is_marked)
                && own.entry.title.as_deref().is_some_and(|title| words::words(title) >= 3));
        if is_group {
            let title = item.lines.first().map_or_else(String::new, heading_words);
            self.units.push(Unit::Heading {
                level: LIST_LEVEL.saturating_add(depth),
                title,
                span: item.span,
            });
            self.groups += 1;
            let inner = self.groups;
            for child in item.children {
                self.item(child, inner, depth.saturating_add(1));
            }
            // What follows stands beside the list, not in it.
            self.units.push(Unit::Heading {
                level: LIST_LEVEL.saturating_add(depth),
                title: String::new(),
                span: 0..0,
            });
            return;
        }
        // A short name, and below it the paper's own title with its authors.
        if let [child] = children.as_slice()
            && own.has_paper_link
            && own
                .entry
                .title
                .as_deref()
                .is_some_and(|title| words::words(title) <= 4)
            && !child.has_link
            && child
                .entry
                .title
                .as_deref()
                .is_some_and(|title| words::words(title) >= 3)
            && !child.entry.authors.is_empty()
        {
            self.candidate(joined(own, child), item.span, group, false);
            return;
        }
        if papers > 0 && own.has_paper_link && children.iter().any(|child| child.is_marked) {
            self.candidate(own, item.span, group, false);
            for child in item.children {
                self.item(child, group, depth.saturating_add(1));
            }
            return;
        }
        let mut lines = item.lines.clone();
        let mut end = item.span.end;
        for child in &item.children {
            push_lines(child, &mut lines, 0);
            end = end.max(child.span.end);
        }
        let mut record = of_lines(&lines);
        if own.entry.title.is_some() {
            record.entry.title = own.entry.title;
        }
        self.candidate(record, item.span.start..end, group, false);
    }

    fn table(&mut self, head: &[Line], rows: Vec<Row>) {
        self.groups += 1;
        let group = self.groups;
        let mut fields: Vec<Option<Field>> = head
            .iter()
            .map(|line| words::field(&heading_words(line)))
            .collect();
        let names: Vec<String> = head.iter().map(heading_words).collect();
        let is_title = |field: &Option<Field>| *field == Some(Field::Title);
        let is_paper = |field: &Option<Field>| *field == Some(Field::Link(words::Role::Paper));
        if fields.iter().filter(|field| is_title(field)).count() > 1
            || fields.iter().any(is_title) && fields.iter().any(is_paper)
        {
            // `Name` beside `Title` or `Paper` is what it goes by, unless `Paper` holds links.
            let linked_only = rows.iter().take(20).all(|row| {
                row.cells.iter().zip(&fields).all(|(cell, field)| {
                    !is_paper(field) || cell.iter().map(count).sum::<usize>() <= 3
                })
            });
            let has_title = names
                .iter()
                .any(|name| name.to_lowercase().contains("title"));
            for (field, name) in fields.iter_mut().zip(&names) {
                if name.eq_ignore_ascii_case("name") && (has_title || !linked_only) {
                    *field = None;
                }
            }
        }
        let has_title = fields.iter().any(is_title);
        if !has_title {
            for field in &mut fields {
                if is_paper(field) {
                    *field = None;
                }
            }
        }
        for row in rows {
            let mut lines = Vec::new();
            for (index, cell) in row.cells.into_iter().enumerate() {
                let field = fields.get(index).copied().flatten();
                lines.extend(cell.into_iter().map(|line| Labelled { field, line }));
            }
            let record = record(&lines);
            let needs_link = !record.has_link && !has_title;
            self.candidate(record, row.span, group, false);
            if let Some(Unit::Candidate(last)) = self.units.last_mut() {
                last.needs_link = needs_link;
            }
        }
    }

    /// Decides which candidates are papers.
    fn settle(&mut self) {
        let mut groups: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
        for unit in &self.units {
            if let Unit::Candidate(candidate) = unit
                && candidate.record.entry.title.is_some()
            {
                let (titled, papers) = groups.entry(candidate.group).or_default();
                *titled += 1;
                *papers += usize::from(candidate.is_paper());
            }
        }
        let mut furniture: Option<u8> = None;
        let mut found = false;
        for unit in &mut self.units {
            match unit {
                Unit::Heading { level, title, .. } => {
                    // What is deeper within a list belongs to it; other headings begin anew.
                    if furniture.is_none() || *level < LIST_LEVEL {
                        furniture = is_furniture(title).then_some(*level);
                    }
                }
                Unit::Candidate(candidate) if furniture.is_none() => {
                    let (titled, papers) =
                        groups.get(&candidate.group).copied().unwrap_or_default();
                    let has_title = candidate.record.entry.title.is_some();
                    let is_own = candidate.is_paper()
                        && (has_title
                            || candidate.record.entry.arxiv.is_some()
                            || candidate.record.entry.doi.is_some()
                            || candidate.record.entry.openreview.is_some());
                    let is_like_others = has_title
                        && papers > 0
                        && papers * 2 >= titled
                        && !candidate.needs_link
                        && !leads_nowhere(&candidate.record);
                    candidate.is_taken = is_own || is_like_others;
                    found |= candidate.is_paper();
                }
                Unit::Candidate(_) | Unit::Prose { .. } | Unit::Other { .. } => {}
            }
        }
        if found {
            return;
        }
        self.is_doubtful = true;
        let mut furniture: Option<u8> = None;
        for unit in &mut self.units {
            match unit {
                Unit::Heading { level, title, .. } => {
                    // What is deeper within a list belongs to it; other headings begin anew.
                    if furniture.is_none() || *level < LIST_LEVEL {
                        furniture = is_furniture(title).then_some(*level);
                    }
                }
                Unit::Candidate(candidate) if furniture.is_none() => {
                    candidate.is_taken = candidate.record.entry.title.is_some()
                        && candidate.record.has_link
                        && candidate.record.entry.url.is_some();
                }
                Unit::Candidate(_) | Unit::Prose { .. } | Unit::Other { .. } => {}
            }
        }
    }

    fn finish(self, source: &Arc<Source>) -> Outcome {
        let titles = section_titles(&self.units);
        let mut writer = Writer {
            source,
            draft: Draft::default(),
            line_starts: std::iter::once(0)
                .chain(source.text.match_indices('\n').map(|(at, _)| at + 1))
                .collect(),
            diagnostics: Vec::new(),
            trace: Vec::new(),
            papers: 0,
            duplicates: 0,
            seen: BTreeMap::new(),
            heading: None,
            section_of: None,
            intro: Text::new(),
            left_out: Vec::new(),
            has_sections: false,
            has_open: false,
        };
        for (index, unit) in self.units.into_iter().enumerate() {
            writer.unit(index, unit, &titles);
        }
        writer.tell_left_out();
        if writer.duplicates > MAX_DUPLICATES {
            let more = writer.duplicates - MAX_DUPLICATES;
            writer.diagnostics.push(
                Diagnostic::remark(
                    "import::duplicate-paper",
                    format!("{more} more papers stand here twice, and are taken once"),
                )
                .at(Place::new(source, 0..0)),
            );
        }
        if writer.papers == 0 {
            return Err(vec![
                Diagnostic::error("import::no-papers", "no list of papers is found here")
                    .at(Place::new(source, 0..0))
                    .hint("an entry is an item of a list, a row of a table or a paragraph with a title and a link: `- [Title](https://…)`"),
            ]);
        }
        if self.is_doubtful {
            writer.diagnostics.push(
                Diagnostic::warning(
                    "import::no-evidence",
                    "nothing here shows the sign of a paper (an archive's address, a link called \
                     `paper`, a venue with a year); every item with a title and a link is taken",
                )
                .at(Place::new(source, 0..0))
                .hint("remove what does not belong, or import the list of papers alone"),
            );
        }
        writer
            .trace
            .sort_by_key(|traced| (traced.span.start, traced.span.end));
        Ok(Imported {
            draft: writer.draft,
            diagnostics: writer.diagnostics,
            trace: writer.trace,
        })
    }
}

impl Candidate {
    fn is_paper(&self) -> bool {
        self.record.is_paper && !self.needs_link
    }
}

/// Whether all that is known of an entry is its title, and that is no more than a word.
fn leads_nowhere(record: &Record) -> bool {
    let entry = &record.entry;
    !record.has_link
        && entry.authors.is_empty()
        && entry.venue.is_none()
        && entry
            .title
            .as_deref()
            .is_none_or(|title| words::words(title) < 3)
}

/// The lines of a list whose items have no titles of their own: what is said of one paper.
fn facts_of(items: &[Item]) -> Option<Vec<Line>> {
    let is_of_paper = items.iter().any(|item| names_paper(&item.lines));
    let mut lines = Vec::new();
    let mut has_fact = is_of_paper;
    for item in items {
        let record = of_lines(&item.lines);
        let is_fact = is_named(&item.lines) || is_of_paper && is_remark(&item.lines);
        if record.entry.title.is_some() && !is_fact {
            return None;
        }
        has_fact |= record.has_link || !record.entry.authors.is_empty();
        push_lines(item, &mut lines, 0);
    }
    (has_fact && items.len() <= 24).then_some(lines)
}

/// Whether a line begins with a label that is known.
fn is_named(lines: &[Line]) -> bool {
    lines.first().is_some_and(|line| field_of(line).is_some())
}

/// What the label at a line's beginning announces.
fn field_of(line: &Line) -> Option<Field> {
    words::field(label_of(line)?)
}

/// What stands before the colon at a line's beginning.
fn label_of(line: &Line) -> Option<&str> {
    match line.first() {
        Some(Piece::Text(text, _)) => text.split_once([':', '：']).map(|(label, _)| label),
        Some(Piece::Link { .. } | Piece::Soft) | None => None,
    }
}

/// Whether any of some lines has the label of a paper's own address, whatever stands behind it.
fn names_paper(lines: &[Line]) -> bool {
    lines
        .iter()
        .any(|line| field_of(line) == Some(Field::Link(words::Role::Paper)))
}

/// Whether an item among the facts of a paper is one more: behind a label of its own, or a word
/// or two (`Oral`).
fn is_remark(lines: &[Line]) -> bool {
    let Some(line) = lines.first() else {
        return false;
    };
    let is_labelled = label_of(line).is_some_and(|label| words::words(label) <= 3);
    is_labelled || words::words(&heading_words(line)) <= 2
}

fn push_lines(item: &Item, lines: &mut Vec<Line>, depth: usize) {
    lines.extend(item.lines.iter().cloned());
    if depth < offprint_core::text::MAX_DEPTH {
        for child in &item.children {
            push_lines(child, lines, depth + 1);
        }
    }
}

/// An entry under a short name, with the title and the names below it.
fn joined(own: Record, child: &Record) -> Record {
    let mut record = own;
    let below = &child.entry;
    let entry = &mut record.entry;
    entry.title.clone_from(&below.title);
    entry.authors.clone_from(&below.authors);
    entry.venue = below.venue.clone().or(entry.venue.take());
    entry.year = below.year.or(entry.year);
    entry.arxiv = entry.arxiv.take().or_else(|| below.arxiv.clone());
    record.commentary.extend(child.commentary.iter().cloned());
    record.is_paper = true;
    record
}

/// How many words a line has.
fn count(line: &Line) -> usize {
    line.iter()
        .map(|piece| match piece {
            Piece::Text(text, _) => words::words(text),
            Piece::Link { label, .. } => words::words(label),
            Piece::Soft => 0,
        })
        .sum()
}

/// The words of a heading on one line.
fn heading_words(line: &Line) -> String {
    let mut text = String::new();
    for piece in line {
        match piece {
            Piece::Text(words, _) => text.push_str(words),
            Piece::Link {
                label, is_picture, ..
            } => {
                if !is_picture {
                    text.push_str(label);
                }
            }
            Piece::Soft => text.push(' '),
        }
    }
    let text = text.replace([blocks::FORMULA.0, blocks::FORMULA.1], "$");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    text.trim_matches(|sign: char| {
        sign.is_whitespace() || record::is_pictograph(sign) || "*#:：-–—|·".contains(sign)
    })
    .to_owned()
}

/// A heading's title where it is a paper's: all of it, but for what its record took apart.
fn heading_title(line: &Line, own: &Record) -> Option<String> {
    let has_more = own.entry.venue.is_some() || own.entry.year.is_some() || own.has_link;
    if has_more {
        return own.entry.title.clone();
    }
    let text = heading_words(line);
    let text = without_number(&text);
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

/// A heading without the number before it: `3. Title`, `2.1 Title`, `1、标题`.
fn without_number(text: &str) -> &str {
    let digits = text
        .find(|sign: char| !(sign.is_ascii_digit() || sign == '.'))
        .unwrap_or(0);
    let rest = text.get(digits..).unwrap_or_default();
    let number = text.get(..digits).unwrap_or_default();
    let is_number = number.bytes().any(|byte| byte.is_ascii_digit()) && number.len() <= 6;
    if is_number
        && (number.contains('.') && rest.starts_with(' ')
            || number.ends_with('.') && rest.starts_with(char::is_alphabetic)
            || rest.starts_with(['、', ')', '）']))
    {
        return rest.trim_start_matches(['、', ')', '）', ' ']);
    }
    text
}

/// Sections that hold no papers, in lower case.
const FURNITURE: &[&str] = &[
    "contents",
    "content",
    "table of contents",
    "table of content",
    "toc",
    "index",
    "contributing",
    "contribute",
    "how to contribute",
    "contribution",
    "contributions",
    "contributors",
    "contribution guidelines",
    "contributing guidelines",
    "license",
    "licence",
    "licenses",
    "licensing",
    "acknowledgement",
    "acknowledgements",
    "acknowledgment",
    "acknowledgments",
    "acknowledge",
    "citation",
    "citations",
    "cite",
    "citing",
    "how to cite",
    "cite us",
    "reference us",
    "star history",
    "stargazers",
    "stargazers over time",
    "contact",
    "contact us",
    "contacts",
    "maintainers",
    "maintainer",
    "authors",
    "changelog",
    "change log",
    "update log",
    "updates",
    "update",
    "news",
    "latest news",
    "latest updates",
    "what's new",
    "whats new",
    "todo",
    "to do",
    "support",
    "sponsors",
    "sponsor",
    "disclaimer",
    "join us",
    "related awesome lists",
    "awesome lists",
    "other awesome lists",
    "related awesome",
    "code of conduct",
    "statistics",
    "visitors",
    "backers",
    "credits",
    "feedback",
    "faq",
    "menu",
    "navigation",
    "quick links",
    "table of contents 目录",
    "目录",
    "贡献",
    "如何贡献",
    "贡献者",
    "许可",
    "许可证",
    "致谢",
    "引用",
    "联系",
    "联系我们",
    "更新日志",
    "更新",
    "更新记录",
    "声明",
    "免责声明",
    "加入我们",
    "赞助",
    "交流群",
    "历史",
    "star 历史",
    "关于",
    "订阅",
];

/// Whether a section holds no papers by its name.
fn is_furniture(title: &str) -> bool {
    let bare: String = without_number(title)
        .to_lowercase()
        .chars()
        .filter(|sign| sign.is_alphanumeric() || *sign == ' ' || *sign == '-' || *sign == '\'')
        .collect();
    let bare = bare.trim();
    FURNITURE.contains(&bare)
}

/// The title of the section that each heading begins: its own, with the one above it where it
/// says too little for itself.
fn section_titles(units: &[Unit]) -> BTreeMap<usize, Option<String>> {
    let mut stack: Vec<(u8, String)> = Vec::new();
    let mut paths: Vec<(usize, Vec<String>)> = Vec::new();
    let first_title = units.iter().find_map(|unit| match unit {
        Unit::Heading { level, title, .. } if *level == 1 => Some(title.clone()),
        Unit::Heading { .. } | Unit::Candidate(_) | Unit::Prose { .. } | Unit::Other { .. } => None,
    });
    let tops = units
        .iter()
        .filter(|unit| matches!(unit, Unit::Heading { level: 1, .. }))
        .count();
    for (index, unit) in units.iter().enumerate() {
        if let Unit::Heading { level, title, .. } = unit {
            stack.retain(|(above, _)| above < level);
            if !title.is_empty() {
                stack.push((*level, title.clone()));
            }
            let path = stack
                .iter()
                .filter(|(level, title)| {
                    !(*level == 1 && tops == 1 && Some(title) == first_title.as_ref())
                })
                .map(|(_, title)| without_number(title).to_owned())
                .collect();
            paths.push((index, path));
        }
    }
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (index, path) in &paths {
        let is_named = matches!(
            units.get(*index),
            Some(Unit::Heading { title, .. }) if !title.is_empty()
        );
        if let Some(last) = path.last().filter(|_| is_named) {
            *seen.entry(last.to_lowercase()).or_default() += 1;
        }
    }
    paths
        .into_iter()
        .map(|(index, path)| {
            let title = match path.as_slice() {
                [] => None,
                [only] => Some(only.clone()),
                [.., above, last] if above.eq_ignore_ascii_case(last) => Some(above.clone()),
                [.., above, last] => {
                    let is_year = words::date(last).is_some();
                    let is_repeated = seen
                        .get(&last.to_lowercase())
                        .is_some_and(|&count| count > 1);
                    Some(if is_year || is_repeated {
                        format!("{above} / {last}")
                    } else {
                        last.clone()
                    })
                }
            };
            (index, title)
        })
        .collect()
}

struct Writer<'s> {
    source: &'s Arc<Source>,
    draft: Draft,
    /// Where the lines of the source begin.
    line_starts: Vec<usize>,
    diagnostics: Vec<Diagnostic>,
    trace: Vec<Traced>,
    papers: usize,
    /// How many stand there twice.
    duplicates: usize,
    /// Where a paper stands first, by what it is.
    seen: BTreeMap<String, usize>,
    /// The heading that stands above.
    heading: Option<usize>,
    /// The heading whose section is open.
    section_of: Option<usize>,
    /// What stands between a heading and its first paper.
    intro: Text,
    /// Items that show no sign of a paper.
    left_out: Vec<Range<usize>>,
    /// Whether a heading has come beside the list's own.
    has_sections: bool,
    /// Whether text that follows may be said of the last paper.
    has_open: bool,
}

impl Writer<'_> {
    fn place(&self, span: &Range<usize>) -> Place {
        let text = self.source.text.get(span.clone()).unwrap_or_default();
        let near = text.floor_char_boundary(MAX_SHOWN.min(text.len()));
        let near = text.get(..near).unwrap_or_default();
        let first = near.find(['\n', '\r']).unwrap_or(near.len());
        Place::new(self.source, span.start..span.start + first)
    }

    fn keep(&mut self, span: Range<usize>, what: String) {
        self.trace.push(Traced {
            span,
            fate: Fate::Kept(what.into()),
        });
    }

    fn drop(&mut self, span: Range<usize>, why: &'static str) {
        self.trace.push(Traced {
            span,
            fate: Fate::Dropped(why.into()),
        });
    }

    fn unit(&mut self, index: usize, unit: Unit, titles: &BTreeMap<usize, Option<String>>) {
        match unit {
            Unit::Heading { level, title, span } => {
                self.tell_left_out();
                self.has_open = false;
                self.intro.clear();
                self.heading = Some(index);
                if title.is_empty() {
                    return;
                }
                if level == 1 && self.draft.title.is_none() && self.papers == 0 {
                    self.draft.title = Some(title);
                    self.keep(span, "title of the issue".to_owned());
                } else if is_furniture(&title) {
                    self.drop(span, "furniture: a heading without papers");
                } else {
                    self.has_sections = true;
                    self.keep(span, "title of a section, if papers follow".to_owned());
                }
            }
            Unit::Candidate(candidate) if candidate.is_taken => {
                self.paper(*candidate, titles);
            }
            Unit::Candidate(candidate) => {
                self.has_open = false;
                let span = candidate.span;
                // A row of figures, or a way to another place in the list, is nothing to tell of.
                if candidate.record.has_link
                    || !candidate.needs_link
                        && !candidate.record.has_any_link
                        && candidate
                            .record
                            .entry
                            .title
                            .as_deref()
                            .is_some_and(|title| words::words(title) >= 3)
                {
                    self.left_out.push(span.clone());
                }
                self.drop(span, "shows no sign of a paper");
            }
            Unit::Prose { lines, span } => self.prose(&lines, span),
            Unit::Other { why, span } => self.drop(span, why),
        }
    }

    fn prose(&mut self, lines: &[Line], span: Range<usize>) {
        let text = prose(lines);
        let total: usize = lines.iter().map(count).sum();
        let linked: usize = lines
            .iter()
            .flatten()
            .map(|piece| match piece {
                Piece::Link { label, .. } => words::words(label),
                Piece::Text(..) | Piece::Soft => 0,
            })
            .sum();
        if text.is_empty() || total < 4 || linked * 3 > total * 2 {
            self.drop(span, "furniture: badges, links, a few words");
        } else if self.has_open {
            if let Some(paper) = self.last_paper() {
                paper.commentary.extend(text);
            }
            self.keep(span, format!("commentary of paper {}", self.papers));
        } else if self.heading.is_none() || self.papers == 0 && !self.has_sections {
            self.draft.intro.extend(text);
            self.keep(span, "introduction".to_owned());
        } else if self.draft.sections.is_empty() || self.section_of != self.heading {
            self.intro.extend(text);
            self.keep(
                span,
                "introduction of a section, if papers follow".to_owned(),
            );
        } else {
            self.drop(span, "prose between papers");
        }
    }

    fn last_paper(&mut self) -> Option<&mut DraftPaper> {
        self.draft
            .sections
            .last_mut()
            .and_then(|section| section.papers.last_mut())
    }

    fn paper(&mut self, candidate: Candidate, titles: &BTreeMap<usize, Option<String>>) {
        let Candidate {
            record,
            span,
            is_open,
            ..
        } = candidate;
        if let Some(identity) = identity(&record) {
            if let Some(&first) = self.seen.get(&identity) {
                let line = self.line_starts.partition_point(|&start| start <= first);
                self.duplicates += 1;
                if self.duplicates <= MAX_DUPLICATES {
                    self.diagnostics.push(
                        Diagnostic::remark(
                            "import::duplicate-paper",
                            format!("this paper stands in line {line} already, and is taken once"),
                        )
                        .at(self.place(&span)),
                    );
                }
                self.drop(span, "stands there already");
                self.has_open = false;
                return;
            }
            self.seen.insert(identity, span.start);
        }
        if self.draft.sections.is_empty() || self.section_of != self.heading {
            self.section_of = self.heading;
            let title = self
                .heading
                .and_then(|heading| titles.get(&heading).cloned())
                .flatten();
            self.draft.sections.push(DraftSection {
                title,
                intro: std::mem::take(&mut self.intro),
                papers: Vec::new(),
            });
        }
        self.papers += 1;
        if record.entry.title.is_none() {
            self.diagnostics.push(
                Diagnostic::warning("import::no-title", "no title is found for this paper")
                    .at(self.place(&span))
                    .hint("write it into the issue, or let `--online` ask for it"),
            );
        }
        if !record.entry.has_locator() {
            self.diagnostics.push(
                Diagnostic::remark("import::no-address", "no address is given for this paper")
                    .at(self.place(&span)),
            );
        }
        self.keep(span, format!("paper {}", self.papers));
        self.has_open = is_open;
        let paper = DraftPaper {
            entry: record.entry,
            tldr: record.tldr,
            commentary: record.commentary,
            ..DraftPaper::default()
        };
        if let Some(section) = self.draft.sections.last_mut() {
            section.papers.push(paper);
        }
    }

    /// Names the items of a section that were left out, in one finding.
    fn tell_left_out(&mut self) {
        let left_out = std::mem::take(&mut self.left_out);
        let Some(first) = left_out.first() else {
            return;
        };
        let count = left_out.len();
        let message = if count == 1 {
            "this item shows no sign of a paper, and is left out".to_owned()
        } else {
            format!("{count} items from here on show no sign of a paper, and are left out")
        };
        self.diagnostics.push(
            Diagnostic::remark("import::not-a-paper", message)
                .at(self.place(first))
                .hint("a paper has an archive's address, a link called `paper` or `pdf`, or a venue with a year"),
        );
    }
}

/// What a paper is, for telling two of the same: its identifier, else its address.
fn identity(record: &Record) -> Option<String> {
    let entry = &record.entry;
    let title = entry.title.as_deref().unwrap_or_default().to_lowercase();
    let locator = entry
        .doi
        .clone()
        .or_else(|| {
            entry
                .arxiv
                .as_deref()
                .map(|id| offprint_core::model::without_version(id).to_owned())
        })
        .or_else(|| entry.openreview.clone())
        .or_else(|| entry.pmid.clone())
        .or_else(|| entry.url.clone())
        .or_else(|| entry.links.get(&LinkKind::Pdf).cloned())?;
    // Lists hold wrong addresses: with another title it is another paper.
    Some(format!("{locator} {title}"))
}

#[cfg(test)]
mod tests;
