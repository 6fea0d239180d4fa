//! The one list of output formats. A new format is a line here.

use offprint_core::Export;
use offprint_core::fields::Fields;
use offprint_epub::Epub;
use offprint_pdf::Pdf;
use offprint_rss::Rss;
use offprint_wechat::Wechat;

/// What the program knows of a format before it runs.
pub(crate) struct Format {
    /// The name on the command line.
    pub(crate) name: &'static str,
    /// Its table in `offprint.toml`.
    pub(crate) table: &'static str,
    /// Reads that table.
    pub(crate) read: fn(&mut Fields<'_, '_>) -> Box<dyn Export>,
    /// For a format that makes one file per issue: how `ID/ID.…` ends, and its media type.
    pub(crate) per_issue: Option<(&'static str, &'static str)>,
}

/// All formats, in the order in which results are listed.
pub(crate) const ALL: &[Format] = &[
    Format {
        name: "rss",
        table: "feed",
        read: |fields| Box::new(Rss::read(fields)),
        per_issue: None,
    },
    Format {
        name: "epub",
        table: "epub",
        read: |fields| Box::new(Epub::read(fields)),
        per_issue: Some(("epub", offprint_epub::MEDIA_TYPE)),
    },
    Format {
        name: "pdf",
        table: "pdf",
        read: |fields| Box::new(Pdf::read(fields)),
        per_issue: Some(("pdf", "application/pdf")),
    },
    Format {
        name: "wechat",
        table: "wechat",
        read: |fields| Box::new(Wechat::read(fields)),
        per_issue: None,
    },
];
