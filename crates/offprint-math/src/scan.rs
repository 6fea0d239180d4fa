//! A formula gone through token by token: what is opened and not closed, and what is missing.

use std::ops::Range;

use ratex_parser::functions::FUNCTIONS;

use crate::fault::{Fault, What};
use crate::known::{is_environment, is_known, nearest_command, nearest_environment};
use crate::rules::{TEXTS, arguments};
use crate::source::defined;
use crate::token::{Kind, Token};

/// What is open at a place.
#[derive(Debug)]
enum Frame<'a> {
    Brace { is_text: bool },
    Left,
    Environment(&'a str),
    Dollar,
}

/// The fault of what is open at a place and never closed.
fn unclosed(frame: &Frame<'_>, open: Range<usize>) -> Fault {
    match frame {
        Frame::Brace { .. } => What::NeverClosed("{".to_owned()).at(open),
        Frame::Left => What::WithoutRight.at(open),
        Frame::Environment(name) => What::WithoutEnd((*name).to_owned()).at(open),
        Frame::Dollar => What::NeverClosed("$".to_owned()).at(open),
    }
}

/// A formula gone through.
pub(crate) struct Scan<'a> {
    pub(crate) tex: &'a str,
    pub(crate) tokens: &'a [Token],
}

impl<'a> Scan<'a> {
    pub(crate) fn new(tex: &'a str, tokens: &'a [Token]) -> Self {
        Self { tex, tokens }
    }

