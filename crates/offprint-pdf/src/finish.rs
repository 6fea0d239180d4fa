//! A document's bytes: pages, links, bookmarks, structure, metadata, a repeatable
//! identifier.

mod attachments;
pub(crate) mod file;
mod icc;
mod links;
mod metadata;
mod outline;
mod structure;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;

use lopdf::{Dictionary, Document, Object};
use offprint_core::export::Attachment;
use offprint_core::{ExportError, Issue, Series};
use sha2::{Digest, Sha256};

use crate::content::Content;
use crate::fonts;
use crate::forms::{self, Forms};
use crate::page::{Anchor, Bookmark};
use crate::paginate::Pages;
use crate::settings::Standard;
use crate::shape::Face;
use crate::structure::Tree;
use file::{File, Id, push_entries, push_number, push_object};
use structure::Annotation;

/// What the document is about, and where things stand in it.
pub(crate) struct Facts<'a> {
    pub(crate) series: &'a Series,
    pub(crate) issue: &'a Issue,
    pub(crate) standard: Standard,
    pub(crate) tree: &'a Tree,
    pub(crate) bookmarks: &'a [Bookmark],
    pub(crate) pages: &'a Pages,
    /// Places that links from outside may name.
    pub(crate) names: BTreeMap<String, Anchor>,
    /// Files to be carried along.
    pub(crate) attachments: &'a [Attachment],
    /// Of a page, in points.
    pub(crate) width: f32,
    pub(crate) height: f32,
}

/// What pages draw with.
pub(crate) struct Resources<'a> {
    /// The fonts and pictures, as printpdf made them.
    pub(crate) document: Document,
    pub(crate) faces: &'a BTreeMap<Face, fonts::Embedded>,
    pub(crate) forms: &'a Forms,
}

const PRODUCER: &str = concat!("offprint ", env!("CARGO_PKG_VERSION"));

fn internal(error: &lopdf::Error) -> ExportError {
    ExportError::Internal(format!("lopdf: {error}"))
}

/// Writes a document.
///
/// # Errors
/// When the resources are not built as printpdf builds them.
pub(crate) fn finish(
    mut resources: Resources<'_>,
    contents: &[Content],
    facts: &Facts<'_>,
) -> Result<Vec<u8>, ExportError> {
    let mut file = File::new();
    mend_fonts(&mut resources).map_err(|error| internal(&error))?;
    let shared = write_resources(&mut file, &resources.document, resources.forms)
        .map_err(|error| internal(&error))?;
    let tree = file.reserve();
    let pages: Vec<Id> = contents.iter().map(|_| file.reserve()).collect();
    let annotations = links::write(&mut file, facts, &pages);
    write_pages(
        &mut file,
        contents,
        &pages,
        &annotations,
        (tree, shared),
        facts,
    );
    let structure = structure::write(
        &mut file,
        &structure::Sources {
            tree: facts.tree,
            contents,
            pages: &pages,
            annotations: &annotations,
        },
    );
    let outline = outline::write(&mut file, facts, &pages);
    let names = links::write_names(&mut file, facts, &pages);
    let attached = attachments::write(&mut file, facts);
    let info = metadata::write_info(&mut file, facts);
    let mut catalog = format!(
        "<</Type/Catalog/Pages {tree}/StructTreeRoot {structure}/MarkInfo<</Marked true>>\
         /ViewerPreferences<</DisplayDocTitle true>>/PageLayout/SinglePage/PageLabels {}\
         /Names<</Dests {names}{}>>{}/Metadata {}/OutputIntents[{}]/Lang",
        page_labels(facts.pages.has_cover),
        attached.names,
        attached.associated,
        metadata::write_xmp(&mut file, facts),
        output_intent(&mut file),
    )
    .into_bytes();
    file::push_text(&mut catalog, facts.issue.lang.as_str());
    if let Some(outline) = outline {
        let _ = write!(catalog, "/Outlines {outline}/PageMode/UseOutlines");
    }
    catalog.extend_from_slice(b">>");
    let catalog = file.add(&catalog);
    Ok(file.finish(|bytes| {
        format!(
            "/Root {catalog}/Info {info}/ID[{}]",
            identifier(facts, bytes)
        )
    }))
}

/// Writes the pages and the tree that they hang on.
fn write_pages(
    file: &mut File,
    contents: &[Content],
    pages: &[Id],
    annotations: &[Annotation],
    (tree, resources): (Id, Id),
    facts: &Facts<'_>,
) {
    let mut rest = annotations;
    for (number, (&id, content)) in pages.iter().zip(contents).enumerate() {
        let stream = file.reserve();
        file.raw_stream(stream, b"/Filter/FlateDecode", &content.stream);
        let mut body = format!("<</Type/Page/Parent {tree}/MediaBox[0 0 ").into_bytes();
        push_number(&mut body, facts.width);
        body.push(b' ');
        push_number(&mut body, facts.height);
        // Reading order is that of the structure.
        let _ = write!(
            body,
            "]/Resources {resources}/Contents {stream}/StructParents {number}/Tabs/S"
        );
        let count = rest.partition_point(|annotation| annotation.page as usize <= number);
        let (own, others) = rest.split_at(count);
        rest = others;
        if !own.is_empty() {
            let own: Vec<String> = own.iter().map(|link| link.id.to_string()).collect();
            let _ = write!(body, "/Annots[{}]", own.join(" "));
        }
        body.extend_from_slice(b">>");
        file.object(id, &body);
    }
    let kids: Vec<String> = pages.iter().map(Id::to_string).collect();
    let body = format!(
        "<</Type/Pages/Count {}/Kids[{}]>>",
        pages.len(),
        kids.join(" ")
    );
    file.object(tree, body.as_bytes());
}

