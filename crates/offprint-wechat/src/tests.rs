//! Articles as WeChat's editor would take them.

mod formulas;
mod series;

use std::collections::BTreeMap;

use jiff::civil::date;
use jiff::tz::{TimeZone, offset};
use offprint_core::fields::{Fields, Node, NodeValue};
use offprint_core::model::{Identifier, IssueSource, Lang, LinkKind, Person, Related, Status, Tag};
use offprint_core::text::{
    Align, Figure, Footnote, Formula, Image, List, ListItem, Table, plain_text,
};
use offprint_core::{Assets, Block, Inline, Moment, Paper, Section, Source, Text};

use super::*;
use crate::preflight::{Channel, characters, preflight};

fn words(text: &str) -> Vec<Inline> {
    vec![Inline::Text(text.to_owned())]
}

fn paragraph(text: &str) -> Text {
    vec![Block::Paragraph(words(text))]
}

fn link(url: &str, text: &str) -> Inline {
    Inline::Link {
        url: url.to_owned(),
        content: words(text),
    }
}

fn paper(number: u32, title: &str) -> Paper {
    Paper {
        id: format!("paper-{number}"),
        guid: None,
        number: Some(number),
        title: words(title),
        url: Some(format!("https://openreview.example/forum?id={number}&x=1")),
        doi: None,
        arxiv: None,
        openreview: None,
        pmid: None,
        isbn: None,
        links: BTreeMap::new(),
        cite: None,
        authors: vec!["Ada Lovelace".to_owned()],
        affiliations: Vec::new(),
        venue: Some("ICLR 2021".to_owned()),
        volume: None,
        issue: None,
        pages: None,
        publisher: None,
        year: Some(2021),
        date: None,
        status: Some(Status::Submitted),
        kind: "paper-conference".to_owned(),
        lang: Lang::parse("en"),
        tags: vec!["记忆".to_owned()],
        tldr: Vec::new(),
        rating: None,
        presenter: None,
        abstract_text: Vec::new(),
        image: None,
        commentary: paragraph("一段短评。"),
        extra: BTreeMap::new(),
    }
}

fn issue(papers: Vec<Paper>) -> Issue {
    let day = date(2020, 11, 2).at(15, 50, 0, 0);
    Issue {
        id: "one".to_owned(),
        guid: "tag:example.org,2020:sample/issue/one".to_owned(),
        title: "自监督学习与 Transformer".to_owned(),
        short_title: None,
        subtitle: None,
        description: None,
        number: Some(1),
        volume: None,
        date: Moment::from_datetime(day, &TimeZone::fixed(offset(8))).unwrap(),
        updated: None,
        draft: false,
        lang: Lang::parse("zh-CN").unwrap(),
        authors: Vec::new(),
        editors: Vec::new(),
        translators: Vec::new(),
        source: None,
        declaration: None,
        license: None,
        event: None,
        cover: None,
        tags: Vec::new(),
        related: Vec::new(),
        bibliography: Vec::new(),
        identifier: Identifier::default(),
        canonical: None,
        intro: paragraph("导读。"),
        sections: vec![Section {
            id: "section-1".to_owned(),
            title: "自监督学习".to_owned(),
            intro: Vec::new(),
            papers,
        }],
        parts: Vec::new(),
        footnotes: Vec::new(),
        extra: BTreeMap::new(),
    }
}

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(width, height)
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

fn assets() -> Assets {
    let asset = |path: &str| (path.to_owned(), Asset::read(path, png(40, 20)).unwrap());
    Assets::new(BTreeMap::from([
        asset("images/a.png"),
        asset("assets/qr.png"),
    ]))
}

fn picture() -> Image {
    Image {
        src: "images/a.png".to_owned(),
        alt: "折叠的一页 \"A\"".to_owned(),
        width: Some(60),
    }
}

fn export(settings: &Wechat, issue: &Issue) -> Exported {
    let assets = assets();
    let context = Context {
        assets: &assets,
        fonts: &offprint_core::Fonts::new(),
        published: &[],
        files: &offprint_core::Files::new(),
        attachments: &[],
        threads: 1,
    };
    let series = Series::default();
    let edition = Edition {
        series: &series,
        issues: &[issue],
    };
    settings.export(&context, &edition).unwrap()
}

