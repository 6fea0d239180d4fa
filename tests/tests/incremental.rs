//! Builds after builds: only what changed is made again, and what is there is always what a
//! first build would make.

#![expect(
    clippy::case_sensitive_file_extension_comparisons,
    clippy::unwrap_used,
    reason = "the names are ours, and a test stops by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use offprint_tests::feeds::feed;
use offprint_tests::years::{self, Years};
use offprint_tests::{
    Ran, copy_of, files_below, fixture, folder_with, read, read_text, run, write,
};
use tempfile::TempDir;

const YEARS: Years = Years {
    papers: 3,
    abstracts: false,
};
const ALL: [&str; 1] = ["build"];

/// Three issues in all formats, the second of them with a picture of its own, the third with
/// one that lies with the project; built.
fn series() -> TempDir {
    let folder = folder_with(&[]);
    YEARS.write(folder.path(), 3);
    let settings = format!(
        "{}\n[wechat]\naccount = {{ name = \"年年\", id = \"years\" }}\n",
        years::SETTINGS
    );
    write(&folder.path().join("offprint.toml"), settings.as_bytes());
    let pictures = fixture("iclr-2021").join("assets");
    for (copy, picture) in [
        ("issues/images/own.png", "logo.png"),
        ("assets/all.png", "icon.png"),
    ] {
        write(&folder.path().join(copy), &read(&pictures.join(picture)));
    }
    edit(&folder, 2, |text| {
        format!("{text}\n![一幅图](images/own.png)\n")
    });
    edit(&folder, 3, |text| {
        format!("{text}\n![一幅图](/assets/all.png)\n")
    });
    let _ = run(folder.path(), &ALL).expect(0);
    folder
}

fn edit(folder: &TempDir, issue: usize, change: impl Fn(String) -> String) {
    let path = folder.path().join(years::path(issue));
    write(&path, change(read_text(&path)).as_bytes());
}

fn settings(folder: &TempDir, more: &str) {
    let path = folder.path().join("offprint.toml");
    write(&path, format!("{}\n{more}\n", read_text(&path)).as_bytes());
}

fn public(folder: &TempDir) -> PathBuf {
    folder.path().join("public")
}

/// What a file or folder can be told by that was written to, or put in another's place.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
struct Mark {
    inode: u64,
    bytes: u64,
    modified: (i64, i64),
}

/// Everything below a folder, and the folder itself.
fn marks(folder: &Path) -> BTreeMap<String, Mark> {
    let mut marks = BTreeMap::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(path) = waiting.pop() {
        let metadata = fs::symlink_metadata(&path).unwrap();
        let mark = Mark {
            inode: metadata.ino(),
            // What a folder takes says nothing.
            bytes: if metadata.is_dir() { 0 } else { metadata.len() },
            modified: (metadata.mtime(), metadata.mtime_nsec()),
        };
        let name = path.strip_prefix(folder).unwrap();
        marks.insert(name.to_string_lossy().into_owned(), mark);
        if metadata.is_dir() {
            let entries = fs::read_dir(&path).unwrap();
            waiting.extend(entries.map(|entry| entry.unwrap().path()));
        }
    }
    marks
}

/// The files of outputs that differ between two looks.
fn touched(before: &BTreeMap<String, Mark>, after: &BTreeMap<String, Mark>) -> BTreeSet<String> {
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    names
        .into_iter()
        .filter(|name| before.get(*name) != after.get(*name))
        // Not the folders.
        .filter(|name| name.contains('.'))
        .cloned()
        .collect()
}

fn outputs(public: &Path) -> BTreeMap<String, Vec<u8>> {
    // Drafts alone make no folder.
    let files = public.exists().then(|| files_below(public));
    files.into_iter().flatten().collect()
}

/// The folder in which the program remembers what it built.
fn memory(folder: &TempDir) -> PathBuf {
    folder.path().join(".offprint")
}

/// Checks that the outputs are what a first build of the same sources makes.
fn assert_as_new(folder: &TempDir, what: &str) {
    let copy = copy_of(folder.path());
    fs::remove_dir_all(memory(&copy)).unwrap();
    let _ = run(copy.path(), &ALL).expect(0);
    let (made, new) = (outputs(&public(folder)), outputs(&public(&copy)));
    let names = |outputs: &BTreeMap<String, Vec<u8>>| outputs.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&made), names(&new), "{what}");
    for (path, bytes) in new {
        assert!(made.get(&path) == Some(&bytes), "{what}: {path} is another");
    }
}

