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

use std::fmt::Write as _;
use std::ops::Range;

use rustc_hash::FxHashMap;

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

    /// The height of a line of words, in pixels.
    pub(crate) fn line_height(&self) -> f64 {
        self.around.line_height()
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
    let mut cascade = Cascade::new();
    let mut tokens = Tokens::new(html);
    let mut attributes = Vec::new();
    let mut open: Stack<'_, usize> = Stack::new();
    let mut count = 0;
    while let Some((token, place)) = tokens.next(&mut attributes) {
        match token {
            Token::Open(name, ends) => {
                let has_words = words.are_in(count);
                count += 1;
                let outer = open.last().copied().unwrap_or_default();
                let style = attributes
                    .iter()
                    .find(|attribute| attribute.name == "style");
                let number = cascade.style(style.map_or("", |style| style.value));
                let inner = cascade.within(outer, &name, number, &attributes, has_words);
                if let Some(new) = cascade.dark_style(inner) {
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
                    open.push(name, inner);
                }
            }
            Token::Close(name) => close(&mut open, &name),
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
    pub ratio_light: f64,
    /// The same by night.
    pub ratio_dark: f64,
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
                let inner = cascade.within(outer, &name, style, &attributes, true);
                if open.count("svg") == 0 && name != "svg" {
                    let around = cascade.at(outer);
                    let within = cascade.at(inner);
                    let mut find = |what, shades: Shades| {
                        let [ratio_light, ratio_dark] = between(shades, around.ground);
                        found.push(Contrast {
                            what,
                            ratio_light,
                            ratio_dark,
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
                let number = open.last().copied().unwrap_or_default();
                let within = cascade.at(number);
                let is_blank = decode(text).chars().all(char::is_whitespace);
                if is_blank || within.pictured || open.count("svg") > 0 {
                    continue;
                }
                let [ratio_light, ratio_dark] = cascade.contrast(number);
                found.push(Contrast {
                    what: Seen::Text,
                    ratio_light,
                    ratio_dark,
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

/// A colour in a shade that is told from the page and from panels by day and by night, for what
/// dark mode leaves as it is.
pub(crate) fn seen_on_both(color: Rgb) -> Rgb {
    shade::seen_on_both(color.map(f64::from)).map(|part| part.round().clamp(0.0, 255.0) as u8)
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
    styles: FxHashMap<&'a str, usize>,
    declarations: Vec<Vec<Declaration>>,
    chains: FxHashMap<(usize, usize, Kind, bool), usize>,
    known: Vec<Known>,
}

struct Known {
    surroundings: Surroundings,
    contrast: [f64; 2],
    /// The style that the element gets in dark mode, if that changes it.
    dark_style: Option<String>,
}

impl Known {
    fn new(around: Around, dark_style: Option<String>) -> Self {
        let surroundings = Surroundings::new(around);
        Self {
            contrast: between(surroundings.text, surroundings.ground),
            surroundings,
            dark_style,
        }
    }
}

/// What of an element's name concerns what its children inherit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Plain,
    Bold,
    /// A drawing or a part of one.
    Drawing,
    /// Its attributes say something; worked out each time.
    Own,
}

impl<'a> Cascade<'a> {
    pub(crate) fn new() -> Self {
        Self {
            styles: FxHashMap::default(),
            declarations: Vec::new(),
            chains: FxHashMap::default(),
            known: vec![Known::new(Around::default(), None)],
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
        has_words: bool,
    ) -> usize {
        let kind = match tag {
            "b" | "strong" | "th" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Kind::Bold,
            "font" | "iframe" | "mpcps" => Kind::Own,
            _ if convert::is_drawing(tag) => Kind::Drawing,
            _ if attributes.iter().any(convert::says_colors) => Kind::Own,
            _ => Kind::Plain,
        };
        let key = (outer, style, kind, has_words);
        if let Some(number) = self.chains.get(&key) {
            return *number;
        }
        let mut element = Element::new(tag, self.declarations(style));
        element.has_words = has_words;
        element.read(attributes);
        let converted = convert::convert(&self.at(outer).around, &element);
        let number = self.known.len();
        self.known
            .push(Known::new(converted.within, converted.style));
        if kind != Kind::Own {
            self.chains.insert(key, number);
            // An element without a style hands on what it got, however deep they nest.
            if self.declarations(style).is_empty() {
                self.chains.insert((number, style, kind, has_words), number);
            }
        }
        number
    }

    pub(crate) fn at(&self, number: usize) -> &Surroundings {
        static PAGE: std::sync::LazyLock<Surroundings> =
            std::sync::LazyLock::new(Surroundings::default);
        self.known
            .get(number)
            .map_or(&PAGE, |known| &known.surroundings)
    }

    /// How well words are told from what lies behind them, by day and by night.
    pub(crate) fn contrast(&self, number: usize) -> [f64; 2] {
        self.known
            .get(number)
            .map_or([1.0; 2], |known| known.contrast)
    }

    /// What WeChat's own checker finds by night.
    pub(crate) fn checked_contrast(&self, number: usize) -> f64 {
        self.at(number).around.checked_contrast()
    }

    fn dark_style(&self, number: usize) -> Option<&str> {
        self.known.get(number)?.dark_style.as_deref()
    }
}

#[cfg(test)]
mod tests;
