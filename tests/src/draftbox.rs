//! A server that behaves as WeChat's interface for drafts does: its tokens, limits, errors
//! and rewrites. It fails where it is told to, and remembers all that it was asked.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead, BufReader, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

/// The account's AppID.
pub const APPID: &str = "wx0123456789abcdef";
/// The account's AppSecret.
pub const SECRET: &str = "5ecret0f7he4ccount5ecret0f7he4cc";

const MAX_BODY: usize = 64 * 1024 * 1024;
/// More than any answer of WeChat has.
const HUGE: usize = 34 * 1024 * 1024;
const MEGABYTE: usize = 1024 * 1024;

/// The server, until it is dropped.
#[derive(Debug)]
pub struct Server {
    address: String,
    state: Arc<Mutex<State>>,
}

/// A request that came.
#[derive(Debug, Clone)]
pub struct Request {
    /// `POST`.
    pub method: String,
    /// The path below `/cgi-bin/`.
    pub path: String,
    /// The query as it was sent.
    pub query: String,
    /// Names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body.
    pub body: Vec<u8>,
}

/// What goes wrong with a request.
#[derive(Debug, Clone)]
pub enum Failure {
    /// An answer with this `errcode` and `errmsg`; nothing is done.
    Code(i64, &'static str),
    /// This HTTP status; nothing is done.
    Status(u16),
    /// Another address to go to; nothing is done.
    Redirect(String),
    /// The connection ends before the request is looked at.
    Drop,
    /// The request is done, and the connection ends.
    DropAfter,
    /// The request is done, and the answer takes too long.
    SlowAfter(Duration),
    /// The request is done, and half of the answer comes.
    TruncatedAfter,
    /// The request is done, and the answer is this.
    SaidAfter(&'static str),
    /// The request is done, and the answer has no end.
    HugeAfter,
}

#[derive(Debug, Default)]
struct State {
    requests: Vec<Request>,
    failures: Vec<(String, Failure)>,
    tokens: usize,
    /// The token that is valid, as `stable_token` gives it.
    token: Option<String>,
    /// Tokens that were valid once.
    expired: BTreeSet<String>,
    /// Tokens that `stable_token` gives and nothing takes.
    spoiled: BTreeSet<String>,
    pictures: usize,
    covers: BTreeSet<String>,
    made: usize,
    /// The newest first.
    drafts: Vec<(String, Vec<Value>)>,
    rewrites: Vec<(String, String)>,
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

    /// Its address, to be set as `OFFPRINT_WECHAT_API`.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Lets the next request to `path` fail so; several wait for their turn.
    pub fn fail(&self, path: &str, failure: Failure) {
        self.state().failures.push((path.to_owned(), failure));
    }

    /// Lets the token expire.
    pub fn expire_token(&self) {
        let mut state = self.state();
        let token = state.token.take();
        state.expired.extend(token);
    }

    /// Makes the token invalid, and gives it all the same until another is forced.
    pub fn spoil_token(&self) {
        let mut state = self.state();
        let token = state.token.clone();
        state.spoiled.extend(token);
    }

    /// Changes what drafts hold from now on, beyond what WeChat is known to change.
    pub fn rewrite(&self, from: &str, to: &str) {
        self.state().rewrites.push((from.to_owned(), to.to_owned()));
    }

    /// Changes the drafts that there are, as a person does in the console.
    pub fn edit(&self, from: &str, to: &str) {
        for (_, articles) in &mut self.state().drafts {
            for article in articles {
                let content = text(article, "content").replace(from, to);
                set(article, "content", content);
            }
        }
    }

    /// Sets a field of all articles that there are, as a person does in the console.
    pub fn set(&self, name: &str, value: &Value) {
        for (_, articles) in &mut self.state().drafts {
            for article in articles {
                if let Some(article) = article.as_object_mut() {
                    article.insert(name.to_owned(), value.clone());
                }
            }
        }
    }

    /// Removes all drafts, as a person does in the console.
    pub fn remove_drafts(&self) {
        self.state().drafts.clear();
    }

    /// Removes all covers, as a person does in the console.
    pub fn remove_covers(&self) {
        self.state().covers.clear();
    }

    /// Puts a draft with such a title there, as a person does in the console.
    pub fn add_draft(&self, title: &str) {
        let mut state = self.state();
        state.made += 1;
        let id = format!("DRAFT-{}", state.made);
        let article = json!({ "title": title, "digest": "", "author": "", "content": "" });
        state.drafts.insert(0, (id, vec![article]));
    }

    /// The requests that came since the last call, in order.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        std::mem::take(&mut self.state().requests)
    }

    /// The paths of the requests that came since the last call, in order.
    #[must_use]
    pub fn paths(&self) -> Vec<String> {
        self.requests()
            .into_iter()
            .map(|request| request.path)
            .collect()
    }

    /// The drafts with their articles, the newest first.
    #[must_use]
    pub fn drafts(&self) -> Vec<(String, Vec<Value>)> {
        self.state().drafts.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Request {
    /// The body as JSON.
    ///
    /// # Panics
    /// When it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{}: no JSON: {error}", self.path))
    }
}

/// Serves the requests of a connection, one after the other.
fn serve(stream: TcpStream, state: &Mutex<State>) {
    let Ok(mut writer) = stream.try_clone() else {
        return;
    };
    let mut reader = BufReader::new(stream);
    while let Ok(Some(request)) = read_request(&mut reader) {
        // Nobody speaks through a tunnel.
        if answer(&request, state, &mut writer).is_err() || request.method == "CONNECT" {
            break;
        }
    }
    let _ = writer.shutdown(Shutdown::Both);
}

fn read_request(reader: &mut impl BufRead) -> io::Result<Option<Request>> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut words = line.split_whitespace();
    let method = words.next().unwrap_or_default().to_owned();
    let target = words.next().unwrap_or_default();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let path = path.strip_prefix("/cgi-bin/").unwrap_or(path).to_owned();
    let query = query.to_owned();
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let length: usize = headers
        .get("content-length")
        .and_then(|length| length.parse().ok())
        .unwrap_or(0);
    let mut body = vec![0; length.min(MAX_BODY)];
    reader.read_exact(&mut body)?;
    Ok(Some(Request {
        method,
        path,
        query,
        headers,
        body,
    }))
}

/// Answers a request; an error ends the connection.
fn answer(request: &Request, state: &Mutex<State>, writer: &mut TcpStream) -> io::Result<()> {
    let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
    state.requests.push(request.clone());
    let failure = state
        .failures
        .iter()
        .position(|(path, _)| *path == request.path);
    let failure = failure.map(|index| state.failures.remove(index).1);
    match &failure {
        Some(Failure::Code(code, errmsg)) => {
            let answer = json!({ "errcode": code, "errmsg": errmsg });
            return write_answer(writer, 200, "", answer.to_string().as_bytes());
        }
        Some(Failure::Status(status)) => return write_answer(writer, *status, "", b"<html>"),
        Some(Failure::Redirect(to)) => {
            return write_answer(writer, 307, &format!("Location: {to}\r\n"), b"");
        }
        Some(Failure::Drop) => return Err(io::ErrorKind::ConnectionAborted.into()),
        Some(
            Failure::DropAfter
            | Failure::SlowAfter(_)
            | Failure::TruncatedAfter
            | Failure::SaidAfter(_)
            | Failure::HugeAfter,
        )
        | None => {}
    }
    let said = state.handle(request);
    drop(state);
    let said = match said {
        Ok(answer) => answer,
        Err((code, errmsg)) => json!({ "errcode": code, "errmsg": errmsg }),
    };
    let mut bytes = said.to_string().into_bytes();
    match failure {
        Some(Failure::DropAfter) => return Err(io::ErrorKind::ConnectionAborted.into()),
        Some(Failure::SlowAfter(time)) => thread::sleep(time),
        Some(Failure::TruncatedAfter) => bytes.truncate(bytes.len() / 2),
        Some(Failure::SaidAfter(said)) => bytes = said.as_bytes().to_vec(),
        Some(Failure::HugeAfter) => bytes = vec![b' '; HUGE],
        Some(Failure::Code(..) | Failure::Status(_) | Failure::Redirect(_) | Failure::Drop)
        | None => {}
    }
    write_answer(writer, 200, "", &bytes)
}

/// All answers are JSON, and all of them are labelled as text, as some of WeChat's are.
fn write_answer(writer: &mut TcpStream, status: u16, more: &str, body: &[u8]) -> io::Result<()> {
    let head = format!(
        "HTTP/1.1 {status} Said\r\nContent-Type: text/plain\r\n{more}Content-Length: {}\r\n\r\n",
        body.len()
    );
    writer.write_all(head.as_bytes())?;
    writer.write_all(body)?;
    writer.flush()
}

type Said = Result<Value, (i64, String)>;

fn no(code: i64, errmsg: &str) -> (i64, String) {
    (code, format!("{errmsg} rid: 6500-1f2e-77"))
}

impl State {
    fn handle(&mut self, request: &Request) -> Said {
        if request.method != "POST" {
            return Err(no(43002, "require POST method"));
        }
        if request.path == "stable_token" {
            return self.stable_token(request);
        }
        self.check_token(request)?;
        match request.path.as_str() {
            "media/uploadimg" => self.uploadimg(request),
            "material/add_material" => self.add_material(request),
            "draft/add" => self.add(request),
            "draft/update" => self.update(request),
            "draft/get" => self.get(request),
            "draft/batchget" => self.batchget(request),
            other => panic!("{other} is asked for"),
        }
    }

