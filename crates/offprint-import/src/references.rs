//! Bibliographies: BibTeX, CSL-JSON, RIS.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use offprint_bibliography::{Form, Library, read as read_library};
use offprint_core::bibliography::Entry;
use offprint_core::{Diagnostic, Place, Severity, Source};

use crate::{Draft, DraftPaper, DraftSection, Fate, Imported, Outcome, Traced};

/// The most sections that keywords may make: where there are more, they do not sort papers
/// but describe them.
const MAX_SECTIONS: usize = 20;

/// Reads a bibliography.
pub(crate) fn read(source: &Arc<Source>, form: Form) -> Outcome {
    let Library {
        entries,
        mut diagnostics,
    } = read_library(source, form);
    if entries.is_empty() {
        let has_errors = diagnostics
            .iter()
            .any(|diagnostic| diagnostic.severity == Severity::Error);
        if !has_errors {
            diagnostics.push(
                Diagnostic::error("import::no-papers", "there is no work in this bibliography")
                    .at(Place::new(source, 0..0))
                    .hint(match form {
                        Form::Bibtex => "entries look like `@article{key, title = {…}}`",
                        Form::CslJson => "items look like `{ \"title\": …, \"author\": … }`",
                        Form::Ris => "records begin with `TY  - ` and end with `ER  - `",
                    }),
            );
        }
        return Err(diagnostics);
    }
    // What could be read is read, and what could not is for the curator to look at.
    for diagnostic in &mut diagnostics {
        diagnostic.severity = diagnostic.severity.min(Severity::Warning);
    }
    for (entry, span) in &entries {
        diagnostics.extend(absent(source, entry, span));
    }
    diagnostics.sort_by_key(|diagnostic| {
        let place = diagnostic.place.as_ref();
        place.map(|place| (place.span.start, place.span.end))
    });
    let trace = trace(source, &entries);
    let works = entries.into_iter().map(|(entry, _)| entry).collect();
    Ok(Imported {
        draft: Draft {
            sections: sections(works),
            ..Draft::default()
        },
        diagnostics,
        trace,
    })
}

/// What an entry does not say and a paper needs.
fn absent(source: &Arc<Source>, entry: &Entry, span: &Range<usize>) -> Option<Diagnostic> {
    let (message, hint) = match (&entry.title, entry.has_locator()) {
        (None, _) => ("this work has no title", "write one into the issue"),
        (Some(_), false) => (
            "this work has neither address nor identifier",
            "add `url` or `doi` where you know one",
        ),
        (Some(_), true) => return None,
    };
    let text = source.text.get(span.clone()).unwrap_or_default();
    let length = text.lines().next().map_or(0, |line| line.trim_end().len());
    let code = if entry.title.is_none() {
        "import::no-title"
    } else {
        "import::no-address"
    };
    Some(
        Diagnostic::warning(code, message)
            .at(Place::new(source, span.start..span.start + length))
            .hint(hint),
    )
}

/// Each entry is kept; what stands between them is no part of any.
fn trace(source: &Arc<Source>, entries: &[(Entry, Range<usize>)]) -> Vec<Traced> {
    let mut trace = Vec::new();
    let mut end = 0;
    let between = |gap: Range<usize>, trace: &mut Vec<Traced>| {
        let text = source.text.get(gap.clone()).unwrap_or_default();
        let is_gap = |sign: char| sign.is_whitespace() || ",[]{}".contains(sign);
        let bare = text.trim_start_matches(is_gap);
        let start = gap.start + (text.len() - bare.len());
        let bare = bare.trim_end_matches(is_gap);
        if bare.is_empty() {
            return;
        }
        trace.push(Traced {
            span: start..start + bare.len(),
            fate: Fate::Dropped("no entry of a work".into()),
        });
    };
    for (number, (entry, span)) in entries.iter().enumerate() {
        between(end..span.start, &mut trace);
        let key = entry
            .key
            .as_deref()
            .map_or(String::new(), |key| format!(" (`{key}`)"));
        trace.push(Traced {
            span: span.clone(),
            fate: Fate::Kept(format!("paper {}{key}", number + 1).into()),
        });
        end = span.end;
    }
    between(end..source.text.len(), &mut trace);
    trace
}

/// Sections after the collections that the source sorts its entries into (`groups`,
/// `collections`, Zotero's collections), whether or not each entry is in one. Where there are
/// none, after keywords, but only where these sort too: see [`by_keyword`].
fn sections(entries: Vec<Entry>) -> Vec<DraftSection> {
    let has_collections = entries.iter().any(|entry| !entry.collections.is_empty());
    let of_entry: Vec<Option<String>> = if has_collections {
        entries
            .iter()
            .map(|entry| entry.collections.first().cloned())
            .collect()
    } else {
        by_keyword(&entries)
    };
    let mut sections: Vec<DraftSection> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut loose = DraftSection::default();
    for (mut entry, title) in entries.into_iter().zip(of_entry) {
        let Some(title) = title else {
            loose.papers.push(DraftPaper::from(entry));
            continue;
        };
        if !has_collections {
            // The keyword is the section's title now.
            entry.tags.retain(|tag| *tag != title);
        }
        let place = *places.entry(title.clone()).or_insert_with(|| {
            sections.push(DraftSection {
                title: Some(title),
                ..DraftSection::default()
            });
            sections.len() - 1
        });
        if let Some(section) = sections.get_mut(place) {
            section.papers.push(DraftPaper::from(entry));
        }
    }
    if !loose.papers.is_empty() {
        // A section without a title can only come first.
        sections.insert(0, loose);
    }
    sections
}

