//! What can be seen of a line before anything is decided.

use std::collections::BTreeMap;

use offprint_core::chars::is_han;

use super::address::{self, Target};
use super::html::Head;
use super::line::{Hint, Line};
use super::when;
use super::words::{self, Field, Numbering};

/// What is seen of a line.
#[expect(
    clippy::struct_excessive_bools,
    reason = "what is seen goes with anything else that is seen"
)]
#[derive(Debug, Clone, Default)]
pub(super) struct Features {
    /// Characters.
    pub(super) length: usize,
    /// Share of Han characters among letters, 0 to 1.
    pub(super) han: f32,
    /// The label at its beginning, and where its value begins.
    pub(super) label: Option<(Field, usize)>,
    /// The number at its beginning, and where its words begin.
    pub(super) number: Option<(Numbering, u32, usize)>,
    /// Whether there is nothing but the number.
    pub(super) is_marker: bool,
    /// How much its words look like a title in Latin script.
    pub(super) title: f32,
    /// Whether it reads like prose.
    pub(super) is_sentence: bool,
    /// Whether it is a list of people.
    pub(super) is_names: bool,
    /// Whether it is people with where they work: `Ada Lovelace, student; Max Born, Göttingen`.
    pub(super) are_people: bool,
    /// What share of it stands in 《》.
    pub(super) book: f32,
    /// The paper that it says where to find.
    pub(super) anchor: Option<String>,
    /// Whether that is another paper than the last anchor's.
    pub(super) is_new_anchor: bool,
    /// Whether it is nothing but addresses and the words that carry links.
    pub(super) is_bare_link: bool,
    /// Whether a link's words make up most of it, and may be a title.
    pub(super) is_linked_title: bool,
    /// Whether words that may be a title stand before an address.
    pub(super) has_title_before_link: bool,
    /// Whether it names a venue and little else.
    pub(super) is_venue: bool,
    /// Whether it holds a date and little else.
    pub(super) is_date: bool,
    /// Whether a date stands in it.
    pub(super) has_date: bool,
    /// Whether sites put such lines around their texts.
    pub(super) is_furniture: bool,
    pub(super) is_related_head: bool,
    pub(super) is_reference_head: bool,
    pub(super) is_intro_head: bool,
    pub(super) is_inner_heading: bool,
    /// Whether it says under a picture or a table what it shows.
    pub(super) is_caption: bool,
    /// Whether it is the title that the page's head gives.
    pub(super) is_page_title: bool,
    /// Whether the same words stand elsewhere, further down.
    pub(super) repeats_later: bool,
    /// Whether it is a heading whose words stand above other texts of the page too.
    pub(super) recurs: bool,
    /// Whether the same words stand behind a label shortly after.
    pub(super) is_echoed: bool,
    /// Whether it is a labelled title whose words stood shortly before.
    pub(super) echoes: bool,
    /// Whether it may be part of a block of tags with counts.
    pub(super) is_count: bool,
    /// Whether it is a tag or a name that may stand above a title.
    pub(super) is_herald: bool,
    /// Whether it is tags on one line.
    pub(super) is_tags: bool,
    /// Whether the addresses before and after it are one paper's.
    pub(super) is_within: bool,
    /// Whether it may be the name of one person, in Latin script.
    pub(super) is_person: bool,
    /// Whether it is a mark out of five, ten or a hundred.
    pub(super) is_mark: bool,
    /// Whether it links to more papers than one.
    pub(super) names_several: bool,
    /// Whether a list of people stands in brackets behind its words.
    pub(super) has_names_behind: bool,
    /// Whether it tells who wrote the page, when, or how often it was read.
    pub(super) is_byline: bool,
    /// Whether an account says in it who wrote its piece: `©账号 原创 · 作者 | …`.
    pub(super) is_signature: bool,
    /// Whether `论文 3：` or the like begins it.
    pub(super) is_announced: bool,
    /// Whether the page marks where its content is and this is not there.
    pub(super) is_outside: bool,
    pub(super) is_bold: bool,
    /// Whether three headings or more are of its level.
    pub(super) is_one_of_many: bool,
    /// Where the words of a title would begin.
    pub(super) words_from: usize,
}

