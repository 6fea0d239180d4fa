//! Every look that settings give a PDF is held to the same judges.

#![expect(
    clippy::case_sensitive_file_extension_comparisons,
    clippy::unwrap_used,
    reason = "the names are ours, and a test stops by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use offprint_core::index;
use offprint_tests::outputs::squeezed;
use offprint_tests::presets::{Preset, presets};
use offprint_tests::series::{series_with, source_of};
use offprint_tests::tagged::{malformed, skipped_levels, stray_notes};
use offprint_tests::tools::{
    ask, ask_gladly, painted_text, pdf_pixels, pdf_sheets, pdftotext, qpdf_check, qpdf_json,
    structure_tree, tool, verapdf,
};
use offprint_tests::typography::{outside, overprinted};
use offprint_tests::{Ran, copy_of, files_below, list, read, run, small_issue, write};
use serde_json::Value;

/// Findings about all presets, which must be none.
fn judge(findings: impl Fn(&Preset) -> Vec<String>) {
    let findings: Vec<String> = presets()
        .iter()
        .flat_map(|preset| {
            let about = findings(preset).into_iter();
            about.map(move |it| format!("{}: {it}", preset.name))
        })
        .collect();
    assert!(findings.is_empty(), "{}: {findings:#?}", findings.len());
}

/// The presets in one look.
fn in_look(look: &'static str) -> impl Iterator<Item = &'static Preset> {
    let presets = presets().iter().filter(move |preset| preset.is(look));
    assert!(presets.clone().count() == 2, "no look {look}");
    presets
}

#[test]
fn verapdf_and_qpdf_find_nothing_in_any_preset() {
    let (carriers, others): (Vec<&Preset>, Vec<&Preset>) =
        presets().iter().partition(|preset| preset.is("carrier"));
    let paths = |presets: &[&Preset]| -> Vec<_> {
        presets.iter().map(|preset| preset.pdf.clone()).collect()
    };
    let mut findings = verapdf(&paths(&others), &["ua1", "2a"]);
    findings.extend(verapdf(&paths(&carriers), &["ua1", "3a"]));
    assert!(findings.is_empty(), "{findings:#?}");
    judge(|preset| qpdf_check(&preset.pdf).into_iter().collect());
}

#[test]
fn attached_files_are_those_that_were_read_and_made() {
    for preset in in_look("carrier") {
        let attached = tempfile::tempdir().unwrap();
        let ran = ask(tool("pdfdetach")
            .args(["-saveall", "-o"])
            .arg(attached.path())
            .arg(&preset.pdf))
        .expect(0);
        let (path, _) = source_of(&preset.folder);
        let source = preset.folder.join("issues").join(path);
        let book = preset.pdf.with_extension("epub");
        let mut wanted = vec![read(&source), read(&book)];
        let mut found: Vec<Vec<u8>> = files_below(attached.path())
            .into_iter()
            .map(|(_, bytes)| bytes)
            .collect();
        wanted.sort();
        found.sort();
        assert!(found == wanted, "{}: {ran:?}", preset.name);
        // An extractor that is not poppler's finds the book under its name.
        let name = book.file_name().unwrap().to_str().unwrap().to_owned();
        let mut show = tool("qpdf");
        let output = show
            .arg(format!("--show-attachment={name}"))
            .arg(&preset.pdf);
        // qpdf says why not on stderr.
        let output = output.output().unwrap();
        let shown = output.stdout == read(&book);
        assert!(shown, "{name}: {}", Ran::from(output).stderr);
    }
}

#[test]
fn attachments_are_made_even_when_only_the_pdf_is_asked_for() {
    let settings = "[pdf]\nattach = [\"epub\"]\n";
    let folder = series_with(settings, &list::markdown(2));
    let _ = run(folder.path(), &["build", "--format", "pdf"]).expect(0);
    let files = files_below(&folder.path().join("public"));
    let pdf = files.iter().find(|(path, _)| path.ends_with(".pdf"));
    let pdf = folder.path().join("public").join(&pdf.unwrap().0);
    let attached = folder.path().join("book.epub");
    let _ = ask_gladly(
        tool("pdfdetach")
            .args(["-save", "1", "-o"])
            .arg(&attached)
            .arg(&pdf),
    );
    assert!(!files.iter().any(|(path, _)| path.ends_with(".epub")));
    let _ = run(folder.path(), &["build", "--format", "epub"]).expect(0);
    assert!(read(&attached) == read(&pdf.with_extension("epub")));
}

#[test]
fn the_qr_codes_of_a_hand_out_lead_to_the_landing_pages_of_its_papers() {
    for preset in in_look("hand-out") {
        let mut read = BTreeMap::<String, usize>::new();
        for (width, _, pixels) in pdf_pixels(&preset.pdf, 200) {
            let height = pixels.len() / width;
            let mut page = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| {
                pixels[y * width + x]
            });
            for grid in page.detect_grids() {
                let (_, address) = grid.decode().unwrap();
                *read.entry(address).or_default() += 1;
            }
        }
        let mut wanted = BTreeMap::<String, usize>::new();
        for paper in preset.issue.papers() {
            if let Some(url) = &paper.url {
                *wanted.entry(url.clone()).or_default() += 1;
            }
        }
        assert!(!wanted.is_empty());
        assert_eq!(read, wanted, "{}", preset.name);
    }
}

