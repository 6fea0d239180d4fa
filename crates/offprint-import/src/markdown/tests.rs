use std::fmt::Write as _;

use offprint_core::text::plain_text;

use super::*;

fn read_text(text: &str) -> Imported {
    read(&Source::new("list.md", text)).unwrap()
}

fn titles(imported: &Imported) -> Vec<&str> {
    imported
        .draft
        .papers()
        .map(|paper| paper.entry.title.as_deref().unwrap_or("-"))
        .collect()
}

fn only(text: &str) -> DraftPaper {
    let imported = read_text(text);
    let papers: Vec<&DraftPaper> = imported.draft.papers().collect();
    assert_eq!(papers.len(), 1, "{text}: {papers:?}");
    papers[0].clone()
}

#[test]
fn every_way_to_write_an_item_gives_its_title() {
    for item in [
        "- [Folding Paper by Learning](https://arxiv.org/abs/2001.00001)",
        "- **Folding Paper by Learning** [[pdf](https://arxiv.org/abs/2001.00001)]",
        "* \"Folding Paper by Learning\", Ada Lovelace, Alan Turing, NeurIPS 2020 [[paper](https://arxiv.org/abs/2001.00001)]",
        "1. Folding Paper by Learning. Ada Lovelace and Alan Turing. NeurIPS 2020. [paper](https://arxiv.org/abs/2001.00001) [code](https://github.com/a/b)",
        "- Ada Lovelace, Alan Turing, Grace Hopper, Folding Paper by Learning, NeurIPS, 2020. [[Paper]](https://arxiv.org/abs/2001.00001)",
        "- **[Fold]** Folding Paper by Learning | **[NeurIPS' 20]** | [`[pdf]`](https://arxiv.org/pdf/2001.00001.pdf)",
        "- [2020/01] **Folding Paper by Learning.** *Ada Lovelace et al. arXiv.* [[paper](https://arxiv.org/abs/2001.00001)]",
        "* 2020-NeurIPS - Folding Paper by Learning. [[Paper]](https://arxiv.org/abs/2001.00001)",
        "- Ada Lovelace, Alan Turing. 2020. [Folding Paper by Learning](https://arxiv.org/abs/2001.00001). In *Proceedings of NeurIPS 2020*.",
        "- Folding Paper by Learning.\n  [[pdf]](https://arxiv.org/abs/2001.00001)\n  - Ada Lovelace, Alan Turing, and Grace Hopper. *NeurIPS 2020*",
        "- **Folding Paper by Learning (NeurIPS 2020)**\n  - Ada Lovelace, Alan Turing\n  - [[Paper]](https://arxiv.org/abs/2001.00001)",
        "**Folding Paper by Learning.**<br>\n*Ada Lovelace, Alan Turing.*<br>\nNeurIPS 2020. [[PDF](https://arxiv.org/abs/2001.00001)]",
        "**Folding Paper by Learning**\n\n- Paper: https://arxiv.org/abs/2001.00001\n- Code: None",
        "## 折纸\n\n### Folding Paper by Learning\n\n- 论文：https://arxiv.org/abs/2001.00001\n- 作者：Ada Lovelace; Alan Turing\n",
        "| Title | Venue | Paper |\n|---|---|---|\n| Folding Paper by Learning | NeurIPS 2020 | [![arXiv](https://img.shields.io/badge/arXiv-x-red)](https://arxiv.org/abs/2001.00001) |",
        "<ul><li><b>Folding Paper by Learning</b> <a href=\"https://arxiv.org/abs/2001.00001\">pdf</a></li></ul>",
        "- [Fold](https://arxiv.org/abs/2001.00001): Folding Paper by Learning",
    ] {
        let paper = only(item);
        let title = paper.entry.title.as_deref().unwrap_or_default();
        let wanted = if item.starts_with("- [Fold](") {
            "Fold: Folding Paper by Learning"
        } else {
            "Folding Paper by Learning"
        };
        assert_eq!(title, wanted, "{item}");
        assert_eq!(
            paper.entry.url.as_deref(),
            Some("https://arxiv.org/abs/2001.00001"),
            "{item}"
        );
        if item.contains("Lovelace") {
            assert_eq!(paper.entry.authors[0], "Ada Lovelace", "{item}");
        }
        if item.contains("NeurIPS") {
            let venue = paper.entry.venue.as_deref().unwrap_or_default();
            assert!(venue.ends_with("NeurIPS"), "{item}: {venue}");
            assert_eq!(paper.entry.year, Some(2020), "{item}");
        }
        assert_eq!(plain_text(&paper.commentary), "", "{item}");
    }
}

