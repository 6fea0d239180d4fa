//! The command line.

use std::io::IsTerminal;
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum, ValueHint, value_parser};

use offprint_core::load::Form;

use crate::formats;
use crate::lang::Choice;

/// One list of papers in; RSS, EPUB, PDF and WeChat HTML out.
#[derive(Debug, Parser)]
#[command(name = "offprint", version, about, disable_help_subcommand = true, after_help = EXIT_CODES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) globals: Globals,
}

const EXIT_CODES: &str = "Exit codes: 0 success, 1 the input has errors (or warnings, with \
--deny-warnings), 2 wrong usage, 3 the machine or the network failed (disk, permissions, WeChat), 70 a bug in offprint";

#[derive(Debug, Args)]
pub(crate) struct Globals {
    /// How findings and results are printed: `json` is one object per line on stdout, `sarif`
    /// one document of what `check` or `build` found
    #[arg(long, global = true, value_name = "FORM", default_value = "human")]
    pub(crate) message_format: MessageFormat,
    /// Fail when there are warnings
    #[arg(long, global = true)]
    pub(crate) deny_warnings: bool,
    /// Colour in messages
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Color,
    /// Language of messages: zh, en or auto, which is that of the environment
    #[arg(long, global = true, value_name = "LANG", default_value = "auto", value_parser = crate::lang::read)]
    pub(crate) lang: Choice,
    /// Print errors only
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Print hints, and every file that is made
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum MessageFormat {
    Human,
    Json,
    Sarif,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

impl Color {
    /// Whether what goes to `stream` has colours. `NO_COLOR` (no-color.org) and terminals that
    /// know none forbid them where nothing else was asked for.
    pub(crate) fn styles(self, stream: &impl IsTerminal) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => {
                let is_forbidden = std::env::var_os("NO_COLOR").is_some_and(|it| !it.is_empty());
                let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
                stream.is_terminal() && !is_forbidden && !is_dumb
            }
        }
    }
}

/// How an issue is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum IssueForm {
    Md,
    Yaml,
    Toml,
    Json,
}

impl IssueForm {
    pub(crate) fn form(self) -> Form {
        match self {
            Self::Md => Form::Markdown,
            Self::Yaml => Form::Yaml,
            Self::Toml => Form::Toml,
            Self::Json => Form::Json,
        }
    }
}

/// How a list of papers is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListForm {
    Csv,
    Bibtex,
    CslJson,
    Markdown,
}

