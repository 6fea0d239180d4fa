//! Reading named fields out of a table, whatever the file's format: every fault is
//! reported with its place, and reading goes on.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Range, RangeInclusive};
use std::sync::Arc;

use serde::Serialize;

use crate::chars::clean;
use crate::diagnostic::{Diagnostic, Place, did_you_mean};
use crate::source::Source;

/// A value of a YAML, TOML or JSON document with the bytes it was written in.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// What was written.
    pub value: NodeValue,
    /// Where.
    pub span: Range<usize>,
}

/// What a [`Node`] holds.
#[derive(Debug, Clone, PartialEq)]
pub enum NodeValue {
    /// Nothing.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Another number.
    Float(f64),
    /// Text; dates too.
    Text(String),
    /// Values in order.
    List(Vec<Node>),
    /// Named values in the order of the file. A name may stand twice: reading reports it.
    Table(Vec<Entry>),
}

/// A named value of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The name as written.
    pub key: String,
    /// Where the name stands.
    pub key_span: Range<usize>,
    /// The value.
    pub value: Node,
}

/// A value without its place, for `x-*` fields.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
#[expect(missing_docs, reason = "as in `NodeValue`")]
pub enum Value {
    Null,
    Bool(bool),
    Integer(i64),
    Float(f64),
    Text(String),
    List(Vec<Value>),
    Table(BTreeMap<String, Value>),
}

impl Node {
    /// The value without its place.
    #[must_use]
    pub fn to_value(&self) -> Value {
        match &self.value {
            NodeValue::Null => Value::Null,
            NodeValue::Bool(value) => Value::Bool(*value),
            NodeValue::Integer(value) => Value::Integer(*value),
            NodeValue::Float(value) => Value::Float(*value),
            NodeValue::Text(value) => Value::Text(clean(value).into_owned()),
            NodeValue::List(nodes) => Value::List(nodes.iter().map(Self::to_value).collect()),
            NodeValue::Table(entries) => Value::Table(
                entries
                    .iter()
                    .map(|entry| (clean(&entry.key).into_owned(), entry.value.to_value()))
                    .collect(),
            ),
        }
    }

    fn kind(&self) -> &'static str {
        match self.value {
            NodeValue::Null => "nothing",
            NodeValue::Bool(_) => "yes or no",
            NodeValue::Integer(_) | NodeValue::Float(_) => "a number",
            NodeValue::Text(_) => "text",
            NodeValue::List(_) => "a list",
            NodeValue::Table(_) => "a table",
        }
    }
}

/// A table that is being read. Each field that is asked for becomes known; what is left
/// when [`Fields::finish`] is called is reported as `unknown-field`.
#[derive(Debug)]
pub struct Fields<'n, 'd> {
    source: &'n Arc<Source>,
    span: Range<usize>,
    entries: Vec<Given<'n>>,
    known: Vec<&'static str>,
    diagnostics: &'d mut Vec<Diagnostic>,
}

/// An entry by the name that is asked for.
#[derive(Debug)]
struct Given<'n> {
    name: Cow<'n, str>,
    /// The first of the field's names, where the field is known before it is asked for.
    field: Option<&'static str>,
    entry: &'n Entry,
    is_taken: bool,
}

/// An entry with the name it goes by.
#[derive(Debug)]
pub(crate) struct Named<'n> {
    pub(crate) name: Cow<'n, str>,
    /// The first of the field's names, where it is known which field it is.
    pub(crate) field: Option<&'static str>,
    pub(crate) entry: &'n Entry,
}

impl Given<'_> {
    fn is_called(&self, names: &[&'static str]) -> bool {
        match self.field {
            Some(field) => names.first() == Some(&field),
            None => names.contains(&self.name.as_ref()),
        }
    }
}

impl<'n, 'd> Fields<'n, 'd> {
    /// Starts on `node`. Anything but a table is reported as `wrong-type` and read as an
    /// empty one; nothing at all is an empty one.
    pub fn new(
        source: &'n Arc<Source>,
        node: &'n Node,
        diagnostics: &'d mut Vec<Diagnostic>,
    ) -> Self {
        let mut entries = Vec::new();
        match &node.value {
            NodeValue::Table(table) => {
                entries.extend(table.iter().map(|entry| Named {
                    name: Cow::from(&entry.key),
                    field: None,
                    entry,
                }));
            }
            NodeValue::Null => {}
            NodeValue::Bool(_)
            | NodeValue::Integer(_)
            | NodeValue::Float(_)
            | NodeValue::Text(_)
            | NodeValue::List(_) => diagnostics.push(wrong_type(source, node, "a table of fields")),
        }
        Self::of_entries(source, node.span.clone(), entries, diagnostics)
    }

