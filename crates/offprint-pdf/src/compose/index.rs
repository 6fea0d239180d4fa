//! The index of authors and tags, in a book of titles too, once it is known on which pages the papers stand.

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
            for (position, (label, anchor)) in pages.iter().enumerate() {
                if position > 0 {
                    composer.name(line, ", ", style);
                }
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
