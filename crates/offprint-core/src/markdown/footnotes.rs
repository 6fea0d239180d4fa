//! Footnotes: gathered while texts are read, numbered when all are known.

use std::collections::{BTreeMap, BTreeSet};

use crate::chars::clean;
use crate::diagnostic::{Diagnostic, Place};
use crate::text::{Block, Footnote, Inline, Text};

use super::first_line;

/// A `[^label]`; until all is read, [`Inline::FootnoteRef`] holds its place in the list.
#[derive(Debug)]
struct Reference {
    scope: usize,
    label: String,
    place: Place,
}

#[derive(Debug)]
struct Definition {
    scope: usize,
    label: String,
    place: Place,
    content: Text,
    number: Option<u32>,
}

/// The footnotes of a file. A label means the definition in its own text (a commentary, an
/// introduction), else the first of that label in the file.
#[derive(Debug, Default)]
pub(super) struct Footnotes {
    /// The text that is being read, and how many there have been.
    scope: usize,
    scopes: usize,
    references: Vec<Reference>,
    definitions: Vec<Definition>,
    defined: BTreeSet<(usize, String)>,
}

impl Footnotes {
    /// Begins a text with footnotes of its own, and returns the one it stands in.
    pub(super) fn enter(&mut self) -> usize {
        self.scopes += 1;
        std::mem::replace(&mut self.scope, self.scopes)
    }

    /// Goes back to the text that [`Footnotes::enter`] returned.
    pub(super) fn leave(&mut self, outer: usize) {
        self.scope = outer;
    }

    /// Takes a reference; what it returns stands for it until footnotes have numbers.
    pub(super) fn refer(&mut self, label: &str, place: Place) -> Inline {
        let index = u32::try_from(self.references.len()).unwrap_or(u32::MAX);
        self.references.push(Reference {
            scope: self.scope,
            label: clean(label).into_owned(),
            place,
        });
        Inline::FootnoteRef(index)
    }

    /// Takes a definition; reports one whose label is taken.
    pub(super) fn define(
        &mut self,
        label: &str,
        place: Place,
        content: Text,
    ) -> Option<Diagnostic> {
        let is_new = self.defined.insert((self.scope, fold(label)));
        let twice = (!is_new).then(|| {
            Diagnostic::error(
                "duplicate-footnote",
                format!("the footnote `{label}` is defined twice"),
            )
            .at(first_line(&place))
            .hint("give one of the two another label")
        });
        self.definitions.push(Definition {
            scope: self.scope,
            label: clean(label).into_owned(),
            place,
            content,
            number: None,
        });
        twice
    }

    /// Takes footnotes of a text that was read apart; `passages` are all of its texts.
    pub(super) fn absorb(&mut self, apart: Self, passages: Vec<Passage<'_>>) {
        let scopes = self.scopes;
        let first = u32::try_from(self.references.len()).unwrap_or(u32::MAX);
        let mut shift = |index: u32| Some(index.saturating_add(first));
        if !apart.references.is_empty() && first > 0 {
            for passage in passages {
                passage.renumber(&mut shift);
            }
        }
        self.scopes += apart.scopes;
        self.references
            .extend(apart.references.into_iter().map(|reference| Reference {
                scope: reference.scope + scopes,
                ..reference
            }));
        for mut definition in apart.definitions {
            definition.scope += scopes;
            renumber(&mut definition.content, &mut shift);
            self.definitions.push(definition);
        }
        self.defined.extend(
            apart
                .defined
                .into_iter()
                .map(|(scope, label)| (scope + scopes, label)),
        );
    }

