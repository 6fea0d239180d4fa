//! What arXiv, Crossref and OpenReview are asked, and what is made of their answers.

use std::collections::BTreeMap;
use std::time::Duration;

use offprint_core::Severity;
use offprint_core::bibliography::Entry;
use offprint_core::model::Status;
use offprint_core::text::{Block, Inline, plain_text};
use offprint_lookup::{Event, Host, Report, Settings, lookup};
use offprint_tests::lookup::{Failure, Server};

/// A host that waits for nothing and remembers all.
#[derive(Debug, Default)]
struct Desk {
    waits: Vec<Duration>,
    kept: BTreeMap<String, String>,
    is_full: bool,
    retries: Vec<String>,
    progress: Vec<(usize, usize)>,
}

impl Host for Desk {
    fn wait(&mut self, time: Duration) {
        self.waits.push(time);
    }

    fn kept(&mut self, name: &str) -> Option<String> {
        self.kept.get(name).cloned()
    }

    fn keep(&mut self, name: &str, text: &str) -> Result<(), String> {
        if self.is_full {
            return Err("the disk is full".to_owned());
        }
        self.kept.insert(name.to_owned(), text.to_owned());
        Ok(())
    }

    fn tell(&mut self, event: &Event<'_>) {
        match event {
            Event::Progress { done, total } => self.progress.push((*done, *total)),
            Event::Retrying { service, why, .. } => {
                self.retries.push(format!("{service}: {why}"));
            }
        }
    }
}

fn settings(server: &Server) -> Settings {
    Settings {
        arxiv: server.arxiv(),
        crossref: server.crossref(),
        openreview: server.openreview(),
        openreview_v1: server.openreview_v1(),
        timeout: Duration::from_secs(5),
        waits: [1, 2].map(Duration::from_secs).to_vec(),
        ..Settings::default()
    }
}

fn arxiv(id: &str) -> Entry {
    Entry {
        arxiv: Some(id.to_owned()),
        ..Entry::default()
    }
}

fn doi(doi: &str) -> Entry {
    Entry {
        doi: Some(doi.to_owned()),
        ..Entry::default()
    }
}

fn openreview(id: &str) -> Entry {
    Entry {
        openreview: Some(id.to_owned()),
        ..Entry::default()
    }
}

fn ask(entries: &mut [Entry], settings: &Settings, desk: &mut Desk) -> Report {
    let mut entries: Vec<&mut Entry> = entries.iter_mut().collect();
    lookup(&mut entries, settings, desk)
}

fn codes(report: &Report) -> Vec<&str> {
    report.diagnostics.iter().map(|found| found.code).collect()
}

#[test]
fn arxiv_gives_title_authors_date_and_abstract() {
    let server = Server::start();
    let mut entries = [
        arxiv("2001.00001"),
        arxiv("2001.00003v1"),
        arxiv("hep-th/9901001"),
        arxiv("2001.00003"),
    ];
    let report = ask(&mut entries, &settings(&server), &mut Desk::default());
    assert_eq!(codes(&report), [""; 0]);
    assert_eq!(report.filled, 4);
    let [first, versioned, old, published] = &entries;
    assert_eq!(
        first.title.as_deref(),
        Some("Folding $\\mathcal{O}(n)$ Cranes & Boats 2001.00001")
    );
    assert_eq!(first.authors, ["Ada Lovelace", "王小明"]);
    assert_eq!(first.date.unwrap().to_string(), "2020-01-01");
    assert_eq!(first.status, Some(Status::Preprint));
    let [Block::Paragraph(content)] = first.abstract_text.as_slice() else {
        panic!("{:?}", first.abstract_text);
    };
    assert!(matches!(content[1], Inline::Math(_)), "{content:?}");
    assert!(
        versioned
            .title
            .as_deref()
            .unwrap()
            .ends_with("2001.00003v1")
    );
    assert!(old.title.is_some());
    assert_eq!(published.venue.as_deref(), Some("J. Paper 7 (2021) 1-9"));
    assert_eq!(published.doi.as_deref(), Some("10.1000/fold.3"));
    assert_eq!(published.status, None);
    let [request] = &server.requests()[..] else {
        panic!("one request for all");
    };
    assert!(request.contains("id_list=2001.00001,2001.00003,2001.00003v1,hep-th%2F9901001"));
    assert!(request.contains("max_results=4"));
}

#[test]
fn many_papers_are_asked_for_by_hundreds_with_time_between() {
    let server = Server::start();
    let mut entries: Vec<Entry> = (100..350)
        .map(|number| arxiv(&format!("2001.0{number:04}")))
        .collect();
    let mut desk = Desk::default();
    let report = ask(&mut entries, &settings(&server), &mut desk);
    assert_eq!(report.filled, 250);
    assert_eq!(server.requests().len(), 3);
    assert_eq!(desk.waits, [Duration::from_secs(3); 2]);
    assert_eq!(desk.progress.last(), Some(&(250, 250)));
}

