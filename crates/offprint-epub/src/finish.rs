//! What `epub-builder` cannot write, or writes wrongly, put right in the book it packed.
//!
//! Each test below holds on to one of its faults, and fails once that is mended upstream:
//! then its part of this file can go.
//!
//! - The package's metadata is replaced as a whole: languages share their ids with
//!   creators, `refines` cannot be set, contents of `meta` are not escaped, and neither
//!   source, publisher nor roles other than author can be said.
//! - The package gets its language and direction.
//! - Navigation document and NCX are replaced: no languages, no entries of two levels
//!   without quadratic work, an empty landmarks list, no `dtb:uid`.
//! - The contents become a page of the book.
//! - Apple's display options, which force a publisher's fonts where there are none, go.
//! - Every entry of the archive gets the same time and mode.

use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

const PACKAGE: &str = "OEBPS/content.opf";
const NAV: &str = "OEBPS/nav.xhtml";
const NCX: &str = "OEBPS/toc.ncx";
const DISPLAY_OPTIONS: &str = "META-INF/com.apple.ibooks.display-options.xml";
const MODE: u32 = 0o644;

/// What the book gets in place of what was packed.
pub(crate) struct Finish<'a> {
    /// The book's language.
    pub lang: &'a str,
    /// Whether it runs from right to left.
    pub rtl: bool,
    /// The package's `metadata` element.
    pub metadata: &'a str,
    /// The navigation document.
    pub nav: &'a str,
    /// The NCX.
    pub ncx: &'a str,
    /// The page after which the contents stand.
    pub contents_follow: &'a str,
}

/// Why a packed book could not be finished.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FinishError {
    #[error("{0}")]
    Zip(#[from] zip::result::ZipError),
    #[error("{0}")]
    Io(#[from] std::io::Error),
    #[error("the package document has no {0}")]
    Package(&'static str),
}

/// Packs a book anew with everything in its place.
pub(crate) fn finish(packed: &[u8], with: &Finish<'_>) -> Result<Vec<u8>, FinishError> {
    let mut from = ZipArchive::new(Cursor::new(packed))?;
    let mut to = ZipWriter::new(Cursor::new(Vec::with_capacity(packed.len())));
    for index in 0..from.len() {
        let entry = from.by_index(index)?;
        let name = entry.name().to_owned();
        let text = match name.as_str() {
            DISPLAY_OPTIONS => continue,
            PACKAGE => package(&std::io::read_to_string(entry)?, with)?,
            NAV => with.nav.to_owned(),
            NCX => with.ncx.to_owned(),
            // The builder puts `mimetype` first and does not compress it, as it must be;
            // other files are copied as they are packed.
            _ => {
                to.raw_copy_file_touch(entry, DateTime::default(), Some(MODE))?;
                continue;
            }
        };
        to.start_file(name, options())?;
        to.write_all(text.as_bytes())?;
    }
    Ok(to.finish()?.into_inner())
}

fn options() -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(MODE)
}

fn package(opf: &str, with: &Finish<'_>) -> Result<String, FinishError> {
    let (before, rest) = opf
        .split_once("<metadata")
        .ok_or(FinishError::Package("metadata"))?;
    let (_, after) = rest
        .split_once("</metadata>")
        .ok_or(FinishError::Package("end of metadata"))?;
    let (start, attributes) = before
        .split_once("<package ")
        .ok_or(FinishError::Package("package element"))?;
    let itemref = format!("<itemref idref=\"id_{}\"/>", with.contents_follow);
    let (until_title, from_title) = after
        .split_once(&itemref)
        .ok_or(FinishError::Package("title page"))?;
    let lang = with.lang;
    let dir = if with.rtl { " dir=\"rtl\"" } else { "" };
    Ok(format!(
        "{start}<package xml:lang=\"{lang}\"{dir} {attributes}{metadata}{until_title}{itemref}\n    \
         <itemref idref=\"nav\"/>{from_title}",
        metadata = with.metadata,
    ))
}
