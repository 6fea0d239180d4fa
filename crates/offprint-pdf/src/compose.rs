//! An issue to rows: what is said in which order, how it looks, and what it is.
//!
//! An issue is composed in parts (front, each section, back) that know nothing of each
//! other, so that sections can be laid out in parallel; the parts are joined in order.

mod back;
mod formula;
mod front;
mod index;
mod issue;
mod notes;
mod paper;
mod parts;
mod table;
mod text;

use std::collections::BTreeMap;

use offprint_core::chars::is_han;
use offprint_core::model::Lang;
use offprint_core::text::Image;
use offprint_core::words::Words;
use offprint_core::{Assets, Issue, Series};

use crate::page::{Anchor, Backdrop, Bookmark, Color, Flow, Row, Target, heights};
use crate::paragraph::{Alignment, Paragraph, Setting, Style, lines, patterns};
use crate::settings::Pdf;
use crate::shape::{Cut, Shaper};
use crate::structure::{ElementId, Role, Tag, Tree};
use crate::theme::{Palette, Theme};

pub(crate) use index::compose_index;
pub(crate) use parts::compose;

/// What is laid out, and how.
pub(crate) struct Subject<'a> {
    pub(crate) settings: &'a Pdf,
    pub(crate) theme: &'a Theme,
    pub(crate) assets: &'a Assets,
    pub(crate) series: &'a Series,
    pub(crate) issue: &'a Issue,
}

/// The anchors of everything that links and bookmarks lead to.
pub(crate) struct Places {
    pub(crate) title: Anchor,
    pub(crate) contents: Anchor,
    pub(crate) notes: Anchor,
    pub(crate) about: Anchor,
    pub(crate) index: Anchor,
    /// For each footnote, its text and its first reference.
    pub(crate) footnotes: Vec<(Anchor, Anchor)>,
    /// For each section, its heading and its papers.
    pub(crate) sections: Vec<(Anchor, Vec<Anchor>)>,
    /// For each part of a book, its title.
    pub(crate) parts: Vec<Anchor>,
}

impl Places {
    pub(crate) fn new(issue: &Issue) -> Self {
        let mut next = 0;
        let mut anchor = || {
            next += 1;
            Anchor(next - 1)
        };
        Self {
            title: anchor(),
            contents: anchor(),
            notes: anchor(),
            about: anchor(),
            index: anchor(),
            footnotes: issue
                .footnotes
                .iter()
                .map(|_| (anchor(), anchor()))
                .collect(),
            sections: issue
                .sections
                .iter()
                .map(|section| {
                    let own = anchor();
                    (own, section.papers.iter().map(|_| anchor()).collect())
                })
                .collect(),
            parts: issue.parts.iter().map(|_| anchor()).collect(),
        }
    }
}

struct Composer<'a> {
    shaper: &'a mut Shaper,
    subject: &'a Subject<'a>,
    theme: &'a Theme,
    series: &'a Series,
    issue: &'a Issue,
    places: &'a Places,
    words: Words,
    /// Of the text that is made now.
    lang: &'a Lang,
    flow: Flow,
    /// Where text begins, and how wide it is: narrower inside lists and quotations.
    x: f32,
    measure: f32,
    /// Whether rows run over all columns.
    wide: bool,
    /// What runs behind the rows that are made now.
    backdrops: Vec<u32>,
    /// Space wanted above the next row.
    before: f32,
    /// What the text that is made now belongs to.
    element: ElementId,
    /// The level of the last heading, and of the one that the text now made stands under.
    level: u8,
    base: u8,
    /// The title of the paper that the text is of.
    paper: Option<String>,
    /// The footnotes that this part refers to first, and where each stands.
    notes: BTreeMap<u32, NotePlace>,
    in_note: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NotePlace {
    /// Nothing has referred to it yet.
    Nowhere,
    /// At the foot of the page that refers to it.
    Foot,
    /// Among the notes at the end, because it is long.
    End,
}

