//! `explain`: the pages about findings, for a terminal or as JSON.

use std::fmt::Write as _;
use std::io;

use icu_segmenter::LineSegmenter;
use icu_segmenter::options::LineBreakOptions;
use offprint_core::Severity;
use offprint_core::diagnostic::did_you_mean;
use offprint_core::words::Words;
use offprint_explain::{Page, Side, Snippet, all};
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use crate::args::Globals;
use crate::fault::Fault;
use crate::report::Reporter;

/// How wide a page is where nobody knows the terminal's width.
const USUAL_WIDTH: usize = 80;
/// Longer lines are hard to follow, shorter ones hold no code.
const WIDTHS: (usize, usize) = (40, 100);

/// Prints the page of `name`, the table of all pages whose names begin with it, or that of all.
pub(crate) fn explain(
    name: Option<&str>,
    globals: &Globals,
    reporter: &mut Reporter,
) -> Result<(), Fault> {
    let words = if reporter.lang().is_chinese() {
        Words::Chinese
    } else {
        Words::English
    };
    let pages = all(words);
    let name = name.map(bare_name).unwrap_or_default();
    let wanted: Vec<&Page> = match pages.iter().find(|page| page.code == name) {
        Some(page) => vec![page],
        None if name.is_empty() || name.ends_with(':') => pages
            .iter()
            .filter(|page| page.code.starts_with(name))
            .collect(),
        None => Vec::new(),
    };
    if wanted.is_empty() {
        return Err(unknown(name, &pages));
    }
    for page in &wanted {
        reporter.object_of(|| as_json(page, words));
    }
    let sheet = Sheet {
        words,
        width: width(),
        is_styled: globals.color.styles(&io::stdout()),
    };
    let text = match wanted.as_slice() {
        [page] if page.code == name => sheet.page(page),
        _ => sheet.table(&wanted),
    };
    reporter.show(&text);
    Ok(())
}

/// The name in what was copied from a message: `error[bad-date]: …`, `[bad-date]`.
fn bare_name(written: &str) -> &str {
    let inner = written
        .split_once('[')
        .and_then(|(_, rest)| rest.split_once(']'))
        .map_or(written, |(name, _)| name);
    inner.trim().trim_matches('`')
}

fn unknown(name: &str, pages: &[Page]) -> Fault {
    let codes = || pages.iter().map(|page| page.code);
    // Without its format's name, a rule is still meant.
    let behind = codes().find(|code| code.rsplit("::").next() == Some(name));
    let near = behind.or_else(|| did_you_mean(name, codes()));
    let hint = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`offprint explain` lists all names".to_owned(),
    };
    let shown: String = name.chars().take(60).collect();
    Fault::usage(format!("there is no finding `{shown}`"), hint)
}

fn width() -> usize {
    let terminal = terminal_size::terminal_size_of(io::stdout());
    let columns = terminal.map_or(USUAL_WIDTH, |(width, _)| usize::from(width.0));
    let (narrowest, widest) = WIDTHS;
    columns.clamp(narrowest, widest)
}

fn as_json(page: &Page, words: Words) -> Value {
    let snippets = page.snippets.iter().map(|snippet| {
        json!({
            "side": match snippet.side {
                Side::Wrong => "wrong",
                Side::Right => "right",
                Side::Both => "both",
            },
            "of": snippet.of,
            "text": snippet.text,
        })
    });
    json!({
        "reason": "page",
        "code": page.code,
        "group": page.group,
        "lang": match words {
            Words::Chinese => "zh",
            Words::English => "en",
        },
        "severity": page.severity.as_str(),
        "fix": page.has_fix,
        "what": page.what,
        "why": page.why,
        "mend": page.mend,
        "reported": reported(page, words),
        "example": snippets.collect::<Vec<Value>>(),
    })
}

