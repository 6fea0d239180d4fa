//! What a theme is made of: a few colours, sizes and shapes.

use std::sync::Arc;

use offprint_core::fields::{Fields, Node};
use offprint_core::{Diagnostic, Files, Place, Severity, Source, load};

use crate::dark;
use crate::theme::Theme;

/// The tokens of a theme. Colours are `#rgb`, `#rrggbb` or, translucent, `#rrggbbaa`; lengths CSS pixels.
///
/// WeChat's dark mode turns grounds that are grey or nearly white into nearly black ones, but
/// leaves pale tints bright; and it makes pale lines bright, unless they are translucent. The
/// built-in themes are made for that.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tokens {
    /// Running text.
    pub(crate) ink: String,
    /// What stands beside the text: datelines, authors, captions, the small print.
    pub(crate) muted: String,
    /// Titles of sections, badges, emphasis.
    pub(crate) accent: String,
    /// Words on a ground of `accent`.
    pub(crate) on_accent: String,
    /// Rules and borders.
    pub(crate) line: String,
    /// The ground of what is set off: the introduction, code, the one sentence of a paper.
    pub(crate) panel: String,
    /// The size of running text, 12 to 20.
    pub(crate) size: f64,
    /// The size of papers' titles, 12 to 20.
    pub(crate) title_size: f64,
    /// The size of sections' titles, 12 to 24.
    pub(crate) section_size: f64,
    /// The size of what stands beside the text, 12 to 20.
    pub(crate) small_size: f64,
    /// The height of a line as a multiple of its size, 1.5 to 2.
    pub(crate) line_height: f64,
    /// What is added between characters of Chinese text, 0 to 2.
    pub(crate) letter_spacing: f64,
    /// How round corners are, 0 to 16.
    pub(crate) radius: f64,
    /// How paragraphs of Chinese text run.
    pub(crate) align: Alignment,
    /// How titles of sections are set off.
    pub(crate) section: SectionTitle,
    /// How papers are set off from each other.
    pub(crate) card: Card,
    /// How the introduction is set off.
    pub(crate) intro: Intro,
    /// How the status of a paper is set off.
    pub(crate) badge: Badge,
}

/// How a status is set off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Badge {
    /// Not at all.
    None,
    /// By its colour.
    Color,
    /// By a grey ground.
    Panel,
}

/// How paragraphs run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Alignment {
    /// Flush at both sides, as Chinese is set.
    Justify,
    /// Flush at the side where lines begin.
    Left,
}

/// How a section's title is set off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SectionTitle {
    /// By its size alone.
    Plain,
    /// A rule below, across the column.
    Underline,
    /// In the middle, on a ground of the accent.
    Band,
    /// A tab of the accent that stands on a rule across the column.
    Tab,
    /// A bar of the accent before it.
    Bar,
    /// In the middle between two rules, as the head of a journal's table.
    Rules,
}

/// How a paper is set off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Card {
    /// By space.
    None,
    /// By a dotted rule above.
    Rule,
    /// By a border around.
    Border,
    /// By a ground of its own.
    Panel,
}

/// How a text is set off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Intro {
    /// Not at all.
    None,
    /// By a ground.
    Panel,
    /// By rules above and below.
    Rules,
    /// By a bar before it.
    Bar,
}

impl Tokens {
    /// Green rules under the sections' titles, everything else quiet.
    pub(crate) fn plain() -> Self {
        Self {
            ink: "#333".to_owned(),
            muted: "#555".to_owned(),
            accent: "#086a52".to_owned(),
            on_accent: "#fff".to_owned(),
            line: "#0003".to_owned(),
            panel: "#f5f5f5".to_owned(),
            size: 16.0,
            title_size: 16.0,
            section_size: 20.0,
            small_size: 14.0,
            line_height: 1.75,
            letter_spacing: 0.3,
            radius: 6.0,
            align: Alignment::Justify,
            section: SectionTitle::Underline,
            card: Card::None,
            intro: Intro::Panel,
            badge: Badge::Panel,
        }
    }

