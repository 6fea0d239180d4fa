//! Formulas as `MathML`.
//!
//! What is written is both `MathML` 3, which EPUB 3.3 asks for and older readers know, and
//! `MathML` Core, which browsers know. Letters of other alphabets are the characters that Unicode
//! has for them, because Core knows `mathvariant="normal"` alone; alignment within tables stands
//! twice, as attributes and as style, because each kind of reader looks at one of them.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "the library's tree has sixty kinds of pieces, of which most questions concern few"
)]

mod piece;
mod stack;
mod table;

use std::fmt::Write as _;

use ratex_parser::Mode;
use ratex_parser::parse_node::ParseNode;
use ratex_types::Color;

pub(crate) use self::table::cell_body;
use crate::class::{Class, classes, inside, is_large, is_stroke, name, struck};
use crate::fault::{Fault, read};
use crate::glyphs::{Alphabet, bracket, characters};
use crate::layout::Style;
use crate::words::say;

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

/// A relation that is typed as such, of which several make one sign.
fn typed_relation(node: &ParseNode) -> Option<char> {
    match node {
        ParseNode::Atom { text, .. } => match text.as_str() {
            ":" => Some(':'),
            "=" => Some('='),
            "<" => Some('<'),
            ">" => Some('>'),
            _ => None,
        },
        _ => None,
    }
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

/// What a writer writes into a text of its own.
fn apart(write: impl FnOnce(&mut Writer<'_>)) -> String {
    let mut out = String::new();
    write(&mut Writer { out: &mut out });
    out
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
        let body = if let [ParseNode::Tag { body, .. }] = nodes {
            body.as_slice()
        } else {
            let rest = nodes.iter().filter(|node| tag(node).is_none());
            whole = rest.cloned().collect();
            whole.as_slice()
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
            .push_str("</mtd><mtd columnalign=\"right\" style=\"width:50%;text-align:right;justify-items:end\">");
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
            // Signs of several characters, such as `:=`.
            let compound: String = rest.iter().map_while(typed_relation).collect();
            if compound.chars().count() > 1 {
                self.operator(&compound, Class::Relation, place);
                count += 1;
                index += compound.chars().count();
                before = Class::Relation;
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
                    let base = apart(|writer| writer.single(body, place));
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
                let base = apart(|writer| writer.limits(&said, *symbol, moves));
                self.attached(&base, sup, sub, place, over);
            }
            Some(ParseNode::OperatorName {
                body,
                always_handle_sup_sub: true,
                limits,
                ..
            }) => {
                if let Some(said) = name(body) {
                    let base = apart(|writer| writer.limits(&said, false, !*limits));
                    self.attached(&base, sup, sub, place, over);
                    return;
                }
                let upright = Place {
                    alphabet: Alphabet::Upright,
                    ..place
                };
                let base = apart(|writer| writer.single(body, upright));
                if *limits || place.display {
                    self.attached(&base, sup, sub, place, over);
                } else {
                    self.scripts(&base, sup, sub, place);
                }
            }
            Some(node @ ParseNode::HorizBrace { .. }) => {
                let base = apart(|writer| writer.one(node, place));
                self.attached(&base, sup, sub, place, over);
            }
            Some(base) => {
                let base = apart(|writer| {
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
}

/// What `\tag` says, brackets included.
fn tag(node: &ParseNode) -> Option<String> {
    let ParseNode::Tag { tag, .. } = node else {
        return None;
    };
    Some(say(tag))
}

/// The sign of a large operator, or the name of a function.
fn large(name: &str) -> String {
    let sign = characters(name, Mode::Math);
    sign.into_owned()
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
