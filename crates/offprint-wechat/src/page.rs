//! The page that shows an article as phones do, says what pasting it will do, and copies it
//! for the editor.
//!
//! It holds everything in itself and asks nothing of any host. Each article is in it once;
//! themes and dark mode are tables of styles that its script puts on.

mod findings;
mod report;
mod shown;
mod words;

use minijinja::Environment;
use minijinja::value::Value;
use offprint_core::citation::{Style, reference};
use offprint_core::colophon::imprint;
use offprint_core::text::plain;
use offprint_core::words::{Label, Words};
use offprint_core::{ExportError, Issue, Series};
use offprint_list::Citations;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::preflight::{Finding, characters};
use crate::theme::Styles;
use crate::{Sheet, Wechat, templates};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use report::Report;
use shown::{Chains, Table, data_url};
use words::Wording;

const STYLE: &str = include_str!("../../../templates/preview/page.css");
const SCRIPT: &str = include_str!("../../../templates/preview/page.js");

/// Beyond so many papers the page would hold more code than article.
const MOST_WITH_CODE: usize = 100;

/// What the page is made of.
#[derive(Clone, Copy)]
pub(crate) struct Preview<'a> {
    pub(crate) settings: &'a Wechat,
    pub(crate) series: &'a Series,
    pub(crate) issue: &'a Issue,
    /// The articles in order; one if the issue is not divided.
    pub(crate) sheets: &'a [Sheet<'a>],
    /// What WeChat would drop, rewrite or refuse of each.
    pub(crate) findings: &'a [Vec<Finding>],
    /// The themes to choose from.
    pub(crate) looks: &'a [Look],
    /// Which of them the files are in.
    pub(crate) chosen: usize,
}

/// A theme that the page offers.
#[derive(Debug)]
pub(crate) struct Look {
    /// Its name as settings have it.
    pub(crate) name: String,
    pub(crate) styles: Styles,
}

/// What the template is given.
#[derive(Debug, Serialize)]
struct Page<'a> {
    lang: &'a str,
    rtl: bool,
    title: &'a str,
    account: Option<&'a str>,
    date: String,
    parts: Vec<PartView<'a>>,
    looks: Vec<LookView<'a>>,
    chosen: usize,
    /// Whether any part has an author, a digest, an address.
    digests: bool,
    addresses: bool,
    words: &'static Wording,
    original: &'static str,
    cite: &'static str,
    citations: Vec<CitationView>,
    style: Value,
    script: Value,
    /// The digest by which the page's own script is known from others.
    script_hash: String,
    data: Value,
}

#[derive(Debug, Serialize)]
struct PartView<'a> {
    /// What the part is called among the others: `上`, `2`.
    name: String,
    title: &'a str,
    author: Option<&'a str>,
    digest: Option<&'a str>,
    url: Option<&'a str>,
    article: Value,
    cover: Option<Cover>,
    report: Report<'a>,
}

#[derive(Debug, Serialize)]
struct Cover {
    /// The picture, or its address in the article that has it.
    src: Option<Value>,
    address: Option<String>,
}

/// How a paper is cited.
#[derive(Debug, Serialize)]
struct CitationView {
    reference: String,
    bibtex: Option<String>,
    csl_json: Option<String>,
}

#[derive(Debug, Serialize)]
struct LookView<'a> {
    name: &'a str,
    label: &'a str,
}

/// What the script is given.
#[derive(Debug, Serialize)]
struct Data<'a> {
    styles: Vec<String>,
    themes: Vec<Theme<'a>>,
    parts: Vec<Measured>,
    words: &'static Wording,
}

#[derive(Debug, Serialize)]
struct Theme<'a> {
    name: &'a str,
    #[serde(flatten)]
    table: Table,
}

#[derive(Debug, Serialize)]
struct Measured {
    /// The characters of the article in each theme.
    characters: Vec<usize>,
    visible: usize,
}

/// The title under which WeChat shows an issue.
pub(crate) fn title(issue: &Issue) -> &str {
    issue.short_title.as_deref().unwrap_or(&issue.title)
}

