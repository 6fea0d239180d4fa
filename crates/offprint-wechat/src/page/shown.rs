//! An article within the page: its elements numbered by what they look like, so that a theme
//! is put on and off by a table of styles, and its pictures within it.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use offprint_core::Asset;
use rustc_hash::FxHashMap;
use serde::Serialize;

use super::Look;
use crate::Article;
use crate::dark::{Surroundings, darken};
use crate::html::{Attribute, Stack, Token, Tokens, VOID, decode};
use crate::theme::dress;

/// Elements that WeChat removes with all that is in them. Within the page they would do what
/// they never do in an article.
const REMOVED: [&str; 10] = [
    "iframe",
    "noembed",
    "noframes",
    "noscript",
    "plaintext",
    "script",
    "style",
    "template",
    "textarea",
    "xmp",
];
/// Elements without content that WeChat removes likewise.
const REMOVED_VOID: [&str; 4] = ["base", "frame", "link", "meta"];

/// Elements that are not in a file where they are there for their style alone and a theme has
/// none.
const BOXES: [&str; 2] = ["section", "span"];
/// Their style in the page, where another theme may have one.
const NO_BOX: &str = "display:contents";

/// An article as the page holds it.
#[derive(Debug)]
pub(super) struct Shown {
    /// The article in the theme of its file. An element that has a style, or is given one by
    /// dark mode, has the number of its chain in `data-look`; a picture has its address in
    /// `data-address`.
    pub(super) html: String,
    /// The characters that a reader sees.
    pub(super) visible: usize,
    /// By how many characters the article is longer in each theme than in that of its file.
    pub(super) longer: Vec<isize>,
    /// The links that stay alive.
    pub(super) links: usize,
}

/// The styles of a theme by the numbers of chains, as places in the list of all styles; none
/// where an element has no style.
#[derive(Debug, Default, Serialize)]
pub(super) struct Table {
    light: Vec<Option<usize>>,
    dark: Vec<Option<usize>>,
}

/// Puts articles into the page.
///
/// A chain is an element's name and style after those of the elements that it is in: all
/// that its colours depend on, in light and in dark. An article has few.
#[derive(Debug)]
pub(super) struct Chains<'a> {
    looks: &'a [Look],
    /// The theme of the files.
    chosen: usize,
    numbers: FxHashMap<Link<'a>, usize>,
    list: Vec<Chain>,
    tables: Vec<Table>,
    styles: List,
    /// The pictures that are in the page already, by their names.
    embedded: HashSet<&'a str>,
}

/// The chain around, an element's name and its style.
type Link<'a> = (Option<usize>, Cow<'a, str>, Option<&'a str>);

#[derive(Debug)]
struct Chain {
    /// What the elements inside inherit, for each theme.
    inner: Vec<Surroundings>,
    /// The attributes that the page has for it: its style in the theme of the files, and its
    /// number if it has a style in any theme, in light or in dark.
    attributes: String,
    /// By how many characters the style is longer in each theme than in that of the files.
    longer: Vec<isize>,
    /// How many elements of the article in hand are of it.
    elements: isize,
}

/// Each style once.
#[derive(Debug, Default)]
struct List {
    numbers: FxHashMap<String, usize>,
    styles: Vec<String>,
}

impl List {
    fn number(&mut self, style: &str) -> usize {
        if let Some(&number) = self.numbers.get(style) {
            return number;
        }
        let number = self.styles.len();
        self.styles.push(style.to_owned());
        self.numbers.insert(style.to_owned(), number);
        number
    }
}

impl<'a> Chains<'a> {
    pub(super) fn new(looks: &'a [Look], chosen: usize) -> Self {
        Self {
            looks,
            chosen,
            numbers: FxHashMap::default(),
            list: Vec::new(),
            tables: looks.iter().map(|_| Table::default()).collect(),
            styles: List::default(),
            embedded: HashSet::new(),
        }
    }

    /// All styles, and for each theme where its own are among them.
    pub(super) fn into_tables(self) -> (Vec<String>, Vec<Table>) {
        (self.styles.styles, self.tables)
    }

    /// Whether a picture is to be put into the page: it is not there yet.
    pub(super) fn embed(&mut self, asset: &'a Asset) -> bool {
        self.embedded.insert(&asset.name)
    }