    fn text(&self, token: &Token) -> &'a str {
        token.text(self.tex)
    }

    /// The name in braces behind a token, and where `\begin{name}` ends.
    fn named(&self, place: usize) -> Option<(&'a str, usize)> {
        let open = self
            .tokens
            .get(place + 1..)?
            .iter()
            .position(|token| !matches!(token.kind, Kind::Blank | Kind::Comment))?
            + place
            + 1;
        if self.tokens.get(open)?.kind != Kind::Open {
            return None;
        }
        let close = self
            .tokens
            .get(open..)?
            .iter()
            .position(|token| token.kind == Kind::Close)?
            + open;
        let name = self
            .tex
            .get(self.tokens.get(open)?.range.end..self.tokens.get(close)?.range.start)?;
        let name = name.trim();
        (!name.is_empty() && !name.contains(['\\', '{', '&', '$'])).then_some((name, close))
    }

    /// Names that nobody knows, and what is opened and not closed.
    #[expect(clippy::too_many_lines, reason = "one walk over all tokens")]
    pub(crate) fn structure(&self) -> Option<Fault> {
        let defined = defined(self.tex, self.tokens);
        let mut frames: Vec<(Frame<'a>, Range<usize>)> = Vec::new();
        // The end of a name that was read with its command.
        let mut behind = 0;
        let mut is_text_next = false;
        for (place, token) in self.tokens.iter().enumerate() {
            if place < behind {
                continue;
            }
            let text = self.text(token);
            let range = token.range.clone();
            let opens_text = std::mem::take(&mut is_text_next);
            let is_text = frames.iter().rev().find_map(|(frame, _)| match frame {
                Frame::Brace { is_text } => Some(*is_text),
                Frame::Dollar => Some(false),
                Frame::Left | Frame::Environment(_) => None,
            });
            let is_text = is_text.unwrap_or(false);
            match token.kind {
                Kind::Blank | Kind::Comment => is_text_next = opens_text,
                Kind::Open => frames.push((
                    Frame::Brace {
                        is_text: opens_text || is_text,
                    },
                    range,
                )),
                Kind::Close => match frames.pop() {
                    Some((Frame::Brace { .. }, _)) => {}
                    Some((frame, open)) => return Some(unclosed(&frame, open)),
                    None => return Some(What::ClosesNothing("}".to_owned()).at(range)),
                },
                Kind::Other if text == "$" => {
                    let whole = place == 0 || place + 1 == self.tokens.len();
                    match frames.last() {
                        Some((Frame::Dollar, _)) => drop(frames.pop()),
                        _ if is_text => frames.push((Frame::Dollar, range)),
                        _ if whole && self.is_wrapped() => {}
                        _ => return Some(What::Dollar.at(range)),
                    }
                }
                Kind::Other if text == "&" && !is_text => {
                    let is_table = frames
                        .iter()
                        .any(|(frame, _)| matches!(frame, Frame::Environment(_)));
                    if !is_table {
                        return Some(What::OutsideTable("&".to_owned()).at(range));
                    }
                }
                Kind::Other | Kind::Verbatim => {}
                Kind::Symbol if text == "\\" => return Some(What::LoneBackslash.at(range)),
                Kind::Symbol | Kind::Word => match text {
                    "\\left" => frames.push((Frame::Left, range)),
                    "\\right" => match frames.pop() {
                        Some((Frame::Left, _)) => {}
                        Some((frame, open)) => {
                            let is_open =
                                frames.iter().any(|(frame, _)| matches!(frame, Frame::Left));
                            return Some(if is_open {
                                unclosed(&frame, open)
                            } else {
                                What::WithoutLeft.at(range)
                            });
                        }
                        None => return Some(What::WithoutLeft.at(range)),
                    },
                    "\\begin" | "\\end" => {
                        let Some((name, close)) = self.named(place) else {
                            return Some(self.unnamed(place, token));
                        };
                        let end = self
                            .tokens
                            .get(close)
                            .map_or(range.end, |close| close.range.end);
                        let range = range.start..end;
                        behind = close + 1;
                        if text == "\\begin" {
                            if !is_environment(name) {
                                let start = self.name_start(&range, name);
                                return Some(Fault {
                                    suggestion: nearest_environment(name),
                                    ..What::UnknownEnvironment(name.to_owned())
                                        .at(start..start + name.len())
                                });
                            }
                            frames.push((Frame::Environment(name), range));
                            continue;
                        }
                        match frames.pop() {
                            Some((Frame::Environment(open), _)) if open == name => {}
                            Some((Frame::Environment(open), _)) => {
                                return Some(Fault {
                                    suggestion: Some(format!("\\end{{{open}}}")),
                                    ..What::ClosedBy(open.to_owned(), name.to_owned()).at(range)
                                });
                            }
                            Some((frame, open)) => {
                                let is_open = frames
                                    .iter()
                                    .any(|(frame, _)| matches!(frame, Frame::Environment(_)));
                                return Some(if is_open {
                                    unclosed(&frame, open)
                                } else {
                                    What::WithoutBegin(name.to_owned()).at(range)
                                });
                            }
                            None => return Some(What::WithoutBegin(name.to_owned()).at(range)),
                        }
                    }
                    "\\(" | "\\)" | "\\[" | "\\]" => {
                        if !(place == 0 || place + 1 == self.tokens.len()) || !self.is_wrapped() {
                            return Some(What::ClosesNothing(text.to_owned()).at(range));
                        }
                    }
                    _ if is_known(text) || defined.contains(text) => {
                        is_text_next = text.strip_prefix('\\').is_some_and(|name| {
                            TEXTS.contains(&name) || name == "mbox" || name == "hbox"
                        });
                    }
                    _ => {
                        return Some(Fault {
                            suggestion: nearest_command(text),
                            ..What::UnknownCommand(text.to_owned()).at(range)
                        });
                    }
                },
            }
        }
        let (frame, open) = frames.pop()?;
        Some(unclosed(&frame, open))
    }

    /// What is wrong with a `\begin` or `\end` that names nothing.
    fn unnamed(&self, place: usize, token: &Token) -> Fault {
        let behind = self.tokens.get(place + 1..).unwrap_or_default();
        let next = behind.iter().find(|token| token.kind != Kind::Blank);
        match next.filter(|next| next.kind == Kind::Open) {
            Some(open) if self.text(token) == "\\begin" && !self.is_empty_group(open) => {
                What::NeverClosed("{".to_owned()).at(open.range.clone())
            }
            _ => What::NeedsArgument(self.text(token).to_owned()).at(token.range.clone()),
        }
    }

    fn is_empty_group(&self, open: &Token) -> bool {
        let behind = self.tex.get(open.range.end..).unwrap_or_default();
        behind.trim_start().starts_with('}')
    }

    /// Where a name begins in `\begin{name}`.
    fn name_start(&self, range: &Range<usize>, name: &str) -> usize {
        let written = self.tex.get(range.clone()).unwrap_or_default();
        let begin = written.find('{').map_or(0, |open| open + 1);
        let inner = written.get(begin..).unwrap_or_default();
        range.start + begin + inner.find(name).unwrap_or(0)
    }

    /// Whether the formula comes with its own dollars.
    fn is_wrapped(&self) -> bool {
        let (Some(first), Some(last)) = (self.tokens.first(), self.tokens.last()) else {
            return false;
        };
        self.tokens.len() > 1
            && matches!(
                (self.text(first), self.text(last)),
                ("$", "$") | ("\\(", "\\)") | ("\\[", "\\]")
            )
    }

    /// The tokens that are no text.
    pub(crate) fn outside_text(&self) -> impl Iterator<Item = &'a Token> + '_ {
        let mut depths: Vec<bool> = Vec::new();
        let mut is_text_next = false;
        self.tokens.iter().filter(move |token| {
            let opens = std::mem::take(&mut is_text_next);
            let is_text = depths.last().copied().unwrap_or(false);
            match token.kind {
                Kind::Open => depths.push(opens || is_text),
                Kind::Close => drop(depths.pop()),
                Kind::Blank | Kind::Comment => is_text_next = opens,
                Kind::Word => {
                    let name = token.text(self.tex).strip_prefix('\\').unwrap_or_default();
                    is_text_next = TEXTS.contains(&name) || name == "mbox" || name == "hbox";
                }
                Kind::Symbol | Kind::Verbatim | Kind::Other => {}
            }
            !is_text
        })
    }

    /// Commands that have fewer arguments than they need.
    pub(crate) fn missing(&self) -> Option<Fault> {
        for (place, token) in self.tokens.iter().enumerate() {
            let text = self.text(token);
            if matches!(text, "^" | "_") {
                if self.given(place + 1, 1) == 0 {
                    return Some(What::NothingFollows(text.to_owned()).at(token.range.clone()));
                }
                continue;
            }
            if token.kind != Kind::Word
                || matches!(text, "\\begin" | "\\end" | "\\left" | "\\right")
            {
                continue;
            }
            let name = text.strip_prefix('\\').unwrap_or_default();
            let needs = arguments(name)
                .or_else(|| ONE_ARGUMENT.contains(&name).then_some(1))
                .or_else(|| FUNCTIONS.get(text).map(|function| function.num_args))
                .unwrap_or(0);
            if self.given(place + 1, needs) < needs {
                let behind = self.tokens.get(place + 1..).unwrap_or_default();
                let option = behind.iter().find(|token| token.kind != Kind::Blank);
                if let Some(option) = option.filter(|token| self.text(token) == "[")
                    && !behind.iter().any(|token| self.text(token) == "]")
                {
                    return Some(What::NeverClosed("[".to_owned()).at(option.range.clone()));
                }
                return Some(What::needs(text, needs).at(token.range.clone()));
            }
        }
        None
    }

    /// How many arguments stand at a place, up to so many.
    fn given(&self, mut place: usize, needs: usize) -> usize {
        let mut count = 0;
        while count < needs {
            let Some(token) = self.tokens.get(place) else {
                break;
            };
            place += 1;
            match token.kind {
                Kind::Blank | Kind::Comment => {}
                Kind::Close => break,
                Kind::Open => {
                    let mut depth = 1_usize;
                    while depth > 0 {
                        let Some(token) = self.tokens.get(place) else {
                            break;
                        };
                        depth += usize::from(token.kind == Kind::Open);
                        depth -= usize::from(token.kind == Kind::Close);
                        place += 1;
                    }
                    count += 1;
                }
                Kind::Other if count == 0 && matches!(self.text(token), "*") => {}
                Kind::Other if count == 0 && self.text(token) == "[" => {
                    let rest = self.tokens.get(place..).unwrap_or_default();
                    let close = rest.iter().position(|token| self.text(token) == "]");
                    match close {
                        Some(close) => place += close + 1,
                        // What is never closed is no argument, and takes the rest.
                        None => break,
                    }
                }
                Kind::Word | Kind::Symbol | Kind::Verbatim | Kind::Other => {
                    if matches!(
                        self.text(token),
                        "&" | "\\\\" | "\\right" | "\\end" | "^" | "_"
                    ) {
                        break;
                    }
                    count += 1;
                }
            }
        }
        count
    }

    /// Where a text stands behind a command.
    pub(crate) fn behind(&self, command: &str, text: &str) -> Option<Range<usize>> {
        let mut is_behind = false;
        for token in self.tokens {
            let here = self.text(token);
            if is_behind && here == text {
                return Some(token.range.clone());
            }
            if !matches!(token.kind, Kind::Blank | Kind::Comment) {
                is_behind = here == command;
            }
        }
        let found = self.tokens.iter().find(|token| self.text(token) == command);
        found.map(|token| token.range.clone())
    }

    /// Where the first table names its columns.
    pub(crate) fn columns(&self) -> Option<Range<usize>> {
        self.tokens.iter().enumerate().find_map(|(place, token)| {
            if self.text(token) != "\\begin" {
                return None;
            }
            let (name, close) = self.named(place)?;
            if !matches!(name, "array" | "darray" | "subarray" | "tabular") {
                return None;
            }
            let begin = self.tokens.get(close)?.range.end;
            Some(begin..self.tex.len())
        })
    }

    /// The second of two commands such as `\over`.
    pub(crate) fn infixes(&self) -> Option<Range<usize>> {
        let is_infix = |token: &&Token| {
            let function = FUNCTIONS.get(self.text(token));
            function.is_some_and(|function| function.infix)
        };
        let mut infixes = self.tokens.iter().filter(is_infix);
        let first = infixes.next()?;
        let last = infixes.next().unwrap_or(first);
        Some(last.range.clone())
    }

    pub(crate) fn last(&self, text: &str) -> Option<Range<usize>> {
        let found = self
            .tokens
            .iter()
            .rev()
            .find(|token| self.text(token) == text);
        found.map(|token| token.range.clone())
    }
}

/// Commands with one argument that the library has as macros.
const ONE_ARGUMENT: &[&str] = &[
    "operatorname",
    "substack",
    "ce",
    "pu",
    "boxed",
    "pmod",
    "pod",
    "mod",
    "bra",
    "ket",
    "braket",
    "Bra",
    "Ket",
    "Braket",
    "set",
    "Set",
    "tag",
    "hphantom",
    "underbar",
    "llap",
    "rlap",
    "clap",
];
