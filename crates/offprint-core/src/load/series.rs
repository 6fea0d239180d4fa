//! `offprint.toml`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::values::{id, issn, lang, license, line, person, url, words};
use super::{Forbidden, ImageUse, Loaded, Places, cite, names, nothing, toml};
use crate::check::path::{Picture, picture};
use crate::check::{Check, RepeatWindow, Rule, date, named};
use crate::citation;
use crate::diagnostic::{Diagnostic, Place, did_you_mean};
use crate::fields::{Fields, Node, NodeValue};
use crate::model::{LinkKind, Numbering, Paths, Person, Series};
use crate::series::Rhythm;
use crate::source::Source;
use crate::text::Image;

/// Tables that exporters read.
const FORMATS: &[&str] = &["feed", "epub", "pdf", "wechat"];

/// Rhythms: the words of the model, then Chinese ones.
const RHYTHMS: &[(&str, Rhythm)] = &[
    ("daily", Rhythm::Daily),
    ("weekdays", Rhythm::Weekdays),
    ("weekly", Rhythm::Weekly),
    ("biweekly", Rhythm::Biweekly),
    ("monthly", Rhythm::Monthly),
    ("日刊", Rhythm::Daily),
    ("周刊", Rhythm::Weekly),
    ("双周刊", Rhythm::Biweekly),
    ("月刊", Rhythm::Monthly),
];

/// Styles of references.
const CITATIONS: &[(&str, citation::Style)] = &[
    ("gb7714", citation::Style::Gb7714),
    ("gb/t 7714", citation::Style::Gb7714),
    ("short", citation::Style::Short),
];

/// See [`super::series`].
pub(super) fn series(source: &Arc<Source>, formats: &[&[Rule]]) -> Loaded<Series> {
    let (node, mut diagnostics) = toml::parse(source, 0..source.text.len());
    let Some(node) = node else {
        return nothing(diagnostics);
    };
    let mut images = Vec::new();
    let mut forbidden = Forbidden::default();
    forbidden.note_all(source, &node);
    diagnostics.extend(forbidden.report(source));
    let mut fields = Fields::new(source, &node, &mut diagnostics);
    super::values::check_schema(&mut fields);
    let series = fields.table(&["series"], |fields| series_table(fields, &mut images));
    if series.is_none() {
        fields.report(
            Diagnostic::error("missing-title", "there is no table `[series]`")
                .at(Place::new(source, 0..0))
                .hint("add `[series]` with `id`, `title` and `lang`"),
        );
    }
    let mut series = series.unwrap_or_default();
    series.people = fields.table(&["people"], people).unwrap_or_default();
    let paths = fields.table(&["paths"], paths);
    let mut bibliographies = Vec::new();
    if let Some((paths, named)) = paths {
        series.paths = paths;
        series.bibliography = named.iter().map(|(path, _)| path.clone()).collect();
        bibliographies = named;
    }
    series.labels = fields.table(&["labels"], labels).unwrap_or_default();
    if let Some(numbering) = fields.table(&["html"], html).flatten() {
        series.numbering = numbering;
    }
    let check = fields.table(&["check"], |fields| check(fields, formats));
    series.check = check.unwrap_or_default();
    for format in FORMATS {
        if let Some(node) = fields.node(&[format]) {
            series.settings.insert((*format).to_owned(), node.clone());
        }
    }
    fields.finish();
    Loaded {
        value: Some(series),
        images,
        bibliographies,
        places: Places::default(),
        diagnostics,
    }
}

