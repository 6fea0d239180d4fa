//! The words of a line: blanks and breaks, bare addresses, titles.

use crate::chars::{clean, has_ascii, has_spaces_in_a_row, is_cjk_punctuation, is_wide};
use crate::check::url::absolute;
use crate::text::{Formula, Inline, plain};

pub(super) fn push_all(line: Vec<Inline>, out: &mut Vec<Inline>) {
    for inline in line {
        if let Inline::Text(text) = &inline {
            push_text(text, out);
        } else {
            out.push(inline);
        }
    }
}

pub(super) fn push_text(text: &str, out: &mut Vec<Inline>) {
    push_clean(&clean(text), out);
}

fn push_clean(text: &str, out: &mut Vec<Inline>) {
    if text.is_empty() {
        return;
    }
    if let Some(Inline::Text(last)) = out.last_mut() {
        last.push_str(text);
    } else {
        out.push(Inline::Text(text.to_owned()));
    }
}

/// A line break between wide characters is none; elsewhere it is a blank. Marks that Chinese
/// and English share (quotes, dashes, ellipses) are wide beside a wide character.
fn break_is_blank(before: Option<char>, after: Option<char>) -> bool {
    let (Some(before), Some(after)) = (before, after) else {
        return false;
    };
    let may_be_wide = |character| is_wide(character) || is_cjk_punctuation(character);
    !(may_be_wide(before) && may_be_wide(after) && (is_wide(before) || is_wide(after)))
}

/// What is left to do when a whole line is known: soft breaks, runs of blanks, blanks at
/// both ends, bare addresses.
pub(super) fn finish(mut line: Vec<Inline>) -> Vec<Inline> {
    if has_breaks(&line) {
        let mut visible = Vec::new();
        collect_breaks(&line, &mut visible);
        let blanks = decide_breaks(&visible);
        apply_breaks(&mut line, &mut blanks.into_iter());
    }
    squeeze(&mut line, &mut true);
    while let Some(last) = line.last_mut() {
        match last {
            Inline::Text(text) => {
                text.truncate(text.trim_end_matches(' ').len());
                if !text.is_empty() {
                    break;
                }
                line.pop();
            }
            Inline::HardBreak => {
                line.pop();
            }
            Inline::Emphasis(_)
            | Inline::Strong(_)
            | Inline::Strike(_)
            | Inline::Code(_)
            | Inline::Math(_)
            | Inline::Link { .. }
            | Inline::Image(_)
            | Inline::FootnoteRef(_) => break,
        }
    }
    while line.first() == Some(&Inline::HardBreak) {
        line.remove(0);
    }
    link_bare_urls(line)
}

const fn is_break(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\t')
}

/// Whether a line has soft breaks or tabs in it.
fn has_breaks(line: &[Inline]) -> bool {
    line.iter().any(|inline| match inline {
        Inline::Text(text) => has_ascii(text, is_break),
        Inline::Emphasis(content)
        | Inline::Strong(content)
        | Inline::Strike(content)
        | Inline::Link { content, .. } => has_breaks(content),
        Inline::Code(_)
        | Inline::Math(_)
        | Inline::Image(_)
        | Inline::FootnoteRef(_)
        | Inline::HardBreak => false,
    })
}

/// The characters of a line as breaks see them: `\n` is a soft break, `\r` a hard one.
fn collect_breaks(line: &[Inline], out: &mut Vec<char>) {
    for inline in line {
        match inline {
            Inline::Text(text) => out.extend(text.chars()),
            Inline::Emphasis(content)
            | Inline::Strong(content)
            | Inline::Strike(content)
            | Inline::Link { content, .. } => collect_breaks(content, out),
            Inline::Code(_) | Inline::Math(_) | Inline::Image(_) => out.push('x'),
            Inline::FootnoteRef(_) => {}
            Inline::HardBreak => out.push('\r'),
        }
    }
}

fn decide_breaks(visible: &[char]) -> Vec<bool> {
    let is_blank = |character: char| matches!(character, ' ' | '\t' | '\n');
    let mut after = Vec::new();
    let mut next: Option<char> = None;
    for &character in visible.iter().rev() {
        match character {
            '\n' => after.push(next),
            '\r' => next = None,
            _ if is_blank(character) => {}
            _ => next = Some(character),
        }
    }
    let mut before: Option<char> = None;
    let mut blanks = Vec::new();
    for &character in visible {
        match character {
            '\n' => blanks.push(break_is_blank(before, after.pop().flatten())),
            '\r' => before = None,
            _ if is_blank(character) => {}
            _ => before = Some(character),
        }
    }
    blanks
}

