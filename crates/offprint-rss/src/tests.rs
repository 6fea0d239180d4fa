//! Feeds as a parser not ours reads them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::date;
use jiff::tz::{TimeZone, offset};
use offprint_core::export::Exported;
use offprint_core::fields::{Fields, Node, NodeValue};
use offprint_core::model::{Identifier, Lang, LinkKind, Person, Tag};
use offprint_core::text::{Figure, Footnote, Formula, Image};
use offprint_core::{
    Asset, Assets, Block, Diagnostic, Inline, Issue, Moment, Paper, Published, RelativePath,
    Section, Series, Source,
};
use roxmltree::{Document, Node as Element};

use super::*;

mod series;

const DC: &str = "http://purl.org/dc/elements/1.1/";
const ATOM: &str = "http://www.w3.org/2005/Atom";

fn words(text: &str) -> Vec<Inline> {
    vec![Inline::Text(text.to_owned())]
}

fn paper(id: &str, title: &str) -> Paper {
    Paper {
        id: id.to_owned(),
        guid: None,
        number: Some(1),
        title: words(title),
        url: Some(format!("https://openreview.example/forum?id={id}&x=1")),
        doi: None,
        arxiv: None,
        openreview: None,
        pmid: None,
        isbn: None,
        links: BTreeMap::new(),
        cite: None,
        authors: vec!["Ada Lovelace".to_owned(), "李 明".to_owned()],
        affiliations: Vec::new(),
        venue: Some("ICLR 2021".to_owned()),
        volume: None,
        issue: None,
        pages: None,
        publisher: None,
        year: Some(2021),
        date: None,
        status: None,
        kind: "paper-conference".to_owned(),
        lang: Lang::parse("en"),
        tags: vec!["记忆".to_owned()],
        tldr: Vec::new(),
        rating: None,
        presenter: None,
        abstract_text: vec![Block::Paragraph(words("The abstract of the paper."))],
        image: None,
        commentary: vec![Block::Paragraph(words("一段短评。"))],
        extra: BTreeMap::new(),
    }
}

