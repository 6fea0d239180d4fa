//! What is promised of feeds: what readers of others find in them, identifiers that never
//! change, archives through which all can be reached, and nothing in them that acts.

#![expect(
    clippy::case_sensitive_file_extension_comparisons,
    clippy::panic,
    clippy::unwrap_used,
    reason = "the names are ours, and a test stops by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use offprint_tests::feeds::{
    Catalogue, Feed, Item, Publication, Readers, catalogues_in_calibre, catalogues_in_foliate,
    faults_of_json_feed, faults_of_markup, feed, malformed, read_by_others, rss_below,
    with_archives,
};
use offprint_tests::formulas;
use offprint_tests::outputs::{members, unescape};
use offprint_tests::series::series_with;
use offprint_tests::tools::ask;
use offprint_tests::years::{self, Years};
use offprint_tests::{
    copy_of, files_below, fixture, folder_with, hostile, read, read_text, run, write,
};
use roxmltree::Document;
use serde_json::Value;
use tempfile::TempDir;

const ADDRESS: &str = "https://years.example.org/";
const YEARS: Years = Years {
    papers: 10,
    abstracts: false,
};

/// A series of so many issues of ten papers, its feeds built, with these settings added.
fn years(issues: usize, settings: &str) -> TempDir {
    let folder = folder_with(&[]);
    YEARS.write(folder.path(), issues);
    let all = format!("{}{settings}", years::SETTINGS);
    write(&folder.path().join("offprint.toml"), all.as_bytes());
    build(folder.path(), "rss");
    folder
}

fn build(folder: &Path, formats: &str) {
    let _ = run(folder, &["build", "-q", "--format", formats]).expect(0);
}

/// The fixtures and the hostile series, with the formats that can be made of all.
fn built() -> Vec<TempDir> {
    let folders = vec![
        copy_of(&fixture("iclr-2021")),
        copy_of(&fixture("kitchen-sink")),
        copy_of(&fixture("hostile")),
        hostile::series(),
    ];
    for folder in &folders {
        build(folder.path(), "rss,epub");
    }
    folders
}

fn public(folder: &TempDir) -> PathBuf {
    folder.path().join("public")
}

/// The address that a series gives itself.
fn address_of(folder: &TempDir) -> String {
    feed(&public(folder).join("feed.xml"))
        .link("self")
        .and_then(|url| url.strip_suffix("feed.xml"))
        .unwrap()
        .to_owned()
}

fn json_below(public: &Path) -> Vec<(String, Value)> {
    let files = files_below(public)
        .into_iter()
        .filter(|(path, _)| path.ends_with(".json"));
    let feeds: Vec<(String, Value)> = files
        .map(|(path, bytes)| {
            let value = serde_json::from_slice(&bytes);
            let value = value.unwrap_or_else(|error| panic!("{path}: {error}"));
            (path, value)
        })
        .collect();
    feeds
}