/// The keyword that each entry is sorted under. Keywords sort where every entry has one, none
/// has two, and there are 2 to [`MAX_SECTIONS`] of them, with two entries or more to each on
/// the average: a topic, a session. Keywords that describe what a work is about, as databases
/// and publishers give them, are many to a work or stand at some works only, and are no
/// sections but stay tags.
fn by_keyword(entries: &[Entry]) -> Vec<Option<String>> {
    let all: BTreeSet<&String> = entries.iter().flat_map(|entry| &entry.tags).collect();
    let sorts = entries.iter().all(|entry| entry.tags.len() == 1)
        && (2..=MAX_SECTIONS).contains(&all.len())
        && all.len() * 2 <= entries.len();
    entries
        .iter()
        .map(|entry| entry.tags.first().filter(|_| sorts).cloned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn imported(text: &str) -> Imported {
        read(&Source::new("a.bib", text), Form::Bibtex).unwrap()
    }

    fn shape(draft: &Draft) -> Vec<(Option<&str>, Vec<&str>)> {
        draft
            .sections
            .iter()
            .map(|section| {
                let papers = section.papers.iter();
                let titles = papers.filter_map(|paper| paper.entry.title.as_deref());
                (section.title.as_deref(), titles.collect())
            })
            .collect()
    }

    #[test]
    fn collections_are_sections_in_the_order_of_the_file() {
        let imported = imported(
            "@misc{a, title={A}, groups={Second}, url={https://x.example/a}}\n@misc{b, title={B}, url={https://x.example/b}}\n@misc{c, title={C}, groups={First, Second}, keywords={x}, note={Good.}, doi={10.1000/182}}\n@misc{d, title={D}, groups={Second}, doi={10.1000/183}}",
        );
        assert_eq!(
            shape(&imported.draft),
            [
                (None, vec!["B"]),
                (Some("Second"), vec!["A", "D"]),
                (Some("First"), vec!["C"])
            ]
        );
        let paper = imported.draft.papers().nth(3).unwrap();
        assert_eq!(paper.commentary.len(), 1);
        assert!(paper.entry.annotation.is_empty() && paper.entry.collections.is_empty());
        assert_eq!(paper.entry.tags, ["x"]);
        assert!(
            imported.diagnostics.is_empty(),
            "{:?}",
            imported.diagnostics
        );
    }

    #[test]
    fn keywords_are_sections_only_where_they_sort() {
        let entries = |keywords: &[&str]| -> String {
            let one = |(number, words): (usize, &&str)| {
                format!(
                    "@misc{{k{number}, title={{T{number}}}, keywords={{{words}}}, doi={{10.1000/{number}}}}}\n"
                )
            };
            keywords.iter().enumerate().map(one).collect()
        };
        let sorted = imported(&entries(&["graphs", "vision", "graphs", "vision"]));
        assert_eq!(
            shape(&sorted.draft),
            [
                (Some("graphs"), vec!["T0", "T2"]),
                (Some("vision"), vec!["T1", "T3"])
            ]
        );
        for described in [
            &["graphs, x", "vision", "graphs", "vision"][..],
            &["graphs", "", "graphs", "vision"],
            &["a", "b", "c"],
            &["a", "a"],
        ] {
            let imported = imported(&entries(described));
            assert_eq!(imported.draft.sections.len(), 1, "{described:?}");
            assert_eq!(imported.draft.sections[0].title, None);
        }
    }

    #[test]
    fn what_is_absent_is_named_and_what_is_no_entry_is_traced() {
        let text = "% mine\n@misc{a, title={A}}\n\nwords\n@misc{b, author={B C}, doi={10.1000/182}}\n@misc{c, title={C";
        let imported = imported(text);
        let told: Vec<_> = imported
            .diagnostics
            .iter()
            .map(|diagnostic| (diagnostic.code, diagnostic.severity))
            .collect();
        assert_eq!(
            told,
            [
                ("import::no-address", Severity::Warning),
                ("import::no-title", Severity::Warning),
                ("import::no-address", Severity::Warning),
                ("bib::syntax", Severity::Warning),
            ]
        );
        let fates: Vec<(&str, bool)> = imported
            .trace
            .iter()
            .map(|traced| {
                let line = text.get(traced.span.clone()).unwrap().lines().next();
                (line.unwrap(), matches!(traced.fate, Fate::Kept(_)))
            })
            .collect();
        assert_eq!(
            fates,
            [
                ("% mine", false),
                ("@misc{a, title={A}}", true),
                ("words", false),
                ("@misc{b, author={B C}, doi={10.1000/182}}", true),
                ("@misc{c, title={C", true),
            ]
        );
    }

    #[test]
    fn what_holds_no_work_is_refused() {
        for text in ["", "words", "@string{a = {b}}"] {
            let found = read(&Source::new("a.bib", text), Form::Bibtex).unwrap_err();
            assert_eq!(found[0].code, "import::no-papers", "{text}");
        }
        let found = read(&Source::new("a.json", "[1,"), Form::CslJson).unwrap_err();
        assert_eq!(found[0].code, "bib::syntax");
    }
}
