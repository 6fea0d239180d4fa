//! What an article looks like: the inline styles that are made of a theme's tokens.
//!
//! WeChat keeps inline styles only. Most are inherited from the outermost section, since
//! markup counts against the length of an article.

use offprint_core::Files;
use serde::Serialize;

use crate::tokens::{Alignment, Badge, Card, Intro, SectionTitle, Tokens};

/// The look of an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Theme {
    /// Green rules under the sections' titles, everything else quiet.
    Plain,
    /// Titles of sections in white on a band of deep blue.
    Classic,
    /// Titles of sections on orange tabs, papers on cards.
    Orange,
    /// A violet bar before the sections' titles, a rule above each paper.
    Violet,
    /// Set as a journal is: ink on warm paper, hairlines, no grounds.
    Paper,
    /// The curator's own: a TOML file's path from the project's root.
    Own(String),
}

impl Theme {
    /// The tokens of the theme. A file that cannot be read was told by
    /// [`check_files`](offprint_core::Export::check_files); `plain` stands in for it.
    #[must_use]
    pub(crate) fn tokens(&self, files: &Files) -> Tokens {
        match self {
            Self::Plain => Tokens::plain(),
            Self::Classic => Tokens::classic(),
            Self::Orange => Tokens::orange(),
            Self::Violet => Tokens::violet(),
            Self::Paper => Tokens::paper(),
            Self::Own(path) => files
                .get(path)
                .map_or_else(Tokens::plain, |source| crate::tokens::read(source).0),
        }
    }

    /// Its name in the settings.
    #[must_use]
    pub fn name(&self) -> &str {
        if let Self::Own(path) = self {
            return path;
        }
        Self::BUILT_IN
            .iter()
            .find_map(|(name, theme)| (theme == self).then_some(*name))
            .unwrap_or_default()
    }