/// Looks at all lines of a page.
pub(super) fn of(lines: &[Line], head: &Head) -> Vec<Features> {
    let content: usize = lines
        .iter()
        .filter(|line| line.dress.content)
        .map(|line| line.text.len())
        .sum();
    let all: usize = lines.iter().map(|line| line.text.len()).sum();
    let has_content = content > 300 && content * 5 > all;
    let mut out: Vec<Features> = lines.iter().map(of_line).collect();
    let titles: Vec<String> = [&head.title, &head.window_title]
        .into_iter()
        .flatten()
        .map(|title| folded(title))
        .collect();
    let folds: Vec<String> = lines
        .iter()
        .zip(&out)
        .map(|(line, features)| {
            let from = match features.label {
                Some((Field::Title, value)) => value,
                Some(_) => 0,
                None => features.words_from,
            };
            folded(line.text.get(from..).unwrap_or_default())
        })
        .collect();
    let mut last: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, fold) in folds.iter().enumerate() {
        last.insert(fold, index);
    }
    let mut anchor: Option<String> = None;
    let mut levels = [0_usize; 7];
    for line in lines {
        if let Some(count) = levels.get_mut(usize::from(line.dress.heading)) {
            *count += 1;
        }
    }
    for (index, ((features, line), fold)) in out.iter_mut().zip(lines).zip(&folds).enumerate() {
        let is_named = matches!(
            line.dress.hint,
            Some(Hint::Title | Hint::Account | Hint::Date | Hint::Byline)
        );
        features.is_outside = has_content && !line.dress.content && !is_named;
        let level = usize::from(line.dress.heading);
        features.is_one_of_many = level > 0 && levels.get(level).is_some_and(|&count| count >= 3);
        let is_long_enough = fold.chars().count() >= 8;
        features.repeats_later = is_long_enough
            && last
                .get(fold.as_str())
                .is_some_and(|&last| last > index + 3);
        features.is_page_title = is_long_enough
            && titles.iter().any(|title| {
                title == fold || title.starts_with(fold.as_str()) && fold.len() * 3 > title.len()
            });
        if let Some(found) = &features.anchor {
            features.is_new_anchor = anchor.as_ref() != Some(found);
            anchor = Some(found.clone());
        }
    }
    for index in 0..out.len() {
        let is_title = |features: &Features| {
            features
                .label
                .is_some_and(|(field, _)| field == Field::Title)
        };
        let Some(fold) = folds.get(index).filter(|fold| fold.len() >= 8) else {
            continue;
        };
        if !out.get(index).is_some_and(is_title) {
            continue;
        }
        let before = (index.saturating_sub(4)..index).find(|&before| {
            folds
                .get(before)
                .is_some_and(|other| other.starts_with(fold.as_str()))
        });
        if let Some(echoed) = before.and_then(|before| out.get_mut(before))
            && !is_title(echoed)
            && echoed.label.is_none()
        {
            echoed.is_echoed = true;
            if let Some(features) = out.get_mut(index) {
                features.echoes = true;
            }
        }
    }
    mark_recurring(lines, &folds, &mut out);
    mark_within(&mut out);
    mark_counts(lines, &mut out);
    out
}

/// How often a heading must stand on a page to be one within its papers.
const RECURS: usize = 3;

/// Marks the headings that a page repeats: no two sections and no two papers are called the
/// same, but what is said of each paper may have the same parts.
fn mark_recurring(lines: &[Line], folds: &[String], features: &mut [Features]) {
    let is_heading = |line: &Line, features: &Features, fold: &str| {
        (line.dress.heading > 0 || features.is_bold)
            && (2..=60).contains(&fold.chars().count())
            && features.anchor.is_none()
            && !features.is_names
            && !features
                .label
                .is_some_and(|(field, _)| field.is_fact() || field.is_of_page())
    };
    let is_inner: Vec<bool> = lines
        .iter()
        .zip(&*features)
        .zip(folds)
        .enumerate()
        .map(|(index, ((line, own), fold))| {
            // A page may list a paper under each of its subjects, with its address each time.
            let is_paper = features
                .get(index + 1)
                .is_some_and(|next| next.anchor.is_some() || next.is_names);
            is_heading(line, own, fold) && !is_paper
        })
        .collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (fold, _) in folds
        .iter()
        .zip(&is_inner)
        .filter(|(_, is_inner)| **is_inner)
    {
        *counts.entry(fold).or_default() += 1;
    }
    for ((features, fold), is_inner) in features.iter_mut().zip(folds).zip(is_inner) {
        let count = counts.get(fold.as_str());
        features.recurs = is_inner && count.is_some_and(|&count| count >= RECURS);
    }
}

/// How many lines a paper's address may stand below its first.
const WITHIN: usize = 40;

/// Marks the lines between two addresses of one paper: they are about that paper.
fn mark_within(features: &mut [Features]) {
    let mut last: Option<(usize, String)> = None;
    for index in 0..features.len() {
        let Some(anchor) = features
            .get(index)
            .and_then(|features| features.anchor.clone())
        else {
            continue;
        };
        if let Some((before, known)) = &last
            && *known == anchor
            && index - before <= WITHIN
        {
            for features in features.get_mut(before + 1..index).unwrap_or_default() {
                features.is_within = true;
            }
        }
        last = Some((index, anchor));
    }
}

