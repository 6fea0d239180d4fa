//! The first page: masthead and contents.

use std::ops::Range;

use offprint_core::text::Image;
use offprint_core::words::Label;
use offprint_core::{Paper, Section};

use super::{Composer, bold, plain_style};
use crate::page::{Anchor, Item, Row, Target};
use crate::paragraph::{Alignment, Paragraph, Setting, Style, lines};
use crate::settings::Cover;
use crate::structure::{Role, Tag};

/// Contents of a book with more papers, or on small pages, list its issues and their sections:
/// titles stand in its index, too.
const MOST_PAPERS_OF_A_BOOK: usize = 300;

impl Composer<'_> {
    /// Masthead, contents, introduction.
    pub(super) fn front(&mut self) {
        match self.subject.settings.cover {
            Cover::Masthead if !self.is_book() => self.across(Self::masthead),
            Cover::Masthead | Cover::Page => {
                self.across(Self::cover_page);
                self.flow.cover = self.flow.rows.len();
            }
        }
        self.across(Self::contents);
        let issue = self.issue;
        if !issue.intro.is_empty() {
            self.space(self.theme.leading * 1.5);
            self.within(Role::Section, |composer| {
                let dress = composer.body();
                composer.blocks(&issue.intro, dress);
            });
        }
    }

    fn masthead(&mut self) {
        let (issue, theme) = (self.issue, self.theme);
        // 144 pixels at 300 dpi: the logo that a site has at hand needs no scaling.
        self.logo(120.0, 34.56);
        self.series_line();
        self.push(Row::rule(0.0, 42.0, 2.2, self.colors().accent));
        self.space(14.0);
        self.title(theme.masthead);
        self.keep_with_next();
        self.space(10.0);
        let facts = self.issue_facts();
        let style = plain_style(theme.small, self.colors().muted);
        let whole = Style {
            whole: true,
            ..style
        };
        let setting = self.ragged(theme.small_leading);
        self.block_of(Role::Paragraph, &setting, |composer, line| {
            for fact in &facts {
                if !line.is_empty() {
                    composer.name(line, "  ·  ", style);
                }
                composer.name(line, fact, whole);
            }
        });
        if issue.description.is_some() {
            self.space(12.0);
            self.description();
        }
        if let Some(cover) = &issue.cover {
            self.cover(cover);
        }
    }

    /// A page of its own for the title, as books have it.
    fn cover_page(&mut self) {
        let (issue, theme) = (self.issue, self.theme);
        let start = self.flow.rows.len();
        let is_tiny = self.is_tiny();
        let (logo, larger) = if is_tiny { (28.0, 1.1) } else { (44.0, 1.35) };
        self.logo(150.0, logo);
        self.series_line();
        self.gap(theme.area.height * if issue.cover.is_some() { 0.04 } else { 0.2 });
        self.push(Row::rule(0.0, 64.0, 3.0, self.colors().accent));
        self.space(theme.masthead * 0.8);
        self.title(theme.masthead * larger);
        self.keep_with_next();
        self.space(theme.masthead);
        let style = plain_style(theme.body, self.colors().soft);
        for fact in self.issue_facts() {
            let setting = self.ragged(theme.leading);
            self.block_of(Role::Paragraph, &setting, |composer, line| {
                composer.name(line, &fact, style);
            });
            self.keep_with_next();
        }
        if issue.description.is_some() {
            self.space(theme.leading);
            self.description();
        }
        if let Some(cover) = &issue.cover {
            let space = theme.leading * 1.4;
            let used = super::heights(self.flow.rows.get(start..).unwrap_or_default());
            let room = (theme.area.height - used - space).min(theme.area.height * 0.45);
            let size = self.picture_size(cover, self.measure, room.max(0.0));
            // On small paper a long title may leave no room worth a picture.
            if let Some((width, height)) = size.filter(|size| size.1 > theme.leading * 4.0) {
                self.space(space);
                let place = (self.x, width, height);
                self.picture_row(cover, place);
            }
        }
        for row in self.flow.rows.get_mut(start..).unwrap_or_default() {
            row.keep = false;
        }
    }

    /// Whether pages are those of a small screen.
    fn is_tiny(&self) -> bool {
        self.theme.area.height < self.theme.leading * 24.0
    }

    fn logo(&mut self, widest: f32, highest: f32) {
        if let Some(logo) = &self.series.logo
            && let Some((width, height)) = self.picture_size(logo, widest, highest)
        {
            self.picture_row(logo, (0.0, width, height));
            self.keep_with_next();
            self.space(10.0);
        }
    }

    fn series_line(&mut self) {
        let (series, theme) = (self.series, self.theme);
        // A book's title begins with that of the series.
        if series.title.is_empty() || series.title == self.issue.title || self.is_book() {
            return;
        }
        let style = bold(plain_style(theme.small + 1.0, self.colors().accent));
        let soft = plain_style(theme.small, self.colors().muted);
        let setting = self.ragged(theme.small_leading * 1.1);
        self.block_of(Role::Paragraph, &setting, |composer, line| {
            composer.name(line, &series.title, style);
            if let Some(subtitle) = &series.subtitle {
                composer.name(line, "   ", soft);
                composer.name(line, subtitle, soft);
            }
        });
        self.keep_with_next();
        self.space(6.0);
    }

    fn title(&mut self, size: f32) {
        let (issue, theme) = (self.issue, self.theme);
        let anchor = self.places.title;
        self.bookmark(0, &issue.title, anchor);
        let setting = self.ragged(size * 1.36);
        let style = bold(plain_style(size, self.colors().ink));
        self.block_of(Role::Heading(1), &setting, |composer, title| {
            composer.speak(None, &issue.title);
            title.push_anchor(anchor);
            composer.name(title, &issue.title, style);
        });
        if let Some(subtitle) = &issue.subtitle {
            self.keep_with_next();
            self.space(4.0);
            let size = theme.title + 1.0;
            let style = plain_style(size, self.colors().soft);
            let setting = self.ragged(size * 1.5);
            self.block_of(Role::Paragraph, &setting, |composer, line| {
                composer.speak(None, subtitle);
                composer.name(line, subtitle, style);
            });
        }
    }

    fn description(&mut self) {
        let Some(description) = &self.issue.description else {
            return;
        };
        let style = plain_style(self.theme.body, self.colors().soft);
        let setting = self.setting(self.theme.leading);
        self.block_of(Role::Paragraph, &setting, |composer, text| {
            composer.speak(None, description);
            composer.say(text, description, style);
        });
    }

    /// Number, date and people.
    fn issue_facts(&self) -> Vec<String> {
        let (issue, words) = (self.issue, self.words);
        let mut facts = Vec::new();
        facts.extend(words.number(issue));
        facts.push(words.moment(issue.date));
        if self.is_book() {
            facts.push(words.papers(issue.papers().count()));
        }
        for (label, people) in [
            (Label::Authors, &issue.authors),
            (Label::Editors, &issue.editors),
            (Label::Translators, &issue.translators),
        ] {
            if !people.is_empty() {
                // Each part of a book names its own.
                let most = if self.is_book() { 6 } else { usize::MAX };
                let names = words.people(people, most);
                facts.push(format!("{}{names}", words.lead(label)));
            }
        }
        facts
    }

    /// The cover as a picture under the masthead, if it is wide enough to sit there well.
    fn cover(&mut self, cover: &Image) {
        let room = self.theme.area.height * 0.3;
        let Some((width, height)) = self.picture_size(cover, self.measure, room) else {
            return;
        };
        if width < height * 1.2 {
            return;
        }
        self.space(16.0);
        self.picture_row(cover, (0.0, width, height));
    }

    /// What a picture is content of: a figure told by its alternative text; `None` for one
    /// without, which decorates.
    pub(super) fn figure_tag(&mut self, alt: &str) -> Option<Tag> {
        if alt.trim().is_empty() {
            return None;
        }
        let figure = self
            .flow
            .tree
            .element(self.element, Role::Figure(alt.to_owned()));
        Some(self.flow.tree.content(figure))
    }

    /// A picture in a row of its own: its left edge, width and height.
    fn picture_row(&mut self, image: &Image, (x, width, height): (f32, f32, f32)) {
        let tag = self.figure_tag(&image.alt);
        self.push(Row {
            height,
            items: vec![Item::Picture {
                src: image.src.clone(),
                x,
                y: 0.0,
                width,
                height,
                tag,
            }],
            ..Row::default()
        });
    }

    fn contents(&mut self) {
        let issue = self.issue;
        if !self.is_book() && issue.papers().count() + issue.sections.len() < 2 {
            return;
        }
        self.space(self.theme.leading * 1.8);
        let anchor = self.places.contents;
        let heading = self.words.label(Label::Contents);
        self.bookmark(0, heading, anchor);
        let (size, accent) = (self.theme.title + 1.0, self.colors().accent);
        self.within(Role::Section, |composer| {
            composer.heading(2, heading, size, accent, Some(anchor));
            composer.within(Role::Contents, |composer| {
                composer.contents_lines();
                if offprint_core::index::is_wanted(composer.subject.issue) {
                    composer.space(7.0);
                    composer.within(Role::ContentsItem, |composer| {
                        let title = composer.words.label(Label::Index);
                        composer.outer_line(title, composer.places.index);
                    });
                }
            });
        });
        self.level = 1;
    }

    fn contents_lines(&mut self) {
        let (issue, places) = (self.issue, self.places);
        if !self.is_book() {
            self.section_entries(0..issue.sections.len(), true);
            return;
        }
        let lists_papers = issue.papers().count() <= MOST_PAPERS_OF_A_BOOK && !self.is_tiny();
        for (part, anchor) in issue.parts.iter().zip(&places.parts) {
            self.space(8.0);
            self.within(Role::ContentsItem, |composer| {
                composer.outer_line(&part.title, *anchor);
                let sections = issue.sections.get(part.sections.clone());
                // One section that names no papers says no more than its part.
                if sections.is_none_or(|sections| !lists_papers && sections.len() < 2) {
                    return;
                }
                composer.keep_with_next();
                let run = |composer: &mut Self| {
                    composer.section_entries(part.sections.clone(), lists_papers);
                };
                let step = composer.theme.body * 1.2;
                composer.within(Role::Contents, |composer| {
                    composer.with_inset(step, 0.0, run);
                });
            });
        }
    }

    fn section_entries(&mut self, sections: Range<usize>, lists_papers: bool) {
        let (issue, places) = (self.issue, self.places);
        let highest = issue.papers().filter_map(|paper| paper.number).max();
        let digits = highest.unwrap_or(1).to_string().len();
        let all = issue.sections.iter().zip(&places.sections);
        for (section, (anchor, papers)) in all.take(sections.end).skip(sections.start) {
            let lists_papers = lists_papers && !section.papers.is_empty();
            if section.title.is_empty() && !lists_papers {
                continue;
            }
            self.space(if self.is_book() { 2.0 } else { 7.0 });
            self.within(Role::ContentsItem, |composer| {
                composer.section_line(section, *anchor, lists_papers);
                if !lists_papers {
                    return;
                }
                let run = |composer: &mut Self| {
                    for (paper, &anchor) in section.papers.iter().zip(papers) {
                        composer.space(1.5);
                        composer.within(Role::ContentsItem, |composer| {
                            composer.paper_line(paper, anchor, digits);
                        });
                    }
                };
                composer.within(Role::Contents, run);
            });
        }
    }

    fn section_line(&mut self, section: &Section, anchor: Anchor, lists_papers: bool) {
        if section.title.is_empty() {
            return;
        }
        let style = plain_style(self.theme.body, self.colors().ink);
        if self.is_book() {
            self.title_line(&section.title, anchor, style);
        } else {
            self.title_line(&section.title, anchor, bold(style));
        }
        if lists_papers {
            self.keep_with_next();
        }
    }

    fn outer_line(&mut self, title: &str, anchor: Anchor) {
        let style = bold(plain_style(self.theme.body, self.colors().ink));
        self.title_line(title, anchor, style);
    }

    fn title_line(&mut self, title: &str, anchor: Anchor, style: Style) {
        self.contents_line(anchor, 0.0, |composer, line, style_of| {
            composer.speak(None, title);
            composer.name(line, title, style_of(style));
        });
    }

    fn paper_line(&mut self, paper: &Paper, anchor: Anchor, digits: usize) {
        let style = plain_style(self.theme.small + 0.5, self.colors().ink);
        let start = self.flow.rows.len();
        let mut hang = 0.0;
        if let Some(number) = paper.number {
            hang = style.size * (0.6 * digits as f32 + 0.8).max(2.0);
            let setting = Setting {
                measure: hang - style.size * 0.55,
                align: Alignment::End,
                ..self.ragged(self.theme.small_leading)
            };
            let muted = Style {
                color: self.colors().muted,
                ..style
            };
            self.within(Role::Label, |composer| {
                let mut label = Paragraph::default();
                composer.name(&mut label, &number.to_string(), muted);
                composer.label(&label, &setting);
            });
        }
        self.contents_line(anchor, hang, |composer, line, style_of| {
            composer.speak(paper.lang.as_ref(), &paper.plain_title());
            composer.inlines(line, &paper.title, style_of(style));
        });
        if paper.number.is_some() {
            self.align_label(start);
        }
    }

    /// An entry of the contents: words, dots and the number of a page, all of which lead to
    /// their place.
    fn contents_line(
        &mut self,
        anchor: Anchor,
        hang: f32,
        fill: impl FnOnce(&mut Self, &mut Paragraph, &dyn Fn(Style) -> Style),
    ) {
        let column = 3.2 * self.theme.small;
        let setting = Setting {
            x: self.x + hang,
            measure: self.measure - hang - column,
            ..self.ragged(self.theme.small_leading)
        };
        let mut line = Paragraph::default();
        let mut number = None;
        self.within(Role::Reference, |composer| {
            composer.within(Role::Link, |composer| {
                let target = line.target(Target::Anchor(anchor), composer.element);
                fill(composer, &mut line, &|style| Style {
                    link: Some(target),
                    ..style
                });
                number = Some(composer.content());
            });
        });
        let mut rows = lines(self.shaper, &line, &setting);
        if let Some(row) = rows.last_mut() {
            self.end_contents_line(row, anchor, column, number);
        }
        self.push_lines(rows);
    }

    fn end_contents_line(&self, row: &mut Row, anchor: Anchor, column: f32, number: Option<Tag>) {
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
                color: self.colors().rule,
            });
        }
        row.items.push(Item::PageNumber {
            anchor,
            x: right,
            y: baseline,
            size: self.theme.small,
            color: self.colors().muted,
            tag: number,
        });
        // The number is part of the link.
        if let Some(link) = row.links.last_mut() {
            link.width = right - link.x;
        }
    }
}
