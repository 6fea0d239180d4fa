//! Formulas as plain text.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "the library's tree has sixty kinds of pieces, of which most questions concern few"
)]

mod script;
mod whole;

use std::borrow::Cow;
use std::fmt::Write as _;

use ratex_parser::parse_node::{Measurement, ParseNode, ProofBranch};
use ratex_parser::{Mode, Parser};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use self::script::{is_named, raised, subscript, superscript};
use self::whole::{is_bracketed, is_single, is_whole};
use crate::MAX_TEX;
use crate::class::{Class, classes, is_large, is_stroke, struck};
use crate::glyphs::{Alphabet, accent, arrow, bracket, characters};
use crate::mathml::cell_body;
use crate::source::rewrite;
use crate::token::{Kind, tokens};

/// A formula in one line of plain text: `O(n log n)` for `O(n \log n)`.
///
/// How much of a formula a message quotes, in characters.
const QUOTED: usize = 60;

/// The first characters of a formula's TeX on one line, for messages.
#[must_use]
pub fn shortened(tex: &str) -> String {
    let line: Vec<&str> = tex.split_whitespace().collect();
    let line = line.join(" ");
    match line.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line,
    }
}

/// Letters of special alphabets become plain ones, and nothing outside the Basic Multilingual
/// Plane is written of them: what shows titles often has few fonts.
#[must_use]
pub fn words(tex: &str) -> String {
    if tex.len() > MAX_TEX {
        return spelled(tex);
    }
    match Parser::new(&rewrite(tex).text).parse() {
        Ok(nodes) => say(&nodes),
        Err(_) => spelled(tex),
    }
}

/// The pieces of a formula in plain text.
pub(crate) fn say(nodes: &[ParseNode]) -> String {
    let said = row(nodes, false, Alphabet::Usual);
    let mut out = String::with_capacity(said.text.len());
    // One line, with single blanks and no controls.
    for character in said.text.chars() {
        let character = match character {
            '\u{a0}' | '\u{2009}' | '\u{2005}' | '\t' | '\n' | '\r' => ' ',
            character => character,
        };
        if character == ' ' && (out.is_empty() || out.ends_with(' ')) || character.is_control() {
            continue;
        }
        if matches!(character, ',' | ';' | '.') && out.ends_with(' ') {
            out.pop();
        }
        out.push(character);
    }
    out.truncate(out.trim_end().len());
    out.nfc().collect()
}

/// TeX that cannot be read, without its commands' backslashes and braces.
fn spelled(tex: &str) -> String {
    let mut out = String::new();
    for token in tokens(tex) {
        let text = token.text(tex);
        let said: Cow<'_, str> = match token.kind {
            Kind::Open | Kind::Close | Kind::Comment => Cow::Borrowed(""),
            Kind::Blank => Cow::Borrowed(" "),
            Kind::Verbatim => Cow::Borrowed(text.trim_start_matches("\\verb")),
            Kind::Symbol => match text {
                "\\\\" => Cow::Borrowed("; "),
                "\\," | "\\;" | "\\:" | "\\>" | "\\ " | "\\!" => Cow::Borrowed(" "),
                "\\|" => Cow::Borrowed("‖"),
                _ => Cow::Borrowed(text.trim_start_matches('\\')),
            },
            Kind::Word => {
                let sign = characters(text, Mode::Math);
                match sign.chars().count() {
                    1 => sign,
                    _ if matches!(
                        text,
                        "\\left"
                            | "\\right"
                            | "\\middle"
                            | "\\text"
                            | "\\mathrm"
                            | "\\begin"
                            | "\\end"
                    ) =>
                    {
                        Cow::Borrowed(" ")
                    }
                    _ => Cow::Owned(format!(" {} ", text.trim_start_matches('\\'))),
                }
            }
            Kind::Other => Cow::Borrowed(text),
        };
        for character in said.chars().filter(|character| !character.is_control()) {
            if character == ' ' && (out.is_empty() || out.ends_with(' ')) {
                continue;
            }
            out.push(character);
        }
    }
    out.truncate(out.trim_end().len());
    if out.is_empty() {
        // Nothing but braces and the like.
        return tex
            .chars()
            .filter(|&c| !c.is_control() && !c.is_whitespace() && !"\\{}".contains(c))
            .collect();
    }
    out
}

/// What a piece says.
#[derive(Debug, Clone, Default)]
struct Said {
    text: String,
    /// Whether it ends with a script in plain letters, which must not grow into what follows.
    is_open: bool,
}