/// How running text looks.
#[derive(Debug, Clone, Copy)]
struct Dress {
    style: Style,
    leading: f32,
}

/// Deep nesting leaves room for a few words.
const FEWEST_EMS: f32 = 9.0;

pub(crate) fn plain_style(size: f32, color: Color) -> Style {
    Style {
        cut: Cut::default(),
        size,
        color,
        strike: false,
        dotted: false,
        rise: 0.0,
        whole: false,
        ground: None,
        link: None,
        tag: None,
    }
}

fn bold(style: Style) -> Style {
    Style {
        cut: Cut {
            bold: true,
            ..style.cut
        },
        ..style
    }
}

impl<'a> Composer<'a> {
    fn new(shaper: &'a mut Shaper, subject: &'a Subject<'a>, places: &'a Places) -> Self {
        Self {
            shaper,
            subject,
            theme: subject.theme,
            series: subject.series,
            issue: subject.issue,
            places,
            words: Words::of(&subject.issue.lang),
            lang: &subject.issue.lang,
            flow: Flow::default(),
            x: 0.0,
            measure: subject.theme.area.column,
            wide: false,
            backdrops: Vec::new(),
            before: 0.0,
            element: Tree::ROOT,
            level: 1,
            base: 1,
            paper: None,
            notes: BTreeMap::new(),
            in_note: false,
        }
    }

    fn colors(&self) -> Palette {
        self.theme.colors
    }

    // Rows

    /// Adds space above the next row; the largest of several wishes counts.
    fn space(&mut self, points: f32) {
        self.before = self.before.max(points);
    }

    fn push(&mut self, mut row: Row) {
        row.before = std::mem::take(&mut self.before);
        row.backdrops.clone_from(&self.backdrops);
        row.wide = self.wide;
        self.flow.rows.push(row);
    }

    /// Adds the lines of a paragraph: no line of it is left alone at a page's top or foot.
    fn push_lines(&mut self, mut rows: Vec<Row>) {
        let count = rows.len();
        for (index, row) in rows.iter_mut().enumerate() {
            let is_last = index + 1 == count;
            row.keep |= !is_last && (index == 0 || index + 2 == count);
        }
        for row in rows {
            self.push(row);
        }
    }

    fn keep_with_next(&mut self) {
        if let Some(last) = self.flow.rows.last_mut() {
            last.keep = true;
        }
    }

    fn gap(&mut self, height: f32) {
        self.push(Row {
            height,
            keep: true,
            ..Row::default()
        });
    }

    fn bookmark(&mut self, level: u8, title: &str, anchor: Anchor) {
        self.flow.bookmarks.push(Bookmark {
            level,
            title: title.to_owned(),
            anchor,
        });
    }

    fn setting(&self, leading: f32) -> Setting {
        Setting {
            x: self.x,
            measure: self.measure,
            first: 0.0,
            rest: 0.0,
            leading,
            justify: true,
            align: Alignment::Start,
            verbatim: false,
            hyphenate: patterns(self.lang.as_str()),
        }
    }

    fn ragged(&self, leading: f32) -> Setting {
        Setting {
            justify: false,
            hyphenate: None,
            ..self.setting(leading)
        }
    }

    fn paragraph(&mut self, paragraph: &Paragraph, setting: &Setting) {
        if paragraph.is_empty() {
            return;
        }
        let mut rows = lines(self.shaper, paragraph, setting);
        for row in &mut rows {
            self.limit_notes(row);
        }
        self.push_lines(rows);
    }

    fn with_inset(&mut self, left: f32, right: f32, run: impl FnOnce(&mut Self)) {
        let (x, measure) = (self.x, self.measure);
        let narrowest = FEWEST_EMS * self.theme.body;
        let taken = (left + right).min((measure - narrowest).max(0.0));
        self.x += left.min(taken);
        self.measure -= taken;
        run(self);
        (self.x, self.measure) = (x, measure);
    }

