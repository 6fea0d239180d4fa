//! Outside links as numbered references: WeChat lets no link out.

use std::collections::BTreeMap;

use offprint_core::text::plain;
use offprint_core::words::{Words, link_label};
use offprint_core::{Issue, Series};

/// An address that the article refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reference {
    /// What is there, in plain words; empty when nothing but the address is known.
    pub(crate) label: String,
    /// The address.
    pub(crate) url: String,
}

/// The references of an article, each address once, in the order of first use.
#[derive(Debug, Default)]
pub(crate) struct References {
    names: BTreeMap<String, String>,
    numbers: BTreeMap<String, usize>,
    list: Vec<Reference>,
}

impl References {
    /// An empty list that knows what lies behind the addresses of an issue's papers.
    pub(crate) fn new(series: &Series, issue: &Issue) -> Self {
        let words = Words::of(&issue.lang);
        let mut names = BTreeMap::new();
        for paper in issue.papers() {
            let title = plain(&paper.title);
            for (kind, url) in paper.buttons() {
                let name = if Some(url) == paper.landing() {
                    title.clone()
                } else {
                    format!("{title} · {}", link_label(series, words, kind))
                };
                names.entry(url.to_owned()).or_insert(name);
            }
        }
        Self {
            names,
            ..Self::default()
        }
    }

    /// The number of an address, from 1; `label` says what is there unless a paper does.
    pub(crate) fn number(&mut self, url: &str, label: &str) -> usize {
        if let Some(&number) = self.numbers.get(url) {
            return number;
        }
        let label = self.names.get(url).map_or(label, String::as_str);
        self.list.push(Reference {
            label: if label == url { "" } else { label }.to_owned(),
            url: url.to_owned(),
        });
        self.numbers.insert(url.to_owned(), self.list.len());
        self.list.len()
    }

    /// The references so far, the first is number 1.
    pub(crate) fn list(&self) -> &[Reference] {
        &self.list
    }
}
