//! TeX as papers write it, made into the TeX that the library reads.
//!
//! The library knows what `KaTeX` knows. Papers also use commands of packages (`\mathbbm`,
//! `\nicefrac`, `\SI`), say things that matter to a page only (`\label`, `\xspace`), and write
//! plain characters where TeX wants them escaped.

use std::collections::BTreeSet;
use std::ops::Range;

use ratex_font::symbols::{Mode as FontMode, get_symbol};
use ratex_parser::functions::FUNCTIONS;

use crate::rules::{ENVIRONMENTS, MEANINGS, NOTHING, NOTHING_OF, PLACED, RAW, SAME, TEXTS};
use crate::token::{Kind, Token, tokens};
use crate::units;

/// How deep rules apply within the arguments of rules; TeX deeper than that stays as it is.
const MAX_DEPTH: usize = 16;

/// A formula made readable, and where its parts came from.
#[derive(Debug, Default)]
pub(crate) struct Prepared {
    pub(crate) text: String,
    /// Where pieces begin in `text`, what they came from, and whether they are unchanged.
    pieces: Vec<(usize, Range<usize>, bool)>,
}

impl Prepared {
    /// Where a part of the text came from.
    pub(crate) fn origin(&self, range: &Range<usize>) -> Range<usize> {
        let start = self.place(range.start, false);
        let end = self.place(range.end, true);
        start..end.max(start)
    }

    fn place(&self, at: usize, is_end: bool) -> usize {
        // An end belongs to the piece before it.
        let behind = self
            .pieces
            .partition_point(|(begin, ..)| if is_end { *begin < at } else { *begin <= at });
        let Some((begin, origin, is_same)) = behind
            .checked_sub(1)
            .and_then(|piece| self.pieces.get(piece))
        else {
            return 0;
        };
        if *is_same {
            (origin.start + (at - begin)).min(origin.end)
        } else if is_end {
            origin.end
        } else {
            origin.start
        }
    }

    fn keep(&mut self, tex: &str, range: Range<usize>) {
        let text = tex.get(range.clone()).unwrap_or_default();
        match self.pieces.last_mut() {
            Some((_, origin, true)) if origin.end == range.start => origin.end = range.end,
            _ => self.pieces.push((self.text.len(), range, true)),
        }
        self.text.push_str(text);
    }

    fn add(&mut self, text: &str, origin: &Range<usize>) {
        if !text.is_empty() {
            self.pieces.push((self.text.len(), origin.clone(), false));
            self.text.push_str(text);
        }
    }
}

/// What a group of a formula is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Math,
    Text,
    /// Between dollars within a text.
    MathInText,
    Raw,
}

/// Rewrites a formula.
pub(crate) fn rewrite(tex: &str) -> Prepared {
    let tokens = tokens(tex);
    let mut tokens = tokens.as_slice();
    // A formula may come with its own dollars.
    let is_blank = |token: &Token| matches!(token.kind, Kind::Blank | Kind::Comment);
    while let [first, rest @ ..] = tokens
        && is_blank(first)
    {
        tokens = rest;
    }
    while let [rest @ .., last] = tokens
        && is_blank(last)
    {
        tokens = rest;
    }
    loop {
        tokens = match tokens {
            [first, body @ .., last]
                if !body.is_empty()
                    && matches!(
                        (first.text(tex), last.text(tex)),
                        ("$", "$") | ("\\(", "\\)") | ("\\[", "\\]")
                    ) =>
            {
                body
            }
            _ => break,
        };
    }
    let mut rewriter = Rewriter {
        tex,
        out: Prepared::default(),
        defined: defined(tex, tokens),
    };
    rewriter.run(tokens, Mode::Math, 0);
    rewriter.out
}

struct Rewriter<'a> {
    tex: &'a str,
    out: Prepared,
    /// Commands that the formula makes itself, which mean what it says.
    defined: BTreeSet<&'a str>,
}

