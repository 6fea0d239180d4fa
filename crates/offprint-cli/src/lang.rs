//! The language of what people read.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};

use offprint_messages::Translator;

/// A language that messages are printed in. Programs always read English.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lang(Option<&'static Translator>);

/// What `--lang` asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Choice {
    /// The language of the environment.
    Auto,
    Chinese,
    English,
}

impl Lang {
    pub(crate) fn of(choice: Choice) -> Self {
        let is_chinese = match choice {
            Choice::Auto => speaks_chinese(),
            Choice::Chinese => true,
            Choice::English => false,
        };
        Self(is_chinese.then(Translator::chinese))
    }

    /// The language for what is said before the command line is understood.
    pub(crate) fn of_arguments(arguments: &[OsString]) -> Self {
        let mut choice = Choice::Auto;
        let mut arguments = arguments.iter().skip(1);
        while let Some(argument) = arguments.next().filter(|argument| *argument != "--") {
            let written = match argument.to_str() {
                Some("--lang") => arguments.next().and_then(|written| written.to_str()),
                Some(argument) => argument.strip_prefix("--lang="),
                None => None,
            };
            if let Some(named) = written.and_then(|written| read(written).ok()) {
                choice = named;
            }
        }
        Self::of(choice)
    }

    pub(crate) fn is_chinese(self) -> bool {
        self.0.is_some()
    }

    /// A text of ours in this language.
    pub(crate) fn say(self, text: &str) -> Cow<'_, str> {
        match self.0 {
            Some(translator) => translator.translate(text),
            None => Cow::Borrowed(text),
        }
    }

    /// Lines of ours in this language.
    pub(crate) fn say_lines(self, text: &str) -> Cow<'_, str> {
        match self.0 {
            Some(translator) => translator.translate_lines(text),
            None => Cow::Borrowed(text),
        }
    }
}

/// Reads the value of `--lang`, which may name a region or a script too: `zh-CN`, `zh_Hans`.
pub(crate) fn read(written: &str) -> Result<Choice, String> {
    let language = written
        .split(['-', '_', '.', '@'])
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    match language.as_str() {
        "auto" => Ok(Choice::Auto),
        "zh" => Ok(Choice::Chinese),
        "en" => Ok(Choice::English),
        _ => Err("write zh, en or auto".to_owned()),
    }
}

/// Whether the environment's language is Chinese.
pub(crate) fn speaks_chinese() -> bool {
    let language = language_of(|name| std::env::var_os(name));
    language.is_some_and(|value| value.to_string_lossy().starts_with("zh"))
}

/// The first variable that says something, in the order of POSIX (XBD 8.2).
fn language_of(variable: impl Fn(&str) -> Option<OsString>) -> Option<OsString> {
    ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .filter_map(variable)
        .find(|value| *value != OsStr::new(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_told_by_its_first_subtag() {
        for written in ["zh", "zh-CN", "zh_CN.UTF-8", "ZH-Hans"] {
            assert_eq!(read(written), Ok(Choice::Chinese), "{written}");
        }
        assert_eq!(read("en-GB"), Ok(Choice::English));
        assert_eq!(read("auto"), Ok(Choice::Auto));
        assert!(read("zhuang").is_err());
        assert!(read("").is_err());
    }

    #[test]
    fn the_first_variable_that_says_something_counts() {
        let with = |set: &'static [(&str, &str)]| {
            language_of(|name| {
                let found = set.iter().find(|(other, _)| *other == name);
                found.map(|(_, value)| (*value).into())
            })
        };
        assert_eq!(
            with(&[("LC_ALL", ""), ("LC_MESSAGES", "zh_CN"), ("LANG", "en")]),
            Some("zh_CN".into())
        );
        assert_eq!(
            with(&[("LC_ALL", "C"), ("LANG", "zh_CN")]),
            Some("C".into())
        );
        assert_eq!(with(&[]), None);
    }

    #[test]
    fn the_last_wish_on_the_command_line_counts() {
        let of = |arguments: &[&str]| {
            let arguments: Vec<OsString> = arguments.iter().map(OsString::from).collect();
            Lang::of_arguments(&arguments).is_chinese()
        };
        assert!(of(&["offprint", "--lang", "zh", "check"]));
        assert!(of(&["offprint", "check", "--lang=zh-CN", "--nonsense"]));
        assert!(!of(&["offprint", "--lang", "zh", "check", "--lang", "en"]));
        assert!(!of(&["offprint", "--lang=en", "--", "--lang=zh"]));
    }
}
