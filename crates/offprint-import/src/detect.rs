//! What a file is, told from what it holds; its name is asked only where that leaves a choice.

use serde_json::Value;

use crate::Kind;
use crate::links::{self, Line};

/// How much of a text is looked at line by line, in bytes.
const WINDOW: usize = 64 * 1024;

/// What a file was recognised as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Detected {
    /// A source that can be imported.
    Kind(Kind),
    /// An issue in offprint's own form: nothing need be imported.
    Issue,
}

/// Recognises a text. `name` is the file's, `-` for what has none.
#[must_use]
pub fn detect(name: &str, text: &str) -> Detected {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let ending = Ending::of(name);
    let window = text
        .get(..text.floor_char_boundary(WINDOW.min(text.len())))
        .unwrap_or_default();
    if let Some(detected) = json(text, ending) {
        return detected;
    }
    if let Some(detected) = own(window, ending) {
        return detected;
    }
    Detected::Kind(kind(window, ending))
}

fn kind(text: &str, ending: Ending) -> Kind {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    if let Some(kind) = markup(text, &lines) {
        return kind;
    }
    if is_bibtex(&lines, ending) {
        return Kind::Bibtex;
    }
    if is_ris(&lines) {
        return Kind::Ris;
    }
    if is_links(&lines) {
        return Kind::Links;
    }
    let markdown = markdown_marks(&lines);
    if ending == Ending::Table || markdown < 3 && is_table(&lines) {
        return Kind::Csv;
    }
    if markdown >= 3 || markdown >= 1 && ending == Ending::Markdown {
        return Kind::Markdown;
    }
    match ending {
        Ending::Bibtex => Kind::Bibtex,
        Ending::Ris => Kind::Ris,
        Ending::Html => Kind::Html,
        Ending::Markdown => Kind::Markdown,
        Ending::Table => Kind::Csv,
        Ending::JsonLines => Kind::JsonLines,
        Ending::Json => Kind::CslJson,
        Ending::Feed => Kind::Feed,
        Ending::Settings | Ending::Other => Kind::Page,
    }
}

/// What a file's name promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Bibtex,
    Ris,
    Html,
    Markdown,
    Table,
    JsonLines,
    Json,
    Feed,
    /// YAML or TOML.
    Settings,
    Other,
}

impl Ending {
    fn of(name: &str) -> Self {
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
        match ending.to_ascii_lowercase().as_str() {
            "bib" | "bibtex" | "biblatex" => Self::Bibtex,
            "ris" => Self::Ris,
            "html" | "htm" | "xhtml" | "mhtml" => Self::Html,
            "md" | "markdown" | "mdown" | "mkd" => Self::Markdown,
            "csv" | "tsv" | "tab" => Self::Table,
            "jsonl" | "ndjson" | "jsonlines" => Self::JsonLines,
            "json" | "csljson" => Self::Json,
            "rss" | "atom" | "xml" | "rdf" => Self::Feed,
            "yaml" | "yml" | "toml" => Self::Settings,
            _ => Self::Other,
        }
    }
}

/// JSON of some kind. Only its first value is read, for there may be a great many.
fn json(text: &str, ending: Ending) -> Option<Detected> {
    let is_array = text.starts_with('[');
    if !is_array && !text.starts_with('{') {
        return None;
    }
    let inner = if is_array {
        text.get(1..).unwrap_or_default().trim_start()
    } else {
        text
    };
    if !inner.starts_with('{') {
        // `[` begins Markdown's links too.
        let is_json = is_array && inner.starts_with(']') && inner.len() <= 2;
        return (is_json || ending == Ending::Json && is_array)
            .then_some(Detected::Kind(Kind::CslJson));
    }
    let mut values = serde_json::Deserializer::from_str(inner).into_iter::<Value>();
    let Some(Ok(Value::Object(first))) = values.next() else {
        return broken_json(text, is_array, ending);
    };
    let follows = inner
        .get(values.byte_offset()..)
        .unwrap_or_default()
        .trim_start();
    let has = |name: &str| first.contains_key(name);
    let is_text = |name: &str| first.get(name).is_some_and(Value::is_string);
    if !is_array {
        let version = first.get("version").and_then(Value::as_str);
        if version.is_some_and(|version| version.contains("jsonfeed.org"))
            || has("items") && (has("feed_url") || has("home_page_url"))
        {
            return Some(Detected::Kind(Kind::Feed));
        }
        let has_body = has("sections") || has("papers") || has("intro");
        if is_text("title") && (has("date") && has_body || has("sections")) {
            return Some(Detected::Issue);
        }
        if follows.starts_with('{') || ending == Ending::JsonLines {
            return Some(Detected::Kind(Kind::JsonLines));
        }
        // Zotero's API and some tools wrap their items.
        if has("items") {
            return Some(Detected::Kind(Kind::CslJson));
        }
    }
    let is_csl = has("type") && (has("id") || has("issued") || has("author"))
        || has("issued")
        || has("container-title")
        || first.get("author").is_some_and(|author| {
            author
                .get(0)
                .is_some_and(|name| name.get("family").is_some() || name.get("literal").is_some())
        });
    let is_single = !is_array && follows.is_empty();
    Some(Detected::Kind(if is_csl {
        Kind::CslJson
    } else if is_array || is_single {
        Kind::JsonLines
    } else {
        return None;
    }))
}

