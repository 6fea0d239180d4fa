//! What a theme is made of: a few colours, sizes and shapes.

use std::sync::Arc;

use offprint_core::{Diagnostic, Source};

/// The tokens of a theme. Colours are `#rgb` or `#rrggbb`, lengths CSS pixels.
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
    pub(crate) intro: Panel,
    /// How the status of a paper is set off.
    pub(crate) badge: Badge,
}

/// How a status is set off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Badge {
    /// By its colour.
    Color,
    /// By a ground.
    Panel,
    /// By brackets.
    Brackets,
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
    /// By a rule above.
    Rule,
    /// By a border around.
    Border,
    /// By a ground of its own.
    Panel,
}

/// How a text is set off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Panel {
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
            muted: "#666".to_owned(),
            accent: "#0b7a5f".to_owned(),
            on_accent: "#fff".to_owned(),
            line: "#ddd".to_owned(),
            panel: "#f4f7f6".to_owned(),
            size: 16.0,
            title_size: 17.0,
            section_size: 20.0,
            small_size: 14.0,
            line_height: 1.75,
            letter_spacing: 0.3,
            radius: 6.0,
            align: Alignment::Justify,
            section: SectionTitle::Underline,
            card: Card::None,
            intro: Panel::Panel,
            badge: Badge::Panel,
        }
    }

    /// Titles of sections in white on a band of deep blue.
    pub(crate) fn classic() -> Self {
        Self {
            accent: "#0f4c81".to_owned(),
            panel: "#f3f6fa".to_owned(),
            section_size: 18.0,
            radius: 4.0,
            section: SectionTitle::Band,
            intro: Panel::Bar,
            ..Self::plain()
        }
    }

    /// Titles of sections on orange tabs, papers on cards.
    pub(crate) fn orange() -> Self {
        Self {
            accent: "#c8401d".to_owned(),
            line: "#fdc".to_owned(),
            panel: "#fdf5f2".to_owned(),
            section_size: 18.0,
            radius: 6.0,
            section: SectionTitle::Tab,
            title_size: 16.0,
            card: Card::Border,
            badge: Badge::Brackets,
            ..Self::plain()
        }
    }

    /// A violet bar before the sections' titles, a rule above each paper.
    pub(crate) fn violet() -> Self {
        Self {
            accent: "#773098".to_owned(),
            line: "#dcd".to_owned(),
            panel: "#f8f4fa".to_owned(),
            title_size: 16.0,
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
            muted: "#6f665b".to_owned(),
            accent: "#8a3a24".to_owned(),
            line: "#d8cfc0".to_owned(),
            panel: "#f8f4ec".to_owned(),
            section_size: 18.0,
            line_height: 1.8,
            radius: 0.0,
            section: SectionTitle::Rules,
            intro: Panel::Rules,
            badge: Badge::Brackets,
            ..Self::plain()
        }
    }
}

/// The tokens that a file gives.
pub(crate) fn read(source: &Arc<Source>) -> (Tokens, Vec<Diagnostic>) {
    let _ = source;
    (Tokens::plain(), Vec::new())
}
