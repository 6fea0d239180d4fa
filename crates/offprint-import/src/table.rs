//! CSV with a row of names, and JSON objects line by line.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use csv::{ReaderBuilder, StringRecord};
use offprint_core::bibliography::Entry;
use offprint_core::check::identifier;
use offprint_core::check::url::absolute;
use offprint_core::citation::ranges;
use offprint_core::load::{names_of, paper_field, paper_kind, paper_status};
use offprint_core::model::{Lang, LinkKind};
use offprint_core::{Diagnostic, Inline, Place, Source, Text, markdown};
use serde_json::Value;

use crate::{Draft, DraftPaper, Fate, Imported, Outcome, Traced, group};

/// What columns are called that are no names of our fields: by Zotero, Mendeley, Notion, and
/// those who make lists.
const OTHER_NAMES: &[(&str, &str)] = &[
    // A paper's page in our files, its title in many tables.
    ("paper", "paper"),
    ("论文", "paper"),
    ("name", "title"),
    ("paper title", "title"),
    ("论文标题", "title"),
    ("论文题目", "title"),
    ("论文名称", "title"),
    ("paper name", "title"),
    ("paper url", "url"),
    ("paper link", "url"),
    ("landing page", "url"),
    ("论文链接", "url"),
    ("原文链接", "url"),
    ("href", "url"),
    ("arxiv id", "arxiv"),
    ("arxiv_id", "arxiv"),
    ("eprint", "arxiv"),
    ("code url", "code"),
    ("code link", "code"),
    ("project url", "project"),
    ("project page", "project"),
    ("homepage", "project"),
    ("tweet url", "discussion"),
    ("video url", "video"),
    ("github", "code"),
    ("repo", "code"),
    ("代码链接", "code"),
    ("开源代码", "code"),
    ("pdf url", "pdf"),
    ("pdf_url", "pdf"),
    ("pdf link", "pdf"),
    ("author(s)", "authors"),
    ("creators", "authors"),
    ("作者列表", "authors"),
    ("publication title", "venue"),
    ("publication", "venue"),
    ("journal", "venue"),
    ("conference", "venue"),
    ("booktitle", "venue"),
    ("conference name", "venue"),
    ("proceedings title", "venue"),
    ("publication year", "year"),
    ("发表年份", "year"),
    ("published", "date"),
    ("publication date", "date"),
    ("发表日期", "date"),
    ("发表时间", "date"),
    ("abstract note", "abstract"),
    ("summary", "abstract"),
    ("manual tags", "tags"),
    ("topics", "tags"),
    ("notes", "commentary"),
    ("note", "commentary"),
    ("comment", "commentary"),
    ("comments", "commentary"),
    ("annote", "commentary"),
    ("description", "commentary"),
    ("推荐理由", "commentary"),
    ("备注", "commentary"),
    ("解读", "commentary"),
    ("简评", "commentary"),
    ("tl;dr", "tldr"),
    ("one sentence", "tldr"),
    ("item type", "type"),
    ("institution", "affiliations"),
    ("institutions", "affiliations"),
    ("section", "section"),
    ("category", "section"),
    ("collection", "section"),
    ("collections", "section"),
    ("topic", "section"),
    ("group", "section"),
    ("track", "section"),
    ("分类", "section"),
    ("栏目", "section"),
    ("类目", "section"),
    ("方向", "section"),
    ("主题", "section"),
    ("领域", "section"),
];

/// Types as Zotero writes them into its tables.
const ZOTERO_TYPES: &[(&str, &str)] = &[
    ("journalArticle", "article-journal"),
    ("conferencePaper", "paper-conference"),
    ("preprint", "article"),
    ("magazineArticle", "article-magazine"),
    ("newspaperArticle", "article-newspaper"),
    ("bookSection", "chapter"),
    ("blogPost", "post-weblog"),
    ("forumPost", "post"),
    ("computerProgram", "software"),
    ("presentation", "speech"),
    ("manuscript", "document"),
    ("webpage", "webpage"),
];