    fn stable_token(&mut self, request: &Request) -> Said {
        let body = body_of(request)?;
        if text(&body, "grant_type") != "client_credential" {
            return Err(no(40002, "invalid grant_type"));
        }
        if text(&body, "appid") != APPID {
            return Err(no(40013, "invalid appid"));
        }
        if text(&body, "secret") != SECRET {
            return Err(no(40125, "invalid appsecret"));
        }
        let is_forced = body.get("force_refresh") == Some(&Value::Bool(true));
        if is_forced || self.token.is_none() {
            let old = self.token.take();
            self.expired.extend(old);
            self.tokens += 1;
            self.token = Some(format!("T0KEN-{}_{}", self.tokens, "x".repeat(120)));
        }
        Ok(json!({ "access_token": self.token, "expires_in": 7200 }))
    }

    fn check_token(&self, request: &Request) -> Result<(), (i64, String)> {
        let token = request
            .query
            .split('&')
            .find_map(|pair| pair.strip_prefix("access_token="));
        let Some(token) = token else {
            return Err(no(41001, "access_token missing"));
        };
        let is_current = self.token.as_deref() == Some(token);
        if is_current && !self.spoiled.contains(token) {
            Ok(())
        } else if self.expired.contains(token) {
            Err(no(42001, "access_token expired"))
        } else {
            Err(no(
                40001,
                "invalid credential, access_token is invalid or not latest",
            ))
        }
    }

