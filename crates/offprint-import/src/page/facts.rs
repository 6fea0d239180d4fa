//! What a line says of a paper, put where it belongs.

use std::ops::Range;

use offprint_core::Text;
use offprint_core::bibliography::Entry;
use offprint_core::check::identifier::{self, Identified};
use offprint_core::model::{Lang, LinkKind, Status};

use super::address::{self, Target};
use super::features::{self, Features};
use super::line::{Line, MarkKind};
use super::prose;
use super::when;
use super::words::{self, Field};
use crate::DraftPaper;

/// What became of a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Taken {
    /// It is in the paper now.
    As(&'static str),
    /// There is no place for it.
    Not(&'static str),
}

/// Puts an address where it belongs. `hint` is what the page calls it.
pub(super) fn put_address(entry: &mut Entry, url: &str, hint: Option<Field>) -> Taken {
    if let Some(Field::Link(kind)) = hint {
        let is_document = kind == LinkKind::Pdf;
        if is_document && identifier::of_url(url).is_some() {
            return put_locator(entry, url);
        }
        // What is called code but is a paper is a paper.
        if address::target(url) != Target::Paper || is_document || entry.has_locator() {
            return put_link(entry, kind, url);
        }
        return put_locator(entry, url);
    }
    match address::target(url) {
        Target::Paper => put_locator(entry, url),
        Target::With(kind)
            if hint == Some(Field::Url) && entry.url.is_none() && !entry.has_locator() =>
        {
            // `论文链接` may well be a repository; it is the paper's place all the same.
            if kind == LinkKind::Code {
                put_link(entry, kind, url)
            } else {
                put_locator(entry, url)
            }
        }
        Target::With(kind) => put_link(entry, kind, url),
        Target::Other => match hint {
            Some(Field::Url | Field::Arxiv | Field::Doi | Field::Openreview | Field::Title) => {
                put_locator(entry, url)
            }
            _ => Taken::Not("an address that is not said to be the paper's"),
        },
    }
}

fn put_link(entry: &mut Entry, kind: LinkKind, url: &str) -> Taken {
    match entry.links.get(&kind) {
        Some(taken) if taken == url => Taken::As("the same address"),
        Some(_) => Taken::Not("a second address of its kind"),
        None => {
            entry.links.insert(kind, url.to_owned());
            Taken::As(kind.key())
        }
    }
}

fn put_locator(entry: &mut Entry, url: &str) -> Taken {
    let is_document = {
        let path = url
            .split(['?', '#'])
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        std::path::Path::new(&path)
            .extension()
            .is_some_and(|end| end == "pdf")
            || url.contains("arxiv.org/pdf/")
            || url.contains("openreview.net/pdf")
    };
    match identifier::of_url(url) {
        Some(Identified::Arxiv(id)) => {
            let url_of = identifier::arxiv_url(&id);
            if let Some(taken) = &entry.arxiv {
                return if offprint_core::model::without_version(taken)
                    == offprint_core::model::without_version(&id)
                {
                    if is_document {
                        put_link(entry, LinkKind::Pdf, url)
                    } else {
                        Taken::As("the same address")
                    }
                } else {
                    Taken::Not("a second paper's address")
                };
            }
            entry.arxiv = Some(id);
            if is_document {
                put_link(entry, LinkKind::Pdf, url);
            }
            put_landing(entry, url_of);
            Taken::As("url")
        }
        Some(Identified::Openreview(id)) => {
            if entry.openreview.as_ref().is_some_and(|taken| *taken != id) {
                return Taken::Not("a second paper's address");
            }
            let url_of = identifier::openreview_url(&id);
            entry.openreview = Some(id);
            if is_document {
                put_link(entry, LinkKind::Pdf, url);
            }
            put_landing(entry, url_of);
            Taken::As("url")
        }
        Some(Identified::Doi(id)) => {
            if entry.doi.is_some() {
                return Taken::Not("a second identifier");
            }
            entry.doi = Some(id);
            put_landing(entry, url.to_owned());
            Taken::As("url")
        }
        None if is_document && entry.url.is_some() => put_link(entry, LinkKind::Pdf, url),
        None if entry.url.is_none() => {
            if is_document {
                put_link(entry, LinkKind::Pdf, url);
            }
            entry.url = Some(url.to_owned());
            Taken::As("url")
        }
        None if entry.url.as_deref() == Some(url) => Taken::As("the same address"),
        None => Taken::Not("a second address of the paper"),
    }
}

/// Takes a paper's own page, before one that only speaks of it.
fn put_landing(entry: &mut Entry, url: String) {
    let is_own = entry
        .url
        .as_deref()
        .is_some_and(|taken| address::target(taken) == Target::Paper);
    if !is_own {
        entry.url = Some(url);
    }
}

/// Puts all addresses of a line where they belong.
fn put_addresses(entry: &mut Entry, line: &Line, hint: Option<Field>) -> Option<Taken> {
    let mut taken = None;
    for (url, range) in features::addresses(line) {
        let words = line.text.get(range.clone()).unwrap_or_default();
        let own = own_label(line, &range, words).or(hint);
        let result = put_address(entry, &url, own);
        if !matches!(taken, Some(Taken::As(_))) {
            taken = Some(result);
        }
    }
    taken
}

/// What a link is called: by its words, or by those before it.
fn own_label(line: &Line, range: &Range<usize>, words: &str) -> Option<Field> {
    let by_words = || {
        let words = words.trim_matches(|c: char| !c.is_alphanumeric());
        words::field(words).filter(|field| field.is_address() || *field == Field::Title)
    };
    if !words.starts_with("http")
        && let Some(field) = by_words()
    {
        return Some(if field == Field::Title {
            Field::Url
        } else {
            field
        });
    }
    let before = line
        .text
        .get(..range.start)?
        .trim_end_matches([' ', ':', '：', '[', '(', '（', '】']);
    let start = before
        .rfind(|c: char| {
            c.is_whitespace()
                || matches!(
                    c,
                    ',' | '，' | '|' | '/' | '；' | ';' | '。' | '【' | '、' | ')' | ']' | '）'
                )
        })
        .map_or(0, |at| {
            at + before
                .get(at..)
                .and_then(|rest| rest.chars().next())
                .map_or(1, char::len_utf8)
        });
    words::field(before.get(start..)?).filter(|field| field.is_address())
}

/// Takes a labelled value. `line` is the value alone.
pub(super) fn put_field(paper: &mut DraftPaper, field: Field, line: &Line) -> Taken {
    let entry = &mut paper.entry;
    let value = line.text.trim();
    match field {
        Field::Url | Field::Link(_) => match put_addresses(entry, line, Some(field)) {
            Some(taken) => taken,
            None => match address::arxiv_in(value) {
                Some((_, id)) => put_locator(entry, &identifier::arxiv_url(&id)),
                None => Taken::Not("no address"),
            },
        },
        Field::Arxiv | Field::Doi | Field::Openreview => {
            if let Some(taken) = put_addresses(entry, line, Some(field)) {
                return taken;
            }
            let id = features::identifier(field, value).or_else(|| {
                address::arxiv_in(value)
                    .map(|(_, id)| id)
                    .filter(|_| field == Field::Arxiv)
            });
            match (field, id) {
                (Field::Arxiv, Some(id)) => put_locator(entry, &identifier::arxiv_url(&id)),
                (Field::Openreview, Some(id)) => {
                    put_locator(entry, &identifier::openreview_url(&id))
                }
                (_, Some(id)) => {
                    entry.doi.get_or_insert(id);
                    Taken::As("doi")
                }
                (_, None) => Taken::Not("no identifier"),
            }
        }
        Field::Authors => {
            if entry.authors.is_empty() {
                entry.authors = names(value);
                Taken::As("authors")
            } else {
                Taken::Not("authors again")
            }
        }
        Field::Affiliations => {
            entry
                .affiliations
                .extend(list(value, &['；', ';', '、', '，']));
            Taken::As("affiliations")
        }
        Field::Venue => put_venue(entry, value),
        Field::Comments => match words::venue(value) {
            Some(_) => put_venue(entry, value),
            None => Taken::Not("a comment of the paper's authors"),
        },
        Field::Date => put_date(entry, value),
        Field::Tags => {
            entry
                .tags
                .extend(list(value, &[',', '，', '、', ';', '；', '/', '#', '|']));
            Taken::As("tags")
        }
        Field::Status => match status(value) {
            Some(status) => {
                entry.status = Some(status);
                Taken::As("status")
            }
            None => put_venue(entry, value),
        },
        Field::Rating => match rating(value) {
            Some(rating) => {
                paper.rating = Some(rating);
                Taken::As("rating")
            }
            None => Taken::Not("no rating from 1 to 5"),
        },
        Field::Presenter => {
            paper.presenter = (!value.is_empty()).then(|| value.to_owned());
            Taken::As("presenter")
        }
        Field::Tldr => {
            paper.tldr = prose::inlines(line);
            Taken::As("tldr")
        }
        Field::Title
        | Field::Translation
        | Field::Abstract
        | Field::Commentary
        | Field::Aspect
        | Field::Editor
        | Field::Translator
        | Field::Original
        | Field::Origin
        | Field::Account
        | Field::AccountId
        | Field::Declaration
        | Field::Unwanted => Taken::Not("no fact of a paper"),
    }
}

fn put_venue(entry: &mut Entry, value: &str) -> Taken {
    if value.is_empty() || entry.venue.is_some() {
        return Taken::Not("a second venue");
    }
    match words::venue(value) {
        Some(venue) => {
            entry.venue = Some(venue.name);
            entry.status = entry.status.or(venue.status);
        }
        None if value.chars().count() <= 160 => {
            let when = when::find(value);
            let end = when.as_ref().map_or(value.len(), |when| when.range.start);
            let value = value.get(..end).unwrap_or_default().trim();
            entry.date = entry.date.or(when.map(|when| when.date));
            if value.is_empty() {
                return Taken::As("date");
            }
            entry.venue = Some(value.trim_end_matches(['。', '，', ',']).to_owned());
        }
        None => return Taken::Not("too long for a venue"),
    }
    Taken::As("venue")
}

fn put_date(entry: &mut Entry, value: &str) -> Taken {
    if let Some(when) = when::find(value) {
        entry.date = Some(when.date);
        return Taken::As("date");
    }
    let year = value
        .split(|c: char| !c.is_ascii_digit())
        .filter(|digits| digits.len() == 4)
        .find_map(|digits| {
            digits
                .parse::<i16>()
                .ok()
                .filter(|year| (1900..=2100).contains(year))
        });
    match year {
        Some(year) => {
            entry.year = Some(year);
            Taken::As("year")
        }
        None => Taken::Not("no date with a year"),
    }
}

fn status(value: &str) -> Option<Status> {
    let lower = value.to_lowercase();
    Status::ALL
        .iter()
        .find(|(name, _)| lower.contains(name))
        .map(|(_, status)| *status)
        .or_else(|| {
            [
                ("录用", Status::Accepted),
                ("接收", Status::Accepted),
                ("投稿", Status::Submitted),
                ("预印", Status::Preprint),
                ("拒", Status::Rejected),
                ("撤稿", Status::Withdrawn),
            ]
            .into_iter()
            .find(|(word, _)| value.contains(word))
            .map(|(_, status)| status)
        })
}

fn rating(value: &str) -> Option<u8> {
    let stars = value
        .chars()
        .filter(|c| matches!(c, '★' | '⭐' | '🌟'))
        .count();
    if stars > 0 {
        return u8::try_from(stars).ok().filter(|stars| *stars <= 5);
    }
    let digit = value.trim().chars().next()?.to_digit(10)?;
    let rest = value.trim().get(1..)?.trim();
    let is_of_five = rest.is_empty() || matches!(rest, "/5" | "/ 5" | "星" | "分");
    u8::try_from(digit)
        .ok()
        .filter(|digit| is_of_five && (1..=5).contains(digit))
}

/// Names of a list of authors.
pub(super) fn names(value: &str) -> Vec<String> {
    let value = value.trim();
    // A list that was cut ends in a part of a name.
    let is_cut_off = value.ends_with("...") || value.ends_with('…');
    let value = if let Some(cut) = value
        .strip_suffix("...")
        .or_else(|| value.strip_suffix('…'))
    {
        let end = cut.rfind([',', '，', '、', ';', '；']);
        end.and_then(|end| cut.get(..end)).unwrap_or(cut)
    } else {
        value
    };
    let value = value.trim_end_matches(['。', '.', '…']);
    let whole = value;
    let value = value
        .trim_end_matches("等人")
        .trim_end_matches('等')
        .trim_end();
    // That a list breaks off is a fact too; `check` tells it.
    let is_cut_in_chinese = value.len() < whole.len();
    let has_wide = value.contains(['、', '；', ';']);
    // `Ada Lovelace, Alan Turing、Kurt Gödel` has both; in `Lovelace, Ada; Turing, Alan` a comma
    // divides no people.
    let are_whole = value
        .split(['、', '；', ';', ','])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .all(|part| part.contains(' ') || part.chars().all(offprint_core::chars::is_han));
    let separators: &[char] = if has_wide && are_whole {
        &['、', '；', ';', '，', ',']
    } else if has_wide {
        &['、', '；', ';', '，']
    } else {
        &[',', '，', '/', '|', '·', '&']
    };
    let separators: Vec<char> = separators
        .iter()
        .copied()
        // `阿卜·杜拉` is one name.
        .filter(|&c| c != '·' || value.contains(" · "))
        .collect();
    let mut out = Vec::new();
    let mut is_cut = is_cut_off;
    for part in value.split(separators.as_slice()) {
        for name in part.split(" and ") {
            let name = name
                .trim()
                .trim_start_matches("and ")
                .trim_matches(|c: char| {
                    c.is_whitespace()
                        || c.is_ascii_digit()
                        || matches!(
                            c,
                            '*' | '†' | '‡' | '§' | '^' | '#' | '¹' | '²' | '³' | '⁴' | ':' | '：'
                        )
                })
                .trim();
            let is_rest = matches!(name, "" | "et al" | "et al." | "等" | "等人" | "others");
            is_cut |= is_rest && !name.is_empty();
            let (name, is_last) = match name.strip_suffix(" et al") {
                Some(name) => (name, true),
                None => (name, false),
            };
            is_cut |= is_last;
            if !is_rest && name.chars().any(char::is_alphabetic) {
                out.push(name.to_owned());
            }
        }
    }
    if !out.is_empty() && is_cut_in_chinese {
        out.push("等".to_owned());
    } else if !out.is_empty() && is_cut {
        out.push("et al.".to_owned());
    }
    out
}

/// Parts of a list without blanks around them.
fn list(value: &str, separators: &[char]) -> Vec<String> {
    value
        .split(separators)
        .map(|part| part.trim().trim_end_matches('。').trim())
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Takes an unlabelled line of facts: names, a venue, links.
pub(super) fn put_unlabelled(paper: &mut DraftPaper, line: &Line, features: &Features) -> Taken {
    let entry = &mut paper.entry;
    if let Some(taken) = put_addresses(entry, line, None) {
        return taken;
    }
    if features.is_names || features.is_person && entry.authors.is_empty() {
        return put_field(paper, Field::Authors, line);
    }
    if features.is_venue {
        return put_venue(entry, &line.text);
    }
    if let Some((_, id)) = address::arxiv_in(&line.text) {
        return put_locator(entry, &identifier::arxiv_url(&id));
    }
    if features.is_tags {
        if let Some(names) = features::categories(&line.text) {
            entry.tags.extend(names.into_iter().map(str::to_owned));
            return Taken::As("tags");
        }
        let names: Vec<String> = line
            .text
            .split([' ', ',', '，', ';', '|'])
            .map(|word| word.trim_matches('#').to_owned())
            .filter(|word| !word.is_empty())
            .collect();
        entry.tags.extend(names);
        return Taken::As("tags");
    }
    if features.is_date {
        return put_date(entry, &line.text);
    }
    Taken::Not("says nothing of the paper that an issue has a place for")
}

/// What is left of a title's line, to be said of the paper.
pub(super) struct Rest {
    /// The title in the page's language.
    pub(super) translation: Option<String>,
    /// Prose behind the title.
    pub(super) prose: Option<Line>,
}

/// Takes the line that a paper begins with.
pub(super) fn put_title(paper: &mut DraftPaper, line: &Line, features: &Features) -> Rest {
    let from = features
        .label
        .map_or(features.words_from, |(_, value)| value);
    let value = line.from(from);
    let mut rest = Rest {
        translation: None,
        prose: None,
    };
    let (title, after) = title_of(&value, features);
    let mut before = value.part(0..title.start);
    before.text = before
        .text
        .trim_matches(|c: char| {
            c.is_whitespace()
                || matches!(
                    c,
                    '[' | ']' | '【' | '】' | '(' | ')' | '（' | '）' | '-' | '|' | ':' | '：'
                )
        })
        .to_owned();
    if let Some(venue) = words::venue(&before.text) {
        paper.entry.venue.get_or_insert(venue.name);
        paper.entry.status = paper.entry.status.or(venue.status);
    }
    for (url, range) in features::addresses(&value) {
        if range.start >= title.start
            && range.end <= title.end.max(range.end)
            && range.start < title.end
        {
            put_address(
                &mut paper.entry,
                &url,
                Some(Field::Url).filter(|_| address::target(&url) == Target::Paper),
            );
        }
    }
    let (words, translation) =
        clean_title(value.text.get(title).unwrap_or_default(), &mut paper.entry);
    rest.translation = translation;
    if paper.entry.title.is_none() && !words.is_empty() {
        paper.entry.lang = language(&words);
        paper.entry.title = Some(words);
    }
    let tail = value.from(after);
    rest.prose = put_tail(paper, &tail);
    rest
}

/// Takes a title that is known to be one.
pub(super) fn put_words(paper: &mut DraftPaper, words: &str) {
    let (title, _) = clean_title(words, &mut paper.entry);
    paper.entry.lang = language(&title);
    paper.entry.title = Some(title).filter(|title| !title.is_empty());
}

/// Takes the title in the paper's own language, and gives back the translation that stood for it.
pub(super) fn put_original(paper: &mut DraftPaper, written: &str) -> Option<String> {
    let entry = &mut paper.entry;
    let (words, _) = clean_title(written, entry);
    entry.lang = language(&words);
    entry.title.replace(words)
}

/// The language of a title, where its script leaves no doubt.
fn language(title: &str) -> Option<Lang> {
    let han = title.chars().any(offprint_core::chars::is_han);
    let latin = title.chars().filter(char::is_ascii_alphabetic).count();
    let other = title
        .chars()
        .any(|c| c.is_alphabetic() && !c.is_ascii() && !offprint_core::chars::is_han(c));
    if han || other || latin < 10 {
        return None;
    }
    Lang::parse("en")
}

/// Where the title stands in its line, and where what follows it begins.
fn title_of(value: &Line, features: &Features) -> (Range<usize>, usize) {
    let text = &value.text;
    let open = text.find(['《', '「', '『']);
    if features.book > 0.0
        && let Some(start) = open
        && let Some(end) = closing(text, start)
    {
        let inner = start
            + text
                .get(start..)
                .and_then(|rest| rest.chars().next())
                .map_or(0, char::len_utf8);
        let after = end
            + text
                .get(end..)
                .and_then(|rest| rest.chars().next())
                .map_or(0, char::len_utf8);
        // A Latin title with its translation in book marks keeps its own words.
        if features::latin_title(text.get(..start).unwrap_or_default()) < 1.5 {
            return (inner..end, after);
        }
    }
    // `论文：*Title* (where, when)`
    let is_title = |field: Field| field == Field::Title;
    if features.label.is_some_and(|(field, _)| is_title(field))
        && let Some(range) = slanted(value)
    {
        return (range.clone(), range.end);
    }
    let found = features::addresses(value);
    let shown = |range: &Range<usize>| {
        let words = text.get(range.clone()).unwrap_or_default();
        !(words.starts_with("http") || words.contains(".org/") || words.contains(".com/"))
    };
    if let Some((_, range)) = found.first() {
        let before = text.get(..range.start).unwrap_or_default();
        let starts = before.chars().filter(|c| c.is_alphanumeric()).count() == 0;
        let words = text.get(range.clone()).unwrap_or_default();
        if starts && shown(range) && words.chars().count() >= 8 {
            return (range.clone(), range.end);
        }
        if !starts && (features.has_title_before_link || features.anchor.is_some() || !shown(range))
        {
            // A bracket or a label before the link is none of the title's words.
            let mut end = before
                .trim_end_matches([
                    ' ', '[', '(', '（', '【', ':', '：', '-', '–', '|', ',', '，', '。',
                ])
                .len();
            let head = before.get(..end).unwrap_or_default();
            if let Some((at, word)) =
                head.rsplit_once(|c: char| c.is_whitespace() || matches!(c, '，' | ',' | '|'))
                && words::field(word).is_some_and(Field::is_address)
                && shown(range) == words.starts_with("http")
            {
                end = at
                    .trim_end_matches([' ', '[', '(', '-', '|', ',', '，', '。'])
                    .len();
            }
            let (title, _) = bold_or_dash(value, end);
            return (title.clone(), title.end);
        }
    }
    bold_or_dash(value, text.len())
}

/// A title in italics, with no more behind it than brackets.
fn slanted(value: &Line) -> Option<Range<usize>> {
    let mark = value
        .marks
        .iter()
        .find(|mark| mark.kind == MarkKind::Emphasis && mark.range.start == 0)?;
    let rest = value.text.get(mark.range.end..)?.trim_start();
    let is_title = mark.range.len() >= 12 && rest.starts_with(['(', '（', '[']);
    is_title.then(|| mark.range.clone())
}

/// A title that ends where its dress does, or before a dash.
fn bold_or_dash(value: &Line, end: usize) -> (Range<usize>, usize) {
    let text = value.text.get(..end).unwrap_or_default();
    let dressed = value.marks.iter().find(|mark| {
        mark.kind == MarkKind::Strong
            && mark.range.start <= 2
            && mark.range.end < end
            && mark.range.len() >= 4
            && text.get(mark.range.end..).is_some_and(|rest| {
                mark.range.len() >= 12 && mark.range.len() * 3 > rest.len()
                    || rest.split_whitespace().count() >= 8
                    || rest.chars().count() >= 40
            })
    });
    if let Some(mark) = dressed
        && let Some(words) = text.get(mark.range.clone())
        && !words.trim_end().ends_with([':', '：'])
    {
        return (mark.range.clone(), mark.range.end);
    }
    for dash in [" - ", " – ", " — ", " —— ", "——"] {
        if let Some(at) = text.find(dash) {
            let before = text.get(..at).unwrap_or_default();
            let after = text.get(at + dash.len()..).unwrap_or_default();
            if features::latin_title(before) >= 1.0 && after.split_whitespace().count() >= 8 {
                return (0..at, at + dash.len());
            }
        }
    }
    (0..end, end)
}

fn closing(text: &str, open: usize) -> Option<usize> {
    let rest = text.get(open..)?;
    let mut depth = 0_usize;
    for (at, character) in rest.char_indices() {
        match character {
            '《' | '「' | '『' => depth += 1,
            '》' | '」' | '』' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(open + at);
                }
            }
            _ => {}
        }
    }
    None
}