/// The field that a column means.
fn field_of(name: &str) -> Option<&'static str> {
    let folded = words_of(name);
    OTHER_NAMES
        .iter()
        .find(|(other, _)| *other == folded)
        .map(|(_, field)| *field)
        .or_else(|| paper_field(name))
        .or_else(|| paper_field(&folded))
}

/// A column's name in small words: `paper url` of `PaperURL`, `paper_url` and `Paper URL`.
fn words_of(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    let mut before = ' ';
    for character in name.trim().chars() {
        if character.is_uppercase() && before.is_lowercase() {
            out.push(' ');
        }
        match character {
            '_' | '-' => out.push(' '),
            _ => out.extend(character.to_lowercase()),
        }
        before = character;
    }
    out
}

/// Reads CSV, TSV or columns between semicolons.
pub(crate) fn csv(source: &Arc<Source>) -> Outcome {
    let text = source.text.as_str();
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter(text))
        .flexible(true)
        .has_headers(false)
        .from_reader(text.as_bytes());
    let mut rows = Rows::new(source);
    let mut columns: Option<Vec<Option<&'static str>>> = None;
    let mut record = StringRecord::new();
    loop {
        let start = byte(reader.position());
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                let diagnostic = Diagnostic::error(
                    "import::syntax",
                    format!("this row cannot be read: {error}"),
                )
                .at(Place::new(source, start..start));
                return Err(vec![diagnostic]);
            }
        }
        let span = trim(text, start..byte(reader.position()));
        let Some(columns) = &columns else {
            // In our own lists `issue` is the issue that the paper stands in, and not the one
            // of its journal.
            let is_own = record.iter().any(|name| name == "issue-guid");
            let names: Vec<_> = record
                .iter()
                .map(|name| field_of(name).filter(|_| !(is_own && name == "issue")))
                .collect();
            if !names.contains(&Some("title"))
                && !names.iter().flatten().any(|name| is_locator(name))
            {
                return Err(vec![no_columns(source, span)]);
            }
            rows.head(&record, &names, span);
            columns = Some(names);
            continue;
        };
        let mut row = Row::default();
        for (field, written) in columns.iter().zip(&record) {
            if let Some(field) = field {
                row.set(field, unguarded(written.trim()));
            }
        }
        rows.push(row, span);
    }
    rows.finish()
}

fn byte(position: &csv::Position) -> usize {
    usize::try_from(position.byte()).unwrap_or(usize::MAX)
}

/// A span without the blanks and line breaks at its ends.
fn trim(text: &str, span: Range<usize>) -> Range<usize> {
    let written = text.get(span.clone()).unwrap_or_default();
    let start = span.start + (written.len() - written.trim_start().len());
    start..(start + written.trim().len())
}

/// The mark that divides the first line into most columns that are known.
fn delimiter(text: &str) -> u8 {
    let line = text.trim_start().lines().next().unwrap_or_default();
    let known = |mark: char| {
        line.split(mark)
            .filter(|name| field_of(name.trim_matches(['"', ' '])).is_some())
            .count()
    };
    [(',', b','), (';', b';'), ('\t', b'\t'), ('|', b'|')]
        .into_iter()
        .rev()
        .max_by_key(|&(mark, _)| known(mark))
        .map_or(b',', |(_, byte)| byte)
}

fn is_locator(name: &str) -> bool {
    matches!(
        name,
        "paper" | "url" | "doi" | "arxiv" | "openreview" | "pmid" | "isbn"
    )
}

fn no_columns(source: &Arc<Source>, span: Range<usize>) -> Diagnostic {
    Diagnostic::error("import::no-columns", "no column is named as a title or a link")
        .at(Place::new(source, span))
        .hint("name the columns in the first row: title, authors, url, doi, venue, year, tags, commentary, section (标题, 作者, 链接, 会议, 年份, 标签, 短评, 栏目)")
}

/// A cell without the sign that keeps spreadsheets from computing it.
fn unguarded(written: &str) -> &str {
    match written.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@', '\t', '\r']) => rest,
        _ => written,
    }
}

