//! Issues for tests.

use std::collections::BTreeMap;

use offprint_core::asset::{Asset, Assets};
use offprint_core::book::{Span, bind};
use offprint_core::date::Moment;
use offprint_core::model::{
    Event, Identifier, Issue, IssueSource, Lang, License, LinkKind, Paper, Person, Related,
    Section, Series, SourceKind, Status, Tag,
};
use offprint_core::text::{
    Align, Block, Figure, Footnote, Formula, Image, Inline, List, ListItem, Table,
};

/// Characters that mean something to XML, to CSS and to typesetting.
pub(crate) const HOSTILE: &str =
    "]]> & <script>alert('\"')</script> {{ x }} \u{202e}rtl\u{202c} 👩‍👩‍👧 「引号」";

pub(crate) fn text(words: &str) -> Inline {
    Inline::Text(words.to_owned())
}

pub(crate) fn paragraph(words: &str) -> Block {
    Block::Paragraph(vec![text(words)])
}

fn person(name: &str) -> Person {
    Person {
        name: name.to_owned(),
        role: None,
        url: None,
        email: None,
        orcid: None,
    }
}

fn lang(tag: &str) -> Lang {
    Lang::parse(tag).unwrap()
}

fn image(src: &str) -> Image {
    Image {
        src: src.to_owned(),
        alt: format!("Alternative of \"{src}\" & more"),
        width: Some(60),
    }
}

fn formula(tex: &str) -> Formula {
    Formula {
        tex: tex.to_owned(),
    }
}

pub(crate) fn series() -> Series {
    Series {
        id: "notes".to_owned(),
        title: "论文抽印本".to_owned(),
        publisher: Some("示例实验室".to_owned()),
        ..Series::default()
    }
}

/// A Chinese issue with nothing but a title.
pub(crate) fn bare() -> Issue {
    let date = "2020-11-02T15:50:00".parse().unwrap();
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
    Issue {
        id: "one".to_owned(),
        guid: "tag:example.org,2020:sample/issue/one".to_owned(),
        title: "自监督学习选读".to_owned(),
        short_title: None,
        subtitle: None,
        description: None,
        number: None,
        volume: None,
        date: Moment::from_datetime(date, &zone).unwrap(),
        updated: None,
        draft: false,
        lang: lang("zh-CN"),
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
        intro: Vec::new(),
        sections: Vec::new(),
        parts: Vec::new(),
        footnotes: Vec::new(),
        extra: BTreeMap::new(),
    }
}

pub(crate) fn section(id: &str, title: &str, papers: Vec<Paper>) -> Section {
    Section {
        id: id.to_owned(),
        title: title.to_owned(),
        intro: Vec::new(),
        papers,
    }
}

pub(crate) fn paper(id: &str, title: &str) -> Paper {
    Paper {
        id: id.to_owned(),
        guid: None,
        number: None,
        title: vec![text(title)],
        url: Some(format!("https://openreview.net/forum?id={id}&x=1")),
        doi: None,
        arxiv: None,
        openreview: None,
        pmid: None,
        isbn: None,
        links: BTreeMap::new(),
        cite: None,
        authors: Vec::new(),
        affiliations: Vec::new(),
        venue: None,
        volume: None,
        issue: None,
        pages: None,
        publisher: None,
        year: None,
        date: None,
        status: None,
        kind: "paper-conference".to_owned(),
        lang: Some(lang("en")),
        tags: Vec::new(),
        tldr: Vec::new(),
        rating: None,
        presenter: None,
        abstract_text: Vec::new(),
        image: None,
        commentary: vec![paragraph("把先验定成一个高斯，算起来省事。")],
        extra: BTreeMap::new(),
    }
}

/// An issue of `count` papers in sections of `per_section`.
pub(crate) fn long(count: usize, per_section: usize) -> Issue {
    let mut issue = bare();
    for start in (0..count).step_by(per_section) {
        let papers = (start..count.min(start + per_section))
            .map(|index| {
                let mut paper = paper(
                    &format!("-x{index}"),
                    &format!("A Rather Long Title of the Paper Number {index}: With a Subtitle"),
                );
                paper.number = u32::try_from(index + 1).ok();
                paper.authors = vec!["Ann Author".to_owned(), "Ben Bright".to_owned()];
                paper.commentary = vec![
                    paragraph(
                        &"大家都在用自监督，却少有人说得清它到底好在哪，收益来自丢掉无关信息。"
                            .repeat(5),
                    ),
                    paragraph(&format!("第 {index} 篇：看不看标签，用对比学习来热身。").repeat(4)),
                ];
                paper
            })
            .collect();
        let number = start / per_section + 1;
        issue.sections.push(section(
            &format!("section-{number}"),
            &format!("第 {number} 节"),
            papers,
        ));
    }
    issue
}

