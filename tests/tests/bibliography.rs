//! Papers that have their facts from a bibliography.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops by panicking"
)]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use offprint_tests::{Ran, copy_of, files_below, folder_with, read_text, run, write};
use serde_json::Value;
use tempfile::TempDir;

/// Two formats, one an issue and one a series: the others take longer and do the same.
const BUILD: [&str; 3] = ["build", "--format", "rss,epub"];

const SETTINGS: &str = "schema = 1\n\n[series]\nid = \"refs\"\ntitle = \"凭据\"\nlang = \"zh-CN\"\nurl = \"https://refs.example.org/\"\nlicense = \"CC-BY-4.0\"\n\n[paths]\nbibliography = [\"refs.bib\"]\n";

const REFS: &str = r"% what the group reads
@string{jml = {Journal of Made-up Learning}}

@article{lee2020,
  title = {Graph {Things}: {A} Study of $\ell_1$ {\&} {\'E}tale Maps},
  author = {Lee, Ann and 张, 三 and van der Berg, Otto},
  journal = jml, year = 2020, month = jun, day = 11, volume = 44, number = 5, pages = {1--10},
  doi = {10.1000/182}, pdf = {https://papers.example.org/lee.pdf},
  keywords = {graphs, things}, langid = {english},
  abstract = {What they did.},
  annotation = {What the group thinks of it, which is nobody's business.},
}

@misc{stone2019, title = {Rolling {Stones}}, author = {Stone, Al}, eprint = {1906.00001}, archiveprefix = {arXiv}, year = 2019}

@misc{nowhere, title = {Nowhere to Be Had}, author = {Nemo}}
";

fn issue(front: &str, body: &str) -> String {
    format!("---\ntitle: 一期\ndate: 2020-11-02\n{front}---\n\n## 栏目\n\n{body}")
}

fn series(body: &str) -> TempDir {
    folder_with(&[
        ("offprint.toml", SETTINGS.as_bytes()),
        ("refs.bib", REFS.as_bytes()),
        ("issues/one.md", issue("", body).as_bytes()),
    ])
}

/// The papers of a series as `list` gives them.
fn listed(folder: &Path) -> Vec<Value> {
    let ran = run(folder, &["list", "--to", "csl-json"]).expect(0);
    let Ok(Value::Array(items)) = serde_json::from_str(&ran.stdout) else {
        panic!("{}", ran.stdout);
    };
    items
}

fn checked(folder: &Path) -> Ran {
    run(folder, &["check", "--message-format", "json"])
}

#[test]
fn facts_come_from_the_bibliography_and_commentary_does_not() {
    let folder = series("### @lee2020\n\n我们的短评。\n\n### @stone2019\n\n再一篇。\n");
    let _ = run(folder.path(), &["check", "--deny-warnings"]).expect(0);
    let items = listed(folder.path());
    let [lee, stone] = items.as_slice() else {
        panic!("{items:?}");
    };
    assert_eq!(lee["title"], r"Graph Things: A Study of ℓ₁ & Étale Maps");
    assert_eq!(lee["author"][1]["literal"], "张三");
    assert_eq!(lee["author"][2]["family"], "van der Berg");
    assert_eq!(lee["container-title"], "Journal of Made-up Learning");
    assert_eq!(
        lee["issued"]["date-parts"][0],
        serde_json::json!([2020, 6, 11])
    );
    assert_eq!((&lee["volume"], &lee["issue"]), (&"44".into(), &"5".into()));
    assert_eq!(lee["page"], "1-10");
    assert_eq!(lee["type"], "article-journal");
    assert_eq!(lee["URL"], "https://doi.org/10.1000/182");
    assert_eq!(lee["language"], "en");
    assert_eq!(lee["keyword"], "graphs, things");
    assert_eq!(lee["abstract"], "What they did.");
    assert_eq!(lee["annote"], "我们的短评。");
    assert_eq!(
        lee["custom"]["links"]["pdf"],
        "https://papers.example.org/lee.pdf"
    );
    assert_eq!(lee["custom"]["id"], "doi-10-1000-182");
    assert_eq!(stone["URL"], "https://arxiv.org/abs/1906.00001");
    assert_eq!(stone["custom"]["id"], "arxiv-1906.00001".replace('.', "-"));
    let _ = run(folder.path(), &BUILD).expect(0);
    let feed = read_text(&folder.path().join("public/feed.xml"));
    assert!(feed.contains("Étale Maps") && !feed.contains("nobody's business"));
}

#[test]
fn local_fields_win_one_by_one() {
    let body = "### Our Own Title\n\n- cite: lee2020\n- 会议: ICLR\n- 卷: 7\n- 作者: Somebody Else\n- year: 2021\n- url: https://own.example.org/x\n\n短评。\n\n\
        ### @lee2020\n\n- doi: 10.1000/other\n- 状态: oral\n\n短评。\n";
    let front = "defaults:\n  venue: NeurIPS\n  status: poster\n  affiliations: [Some U]\n";
    let folder = series("");
    write(
        &folder.path().join("issues/one.md"),
        issue(front, body).as_bytes(),
    );
    let items = listed(folder.path());
    let [own, other] = items.as_slice() else {
        panic!("{items:?}");
    };
    assert_eq!(own["title"], "Our Own Title");
    assert_eq!(own["container-title"], "ICLR");
    assert_eq!((&own["volume"], &own["issue"]), (&"7".into(), &"5".into()));
    assert_eq!(own["author"].as_array().map(Vec::len), Some(1));
    assert_eq!(own["issued"]["date-parts"][0], serde_json::json!([2021]));
    assert_eq!(own["URL"], "https://own.example.org/x");
    assert_eq!(own["DOI"], "10.1000/182");
    // What the issue sets for all its papers is weaker than what is known of this one.
    assert_eq!(other["container-title"], "Journal of Made-up Learning");
    assert_eq!(other["DOI"], "10.1000/other");
    assert_eq!(other["URL"], "https://doi.org/10.1000/other");
    assert_eq!(other["status"], "oral");
    assert_eq!(own["status"], "poster");
    assert_eq!(other["custom"]["affiliations"][0], "Some U");
}

#[test]
fn data_forms_cite_too_and_own_bibliographies_are_asked_first() {
    let folder = series("### @lee2020\n\n短评。\n");
    write(
        &folder.path().join("own.ris"),
        b"TY  - JOUR\nID  - lee2020\nTI  - From a Colleague\nUR  - https://ris.example.org/\nER  - \n",
    );
    write(
        &folder.path().join("notes/own.json"),
        br#"[{"id":"json1","type":"book","title":"A Book","ISBN":"9783161484100","author":[{"family":"Lee","given":"Ann"}]}]"#,
    );
    write(
        &folder.path().join("issues/two.yaml"),
        b"title: T\ndate: 2020-11-09\nbibliography: [own.ris, notes/own.json]\npapers:\n- cite: lee2020\n  commentary: c\n- cite: '@json1'\n  commentary: c\n- cite: stone2019\n  commentary: c\n",
    );
    let titles: Vec<String> = listed(folder.path())
        .iter()
        .map(|item| item["title"].as_str().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(
        titles,
        [
            r"Graph Things: A Study of ℓ₁ & Étale Maps",
            "From a Colleague",
            "A Book",
            "Rolling Stones"
        ]
    );
}

#[test]
fn what_is_wrong_is_told_where_it_stands() {
    let body = "### @lee2O20\n\n短评。\n\n### @nowhere\n\n短评。\n\n### Rolling stones\n\n- 引用: stone2019\n\n短评。\n\n### Titled\n\n- cite: gone\n- url: https://a.example.org/\n\n短评。\n";
    let folder = series(body);
    let ran = checked(folder.path()).expect(1);
    assert_eq!(
        ran.codes(),
        [
            "unknown-cite",
            "missing-url",
            "title-case-differs",
            "unknown-cite"
        ]
    );
    let first = &ran.objects("diagnostic")[0];
    assert!(
        first.to_string().contains("did you mean `lee2020`?"),
        "{first}"
    );
    assert!(ran.stdout.contains("there it is `Rolling Stones`"));

    // No bibliography at all.
    write(
        &folder.path().join("offprint.toml"),
        SETTINGS
            .replace("bibliography = [\"refs.bib\"]\n", "")
            .as_bytes(),
    );
    let ran = checked(folder.path()).expect(1);
    // A paper that says all itself needs none, and one that says but its title needs more.
    assert_eq!(ran.codes(), ["unknown-cite", "unknown-cite", "missing-url"]);
}

#[test]
fn a_bibliography_that_cannot_be_read_is_named_once() {
    let folder = series("### @lee2020\n\n短评。\n\n### @stone2019\n\n短评。\n");
    let refs = folder.path().join("refs.bib");
    fs::rename(&refs, folder.path().join("Refs.bib")).unwrap();
    let ran = checked(folder.path()).expect(1);
    assert_eq!(ran.codes(), ["broken-bibliography", "unknown-cite"]);
    assert!(
        ran.stdout.contains("did you mean `Refs.bib`?"),
        "{}",
        ran.stdout
    );
    assert!(ran.stdout.contains("offprint.toml"));

    write(&refs, b"@article{lee2020, title = {\xc2\xdb\xce\xc4}}");
    let ran = checked(folder.path()).expect(1);
    assert_eq!(ran.codes(), ["broken-bibliography", "unknown-cite"]);
    assert!(
        ran.stdout.contains("line 1 of `refs.bib` is not UTF-8"),
        "{}",
        ran.stdout
    );

    for outside in ["../refs.bib", "/etc/passwd", "https://a.example.org/x.bib"] {
        let front = format!("bibliography: [{outside}]\n");
        write(&refs, REFS.as_bytes());
        let text = issue(&front, "### @lee2020\n\n短评。\n");
        write(&folder.path().join("issues/one.md"), text.as_bytes());
        let ran = checked(folder.path()).expect(1);
        assert_eq!(ran.codes(), ["broken-bibliography"], "{outside}");
    }
}

#[test]
fn faults_of_entries_that_nobody_cites_are_not_told() {
    let folder = series("### @stone2019\n\n短评。\n");
    let refs = folder.path().join("refs.bib");
    let bad = "@misc{bad, title = {Bad}, doi = {nothing}, url = {https://b.example.org/}}\n";
    write(&refs, format!("{REFS}{bad}").as_bytes());
    assert!(checked(folder.path()).expect(0).codes().is_empty());
    write(
        &folder.path().join("issues/one.md"),
        issue("", "### @bad\n\n短评。\n").as_bytes(),
    );
    assert_eq!(checked(folder.path()).expect(0).codes(), ["bib::bad-doi"]);
    // A file that is broken is broken for all.
    write(
        &refs,
        format!("{bad}@misc{{worse, title = {{never closed\n").as_bytes(),
    );
    let ran = checked(folder.path()).expect(1);
    assert!(ran.codes().contains(&"bib::syntax".to_owned()));
    assert!(ran.stdout.contains("refs.bib"), "{}", ran.stdout);
}

#[test]
fn a_broken_bibliography_of_another_issue_is_no_fault_of_this_one() {
    let folder = series("### @stone2019\n\n短评。\n");
    write(
        &folder.path().join("own.bib"),
        b"@misc{open, title = {never closed\n",
    );
    let two = issue("bibliography: own.bib\n", "### @open\n\n短评。\n");
    write(&folder.path().join("issues/two.md"), two.as_bytes());
    let check = |path: &str| run(folder.path(), &["check", path, "--message-format", "json"]);
    assert!(check("issues/one.md").expect(0).codes().is_empty());
    let codes = check("issues/two.md").expect(1).codes();
    assert_eq!(codes, ["bib::syntax", "missing-url"]);
}

/// The names of output files with their bytes.
fn outputs(folder: &Path) -> Vec<(String, Vec<u8>)> {
    files_below(&folder.join("public"))
}

fn differing(before: &[(String, Vec<u8>)], after: &[(String, Vec<u8>)]) -> Vec<String> {
    after
        .iter()
        .filter(|file| !before.contains(file))
        .map(|(name, _)| name.clone())
        .collect()
}

#[test]
fn a_changed_bibliography_makes_anew_what_cites_it() {
    let folder = series("### @lee2020\n\n短评。\n");
    let two = issue("", "### @stone2019\n\n短评。\n").replace("2020-11-02", "2020-11-09");
    write(&folder.path().join("issues/two.md"), two.as_bytes());
    let three = issue("", "### Own\n\n- url: https://a.example.org/\n\n短评。\n");
    let three = three.replace("2020-11-02", "2020-11-16");
    write(&folder.path().join("issues/three.md"), three.as_bytes());
    let _ = run(folder.path(), &BUILD).expect(0);
    assert!(
        run(folder.path(), &BUILD)
            .expect(0)
            .stdout
            .contains("Nothing changed")
    );
    let before = outputs(folder.path());
    let changed = REFS.replace("Rolling {Stones}", "Rolling Pebbles");
    write(&folder.path().join("refs.bib"), changed.as_bytes());
    let ran = run(folder.path(), &BUILD).expect(0);
    assert!(!ran.stdout.contains("Nothing changed"), "{}", ran.stdout);
    let after = outputs(folder.path());
    let touched = differing(&before, &after);
    assert!(
        touched.iter().any(|name| name.starts_with("two/")),
        "{touched:?}"
    );
    assert!(
        !touched
            .iter()
            .any(|name| name.starts_with("one/") || name.starts_with("three/")),
        "{touched:?}"
    );
    // As a first build makes it.
    let copy = copy_of(folder.path());
    fs::remove_dir_all(copy.path().join(".offprint")).unwrap();
    let _ = run(copy.path(), &BUILD).expect(0);
    assert_eq!(outputs(copy.path()), after);
    // Other faults of the file are told once more when nothing changed.
    assert!(
        run(folder.path(), &BUILD)
            .expect(0)
            .stdout
            .contains("Nothing changed")
    );
}

#[test]
fn ten_thousand_papers_are_cited_from_thirty_thousand_entries() {
    let mut refs = String::new();
    for number in 0..30_000 {
        let _ = writeln!(
            refs,
            "@inproceedings{{key{number},\n  title = {{{{Paper}} Number {number} on {{G}}raphs}},\n  author = {{Lee, Ann and M{{\\\"u}}ller, Jörg}},\n  booktitle = {{Proceedings of Things}}, year = {{2020}},\n  url = {{https://papers.example.org/{number}}},\n}}"
        );
    }
    let mut body = String::new();
    for number in 0..10_000 {
        let _ = writeln!(body, "### @key{}\n\n短评。\n", number * 3);
    }
    let folder = series(&body);
    write(&folder.path().join("refs.bib"), refs.as_bytes());
    let items = listed(folder.path());
    assert_eq!(items.len(), 10_000);
    assert_eq!(items[9_999]["title"], "Paper Number 29997 on Graphs");
}

/// What `list` says of a paper that a bibliography can say too.
fn facts(item: &Value) -> Vec<(String, Value)> {
    let mut facts: Vec<(String, Value)> = [
        "title",
        "author",
        "container-title",
        "publisher",
        "issued",
        "DOI",
        "number",
        "PMID",
        "ISBN",
        "URL",
        "language",
        "status",
        "keyword",
        "type",
    ]
    .iter()
    .map(|name| ((*name).to_owned(), item[*name].clone()))
    .collect();
    for name in ["openreview", "links"] {
        facts.push((name.to_owned(), item["custom"][name].clone()));
    }
    facts
}

#[test]
fn what_list_writes_is_read_again() {
    for name in ["kitchen-sink", "iclr-2021", "hostile"] {
        let fixture = offprint_tests::fixture(name);
        let items = listed(&fixture);
        assert!(!items.is_empty(), "{name}");
        for (form, file) in [("bibtex", "refs.bib"), ("csl-json", "refs.json")] {
            let written = run(&fixture, &["list", "--to", form]).expect(0).stdout;
            let mut body = String::new();
            for item in &items {
                let _ = writeln!(body, "### @{}\n\n短评。\n", item["id"].as_str().unwrap());
            }
            let folder = series(&body);
            write(&folder.path().join(file), written.as_bytes());
            let settings = SETTINGS.replace("refs.bib", file);
            write(&folder.path().join("offprint.toml"), settings.as_bytes());
            let again = listed(folder.path());
            assert_eq!(again.len(), items.len(), "{name} by {form}");
            for (item, again) in items.iter().zip(&again) {
                for (mut ours, theirs) in facts(item).into_iter().zip(facts(again)) {
                    // To bibliographies that is markup, which is taken off.
                    if ours.1.to_string().contains(['<', '&']) {
                        continue;
                    }
                    // BibTeX has names of languages, and none of `zh-CN`.
                    if form == "bibtex"
                        && ours.0 == "language"
                        && let Some(lang) = ours.1.as_str()
                    {
                        ours.1 = lang.split('-').next().into();
                    }
                    assert_eq!(ours, theirs, "{name} by {form}: {}", item["id"]);
                }
            }
        }
    }
}
