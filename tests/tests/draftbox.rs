//! `offprint publish wechat`, against a server that behaves as WeChat does.

#![expect(clippy::unwrap_used, reason = "a test stops by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use image::{ImageFormat, Rgb, RgbImage};
use offprint_tests::draftbox::{APPID, Failure, Request, SECRET, Server};
use offprint_tests::{Ran, SMALL_SERIES, command, files_below, finish, folder_with, long, write};
use serde_json::{Value, json};
use tempfile::TempDir;

/// The issue of [`Desk`].
const ISSUE: &str = "issues/yiqi.md";

/// A series with one issue, the folder for what is remembered, and the server.
struct Desk {
    folder: TempDir,
    cache: TempDir,
    server: Server,
}

impl Desk {
    /// With two pictures and a cover.
    fn new() -> Self {
        Self::with(&issue("导读一句。\n\n![图一](a.png)\n\n![图二](b.png)"))
    }

    fn with(issue: &str) -> Self {
        let folder = folder_with(&[
            ("offprint.toml", SMALL_SERIES.as_bytes()),
            (ISSUE, issue.as_bytes()),
            ("issues/a.png", &png(10)),
            ("issues/b.png", &png(20)),
            ("issues/cover.png", &png(30)),
        ]);
        Self {
            folder,
            cache: folder_with(&[]),
            server: Server::start(),
        }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let arguments = [&["publish", "wechat", ISSUE], arguments].concat();
        let mut command = command(self.folder.path(), &arguments);
        for name in ["ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"] {
            command.env_remove(name).env_remove(name.to_lowercase());
        }
        command
            .env("OFFPRINT_WECHAT_API", self.server.address())
            .env("OFFPRINT_WECHAT_APPID", APPID)
            .env("OFFPRINT_WECHAT_SECRET", SECRET)
            .env("OFFPRINT_WECHAT_WAIT", "1")
            .env("XDG_CACHE_HOME", self.cache.path());
        command
    }

    fn publish(&self, arguments: &[&str]) -> Ran {
        told(finish(&mut self.command(arguments)))
    }

    /// What was asked since the last call, as paths, after a look at every request.
    fn asked(&self) -> Vec<String> {
        let requests = self.server.requests();
        for request in &requests {
            check(request);
        }
        requests.into_iter().map(|request| request.path).collect()
    }

    fn issue(&self, text: &str) {
        write(&self.folder.path().join(ISSUE), text.as_bytes());
    }

    /// What is remembered.
    fn memory(&self) -> Value {
        let files = files_below(self.cache.path());
        let file = files.iter().find(|(path, _)| has_ending(path, "json"));
        serde_json::from_slice(&file.unwrap().1).unwrap()
    }
}

fn has_ending(path: &str, ending: &str) -> bool {
    Path::new(path).extension().is_some_and(|it| it == ending)
}

/// An issue with a cover and this text.
fn issue(text: &str) -> String {
    format!(
        "---\ntitle: 一期“精选” & 其他\ndate: 2020-11-02\ndescription: 摘要 <一句>\n\
         cover: {{ src: cover.png, alt: 封面 }}\ncanonical: https://small.example.org/a?b=1&c=图\n---\n\n{text}\n\n## 栏目\n\n\
         ### A Paper\n\n- 链接: https://papers.example.org/1\n\n短评一句。\n"
    )
}

