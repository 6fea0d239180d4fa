//! What stands at the end: colophon, related reading, tags.

use offprint_core::Inline;
use offprint_core::colophon::colophon;
use offprint_core::model::{Related, Tag};
use offprint_core::words::{Label, Words};

use super::{Composer, Dress, bold};
use crate::page::Row;
use crate::paragraph::Style;
use crate::structure::{Numbering, Role};

impl Composer<'_> {
    pub(super) fn back_matter(&mut self) {
        let (issue, words) = (self.issue, self.words);
        let lines = colophon(issue);
        if lines.is_empty() && issue.related.is_empty() && issue.tags.is_empty() {
            return;
        }
        let (accent, ink) = (self.colors().accent, self.colors().ink);
        let anchor = self.places.about;
        self.space(self.theme.leading * 2.4);
        self.push(Row {
            begins_page: self.begins_end(),
            ..Row::rule(0.0, self.measure, 0.8, accent)
        });
        self.space(9.0);
        self.bookmark(0, words.about(issue), anchor);
        self.within(Role::Part, |composer| {
            let size = composer.theme.title + 1.0;
            composer.heading(2, words.about(issue), size, accent, Some(anchor));
            let dress = composer.small(composer.colors().soft);
            for line in lines {
                composer.labelled(&line.label, &line.content, dress);
            }
            let size = composer.theme.body;
            if !issue.related.is_empty() {
                composer.space(10.0);
                composer.heading(3, words.label(Label::Related), size, ink, None);
                composer.within(Role::List(Numbering::None), |composer| {
                    for related in &issue.related {
                        composer.list_item(|composer| composer.related(related, dress));
                    }
                });
            }
            if !issue.tags.is_empty() {
                composer.space(10.0);
                composer.heading(3, words.label(Label::Tags), size, ink, None);
                composer.within(Role::List(Numbering::None), |composer| {
                    for tag in &issue.tags {
                        composer.list_item(|composer| composer.tag(tag, dress));
                    }
                });
            }
        });
    }

    pub(super) fn list_item(&mut self, run: impl FnOnce(&mut Self)) {
        self.within(Role::ListItem, |composer| {
            composer.within(Role::ListBody, run);
        });
    }

    fn labelled(&mut self, label: &str, content: &[Inline], dress: Dress) {
        let setting = self.ragged(dress.leading);
        let colon = self.words.colon();
        self.block_of(Role::Paragraph, &setting, |composer, paragraph| {
            composer.name(paragraph, label, bold(dress.style));
            composer.name(paragraph, colon, bold(dress.style));
            composer.inlines(paragraph, content, dress.style);
        });
        self.space(2.0);
    }

    fn counted(&self, label: Label, count: Option<u64>) -> Option<String> {
        let label = self.words.label(label);
        count.map(|count| match self.words {
            Words::Chinese => format!("{label} {count}"),
            Words::English => format!("{count} {label}"),
        })
    }

    /// A name that may be a link, and facts after it.
    fn entry(&mut self, name: &str, url: Option<&str>, facts: &[String], dress: Dress) {
        let setting = self.ragged(dress.leading);
        let muted = Style {
            color: self.colors().muted,
            ..dress.style
        };
        self.block_of(Role::Paragraph, &setting, |composer, paragraph| {
            composer.say_linked(paragraph, name, url, dress.style);
            for fact in facts {
                composer.name(paragraph, "  ·  ", muted);
                composer.name(paragraph, fact, muted);
            }
        });
    }

    fn related(&mut self, related: &Related, dress: Dress) {
        let facts: Vec<String> = [
            related.date.map(|date| self.words.date(date)),
            self.counted(Label::Views, related.views),
        ]
        .into_iter()
        .flatten()
        .collect();
        self.entry(&related.title, related.url.as_deref(), &facts, dress);
        if let Some(summary) = &related.summary {
            self.keep_with_next();
            let style = Style {
                color: self.colors().muted,
                ..dress.style
            };
            let setting = self.setting(dress.leading);
            self.block_of(Role::Paragraph, &setting, |composer, paragraph| {
                composer.speak(None, summary);
                composer.say(paragraph, summary, style);
            });
        }
        self.space(3.0);
    }

    fn tag(&mut self, tag: &Tag, dress: Dress) {
        let counts: Vec<String> = [
            self.counted(Label::Followers, tag.followers),
            self.counted(Label::Articles, tag.articles),
            self.counted(Label::Views, tag.views),
        ]
        .into_iter()
        .flatten()
        .collect();
        self.entry(&tag.name, tag.url.as_deref(), &counts, dress);
    }
}