/// The page.
///
/// # Errors
/// [`ExportError::Internal`] when its template fails.
pub(crate) fn page(
    environment: &Environment<'_>,
    preview: &Preview<'_>,
) -> Result<String, ExportError> {
    let Preview {
        settings,
        series,
        issue,
        sheets,
        findings,
        looks,
        chosen,
    } = *preview;
    let language = Words::of(&issue.lang);
    let words = Wording::of(language);
    let mut chains = Chains::new(looks, chosen);
    let mut views = Vec::with_capacity(sheets.len());
    let mut measured = Vec::with_capacity(sheets.len());
    for (index, sheet) in sheets.iter().enumerate() {
        let article = &sheet.article;
        let shown = chains.put(&sheet.undressed, article);
        let characters = characters(&article.content);
        let cover = article.cover.map(|asset| {
            let inside = article
                .pictures
                .iter()
                .find(|(_, inside)| inside.name == asset.name);
            Cover {
                src: chains
                    .embed(asset)
                    .then(|| Value::from_safe_string(data_url(asset))),
                address: inside.map(|(address, _)| address.clone()),
            }
        });
        views.push(PartView {
            name: words::part(language, index, sheets.len()),
            title: &article.title,
            author: article.author.as_deref(),
            digest: article.digest.as_deref(),
            url: article.source_url.as_deref(),
            article: Value::from_safe_string(shown.html),
            cover,
            report: report::report(
                language,
                sheet,
                findings.get(index).map_or(&[], Vec::as_slice),
                [characters, shown.visible],
                shown.links,
            ),
        });
        measured.push(Measured {
            characters: shown
                .longer
                .iter()
                .map(|longer| characters.saturating_add_signed(*longer))
                .collect(),
            visible: shown.visible,
        });
    }
    let (styles, tables) = chains.into_tables();
    let data = Data {
        styles,
        themes: looks
            .iter()
            .zip(tables)
            .map(|(look, table)| Theme {
                name: &look.name,
                table,
            })
            .collect(),
        parts: measured,
        words,
    };
    let values = Page {
        lang: issue.lang.as_str(),
        rtl: issue.lang.is_rtl(),
        title: title(issue),
        account: settings
            .account
            .as_ref()
            .map(|account| account.name.as_str())
            .or_else(|| imprint(series, issue)),
        date: language.moment(issue.date),
        digests: views.iter().any(|part| part.digest.is_some()),
        addresses: views.iter().any(|part| part.url.is_some()),
        parts: views,
        looks: looks
            .iter()
            .map(|look| LookView {
                name: &look.name,
                label: words::theme(language, &look.name),
            })
            .collect(),
        chosen,
        words,
        original: language.label(Label::OriginalLink),
        cite: language.label(Label::Citations),
        citations: citations(series, issue),
        style: Value::from_safe_string(STYLE.to_owned()),
        script: Value::from_safe_string(SCRIPT.to_owned()),
        script_hash: STANDARD.encode(Sha256::digest(SCRIPT)),
        data: Value::from_safe_string(json(&data)?),
    };
    templates::render(environment, "page.html", &values)
}

/// How the papers of an issue are cited; of very many, the references alone.
fn citations(series: &Series, issue: &Issue) -> Vec<CitationView> {
    let style = series.citation.unwrap_or_else(|| Style::of(&issue.lang));
    let seen = issue.date.date();
    let has_code = issue.papers().count() <= MOST_WITH_CODE;
    let mut keys = Citations::default();
    let mut views = Vec::new();
    for section in &issue.sections {
        for paper in &section.papers {
            let code = has_code.then(|| keys.next(series, issue, section, paper));
            let (bibtex, csl_json) = code.map(|code| (code.bibtex, code.csl_json)).unzip();
            views.push(CitationView {
                reference: plain(&reference(paper, style, seen)),
                bibtex,
                csl_json,
            });
        }
    }
    views
}

/// JSON that may stand within a `script` element: nothing in it ends one.
fn json(data: &Data<'_>) -> Result<String, ExportError> {
    let json = serde_json::to_string(data)
        .map_err(|error| ExportError::Internal(format!("the page's data: {error}")))?;
    Ok(json.replace('<', "\\u003c"))
}
