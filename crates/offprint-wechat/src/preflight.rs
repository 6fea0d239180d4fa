//! What WeChat's editor or its phones would drop, rewrite or refuse in an article.
//!
//! The rules were gathered from WeChat's own checker of articles and from what became of
//! articles that were saved. They are named `group.rule`, as in `tag.div`.

use offprint_core::chars::is_allowed;

/// Something that would not survive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule's name.
    pub rule: &'static str,
    /// The tag, attribute, declaration or words it is about.
    pub detail: String,
}

/// Elements seen in published articles.
const TAGS: [&str; 41] = [
    "a",
    "b",
    "blockquote",
    "br",
    "caption",
    "code",
    "col",
    "colgroup",
    "del",
    "em",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "li",
    "ol",
    "p",
    "pre",
    "s",
    "section",
    "span",
    "strong",
    "sub",
    "sup",
    "svg",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "u",
    "ul",
];
/// Elements that are removed, or keep an article from being saved.
const FORBIDDEN: [&str; 27] = [
    "applet", "audio", "base", "button", "canvas", "dialog", "embed", "form", "frame", "frameset",
    "iframe", "input", "label", "link", "math", "meta", "noscript", "object", "option", "portal",
    "script", "select", "slot", "style", "template", "textarea", "video",
];
const BLOCKS: [&str; 16] = [
    "blockquote",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "ul",
];
const VOID: [&str; 4] = ["br", "col", "hr", "img"];
/// The width of an article's column on a phone, in pixels.
const COLUMN: f64 = 335.0;
/// The smallest type that is read without effort, in pixels.
const SMALLEST: f64 = 12.0;
/// Levels of equal elements, each the only child, from which on WeChat flattens them.
const NESTING: usize = 10;
/// The smallest ratio of luminances at which words are readable.
const CONTRAST: f64 = 3.0;

/// Checks an article: what goes into the editor, not a whole page.
#[must_use]
pub fn preflight(html: &str) -> Vec<Finding> {
    let mut lint = Lint::default();
    for token in tokens(html) {
        match token {
            Token::Open(name, attributes) => lint.open(&name, &attributes),
            Token::Close(name) => lint.close(&name),
            Token::Text(text) => lint.text(text),
        }
    }
    for element in std::mem::take(&mut lint.open) {
        lint.find("struct.unbalanced", element.name);
    }
    lint.findings
}

enum Token<'a> {
    Open(String, Vec<(String, &'a str)>),
    Close(String),
    Text(&'a str),
}

fn tokens(html: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = html;
    while let Some((text, after)) = rest.split_once('<') {
        if !text.is_empty() {
            tokens.push(Token::Text(text));
        }
        let (tag, next) = split_tag(after);
        rest = next;
        match tag.strip_prefix('/') {
            Some(name) => tokens.push(Token::Close(name.trim().to_ascii_lowercase())),
            None => tokens.push(open_tag(tag)),
        }
    }
    if !rest.is_empty() {
        tokens.push(Token::Text(rest));
    }
    tokens
}

/// A tag up to its `>` outside quotes, and what follows.
fn split_tag(text: &str) -> (&str, &str) {
    let mut quote = None;
    for (place, character) in text.char_indices() {
        match (quote, character) {
            (None, '>') => {
                let (tag, rest) = text.split_at(place);
                return (tag, rest.strip_prefix('>').unwrap_or(rest));
            }
            (None, '"' | '\'') => quote = Some(character),
            (Some(open), _) if open == character => quote = None,
            (None | Some(_), _) => {}
        }
    }
    (text, "")
}

fn open_tag(tag: &str) -> Token<'_> {
    let tag = tag.trim_end_matches('/').trim();
    let (name, mut rest) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            break;
        }
        let end = rest
            .find(|character: char| character == '=' || character.is_whitespace())
            .unwrap_or(rest.len());
        let (attribute, after) = rest.split_at(end);
        let (value, after) = match after.trim_start().strip_prefix('=') {
            Some(value) => attribute_value(value.trim_start()),
            None => ("", after),
        };
        attributes.push((attribute.to_ascii_lowercase(), value));
        rest = after;
    }
    Token::Open(name.to_ascii_lowercase(), attributes)
}

fn attribute_value(text: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(quoted) = text.strip_prefix(quote) {
            return quoted.split_once(quote).unwrap_or((quoted, ""));
        }
    }
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    text.split_at(end)
}

/// An element whose end tag is still to come.
struct Open {
    name: String,
    style: String,
    children: usize,
    /// How many equal elements stand around it, each with it as the only child so far.
    alike: usize,
    scrolls: bool,
    has_words: bool,
    size: f64,
    color: Option<[u8; 3]>,
    background: Option<[u8; 3]>,
}