#[test]
fn crossref_gives_what_publishers_deposit() {
    let server = Server::start();
    let mut entries = [
        doi("10.1000/FOLD"),
        doi("10.1000/(SICI)1<2::AID>3.0.CO;2-O"),
        doi("10.1000/bare"),
    ];
    let settings = Settings {
        mailto: Some("me@example.org".to_owned()),
        ..settings(&server)
    };
    let report = ask(&mut entries, &settings, &mut Desk::default());
    assert_eq!(codes(&report), [""; 0]);
    let entry = &entries[0];
    assert_eq!(
        entry.title.as_deref(),
        Some("Folding by Learning & Luck: A Study")
    );
    assert_eq!(
        entry.authors,
        ["Grace Hopper", "王小明", "The Folding Group"]
    );
    assert_eq!(entry.venue.as_deref(), Some("Journal of Paper"));
    assert_eq!((entry.year, entry.date), (Some(2019), None));
    assert_eq!(entry.kind.as_deref(), Some("article-journal"));
    assert_eq!(plain_text(&entry.abstract_text), "We fold.\nTwice.");
    assert!(entries[1].title.is_some());
    assert_eq!(entries[2].title, None);
    let requests = server.requests();
    assert!(
        requests
            .iter()
            .all(|request| request.contains("mailto=me%40example.org"))
    );
}

#[test]
fn openreview_is_asked_in_both_versions() {
    let server = Server::start();
    let mut entries = [openreview("zOGdf9K8aC"), openreview("_old-Note1")];
    let report = ask(&mut entries, &settings(&server), &mut Desk::default());
    assert_eq!(codes(&report), [""; 0]);
    assert_eq!(entries[0].title.as_deref(), Some("Folding Under Review"));
    assert_eq!(entries[0].authors, ["Ada Lovelace", "Alan Turing"]);
    assert_eq!(entries[0].venue, None, "OpenReview does not know it");
    assert_eq!(entries[1].title.as_deref(), Some("Folding Before 2023"));
    assert!(entries[1].authors.is_empty());
}

#[test]
fn what_is_written_already_stays_and_is_not_asked_for() {
    let server = Server::start();
    let mut entries = [Entry {
        title: Some("Mine".to_owned()),
        authors: vec!["Me".to_owned()],
        year: Some(2018),
        ..doi("10.1000/fold")
    }];
    ask(&mut entries, &settings(&server), &mut Desk::default());
    assert_eq!(entries[0].title.as_deref(), Some("Mine"));
    assert_eq!(entries[0].authors, ["Me"]);
    assert_eq!(entries[0].year, Some(2018));
    assert_eq!(entries[0].venue.as_deref(), Some("Journal of Paper"));
    let mut nothing = [Entry::default()];
    let _ = server.requests();
    let report = ask(&mut nothing, &settings(&server), &mut Desk::default());
    assert_eq!((report.filled, server.requests().len()), (0, 0));
}

#[test]
fn answers_are_remembered_until_they_are_to_be_fresh() {
    let server = Server::start();
    let mut desk = Desk::default();
    let make = || [arxiv("2001.00001"), doi("10.1000/fold")];
    let mut first = make();
    ask(&mut first, &settings(&server), &mut desk);
    assert_eq!(server.requests().len(), 2);
    assert!(desk.kept.contains_key("arxiv-2001.00001.json"));
    let mut second = make();
    let report = ask(&mut second, &settings(&server), &mut desk);
    assert_eq!(server.requests().len(), 0);
    assert_eq!(report.remembered, 2);
    assert_eq!(first, second);
    // What is damaged is asked for again.
    desk.kept
        .insert("arxiv-2001.00001.json".to_owned(), "{\"tit".to_owned());
    ask(&mut make(), &settings(&server), &mut desk);
    assert_eq!(server.requests().len(), 1);
    let fresh = Settings {
        refresh: true,
        ..settings(&server)
    };
    ask(&mut make(), &fresh, &mut desk);
    assert_eq!(server.requests().len(), 2);
    desk.is_full = true;
    let report = ask(&mut make(), &fresh, &mut desk);
    assert_eq!(codes(&report), ["import::not-kept"]);
    assert_eq!(report.filled, 2);
}

#[test]
fn passing_troubles_pass() {
    let troubles = [
        Failure::Status(429, Some(7)),
        Failure::Status(503, None),
        Failure::Drop,
        Failure::Truncated,
        Failure::CutOff,
        Failure::Said("<html>please log in</html>"),
        Failure::Said(""),
    ];
    for failure in troubles {
        let server = Server::start();
        for service in ["/arxiv", "/crossref", "/openreview2"] {
            server.fail(service, failure.clone());
        }
        let mut entries = [
            arxiv("2001.00001"),
            doi("10.1000/fold"),
            openreview("zOGdf9K8aC"),
        ];
        let mut desk = Desk::default();
        let report = ask(&mut entries, &settings(&server), &mut desk);
        assert_eq!(codes(&report), [""; 0], "{failure:?}");
        assert_eq!(report.filled, 3, "{failure:?}");
        assert_eq!(desk.retries.len(), 3, "{failure:?}: {:?}", desk.retries);
        if matches!(failure, Failure::Status(429, _)) {
            assert!(desk.waits.contains(&Duration::from_secs(7)));
        }
    }
}

