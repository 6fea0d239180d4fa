//! What a typographer and a reader who copies text would mark in the PDFs.

use offprint_core::Issue;
use offprint_core::text::{Block, Inline, Text};
use offprint_tests::outputs::structure;
use offprint_tests::presets::presets;
use offprint_tests::series::{built, issue_of, outputs, source_of};
use offprint_tests::tools::{
    mutool_text, painted_text, pdf_lines, pdf_pictures, pdftotext, qpdf_json, section_starts,
    structure_tree,
};
use offprint_tests::typography::{
    blanks_between_han, lines_against_kinsoku, open_hyphens, out_of_order, runts, short_pages,
    stretched_han,
};
use offprint_tests::{read, repository, write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// A built PDF, the words that it was made of, and the list.
struct Made {
    name: String,
    pdf: PathBuf,
    source: String,
    issue: Issue,
    /// Whether its pages have two columns, which readers that go by the page mix up.
    two_columns: bool,
}

/// The fixtures and the lists, and those of every look.
fn all() -> &'static [Made] {
    static ALL: OnceLock<Vec<Made>> = OnceLock::new();
    ALL.get_or_init(|| {
        let folders = built("pdf");
        let pdfs = outputs(&folders, ".pdf");
        assert_eq!(pdfs.len(), folders.len());
        let fixtures = folders.iter().zip(&pdfs).map(|(folder, pdf)| {
            let name = pdf.file_stem().unwrap_or_default().to_string_lossy();
            made(
                name.into_owned(),
                pdf,
                folder.path(),
                issue_of(folder.path()),
            )
        });
        let mut all: Vec<Made> = fixtures.collect();
        let root = repository().join("target/presets/typography");
        let _ = std::fs::remove_dir_all(&root);
        // The folders go, the PDFs are read again by each test.
        for made in &mut all {
            let kept = root.join(&made.name).with_extension("pdf");
            write(&kept, &read(&made.pdf));
            made.pdf = kept;
        }
        all.extend(presets().iter().map(|preset| {
            let (name, issue) = (preset.name.clone(), preset.issue.clone());
            Made {
                two_columns: preset.is("newsletter") || preset.is("carrier"),
                ..made(name, &preset.pdf, &preset.folder, issue)
            }
        }));
        all
    })
}

fn made(name: String, pdf: &Path, folder: &Path, issue: Issue) -> Made {
    let source = format!("{}\n{}", issue.title, source_of(folder).1);
    Made {
        name,
        pdf: pdf.to_owned(),
        source: without_marks(&source),
        issue,
        two_columns: false,
    }
}

/// Markdown without the marks that are not shown, and without invisible characters.
fn without_marks(source: &str) -> String {
    let is_shown = |&character: &char| !matches!(character, '*' | '~' | '`' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}');
    source.chars().filter(is_shown).collect()
}

/// Findings about all PDFs, which must be none.
fn judge(findings: impl Fn(&Made) -> Vec<String>) {
    let findings: Vec<String> = all()
        .iter()
        .flat_map(|made| {
            let about = findings(made).into_iter();
            about.map(|it| format!("{}: {it}", made.name))
        })
        .collect();
    assert!(findings.is_empty(), "{}: {findings:#?}", findings.len());
}

#[test]
fn no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one() {
    judge(|made| {
        let lines = pdf_lines(&made.pdf);
        assert!(lines.len() > 20, "{} lines", lines.len());
        lines_against_kinsoku(&lines)
    });
}

#[test]
fn no_paragraph_ends_with_a_lone_character() {
    judge(|made| runts(&pdf_lines(&made.pdf)));
}

#[test]
fn no_page_is_short_but_the_last_of_a_section() {
    judge(|made| {
        let pages = pdf_pictures(&made.pdf);
        let json = qpdf_json(&made.pdf);
        let starts = section_starts(&json);
        assert!(starts.len() > made.issue.sections.len(), "{starts:?}");
        let short = short_pages(&pages, &starts).into_iter();
        short
            .map(|(page, fill)| {
                let percent = fill * 100.0;
                format!("page {page} of {} is {percent:.0} % full", pages.len())
            })
            .collect()
    });
}