    /// An article without a theme, as the page holds it.
    pub(super) fn put(&mut self, undressed: &'a str, article: &'a Article<'_>) -> Shown {
        let mut shown = Shown {
            html: String::with_capacity(undressed.len() * 3),
            visible: 0,
            longer: self.looks.iter().map(|_| 0).collect(),
            links: 0,
        };
        let mut open: Stack<'a, usize> = Stack::new();
        let mut left_out: Option<(Cow<'a, str>, usize)> = None;
        let mut tokens = Tokens::new(undressed);
        let mut attributes = Vec::new();
        while let Some((token, _)) = tokens.next(&mut attributes) {
            if let Some((name, depth)) = &mut left_out {
                match &token {
                    Token::Open(inner, _) if inner == name => *depth += 1,
                    Token::Close(inner) if inner == name => *depth -= 1,
                    Token::Open(..)
                    | Token::Close(_)
                    | Token::Text(_)
                    | Token::Raw(_)
                    | Token::Other(_) => {}
                }
                if *depth == 0 {
                    left_out = None;
                }
                continue;
            }
            match token {
                Token::Text(text) | Token::Raw(text) => {
                    shown.visible += decode(text).chars().count();
                    shown.html.push_str(text);
                }
                Token::Other(_) => {}
                Token::Close(name) => {
                    // An end without a beginning would end an element of the page.
                    if open.count(&name) == 0 {
                        continue;
                    }
                    while let Some((closed, _)) = open.pop() {
                        close(&mut shown.html, &closed);
                        if closed == name {
                            break;
                        }
                    }
                }
                Token::Open(name, _) if REMOVED.contains(&name.as_ref()) => {
                    left_out = Some((name, 1));
                }
                Token::Open(name, _) if REMOVED_VOID.contains(&name.as_ref()) => {}
                Token::Open(name, is_closed) => {
                    let around = open.last().copied();
                    let style = attributes.iter().find(|it| it.name == "style");
                    let chain = self.chain(around, name.clone(), style.map(|style| style.value));
                    self.tag(&mut shown, &name, &attributes, chain, article);
                    if !open.is_whole(&name, is_closed) {
                        open.push(name, chain);
                    } else if is_closed && !VOID.contains(&name.as_ref()) {
                        close(&mut shown.html, &name);
                    }
                }
            }
        }
        while let Some((name, _)) = open.pop() {
            close(&mut shown.html, &name);
        }
        for chain in &mut self.list {
            let elements = std::mem::take(&mut chain.elements);
            for (sum, longer) in shown.longer.iter_mut().zip(&chain.longer) {
                *sum += elements * longer;
            }
        }
        shown
    }

    /// The number of a chain.
    fn chain(
        &mut self,
        around: Option<usize>,
        name: Cow<'a, str>,
        style: Option<&'a str>,
    ) -> usize {
        let link = (around, name, style);
        if let Some(&number) = self.numbers.get(&link) {
            return number;
        }
        let number = self.list.len();
        let chain = self.new_chain(around, &link.1, style);
        self.list.push(chain);
        self.numbers.insert(link, number);
        number
    }

    fn new_chain(&mut self, around: Option<usize>, name: &str, style: Option<&str>) -> Chain {
        let around = around.and_then(|number| self.list.get(number));
        let mut inner = Vec::with_capacity(self.looks.len());
        let mut lengths = Vec::with_capacity(self.looks.len());
        let mut attributes = String::new();
        let mut is_styled = style.is_some();
        let outermost = Surroundings::default();
        for (index, (look, table)) in self.looks.iter().zip(&mut self.tables).enumerate() {
            let written = style.map(|style| dress(style, &look.styles));
            lengths.push(match written.as_deref() {
                // A box that is there for its style alone is not written.
                Some("") if BOXES.contains(&name) => -((2 * name.len() + "<></>".len()) as isize),
                None | Some("") => 0,
                Some(style) => (style.chars().count() + " style=\"\"".len()) as isize,
            });
            let light = written.as_deref().map(decode);
            let outer = around.and_then(|around| around.inner.get(index));
            let (dark, within) = darken(
                outer.unwrap_or(&outermost),
                name,
                light.as_deref().unwrap_or_default(),
            );
            let dark = (light.is_some() || !dark.is_empty()).then_some(dark);
            is_styled |= dark.is_some();
            inner.push(within);
            table
                .light
                .push(light.as_deref().map(|style| self.styles.number(style)));
            table
                .dark
                .push(dark.map(|style| self.styles.number(&style)));
            if index == self.chosen
                && let Some(light) = light
            {
                let is_box = light.is_empty() && BOXES.contains(&name);
                let light = if is_box { NO_BOX } else { &light };
                write_attribute(&mut attributes, "style", &light.replace('&', "&amp;"));
            }
        }
        if is_styled {
            let _ = write!(attributes, " data-look=\"{}\"", self.list.len());
        }
        let own = lengths.get(self.chosen).copied().unwrap_or_default();
        Chain {
            inner,
            attributes,
            longer: lengths.iter().map(|length| length - own).collect(),
            elements: 0,
        }
    }

    /// Writes the start of an element.
    fn tag(
        &mut self,
        shown: &mut Shown,
        name: &str,
        attributes: &[Attribute<'_>],
        number: usize,
        article: &'a Article<'_>,
    ) {
        shown.html.push('<');
        shown.html.push_str(name);
        let has = |name: &str| attributes.iter().any(|it| it.name == name);
        let is_sized = has("width") || has("height");
        for attribute in attributes {
            match (name, attribute.name.as_ref()) {
                (_, "style") => {}
                ("img", "src") => self.picture(shown, attribute.value, is_sized, article),
                ("a", "href") => {
                    shown.links += 1;
                    write_attribute(&mut shown.html, "href", attribute.value);
                }
                (_, name) => write_attribute(&mut shown.html, name, attribute.value),
            }
        }
        if let Some(chain) = self.list.get_mut(number) {
            shown.html.push_str(&chain.attributes);
            chain.elements += 1;
        }
        shown.html.push('>');
    }

    /// Writes where a picture is: the first time it is the picture itself.
    fn picture(
        &mut self,
        shown: &mut Shown,
        address: &str,
        is_sized: bool,
        article: &'a Article<'_>,
    ) {
        write_attribute(&mut shown.html, "data-address", address);
        let Some(asset) = article.pictures.get(decode(address).as_ref()) else {
            return;
        };
        if self.embed(asset) {
            let _ = write!(shown.html, " src=\"{}\"", data_url(asset));
        }
        if !is_sized {
            // The page keeps the room until the picture is decoded.
            let (width, height) = (asset.width, asset.height);
            let _ = write!(
                shown.html,
                " width=\"{width}\" height=\"{height}\" data-sized"
            );
        }
    }
}

/// Writes an attribute whose value was taken from markup.
fn write_attribute(out: &mut String, name: &str, value: &str) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    for (place, part) in value.split('"').enumerate() {
        if place > 0 {
            out.push_str("&quot;");
        }
        out.push_str(part);
    }
    out.push('"');
}

fn close(out: &mut String, name: &str) {
    out.push_str("</");
    out.push_str(name);
    out.push('>');
}

/// A picture as an address that holds it.
pub(super) fn data_url(asset: &Asset) -> String {
    let mut url = format!("data:{};base64,", asset.encoding.media_type());
    STANDARD.encode_string(&asset.data, &mut url);
    url
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::Theme;
    use crate::dark::dark;
    use crate::theme::{Setting, Styles};

    fn looks() -> Vec<Look> {
        [("plain", Theme::Plain), ("classic", Theme::Classic)]
            .map(|(name, theme)| Look {
                name: name.to_owned(),
                styles: Styles::new(
                    &theme.tokens(&offprint_core::Files::new()),
                    Setting::Justified,
                ),
            })
            .into()
    }

    fn article(pictures: BTreeMap<String, Asset>) -> Article<'static> {
        Article {
            title: String::new(),
            author: None,
            digest: None,
            content: String::new(),
            source_url: None,
            pictures,
            cover: None,
        }
    }

