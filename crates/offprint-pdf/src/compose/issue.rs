//! An issue within a book of several: how it begins, and how it ends.

use offprint_core::words::Label;

use super::{Composer, plain_style};
use crate::page::Row;
use crate::structure::Role;

impl Composer<'_> {
    /// What begins a part: a page with its title, what the title stands for, its introduction.
    pub(super) fn opening(&mut self, index: usize) {
        let issue = self.issue;
        let Some((part, &anchor)) = issue.parts.get(index).zip(self.places.parts.get(index)) else {
            return;
        };
        let theme = self.theme;
        let (accent, ink, muted) = {
            let colors = self.colors();
            (colors.accent, colors.ink, colors.muted)
        };
        self.across(|composer| {
            composer.push(Row {
                begins_page: true,
                ..Row::rule(0.0, 42.0, 2.2, accent)
            });
            composer.bookmark(0, &part.title, anchor);
            composer.space(14.0);
            composer.heading(2, &part.title, theme.masthead * 0.85, ink, Some(anchor));
            if let Some(subtitle) = &part.subtitle {
                composer.space(8.0);
                let style = plain_style(theme.small, muted);
                let setting = composer.ragged(theme.small_leading);
                composer.block_of(Role::Paragraph, &setting, |composer, line| {
                    composer.name(line, subtitle, style);
                });
            }
        });
        if !part.intro.is_empty() {
            self.keep_with_next();
            self.space(theme.leading * 1.5);
            self.within(Role::Section, |composer| {
                composer.base = composer.level;
                let dress = composer.body();
                composer.blocks(&part.intro, dress);
            });
        }
    }

    /// What ends a part: where it comes from, and what to read next.
    pub(super) fn closing(&mut self, index: usize) {
        let issue = self.issue;
        let Some(part) = issue.parts.get(index) else {
            return;
        };
        let (rule, accent) = (self.colors().rule, self.colors().accent);
        self.space(self.theme.leading * 2.2);
        self.push(Row::rule(0.0, self.measure, 0.8, rule));
        self.space(7.0);
        // It stands under the part's title.
        self.level = 2;
        self.within(Role::Section, |composer| {
            let title = composer.words.label(Label::About);
            composer.heading(3, title, composer.theme.body, accent, None);
            composer.base = composer.level;
            let dress = composer.small(composer.colors().soft);
            composer.blocks(&part.about, dress);
        });
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fmt::Write as _;

    use offprint_core::book::{Span, bind};
    use offprint_core::load::{Form, Location, issue};
    use offprint_core::{Assets, Issue, Series, Source};

    use crate::compose::{Places, Subject};
    use crate::lay_out;
    use crate::page::{Flow, Item, Page};
    use crate::settings::{Paper, Pdf};
    use crate::shape::Shaper;
    use crate::structure::{Kind, Role, Tree};
    use crate::theme::Theme;

    fn series() -> Series {
        Series {
            id: "notes".to_owned(),
            title: "Notes".to_owned(),
            ..Series::default()
        }
    }

    fn read(id: &str, text: &str) -> Issue {
        let head = format!(
            "---\ntitle: Issue {id}\nid: {id}\nauthors: [Ann]\ndate: 2024-05-06\nlang: en\n---\n"
        );
        let location = Location {
            folder: String::new(),
            stem: id.to_owned(),
        };
        let source = Source::new("a.md", format!("{head}{text}"));
        let loaded = issue(&source, Form::Markdown, &location, &series());
        loaded.value.expect("the issue can be read")
    }

    fn section(title: &str, papers: &[&str]) -> String {
        let words = "Words that fill lines and more words. ".repeat(30);
        let mut text = format!("## {title}\n\n");
        for (paper, number) in papers.iter().zip(1..) {
            let _ = writeln!(
                text,
                "### {paper}\n\n- url: https://a.example/{title}/{number}\n\
                 - authors: {paper} Author\n\n{words}\n\n{words}\n"
            );
        }
        text
    }

    fn book(issues: &[Issue]) -> Issue {
        let issues: Vec<&Issue> = issues.iter().collect();
        bind(&series(), &issues, Span::year(2024).unwrap()).unwrap()
    }

    fn three() -> Issue {
        let mut last = read("c", "Only words.\n");
        last.declaration = Some("Declared".to_owned());
        book(&[
            read(
                "a",
                &format!(
                    "Opening[^1].\n\n[^1]: First note.\n\n{}{}",
                    section("Alpha", &["One", "Two"]),
                    section("Beta", &["Three"])
                ),
            ),
            read("b", &section("Gamma", &["A Four", "One"])),
            last,
        ])
    }

    /// What is laid out, and each page's words above the text, in it, and below it.
    fn laid_out(settings: &Pdf, issue: &Issue) -> (Flow, Vec<[String; 3]>) {
        let theme = Theme::new(settings, false);
        let places = Places::new(issue);
        let series = series();
        let subject = Subject {
            settings,
            theme: &theme,
            assets: &Assets::new(BTreeMap::new()),
            series: &series,
            issue,
        };
        let mut shaper = Shaper::new();
        let (flow, pages) = lay_out(&mut shaper, &subject, &places, 1).expect("threads");
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
        (flow, pages.pages.iter().map(words).collect())
    }

    #[test]
    fn every_issue_of_a_book_begins_a_page_and_is_named_above_its_pages() {
        let (_, pages) = laid_out(&Pdf::default(), &three());
        let (cover, rest) = pages.split_first().expect("a cover");
        assert!(cover[1].starts_with("Notes 2024"), "{}", cover[1]);
        assert_eq!([&cover[0], &cover[2]], ["", ""]);
        for (issue, first) in [
            ("Issue a", "Issue a6 May 2024 · AnnOpening"),
            ("Issue b", "Issue b6 May 2024 · Ann"),
            ("Issue c", "Issue c6 May 2024 · AnnOnly words."),
        ] {
            let header = format!("{issue}Notes  ·  2024");
            let own: Vec<&[String; 3]> = rest.iter().filter(|page| page[0] == header).collect();
            let (opening, others) = own.split_first().expect(issue);
            assert!(opening[1].starts_with(first), "{}", opening[1]);
            assert!(others.iter().all(|page| !page[1].contains("6 May 2024")));
        }
        // What ends the book belongs to no issue.
        let about = rest.iter().find(|page| page[1].contains("About this book"));
        let about = about.expect("the book's end");
        assert!(about[1].starts_with("About this book"), "{}", about[1]);
        assert!(about[0].starts_with("About this book"), "{}", about[0]);
        let closing = rest
            .iter()
            .find(|page| page[1].contains("About this issue"));
        let closing = closing.expect("the issue's end");
        assert!(
            closing[1].contains("Declaration: Declared"),
            "{}",
            closing[1]
        );
    }

    #[test]
    fn bookmarks_of_a_book_lead_from_issue_to_section_to_paper() {
        let (flow, _) = laid_out(&Pdf::default(), &three());
        let marks: Vec<(u8, &str)> = flow
            .bookmarks
            .iter()
            .map(|mark| (mark.level, mark.title.as_str()))
            .collect();
        assert_eq!(
            marks,
            [
                (0, "Notes 2024"),
                (0, "Contents"),
                (0, "Issue a"),
                (1, "Alpha"),
                (2, "1. One"),
                (2, "2. Two"),
                (1, "Beta"),
                (2, "3. Three"),
                (0, "Issue b"),
                (1, "Gamma"),
                (2, "1. A Four"),
                (2, "2. One"),
                (0, "Issue c"),
                (0, "About this book"),
                (0, "Index"),
            ]
        );
    }

    #[test]
    fn contents_of_a_book_have_three_levels_where_there_is_room() {
        let (_, pages) = laid_out(&Pdf::default(), &three());
        let contents = &pages[1][1];
        let mut rest = contents.as_str();
        let order = [
            "Contents", "Issue a", "Alpha", "One", "Beta", "Three", "Issue b", "Index",
        ];
        for words in order {
            let found = rest.split_once(words);
            rest = found.unwrap_or_else(|| panic!("{words} in {contents}")).1;
        }
        let small = Pdf {
            paper: Paper::SixInch,
            ..Pdf::default()
        };
        let (_, pages) = laid_out(&small, &three());
        let contents = pages.iter().find(|page| page[1].starts_with("Contents"));
        let contents = &contents.expect("contents")[1];
        assert!(
            contents.contains("Beta") && !contents.contains("Three"),
            "{contents}"
        );
    }

    #[test]
    fn the_index_of_a_book_lists_titles_with_the_pages_of_all_issues() {
        let (_, pages) = laid_out(&Pdf::default(), &three());
        let page_of = |words: &str| {
            let opens = |page: &&[String; 3]| page[1].contains(words);
            let page = pages.iter().skip(2).find(opens).expect(words);
            page[2].clone()
        };
        let index = pages.iter().find(|page| page[1].starts_with("Index"));
        let index = &index.expect("an index")[1];
        // Looked up without its article.
        let four = format!("FA Four  {}", page_of("A Four Author"));
        assert!(index.contains(&four), "{four} in {index}");
        let one = format!("One  {}, ", page_of("1One"));
        assert!(index.contains(&one), "{one} in {index}");
        assert!(index.contains("Papers") && index.contains("Authors"));
    }

    #[test]
    fn headings_of_a_book_step_down_from_issue_to_section_to_paper() {
        let (flow, _) = laid_out(&Pdf::default(), &three());
        let nodes = flow.tree.nodes();
        let mut levels = Vec::new();
        let mut parts = 0;
        for node in nodes {
            if let Kind::Element { role, .. } = &node.kind {
                if let Role::Heading(level) = role {
                    levels.push(*level);
                }
                let is_outer = node.parent as usize == Tree::ROOT.index();
                parts += usize::from(is_outer && *role == Role::Part);
            }
        }
        assert_eq!(
            levels,
            [
                1, // the title
                2, // contents
                2, 3, 4, 4, 3, 4, // the first issue
                2, 3, 4, 4, // the second
                2, 3, // the third, and what is said of it
                2, // about the book
                2, 3, 3, // index, papers, authors
            ]
        );
        // Three issues, the end, the index.
        assert_eq!(parts, 5);
    }
}
