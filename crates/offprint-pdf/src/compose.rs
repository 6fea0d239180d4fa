//! An issue to rows: what is said in which order, and how it looks.

use offprint_core::colophon::{colophon, imprint};
use offprint_core::model::{Numbering, Related, Tag};
use offprint_core::text::{Align, Figure, Footnote, Formula, Image, List, Table};
use offprint_core::words::{Label, Words, byline, facts, link_label};
use offprint_core::{Assets, Block, Inline, Issue, Paper, Section, Series};

use crate::page::{Anchor, Backdrop, Bookmark, Color, Flow, Item, Row, Target};
use crate::paginate::{Pages, moved};
use crate::paragraph::{Alignment, Paragraph, Picture, Setting, Style, extremes, lines};
use crate::shape::{Cut, Shaper};
use crate::theme::{ACCENT, BAR, INK, MUTED, PALE, RULE, SOFT, Theme};

/// Lays out everything that an issue says.
pub(crate) fn compose(
    shaper: &mut Shaper,
    theme: &Theme,
    assets: &Assets,
    series: &Series,
    issue: &Issue,
) -> Flow {
    let mut composer = Composer {
        shaper,
        theme,
        assets,
        series,
        issue,
        words: Words::of(&issue.lang),
        flow: Flow::default(),
        x: 0.0,
        measure: theme.area.width,
        backdrops: Vec::new(),
        before: 0.0,
        note_anchors: Vec::new(),
        notes_placed: Vec::new(),
        in_note: false,
    };
    composer.issue();
    composer.flow
}

struct Composer<'a> {
    shaper: &'a mut Shaper,
    theme: &'a Theme,
    assets: &'a Assets,
    series: &'a Series,
    issue: &'a Issue,
    words: Words,
    flow: Flow,
    /// Where text begins, and how wide it is: narrower inside lists and quotations.
    x: f32,
    measure: f32,
    /// What runs behind the rows that are made now.
    backdrops: Vec<u32>,
    /// Space wanted above the next row.
    before: f32,
    /// For each footnote, the anchors of its text and of its first reference.
    note_anchors: Vec<(Anchor, Anchor)>,
    /// Whether each footnote stands at a page's foot.
    notes_placed: Vec<NotePlace>,
    in_note: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NotePlace {
    /// Nothing has referred to it yet.
    Nowhere,
    /// At the foot of the page that refers to it.
    Foot,
    /// Among the notes at the end, because it is long.
    End,
}

/// How running text looks.
#[derive(Debug, Clone, Copy)]
struct Dress {
    style: Style,
    leading: f32,
}

fn plain_style(size: f32, color: Color) -> Style {
    Style {
        cut: Cut::default(),
        size,
        color,
        strike: false,
        dotted: false,
        rise: 0.0,
        whole: false,
        link: None,
    }
}

fn bold(style: Style) -> Style {
    Style {
        cut: Cut {
            bold: true,
            ..style.cut
        },
        ..style
    }
}

