//! The walk through an article.
//!
//! Whether something matters often depends on words that come later: what waits for them is
//! kept until they come or its element ends.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use offprint_core::chars::is_allowed;

use super::style::Style;
use super::{Channel, Finding, Rule, bytes, characters, rules};
use crate::css::{self, Rgba};
use crate::dark::{Cascade, Surroundings};
use crate::html::{Attribute, Stack, decode};

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
const CLASSES: [&str; 6] = [
    "rich_pages",
    "wxw-img",
    "mp_profile_iframe",
    "custom_select_card",
    "js_uneditable",
    "mpprofile",
];
const LINK_HOST: &str = "mp.weixin.qq.com";
const PLAYER_HOSTS: [&str; 2] = ["v.qq.com", "mp.weixin.qq.com"];
/// Where pictures lie once they are uploaded.
const IMAGE_HOSTS: [&str; 5] = [
    "mmbiz.qpic.cn",
    "mmecoa.qpic.cn",
    "res.wx.qq.com",
    "wx.qlogo.cn",
    "mmbiz.qlogo.cn",
];
/// Levels of equal elements, each the only child, from which on WeChat takes them out.
const NESTING: usize = 10;
/// Children from which on WeChat looks for empty ones, and how many of those it leaves.
const CHILDREN: usize = 20;
const EMPTY_CHILDREN: usize = 15;
/// The smallest type that is read without effort, in pixels.
const SMALLEST: f64 = 12.0;
/// Ratios of luminances: where WeChat's checker complains, and where words are readable.
const UNREADABLE: f64 = 1.5;
const READABLE: f64 = 3.0;
/// The largest drawing, in pixels: the column of the editor.
const EDITOR_COLUMN: f64 = 677.0;
/// Columns from which on a table has to scroll.
const COLUMNS: usize = 3;
/// What drafts have to stay below.
const MAX_CHARACTERS: usize = 20_000;
const MAX_BYTES: usize = 1024 * 1024;
/// The largest picture within a draft, in bytes.
const MAX_PICTURE: usize = 1024 * 1024;
/// Characters for each that is seen, and the length from which on it matters.
const OVERHEAD: usize = 4;
const OVERHEAD_FROM: usize = 2_000;
/// How much of what is found is quoted, in characters.
const QUOTED: usize = 60;

/// What an element hands down to those within it.
#[derive(Debug, Clone, Copy, Default)]
struct Within {
    paragraph: bool,
    scroller: bool,
    /// A table that complained already.
    wide_table: bool,
    drawing: bool,
    code: bool,
    pre: bool,
    list: bool,
    leaf: bool,
    /// A line of words: a paragraph, a cell, an item, a heading or a part of one.
    prose: bool,
    ignores_width: bool,
    /// A drawing that things happen in, built of sections.
    stage: bool,
    fill: Ink,
    stroke: Ink,
}

/// What a shape of a drawing is painted with.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
enum Ink {
    /// What nobody said: black within, nothing around.
    #[default]
    Unsaid,
    /// Nothing, or what adapts to the page.
    Harmless,
    Color(Rgba),
}

/// An element whose end tag is still to come.
struct Open<'a> {
    tag: Cow<'a, str>,
    place: Range<usize>,
    style: usize,
    surroundings: usize,
    within: Within,
    children: usize,
    empty_children: usize,
    /// The last child's tag, its style, and how many are alike from there on inwards.
    last_child: Option<(Cow<'a, str>, usize, usize)>,
    /// Words and elements within a line, in an item.
    units: usize,
    has_words: bool,
    /// Words or something else that is seen.
    has_content: bool,
    /// Whether words that stand in it directly were looked at.
    words_seen: bool,
    holds_code: bool,
    ignores_contrast: bool,
    /// What may be the one thing in `section[nodeleaf]`, and all else in it.
    is_nodeleaf: bool,
    parts: usize,
    others: usize,
    cells: usize,
    is_labelled_code: bool,
}

pub(super) struct Lint<'a> {
    html: &'a str,
    channel: Channel,
    open: Stack<'a, Open<'a>>,
    findings: Vec<Finding>,
    cascade: Cascade<'a>,
    styles: Vec<Option<Style>>,
    /// Findings that count if words come, with the number of elements that were open.
    waiting: Vec<(usize, Finding)>,
    depth: usize,
    /// Contrast by day and night, by the number of surroundings.
    contrasts: HashMap<usize, [f64; 2]>,
    /// Whether nothing stands on the line yet.
    line_start: bool,
    /// Characters that are seen.
    visible: usize,
    /// What a drawing is painted on, once one began, and whether it complained of its ink.
    drawing_ground: Option<[f64; 3]>,
    ink_found: bool,
    view_width: Option<f64>,
}

