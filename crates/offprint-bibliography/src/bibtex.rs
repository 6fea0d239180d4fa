//! BibTeX and BibLaTeX, as people write them, and Zotero, Better BibTeX, Mendeley,
//! Google Scholar, DBLP, Crossref and arXiv.

mod entries;
mod names;
mod tex;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use offprint_core::bibliography::Entry;
use offprint_core::chars::clean;
use offprint_core::model::LinkKind;
use offprint_core::{Diagnostic, Source};

use crate::facts::{Work, push, year_in};
use crate::{Library, first_line};
use entries::{Field, Written};
use tex::{verbatim, words};

/// How far entries may refer to each other.
const MAX_PARENTS: usize = 8;

/// What a work has of the proceedings or the book that it refers to by `crossref`
/// (BibLaTeX 3.20, appendix B); the title of those is its `booktitle`. What tells one work
/// from another is left out.
const INHERITED: [&str; 14] = [
    "date",
    "year",
    "month",
    "day",
    "booktitle",
    "journal",
    "journaltitle",
    "publisher",
    "organization",
    "institution",
    "school",
    "volume",
    "language",
    "langid",
];

/// Whether a text is BibTeX: a line begins an entry.
pub(crate) fn is_one(text: &str) -> bool {
    text.lines().any(|line| {
        let Some(rest) = line.trim_start().strip_prefix('@') else {
            return false;
        };
        let after = rest.trim_start_matches(|sign: char| sign.is_ascii_alphabetic());
        after.len() < rest.len() && (after.trim_start().starts_with('{') || after.starts_with('('))
    })
}

pub(crate) fn read(source: &Arc<Source>) -> Library {
    let mut found = Vec::new();
    let written = entries::entries(source, &mut found);
    let by_key: HashMap<String, usize> = written
        .iter()
        .enumerate()
        .rev()
        .filter_map(|(index, entry)| Some((entry.key?.to_lowercase(), index)))
        .collect();
    let parents: HashSet<usize> = written
        .iter()
        .filter_map(|entry| entry.field("crossref"))
        .filter_map(|field| by_key.get(&field.tex.trim().to_lowercase()).copied())
        .collect();
    let mut entries = Vec::with_capacity(written.len());
    for (index, entry) in written.iter().enumerate() {
        // Data for others, and proceedings that stand here for their papers' sake.
        let is_for_others = matches!(entry.kind.as_str(), "xdata" | "set" | "bibnote")
            || parents.contains(&index)
                && matches!(entry.kind.as_str(), "proceedings" | "mvproceedings");
        if is_for_others {
            continue;
        }
        let fields = Fields {
            own: entry,
            all: &written,
            by_key: &by_key,
        };
        let read = fields.read(source, &mut found);
        if read.title.is_none() && read == only_key(&read) {
            push(
                Diagnostic::warning("bib::empty", "this entry says nothing and is left out")
                    .at(first_line(source, &entry.span))
                    .hint("give it a title"),
                &mut found,
            );
            continue;
        }
        entries.push((read, entry.span.clone()));
    }
    Library {
        entries,
        diagnostics: found,
    }
}

/// An entry of which nothing is known but its key and type.
fn only_key(entry: &Entry) -> Entry {
    Entry {
        key: entry.key.clone(),
        kind: entry.kind.clone(),
        ..Entry::default()
    }
}

/// The fields of an entry, with those it has from others.
struct Fields<'w, 's> {
    own: &'w Written<'s>,
    all: &'w [Written<'s>],
    by_key: &'w HashMap<String, usize>,
}

