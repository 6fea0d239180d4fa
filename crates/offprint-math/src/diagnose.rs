//! Why a formula cannot be read: what the library says of it, put in place.
//!
//! The library stops where it understands no more, which is often the end. So what is written is
//! gone through first: names that nobody knows, and what is opened and not closed.

use std::ops::Range;

use ratex_parser::ParseError;

use crate::fault::{Fault, What};
use crate::known::nearest_command;
use crate::rules::arguments;
use crate::scan::Scan;
use crate::source::Prepared;
use crate::token::{Token, tokens};

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
#[expect(clippy::too_many_lines, reason = "a list of all that the library says")]
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
