//! What commands and environments there are, and which of them was meant.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use ratex_font::symbols::{Mode as FontMode, get_symbol};
use ratex_parser::Mode;
use ratex_parser::functions::FUNCTIONS;
use ratex_parser::macro_expander::MacroExpander;

use crate::names::COMMANDS;
use crate::rules::{environments, names};

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

/// Whether a command is read, by the library or by what makes formulas ready for it.
pub(crate) fn is_known(command: &str) -> bool {
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
                | "\\root"
                | "\\of"
                | "\\buildrel"
                | "\\raise"
                | "\\lower"
                | "\\cr"
                | "\\\\"
                | "\\ "
                | "\\/"
                | "\\-"
        )
}

pub(crate) fn is_environment(name: &str) -> bool {
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
pub(crate) fn nearest_command(command: &str) -> Option<String> {
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

pub(crate) fn nearest_environment(name: &str) -> Option<String> {
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
                "\\AxiomC{a}"
            } else {
                "a"
            };
            let tex = format!("\\begin{{{name}}}{columns} {body} \\end{{{name}}}");
            assert!(Parser::new(&tex).parse().is_ok(), "{tex}");
        }
    }
}
