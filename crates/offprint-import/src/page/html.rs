//! A saved page as lines, and what its head says of it.
//!
//! Tokens are told as browsers tell them (HTML standard, §13.2.5). No tree is built: a stack of
//! open elements says what a line wears, so that broken and deep pages cost no more than others.

use std::collections::BTreeMap;
use std::sync::Arc;

use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer};
use offprint_core::check::url::absolute;

use super::address;
use super::line::{Cell, Dress, Hint, Line, Mark, MarkKind, push_text};

/// What a page says of itself outside its text.
#[derive(Debug, Default)]
pub(super) struct Head {
    /// `og:title` and the like: without the site's name.
    pub(super) title: Option<String>,
    /// The `title` element: often with the site's name.
    pub(super) window_title: Option<String>,
    /// The site's name.
    pub(super) site: Option<String>,
    /// Who wrote it.
    pub(super) author: Option<String>,
    /// The date as written.
    pub(super) date: Option<String>,
    /// Seconds since 1970, where only those are given (WeChat).
    pub(super) seconds: Option<i64>,
    /// A sentence or two.
    pub(super) description: Option<String>,
    /// Its own address.
    pub(super) canonical: Option<String>,
    /// Its language.
    pub(super) lang: Option<String>,
    /// How many pictures its content has.
    pub(super) pictures: usize,
    /// Whether its author wrote it before the text, for whatever shows the post.
    pub(super) is_front_matter: bool,
}

impl Head {
    /// What a post's source says of it.
    pub(super) fn of_fields(fields: &[(&str, &str)]) -> Self {
        let value = |names: &[&str]| {
            fields
                .iter()
                .find(|(name, value)| names.contains(name) && !value.is_empty())
                .map(|(_, value)| (*value).to_owned())
        };
        Self {
            title: value(&["title"]),
            author: value(&["author", "authors"]),
            date: value(&["date", "published"]),
            description: value(&["description", "excerpt", "summary"]),
            lang: value(&["lang", "language"]),
            is_front_matter: true,
            ..Self::default()
        }
    }
}

/// Elements that begin and end a line.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "div",
    "dl",
    "dt",
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
    "hr",
    "html",
    "legend",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "title",
    "tr",
    "ul",
];

/// How far up an element is looked for that a start tag closes: deep pages would be searched
/// to the top for each tag.
const REACH: usize = 64;

/// Elements without content.
const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];

/// Parts of a line that stand by themselves, by the words in their class: pages set room around
/// them.
const CHIPS: &[&str] = &[
    "badge", "category", "chip", "id", "label", "meta", "pill", "tag",
];

/// Whether an element within a line is one that stands by itself.
fn is_chip(tag: &StartTag<usize>) -> bool {
    attribute(tag, "class").is_some_and(|class| {
        class
            .to_ascii_lowercase()
            .split(|c: char| !c.is_ascii_alphanumeric())
            .any(|word| CHIPS.contains(&word))
    })
}

/// Elements whose content is no text of the page.
const UNSEEN: &[&str] = &[
    "button", "canvas", "datalist", "iframe", "noscript", "object", "option", "select", "style",
    "svg", "template", "textarea", "video", "audio",
];

/// Parts of a page around its content, by the words in their class or id.
const AROUND: &[&str] = &[
    "ad",
    "ads",
    "advert",
    "banner",
    "breadcrumb",
    "breadcrumbs",
    "comment",
    "comments",
    "cookie",
    "copyright",
    "disqus",
    "dropdown",
    "footer",
    "login",
    "menu",
    "modal",
    "nav",
    "navbar",
    "navigation",
    "navigator",
    "pager",
    "pagination",
    "popup",
    "qrcode",
    "recommend",
    "reward",
    "share",
    "sharing",
    "sidebar",
    "sidenav",
    "social",
    "subscribe",
    "toc",
    "toolbar",
    "tooltip",
    "widget",
    "catalog",
    "backtotop",
];