    /// Titles of sections in white on a band of deep blue.
    pub(crate) fn classic() -> Self {
        Self {
            accent: "#0f4c81".to_owned(),
            section_size: 18.0,
            radius: 4.0,
            section: SectionTitle::Band,
            intro: Intro::Bar,
            ..Self::plain()
        }
    }

    /// Titles of sections on orange tabs, papers on cards.
    pub(crate) fn orange() -> Self {
        Self {
            accent: "#b33c00".to_owned(),
            line: "#ff50004d".to_owned(),
            panel: "#fffaf6".to_owned(),
            section_size: 18.0,
            radius: 6.0,
            section: SectionTitle::Tab,
            // Between borders the column is too narrow to be justified.
            align: Alignment::Left,
            card: Card::Border,
            badge: Badge::None,
            ..Self::plain()
        }
    }

    /// A violet bar before the sections' titles, a rule above each paper.
    pub(crate) fn violet() -> Self {
        Self {
            accent: "#55226d".to_owned(),
            panel: "#fcf9ff".to_owned(),
            title_size: 16.0,
            letter_spacing: 0.0,
            radius: 8.0,
            section: SectionTitle::Bar,
            card: Card::Rule,
            ..Self::plain()
        }
    }

    /// Set as a journal is: ink on warm paper, hairlines, no grounds.
    pub(crate) fn paper() -> Self {
        Self {
            ink: "#3a332b".to_owned(),
            muted: "#5a5148".to_owned(),
            accent: "#8a3a24".to_owned(),
            line: "#5a46284d".to_owned(),
            panel: "#fffaf0".to_owned(),
            section_size: 18.0,
            line_height: 1.8,
            radius: 0.0,
            section: SectionTitle::Rules,
            intro: Intro::Rules,
            badge: Badge::None,
            ..Self::plain()
        }
    }
}

/// The least contrast of running text, by day and by night (WCAG 2, §1.4.3).
const TEXT: f64 = 4.5;
/// The ground of an article by day.
const PAGE: &str = "#fff";
/// The least contrast of all else that is read.
const OTHER: f64 = 3.0;

/// The tokens that a file gives, those of its `base` for what it leaves out. What is wrong
/// with it is told all at once; the base stands in for it.
pub(crate) fn read(source: &Arc<Source>) -> (Tokens, Vec<Diagnostic>) {
    let (node, mut diagnostics) = load::settings(source);
    let Some(node) = node else {
        return (Tokens::plain(), diagnostics);
    };
    let mut fields = Fields::new(source, &node, &mut diagnostics);
    let mut places = Vec::new();
    let tokens = read_tokens(&mut fields, &mut places);
    fields.finish();
    let is_readable = diagnostics
        .iter()
        .all(|diagnostic| diagnostic.severity != Severity::Error);
    if is_readable {
        diagnostics.extend(faint(&tokens, source, &node, &places));
    }
    (tokens, diagnostics)
}