/// A title's words alone: what stands in brackets around them is told apart.
fn clean_title(written: &str, entry: &mut Entry) -> (String, Option<String>) {
    let mut title = written.trim();
    let mut translation = None;
    // A venue in brackets before or after.
    for _ in 0..3 {
        if let Some(inner) = title.strip_prefix(['[', '【', '(', '（'])
            && let Some(end) = inner.find([']', '】', ')', '）'])
        {
            let inside = inner.get(..end).unwrap_or_default();
            let close = inner
                .get(end..)
                .and_then(|rest| rest.chars().next())
                .map_or(0, char::len_utf8);
            let after = inner.get(end + close..).unwrap_or_default().trim_start();
            let is_venue = put_bracket(inside, entry);
            if (is_venue
                || inside.chars().count() <= 8 && inside.chars().any(offprint_core::chars::is_han))
                && !after.is_empty()
            {
                title = after;
                continue;
            }
        }
        let Some(before_close) = title.strip_suffix([']', '】', ')', '）']) else {
            break;
        };
        let Some(open) = before_close.rfind(['[', '【', '(', '（']) else {
            break;
        };
        let width = before_close
            .get(open..)
            .and_then(|rest| rest.chars().next())
            .map_or(0, char::len_utf8);
        let inside = before_close.get(open + width..).unwrap_or_default().trim();
        let front = before_close.get(..open).unwrap_or_default().trim_end();
        if front.is_empty() {
            break;
        }
        let is_translated = features::latin_title(front) >= 1.0
            && inside
                .chars()
                .filter(|&c| offprint_core::chars::is_han(c))
                .count()
                >= 4;
        if put_bracket(inside, entry) {
            title = front;
        } else if let Some(before) = before_venue(front, entry) {
            entry.affiliations.push(inside.to_owned());
            title = before;
        } else if is_translated {
            translation = Some(inside.to_owned());
            title = front;
        } else {
            break;
        }
    }
    title = without_people(title, entry);
    // `Title 标题的译文`, the original first.
    if translation.is_none()
        && let Some(at) = title.find(offprint_core::chars::is_han)
    {
        let (front, back) = title.split_at_checked(at).unwrap_or((title, ""));
        let clean =
            front.trim_end_matches([' ', '|', '｜', '/', '-', '—', '《', '：', ':', '（', '(']);
        let all_han = back
            .chars()
            .filter(|c| c.is_alphabetic())
            .all(|c| offprint_core::chars::is_han(c) || c.is_ascii());
        if features::latin_title(clean) >= 2.0
            && clean.split_whitespace().count() >= 4
            && all_han
            && back.chars().count() >= 4
        {
            translation = Some(back.trim_end_matches(['》', '）', ')']).to_owned());
            title = clean;
        }
    }
    if let Some((range, id)) = address::arxiv_in(title)
        && range.end + 2 >= title.len()
        && range.start > 8
    {
        let url = identifier::arxiv_url(&id);
        put_locator(entry, &url);
        title = title.get(..range.start).unwrap_or_default();
    }
    let title = title
        .trim()
        .trim_start_matches('#')
        .trim_matches(|c: char| matches!(c, '"' | '“' | '”' | '|' | '｜' | '*' | '_'))
        .trim_end_matches([
            ' ', ':', '：', '。', ',', '，', '-', '–', '|', '[', '(', '（', ';', '；',
        ])
        .trim();
    let title = title
        .strip_suffix('.')
        .filter(|title| !title.ends_with('.'))
        .unwrap_or(title);
    (title.to_owned(), translation)
}

