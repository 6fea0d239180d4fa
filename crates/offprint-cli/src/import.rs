//! What others have written, made an issue.

mod decode;
mod language;
mod online;

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;
use offprint_core::check::date;
use offprint_core::load::{self, Form, Location};
use offprint_core::model::Lang;
use offprint_core::{Diagnostic, Place, Series, Severity, Source};
use offprint_import::detect::{Detected, detect};
use offprint_import::write::{Head, write};
use offprint_import::{Draft, Fate, Imported, Kind, Traced};
use serde_json::json;

use crate::args::{self, Cli, MessageFormat};
use crate::browse;
use crate::fault::Fault;
use crate::init::today;
use crate::new::write_new;
use crate::project::Finding;
use crate::read::{ReadError, read_file};
use crate::report::{Reporter, Summary, count};
use crate::roots::{SERIES_FILE, shown};
use decode::Decoded;
pub(crate) use online::Online;

/// What is asked of an import.
#[derive(Debug)]
pub(crate) struct Wish<'a> {
    /// The source, `-` for standard input.
    pub(crate) source: &'a Path,
    /// The folder with `offprint.toml`, or any other.
    pub(crate) folder: &'a Path,
    pub(crate) kind: Option<Kind>,
    pub(crate) form: Form,
    /// The file to write, `-` for standard output.
    pub(crate) out: Option<&'a Path>,
    pub(crate) title: Option<&'a str>,
    pub(crate) date: Option<&'a str>,
    pub(crate) lang: Option<&'a str>,
    /// Whether the fate of each line is told.
    pub(crate) explain: bool,
    /// How facts are asked for that the source lacks, if they are.
    pub(crate) online: Option<Online>,
    /// Whether warnings keep the issue from being written.
    pub(crate) deny_warnings: bool,
}

impl<'a> Wish<'a> {
    /// What the command line asks for.
    pub(crate) fn of(asked: &'a args::Import, cli: &Cli) -> Self {
        let kind = asked.from.as_ref().and_then(|from| {
            let found = KINDS.iter().find(|(name, _)| name == from);
            found.map(|&(_, kind)| kind)
        });
        Self {
            source: &asked.source,
            folder: &asked.path,
            kind,
            form: asked.to.form(),
            out: asked.out.as_deref(),
            title: asked.title.as_deref(),
            date: asked.date.as_deref(),
            lang: asked.issue_lang.as_deref(),
            explain: asked.explain,
            online: asked.online.then_some(Online {
                refresh: asked.refresh,
                timeout: Duration::from_secs(asked.timeout),
                wait: Duration::from_millis(asked.wait),
            }),
            deny_warnings: cli.globals.deny_warnings,
        }
    }
}

/// How much of a line `--explain` shows, in characters.
const SHOWN: usize = 60;

