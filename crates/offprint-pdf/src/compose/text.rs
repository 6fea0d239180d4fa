//! Rich text: blocks, and the inlines in them.

use offprint_core::text::{Figure, Formula, Image, List};
use offprint_core::{Block, Inline};

use super::{Composer, Dress, bold, plain_style};
use crate::page::{Backdrop, Item, Row, Target};
use crate::paragraph::{Alignment, Paragraph, Picture, Setting, Style, lines};
use crate::shape::Cut;
use crate::theme::{ACCENT, BAR, INK, MUTED, PALE, RULE, SOFT};

impl Composer<'_> {
    pub(super) fn blocks(&mut self, blocks: &[Block], dress: Dress) {
        let spacing = dress.leading * 0.45;
        for (index, block) in blocks.iter().enumerate() {
            if index > 0 {
                self.space(spacing);
            }
            self.block(block, dress);
        }
    }

    pub(super) fn block(&mut self, block: &Block, dress: Dress) {
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

    pub(super) fn list(&mut self, list: &List, dress: Dress) {
        let size = dress.style.size;
        let end = list
            .start
            .map(|start| u64::from(start) + list.items.len() as u64);
        let digits = end.map_or(0, |end| end.to_string().len());
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

    pub(super) fn code(&mut self, text: &str) {
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

    pub(super) fn formula(&mut self, formula: &Formula, dress: Dress) {
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

    pub(super) fn figure(&mut self, figure: &Figure) {
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

    pub(super) fn inlines(&mut self, paragraph: &mut Paragraph, inlines: &[Inline], style: Style) {
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

    pub(super) fn inline_image(&mut self, paragraph: &mut Paragraph, image: &Image, style: Style) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tabs_lead_to_the_next_multiple_of_four() {
        assert_eq!(expand_tabs("a\tb\t\tc"), "a   b       c");
    }
}