#[test]
fn what_is_said_of_a_paper_is_its_commentary() {
    let paper = only(
        "- [Folding Paper by Learning](https://arxiv.org/abs/2001.00001) - folds cranes with *one* hand; see $O(n)$ in [the appendix](https://a.example/x).",
    );
    assert_eq!(
        plain_text(&paper.commentary),
        "folds cranes with one hand; see O(n) in the appendix."
    );
    let weekly = only(
        "| **Paper** | **Links** |\n|---|---|\n| 1) **Folding Paper by Learning** - folds cranes. <br>● it is fast <br>● it is small | [Paper](https://arxiv.org/abs/2001.00001), [Tweet](https://twitter.com/a/1) |",
    );
    assert_eq!(
        weekly.entry.title.as_deref(),
        Some("Folding Paper by Learning")
    );
    assert_eq!(
        plain_text(&weekly.commentary),
        "folds cranes.\nit is fast\nit is small"
    );
}

#[test]
fn headings_are_sections_and_furniture_is_dropped() {
    let imported = read_text(
        "# Awesome Folding\n\n[![Awesome](https://awesome.re/badge.svg)](https://awesome.re)\n\n\
         Papers on folding that are worth the time to read them.\n\n\
         ## Contents\n\n- [Cranes](#cranes)\n- [Boats](#boats)\n\n\
         ## Cranes\n\n### 2020\n- [Folding a Crane](https://arxiv.org/abs/2001.00001)\n\n\
         ### 2021\n- [Folding Two Cranes](https://arxiv.org/abs/2101.00001)\n\n\
         ## Boats\n\nBoats are harder than they look.\n\n- [Folding a Boat](https://arxiv.org/abs/2001.00002)\n\n\
         ## Contributing\n\n- [Read the guide](https://github.com/a/b/blob/main/guide.pdf)\n",
    );
    assert_eq!(imported.draft.title.as_deref(), Some("Awesome Folding"));
    assert_eq!(
        plain_text(&imported.draft.intro),
        "Papers on folding that are worth the time to read them."
    );
    let sections: Vec<(Option<&str>, String, usize)> = imported
        .draft
        .sections
        .iter()
        .map(|section| {
            (
                section.title.as_deref(),
                plain_text(&section.intro),
                section.papers.len(),
            )
        })
        .collect();
    assert_eq!(
        sections,
        [
            (Some("Cranes / 2020"), String::new(), 1),
            (Some("Cranes / 2021"), String::new(), 1),
            (
                Some("Boats"),
                "Boats are harder than they look.".to_owned(),
                1
            ),
        ]
    );
}

#[test]
fn tools_between_papers_are_left_out_and_said_so() {
    let imported = read_text(
        "## Papers\n- [Folding A](https://arxiv.org/abs/2001.00001)\n- [Folding B](https://arxiv.org/abs/2001.00002)\n- [Folding Paper C](https://c.example/)\n\n\
         ## Tools\n- [foldr](https://github.com/a/foldr) - folds\n- [creaser](https://creaser.example) - creases\n",
    );
    assert_eq!(
        titles(&imported),
        ["Folding A", "Folding B", "Folding Paper C"]
    );
    let found: Vec<&str> = imported
        .diagnostics
        .iter()
        .map(|found| found.code)
        .collect();
    assert_eq!(found, ["import::not-a-paper"]);
    assert!(imported.diagnostics[0].message.starts_with("2 items"));
}

#[test]
fn a_list_of_tools_alone_is_taken_with_a_word_of_doubt() {
    let imported = read_text(
        "# Awesome Tools\n\n## Folding\n\n- [foldr](https://foldr.example) - folds\n- [creaser](https://creaser.example) - creases\n",
    );
    assert_eq!(titles(&imported), ["foldr", "creaser"]);
    assert_eq!(imported.diagnostics[0].code, "import::no-evidence");
}

#[test]
fn hostile_words_end_in_no_panic() {
    for text in [
        "- [](https://arxiv.org/abs/2001.00001)",
        "- [[[[[[](((((https://arxiv.org/abs/2001.00001)",
        "- **[]** (( 《》 \"\" ]] [pdf](https://arxiv.org/abs/2001.00001)",
        "| a |\n|---|\n| \u{e000}\u{e001} [pdf](https://arxiv.org/abs/2001.00001) |",
        "- İİİİ et al. 等 K [pdf](https://arxiv.org/abs/2001.00001)",
        "- \u{202e}evil\u{0} title here [pdf](javascript:alert(1))",
        "<table><tr><td><li><a href=https://arxiv.org/abs/2001.00001>x",
        "- 论文：：：https://arxiv.org/abs/2001.00001：",
    ] {
        let _ = read(&Source::new("list.md", text));
    }
    let deep = format!("{}- x", "- ".repeat(3000));
    let _ = read(&Source::new("list.md", deep));
    let wide = format!(
        "- [{}](https://arxiv.org/abs/2001.00001)",
        "[".repeat(20_000)
    );
    let _ = read(&Source::new("list.md", wide));
}

