//! What arXiv, Crossref and OpenReview know of papers, asked over the network.
//!
//! [`lookup`] fills what is absent from the facts of papers whose identifiers are known; what
//! is written already stays. Nothing here reads a disk, a clock or the environment: the caller
//! gives addresses and patience, and a [`Host`] waits, keeps and listens.
//!
//! - arXiv: `https://info.arxiv.org/help/api/user-manual.html`, up to a hundred papers a
//!   request and three seconds between requests, as it asks for.
//! - Crossref: `https://www.crossref.org/documentation/retrieve-metadata/rest-api/`.
//! - OpenReview: `https://docs.openreview.net/reference/api-v2`, and its first version for the
//!   conferences before 2023.

mod arxiv;
mod client;
mod crossref;
mod facts;
mod markup;
mod openreview;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::time::Duration;

use offprint_core::Diagnostic;
use offprint_core::bibliography::Entry;
use offprint_core::model::without_version;

use client::{Client, Trouble};
use facts::Facts;
pub use ureq::Proxy;

/// Where the services are, and how patiently they are asked.
#[derive(Debug, Clone)]
pub struct Settings {
    /// arXiv's query interface, without its query.
    pub arxiv: String,
    /// Crossref's interface, without a slash at its end.
    pub crossref: String,
    /// OpenReview's interface, second version, without a slash at its end.
    pub openreview: String,
    /// OpenReview's interface, first version, without a slash at its end.
    pub openreview_v1: String,
    /// An address of e-mail, which Crossref serves better and can write to.
    pub mailto: Option<String>,
    /// What stands between.
    pub proxy: Option<Proxy>,
    /// How long one request may take.
    pub timeout: Duration,
    /// How long is waited before each further attempt; after the last, a request has failed.
    pub waits: Vec<Duration>,
    /// How long is waited between two requests to arXiv.
    pub pause: Duration,
    /// How many papers arXiv is asked for at once, at most 100.
    pub batch: usize,
    /// Whether what is remembered is asked for anew.
    pub refresh: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            arxiv: "https://export.arxiv.org/api/query".to_owned(),
            crossref: "https://api.crossref.org".to_owned(),
            openreview: "https://api2.openreview.net".to_owned(),
            openreview_v1: "https://api.openreview.net".to_owned(),
            mailto: None,
            proxy: None,
            timeout: Duration::from_secs(30),
            waits: [2, 8, 30].map(Duration::from_secs).to_vec(),
            pause: Duration::from_secs(3),
            batch: 100,
            refresh: false,
        }
    }
}

/// What surrounds a look-up: patience, a memory, and an ear.
pub trait Host {
    /// Lets time pass.
    fn wait(&mut self, time: Duration);

    /// What was kept under a name, which is fit for a file: `arxiv-2006.05929.json`.
    fn kept(&mut self, name: &str) -> Option<String>;

    /// Keeps what was learnt under a name.
    ///
    /// # Errors
    /// Why it could not be kept, in words.
    fn keep(&mut self, name: &str, text: &str) -> Result<(), String>;

    /// Hears what happens, as it happens.
    fn tell(&mut self, event: &Event<'_>);
}

/// What happens during a look-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event<'a> {
    /// So many of all identifiers are done with.
    Progress {
        /// Identifiers that were answered for, by a service or from memory, or given up.
        done: usize,
        /// All of them.
        total: usize,
    },
    /// A request failed and is sent again later.
    Retrying {
        /// `arXiv`, `Crossref`, `OpenReview`.
        service: &'a str,
        /// Why it failed.
        why: &'a str,
        /// How long until the next attempt.
        wait: Duration,
    },
}

/// What came of a look-up.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Report {
    /// How many papers learnt something.
    pub filled: usize,
    /// How many identifiers were answered for from memory.
    pub remembered: usize,
    /// What was not found, could not be asked for, or is to be known: named `import::…`.
    pub diagnostics: Vec<Diagnostic>,
}

/// An identifier that a service knows papers by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Identity {
    Doi(String),
    Arxiv(String),
    Openreview(String),
}

