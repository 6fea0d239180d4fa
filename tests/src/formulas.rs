//! An issue full of formulas.

use std::fmt::Write as _;

use crate::{read_text, repository};

/// The formulas of the table that `offprint-math` is tested with: whether each stands on a line
/// of its own, and its TeX.
///
/// # Panics
/// When the table is not there.
#[must_use]
pub fn all() -> Vec<(bool, String)> {
    let table = repository().join("crates/offprint-math/tests/formulas.tsv");
    let table = read_text(&table);
    let rows = table.lines().filter(|line| !line.starts_with('#'));
    let formulas: Vec<(bool, String)> = rows
        // A dollar sign within a formula would end it in Markdown.
        .filter(|row| !row.contains('$'))
        .filter_map(|row| {
            let (_, rest) = row.split_once('\t')?;
            let (style, tex) = rest.split_once('\t')?;
            Some((style == "display", tex.trim().to_owned()))
        })
        .collect();
    assert!(formulas.len() > 120);
    formulas
}

/// An issue that says each of them in Chinese and in English, and in titles of papers.
#[must_use]
pub fn issue() -> String {
    let mut issue = String::from(
        "---\ntitle: 公式 $O(n \\log n)$\ndate: 2026-01-05\nlang: zh-CN\n---\n\n\
         导读：$\\lVert x \\rVert_2 \\le \\epsilon$。\n\n## 公式 $x_i^2$\n",
    );
    for (number, group) in all().chunks(8).enumerate() {
        let title = group.iter().find(|(is_display, _)| !is_display);
        let title = title.map_or("E = mc^2", |(_, tex)| tex);
        let _ = write!(
            issue,
            "\n### On ${title}$, Part {number}\n\n- 链接: https://papers.example.org/{number}\n"
        );
        for (is_display, tex) in group {
            let _ = if *is_display {
                write!(issue, "\n式子写作\n\n$$\n{tex}\n$$\n\n其中各项如上。\n")
            } else {
                write!(
                    issue,
                    "\n当且仅当 ${tex}$ 时成立，见下文。 It holds if ${tex}$ does, as we say below.\n"
                )
            };
        }
    }
    issue
}