#[test]
fn copied_text_has_no_blanks_between_han() {
    judge(|made| {
        let mut found = stretched_han(&pdf_lines(&made.pdf), &made.source);
        found.extend(blanks_between_han(&mutool_text(&made.pdf), &made.source));
        found
    });
}

#[test]
fn copied_text_has_no_hyphens_of_ours() {
    judge(|made| open_hyphens(&pdftotext(&made.pdf), &made.source));
}

/// Runs of plain words, with their punctuation.
fn prose(text: &[Block]) -> Vec<String> {
    let mut all = Vec::new();
    for block in text {
        match block {
            Block::Paragraph(inlines) => words(inlines, &mut all),
            Block::Quote(text) => all.extend(prose(text)),
            Block::List(list) => {
                all.extend(list.items.iter().flat_map(|item| prose(&item.content)));
            }
            Block::Heading { content, .. } => words(content, &mut all),
            // Set in other ways than as running text.
            Block::Code { .. }
            | Block::Math(_)
            | Block::Figure(_)
            | Block::Table(_)
            | Block::Rule => {}
        }
    }
    all
}

fn words(inlines: &[Inline], all: &mut Vec<String>) {
    for inline in inlines {
        match inline {
            Inline::Text(text) => all.push(text.clone()),
            Inline::Emphasis(content)
            | Inline::Strong(content)
            | Inline::Strike(content)
            | Inline::Link { content, .. } => words(content, all),
            Inline::Code(_)
            | Inline::Math(_)
            | Inline::Image(_)
            | Inline::FootnoteRef(_)
            | Inline::HardBreak => {}
        }
    }
}

/// Most authors that a byline names.
const BYLINE: usize = 12;

/// What is read in this order.
fn wanted(issue: &Issue) -> Vec<String> {
    let text = |text: &Text| prose(text);
    let mut wanted = vec![issue.title.clone()];
    wanted.extend(text(&issue.intro));
    for section in &issue.sections {
        wanted.push(section.title.clone());
        wanted.extend(text(&section.intro));
        for paper in &section.papers {
            words(&paper.title, &mut wanted);
            wanted.extend(paper.authors.iter().take(BYLINE).cloned());
            words(&paper.tldr, &mut wanted);
            wanted.extend(text(&paper.commentary));
            wanted.extend(text(&paper.abstract_text));
        }
    }
    wanted
}

#[test]
fn poppler_reads_titles_authors_and_commentary_in_their_order() {
    judge(|made| {
        // Where columns stand beside each other, poppler goes by the page unless it is told
        // to keep the order of painting.
        let text = if made.two_columns {
            painted_text(&made.pdf)
        } else {
            pdftotext(&made.pdf)
        };
        out_of_order(&text, &wanted(&made.issue))
    });
}

#[test]
fn the_structure_has_titles_authors_and_commentary_in_their_order() {
    judge(|made| out_of_order(&structure_tree(&made.pdf).text(), &wanted(&made.issue)));
}

#[test]
fn mupdf_reads_titles_authors_and_commentary_in_their_order() {
    // Older versions of MuPDF tear a character beyond the first 65,536 apart when it shares
    // its glyph with another.
    let basic = |text: &str| -> String {
        let is_basic = |&character: &char| character < '\u{fffd}';
        text.chars().filter(is_basic).collect()
    };
    judge(|made| {
        let wanted: Vec<String> = wanted(&made.issue).iter().map(|it| basic(it)).collect();
        out_of_order(&basic(&mutool_text(&made.pdf)), &wanted)
    });
}

#[test]
fn every_glyph_is_copied_as_a_character() {
    judge(|made| {
        let text = pdftotext(&made.pdf);
        let lines = text.lines().filter(|line| line.contains('\u{fffd}'));
        lines.map(str::to_owned).collect()
    });
}

#[test]
fn links_stand_in_the_order_of_the_papers() {
    judge(|made| {
        let links = structure(&qpdf_json(&made.pdf)).links;
        let papers = made.issue.papers();
        let wanted: Vec<&str> = papers
            .flat_map(|paper| paper.buttons().map(|(_, url)| url))
            .collect();
        assert!(!wanted.is_empty());
        let mut places = links.iter();
        let missing = wanted
            .into_iter()
            .filter(|url| !places.any(|link| link == url));
        missing.map(str::to_owned).collect()
    });
}
