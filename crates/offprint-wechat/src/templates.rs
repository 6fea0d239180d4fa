//! The templates of an article, and those that the curator put in their place.

use std::fmt::Write as _;
use std::io;

use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior};
use offprint_core::diagnostic::did_you_mean;
use offprint_core::{Diagnostic, ExportError, Files, Place};
use serde::Serialize;

/// Where the curator's templates lie, from the project's root.
pub(crate) const FOLDER: &str = "templates/wechat/";
/// The most instructions that writing one article may take. The largest issues take a tenth;
/// a template that needs more never ends.
const FUEL: u64 = 20_000_000;
/// The most bytes that a template may write. A preview page holds its pictures.
const MAX_PAGE: usize = 256 * 1024 * 1024;
/// The deepest nesting of templates within each other, in minijinja's measure.
const DEPTH: usize = 200;

/// The article's templates, each of which may be replaced.
const ARTICLE: [(&str, &str); 12] = [
    (
        "article.html",
        include_str!("../../../templates/wechat/article.html"),
    ),
    (
        "header.html",
        include_str!("../../../templates/wechat/header.html"),
    ),
    (
        "dateline.html",
        include_str!("../../../templates/wechat/dateline.html"),
    ),
    (
        "intro.html",
        include_str!("../../../templates/wechat/intro.html"),
    ),
    (
        "papers.html",
        include_str!("../../../templates/wechat/papers.html"),
    ),
    (
        "paper.html",
        include_str!("../../../templates/wechat/paper.html"),
    ),
    (
        "notes.html",
        include_str!("../../../templates/wechat/notes.html"),
    ),
    (
        "list.html",
        include_str!("../../../templates/wechat/list.html"),
    ),
    (
        "references.html",
        include_str!("../../../templates/wechat/references.html"),
    ),
    (
        "footer.html",
        include_str!("../../../templates/wechat/footer.html"),
    ),
    (
        "account.html",
        include_str!("../../../templates/wechat/account.html"),
    ),
    (
        "page.html",
        include_str!("../../../templates/preview/page.html"),
    ),
];

/// The one that is not the article's.
const PAGE: &str = "page.html";

/// All templates, with every value escaped that is not marked `safe`. For one of the curator's
/// that does not parse, which [`check`] tells, ours stands in.
///
/// # Errors
/// When a template of the program's own does not parse.
pub(crate) fn environment(files: &Files) -> Result<Environment<'static>, ExportError> {
    let mut environment = empty();
    for (name, text) in ARTICLE {
        environment
            .add_template(name, text)
            .map_err(|error| failed(name, &error, &Files::new()))?;
        let own = files.get(&format!("{FOLDER}{name}"));
        if let Some(source) = own.filter(|_| name != PAGE) {
            // A template that does not parse leaves the earlier one in place.
            let _ = environment.add_template_owned(name, source.text.clone());
        }
    }
    Ok(environment)
}

/// An environment without templates.
fn empty() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    environment.set_recursion_limit(DEPTH);
    environment.set_debug(true);
    // minijinja's own escaper also turns every `/` of an address into an entity.
    environment.set_formatter(|out, _, value| {
        if value.is_safe() {
            return Ok(write!(out, "{value}")?);
        }
        let mut text = String::new();
        write!(text, "{value}")?;
        for character in text.chars() {
            match character {
                '&' => out.write_str("&amp;")?,
                '<' => out.write_str("&lt;")?,
                '>' => out.write_str("&gt;")?,
                '"' => out.write_str("&quot;")?,
                _ => out.write_char(character)?,
            }
        }
        Ok(())
    });
    environment
}

