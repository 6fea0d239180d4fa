//! Whole series: which files there are, and what they share.

use offprint_core::Artifact;
use offprint_core::export::MemorySpool;

use super::*;

/// Files by their path.
type Files = BTreeMap<String, Vec<u8>>;

/// Issues of one paper each, a day apart, the oldest first.
fn issues(count: u32) -> Vec<Issue> {
    (0..count).map(nth).collect()
}

fn nth(n: u32) -> Issue {
    let mut issue = issue(
        &format!("issue-{n:04}"),
        vec![paper(&format!("p{n}"), &format!("Title {n}"))],
    );
    issue.number = Some(n);
    let day = date(2020, 1, 1) + jiff::Span::new().days(i64::from(n));
    issue.date = Moment::from_date(day, &TimeZone::UTC).unwrap();
    issue
}

fn book(id: Option<&str>, path: &str, media_type: &'static str) -> Published {
    Published {
        title: None,
        issue: id.map(str::to_owned),
        format: "epub",
        path: RelativePath::new(path).unwrap(),
        media_type,
        bytes: 1000 + path.len() as u64,
    }
}

/// Shows the issues in the order given, with an EPUB each.
fn collected(settings: &Rss, series: &Series, issues: &[Issue]) -> (Files, Vec<Diagnostic>) {
    let assets = Assets::default();
    let fonts = offprint_core::Fonts::new();
    let spool = MemorySpool::default();
    let collector = settings.collector(series, &spool).unwrap();
    let mut findings = Vec::new();
    let context = Context {
        assets: &assets,
        fonts: &fonts,
        published: &[],
        files: &offprint_core::Files::new(),
        attachments: &[],
        threads: 1,
    };
    for issue in issues {
        let path = |ending: &str| format!("{id}/{id}.{ending}", id = issue.id);
        let id = Some(issue.id.as_str());
        let published = [
            book(id, &path("epub"), "application/epub+zip"),
            book(id, &path("kindle.epub"), "application/epub+zip"),
            book(id, &path("pdf"), "application/pdf"),
        ];
        findings.extend(
            collector
                .add(
                    &Context {
                        published: &published,
                        ..context
                    },
                    issue,
                )
                .unwrap(),
        );
    }
    let published = [
        book(None, "book-2020/book-2020.epub", "application/epub+zip"),
        book(None, "book-2020/book-2020.pdf", "application/pdf"),
    ];
    let mut files = Files::new();
    let mut sink = |artifact: Artifact| {
        let path = artifact.path.as_str().to_owned();
        assert!(files.insert(path, artifact.data).is_none());
        Ok(())
    };
    findings.extend(
        collector
            .finish(
                &Context {
                    published: &published,
                    ..context
                },
                &mut sink,
            )
            .unwrap(),
    );
    (files, findings)
}

fn ends_in(path: &str, extension: &str) -> bool {
    path.rsplit('.').next() == Some(extension)
}

fn at_home() -> Series {
    series(Some("https://digest.example.org/"))
}

fn file<'f>(files: &'f Files, path: &str) -> &'f str {
    let bytes = files
        .get(path)
        .unwrap_or_else(|| panic!("no {path} in {:?}", files.keys()));
    std::str::from_utf8(bytes).unwrap()
}

fn guids(feed: &str) -> Vec<String> {
    let document = Document::parse(feed).unwrap();
    items(&document)
        .iter()
        .map(|item| text(*item, "guid"))
        .collect()
}

fn json(feed: &str) -> serde_json::Value {
    serde_json::from_str(feed).unwrap()
}