    /// Tags and words in one spelling, each element in the style that `style` gives it.
    fn told(html: &str, style: impl Fn(Option<&str>, Option<&str>) -> Option<String>) -> String {
        let mut out = String::new();
        let mut tokens = Tokens::new(html);
        let mut attributes = Vec::new();
        while let Some((token, _)) = tokens.next(&mut attributes) {
            match token {
                Token::Open(name, _) => {
                    let value = |name: &str| {
                        let attribute = attributes.iter().find(|it| it.name == name);
                        attribute.map(|it| it.value)
                    };
                    let style = style(value("style"), value("data-look"));
                    let _ = writeln!(out, "<{name} {style:?}");
                }
                Token::Close(name) => {
                    let _ = writeln!(out, "/{name}");
                }
                Token::Text(text) | Token::Raw(text) => out.push_str(text),
                Token::Other(_) => {}
            }
        }
        out
    }

    #[test]
    fn a_theme_put_on_by_a_table_is_that_theme_in_light_and_in_dark() {
        let looks = looks();
        let places = Styles::places();
        let undressed = format!(
            "<section style=\"{}\"><p style=\"{}\">一 <strong>二</strong></p>\
             <p style=\"{}\">三 <code style=\"{}\">&lt;x></code></p>\
             <table style=\"width:100%\"><tbody><tr><td style=\"{}\">四<td>五</table>\
             <section style=\"background:#f5f7f6;color:&#35;666\">六<section>七</section></section>\
             </section>",
            places.article, places.paragraph, places.label, places.code, places.cell
        );
        for chosen in 0..looks.len() {
            let mut chains = Chains::new(&looks, chosen);
            let plain = article(BTreeMap::new());
            let shown = chains.put(&undressed, &plain);
            let (styles, tables) = chains.into_tables();
            let written = |style: Option<&str>, _: Option<&str>| {
                style.map(|style| decode(style).into_owned())
            };
            assert_eq!(
                told(&shown.html, written),
                told(&dress(&undressed, &looks[chosen].styles), written)
                    // The browser ends what was left open, and so does the page.
                    .replace("五/table", "五/td\n/td\n/tr\n/tbody\n/table"),
            );
            for (look, table) in looks.iter().zip(&tables) {
                let light = dress(&undressed, &look.styles);
                let ends = |html: &str| html.replace("/td\n/td\n/tr\n/tbody\n", "");
                for (numbers, file) in [(&table.light, &light), (&table.dark, &dark(&light))] {
                    let by_table = |_: Option<&str>, look: Option<&str>| {
                        let number = numbers[look?.parse::<usize>().unwrap()]?;
                        Some(styles[number].clone())
                    };
                    assert_eq!(
                        ends(&told(&shown.html, by_table)),
                        ends(&told(file, written))
                    );
                }
                let own = dress(&undressed, &looks[chosen].styles).chars().count() as isize;
                let place = looks.iter().position(|it| it.name == look.name).unwrap();
                assert_eq!(light.chars().count() as isize, own + shown.longer[place]);
            }
            assert_eq!(shown.visible, "一 二三 <x>四五六七".chars().count());
        }
    }

