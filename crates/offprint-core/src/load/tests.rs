use std::fmt::Write as _;

use super::*;
use crate::Severity;

pub(super) fn at(folder: &str, stem: &str) -> Location {
    Location {
        folder: folder.to_owned(),
        stem: stem.to_owned(),
    }
}

fn read(form: Form, text: &str) -> Loaded<Issue> {
    let source = Source::new("issue", text);
    issue(&source, form, &at("issues", "issue"), &Series::default())
}

fn told(diagnostics: &[Diagnostic]) -> Vec<String> {
    diagnostics
        .iter()
        .map(|diagnostic| {
            let (line, column) = diagnostic.place.as_ref().map_or((0, 0), Place::line_column);
            format!(
                "{line}:{column} {}[{}] {}",
                diagnostic.severity.as_str(),
                diagnostic.code,
                diagnostic.message
            )
        })
        .collect()
}

pub(super) mod iclr {
    pub(super) const SERIES: &str = include_str!("../../../../fixtures/iclr-2021/offprint.toml");
    pub(in super::super) const MARKDOWN: &str =
        include_str!("../../../../fixtures/iclr-2021/issues/2020-11-02-ssl-transformer.md");
    pub(super) const YAML: &str =
        include_str!("../../../../fixtures/iclr-2021/spellings/2020-11-02-ssl-transformer.yaml");
    pub(super) const TOML: &str =
        include_str!("../../../../fixtures/iclr-2021/spellings/2020-11-02-ssl-transformer.toml");
    pub(super) const JSON: &str =
        include_str!("../../../../fixtures/iclr-2021/spellings/2020-11-02-ssl-transformer.json");
}

fn fixture(form: Form, text: &str) -> Loaded<Issue> {
    let series_source = Source::new("offprint.toml", iclr::SERIES);
    let series = series(&series_source);
    let source = Source::new("issue", text);
    issue(
        &source,
        form,
        &at("issues", "2020-11-02"),
        series.value.as_ref().unwrap(),
    )
}

#[test]
fn the_four_spellings_of_an_issue_are_one_issue() {
    let markdown = fixture(Form::Markdown, iclr::MARKDOWN);
    assert_eq!(told(&markdown.diagnostics), Vec::<String>::new());
    let issue = markdown.value.unwrap();
    assert_eq!(issue.papers().count(), 10);
    assert_eq!(issue.footnotes.len(), 1);
    for (form, text) in [
        (Form::Yaml, iclr::YAML),
        (Form::Toml, iclr::TOML),
        (Form::Json, iclr::JSON),
    ] {
        let other = fixture(form, text);
        assert_eq!(told(&other.diagnostics), Vec::<String>::new(), "{form:?}");
        assert_eq!(other.value.unwrap(), issue, "{form:?}");
    }
}

/// Findings as `line:column code`, in order.
fn codes(diagnostics: &[Diagnostic]) -> Vec<String> {
    diagnostics
        .iter()
        .map(|diagnostic| {
            let (line, column) = diagnostic.place.as_ref().map_or((0, 0), Place::line_column);
            format!("{line}:{column} {}", diagnostic.code)
        })
        .collect()
}

/// What a Markdown issue whose body begins on line 7 makes one say.
fn codes_of_body(body: &str) -> Vec<String> {
    let text = format!("---\ntitle: 题\ndate: 2020-11-02\nlang: zh-CN\n---\n\n{body}");
    codes(&read(Form::Markdown, &text).diagnostics)
}

fn issue_of_body(body: &str) -> Issue {
    let text = format!("---\ntitle: 题\ndate: 2020-11-02\nlang: zh-CN\n---\n\n{body}");
    let loaded = read(Form::Markdown, &text);
    loaded.value.unwrap()
}