#[test]
fn presets_give_equal_bytes_in_another_folder_on_other_threads() {
    for preset in presets().iter().filter(|it| it.name.ends_with("list")) {
        let copy = copy_of(&preset.folder);
        for jobs in ["1", "4"] {
            let arguments = ["build", "--format", "pdf", "--jobs", jobs, "--out", jobs];
            let _ = run(copy.path(), &arguments).expect(0);
            let made = files_below(&copy.path().join(jobs));
            let bytes = made.iter().find(|(path, _)| path.ends_with(".pdf"));
            let is_equal = bytes.is_some_and(|(_, bytes)| *bytes == read(&preset.pdf));
            assert!(is_equal, "{} with --jobs {jobs}", preset.name);
        }
    }
}

/// The left and the right margin of a look, in millimetres, as the manual says.
fn margins(preset: &Preset) -> (f64, f64) {
    match preset.name.split(' ').next() {
        Some("reader") => (6.0, 6.0),
        Some("hand-out") => (16.0, 16.0),
        Some("bold") => (35.0, 15.0),
        Some("carrier") => (12.0, 12.0),
        // Two columns have narrower margins than one.
        Some("newsletter") => (27.0 * 0.72, 27.0 * 0.72),
        Some(_) | None => (27.0, 27.0),
    }
}

#[test]
fn no_word_leaves_the_margins_or_is_printed_over_another() {
    judge(|preset| {
        let sheets = pdf_sheets(&preset.pdf);
        let (left, right) = margins(preset);
        let points = 72.0 / 25.4;
        let mut found = outside(&sheets, left * points, right * points);
        found.extend(overprinted(&sheets));
        found
    });
}

#[test]
fn the_index_tells_the_page_of_each_paper() {
    for preset in presets().iter().filter(|it| it.name.ends_with("list")) {
        // In the order in which it is painted, column by column.
        let text = painted_text(&preset.pdf);
        let pages: Vec<&str> = text.split('\u{c}').collect();
        let bookmarks = bookmarks(&qpdf_json(&preset.pdf));
        let first = bookmarks.iter().find(|mark| mark.title == "索引");
        let first = first.unwrap_or_else(|| panic!("{}: no index", preset.name));
        assert_eq!(first.depth, 0);
        let index = squeezed(&pages[first.page - 1..].concat());
        // A cover is no page 1.
        let shift = usize::from(preset.is("office"));
        let papers: Vec<_> = preset.issue.papers().collect();
        let places: Vec<usize> = bookmarks
            .iter()
            .filter(|mark| mark.depth == 1)
            .map(|mark| mark.page - shift)
            .collect();
        assert_eq!(places.len(), papers.len(), "{}", preset.name);
        let sizes: Vec<usize> = preset
            .issue
            .sections
            .iter()
            .map(|it| it.papers.len())
            .collect();
        let groups = [index::authors(&preset.issue), index::tags(&preset.issue)];
        let entries = groups.iter().flatten().flat_map(|group| &group.entries);
        let mut names = 0;
        for entry in entries {
            names += 1;
            let mut numbers: Vec<usize> = entry
                .places
                .iter()
                .map(|&(section, paper)| sizes[..section].iter().sum::<usize>() + paper)
                .map(|paper| places[paper])
                .collect();
            numbers.dedup();
            // Three pages in a row are told by the first and the last.
            let runs = numbers.chunk_by(|one, next| one + 1 == *next);
            let told: Vec<String> = runs
                .map(|run| match run {
                    [first, _, .., last] => format!("{first}–{last}"),
                    run => run
                        .iter()
                        .map(ToString::to_string)
                        .collect::<Vec<_>>()
                        .join(","),
                })
                .collect();
            let wanted = squeezed(&format!("{}{}", entry.name, told.join(",")));
            assert!(index.contains(&wanted), "{}: {wanted}", preset.name);
        }
        assert!(names > 20, "{names} names");
    }
}