/// Builds, and gives back which outputs were touched.
fn built(folder: &TempDir) -> BTreeSet<String> {
    let before = marks(&public(folder));
    let _ = run(folder.path(), &ALL).expect(0);
    touched(&before, &marks(&public(folder)))
}

fn says_nothing_changed(ran: &Ran) -> bool {
    ran.stdout.contains("Nothing changed") && !ran.stdout.contains("Built")
}

/// The folder of an issue's outputs.
fn of_issue(number: usize) -> String {
    format!("{}/", years::id(number))
}

#[test]
fn a_second_build_writes_nothing_and_says_so() {
    let folder = series();
    let before = marks(folder.path());
    let ran = run(folder.path(), &ALL).expect(0);
    assert_eq!(marks(folder.path()), before);
    assert!(says_nothing_changed(&ran), "{}", ran.stdout);
    // From elsewhere, with threads of another number, in JSON.
    let elsewhere = folder_with(&[]);
    let root = folder.path().to_str().unwrap();
    for more in [&[][..], &["--message-format", "json"], &["-q"]] {
        let arguments = [&["build", root][..], more].concat();
        let mut again = offprint_tests::command(elsewhere.path(), &arguments);
        again
            .env("OFFPRINT_THREADS", "1")
            .env("TZ", "Asia/Kathmandu");
        let _ = offprint_tests::finish(&mut again).expect(0);
        assert_eq!(marks(folder.path()), before, "{more:?}");
    }
    let ran = run(folder.path(), &["build", "--message-format", "json"]).expect(0);
    let files = ran.objects("artifact");
    assert!(files.len() > 20);
    for file in files {
        assert_eq!(file["changed"], false, "{file}");
        let bytes = fs::metadata(folder.path().join(file["path"].as_str().unwrap()));
        assert_eq!(file["bytes"], bytes.unwrap().len(), "{file}");
    }
}

#[test]
fn sources_that_are_only_touched_change_nothing() {
    let folder = series();
    let before = marks(&public(&folder));
    for (path, bytes) in files_below(folder.path()) {
        if !path.starts_with("public/") {
            write(&folder.path().join(path), &bytes);
        }
    }
    let ran = run(folder.path(), &ALL).expect(0);
    assert_eq!(touched(&before, &marks(&public(&folder))), BTreeSet::new());
    assert!(says_nothing_changed(&ran), "{}", ran.stdout);
}

#[test]
fn after_a_change_of_one_issue_only_its_files_and_feeds_are_written() {
    let folder = series();
    edit(&folder, 2, |text| text.replacen("本期", "这一期", 1));
    let changed = built(&folder);
    let own = of_issue(2);
    for ending in [".epub", ".pdf", ".wechat.html"] {
        let is_there = |path: &String| path.starts_with(&own) && path.ends_with(ending);
        assert!(changed.iter().any(is_there), "{ending}: {changed:?}");
    }
    assert!(changed.contains("feed.xml") && changed.contains("feed.json"));
    // What feeds of papers say did not change.
    for path in &changed {
        let is_feed = ["feed.xml", "feed.json", "opds.xml"].contains(&path.as_str());
        assert!(is_feed || path.starts_with(&own), "{path}");
    }
    assert!(
        !changed.iter().any(|path| path.ends_with(".png")),
        "{changed:?}"
    );
    assert_as_new(&folder, "an issue");
}

#[test]
fn a_change_of_the_same_length_is_noticed() {
    let folder = series();
    let issue = folder.path().join(years::path(1));
    let modified = fs::metadata(&issue).unwrap().modified().unwrap();
    let text = read_text(&issue);
    let changed = text.replacen("本期", "今期", 1);
    assert_eq!(changed.len(), text.len());
    write(&issue, changed.as_bytes());
    // As an archive that was unpacked or a copy that was put back has it.
    let file = fs::File::options().write(true).open(&issue).unwrap();
    file.set_modified(modified).unwrap();
    assert!(!built(&folder).is_empty());
    assert_as_new(&folder, "an issue of the same length and date");
}