/// Words for comparison: letters and digits in small letters.
pub(super) fn folded(text: &str) -> String {
    text.chars()
        .filter(|character| character.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

fn mark_counts(lines: &[Line], features: &mut [Features]) {
    const NAMES: [&str; 6] = ["+关注", "关注", "文章", "浏览量", "帖子", "浏览"];
    let is_name: Vec<bool> = lines
        .iter()
        .map(|line| NAMES.contains(&line.text.as_str()))
        .collect();
    let is_number: Vec<bool> = lines
        .iter()
        .map(|line| !line.text.is_empty() && line.text.chars().all(|c| c.is_ascii_digit()))
        .collect();
    for (index, features) in features.iter_mut().enumerate() {
        let at = |list: &[bool], index: Option<usize>| {
            index
                .and_then(|index| list.get(index))
                .copied()
                .unwrap_or(false)
        };
        let before = index.checked_sub(1);
        features.is_count = at(&is_name, Some(index))
            && (at(&is_name, Some(index + 1)) || at(&is_number, Some(index + 1)) || at(&is_name, before))
            || at(&is_number, Some(index)) && at(&is_name, before)
            // The subject's name, above its counts.
            || features.length <= 24
                && at(&is_name, Some(index + 1))
                && (at(&is_number, Some(index + 2)) || at(&is_number, Some(index + 3)));
    }
}

fn of_line(line: &Line) -> Features {
    let text = line.text.as_str();
    let length = text.chars().count();
    let mut features = Features {
        length,
        is_bold: line.is_bold(),
        ..Features::default()
    };
    if !line.cells.is_empty() {
        features.anchor = line.cells.iter().find_map(|(_, cell)| {
            let (url, _) = addresses(cell)
                .into_iter()
                .find(|(url, _)| address::target(url) == Target::Paper)?;
            Some(address::identity(&url))
        });
        features.title = latin_title(
            text.get(words::numbering(text).map_or(0, |(_, _, at)| at)..)
                .unwrap_or_default(),
        );
        features.han = han_share(text);
        return features;
    }
    look_at_beginning(line, length, &mut features);
    let value_from = features
        .label
        .map_or(features.words_from, |(_, value)| value);
    let value = text.get(value_from..).unwrap_or_default();
    features.han = han_share(value);
    let found = addresses(line);
    look_at_links(line, value_from, &found, &mut features);
    // `论文：[PDF]` says where it is, `Paper: None` that it is nowhere.
    if let Some((Field::Title, value)) = features.label
        && (features.is_bare_link && !features.is_linked_title
            || says_none(text.get(value..).unwrap_or_default()))
    {
        features.label = Some((Field::Url, value));
    }
    let words = if features.has_title_before_link || features.is_linked_title {
        title_words(line, value_from)
    } else {
        value
    };
    // The people behind a title are none of its words.
    let people = names_behind(value);
    features.has_names_behind = people.is_some();
    let before_people = people.and_then(|people| value.get(..people.start));
    features.title =
        latin_title(before_people.map_or(words, |title| title.trim_end_matches(['(', '（', ' '])));
    features.is_mark = is_mark(text);
    features.is_person = features.label.is_none()
        && !features.is_names
        && value.split_whitespace().count() <= 4
        && value.is_ascii()
        && is_name(value.trim());
    features.is_byline = length <= 120 && is_byline(text);
    features.is_announced = is_announced(text, &features);
    features.is_signature = length <= 120
        && (text.starts_with(['©', '®']) || text.contains("原创"))
        && features
            .label
            .is_some_and(|(field, _)| field == Field::Authors);
    features.is_names = !features.has_names_behind && names_in(value) >= 2
        || (features.label.is_none() && is_names(value));
    features.are_people = features.label.is_none() && are_people(value);
    features.is_sentence = match before_people {
        Some(title) => is_sentence(title, title.chars().count()),
        None => is_sentence(value, length),
    };
    features.book = book_share(value);
    let venue = words::venue(value);
    features.is_venue = length <= 60
        && line.dress.heading == 0
        && venue
            .as_ref()
            .is_some_and(|venue| venue.range.len() * 10 >= value.trim().len() * 6)
        || features.label.is_none() && line.dress.heading == 0 && is_event(value);
    let date = when::find(text);
    features.has_date = date.is_some();
    features.is_date = date.is_some_and(|date| date.range.len() * 10 >= text.len() * 6);
    features.is_furniture = length <= 60 && words::is_furniture(text);
    features.is_related_head = length <= 24 && words::is_related_head(text);
    features.is_reference_head = length <= 24 && words::is_reference_head(text);
    features.is_intro_head = length <= 24 && words::is_intro_head(text);
    features.is_inner_heading = length <= 30 && words::is_inner_heading(text);
    features.is_caption = is_caption(text);
    features.is_herald = length <= 30
        && line.dress.heading == 0
        && (text.starts_with('@') || text.starts_with('#') && !text.starts_with("##"));
    features.is_tags = is_tags(text) || (line.dress.hint == Some(Hint::Tags) && length <= 40);
    features
}

/// Whether what stands behind a label says that there is nothing.
pub(super) fn says_none(value: &str) -> bool {
    const WORDS: [&str; 11] = [
        "none",
        "na",
        "n/a",
        "tba",
        "tbd",
        "null",
        "无",
        "暂无",
        "没有",
        "待定",
        "未公开",
    ];
    WORDS.contains(&value.trim().to_lowercase().as_str())
}

/// Signs before a title.
const SIGNS: &str = ">●▌■◆▶★☆◇○•→➤✦👉🔥📄📌📝✅》-–— \u{fe0f}※▎|丨►▪";

/// Label, number and signs at a line's beginning.
fn look_at_beginning(line: &Line, length: usize, features: &mut Features) {
    let text = line.text.as_str();
    // A keyword for a heading is the heading of a section.
    features.label = words::label(text).filter(|(field, _)| {
        !(line.dress.heading > 0 && matches!(field, Field::Tags | Field::Unwanted))
    });
    // `[arXiv] Title` says where the title is from.
    if let Some((field, value)) = features.label
        && field.is_address()
        && text
            .get(..value)
            .is_some_and(|label| label.trim_end().ends_with([']', '】']))
        && latin_title(text.get(value..).unwrap_or_default()) >= 1.5
    {
        features.label = None;
    }
    // A label that stands alone, as a heading does.
    if features.label.is_none()
        && length <= 12
        && let Some(field @ (Field::Commentary | Field::Aspect | Field::Abstract)) =
            words::lone_label(text)
    {
        features.label = Some((field, text.len()));
    }
    if features.label.is_none() {
        features.number = words::numbering(text);
        if let Some((_, _, after)) = features.number {
            features.is_marker = after >= text.len();
            features.words_from = after;
            let rest = text.get(after..).unwrap_or_default();
            features.label = words::label(rest)
                .filter(|(field, _)| *field == Field::Title)
                .map(|(field, value)| (field, after + value));
        } else {
            let lead = text.find(|c: char| !SIGNS.contains(c)).unwrap_or(0);
            features.words_from = lead;
        }
    }
}

/// All addresses of a line: behind links, and written out.
pub(super) fn addresses(line: &Line) -> Vec<(String, std::ops::Range<usize>)> {
    let mut out: Vec<(String, std::ops::Range<usize>)> = Vec::new();
    let mut linked: Vec<std::ops::Range<usize>> = Vec::new();
    for mark in &line.marks {
        if let super::line::MarkKind::Link(url) = &mark.kind {
            out.push((url.to_string(), mark.range.clone()));
            linked.push(mark.range.clone());
        }
    }
    linked.sort_by_key(|range| range.start);
    for (range, url) in address::find(&line.text) {
        if super::prose::is_free(&linked, &range) {
            out.push((url, range));
        }
    }
    out.sort_by_key(|(_, range)| range.start);
    out
}

/// The words of a title in a line where links follow or carry it.
pub(super) fn title_words(line: &Line, from: usize) -> &str {
    let found = addresses(line);
    let first = found.iter().find(|(_, range)| range.start >= from);
    let text = &line.text;
    match first {
        Some((_, range)) if range.start <= from + 2 => {
            let words = text.get(range.clone()).unwrap_or_default();
            if words.starts_with("http") {
                text.get(from..).unwrap_or_default()
            } else {
                words
            }
        }
        Some((_, range)) => text.get(from..range.start).unwrap_or_default(),
        None => text.get(from..).unwrap_or_default(),
    }
    .trim_matches(|c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '[' | ']' | '(' | '（' | ':' | '：' | '-' | '–' | '|' | ',' | '，'
            )
    })
}

