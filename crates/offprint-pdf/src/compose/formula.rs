//! Formulas: in the line as the paragraph goes, or in the middle of a line of their own.

use std::sync::Arc;

use offprint_core::text::Formula;
use offprint_math::Style as Setting;

use super::text::code_style;
use super::{Composer, Dress};
use crate::formula::{SCALE, Set};
use crate::page::{FormulaRun, Item, Row};
use crate::paragraph::{Alignment, Paragraph, Setting as Lines, Style, lines};
use crate::structure::{Role, Tag};

/// How much smaller than others a displayed formula may be, so that it fits on its line.
const SMALLEST: f32 = 0.7;
/// The same of one that has no places where TeX would break it, such as a matrix.
const SMALLEST_WHOLE: f32 = 0.4;
/// How much of a page's height a formula may take.
const HIGHEST: f32 = 0.9;
/// What stands between a formula and its number at least, in em of the text: TeX's quad.
const QUAD: f32 = 1.0;
/// Blank above and below a formula, beside that between paragraphs, in em of the text.
const AIR: f32 = 0.2;

impl Composer<'_> {
    pub(super) fn inline_formula(
        &mut self,
        paragraph: &mut Paragraph,
        formula: &Formula,
        style: Style,
    ) {
        self.within(Role::Formula(formula.tex.clone()), |composer| {
            if let Some(set) = composer.set_formula(&formula.tex, Setting::Inline) {
                let tag = Some(composer.content());
                let style = Style { tag, ..style };
                paragraph.push_formula(&set, style);
                if let Some(number) = set.number() {
                    paragraph.push("\u{2003}", style);
                    paragraph.push_formula(&number, style);
                }
            } else {
                let style = code_style(style, style.size * 0.88);
                composer.name(paragraph, &formula.tex, style);
            }
        });
    }

    /// A formula laid out; one that cannot be is told of.
    fn set_formula(&mut self, tex: &str, setting: Setting) -> Option<Set> {
        let highest = self.theme.area.height * HIGHEST / (self.theme.body * SCALE);
        let fits = |set: &Set| {
            setting == Setting::Display || set.drawing.ascent + set.drawing.depth < highest
        };
        let set = Set::new(tex, setting).filter(fits);
        if set.is_none() {
            let paper = self.paper.clone();
            self.flow.add_undrawn(tex.to_owned(), paper);
        }
        set
    }

    pub(super) fn display_formula(&mut self, formula: &Formula, dress: Dress) {
        let Some(set) = self.set_formula(&formula.tex, Setting::Display) else {
            self.source_of_formula(formula, dress);
            return;
        };
        self.within(Role::Formula(formula.tex.clone()), |composer| {
            let size = dress.style.size * SCALE;
            let share = composer.measure / (set.drawing.width * size).max(0.01);
            if share < SMALLEST
                && let Some(rows) = composer.broken_formula(&formula.tex, share, dress)
            {
                composer.push_lines(rows);
                return;
            }
            let height = (set.drawing.ascent + set.drawing.depth) * size;
            let highest = composer.theme.area.height * HIGHEST;
            // Smaller than that it is hard to read, but to cut it off would be worse.
            let size = size * share.min(highest / height.max(0.01)).min(1.0);
            for row in composer.formula_rows(&set, size, dress) {
                composer.push(row);
            }
        });
    }

    /// The formula in the middle, its number at the right: below it if there is no room
    /// beside it.
    fn formula_rows(&mut self, set: &Set, size: f32, dress: Dress) -> Vec<Row> {
        let tag = self.content();
        let width = set.drawing.width * size;
        let mut run = FormulaRun {
            drawing: Arc::clone(&set.drawing),
            marks: 0..set.drawing.marks.len(),
            reach: 0.0..set.drawing.width,
            size,
            color: dress.style.color,
            x: self.x + (self.measure - width) / 2.0,
            y: 0.0,
            words: Arc::clone(&set.words),
            spoken: Vec::new(),
            is_display: true,
            is_bold: dress.style.cut.bold,
            tag: Some(tag),
        };
        let mut number = self.number_of(set, dress, tag);
        let mut below = None;
        if let Some(room) = number.as_ref().map(FormulaRun::width) {
            let room = room + QUAD * dress.style.size;
            // Where the number would stand too near, the formula has the middle of what is left.
            if width + 2.0 * room > self.measure {
                run.x = self.x + ((self.measure - room - width) / 2.0).max(0.0);
            }
            if width + room > self.measure {
                run.x = self.x + (self.measure - width) / 2.0;
                below = number.take();
            }
        }
        run.speak(self.shaper);
        let first = std::iter::once(run).chain(number);
        let mut rows = vec![formula_row(first.collect(), dress)];
        if let Some(first) = rows.first_mut()
            && below.is_some()
        {
            first.keep = true;
        }
        rows.extend(below.map(|number| formula_row(vec![number], dress)));
        rows
    }

    /// What `\tag` says, at the right.
    fn number_of(&self, set: &Set, dress: Dress, tag: Tag) -> Option<FormulaRun> {
        let number = set.number()?;
        let size = dress.style.size * SCALE;
        Some(FormulaRun {
            marks: 0..number.drawing.marks.len(),
            reach: 0.0..number.drawing.width,
            size,
            color: dress.style.color,
            x: self.x + self.measure - number.drawing.width * size,
            y: 0.0,
            drawing: number.drawing,
            words: number.words,
            spoken: Vec::new(),
            is_display: false,
            is_bold: dress.style.cut.bold,
            tag: Some(tag),
        })
    }

    /// A formula of which a line would hold no more than a share, broken after its relations
    /// and operators as within text; `None` where it is better made smaller.
    fn broken_formula(&mut self, tex: &str, share: f32, dress: Dress) -> Option<Vec<Row>> {
        let set = Set::new(tex, Setting::Inline)?;
        if set.drawing.breaks.is_empty() && (share > SMALLEST_WHOLE || set.parts().len() < 2) {
            return None;
        }
        let tag = self.content();
        let mut paragraph = Paragraph::default();
        let style = Style {
            tag: Some(tag),
            ..dress.style
        };
        paragraph.push_formula(&set, style);
        let setting = Lines {
            rest: 2.0 * dress.style.size,
            ..self.ragged(dress.leading)
        };
        let mut rows = lines(self.shaper, &paragraph, &setting);
        if let Some(number) = self.number_of(&set, dress, tag) {
            let room = number.x - QUAD * dress.style.size;
            let end = |row: &Row| {
                let runs = row.items.iter().filter_map(Item::formula);
                runs.map(|run| run.x + run.width()).fold(0.0, f32::max)
            };
            match rows.last_mut().filter(|row| end(row) <= room) {
                Some(row) => {
                    let mut item = Item::Formula(Box::new(number));
                    item.shift(0.0, row.baseline().unwrap_or_default());
                    row.items.push(item);
                }
                None => rows.push(formula_row(vec![number], dress)),
            }
        }
        Some(rows)
    }

    /// A formula that cannot be drawn, as its author wrote it.
    fn source_of_formula(&mut self, formula: &Formula, dress: Dress) {
        let style = code_style(dress.style, dress.style.size * 0.88);
        let around = dress.style.size * 2.0;
        self.with_inset(around, around, |composer| {
            let setting = Lines {
                align: Alignment::Center,
                ..composer.ragged(dress.leading)
            };
            composer.block_of(
                Role::Formula(formula.tex.clone()),
                &setting,
                |composer, paragraph| {
                    for (index, line) in formula.tex.split('\n').enumerate() {
                        if index > 0 {
                            paragraph.push_break(style);
                        }
                        composer.name(paragraph, line, style);
                    }
                },
            );
        });
    }
}

