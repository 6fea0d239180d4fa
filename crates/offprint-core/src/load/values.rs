//! Fields read into what the model holds: one reader for issue files and `offprint.toml`.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::names::{self, Names};
use crate::check::identifier;
use crate::check::link::{self, Written};
use crate::check::url::{absolute, is_email};
use crate::diagnostic::{Diagnostic, Place};
use crate::fields::{Entry, Fields, Named, Node, NodeValue, Value};
use crate::markdown::one_line;
use crate::model::{Lang, License, Person};
use crate::source::Source;

/// A field's text on one line.
pub(super) fn line(fields: &mut Fields<'_, '_>, names: &[&'static str]) -> Option<String> {
    fields.text(names).map(|text| one_line(&text))
}

/// An address. The link or the angle brackets it may be dressed in are taken off:
/// `[PDF](https://…)`, `<https://…>`.
pub(super) fn url(fields: &mut Fields<'_, '_>, names: &[&'static str]) -> Option<String> {
    judged_url(fields, names, false)
}

/// The address of a paper's page, read as [`url`] reads others.
pub(super) fn page(fields: &mut Fields<'_, '_>, names: &[&'static str]) -> Option<String> {
    judged_url(fields, names, true)
}

fn judged_url(
    fields: &mut Fields<'_, '_>,
    names: &[&'static str],
    is_landing: bool,
) -> Option<String> {
    let (text, node) = fields.spanned_text(names)?;
    let bare = undress(&text);
    let mut place = fields.place_of(node);
    let is_set_off = text.contains(&format!("<{bare}>")) || text.contains(&format!("]({bare})"));
    let source = fields.source();
    let written = source.text.get(place.span.clone()).unwrap_or_default();
    // A link's words may be an address too; what it leads to stands behind them.
    if let Some(at) = written.rfind(bare) {
        let start = place.span.start + at;
        place = Place::new(source, start..start + bare.len());
    }
    link::read(
        Written {
            text: bare,
            place: &place,
            is_landing,
            is_set_off,
        },
        fields.diagnostics(),
    )
}

fn undress(text: &str) -> &str {
    let text = text.trim_end_matches(['；', '，', '。', '、', ';', ',']);
    let inner = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(')'))
        .and_then(|text| text.split_once("]("))
        .map_or(text, |(_, url)| url);
    let inner = inner.trim();
    inner
        .strip_prefix('<')
        .and_then(|text| text.strip_suffix('>'))
        .unwrap_or(inner)
        .trim()
}

/// A day.
pub(super) fn day(fields: &mut Fields<'_, '_>, names: &[&'static str]) -> Option<Date> {
    let (text, node) = fields.spanned_text(names)?;
    match crate::check::date::day(&text) {
        Ok(date) => Some(date),
        Err(fault) => {
            let place = fields.place_of(node);
            fields.report(bad_date(fault, &text, &place));
            None
        }
    }
}

/// What `bad-date` says of what was `written` at a place.
pub(super) fn bad_date(
    fault: crate::check::date::Fault,
    written: &str,
    place: &Place,
) -> Diagnostic {
    let place = within(place, written);
    let mut diagnostic = Diagnostic::error("bad-date", fault.message).at(place);
    diagnostic.hints.extend(fault.hint);
    match fault.meant {
        Some(date) => diagnostic.fix_by("write the date in ISO 8601", written, date.to_string()),
        None => diagnostic,
    }
}

/// The place where `words` stand within another as they are, or that other.
pub(super) fn within(place: &Place, words: &str) -> Place {
    let written = place.source.text.get(place.span.clone());
    match written.and_then(|written| written.find(words)) {
        Some(at) => {
            let start = place.span.start + at;
            Place::new(&place.source, start..start + words.len())
        }
        None => place.clone(),
    }
}

/// A language tag.
pub(super) fn lang(fields: &mut Fields<'_, '_>, names: &[&'static str]) -> Option<Lang> {
    let (text, node) = fields.spanned_text(names)?;
    let lang = Lang::parse(&text.replace('_', "-"));
    if lang.is_none() {
        let place = fields.place_of(node);
        fields.report(
            Diagnostic::error("bad-lang", format!("`{}` is no language tag", shown(&text)))
                .at(place)
                .hint("write a BCP 47 tag: zh-CN, en"),
        );
    }
    lang
}

/// A text that `read` takes or `code` refuses.
pub(super) fn identified(
    fields: &mut Fields<'_, '_>,
    names: &[&'static str],
    code: &'static str,
    what: &str,
    read: impl Fn(&str) -> Option<String>,
    form: &str,
) -> Option<String> {
    let (text, node) = fields.spanned_text(names)?;
    let value = read(undress(&text));
    if value.is_none() {
        let place = fields.place_of(node);
        fields.report(
            Diagnostic::error(code, format!("`{}` is no {what}", shown(&text)))
                .at(place)
                .hint(format!("write {form}")),
        );
    }
    value
}

/// A slug: letters, digits, `-`, `_`.
pub(super) fn id(fields: &mut Fields<'_, '_>, names: &[&'static str]) -> Option<(String, Place)> {
    let (text, node) = fields.spanned_text(names)?;
    let place = fields.place_of(node);
    let is_slug = text.len() <= 100
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    if is_slug {
        return Some((text, place));
    }
    fields.report(
        Diagnostic::error("bad-id", format!("`{}` is no id", shown(&text)))
            .at(place)
            .hint("write at most 100 letters a-z, digits, `-` and `_`"),
    );
    None
}

/// Several names in one text: between `;` or `、`, or between commas where each part is
/// clearly a whole name (`Smith, John` stays one).
pub(super) fn split_names(text: &str) -> Vec<String> {
    let parts = |separators: &[char]| -> Vec<String> {
        text.split(|character| separators.contains(&character))
            .map(one_line)
            .filter(|part| !part.is_empty())
            .collect()
    };
    let strong = [';', '；', '、', '\n'];
    if text.contains(strong) {
        return parts(&strong);
    }
    let split = parts(&[',', '，']);
    let is_whole = |name: &String| {
        name.contains(' ') || name.contains('.') || name.chars().all(crate::chars::is_han)
    };
    if split.len() > 1 && split.iter().all(is_whole) {
        return split;
    }
    let whole = one_line(text);
    if whole.is_empty() {
        Vec::new()
    } else {
        vec![whole]
    }
}

/// Names of papers' authors and institutions.
pub(super) fn names_list(fields: &mut Fields<'_, '_>, names: &[&'static str]) -> Vec<String> {
    listed(fields, names, split_names)
}

/// The items of a list, or what `split` makes of one text.
fn listed(
    fields: &mut Fields<'_, '_>,
    names: &[&'static str],
    split: impl Fn(&str) -> Vec<String>,
) -> Vec<String> {
    let Some(node) = fields.node(names) else {
        return Vec::new();
    };
    if matches!(node.value, NodeValue::List(_)) {
        return fields
            .texts(names)
            .iter()
            .map(|text| one_line(text))
            .collect();
    }
    fields
        .text_of(node)
        .map(|text| split(&text))
        .unwrap_or_default()
}

/// The DOI of a paper or an issue.
pub(super) fn doi(fields: &mut Fields<'_, '_>) -> Option<String> {
    let form = "10., a number, `/`, a name: 10.1000/182";
    identified(fields, names::DOI, "bad-doi", "DOI", identifier::doi, form)
}

/// The ISSN of a series or an issue.
pub(super) fn issn(fields: &mut Fields<'_, '_>) -> Option<String> {
    let form = "eight digits, the last computed from the others: 2049-3630";
    identified(
        fields,
        names::ISSN,
        "bad-issn",
        "ISSN",
        identifier::issn,
        form,
    )
}

/// Words between commas, or a list.
pub(super) fn words(fields: &mut Fields<'_, '_>, names: &[&'static str]) -> Vec<String> {
    listed(fields, names, |text| {
        text.split([',', '，', '、', ';', '；', '\n'])
            .map(|word| one_line(word.trim().trim_start_matches('#')))
            .filter(|word| !word.is_empty())
            .collect()
    })
}

/// Refuses numbers where people are named: a program would publish somebody called 5.
pub(super) fn no_numbers(fields: &mut Fields<'_, '_>, names: &[&'static str]) {
    for node in fields.list(names) {
        if matches!(node.value, NodeValue::Integer(_) | NodeValue::Float(_)) {
            let place = fields.place_of(node);
            fields.report(
                Diagnostic::error("wrong-type", "this should be a name")
                    .at(place)
                    .label("this is a number")
                    .hint("put it into quotes if somebody is called so"),
            );
        }
    }
}

/// People: keys of `[people]`, names, or tables.
pub(super) fn people(
    fields: &mut Fields<'_, '_>,
    names: &[&'static str],
    known: &BTreeMap<String, Person>,
) -> Vec<Person> {
    no_numbers(fields, names);
    let mut people = Vec::new();
    let of_name = |name: String| {
        known.get(&name).cloned().unwrap_or(Person {
            name,
            role: None,
            url: None,
            email: None,
            orcid: None,
        })
    };
    let is_list = fields
        .node(names)
        .is_some_and(|node| matches!(node.value, NodeValue::List(_)));
    for node in fields.list(names) {
        if matches!(node.value, NodeValue::Table(_)) {
            people.extend(fields.table_of(node, |fields| person(fields, None)));
        } else if let Some(text) = fields.text_of(node) {
            let split = if is_list {
                vec![one_line(&text)]
            } else {
                split_names(&text)
            };
            people.extend(
                split
                    .into_iter()
                    .filter(|name| !name.is_empty())
                    .map(of_name),
            );
        }
    }
    people
}

/// A person's table; `key` is the name they have without one.
pub(super) fn person(fields: &mut Fields<'_, '_>, key: Option<&str>) -> Option<Person> {
    let name = line(fields, names::NAME).or_else(|| key.map(str::to_owned));
    let role = line(fields, names::ROLE);
    let url = url(fields, names::URL);
    let email = identified(
        fields,
        names::EMAIL,
        "bad-email",
        "e-mail address",
        |text| {
            let bare = text.strip_prefix("mailto:").unwrap_or(text);
            is_email(bare).then(|| bare.to_owned())
        },
        "an address such as name@example.org",
    );
    let orcid = identified(
        fields,
        names::ORCID,
        "bad-orcid",
        "ORCID iD",
        identifier::orcid,
        "four groups of four digits: 0000-0002-1825-0097",
    );
    fields.no_effect(&["avatar", "头像"], |_| false, None);
    let Some(name) = name else {
        let place = fields.place();
        fields.report(
            Diagnostic::error("missing-title", "this person has no name")
                .at(place)
                .hint("add `name`"),
        );
        return None;
    };
    Some(Person {
        name,
        role,
        url,
        email,
        orcid,
    })
}

/// An SPDX identifier, a name, or a table of name and address.
pub(super) fn license(fields: &mut Fields<'_, '_>, names: &[&'static str]) -> Option<License> {
    let node = fields.node(names)?;
    if matches!(node.value, NodeValue::Table(_)) {
        return fields.table_of(node, |fields| {
            let url = url(fields, names::URL);
            let name = line(fields, names::NAME).or_else(|| url.clone())?;
            Some(License { name, url })
        });
    }
    let name = one_line(&fields.text_of(node)?);
    if name.is_empty() {
        return None;
    }
    let url = spdx_url(&name).or_else(|| absolute(&name).ok());
    Some(License { name, url })
}

fn spdx_url(id: &str) -> Option<String> {
    let upper = id.to_ascii_uppercase();
    if let Some(rest) = upper.strip_prefix("CC-") {
        let (terms, version) = rest.rsplit_once('-')?;
        let is_known = matches!(
            terms,
            "BY" | "BY-SA" | "BY-ND" | "BY-NC" | "BY-NC-SA" | "BY-NC-ND"
        ) && matches!(version, "1.0" | "2.0" | "2.5" | "3.0" | "4.0");
        return is_known.then(|| {
            format!(
                "https://creativecommons.org/licenses/{}/{version}/",
                terms.to_ascii_lowercase()
            )
        });
    }
    let url = match upper.as_str() {
        "CC0-1.0" => "https://creativecommons.org/publicdomain/zero/1.0/",
        "MIT" => "https://opensource.org/license/mit",
        "APACHE-2.0" => "https://www.apache.org/licenses/LICENSE-2.0",
        "BSD-2-CLAUSE" => "https://opensource.org/license/bsd-2-clause",
        "BSD-3-CLAUSE" => "https://opensource.org/license/bsd-3-clause",
        "MPL-2.0" => "https://www.mozilla.org/MPL/2.0/",
        "GPL-3.0-ONLY" | "GPL-3.0-OR-LATER" => "https://www.gnu.org/licenses/gpl-3.0.html",
        "GFDL-1.3-ONLY" | "GFDL-1.3-OR-LATER" => "https://www.gnu.org/licenses/fdl-1.3.html",
        "ISC" => "https://opensource.org/license/isc-license-txt",
        "UNLICENSE" => "https://unlicense.org/",
        _ => return None,
    };
    Some(url.to_owned())
}

/// The `x-*` fields of a table.
pub(super) fn extra(fields: &mut Fields<'_, '_>) -> BTreeMap<String, Value> {
    fields
        .rest_if(|name| name.starts_with("x-"))
        .into_iter()
        .map(|(name, entry)| (name.into_owned(), entry.value.to_value()))
        .collect()
}

/// Starts on a table whose keys are spelled as the names of `fields` are, whatever their case.
/// Entries of `defaults` stand in for fields that it lacks.
pub(super) fn normalized<'n, 'd>(
    source: &'n Arc<Source>,
    node: &'n Node,
    fields: &[Names],
    defaults: &'n [Entry],
    diagnostics: &'d mut Vec<Diagnostic>,
) -> Fields<'n, 'd> {
    let NodeValue::Table(table) = &node.value else {
        return Fields::new(source, node, diagnostics);
    };
    let mut entries = Vec::with_capacity(table.len() + defaults.len());
    let mut own: Vec<Option<Names>> = Vec::with_capacity(table.len());
    for entry in table {
        let (name, field) = spelled(&entry.key, fields);
        entries.push(named(name, field, entry));
        own.push(field);
    }
    for entry in defaults {
        let (name, field) = spelled(&entry.key, fields);
        let is_given = match field {
            Some(_) => own.contains(&field),
            None => entries.iter().any(|given| given.name == name),
        };
        if !is_given {
            entries.push(named(name, field, entry));
        }
    }
    Fields::of_entries(source, node.span.clone(), entries, diagnostics)
}

fn named<'n>(name: Cow<'n, str>, field: Option<Names>, entry: &'n Entry) -> Named<'n> {
    Named {
        name,
        field: field.and_then(|names| names.first().copied()),
        entry,
    }
}

/// A key as it is to be looked for, and the field it names.
pub(super) fn spelled<'k>(key: &'k str, fields: &[Names]) -> (Cow<'k, str>, Option<Names>) {
    let folded = names::fold(key);
    let field = names::find(fields, &folded);
    if field.is_some() || folded.starts_with("x-") {
        (folded, field)
    } else {
        (Cow::from(key.trim()), None)
    }
}

/// What a message shows of a text that may be long.
pub(crate) fn shown(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    if line.chars().count() <= 60 && line.len() == text.len() {
        line.to_owned()
    } else {
        let head: String = line.chars().take(60).collect();
        format!("{head}…")
    }
}

/// A place within a source.
pub(super) fn place(source: &Arc<Source>, node: &Node) -> Place {
    Place::new(source, node.span.clone())
}

/// Reports a file of a later version. The address of a schema is for editors alone.
pub(super) fn check_schema(fields: &mut Fields<'_, '_>) {
    fields.node(&["$schema"]);
    if let Some(node) = fields.node(names::SCHEMA) {
        let version = fields.integer(names::SCHEMA, i64::MIN..=i64::MAX);
        if version.is_some_and(|version| version != 1) {
            let at = fields.place_of(node);
            fields.report(
                Diagnostic::error("unknown-schema", "this file is written for another version")
                    .at(at)
                    .hint("this program reads schema 1"),
            );
        }
    }
}
