use super::*;
use crate::Severity;

fn at(folder: &str, stem: &str) -> Location {
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

mod iclr {
    pub(super) const SERIES: &str = include_str!("../../../../fixtures/iclr-2021/offprint.toml");
    pub(super) const MARKDOWN: &str =
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