#[test]
fn nothing_to_read_is_an_error() {
    let faults = read(&Source::new("list.md", "# A heading\n\nwords\n")).unwrap_err();
    assert_eq!(faults[0].code, "import::no-papers");
}

#[test]
fn every_item_has_its_fate() {
    let text = "# T\n\n- [Folding A](https://arxiv.org/abs/2001.00001)\n- nothing\n";
    let imported = read_text(text);
    let fates: Vec<(&str, bool)> = imported
        .trace
        .iter()
        .map(|traced| {
            (
                text.get(traced.span.clone()).unwrap(),
                matches!(traced.fate, Fate::Kept(_)),
            )
        })
        .collect();
    assert_eq!(
        fates,
        [
            ("# T", true),
            ("- [Folding A](https://arxiv.org/abs/2001.00001)", true),
            ("- nothing", false),
        ]
    );
}

#[test]
fn lists_within_lists_are_sections() {
    let imported = read_text(
        "## Hands\n\n* 手势\n  * [Folding by Hand](https://arxiv.org/abs/2001.00001)\n  * Two hands\n    * [Folding by Two Hands](https://arxiv.org/abs/2001.00002)\n  * Gloves\n    * [Folding in Gloves](https://arxiv.org/abs/2001.00003)\n* 足\n  * [Folding by Foot](https://arxiv.org/abs/2001.00004)\n",
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
            (Some("手势"), 1),
            (Some("Two hands"), 1),
            (Some("Gloves"), 1),
            (Some("足"), 1),
        ]
    );
}

#[test]
fn a_link_may_say_where_a_paper_appeared() {
    let paper = only(
        "- Folding Paper by Learning [[ICCV 2021 Oral]](https://arxiv.org/abs/2001.00001) [[Loss-Code-1]](https://github.com/a/b)",
    );
    let entry = &paper.entry;
    assert_eq!(entry.title.as_deref(), Some("Folding Paper by Learning"));
    assert_eq!(
        (entry.venue.as_deref(), entry.year),
        (Some("ICCV"), Some(2021))
    );
    assert_eq!(entry.arxiv.as_deref(), Some("2001.00001"));
    assert_eq!(
        entry.links.get(&LinkKind::Code).map(String::as_str),
        Some("https://github.com/a/b")
    );
}

#[test]
fn names_are_read_as_bibtex_and_mla_turn_them() {
    for (names, first, last) in [
        (
            "Lovelace, Ada and Turing, Alan M. and Hopper, Grace",
            "Ada Lovelace",
            "Grace Hopper",
        ),
        (
            "Lovelace, Ada King, Alan Turing, and Grace Hopper",
            "Ada King Lovelace",
            "Grace Hopper",
        ),
        ("A. Lovelace and A. Turing", "A. Lovelace", "A. Turing"),
    ] {
        let paper = only(&format!(
            "- Folding Paper by Learning. [[pdf]](https://arxiv.org/abs/2001.00001)\n  - {names}. *ICCV 2021*"
        ));
        let authors = &paper.entry.authors;
        assert_eq!(
            authors.first().map(String::as_str),
            Some(first),
            "{authors:?}"
        );
        assert_eq!(
            authors.last().map(String::as_str),
            Some(last),
            "{authors:?}"
        );
    }
}

#[test]
fn nothing_is_made_up_where_a_list_says_little() {
    let paper = only("- [Folding Paper by Learning](https://arxiv.org/abs/2001.00001v3)");
    let entry = paper.entry;
    assert_eq!(entry.arxiv.as_deref(), Some("2001.00001v3"));
    assert!(entry.authors.is_empty() && entry.venue.is_none() && entry.links.is_empty());
    assert_eq!((entry.year, entry.date, entry.status), (None, None, None));
    assert!(paper.commentary.is_empty() && paper.tldr.is_empty());
}