    fn uploadimg(&mut self, request: &Request) -> Said {
        let (name, bytes) = media_of(request)?;
        let Some(kind @ ("png" | "jpeg")) = kind_of(&name, &bytes) else {
            return Err(no(40005, "invalid file type"));
        };
        if bytes.len() >= MEGABYTE {
            return Err(no(40009, "invalid image size"));
        }
        self.pictures += 1;
        let number = self.pictures;
        let url = format!("http://mmbiz.qpic.cn/mmbiz_{kind}/Picture{number}/0?wx_fmt={kind}");
        Ok(json!({ "url": url }))
    }

    fn add_material(&mut self, request: &Request) -> Said {
        if !request.query.split('&').any(|pair| pair == "type=image") {
            return Err(no(40004, "invalid media type"));
        }
        let (name, bytes) = media_of(request)?;
        if kind_of(&name, &bytes).is_none() {
            return Err(no(40005, "invalid file type"));
        }
        if bytes.len() > 10 * MEGABYTE {
            return Err(no(45001, "media size out of limit"));
        }
        self.made += 1;
        let id = format!("COVER-{}", self.made);
        self.covers.insert(id.clone());
        let url = format!("http://mmbiz.qpic.cn/mmbiz_png/{id}/0?wx_fmt=png");
        Ok(json!({ "media_id": id, "url": url, "item": [] }))
    }

