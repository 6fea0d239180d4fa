//! The index of authors and tags, in a book of titles too, once it is known on which pages the
//! papers stand.

use offprint_core::index::{self, Entry, Group};
use offprint_core::words::Label;

use super::{Composer, Places, Subject, bold, plain_style};
use crate::page::{Anchor, Flow, Row, Target};
use crate::paragraph::{Setting, Style};
use crate::shape::Shaper;
use crate::structure::{Numbering, Role};

/// Lays the index out; `page` tells the number of the page on which an anchor stands.
pub(crate) fn compose_index(
    shaper: &mut Shaper,
    subject: &Subject<'_>,
    places: &Places,
    page: &dyn Fn(Anchor) -> Option<String>,
) -> Flow {
    let mut composer = Composer::new(shaper, subject, places);
    let title = composer.words.label(Label::Index);
    composer.within(Role::Part, |composer| {
        let (size, accent) = (composer.theme.section, composer.colors().accent);
        composer.across(|composer| {
            composer.push(Row {
                begins_page: true,
                ..Row::rule(0.0, composer.measure, 0.8, accent)
            });
            composer.space(9.0);
            composer.bookmark(0, title, places.index);
            composer.heading(2, title, size, accent, Some(places.index));
        });
        for list in index::lists(subject.issue) {
            let title = composer.words.label(list.kind.label());
            composer.index_of(title, &list.groups, page);
        }
    });
    composer.flow
}

impl Composer<'_> {
    fn index_of(&mut self, title: &str, groups: &[Group], page: &dyn Fn(Anchor) -> Option<String>) {
        let (size, ink) = (self.theme.title, self.colors().ink);
        self.space(self.theme.leading);
        self.heading(3, title, size, ink, None);
        let letter_style = bold(plain_style(self.theme.small, self.colors().accent));
        self.within(Role::Index, |composer| {
            for group in groups {
                composer.space(composer.theme.small_leading * 0.6);
                let setting = composer.ragged(composer.theme.small_leading);
                composer.block_of(Role::Paragraph, &setting, |composer, line| {
                    composer.name(line, &group.letter.to_string(), letter_style);
                });
                composer.keep_with_next();
                composer.within(Role::List(Numbering::None), |composer| {
                    for entry in &group.entries {
                        composer.list_item(|composer| composer.index_entry(entry, page));
                    }
                });
            }
        });
    }

    /// A name, and the pages of its papers, each a link.
    fn index_entry(&mut self, entry: &Entry, page: &dyn Fn(Anchor) -> Option<String>) {
        let size = self.theme.small - 0.5;
        let style = plain_style(size, self.colors().ink);
        let number = Style {
            color: self.colors().accent,
            whole: true,
            ..style
        };
        let setting = Setting {
            rest: size * 1.4,
            ..self.ragged(self.theme.small_leading * 0.94)
        };
        let places = self.places;
        // Papers on one page are one entry.
        let mut pages: Vec<(String, Anchor)> = Vec::new();
        for &(section, paper) in &entry.places {
            let papers = places.sections.get(section).map(|(_, papers)| papers);
            let anchor = papers.and_then(|papers| papers.get(paper)).copied();
            if let Some((label, anchor)) = anchor.and_then(|anchor| Some((page(anchor)?, anchor)))
                && pages.last().is_none_or(|(last, _)| *last != label)
            {
                pages.push((label, anchor));
            }
        }
        self.block_of(Role::Paragraph, &setting, |composer, line| {
            composer.speak(None, &entry.name);
            composer.name(line, &entry.name, style);
            composer.name(line, "  ", style);
            for (joint, (label, anchor)) in told(&pages) {
                composer.name(line, joint, style);
                composer.within(Role::Reference, |composer| {
                    let target = Target::Anchor(*anchor);
                    composer.linked(line, target, number, |composer, line, style| {
                        composer.name(line, label, style);
                    });
                });
            }
        });
    }
}

/// The fewest pages in a row that are told by the first and the last.
const RUN: usize = 3;

/// The pages that an entry names, each with what stands in front of it.
fn told<A>(pages: &[(String, A)]) -> Vec<(&'static str, &(String, A))> {
    let follows = |(one, _): &(String, A), (next, _): &(String, A)| {
        let number = |label: &str| label.parse::<usize>().ok();
        number(one).is_some_and(|one| number(next) == one.checked_add(1))
    };
    let mut told = Vec::new();
    for run in pages.chunk_by(follows) {
        let comma = if told.is_empty() { "" } else { ", " };
        match run {
            [first, .., last] if run.len() >= RUN => told.extend([(comma, first), ("–", last)]),
            run => {
                let joints = std::iter::once(comma).chain(std::iter::repeat(", "));
                told.extend(joints.zip(run));
            }
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_in_a_row_are_told_by_their_ends() {
        let written = |labels: &[&str]| {
            let pages: Vec<(String, ())> = labels
                .iter()
                .map(|label| ((*label).to_owned(), ()))
                .collect();
            told(&pages)
                .into_iter()
                .flat_map(|(joint, (label, ()))| [joint, label.as_str()])
                .map(str::to_owned)
                .collect::<String>()
        };
        assert_eq!(written(&[]), "");
        assert_eq!(written(&["3", "4"]), "3, 4");
        assert_eq!(written(&["3", "4", "5"]), "3–5");
        assert_eq!(
            written(&["1", "3", "4", "5", "6", "9", "10", "12"]),
            "1, 3–6, 9, 10, 12"
        );
        assert_eq!(written(&["iv", "v", "1"]), "iv, v, 1");
    }
}