/// A page's content, likewise, as whole names.
const CONTENT: &[&str] = &[
    "article-body",
    "article-content",
    "article__content",
    "article_content",
    "blog-content-box",
    "content_views",
    "e-content",
    "entry-content",
    "gh-content",
    "js_content",
    "markdown-body",
    "post-body",
    "post-content",
    "post_content",
    "post__content",
    "post-richtext",
    "rich_media_content",
    "simditor-body",
    "article-holder",
    "cnblogs_post_body",
    "available-content",
];

/// An open element, and what holds within it.
#[derive(Debug, Clone)]
struct Open {
    name: String,
    is_block: bool,
    /// Whether room is left around it.
    is_chip: bool,
    scope: Scope,
}

/// What holds at a place of the page.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an element's own and goes with any other"
)]
#[derive(Debug, Clone, Default)]
struct Scope {
    unseen: bool,
    strong: bool,
    emphasis: bool,
    strike: bool,
    code: bool,
    preformatted: bool,
    katex: bool,
    annotation: bool,
    raw: Raw,
    link: Option<Arc<str>>,
    ordered: bool,
    dress: Dress,
}

/// An element whose text is not the page's, but says something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Raw {
    #[default]
    No,
    WindowTitle,
    Script,
    Data,
    Tex,
}

struct Reader {
    head: Head,
    lines: Vec<Line>,
    line: Line,
    open: Vec<Open>,
    /// How many elements of a name are open.
    counts: BTreeMap<String, usize>,
    base: Option<String>,
    gap: bool,
    item: bool,
    tables: Vec<Cell>,
    table_count: usize,
    script: String,
    tex: String,
    /// What attributes tell of a paper's place; lines of their own where the block ends.
    told: Vec<Line>,
}