    #[test]
    fn nothing_in_an_article_reaches_the_page_around_it() {
        let looks = looks();
        for (html, expected) in [
            ("a</section></div>b", "ab"),
            ("<p>a<strong>b", "<p>a<strong>b</strong></p>"),
            ("<p><em>a</p>b</em>", "<p><em>a</em></p>b"),
            ("a<!-- </body> -->b<!DOCTYPE x>", "ab"),
            ("a<script>alert('</p>')</script>b", "ab"),
            ("a<style>* { color: red }</style>b<style>c", "ab"),
            ("<template><p><template>a</template></template>b", "b"),
            ("<base href='x'><meta http-equiv=refresh><link rel=a>b", "b"),
            (
                "<svg><path d=\"M0\"/><g/></svg>a",
                "<svg><path d=\"M0\"></path><g></g></svg>a",
            ),
            ("<br/><hr>a<section/>b", "<br><hr>a<section>b</section>"),
            ("<p title='a\"b'>c</p>", "<p title=\"a&quot;b\">c</p>"),
            ("<a href=x>b</a>", "<a href=\"x\">b</a>"),
            (
                "<img src=\"https://x.example/a.png\" srcset=b>",
                "<img data-address=\"https://x.example/a.png\" srcset=\"b\">",
            ),
            ("a < b", "a < b"),
        ] {
            let mut chains = Chains::new(&looks, 0);
            let shown = chains.put(html, &article(BTreeMap::new()));
            assert_eq!(shown.html, expected, "{html}");
        }
    }

    #[test]
    fn a_picture_is_in_the_page_once_and_keeps_its_room() {
        let mut png = std::io::Cursor::new(Vec::new());
        image::RgbImage::new(4, 2)
            .write_to(&mut png, image::ImageFormat::Png)
            .unwrap();
        let asset = Asset::read("a&b.png", png.into_inner()).unwrap();
        let pictures = BTreeMap::from([("images/a&b.png".to_owned(), asset.clone())]);
        let looks = looks();
        let mut chains = Chains::new(&looks, 0);
        let html = "<img src=\"images/a&amp;b.png\"><img src=\"images/a&amp;b.png\" width=\"9\">";
        let holder = article(pictures);
        let shown = chains.put(html, &holder);
        let url = data_url(&asset);
        assert_eq!(
            shown.html,
            format!(
                "<img data-address=\"images/a&amp;b.png\" src=\"{url}\" width=\"4\" height=\"2\" \
                 data-sized><img data-address=\"images/a&amp;b.png\" width=\"9\">"
            )
        );
        // In the next part it is there already.
        let shown = chains.put(html, &holder);
        assert!(!shown.html.contains("data:"), "{}", shown.html);
        assert!(!chains.embed(&asset));
    }
}
