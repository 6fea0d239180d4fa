use std::collections::BTreeSet;

use biblatex::{Bibliography, ChunksExt, PermissiveType};
use serde_json::Value;

use crate::samples::{HOSTILE, full, issue, series};
use crate::{Form, List};
use offprint_core::Issue;

fn list(form: Form, issues: &[Issue]) -> String {
    let series = series();
    let mut list = List::new(form, &series);
    let mut out = list.head();
    for issue in issues {
        out.push_str(&list.issue(issue));
    }
    out.push_str(list.tail());
    out
}

/// A paper of hostile strings in every field that takes any.
fn hostile() -> Issue {
    let mut issue = issue(
        "hostile",
        "### T\n- url: https://e.example.org/?a={b}|c\n\nC.\n",
    );
    let paper = &mut issue.sections[0].papers[0];
    for author in [HOSTILE, "A and B", "=cmd|'/c calc'!A0", "et al."] {
        paper.authors.push(author.to_owned());
    }
    paper.title = vec![offprint_core::Inline::Text(HOSTILE.to_owned())];
    for field in [
        &mut paper.venue,
        &mut paper.volume,
        &mut paper.issue,
        &mut paper.pages,
        &mut paper.publisher,
    ] {
        *field = Some(HOSTILE.to_owned());
    }
    paper.tags = vec![HOSTILE.to_owned()];
    paper.presenter = Some(HOSTILE.to_owned());
    paper.affiliations = vec![HOSTILE.to_owned()];
    paper.doi = Some("10.1000/a{b}_c<d>".to_owned());
    let text = vec![offprint_core::Inline::Text(format!("{HOSTILE}\n{HOSTILE}"))];
    paper.tldr.clone_from(&text);
    paper.commentary = vec![offprint_core::Block::Paragraph(text)];
    issue.sections[0].title = HOSTILE.to_owned();
    issue.title = HOSTILE.to_owned();
    issue
}

fn rows(csv: &str) -> Vec<std::collections::BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    reader.deserialize().map(Result::unwrap).collect()
}

#[test]
fn a_spreadsheet_has_a_row_for_every_paper() {
    let text = list(Form::Csv, &[full()]);
    assert!(text.starts_with("issue,issue-guid,issue-number,") && text.ends_with("\r\n"));
    let rows = rows(&text);
    assert_eq!(rows.len(), 4);
    let first = &rows[0];
    let told = |name: &str| first.get(name).unwrap().as_str();
    assert_eq!(told("issue"), "031");
    assert_eq!(
        told("issue-guid"),
        "tag:weekly.example.org,2026:weekly/issue/031"
    );
    assert_eq!(
        (told("issue-number"), told("issue-date")),
        ("31", "2026-11-20")
    );
    assert_eq!((told("section"), told("number")), ("Section", "1"));
    assert_eq!(told("title"), "Attention Is All You Need");
    assert!(told("authors").starts_with("Ashish Vaswani; Noam M. Shazeer; "));
    assert_eq!(
        (told("status"), told("rating"), told("arxiv")),
        ("oral", "5", "1706.03762v5")
    );
    assert_eq!(
        told("commentary"),
        "No recurrence.\nRead it.\nTwice.\n* A note."
    );
    // An identifier is no formula.
    assert_eq!(rows[1].get("openreview").unwrap(), "-bdp_8Itjwp");
}

#[test]
fn no_cell_of_words_is_a_formula() {
    let mut issue = hostile();
    issue.sections[0].papers[0].title =
        vec![offprint_core::Inline::Text("=HYPERLINK(1)".to_owned())];
    issue.sections[0].papers[0].authors = vec!["＝1".to_owned()];
    let text = list(Form::Csv, &[issue]);
    let rows = rows(&text);
    assert_eq!(rows[0].get("title").unwrap(), "'=HYPERLINK(1)");
    assert_eq!(rows[0].get("authors").unwrap(), "'＝1");
    assert_eq!(rows[0].get("venue").unwrap(), HOSTILE);
}