/// The ids of a feed in JSON, in its order.
fn ids_of(feed: &Value) -> Vec<String> {
    let items = feed["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| item["id"].as_str().unwrap().to_owned())
        .collect()
}

/// The ids of all items in all feeds and catalogues of a series, by the files' paths.
fn all_ids(public: &Path) -> BTreeMap<String, Vec<String>> {
    let rss = rss_below(public)
        .into_iter()
        .map(|path| (path.clone(), feed(&public.join(path)).guids()));
    let json = json_below(public)
        .into_iter()
        .map(|(path, value)| (path, ids_of(&value)));
    let mut ids: BTreeMap<String, Vec<String>> = rss.chain(json).collect();
    for path in catalogues_below(public) {
        let xml = read_text(&public.join(&path));
        let document = Document::parse(&xml).unwrap();
        let entries = document
            .descendants()
            .filter(|node| node.tag_name().name() == "entry");
        let of_entry = |entry: roxmltree::Node<'_, '_>| {
            let id = entry
                .children()
                .find(|node| node.tag_name().name() == "id")
                .unwrap();
            id.text().unwrap().to_owned()
        };
        ids.insert(path, entries.map(of_entry).collect());
    }
    ids
}

fn catalogues_below(public: &Path) -> Vec<String> {
    let files = files_below(public).into_iter();
    files
        .map(|(path, _)| path)
        .filter(|path| path.starts_with("opds") && path.ends_with(".xml"))
        .collect()
}

fn distinct(ids: &[String]) -> BTreeSet<&String> {
    let set: BTreeSet<&String> = ids.iter().collect();
    assert_eq!(set.len(), ids.len(), "an id comes twice");
    set
}

// ----- What others make of them -----

#[test]
fn every_xml_file_of_a_build_is_well_formed_for_expat_and_libxml2() {
    let unpacked = folder_with(&[]);
    let mut paths = Vec::new();
    let mut endings = BTreeSet::new();
    for (number, folder) in built().iter().enumerate() {
        for (path, bytes) in files_below(&public(folder)) {
            let members = if path.ends_with(".epub") {
                members(&bytes)
            } else {
                vec![(path.clone(), bytes)]
            };
            for (name, bytes) in members {
                let ending = name.rsplit('.').next().unwrap().to_owned();
                if ["xml", "opml", "xhtml", "opf", "ncx", "svg"].contains(&ending.as_str()) {
                    let copy = unpacked.path().join(format!("{number}/{path}/{name}"));
                    write(&copy, &bytes);
                    paths.push(copy);
                    endings.insert(ending);
                }
            }
        }
    }
    assert!(paths.len() > 100, "{paths:?}");
    for ending in ["xml", "opml", "xhtml", "opf", "ncx"] {
        assert!(endings.contains(ending), "no {ending}: {endings:?}");
    }
    let faults = malformed(&paths);
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn expat_and_libxml2_would_find_what_xml_forbids() {
    let folder = folder_with(&[
        ("nul.xml", b"<a>\x01</a>"),
        ("noncharacter.xml", "<a>\u{ffff}</a>".as_bytes()),
        ("prefix.xml", b"<dc:a/>"),
        ("open.xml", b"<a><![CDATA[ ]]</a>"),
    ]);
    for (name, bytes) in files_below(folder.path()) {
        let faults = malformed(&[folder.path().join(&name)]);
        assert_eq!(faults.len(), 2, "{name} {bytes:?}: {faults:?}");
    }
}

/// What readers must agree on. feedparser resolves `&amp;` in an address once more than it
/// should, newsboat writes apostrophes in them otherwise.
fn agrees(item: &Item, seen: &offprint_tests::feeds::Seen) -> bool {
    let html = item.content.as_ref().unwrap_or(&item.description);
    let link = item
        .link
        .as_deref()
        .unwrap_or_default()
        .replace('\'', "%27");
    item.guid == seen.guid
        && Some(item.date) == seen.seconds()
        && html.trim() == seen.content.trim()
        && (link == seen.link.replace('\'', "%27") || link.contains("&amp"))
}

fn read_feeds(folder: &TempDir) -> (BTreeMap<String, Readers>, BTreeMap<String, Feed>) {
    let public = public(folder);
    let names = rss_below(&public);
    assert!(names.len() > 1, "{names:?}");
    let feeds = names
        .iter()
        .map(|name| (name.clone(), feed(&public.join(name))));
    (read_by_others(&public, &names), feeds.collect())
}

#[test]
fn four_readers_find_each_item_with_its_date_text_and_authors() {
    let mut folders = built();
    folders.push(years(60, "\n[feed]\nlimit = 100\n"));
    for folder in &folders {
        let (told, feeds) = read_feeds(folder);
        for (name, feed) in &feeds {
            let readers = &told[name];
            assert_eq!(readers.malformed, None, "{name}");
            let parsed = readers.feedparser.as_ref().unwrap();
            assert_eq!(parsed.fault, None, "{name}");
            assert_eq!(parsed.version, "rss20", "{name}");
            assert_eq!(parsed.language, "zh-CN", "{name}");
            let newsboat = readers.newsboat.as_deref();
            assert_eq!(newsboat.is_some(), !name.contains('/'));
            let sfeed = readers.sfeed.as_ref().unwrap();
            for seen in [&parsed.items, sfeed]
                .into_iter()
                .map(Vec::as_slice)
                .chain(newsboat)
            {
                assert_eq!(seen.len(), feed.items.len(), "{name}");
            }
            for (index, item) in feed.items.iter().enumerate() {
                let by_guid = |seen: &&offprint_tests::feeds::Seen| seen.guid == item.guid;
                let other = parsed.items.iter().find(by_guid).unwrap();
                assert!(agrees(item, other), "{name}: {item:#?}\n{other:#?}");
                assert_eq!(other.authors, item.creators, "{name}");
                assert_eq!(other.title, item.title, "{name}");
                if let Some(newsboat) = newsboat {
                    let other = newsboat.iter().find(by_guid).unwrap();
                    assert!(agrees(item, other), "{name}: {item:#?}\n{other:#?}");
                }
                // sfeed keeps the order.
                let other = &sfeed[index];
                assert!(agrees(item, other), "{name}: {item:#?}\n{other:#?}");
                let first = item.creators.first().map_or("", String::as_str);
                assert_eq!(other.author, first, "{name}");
            }
        }
    }
}

#[test]
fn feed_rs_reads_every_feed_in_xml_and_in_json() {
    let mut folders = built();
    folders.push(years(12, ""));
    for folder in &folders {
        let public = public(folder);
        let ids = all_ids(&public);
        assert!(ids.keys().any(|path| path.ends_with(".json")));
        assert!(ids.contains_key("opds.xml") || !ids["feed.xml"].is_empty());
        for (path, ids) in ids {
            let parsed = feed_rs::parser::parse(read(&public.join(&path)).as_slice());
            let parsed = parsed.unwrap_or_else(|error| panic!("{path}: {error}"));
            let found: Vec<String> = parsed.entries.iter().map(|it| it.id.clone()).collect();
            assert_eq!(found, ids, "{path}");
            assert!(parsed.title.is_some_and(|title| !title.content.is_empty()));
            for entry in parsed.entries {
                assert!(entry.published.is_some(), "{path}: {}", entry.id);
                assert!(entry.title.is_some(), "{path}: {}", entry.id);
            }
        }
    }
}

#[test]
fn feeds_in_json_keep_the_rules_and_say_what_those_in_xml_say() {
    for folder in &built() {
        let public = public(folder);
        let feeds = json_below(&public);
        let names: Vec<&str> = feeds.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(names, ["feed.json", "papers.json"]);
        for (path, json) in &feeds {
            assert_eq!(faults_of_json_feed(json), [""; 0], "{path}");
            let xml = feed(&public.join(path.replace(".json", ".xml")));
            assert_eq!(ids_of(json), xml.guids(), "{path}");
            assert_eq!(json["title"].as_str(), Some(xml.title.as_str()), "{path}");
            for (json, xml) in json["items"].as_array().unwrap().iter().zip(&xml.items) {
                assert_eq!(json["title"].as_str(), Some(xml.title.as_str()), "{path}");
                let date: jiff::Timestamp =
                    json["date_published"].as_str().unwrap().parse().unwrap();
                assert_eq!(date.as_second(), xml.date, "{path}");
                let html = json["content_html"].as_str().unwrap();
                assert_eq!(faults_of_markup(html), [""; 0], "{path}");
                let authors: Vec<&str> = json["authors"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(|author| author["name"].as_str())
                    .collect();
                assert_eq!(authors, xml.creators, "{path}");
            }
        }
    }
}

#[test]
fn newsboat_and_sfeed_import_the_list_of_feeds() {
    let folder = years(12, "");
    let public = public(&folder);
    let told = read_by_others(&public, &["feeds.opml".to_owned()]);
    let readers = &told["feeds.opml"];
    assert_eq!(readers.malformed, None);
    let subscriptions = readers.subscriptions.as_ref().unwrap();
    let feeds: BTreeSet<String> = rss_below(&public)
        .into_iter()
        .filter(|path| !path.starts_with("archive/"))
        .map(|path| format!("{ADDRESS}{path}"))
        .collect();
    // Ten sections, ten tags, issues and papers.
    assert_eq!(feeds.len(), 22, "{feeds:?}");
    for imported in [&subscriptions.newsboat, &subscriptions.sfeed] {
        let set: BTreeSet<String> = imported.iter().cloned().collect();
        assert_eq!(set, feeds);
        assert_eq!(imported.len(), feeds.len());
    }
}

#[test]
fn clients_of_catalogues_find_the_files_of_every_issue() {
    let folder = folder_with(&[]);
    YEARS.write(folder.path(), 120);
    let settings = format!("{}\n[epub]\ncover = \"none\"\n", years::SETTINGS);
    write(&folder.path().join("offprint.toml"), settings.as_bytes());
    build(folder.path(), "rss,epub");
    let mut folders = vec![folder];
    folders.extend(built());
    for folder in &folders {
        let public = public(folder);
        let address = address_of(folder);
        let names = catalogues_below(&public);
        let issues = files_below(&folder.path().join("issues"));
        let issues = issues.iter().filter(|(path, _)| {
            [".md", ".json", ".yaml", ".toml"]
                .iter()
                .any(|ending| path.ends_with(ending))
        });
        let books: Vec<String> = files_below(&public)
            .into_iter()
            .map(|(path, _)| path)
            .filter(|path| path.ends_with(".epub") || path.ends_with(".pdf"))
            .collect();
        let count = issues.count();

        let seen = catalogues_in_foliate(&public, &names);
        assert_eq!(seen.len(), count.div_ceil(100));
        let publications: Vec<&Publication> = seen.iter().flat_map(|it| &it.publications).collect();
        assert_eq!(publications.len(), count);
        let mut downloads: Vec<String> = Vec::new();
        for publication in &publications {
            assert!(!publication.title.is_empty());
            assert_eq!(publication.language, "zh-CN", "{publication:?}");
            assert!(!publication.published.is_empty());
            // What is HTML, Foliate resolves once more than it should.
            assert_eq!(publication.form, "text", "{publication:?}");
            assert!(!publication.summary.is_empty());
            for (_, url) in &publication.downloads {
                let path = url.strip_prefix(&address).unwrap_or(url);
                downloads.push(path.to_owned());
            }
        }
        downloads.sort();
        assert_eq!(downloads, books);
        let next = |page: &Catalogue| {
            let mut links = page.pages.iter();
            links
                .find(|(rel, _)| rel == "next")
                .map(|(_, href)| href.clone())
        };
        assert_eq!(seen.iter().filter_map(next).count(), seen.len() - 1);

        for (name, readers) in read_by_others(&public, &names) {
            let parsed = readers.feedparser.unwrap();
            assert_eq!(parsed.fault, None, "{name}");
            assert_eq!(parsed.version, "atom10", "{name}");
        }

        let found = catalogues_in_calibre(&public, &names);
        assert_eq!(found.len(), count);
        for book in &found {
            let epub = book.downloads["EPUB"].strip_prefix(&address).unwrap();
            assert!(books.iter().any(|path| path == epub), "{book:?}");
            assert!(!epub.ends_with(".kindle.epub"), "{book:?}");
        }
        let titles: Vec<&str> = found.iter().map(|book| book.title.as_str()).collect();
        for (publication, title) in publications.iter().zip(titles) {
            let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(words(&publication.title), words(title));
        }
    }
}

/// What the W3C's own code says at the level of its web page. `OFFPRINT_FEEDVALIDATOR`
/// names the folder that holds its source, `OFFPRINT_FEEDVALIDATOR_PYTHON` the Python that
/// has what it needs.
fn w3c(files: &[(String, PathBuf)]) -> Vec<String> {
    let [source, python] = ["OFFPRINT_FEEDVALIDATOR", "OFFPRINT_FEEDVALIDATOR_PYTHON"]
        .map(|name| std::env::var_os(name).unwrap_or_else(|| panic!("{name} is not set")));
    let script = offprint_tests::repository().join("tests/feeds/w3c.py");
    let mut command = std::process::Command::new(python);
    command.arg(script).arg(source);
    for (url, path) in files {
        command.arg(url).arg(path);
    }
    let told = ask(&mut command).expect(0).stdout;
    let mut lines: Vec<String> = told.lines().map(str::to_owned).collect();
    let last = lines.pop().unwrap_or_default();
    assert_eq!(last, format!("{} looked at", files.len()));
    lines
}

#[test]
#[ignore = "the W3C validator is no package: `just feedvalidator FOLDER`"]
fn the_w3c_validator_finds_nothing() {
    let mut folders = built();
    let hostile = folders.split_off(2);
    folders.push(years(60, "\n[feed]\nlimit = 100\n"));
    let list = |folder: &TempDir| {
        let public = public(folder);
        let address = address_of(folder);
        let names = rss_below(&public)
            .into_iter()
            .chain(catalogues_below(&public));
        let files = names.map(|name| (format!("{address}{name}"), public.join(name)));
        files.collect::<Vec<_>>()
    };
    let all = |folders: &[TempDir]| folders.iter().flat_map(list).collect::<Vec<_>>();
    let findings = w3c(&all(&folders));
    assert!(findings.is_empty(), "{findings:#?}");
    // That a title holds markup, or a text the character that stands for a broken one, is
    // meant here, but the validator cannot know.
    let findings = w3c(&all(&hostile));
    let others: Vec<&String> = findings
        .iter()
        .filter(|finding| !finding.contains(": ContainsHTML: "))
        .filter(|finding| !finding.contains(": ContainsUndeclaredHTML: "))
        .filter(|finding| !finding.contains(": BadCharacters: "))
        .collect();
    assert!(others.is_empty(), "{others:#?}");
}

// ----- What never changes -----

#[test]
fn retitling_ten_papers_and_an_issue_changes_no_id_in_any_file() {
    let folder = years(4, "");
    let public = public(&folder);
    let before = all_ids(&public);
    let titles = |public: &Path| -> Vec<String> {
        let feed = feed(&public.join("papers.xml"));
        feed.items.into_iter().map(|item| item.title).collect()
    };
    let old_titles = titles(&public);
    let issue = folder.path().join(years::path(2));
    let text = read_text(&issue)
        .replace("\n### ", "\n### 改过的题目 ")
        .replace("\ntitle: ", "\ntitle: 改过的 ");
    write(&issue, text.as_bytes());
    build(folder.path(), "rss");
    assert_eq!(all_ids(&public), before);
    let changed = titles(&public)
        .iter()
        .zip(&old_titles)
        .filter(|(new, old)| new != old)
        .count();
    assert_eq!(changed, 10);
}

#[test]
fn an_edit_keeps_ids_and_dates_and_says_when_it_was() {
    let folder = years(3, "");
    let public = public(&folder);
    let before = feed(&public.join("papers.xml"));
    assert!(before.items.iter().all(|item| item.updated.is_none()));
    let issue = folder.path().join(years::path(2));
    let text = read_text(&issue).replace("\nnumber: 2\n", "\nnumber: 2\nupdated: 2005-02-01\n");
    write(&issue, text.as_bytes());
    build(folder.path(), "rss");
    let after = feed(&public.join("papers.xml"));
    let facts = |feed: &Feed| -> Vec<(String, i64)> {
        let items = feed.items.iter();
        items.map(|item| (item.guid.clone(), item.date)).collect()
    };
    assert_eq!(facts(&after), facts(&before));
    // Midnight in Shanghai.
    let edit = 1_107_187_200;
    let edited: Vec<bool> = after
        .items
        .iter()
        .map(|item| item.updated == Some(edit))
        .collect();
    assert_eq!(edited, [[false; 10], [true; 10], [false; 10]].concat());
    assert_eq!(after.built, Some(edit));
}

#[test]
fn a_build_elsewhere_at_another_time_gives_the_same_bytes() {
    let folder = years(12, "\n[feed]\nlimit = 50\n");
    let made = |folder: &TempDir| files_below(&public(folder));
    let first = made(&folder);
    let copy = copy_of(folder.path());
    std::fs::remove_dir_all(copy.path().join(".offprint")).unwrap();
    let mut again = offprint_tests::command(copy.path(), &["build", "-q", "--format", "rss"]);
    again
        .env("TZ", "America/St_Johns")
        .env("OFFPRINT_THREADS", "1");
    let _ = offprint_tests::finish(&mut again).expect(0);
    assert!(made(&copy) == first);
}

#[test]
fn the_date_of_a_feed_is_that_of_its_newest_item() {
    let folder = copy_of(&fixture("iclr-2021"));
    build(folder.path(), "rss");
    for name in rss_below(&public(&folder)) {
        // Mon, 02 Nov 2020 15:50:00 +0800
        let built = feed(&public(&folder).join(&name)).built;
        assert_eq!(built, Some(1_604_303_400), "{name}");
    }
    for folder in &built() {
        for name in rss_below(&public(folder)) {
            let feed = feed(&public(folder).join(&name));
            let dates = feed.items.iter();
            let newest = dates
                .map(|item| item.updated.unwrap_or(0).max(item.date))
                .max();
            // An issue of a day only shows its papers an hour into it.
            let built = feed.built.unwrap();
            let newest = newest.unwrap();
            assert!((built - newest).abs() <= 3_600, "{name}: {built} {newest}");
        }
    }
}

// ----- One set of items -----

#[test]
fn all_feeds_of_papers_have_the_same_items() {
    let folder = years(12, "");
    let public = public(&folder);
    let papers = feed(&public.join("papers.xml"));
    let items: BTreeMap<&str, &str> = papers
        .items
        .iter()
        .map(|item| (item.guid.as_str(), item.xml.as_str()))
        .collect();
    assert_eq!(items.len(), 120);
    for kind in ["sections/", "tags/"] {
        let mut found = BTreeSet::new();
        let names = rss_below(&public);
        let names: Vec<&String> = names.iter().filter(|name| name.starts_with(kind)).collect();
        assert_eq!(names.len(), 10, "{names:?}");
        for name in names {
            let feed = feed(&public.join(name));
            assert!(!feed.items.is_empty(), "{name}");
            let topic = feed.title.rsplit(" · ").next().unwrap().to_owned();
            let mut order = Vec::new();
            for item in feed.items {
                assert!(item.tags.contains(&topic), "{name}: {item:?}");
                assert_eq!(items[item.guid.as_str()], item.xml, "{name}");
                order.push(item.guid.clone());
                found.insert(item.guid);
            }
            let wanted: Vec<&String> = papers
                .items
                .iter()
                .filter(|item| item.tags.contains(&topic))
                .map(|item| &item.guid)
                .collect();
            assert_eq!(order.iter().collect::<Vec<_>>(), wanted, "{name}");
        }
        assert_eq!(found.len(), items.len(), "{kind}");
    }
}

#[test]
fn items_sorted_by_date_are_in_the_order_of_the_documents() {
    let folder = years(12, "");
    let public = public(&folder);
    let papers = feed(&public.join("papers.xml"));
    let mut wanted = Vec::new();
    for number in (1..=12).rev() {
        let source = read_text(&folder.path().join(years::path(number)));
        let titles = source.lines().filter_map(|line| line.strip_prefix("### "));
        wanted.extend(titles.map(str::to_owned));
    }
    let titles: Vec<&str> = papers
        .items
        .iter()
        .map(|item| item.title.as_str())
        .collect();
    assert_eq!(titles, wanted);
    for name in rss_below(&public) {
        let feed = feed(&public.join(&name));
        let dates: Vec<i64> = feed.items.iter().map(|item| item.date).collect();
        let falls = dates.is_sorted_by(|earlier, later| earlier > later);
        assert!(falls, "{name}: {dates:?}");
    }
}

// ----- Archives -----

/// Checks that each of these many ids is reached from a feed through its archives, and what
/// RFC 5005 asks; gives back the archives with their bytes. A page and the feed may share
/// items, as long as they are the same.
fn archives(public: &Path, name: &str, count: usize) -> BTreeMap<String, Vec<u8>> {
    let chain = with_archives(public, ADDRESS, name);
    let mut items: BTreeMap<String, String> = BTreeMap::new();
    let mut newest = i64::MAX;
    for (place, (path, feed)) in chain.iter().enumerate() {
        let own = format!("{ADDRESS}{path}");
        assert_eq!(feed.link("self"), Some(own.as_str()), "{path}");
        assert_eq!(feed.is_archive, place > 0, "{path}");
        if place > 0 {
            let current = format!("{ADDRESS}{name}");
            assert_eq!(feed.link("current"), Some(current.as_str()), "{path}");
        }
        if let Some(next) = feed.link("next-archive") {
            let next = next.strip_prefix(ADDRESS).unwrap();
            let back = self::feed(&public.join(next));
            assert_eq!(back.link("prev-archive"), Some(own.as_str()), "{next}");
        }
        let _ = distinct(&feed.guids());
        let first = feed.items.first().map_or(i64::MIN, |item| item.date);
        assert!(first < newest, "{path} is not older than what leads to it");
        newest = first;
        for item in &feed.items {
            let same = items
                .entry(item.guid.clone())
                .or_insert_with(|| item.xml.clone());
            assert_eq!(*same, item.xml, "{path}");
        }
    }
    assert_eq!(items.len(), count, "{name}");
    let closed = chain.into_iter().skip(1);
    closed
        .map(|(path, _)| (path.clone(), read(&public.join(path))))
        .collect()
}

#[test]
fn every_item_of_four_hundred_issues_is_reached_once_and_archives_stay_as_they_are() {
    let folder = years(400, "");
    let public = public(&folder);
    let mut closed = Vec::new();
    for (name, count) in [("feed.xml", 400), ("papers.xml", 4_000)] {
        let main = feed(&public.join(name)).items.len();
        assert!((1..=500).contains(&main), "{name}: {main}");
        assert!(read(&public.join(name)).len() <= 2_000_000, "{name}");
        let pages = archives(&public, name, count);
        assert!(!pages.is_empty(), "{name}");
        closed.push(pages);
    }
    for number in 401..=403 {
        YEARS.write_issue(folder.path(), number);
        build(folder.path(), "rss");
        for ((name, a_issue), before) in [("feed.xml", 1), ("papers.xml", 10)]
            .iter()
            .zip(&mut closed)
        {
            let after = archives(&public, name, number * a_issue);
            for (path, bytes) in before.iter() {
                assert!(after.get(path) == Some(bytes), "{path} changed at {number}");
            }
            *before = after;
        }
    }
}

#[test]
fn both_limits_of_the_main_feed_hold() {
    for (settings, most) in [("limit = 3", 3), ("limit = 1", 1), ("limit = 120", 120)] {
        let folder = years(12, &format!("\n[feed]\n{settings}\n"));
        let public = public(&folder);
        for (name, count) in [("feed.xml", 12), ("papers.xml", 120)] {
            let main = feed(&public.join(name)).items.len();
            assert_eq!(main, most.min(count), "{settings}: {name}");
            let pages = archives(&public, name, count);
            assert_eq!(pages.is_empty(), main == count, "{settings}: {name}");
        }
        for name in rss_below(&public) {
            assert!(feed(&public.join(&name)).items.len() <= most, "{name}");
        }
        for (name, json) in json_below(&public) {
            assert!(ids_of(&json).len() <= most, "{name}");
        }
    }
    for (size, bytes) in [("0.04", 40_000), ("\"60 kB\"", 60_000)] {
        let folder = years(12, &format!("\n[feed]\nmax-size = {size}\n"));
        let public = public(&folder);
        for (name, count) in [("feed.xml", 12), ("papers.xml", 120)] {
            let main = feed(&public.join(name)).items.len();
            let length = read(&public.join(name)).len();
            assert!(length <= bytes, "{name}: {length}");
            assert!((1..count).contains(&main), "{size}: {name}: {main}");
            let _ = archives(&public, name, count);
        }
    }
}

#[test]
fn an_item_larger_than_the_feed_may_be_is_alone_in_it() {
    let folder = folder_with(&[]);
    let large = Years {
        papers: 60,
        abstracts: false,
    };
    large.write(folder.path(), 3);
    let settings = format!("{}\n[feed]\nmax-size = 0.02\n", years::SETTINGS);
    write(&folder.path().join("offprint.toml"), settings.as_bytes());
    build(folder.path(), "rss");
    let public = public(&folder);
    assert!(read(&public.join("feed.xml")).len() > 20_000);
    assert_eq!(feed(&public.join("feed.xml")).items.len(), 1);
    let _ = archives(&public, "feed.xml", 3);
}

// ----- What leads where -----

#[test]
fn enclosures_have_their_files_and_their_true_lengths() {
    for folder in &built() {
        let public = public(folder);
        let address = address_of(folder);
        let length = |url: &str| {
            let path = url
                .strip_prefix(&address)
                .unwrap_or_else(|| panic!("{url}"));
            read(&public.join(path)).len() as u64
        };
        let xml = feed(&public.join("feed.xml"));
        for item in &xml.items {
            let (first, ..) = &item.files[0];
            assert!(first.ends_with(".epub") && !first.ends_with(".kindle.epub"));
            for (url, bytes, kind) in &item.files {
                assert_eq!(*bytes, Some(length(url)), "{url}");
                assert_eq!(kind, "application/epub+zip", "{url}");
                let html = item.content.as_deref().unwrap();
                assert!(html.contains(&format!("<a href=\"{url}\"")), "{url}");
            }
        }
        let json = json_below(&public);
        let (_, issues) = json.iter().find(|(path, _)| path == "feed.json").unwrap();
        for item in issues["items"].as_array().unwrap() {
            let files = item["attachments"].as_array().unwrap();
            assert!(!files.is_empty());
            for file in files {
                let url = file["url"].as_str().unwrap();
                assert_eq!(file["size_in_bytes"].as_u64(), Some(length(url)), "{url}");
            }
        }
    }
}

/// Addresses in an XML file's attributes and elements, HTML apart.
fn addresses(xml: &str) -> Vec<String> {
    let document = Document::parse(xml).unwrap();
    let mut addresses = Vec::new();
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        for attribute in node.attributes() {
            if ["href", "url", "src", "xmlUrl", "htmlUrl", "uri"].contains(&attribute.name()) {
                addresses.push(attribute.value().to_owned());
            }
        }
        let is_address = [
            "link", "url", "docs", "comments", "license", "uri", "icon", "logo",
        ];
        if is_address.contains(&node.tag_name().name())
            && let Some(text) = node.text()
            && !text.trim().is_empty()
        {
            addresses.push(text.to_owned());
        }
    }
    addresses
}

fn addresses_of_json(value: &Value, addresses: &mut Vec<String>) {
    match value {
        Value::Array(values) => {
            for value in values {
                addresses_of_json(value, addresses);
            }
        }
        Value::Object(members) => {
            for (name, value) in members {
                let is_address =
                    name.ends_with("url") || ["icon", "favicon", "image"].contains(&name.as_str());
                if is_address && let Some(url) = value.as_str() {
                    addresses.push(url.to_owned());
                }
                addresses_of_json(value, addresses);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn nothing_in_a_feed_acts_and_every_address_is_absolute() {
    let mut folders = built();
    folders.push(years(12, "\n[feed]\nlimit = 20\n"));
    // A lone issue, which has no address of its own.
    let alone = folder_with(&[("a.md", offprint_tests::small_issue("甲").as_bytes())]);
    let _ = run(
        alone.path(),
        &["build", "-q", "a.md", "--format", "rss", "--out", "public"],
    )
    .expect(0);
    folders.push(alone);
    for folder in &folders {
        let public = public(folder);
        for (path, bytes) in files_below(&public) {
            let mut found = Vec::new();
            if path.ends_with(".xml") || path.ends_with(".opml") {
                found = addresses(&String::from_utf8(bytes).unwrap());
            } else if path.ends_with(".json") {
                addresses_of_json(&serde_json::from_slice(&bytes).unwrap(), &mut found);
            } else {
                continue;
            }
            // A lone issue has none in JSON.
            assert!(!found.is_empty() || path == "feed.json", "{path}");
            for url in found {
                let is_web = url.starts_with("https://") || url.starts_with("http://");
                let is_clean = !url.contains(['<', '>', '"', ' ', '\n', '{', '\\', '^', '`']);
                assert!(is_web && is_clean, "{path}: {url}");
            }
        }
        for name in rss_below(&public) {
            for item in feed(&public.join(&name)).items {
                for html in item.content.iter().chain([&item.description]) {
                    assert_eq!(faults_of_markup(html), [""; 0], "{name}: {html}");
                }
            }
        }
    }
}

#[test]
fn every_formula_of_a_feed_is_a_picture_with_its_source_and_words_where_none_can_stand() {
    let folder = series_with("", &formulas::issue());
    build(folder.path(), "rss");
    let public = public(&folder);
    for name in ["papers.json", "feed.json"] {
        let feed: Value = serde_json::from_slice(&read(&public.join(name))).unwrap();
        let items = feed["items"].as_array().unwrap();
        let mut shown = BTreeSet::new();
        for item in items {
            let html = item["content_html"].as_str().unwrap();
            assert!(!html.contains("<code>"), "{html}");
            assert_eq!(faults_of_markup(html), [""; 0], "{html}");
            for picture in html.split("<img src=\"").skip(1) {
                let (url, rest) = picture.split_once("\" alt=\"").unwrap();
                let (alt, rest) = rest.split_once('"').unwrap();
                shown.insert(unescape(alt));
                let path = url.strip_prefix("https://small.example.org/").unwrap();
                let png = image::load_from_memory(&read(&public.join(path))).unwrap();
                // Sharp on a fine screen, unless it would be huge.
                let width = format!(" width=\"{}\" ", png.width() / 2);
                assert!(rest.starts_with(&width), "{width} in {rest}");
            }
            for field in ["title", "summary"] {
                let words = item[field].as_str().unwrap_or_default();
                assert!(!words.contains(['$', '\\']), "{field}: {words}");
            }
        }
        for (_, tex) in formulas::all() {
            assert!(shown.contains(&tex), "{tex} in {shown:#?}");
        }
    }
    for name in rss_below(&public) {
        for item in feed(&public.join(&name)).items {
            assert!(!item.title.contains(['$', '\\']), "{}", item.title);
        }
    }
}

#[test]
fn hostile_titles_arrive_as_they_were_but_for_what_xml_forbids() {
    let folder = hostile::series();
    build(folder.path(), "rss");
    let public = public(&folder);
    let issues = feed(&public.join("feed.xml"));
    assert_eq!(issues.items.len(), hostile::STRINGS.len() + 1);
    let papers = feed(&public.join("papers.xml"));
    assert_eq!(papers.items.len(), 3 * issues.items.len());
    let _ = distinct(&issues.guids());
    let _ = distinct(&papers.guids());
    let words = |text: &str| {
        let forbidden = |c: &char| {
            !(c.is_control() && !c.is_whitespace()
                || matches!(*c, '\u{85}' | '\u{fdd0}'..='\u{fdef}')
                || u32::from(*c) & 0xfffe == 0xfffe)
        };
        // Controls of direction are closed or dropped where they open or close nothing.
        let controls = |c: &char| !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        let text: String = text.chars().filter(forbidden).filter(controls).collect();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    for (number, text) in hostile::STRINGS.iter().enumerate() {
        let guid = format!("/issue/hostile-{number:02}");
        let item = issues.items.iter().find(|item| item.guid.ends_with(&guid));
        let item = item.unwrap();
        assert_eq!(words(&item.title), words(text));
        assert_eq!(words(&item.creators[0]), words(text));
        let paper = format!("{guid}/paper/");
        let mut ours = papers
            .items
            .iter()
            .filter(|item| item.guid.contains(&paper));
        assert!(
            ours.all(|paper| words(&paper.title) == words(text)),
            "{text}"
        );
    }
}

#[test]
fn every_character_that_is_left_out_is_told() {
    let folder = hostile::series();
    let ran = run(folder.path(), &["check", "--message-format", "json"]).expect(0);
    let told: BTreeSet<String> = ran
        .objects("diagnostic")
        .iter()
        .filter(|object| object["code"] == "forbidden-character")
        .map(|object| object["message"].as_str().unwrap().to_owned())
        .collect();
    let forbidden = [
        0x0, 0x7, 0x1b, 0x7f, 0x85, 0x9f, 0xfdd0, 0xfffe, 0xffff, 0x1_fffe, 0x10_ffff,
    ];
    for point in forbidden {
        let name = format!("U+{point:04X} ");
        let names = |message: &String| message.contains(&name);
        assert!(told.iter().any(names), "{name}: {told:?}");
    }
    assert_eq!(told.len(), forbidden.len(), "{told:?}");
}

#[test]
fn addresses_that_act_stop_a_build() {
    for url in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "//a.example/x",
        "/x",
    ] {
        for field in ["链接", "pdf", "code"] {
            let issue = offprint_tests::small_issue("甲").replace(
                "- 链接: https://papers.example.org/1",
                &format!("- doi: 10.5555/a\n- {field}: {url}"),
            );
            let folder = folder_with(&[("a.md", issue.as_bytes())]);
            let ran = run(
                folder.path(),
                &[
                    "build",
                    "a.md",
                    "--format",
                    "rss",
                    "--out",
                    "public",
                    "--message-format",
                    "json",
                ],
            );
            assert_eq!(ran.code, Some(1), "{field}: {url}");
            assert!(
                ran.codes().contains(&"bad-url".to_owned()),
                "{field}: {url}: {:?}",
                ran.codes()
            );
            assert!(!public(&folder).exists());
        }
    }
}
