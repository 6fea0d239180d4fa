//! What stands at the end: colophon, related reading, tags.

use offprint_core::Inline;
use offprint_core::colophon::colophon;
use offprint_core::model::{Related, Tag};
use offprint_core::words::{Label, Words};

use super::{Composer, Dress, bold};
use crate::page::{Row, Target};
use crate::paragraph::{Paragraph, Style};
use crate::theme::{ACCENT, INK, MUTED, SOFT};

impl Composer<'_> {
    pub(super) fn back_matter(&mut self) {
        let (issue, words) = (self.issue, self.words);
        let lines = colophon(issue);
        if lines.is_empty() && issue.related.is_empty() && issue.tags.is_empty() {
            return;
        }
        self.space(self.theme.leading * 2.4);
        self.push(Row::rule(0.0, self.measure, 0.8, ACCENT));
        self.space(9.0);
        let anchor = self.anchor();
        self.bookmark(0, words.label(Label::About), anchor);
        self.heading(
            words.label(Label::About),
            self.theme.title + 1.0,
            ACCENT,
            Some(anchor),
        );
        let dress = self.small(SOFT);
        for line in lines {
            self.labelled(&line.label, &line.content, dress);
        }
        if !issue.related.is_empty() {
            self.space(10.0);
            self.heading(words.label(Label::Related), self.theme.body, INK, None);
            for related in &issue.related {
                self.related(related, dress);
            }
        }
        if !issue.tags.is_empty() {
            self.space(10.0);
            self.heading(words.label(Label::Tags), self.theme.body, INK, None);
            for tag in &issue.tags {
                self.tag(tag, dress);
            }
        }
    }

    pub(super) fn labelled(&mut self, label: &str, content: &[Inline], dress: Dress) {
        let mut paragraph = Paragraph::default();
        paragraph.push(label, bold(dress.style));
        paragraph.push(self.words.colon(), bold(dress.style));
        self.inlines(&mut paragraph, content, dress.style);
        self.paragraph(&paragraph, &self.ragged(dress.leading));
        self.space(2.0);
    }

    pub(super) fn counted(&self, label: Label, count: Option<u64>) -> Option<String> {
        let label = self.words.label(label);
        count.map(|count| match self.words {
            Words::Chinese => format!("{label} {count}"),
            Words::English => format!("{count} {label}"),
        })
    }

    pub(super) fn related(&mut self, related: &Related, dress: Dress) {
        let mut paragraph = Paragraph::default();
        let style = match &related.url {
            Some(url) => Style {
                link: Some(paragraph.target(Target::Url(url.clone()))),
                color: ACCENT,
                ..dress.style
            },
            None => dress.style,
        };
        paragraph.push(&related.title, style);
        let muted = Style {
            color: MUTED,
            ..dress.style
        };
        let facts = [
            related.date.map(|date| self.words.date(date)),
            self.counted(Label::Views, related.views),
        ];
        for fact in facts.into_iter().flatten() {
            paragraph.push("  ·  ", muted);
            paragraph.push(&fact, muted);
        }
        self.paragraph(&paragraph, &self.ragged(dress.leading));
        if let Some(summary) = &related.summary {
            self.keep_with_next();
            let mut paragraph = Paragraph::default();
            paragraph.push(summary, muted);
            self.paragraph(&paragraph, &self.setting(dress.leading));
        }
        self.space(3.0);
    }

    pub(super) fn tag(&mut self, tag: &Tag, dress: Dress) {
        let mut paragraph = Paragraph::default();
        let style = match &tag.url {
            Some(url) => Style {
                link: Some(paragraph.target(Target::Url(url.clone()))),
                color: ACCENT,
                ..dress.style
            },
            None => dress.style,
        };
        paragraph.push(&tag.name, style);
        let muted = Style {
            color: MUTED,
            ..dress.style
        };
        let counts = [
            self.counted(Label::Followers, tag.followers),
            self.counted(Label::Articles, tag.articles),
            self.counted(Label::Views, tag.views),
        ];
        for count in counts.into_iter().flatten() {
            paragraph.push("  ·  ", muted);
            paragraph.push(&count, muted);
        }
        self.paragraph(&paragraph, &self.ragged(dress.leading));
    }
}