/// Only the system knows that such a file was written to.
#[cfg(unix)]
#[test]
fn an_output_of_the_same_length_and_date_is_noticed() {
    let folder = series();
    let of_first = of_issue(1);
    let files = files_below(&public(&folder));
    let (name, bytes) = files
        .iter()
        .find(|(path, _)| path.starts_with(&of_first) && path.ends_with(".epub"))
        .unwrap();
    let path = public(&folder).join(name);
    let modified = fs::metadata(&path).unwrap().modified().unwrap();
    let mut damaged = bytes.clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    write(&path, &damaged);
    let file = fs::File::options().write(true).open(&path).unwrap();
    file.set_modified(modified).unwrap();
    drop(file);
    assert_eq!(built(&folder), BTreeSet::from([name.clone()]));
    assert!(read(&path) == *bytes);
}

#[test]
fn a_new_issue_touches_no_earlier_one() {
    let folder = series();
    YEARS.write_issue(folder.path(), 4);
    let changed = built(&folder);
    let own = of_issue(4);
    for path in &changed {
        let is_shared = !path.starts_with("20") || path.starts_with(&own);
        assert!(is_shared, "{path}");
    }
    let books = changed.iter().filter(|path| path.ends_with(".epub"));
    assert_eq!(books.count(), 1);
    assert_as_new(&folder, "a new issue");
}

#[test]
fn outputs_that_were_removed_or_damaged_are_made_again() {
    let folder = series();
    let public = public(&folder);
    let names: Vec<String> = outputs(&public).into_keys().collect();
    let wanted = [
        ".epub",
        ".pdf",
        ".wechat.html",
        ".png",
        "feed.xml",
        "papers.json",
        "feeds.opml",
        "opds.xml",
    ];
    let tags = names.iter().find(|name| name.starts_with("tags/")).unwrap();
    let picked = wanted
        .iter()
        .map(|ending| names.iter().find(|name| name.ends_with(ending)).unwrap())
        .chain([tags]);
    for name in picked {
        let path = public.join(name);
        let bytes = read(&path);
        let mut flipped = bytes.clone();
        let middle = flipped.len() / 2;
        *flipped.get_mut(middle).unwrap() ^= 1;
        let damages: [(&str, Option<&[u8]>); 4] = [
            ("removed", None),
            ("emptied", Some(b"")),
            ("cut", bytes.get(..bytes.len() - 1)),
            ("altered", Some(&flipped)),
        ];
        for (what, bytes_now) in damages {
            match bytes_now {
                Some(bytes) => write(&path, bytes),
                None => fs::remove_file(&path).unwrap(),
            }
            let changed = built(&folder);
            assert!(read(&path) == bytes, "{name} was {what} and is not mended");
            assert!(changed.contains(name), "{name} {what}: {changed:?}");
            assert!(changed.len() <= 8, "{name} {what}: {changed:?}");
        }
    }
    // A folder in a file's place is a fault to tell of; a whole folder away is not.
    fs::remove_dir_all(public.join(of_issue(2))).unwrap();
    let _ = built(&folder);
    assert_as_new(&folder, "a folder removed");
    fs::remove_dir_all(&public).unwrap();
    let _ = run(folder.path(), &ALL).expect(0);
    assert_as_new(&folder, "all removed");
}

