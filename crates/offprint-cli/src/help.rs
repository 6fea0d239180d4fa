//! The command line read, and what is said of it in Chinese: help and wrong usage. In English
//! clap says it.

use std::error::Error as _;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command, CommandFactory, Error, FromArgMatches, Parser};

use crate::args::Cli;
use crate::lang::Lang;

/// Behind the arguments of a command.
const LAST: usize = 1_000;

/// Reads the command line. Where that prints help or a fault, the exit code comes back.
pub(crate) fn parse() -> Result<Cli, ExitCode> {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let lang = Lang::of_arguments(&arguments);
    if !lang.is_chinese() {
        return Ok(Cli::parse_from(arguments));
    }
    in_chinese(Cli::command(), lang)
        .try_get_matches_from(arguments)
        .and_then(|matches| Cli::from_arg_matches(&matches))
        .map_err(|error| tell(&error, lang))
}

/// A command that explains itself in Chinese.
fn in_chinese(command: Command, lang: Lang) -> Command {
    let is_root = command.get_name() == "offprint";
    let about = command.get_about().map(|about| said(about, lang));
    let after_help = command.get_after_help().map(|after| said(after, lang));
    let template = template(&command);
    let mut command = command
        .mut_args(|argument| explained(argument, lang))
        .mut_subcommands(|command| in_chinese(command, lang))
        .help_template(template)
        .subcommand_value_name("命令")
        .disable_help_flag(true)
        .arg(
            Arg::new("help")
                .short('h')
                .long("help")
                .action(ArgAction::Help)
                .display_order(LAST)
                .help("显示帮助"),
        );
    if is_root {
        command = command.disable_version_flag(true).arg(
            Arg::new("version")
                .short('V')
                .long("version")
                .action(ArgAction::Version)
                .display_order(LAST + 1)
                .help("显示版本"),
        );
    }
    if let Some(about) = about {
        command = command.about(about);
    }
    if let Some(after_help) = after_help {
        command = command.after_help(after_help);
    }
    command
}

fn said(text: &StyledStr, lang: Lang) -> String {
    lang.say(&text.to_string()).into_owned()
}

/// The help's sections, those that the command has.
fn template(command: &Command) -> String {
    let mut template = "{about-with-newline}\n用法：{usage}\n".to_owned();
    if command.has_subcommands() {
        template.push_str("\n命令：\n{subcommands}\n");
    }
    if command.get_positionals().next().is_some() {
        template.push_str("\n参数：\n{positionals}\n");
    }
    template.push_str("\n选项：\n{options}{after-help}");
    template
}

/// An argument with its values and its default explained in Chinese.
fn explained(argument: Arg, lang: Lang) -> Arg {
    let mut help = argument
        .get_help()
        .map(|help| said(help, lang))
        .unwrap_or_default();
    let takes_value = argument.get_action().takes_values();
    let defaults: Vec<String> = argument
        .get_default_values()
        .iter()
        .map(|value| value.to_string_lossy().into_owned())
        .collect();
    if takes_value && !defaults.is_empty() {
        let _ = write!(help, " [默认：{}]", defaults.join("、"));
    }
    let values: Vec<String> = argument
        .get_possible_values()
        .iter()
        .filter(|value| !value.is_hide_set())
        .map(|value| value.get_name().to_owned())
        .collect();
    if takes_value && !values.is_empty() {
        let _ = write!(help, " [可选值：{}]", values.join("、"));
    }
    let argument = argument.help(help.trim().to_owned());
    if takes_value {
        argument.hide_default_value(true).hide_possible_values(true)
    } else {
        argument
    }
}

/// Prints help, the version or a fault, and gives the exit code.
fn tell(error: &Error, lang: Lang) -> ExitCode {
    let is_styled = if error.use_stderr() {
        io::stderr().is_terminal()
    } else {
        io::stdout().is_terminal()
    } && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let is_help = matches!(
        error.kind(),
        ErrorKind::DisplayHelp
            | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
            | ErrorKind::DisplayVersion
    );
    let text = if is_help && is_styled {
        in_usage(&error.render().ansi().to_string())
    } else if is_help {
        in_usage(&error.render().to_string())
    } else {
        fault(error, lang)
    };
    // Where nobody can be told, nothing is left to do.
    let _ = if error.use_stderr() {
        io::stderr().lock().write_all(text.as_bytes())
    } else {
        io::stdout().lock().write_all(text.as_bytes())
    };
    u8::try_from(error.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from)
}

fn in_usage(text: &str) -> String {
    text.replace("Usage:", "用法：")
        .replace("用法： ", "用法：")
        // The lines below it stand under the first one.
        .replace("\n       offprint", "\n      offprint")
        .replace("[OPTIONS]", "[选项]")
        .replace("<COMMAND>", "<命令>")
}