/// How the finding is reported and what changes that.
fn reported(page: &Page, words: Words) -> String {
    let code = page.code;
    // What bibliographies, imports and the command tell is no rule of a series.
    let is_rule = !code.starts_with("bib::")
        && !code.starts_with("import::")
        && !matches!(code, "usage" | "io" | "bug");
    let deny = format!("`[check] deny = [\"{code}\"]`");
    let allow = format!("`allow = [\"{code}\"]`");
    match (words, page.severity, is_rule) {
        (Words::English, Severity::Error, true) if code == "remote-image" => format!(
            "An error: nothing is written until it is mended. `[check] {}` in offprint.toml \
             makes it a warning.",
            allow.trim_matches('`')
        ),
        (Words::English, Severity::Error, true) => {
            "An error: nothing is written until it is mended, and `[check]` cannot allow it."
                .to_owned()
        }
        (Words::English, Severity::Error, false) => "An error.".to_owned(),
        (Words::English, Severity::Warning, true) => format!(
            "A warning: the build goes on, unless `--deny-warnings` is given. In offprint.toml, \
             {deny} makes it an error and {allow} drops it."
        ),
        (Words::English, Severity::Warning, false) => {
            "A warning: the work goes on, unless `--deny-warnings` is given.".to_owned()
        }
        (Words::English, Severity::Hint, true) => format!(
            "A hint: it never stops anything, and `build` shows it with `--verbose` alone. In \
             offprint.toml, {deny} makes it an error and {allow} drops it."
        ),
        (Words::English, Severity::Hint, false) => "A hint: it never stops anything.".to_owned(),
        (Words::Chinese, Severity::Error, true) if code == "remote-image" => format!(
            "错误：改好之前什么都不写。在 offprint.toml 里写 `[check] {}`，就只是警告。",
            allow.trim_matches('`')
        ),
        (Words::Chinese, Severity::Error, true) => {
            "错误：改好之前什么都不写，`[check]` 也不能放行。".to_owned()
        }
        (Words::Chinese, Severity::Error, false) => "错误。".to_owned(),
        (Words::Chinese, Severity::Warning, true) => format!(
            "警告：照常生成，除非加了 `--deny-warnings`。在 offprint.toml 里，{deny} 把它升为错误，{allow} 不再提示。"
        ),
        (Words::Chinese, Severity::Warning, false) => {
            "警告：照常进行，除非加了 `--deny-warnings`。".to_owned()
        }
        (Words::Chinese, Severity::Hint, true) => format!(
            "提示：从不影响生成，`build` 加 `--verbose` 才显示。在 offprint.toml 里，{deny} 把它升为错误，{allow} 不再提示。"
        ),
        (Words::Chinese, Severity::Hint, false) => "提示：从不影响结果。".to_owned(),
    }
}

/// A page on a terminal.
struct Sheet {
    words: Words,
    width: usize,
    is_styled: bool,
}

impl Sheet {
    fn page(&self, page: &Page) -> String {
        let severity = match (self.words, page.severity) {
            (Words::English, severity) => severity.as_str(),
            (Words::Chinese, Severity::Error) => "错误",
            (Words::Chinese, Severity::Warning) => "警告",
            (Words::Chinese, Severity::Hint) => "提示",
        };
        let head = format!("{severity}[{}]", page.code);
        let mut text = wrapped(&format!("{head}: {}", page.what), self.width, 0);
        if let Some(rest) = text.strip_prefix(&head) {
            text = format!("{}{rest}", self.styled(&head, color_of(page.severity)));
        }
        let mut reported = reported(page, self.words);
        if page.has_fix {
            reported.push_str(self.say(
                " `offprint check --fix` mends it where that is certain.",
                "有把握的，`offprint check --fix` 会自动改好。",
            ));
        }
        let parts = [
            (self.say("Why it matters", "为什么要紧"), page.why.as_ref()),
            (self.say("How to mend it", "怎么改"), page.mend.as_ref()),
            (self.say("How it is reported", "级别"), &reported),
        ];
        for (head, words) in parts {
            let _ = write!(
                text,
                "\n{}\n{}",
                self.styled(head, BOLD),
                wrapped(words, self.width, 2)
            );
        }
        self.snippets(page, &mut text);
        text
    }

    fn snippets(&self, page: &Page, text: &mut String) {
        for side in [Side::Wrong, Side::Right, Side::Both] {
            let of_side = page.snippets.iter().filter(|it| it.side == side);
            for snippet in of_side.filter(|it| !it.text.is_empty() || it.is_picture()) {
                let head = match side {
                    Side::Wrong => self.say("Wrong", "错"),
                    Side::Right => self.say("Right", "对"),
                    Side::Both => self.say("With", "配合"),
                };
                let colon = self.say(": ", "：");
                let _ = write!(
                    text,
                    "\n{}{colon}{}\n",
                    self.styled(head, BOLD),
                    self.named(snippet)
                );
                for line in snippet.text.lines() {
                    // A terminal shows no reader's tricks, only what is written.
                    let _ = writeln!(text, "{}", format!("    {line}").trim_end());
                }
            }
        }
    }

