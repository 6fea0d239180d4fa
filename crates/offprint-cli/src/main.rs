//! The `offprint` command.

mod args;
mod attach;
mod book;
mod browse;
mod build;
mod draw;
mod emit;
mod explain;
mod fault;
mod fonts;
mod formats;
mod help;
mod images;
mod import;
mod init;
mod lang;
mod list;
mod locate;
mod mend;
mod network;
mod new;
mod places;
mod project;
mod publish;
mod read;
mod report;
mod roots;
mod sarif;
mod shelf;
mod state;
mod texts;

use std::collections::BTreeSet;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread;
use std::time::Instant;

use clap::CommandFactory;

use crate::args::{Cli, Command, Input, MessageFormat};
use crate::build::{Plan, Rendered};
use crate::fault::Fault;
use crate::formats::Format;
use crate::mend::Mendings;
use crate::project::Project;
use crate::report::{Reporter, Summary, Volume};
use crate::roots::shown;

/// Parsers recurse as deep as input nests, under limits; so much stack is plenty.
const STACK: usize = 64 * 1024 * 1024;
/// The most threads that read or render.
const MAX_THREADS: usize = 64;

fn main() -> ExitCode {
    let cli = match help::parse() {
        Ok(cli) => cli,
        Err(exit_code) => return exit_code,
    };
    let volume = if matches!(cli.command, Command::Check { .. }) {
        Volume::Hints
    } else {
        Volume::Usual
    };
    let mut reporter = Reporter::new(&cli.globals, volume);
    panic::set_hook(Box::new(|_| {}));
    let result = thread::scope(|scope| {
        let run = || panic::catch_unwind(AssertUnwindSafe(|| run(&cli, &mut reporter)));
        match thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, run)
        {
            Ok(running) => running.join().and_then(|result| result),
            Err(error) => Ok(Err(Fault::machine(
                format!("cannot start a thread: {error}"),
                None,
            ))),
        }
    });
    let result =
        result.unwrap_or_else(|panic| Err(Fault::Bug(build::panic_message(panic.as_ref()))));
    let told = tell_end(&result, &mut reporter);
    let printed = reporter.printing_fault().map_or(Ok(()), Err);
    match printed {
        Err(fault) if result.is_ok() => tell_end(&Err(fault), &mut reporter),
        Ok(()) | Err(_) => told,
    }
    .into()
}

/// Tells how a command ended, and gives the exit code.
fn tell_end(result: &Result<bool, Fault>, reporter: &mut Reporter) -> u8 {
    let exit_code = match result {
        Ok(is_fine) => u8::from(!is_fine),
        Err(fault) => fault.exit_code(),
    };
    if let Err(fault) = result {
        reporter.fault(fault);
        reporter.finish(&Summary::default());
    }
    reporter.end(exit_code);
    exit_code
}

/// Runs a command; `false` when the input is at fault.
fn run(cli: &Cli, reporter: &mut Reporter) -> Result<bool, Fault> {
    check_form(cli)?;
    match &cli.command {
        Command::Init { folder } => init::init(folder, reporter).map(|()| true),
        Command::New {
            path,
            title,
            date,
            id,
            form,
        } => {
            let wish = new::Wish {
                title: title.as_deref(),
                date: date.as_deref(),
                id: id.as_deref(),
                form: form.map(args::IssueForm::form),
            };
            new::new(path, &wish, reporter).map(|()| is_fine(cli, reporter))
        }
        Command::Import(asked) => import::import(&import::Wish::of(asked, cli), reporter),
        Command::List {
            path,
            to,
            from,
            until,
        } => {
            let wish = list::Wish {
                form: to.form(),
                from: from.as_deref(),
                until: until.as_deref(),
            };
            list::list(path, &wish, reporter).map(|()| is_fine(cli, reporter))
        }
        Command::Check {
            input,
            format,
            fix,
            dry_run,
        } => {
            if *fix {
                mend_all(input, *dry_run, reporter)?;
            }
            check(cli, input, format, reporter)
        }
        Command::Build {
            input,
            out,
            format,
            jobs,
            prune,
            republish,
        } => {
            let formats = formats::ALL
                .iter()
                .filter(|known| format.is_empty() || format.iter().any(|name| name == known.name))
                .collect();
            let wish = Wish {
                out: out.clone(),
                formats,
                threads: jobs.unwrap_or_else(processors).clamp(1, MAX_THREADS),
                prune: *prune,
                republish: *republish,
            };
            build(cli, input, &wish, reporter)
        }
        Command::Book {
            year,
            path,
            from,
            to,
            out,
            format,
            font_dir,
        } => {
            let words = book::Words {
                year: year.as_deref(),
                from: from.as_deref(),
                to: to.as_deref(),
                path: path.as_deref(),
                formats: format,
                font_dir,
            };
            bind(cli, book::Wish::read(&words)?, out.as_deref(), reporter)
        }
        Command::Explain { name } => {
            explain::explain(name.as_deref(), &cli.globals, reporter).map(|()| true)
        }
        Command::Publish { to } => publish::publish(cli, to, reporter),
        Command::Schema { of } => Ok(print(&schema(*of), reporter)),
        Command::Completions { shell } => Ok(print(&completions(*shell), reporter)),
        Command::Man => Ok(print(&manual()?, reporter)),
    }
}