impl Identity {
    /// The identifiers of a paper, the one that knows most first.
    fn all(entry: &Entry) -> Vec<Self> {
        let doi = entry.doi.as_deref().filter(|doi| !doi.is_empty());
        let arxiv = entry.arxiv.as_deref().filter(|id| !id.is_empty());
        let openreview = entry.openreview.as_deref().filter(|id| !id.is_empty());
        [
            doi.map(|doi| Self::Doi(doi.to_ascii_lowercase())),
            arxiv.map(|id| Self::Arxiv(id.to_owned())),
            openreview.map(|id| Self::Openreview(id.to_owned())),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn shown(&self) -> String {
        match self {
            Self::Doi(doi) => format!("doi:{doi}"),
            Self::Arxiv(id) => format!("arXiv:{id}"),
            Self::Openreview(id) => format!("openreview:{id}"),
        }
    }

    /// The name that it is kept under.
    fn name(&self) -> String {
        let (kind, id) = match self {
            Self::Doi(id) => ("doi", id),
            Self::Arxiv(id) => ("arxiv", id),
            Self::Openreview(id) => ("openreview", id),
        };
        facts::file_name(kind, id)
    }

    fn service(&self) -> &'static str {
        match self {
            Self::Doi(_) => "Crossref",
            Self::Arxiv(_) => "arXiv",
            Self::Openreview(_) => "OpenReview",
        }
    }
}

/// Whether a paper lacks anything that a service may know.
fn lacks(entry: &Entry) -> bool {
    entry.title.is_none()
        || entry.authors.is_empty()
        || entry.date.is_none() && entry.year.is_none()
        || entry.abstract_text.is_empty()
}

/// Asks the services for what `entries` lack and fills it in; what they say already stays.
/// Papers without an identifier that a service knows are left alone. A failure costs the
/// facts of the papers concerned and no others.
pub fn lookup(entries: &mut [&mut Entry], settings: &Settings, host: &mut dyn Host) -> Report {
    let wanted: BTreeSet<Identity> = entries
        .iter()
        .filter(|entry| lacks(entry))
        .flat_map(|entry| Identity::all(entry))
        .collect();
    let mut asking = Asking {
        total: wanted.len(),
        done: 0,
        known: BTreeMap::new(),
        report: Report::default(),
        failed: BTreeMap::new(),
        unkept: None,
        client: Client::new(settings, host),
    };
    let wanted = asking.remember(wanted);
    asking.arxiv(&wanted);
    asking.one_by_one(&wanted);
    asking.tell_failures();
    let Asking {
        known, mut report, ..
    } = asking;
    for entry in entries.iter_mut() {
        if !lacks(entry) {
            continue;
        }
        let before = (**entry).clone();
        for identity in Identity::all(entry) {
            if let Some(facts) = known.get(&identity) {
                facts.fill(entry);
                report.diagnostics.extend(facts.remark(&identity.shown()));
            }
        }
        report.filled += usize::from(before != **entry);
    }
    report
}

struct Asking<'a> {
    client: Client<'a>,
    total: usize,
    done: usize,
    known: BTreeMap<Identity, Facts>,
    report: Report,
    /// Services that could not be asked, why, and what stays without facts for it.
    failed: BTreeMap<&'static str, (String, Vec<String>)>,
    /// Why nothing can be kept.
    unkept: Option<String>,
}