/// What goes into the editor.
fn article(settings: &Wechat, issue: &Issue) -> String {
    let exported = export(settings, issue);
    String::from_utf8(exported.artifacts[0].data.clone()).unwrap()
}

fn commented(commentary: Text) -> String {
    let mut paper = paper(1, "A");
    paper.commentary = commentary;
    article(&Wechat::default(), &issue(vec![paper]))
}

/// What a reader sees, with `|` between elements.
fn visible(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some((text, after)) = rest.split_once('<') {
        out.push_str(text);
        let (tag, next) = after.split_once('>').unwrap();
        if !["sup", "/sup", "strong", "/strong", "/em", "/span"].contains(&tag)
            && !["sup ", "em ", "span "]
                .iter()
                .any(|name| tag.starts_with(name))
        {
            out.push('|');
        }
        rest = next;
    }
    out + rest
}

fn item(text: &str) -> ListItem {
    ListItem {
        checked: None,
        content: paragraph(text),
    }
}

/// Each kind of block and inline.
fn every_kind() -> Text {
    let mut nested = vec![Block::List(List {
        start: None,
        tight: true,
        items: vec![item("最里面")],
    })];
    for level in 0..14 {
        nested = if level % 2 == 0 {
            vec![Block::Quote(nested)]
        } else {
            vec![Block::List(List {
                start: Some(98),
                tight: false,
                items: vec![
                    ListItem {
                        checked: Some(true),
                        content: nested,
                    },
                    item("又一项"),
                ],
            })]
        };
    }
    let cell = |text: &str| words(text);
    let mut text = vec![
        Block::Paragraph(vec![
            Inline::Text("看BERT与".to_owned()),
            Inline::Strong(words("3个Transformer。")),
            Inline::Emphasis(words("强调")),
            Inline::Emphasis(words("stress")),
            Inline::Strike(words("删去")),
            Inline::Code("let  x\n= 1".to_owned()),
            Inline::Math(Formula {
                tex: "a < b".to_owned(),
            }),
            link("https://out.example/?a=1&b=2", "站外"),
            link("https://mp.weixin.qq.com/s/x", "站内"),
            link("https://bare.example/路径a", "https://bare.example/路径a"),
            link("mailto:a@b.example", "来信"),
            Inline::Image(picture()),
            Inline::FootnoteRef(1),
            Inline::HardBreak,
            Inline::Text("\u{200b}下一行".to_owned()),
        ]),
        Block::Heading {
            level: 1,
            content: words("小标题"),
        },
        Block::Code {
            language: Some("rust".to_owned()),
            text: "fn main() {\n    println!(\"<a>\");\n\tx\n}".to_owned(),
        },
        Block::Math(Formula {
            tex: "\\begin{a}\n  x\n\\end{a}".to_owned(),
        }),
        Block::Table(Table {
            align: vec![Align::Start, Align::Center, Align::End, Align::Start],
            head: vec![cell("模型"), cell("b"), cell("c"), cell("d")],
            rows: vec![vec![cell("1"), cell("2"), cell("3"), cell("4")]],
        }),
        Block::Rule,
        Block::Figure(Figure {
            image: picture(),
            caption: Vec::new(),
            credit: None,
        }),
    ];
    text.extend(nested);
    text
}

/// An issue that holds each kind of block, inline and field.
fn everything() -> Issue {
    let mut first = paper(1, "An <b>& \"odd\" title");
    first
        .links
        .insert(LinkKind::Code, "https://code.example/a".to_owned());
    first.rating = Some(4);
    first.presenter = Some("李 明".to_owned());
    first.tldr = words("一句话说完。");
    first.abstract_text = paragraph("The abstract.");
    first.image = Some(Figure {
        image: picture(),
        caption: words("图注"),
        credit: Some("摄影：某人".to_owned()),
    });
    first.commentary = every_kind();
    let mut issue = issue(vec![first, paper(2, "Second")]);
    issue.footnotes = vec![Footnote {
        label: "a".to_owned(),
        content: vec![
            Block::Paragraph(vec![link("https://note.example/", "脚注里的链接")]),
            Block::Quote(paragraph("引文")),
        ],
    }];
    issue.related = vec![Related {
        title: "相关的一篇".to_owned(),
        url: Some("https://related.example/".to_owned()),
        date: Some(date(2020, 1, 2)),
        summary: Some("讲了什么".to_owned()),
        image: Some(picture()),
        views: Some(524),
    }];
    issue.tags = vec![Tag {
        name: "人工智能".to_owned(),
        url: None,
        followers: Some(1781),
        articles: Some(2),
        views: Some(3),
    }];
    issue.source = Some(IssueSource {
        name: Some("某号".to_owned()),
        id: Some("some".to_owned()),
        title: Some("【原题】  x\ny".to_owned()),
        url: Some("https://source.example/".to_owned()),
        ..IssueSource::default()
    });
    issue.editors = vec![Person {
        name: "xj".to_owned(),
        role: None,
        url: None,
        email: None,
        orcid: None,
    }];
    issue.declaration = Some("第一行\n第二行".to_owned());
    issue.cover = Some(picture());
    issue
}

