//! Files that an exporter carries within its own.

use offprint_core::{Attach, Attachment, Context, Diagnostic, Edition, Export};

use crate::build::{export, input_of};
use crate::fault::Fault;
use crate::project::{LoadedIssue, Project};

/// The files that an exporter wants to carry within its own, or why one cannot be made.
pub(crate) fn attachments(
    project: &Project,
    exporter: &dyn Export,
    loaded: &LoadedIssue,
    edition: &Edition<'_>,
    context: &Context<'_>,
) -> Result<Result<Vec<Attachment>, Vec<Diagnostic>>, Fault> {
    let mut attachments = Vec::new();
    for wish in exporter.attachments() {
        match wish {
            Attach::Source => {
                let Some(source) = loaded.origin.source() else {
                    let message = "this file is no longer there to be attached";
                    return Ok(Err(vec![Diagnostic::error("unreadable", message)]));
                };
                let path = source.name.replace('\\', "/");
                let name = path.rsplit('/').next().unwrap_or_default().to_owned();
                attachments.push(Attachment {
                    wish,
                    media_type: media_type_of_source(&name),
                    name,
                    data: source.text.clone().into_bytes(),
                });
            }
            Attach::Format(format) => {
                let mut others = project.exporters.iter().chain(&project.unwanted);
                let Some((_, exporter)) = others.find(|(other, _)| other.name == format) else {
                    continue;
                };
                let made = match export(exporter.as_ref(), &loaded.id, context, edition)? {
                    Ok(made) => made,
                    Err(error) => {
                        let subject = format!("{} to attach", loaded.id);
                        return input_of(error, format, &subject, &project.destination).map(Err);
                    }
                };
                if let Some(artifact) = made.artifacts.into_iter().next() {
                    let path = artifact.path.as_str();
                    attachments.push(Attachment {
                        wish,
                        name: path.rsplit('/').next().unwrap_or(path).to_owned(),
                        media_type: artifact.media_type,
                        data: artifact.data,
                    });
                }
            }
        }
    }
    Ok(Ok(attachments))
}

fn media_type_of_source(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("md" | "markdown") => "text/markdown",
        Some("yaml" | "yml") => "application/yaml",
        Some("toml") => "application/toml",
        Some("json") => "application/json",
        _ => "text/plain",
    }
}
