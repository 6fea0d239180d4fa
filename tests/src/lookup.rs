//! A server that answers as arXiv, Crossref and OpenReview do, in the shapes that they
//! document, of a few papers that do not exist. It fails where it is told to, and remembers
//! what it was asked.

use std::fmt::Write as _;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

/// More than any answer has.
const HUGE: usize = 20 * 1024 * 1024;

/// The server, until its process ends.
#[derive(Debug)]
pub struct Server {
    address: String,
    state: Arc<Mutex<State>>,
}

/// What goes wrong with a request.
#[derive(Debug, Clone)]
pub enum Failure {
    /// This HTTP status, and after how many seconds to come again.
    Status(u16, Option<u64>),
    /// Another address to go to.
    Redirect(String),
    /// The connection ends without an answer.
    Drop,
    /// The answer takes so long.
    Slow(Duration),
    /// Half of the answer comes, and no more was announced.
    Truncated,
    /// Half of what was announced comes.
    CutOff,
    /// The answer is this.
    Said(&'static str),
    /// The answer has no end.
    Huge,
}

#[derive(Debug, Default)]
struct State {
    requests: Vec<String>,
    failures: Vec<(String, Failure)>,
}

impl Server {
    /// Starts a server on a free port of this machine.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn start() -> Self {
        let listener =
            TcpListener::bind("127.0.0.1:0").unwrap_or_else(|error| panic!("no port: {error}"));
        let port = listener.local_addr().map_or(0, |address| address.port());
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        // It ends with the test's process.
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = Arc::clone(&shared);
                thread::spawn(move || serve(stream, &state));
            }
        });
        Self {
            address: format!("http://127.0.0.1:{port}"),
            state,
        }
    }

    /// arXiv's address, to be set as `OFFPRINT_ARXIV_API`.
    #[must_use]
    pub fn arxiv(&self) -> String {
        format!("{}/arxiv/query", self.address)
    }

    /// Crossref's address, to be set as `OFFPRINT_CROSSREF_API`.
    #[must_use]
    pub fn crossref(&self) -> String {
        format!("{}/crossref", self.address)
    }

    /// OpenReview's address, to be set as `OFFPRINT_OPENREVIEW_API`.
    #[must_use]
    pub fn openreview(&self) -> String {
        format!("{}/openreview2", self.address)
    }

    /// The address of OpenReview's first version, to be set as `OFFPRINT_OPENREVIEW_V1_API`.
    #[must_use]
    pub fn openreview_v1(&self) -> String {
        format!("{}/openreview1", self.address)
    }

    /// Lets the next request whose target begins so fail; several wait for their turn.
    pub fn fail(&self, target: &str, failure: Failure) {
        self.state().failures.push((target.to_owned(), failure));
    }

    /// The targets that were asked for since the last call, in order.
    #[must_use]
    pub fn requests(&self) -> Vec<String> {
        std::mem::take(&mut self.state().requests)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Serves the requests of a connection, one after the other.
fn serve(stream: TcpStream, state: &Mutex<State>) {
    let Ok(mut writer) = stream.try_clone() else {
        return;
    };
    let mut reader = BufReader::new(stream);
    while let Ok(Some(target)) = read_request(&mut reader) {
        if answer(&target, state, &mut writer).is_err() {
            break;
        }
    }
    let _ = writer.shutdown(Shutdown::Both);
}

/// Reads a request without a body.
fn read_request(reader: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let target = line.split_whitespace().nth(1).unwrap_or_default();
    loop {
        let mut header = String::new();
        if reader.read_line(&mut header)? == 0 || header.trim().is_empty() {
            return Ok(Some(target.to_owned()));
        }
    }
}

/// Answers a request; an error ends the connection.
fn answer(target: &str, state: &Mutex<State>, writer: &mut TcpStream) -> io::Result<()> {
    let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
    state.requests.push(target.to_owned());
    let failure = state
        .failures
        .iter()
        .position(|(begins, _)| target.starts_with(begins.as_str()));
    let failure = failure.map(|index| state.failures.remove(index).1);
    drop(state);
    let (status, mut body) = said(target);
    match failure {
        Some(Failure::Status(status, after)) => {
            let more = after.map_or_else(String::new, |after| format!("Retry-After: {after}\r\n"));
            return write_answer(writer, status, &more, b"busy", 4);
        }
        Some(Failure::Redirect(to)) => {
            return write_answer(writer, 301, &format!("Location: {to}\r\n"), b"", 0);
        }
        Some(Failure::Drop) => return Err(io::ErrorKind::ConnectionAborted.into()),
        Some(Failure::Slow(time)) => thread::sleep(time),
        Some(Failure::Truncated) => body.truncate(body.len() / 2),
        Some(Failure::CutOff) => {
            let whole = body.len();
            body.truncate(whole / 2);
            write_answer(writer, status, "", body.as_bytes(), whole)?;
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        Some(Failure::Said(text)) => text.clone_into(&mut body),
        Some(Failure::Huge) => body = " ".repeat(HUGE),
        None => {}
    }
    write_answer(writer, status, "", body.as_bytes(), body.len())
}

fn write_answer(
    writer: &mut TcpStream,
    status: u16,
    more: &str,
    body: &[u8],
    length: usize,
) -> io::Result<()> {
    let head = format!("HTTP/1.1 {status} Said\r\n{more}Content-Length: {length}\r\n\r\n");
    writer.write_all(head.as_bytes())?;
    writer.write_all(body)?;
    writer.flush()
}

/// What is said to a target.
fn said(target: &str) -> (u16, String) {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let value = |name: &str| {
        query
            .split('&')
            .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
            .map(decoded)
            .unwrap_or_default()
    };
    if path == "/arxiv/query" {
        return arxiv(&value("id_list"));
    }
    if let Some(doi) = path.strip_prefix("/crossref/works/") {
        return match work(&decoded(doi)) {
            Some(work) => {
                let answer = json!({
                    "status": "ok", "message-type": "work", "message-version": "1.0.0",
                    "message": work,
                });
                (200, answer.to_string())
            }
            None => (404, "Resource not found.".to_owned()),
        };
    }
    let id = value("id");
    let note = match path {
        "/openreview2/notes" => note(&id),
        "/openreview1/notes" => old_note(&id),
        other => panic!("{other} is asked for"),
    };
    let notes: Vec<Value> = note.into_iter().collect();
    let answer = json!({ "notes": notes, "count": notes.len() });
    (200, answer.to_string())
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits: Vec<u8> = rest.by_ref().take(2).collect();
            let hex = String::from_utf8_lossy(&digits).into_owned();
            bytes.extend(u8::from_str_radix(&hex, 16));
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A feed of those papers that there are. Numbers `2001.0xxxx` exist, `2001.9xxxx` do not; an
/// identifier of another form is an error, for the whole request.
fn arxiv(list: &str) -> (u16, String) {
    let mut entries = String::new();
    for id in list.split(',').filter(|id| !id.is_empty()) {
        let is_old = id.starts_with("hep-th/");
        if !is_old && !id.starts_with("2001.") {
            let error = format!(
                "<entry><id>http://arxiv.org/api/errors#incorrect_id_format_for_{id}</id>\
                 <title>Error</title><summary>incorrect id format for {id}</summary></entry>"
            );
            return (400, feed(&error));
        }
        if id.starts_with("2001.9") {
            continue;
        }
        let shown = if id.contains('v') {
            id.to_owned()
        } else {
            format!("{id}v2")
        };
        let more = match id {
            "2001.00002" => {
                "<arxiv:comment>This paper has been withdrawn by the authors</arxiv:comment>"
            }
            "2001.00003" => {
                "<arxiv:journal_ref>J. Paper 7 (2021) 1-9</arxiv:journal_ref>\
                 <arxiv:doi>10.1000/fold.3</arxiv:doi>"
            }
            _ => "",
        };
        let _ = write!(
            entries,
            "<entry><id>http://arxiv.org/abs/{shown}</id>\
             <updated>2020-02-02T10:00:00Z</updated><published>2020-01-01T18:30:00Z</published>\
             <title>Folding $\\mathcal{{O}}(n)$ Cranes\n  &amp; Boats {id}</title>\
             <summary>  We fold paper in $O(n)$\nsteps.\n</summary>\
             <author><name>Ada Lovelace</name></author><author><name>王小明</name></author>{more}\
             <link href=\"http://arxiv.org/abs/{shown}\" rel=\"alternate\" type=\"text/html\"/>\
             <category term=\"cs.CG\" scheme=\"http://arxiv.org/schemas/atom\"/></entry>"
        );
    }
    (200, feed(&entries))
}

fn feed(entries: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <feed xmlns=\"http://www.w3.org/2005/Atom\" xmlns:arxiv=\"http://arxiv.org/schemas/atom\">\
         <title type=\"html\">ArXiv Query</title><id>http://arxiv.org/api/x</id>{entries}</feed>"
    )
}

fn work(doi: &str) -> Option<Value> {
    let mut work = json!({
        "DOI": doi,
        "type": "journal-article",
        "title": ["Folding <i>by</i> Learning &amp; Luck"],
        "subtitle": ["A Study"],
        "author": [
            { "given": "Grace", "family": "Hopper", "sequence": "first", "affiliation": [] },
            { "given": "小明", "family": "王", "sequence": "additional" },
            { "name": "The Folding Group", "sequence": "additional" },
        ],
        "container-title": ["Journal of Paper"],
        "published": { "date-parts": [[2019, 5]] },
        "abstract": "<jats:title>Abstract</jats:title><jats:p>We fold.</jats:p><jats:p>Twice.</jats:p>",
        "language": "en",
    });
    match doi {
        "10.1000/fold" | "10.1000/(sici)1<2::aid>3.0.co;2-o" => {}
        "10.1000/retracted" => {
            let notice = json!([{ "DOI": "10.1000/notice", "type": "retraction" }]);
            if let Some(work) = work.as_object_mut() {
                work.insert("updated-by".to_owned(), notice);
            }
        }
        "10.1000/bare" => work = json!({ "DOI": doi, "title": [], "type": "component" }),
        _ => return None,
    }
    Some(work)
}

/// A note as the second version of the interface has it.
fn note(id: &str) -> Option<Value> {
    (id == "zOGdf9K8aC").then(|| {
        json!({
            "id": id, "forum": id, "version": 2, "cdate": 1_600_000_000_000_u64,
            "content": {
                "title": { "value": "Folding Under Review" },
                "authors": { "value": ["Ada Lovelace", "Alan Turing"] },
                "abstract": { "value": "We fold; reviewers unfold." },
                "venue": { "value": "Submitted to ICLR 2024" },
                "pdf": { "value": "/pdf/x.pdf" },
            },
        })
    })
}

/// A note as the first version has it.
fn old_note(id: &str) -> Option<Value> {
    (id == "_old-Note1").then(|| {
        json!({
            "id": id, "forum": id, "tcdate": 1_600_000_000_000_u64,
            "content": {
                "title": "Folding Before 2023",
                "authors": ["Anonymous"],
                "abstract": "Old paper.",
            },
        })
    })
}
