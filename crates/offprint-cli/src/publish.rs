//! Issues to where they are published: the draft box of a WeChat account.

mod cache;
mod credentials;

use std::env;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use jiff::Timestamp;
use offprint_core::fields::{Fields, Node, NodeValue};
use offprint_core::{Asset, Context, Diagnostic, Source};
use offprint_draftbox::{
    Article, Base, Change, Connection, Draft, Event, Host, Memory, Outcome, Picture, Plan,
    PublishError, SentDraft, Why,
};
use offprint_wechat::Wechat;
use serde_json::json;

use self::cache::Cache;
use crate::args::{Cli, Input, Publish};
use crate::build::{self, input_of};
use crate::fault::Fault;
use crate::formats::{self, Format};
use crate::locate::locate_all;
use crate::network::proxy;
use crate::project::{Finding, LEFT_OUT, LoadedIssue, Project};
use crate::report::{Reporter, Summary, count, size};
use crate::roots::shown;

/// Where the interface is, if not at WeChat.
const API: &str = "OFFPRINT_WECHAT_API";
/// The format whose articles are sent.
const FORMAT: &str = "wechat";
/// The most changes that are told one by one.
const MAX_CHANGES: usize = 20;

/// What is asked of a publication.
#[derive(Debug)]
struct Wish<'a> {
    issue: &'a Path,
    /// Whether nothing is sent.
    dry_run: bool,
    /// The file with the AppID and the AppSecret.
    credentials: Option<&'a Path>,
    /// Whether a draft that was changed in the console is replaced.
    overwrite: bool,
    /// How long one request may take.
    timeout: Duration,
    /// The first wait before another attempt; later ones are longer.
    wait: Duration,
}

/// Sends an issue to where it is published; `false` when the input is at fault.
pub(crate) fn publish(cli: &Cli, to: &Publish, reporter: &mut Reporter) -> Result<bool, Fault> {
    match to {
        Publish::Wechat {
            issue,
            dry_run,
            credentials,
            overwrite,
            timeout,
            wait,
        } => {
            let wish = Wish {
                issue,
                dry_run: *dry_run,
                credentials: credentials.as_deref(),
                overwrite: *overwrite,
                timeout: Duration::from_secs(*timeout),
                wait: Duration::from_millis(*wait),
            };
            wechat(cli, &wish, reporter)
        }
    }
}

/// Puts an issue into the draft box.
fn wechat(cli: &Cli, wish: &Wish<'_>, reporter: &mut Reporter) -> Result<bool, Fault> {
    let connection = connection(wish)?;
    let input = Input {
        paths: vec![wish.issue.to_owned()],
        font_dir: Vec::new(),
    };
    let formats: Vec<&Format> = formats::ALL
        .iter()
        .filter(|format| format.name == FORMAT)
        .collect();
    let mut projects = crate::open(&input, &formats, None)?;
    let Some(mut project) = projects.pop() else {
        return Err(Fault::Bug("a path names nothing".to_owned()));
    };
    let account = credentials::read(wish, &project.root)?;
    let cache = match &account {
        Some(credentials) => Some(Cache::of(&connection.base, credentials, &project.root)?),
        None => None,
    };
    let Some((key, draft)) = prepare(cli, &mut project, reporter)? else {
        return Ok(stopped(reporter));
    };
    if wish.dry_run {
        let memory = match &cache {
            Some(cache) => cache.read()?.unwrap_or_default(),
            None => Memory::default(),
        };
        let plan = offprint_draftbox::plan(&memory, &key, &draft);
        tell_plan(&plan, account.is_some(), reporter);
        return Ok(crate::is_fine(cli, reporter));
    }
    let (Some(credentials), Some(cache)) = (account, cache) else {
        return Err(credentials::missing());
    };
    let cache = cache.lock()?;
    let mut memory = cache.read()?.unwrap_or_else(|| {
        reporter.finding(&cache.forgotten().into());
        Memory::default()
    });
    let mut surroundings = Surroundings {
        cache: &cache,
        reporter,
    };
    let published = offprint_draftbox::publish(
        &connection,
        &credentials,
        &mut memory,
        &mut surroundings,
        &key,
        &draft,
        wish.overwrite,
    );
    match published {
        Ok(outcome) => {
            tell_outcome(&outcome, reporter);
            reporter.finish(&Summary {
                issues: 1,
                papers: project.wanted().map(|loaded| loaded.papers).sum(),
                ..Summary::default()
            });
            Ok(crate::is_fine(cli, reporter))
        }
        Err(error) => failed(&error, &project, reporter),
    }
}