/// Whether a line is nothing but addresses and the words that carry links.
pub(super) fn is_only_links(line: &Line) -> bool {
    let found = addresses(line);
    !found.is_empty() && is_bare(&line.text, 0, &found)
}

/// Whether a line says nothing beside its addresses.
fn is_bare(text: &str, from: usize, found: &[(String, std::ops::Range<usize>)]) -> bool {
    let mut left = String::new();
    let mut at = from;
    for (_, range) in found.iter().filter(|(_, range)| range.start >= from) {
        left.push_str(text.get(at..range.start).unwrap_or_default());
        at = range.end.max(at);
    }
    left.push_str(text.get(at..).unwrap_or_default());
    let mut letters = left.chars().filter(|c| c.is_alphanumeric()).count();
    // A paper's date beside its address.
    if letters > 12
        && letters <= 40
        && let Some(date) = when::find(&left)
    {
        let written = left.get(date.range).unwrap_or_default();
        letters -= written.chars().filter(|c| c.is_alphanumeric()).count();
    }
    // Words such as `pdf`, `code` carry links; a title does not only carry one.
    let is_short_links = found.iter().all(|(_, range)| {
        let words = text.get(range.clone()).unwrap_or_default();
        words.starts_with("http")
            || words.chars().count() <= 14
            || words.contains(".org/")
            || words.contains(".com/")
            || words.chars().count() <= 24 && address::arxiv_in(words).is_some()
    });
    letters <= 12 && is_short_links
}

/// Whether a line holds a date and little else beside what stands in a range.
fn says_no_more(text: &str, range: &std::ops::Range<usize>) -> bool {
    let before = text.get(..range.start).unwrap_or_default();
    let after = text.get(range.end..).unwrap_or_default();
    let rest = format!("{before} {after}");
    let count = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
    let date = when::find(&rest)
        .and_then(|date| rest.get(date.range))
        .map_or(0, count);
    date > 0 && count(&rest) <= date + 6
}

/// Whether a line links to more than one paper: `[RobBERT](…) | [BERTje](…)`.
fn is_of_several(found: &[(String, std::ops::Range<usize>)]) -> bool {
    let mut papers = found
        .iter()
        .filter(|(url, _)| address::target(url) == Target::Paper)
        .map(|(url, _)| address::identity(url))
        .filter(|identity| identity.starts_with("arxiv/"));
    papers
        .next()
        .is_some_and(|first| papers.any(|other| other != first))
}

/// How much words look like a title that are written in capitals.
pub(super) const IN_CAPITALS: f32 = 2.8;

/// Whether a sentence goes on behind a link: `Ada released this report on how …`.
fn goes_on(text: &str, found: &[(String, std::ops::Range<usize>)], from: usize) -> bool {
    let mut rest = String::new();
    let mut at = from;
    for (_, range) in found.iter().filter(|(_, range)| range.start >= from) {
        rest.push_str(text.get(at..range.start).unwrap_or_default());
        at = range.end.max(at);
    }
    rest.push_str(text.get(at..).unwrap_or_default());
    let mut words = rest.trim_start_matches([' ', ',', ')']).split_whitespace();
    let first = words.next().unwrap_or_default();
    first.starts_with(|c: char| c.is_ascii_lowercase()) && first != "by" && words.count() >= 4
}