fn json_ids(feed: &str) -> Vec<String> {
    let feed = json(feed);
    let items = feed["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| item["id"].as_str().unwrap().to_owned())
        .collect()
}

/// The address of a channel's link with this relation.
fn related(feed: &str, rel: &str) -> Option<String> {
    let document = Document::parse(feed).unwrap();
    let channel = document.root_element().first_element_child().unwrap();
    channel
        .children()
        .find(|child| child.has_tag_name((ATOM, "link")) && child.attribute("rel") == Some(rel))
        .and_then(|link| link.attribute("href").map(str::to_owned))
}

fn is_archive(feed: &str) -> bool {
    let document = Document::parse(feed).unwrap();
    let channel = document.root_element().first_element_child().unwrap();
    let mark = channel
        .children()
        .find(|child| child.has_tag_name(("http://purl.org/syndication/history/1.0", "archive")));
    assert!(mark.is_none_or(|mark| !mark.has_children()));
    mark.is_some()
}

#[test]
fn files_do_not_depend_on_the_order_in_which_issues_come() {
    let mut issues = issues(40);
    let settings = Rss {
        limit: 7,
        ..Rss::default()
    };
    let (files, _) = collected(&settings, &at_home(), &issues);
    issues.reverse();
    assert_eq!(collected(&settings, &at_home(), &issues).0, files);
    issues.sort_by_key(|issue| issue.number.map(|number| number * 7 % 41));
    assert_eq!(collected(&settings, &at_home(), &issues).0, files);
    let mut expected: Vec<String> = issues.iter().map(|issue| issue.guid.clone()).collect();
    expected.sort();
    expected.reverse();
    assert_eq!(guids(file(&files, "feed.xml")), expected[..7]);
    assert_eq!(json_ids(file(&files, "feed.json")), expected[..7]);
}

#[test]
fn files_do_not_depend_on_threads() {
    let issues = issues(60);
    let settings = Rss {
        limit: 11,
        ..Rss::default()
    };
    let series = series(None);
    let assets = Assets::default();
    let context = Context {
        assets: &assets,
        fonts: &offprint_core::Fonts::new(),
        published: &[],
        files: &offprint_core::Files::new(),
        attachments: &[],
        threads: 1,
    };
    let made = |threads: usize| {
        let spool = MemorySpool::default();
        let collector = settings.collector(&series, &spool).unwrap();
        std::thread::scope(|scope| {
            for issues in issues.chunks(issues.len() / threads) {
                let collector = &collector;
                scope.spawn(move || {
                    for issue in issues {
                        collector.add(&context, issue).unwrap();
                    }
                });
            }
        });
        let mut files = Files::new();
        let mut sink = |artifact: Artifact| {
            files.insert(artifact.path.as_str().to_owned(), artifact.data);
            Ok(())
        };
        collector.finish(&context, &mut sink).unwrap();
        files
    };
    let files = made(1);
    assert!(files.len() > 15, "{:?}", files.keys());
    for _ in 0..5 {
        assert!(made(4) == files);
    }
}

#[test]
fn every_item_is_reached_through_the_archives() {
    let settings = Rss {
        limit: 7,
        ..Rss::default()
    };
    let (files, _) = collected(&settings, &at_home(), &issues(40));
    for name in ["feed", "papers"] {
        let main = format!("https://digest.example.org/{name}.xml");
        let mut found: BTreeSet<String> = BTreeSet::new();
        let mut address = main.clone();
        let mut pages = 0;
        loop {
            let path = address.strip_prefix("https://digest.example.org/").unwrap();
            let feed = file(&files, path);
            assert_eq!(related(feed, "self").as_ref(), Some(&address));
            if address != main {
                assert!(is_archive(feed), "{address}");
                assert_eq!(related(feed, "current").as_ref(), Some(&main));
                assert!(
                    files.contains_key(
                        related(feed, "next-archive")
                            .unwrap()
                            .strip_prefix("https://digest.example.org/")
                            .unwrap()
                    )
                );
            }
            assert!(guids(feed).len() <= 7);
            found.extend(guids(feed));
            pages += 1;
            match related(feed, "prev-archive") {
                Some(before) => address = before,
                None => break,
            }
        }
        assert_eq!((found.len(), pages), (40, 6), "{name}");
        // The page that is being filled is no archive yet.
        let open = file(&files, &format!("archive/{name}-6.xml"));
        assert!(!is_archive(open));
        assert_eq!(guids(open).len(), 5);
        assert!(!files.contains_key(&format!("archive/{name}-7.xml")));
    }
}

#[test]
fn a_closed_page_does_not_change_when_an_issue_comes() {
    let settings = Rss {
        limit: 100,
        max_size: 30_000,
        ..Rss::default()
    };
    let mut before = Files::new();
    let mut closed = 0;
    for count in 20..60 {
        let (files, _) = collected(&settings, &at_home(), &issues(count));
        for (path, data) in &before {
            if path.starts_with("archive/") && is_archive(std::str::from_utf8(data).unwrap()) {
                assert!(files.get(path) == Some(data), "{path} with {count} issues");
                closed += 1;
            }
        }
        for (path, data) in &files {
            assert!(
                data.len() <= 30_000 || !ends_in(path, "xml") || path == "opds.xml",
                "{path}"
            );
        }
        before = files;
    }
    assert!(closed > 20, "{closed}");
}

#[test]
fn an_edit_changes_the_page_that_holds_the_issue_alone() {
    let settings = Rss {
        limit: 7,
        ..Rss::default()
    };
    let mut issues = issues(40);
    let (before, _) = collected(&settings, &at_home(), &issues);
    issues[8].updated = Some(issues[39].date);
    issues[8].title = "edited".to_owned();
    let (after, _) = collected(&settings, &at_home(), &issues);
    let changed: Vec<&String> = before
        .keys()
        .filter(|path| before.get(*path) != after.get(*path))
        .collect();
    assert_eq!(
        changed,
        ["archive/feed-2.xml", "archive/papers-2.xml", "opds.xml"]
    );
}

#[test]
fn a_paper_is_the_same_item_in_all_feeds() {
    let mut issues = issues(3);
    issues[1].sections[0].papers[0].tags =
        vec!["NLP".to_owned(), "nlp ".to_owned(), "C++".to_owned()];
    issues[1].sections[0].title = "Memory".to_owned();
    issues[2].sections[0].id = "memory".to_owned();
    let (files, _) = collected(&Rss::default(), &at_home(), &issues);
    let all = guids(file(&files, "papers.xml"));
    assert_eq!(all.len(), 3);
    assert_eq!(json_ids(file(&files, "papers.json")), all);
    assert_eq!(guids(file(&files, "sections/memory.xml")), all[..2]);
    assert_eq!(guids(file(&files, "tags/nlp.xml")), all[1..2]);
    let cut = |feed: &str| {
        let start = feed.find("    <item>").unwrap();
        let end = feed.rfind("</item>").unwrap();
        feed.get(start..end).unwrap().to_owned()
    };
    let item = cut(file(&files, "tags/nlp.xml"));
    assert!(file(&files, "papers.xml").contains(&item));
    let title = |path: &str| {
        let document = Document::parse(file(&files, path)).unwrap();
        text(
            document.root_element().first_element_child().unwrap(),
            "title",
        )
    };
    assert_eq!(title("tags/nlp.xml"), "论文抽印本 · NLP");
    // The newest issue's spelling.
    assert_eq!(title("sections/memory.xml"), "论文抽印本 · 自监督学习");
}

#[test]
fn what_papers_say_does_not_depend_on_what_is_said_of_their_issues() {
    let mut turned = nth(2);
    // A mark that closes nothing is left out, one that closes the other is added at the end:
    // the issue's text is as long as before, and all within it has moved.
    turned.intro = vec![Block::Paragraph(words("\u{202c}\u{202a}"))];
    let mut dirty = nth(3);
    dirty.intro = vec![Block::Paragraph(words("a\u{0}\u{fffe}"))];
    let issues = [nth(1), turned, dirty];
    let papers = |settings: Rss| {
        let (files, _) = collected(&settings, &at_home(), &issues);
        ["papers.xml", "papers.json"].map(|path| file(&files, path).to_owned())
    };
    let whole = papers(Rss::default());
    let summaries = papers(Rss {
        content: Content::Summary,
        ..Rss::default()
    });
    let alone = papers(Rss {
        issues: false,
        ..Rss::default()
    });
    assert_eq!(whole, summaries);
    assert_eq!(whole, alone);
}

#[test]
fn a_feed_holds_one_item_however_long_it_is() {
    let settings = Rss {
        max_size: 20_000,
        ..Rss::default()
    };
    let mut issues = issues(3);
    for issue in &mut issues {
        issue.intro = vec![Block::Paragraph(words(&"长".repeat(10_000)))];
        issue.sections[0].papers[0].commentary = issue.intro.clone();
    }
    let (files, _) = collected(&settings, &at_home(), &issues);
    for path in [
        "feed.xml",
        "papers.xml",
        "archive/feed-1.xml",
        "archive/papers-3.xml",
        "tags/7a6335b379.xml",
    ] {
        assert_eq!(guids(file(&files, path)).len(), 1, "{path}");
    }
    for path in ["feed.json", "papers.json"] {
        assert_eq!(json_ids(file(&files, path)).len(), 1, "{path}");
    }
}

#[test]
fn json_feeds_say_what_rss_says() {
    let mut issue = nth(1);
    issue.updated = Some(nth(2).date);
    issue.description = Some("a < b".to_owned());
    issue.sections[0].papers[0]
        .links
        .insert(LinkKind::Code, "https://code.example/".to_owned());
    let mut series = at_home();
    series.publisher = Some("示例实验室".to_owned());
    let settings = Rss {
        websub: Some("https://hub.example/".to_owned()),
        ..Rss::default()
    };
    let (files, _) = collected(&settings, &series, &[issue]);
    let feed = json(file(&files, "feed.json"));
    assert_eq!(feed["version"], "https://jsonfeed.org/version/1.1");
    assert_eq!(feed["title"], "论文抽印本");
    assert_eq!(feed["home_page_url"], "https://digest.example.org/");
    assert_eq!(feed["feed_url"], "https://digest.example.org/feed.json");
    assert_eq!(feed["language"], "zh-CN");
    assert_eq!(feed["authors"][0]["name"], "示例实验室");
    assert_eq!(feed["hubs"][0]["url"], "https://hub.example/");
    let item = &feed["items"][0];
    assert_eq!(item["summary"], "a < b");
    assert_eq!(item["date_published"], "2020-01-02T00:00:00+00:00");
    assert_eq!(item["date_modified"], "2020-01-03T00:00:00+00:00");
    assert_eq!(item["authors"][0]["name"], "甲");
    assert_eq!(item["tags"][0], "人工智能");
    let attachments = item["attachments"].as_array().unwrap();
    let types: Vec<_> = attachments.iter().map(|file| &file["mime_type"]).collect();
    assert_eq!(types, ["application/epub+zip", "application/pdf"]);
    assert_eq!(
        attachments[0]["url"],
        "https://digest.example.org/issue-0001/issue-0001.epub"
    );
    assert_eq!(attachments[0]["size_in_bytes"], 1026);
    let rss = Document::parse(file(&files, "feed.xml")).unwrap();
    assert_eq!(item["content_html"], text(items(&rss)[0], "encoded"));

    let papers = json(file(&files, "papers.json"));
    let item = &papers["items"][0];
    let landing = "https://openreview.example/forum?id=p1&x=1";
    assert_eq!(item["external_url"], landing);
    assert_eq!(item["url"], landing);
    assert_eq!(item["summary"], "The abstract of the paper.");
    assert_eq!(item["language"], "en");
    let rss = Document::parse(file(&files, "papers.xml")).unwrap();
    assert_eq!(item["content_html"], full_text(items(&rss)[0]));
    assert_eq!(item["summary"], dc(items(&rss)[0], "description")[0]);
}

fn entries<'a, 'i>(document: &'a Document<'i>) -> Vec<Element<'a, 'i>> {
    children(document.root_element(), "entry")
}

fn hrefs<'a>(entry: Element<'a, '_>, rel: &str) -> Vec<(&'a str, &'a str)> {
    children(entry, "link")
        .into_iter()
        .filter(|link| link.attribute("rel") == Some(rel))
        .map(|link| {
            (
                link.attribute("title").unwrap_or_default(),
                link.attribute("href").unwrap(),
            )
        })
        .collect()
}

