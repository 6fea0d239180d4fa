//! What printpdf leaves out or gets wrong, by lopdf: codes, links, outline, metadata,
//! a repeatable identifier, object streams.

use std::fmt::Write as _;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use lopdf::{
    Dictionary, Document, Object, ObjectId, SaveOptions, Stream, StringFormat, dictionary,
};
use offprint_core::colophon::imprint;
use offprint_core::{ExportError, Issue, Moment, Series};
use sha2::{Digest, Sha256};

use crate::fonts;
use crate::page::{Bookmark, Flow, Link, Target};
use crate::paginate::Pages;
use crate::paint::Painted;

/// What the document is about, and where things stand in it.
pub(crate) struct Facts<'a> {
    pub(crate) series: &'a Series,
    pub(crate) issue: &'a Issue,
    pub(crate) flow: &'a Flow,
    pub(crate) pages: &'a Pages,
    /// Of a page, in points.
    pub(crate) height: f32,
}

const PRODUCER: &str = concat!("offprint ", env!("CARGO_PKG_VERSION"));

fn internal(error: &lopdf::Error) -> ExportError {
    ExportError::Internal(format!("lopdf: {error}"))
}

/// Finishes a painted document and writes it.
///
/// # Errors
/// When the document is not built as printpdf builds it, or cannot be written.
pub(crate) fn finish(painted: Painted, facts: &Facts<'_>) -> Result<Vec<u8>, ExportError> {
    let mut document = painted.document;
    "1.7".clone_into(&mut document.version);
    let pages: Vec<ObjectId> = document.page_iter().collect();
    share_resources(&mut document, &pages).map_err(|error| internal(&error))?;
    mend_fonts(&mut document, &pages, &painted.faces).map_err(|error| internal(&error))?;
    link(&mut document, &pages, facts).map_err(|error| internal(&error))?;
    let outline = outline(&mut document, &pages, facts);
    describe(&mut document, outline, facts).map_err(|error| internal(&error))?;
    compress(&mut document).map_err(|error| ExportError::Internal(error.to_string()))?;
    identify(&mut document, facts);
    let mut bytes = Vec::new();
    let options = SaveOptions::builder()
        .use_object_streams(true)
        .use_xref_streams(true)
        .max_objects_per_stream(200)
        .compression_level(6)
        .build();
    document
        .save_with_options(&mut bytes, options)
        .map_err(|error| ExportError::Internal(error.to_string()))?;
    Ok(bytes)
}

/// One dictionary of resources for all pages instead of a copy each.
fn share_resources(document: &mut Document, pages: &[ObjectId]) -> Result<(), lopdf::Error> {
    let mut shared = None;
    for &page in pages {
        let own = document
            .get_dictionary(page)?
            .get(b"Resources")?
            .as_reference()?;
        match shared {
            None => shared = Some(own),
            Some(shared) => {
                document.objects.remove(&own);
                document
                    .get_dictionary_mut(page)?
                    .set("Resources", Object::Reference(shared));
            }
        }
    }
    Ok(())
}

/// Our codes are neither glyphs nor characters: says which glyph each code draws and which
/// characters it means.
fn mend_fonts(
    document: &mut Document,
    pages: &[ObjectId],
    faces: &std::collections::BTreeMap<crate::shape::Face, fonts::Embedded>,
) -> Result<(), lopdf::Error> {
    let Some(&first) = pages.first() else {
        return Ok(());
    };
    let resources = document
        .get_dictionary(first)?
        .get(b"Resources")?
        .as_reference()?;
    let all = document
        .get_dictionary(resources)?
        .get(b"Font")?
        .as_reference()?;
    for (&face, embedded) in faces {
        let name = fonts::id(face).0;
        let font = document
            .get_dictionary(all)?
            .get(name.as_bytes())?
            .as_reference()?;
        let to_unicode = document
            .get_dictionary(font)?
            .get(b"ToUnicode")?
            .as_reference()?;
        document.set_object(
            to_unicode,
            Stream::new(Dictionary::new(), embedded.to_unicode.clone().into_bytes()),
        );
        let glyphs = document.add_object(Stream::new(
            Dictionary::new(),
            embedded.glyphs_by_code.clone(),
        ));
        let descendants = document
            .get_dictionary_mut(font)?
            .get_mut(b"DescendantFonts")?
            .as_array_mut()?;
        for descendant in descendants {
            descendant
                .as_dict_mut()?
                .set("CIDToGIDMap", Object::Reference(glyphs));
        }
    }
    Ok(())
}