/// A book of three issues: one of papers in no section, one with everything, one with
/// nothing.
pub(crate) fn book(tag: &str) -> (Issue, Assets) {
    let mut plain = long(12, 6);
    plain.id = "plain".to_owned();
    plain.number = Some(7);
    plain.authors = vec![person("林舟")];
    plain.declaration = Some("声明".to_owned());
    plain.intro = vec![Block::Paragraph(vec![text("导读"), Inline::FootnoteRef(1)])];
    plain.footnotes = vec![Footnote {
        label: "a".to_owned(),
        content: vec![paragraph("注。")],
    }];
    if let Some(first) = plain.sections.first_mut() {
        first.title.clear();
    }
    let (everything, assets) = everything(tag);
    let mut empty = bare();
    empty.id = "plain".to_owned();
    let span = Span::year(2020).unwrap();
    let series = Series {
        lang: Some(lang(tag)),
        ..series()
    };
    let book = bind(&series, &[&plain, &everything, &empty], span).unwrap();
    (book, assets)
}

/// An issue that uses every node and field, with hostile words in each.
pub(crate) fn everything(tag: &str) -> (Issue, Assets) {
    let mut issue = bare();
    issue.lang = lang(tag);
    issue.id = format!("everything-{tag}").to_ascii_lowercase();
    issue.title = format!("一切 {HOSTILE}");
    issue.subtitle = Some(HOSTILE.to_owned());
    issue.description = Some(HOSTILE.to_owned());
    issue.number = Some(3);
    issue.volume = Some(2);
    issue.updated = Some(issue.date);
    issue.authors = vec![person(HOSTILE), person("深度学习自然语言处理")];
    issue.editors = vec![person("xj")];
    issue.translators = vec![person("译者")];
    issue.source = Some(IssueSource {
        kind: Some(SourceKind::Wechat),
        name: Some(HOSTILE.to_owned()),
        id: Some("zenRRan".to_owned()),
        title: Some(HOSTILE.to_owned()),
        url: Some("https://a.example/?x=1&y=2".to_owned()),
        via: Some("电子发烧友网".to_owned()),
        date: Some("2020-10-05".parse().unwrap()),
        license: None,
    });
    issue.declaration = Some(HOSTILE.to_owned());
    issue.license = Some(License {
        name: "CC-BY-4.0".to_owned(),
        url: Some("https://creativecommons.org/licenses/by/4.0/".to_owned()),
    });
    issue.event = Some(Event {
        name: "ICLR 2021".to_owned(),
        submissions: Some(3013),
        ..Event::default()
    });
    issue.cover = Some(image("images/cover.png"));
    issue.tags = vec![Tag {
        name: HOSTILE.to_owned(),
        url: Some("https://a.example/tag".to_owned()),
        followers: Some(1781),
        articles: Some(44981),
        views: Some(0),
    }];
    issue.related = vec![Related {
        title: HOSTILE.to_owned(),
        url: Some("https://a.example/next".to_owned()),
        date: Some("2020-10-05".parse().unwrap()),
        summary: Some(HOSTILE.to_owned()),
        image: Some(image("images/small.jpg")),
        views: Some(524),
    }];
    issue.identifier = Identifier {
        doi: Some("10.1000/x<y>&z".to_owned()),
        issn: Some("1234-5679".to_owned()),
        urn: Some("urn:example:a".to_owned()),
    };
    issue.canonical = Some("https://a.example/first?a=1&b=2".to_owned());
    issue.intro = every_block();
    let first = full_paper();
    let mut second = paper("x", "مرحبا بالعالم");
    second.lang = Some(lang("ar"));
    second.url = None;
    let mut everything = section("A", HOSTILE, vec![first, second]);
    everything.intro = every_block();
    // Names that differ in case alone, or cannot be a file's.
    let mut prose = section("a", "Only prose", Vec::new());
    prose.intro = vec![paragraph(HOSTILE)];
    issue.sections = vec![
        everything,
        prose,
        section("目录", "", vec![paper("y", "Y")]),
    ];
    issue.footnotes = (1..=3)
        .map(|number: u32| Footnote {
            label: HOSTILE.to_owned(),
            content: vec![
                // The third refers to the first, which refers to the second.
                Block::Paragraph(vec![text(HOSTILE), Inline::FootnoteRef(number % 3 + 1)]),
                Block::Code {
                    language: None,
                    text: "x".to_owned(),
                },
            ],
        })
        .collect();
    let pictures = [
        ("images/cover.png", image::ImageFormat::Png),
        ("images/small.jpg", image::ImageFormat::Jpeg),
    ];
    let pictures = pictures.map(|(path, format)| {
        let mut bytes = std::io::Cursor::new(Vec::new());
        image::RgbImage::new(60, 96)
            .write_to(&mut bytes, format)
            .unwrap();
        let asset = Asset::read(path, bytes.into_inner()).unwrap();
        (path.to_owned(), asset)
    });
    (issue, Assets::new(pictures.into()))
}

