//! What is wrong with a formula, in words.

use std::fmt;
use std::ops::Range;

use ratex_parser::{ParseNode, Parser};

use crate::MAX_TEX;
use crate::diagnose::{diagnose, look_alike, open_verbatim};
use crate::source::rewrite;

/// Why a formula cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where in the TeX as it was given, in bytes; never within a character.
    pub range: Range<usize>,
    /// What is wrong, in words that fit after "error: ".
    pub message: String,
    /// What may have been meant, such as `\mathcal` for `\mathcl`.
    pub suggestion: Option<String>,
}

/// Tells what is wrong with a formula.
///
/// # Errors
///
/// The first fault.
pub fn check(tex: &str) -> Result<(), Fault> {
    read(tex)?;
    // It can be shown, but as something else than was meant.
    look_alike(tex).map_or(Ok(()), Err)
}

/// A formula as the library's tree, which is never deep.
pub(crate) fn read(tex: &str) -> Result<Vec<ParseNode>, Fault> {
    read_with_text(tex).map(|(nodes, _)| nodes)
}

/// A formula as [`read`] gives it, and the text that the library read.
pub(crate) fn read_with_text(tex: &str) -> Result<(Vec<ParseNode>, String), Fault> {
    if tex.len() > MAX_TEX {
        return Err(What::TooLong.at(0..tex.len()));
    }
    if let Some(fault) = open_verbatim(tex) {
        return Err(fault);
    }
    let prepared = rewrite(tex);
    match Parser::new(&prepared.text).parse() {
        Ok(nodes) => Ok((nodes, prepared.text)),
        Err(error) => Err(diagnose(tex, &prepared, &error)),
    }
}

/// All that can be wrong. Names stand as they are written in the formula.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum What {
    TooLong,
    TooDeep,
    TooMuch,
    UnknownCommand(String),
    UnknownEnvironment(String),
    LoneBackslash,
    NeverClosed(String),
    ClosesNothing(String),
    WithoutRight,
    WithoutLeft,
    WithoutEnd(String),
    WithoutBegin(String),
    ClosedBy(String, String),
    OutsideTable(String),
    TooManyColumns,
    TwoSubscripts,
    TwoSuperscripts,
    NothingFollows(String),
    NeedsArgument(String),
    NeedsArguments(String, usize),
    NeedsBraces(String),
    NeedsBracket(String),
    NotInText(String),
    NotInMath(String),
    NoLength(String),
    NoColour(String),
    NoBracket(String),
    NoColumn(String),
    TwoInGroup(String),
    MiddleOutside,
    TwoTags,
    Dollar,
    FullWidth(char),
    Unreadable,
}

impl What {
    /// A command that has fewer arguments than it needs.
    pub(crate) fn needs(command: &str, count: usize) -> Self {
        match count {
            1 => Self::NeedsArgument(command.to_owned()),
            count => Self::NeedsArguments(command.to_owned(), count),
        }
    }

    /// The fault at a place, without a suggestion.
    pub(crate) fn at(&self, range: Range<usize>) -> Fault {
        Fault {
            range,
            message: self.to_string(),
            suggestion: None,
        }
    }
}

/// The message. Translations know these templates, so they take no other values than names as
/// they stand in the formula.
impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => write!(f, "a formula of more than {MAX_TEX} bytes is not read"),
            Self::TooDeep => f.write_str("this formula is nested too deeply"),
            Self::TooMuch => f.write_str("this formula stands for more than can be read"),
            Self::UnknownCommand(name) => write!(f, "unknown command `{name}`"),
            Self::UnknownEnvironment(name) => write!(f, "unknown environment `{name}`"),
            Self::LoneBackslash => f.write_str("a backslash without a command"),
            Self::NeverClosed(open) => write!(f, "`{open}` is never closed"),
            Self::ClosesNothing(close) => write!(f, "`{close}` closes nothing"),
            Self::WithoutRight => f.write_str("`\\left` without a `\\right`"),
            Self::WithoutLeft => f.write_str("`\\right` without a `\\left`"),
            Self::WithoutEnd(name) => write!(f, "`\\begin{{{name}}}` without an `\\end`"),
            Self::WithoutBegin(name) => write!(f, "`\\end{{{name}}}` without a `\\begin`"),
            Self::ClosedBy(open, close) => {
                write!(f, "`\\begin{{{open}}}` is closed by `\\end{{{close}}}`")
            }
            Self::OutsideTable(sign) => write!(f, "`{sign}` outside a table"),
            Self::TooManyColumns => f.write_str("more columns than the table has"),
            Self::TwoSubscripts => f.write_str("two subscripts on one letter"),
            Self::TwoSuperscripts => f.write_str("two superscripts on one letter"),
            Self::NothingFollows(sign) => write!(f, "nothing follows `{sign}`"),
            Self::NeedsArgument(name) => write!(f, "`{name}` needs an argument"),
            Self::NeedsArguments(name, count) => write!(f, "`{name}` needs {count} arguments"),
            Self::NeedsBraces(name) => write!(f, "`{name}` needs braces around it here"),
            Self::NeedsBracket(name) => write!(f, "a bracket must follow `{name}`"),
            Self::NotInText(name) => write!(f, "`{name}` does not work within text"),
            Self::NotInMath(name) => write!(f, "`{name}` works within text only"),
            Self::NoLength(text) => write!(f, "`{text}` is no length"),
            Self::NoColour(text) => write!(f, "`{text}` is no colour"),
            Self::NoBracket(text) => write!(f, "`{text}` is no bracket"),
            Self::NoColumn(text) => write!(f, "`{text}` is no kind of column"),
            Self::TwoInGroup(name) => write!(f, "two `{name}` in one group"),
            Self::MiddleOutside => f.write_str("`\\middle` outside `\\left` and `\\right`"),
            Self::TwoTags => f.write_str("two `\\tag` in one row"),
            Self::Dollar => f.write_str("`$` within a formula"),
            Self::FullWidth(character) => {
                write!(f, "the full-width `{character}` means nothing to TeX")
            }
            Self::Unreadable => f.write_str("this formula cannot be read"),
        }
    }
}
