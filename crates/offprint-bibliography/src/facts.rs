//! Facts of one work, checked as they are gathered.

use std::ops::Range;
use std::sync::Arc;

use jiff::civil::Date;
use offprint_core::bibliography::Entry;
use offprint_core::chars::clean;
use offprint_core::check::identifier::{self, Identified};
use offprint_core::check::url::absolute;
use offprint_core::citation::ranges;
use offprint_core::markdown::one_line;
use offprint_core::model::{Lang, LinkKind, Status};
use offprint_core::{Diagnostic, Place, Source};

use crate::names;
use crate::plain;

/// The longest text that a message shows, in characters.
const SHOWN: usize = 60;

/// The most findings that are gathered from one file, before the worst are picked.
const MAX_FOUND: usize = 20_000;

/// Adds a finding, unless there are more than anybody reads: hostile files could have one in
/// every few bytes.
pub(crate) fn push(diagnostic: Diagnostic, found: &mut Vec<Diagnostic>) {
    if found.len() < MAX_FOUND {
        found.push(diagnostic);
    }
}

/// An entry that is being read.
pub(crate) struct Work<'a> {
    /// What is known so far.
    pub(crate) entry: Entry,
    source: &'a Arc<Source>,
    found: &'a mut Vec<Diagnostic>,
}

impl<'a> Work<'a> {
    pub(crate) fn new(source: &'a Arc<Source>, found: &'a mut Vec<Diagnostic>) -> Self {
        Self {
            entry: Entry::default(),
            source,
            found,
        }
    }

    /// The entry, with what its parts say of each other.
    pub(crate) fn finish(mut self) -> Entry {
        let entry = &mut self.entry;
        let identified = entry.url.as_deref().and_then(identifier::of_url);
        match identified {
            Some(Identified::Doi(doi)) => entry.doi = entry.doi.take().or(Some(doi)),
            Some(Identified::Arxiv(id)) => entry.arxiv = entry.arxiv.take().or(Some(id)),
            Some(Identified::Openreview(id)) => {
                entry.openreview = entry.openreview.take().or(Some(id));
            }
            None => {}
        }
        if entry.arxiv.is_none() {
            // arXiv registers DOIs that hold the identifier.
            let name = entry.doi.as_deref().and_then(|doi| doi.split_once('/'));
            entry.arxiv = name
                .filter(|(registrant, _)| *registrant == "10.48550")
                .and_then(|(_, name)| after_word(name, "arxiv."))
                .and_then(identifier::arxiv);
        }
        if entry.date.is_some() {
            entry.year = None;
        }
        self.entry
    }

    fn warn(&mut self, code: &'static str, message: String, at: &Range<usize>, hint: &str) {
        let place = Place::new(self.source, at.clone());
        push(
            Diagnostic::warning(code, message).at(place).hint(hint),
            self.found,
        );
    }

    pub(crate) fn title(&mut self, written: &str) {
        let title = plain::line(written);
        if !title.is_empty() {
            self.entry.title = Some(title);
        }
    }

    /// One author, who may be the sign that more are left out.
    pub(crate) fn author(&mut self, name: &str, at: &Range<usize>) {
        let name = plain::line(name);
        if names::is_and_others(&name) {
            self.warn(
                "bib::et-al",
                "the list of authors breaks off here".to_owned(),
                at,
                "name all authors in the bibliography; formats shorten the list themselves",
            );
        } else if !name.is_empty() {
            self.entry.authors.push(name);
        }
    }

    /// An author of whom no name is told.
    pub(crate) fn no_name(&mut self, at: &Range<usize>) {
        self.warn(
            "bib::no-name",
            "this author has no name and is left out".to_owned(),
            at,
            "give `family` and `given`, or `literal`",
        );
    }

    pub(crate) fn affiliation(&mut self, name: &str) {
        let name = plain::line(name);
        if !name.is_empty() && !self.entry.affiliations.contains(&name) {
            self.entry.affiliations.push(name);
        }
    }

    pub(crate) fn doi(&mut self, written: &str, at: &Range<usize>) {
        let trimmed = written.trim().trim_end_matches(['.', ',', ';']);
        let read = identifier::doi(trimmed).or_else(|| {
            let first = trimmed.split([';', ' ', '\n']).next();
            identifier::doi(first.unwrap_or_default().trim_end_matches(['.', ',']))
        });
        self.identified("bib::bad-doi", "DOI", written, read, at, |entry| {
            &mut entry.doi
        });
    }

