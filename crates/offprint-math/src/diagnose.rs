//! Why a formula cannot be read: what the library says of it, put in place.
//!
//! The library stops where it understands no more, which is often the end. So what is written is
//! gone through first: names that nobody knows, and what is opened and not closed.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use ratex_font::symbols::{Mode as FontMode, get_symbol};
use ratex_parser::functions::FUNCTIONS;
use ratex_parser::macro_expander::MacroExpander;
use ratex_parser::{Mode, ParseError};

use crate::fault::{Fault, What};
use crate::names::COMMANDS;
use crate::source::{Prepared, TEXTS, arguments, environments, names};
use crate::token::{Kind, Token, tokens};

/// The environments of the library.
const ENVIRONMENTS: &[&str] = &[
    "array",
    "darray",
    "matrix",
    "pmatrix",
    "bmatrix",
    "Bmatrix",
    "vmatrix",
    "Vmatrix",
    "matrix*",
    "pmatrix*",
    "bmatrix*",
    "Bmatrix*",
    "vmatrix*",
    "Vmatrix*",
    "cases",
    "dcases",
    "rcases",
    "drcases",
    "align",
    "align*",
    "aligned",
    "split",
    "gathered",
    "gather",
    "gather*",
    "equation",
    "equation*",
    "smallmatrix",
    "alignat",
    "alignat*",
    "alignedat",
    "CD",
    "subarray",
    "prooftree",
];

/// What looks like a sign of TeX and is none.
const FULL_WIDTH: &[(char, &str)] = &[
    ('＼', "\\"),
    ('＾', "^"),
    ('＿', "_"),
    ('｛', "{"),
    ('｝', "}"),
    ('＆', "&"),
    ('＄', "$"),
];

/// What is wrong with a formula that the library refused.
pub(crate) fn diagnose(tex: &str, prepared: &Prepared, error: &ParseError) -> Fault {
    let message = error.message.as_str();
    // Nothing below finds these, and all of it may be right by itself.
    if message.contains("Recursion limit") {
        return What::TooDeep.at(0..tex.len());
    }
    let tokens = tokens(tex);
    let scan = Scan::new(tex, &tokens);
    if let Some(fault) = scan.structure() {
        return fault;
    }
    if message.contains("Too many expansions") || message.contains("limit exceeded") {
        return What::TooMuch.at(0..tex.len());
    }
    let place = error
        .loc
        .as_ref()
        .map(|place| prepared.origin(&(place.start..place.end)))
        .filter(|range| tex.get(range.clone()).is_some());
    told(&scan, message, place)
        .or_else(|| full_width(tex, &tokens, true))
        .or_else(|| scan.missing())
        .unwrap_or_else(|| What::Unreadable.at(0..tex.len()))
}