/// Reads JSON Lines, or an array of objects.
pub(crate) fn json_lines(source: &Arc<Source>) -> Outcome {
    let text = source.text.as_str();
    let mut rows = Rows::new(source);
    if text.trim_start().starts_with('[') {
        let items = crate::json::items(text);
        for span in items {
            rows.object(text, span);
        }
    } else {
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let span = trim(text, at..at + line.len());
            at += line.len();
            if !span.is_empty() {
                rows.object(text, span);
            }
        }
    }
    rows.finish()
}

/// A row's values by our fields' names.
#[derive(Debug, Default)]
struct Row {
    fields: Vec<(&'static str, Vec<String>)>,
}

impl Row {
    fn set(&mut self, field: &'static str, written: &str) {
        if !written.is_empty() {
            self.add(field, vec![written.to_owned()]);
        }
    }

    /// The first column that says something wins.
    fn add(&mut self, field: &'static str, values: Vec<String>) {
        if !values.is_empty() && !self.fields.iter().any(|(own, _)| *own == field) {
            self.fields.push((field, values));
        }
    }

    fn of_object(object: &serde_json::Map<String, Value>) -> Self {
        let mut row = Self::default();
        for (name, value) in object {
            if let Some(field) = field_of(name) {
                row.add(field, values(value));
            }
        }
        row
    }
}

/// The texts of a value; people are written by their names.
fn values(value: &Value) -> Vec<String> {
    match value {
        Value::Null => Vec::new(),
        Value::Bool(value) => vec![value.to_string()],
        Value::Number(number) => vec![number.to_string()],
        Value::String(text) if text.trim().is_empty() => Vec::new(),
        Value::String(text) => vec![text.trim().to_owned()],
        Value::Array(items) => items.iter().flat_map(values).collect(),
        Value::Object(object) => {
            let word = |name: &str| object.get(name).and_then(Value::as_str).map(str::trim);
            let whole = ["name", "literal", "title", "term", "label", "tag"]
                .into_iter()
                .find_map(word);
            let parts = word("given").or(word("first")).or(word("firstName"));
            let family = word("family").or(word("last")).or(word("lastName"));
            match (whole, parts, family) {
                (Some(whole), _, _) => vec![whole.to_owned()],
                (None, Some(given), Some(family)) => vec![full_name(given, family)],
                (None, _, Some(name)) | (None, Some(name), None) => vec![name.to_owned()],
                (None, None, None) => Vec::new(),
            }
        }
    }
}

/// Chinese names have the family first and no blank.
fn full_name(given: &str, family: &str) -> String {
    let is_han = |text: &str| text.chars().all(offprint_core::chars::is_han);
    if is_han(given) && is_han(family) {
        format!("{family}{given}")
    } else {
        format!("{given} {family}")
    }
}

/// Names between separators; `Family, Given` is turned round.
fn people(values: Vec<String>) -> Vec<String> {
    let split = |text: &String| -> Vec<String> {
        let parts: Vec<&str> = text.split([';', '；', '\n']).map(str::trim).collect();
        let are_turned = parts
            .iter()
            .all(|part| part.matches([',', '，']).count() == 1)
            && (parts.len() > 1 || !parts.iter().all(|part| part.contains("，")));
        if parts.len() > 1 && are_turned {
            let turned = parts.iter().filter_map(|part| part.split_once([',', '，']));
            return turned
                .map(|(family, given)| full_name(given.trim(), family.trim()))
                .collect();
        }
        text.split(" and ").flat_map(names_of).collect()
    };
    match values.as_slice() {
        [one] => split(one),
        _ => values,
    }
}

/// Rows on their way into a draft.
struct Rows<'s> {
    source: &'s Arc<Source>,
    papers: Vec<(DraftPaper, Option<String>)>,
    diagnostics: Vec<Diagnostic>,
    trace: Vec<Traced>,
}

impl<'s> Rows<'s> {
    fn new(source: &'s Arc<Source>) -> Self {
        Self {
            source,
            papers: Vec::new(),
            diagnostics: Vec::new(),
            trace: Vec::new(),
        }
    }