    pub(crate) fn arxiv(&mut self, written: &str, at: &Range<usize>) {
        // `2006.05929 [cs.LG]`, `0603845 [cond-mat]`
        let (bare, class) = written.split_once('[').unwrap_or((written, ""));
        let bare = bare.trim();
        let class = class.trim_end().trim_end_matches(']');
        let class = after_word(class, "arxiv:").unwrap_or(class);
        let read = identifier::arxiv(bare)
            .or_else(|| identifier::arxiv(&format!("{}/{bare}", class.trim())));
        self.identified(
            "bib::bad-arxiv",
            "arXiv identifier",
            written,
            read,
            at,
            |entry| &mut entry.arxiv,
        );
    }

    pub(crate) fn openreview(&mut self, written: &str, at: &Range<usize>) {
        let read = identifier::openreview(written);
        self.identified(
            "bib::bad-openreview",
            "OpenReview identifier",
            written,
            read,
            at,
            |entry| &mut entry.openreview,
        );
    }

    pub(crate) fn pmid(&mut self, written: &str, at: &Range<usize>) {
        let read = identifier::pmid(written);
        self.identified(
            "bib::bad-pmid",
            "PubMed identifier",
            written,
            read,
            at,
            |entry| &mut entry.pmid,
        );
    }

    /// An ISBN, the first of several that are right; `0-8044-2957-X (pbk.)`.
    pub(crate) fn isbn(&mut self, written: &str, at: &Range<usize>) {
        // Programs put the number of a periodical here.
        if written.split_whitespace().all(is_issn) {
            return;
        }
        let whole = identifier::isbn(written);
        let parts = written.split([' ', ',', ';', '/', '(', '\n']);
        let read = whole.or_else(|| parts.into_iter().find_map(identifier::isbn));
        self.identified("bib::bad-isbn", "ISBN", written, read, at, |entry| {
            &mut entry.isbn
        });
    }

    fn identified(
        &mut self,
        code: &'static str,
        what: &str,
        written: &str,
        read: Option<String>,
        at: &Range<usize>,
        slot: impl Fn(&mut Entry) -> &mut Option<String>,
    ) {
        if read.is_some() {
            let slot = slot(&mut self.entry);
            if slot.is_none() {
                *slot = read;
            }
        } else if !written.trim().is_empty() {
            let message = format!("`{}` is no {what} and is left out", shown(written.trim()));
            self.warn(code, message, at, "mend it in the bibliography");
        }
    }

    /// The landing page, or the document itself where the address ends so.
    pub(crate) fn url(&mut self, written: &str, at: &Range<usize>) {
        // Some have several, one a line or behind a blank.
        let Some(first) = written.split_whitespace().next() else {
            return;
        };
        let Some(url) = self.address(first, at) else {
            return;
        };
        let is_document = url
            .split(['?', '#'])
            .next()
            .is_some_and(|path| path.to_ascii_lowercase().ends_with(".pdf"));
        if is_document && identifier::of_url(&url).is_none() {
            self.entry.links.entry(LinkKind::Pdf).or_insert(url);
        } else if self.entry.url.is_none() {
            self.entry.url = Some(url);
        }
    }

    pub(crate) fn link(&mut self, kind: LinkKind, written: &str, at: &Range<usize>) {
        let Some(first) = written.split_whitespace().next() else {
            return;
        };
        if let Some(url) = self.address(first, at) {
            self.entry.links.entry(kind).or_insert(url);
        }
    }

    fn address(&mut self, written: &str, at: &Range<usize>) -> Option<String> {
        match absolute(written) {
            Ok(url) if url.starts_with("http") => Some(url),
            Ok(url) => {
                let message = format!("`{}` is no page of the web and is left out", shown(&url));
                self.warn(
                    "bib::bad-url",
                    message,
                    at,
                    "write an address with https://",
                );
                None
            }
            Err(fault) => {
                let hint = fault.hint.unwrap_or_else(|| "mend the address".to_owned());
                let message = format!("{}, and is left out", fault.message);
                self.warn("bib::bad-url", message, at, &hint);
                None
            }
        }
    }