fn issue(id: &str, papers: Vec<Paper>) -> Issue {
    let day = date(2020, 11, 2).at(15, 50, 0, 0);
    Issue {
        id: id.to_owned(),
        guid: format!("tag:digest.example.org,2020:acl-notes/issue/{id}"),
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
        authors: vec![Person {
            name: "甲".to_owned(),
            role: None,
            url: None,
            email: None,
            orcid: None,
        }],
        editors: Vec::new(),
        translators: Vec::new(),
        source: None,
        declaration: None,
        license: None,
        event: None,
        cover: None,
        tags: vec![Tag {
            name: "人工智能".to_owned(),
            url: None,
            followers: Some(1781),
            articles: None,
            views: None,
        }],
        related: Vec::new(),
        bibliography: Vec::new(),
        identifier: Identifier::default(),
        canonical: None,
        intro: vec![Block::Paragraph(words("导读。"))],
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

fn series(url: Option<&str>) -> Series {
    Series {
        id: "acl-notes".to_owned(),
        title: "论文抽印本".to_owned(),
        url: url.map(str::to_owned),
        lang: Lang::parse("zh-CN"),
        ..Series::default()
    }
}

/// The feeds' text, `feed.xml` first.
fn feeds(series: &Series, issues: &[&Issue], context: &Context<'_>) -> (String, String) {
    let exported = Rss::default()
        .export(context, &Edition { series, issues })
        .unwrap();
    let text = |name: &str| {
        let artifact = exported
            .artifacts
            .iter()
            .find(|artifact| artifact.path.as_str() == name)
            .unwrap();
        String::from_utf8(artifact.data.clone()).unwrap()
    };
    (text("feed.xml"), text("papers.xml"))
}

fn plain_feeds(series: &Series, issues: &[&Issue]) -> (String, String) {
    let assets = Assets::default();
    let context = Context {
        assets: &assets,
        fonts: &offprint_core::Fonts::new(),
        published: &[],
        files: &offprint_core::Files::new(),
        attachments: &[],
        threads: 1,
    };
    feeds(series, issues, &context)
}

fn children<'a, 'i>(parent: Element<'a, 'i>, name: &'a str) -> Vec<Element<'a, 'i>> {
    parent
        .children()
        .filter(|child| child.tag_name().name() == name)
        .collect()
}

fn items<'a, 'i>(document: &'a Document<'i>) -> Vec<Element<'a, 'i>> {
    children(
        document.root_element().first_element_child().unwrap(),
        "item",
    )
}

fn text(parent: Element<'_, '_>, name: &str) -> String {
    let child = children(parent, name).into_iter().next();
    child
        .and_then(|child| child.text())
        .unwrap_or_default()
        .to_owned()
}

/// What readers show of a paper.
fn full_text(item: Element<'_, '_>) -> String {
    let description = children(item, "description").pop().unwrap();
    description.text().unwrap_or_default().to_owned()
}

fn dc(parent: Element<'_, '_>, name: &str) -> Vec<String> {
    parent
        .children()
        .filter(|child| child.has_tag_name((DC, name)))
        .filter_map(|child| child.text().map(str::to_owned))
        .collect()
}

#[test]
fn hostile_titles_come_back_as_they_were_written() {
    let hostile =
        "a ]]> <script>alert(1)</script> & \"q\" 'q' \u{202e}evil\u{202c} 🧪\u{0}\u{fffe}";
    let mut paper = paper("paper-a", hostile);
    paper.commentary = vec![Block::Paragraph(words(hostile))];
    paper.abstract_text.clear();
    let mut issue = issue("one", vec![paper]);
    issue.title = hostile.to_owned();
    issue.description = Some(hostile.to_owned());
    let (feed, papers) = plain_feeds(&series(None), &[&issue]);
    let expected = hostile.replace(['\u{0}', '\u{fffe}'], "");
    for feed in [&feed, &papers] {
        let document = Document::parse(feed).unwrap();
        assert_eq!(text(items(&document)[0], "title"), expected);
        for field in children(items(&document)[0], "description") {
            let shown = field.text().unwrap();
            assert!(!shown.contains("<script"), "{shown}");
            assert!(shown.contains("&lt;script&gt;"), "{shown}");
        }
    }
}

#[test]
fn papers_stay_in_order_when_sorted_by_date() {
    let papers: Vec<Paper> = (0..70)
        .map(|n| paper(&format!("p{n}"), &format!("{n}")))
        .collect();
    let issue = issue("one", papers);
    let (_, papers) = plain_feeds(&series(None), &[&issue]);
    let document = Document::parse(&papers).unwrap();
    let dates: Vec<String> = items(&document)
        .iter()
        .map(|item| text(*item, "pubDate"))
        .collect();
    assert_eq!(dates[0], "Mon, 02 Nov 2020 15:50:00 +0800");
    assert_eq!(dates[1], "Mon, 02 Nov 2020 15:49:59 +0800");
    assert_eq!(dates[69], "Mon, 02 Nov 2020 15:48:51 +0800");
}

#[test]
fn papers_of_an_issue_without_a_time_of_day_stay_on_its_day() {
    let mut issue = issue("one", vec![paper("a", "A"), paper("b", "B")]);
    issue.date = Moment::from_date(date(2020, 11, 2), &TimeZone::fixed(offset(8))).unwrap();
    let (feed, papers) = plain_feeds(&series(None), &[&issue]);
    let document = Document::parse(&papers).unwrap();
    assert_eq!(
        text(items(&document)[1], "pubDate"),
        "Mon, 02 Nov 2020 00:59:59 +0800"
    );
    let document = Document::parse(&feed).unwrap();
    assert_eq!(
        text(items(&document)[0], "pubDate"),
        "Mon, 02 Nov 2020 00:00:00 +0800"
    );
}

#[test]
fn identifiers_follow_ids_and_addresses_and_never_titles() {
    let mut positional = paper("paper-2", "B");
    positional.url = Some("https://b.example/x".to_owned());
    let first = issue("one", vec![paper("zOGdf9K8aC", "A"), positional.clone()]);
    let mut second = issue("two", vec![paper("zOGdf9K8aC", "another title")]);
    second.title = "other".to_owned();
    let (_, papers) = plain_feeds(
        &series(Some("https://Digest.example.org/x/")),
        &[&second, &first],
    );
    let document = Document::parse(&papers).unwrap();
    let guids: Vec<String> = items(&document)
        .iter()
        .map(|item| text(*item, "guid"))
        .collect();
    let base = "tag:digest.example.org,2020:acl-notes/issue";
    assert_eq!(
        guids,
        [
            format!("{base}/one/paper/zOGdf9K8aC"),
            format!("{base}/one/paper/https://b.example/x"),
            format!("{base}/two/paper/zOGdf9K8aC"),
        ]
    );
    let guid = children(items(&document)[0], "guid")[0];
    assert_eq!(guid.attribute("isPermaLink"), Some("false"));
}

#[test]
fn papers_at_one_address_have_identifiers_of_their_own() {
    let mut twice = vec![paper("paper-1", "A"), paper("paper-2", "B")];
    twice[1].url = twice[0].url.clone();
    let issue = issue("one", twice);
    let (_, papers) = plain_feeds(&series(None), &[&issue]);
    let document = Document::parse(&papers).unwrap();
    let guids: BTreeSet<String> = items(&document)
        .iter()
        .map(|item| text(*item, "guid"))
        .collect();
    assert_eq!(guids.len(), 2);
}

#[test]
fn a_reference_manager_finds_authors_venue_doi_and_commentary() {
    let mut paper = paper("a", "A");
    paper.doi = Some("10.1000/x".to_owned());
    paper.arxiv = Some("2006.05929v2".to_owned());
    paper
        .links
        .insert(LinkKind::Code, "https://code.example/a".to_owned());
    let issue = issue("one", vec![paper]);
    let (_, papers) = plain_feeds(&series(None), &[&issue]);
    let document = Document::parse(&papers).unwrap();
    let item = items(&document)[0];
    assert_eq!(dc(item, "creator"), ["Ada Lovelace", "李 明"]);
    assert_eq!(dc(item, "source"), ["ICLR 2021"]);
    assert_eq!(dc(item, "identifier").last().unwrap(), "doi:10.1000/x");
    let shown: Vec<&str> = children(item, "description")
        .iter()
        .filter_map(Element::text)
        .collect();
    // The first one is what Zotero takes for the abstract.
    assert_eq!(shown[0], "The abstract of the paper.");
    assert_eq!(
        shown[1],
        "<p>Ada Lovelace, 李 明<br/>ICLR 2021 · #记忆</p>\n<p>一段短评。</p>\n\
         <p><strong>摘要</strong></p>\n\
         <blockquote>\n<p>The abstract of the paper.</p>\n</blockquote>\n\
         <p><a href=\"https://openreview.example/forum?id=a&amp;x=1\">论文</a> · \
         <a href=\"https://code.example/a\">代码</a></p>\n"
    );
    assert_eq!(dc(item, "description"), ["The abstract of the paper."]);
    let related: Vec<_> = item
        .children()
        .filter(|child| child.has_tag_name((ATOM, "link")))
        .map(|link| {
            (
                link.attribute("rel"),
                link.attribute("href"),
                link.attribute("title"),
            )
        })
        .collect();
    assert_eq!(
        related,
        [(
            Some("related"),
            Some("https://code.example/a"),
            Some("代码")
        )]
    );
}

#[test]
fn notes_stand_at_the_end_of_the_items_that_refer_to_them() {
    let mut with_note = paper("a", "A");
    with_note.commentary = vec![Block::Paragraph(vec![Inline::FootnoteRef(2)])];
    let mut issue = issue("one", vec![with_note, paper("b", "B")]);
    issue.footnotes = vec![
        Footnote {
            label: "x".to_owned(),
            content: vec![Block::Paragraph(words("第一条"))],
        },
        Footnote {
            label: "y".to_owned(),
            content: vec![Block::Paragraph(words("第二条"))],
        },
    ];
    let (feed, papers) = plain_feeds(&series(None), &[&issue]);
    let document = Document::parse(&papers).unwrap();
    let shown = full_text(items(&document)[0]);
    assert!(
        shown.contains("<p><sup>[2]</sup></p>\n") && shown.contains("<p>[2] 第二条</p>\n"),
        "{shown}"
    );
    assert!(!shown.contains("第一条"), "{shown}");
    assert!(!full_text(items(&document)[1]).contains("条"));
    let document = Document::parse(&feed).unwrap();
    let shown = text(items(&document)[0], "encoded");
    assert!(
        shown.contains("<p>[1] 第一条</p>\n<p>[2] 第二条</p>"),
        "{shown}"
    );
    assert!(!shown.contains("href=\"#"), "{shown}");
}

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(width, height)
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

fn picture(src: &str) -> Image {
    Image {
        src: src.to_owned(),
        alt: "折叠的一页".to_owned(),
        width: None,
    }
}

#[test]
fn pictures_and_books_are_named_by_absolute_addresses_and_written() {
    let assets = Assets::new(BTreeMap::from([
        (
            "images/a.png".to_owned(),
            Asset::read("images/a.png", png(20, 10)).unwrap(),
        ),
        (
            "icon.png".to_owned(),
            Asset::read("icon.png", png(288, 288)).unwrap(),
        ),
    ]));
    let mut issue = issue("one", vec![paper("a", "A")]);
    issue.intro = vec![Block::Figure(Figure {
        image: picture("images/a.png"),
        caption: Vec::new(),
        credit: None,
    })];
    let mut series = series(Some("https://digest.example.org/"));
    series.icon = Some(picture("icon.png"));
    let book = |extension: &str, format, media_type, bytes| Published {
        title: None,
        issue: Some("one".to_owned()),
        format,
        path: RelativePath::new(format!("one/one.{extension}")).unwrap(),
        media_type,
        bytes,
    };
    let published = [
        book("pdf", "pdf", "application/pdf", 5),
        book("epub", "epub", "application/epub+zip", 1234),
    ];
    let context = Context {
        assets: &assets,
        fonts: &offprint_core::Fonts::new(),
        published: &published,
        files: &offprint_core::Files::new(),
        attachments: &[],
        threads: 1,
    };
    let exported = Rss::default()
        .export(
            &context,
            &Edition {
                series: &series,
                issues: &[&issue],
            },
        )
        .unwrap();
    let paths: Vec<(&str, bool)> = exported
        .artifacts
        .iter()
        .map(|artifact| (artifact.path.as_str(), artifact.listed))
        .collect();
    assert_eq!(
        paths,
        [
            ("feed.xml", true),
            ("papers.xml", true),
            ("sections/ae2960c0b1.xml", false),
            ("tags/7a6335b379.xml", false),
            ("feed.json", true),
            ("papers.json", true),
            ("feeds.opml", true),
            ("opds.xml", true),
            ("images/icon.png", false),
            ("one/images/a.png", false),
        ]
    );
    let feed = String::from_utf8(exported.artifacts[0].data.clone()).unwrap();
    let document = Document::parse(&feed).unwrap();
    let item = items(&document)[0];
    let enclosures = children(item, "enclosure");
    assert_eq!(enclosures.len(), 1);
    assert_eq!(
        enclosures[0].attribute("url"),
        Some("https://digest.example.org/one/one.epub")
    );
    assert_eq!(enclosures[0].attribute("length"), Some("1234"));
    assert_eq!(text(item, "link"), "https://digest.example.org/one/one.pdf");
    assert_eq!(children(children(item, "group")[0], "content").len(), 2);
    let shown = text(item, "encoded");
    assert!(
        shown.contains("<img src=\"https://digest.example.org/one/images/a.png\""),
        "{shown}"
    );
    assert!(shown.contains("<a href=\"https://digest.example.org/one/one.epub\">EPUB</a>"));
    let image = children(
        document.root_element().first_element_child().unwrap(),
        "image",
    )[0];
    assert_eq!(text(image, "width"), "144");
    assert_eq!(text(image, "height"), "144");
}

#[test]
fn a_lone_issue_makes_a_feed_that_names_no_one_elses_host() {
    let mut issue = issue("one", vec![paper("a", "A")]);
    issue.intro = vec![Block::Paragraph(vec![Inline::Image(picture(
        "images/a.png",
    ))])];
    let assets = Assets::new(BTreeMap::from([(
        "images/a.png".to_owned(),
        Asset::read("images/a.png", png(20, 10)).unwrap(),
    )]));
    let context = Context {
        assets: &assets,
        fonts: &offprint_core::Fonts::new(),
        published: &[],
        files: &offprint_core::Files::new(),
        attachments: &[],
        threads: 1,
    };
    let (feed, _) = feeds(&series(None), &[&issue], &context);
    let document = Document::parse(&feed).unwrap();
    let channel = document.root_element().first_element_child().unwrap();
    assert_eq!(text(channel, "link"), "https://offprint.invalid/");
    assert!(
        channel
            .children()
            .all(|child| !child.has_tag_name((ATOM, "link")))
    );
    let shown = text(items(&document)[0], "encoded");
    assert!(shown.contains("<p>折叠的一页</p>"), "{shown}");
    issue.canonical = Some("https://mp.weixin.qq.com/s/x".to_owned());
    let (feed, _) = feeds(&series(None), &[&issue], &context);
    let document = Document::parse(&feed).unwrap();
    let channel = document.root_element().first_element_child().unwrap();
    assert_eq!(text(channel, "link"), "https://mp.weixin.qq.com/s/x");
}

#[test]
fn an_edit_keeps_identifier_and_date_and_says_when() {
    let mut issue = issue("one", vec![paper("a", "A")]);
    let (before, _) = plain_feeds(&series(None), &[&issue]);
    let later = date(2020, 12, 24).at(8, 0, 0, 0);
    issue.updated = Moment::from_datetime(later, &TimeZone::fixed(offset(8))).ok();
    issue.title = "new title".to_owned();
    let (after, _) = plain_feeds(&series(None), &[&issue]);
    let (before, after) = (
        Document::parse(&before).unwrap(),
        Document::parse(&after).unwrap(),
    );
    let (old, new) = (items(&before)[0], items(&after)[0]);
    assert_eq!(text(old, "guid"), text(new, "guid"));
    assert_eq!(text(old, "pubDate"), text(new, "pubDate"));
    assert_eq!(text(new, "updated"), "2020-12-24T08:00:00+08:00");
    let channel = after.root_element().first_element_child().unwrap();
    assert_eq!(
        text(channel, "lastBuildDate"),
        "Thu, 24 Dec 2020 08:00:00 +0800"
    );
}

#[test]
fn the_summary_is_cut_between_characters_and_feeds_reach_back_to_the_limit() {
    let mut old = issue("old", Vec::new());
    old.intro = vec![Block::Paragraph(words(&"长".repeat(300)))];
    let new = issue("new", Vec::new());
    let (feed, papers) = plain_feeds(&series(None), &[&new, &old]);
    let document = Document::parse(&feed).unwrap();
    let summary = text(items(&document)[1], "description");
    assert_eq!(summary.chars().count(), 201);
    assert!(summary.ends_with('…'));
    assert!(items(&Document::parse(&papers).unwrap()).is_empty());

    let assets = Assets::default();
    let context = Context {
        assets: &assets,
        fonts: &offprint_core::Fonts::new(),
        published: &[],
        files: &offprint_core::Files::new(),
        attachments: &[],
        threads: 1,
    };
    let settings = Rss {
        limit: 1,
        papers: false,
        json: false,
        content: Content::Summary,
        ..Rss::default()
    };
    let series = series(None);
    let edition = Edition {
        series: &series,
        issues: &[&new, &old],
    };
    let exported = settings.export(&context, &edition).unwrap();
    let feed = String::from_utf8(exported.artifacts[0].data.clone()).unwrap();
    let document = Document::parse(&feed).unwrap();
    assert_eq!(items(&document).len(), 1);
    assert!(!feed.contains("content:encoded>"), "{feed}");
}

#[test]
fn formulas_are_pictures_with_their_source_beside_them() {
    let math = |tex: &str| Formula {
        tex: tex.to_owned(),
    };
    let mut paper = paper("a", "A");
    paper.commentary = vec![
        Block::Math(math("a < b")),
        Block::Paragraph(vec![
            Inline::Math(math("a < b")),
            Inline::Math(math(r"\frac{a")),
        ]),
    ];
    let issue = issue("one", vec![paper]);
    let series = series(Some("https://digest.example.org/"));
    let exported = |settings: &Rss| {
        let context = Context {
            assets: &Assets::default(),
            fonts: &offprint_core::Fonts::new(),
            published: &[],
            files: &offprint_core::Files::new(),
            attachments: &[],
            threads: 1,
        };
        let edition = Edition {
            series: &series,
            issues: &[&issue],
        };
        let Exported {
            artifacts,
            warnings,
        } = settings.export(&context, &edition).unwrap();
        let files: BTreeMap<String, Vec<u8>> = artifacts
            .into_iter()
            .map(|file| (file.path.as_str().to_owned(), file.data))
            .collect();
        let codes: Vec<&str> = warnings.iter().map(|warning| warning.code).collect();
        (files, codes)
    };
    let (files, codes) = exported(&Rss::default());
    let papers = std::str::from_utf8(&files["papers.xml"]).unwrap();
    let document = Document::parse(papers).unwrap();
    let shown = full_text(items(&document)[0]);
    assert!(shown.contains(" alt=\"a &lt; b\" width="), "{shown}");
    assert!(shown.contains("<code>\\frac{a</code>"), "{shown}");
    let pictures = || files.iter().filter(|(path, _)| path.starts_with("math/"));
    assert!(pictures().count() > 0);
    for (path, png) in pictures() {
        assert!(shown.contains(&format!("https://digest.example.org/{path}")));
        image::load_from_memory(png).unwrap();
    }
    assert_eq!(codes, ["feed::math-fallback"]);

    let (files, codes) = exported(&Rss {
        draws_math: false,
        ..Rss::default()
    });
    assert!(!files.keys().any(|path| path.starts_with("math/")));
    assert_eq!(codes, [] as [&str; 0]);
}

#[test]
fn formulas_without_an_address_are_shown_as_their_source() {
    let mut paper = paper("a", "A");
    paper.commentary = vec![Block::Math(Formula {
        tex: "a < b".to_owned(),
    })];
    let issue = issue("one", vec![paper]);
    let (_, papers) = plain_feeds(&series(None), &[&issue]);
    let document = Document::parse(&papers).unwrap();
    let shown = full_text(items(&document)[0]);
    assert!(shown.contains("<p><code>a &lt; b</code></p>\n"), "{shown}");
}

#[test]
fn a_feed_without_issues_is_still_a_feed() {
    let (feed, papers) = plain_feeds(&Series::default(), &[]);
    for feed in [feed, papers] {
        let document = Document::parse(&feed).unwrap();
        let channel = document.root_element().first_element_child().unwrap();
        assert!(!text(channel, "title").is_empty());
        assert!(!text(channel, "description").is_empty());
        assert!(!text(channel, "link").is_empty());
    }
}

fn node(value: NodeValue) -> Node {
    Node { value, span: 0..1 }
}

fn read(table: &[(&str, NodeValue)]) -> (Rss, Vec<Diagnostic>) {
    let source = Source::new("offprint.toml", "x".repeat(100));
    let entries = table
        .iter()
        .map(|(key, value)| offprint_core::fields::Entry {
            key: (*key).to_owned(),
            key_span: 0..1,
            value: node(value.clone()),
        })
        .collect();
    let table = node(NodeValue::Table(entries));
    let mut diagnostics = Vec::new();
    let mut fields = Fields::new(&source, &table, &mut diagnostics);
    let settings = Rss::read(&mut fields);
    fields.finish();
    (settings, diagnostics)
}

#[test]
fn settings_are_read_and_faults_reported() {
    let word = |text: &str| NodeValue::Text(text.to_owned());
    let names = NodeValue::Table(vec![offprint_core::fields::Entry {
        key: "记忆 ".to_owned(),
        key_span: 0..1,
        value: Node {
            value: word("memory"),
            span: 0..1,
        },
    }]);
    let (settings, diagnostics) = read(&[
        ("items", word("paper")),
        ("content", word("summary")),
        ("limit", NodeValue::Integer(5)),
        ("max-size", word("500 kB")),
        ("websub", word("https://hub.example/")),
        (
            "formats",
            NodeValue::List(vec![node(word("rss")), node(word("opds"))]),
        ),
        ("names", names),
    ]);
    assert_eq!(diagnostics, []);
    let expected = Rss {
        issues: false,
        papers: true,
        rss: true,
        json: false,
        opds: true,
        content: Content::Summary,
        draws_math: true,
        limit: 5,
        max_size: 500_000,
        websub: Some("https://hub.example/".to_owned()),
        names: BTreeMap::from([("记忆".to_owned(), "memory".to_owned())]),
    };
    assert_eq!(settings, expected);

    let (settings, diagnostics) = read(&[
        (
            "formats",
            NodeValue::List(vec![node(word("atom")), node(word("xml"))]),
        ),
        ("items", word("papers")),
        ("limit", NodeValue::Integer(0)),
        ("max-size", word("2 parsecs")),
        ("websub", word("javascript:alert(1)")),
        ("math", word("mathml")),
        ("itemz", word("x")),
    ]);
    let codes: Vec<&str> = diagnostics.iter().map(|found| found.code).collect();
    assert_eq!(
        codes,
        [
            "no-effect",
            "unknown-value",
            "unknown-value",
            "wrong-type",
            "wrong-type",
            "bad-url",
            "no-effect",
            "unknown-field"
        ]
    );
    assert_eq!(settings.websub, None);
    assert_eq!((settings.limit, settings.max_size), (500, 2_000_000));
}

#[test]
fn sizes_are_megabytes_in_any_spelling() {
    let size = |value| {
        let (settings, diagnostics) = read(&[("max-size", value)]);
        (settings.max_size, diagnostics.len())
    };
    let word = |text: &str| NodeValue::Text(text.to_owned());
    assert_eq!(size(NodeValue::Integer(3)), (3_000_000, 0));
    assert_eq!(size(NodeValue::Float(0.5)), (500_000, 0));
    assert_eq!(size(word("1.5mb")), (1_500_000, 0));
    assert_eq!(size(word(" 40 KB ")), (40_000, 0));
    for wrong in ["", "MB", "1 GB", "-1", "1..5 MB", "1 kB", "101 MB"] {
        assert_eq!(size(word(wrong)), (2_000_000, 1), "{wrong}");
    }
    assert_eq!(size(NodeValue::Float(f64::NAN)), (2_000_000, 1));
}

#[test]
fn names_of_feeds_are_checked() {
    let entry = |key: &str, value: &str| offprint_core::fields::Entry {
        key: key.to_owned(),
        key_span: 0..1,
        value: node(NodeValue::Text(value.to_owned())),
    };
    let names = NodeValue::Table(vec![
        entry("A", "a"),
        entry("Ａ ", "b"),
        entry("B", "a"),
        entry("C", "../x"),
        entry("D", "Ä"),
        entry("E", "con"),
    ]);
    let (settings, diagnostics) = read(&[("names", names)]);
    let codes: Vec<&str> = diagnostics.iter().map(|found| found.code).collect();
    assert_eq!(
        codes,
        [
            "duplicate-field",
            "duplicate-id",
            "bad-id",
            "bad-id",
            "bad-id"
        ]
    );
    assert_eq!(settings.names.len(), 1);
}