/// What the library says, in our words.
fn told(scan: &Scan<'_>, message: &str, place: Option<Range<usize>>) -> Option<Fault> {
    let tex = scan.tex;
    let quoted = || {
        let begin = message.find(" '")? + 2;
        let rest = message.get(begin..)?;
        rest.get(..rest.find('\'')?)
    };
    // Where the library names no place, the name that it quotes has one.
    let find = |text: &str| {
        let found = scan.tokens.iter().find(|token| token.text(tex) == text);
        found
            .map(|token| token.range.clone())
            .or_else(|| tex.find(text).map(|start| start..start + text.len()))
    };
    let at = |what: &What| {
        let place = place.clone().filter(|place| !place.is_empty());
        place.map(|place| what.at(place))
    };
    if message == "Double subscript" {
        return at(&What::TwoSubscripts);
    }
    if message == "Double superscript" {
        return at(&What::TwoSuperscripts);
    }
    if let Some(name) = message.strip_prefix("Undefined control sequence: ") {
        if name == "\\" {
            return at(&What::LoneBackslash);
        }
        let needs = name.strip_prefix('\\').and_then(arguments);
        if let Some(needs) = needs {
            return at(&What::needs(name, needs));
        }
        let what = What::UnknownCommand(name.to_owned());
        return at(&what).map(|fault| Fault {
            suggestion: nearest_command(name),
            ..fault
        });
    }
    if message.starts_with("Expected group after") {
        let sign = quoted()?.to_owned();
        return at(&What::NothingFollows(sign));
    }
    if message.starts_with("Got function") {
        return at(&What::NeedsBraces(quoted()?.to_owned()));
    }
    if message.starts_with("Can't use function") {
        let name = quoted()?.to_owned();
        if name == "$" {
            return at(&What::Dollar);
        }
        return at(&if message.ends_with("text mode") {
            What::NotInText(name)
        } else {
            What::NotInMath(name)
        });
    }
    if message.starts_with("Invalid size") || message.starts_with("Invalid unit") {
        let text = quoted()?.to_owned();
        // The library names the whole length only when its number is wrong.
        let range = place
            .filter(|place| !place.is_empty())
            .or_else(|| find(&text))?;
        let written = tex.get(range.clone())?;
        let inner = written.trim_start_matches(['{', ' ']);
        let start = range.start + (written.len() - inner.len());
        let inner = inner.trim_end_matches(['}', ' ']);
        if inner.is_empty() {
            return Some(What::NoLength(text).at(range));
        }
        return Some(What::NoLength(inner.to_owned()).at(start..start + inner.len()));
    }
    if message.starts_with("Invalid color") {
        let text = quoted()?.to_owned();
        let range = find(&text).or(place)?;
        return Some(What::NoColour(text).at(range));
    }
    if message.starts_with("Invalid delimiter") {
        let text = quoted()?.to_owned();
        let command = message.rsplit('\'').nth(1)?;
        let range = scan.behind(command, &text)?;
        return Some(What::NoBracket(text).at(range));
    }
    if message.starts_with("Expected delimiter") {
        let command = quoted()?.to_owned();
        let range = find(&command)?;
        return Some(What::NeedsBracket(command).at(range));
    }
    if let Some(kind) = message.strip_prefix("Unknown column alignment: ") {
        let begin = scan.columns()?;
        let text = tex.get(begin.clone())?;
        let start = begin.start + text.find(kind)?;
        return Some(What::NoColumn(kind.to_owned()).at(start..start + kind.len()));
    }
    if message.starts_with("only one infix") {
        let range = scan.infixes()?;
        let name = tex.get(range.clone())?.to_owned();
        return Some(What::TwoInGroup(name).at(range));
    }
    if message.starts_with("\\middle") || message.contains("\\middle must") {
        return find("\\middle").map(|range| What::MiddleOutside.at(range));
    }
    if message.starts_with("Too many tab") {
        let range = scan.last("&")?;
        return Some(What::TooManyColumns.at(range));
    }
    if message.starts_with("Multiple \\tag") {
        return scan.last("\\tag").map(|range| What::TwoTags.at(range));
    }
    if message.contains("valid only within array") {
        let name = message.split(' ').next()?.to_owned();
        let range = find(&name)?;
        return Some(What::OutsideTable(name).at(range));
    }
    scan.missing()
}

/// What stands in a formula in a form that TeX does not know; braces only where something is
/// wrong, since they may well be meant.
fn full_width(tex: &str, tokens: &[Token], with_braces: bool) -> Option<Fault> {
    let scan = Scan::new(tex, tokens);
    scan.outside_text().find_map(|token| {
        let character = token.text(tex).chars().next()?;
        let (_, plain) = FULL_WIDTH.iter().find(|(wide, _)| *wide == character)?;
        if !with_braces && !matches!(character, '＼' | '＾' | '＿') {
            return None;
        }
        Some(Fault {
            suggestion: Some((*plain).to_owned()),
            ..What::FullWidth(character).at(token.range.clone())
        })
    })
}

/// What a formula that can be read says otherwise than was meant.
pub(crate) fn look_alike(tex: &str) -> Option<Fault> {
    if !tex.contains(['＼', '＾', '＿']) {
        return None;
    }
    full_width(tex, &tokens(tex), false)
}

/// A `\verb` that nothing closes: the library would leave the rest of the formula out.
pub(crate) fn open_verbatim(tex: &str) -> Option<Fault> {
    if !tex.contains("\\verb") {
        return None;
    }
    let tokens = tokens(tex);
    let open = tokens.iter().find(|token| token.text(tex) == "\\verb")?;
    Some(What::NeverClosed("\\verb".to_owned()).at(open.range.clone()))
}

