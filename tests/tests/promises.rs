//! What the program promises whatever the input: equal bytes, whole files, nothing read or
//! written outside, no panic.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use offprint_tests::{
    SMALL_SERIES, command, copy_of, files_below, finish, fixture, folder_with, read, run,
    small_issue, write,
};

/// A picture of one pixel.
const PIXEL: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, b'I', b'H', b'D', b'R', 0, 0, 0,
    1, 0, 0, 0, 1, 8, 2, 0, 0, 0, 0x90, 0x77, 0x53, 0xde, 0, 0, 0, 0x0c, b'I', b'D', b'A', b'T',
    0x08, 0xd7, 0x63, 0xf8, 0xcf, 0xc0, 0, 0, 3, 1, 1, 0, 0x18, 0xdd, 0x8d, 0xb0, 0, 0, 0, 0, b'I',
    b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82,
];

fn with_image(src: &str) -> String {
    format!("{}\n![图]({src} \"说明\")\n", small_issue("One"))
}

/// Paths of files whose bytes differ, or that only one side has.
fn differing(left: &[(String, Vec<u8>)], right: &[(String, Vec<u8>)]) -> Vec<String> {
    let has = |side: &[(String, Vec<u8>)], file| side.contains(file);
    let mut paths: Vec<String> = left
        .iter()
        .filter(|file| !has(right, file))
        .chain(right.iter().filter(|file| !has(left, file)))
        .map(|(path, _)| path.clone())
        .collect();
    paths.sort_unstable();
    paths.dedup();
    paths
}

#[test]
fn equal_input_gives_equal_bytes_in_another_folder_at_another_time_on_other_threads() {
    for name in ["iclr-2021", "kitchen-sink"] {
        let one = copy_of(&fixture(name));
        let _ = run(one.path(), &["build", "--jobs", "1"]).expect(0);
        let other = folder_with(&[]);
        let elsewhere = other.path().join("a folder/论文");
        for (path, bytes) in files_below(one.path()) {
            if !path.starts_with("public/") {
                write(&elsewhere.join(path), &bytes);
            }
        }
        // ZIP archives count time in steps of two seconds.
        thread::sleep(Duration::from_millis(2_100));
        let mut build = command(
            other.path(),
            &["build", "a folder/论文", "--jobs", "4", "-o", "out"],
        );
        build
            .env("TZ", "Asia/Kathmandu")
            .env("LANG", "tr_TR.UTF-8")
            .env("LC_ALL", "tr_TR.UTF-8");
        let _ = finish(&mut build).expect(0);
        let left = files_below(&one.path().join("public"));
        assert!(left.len() > 2);
        let differing = differing(&left, &files_below(&other.path().join("out")));
        assert!(differing.is_empty(), "{name}: {differing:?}");
    }
}

#[test]
fn a_second_build_touches_no_file() {
    let folder = copy_of(&fixture("iclr-2021"));
    let _ = run(folder.path(), &["build"]).expect(0);
    let times = |folder: &Path| -> Vec<_> {
        files_below(folder)
            .iter()
            .map(|(path, _)| fs::metadata(folder.join(path)).unwrap().modified().unwrap())
            .collect()
    };
    let public = folder.path().join("public");
    let before = times(&public);
    let ran = run(folder.path(), &["build"]).expect(0);
    assert!(times(&public) == before);
    assert!(ran.stdout.contains("as before"), "{}", ran.stdout);
}

#[test]
fn a_failed_build_leaves_the_earlier_files() {
    let folder = folder_with(&[("one.md", small_issue("One").as_bytes())]);
    let _ = run(folder.path(), &["build", "one.md"]).expect(0);
    let before = files_below(folder.path());
    for broken in ["2020-13-01", "yesterday"] {
        let text = small_issue("One").replace("2020-11-02", broken);
        write(&folder.path().join("one.md"), text.as_bytes());
        let _ = run(folder.path(), &["build", "one.md"]).expect(1);
        assert_eq!(differing(&before, &files_below(folder.path())), ["one.md"]);
    }
}