fn read_tokens(fields: &mut Fields<'_, '_>, places: &mut Vec<(&'static str, Place)>) -> Tokens {
    let mut numbers = 0..;
    let names = Theme::BUILT_IN.map(|(name, _)| (name, numbers.next().unwrap_or(0_usize)));
    let base = fields
        .choice(&["base"], &names)
        .and_then(|number| Theme::BUILT_IN.get(number))
        .map_or(&Theme::Plain, |(_, theme)| theme);
    let mut tokens = base.tokens(&Files::new());
    for (name, color) in [
        ("ink", &mut tokens.ink),
        ("muted", &mut tokens.muted),
        ("accent", &mut tokens.accent),
        ("on-accent", &mut tokens.on_accent),
        ("line", &mut tokens.line),
        ("panel", &mut tokens.panel),
    ] {
        if let Some((written, place)) = read_color(fields, name) {
            *color = written;
            places.push((name, place));
        }
    }
    for (name, range, size) in [
        ("size", 12.0..=20.0, &mut tokens.size),
        ("title-size", 12.0..=20.0, &mut tokens.title_size),
        ("section-size", 12.0..=24.0, &mut tokens.section_size),
        ("small-size", 12.0..=20.0, &mut tokens.small_size),
        ("line-height", 1.5..=2.0, &mut tokens.line_height),
        ("letter-spacing", 0.0..=2.0, &mut tokens.letter_spacing),
        ("radius", 0.0..=16.0, &mut tokens.radius),
    ] {
        if let Some(number) = fields.number(&[name], range) {
            *size = number;
        }
    }
    let align = [("justify", Alignment::Justify), ("left", Alignment::Left)];
    let section = [
        ("plain", SectionTitle::Plain),
        ("underline", SectionTitle::Underline),
        ("band", SectionTitle::Band),
        ("tab", SectionTitle::Tab),
        ("bar", SectionTitle::Bar),
        ("rules", SectionTitle::Rules),
    ];
    let card = [
        ("none", Card::None),
        ("rule", Card::Rule),
        ("border", Card::Border),
        ("panel", Card::Panel),
    ];
    let intro = [
        ("none", Intro::None),
        ("panel", Intro::Panel),
        ("rules", Intro::Rules),
        ("bar", Intro::Bar),
    ];
    let badge = [
        ("color", Badge::Color),
        ("panel", Badge::Panel),
        ("none", Badge::None),
    ];
    tokens.align = fields.choice(&["align"], &align).unwrap_or(tokens.align);
    tokens.section = fields
        .choice(&["section"], &section)
        .unwrap_or(tokens.section);
    tokens.card = fields.choice(&["card"], &card).unwrap_or(tokens.card);
    tokens.intro = fields.choice(&["intro"], &intro).unwrap_or(tokens.intro);
    tokens.badge = fields.choice(&["badge"], &badge).unwrap_or(tokens.badge);
    tokens
}

/// A colour in lower case and the place where it was written.
fn read_color(fields: &mut Fields<'_, '_>, name: &'static str) -> Option<(String, Place)> {
    let (written, node) = fields.spanned_text(&[name])?;
    let place = fields.place_of(node);
    let digits = written.strip_prefix('#').unwrap_or_default();
    let is_color = matches!(digits.len(), 3 | 4 | 6 | 8)
        && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_color {
        return Some((written.to_ascii_lowercase(), place));
    }
    let wrong = Diagnostic::error("bad-color", format!("`{written}` is no colour"))
        .at(place)
        .hint(
            "write `#rgb` or `#rrggbb`, such as `#0f4c81`; with two digits more it is translucent",
        );
    fields.report(wrong);
    None
}

/// The pairs of colours that stand on each other in an article: words, their ground, and the
/// least contrast. The page is white by day.
fn pairs(tokens: &Tokens) -> [(&'static str, &str, &'static str, &str, f64); 7] {
    let Tokens {
        ink,
        muted,
        accent,
        on_accent,
        panel,
        ..
    } = tokens;
    [
        ("ink", ink, "page", PAGE, TEXT),
        ("ink", ink, "panel", panel, TEXT),
        ("muted", muted, "page", PAGE, TEXT),
        ("muted", muted, "panel", panel, OTHER),
        ("accent", accent, "page", PAGE, OTHER),
        ("accent", accent, "panel", panel, OTHER),
        ("on-accent", on_accent, "accent", accent, OTHER),
    ]
}

/// The contrast of words of one colour on a ground of another, by day and by night.
fn contrast(words: &str, ground: &str) -> Option<[f64; 2]> {
    let html = format!(
        "<section style=\"background:{ground}\"><p style=\"color:{words}\">x</p></section>"
    );
    dark::contrasts(&html)
        .into_iter()
        .find(|contrast| contrast.what == dark::Seen::Text)
        .map(|contrast| [contrast.ratio_light, contrast.ratio_dark])
}

/// The pairs of colours that cannot be told apart, at the place of the one that was given.
fn faint(
    tokens: &Tokens,
    source: &Arc<Source>,
    node: &Node,
    places: &[(&'static str, Place)],
) -> Vec<Diagnostic> {
    let place_of = |wanted: &str| {
        places
            .iter()
            .find(|(name, _)| *name == wanted)
            .map(|(_, place)| place.clone())
    };
    let mut diagnostics = Vec::new();
    for (words, color, ground, behind, least) in pairs(tokens) {
        let Some([light, dark]) = contrast(color, behind) else {
            continue;
        };
        for (ratio, when) in [(light, "on a light page"), (dark, "in dark mode")] {
            if ratio >= least {
                continue;
            }
            let place = place_of(words).or_else(|| place_of(ground));
            let on = if behind == PAGE {
                "the page".to_owned()
            } else {
                format!("`{ground}`")
            };
            diagnostics.push(
                Diagnostic::error(
                    "contrast",
                    format!(
                        "`{words}` on {on} has a contrast of {ratio:.2} to 1 {when}; it takes \
                         {least} to be read"
                    ),
                )
                .at(place.unwrap_or_else(|| Place::new(source, node.span.clone())))
                .hint("make one of the two darker or lighter"),
            );
        }
    }
    diagnostics
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_file(text: &str) -> (Tokens, Vec<String>) {
        let (tokens, diagnostics) = read(&Source::new("ours.toml", text));
        let found = diagnostics
            .iter()
            .map(|diagnostic| {
                let (line, _) = diagnostic.place.as_ref().unwrap().line_column();
                format!("{line} {}", diagnostic.code)
            })
            .collect();
        (tokens, found)
    }

    #[test]
    fn every_built_in_theme_is_readable_by_day_and_by_night() {
        for (name, theme) in Theme::BUILT_IN {
            let tokens = theme.tokens(&Files::new());
            for (words, color, ground, behind, least) in pairs(&tokens) {
                let [light, dark] = contrast(color, behind).unwrap();
                assert!(
                    light >= least && dark >= least,
                    "{name}: {words} on {ground}: {light:.2}, {dark:.2}"
                );
            }
        }
    }

    #[test]
    fn a_file_changes_what_it_names() {
        let (tokens, found) = read_file(
            "base = \"paper\"\naccent = \"#0F4C81\"\nsize = 15\nline-height = 1.6\n\
             section = \"bar\"\nbadge = \"color\"\nalign = \"left\"\n",
        );
        assert_eq!(found, [""; 0]);
        let expected = Tokens {
            accent: "#0f4c81".to_owned(),
            size: 15.0,
            line_height: 1.6,
            section: SectionTitle::Bar,
            badge: Badge::Color,
            align: Alignment::Left,
            ..Tokens::paper()
        };
        assert_eq!(tokens, expected);
        assert_eq!(read_file("").0, Tokens::plain());
    }

    #[test]
    fn all_faults_of_a_file_are_told_at_their_lines() {
        let (_, found) = read_file(
            "base = \"papr\"\naccent = \"blue\"\nsize = 40\nacent = \"#123\"\n\
             section = 3\npanel = \"url(x)\"\nline-height = \"2\"\n",
        );
        assert_eq!(
            found,
            [
                "1 unknown-value",
                "2 bad-color",
                "6 bad-color",
                "3 wrong-type",
                "7 wrong-type",
                "5 unknown-value",
                "4 unknown-field",
            ]
        );
        assert_eq!(read_file("size = = 3\n").1.first().unwrap(), "1 syntax");
    }

    #[test]
    fn colours_that_cannot_be_told_apart_are_refused() {
        let (_, found) = read_file("ink = \"#999\"\non-accent = \"#086a52\"\n");
        assert_eq!(found.first().map(String::as_str), Some("1 contrast"));
        assert!(found.contains(&"2 contrast".to_owned()), "{found:?}");
        // Pale by day though it would do by night.
        let (_, found) = read_file("accent = \"#ffd9c2\"\non-accent = \"#222\"\n");
        assert!(found.contains(&"1 contrast".to_owned()), "{found:?}");
    }
}
