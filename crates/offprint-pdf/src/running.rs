//! Running headers and page numbers, once the pages are known.

use std::collections::BTreeMap;

use offprint_core::colophon::imprint;
use offprint_core::{Issue, Series};

use crate::compose::{Places, plain_style};
use crate::page::{Anchor, Bookmark, Color, Item, PlacedGlyph, Row, TextRun};
use crate::paginate::Pages;
use crate::paragraph::{Alignment, Paragraph, Setting, Style, lines};
use crate::shape::{Cut, Shaper};
use crate::theme::Theme;

/// What the running headers tell.
pub(crate) struct Titles<'a> {
    pub(crate) series: &'a Series,
    pub(crate) issue: &'a Issue,
    pub(crate) places: &'a Places,
    pub(crate) bookmarks: &'a [Bookmark],
}

/// Puts the running header and the page number on each page, and the numbers into the
/// contents.
pub(crate) fn running_lines(
    shaper: &mut Shaper,
    theme: &Theme,
    titles: &Titles<'_>,
    pages: &mut Pages,
) {
    let sections = sections(titles, theme, pages);
    let labels: Vec<String> = (0..pages.pages.len())
        .map(|page| pages.label(page))
        .collect();
    let mut lines = RunningLines {
        shaper,
        theme,
        headers: BTreeMap::new(),
    };
    let publication = publication(titles);
    let first = 1 + usize::from(pages.has_cover);
    let Pages {
        pages: all, spots, ..
    } = pages;
    for (index, page) in all.iter_mut().enumerate() {
        if index >= first && theme.has_header {
            let section = sections.get(index).copied().flatten();
            let section = section.and_then(|section| titles.bookmarks.get(section));
            page.header.extend(lines.header(&publication, section));
        }
        if theme.has_folio
            && let Some(label) = labels.get(index)
        {
            page.footer.extend(lines.folio(label));
        }
        for item in &mut page.items {
            if let Item::PageNumber {
                anchor,
                x,
                y,
                size,
                color,
                tag,
            } = *item
                && let Some(label) = spots.get(&anchor).and_then(|spot| labels.get(spot.page))
                && let Some((mut run, width)) = lines.number(label, size, color)
            {
                run.tag = tag;
                *item = Item::Text(run);
                item.shift(x - width, y);
            }
        }
    }
}

/// The publication and the issue, in one line or two that are tried in turn.
fn publication(titles: &Titles<'_>) -> Vec<String> {
    let issue = titles.issue;
    let title = issue.short_title.as_ref().unwrap_or(&issue.title);
    let imprint = imprint(titles.series, issue).filter(|imprint| imprint != title);
    let long = imprint.map(|imprint| format!("{imprint}  ·  {title}"));
    long.into_iter().chain([title.clone()]).collect()
}

/// For each page the section that its header names, an index into the bookmarks: the first
/// one that begins in its top third, else the one that goes on from the page before.
fn sections(titles: &Titles<'_>, theme: &Theme, pages: &Pages) -> Vec<Option<usize>> {
    // In the order of the text.
    let mut starts = titles
        .bookmarks
        .iter()
        .enumerate()
        .filter(|(_, bookmark)| bookmark.level == 0)
        .filter_map(|(index, bookmark)| Some((*pages.spots.get(&bookmark.anchor)?, index)))
        .peekable();
    let third = theme.area.top + theme.area.height / 3.0;
    let mut last = None;
    let mut named = Vec::with_capacity(pages.pages.len());
    for (number, page) in pages.pages.iter().enumerate() {
        let mut first = None;
        let mut latest = last;
        while let Some((spot, index)) = starts.next_if(|(spot, _)| spot.page <= number) {
            if latest == last && spot.column == 0 && spot.y <= third {
                first = Some(index);
            }
            latest = Some(index);
        }
        let section = first.or(last).filter(|&section| {
            let anchor = titles.bookmarks.get(section).map(|mark| mark.anchor);
            // The title is at the left already; what follows the contents has no name.
            let is_contents = anchor == Some(titles.places.contents);
            let lists = || {
                let mut items = page.items.iter();
                items.any(|item| matches!(item, Item::PageNumber { .. }))
            };
            anchor != Some(titles.places.title) && (!is_contents || lists())
        });
        named.push(section);
        last = latest;
    }
    named
}

/// Between a header and the rule under it.
const HEADER_RULE: f32 = 3.0;

