//! The rules, each with what WeChat does and what to do instead.

use offprint_core::{Severity, check};

use super::{Level, Rule};

/// Makes a static of each rule and the table of all.
macro_rules! rules {
    ($($ident:ident $name:literal $level:ident $channels:ident $effect:literal, $remedy:literal;)*) => {
        $(pub(super) static $ident: Rule = Rule {
            name: $name,
            code: concat!("wechat::", $name),
            level: Level::$level,
            paste: matches!(Channels::$channels, Channels::Both | Channels::Paste),
            draft: matches!(Channels::$channels, Channels::Both | Channels::Draft),
            effect: $effect,
            remedy: $remedy,
        };)*

        /// All rules, by group.
        pub static RULES: &[&Rule] = &[$(&$ident),*];

        /// The same rules as findings about articles name them.
        pub const NAMED: &[check::Rule] = &[$(named(
            concat!("wechat::", $name),
            $name,
            Level::$level,
            $effect,
        )),*];
    };
}

/// A rule as it is named in `[check]`.
const fn named(code: &'static str, name: &str, level: Level, effect: &'static str) -> check::Rule {
    let severity = match level {
        Level::Error | Level::Warning if is_told_gently(name) => Severity::Hint,
        Level::Error | Level::Warning => Severity::Warning,
        Level::Hint => Severity::Hint,
    };
    let rule = check::Rule::new(code, severity, effect);
    match name.as_bytes() {
        [b'd', b'a', b'r', b'k', b'.', b'c', ..]
        | [b'l', b'i', b'g', b'h', b't', b'.', b'c', ..] => rule.case_of("contrast"),
        b"limit.title" => rule.case_of("long-title"),
        _ => rule,
    }
}

/// Whether no more than a hint comes of breaking a rule: tables and pictures are markup by
/// nature.
pub(crate) const fn is_told_gently(name: &str) -> bool {
    matches!(name.as_bytes(), b"limit.overhead")
}

/// Where a rule holds.
enum Channels {
    Both,
    Paste,
    Draft,
}