fn entries(text: &str) -> Bibliography {
    Bibliography::parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

#[test]
fn bibtex_is_read_back_as_it_was_meant() {
    let text = list(Form::Bibtex, &[full()]);
    let read = entries(&text);
    let keys: Vec<&str> = read.iter().map(|entry| entry.key.as_str()).collect();
    assert_eq!(
        keys,
        [
            "vaswani2017attention",
            "openreview--bdp_8Itjwp",
            "osterbert",
            "smith1999book"
        ]
    );
    let first = read.get("vaswani2017attention").unwrap();
    assert_eq!(first.entry_type, biblatex::EntryType::InProceedings);
    assert_eq!(
        first.title().unwrap().format_verbatim(),
        "Attention Is All You Need"
    );
    let authors: Vec<(String, String, String)> = first
        .author()
        .unwrap()
        .into_iter()
        .map(|person| {
            (
                format!("{} {}", person.prefix, person.name)
                    .trim()
                    .to_owned(),
                person.given_name,
                person.suffix,
            )
        })
        .collect();
    let name = |family: &str, given: &str, suffix: &str| {
        (family.to_owned(), given.to_owned(), suffix.to_owned())
    };
    assert_eq!(
        authors,
        [
            name("Vaswani", "Ashish", ""),
            name("Shazeer", "Noam M.", ""),
            name("van der Maaten", "Laurens", ""),
            name("Smith", "John", "Jr."),
            name("张三", "", ""),
            name("Google Brain Team", "", ""),
        ]
    );
    assert_eq!(first.doi().unwrap(), "10.5555/3295222.3295349");
    assert_eq!(first.eprint().unwrap(), "1706.03762v5");
    assert_eq!(
        first.url().unwrap(),
        "https://doi.org/10.5555/3295222.3295349"
    );
    assert!(matches!(first.date().unwrap(), PermissiveType::Typed(_)));
    assert_eq!(
        first
            .annotation()
            .unwrap()
            .format_verbatim()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" "),
        "No recurrence. Read it. Twice. * A note."
    );
    let journal = read.get("openreview--bdp_8Itjwp").unwrap();
    assert_eq!(journal.entry_type, biblatex::EntryType::Article);
    assert_eq!(
        journal.journal().unwrap().format_verbatim(),
        "计算机学报 2020"
    );
    assert!(
        text.contains(
            "title = {{On the BERT of $O(n^2)$ and Gaussian noise in small words again}}"
        ),
        "{text}"
    );
    assert!(text.contains("title = {自监督学习综述}"), "{text}");
}

#[test]
fn volume_issue_pages_and_publisher_stand_in_every_list() {
    let issue = issue(
        "001",
        "### A\n- url: https://e.example.org/a\n- venue: J & K\n- type: article-journal\n- volume: 44\n\
         - issue: 5\n- pages: 1 – 10\n- publisher: House\n\nC.\n\n\
         ### B\n- url: https://e.example.org/b\n- type: thesis\n- venue: V\n- publisher: A University\n\nC.\n",
    );
    let issues = [issue];
    let text = list(Form::Bibtex, &issues);
    for line in [
        "  journal = {J \\& K},\n  volume = {44},\n  number = {5},\n  pages = {1--10},\n  publisher = {House},\n",
        "  school = {A University},\n  url",
    ] {
        assert!(text.contains(line), "{text}");
    }
    let items: Vec<Value> = serde_json::from_str(&list(Form::CslJson, &issues)).unwrap();
    let told = |item: usize, name: &str| items[item][name].as_str();
    assert_eq!(told(0, "container-title"), Some("J & K"));
    assert_eq!(told(0, "volume"), Some("44"));
    assert_eq!(told(0, "issue"), Some("5"));
    assert_eq!(told(0, "page"), Some("1-10"));
    assert_eq!(told(0, "publisher"), Some("House"));
    assert_eq!(told(1, "publisher"), Some("A University"));
    let text = list(Form::Csv, &issues);
    let head = text.lines().next().unwrap();
    assert!(
        head.ends_with(",commentary,volume,journal-issue,pages,publisher"),
        "{head}"
    );
    let rows = rows(&text);
    assert_eq!(rows[0]["journal-issue"], "5");
    assert_eq!(
        (rows[0]["volume"].as_str(), rows[0]["pages"].as_str()),
        ("44", "1-10")
    );
}

#[test]
fn bibtex_survives_hostile_strings() {
    let text = list(Form::Bibtex, &[hostile()]);
    let read = entries(&text);
    let entry = read.iter().next().unwrap();
    let flat = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(flat(entry.title().unwrap().format_verbatim()), HOSTILE);
    let keywords = entry.keywords().unwrap().format_verbatim();
    assert_eq!(flat(keywords), HOSTILE);
    let authors = entry.author().unwrap();
    assert_eq!(authors.len(), 4);
    assert_eq!(authors[1].name, "A and B");
    assert_eq!(entry.doi().unwrap(), "10.1000/a%7Bb%7D_c<d>");
}