impl Asking<'_> {
    fn progress(&mut self, more: usize) {
        self.done += more;
        let (done, total) = (self.done, self.total);
        self.client.host.tell(&Event::Progress { done, total });
    }

    /// Takes what is kept; gives back what is left to ask for.
    fn remember(&mut self, wanted: BTreeSet<Identity>) -> BTreeSet<Identity> {
        self.progress(0);
        if self.client.settings.refresh {
            return wanted;
        }
        let mut left = BTreeSet::new();
        let mut found = 0;
        for identity in wanted {
            let kept = self.client.host.kept(&identity.name());
            match kept.as_deref().and_then(Facts::read) {
                Some(facts) => {
                    found += 1;
                    self.known.insert(identity, facts);
                }
                None => {
                    left.insert(identity);
                }
            }
        }
        self.report.remembered = found;
        if found > 0 {
            self.progress(found);
        }
        left
    }

    fn learn(&mut self, identity: Identity, facts: Facts) {
        let kept = self.client.host.keep(&identity.name(), &facts.write());
        if let Err(why) = kept {
            self.unkept.get_or_insert(why);
        }
        self.known.insert(identity, facts);
    }

    fn not_found(&mut self, identity: &Identity) {
        let (shown, service) = (identity.shown(), identity.service());
        let hint = match identity {
            Identity::Doi(_) => {
                "compare it with the paper's page; DOIs of data and theses are often registered elsewhere than with Crossref"
            }
            Identity::Arxiv(_) => "compare it with the paper's page, https://arxiv.org/abs/…",
            Identity::Openreview(_) => {
                "compare it with the forum's address; it may be withdrawn or not yet public"
            }
        };
        self.report.diagnostics.push(
            Diagnostic::warning(
                "import::not-found",
                format!("{service} knows no paper `{shown}`"),
            )
            .hint(hint),
        );
    }

    fn gave_up(&mut self, identity: &Identity, why: String) {
        let failed = self.failed.entry(identity.service());
        failed
            .or_insert_with(|| (why, Vec::new()))
            .1
            .push(identity.shown());
    }

    fn is_down(&self, service: &str) -> bool {
        self.client.down.contains(service)
    }

    /// Asks arXiv for many papers at once. A batch in which one identifier is refused is asked
    /// for by halves.
    fn arxiv(&mut self, wanted: &BTreeSet<Identity>) {
        let ids: Vec<String> = wanted
            .iter()
            .filter_map(|identity| match identity {
                Identity::Arxiv(id) => Some(id.clone()),
                Identity::Doi(_) | Identity::Openreview(_) => None,
            })
            .collect();
        let size = self.client.settings.batch.clamp(1, 100);
        let mut batches: Vec<Vec<String>> = ids.chunks(size).map(<[String]>::to_vec).collect();
        batches.reverse();
        while let Some(batch) = batches.pop() {
            if self.is_down("arXiv") {
                for id in batch {
                    self.gave_up(&Identity::Arxiv(id), String::new());
                    self.progress(1);
                }
                continue;
            }
            match arxiv::ask(&mut self.client, &batch) {
                Ok(found) => {
                    let count = batch.len();
                    for id in batch {
                        let facts = found.get(id.as_str()).or_else(|| {
                            let bare = without_version(&id);
                            found.get(bare).filter(|_| bare == id)
                        });
                        let identity = Identity::Arxiv(id.clone());
                        match facts {
                            Some(facts) => self.learn(identity, facts.clone()),
                            None => self.not_found(&identity),
                        }
                    }
                    self.progress(count);
                }
                Err(Trouble::Refused(_)) if batch.len() > 1 => {
                    let (first, second) = batch.split_at(batch.len() / 2);
                    batches.push(second.to_vec());
                    batches.push(first.to_vec());
                }
                Err(Trouble::Refused(_) | Trouble::NotFound) => {
                    let count = batch.len();
                    for id in batch {
                        self.not_found(&Identity::Arxiv(id));
                    }
                    self.progress(count);
                }
                Err(Trouble::Failed(why)) => {
                    let count = batch.len();
                    for id in batch {
                        self.gave_up(&Identity::Arxiv(id), why.clone());
                    }
                    self.progress(count);
                }
            }
        }
    }

    /// Asks Crossref and OpenReview, which answer for one paper a request.
    fn one_by_one(&mut self, wanted: &BTreeSet<Identity>) {
        for identity in wanted {
            let answer = match identity {
                Identity::Arxiv(_) => continue,
                Identity::Doi(_) | Identity::Openreview(_) if self.is_down(identity.service()) => {
                    self.gave_up(identity, String::new());
                    self.progress(1);
                    continue;
                }
                Identity::Doi(doi) => crossref::ask(&mut self.client, doi),
                Identity::Openreview(id) => openreview::ask(&mut self.client, id),
            };
            match answer {
                Ok(facts) => self.learn(identity.clone(), facts),
                Err(Trouble::NotFound | Trouble::Refused(_)) => self.not_found(identity),
                Err(Trouble::Failed(why)) => self.gave_up(identity, why),
            }
            self.progress(1);
        }
    }

    /// One finding for each service that could not be asked, however many papers there are.
    fn tell_failures(&mut self) {
        const SHOWN: usize = 5;
        for (service, (why, papers)) in std::mem::take(&mut self.failed) {
            let mut shown = papers
                .iter()
                .take(SHOWN)
                .cloned()
                .collect::<Vec<_>>()
                .join(", ");
            if papers.len() > SHOWN {
                let more = papers.len() - SHOWN;
                let _ = write!(shown, " and {more} more");
            }
            self.report.diagnostics.push(
                Diagnostic::warning(
                    "import::unanswered",
                    format!("{service} could not be asked for {shown}: {why}"),
                )
                .hint("look at the network and at the proxy, if there is one, and import again: what was answered is remembered"),
            );
        }
        if let Some(why) = self.unkept.take() {
            self.report.diagnostics.push(
                Diagnostic::remark(
                    "import::not-kept",
                    format!("the answers could not be kept: {why}"),
                )
                .hint("they are asked for again next time"),
            );
        }
    }
}
