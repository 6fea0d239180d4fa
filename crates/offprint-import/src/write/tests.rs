use offprint_core::bibliography::Entry;
use offprint_core::citation::ranges;
use offprint_core::load::{self, Location};
use offprint_core::model::{LinkKind, SourceKind};
use offprint_core::text::{Align, Formula, List, ListItem, Table as Grid, plain};
use offprint_core::{Block, Inline, Issue, Series, Severity, Source};

use super::*;

const FORMS: [Form; 4] = [Form::Markdown, Form::Yaml, Form::Toml, Form::Json];

/// Words that mean something in one form or another.
const HOSTILE: &[&str] = &[
    "plain words",
    "论文：第 12 期，自监督",
    "A: B",
    "- x",
    "* x",
    "+ y",
    "1. x",
    "1) x",
    "# x",
    "#",
    "x #",
    "C#",
    "> x",
    "| a | b |",
    "---",
    "===",
    "***",
    "```",
    "~~~ x",
    "~~x~~",
    "`code` here",
    "*not emphasised*",
    "a_b_c _d_ __e__",
    "[x](y)",
    "[x]",
    "![x](y)",
    "[^1]",
    "<b>bold</b>",
    "<https://a.example>",
    "&amp; &#65; &x",
    "\\alpha \\* \\",
    "$x$",
    "$5 and $6",
    "\\$5",
    "a $\\mathcal{L}_{x}$ b",
    "@key",
    "x {#id}",
    "{width=60%}",
    "'quoted' \"double\" “curly”",
    "'''",
    "\"\"\"",
    "no",
    "null",
    "1.5",
    "2020-11-02",
    "id: 7",
    "链接：x",
    "title: y",
    "tab\there",
    "two\nlines",
    "  blanks  in  it  ",
    "\u{1}control\u{7f}",
    "\u{feff}bom\u{2028}sep\u{85}",
    "\u{202e}bidi",
    "emoji 😀 e\u{301}",
    "（全角）；、，",
    "a;b,c、d",
    "https://a.example/x(y)?z=1#f",
    "x: # y",
    "%YAML 1.2",
    "!tag &anchor *alias",
    "? key",
    "+++",
    "...",
    "…",
    "0",
];