fn full_paper() -> Paper {
    let mut paper = self::paper("-bdp_8Itjwp", HOSTILE);
    paper.number = Some(1);
    paper.title.push(Inline::Math(formula("O(n^2) < \\infty")));
    paper.links = LinkKind::ALL
        .into_iter()
        .map(|kind| (kind, format!("https://a.example/{}?a&b", kind.key())))
        .collect();
    paper.isbn = Some("9783161484100".to_owned());
    paper.authors = (0..40).map(|index| format!("Author {index} <x>")).collect();
    paper.affiliations = vec![HOSTILE.to_owned()];
    paper.venue = Some("ICLR 2021".to_owned());
    paper.status = Some(Status::Oral);
    paper.tags = vec![HOSTILE.to_owned()];
    paper.tldr = vec![text(HOSTILE), Inline::FootnoteRef(1)];
    paper.rating = Some(4);
    paper.presenter = Some(HOSTILE.to_owned());
    paper.abstract_text = vec![paragraph("We show & tell <that>."), paragraph("And more.")];
    paper.image = Some(Figure {
        image: image("images/small.jpg"),
        caption: vec![text(HOSTILE), Inline::FootnoteRef(2)],
        credit: Some(HOSTILE.to_owned()),
    });
    paper.commentary = every_block();
    paper
}

fn every_block() -> Vec<Block> {
    let inlines = vec![
        text(HOSTILE),
        Inline::Emphasis(vec![text("强调")]),
        Inline::Strong(vec![Inline::Strike(vec![text("x < y")])]),
        Inline::Code("a && b".to_owned()),
        Inline::Math(formula("a < b \\& c")),
        Inline::Link {
            url: "https://a.example/?a=1&b=%222%22".to_owned(),
            content: vec![text("link & more")],
        },
        Inline::HardBreak,
        Inline::Image(image("images/small.jpg")),
        Inline::FootnoteRef(3),
        Inline::FootnoteRef(3),
    ];
    let item = |checked| ListItem {
        checked,
        content: vec![Block::Paragraph(inlines.clone())],
    };
    vec![
        Block::Heading {
            level: 1,
            content: inlines.clone(),
        },
        Block::Paragraph(inlines.clone()),
        Block::List(List {
            start: None,
            tight: true,
            items: vec![item(None), item(Some(true)), item(Some(false))],
        }),
        Block::List(List {
            start: Some(7),
            tight: false,
            items: vec![item(None)],
        }),
        Block::Quote(vec![paragraph("引文。"), paragraph("第二段。")]),
        Block::Code {
            language: Some("rust".to_owned()),
            text: format!("fn main() {{}} // <&> {}", "a long line ".repeat(20)),
        },
        Block::Math(formula("\\mathcal{L} = \\sum_{i<n} \\ell_i & x")),
        Block::Figure(Figure {
            image: image("images/cover.png"),
            caption: inlines.clone(),
            credit: None,
        }),
        Block::Table(Table {
            align: vec![Align::Start, Align::Center, Align::End],
            head: vec![vec![text("方法")], vec![text("数据")], vec![text("%")]],
            rows: vec![vec![inlines.clone(), vec![text("b")], vec![text("97.1")]]],
        }),
        Block::Rule,
    ]
}