fn with_account(theme: Theme) -> Wechat {
    Wechat {
        theme,
        account: Some(Account {
            name: "某号".to_owned(),
            id: Some("some".to_owned()),
            qr: Some("assets/qr.png".to_owned()),
        }),
        ..Wechat::default()
    }
}

#[test]
fn nothing_in_an_article_is_lost_in_the_editor() {
    for lang in ["zh-CN", "en", "ar"] {
        for theme in Theme::BUILT_IN.map(|(_, theme)| theme) {
            let mut issue = everything();
            issue.lang = Lang::parse(lang).unwrap();
            let article = article(&with_account(theme.clone()), &issue);
            let findings: Vec<_> = preflight(&article, Channel::Paste)
                .into_iter()
                // Pictures lie beside the page until they are uploaded, and this article has
                // little but markup.
                .filter(|finding| !["img.local", "limit.overhead"].contains(&finding.rule.name))
                // The panel is not dark in dark mode.
                .filter(|finding| finding.rule.name != "dark.contrast-low")
                .collect();
            assert_eq!(findings, []);
        }
    }
}

#[test]
fn hostile_words_stay_words() {
    let hostile =
        "</section><script>alert(1)</script><img src=x onerror=alert(1)> \" ' {{ 7 }} {% x %}";
    let mut issue = everything();
    issue.title = hostile.to_owned();
    issue.sections[0].title = hostile.to_owned();
    issue.sections[0].papers[1].title = words(hostile);
    issue.sections[0].papers[1].commentary = paragraph(hostile);
    issue.sections[0].papers[1].tags = vec![hostile.to_owned()];
    issue.declaration = Some(hostile.to_owned());
    issue.related[0].title = hostile.to_owned();
    let exported = export(&Wechat::default(), &issue);
    for (artifact, scripts) in exported.artifacts.iter().zip([0, 2]) {
        let page = String::from_utf8(artifact.data.clone()).unwrap();
        assert_eq!(
            page.matches("<script").count(),
            scripts,
            "{}",
            artifact.path
        );
        assert!(!page.contains("<img src=x"));
        assert!(page.contains("{{ 7 }} {% x %}"));
    }
}

#[test]
fn outside_links_become_references_in_order_of_use() {
    let mut first = paper(1, "First");
    first
        .links
        .insert(LinkKind::Code, "https://code.example/".to_owned());
    first.commentary = vec![Block::Paragraph(vec![
        link("https://b.example/", "这里"),
        link("https://openreview.example/forum?id=2&x=1", "后一篇"),
        link("https://b.example/", "又是这里"),
    ])];
    let article = article(&Wechat::default(), &issue(vec![first, paper(2, "Second")]));
    let shown = visible(&article);
    assert!(shown.contains("论文 [1]\u{a0}· 代码 [2]"), "{shown}");
    assert!(shown.contains("这里[3]后一篇[4]又是这里[3]"), "{shown}");
    assert!(shown.contains("论文 [4]"), "{shown}");
    for line in [
        "[1] First: https://openreview.example/forum?id=1&amp;x=1",
        "[2] First · 代码: https://code.example/",
        "[3] 这里: https://b.example/",
        "[4] Second: https://openreview.example/forum?id=2&amp;x=1",
    ] {
        assert_eq!(shown.matches(line).count(), 1, "{line} in {shown}");
    }
    assert!(!article.contains("<a "), "{article}");
}