/// Cuts a saved page into lines.
pub(super) fn read(html: &str) -> (Vec<Line>, Head) {
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(true);
    let mut reader = Reader {
        head: Head::default(),
        lines: Vec::new(),
        line: Line::default(),
        open: Vec::new(),
        counts: BTreeMap::new(),
        base: None,
        gap: true,
        item: false,
        tables: Vec::new(),
        table_count: 0,
        script: String::new(),
        tex: String::new(),
        told: Vec::new(),
    };
    for token in Tokenizer::new_with_emitter(html, emitter).flatten() {
        match token {
            Token::StartTag(tag) => reader.start(&tag),
            Token::EndTag(tag) => reader.end(&text_of(&tag.name)),
            Token::String(text) => {
                reader.text(&text_of(&text.value), text.span.start..text.span.end);
            }
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    reader.flush(true);
    let Reader {
        mut lines,
        mut head,
        base,
        ..
    } = reader;
    head.canonical = head.canonical.or(base);
    let mut last = 0;
    for line in &mut lines {
        if line.span.end > html.len() {
            line.span.end = html.len();
        }
        // A formula that is told by an attribute has no words of its own in the source.
        if line.span.end == 0 {
            line.span = last..last;
        }
        last = line.span.end;
    }
    (lines, head)
}

fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn attribute(tag: &StartTag<usize>, name: &str) -> Option<String> {
    tag.attributes
        .get(name.as_bytes())
        .map(|value| text_of(&value.value))
}

impl Reader {
    fn scope(&self) -> Scope {
        self.open
            .last()
            .map(|open| open.scope.clone())
            .unwrap_or_default()
    }

    fn start(&mut self, tag: &StartTag<usize>) {
        let name = text_of(&tag.name);
        let is_block = BLOCKS.contains(&name.as_str());
        match name.as_str() {
            "br" => return self.flush(false),
            "img" | "image" => return self.picture(tag),
            "meta" => return self.meta(tag),
            "link" => {
                if attribute(tag, "rel").is_some_and(|rel| rel.eq_ignore_ascii_case("canonical")) {
                    let href = attribute(tag, "href");
                    self.head.canonical = href.and_then(|href| absolute(&href).ok());
                }
                return;
            }
            "base" => {
                self.base = attribute(tag, "href").and_then(|href| absolute(&href).ok());
                return;
            }
            "html" => {
                if let Some(lang) = attribute(tag, "lang") {
                    self.head.lang = Some(lang);
                }
            }
            "hr" => return self.flush(true),
            _ => {}
        }
        if VOID.contains(&name.as_str()) {
            return;
        }
        if is_block {
            self.flush(true);
            self.close_implied(&name);
        }
        let mut scope = self.scope();
        let outer = scope.dress.hint;
        self.enter(&name, tag, &mut scope);
        self.identifiers(tag, &scope);
        // What a page names for itself stands on a line of its own.
        let is_block = is_block || scope.dress.hint != outer;
        if is_block && !self.line.text.is_empty() {
            let own = std::mem::take(&mut self.item);
            self.flush(true);
            self.item = own;
        }
        let is_chip = !is_block && !scope.preformatted && !scope.code && is_chip(tag);
        if is_chip {
            self.room();
        }
        *self.counts.entry(name.clone()).or_default() += 1;
        self.open.push(Open {
            name,
            is_block,
            is_chip,
            scope,
        });
    }

    /// What holds within an element.
    fn enter(&mut self, name: &str, tag: &StartTag<usize>, scope: &mut Scope) {
        match name {
            "b" | "strong" => scope.strong = true,
            "em" | "i" | "cite" => scope.emphasis = true,
            "s" | "del" | "strike" => scope.strike = true,
            "code" | "tt" | "kbd" | "samp" => scope.code = true,
            "pre" => {
                scope.preformatted = true;
                scope.dress.code = true;
            }
            "a" => scope.link = attribute(tag, "href").and_then(|href| self.resolve(&href)),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                let level = name.as_bytes().get(1).map_or(0, |digit| digit - b'0');
                scope.dress.heading = level;
            }
            "ul" | "ol" => {
                scope.ordered = name == "ol";
                scope.dress.depth = scope.dress.depth.saturating_add(1);
            }
            "li" => {
                self.item = true;
                scope.dress.ordered = scope.ordered;
            }
            "blockquote" => scope.dress.quote = true,
            "nav" | "footer" | "aside" => scope.dress.aside = true,
            "article" | "main" => {
                scope.dress.content = true;
                scope.dress.aside = false;
            }
            "table" => {
                self.tables.push(Cell {
                    table: self.table_count,
                    row: 0,
                    column: 0,
                });
                self.table_count += 1;
            }
            "tr" => {
                if let Some(cell) = self.tables.last_mut() {
                    cell.row += 1;
                    cell.column = 0;
                }
            }
            "td" | "th" => {
                if let Some(cell) = self.tables.last_mut() {
                    cell.column += 1;
                }
                scope.dress.cell = self.tables.last().copied();
            }
            // Formulas of a post's source.
            "span" if attribute(tag, "data-math-style").is_some() => scope.annotation = true,
            "title" => {
                // Drawings have titles too.
                if self.is_open("svg") || self.head.window_title.is_some() {
                    scope.unseen = true;
                } else {
                    scope.raw = Raw::WindowTitle;
                }
            }
            "script" => {
                scope.raw = match attribute(tag, "type").as_deref() {
                    Some(kind) if kind.starts_with("math/tex") => Raw::Tex,
                    Some("application/ld+json") => Raw::Data,
                    _ => Raw::Script,
                };
            }
            "math" => {
                scope.katex = true;
                if let Some(tex) = attribute(tag, "alttext") {
                    self.formula(&tex);
                }
            }
            "annotation" => {
                scope.annotation = scope.katex
                    && attribute(tag, "encoding").is_some_and(|kind| kind.contains("tex"));
            }
            _ if UNSEEN.contains(&name) => scope.unseen = true,
            _ => {}
        }
        Self::read_names(name, tag, scope);
    }

    /// The identifiers that an element carries for the scripts of a page: badges of Altmetric and
    /// what is made after them have `data-doi` and `data-arxiv-id`.
    fn identifiers(&mut self, tag: &StartTag<usize>, scope: &Scope) {
        use offprint_core::check::identifier;
        // Between the cells of a table nothing can stand.
        if !self.tables.is_empty() && scope.dress.cell.is_none() {
            return;
        }
        let arxiv = attribute(tag, "data-arxiv-id")
            .and_then(|id| identifier::arxiv(id.trim()))
            .map(|id| identifier::arxiv_url(&id));
        let doi = attribute(tag, "data-doi")
            .and_then(|id| identifier::doi(id.trim()))
            .map(|id| identifier::doi_url(&id));
        for url in arxiv.into_iter().chain(doi) {
            self.told.push(Line {
                span: tag.span.start..tag.span.end,
                text: url,
                dress: Dress {
                    item: false,
                    heading: 0,
                    ..scope.dress.clone()
                },
                ..Line::default()
            });
        }
    }

    /// What class, id, style and role say of an element.
    fn read_names(name: &str, tag: &StartTag<usize>, scope: &mut Scope) {
        let class = attribute(tag, "class").unwrap_or_default();
        let id = attribute(tag, "id").unwrap_or_default();
        if attribute(tag, "hidden").is_some()
            || attribute(tag, "style").is_some_and(|style| {
                let style: String = style.split_whitespace().collect();
                style.contains("display:none")
            })
        {
            scope.dress.aside = true;
        }
        if let Some(style) = attribute(tag, "style")
            && is_bold(&style)
        {
            scope.strong = true;
        }
        if class.is_empty() && id.is_empty() {
            return;
        }
        let all = format!("{class} {id}").to_ascii_lowercase();
        if all.split_whitespace().any(|name| {
            matches!(
                name,
                "katex"
                    | "mathjax"
                    | "mathjax_display"
                    | "mjx-chtml"
                    | "mathjax_preview"
                    | "mathjax_svg"
            )
        }) {
            scope.katex = true;
        }
        if matches!(name, "html" | "body") {
            return;
        }
        let names = || all.split_whitespace();
        if names().any(|name| CONTENT.contains(&name)) {
            scope.dress.content = true;
            scope.dress.aside = false;
            return;
        }
        let hint = names().find_map(hint_of);
        if hint.is_some() {
            scope.dress.hint = hint;
        }
        let is_around = all
            .split(|c: char| !c.is_ascii_alphanumeric())
            .any(|word| AROUND.contains(&word));
        if is_around && !matches!(name, "article" | "main") && hint != Some(Hint::Title) {
            scope.dress.aside = true;
        }
    }

    fn end(&mut self, name: &str) {
        if name == "p" && !self.is_open("p") {
            return self.flush(true);
        }
        if !self.is_open(name) {
            return;
        }
        while let Some(open) = self.open.last() {
            let is_it = open.name == name;
            // An inline end tag closes no block that was opened within.
            if !is_it && open.is_block && !BLOCKS.contains(&name) {
                return;
            }
            self.pop();
            if is_it {
                return;
            }
        }
    }

    fn is_open(&self, name: &str) -> bool {
        self.counts.get(name).is_some_and(|&count| count > 0)
    }

    fn pop(&mut self) {
        let Some(open) = self.open.pop() else {
            return;
        };
        if open.is_block {
            self.flush(true);
        }
        if open.is_chip {
            self.room();
        }
        if let Some(count) = self.counts.get_mut(&open.name) {
            *count = count.saturating_sub(1);
        }
        match open.name.as_str() {
            "table" => {
                self.tables.pop();
            }
            "script" => self.script(open.scope.raw),
            "annotation" | "span" if open.scope.annotation => {
                let tex = std::mem::take(&mut self.tex);
                self.formula(&tex);
            }
            _ => {}
        }
    }

    /// Closes what a start tag closes without an end tag.
    fn close_implied(&mut self, name: &str) {
        while self.open.last().is_some_and(|open| open.name == "p") {
            self.pop();
        }
        let (closed, bounds): (&[&str], &[&str]) = match name {
            "li" => (&["li"], &["ul", "ol"]),
            "dd" | "dt" => (&["dd", "dt"], &["dl"]),
            "tr" => (&["tr", "td", "th"], &["table"]),
            "td" | "th" => (&["td", "th"], &["tr", "table"]),
            _ => return,
        };
        let position = self
            .open
            .iter()
            .rev()
            .take(REACH)
            .take_while(|open| !bounds.contains(&open.name.as_str()))
            .enumerate()
            .filter(|(_, open)| closed.contains(&open.name.as_str()))
            .last()
            .map(|(above, _)| above);
        if let Some(above) = position {
            for _ in 0..=above {
                self.pop();
            }
        }
    }

    fn text(&mut self, text: &str, span: std::ops::Range<usize>) {
        let Some(open) = self.open.last() else {
            let scope = Scope::default();
            return self.visible(text, span, &scope);
        };
        let scope = open.scope.clone();
        match scope.raw {
            Raw::No => {}
            Raw::WindowTitle => {
                let mut title = String::new();
                push_text(&mut title, text);
                let title = title.trim().to_owned();
                if !title.is_empty() {
                    self.head.window_title = Some(title);
                }
                return;
            }
            Raw::Script | Raw::Data | Raw::Tex => {
                self.script.push_str(text);
                return;
            }
        }
        if scope.annotation {
            self.tex.push_str(text);
            return;
        }
        if scope.unseen || scope.katex {
            return;
        }
        self.visible(text, span, &scope);
    }

    fn visible(&mut self, text: &str, span: std::ops::Range<usize>, scope: &Scope) {
        if scope.preformatted && text.contains('\n') {
            let mut at = span.start;
            for (index, piece) in text.split('\n').enumerate() {
                if index > 0 {
                    self.flush(false);
                }
                self.piece(piece, at..at + piece.len(), scope);
                at += piece.len() + 1;
            }
            return;
        }
        self.piece(text, span, scope);
    }

    fn piece(&mut self, text: &str, span: std::ops::Range<usize>, scope: &Scope) {
        let is_empty = text.chars().all(super::line::is_blank);
        if self.line.text.is_empty() {
            if is_empty {
                return;
            }
            // What is blank at the beginning is no place to point at.
            let skipped = text.len() - text.trim_start().len();
            self.line.span = span.start + skipped..span.end;
            self.line.dress = scope.dress.clone();
            self.line.dress.gap = std::mem::replace(&mut self.gap, false);
            self.line.dress.item = std::mem::replace(&mut self.item, false);
        }
        let start = self.line.text.len();
        push_text(&mut self.line.text, text);
        if !is_empty {
            let trailing = text.len() - text.trim_end().len();
            self.line.span.end = self.line.span.end.max(span.end - trailing.min(span.len()));
        }
        let end = self.line.text.len();
        let added = self.line.text.get(start..end).unwrap_or_default();
        let from = start + (added.len() - added.trim_start().len());
        if from >= end {
            return;
        }
        let mut wear = |kind: MarkKind| {
            let last = self
                .line
                .marks
                .iter_mut()
                .rev()
                .take(4)
                .find(|mark| mark.kind == kind);
            match last {
                Some(mark) if mark.range.end + 1 >= from && mark.range.end <= from => {
                    mark.range.end = end;
                }
                _ => self.line.marks.push(Mark {
                    range: from..end,
                    kind,
                }),
            }
        };
        if scope.strong {
            wear(MarkKind::Strong);
        }
        if scope.emphasis {
            wear(MarkKind::Emphasis);
        }
        if scope.strike {
            wear(MarkKind::Strike);
        }
        if scope.code {
            wear(MarkKind::Code);
        }
        if let Some(url) = &scope.link {
            wear(MarkKind::Link(Arc::clone(url)));
        }
    }

    /// A formula that the page gives as TeX.
    fn formula(&mut self, tex: &str) {
        let tex = tex
            .trim()
            .trim_start_matches("{\\displaystyle")
            .trim_matches('$')
            .trim();
        let scope = self.scope();
        if tex.is_empty() || scope.unseen {
            return;
        }
        if self.line.text.is_empty() {
            self.line.dress = scope.dress.clone();
            self.line.dress.gap = std::mem::replace(&mut self.gap, false);
            self.line.dress.item = std::mem::replace(&mut self.item, false);
        }
        let start = self.line.text.len();
        push_text(&mut self.line.text, tex);
        self.line.marks.push(Mark {
            range: start..self.line.text.len(),
            kind: MarkKind::Math,
        });
    }

    /// A picture: some are formulas, the others are counted.
    fn picture(&mut self, tag: &StartTag<usize>) {
        let scope = self.scope();
        if scope.unseen {
            return;
        }
        let class = attribute(tag, "class").unwrap_or_default();
        let is_formula = attribute(tag, "eeimg").is_some()
            || attribute(tag, "data-formula").is_some()
            || class
                .split_whitespace()
                .any(|name| matches!(name, "mathcode" | "latex" | "equation" | "tex"));
        if is_formula {
            let tex = attribute(tag, "data-formula").or_else(|| attribute(tag, "alt"));
            return self.formula(&tex.unwrap_or_default());
        }
        if !scope.dress.aside {
            self.head.pictures += 1;
        }
    }

    fn meta(&mut self, tag: &StartTag<usize>) {
        let name = attribute(tag, "property")
            .or_else(|| attribute(tag, "name"))
            .or_else(|| attribute(tag, "itemprop"))
            .unwrap_or_default()
            .to_ascii_lowercase();
        let Some(content) = attribute(tag, "content") else {
            return;
        };
        let mut value = String::new();
        push_text(&mut value, &content);
        let value = value.trim().to_owned();
        if value.is_empty() {
            return;
        }
        let head = &mut self.head;
        let slot = match name.as_str() {
            "og:title" | "twitter:title" | "headline" => &mut head.title,
            "og:site_name" | "application-name" => &mut head.site,
            "author" | "article:author" | "og:article:author" => &mut head.author,
            "article:published_time"
            | "og:article:published_time"
            | "datepublished"
            | "pubdate"
            | "publishdate"
            | "og:release_date"
            | "weibo: article:create_at"
            | "date" => &mut head.date,
            "description" | "og:description" => &mut head.description,
            "og:url" => {
                if head.canonical.is_none() {
                    head.canonical = absolute(&value).ok();
                }
                return;
            }
            _ => return,
        };
        if slot.is_none() {
            *slot = Some(value);
        }
    }

    /// What a script says in passing.
    fn script(&mut self, raw: Raw) {
        let script = std::mem::take(&mut self.script);
        match raw {
            Raw::Tex => self.formula(&script),
            Raw::Data => {
                if self.head.date.is_none() {
                    self.head.date = after(&script, "\"datePublished\"").map(str::to_owned);
                }
            }
            Raw::Script => {
                if self.head.seconds.is_none() {
                    let seconds = after(&script, "var ct ").and_then(|digits| digits.parse().ok());
                    self.head.seconds = seconds.filter(|seconds| *seconds > 0);
                }
            }
            Raw::No | Raw::WindowTitle => {}
        }
    }

    fn resolve(&self, href: &str) -> Option<Arc<str>> {
        let href = href.trim();
        let url = absolute(href).ok().or_else(|| self.join(href))?;
        (!url.starts_with("mailto:")).then(|| address::unwrapped(url).into())
    }

    /// An address that is written from the page's own.
    fn join(&self, href: &str) -> Option<String> {
        if let Some(rest) = href.strip_prefix("//") {
            return absolute(&format!("https://{rest}")).ok();
        }
        let base = self.base.as_ref().or(self.head.canonical.as_ref())?;
        if href.is_empty() || href.starts_with('#') || href.contains(':') {
            return None;
        }
        let authority_end = base
            .find("//")
            .map(|at| at + 2)
            .and_then(|from| base.get(from..)?.find('/').map(|at| from + at))
            .unwrap_or(base.len());
        let origin = base.get(..authority_end)?;
        if href.starts_with('/') {
            return absolute(&format!("{origin}{href}")).ok();
        }
        let path = base.get(authority_end..)?.split(['?', '#']).next()?;
        let mut parts: Vec<&str> = path.split('/').collect();
        parts.pop();
        for part in href.split('/') {
            match part {
                "." => {}
                ".." => {
                    if parts.len() > 1 {
                        parts.pop();
                    }
                }
                other => parts.push(other),
            }
        }
        absolute(&format!(
            "{origin}/{}",
            parts.join("/").trim_start_matches('/')
        ))
        .ok()
    }

    /// Leaves a blank, if words stand before.
    fn room(&mut self) {
        if !self.line.text.is_empty() && !self.line.text.ends_with(' ') {
            self.line.text.push(' ');
        }
    }

    /// Ends the line.
    fn flush(&mut self, gap: bool) {
        let mut line = std::mem::take(&mut self.line);
        line.text.truncate(line.text.trim_end().len());
        let length = line.text.len();
        for mark in &mut line.marks {
            mark.range.end = mark.range.end.min(length);
        }
        line.marks.retain(|mark| mark.range.start < mark.range.end);
        if !line.text.is_empty() {
            self.lines.push(line);
        }
        if gap {
            self.lines.append(&mut self.told);
        }
        self.gap |= gap;
    }
}

/// The value after a name in a script: digits or what stands in quotes.
fn after<'a>(script: &'a str, name: &str) -> Option<&'a str> {
    let rest = script.get(script.find(name)? + name.len()..)?;
    let rest = rest.trim_start_matches([' ', '=', ':', '|', '"', '\'']);
    let end = rest.find(['"', '\'', ';', ',', '\n'])?;
    rest.get(..end)
        .map(str::trim)
        .filter(|value| !value.is_empty())
}