    fn add(&mut self, request: &Request) -> Said {
        let body = body_of(request)?;
        let articles = body.get("articles").and_then(Value::as_array);
        let Some(articles) = articles else {
            return Err(no(47001, "data format error"));
        };
        if articles.is_empty() {
            return Err(no(44003, "empty news data"));
        }
        if articles.len() > 8 {
            return Err(no(45008, "article size out of limit"));
        }
        let mut kept = Vec::new();
        for article in articles {
            kept.push(self.kept(article)?);
        }
        self.made += 1;
        let id = format!("DRAFT-{}", self.made);
        self.drafts.insert(0, (id.clone(), kept));
        Ok(json!({ "media_id": id, "item": [] }))
    }

    fn update(&mut self, request: &Request) -> Said {
        let body = body_of(request)?;
        let Some(article) = body.get("articles").filter(|it| it.is_object()) else {
            return Err(no(47001, "data format error"));
        };
        let place = self.place_of(text(&body, "media_id"))?;
        let kept = self.kept(article)?;
        let index = body.get("index").and_then(Value::as_u64);
        let index = index.and_then(|index| usize::try_from(index).ok());
        let old = self
            .drafts
            .get_mut(place)
            .zip(index)
            .and_then(|((_, articles), index)| articles.get_mut(index));
        let Some(old) = old else {
            return Err(no(40114, "invalid index value"));
        };
        *old = kept;
        let draft = self.drafts.remove(place);
        self.drafts.insert(0, draft);
        Ok(json!({ "errcode": 0, "errmsg": "ok" }))
    }

    fn get(&mut self, request: &Request) -> Said {
        let body = body_of(request)?;
        let place = self.place_of(text(&body, "media_id"))?;
        let articles = self.drafts.get(place).map(|(_, articles)| articles);
        Ok(json!({ "news_item": articles, "create_time": 1, "update_time": 2 }))
    }

    fn batchget(&mut self, request: &Request) -> Said {
        let body = body_of(request)?;
        let number = |name| {
            let number = body.get(name).and_then(Value::as_u64).unwrap_or(0);
            usize::try_from(number).unwrap_or(0)
        };
        let count = number("count");
        if !(1..=20).contains(&count) {
            return Err(no(40097, "invalid args"));
        }
        let item: Vec<Value> = self
            .drafts
            .iter()
            .skip(number("offset"))
            .take(count)
            .map(|(id, articles)| {
                let mut articles = articles.clone();
                if number("no_content") == 1 {
                    for article in &mut articles {
                        if let Some(article) = article.as_object_mut() {
                            article.remove("content");
                        }
                    }
                }
                json!({
                    "media_id": id,
                    "content": { "news_item": articles, "create_time": 1, "update_time": 2 },
                    "update_time": 2,
                })
            })
            .collect();
        Ok(json!({
            "total_count": self.drafts.len(),
            "item_count": item.len(),
            "item": item,
        }))
    }

    fn place_of(&self, media_id: &str) -> Result<usize, (i64, String)> {
        let place = self.drafts.iter().position(|(id, _)| id == media_id);
        place.ok_or_else(|| no(40007, "invalid media_id"))
    }