/// Imports a source; `false` if nothing could be made of it.
pub(crate) fn import(wish: &Wish<'_>, reporter: &mut Reporter) -> Result<bool, Fault> {
    let home = Home::of(wish.folder)?;
    let lang = wish.lang.map(lang_of).transpose()?;
    let date = wish.date.map(|date| home.date_of(date)).transpose()?;
    let (source, encoding) = read(wish.source)?;
    let name = name_of(wish.source);
    if wish.kind.is_none() && name.to_ascii_lowercase().ends_with(".rst") {
        return Err(Fault::usage(
            "reStructuredText is not read",
            "turn it into Markdown first: `pandoc -f rst -t gfm`",
        ));
    }
    let kind = match (wish.kind, detect(&name, &source.text)) {
        (Some(kind), _) | (None, Detected::Kind(kind)) => kind,
        (None, Detected::Issue) => {
            return Err(Fault::usage(
                format!("`{}` is an issue already", source.name),
                "build it: `offprint build`; to read it as something else, say so with --from",
            ));
        }
    };
    if let Some(encoding) = encoding {
        reporter.finding(&Finding {
            diagnostic: assumed(encoding),
            file: Some(source.name.clone()),
        });
    }
    let imported = match offprint_import::import(&source, kind) {
        Ok(imported) => imported,
        Err(faults) => {
            for fault in faults {
                reporter.finding(&fault.into());
            }
            reporter.imported_nothing();
            return Ok(false);
        }
    };
    let Imported {
        mut draft,
        diagnostics,
        trace,
    } = imported;
    for diagnostic in diagnostics {
        // Below it is told what stands in for them.
        let is_of_issue = matches!(kind, Kind::Page | Kind::Html)
            && matches!(diagnostic.code, "import::no-title" | "import::no-date");
        if !is_of_issue {
            reporter.finding(&diagnostic.into());
        }
    }
    let to_stdout = wish.out.is_some_and(|out| out == Path::new("-"));
    if let Some(online) = wish.online {
        online::complete(&mut draft, online, to_stdout, reporter)?;
    }
    let head = home.head(wish, &draft, lang, date, &source, reporter)?;
    let written = write(&draft, &head, wish.form);
    for diagnostic in written.diagnostics {
        reporter.finding(&diagnostic.into());
    }
    check(&written.text, wish.form, &home)?;
    if wish.deny_warnings && reporter.counts().warnings > 0 {
        reporter.imported_nothing();
        return Ok(false);
    }
    if wish.explain {
        explain(&source, &trace, to_stdout, reporter);
    }
    if to_stdout {
        reporter.stdout(&written.text);
        return Ok(true);
    }
    let path = match wish.out {
        Some(path) => path.to_owned(),
        None => home.free_path(&head, wish.form),
    };
    let otherwise = "nothing was changed; choose another file with --out";
    write_new(&path, &written.text, otherwise)?;
    reporter.say(&summary(&draft, &head, &trace, wish.explain));
    reporter.say(&format!("  wrote   {}\n", shown(&path)));
    reporter.object_of(|| {
        json!({
            "reason": "imported",
            "kind": kind_name(kind),
            "path": shown(&path),
            "sections": titled(&draft),
            "papers": draft.papers().count(),
        })
    });
    let next = if home.is_series {
        "offprint check".to_owned()
    } else {
        format!("offprint check {}", shown(&path))
    };
    reporter.say(&format!("Next: {next}\n"));
    reporter.finish(&Summary {
        issues: 1,
        papers: draft.papers().count(),
        files: 1,
        ..Summary::default()
    });
    Ok(true)
}

/// Where an issue goes.
struct Home {
    folder: PathBuf,
    series: Series,
    is_series: bool,
}

impl Home {
    fn of(folder: &Path) -> Result<Self, Fault> {
        if folder.join(SERIES_FILE).exists() {
            let browser = browse::open(folder)?;
            return Ok(Self {
                folder: folder.join(&browser.series.paths.issues),
                series: browser.series,
                is_series: true,
            });
        }
        if !folder.is_dir() {
            return Err(Fault::usage(
                format!("there is no folder `{}`", shown(folder)),
                "name the series' folder, or leave it out to write into this one",
            ));
        }
        Ok(Self {
            folder: folder.to_owned(),
            series: Series::default(),
            is_series: false,
        })
    }

    fn date_of(&self, written: &str) -> Result<String, Fault> {
        let zone = date::time_zone(&self.series.timezone).unwrap_or(TimeZone::UTC);
        date::moment(written, &zone).map_err(|fault| {
            let hint = fault.hint.unwrap_or_else(|| "write 2026-11-27".to_owned());
            Fault::usage(fault.message, hint)
        })?;
        Ok(written.trim().to_owned())
    }

    /// What the issue must have; what the source does not say is told.
    fn head(
        &self,
        wish: &Wish<'_>,
        draft: &Draft,
        lang: Option<Lang>,
        date: Option<String>,
        source: &Arc<Source>,
        reporter: &mut Reporter,
    ) -> Result<Head, Fault> {
        let mut tell = |code, message: String, hint: &str| {
            reporter.finding(&Finding {
                diagnostic: Diagnostic::warning(code, message).hint(hint),
                file: Some(source.name.clone()),
            });
        };
        let lang = lang
            .or_else(|| language::of(draft, self.series.lang.as_ref()))
            .ok_or_else(|| Fault::Bug("an import has no language".to_owned()))?;
        let given = wish
            .title
            .map(str::to_owned)
            .or_else(|| draft.title.clone());
        let title = given.unwrap_or_else(|| {
            let title = stem_of(wish.source, lang.is_chinese());
            tell(
                "import::no-title",
                format!("the source has no title: the issue is called `{title}`"),
                "give it one: `--title TEXT`, or change it in the issue",
            );
            title
        });
        // What a page writes may be no date of the calendar.
        let own = draft
            .date
            .as_deref()
            .and_then(|date| self.date_of(date).ok());
        let date = if let Some(date) = date.or(own) {
            date
        } else {
            let day = today()?.to_string();
            tell(
                "import::no-date",
                format!("the source has no date: the issue is dated {day}"),
                "give it one: `--date 2026-11-27`, or change it in the issue",
            );
            day
        };
        let named = wish.out.filter(|out| *out != Path::new("-"));
        let stem = named.and_then(Path::file_stem);
        let stem = stem.map(|stem| stem.to_string_lossy());
        let id = stem
            .filter(|stem| load::needs_id(stem))
            .and_then(|_| date.get(..10).map(str::to_owned));
        Ok(Head {
            title,
            date,
            id,
            inherits_lang: self.series.lang.as_ref() == Some(&lang),
            lang,
        })
    }