impl<'a> Rewriter<'a> {
    fn text(&self, token: &Token) -> &'a str {
        token.text(self.tex)
    }

    /// The argument at a place: its tokens without braces, and the place behind it.
    fn argument<'t>(&self, tokens: &'t [Token], at: usize) -> Option<(&'t [Token], usize)> {
        let at = behind_blanks(tokens, at);
        let first = tokens.get(at)?;
        match first.kind {
            Kind::Close => None,
            Kind::Open => {
                let close = closing(tokens, at)?;
                Some((tokens.get(at + 1..close)?, close + 1))
            }
            Kind::Word
            | Kind::Symbol
            | Kind::Verbatim
            | Kind::Other
            | Kind::Blank
            | Kind::Comment => {
                let is_end = matches!(self.text(first), "&" | "\\\\");
                (!is_end).then_some((tokens.get(at..=at)?, at + 1))
            }
        }
    }

    /// What stands in brackets at a place, and the place behind it.
    fn option(&self, tokens: &[Token], at: usize) -> Option<(Range<usize>, usize)> {
        let begin = behind_blanks(tokens, at);
        (self.text(tokens.get(begin)?) == "[").then_some(())?;
        let mut depth = 0_usize;
        for (place, token) in tokens.iter().enumerate().skip(begin + 1) {
            if token.kind == Kind::Close {
                depth = depth.checked_sub(1)?;
            }
            depth += usize::from(token.kind == Kind::Open);
            if depth == 0 && self.text(token) == "]" {
                return Some((begin + 1..place, place + 1));
            }
        }
        None
    }

    /// The name in braces at a place, and the place behind it.
    fn named(&self, tokens: &[Token], at: usize) -> Option<(&'a str, usize)> {
        let begin = behind_blanks(tokens, at);
        let open = tokens.get(begin).filter(|token| token.kind == Kind::Open)?;
        let close = closing(tokens, begin)?;
        let name = self
            .tex
            .get(open.range.end..tokens.get(close)?.range.start)?;
        Some((name.trim(), close + 1))
    }

    fn run(&mut self, tokens: &[Token], mode: Mode, depth: usize) {
        // Each with whether a brace began it.
        let mut modes: Vec<(Mode, bool)> = vec![(mode, true)];
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            let mode = modes.last().map_or(Mode::Math, |(mode, _)| *mode);
            let text = self.text(token);
            at += 1;
            match token.kind {
                Kind::Open => {
                    self.out.keep(self.tex, token.range.clone());
                    modes.push((mode, true));
                }
                Kind::Close => {
                    self.out.keep(self.tex, token.range.clone());
                    while modes.len() > 1 && modes.pop().is_some_and(|(_, braced)| !braced) {}
                }
                Kind::Comment => self.out.add(" ", &token.range),
                Kind::Symbol if text == "\\/" || text == "\\-" && mode != Mode::Text => {}
                Kind::Word if mode != Mode::Raw => {
                    at = self.word(tokens, at, token, mode, &mut modes, depth);
                }
                Kind::Word | Kind::Symbol | Kind::Verbatim | Kind::Blank => {
                    self.out.keep(self.tex, token.range.clone());
                }
                Kind::Other => {
                    self.character(token, text, mode, &mut modes);
                    if matches!(text, "^" | "_")
                        && matches!(mode, Mode::Math | Mode::MathInText)
                        && depth < MAX_DEPTH
                    {
                        at = self.script(tokens, at, mode, depth, 0);
                    }
                }
            }
        }
    }

    /// A plain character.
    fn character(&mut self, token: &Token, text: &str, mode: Mode, modes: &mut Vec<(Mode, bool)>) {
        let replaced = match (text, mode) {
            (_, Mode::Raw) => "",
            ("$", Mode::Text) => {
                modes.push((Mode::MathInText, false));
                ""
            }
            ("$", Mode::MathInText) if modes.last().is_some_and(|(_, braced)| !braced) => {
                modes.pop();
                ""
            }
            ("%", _) => "\\%",
            ("#", _) if self.defined.is_empty() => "\\#",
            ("_", Mode::Text) => "\\_",
            ("&", Mode::Text) => "\\&",
            ("^", Mode::Text) => "\\textasciicircum{}",
            ("\u{a0}", Mode::Math | Mode::MathInText) => "~",
            ("\u{2002}" | "\u{2003}", _) => "\\ ",
            ("\u{2009}" | "\u{202f}" | "\u{200a}", _) => "\\,",
            ("−", Mode::Math | Mode::MathInText) => "-",
            ("″", Mode::Math | Mode::MathInText) => "''",
            ("‴", Mode::Math | Mode::MathInText) => "'''",
            ("′" | "’", Mode::Math | Mode::MathInText) => "'",
            _ => "",
        };
        if !replaced.is_empty() {
            self.out.add(replaced, &token.range);
            return;
        }
        let is_nothing = text.chars().all(|character| {
            character.is_control()
                || matches!(
                    character,
                    '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
                        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
                        | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}'
                )
        });
        if !is_nothing {
            self.out.keep(self.tex, token.range.clone());
        }
    }

    /// A script or argument that is a command without braces, which TeX takes for some commands
    /// and everyone writes for others: `e^\sqrt{2}`, `\hat\mathbf{x}`. Only commands of so many
    /// arguments need braces.
    fn script(
        &mut self,
        tokens: &[Token],
        at: usize,
        mode: Mode,
        depth: usize,
        least: usize,
    ) -> usize {
        let first = behind_blanks(tokens, at);
        let Some(command) = tokens.get(first).filter(|token| token.kind == Kind::Word) else {
            return at;
        };
        let name = self.text(command);
        let count = match FUNCTIONS.get(name) {
            _ if matches!(
                name,
                "\\begin" | "\\end" | "\\left" | "\\right" | "\\middle"
            ) =>
            {
                return at;
            }
            Some(function) if function.infix || function.num_args < least => return at,
            Some(function) if function.allowed_in_argument && least == 0 => return at,
            Some(function) => function.num_args,
            None if name == "\\operatorname" => 1,
            None => return at,
        };
        let mut behind = first + 1;
        if let Some((_, place)) = self.option(tokens, behind) {
            behind = place;
        }
        if tokens
            .get(behind)
            .is_some_and(|token| self.text(token) == "*")
        {
            behind += 1;
        }
        for _ in 0..count {
            let Some((_, place)) = self.argument(tokens, behind) else {
                return at;
            };
            behind = place;
        }
        let end = tokens
            .get(behind - 1)
            .map_or(command.range.end, |last| last.range.end);
        self.out.add("{", &command.range);
        self.run(
            tokens.get(first..behind).unwrap_or_default(),
            mode,
            depth + 1,
        );
        self.out.add("}", &(command.range.start..end));
        behind
    }

    /// A command; the place behind it and what it takes.
    fn word(
        &mut self,
        tokens: &[Token],
        at: usize,
        token: &Token,
        mode: Mode,
        modes: &mut Vec<(Mode, bool)>,
        depth: usize,
    ) -> usize {
        let name = self.text(token).strip_prefix('\\').unwrap_or_default();
        let origin = token.range.clone();
        if self.defined.contains(self.text(token)) {
            self.out.keep(self.tex, origin);
            return at;
        }
        if NOTHING.contains(&name) {
            // Letters before it and behind it must not grow together.
            self.out.add(" ", &origin);
            return at;
        }
        if NOTHING_OF.contains(&name) {
            let at = self.option(tokens, at).map_or(at, |(_, behind)| behind);
            return self.argument(tokens, at).map_or(at, |(_, behind)| behind);
        }
        if name == "begin" || name == "end" {
            return self.environment(tokens, at, token, name == "begin");
        }
        if let Some(behind) = self.plain_tex(tokens, at, token, mode, depth) {
            return behind;
        }
        if name == "tag"
            && let Some(behind) = self.tag(tokens, at, token, depth)
        {
            return behind;
        }
        if let Some((_, count, meaning)) = MEANINGS.iter().find(|(known, ..)| *known == name)
            && depth < MAX_DEPTH
            && let Some(behind) = self.meaning(tokens, at, token, (*count, meaning), depth)
        {
            return behind;
        }
        let same = SAME.iter().find(|(known, _)| *known == name);
        let name = match same {
            Some((_, same)) => {
                self.out.add(&format!("\\{same}"), &origin);
                *same
            }
            None if mode == Mode::Text && is_mathematical(self.text(token)) => {
                self.out.add(&format!("${}$", self.text(token)), &origin);
                return at;
            }
            None => {
                self.out.keep(self.tex, origin.clone());
                name
            }
        };
        if same.is_some()
            && tokens
                .get(at)
                .is_some_and(|next| self.text(next).starts_with(char::is_alphabetic))
        {
            self.out.add(" ", &origin);
        }
        let inner = if TEXTS.contains(&name) {
            Mode::Text
        } else if RAW.contains(&name) {
            Mode::Raw
        } else {
            let takes_one = FUNCTIONS
                .get(format!("\\{name}").as_str())
                .is_some_and(|function| {
                    function.num_args == 1
                        && matches!(
                            function.node_type,
                            "accent" | "font" | "sqrt" | "overline" | "underline"
                        )
                });
            if takes_one && mode != Mode::Text && depth < MAX_DEPTH {
                return self.script(tokens, at, mode, depth, 1);
            }
            return at;
        };
        let open = behind_blanks(tokens, at);
        if tokens
            .get(open)
            .is_some_and(|token| token.kind == Kind::Open)
        {
            for token in tokens.get(at..=open).unwrap_or_default() {
                if token.kind != Kind::Comment {
                    self.out.keep(self.tex, token.range.clone());
                }
            }
            modes.push((inner, true));
            return open + 1;
        }
        at
    }

    /// `\begin` or `\end` with the name of an environment.
    fn environment(&mut self, tokens: &[Token], at: usize, token: &Token, begins: bool) -> usize {
        let Some((name, behind)) = self.named(tokens, at) else {
            self.out.keep(self.tex, token.range.clone());
            return at;
        };
        let end = behind
            .checked_sub(1)
            .and_then(|last| tokens.get(last))
            .map_or(token.range.end, |last| last.range.end);
        let origin = token.range.start..end;
        match ENVIRONMENTS.iter().find(|(known, ..)| *known == name) {
            Some((_, begin, end)) => self.out.add(if begins { begin } else { end }, &origin),
            None => self.out.keep(self.tex, origin.clone()),
        }
        let mut after_option = behind;
        // How it stands in its line.
        if begins
            && PLACED.contains(&name)
            && let Some((inner, behind)) = self.option(tokens, behind)
            && let [one] = tokens.get(inner).unwrap_or_default()
            && matches!(self.text(one), "t" | "b" | "c")
        {
            if name != "array" {
                return behind;
            }
            after_option = behind;
        }
        if begins
            && matches!(name, "array" | "darray" | "tabular")
            && let Some((columns, behind)) = self.columns(tokens, after_option)
        {
            self.out.add(&columns, &origin);
            return behind;
        }
        after_option
    }

    /// What columns of a table are, in the kinds that the library knows; nothing where it needs
    /// no other.
    fn columns(&self, tokens: &[Token], at: usize) -> Option<(String, usize)> {
        let open = behind_blanks(tokens, at);
        if tokens.get(open)?.kind != Kind::Open {
            return None;
        }
        let close = closing(tokens, open)?;
        let inner = tokens.get(open + 1..close)?;
        let usual = |token: &Token| {
            token.kind == Kind::Blank || matches!(self.text(token), "l" | "c" | "r" | "|" | ":")
        };
        if inner.iter().all(usual) {
            return None;
        }
        let mut columns = String::from("{");
        self.columns_into(inner, &mut columns, 0)?;
        columns.push('}');
        Some((columns, close + 1))
    }

    fn columns_into(&self, tokens: &[Token], columns: &mut String, depth: usize) -> Option<()> {
        /// More columns than this are none of a formula.
        const MOST: usize = 100;
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            at += 1;
            match self.text(token) {
                kind @ ("l" | "c" | "r" | "|" | ":") => columns.push_str(kind),
                "X" | "L" => columns.push('l'),
                "S" | "C" => columns.push('c'),
                "R" => columns.push('r'),
                "p" | "m" | "b" => {
                    columns.push('l');
                    (_, at) = self.argument(tokens, at)?;
                }
                "@" | "!" | ">" | "<" => (_, at) = self.argument(tokens, at)?,
                "*" => {
                    let (count, behind) = self.argument(tokens, at)?;
                    let (inner, behind) = self.argument(tokens, behind)?;
                    let digits: String = count.iter().map(|token| self.text(token)).collect();
                    let count: usize = digits.trim().parse().ok()?;
                    if depth >= MAX_DEPTH {
                        return None;
                    }
                    for _ in 0..count.min(MOST) {
                        self.columns_into(inner, columns, depth + 1)?;
                        if columns.len() > MOST {
                            return None;
                        }
                    }
                    at = behind;
                }
                _ if token.kind == Kind::Blank => {}
                _ => return None,
            }
        }
        Some(())
    }

    /// Commands of plain TeX that stand around their arguments: `\root n \of x`,
    /// `\buildrel a \over b`, `\raise 1ex \hbox{x}`.
    fn plain_tex(
        &mut self,
        tokens: &[Token],
        at: usize,
        token: &Token,
        mode: Mode,
        depth: usize,
    ) -> Option<usize> {
        let (between, opening, middle) = match self.text(token) {
            "\\root" => ("\\of", "\\sqrt[{", "}]{"),
            "\\buildrel" => ("\\over", "\\overset{", "}{"),
            "\\raise" | "\\lower" => {
                let rest = tokens.get(at..)?;
                let length = rest
                    .iter()
                    .position(|token| matches!(token.kind, Kind::Word | Kind::Open))?;
                return Some(at + length);
            }
            _ => return None,
        };
        let rest = tokens.get(at..)?;
        let between = at + rest.iter().position(|token| self.text(token) == between)?;
        let (second, behind) = self.argument(tokens, between + 1)?;
        if depth >= MAX_DEPTH {
            return None;
        }
        self.out.add(opening, &token.range);
        self.run(tokens.get(at..between)?, mode, depth + 1);
        self.out.add(middle, &token.range);
        self.run(second, mode, depth + 1);
        self.out.add("}", &token.range);
        Some(behind)
    }

    /// `\tag`, whose argument is text.
    fn tag(&mut self, tokens: &[Token], at: usize, token: &Token, depth: usize) -> Option<usize> {
        let star = behind_blanks(tokens, at);
        let is_starred = tokens
            .get(star)
            .is_some_and(|token| self.text(token) == "*");
        let at = if is_starred { star + 1 } else { at };
        let (argument, behind) = self.argument(tokens, at)?;
        let opening = if is_starred {
            "\\tag*{\\text{"
        } else {
            "\\tag{\\text{"
        };
        self.out.add(opening, &token.range);
        if depth < MAX_DEPTH {
            self.run(argument, Mode::Text, depth + 1);
        }
        self.out.add("}}", &token.range);
        Some(behind)
    }

    /// A command put into other words; nothing if it has not what it needs.
    fn meaning(
        &mut self,
        tokens: &[Token],
        at: usize,
        token: &Token,
        (count, meaning): (usize, &str),
        depth: usize,
    ) -> Option<usize> {
        let name = self.text(token).strip_prefix('\\').unwrap_or_default();
        let mut behind = at;
        if count > 0 {
            let star = behind_blanks(tokens, at);
            if tokens
                .get(star)
                .is_some_and(|token| self.text(token) == "*")
            {
                behind = star + 1;
            }
            if let Some((_, place)) = self.option(tokens, behind) {
                behind = place;
            }
        }
        let mut arguments: Vec<&[Token]> = Vec::new();
        for _ in 0..count {
            let is_first_of_qty = name == "qty" || name == "unit" || name == "num";
            let open = behind_blanks(tokens, behind);
            // Names that other packages use for other things: only their own form is meant.
            if is_first_of_qty
                && tokens
                    .get(open)
                    .is_none_or(|token| token.kind != Kind::Open)
            {
                return None;
            }
            let (argument, place) = self.argument(tokens, behind)?;
            arguments.push(argument);
            behind = place;
        }
        let whole = tokens
            .get(behind.saturating_sub(1))
            .map_or(token.range.clone(), |last| {
                token.range.start..last.range.end.max(token.range.end)
            });
        if meaning.is_empty() {
            let source = |tokens: &[Token]| {
                let start = tokens.first().map_or(0, |token| token.range.start);
                let end = tokens.last().map_or(0, |token| token.range.end);
                self.tex.get(start..end).unwrap_or_default()
            };
            let sources: Vec<&str> = arguments.iter().map(|tokens| source(tokens)).collect();
            let said = units::quantity(name, &sources)?;
            self.out.add(&said, &whole);
            return Some(behind);
        }
        let mut rest = meaning;
        while let Some(place) = rest.find('#') {
            let (before, after) = rest.split_at(place);
            self.out.add(before, &token.range);
            let number = after
                .get(1..2)
                .and_then(|digit| digit.parse::<usize>().ok());
            let argument = number.and_then(|number| arguments.get(number.checked_sub(1)?));
            let mode = if before.ends_with("\\text{") {
                Mode::Text
            } else {
                Mode::Math
            };
            if let Some(argument) = argument {
                self.run(argument, mode, depth + 1);
            }
            rest = after.get(2..).unwrap_or_default();
        }
        self.out.add(rest, &token.range);
        if count == 0 && rest.ends_with(|c: char| c.is_ascii_alphabetic()) {
            self.out.add(" ", &token.range);
        }
        Some(behind)
    }
}

