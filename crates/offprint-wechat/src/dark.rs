//! An article as WeChat shows it on a dark page.
//!
//! Phones convert an article's colours when they show it: the conversion is published
//! (mp-darkmode, version 1.2.1). It goes through the elements in order and works on their
//! inline styles, on grounds first, and on words by the ground they stand on; drawings and
//! pictures stay as they are. What it asks of the layout is answered here by the markup:
//! a ground lies behind the words within its element.

mod around;
mod convert;
mod normal;
mod shade;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::ops::Range;

use crate::css::{self, Declaration};
use crate::html::{Attribute, Stack, Token, Tokens, decode};
use around::Around;
use convert::Element;

/// Red, green and blue, each from 0 to 255.
pub type Rgb = [u8; 3];

/// A colour by day and by night.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shades {
    /// On a light page.
    pub light: Rgb,
    /// On a dark page.
    pub dark: Rgb,
}

/// What an element inherits or stands on.
#[derive(Debug, Clone, PartialEq)]
pub struct Surroundings {
    /// The colour of words, as it is seen on the ground.
    pub text: Shades,
    /// What lies behind words.
    pub ground: Shades,
    /// Whether a picture lies behind them, so that the ground is not known.
    pub pictured: bool,
    /// The size of type, in pixels.
    pub size: f64,
    /// Whether words are bold.
    pub bold: bool,
    around: Around,
}

impl Default for Surroundings {
    /// The page that an article is shown on.
    fn default() -> Self {
        Self::new(Around::default())
    }
}

impl Surroundings {
    fn new(around: Around) -> Self {
        let [text, ground] = around.seen();
        Self {
            text,
            ground,
            pictured: around.has_picture(),
            size: around.size,
            bold: around.bold,
            around,
        }
    }

    /// How well words are told from what lies behind them, by day and by night.
    pub(crate) fn contrast(&self) -> [f64; 2] {
        between(self.text, self.ground)
    }

    /// The height of a line of words, in pixels.
    pub(crate) fn line_height(&self) -> f64 {
        self.around.line_height()
    }

    /// What a child inherits that holds words, whatever its attributes say but its style.
    pub(crate) fn within(&self, tag: &str, declarations: &[Declaration]) -> Self {
        let element = Element::new(tag, declarations);
        Self::new(convert::convert(&self.around, &element).within)
    }