/// Wrong usage in words.
fn fault(error: &Error, lang: Lang) -> String {
    let mut text = format!("错误：{}\n", message(error, lang));
    let mut tips = Vec::new();
    for (kind, what) in [
        (ContextKind::SuggestedSubcommand, "命令"),
        (ContextKind::SuggestedArg, "参数"),
        (ContextKind::SuggestedValue, "值"),
    ] {
        let near = all(error, kind);
        if !near.is_empty() {
            tips.push(format!("有相近的{what}：{}", quoted(&near)));
        }
    }
    let argument = all(error, ContextKind::InvalidArg);
    if error.kind() == ErrorKind::UnknownArgument
        && error.get(ContextKind::Suggested).is_some()
        && let Some(argument) = argument
            .first()
            .filter(|argument| argument.starts_with('-'))
    {
        tips.push(format!("要把 '{argument}' 当作值，请写 '-- {argument}'"));
    }
    for tip in &tips {
        let _ = write!(text, "\n  提示：{tip}");
    }
    if !tips.is_empty() {
        text.push('\n');
    }
    if let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) {
        let _ = write!(text, "\n{}\n", in_usage(usage.to_string().trim_end()));
    }
    text.push_str("\n详情见 '--help'。\n");
    text
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "clap adds kinds; what it says itself is better than nothing"
)]
fn message(error: &Error, lang: Lang) -> String {
    let argument = quoted(&all(error, ContextKind::InvalidArg));
    let value = quoted(&all(error, ContextKind::InvalidValue));
    match error.kind() {
        ErrorKind::InvalidValue
            if all(error, ContextKind::InvalidValue)
                .iter()
                .all(String::is_empty) =>
        {
            format!("{argument} 要有一个值{}", choices(error))
        }
        ErrorKind::InvalidValue => {
            format!("{argument} 的值 {value} 无效{}", choices(error))
        }
        ErrorKind::UnknownArgument => format!("不认识参数 {argument}"),
        ErrorKind::InvalidSubcommand => {
            let command = quoted(&all(error, ContextKind::InvalidSubcommand));
            format!("不认识命令 {command}")
        }
        ErrorKind::NoEquals => format!("给 {argument} 写值时要用等号"),
        ErrorKind::ValueValidation => {
            let why = error.source().map(ToString::to_string).unwrap_or_default();
            let why = why.lines().next().unwrap_or_default().to_owned();
            format!("{argument} 的值 {value} 无效：{}", lang.say(&why))
        }
        ErrorKind::TooManyValues => format!("{argument} 的值 {value} 是多余的"),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("{argument} 的值的个数不对")
        }
        ErrorKind::ArgumentConflict => {
            let other = quoted(&all(error, ContextKind::PriorArg));
            if other.is_empty() || other == argument {
                format!("参数 {argument} 不能写两次")
            } else {
                format!("参数 {argument} 不能与 {other} 同用")
            }
        }
        ErrorKind::MissingRequiredArgument => {
            format!(
                "缺少必需的参数：{}",
                all(error, ContextKind::InvalidArg).join("、")
            )
        }
        ErrorKind::MissingSubcommand => {
            let names = all(error, ContextKind::ValidSubcommand).join("、");
            format!("要写一个命令：{names}")
        }
        ErrorKind::InvalidUtf8 => "参数里有不是 UTF-8 的字节".to_owned(),
        _ => error.to_string().trim_end().to_owned(),
    }
}

fn choices(error: &Error) -> String {
    let values = all(error, ContextKind::ValidValue);
    if values.is_empty() {
        String::new()
    } else {
        format!("\n  [可选值：{}]", values.join("、"))
    }
}

/// What is known of a fault under a name.
fn all(error: &Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => vec![text.clone()],
        Some(ContextValue::Strings(texts)) => texts.clone(),
        Some(ContextValue::StyledStr(text)) => vec![text.to_string()],
        Some(ContextValue::StyledStrs(texts)) => texts.iter().map(ToString::to_string).collect(),
        Some(_) | None => Vec::new(),
    }
}

fn quoted(texts: &[String]) -> String {
    let quoted: Vec<String> = texts
        .iter()
        .map(|text| format!("'{}'", crate::draw::harmless(text)))
        .collect();
    quoted.join("、")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Choice;

    fn texts(command: &Command, texts: &mut Vec<String>) {
        let of_command = [command.get_about(), command.get_after_help()];
        texts.extend(of_command.into_iter().flatten().map(ToString::to_string));
        for argument in command.get_arguments() {
            texts.extend(argument.get_help().map(ToString::to_string));
            for value in argument.get_possible_values() {
                texts.extend(value.get_help().map(ToString::to_string));
            }
        }
        for command in command.get_subcommands() {
            self::texts(command, texts);
        }
    }

    #[test]
    fn all_of_the_help_has_a_translation() {
        let lang = Lang::of(Choice::Chinese);
        let mut all = Vec::new();
        texts(&Cli::command(), &mut all);
        assert!(all.len() > 40);
        let missing: Vec<String> = all
            .into_iter()
            // A name alone is the same in all languages.
            .filter(|text| text.contains(' ') && lang.say(text) == *text)
            .map(|text| format!("msgid {text:?}\nmsgstr \"\"\n"))
            .collect();
        assert!(missing.is_empty(), "{}", missing.join("\n"));
    }

    #[test]
    fn the_chinese_command_is_the_english_one() {
        in_chinese(Cli::command(), Lang::of(Choice::Chinese)).debug_assert();
    }
}