/// What begins as JSON does and is none: its reader shall say what is wrong with it.
fn broken_json(text: &str, is_array: bool, ending: Ending) -> Option<Detected> {
    let first = text.lines().next().unwrap_or_default();
    let begins = text
        .trim_start_matches(['[', '{'])
        .trim_start()
        .trim_start_matches('{')
        .trim_start()
        .starts_with('"');
    let kind = if ending == Ending::Json {
        Kind::CslJson
    } else if ending == Ending::JsonLines {
        Kind::JsonLines
    } else if !begins {
        return None;
    } else if text.contains("jsonfeed.org/version") {
        Kind::Feed
    } else if !is_array && first.trim_end().ends_with('}') {
        Kind::JsonLines
    } else {
        Kind::CslJson
    };
    Some(Detected::Kind(kind))
}

/// Whether it is an issue of our own: front matter and papers under `###`, or settings with
/// sections.
fn own(text: &str, ending: Ending) -> Option<Detected> {
    let mut lines = text.lines();
    let fence = lines.next().unwrap_or_default().trim_end();
    if fence == "---" || fence == "+++" {
        let front: Vec<&str> = lines
            .by_ref()
            .take_while(|line| line.trim_end() != fence)
            .collect();
        let has = |name: &str| is_set(&front, name);
        // A YAML issue may begin with `---` as well.
        if fence == "---" && has("title") && has("sections") {
            return Some(Detected::Issue);
        }
        let body: Vec<&str> = lines.map(str::trim).collect();
        let is_issue = has("title") && has("date") && has_papers(&body);
        return is_issue.then_some(Detected::Issue);
    }
    let lines: Vec<&str> = text.lines().collect();
    let has_sections =
        is_set(&lines, "sections") || lines.iter().any(|line| line.trim_end() == "[[sections]]");
    (has_sections
        && is_set(&lines, "title")
        && (is_set(&lines, "date") || ending == Ending::Settings))
        .then_some(Detected::Issue)
}

/// Whether a line sets `name`, as YAML or TOML do.
fn is_set(lines: &[&str], name: &str) -> bool {
    lines.iter().any(|line| {
        line.strip_prefix(name)
            .is_some_and(|rest| rest.trim_start().starts_with([':', '=']))
    })
}

/// Whether papers stand in a body as an issue has them: under `###` with their facts in a list,
/// or as a link, or as a key of a bibliography.
fn has_papers(lines: &[&str]) -> bool {
    let mut lines = lines.iter().filter(|line| !line.is_empty()).peekable();
    while let Some(line) = lines.next() {
        let Some(heading) = line.strip_prefix("### ") else {
            continue;
        };
        let is_key = heading.starts_with('@');
        let is_link = heading.starts_with('[') && heading.ends_with(')');
        let has_facts = lines.peek().is_some_and(|next| {
            next.strip_prefix("- ")
                .and_then(|fact| fact.split_once([':', '：']))
                .is_some_and(|(name, value)| {
                    name.chars().count() <= 14
                        && name.chars().all(|sign| sign.is_alphabetic() || sign == '-')
                        && !value.is_empty()
                })
        });
        if is_key || is_link || has_facts {
            return true;
        }
    }
    false
}

/// Feeds and pages, which begin with a tag. Markdown may begin with one too.
fn markup(text: &str, lines: &[&str]) -> Option<Kind> {
    if !text.starts_with('<') {
        return None;
    }
    let head: String = text
        .chars()
        .take(4096)
        .collect::<String>()
        .to_ascii_lowercase();
    let has = |tag: &str| {
        head.match_indices(tag).any(|(at, _)| {
            head.get(at + tag.len()..)
                .is_some_and(|rest| rest.starts_with([' ', '>', '\n', '\r', '\t', '/']))
        })
    };
    if has("<!doctype html") || has("<html") {
        return Some(Kind::Html);
    }
    if has("<rss") || has("<feed") || has("<rdf:rdf") {
        return Some(Kind::Feed);
    }
    if has("<head") || has("<body") || has("<meta") {
        return Some(Kind::Html);
    }
    if text.starts_with("<?xml") {
        return Some(Kind::Feed);
    }
    if links::line(lines.first().unwrap_or(&"")) != Line::Words(lines.first().unwrap_or(&"")) {
        return None;
    }
    let begins = |tag: &str| lines.iter().filter(|line| line.starts_with(tag)).count();
    (begins("<") * 2 > lines.iter().filter(|line| !line.is_empty()).count()
        && markdown_marks(lines) < 3)
        .then_some(Kind::Html)
}

