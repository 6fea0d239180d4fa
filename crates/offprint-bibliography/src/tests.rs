//! Bibliographies as programs and people write them.

use biblatex::ChunksExt;
use offprint_core::model::{LinkKind, Status};
use offprint_core::text::{Block, Inline, plain_text};

use super::*;

fn library(name: &str, text: &str) -> Library {
    let form = Form::of_extension(name.rsplit('.').next().unwrap()).unwrap();
    read(&Source::new(name, text), form)
}

/// The entries of a text in which nothing is wrong.
fn clean(name: &str, text: &str) -> Vec<Entry> {
    let library = library(name, text);
    assert!(library.diagnostics.is_empty(), "{:#?}", library.diagnostics);
    library
        .entries
        .into_iter()
        .map(|(entry, _)| entry)
        .collect()
}

fn only(name: &str, text: &str) -> Entry {
    let entries = clean(name, text);
    assert_eq!(entries.len(), 1, "{entries:#?}");
    entries.into_iter().next().unwrap()
}

fn told(library: &Library) -> Vec<(&'static str, (usize, usize))> {
    library
        .diagnostics
        .iter()
        .map(|diagnostic| {
            let place = diagnostic.place.as_ref().unwrap();
            (diagnostic.code, place.line_column())
        })
        .collect()
}

