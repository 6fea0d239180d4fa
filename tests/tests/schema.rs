//! `offprint schema`: what is published validates, what the loader refuses is refused, as a
//! validator sees it that we did not write.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use offprint_core::words::Words;
use offprint_explain::{Side, all};
use offprint_tests::pages::unpack;
use offprint_tests::tools::{ask_gladly, python};
use offprint_tests::{files_below, fixture, folder_with, repository, run, write};

/// What the validator finds in files, by their paths.
fn faults(of: &str, files: &[PathBuf]) -> BTreeMap<String, Vec<String>> {
    let schema = run(&repository(), &["schema", of]).expect(0).stdout;
    let folder = folder_with(&[("schema.json", schema.as_bytes())]);
    let script = repository().join("tests/schema/validate.py");
    let mut validate = python();
    validate.arg(script).arg(folder.path().join("schema.json"));
    let found = ask_gladly(validate.args(files));
    let found: BTreeMap<String, Vec<String>> = serde_json::from_str(&found).unwrap_or_default();
    assert_eq!(found.len(), files.len());
    found
}

fn assert_valid(of: &str, files: &[PathBuf]) {
    let found = faults(of, files);
    let wrong: Vec<_> = found
        .iter()
        .filter(|(_, faults)| !faults.is_empty())
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Issue files below a folder.
fn issues_below(folder: &Path) -> Vec<PathBuf> {
    let forms = ["md", "yaml", "toml", "json"].map(OsStr::new);
    files_below(folder)
        .into_iter()
        .map(|(path, _)| folder.join(path))
        .filter(|path| path.extension().is_some_and(|it| forms.contains(&it)))
        .filter(|path| path.file_name() != Some(OsStr::new("offprint.toml")))
        .collect()
}

#[test]
fn whatever_is_sound_validates() {
    let sound = ["hostile", "iclr-2021", "kitchen-sink", "own-fonts"];
    let mut issues = Vec::new();
    let mut series = Vec::new();
    for name in sound {
        issues.extend(issues_below(&fixture(name).join("issues")));
        series.push(fixture(name).join("offprint.toml"));
    }
    issues.extend(issues_below(&fixture("iclr-2021").join("spellings")));
    assert!(issues.len() >= 7, "{issues:?}");

    let made = tempfile::tempdir().unwrap();
    let folder = made.path();
    let _ = run(folder, &["init", "digest"]).expect(0);
    let digest = folder.join("digest");
    for form in ["md", "yaml", "toml", "json"] {
        let _ = run(&digest, &["new", "--form", form]).expect(0);
    }
    let new = issues_below(&digest.join("issues"));
    assert!(new.len() >= 5, "{new:?}");
    issues.extend(new);
    series.push(digest.join("offprint.toml"));
    assert_valid("issue", &issues);
    assert_valid("series", &series);
}

#[test]
fn the_right_examples_of_all_pages_validate() {
    let mut folders = Vec::new();
    let (mut issues, mut series) = (Vec::new(), Vec::new());
    for page in all(Words::English) {
        if page.untested.is_some() || page.snippets.iter().any(|it| it.of == "html") {
            continue;
        }
        let folder = unpack(&page, Side::Right).folder;
        // Not what is imported, nor bibliographies.
        issues.extend(issues_below(folder.path()).into_iter().filter(|path| {
            let path = path.strip_prefix(folder.path()).unwrap_or(path);
            path.to_string_lossy().starts_with("issue")
        }));
        let settings = folder.path().join("offprint.toml");
        series.extend(settings.exists().then_some(settings));
        folders.push(folder);
    }
    assert!(issues.len() > 60 && series.len() > 30);
    assert_valid("issue", &issues);
    assert_valid("series", &series);
}

/// Files with one fault each that a schema can tell, most of them by their extension.
const BROKEN: &[(&str, &str)] = &[
    ("no-date.json", r#"{"title": "T", "lang": "en"}"#),
    (
        "no-title.json",
        r#"{"date": "2026-01-05", "lang": "en", "sections": []}"#,
    ),
    ("no-such-day.yaml", "title: T\nlang: en\ndate: 2026-11-31\n"),
    (
        "no-such-month.md",
        "---\ntitle: T\nlang: en\ndate: 2026-13-01\n---\n",
    ),
    (
        "slashes.toml",
        "title = \"T\"\nlang = \"en\"\ndate = \"2026/01/05\"\n",
    ),
    (
        "no-such-hour.yaml",
        "title: T\nlang: en\ndate: 2026-01-05T25:00\n",
    ),
    (
        "lang.yaml",
        "title: T\ndate: 2026-01-05\nlang: Chinese (simplified)\n",
    ),
    (
        "field.yaml",
        "title: T\ndate: 2026-01-05\nlang: en\nautor: Ann\n",
    ),
    (
        "zh-field.md",
        "---\n标题: 一\n日期: 2026-01-05\n语言: zh-CN\n标錄: 二\n---\n",
    ),
    (
        "number.toml",
        "title = \"T\"\ndate = 2026-01-05\nlang = \"en\"\nnumber = \"twelve\"\n",
    ),
    (
        "negative.json",
        r#"{"title": "T", "date": "2026-01-05", "lang": "en", "number": -1}"#,
    ),
    (
        "id.yaml",
        "title: T\ndate: 2026-01-05\nlang: en\nid: 一月号\n",
    ),
    (
        "draft.yaml",
        "title: T\ndate: 2026-01-05\nlang: en\ndraft: maybe\n",
    ),
    ("title.yaml", "title: [a, b]\ndate: 2026-01-05\nlang: en\n"),
    (
        "schema.yaml",
        "schema: 2\ntitle: T\ndate: 2026-01-05\nlang: en\n",
    ),
    (
        "cover.yaml",
        "title: T\ndate: 2026-01-05\nlang: en\ncover: {src: a.png}\n",
    ),
    (
        "tag.yaml",
        "title: T\ndate: 2026-01-05\nlang: en\ntags: [{url: https://a.example/}]\n",
    ),
    (
        "followers.yaml",
        "title: T\ndate: 2026-01-05\nlang: en\ntags: [{name: a, followers: many}]\n",
    ),
    (
        "person.yaml",
        "title: T\ndate: 2026-01-05\nlang: en\neditors: [{role: editor}]\n",
    ),
    (
        "email.yaml",
        "title: T\ndate: 2026-01-05\nlang: en\neditors: [{name: a, email: a(at)b.example}]\n",
    ),
    (
        "orcid.yaml",
        "title: T\ndate: 2026-01-05\nlang: en\neditors: [{name: a, orcid: 0000-0002}]\n",
    ),
    (
        "source.yaml",
        "title: T\ndate: 2026-01-05\nlang: en\nsource: {kind: telegram}\n",
    ),
    (
        "event.yaml",
        "title: T\ndate: 2026-01-05\nlang: en\nevent: {place: Vienna}\n",
    ),
    (
        "related.yaml",
        "title: T\ndate: 2026-01-05\nlang: en\nrelated: [{url: https://a.example/}]\n",
    ),
    (
        "canonical.yaml",
        "title: T\ndate: 2026-01-05\nlang: en\ncanonical: https:/a.example\n",
    ),
    (
        "issn.yaml",
        "title: T\ndate: 2026-01-05\nlang: en\nidentifier: {issn: none}\n",
    ),
    (
        "section.json",
        r#"{"title": "T", "date": "2026-01-05", "lang": "en", "sections": [{"intro": "a"}]}"#,
    ),
    (
        "untitled.json",
        r#"{"title": "T", "date": "2026-01-05", "lang": "en", "papers": [{"url": "https://a.example/"}]}"#,
    ),
    (
        "nowhere.json",
        r#"{"title": "T", "date": "2026-01-05", "lang": "en", "papers": [{"title": "P"}]}"#,
    ),
    (
        "text.json",
        r#"{"title": "T", "date": "2026-01-05", "lang": "en", "papers": ["P"]}"#,
    ),
    (
        "status.json",
        r#"{"title": "T", "date": "2026-01-05", "lang": "en", "papers": [{"title": "P", "url": "https://a.example/", "status": "acepted"}]}"#,
    ),
    (
        "type.json",
        r#"{"title": "T", "date": "2026-01-05", "lang": "en", "papers": [{"title": "P", "url": "https://a.example/", "type": "paper"}]}"#,
    ),
    (
        "rating.json",
        r#"{"title": "T", "date": "2026-01-05", "lang": "en", "papers": [{"title": "P", "url": "https://a.example/", "rating": 6}]}"#,
    ),
    (
        "year.json",
        r#"{"title": "T", "date": "2026-01-05", "lang": "en", "papers": [{"title": "P", "url": "https://a.example/", "year": 26}]}"#,
    ),
    (
        "doi.json",
        r#"{"title": "T", "date": "2026-01-05", "lang": "en", "papers": [{"title": "P", "doi": "182"}]}"#,
    ),
    (
        "arxiv.json",
        r#"{"title": "T", "date": "2026-01-05", "lang": "en", "papers": [{"title": "P", "arxiv": "2006-05929"}]}"#,
    ),
    (
        "width.json",
        r#"{"title": "T", "date": "2026-01-05", "lang": "en", "papers": [{"title": "P", "url": "https://a.example/", "image": {"src": "a.png", "alt": "a", "width": "wide"}}]}"#,
    ),
    (
        "picture.json",
        r#"{"title": "T", "date": "2026-01-05", "lang": "en", "papers": [{"title": "P", "url": "https://a.example/", "image": {"alt": "a"}}]}"#,
    ),
    (
        "defaults.json",
        r#"{"title": "T", "date": "2026-01-05", "lang": "en", "defaults": {"veneu": "a"}, "papers": [{"title": "P", "url": "https://a.example/"}]}"#,
    ),
];

/// Lines of `offprint.toml` behind what a series needs.
const BROKEN_SERIES: &[(&str, &str)] = &[
    ("rhythm", "rhythm = \"often\"\n"),
    ("series-field", "licens = \"MIT\"\n"),
    ("table", "[rss]\nlimit = 3\n"),
    ("person-field", "[people.ann]\nnmae = \"Ann\"\n"),
    ("limit", "[feed]\nlimit = 0\n"),
    ("size", "[feed]\nmax-size = 1000\n"),
    ("formats", "[feed]\nformats = [\"rss\", \"gopher\"]\n"),
    ("slug", "[feed.names]\n\"a\" = \"A b\"\n"),
    ("profile", "[epub]\nprofile = \"kobo\"\n"),
    ("paper", "[pdf]\npaper = \"A3\"\n"),
    ("columns", "[pdf]\ncolumns = 3\n"),
    ("accent", "[pdf]\naccent = \"navy\"\n"),
    (
        "axes",
        "[pdf.fonts.body]\nfile = \"a.ttf\"\naxes = { wght = \"bold\" }\n",
    ),
    ("margin", "[pdf.margin]\ntop = 1\n"),
    ("theme", "[wechat]\ntheme = \"plane\"\n"),
    (
        "author",
        "[wechat]\nauthor = \"The reading group on models\"\n",
    ),
    (
        "blocks",
        "[wechat]\nblocks = [\"papers\", \"references\", \"advert\"]\n",
    ),
    ("past", "[[wechat.past]]\ntitle = \"a\"\n"),
    ("window", "[check]\nrepeat-window = \"some\"\n"),
    ("numbering", "[html.numbering]\npapers = \"roman\"\n"),
];

#[test]
fn what_the_schema_refuses_the_program_does_not_let_pass() {
    let folder = tempfile::tempdir().unwrap();
    let mut issues = Vec::new();
    let mut series = Vec::new();
    for (name, text) in BROKEN {
        let path = folder.path().join(name);
        write(&path, text.as_bytes());
        issues.push(path);
    }
    for (name, lines) in BROKEN_SERIES {
        let path = folder.path().join(name).join("offprint.toml");
        let head = "[series]\nid = \"a\"\ntitle = \"A\"\nlang = \"en\"\n";
        write(&path, format!("{head}{lines}").as_bytes());
        series.push(path);
    }
    for (of, files) in [("issue", &issues), ("series", &series)] {
        let found = faults(of, files);
        for path in files {
            let shown = path.display().to_string();
            assert!(!found[&shown].is_empty(), "{shown} is taken");
            let ran = run(folder.path(), &["check", &shown, "--message-format=json"]);
            let told = ran.objects("diagnostic");
            let is_told = told
                .iter()
                .any(|it| it["severity"] != "hint" && it["code"] != "no-issues");
            assert!(is_told, "{shown}: {}", ran.stdout);
        }
    }
}

#[test]
fn broken_fixtures_whose_fault_a_schema_can_tell_are_refused() {
    let issues = [
        "broken-fields/fields.md",
        "broken-json/fields.json",
        "broken-toml/fields.toml",
        "broken-yaml/types.yaml",
    ];
    let found = faults("issue", &issues.map(fixture));
    assert!(
        found.values().all(|faults| !faults.is_empty()),
        "{found:#?}"
    );
    let found = faults("series", &[fixture("broken-series/offprint.toml")]);
    let told: usize = found.values().map(Vec::len).sum();
    assert!(told >= 7, "{found:#?}");
}

#[test]
fn the_address_of_a_schema_is_no_unknown_field() {
    let json = r#"{"$schema": "issue.schema.json", "title": "T", "date": "2026-01-05",
        "lang": "en", "license": "MIT", "intro": "A quiet month."}"#;
    let toml = "\"$schema\" = \"series.schema.json\"\n[series]\nid = \"a\"\ntitle = \"A\"\n\
        lang = \"en\"\nlicense = \"MIT\"\n[people.ann]\n";
    let folder = folder_with(&[
        ("lone/issue.json", json.as_bytes()),
        ("series/offprint.toml", toml.as_bytes()),
        ("series/issues/one.json", json.as_bytes()),
    ]);
    for path in ["lone/issue.json", "series"] {
        let ran = run(folder.path(), &["check", path, "--message-format=json"]).expect(0);
        assert_eq!(ran.codes(), Vec::<String>::new());
    }
}

#[test]
fn a_schema_is_the_same_bytes_each_time_and_well_laid_out() {
    for of in ["issue", "series"] {
        let first = run(&repository(), &["schema", of]).expect(0).stdout;
        assert_eq!(run(&repository(), &["schema", of]).expect(0).stdout, first);
        assert!(first.ends_with("}\n") && first.starts_with("{\n  \"$schema\""));
    }
    let _ = run(&repository(), &["schema", "paper"]).expect(2);
}