    /// Notes the row of names; columns that mean nothing are told.
    fn head(&mut self, names: &StringRecord, fields: &[Option<&str>], span: Range<usize>) {
        let unknown: Vec<&str> = names
            .iter()
            .zip(fields)
            .filter(|(name, field)| field.is_none() && !name.trim().is_empty())
            .map(|(name, _)| name.trim())
            .collect();
        if !unknown.is_empty() {
            self.diagnostics.push(
                Diagnostic::remark(
                    "import::left-out",
                    format!("columns that mean nothing here: {}", unknown.join(", ")),
                )
                .at(Place::new(self.source, span.clone())),
            );
        }
        self.trace.push(Traced {
            span,
            fate: Fate::Kept(Cow::Borrowed("names of columns")),
        });
    }

    fn object(&mut self, text: &str, span: Range<usize>) {
        let written = text.get(span.clone()).unwrap_or_default();
        match serde_json::from_str::<Value>(written) {
            Ok(Value::Object(object)) => self.push(Row::of_object(&object), span),
            Ok(_) => self.leave_out(span, "this is no object"),
            Err(error) => self.leave_out(span, &format!("this is no JSON: {error}")),
        }
    }

    fn leave_out(&mut self, span: Range<usize>, why: &str) {
        self.diagnostics.push(
            Diagnostic::warning("import::left-out", why.to_owned())
                .at(Place::new(self.source, span.clone()))
                .hint("it is left out; the rest is read"),
        );
        self.trace.push(Traced {
            span,
            fate: Fate::Dropped(Cow::from(why.to_owned())),
        });
    }

    fn push(&mut self, row: Row, span: Range<usize>) {
        let mut section = None;
        let mut paper = DraftPaper::default();
        let place = Place::new(self.source, span.clone());
        let mut fields = row.fields;
        fields.sort_by_key(|(field, _)| match *field {
            "title" | "url" => 0,
            _ => 1,
        });
        for (field, values) in fields {
            if field == "section" {
                section = values.into_iter().next();
            } else if let Err(value) = put(&mut paper, field, values, self.source, &span) {
                self.diagnostics.push(
                    Diagnostic::warning(
                        "import::left-out",
                        format!("`{value}` cannot be the `{field}` of a paper"),
                    )
                    .at(place.clone()),
                );
            }
        }
        let entry = &mut paper.entry;
        if entry.title.is_none() && !entry.has_locator() {
            self.leave_out(span, "this row has neither title nor link");
            return;
        }
        if !entry.has_locator() {
            self.diagnostics.push(
                Diagnostic::warning(
                    "import::no-address",
                    "this row says nowhere where the paper is",
                )
                .at(place),
            );
        }
        self.trace.push(Traced {
            span,
            fate: Fate::Kept(Cow::from(format!("paper {}", self.papers.len() + 1))),
        });
        self.papers.push((paper, section));
    }

    fn finish(self) -> Outcome {
        if self.papers.is_empty() {
            let mut faults = self.diagnostics;
            faults.insert(
                0,
                Diagnostic::error("import::no-papers", "no row is a paper")
                    .at(Place::new(self.source, 0..0)),
            );
            return Err(faults);
        }
        Ok(Imported {
            draft: Draft {
                sections: group::sections(self.papers),
                ..Draft::default()
            },
            diagnostics: self.diagnostics,
            trace: self.trace,
        })
    }
}