    /// The same with the attributes that say colours.
    pub(crate) fn within_with(
        &self,
        tag: &str,
        declarations: &[Declaration],
        attributes: &[Attribute<'_>],
    ) -> Self {
        let mut element = Element::new(tag, declarations);
        element.read(attributes);
        Self::new(convert::convert(&self.around, &element).within)
    }
}

/// The style in dark mode of an element that holds words, and what its children inherit.
///
/// `style` is what the attribute says once its references are resolved. It comes back as it
/// is if nothing of it changes.
#[must_use]
pub fn darken(around: &Surroundings, tag: &str, style: &str) -> (String, Surroundings) {
    let declarations = css::declarations(style);
    let tag = tag.to_ascii_lowercase();
    let converted = convert::convert(&around.around, &Element::new(&tag, &declarations));
    let style = converted.style.unwrap_or_else(|| style.to_owned());
    (style, Surroundings::new(converted.within))
}

/// A whole article as dark mode shows it.
///
/// Only colours that the article itself says are changed; what it leaves to the page
/// (`#191919` on white by day) is `#a3a3a3` on `#191919`.
#[must_use]
pub fn dark(html: &str) -> String {
    let words = Words::of(html);
    let mut out = String::with_capacity(html.len() + html.len() / 8);
    let mut copied = 0;
    let mut copy_until = |out: &mut String, from: usize, to: usize| {
        out.push_str(html.get(copied..from).unwrap_or_default());
        copied = to;
    };
    let mut tokens = Tokens::new(html);
    let mut attributes = Vec::new();
    let mut open: Stack<'_, Around> = Stack::new();
    let page = Around::default();
    let mut count = 0;
    while let Some((token, place)) = tokens.next(&mut attributes) {
        match token {
            Token::Open(name, ends) => {
                let has_words = words.are_in(count);
                count += 1;
                let style = attributes
                    .iter()
                    .find(|attribute| attribute.name == "style");
                let written = style.map(|style| decode(style.value)).unwrap_or_default();
                let declarations = css::declarations(&written);
                let mut element = Element::new(&name, &declarations);
                element.read(&attributes);
                element.has_words = has_words;
                let around = open.last().unwrap_or(&page);
                let converted = convert::convert(around, &element);
                if let Some(new) = converted.style {
                    let quoted = new.replace('&', "&amp;").replace('"', "&quot;");
                    match style.map(|style| style.place.clone()) {
                        Some(place) if !place.is_empty() => {
                            let before = place.start.checked_sub(1);
                            let quote = before.and_then(|at| html.as_bytes().get(at));
                            let (from, to) = match quote {
                                Some(b'"' | b'\'') => (place.start - 1, place.end + 1),
                                _ => (place.start, place.end),
                            };
                            copy_until(&mut out, from, to.min(html.len()));
                            let _ = write!(out, "\"{quoted}\"");
                        }
                        _ => {
                            let after = place.start + 1 + name.len();
                            copy_until(&mut out, after, after);
                            let _ = write!(out, " style=\"{quoted}\"");
                        }
                    }
                }
                if !open.is_whole(&name, ends) {
                    open.push(name, converted.within);
                }
            }
            Token::Close(name) => {
                close(&mut open, &name);
            }
            Token::Text(_) | Token::Raw(_) | Token::Other(_) => {}
        }
    }
    copy_until(&mut out, html.len(), html.len());
    out
}

/// Closes an element and those in it that were left open.
fn close<T>(open: &mut Stack<'_, T>, name: &str) {
    if open.count(name) > 0 {
        while let Some((closed, _)) = open.pop() {
            if closed == name {
                break;
            }
        }
    }
}

/// Which elements hold words, by their number in the order of start tags.
struct Words(Option<Vec<bool>>);

impl Words {
    /// Only gradients and pictures ask for it; else it is not looked for.
    fn of(html: &str) -> Self {
        if !["gradient", "url(", "URL("]
            .iter()
            .any(|part| html.contains(part))
        {
            return Self(None);
        }
        let mut holders: Vec<bool> = Vec::new();
        let mut open: Stack<'_, usize> = Stack::new();
        let mut tokens = Tokens::new(html);
        let mut attributes = Vec::new();
        while let Some((token, _)) = tokens.next(&mut attributes) {
            match token {
                Token::Open(name, ends) => {
                    let number = holders.len();
                    holders.push(false);
                    if !open.is_whole(&name, ends) {
                        open.push(name, number);
                    }
                }
                Token::Close(name) => close(&mut open, &name),
                Token::Text(text) | Token::Raw(text) => {
                    if text.chars().all(char::is_whitespace) {
                        continue;
                    }
                    for number in open.iter_mut().rev() {
                        match holders.get_mut(*number) {
                            Some(holds) if !*holds => *holds = true,
                            _ => break,
                        }
                    }
                }
                Token::Other(_) => {}
            }
        }
        Self(Some(holders))
    }

    fn are_in(&self, number: usize) -> bool {
        self.0
            .as_ref()
            .is_none_or(|holders| holders.get(number).copied().unwrap_or_default())
    }
}

/// What is to be told from what it stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// Words on their ground.
    Text,
    /// A border beside the ground around it.
    Border,
    /// A ground of its own beside the ground around it.
    Ground,
}

/// How well something is told from what it stands on.
#[derive(Debug, Clone, PartialEq)]
pub struct Contrast {
    /// What it is.
    pub what: Seen,
    /// The ratio of luminances by day (WCAG 2, §1.4.3), from 1 to 21.
    pub light: f64,
    /// The same by night.
    pub dark: f64,
    /// The size of type there, in pixels.
    pub size: f64,
    /// Whether type is bold there.
    pub bold: bool,
    /// The bytes of the words, or of the start tag.
    pub place: Range<usize>,
}