#[derive(Default)]
struct Lint {
    open: Vec<Open>,
    findings: Vec<Finding>,
    cells: usize,
}

impl Lint {
    fn find(&mut self, rule: &'static str, detail: impl Into<String>) {
        self.findings.push(Finding {
            rule,
            detail: detail.into(),
        });
    }

    fn is_within(&self, is_wanted: impl Fn(&Open) -> bool) -> bool {
        self.open.iter().any(is_wanted)
    }

    fn open(&mut self, name: &str, attributes: &[(String, &str)]) {
        self.tag(name);
        for (attribute, value) in attributes {
            self.attribute(name, attribute, value);
        }
        let value_of = |wanted: &str| {
            attributes
                .iter()
                .find(|(attribute, _)| attribute == wanted)
                .map(|(_, value)| *value)
        };
        let style = value_of("style").unwrap_or_default();
        let declarations = declarations(style);
        let parent = self.open.last();
        let mut element = Open {
            name: name.to_owned(),
            style: style.to_owned(),
            children: 0,
            alike: parent
                .filter(|parent| {
                    parent.name == name && parent.style == style && parent.children == 0
                })
                .map_or(1, |parent| parent.alike + 1),
            scrolls: declarations.iter().any(|(property, value)| {
                matches!(*property, "overflow" | "overflow-x")
                    && matches!(*value, "auto" | "scroll")
            }),
            has_words: false,
            size: parent.map_or(16.0, |parent| parent.size),
            color: parent.and_then(|parent| parent.color),
            background: parent.and_then(|parent| parent.background),
        };
        if element.alike == NESTING {
            self.find("struct.nest", name);
        }
        for &(property, value) in &declarations {
            match property {
                "font-size" => element.size = pixels(value).unwrap_or(element.size),
                "color" => element.color = color(value).or(element.color),
                "background" | "background-color" => {
                    element.background = color(value).or(element.background);
                }
                _ => {}
            }
        }
        for (property, value) in &declarations {
            self.declaration(name, property, value, &element);
        }
        if name == "img" {
            self.picture(value_of("src"), value_of("alt"), &declarations);
        }
        if let Some(parent) = self.open.last_mut() {
            parent.children += 1;
            parent.has_words |= name == "img";
        }
        match name {
            "table" | "tr" => self.cells = 0,
            "td" | "th" => {
                self.cells += 1;
                if self.cells == 4 && !self.is_within(|open| open.scrolls) {
                    self.find("struct.table-wide", "table");
                }
            }
            _ => {}
        }
        if !VOID.contains(&name) {
            self.open.push(element);
        }
    }

    fn tag(&mut self, name: &str) {
        if FORBIDDEN.contains(&name) {
            self.find("tag.forbidden", name);
        } else if name == "div" {
            self.find("tag.div", name);
        } else if matches!(name, "html" | "head" | "body") {
            self.find("tag.wrapper", name);
        } else if !TAGS.contains(&name) {
            self.find("tag.unverified", name);
        }
        if BLOCKS.contains(&name) && self.is_within(|open| open.name == "p") {
            self.find("struct.p-block", name);
        }
        if matches!(name, "ul" | "ol") {
            self.find("struct.list-native", name);
        }
    }

    fn attribute(&mut self, tag: &str, name: &str, value: &str) {
        match (tag, name) {
            (_, "id") => self.find("attr.id", value),
            (_, "class") => self.find("attr.class", value),
            ("a", "href") => self.link(value),
            (_, "style" | "title" | "lang" | "role" | "aria-label" | "aria-hidden")
            | ("img", "src" | "alt" | "data-src" | "data-w" | "data-ratio" | "data-type")
            | ("a", "target")
            | ("td" | "th", "colspan" | "rowspan") => {}
            (_, name) if name.starts_with("on") => self.find("attr.event", name),
            (_, name) => self.find("attr.unverified", name),
        }
    }

    fn link(&mut self, href: &str) {
        let host = href
            .split_once("://")
            .and_then(|(_, rest)| rest.split(['/', '?', '#']).next());
        if href.starts_with('#') {
            self.find("link.fragment", href);
        } else if host != Some("mp.weixin.qq.com") {
            self.find("link.external", href);
        }
    }

    fn picture(&mut self, src: Option<&str>, alt: Option<&str>, style: &[(&str, &str)]) {
        let src = src.unwrap_or_default();
        if src.starts_with("data:") {
            self.find("img.data", src.chars().take(30).collect::<String>());
        } else if !src.starts_with("https://") && !src.starts_with("http://") {
            self.find("img.local", src);
        }
        if alt.is_none_or(str::is_empty) {
            self.find("img.alt", src);
        }
        if !style.contains(&("max-width", "100%")) {
            self.find("img.fluid", src);
        }
    }