fn png(shade: u8) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    RgbImage::from_pixel(64, 40, Rgb([shade, 80, 120]))
        .write_to(&mut bytes, ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

/// The same run, which has told nothing that is secret.
fn told(ran: Ran) -> Ran {
    for stream in [&ran.stdout, &ran.stderr] {
        assert!(!stream.contains(SECRET), "{stream}");
        assert!(!stream.contains("T0KEN"), "{stream}");
    }
    ran
}

/// Looks at what holds for every request.
fn check(request: &Request) {
    let Request {
        path,
        query,
        headers,
        body,
        ..
    } = request;
    let host = headers.get("host").map(String::as_str);
    assert!(host.is_some_and(|host| host.starts_with("127.0.0.1:")));
    for (name, value) in headers {
        assert!(
            !value.contains(SECRET) && !value.contains("T0KEN"),
            "{name}"
        );
    }
    assert!(!query.contains(SECRET), "{path}");
    let body_text = String::from_utf8_lossy(body);
    assert!(!body_text.contains("T0KEN"), "{path}");
    assert_eq!(body_text.contains(SECRET), path == "stable_token");
    assert_eq!(query.contains("T0KEN"), path != "stable_token");
    if !headers["content-type"].starts_with("multipart/") {
        assert!(std::str::from_utf8(body).is_ok(), "{path}");
        assert!(!body_text.contains("\\u"), "{path}: {body_text}");
    }
}

/// What a first publication of [`Desk::new`] asks.
const FIRST: [&str; 7] = [
    "stable_token",
    "media/uploadimg",
    "media/uploadimg",
    "material/add_material",
    "draft/batchget",
    "draft/add",
    "draft/get",
];

#[test]
fn an_issue_becomes_a_draft_with_its_pictures() {
    let desk = Desk::new();
    let ran = desk.publish(&[]).expect(0);
    assert!(
        ran.stdout
            .contains("1 draft in the draft box; 3 pictures sent, 0 as before"),
        "{}",
        ran.stdout
    );
    let requests = desk.server.requests();
    let paths: Vec<&str> = requests.iter().map(|it| it.path.as_str()).collect();
    assert_eq!(paths, FIRST);
    requests.iter().for_each(check);
    assert_eq!(
        requests[0].json(),
        json!({
            "grant_type": "client_credential",
            "appid": APPID,
            "secret": SECRET,
            "force_refresh": false,
        })
    );
    let form = String::from_utf8_lossy(&requests[1].body).into_owned();
    assert!(
        form.contains("name=\"media\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n"),
        "{form}"
    );
    assert!(requests[3].query.ends_with("&type=image"));
    let sent = &requests[5].json()["articles"][0];
    assert_eq!(sent["title"], "一期“精选” & 其他");
    assert_eq!(sent["digest"], "摘要 <一句>");
    assert_eq!(sent["article_type"], "news");
    assert_eq!(sent["thumb_media_id"], "COVER-1");
    assert!(
        sent["content_source_url"]
            .as_str()
            .unwrap()
            .starts_with("https://small.example.org/a?b=1")
    );
    let content = sent["content"].as_str().unwrap();
    for number in [1, 2] {
        let src = format!("src=\"https://mmbiz.qpic.cn/mmbiz_png/Picture{number}/0?wx_fmt=png\"");
        assert!(content.contains(&src), "{content}");
    }
    let body = String::from_utf8(requests[5].body.clone()).unwrap();
    assert!(body.contains("短评一句。"), "{body}");
    assert_eq!(desk.server.drafts().len(), 1);
}

#[test]
fn a_second_run_uploads_nothing_and_updates_the_draft() {
    let desk = Desk::new();
    let _ = desk.publish(&[]).expect(0);
    let _ = desk.asked();
    let ran = desk.publish(&[]).expect(0);
    assert!(ran.stdout.contains("  updated 一期"), "{}", ran.stdout);
    assert!(
        ran.stdout.contains("0 pictures sent, 3 as before"),
        "{}",
        ran.stdout
    );
    assert_eq!(desk.asked(), ["draft/get", "draft/update", "draft/get"]);

    let ran = desk.publish(&["--message-format", "json"]).expect(0);
    assert_eq!(ran.objects("draft")[0]["how"], "updated");
    assert_eq!(ran.objects("finished")[0]["papers"], 1);
    let _ = desk.asked();

    // One picture is changed, and so is the text.
    write(&desk.folder.path().join("issues/b.png"), &png(99));
    desk.issue(&issue("新的导读。\n\n![图一](a.png)\n\n![图二](b.png)"));
    let ran = desk.publish(&[]).expect(0);
    assert!(
        ran.stdout.contains("1 picture sent, 2 as before"),
        "{}",
        ran.stdout
    );
    assert_eq!(
        desk.asked(),
        ["media/uploadimg", "draft/get", "draft/update", "draft/get"]
    );
    let drafts = desk.server.drafts();
    let content = drafts[0].1[0]["content"].as_str().unwrap();
    assert!(
        content.contains("新的导读。") && content.contains("Picture3/"),
        "{content}"
    );
    assert_eq!(drafts.len(), 1);
}

#[test]
fn two_pictures_of_the_same_bytes_are_one() {
    let desk = Desk::with(&issue("![一](a.png)\n\n![二](a2.png)"));
    write(&desk.folder.path().join("issues/a2.png"), &png(10));
    let _ = desk.publish(&[]).expect(0);
    let asked = desk.asked();
    let uploads = asked.iter().filter(|path| *path == "media/uploadimg");
    assert_eq!(uploads.count(), 1, "{asked:?}");
    let drafts = desk.server.drafts();
    let content = drafts[0].1[0]["content"].as_str().unwrap();
    assert_eq!(content.matches("Picture1/").count(), 2, "{content}");
}

#[test]
fn a_dry_run_asks_nothing_and_writes_nothing() {
    let desk = Desk::new();
    let before = files_below(desk.folder.path());
    let mut command = desk.command(&["--dry-run"]);
    command
        .env_remove("OFFPRINT_WECHAT_APPID")
        .env_remove("OFFPRINT_WECHAT_SECRET");
    let ran = finish(&mut command).expect(0);
    for line in [
        "  send    a.png  ",
        "  send    cover.png  ",
        "  new     一期“精选” & 其他  ",
        "of 20,000 characters",
        "Would send 3 pictures and 1 draft; nothing was sent",
    ] {
        assert!(ran.stdout.contains(line), "{}", ran.stdout);
    }
    let _ = desk.publish(&["--dry-run"]).expect(0);
    assert_eq!(desk.asked(), Vec::<String>::new());
    assert_eq!(files_below(desk.cache.path()), []);
    assert_eq!(files_below(desk.folder.path()), before);

    let _ = desk.publish(&[]).expect(0);
    let _ = desk.asked();
    let ran = desk.publish(&["--dry-run"]).expect(0);
    assert!(ran.stdout.contains("  update  一期"), "{}", ran.stdout);
    assert!(ran.stdout.contains("  has     a.png"), "{}", ran.stdout);
    let ran = desk
        .publish(&["--dry-run", "--message-format", "json"])
        .expect(0);
    assert_eq!(ran.objects("finished").len(), 1);
    let plan = &ran.objects("plan")[0];
    assert_eq!(plan["drafts"][0]["media_id"], "DRAFT-2");
    assert_eq!(plan["pictures"].as_array().unwrap().len(), 3);
    assert_eq!(desk.asked(), Vec::<String>::new());
}

/// Where an error comes, its code and message, and what a person reads of what happened and of
/// what to do.
const FATAL: [(&str, i64, &str, [&str; 2]); 27] = [
    (
        "stable_token",
        40001,
        "invalid credential",
        ["AppSecret", "OFFPRINT_WECHAT_SECRET"],
    ),
    (
        "stable_token",
        40002,
        "invalid grant_type",
        ["does not understand", "report"],
    ),
    (
        "stable_token",
        40013,
        "invalid appid",
        ["no account with this AppID", "OFFPRINT_WECHAT_APPID"],
    ),
    (
        "stable_token",
        40125,
        "invalid appsecret",
        ["AppSecret is not that", "OFFPRINT_WECHAT_SECRET"],
    ),
    (
        "stable_token",
        40164,
        "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist",
        [
            "not on the account's list",
            "add 203.0.113.7 to the list of IP addresses (IP白名单) at https://mp.weixin.qq.com",
        ],
    ),
    (
        "stable_token",
        41002,
        "appid missing",
        ["no AppID", "OFFPRINT_WECHAT_APPID"],
    ),
    (
        "stable_token",
        41004,
        "appsecret missing",
        ["no AppSecret", "OFFPRINT_WECHAT_SECRET"],
    ),
    (
        "stable_token",
        43002,
        "require POST method",
        ["does not understand", "proxy"],
    ),
    (
        "stable_token",
        50004,
        "not allowed",
        ["stable access token", "接口权限"],
    ),
    (
        "stable_token",
        50007,
        "account frozen",
        ["frozen", "mp.weixin.qq.com"],
    ),
    (
        "media/uploadimg",
        40005,
        "invalid file type",
        ["no picture of this type", "PNG"],
    ),
    (
        "media/uploadimg",
        40009,
        "invalid image size",
        ["too large", "1 MB"],
    ),
    (
        "media/uploadimg",
        41005,
        "media data missing",
        ["did not arrive", "proxy"],
    ),
    (
        "media/uploadimg",
        48001,
        "api unauthorized",
        ["may not use", "接口权限"],
    ),
    (
        "material/add_material",
        40004,
        "invalid media type",
        ["no picture of this type", "PNG"],
    ),
    (
        "material/add_material",
        40006,
        "invalid file size",
        ["too large", "10 MB"],
    ),
    (
        "material/add_material",
        40137,
        "unsupported",
        ["no picture of this type", "PNG"],
    ),
    (
        "material/add_material",
        45001,
        "media size out of limit",
        ["too large", "10 MB"],
    ),
    (
        "draft/add",
        40007,
        "invalid media_id",
        ["does not know", "publish again"],
    ),
    (
        "draft/add",
        44002,
        "empty post data",
        ["does not understand", "proxy"],
    ),
    (
        "draft/add",
        44003,
        "empty news data",
        ["empty", "offprint check"],
    ),
    (
        "draft/add",
        45002,
        "content size out of limit",
        ["too long", "20,000"],
    ),
    (
        "draft/add",
        45003,
        "title size out of limit",
        ["title is too long", "32"],
    ),
    (
        "draft/add",
        45004,
        "description size out of limit",
        ["digest is too long", "128"],
    ),
    (
        "draft/add",
        45110,
        "author size out of limit",
        ["author's name is too long", "16"],
    ),
    (
        "draft/add",
        47001,
        "data format error",
        ["does not understand", "report"],
    ),
    (
        "draft/add",
        99999,
        "something new",
        [
            "WeChat says 99999: something new",
            "developers.weixin.qq.com",
        ],
    ),
];

#[test]
fn fatal_errors_are_told_at_once_with_what_to_do() {
    let mut paths = BTreeSet::new();
    for (path, code, errmsg, expected) in FATAL {
        let desk = Desk::new();
        desk.server.fail(path, Failure::Code(code, errmsg));
        let ran = desk.publish(&[]).expect(3);
        for words in expected.iter().copied().chain([&*code.to_string(), errmsg]) {
            assert!(
                ran.stderr.contains(words),
                "{code}: {words}: {}",
                ran.stderr
            );
        }
        let asked = desk.asked();
        let times = asked.iter().filter(|asked| *asked == path).count();
        assert_eq!(times, 1, "{code}: {asked:?}");
        assert_eq!(asked.last().map(String::as_str), Some(path), "{code}");
        assert!(desk.server.drafts().is_empty());

        // What was done is remembered, and the rest is done.
        if !paths.insert(path) {
            continue;
        }
        let _ = desk.publish(&[]).expect(0);
        let mut all = [asked, desk.asked()].concat();
        all.retain(|path| path == "media/uploadimg" || path == "material/add_material");
        let failed = usize::from(path.starts_with('m'));
        assert_eq!(all.len(), 3 + failed, "{code}: {all:?}");
        assert_eq!(desk.server.drafts().len(), 1);
    }
}

#[test]
fn what_passes_is_tried_again() {
    let everywhere = [Failure::Status(502), Failure::DropAfter];
    let somewhere = [
        Failure::Code(-1, "system error"),
        Failure::Code(45009, "reach max api daily quota limit"),
        Failure::Code(45011, "api minute-quota reach limit, must slower"),
        Failure::Status(429),
        Failure::Drop,
        Failure::TruncatedAfter,
        Failure::SaidAfter("<html>Please log in</html>"),
        Failure::SaidAfter("{}"),
        Failure::SaidAfter("[]"),
        Failure::HugeAfter,
    ];
    let everywhere = everywhere
        .iter()
        .flat_map(|failure| FIRST.map(|path| (path, failure)));
    let somewhere = somewhere
        .iter()
        .flat_map(|failure| ["media/uploadimg", "draft/add"].map(|path| (path, failure)));
    for (path, failure) in everywhere.chain(somewhere) {
        let desk = Desk::new();
        desk.server.fail(path, failure.clone());
        desk.server.fail(path, failure.clone());
        let ran = desk.publish(&[]).expect(0);
        assert!(
            ran.stdout.contains("  waits   "),
            "{failure:?}: {}",
            ran.stdout
        );
        assert_eq!(desk.server.drafts().len(), 1, "{path}: {failure:?}");
        let _ = desk.asked();
    }
    let desk = Desk::new();
    let slow = Failure::SlowAfter(Duration::from_millis(1500));
    desk.server.fail("media/uploadimg", slow);
    let ran = desk.publish(&["--timeout", "1"]).expect(0);
    assert!(
        ran.stdout.contains("no answer came within 1 s"),
        "{}",
        ran.stdout
    );
}

#[test]
fn patience_has_an_end_and_waits_grow() {
    for (failure, words) in [
        (Failure::Code(-1, "system error"), "WeChat is busy"),
        (
            Failure::Code(45009, "reach max api daily quota limit"),
            "as often as it may today",
        ),
        (
            Failure::Code(45011, "api minute-quota reach limit"),
            "asks too often",
        ),
        (Failure::Status(503), "the server answers 503"),
        (Failure::Drop, "the connection broke"),
        (
            Failure::SaidAfter("<html>"),
            "does a proxy or a login page stand between?",
        ),
    ] {
        for path in ["stable_token", "media/uploadimg"] {
            let desk = Desk::new();
            for _ in 0..9 {
                desk.server.fail(path, failure.clone());
            }
            let ran = desk.publish(&["--message-format", "json"]).expect(3);
            let waits: Vec<f64> = ran
                .objects("retrying")
                .iter()
                .filter_map(|object| object["seconds"].as_f64())
                .collect();
            assert_eq!(waits.len(), 4, "{waits:?}");
            assert!(waits.is_sorted_by(|one, next| one < next), "{waits:?}");
            assert!(ran.stdout.contains(words), "{}", ran.stdout);
            let asked = desk.asked();
            assert_eq!(asked.iter().filter(|asked| *asked == path).count(), 5);
        }
    }
}

#[test]
fn a_token_that_is_not_taken_is_replaced_once() {
    // It expired, or somebody else asked for a new one: the interface gives another.
    let desk = Desk::new();
    let _ = desk.publish(&[]).expect(0);
    desk.server.expire_token();
    let _ = desk.asked();
    let _ = desk.publish(&[]).expect(0);
    assert_eq!(
        desk.asked(),
        [
            "draft/get",
            "stable_token",
            "draft/get",
            "draft/update",
            "draft/get"
        ]
    );

    // The interface gives the one that it does not take: another is forced.
    desk.server.spoil_token();
    let _ = desk.publish(&[]).expect(0);
    let requests = desk.server.requests();
    let forced: Vec<Value> = requests
        .iter()
        .filter(|request| request.path == "stable_token")
        .map(|request| request.json()["force_refresh"].clone())
        .collect();
    assert_eq!(forced, [json!(false), json!(true)]);

    for code in [40001, 40014, 42001] {
        let failure = Failure::Code(code, "not this token");
        desk.server.fail("draft/update", failure.clone());
        let _ = desk.publish(&[]).expect(0);
        let _ = desk.asked();
        desk.server.fail("draft/update", failure.clone());
        desk.server.fail("draft/update", failure);
        let ran = desk.publish(&[]).expect(3);
        assert!(ran.stderr.contains(&code.to_string()), "{}", ran.stderr);
        let asked = desk.asked();
        let times = asked.iter().filter(|path| *path == "draft/update");
        assert_eq!(times.count(), 2, "{asked:?}");
    }
}

#[test]
fn a_draft_is_never_made_twice() {
    // The answer is lost each time; the draft was made the first time.
    for failure in [
        Failure::DropAfter,
        Failure::TruncatedAfter,
        Failure::SaidAfter("oh"),
        Failure::SlowAfter(Duration::from_millis(1500)),
    ] {
        let desk = Desk::new();
        // Drafts of the same title that others made are not taken for ours.
        desk.server.add_draft("一期“精选” & 其他");
        desk.server.fail("draft/add", failure);
        let ran = desk.publish(&["--timeout", "1"]).expect(0);
        assert!(
            ran.stdout.contains("the draft was found in the box"),
            "{}",
            ran.stdout
        );
        let asked = desk.asked();
        assert_eq!(asked.iter().filter(|path| *path == "draft/add").count(), 1);
        assert_eq!(desk.server.drafts().len(), 2);
        let _ = desk.publish(&[]).expect(0);
        assert_eq!(desk.server.drafts().len(), 2);
    }
    // Nothing came of the first time: it is made.
    let desk = Desk::new();
    desk.server.add_draft("一期“精选” & 其他");
    desk.server.fail("draft/add", Failure::Drop);
    let ran = desk.publish(&[]).expect(0);
    assert!(!ran.stdout.contains("was found"), "{}", ran.stdout);
    assert_eq!(desk.server.drafts().len(), 2);
    // The box does not show it at once, and the next attempt is refused: the next run looks.
    let desk = Desk::new();
    desk.server.fail("draft/add", Failure::DropAfter);
    desk.server
        .fail("draft/add", Failure::Code(48001, "api unauthorized"));
    for _ in 0..2 {
        let nothing = r#"{"total_count":0,"item_count":0,"item":[]}"#;
        desk.server
            .fail("draft/batchget", Failure::SaidAfter(nothing));
    }
    let _ = desk.publish(&[]).expect(3);
    let _ = desk.publish(&[]).expect(0);
    let asked = desk.asked();
    assert_eq!(asked.iter().filter(|path| *path == "draft/add").count(), 2);
    assert_eq!(desk.server.drafts().len(), 1);
}

#[test]
fn an_interrupted_run_is_taken_up() {
    let desk = Desk::new();
    for _ in 0..5 {
        desk.server
            .fail("material/add_material", Failure::Status(500));
    }
    let _ = desk.publish(&[]).expect(3);
    let _ = desk.asked();
    let _ = desk.publish(&[]).expect(0);
    assert_eq!(
        desk.asked(),
        [
            "material/add_material",
            "draft/batchget",
            "draft/add",
            "draft/get"
        ]
    );

    // An update that failed half-way is no change by hand.
    for _ in 0..5 {
        desk.server.fail("draft/update", Failure::DropAfter);
    }
    desk.issue(&issue("新的导读。"));
    let _ = desk.publish(&[]).expect(3);
    let _ = desk.publish(&[]).expect(0);

    // It is killed while it waits for an answer that never comes.
    let desk = Desk::new();
    desk.server
        .fail("draft/add", Failure::SlowAfter(Duration::from_secs(30)));
    let mut child = desk
        .command(&[])
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let mut patience = 600;
    while desk.server.drafts().is_empty() && patience > 0 {
        std::thread::sleep(Duration::from_millis(50));
        patience -= 1;
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(desk.server.drafts().len(), 1);
    let _ = desk.asked();
    let _ = desk.publish(&[]).expect(0);
    assert_eq!(
        desk.asked(),
        ["draft/batchget", "draft/get", "draft/update", "draft/get"]
    );
    assert_eq!(desk.server.drafts().len(), 1);
}

#[test]
fn what_was_removed_in_the_console_is_made_anew() {
    let desk = Desk::new();
    let _ = desk.publish(&[]).expect(0);
    desk.server.remove_drafts();
    let ran = desk.publish(&[]).expect(0);
    assert!(
        ran.stdout.contains("WeChat no longer knows the draft"),
        "{}",
        ran.stdout
    );
    assert_eq!(desk.server.drafts().len(), 1);

    for removes_draft in [false, true] {
        desk.server.remove_covers();
        if removes_draft {
            desk.server.remove_drafts();
        }
        let _ = desk.asked();
        let _ = desk.publish(&[]).expect(0);
        let asked = desk.asked();
        assert!(
            asked.iter().any(|path| path == "material/add_material"),
            "{asked:?}"
        );
        assert!(
            !asked.iter().any(|path| path == "media/uploadimg"),
            "{asked:?}"
        );
        assert_eq!(desk.server.drafts().len(), 1);
    }
}

#[test]
fn what_people_did_in_the_console_is_not_lost() {
    let desk = Desk::new();
    let _ = desk.publish(&[]).expect(0);
    desk.server.set("need_open_comment", &json!(1));
    let _ = desk.publish(&[]).expect(0);
    assert_eq!(desk.server.drafts()[0].1[0]["need_open_comment"], 1);

    desk.server.edit("短评一句。", "改过的短评。");
    let ran = desk.publish(&[]).expect(1);
    assert!(
        ran.stderr.contains("was changed in the console"),
        "{}",
        ran.stderr
    );
    assert!(ran.stderr.contains("--overwrite"), "{}", ran.stderr);
    let content = desk.server.drafts()[0].1[0]["content"].to_string();
    assert!(content.contains("改过的短评。"), "{content}");
    let _ = desk.publish(&["--overwrite"]).expect(0);
    let content = desk.server.drafts()[0].1[0]["content"].to_string();
    assert!(content.contains("短评一句。"), "{content}");
}

#[test]
fn what_wechat_changes_is_told_unless_it_is_known() {
    let desk = Desk::new();
    let ran = desk.publish(&[]).expect(0);
    assert!(!ran.stderr.contains("wechat::changed"), "{}", ran.stderr);
    desk.server.rewrite("短评一句", "短评\u{1b}[31m两句");
    let ran = desk.publish(&[]).expect(0);
    assert!(ran.stderr.contains("wechat::changed"), "{}", ran.stderr);
    assert!(ran.stderr.contains("短评 [31m两句"), "{}", ran.stderr);
    let _ = desk.publish(&["--deny-warnings"]).expect(1);
}

/// An issue of so many papers, with a cover.
fn long_issue(papers: usize) -> String {
    let more = "\nshort-title: 长的一期\ncover: { src: cover.png, alt: 封面 }\ndate:";
    long::issue(papers)
        .replace(&format!("long-{papers}"), "long")
        .replacen("\ndate:", more, 1)
}

#[test]
fn an_issue_that_is_too_long_becomes_articles_of_one_draft() {
    let desk = Desk::with(&long_issue(24));
    let _ = desk.publish(&[]).expect(0);
    let drafts = desk.server.drafts();
    let articles: Vec<&Value> = drafts
        .iter()
        .rev()
        .flat_map(|(_, articles)| articles)
        .collect();
    assert!(articles.len() > 1, "{}", articles.len());
    assert_eq!(drafts.len(), articles.len().div_ceil(8));
    let titles: Vec<&str> = articles
        .iter()
        .map(|it| it["title"].as_str().unwrap())
        .collect();
    assert!(
        titles.iter().all(|title| title.starts_with("长的一期")),
        "{titles:?}"
    );
    assert!(
        articles
            .iter()
            .all(|article| article["thumb_media_id"] == articles[0]["thumb_media_id"])
    );
    let _ = desk.asked();
    let ran = desk.publish(&[]).expect(0);
    let asked = desk.asked();
    let updates = asked.iter().filter(|path| *path == "draft/update").count();
    assert_eq!(updates, articles.len(), "{asked:?}: {}", ran.stdout);

    // So does one that needs several drafts.
    desk.issue(&long_issue(300));
    let _ = desk.publish(&[]).expect(0);
    let drafts = desk.server.drafts();
    let counts: Vec<usize> = drafts.iter().map(|(_, articles)| articles.len()).collect();
    assert!(counts.len() > 2 && counts[1] == 8, "{counts:?}");

    // Another number of articles cannot be put into the same draft.
    desk.issue(&long_issue(2));
    let ran = desk.publish(&[]).expect(0);
    assert!(
        ran.stdout.contains("another number of articles"),
        "{}",
        ran.stdout
    );
    let left = ran.stdout.matches("  left    DRAFT-").count();
    assert!(left >= 1, "{}", ran.stdout);
    assert_eq!(desk.server.drafts().len(), drafts.len() + 1);
    let ran = desk.publish(&[]).expect(0);
    assert!(!ran.stdout.contains("  left    "), "{}", ran.stdout);
}

#[test]
fn faults_of_the_input_are_told_together_before_anything_is_sent() {
    let title = "长".repeat(40);
    let text = issue("导读。")
        .replace("cover: { src: cover.png, alt: 封面 }\n", "")
        .replace("一期“精选” & 其他", &title);
    let desk = Desk::with(&text);
    let ran = desk.publish(&[]).expect(1);
    for words in [
        "wechat::no-cover",
        "give the issue a `cover`",
        "wechat::long-title",
        "yiqi.md",
    ] {
        assert!(ran.stderr.contains(words), "{words}: {}", ran.stderr);
    }
    assert_eq!(desk.asked(), Vec::<String>::new());

    // The logo of the series stands in.
    let desk = Desk::with(&issue("导读。").replace("cover: { src: cover.png, alt: 封面 }\n", ""));
    let settings = format!("{SMALL_SERIES}logo = \"issues/a.png\"\n");
    write(
        &desk.folder.path().join("offprint.toml"),
        settings.as_bytes(),
    );
    let _ = desk.publish(&[]).expect(0);
    let asked = desk.asked();
    assert!(asked.iter().any(|path| path == "material/add_material"));
}

#[test]
fn credentials_are_asked_for_and_kept_from_others() {
    let desk = Desk::new();
    let without = |names: &[&str], arguments: &[&str]| {
        let mut command = desk.command(arguments);
        for name in names {
            command.env_remove(name);
        }
        told(finish(&mut command))
    };
    let both = ["OFFPRINT_WECHAT_APPID", "OFFPRINT_WECHAT_SECRET"];
    let ran = without(&both, &[]).expect(2);
    assert!(
        ran.stderr.contains("set OFFPRINT_WECHAT_APPID and"),
        "{}",
        ran.stderr
    );
    for name in both {
        let ran = without(&[name], &[]).expect(2);
        assert!(
            ran.stderr.contains(&format!("{name} is not")),
            "{}",
            ran.stderr
        );
    }

    let own = folder_with(&[]);
    let text = format!("appid = \"{APPID}\"\nsecret = \"{SECRET}\"\n");
    let inside = desk.folder.path().join("wechat.toml");
    let outside = own.path().join("wechat.toml");
    for (path, words) in [
        (
            &inside,
            Some("lies in the folder or repository of the series"),
        ),
        (&outside, None),
    ] {
        write(path, text.as_bytes());
        make_private(path);
        let ran = without(&both, &["--credentials", path.to_str().unwrap()]);
        match words {
            Some(words) => assert!(ran.expect(2).stderr.contains(words)),
            None => drop(ran.expect(0)),
        }
    }
    let path = outside.to_str().unwrap();
    for broken in [
        format!("appid = \"{APPID}\"\nsecret = {SECRET}\n"),
        format!("appid = \"{APPID}\"\nsecret = [\"{SECRET}\"]\n"),
        format!("appid = \"\"\nsecret = \"{SECRET}\"\n"),
        format!("{SECRET}\n"),
    ] {
        write(&outside, broken.as_bytes());
        let ran = without(&both, &["--credentials", path]).expect(2);
        assert!(ran.stderr.contains("it has two lines"), "{}", ran.stderr);
    }
}

#[cfg(unix)]
#[test]
fn files_with_secrets_are_readable_by_the_user_alone() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let desk = Desk::new();
    let own = folder_with(&[]);
    let path = own.path().join("wechat.toml");
    let text = format!("appid = \"{APPID}\"\nsecret = \"{SECRET}\"\n");
    write(&path, text.as_bytes());
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let ran = desk
        .publish(&["--credentials", path.to_str().unwrap()])
        .expect(2);
    assert!(ran.stderr.contains("chmod 600"), "{}", ran.stderr);
    // A link does not hide where the file is, nor does the repository around the series.
    make_private(&path);
    fs::create_dir(own.path().join(".git")).unwrap();
    fs::create_dir(own.path().join("series")).unwrap();
    let series = own.path().join("series");
    for (name, bytes) in files_below(desk.folder.path()) {
        write(&series.join(name), &bytes);
    }
    let elsewhere = folder_with(&[]);
    let link = elsewhere.path().join("link.toml");
    symlink(&path, &link).unwrap();
    let mut command = desk.command(&["--credentials", link.to_str().unwrap()]);
    let ran = told(finish(command.current_dir(&series))).expect(2);
    assert!(
        ran.stderr.contains("repository of the series"),
        "{}",
        ran.stderr
    );
    assert_eq!(desk.asked(), Vec::<String>::new());

    let _ = desk.publish(&[]).expect(0);
    for (name, _) in files_below(desk.cache.path()) {
        let mode = fs::metadata(desk.cache.path().join(&name))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    let folder = desk.cache.path().join("offprint");
    assert_eq!(
        fs::metadata(folder).unwrap().permissions().mode() & 0o777,
        0o700
    );
}

fn make_private(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
    }
    #[cfg(not(unix))]
    let _ = path;
}

#[test]
fn the_secret_goes_nowhere_else() {
    let desk = Desk::new();
    // Unencrypted to another machine.
    for address in [
        "http://api.example.org",
        "http://127.0.0.1.example.org",
        "ftp://127.0.0.1",
        "https://user:geheim@example.org",
    ] {
        let ran = told(finish(
            desk.command(&[]).env("OFFPRINT_WECHAT_API", address),
        ))
        .expect(2);
        assert!(ran.stderr.contains("OFFPRINT_WECHAT_API"), "{}", ran.stderr);
        assert!(!ran.stderr.contains("geheim"), "{}", ran.stderr);
    }
    // To where an answer sends on.
    let other = Server::start();
    for path in ["stable_token", "draft/add"] {
        let to = format!("{}/cgi-bin/{path}", other.address());
        desk.server.fail(path, Failure::Redirect(to));
        let ran = desk.publish(&[]).expect(3);
        assert!(
            ran.stderr.contains("sends on to another address"),
            "{}",
            ran.stderr
        );
    }
    // Through a proxy without encryption.
    let proxy = other.address();
    let mut command = desk.command(&[]);
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy"] {
        command.env(name, proxy);
    }
    let _ = told(finish(&mut command)).expect(0);
    assert!(other.requests().is_empty());
    // An answer repeats it.
    desk.server.expire_token();
    desk.server
        .fail("stable_token", Failure::Code(40125, SECRET));
    let ran = desk.publish(&[]).expect(3);
    assert!(ran.stderr.contains("40125"), "{}", ran.stderr);
    let _ = desk.asked();
}