fn link(
    document: &mut Document,
    pages: &[ObjectId],
    facts: &Facts<'_>,
) -> Result<(), lopdf::Error> {
    for (&id, page) in pages.iter().zip(&facts.pages.pages) {
        let mut annotations = Vec::new();
        for link in &page.links {
            if let Some(annotation) = annotation(link, id, pages, facts) {
                annotations.push(Object::Reference(document.add_object(annotation)));
            }
        }
        let page = document.get_dictionary_mut(id)?;
        if annotations.is_empty() {
            page.remove(b"Annots");
        } else {
            page.set("Annots", annotations);
        }
        // Reading order is the order of the page's content.
        page.set("Tabs", "S");
        page.remove(b"TrimBox");
        page.remove(b"CropBox");
    }
    Ok(())
}

fn annotation(
    link: &Link,
    page: ObjectId,
    pages: &[ObjectId],
    facts: &Facts<'_>,
) -> Option<Dictionary> {
    let mut annotation = dictionary! {
        "Type" => "Annot",
        "Subtype" => "Link",
        "Rect" => vec![
            real(link.x),
            real(facts.height - link.y - link.height),
            real(link.x + link.width),
            real(facts.height - link.y),
        ],
        "Border" => vec![0.into(), 0.into(), 0.into()],
        // Printed with the page (ISO 32000-2, table 167).
        "F" => 4,
        "P" => page,
        "Contents" => text(&link.words),
    };
    match &link.target {
        Target::Url(url) => annotation.set(
            "A",
            dictionary! {
                "S" => "URI",
                "URI" => Object::String(ascii_url(url), StringFormat::Literal),
            },
        ),
        Target::Anchor(anchor) => annotation.set("Dest", destination(*anchor, pages, facts)?),
    }
    Some(annotation)
}

fn destination(
    anchor: crate::page::Anchor,
    pages: &[ObjectId],
    facts: &Facts<'_>,
) -> Option<Object> {
    let spot = facts.pages.spots.get(&anchor)?;
    let page = pages.get(spot.page)?;
    // A little above, so that the line is not cut by the window's edge.
    let top = (facts.height - spot.y + 8.0).min(facts.height);
    Some(Object::Array(vec![
        Object::Reference(*page),
        "XYZ".into(),
        Object::Null,
        real(top),
        Object::Null,
    ]))
}

/// Writes the bookmarks as a tree; `None` without bookmarks.
fn outline(document: &mut Document, pages: &[ObjectId], facts: &Facts<'_>) -> Option<ObjectId> {
    let bookmarks: Vec<(&Bookmark, Object)> = facts
        .flow
        .bookmarks
        .iter()
        .filter_map(|bookmark| {
            destination(bookmark.anchor, pages, facts).map(|place| (bookmark, place))
        })
        .collect();
    if bookmarks.is_empty() {
        return None;
    }
    let root = document.new_object_id();
    let ids: Vec<ObjectId> = bookmarks.iter().map(|_| document.new_object_id()).collect();
    // The outermost entries, each with its children.
    let mut tree: Vec<(usize, Vec<usize>)> = Vec::new();
    for (index, (bookmark, _)) in bookmarks.iter().enumerate() {
        match tree.last_mut() {
            Some((_, children)) if bookmark.level > 0 => children.push(index),
            _ => tree.push((index, Vec::new())),
        }
    }
    let id = |index: usize| ids.get(index).copied().unwrap_or(root);
    let mut write = |siblings: &[usize], parent: ObjectId, children: &[Vec<usize>]| {
        for (position, &index) in siblings.iter().enumerate() {
            let Some((bookmark, place)) = bookmarks.get(index) else {
                continue;
            };
            let mut entry = dictionary! {
                "Title" => text(&bookmark.title),
                "Parent" => parent,
                "Dest" => place.clone(),
            };
            if let Some(&before) = position
                .checked_sub(1)
                .and_then(|place| siblings.get(place))
            {
                entry.set("Prev", id(before));
            }
            if let Some(&after) = siblings.get(position + 1) {
                entry.set("Next", id(after));
            }
            let own = children.get(position).map_or(&[][..], Vec::as_slice);
            if let (Some(&first), Some(&last)) = (own.first(), own.last()) {
                entry.set("First", id(first));
                entry.set("Last", id(last));
                entry.set("Count", own.len() as i64);
            }
            document.set_object(id(index), entry);
        }
    };
    let outermost: Vec<usize> = tree.iter().map(|&(index, _)| index).collect();
    let children: Vec<Vec<usize>> = tree.into_iter().map(|(_, children)| children).collect();
    write(&outermost, root, &children);
    for (&parent, own) in outermost.iter().zip(&children) {
        write(own, id(parent), &[]);
    }
    let (first, last) = (outermost.first().copied()?, outermost.last().copied()?);
    document.set_object(
        root,
        dictionary! {
            "Type" => "Outlines",
            "First" => id(first),
            "Last" => id(last),
            "Count" => bookmarks.len() as i64,
        },
    );
    Some(root)
}