/// Whether a remark in brackets begins before a link: `Questions (including …`.
fn opens_remark(before: &str) -> bool {
    let Some(open) = before.rfind(['(', '（']) else {
        return false;
    };
    let inside = before.get(open..).unwrap_or_default();
    !inside.contains([')', '）'])
        && inside.chars().any(char::is_alphabetic)
        && !words::field(inside).is_some_and(Field::is_address)
}

fn look_at_links(
    line: &Line,
    from: usize,
    found: &[(String, std::ops::Range<usize>)],
    features: &mut Features,
) {
    let text = &line.text;
    let is_label_of_paper = features.label.is_some_and(|(field, _)| {
        matches!(field, Field::Url | Field::Title)
            || field == Field::Arxiv
            || field == Field::Doi
            || field == Field::Openreview
            || matches!(field, Field::Link(offprint_core::model::LinkKind::Pdf))
    });
    let linked: usize = found
        .iter()
        .filter(|(_, range)| range.start >= from)
        .map(|(_, range)| range.len())
        .sum();
    let value = text.get(from..).unwrap_or_default();
    let rest: usize = value.len().saturating_sub(linked);
    let first_paper = found
        .iter()
        .find(|(url, _)| address::target(url) == Target::Paper);
    features.is_bare_link = !found.is_empty() && is_bare(text, from, found);
    if is_of_several(found) {
        features.is_bare_link = false;
        features.names_several = true;
        return;
    }
    let first = found.iter().find(|(_, range)| range.start >= from);
    if let Some((url, range)) = first {
        let words = text.get(range.clone()).unwrap_or_default();
        let is_address = words.starts_with("http") || words.starts_with("www.");
        let leads_to_paper = address::target(url) == Target::Paper;
        let before = text.get(from..range.start).unwrap_or_default();
        let starts = before.chars().filter(|c| c.is_alphanumeric()).count() == 0;
        let goes_on = goes_on(text, found, range.end);
        let is_sentence = goes_on && line.dress.heading == 0 && latin_title(words) < IN_CAPITALS;
        features.is_linked_title = !is_address
            && !is_sentence
            && !is_citation(words)
            && starts
            && (words.chars().count() >= 8
                // A heading is short in Chinese.
                || line.dress.heading > 0
                    && leads_to_paper
                    && words.chars().count() >= 3
                    && words::field(words).is_none())
            && (leads_to_paper
                || address::target(url) != Target::Other
                || range.len() * 2 >= value.len());
        features.has_title_before_link = features
            .label
            .is_none_or(|(field, _)| field == Field::Title)
            && !starts
            && !goes_on
            && !opens_remark(before)
            && before.chars().count() >= 8
            && before.chars().count() <= 220
            && (latin_title(before.trim_end_matches([' ', ':', '：', '[', '(', '（', '-', ',']))
                >= 1.5
                || book_share(before) > 0.6)
            && rest <= before.len() + 60;
        features.is_bare_link &= !(features.is_linked_title && line.dress.heading > 0);
        if features.is_linked_title && leads_to_paper || features.has_title_before_link {
            let paper = first_paper.or((address::target(url) == Target::Paper)
                .then_some(first)
                .flatten());
            features.anchor = paper.map(|(url, _)| address::identity(url));
            return;
        }
    }
    let is_fact = features.is_bare_link || is_label_of_paper;
    if is_fact {
        features.anchor = first_paper
            .or_else(|| {
                let labelled = found.first().filter(|(url, range)| {
                    // `link: what you like, such as https://…` says of no paper where it is.
                    range.start <= from + 20 && !address::is_listing(url)
                });
                labelled.filter(|_| is_label_of_paper)
            })
            .map(|(url, _)| address::identity(url));
    }
    if features.anchor.is_none()
        && (is_label_of_paper || features.length <= 60)
        && !is_sentence(value, features.length)
        && let Some((range, id)) = address::arxiv_in(text)
        && (features
            .label
            .is_some_and(|(field, _)| field == Field::Arxiv)
            || range.len() * 2 >= text.len()
            || range.start == 0
            || says_no_more(text, &range))
    {
        features.anchor = Some(format!(
            "arxiv/{}",
            offprint_core::model::without_version(&id)
        ));
    }
    if features.anchor.is_none()
        && let Some((field @ (Field::Arxiv | Field::Doi | Field::Openreview), at)) = features.label
    {
        let value = text.get(at..).unwrap_or_default();
        features.anchor = identifier(field, value).map(|id| format!("{field:?}/{id}"));
    }
}

/// The identifier that a labelled value is.
pub(super) fn identifier(field: Field, value: &str) -> Option<String> {
    use offprint_core::check::identifier;
    let word = value
        .split_whitespace()
        .next()?
        .trim_end_matches(['。', '；', ';', ',']);
    match field {
        Field::Arxiv => identifier::arxiv(word),
        Field::Doi => identifier::doi(word),
        Field::Openreview => identifier::openreview(word),
        Field::Title
        | Field::Translation
        | Field::Authors
        | Field::Affiliations
        | Field::Venue
        | Field::Date
        | Field::Url
        | Field::Link(_)
        | Field::Abstract
        | Field::Tldr
        | Field::Commentary
        | Field::Aspect
        | Field::Comments
        | Field::Tags
        | Field::Status
        | Field::Rating
        | Field::Presenter
        | Field::Editor
        | Field::Translator
        | Field::Original
        | Field::Origin
        | Field::Account
        | Field::AccountId
        | Field::Declaration
        | Field::Unwanted => None,
    }
}