#[test]
fn every_fault_of_a_file_comes_out_in_one_pass_with_its_place() {
    let loaded = read(
        Form::Markdown,
        "---
titel: 缺标题
date: 2020-11-31
cover: { src: ../../x.png }
source: { kind: paper }
---

导读[^nope]，[坏链](javascript:alert(1))，[相对](foo.md)，<b>粗</b>。![](images/a.png)

## 节 {#same}

### 甲
- 链接： openreview.net/forum?id=uB5x7Y2qsFR
- 标錄: 噪声标签
- 推荐: 9
- 状态: 投稿重
- doi: 11.1/x
- arXiv: 20060.5929
- openreview: 甲
- 语言: 中文
- 作者: A. B., C. D. et al.

![远](https://a.example/b.png)

### 乙

## 节 {#same}
",
    );
    assert_eq!(
        codes(&loaded.diagnostics),
        [
            "2:1 unknown-field",
            "2:1 missing-title",
            "2:1 missing-lang",
            "3:7 bad-date",
            "4:15 cover-alt",
            "4:15 broken-image",
            "5:17 unknown-value",
            "8:3 undefined-footnote",
            "8:16 bad-url",
            "8:42 bad-url",
            "8:50 raw-html",
            "8:59 missing-alt",
            "13:7 url-no-scheme",
            "14:3 unknown-field",
            "15:7 wrong-type",
            "16:7 unknown-value",
            "17:8 bad-doi",
            "18:10 bad-arxiv",
            "19:15 bad-openreview",
            "20:7 bad-lang",
            "21:7 et-al-in-authors",
            "23:1 remote-image",
            "25:5 missing-url",
            "25:5 missing-commentary",
            "27:4 duplicate-id",
            "27:4 empty-section",
        ]
    );
    assert!(loaded.value.is_none());
}

#[test]
fn a_misspelt_field_is_answered_with_the_nearest_one_that_is_free() {
    let loaded = read(
        Form::Markdown,
        "## 节\n\n### 题\n- 标錄: a\n- 链接: https://a.example/\n- comentary: b\n",
    );
    let labels: Vec<&str> = loaded
        .diagnostics
        .iter()
        .filter_map(|diagnostic| diagnostic.label.as_deref())
        .collect();
    assert_eq!(
        labels,
        ["did you mean `标签`?", "did you mean `commentary`?"]
    );
}

#[test]
fn hints_say_what_to_write() {
    let loaded = read(
        Form::Yaml,
        "title: 题\nlang: zh\ndate: 2020/11/2\npapers:\n  - title: 甲\n    url: openreview.net/forum?id=x\n    status: sumbitted\n    commentary: 好\n",
    );
    let hints: Vec<&str> = loaded
        .diagnostics
        .iter()
        .flat_map(|diagnostic| diagnostic.hints.iter().map(String::as_str))
        .collect();
    assert_eq!(
        hints,
        [
            "write 2020-11-02",
            "write https://openreview.net/forum?id=x",
            "did you mean `submitted`?"
        ]
    );
}

#[test]
fn a_file_without_front_matter_is_told_what_front_matter_is() {
    let loaded = read(Form::Markdown, "## 节\n\n文\n");
    assert_eq!(
        codes(&loaded.diagnostics),
        ["1:1 missing-title", "1:1 missing-date", "1:1 missing-lang"]
    );
    assert!(loaded.diagnostics[0].hints[1].contains("front matter"));
    let unclosed = read(Form::Markdown, "---\ntitle: x\n");
    assert_eq!(codes(&unclosed.diagnostics), ["1:1 syntax"]);
}

#[test]
fn broken_front_matter_does_not_hide_what_is_wrong_below_it() {
    let loaded = read(
        Form::Markdown,
        "---\ntitle: [a\n---\n\n## 节\n\n### 论文\n- 链接: ftp://x\n\n短评\n",
    );
    assert_eq!(codes(&loaded.diagnostics), ["2:8 syntax", "8:7 bad-url"]);
}

#[test]
fn syntax_errors_have_a_place_and_a_way_out() {
    for (form, text, place) in [
        (
            Form::Yaml,
            "title: Contrast to Divide: Self\n",
            "1:26 syntax",
        ),
        (Form::Yaml, "标题: 甲\n: [", "2:3 syntax"),
        (Form::Toml, "标题 = 1\n", "1:1 syntax"),
        (Form::Toml, "date = 2020-11-31\n", "1:8 bad-date"),
        (Form::Json, "{\"标题\": \"甲\",}", "1:11 syntax"),
        (Form::Json, "{\"a\": \"\\ud83d\"}", "1:8 syntax"),
    ] {
        let loaded = read(form, text);
        assert_eq!(codes(&loaded.diagnostics), [place], "{text}");
        assert!(loaded.value.is_none());
    }
    let loaded = read(Form::Yaml, "title: Contrast to Divide: Self\n");
    assert!(loaded.diagnostics[0].hints[0].contains("between quotes"));
    let loaded = read(Form::Toml, "a = 1\nb = \nc = \"\\m\"\n");
    assert_eq!(loaded.diagnostics.len(), 2, "TOML goes on after a fault");
}

#[test]
fn yaml_words_that_look_like_other_things_stay_words() {
    let loaded = read(
        Form::Yaml,
        "标题：no
日期：2020-11-02
lang: zh-CN
short-title: 1.10
subtitle: 2020-11-02
draft: yes
number: 07
intro: |
  作者：这一行不是字段
papers:
  - 标题：0x10
    链接：https://a.example/
    短评：好
    tags: [no, 1.10, 2020-11-02]
",
    );
    assert_eq!(told(&loaded.diagnostics), Vec::<String>::new());
    let issue = loaded.value.unwrap();
    assert_eq!(issue.title, "no");
    assert_eq!(issue.short_title.as_deref(), Some("1.10"));
    assert_eq!(issue.subtitle.as_deref(), Some("2020-11-02"));
    assert!(issue.draft);
    assert_eq!(issue.number, Some(7));
    assert_eq!(
        crate::text::plain_text(&issue.intro),
        "作者：这一行不是字段"
    );
    let paper = issue.papers().next().unwrap();
    assert_eq!(paper.plain_title(), "0x10");
    assert_eq!(paper.tags, ["no", "1.10", "2020-11-02"]);
}

#[test]
fn json_takes_surrogate_pairs_and_crlf_is_no_obstacle() {
    let text = "{\"title\": \"\\ud83d\\ude00\", \"date\": \"2020-11-02\", \"lang\": \"zh\"}";
    assert_eq!(read(Form::Json, text).value.unwrap().title, "😀");
    let markdown = iclr::MARKDOWN.replace('\n', "\r\n");
    let with_bom = format!("\u{feff}{markdown}");
    assert_eq!(
        fixture(Form::Markdown, &with_bom).value,
        fixture(Form::Markdown, iclr::MARKDOWN).value
    );
    for (form, text) in [(Form::Yaml, iclr::YAML), (Form::Toml, iclr::TOML)] {
        assert_eq!(
            fixture(form, &text.replace('\n', "\r\n")).value,
            fixture(form, text).value,
            "{form:?}"
        );
    }
}

#[test]
fn headings_give_titles_as_they_stand() {
    let issue = issue_of_body(
        "## A & B\n\n### A \\*starred\\* *title*: `code`, $\\alpha_1$ and \\$5 ##\n- url: https://a.example/\n\n好\n\n### [Linked *x*][ref]\n\n好\n\n### @key\n- title: Of the key\n- doi: 10.1000/182\n\n好\n\n[ref]: https://arxiv.org/pdf/2006.05929v2\n",
    );
    let papers: Vec<&crate::Paper> = issue.papers().collect();
    assert_eq!(
        papers[0].plain_title(),
        "A *starred* *title*: `code`, α₁ and $5"
    );
    assert!(matches!(papers[0].title[1], crate::Inline::Math(_)));
    assert_eq!(papers[1].plain_title(), "Linked *x*");
    assert_eq!(papers[1].arxiv.as_deref(), Some("2006.05929v2"));
    assert_eq!(papers[1].id, "arxiv-2006-05929");
    let parts = issue_of_body("### 一、[题 $x$](https://a.example/)（口头报告） ##\n\n评\n");
    let paper = parts.papers().next().unwrap();
    assert_eq!(paper.plain_title(), "一、题 x（口头报告）");
    assert_eq!(paper.url.as_deref(), Some("https://a.example/"));
    assert_eq!(papers[2].cite.as_deref(), Some("key"));
    assert_eq!(
        papers[2].url.as_deref(),
        Some("https://doi.org/10.1000/182")
    );
    assert_eq!(papers[2].id, "doi-10-1000-182");
}

#[test]
fn a_formula_that_cannot_be_read_is_an_error_at_the_sign_at_fault() {
    assert_eq!(
        codes_of_body(
            "### On $\\mathcl{L}$ and $x$\n- doi: 10.1000/182\n\n损失 $\\mathcl{L}$，$\\alpha$\n\n\
             > $$\n> \\begin{aligned}\n> a &= \\foo\n> \\end{aligned}\n> $$\n\n\
             | $\\frac{1}$ |\n| - |\n| x[^1] |\n\n[^1]: So $\\bar$.\n"
        ),
        [
            "7:9 math-error",
            "10:5 math-error",
            "14:8 math-error",
            "18:4 math-error",
            "22:11 math-error",
        ]
    );
    let loaded = read(
        Form::Yaml,
        "title: A $\\foo$\ndate: 2020-11-02\nlang: en\nsections:\n  - title: B $\\ba$\n    papers:\n      \
         - title: \"C $\\\\fo$\"\n        doi: 10.1000/182\n        commentary: |\n          It is\n          \
         $x_{$ here.\n",
    );
    assert_eq!(
        codes(&loaded.diagnostics),
        [
            "1:11 math-error",
            "5:15 math-error",
            "7:21 math-error",
            "11:14 math-error",
        ]
    );
}

#[test]
fn titles_that_are_plain_words_say_formulas_in_words() {
    let text = "---\ntitle: In $O(n \\log n)$ for $5\nshort-title: \\$5 and $x_1$\ndate: 2020-11-02\nlang: en\n---\n\n## On $\\ell_1$\n\nWords.\n";
    let issue = read(Form::Markdown, text).value.unwrap();
    assert_eq!(issue.title, "In O(n log n) for $5");
    assert_eq!(issue.short_title.as_deref(), Some("$5 and x₁"));
    assert_eq!(issue.sections[0].title, "On ℓ₁");
}

#[test]
fn field_lists_take_links_emphasis_and_lists() {
    let issue = issue_of_body(
        "## 节\n- id: first\n\n引言\n\n### 题\n- **链接**：[论文](https://a.example/1)；\n- CODE: <https://a.example/2>\n- 作者:\n  - Smith, John\n  - 李四\n- 机构: 甲大学、乙研究所\n- 标签: #甲, 乙、丙\n- 摘要: 一\n\n  二\n- x-shelf: A3\n\n评\n\n- 评论里的列表\n",
    );
    let section = &issue.sections[0];
    assert_eq!(section.id, "first");
    assert_eq!(crate::text::plain_text(&section.intro), "引言");
    let paper = &section.papers[0];
    assert_eq!(paper.url.as_deref(), Some("https://a.example/1"));
    assert_eq!(
        paper.links.values().collect::<Vec<_>>(),
        ["https://a.example/2"]
    );
    assert_eq!(paper.authors, ["Smith, John", "李四"]);
    assert_eq!(paper.affiliations, ["甲大学", "乙研究所"]);
    assert_eq!(paper.tags, ["甲", "乙", "丙"]);
    assert_eq!(paper.abstract_text.len(), 2);
    assert!(paper.extra.contains_key("x-shelf"));
    assert_eq!(paper.commentary.len(), 2);
    assert_eq!(
        codes_of_body("## 节\n\n### 题\n- 链接: https://a.example/\n- https://b.example/\n\n评\n"),
        ["11:3 syntax"]
    );
    assert_eq!(
        codes_of_body("## 节\n\n### 题\n- 标签: 甲\n- 链接: https://a.example/\n短评没有空行。\n"),
        ["9:5 missing-commentary", "12:1 syntax"]
    );
    assert_eq!(
        codes_of_body("### [题](https://a.example/)\n- 配图: ![甲](a.png) 和字\n\n评\n"),
        ["8:7 unknown-value"]
    );
    let list = issue_of_body("## 节\n\n### [题](https://a.example/)\n- 只是列表\n- 不是：字段\n");
    assert_eq!(list.papers().next().unwrap().commentary.len(), 1);
}

#[test]
fn headings_within_code_and_quotes_are_no_structure() {
    let issue = issue_of_body("## 节\n\n```\n## 不是\n```\n\n> ### 也不是\n\n    ## 还不是\n");
    assert_eq!(issue.sections.len(), 1);
    assert_eq!(issue.sections[0].intro.len(), 3);
    assert!(issue.sections[0].papers.is_empty());
}

#[test]
fn papers_without_a_section_get_one() {
    let paper = "### [题](https://a.example/)\n\n评\n";
    let markdown = issue_of_body(paper);
    assert_eq!(markdown.sections[0].title, "论文");
    let yaml = read(
        Form::Yaml,
        "title: 题\ndate: 2020-11-02\nlang: zh-CN\npapers: [{title: 题, url: https://a.example/, commentary: 评}]\n",
    );
    assert_eq!(yaml.value.unwrap(), markdown);
}

#[test]
fn the_title_may_be_a_heading() {
    let text = "---\ndate: 2020-11-02\nlang: zh\n---\n\n# 大标题\n\n文\n";
    let loaded = read(Form::Markdown, text);
    assert_eq!(loaded.value.unwrap().title, "大标题");
    assert_eq!(codes_of_body("# 题\n\n文\n"), Vec::<String>::new());
    assert_eq!(codes_of_body("# 别的题\n\n文\n"), ["7:3 heading-level"]);
    assert_eq!(codes_of_body("文\n\n# 别的题\n"), ["9:3 heading-level"]);
}

#[test]
fn footnotes_are_numbered_by_first_reference_through_the_issue() {
    let issue = issue_of_body(
        "导读[^b][^a]\n\n[^a]: 甲，见[^c]\n[^b]: 乙\n[^c]: 丙\n\n## 节\n\n### [一](https://a.example/1)\n\n文[^1][^b]\n\n[^1]: 一的注\n\n### [二](https://a.example/2)\n\n文[^1]\n\n[^1]: 二的注\n",
    );
    let notes: Vec<String> = issue
        .footnotes
        .iter()
        .map(|note| crate::text::plain_text(&note.content))
        .collect();
    assert_eq!(notes, ["乙", "甲，见", "一的注", "二的注", "丙"]);
    let papers: Vec<&crate::Paper> = issue.papers().collect();
    let reference = |paper: &crate::Paper| {
        let Some(crate::Block::Paragraph(line)) = paper.commentary.first() else {
            panic!("{:?}", paper.commentary);
        };
        line[1].clone()
    };
    assert_eq!(reference(papers[0]), crate::Inline::FootnoteRef(3));
    assert_eq!(reference(papers[1]), crate::Inline::FootnoteRef(4));
    assert_eq!(
        codes_of_body("文[^x] `[^y]` \\[^z]\n\n[^q]: 没用\n\n## 节\n\n文[^q2]\n"),
        [
            "7:2 undefined-footnote",
            "9:1 unused-footnote",
            "13:2 undefined-footnote"
        ]
    );
}

#[test]
fn defaults_fill_in_what_papers_lack() {
    let loaded = read(
        Form::Yaml,
        "title: 题
date: 2020-11-02
lang: zh-CN
defaults: { 会议: ICLR, status: submitted, x-shelf: A }
papers:
  - { title: 甲, url: https://a.example/1, commentary: 一 }
  - { title: 乙, url: https://a.example/2, commentary: 二, venue: ACL, 状态: 已录用, x-shelf: B }
",
    );
    assert_eq!(told(&loaded.diagnostics), Vec::<String>::new());
    let issue = loaded.value.unwrap();
    let facts: Vec<_> = issue
        .papers()
        .map(|paper| (paper.venue.as_deref().unwrap(), paper.status.unwrap()))
        .collect();
    assert_eq!(
        facts,
        [
            ("ICLR", crate::model::Status::Submitted),
            ("ACL", crate::model::Status::Accepted)
        ]
    );
    // A fault in the defaults is one fault, however many papers there are.
    let text = "title: 题\ndate: 2020-11-02\nlang: zh\ndefaults: {status: x, colour: y}\npapers:\n  - {title: 甲, doi: 10.1000/1, commentary: 一}\n  - {title: 乙, doi: 10.1000/2, commentary: 二}\n";
    assert_eq!(
        codes(&read(Form::Yaml, text).diagnostics),
        ["4:20 unknown-value", "4:23 unknown-field"]
    );
}

#[test]
fn ids_are_unique_and_numbers_count() {
    let body = "## 甲\n\n### [a](https://openreview.net/forum?id=zOGdf9K8aC)\n\n评\n\n### [b](https://b.example/)\n- id: section-2\n\n评\n\n## 乙\n\n### [a](https://openreview.net/pdf?id=zOGdf9K8aC)\n\n评\n\n### [c](https://c.example/)\n\n评\n";
    let issue = issue_of_body(body);
    let ids: Vec<&str> = issue.papers().map(|paper| paper.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "openreview-zOGdf9K8aC",
            "section-2",
            "openreview-zOGdf9K8aC-2",
            "paper-4"
        ]
    );
    assert_eq!(issue.sections[1].id, "section-2-2");
    let numbers: Vec<_> = issue.papers().map(|paper| paper.number.unwrap()).collect();
    assert_eq!(numbers, [1, 2, 3, 4]);
    assert_eq!(codes_of_body(body), ["20:5 duplicate-paper"]);
}

#[test]
fn hints_of_one_rule_do_not_drown_the_rest() {
    let papers: Vec<String> = (0..50)
        .map(|number| format!("### [P](https://p.example/{number})\n\n代码已开源。\n\n"))
        .collect();
    let papers = papers.concat();
    let text = format!("---\ntitle: 题\ndate: 2020-11-02\nlang: zh\n---\n\n{papers}");
    let location = Location {
        folder: String::new(),
        stem: "a".to_owned(),
    };
    let source = Source::new("a.md", text);
    let loaded = super::issue(&source, Form::Markdown, &location, &Series::default());
    assert_eq!(loaded.diagnostics.len(), 20);
    let last = loaded.diagnostics.last().unwrap();
    assert_eq!(last.hints.last().unwrap(), "the same is true of 30 more");
}

#[test]
fn limits_are_errors_with_a_place() {
    let long = "长".repeat(700);
    assert_eq!(
        codes_of_body(&format!(
            "## 节\n\n### [{long}](https://a.example/)\n\n评\n"
        )),
        ["9:6 too-large"]
    );
    let commentary = "文。".repeat(11_000);
    assert_eq!(
        codes_of_body(&format!(
            "## 节\n\n### [a](https://a.example/)\n\n{commentary}\n"
        )),
        ["9:5 long-commentary", "11:1 too-large"]
    );
    let papers = "### [a](mailto:a@b.example)\n\n".repeat(10_002);
    let over: Vec<String> = codes_of_body(&papers)
        .into_iter()
        .filter(|code| code.ends_with("too-large"))
        .collect();
    assert_eq!(over, ["20007:5 too-large", "0:0 too-large"]);
    let huge = "a".repeat(MAX_BYTES + 1);
    for form in [Form::Markdown, Form::Yaml, Form::Toml, Form::Json] {
        assert_eq!(codes(&read(form, &huge).diagnostics), ["1:1 too-large"]);
    }
}

#[test]
fn deep_and_multiplying_input_is_refused() {
    let head = "title: 题\ndate: 2020-11-02\nlang: zh\n";
    let mut levels = String::new();
    for level in 1..10 {
        let names = vec![format!("*n{}", level - 1); 9].join(",");
        writeln!(levels, "x-{level}: &n{level} [{names}]").unwrap();
    }
    let bomb = format!("{head}x-0: &n0 [a]\n{levels}");
    let bomb = read(Form::Yaml, &bomb);
    assert_eq!(bomb.diagnostics.len(), 1);
    assert_eq!(bomb.diagnostics[0].code, "too-large");
    let own = read(Form::Yaml, "a: &a [*a]\n");
    assert_eq!(own.diagnostics[0].code, "syntax");
    for (form, text) in [
        (Form::Yaml, format!("{head}x-a: {}", "[".repeat(100_000))),
        (
            Form::Yaml,
            (0..500).fold(String::new(), |text, depth| {
                text + &" ".repeat(depth) + "a:\n"
            }),
        ),
        (
            Form::Json,
            format!("{{\"x-a\": {}{}}}", "[".repeat(200), "]".repeat(200)),
        ),
        (Form::Json, "[".repeat(100_000)),
        (
            Form::Toml,
            format!("{} = 1\n", vec!["a"; 100_000].join(".")),
        ),
        (
            Form::Toml,
            format!("x = {}1{}\n", "[".repeat(70), "]".repeat(70)),
        ),
        (Form::Markdown, format!("{}文", "> ".repeat(50_000))),
        (
            Form::Markdown,
            format!("{}文{}", "**".repeat(20_000), "**".repeat(20_000)),
        ),
    ] {
        let loaded = read(form, &text);
        assert!(
            loaded
                .diagnostics
                .iter()
                .any(|diagnostic| ["too-deep", "syntax"].contains(&diagnostic.code)),
            "{:?}",
            codes(&loaded.diagnostics)
        );
    }
}

#[test]
fn pathological_markdown_takes_bounded_time() {
    let started = std::time::Instant::now();
    for piece in [
        "*",
        "*a ",
        "_a ",
        "[",
        "[a](",
        "![",
        "]",
        "> ",
        "`",
        "~~a",
        "$a ",
        "$$",
        "<",
        "<a ",
        "&a;",
        "<!--",
        "http",
        "https://",
        "https://a.b ",
        "[^a]",
        "[^a]: ",
        "- ",
        "**a **b ",
        "中\n",
        "|",
        "\\",
        "$$\n\n",
        "### a\n",
    ] {
        let loaded = read(Form::Markdown, &piece.repeat(100_000 / piece.len()));
        assert!(loaded.has_errors(), "there is no front matter");
    }
    let lines = "\\\"a\\n".repeat(100_000);
    let json = format!("{{\"intro\": \"{lines}\"}}");
    assert!(read(Form::Json, &json).has_errors());
    assert!(started.elapsed().as_secs() < 60);
}

#[test]
fn no_input_panics() {
    // A linear congruential generator (Knuth's MMIX constants): the same bytes every time.
    let mut state: u64 = 20_201_102;
    let mut random = move |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    let pieces = [
        "\n",
        "\n\n",
        "---\n",
        "+++\n",
        "## ",
        "### ",
        "- ",
        ": ",
        "：",
        "[",
        "](",
        ")",
        "![",
        "{#",
        "}",
        "$",
        "$$\n",
        "`",
        "```\n",
        "**",
        "~~",
        "<",
        "<!--",
        "-->",
        "[^a]",
        "[^a]: ",
        "|",
        "> ",
        "    ",
        "\t",
        "\"",
        "'",
        "\\",
        "&a ",
        "*a",
        "|\n",
        "中",
        "，",
        "😀",
        "\u{0}",
        "\u{202e}",
        "\r",
        "\u{feff}",
        "https://",
        "{width=60%}",
    ];
    for (form, text) in [
        (Form::Markdown, iclr::MARKDOWN),
        (Form::Markdown, KITCHEN_SINK),
        (Form::Yaml, iclr::YAML),
        (Form::Toml, iclr::TOML),
        (Form::Json, iclr::JSON),
    ] {
        for _ in 0..150 {
            let mut bytes = text.as_bytes().to_vec();
            for _ in 0..=random(6) {
                let at = random(bytes.len());
                match random(4) {
                    0 => bytes[at] = u8::try_from(random(256)).unwrap(),
                    1 => {
                        let end = (at + random(200)).min(bytes.len());
                        bytes.drain(at..end);
                    }
                    2 => {
                        let piece = pieces[random(pieces.len())];
                        bytes.splice(at..at, piece.bytes());
                    }
                    _ => bytes.truncate(at.max(1)),
                }
            }
            let text = String::from_utf8_lossy(&bytes);
            let loaded = fixture(form, &text);
            for diagnostic in &loaded.diagnostics {
                let place = diagnostic.place.as_ref();
                assert!(
                    place.is_none_or(|place| place.source.text.get(place.span.clone()).is_some())
                );
            }
            assert!(loaded.value.is_some() || loaded.has_errors());
        }
    }
}

const KITCHEN_SINK: &str =
    include_str!("../../../../fixtures/kitchen-sink/issues/kitchen-sink/index.md");

#[test]
fn a_series_knows_every_documented_key() {
    let loaded = series(&Source::new("offprint.toml", iclr::SERIES));
    assert!(!loaded.has_errors(), "{:?}", told(&loaded.diagnostics));
    let text = r#"
schema = 1
[series]
id = "a"
title = "题"
url = "https://a.example/x?y"
timezone = "Asia/Shangai"
license = "cc-by-sa-4.0"
logo = { src = "../logo.png", alt = "标" }
issn = ""
[people.xj]
role = "责任编辑"
orcid = "1"
[paths]
out = "../public"
[labels]
cod = "代码"
[html]
theme = "folio"
[pdf]
anything = 1
[check]
deny = ["mising-url", "math-error", "pdf::missing-glyph"]
allow = ["remote-image", "bad-date", "missing-alt"]
"#;
    let of_pdf = [Rule::warning(
        "pdf::missing-glyph",
        "no font has a character",
    )];
    let loaded = series_with(&Source::new("offprint.toml", text), &[&of_pdf]);
    assert_eq!(
        codes(&loaded.diagnostics),
        [
            "7:12 bad-timezone",
            "9:16 broken-image",
            "13:9 bad-orcid",
            "15:7 unknown-value",
            "17:1 unknown-field",
            "19:9 no-effect",
            "23:9 unknown-rule",
            "24:26 unknown-rule",
        ]
    );
    let series = loaded.value.unwrap();
    assert_eq!(series.url.as_deref(), Some("https://a.example/x/"));
    assert_eq!(series.people["xj"].name, "xj");
    assert_eq!(series.paths.out, "public");
    assert!(series.settings.contains_key("pdf"));
    assert_eq!(
        series.license.unwrap().url.as_deref(),
        Some("https://creativecommons.org/licenses/by-sa/4.0/")
    );
    let later = super::series(&Source::new(
        "offprint.toml",
        "schema = 2\n[series]\nid = 'a'\ntitle = 'b'\n",
    ));
    assert_eq!(codes(&later.diagnostics), ["1:10 unknown-schema"]);
}

#[test]
fn issues_inherit_from_their_series_and_rules_can_be_changed() {
    let mut series = Series {
        lang: crate::model::Lang::parse("zh-CN"),
        declaration: Some("声明".to_owned()),
        timezone: "Asia/Shanghai".to_owned(),
        ..Series::default()
    };
    series.check.deny = vec!["missing-commentary".to_owned()];
    series.check.allow = vec!["missing-alt".to_owned(), "remote-image".to_owned()];
    let text = "title: 题\ndate: 2020-11-02\npapers:\n  - title: 甲\n    doi: 10.1000/182\nintro: '![](a.png) ![甲](https://a.example/b.png)'\n";
    let source = Source::new("issue", text);
    let loaded = issue(&source, Form::Yaml, &at("issues", "a"), &series);
    let found: Vec<(Severity, &str)> = loaded
        .diagnostics
        .iter()
        .map(|diagnostic| (diagnostic.severity, diagnostic.code))
        .collect();
    assert_eq!(
        found,
        [
            (Severity::Error, "missing-commentary"),
            (Severity::Warning, "remote-image")
        ]
    );
    let issue = loaded.value.unwrap();
    assert_eq!(issue.declaration.as_deref(), Some("声明"));
    assert_eq!(issue.date.rfc3339(), "2020-11-02T00:00:00+08:00");
    let images: Vec<&str> = loaded
        .images
        .iter()
        .map(|image| image.src.as_str())
        .collect();
    assert_eq!(images, ["issues/a.png"]);
}

#[test]
fn a_file_name_gives_the_id_if_it_can() {
    let text = "title: 题\ndate: 2020-11-02\nlang: zh\n";
    let id = |stem: &str| {
        let loaded = issue(
            &Source::new("issue", text),
            Form::Yaml,
            &at("", stem),
            &Series::default(),
        );
        loaded.value.map(|issue| issue.id)
    };
    assert_eq!(id("My List_1").as_deref(), Some("my-list-1"));
    assert_eq!(id("我的清单"), None);
    assert_eq!(id("con"), None);
}

#[test]
fn a_window_for_repeated_papers_is_all_off_or_a_number_of_issues() {
    use crate::check::RepeatWindow;
    let read = |value: &str| {
        let text =
            format!("[series]\nid = \"s\"\ntitle = \"T\"\n[check]\nrepeat-window = {value}\n");
        let loaded = series(&Source::new("offprint.toml", text));
        (
            loaded.value.unwrap().check.repeat_window,
            codes(&loaded.diagnostics),
        )
    };
    assert_eq!(read("\"all\"").0, RepeatWindow::All);
    assert_eq!(read("12").0, RepeatWindow::Last(12));
    assert_eq!(read("\"3\"").0, RepeatWindow::Last(3));
    assert_eq!(read("0").0, RepeatWindow::Off);
    assert_eq!(read("\"off\"").0, RepeatWindow::Off);
    for wrong in ["-1", "\"some\"", "1.5", "99999999999"] {
        assert_eq!(read(wrong).1, ["5:17 unknown-value"], "{wrong}");
    }
}

/// Where forbidden characters are found, and what is said beside the caret.
fn forbidden(form: Form, text: &str) -> Vec<String> {
    let loaded = read(form, text);
    let found = loaded
        .diagnostics
        .iter()
        .filter(|it| it.code == "forbidden-character");
    found
        .map(|it| {
            let place = it.place.as_ref().unwrap();
            let (line, column) = place.line_column();
            let code_point = it.message.split(' ').nth(2).unwrap();
            let written = place.source.text.get(place.span.clone()).unwrap();
            let written = if written.starts_with(['\\', '&']) {
                written
            } else {
                ""
            };
            format!(
                "{line}:{column} {code_point} {written}{}",
                it.label.as_deref().unwrap_or_default()
            )
        })
        .collect()
}

#[test]
fn characters_that_are_left_out_are_told_once_a_file() {
    let body = "---\ntitle: 题\ndate: 2020-11-02\nlang: zh-CN\n---\n\n";
    let told = forbidden(
        Form::Markdown,
        &format!(
            "{body}a\u{1}b\u{1}\u{fffe} \r\n\n## x\u{1b}\n\n### y\u{1}\n- url: https://e.example.org/\n\nz\u{7f}\n"
        ),
    );
    assert_eq!(
        told,
        [
            "7:2 U+0001 the first of 3",
            "7:5 U+FFFE ",
            "9:5 U+001B ",
            "14:2 U+007F "
        ]
    );
    assert_eq!(
        forbidden(
            Form::Markdown,
            &format!("{body}a &#1; `&#2;` &amp; *&#x1;* ![b&#x1B;](images/a.png) c\n\n    &#3;\n")
        ),
        ["7:3 U+0001 &#1;the first of 2", "7:32 U+001B &#x1B;"]
    );
    assert_eq!(
        forbidden(
            Form::Markdown,
            &format!("{body}💩 \u{202e}x\u{202c} \t&#0;\n")
        ),
        [""; 0]
    );
}

#[test]
fn escapes_that_stand_for_forbidden_characters_are_told_where_they_stand() {
    let json = r#"{"title": "T\u0001\f", "date": "2020-11-02", "lang": "en", "intro": "a\u0001 &#2;",
        "tags": ["\u001B"], "x-y": {"z": "\uFFFF\r\n"}}"#;
    assert_eq!(
        forbidden(Form::Json, json),
        [
            "1:13 U+0001 \\u0001the first of 2",
            "1:19 U+000C \\f",
            "1:69 U+0002 ",
            "2:19 U+001B \\u001B",
            "2:43 U+FFFF \\uFFFF",
        ]
    );
    let yaml = "title: \"a\\x02\\0\"\ndate: 2020-11-02\nlang: en\nintro: |\n  x &#3; y\n";
    assert_eq!(
        forbidden(Form::Yaml, yaml),
        ["1:10 U+0002 \\x02", "1:14 U+0000 \\0", "5:5 U+0003 &#3;"]
    );
    let toml = "title = \"a\\u0004\\U00000005\"\ndate = 2020-11-02\nlang = \"en\"\n";
    assert_eq!(
        forbidden(Form::Toml, toml),
        ["1:11 U+0004 \\u0004", "1:17 U+0005 \\U00000005"]
    );
    let series = series(&Source::new(
        "offprint.toml",
        "[series]\nid = \"s\"\ntitle = \"T\\u0001\"\n",
    ));
    assert_eq!(codes(&series.diagnostics), ["3:11 forbidden-character"]);
}

#[test]
fn a_file_that_cannot_be_read_is_told_for_that_alone() {
    let loaded = read(Form::Json, "{\"title\": \"a\u{1}\" oops}");
    assert_eq!(codes(&loaded.diagnostics).len(), 1);
}

#[test]
fn the_facts_of_an_issue_are_told_as_they_are_written() {
    let text = "---\n标题: 题\nDate: 2020-11-02\nauthors: [xj, { name: A }]\nx-y: 1\nodd: true\n---\n\n## 节\n";
    let facts = facts(&Source::new("a.md", text), Form::Markdown);
    let told: Vec<(&str, &str)> = facts
        .iter()
        .map(|fact| (fact.field.as_str(), fact.name.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("title", "标题"),
            ("date", "Date"),
            ("authors", "authors"),
            ("x-y", "x-y"),
            ("odd", "odd")
        ]
    );
    assert!(matches!(&facts[2].value, crate::fields::Value::List(list) if list.len() == 2));
    let json = "{\"title\": \"T\", \"papers\": [{}]}";
    assert_eq!(
        super::facts(&Source::new("a.json", json), Form::Json).len(),
        1
    );
    assert_eq!(
        super::facts(&Source::new("a.md", "---\n: [\n"), Form::Markdown),
        []
    );
    assert_eq!(
        (name_of("number", true), name_of("number", false)),
        ("期号", "number")
    );
    assert_eq!(name_of("schema", true), "schema");
}

#[test]
fn a_rhythm_is_one_of_some_words() {
    use crate::series::Rhythm;
    let read = |value: &str| {
        let text = format!("[series]\nid = \"s\"\ntitle = \"T\"\nrhythm = \"{value}\"\n");
        let loaded = series(&Source::new("offprint.toml", text));
        (loaded.value.unwrap().rhythm, codes(&loaded.diagnostics))
    };
    assert_eq!(read("biweekly").0, Some(Rhythm::Biweekly));
    assert_eq!(read("月刊").0, Some(Rhythm::Monthly));
    assert_eq!(
        read("hourly"),
        (None, vec!["4:10 unknown-value".to_owned()])
    );
}

#[test]
fn a_paper_may_say_that_it_has_no_address() {
    for none in ["url: none", "链接：无"] {
        let text = format!(
            "---\ntitle: T\ndate: 2020-01-01\nlang: zh\n---\n## S\n### A\n- {none}\n\nWords.\n"
        );
        let loaded = read(Form::Markdown, &text);
        assert_eq!(told(&loaded.diagnostics), Vec::<String>::new());
        let issue = loaded.value.unwrap();
        assert_eq!(issue.papers().next().unwrap().landing(), None);
    }
}