#[test]
fn a_zotero_export_of_biblatex_is_read_whole() {
    let entry = only(
        "a.bib",
        r"
@article{somebody_slow_2020,
	title = {Slow {{Gradient Descent}}: {A} Study of $\ell_1$ and {\emph{Escherichia coli}}},
	shorttitle = {Slow {Gradient} {Descent}},
	url = {http://arxiv.org/abs/2006.05929},
	doi = {10.48550/arXiv.2006.05929},
	abstract = {One 5\% better.

Two.},
	urldate = {2023-01-05},
	date = {2020-06-11},
	eprinttype = {arxiv},
	eprint = {2006.05929},
	journaltitle = {Journal of Things \& Matters},
	author = {Müller, Jörg and family=Maaten, given=Laurens, prefix=van der and {The X Team}},
	langid = {english},
	note = {{arXiv}:2006.05929 [cs, stat]},
	keywords = {Computer Science - Machine Learning, optimisation},
	annotation = {Worth reading.},
	file = {Full Text:/home/x/a.pdf:application/pdf},
	pubstate = {prepublished},
}
",
    );
    assert_eq!(entry.key.as_deref(), Some("somebody_slow_2020"));
    assert_eq!(
        entry.title.as_deref(),
        Some(r"Slow Gradient Descent: A Study of $\ell_1$ and Escherichia coli")
    );
    assert_eq!(
        entry.authors,
        ["Jörg Müller", "Laurens van der Maaten", "The X Team"]
    );
    assert_eq!(entry.venue.as_deref(), Some("Journal of Things & Matters"));
    assert_eq!(entry.date, Some(jiff::civil::date(2020, 6, 11)));
    assert_eq!(entry.year, None);
    assert_eq!(entry.arxiv.as_deref(), Some("2006.05929"));
    assert_eq!(entry.doi.as_deref(), Some("10.48550/arXiv.2006.05929"));
    assert_eq!(entry.lang.unwrap().as_str(), "en");
    assert_eq!(
        entry.tags,
        ["Computer Science - Machine Learning", "optimisation"]
    );
    assert_eq!(plain_text(&entry.abstract_text), "One 5% better.\nTwo.");
    assert_eq!(plain_text(&entry.annotation), "Worth reading.");
    assert_eq!(entry.status, Some(Status::Preprint));
    assert_eq!(entry.kind.as_deref(), Some("article-journal"));
}

#[test]
fn preprints_are_told_by_the_ways_people_write_them() {
    for text in [
        // Google Scholar
        "@article{a, title={T}, journal={arXiv preprint arXiv:2006.05929}, year={2020}}",
        // arXiv, INSPIRE
        "@misc{a, title={T}, year={2020}, eprint={2006.05929}, archivePrefix={arXiv}, primaryClass={cs.LG}}",
        // DBLP
        "@article{DBLP:journals/corr/abs-2006-05929, title={T}, journal={CoRR}, volume={abs/2006.05929}, year={2020}}",
        "@misc{a, title={T}, howpublished={\\url{https://arxiv.org/abs/2006.05929}}}",
        "@misc{a, title={T}, url={https://arxiv.org/pdf/2006.05929.pdf}}",
        "@online{a, title={T}, eprint={2006.05929}, eprintclass={cs}, eprinttype={arXiv}}",
        "@article{a, title={T}, note={arXiv: 2006.05929}}",
        "@misc{a, title={T}, doi={10.48550/ARXIV.2006.05929}}",
    ] {
        let entry = only("a.bib", text);
        assert_eq!(entry.arxiv.as_deref(), Some("2006.05929"), "{text}");
        assert!(entry.annotation.is_empty(), "{text}");
    }
    let scholar = "@article{a, title={T}, journal={arXiv preprint arXiv:2006.05929}}";
    let entry = only("a.bib", scholar);
    assert_eq!(entry.venue.as_deref(), Some("arXiv"));
    assert_eq!(entry.kind.as_deref(), Some("article"));
}

#[test]
fn strings_parents_and_data_are_resolved() {
    let entries = clean(
        "a.bib",
        r#"
@string{conf = "Conference on " # {Things}}
@STRING(year20 = 2020)
@xdata{lab, keywords = {not inherited}, langid = {german}, url = {https://lab.example/}}
@inproceedings{one, title = {One}, crossref = {procs}, month = jun # "~10"}
@inproceedings{two, title = {Two}, booktitle = conf # ", " # year20, year = year20,
  month = 10 # jun, xdata = {lab}}
@proceedings{procs, title = {Proceedings of Things}, year = 2019, isbn = {978-3-16-148410-0}}
"#,
    );
    let [one, two] = entries.as_slice() else {
        panic!("{entries:#?}");
    };
    assert_eq!(one.venue.as_deref(), Some("Proceedings of Things"));
    assert_eq!(one.date, Some(jiff::civil::date(2019, 6, 10)));
    assert_eq!(one.isbn, None);
    assert_eq!(two.venue.as_deref(), Some("Conference on Things, 2020"));
    assert_eq!(two.date, Some(jiff::civil::date(2020, 6, 10)));
    assert_eq!(two.lang.as_ref().unwrap().as_str(), "de");
}

#[test]
fn a_month_is_no_day() {
    let day = |day| Some(jiff::civil::date(2020, 5, day));
    for (fields, date) in [
        ("year = 2020, month = 5", None),
        ("year = {2020}, month = {05}", None),
        ("year = 2020, month = may", None),
        ("year = 2020, month = {May}", None),
        ("year = 2020, month = {May 5--7}", None),
        ("year = 2020, month = {30 apr -- 2 may}", None),
        ("date = {2020-05}", None),
        ("date = {2020-05/2020-06}", None),
        ("year = 2020, month = 5, day = 6", day(6)),
        ("year = 2020, month = may, day = {6}", day(6)),
        ("year = 2020, month = {May 6}", day(6)),
        ("year = 2020, month = may # {~6th}", day(6)),
        ("date = {2020-05-06/2020-05-08}", day(6)),
    ] {
        let entry = only("a.bib", &format!("@misc{{a, title = {{T}}, {fields}}}"));
        assert_eq!(entry.date, date, "{fields}");
        let year = date.is_none().then_some(2020);
        assert_eq!(entry.year, year, "{fields}");
    }
    for date in ["2020/05//", "2020/05/", "2020/05/00/", "2020/05-06", "2020"] {
        let entry = only(
            "a.ris",
            &format!("TY  - JOUR\nTI  - T\nDA  - {date}\nER  -\n"),
        );
        assert_eq!((entry.date, entry.year), (None, Some(2020)), "{date}");
    }
    let csl = r#"[{"title":"T","type":"article","issued":{"date-parts":[[2020,5]]}}]"#;
    let entry = only("a.json", csl);
    assert_eq!((entry.date, entry.year), (None, Some(2020)));
}

/// Volume, issue, pages, publisher.
fn appearance(entry: &Entry) -> [Option<&str>; 4] {
    [
        entry.volume.as_deref(),
        entry.issue.as_deref(),
        entry.pages.as_deref(),
        entry.publisher.as_deref(),
    ]
}

#[test]
fn volume_issue_pages_and_publisher_are_read() {
    let whole = [Some("44"), Some("5"), Some("1-10"), Some("A Press")];
    for (name, text) in [
        (
            "a.bib",
            "@article{a, title={T}, journal={J}, volume=44, number={5}, pages={1--10}, publisher={A {P}ress}}",
        ),
        (
            "a.bib",
            "@article{a, title={T}, journaltitle={J}, volume={44}, issue={5}, pages={1 - 10}, publisher={A Press}}",
        ),
        (
            "a.json",
            r#"[{"title":"T","type":"article-journal","container-title":"J","volume":44,"issue":"5","page":"1–10","publisher":"A Press"}]"#,
        ),
        (
            "a.json",
            r#"[{"title":"T","itemType":"journalArticle","publicationTitle":"J","volume":"44","issue":"5","pages":"1-10","publisher":"A Press"}]"#,
        ),
        (
            "a.ris",
            "TY  - JOUR\nTI  - T\nJO  - J\nVL  - 44\nIS  - 5\nSP  - 1\nEP  - 10\nPB  - A Press\nER  -\n",
        ),
        (
            "a.ris",
            "TY  - JOUR\nTI  - T\nJO  - J\nVL  - 44\nIS  - 5\nSP  - 1-10\nEP  - 10\nPB  - A Press\nER  -\n",
        ),
    ] {
        assert_eq!(appearance(&only(name, text)), whole, "{text}");
    }
}

#[test]
fn what_stands_in_the_place_of_a_number_is_none() {
    for (text, told) in [
        // DBLP, arXiv
        (
            "@article{a, title={T}, journal={CoRR}, volume={abs/2006.05929}, number={arXiv:2006.05929}}",
            [None; 4],
        ),
        // The number of a report, of a series; a book's pages are counted; its venue is its
        // publisher.
        (
            "@techreport{a, title={T}, institution={I}, number={TR-1}, pages={99}}",
            [None; 4],
        ),
        (
            "@book{a, title={T}, publisher={A Press}, pages={300}, volume={2}, number={7}}",
            [Some("2"), None, None, None],
        ),
        (
            "@inproceedings{a, title={T}, booktitle={B}, number={7}, pages={-}, publisher={A Press}}",
            [None, None, None, Some("A Press")],
        ),
        (
            "@article{a, title={T}, journal={J}, eid={e0266}, volume={--}}",
            [None, None, Some("e0266"), None],
        ),
    ] {
        assert_eq!(appearance(&only("a.bib", text)), told, "{text}");
    }
    let parent = "@inproceedings{a, title={T}, crossref={p}, pages={3--4}}\n@proceedings{p, title={P}, volume={9}, publisher={A Press}}";
    assert_eq!(
        appearance(&only("a.bib", parent)),
        [Some("9"), None, Some("3-4"), Some("A Press")]
    );
}

#[test]
fn a_work_without_a_title_has_none() {
    for (name, text) in [
        ("a.bib", "@misc{ill-defined, author={A B}, year=2020}"),
        ("a.bib", "@misc{ill-defined, title={{}}, author={A B}}"),
        ("a.ris", "TY  - JOUR\nID  - key\nAU  - Doe, J.\nER  -\n"),
        (
            "a.json",
            r#"[{"id":"key","type":"book","author":[{"family":"A"}],"title":" "}]"#,
        ),
    ] {
        assert_eq!(only(name, text).title, None, "{text}");
    }
}

#[test]
fn a_broken_entry_does_not_lose_the_others() {
    let library = library(
        "a.bib",
        r#"% a list
@article{one, title = {One}, year = 2020}
@article{two,
  title = {Two {and a half},
  year = 2021,
}
@article{three
  title = {Three}
  year = 2022
  nonsense here
  journal = unknown,
  doi = {nothing},
}
@article{four, title = "Four {"} quotes", year = {2023}},
  author = {Extra, Brace},
}
% @article{five, title = {Five}}
@article{, author = {No Key}, title = {Six}
@article{seven, title = {Seven}}
"#,
    );
    let titles: Vec<&str> = library
        .entries
        .iter()
        .map(|(entry, _)| entry.title.as_deref().unwrap_or_default())
        .collect();
    assert_eq!(
        titles,
        [
            "One",
            "Two and a half",
            "Three",
            "Four \" quotes",
            "Six",
            "Seven"
        ]
    );
    let years: Vec<Option<i16>> = library
        .entries
        .iter()
        .map(|(entry, _)| entry.year)
        .collect();
    let expected = [Some(2020), Some(2021), Some(2022), Some(2023), None, None];
    assert_eq!(years, expected);
    assert_eq!(library.entries[3].0.authors, ["Brace Extra"]);
    assert_eq!(
        told(&library),
        [
            ("bib::syntax", (4, 11)),
            ("bib::syntax", (8, 17)),
            ("bib::syntax", (9, 13)),
            ("bib::syntax", (10, 3)),
            ("bib::unknown-string", (11, 13)),
            ("bib::bad-doi", (12, 9)),
            ("bib::syntax", (14, 56)),
            ("bib::syntax", (19, 1)),
        ]
    );
}

#[test]
fn notes_that_are_facts_are_no_commentary() {
    let entry = only(
        "a.bib",
        "@article{a, title={T}, note = {arXiv:2006.05929 [cs]\nPublisher: X\nPMID: 31452104\nVersion: 2}}",
    );
    assert_eq!(entry.pmid.as_deref(), Some("31452104"));
    assert_eq!(plain_text(&entry.annotation), "Version: 2");
    let entry = only(
        "a.bib",
        "@misc{a, title={T}, note={Read this: it is short.}}",
    );
    assert_eq!(plain_text(&entry.annotation), "Read this: it is short.");
}

#[test]
fn what_is_wrong_is_left_out_and_told() {
    let library = library(
        "a.bib",
        "@misc{a, title={T}, doi={10.1}, url={ftp://x.example/a}, isbn={123},\n eprint={99}, eprinttype={arxiv}, year={n.d.}, author={A B and others}}\n@misc{a, title={U}}\n@misc{b}",
    );
    let codes: Vec<_> = told(&library).into_iter().map(|(code, _)| code).collect();
    assert_eq!(
        codes,
        [
            "bib::bad-doi",
            "bib::bad-url",
            "bib::bad-isbn",
            "bib::bad-arxiv",
            "bib::bad-date",
            "bib::et-al",
            "bib::duplicate-key",
            "bib::empty"
        ]
    );
    let (entry, _) = &library.entries[0];
    assert_eq!(entry.authors, ["A B"]);
    assert!(!entry.has_locator());
}

#[test]
fn braces_behind_a_backslash_may_be_words() {
    let entries = clean(
        "a.bib",
        r"@misc{a, title = {The Set \{a, b\}}, year = 2020}
@misc{b, title = {{Judgment}\}},
  year = 2021,
}
@misc{c, title = {Open \{ Set},
  year = 2022,
}
@misc{d, title = {D}, eprint = {0603845}, archiveprefix = {arXiv}, primaryclass = {cond-mat.mtrl-sci}}
",
    );
    let titles: Vec<&str> = entries
        .iter()
        .filter_map(|entry| entry.title.as_deref())
        .collect();
    assert_eq!(titles, ["The Set {a, b}", "Judgment}", "Open { Set", "D"]);
    let years: Vec<Option<i16>> = entries.iter().map(|entry| entry.year).collect();
    assert_eq!(years, [Some(2020), Some(2021), Some(2022), None]);
    assert_eq!(entries[3].arxiv.as_deref(), Some("cond-mat/0603845"));
}

#[test]
fn crossref_of_two_entries_to_each_other_ends() {
    let entries = clean(
        "a.bib",
        "@inbook{a, title={A}, crossref={b}}\n@inbook{b, title={B}, crossref={a}, xdata={c}}\n@xdata{c, xdata={c}}\n",
    );
    assert_eq!(entries.len(), 2);
}

#[test]
fn groups_and_links_are_kept() {
    let entry = only(
        "a.bib",
        "@inproceedings{a, title={T}, groups={Self-supervision, Graphs}, pdf={https://x.example/a.pdf},\n code={https://x.example/c}, url={https://x.example/b.pdf}, blog={a note}, isbn={1-55860-510-1, 978-3-16-148410-0}}",
    );
    assert_eq!(entry.collections, ["Self-supervision", "Graphs"]);
    assert_eq!(
        entry.links.keys().collect::<Vec<_>>(),
        [&LinkKind::Pdf, &LinkKind::Code]
    );
    assert_eq!(entry.isbn.as_deref(), Some("9783161484100"));
}

#[test]
fn titles_are_those_that_another_reader_reads() {
    let text = r#"
@article{a, title = {{Attention Is All You Need}}}
@article{b, title = {On the {K}{\"a}hler {G}eometry of {\'E}tale {M}aps}}
@article{c, title = "BERT: {P}re-training"}
@article{d, title = {R{\'e}sum{\'e}s, na{\"i}ve \& more}}
@article{e, title = {Erd{\H{o}}s {\textendash} {\v{C}}ech}}
"#;
    let theirs = biblatex::Bibliography::parse(text).unwrap();
    for entry in clean("a.bib", text) {
        let key = entry.key.unwrap();
        let title = theirs.get(&key).unwrap().title().unwrap().format_verbatim();
        assert_eq!(entry.title, Some(title), "{key}");
    }
}

#[test]
fn csl_json_of_zotero_is_read_whole() {
    let entry = only(
        "a.json",
        r#"[{"id":"http://zotero.org/users/1/items/ABC","citation-key":"doe2020","type":"paper-conference",
"title":"The <i>E. coli</i> way of <span class=\"nocase\">iOS</span>: H<sub>2</sub>O &amp; $\\ell_1$","container-title":"ICML",
"author":[{"family":"Maaten","given":"Laurens","non-dropping-particle":"van der"},{"literal":"The X Team"},{"family":"张","given":"三"},{"family":"King","given":"M. L.","suffix":"Jr."}],
"issued":{"date-parts":[["2020",6,11]]},"DOI":"https://doi.org/10.1000/182","note":"PMID: 31452104\narXiv: 2006.05929\nA fine paper.",
"language":"en-US","keyword":"a, b","abstract":"<jats:p>One &lt; two.</jats:p>","PMID":"","status":"in press"}]"#,
    );
    assert_eq!(entry.key.as_deref(), Some("doe2020"));
    assert_eq!(
        entry.title.as_deref(),
        Some(r"The E. coli way of iOS: H2O & $\ell_1$")
    );
    assert_eq!(
        entry.authors,
        [
            "Laurens van der Maaten",
            "The X Team",
            "张三",
            "M. L. King Jr."
        ]
    );
    assert_eq!(entry.venue.as_deref(), Some("ICML"));
    assert_eq!(entry.date, Some(jiff::civil::date(2020, 6, 11)));
    assert_eq!(entry.pmid.as_deref(), Some("31452104"));
    assert_eq!(entry.arxiv.as_deref(), Some("2006.05929"));
    assert_eq!(plain_text(&entry.annotation), "A fine paper.");
    assert_eq!(plain_text(&entry.abstract_text), "One < two.");
    assert_eq!(entry.status, Some(Status::Accepted));
}

#[test]
fn json_of_others_is_read_too() {
    let crossref = r#"{"status":"ok","message":{"indexed":{},"type":"proceedings-article","title":["A Title"],"container-title":["Proc."],
"author":[{"given":"Ann","family":"Lee","affiliation":[{"name":"Somewhere U"}]}],"published-print":{"date-parts":[[2019,7]]},"DOI":"10.1145/3292500.3330701","ISBN":["9783161484100"]}}"#;
    let entry = only("a.json", crossref);
    assert_eq!(entry.title.as_deref(), Some("A Title"));
    assert_eq!(entry.kind.as_deref(), Some("paper-conference"));
    assert_eq!(entry.affiliations, ["Somewhere U"]);
    assert_eq!(entry.year, Some(2019));
    let better = r#"{"config":{},"collections":{"K":{"name":"Reading","items":[7]}},"items":[
{"itemType":"conferencePaper","itemID":7,"title":"T","citationKey":"lee19","creators":[{"creatorType":"author","firstName":"Ann","lastName":"Lee"},{"creatorType":"editor","name":"E"}],
"date":"2019-07-04","proceedingsTitle":"Proc.","extra":"arXiv: 2006.05929","tags":[{"tag":"graphs","type":1}],"notes":[{"note":"<p>Good <b>stuff</b></p>"}]},
{"itemType":"attachment","title":"x"}]}"#;
    let entry = only("a.json", better);
    assert_eq!(entry.key.as_deref(), Some("lee19"));
    assert_eq!(entry.collections, ["Reading"]);
    assert_eq!(entry.authors, ["Ann Lee"]);
    assert_eq!(entry.tags, ["graphs"]);
    assert_eq!(plain_text(&entry.annotation), "Good stuff");
    assert_eq!(entry.date, Some(jiff::civil::date(2019, 7, 4)));
    let broken = library("a.json", "[{\"title\": }]");
    assert_eq!(told(&broken), [("bib::syntax", (1, 12))]);
    assert_eq!(told(&library("a.json", "3")), [("bib::syntax", (1, 1))]);
}

#[test]
fn ris_of_several_sources_is_read_whole() {
    let entries = clean(
        "a.ris",
        "TY  - JOUR\r\nT1  - 基于对比学习的\r\n图表示\r\nA1  - 张三;李四;\r\nA1  - 王, 五\r\nJO  - 计算机学报\r\nPY  - 2021\r\nY1  - 2021/05/04/\r\nSN  - 0254-4164\r\nKW  - 图;对比学习\r\nN2  - 摘要。\r\nUR  - https://kns.example/x\r\nER  - \r\n\r\nTY  - CONF\nAU  - van der Maaten, L.\nAU  - Doe, John, Jr.\nTI  - Title of\n      two lines\nT2  - ICML\nDO  - 10.1000/182\nDA  - 2020/06/11\nID  - doe20\nN1  - PMID: 31452104\nL1  - internal-pdf://1/a.pdf\nTY  - BOOK\nTI  - No end\nSN  - 978-3-16-148410-0\nPB  - House\n",
    );
    let [first, second, third] = entries.as_slice() else {
        panic!("{entries:#?}");
    };
    assert_eq!(first.title.as_deref(), Some("基于对比学习的图表示"));
    assert_eq!(first.authors, ["张三", "李四", "王五"]);
    assert_eq!(first.venue.as_deref(), Some("计算机学报"));
    assert_eq!(first.date, Some(jiff::civil::date(2021, 5, 4)));
    assert_eq!(first.tags, ["图", "对比学习"]);
    assert_eq!(first.isbn, None);
    assert_eq!(second.title.as_deref(), Some("Title of two lines"));
    assert_eq!(second.authors, ["L. van der Maaten", "John Doe Jr."]);
    assert_eq!(second.pmid.as_deref(), Some("31452104"));
    assert!(second.annotation.is_empty());
    assert_eq!(second.links.len(), 0);
    assert_eq!(third.isbn.as_deref(), Some("9783161484100"));
    assert_eq!(third.venue.as_deref(), Some("House"));
}

#[test]
fn forms_are_told_from_their_beginnings() {
    for (text, form) in [
        ("% comment\n\n@Article{a,", Some(Form::Bibtex)),
        ("TY  - JOUR\n", Some(Form::Ris)),
        (
            "[{\"id\":1,\"title\":\"x\",\"type\":\"book\"}]",
            Some(Form::CslJson),
        ),
        ("# A list\nwrite to a@b.example\n@someone (hi)", None),
        (
            "{\"version\": \"https://jsonfeed.org/version/1.1\", \"title\": \"x\"}",
            None,
        ),
        ("", None),
    ] {
        assert_eq!(Form::of_text(text), form, "{text}");
    }
}

#[test]
fn hostile_characters_do_not_come_through() {
    let entry = only(
        "a.bib",
        "@misc{a\u{1}, title={T\u{0}\u{202e}x}, author={A\u{7} B}, abstract={a\u{8}b}, journal={x\u{fffe}}}",
    );
    let all = format!("{entry:?}");
    let is_bad = |sign: char| !offprint_core::chars::is_allowed(sign);
    assert!(!all.contains(is_bad), "{all}");
    assert_eq!(entry.title.as_deref(), Some("T\u{202e}x\u{202c}"));
    let [Block::Paragraph(line)] = entry.abstract_text.as_slice() else {
        panic!("{entry:?}");
    };
    assert_eq!(line, &[Inline::Text("ab".to_owned())]);
}

/// Samples that between them have every construct.
const SAMPLES: [(&str, &str); 3] = [
    (
        "a.bib",
        "@string{j = \"J\" # {K}}\n@comment{x {y}}\n@article{a, title = {{\\'E}t\\'{a}le $x_{1}$ \\emph{on} 论文}, author = \"张, 三 and {X, Y} and A {\\\"o} B\",\n  journal = j # 1, month = jun # \"~1\", url = {\\url{https://x.example/\\_}}, note = {arXiv: 2006.05929},\n}\n@misc(b, crossref = {a}, year = 2020)\n",
    ),
    (
        "a.json",
        "{\"items\": [{\"id\": 1, \"title\": [\"<i>题</i> &amp; \\u0041\"], \"author\": [{\"family\": \"张\", \"given\": \"三\"}], \"issued\": {\"date-parts\": [[\"2020\", 6]]}, \"itemType\": \"book\", \"tags\": [{\"tag\": \"x\"}]}], \"collections\": {\"K\": {\"name\": \"n\", \"items\": [1]}}}",
    ),
    (
        "a.ris",
        "TY  - JOUR\r\nT1  - 论文\r\n  二\r\nAU  - Doe, J.\nDA  - 2020/06/11/x\nSN  - 978-3-16-148410-0\nN1  - PMID: 1\nER  - \nTY  - CONF\n",
    ),
];

#[test]
fn no_damage_makes_a_reader_fail() {
    for (name, sample) in SAMPLES {
        let signs: Vec<char> = sample.chars().collect();
        for at in 0..signs.len() {
            let (before, after) = signs.split_at(at);
            let cut: String = before.iter().collect();
            let without: String = before.iter().chain(&after[1..]).collect();
            let mut damaged = vec![cut, without];
            for sign in [
                '{', '}', '"', '\\', '@', ',', '$', '<', '&', '\u{0}', '\u{3000}',
            ] {
                let with = before.iter().chain([&sign]).chain(after);
                damaged.push(with.collect());
            }
            for text in damaged {
                let source = Source::new(name, text);
                let form = Form::of_extension(name.rsplit('.').next().unwrap()).unwrap();
                let library = read(&source, form);
                let mut end = 0;
                for (_, span) in &library.entries {
                    assert!(
                        end <= span.start && span.start < span.end,
                        "{}",
                        source.text
                    );
                    assert!(source.text.get(span.clone()).is_some(), "{}", source.text);
                    end = span.end;
                }
                let _ = Form::of_text(&source.text);
            }
        }
    }
}

#[test]
fn what_is_long_or_deep_is_read_in_good_time() {
    let entry = "@misc{a, title = {";
    for unit in [
        "{", "}", "\"", "\\", "@", "@a{", "\n@a{b,", "a = {\n", "a=\n", ",", "%", "\n%@", "$",
        "\\'{", "x and ", "&lt;", "<i>", "TY  - \n", "[", "{\"a\":", "-", "`", "\n\n", "{\\url{",
        "\\[", "\\emph[",
    ] {
        let long = unit.repeat(100_000 / unit.len());
        for text in [
            long.clone(),
            format!("{entry}{long}"),
            format!("{entry}{long}}}}}"),
        ] {
            for name in ["a.bib", "a.json", "a.ris"] {
                let _ = library(name, &text);
            }
        }
    }
}