const ACQUISITION: &str = "http://opds-spec.org/acquisition/open-access";

#[test]
fn the_catalogue_offers_every_book_in_every_format() {
    let (files, _) = collected(&Rss::default(), &at_home(), &issues(3));
    let document = Document::parse(file(&files, "opds.xml")).unwrap();
    let entries = entries(&document);
    let titles: Vec<String> = entries.iter().map(|entry| text(*entry, "title")).collect();
    assert_eq!(titles.len(), 4);
    assert_eq!(titles[0], "论文抽印本 · book-2020");
    assert_eq!(
        hrefs(entries[0], ACQUISITION),
        [
            (
                "EPUB",
                "https://digest.example.org/book-2020/book-2020.epub"
            ),
            ("PDF", "https://digest.example.org/book-2020/book-2020.pdf")
        ]
    );
    let newest = entries[1];
    assert_eq!(
        text(newest, "id"),
        "tag:digest.example.org,2020:acl-notes/issue/issue-0002"
    );
    assert_eq!(
        hrefs(newest, ACQUISITION),
        [
            (
                "EPUB (Kindle)",
                "https://digest.example.org/issue-0002/issue-0002.kindle.epub"
            ),
            (
                "EPUB",
                "https://digest.example.org/issue-0002/issue-0002.epub"
            ),
            (
                "PDF",
                "https://digest.example.org/issue-0002/issue-0002.pdf"
            )
        ]
    );
    assert_eq!(text(newest, "updated"), "2020-01-03T00:00:00+00:00");
    assert_eq!(text(newest, "issued"), "2020-01-03");
    assert_eq!(text(newest, "language"), "zh-CN");
    assert_eq!(text(newest, "summary"), "导读。");
    let feed = document.root_element();
    assert_eq!(text(feed, "updated"), "2020-01-03T00:00:00+00:00");
    assert!(hrefs(feed, "next").is_empty());
    // The feed's enclosure is the first EPUB.
    let document = Document::parse(file(&files, "feed.xml")).unwrap();
    let enclosure = children(items(&document)[0], "enclosure")[0];
    assert_eq!(
        enclosure.attribute("url"),
        Some("https://digest.example.org/issue-0002/issue-0002.epub")
    );
}