/// Prints what was asked for; there is no more to it.
fn print(text: &str, reporter: &mut Reporter) -> bool {
    reporter.stdout(text);
    true
}

fn schema(of: args::SchemaOf) -> String {
    let schema = match of {
        args::SchemaOf::Issue => offprint_schema::issue(),
        args::SchemaOf::Series => offprint_schema::series(),
    };
    format!("{schema:#}\n")
}

fn completions(shell: clap_complete::Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "offprint", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

fn manual() -> Result<String, Fault> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Cli::command())
        .render(&mut page)
        .map_err(|error| Fault::Bug(format!("the manual page: {error}")))?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}

/// Refuses SARIF where there is nothing to say in it.
fn check_form(cli: &Cli) -> Result<(), Fault> {
    let finds = matches!(cli.command, Command::Check { .. } | Command::Build { .. });
    if cli.globals.message_format != MessageFormat::Sarif || finds {
        return Ok(());
    }
    Err(Fault::usage(
        "SARIF holds what `check` and `build` find",
        "use --message-format json, or leave it out",
    ))
}

/// How many threads this machine runs at the same time.
fn processors() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// What `build` was asked for.
struct Wish {
    out: Option<PathBuf>,
    formats: Vec<&'static Format>,
    threads: usize,
    /// Whether files that are made no longer are removed.
    prune: bool,
    /// Whether identifiers may change.
    republish: bool,
}

fn check(
    cli: &Cli,
    input: &Input,
    made: &[String],
    reporter: &mut Reporter,
) -> Result<bool, Fault> {
    let threads = processors().min(MAX_THREADS);
    let formats: Vec<&Format> = formats::ALL.iter().collect();
    let now = init::now()?;
    let mut projects = open(input, &formats, None)?;
    for project in &mut projects {
        project.check_issues(now, threads);
        // Nothing is made, so that nothing is left out of it.
        project
            .findings
            .retain(|finding| finding.diagnostic.code != project::LEFT_OUT);
    }
    tell(&projects, reporter);
    if !made.is_empty() {
        for project in &mut projects {
            project.make_only(made);
            let plan = Plan::trial(project);
            let progress = reporter.progress(plan.count_issues(), plan.count());
            let rendered = build::render(project, plan, threads, &progress)?;
            drop(progress);
            for finding in rendered.findings() {
                reporter.finding(finding);
            }
            reporter.notes(rendered.files());
        }
    }
    let mut summary = Summary::default();
    for project in &projects {
        summary.issues += project.count_files();
        summary.papers += project.wanted().map(|loaded| loaded.papers).sum::<usize>();
    }
    reporter.checked(&summary);
    Ok(is_fine(cli, reporter))
}

/// Mends what can be mended without asking, until nothing is left of it.
fn mend_all(input: &Input, is_trial: bool, reporter: &mut Reporter) -> Result<(), Fault> {
    /// A fix that meets another waits for the next round; more than a few never meet.
    const MOST_ROUNDS: usize = 16;
    let threads = processors().min(MAX_THREADS);
    let formats: Vec<&Format> = formats::ALL.iter().collect();
    for _ in 0..MOST_ROUNDS {
        let mut projects = open(input, &formats, None)?;
        for project in &mut projects {
            project.read_issues(threads);
        }
        let mendings = Mendings::of(&projects);
        if mendings.is_empty() {
            break;
        }
        if !is_trial {
            mendings.write()?;
        }
        reporter.mended(&mendings.list, is_trial);
        if is_trial {
            break;
        }
    }
    Ok(())
}

fn is_fine(cli: &Cli, reporter: &Reporter) -> bool {
    let counts = reporter.counts();
    counts.errors == 0 && !(cli.globals.deny_warnings && counts.warnings > 0)
}

