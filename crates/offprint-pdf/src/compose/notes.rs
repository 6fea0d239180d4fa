//! Footnotes: at the foot of pages, the long ones at the end.

use offprint_core::text::Footnote;
use offprint_core::words::Label;

use super::{Composer, NotePlace, heights};
use crate::page::{Anchor, Row, Target};
use crate::paragraph::{Paragraph, Style};
use crate::shape::Cut;
use crate::structure::Role;

impl Composer<'_> {
    fn note_anchors(&self, index: u32) -> Option<(Anchor, Anchor)> {
        self.places.footnotes.get(index as usize).copied()
    }

    pub(super) fn footnote_mark(&mut self, paragraph: &mut Paragraph, number: u32, style: Style) {
        let index = number.saturating_sub(1);
        let Some((note, mark)) = self.note_anchors(index) else {
            return;
        };
        let is_first = !self.in_note && self.notes.get(&index) == Some(&NotePlace::Nowhere);
        if is_first {
            paragraph.push_anchor(mark);
        }
        let style = Style {
            size: style.size * 0.68,
            rise: style.rise + style.size * 0.34,
            color: self.colors().accent,
            strike: false,
            dotted: false,
            whole: true,
            cut: Cut {
                mono: false,
                ..style.cut
            },
            ..style
        };
        self.within(Role::Reference, |composer| {
            let target = Target::Anchor(note);
            composer.linked(paragraph, target, style, |composer, paragraph, style| {
                composer.name(paragraph, &number.to_string(), style);
            });
        });
        if is_first {
            self.first_mark(paragraph, index);
        }
    }

    /// The note itself is read after its first mark.
    fn first_mark(&mut self, paragraph: &mut Paragraph, index: u32) {
        let Some(footnote) = self.issue.footnotes.get(index as usize) else {
            return;
        };
        let rows = self.aside(|composer| {
            composer.in_note = true;
            composer.note(index, footnote);
            composer.in_note = false;
        });
        let is_short = heights(&rows) < self.theme.area.height * 0.2;
        let place = if is_short {
            paragraph.push_note(index);
            self.flow.notes.insert(index, rows);
            NotePlace::Foot
        } else {
            NotePlace::End
        };
        self.notes.insert(index, place);
    }

    fn note(&mut self, index: u32, footnote: &Footnote) {
        let dress = self.small(self.colors().soft);
        let number = (index + 1).to_string();
        let hang = dress.style.size * (0.62 * number.len() as f32 + 0.8);
        let Some((note, mark)) = self.note_anchors(index) else {
            return;
        };
        let style = Style {
            color: self.colors().accent,
            ..dress.style
        };
        self.within(Role::Note, |composer| {
            let mut label = Paragraph::default();
            label.push_anchor(note);
            composer.within(Role::Label, |composer| {
                let target = Target::Anchor(mark);
                composer.linked(&mut label, target, style, |composer, label, style| {
                    composer.name(label, &number, style);
                });
            });
            composer.space(3.0);
            let label_row = composer.flow.rows.len();
            composer.label(&label, &composer.ragged(dress.leading));
            composer.with_room(hang, 0.0, |composer| {
                composer.blocks(&footnote.content, dress);
            });
            composer.align_label(label_row);
            composer.before = 0.0;
        });
    }

    /// The notes that no page's foot could hold.
    pub(super) fn end_notes(&mut self, notes: &[u32]) {
        let issue = self.issue;
        if notes.is_empty() {
            return;
        }
        let anchor = self.places.notes;
        let title = self.words.label(Label::Notes);
        let (size, accent) = (self.theme.title + 1.0, self.colors().accent);
        self.bookmark(0, title, anchor);
        self.space(self.theme.leading * 2.2);
        let begins_page = self.begins_end();
        let start = self.flow.rows.len();
        self.within(Role::Part, |composer| {
            composer.heading(2, title, size, accent, Some(anchor));
            if let Some(row) = composer.flow.rows.get_mut(start) {
                row.begins_page = begins_page;
            }
            composer.in_note = true;
            for &index in notes {
                if let Some(footnote) = issue.footnotes.get(index as usize) {
                    composer.note(index, footnote);
                    composer.space(4.0);
                }
            }
            composer.in_note = false;
        });
    }

    /// Sends notes to the end that would fill the page of the line that refers to them.
    pub(super) fn limit_notes(&mut self, row: &mut Row) {
        let room = self.theme.area.height * 0.4;
        let mut used = 0.0;
        let (notes, places) = (&mut self.flow.notes, &mut self.notes);
        row.notes.retain(|note| {
            used += notes.get(note).map_or(0.0, |rows| heights(rows));
            let fits = used <= room;
            if !fits {
                notes.remove(note);
                places.insert(*note, NotePlace::End);
            }
            fits
        });
    }
}