#[test]
fn a_catalogue_shows_covers_and_the_icon_of_the_series() {
    let image = |src: &str| (src.to_owned(), Asset::read(src, png(20, 30)).unwrap());
    let assets = Assets::new(BTreeMap::from([image("cover.png"), image("icon.png")]));
    let mut issues = issues(2);
    issues[1].cover = Some(picture("cover.png"));
    let mut series = series(None);
    series.icon = Some(picture("icon.png"));
    let published: Vec<Published> = issues
        .iter()
        .map(|issue| {
            book(
                Some(&issue.id),
                &format!("{}/a.pdf", issue.id),
                "application/pdf",
            )
        })
        .collect();
    let context = Context {
        assets: &assets,
        fonts: &offprint_core::Fonts::new(),
        published: &published,
        files: &offprint_core::Files::new(),
        attachments: &[],
        threads: 1,
    };
    let edition = Edition {
        series: &series,
        issues: &issues.iter().collect::<Vec<_>>(),
    };
    let exported = Rss::default().export(&context, &edition).unwrap();
    let data = |path: &str| {
        let mut artifacts = exported.artifacts.iter();
        let found = artifacts.find(|artifact| artifact.path.as_str() == path);
        found.map(|artifact| artifact.data.as_slice())
    };
    let catalogue = std::str::from_utf8(data("opds.xml").unwrap()).unwrap();
    let document = Document::parse(catalogue).unwrap();
    for rel in [
        "http://opds-spec.org/image",
        "http://opds-spec.org/image/thumbnail",
    ] {
        let shown: Vec<&str> = entries(&document)
            .into_iter()
            .flat_map(|entry| hrefs(entry, rel))
            .map(|(_, href)| href)
            .collect();
        assert_eq!(shown, ["issue-0001/images/cover.png", "images/icon.png"]);
        for path in shown {
            assert!(
                data(path).is_some_and(|data| data.starts_with(b"\x89PNG")),
                "{path}"
            );
        }
    }
    assert_eq!(text(document.root_element(), "icon"), "images/icon.png");
    // Feeds without an address have no pictures.
    let feed = std::str::from_utf8(data("feed.xml").unwrap()).unwrap();
    assert!(
        !feed.contains("<img") && !feed.contains("<image>"),
        "{feed}"
    );
}