    /// What is kept of an article.
    fn kept(&self, article: &Value) -> Said {
        let length = |name| text(article, name).chars().count();
        if length("title") == 0 || length("title") > 32 {
            return Err(no(45003, "title size out of limit"));
        }
        if length("author") > 16 {
            return Err(no(45110, "author size out of limit"));
        }
        if length("digest") > 128 {
            return Err(no(45004, "description size out of limit"));
        }
        let content = text(article, "content");
        if content.is_empty() {
            return Err(no(44003, "empty news data"));
        }
        if length("content") >= 20_000 || content.len() >= MEGABYTE {
            return Err(no(45002, "content size out of limit"));
        }
        if text(article, "content_source_url").len() > 1024 {
            return Err(no(40038, "invalid url size"));
        }
        if !self.covers.contains(text(article, "thumb_media_id")) {
            return Err(no(40007, "invalid media_id"));
        }
        let mut kept = article.clone();
        let mut content = rewritten(content);
        for (from, to) in &self.rewrites {
            content = content.replace(from, to);
        }
        if text(article, "digest").is_empty() {
            let words: String = content
                .split('<')
                .filter_map(|piece| piece.split_once('>').map(|(_, words)| words))
                .collect();
            set(&mut kept, "digest", words.chars().take(54).collect());
        }
        set(&mut kept, "content", content);
        for name in ["need_open_comment", "only_fans_can_comment"] {
            if let Some(kept) = kept.as_object_mut() {
                kept.entry(name).or_insert(json!(0));
            }
        }
        Ok(kept)
    }
}

/// A body that is JSON in UTF-8.
fn body_of(request: &Request) -> Said {
    if request.body.is_empty() {
        return Err(no(44002, "empty post data"));
    }
    serde_json::from_slice(&request.body).map_err(|_| no(47001, "data format error"))
}

/// The file of a form: its name and its bytes.
fn media_of(request: &Request) -> Result<(String, Vec<u8>), (i64, String)> {
    let missing = || no(41005, "media data missing");
    let kind = request.headers.get("content-type");
    let boundary = kind
        .and_then(|kind| kind.strip_prefix("multipart/form-data; boundary="))
        .ok_or_else(missing)?;
    let start = format!("--{boundary}\r\n").into_bytes();
    let end = format!("\r\n--{boundary}--\r\n").into_bytes();
    let part = request
        .body
        .strip_prefix(start.as_slice())
        .and_then(|rest| rest.strip_suffix(end.as_slice()))
        .ok_or_else(missing)?;
    let blank = part
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .ok_or_else(missing)?;
    let (head, bytes) = part.split_at_checked(blank).ok_or_else(missing)?;
    let head = String::from_utf8(head.to_vec()).map_err(|_| missing())?;
    let name = head
        .split_once("Content-Disposition: form-data; name=\"media\"; filename=\"")
        .and_then(|(_, rest)| rest.split_once('"'))
        .map(|(name, _)| name.to_owned())
        .ok_or_else(missing)?;
    Ok((name, bytes.get(4..).unwrap_or_default().to_vec()))
}

/// What a file is by its first bytes; `None` if WeChat does not take it, or if its name says
/// something else.
fn kind_of(name: &str, bytes: &[u8]) -> Option<&'static str> {
    let (kind, endings): (_, &[&str]) = if bytes.starts_with(b"\x89PNG") {
        ("png", &["png"])
    } else if bytes.starts_with(b"\xff\xd8") {
        ("jpeg", &["jpg", "jpeg"])
    } else if bytes.starts_with(b"GIF8") {
        ("gif", &["gif"])
    } else if bytes.starts_with(b"BM") {
        ("bmp", &["bmp"])
    } else {
        return None;
    };
    let (_, ending) = name.rsplit_once('.')?;
    endings.contains(&ending).then_some(kind)
}

/// What WeChat is known to make of an article.
fn rewritten(content: &str) -> String {
    let mut out = String::new();
    for piece in content.split_inclusive('>') {
        let Some((before, tag)) = piece.rsplit_once('<') else {
            out.push_str(piece);
            continue;
        };
        out.push_str(before);
        let tag = without(tag, " id=\"", "\"");
        let tag = without(&tag, "position:", ";");
        let tag = tag
            .replace("viewBox=", "viewbox=")
            .replace(" nodeleaf>", " nodeleaf=\"nodeleaf\">");
        let tag = if tag.starts_with("img") {
            if !tag.contains("//mmbiz.qpic.cn/") {
                // Pictures of other places are left out.
                continue;
            }
            tag.replace(" src=\"http:", " src=\"https:")
                .replace(" src=\"", " data-src=\"")
                .replace("/0?wx_fmt", "/640?from=appmsg&amp;wx_fmt")
        } else {
            tag
        };
        out.push('<');
        out.push_str(&tag);
    }
    let out = without(&out, "<style", "</style>");
    without(&out, "<script", "</script>")
}

/// `text` without what lies from `start` to `end`.
fn without(text: &str, start: &str, end: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(start) {
        out.push_str(before);
        rest = after.split_once(end).map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn set(value: &mut Value, name: &str, text: String) {
    if let Some(object) = value.as_object_mut() {
        object.insert(name.to_owned(), Value::String(text));
    }
}