/// What stands before a venue in brackets at the end: behind it is who wrote the paper, as in
/// `Title[CVPR'22][University]`.
fn before_venue<'a>(front: &'a str, entry: &mut Entry) -> Option<&'a str> {
    let inner = front.strip_suffix([']', '】'])?;
    let open = inner.rfind(['[', '【'])?;
    let width = inner.get(open..)?.chars().next()?.len_utf8();
    let title = inner.get(..open)?.trim_end();
    (!title.is_empty() && put_bracket(inner.get(open + width..)?.trim(), entry)).then_some(title)
}

/// A title without the people in brackets behind it: `Title (Ada Lovelace and Alan Turing)`.
fn without_people<'a>(title: &'a str, entry: &mut Entry) -> &'a str {
    let Some(range) = features::names_behind(title).filter(|_| entry.authors.is_empty()) else {
        return title;
    };
    entry.authors = names(title.get(range.clone()).unwrap_or_default());
    title
        .get(..range.start)
        .unwrap_or_default()
        .trim_end_matches("By ")
        .trim_end_matches("by ")
        .trim_end_matches(['(', '（', ' '])
}

/// A venue or an identifier that stands in brackets beside a title.
fn put_bracket(inside: &str, entry: &mut Entry) -> bool {
    if let Some(venue) = words::venue(inside)
        && venue.range.len() * 2 >= inside.len()
    {
        entry.venue.get_or_insert(venue.name);
        entry.status = entry.status.or(venue.status);
        return true;
    }
    // `[arXiv] Title`, `Title [12]`
    let is_reference = inside.len() <= 3 && inside.bytes().all(|byte| byte.is_ascii_digit());
    if address::is_archive(inside) || is_reference && !inside.is_empty() {
        return true;
    }
    if let Some((name, year)) = short_year(inside) {
        if name.eq_ignore_ascii_case("arxiv") {
            entry.year.get_or_insert(year);
        } else {
            entry.venue.get_or_insert_with(|| format!("{name} {year}"));
        }
        return true;
    }
    if let Some((range, id)) = address::arxiv_in(inside)
        && range.len() * 2 >= inside.len()
    {
        put_locator(entry, &identifier::arxiv_url(&id));
        return true;
    }
    if let Some(status) = status(inside).filter(|_| inside.chars().count() <= 12) {
        entry.status = entry.status.or(Some(status));
        return true;
    }
    let is_year = inside.len() == 4
        && inside
            .parse::<i16>()
            .is_ok_and(|year| (1950..=2100).contains(&year));
    if is_year {
        entry.year = inside.parse().ok();
    }
    is_year
}