#[test]
fn rows_of_html_tables_have_places_of_their_own() {
    let text = "<table><tr><th>Title</th><th>Paper</th></tr>\n\
                <tr><td>Folding A</td><td><a href=\"https://arxiv.org/abs/2001.00001\">pdf</a></td></tr>\n\
                <tr><td>Folding B</td><td><a href=\"https://arxiv.org/abs/2001.00002\">pdf</a></td></tr>\n\
                </table>\n";
    let imported = read_text(text);
    assert_eq!(titles(&imported), ["Folding A", "Folding B"]);
    let places: Vec<&str> = imported
        .trace
        .iter()
        .map(|traced| text.get(traced.span.clone()).unwrap())
        .collect();
    assert_eq!(places.len(), 2);
    assert!(places[0].contains("Folding A") && !places[0].contains("Folding B"));
}

#[test]
fn a_post_that_tells_of_papers_is_read_as_a_page() {
    let imported = read_text(
        "---\ntitle: Reading of the week\ndate: 2024-03-01\n---\n\n## Keyword: paper\n\n\
         ### Folding Paper by Learning from Cranes\n - **Authors:** Ada Lovelace, Alan Turing\n \
         - **Arxiv link:** https://arxiv.org/abs/2001.00001\n - **Abstract**\n Cranes are folded. \
         We learn how from a hundred of them, with $x_{i}^{2}$ as cost.\n\n\
         ### Unfolding as the Inverse Problem of Folding\n - **Authors:** Grace Hopper, Emmy Noether\n \
         - **Arxiv link:** https://arxiv.org/abs/2001.00002\n - **Abstract**\n Unfolding is harder, \
         for the paper remembers. We let it forget.\n\n\
         ### Paper Boats that Float for an Hour\n - **Authors:** Kurt Gödel, Max Born\n \
         - **Arxiv link:** https://arxiv.org/abs/2001.00003\n - **Abstract**\n Boats sink. These \
         ones do so late, as we measure in a basin.\n",
    );
    assert_eq!(
        titles(&imported),
        [
            "Folding Paper by Learning from Cranes",
            "Unfolding as the Inverse Problem of Folding",
            "Paper Boats that Float for an Hour"
        ]
    );
    assert_eq!(imported.draft.title.as_deref(), Some("Reading of the week"));
    let first = imported.draft.papers().next().unwrap();
    assert_eq!(first.entry.authors, ["Ada Lovelace", "Alan Turing"]);
    assert!(plain_text(&first.entry.abstract_text).starts_with("Cranes are folded."));
    assert_eq!(plain_text(&first.commentary), "");
}

#[test]
fn a_list_of_papers_stays_one_where_the_page_would_know_no_more() {
    let imported = read_text(
        "# Papers\n\n## Folding\n\n- [Folding Paper by Learning](https://arxiv.org/abs/2001.00001)\n\n\
         ## Boats\n\n- [Paper Boats that Float](https://arxiv.org/abs/2001.00003)\n\n## Cranes\n\n\
         - [Cranes of a Thousand Folds](https://arxiv.org/abs/2001.00004)\n",
    );
    let sections: Vec<_> = imported
        .draft
        .sections
        .iter()
        .map(|section| section.title.as_deref().unwrap_or("-"))
        .collect();
    assert_eq!(sections, ["Folding", "Boats", "Cranes"]);
    assert_eq!(imported.draft.papers().count(), 3);
}

#[test]
fn an_entry_that_says_paper_is_one_without_an_address() {
    let mut list = String::from("# Papers on folding\n\n");
    for number in 1..6 {
        let _ = write!(
            list,
            "**Folding Crane {number} out of Paper**\n\n- Paper: https://arxiv.org/abs/2001.0000{number}\n- Code: None\n\n"
        );
    }
    list.push_str(
        "**Folding Boats with Nobody Looking**\n\n- Paper: None\n- Code: None\n\n\
         **Paper-Free Boat Folding**\n\n- Oral\n\n- Paper(Oral): https://arxiv.org/abs/2001.00009\n- Code: https://github.com/a/boat\n\
         - Reading: [How boats are folded without any paper](https://blog.example.com/boats)\n\n\
         **Wet Folding**\n\n- Place: a table\n- [A kettle](https://example.com/kettle)\n",
    );
    let imported = read_text(&list);
    let titles = titles(&imported);
    assert_eq!(titles.len(), 7, "{titles:?}");
    assert_eq!(
        titles.get(5..),
        Some(
            &[
                "Folding Boats with Nobody Looking",
                "Paper-Free Boat Folding"
            ][..]
        )
    );
    let boat = &imported.draft.papers().last().unwrap().entry;
    assert_eq!(boat.arxiv.as_deref(), Some("2001.00009"));
}
