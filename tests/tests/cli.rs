//! The command line: exit codes, what is said, where files go.

use std::fs::{self, File};
use std::path::Path;
use std::process::Stdio;

use offprint_tests::{
    SMALL_SERIES, command, files_below, finish, folder_with, read_text, run, small_issue, write,
};

fn series(issues: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = folder_with(&[("offprint.toml", SMALL_SERIES.as_bytes())]);
    for (path, text) in issues {
        write(&folder.path().join(path), text.as_bytes());
    }
    folder
}

fn names(folder: &Path) -> Vec<String> {
    files_below(folder)
        .into_iter()
        .map(|(path, _)| path)
        .collect()
}

#[test]
fn a_path_that_is_not_there_is_wrong_usage() {
    let folder = folder_with(&[]);
    let ran = run(folder.path(), &["build", "nowhere.md"]).expect(2);
    assert!(
        ran.stderr.contains("there is no `nowhere.md`"),
        "{}",
        ran.stderr
    );
    let ran = run(folder.path(), &["check"]).expect(2);
    assert!(
        ran.stderr.contains("there is no offprint.toml in `.`"),
        "{}",
        ran.stderr
    );
    assert!(ran.stderr.contains("offprint init"), "{}", ran.stderr);
    let _ = run(folder.path(), &["build", "--format", "docx"]).expect(2);
    let _ = run(folder.path(), &["publish"]).expect(2);
    write(&folder.path().join("notes.txt"), b"x");
    let _ = run(folder.path(), &["build", "notes.txt"]).expect(2);
    assert_eq!(names(folder.path()), ["notes.txt"]);
}

#[test]
fn a_lone_issue_is_built_beside_the_user() {
    let folder = folder_with(&[("lists/one.md", small_issue("One").as_bytes())]);
    let ran = run(folder.path(), &["build", "lists/one.md"]).expect(0);
    assert!(ran.stdout.contains("public/one/one.epub"), "{}", ran.stdout);
    assert!(
        ran.stdout.contains("Built 1 issue, 1 paper: "),
        "{}",
        ran.stdout
    );
    let made = names(&folder.path().join("public"));
    for name in ["feed.xml", "papers.xml", "one/one.epub"] {
        assert!(
            made.iter().any(|made| made == name),
            "{name} is not in {made:?}"
        );
    }
    assert!(
        made.iter()
            .all(|name| !name.contains("/.") && !name.starts_with('.')),
        "{made:?}"
    );
}

#[test]
fn a_series_is_built_in_its_own_folder() {
    let folder = series(&[
        ("issues/b.md", &small_issue("B")),
        ("issues/a/index.md", &small_issue("A")),
        ("issues/README.md", "not an issue"),
        ("issues/.hidden.md", "not an issue"),
        ("issues/a/notes.txt", "not an issue"),
    ]);
    let elsewhere = folder_with(&[]);
    let path = folder.path().to_str().unwrap();
    let ran = run(elsewhere.path(), &["build", path, "--format", "epub"]).expect(0);
    assert!(
        ran.stdout.contains("Built 2 issues, 2 papers: 2 files"),
        "{}",
        ran.stdout
    );
    assert_eq!(
        names(&folder.path().join("public")),
        ["a/a.epub", "b/b.epub"]
    );
    assert!(names(elsewhere.path()).is_empty());
}

#[test]
fn the_folder_of_an_issue_names_it() {
    let folder = series(&[
        ("issues/a/index.md", &small_issue("A")),
        ("issues/b.md", &small_issue("B")),
    ]);
    let ran = run(folder.path(), &["build", "issues/a", "--format", "epub"]).expect(0);
    assert!(ran.stdout.contains("Built 1 issue"), "{}", ran.stdout);
    assert_eq!(names(&folder.path().join("public")), ["a/a.epub"]);
    let _ = run(folder.path(), &["build", "issues"]).expect(2);
    let inner = folder.path().join("issues/a");
    let ran = run(&inner, &["check", "."]).expect(0);
    assert!(ran.stdout.contains("Checked 1 issue"), "{}", ran.stdout);
}

#[test]
fn an_issue_of_a_series_inherits_from_it_and_the_feeds_hold_all_issues() {
    let no_lang = small_issue("Two").replace("lang: zh-CN\n", "");
    let folder = series(&[
        ("issues/one.md", &small_issue("One")),
        ("issues/two.md", &no_lang),
    ]);
    let _ = run(folder.path(), &["build", "issues/two.md", "-o", "out"]).expect(0);
    let made = names(&folder.path().join("out"));
    assert!(made.iter().any(|name| name == "two/two.epub"), "{made:?}");
    assert!(
        !made.iter().any(|name| name.starts_with("one/")),
        "{made:?}"
    );
    let feed = read_text(&folder.path().join("out/feed.xml"));
    assert!(feed.contains("One") && feed.contains("Two"), "{feed}");
}