/// A meeting with two digits of its year: `DLRS'16`.
fn short_year(inside: &str) -> Option<(&str, i16)> {
    let (name, digits) = inside.split_once(['\'', '’', '‘'])?;
    let is_name = (2..=12).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && (name.bytes().any(|byte| byte.is_ascii_uppercase()) || name == "arxiv");
    let is_year = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
    let year: i16 = digits.parse().ok()?;
    // No meeting is called so that was held before 1960.
    let century = if year >= 60 { 1900 } else { 2000 };
    (is_name && is_year).then_some((name, century + year))
}

/// What stands behind a title: links, names, a venue, prose.
fn put_tail(paper: &mut DraftPaper, tail: &Line) -> Option<Line> {
    let found = features::addresses(tail);
    put_addresses(&mut paper.entry, tail, None);
    let mut words = String::new();
    let mut at = 0;
    for (_, range) in &found {
        let is_shown = tail
            .text
            .get(range.clone())
            .is_some_and(|shown| !shown.starts_with("http") && shown.chars().count() > 14);
        let end = if is_shown { range.end } else { range.start };
        words.push_str(tail.text.get(at..end).unwrap_or_default());
        at = range.end.max(at);
    }
    words.push_str(tail.text.get(at..).unwrap_or_default());
    let is_edge = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '-' | '–'
                    | '—'
                    | ':'
                    | '：'
                    | ','
                    | '，'
                    | '.'
                    | '。'
                    | '|'
                    | '['
                    | ']'
                    | '('
                    | ')'
                    | '（'
                    | '）'
                    | '；'
                    | ';'
                    | '/'
                    | '【'
                    | '】'
            )
    };
    let words = words.trim_matches(is_edge);
    if words.is_empty() {
        return None;
    }
    if let Some(venue) = words::venue(words)
        && venue.range.len() * 2 >= words.len()
    {
        put_venue(&mut paper.entry, words);
        return None;
    }
    if features::names_in(words) >= 2 {
        if paper.entry.authors.is_empty() {
            paper.entry.authors = names(words);
        }
        return None;
    }
    // Two or three words are a site's, not a curator's.
    let counts = words.chars().filter(|c| c.is_alphanumeric()).count();
    if counts < 8 {
        return None;
    }
    let start = tail.text.len() - tail.text.trim_start_matches(is_edge).len();
    let mut prose = tail.from(start);
    if prose.text.is_empty() {
        words.clone_into(&mut prose.text);
        prose.marks.clear();
    }
    Some(prose)
}