impl ListForm {
    pub(crate) fn form(self) -> offprint_list::Form {
        match self {
            Self::Csv => offprint_list::Form::Csv,
            Self::Bibtex => offprint_list::Form::Bibtex,
            Self::CslJson => offprint_list::Form::CslJson,
            Self::Markdown => offprint_list::Form::Markdown,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a series with a first issue that explains itself
    Init {
        /// The folder to make it in
        #[arg(value_name = "DIR", default_value = ".", value_hint = ValueHint::DirPath)]
        folder: PathBuf,
    },
    /// Write the next issue of a series, a draft to be filled in
    New {
        /// The folder with offprint.toml
        #[arg(value_name = "PATH", default_value = ".", value_hint = ValueHint::DirPath)]
        path: PathBuf,
        /// Its title [default: after those before it]
        #[arg(long, value_name = "TEXT")]
        title: Option<String>,
        /// When it appears [default: after the rhythm of the series]
        #[arg(long, value_name = "DATE")]
        date: Option<String>,
        /// Its id [default: the name of its file]
        #[arg(long, value_name = "ID")]
        id: Option<String>,
        /// How it is written [default: as the last one is]
        #[arg(long, value_name = "FORM")]
        form: Option<IssueForm>,
    },
    /// Make an issue of what others have written: a digest's page, a bibliography, a list, a
    /// feed, a table, links
    #[command(after_help = IMPORT_ENVIRONMENT)]
    Import(Import),
    /// Print the papers of the published issues as one list
    List {
        /// The folder with offprint.toml, or an issue file
        #[arg(value_name = "PATH", default_value = ".", value_hint = ValueHint::AnyPath)]
        path: PathBuf,
        /// How it is written
        #[arg(long, value_name = "FORM", default_value = "markdown")]
        to: ListForm,
        /// Only issues of this day and later
        #[arg(long, value_name = "DATE")]
        from: Option<String>,
        /// Only issues of this day and before
        #[arg(long, value_name = "DATE")]
        until: Option<String>,
    },
    /// Look for mistakes, and mend those that can be mended without asking
    Check {
        #[command(flatten)]
        input: Input,
        /// Make these formats too, separated by commas, and tell what is found in them
        #[arg(
            long,
            value_name = "NAMES",
            value_delimiter = ',',
            value_parser = PossibleValuesParser::new(formats::ALL.iter().map(|format| format.name)),
            action = ArgAction::Append
        )]
        format: Vec<String>,
        /// Mend in their files what can be mended without asking
        #[arg(long)]
        fix: bool,
        /// Tell what would be mended; write nothing
        #[arg(long, requires = "fix")]
        dry_run: bool,
    },
    /// Make feeds, books, pages and articles
    Build {
        #[command(flatten)]
        input: Input,
        /// Where the files go [default: `[paths] out` of the series, which is `public` in its
        /// folder; `public` here for an issue without a series]
        #[arg(short, long, value_name = "DIR", value_hint = ValueHint::DirPath)]
        out: Option<PathBuf>,
        /// Only these formats, separated by commas [default: all]
        #[arg(
            long,
            value_name = "NAMES",
            value_delimiter = ',',
            value_parser = PossibleValuesParser::new(formats::ALL.iter().map(|format| format.name)),
            action = ArgAction::Append
        )]
        format: Vec<String>,
        /// Let readers get again what has changed its identifier, and record the new one
        #[arg(long)]
        republish: bool,
        /// Remove files of earlier builds that belong to no issue any more
        #[arg(long)]
        prune: bool,
        /// How many threads render [default: as many as the machine has]
        #[arg(
            long,
            value_name = "N",
            env = "OFFPRINT_THREADS",
            hide_env = true,
            hide = true
        )]
        jobs: Option<usize>,
    },
    /// Bind the issues of a year, or of other days, into one book: EPUB and PDF
    #[command(override_usage = "offprint book [OPTIONS] <YEAR> [PATH]\n       \
            offprint book [OPTIONS] --from <DATE> --to <DATE> [PATH]")]
    Book {
        /// The year
        #[arg(value_name = "YEAR")]
        year: Option<String>,
        /// The folder with offprint.toml [default: .]
        #[arg(value_name = "PATH", value_hint = ValueHint::DirPath)]
        path: Option<String>,
        /// The first day, month or year: 2026-01-31, 2026-01, 2026
        #[arg(long, value_name = "DATE")]
        from: Option<String>,
        /// The last day, month or year
        #[arg(long, value_name = "DATE")]
        to: Option<String>,
        /// Where the files go [default: `[paths] out` of the series]
        #[arg(short, long, value_name = "DIR", value_hint = ValueHint::DirPath)]
        out: Option<PathBuf>,
        /// Only this format [default: both]
        #[arg(
            long,
            value_name = "NAMES",
            value_delimiter = ',',
            value_parser = PossibleValuesParser::new(crate::book::FORMATS),
            action = ArgAction::Append
        )]
        format: Vec<String>,
        /// A folder to look in for fonts that the settings name; may be given several times
        #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
        font_dir: Vec<PathBuf>,
    },
    /// Say what a finding means, why it matters and how to mend it
    Explain {
        /// The name in brackets behind `error`, `warning` or `hint`, or the beginning of several
        /// (`wechat::`) [default: a table of all]
        #[arg(value_name = "NAME")]
        name: Option<String>,
    },
    /// Send an issue to where it is published
    Publish {
        #[command(subcommand)]
        to: Publish,
    },
    /// Print a JSON Schema, by which editors complete and check what is written
    Schema {
        /// Of what
        #[arg(value_name = "OF", default_value = "issue")]
        of: SchemaOf,
    },
    /// Print a completion script
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page (roff)
    Man,
}

/// What a JSON Schema describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaOf {
    /// An issue in YAML, TOML or JSON, or a Markdown file's front matter
    Issue,
    /// offprint.toml
    Series,
}

