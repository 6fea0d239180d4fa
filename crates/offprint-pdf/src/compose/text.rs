//! Rich text: blocks, and the inlines in them.

use offprint_core::chars::is_wide;
use offprint_core::text::{Figure, Image, List, plain};
use offprint_core::{Block, Inline};

use super::{Composer, Dress, bold, heights, plain_style};
use crate::page::{Backdrop, Item, Row, Target};
use crate::paragraph::{Alignment, FULL_WIDTH_IN_CODE, Paragraph, Picture, Setting, Style, lines};
use crate::settings::Emphasis;
use crate::shape::Cut;
use crate::structure::{Numbering, Role};

impl Composer<'_> {
    pub(super) fn blocks(&mut self, blocks: &[Block], dress: Dress) {
        let spacing = dress.leading * 0.45;
        let mut before: Option<&Block> = None;
        for block in blocks {
            if before.is_some() {
                self.space(spacing);
            }
            // "Such as:" stays with its formula.
            if let (Some(Block::Paragraph(_)), Block::Math(_)) = (before, block) {
                self.keep_with_next();
            }
            self.block(block, dress);
            before = Some(block);
        }
    }

    pub(super) fn block(&mut self, block: &Block, dress: Dress) {
        match block {
            Block::Paragraph(content) => {
                let setting = self.setting(dress.leading);
                self.block_of(Role::Paragraph, &setting, |composer, paragraph| {
                    composer.speak(None, &plain(content));
                    composer.inlines(paragraph, content, dress.style);
                });
            }
            Block::Heading { level, content } => {
                let size = dress.style.size + if *level == 1 { 1.0 } else { 0.0 };
                let colors = self.colors();
                let color = if *level <= 2 { colors.ink } else { colors.soft };
                self.space(dress.leading * 0.8);
                let setting = self.ragged(size * 1.45);
                let role = self.heading_role(self.base + level);
                let start = self.flow.rows.len();
                self.block_of(role, &setting, |composer, paragraph| {
                    composer.speak(None, &plain(content));
                    composer.inlines(paragraph, content, bold(plain_style(size, color)));
                });
                for row in self.flow.rows.get_mut(start..).unwrap_or_default() {
                    row.keep = true;
                }
            }
            Block::List(list) => self.list(list, dress),
            Block::Quote(content) => self.quote(content, dress),
            Block::Code { text, .. } => self.code(text),
            Block::Math(formula) => self.display_formula(formula, dress),
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
                        color: self.colors().rule,
                        tag: None,
                    }],
                    ..Row::default()
                });
                self.space(dress.leading * 0.8);
            }
        }
    }

    fn list(&mut self, list: &List, dress: Dress) {
        let end = list
            .start
            .map(|start| u64::from(start) + list.items.len() as u64);
        let digits = end.map_or(0, |end| end.to_string().len());
        let indent = dress.style.size * (1.0 + 0.6 * digits.max(1) as f32);
        let has_boxes = list.items.iter().any(|item| item.checked.is_some());
        let numbering = match list.start {
            Some(_) => Numbering::Numbers,
            None if has_boxes => Numbering::None,
            None => Numbering::Bullets,
        };
        let apart = if list.tight { 0.12 } else { 0.45 } * dress.leading;
        self.within(Role::List(numbering), |composer| {
            for (index, item) in list.items.iter().enumerate() {
                if index > 0 {
                    composer.space(apart);
                }
                let label = match (item.checked, list.start) {
                    (Some(true), _) => "☑".to_owned(),
                    (Some(false), _) => "☐".to_owned(),
                    (None, Some(start)) => format!("{}.", u64::from(start) + index as u64),
                    (None, None) => "•".to_owned(),
                };
                composer.within(Role::ListItem, |composer| {
                    let inset = composer.list_inset(indent);
                    let label_row = composer.flow.rows.len();
                    composer.list_label(
                        &label,
                        list.start.is_some(),
                        inset - indent,
                        indent,
                        dress,
                    );
                    if item.content.is_empty()
                        && let Some(row) = composer.flow.rows.last_mut()
                    {
                        row.height = dress.leading;
                        row.keep = false;
                    }
                    composer.within(Role::ListBody, |composer| {
                        composer.list_body(&item.content, inset, apart, dress);
                    });
                    composer.align_label(label_row);
                });
            }
        });
    }

    fn quote(&mut self, content: &[Block], dress: Dress) {
        let bar = Backdrop {
            x: self.x,
            width: 2.0,
            color: self.colors().bar,
        };
        let dress = Dress {
            style: Style {
                color: self.colors().soft,
                ..dress.style
            },
            ..dress
        };
        let inset = dress.style.size * 1.2;
        self.within(Role::Quote, |composer| {
            // A bar without room beside it would stand in the text.
            if composer.measure - inset < super::FEWEST_EMS * composer.theme.body {
                composer.blocks(content, dress);
                return;
            }
            composer.with_backdrop(bar, |composer| {
                composer.with_inset(inset, 0.0, |composer| composer.blocks(content, dress));
            });
        });
    }

    /// How far an item's text is set in. Where nothing is left to set it in, its label
    /// stands among those of the list around it.
    fn list_inset(&self, indent: f32) -> f32 {
        let is_narrow = self.measure - indent < super::FEWEST_EMS * self.theme.body;
        if is_narrow && self.x >= indent {
            0.0
        } else {
            indent
        }
    }

    fn list_label(&mut self, label: &str, is_number: bool, aside: f32, indent: f32, dress: Dress) {
        let color = if is_number {
            dress.style.color
        } else {
            self.colors().accent
        };
        let setting = Setting {
            x: self.x + aside,
            measure: indent - dress.style.size * 0.45,
            align: Alignment::End,
            ..self.ragged(dress.leading)
        };
        self.within(Role::Label, |composer| {
            let mut marker = Paragraph::default();
            let style = Style {
                color,
                ..dress.style
            };
            composer.name(&mut marker, label, style);
            composer.label(&marker, &setting);
        });
    }

    fn list_body(&mut self, content: &[Block], inset: f32, apart: f32, dress: Dress) {
        self.with_room(inset, 0.0, |composer| {
            for (index, block) in content.iter().enumerate() {
                if index > 0 {
                    composer.space(apart);
                }
                composer.block(block, dress);
            }
        });
    }

    pub(super) fn code(&mut self, text: &str) {
        let size = self.theme.code;
        let leading = size * 1.5;
        let ground = Backdrop {
            x: self.x,
            width: self.measure,
            color: self.colors().pale,
        };
        let style = code_style(plain_style(self.theme.body, self.colors().ink), size);
        self.with_backdrop(ground, |composer| {
            composer.gap(6.0);
            // At the right there is room for the mark that a line goes on.
            composer.with_room(9.0, 4.0 + size, |composer| {
                let setting = Setting {
                    rest: size * 1.2,
                    verbatim: true,
                    ..composer.ragged(leading)
                };
                let mut rows = Vec::new();
                composer.within(Role::Paragraph, |composer| {
                    composer.within(Role::Code, |composer| {
                        for line in text.split('\n') {
                            let paragraph = composer.code_line(&expand_tabs(line), style);
                            rows.extend(composer.code_lines(&paragraph, &setting));
                        }
                    });
                });
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

    /// A line of code, with a blank at its end that parts it from the next for those who
    /// listen.
    fn code_line(&mut self, line: &str, style: Style) -> Paragraph {
        let mut paragraph = Paragraph::default();
        let large = Style {
            size: style.size * FULL_WIDTH_IN_CODE,
            ..style
        };
        let mut rest = line;
        while let Some(first) = rest.chars().next() {
            let is_full = is_wide(first);
            let end = rest
                .find(|character| is_wide(character) != is_full)
                .unwrap_or(rest.len());
            let (run, after) = rest.split_at(end);
            self.name(&mut paragraph, run, if is_full { large } else { style });
            rest = after;
        }
        if !paragraph.is_empty() {
            self.name(&mut paragraph, " ", style);
        }
        paragraph
    }

    /// The lines of one line of code: a mark at the right says that it goes on below.
    fn code_lines(&mut self, paragraph: &Paragraph, setting: &Setting) -> Vec<Row> {
        if paragraph.is_empty() {
            return vec![Row {
                height: setting.leading,
                ..Row::default()
            }];
        }
        let mut rows = lines(self.shaper, paragraph, setting);
        let count = rows.len();
        for row in rows.iter_mut().take(count.saturating_sub(1)) {
            let mut mark = Paragraph::default();
            mark.push("↩", plain_style(self.theme.code, self.colors().muted));
            let beside = Setting {
                x: setting.x + setting.measure + 1.0,
                measure: self.theme.code,
                verbatim: false,
                rest: 0.0,
                ..*setting
            };
            let drawn = lines(self.shaper, &mark, &beside);
            row.items
                .extend(drawn.into_iter().next().unwrap_or_default().items);
        }
        rows
    }

    /// A picture with its caption: where the page has no room for it, it moves to the top of
    /// the next and the text goes on before it.
    pub(super) fn figure(&mut self, figure: &Figure) {
        let mut rows = self.aside_here(|composer| composer.figure_rows(figure));
        let room = self.theme.area.height * 0.97;
        let caption = heights(rows.get(1..).unwrap_or_default());
        if let Some(first) = rows.first_mut()
            && first.height + caption > room
            && first.height > room * 0.3
        {
            first.shrink_picture((room - caption).max(room * 0.3));
        }
        match rows.as_slice() {
            [] => {}
            // Too long to be kept together anywhere.
            rows if heights(rows) > room => {
                self.space(self.theme.leading * 0.4);
                for row in rows {
                    self.push(row.clone());
                }
                self.space(self.theme.leading * 0.5);
            }
            _ => {
                self.flow.floats.push(rows);
                let float = Some((self.flow.floats.len() - 1) as u32);
                self.push(Row {
                    float,
                    ..Row::default()
                });
                self.space(self.theme.leading * 0.5);
            }
        }
    }

    fn figure_rows(&mut self, figure: &Figure) {
        let theme = self.theme;
        let highest = theme.area.height * 0.55;
        let size = self.picture_size(&figure.image, self.measure, highest);
        let has_caption = !figure.caption.is_empty() || figure.credit.is_some();
        let alt = match figure.image.alt.trim() {
            "" => plain(&figure.caption),
            alt => alt.to_owned(),
        };
        let role = if size.is_some() && !alt.is_empty() {
            Role::Figure(alt)
        } else {
            Role::Division
        };
        let is_told = matches!(role, Role::Figure(_));
        self.within(role, |composer| {
            if let Some((width, height)) = size {
                let tag = is_told.then(|| composer.content());
                composer.push(Row {
                    height,
                    keep: has_caption,
                    items: vec![Item::Picture {
                        src: figure.image.src.clone(),
                        x: composer.x + (composer.measure - width) / 2.0,
                        y: 0.0,
                        width,
                        height,
                        tag,
                    }],
                    ..Row::default()
                });
            }
            composer.caption(figure, is_told);
        });
    }

    fn caption(&mut self, figure: &Figure, is_told: bool) {
        let theme = self.theme;
        let style = plain_style(theme.small, self.colors().muted);
        let setting = Setting {
            align: Alignment::Center,
            ..self.ragged(theme.small_leading)
        };
        let role = if is_told {
            Role::Caption
        } else {
            Role::Paragraph
        };
        self.space(5.0);
        self.block_of(role, &setting, |composer, caption| {
            composer.inlines(caption, &figure.caption, style);
            if let Some(credit) = &figure.credit {
                if !caption.is_empty() {
                    composer.name(caption, "  ", style);
                }
                composer.name(caption, credit, style);
            }
        });
    }

    pub(super) fn inlines(&mut self, paragraph: &mut Paragraph, inlines: &[Inline], style: Style) {
        for inline in inlines {
            match inline {
                Inline::Text(text) => self.text(paragraph, text, style),
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
                Inline::Code(text) => {
                    self.name(paragraph, text, code_style(style, style.size * 0.9));
                }
                Inline::Math(formula) => self.inline_formula(paragraph, formula, style),
                Inline::Link { url, content } => {
                    let style = Style {
                        color: self.colors().accent,
                        ..style
                    };
                    let target = Target::Url(url.clone());
                    self.linked(paragraph, target, style, |composer, paragraph, style| {
                        composer.inlines(paragraph, content, style);
                    });
                }
                Inline::Image(image) => self.inline_image(paragraph, image, style),
                Inline::FootnoteRef(number) => self.footnote_mark(paragraph, *number, style),
                Inline::HardBreak => {
                    // It parts words, too.
                    self.name(paragraph, " ", style);
                    paragraph.push_break(style);
                }
            }
        }
    }

    /// Words; emphasised Han characters get dots or bold type, as the settings say.
    fn text(&mut self, paragraph: &mut Paragraph, text: &str, style: Style) {
        if !style.dotted || self.subject.settings.emphasis == Emphasis::Dots {
            self.say(paragraph, text, style);
            return;
        }
        let plain = Style {
            dotted: false,
            ..style
        };
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let is_han = is_wide(first);
            let end = rest
                .find(|character| is_wide(character) != is_han)
                .unwrap_or(rest.len());
            let (run, after) = rest.split_at(end);
            self.say(paragraph, run, if is_han { bold(plain) } else { plain });
            rest = after;
        }
    }

    pub(super) fn inline_image(&mut self, paragraph: &mut Paragraph, image: &Image, style: Style) {
        let highest = style.size * 4.0;
        // A mark after it must still fit on its line.
        let widest = self.measure - 1.2 * style.size;
        match self.picture_size(image, widest, highest) {
            Some((width, height)) => {
                let picture = Picture {
                    src: image.src.clone(),
                    width,
                    height,
                };
                let tag = self.figure_tag(&image.alt);
                paragraph.push_picture(picture, Style { tag, ..style });
            }
            None => self.name(paragraph, &image.alt, style),
        }
    }
}

pub(super) fn code_style(style: Style, size: f32) -> Style {
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