impl Said {
    fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            is_open: false,
        }
    }
}

/// How a piece stands in its row.
#[derive(Debug, Clone, Copy)]
struct Stand {
    class: Class,
    /// Whether it is wide by itself, as sums and fractions are.
    is_wide: bool,
    /// A sign that stands close to both sides, or to what it is the sign of.
    is_close: bool,
}

/// A row of pieces, with blanks as one would type them.
fn row(nodes: &[ParseNode], is_script: bool, alphabet: Alphabet) -> Said {
    let classes = classes(nodes);
    let mut out = Said::default();
    let mut before: Option<Stand> = None;
    let mut index = 0;
    while let Some(node) = nodes.get(index) {
        let mut class = classes.get(index).copied().unwrap_or(Class::Ordinary);
        let mut said = None;
        if is_stroke(node)
            && let Some((next, sign)) = struck(nodes.get(index..).unwrap_or_default())
        {
            class = classes.get(index + next).copied().unwrap_or(class);
            said = Some(Said::new(typed(&sign)));
            index += next;
        }
        let said = said.unwrap_or_else(|| piece(node, class, is_script, alphabet));
        index += 1;
        let is_blank = said.text.chars().all(|c| c == ' ');
        if class == Class::Blank && is_blank {
            if !said.text.is_empty() {
                blank(&mut out.text);
            }
            continue;
        }
        if said.text.is_empty() {
            continue;
        }
        // A sign of what follows, not between two.
        let is_first = before.is_none()
            && matches!(
                said.text.as_str(),
                "~" | "≈" | "<" | ">" | "≤" | "≥" | "≲" | "≳"
            );
        let is_sign =
            is_first || matches!(node, ParseNode::Atom { .. }) && class == Class::Ordinary;
        let here = Stand {
            class: bracket_class(node).unwrap_or(class),
            is_wide: matches!(node, ParseNode::GenFrac { .. }) && said.text.contains('/')
                || class == Class::Operator && is_large(node),
            is_close: is_sign || matches!(said.text.as_str(), "·" | "*" | "∘" | "/" | "-"),
        };
        let grows = out.is_open && said.text.starts_with(char::is_alphanumeric);
        if needs_blank(before, here, is_script) || grows {
            blank(&mut out.text);
        }
        // A fraction in scripts, whose letters cannot all be lowered.
        let is_under = out.text.ends_with('/') && said.text.starts_with('_');
        let text = if is_under {
            said.text.trim_start_matches('_')
        } else {
            &said.text
        };
        out.text.push_str(text);
        out.is_open = said.is_open;
        before = Some(Stand {
            class: match node {
                ParseNode::LeftRight { .. } => Class::Close,
                _ => here.class,
            },
            ..here
        });
        if class == Class::Punctuation && !is_script && index < nodes.len() {
            blank(&mut out.text);
        }
    }
    out
}

fn blank(text: &mut String) {
    if !text.is_empty() && !text.ends_with(' ') {
        text.push(' ');
    }
}

/// What a bracket of a size of its own begins or ends; the library knows `\bigl` only.
fn bracket_class(node: &ParseNode) -> Option<Class> {
    match node {
        ParseNode::DelimSizing { delim, .. } => match bracket(delim).as_ref() {
            "(" | "[" | "{" | "⟨" | "⌈" | "⌊" => Some(Class::Open),
            ")" | "]" | "}" | "⟩" | "⌉" | "⌋" => Some(Class::Close),
            _ => None,
        },
        ParseNode::LeftRight { .. } => Some(Class::Open),
        _ => None,
    }
}

/// Whether a blank stands between two pieces.
fn needs_blank(before: Option<Stand>, here: Stand, is_script: bool) -> bool {
    let Some(before) = before else {
        return false;
    };
    if matches!(here.class, Class::Punctuation | Class::Close) || before.class == Class::Open {
        return false;
    }
    let is_between = |class| matches!(class, Class::Relation | Class::Binary);
    if is_between(here.class) || is_between(before.class) {
        let is_double = before.class == Class::Relation && here.class == Class::Relation;
        let is_close =
            here.is_close && is_between(here.class) || before.is_close && is_between(before.class);
        return !is_script && !is_close && !is_double;
    }
    if before.is_close {
        return false;
    }
    let is_thing = |class| matches!(class, Class::Ordinary | Class::Inner | Class::Operator);
    let ends = |class| matches!(class, Class::Ordinary | Class::Inner | Class::Close);
    match (before.class, here.class) {
        (before, Class::Operator) if ends(before) => true,
        (Class::Operator, Class::Open) => before.is_wide,
        (Class::Operator, here) => is_thing(here),
        (class, other) if here.is_wide && ends(class) => is_thing(other),
        (_, Class::Ordinary | Class::Open | Class::Inner) => before.is_wide,
        _ => false,
    }
}

