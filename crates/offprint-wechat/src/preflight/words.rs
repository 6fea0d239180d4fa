//! Words: the signs in them, and whether they can be read.

use std::fmt::Write as _;
use std::ops::Range;

use offprint_core::chars::is_allowed;

use super::lint::{Lint, QUOTED, READABLE, Within};
use super::rules;
use super::style::COLUMN;
use crate::dark::Surroundings;
use crate::html::decode;

/// The smallest type that is read without effort, in pixels.
const SMALLEST: f64 = 12.0;
/// The ratio of luminances below which WeChat's own checker complains.
const UNREADABLE: f64 = 1.5;

impl Lint<'_> {
    pub(super) fn text(&mut self, written: &str, place: &Range<usize>) {
        let text = decode(written);
        let is_blank = text.chars().all(char::is_whitespace);
        let within = self.around();
        let signs = Signs::of(&text);
        self.spaces(&text, &signs, is_blank, within, place);
        if is_blank {
            return;
        }
        self.line_start = false;
        self.visible += signs.visible;
        if signs.suspicious && has_invisible(&text) {
            self.find(&rules::TEXT_ZWSP, &visibly(&text), place);
        }
        let Some(element) = self.open.last_mut() else {
            return;
        };
        if !element.has_words {
            element.has_words = true;
            element.has_content = true;
        }
        if element.tag == "li" {
            element.units += 1;
        }
        element.others += usize::from(element.is_nodeleaf);
        let is_foreign = element.tag == "foreignobject";
        let is_new = !std::mem::replace(&mut element.words_seen, true);
        if is_foreign {
            self.find(&rules::SVG_FOREIGN, &text, place);
        }
        if within.drawing {
            return;
        }
        self.findings
            .extend(self.waiting.drain(..).map(|(_, finding)| finding));
        if is_new {
            self.words(&text);
        }
    }

    /// Looks at how words are shown that stand in the innermost element.
    fn words(&mut self, text: &str) {
        let Some(element) = self.open.last() else {
            return;
        };
        let place = element.place.clone();
        let number = element.surroundings;
        let is_raised = matches!(element.tag.as_ref(), "sup" | "sub");
        let is_inline = element.kind.is_inline;
        let ignores_contrast = element.ignores_contrast;
        let around = self.cascade.at(number);
        let (size, line) = (around.size, around.line_height());
        // A raised sign makes no line of its own, and a few words within a line only one.
        let is_one_line = is_inline && width(text) * size <= COLUMN;
        if line < size && !is_raised && !is_one_line {
            let detail = format!("lines of {}px, type of {}px", rounded(line), rounded(size));
            self.find(&rules::CSS_LINE_HEIGHT, &detail, &place);
        }
        if size < SMALLEST {
            let detail = format!("type of {}px", rounded(size));
            self.find(&rules::CSS_TINY, &detail, &place);
        }
        let around = self.cascade.at(number);
        if around.pictured || ignores_contrast {
            return;
        }
        let [light, dark] = self.cascade.contrast(number);
        let checked = self.cascade.checked_contrast(number);
        if light >= READABLE && dark >= READABLE && checked >= UNREADABLE {
            return;
        }
        let detail = |words: [u8; 3], ground: [u8; 3], ratio: f64| {
            format!("{} on {}: {ratio:.2}", hex(words), hex(ground))
        };
        let Surroundings { text, ground, .. } = around;
        let light_detail = detail(text.light, ground.light, light);
        let dark_detail = detail(text.dark, ground.dark, dark);
        if light < READABLE {
            self.find(&rules::LIGHT_CONTRAST_LOW, &light_detail, &place);
        }
        if dark < UNREADABLE {
            self.find(&rules::DARK_CONTRAST, &dark_detail, &place);
        } else if checked < UNREADABLE {
            let detail = format!("{checked:.2} by WeChat's own reckoning");
            self.find(&rules::DARK_CONTRAST, &detail, &place);
        } else if dark < READABLE {
            self.find(&rules::DARK_CONTRAST_LOW, &dark_detail, &place);
        }
    }

    fn spaces(
        &mut self,
        text: &str,
        signs: &Signs,
        is_blank: bool,
        within: Within,
        place: &Range<usize>,
    ) {
        let in_line = within.prose
            || self
                .open
                .last()
                .is_some_and(|element| element.kind.is_inline);
        if within.drawing || is_blank && !in_line {
            return;
        }
        let in_code = within.code || within.pre;
        let leads = self.line_start && text.starts_with([' ', '\t']);
        if in_code && (signs.has_break || leads) {
            self.find(&rules::TEXT_CODE_NEWLINE, &visibly(text), place);
        } else if signs.has_break {
            self.find(&rules::TEXT_NEWLINE, &visibly(text), place);
        } else if leads && !is_blank || signs.has_gap {
            self.find(&rules::TEXT_SPACES, &visibly(text), place);
        }
    }
}

/// About how wide a text is, by the size of type.
fn width(text: &str) -> f64 {
    text.chars()
        .map(|character| if character.is_ascii() { 0.5 } else { 1.0 })
        .sum()
}

/// What is told of a text in one pass.
#[derive(Default)]
struct Signs {
    /// How many characters are seen.
    visible: usize,
    has_break: bool,
    /// Blanks that become one.
    has_gap: bool,
    /// Whether there may be signs that are not seen.
    suspicious: bool,
}

impl Signs {
    fn of(text: &str) -> Self {
        let mut signs = Self::default();
        let mut before = 0;
        for byte in text.bytes() {
            // All of a character but its first byte is left out.
            signs.visible += usize::from(byte & 0xc0 != 0x80 && byte > b' ');
            match byte {
                b'\n' | b'\r' => signs.has_break = true,
                b'\t' => signs.has_gap = true,
                b' ' => signs.has_gap |= before == b' ',
                0..=0x1f | 0x7f => signs.suspicious = true,
                // The rows of C1 controls, of invisible signs and of noncharacters.
                0x80..=0x9f => signs.suspicious |= matches!(before, 0xc2 | 0xe2 | 0xf0..),
                0xb7 | 0xbb | 0xbf => signs.suspicious |= before == 0xef,
                _ => {}
            }
            before = byte;
        }
        signs
    }
}

/// Signs that are not seen and that break lines, and those that no text may hold. Joiners are
/// let stand where a script or a picture sign asks for them.
fn has_invisible(text: &str) -> bool {
    if text.is_ascii() {
        return text.chars().any(|character| !is_allowed(character));
    }
    let mut before = None;
    for character in text.chars() {
        let is_wrong = match character {
            '\u{200b}' | '\u{2060}' | '\u{feff}' => true,
            '\u{200c}' | '\u{200d}' => before.is_none_or(|before: char| {
                before.is_ascii()
                    || matches!(before, '\u{3000}'..='\u{9fff}' | '\u{ff00}'..='\u{ffef}')
            }),
            _ => !is_allowed(character),
        };
        if is_wrong {
            return true;
        }
        before = Some(character);
    }
    false
}

/// Text with its breaks and invisible signs shown.
fn visibly(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars().take(QUOTED) {
        match character {
            ' ' => out.push(' '),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' => write_code(&mut out, character),
            _ if !is_allowed(character) => write_code(&mut out, character),
            _ => out.push(character),
        }
    }
    out
}

fn write_code(out: &mut String, character: char) {
    let _ = write!(out, "U+{:04X}", u32::from(character));
}

fn hex([red, green, blue]: [u8; 3]) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

fn rounded(pixels: f64) -> f64 {
    (pixels * 10.0).round() / 10.0
}