    /// Starts on entries with the names they go by. No two fields that are asked for have a
    /// name in common.
    pub(crate) fn of_entries(
        source: &'n Arc<Source>,
        span: Range<usize>,
        table: Vec<Named<'n>>,
        diagnostics: &'d mut Vec<Diagnostic>,
    ) -> Self {
        let mut entries: Vec<Given<'n>> = Vec::with_capacity(table.len());
        let mut names: BTreeSet<Cow<'n, str>> = BTreeSet::new();
        for Named { name, field, entry } in table {
            if !names.insert(name.clone()) {
                diagnostics.push(
                    Diagnostic::error("duplicate-field", format!("`{name}` stands here twice"))
                        .at(Place::new(source, entry.key_span.clone()))
                        .hint("keep one of the two"),
                );
                continue;
            }
            entries.push(Given {
                name,
                field,
                entry,
                is_taken: false,
            });
        }
        Self {
            source,
            span,
            entries,
            known: Vec::new(),
            diagnostics,
        }
    }

    /// The file that is being read.
    #[must_use]
    pub fn source(&self) -> &'n Arc<Source> {
        self.source
    }

    /// Where the whole table stands.
    #[must_use]
    pub fn place(&self) -> Place {
        Place::new(self.source, self.span.clone())
    }

    /// A place in the file.
    #[must_use]
    pub fn place_of(&self, node: &Node) -> Place {
        Place::new(self.source, node.span.clone())
    }

    /// Adds a finding.
    pub fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// The findings so far, to add to.
    pub fn diagnostics(&mut self) -> &mut Vec<Diagnostic> {
        self.diagnostics
    }

    /// The field's node. `names` holds its English name first, then its other names; two
    /// of them in one table are reported as `duplicate-field`. A field without a value
    /// counts as absent.
    pub fn node(&mut self, names: &[&'static str]) -> Option<&'n Node> {
        let mut found: Option<&Given<'n>> = None;
        for given in &mut self.entries {
            if !given.is_called(names) {
                continue;
            }
            given.is_taken = true;
            match found {
                None => found = Some(given),
                Some(first) => self.diagnostics.push(
                    Diagnostic::error(
                        "duplicate-field",
                        format!("`{}` means the same as `{}`", given.name, first.name),
                    )
                    .at(Place::new(self.source, given.entry.key_span.clone()))
                    .hint("keep one of the two"),
                ),
            }
        }
        if found.is_none() {
            // What is there already is not what another name was meant to be.
            self.known.extend(names);
        }
        found
            .map(|given| &given.entry.value)
            .filter(|node| node.value != NodeValue::Null)
    }

    /// A text field, blanks at both ends removed, forbidden characters dropped. A number
    /// or date counts as its spelling; empty text counts as absent.
    pub fn text(&mut self, names: &[&'static str]) -> Option<String> {
        self.spanned_text(names).map(|(text, _)| text)
    }

    /// [`Fields::text`] with its node.
    pub fn spanned_text(&mut self, names: &[&'static str]) -> Option<(String, &'n Node)> {
        let node = self.node(names)?;
        let text = self.text_of(node)?;
        (!text.is_empty()).then_some((text, node))
    }

    /// The text of a node, as [`Fields::text`] reads it.
    pub fn text_of(&mut self, node: &'n Node) -> Option<String> {
        match &node.value {
            NodeValue::Text(text) => Some(clean(text).trim().to_owned()),
            NodeValue::Bool(_) | NodeValue::Integer(_) | NodeValue::Float(_) => {
                let written = self.source.text.get(node.span.clone()).unwrap_or_default();
                Some(written.trim().to_owned())
            }
            NodeValue::Null => Some(String::new()),
            NodeValue::List(_) | NodeValue::Table(_) => {
                self.diagnostics.push(wrong_type(self.source, node, "text"));
                None
            }
        }
    }

    /// A list of texts; one text counts as a list of one.
    pub fn texts(&mut self, names: &[&'static str]) -> Vec<String> {
        let nodes = self.list(names);
        nodes
            .into_iter()
            .filter_map(|node| self.text_of(node))
            .filter(|text| !text.is_empty())
            .collect()
    }

    /// The nodes of a list; one value that is no list counts as a list of one.
    pub fn list(&mut self, names: &[&'static str]) -> Vec<&'n Node> {
        match self.node(names) {
            None => Vec::new(),
            Some(node) => match &node.value {
                NodeValue::List(nodes) => nodes
                    .iter()
                    .filter(|node| node.value != NodeValue::Null)
                    .collect(),
                NodeValue::Null
                | NodeValue::Bool(_)
                | NodeValue::Integer(_)
                | NodeValue::Float(_)
                | NodeValue::Text(_)
                | NodeValue::Table(_) => vec![node],
            },
        }
    }

    /// Yes or no.
    pub fn boolean(&mut self, names: &[&'static str]) -> Option<bool> {
        let node = self.node(names)?;
        let value = match &node.value {
            NodeValue::Bool(value) => Some(*value),
            // YAML 1.1 took these for truth values, and authors still do.
            NodeValue::Text(text) => match text.trim().to_ascii_lowercase().as_str() {
                "yes" | "true" | "是" => Some(true),
                "no" | "false" | "否" => Some(false),
                _ => None,
            },
            NodeValue::Null
            | NodeValue::Integer(_)
            | NodeValue::Float(_)
            | NodeValue::List(_)
            | NodeValue::Table(_) => None,
        };
        if value.is_some() {
            return value;
        }
        self.diagnostics
            .push(wrong_type(self.source, node, "`true` or `false`"));
        None
    }

    /// A whole number within `range`.
    pub fn integer(&mut self, names: &[&'static str], range: RangeInclusive<i64>) -> Option<i64> {
        let node = self.node(names)?;
        let value = match &node.value {
            NodeValue::Integer(value) => Some(*value),
            NodeValue::Text(text) => text.trim().parse().ok(),
            NodeValue::Null
            | NodeValue::Bool(_)
            | NodeValue::Float(_)
            | NodeValue::List(_)
            | NodeValue::Table(_) => None,
        };
        self.within(node, value, &range, || {
            if *range.end() < i64::from(u32::MAX) {
                format!("a whole number from {} to {}", range.start(), range.end())
            } else {
                "a whole number".to_owned()
            }
        })
    }

    /// A number within `range`.
    pub fn number(&mut self, names: &[&'static str], range: RangeInclusive<f64>) -> Option<f64> {
        let node = self.node(names)?;
        let value = match &node.value {
            NodeValue::Integer(value) => Some(*value as f64),
            NodeValue::Float(value) => Some(*value),
            NodeValue::Null
            | NodeValue::Bool(_)
            | NodeValue::Text(_)
            | NodeValue::List(_)
            | NodeValue::Table(_) => None,
        };
        self.within(node, value, &range, || {
            format!("a number from {} to {}", range.start(), range.end())
        })
    }

    fn within<T: PartialOrd>(
        &mut self,
        node: &'n Node,
        value: Option<T>,
        range: &RangeInclusive<T>,
        wanted: impl FnOnce() -> String,
    ) -> Option<T> {
        let is_number = value.is_some();
        let value = value.filter(|value| range.contains(value));
        if value.is_none() {
            let mut diagnostic = wrong_type(self.source, node, &wanted());
            if is_number {
                // Its value alone is wrong.
                diagnostic.label = None;
            }
            self.diagnostics.push(diagnostic);
        }
        value
    }

    /// One of several words; others are reported as `unknown-value` with the nearest one.
    pub fn choice<T: Copy>(
        &mut self,
        names: &[&'static str],
        choices: &[(&'static str, T)],
    ) -> Option<T> {
        let node = self.node(names)?;
        self.choice_of(names, node, choices)
    }

    /// Some of several words: a list of them, or one of them alone.
    pub fn choices<T: Copy>(
        &mut self,
        names: &[&'static str],
        choices: &[(&'static str, T)],
    ) -> Vec<T> {
        let nodes = self.list(names);
        nodes
            .into_iter()
            .filter_map(|node| self.choice_of(names, node, choices))
            .collect()
    }

    fn choice_of<T: Copy>(
        &mut self,
        names: &[&'static str],
        node: &'n Node,
        choices: &[(&'static str, T)],
    ) -> Option<T> {
        let text = self.text_of(node).filter(|text| !text.is_empty())?;
        if let Some((_, value)) = choices
            .iter()
            .find(|(word, _)| word.eq_ignore_ascii_case(&text))
        {
            return Some(*value);
        }
        let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
        let name = names.first().copied().unwrap_or_default();
        let mut diagnostic = Diagnostic::error("unknown-value", format!("`{text}` is no {name}"))
            .at(self.place_of(node));
        diagnostic = if let Some(near) = did_you_mean(&text, words.iter().copied()) {
            diagnostic.hint(format!("did you mean `{near}`?"))
        } else {
            let words: Vec<&str> = words.into_iter().filter(|word| word.is_ascii()).collect();
            diagnostic.hint(format!("write one of {}", words.join(", ")))
        };
        self.diagnostics.push(diagnostic);
        None
    }

    /// Makes a documented field known that does nothing yet, and says so where it stands,
    /// unless its value `is_met` all the same. `instead` says what is done.
    pub fn no_effect(
        &mut self,
        names: &[&'static str],
        is_met: impl Fn(&Node) -> bool,
        instead: Option<&str>,
    ) {
        let Some(node) = self.node(names).filter(|node| !is_met(node)) else {
            return;
        };
        let name = names.first().copied().unwrap_or_default();
        let mut remark = Diagnostic::remark("no-effect", format!("`{name}` has no effect yet"))
            .at(self.place_of(node));
        remark.label = instead.map(str::to_owned);
        self.report(remark);
    }

    /// A table within this one; its own unknown fields are reported.
    pub fn table<T>(
        &mut self,
        names: &[&'static str],
        read: impl FnOnce(&mut Fields<'n, '_>) -> T,
    ) -> Option<T> {
        let node = self.node(names)?;
        Some(self.table_of(node, read))
    }

    /// A node read as a table; its own unknown fields are reported.
    pub fn table_of<T>(
        &mut self,
        node: &'n Node,
        read: impl FnOnce(&mut Fields<'n, '_>) -> T,
    ) -> T {
        let mut fields = Fields::new(self.source, node, self.diagnostics);
        let value = read(&mut fields);
        fields.finish();
        value
    }

    /// All fields that nobody asked for so far, which thereby become known: for tables
    /// whose keys are the author's own.
    pub fn rest(&mut self) -> Vec<&'n Entry> {
        self.rest_if(|_| true)
            .into_iter()
            .map(|(_, entry)| entry)
            .collect()
    }

    /// Those of [`Fields::rest`] whose name passes `is_wanted`, with that name.
    pub fn rest_if(&mut self, is_wanted: impl Fn(&str) -> bool) -> Vec<(Cow<'n, str>, &'n Entry)> {
        let mut rest = Vec::new();
        for given in &mut self.entries {
            if !given.is_taken && is_wanted(&given.name) {
                given.is_taken = true;
                rest.push((given.name.clone(), given.entry));
            }
        }
        rest
    }

    /// Reports every field that nobody asked for.
    pub fn finish(&mut self) {
        /// Nobody misspells more; a file of nothing but unknown fields is no list of papers.
        const MOST_SUGGESTIONS: usize = 50;
        let rest = self.rest_if(|_| true);
        for (count, (name, entry)) in rest.into_iter().enumerate() {
            let candidates: &[&str] = if count < MOST_SUGGESTIONS {
                &self.known
            } else {
                &[]
            };
            let mut diagnostic = unknown_field(&name, candidates)
                .at(Place::new(self.source, entry.key_span.clone()));
            if let Some(near) = only_slip(&entry.key, candidates) {
                diagnostic = mended_key(diagnostic, &entry.key, near);
            }
            self.diagnostics.push(diagnostic);
        }
    }
}

/// The warning about a field that means nothing here.
#[must_use]
pub fn unknown_field(name: &str, known: &[&str]) -> Diagnostic {
    let diagnostic =
        Diagnostic::warning("unknown-field", format!("there is no field `{name}` here"));
    if let Some((name, _)) = name.split_once('：') {
        return diagnostic.hint(format!(
            "write a colon and a blank after the name: `{name}: …`"
        ));
    }
    match did_you_mean(name, known.iter().copied()) {
        Some(near) => diagnostic.label(format!("did you mean `{near}`?")),
        None => diagnostic
            .hint("remove it, or begin its name with `x-` to keep it for your own templates"),
    }
}

/// The one field whose name was surely meant: a single slip away from what was written, and
/// no other as near.
fn only_slip<'k>(written: &str, known: &[&'k str]) -> Option<&'k str> {
    /// Shorter names are near to too many others.
    const SHORTEST: usize = 4;
    let is_plain = written.len() >= SHORTEST && written.is_ascii();
    let lower = written.to_ascii_lowercase();
    let mut near = known.iter().copied().filter(|name| {
        is_plain
            && name.len() >= SHORTEST
            && name.len().abs_diff(lower.len()) <= 1
            && strsim::damerau_levenshtein(&lower, name) == 1
    });
    // A field may have been asked for twice.
    let first = near.next()?;
    near.all(|other| other == first).then_some(first)
}

/// The finding with a fix that writes another name for a key, quoted or not.
fn mended_key(diagnostic: Diagnostic, key: &str, name: &str) -> Diagnostic {
    let about = "write the name of the field";
    let quoted = format!("\"{key}\"");
    let bare = diagnostic.fix_by(about, key, name);
    if bare.fix.is_some() {
        return bare;
    }
    bare.fix_by(about, &quoted, format!("\"{name}\""))
}

fn wrong_type(source: &Arc<Source>, node: &Node, wanted: &str) -> Diagnostic {
    Diagnostic::error("wrong-type", format!("this should be {wanted}"))
        .at(Place::new(source, node.span.clone()))
        .label(format!("this is {}", node.kind()))
}