    /// Leaves room for what stands beside the text, however narrow that becomes.
    fn with_room(&mut self, left: f32, right: f32, run: impl FnOnce(&mut Self)) {
        let (x, measure) = (self.x, self.measure);
        self.x += left;
        self.measure = (measure - left - right).max(self.theme.body);
        run(self);
        (self.x, self.measure) = (x, measure);
    }

    /// Rows over all columns.
    fn across(&mut self, run: impl FnOnce(&mut Self)) {
        let measure = std::mem::replace(&mut self.measure, self.theme.area.width);
        let wide = std::mem::replace(&mut self.wide, true);
        run(self);
        (self.measure, self.wide) = (measure, wide);
    }

    fn with_backdrop(&mut self, backdrop: Backdrop, run: impl FnOnce(&mut Self)) {
        self.flow.backdrops.push(backdrop);
        self.backdrops.push((self.flow.backdrops.len() - 1) as u32);
        run(self);
        self.backdrops.pop();
    }

    /// The rows that `run` makes, which do not stand in the text but beside it: notes and
    /// floats. They have no grounds.
    fn aside(&mut self, run: impl FnOnce(&mut Self)) -> Vec<Row> {
        let rows = std::mem::take(&mut self.flow.rows);
        let backdrops = std::mem::take(&mut self.backdrops);
        let before = std::mem::take(&mut self.before);
        let (x, measure) = (self.x, self.measure);
        (self.x, self.measure) = (0.0, self.theme.area.column);
        run(self);
        (self.x, self.measure) = (x, measure);
        self.before = before;
        self.backdrops = backdrops;
        let mut rows = std::mem::replace(&mut self.flow.rows, rows);
        for row in &mut rows {
            row.backdrops.clear();
        }
        rows
    }

    /// [`Composer::aside`] as wide as the text around it.
    fn aside_here(&mut self, run: impl FnOnce(&mut Self)) -> Vec<Row> {
        let (x, measure) = (self.x, self.measure);
        self.aside(|composer| {
            (composer.x, composer.measure) = (x, measure);
            run(composer);
        })
    }

    // Structure

    /// Runs within an element, a new one at the end of the current one.
    fn within(&mut self, role: Role, run: impl FnOnce(&mut Self)) {
        let element = self.flow.tree.element(self.element, role);
        let outer = std::mem::replace(&mut self.element, element);
        run(self);
        self.element = outer;
    }

    /// Says in which language the current element is, unless it is that of the text around it.
    fn speak(&mut self, declared: Option<&Lang>, words: &str) {
        if let Some(lang) = language(self.lang, declared, words) {
            self.flow.tree.set_lang(self.element, &lang);
        }
    }

    fn content(&mut self) -> Tag {
        self.flow.tree.content(self.element)
    }

    /// Adds words of the current element. A phrase in another script says its language.
    fn say(&mut self, paragraph: &mut Paragraph, words: &str, style: Style) {
        if !self.lang.is_chinese() {
            let tag = Some(self.content());
            paragraph.push(words, Style { tag, ..style });
            return;
        }
        for (part, is_foreign) in phrases(words) {
            if is_foreign {
                self.within(Role::Span, |composer| {
                    composer.flow.tree.set_lang(composer.element, "en");
                    let tag = Some(composer.content());
                    paragraph.push(part, Style { tag, ..style });
                });
            } else {
                let tag = Some(self.content());
                paragraph.push(part, Style { tag, ..style });
            }
        }
    }

    /// Adds words as they are.
    fn name(&mut self, paragraph: &mut Paragraph, words: &str, style: Style) {
        let tag = Some(self.content());
        paragraph.push(words, Style { tag, ..style });
    }