#[test]
fn a_slow_answer_is_waited_for_so_long_and_no_longer() {
    let server = Server::start();
    server.fail("/arxiv", Failure::Slow(Duration::from_secs(3)));
    let settings = Settings {
        timeout: Duration::from_millis(300),
        ..settings(&server)
    };
    let mut desk = Desk::default();
    let report = ask(&mut [arxiv("2001.00001")], &settings, &mut desk);
    assert_eq!(report.filled, 1);
    assert!(
        desk.retries[0].contains("within 0.3 s"),
        "{:?}",
        desk.retries
    );
}

#[test]
fn a_redirection_is_followed() {
    let server = Server::start();
    let to = format!("{}/works/10.1000%2Ffold", server.crossref());
    server.fail("/crossref", Failure::Redirect(to));
    let mut entries = [doi("10.1000/moved")];
    let report = ask(&mut entries, &settings(&server), &mut Desk::default());
    assert_eq!(report.filled, 1);
}

#[test]
fn what_is_not_there_is_named() {
    let server = Server::start();
    let mut entries = [
        arxiv("2001.90001"),
        doi("10.1000/nothing"),
        openreview("nothingAtAll"),
        arxiv("2001.00001"),
    ];
    let report = ask(&mut entries, &settings(&server), &mut Desk::default());
    assert_eq!(codes(&report), ["import::not-found"; 3]);
    assert_eq!(report.filled, 1);
    for (found, name) in report.diagnostics.iter().zip([
        "arXiv:2001.90001",
        "doi:10.1000/nothing",
        "openreview:nothingAtAll",
    ]) {
        assert!(found.message.contains(name), "{}", found.message);
        assert_eq!(found.severity, Severity::Warning);
        assert!(!found.hints.is_empty());
    }
}

#[test]
fn one_wrong_identifier_does_not_cost_a_batch() {
    let server = Server::start();
    let mut entries: Vec<Entry> = (100..116)
        .map(|number| arxiv(&format!("2001.0{number:04}")))
        .collect();
    entries.push(arxiv("1234.00001"));
    let report = ask(&mut entries, &settings(&server), &mut Desk::default());
    assert_eq!(report.filled, 16);
    assert_eq!(codes(&report), ["import::not-found"]);
}

#[test]
fn papers_that_were_taken_back_are_said_to_be() {
    let server = Server::start();
    let mut entries = [arxiv("2001.00002"), doi("10.1000/retracted")];
    let report = ask(&mut entries, &settings(&server), &mut Desk::default());
    assert_eq!(codes(&report), ["import::withdrawn", "import::retracted"]);
    assert_eq!(entries[0].status, Some(Status::Withdrawn));
}

#[test]
fn a_service_that_is_down_is_left_in_peace_and_named_once() {
    let server = Server::start();
    for _ in 0..9 {
        server.fail("/crossref", Failure::Status(500, None));
    }
    let mut entries: Vec<Entry> = (0..50)
        .map(|number| doi(&format!("10.1000/{number}")))
        .collect();
    entries.push(arxiv("2001.00001"));
    let mut desk = Desk::default();
    let report = ask(&mut entries, &settings(&server), &mut desk);
    assert_eq!(codes(&report), ["import::unanswered"]);
    let message = &report.diagnostics[0].message;
    assert!(
        message.contains("and 45 more: the server answers 500"),
        "{message}"
    );
    assert_eq!(report.filled, 1, "arXiv is asked all the same");
    assert_eq!(server.requests().len(), 3 * 3 + 1);
    assert_eq!(desk.progress.last(), Some(&(51, 51)));
}

#[test]
fn nobody_there_is_said_and_nothing_is_lost() {
    let settings = Settings {
        arxiv: "http://127.0.0.1:1/query".to_owned(),
        crossref: "http://127.0.0.1:1".to_owned(),
        waits: Vec::new(),
        ..Settings::default()
    };
    let mut entries = [
        arxiv("2001.00001"),
        Entry {
            title: Some("Mine".to_owned()),
            ..doi("10.1000/fold")
        },
    ];
    let report = ask(&mut entries, &settings, &mut Desk::default());
    assert_eq!(codes(&report), ["import::unanswered"; 2]);
    assert!(report.diagnostics[0].message.contains("doi:10.1000/fold"));
    assert!(report.diagnostics[1].message.contains("arXiv:2001.00001"));
    assert_eq!(entries[1].title.as_deref(), Some("Mine"));
}

#[test]
fn an_answer_without_end_is_given_up() {
    let server = Server::start();
    server.fail("/arxiv", Failure::Huge);
    let mut desk = Desk::default();
    let report = ask(&mut [arxiv("2001.00001")], &settings(&server), &mut desk);
    assert_eq!(codes(&report), ["import::unanswered"]);
    assert_eq!(desk.retries.len(), 0);
}
