//! What an article looks like: a few tokens a theme, and the inline styles made of them.
//!
//! WeChat keeps inline styles only. Most are inherited from the outermost section, since
//! markup counts against the length of an article.

use serde::Serialize;

/// The look of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// Green rules under the sections' titles, everything else quiet.
    Plain,
    /// Titles of sections in white on a band of deep blue.
    Classic,
}

/// The colours of a theme, each `#rrggbb` and each readable on white and after WeChat's
/// conversion to a dark page.
struct Tokens {
    ink: &'static str,
    muted: &'static str,
    accent: &'static str,
    line: &'static str,
    panel: &'static str,
    section: SectionTitle,
}

/// How titles of sections are set off.
enum SectionTitle {
    Underlined,
    Band,
}

const PLAIN: Tokens = Tokens {
    ink: "#333",
    muted: "#666",
    accent: "#0b7a5f",
    line: "#dcdfe1",
    panel: "#f5f7f6",
    section: SectionTitle::Underlined,
};

const CLASSIC: Tokens = Tokens {
    ink: "#333",
    muted: "#666",
    accent: "#0f4c81",
    line: "#d8dee6",
    panel: "#f4f6f9",
    section: SectionTitle::Band,
};

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
    tldr,
    links,
    heading,
    label,
    small,
    emphasis,
    mark,
    link,
    code,
    code_block,
    formula,
    quote,
    list,
    item,
    item_text,
    figure,
    caption,
    scroller,
    cell,
    head_cell,
    rule,
    account,
    account_picture,
    account_name,
    account_id
}

/// Begins what stands in the place of a style. XML forbids the character, so that no text of
/// an issue holds it.
pub(crate) const MARK: char = '\u{1}';
/// Stands for the first style. HTML escapes neither it nor those after it.
const FIRST: char = '\u{100}';

/// An article with its styles in their places.
pub(crate) fn dress(article: &str, styles: &Styles) -> String {
    let styles = styles.list();
    let mut out = String::with_capacity(article.len() * 3);
    let mut parts = article.split(MARK);
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let mut characters = part.chars();
        let place = characters
            .next()
            .and_then(|place| u32::from(place).checked_sub(u32::from(FIRST)))
            .and_then(|place| styles.get(place as usize));
        out.push_str(place.copied().unwrap_or_default());
        out.push_str(characters.as_str());
    }
    out
}

/// How the lines of an article run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Setting {
    /// Flush at both sides, as Chinese is set.
    Justified,
    /// Flush left: justified Latin words tear holes into a narrow column.
    Left,
    /// From right to left.
    Right,
}

impl Styles {
    pub(crate) fn new(theme: Theme, setting: Setting) -> Self {
        let Tokens {
            ink,
            muted,
            accent,
            line,
            panel,
            section,
        } = match theme {
            Theme::Plain => PLAIN,
            Theme::Classic => CLASSIC,
        };
        let (article, paragraph) = match setting {
            Setting::Justified => ("text-align:left;letter-spacing:.5px", ";text-align:justify"),
            Setting::Left => ("text-align:left", ""),
            Setting::Right => ("direction:rtl;text-align:right", ""),
        };
        let (section, section_words) = match section {
            SectionTitle::Underlined => (
                format!("margin:40px 0 20px;border-bottom:2px solid {accent}"),
                format!("font-size:19px;font-weight:bold;color:{accent}"),
            ),
            SectionTitle::Band => (
                "margin:40px 0 24px;text-align:center".to_owned(),
                format!(
                    "display:inline-block;padding:4px 16px;background:{accent};border-radius:4px;\
                     font-size:18px;font-weight:bold;color:#fff"
                ),
            ),
        };
        Self {
            article: format!(
                "font-size:16px;line-height:1.7;color:{ink};{article};word-break:break-word"
            ),
            paragraph: format!("margin:0 0 16px{paragraph}"),
            latin_paragraph: "margin:0 0 16px".to_owned(),
            dateline: format!("margin:0 0 16px;font-size:14px;color:{muted}"),
            intro: format!(
                "margin:0 0 16px;padding:16px 16px 1px;background:{panel};border-radius:6px"
            ),
            section,
            section_words,
            paper: "margin:0 0 36px".to_owned(),
            title: "margin:0 0 6px;font-size:17px;font-weight:bold".to_owned(),
            meta: format!("margin:0 0 12px;font-size:14px;color:{muted}"),
            tldr: format!(
                "margin:0 0 16px;padding:8px 12px;background:{panel};border-radius:4px;\
                 font-size:15px"
            ),
            links: format!("font-size:14px;color:{accent}"),
            heading: "margin:24px 0 12px;font-weight:bold".to_owned(),
            label: format!("margin:0 0 8px;font-size:15px;font-weight:bold;color:{accent}"),
            small: format!("margin:0 0 28px;font-size:14px;color:{muted}"),
            emphasis: format!("font-style:normal;color:{accent}"),
            mark: "font-size:12px;line-height:1".to_owned(),
            link: "color:#576b95".to_owned(),
            code: format!("padding:2px 4px;background:{panel};font-size:14px"),
            code_block: format!(
                "margin:0 0 16px;padding:12px;background:{panel};border-radius:4px;\
                 overflow-x:auto;font-size:13px;line-height:1.6;letter-spacing:0;\
                 white-space:nowrap"
            ),
            formula: "margin:0 0 16px;overflow-x:auto;text-align:center".to_owned(),
            quote: format!(
                "margin:0 0 16px;padding:0 0 1px 12px;border-left:3px solid {line};color:{muted}"
            ),
            list: "margin:0 0 16px".to_owned(),
            item: "display:flex;margin:0 0 6px".to_owned(),
            item_text: "flex:1;min-width:0".to_owned(),
            figure: "margin:0 0 16px;text-align:center".to_owned(),
            caption: format!("margin:8px 0 0;font-size:14px;color:{muted};text-align:center"),
            scroller: "margin:0 0 16px;overflow-x:auto".to_owned(),
            cell: format!("padding:6px 8px;border:1px solid {line};text-align:"),
            head_cell: format!(
                "padding:6px 8px;border:1px solid {line};background:{panel};font-weight:bold;\
                 text-align:"
            ),
            rule: format!("margin:24px 25% 0;border-top:1px solid {line}"),
            account: format!(
                "display:flex;align-items:center;margin:0;padding:16px;border:1px solid {line};\
                 border-radius:6px"
            ),
            account_picture: "flex:none;width:96px;margin:0 16px 0 0".to_owned(),
            account_name: "margin:0;font-weight:bold".to_owned(),
            account_id: format!("margin:0;font-size:14px;color:{muted}"),
        }
    }
}
