//! Formulas as `MathML`.
//!
//! What is written is both `MathML` 3, which EPUB 3.3 asks for and older readers know, and
//! `MathML` Core, which browsers know. Letters of other alphabets are the characters that Unicode
//! has for them, because Core knows `mathvariant="normal"` alone; alignment within tables stands
//! twice, as attributes and as style, because each kind of reader looks at one of them.

use std::fmt::Write as _;

use ratex_parser::Mode;
use ratex_parser::parse_node::{AlignType, ArrayTag, ParseNode, ProofBranch, StyleStr};
use ratex_types::Color;

use crate::class::{
    Class, class, classes, ems, inside, is_large, is_stroke, name, named_class, struck,
};
use crate::fault::{Fault, read};
use crate::glyphs::{Alphabet, accent, arrow, bracket, characters};
use crate::layout::Style;

/// A formula as a `math` element with its namespace, `display` and `alttext` (the TeX), in XML.
///
/// # Errors
///
/// What cannot be read.
pub fn mathml(tex: &str, style: Style) -> Result<String, Fault> {
    let nodes = read(tex)?;
    let place = Place {
        display: style == Style::Display,
        ..Place::default()
    };
    let mut out = String::with_capacity(256 + tex.len() * 8);
    out.push_str("<math xmlns=\"http://www.w3.org/1998/Math/MathML\"");
    if style == Style::Display {
        out.push_str(" display=\"block\"");
    }
    out.push_str(" alttext=\"");
    escape(&mut out, tex.trim());
    out.push_str("\">");
    Writer { out: &mut out }.formula(&nodes, place);
    out.push_str("</math>");
    Ok(out)
}

/// Text between tags and within attributes. XML allows no other controls than these blanks.
fn escape(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(' '),
            character if character.is_control() => {}
            '\u{fe00}'..='\u{fe0f}' | '\u{fffe}' | '\u{ffff}' => {}
            character => out.push(character),
        }
    }
}

/// What surrounds a part of a formula.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    /// Whether sums have their limits above and below.
    display: bool,
    /// Whether it stands in a script, where TeX sets no space around signs.
    script: bool,
    alphabet: Alphabet,
}

impl Place {
    fn script(self) -> Self {
        Self {
            display: false,
            script: true,
            ..self
        }
    }

    fn small(self) -> Self {
        Self {
            display: false,
            ..self
        }
    }
}

/// A length as it is written, without needless noughts.
fn length(ems: f64) -> String {
    let text = format!("{ems:.4}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if matches!(text, "" | "0" | "-0") {
        "0".to_owned()
    } else {
        format!("{text}em")
    }
}

/// A colour of a formula for `mathcolor`.
fn colour(name: &str) -> Option<String> {
    let model = name
        .strip_prefix('[')
        .and_then(|rest| rest.split_once(']'))
        .and_then(|(model, value)| Color::from_model(model, value));
    let color = model.or_else(|| Color::parse(name))?;
    let byte = |part: f32| (part.clamp(0.0, 1.0) * 255.0).round() as u8;
    Some(format!(
        "#{:02x}{:02x}{:02x}",
        byte(color.r),
        byte(color.g),
        byte(color.b)
    ))
}

/// Whether a piece is a digit, or a point between digits.
fn digit(node: &ParseNode, place: Place) -> Option<char> {
    let ParseNode::TextOrd { text, .. } = node else {
        return None;
    };
    let mut characters = text.chars();
    let digit = characters
        .next()
        .filter(|c| c.is_ascii_digit() || *c == '.')?;
    if characters.next().is_some() {
        return None;
    }
    Some(place.alphabet.letter(digit))
}

/// The letters of a piece that is a letter of a word in an alphabet for words.
fn word_letter(node: &ParseNode) -> Option<char> {
    let (ParseNode::MathOrd { text, mode, .. } | ParseNode::TextOrd { text, mode, .. }) = node
    else {
        return None;
    };
    let name = characters(text, *mode);
    let mut letters = name.chars();
    let letter = letters.next().filter(|letter| letter.is_alphabetic())?;
    letters.next().is_none().then_some(letter)
}

/// The primes of a superscript, and what follows them.
fn primes(node: &ParseNode) -> Option<(usize, &[ParseNode])> {
    let is_prime = |node: &ParseNode| matches!(node, ParseNode::TextOrd { text, .. } | ParseNode::MathOrd { text, .. } if text == "\\prime" || text == "'" || text == "′");
    if is_prime(node) {
        return Some((1, &[]));
    }
    let body = inside(node)?;
    let count = body.iter().take_while(|node| is_prime(node)).count();
    (count > 0).then(|| (count, body.get(count..).unwrap_or_default()))
}