    fn declaration(&mut self, tag: &str, property: &str, value: &str, element: &Open) {
        let written = || format!("{property}:{value}");
        let rule = match property {
            "position" => Some("css.position"),
            "top" | "right" | "bottom" | "left" | "inset" | "z-index" => Some("css.offset"),
            "filter" | "backdrop-filter" => Some("css.filter"),
            "float" => Some("css.float"),
            "font-family" | "font" => Some("css.font-family"),
            "content" => Some("css.pseudo"),
            "transform" => Some("css.transform"),
            "animation" | "transition" => Some("css.animation"),
            "display" if value.contains("grid") => Some("css.grid"),
            "text-align" if matches!(value, "start" | "end") => Some("css.text-align"),
            "height" if pixels(value) == Some(0.0) => Some("css.height-zero"),
            "font-size" if pixels(value).is_some_and(|size| size < SMALLEST) => Some("css.tiny"),
            "line-height" if line_height(value, element.size) < element.size => {
                Some("css.line-height")
            }
            "width" | "min-width"
                if pixels(value).is_some_and(|width| width > COLUMN)
                    && !self.is_within(|open| open.scrolls) =>
            {
                Some("css.width-fixed")
            }
            "white-space"
                if matches!(value, "nowrap" | "pre")
                    && !element.scrolls
                    && !self.is_within(|open| open.scrolls) =>
            {
                Some("css.nowrap")
            }
            "background" | "background-color" if tag == "tr" => Some("css.tr-bg"),
            property if is_beyond_column(property, value) => Some("css.offset-x"),
            property if property.starts_with("--") => Some("css.var"),
            _ => None,
        };
        if let Some(rule) = rule {
            self.find(rule, written());
        }
        for (part, rule) in [
            ("!important", "css.important"),
            ("var(", "css.var"),
            ("calc(", "css.calc"),
            ("clamp(", "css.modern-fn"),
            ("min(", "css.modern-fn"),
            ("max(", "css.modern-fn"),
            ("env(", "css.modern-fn"),
            ("url(", "css.url-external"),
            ("gradient(", "css.gradient-text"),
        ] {
            if value.contains(part) {
                self.find(rule, written());
            }
        }
        let in_rem = value.split_whitespace().any(|part| {
            part.strip_suffix("rem")
                .is_some_and(|n| n.parse::<f64>().is_ok())
        });
        if in_rem {
            self.find("css.rem", written());
        }
    }

    fn text(&mut self, text: &str) {
        if text.contains('\n') {
            self.find("text.newline", text.trim());
        }
        if text.contains("  ") {
            self.find("text.spaces", text.trim());
        }
        let invisible = |character: char| {
            matches!(character, '\u{200b}' | '\u{2060}' | '\u{feff}') || !is_allowed(character)
        };
        if text.contains(invisible) {
            self.find("text.zwsp", text.trim());
        }
        let Some(element) = self.open.last_mut() else {
            return;
        };
        element.has_words = true;
        let words = element.color.unwrap_or([0x33; 3]);
        let ground = element.background.unwrap_or([0xff; 3]);
        if !text.trim().is_empty() && contrast(words, ground) < CONTRAST {
            self.find("light.contrast-low", text);
        }
    }

    fn close(&mut self, name: &str) {
        let Some(element) = self.open.pop() else {
            self.find("struct.unbalanced", name);
            return;
        };
        if element.name != name {
            self.find("struct.unbalanced", format!("{} … {name}", element.name));
        }
        if name == "a" && !element.has_words && element.children == 0 {
            self.find("link.empty", name);
        }
        if let Some(parent) = self.open.last_mut() {
            parent.has_words |= element.has_words;
        }
    }
}

fn declarations(style: &str) -> Vec<(&str, &str)> {
    style
        .split(';')
        .filter_map(|declaration| declaration.split_once(':'))
        .map(|(property, value)| (property.trim(), value.trim()))
        .collect()
}

/// A length in pixels; `None` for other units.
fn pixels(value: &str) -> Option<f64> {
    if value == "0" {
        return Some(0.0);
    }
    value.strip_suffix("px")?.trim().parse().ok()
}

fn line_height(value: &str, size: f64) -> f64 {
    if let Ok(times) = value.parse::<f64>() {
        return times * size;
    }
    pixels(value).unwrap_or(f64::INFINITY)
}