impl Composer<'_> {
    // Rows

    /// Adds space above the next row; the largest of several wishes counts.
    fn space(&mut self, points: f32) {
        self.before = self.before.max(points);
    }

    fn push(&mut self, mut row: Row) {
        row.before = std::mem::take(&mut self.before);
        row.backdrops.clone_from(&self.backdrops);
        self.flow.rows.push(row);
    }

    /// Adds the lines of a paragraph: no line of it is left alone at a page's top or foot.
    fn push_lines(&mut self, mut rows: Vec<Row>) {
        let count = rows.len();
        for (index, row) in rows.iter_mut().enumerate() {
            let is_last = index + 1 == count;
            row.keep |= !is_last && (index == 0 || index + 2 == count);
        }
        for row in rows {
            self.push(row);
        }
    }

    fn keep_with_next(&mut self) {
        if let Some(last) = self.flow.rows.last_mut() {
            last.keep = true;
        }
    }

    fn gap(&mut self, height: f32) {
        self.push(Row {
            height,
            keep: true,
            ..Row::default()
        });
    }

    fn anchor(&mut self) -> Anchor {
        let anchor = Anchor(self.flow.anchors);
        self.flow.anchors += 1;
        anchor
    }

    fn bookmark(&mut self, level: u8, title: &str, anchor: Anchor) {
        self.flow.bookmarks.push(Bookmark {
            level,
            title: title.to_owned(),
            anchor,
        });
    }

    fn setting(&self, leading: f32) -> Setting {
        Setting {
            x: self.x,
            measure: self.measure,
            first: 0.0,
            rest: 0.0,
            leading,
            justify: true,
            align: Alignment::Start,
            verbatim: false,
        }
    }

    fn ragged(&self, leading: f32) -> Setting {
        Setting {
            justify: false,
            ..self.setting(leading)
        }
    }

    fn paragraph(&mut self, paragraph: &Paragraph, setting: &Setting) {
        if paragraph.is_empty() {
            return;
        }
        let mut rows = lines(self.shaper, paragraph, setting);
        for row in &mut rows {
            self.limit_notes(row);
        }
        self.push_lines(rows);
    }

    /// Sends notes to the end that would fill the page of the line that refers to them.
    fn limit_notes(&mut self, row: &mut Row) {
        let room = self.theme.area.height * 0.4;
        let mut used = 0.0;
        let (notes, placed) = (&self.flow.notes, &mut self.notes_placed);
        row.notes.retain(|&note| {
            let height: f32 = notes
                .get(note as usize)
                .map_or(&[][..], Vec::as_slice)
                .iter()
                .map(|row| row.before + row.height)
                .sum();
            used += height;
            let fits = used <= room;
            if !fits && let Some(place) = placed.get_mut(note as usize) {
                *place = NotePlace::End;
            }
            fits
        });
    }

    fn with_inset(&mut self, left: f32, right: f32, run: impl FnOnce(&mut Self)) {
        let (x, measure) = (self.x, self.measure);
        // Deep nesting must leave room for a few words.
        let narrowest = 9.0 * self.theme.body;
        let taken = (left + right).min((measure - narrowest).max(0.0));
        self.x += left.min(taken);
        self.measure -= taken;
        run(self);
        (self.x, self.measure) = (x, measure);
    }

    fn with_backdrop(&mut self, backdrop: Backdrop, run: impl FnOnce(&mut Self)) {
        self.flow.backdrops.push(backdrop);
        self.backdrops.push((self.flow.backdrops.len() - 1) as u32);
        run(self);
        self.backdrops.pop();
    }

    // Dresses

    fn body(&self) -> Dress {
        Dress {
            style: plain_style(self.theme.body, INK),
            leading: self.theme.leading,
        }
    }

    fn small(&self, color: Color) -> Dress {
        Dress {
            style: plain_style(self.theme.small, color),
            leading: self.theme.small_leading,
        }
    }

    // The issue

    fn issue(&mut self) {
        let issue = self.issue;
        for footnote in &issue.footnotes {
            let anchors = (self.anchor(), self.anchor());
            self.note_anchors.push(anchors);
            self.notes_placed.push(NotePlace::Nowhere);
            let _ = footnote;
        }
        self.foot_notes();
        self.masthead();
        let sections: Vec<(Anchor, Vec<Anchor>)> = issue
            .sections
            .iter()
            .map(|section| {
                let own = self.anchor();
                (own, section.papers.iter().map(|_| self.anchor()).collect())
            })
            .collect();
        self.contents(&sections);
        if !issue.intro.is_empty() {
            self.space(self.theme.leading * 1.5);
            let dress = self.body();
            self.blocks(&issue.intro, dress);
        }
        for (section, (anchor, papers)) in issue.sections.iter().zip(&sections) {
            self.section(section, *anchor, papers);
        }
        self.end_notes();
        self.back_matter();
    }

    fn masthead(&mut self) {
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
        self.push(Row {
            height: 2.2,
            keep: true,
            items: vec![Item::Fill {
                x: 0.0,
                y: 0.0,
                width: 42.0,
                height: 2.2,
                color: ACCENT,
            }],
            ..Row::default()
        });
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
    fn cover(&mut self, cover: &Image) {
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

    fn contents(&mut self, sections: &[(Anchor, Vec<Anchor>)]) {
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

    /// Draws a label where the next row's first line will stand: a row of no height.
    fn label(&mut self, label: &Paragraph, setting: &Setting) {
        let mut rows = lines(self.shaper, label, setting);
        rows.truncate(1);
        for mut row in rows {
            row.height = 0.0;
            row.keep = true;
            self.push(row);
        }
    }

    fn contents_line(&mut self, mut line: Paragraph, anchor: Anchor, hang: f32) {
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

    fn heading(&mut self, title: &str, size: f32, color: Color, anchor: Option<Anchor>) {
        let mut paragraph = Paragraph::default();
        if let Some(anchor) = anchor {
            paragraph.push_anchor(anchor);
        }
        paragraph.push(title, bold(plain_style(size, color)));
        let rows = lines(self.shaper, &paragraph, &self.ragged(size * 1.35));
        for mut row in rows {
            row.keep = true;
            self.push(row);
        }
        self.space(size * 0.35);
    }

    fn section(&mut self, section: &Section, anchor: Anchor, papers: &[Anchor]) {
        let level = u8::from(!section.title.is_empty());
        self.space(self.theme.leading * 2.2);
        if section.title.is_empty() {
            self.space(self.theme.leading);
        } else {
            self.bookmark(0, &section.title, anchor);
            self.push(Row {
                height: 0.8,
                keep: true,
                items: vec![Item::Fill {
                    x: 0.0,
                    y: 0.0,
                    width: self.measure,
                    height: 0.8,
                    color: ACCENT,
                }],
                ..Row::default()
            });
            self.space(9.0);
            self.heading(&section.title, self.theme.section, ACCENT, Some(anchor));
        }
        let dress = self.body();
        let start = self.flow.rows.len();
        self.blocks(&section.intro, dress);
        // A heading with a line or two does not end a page.
        let opening = self.flow.rows.get_mut(start..).unwrap_or_default();
        let height: f32 = opening.iter().map(|row| row.before + row.height).sum();
        if !section.papers.is_empty() && height < self.theme.leading * 5.0 {
            for row in opening {
                row.keep = true;
            }
        }
        for (paper, &anchor) in section.papers.iter().zip(papers) {
            self.paper(paper, anchor, level);
        }
    }

    fn paper(&mut self, paper: &Paper, anchor: Anchor, level: u8) {
        let theme = self.theme;
        let plain_title = paper.plain_title();
        let numbered = match paper.number {
            Some(number) if self.series.numbering != Numbering::None => {
                format!("{number}. {plain_title}")
            }
            Some(_) | None => plain_title,
        };
        self.bookmark(level, &numbered, anchor);
        self.space(theme.leading * 1.55);
        // The title, its number hanging before it.
        let size = theme.title;
        let style = bold(plain_style(size, INK));
        let leading = size * 1.42;
        let mut hang = 0.0;
        if let Some(number) = paper.number {
            let number = number.to_string();
            hang = size * (0.62 * number.len() as f32 + 0.7);
            let mut label = Paragraph::default();
            label.push(
                &number,
                Style {
                    color: ACCENT,
                    ..style
                },
            );
            self.label(&label, &self.ragged(leading));
        }
        let mut title = Paragraph::default();
        title.push_anchor(anchor);
        let link = paper
            .landing()
            .map(|url| title.target(Target::Url(url.to_owned())));
        self.inlines(&mut title, &paper.title, Style { link, ..style });
        let setting = Setting {
            x: self.x + hang,
            measure: self.measure - hang,
            ..self.ragged(leading)
        };
        for mut row in lines(self.shaper, &title, &setting) {
            row.keep = true;
            self.push(row);
        }
        let mut has_lines = false;
        if !paper.authors.is_empty() {
            self.keep_with_next();
            self.space(2.0);
            let mut line = Paragraph::default();
            // A name is not broken; between names a line may end.
            let names = byline(paper, 12)
                .replace(' ', "\u{a0}")
                .replace(",\u{a0}", ", ");
            line.push(&names, plain_style(theme.small, SOFT));
            self.paragraph(&line, &self.ragged(theme.small_leading));
            has_lines = true;
        }
        if !paper.affiliations.is_empty() {
            self.keep_with_next();
            let mut line = Paragraph::default();
            line.push(
                &paper.affiliations.join(self.words.comma()),
                plain_style(theme.small - 0.5, MUTED),
            );
            self.paragraph(&line, &self.ragged(theme.small_leading));
            has_lines = true;
        }
        let facts = self.paper_facts(paper);
        if !facts.is_empty() {
            self.keep_with_next();
            self.space(if has_lines { 0.5 } else { 2.0 });
            let style = plain_style(theme.small, MUTED);
            let mut line = Paragraph::default();
            for (index, fact) in facts.iter().enumerate() {
                if index > 0 {
                    line.push("  ·  ", style);
                }
                line.push(
                    fact,
                    Style {
                        whole: true,
                        ..style
                    },
                );
            }
            self.paragraph(&line, &self.ragged(theme.small_leading));
        }
        self.keep_with_next();
        self.space(theme.leading * 0.35);
        if !paper.tldr.is_empty() {
            self.tldr(&paper.tldr);
            self.keep_with_next();
            self.space(theme.leading * 0.35);
        }
        if let Some(figure) = &paper.image {
            self.figure(figure);
            self.space(theme.leading * 0.35);
        }
        let dress = self.body();
        self.blocks(&paper.commentary, dress);
        if !paper.abstract_text.is_empty() {
            self.space(theme.leading * 0.5);
            self.abstract_text(paper);
        }
        self.links(paper);
    }

    fn paper_facts(&self, paper: &Paper) -> Vec<String> {
        let mut facts = facts(paper, self.words);
        if let Some(rating) = paper.rating {
            let filled = usize::from(rating.min(5));
            let stars = format!("{}{}", "★".repeat(filled), "☆".repeat(5 - filled));
            facts.push(format!("{}{stars}", self.words.lead(Label::Rating)));
        }
        if let Some(presenter) = &paper.presenter {
            facts.push(format!("{}{presenter}", self.words.lead(Label::Presenter)));
        }
        let shown: Vec<&str> = paper.buttons().map(|(_, url)| url).collect();
        let is_shown = |id: &str| shown.iter().any(|url| url.contains(id));
        if let Some(doi) = paper.doi.as_ref().filter(|doi| !is_shown(doi)) {
            facts.push(format!("doi:{doi}"));
        }
        if let Some(arxiv) = paper.arxiv.as_ref().filter(|arxiv| !is_shown(arxiv)) {
            facts.push(format!("arXiv:{arxiv}"));
        }
        if let Some(pmid) = paper.pmid.as_ref().filter(|pmid| !is_shown(pmid)) {
            facts.push(format!("PMID {pmid}"));
        }
        if let Some(isbn) = &paper.isbn {
            facts.push(format!("ISBN {isbn}"));
        }
        facts.extend(paper.tags.iter().map(|tag| format!("#{tag}")));
        facts
    }

    fn tldr(&mut self, tldr: &[Inline]) {
        let theme = self.theme;
        let backdrop = Backdrop {
            x: self.x,
            width: self.measure,
            color: PALE,
        };
        let bar = Backdrop {
            x: self.x,
            width: 2.2,
            color: ACCENT,
        };
        self.with_backdrop(backdrop, |composer| {
            composer.with_backdrop(bar, |composer| {
                composer.gap(4.5);
                composer.with_inset(11.0, 9.0, |composer| {
                    let style = plain_style(theme.body - 0.5, INK);
                    let mut paragraph = Paragraph::default();
                    let label = composer.words.lead(Label::Tldr);
                    paragraph.push(
                        &label,
                        bold(Style {
                            color: ACCENT,
                            ..style
                        }),
                    );
                    composer.inlines(&mut paragraph, tldr, style);
                    let setting = composer.setting(theme.leading * 0.94);
                    composer.paragraph(&paragraph, &setting);
                    composer.keep_with_next();
                });
                composer.gap(4.5);
            });
        });
    }

    fn abstract_text(&mut self, paper: &Paper) {
        let bar = Backdrop {
            x: self.x,
            width: 1.2,
            color: RULE,
        };
        self.with_backdrop(bar, |composer| {
            composer.with_inset(11.0, 0.0, |composer| {
                let dress = composer.small(SOFT);
                let mut label = Paragraph::default();
                label.push(composer.words.label(Label::Abstract), bold(dress.style));
                composer.paragraph(&label, &composer.ragged(dress.leading));
                composer.keep_with_next();
                composer.blocks(&paper.abstract_text, dress);
            });
        });
    }

    fn links(&mut self, paper: &Paper) {
        let style = plain_style(self.theme.small - 0.5, MUTED);
        let mut line = Paragraph::default();
        for (kind, url) in paper.buttons() {
            if !line.is_empty() {
                line.push("    ", style);
            }
            let target = line.target(Target::Url(url.to_owned()));
            let linked = Style {
                link: Some(target),
                whole: true,
                ..style
            };
            let label = link_label(self.series, self.words, kind);
            line.push(
                &label,
                bold(Style {
                    color: SOFT,
                    ..linked
                }),
            );
            line.push("\u{a0}", linked);
            line.push(
                &short_url(url),
                Style {
                    color: ACCENT,
                    ..linked
                },
            );
        }
        if !line.is_empty() {
            self.keep_with_next();
            self.space(self.theme.leading * 0.3);
            self.paragraph(&line, &self.ragged(self.theme.small_leading));
        }
    }

    // Text

    fn blocks(&mut self, blocks: &[Block], dress: Dress) {
        let spacing = dress.leading * 0.45;
        for (index, block) in blocks.iter().enumerate() {
            if index > 0 {
                self.space(spacing);
            }
            self.block(block, dress);
        }
    }

    fn block(&mut self, block: &Block, dress: Dress) {
        match block {
            Block::Paragraph(content) => {
                let mut paragraph = Paragraph::default();
                self.inlines(&mut paragraph, content, dress.style);
                self.paragraph(&paragraph, &self.setting(dress.leading));
            }
            Block::Heading { level, content } => {
                let size = dress.style.size + if *level == 1 { 1.0 } else { 0.0 };
                let color = if *level <= 2 { INK } else { SOFT };
                self.space(dress.leading * 0.8);
                let mut paragraph = Paragraph::default();
                self.inlines(&mut paragraph, content, bold(plain_style(size, color)));
                let setting = self.ragged(size * 1.45);
                let mut rows = lines(self.shaper, &paragraph, &setting);
                for row in &mut rows {
                    self.limit_notes(row);
                    row.keep = true;
                }
                for row in rows {
                    self.push(row);
                }
            }
            Block::List(list) => self.list(list, dress),
            Block::Quote(content) => {
                let bar = Backdrop {
                    x: self.x,
                    width: 2.0,
                    color: BAR,
                };
                let dress = Dress {
                    style: Style {
                        color: SOFT,
                        ..dress.style
                    },
                    ..dress
                };
                self.with_backdrop(bar, |composer| {
                    composer.with_inset(dress.style.size * 1.2, 0.0, |composer| {
                        composer.blocks(content, dress);
                    });
                });
            }
            Block::Code { text, .. } => self.code(text),
            Block::Math(formula) => self.formula(formula, dress),
            Block::Figure(figure) => self.figure(figure),
            Block::Table(table) => self.table(table),
            Block::Rule => {
                self.space(dress.leading * 0.8);
                let width = self.measure * 0.3;
                self.push(Row {
                    height: 0.6,
                    items: vec![Item::Fill {
                        x: self.x + (self.measure - width) / 2.0,
                        y: 0.0,
                        width,
                        height: 0.6,
                        color: RULE,
                    }],
                    ..Row::default()
                });
                self.space(dress.leading * 0.8);
            }
        }
    }

    fn list(&mut self, list: &List, dress: Dress) {
        let size = dress.style.size;
        let last = list
            .start
            .map(|start| u64::from(start) + list.items.len() as u64);
        let digits = last.map_or(0, |last| last.to_string().len());
        let indent = size * (1.0 + 0.6 * digits.max(1) as f32);
        for (index, item) in list.items.iter().enumerate() {
            if index > 0 {
                self.space(if list.tight {
                    dress.leading * 0.12
                } else {
                    dress.leading * 0.45
                });
            }
            let label = match (item.checked, list.start) {
                (Some(true), _) => "☑".to_owned(),
                (Some(false), _) => "☐".to_owned(),
                (None, Some(start)) => format!("{}.", u64::from(start) + index as u64),
                (None, None) => "•".to_owned(),
            };
            let mut marker = Paragraph::default();
            marker.push(
                &label,
                Style {
                    color: if list.start.is_some() {
                        dress.style.color
                    } else {
                        ACCENT
                    },
                    ..dress.style
                },
            );
            let setting = Setting {
                measure: indent - size * 0.45,
                align: Alignment::End,
                ..self.ragged(dress.leading)
            };
            self.label(&marker, &setting);
            if item.content.is_empty()
                && let Some(row) = self.flow.rows.last_mut()
            {
                row.height = dress.leading;
                row.keep = false;
            }
            self.with_inset(indent, 0.0, |composer| {
                let spacing = if list.tight { 0.12 } else { 0.45 };
                for (index, block) in item.content.iter().enumerate() {
                    if index > 0 {
                        composer.space(dress.leading * spacing);
                    }
                    composer.block(block, dress);
                }
            });
        }
    }

    fn code(&mut self, text: &str) {
        let size = self.theme.code;
        let leading = size * 1.5;
        let ground = Backdrop {
            x: self.x,
            width: self.measure,
            color: PALE,
        };
        let style = code_style(plain_style(self.theme.body, INK), size);
        self.with_backdrop(ground, |composer| {
            composer.gap(6.0);
            composer.with_inset(9.0, 7.0, |composer| {
                let setting = Setting {
                    rest: size * 1.2,
                    verbatim: true,
                    ..composer.ragged(leading)
                };
                let mut rows = Vec::new();
                for line in text.split('\n') {
                    let mut paragraph = Paragraph::default();
                    paragraph.push(&expand_tabs(line), style);
                    if paragraph.is_empty() {
                        rows.push(Row {
                            height: leading,
                            ..Row::default()
                        });
                    } else {
                        rows.extend(lines(composer.shaper, &paragraph, &setting));
                    }
                }
                // Short listings stay whole.
                if rows.len() <= 12 {
                    for row in &mut rows {
                        row.keep = true;
                    }
                }
                composer.push_lines(rows);
                composer.keep_with_next();
            });
            composer.push(Row {
                height: 6.0,
                ..Row::default()
            });
        });
    }

    fn formula(&mut self, formula: &Formula, dress: Dress) {
        let mut paragraph = Paragraph::default();
        let style = code_style(dress.style, dress.style.size * 0.88);
        for (index, line) in formula.tex.split('\n').enumerate() {
            if index > 0 {
                paragraph.push_break(style);
            }
            paragraph.push(line, style);
        }
        self.with_inset(dress.style.size * 2.0, dress.style.size * 2.0, |composer| {
            let setting = Setting {
                align: Alignment::Center,
                ..composer.ragged(dress.leading)
            };
            composer.paragraph(&paragraph, &setting);
        });
    }

    /// Width and height in points, within limits; `None` for a picture that is not there.
    fn picture_size(&self, image: &Image, widest: f32, highest: f32) -> Option<(f32, f32)> {
        let asset = self.assets.get(&image.src)?;
        let (width, height) = (asset.width as f32, asset.height as f32);
        if width < 1.0 || height < 1.0 {
            return None;
        }
        // A pixel of a screen is three quarters of a point.
        let wanted = image
            .width
            .map_or(width * 0.75, |percent| {
                self.measure * f32::from(percent) / 100.0
            })
            .min(widest);
        let scale = (wanted / width).min(highest / height);
        Some((width * scale, height * scale))
    }

    fn figure(&mut self, figure: &Figure) {
        let theme = self.theme;
        let highest = theme.area.height * 0.55;
        if let Some((width, height)) = self.picture_size(&figure.image, self.measure, highest) {
            self.space(theme.leading * 0.4);
            let has_caption = !figure.caption.is_empty() || figure.credit.is_some();
            self.push(Row {
                height,
                keep: has_caption,
                items: vec![Item::Picture {
                    src: figure.image.src.clone(),
                    x: self.x + (self.measure - width) / 2.0,
                    y: 0.0,
                    width,
                    height,
                }],
                ..Row::default()
            });
        }
        let style = plain_style(theme.small, MUTED);
        let mut caption = Paragraph::default();
        self.inlines(&mut caption, &figure.caption, style);
        if let Some(credit) = &figure.credit {
            if !caption.is_empty() {
                caption.push("  ", style);
            }
            caption.push(credit, style);
        }
        if !caption.is_empty() {
            self.space(5.0);
            let setting = Setting {
                align: Alignment::Center,
                ..self.ragged(theme.small_leading)
            };
            self.paragraph(&caption, &setting);
        }
        self.space(theme.leading * 0.5);
    }

    fn table(&mut self, table: &Table) {
        let columns = table.align.len();
        if columns == 0 {
            return;
        }
        let size = if columns > 6 {
            self.theme.small - 1.0
        } else {
            self.theme.small
        };
        let padding = if columns > 6 { 3.0 } else { 5.0 };
        let leading = size * 1.5;
        let style = plain_style(size, INK);
        let mut cells: Vec<Vec<Paragraph>> = Vec::new();
        for (index, row) in std::iter::once(&table.head).chain(&table.rows).enumerate() {
            let style = if index == 0 { bold(style) } else { style };
            cells.push(
                row.iter()
                    .map(|cell| {
                        let mut paragraph = Paragraph::default();
                        self.inlines(&mut paragraph, cell, style);
                        paragraph
                    })
                    .collect(),
            );
        }
        let widths = self.column_widths(&cells, columns, padding, leading);
        let mut rows = cells.iter().map(|row| {
            table_row(
                self.shaper,
                row,
                &widths,
                &table.align,
                Grid {
                    x: self.x,
                    padding,
                    leading,
                },
            )
        });
        let total: f32 = widths.iter().sum();
        let line = |thick: f32, color: Color, x: f32| Row {
            height: thick,
            keep: true,
            items: vec![Item::Fill {
                x,
                y: 0.0,
                width: total,
                height: thick,
                color,
            }],
            ..Row::default()
        };
        let has_head = table.head.iter().any(|cell| !cell.is_empty());
        let head_lines = rows.next().unwrap_or_default();
        let body: Vec<Vec<Row>> = rows.collect();
        let mut head = vec![line(1.0, SOFT, self.x)];
        if has_head {
            head.extend(head_lines);
            head.push(line(0.6, SOFT, self.x));
        }
        for row in &mut head {
            row.keep = true;
        }
        let mut notes: Vec<u32> = Vec::new();
        for row in &mut head {
            self.limit_notes(row);
            notes.append(&mut row.notes);
        }
        let repeated: Vec<Row> = head
            .iter()
            .map(|row| Row {
                anchors: Vec::new(),
                ..row.clone()
            })
            .collect();
        // A head that would fill the page is not repeated.
        let head_height: f32 = repeated.iter().map(|row| row.height).sum();
        let index = (head_height < self.theme.area.height * 0.3).then(|| {
            self.flow.heads.push(repeated);
            (self.flow.heads.len() - 1) as u32
        });
        self.space(self.theme.leading * 0.3);
        for row in head {
            self.push(row);
        }
        let count = body.len();
        for (position, lines) in body.into_iter().enumerate() {
            let is_last = position + 1 == count;
            let height: f32 = lines.iter().map(|row| row.height).sum();
            let whole = height < self.theme.area.height * 0.3;
            let last = lines.len().saturating_sub(1);
            for (number, mut row) in lines.into_iter().enumerate() {
                row.head = index;
                row.keep = whole && number < last;
                self.limit_notes(&mut row);
                row.notes.append(&mut notes);
                self.push(row);
            }
            // The rule under a row belongs to it.
            self.keep_with_next();
            let (thick, color) = if is_last { (1.0, SOFT) } else { (0.4, RULE) };
            let mut rule = line(thick, color, self.x);
            rule.keep = position == 0 && !is_last;
            self.push(rule);
        }
        self.space(self.theme.leading * 0.6);
    }

    fn column_widths(
        &mut self,
        cells: &[Vec<Paragraph>],
        columns: usize,
        padding: f32,
        leading: f32,
    ) -> Vec<f32> {
        let setting = self.ragged(leading);
        let mut wishes = vec![(0.0_f32, 0.0_f32); columns];
        for row in cells {
            for (wish, cell) in wishes.iter_mut().zip(row) {
                let (widest, narrowest) = extremes(self.shaper, cell, &setting);
                // Cells of one long line would take everything from their neighbours.
                wish.0 = wish.0.max(widest);
                wish.1 = wish.1.max(narrowest.min(self.measure * 0.4));
            }
        }
        let around = 2.0 * padding;
        let room = self.measure;
        let wanted: f32 = wishes.iter().map(|wish| wish.0 + around).sum();
        if wanted <= room {
            return wishes.iter().map(|wish| wish.0 + around + 0.05).collect();
        }
        let least: f32 = wishes.iter().map(|wish| wish.1 + around).sum();
        if least >= room {
            return wishes
                .iter()
                .map(|wish| (wish.1 + around) * room / least)
                .collect();
        }
        let elastic: f32 = wishes.iter().map(|wish| wish.0 - wish.1).sum();
        let share = (room - least) / elastic.max(0.01);
        wishes
            .iter()
            .map(|wish| wish.1 + around + (wish.0 - wish.1) * share)
            .collect()
    }

    // Inlines

    fn inlines(&mut self, paragraph: &mut Paragraph, inlines: &[Inline], style: Style) {
        for inline in inlines {
            match inline {
                Inline::Text(text) => paragraph.push(text, style),
                Inline::Emphasis(content) => {
                    let style = Style {
                        cut: Cut {
                            italic: true,
                            ..style.cut
                        },
                        dotted: true,
                        ..style
                    };
                    self.inlines(paragraph, content, style);
                }
                Inline::Strong(content) => self.inlines(paragraph, content, bold(style)),
                Inline::Strike(content) => {
                    let style = Style {
                        strike: true,
                        ..style
                    };
                    self.inlines(paragraph, content, style);
                }
                Inline::Code(text) => paragraph.push(text, code_style(style, style.size * 0.9)),
                Inline::Math(formula) => {
                    paragraph.push(&formula.tex, code_style(style, style.size * 0.88));
                }
                Inline::Link { url, content } => {
                    let target = paragraph.target(Target::Url(url.clone()));
                    let style = Style {
                        link: Some(target),
                        color: ACCENT,
                        ..style
                    };
                    self.inlines(paragraph, content, style);
                }
                Inline::Image(image) => self.inline_image(paragraph, image, style),
                Inline::FootnoteRef(number) => self.footnote_mark(paragraph, *number, style),
                Inline::HardBreak => paragraph.push_break(style),
            }
        }
    }

    fn inline_image(&mut self, paragraph: &mut Paragraph, image: &Image, style: Style) {
        let highest = style.size * 4.0;
        match self.picture_size(image, self.measure, highest) {
            Some((width, height)) => paragraph.push_picture(
                Picture {
                    src: image.src.clone(),
                    width,
                    height,
                },
                style,
            ),
            None => paragraph.push(&image.alt, style),
        }
    }

    fn footnote_mark(&mut self, paragraph: &mut Paragraph, number: u32, style: Style) {
        let index = number.saturating_sub(1);
        let Some(&(note, mark)) = self.note_anchors.get(index as usize) else {
            return;
        };
        let is_first = self.notes_placed.get(index as usize) == Some(&NotePlace::Nowhere);
        if is_first && !self.in_note {
            paragraph.push_anchor(mark);
            let is_short = self.flow.notes.get(index as usize).is_some_and(|rows| {
                let height: f32 = rows.iter().map(|row| row.before + row.height).sum();
                height < self.theme.area.height * 0.2
            });
            if is_short {
                paragraph.push_note(index);
            }
            if let Some(place) = self.notes_placed.get_mut(index as usize) {
                *place = if is_short {
                    NotePlace::Foot
                } else {
                    NotePlace::End
                };
            }
        }
        let target = paragraph.target(Target::Anchor(note));
        let mark = Style {
            size: style.size * 0.68,
            rise: style.rise + style.size * 0.34,
            color: ACCENT,
            link: Some(target),
            strike: false,
            dotted: false,
            whole: true,
            cut: Cut {
                mono: false,
                ..style.cut
            },
        };
        paragraph.push(&number.to_string(), mark);
    }

    // Notes

    /// Sets every footnote, so that pages know how much room each takes.
    fn foot_notes(&mut self) {
        let issue = self.issue;
        for (index, footnote) in issue.footnotes.iter().enumerate() {
            let before = std::mem::take(&mut self.flow.rows);
            self.in_note = true;
            self.note(index, footnote);
            self.in_note = false;
            self.before = 0.0;
            let mut rows = std::mem::replace(&mut self.flow.rows, before);
            if let Some(first) = rows.first_mut() {
                first.before = 3.0;
            }
            // Grounds are drawn for rows of the page's text only.
            for row in &mut rows {
                row.backdrops.clear();
            }
            self.flow.notes.push(rows);
        }
    }

    fn note(&mut self, index: usize, footnote: &Footnote) {
        let dress = self.small(SOFT);
        let number = (index + 1).to_string();
        let hang = dress.style.size * (0.62 * number.len() as f32 + 0.8);
        let Some(&(note, mark)) = self.note_anchors.get(index) else {
            return;
        };
        let mut label = Paragraph::default();
        label.push_anchor(note);
        let target = label.target(Target::Anchor(mark));
        label.push(
            &number,
            Style {
                color: ACCENT,
                link: Some(target),
                ..dress.style
            },
        );
        self.label(&label, &self.ragged(dress.leading));
        self.with_inset(hang, 0.0, |composer| {
            composer.blocks(&footnote.content, dress)
        });
    }

    /// The notes that no page's foot could hold.
    fn end_notes(&mut self) {
        let issue = self.issue;
        let left: Vec<usize> = self
            .notes_placed
            .iter()
            .enumerate()
            .filter(|(_, place)| **place != NotePlace::Foot)
            .map(|(index, _)| index)
            .collect();
        if left.is_empty() {
            return;
        }
        let anchor = self.anchor();
        let title = self.words.label(Label::Notes);
        self.bookmark(0, title, anchor);
        self.space(self.theme.leading * 2.2);
        self.heading(title, self.theme.title + 1.0, ACCENT, Some(anchor));
        self.in_note = true;
        for index in left {
            if let Some(footnote) = issue.footnotes.get(index) {
                self.note(index, footnote);
                self.space(4.0);
            }
        }
        self.in_note = false;
    }

    // The end

    fn back_matter(&mut self) {
        let (issue, words) = (self.issue, self.words);
        let lines = colophon(issue);
        if lines.is_empty() && issue.related.is_empty() && issue.tags.is_empty() {
            return;
        }
        self.space(self.theme.leading * 2.4);
        self.push(Row {
            height: 0.8,
            keep: true,
            items: vec![Item::Fill {
                x: 0.0,
                y: 0.0,
                width: self.measure,
                height: 0.8,
                color: ACCENT,
            }],
            ..Row::default()
        });
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

    fn labelled(&mut self, label: &str, content: &[Inline], dress: Dress) {
        let mut paragraph = Paragraph::default();
        paragraph.push(label, bold(dress.style));
        let colon = match self.words {
            Words::Chinese => "：",
            Words::English => ": ",
        };
        paragraph.push(colon, bold(dress.style));
        self.inlines(&mut paragraph, content, dress.style);
        self.paragraph(&paragraph, &self.ragged(dress.leading));
        self.space(2.0);
    }

    fn counted(&self, label: Label, count: Option<u64>) -> Option<String> {
        let label = self.words.label(label);
        count.map(|count| match self.words {
            Words::Chinese => format!("{label} {count}"),
            Words::English => format!("{count} {label}"),
        })
    }

    fn related(&mut self, related: &Related, dress: Dress) {
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

    fn tag(&mut self, tag: &Tag, dress: Dress) {
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

/// What stands at the top of pages: the publication at the left, the issue at the right.
pub(crate) fn running_titles(series: &Series, issue: &Issue) -> (String, String) {
    let title = issue.short_title.as_ref().unwrap_or(&issue.title);
    match imprint(series, issue).filter(|imprint| imprint != title) {
        Some(imprint) => (imprint.to_owned(), title.clone()),
        None => (title.clone(), String::new()),
    }
}

struct Grid {
    x: f32,
    padding: f32,
    leading: f32,
}

/// A table's row as one row a line, so that a tall one may run over pages.
fn table_row(
    shaper: &mut Shaper,
    cells: &[Paragraph],
    widths: &[f32],
    align: &[Align],
    grid: Grid,
) -> Vec<Row> {
    let mut x = grid.x;
    let mut columns: Vec<Vec<Row>> = Vec::new();
    for ((cell, &width), align) in cells.iter().zip(widths).zip(align) {
        let setting = Setting {
            x: x + grid.padding,
            measure: (width - 2.0 * grid.padding).max(4.0),
            first: 0.0,
            rest: 0.0,
            leading: grid.leading,
            justify: false,
            align: match align {
                Align::Start => Alignment::Start,
                Align::Center => Alignment::Center,
                Align::End => Alignment::End,
            },
            verbatim: false,
        };
        columns.push(if cell.is_empty() {
            Vec::new()
        } else {
            lines(shaper, cell, &setting)
        });
        x += width;
    }
    let count = columns.iter().map(Vec::len).max().unwrap_or(0).max(1);
    let mut rows: Vec<Row> = Vec::with_capacity(count);
    for index in 0..count {
        let mut row = Row {
            height: grid.leading,
            ..Row::default()
        };
        for column in &mut columns {
            if let Some(cell) = column.get_mut(index) {
                row.height = row.height.max(cell.height);
                row.items.append(&mut cell.items);
                row.links.append(&mut cell.links);
                row.anchors.append(&mut cell.anchors);
                row.notes.append(&mut cell.notes);
            }
        }
        rows.push(row);
    }
    // Air above the first line and below the last.
    if let Some(first) = rows.first_mut() {
        first.lower(2.5);
    }
    if let Some(last) = rows.last_mut() {
        last.height += 2.5;
    }
    rows
}

fn code_style(style: Style, size: f32) -> Style {
    Style {
        cut: Cut {
            mono: true,
            bold: style.cut.bold,
            italic: false,
        },
        size,
        dotted: false,
        ..style
    }
}

fn expand_tabs(line: &str) -> String {
    let mut out = String::new();
    let mut column = 0;
    for character in line.chars() {
        if character == '\t' {
            let blanks = 4 - column % 4;
            out.extend(std::iter::repeat_n(' ', blanks));
            column += blanks;
        } else {
            out.push(character);
            column += 1;
        }
    }
    out
}

/// An address as print shows it: without its scheme, and not longer than a line.
fn short_url(url: &str) -> String {
    const LONGEST: usize = 64;
    let shown = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"))
        .or_else(|| url.strip_prefix("mailto:"))
        .unwrap_or(url);
    let shown = shown.strip_prefix("www.").unwrap_or(shown);
    let shown = readable(shown.strip_suffix('/').unwrap_or(shown));
    if shown.chars().count() <= LONGEST {
        return shown;
    }
    let mut short: String = shown.chars().take(LONGEST - 1).collect();
    short.push('…');
    short
}

/// Puts the running header and the page number on each page, and the numbers into the
/// contents.
pub(crate) fn running_lines(
    shaper: &mut Shaper,
    theme: &Theme,
    series: &Series,
    issue: &Issue,
    pages: &mut Pages,
) {
    let (left, right) = running_titles(series, issue);
    let half = theme.area.width * 0.46;
    let style = plain_style(theme.header, MUTED);
    let width = theme.area.width;
    let mut header = Vec::new();
    let y = theme.area.top - 30.0;
    for (words, align) in [(left, Alignment::Start), (right, Alignment::End)] {
        let x = if align == Alignment::Start {
            0.0
        } else {
            width - half
        };
        let setting = one_line(x, half, theme.header * 1.5, align);
        if let Some(row) = fitting_line(shaper, &words, style, &setting) {
            header.extend(row.items.iter().map(|item| moved(item, theme.area.left, y)));
        }
    }
    header.push(Item::Fill {
        x: theme.area.left,
        y: y + theme.header * 1.5 + 3.0,
        width,
        height: 0.4,
        color: RULE,
    });
    let spots = std::mem::take(&mut pages.spots);
    for (index, page) in pages.pages.iter_mut().enumerate() {
        let number = (index + 1).to_string();
        if index > 0 {
            page.items.extend(header.iter().cloned());
        }
        let style = plain_style(theme.header + 1.0, MUTED);
        let setting = one_line(0.0, width, style.size * 1.5, Alignment::Center);
        let y = theme.area.top + theme.area.height + 20.0;
        if let Some(row) = fitting_line(shaper, &number, style, &setting) {
            page.items
                .extend(row.items.iter().map(|item| moved(item, theme.area.left, y)));
        }
        for item in &mut page.items {
            let Item::PageNumber {
                anchor,
                x,
                y,
                size,
                color,
            } = item
            else {
                continue;
            };
            let Some(spot) = spots.get(anchor) else {
                continue;
            };
            let number = (spot.page + 1).to_string();
            let width = 8.0 * *size;
            let setting = one_line(*x - width, width, *size, Alignment::End);
            let style = plain_style(*size, *color);
            let y = *y;
            let text = fitting_line(shaper, &number, style, &setting)
                .and_then(|row| row.items.into_iter().next());
            if let Some(Item::Text(mut run)) = text {
                run.y = y;
                *item = Item::Text(run);
            }
        }
    }
    pages.spots = spots;
}

fn one_line(x: f32, measure: f32, leading: f32, align: Alignment) -> Setting {
    Setting {
        x,
        measure,
        first: 0.0,
        rest: 0.0,
        leading,
        justify: false,
        align,
        verbatim: false,
    }
}

/// Words on one line, cut with an ellipsis where they are too long for it.
fn fitting_line(shaper: &mut Shaper, words: &str, style: Style, setting: &Setting) -> Option<Row> {
    if words.is_empty() {
        return None;
    }
    let mut kept = words.chars().count();
    loop {
        let mut shown: String = words.chars().take(kept).collect();
        if kept < words.chars().count() {
            shown.truncate(shown.trim_end().len());
            shown.push('…');
        }
        let mut line = Paragraph::default();
        line.push(&shown, style);
        let mut rows = lines(shaper, &line, setting);
        if rows.len() <= 1 || kept <= 1 {
            rows.truncate(1);
            return rows.pop();
        }
        kept = kept * 9 / 10;
    }
}

/// An address with its escaped letters as letters; escaped ASCII stays as it is.
fn readable(url: &str) -> String {
    let mut out = String::new();
    let mut rest = url;
    while let Some(start) = rest.find('%') {
        let (before, escaped) = rest.split_at(start);
        out.push_str(before);
        let mut bytes = Vec::new();
        let mut tail = escaped;
        while let Some(byte) = tail
            .strip_prefix('%')
            .and_then(|hex| hex.get(..2))
            .and_then(|hex| u8::from_str_radix(hex, 16).ok())
        {
            bytes.push(byte);
            tail = tail.get(3..).unwrap_or_default();
        }
        match String::from_utf8(bytes) {
            Ok(letters)
                if !letters.is_empty()
                    && letters
                        .chars()
                        .all(|letter| letter.is_alphanumeric() && !letter.is_ascii()) =>
            {
                out.push_str(&letters);
                rest = tail;
            }
            Ok(_) | Err(_) => {
                out.push('%');
                rest = escaped.get(1..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_its_scheme_and_cut_when_long() {
        assert_eq!(short_url("https://www.example.org/"), "example.org");
        assert_eq!(short_url("mailto:a@example.org"), "a@example.org");
        let long = format!("https://example.org/{}", "x".repeat(100));
        assert_eq!(short_url(&long).chars().count(), 64);
        assert!(short_url(&long).ends_with('…'));
    }

    #[test]
    fn escaped_letters_are_shown_as_letters_and_nothing_else_is() {
        assert_eq!(readable("a/%E8%AE%BA%E6%96%87/b"), "a/论文/b");
        assert_eq!(readable("a%20b%2Fc%00%FF%"), "a%20b%2Fc%00%FF%");
        assert_eq!(readable("%E2%80%AE"), "%E2%80%AE");
    }

    #[test]
    fn tabs_lead_to_the_next_multiple_of_four() {
        assert_eq!(expand_tabs("a\tb\t\tc"), "a   b       c");
    }
}