fn apply_breaks(line: &mut [Inline], blanks: &mut impl Iterator<Item = bool>) {
    for inline in line {
        match inline {
            Inline::Text(text) => {
                if has_ascii(text, is_break) {
                    *text = text
                        .chars()
                        .filter_map(|character| match character {
                            '\n' => blanks.next().unwrap_or(true).then_some(' '),
                            '\t' => Some(' '),
                            _ => Some(character),
                        })
                        .collect();
                }
            }
            Inline::Emphasis(content)
            | Inline::Strong(content)
            | Inline::Strike(content)
            | Inline::Link { content, .. } => apply_breaks(content, blanks),
            Inline::Code(_)
            | Inline::Math(_)
            | Inline::Image(_)
            | Inline::FootnoteRef(_)
            | Inline::HardBreak => {}
        }
    }
}

/// Makes one blank of several; `after_blank` tells whether the last character was one, or
/// the line begins.
fn squeeze(line: &mut Vec<Inline>, after_blank: &mut bool) {
    line.retain_mut(|inline| match inline {
        // Most texts have no blank too many.
        Inline::Text(text)
            if !(has_spaces_in_a_row(text) || *after_blank && text.starts_with(' ')) =>
        {
            *after_blank = text.ends_with(' ') || *after_blank && text.is_empty();
            !text.is_empty()
        }
        Inline::Text(text) => {
            text.retain(|character| {
                let keep = character != ' ' || !*after_blank;
                *after_blank = character == ' ';
                keep
            });
            !text.is_empty()
        }
        Inline::Emphasis(content)
        | Inline::Strong(content)
        | Inline::Strike(content)
        | Inline::Link { content, .. } => {
            squeeze(content, after_blank);
            !content.is_empty()
        }
        Inline::HardBreak => {
            *after_blank = true;
            true
        }
        Inline::Code(_) | Inline::Math(_) | Inline::Image(_) => {
            *after_blank = false;
            true
        }
        Inline::FootnoteRef(_) => true,
    });
}

/// Links the addresses that stand in text as they are, and makes one text of several in a row.
fn link_bare_urls(mut line: Vec<Inline>) -> Vec<Inline> {
    if is_settled(&line) {
        shrink(&mut line);
        return line;
    }
    let mut out = Vec::with_capacity(line.len());
    for inline in line {
        match inline {
            Inline::Text(text) => link_text(&text, &mut out),
            Inline::Emphasis(content) => out.push(Inline::Emphasis(link_bare_urls(content))),
            Inline::Strong(content) => out.push(Inline::Strong(link_bare_urls(content))),
            Inline::Strike(content) => out.push(Inline::Strike(link_bare_urls(content))),
            other @ (Inline::Code(_)
            | Inline::Math(_)
            | Inline::Link { .. }
            | Inline::Image(_)
            | Inline::FootnoteRef(_)
            | Inline::HardBreak) => out.push(other),
        }
    }
    out
}

/// Whether a line surely has no address in its texts and no two texts in a row.
fn is_settled(line: &[Inline]) -> bool {
    let mut after_text = false;
    line.iter().all(|inline| {
        let is_text = matches!(inline, Inline::Text(_));
        let is_second = std::mem::replace(&mut after_text, is_text) && is_text;
        !is_second
            && match inline {
                Inline::Text(text) => !text.is_empty() && !text.contains("http"),
                Inline::Emphasis(content) | Inline::Strong(content) | Inline::Strike(content) => {
                    is_settled(content)
                }
                Inline::Code(_)
                | Inline::Math(_)
                | Inline::Link { .. }
                | Inline::Image(_)
                | Inline::FootnoteRef(_)
                | Inline::HardBreak => true,
            }
    })
}

/// Gives back the room that a settled line grew in vain.
fn shrink(line: &mut Vec<Inline>) {
    for inline in line.iter_mut() {
        match inline {
            Inline::Text(text) => text.shrink_to_fit(),
            Inline::Emphasis(content) | Inline::Strong(content) | Inline::Strike(content) => {
                shrink(content);
            }
            Inline::Code(_)
            | Inline::Math(_)
            | Inline::Link { .. }
            | Inline::Image(_)
            | Inline::FootnoteRef(_)
            | Inline::HardBreak => {}
        }
    }
    line.shrink_to_fit();
}

fn link_text(text: &str, out: &mut Vec<Inline>) {
    let mut rest = text;
    let mut plain_until = 0;
    while let Some((skipped, written)) = next_bare_url(rest) {
        let start = text.len() - rest.len() + skipped;
        let after = start + written.len();
        if let Ok(url) = absolute(written) {
            push_clean(text.get(plain_until..start).unwrap_or_default(), out);
            out.push(Inline::Link {
                url,
                content: vec![Inline::Text(written.to_owned())],
            });
            plain_until = after;
        }
        rest = text.get(after..).unwrap_or_default();
    }
    push_clean(text.get(plain_until..).unwrap_or_default(), out);
}