fn describe(
    document: &mut Document,
    outline: Option<ObjectId>,
    facts: &Facts<'_>,
) -> Result<(), lopdf::Error> {
    let issue = facts.issue;
    let authors: Vec<&str> = issue
        .authors
        .iter()
        .chain(&issue.editors)
        .map(|person| person.name.as_str())
        .collect();
    let tags: Vec<&str> = issue
        .tags
        .iter()
        .map(|tag| tag.name.as_str())
        .chain(facts.series.tags.iter().map(String::as_str))
        .collect();
    let mut info = dictionary! {
        "Title" => text(&issue.title),
        "Creator" => text("offprint"),
        "Producer" => text(PRODUCER),
        "CreationDate" => text(&pdf_date(issue.date)),
        "ModDate" => text(&pdf_date(issue.modified())),
    };
    if !authors.is_empty() {
        info.set("Author", text(&authors.join(", ")));
    }
    if !tags.is_empty() {
        info.set("Keywords", text(&tags.join(", ")));
    }
    if let Some(description) = &issue.description {
        info.set("Subject", text(description));
    }
    let info = document.add_object(info);
    if let Ok(old) = document.trailer.get(b"Info").and_then(Object::as_reference) {
        document.objects.remove(&old);
    }
    document.trailer.set("Info", info);
    let metadata = Stream::new(
        dictionary! { "Type" => "Metadata", "Subtype" => "XML" },
        xmp(facts, &authors, &tags).into_bytes(),
    )
    // Readers that do not know PDF look for it in the file's bytes.
    .with_compression(false);
    let metadata = document.add_object(metadata);
    let catalog = document.catalog_mut()?;
    catalog.set("Lang", text(issue.lang.as_str()));
    catalog.set("Metadata", metadata);
    catalog.set(
        "ViewerPreferences",
        dictionary! { "DisplayDocTitle" => true },
    );
    catalog.set("PageLayout", "SinglePage");
    if let Some(outline) = outline {
        catalog.set("Outlines", outline);
        catalog.set("PageMode", "UseOutlines");
    }
    Ok(())
}

fn xmp(facts: &Facts<'_>, authors: &[&str], tags: &[&str]) -> String {
    let issue = facts.issue;
    let lang = issue.lang.as_str();
    let mut out = String::from(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n\
         <x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n\
         <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n\
         <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\">\n",
    );
    let mut push = |line: String| {
        out.push_str(&line);
        out.push('\n');
    };
    let alternative = |value: &str| {
        format!(
            "<rdf:Alt><rdf:li xml:lang=\"x-default\">{}</rdf:li></rdf:Alt>",
            escape(value)
        )
    };
    let list = |kind: &str, values: &[&str]| {
        let mut items = String::new();
        for value in values {
            let _ = write!(items, "<rdf:li>{}</rdf:li>", escape(value));
        }
        format!("<rdf:{kind}>{items}</rdf:{kind}>")
    };
    push("<dc:format>application/pdf</dc:format>".to_owned());
    push(format!(
        "<dc:title>{}</dc:title>",
        alternative(&issue.title)
    ));
    push(format!(
        "<dc:language>{}</dc:language>",
        list("Bag", &[lang])
    ));
    push(format!(
        "<dc:date>{}</dc:date>",
        list("Seq", &[&issue.date.rfc3339()])
    ));
    if !authors.is_empty() {
        push(format!("<dc:creator>{}</dc:creator>", list("Seq", authors)));
    }
    if !tags.is_empty() {
        push(format!("<dc:subject>{}</dc:subject>", list("Bag", tags)));
        push(format!(
            "<pdf:Keywords>{}</pdf:Keywords>",
            escape(&tags.join(", "))
        ));
    }
    if let Some(description) = &issue.description {
        push(format!(
            "<dc:description>{}</dc:description>",
            alternative(description)
        ));
    }
    if let Some(publisher) = facts
        .series
        .publisher
        .as_deref()
        .or_else(|| imprint(facts.series, issue))
    {
        push(format!(
            "<dc:publisher>{}</dc:publisher>",
            list("Bag", &[publisher])
        ));
    }
    if let Some(license) = &issue.license {
        push(format!(
            "<dc:rights>{}</dc:rights>",
            alternative(&license.name)
        ));
    }
    push(format!(
        "<xmp:CreateDate>{0}</xmp:CreateDate>\n<xmp:ModifyDate>{1}</xmp:ModifyDate>\n\
         <xmp:MetadataDate>{1}</xmp:MetadataDate>",
        issue.date.rfc3339(),
        issue.modified().rfc3339()
    ));
    push(format!(
        "<xmp:CreatorTool>offprint</xmp:CreatorTool>\n<pdf:Producer>{PRODUCER}</pdf:Producer>\n\
         </rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"r\"?>"
    ));
    out
}