#[test]
fn links_within_wechat_stay_links_and_bare_addresses_stay_words() {
    let article = commented(vec![Block::Paragraph(vec![
        link("https://mp.weixin.qq.com/s?a=1&b=2", "上一期"),
        link("https://mp.weixin.qq.com.evil.example/", "别处"),
        link("https://bare.example/中a", "https://bare.example/中a"),
    ])]);
    assert!(article.contains("<a href=\"https://mp.weixin.qq.com/s?a=1&amp;b=2\""));
    assert_eq!(article.matches("<a ").count(), 1);
    assert!(
        visible(&article).contains("https://bare.example/中a|"),
        "{article}"
    );
}

#[test]
fn han_and_latin_stand_apart_in_prose_only() {
    let article = commented(vec![Block::Paragraph(vec![
        Inline::Text("用BERT做".to_owned()),
        Inline::Strong(words("3个实验，共 5 次，准确率90%的")),
        Inline::Code("中a".to_owned()),
        Inline::Text("和GPT".to_owned()),
        Inline::Emphasis(words("都")),
        Inline::Text("行① 好".to_owned()),
    ])]);
    let shown = visible(&article);
    assert!(
        shown.contains("用 BERT 做 3 个实验，共 5 次，准确率 90% 的 |中a| 和 GPT 都行① 好"),
        "{shown}"
    );
    let mut titled = paper(1, "中文title");
    titled.commentary = paragraph("中文title");
    let settings = Wechat {
        spacing: false,
        ..Wechat::default()
    };
    let untouched = super::tests::article(&settings, &issue(vec![titled.clone()]));
    assert_eq!(untouched.matches("中文title").count(), 3);
    let spaced = super::tests::article(&Wechat::default(), &issue(vec![titled]));
    assert_eq!(
        spaced.matches("中文title").count(),
        2,
        "title and reference"
    );
}

#[test]
fn words_set_apart_are_not_set_apart_again() {
    let once = commented(paragraph("用BERT做3个实验"));
    let again = commented(paragraph("用 BERT 做 3 个实验"));
    assert_eq!(once, again);
}

#[test]
fn only_lines_of_han_are_justified() {
    let latin = "An English commentary: antidisestablishmentarianism.";
    assert!(commented(paragraph(latin)).contains(&format!("text-align:left\">{latin}")));
    let mixed = "把 Transformer 的记忆讲清楚";
    assert!(commented(paragraph(mixed)).contains(&format!("<p style=\"margin:1em 0\">{mixed}")));
}

#[test]
fn a_note_of_several_blocks_begins_with_its_mark() {
    let shown = visible(&article(&Wechat::default(), &everything()));
    assert!(shown.contains("|① 脚注里的链接["), "{shown}");
}

#[test]
fn code_keeps_its_lines_and_blanks_without_raw_ones() {
    let article = commented(vec![Block::Code {
        language: None,
        text: "if a:\n    b\n\tc  d".to_owned(),
    }]);
    assert!(
        article.contains(
            "<code>if a:<br>&nbsp;&nbsp;&nbsp;&nbsp;b<br>&nbsp;&nbsp;&nbsp;&nbsp;c &nbsp;d</code>"
        ),
        "{article}"
    );
}

#[test]
fn notes_are_told_apart_from_references() {
    let mut issue = issue(vec![paper(1, "A")]);
    issue.intro = vec![Block::Paragraph(vec![
        Inline::Text("导读".to_owned()),
        Inline::FootnoteRef(1),
    ])];
    issue.footnotes = vec![Footnote {
        label: "x".to_owned(),
        content: paragraph("以最终版本为准。"),
    }];
    let shown = visible(&article(&Wechat::default(), &issue));
    assert!(shown.contains("导读①"), "{shown}");
    assert!(shown.contains("|① 以最终版本为准。|"), "{shown}");
    assert_eq!(fragment::note_mark(20), "⑳");
    assert_eq!(fragment::note_mark(21), "㉑");
    assert_eq!(fragment::note_mark(50), "㊿");
    assert_eq!(fragment::note_mark(51), "(51)");
}