#[test]
fn a_feed_links_the_books_of_earlier_builds() {
    let folder = series(&[
        ("issues/one.md", &small_issue("One")),
        ("issues/two.md", &small_issue("Two")),
    ]);
    let _ = run(folder.path(), &["build"]).expect(0);
    let whole = read_text(&folder.path().join("public/feed.xml"));
    assert!(whole.contains("one/one.epub"), "{whole}");
    let _ = run(folder.path(), &["build", "issues/two.md"]).expect(0);
    assert_eq!(read_text(&folder.path().join("public/feed.xml")), whole);
    let _ = run(folder.path(), &["build", "--format", "rss"]).expect(0);
    assert_eq!(read_text(&folder.path().join("public/feed.xml")), whole);
}

#[test]
fn a_broken_issue_does_not_hide_the_faults_of_others() {
    let bad_date = small_issue("One").replace("2020-11-02", "2020-11-31");
    let no_title = small_issue("Two").replace("title: Two\n", "");
    let folder = series(&[("issues/one.md", &bad_date), ("issues/two.md", &no_title)]);
    let ran = run(folder.path(), &["check", "--message-format", "json"]).expect(1);
    assert_eq!(ran.codes(), ["bad-date", "missing-title"]);
    let ran = run(folder.path(), &["build"]).expect(1);
    assert!(ran.stderr.contains("issues/one.md:3:7"), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("2 errors; nothing was written"),
        "{}",
        ran.stderr
    );
    assert!(!folder.path().join("public").exists());
}

#[test]
fn a_broken_neighbour_is_left_out_of_the_feeds_and_does_not_stop_an_issue() {
    let bad = small_issue("Bad").replace("2020-11-02", "2020-11-31");
    let folder = series(&[
        ("issues/bad.md", &bad),
        ("issues/good.md", &small_issue("Good")),
    ]);
    let ran = run(folder.path(), &["build", "issues/good.md"]).expect(0);
    assert!(ran.stderr.contains("warning[left-out]"), "{}", ran.stderr);
    assert!(!read_text(&folder.path().join("public/feed.xml")).contains("Bad"));
}

#[test]
fn a_draft_is_checked_and_not_built() {
    let draft = small_issue("Draft").replace("---\n\n导读", "draft: true\n---\n\n导读");
    let folder = series(&[
        ("issues/draft.md", &draft),
        ("issues/one.md", &small_issue("One")),
    ]);
    let ran = run(folder.path(), &["build"]).expect(0);
    assert!(
        ran.stdout
            .contains("issues/draft.md  is checked, not built"),
        "{}",
        ran.stdout
    );
    assert!(!folder.path().join("public/draft").exists());
    assert!(!read_text(&folder.path().join("public/feed.xml")).contains("Draft"));
    write(
        &folder.path().join("issues/draft.md"),
        draft.replace("2020-11-02", "2020-11-31").as_bytes(),
    );
    let _ = run(folder.path(), &["check"]).expect(1);
}

#[test]
fn warnings_fail_only_when_they_are_denied() {
    let issue = small_issue("One").replace("lang: zh-CN\n", "lang: zh-CN\nsubtitel: x\n");
    let folder = folder_with(&[("one.md", issue.as_bytes())]);
    let ran = run(folder.path(), &["check", "one.md"]).expect(0);
    assert!(
        ran.stderr.contains("warning[unknown-field]"),
        "{}",
        ran.stderr
    );
    let _ = run(folder.path(), &["check", "one.md", "--deny-warnings"]).expect(1);
    let _ = run(folder.path(), &["build", "one.md", "--deny-warnings"]).expect(1);
    assert_eq!(names(folder.path()), ["one.md"]);
    let ran = run(folder.path(), &["build", "one.md", "-q"]).expect(0);
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", ""));
}