    /// A file that is not there yet, named by the date.
    fn free_path(&self, head: &Head, form: Form) -> PathBuf {
        let day = head.date.get(..10).unwrap_or(&head.date);
        let extension = crate::new::extension_of(form);
        let is_free = |stem: &str| {
            let named = |extension| self.folder.join(format!("{stem}.{extension}"));
            !self.folder.join(stem).exists()
                && ["md", "markdown", "yaml", "yml", "toml", "json"]
                    .into_iter()
                    .all(|extension| !named(extension).exists())
        };
        let mut stem = day.to_owned();
        let mut count = 1;
        while !is_free(&stem) {
            count += 1;
            stem = format!("{day}-{count}");
        }
        self.folder.join(format!("{stem}.{extension}"))
    }
}

fn lang_of(written: &str) -> Result<Lang, Fault> {
    Lang::parse(written).ok_or_else(|| {
        Fault::usage(
            format!("`{written}` is no language tag"),
            "write one such as zh-CN or en (BCP 47)",
        )
    })
}

/// Reads the source and its text; with the encoding, if that is not UTF-8.
fn read(path: &Path) -> Result<(Arc<Source>, Option<&'static str>), Fault> {
    let name = if path == Path::new("-") {
        "<stdin>".to_owned()
    } else {
        // As the user typed it.
        path.to_string_lossy().into_owned()
    };
    let is_stream = |path: &Path| {
        // What a shell makes of `<(…)`.
        fs::metadata(path).is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir())
    };
    let bytes = if path == Path::new("-") {
        drain(&mut io::stdin().lock(), &name, "standard input".as_ref())?
    } else if is_stream(path) {
        let mut file = File::open(path).map_err(|error| Fault::io("read", path, &error))?;
        drain(&mut file, &name, path)?
    } else {
        read_file(path, load::MAX_BYTES).map_err(|error| match error {
            ReadError::Missing(_) => Fault::usage(
                format!("there is no `{name}`"),
                "name a file, or `-` to read from standard input",
            ),
            ReadError::TooLarge => too_large(&name),
            ReadError::NotAFile | ReadError::Outside => Fault::usage(
                format!("`{name}` is no regular file"),
                "name a file, or `-` to read from standard input",
            ),
            ReadError::System(error) => Fault::io("read", path, &error),
        })?
    };
    if bytes.is_empty() {
        return Err(Fault::usage(
            format!("`{name}` is empty"),
            "save the page or the list into it first",
        ));
    }
    let Decoded { text, encoding } = decode::decode(&bytes).ok_or_else(|| {
        Fault::usage(
            format!("`{name}` holds no text"),
            "text, HTML, BibTeX, RIS, JSON and CSV are read; export the list from the program that wrote the file",
        )
    })?;
    Ok((Source::new(name, text), encoding))
}

/// Reads what comes until it ends, under the limit.
fn drain(from: &mut dyn io::Read, name: &str, path: &Path) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    from.take(load::MAX_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Fault::io("read", path, &error))?;
    if bytes.len() > load::MAX_BYTES {
        return Err(too_large(name));
    }
    Ok(bytes)
}

fn too_large(name: &str) -> Fault {
    Fault::usage(
        format!(
            "`{name}` is longer than the limit, {} MiB",
            load::MAX_BYTES / 1024 / 1024
        ),
        "split it",
    )
}

fn assumed(encoding: &str) -> Diagnostic {
    Diagnostic::remark(
        "import::encoding",
        format!("the file is no UTF-8 and is read as {encoding}"),
    )
}

