//! What the file says of itself: the information dictionary and XMP (ISO 16684-1).

use std::fmt::Write as _;

use offprint_core::Moment;
use offprint_core::colophon::imprint;

use super::file::{File, Id, push_text};
use super::{Facts, PRODUCER};
use crate::settings::Standard;

fn authors<'a>(facts: &Facts<'a>) -> Vec<&'a str> {
    let issue = facts.issue;
    issue
        .authors
        .iter()
        .chain(&issue.editors)
        .map(|person| person.name.as_str())
        .collect()
}

fn tags<'a>(facts: &Facts<'a>) -> Vec<&'a str> {
    facts
        .issue
        .tags
        .iter()
        .map(|tag| tag.name.as_str())
        .chain(facts.series.tags.iter().map(String::as_str))
        .collect()
}

/// Writes the information dictionary.
pub(super) fn write_info(file: &mut File, facts: &Facts<'_>) -> Id {
    let issue = facts.issue;
    let (authors, tags) = (authors(facts).join(", "), tags(facts).join(", "));
    let (created, modified) = (pdf_date(issue.date), pdf_date(issue.modified()));
    let mut body = b"<<".to_vec();
    for (key, words) in [
        ("Title", issue.title.as_str()),
        ("Author", &authors),
        ("Subject", issue.description.as_deref().unwrap_or_default()),
        ("Keywords", &tags),
        ("Creator", "offprint"),
        ("Producer", PRODUCER),
        ("CreationDate", &created),
        ("ModDate", &modified),
    ] {
        if !words.is_empty() {
            body.push(b'/');
            body.extend_from_slice(key.as_bytes());
            push_text(&mut body, words);
        }
    }
    body.extend_from_slice(b">>");
    file.add(&body)
}

/// Writes the XMP packet: not compressed, as readers that do not know PDF look for it in
/// the file's bytes.
pub(super) fn write_xmp(file: &mut File, facts: &Facts<'_>) -> Id {
    let id = file.reserve();
    let packet = xmp(facts, &authors(facts), &tags(facts));
    file.raw_stream(id, b"/Type/Metadata/Subtype/XML", packet.as_bytes());
    id
}

/// PDF/UA and PDF/A, and the schema of the former, which PDF/A does not know.
fn conformance(facts: &Facts<'_>) -> String {
    let mut out = String::from("<pdfuaid:part>1</pdfuaid:part>\n");
    if facts.standard == Standard::Archival {
        // Files of other kinds may be carried only since the third part.
        let part = if facts.attachments.is_empty() { 2 } else { 3 };
        let _ = writeln!(out, "<pdfaid:part>{part}</pdfaid:part>");
        out.push_str(
            "<pdfaid:conformance>A</pdfaid:conformance>\n\
             <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType=\"Resource\">\
             <pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>\
             <pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
             <pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>\
             <pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType=\"Resource\">\
             <pdfaProperty:name>part</pdfaProperty:name>\
             <pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
             <pdfaProperty:category>internal</pdfaProperty:category>\
             <pdfaProperty:description>Part of ISO 14289</pdfaProperty:description>\
             </rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>\n",
        );
    }
    out
}

fn xmp(facts: &Facts<'_>, authors: &[&str], tags: &[&str]) -> String {
    let issue = facts.issue;
    let lang = issue.lang.as_str();
    let mut out = String::from(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n\
         <x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n\
         <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n\
         <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\" \
         xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\" \
         xmlns:pdfuaid=\"http://www.aiim.org/pdfua/ns/id/\" \
         xmlns:pdfaExtension=\"http://www.aiim.org/pdfa/ns/extension/\" \
         xmlns:pdfaSchema=\"http://www.aiim.org/pdfa/ns/schema#\" \
         xmlns:pdfaProperty=\"http://www.aiim.org/pdfa/ns/property#\">\n",
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
    push(conformance(facts));
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
pub(super) fn pdf_date(moment: Moment) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

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