/// Whether an entry is the first thing beside comments. Text before the first entry is allowed
/// to BibTeX, so a file's name says more.
fn is_bibtex(lines: &[&str], ending: Ending) -> bool {
    let is_entry = |line: &str| {
        line.strip_prefix('@').is_some_and(|rest| {
            let letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
            letters >= 2
                && rest
                    .get(letters..)
                    .is_some_and(|rest| rest.trim_start().starts_with(['{', '(']))
        })
    };
    let mut own = lines
        .iter()
        .filter(|line| !line.is_empty() && !line.starts_with('%'));
    if ending == Ending::Bibtex {
        own.any(|line| is_entry(line))
    } else {
        own.next().is_some_and(|line| is_entry(line))
    }
}

/// Whether a record begins among the first lines.
fn is_ris(lines: &[&str]) -> bool {
    let is_tag = |line: &&str, tag: &str| {
        line.strip_prefix(tag)
            .is_some_and(|rest| rest.starts_with(' ') && rest.trim_start().starts_with('-'))
    };
    lines
        .iter()
        .filter(|line| !line.is_empty())
        .take(20)
        .any(|line| is_tag(line, "TY"))
}

/// Whether most lines are addresses or identifiers with little beside them.
fn is_links(lines: &[&str]) -> bool {
    let (mut works, mut others) = (0_usize, 0_usize);
    for text in lines {
        let is_row = text.starts_with('|') || text.contains("](");
        match links::line(text) {
            Line::Works(..) if !is_row && text.chars().count() <= 240 => {
                // An address at a line's end behind words may be any text.
                let at = text.find(|sign: char| sign.is_ascii_digit() || sign == ':');
                if at.is_some_and(|at| at <= 24) {
                    works += 1;
                } else {
                    others += 1;
                }
            }
            Line::Works(..) | Line::Words(_) => others += 1,
            Line::Comment | Line::Heading(_) => {}
        }
    }
    works > 0 && works >= others * 2
}

/// How many lines are written as Markdown is and prose seldom.
fn markdown_marks(lines: &[&str]) -> usize {
    let is_list = |line: &str| ["- ", "* ", "+ "].iter().any(|mark| line.starts_with(mark));
    let mut marks = 0;
    for line in lines {
        let hashes = line.bytes().take_while(|&byte| byte == b'#').count();
        let is_heading = (1..=6).contains(&hashes)
            && line.get(hashes..).is_some_and(|rest| rest.starts_with(' '));
        let is_divider = line.contains("--")
            && line.contains('|')
            && line.chars().all(|sign| "|:- \t".contains(sign));
        let has_link = line.contains("](");
        let is_strong = line.matches("**").count() >= 2;
        marks += usize::from(is_heading)
            + 3 * usize::from(is_divider)
            + 2 * usize::from(has_link)
            + usize::from(is_list(line))
            + usize::from(is_strong);
    }
    marks
}

/// Whether the first line names columns and the second has as many.
fn is_table(lines: &[&str]) -> bool {
    const NAMES: &[&str] = &[
        "title",
        "url",
        "link",
        "links",
        "doi",
        "arxiv",
        "author",
        "authors",
        "year",
        "date",
        "venue",
        "journal",
        "abstract",
        "paper",
        "pdf",
        "code",
        "tags",
        "section",
        "item type",
        "key",
        "publication title",
        "标题",
        "题目",
        "题名",
        "链接",
        "作者",
        "摘要",
        "年份",
        "论文",
        "会议",
        "期刊",
        "来源",
    ];
    let mut lines = lines.iter().filter(|line| !line.is_empty());
    let (Some(head), Some(first)) = (lines.next(), lines.next()) else {
        return false;
    };
    [',', '\t', ';', '，'].into_iter().any(|divider| {
        let names: Vec<String> = head
            .split(divider)
            .map(|name| name.trim().trim_matches('"').to_lowercase())
            .collect();
        let known = names
            .iter()
            .filter(|name| NAMES.contains(&name.as_str()))
            .count();
        let is_quoted = first.contains('"');
        names.len() >= 2
            && known * 2 >= names.len().min(4)
            && (first.split(divider).count() >= names.len() || is_quoted)
    })
}

#[cfg(test)]
mod tests;
