//! What stands above something else, or around it.

use std::fmt::Write as _;

use ratex_parser::parse_node::{ParseNode, ProofBranch};

use super::{Place, Writer, colour, escape, length};
use crate::class::{ems, inside};
use crate::glyphs::arrow;
use crate::words::say;

impl Writer<'_> {
    pub(super) fn fraction(&mut self, node: &ParseNode, place: Place) {
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
    pub(super) fn over(
        &mut self,
        element: &str,
        base: &ParseNode,
        sign: &str,
        stretches: bool,
        place: Place,
    ) {
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

    pub(super) fn enclosed(&mut self, node: &ParseNode, place: Place) {
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

    /// An arrow as long as what stands above and below it.
    pub(super) fn stretched(
        &mut self,
        label: &str,
        body: &ParseNode,
        below: Option<&ParseNode>,
        place: Place,
    ) {
        // Browsers do not stretch what stands below something.
        let is_long = say(std::slice::from_ref(body)).chars().count() > 2;
        let sign = if is_long {
            long(arrow(label))
        } else {
            arrow(label)
        };
        let base =
            format!("<mo stretchy=\"true\" lspace=\"0.2778em\" rspace=\"0.2778em\">{sign}</mo>");
        let padded = |writer: &mut Self, node: &ParseNode| {
            writer.out.push_str("<mrow><mspace width=\"0.4em\"/>");
            writer.one(node, place.script());
            writer.out.push_str("<mspace width=\"0.4em\"/></mrow>");
        };
        let element = if below.is_some() {
            "munderover"
        } else {
            "mover"
        };
        let _ = write!(self.out, "<{element}>{base}");
        if let Some(below) = below {
            padded(self, below);
        }
        padded(self, body);
        let _ = write!(self.out, "</{element}>");
    }

    /// An arrow of a commutative diagram.
    pub(super) fn diagram(
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
    pub(super) fn proof(&mut self, branch: &ProofBranch, place: Place) {
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