fn open(
    input: &Input,
    formats: &[&'static Format],
    out: Option<&Path>,
) -> Result<Vec<Project>, Fault> {
    fonts::check_folders(&input.font_dir)?;
    roots::find(&input.paths)?
        .iter()
        .map(|root| project::open(root, formats, &input.font_dir, out))
        .collect()
}

/// Tells what is wrong with any of the projects.
fn tell(projects: &[Project], reporter: &mut Reporter) {
    for finding in projects.iter().flat_map(|project| &project.findings) {
        reporter.finding(finding);
    }
}

fn build(cli: &Cli, input: &Input, wish: &Wish, reporter: &mut Reporter) -> Result<bool, Fault> {
    let start = Instant::now();
    let mut projects = open(input, &wish.formats, wish.out.as_deref())?;
    check_destinations(&projects)?;
    let mut summary = Summary::default();
    let mut unchanged = Vec::new();
    for project in &mut projects {
        let is_unchanged = !wish.prune && project.is_unchanged(wish.threads);
        if is_unchanged {
            project.restore_findings();
        } else {
            project.read_issues(wish.threads);
        }
        if wish.republish {
            project
                .findings
                .retain(|finding| finding.diagnostic.code != "id-changed");
        }
        unchanged.push(is_unchanged);
    }
    tell(&projects, reporter);
    if !is_fine(cli, reporter) {
        reporter.failed(&Summary::default());
        return Ok(false);
    }
    let mut plans: Vec<(&Project, Plan<'_>)> = Vec::new();
    for (project, is_unchanged) in projects.iter().zip(&unchanged) {
        if !is_unchanged {
            plans.push((project, build::plan(project)?));
        }
    }
    let progress = reporter.progress(
        plans.iter().map(|(_, plan)| plan.count_issues()).sum(),
        plans.iter().map(|(_, plan)| plan.count()).sum(),
    );
    let mut rendered: Vec<(&Project, Rendered)> = Vec::new();
    for (project, plan) in plans {
        rendered.push((
            project,
            build::render(project, plan, wish.threads, &progress)?,
        ));
    }
    drop(progress);
    for finding in rendered
        .iter()
        .flat_map(|(_, rendered)| rendered.findings())
    {
        reporter.finding(finding);
    }
    if !is_fine(cli, reporter) {
        reporter.failed(&Summary::default());
        return Ok(false);
    }
    for (project, rendered) in rendered {
        let committed = rendered.commit(project, wish.prune)?;
        if let Some(warning) = &committed.warning {
            reporter.finding(warning);
        }
        reporter.files(&committed.files, &committed.changed);
        summary.add(project, &committed);
    }
    for (project, _) in projects
        .iter()
        .zip(&unchanged)
        .filter(|(_, unchanged)| **unchanged)
    {
        let files = project.remembered_files();
        reporter.files(&files, &BTreeSet::new());
        summary.add_unchanged(project, &files);
    }
    reporter.built(&summary, start.elapsed());
    Ok(true)
}

/// Binds a book.
fn bind(
    cli: &Cli,
    wish: book::Wish,
    out: Option<&Path>,
    reporter: &mut Reporter,
) -> Result<bool, Fault> {
    let start = Instant::now();
    let threads = processors().min(MAX_THREADS);
    let book::Wish {
        span,
        input,
        formats,
    } = wish;
    let mut projects = open(&input, &formats, out)?;
    for project in &mut projects {
        project.read_issues(threads);
    }
    tell(&projects, reporter);
    if !is_fine(cli, reporter) {
        reporter.failed(&Summary::default());
        return Ok(false);
    }
    let mut summary = Summary::default();
    for project in &projects {
        let plan = Plan::of_books(book::of_span(project, span)?);
        let progress = reporter.progress(1, plan.count());
        let rendered = build::render(project, plan, threads, &progress)?;
        drop(progress);
        for finding in rendered.findings() {
            reporter.finding(finding);
        }
        if !is_fine(cli, reporter) {
            reporter.failed(&Summary::default());
            return Ok(false);
        }
        let committed = rendered.commit(project, false)?;
        reporter.files(&committed.files, &committed.changed);
        let issues = book::choose(project, span);
        summary.issues += issues.len();
        summary.papers += issues.iter().map(|loaded| loaded.papers).sum::<usize>();
        summary.count_files(&committed);
    }
    reporter.built(&summary, start.elapsed());
    Ok(true)
}

/// Two projects cannot share a folder: each has feeds.
fn check_destinations(projects: &[Project]) -> Result<(), Fault> {
    let mut taken = BTreeSet::new();
    for project in projects {
        let folder = &project.destination.folder;
        if !taken.insert(folder) {
            return Err(Fault::usage(
                format!(
                    "the paths belong to different series, and all would write feeds to `{}`",
                    shown(folder)
                ),
                "build them one by one, or put the issues into one series: `offprint init`",
            ));
        }
    }
    Ok(())
}
