//! The walk through an article.
//!
//! Whether something matters often depends on words that come later: what waits for them is
//! kept until they come or its element ends.

use std::borrow::Cow;
use std::ops::Range;

use rustc_hash::FxHashMap;

use super::address::{IMAGE_HOSTS, LINK_HOST, PLAYER_HOSTS, host, is_data, is_format_taken};
use super::drawing::{Ink, ink};
use super::names::{CLASSES, Kind, is_attribute};
use super::style::Style;
use super::{Channel, Finding, Rule, bytes, characters, rules};
use crate::css;
use crate::dark::Cascade;
use crate::html::{Attribute, Stack, decode, value_of};

/// Levels of equal elements, each the only child, from which on WeChat takes them out.
const NESTING: usize = 10;
/// Children from which on WeChat looks for empty ones, and how many of those it leaves.
const CHILDREN: usize = 20;
const EMPTY_CHILDREN: usize = 15;
/// The ratio of luminances from which on words are readable.
pub(super) const READABLE: f64 = 3.0;
/// Columns from which on a table has to scroll.
const COLUMNS: usize = 3;
/// What drafts have to stay below.
const MAX_CHARACTERS: usize = 20_000;
const MAX_BYTES: usize = 1024 * 1024;
/// Characters for each that is seen, and the length from which on it matters.
const OVERHEAD: usize = 4;
const OVERHEAD_FROM: usize = 2_000;
/// How much of what is found is quoted, in characters.
pub(super) const QUOTED: usize = 60;

/// What an element hands down to those within it.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(super) struct Within {
    pub(super) paragraph: bool,
    pub(super) scroller: bool,
    /// A table that complained already.
    pub(super) wide_table: bool,
    pub(super) drawing: bool,
    pub(super) code: bool,
    pub(super) pre: bool,
    pub(super) list: bool,
    pub(super) leaf: bool,
    /// A line of words: a paragraph, a cell, an item, a heading or a part of one.
    pub(super) prose: bool,
    pub(super) ignores_width: bool,
    /// A drawing that things happen in, built of sections.
    pub(super) stage: bool,
    pub(super) fill: Ink,
    pub(super) stroke: Ink,
}

/// An element whose end tag is still to come.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(super) struct Open<'a> {
    pub(super) tag: Cow<'a, str>,
    pub(super) kind: Kind,
    pub(super) place: Range<usize>,
    style: usize,
    pub(super) surroundings: usize,
    within: Within,
    pub(super) ignores_contrast: bool,
    /// Whether only one picture or part may stand in it.
    pub(super) is_nodeleaf: bool,
    is_labelled_code: bool,

    children: usize,
    empty_children: usize,
    /// The last child's tag, its style, and how many are alike from there on inwards.
    last_child: Option<(Cow<'a, str>, usize, usize)>,
    cells: usize,
    /// Words and elements within a line, in an item.
    pub(super) units: usize,
    /// Pictures and WeChat's own parts, and all else, where only one of the first may be.
    parts: usize,
    pub(super) others: usize,
    pub(super) has_words: bool,
    /// Words or something else that is seen.
    pub(super) has_content: bool,
    holds_code: bool,
    /// Whether words that stand in it directly were looked at.
    pub(super) words_seen: bool,
}