#[test]
fn pictures_are_written_beside_the_article() {
    let exported = export(&with_account(Theme::Plain), &everything());
    let paths: Vec<(&str, bool)> = exported
        .artifacts
        .iter()
        .map(|artifact| (artifact.path.as_str(), artifact.listed))
        .collect();
    assert_eq!(
        paths,
        [
            ("one/one.wechat.html", true),
            ("one/one.wechat.preview.html", true),
            ("one/images/a.png", false),
            ("one/images/qr.png", false),
        ]
    );
}

#[test]
fn a_picture_that_is_not_there_leaves_its_words() {
    let mut image = picture();
    image.src = "images/none.png".to_owned();
    let article = commented(vec![Block::Paragraph(vec![Inline::Image(image)])]);
    assert!(article.contains("折叠的一页 &quot;A&quot;"), "{article}");
    assert!(!article.contains("<img"));
}

#[test]
fn what_wechat_refuses_is_warned_of() {
    let codes = |issue: &Issue| {
        let settings = Wechat {
            split: false,
            ..Wechat::default()
        };
        let codes: Vec<_> = export(&settings, issue)
            .warnings
            .iter()
            .map(|warning| warning.code)
            .collect();
        codes
    };
    let mut long = issue(
        (1..=60)
            .map(|n| paper(n, &"long title ".repeat(20)))
            .collect(),
    );
    assert_eq!(codes(&long), ["wechat::too-long"]);
    long.title = "长".repeat(65);
    assert_eq!(codes(&long), ["wechat::long-title", "wechat::too-long"]);
    long.short_title = Some("短".to_owned());
    long.sections.clear();
    assert_eq!(codes(&long), [""; 0]);

    let noise: Vec<u8> = (0..1_800_000_u32)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8)
        .collect();
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_raw(1000, 600, noise)
        .unwrap()
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    let large = Asset::read("images/a.png", bytes.into_inner()).unwrap();
    let assets = Assets::new(BTreeMap::from([("images/a.png".to_owned(), large)]));
    let mut issue = issue(Vec::new());
    issue.intro = vec![Block::Paragraph(vec![Inline::Image(picture())])];
    let context = Context {
        assets: &assets,
        fonts: &offprint_core::Fonts::new(),
        published: &[],
        files: &offprint_core::Files::new(),
        attachments: &[],
        threads: 1,
    };
    let edition = Edition {
        series: &Series::default(),
        issues: &[&issue],
    };
    let exported = Wechat::default().export(&context, &edition).unwrap();
    assert_eq!(exported.warnings[0].code, "wechat::image-converted");
}

#[test]
fn an_issue_that_is_too_long_becomes_several_articles() {
    let mut long = everything();
    long.sections = (1..=3)
        .map(|section| Section {
            id: format!("section-{section}"),
            title: format!("第 {section} 节"),
            intro: paragraph("开场。"),
            papers: (1..=30)
                .map(|place| {
                    let number = (section - 1) * 30 + place;
                    let mut paper = paper(number, &format!("Paper number {number} of many"));
                    paper.commentary = vec![Block::Paragraph(vec![
                        Inline::Text("一段短评。".repeat(20)),
                        Inline::FootnoteRef(number),
                    ])];
                    paper
                })
                .collect(),
        })
        .collect();
    long.footnotes = (1..=90)
        .map(|number| Footnote {
            label: number.to_string(),
            content: paragraph(&format!("注文{number}。")),
        })
        .collect();
    let exported = export(&with_account(Theme::Plain), &long);
    let articles: Vec<String> = exported
        .artifacts
        .iter()
        .filter(|artifact| artifact.listed && !artifact.path.as_str().contains("preview"))
        .map(|artifact| String::from_utf8(artifact.data.clone()).unwrap())
        .collect();
    assert!(articles.len() > 2, "{}", articles.len());
    for (number, article) in (1..).zip(&articles) {
        let path = format!("one/one.wechat.{number}.html");
        assert!(
            exported
                .artifacts
                .iter()
                .any(|artifact| artifact.path.as_str() == path)
        );
        assert!(characters(article) < MAX_CHARACTERS, "{number}");
        // Each has its own references and notes, counted from 1.
        assert!(article.contains("[1]") && article.contains('①'));
        assert_eq!(article.contains("导读。"), number == 1);
        assert_eq!(article.contains("相关的一篇"), number == articles.len());
        assert!(article.contains("第一行"), "the notice is in all of them");
    }
    let all = articles.concat();
    for number in 1..=90 {
        // A paper is in the references, too.
        let paper = format!("Paper number {number} of");
        assert_eq!(all.matches(&paper).count(), 2, "{paper}");
        let note = format!("注文 {number}。");
        assert_eq!(all.matches(&note).count(), 1, "{note}");
    }
    assert!(all.contains("（续）") || all.matches("开场。").count() == 3);
    let titles: Vec<String> = {
        let assets = assets();
        let context = Context {
            assets: &assets,
            fonts: &offprint_core::Fonts::new(),
            files: &offprint_core::Files::new(),
            published: &[],
            attachments: &[],
            threads: 1,
        };
        let made = with_account(Theme::Plain).articles(&context, &Series::default(), &long);
        made.unwrap().into_iter().map(|made| made.title).collect()
    };
    let last = articles.len();
    assert_eq!(titles[0], format!("{}（1/{last}）", long.title));
}

