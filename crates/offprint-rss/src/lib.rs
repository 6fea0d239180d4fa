//! Feeds: `feed.xml` with an item an issue, `papers.xml` with an item a paper, and what is
//! made of the same items: feeds of sections and tags, archives, JSON Feed, a list of the
//! feeds, and a catalogue of the books.
//!
//! Feeds follow RSS 2.0 with the modules `content`, `dc`, `prism`, `atom` and `media`,
//! RFC 5005 (archives), JSON Feed 1.1, OPML 2.0, and OPDS 1.2. What a feed says depends on
//! its issues alone: it knows no clock, and identifiers are the issues' own, never made of
//! titles, so that mending a title shows no item twice.
//!
//! An item is written once, when its issue is shown ([`Collect::add`]), and waits outside
//! memory; every feed that holds it copies it from there.

mod body;
mod catalogue;
mod channel;
mod clean;
mod collect;
mod element;
mod files;
mod formulas;
mod item;
mod json;
mod list;
mod names;
mod pages;
mod pictures;
mod settings;

use offprint_core::check::Rule;
use offprint_core::export::MemorySpool;
use offprint_core::{
    Collect, Context, Edition, Export, ExportError, Exported, Published, Scope, Series, Spool,
};

pub use settings::{Content, Rss};

/// The rules that the feeds are judged by.
pub const RULES: &[Rule] = &[
    Rule::warning(
        "feed::dropped-character",
        "a text of the feeds has a character that XML forbids",
    ),
    Rule::warning(
        "feed::math-fallback",
        "a formula cannot be drawn and is written as TeX",
    )
    .case_of("math-fallback"),
    Rule::hint(
        "rss::no-address",
        "the series has no `url`, so that its feeds hold no pictures and no books",
    ),
];

impl Export for Rss {
    fn name(&self) -> &'static str {
        "rss"
    }

    fn scope(&self) -> Scope {
        Scope::Series
    }

    fn export(
        &self,
        context: &Context<'_>,
        edition: &Edition<'_>,
    ) -> Result<Exported, ExportError> {
        let spool = MemorySpool::default();
        let collector = Box::new(collect::Collector::new(self, edition.series, &spool));
        let files_of = |issue: Option<&str>| -> Vec<Published> {
            let files = context.published.iter();
            files
                .filter(|file| file.issue.as_deref() == issue)
                .cloned()
                .collect()
        };
        let mut exported = Exported::default();
        for issue in edition.issues {
            let published = &files_of(Some(&issue.id));
            let context = Context {
                published,
                ..*context
            };
            exported.warnings.extend(collector.add(&context, issue)?);
        }
        let published = &files_of(None);
        let context = Context {
            published,
            ..*context
        };
        let mut sink = |artifact| {
            exported.artifacts.push(artifact);
            Ok(())
        };
        let warnings = collector.finish(&context, &mut sink)?;
        exported.warnings.extend(warnings);
        Ok(exported)
    }

    fn collector<'a>(
        &'a self,
        series: &'a Series,
        spool: &'a dyn Spool,
    ) -> Option<Box<dyn Collect + 'a>> {
        Some(Box::new(collect::Collector::new(self, series, spool)))
    }
}

#[cfg(test)]
mod tests;