#[test]
fn no_server_and_no_network_are_told() {
    let desk = Desk::new();
    let ran = told(finish(
        desk.command(&[])
            .env("OFFPRINT_WECHAT_API", "http://127.0.0.1:1"),
    ))
    .expect(3);
    assert!(
        ran.stderr
            .contains("asking for an access token failed: the connection broke"),
        "{}",
        ran.stderr
    );
    assert!(ran.stderr.contains("look at the network"), "{}", ran.stderr);
}

#[test]
fn an_encrypted_connection_is_not_made_up() {
    // The server speaks no TLS.
    let desk = Desk::new();
    let address = desk.server.address().replace("http:", "https:");
    let ran = told(finish(
        desk.command(&[]).env("OFFPRINT_WECHAT_API", address),
    ))
    .expect(3);
    assert!(
        ran.stderr.contains("the connection broke"),
        "{}",
        ran.stderr
    );
    assert_eq!(desk.asked(), Vec::<String>::new());
    let mut command = desk.command(&[]);
    command.env("HTTPS_PROXY", "http://me:geheim@:::");
    let ran = told(finish(&mut command)).expect(2);
    assert!(
        ran.stderr.contains("HTTPS_PROXY holds no address"),
        "{}",
        ran.stderr
    );
    assert!(!ran.stderr.contains("geheim"), "{}", ran.stderr);
    // What stands between is asked for a tunnel and told nothing else.
    let mut command = desk.command(&[]);
    command
        .env("OFFPRINT_WECHAT_API", "https://api.example.org")
        .env("HTTPS_PROXY", desk.server.address());
    let _ = told(finish(&mut command)).expect(3);
    let requests = desk.server.requests();
    assert!(!requests.is_empty());
    for request in requests {
        assert_eq!(request.method, "CONNECT");
        assert!(request.body.is_empty() && request.query.is_empty());
    }
}

