//! The names of elements, attributes and classes, and what is known of them.

/// Elements seen in published articles, in alphabetical order.
const TAGS: [&str; 69] = [
    "a",
    "animate",
    "animatemotion",
    "animatetransform",
    "b",
    "blockquote",
    "br",
    "caption",
    "circle",
    "code",
    "col",
    "colgroup",
    "del",
    "desc",
    "ellipse",
    "em",
    "figcaption",
    "figure",
    "foreignobject",
    "g",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "image",
    "img",
    "li",
    "line",
    "mp-common-miniprogram",
    "mp-common-mpaudio",
    "mp-common-profile",
    "mp-common-sticker",
    "mp-common-videosnap",
    "mp-miniprogram",
    "mp-style-type",
    "mpcps",
    "mpvoice",
    "ol",
    "p",
    "path",
    "polygon",
    "polyline",
    "pre",
    "qqmusic",
    "rect",
    "s",
    "section",
    "set",
    "span",
    "strong",
    "sub",
    "sup",
    "svg",
    "table",
    "tbody",
    "td",
    "text",
    "tfoot",
    "th",
    "thead",
    "title",
    "tr",
    "tspan",
    "u",
    "ul",
];
/// Elements that are removed, or keep an article from being saved.
const FORBIDDEN: [&str; 26] = [
    "applet", "audio", "base", "button", "canvas", "dialog", "embed", "form", "frame", "frameset",
    "input", "label", "link", "math", "meta", "noscript", "object", "option", "portal", "script",
    "select", "slot", "style", "template", "textarea", "video",
];
/// Parts of a drawing that are used by their `id`, or not at all.
const SVG_FORBIDDEN: [&str; 13] = [
    "a",
    "clippath",
    "defs",
    "filter",
    "lineargradient",
    "marker",
    "mask",
    "pattern",
    "radialgradient",
    "script",
    "style",
    "symbol",
    "use",
];
/// What may stand within a line.
const INLINE: [&str; 21] = [
    "a", "b", "br", "code", "del", "em", "font", "i", "img", "mark", "rp", "rt", "ruby", "s",
    "small", "span", "strong", "sub", "sup", "svg", "u",
];
/// Blocks that end a paragraph (HTML standard, §13.2.6.4.7).
const BLOCKS: [&str; 34] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "center",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "li",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "ul",
];
const ATTRIBUTES: [&str; 13] = [
    "style",
    "leaf",
    "nodeleaf",
    "textstyle",
    "data-no-dark",
    "data-ignore-dm",
    "data-ignore-width",
    "data-pm-slice",
    "role",
    "aria-label",
    "aria-hidden",
    "title",
    "lang",
];
pub(super) const CLASSES: [&str; 6] = [
    "rich_pages",
    "wxw-img",
    "mp_profile_iframe",
    "custom_select_card",
    "js_uneditable",
    "mpprofile",
];
/// What is known of an element by its name.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(super) struct Kind {
    /// It was seen in published articles.
    pub(super) is_seen: bool,
    /// It is removed, or keeps an article from being saved.
    pub(super) is_forbidden: bool,
    /// The same within drawings.
    pub(super) is_dead_in_drawings: bool,
    /// It may stand within a line.
    pub(super) is_inline: bool,
    /// It ends a paragraph.
    pub(super) is_block: bool,
    /// It holds a line of words.
    pub(super) is_prose: bool,
    /// It is one of WeChat's own parts: a card, a player.
    pub(super) is_own: bool,
}

impl Kind {
    pub(super) fn of(name: &str) -> Self {
        Self {
            is_seen: TAGS.binary_search(&name).is_ok(),
            is_forbidden: FORBIDDEN.contains(&name),
            is_dead_in_drawings: SVG_FORBIDDEN.contains(&name),
            is_inline: INLINE.contains(&name),
            is_block: BLOCKS.contains(&name),
            is_prose: matches!(
                name,
                "p" | "li" | "td" | "th" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6"
            ),
            is_own: name.starts_with("mp") || matches!(name, "qqmusic" | "iframe"),
        }
    }
}

/// Whether an attribute was seen in published articles.
pub(super) fn is_attribute(tag: &str, name: &str) -> bool {
    ATTRIBUTES.contains(&name)
        || match tag {
            "img" => matches!(
                name,
                "src"
                    | "data-src"
                    | "alt"
                    | "data-w"
                    | "data-ratio"
                    | "data-type"
                    | "data-s"
                    | "data-imgfileid"
                    | "height"
                    | "data-aistatus"
            ),
            "a" => matches!(
                name,
                "href"
                    | "target"
                    | "data-linktype"
                    | "linktype"
                    | "textvalue"
                    | "imgurl"
                    | "tab"
                    | "data-itemshowtype"
            ),
            "td" | "th" => matches!(name, "colspan" | "rowspan" | "data-colwidth"),
            "ol" => name == "start",
            "col" => name == "width",
            "pre" => name == "data-lang",
            _ => false,
        }
}