/// Decimal numbers from 1, but none on a cover.
fn page_labels(has_cover: bool) -> &'static str {
    if has_cover {
        "<</Nums[0<</P(cover)>>1<</S/D>>]>>"
    } else {
        "<</Nums[0<</S/D>>]>>"
    }
}

fn output_intent(file: &mut File) -> String {
    let profile = file.reserve();
    file.stream(profile, b"/N 3/Alternate/DeviceRGB", &icc::srgb());
    format!(
        "<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB IEC61966-2.1)\
         /RegistryName(http://www.color.org)/Info(sRGB IEC61966-2.1)/DestOutputProfile {profile}>>"
    )
}

/// The first part names the issue, the second this very content (ISO 32000-1, 14.4).
fn identifier(facts: &Facts<'_>, bytes: &[u8]) -> String {
    let mut name = Sha256::new();
    name.update(facts.series.id.as_bytes());
    name.update([0]);
    name.update(facts.issue.id.as_bytes());
    let mut content = name.clone();
    content.update(bytes);
    let part = |hash: Sha256| -> String {
        let digits = hash.finalize();
        let digits = digits.iter().take(16).map(|byte| format!("{byte:02X}"));
        format!("<{}>", digits.collect::<String>())
    };
    part(name) + &part(content)
}

/// Writes fonts, pictures and the outlines of formulas. Returns the number of the dictionary that names them, which
/// all pages share.
fn write_resources(
    file: &mut File,
    document: &Document,
    forms: &Forms,
) -> Result<Id, lopdf::Error> {
    let page = document.page_iter().next().unwrap_or_default();
    let page = document.get_dictionary(page)?;
    let own = document.get_dictionary(page.get(b"Resources")?.as_reference()?)?;
    let mut wanted = Dictionary::new();
    for kind in [b"Font".as_slice(), b"XObject"] {
        let named = document.get_dictionary(own.get(kind)?.as_reference()?)?;
        if !named.is_empty() {
            wanted.set(kind, Object::Dictionary(named.clone()));
        }
    }
    // Everything that these lead to, under new numbers in the same order.
    let mut known: BTreeSet<u32> = BTreeSet::new();
    let mut next = Vec::new();
    collect_references(&Object::Dictionary(wanted.clone()), &mut next);
    while let Some(number) = next.pop() {
        if known.insert(number) {
            let object = document.get_object((number, 0))?;
            collect_references(object, &mut next);
        }
    }
    let highest = known.last().copied().unwrap_or_default();
    let shift = file.reserve_many(highest as usize).0 - 1;
    for number in known {
        let id = Id(number + shift);
        let object = document.get_object((number, 0))?;
        let mut body = Vec::new();
        if let Object::Stream(stream) = object {
            let mut dictionary = stream.dict.clone();
            dictionary.remove(b"Length");
            push_entries(&mut body, &dictionary, shift);
            if dictionary.has(b"Filter") {
                file.raw_stream(id, &body, &stream.content);
            } else {
                file.stream(id, &body, &stream.content);
            }
        } else {
            push_object(&mut body, object, shift);
            file.object(id, &body);
        }
    }
    let mut body = b"<<".to_vec();
    let mut named = Vec::new();
    for (number, form) in forms.written().enumerate() {
        let id = file.reserve();
        file.stream(id, &form.entries, &form.stream);
        let _ = write!(named, "/{} {id}", forms::name(number));
    }
    for (kind, objects) in &wanted {
        let _ = write!(body, "/{}<<", String::from_utf8_lossy(kind));
        if let Ok(objects) = objects.as_dict() {
            push_entries(&mut body, objects, shift);
        }
        if kind == b"XObject" {
            body.append(&mut named);
        }
        body.extend_from_slice(b">>");
    }
    if !named.is_empty() {
        body.extend_from_slice(b"/XObject<<");
        body.append(&mut named);
        body.extend_from_slice(b">>");
    }
    body.extend_from_slice(b">>");
    Ok(file.add(&body))
}

fn collect_references(object: &Object, out: &mut Vec<u32>) {
    match object {
        Object::Reference((number, _)) => out.push(*number),
        Object::Array(items) => items.iter().for_each(|item| collect_references(item, out)),
        Object::Dictionary(dictionary) => dictionary
            .iter()
            .for_each(|(_, value)| collect_references(value, out)),
        Object::Stream(stream) => stream
            .dict
            .iter()
            .for_each(|(_, value)| collect_references(value, out)),
        Object::Null
        | Object::Boolean(_)
        | Object::Integer(_)
        | Object::Real(_)
        | Object::Name(_)
        | Object::String(..) => {}
    }
}

/// Our codes are neither glyphs nor characters: says which glyph each code draws and which
/// characters it means.
fn mend_fonts(resources: &mut Resources<'_>) -> Result<(), lopdf::Error> {
    let document = &mut resources.document;
    let page = document.page_iter().next().unwrap_or_default();
    let own = document
        .get_dictionary(page)?
        .get(b"Resources")?
        .as_reference()?;
    let all = document.get_dictionary(own)?.get(b"Font")?.as_reference()?;
    for (&face, embedded) in resources.faces {
        let font = document
            .get_dictionary(all)?
            .get(fonts::name(face).as_bytes())?
            .as_reference()?;
        fonts::mend(document, font, face, embedded)?;
    }
    Ok(())
}