    /// Runs with a style that links to `target`, within an element of its own.
    fn linked(
        &mut self,
        paragraph: &mut Paragraph,
        target: Target,
        style: Style,
        run: impl FnOnce(&mut Self, &mut Paragraph, Style),
    ) {
        self.within(Role::Link, |composer| {
            let link = Some(paragraph.target(target, composer.element));
            run(composer, paragraph, Style { link, ..style });
        });
    }

    /// Words that may lead somewhere.
    fn say_linked(
        &mut self,
        paragraph: &mut Paragraph,
        words: &str,
        url: Option<&str>,
        style: Style,
    ) {
        match url {
            Some(url) => {
                let style = Style {
                    color: self.colors().accent,
                    ..style
                };
                let target = Target::Url(url.to_owned());
                self.linked(paragraph, target, style, |composer, paragraph, style| {
                    composer.name(paragraph, words, style);
                });
            }
            None => self.say(paragraph, words, style),
        }
    }

    /// A paragraph that is an element.
    fn block_of(
        &mut self,
        role: Role,
        setting: &Setting,
        fill: impl FnOnce(&mut Self, &mut Paragraph),
    ) {
        self.within(role, |composer| {
            let mut paragraph = Paragraph::default();
            fill(composer, &mut paragraph);
            composer.paragraph(&paragraph, setting);
        });
    }

    /// Whether it is a book of several issues.
    fn is_book(&self) -> bool {
        !self.issue.parts.is_empty()
    }

    /// Whether what comes next begins what ends a book, which does not belong to its last
    /// issue.
    fn begins_end(&self) -> bool {
        self.is_book() && self.flow.rows.is_empty()
    }

    /// How much deeper headings and bookmarks are than in a single issue.
    fn deeper(&self) -> u8 {
        u8::from(self.is_book())
    }

    /// A heading's level and element: no level is skipped on the way down.
    fn heading_role(&mut self, wanted: u8) -> Role {
        self.level = wanted.min(self.level + 1).clamp(1, 6);
        Role::Heading(self.level)
    }

    // Dresses

    fn body(&self) -> Dress {
        Dress {
            style: plain_style(self.theme.body, self.colors().ink),
            leading: self.theme.leading,
        }
    }

    fn small(&self, color: Color) -> Dress {
        Dress {
            style: plain_style(self.theme.small, color),
            leading: self.theme.small_leading,
        }
    }

    /// Draws a label where the next row's first line will stand: a row of no height.
    fn label(&mut self, label: &Paragraph, setting: &Setting) {
        let mut rows = lines(self.shaper, label, setting);
        rows.truncate(1);
        for mut row in rows {
            row.height = 0.0;
            row.keep = true;
            self.push(row);
        }
    }

    /// Lowers the label in a row to where the next row's baseline came to be: a tall formula
    /// moves it down.
    fn align_label(&mut self, at: usize) {
        let Some([label, row]) = self.flow.rows.get_mut(at..at + 2) else {
            return;
        };
        if let (Some(own), Some(wanted)) = (label.baseline(), row.baseline())
            && row.items.iter().any(|item| item.formula().is_some())
            && wanted > own
        {
            for item in &mut label.items {
                item.shift(0.0, wanted - own);
            }
            for link in &mut label.links {
                link.y += wanted - own;
            }
        }
    }

    fn heading(&mut self, level: u8, title: &str, size: f32, color: Color, anchor: Option<Anchor>) {
        let role = self.heading_role(level);
        self.within(role, |composer| {
            composer.speak(None, title);
            let mut paragraph = Paragraph::default();
            if let Some(anchor) = anchor {
                paragraph.push_anchor(anchor);
            }
            composer.name(&mut paragraph, title, bold(plain_style(size, color)));
            let rows = lines(composer.shaper, &paragraph, &composer.ragged(size * 1.35));
            for mut row in rows {
                row.keep = true;
                composer.push(row);
            }
        });
        self.space(size * 0.35);
    }