fn series_table(fields: &mut Fields<'_, '_>, images: &mut Vec<ImageUse>) -> Series {
    let id = id(fields, names::ID).map(|(id, _)| id);
    if id.is_none() && fields.node(names::ID).is_none() {
        let place = crate::markdown::first_line(&fields.place());
        fields.report(
            Diagnostic::error("bad-id", "the series has no id")
                .at(place)
                .hint("add `id`: feeds and books are known by it for ever, so choose it once"),
        );
    }
    let title = line(fields, names::TITLE);
    if title.is_none() {
        let place = crate::markdown::first_line(&fields.place());
        fields.report(
            Diagnostic::error("missing-title", "the series has no title")
                .at(place)
                .hint("add `title`"),
        );
    }
    let address = url(fields, names::URL).map(|url| {
        let bare = url.split(['?', '#']).next().unwrap_or_default();
        format!("{}/", bare.trim_end_matches('/'))
    });
    Series {
        id: id.unwrap_or_default(),
        title: title.unwrap_or_default(),
        subtitle: line(fields, names::SUBTITLE),
        description: line(fields, names::DESCRIPTION),
        lang: lang(fields, names::LANG),
        url: address,
        publisher: line(fields, &["publisher", "出版者"]),
        logo: image(fields, &["logo"], images),
        icon: image(fields, &["icon"], images),
        license: license(fields, names::LICENSE),
        declaration: line(fields, names::DECLARATION),
        timezone: timezone(fields),
        issn: issn(fields),
        rhythm: fields.choice(&["rhythm", "周期"], RHYTHMS),
        citation: fields.choice(&["citation", "引文格式"], CITATIONS),
        tags: words(fields, names::TAGS),
        ..Series::default()
    }
}

fn timezone(fields: &mut Fields<'_, '_>) -> String {
    let Some((name, node)) = fields.spanned_text(&["timezone", "时区"]) else {
        return Series::default().timezone;
    };
    if date::time_zone(&name).is_some() {
        return name;
    }
    let place = fields.place_of(node);
    let zones = jiff::tz::TimeZoneDatabase::bundled();
    let known: Vec<String> = zones.available().map(|zone| zone.to_string()).collect();
    let mut diagnostic = Diagnostic::error(
        "bad-timezone",
        format!("there is no time zone `{}`", super::values::shown(&name)),
    )
    .at(place);
    diagnostic = match did_you_mean(&name, known.iter().map(String::as_str)) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
        None => diagnostic.hint("write an IANA name such as Asia/Shanghai"),
    };
    fields.report(diagnostic);
    Series::default().timezone
}