#[test]
fn what_is_remembered_may_be_damaged_or_lost() {
    let folder = series();
    let memory = memory(&folder);
    let remembered = files_below(&memory).into_iter();
    let mut remembered = remembered.filter(|(path, _)| !path.starts_with('.'));
    let (name, bytes) = remembered.next().unwrap();
    assert_eq!(remembered.next(), None);
    let text = String::from_utf8(bytes.clone()).unwrap();
    let damages: Vec<Vec<u8>> = vec![
        Vec::new(),
        b"{}".to_vec(),
        b"[1, 2".to_vec(),
        vec![0xff; 300],
        bytes.get(..bytes.len() / 2).unwrap().to_vec(),
        text.replace("\"version\":", "\"version\":9").into_bytes(),
        text.replace(".epub", ".pdf").into_bytes(),
        "[".repeat(100_000).into_bytes(),
    ];
    for (number, damaged) in damages.iter().enumerate() {
        write(&memory.join(&name), damaged);
        let _ = run(folder.path(), &ALL).expect(0);
        assert_as_new(&folder, &format!("damage {number}"));
        let ran = run(folder.path(), &ALL).expect(0);
        assert!(
            says_nothing_changed(&ran),
            "damage {number}: {}",
            ran.stdout
        );
    }
    fs::remove_dir_all(&memory).unwrap();
    assert_eq!(built(&folder), BTreeSet::new());
    let ran = run(folder.path(), &ALL).expect(0);
    assert!(says_nothing_changed(&ran), "{}", ran.stdout);
    // Paths that lead out of the folder are not followed.
    let outside = folder.path().join("kept.md");
    write(&outside, b"mine");
    let text = read_text(&memory.join(&name));
    let evil = text.replace("feed.xml", "../kept.md");
    assert_ne!(evil, text);
    write(&memory.join(&name), evil.as_bytes());
    let _ = run(folder.path(), &["build", "--prune"]).expect(0);
    assert_eq!(read(&outside), b"mine");
    assert_as_new(&folder, "paths that lead out");
}

#[test]
fn a_changed_setting_makes_again_what_it_concerns() {
    let folder = series();
    for (setting, ending) in [
        ("[pdf]\npaper = \"A5\"", ".pdf"),
        ("[epub]\ncover = \"none\"", ".epub"),
        ("[feed]\nlimit = 2", "feed.xml"),
    ] {
        settings(&folder, setting);
        let changed = built(&folder);
        assert!(
            changed.iter().any(|path| path.ends_with(ending)),
            "{setting}: {changed:?}"
        );
        let other = if ending == ".pdf" { ".epub" } else { ".pdf" };
        assert!(
            !changed.iter().any(|path| path.ends_with(other)),
            "{setting}: {changed:?}"
        );
        assert_as_new(&folder, setting);
    }
    let path = folder.path().join("offprint.toml");
    let text = read_text(&path).replace("年年有论文", "年年读论文");
    write(&path, text.as_bytes());
    let changed = built(&folder);
    for ending in [".epub", ".pdf"] {
        let count = changed.iter().filter(|path| path.ends_with(ending)).count();
        assert_eq!(count, 3, "{ending}: {changed:?}");
    }
    assert_as_new(&folder, "the title");
}

#[test]
fn a_changed_picture_makes_again_the_issues_that_show_it() {
    let folder = series();
    let other = read(&fixture("iclr-2021").join("assets/qr.png"));
    for (picture, issue) in [("issues/images/own.png", 2), ("assets/all.png", 3)] {
        write(&folder.path().join(picture), &other);
        let changed = built(&folder);
        let own = of_issue(issue);
        let has = |ending: &str| {
            changed
                .iter()
                .any(|path| path.starts_with(&own) && path.ends_with(ending))
        };
        assert!(has(".epub") && has(".pdf"), "{picture}: {changed:?}");
        for path in &changed {
            let is_book = [".epub", ".pdf", ".html"]
                .iter()
                .any(|ending| path.ends_with(ending));
            assert!(!is_book || path.starts_with(&own), "{picture}: {path}");
        }
        assert_as_new(&folder, picture);
    }
    // A picture that is gone is a fault, and leaves all as it was.
    let before = outputs(&public(&folder));
    fs::remove_file(folder.path().join("assets/all.png")).unwrap();
    let ran = run(folder.path(), &["build", "--message-format", "json"]).expect(1);
    assert!(!ran.codes().is_empty());
    assert!(outputs(&public(&folder)) == before);
}

#[test]
fn a_changed_font_makes_the_pdfs_again() {
    let folder = copy_of(&fixture("own-fonts"));
    let _ = run(folder.path(), &ALL).expect(0);
    // Another file of the same length under the name: a byte of the font's revision.
    let font = folder.path().join("fonts/Test-Both.ttc");
    let fonts = folder.path().join("fonts/Test-Han.otf");
    let (both, han) = (read(&font), read(&fonts));
    assert!(both != han);
    let settings = folder.path().join("offprint.toml");
    let text = read_text(&settings).replace("fonts/Test-Han.otf", "fonts/Copy.otf");
    write(&folder.path().join("fonts/Copy.otf"), &han);
    write(&settings, text.as_bytes());
    let _ = built(&folder);
    let before = outputs(&public(&folder));
    // The collection's second face, as a file of the same name.
    write(&folder.path().join("fonts/Copy.otf"), &both);
    let changed = built(&folder);
    assert!(
        changed.iter().any(|path| path.ends_with(".pdf")),
        "{changed:?}"
    );
    assert!(
        !changed.iter().any(|path| path.ends_with(".epub")),
        "{changed:?}"
    );
    assert!(outputs(&public(&folder)) != before);
    assert_as_new(&folder, "a font");
}

