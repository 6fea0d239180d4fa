//! Pieces of a formula, one by one.

use std::fmt::Write as _;

use ratex_parser::Mode;
use ratex_parser::parse_node::{ParseNode, StyleStr};

use super::{Place, Writer, colour, escape, large, length};
use crate::class::{Class, class, ems, inside, name, named_class};
use crate::glyphs::{Alphabet, accent, bracket, characters};

impl Writer<'_> {
    /// One piece, and how many elements it became.
    #[expect(clippy::too_many_lines, reason = "a list of all kinds of pieces")]
    pub(super) fn node(&mut self, node: &ParseNode, class: Class, place: Place) -> usize {
        match node {
            ParseNode::Atom { text, mode, .. } => {
                self.operator(&characters(text, *mode), class, place);
                1
            }
            ParseNode::MathOrd { text, mode, .. } | ParseNode::AccentToken { text, mode, .. } => {
                self.ordinary(&characters(text, *mode), false, place);
                1
            }
            ParseNode::OpToken { text, mode, .. } => {
                self.operator(&characters(text, *mode), Class::Operator, place);
                1
            }
            ParseNode::TextOrd { text, mode, .. } => {
                if text == "\\prime" {
                    self.out.push_str("<mo lspace=\"0\" rspace=\"0\">′</mo>");
                } else {
                    self.ordinary(&characters(text, *mode), true, place);
                }
                1
            }
            ParseNode::SpacingNode { .. } => {
                self.space(0.25);
                1
            }
            ParseNode::Kern { dimension, .. } => {
                self.space(ems(dimension));
                1
            }
            ParseNode::OrdGroup {
                body, semisimple, ..
            } => {
                if *semisimple == Some(true) {
                    self.row(body, place)
                } else if let [ParseNode::Atom { text, mode, .. }] = body.as_slice() {
                    // Braces take a sign's space away: `1{,}000`.
                    self.operator(&characters(text, *mode), Class::Ordinary, place);
                    1
                } else {
                    self.single(body, place);
                    1
                }
            }
            ParseNode::Styling { style, body, .. } => self.styling(*style, body, place),
            ParseNode::Sizing { size, body, .. } => {
                let size = match size {
                    1 => "0.5em",
                    2 => "0.6em",
                    3 => "0.7em",
                    4 => "0.8em",
                    5 => "0.9em",
                    6 => return self.row(body, place),
                    7 => "1.2em",
                    8 => "1.44em",
                    9 => "1.73em",
                    10 => "2.07em",
                    _ => "2.49em",
                };
                self.wrapped("mstyle", &format!("mathsize=\"{size}\""), body, place)
            }
            ParseNode::Color { color, body, .. } => match colour(color) {
                Some(color) => {
                    self.wrapped("mstyle", &format!("mathcolor=\"{color}\""), body, place)
                }
                None => self.row(body, place),
            },
            ParseNode::Font { font, body, .. } => {
                let place = Place {
                    alphabet: Alphabet::named(font),
                    ..place
                };
                match inside(body) {
                    Some(body) => self.row(body, place),
                    None => self.node(body, class, place),
                }
            }
            ParseNode::Pmb { body, .. } => self.row(
                body,
                Place {
                    alphabet: Alphabet::BoldItalic,
                    ..place
                },
            ),
            ParseNode::MClass { mclass, body, .. } => self.classed(mclass, body, class, place),
            ParseNode::Text { body, font, .. } => {
                self.prose(body, font.as_deref().unwrap_or_default(), place)
            }
            ParseNode::HBox { body, .. } => self.prose(body, "", place),
            ParseNode::SupSub { base, sup, sub, .. } => {
                self.supsub(
                    base.as_deref(),
                    sup.as_deref(),
                    sub.as_deref(),
                    class,
                    place,
                );
                1
            }
            ParseNode::Op {
                name: sign,
                body,
                symbol,
                ..
            } => {
                match (sign, body) {
                    (_, Some(body)) if !*symbol => match name(body) {
                        Some(said) => self.word(&said),
                        None => self.single(body, place),
                    },
                    (Some(sign), _) if *symbol => {
                        self.out.push_str("<mo>");
                        escape(self.out, &large(sign));
                        self.out.push_str("</mo>");
                    }
                    (Some(sign), _) => self.word(&large(sign)),
                    (None, body) => self.single(body.as_deref().unwrap_or_default(), place),
                }
                1
            }
            ParseNode::OperatorName { body, .. } => {
                match name(body) {
                    Some(said) => self.word(&said),
                    None => self.single(
                        body,
                        Place {
                            alphabet: Alphabet::Upright,
                            ..place
                        },
                    ),
                }
                1
            }
            ParseNode::GenFrac { .. } => {
                self.fraction(node, place);
                1
            }
            ParseNode::Sqrt { body, index, .. } => {
                if let Some(index) = index {
                    self.out.push_str("<mroot>");
                    self.one(body, place);
                    self.one(index, place.script());
                    self.out.push_str("</mroot>");
                } else {
                    self.out.push_str("<msqrt>");
                    self.one(body, place);
                    self.out.push_str("</msqrt>");
                }
                1
            }
            ParseNode::Accent { label, base, .. } => {
                let (sign, _, stretches) = accent(label);
                self.over("mover", base, &sign.to_string(), stretches, place);
                1
            }
            ParseNode::AccentUnder { label, base, .. } => {
                let (sign, _, stretches) = accent(label);
                self.over("munder", base, &sign.to_string(), stretches, place);
                1
            }
            ParseNode::Overline { body, .. } => {
                self.over("mover", body, "‾", true, place);
                1
            }
            ParseNode::Underline { body, .. } => {
                self.over("munder", body, "_", true, place);
                1
            }
            ParseNode::HorizBrace {
                label,
                is_over,
                base,
                ..
            } => {
                let sign = match (label.contains("bracket"), *is_over) {
                    (false, true) => "⏞",
                    (false, false) => "⏟",
                    (true, true) => "⎴",
                    (true, false) => "⎵",
                };
                let element = if *is_over { "mover" } else { "munder" };
                self.over(element, base, sign, true, place);
                1
            }
            ParseNode::XArrow {
                label, body, below, ..
            } => {
                self.stretched(label, body, below.as_deref(), place);
                1
            }
            ParseNode::DelimSizing {
                size,
                mclass,
                delim,
                ..
            } => {
                let sign = bracket(delim);
                if sign.is_empty() {
                    return 0;
                }
                let size = match size {
                    1 => "1.2em",
                    2 => "1.8em",
                    3 => "2.4em",
                    _ => "3em",
                };
                let (form, space) = match named_class(mclass) {
                    Class::Open => ("prefix", "0"),
                    Class::Close => ("postfix", "0"),
                    Class::Relation => ("infix", "0.2778em"),
                    _ => ("infix", "0"),
                };
                let _ = write!(
                    self.out,
                    "<mo form=\"{form}\" stretchy=\"true\" symmetric=\"true\" \
                     minsize=\"{size}\" maxsize=\"{size}\" lspace=\"{space}\" rspace=\"{space}\">"
                );
                escape(self.out, &sign);
                self.out.push_str("</mo>");
                1
            }
            ParseNode::LeftRight {
                body, left, right, ..
            } => {
                self.out.push_str("<mrow>");
                self.fence(left, "prefix");
                self.row(body, place);
                self.fence(right, "postfix");
                self.out.push_str("</mrow>");
                1
            }
            ParseNode::Middle { delim, .. } => {
                let sign = bracket(delim);
                if sign.is_empty() {
                    return 0;
                }
                self.out.push_str(
                    "<mo form=\"infix\" fence=\"true\" stretchy=\"true\" lspace=\"0.05em\" rspace=\"0.05em\">",
                );
                escape(self.out, &sign);
                self.out.push_str("</mo>");
                1
            }
            ParseNode::LeftRightRight { delim, .. } => {
                self.fence(delim, "postfix");
                usize::from(!bracket(delim).is_empty())
            }
            ParseNode::Array { .. } => {
                self.table(node, place);
                1
            }
            ParseNode::Phantom { body, .. } => self.wrapped("mphantom", "", body, place),
            ParseNode::VPhantom { body, .. } => {
                self.out.push_str("<mpadded width=\"0\"><mphantom>");
                self.one(body, place);
                self.out.push_str("</mphantom></mpadded>");
                1
            }
            ParseNode::Smash {
                body,
                smash_height,
                smash_depth,
                ..
            } => {
                self.out.push_str("<mpadded");
                if *smash_height {
                    self.out.push_str(" height=\"0\"");
                }
                if *smash_depth {
                    self.out.push_str(" depth=\"0\"");
                }
                self.out.push('>');
                self.one(body, place);
                self.out.push_str("</mpadded>");
                1
            }
            ParseNode::Lap {
                alignment, body, ..
            } => {
                let shift = match alignment.as_str() {
                    "llap" => " lspace=\"-1width\"",
                    "clap" => " lspace=\"-0.5width\"",
                    _ => "",
                };
                let _ = write!(self.out, "<mpadded width=\"0\"{shift}>");
                self.one(body, place);
                self.out.push_str("</mpadded>");
                1
            }
            ParseNode::RaiseBox { dy, body, .. } => {
                let _ = write!(self.out, "<mpadded voffset=\"{}\">", length(ems(dy)));
                self.one(body, place);
                self.out.push_str("</mpadded>");
                1
            }
            ParseNode::VCenter { body, .. } => {
                self.one(body, place);
                1
            }
            ParseNode::Rule { width, height, .. } => {
                if ems(width) <= 0.0 || ems(height) <= 0.0 {
                    return 0;
                }
                let _ = write!(
                    self.out,
                    "<mspace width=\"{}\" height=\"{}\" style=\"background:currentcolor\"/>",
                    length(ems(width)),
                    length(ems(height))
                );
                1
            }
            ParseNode::Enclose { .. } => {
                self.enclosed(node, place);
                1
            }
            ParseNode::Verb { body, .. } => {
                self.text(body, "font-family:monospace");
                usize::from(!body.is_empty())
            }
            ParseNode::Href { body, .. }
            | ParseNode::Html { body, .. }
            | ParseNode::HtmlMathMl { mathml: body, .. }
            | ParseNode::Tag { body, .. } => self.row(body, place),
            ParseNode::Url { url, .. } => {
                self.text(url, "font-family:monospace");
                usize::from(!url.is_empty())
            }
            ParseNode::MathChoice {
                display,
                text,
                script,
                ..
            } => {
                let body = match place {
                    Place { script: true, .. } => script,
                    Place { display: true, .. } => display,
                    _ => text,
                };
                self.row(body, place)
            }
            ParseNode::IncludeGraphics { alt, .. } => {
                self.text(alt, "");
                usize::from(!alt.is_empty())
            }
            ParseNode::CdLabel { label, .. } => {
                self.one(label, place.script());
                1
            }
            ParseNode::CdLabelParent { fragment, .. } => {
                self.one(fragment, place);
                1
            }
            ParseNode::CdArrow {
                direction,
                label_above,
                label_below,
                ..
            } => self.diagram(
                direction,
                label_above.as_deref(),
                label_below.as_deref(),
                place,
            ),
            ParseNode::ProofTree { tree, .. } => {
                self.proof(tree, place);
                1
            }
            // What the parser keeps for itself, or what says nothing by itself.
            ParseNode::ColorToken { .. }
            | ParseNode::Size { .. }
            | ParseNode::Environment { .. }
            | ParseNode::Cr { .. }
            | ParseNode::Infix { .. }
            | ParseNode::Internal { .. }
            | ParseNode::Raw { .. }
            | ParseNode::NoNumber { .. } => 0,
        }
    }

    /// The name of a function.
    pub(super) fn word(&mut self, said: &str) {
        let is_letter = said.chars().count() == 1;
        self.out.push_str(if is_letter {
            "<mi mathvariant=\"normal\">"
        } else {
            "<mi>"
        });
        escape(self.out, said);
        self.out.push_str("</mi>");
    }

    pub(super) fn styling(&mut self, style: StyleStr, body: &[ParseNode], place: Place) -> usize {
        let (attributes, place) = match style {
            StyleStr::Display => (
                "displaystyle=\"true\" scriptlevel=\"0\"",
                Place {
                    display: true,
                    script: false,
                    ..place
                },
            ),
            StyleStr::Text => (
                "displaystyle=\"false\" scriptlevel=\"0\"",
                Place {
                    display: false,
                    script: false,
                    ..place
                },
            ),
            StyleStr::Script => ("displaystyle=\"false\" scriptlevel=\"1\"", place.script()),
            StyleStr::Scriptscript => ("displaystyle=\"false\" scriptlevel=\"2\"", place.script()),
        };
        self.wrapped("mstyle", attributes, body, place)
    }

    pub(super) fn wrapped(
        &mut self,
        element: &str,
        attributes: &str,
        body: &[ParseNode],
        place: Place,
    ) -> usize {
        self.out.push('<');
        self.out.push_str(element);
        if !attributes.is_empty() {
            self.out.push(' ');
            self.out.push_str(attributes);
        }
        self.out.push('>');
        self.row(body, place);
        let _ = write!(self.out, "</{element}>");
        1
    }

    /// What `\mathrel` and its like make of their pieces.
    pub(super) fn classed(
        &mut self,
        name: &str,
        body: &[ParseNode],
        class: Class,
        place: Place,
    ) -> usize {
        if let [
            ParseNode::Atom { text, mode, .. }
            | ParseNode::MathOrd { text, mode, .. }
            | ParseNode::TextOrd { text, mode, .. },
        ] = body
            && class != Class::Ordinary
        {
            let sign = characters(text, *mode);
            if !sign.chars().any(char::is_alphanumeric) {
                self.operator(&sign, class, place);
                return 1;
            }
        }
        let space = match class {
            _ if place.script => 0.0,
            Class::Relation => 5.0 / 18.0,
            Class::Binary => 4.0 / 18.0,
            _ => 0.0,
        };
        // A sign that has something above it has its own space.
        let own = matches!(body, [ParseNode::SupSub { base: Some(base), .. }] if matches!(base.as_ref(), ParseNode::Op { body: Some(body), .. } if matches!(body.as_slice(), [ParseNode::Atom { .. }])));
        if body.is_empty() {
            return 0;
        }
        if space == 0.0 || own || name == "mord" {
            self.single(body, place);
            return 1;
        }
        self.out.push_str("<mrow>");
        self.space(space);
        self.row(body, place);
        self.space(space);
        self.out.push_str("</mrow>");
        1
    }

    /// Text, and the formulas within it.
    pub(super) fn prose(&mut self, body: &[ParseNode], font: &str, place: Place) -> usize {
        let mut said = String::new();
        let mut count = 0;
        let style = text_style(font);
        self.prose_into(body, style, &mut said, &mut count, place);
        count += usize::from(!said.is_empty());
        self.text(&said, style);
        count
    }

    pub(super) fn prose_into(
        &mut self,
        body: &[ParseNode],
        style: &str,
        said: &mut String,
        count: &mut usize,
        place: Place,
    ) {
        for node in body {
            match node {
                ParseNode::TextOrd { text, mode, .. }
                | ParseNode::MathOrd { text, mode, .. }
                | ParseNode::Atom { text, mode, .. }
                    if *mode == Mode::Text =>
                {
                    said.push_str(&characters(text, *mode));
                }
                ParseNode::SpacingNode { text, .. } => {
                    said.push(if text == " " { ' ' } else { '\u{a0}' });
                }
                ParseNode::OrdGroup { body, mode, .. } if *mode == Mode::Text => {
                    self.prose_into(body, style, said, count, place);
                }
                ParseNode::Text {
                    body, font: None, ..
                } => self.prose_into(body, style, said, count, place),
                ParseNode::Accent { label, base, .. } if node.mode() == Mode::Text => {
                    self.prose_into(std::slice::from_ref(base), style, said, count, place);
                    said.push(accent(label).1);
                }
                _ => {
                    *count += usize::from(!said.is_empty());
                    self.text(said, style);
                    said.clear();
                    let place = Place {
                        display: false,
                        alphabet: Alphabet::Usual,
                        ..place
                    };
                    *count += self.node(node, class(node), place);
                }
            }
        }
    }
}

/// The style of text, for what has one.
fn text_style(font: &str) -> &'static str {
    match font.trim_start_matches('\\') {
        "textbf" => "font-weight:bold",
        "textit" | "textsl" | "emph" => "font-style:italic",
        "textsf" => "font-family:sans-serif",
        "texttt" => "font-family:monospace",
        "textsc" => "font-variant:small-caps",
        _ => "",
    }
}