/// The commands that a formula makes itself.
pub(crate) fn defined<'a>(tex: &'a str, tokens: &[Token]) -> BTreeSet<&'a str> {
    let mut defined = BTreeSet::new();
    for (place, token) in tokens.iter().enumerate() {
        if matches!(
            token.text(tex),
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
            let behind = tokens.get(place + 1..).unwrap_or_default();
            let name = behind
                .iter()
                .take(3)
                .find(|token| matches!(token.kind, Kind::Word | Kind::Symbol));
            defined.extend(name.map(|token| token.text(tex)));
        }
    }
    defined
}

/// The place behind blanks.
fn behind_blanks(tokens: &[Token], at: usize) -> usize {
    let rest = tokens.get(at..).unwrap_or_default();
    let blanks = rest
        .iter()
        .take_while(|token| matches!(token.kind, Kind::Blank | Kind::Comment));
    at + blanks.count()
}

/// The place of the brace that closes the one at a place.
fn closing(tokens: &[Token], open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (place, token) in tokens.iter().enumerate().skip(open) {
        depth += usize::from(token.kind == Kind::Open);
        if token.kind == Kind::Close {
            depth = depth.checked_sub(1)?;
            if depth == 0 {
                return Some(place);
            }
        }
    }
    None
}

/// Whether a command is a sign of formulas that texts do not know.
fn is_mathematical(command: &str) -> bool {
    get_symbol(command, FontMode::Text).is_none()
        && get_symbol(command, FontMode::Math).is_some()
        && !FUNCTIONS.contains_key(command)
}