/// A character as one would type it: signs that few fonts have become common ones.
fn typed(sign: &str) -> String {
    let mut out = String::new();
    for character in sign.chars() {
        match character {
            '∣' => out.push('|'),
            '∗' => out.push('*'),
            '⋅' => out.push('·'),
            '⋯' => out.push('…'),
            'ϵ' => out.push('ε'),
            'ϕ' => out.push('φ'),
            'ı' => out.push('i'),
            'ȷ' => out.push('j'),
            '≔' => out.push_str(":="),
            '≕' => out.push_str("=:"),
            '∷' => out.push_str("::"),
            '∼' => out.push('~'),
            '⩽' => out.push('≤'),
            '⩾' => out.push('≥'),
            '⟶' => out.push('→'),
            '⟵' => out.push('←'),
            '⟷' => out.push('↔'),
            '⟹' => out.push('⇒'),
            '⟸' => out.push('⇐'),
            '⟺' => out.push('⇔'),
            '⟼' => out.push('↦'),
            '⟂' => out.push('⊥'),
            '∥' => out.push('‖'),
            // Letters of mathematical alphabets.
            '\u{1d400}'..='\u{1d7ff}' => out.extend(std::iter::once(character).nfkc()),
            '\u{fe00}'..='\u{fe0f}' => {}
            character => out.push(character),
        }
    }
    out
}

/// A letter of blackboard bold, where it is a name that all know.
fn plain(sign: &str, alphabet: Alphabet) -> String {
    if alphabet != Alphabet::DoubleStruck {
        return typed(sign);
    }
    sign.chars()
        .map(|letter| match letter {
            'R' | 'N' | 'Z' | 'Q' | 'C' | 'P' | 'H' => alphabet.letter(letter),
            letter => letter,
        })
        .collect()
}

/// A space as typed.
fn gap(measure: &Measurement) -> Said {
    Said::new(if measure.number > 0.0 { " " } else { "" })
}

