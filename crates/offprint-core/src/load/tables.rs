//! The tables of an issue's front matter.

use super::Location;
use super::decode::too_large;
use super::names::{self, Names};
use super::paper::MAX_COMMENTARY;
use super::values::{day, doi, issn, license, line, shown, url, words};
use crate::diagnostic::Diagnostic;
use crate::fields::{Entry, Fields, NodeValue};
use crate::markdown::{first_line, one_line, percent};
use crate::model::{Event, Identifier, IssueSource, SourceKind, Tag};

const SOURCE_KINDS: &[(&str, SourceKind)] = &[
    ("wechat", SourceKind::Wechat),
    ("web", SourceKind::Web),
    ("mail", SourceKind::Mail),
    ("微信", SourceKind::Wechat),
    ("公众号", SourceKind::Wechat),
    ("网站", SourceKind::Web),
    ("网页", SourceKind::Web),
    ("邮件", SourceKind::Mail),
];

/// The most fields that `defaults` may hold, since every paper gets a copy.
const MAX_DEFAULTS: usize = 64;

pub(super) fn issue_id(
    fields: &mut Fields<'_, '_>,
    location: &Location,
    has_facts: bool,
) -> Option<String> {
    if let Some((text, node)) = fields.spanned_text(names::ID) {
        if is_issue_id(&text) {
            return Some(text);
        }
        let at = fields.place_of(node);
        fields.report(
            Diagnostic::error("bad-id", format!("`{}` is no id", shown(&text)))
                .at(at)
                .hint(
                    "write at most 100 letters a-z, digits and `-`: it names files and addresses",
                ),
        );
        return None;
    }
    if let Some(id) = id_of_stem(&location.stem) {
        return Some(id);
    }
    if has_facts {
        let at = first_line(&fields.place());
        fields.report(
            Diagnostic::error(
                "bad-id",
                format!("the file's name, `{}`, gives no id", shown(&location.stem)),
            )
            .at(at)
            .hint("add `id: …` of letters a-z, digits and `-`: it names files and addresses"),
        );
    }
    None
}

/// The id that a file's name gives, if it gives one.
pub(crate) fn id_of_stem(stem: &str) -> Option<String> {
    let slug = stem.to_ascii_lowercase().replace([' ', '_', '.'], "-");
    is_issue_id(&slug).then_some(slug)
}

/// Whether an issue may have this id.
pub(crate) fn is_issue_id(id: &str) -> bool {
    (1..=100).contains(&id.len())
        && id
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && !id.starts_with('-')
        && !id.ends_with('-')
        && crate::export::is_portable_name(id)
}

pub(super) fn issue_source(fields: &mut Fields<'_, '_>) -> Option<IssueSource> {
    let node = fields.node(names::SOURCE)?;
    if !matches!(node.value, NodeValue::Table(_)) {
        return line(fields, names::SOURCE).map(|name| IssueSource {
            name: Some(name),
            ..IssueSource::default()
        });
    }
    Some(fields.table_of(node, |fields| IssueSource {
        kind: fields.choice(names::KIND, SOURCE_KINDS),
        name: line(fields, names::NAME),
        id: line(fields, &["id", "微信号"]),
        title: line(fields, &["title", "标题", "原文标题"]),
        url: url(fields, names::URL),
        via: line(fields, names::VIA),
        date: day(fields, names::DATE),
        license: license(fields, names::LICENSE),
    }))
}

/// The fields that papers inherit.
pub(super) fn paper_defaults(fields: &mut Fields<'_, '_>) -> Vec<Entry> {
    let Some(node) = fields.node(names::DEFAULTS) else {
        return Vec::new();
    };
    let at = fields.place_of(node);
    match &node.value {
        NodeValue::Table(entries) => {
            let is_large = entries.len() > MAX_DEFAULTS || node.span.len() > MAX_COMMENTARY;
            if is_large {
                fields.report(too_large(
                    "the defaults",
                    &format!("{MAX_DEFAULTS} fields and {MAX_COMMENTARY} bytes"),
                    &at,
                ));
                return Vec::new();
            }
            entries.clone()
        }
        NodeValue::Null
        | NodeValue::Bool(_)
        | NodeValue::Integer(_)
        | NodeValue::Float(_)
        | NodeValue::Text(_)
        | NodeValue::List(_) => {
            fields.table_of(node, |_| ());
            Vec::new()
        }
    }
}