/// The contrasts in an article, in the order of its markup. Words over pictures are left out,
/// and words in drawings.
#[must_use]
pub fn contrasts(html: &str) -> Vec<Contrast> {
    let mut found = Vec::new();
    let mut cascade = Cascade::new();
    let mut open: Stack<'_, usize> = Stack::new();
    let mut tokens = Tokens::new(html);
    let mut attributes = Vec::new();
    while let Some((token, place)) = tokens.next(&mut attributes) {
        match token {
            Token::Open(name, ends) => {
                let outer = open.last().copied().unwrap_or_default();
                let style = attributes
                    .iter()
                    .find(|attribute| attribute.name == "style")
                    .map_or("", |style| style.value);
                let style = cascade.style(style);
                let inner = cascade.within(outer, &name, style, &attributes);
                if open.count("svg") == 0 && name != "svg" {
                    let around = cascade.at(outer);
                    let within = cascade.at(inner);
                    let mut find = |what, shades: Shades| {
                        let [light, dark] = between(shades, around.ground);
                        found.push(Contrast {
                            what,
                            light,
                            dark,
                            size: within.size,
                            bold: within.bold,
                            place: place.clone(),
                        });
                    };
                    if !around.pictured {
                        if within.ground != around.ground && !within.pictured {
                            find(Seen::Ground, within.ground);
                        }
                        for border in within.around.edges() {
                            find(Seen::Border, border);
                        }
                    }
                }
                if !open.is_whole(&name, ends) {
                    open.push(name, inner);
                }
            }
            Token::Close(name) => close(&mut open, &name),
            Token::Text(text) => {
                let within = cascade.at(open.last().copied().unwrap_or_default());
                let is_blank = decode(text).chars().all(char::is_whitespace);
                if is_blank || within.pictured || open.count("svg") > 0 {
                    continue;
                }
                let [light, dark] = within.contrast();
                found.push(Contrast {
                    what: Seen::Text,
                    light,
                    dark,
                    size: within.size,
                    bold: within.bold,
                    place,
                });
            }
            Token::Raw(_) | Token::Other(_) => {}
        }
    }
    found
}

/// The ratio of two colours' luminances.
pub(crate) fn contrast_of(one: [f64; 3], other: [f64; 3]) -> f64 {
    shade::contrast(one, other)
}

fn between(one: Shades, other: Shades) -> [f64; 2] {
    [(one.light, other.light), (one.dark, other.dark)]
        .map(|(one, other)| shade::contrast(one.map(f64::from), other.map(f64::from)))
}

/// Styles read and surroundings worked out once each: an article has few that differ.
pub(crate) struct Cascade<'a> {
    styles: HashMap<&'a str, usize>,
    declarations: Vec<Vec<Declaration>>,
    chains: HashMap<(usize, usize, Kind), usize>,
    surroundings: Vec<Surroundings>,
}

/// What of an element's name concerns what its children inherit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Plain,
    Bold,
    Heading,
    /// Its attributes say something; worked out each time.
    Own,
}

impl<'a> Cascade<'a> {
    pub(crate) fn new() -> Self {
        Self {
            styles: HashMap::new(),
            declarations: Vec::new(),
            chains: HashMap::new(),
            surroundings: vec![Surroundings::default()],
        }
    }

    /// The number of a style, as it is written in an attribute.
    pub(crate) fn style(&mut self, written: &'a str) -> usize {
        let declarations = &mut self.declarations;
        *self.styles.entry(written).or_insert_with(|| {
            declarations.push(css::declarations(&decode(written)));
            declarations.len() - 1
        })
    }

    pub(crate) fn declarations(&self, style: usize) -> &[Declaration] {
        self.declarations.get(style).map_or(&[], Vec::as_slice)
    }

    /// The number of what is inherited in an element: what is around it has the number
    /// `outer`, that of the page being 0.
    pub(crate) fn within(
        &mut self,
        outer: usize,
        tag: &str,
        style: usize,
        attributes: &[Attribute<'_>],
    ) -> usize {
        let kind = match tag {
            "b" | "strong" | "th" => Kind::Bold,
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Kind::Heading,
            "font" | "iframe" | "mpcps" => Kind::Own,
            _ if attributes.iter().any(convert::says_colors) => Kind::Own,
            _ => Kind::Plain,
        };
        if kind == Kind::Plain && self.declarations(style).is_empty() {
            return outer;
        }
        if kind == Kind::Own {
            let around = self.at(outer);
            let within = around.within_with(tag, self.declarations(style), attributes);
            self.surroundings.push(within);
            return self.surroundings.len() - 1;
        }
        if let Some(known) = self.chains.get(&(outer, style, kind)) {
            return *known;
        }
        let within = self.at(outer).within(tag, self.declarations(style));
        self.surroundings.push(within);
        let number = self.surroundings.len() - 1;
        self.chains.insert((outer, style, kind), number);
        number
    }

    pub(crate) fn at(&self, number: usize) -> &Surroundings {
        static PAGE: std::sync::LazyLock<Surroundings> =
            std::sync::LazyLock::new(Surroundings::default);
        self.surroundings.get(number).unwrap_or(&PAGE)
    }
}

#[cfg(test)]
mod tests;
