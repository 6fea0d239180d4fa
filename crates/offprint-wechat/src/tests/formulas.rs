//! Formulas within articles.

use offprint_core::Diagnostic;

use super::*;

fn math(tex: &str) -> Inline {
    Inline::Math(Formula {
        tex: tex.to_owned(),
    })
}

fn text(text: &str) -> Inline {
    Inline::Text(text.to_owned())
}

/// An article with each drawing cut down to `<svg>`.
fn without_paths(html: &str) -> String {
    let mut parts = html.split("<svg");
    let mut out = parts.next().unwrap().to_owned();
    for part in parts {
        out.push_str("<svg>");
        out.push_str(part.split_once("</svg>").unwrap().1);
    }
    out
}

fn codes(warnings: &[Diagnostic]) -> Vec<&str> {
    warnings.iter().map(|warning| warning.code).collect()
}

#[test]
fn a_formula_and_the_signs_beside_it_stay_on_one_line() {
    let article = commented(vec![Block::Paragraph(vec![
        text("设"),
        math("x"),
        text("，取（"),
        math("y"),
        text("）、"),
        math("z"),
        text("与 "),
        math("k"),
        text("-means，top-"),
        math("n"),
        text(" 之"),
        math("5"),
        text("，完"),
    ])]);
    let shown = without_paths(&article);
    let held = |content: &str| format!("<span style=\"display:inline-block\">{content}</span>");
    let wanted = [
        "设",
        &held("<svg>，"),
        "取",
        &held("（<svg>）、"),
        "<svg>与 ",
        &held("<svg>-means，"),
        &held("top-<svg>"),
        " 之5，完</p>",
    ];
    assert!(shown.contains(&wanted.concat()), "{shown}");
}

#[test]
fn formulas_are_drawn_wherever_they_stand() {
    let mut first = paper(1, "");
    first.title = vec![text("从 "), math("O(n^2)"), text(" 到 "), math("O(n)")];
    first.tldr = vec![math("x \\le y")];
    let line = || vec![math("\\frac{1}{2}")];
    first.commentary = vec![
        Block::Heading {
            level: 4,
            content: line(),
        },
        Block::List(List {
            start: None,
            tight: true,
            items: vec![ListItem {
                checked: None,
                content: vec![Block::Paragraph(line())],
            }],
        }),
        Block::Quote(vec![Block::Math(Formula {
            tex: "\\sum_i x_i".to_owned(),
        })]),
        Block::Table(Table {
            align: vec![Align::Start, Align::Center],
            head: vec![line(), line()],
            rows: vec![vec![line(), words("1")]],
        }),
    ];
    let exported = export(&Wechat::default(), &issue(vec![first]));
    let article = String::from_utf8(exported.artifacts[0].data.clone()).unwrap();
    assert_eq!(article.matches("<svg ").count(), 9, "{article}");
    assert_eq!(codes(&exported.warnings), [""; 0]);
    assert!(!article.contains("<code"), "{article}");
    for forbidden in ["<use", "<defs", " id=", "fill=\"#", "xlink"] {
        assert!(!article.contains(forbidden), "{forbidden}");
    }
    // References are small print: a title's formulas are words there.
    let (_, references) = article.rsplit_once("[1]").unwrap();
    assert!(references.contains("从 O(n²) 到 O(n)"), "{references}");
}

#[test]
fn formulas_of_notes_are_words() {
    let mut first = paper(1, "A");
    first.commentary = vec![Block::Paragraph(vec![text("见"), Inline::FootnoteRef(1)])];
    let mut issue = issue(vec![first]);
    issue.footnotes = vec![Footnote {
        label: "a".to_owned(),
        content: vec![
            Block::Paragraph(vec![text("即 "), math("x \\le y"), text("。")]),
            Block::Math(Formula {
                tex: "a \\ge b".to_owned(),
            }),
        ],
    }];
    let article = article(&Wechat::default(), &issue);
    assert!(!article.contains("<svg"), "{article}");
    assert!(article.contains("即 x ≤ y。"), "{article}");
    assert!(article.contains("a ≥ b"), "{article}");
}

#[test]
fn what_cannot_be_drawn_stands_as_tex_and_is_told_of_once() {
    let tex = "\\text{\u{f40}} < 1";
    let mut first = paper(1, "A");
    first.commentary = vec![
        Block::Paragraph(vec![math(tex), text("，"), math("x")]),
        Block::Math(Formula {
            tex: tex.to_owned(),
        }),
    ];
    let exported = export(&Wechat::default(), &issue(vec![first]));
    assert_eq!(codes(&exported.warnings), ["wechat::math-fallback"]);
    assert!(exported.warnings[0].message.contains(tex));
    let article = String::from_utf8(exported.artifacts[0].data.clone()).unwrap();
    assert_eq!(
        article.matches("\\text{\u{f40}} &lt; 1</code>").count(),
        2,
        "{article}"
    );
}

/// An issue of so many papers, each with a formula of its own.
fn formulary(count: u32) -> Issue {
    let papers = (1..=count).map(|number| {
        let mut paper = paper(number, "A");
        paper.commentary = vec![Block::Math(Formula {
            tex: format!("\\sum_{{i=1}}^{{n}} \\frac{{x_i}}{{{number}}} \\ge \\mathcal{{L}}"),
        })];
        paper
    });
    issue(papers.collect())
}

#[test]
fn formulas_are_drawn_less_finely_before_an_issue_is_divided() {
    let told = |count| {
        let exported = export(&Wechat::default(), &formulary(count));
        let parts = exported.artifacts.len() - 1;
        let coarse = codes(&exported.warnings)
            .iter()
            .filter(|code| **code == "wechat::coarse-formulas")
            .count();
        (parts, coarse)
    };
    let all: Vec<_> = (4..=12).map(told).collect();
    assert!(all.is_sorted(), "{all:?}");
    for wanted in [(1, 0), (1, 1), (2, 2)] {
        assert!(all.contains(&wanted), "{wanted:?} in {all:?}");
    }
    // Where it saves nothing they stay fine.
    let whole = Wechat {
        split: false,
        ..Wechat::default()
    };
    let exported = export(&whole, &formulary(20));
    let codes = codes(&exported.warnings);
    assert!(codes.contains(&"wechat::too-long"), "{codes:?}");
    assert!(!codes.contains(&"wechat::coarse-formulas"), "{codes:?}");
}

#[test]
fn short_formulas_become_letters_before_an_issue_is_divided() {
    let lined = |count: u32| {
        let papers = (1..=count).map(|number| {
            let mut paper = paper(number, "A");
            let tex = format!("x_{{{number}}}^2 + \\alpha \\le O(n \\log n)");
            paper.commentary = vec![Block::Paragraph(vec![Inline::Math(Formula { tex })])];
            paper
        });
        issue(papers.collect())
    };
    let told = |count| {
        let exported = export(&Wechat::default(), &lined(count));
        let drawn = exported
            .artifacts
            .iter()
            .map(|file| String::from_utf8_lossy(&file.data).matches("<svg").count())
            .min();
        (exported.artifacts.len() - 1, drawn > Some(0))
    };
    let all: Vec<_> = [4, 10, 16, 22].map(told).to_vec();
    assert_eq!(all.first(), Some(&(1, true)), "{all:?}");
    assert!(all.contains(&(1, false)), "{all:?}");
}
