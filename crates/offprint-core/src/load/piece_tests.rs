//! A file that is read in pieces gives what it gives as a whole.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use super::*;
use crate::markdown::Pieces;

fn location() -> Location {
    Location {
        folder: "issues".to_owned(),
        stem: "issue".to_owned(),
    }
}

/// All that came of a file, as it is shown when it differs.
fn shown(mut loaded: Loaded<Issue>) -> String {
    arrange(&mut loaded.diagnostics, &crate::check::Check::default());
    let found: Vec<_> = loaded
        .diagnostics
        .iter()
        .map(|diagnostic| {
            let place = diagnostic.place.as_ref().map(|place| place.span.clone());
            let Diagnostic {
                severity,
                code,
                message,
                label,
                hints,
                ..
            } = diagnostic;
            (place, severity, code, message, label, hints)
        })
        .collect();
    let images: Vec<_> = loaded
        .images
        .iter()
        .map(|image| (&image.src, &image.place.span))
        .collect();
    format!("{found:#?}\n{images:#?}\n{:#?}", loaded.value)
}

fn read(text: &str, threads: usize, piece: usize) -> String {
    read_cut(text, threads, |text, start| Pieces::new(text, start, piece))
}

fn read_cut(text: &str, threads: usize, cut: impl FnOnce(&str, usize) -> Pieces<'_>) -> String {
    let source = Source::new("issue", text);
    let series = Series::default();
    let context = Context {
        source: &source,
        location: &location(),
        series: &series,
        threads,
        library: &no_library,
    };
    shown(markdown_issue(&context, cut))
}

/// The first line in which the ways of reading a file differ.
fn difference(text: &str) -> Option<String> {
    let whole = read(text, 1, usize::MAX);
    for (threads, piece) in [(1, 1), (3, 1), (2, 100)] {
        let pieces = read(text, threads, piece);
        if whole != pieces {
            let mut lines = whole.lines().zip(pieces.lines());
            let (one, other) = lines.find(|(one, other)| one != other).unwrap_or_default();
            return Some(format!(
                "{threads} threads, pieces of {piece}: {one} <> {other}"
            ));
        }
    }
    None
}

fn assert_same(name: &str, text: &str) {
    let difference = difference(text);
    assert!(difference.is_none(), "{name}: {difference:?}\n{text}");
}

fn count(text: &str) -> usize {
    Pieces::new(text, 0, 1).count()
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "md") {
            found.push(path);
        }
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "tests read what is there")]
fn every_fixture_reads_the_same_in_pieces() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let mut found = Vec::new();
    files(&root, &mut found);
    let mut in_pieces = 0;
    for path in found {
        let bytes = fs::read(&path).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        assert_same(&path.display().to_string(), &text);
        in_pieces += usize::from(count(&text) > 1);
    }
    assert!(in_pieces > 5, "only {in_pieces} were cut at all");
}

/// Lines that Markdown, front matter or this program treat in some way of their own.
const LINES: &[&str] = &[
    "## A\n",
    "## B {#b}\n",
    "### P\n",
    "### [Q](https://example.org/q)\n",
    "### R | S\n",
    "- url: https://example.org/r\n",
    "- id: b\n",
    "- tldr: see[^1] <b>now</b>\n",
    "- abstract: one\n  two[^a]\n",
    "- image: ![x](x.png)\n",
    "\n",
    "\n",
    "words\n",
    "words on [Q] and [a][Q]\n",
    "# T\n",
    "#### D\n",
    "##\n",
    "##\tx\n",
    "## C ##\r\n",
    "  ## indented\n",
    "    ## far\n",
    "> ## quoted\n",
    "> quoted\n",
    "- ## item\n",
    "- item\n\n",
    "  ```\n",
    "```\n",
    "~~~~ text\n",
    "- ```\n  ## in a list\n",
    "1. ~~~\n",
    "> ```\n",
    "<!-- comment\n",
    "-->\n",
    "<div>\n",
    "</div>\n",
    "<script>\n",
    "</script>\n",
    "<?php\n",
    "?>\n",
    "<![CDATA[\n",
    "]]>\n",
    "===\n",
    "---\n",
    "a | b\n",
    "--- | ---\n",
    "c | d\n",
    "$$\n",
    "$$\n+ x\n$$\n",
    "x^2 $$ y $$ z\n",
    "see[^1]\n",
    "see[^a] and[^nowhere]\n",
    "[^1]: note\n",
    "    ## in a note\n",
    "[^a]: other[^1]\n",
    "\tcode\n",
    "nul \0 \u{feff}\n",
    "<b>raw</b>\r\n",
    "![](pictures/a.png)\n",
    "[bad](ftp://example.org)\n",
    "\u{202e}turned\n",
    "- a\n  - b\n    - c\n",
];