fn escape(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '&' => "&amp;".to_owned(),
            '<' => "&lt;".to_owned(),
            '>' => "&gt;".to_owned(),
            '"' => "&quot;".to_owned(),
            other => other.to_string(),
        })
        .collect()
}

/// `D:20201102155000+08'00'` (ISO 32000-2, 7.9.4).
fn pdf_date(moment: Moment) -> String {
    let minutes = moment.offset_minutes();
    let sign = if minutes < 0 { '-' } else { '+' };
    let minutes = minutes.abs();
    format!(
        "D:{}{sign}{:02}'{:02}'",
        moment.civil().strftime("%Y%m%d%H%M%S"),
        minutes / 60,
        minutes % 60
    )
}

/// A text string: as it is where it is ASCII, else UTF-16 with a byte order mark.
fn text(words: &str) -> Object {
    if words.is_ascii() {
        return Object::String(words.as_bytes().to_vec(), StringFormat::Literal);
    }
    let mut bytes = vec![0xfe, 0xff];
    for unit in words.encode_utf16() {
        bytes.extend(unit.to_be_bytes());
    }
    Object::String(bytes, StringFormat::Hexadecimal)
}

/// An address in ASCII alone, as a PDF's links must be.
fn ascii_url(url: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(url.len());
    for byte in url.bytes() {
        if byte.is_ascii_graphic() {
            out.push(byte);
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

fn real(points: f32) -> Object {
    Object::Real((points * 100.0).round() / 100.0)
}

fn compress(document: &mut Document) -> std::io::Result<()> {
    for object in document.objects.values_mut() {
        if let Object::Stream(stream) = object
            && stream.allows_compression
            && !stream.dict.has(b"Filter")
        {
            let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(6));
            encoder.write_all(&stream.content)?;
            let compressed = encoder.finish()?;
            if compressed.len() + 20 < stream.content.len() {
                stream.set_content(compressed);
                stream.dict.set("Filter", "FlateDecode");
            }
        }
    }
    Ok(())
}

/// The first part names the issue, the second this very content (ISO 32000-2, 14.4).
fn identify(document: &mut Document, facts: &Facts<'_>) {
    let mut name = Sha256::new();
    name.update(facts.series.id.as_bytes());
    name.update([0]);
    name.update(facts.issue.id.as_bytes());
    let mut content = name.clone();
    for object in document.objects.values() {
        if let Object::Stream(stream) = object {
            content.update(&stream.content);
        }
    }
    let part = |hash: Sha256| {
        let bytes: Vec<u8> = hash.finalize().iter().take(16).copied().collect();
        Object::String(bytes, StringFormat::Hexadecimal)
    };
    document
        .trailer
        .set("ID", Object::Array(vec![part(name), part(content)]));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_ascii_or_utf_16() {
        assert_eq!(
            text("a(b"),
            Object::String(b"a(b".to_vec(), StringFormat::Literal)
        );
        assert_eq!(
            text("中"),
            Object::String(vec![0xfe, 0xff, 0x4e, 0x2d], StringFormat::Hexadecimal)
        );
    }

    #[test]
    fn an_address_is_ascii() {
        assert_eq!(
            ascii_url("https://a.cn/论 文"),
            b"https://a.cn/%E8%AE%BA%20%E6%96%87"
        );
    }

    #[test]
    fn a_date_has_its_offset() {
        let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(-3));
        let moment = Moment::from_date(jiff::civil::date(2020, 11, 2), &zone).unwrap();
        assert_eq!(pdf_date(moment), "D:20201102000000-03'00'");
    }

    #[test]
    fn metadata_is_escaped() {
        assert_eq!(escape("<a & \"b\">"), "&lt;a &amp; &quot;b&quot;&gt;");
    }
}
