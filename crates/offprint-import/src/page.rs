//! A digest's page, as text or saved.
//!
//! Pages differ in everything but that a reader understands them. So nothing here knows a site:
//! a page becomes lines ([`mod@line`], [`html`]), of each line is noted what can be seen of it
//! ([`features`], with the words of [`words`]), the likeliest reading of all lines together is
//! looked for ([`grammar`]), and what it says is put into a draft ([`assemble`]).

mod address;
mod assemble;
mod evidence;
mod facts;
mod features;
mod grammar;
mod html;
mod line;
mod mentions;
mod post;
mod prose;
mod tables;
mod when;
mod words;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use offprint_core::Source;

use crate::Outcome;

/// How a page came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Copied from a browser.
    Text,
    /// HTML.
    Html,
    /// Markdown, as posts are written.
    Post,
}

/// Reads a page.
pub(crate) fn read(source: &Arc<Source>, form: Form) -> Outcome {
    let (lines, head) = match form {
        Form::Text => {
            let (fields, start) = line::front_matter(&source.text).unwrap_or_default();
            (
                line::lines(&source.text, start),
                html::Head::of_fields(&fields),
            )
        }
        Form::Html => html::read(&source.text),
        Form::Post => post::read(&source.text),
    };
    let lines = tables::prepared(lines);
    let features = features::of(&lines, &head);
    let reading = grammar::read(&lines, &features);
    assemble::assemble(source, &lines, &features, &reading, &head)
}

/// Whether a title begins with the number of a paper (`论文 3：`, `Paper 3:`), which is none of
/// its words.
pub(crate) fn is_numbered(title: &str) -> bool {
    words::numbering(title).is_some_and(|(kind, _, _)| kind == words::Numbering::Word)
}