/// How the interface is reached, by the environment.
fn connection(wish: &Wish<'_>) -> Result<Connection, Fault> {
    let base = match env::var(API) {
        Ok(written) if !written.trim().is_empty() => {
            written.parse::<Base>().map_err(|error| {
                // The value may hold a password.
                Fault::usage(
                    format!("{API} cannot be used: {error}"),
                    format!("unset {API} to publish at WeChat itself"),
                )
            })?
        }
        _ => Base::default(),
    };
    let longer = Connection::default().waits;
    let first = longer.first().copied().unwrap_or_default();
    let scaled = |wait: &Duration| wish.wait.mul_f64(wait.div_duration_f64(first));
    Ok(Connection {
        base,
        proxy: proxy()?,
        timeout: wish.timeout,
        waits: longer.iter().map(scaled).collect(),
    })
}

/// The issue as articles, and what names it; `None` when it has faults, which are told.
fn prepare(
    cli: &Cli,
    project: &mut Project,
    reporter: &mut Reporter,
) -> Result<Option<(String, Draft)>, Fault> {
    let threads = crate::processors().min(crate::MAX_THREADS);
    project.read_issues(threads);
    // Others have no part in it.
    project
        .findings
        .retain(|finding| finding.diagnostic.code != LEFT_OUT);
    for finding in &project.findings {
        reporter.finding(finding);
    }
    if !crate::is_fine(cli, reporter) {
        return Ok(None);
    }
    let mut wanted = project.wanted();
    let (Some(loaded), None) = (wanted.next(), wanted.next()) else {
        return Err(Fault::usage(
            "several issues, or none, are meant",
            "name the file of one issue: `offprint publish wechat issues/….md`",
        ));
    };
    let trial = build::Plan::trial(project);
    let progress = reporter.progress(trial.count_issues(), trial.count());
    let rendered = build::render(project, trial, threads, &progress)?;
    drop(progress);
    let made = draft_of(project, loaded, threads, reporter)?;
    let faults = made
        .as_ref()
        .map(|(_, draft)| draft.faults())
        .unwrap_or_default();
    for finding in rendered.findings() {
        // What is a fault here is a warning there.
        let code = finding.diagnostic.code;
        if !faults.iter().any(|fault| fault.code == code) {
            reporter.finding(finding);
        }
    }
    for finding in input_faults(faults, &loaded.origin.name) {
        reporter.finding(&finding);
    }
    Ok(made.filter(|_| crate::is_fine(cli, reporter)))
}

/// The articles of an issue with their pictures.
fn draft_of(
    project: &Project,
    loaded: &LoadedIssue,
    threads: usize,
    reporter: &mut Reporter,
) -> Result<Option<(String, Draft)>, Fault> {
    let issue = project.take_issue(loaded)?;
    let assets = project.assets(&loaded.pictures)?;
    let context = Context {
        assets: &assets,
        fonts: &project.fonts,
        published: &[],
        files: &project.texts,
        attachments: &[],
        threads,
    };
    let articles = settings(project).articles(&context, &project.series, &issue);
    let articles = match articles {
        Ok(articles) => articles,
        Err(error) => {
            let diagnostics = input_of(error, FORMAT, &loaded.id, &project.destination)?;
            for finding in locate_all(diagnostics, Some(loaded), project) {
                reporter.finding(&finding);
            }
            return Ok(None);
        }
    };
    let logo = project.series.logo.as_ref();
    let logo = logo.and_then(|logo| assets.get(&logo.src));
    let mut draft = Draft::default();
    let mut last: Option<(&Asset, Picture)> = None;
    for article in articles {
        let asset = article.cover.or(logo);
        let cover = asset.map(|asset| match &last {
            // The parts of an issue have one cover.
            Some((known, cover)) if std::ptr::eq(*known, asset) => cover.clone(),
            _ => picture(asset),
        });
        last = asset.zip(cover.clone());
        draft.articles.push(Article {
            title: article.title,
            author: article.author,
            digest: article.digest,
            content: article.content,
            source_url: article.source_url,
            pictures: article
                .pictures
                .into_iter()
                .map(|(src, asset)| (src, picture(&asset)))
                .collect(),
            cover,
        });
    }
    Ok(Some((issue.guid, draft)))
}