#[test]
fn the_json_form_has_an_object_a_line_and_says_nothing_else() {
    let folder = series(&[(
        "issues/one.md",
        &small_issue("One").replace("lang: zh-CN\n", "subtitel: x\n"),
    )]);
    let ran = run(folder.path(), &["build", "--message-format", "json"]).expect(0);
    assert_eq!(ran.stderr, "");
    let artifacts = ran.objects("artifact");
    for artifact in &artifacts {
        let path = folder.path().join(artifact["path"].as_str().unwrap());
        assert_eq!(
            fs::metadata(&path).unwrap().len(),
            artifact["bytes"].as_u64().unwrap(),
            "{artifact}"
        );
        assert!(artifact["format"].is_string(), "{artifact}");
    }
    assert!(
        artifacts
            .iter()
            .any(|artifact| artifact["path"] == "public/one/one.epub")
    );
    let diagnostic = &ran.objects("diagnostic")[0];
    assert_eq!(diagnostic["code"], "unknown-field");
    assert_eq!(diagnostic["path"], "issues/one.md");
    assert_eq!(
        (diagnostic["line"].as_u64(), diagnostic["column"].as_u64()),
        (Some(4), Some(1))
    );
    assert_eq!(
        (
            diagnostic["end_line"].as_u64(),
            diagnostic["end_column"].as_u64()
        ),
        (Some(4), Some(9))
    );
    let finished = &ran.objects("finished")[0];
    assert_eq!(finished["errors"], 0);
    assert_eq!(finished["warnings"], 1);
    let last = ran.stdout.lines().last().unwrap();
    assert!(last.contains("\"finished\""), "{last}");
}

#[test]
fn colour_comes_when_asked_for() {
    let folder = folder_with(&[("one.md", b"no front matter")]);
    let plain = run(folder.path(), &["check", "one.md"]).expect(1);
    assert!(!plain.stderr.contains('\u{1b}'), "{}", plain.stderr);
    let coloured = run(folder.path(), &["check", "one.md", "--color", "always"]).expect(1);
    assert!(coloured.stderr.contains("\u{1b}["), "{}", coloured.stderr);
}

#[test]
fn lone_issues_of_one_folder_share_the_feeds() {
    let folder = folder_with(&[
        ("one.md", small_issue("One").as_bytes()),
        ("two.md", small_issue("Two").as_bytes()),
    ]);
    let ran = run(folder.path(), &["build", "one.md", "two.md", "./one.md"]).expect(0);
    assert!(ran.stdout.contains("Built 2 issues"), "{}", ran.stdout);
    let feed = read_text(&folder.path().join("public/feed.xml"));
    assert!(feed.contains("One") && feed.contains("Two"), "{feed}");
    assert!(
        !feed.contains("第 1 期"),
        "an issue of no series is counted: {feed}"
    );
}

#[test]
fn issues_that_would_write_each_others_feeds_are_refused() {
    let folder = folder_with(&[
        ("a/one.md", small_issue("One").as_bytes()),
        ("b/two.md", small_issue("Two").as_bytes()),
    ]);
    let _ = run(folder.path(), &["check", "a/one.md", "b/two.md"]).expect(0);
    let ran = run(folder.path(), &["build", "a/one.md", "b/two.md"]).expect(2);
    assert!(ran.stderr.contains("offprint init"), "{}", ran.stderr);
    assert!(!folder.path().join("public").exists());
}

#[test]
fn an_output_folder_that_cannot_be_is_told_in_words() {
    let folder = folder_with(&[("one.md", small_issue("One").as_bytes()), ("file", b"")]);
    let ran = run(folder.path(), &["build", "one.md", "-o", "file"]).expect(3);
    assert!(
        ran.stderr.contains("`file`: it is a file, not a folder"),
        "{}",
        ran.stderr
    );
    let ran = run(folder.path(), &["build", "one.md", "-o", "file/below"]).expect(3);
    assert!(ran.stderr.contains("file/below"), "{}", ran.stderr);
    let ran = run(folder.path(), &["build", "one.md", "-o", "/proc/offprint"]).expect(3);
    assert!(ran.stderr.contains("/proc/offprint"), "{}", ran.stderr);
    fs::create_dir_all(folder.path().join("out/one/one.epub")).unwrap();
    let ran = run(folder.path(), &["build", "one.md", "-o", "out"]).expect(3);
    assert!(
        ran.stderr.contains("`out/one/one.epub` is a folder"),
        "{}",
        ran.stderr
    );
    assert!(names(&folder.path().join("out")).is_empty());
}

