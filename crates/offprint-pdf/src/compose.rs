//! An issue to rows: what is said in which order, and how it looks.

mod back;
mod front;
mod notes;
mod paper;
mod table;
mod text;

use offprint_core::text::Image;
use offprint_core::words::Words;
use offprint_core::{Assets, Issue, Series};

use crate::page::{Anchor, Backdrop, Bookmark, Color, Flow, Row};
use crate::paragraph::{Alignment, Paragraph, Setting, Style, lines};
use crate::shape::{Cut, Shaper};
use crate::theme::{INK, Theme};

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

pub(crate) fn plain_style(size: f32, color: Color) -> Style {
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
}