/// What is open at a place.
#[derive(Debug)]
enum Frame<'a> {
    Brace { is_text: bool },
    Left,
    Environment(&'a str),
    Dollar,
}

/// A formula gone through.
struct Scan<'a> {
    tex: &'a str,
    tokens: &'a [Token],
}

impl<'a> Scan<'a> {
    fn new(tex: &'a str, tokens: &'a [Token]) -> Self {
        Self { tex, tokens }
    }

    fn text(&self, token: &Token) -> &'a str {
        token.text(self.tex)
    }

    /// Commands that the formula makes itself.
    fn defined(&self) -> BTreeSet<&'a str> {
        let mut defined = BTreeSet::new();
        for (place, token) in self.tokens.iter().enumerate() {
            if matches!(
                self.text(token),
                "\\def"
                    | "\\gdef"
                    | "\\edef"
                    | "\\xdef"
                    | "\\let"
                    | "\\futurelet"
                    | "\\newcommand"
                    | "\\renewcommand"
                    | "\\providecommand"
            ) {
                let behind = self.tokens.get(place + 1..).unwrap_or_default();
                let name = behind
                    .iter()
                    .take(3)
                    .find(|token| matches!(token.kind, Kind::Word | Kind::Symbol));
                defined.extend(name.map(|token| self.text(token)));
            }
        }
        defined
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
    fn structure(&self) -> Option<Fault> {
        let defined = self.defined();
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
                Kind::Verbatim => {}
                Kind::Open => frames.push((
                    Frame::Brace {
                        is_text: opens_text || is_text,
                    },
                    range,
                )),
                Kind::Close => match frames.pop() {
                    Some((Frame::Brace { .. }, _)) => {}
                    Some((frame, open)) => return Some(self.unclosed(&frame, open)),
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
                Kind::Other => {}
                Kind::Symbol if text == "\\" => return Some(What::LoneBackslash.at(range)),
                Kind::Symbol | Kind::Word => match text {
                    "\\left" => frames.push((Frame::Left, range)),
                    "\\right" => match frames.pop() {
                        Some((Frame::Left, _)) => {}
                        Some((frame, open)) => {
                            let is_open =
                                frames.iter().any(|(frame, _)| matches!(frame, Frame::Left));
                            return Some(if is_open {
                                self.unclosed(&frame, open)
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
                                    self.unclosed(&frame, open)
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
        Some(self.unclosed(&frame, open))
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

    fn unclosed(&self, frame: &Frame<'_>, open: Range<usize>) -> Fault {
        match frame {
            Frame::Brace { .. } => What::NeverClosed("{".to_owned()).at(open),
            Frame::Left => What::WithoutRight.at(open),
            Frame::Environment(name) => What::WithoutEnd((*name).to_owned()).at(open),
            Frame::Dollar => What::NeverClosed("$".to_owned()).at(open),
        }
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
    fn outside_text(&self) -> impl Iterator<Item = &'a Token> + '_ {
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
    fn missing(&self) -> Option<Fault> {
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
                        match self.tokens.get(place).map(|token| token.kind) {
                            Some(Kind::Open) => depth += 1,
                            Some(Kind::Close) => depth -= 1,
                            None => break,
                            _ => {}
                        }
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
                _ if matches!(
                    self.text(token),
                    "&" | "\\\\" | "\\right" | "\\end" | "^" | "_"
                ) =>
                {
                    break;
                }
                _ => count += 1,
            }
        }
        count
    }

    /// Where a text stands behind a command.
    fn behind(&self, command: &str, text: &str) -> Option<Range<usize>> {
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
    fn columns(&self) -> Option<Range<usize>> {
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
    fn infixes(&self) -> Option<Range<usize>> {
        let is_infix = |token: &&Token| {
            let function = FUNCTIONS.get(self.text(token));
            function.is_some_and(|function| function.infix)
        };
        let mut infixes = self.tokens.iter().filter(is_infix);
        let first = infixes.next()?;
        let last = infixes.next().unwrap_or(first);
        Some(last.range.clone())
    }

    fn last(&self, text: &str) -> Option<Range<usize>> {
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

/// Whether a command is read, by the library or by what makes formulas ready for it.
fn is_known(command: &str) -> bool {
    let name = command.strip_prefix('\\').unwrap_or(command);
    FUNCTIONS.contains_key(command)
        || get_symbol(command, FontMode::Math).is_some()
        || get_symbol(command, FontMode::Text).is_some()
        || MacroExpander::new("", Mode::Math)
            .get_macro(command)
            .is_some()
        || names().any(|known| known == name)
        || matches!(
            command,
            "\\limits"
                | "\\nolimits"
                | "\\end"
                | "\\verb"
                | "\\endgroup"
                | "\\hline"
                | "\\hdashline"
                | "\\cr"
                | "\\\\"
                | "\\ "
                | "\\/"
                | "\\-"
        )
}

fn is_environment(name: &str) -> bool {
    ENVIRONMENTS.contains(&name) || environments().any(|known| known == name)
}

/// All commands that may be meant, without their backslash.
static KNOWN: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let functions = FUNCTIONS.keys().filter_map(|name| name.strip_prefix('\\'));
    let known: BTreeSet<&str> = functions
        .chain(names())
        .chain(COMMANDS.iter().copied())
        .chain(["begin", "end", "limits", "nolimits"])
        .filter(|name| name.len() > 1 && name.bytes().all(|byte| byte.is_ascii_alphabetic()))
        .collect();
    known.into_iter().collect()
});

/// The command that was meant, if one is near.
fn nearest_command(command: &str) -> Option<String> {
    let name = command.strip_prefix('\\').unwrap_or(command);
    if let Some(near) = nearest(name, &KNOWN).filter(|near| *near != name) {
        return Some(format!("\\{near}"));
    }
    // A command that grew together with the letters behind it.
    let grown = KNOWN
        .iter()
        .filter(|known| {
            known.len() >= 2 && name.len() > known.len() && name.len() <= known.len() + 3
        })
        .filter(|known| name.starts_with(**known))
        .max_by_key(|known| known.len())?;
    let rest = name.get(grown.len()..).unwrap_or_default();
    (grown.len() >= rest.len()).then(|| format!("\\{grown} {rest}"))
}

fn nearest_environment(name: &str) -> Option<String> {
    let mut known: Vec<&str> = ENVIRONMENTS.to_vec();
    known.extend(environments());
    known.sort_unstable();
    nearest(name, &known).map(ToOwned::to_owned)
}

/// The nearest of names, if any is near: the same but for case, or few letters apart.
fn nearest<'n>(name: &str, known: &[&'n str]) -> Option<&'n str> {
    let same = known.iter().find(|known| known.eq_ignore_ascii_case(name));
    if let Some(same) = same {
        return Some(same);
    }
    let length = name.chars().count();
    let most = match length {
        0..=2 => return None,
        3..=5 => 1,
        6..=9 => 2,
        _ => 3,
    };
    let near = known
        .iter()
        .filter(|known| known.len().abs_diff(length) <= most)
        .map(|known| (strsim::damerau_levenshtein(name, known), *known))
        .filter(|(distance, _)| *distance <= most);
    // Of equally near ones the one that begins most alike.
    let alike = |known: &str| {
        let same = name.bytes().zip(known.bytes()).take_while(|(a, b)| a == b);
        same.count()
    };
    near.min_by_key(|(distance, known)| (*distance, usize::MAX - alike(known), *known))
        .map(|(_, known)| known)
}

/// Kept apart, so that a test can read the list by itself.
#[cfg(test)]
mod tests {
    use ratex_parser::Parser;

    use super::*;

    #[test]
    fn every_command_that_is_suggested_is_known() {
        let unknown: Vec<&&str> = KNOWN
            .iter()
            .filter(|name| !is_known(&format!("\\{name}")))
            .collect();
        assert!(unknown.is_empty(), "{unknown:?}");
    }

    #[test]
    fn every_environment_is_read() {
        for name in ENVIRONMENTS {
            let columns = match *name {
                "array" | "darray" | "subarray" => "{c}",
                "alignat" | "alignat*" | "alignedat" => "{1}",
                _ => "",
            };
            let body = if *name == "prooftree" {
                "\\AxiomC{$a$}"
            } else {
                "a"
            };
            let tex = format!("\\begin{{{name}}}{columns} {body} \\end{{{name}}}");
            assert!(Parser::new(&tex).parse().is_ok(), "{tex}");
        }
    }
}
