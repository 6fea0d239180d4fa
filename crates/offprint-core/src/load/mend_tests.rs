//! What fixes may change of an issue, and what not, on texts that are thrown together.

use super::tests::{at, iclr};
use super::*;
use crate::mend::mend;
use crate::text::{Block, Inline, for_each_link, plain_text};

/// What readers may be led to or run, in reading order.
#[derive(Debug, PartialEq, Eq)]
struct Kept {
    links: Vec<String>,
    code: Vec<String>,
    formulas: Vec<String>,
    pictures: Vec<String>,
}

/// The fixes that change marks alone, and those that change an address.
const MARKS: &[&str] = &["mixed-width-punctuation", "bare-url-cjk"];
const ADDRESSES: &[&str] = &[
    "http-link",
    "tracking-parameter",
    "arxiv-pdf-link",
    "url-no-scheme",
];

fn loaded(text: &str) -> (Issue, Vec<Diagnostic>) {
    let source = Source::new("issue", text);
    let loaded = issue(
        &source,
        Form::Markdown,
        &at("issues", "issue"),
        &Series::default(),
    );
    let Some(issue) = loaded.value else {
        panic!("{text}: {:?}", loaded.diagnostics);
    };
    (issue, loaded.diagnostics)
}

fn mended(text: &str, found: &[Diagnostic], codes: &[&str]) -> String {
    let fixes = found.iter().filter(|found| codes.contains(&found.code));
    mend(text, fixes.filter_map(|found| found.fix.as_deref())).text
}

fn texts(issue: &Issue) -> Vec<&[Block]> {
    let mut texts: Vec<&[Block]> = vec![&issue.intro];
    for section in &issue.sections {
        texts.push(&section.intro);
        for paper in &section.papers {
            texts.extend([paper.abstract_text.as_slice(), paper.commentary.as_slice()]);
        }
    }
    texts.extend(issue.footnotes.iter().map(|note| note.content.as_slice()));
    texts
}

fn kept(issue: &Issue) -> Kept {
    let mut kept = Kept {
        links: Vec::new(),
        code: Vec::new(),
        formulas: Vec::new(),
        pictures: Vec::new(),
    };
    for text in texts(issue) {
        for_each_link(text, &mut |url| kept.links.push(url.to_owned()));
        crate::text::for_each_image(text, &mut |image| kept.pictures.push(image.src.clone()));
        of_debug(&format!("{text:?}"), &mut kept);
    }
    for paper in issue.papers() {
        kept.links.extend(paper.url.clone());
        kept.links.extend(paper.links.values().cloned());
    }
    kept
}

/// Code and formulas wherever in the tree they stand.
fn of_debug(tree: &str, kept: &mut Kept) {
    for mark in ["Code(", "Code {", "tex: "] {
        let out = if mark == "tex: " {
            &mut kept.formulas
        } else {
            &mut kept.code
        };
        for part in tree.split(mark).skip(1) {
            out.push(part.split([')', '}']).next().unwrap_or_default().to_owned());
        }
    }
}

/// All words, in which full-width and half-width marks are one, with no blanks.
fn words(issue: &Issue) -> String {
    let words: String = texts(issue).into_iter().map(plain_text).collect();
    let fold = |character: char| match character {
        '，' => ',',
        '；' => ';',
        '：' => ':',
        '？' => '?',
        '！' => '!',
        '（' => '(',
        '）' => ')',
        other => other,
    };
    let words = words.chars().filter(|character| !character.is_whitespace());
    words.map(fold).collect()
}

/// The words without addresses.
fn words_alone(issue: &Issue) -> String {
    let words: String = texts(issue).into_iter().map(plain_text).collect();
    let is_address = |word: &&str| !word.contains("a.cn") && !word.contains("arxiv.org");
    words.split_whitespace().filter(is_address).collect()
}

/// Checks the fixes of a text; returns whether marks were among them.
fn check(text: &str) -> bool {
    let (before, found) = loaded(text);
    let marks = mended(text, &found, MARKS);
    let (after, again) = loaded(&marks);
    assert_eq!(kept(&before), kept(&after), "{text}\n→\n{marks}");
    assert_eq!(words(&before), words(&after), "{text}\n→\n{marks}");
    // An address in brackets parts a sentence, of which more may be certain then; and no more.
    let settled = mended(&marks, &again, MARKS);
    let (after, again) = loaded(&settled);
    assert_eq!(kept(&before), kept(&after), "{text}\n→\n{settled}");
    assert_eq!(mended(&settled, &again, MARKS), settled, "{text}");

    let addresses = mended(text, &found, ADDRESSES);
    let (after, again) = loaded(&addresses);
    assert_eq!(
        words_alone(&before),
        words_alone(&after),
        "{text}\n→\n{addresses}"
    );
    assert_eq!(kept(&before).code, kept(&after).code, "{text}");
    assert_eq!(kept(&before).formulas, kept(&after).formulas, "{text}");
    assert_eq!(kept(&before).pictures, kept(&after).pictures, "{text}");
    let titles = |issue: &Issue| -> Vec<Vec<Inline>> {
        issue.papers().map(|paper| paper.title.clone()).collect()
    };
    assert_eq!(titles(&before), titles(&after));
    assert_eq!(mended(&addresses, &again, ADDRESSES), addresses, "{text}");
    marks != text
}

/// Pieces that a text is thrown together of: words, marks, and all that marks must not touch.
const PIECES: &[&str] = &[
    "甲",
    "乙丙",
    "图",
    ",",
    ", ",
    ";",
    ":",
    "?",
    "!",
    "，",
    "。",
    "(",
    ")",
    "（",
    "）",
    " ",
    "\n",
    "1",
    "BERT",
    "=",
    "**",
    "*",
    "_",
    "~~",
    "`",
    "`中,文`",
    "$",
    "$甲,乙$",
    "[",
    "]",
    "[中,文]",
    "[中,文][]",
    "[x](https://a.cn/中,文)",
    "[x](http://a.cn/x?utm_source=a)",
    "<https://a.cn/中,文>",
    "](",
    "[http://arxiv.org/a][中,文]",
    "https://a.cn/x",
    "https://a.cn/wiki/甲",
    "http://arxiv.org/abs/1",
    "a.cn/甲,乙",
    "www.a.cn",
    "[^甲]",
    "[^乙,丙]",
    "![图,一](a.png)",
    "<b>",
    "\\",
    "&amp;",
    "|",
    "- ",
    "> ",
    "\n\n",
    "第一。",
    "共 3:2",
    "\u{3000}",
];

const END: &str = "\n\n[中,文]: https://a.cn/甲,乙\n\n[^甲]: 注,脚。\n\n## 节\n\n### 题,目\n\n\
    - 链接：http://arxiv.org/pdf/2006.05929v2?utm_source=x\n- 作者: 张三,李四\n\n评,论。\n";

#[test]
fn fixes_of_marks_change_no_address_code_or_formula_and_fixes_of_addresses_nothing_else() {
    let mut state = 7_u32;
    let mut next = |below: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as usize % below
    };
    let mut changed = 0;
    for _ in 0..1_000 {
        let length = 2 + next(14);
        let body: String = (0..length).map(|_| PIECES[next(PIECES.len())]).collect();
        let text = format!("---\ntitle: 题\ndate: 2020-11-02\nlang: zh-CN\n---\n\n甲{body}{END}");
        changed += usize::from(check(&text));
    }
    assert!(changed > 100, "{changed}");
    assert!(!check(iclr::MARKDOWN));
    let half = iclr::MARKDOWN.replace('，', ",");
    assert!(check(&half));
}
