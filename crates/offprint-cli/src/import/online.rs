//! Facts of papers from the services that know them, under the eyes of a person.

use std::env;
use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use offprint_core::bibliography::Entry;
use offprint_core::check::url::absolute;
use offprint_import::Draft;
use offprint_lookup::{Event, Host, Settings, lookup};
use serde_json::json;
use unicode_width::UnicodeWidthStr;

use crate::args::MessageFormat;
use crate::fault::{Fault, explain};
use crate::network::{cache_folder, make_folder, proxy};
use crate::read::read_file;
use crate::report::Reporter;
use crate::roots::shown;

/// How services are asked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Online {
    /// Whether what is remembered is asked for anew.
    pub(crate) refresh: bool,
    /// How long one request may take.
    pub(crate) timeout: Duration,
    /// The first wait before another attempt.
    pub(crate) wait: Duration,
}

/// More than the facts of any paper need, in bytes.
const MAX_BYTES: usize = 4 * 1024 * 1024;
/// How wide the bar is that shows how far it has come.
const BAR: usize = 24;

/// Fills in what a draft's papers lack.
pub(super) fn complete(
    draft: &mut Draft,
    online: Online,
    is_quiet: bool,
    reporter: &mut Reporter,
) -> Result<(), Fault> {
    let settings = settings(online)?;
    let folder = cache_folder()?.join("papers");
    let mut entries: Vec<&mut Entry> = draft.papers_mut().map(|paper| &mut paper.entry).collect();
    let is_shown = io::stderr().is_terminal() && reporter.form() == MessageFormat::Human;
    let mut surroundings = Surroundings {
        folder,
        reporter,
        is_quiet,
        is_shown,
        width: 0,
    };
    let report = lookup(&mut entries, &settings, &mut surroundings);
    surroundings.clear();
    for diagnostic in report.diagnostics {
        reporter.finding(&diagnostic.into());
    }
    if !is_quiet {
        let remembered = match report.remembered {
            0 => String::new(),
            number => format!(", {number} from memory"),
        };
        let papers = crate::report::count(report.filled, "paper");
        reporter.say(&format!("  learnt  facts of {papers}{remembered}\n"));
    }
    reporter.object_of(|| {
        json!({
            "reason": "looked-up",
            "papers": report.filled,
            "remembered": report.remembered,
        })
    });
    Ok(())
}

fn settings(online: Online) -> Result<Settings, Fault> {
    let usual = Settings::default();
    let first = usual.waits.first().copied().unwrap_or_default();
    let scale = online.wait.div_duration_f64(first);
    Ok(Settings {
        arxiv: base("OFFPRINT_ARXIV_API", usual.arxiv)?,
        crossref: base("OFFPRINT_CROSSREF_API", usual.crossref)?,
        openreview: base("OFFPRINT_OPENREVIEW_API", usual.openreview)?,
        openreview_v1: base("OFFPRINT_OPENREVIEW_V1_API", usual.openreview_v1)?,
        mailto: env::var("OFFPRINT_MAILTO")
            .ok()
            .filter(|mail| !mail.is_empty()),
        proxy: proxy()?,
        timeout: online.timeout,
        waits: usual.waits.iter().map(|wait| wait.mul_f64(scale)).collect(),
        pause: usual.pause.mul_f64(scale),
        batch: usual.batch,
        refresh: online.refresh,
    })
}

/// The address of a service: the usual one, unless the environment names another.
fn base(name: &str, usual: String) -> Result<String, Fault> {
    let Ok(written) = env::var(name) else {
        return Ok(usual);
    };
    if written.is_empty() {
        return Ok(usual);
    }
    let address = absolute(&written)
        .ok()
        .filter(|address| address.starts_with("http"));
    address
        .map(|address| address.trim_end_matches('/').to_owned())
        .ok_or_else(|| {
            Fault::usage(
                format!("{name} holds no address: `{written}`"),
                format!("write one such as `{usual}`, or unset {name}"),
            )
        })
}

/// What surrounds a look-up.
struct Surroundings<'a> {
    folder: PathBuf,
    reporter: &'a mut Reporter,
    /// Whether standard output is for the issue alone.
    is_quiet: bool,
    is_shown: bool,
    /// The columns of what is shown on the terminal's last line.
    width: usize,
}

impl Surroundings<'_> {
    /// Takes the bar away.
    fn clear(&mut self) {
        if self.width > 0 {
            let _ = write!(io::stderr().lock(), "\r{:1$}\r", "", self.width);
            self.width = 0;
        }
    }

    fn show(&mut self, done: usize, total: usize) {
        if !self.is_shown || total == 0 {
            return;
        }
        let full = BAR * done / total;
        let line = format!(
            "  asking  [{}{}] {done}/{total}",
            "#".repeat(full),
            ".".repeat(BAR - full),
        );
        let line = self.reporter.lang().say(&line);
        self.width = line.width();
        let _ = write!(io::stderr().lock(), "\r{line}");
    }
}

impl Host for Surroundings<'_> {
    fn wait(&mut self, time: Duration) {
        thread::sleep(time);
    }

    fn kept(&mut self, name: &str) -> Option<String> {
        let bytes = read_file(&self.folder.join(name), MAX_BYTES).ok()?;
        String::from_utf8(bytes).ok()
    }

    fn keep(&mut self, name: &str, text: &str) -> Result<(), String> {
        let path = self.folder.join(name);
        let temporary = self.folder.join(format!("{name}.tmp"));
        make_folder(&self.folder)
            .and_then(|()| fs::write(&temporary, text))
            .and_then(|()| fs::rename(&temporary, &path))
            .map_err(|error| format!("cannot write `{}`: {}", shown(&path), explain(&error).0))
    }

    fn tell(&mut self, event: &Event<'_>) {
        match *event {
            Event::Progress { done, total } => self.show(done, total),
            Event::Retrying { service, why, wait } => {
                self.clear();
                let seconds = wait.as_secs_f32();
                if !self.is_quiet {
                    self.reporter
                        .say(&format!("  waits   {seconds} s; {service}: {why}\n"));
                }
                self.reporter.object_of(
                    || json!({ "reason": "retrying", "service": service, "why": why, "seconds": seconds }),
                );
            }
        }
    }
}