/// So many primes as signs: Unicode has up to four in one.
pub(crate) fn prime_signs(count: usize) -> String {
    let whole = "⁗".repeat(count / 4);
    let rest = match count % 4 {
        1 => "′",
        2 => "″",
        3 => "‴",
        _ => "",
    };
    whole + rest
}

struct Writer<'a> {
    out: &'a mut String,
}

impl Writer<'_> {
    /// The whole formula: lines that `\\` ends, and what `\tag` says.
    fn formula(&mut self, nodes: &[ParseNode], place: Place) {
        let tags: Vec<String> = nodes.iter().filter_map(tag).collect();
        if tags.is_empty() {
            self.row(nodes, place);
            return;
        }
        // A tagged formula may be wrapped whole, or its tag stands among its pieces.
        let whole: Vec<ParseNode>;
        let body = match nodes {
            [ParseNode::Tag { body, .. }] => body.as_slice(),
            _ => {
                let rest = nodes.iter().filter(|node| tag(node).is_none());
                whole = rest.cloned().collect();
                whole.as_slice()
            }
        };
        let said = tags.join(" ");
        if !place.display {
            self.single(body, place);
            self.out.push_str("<mspace width=\"2em\"/>");
            self.text(&said, "");
            return;
        }
        self.out.push_str(
            "<mtable displaystyle=\"true\" width=\"100%\" style=\"width:100%\"><mtr>\
             <mtd style=\"width:50%\"></mtd><mtd>",
        );
        self.row(body, place);
        self.out
            .push_str("</mtd><mtd columnalign=\"right\" style=\"width:50%;text-align:right\">");
        self.text(&said, "");
        self.out.push_str("</mtd></mtr></mtable>");
    }

    /// Pieces as one element.
    fn single(&mut self, nodes: &[ParseNode], place: Place) {
        let start = self.out.len();
        if self.row(nodes, place) != 1 {
            self.out.insert_str(start, "<mrow>");
            self.out.push_str("</mrow>");
        }
    }

    /// A piece as one element; a group's body without the group.
    fn one(&mut self, node: &ParseNode, place: Place) {
        match inside(node) {
            Some(body) => self.single(body, place),
            None => self.single(std::slice::from_ref(node), place),
        }
    }

    /// Pieces beside one another, and how many elements they became.
    fn row(&mut self, nodes: &[ParseNode], place: Place) -> usize {
        if nodes
            .iter()
            .any(|node| matches!(node, ParseNode::Cr { new_line: true, .. }))
        {
            return self.lines(nodes, place);
        }
        let classes = classes(nodes);
        let is_word = !matches!(
            place.alphabet,
            Alphabet::Usual
                | Alphabet::BoldItalic
                | Alphabet::Script
                | Alphabet::Fraktur
                | Alphabet::DoubleStruck
        );
        let mut count = 0;
        let mut index = 0;
        let mut before = Class::Blank;
        while let Some(node) = nodes.get(index) {
            let here = classes.get(index).copied().unwrap_or(Class::Ordinary);
            let rest = nodes.get(index..).unwrap_or_default();
            let number: String = rest.iter().map_while(|node| digit(node, place)).collect();
            let numbers = number.chars().count();
            if number.chars().any(|digit| digit != '.') {
                // A script belongs to the whole number before it.
                if let Some(ParseNode::SupSub {
                    base: Some(base),
                    sup,
                    sub,
                    ..
                }) = rest.get(numbers)
                    && let Some(last) = digit(base, place)
                {
                    let base = format!("<mn>{number}{last}</mn>");
                    self.scripts(&base, sup.as_deref(), sub.as_deref(), place);
                    index += numbers + 1;
                } else {
                    let _ = write!(self.out, "<mn>{number}</mn>");
                    index += numbers;
                }
                count += 1;
                before = Class::Ordinary;
                continue;
            }
            let word: String = if is_word {
                rest.iter().map_while(word_letter).collect()
            } else {
                String::new()
            };
            if word.chars().count() > 1 {
                self.out.push_str("<mi>");
                let word: String = word.chars().map(|c| place.alphabet.letter(c)).collect();
                escape(self.out, &word);
                self.out.push_str("</mi>");
                count += 1;
                index += word.chars().count();
                before = Class::Ordinary;
                continue;
            }
            // A stroke through the sign that follows.
            if is_stroke(node)
                && let Some((next, struck)) = struck(rest)
            {
                let family = classes
                    .get(index + next)
                    .copied()
                    .unwrap_or(Class::Relation);
                self.operator(&struck, family, place);
                count += 1;
                index += next + 1;
                before = family;
                continue;
            }
            let after = classes
                .get(index + 1..)
                .unwrap_or_default()
                .iter()
                .find(|&&class| class != Class::Blank);
            count += self.spaced(node, here, before, after.copied(), place);
            if here != Class::Blank {
                before = here;
            }
            index += 1;
        }
        count
    }

    /// A piece with TeX's space beside names of functions.
    fn spaced(
        &mut self,
        node: &ParseNode,
        here: Class,
        before: Class,
        after: Option<Class>,
        place: Place,
    ) -> usize {
        let is_name = here == Class::Operator && !is_large(node);
        let mut count = 0;
        if is_name && matches!(before, Class::Ordinary | Class::Close | Class::Inner) {
            self.space(3.0 / 18.0);
            count += 1;
        }
        count += self.node(node, here, place);
        if is_name
            && matches!(
                after,
                Some(Class::Ordinary | Class::Operator | Class::Inner)
            )
        {
            self.space(3.0 / 18.0);
            count += 1;
        }
        count
    }

    /// Lines of a formula without a table.
    fn lines(&mut self, nodes: &[ParseNode], place: Place) -> usize {
        self.out.push_str("<mtable");
        if place.display {
            self.out.push_str(" displaystyle=\"true\"");
        }
        self.out.push('>');
        for line in nodes.split(|node| matches!(node, ParseNode::Cr { .. })) {
            self.out.push_str("<mtr><mtd>");
            self.row(line, place);
            self.out.push_str("</mtd></mtr>");
        }
        self.out.push_str("</mtable>");
        1
    }

    fn space(&mut self, ems: f64) {
        // Readers of Core take no width below nothing, but a margin.
        let _ = if ems < 0.0 {
            write!(self.out, "<mspace style=\"margin-left:{}\"/>", length(ems))
        } else {
            write!(self.out, "<mspace width=\"{}\"/>", length(ems))
        };
    }

    /// A text; blanks at its ends are kept, which XML readers would take away.
    fn text(&mut self, text: &str, style: &str) {
        if text.is_empty() {
            return;
        }
        self.out.push_str("<mtext");
        if !style.is_empty() {
            let _ = write!(self.out, " style=\"{style}\"");
        }
        self.out.push('>');
        let inner = text.trim_matches(' ');
        let blanks = |count: usize| "\u{a0}".repeat(count);
        let begin = text.len() - text.trim_start_matches(' ').len();
        self.out.push_str(&blanks(begin));
        escape(self.out, inner);
        if begin < text.len() {
            self.out
                .push_str(&blanks(text.len() - text.trim_end_matches(' ').len()));
        }
        self.out.push_str("</mtext>");
    }

    /// A letter or sign of no class.
    fn ordinary(&mut self, sign: &str, is_upright: bool, place: Place) {
        let mut characters = sign.chars();
        let (Some(first), None) = (characters.next(), characters.next()) else {
            self.out.push_str("<mi>");
            escape(self.out, sign);
            self.out.push_str("</mi>");
            return;
        };
        if first.is_ascii_digit() {
            let _ = write!(self.out, "<mn>{}</mn>", place.alphabet.letter(first));
            return;
        }
        if is_operator(first) {
            self.out
                .push_str("<mo stretchy=\"false\" lspace=\"0\" rspace=\"0\">");
            escape(self.out, sign);
            self.out.push_str("</mo>");
            return;
        }
        if is_wide(first) {
            self.text(sign, "");
            return;
        }
        let styled = place.alphabet.letter(first);
        let is_upright = match place.alphabet {
            Alphabet::Usual => is_upright || !first.is_alphabetic(),
            Alphabet::Upright => true,
            _ => styled == first,
        };
        self.out.push_str(if is_upright {
            "<mi mathvariant=\"normal\">"
        } else {
            "<mi>"
        });
        escape(self.out, styled.encode_utf8(&mut [0; 4]));
        self.out.push_str("</mi>");
    }

    /// A sign with the space of its class.
    fn operator(&mut self, sign: &str, class: Class, place: Place) {
        self.out.push_str("<mo");
        let first = sign.chars().next().unwrap_or_default();
        let is_bracket = matches!(class, Class::Open | Class::Close);
        if is_bracket {
            let form = if class == Class::Open {
                "prefix"
            } else {
                "postfix"
            };
            let _ = write!(self.out, " form=\"{form}\"");
        }
        if is_bracket || is_stretched(first) {
            self.out.push_str(" stretchy=\"false\"");
        }
        let space = match class {
            _ if place.script && class != Class::Operator => Some("0"),
            Class::Ordinary | Class::Inner | Class::Blank => Some("0"),
            Class::Open | Class::Close if first == '|' || first == '‖' => Some("0"),
            Class::Relation if matches!(first, ':' | '|' | '‖' | '/' | '.') => Some("0.2778em"),
            Class::Binary if !is_common_binary(first) => Some("0.2222em"),
            _ => None,
        };
        if let Some(space) = space {
            let _ = write!(self.out, " lspace=\"{space}\" rspace=\"{space}\"");
        }
        self.out.push('>');
        escape(self.out, sign);
        self.out.push_str("</mo>");
    }

    /// A bracket that grows with what it encloses.
    fn fence(&mut self, name: &str, form: &str) {
        let sign = bracket(name);
        if sign.is_empty() {
            return;
        }
        let _ = write!(
            self.out,
            "<mo form=\"{form}\" fence=\"true\" stretchy=\"true\" lspace=\"0\" rspace=\"0\">"
        );
        escape(self.out, &sign);
        self.out.push_str("</mo>");
    }

    /// A base with what stands beside or above it; the base is an element already.
    fn scripts(
        &mut self,
        base: &str,
        sup: Option<&ParseNode>,
        sub: Option<&ParseNode>,
        place: Place,
    ) {
        self.attached(base, sup, sub, place, ["msub", "msup", "msubsup"]);
    }

    fn attached(
        &mut self,
        base: &str,
        sup: Option<&ParseNode>,
        sub: Option<&ParseNode>,
        place: Place,
        [below, above, both]: [&str; 3],
    ) {
        let element = match (sub, sup) {
            (Some(_), Some(_)) => both,
            (Some(_), None) => below,
            (None, Some(_)) => above,
            (None, None) => {
                self.out.push_str(base);
                return;
            }
        };
        let _ = write!(self.out, "<{element}>{base}");
        if let Some(sub) = sub {
            self.one(sub, place.script());
        }
        if let Some(sup) = sup {
            self.superscript(sup, place.script());
        }
        let _ = write!(self.out, "</{element}>");
    }

    fn superscript(&mut self, sup: &ParseNode, place: Place) {
        let Some((count, rest)) = primes(sup) else {
            self.one(sup, place);
            return;
        };
        let signs = prime_signs(count);
        let sign = format!("<mo lspace=\"0\" rspace=\"0\">{signs}</mo>");
        if rest.is_empty() {
            self.out.push_str(&sign);
            return;
        }
        let _ = write!(self.out, "<mrow>{sign}");
        self.row(rest, place);
        self.out.push_str("</mrow>");
    }

    /// What a writer writes into a text of its own.
    fn apart(&mut self, write: impl FnOnce(&mut Writer<'_>)) -> String {
        let mut out = String::new();
        write(&mut Writer { out: &mut out });
        out
    }

    /// A piece with scripts, or with something above or below it.
    fn supsub(
        &mut self,
        base: Option<&ParseNode>,
        sup: Option<&ParseNode>,
        sub: Option<&ParseNode>,
        class: Class,
        place: Place,
    ) {
        let over = ["munder", "mover", "munderover"];
        match base {
            Some(ParseNode::Op {
                limits: true,
                always_handle_sup_sub,
                name: sign,
                body,
                symbol,
                suppress_base_shift,
                ..
            }) => {
                let always = *always_handle_sup_sub == Some(true);
                let is_stack = suppress_base_shift.is_some();
                let label = body.as_deref().filter(|_| !*symbol);
                // A stack of our own making cannot move its limits by itself.
                let moves = !always && !is_stack;
                if let (Some(body), true) =
                    (label, name(label.unwrap_or_default()).is_none() || is_stack)
                {
                    let base = self.apart(|writer| writer.single(body, place));
                    if moves && !place.display {
                        self.scripts(&base, sup, sub, place);
                    } else {
                        self.attached(&base, sup, sub, place, over);
                    }
                    return;
                }
                let said = match (sign, label) {
                    (_, Some(body)) => name(body).unwrap_or_default(),
                    (Some(sign), None) => large(sign),
                    (None, None) => String::new(),
                };
                let base = self.apart(|writer| writer.limits(&said, *symbol, moves));
                self.attached(&base, sup, sub, place, over);
            }
            Some(ParseNode::OperatorName {
                body,
                always_handle_sup_sub: true,
                limits,
                ..
            }) => match name(body) {
                Some(said) => {
                    let base = self.apart(|writer| writer.limits(&said, false, !*limits));
                    self.attached(&base, sup, sub, place, over);
                }
                None => {
                    let upright = Place {
                        alphabet: Alphabet::Upright,
                        ..place
                    };
                    let base = self.apart(|writer| writer.single(body, upright));
                    if *limits || place.display {
                        self.attached(&base, sup, sub, place, over);
                    } else {
                        self.scripts(&base, sup, sub, place);
                    }
                }
            },
            Some(node @ ParseNode::HorizBrace { is_over, .. }) => {
                let base = self.apart(|writer| writer.one(node, place));
                let (above, below) = if *is_over { (sup, sub) } else { (sup, sub) };
                self.attached(&base, above, below, place, over);
            }
            Some(base) => {
                let base = self.apart(|writer| {
                    let start = writer.out.len();
                    let count = match inside(base) {
                        Some(body) => writer.row(body, place),
                        None => writer.node(base, class, place),
                    };
                    if count != 1 {
                        writer.out.insert_str(start, "<mrow>");
                        writer.out.push_str("</mrow>");
                    }
                });
                self.scripts(&base, sup, sub, place);
            }
            None => self.scripts("<mrow></mrow>", sup, sub, place),
        }
    }

    /// A sign or name that has limits.
    fn limits(&mut self, said: &str, is_symbol: bool, moves: bool) {
        self.out.push_str("<mo");
        let _ = write!(self.out, " movablelimits=\"{moves}\"");
        if !is_symbol {
            self.out
                .push_str(" form=\"prefix\" lspace=\"0\" rspace=\"0\"");
        }
        self.out.push('>');
        escape(self.out, said);
        self.out.push_str("</mo>");
    }

    /// One piece, and how many elements it became.
    fn node(&mut self, node: &ParseNode, class: Class, place: Place) -> usize {
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
                match index {
                    Some(index) => {
                        self.out.push_str("<mroot>");
                        self.one(body, place);
                        self.one(index, place.script());
                        self.out.push_str("</mroot>");
                    }
                    None => {
                        self.out.push_str("<msqrt>");
                        self.one(body, place);
                        self.out.push_str("</msqrt>");
                    }
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
                // Browsers do not stretch what stands below something.
                let is_long = crate::words::say(std::slice::from_ref(body))
                    .chars()
                    .count()
                    > 2;
                let sign = if is_long {
                    long(arrow(label))
                } else {
                    arrow(label)
                };
                let base = format!(
                    "<mo stretchy=\"true\" lspace=\"0.2778em\" rspace=\"0.2778em\">{sign}</mo>"
                );
                let padded = |writer: &mut Self, node: &ParseNode| {
                    writer.out.push_str("<mrow><mspace width=\"0.4em\"/>");
                    writer.one(node, place.script());
                    writer.out.push_str("<mspace width=\"0.4em\"/></mrow>");
                };
                match below {
                    Some(below) => {
                        let _ = write!(self.out, "<munderover>{base}");
                        padded(self, below);
                        padded(self, body);
                        self.out.push_str("</munderover>");
                    }
                    None => {
                        let _ = write!(self.out, "<mover>{base}");
                        padded(self, body);
                        self.out.push_str("</mover>");
                    }
                }
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
            ParseNode::Href { body, .. } | ParseNode::Html { body, .. } => self.row(body, place),
            ParseNode::HtmlMathMl { mathml, .. } => self.row(mathml, place),
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
            ParseNode::Tag { body, .. } => self.row(body, place),
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
    fn word(&mut self, said: &str) {
        let is_letter = said.chars().count() == 1;
        self.out.push_str(if is_letter {
            "<mi mathvariant=\"normal\">"
        } else {
            "<mi>"
        });
        escape(self.out, said);
        self.out.push_str("</mi>");
    }

    fn styling(&mut self, style: StyleStr, body: &[ParseNode], place: Place) -> usize {
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

    fn wrapped(
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
    fn classed(&mut self, name: &str, body: &[ParseNode], class: Class, place: Place) -> usize {
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
    fn prose(&mut self, body: &[ParseNode], font: &str, place: Place) -> usize {
        let mut said = String::new();
        let mut count = 0;
        let style = text_style(font);
        self.prose_into(body, style, &mut said, &mut count, place);
        count += usize::from(!said.is_empty());
        self.text(&said, style);
        count
    }

    fn prose_into(
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

    fn fraction(&mut self, node: &ParseNode, place: Place) {
        let ParseNode::GenFrac {
            numer,
            denom,
            has_bar_line,
            left_delim,
            right_delim,
            bar_size,
            ..
        } = node
        else {
            return;
        };
        let is_fenced = left_delim.is_some() || right_delim.is_some();
        if is_fenced {
            self.out.push_str("<mrow>");
            self.fence(left_delim.as_deref().unwrap_or_default(), "prefix");
        }
        self.out.push_str("<mfrac");
        if !has_bar_line {
            self.out.push_str(" linethickness=\"0\"");
        } else if let Some(size) = bar_size {
            let _ = write!(
                self.out,
                " linethickness=\"{}\"",
                length(ems(size).max(0.0))
            );
        }
        self.out.push('>');
        self.one(numer, place.small());
        self.one(denom, place.small());
        self.out.push_str("</mfrac>");
        if is_fenced {
            self.fence(right_delim.as_deref().unwrap_or_default(), "postfix");
            self.out.push_str("</mrow>");
        }
    }

    /// A base with a sign above or below it.
    fn over(&mut self, element: &str, base: &ParseNode, sign: &str, stretches: bool, place: Place) {
        let attribute = if element == "mover" {
            "accent"
        } else {
            "accentunder"
        };
        let _ = write!(self.out, "<{element} {attribute}=\"true\">");
        self.one(base, place);
        // An arrow on a letter is a small one.
        let size = if sign == "→" && !stretches {
            " mathsize=\"70%\""
        } else {
            ""
        };
        let _ = write!(
            self.out,
            "<mo stretchy=\"{stretches}\"{size} lspace=\"0\" rspace=\"0\">"
        );
        escape(self.out, sign);
        let _ = write!(self.out, "</mo></{element}>");
    }

    fn table(&mut self, node: &ParseNode, place: Place) {
        let ParseNode::Array {
            body,
            hlines_before_row,
            cols,
            col_separation_type,
            tags,
            arraystretch,
            ..
        } = node
        else {
            return;
        };
        let separation = col_separation_type.as_deref().unwrap_or_default();
        let columns = Columns::of(cols.as_deref().unwrap_or_default());
        let width = body.iter().map(Vec::len).max().unwrap_or(0);
        let is_equation = matches!(separation, "align" | "alignat" | "gather");
        let is_small = separation == "small" || *arraystretch < 0.75;
        if is_small {
            self.out.push_str("<mstyle scriptlevel=\"1\">");
        }
        self.out.push_str("<mtable");
        if is_equation {
            self.out.push_str(" displaystyle=\"true\"");
        } else {
            self.out.push_str(" displaystyle=\"false\"");
        }
        let aligns: Vec<&str> = (0..width).map(|column| columns.align(column)).collect();
        if aligns.iter().any(|align| *align != "center") {
            let _ = write!(self.out, " columnalign=\"{}\"", aligns.join(" "));
        }
        let gaps: Vec<&str> = (1..width)
            .map(|column| match separation {
                "align" | "alignat" if column % 2 == 1 => "0em",
                "align" => "2em",
                "alignat" => "0em",
                _ if is_small => "0.333em",
                _ => "1em",
            })
            .collect();
        if !gaps.is_empty() && (is_equation || is_small) {
            let _ = write!(self.out, " columnspacing=\"{}\"", gaps.join(" "));
        }
        let lines: Vec<&str> = (1..width)
            .map(|column| columns.line(column).unwrap_or("none"))
            .collect();
        if lines.iter().any(|line| *line != "none") {
            let _ = write!(self.out, " columnlines=\"{}\"", lines.join(" "));
        }
        let rule = |row: usize| {
            let rules = hlines_before_row.get(row)?;
            let dashed = *rules.first()?;
            Some(if dashed { "dashed" } else { "solid" })
        };
        let rows: Vec<&str> = (1..body.len())
            .map(|row| rule(row).unwrap_or("none"))
            .collect();
        if rows.iter().any(|row| *row != "none") {
            let _ = write!(self.out, " rowlines=\"{}\"", rows.join(" "));
        }
        if (0..=width).any(|column| columns.line(column).is_some())
            || (0..=body.len()).any(|row| rule(row).is_some())
        {
            self.out
                .push_str(" style=\"border-collapse:collapse;border-spacing:0\"");
        }
        self.out.push('>');
        let inner = Place {
            display: is_equation,
            script: is_small,
            ..place
        };
        for (row, cells) in body.iter().enumerate() {
            self.out.push_str("<mtr>");
            for (column, cell) in cells.iter().enumerate() {
                let mut style = String::new();
                let align = columns.align(column);
                if align != "center" {
                    let _ = write!(style, "text-align:{align};");
                }
                if matches!(separation, "align" | "alignat") {
                    let (before, after) = match (column % 2, separation) {
                        (0, "align") if column > 0 => ("2em", "0"),
                        _ => ("0", "0"),
                    };
                    let _ = write!(style, "padding-left:{before};padding-right:{after};");
                } else if is_small {
                    style.push_str("padding:0.1em 0.17em;");
                } else if column == 0 && separation != "gather" && columns.is_tight {
                    style.push_str("padding-left:0;");
                }
                if let Some(line) = columns.line(column) {
                    let _ = write!(style, "border-left:0.06em {line};");
                }
                if column + 1 == width && columns.line(width).is_some() {
                    style.push_str("border-right:0.06em solid;");
                }
                if let Some(line) = rule(row) {
                    let _ = write!(style, "border-top:0.06em {line};");
                }
                if row + 1 == body.len() && rule(row + 1).is_some() {
                    style.push_str("border-bottom:0.06em solid;");
                }
                self.out.push_str("<mtd");
                if !style.is_empty() {
                    let _ = write!(self.out, " style=\"{}\"", style.trim_end_matches(';'));
                }
                self.out.push('>');
                self.cell(cell, inner);
                self.out.push_str("</mtd>");
            }
            let said = tags.as_deref().and_then(|tags| tags.get(row));
            if let Some(ArrayTag::Explicit(nodes)) = said.filter(|said| !is_empty(said)) {
                for _ in cells.len()..width {
                    self.out.push_str("<mtd></mtd>");
                }
                self.out.push_str("<mtd style=\"padding-left:2em\">");
                let said = words_of(nodes);
                self.text(&said, "");
                self.out.push_str("</mtd>");
            }
            self.out.push_str("</mtr>");
        }
        self.out.push_str("</mtable>");
        if is_small {
            self.out.push_str("</mstyle>");
        }
    }

    /// What stands in a cell, without the style that every cell has.
    fn cell(&mut self, node: &ParseNode, place: Place) {
        match node {
            ParseNode::Styling { body, .. } => {
                let body = match body.as_slice() {
                    [ParseNode::OrdGroup { body, .. }] => body,
                    _ => body,
                };
                self.row(body, place);
            }
            ParseNode::OrdGroup { body, .. } => {
                self.row(body, place);
            }
            _ => {
                self.row(std::slice::from_ref(node), place);
            }
        }
    }

    fn enclosed(&mut self, node: &ParseNode, place: Place) {
        let ParseNode::Enclose {
            label,
            background_color,
            border_color,
            body,
            ..
        } = node
        else {
            return;
        };
        // Browsers know no `menclose`; what they draw by style, others leave out.
        let strike = |from: &str| {
            format!(
                "background:linear-gradient({from},transparent 48%,currentcolor 48%,\
                 currentcolor 52%,transparent 52%)"
            )
        };
        let mut attributes = String::new();
        let style = match label.as_str() {
            "\\fbox" => "border:0.05em solid;padding:0.25em".to_owned(),
            "\\cancel" | "\\slashed" | "\\centernot" => strike("to top left"),
            "\\bcancel" => strike("to top right"),
            "\\xcancel" => strike("to top left").replace(
                "background:",
                "background:linear-gradient(to top right,transparent 48%,currentcolor 48%,\
                 currentcolor 52%,transparent 52%),",
            ),
            "\\sout" => strike("to top"),
            "\\angl" => "border-top:0.05em solid;border-right:0.05em solid".to_owned(),
            "\\phase" => "border-bottom:0.05em solid".to_owned(),
            _ => {
                if let Some(color) = background_color.as_deref().and_then(colour) {
                    let _ = write!(attributes, " mathbackground=\"{color}\"");
                }
                match border_color.as_deref().and_then(colour) {
                    Some(color) => format!("border:0.05em solid {color};padding:0.25em"),
                    None => "padding:0.25em".to_owned(),
                }
            }
        };
        let _ = write!(self.out, "<mstyle{attributes} style=\"{style}\">");
        self.one(body, place);
        self.out.push_str("</mstyle>");
    }

    /// An arrow of a commutative diagram.
    fn diagram(
        &mut self,
        direction: &str,
        above: Option<&ParseNode>,
        below: Option<&ParseNode>,
        place: Place,
    ) -> usize {
        let sign = match direction {
            "right" => "→",
            "left" => "←",
            "up" => "↑",
            "down" => "↓",
            "horiz_eq" => "=",
            "vert_eq" => "‖",
            _ => return 0,
        };
        let full = |node: Option<&ParseNode>| -> bool {
            node.is_some_and(|node| inside(node).is_none_or(|body| !body.is_empty()))
        };
        let (above, below) = (above.filter(|_| full(above)), below.filter(|_| full(below)));
        let is_level = matches!(direction, "right" | "left" | "horiz_eq");
        let base = format!("<mo stretchy=\"true\" lspace=\"0\" rspace=\"0\">{sign}</mo>");
        if is_level {
            self.attached(
                &base,
                above,
                below,
                place,
                ["munder", "mover", "munderover"],
            );
        } else {
            self.out.push_str("<mrow>");
            if let Some(left) = above {
                self.out.push_str("<mstyle scriptlevel=\"1\">");
                self.one(left, place.script());
                self.out.push_str("</mstyle>");
            }
            self.out.push_str(&base);
            if let Some(right) = below {
                self.out.push_str("<mstyle scriptlevel=\"1\">");
                self.one(right, place.script());
                self.out.push_str("</mstyle>");
            }
            self.out.push_str("</mrow>");
        }
        1
    }

    /// A proof: what follows stands under what it follows from.
    fn proof(&mut self, branch: &ProofBranch, place: Place) {
        if branch.premises.is_empty() {
            self.single(&branch.conclusion, place);
            return;
        }
        let is_labelled = branch.left_label.is_some() || branch.right_label.is_some();
        if is_labelled {
            self.out.push_str("<mrow>");
            self.single(branch.left_label.as_deref().unwrap_or_default(), place);
        }
        self.out.push_str("<mfrac><mrow>");
        for (index, premise) in branch.premises.iter().enumerate() {
            if index > 0 {
                self.space(2.0);
            }
            self.proof(premise, place);
        }
        self.out.push_str("</mrow>");
        self.single(&branch.conclusion, place);
        self.out.push_str("</mfrac>");
        if is_labelled {
            self.single(branch.right_label.as_deref().unwrap_or_default(), place);
            self.out.push_str("</mrow>");
        }
    }
}

/// Where columns of a table are set, and the lines before them.
struct Columns {
    aligns: Vec<&'static str>,
    lines: Vec<(usize, &'static str)>,
    /// Whether the table begins with its first column, as cases do.
    is_tight: bool,
}

impl Columns {
    fn of(specs: &[ratex_parser::parse_node::AlignSpec]) -> Self {
        let mut columns = Self {
            aligns: Vec::new(),
            lines: Vec::new(),
            is_tight: false,
        };
        for spec in specs {
            let said = spec.align.as_deref().unwrap_or_default();
            match spec.align_type {
                AlignType::Align => columns.aligns.push(match said {
                    "l" => "left",
                    "r" => "right",
                    _ => "center",
                }),
                AlignType::Separator => {
                    let line = if said == ":" { "dashed" } else { "solid" };
                    columns.lines.push((columns.aligns.len(), line));
                }
            }
        }
        columns.is_tight = columns.aligns.first() == Some(&"left") && columns.lines.is_empty();
        columns
    }

    fn align(&self, column: usize) -> &'static str {
        self.aligns.get(column).copied().unwrap_or("center")
    }

    /// The line before a column.
    fn line(&self, column: usize) -> Option<&'static str> {
        let line = self.lines.iter().find(|(before, _)| *before == column);
        line.map(|(_, line)| *line)
    }
}

/// What `\tag` says, brackets included.
fn tag(node: &ParseNode) -> Option<String> {
    let ParseNode::Tag { tag, .. } = node else {
        return None;
    };
    Some(words_of(tag))
}

fn words_of(nodes: &[ParseNode]) -> String {
    crate::words::say(nodes)
}

fn is_empty(tag: &ArrayTag) -> bool {
    matches!(tag, ArrayTag::Explicit(nodes) if nodes.is_empty())
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

/// The sign of a large operator, or the name of a function.
fn large(name: &str) -> String {
    let sign = characters(name, Mode::Math);
    sign.into_owned()
}

/// The long form of an arrow.
fn long(arrow: &str) -> &str {
    match arrow {
        "→" => "⟶",
        "←" => "⟵",
        "↔" => "⟷",
        "⇒" => "⟹",
        "⇐" => "⟸",
        "⇔" => "⟺",
        "↦" => "⟼",
        other => other,
    }
}

/// Signs of no class that readers would otherwise set as letters.
fn is_operator(sign: char) -> bool {
    matches!(
        sign,
        '/' | '|'
            | '‖'
            | '!'
            | '¬'
            | '′'
            | '″'
            | '\''
            | '…'
            | '⋯'
            | '⋮'
            | '⋱'
            | '⋰'
            | '.'
            | '?'
            | ':'
            | ';'
            | ','
            | '"'
            | '`'
            | '('
            | ')'
            | '['
            | ']'
            | '{'
            | '}'
            | '+'
            | '-'
            | '−'
            | '='
            | '<'
            | '>'
            | '*'
            | '∗'
            | '⟨'
            | '⟩'
            | '↑'
            | '↓'
            | '↕'
            | '⇑'
            | '⇓'
            | '⇕'
            | '^'
            | '~'
    )
}

/// Characters that are text rather than names of things: Chinese and the like.
fn is_wide(character: char) -> bool {
    matches!(character, '\u{2e80}'..='\u{ffef}' | '\u{1f000}'..='\u{3ffff}')
}

/// Signs that readers stretch by themselves.
fn is_stretched(sign: char) -> bool {
    matches!(
        sign,
        '|' | '‖' | '∣' | '∥' | '↑' | '↓' | '↕' | '⇑' | '⇓' | '⇕' | '/' | '\\' | '∤' | '∦'
    )
}

/// Signs between two for which readers know the space.
fn is_common_binary(sign: char) -> bool {
    matches!(
        sign,
        '+' | '−' | '-' | '±' | '∓' | '×' | '÷' | '∪' | '∩' | '∧' | '∨' | '⊕' | '⊖'
    )
}