fn han_share(text: &str) -> f32 {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let han = text.chars().filter(|&c| is_han(c)).count();
    if letters == 0 {
        return 0.0;
    }
    // A Han character says as much as half a word.
    let latin = letters - han;
    let weight = han as f32 * 2.5;
    weight / (weight + latin as f32)
}

/// How much words look like a title in Latin script: below 1 hardly, above 2 very much.
pub(super) fn latin_title(text: &str) -> f32 {
    let text = text.trim();
    let length = text.chars().count();
    if !(6..=300).contains(&length) || han_share(text) > 0.3 || is_citation(text) {
        return 0.0;
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let count = words.len();
    if count > 36 || words.iter().any(|word| word.len() > 60) {
        return 0.0;
    }
    let starts_well = text.starts_with(|c: char| {
        c.is_uppercase()
            || c.is_ascii_digit()
            || matches!(c, '"' | '“' | '\'' | '‘' | '$' | 'α'..='ω')
    }) || words
        .first()
        .is_some_and(|word| word.chars().any(char::is_uppercase));
    let mut score = if starts_well { 0.8 } else { -0.8 };
    score += match count {
        0 | 1 => -1.0,
        2 => -0.2,
        3 => 0.4,
        4..=20 => 1.0,
        _ => 0.0,
    };
    let long: Vec<&&str> = words
        .iter()
        .filter(|word| word.chars().filter(|c| c.is_alphabetic()).count() >= 4)
        .collect();
    if !long.is_empty() {
        let capital = long
            .iter()
            .filter(|word| {
                word.trim_start_matches(|c: char| !c.is_alphabetic())
                    .starts_with(char::is_uppercase)
            })
            .count();
        let share = capital as f32 / long.len() as f32;
        if share >= 0.6 {
            score += 1.2;
        } else if share < 0.2 {
            score -= 0.3;
        }
    }
    if text.contains(": ") || text.contains('：') {
        score += 0.3;
    }
    if text.ends_with('.') && !text.ends_with("...") {
        score -= 0.8;
    }
    let ends = text.matches(". ").count() + text.matches("; ").count();
    if ends > 0 {
        score -= 1.0 + ends as f32;
    }
    if text.matches(", ").count() >= 4 {
        score -= 1.0;
    }
    let lower = format!(" {} ", text.to_ascii_lowercase());
    for word in [
        " we ",
        " our ",
        " this paper",
        " i ",
        " you ",
        " they ",
        " is a ",
        " has been ",
        " et al",
        " have ",
    ] {
        if lower.contains(word) {
            score -= 0.7;
        }
    }
    if names_in(text) >= 2 {
        score -= 2.5;
    }
    // Notes to oneself are written in capitals alone.
    if count >= 3 && !text.contains(char::is_lowercase) {
        score -= 1.5;
    }
    // A line that was cut at a column is no title.
    let last = words.last().copied().unwrap_or_default();
    let goes_on = [
        "the", "a", "an", "of", "and", "or", "in", "to", "for", "with", "is", "are", "by", "from",
        "that",
    ];
    if goes_on.contains(&last) || text.ends_with(',') {
        score -= 2.0;
    }
    if text.matches(" | ").count() >= 2 || text.matches(" · ").count() >= 2 {
        score -= 1.5;
    }
    score.max(0.0)
}

/// Whether words name a paper by who wrote it and when: `Lovelace et al., 2020`.
fn is_citation(text: &str) -> bool {
    let bare = text.trim_matches(|c: char| !c.is_alphanumeric());
    let head = bare
        .trim_end_matches(|c: char| c.is_ascii_digit())
        .trim_end_matches([' ', ',', '(']);
    let digits = bare.len() - bare.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let names = head
        .strip_suffix("et al.")
        .or_else(|| head.strip_suffix("et al"));
    let is_short = |names: &str| {
        let mut words = names
            .split([' ', ','])
            .filter(|word| !word.is_empty())
            .peekable();
        words.peek().is_some()
            && words.clone().count() <= 4
            && words.all(|word| matches!(word, "and" | "&") || word.starts_with(char::is_uppercase))
    };
    match names {
        Some(names) => is_short(names),
        None => digits == 4 && bare.contains(", ") && is_short(head) && head.contains([' ', ',']),
    }
}

/// Whether a line is a mark: `9/10`, `4.5 / 5`.
fn is_mark(text: &str) -> bool {
    let is_number = |part: &str| {
        let part = part.trim();
        (1..=4).contains(&part.len()) && part.parse::<f32>().is_ok_and(|mark| mark >= 0.0)
    };
    text.split_once('/')
        .is_some_and(|(mark, most)| is_number(mark) && matches!(most.trim(), "5" | "10" | "100"))
}

/// Whether a line begins as the heading of a paper that the page numbers.
fn is_announced(text: &str, features: &Features) -> bool {
    let rest = text.get(features.words_from..).unwrap_or_default();
    features
        .number
        .is_some_and(|(kind, _, _)| kind == Numbering::Word)
        && ["论文", "文献", "paper"].iter().any(|word| {
            text.get(..word.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(word))
        })
        && rest.chars().count() >= 6
        && !rest.contains(['。', '，'])
}

/// Whether a line is what stands under a page's title: several facts of the page, or how often
/// it was read.
fn is_byline(text: &str) -> bool {
    let facts = ["来源", "作者", "编辑", "发布时间", "发布于", "责编", "出处"]
        .iter()
        .filter(|word| {
            text.match_indices(**word).any(|(at, word)| {
                text.get(at + word.len()..).is_some_and(|rest| {
                    rest.trim_start()
                        .starts_with([':', '：', '|', '｜', '丨', '/'])
                })
            })
        })
        .count();
    let counts = [
        "min read",
        "minute read",
        "分钟",
        "次阅读",
        "阅读数",
        "阅读量",
        "次浏览",
        "浏览量",
    ]
    .iter()
    .any(|word| text.contains(word));
    let has_digit = text.contains(|c: char| c.is_ascii_digit());
    // A name, and behind it what the page says of itself: `读文小组 来源:读文小组`
    let is_behind = text.chars().count() <= 60
        && text.match_indices(' ').any(|(at, _)| {
            text.get(at + 1..)
                .and_then(words::label)
                .is_some_and(|(field, _)| field == Field::Origin || field == Field::Editor)
        });
    is_behind || facts >= 2 || counts && has_digit || facts == 1 && when::find(text).is_some()
}

/// The people in brackets at the end of a line: where their names begin and end.
pub(super) fn names_behind(text: &str) -> Option<std::ops::Range<usize>> {
    let front = text.trim_end().strip_suffix([')', '）'])?;
    let open = front.rfind(['(', '（'])?;
    let from = open + front.get(open..)?.chars().next()?.len_utf8();
    let names = front.get(from..)?;
    let is_title = front.get(..open)?.split_whitespace().count() >= 3;
    let start = names
        .strip_prefix("By ")
        .or_else(|| names.strip_prefix("by "))
        .unwrap_or(names);
    let from = from + (names.len() - start.len());
    (is_title && names_in(start) >= 2).then_some(from..from + start.len())
}

/// Whether a line is the name of a meeting with its year and no more: `IEEE EDGE 2018`.
fn is_event(text: &str) -> bool {
    let words: Vec<&str> = text
        .split([' ', '(', ')', '（', '）', ',', '，', '\''])
        .filter(|word| !word.is_empty())
        .collect();
    let is_year = |word: &str| {
        word.len() == 4
            && (word.starts_with("19") || word.starts_with("20"))
            && word.bytes().all(|byte| byte.is_ascii_digit())
    };
    let is_name = |word: &str| {
        word.chars().filter(char::is_ascii_uppercase).count() >= 2
            && word
                .chars()
                .all(|c| c.is_ascii_uppercase() || matches!(c, '-' | '/' | '&'))
    };
    let is_more = |word: &str| {
        matches!(
            word.to_ascii_lowercase().as_str(),
            "oral" | "poster" | "spotlight" | "workshop" | "workshops" | "findings" | "demo"
        )
    };
    (2..=5).contains(&words.len())
        && words.iter().filter(|word| is_year(word)).count() == 1
        && words.iter().any(|word| is_name(word))
        && words
            .iter()
            .all(|word| is_year(word) || is_name(word) || is_more(word))
}

/// How many names a list of people has; 0 for anything else.
pub(super) fn names_in(text: &str) -> usize {
    if text.len() > 4000 {
        return 0;
    }
    let text = text.trim();
    // A list that was cut ends in a part of a name.
    let text = match text.strip_suffix("...").or_else(|| text.strip_suffix('…')) {
        Some(cut) => cut
            .rfind([',', '，', '、', ';', '；'])
            .and_then(|end| cut.get(..end))
            .unwrap_or(cut),
        None => text,
    };
    let text = text.trim_end_matches(['.', '。', '等']);
    let parts: Vec<&str> = text
        .split([',', '，', '、', ';', '；', '&'])
        .flat_map(|part| part.split(" and "))
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    if parts.len() < 2 {
        return 0;
    }
    let names = parts.iter().filter(|part| is_name(part)).count();
    // Some people go by one name.
    let is_single = |part: &&&str| {
        (3..=16).contains(&part.len())
            && part.starts_with(char::is_uppercase)
            && part.chars().all(char::is_alphabetic)
    };
    let others = parts.iter().filter(|part| !is_name(part));
    let is_one_more =
        names >= 3 && others.clone().count() == 1 && others.clone().all(|part| is_single(&part));
    if names * 10 >= parts.len() * 8 || is_one_more {
        names
    } else {
        0
    }
}

/// Whether a line tells who people are, one after the other. Their names cannot be told from
/// those of their houses with certainty.
fn are_people(text: &str) -> bool {
    const HOUSES: [&str; 14] = [
        "university",
        "institute",
        "college",
        "school",
        "research",
        "laborator",
        "lab",
        "student",
        "professor",
        "fellow",
        "scientist",
        "engineer",
        "academy",
        "council",
    ];
    if text.len() > 1000 {
        return false;
    }
    let parts: Vec<&str> = text.split([';', '；']).map(str::trim).collect();
    let named = parts
        .iter()
        .filter(|part| {
            let first = part
                .split([',', '，', '(', '（'])
                .next()
                .unwrap_or_default();
            first.split(" and ").all(|name| is_name(name.trim()))
        })
        .count();
    let lower = text.to_lowercase();
    parts.len() >= 2 && named == parts.len() && HOUSES.iter().any(|house| lower.contains(house))
}

/// Whether a word or three are a name in Latin script, or two to four Han characters.
fn is_name(text: &str) -> bool {
    let text = text.trim_end_matches(|c: char| {
        c.is_ascii_digit()
            || matches!(
                c,
                '*' | '†' | '‡' | '§' | '¹' | '²' | '³' | '^' | '#' | ' ' | ')' | '('
            )
    });
    if matches!(text, "et al" | "et al." | "others") {
        return true;
    }
    let han = text.chars().filter(|&c| is_han(c) || c == '·').count();
    let count = text.chars().count();
    if han == count {
        return (2..=4).contains(&count);
    }
    let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
    (2..=5).contains(&words.len())
        && words.iter().all(|word| {
            word.chars().count() <= 16
                && (word.starts_with(char::is_uppercase)
                    || matches!(
                        *word,
                        "de" | "van"
                            | "von"
                            | "der"
                            | "den"
                            | "la"
                            | "di"
                            | "da"
                            | "del"
                            | "el"
                            | "bin"
                            | "ter"
                            | "le"
                            | "dos"
                    ))
                && word
                    .chars()
                    .all(|c| c.is_alphabetic() || matches!(c, '.' | '-' | '\'' | '’'))
        })
        && words
            .iter()
            .all(|word| word.chars().filter(|c| c.is_uppercase()).count() <= 3)
}

/// Whether a single line is a list of people that ends in `et al.` or 等.
fn is_names(text: &str) -> bool {
    let text = text.trim();
    let start = text
        .strip_suffix("et al.")
        .or_else(|| text.strip_suffix("et al"));
    start.is_some_and(|start| {
        start.chars().count() < 60 && is_name(start.trim().trim_end_matches(','))
    })
}

fn is_sentence(text: &str, length: usize) -> bool {
    let text = text.trim();
    let marks = text.matches(['。', '；', '！', '？']).count();
    let commas = text.matches(['，', '；']).count();
    let ends = text.ends_with(['。', '！', '；', '…'])
        || (text.ends_with('.') && length > 60)
        || (text.ends_with(['，', ',']) && length > 30);
    let inner = text.matches(". ").count() + text.matches("? ").count();
    marks >= 2
        || (ends && length > 12)
        || (commas >= 2 && length > 40)
        || (marks >= 1 && length > 40)
        || (inner >= 1
            && length > 80
            && text
                .split(". ")
                .nth(1)
                .is_some_and(|rest| rest.split(' ').count() > 4))
        || length > 240
        || (length > 90 && han_share(text) > 0.6)
        || (length > 50 && commas >= 1 && han_share(text) > 0.6)
}

fn book_share(text: &str) -> f32 {
    let text = text.trim();
    let Some(start) = text.find(['《', '「', '『']) else {
        return 0.0;
    };
    let Some(end) = text.rfind(['》', '」', '』']) else {
        return 0.0;
    };
    if end <= start || start > 24 {
        return 0.0;
    }
    let inner = text.get(start..end).unwrap_or_default().chars().count();
    if inner < 7 {
        return 0.0;
    }
    inner as f32 / text.chars().count() as f32
}

fn is_caption(text: &str) -> bool {
    let rest = ["图", "表", "Figure", "Fig.", "Table", "△", "▲", "圖"]
        .iter()
        .find_map(|start| text.strip_prefix(start));
    rest.is_some_and(|rest| {
        let rest = rest.trim_start();
        rest.starts_with(|c: char| c.is_ascii_digit() || "一二三四五六七八九".contains(c))
            || text.starts_with(['△', '▲'])
    })
}

fn is_tags(text: &str) -> bool {
    if categories(text).is_some() {
        return true;
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    (1..=20).contains(&words.len())
        && words.len() < 2 * words.iter().filter(|word| word.starts_with('#')).count()
        && words.iter().all(|word| {
            let name = word.trim_start_matches('#');
            !name.is_empty() && !name.chars().all(|c| c.is_ascii_digit())
        })
        && text.chars().count() <= 200
}

/// The categories of arXiv that a line consists of, also where nothing divides them:
/// `cs.CL cs.AI`, `cs.CVcs.LG`.
pub(super) fn categories(text: &str) -> Option<Vec<&str>> {
    const ARCHIVES: [&str; 11] = [
        "cs", "math", "stat", "eess", "econ", "q-bio", "q-fin", "physics", "astro-ph", "cond-mat",
        "nlin",
    ];
    let mut out = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let class = ARCHIVES
            .iter()
            .find_map(|name| rest.strip_prefix(name)?.strip_prefix('.'))?;
        let is_large = class.starts_with(|c: char| c.is_ascii_uppercase());
        let length = class
            .find(|c: char| {
                !(if is_large {
                    c.is_ascii_uppercase()
                } else {
                    c.is_ascii_lowercase() || c == '-'
                })
            })
            .unwrap_or(class.len());
        if length < 2 {
            return None;
        }
        let end = rest.len() - class.len() + length;
        out.push(rest.get(..end)?);
        rest = rest
            .get(end..)?
            .trim_start_matches([' ', ',', '，', ';', '|', '/']);
    }
    (!out.is_empty()).then_some(out)
}