/// A generator of the same numbers every time (`SplitMix64`).
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % bound as u64) as usize
    }

    fn words(&mut self) -> String {
        let count = 1 + self.below(3);
        let words: Vec<&str> = (0..count)
            .map(|_| HOSTILE[self.below(HOSTILE.len())])
            .collect();
        words.join(if self.below(2) == 0 { " " } else { "" })
    }

    /// A name; none begins as the box of a task.
    fn name(&mut self) -> String {
        self.words().replace("[x]", "")
    }

    fn some_words(&mut self) -> Option<String> {
        (self.below(2) == 0).then(|| self.words())
    }

    fn line(&mut self, depth: usize) -> Vec<Inline> {
        (0..=self.below(4))
            .map(|_| match self.below(if depth > 2 { 4 } else { 9 }) {
                0 | 1 => Inline::Text(self.words()),
                2 => Inline::Code(self.words()),
                3 => Inline::Math(Formula {
                    tex: ["x^2", "\\frac{a}{b}", "a|b", "x $ y", ""][self.below(5)].to_owned(),
                }),
                4 => Inline::Emphasis(self.line(depth + 1)),
                5 => Inline::Strong(self.line(depth + 1)),
                6 => Inline::Strike(self.line(depth + 1)),
                7 => Inline::Link {
                    url: "https://a.example/(x)?y=1".to_owned(),
                    content: vec![Inline::Text(self.words())],
                },
                _ => Inline::HardBreak,
            })
            .collect()
    }

    fn text(&mut self, depth: usize) -> Text {
        (0..self.below(5))
            .map(|_| match self.below(if depth > 1 { 4 } else { 9 }) {
                0 | 1 => Block::Paragraph(self.line(0)),
                2 => Block::Code {
                    language: self.some_words(),
                    text: self.words(),
                },
                3 => Block::Heading {
                    level: 1 + self.below(3) as u8,
                    content: self.line(0),
                },
                4 => Block::List(List {
                    start: (self.below(2) == 0).then_some(self.below(12) as u32),
                    tight: self.below(2) == 0,
                    items: (0..=self.below(3))
                        .map(|_| ListItem {
                            checked: None,
                            content: self.text(depth + 1),
                        })
                        .collect(),
                }),
                5 => Block::Quote(self.text(depth + 1)),
                6 => Block::Table(Grid {
                    align: vec![Align::Start, Align::Center, Align::End],
                    head: (0..3).map(|_| self.line(1)).collect(),
                    rows: (0..self.below(3))
                        .map(|_| (0..3).map(|_| self.line(1)).collect())
                        .collect(),
                }),
                7 => Block::Math(Formula {
                    tex: "\\begin{aligned}\na &= b\\\\\nc\n\\end{aligned}".to_owned(),
                }),
                _ => Block::Rule,
            })
            .collect()
    }

    fn entry(&mut self) -> Entry {
        Entry {
            title: self.some_words(),
            authors: (0..self.below(4)).map(|_| self.name()).collect(),
            affiliations: (0..self.below(2)).map(|_| self.name()).collect(),
            venue: self.some_words(),
            volume: self.some_words(),
            issue: self.some_words(),
            pages: self.some_words(),
            publisher: self.some_words(),
            year: (self.below(2) == 0).then_some(2020),
            url: (self.below(3) > 0).then(|| "https://a.example/x".to_owned()),
            doi: (self.below(3) == 0).then(|| "10.1000/x(1)_2".to_owned()),
            arxiv: (self.below(3) == 0).then(|| "2006.05929v2".to_owned()),
            links: (self.below(3) == 0)
                .then(|| (LinkKind::Code, "https://a.example/code".to_owned()))
                .into_iter()
                .collect(),
            tags: (0..self.below(3)).map(|_| self.name()).collect(),
            abstract_text: self.text(0),
            ..Entry::default()
        }
    }

    fn draft(&mut self) -> Draft {
        Draft {
            title: None,
            description: self.some_words(),
            authors: (0..self.below(3)).map(|_| self.words()).collect(),
            editors: (0..self.below(2)).map(|_| self.words()).collect(),
            source: (self.below(2) == 0).then(|| IssueSource {
                kind: Some(SourceKind::Wechat),
                name: self.some_words(),
                id: self.some_words(),
                title: self.some_words(),
                ..IssueSource::default()
            }),
            declaration: self.some_words(),
            tags: (0..self.below(3))
                .map(|count| Tag {
                    name: self.words(),
                    url: None,
                    followers: (count > 0).then_some(7),
                    articles: None,
                    views: None,
                })
                .collect(),
            related: (0..self.below(2))
                .map(|_| Related {
                    title: self.words(),
                    url: None,
                    date: None,
                    summary: self.some_words(),
                    image: None,
                    views: Some(3),
                })
                .collect(),
            intro: self.text(0),
            sections: (0..self.below(4))
                .map(|_| DraftSection {
                    title: self.some_words(),
                    intro: self.text(0),
                    papers: (0..self.below(4))
                        .map(|_| DraftPaper {
                            entry: self.entry(),
                            tldr: self.line(0),
                            rating: Some(4),
                            presenter: self.some_words(),
                            commentary: self.text(0),
                        })
                        .collect(),
                })
                .collect(),
            ..Draft::default()
        }
    }
}

fn head(dice: &mut Dice) -> Head {
    Head {
        title: dice.words(),
        date: "2020-11-02".to_owned(),
        lang: Lang::parse(["zh-CN", "en"][dice.below(2)]).unwrap(),
        id: None,
        inherits_lang: false,
    }
}

fn loads(text: &str, form: Form) -> Issue {
    let source = Source::new("issue", text);
    let location = Location {
        folder: String::new(),
        stem: "issue".to_owned(),
    };
    let loaded = load::issue(&source, form, &location, &Series::default());
    for diagnostic in &loaded.diagnostics {
        assert!(
            diagnostic.severity < Severity::Error,
            "{form:?} {} {:?} {:?}\n{text}",
            diagnostic.code,
            diagnostic.message,
            diagnostic
                .place
                .as_ref()
                .map(|p| (p.line_column(), p.source.text.get(p.span.clone())))
        );
    }
    loaded.value.unwrap()
}