    /// Gives footnotes their numbers by first reference; `passages` come in reading order.
    /// Returns the footnotes in the order of their numbers.
    pub(super) fn number(
        &mut self,
        passages: Vec<Passage<'_>>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Vec<Footnote> {
        let mut local: BTreeMap<(usize, String), usize> = BTreeMap::new();
        let mut anywhere: BTreeMap<String, usize> = BTreeMap::new();
        for (index, definition) in self.definitions.iter().enumerate() {
            let label = fold(&definition.label);
            local
                .entry((definition.scope, label.clone()))
                .or_insert(index);
            anywhere.entry(label).or_insert(index);
        }
        let references = std::mem::take(&mut self.references);
        let definitions = &mut self.definitions;
        let mut order: Vec<usize> = Vec::new();
        let mut resolve =
            |index: u32, order: &mut Vec<usize>, definitions: &mut Vec<Definition>| {
                let reference = references.get(usize::try_from(index).ok()?)?;
                let label = fold(&reference.label);
                let found = local
                    .get(&(reference.scope, label.clone()))
                    .or_else(|| anywhere.get(&label));
                let Some(&found) = found else {
                    diagnostics.push(undefined(reference));
                    return None;
                };
                let definition = definitions.get_mut(found)?;
                if definition.number.is_none() {
                    order.push(found);
                    definition.number = u32::try_from(order.len()).ok();
                }
                definition.number
            };
        for passage in passages {
            passage.renumber(&mut |index| resolve(index, &mut order, definitions));
        }
        // Footnotes may refer to footnotes, which come after those of the text.
        let mut footnotes = Vec::new();
        while let Some(&index) = order.get(footnotes.len()) {
            let Some(definition) = definitions.get_mut(index) else {
                break;
            };
            let label = definition.label.clone();
            let mut content = std::mem::take(&mut definition.content);
            renumber(&mut content, &mut |index| {
                resolve(index, &mut order, definitions)
            });
            footnotes.push(Footnote { label, content });
        }
        for definition in definitions.iter() {
            if definition.number.is_none() {
                diagnostics.push(
                    Diagnostic::warning(
                        "unused-footnote",
                        format!("nothing refers to the footnote `{}`", definition.label),
                    )
                    .at(first_line(&definition.place)),
                );
            }
        }
        footnotes
    }
}

fn undefined(reference: &Reference) -> Diagnostic {
    let label = &reference.label;
    Diagnostic::error(
        "undefined-footnote",
        format!("the footnote `{label}` is not defined"),
    )
    .at(reference.place.clone())
    .hint(format!("define it: [^{label}]: …"))
}

/// A stretch of an issue that may refer to footnotes.
pub(crate) enum Passage<'t> {
    /// Blocks.
    Text(&'t mut Text),
    /// One line.
    Line(&'t mut Vec<Inline>),
}

impl Passage<'_> {
    fn renumber(self, number: &mut impl FnMut(u32) -> Option<u32>) {
        match self {
            Self::Text(text) => renumber(text, number),
            Self::Line(line) => renumber_line(line, number),
        }
    }
}

fn renumber(text: &mut Text, number: &mut impl FnMut(u32) -> Option<u32>) {
    for block in text {
        match block {
            Block::Paragraph(content) | Block::Heading { content, .. } => {
                renumber_line(content, number);
            }
            Block::List(list) => list
                .items
                .iter_mut()
                .for_each(|item| renumber(&mut item.content, number)),
            Block::Quote(content) => renumber(content, number),
            Block::Figure(figure) => renumber_line(&mut figure.caption, number),
            Block::Table(table) => std::iter::once(&mut table.head)
                .chain(&mut table.rows)
                .flatten()
                .for_each(|cell| renumber_line(cell, number)),
            Block::Code { .. } | Block::Math(_) | Block::Rule => {}
        }
    }
}

fn renumber_line(line: &mut Vec<Inline>, number: &mut impl FnMut(u32) -> Option<u32>) {
    line.retain_mut(|inline| match inline {
        Inline::FootnoteRef(index) => match number(*index) {
            Some(found) => {
                *index = found;
                true
            }
            None => false,
        },
        Inline::Emphasis(content)
        | Inline::Strong(content)
        | Inline::Strike(content)
        | Inline::Link { content, .. } => {
            renumber_line(content, number);
            true
        }
        Inline::Text(_)
        | Inline::Code(_)
        | Inline::Math(_)
        | Inline::Image(_)
        | Inline::HardBreak => true,
    });
}

fn fold(label: &str) -> String {
    label.to_lowercase()
}