pub(super) struct Lint<'a> {
    html: &'a str,
    channel: Channel,
    pub(super) open: Stack<'a, Open<'a>>,
    pub(super) findings: Vec<Finding>,
    pub(super) cascade: Cascade<'a>,
    styles: Vec<Option<Style>>,
    kinds: FxHashMap<Cow<'a, str>, Kind>,
    /// Findings that count if words come, with the number of elements that were open.
    pub(super) waiting: Vec<(usize, Finding)>,
    depth: usize,
    /// Whether nothing stands on the line yet.
    pub(super) line_start: bool,
    /// Characters that are seen.
    pub(super) visible: usize,
    /// What a drawing is painted on by day and by night, once one began, and whether it
    /// complained of its ink.
    pub(super) drawing_ground: Option<[[f64; 3]; 2]>,
    pub(super) ink_found: bool,
    pub(super) view_width: Option<f64>,
    /// The characters of drawings.
    drawn: usize,
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
            kinds: FxHashMap::default(),
            waiting: Vec::new(),
            depth: 0,
            line_start: true,
            visible: 0,
            drawing_ground: None,
            ink_found: false,
            view_width: None,
            drawn: 0,
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
        // Drawings are seen as they are; it takes paths to draw them.
        let length = length.saturating_sub(self.drawn);
        if length > OVERHEAD_FROM && length > OVERHEAD * self.visible {
            let detail = format!("{length} characters for {} that are seen", self.visible);
            self.find(&rules::LIMIT_OVERHEAD, &detail, &whole);
        }
        self.findings
    }

    pub(super) fn find(&mut self, rule: &'static Rule, detail: &str, place: &Range<usize>) {
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

    pub(super) fn around(&self) -> Within {
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
        let around = self.around();
        let kind = *self
            .kinds
            .entry(name.clone())
            .or_insert_with(|| Kind::of(&name));
        let is_known = self.tag(&name, kind, around, place);
        for attribute in attributes {
            let is_drawing = around.drawing || name == "svg";
            self.attribute(&name, attribute, is_drawing, is_known && !kind.is_own);
        }
        let written = attributes
            .iter()
            .find(|attribute| attribute.name == "style")
            .map_or("", |attribute| attribute.value);
        let style = self.cascade.style(written);
        let outer = self.open.last().map_or(0, |parent| parent.surroundings);
        let surroundings = self.cascade.within(outer, &name, style, attributes, true);
        let known = self.take_style(style);
        let within = within(around, &name, kind, attributes, &known);

        if !kind.is_inline && !around.drawing || name == "br" {
            self.line_start = true;
        } else if matches!(name.as_ref(), "img" | "svg") {
            self.line_start = false;
        }
        self.depth += 1;
        let exempt = value_of(attributes, "data-ignore-dm").unwrap_or_default();
        let is_exempt = |wanted: &str| exempt.split_ascii_whitespace().any(|rule| rule == wanted);
        self.styled(&name, &known, within, is_exempt("text-bg-gradient"), place);
        let columns = value_of(attributes, "colspan")
            .and_then(|columns| columns.trim().parse().ok())
            .unwrap_or(1_usize)
            .clamp(1, 1000);
        self.structure(&name, kind, within, columns, place);
        if within.drawing || around.drawing {
            self.drawing(&name, attributes, &known, within, surroundings, place);
        } else {
            self.address(&name, attributes, &known, place);
        }
        let has = |wanted: &str| attributes.iter().any(|attribute| attribute.name == wanted);
        let element = Open {
            tag: name.clone(),
            kind,
            place: place.clone(),
            style,
            surroundings,
            within,
            ignores_contrast: is_exempt("low-contrast"),
            is_nodeleaf: name == "section" && has("nodeleaf"),
            is_labelled_code: has("data-lang"),
            children: 0,
            empty_children: 0,
            last_child: None,
            cells: 0,
            units: 0,
            parts: 0,
            others: 0,
            has_words: false,
            has_content: false,
            holds_code: false,
            words_seen: false,
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
    fn tag(&mut self, name: &str, kind: Kind, around: Within, place: &Range<usize>) -> bool {
        let rule = if around.drawing {
            if kind.is_dead_in_drawings {
                &rules::SVG_DEFS
            } else if kind.is_seen {
                return true;
            } else {
                &rules::TAG_UNVERIFIED
            }
        } else if kind.is_forbidden {
            &rules::TAG_FORBIDDEN
        } else if name == "div" {
            &rules::TAG_DIV
        } else if matches!(name, "html" | "head" | "body") {
            &rules::TAG_WRAPPER
        } else if matches!(name, "font" | "center" | "big") || name.starts_with("o:") {
            &rules::TAG_DEPRECATED
        } else if kind.is_seen || name == "iframe" {
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
            _ if !is_known || is_attribute(tag, name) => {}
            _ => self.find(&rules::ATTR_UNVERIFIED, &written(), place),
        }
    }

    fn styled(
        &mut self,
        name: &str,
        style: &Style,
        within: Within,
        keeps_gradient: bool,
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
        if let Some(written) = &style.gradient
            && !keeps_gradient
        {
            self.wait(&rules::CSS_GRADIENT_TEXT, written, place);
        }
    }

    /// What depends on the elements around; the element itself is not among them yet.
    fn structure(
        &mut self,
        name: &str,
        kind: Kind,
        within: Within,
        columns: usize,
        place: &Range<usize>,
    ) {
        let around = self.around();
        if around.drawing {
            return;
        }
        if kind.is_block && around.paragraph {
            self.find(&rules::STRUCT_P_BLOCK, name, place);
        }
        if around.leaf && !kind.is_inline && !kind.is_own {
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
        if parent.tag == "li" && kind.is_inline {
            parent.units += 1;
        }
        if parent.is_nodeleaf {
            if name == "img" || kind.is_own {
                parent.parts += 1;
            } else {
                parent.others += 1;
            }
        }
        let is_foreign = parent.tag == "foreignobject" && name != "section";
        if is_cell {
            let was_narrow = parent.cells <= COLUMNS;
            parent.cells += columns;
            let is_wide = was_narrow && parent.cells > COLUMNS;
            if is_wide && !within.scroller && !within.wide_table {
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

    /// Looks at where links, frames and pictures lead.
    fn address(
        &mut self,
        name: &str,
        attributes: &[Attribute<'_>],
        style: &Style,
        place: &Range<usize>,
    ) {
        let source = || {
            let source = value_of(attributes, "data-src").or_else(|| value_of(attributes, "src"));
            source.unwrap_or_default()
        };
        match name {
            "a" => {
                if let Some(href) = value_of(attributes, "href") {
                    self.link(&href, place);
                }
            }
            "img" => self.picture(source().trim(), attributes, style, place),
            "iframe" => {
                let source = source();
                if !host(&source).is_some_and(|host| PLAYER_HOSTS.contains(&host.as_str())) {
                    self.find(&rules::TAG_IFRAME, &source, place);
                }
            }
            _ => {}
        }
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
        src: &str,
        attributes: &[Attribute<'_>],
        style: &Style,
        place: &Range<usize>,
    ) {
        let host = host(src);
        let is_uploaded = host
            .as_ref()
            .is_some_and(|host| IMAGE_HOSTS.contains(&host.as_str()));
        if is_data(src) {
            self.find(&rules::IMG_DATA, src, place);
        } else if host.is_none() {
            self.find(&rules::IMG_LOCAL, src, place);
        } else if !is_uploaded {
            self.find(&rules::IMG_EXTERNAL, src, place);
        }
        if !is_uploaded && !is_format_taken(src) {
            self.find(&rules::IMG_FORMAT, src, place);
        }
        if !style.is_fluid {
            self.find(&rules::IMG_FLUID, src, place);
        }
        let says = |name| {
            value_of(attributes, name)
                .unwrap_or_default()
                .trim()
                .to_owned()
        };
        let width = says("data-w").parse::<f64>();
        if !width.is_ok_and(|width| width > 0.0) {
            self.find(&rules::IMG_DATA_W, src, place);
        }
        let is_decoration = says("aria-hidden") == "true"
            || matches!(says("role").as_str(), "presentation" | "none");
        if says("alt").is_empty() && !is_decoration {
            self.find(&rules::IMG_ALT, src, place);
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
            if closed == "svg" && self.open.count("svg") == 0 {
                let drawing = self.html.get(element.place.start..place.end);
                self.drawn += drawing.map_or(0, |drawing| drawing.chars().count());
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
        // What a drawing consists of is on its line.
        if !element.kind.is_inline && !within.drawing {
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
            || matches!(tag, "img" | "svg" | "hr" | "image")
            || element.kind.is_own
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

/// The beginning of a text.
pub(crate) fn shortened(text: &str) -> String {
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// What an element hands down, given what was handed down to it.
fn within(
    around: Within,
    name: &str,
    kind: Kind,
    attributes: &[Attribute<'_>],
    style: &Style,
) -> Within {
    let has = |wanted: &str| attributes.iter().any(|attribute| attribute.name == wanted);
    let is_stage =
        has("data-mode") && value_of(attributes, "data-mode").is_some_and(|mode| mode == "svg");
    let is_drawing = around.drawing || name == "svg";
    let (fill, stroke) = if is_drawing {
        let ink = |style: Option<&String>, name, around| {
            ink(
                style.map(String::as_str),
                value_of(attributes, name).as_deref(),
                around,
            )
        };
        (
            ink(style.fill.as_ref(), "fill", around.fill),
            ink(style.stroke.as_ref(), "stroke", around.stroke),
        )
    } else {
        (around.fill, around.stroke)
    };
    Within {
        paragraph: around.paragraph || name == "p",
        scroller: around.scroller || style.scrolls,
        wide_table: around.wide_table && name != "table",
        drawing: is_drawing && name != "foreignobject",
        code: around.code || name == "code",
        pre: around.pre || name == "pre",
        list: around.list || matches!(name, "ul" | "ol"),
        leaf: around.leaf || name == "span" && has("leaf"),
        prose: kind.is_prose || around.prose,
        ignores_width: around.ignores_width || has("data-ignore-width"),
        stage: around.stage || is_stage,
        fill,
        stroke,
    }
}