impl<'a> Lint<'a> {
    pub(super) fn new(html: &'a str, channel: Channel) -> Self {
        Self {
            html,
            channel,
            open: Stack::new(),
            findings: Vec::new(),
            cascade: Cascade::new(),
            styles: Vec::new(),
            waiting: Vec::new(),
            depth: 0,
            contrasts: HashMap::new(),
            line_start: true,
            visible: 0,
            drawing_ground: None,
            ink_found: false,
            view_width: None,
        }
    }

    /// What was found, and what is told of the whole.
    pub(super) fn finish(mut self) -> Vec<Finding> {
        while let Some((name, element)) = self.open.pop() {
            self.find(&rules::STRUCT_UNBALANCED, &name, &element.place);
            self.closed(element);
        }
        let whole = 0..self.html.len();
        let length = characters(self.html);
        if length >= MAX_CHARACTERS {
            let detail = format!("{length} characters");
            self.find(&rules::LIMIT_CHARS, &detail, &whole);
        }
        let size = bytes(self.html);
        if size >= MAX_BYTES {
            self.find(&rules::LIMIT_BYTES, &format!("{size} bytes"), &whole);
        }
        if length > OVERHEAD_FROM && length > OVERHEAD * self.visible {
            let detail = format!("{length} characters for {} that are seen", self.visible);
            self.find(&rules::LIMIT_OVERHEAD, &detail, &whole);
        }
        self.findings
    }

    fn find(&mut self, rule: &'static Rule, detail: &str, place: &Range<usize>) {
        if rule.holds(self.channel) {
            self.findings.push(Finding {
                rule,
                detail: shortened(detail),
                place: place.clone(),
            });
        }
    }

    /// Notes what is wrong if there are words within the element that is about to open.
    fn wait(&mut self, rule: &'static Rule, detail: &str, place: &Range<usize>) {
        if rule.holds(self.channel) {
            let finding = Finding {
                rule,
                detail: shortened(detail),
                place: place.clone(),
            };
            self.waiting.push((self.depth, finding));
        }
    }

    fn around(&self) -> Within {
        self.open
            .last()
            .map_or_else(Within::default, |parent| parent.within)
    }

    pub(super) fn other(&mut self, written: &str, place: &Range<usize>) {
        if written
            .get(..9)
            .is_some_and(|start| start.eq_ignore_ascii_case("<!doctype"))
        {
            self.find(&rules::TAG_WRAPPER, written, place);
        }
    }

