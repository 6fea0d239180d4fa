//! Running headers and page numbers, once the pages are known.

use offprint_core::colophon::imprint;
use offprint_core::{Issue, Series};

use crate::compose::plain_style;
use crate::page::{Item, Row};
use crate::paginate::{Pages, moved};
use crate::paragraph::{Alignment, Paragraph, Setting, Style, lines};
use crate::shape::Shaper;
use crate::theme::Theme;

/// What stands at the top of pages: the publication at the left, the issue at the right.
fn running_titles(series: &Series, issue: &Issue) -> (String, String) {
    let title = issue.short_title.as_ref().unwrap_or(&issue.title);
    match imprint(series, issue).filter(|imprint| imprint != title) {
        Some(imprint) => (imprint.to_owned(), title.clone()),
        None => (title.clone(), String::new()),
    }
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
    let style = plain_style(theme.header, theme.colors.muted);
    let width = theme.area.width;
    let mut header = Vec::new();
    let y = theme.area.top - theme.header_gap;
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
        color: theme.colors.rule,
        tag: None,
    });
    let spots = std::mem::take(&mut pages.spots);
    for (index, page) in pages.pages.iter_mut().enumerate() {
        let number = (index + 1).to_string();
        if index > 0 {
            page.header.extend(header.iter().cloned());
        }
        let style = plain_style(theme.header + 1.0, theme.colors.muted);
        let setting = one_line(0.0, width, style.size * 1.5, Alignment::Center);
        let y = theme.area.top + theme.area.height + theme.footer_gap;
        if let Some(row) = fitting_line(shaper, &number, style, &setting) {
            page.footer
                .extend(row.items.iter().map(|item| moved(item, theme.area.left, y)));
        }
        for item in &mut page.items {
            let Item::PageNumber {
                anchor,
                x,
                y,
                size,
                color,
                tag,
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
            let style = Style {
                tag: *tag,
                ..plain_style(*size, *color)
            };
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