#[test]
fn findings_are_told_again_as_long_as_they_hold() {
    let folder = series();
    edit(&folder, 1, |text| format!("{text}\n<b>粗</b>\n"));
    let first = run(folder.path(), &["build", "--message-format", "json"]).expect(0);
    assert_eq!(first.codes(), ["raw-html"]);
    let again = run(folder.path(), &["build", "--message-format", "json"]).expect(0);
    assert_eq!(again.objects("diagnostic"), first.objects("diagnostic"));
    let drawn = run(folder.path(), &ALL).expect(0);
    assert!(drawn.stderr.contains("<b>粗</b>"), "{}", drawn.stderr);
    let before = marks(&public(&folder));
    let _ = run(folder.path(), &["build", "--deny-warnings"]).expect(1);
    assert_eq!(marks(&public(&folder)), before);
    edit(&folder, 1, |text| text.replace("\n<b>粗</b>\n", ""));
    let mended = run(folder.path(), &["build", "--message-format", "json"]).expect(0);
    assert_eq!(mended.codes(), [""; 0]);
}

#[test]
fn drafts_are_checked_and_leave_the_feeds_and_come_back_as_they_were() {
    let folder = series();
    let public = public(&folder);
    let before = outputs(&public);
    let text = read_text(&folder.path().join(years::path(3)));
    YEARS.write_issue(folder.path(), 4);
    edit(&folder, 4, |text| {
        text.replacen("number: 4", "number: 4\ndraft: true", 1)
    });
    let _ = run(folder.path(), &ALL).expect(0);
    assert!(outputs(&public) == before, "a new draft was published");
    // What is in a draft is checked.
    edit(&folder, 4, |text| {
        text.replacen("\ndate: ", "\ndate: no", 1)
    });
    let _ = run(folder.path(), &ALL).expect(1);
    fs::remove_file(folder.path().join(years::path(4))).unwrap();

    edit(&folder, 3, |text| {
        text.replacen("number: 3", "number: 3\ndraft: true", 1)
    });
    let _ = run(folder.path(), &ALL).expect(0);
    let guids = feed(&public.join("feed.xml")).guids();
    assert_eq!(guids.len(), 2, "{guids:?}");
    write(&folder.path().join(years::path(3)), text.as_bytes());
    let _ = run(folder.path(), &ALL).expect(0);
    assert!(outputs(&public) == before);
}

#[test]
fn what_no_issue_makes_any_more_is_told_and_removed_when_asked() {
    let folder = series();
    let public = public(&folder);
    let mine = public.join(of_issue(3)).join("notes.txt");
    write(&mine, b"mine");
    fs::remove_file(folder.path().join(years::path(3))).unwrap();
    let ran = run(folder.path(), &ALL).expect(0);
    let old = public
        .join(of_issue(3))
        .join(format!("{}.epub", years::id(3)));
    assert!(old.exists());
    assert!(ran.stdout.contains(&years::id(3)), "{}", ran.stdout);
    // Once more, for who did not read it.
    let ran = run(folder.path(), &ALL).expect(0);
    assert!(ran.stdout.contains("--prune"), "{}", ran.stdout);
    let _ = run(folder.path(), &["build", "--prune"]).expect(0);
    assert!(!old.exists());
    assert_eq!(read(&mine), b"mine");
    fs::remove_dir_all(mine.parent().unwrap()).unwrap();
    assert_as_new(&folder, "after --prune");
    let ran = run(folder.path(), &ALL).expect(0);
    assert!(says_nothing_changed(&ran), "{}", ran.stdout);
}