    /// Width and height in points, within limits; `None` for a picture that is not there.
    fn picture_size(&self, image: &Image, widest: f32, highest: f32) -> Option<(f32, f32)> {
        let asset = self.subject.assets.get(&image.src)?;
        let (width, height) = (asset.width as f32, asset.height as f32);
        if width < 1.0 || height < 1.0 {
            return None;
        }
        // A pixel of a screen is three quarters of a point.
        let wanted = image
            .width
            .map_or(width * 0.75, |percent| {
                self.measure * f32::from(percent) / 100.0
            })
            .min(widest);
        let scale = (wanted / width).min(highest / height);
        Some((width * scale, height * scale))
    }
}

/// The language to be said of words within an issue, `None` for the issue's own: the one
/// declared, else what the script tells.
fn language(issue: &Lang, declared: Option<&Lang>, words: &str) -> Option<String> {
    if let Some(lang) = declared {
        return (lang.as_str() != issue.as_str()).then(|| lang.as_str().to_owned());
    }
    let has_han = words.chars().any(is_han);
    let has_latin = words
        .chars()
        .any(|character| character.is_ascii_alphabetic());
    match issue.primary().as_str() {
        "ja" => None,
        _ if issue.is_chinese() => (!has_han && has_latin).then(|| "en".to_owned()),
        _ => has_han.then(|| "zh".to_owned()),
    }
}

/// Parts Chinese text from phrases of three or more Latin words in it.
fn phrases(text: &str) -> Vec<(&str, bool)> {
    const FEWEST: usize = 3;
    let is_of_phrase = |character: char| {
        character.is_alphabetic() && !offprint_core::chars::is_wide(character)
            || matches!(
                character,
                ' ' | ',' | '.' | '\'' | '-' | ':' | '’' | '(' | ')'
            )
            || character.is_ascii_digit()
    };
    let mut parts = Vec::new();
    let mut done = 0;
    let mut rest = 0;
    while let Some(start) = text
        .get(rest..)
        .and_then(|tail| tail.find(|character: char| character.is_ascii_alphabetic()))
        .map(|offset| rest + offset)
    {
        let tail = text.get(start..).unwrap_or_default();
        let length = tail
            .find(|character| !is_of_phrase(character))
            .unwrap_or(tail.len());
        let phrase = tail.get(..length).unwrap_or_default().trim_end();
        let words = phrase
            .split(' ')
            .filter(|word| word.chars().filter(char::is_ascii_alphabetic).count() > 1)
            .count();
        if words >= FEWEST {
            if start > done {
                parts.push((text.get(done..start).unwrap_or_default(), false));
            }
            parts.push((phrase, true));
            done = start + phrase.len();
        }
        rest = start + length.max(1);
    }
    if done < text.len() {
        parts.push((text.get(done..).unwrap_or_default(), false));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_of_another_script_stands_apart() {
        assert_eq!(
            phrases("他说 the quick brown fox. 然后"),
            [
                ("他说 ", false),
                ("the quick brown fox.", true),
                (" 然后", false)
            ]
        );
        assert_eq!(
            phrases("用 BERT 和 GPT-2 训练"),
            [("用 BERT 和 GPT-2 训练", false)]
        );
        assert_eq!(
            phrases("Only Latin words here"),
            [("Only Latin words here", true)]
        );
        assert!(phrases("").is_empty());
    }

    #[test]
    fn a_language_is_said_where_it_differs() {
        let lang = |tag| Lang::parse(tag).unwrap();
        let zh = lang("zh-CN");
        assert_eq!(language(&zh, None, "深度学习"), None);
        assert_eq!(language(&zh, None, "Deep Learning"), Some("en".to_owned()));
        assert_eq!(
            language(&zh, Some(&lang("de")), "Wort"),
            Some("de".to_owned())
        );
        assert_eq!(
            language(&lang("en"), None, "深度学习"),
            Some("zh".to_owned())
        );
        assert_eq!(language(&zh, None, "2020"), None);
    }
}
