//! Catalogues as gettext writes them, as far as this program needs it: comments, flags,
//! `msgid` and `msgstr` over one or more lines.
//!
//! Source: GNU gettext manual, "The Format of PO Files".

/// One text and its translation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// As it stands in the sources.
    pub original: String,
    /// Empty where there is none yet.
    pub translation: String,
    /// Whether braces mark values, as in Rust's `format!`.
    pub is_format: bool,
    /// Whether a library or the system says it, so that it stands in no source of ours.
    pub is_foreign: bool,
    /// The line of its `msgid`, from 1.
    pub line: usize,
}

/// What is wrong with a catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// From 1.
    pub line: usize,
    /// What it is.
    pub what: &'static str,
}

impl Entry {
    /// Both texts without doubled braces, for entries that hold no value.
    pub(crate) fn verbatim(&self) -> (String, String) {
        let plain = |text: &str| {
            if self.is_format {
                text.replace("{{", "{").replace("}}", "}")
            } else {
                text.to_owned()
            }
        };
        (plain(&self.original), plain(&self.translation))
    }
}

/// Which text a line continues.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    None,
    Original,
    Translation,
}

/// The entries of a catalogue, in its order; its head is none.
///
/// # Errors
///
/// The first line that cannot be read.
pub fn read(text: &str) -> Result<Vec<Entry>, Fault> {
    let mut entries = Vec::new();
    let mut entry = Entry::default();
    let mut part = Part::None;
    for (number, line) in text
        .lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line.trim()))
    {
        let is_next = part == Part::Translation && !line.starts_with('"');
        if is_next {
            entries.push(std::mem::take(&mut entry));
            part = Part::None;
        }
        if let Some(flags) = line.strip_prefix("#,") {
            let has = |wanted| flags.split(',').any(|flag| flag.trim() == wanted);
            entry.is_format |= has("rust-format");
            entry.is_foreign |= has("foreign");
            continue;
        }
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let quoted = if let Some(rest) = line.strip_prefix("msgid ") {
            part = Part::Original;
            entry.line = number;
            rest
        } else if let Some(rest) = line.strip_prefix("msgstr ") {
            part = Part::Translation;
            rest
        } else {
            line
        };
        let fault = |what| Fault { line: number, what };
        let words = unquoted(quoted).ok_or_else(|| fault("no text between quotation marks"))?;
        match part {
            Part::Original => entry.original.push_str(&words),
            Part::Translation => entry.translation.push_str(&words),
            Part::None => return Err(fault("a text that belongs to no `msgid`")),
        }
    }
    match part {
        Part::None => {}
        Part::Translation => entries.push(entry),
        Part::Original => {
            return Err(Fault {
                line: entry.line,
                what: "a `msgid` without `msgstr`",
            });
        }
    }
    entries.retain(|entry| !entry.original.is_empty());
    Ok(entries)
}

/// The text between quotation marks, its escapes resolved.
fn unquoted(quoted: &str) -> Option<String> {
    let inner = quoted.trim().strip_prefix('"')?.strip_suffix('"')?;
    let mut out = String::new();
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => out.push(match characters.next()? {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                other @ ('"' | '\\') => other,
                _ => return None,
            }),
            '"' => return None,
            _ => out.push(character),
        }
    }
    Some(out)
}
