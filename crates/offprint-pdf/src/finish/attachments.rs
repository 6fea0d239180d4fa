//! Files carried within the document (ISO 32000-1, 7.11.4, and ISO 19005-3, 6.8).

use std::io::Write as _;

use offprint_core::export::Attach;

use super::Facts;
use super::file::{File, push_text};
use super::metadata::pdf_date;

/// Entries for the catalog and its names; empty without any file.
#[derive(Default)]
pub(super) struct Attached {
    pub(super) names: String,
    pub(super) associated: String,
}

/// Writes the attached files.
pub(super) fn write(file: &mut File, facts: &Facts<'_>) -> Attached {
    if facts.attachments.is_empty() {
        return Attached::default();
    }
    let mut named: Vec<(&str, String)> = Vec::new();
    for attachment in facts.attachments {
        let stream = file.reserve();
        let mut entries = b"/Type/EmbeddedFile/Subtype/".to_vec();
        // A slash within a name is escaped.
        entries.extend_from_slice(attachment.media_type.replace('/', "#2F").as_bytes());
        let _ = write!(entries, "/Params<</Size {}/ModDate", attachment.data.len());
        push_text(&mut entries, &pdf_date(facts.issue.modified()));
        entries.extend_from_slice(b">>");
        file.stream(stream, &entries, &attachment.data);
        let mut body = b"<</Type/Filespec/F".to_vec();
        push_text(&mut body, &attachment.name);
        body.extend_from_slice(b"/UF");
        push_text(&mut body, &attachment.name);
        let (relation, words) = match attachment.wish {
            Attach::Source => ("Source", "The issue as it was written"),
            Attach::Format(_) => ("Alternative", "The issue as a book"),
        };
        let _ = write!(
            body,
            "/AFRelationship/{relation}/Desc({words})/EF<</F {stream}/UF {stream}>>>>"
        );
        named.push((&attachment.name, file.add(&body).to_string()));
    }
    named.sort();
    let mut tree = b"<</Names[".to_vec();
    for (name, id) in &named {
        push_text(&mut tree, name);
        tree.extend_from_slice(id.as_bytes());
        tree.push(b' ');
    }
    tree.extend_from_slice(b"]>>");
    let tree = file.add(&tree);
    let ids: Vec<&str> = named.iter().map(|(_, id)| id.as_str()).collect();
    Attached {
        names: format!("/EmbeddedFiles {tree}"),
        associated: format!("/AF[{}]", ids.join(" ")),
    }
}