#[test]
fn equal_issues_give_equal_pages() {
    let settings = with_account(Theme::Classic);
    let (one, other) = (
        export(&settings, &everything()),
        export(&settings, &everything()),
    );
    assert_eq!(one.artifacts, other.artifacts);
}

#[test]
fn all_words_of_an_issue_are_in_its_article() {
    let issue = everything();
    let settings = Wechat {
        spacing: false,
        ..Wechat::default()
    };
    let shown = visible(&article(&settings, &issue));
    for word in [
        "又一项",
        "最里面",
        "小标题",
        "图注",
        "摄影：某人",
        "The abstract.",
        "一句话说完。",
        "★★★★☆",
        "李 明",
        "脚注里的链接",
        "引文",
        "相关的一篇",
        "讲了什么",
        "1781",
        "xj",
        "第一行 第二行",
        "某号",
    ] {
        assert!(shown.contains(word), "{word} in {shown}");
    }
    assert!(plain_text(&issue.intro).contains("导读") && shown.contains("导读。"));
}

fn read(table: &[(&str, NodeValue)]) -> (Wechat, Vec<Diagnostic>) {
    let source = Source::new("offprint.toml", "x".repeat(100));
    let node = table_node(table);
    let mut diagnostics = Vec::new();
    let mut fields = Fields::new(&source, &node, &mut diagnostics);
    let settings = Wechat::read(&mut fields);
    fields.finish();
    (settings, diagnostics)
}

fn table_node(table: &[(&str, NodeValue)]) -> Node {
    let entries = table
        .iter()
        .map(|(key, value)| offprint_core::fields::Entry {
            key: (*key).to_owned(),
            key_span: 0..1,
            value: Node {
                value: value.clone(),
                span: 0..1,
            },
        })
        .collect();
    Node {
        value: NodeValue::Table(entries),
        span: 0..1,
    }
}

#[test]
fn settings_are_read_and_faults_reported() {
    let word = |text: &str| NodeValue::Text(text.to_owned());
    let account = table_node(&[("name", word("某号")), ("qr", word("./assets/qr.png"))]).value;
    let (settings, diagnostics) = read(&[
        ("theme", word("classic")),
        ("spacing", NodeValue::Bool(false)),
        ("max-title", NodeValue::Integer(32)),
        ("links", word("endnotes")),
        ("account", account),
    ]);
    assert_eq!(diagnostics, []);
    let expected = Wechat {
        theme: Theme::Classic,
        spacing: false,
        split: true,
        max_title: 32,
        account: Some(Account {
            name: "某号".to_owned(),
            id: None,
            qr: Some("assets/qr.png".to_owned()),
        }),
        ..Wechat::default()
    };
    assert_eq!(settings, expected);
    assert_eq!(settings.images(), ["assets/qr.png"]);
    let (_, diagnostics) = read(&[
        ("theme", word("clasic")),
        ("links", word("qr")),
        ("account", table_node(&[("qr", word("../a.png"))]).value),
        ("max-title", NodeValue::Integer(65)),
    ]);
    let mut codes: Vec<&str> = diagnostics.iter().map(|found| found.code).collect();
    codes.sort_unstable();
    assert_eq!(
        codes,
        [
            "broken-image",
            "missing-name",
            "no-effect",
            "unknown-value",
            "wrong-type"
        ]
    );
}