#[test]
fn a_long_catalogue_has_pages_that_lead_to_each_other() {
    let (files, _) = collected(&Rss::default(), &at_home(), &issues(250));
    let pages = ["opds.xml", "opds-2.xml", "opds-3.xml"];
    let address = |page: usize| format!("https://digest.example.org/{}", pages[page]);
    let mut ids = BTreeSet::new();
    for (number, page) in pages.iter().enumerate() {
        let document = Document::parse(file(&files, page)).unwrap();
        let feed = document.root_element();
        let link = |rel: &str| hrefs(feed, rel).first().map(|(_, href)| (*href).to_owned());
        assert_eq!(link("self"), Some(address(number)));
        assert_eq!(link("first"), Some(address(0)));
        assert_eq!(link("last"), Some(address(2)));
        assert_eq!(link("previous"), number.checked_sub(1).map(address));
        assert_eq!(link("next"), (number < 2).then(|| address(number + 1)));
        ids.extend(entries(&document).iter().map(|entry| text(*entry, "id")));
    }
    assert_eq!(ids.len(), 251);
}

#[test]
fn a_series_without_an_address_has_a_catalogue_beside_its_books() {
    let (files, findings) = collected(&Rss::default(), &series(None), &issues(3));
    let document = Document::parse(file(&files, "opds.xml")).unwrap();
    assert_eq!(
        hrefs(entries(&document)[1], ACQUISITION)[0].1,
        "issue-0002/issue-0002.kindle.epub"
    );
    assert!(!files.contains_key("feeds.opml"));
    let feed = json(file(&files, "feed.json"));
    assert!(feed.get("feed_url").is_none() && feed["items"][0].get("attachments").is_none());
    let codes: Vec<&str> = findings.iter().map(|found| found.code).collect();
    assert_eq!(codes, ["rss::no-address"]);
    // Archives lie beside the feeds, wherever that is.
    let settings = Rss {
        limit: 1,
        ..Rss::default()
    };
    let (files, _) = collected(&settings, &series(None), &issues(3));
    let link = |path: &str, rel: &str| related(file(&files, path), rel);
    assert_eq!(link("feed.xml", "self"), None);
    assert_eq!(
        link("feed.xml", "prev-archive").as_deref(),
        Some("archive/feed-2.xml")
    );
    assert_eq!(
        link("archive/feed-2.xml", "prev-archive").as_deref(),
        Some("../archive/feed-1.xml")
    );
    assert_eq!(
        link("archive/feed-2.xml", "current").as_deref(),
        Some("../feed.xml")
    );
}