    /// What a snippet is, in words.
    fn named<'a>(&self, snippet: &'a Snippet) -> &'a str {
        match snippet.of {
            "facts" => self.say("the issue's front matter", "这一期的元数据"),
            "body" | "body-zh" => self.say("the issue's text", "这一期的正文"),
            "paper" => self.say("a paper's fields", "论文的字段"),
            "series" => "offprint.toml",
            "html" => self.say("the article", "文章"),
            "command" => self.say("what is run", "所用的命令"),
            file => file,
        }
    }

    /// A line a page, under the subjects they belong to.
    fn table(&self, pages: &[&Page]) -> String {
        let longest = pages.iter().map(|page| page.code.len()).max();
        let longest = longest.unwrap_or_default().min(self.width / 2);
        let mut text = String::new();
        let mut group = "";
        for page in pages {
            if page.group != group {
                group = page.group;
                if !text.is_empty() {
                    text.push('\n');
                }
                let _ = writeln!(text, "{}", self.styled(group, BOLD));
            }
            let blanks = " ".repeat(longest.saturating_sub(page.code.len()));
            let code = self.styled(page.code, color_of(page.severity));
            let indent = longest + 4;
            let words = wrapped(&page.what, self.width, indent);
            let words = words.trim_start();
            let gap = if page.code.len() > longest {
                format!("\n{}", " ".repeat(indent))
            } else {
                format!("{blanks}  ")
            };
            let _ = write!(text, "  {code}{gap}{words}");
        }
        text
    }

    fn say(&self, english: &'static str, chinese: &'static str) -> &'static str {
        match self.words {
            Words::English => english,
            Words::Chinese => chinese,
        }
    }

    fn styled(&self, text: &str, style: &str) -> String {
        if self.is_styled {
            format!("{style}{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }
}

const BOLD: &str = "\x1b[1m";

fn color_of(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "\x1b[1;31m",
        Severity::Warning => "\x1b[1;33m",
        Severity::Hint => "\x1b[1;36m",
    }
}

/// Lines of at most `width` columns, each behind `indent` blanks and with a line end.
fn wrapped(text: &str, width: usize, indent: usize) -> String {
    let room = width.saturating_sub(indent).max(1);
    let margin = " ".repeat(indent);
    let mut lines = String::new();
    let mut line = String::new();
    let mut put = |line: &mut String| {
        let _ = writeln!(lines, "{margin}{}", line.trim_end());
        line.clear();
    };
    let mut start = 0;
    let segmenter = LineSegmenter::new_for_non_complex_scripts(LineBreakOptions::default());
    for end in segmenter.segment_str(text) {
        let piece = text.get(start..end).unwrap_or_default();
        start = end;
        if !line.is_empty() && line.width() + piece.trim_end().width() > room {
            put(&mut line);
        }
        line.push_str(piece);
    }
    if !line.is_empty() {
        put(&mut line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_taken_out_of_what_was_copied() {
        for written in [
            "bad-date",
            "error[bad-date]",
            "error[bad-date]: `2020-11-31` is no date",
            "[bad-date]",
            "`bad-date`",
            " bad-date ",
        ] {
            assert_eq!(bare_name(written), "bad-date", "{written}");
        }
    }

    #[test]
    fn no_line_is_wider_than_the_terminal_nor_begins_with_a_closing_mark() {
        for page in all(Words::Chinese).iter().chain(&all(Words::English)) {
            for line in wrapped(&page.why, 40, 2).lines() {
                // What cannot be divided may be wider: a name between backticks.
                assert!(line.width() <= 40 || line.trim().len() < 60, "{line}");
                let first = line.trim_start().chars().next();
                assert!(
                    !first.is_some_and(|it| "，。；：、）".contains(it)),
                    "{line}"
                );
            }
        }
        assert_eq!(wrapped("a b c", 3, 0), "a b\nc\n");
        assert_eq!(wrapped("汉字，汉字", 6, 2), "  汉\n  字，\n  汉字\n");
    }
}