#[test]
fn a_file_size_limit_ends_in_words_and_leaves_the_earlier_files() {
    let folder = folder_with(&[("one.md", small_issue("One").as_bytes())]);
    let _ = run(folder.path(), &["build", "one.md"]).expect(0);
    let before = files_below(&folder.path().join("public"));
    write(
        &folder.path().join("one.md"),
        small_issue("Another").as_bytes(),
    );
    // With the signal ignored, writing past the limit fails as writing to a full disk does.
    let script = format!(
        "trap '' XFSZ; ulimit -f 1; exec '{}' build one.md",
        offprint_tests::program().display()
    );
    let mut shell = std::process::Command::new("bash");
    let ran = finish(shell.current_dir(folder.path()).args(["-c", &script])).expect(3);
    assert!(
        ran.stderr.contains("cannot write `public/one/one."),
        "{}",
        ran.stderr
    );
    assert!(
        files_below(&folder.path().join("public")) == before,
        "files were changed"
    );
}

#[test]
fn a_full_device_under_stdout_is_a_fault_of_the_machine() {
    let folder = folder_with(&[("one.md", small_issue("One").as_bytes())]);
    let full = File::options().write(true).open("/dev/full").unwrap();
    let ran = finish(command(folder.path(), &["build", "one.md"]).stdout(full)).expect(3);
    assert!(ran.stderr.contains("standard output"), "{}", ran.stderr);
}

#[test]
fn a_reader_that_goes_away_is_no_fault() {
    let folder = folder_with(&[("one.md", small_issue("One").as_bytes())]);
    let mut child = command(
        folder.path(),
        &["build", "one.md", "--message-format", "json"],
    )
    .stdout(Stdio::piped())
    .stderr(Stdio::piped())
    .spawn()
    .unwrap();
    drop(child.stdout.take());
    let ran = offprint_tests::Ran::from(child.wait_with_output().unwrap()).expect(0);
    assert_eq!(ran.stderr, "");
    assert!(folder.path().join("public/one/one.epub").exists());
}

#[test]
fn a_second_build_waits_for_the_first_and_gives_up_in_words() {
    let folder = folder_with(&[
        ("one.md", small_issue("One").as_bytes()),
        ("public/.offprint.lock", b""),
    ]);
    let lock = File::options()
        .write(true)
        .open(folder.path().join("public/.offprint.lock"))
        .unwrap();
    lock.lock().unwrap();
    let ran = run(folder.path(), &["build", "one.md"]).expect(3);
    assert!(
        ran.stderr.contains("another build is writing to `public`"),
        "{}",
        ran.stderr
    );
    lock.unlock().unwrap();
    let _ = run(folder.path(), &["build", "one.md"]).expect(0);
}

#[test]
fn init_makes_a_series_that_is_clean_and_builds() {
    for lang in ["zh_CN.UTF-8", "en_GB.UTF-8"] {
        let folder = folder_with(&[]);
        let mut init = command(folder.path(), &["init", "My \"Digest\" 论文"]);
        let ran = finish(
            init.env("LANG", lang)
                .env("SOURCE_DATE_EPOCH", "1700000000"),
        )
        .expect(0);
        assert!(ran.stdout.contains("offprint.toml"), "{}", ran.stdout);
        let series = folder.path().join("My \"Digest\" 论文");
        let issue = read_text(&series.join("issues/2023-11-14-first.md"));
        assert_eq!(issue.contains("导读"), lang.starts_with("zh"), "{issue}");
        let ran = run(&series, &["check", "--deny-warnings"]).expect(0);
        assert!(
            ran.stdout
                .starts_with("Checked 1 issue, 2 papers: no errors"),
            "{}",
            ran.stdout
        );
        let _ = run(&series, &["build", "--deny-warnings"]).expect(0);
    }
}

#[test]
fn init_changes_nothing_that_is_there() {
    let folder = folder_with(&[("offprint.toml", b"mine"), (".gitignore", b"mine too")]);
    let ran = run(folder.path(), &["init"]).expect(2);
    assert!(
        ran.stderr.contains("`offprint.toml` is there already"),
        "{}",
        ran.stderr
    );
    assert_eq!(names(folder.path()), [".gitignore", "offprint.toml"]);
    assert_eq!(read_text(&folder.path().join("offprint.toml")), "mine");
}

#[test]
fn completions_and_the_manual_name_every_command() {
    let folder = folder_with(&[]);
    let commands = ["init", "check", "build", "completions", "man"];
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = run(folder.path(), &["completions", shell]).expect(0).stdout;
        assert!(
            commands.iter().all(|command| script.contains(command)),
            "{script}"
        );
    }
    let page = run(folder.path(), &["man"]).expect(0).stdout;
    assert!(
        page.contains(".TH offprint") && commands.iter().all(|command| page.contains(command)),
        "{page}"
    );
}