fn squeezed(text: &str) -> String {
    offprint_core::chars::clean(text)
        // Where overrides are closed depends on where a run of text ends.
        .replace(['\u{202c}', '\u{feff}'], "")
        .split_whitespace()
        .collect()
}

/// What a title says once it is read: formulas in words.
fn said(title: &str) -> String {
    let title = fit::readable_formulas(squeezed(title));
    squeezed(&plain(&offprint_core::markdown::title(&title)))
}

#[test]
fn dollar_signs_around_what_is_no_formula_are_dollar_signs() {
    for (title, wanted) in [
        ("On $x^2$", "On $x^2$"),
        ("$5 and $6", "$5 and $6"),
        (
            r"A $\nosuch$ and $x$ for \$3",
            r"A \$\nosuch\$ and $x$ for \$3",
        ),
    ] {
        assert_eq!(fit::readable_formulas(title.to_owned()), wanted);
    }
}

#[test]
fn formulas_that_nobody_can_read_become_code() {
    let math = |tex: &str| Formula {
        tex: tex.to_owned(),
    };
    let line = vec![
        Inline::Text("so ".to_owned()),
        Inline::Math(math(r"\nosuch")),
        Inline::Text(" and ".to_owned()),
        Inline::Math(math("x_1")),
    ];
    let blocks = vec![
        Block::Paragraph(line),
        Block::Math(math(r"\frac{1}{")),
        Block::Math(math(r"\frac{1}{2}")),
    ];
    assert_eq!(
        text(&blocks),
        "so `\\nosuch` and $x_1$\n\n```tex\n\\frac{1}{\n```\n\n$$\n\\frac{1}{2}\n$$\n"
    );
}

#[test]
fn whatever_a_draft_holds_is_loaded_again() {
    let mut dice = Dice(7);
    for _ in 0..200 {
        let draft = dice.draft();
        let head = head(&mut dice);
        for form in FORMS {
            let written = write(&draft, &head, form);
            let issue = loads(&written.text, form);
            let note = || format!("{form:?}\n{}", written.text);
            assert_eq!(squeezed(&issue.title), said(&head.title), "{}", note());
            assert_eq!(issue.papers().count(), draft.papers().count(), "{}", note());
            for (read, own) in issue.papers().zip(draft.papers()) {
                let entry = &own.entry;
                if let Some(wanted) = &entry.title {
                    let wanted = said(wanted).replace(['$', '\\'], "");
                    let found = squeezed(&plain(&read.title)).replace(['$', '\\'], "");
                    assert_eq!(found, wanted, "{}", note());
                }
                let names = |names: &[String]| -> Vec<String> {
                    let names = names.iter().map(|name| squeezed(name));
                    names
                        .filter(|name| name.contains(char::is_alphanumeric))
                        .collect()
                };
                assert_eq!(names(&read.authors), names(&entry.authors), "{}", note());
                assert_eq!(
                    read.url.is_some(),
                    entry.url.is_some() || entry.doi.is_some() || entry.arxiv.is_some(),
                    "{}",
                    note()
                );
                assert_eq!(read.doi, entry.doi, "{}", note());
                for (read, own) in [
                    (&read.venue, &entry.venue),
                    (&read.volume, &entry.volume),
                    (&read.issue, &entry.issue),
                    (&read.publisher, &entry.publisher),
                ] {
                    let own = own.as_deref().map(squeezed);
                    assert_eq!(read.as_deref().map(squeezed), own, "{}", note());
                }
                let ranges = |pages: &Option<String>| {
                    pages.as_deref().map(|pages| squeezed(&ranges(pages, "-")))
                };
                assert_eq!(ranges(&read.pages), ranges(&entry.pages), "{}", note());
                for (read, own) in [
                    (&read.commentary, &own.commentary),
                    (&read.abstract_text, &entry.abstract_text),
                ] {
                    // As formulas, or in words where Markdown would take them for something else.
                    let tex = |text| plain_text_with(text, |formula| formula.tex.clone());
                    let words = |text| plain_text_with(text, Formula::words);
                    let is_kept = squeezed(&tex(read)) == squeezed(&tex(own));
                    if !is_kept {
                        assert_eq!(squeezed(&words(read)), squeezed(&words(own)), "{}", note());
                    }
                }
            }
        }
    }
}