/// What is wrong with the curator's templates: names that replace nothing, and all that do
/// not parse.
pub(crate) fn check(files: &Files) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let names = ARTICLE.map(|(name, _)| name);
    let mut environment = empty();
    for (path, source) in files {
        let Some(name) = path.strip_prefix(FOLDER) else {
            continue;
        };
        if name == PAGE || !names.contains(&name) {
            let known = names.into_iter().filter(|name| *name != PAGE);
            let near = did_you_mean(name, known.clone());
            let unknown = Diagnostic::warning(
                "unknown-template",
                format!("`{path}` takes the place of no template"),
            )
            .at(Place::new(source, 0..0));
            diagnostics.push(if let Some(near) = near {
                unknown.hint(format!("did you mean `{near}`?"))
            } else {
                let known: Vec<&str> = known.collect();
                unknown.hint(format!("name it one of {}", known.join(", ")))
            });
            continue;
        }
        let parsed = environment.add_template_owned(name.to_owned(), source.text.clone());
        if let Err(error) = parsed {
            diagnostics.push(diagnostic(name, &error, files).unwrap_or_else(|| {
                Diagnostic::error("bad-template", error.to_string()).at(Place::new(source, 0..0))
            }));
        }
    }
    diagnostics
}

/// Fills in a template of the program's own.
///
/// # Errors
/// When the template asks for a value that is not there.
pub(crate) fn render(
    environment: &Environment<'_>,
    name: &str,
    values: &impl Serialize,
) -> Result<String, ExportError> {
    fill_in(environment, name, values).map_err(|error| failed(name, &error, &Files::new()))
}

/// Writes an article.
///
/// # Errors
/// [`ExportError::Input`] when a template of the curator's fails, with its place.
pub(crate) fn write(
    environment: &Environment<'_>,
    article: &impl Serialize,
    files: &Files,
) -> Result<String, ExportError> {
    let name = "article.html";
    fill_in(environment, name, article).map_err(|error| failed(name, &error, files))
}

fn fill_in(
    environment: &Environment<'_>,
    name: &str,
    values: &impl Serialize,
) -> Result<String, Error> {
    let mut page = Page::default();
    let template = environment.get_template(name)?;
    template.render_captured_to(Serde(values), &mut page)?;
    String::from_utf8(page.0)
        .map_err(|error| Error::new(ErrorKind::WriteFailure, error.to_string()))
}

/// What a template writes, as long as that stays within reason.
#[derive(Default)]
struct Page(Vec<u8>);

impl io::Write for Page {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > MAX_PAGE {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn failed(name: &str, error: &Error, files: &Files) -> ExportError {
    match diagnostic(name, error, files) {
        Some(diagnostic) => ExportError::Input(vec![diagnostic]),
        None => ExportError::Internal(format!("the template {name} failed: {error:#}")),
    }
}

/// The fault of a template of the curator's: the innermost one that the error passed through
/// and that is theirs. What fails in one of ours was called by it.
fn diagnostic(name: &str, error: &Error, files: &Files) -> Option<Diagnostic> {
    let mut innermost = error;
    let mut chain = vec![error];
    while let Some(cause) =
        std::error::Error::source(innermost).and_then(|cause| cause.downcast_ref::<Error>())
    {
        chain.push(cause);
        innermost = cause;
    }
    let theirs = chain.iter().rev().find_map(|error| {
        let name = error.name().unwrap_or(name);
        let source = files.get(&format!("{FOLDER}{name}"))?;
        Some((*error, source))
    });
    let (at, source) = theirs.or_else(|| {
        // A loop without an end is told where it ran out of breath, which may be anywhere.
        let first = files.iter().find(|(path, _)| path.starts_with(FOLDER))?;
        is_endless(innermost).then_some((error, first.1))
    })?;
    let range = at.range().unwrap_or_else(|| {
        let line = at.line().unwrap_or(1).saturating_sub(1);
        let start: usize = source
            .text
            .split_inclusive('\n')
            .take(line)
            .map(str::len)
            .sum();
        let rest = source.text.get(start..).unwrap_or_default();
        start..start + rest.find('\n').unwrap_or(rest.len())
    });
    let message = match (is_endless(innermost), innermost.detail()) {
        (true, _) => "this template does not come to an end".to_owned(),
        (false, Some(detail)) => format!("{}: {detail}", innermost.kind()),
        (false, None) => innermost.kind().to_string(),
    };
    Some(
        Diagnostic::error("bad-template", message)
            .at(Place::new(source, range))
            .hint("the head of each built-in template says what it is given"),
    )
}

fn is_endless(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::OutOfFuel | ErrorKind::WriteFailure)
        || error
            .detail()
            .is_some_and(|detail| detail.contains("recursion limit"))
}