#[test]
fn keys_are_of_their_own_and_stay_when_the_series_goes_on() {
    let paper = |title: &str, authors: &str| {
        format!(
            "### {title}\n- url: https://e.example.org/{title}\n- authors: {authors}\n- year: 2020\n\nC.\n\n"
        )
    };
    let first = issue(
        "001",
        &(paper("The-Word", "A. Name")
            + &paper("Word-Two", "B. Name")
            + &paper("Of-The", "C. Name")),
    );
    let second = issue(
        "002",
        &(paper("Word-Three", "D. Name") + &paper("论文", "张三")),
    );
    let keys = |issues: &[Issue]| -> Vec<String> {
        let text = list(Form::Bibtex, issues);
        text.lines()
            .filter_map(|line| {
                Some(
                    line.strip_prefix('@')?
                        .split_once('{')?
                        .1
                        .trim_end_matches(',')
                        .to_owned(),
                )
            })
            .collect()
    };
    let before = keys(std::slice::from_ref(&first));
    assert_eq!(before, ["name2020word", "name2020wordb", "001-paper-3"]);
    let after = keys(&[first, second]);
    assert_eq!(after[..3], before);
    assert_eq!(after[3..], ["name2020wordc", "002-paper-2"]);
    let many = issue(
        "003",
        &(0..1000)
            .map(|_| paper("Same", "A. Name"))
            .collect::<String>(),
    );
    assert_eq!(keys(&[many]).iter().collect::<BTreeSet<_>>().len(), 1000);
}

#[test]
fn csl_json_names_things_as_csl_does() {
    let text = list(Form::CslJson, &[full(), hostile()]);
    let items: Vec<Value> = serde_json::from_str(&text).unwrap();
    assert_eq!(items.len(), 5);
    let first = &items[0];
    assert_eq!(first["id"], "vaswani2017attention");
    assert_eq!(first["type"], "paper-conference");
    assert_eq!(
        first["author"][0],
        serde_json::json!({"family": "Vaswani", "given": "Ashish"})
    );
    assert_eq!(first["author"][4], serde_json::json!({"literal": "张三"}));
    assert_eq!(
        first["issued"]["date-parts"],
        serde_json::json!([[2017, 6, 12]])
    );
    assert_eq!(
        first["annote"],
        "No recurrence.\nRead it.\nTwice.\n* A note."
    );
    assert_eq!(first["custom"]["issue-number"], 31);
    assert!(first.get("note").is_none());
    assert_eq!(items[2]["type"], "document");
    assert_eq!(
        items[2]["title"],
        "On the BERT of O(n²) and Gaussian noise in small words again"
    );
    assert_eq!(items[4]["title"], HOSTILE);
    let empty: Vec<Value> = serde_json::from_str(&list(Form::CslJson, &[])).unwrap();
    assert!(empty.is_empty());
}

#[test]
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "whatever else the parser knows has no place in the table"
)]
fn a_table_is_a_table_whatever_the_papers_are_called() {
    use comrak::nodes::NodeValue;
    let text = list(Form::Markdown, &[full(), hostile()]);
    let mut options = comrak::Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.math_dollars = true;
    options.extension.math_code = true;
    let arena = comrak::Arena::new();
    let root = comrak::parse_document(&arena, &text, &options);
    let table = root.first_child().unwrap();
    assert!(table.next_sibling().is_none());
    let rows: Vec<_> = table.children().collect();
    assert_eq!(rows.len(), 6);
    let mut cells = Vec::new();
    for row in &rows {
        assert_eq!(row.children().count(), 6);
        for cell in row.children() {
            let mut words = String::new();
            for node in cell.descendants() {
                match &node.data().value {
                    NodeValue::Text(text) => words.push_str(text),
                    NodeValue::Math(math) => words.push_str(&math.literal),
                    NodeValue::HtmlInline(html) => {
                        assert_eq!(html, "<br>");
                        words.push(' ');
                    }
                    NodeValue::TableCell | NodeValue::Link(_) => {}
                    other => panic!("{other:?} in {text}"),
                }
            }
            cells.push(words);
        }
    }
    assert_eq!(cells[0], "Issue");
    assert_eq!(cells[6], "31 · 2026-11-20 · Section");
    assert_eq!(cells[7], "Attention Is All You Need ★★★★★ No recurrence.");
    assert_eq!(cells[11], "arXiv · PDF · Code");
    assert_eq!(
        cells[19],
        "On the BERT of O(n^2) and Gaussian noise in small words again"
    );
    assert_eq!(cells[30], format!("31 · 2026-11-20 · {HOSTILE}"));
    assert_eq!(cells[31], format!("{HOSTILE} {HOSTILE} {HOSTILE}"));
    assert!(
        text.contains("](https://e.example.org/?a=%7Bb%7D%7Cc)<br>"),
        "{text}"
    );
}