/// A row of formulas on one baseline, at least as high as a line of text.
fn formula_row(runs: Vec<FormulaRun>, dress: Dress) -> Row {
    let text = dress.style.size;
    // As a line of text stands in its row.
    let least = (dress.leading - text) / 2.0 + 0.88 * text;
    let reach = |of: fn(&FormulaRun) -> f32, least: f32| {
        runs.iter()
            .map(|run| of(run) + AIR * text)
            .fold(least, f32::max)
    };
    let ascent = reach(|run| run.drawing.ascent * run.size, least);
    let depth = reach(|run| run.drawing.depth * run.size, dress.leading - least);
    let items = runs.into_iter().map(|run| {
        let mut item = Item::Formula(Box::new(run));
        item.shift(0.0, ascent);
        item
    });
    Row {
        height: ascent + depth,
        items: items.collect(),
        ..Row::default()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use offprint_core::load::{Form, Location, issue};
    use offprint_core::{Assets, Series, Source};

    use super::*;
    use crate::compose::{Places, Subject, compose};
    use crate::settings::Pdf;
    use crate::shape::Shaper;
    use crate::theme::Theme;

    /// The rows of a text, and how wide lines are.
    fn rows(text: &str) -> (Vec<Row>, f32) {
        let head = "---\ntitle: Trial\nid: trial\ndate: 2024-05-06\nlang: en\n---\n\n";
        let location = Location {
            folder: String::new(),
            stem: "trial".to_owned(),
        };
        let source = Source::new("trial.md", format!("{head}{text}\n"));
        let series = Series::default();
        let loaded = issue(&source, Form::Markdown, &location, &series);
        let issue = loaded.value.expect("the issue can be read");
        let settings = Pdf::default();
        let theme = Theme::new(&settings, false);
        let subject = Subject {
            settings: &settings,
            theme: &theme,
            assets: &Assets::new(BTreeMap::new()),
            series: &series,
            issue: &issue,
        };
        let places = Places::new(&issue);
        let flow = compose(&mut Shaper::new(), &subject, &places, 1).expect("threads");
        (flow.rows, theme.area.column)
    }

    fn formulas(row: &Row) -> Vec<&FormulaRun> {
        row.items.iter().filter_map(Item::formula).collect()
    }

    #[test]
    fn a_displayed_formula_stands_in_the_middle_and_stays_with_the_words_before() {
        let (rows, width) = rows("Such as:\n\n$$\n\\frac{a}{b} = c\n$$\n\nAfter.");
        let at = rows.iter().position(|row| !formulas(row).is_empty());
        let at = at.expect("a formula");
        let run = formulas(&rows[at])[0];
        assert!((run.x - (width - run.x - run.width())).abs() < 0.01);
        assert!(rows[at - 1].keep && !rows[at].keep);
        assert!(run.y > run.drawing.ascent * run.size);
        assert!(run.y + run.drawing.depth * run.size < rows[at].height);
    }

    #[test]
    fn a_number_stands_at_the_right_and_moves_the_formula_if_it_must() {
        let long = |terms: usize| vec!["\\alpha_{11}"; terms].join(" + ");
        let mut below = 0;
        for terms in 1..40 {
            let (rows, width) = rows(&format!("$$\n{} \\tag{{12}}\n$$", long(terms)));
            let rows: Vec<&Row> = rows
                .iter()
                .filter(|row| !formulas(row).is_empty())
                .collect();
            let runs: Vec<&FormulaRun> = rows.iter().flat_map(|row| formulas(row)).collect();
            let number = runs.last().expect("a number");
            assert!((number.x + number.width() - width).abs() < 0.01, "{terms}");
            for run in &runs {
                assert!(
                    run.x > -0.01 && run.x + run.width() < width + 0.01,
                    "{terms}"
                );
            }
            let before = formulas(rows[rows.len() - 1]);
            if let [formula, number] = before.as_slice() {
                assert!(formula.x + formula.width() + 9.0 < number.x, "{terms}");
                assert!((formula.y - number.y).abs() < 0.01, "{terms}");
            } else {
                below += 1;
            }
        }
        assert!((1..20).contains(&below), "{below}");
    }

    #[test]
    fn a_formula_too_wide_becomes_smaller_and_then_is_broken() {
        let sizes: Vec<(usize, f32)> = [5, 19, 60]
            .into_iter()
            .map(|terms| {
                let sum = vec!["\\alpha_{11}"; terms].join(" + ");
                let (rows, _) = rows(&format!("$$\n{sum}\n$$"));
                let runs: Vec<f32> = rows
                    .iter()
                    .flat_map(|row| formulas(row))
                    .map(|run| run.size)
                    .collect();
                (runs.len(), runs[0])
            })
            .collect();
        let [(1, whole), (1, smaller), (lines, again)] = sizes[..] else {
            panic!("{sizes:?}");
        };
        assert!(smaller < whole && smaller > whole * SMALLEST, "{sizes:?}");
        assert!(lines > 2 && (again - whole).abs() < 0.01, "{sizes:?}");
    }
}