#[test]
fn the_list_names_every_feed_and_no_archive() {
    let settings = Rss {
        limit: 7,
        ..Rss::default()
    };
    let (files, _) = collected(&settings, &at_home(), &issues(40));
    let document = Document::parse(file(&files, "feeds.opml")).unwrap();
    let listed: BTreeSet<&str> = document
        .descendants()
        .filter_map(|node| node.attribute("xmlUrl"))
        .map(|url| url.strip_prefix("https://digest.example.org/").unwrap())
        .collect();
    let feeds: BTreeSet<&str> = files
        .keys()
        .map(String::as_str)
        .filter(|path| {
            ends_in(path, "xml") && !path.starts_with("archive/") && !path.starts_with("opds")
        })
        .collect();
    assert_eq!(listed, feeds);
    for outline in document.descendants() {
        assert!(!outline.has_tag_name("outline") || outline.attribute("text").is_some());
    }
}

#[test]
fn formats_and_items_that_are_not_wanted_are_not_made() {
    let made = |settings: Rss| -> Vec<String> {
        collected(&settings, &at_home(), &issues(1))
            .0
            .into_keys()
            .collect()
    };
    let json_papers = Rss {
        rss: false,
        opds: false,
        issues: false,
        ..Rss::default()
    };
    assert_eq!(made(json_papers), ["feeds.opml", "papers.json"]);
    let books = Rss {
        rss: false,
        json: false,
        ..Rss::default()
    };
    assert_eq!(made(books), ["opds.xml"]);
    let issues = Rss {
        json: false,
        opds: false,
        papers: false,
        ..Rss::default()
    };
    assert_eq!(made(issues), ["feed.xml", "feeds.opml"]);
}