/// Lines that keep a file in one piece.
const WHOLE: &[&str] = &[
    "[Q]: https://example.org/defined\n",
    "- [^1]: [Q]: https://example.org/within\n",
    "[Q\nR]: https://example.org/lines\n",
    "[^A]: spelled otherwise\n",
    "see[^A]\n",
    "see[^x y]\n",
    "see[\\^1] and [&#94;a]\n",
    "one\rtwo\r## three\n",
    "see[^*]\n",
];

const FRONT: &[&str] = &[
    "",
    "---\ntitle: T\ndate: 2020-11-02\nlang: en\nurl: x\n---\n",
    "---\ntitle: T\ndate: 2020-11-02\nlang: en\nintro: so[^1]\ndefaults:\n  year: x\n  tldr: <i>x</i>[^a]\npapers:\n- title: F\n  url: https://example.org/q\n---\n",
    "+++\ntitle = 'T'\ndate = 2020-11-02\nlang = 'en'\n+++\n",
    "---\ntitle: [\n---\n",
];

/// A generator of numbers (xorshift, Marsaglia 2003).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % bound
    }

    fn one_of<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts[self.below(texts.len())]
    }

    fn file(&mut self) -> String {
        let mut text = self.one_of(FRONT).to_owned();
        let has_whole = self.below(8) == 0;
        for _ in 0..self.below(40) {
            let lines = if has_whole && self.below(8) == 0 {
                WHOLE
            } else {
                LINES
            };
            text.push_str(self.one_of(lines));
        }
        if self.below(4) == 0 {
            text.truncate(text.trim_end().len());
        }
        if self.below(8) == 0 {
            text = text.replace('\n', "\r\n");
        }
        text
    }
}

#[test]
fn files_of_nasty_lines_read_the_same_in_pieces() {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let mut in_pieces = 0;
    for _ in 0..400 {
        let text = numbers.file();
        assert_same("made up", &text);
        in_pieces += usize::from(count(&text) > 1);
    }
    assert!(in_pieces > 200, "only {in_pieces} were cut at all");
}

#[test]
fn every_nasty_line_reads_the_same_between_others() {
    for line in LINES.iter().chain(WHOLE) {
        for before in [
            "- url: https://example.org/\n\n",
            "- a\n",
            "> b\n",
            "c\n",
            "",
        ] {
            let text = format!(
                "---\ntitle: T\ndate: 2020-11-02\nlang: en\n---\n## A\n\n### P[^1]\n\n{before}{line}## B\n\
                 [^1]: n[^a]\n### Q\n\nsee[^1] [Q]\n\n### R\n\n[^a]: x\n"
            );
            assert_same("between others", &text);
        }
    }
}

#[test]
fn limits_of_a_file_hold_across_pieces() {
    let nested = "> ".repeat(crate::text::MAX_DEPTH + 2);
    let deep = format!("## A\n\n{nested}x\n\n### B\n\n{nested}x\n\n### C\n\n{nested}x\n");
    assert_same("too deep", &deep);
    let tags: Vec<String> = (0..30).map(|tag| format!("<b{tag}>")).collect();
    let tags = tags.join(" ");
    let searched = format!("### A\n\n- tldr: not \u{7} found {tags}\n\n").repeat(20);
    assert_same("searched often", &searched);
    let papers = "### A\n".repeat(10_003);
    let whole = read(&papers, 1, usize::MAX);
    assert!(whole == read(&papers, 2, 1_000), "too many papers");
}