/// The settings of the format; what is wrong with them was told when the project was opened.
fn settings(project: &Project) -> Wechat {
    let nowhere = Source::new(String::new(), String::new());
    let source = project.settings.as_ref().unwrap_or(&nowhere);
    let nothing = Node {
        value: NodeValue::Null,
        span: 0..0,
    };
    let node = project.series.settings.get(FORMAT).unwrap_or(&nothing);
    let mut told = Vec::new();
    Wechat::read(&mut Fields::new(source, node, &mut told))
}

fn picture(asset: &Asset) -> Picture {
    Picture::new(
        asset.name.clone(),
        asset.encoding.media_type(),
        Arc::clone(&asset.data),
    )
}

fn input_faults(faults: Vec<offprint_draftbox::Fault>, file: &str) -> Vec<Finding> {
    let finding = |fault: offprint_draftbox::Fault| Finding {
        diagnostic: Diagnostic::error(fault.code, fault.message).hint(fault.hint),
        file: Some(file.to_owned()),
    };
    faults.into_iter().map(finding).collect()
}

/// What surrounds a publication.
struct Surroundings<'a> {
    cache: &'a Cache,
    reporter: &'a mut Reporter,
}

impl Host for Surroundings<'_> {
    fn now(&mut self) -> u64 {
        u64::try_from(Timestamp::now().as_second()).unwrap_or_default()
    }

    fn wait(&mut self, time: Duration) {
        thread::sleep(time);
    }

    fn keep(&mut self, memory: &Memory) -> Result<(), String> {
        self.cache.write(memory)
    }

    fn tell(&mut self, event: &Event<'_>) {
        match event {
            Event::Uploaded { name, bytes } => {
                let size = size(*bytes as u64);
                self.reporter.say(&format!("  sent    {name}  {size}\n"));
                self.reporter
                    .object_of(|| json!({ "reason": "uploaded", "name": name, "bytes": bytes }));
            }
            Event::Retrying { doing, why, wait } => {
                let seconds = wait.as_secs_f32();
                self.reporter
                    .say(&format!("  waits   {seconds} s; {doing} failed: {why}\n"));
                self.reporter.object_of(
                    || json!({ "reason": "retrying", "doing": doing, "why": why, "seconds": seconds }),
                );
            }
        }
    }
}

fn tell_plan(plan: &Plan, is_account_known: bool, reporter: &mut Reporter) {
    let mut text = String::new();
    for picture in &plan.pictures {
        let verb = if picture.is_known { "has" } else { "send" };
        let kind = if picture.is_cover { "  cover" } else { "" };
        let size = size(picture.bytes as u64);
        let _ = writeln!(text, "  {verb:<7} {}  {size}{kind}", picture.name);
    }
    for draft in &plan.drafts {
        let verb = if draft.media_id.is_some() {
            "update"
        } else {
            "new"
        };
        for (title, characters) in &draft.articles {
            let _ = writeln!(
                text,
                "  {verb:<7} {title}  {characters} of 20,000 characters"
            );
        }
    }
    let sent = plan.pictures.iter().filter(|picture| !picture.is_known);
    let _ = writeln!(
        text,
        "Would send {} and {}; nothing was sent",
        count(sent.count(), "picture"),
        count(plan.drafts.len(), "draft"),
    );
    if !is_account_known {
        text.push_str(
            "What the account has from before is unknown; set OFFPRINT_WECHAT_APPID to see it\n",
        );
    }
    reporter.say(&text);
    reporter.object_of(|| {
        let pictures: Vec<_> = plan
            .pictures
            .iter()
            .map(|picture| {
                json!({
                    "name": picture.name,
                    "bytes": picture.bytes,
                    "cover": picture.is_cover,
                    "known": picture.is_known,
                })
            })
            .collect();
        let drafts: Vec<_> = plan
            .drafts
            .iter()
            .map(|draft| {
                let articles: Vec<_> = draft
                    .articles
                    .iter()
                    .map(|(title, characters)| json!({ "title": title, "characters": characters }))
                    .collect();
                json!({ "media_id": draft.media_id, "articles": articles })
            })
            .collect();
        json!({ "reason": "plan", "pictures": pictures, "drafts": drafts })
    });
    reporter.finish(&Summary::default());
}