    /// The themes that are built in, with their names.
    pub const BUILT_IN: [(&'static str, Self); 5] = [
        ("plain", Self::Plain),
        ("classic", Self::Classic),
        ("orange", Self::Orange),
        ("violet", Self::Violet),
        ("paper", Self::Paper),
    ];
}

macro_rules! styles {
    ($($name:ident),+ $(,)?) => {
        /// The inline style of each part of an article, or what stands in its place.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
        pub(crate) struct Styles {
            $(pub(crate) $name: String,)+
        }

        impl Styles {
            /// What stands in the place of each style in an article that is not dressed yet:
            /// [`MARK`] and a character of its own.
            pub(crate) fn places() -> Self {
                let mut places = (FIRST..).map(|place| format!("{MARK}{place}"));
                Self {
                    $($name: places.next().unwrap_or_default(),)+
                }
            }

            /// The styles in the order of their places.
            pub(crate) fn list(&self) -> Vec<&str> {
                vec![$(&self.$name,)+]
            }
        }
    };
}

styles! {
    article,
    paragraph,
    latin_paragraph,
    dateline,
    intro,
    section,
    section_words,
    paper,
    title,
    meta,
    long_meta,
    badge,
    tldr,
    abstract_text,
    heading,
    label,
    small,
    list_block,
    emphasis,
    strike,
    mark,
    link,
    address,
    code,
    code_block,
    formula,
    numbered_formula,
    beside_number,
    held,
    quote,
    list,
    inner_list,
    item,
    marker,
    wide_marker,
    item_text,
    latin_item_text,
    figure,
    picture,
    inline_picture,
    scroller,
    table,
    cell,
    head_cell,
    start,
    end,
    rule,
    account,
    account_picture
}

/// Begins what stands in the place of a style. XML forbids the character, so that no text of
/// an issue holds it.
pub(crate) const MARK: char = '\u{1}';
/// Stands for the first style. HTML escapes neither it nor those after it.
const FIRST: char = '\u{100}';

/// An article with its styles in their places. Where a theme has none, none is written, and
/// boxes that are there for their style alone are not written either.
pub(crate) fn dress(article: &str, styles: &Styles) -> String {
    const ATTRIBUTE: &str = " style=\"";
    const BOXES: [&str; 2] = ["<section", "<span"];
    let list = styles.list();
    let mut out = String::with_capacity(article.len() * 3);
    let mut parts = article.split(MARK);
    out.push_str(parts.next().unwrap_or_default());
    let mut has_bare_boxes = false;
    for part in parts {
        let mut characters = part.chars();
        let place = characters.next();
        let style = place
            .and_then(|place| u32::from(place).checked_sub(u32::from(FIRST)))
            .and_then(|place| list.get(place as usize))
            .copied()
            .unwrap_or_default();
        let rest = characters.as_str();
        match rest.strip_prefix('"') {
            Some(rest) if style.is_empty() && out.ends_with(ATTRIBUTE) => {
                out.truncate(out.len() - ATTRIBUTE.len());
                if BOXES.iter().any(|name| out.ends_with(name)) {
                    out.push(MARK);
                    has_bare_boxes = true;
                }
                out.push_str(rest);
            }
            Some(_) | None => {
                out.push_str(style);
                out.push_str(rest);
            }
        }
    }
    if has_bare_boxes { unboxed(&out) } else { out }
}

/// HTML without the elements whose start tag holds [`MARK`], their content kept.
fn unboxed(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    // The open elements, and whether each is left out.
    let mut open: Vec<(&str, bool)> = Vec::new();
    let mut parts = html.split('<');
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let (tag, text) = part.split_once('>').unwrap_or((part, ""));
        let name = tag
            .trim_start_matches('/')
            .split([' ', '/', MARK])
            .next()
            .unwrap_or_default();
        let is_left_out = if tag.starts_with('/') {
            let place = open.iter().rposition(|(other, _)| *other == name);
            let closed = place.and_then(|place| open.drain(place..).next());
            closed.is_some_and(|(_, is_left_out)| is_left_out)
        } else {
            let is_left_out = tag.contains(MARK);
            if !matches!(name, "br" | "img" | "hr" | "col") && !tag.ends_with('/') {
                open.push((name, is_left_out));
            }
            is_left_out
        };
        if !is_left_out {
            out.push('<');
            out.push_str(tag);
            out.push('>');
        }
        out.push_str(text);
    }
    out
}

/// How the lines of an article run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Setting {
    /// As Chinese is set.
    Justified,
    /// Flush left: justified Latin words tear holes into a narrow column.
    Left,
    /// From right to left.
    Right,
}