struct Bookmark {
    title: String,
    depth: usize,
    page: usize,
}

fn bookmarks(json: &Value) -> Vec<Bookmark> {
    fn read(outlines: &Value, depth: usize, all: &mut Vec<Bookmark>) {
        for outline in outlines.as_array().into_iter().flatten() {
            all.push(Bookmark {
                title: outline["title"].as_str().unwrap().to_owned(),
                depth,
                page: usize::try_from(outline["destpageposfrom1"].as_u64().unwrap()).unwrap(),
            });
            read(&outline["kids"], depth + 1, all);
        }
    }
    let mut all = Vec::new();
    read(&json["outlines"], 0, &mut all);
    all
}

#[test]
fn bookmarks_are_nested_and_lead_to_the_page_of_their_title() {
    judge(|preset| {
        let text = pdftotext(&preset.pdf);
        let pages: Vec<String> = text.split('\u{c}').map(squeezed).collect();
        let marks = bookmarks(&qpdf_json(&preset.pdf));
        let deep = marks.iter().filter(|mark| mark.depth == 1).count();
        assert_eq!(deep, preset.issue.papers().count(), "{}", preset.name);
        let sections = &preset.issue.sections;
        let tops: Vec<&str> = marks
            .iter()
            .filter(|mark| mark.depth == 0)
            .map(|mark| mark.title.as_str())
            .collect();
        for section in sections {
            assert!(tops.contains(&section.title.as_str()), "{tops:?}");
        }
        let is_there = |mark: &&Bookmark| {
            // The number that the bookmark shows stands apart from the title.
            let title = mark
                .title
                .split_once(". ")
                .map_or(mark.title.as_str(), |it| it.1);
            let bare = |text: &str| squeezed(text).replace(['$', '\u{ad}', '-', '‐'], "");
            let head: String = bare(title).chars().take(12).collect();
            pages
                .get(mark.page - 1)
                .is_some_and(|page| bare(page).contains(&head))
        };
        let lost = marks.iter().filter(|mark| !is_there(mark));
        lost.map(|mark| format!("{} on page {}", mark.title, mark.page))
            .collect()
    });
}

#[test]
fn sections_and_papers_have_names_that_can_be_linked_to() {
    judge(|preset| {
        let told = ask_gladly(tool("pdfinfo").arg("-dests").arg(&preset.pdf));
        let found: BTreeSet<&str> = told
            .lines()
            .filter_map(|line| line.split('"').nth(1))
            .collect();
        let sections = preset.issue.sections.iter();
        let sections = sections.map(|section| format!("section-{}", section.id));
        let papers = preset
            .issue
            .papers()
            .map(|paper| format!("paper-{}", paper.id));
        let wanted: BTreeSet<String> = sections.chain(papers).collect();
        assert!(wanted.len() > 2);
        let missing = wanted.iter().filter(|name| !found.contains(name.as_str()));
        missing.cloned().collect()
    });
}

#[test]
fn a_cover_has_no_number_and_the_next_page_is_the_first() {
    for preset in presets() {
        let json = qpdf_json(&preset.pdf);
        let labels = json["pagelabels"].as_array().unwrap();
        let starts: Vec<u64> = labels
            .iter()
            .map(|it| it["index"].as_u64().unwrap())
            .collect();
        let has_cover = preset.is("office");
        assert_eq!(
            starts,
            if has_cover { vec![0, 1] } else { vec![0] },
            "{}",
            preset.name
        );
        let numbered = labels.last().unwrap();
        assert_eq!(numbered["label"]["/S"], "/D", "{}", preset.name);
        let sheets = pdf_sheets(&preset.pdf);
        let folio = |page: usize| {
            let words = sheets[page].words.iter();
            let lowest = words.max_by(|one, other| one.top.total_cmp(&other.top));
            lowest.map(|word| word.text.as_str())
        };
        assert_eq!(folio(usize::from(has_cover)), Some("1"), "{}", preset.name);
        if has_cover {
            assert!(folio(0) != Some("1"));
        }
    }
}

#[test]
fn the_structure_of_every_preset_is_whole() {
    judge(|preset| {
        let tree = structure_tree(&preset.pdf);
        let mut found = skipped_levels(&tree);
        found.extend(malformed(&tree));
        found.extend(stray_notes(&tree));
        found
    });
}

