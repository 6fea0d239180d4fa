//! What the package says about the book (EPUB 3.3 §5.5, EPUB Accessibility 1.1 §2).

use minijinja::{Error, context};
use offprint_core::colophon::imprint;
use offprint_core::model::{Issue, Series};
use offprint_core::words::Words;
use uuid::Uuid;

use crate::Profile;
use crate::pages::Making;

/// The name space of our books' identifiers. It must never change: readers know a book by
/// its identifier.
const NAMESPACE: Uuid = Uuid::from_u128(0x6f66_6670_7269_4e74_8c5e_3b1d_92a7_40e6);

/// What identifies the book, whatever becomes of its title and its text.
pub(crate) fn uuid(series: &Series, issue: &Issue) -> Uuid {
    Uuid::new_v5(&NAMESPACE, format!("{}/{}", series.id, issue.id).as_bytes())
}

/// What all books of a series have in common.
pub(crate) fn series_uuid(series: &Series) -> Uuid {
    Uuid::new_v5(&NAMESPACE, series.id.as_bytes())
}

/// [`uuid`] as package and NCX write it.
pub(crate) fn uid(series: &Series, issue: &Issue) -> String {
    uuid(series, issue).urn().to_string()
}

/// The package's `metadata` element.
pub(crate) fn metadata(making: &Making<'_>, has_cover: bool) -> Result<String, Error> {
    let Making {
        series,
        issue,
        words,
        ..
    } = making;
    let mut creators: Vec<String> = issue
        .authors
        .iter()
        .map(|author| author.name.clone())
        .collect();
    if creators.is_empty() {
        creators.extend(imprint(series, issue).map(str::to_owned));
    }
    let contributor = |name: &str, role: &str| context! { name, role };
    let contributors: Vec<_> = issue
        .editors
        .iter()
        .map(|person| contributor(&person.name, "edt"))
        .chain(
            issue
                .translators
                .iter()
                .map(|person| contributor(&person.name, "trl")),
        )
        .collect();
    let identifier = &issue.identifier;
    let identifiers: Vec<String> = identifier
        .issn
        .iter()
        .map(|issn| format!("urn:issn:{issn}"))
        .chain(identifier.urn.clone())
        .collect();
    let has_pictures =
        !making.pictures.used().is_empty() || has_cover || making.formulas.has_pictures();
    let mut features = vec![
        "displayTransformability",
        "readingOrder",
        "structuralNavigation",
        "tableOfContents",
    ];
    if has_pictures {
        features.insert(0, "alternativeText");
    }
    let formulas = making.formulas;
    if formulas.has_mathml() {
        features.push("MathML");
    }
    // The TeX of a formula is the text that MathML and pictures carry.
    if formulas.has_mathml() || formulas.has_pictures() {
        features.push("describedMath");
    }
    // Of two titles, Kindle takes the last for the book's.
    let (title, subtitle) = match (making.profile, &issue.subtitle) {
        (Profile::Kindle, Some(subtitle)) => {
            (format!("{}{}{subtitle}", issue.title, words.colon()), None)
        }
        (Profile::Epub3 | Profile::Kindle, subtitle) => (issue.title.clone(), subtitle.clone()),
    };
    making.fill(
        "metadata.opf",
        context! {
            uid => uid(series, issue),
            doi => &identifier.doi,
            identifiers,
            title,
            subtitle,
            lang => issue.lang.as_str(),
            creators,
            contributors,
            publisher => &series.publisher,
            date => if issue.date.has_time() { issue.date.rfc3339() } else { issue.date.date().to_string() },
            modified => issue.modified().rfc3339_utc(),
            description => &issue.description,
            subjects => subjects(series, issue),
            sources => sources(issue),
            rights => rights(issue),
            series => &series.title,
            // A book of several issues is no issue of the series that has a number in it.
            is_set => !issue.parts.is_empty(),
            series_issn => &series.issn,
            series_position => &issue.number,
            series_index => &issue.number,
            pictures => has_pictures,
            features,
            accessibility_summary => summary(making),
            cover => has_cover,
            generator => concat!("offprint ", env!("CARGO_PKG_VERSION")),
        },
    )
}

/// What a reader who cannot see or hear may expect of the book.
fn summary(making: &Making<'_>) -> String {
    let formulas = making.formulas;
    let formulas = match (making.words, formulas.has_mathml(), formulas.has_pictures()) {
        (_, false, false) => "",
        (Words::Chinese, true, _) => "，公式为 MathML，附 TeX 源码",
        (Words::Chinese, false, true) => "，公式为图片，附 TeX 源码",
        (Words::English, true, _) => ", formulas are MathML with their TeX source",
        (Words::English, false, true) => ", formulas are pictures with their TeX source",
    };
    match making.words {
        Words::Chinese => {
            format!("正文为可重排的文字，带目录与标题结构；图片附有文字说明{formulas}。")
        }
        Words::English => format!(
            "Reflowable text with a table of contents and headings; pictures carry a \
             description{formulas}."
        ),
    }
}

fn subjects(series: &Series, issue: &Issue) -> Vec<String> {
    let mut subjects = Vec::new();
    for subject in issue.tags.iter().map(|tag| &tag.name).chain(&series.tags) {
        if !subjects.contains(subject) {
            subjects.push(subject.clone());
        }
    }
    subjects
}

fn sources(issue: &Issue) -> Vec<String> {
    let mut sources: Vec<String> = issue.canonical.clone().into_iter().collect();
    if let Some(source) = &issue.source {
        let named: Vec<&str> = [&source.name, &source.title, &source.url]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect();
        if !named.is_empty() {
            sources.push(named.join(", "));
        }
    }
    sources
}

fn rights(issue: &Issue) -> Vec<String> {
    let license = issue.license.as_ref().map(|license| match &license.url {
        Some(url) => format!("{} ({url})", license.name),
        None => license.name.clone(),
    });
    license
        .into_iter()
        .chain(issue.declaration.clone())
        .collect()
}
