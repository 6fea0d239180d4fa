//! Rich text as a well-formed HTML fragment that is XHTML and HTML5 at once.

use offprint_core::text::Image;

/// Where a picture is to be found from the page that shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageSource {
    /// The `src` attribute, not yet escaped.
    pub url: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

/// How a footnote's mark is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FootnoteStyle {
    /// A link `#fn-N` with the id `fnref-N` at the first reference, `epub:type="noteref"` and `role="doc-noteref"`.
    EpubNoteref,
    /// A superscript `[N]` without a link, for feeds: in-page links break there.
    Plain,
}

/// How a text becomes HTML.
pub struct Options<'a> {
    /// The level of the highest heading inside a text: 4 gives `h4`, `h5`, `h6`.
    pub heading: u8,
    /// How footnote marks are written.
    pub footnotes: FootnoteStyle,
    /// Where a picture is; `None` writes its alternative text instead.
    pub image: &'a dyn Fn(&Image) -> Option<ImageSource>,
}
