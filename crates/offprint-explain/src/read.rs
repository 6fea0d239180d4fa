//! The files that pages are written in.

use offprint_core::Severity;

use crate::{Side, Snippet};

/// A file of pages on one subject.
#[derive(Debug, Default)]
pub(crate) struct File {
    pub(crate) group: Option<&'static str>,
    pub(crate) group_zh: Option<&'static str>,
    pub(crate) pages: Vec<Raw>,
}

/// A page as it is written, in both languages.
#[derive(Debug, Default)]
pub(crate) struct Raw {
    pub(crate) code: &'static str,
    pub(crate) severity: Option<Severity>,
    pub(crate) what: Option<&'static str>,
    pub(crate) why: Option<&'static str>,
    pub(crate) mend: Option<&'static str>,
    pub(crate) what_zh: Option<&'static str>,
    pub(crate) why_zh: Option<&'static str>,
    pub(crate) mend_zh: Option<&'static str>,
    pub(crate) has_fix: bool,
    pub(crate) untested: Option<&'static str>,
    pub(crate) snippets: Vec<Snippet>,
}

/// A file's pages, and what is wrong with how they are written.
pub(crate) fn file(text: &'static str) -> (File, Vec<String>) {
    let mut file = File::default();
    let mut faults = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (line, after) = first_line(rest);
        let is_taken = if let Some(info) = line.strip_prefix("```") {
            let (body, end) = fenced(after);
            rest = end;
            take_snippet(&mut file, info, body)
        } else {
            rest = after;
            line.is_empty() || take_line(&mut file, line)
        };
        if !is_taken {
            faults.push(line.to_owned());
        }
    }
    (file, faults)
}

fn first_line(text: &'static str) -> (&'static str, &'static str) {
    text.split_once('\n').unwrap_or((text, ""))
}

/// The text up to the line that closes a fence, and what follows that line.
fn fenced(text: &'static str) -> (&'static str, &'static str) {
    let mut end = 0;
    while let Some(rest) = text.get(end..).filter(|rest| !rest.is_empty()) {
        let (line, after) = first_line(rest);
        if line == "```" {
            return (text.get(..end).unwrap_or_default(), after);
        }
        end = text.len() - after.len();
    }
    (text, "")
}

fn take_snippet(file: &mut File, info: &'static str, text: &'static str) -> bool {
    let Some((side, of)) = info.split_once(' ') else {
        return false;
    };
    let side = match side {
        "wrong" => Side::Wrong,
        "right" => Side::Right,
        "both" => Side::Both,
        _ => return false,
    };
    let Some(page) = file.pages.last_mut() else {
        return false;
    };
    page.snippets.push(Snippet { side, of, text });
    true
}

fn take_line(file: &mut File, line: &'static str) -> bool {
    if let Some(code) = line.strip_prefix("# ") {
        file.pages.push(Raw {
            code,
            ..Raw::default()
        });
        return true;
    }
    let Some((name, value)) = line.split_once(": ") else {
        return false;
    };
    let Some(page) = file.pages.last_mut() else {
        return match name {
            "group" => set(&mut file.group, value),
            "分类" => set(&mut file.group_zh, value),
            _ => false,
        };
    };
    match name {
        "severity" => {
            let severities = [Severity::Error, Severity::Warning, Severity::Hint];
            let severity = severities.into_iter().find(|it| it.as_str() == value);
            page.severity = severity;
            severity.is_some()
        }
        "what" => set(&mut page.what, value),
        "why" => set(&mut page.why, value),
        "mend" => set(&mut page.mend, value),
        "说明" => set(&mut page.what_zh, value),
        "原因" => set(&mut page.why_zh, value),
        "改法" => set(&mut page.mend_zh, value),
        "untested" => set(&mut page.untested, value),
        "fix" => {
            page.has_fix = value == "yes";
            page.has_fix
        }
        _ => false,
    }
}

/// Whether a line that may stand once stands here for the first time.
fn set(field: &mut Option<&'static str>, value: &'static str) -> bool {
    field.replace(value).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_page_is_told() {
        let (file, faults) = file(
            "group: A\nprose\n# a\nwhat: 1\nwhat: 2\nseverity: bad\n```wrong\nx\n```\n\
             ```maybe f\n```\n```both f.md\na\n\n# b\n```\n# c\nfix: no\n",
        );
        assert_eq!(
            faults,
            [
                "prose",
                "what: 2",
                "severity: bad",
                "```wrong",
                "```maybe f",
                "fix: no"
            ]
        );
        let codes: Vec<&str> = file.pages.iter().map(|page| page.code).collect();
        assert_eq!(codes, ["a", "c"]);
        assert_eq!(
            file.pages[0].snippets,
            [Snippet {
                side: Side::Both,
                of: "f.md",
                text: "a\n\n# b\n"
            }]
        );
    }
}