#[test]
fn nothing_makes_feeds_without_items_and_no_catalogue() {
    let (files, _) = collected(&Rss::default(), &at_home(), &[]);
    let paths: Vec<&String> = files.keys().collect();
    assert_eq!(
        paths,
        [
            "feed.json",
            "feed.xml",
            "feeds.opml",
            "papers.json",
            "papers.xml"
        ]
    );
    for path in ["feed.json", "papers.json"] {
        assert_eq!(json_ids(file(&files, path)), Vec::<String>::new());
    }
    let mut empty = nth(1);
    empty.sections.clear();
    let (files, _) = collected(&Rss::default(), &at_home(), &[empty]);
    assert_eq!(guids(file(&files, "feed.xml")).len(), 1);
    assert!(guids(file(&files, "papers.xml")).is_empty());
    assert!(!files.keys().any(|path| path.starts_with("sections/")));
}

#[test]
fn hostile_text_breaks_no_file_and_what_is_dropped_is_told() {
    let hostile =
        "]]> <script>alert(1)</script> & \" ' \u{202e}x 🧪 \u{0}\u{b}\u{85}\u{fffe}\r\n\tz";
    let evil = "javascript:alert(1)//\u{0}\"><script>".to_owned();
    let mut issue = nth(1);
    let text = || hostile.to_owned();
    let link = Inline::Link {
        url: evil.clone(),
        content: words(hostile),
    };
    let prose = vec![Block::Paragraph(vec![link, Inline::Text(text())])];
    issue.title = text();
    issue.subtitle = Some(text());
    issue.canonical = Some(evil.clone());
    issue.authors[0].name = text();
    issue.authors[0].url = Some(evil.clone());
    issue.tags[0].name = text();
    issue.tags[0].url = Some(evil.clone());
    issue.intro = prose.clone();
    issue.footnotes = vec![Footnote {
        label: text(),
        content: prose.clone(),
    }];
    let section = &mut issue.sections[0];
    section.title = text();
    section.intro = prose.clone();
    let paper = &mut section.papers[0];
    paper.title = words(hostile);
    paper.url = Some(evil.clone());
    paper.links.insert(LinkKind::Code, evil.clone());
    paper.doi = Some(text());
    paper.authors = vec![text()];
    paper.venue = Some(text());
    paper.tags = vec![text()];
    paper.tldr = words(hostile);
    paper.abstract_text = prose.clone();
    paper.commentary = prose;
    let mut series = at_home();
    series.title = text();
    series.description = Some(text());
    series.publisher = Some(text());
    let (files, findings) = collected(&Rss::default(), &series, &[issue]);
    for (path, data) in &files {
        let data = std::str::from_utf8(data).unwrap();
        assert!(!data.contains("javascript:"), "{path}: {data}");
        if ends_in(path, "json") {
            json(data);
        } else {
            let document = Document::parse(data).unwrap();
            for node in document.descendants() {
                let mut texts = node.attributes().map(|attribute| attribute.value());
                assert!(
                    texts.all(|value| !value.starts_with("javascript")),
                    "{path}"
                );
            }
        }
        for character in ['\u{0}', '\u{b}', '\u{85}', '\u{fffe}', '\r'] {
            assert!(!data.contains(character), "{path}: {character:?}");
        }
    }
    let dropped: Vec<&str> = findings
        .iter()
        .filter(|found| found.code == "feed::dropped-character")
        .map(|found| found.message.as_str())
        .collect();
    assert!(
        dropped.contains(&"`title` of the feeds cannot hold U+0000, U+FFFE"),
        "{dropped:?}"
    );
    for field in [
        "content:encoded",
        "description",
        "dc:creator",
        "dc:identifier",
        "category",
    ] {
        assert!(
            dropped
                .iter()
                .any(|message| message.starts_with(&format!("`{field}`"))),
            "{field} in {dropped:?}"
        );
    }
}