/// The name by which a file is recognised.
fn name_of(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

/// A title for what has none: the file's name.
fn stem_of(path: &Path, in_chinese: bool) -> String {
    let stem = path.file_stem().map(|stem| stem.to_string_lossy());
    match stem {
        Some(stem) if path != Path::new("-") && !stem.trim().is_empty() => stem.trim().to_owned(),
        _ if in_chinese => "论文".to_owned(),
        _ => "Papers".to_owned(),
    }
}

/// Reads what was written as `check` will: a reader or writer that makes an issue which does
/// not load is at fault, not its user.
fn check(text: &str, form: Form, home: &Home) -> Result<(), Fault> {
    let source = Source::new("the issue", text);
    let location = Location {
        folder: if home.is_series {
            home.series.paths.issues.clone()
        } else {
            String::new()
        },
        stem: "issue".to_owned(),
    };
    let loaded = load::issue(&source, form, &location, &home.series);
    let fault = loaded
        .diagnostics
        .into_iter()
        .find(|diagnostic| diagnostic.severity == Severity::Error)
        .filter(|fault| !home.series.check.deny.iter().any(|rule| rule == fault.code));
    match fault {
        None => Ok(()),
        Some(fault) if fault.code == "too-large" => {
            Err(Fault::usage(fault.message, "split the source"))
        }
        Some(fault) => {
            let line = fault.place.map_or(0, |place| place.line_column().0);
            let written = source.text.lines().nth(line.saturating_sub(1));
            let written: String = written.unwrap_or_default().chars().take(200).collect();
            Err(Fault::Bug(format!(
                "the imported issue does not load: {} in `{written}`",
                fault.message
            )))
        }
    }
}

/// What a person is told of the result.
fn summary(draft: &Draft, head: &Head, trace: &[Traced], is_explained: bool) -> String {
    let account = draft.source.as_ref().and_then(|source| source.name.clone());
    let mut out = format!("  read    {} · {}", head.title, head.date.replace('T', " "));
    if let Some(account) = account.filter(|account| *account != head.title) {
        let _ = write!(out, " · {account}");
    }
    out.push('\n');
    let mut found = Vec::new();
    if titled(draft) > 0 {
        found.push(count(titled(draft), "section"));
    }
    found.push(count(draft.papers().count(), "paper"));
    if !draft.tags.is_empty() {
        found.push(count(draft.tags.len(), "tag"));
    }
    if !draft.related.is_empty() {
        found.push(format!("{} related", draft.related.len()));
    }
    let _ = writeln!(out, "  found   {}", found.join(", "));
    let dropped = trace
        .iter()
        .filter(|traced| matches!(traced.fate, Fate::Dropped(_)))
        .count();
    if dropped > 0 {
        let more = if is_explained {
            ""
        } else {
            "   (--explain shows them)"
        };
        let _ = writeln!(out, "  dropped {}{more}", count(dropped, "line"));
    }
    out
}

/// How many sections have a title.
fn titled(draft: &Draft) -> usize {
    draft
        .sections
        .iter()
        .filter(|section| section.title.is_some())
        .count()
}

/// Tells the fate of every stretch of the source.
fn explain(source: &Arc<Source>, trace: &[Traced], to_stdout: bool, reporter: &mut Reporter) {
    for traced in trace {
        let place = Place::new(source, traced.span.clone());
        let (line, column) = place.line_column();
        let written = source.text.get(place.span).unwrap_or_default().trim();
        let (is_kept, fate) = match &traced.fate {
            Fate::Kept(fate) => (true, fate),
            Fate::Dropped(fate) => (false, fate),
        };
        if reporter.form() == MessageFormat::Json {
            reporter.object_of(|| {
                json!({
                    "reason": "trace",
                    "line": line,
                    "column": column,
                    "kept": is_kept,
                    "as": fate,
                    "text": written,
                })
            });
            continue;
        }
        let first = written.lines().next().unwrap_or_default();
        let mut text: String = first.chars().take(SHOWN).collect();
        if text.len() < written.len() {
            text.push('…');
        }
        let word = if is_kept { "kept" } else { "dropped" };
        let text = crate::draw::harmless(&text);
        let lang = reporter.lang();
        let words = lang.say(&format!("{word:<7}")).into_owned();
        let row = format!("{line:>6}  {words}  {}  | {text}\n", lang.say(fate));
        if to_stdout {
            reporter.stderr(&row);
        } else {
            reporter.say_as_is(&row);
        }
    }
}

fn kind_name(kind: Kind) -> &'static str {
    KINDS
        .iter()
        .find(|(_, other)| *other == kind)
        .map_or("page", |(name, _)| name)
}

/// What `--from` calls the kinds of sources.
pub(crate) const KINDS: [(&str, Kind); 10] = [
    ("page", Kind::Page),
    ("html", Kind::Html),
    ("bibtex", Kind::Bibtex),
    ("csl-json", Kind::CslJson),
    ("ris", Kind::Ris),
    ("markdown", Kind::Markdown),
    ("feed", Kind::Feed),
    ("csv", Kind::Csv),
    ("jsonl", Kind::JsonLines),
    ("links", Kind::Links),
];