fn tell_outcome(outcome: &Outcome, reporter: &mut Reporter) {
    for change in outcome.changes.iter().take(MAX_CHANGES) {
        reporter.finding(&changed(change).into());
    }
    if let Some(more) = outcome.changes.len().checked_sub(MAX_CHANGES + 1) {
        let more = count(more + 1, "change");
        let diagnostic = Diagnostic::warning("wechat::changed", format!("WeChat made {more} more"))
            .hint("compare the draft with the page that `offprint build` makes");
        reporter.finding(&diagnostic.into());
    }
    for draft in &outcome.drafts {
        let SentDraft {
            media_id,
            titles,
            why,
        } = draft;
        let (verb, remark) = match why {
            Why::New => ("new", ""),
            Why::Updated => ("updated", ""),
            Why::Gone => (
                "new",
                "; WeChat no longer knows the draft that was made before",
            ),
            Why::Resized => (
                "new",
                "; the draft that was made before has another number of articles and is still \
                 in the box: delete it there",
            ),
            Why::Found => (
                "new",
                "; WeChat's answer was lost, and the draft was found in the box",
            ),
        };
        let titles_line = titles.join("; ");
        reporter.say(&format!(
            "  {verb:<7} {titles_line}  ({media_id}){remark}\n"
        ));
        reporter.object_of(|| {
            json!({
                "reason": "draft",
                "media_id": media_id,
                "titles": titles,
                "how": match why {
                    Why::New => "new",
                    Why::Updated => "updated",
                    Why::Gone => "gone",
                    Why::Resized => "resized",
                    Why::Found => "found",
                },
            })
        });
    }
    for media_id in &outcome.left_over {
        reporter.say(&format!(
            "  left    {media_id}  made before and no longer needed: delete it in the box\n"
        ));
        reporter.object_of(|| json!({ "reason": "left", "media_id": media_id }));
    }
    reporter.say(&format!(
        "{} in the draft box; {} sent, {} as before. Look at it at https://mp.weixin.qq.com\n",
        count(outcome.drafts.len(), "draft"),
        count(outcome.uploaded, "picture"),
        outcome.reused,
    ));
}

/// What WeChat made of a place.
fn changed(change: &Change) -> Diagnostic {
    let Change {
        article,
        place,
        sent,
        now,
    } = change;
    let what = match (sent.is_empty(), now.is_empty()) {
        (false, true) => format!("`{sent}` was removed"),
        (true, false) => format!("`{now}` was added"),
        _ => format!("`{sent}` became `{now}`"),
    };
    Diagnostic::warning(
        "wechat::changed",
        format!("WeChat changed `{article}`, {place}: {what}"),
    )
    .hint("look at the draft on a phone before you send it")
}

/// Why nothing, or not everything, was published.
fn failed(error: &PublishError, project: &Project, reporter: &mut Reporter) -> Result<bool, Fault> {
    match error {
        PublishError::Input(faults) => {
            let name = project.wanted().next().map(|loaded| &loaded.origin.name);
            let name = name.map_or_else(|| shown(&project.root), Clone::clone);
            for finding in input_faults(faults.clone(), &name) {
                reporter.finding(&finding);
            }
            Ok(stopped(reporter))
        }
        PublishError::Edited(_) => {
            let mut diagnostic = Diagnostic::error("wechat::edited", error.to_string());
            diagnostic.hints.extend(error.hint());
            reporter.finding(&diagnostic.into());
            Ok(stopped(reporter))
        }
        PublishError::Refused { code, errmsg, .. } => {
            reporter
                .object_of(|| json!({ "reason": "refused", "errcode": code, "errmsg": errmsg }));
            Err(Fault::machine(error.to_string(), error.hint().as_deref()))
        }
        PublishError::Unanswered { .. } | PublishError::NotKept(_) => {
            Err(Fault::machine(error.to_string(), error.hint().as_deref()))
        }
    }
}

/// Closes a publication that the input stopped.
fn stopped(reporter: &mut Reporter) -> bool {
    reporter.say("No draft was made or changed\n");
    reporter.finish(&Summary::default());
    false
}