/// Puts values where they belong, or gives back the one that cannot.
fn put(
    paper: &mut DraftPaper,
    field: &str,
    values: Vec<String>,
    source: &Arc<Source>,
    span: &Range<usize>,
) -> Result<(), String> {
    let entry: &mut Entry = &mut paper.entry;
    let first = values.first().cloned().unwrap_or_default();
    let link = LinkKind::ALL.into_iter().find(|kind| kind.key() == field);
    if let Some(kind) = link {
        entry
            .links
            .insert(kind, absolute(&first).map_err(|_| first)?);
        return Ok(());
    }
    let known = |found: Option<String>| found.ok_or_else(|| first.clone()).map(Some);
    match field {
        "paper" if is_words(&first) => {
            entry.title.get_or_insert(first);
        }
        "paper" if entry.url.is_none() => return put(paper, "url", vec![first], source, span),
        "title" => entry.title = Some(first),
        "url" => match absolute(&first) {
            Ok(url) => entry.url = Some(url),
            // Whoever writes identifiers into the column of addresses means them.
            Err(_) => match (identifier::doi(&first), identifier::arxiv(&first)) {
                (Some(doi), _) => entry.doi = Some(doi),
                (None, Some(arxiv)) => entry.arxiv = Some(arxiv),
                (None, None) => return Err(first),
            },
        },
        "doi" => entry.doi = known(identifier::doi(&first))?,
        "arxiv" => entry.arxiv = known(identifier::arxiv(&first))?,
        "openreview" => entry.openreview = known(identifier::openreview(&first))?,
        "pmid" => entry.pmid = known(identifier::pmid(&first))?,
        "isbn" => {
            let one = first.split([' ', ',', ';']).find_map(identifier::isbn);
            entry.isbn = known(identifier::isbn(&first).or(one))?;
        }
        "authors" => entry.authors = people(values),
        "affiliations" => entry.affiliations = people(values),
        "venue" => entry.venue = Some(first),
        "volume" => entry.volume = Some(first),
        "issue" => entry.issue = Some(first),
        "pages" => entry.pages = Some(ranges(&first, "-")),
        "publisher" => entry.publisher = Some(first),
        "year" => {
            let year = first.trim().get(..4).and_then(|year| year.parse().ok());
            entry.year = Some(
                year.filter(|year| (1000..=9999).contains(year))
                    .ok_or(first)?,
            );
        }
        "date" => {
            if let Ok(date) = offprint_core::check::date::day(&first) {
                entry.date = Some(date);
                return Ok(());
            }
            // A spreadsheet's date may be a year alone.
            let digits = first.trim();
            let year: Option<i16> = digits.get(..4).and_then(|year| year.parse().ok());
            let is_year = digits.len() <= 7 && year.is_some_and(|year| year >= 1000);
            entry.year = entry.year.or(year.filter(|_| is_year));
            if !is_year {
                return Err(first);
            }
        }
        "status" => entry.status = Some(paper_status(&first).ok_or(first)?),
        "type" => {
            let kind = ZOTERO_TYPES
                .iter()
                .find(|(name, _)| *name == first)
                .map(|(_, kind)| *kind)
                .or_else(|| paper_kind(&first));
            entry.kind = Some(kind.ok_or(first)?.to_owned());
        }
        "lang" => entry.lang = Some(Lang::parse(&first).ok_or(first)?),
        "tags" => {
            entry.tags = values
                .iter()
                .flat_map(|value| value.split([',', ';', '，', '；', '、']))
                .map(|tag| tag.trim().trim_start_matches('#').to_owned())
                .filter(|tag| !tag.is_empty())
                .collect();
        }
        "rating" => {
            let stars = first.chars().filter(|c| matches!(c, '★' | '⭐')).count();
            let number = first
                .split(['/', '.', ' '])
                .next()
                .and_then(|n| n.parse().ok());
            let rating = number.or_else(|| u8::try_from(stars).ok());
            paper.rating = Some(rating.filter(|n| (1..=5).contains(n)).ok_or(first)?);
        }
        "presenter" => paper.presenter = Some(first),
        "tldr" => paper.tldr = vec![Inline::Text(first)],
        "abstract" => entry.abstract_text = prose(&values.join("\n\n"), source, span),
        "commentary" => paper.commentary = prose(&values.join("\n\n"), source, span),
        "paper" | "cite" | "id" | "guid" | "image" => {}
        _ => return Err(first),
    }
    Ok(())
}

/// Whether a cell holds words, not an address that is none of ours.
fn is_words(cell: &str) -> bool {
    cell.contains(char::is_alphabetic) && !cell.contains("://") && !cell.contains('/')
}

/// Words of a cell: HTML where it is some, else Markdown.
fn prose(written: &str, source: &Arc<Source>, span: &Range<usize>) -> Text {
    let is_html = ["<p", "<div", "<br", "<span", "<b>", "<i>", "</"]
        .iter()
        .any(|tag| written.contains(tag));
    if is_html {
        return crate::markup::text(written);
    }
    let (text, found) = markdown::setting(source, written, span.clone());
    if found.is_empty() {
        text
    } else {
        crate::plain_paragraphs(written)
    }
}

#[cfg(test)]
mod tests;