#[test]
fn files_that_others_changed_are_not_removed() {
    let folder = series();
    let book = public(&folder)
        .join(of_issue(3))
        .join(format!("{}.epub", years::id(3)));
    write(&book, b"not what was made");
    fs::remove_file(folder.path().join(years::path(3))).unwrap();
    let _ = run(folder.path(), &["build", "--prune"]).expect(0);
    assert_eq!(read(&book), b"not what was made");
}

#[test]
fn an_issue_published_under_another_id_stops_the_build() {
    let folder = series();
    let before = marks(&public(&folder));
    let old = folder.path().join(years::path(2));
    let new = folder.path().join("issues/renamed.md");
    fs::rename(&old, &new).unwrap();
    let ran = run(folder.path(), &["build", "--message-format", "json"]).expect(1);
    assert_eq!(ran.codes(), ["id-changed"]);
    assert_eq!(marks(&public(&folder)), before);
    // Under its old name it is what it was.
    let text =
        read_text(&new).replacen("number: 2", &format!("number: 2\nid: {}", years::id(2)), 1);
    write(&new, text.as_bytes());
    let _ = run(folder.path(), &ALL).expect(0);
    assert_as_new(&folder, "with its id");
    // Or it is another, if that is meant.
    let text = text.replace(&format!("id: {}", years::id(2)), "id: renamed");
    write(&new, text.as_bytes());
    let _ = run(folder.path(), &["build", "--republish", "--prune"]).expect(0);
    let _ = run(folder.path(), &ALL).expect(0);
    assert!(!public(&folder).join(of_issue(2)).exists());
    assert_as_new(&folder, "republished");
}

#[test]
fn builds_of_some_formats_or_elsewhere_do_not_confuse_those_of_all() {
    let folder = series();
    let before = marks(&public(&folder));
    for arguments in [
        &["build", "--format", "epub"][..],
        &["build", "--format", "rss"],
        &["build", "--format", "pdf,rss"],
        &["check"],
    ] {
        let _ = run(folder.path(), arguments).expect(0);
        let changed = touched(&before, &marks(&public(&folder)));
        assert!(changed.is_empty(), "{arguments:?}: {changed:?}");
    }
    let one = years::path(2);
    let _ = run(folder.path(), &["build", &one]).expect(0);
    assert_as_new(&folder, "an issue by its name");
    let _ = run(folder.path(), &["build", "--out", "elsewhere"]).expect(0);
    assert!(outputs(&folder.path().join("elsewhere")) == outputs(&public(&folder)));
    edit(&folder, 2, |text| text.replacen("本期", "这一期", 1));
    let _ = run(
        folder.path(),
        &["build", "--format", "rss", "--out", "elsewhere"],
    )
    .expect(0);
    let _ = run(folder.path(), &["build", &one, "--format", "epub"]).expect(0);
    let _ = run(folder.path(), &ALL).expect(0);
    assert_as_new(&folder, "some formats first");
    let ran = run(folder.path(), &ALL).expect(0);
    assert!(says_nothing_changed(&ran), "{}", ran.stdout);
}

#[test]
fn a_build_that_fails_is_no_reason_to_make_all_again() {
    let folder = series();
    let issue = folder.path().join(years::path(2));
    let text = read_text(&issue);
    write(&issue, text.replacen("\ndate: ", "\ndate: x", 1).as_bytes());
    let before = marks(&public(&folder));
    let _ = run(folder.path(), &ALL).expect(1);
    assert_eq!(touched(&before, &marks(&public(&folder))), BTreeSet::new());
    write(&issue, text.as_bytes());
    let ran = run(folder.path(), &ALL).expect(0);
    assert!(says_nothing_changed(&ran), "{}", ran.stdout);
}

#[test]
fn an_output_of_an_earlier_day_is_as_good() {
    // Restored from a backup, with dates of its own.
    let folder = series();
    let public = public(&folder);
    let day = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    for (path, _) in files_below(&public) {
        let file = fs::File::options()
            .write(true)
            .open(public.join(path))
            .unwrap();
        file.set_modified(day).unwrap();
    }
    let before = marks(&public);
    let ran = run(folder.path(), &ALL).expect(0);
    assert_eq!(touched(&before, &marks(&public)), BTreeSet::new());
    assert!(says_nothing_changed(&ran), "{}", ran.stdout);
}

