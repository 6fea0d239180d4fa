//! The `offprint` command.

mod args;
mod build;
mod draw;
mod emit;
mod fault;
mod fonts;
mod formats;
mod images;
mod init;
mod project;
mod read;
mod report;
mod roots;

use std::collections::BTreeSet;
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;
use std::process::ExitCode;
use std::thread;
use std::time::Instant;

use clap::{CommandFactory, Parser};

use crate::args::{Cli, Command, Input};
use crate::build::{Destination, Rendered};
use crate::emit::Stage;
use crate::fault::Fault;
use crate::formats::Format;
use crate::project::Project;
use crate::report::{Reporter, Summary, Volume};
use crate::roots::shown;

/// Parsers recurse as deep as input nests, under limits; so much stack is plenty.
const STACK: usize = 64 * 1024 * 1024;
/// The most threads that read or render.
const MAX_THREADS: usize = 64;

fn main() -> ExitCode {
    let cli = Cli::parse();
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
    let result = result.and_then(|is_fine| reporter.printing_fault().map_or(Ok(is_fine), Err));
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(fault) => {
            reporter.fault(&fault);
            reporter.finish(&Summary::default());
            ExitCode::from(fault.exit_code())
        }
    }
}

/// Runs a command; `false` when the input is at fault.
fn run(cli: &Cli, reporter: &mut Reporter) -> Result<bool, Fault> {
    match &cli.command {
        Command::Init { folder } => init::init(folder, reporter).map(|()| true),
        Command::Check { input } => check(cli, input, reporter),
        Command::Build {
            input,
            out,
            format,
            jobs,
        } => {
            let formats = formats::ALL
                .iter()
                .filter(|known| format.is_empty() || format.iter().any(|name| name == known.name))
                .collect();
            let plan = Plan {
                out: out.clone(),
                formats,
                threads: jobs.unwrap_or_else(processors).clamp(1, MAX_THREADS),
            };
            build(cli, input, &plan, reporter)
        }
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Cli::command(), "offprint", &mut script);
            reporter.stdout(&String::from_utf8_lossy(&script));
            Ok(true)
        }
        Command::Man => {
            let mut page = Vec::new();
            clap_mangen::Man::new(Cli::command())
                .render(&mut page)
                .map_err(|error| Fault::Bug(format!("the manual page: {error}")))?;
            reporter.stdout(&String::from_utf8_lossy(&page));
            Ok(true)
        }
    }
}

/// How many threads this machine runs at the same time.
fn processors() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// What `build` was asked for.
struct Plan {
    out: Option<PathBuf>,
    formats: Vec<&'static Format>,
    threads: usize,
}

fn check(cli: &Cli, input: &Input, reporter: &mut Reporter) -> Result<bool, Fault> {
    let formats: Vec<&Format> = formats::ALL.iter().collect();
    let mut projects = load(input, &formats, processors().min(MAX_THREADS))?;
    for project in &mut projects {
        // Nothing is made, so that nothing is left out of it.
        project
            .findings
            .retain(|finding| finding.diagnostic.code != project::LEFT_OUT);
    }
    tell(&projects, reporter);
    let mut summary = Summary::default();
    for project in &projects {
        summary.issues += project.files;
        summary.papers += project
            .wanted()
            .map(|loaded| loaded.issue.papers().count())
            .sum::<usize>();
    }
    reporter.checked(&summary);
    Ok(is_fine(cli, reporter))
}

fn is_fine(cli: &Cli, reporter: &Reporter) -> bool {
    let counts = reporter.counts();
    counts.errors == 0 && !(cli.globals.deny_warnings && counts.warnings > 0)
}

fn load(input: &Input, formats: &[&'static Format], threads: usize) -> Result<Vec<Project>, Fault> {
    fonts::check_folders(&input.font_dir)?;
    roots::find(&input.paths)?
        .iter()
        .map(|root| project::load(root, formats, &input.font_dir, threads))
        .collect()
}

/// Tells what is wrong with any of the projects.
fn tell(projects: &[Project], reporter: &mut Reporter) {
    for finding in projects.iter().flat_map(|project| &project.findings) {
        reporter.finding(finding);
    }
}

fn build(cli: &Cli, input: &Input, plan: &Plan, reporter: &mut Reporter) -> Result<bool, Fault> {
    let start = Instant::now();
    let projects = load(input, &plan.formats, plan.threads)?;
    tell(&projects, reporter);
    let destinations = destinations(&projects, plan)?;
    if !is_fine(cli, reporter) {
        reporter.failed(&Summary::default());
        return Ok(false);
    }
    let jobs = projects.iter().map(build::count_jobs).sum();
    let issues = projects
        .iter()
        .map(|project| project.wanted().count())
        .sum();
    let progress = reporter.progress(issues, jobs);
    let mut rendered: Vec<Rendered> = Vec::new();
    for (project, destination) in projects.iter().zip(&destinations) {
        rendered.push(build::render(
            project,
            destination,
            plan.threads,
            &progress,
        )?);
    }
    drop(progress);
    for finding in rendered.iter().flat_map(|rendered| &rendered.findings) {
        reporter.finding(finding);
    }
    if !is_fine(cli, reporter) {
        reporter.failed(&Summary::default());
        return Ok(false);
    }
    let mut summary = Summary::default();
    for (project, rendered) in projects.iter().zip(rendered) {
        let changed = rendered
            .stage
            .map(Stage::commit)
            .transpose()?
            .unwrap_or_default();
        reporter.files(&rendered.files);
        let listed = rendered.files.iter().filter(|made| made.listed);
        summary.files += listed.clone().count();
        summary.unchanged += listed.filter(|made| !changed.contains(&made.path)).count();
        for loaded in project.wanted() {
            if loaded.issue.draft {
                summary.drafts.push(loaded.origin.name.clone());
            } else {
                summary.issues += 1;
                summary.papers += loaded.issue.papers().count();
            }
        }
    }
    reporter.built(&summary, start.elapsed());
    Ok(true)
}

/// Where each project's files go. Two projects cannot share a folder: each has feeds.
fn destinations(projects: &[Project], plan: &Plan) -> Result<Vec<Destination>, Fault> {
    let mut destinations = Vec::new();
    let mut taken = BTreeSet::new();
    for project in projects {
        let destination = match &plan.out {
            Some(out) => Destination {
                folder: out.clone(),
                within: None,
            },
            None => Destination {
                folder: project.out.clone(),
                within: Some(project.out_within.clone()),
            },
        };
        if !taken.insert(destination.folder.clone()) {
            return Err(Fault::usage(
                format!(
                    "the paths belong to different series, and all would write feeds to `{}`",
                    shown(&destination.folder)
                ),
                "build them one by one, or put the issues into one series: `offprint init`",
            ));
        }
        destinations.push(destination);
    }
    Ok(destinations)
}