/// What is imported, and how.
#[derive(Debug, Args)]
pub(crate) struct Import {
    /// The source; `-` reads standard input
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) source: PathBuf,
    /// The folder with offprint.toml, or the one to write into
    #[arg(value_name = "PATH", default_value = ".", value_hint = ValueHint::DirPath)]
    pub(crate) path: PathBuf,
    /// How the issue is written
    #[arg(long, value_name = "FORM", default_value = "md")]
    pub(crate) to: IssueForm,
    /// What the source is [default: told from what it holds]
    #[arg(
        long,
        value_name = "KIND",
        value_parser = PossibleValuesParser::new(crate::import::KINDS.map(|(name, _)| name))
    )]
    pub(crate) from: Option<String>,
    /// The file to write; `-` prints it [default: named by the date]
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) out: Option<PathBuf>,
    /// The issue's title [default: the source's]
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,
    /// The issue's date [default: the source's, else today]
    #[arg(long, value_name = "DATE")]
    pub(crate) date: Option<String>,
    /// The issue's language [default: that of its words]
    #[arg(long = "issue-lang", value_name = "TAG")]
    pub(crate) issue_lang: Option<String>,
    /// Tell what became of each line
    #[arg(long)]
    pub(crate) explain: bool,
    /// Ask arXiv, Crossref and OpenReview for what the source does not say of papers
    #[arg(long)]
    pub(crate) online: bool,
    /// Ask anew for what is remembered
    #[arg(long, requires = "online")]
    pub(crate) refresh: bool,
    /// How long one request may take
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = value_parser!(u64).range(1..=3600))]
    pub(crate) timeout: u64,
    /// The first wait before another attempt, in milliseconds
    #[arg(
        long,
        value_name = "MS",
        default_value = "2000",
        value_parser = value_parser!(u64).range(0..=60_000),
        env = "OFFPRINT_LOOKUP_WAIT",
        hide_env = true,
        hide = true
    )]
    pub(crate) wait: u64,
}

/// Where an issue is published.
#[derive(Debug, Subcommand)]
pub(crate) enum Publish {
    /// Put an issue into the draft box of a WeChat account, or bring its draft up to date
    #[command(after_help = WECHAT_ENVIRONMENT)]
    Wechat {
        /// The issue's file, or its folder
        #[arg(value_name = "ISSUE", value_hint = ValueHint::AnyPath)]
        issue: PathBuf,
        /// Tell what would be sent; send nothing
        #[arg(long)]
        dry_run: bool,
        /// A TOML file with `appid` and `secret`, outside the series' folder and readable by
        /// you alone [default: the environment]
        #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
        credentials: Option<PathBuf>,
        /// Replace the draft even if it was changed in the console
        #[arg(long)]
        overwrite: bool,
        /// How long one request may take
        #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = value_parser!(u64).range(1..=3600))]
        timeout: u64,
        /// The first wait before another attempt, in milliseconds
        #[arg(
            long,
            value_name = "MS",
            default_value = "1000",
            value_parser = value_parser!(u64).range(0..=60_000),
            env = "OFFPRINT_WECHAT_WAIT",
            hide_env = true,
            hide = true
        )]
        wait: u64,
    },
}

const IMPORT_ENVIRONMENT: &str = "Environment, for --online: OFFPRINT_ARXIV_API, OFFPRINT_CROSSREF_API, \
OFFPRINT_OPENREVIEW_API and OFFPRINT_OPENREVIEW_V1_API are other addresses of the services, OFFPRINT_MAILTO \
is your address of e-mail, which Crossref serves better; HTTPS_PROXY and NO_PROXY are heeded. What was \
learnt is remembered below XDG_CACHE_HOME, or ~/.cache";

const WECHAT_ENVIRONMENT: &str = "Environment: OFFPRINT_WECHAT_APPID and OFFPRINT_WECHAT_SECRET are \
the account's, OFFPRINT_WECHAT_API is another address of the interface; HTTPS_PROXY and NO_PROXY \
are heeded. What was uploaded is remembered below XDG_CACHE_HOME, or ~/.cache";

#[derive(Debug, Args)]
pub(crate) struct Input {
    /// Issue files or their folders, or folders with offprint.toml
    #[arg(value_name = "PATH", default_value = ".", value_hint = ValueHint::AnyPath)]
    pub(crate) paths: Vec<PathBuf>,
    /// A folder to look in for fonts that the settings name; may be given several times
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) font_dir: Vec<PathBuf>,
}