/// What one piece says.
#[expect(clippy::too_many_lines, reason = "a list of all kinds of pieces")]
fn piece(node: &ParseNode, class: Class, is_script: bool, alphabet: Alphabet) -> Said {
    let rows = |nodes: &[ParseNode]| row(nodes, is_script, alphabet);
    match node {
        ParseNode::Atom { text, mode, .. }
        | ParseNode::MathOrd { text, mode, .. }
        | ParseNode::TextOrd { text, mode, .. }
        | ParseNode::OpToken { text, mode, .. }
        | ParseNode::AccentToken { text, mode, .. } => {
            // Names in roman have hyphens.
            if alphabet == Alphabet::Upright && text == "-" && class == Class::Binary {
                return Said::new("-");
            }
            Said::new(plain(&characters(text, *mode), alphabet))
        }
        ParseNode::SpacingNode { .. } => Said::new(" "),
        ParseNode::Kern { dimension, .. } => gap(dimension),
        ParseNode::OrdGroup { body, .. }
        | ParseNode::Styling { body, .. }
        | ParseNode::Sizing { body, .. }
        | ParseNode::Color { body, .. }
        | ParseNode::MClass { body, .. }
        | ParseNode::Pmb { body, .. }
        | ParseNode::Href { body, .. }
        | ParseNode::Html { body, .. } => rows(body),
        ParseNode::HtmlMathMl { mathml, .. } => rows(mathml),
        ParseNode::Text { body, .. } | ParseNode::HBox { body, .. } => {
            Said::new(text(body, is_script))
        }
        ParseNode::Font { font, body, .. } => {
            let alphabet = Alphabet::named(font);
            match body.as_ref() {
                ParseNode::OrdGroup { body, .. } => row(body, is_script, alphabet),
                other => piece(other, class, is_script, alphabet),
            }
        }
        ParseNode::SupSub { base, sup, sub, .. } => scripts(
            base.as_deref(),
            sup.as_deref(),
            sub.as_deref(),
            class,
            is_script,
            alphabet,
        ),
        ParseNode::GenFrac { .. } => Said::new(fraction(node, is_script, alphabet)),
        ParseNode::Sqrt { body, index, .. } => {
            let under = row(std::slice::from_ref(body), is_script, alphabet).text;
            let root = match index {
                None => "√".to_owned(),
                Some(index) => match row(std::slice::from_ref(index), true, alphabet)
                    .text
                    .as_str()
                {
                    "2" => "√".to_owned(),
                    "3" => "∛".to_owned(),
                    "4" => "∜".to_owned(),
                    index => raised(index).unwrap_or_else(|| format!("{index}-")) + "√",
                },
            };
            Said::new(
                if is_single(&under) || under.starts_with('(') && is_bracketed(&under) {
                    root + &under
                } else {
                    format!("{root}({under})")
                },
            )
        }
        ParseNode::Accent { label, base, .. } | ParseNode::AccentUnder { label, base, .. } => {
            let base = row(std::slice::from_ref(base), is_script, alphabet).text;
            Said::new(accented(&base, accent(label).1, node.mode()))
        }
        ParseNode::Overline { body, .. } => {
            let body = row(std::slice::from_ref(body), is_script, alphabet).text;
            Said::new(accented(&body, '\u{304}', Mode::Math))
        }
        ParseNode::Op {
            name: Some(name), ..
        } => Said::new(typed(&characters(name, Mode::Math))),
        ParseNode::Op {
            name: None, body, ..
        } => rows(body.as_deref().unwrap_or_default()),
        ParseNode::OperatorName { body, .. } => Said::new(operator_name(body)),
        ParseNode::DelimSizing { delim, .. } | ParseNode::Middle { delim, .. } => {
            let sign = typed(&bracket(delim));
            Said::new(sign)
        }
        ParseNode::LeftRight {
            body, left, right, ..
        } => {
            let (left, right) = (typed(&bracket(left)), typed(&bracket(right)));
            // Cases have no right bracket; one tells where they end.
            let right = match (left.as_str(), right.as_str()) {
                ("{", "")
                    if body
                        .iter()
                        .any(|node| matches!(node, ParseNode::Array { .. })) =>
                {
                    "}"
                }
                (_, right) => right,
            };
            let body = rows(body).text;
            Said::new(format!("{left}{}{right}", body.trim()))
        }
        ParseNode::LeftRightRight { delim, .. } => Said::new(typed(&bracket(delim))),
        ParseNode::XArrow {
            label, body, below, ..
        } => {
            let mut said: Vec<String> = Vec::new();
            for part in [Some(body), below.as_ref()].into_iter().flatten() {
                let part = row(std::slice::from_ref(part), true, alphabet).text;
                if !part.is_empty() {
                    said.push(part);
                }
            }
            let sign = arrow(label);
            Said::new(if said.is_empty() {
                sign.to_owned()
            } else {
                format!("{sign}({})", said.join("; "))
            })
        }
        ParseNode::Array { .. } => Said::new(table(node, is_script, alphabet)),
        ParseNode::Underline { body, .. }
        | ParseNode::Smash { body, .. }
        | ParseNode::Enclose { body, .. }
        | ParseNode::Lap { body, .. }
        | ParseNode::RaiseBox { body, .. }
        | ParseNode::VCenter { body, .. }
        | ParseNode::HorizBrace { base: body, .. }
        | ParseNode::CdLabel { label: body, .. }
        | ParseNode::CdLabelParent { fragment: body, .. } => rows(std::slice::from_ref(body)),
        ParseNode::MathChoice { text, script, .. } => rows(if is_script { script } else { text }),
        ParseNode::Verb { body, .. } => Said::new(body.clone()),
        ParseNode::Url { url, .. } => Said::new(url.clone()),
        ParseNode::IncludeGraphics { alt, .. } => Said::new(alt.clone()),
        ParseNode::Tag { body, tag, .. } => {
            let mut said = rows(body);
            blank(&mut said.text);
            said.text.push(' ');
            said.text.push_str(&row(tag, true, alphabet).text);
            said
        }
        ParseNode::Cr { new_line: true, .. } => Said::new("; "),
        ParseNode::CdArrow {
            direction,
            label_above,
            label_below,
            ..
        } => {
            let sign = match direction.as_str() {
                "right" => "→",
                "left" => "←",
                "up" => "↑",
                "down" => "↓",
                "horiz_eq" => "=",
                "vert_eq" => "‖",
                _ => "",
            };
            let labels = [label_above, label_below].into_iter().flatten();
            let labels: Vec<String> = labels
                .map(|label| row(std::slice::from_ref(label), true, alphabet).text)
                .filter(|label| !label.is_empty())
                .collect();
            Said::new(if labels.is_empty() {
                sign.to_owned()
            } else {
                format!("{sign}({})", labels.join("; "))
            })
        }
        ParseNode::ProofTree { tree, .. } => Said::new(proof(tree, alphabet)),
        // What takes room only, and what the parser keeps for itself.
        ParseNode::Phantom { .. }
        | ParseNode::VPhantom { .. }
        | ParseNode::Rule { .. }
        | ParseNode::ColorToken { .. }
        | ParseNode::Size { .. }
        | ParseNode::Environment { .. }
        | ParseNode::Cr { .. }
        | ParseNode::Infix { .. }
        | ParseNode::Internal { .. }
        | ParseNode::Raw { .. }
        | ParseNode::NoNumber { .. } => Said::default(),
    }
}