/// A picture of the series: a path from the root, or a table of path and text.
fn image(
    fields: &mut Fields<'_, '_>,
    names: &[&'static str],
    images: &mut Vec<ImageUse>,
) -> Option<Image> {
    let node = fields.node(names)?;
    let (src, alt, place) = if matches!(node.value, NodeValue::Table(_)) {
        fields.table_of(node, |fields| {
            let src = fields
                .spanned_text(names::SRC)
                .map(|(src, node)| (src, fields.place_of(node)));
            let alt = line(fields, names::ALT).unwrap_or_default();
            match src {
                Some((src, place)) => (src, alt, place),
                None => (String::new(), alt, fields.place()),
            }
        })
    } else {
        (fields.text_of(node)?, String::new(), fields.place_of(node))
    };
    match picture("", &src) {
        Picture::File(path) => {
            images.push(ImageUse {
                src: path.clone(),
                place,
            });
            Some(Image {
                src: path,
                alt,
                width: None,
            })
        }
        Picture::Remote => {
            fields.report(
                Diagnostic::error("remote-image", "this picture lies on another site")
                    .at(place)
                    .hint("download it and name the file by its path from here"),
            );
            None
        }
        Picture::Refused(why) => {
            fields.report(Diagnostic::error("broken-image", why).at(place));
            None
        }
    }
}

fn people(fields: &mut Fields<'_, '_>) -> BTreeMap<String, Person> {
    fields
        .rest()
        .into_iter()
        .filter_map(|entry| {
            let person =
                fields.table_of(&entry.value, |fields| person(fields, Some(&entry.key)))?;
            Some((entry.key.clone(), person))
        })
        .collect()
}

fn paths(fields: &mut Fields<'_, '_>) -> (Paths, Vec<(String, Place)>) {
    let default = Paths::default();
    let paths = Paths {
        issues: folder(fields, "issues", default.issues),
        out: folder(fields, "out", default.out),
    };
    let mut bibliographies: Vec<(String, Place)> = Vec::new();
    for node in fields.list(names::BIBLIOGRAPHY) {
        let Some(written) = fields.text_of(node).filter(|text| !text.is_empty()) else {
            continue;
        };
        let at = fields.place_of(node);
        match cite::path(&written) {
            Ok(path) if bibliographies.iter().any(|(known, _)| *known == path) => {}
            Ok(path) => bibliographies.push((path, at)),
            Err(why) => fields.report(
                Diagnostic::error("broken-bibliography", why)
                    .at(at)
                    .hint("write a path from here, without `..`"),
            ),
        }
    }
    (paths, bibliographies)
}

/// A folder below the root.
fn folder(fields: &mut Fields<'_, '_>, name: &'static str, default: String) -> String {
    let Some((written, node)) = fields.spanned_text(&[name]) else {
        return default;
    };
    let bare = written.trim_end_matches('/');
    match picture("", bare) {
        Picture::File(path) => path,
        Picture::Remote | Picture::Refused(_) => {
            let place = fields.place_of(node);
            fields.report(
                Diagnostic::error(
                    "unknown-value",
                    format!("`{written}` is no folder of the project"),
                )
                .at(place)
                .hint("write a path from here, without `..`"),
            );
            default
        }
    }
}

fn labels(fields: &mut Fields<'_, '_>) -> BTreeMap<String, String> {
    const KEYS: [&str; 10] = [
        "url",
        "pdf",
        "code",
        "project",
        "data",
        "video",
        "slides",
        "poster",
        "blog",
        "discussion",
    ];
    debug_assert!(LinkKind::ALL.iter().all(|kind| KEYS.contains(&kind.key())));
    KEYS.iter()
        .filter_map(|key| line(fields, &[key]).map(|label| ((*key).to_owned(), label)))
        .collect()
}

fn html(fields: &mut Fields<'_, '_>) -> Option<Numbering> {
    fields.no_effect(&["theme"], |_| false, None);
    fields
        .table(&["numbering"], |fields| {
            fields.choice(
                &["papers"],
                &[
                    ("issue", Numbering::Issue),
                    ("section", Numbering::Section),
                    ("none", Numbering::None),
                ],
            )
        })
        .flatten()
}

fn check(fields: &mut Fields<'_, '_>, formats: &[&[Rule]]) -> Check {
    Check {
        deny: rules(fields, "deny", formats),
        allow: rules(fields, "allow", formats),
        repeat_window: repeat_window(fields),
    }
}

fn repeat_window(fields: &mut Fields<'_, '_>) -> RepeatWindow {
    let Some((written, node)) = fields.spanned_text(&["repeat-window"]) else {
        return RepeatWindow::default();
    };
    match (written.as_str(), written.parse()) {
        ("all", _) => RepeatWindow::All,
        ("off", _) | (_, Ok(0)) => RepeatWindow::Off,
        (_, Ok(issues)) => RepeatWindow::Last(issues),
        (_, Err(_)) => {
            let place = fields.place_of(node);
            fields.report(
                Diagnostic::error(
                    "unknown-value",
                    format!("`{}` is no window", super::values::shown(&written)),
                )
                .at(place)
                .hint("write \"all\", \"off\", or how many issues back to look"),
            );
            RepeatWindow::default()
        }
    }
}

/// The codes that a list of rules names.
fn rules(fields: &mut Fields<'_, '_>, name: &'static str, formats: &[&[Rule]]) -> Vec<String> {
    let nodes: Vec<&Node> = fields.list(&[name]);
    let mut rules = Vec::new();
    for node in nodes {
        let Some(rule) = fields.text_of(node) else {
            continue;
        };
        let named = named(&rule, name == "allow", formats);
        if let Some(fault) = named.fault {
            let place = fields.place_of(node);
            fields.report(fault.at(place));
        }
        rules.extend(named.codes.into_iter().map(str::to_owned));
    }
    rules
}
