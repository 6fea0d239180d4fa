//! The pages' templates.

use minijinja::{AutoEscape, Environment, Error, UndefinedBehavior, Value};

const TEMPLATES: [(&str, &str); 11] = [
    (
        "back.xhtml",
        include_str!("../../../templates/epub/back.xhtml"),
    ),
    (
        "chapter.xhtml",
        include_str!("../../../templates/epub/chapter.xhtml"),
    ),
    (
        "cover.xhtml",
        include_str!("../../../templates/epub/cover.xhtml"),
    ),
    (
        "document.xhtml",
        include_str!("../../../templates/epub/document.xhtml"),
    ),
    (
        "metadata.opf",
        include_str!("../../../templates/epub/metadata.opf"),
    ),
    (
        "nav.xhtml",
        include_str!("../../../templates/epub/nav.xhtml"),
    ),
    (
        "paper.xhtml",
        include_str!("../../../templates/epub/paper.xhtml"),
    ),
    (
        "stylesheet.css",
        include_str!("../../../templates/epub/stylesheet.css"),
    ),
    (
        "title.xhtml",
        include_str!("../../../templates/epub/title.xhtml"),
    ),
    (
        "turn.xhtml",
        include_str!("../../../templates/epub/turn.xhtml"),
    ),
    ("toc.ncx", include_str!("../../../templates/epub/toc.ncx")),
];

/// All templates, with every value escaped that is not marked `safe`.
///
/// # Errors
/// When a template does not parse.
pub(crate) fn environment() -> Result<Environment<'static>, Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    // By their names minijinja would take these files for plain text.
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    // One escaper for templates and for bodies of text; minijinja's own would also turn
    // every `/` of an address into an entity.
    environment.set_formatter(|out, _, value| {
        if value.is_safe() {
            write!(out, "{value}")?;
        } else if let Some(text) = value.as_str() {
            out.write_str(&offprint_html::escape(text))?;
        } else {
            out.write_str(&offprint_html::escape(&value.to_string()))?;
        }
        Ok(())
    });
    for (name, source) in TEMPLATES {
        environment.add_template(name, source)?;
    }
    Ok(environment)
}

/// Fills in a template.
///
/// # Errors
/// When the template asks for a value that is not there.
pub(crate) fn render(
    environment: &Environment<'_>,
    name: &str,
    values: Value,
) -> Result<String, Error> {
    environment.get_template(name)?.render(values)
}