fn operator_name(body: &[ParseNode]) -> String {
    crate::class::name(body).unwrap_or_else(|| row(body, false, Alphabet::Upright).text)
}

/// Text with the formulas within it.
fn text(body: &[ParseNode], is_script: bool) -> String {
    let mut out = String::new();
    for node in body {
        match node {
            ParseNode::SpacingNode { .. } => out.push(' '),
            ParseNode::OrdGroup { body, mode, .. } if *mode == Mode::Text => {
                out.push_str(&text(body, is_script));
            }
            ParseNode::Text { body, .. } => out.push_str(&text(body, is_script)),
            ParseNode::TextOrd { text, mode, .. }
            | ParseNode::MathOrd { text, mode, .. }
            | ParseNode::Atom { text, mode, .. }
                if *mode == Mode::Text =>
            {
                out.push_str(&characters(text, *mode));
            }
            other => {
                let said = row(std::slice::from_ref(other), is_script, Alphabet::Usual);
                out.push_str(&said.text);
            }
        }
    }
    out
}

fn fraction(node: &ParseNode, is_script: bool, alphabet: Alphabet) -> String {
    let ParseNode::GenFrac {
        numer,
        denom,
        has_bar_line,
        left_delim,
        right_delim,
        ..
    } = node
    else {
        return String::new();
    };
    let above = row(std::slice::from_ref(numer), is_script, alphabet).text;
    let below = row(std::slice::from_ref(denom), is_script, alphabet).text;
    let left = typed(&bracket(left_delim.as_deref().unwrap_or_default()));
    let right = typed(&bracket(right_delim.as_deref().unwrap_or_default()));
    if !has_bar_line {
        return match left.as_str() {
            "(" => format!("C({above}, {below})"),
            "" => format!("({above}; {below})"),
            _ => format!("{left}{above}; {below}{right}"),
        };
    }
    // `1/2n` could be read in two ways.
    let is_product = below.starts_with(|c: char| c.is_ascii_digit()) && !is_single(&below);
    let part = |text: String, is_whole: bool| {
        if is_whole || text.is_empty() {
            text
        } else {
            format!("({text})")
        }
    };
    let (is_above, is_below) = (is_whole(&above), is_whole(&below) && !is_product);
    format!(
        "{left}{}/{}{right}",
        part(above, is_above),
        part(below, is_below)
    )
}

/// A letter with a sign on it. Signs on several letters stand behind them.
fn accented(base: &str, mark: char, mode: Mode) -> String {
    if mark == '\u{20dd}' {
        let known = [("c", "©"), ("C", "©"), ("R", "®"), ("r", "®")];
        let sign = known.iter().find(|(letter, _)| *letter == base);
        return sign.map_or(base, |(_, sign)| sign).to_owned();
    }
    // Arrows on letters are in few fonts; bold and arrows say the same, and are left out both.
    if matches!(mark, '\u{20d0}'..='\u{20ff}') {
        return base.to_owned();
    }
    let letters = base.chars().filter(|&c| !is_combining_mark(c)).count();
    if letters <= 1 || mode == Mode::Text {
        let mut out = base.to_owned();
        if letters == 1 {
            out.push(mark);
        }
        return out.nfc().collect();
    }
    let sign = match mark {
        '\u{302}' => "^",
        '\u{303}' => "~",
        '\u{30c}' => "ˇ",
        '\u{304}' | '\u{305}' => "¯",
        _ => "",
    };
    if sign.is_empty() {
        base.to_owned()
    } else if is_whole(base) {
        format!("{base}{sign}")
    } else {
        format!("({base}){sign}")
    }
}