#[test]
fn a_killed_build_leaves_old_or_new_files_but_no_torn_one() {
    let folder = copy_of(&fixture("iclr-2021"));
    let issue = folder.path().join("issues/2020-11-02-ssl-transformer.md");
    let texts = [
        read(&issue),
        String::from_utf8(read(&issue))
            .unwrap()
            .replace("ICLR", "ICML")
            .into_bytes(),
    ];
    let mut versions = Vec::new();
    let mut slowest = Duration::ZERO;
    for text in &texts {
        write(&issue, text);
        let out = folder_with(&[]);
        let start = Instant::now();
        let _ = run(
            folder.path(),
            &["build", "-o", out.path().to_str().unwrap()],
        )
        .expect(0);
        slowest = slowest.max(start.elapsed());
        versions.push(files_below(out.path()));
    }
    let public = folder.path().join("public");
    let is_hidden = |path: &str| path.starts_with(".offprint.");
    let mut killed = 0;
    for round in 0..40_u32 {
        write(&issue, &texts[round as usize % 2]);
        let mut child = command(folder.path(), &["build"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Steps that are no part of each other, over the whole length of a build.
        thread::sleep(slowest.mul_f64(f64::from(round * 37 % 100) / 90.0));
        let had_ended = child.try_wait().unwrap().is_some();
        child.kill().unwrap();
        child.wait().unwrap();
        killed += u32::from(!had_ended);
        let found = if public.exists() {
            files_below(&public)
        } else {
            Vec::new()
        };
        for file in found.iter().filter(|(path, _)| !is_hidden(path)) {
            assert!(
                versions.iter().any(|version| version.contains(file)),
                "round {round}: {} is torn",
                file.0
            );
        }
    }
    assert!(killed >= 10, "only {killed} builds were killed in time");
    write(&issue, &texts[0]);
    let _ = run(folder.path(), &["build"]).expect(0);
    assert_eq!(
        differing(&files_below(&public), &versions[0]),
        Vec::<String>::new()
    );
}

#[test]
fn builds_at_the_same_time_do_not_mix() {
    let folder = folder_with(&[("one.md", small_issue("One").as_bytes())]);
    let _ = run(folder.path(), &["build", "one.md", "-o", "alone"]).expect(0);
    let alone = files_below(&folder.path().join("alone"));
    for _ in 0..5 {
        let children: Vec<_> = (0..4)
            .map(|_| {
                let mut build = command(folder.path(), &["build", "one.md"]);
                build
                    .stdout(Stdio::null())
                    .stderr(Stdio::piped())
                    .spawn()
                    .unwrap()
            })
            .collect();
        for child in children {
            let _ = offprint_tests::Ran::from(child.wait_with_output().unwrap()).expect(0);
        }
        assert_eq!(
            differing(&files_below(&folder.path().join("public")), &alone),
            Vec::<String>::new()
        );
        fs::remove_dir_all(folder.path().join("public")).unwrap();
    }
}

#[test]
fn pictures_outside_the_project_are_not_read() {
    let folder = folder_with(&[
        ("secret.png", PIXEL),
        ("project/images/own.png", PIXEL),
        ("project/images/no picture.png", b"text"),
    ]);
    let project = folder.path().join("project");
    std::os::unix::fs::symlink("../../secret.png", project.join("images/link.png")).unwrap();
    std::os::unix::fs::symlink("../..", project.join("images/up")).unwrap();
    fs::create_dir(project.join("images/folder.png")).unwrap();
    assert!(
        Command::new("mkfifo")
            .arg(project.join("images/pipe.png"))
            .status()
            .unwrap()
            .success()
    );
    let absolute = folder.path().join("secret.png");
    let hostile = [
        "../secret.png",
        "images/../../secret.png",
        "images/link.png",
        "images/up/secret.png",
        "images/folder.png",
        "images/pipe.png",
        "images/no%20picture.png",
        "%2e%2e/secret.png",
        "..\\secret.png",
        "file:secret.png",
        absolute.to_str().unwrap(),
    ];
    write(
        &project.join("one.md"),
        with_image("images/own.png").as_bytes(),
    );
    let _ = run(&project, &["check", "one.md"]).expect(0);
    for src in hostile {
        write(&project.join("one.md"), with_image(src).as_bytes());
        let ran = run(&project, &["check", "one.md", "--message-format", "json"]).expect(1);
        let codes = ran.codes();
        assert!(
            codes
                .iter()
                .any(|code| code == "broken-image" || code == "bad-url"),
            "{src}: {codes:?}"
        );
        let _ = run(&project, &["build", "one.md"]).expect(1);
    }
    for file in ["offprint.toml", "issues/two.md"] {
        let series = folder_with(&[
            ("offprint.toml", SMALL_SERIES.as_bytes()),
            ("issues/one.md", small_issue("One").as_bytes()),
        ]);
        let outside = folder_with(&[("secret", b"title: PRECIOUS\n")]);
        let _ = fs::remove_file(series.path().join(file));
        std::os::unix::fs::symlink(outside.path().join("secret"), series.path().join(file))
            .unwrap();
        let ran = run(series.path(), &["check"]).expect(1);
        assert!(!ran.stderr.contains("PRECIOUS"), "{}", ran.stderr);
        assert!(
            ran.stderr.contains("link out of the project"),
            "{}",
            ran.stderr
        );
    }
}

#[test]
fn files_never_leave_the_output_folder() {
    let folder = folder_with(&[
        ("one.md", small_issue("One").as_bytes()),
        ("victim/file", b"precious"),
    ]);
    let victim = folder.path().join("victim");
    let public = folder.path().join("public");
    // The whole folder, planted in the project.
    std::os::unix::fs::symlink(std::env::temp_dir(), &public).unwrap();
    let ran = run(folder.path(), &["build", "one.md"]).expect(3);
    assert!(
        ran.stderr.contains("leads out of the project"),
        "{}",
        ran.stderr
    );
    fs::remove_file(&public).unwrap();
    // An issue's folder.
    fs::create_dir(&public).unwrap();
    std::os::unix::fs::symlink(&victim, public.join("one")).unwrap();
    let ran = run(folder.path(), &["build", "one.md"]).expect(3);
    assert!(ran.stderr.contains("symbolic link"), "{}", ran.stderr);
    fs::remove_file(public.join("one")).unwrap();
    // A file, the lock, and the staging folder.
    std::os::unix::fs::symlink(victim.join("file"), public.join("feed.xml")).unwrap();
    std::os::unix::fs::symlink(&victim, public.join(".offprint.tmp")).unwrap();
    let _ = run(folder.path(), &["build", "one.md"]).expect(0);
    assert!(
        fs::symlink_metadata(public.join("feed.xml"))
            .unwrap()
            .is_file()
    );
    std::os::unix::fs::symlink(victim.join("lock"), public.join(".offprint.lock")).unwrap();
    let _ = run(folder.path(), &["build", "one.md"]).expect(3);
    assert_eq!(
        files_below(&victim),
        [("file".to_owned(), b"precious".to_vec())]
    );
    for out in ["../victim", "/tmp/victim", "public/../../victim"] {
        let settings = format!("{SMALL_SERIES}\n[paths]\nout = \"{out}\"\n");
        let series = folder_with(&[
            ("series/offprint.toml", settings.as_bytes()),
            ("series/issues/one.md", small_issue("One").as_bytes()),
        ]);
        let ran = run(series.path(), &["build", "series"]);
        let climbs = out.contains("..");
        assert_eq!(ran.code, Some(i32::from(climbs)), "{out}: {ran:?}");
        assert!(
            !series.path().join("victim").exists() && !Path::new("/tmp/victim").exists(),
            "{out}"
        );
    }
}

#[test]
fn an_id_cannot_choose_a_folder_outside() {
    for id in ["../x", "/x", "a/b", ".hidden", "con", "x y", "论文", ""] {
        let text = small_issue("One").replace("title: One", &format!("title: One\nid: \"{id}\""));
        let folder = folder_with(&[("one.md", text.as_bytes())]);
        let ran = run(folder.path(), &["build", "one.md"]);
        let made: Vec<String> = files_below(folder.path())
            .into_iter()
            .map(|(path, _)| path)
            .collect();
        if id.is_empty() {
            assert_eq!(ran.code, Some(0), "{id}: {ran:?}");
        } else {
            assert_eq!(ran.code, Some(1), "{id}: {ran:?}");
            assert_eq!(made, ["one.md"], "{id}");
        }
    }
}

/// `open` and `close` around a letter, `times` deep.
fn nested(open: &str, close: &str, times: usize) -> String {
    format!("{}x{}", open.repeat(times), close.repeat(times))
}

/// Markdown that parsers have choked on.
fn hostile_markdown() -> Vec<(&'static str, String)> {
    let front = "---\ntitle: 题\ndate: 2020-11-02\nlang: zh-CN\n---\n\n";
    let mut staircase = String::new();
    let mut fences = String::new();
    for depth in 0..2_000 {
        let _ = writeln!(staircase, "{}- x", " ".repeat(depth * 2));
        let _ = write!(fences, "{} ", "`".repeat(depth.min(1_500)));
    }
    let table = format!(
        "|{}\n|{}\n{}",
        "a|".repeat(2_000),
        "-|".repeat(2_000),
        "|x\n".repeat(2_000)
    );
    let bodies = [
        ("quotes.md", "> ".repeat(100_000)),
        ("lists.md", staircase),
        ("stars.md", "*a **b ".repeat(50_000)),
        ("brackets.md", nested("[", "](x)", 50_000)),
        ("images.md", nested("![", "](x)", 20_000)),
        ("backticks.md", fences),
        ("notes.md", "[^a]".repeat(50_000)),
        ("dollars.md", "$a ".repeat(50_000)),
        ("table.md", table),
        ("html.md", "<div>".repeat(50_000)),
        ("heading.md", format!("## {}\n", "长".repeat(100_000))),
    ];
    bodies
        .map(|(name, body)| (name, format!("{front}{body}")))
        .into()
}

/// Data files that parsers have choked on.
fn hostile_data() -> Vec<(&'static str, Vec<u8>)> {
    let mut aliases = "a0: &a0 [x]\n".to_owned();
    for number in 0..30 {
        let _ = writeln!(
            aliases,
            "a{0}: &a{0} [{1}]",
            number + 1,
            format!("*a{number}, ").repeat(9)
        );
    }
    vec![
        ("empty.md", Vec::new()),
        ("nul.md", vec![0; 5_000]),
        ("latin1.md", b"---\ntitle: caf\xe9\n---\n".to_vec()),
        (
            "utf16.md",
            "---\ntitle: x\n---\n"
                .encode_utf16()
                .flat_map(u16::to_le_bytes)
                .collect(),
        ),
        ("deep.yaml", nested("[", "]", 100_000).into_bytes()),
        ("bomb.yaml", aliases.into_bytes()),
        ("loop.yaml", b"a: &a\n  b: *a\n".to_vec()),
        (
            "tags.yaml",
            b"title: !!python/object/apply:os.system [true]\n".to_vec(),
        ),
        ("deep.json", nested("[", "]", 100_000).into_bytes()),
        (
            "surrogate.json",
            br#"{"title": "\ud800", "date": "2020-11-02"}"#.to_vec(),
        ),
        (
            "number.json",
            format!("{{\"title\": 1e{}}}", "9".repeat(5_000)).into_bytes(),
        ),
        (
            "deep.toml",
            format!("a = {}", nested("[", "]", 100_000)).into_bytes(),
        ),
        (
            "dots.toml",
            format!("{}x = 1", "a.".repeat(100_000)).into_bytes(),
        ),
    ]
}

#[test]
fn hostile_files_are_refused_in_words() {
    // These are odd, and fine.
    let harmless = [
        "stars.md",
        "dollars.md",
        "html.md",
        "backticks.md",
        "table.md",
    ];
    let markdown = hostile_markdown()
        .into_iter()
        .map(|(name, text)| (name, text.into_bytes()));
    for (name, bytes) in markdown.chain(hostile_data()) {
        let folder = folder_with(&[(name, &bytes)]);
        let start = Instant::now();
        let ran = run(folder.path(), &["check", name, "--message-format", "json"]);
        assert!(
            matches!(ran.code, Some(0 | 1)),
            "{name}: {:?} {}",
            ran.code,
            ran.stderr
        );
        assert!(
            start.elapsed() < Duration::from_secs(30),
            "{name} took {:?}",
            start.elapsed()
        );
        if !harmless.contains(&name) {
            assert_eq!(ran.code, Some(1), "{name} passed");
        }
        for object in ran.objects("diagnostic") {
            assert_eq!(object["path"], name, "{object}");
        }
        let drawn = run(folder.path(), &["check", name]);
        assert_eq!(drawn.code, ran.code, "{name}");
        let longest = drawn.stderr.lines().map(str::len).max().unwrap_or_default();
        assert!(longest < 2_000, "{name}: a line of {longest} bytes");
    }
}

#[test]
fn mutilated_issues_never_make_it_panic() {
    // A copy, because the fixture's own folder may hold what was built from it.
    let fixture = copy_of(&fixture("iclr-2021"));
    let spellings: Vec<(String, Vec<u8>)> = files_below(fixture.path())
        .into_iter()
        .filter(|(path, _)| path.contains("2020-11-02"))
        .collect();
    assert_eq!(spellings.len(), 4);
    let folder = folder_with(&[("offprint.toml", SMALL_SERIES.as_bytes())]);
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut roll = |sides: usize| {
        // xorshift64.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % sides as u64).unwrap()
    };
    let scraps: [&[u8]; 12] = [
        b"\n",
        b"---\n",
        b"```",
        b"[^x]",
        b"](",
        b"\xff",
        "，".as_bytes(),
        b"$$",
        b"| ",
        b"{",
        b"\"",
        b"\t",
    ];
    for (number, (path, bytes)) in (0..75).flat_map(|_| &spellings).enumerate() {
        let extension = path.rsplit('.').next().unwrap();
        let mut mutated = bytes.clone();
        for _ in 0..=roll(6) {
            let at = roll(mutated.len());
            match roll(4) {
                0 => mutated.truncate(at.max(1)),
                1 => mutated[at] = u8::try_from(roll(256)).unwrap(),
                2 => drop(mutated.drain(at..(at + 1 + roll(40)).min(mutated.len()))),
                _ => drop(mutated.splice(at..at, scraps[roll(scraps.len())].iter().copied())),
            }
            if mutated.is_empty() {
                mutated.push(b'x');
            }
        }
        write(
            &folder.path().join(format!("issues/m{number}.{extension}")),
            &mutated,
        );
    }
    let ran = run(folder.path(), &["check", "--message-format", "json"]).expect(1);
    assert!(
        ran.codes().len() > 300,
        "only {} findings",
        ran.codes().len()
    );
    assert!(!ran.codes().iter().any(|code| code == "bug"));
}