#[test]
fn two_runs_for_one_account_do_not_meet() {
    let desk = Desk::new();
    let _ = desk.publish(&[]).expect(0);
    let files = files_below(desk.cache.path());
    let (name, _) = files
        .iter()
        .find(|(path, _)| has_ending(path, "lock"))
        .unwrap();
    let lock = fs::File::open(desk.cache.path().join(name)).unwrap();
    lock.lock().unwrap();
    let ran = desk.publish(&[]).expect(3);
    assert!(
        ran.stderr.contains("another offprint is publishing"),
        "{}",
        ran.stderr
    );
    drop(lock);
    let _ = desk.publish(&[]).expect(0);
}

#[test]
fn a_damaged_memory_is_told_and_made_anew() {
    let desk = Desk::new();
    let _ = desk.publish(&[]).expect(0);
    assert_eq!(desk.memory()["pictures"].as_object().unwrap().len(), 2);
    for (name, _) in files_below(desk.cache.path()) {
        if has_ending(&name, "json") {
            write(&desk.cache.path().join(name), b"{\"token\": ");
        }
    }
    let ran = desk.publish(&[]).expect(0);
    assert!(ran.stderr.contains("wechat::forgotten"), "{}", ran.stderr);
    assert_eq!(desk.memory()["pictures"].as_object().unwrap().len(), 2);
}

#[test]
fn a_cache_folder_within_the_series_is_refused() {
    let desk = Desk::new();
    let inside = desk.folder.path().join("cache");
    let ran = told(finish(desk.command(&[]).env("XDG_CACHE_HOME", &inside))).expect(2);
    assert!(ran.stderr.contains("XDG_CACHE_HOME"), "{}", ran.stderr);
    assert!(!inside.exists());
    assert_eq!(desk.asked(), Vec::<String>::new());
}

#[test]
fn one_issue_is_published_at_a_time() {
    let desk = Desk::new();
    write(
        &desk.folder.path().join("issues/zwei.md"),
        issue("二。").as_bytes(),
    );
    let mut command = command(desk.folder.path(), &["publish", "wechat", "."]);
    command
        .env("OFFPRINT_WECHAT_APPID", APPID)
        .env("OFFPRINT_WECHAT_SECRET", SECRET);
    command.env("XDG_CACHE_HOME", desk.cache.path());
    command.env("OFFPRINT_WECHAT_API", desk.server.address());
    let ran = finish(&mut command).expect(2);
    assert!(
        ran.stderr.contains("name the file of one issue"),
        "{}",
        ran.stderr
    );
    assert_eq!(desk.asked(), Vec::<String>::new());
}