fn scripts(
    base: Option<&ParseNode>,
    sup: Option<&ParseNode>,
    sub: Option<&ParseNode>,
    class: Class,
    is_script: bool,
    alphabet: Alphabet,
) -> Said {
    let part = |node: Option<&ParseNode>| {
        let node = node?;
        let text = row(std::slice::from_ref(node), true, Alphabet::Usual).text;
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    };
    let mut said = match base {
        Some(ParseNode::OrdGroup { body, .. }) => row(body, is_script, alphabet),
        Some(base) => piece(base, class, is_script, alphabet),
        None => Said::default(),
    };
    // What braces under a formula say.
    if let Some(ParseNode::HorizBrace { .. }) = base {
        for part in [part(sup), part(sub)].into_iter().flatten() {
            blank(&mut said.text);
            let _ = write!(said.text, "({part})");
        }
        return said;
    }
    let is_group = matches!(
        base,
        Some(ParseNode::OrdGroup { .. } | ParseNode::GenFrac { .. } | ParseNode::Styling { .. })
    );
    if is_group && !is_whole(&said.text) && !said.text.is_empty() {
        said.text = format!("({})", said.text);
    }
    let (above, below) = (part(sup), part(sub));
    // Amounts of a formula of chemistry have no lowered point.
    if alphabet == Alphabet::Upright
        && let (None, Some(amount)) = (&above, &below)
        && amount.contains('.')
        && amount.chars().all(|c| c.is_ascii_digit() || c == '.')
    {
        said.text.push_str(amount);
        return said;
    }
    let up = above
        .as_deref()
        .map(|text| superscript(text, is_named(sup)));
    let down = below.as_deref().map(|text| subscript(text, is_named(sub)));
    let is_plain = |script: &Option<(String, bool)>| script.as_ref().is_some_and(|(_, open)| *open);
    let (first, second) = if said.text.is_empty() || is_plain(&down) && !is_plain(&up) {
        (up, down)
    } else {
        (down, up)
    };
    for (text, is_open) in [first, second].into_iter().flatten() {
        said.text.push_str(&text);
        said.is_open = is_open;
    }
    said
}

/// A table: blanks between cells, semicolons between rows.
fn table(node: &ParseNode, is_script: bool, alphabet: Alphabet) -> String {
    let ParseNode::Array {
        body,
        col_separation_type,
        ..
    } = node
    else {
        return String::new();
    };
    let is_equation = matches!(
        col_separation_type.as_deref(),
        Some("align" | "alignat" | "gather")
    );
    let rows = body.iter().map(|cells| {
        if is_equation {
            // The columns of an equation are one formula.
            let cells: Vec<ParseNode> = cells.iter().flat_map(cell_body).cloned().collect();
            return row(&cells, is_script, alphabet).text;
        }
        let cells: Vec<String> = cells
            .iter()
            .map(|cell| row(std::slice::from_ref(cell), is_script, alphabet).text)
            .map(|cell| cell.trim().to_owned())
            .filter(|cell| !cell.is_empty())
            .collect();
        cells.join(" ")
    });
    let mut out = String::new();
    for row in rows {
        let row = row.trim();
        if row.is_empty() {
            continue;
        }
        // A line that begins with a sign goes on with the one before.
        let goes_on = is_equation && row.starts_with(goes_on);
        if !out.is_empty() {
            out.push_str(if goes_on { " " } else { "; " });
        }
        out.push_str(if goes_on {
            row
        } else {
            row.trim_end_matches([',', ';'])
        });
    }
    out
}

/// Signs with which a line goes on.
fn goes_on(sign: char) -> bool {
    "=<>≤≥≈≡~∝+−±×·≠∈→⇒↔⇔".contains(sign)
}

fn proof(branch: &ProofBranch, alphabet: Alphabet) -> String {
    let conclusion = row(&branch.conclusion, false, alphabet).text;
    let premises: Vec<String> = branch
        .premises
        .iter()
        .map(|premise| proof(premise, alphabet))
        .collect();
    if premises.is_empty() {
        conclusion
    } else {
        format!("{} ⊢ {conclusion}", premises.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_quotes_the_beginning_of_a_formula() {
        assert_eq!(shortened("a\n  = b"), "a = b");
        let long = shortened(&"损".repeat(61));
        assert_eq!(long, format!("{}…", "损".repeat(60)));
    }
}
