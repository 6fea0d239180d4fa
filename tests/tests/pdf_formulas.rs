//! Formulas in PDFs: drawn, told to those who listen, found by those who search.

use std::path::{Path, PathBuf};

use offprint_tests::outputs::squeezed;
use offprint_tests::run;
use offprint_tests::series::{outputs, series_of, series_with};
use offprint_tests::tools::{pdftotext, qpdf_check, qpdf_json, verapdf};
use serde_json::Value;
use tempfile::TempDir;

const HEAD: &str = "---\ntitle: 公式\nid: formulas\ndate: 2026-01-05\n---\n\n";

/// Formulas wherever text goes.
const EVERYWHERE: &str = "导言里有 $x + y$，脚注也有。[^1]\n\n[^1]: 见 $m = 1$。\n\n\
    ## 一节\n\n### Sorting in $n = 2$ steps\n\n- url: https://example.org/1\n\
    - 一句话: 只要 $t = 3$ 步。\n\n\
    其中（$a = b$）、“$c + d$”与[链接 $e = f$](https://example.org/e)，**重 $g$**，~~去 $h$~~。\n\n\
    #### 小节 $u = v$\n\n- 项 $i = 1$\n- $j = 2$ 项\n\n> 引 $k = 3$\n>\n> $$\n> p = q\n> $$\n\n\
    | 甲 $r$ | 乙 |\n|---|---|\n| $s = 5$ | 6 |\n\n如下：\n\n$$\nE = mc \\tag{7}\n$$\n\n\
    $$\n\\begin{aligned} w &= 1 \\\\ z &= \\color{red} 2 \\end{aligned}\n$$\n";

fn build(folder: &TempDir) -> (PathBuf, String) {
    let ran = run(folder.path(), &["build", "--format", "pdf"]).expect(0);
    let pdf = outputs(std::slice::from_ref(folder), ".pdf").remove(0);
    (pdf, ran.stderr)
}

/// The objects of a PDF, streams' dictionaries among them.
fn objects(pdf: &Path) -> Vec<Value> {
    let json = qpdf_json(pdf);
    let objects = json.pointer("/qpdf/1").and_then(Value::as_object);
    let dictionary = |object: &Value| {
        let stream = object.pointer("/stream/dict");
        stream.or_else(|| object.get("value")).cloned()
    };
    objects
        .into_iter()
        .flatten()
        .filter_map(|(_, object)| dictionary(object))
        .collect()
}

/// What those who listen are told of formulas, in the order of the objects.
fn told(pdf: &Path) -> Vec<String> {
    let objects = objects(pdf);
    let formulas = objects.iter().filter(|object| object["/S"] == "/Formula");
    formulas
        .map(|object| {
            let alt = object["/Alt"].as_str().unwrap_or_default();
            alt.strip_prefix("u:").unwrap_or(alt).to_owned()
        })
        .collect()
}

fn forms(pdf: &Path) -> usize {
    let objects = objects(pdf);
    objects
        .iter()
        .filter(|object| object["/Subtype"] == "/Form")
        .count()
}

#[test]
fn formulas_are_told_as_tex_and_found_by_their_words_wherever_they_stand() {
    let folder = series_of(&format!("{HEAD}{EVERYWHERE}"));
    let (pdf, warnings) = build(&folder);
    assert!(!warnings.contains("pdf::"), "{warnings}");
    let told = told(&pdf);
    for tex in [
        "x + y", "m = 1", "n = 2", "t = 3", "a = b", "c + d", "e = f", "g", "h", "u = v", "i = 1",
        "j = 2", "k = 3", "p = q", "r", "s = 5",
    ] {
        assert!(told.iter().any(|alt| alt == tex), "{tex} in {told:?}");
    }
    // In the contents and at its place.
    assert_eq!(told.iter().filter(|alt| *alt == "n = 2").count(), 2);
    assert!(told.iter().any(|alt| alt.contains("\\tag{7}")), "{told:?}");
    let text = squeezed(&pdftotext(&pdf));
    for words in [
        "导言里有x+y，脚注",
        "Sortinginn=2steps",
        "只要t=3步。",
        "其中（a=b）、“c+d”与链接e=f，",
        "小节u=v",
        "项i=1",
        "j=2项",
        "引k=3",
        "p=q",
        "s=5",
        "E=mc",
        "见m=1。",
    ] {
        assert!(text.contains(&squeezed(words)), "{words} in {text}");
    }
    assert!(!text.contains('$') && !text.contains("\\tag"), "{text}");
}

#[test]
fn formulas_break_no_rule_of_pdf_ua_1_and_pdf_a_2a() {
    let issue = format!("{HEAD}{EVERYWHERE}");
    let folders = [
        series_of(&issue),
        series_with("[pdf]\npaper = \"6in\"\ngray = true\n", &issue),
        series_with("[pdf]\npaper = \"newsletter\"\n", &issue),
    ];
    let pdfs: Vec<PathBuf> = folders.iter().map(|folder| build(folder).0).collect();
    for pdf in &pdfs {
        assert_eq!(qpdf_check(pdf), None, "{}", pdf.display());
    }
    let findings = verapdf(&pdfs, &["ua1", "2a"]);
    assert!(findings.is_empty(), "{findings:#?}");
}

#[test]
fn a_letter_is_drawn_once_for_a_whole_issue() {
    let issue = |count: usize| {
        let paper = |number| {
            format!(
                "### Paper {number}\n\n- url: https://example.org/{number}\n\n$x^2 + y_2 = \\sqrt{{x}}$\n\n"
            )
        };
        let papers: String = (0..count).map(paper).collect();
        series_of(&format!("{HEAD}## 一节\n\n{papers}"))
    };
    let counts = [1, 300].map(|count| forms(&build(&issue(count)).0));
    // x, y, 2, +, = and the root; the bar over it is a rectangle.
    assert!(counts[0] >= 6, "{counts:?}");
    assert_eq!(counts[0], counts[1]);
}

#[test]
fn a_formula_that_cannot_be_drawn_is_shown_as_tex_and_told_of() {
    let paper = "## 一节\n\n### Wide blanks\n\n- url: https://example.org/1\n\n\
        行内 $x \\hspace{900em} y$。\n\n$$\nx \\hspace{800em} z\n$$\n";
    let folder = series_of(&format!("{HEAD}{paper}"));
    let (pdf, warnings) = build(&folder);
    for tex in ["x \\hspace{900em} y", "x \\hspace{800em} z"] {
        let told = format!("a formula of “Wide blanks” is shown as TeX: `{tex}`");
        assert!(warnings.contains(&told), "{warnings}");
        assert!(squeezed(&pdftotext(&pdf)).contains(&squeezed(tex)));
    }
    assert_eq!(
        warnings.matches("pdf::math-fallback").count(),
        2,
        "{warnings}"
    );
    assert_eq!(told(&pdf).len(), 2);
}

#[test]
fn letters_of_formulas_come_from_faces_of_their_own() {
    let folder = series_of(&format!(
        "{HEAD}令 $\\mathfrak{{g}} \\ltimes \\mathscr{{F}} \\ngeqq \\beth$。\n"
    ));
    let (pdf, warnings) = build(&folder);
    assert!(!warnings.contains("missing-glyph"), "{warnings}");
    assert!(forms(&pdf) >= 5);
}