struct RunningLines<'a> {
    shaper: &'a mut Shaper,
    theme: &'a Theme,
    /// Headers by the section that they name.
    headers: BTreeMap<Option<Anchor>, Vec<Item>>,
}

impl RunningLines<'_> {
    fn header(&mut self, publication: &[String], section: Option<&Bookmark>) -> Vec<Item> {
        let key = section.map(|section| section.anchor);
        if let Some(items) = self.headers.get(&key) {
            return items.clone();
        }
        let items = self.new_header(publication, section);
        self.headers.insert(key, items.clone());
        items
    }

    /// The section at the right, and at the left as much as there is room for.
    fn new_header(&mut self, publication: &[String], section: Option<&Bookmark>) -> Vec<Item> {
        let theme = self.theme;
        let (width, leading) = (theme.area.width, theme.header * 1.5);
        let mut items = Vec::new();
        let mut room = width;
        if let Some(section) = section {
            let part = width * 0.5;
            let setting = one_line(width - part, part, leading, Alignment::End);
            items = self.header_part(&section.title, &setting);
            let start = items.iter().filter_map(left_edge).fold(width, f32::min);
            room = start - theme.area.left - 2.0 * theme.header;
        }
        let setting = one_line(0.0, room, leading, Alignment::Start);
        for (index, words) in publication.iter().enumerate() {
            let is_last = index + 1 == publication.len();
            if is_last || self.fits(words, &setting) {
                items.extend(self.header_part(words, &setting));
                break;
            }
        }
        items.push(Item::Fill {
            x: theme.area.left,
            y: theme.area.top - self.header_gap() + leading + HEADER_RULE,
            width,
            height: 0.4,
            color: theme.colors.rule,
            tag: None,
        });
        items
    }

    /// Even on small paper the rule stands clear of the text.
    fn header_gap(&self) -> f32 {
        let least = self.theme.header * 1.5 + HEADER_RULE * 2.5;
        self.theme.header_gap.max(least)
    }

    fn header_part(&mut self, words: &str, setting: &Setting) -> Vec<Item> {
        let theme = self.theme;
        let style = plain_style(theme.header, theme.colors.muted);
        let y = theme.area.top - self.header_gap();
        fitting_line(self.shaper, words, style, setting)
            .iter()
            .flat_map(|row| &row.items)
            .map(|item| item.moved(theme.area.left, y))
            .collect()
    }

    fn fits(&mut self, words: &str, setting: &Setting) -> bool {
        let mut line = Paragraph::default();
        let theme = self.theme;
        line.push(words, plain_style(theme.header, theme.colors.muted));
        lines(self.shaper, &line, setting).len() <= 1
    }

    /// The page's number in the middle of its foot.
    fn folio(&mut self, label: &str) -> Option<Item> {
        let area = self.theme.area;
        let size = self.theme.header + 1.0;
        let (run, width) = self.number(label, size, self.theme.colors.muted)?;
        let mut folio = Item::Text(run);
        folio.shift(
            area.left + (area.width - width) / 2.0,
            area.top + area.height + self.theme.footer_gap + size,
        );
        Some(folio)
    }

    /// A number at the left edge, and how wide it is.
    fn number(&mut self, digits: &str, size: f32, color: Color) -> Option<(TextRun, f32)> {
        let first = digits.chars().next()?;
        let face = self.shaper.face(Cut::default(), first, false);
        let mut glyphs = Vec::with_capacity(digits.len());
        let mut x = 0.0;
        for digit in digits.chars() {
            let word = self.shaper.character(face, digit);
            for glyph in self.shaper.glyphs(word) {
                glyphs.push(PlacedGlyph::new(glyph.id, glyph.meaning, x));
                x += glyph.advance * size;
            }
        }
        let run = TextRun {
            face,
            size,
            color,
            scale: 1.0,
            x: 0.0,
            y: 0.0,
            tag: None,
            glyphs,
        };
        Some((run, x))
    }
}