fn hint_of(name: &str) -> Option<Hint> {
    Some(match name {
        "activity-name" | "activity_name" | "rich_media_title" | "title-article" | "post-title"
        | "post__title" | "entry-title" | "article-title" | "article__title" | "p-name" => {
            Hint::Title
        }
        "js_name" | "js_author_name" | "profile_nickname" => Hint::Account,
        "publish_time" | "dt-published" | "post-date" | "entry-date" | "published" => Hint::Date,
        "meta_content"
        | "rich_media_meta_text"
        | "post-meta"
        | "post__meta"
        | "entry-meta"
        | "article-meta"
        | "article-info-box"
        | "article-bar-top"
        | "byline"
        | "post-info" => Hint::Byline,
        "tags" | "post-tags" | "article-tags" | "tag-list" | "tags-box" | "artic-tag-box" => {
            Hint::Tags
        }
        "related" | "related-posts" | "recommend-box" | "related-articles" | "relatedposts" => {
            Hint::Related
        }
        _ => return None,
    })
}

/// Whether a style makes words bold.
fn is_bold(style: &str) -> bool {
    let style: String = style.to_ascii_lowercase().split_whitespace().collect();
    style.split(';').any(|declaration| {
        declaration
            .strip_prefix("font-weight:")
            .is_some_and(|weight| {
                weight.starts_with("bold")
                    || weight.parse::<u16>().is_ok_and(|weight| weight >= 600)
            })
    })
}
