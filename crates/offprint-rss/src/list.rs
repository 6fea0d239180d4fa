//! `feeds.opml`: all feeds of the series, for readers to subscribe to in one go (OPML 2.0,
//! <http://opml.org/spec2.opml>).

use offprint_core::words::{Label, Words};
use offprint_core::{ExportError, Moment};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use crate::channel::About;

/// The media type of OPML.
pub(crate) const MEDIA_TYPE: &str = "text/x-opml";

/// A feed to be listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) title: String,
    /// Its path from the output folder.
    pub(crate) path: String,
    /// Whether it is written in RSS, else in JSON.
    pub(crate) is_rss: bool,
}

/// The feeds of a series in groups.
#[derive(Debug, Default)]
pub(crate) struct Feeds {
    /// Those of the whole series.
    pub(crate) whole: Vec<Entry>,
    /// Those of sections.
    pub(crate) sections: Vec<Entry>,
    /// Those of tags.
    pub(crate) tags: Vec<Entry>,
}

/// The file, for feeds that lie below `base`.
///
/// # Errors
/// When the writer fails.
pub(crate) fn write(
    feeds: &Feeds,
    about: &About,
    base: &str,
    words: Words,
    modified: Option<Moment>,
) -> Result<Vec<u8>, ExportError> {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    (|| {
        writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
        writer.write_event(Event::Start(
            BytesStart::new("opml").with_attributes([("version", "2.0")]),
        ))?;
        writer.write_event(Event::Start(BytesStart::new("head")))?;
        text(&mut writer, "title", &about.title)?;
        if let Some(modified) = modified {
            text(&mut writer, "dateModified", &modified.rfc2822())?;
        }
        text(&mut writer, "docs", "http://opml.org/spec2.opml")?;
        writer.write_event(Event::End(BytesEnd::new("head")))?;
        writer.write_event(Event::Start(BytesStart::new("body")))?;
        group(&mut writer, &about.title, &feeds.whole, about, base)?;
        let title = match words {
            Words::Chinese => "栏目",
            Words::English => "Sections",
        };
        group(&mut writer, title, &feeds.sections, about, base)?;
        let title = match words {
            Words::Chinese => words.label(Label::Tags),
            Words::English => "Tags",
        };
        group(&mut writer, title, &feeds.tags, about, base)?;
        writer.write_event(Event::End(BytesEnd::new("body")))?;
        writer.write_event(Event::End(BytesEnd::new("opml")))
    })()
    .map_err(|error: std::io::Error| {
        ExportError::Internal(format!("the list of feeds could not be written: {error}"))
    })?;
    let mut bytes = writer.into_inner();
    bytes.push(b'\n');
    Ok(bytes)
}

fn group(
    writer: &mut Writer<Vec<u8>>,
    title: &str,
    entries: &[Entry],
    about: &About,
    base: &str,
) -> std::io::Result<()> {
    if entries.is_empty() {
        return Ok(());
    }
    let start = BytesStart::new("outline").with_attributes([("text", title), ("title", title)]);
    writer.write_event(Event::Start(start))?;
    for entry in entries {
        let url = format!("{base}{}", entry.path);
        let mut outline = BytesStart::new("outline").with_attributes([
            ("text", entry.title.as_str()),
            ("title", entry.title.as_str()),
            ("type", "rss"),
            ("xmlUrl", url.as_str()),
        ]);
        if let Some(link) = &about.link {
            outline.push_attribute(("htmlUrl", link.as_str()));
        }
        if entry.is_rss {
            outline.push_attribute(("version", "RSS2"));
        }
        if let Some(lang) = &about.lang {
            outline.push_attribute(("language", lang.as_str()));
        }
        writer.write_event(Event::Empty(outline))?;
    }
    writer.write_event(Event::End(BytesEnd::new("outline")))
}

fn text(writer: &mut Writer<Vec<u8>>, name: &str, value: &str) -> std::io::Result<()> {
    writer.write_event(Event::Start(BytesStart::new(name)))?;
    writer.write_event(Event::Text(BytesText::new(value)))?;
    writer.write_event(Event::End(BytesEnd::new(name)))
}