rules! {
    TAG_FORBIDDEN "tag.forbidden" Error Both
        "WeChat removes this element or refuses to save the article",
        "leave it out";
    TAG_IFRAME "tag.iframe" Error Both
        "WeChat keeps frames of its own players only",
        "write the address as words, or insert the video in the editor";
    TAG_DIV "tag.div" Error Both
        "phones ignore the style of a `div`, and saving rewrites it",
        "write `section`";
    TAG_UNVERIFIED "tag.unverified" Warning Both
        "nobody has seen this element survive in an article",
        "write `section`, `p` or `span`";
    TAG_WRAPPER "tag.wrapper" Warning Both
        "WeChat drops the page around an article with all its styles",
        "hand over what stands in `body`, without it";
    TAG_DEPRECATED "tag.deprecated" Warning Both
        "this is left over from a word processor and does nothing good",
        "write `span` with a style";
    ATTR_ID "attr.id" Error Both
        "WeChat strips every `id`, and what points to it is dead",
        "leave it out";
    ATTR_EVENT "attr.event" Error Both
        "WeChat strips event handlers",
        "leave it out";
    ATTR_CLASS "attr.class" Warning Both
        "a class has no stylesheet here and only counts against the length",
        "leave it out and write an inline style";
    ATTR_IMG_SIZE "attr.img-size" Error Draft
        "the interface for drafts drops the width of a picture",
        "write the width into its style";
    ATTR_UNVERIFIED "attr.unverified" Warning Both
        "this attribute has no known effect and only counts against the length",
        "leave it out";
    ATTR_PRESENTATIONAL "attr.presentational" Warning Both
        "this attribute is out of date and read by some phones only",
        "write an inline style";
    CSS_POSITION "css.position" Error Both
        "WeChat removes `position`",
        "lay it out with margins, flex boxes or a table";
    CSS_OFFSET "css.offset" Error Both
        "offsets do nothing without `position`, which WeChat removes",
        "use margins";
    CSS_ANIMATION "css.animation" Error Both
        "nothing moves without a stylesheet",
        "leave it out, or animate a drawing with `animate`";
    CSS_FILTER "css.filter" Error Both
        "phones do not draw filters",
        "leave it out, or change the picture itself";
    CSS_FLOAT "css.float" Warning Both
        "words do not run around it on phones",
        "use a flex box or a table";
    CSS_GRID "css.grid" Error Both
        "phones do not lay out grids reliably",
        "use a flex box, `inline-block` or a table";
    CSS_CALC "css.calc" Error Both
        "WeChat drops the whole declaration",
        "write the value that comes out";
    CSS_VAR "css.var" Error Both
        "variables are not defined in an article",
        "write the value itself";
    CSS_MODERN_FN "css.modern-fn" Error Both
        "nobody has seen this function survive in an article",
        "write the value that comes out";
    CSS_URL_QUOTED "css.url-quoted" Error Draft
        "the interface for drafts takes the whole element apart",
        "write `url(…)` without quotes";
    CSS_URL_EXTERNAL "css.url-external" Error Both
        "WeChat filters pictures that do not lie on its own servers",
        "upload the picture and use its address on mmbiz.qpic.cn";
    CSS_URL_DATA "css.url-data" Error Both
        "WeChat drops pictures that are written into a style",
        "upload the picture and use its address on mmbiz.qpic.cn";
    CSS_IMPORTANT "css.important" Warning Both
        "it beats WeChat's own styles and the conversion for dark mode",
        "leave `!important` out";
    CSS_TEXT_ALIGN "css.text-align" Error Both
        "phones do not agree on `start` and `end`",
        "write `left` or `right`";
    CSS_LINE_HEIGHT "css.line-height" Error Both
        "lines overlap where words wrap",
        "make the line height at least as large as the type";
    CSS_HEIGHT_ZERO "css.height-zero" Error Both
        "words in it cannot be seen on phones",
        "leave the height out";
    CSS_HEIGHT_CLIP "css.height-clip" Warning Both
        "words beyond its height are cut off where type is larger",
        "leave the height out or let it scroll";
    CSS_WIDTH_FIXED "css.width-fixed" Error Both
        "it is wider than the column of a phone, 335 pixels",
        "write the width in per cent, or put it into a section that scrolls";
    CSS_WIDTH_VAR "css.width-var" Warning Both
        "it takes up another share of each screen",
        "write the width in per cent";
    CSS_OFFSET_X "css.offset-x" Warning Both
        "it pushes words out of the column",
        "keep margins at the sides between -16 and 100 pixels";
    CSS_OPACITY_IMG "css.opacity-img" Error Both
        "the picture cannot be seen, nor be replaced after publication",
        "leave `opacity` or the picture out";
    CSS_CARET "css.caret" Error Both
        "the cursor cannot be seen in the editor",
        "leave `caret-color` out";
    CSS_FONT_FAMILY "css.font-family" Warning Both
        "phones lack the typeface or mix it with their own",
        "leave the typeface to WeChat";
    CSS_UNDERLINE_EXTRAS "css.underline-extras" Warning Draft
        "the interface for drafts removes it",
        "use a border below the words";
    CSS_GRADIENT_TEXT "css.gradient-text" Warning Both
        "dark mode makes one colour of a gradient behind words",
        "give words a ground of one colour";
    CSS_PSEUDO "css.pseudo" Error Both
        "an inline style has no pseudo-elements",
        "write the words into the article";
    CSS_TRANSFORM "css.transform" Warning Both
        "dark mode takes colours by the order of the markup, not by where things end up",
        "lay it out with margins";
    CSS_REM "css.rem" Warning Both
        "it depends on the page around the article",
        "use `px` or `em`";
    CSS_NOWRAP "css.nowrap" Warning Both
        "phones cut off what does not fit on the line",
        "let it wrap, or put it into a section that scrolls";
    CSS_TINY "css.tiny" Warning Both
        "type below 12 pixels is hard to read",
        "make it 12 pixels or more";
    CSS_TR_BG "css.tr-bg" Warning Both
        "the ground of a row is not drawn everywhere",
        "give it to the cells";
    LINK_EXTERNAL "link.external" Error Both
        "only links to mp.weixin.qq.com work; others are dropped or keep the article from being saved",
        "write words with a numbered reference";
    LINK_FRAGMENT "link.fragment" Error Both
        "there is no place to jump to, and some browsers cannot save the article",
        "leave the link out";
    LINK_EMPTY "link.empty" Warning Both
        "nobody can tap a link without words",
        "give it words or leave it out";
    IMG_EXTERNAL "img.external" Error Draft
        "WeChat filters pictures that do not lie on its own servers",
        "upload the picture first";
    IMG_DATA "img.data" Error Both
        "WeChat drops pictures that are written into the page",
        "upload the picture, or copy the article from a page that shows it as a file";
    IMG_LOCAL "img.local" Error Both
        "WeChat cannot reach this picture",
        "upload it first";
    IMG_FORMAT "img.format" Error Draft
        "WeChat's interface takes JPEG and PNG below 1 MB within articles",
        "convert the picture";
    IMG_FLUID "img.fluid" Warning Both
        "a wide picture runs out of the column",
        "give it `max-width:100%`";
    IMG_DATA_W "img.data-w" Hint Both
        "the page cannot leave room for the picture before it is loaded",
        "give its width in pixels as `data-w`";
    IMG_ALT "img.alt" Warning Both
        "it says nothing to those who cannot see it",
        "say in `alt` what it shows";
    SVG_DEFS "svg.defs" Error Both
        "this part of a drawing is used by its `id`, which WeChat strips",
        "draw it where it is used, with plain colours";
    SVG_URLREF "svg.urlref" Error Both
        "it points to an `id`, which WeChat strips",
        "use a plain colour";
    SVG_IMAGE "svg.image" Error Both
        "WeChat filters pictures that do not lie on its own servers",
        "upload the picture and use its address on mmbiz.qpic.cn";
    SVG_FOREIGN "svg.foreign" Warning Both
        "only a `section` survives within `foreignObject`",
        "put it into a `section`";
    SVG_SIZE "svg.size" Warning Both
        "clients do not agree on the size of such a drawing",
        "give it a width and a height in pixels, at most 677 wide, and a `viewBox`";
    SVG_INK "svg.ink" Warning Both
        "dark mode does not touch drawings, and dark ink vanishes on the dark page",
        "draw in `currentColor`";
    SVG_BEGIN "svg.begin" Error Both
        "it never begins where there is a mouse",
        "write `begin=\"touchstart; click\"`";
    STRUCT_P_BLOCK "struct.p-block" Error Both
        "the paragraph ends before it",
        "make the paragraph a `section`";
    STRUCT_SPAN_LEAF "struct.span-leaf" Error Both
        "`span[leaf]` holds words, links and pictures within a line only",
        "put it outside";
    STRUCT_NODELEAF "struct.nodeleaf" Error Both
        "`section[nodeleaf]` shows one picture or one of WeChat's own parts, and nothing else",
        "leave that alone in it";
    STRUCT_NEST "struct.nest" Error Both
        "WeChat takes out elements that are alike and hold only each other, from ten levels on",
        "leave levels out";
    STRUCT_EMPTY "struct.empty" Warning Both
        "WeChat deletes empty elements where there are more than fifteen",
        "use margins for room";
    STRUCT_LIST_NESTED "struct.list-nested" Error Both
        "WeChat rewrites lists in lists, with bullets too many",
        "write sections with a mark as text";
    STRUCT_LI_UNITS "struct.li-units" Warning Paste
        "the editor breaks an item apart at its bold words and links",
        "put all of the item into one `section`";
    STRUCT_LIST_NATIVE "struct.list-native" Hint Both
        "the editor gives lists marks of its own",
        "write sections with a mark as text";
    STRUCT_PRE_PROSE "struct.pre-prose" Error Both
        "words in `pre` do not wrap and are cut off on phones",
        "write `section` or `p`";
    STRUCT_TABLE_WIDE "struct.table-wide" Warning Both
        "a table of more than three columns is cut off on phones",
        "put it into a section with `overflow-x:auto`";
    STRUCT_UNBALANCED "struct.unbalanced" Error Both
        "start and end tags do not match, and WeChat guesses what was meant",
        "close each element within the one it began in";
    TEXT_NEWLINE "text.newline" Warning Paste
        "the editor makes a line break of it",
        "join the lines, or write `<br>`";
    TEXT_SPACES "text.spaces" Warning Paste
        "the editor makes one blank of them, or none",
        "write one blank, or `&nbsp;` in code";
    TEXT_CODE_NEWLINE "text.code-newline" Error Both
        "lines and indentation of code are lost",
        "write `<br>` and `&nbsp;`";
    TEXT_ZWSP "text.zwsp" Error Both
        "the editor breaks lines at signs that cannot be seen",
        "take them out";
    DARK_CONTRAST "dark.contrast" Error Both
        "words cannot be read in dark mode",
        "choose colours further apart";
    DARK_CONTRAST_LOW "dark.contrast-low" Warning Both
        "words are hard to read in dark mode, with a contrast below 3",
        "choose colours further apart";
    LIGHT_CONTRAST_LOW "light.contrast-low" Warning Both
        "words are hard to read, with a contrast below 3",
        "choose colours further apart";
    DARK_WHITELIST "dark.whitelist" Warning Both
        "colours here stay as they are in dark mode",
        "leave `data-no-dark` out";
    LIMIT_CHARS "limit.chars" Error Draft
        "the interface for drafts takes fewer than 20,000 characters, markup included",
        "split the article, or paste it into the editor";
    LIMIT_BYTES "limit.bytes" Error Draft
        "the interface for drafts takes less than 1 MB",
        "split the article";
    LIMIT_OVERHEAD "limit.overhead" Warning Both
        "most of an article's length is markup",
        "let styles be inherited, and leave out what changes nothing";
    LIMIT_TITLE "limit.title" Error Both
        "WeChat refuses longer titles: 32 characters for drafts, 64 in the editor",
        "shorten it";
    LIMIT_AUTHOR "limit.author" Error Both
        "WeChat refuses longer names: 16 characters for drafts, 8 in the editor",
        "shorten it";
    LIMIT_DIGEST "limit.digest" Error Both
        "WeChat refuses longer summaries: 128 characters for drafts, 120 in the editor",
        "shorten it";
    LIMIT_DIGEST_EDITOR "limit.digest-editor" Hint Draft
        "the draft cannot be changed in the editor, which takes 120 characters",
        "shorten it to 120 characters";
    LIMIT_SOURCE_URL "limit.source-url" Error Draft
        "the interface for drafts takes addresses up to 1 KB",
        "use a shorter address";
}