#[test]
fn a_killed_build_is_finished_by_the_next() {
    let folder = series();
    for number in 4..=30 {
        YEARS.write_issue(folder.path(), number);
    }
    for milliseconds in [20, 60, 120, 250, 500] {
        let mut build = offprint_tests::command(folder.path(), &["build", "-q"]);
        let mut child = build.spawn().unwrap();
        std::thread::sleep(Duration::from_millis(milliseconds));
        // It may have ended by itself.
        let _ = child.kill();
        let _ = child.wait().unwrap();
        edit(&folder, 30, |text| text.replacen("本期", "本期本期", 1));
    }
    let _ = run(folder.path(), &ALL).expect(0);
    assert_as_new(&folder, "after kills");
}

/// What a curator may do between builds, by a die of ten.
fn do_something(folder: &TempDir, number: usize, roll: &mut impl FnMut(usize) -> usize) -> String {
    let issue = years::path(1 + roll(3));
    let path = folder.path().join(&issue);
    let text = read_text(&path);
    let made: Vec<String> = outputs(&public(folder)).into_keys().collect();
    let output = made.get(roll(made.len())).map_or("none", String::as_str);
    let pictures = fixture("iclr-2021").join("assets");
    match roll(10) {
        0 => {
            write(&path, format!("{text}\n又一句 {number}。\n").as_bytes());
            format!("a sentence in {issue}")
        }
        1 => {
            let text = text.replacen("\n### ", &format!("\n### 改 {number} "), 1);
            write(&path, text.as_bytes());
            format!("a title in {issue}")
        }
        // One stays published: of drafts alone nothing is built.
        2 if issue != years::path(1) => {
            let changed = if text.contains("draft: true") {
                text.replace("draft: true\n", "")
            } else {
                text.replacen("number: ", "draft: true\nnumber: ", 1)
            };
            write(&path, changed.as_bytes());
            format!("{issue} is a draft or none any more")
        }
        3 => {
            // There is none of drafts.
            let _ = fs::remove_file(public(folder).join(output));
            format!("{output} removed")
        }
        4 => {
            if output != "none" {
                write(&public(folder).join(output), b"something else");
            }
            format!("{output} overwritten")
        }
        5 => {
            let picture = ["logo.png", "icon.png", "qr.png"]
                .get(roll(3))
                .copied()
                .unwrap();
            let target = ["issues/images/own.png", "assets/all.png"]
                .get(roll(2))
                .copied()
                .unwrap();
            write(&folder.path().join(target), &read(&pictures.join(picture)));
            format!("{target} is {picture}")
        }
        6 => {
            let settings = folder.path().join("offprint.toml");
            let base = read_text(&settings);
            let base = base.split("\n[pdf]").next().unwrap();
            let paper = ["A4", "A5", "Letter"].get(roll(3)).copied().unwrap();
            let text = format!(
                "{base}\n[pdf]\npaper = \"{paper}\"\n\n[feed]\nlimit = {}\n",
                1 + roll(4)
            );
            write(&settings, text.as_bytes());
            format!("paper {paper}")
        }
        7 => {
            let formats = ["epub", "rss", "pdf,rss", "wechat"]
                .get(roll(4))
                .copied()
                .unwrap();
            let _ = run(folder.path(), &["build", "--format", formats]).expect(0);
            format!("built {formats}")
        }
        8 => {
            let _ = run(folder.path(), &["build", &issue]).expect(0);
            format!("built {issue}")
        }
        _ => {
            let settings = folder.path().join("offprint.toml");
            let text = read_text(&settings).replacen("年年", "年年 年年", 1);
            write(&settings, text.as_bytes());
            "another title".to_owned()
        }
    }
}

#[test]
fn whatever_was_done_a_build_makes_what_a_first_one_would() {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut roll = |sides: usize| {
        // xorshift64.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % sides.max(1) as u64).unwrap()
    };
    let folder = series();
    let mut done = Vec::new();
    for number in 0..16 {
        for _ in 0..=roll(3) {
            done.push(do_something(&folder, number, &mut roll));
        }
        let ran = run(folder.path(), &["build", "--prune"]);
        assert_eq!(ran.code, Some(0), "{done:#?}\n{}", ran.stderr);
        assert_as_new(&folder, &format!("{done:#?}"));
    }
}
