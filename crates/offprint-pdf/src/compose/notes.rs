//! Footnotes: at the foot of pages, the long ones at the end.

use offprint_core::text::Footnote;
use offprint_core::words::Label;

use super::{Composer, NotePlace};
use crate::page::{Row, Target};
use crate::paragraph::{Paragraph, Style};
use crate::shape::Cut;
use crate::theme::{ACCENT, SOFT};

impl Composer<'_> {
    pub(super) fn footnote_mark(&mut self, paragraph: &mut Paragraph, number: u32, style: Style) {
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

    /// Sets every footnote, so that pages know how much room each takes.
    pub(super) fn foot_notes(&mut self) {
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

    pub(super) fn note(&mut self, index: usize, footnote: &Footnote) {
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
            composer.blocks(&footnote.content, dress);
        });
    }

    /// The notes that no page's foot could hold.
    pub(super) fn end_notes(&mut self) {
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

    /// Sends notes to the end that would fill the page of the line that refers to them.
    pub(super) fn limit_notes(&mut self, row: &mut Row) {
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
}