    /// A date in the form of ISO 8601, whole or in part, of a range its beginning: `2020`,
    /// `2020-06`, `2020-06-11`, `2020-06-11T10:00:00Z`, `2020/06/11`, `2019/2020`.
    pub(crate) fn date(&mut self, written: &str, at: &Range<usize>) {
        let bare = written.trim().trim_start_matches('~');
        if bare.is_empty() {
            return;
        }
        let numbers: Vec<i16> = bare
            .split('T')
            .next()
            .unwrap_or_default()
            .split(['-', '/', '.', '年', '月', '日', ' '])
            .map(|part| part.trim_end_matches(['~', '?', '%', 'X', 'u']))
            .map_while(|part| part.parse().ok())
            .collect();
        let (year, rest) = match numbers.as_slice() {
            [year, rest @ ..] if is_year(*year) => (*year, rest),
            _ => {
                self.no_date(bare, at);
                return;
            }
        };
        self.entry.year = Some(year);
        // `2020/05-06` is two months.
        let is_range = bare.contains('/') && bare.contains('-');
        let [month, day, ..] = rest else {
            return;
        };
        if is_range {
            return;
        }
        self.day(year, *month, *day);
    }

    /// A date as somebody wrote it: in the form of [`Work::date`], or with a year in it
    /// (`May 2020`), which alone is then sure.
    pub(crate) fn loose_date(&mut self, written: &str, at: &Range<usize>) {
        let bare = written.trim();
        let starts_so = bare
            .split(|sign: char| !sign.is_ascii_digit())
            .next()
            .is_some_and(|digits| digits.len() == 4);
        match year_in(bare) {
            Some(year) if !starts_so => self.entry.year = Some(year),
            Some(_) | None => self.date(bare, at),
        }
    }

    pub(crate) fn no_date(&mut self, written: &str, at: &Range<usize>) {
        let message = format!("`{}` is no date and is left out", shown(written.trim()));
        self.warn("bib::bad-date", message, at, "write it as 2020-06-11");
    }

    /// A day, if it is one.
    pub(crate) fn day(&mut self, year: i16, month: i16, day: i16) {
        let (Ok(month), Ok(day)) = (i8::try_from(month), i8::try_from(day)) else {
            return;
        };
        if let Ok(date) = Date::new(year, month, day) {
            self.entry.date = Some(date);
        }
    }

    /// Words between commas or semicolons.
    pub(crate) fn tags(&mut self, written: &str) {
        let separators: &[char] = if written.contains([';', '；']) {
            &[';', '；']
        } else {
            &[',', '，', '、', '\n']
        };
        for word in written.split(separators) {
            self.tag(word);
        }
    }

    pub(crate) fn tag(&mut self, word: &str) {
        let word = one_line(&clean(word.trim().trim_start_matches('#')));
        if !word.is_empty() && !self.entry.tags.contains(&word) {
            self.entry.tags.push(word);
        }
    }

    pub(crate) fn collection(&mut self, name: &str) {
        let name = plain::line(name);
        if !name.is_empty() && !self.entry.collections.contains(&name) {
            self.entry.collections.push(name);
        }
    }

    pub(crate) fn venue(&mut self, written: &str) {
        let venue = plain::line(written);
        if venue.is_empty() || self.entry.venue.is_some() {
            return;
        }
        // Google Scholar: `arXiv preprint arXiv:2006.05929`.
        match after_word(&venue, "arxiv") {
            Some(rest) if !rest.starts_with(char::is_alphabetic) => {
                self.arxiv_in(&venue);
                self.entry.venue = Some("arXiv".to_owned());
            }
            Some(_) | None => self.entry.venue = Some(venue),
        }
    }

    /// The volume. DBLP has the identifier of a preprint there, `abs/2006.05929`.
    pub(crate) fn volume(&mut self, written: &str) {
        if let Some(volume) = short(written).filter(|volume| !volume.contains(['/', ':'])) {
            self.entry.volume.get_or_insert(volume);
        }
    }

    /// The issue of a journal, which other works have not.
    pub(crate) fn issue(&mut self, written: &str) {
        let is_article = matches!(
            self.entry.kind.as_deref(),
            None | Some(
                "article" | "article-journal" | "article-magazine" | "article-newspaper" | "review"
            )
        );
        if let Some(issue) = short(written).filter(|issue| is_article && !is_archived(issue)) {
            self.entry.issue.get_or_insert(issue);
        }
    }

    /// Pages within something. What a book or a thesis has there is how many it has.
    pub(crate) fn pages(&mut self, written: &str) {
        let is_whole = matches!(
            self.entry.kind.as_deref(),
            Some("book" | "thesis" | "report")
        );
        if let Some(pages) = short(written).filter(|pages| !is_whole && !is_archived(pages)) {
            let pages = ranges(&pages, "-");
            self.entry.pages.get_or_insert(pages);
        }
    }