#[test]
fn grey_has_no_colour_but_in_pictures() {
    for preset in in_look("office").filter(|it| it.name.ends_with("list")) {
        let mut paint = tool("pdftoppm");
        let ppm = paint
            .args(["-r", "40"])
            .arg(&preset.pdf)
            .output()
            .unwrap()
            .stdout;
        assert!(ppm.starts_with(b"P6"));
        let header = ppm
            .iter()
            .enumerate()
            .filter(|(_, byte)| byte.is_ascii_whitespace());
        let pixels = header.clone().nth(3).unwrap().0 + 1;
        // All pages have headers of the same length; the first page says enough.
        let size = |number: usize| -> usize {
            let ends: Vec<usize> = header.clone().take(4).map(|(at, _)| at).collect();
            let field = &ppm[ends[number] + 1..ends[number + 1]];
            std::str::from_utf8(field).unwrap().parse().unwrap()
        };
        let page = &ppm[pixels..pixels + size(0) * size(1) * 3];
        assert!(page.iter().any(|&value| value < 128), "the page is blank");
        let is_grey = |pixel: &[u8]| pixel.iter().all(|&value| value == pixel[0]);
        assert!(page.chunks(3).all(is_grey), "{}", preset.name);
    }
}

#[test]
fn all_bad_settings_are_told_at_once_with_places_and_hints() {
    let settings = "[pdf]\npaper = \"B5\"\nmargin = 71\naccent = \"blue\"\nsize = 5\ncolumns = 3\n\
                    gray = \"maybe\"\ncover = \"none\"\nemphasis = \"italic\"\nqr = \"all\"\n\
                    standard = \"PDF/X\"\nattach = [\"source\", \"docx\"]\nmargins = 3\n";
    let folder = series_with(settings, &small_issue("One"));
    let path = folder.path().join("offprint.toml");
    let text = String::from_utf8(read(&path)).unwrap();
    let ran = run(folder.path(), &["check", "--message-format", "json"]).expect(1);
    let told = ran.objects("diagnostic");
    for line in settings.lines().skip(1) {
        let number = text.lines().position(|it| it == line).unwrap() + 1;
        let about = told.iter().find(|it| it["line"] == number);
        let about = about.unwrap_or_else(|| panic!("nothing is said of `{line}`: {told:#?}"));
        assert_eq!(about["path"], "offprint.toml", "{about}");
        let has_hint = !about["hints"].as_array().unwrap().is_empty();
        // A wrong type's message is the next step.
        let tells_type = about["message"]
            .as_str()
            .unwrap()
            .starts_with("this should be ");
        assert!(has_hint || tells_type, "no next step for `{line}`: {about}");
        // Only a name that is not known is no error.
        let severity = if line.starts_with("margins") {
            "warning"
        } else {
            "error"
        };
        assert_eq!(about["severity"], severity, "{about}");
    }
    let _ = run(folder.path(), &["build"]).expect(1);
    assert!(!folder.path().join("public").exists());
}

#[test]
fn a_pale_accent_is_a_warning() {
    for (accent, warns) in [("#9fc5e8", true), ("#1f4e79", false)] {
        let folder = series_with(
            &format!("[pdf]\naccent = \"{accent}\"\n"),
            &small_issue("One"),
        );
        let ran = run(folder.path(), &["check", "--message-format", "json"]).expect(0);
        let codes = ran.codes();
        let is_told = codes.iter().any(|code| code.ends_with("contrast"));
        assert_eq!(is_told, warns, "{accent}: {codes:?}");
    }
}

#[test]
fn another_look_replaces_the_file_and_the_same_one_does_not() {
    let folder = series_with("[pdf]\n", &small_issue("One"));
    let pdf = folder.path().join("public/issue/issue.pdf");
    let build = || run(folder.path(), &["build", "--format", "pdf"]).expect(0);
    let _ = build();
    let (first, time) = (read(&pdf), fs::metadata(&pdf).unwrap().modified().unwrap());
    assert!(build().stdout.contains("as before"));
    assert_eq!(fs::metadata(&pdf).unwrap().modified().unwrap(), time);
    let path = folder.path().join("offprint.toml");
    let text = String::from_utf8(read(&path)).unwrap();
    write(&path, format!("{text}size = 12\n").as_bytes());
    let _ = build();
    assert!(read(&pdf) != first);
}