/// Where text begins.
fn left_edge(item: &Item) -> Option<f32> {
    let run = item.text()?;
    run.glyphs.first().map(|glyph| run.x_of(*glyph))
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
        hyphenate: None,
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

#[cfg(test)]
mod tests {
    use offprint_core::Assets;
    use offprint_core::Source;
    use offprint_core::load::{Form, Location, issue};

    use super::*;
    use crate::compose::{Subject, compose};
    use crate::page::Page;
    use crate::paginate::paginate;
    use crate::settings::{Cover, Pdf};

    /// Each page's words above the text, in it, and below it.
    fn pages(settings: &Pdf, text: &str) -> Vec<[String; 3]> {
        let head = "---\ntitle: Trial\nid: trial\ndate: 2024-05-06\nlang: en\n---\n";
        let location = Location {
            folder: String::new(),
            stem: "trial".to_owned(),
        };
        let source = Source::new("trial.md", format!("{head}{text}"));
        let series = Series::default();
        let loaded = issue(&source, Form::Markdown, &location, &series);
        let issue = loaded.value.expect("the issue can be read");
        let theme = Theme::new(settings, false);
        let places = Places::new(&issue);
        let subject = Subject {
            settings,
            theme: &theme,
            assets: &Assets::new(BTreeMap::new()),
            series: &series,
            issue: &issue,
        };
        let mut shaper = Shaper::new();
        let mut flow = compose(&mut shaper, &subject, &places, 1).expect("threads");
        let mut pages = paginate(&mut flow, theme.area);
        let titles = Titles {
            series: &series,
            issue: &issue,
            places: &places,
            bookmarks: &flow.bookmarks,
        };
        running_lines(&mut shaper, &theme, &titles, &mut pages);
        let (top, foot) = (theme.area.top, theme.area.top + theme.area.height);
        let words = |page: &Page| {
            let mut words = [const { String::new() }; 3];
            for item in page.all_items() {
                if let Item::Text(run) = item {
                    let part = usize::from(run.y > top) + usize::from(run.y > foot);
                    let glyphs = run.glyphs.iter();
                    words[part].extend(glyphs.map(|glyph| shaper.characters(glyph.meaning)));
                }
            }
            words
        };
        pages.pages.iter().map(words).collect()
    }

    fn sections() -> String {
        let text = "Words that fill lines and more words. ".repeat(60);
        ["One", "Two", "Three"]
            .map(|name| format!("## {name}\n\n{text}\n\n{text}\n\n"))
            .concat()
    }

    #[test]
    fn a_header_names_the_section_that_its_page_shows() {
        let pages = pages(&Pdf::default(), &sections());
        assert!(pages.len() > 3);
        assert_eq!(pages[0][0], "");
        let mut section = "One";
        for (index, [header, text, folio]) in pages.iter().enumerate() {
            assert_eq!(*folio, (index + 1).to_string());
            for name in ["Two", "Three"] {
                if index > 0 && text.starts_with(name) {
                    section = name;
                }
            }
            if index > 0 {
                assert_eq!(*header, format!("{section}Trial"), "{index}");
            }
            for name in ["Two", "Three"] {
                if index > 0 && text.contains(name) {
                    section = name;
                }
            }
        }
        assert_eq!(section, "Three");
    }

    #[test]
    fn a_cover_has_neither_header_nor_number_and_is_not_counted() {
        let settings = Pdf {
            cover: Cover::Page,
            ..Pdf::default()
        };
        let pages = pages(&settings, &sections());
        assert_eq!([&pages[0][0], &pages[0][2]], ["", ""]);
        assert_eq!([&pages[1][0], &pages[1][2]], ["", "1"]);
        let at = pages.iter().position(|page| page[1].contains("TwoWords"));
        let at = at.expect("the section is there");
        assert!(
            pages[1][1].contains(&format!("Two{at}")),
            "{at}: {}",
            pages[1][1]
        );
    }

    #[test]
    fn a_title_too_long_for_a_header_is_cut() {
        let mut shaper = Shaper::new();
        let style = plain_style(8.0, Color(0, 0, 0));
        let setting = one_line(0.0, 100.0, 12.0, Alignment::Start);
        let row = fitting_line(&mut shaper, &"Words ".repeat(20), style, &setting);
        let row = row.expect("a line");
        let mut words = String::new();
        for item in &row.items {
            if let Item::Text(run) = item {
                words.extend(
                    run.glyphs
                        .iter()
                        .map(|glyph| shaper.characters(glyph.meaning)),
                );
                assert!(run.glyphs.iter().all(|glyph| run.x_of(*glyph) < 100.0));
            }
        }
        assert!(
            words.ends_with('…') && words.starts_with("Words"),
            "{words}"
        );
    }
}