    /// Who published it, unless that is what the venue says.
    pub(crate) fn publisher(&mut self, written: &str) {
        let publisher = plain::line(written);
        if !publisher.is_empty() && self.entry.venue.as_ref() != Some(&publisher) {
            self.entry.publisher.get_or_insert(publisher);
        }
    }

    /// The arXiv identifier that a text tells: `arXiv:2006.05929 [cs]`, `abs/2006.05929`.
    pub(crate) fn arxiv_in(&mut self, written: &str) {
        if self.entry.arxiv.is_some() {
            return;
        }
        let mut rest = written;
        while let Some((start, sign)) = ["arxiv:", "abs/"]
            .iter()
            .filter_map(|sign| Some((find_word(rest, sign)?, sign)))
            .min()
        {
            let after = rest.get(start + sign.len()..).unwrap_or_default();
            let word = after.trim_start();
            let end =
                word.find(|sign: char| !(sign.is_ascii_alphanumeric() || "./-".contains(sign)));
            let word = word.get(..end.unwrap_or(word.len())).unwrap_or_default();
            if let Some(id) = identifier::arxiv(word.trim_end_matches(['.', '-'])) {
                self.entry.arxiv = Some(id);
                return;
            }
            rest = after;
        }
    }

    pub(crate) fn abstract_text(&mut self, written: &str) {
        if self.entry.abstract_text.is_empty() {
            self.entry.abstract_text = plain::paragraphs(written);
        }
    }

    /// What the keeper of the bibliography says.
    pub(crate) fn annotation(&mut self, written: &str) {
        self.entry.annotation.extend(plain::paragraphs(written));
    }

    /// A note, of which lines that programs write are facts: `arXiv:2006.05929 [cs]`,
    /// `PMID: 1`, `Publisher: X`. The others are what its keeper says.
    pub(crate) fn note(&mut self, written: &str, at: &Range<usize>) {
        let mut said = Vec::new();
        for line in written.lines() {
            let line = line.trim();
            match fact_of(line) {
                Some((name, value)) => self.noted(name, value, at),
                None => said.push(line),
            }
        }
        self.arxiv_in(written);
        self.annotation(&said.join("\n"));
    }

    /// A line of a note, or of Zotero's field for what it has no field for.
    pub(crate) fn noted(&mut self, name: &str, value: &str, at: &Range<usize>) {
        let name = name.to_ascii_lowercase();
        match name.as_str() {
            "doi" => self.doi(value, at),
            "arxiv" => self.arxiv(value, at),
            "openreview" => self.openreview(value, at),
            "pmid" => self.pmid(value, at),
            "isbn" => self.isbn(value, at),
            _ => {}
        }
    }

    pub(crate) fn lang(&mut self, written: &str) {
        self.entry.lang = lang(written);
    }

    pub(crate) fn status(&mut self, written: &str) {
        self.entry.status = status(written);
    }
}

/// A text of a few signs and a digit or a letter: a number, a name of a month.
fn short(written: &str) -> Option<String> {
    const LONGEST: usize = 60;
    let text = plain::line(written);
    (text.len() <= LONGEST && text.contains(char::is_alphanumeric)).then_some(text)
}

/// Whether it is the identifier of a preprint that stands in the place of another number.
fn is_archived(text: &str) -> bool {
    find_word(text, "arxiv").is_some() || after_word(text, "abs/").is_some()
}

/// A line of a note that programs write: its name and what it says.
fn fact_of(line: &str) -> Option<(&str, &str)> {
    const NAMES: [&str; 34] = [
        "accessed",
        "archive location",
        "arxiv",
        "backup publisher",
        "citation key",
        "comment",
        "conference name",
        "container-title",
        "doi",
        "edition",
        "eprint",
        "event-place",
        "event-title",
        "google-books-id",
        "isbn",
        "issn",
        "issue",
        "issued",
        "lccn",
        "meeting name",
        "num pages",
        "number",
        "oclc",
        "openreview",
        "original-date",
        "page version id",
        "pages",
        "pmcid",
        "pmid",
        "publisher",
        "remark",
        "series",
        "type",
        "volume",
    ];
    let (name, value) = line.split_once([':', '：'])?;
    let folded = name.trim().trim_start_matches('_').to_ascii_lowercase();
    let is_fact = NAMES.binary_search(&folded.as_str()).is_ok()
        || folded.starts_with("tex.")
        || folded == "zscc"
        || folded == "read_status";
    is_fact.then(|| (name.trim(), value.trim()))
}

