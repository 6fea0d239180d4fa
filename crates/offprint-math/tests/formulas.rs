//! The table of formulas: all of it is read, is `MathML` that others can read, and says in plain
//! words what it should.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test stops by panicking"
)]

use std::collections::BTreeSet;
use std::fmt::Write as _;

use math_core::{LatexToMathML, MathCoreConfig, MathDisplay};
use offprint_math::{Style, check, mathml, words};
use unicode_normalization::UnicodeNormalization as _;

/// Name, style, TeX.
fn table() -> Vec<(&'static str, Style, &'static str)> {
    let lines = include_str!("formulas.tsv").lines();
    let rows = lines.filter(|line| !line.starts_with('#') && !line.is_empty());
    rows.map(|line| {
        let columns: Vec<&str> = line.split('\t').collect();
        let style = match columns[1] {
            "display" => Style::Display,
            _ => Style::Inline,
        };
        (columns[0], style, columns[2])
    })
    .collect()
}

#[test]
fn every_formula_is_read() {
    let faults: Vec<String> = table()
        .into_iter()
        .filter_map(|(name, _, tex)| {
            let fault = check(tex).err()?;
            Some(format!("{name}: {}", fault.message))
        })
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn formulas_as_mathml() {
    let mut out = String::new();
    for (name, style, tex) in table() {
        let written = mathml(tex, style).unwrap();
        let _ = writeln!(out, "# {name}\n{}\n", written.replace("><", ">\n<"));
    }
    insta::assert_snapshot!("mathml", out);
}

#[test]
fn formulas_in_words() {
    let mut out = String::new();
    for (name, _, tex) in table() {
        let _ = writeln!(out, "{name}: {}", words(tex));
    }
    insta::assert_snapshot!("words", out);
}

/// Elements with a fixed number of parts.
fn parts(element: &str) -> Option<usize> {
    Some(match element {
        "mfrac" | "mroot" | "msub" | "msup" | "munder" | "mover" => 2,
        "msubsup" | "munderover" => 3,
        "mi" | "mn" | "mo" | "mtext" | "mspace" => 0,
        _ => return None,
    })
}

#[test]
fn mathml_has_the_shape_that_readers_ask_for() {
    for (name, style, tex) in table() {
        let written = mathml(tex, style).unwrap();
        let tree = roxmltree::Document::parse(&written).unwrap();
        let root = tree.root_element();
        assert_eq!(root.tag_name().name(), "math", "{name}");
        assert_eq!(
            root.tag_name().namespace(),
            Some("http://www.w3.org/1998/Math/MathML"),
            "{name}"
        );
        assert_eq!(root.attribute("alttext"), Some(tex), "{name}");
        let is_block = root.attribute("display") == Some("block");
        assert_eq!(is_block, style == Style::Display, "{name}");
        for node in tree.descendants().filter(roxmltree::Node::is_element) {
            let element = node.tag_name().name();
            let children = node.children().filter(roxmltree::Node::is_element);
            if let Some(count) = parts(element) {
                assert_eq!(children.count(), count, "{name}: {element}");
            }
            if matches!(element, "mi" | "mn" | "mo" | "mtext") {
                let text = node.text().unwrap_or_default();
                assert!(!text.is_empty(), "{name}: an empty {element}");
                assert_eq!(
                    text,
                    text.trim_matches(' '),
                    "{name}: XML readers trim {element}"
                );
            }
        }
        assert!(
            !written.contains(['\u{fe00}', '\u{fe01}', '\u{e000}', '\u{e020}']),
            "{name}: characters that few fonts have"
        );
    }
}

/// The letters and digits of a formula, in order and in plain forms.
fn letters(mathml: &str) -> String {
    let tree = roxmltree::Document::parse(mathml).unwrap();
    let texts = tree.descendants().filter(roxmltree::Node::is_text);
    let all: String = texts.filter_map(|node| node.text()).collect();
    all.nfkc().filter(|c| c.is_alphanumeric()).collect()
}

#[test]
fn another_library_reads_the_same_letters() {
    let other = LatexToMathML::new(MathCoreConfig::default()).unwrap();
    let (mut count, mut differing) = (0, BTreeSet::new());
    // The other library numbers the lines of `align`; here only `\tag` numbers.
    let rows = table().into_iter().filter(|(name, ..)| *name != "align");
    for (name, style, tex) in rows {
        let display = match style {
            Style::Inline => MathDisplay::Inline,
            Style::Display => MathDisplay::Block,
        };
        let Ok(theirs) = other.convert_with_local_state(tex, display) else {
            continue;
        };
        count += 1;
        let ours = mathml(tex, style).unwrap();
        if letters(&ours) != letters(&theirs.mathml) {
            differing.insert(format!(
                "{name}: {} {}",
                letters(&ours),
                letters(&theirs.mathml)
            ));
        }
    }
    assert!(count > 130, "only {count} formulas were compared");
    assert!(differing.is_empty(), "{differing:#?}");
}

#[test]
fn equal_formulas_give_equal_bytes_on_all_threads() {
    let table = table();
    let write = || -> Vec<String> {
        let rows = table.iter();
        rows.map(|(_, style, tex)| mathml(tex, *style).unwrap() + &words(tex))
            .collect()
    };
    let first = write();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(write)).collect();
        for thread in threads {
            assert_eq!(thread.join().unwrap(), first);
        }
    });
}
