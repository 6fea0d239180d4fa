//! The first page: masthead and contents.

use offprint_core::text::Image;
use offprint_core::words::Label;

use super::{Composer, bold, plain_style};
use crate::page::{Anchor, Item, Row, Target};
use crate::paragraph::{Alignment, Paragraph, Setting, Style, lines};
use crate::theme::{ACCENT, INK, MUTED, RULE, SOFT};

impl Composer<'_> {
    pub(super) fn masthead(&mut self) {
        let (issue, words, theme) = (self.issue, self.words, self.theme);
        if let Some(logo) = &self.series.logo
            && let Some((width, height)) = self.picture_size(logo, 120.0, 34.0)
        {
            self.push(Row {
                height,
                keep: true,
                items: vec![Item::Picture {
                    src: logo.src.clone(),
                    x: 0.0,
                    y: 0.0,
                    width,
                    height,
                }],
                ..Row::default()
            });
            self.space(10.0);
        }
        if !self.series.title.is_empty() && self.series.title != issue.title {
            let mut line = Paragraph::default();
            let style = bold(plain_style(theme.small + 1.0, ACCENT));
            line.push(&self.series.title, style);
            if let Some(subtitle) = &self.series.subtitle {
                let soft = plain_style(theme.small, MUTED);
                line.push("   ", soft);
                line.push(subtitle, soft);
            }
            self.paragraph(&line, &self.ragged(theme.small_leading * 1.1));
            self.keep_with_next();
            self.space(6.0);
        }
        self.push(Row::rule(0.0, 42.0, 2.2, ACCENT));
        self.space(14.0);
        let anchor = self.anchor();
        self.bookmark(0, &issue.title, anchor);
        let mut title = Paragraph::default();
        title.push_anchor(anchor);
        title.push(&issue.title, bold(plain_style(theme.masthead, INK)));
        self.paragraph(&title, &self.ragged(theme.masthead * 1.36));
        if let Some(subtitle) = &issue.subtitle {
            self.keep_with_next();
            self.space(4.0);
            let mut line = Paragraph::default();
            line.push(subtitle, plain_style(theme.title + 1.0, SOFT));
            self.paragraph(&line, &self.ragged((theme.title + 1.0) * 1.5));
        }
        self.keep_with_next();
        self.space(10.0);
        let mut facts = Vec::new();
        facts.extend(words.number(issue));
        facts.push(words.moment(issue.date));
        for (label, people) in [
            (Label::Authors, &issue.authors),
            (Label::Editors, &issue.editors),
            (Label::Translators, &issue.translators),
        ] {
            if !people.is_empty() {
                let names: Vec<&str> = people.iter().map(|person| person.name.as_str()).collect();
                facts.push(format!(
                    "{}{}",
                    words.lead(label),
                    names.join(words.comma())
                ));
            }
        }
        let mut line = Paragraph::default();
        line.push(&facts.join("  ·  "), plain_style(theme.small, MUTED));
        self.paragraph(&line, &self.ragged(theme.small_leading));
        if let Some(description) = &issue.description {
            self.space(12.0);
            let mut text = Paragraph::default();
            text.push(description, plain_style(theme.body, SOFT));
            self.paragraph(&text, &self.setting(theme.leading));
        }
        if let Some(cover) = &issue.cover {
            self.cover(cover);
        }
    }

    /// The cover as a picture under the masthead, if it is wide enough to sit there well.
    pub(super) fn cover(&mut self, cover: &Image) {
        let room = self.theme.area.height * 0.3;
        let Some((width, height)) = self.picture_size(cover, self.measure, room) else {
            return;
        };
        if width < height * 1.2 {
            return;
        }
        self.space(16.0);
        self.push(Row {
            height,
            items: vec![Item::Picture {
                src: cover.src.clone(),
                x: 0.0,
                y: 0.0,
                width,
                height,
            }],
            ..Row::default()
        });
    }

    pub(super) fn contents(&mut self, sections: &[(Anchor, Vec<Anchor>)]) {
        let issue = self.issue;
        if issue.papers().count() + issue.sections.len() < 2 {
            return;
        }
        self.space(self.theme.leading * 1.8);
        let anchor = self.anchor();
        let heading = self.words.label(Label::Contents);
        self.bookmark(0, heading, anchor);
        self.heading(heading, self.theme.title + 1.0, ACCENT, Some(anchor));
        let highest = issue.papers().filter_map(|paper| paper.number).max();
        let digits = highest.unwrap_or(1).to_string().len();
        for (section, (anchor, papers)) in issue.sections.iter().zip(sections) {
            self.space(7.0);
            if !section.title.is_empty() {
                let mut line = Paragraph::default();
                line.push(&section.title, bold(plain_style(self.theme.body, INK)));
                self.contents_line(line, *anchor, 0.0);
                if !section.papers.is_empty() {
                    self.keep_with_next();
                }
            }
            for (paper, &anchor) in section.papers.iter().zip(papers) {
                self.space(1.5);
                let style = plain_style(self.theme.small + 0.5, INK);
                let mut line = Paragraph::default();
                let mut hang = 0.0;
                if let Some(number) = paper.number {
                    hang = style.size * (0.6 * digits as f32 + 0.8).max(2.0);
                    let mut label = Paragraph::default();
                    label.push(
                        &number.to_string(),
                        Style {
                            color: MUTED,
                            ..style
                        },
                    );
                    let setting = Setting {
                        measure: hang - style.size * 0.55,
                        align: Alignment::End,
                        ..self.ragged(self.theme.small_leading)
                    };
                    self.label(&label, &setting);
                }
                let target = line.target(Target::Anchor(anchor));
                self.inlines(
                    &mut line,
                    &paper.title,
                    Style {
                        link: Some(target),
                        ..style
                    },
                );
                self.contents_line(line, anchor, hang);
            }
        }
    }

    pub(super) fn contents_line(&mut self, mut line: Paragraph, anchor: Anchor, hang: f32) {
        let column = 3.2 * self.theme.small;
        let setting = Setting {
            x: self.x + hang,
            measure: self.measure - hang - column,
            ..self.ragged(self.theme.small_leading)
        };
        // The whole entry leads to its place.
        line.link_all(Target::Anchor(anchor));
        let mut rows = lines(self.shaper, &line, &setting);
        if let Some(row) = rows.last_mut() {
            let end = row.right_edge();
            let baseline = row.baseline().unwrap_or(row.height * 0.7);
            let right = self.x + self.measure;
            let start = end + 5.0;
            let stop = right - column * 0.62;
            if stop - start > 6.0 {
                row.items.push(Item::Leader {
                    x: start,
                    y: baseline - 1.2,
                    width: stop - start,
                    color: RULE,
                });
            }
            row.items.push(Item::PageNumber {
                anchor,
                x: right,
                y: baseline,
                size: self.theme.small,
                color: MUTED,
            });
        }
        self.push_lines(rows);
    }
}