pub(super) fn event(fields: &mut Fields<'_, '_>) -> Option<Event> {
    let node = fields.node(names::EVENT)?;
    if !matches!(node.value, NodeValue::Table(_)) {
        return line(fields, names::EVENT).map(|name| Event {
            name,
            ..Event::default()
        });
    }
    fields.table_of(node, |fields| {
        let name = line(fields, names::NAME);
        let event = Event {
            name: name.clone().unwrap_or_default(),
            start: day(fields, names::START),
            end: day(fields, names::END),
            place: line(fields, names::PLACE),
            url: url(fields, names::URL),
            submissions: count(fields, names::SUBMISSIONS),
            review: line(fields, names::REVIEW),
        };
        if name.is_none() {
            let at = first_line(&fields.place());
            fields.report(
                Diagnostic::error("missing-title", "this event has no name")
                    .at(at)
                    .hint("add `name`"),
            );
            return None;
        }
        Some(event)
    })
}

pub(super) fn tags(fields: &mut Fields<'_, '_>) -> Vec<Tag> {
    let bare = |name: String| Tag {
        name,
        url: None,
        followers: None,
        articles: None,
        views: None,
    };
    let Some(node) = fields.node(names::TAGS) else {
        return Vec::new();
    };
    if !matches!(node.value, NodeValue::List(_) | NodeValue::Table(_)) {
        return words(fields, names::TAGS).into_iter().map(bare).collect();
    }
    let mut tags = Vec::new();
    for node in fields.list(names::TAGS) {
        if !matches!(node.value, NodeValue::Table(_)) {
            let name = fields.text_of(node).map(|name| one_line(&name));
            tags.extend(name.filter(|name| !name.is_empty()).map(bare));
            continue;
        }
        tags.extend(fields.table_of(node, |fields| {
            let name = line(fields, names::NAME);
            let url = url(fields, names::URL);
            let followers = count(fields, names::FOLLOWERS);
            let articles = count(fields, names::ARTICLES);
            let views = count(fields, names::VIEWS);
            let Some(name) = name else {
                let at = first_line(&fields.place());
                fields.report(
                    Diagnostic::error("missing-title", "this tag has no name")
                        .at(at)
                        .hint("add `name`"),
                );
                return None;
            };
            Some(Tag {
                name,
                url,
                followers,
                articles,
                views,
            })
        }));
    }
    tags
}

pub(super) fn identifier_table(fields: &mut Fields<'_, '_>) -> Identifier {
    Identifier {
        doi: doi(fields),
        issn: issn(fields),
        urn: line(fields, names::URN),
    }
}

pub(super) fn counted(fields: &mut Fields<'_, '_>, names: Names) -> Option<u32> {
    fields
        .integer(names, 0..=i64::from(u32::MAX))
        .and_then(|number| u32::try_from(number).ok())
}

pub(super) fn count(fields: &mut Fields<'_, '_>, names: Names) -> Option<u64> {
    fields
        .integer(names, 0..=i64::MAX)
        .and_then(|number| u64::try_from(number).ok())
}

pub(super) fn width(fields: &mut Fields<'_, '_>) -> Option<u8> {
    let (text, node) = fields.spanned_text(names::WIDTH)?;
    let width = percent(&text);
    if width.is_none() {
        let at = fields.place_of(node);
        fields.report(
            Diagnostic::error("unknown-value", format!("`{}` is no width", shown(&text)))
                .at(at)
                .hint("write a share of the text's width: 60%"),
        );
    }
    width
}
