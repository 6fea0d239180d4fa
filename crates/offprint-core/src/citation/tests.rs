use std::fmt::Write as _;

use super::*;
use crate::load::{self, Form, Location};
use crate::{Series, Source};

/// The references of papers whose fields are given.
fn references(papers: &[&str], style: Style) -> Vec<String> {
    let mut text = "---\ntitle: T\ndate: 2020-11-02\nlang: en\n---\n## S\n".to_owned();
    for paper in papers {
        let _ = write!(text, "\n### {paper}\n\nWords.\n");
    }
    let location = Location {
        folder: String::new(),
        stem: "issue".to_owned(),
    };
    let source = Source::new("issue", text);
    let loaded = load::issue(&source, Form::Markdown, &location, &Series::default());
    assert!(!loaded.has_errors(), "{:?}", loaded.diagnostics);
    let issue = loaded.value.unwrap();
    let seen = issue.date.date();
    issue
        .papers()
        .map(|paper| plain(&reference(paper, style, seen)))
        .collect()
}

const CONFERENCE: &str = "Memory for $O(n)$ Machines\n- authors: Ann B. Able; Bo van der Berg; \
    Cy Jean-Luc; Di Dorn\n- venue: NeurIPS\n- year: 2017\n- url: https://a.example/1";
const CHINESE: &str = "噪声标签的对比学习\n- 作者: 张三、李四、王五、赵六\n- 期刊: 计算机学报\n\
    - 年份: 2021\n- 类型: article-journal\n- doi: 10.1000/x.1";
const PREPRINT: &str = "What Is Seen?\n- authors: Able, Ann; The Example Team\n\
    - arxiv: 2006.05929\n- date: 2020-06-10";
const BOOK: &str = "A Book\n- authors: Smith, Jr., John\n- type: book\n- venue: Some Press\n\
    - year: 1999\n- isbn: 978-3-16-148410-0";

#[test]
fn the_chinese_standard_is_followed_in_the_papers_own_language() {
    assert_eq!(
        references(&[CONFERENCE, CHINESE, PREPRINT, BOOK], Style::Gb7714),
        [
            "ABLE A B, VAN DER BERG B, JEAN-LUC C, et al. Memory for O(n) Machines[C/OL]//NeurIPS. \
             2017[2020-11-02]. https://a.example/1.",
            "张三, 李四, 王五, 等. 噪声标签的对比学习[J/OL]. 计算机学报, 2021[2020-11-02]. \
             https://doi.org/10.1000/x.1.",
            "ABLE A, The Example Team. What Is Seen?[EB/OL]. (2020-06-10)[2020-11-02]. \
             https://arxiv.org/abs/2006.05929.",
            "SMITH J Jr. A Book[M]. Some Press, 1999. ISBN:9783161484100.",
        ]
    );
}

#[test]
fn a_short_reference_says_who_when_what_and_where() {
    assert_eq!(
        references(&[CONFERENCE, CHINESE, PREPRINT, BOOK], Style::Short),
        [
            "Able, A. B., van der Berg, B., Jean-Luc, C., et al. (2017). Memory for O(n) Machines. \
             NeurIPS. https://a.example/1",
            "张三, 李四, 王五, 等 (2021). 噪声标签的对比学习. 计算机学报. \
             https://doi.org/10.1000/x.1",
            "Able, A., The Example Team (2020). What Is Seen? https://arxiv.org/abs/2006.05929",
            "Smith, J., Jr. (1999). A Book. Some Press. ISBN 9783161484100.",
        ]
    );
}

const JOURNAL: &str = "Words Apart\n- authors: Ann Able\n- venue: Journal of Words\n- type: article-journal\n\
    - volume: 44\n- issue: 5\n- pages: 1 – 10\n- publisher: House\n- year: 2021\n- url: https://a.example/1";
const PROCEEDINGS: &str = "A Talk\n- authors: Ann Able\n- 会议: Proceedings of Words\n- 卷: 30\n\
    - 页码: 5998--6008\n- 年份: 2017\n- url: none";
const THESIS: &str = "一篇论文\n- 作者: 张三\n- 类型: thesis\n- 会议: 不该有的刊名\n- 出版者: 某大学\n\
    - 年份: 2021\n- url: none";

#[test]
fn volume_issue_pages_and_publisher_stand_where_the_standard_wants_them() {
    let no_volume = "T\n- 期刊: 某学报\n- type: article-journal\n- 期: 9\n- 页码: 12-15, 20\n- year: 2005\n- url: none";
    let no_year =
        "T\n- venue: J\n- type: article-journal\n- volume: 3\n- pages: e0266\n- url: none";
    let published =
        "T\n- venue: ICML 2021\n- publisher: PMLR\n- year: 2021\n- pages: S1-S10\n- url: none";
    let books =
        "The Set\n- type: book\n- volume: 2\n- publisher: Some Press\n- year: 1999\n- url: none";
    assert_eq!(
        references(
            &[
                JOURNAL,
                PROCEEDINGS,
                THESIS,
                no_volume,
                no_year,
                published,
                books
            ],
            Style::Gb7714
        ),
        [
            "ABLE A. Words Apart[J/OL]. Journal of Words, 2021, 44(5): 1-10[2020-11-02]. \
             https://a.example/1.",
            "ABLE A. A Talk[C]//Proceedings of Words: Vol. 30. 2017: 5998-6008.",
            "张三. 一篇论文[D]. 某大学, 2021.",
            "T[J]. 某学报, 2005(9): 12-15, 20.",
            "T[J]. J, 3: e0266.",
            "T[C]//ICML 2021. PMLR, 2021: S1-S10.",
            "The Set: Vol. 2[M]. Some Press, 1999.",
        ]
    );
    assert_eq!(
        references(&[JOURNAL, PROCEEDINGS, THESIS, books], Style::Short),
        [
            "Able, A. (2021). Words Apart. Journal of Words, 44(5), 1–10. https://a.example/1",
            "Able, A. (2017). A Talk. Proceedings of Words, 30, 5998–6008.",
            "张三 (2021). 一篇论文. 某大学.",
            "The Set (1999). Some Press.",
        ]
    );
}

#[test]
fn a_dash_that_joins_nothing_stays() {
    for (written, expected) in [
        ("1--10", "1-10"),
        ("1 — 10", "1-10"),
        ("S1–S10, iv−x", "S1-S10, iv-x"),
        ("- 3", "- 3"),
        ("3-", "3-"),
        ("--", "--"),
        ("", ""),
    ] {
        assert_eq!(ranges(written, "-"), expected);
    }
}

#[test]
fn what_is_not_known_is_left_out() {
    let bare = ["Title\n- url: https://a.example/1", "Only\n- url: none"];
    assert_eq!(
        references(&bare, Style::Gb7714),
        ["Title[EB/OL][2020-11-02]. https://a.example/1.", "Only[Z]."]
    );
    assert_eq!(
        references(&bare, Style::Short),
        ["Title. https://a.example/1", "Only."]
    );
    let year_in_venue = "T\n- venue: ICLR 2021\n- year: 2021\n- url: https://a.example/1";
    assert_eq!(
        references(&[year_in_venue], Style::Gb7714),
        ["T[C/OL]//ICLR 2021[2020-11-02]. https://a.example/1."]
    );
}

#[test]
fn an_author_list_that_breaks_off_stays_broken_off() {
    let paper = "T\n- authors: Ann Able; et al.\n- url: https://a.example/1\n- year: 2020";
    let found = references(&[paper], Style::Short);
    assert_eq!(found, ["Able, A., et al. (2020). T. https://a.example/1"]);
}
