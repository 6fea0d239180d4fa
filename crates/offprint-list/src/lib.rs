//! A series' papers as one list: CSV, BibTeX, CSL-JSON or a Markdown table.
//!
//! Issues are written one at a time, the oldest first, so that a series need not be in
//! memory, and keys of papers stay as the series goes on.

mod bibtex;
mod csl;
mod keys;
mod markdown;
mod spreadsheet;

use offprint_core::model::{Issue, Paper, Section, Series};
use offprint_core::text::{Block, for_each_footnote, plain, plain_text};

use keys::Keys;

/// How a list is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A spreadsheet (RFC 4180), UTF-8, with a row of names first. Words that a spreadsheet
    /// would take for a formula begin with an apostrophe.
    Csv,
    /// BibTeX, with fields of BibLaTeX where BibTeX has none.
    Bibtex,
    /// CSL-JSON 1.0.2.
    CslJson,
    /// A table of GitHub's Markdown.
    Markdown,
}

/// What a reference manager reads of one paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// Its entry of BibTeX.
    pub bibtex: String,
    /// A list of its item of CSL-JSON, a variable a line.
    pub csl_json: String,
}

/// Citations of papers one after the other, each under a key of its own. They hold the facts
/// of a paper, not what the curator says of it.
#[derive(Debug, Default)]
pub struct Citations {
    keys: Keys,
}

impl Citations {
    /// The citation of the next paper.
    #[must_use]
    pub fn next(
        &mut self,
        series: &Series,
        issue: &Issue,
        section: &Section,
        paper: &Paper,
    ) -> Citation {
        let entry = Entry {
            series,
            issue,
            section,
            paper,
            is_bare: true,
        };
        let key = self.keys.key(&entry);
        Citation {
            bibtex: bibtex::entry(&entry, &key),
            csl_json: csl::lines(&csl::item(&entry, &key)),
        }
    }
}

/// A list that is being written.
#[derive(Debug)]
pub struct List<'s> {
    form: Form,
    series: &'s Series,
    keys: Keys,
    is_empty: bool,
}

impl<'s> List<'s> {
    /// Begins a list of a series' papers.
    #[must_use]
    pub fn new(form: Form, series: &'s Series) -> Self {
        Self {
            form,
            series,
            keys: Keys::default(),
            is_empty: true,
        }
    }

    /// What stands before the first issue.
    #[must_use]
    pub fn head(&self) -> String {
        match self.form {
            Form::Csv => spreadsheet::head(),
            Form::Bibtex => String::new(),
            Form::CslJson => "[".to_owned(),
            Form::Markdown => markdown::head(self.series),
        }
    }

    /// The papers of the next issue.
    #[must_use]
    pub fn issue(&mut self, issue: &Issue) -> String {
        let mut out = String::new();
        for section in &issue.sections {
            for paper in &section.papers {
                let entry = Entry {
                    series: self.series,
                    issue,
                    section,
                    paper,
                    is_bare: false,
                };
                match self.form {
                    Form::Csv => out.push_str(&spreadsheet::row(&entry)),
                    Form::Bibtex => {
                        if !self.is_empty {
                            out.push('\n');
                        }
                        out.push_str(&bibtex::entry(&entry, &self.keys.key(&entry)));
                    }
                    Form::CslJson => {
                        out.push_str(if self.is_empty { "\n" } else { ",\n" });
                        out.push_str(&csl::item(&entry, &self.keys.key(&entry)).to_string());
                    }
                    Form::Markdown => out.push_str(&markdown::row(&entry)),
                }
                self.is_empty = false;
            }
        }
        out
    }

    /// What stands behind the last issue.
    #[must_use]
    pub fn tail(&self) -> &'static str {
        match self.form {
            Form::Csv | Form::Bibtex | Form::Markdown => "",
            Form::CslJson if self.is_empty => "]\n",
            Form::CslJson => "\n]\n",
        }
    }
}

/// A paper where it stands.
struct Entry<'a> {
    series: &'a Series,
    issue: &'a Issue,
    section: &'a Section,
    paper: &'a Paper,
    /// Whether only the facts of the paper are wanted.
    is_bare: bool,
}

impl Entry<'_> {
    /// The year of publication: as given, else of the date, else the one in the venue's name.
    fn year(&self) -> Option<i16> {
        let paper = self.paper;
        paper
            .year
            .or_else(|| paper.date.map(jiff::civil::Date::year))
            .or_else(|| year_in(paper.venue.as_deref()?))
    }

    /// What kind of publication it is, in the words of CSL. A conference's paper that names
    /// no conference, which is what the loader takes for granted, is an article of arXiv if it
    /// is there, and else no more than a document.
    fn kind(&self) -> &str {
        let paper = self.paper;
        match (paper.kind.as_str(), &paper.venue, &paper.arxiv) {
            ("paper-conference", None, Some(_)) => "article",
            ("paper-conference", None, None) => "document",
            (kind, _, _) => kind,
        }
    }

    /// What the curator says, in plain words: the one sentence, then the commentary.
    fn comment(&self) -> String {
        let tldr = plain(&self.paper.tldr);
        let commentary = self.prose(&self.paper.commentary);
        match (tldr.is_empty(), commentary.is_empty()) {
            (true, _) => commentary,
            (false, true) => tldr,
            (false, false) => format!("{tldr}\n{commentary}"),
        }
    }

    /// A text in plain words, a line for a paragraph, its notes behind it.
    fn prose(&self, text: &[Block]) -> String {
        let mut words = plain_text(text);
        let mut numbers = Vec::new();
        for_each_footnote(text, &mut |number| {
            if !numbers.contains(&number) {
                numbers.push(number);
            }
        });
        for number in numbers {
            if let Some(footnote) = self.issue.footnote(number) {
                let note = plain_text(&footnote.content).replace('\n', " ");
                words.push_str("\n* ");
                words.push_str(&note);
            }
        }
        words
    }
}

/// A year of four digits within a text.
fn year_in(text: &str) -> Option<i16> {
    text.split(|character: char| !character.is_ascii_digit())
        .filter(|digits| digits.len() == 4)
        .filter_map(|digits| digits.parse().ok())
        .find(|year| (1900..=2100).contains(year))
}

#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;