/// The next `http://` or `https://` run: how far off it is, and the run. It ends before a
/// blank, a wide character or a mark that Chinese text uses, and gives up trailing
/// punctuation and brackets that it does not open.
pub(super) fn next_bare_url(text: &str) -> Option<(usize, &str)> {
    let mut from = 0;
    loop {
        let start = from + text.get(from..)?.find("http")?;
        let run = text.get(start..)?;
        let before = text.get(..start)?.chars().next_back();
        let scheme = ["https://", "http://"]
            .into_iter()
            .find(|scheme| run.starts_with(scheme));
        let begins = !before.is_some_and(|before| before.is_ascii_alphanumeric());
        if let Some(scheme) = scheme.filter(|_| begins) {
            let length = run
                .find(|character: char| {
                    character.is_whitespace()
                        || !character.is_ascii()
                            && (is_wide(character) || is_cjk_punctuation(character))
                        || matches!(
                            character,
                            '<' | '>' | '"' | '`' | '|' | '\\' | '^' | '{' | '}'
                        )
                })
                .unwrap_or(run.len());
            let run = trim_url(balanced(run.get(..length)?));
            if run.len() > scheme.len() {
                return Some((start, run));
            }
        }
        from = start + "http".len();
    }
}

/// What stands before the first closing bracket that nothing opens.
fn balanced(run: &str) -> &str {
    let mut depth = [0_usize; 2];
    let end = run.find(|character: char| {
        let (which, opens) = match character {
            '(' => (0, true),
            ')' => (0, false),
            '[' => (1, true),
            ']' => (1, false),
            _ => return false,
        };
        let [round, square] = &mut depth;
        let open = if which == 0 { round } else { square };
        match (opens, *open) {
            (true, _) => *open += 1,
            (false, 0) => return true,
            (false, _) => *open -= 1,
        }
        false
    });
    run.get(..end.unwrap_or(run.len())).unwrap_or(run)
}

fn trim_url(run: &str) -> &str {
    run.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_', '~', '(', '['])
}

/// TeX without blanks at both ends.
pub(super) fn formula(tex: &str) -> Formula {
    Formula {
        tex: clean(tex).trim().to_owned(),
    }
}

/// A title: its words as they stand, but for formulas between dollar signs. `\$` is a dollar
/// sign. The dollar signs of a formula hug it, and no digit follows the last, so that
/// `$5 and $6` are prices.
#[must_use]
pub fn title(written: &str) -> Vec<Inline> {
    let written = one_line(&clean(written));
    let mut out = Vec::new();
    let mut rest = written.as_str();
    while let Some(at) = rest.find('$') {
        let (before, from_dollar) = rest.split_at_checked(at).unwrap_or((rest, ""));
        let inner = from_dollar.get(1..).unwrap_or_default();
        if let Some(before) = before.strip_suffix('\\') {
            push_text(before, &mut out);
            push_text("$", &mut out);
            rest = inner;
            continue;
        }
        push_text(before, &mut out);
        if let Some(end) = closing_dollar(inner) {
            out.push(Inline::Math(formula(inner.get(..end).unwrap_or_default())));
            rest = inner.get(end + 1..).unwrap_or_default();
        } else {
            push_text("$", &mut out);
            rest = inner;
        }
    }
    push_text(rest, &mut out);
    out.shrink_to_fit();
    out
}

fn closing_dollar(inner: &str) -> Option<usize> {
    if inner.starts_with([' ', '$']) {
        return None;
    }
    let end = inner
        .match_indices('$')
        .map(|(end, _)| end)
        .find(|&end| !inner.get(..end).is_some_and(|tex| tex.ends_with('\\')))?;
    let hugs = !inner.get(..end)?.ends_with(' ');
    let digit_follows = inner
        .get(end + 1..)?
        .starts_with(|next: char| next.is_ascii_digit());
    (end > 0 && hugs && !digit_follows).then_some(end)
}

/// Text on one line: breaks between wide characters vanish, others become blanks, runs of
/// blanks become one.
#[must_use]
pub fn one_line(text: &str) -> String {
    let trimmed = text.trim();
    if !has_ascii(trimmed, is_break) && !has_spaces_in_a_row(trimmed) {
        return trimmed.to_owned();
    }
    let mut line = vec![Inline::Text(trimmed.to_owned())];
    let mut visible = Vec::new();
    collect_breaks(&line, &mut visible);
    let blanks = decide_breaks(&visible);
    apply_breaks(&mut line, &mut blanks.into_iter());
    squeeze(&mut line, &mut true);
    plain(&line)
}