impl Styles {
    #[expect(
        clippy::too_many_lines,
        reason = "a list of styles, each on a line or two"
    )]
    pub(crate) fn new(tokens: &Tokens, setting: Setting) -> Self {
        let Tokens {
            ink,
            muted,
            accent,
            line,
            panel,
            size,
            title_size,
            small_size,
            line_height,
            letter_spacing,
            radius,
            ..
        } = tokens;
        // Numbers first: `0` stands for no declaration at all.
        let or_none = |number: f64, declaration: String| {
            if number == 0.0 {
                String::new()
            } else {
                declaration
            }
        };
        let round = or_none(*radius, format!(";border-radius:{radius}px"));
        let spaced = or_none(
            *letter_spacing,
            format!(";letter-spacing:{}px", short(*letter_spacing)),
        );
        let title_size = if (title_size - size).abs() < 0.01 {
            String::new()
        } else {
            format!(";font-size:{title_size}px")
        };
        let title_height = match tokens.card {
            Card::Border => "",
            Card::None | Card::Rule | Card::Panel => "line-height:1.4",
        };
        let smallest = small_size.min(13.0);
        let (side, far) = match setting {
            Setting::Justified | Setting::Left => ("left", "right"),
            Setting::Right => ("right", "left"),
        };
        let is_justified = setting == Setting::Justified && tokens.align == Alignment::Justify;
        let (run, left) = match setting {
            Setting::Justified if is_justified => {
                (format!("text-align:justify{spaced}"), ";text-align:left")
            }
            Setting::Justified => (format!("text-align:left{spaced}"), ""),
            Setting::Left => ("text-align:left;letter-spacing:0".to_owned(), ""),
            Setting::Right => (
                "direction:rtl;text-align:right;letter-spacing:0".to_owned(),
                "",
            ),
        };
        let (section, section_words) = section_title(tokens, side);
        // A border at each paper's title needs no box around the paper.
        let (paper, above) = match tokens.card {
            Card::None => (String::new(), "margin:2em 0 0;".to_owned()),
            Card::Rule => (
                String::new(),
                "padding-top:1em;border-top:1px dotted;".to_owned(),
            ),
            Card::Border => (
                format!("margin:1em 0;padding:1em 1em 0;border:1px solid {line}"),
                String::new(),
            ),
            Card::Panel => (
                format!("margin:1em 0;padding:1em 1em 1px;background:{panel}"),
                String::new(),
            ),
        };
        // On a panel another panel would not be seen.
        let is_panelled = tokens.card == Card::Panel;
        let ground = if is_panelled {
            format!("padding:0 0 0 10px;border-{side}:3px solid {accent}")
        } else {
            format!("padding:6px 10px;background:{panel}{round}")
        };
        let bar = format!("padding:1px 0 1px 12px;border-{side}:3px solid {line}");
        let bar = if setting == Setting::Right {
            bar.replace("1px 0 1px 12px", "1px 12px 1px 0")
        } else {
            bar
        };
        let intro = match tokens.intro {
            Intro::None => "margin:1em 0 2em".to_owned(),
            Intro::Panel => {
                format!("margin:1em 0 2em;padding:1em 1em 1px;background:{panel}{round}")
            }
            Intro::Rules => format!(
                "margin:1em 0 2em;padding:1em 0 1px;border:1px solid {line};border-width:1px 0"
            ),
            Intro::Bar => format!("margin:1em 0 2em;{bar}"),
        };
        let code_ground = if is_panelled {
            String::new()
        } else {
            format!("background:{panel}")
        };
        // Formulas run from left to right, and scroll from there.
        let formula_run = match setting {
            Setting::Justified | Setting::Left => "",
            Setting::Right => ";direction:ltr",
        };
        let wide_formula = format!("overflow-x:auto{formula_run}");
        Self {
            article: format!(
                "font-size:{size}px;line-height:{line_height};color:{ink};{run};\
                 word-break:break-word"
            ),
            paragraph: "margin:1em 0".to_owned(),
            latin_paragraph: format!("margin:1em 0{left}"),
            dateline: format!("font-size:{small_size}px;color:{muted}"),
            intro,
            section,
            section_words,
            paper,
            // Two lines of a title belong together more than lines of text do; on a card, its
            // border holds them together, and there is no room for more markup.
            title: format!("{above}{title_height}{title_size}{left}")
                .trim_matches(';')
                .to_owned(),
            meta: format!("font-size:{small_size}px;color:{muted}"),
            long_meta: format!("font-size:{small_size}px;color:{muted}{left}"),
            badge: match tokens.badge {
                Badge::None => String::new(),
                Badge::Color => format!("color:{accent}"),
                Badge::Panel => "background:#eee".to_owned(),
            },
            tldr: format!("margin:1em 0;{ground}"),
            abstract_text: format!("margin:1em 0;{bar};font-size:{small_size}px"),
            heading: "margin:24px 0 8px;font-weight:bold".to_owned(),
            label: format!("color:{accent}"),
            small: format!("margin:40px 0 0;font-size:{smallest}px;color:{muted}{left}"),
            list_block: "margin:1em 0".to_owned(),
            emphasis: "font-style:normal;border-bottom:1px dotted".to_owned(),
            strike: "text-decoration:line-through".to_owned(),
            mark: "line-height:1".to_owned(),
            link: "color:#27406b".to_owned(),
            address: "word-break:break-all".to_owned(),
            code: code_ground,
            code_block: format!(
                "margin:1em 0;padding:12px;background:{panel}{round};overflow-x:auto;\
                 font-size:{smallest}px;letter-spacing:0;white-space:nowrap;text-align:left"
            ),
            formula: format!("margin:1em 0;{wide_formula}"),
            numbered_formula: format!("display:flex;align-items:center;margin:1em 0{formula_run}"),
            beside_number: format!("flex:1;min-width:0;{wide_formula}"),
            held: "display:inline-block".to_owned(),
            quote: format!("margin:1em 0;{bar};color:{muted}"),
            list: "margin:1em 0".to_owned(),
            inner_list: "margin:4px 0".to_owned(),
            item: "display:flex;margin:0 0 4px".to_owned(),
            marker: "flex:none;width:1.5em".to_owned(),
            wide_marker: "flex:none;width:2.8em".to_owned(),
            item_text: "flex:1;min-width:0".to_owned(),
            latin_item_text: format!("flex:1;min-width:0{left}"),
            figure: format!("margin:1em 0;font-size:{smallest}px;color:{muted};text-align:center"),
            picture: "max-width:100%".to_owned(),
            inline_picture: "max-width:100%;vertical-align:middle".to_owned(),
            scroller: "margin:1em 0;overflow-x:auto".to_owned(),
            table: format!(
                "border-collapse:collapse;word-break:normal;font-size:{small_size}px;\
                 line-height:1.5;text-align:{side}"
            ),
            cell: format!("padding:6px 8px;border:1px solid {line}"),
            head_cell: format!(
                "padding:6px 8px;border:1px solid {line};background:{panel};font-weight:bold"
            ),
            start: format!(";text-align:{side}"),
            end: format!(";text-align:{far}"),
            rule: format!("margin:24px 25% 0;border-top:1px solid {line};line-height:1"),
            account: format!(
                "display:flex;align-items:center;padding:1em;border:1px solid {line}{round}"
            ),
            account_picture: format!("width:28%;max-width:100%;margin-{far}:14px"),
        }
    }
}