    pub(super) fn open(
        &mut self,
        name: Cow<'a, str>,
        ends: bool,
        attributes: &[Attribute<'a>],
        place: &Range<usize>,
    ) {
        let value_of = |wanted: &str| {
            attributes
                .iter()
                .find(|attribute| attribute.name == wanted)
                .map(|attribute| decode(attribute.value))
        };
        let around = self.around();
        let is_drawing = around.drawing || name == "svg";
        let is_known = self.tag(&name, around, place);
        for attribute in attributes {
            self.attribute(&name, attribute, is_drawing, is_known);
        }
        let written = attributes
            .iter()
            .find(|attribute| attribute.name == "style")
            .map_or("", |attribute| attribute.value);
        let style = self.cascade.style(written);
        let outer = self.open.last().map_or(0, |parent| parent.surroundings);
        let surroundings = self.cascade.within(outer, &name, style, attributes);
        let known = self.take_style(style);

        let dark_exempt = value_of("data-ignore-dm").unwrap_or_default();
        let is_stage = value_of("data-mode").is_some_and(|mode| mode == "svg");
        let is_prose = matches!(
            name.as_ref(),
            "p" | "li" | "td" | "th" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6"
        );
        let has = |wanted: &str| attributes.iter().any(|attribute| attribute.name == wanted);
        let within = Within {
            paragraph: around.paragraph || name == "p",
            scroller: around.scroller || known.scrolls,
            wide_table: around.wide_table && name != "table",
            drawing: is_drawing && name != "foreignobject",
            code: around.code || name == "code",
            pre: around.pre || name == "pre",
            list: around.list || matches!(name.as_ref(), "ul" | "ol"),
            leaf: around.leaf || name == "span" && has("leaf"),
            prose: is_prose || around.prose,
            ignores_width: around.ignores_width || has("data-ignore-width"),
            stage: around.stage || is_stage,
            fill: ink(
                known.fill.as_deref(),
                value_of("fill").as_deref(),
                around.fill,
            ),
            stroke: ink(
                known.stroke.as_deref(),
                value_of("stroke").as_deref(),
                around.stroke,
            ),
        };
        if !INLINE.contains(&name.as_ref()) || name == "br" {
            self.line_start = true;
        } else if matches!(name.as_ref(), "img" | "svg") {
            self.line_start = false;
        }
        self.depth += 1;
        self.styled(&name, &known, within, dark_exempt.as_ref(), place);
        self.structure(&name, within, place);
        match name.as_ref() {
            "img" => self.picture(
                value_of("data-src").or_else(|| value_of("src")).as_deref(),
                attributes,
                &known,
                place,
            ),
            "a" if !around.drawing => {
                if let Some(href) = value_of("href") {
                    self.link(&href, place);
                }
            }
            "iframe" => {
                let address = value_of("data-src").or_else(|| value_of("src"));
                let address = address.unwrap_or_default();
                if !host(&address).is_some_and(|host| PLAYER_HOSTS.contains(&host.as_str())) {
                    self.find(&rules::TAG_IFRAME, &address, place);
                }
            }
            _ => {}
        }
        if is_drawing {
            self.drawing(&name, attributes, &known, within, outer, place);
        }
        let element = Open {
            tag: name.clone(),
            place: place.clone(),
            style,
            surroundings,
            within,
            children: 0,
            empty_children: 0,
            last_child: None,
            units: 0,
            has_words: false,
            has_content: false,
            words_seen: false,
            holds_code: false,
            ignores_contrast: dark_exempt
                .split_ascii_whitespace()
                .any(|rule| rule == "low-contrast"),
            is_nodeleaf: name == "section" && has("nodeleaf"),
            parts: 0,
            others: 0,
            cells: 0,
            is_labelled_code: has("data-lang"),
        };
        self.give_back(style, known);
        if self.open.is_whole(&name, ends) {
            self.closed(element);
        } else {
            self.open.push(name, element);
        }
    }

    /// A style is taken out while its element is looked at.
    fn take_style(&mut self, number: usize) -> Style {
        if number >= self.styles.len() {
            self.styles.resize_with(number + 1, || None);
        }
        self.styles
            .get_mut(number)
            .and_then(Option::take)
            .unwrap_or_else(|| Style::new(self.cascade.declarations(number)))
    }

    fn give_back(&mut self, number: usize, style: Style) {
        if let Some(place) = self.styles.get_mut(number) {
            *place = Some(style);
        }
    }

    /// Whether the element is one that is kept.
    fn tag(&mut self, name: &str, around: Within, place: &Range<usize>) -> bool {
        let rule = if around.drawing {
            if SVG_FORBIDDEN.contains(&name) {
                &rules::SVG_DEFS
            } else if is_tag(name) {
                return true;
            } else {
                &rules::TAG_UNVERIFIED
            }
        } else if FORBIDDEN.contains(&name) {
            &rules::TAG_FORBIDDEN
        } else if name == "div" {
            &rules::TAG_DIV
        } else if matches!(name, "html" | "head" | "body") {
            &rules::TAG_WRAPPER
        } else if matches!(name, "font" | "center" | "big") || name.starts_with("o:") {
            &rules::TAG_DEPRECATED
        } else if is_tag(name) || name == "iframe" {
            return true;
        } else {
            &rules::TAG_UNVERIFIED
        };
        self.find(rule, name, place);
        false
    }

    fn attribute(
        &mut self,
        tag: &str,
        attribute: &Attribute<'_>,
        is_drawing: bool,
        is_known: bool,
    ) {
        let name = attribute.name.as_ref();
        let place = &attribute.place;
        let written = || format!("{name}=\"{}\"", attribute.value);
        let is_own = is_own_part(tag) || tag == "iframe";
        match name {
            "id" => self.find(&rules::ATTR_ID, &written(), place),
            "class" => {
                let mut classes = attribute.value.split_ascii_whitespace().peekable();
                let is_useless = classes.peek().is_none();
                if is_useless || !classes.all(|class| CLASSES.contains(&class)) {
                    self.find(&rules::ATTR_CLASS, &written(), place);
                }
            }
            "data-no-dark" => self.find(&rules::DARK_WHITELIST, name, place),
            "width" if tag == "img" => self.find(&rules::ATTR_IMG_SIZE, &written(), place),
            "align" | "valign" | "bgcolor" => {
                self.find(&rules::ATTR_PRESENTATIONAL, &written(), place);
            }
            _ if name.len() > 2 && name.starts_with("on") => {
                self.find(&rules::ATTR_EVENT, &written(), place);
            }
            _ if is_drawing => {
                let has_reference = css::urls(&decode(attribute.value))
                    .iter()
                    .any(|(_, url)| url.starts_with('#'));
                if name != "style" && has_reference {
                    self.find(&rules::SVG_URLREF, &written(), place);
                }
            }
            _ if !is_known || is_own || is_attribute(tag, name) => {}
            _ => self.find(&rules::ATTR_UNVERIFIED, &written(), place),
        }
    }

    fn styled(
        &mut self,
        name: &str,
        style: &Style,
        within: Within,
        dark_exempt: &str,
        place: &Range<usize>,
    ) {
        for (rule, written) in &style.findings {
            self.find(rule, written, place);
        }
        if let Some(written) = &style.font_family {
            self.find(&rules::CSS_FONT_FAMILY, written, place);
        }
        if let (Some(written), "tr") = (&style.ground, name) {
            self.find(&rules::CSS_TR_BG, written, place);
        }
        if let (Some(written), "img") = (&style.invisible, name) {
            self.find(&rules::CSS_OPACITY_IMG, written, place);
        }
        if within.drawing {
            return;
        }
        if !within.stage {
            for (rule, written) in &style.around_words {
                self.wait(rule, written, place);
            }
        }
        if let Some((rule, written)) = style.width()
            && !within.scroller
            && !within.ignores_width
        {
            if *rule == rules::CSS_WIDTH_FIXED {
                self.find(rule, written, place);
            } else if name != "img" {
                self.wait(rule, written, place);
            }
        }
        if let Some(written) = &style.nowrap
            && !within.scroller
            && !within.ignores_width
        {
            self.wait(&rules::CSS_NOWRAP, written, place);
        }
        let is_exempt = dark_exempt
            .split_ascii_whitespace()
            .any(|rule| rule == "text-bg-gradient");
        if let Some(written) = &style.gradient
            && !is_exempt
        {
            self.wait(&rules::CSS_GRADIENT_TEXT, written, place);
        }
    }

    /// What depends on the elements around; the element itself is not among them yet.
    fn structure(&mut self, name: &str, within: Within, place: &Range<usize>) {
        let around = self.around();
        if around.drawing {
            return;
        }
        let is_block = BLOCKS.contains(&name);
        if is_block && around.paragraph {
            self.find(&rules::STRUCT_P_BLOCK, name, place);
        }
        if around.leaf && !INLINE.contains(&name) {
            self.find(&rules::STRUCT_SPAN_LEAF, name, place);
        }
        if matches!(name, "ul" | "ol") {
            self.find(&rules::STRUCT_LIST_NATIVE, name, place);
            if around.list {
                self.find(&rules::STRUCT_LIST_NESTED, name, place);
            }
        }
        let is_cell = matches!(name, "td" | "th");
        let is_code = within.code;
        let Some(parent) = self.open.last_mut() else {
            return;
        };
        parent.holds_code |= is_code;
        if parent.tag == "li" && INLINE.contains(&name) {
            parent.units += 1;
        }
        if parent.is_nodeleaf {
            if name == "img" || is_own_part(name) || name == "iframe" {
                parent.parts += 1;
            } else {
                parent.others += 1;
            }
        }
        let is_foreign = parent.tag == "foreignobject" && name != "section";
        if is_cell {
            parent.cells += 1;
            if parent.cells == COLUMNS + 1 && !within.scroller && !within.wide_table {
                self.wide_table(place);
            }
        }
        if is_foreign {
            self.find(&rules::SVG_FOREIGN, name, place);
        }
    }

    /// Complains once of a table.
    fn wide_table(&mut self, place: &Range<usize>) {
        let mut table = place.clone();
        for element in self.open.iter_mut().rev() {
            element.within.wide_table = true;
            if element.tag == "table" {
                table = element.place.clone();
                break;
            }
        }
        self.find(&rules::STRUCT_TABLE_WIDE, "table", &table);
    }

    fn link(&mut self, href: &str, place: &Range<usize>) {
        if href.trim_start().starts_with('#') {
            self.find(&rules::LINK_FRAGMENT, href, place);
        } else if host(href).as_deref() != Some(LINK_HOST) {
            self.find(&rules::LINK_EXTERNAL, href, place);
        }
    }

    fn picture(
        &mut self,
        src: Option<&str>,
        attributes: &[Attribute<'_>],
        style: &Style,
        place: &Range<usize>,
    ) {
        let src = src.unwrap_or_default().trim();
        let value_of = |wanted: &str| {
            attributes
                .iter()
                .find(|attribute| attribute.name == wanted)
                .map(|attribute| attribute.value.trim())
        };
        let at_wechat = host(src).filter(|host| IMAGE_HOSTS.contains(&host.as_str()));
        if is_data(src) {
            self.find(&rules::IMG_DATA, src, place);
        } else if host(src).is_none() {
            self.find(&rules::IMG_LOCAL, src, place);
        } else if at_wechat.is_none() {
            self.find(&rules::IMG_EXTERNAL, src, place);
        }
        if at_wechat.is_none() && !is_format_taken(src) {
            self.find(&rules::IMG_FORMAT, src, place);
        }
        if !style.is_fluid {
            self.find(&rules::IMG_FLUID, src, place);
        }
        let width = value_of("data-w").and_then(|width| width.parse::<f64>().ok());
        if width.is_none_or(|width| width <= 0.0) {
            self.find(&rules::IMG_DATA_W, src, place);
        }
        let is_decoration = value_of("aria-hidden") == Some("true")
            || matches!(value_of("role"), Some("presentation" | "none"));
        if value_of("alt").is_none_or(str::is_empty) && !is_decoration {
            self.find(&rules::IMG_ALT, src, place);
        }
    }

    fn drawing(
        &mut self,
        name: &str,
        attributes: &[Attribute<'_>],
        style: &Style,
        within: Within,
        outer: usize,
        place: &Range<usize>,
    ) {
        let value_of = |wanted: &[&str]| {
            attributes
                .iter()
                .find(|attribute| wanted.contains(&attribute.name.as_ref()))
                .map(|attribute| decode(attribute.value))
        };
        let pixels = |wanted: &str| {
            let value = value_of(&[wanted])?;
            let bare = value.trim().parse::<f64>().ok();
            bare.or_else(|| css::pixels(&value, 16.0))
        };
        match name {
            "svg" if self.open.count("svg") == 0 => {
                let view = value_of(&["viewbox"]);
                let width = style.width.as_ref().map(|(_, width)| *width);
                let width = width.or_else(|| pixels("width"));
                let height = style.height.or_else(|| pixels("height"));
                let is_sized = width.is_some_and(|width| (0.0..=EDITOR_COLUMN).contains(&width))
                    && height.is_some_and(|height| height >= 0.0);
                if view.is_none() || !is_sized {
                    self.find(&rules::SVG_SIZE, "svg", place);
                }
                self.view_width = view.and_then(|view| {
                    let mut parts = view.split([' ', ',']).filter(|part| !part.is_empty());
                    parts.nth(2)?.parse().ok()
                });
                let around = self.cascade.at(outer);
                self.drawing_ground = (!around.pictured).then(|| around.ground.dark.map(f64::from));
                self.ink_found = false;
            }
            "image" => {
                let address = value_of(&["href", "xlink:href", "data-src"]).unwrap_or_default();
                if !is_mmbiz(&address) {
                    self.find(&rules::SVG_IMAGE, &address, place);
                }
            }
            "animate" | "animatetransform" | "animatemotion" | "set" => {
                let begin = value_of(&["begin"])
                    .unwrap_or_default()
                    .to_ascii_lowercase();
                if begin.contains("touchstart") && !begin.contains("click") {
                    self.find(&rules::SVG_BEGIN, &begin, place);
                }
            }
            "rect" if is_backdrop(&value_of, self.view_width) => {
                if let Ink::Color(color) = within.fill {
                    self.drawing_ground = Some(color.parts);
                }
            }
            "path" | "rect" | "circle" | "ellipse" | "polygon" | "polyline" | "text" | "tspan" => {
                let fill = match within.fill {
                    Ink::Unsaid => Ink::Color(Rgba::gray(0)),
                    said => said,
                };
                self.ink("fill", fill, place);
                self.ink("stroke", within.stroke, place);
            }
            "line" => self.ink("stroke", within.stroke, place),
            _ => {}
        }
    }

    /// Complains once a drawing.
    fn ink(&mut self, what: &str, ink: Ink, place: &Range<usize>) {
        let Ink::Color(color) = ink else {
            return;
        };
        let Some(ground) = self.drawing_ground else {
            return;
        };
        if !self.ink_found && crate::dark::contrast_of(color.parts, ground) < READABLE {
            self.ink_found = true;
            let [red, green, blue] = color.parts;
            let detail = format!("{what} rgb({red},{green},{blue})");
            self.find(&rules::SVG_INK, &detail, place);
        }
    }

    pub(super) fn text(&mut self, written: &'a str, place: &Range<usize>) {
        let text = decode(written);
        let is_blank = text.chars().all(char::is_whitespace);
        let within = self.around();
        self.spaces(&text, is_blank, within, place);
        if is_blank {
            return;
        }
        self.line_start = false;
        self.visible += text
            .bytes()
            .filter(|byte| byte & 0xc0 != 0x80 && !byte.is_ascii_whitespace())
            .count();
        if has_invisible(&text) {
            self.find(&rules::TEXT_ZWSP, &visibly(&text), place);
        }
        let Some(element) = self.open.last_mut() else {
            return;
        };
        if !element.has_words {
            element.has_words = true;
            element.has_content = true;
        }
        if element.tag == "li" {
            element.units += 1;
        }
        element.others += usize::from(element.is_nodeleaf);
        let is_foreign = element.tag == "foreignobject";
        let is_new = !std::mem::replace(&mut element.words_seen, true);
        if is_foreign {
            self.find(&rules::SVG_FOREIGN, &text, place);
        }
        if within.drawing {
            return;
        }
        self.findings
            .extend(self.waiting.drain(..).map(|(_, finding)| finding));
        if is_new {
            self.words();
        }
    }

    /// Looks at how words are shown that stand in the innermost element.
    fn words(&mut self) {
        let Some(element) = self.open.last() else {
            return;
        };
        let place = element.place.clone();
        let number = element.surroundings;
        let is_raised = matches!(element.tag.as_ref(), "sup" | "sub");
        let ignores_contrast = element.ignores_contrast;
        let around = self.cascade.at(number);
        let (size, line) = (around.size, around.line_height());
        // A raised sign makes no line of its own.
        if line < size && !is_raised {
            let detail = format!("lines of {}px, type of {}px", rounded(line), rounded(size));
            self.find(&rules::CSS_LINE_HEIGHT, &detail, &place);
        }
        if size < SMALLEST {
            let detail = format!("type of {}px", rounded(size));
            self.find(&rules::CSS_TINY, &detail, &place);
        }
        let around = self.cascade.at(number);
        if around.pictured || ignores_contrast {
            return;
        }
        let [light, dark] = *self
            .contrasts
            .entry(number)
            .or_insert_with(|| around.contrast());
        let detail = |words: [u8; 3], ground: [u8; 3], ratio: f64| {
            format!("{} on {}: {ratio:.2}", hex(words), hex(ground))
        };
        let Surroundings { text, ground, .. } = around;
        let light_detail = detail(text.light, ground.light, light);
        let dark_detail = detail(text.dark, ground.dark, dark);
        if light < READABLE {
            self.find(&rules::LIGHT_CONTRAST_LOW, &light_detail, &place);
        }
        if dark < UNREADABLE {
            self.find(&rules::DARK_CONTRAST, &dark_detail, &place);
        } else if dark < READABLE {
            self.find(&rules::DARK_CONTRAST_LOW, &dark_detail, &place);
        }
    }

    fn spaces(&mut self, text: &str, is_blank: bool, within: Within, place: &Range<usize>) {
        let in_line = within.prose
            || self
                .open
                .last()
                .is_some_and(|element| INLINE.contains(&element.tag.as_ref()));
        if within.drawing || is_blank && !in_line {
            return;
        }
        let in_code = within.code || within.pre;
        let has_break = text.contains(['\n', '\r']);
        let leads = self.line_start && text.starts_with([' ', '\t']);
        if in_code && (has_break || leads) {
            self.find(&rules::TEXT_CODE_NEWLINE, &visibly(text), place);
        } else if has_break {
            self.find(&rules::TEXT_NEWLINE, &visibly(text), place);
        } else if leads && !is_blank || text.contains("  ") || text.contains('\t') {
            self.find(&rules::TEXT_SPACES, &visibly(text), place);
        }
    }

    pub(super) fn close(&mut self, name: &str, place: &Range<usize>) {
        if self.open.count(name) == 0 {
            self.find(&rules::STRUCT_UNBALANCED, &format!("/{name}"), place);
            return;
        }
        while let Some((closed, element)) = self.open.pop() {
            let is_meant = closed == name;
            if !is_meant {
                let place = element.place.clone();
                self.find(&rules::STRUCT_UNBALANCED, &closed, &place);
            }
            self.closed(element);
            if is_meant {
                break;
            }
        }
    }

    /// Looks at an element whose content is known, and tells the one around it.
    fn closed(&mut self, element: Open<'a>) {
        let depth = self.depth;
        while self
            .waiting
            .last()
            .is_some_and(|(waiting, _)| *waiting >= depth)
        {
            self.waiting.pop();
        }
        self.depth = depth.saturating_sub(1);
        let tag = element.tag.as_ref();
        let place = &element.place;
        let within = element.within;
        if !INLINE.contains(&tag) {
            self.line_start = true;
        }
        if tag == "a" && !element.has_content && !within.drawing {
            self.find(&rules::LINK_EMPTY, "a", place);
        }
        if element.is_nodeleaf && (element.parts != 1 || element.others > 0) {
            self.find(&rules::STRUCT_NODELEAF, "section[nodeleaf]", place);
        }
        if element.children > CHILDREN && element.empty_children > EMPTY_CHILDREN {
            let detail = format!("{tag} with {} empty elements", element.empty_children);
            self.find(&rules::STRUCT_EMPTY, &detail, place);
        }
        if tag == "li" && element.units > 1 {
            let detail = format!("li of {} parts", element.units);
            self.find(&rules::STRUCT_LI_UNITS, &detail, place);
        }
        if tag == "pre" && element.has_words && !element.holds_code && !element.is_labelled_code {
            self.find(&rules::STRUCT_PRE_PROSE, "pre", place);
        }
        let alike = match &element.last_child {
            Some((child, style, alike))
                if element.children == 1 && *child == tag && *style == element.style =>
            {
                alike + 1
            }
            _ => 1,
        };
        if alike == NESTING && !within.drawing {
            let detail = format!("{NESTING} levels of {tag}");
            self.find(&rules::STRUCT_NEST, &detail, place);
        }
        let is_seen = element.has_content
            || matches!(tag, "img" | "svg" | "hr" | "iframe" | "image")
            || is_own_part(tag)
            || within.drawing;
        let is_empty = !is_seen && !matches!(tag, "br" | "col" | "td" | "th");
        if let Some(parent) = self.open.last_mut() {
            parent.children += 1;
            parent.empty_children += usize::from(is_empty);
            parent.has_words |= element.has_words;
            parent.has_content |= is_seen;
            parent.holds_code |= element.holds_code;
            parent.last_child = Some((element.tag, element.style, alike));
        }
    }
}

fn is_tag(name: &str) -> bool {
    TAGS.binary_search(&name).is_ok()
}

/// Whether it is one of WeChat's own parts: a card, a player.
fn is_own_part(tag: &str) -> bool {
    tag.starts_with("mp") || tag == "qqmusic"
}

/// Whether an attribute was seen in published articles.
fn is_attribute(tag: &str, name: &str) -> bool {
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

fn ink(style: Option<&str>, attribute: Option<&str>, around: Ink) -> Ink {
    let Some(said) = style.or(attribute) else {
        return around;
    };
    let said = said.trim();
    if said.eq_ignore_ascii_case("inherit") {
        return around;
    }
    match css::colors(said).first() {
        Some(found) if found.color.alpha > 0.0 => Ink::Color(found.color),
        _ => Ink::Harmless,
    }
}

/// Whether a rectangle is the ground of its drawing.
fn is_backdrop<'v>(
    value_of: &dyn Fn(&[&str]) -> Option<Cow<'v, str>>,
    view_width: Option<f64>,
) -> bool {
    let number = |name: &str| value_of(&[name]).and_then(|value| value.trim().parse::<f64>().ok());
    let is_at_start = ["x", "y"]
        .iter()
        .all(|name| number(name).is_none_or(|place| place <= 0.0));
    let is_whole = value_of(&["width"]).is_some_and(|width| width.trim() == "100%")
        || number("width")
            .zip(view_width)
            .is_some_and(|(width, view)| width >= view);
    is_at_start && is_whole
}

/// The host of a web address, in small letters, as browsers find it (URL standard, §4.4).
fn host(address: &str) -> Option<String> {
    let address = address.trim();
    let colon = address.find(':');
    let (scheme, rest) = match colon.and_then(|colon| address.split_at_checked(colon)) {
        Some((scheme, rest)) if rest.starts_with(":/") || rest.starts_with(":\\") => {
            (scheme.to_ascii_lowercase(), rest.trim_start_matches(':'))
        }
        _ if address.starts_with("//") => ("https".to_owned(), address),
        _ => return None,
    };
    if !matches!(scheme.as_str(), "http" | "https") {
        return None;
    }
    let rest = rest.trim_start_matches(['/', '\\']);
    let end = rest.find(['/', '\\', '?', '#']).unwrap_or(rest.len());
    let authority = rest.get(..end)?;
    let host = authority.rsplit('@').next()?;
    let host = host.split(':').next()?;
    (!host.is_empty()).then(|| host.to_ascii_lowercase())
}

/// Whether an address lies on WeChat's servers for pictures.
pub(super) fn is_mmbiz(address: &str) -> bool {
    host(address).is_some_and(|host| matches!(host.as_str(), "mmbiz.qpic.cn" | "mmbiz.qlogo.cn"))
}

/// Whether an address is the thing itself (RFC 2397).
pub(super) fn is_data(address: &str) -> bool {
    address
        .trim_start()
        .get(..5)
        .is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:"))
}

/// Whether the interface for pictures takes it, as far as its address tells.
fn is_format_taken(address: &str) -> bool {
    if is_data(address) {
        let kind = address.get(5..).unwrap_or_default().trim_start();
        let is_taken = ["image/jpeg", "image/jpg", "image/png"]
            .iter()
            .any(|taken| {
                kind.get(..taken.len())
                    .is_some_and(|kind| kind.eq_ignore_ascii_case(taken))
            });
        // Four characters of base64 are three bytes.
        let data = address.split_once(',').map_or(0, |(_, data)| data.len());
        return is_taken && data / 4 * 3 < MAX_PICTURE;
    }
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    let is_refused = |extension: &str| {
        [
            "webp", "svg", "gif", "bmp", "avif", "tif", "tiff", "ico", "heic", "jxl",
        ]
        .iter()
        .any(|refused| extension.eq_ignore_ascii_case(refused))
    };
    !extension.is_some_and(is_refused)
}

/// Signs that are not seen and that break lines, and those that no text may hold. Joiners are
/// let stand where a script or a picture sign asks for them.
fn has_invisible(text: &str) -> bool {
    if text.is_ascii() {
        return text.chars().any(|character| !is_allowed(character));
    }
    let mut before = None;
    for character in text.chars() {
        let is_wrong = match character {
            '\u{200b}' | '\u{2060}' | '\u{feff}' => true,
            '\u{200c}' | '\u{200d}' => before.is_none_or(|before: char| {
                before.is_ascii()
                    || matches!(before, '\u{3000}'..='\u{9fff}' | '\u{ff00}'..='\u{ffef}')
            }),
            _ => !is_allowed(character),
        };
        if is_wrong {
            return true;
        }
        before = Some(character);
    }
    false
}

/// Text with its breaks and invisible signs shown.
fn visibly(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars().take(QUOTED) {
        match character {
            ' ' => out.push(' '),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' => {
                out.push_str(&format!("U+{:04X}", u32::from(character)));
            }
            _ if !is_allowed(character) => {
                out.push_str(&format!("U+{:04X}", u32::from(character)));
            }
            _ => out.push(character),
        }
    }
    out
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

fn hex([red, green, blue]: [u8; 3]) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

fn rounded(pixels: f64) -> f64 {
    (pixels * 10.0).round() / 10.0
}
