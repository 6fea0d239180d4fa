//! Tables.

use offprint_core::Inline;
use offprint_core::text::{Align, Table};

use super::{Composer, bold, plain_style};
use crate::page::{Color, Row};
use crate::paragraph::{Alignment, Paragraph, Setting, Style, extremes, lines};
use crate::shape::Shaper;
use crate::structure::Role;

impl Composer<'_> {
    pub(super) fn table(&mut self, table: &Table) {
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
        let style = plain_style(size, self.colors().ink);
        let mut cells: Vec<Vec<Paragraph>> = Vec::new();
        self.within(Role::Table, |composer| {
            for (index, row) in std::iter::once(&table.head).chain(&table.rows).enumerate() {
                composer.within(Role::TableRow, |composer| {
                    cells.push(composer.table_cells(row, index == 0, style));
                });
            }
        });
        let widths = self.column_widths(&cells, columns, padding, leading);
        let grid = Grid {
            x: self.x,
            width: widths.iter().sum(),
            padding,
            leading,
        };
        let mut rows = Vec::with_capacity(cells.len());
        for row in &cells {
            rows.push(table_row(self.shaper, row, &widths, &table.align, grid));
        }
        let mut rows = rows.into_iter();
        let head = rows.next().unwrap_or_default();
        let has_head = table.head.iter().any(|cell| !cell.is_empty());
        self.space(self.theme.leading * 0.3);
        let (index, notes) = self.table_head(if has_head { head } else { Vec::new() }, grid);
        self.table_body(rows.collect(), grid, index, notes);
        self.space(self.theme.leading * 0.6);
    }

    /// The paragraphs of a row's cells.
    fn table_cells(&mut self, row: &[Vec<Inline>], is_head: bool, style: Style) -> Vec<Paragraph> {
        let (role, style) = if is_head {
            (Role::HeaderCell, bold(style))
        } else {
            (Role::DataCell, style)
        };
        row.iter()
            .map(|cell| {
                let mut paragraph = Paragraph::default();
                self.within(role.clone(), |composer| {
                    composer.inlines(&mut paragraph, cell, style);
                });
                paragraph
            })
            .collect()
    }

    /// Returns where the head is kept for further pages, and the notes it refers to.
    fn table_head(&mut self, lines: Vec<Row>, grid: Grid) -> (Option<u32>, Vec<u32>) {
        let has_lines = !lines.is_empty();
        let soft = self.colors().soft;
        let mut head = vec![rule(grid, 1.0, soft)];
        head.extend(lines);
        if has_lines {
            head.push(rule(grid, 0.6, soft));
        }
        let mut notes: Vec<u32> = Vec::new();
        for row in &mut head {
            row.keep = true;
            self.limit_notes(row);
            notes.append(&mut row.notes);
        }
        let repeated: Vec<Row> = head.iter().map(Row::repeated).collect();
        for row in head {
            self.push(row);
        }
        // A head that would fill the page is not repeated.
        let height: f32 = repeated.iter().map(|row| row.height).sum();
        let index = (height < self.theme.area.height * 0.3).then(|| {
            self.flow.heads.push(repeated);
            (self.flow.heads.len() - 1) as u32
        });
        (index, notes)
    }

    fn table_body(
        &mut self,
        rows: Vec<Vec<Row>>,
        grid: Grid,
        head: Option<u32>,
        mut notes: Vec<u32>,
    ) {
        let count = rows.len();
        let colors = self.colors();
        for (position, lines) in rows.into_iter().enumerate() {
            let is_last = position + 1 == count;
            let height: f32 = lines.iter().map(|row| row.height).sum();
            let whole = height < self.theme.area.height * 0.3;
            let last = lines.len().saturating_sub(1);
            for (number, mut row) in lines.into_iter().enumerate() {
                row.head = head;
                row.keep = whole && number < last;
                self.limit_notes(&mut row);
                row.notes.append(&mut notes);
                self.push(row);
            }
            // The rule under a row belongs to it.
            self.keep_with_next();
            let mut under = if is_last {
                rule(grid, 1.0, colors.soft)
            } else {
                rule(grid, 0.4, colors.rule)
            };
            under.keep = position == 0 && !is_last;
            self.push(under);
        }
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
        // A column that asks for no more than its fair share gets it; long texts share the rest.
        for wish in &mut wishes {
            if wish.0 + around <= room / columns as f32 {
                wish.1 = wish.0 + 0.05;
            }
        }
        let least: f32 = wishes.iter().map(|wish| wish.1 + around).sum();
        if least >= room {
            return wishes
                .iter()
                .map(|wish| (wish.1 + around) * room / least)
                .collect();
        }
        let elastic: f32 = wishes.iter().map(|wish| (wish.0 - wish.1).max(0.0)).sum();
        let share = (room - least) / elastic.max(0.01);
        wishes
            .iter()
            .map(|wish| wish.1 + around + (wish.0 - wish.1).max(0.0) * share)
            .collect()
    }
}

/// Where a table stands, and how its cells are set.
#[derive(Debug, Clone, Copy)]
struct Grid {
    x: f32,
    width: f32,
    padding: f32,
    leading: f32,
}

fn rule(grid: Grid, thick: f32, color: Color) -> Row {
    Row::rule(grid.x, grid.width, thick, color)
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
            hyphenate: None,
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
        let line = || columns.iter().filter_map(|column| column.get(index));
        // A tall formula in one cell lowers the line of all.
        let has_formula = line().any(|cell| cell.items.iter().any(|item| item.formula().is_some()));
        let baseline = if has_formula {
            line().filter_map(Row::baseline).fold(0.0, f32::max)
        } else {
            0.0
        };
        for column in &mut columns {
            if let Some(cell) = column.get_mut(index) {
                if let Some(own) = cell.baseline().filter(|own| *own < baseline) {
                    cell.lower(baseline - own);
                }
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