/// The box of a section's title, and its words.
fn section_title(tokens: &Tokens, side: &str) -> (String, String) {
    let Tokens {
        accent,
        on_accent,
        line,
        ink,
        section_size,
        radius,
        ..
    } = tokens;
    let words = format!("font-size:{section_size}px;font-weight:bold");
    let filled = format!("{words};display:inline-block;background:{accent};color:{on_accent}");
    match tokens.section {
        SectionTitle::Plain => (
            format!("margin:2em 0 1em;{words};color:{accent}"),
            String::new(),
        ),
        SectionTitle::Underline => (
            format!("margin:2em 0 1em;border-bottom:2px solid;{words};color:{accent}"),
            String::new(),
        ),
        SectionTitle::Band => (
            "margin:2em 0 1em;text-align:center".to_owned(),
            format!("{filled};padding:2px 16px;border-radius:{radius}px"),
        ),
        SectionTitle::Tab => (
            format!("margin:2em 0 1em;border-bottom:2px solid {accent};line-height:1.6"),
            format!("{filled};padding:2px 14px;border-radius:{radius}px {radius}px 0 0"),
        ),
        SectionTitle::Bar => (
            format!(
                "margin:2em 0 1em;padding-{side}:10px;border-{side}:4px solid;line-height:1.4;{words};color:{accent}"
            ),
            String::new(),
        ),
        SectionTitle::Rules => (
            format!(
                "margin:2em 0 1em;padding:6px 0;border-top:2px solid {ink};\
                 border-bottom:1px solid {line};text-align:center;{words};letter-spacing:2px"
            ),
            String::new(),
        ),
    }
}

/// A number as CSS writes it shortest: `.5`.
fn short(number: f64) -> String {
    let written = number.to_string();
    match written.strip_prefix("0.") {
        Some(fraction) => format!(".{fraction}"),
        None => written,
    }
}
