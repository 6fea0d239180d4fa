use std::fmt::Write as _;

use offprint_core::text::plain_text;

use super::*;

fn read_text(text: &str) -> Imported {
    read(&Source::new("links.txt", text)).unwrap()
}

fn codes(imported: &Imported) -> Vec<(&str, usize)> {
    imported
        .diagnostics
        .iter()
        .map(|found| {
            let line = found.place.as_ref().unwrap().line_column().0;
            (found.code, line)
        })
        .collect()
}

#[test]
fn every_way_to_name_a_paper_is_understood() {
    let imported = read_text(
        "# what to read\n\
         \n\
         arXiv:2006.05929v2\n\
         - https://arxiv.org/pdf/1706.03762v5.pdf\n\
         10.1000/182\n\
         doi: 10.1145/3292500.3330701\n\
         2. https://openreview.net/forum?id=zOGdf9K8aC&noteId=x\n\
         https://aclanthology.org/2020.acl-main.1/\n\
         PMID: 23193287\n\
         ISBN 978-3-16-148410-0\n\
         <https://proceedings.mlr.press/v119/a20.html>\n",
    );
    let papers: Vec<&DraftPaper> = imported.draft.papers().collect();
    let urls: Vec<Option<&str>> = papers
        .iter()
        .map(|paper| paper.entry.url.as_deref())
        .collect();
    assert_eq!(
        urls,
        [
            Some("https://arxiv.org/abs/2006.05929v2"),
            Some("https://arxiv.org/abs/1706.03762v5"),
            Some("https://doi.org/10.1000/182"),
            Some("https://doi.org/10.1145/3292500.3330701"),
            Some("https://openreview.net/forum?id=zOGdf9K8aC"),
            Some("https://aclanthology.org/2020.acl-main.1/"),
            Some("https://pubmed.ncbi.nlm.nih.gov/23193287/"),
            None,
            Some("https://proceedings.mlr.press/v119/a20.html"),
        ]
    );
    assert_eq!(papers[7].entry.isbn.as_deref(), Some("9783161484100"));
    assert_eq!(codes(&imported), []);
    assert!(papers.iter().all(|paper| paper.entry.title.is_none()));
}

#[test]
fn headings_begin_sections() {
    let imported = read_text(
        "2006.05929\n\n## 自监督学习\n1706.03762\n\nLanguage models:\n\n// later\n2005.14165\n",
    );
    let sections: Vec<(Option<&str>, usize)> = imported
        .draft
        .sections
        .iter()
        .map(|section| (section.title.as_deref(), section.papers.len()))
        .collect();
    assert_eq!(
        sections,
        [
            (None, 1),
            (Some("自监督学习"), 1),
            (Some("Language models"), 1)
        ]
    );
}

#[test]
fn titles_are_told_from_remarks() {
    for (line, title, remark) in [
        (
            "https://arxiv.org/abs/1706.03762 Attention Is All You Need",
            Some("Attention Is All You Need"),
            "",
        ),
        (
            "https://arxiv.org/abs/1706.03762 a classic, read it first.",
            None,
            "a classic, read it first.",
        ),
        ("1706.03762, 值得一读", None, "值得一读"),
        (
            "1706.03762 《关于注意力》 值得一读",
            Some("关于注意力"),
            "值得一读",
        ),
        (
            "1706.03762 | Attention Is All You Need | still good",
            Some("Attention Is All You Need"),
            "still good",
        ),
        (
            "[Attention Is All You Need](https://arxiv.org/abs/1706.03762) - still good",
            Some("Attention Is All You Need"),
            "still good",
        ),
        (
            "Attention Is All You Need: https://arxiv.org/abs/1706.03762",
            Some("Attention Is All You Need"),
            "",
        ),
        (
            "\"Attention Is All You Need\",https://arxiv.org/abs/1706.03762",
            Some("Attention Is All You Need"),
            "",
        ),
        ("Paper: https://arxiv.org/abs/1706.03762", None, ""),
    ] {
        let imported = read_text(line);
        let paper = imported.draft.papers().next().unwrap();
        assert_eq!(paper.entry.title.as_deref(), title, "{line}");
        assert_eq!(plain_text(&paper.commentary), remark, "{line}");
        assert_eq!(paper.entry.arxiv.as_deref(), Some("1706.03762"), "{line}");
    }
}

#[test]
fn what_is_no_address_is_named_with_its_line() {
    let imported = read_text(
        "1706.03762\nhttps://arxiv.org/abs/1706.03762v2\narXiv:1713.03762\nread more on Monday!\n\
         https://arxiv.org/abs/2005.14165\n10.1000/\n",
    );
    assert_eq!(imported.draft.papers().count(), 2);
    assert_eq!(
        codes(&imported),
        [
            ("import::duplicate-paper", 2),
            ("import::bad-identifier", 3),
            ("import::not-a-link", 4),
            ("import::bad-identifier", 6),
        ]
    );
}

#[test]
fn code_beside_a_paper_is_its_code_and_two_papers_are_two() {
    let imported = read_text(
        "https://arxiv.org/abs/1706.03762 https://github.com/tensorflow/tensor2tensor\n\
         2005.14165, 2006.05929\n\
         https://openreview.net/forum?id=zOGdf9K8aC https://arxiv.org/abs/2006.11239\n\
         https://blog.example.org/a-post\n",
    );
    let papers: Vec<&DraftPaper> = imported.draft.papers().collect();
    assert_eq!(papers.len(), 5);
    assert_eq!(
        papers[0].entry.links.get(&LinkKind::Code).unwrap(),
        "https://github.com/tensorflow/tensor2tensor"
    );
    assert_eq!(papers[3].entry.arxiv.as_deref(), Some("2006.11239"));
    assert_eq!(papers[3].entry.openreview.as_deref(), Some("zOGdf9K8aC"));
    assert_eq!(codes(&imported), [("import::unknown-site", 4)]);
}

#[test]
fn nothing_at_all_is_an_error_that_says_what_to_do() {
    for text in ["", "\n\n", "# only a comment\n", "hello\nworld\n"] {
        let faults = read(&Source::new("links.txt", text)).unwrap_err();
        let last = faults.last().unwrap();
        assert_eq!(last.code, "import::no-papers", "{text}");
        assert!(!last.hints.is_empty());
    }
}

#[test]
fn ten_thousand_lines_are_no_matter() {
    let mut text = String::new();
    for number in 0..10_000 {
        let _ = write!(text, "https://arxiv.org/abs/2001.{number:05}\r\n");
    }
    let imported = read_text(&text);
    assert_eq!(imported.draft.papers().count(), 10_000);
    assert_eq!(imported.trace.len(), 10_000);
}