impl<'w> Fields<'w, '_> {
    fn get(&self, name: &str) -> Option<&'w Field<'w>> {
        self.own.field(name).or_else(|| {
            self.of_data(self.own, name, MAX_PARENTS)
                .or_else(|| self.of_parent(name))
        })
    }

    /// A field of the `xdata` entries that an entry refers to.
    fn of_data(&self, entry: &'w Written<'_>, name: &str, depth: usize) -> Option<&'w Field<'w>> {
        let depth = depth.checked_sub(1)?;
        let keys = entry.field("xdata")?;
        keys.tex.split(',').take(MAX_PARENTS).find_map(|key| {
            let data = self.entry(key)?;
            data.field(name).or_else(|| self.of_data(data, name, depth))
        })
    }

    /// A field of the work that this one is a part of.
    fn of_parent(&self, name: &str) -> Option<&'w Field<'w>> {
        let mut parent = self.entry(&self.own.field("crossref")?.tex)?;
        for _ in 0..MAX_PARENTS {
            let is_part = name == "booktitle"
                && matches!(
                    self.own.kind.as_str(),
                    "inproceedings" | "conference" | "incollection" | "inbook" | "suppbook"
                );
            let found = if is_part {
                parent.field("booktitle").or_else(|| parent.field("title"))
            } else if INHERITED.contains(&name) {
                parent
                    .field(name)
                    .or_else(|| self.of_data(parent, name, MAX_PARENTS))
            } else {
                None
            };
            if found.is_some() {
                return found;
            }
            parent = self.entry(&parent.field("crossref")?.tex)?;
        }
        None
    }

    fn entry(&self, key: &str) -> Option<&'w Written<'w>> {
        let index = self.by_key.get(&key.trim().to_lowercase())?;
        self.all.get(*index)
    }

    /// The first of some fields that is there.
    fn first(&self, names: &[&str]) -> Option<&'w Field<'w>> {
        names.iter().find_map(|name| self.get(name))
    }

    fn read(&self, source: &Arc<Source>, found: &mut Vec<Diagnostic>) -> Entry {
        let mut work = Work::new(source, found);
        work.entry.key = self.own.key.map(|key| clean(key).into_owned());
        if let Some(title) = self.title() {
            work.title(&title);
        }
        if let Some(field) = self.get("author") {
            for name in names::names(&field.tex) {
                work.author(&name, &field.span);
            }
        }
        self.identifiers(&mut work);
        self.venue(&mut work);
        self.dates(&mut work);
        work.entry.kind = self.kind(&work.entry).map(str::to_owned);
        self.appearance(&mut work);
        if let Some(field) = self.first(&["langid", "language", "hyphenation"]) {
            work.lang(&words(&field.tex));
        }
        if let Some(field) = self.first(&["pubstate", "status"]) {
            work.status(&words(&field.tex));
        }
        for name in ["keywords", "keyword", "mendeley-tags"] {
            if let Some(field) = self.own.field(name) {
                work.tags(&words(&field.tex));
            }
        }
        for name in ["groups", "mendeley-groups", "collections", "collection"] {
            if let Some(field) = self.own.field(name) {
                for group in words(&field.tex).split([',', ';']) {
                    work.collection(group);
                }
            }
        }
        if let Some(field) = self.get("affiliation") {
            for name in words(&field.tex).split([';', '；']) {
                work.affiliation(name);
            }
        }
        if let Some(field) = self.first(&["abstract", "abstractnote"]) {
            work.abstract_text(&words(&field.tex));
        }
        for name in ["annotation", "annote", "review"] {
            if let Some(field) = self.own.field(name) {
                work.annotation(&words(&field.tex));
            }
        }
        for name in ["note", "addendum"] {
            if let Some(field) = self.own.field(name) {
                // Zotero has a fact a line here.
                let lines: Vec<String> = field.tex.lines().map(words).collect();
                work.note(&lines.join("\n"), &field.span);
            }
        }
        work.finish()
    }

    /// The title with its subtitle, which BibLaTeX keeps apart.
    fn title(&self) -> Option<String> {
        let title = words(&self.get("title")?.tex);
        let Some(subtitle) = self.own.field("subtitle") else {
            return Some(title);
        };
        let subtitle = words(&subtitle.tex);
        let title = title.trim_end();
        Some(if title.ends_with(['?', '!', ':', '？', '！', '：']) {
            format!("{title} {subtitle}")
        } else {
            format!("{title}: {subtitle}")
        })
    }

    fn identifiers(&self, work: &mut Work<'_>) {
        if let Some(field) = self.get("doi") {
            work.doi(&verbatim(&field.tex), &field.span);
        }
        self.eprint(work);
        if let Some(field) = self.first(&["openreview", "openreviewid"]) {
            work.openreview(&verbatim(&field.tex), &field.span);
        }
        if let Some(field) = self.get("pmid") {
            work.pmid(&verbatim(&field.tex), &field.span);
        }
        if let Some(field) = self.own.field("isbn") {
            work.isbn(&verbatim(&field.tex), &field.span);
        }
        let page = ["url", "ee", "bdsk-url-1"];
        if let Some(field) = page.iter().find_map(|name| self.own.field(name)) {
            work.url(&verbatim(&field.tex), &field.span);
        }
        for kind in LinkKind::ALL {
            if let Some(field) = self.own.field(kind.key()) {
                let written = verbatim(&field.tex);
                // Others keep notes under such names.
                if written.starts_with("http") {
                    work.link(kind, &written, &field.span);
                }
            }
        }
    }

    /// `eprint` and what says whose it is.
    fn eprint(&self, work: &mut Work<'_>) {
        if let Some(field) = self.first(&["arxiv", "arxivid"]) {
            work.arxiv(&verbatim(&field.tex), &field.span);
        }
        let Some(field) = self.get("eprint") else {
            return;
        };
        let written = verbatim(&field.tex);
        let archive = self
            .first(&["eprinttype", "archiveprefix", "archive"])
            .map(|field| words(&field.tex).trim().to_ascii_lowercase());
        match archive.as_deref() {
            Some("arxiv") => {
                let class = self.first(&["eprintclass", "primaryclass"]);
                let class = class.map(|field| words(&field.tex)).unwrap_or_default();
                // Old identifiers begin with the class, which some keep apart.
                let is_old = written.len() >= 7 && !written.contains(['/', '.', ':', '[']);
                let written = match class.split('.').next() {
                    Some(class) if is_old => format!("{written} [{}]", class.trim()),
                    Some(_) | None => written,
                };
                work.arxiv(&written, &field.span);
            }
            Some("pubmed" | "medline" | "pmid") => work.pmid(&written, &field.span),
            Some("openreview") => work.openreview(&written, &field.span),
            // Where nothing says whose it is, its form may.
            None | Some("") if written.starts_with("http") => work.url(&written, &field.span),
            None | Some("") if work.entry.arxiv.is_none() => {
                work.entry.arxiv = offprint_core::check::identifier::arxiv(&written);
            }
            None | Some(_) => {}
        }
    }

    fn venue(&self, work: &mut Work<'_>) {
        let names: &[&str] = match self.own.kind.as_str() {
            "inproceedings" | "conference" | "incollection" | "inbook" | "suppbook"
            | "inreference" => &[
                "booktitle",
                "eventtitle",
                "journaltitle",
                "journal",
                "series",
            ],
            "book" | "mvbook" | "collection" | "mvcollection" | "booklet" | "dataset"
            | "software" | "proceedings" => &["publisher", "organization", "howpublished"],
            "phdthesis" | "mastersthesis" | "thesis" => &["school", "institution", "publisher"],
            "techreport" | "report" | "manual" | "standard" => {
                &["institution", "organization", "publisher"]
            }
            "online" | "electronic" | "www" | "webpage" => &[
                "organization",
                "journaltitle",
                "journal",
                "booktitle",
                "howpublished",
            ],
            "unpublished" | "presentation" => &["eventtitle", "booktitle", "howpublished"],
            _ => &[
                "journaltitle",
                "journal",
                "booktitle",
                "howpublished",
                "publisher",
            ],
        };
        for name in names {
            let Some(field) = self.get(name) else {
                continue;
            };
            // `howpublished = {\url{…}}` is an address, `volume = {abs/…}` an identifier.
            let written = verbatim(&field.tex);
            if written.starts_with("http") && !written.contains(' ') {
                work.url(&written, &field.span);
                continue;
            }
            let venue = words(&field.tex);
            let venue = match self.own.field("journalsubtitle") {
                Some(more) if matches!(*name, "journaltitle") => {
                    format!("{}: {}", venue.trim(), words(&more.tex))
                }
                Some(_) | None => venue,
            };
            work.venue(&venue);
            break;
        }
        for name in ["journal", "howpublished", "volume", "number"] {
            if let Some(field) = self.own.field(name) {
                work.arxiv_in(&verbatim(&field.tex));
            }
        }
    }

    /// Where in its journal or volume it stands, and who published that.
    fn appearance(&self, work: &mut Work<'_>) {
        if let Some(field) = self.get("volume") {
            work.volume(&words(&field.tex));
        }
        for name in ["number", "issue"] {
            if let Some(field) = self.own.field(name) {
                work.issue(&words(&field.tex));
            }
        }
        // `eid` is the number of an article that has no pages.
        for name in ["pages", "eid"] {
            if let Some(field) = self.own.field(name) {
                work.pages(&words(&field.tex));
            }
        }
        if let Some(field) = self.get("publisher") {
            work.publisher(&words(&field.tex));
        }
    }

    /// BibLaTeX has `date`, BibTeX year, month and day.
    fn dates(&self, work: &mut Work<'_>) {
        if let Some(field) = self.first(&["date", "eventdate"]) {
            // A range is written with `/`; its beginning counts.
            let written = words(&field.tex);
            let written = written.trim();
            let start = match written.split_once('/') {
                Some((start, _)) if start.contains('-') || start.len() == 4 => start,
                Some(_) | None => written,
            };
            work.date(start, &field.span);
            if work.entry.year.is_some() {
                return;
            }
        }
        let Some(field) = self.get("year") else {
            return;
        };
        let written = words(&field.tex);
        let Some(year) = year_in(&written) else {
            work.no_date(&written, &field.span);
            return;
        };
        work.entry.year = Some(year);
        let Some(month) = self.get("month") else {
            return;
        };
        let written = words(&month.tex);
        let Some(month) = month_in(&written) else {
            return;
        };
        // A month alone is no date, and a number is the month and no day.
        let day = match self.get("day") {
            Some(field) => day_in(&words(&field.tex)),
            None if written.contains(char::is_alphabetic) => day_in(&written),
            None => None,
        };
        if let Some(day) = day {
            work.day(year, month, day);
        }
    }

    /// The CSL type of an entry's type.
    fn kind(&self, entry: &Entry) -> Option<&'static str> {
        let is_at_archive = entry.venue.as_deref().is_none_or(|venue| venue == "arXiv");
        Some(match self.own.kind.as_str() {
            "article" if entry.arxiv.is_some() && is_at_archive => "article",
            "article" | "periodical" | "suppperiodical" => {
                match self.own.field("entrysubtype").map(|field| field.tex.trim()) {
                    Some("magazine") => "article-magazine",
                    Some("newspaper") => "article-newspaper",
                    _ => "article-journal",
                }
            }
            "inproceedings" | "conference" => "paper-conference",
            "book" | "mvbook" | "collection" | "mvcollection" | "booklet" | "proceedings"
            | "mvproceedings" | "reference" | "mvreference" => "book",
            "incollection" | "inbook" | "suppbook" | "suppcollection" | "inreference" => "chapter",
            "phdthesis" | "mastersthesis" | "thesis" => "thesis",
            "techreport" | "report" | "manual" => "report",
            "online" | "electronic" | "www" | "webpage" => "webpage",
            "dataset" => "dataset",
            "software" => "software",
            "standard" => "standard",
            "review" => "review",
            "preprint" => "article",
            "presentation" => "speech",
            "misc" | "unpublished" if entry.arxiv.is_some() => "article",
            "misc" | "unpublished" | "patent" => "document",
            _ => return None,
        })
    }
}

/// The month of `jun`, `June`, `06`, `10 jun`.
fn month_in(text: &str) -> Option<i16> {
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let folded = text.trim().to_ascii_lowercase();
    let named = folded
        .split(|sign: char| !sign.is_ascii_alphabetic())
        .filter(|word| word.len() >= 3)
        .find_map(|word| MONTHS.iter().position(|month| word.starts_with(month)));
    match named {
        Some(index) => i16::try_from(index + 1).ok(),
        None => folded.parse().ok().filter(|month| (1..=12).contains(month)),
    }
}

/// The day of `10`, `jun 10`, `10 jun`. Of `10-12`, the days of a conference, none is the one.
fn day_in(text: &str) -> Option<i16> {
    let mut numbers = text
        .split(|sign: char| !sign.is_ascii_digit())
        .filter(|digits| !digits.is_empty());
    let only = numbers.next().filter(|_| numbers.next().is_none())?;
    only.parse().ok().filter(|day| (1..=31).contains(day))
}