/// Whether a horizontal margin or padding pushes words out of the column.
fn is_beyond_column(property: &str, value: &str) -> bool {
    let lengths: Vec<&str> = value.split_whitespace().collect();
    let horizontal: Vec<&str> = match (property, lengths.as_slice()) {
        ("margin" | "padding", [all]) => vec![all],
        ("margin" | "padding", [_, sides] | [_, sides, _]) => vec![sides],
        ("margin" | "padding", [_, right, _, left]) => vec![right, left],
        ("margin-left" | "margin-right" | "padding-left" | "padding-right", [side]) => vec![side],
        _ => Vec::new(),
    };
    horizontal
        .into_iter()
        .filter_map(pixels)
        .any(|length| !(-16.0..=100.0).contains(&length))
}

/// A colour written as `#rgb` or `#rrggbb`.
fn color(value: &str) -> Option<[u8; 3]> {
    let digits = value.strip_prefix('#')?;
    let number = u32::from_str_radix(digits, 16).ok()?;
    match digits.len() {
        3 => Some([number >> 8, number >> 4, number].map(|part| (part & 15) as u8 * 17)),
        6 => Some([number >> 16, number >> 8, number].map(|part| part as u8)),
        _ => None,
    }
}

/// The ratio of two colours' luminances (WCAG 2, §1.4.3), from 1 to 21.
fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let luminance = |color: [u8; 3]| {
        let [red, green, blue] = color.map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    };
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(html: &str) -> Vec<&'static str> {
        preflight(html)
            .into_iter()
            .map(|finding| finding.rule)
            .collect()
    }

    #[test]
    fn each_rule_is_found_where_it_is_broken() {
        for (html, rule) in [
            ("<div>a</div>", "tag.div"),
            ("<script>1</script>", "tag.forbidden"),
            ("<marquee>a</marquee>", "tag.unverified"),
            ("<p id=\"a\">a</p>", "attr.id"),
            ("<p class='a'>a</p>", "attr.class"),
            ("<p onclick=x>a</p>", "attr.event"),
            ("<p style=\"position:absolute\">a</p>", "css.position"),
            ("<p style=\"font-size:11px\">a</p>", "css.tiny"),
            ("<p style=\"line-height:0\">a</p>", "css.line-height"),
            ("<p style=\"color:red!important\">a</p>", "css.important"),
            ("<p style=\"width:calc(1px)\">a</p>", "css.calc"),
            ("<p style=\"text-align:start\">a</p>", "css.text-align"),
            ("<p style=\"margin:0 -20px\">a</p>", "css.offset-x"),
            ("<p style=\"width:400px\">a</p>", "css.width-fixed"),
            ("<p style=\"white-space:nowrap\">a</p>", "css.nowrap"),
            ("<p style=\"margin:1rem\">a</p>", "css.rem"),
            ("<p style=\"color:#ccc\">a</p>", "light.contrast-low"),
            ("<p><section>a</section></p>", "struct.p-block"),
            ("<ul><li>a</li></ul>", "struct.list-native"),
            ("<a href=\"https://a.example/\">a</a>", "link.external"),
            ("<a href=\"#a\">a</a>", "link.fragment"),
            ("<a href=\"https://mp.weixin.qq.com/s\"></a>", "link.empty"),
            ("<img src=\"data:image/png,x\" alt=\"a\">", "img.data"),
            (
                "<img src=\"https://a.example/\" style=\"max-width:100%\">",
                "img.alt",
            ),
            ("<p>a\nb</p>", "text.newline"),
            ("<p>a  b</p>", "text.spaces"),
            ("<p>a\u{200b}b</p>", "text.zwsp"),
            ("<p>a</section>", "struct.unbalanced"),
            ("<p>a", "struct.unbalanced"),
        ] {
            assert!(rules(html).contains(&rule), "{rule}: {html}");
        }
    }

    #[test]
    fn ten_equal_levels_are_one_too_many() {
        let nested = |levels: usize| {
            format!(
                "{}a{}",
                "<section>".repeat(levels),
                "</section>".repeat(levels)
            )
        };
        assert_eq!(rules(&nested(9)), [""; 0]);
        assert_eq!(rules(&nested(10)), ["struct.nest"]);
    }

    #[test]
    fn a_wide_table_may_scroll() {
        let table = "<table><tr><td>a</td><td>b</td><td>c</td><td>d</td></tr></table>";
        assert_eq!(rules(table), ["struct.table-wide"]);
        let scrolling = format!("<section style=\"overflow-x:auto\">{table}</section>");
        assert_eq!(rules(&scrolling), [""; 0]);
    }

    #[test]
    fn contrast_is_that_of_the_guidelines() {
        assert!((contrast([0; 3], [255; 3]) - 21.0).abs() < 0.01);
        assert!((contrast([0x76; 3], [255; 3]) - 4.54).abs() < 0.01);
    }
}
