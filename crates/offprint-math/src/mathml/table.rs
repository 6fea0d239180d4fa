//! Tables: matrices, cases, lines of equations.

use std::fmt::Write as _;

use ratex_parser::parse_node::{AlignSpec, AlignType, ArrayTag, ParseNode};

use super::{Place, Writer};
use crate::words::say;

/// How a table is set.
struct Look<'a> {
    /// The kind of space between columns, in the library's words.
    separation: &'a str,
    width: usize,
    height: usize,
    aligns: Vec<&'static str>,
    /// Lines before columns.
    bars: Vec<(usize, &'static str)>,
    /// Lines before rows; the first of each place.
    rules: Vec<Option<&'static str>>,
    is_small: bool,
}

impl<'a> Look<'a> {
    fn new(separation: &'a str, specs: &[AlignSpec], rows: &[Vec<ParseNode>]) -> Self {
        let mut look = Self {
            separation,
            width: rows.iter().map(Vec::len).max().unwrap_or(0),
            height: rows.len(),
            aligns: Vec::new(),
            bars: Vec::new(),
            rules: Vec::new(),
            is_small: false,
        };
        for spec in specs {
            let said = spec.align.as_deref().unwrap_or_default();
            match spec.align_type {
                AlignType::Align => look.aligns.push(match said {
                    "l" => "left",
                    "r" => "right",
                    _ => "center",
                }),
                AlignType::Separator => {
                    let line = if said == ":" { "dashed" } else { "solid" };
                    look.bars.push((look.aligns.len(), line));
                }
            }
        }
        look
    }

    /// Whether its columns are parts of one formula.
    fn is_aligned(&self) -> bool {
        matches!(self.separation, "align" | "alignat")
    }

    /// Whether it is set as formulas on lines of their own are.
    fn is_equation(&self) -> bool {
        self.is_aligned() || self.separation == "gather"
    }

    fn align(&self, column: usize) -> &'static str {
        self.aligns.get(column).copied().unwrap_or("center")
    }

    fn bar(&self, column: usize) -> Option<&'static str> {
        let bar = self.bars.iter().find(|(before, _)| *before == column);
        bar.map(|(_, line)| *line)
    }

    fn rule(&self, row: usize) -> Option<&'static str> {
        self.rules.get(row).copied().flatten()
    }

    /// What readers of `MathML` 3 look at.
    fn attributes(&self) -> String {
        let mut out = format!("displaystyle=\"{}\"", self.is_equation());
        let mut list = |name: &str, values: Vec<&str>, usual: &str| {
            if values.iter().any(|value| *value != usual) {
                let _ = write!(out, " {name}=\"{}\"", values.join(" "));
            }
        };
        let columns = (0..self.width).map(|column| self.align(column));
        list("columnalign", columns.collect(), "center");
        let gaps = (1..self.width).map(|column| match self.separation {
            "align" if column % 2 == 0 => "2em",
            "align" | "alignat" => "0em",
            _ if self.is_small => "0.333em",
            _ => "",
        });
        list("columnspacing", gaps.collect(), "");
        let bars = (1..self.width).map(|column| self.bar(column).unwrap_or("none"));
        list("columnlines", bars.collect(), "none");
        let rules = (1..self.height).map(|row| self.rule(row).unwrap_or("none"));
        list("rowlines", rules.collect(), "none");
        if !self.bars.is_empty() || self.rules.iter().any(Option::is_some) {
            out.push_str(" style=\"border-collapse:collapse;border-spacing:0\"");
        }
        out
    }

    /// What browsers look at.
    fn style(&self, row: usize, column: usize) -> String {
        let mut style = String::new();
        let align = self.align(column);
        if align != "center" {
            // Chromium places a cell's formula as an item of a grid.
            let item = if align == "right" { "end" } else { "start" };
            let _ = write!(style, "text-align:{align};justify-items:{item};");
        }
        if self.is_aligned() {
            let is_next = self.separation == "align" && column > 0 && column.is_multiple_of(2);
            let before = if is_next { "2em" } else { "0" };
            let _ = write!(style, "padding-left:{before};padding-right:0;");
        } else if self.is_small {
            style.push_str("padding:0.1em 0.17em;");
        } else if column == 0 && align == "left" && self.bars.is_empty() {
            // Cases begin right behind their brace.
            style.push_str("padding-left:0;");
        }
        if let Some(line) = self.bar(column) {
            let _ = write!(style, "border-left:0.06em {line};");
        }
        if column + 1 == self.width
            && let Some(line) = self.bar(self.width)
        {
            let _ = write!(style, "border-right:0.06em {line};");
        }
        if let Some(line) = self.rule(row) {
            let _ = write!(style, "border-top:0.06em {line};");
        }
        if row + 1 == self.height
            && let Some(line) = self.rule(self.height)
        {
            let _ = write!(style, "border-bottom:0.06em {line};");
        }
        style.truncate(style.trim_end_matches(';').len());
        style
    }
}

impl Writer<'_> {
    /// An `Array` of the library; other pieces are none.
    pub(super) fn table(&mut self, node: &ParseNode, place: Place) {
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
        let mut look = Look::new(separation, cols.as_deref().unwrap_or_default(), body);
        look.is_small = separation == "small" || *arraystretch < 0.75;
        let rules = hlines_before_row.iter().map(|rules| {
            let dashed = rules.first()?;
            Some(if *dashed { "dashed" } else { "solid" })
        });
        look.rules = rules.collect();
        if look.is_small {
            self.out.push_str("<mstyle scriptlevel=\"1\">");
        }
        let _ = write!(self.out, "<mtable {}>", look.attributes());
        let inner = Place {
            display: look.is_equation(),
            script: look.is_small,
            ..place
        };
        for (row, cells) in body.iter().enumerate() {
            self.out.push_str("<mtr>");
            for (column, cell) in cells.iter().enumerate() {
                let style = look.style(row, column);
                if style.is_empty() {
                    self.out.push_str("<mtd>");
                } else {
                    let _ = write!(self.out, "<mtd style=\"{style}\">");
                }
                self.row(cell_body(cell), inner);
                self.out.push_str("</mtd>");
            }
            let tag = tags.as_deref().and_then(|tags| tags.get(row));
            if let Some(ArrayTag::Explicit(tag)) = tag
                && !tag.is_empty()
            {
                self.out
                    .push_str(&"<mtd></mtd>".repeat(look.width - cells.len()));
                self.out.push_str("<mtd style=\"padding-left:2em\">");
                self.text(&say(tag), "");
                self.out.push_str("</mtd>");
            }
            self.out.push_str("</mtr>");
        }
        self.out.push_str("</mtable>");
        if look.is_small {
            self.out.push_str("</mstyle>");
        }
    }
}

/// What stands in a cell, without the style that every cell has.
pub(crate) fn cell_body(cell: &ParseNode) -> &[ParseNode] {
    match cell {
        ParseNode::Styling { body, .. } => match body.as_slice() {
            [ParseNode::OrdGroup { body, .. }] => body,
            body => body,
        },
        ParseNode::OrdGroup { body, .. } => body,
        other => std::slice::from_ref(other),
    }
}