#[test]
fn every_paper_has_its_own_footnotes_in_pieces() {
    let front = "---\ntitle: T\ndate: 2020-11-02\nlang: en\n---\n";
    let mut text = format!("{front}## A\n\n");
    for paper in 0..9 {
        let _ = write!(text, "### P{paper}\n\nsee[^1]\n\n[^1]: note {paper}\n\n");
    }
    assert!(count(&text) > 9);
    assert_same("footnotes", &text);
    assert_same(
        "a mark",
        &format!("{front}\u{feff}# T\n\n## A\n\nsee[^1]\n"),
    );
}

#[test]
fn papers_of_a_data_form_read_the_same_on_several_threads() {
    let mut text = "title: T\ndate: 2020-11-02\nlang: en\nsections:\n".to_owned();
    for section in 0..3 {
        let _ = writeln!(text, "- title: S{section}\n  papers:");
        for paper in 0..70 {
            let id = if paper % 33 == 7 { "twice" } else { "once" };
            let _ = writeln!(
                text,
                "  - title: P{paper}\n    url: https://example.org/{section}/{paper}\n    \
                 id: {id}-{section}-{}\n    tldr: 'see[^{}] <b>'\n    \
                 commentary: \"so\\n\\n[^{paper}]: note[^0]\\n\"",
                paper % 66,
                paper / 2
            );
        }
    }
    let source = Source::new("issue", text);
    let series = Series::default();
    let [one, three] =
        [1, 3].map(|threads| shown(issue_on(threads, &source, Form::Yaml, &location(), &series)));
    assert!(one == three);
    for found in ["duplicate-id", "raw-html", "FootnoteRef"] {
        assert!(one.contains(found), "{found}");
    }
}

#[test]
fn a_text_is_cut_where_its_meaning_stays() {
    let pieces = |text: &str| {
        let pieces = Pieces::new(text, 0, 1);
        let mut next = 0;
        let mut count = 0;
        while next < pieces.count() {
            let arena = comrak::Arena::new();
            next = pieces.parse_from(&arena, next).1;
            count += 1;
        }
        count
    };
    assert_eq!(pieces("a\n## b\n### c\nd\n"), 3);
    assert_eq!(
        pieces("- a\n## b\n> c\n### d\n| e |\n|---|\n### f | g\n"),
        4
    );
    assert_eq!(pieces("```\n## b\n```\n## c\n"), 2, "code");
    assert_eq!(pieces("```\n## b\n## c\n"), 1, "code without an end");
    assert_eq!(
        pieces("- ```\n## b\n## c\n"),
        3,
        "code of a list ends with it"
    );
    assert_eq!(pieces("<div>\n## b\n\n## c\n"), 2, "HTML");
    assert_eq!(pieces("<!--\n\n## b\n-->\n## c\n"), 2, "a comment");
    assert_eq!(pieces("a[^1]\n## b\n[^1]: c\n"), 2, "a footnote");
    for line in WHOLE {
        let text = format!("a[^1]\n## b\n{line}\n## c\n[^a]: x\n");
        assert_eq!(pieces(&text), 1, "{line}");
    }
}

#[test]
fn a_text_that_is_cut_blindly_is_found_to_differ() {
    for line in WHOLE {
        let text = format!(
            "---\ntitle: T\ndate: 2020-11-02\nlang: en\n---\n## A\n\n\
             see[^a] [^1] [Q] [Q R] [Q\nR] [^x y] [^*] [^a_b]\n\n## B\n\n{line}\n## C\n\n\
             [^a]: x\n\n[^1]: y\n\n[^*]: z\n\n[^x y]: https://example.org/x\n"
        );
        let whole = read(&text, 1, usize::MAX);
        assert_eq!(difference(&text), None, "{line}");
        let blind = read_cut(&text, 1, |text, start| Pieces::cut_blindly(text, start));
        assert!(whole != blind, "{line}");
    }
}