/// The most characters of a cell that can be a title.
const LONGEST: usize = 240;

/// Takes a row of a table.
pub(super) fn put_row(paper: &mut DraftPaper, row: &Line) -> Text {
    let mut pieces = Vec::new();
    let mut has_title = false;
    for (field, cell) in &row.cells {
        match field {
            Field::Title => {
                let is_more = std::mem::replace(&mut has_title, true);
                for (url, range) in features::addresses(cell) {
                    let shown = cell.text.get(range.clone()).unwrap_or_default();
                    let hint = own_label(cell, &range, shown)
                        .or((address::target(&url) == Target::Paper).then_some(Field::Url));
                    put_address(&mut paper.entry, &url, hint);
                }
                // The first line of a cell is the title, the others say who wrote it, or more.
                if is_more {
                    let are_names = features::names_in(&cell.text) >= 2;
                    if are_names && paper.entry.authors.is_empty() {
                        paper.entry.authors = names(&cell.text);
                    } else if !features::is_only_links(cell) {
                        pieces.push(piece(plain(cell)));
                    }
                    continue;
                }
                let from = words::numbering(&cell.text).map_or(0, |(_, _, at)| at);
                let value = cell.from(from);
                let shown = features::title_words(&value, 0);
                let at = value.text.find(shown).unwrap_or(0);
                let (range, after) = bold_or_dash(&value.from(at), shown.len());
                let words = shown.get(range).unwrap_or_default();
                if words.chars().count() > LONGEST {
                    // Where a title ends that runs on into what is said of it cannot be told.
                    pieces.push(piece(plain(&value)));
                    continue;
                }
                let words = words.trim_matches(['《', '》']);
                let (title, translation) = clean_title(words, &mut paper.entry);
                if paper.entry.title.is_none() && !title.is_empty() {
                    paper.entry.lang = language(&title);
                    paper.entry.title = Some(title);
                }
                if let Some(translation) = translation {
                    pieces.push(piece(Line {
                        text: translation,
                        ..Line::default()
                    }));
                }
                if after < shown.len() {
                    let rest = value.part(at + after..at + shown.len());
                    pieces.push(piece(plain(&rest)));
                }
            }
            Field::Abstract => {
                let text = prose::text(&[piece(plain(cell))]);
                paper.entry.abstract_text.extend(text);
            }
            Field::Commentary | Field::Aspect | Field::Translation => {
                pieces.push(piece(plain(cell)));
            }
            Field::Unwanted | Field::Origin => {
                put_addresses(&mut paper.entry, cell, None);
            }
            Field::Authors
            | Field::Affiliations
            | Field::Venue
            | Field::Date
            | Field::Url
            | Field::Link(_)
            | Field::Arxiv
            | Field::Doi
            | Field::Openreview
            | Field::Tldr
            | Field::Comments
            | Field::Tags
            | Field::Status
            | Field::Rating
            | Field::Presenter
            | Field::Editor
            | Field::Translator
            | Field::Original
            | Field::Account
            | Field::AccountId
            | Field::Declaration => {
                put_field(paper, *field, cell);
            }
        }
    }
    prose::text(&pieces)
}

fn piece(line: Line) -> prose::Piece {
    prose::Piece {
        line,
        is_heading: false,
    }
}

fn plain(cell: &Line) -> Line {
    let mut line = cell.clone();
    line.dress = super::line::Dress::default();
    line
}