/// The language that a tag or a name of it means.
fn lang(written: &str) -> Option<Lang> {
    const NAMES: [(&str, &str); 44] = [
        ("american", "en-US"),
        ("arabic", "ar"),
        ("australian", "en-AU"),
        ("brazilian", "pt-BR"),
        ("brazil", "pt-BR"),
        ("british", "en-GB"),
        ("canadian", "en-CA"),
        ("chinese", "zh"),
        ("chs", "zh-CN"),
        ("cht", "zh-TW"),
        ("croatian", "hr"),
        ("czech", "cs"),
        ("danish", "da"),
        ("dutch", "nl"),
        ("english", "en"),
        ("finnish", "fi"),
        ("french", "fr"),
        ("francais", "fr"),
        ("german", "de"),
        ("ngerman", "de"),
        ("deutsch", "de"),
        ("austrian", "de-AT"),
        ("naustrian", "de-AT"),
        ("greek", "el"),
        ("hebrew", "he"),
        ("hungarian", "hu"),
        ("italian", "it"),
        ("japanese", "ja"),
        ("korean", "ko"),
        ("norwegian", "no"),
        ("norsk", "nb"),
        ("polish", "pl"),
        ("portuguese", "pt"),
        ("russian", "ru"),
        ("spanish", "es"),
        ("swedish", "sv"),
        ("turkish", "tr"),
        ("ukenglish", "en-GB"),
        ("ukrainian", "uk"),
        ("usenglish", "en-US"),
        ("vietnamese", "vi"),
        ("中文", "zh"),
        ("中文;", "zh"),
        ("英文", "en"),
    ];
    // `English (US)`, `en-US; de`: the first word tells.
    let first = written.trim().split([' ', ',', '(']).next()?;
    let folded = first.to_lowercase();
    // No language in particular, many, or none (ISO 639-2).
    if matches!(folded.as_str(), "und" | "mul" | "zxx" | "mis") {
        return None;
    }
    let named = NAMES.iter().find(|(name, _)| *name == folded);
    match named {
        Some((_, tag)) => Lang::parse(tag),
        None => Lang::parse(&first.trim_end_matches(';').replace('_', "-")),
    }
}

/// The state that a bibliography calls so.
fn status(written: &str) -> Option<Status> {
    let folded: String = written
        .trim()
        .to_ascii_lowercase()
        .chars()
        .filter(char::is_ascii_alphabetic)
        .collect();
    Some(match folded.as_str() {
        "preprint" | "prepublished" => Status::Preprint,
        "submitted" | "underreview" => Status::Submitted,
        "accepted" | "inpress" | "forthcoming" | "toappear" => Status::Accepted,
        "oral" => Status::Oral,
        "spotlight" => Status::Spotlight,
        "poster" => Status::Poster,
        "bestpaper" => Status::BestPaper,
        "rejected" => Status::Rejected,
        "withdrawn" | "retracted" => Status::Withdrawn,
        _ => return None,
    })
}

/// A year of four digits within a text.
pub(crate) fn year_in(text: &str) -> Option<i16> {
    text.split(|sign: char| !sign.is_ascii_digit())
        .filter(|digits| digits.len() == 4)
        .filter_map(|digits| digits.parse().ok())
        .find(|year| is_year(*year))
}

pub(crate) fn is_year(year: i16) -> bool {
    (1000..=9999).contains(&year)
}

/// Whether a word has the form of an ISSN, `2049-3630`.
fn is_issn(word: &str) -> bool {
    let is_digits = |part: &str| {
        part.bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'X')
    };
    word.split_once('-').is_some_and(|(front, back)| {
        front.len() == 4 && back.len() == 4 && is_digits(front) && is_digits(back)
    }) || matches!(word, "(Electronic)" | "(Linking)" | "(Print)" | "(Online)")
}

/// What follows a word of ASCII that a text begins with, in any case.
fn after_word<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let head = text.get(..word.len())?;
    head.eq_ignore_ascii_case(word)
        .then(|| text.get(word.len()..).unwrap_or_default())
}

/// Where a word of ASCII stands in a text, in any case.
fn find_word(text: &str, word: &str) -> Option<usize> {
    let bytes = text.as_bytes().windows(word.len());
    bytes
        .enumerate()
        .find(|(_, window)| window.eq_ignore_ascii_case(word.as_bytes()))
        .map(|(at, _)| at)
}

/// What a message shows of a text that may be long.
pub(crate) fn shown(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    if line.chars().count() <= SHOWN && line.len() == text.len() {
        line.to_owned()
    } else {
        let head: String = line.chars().take(SHOWN).collect();
        format!("{head}…")
    }
}
