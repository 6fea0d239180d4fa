use super::*;
use crate::text::plain_text;

/// Reads a text on its own, with what was found.
fn read(markdown: &str) -> (Text, Vec<String>) {
    let source = Source::new("text", markdown);
    let mut manuscript = Manuscript::new(&source, "issues", false);
    let mut text = manuscript.text(markdown, 0..markdown.len());
    manuscript.number_footnotes(vec![Passage::Text(&mut text)]);
    let codes = manuscript
        .diagnostics
        .iter()
        .map(|diagnostic| {
            let (line, column) = diagnostic.place.as_ref().unwrap().line_column();
            format!("{line}:{column} {}", diagnostic.code)
        })
        .collect();
    (text, codes)
}

/// A text in a notation that tells nodes apart: `/` ends a block.
fn told(markdown: &str) -> String {
    let (text, codes) = read(markdown);
    assert_eq!(codes, Vec::<String>::new(), "{markdown}");
    blocks(&text)
}

fn blocks(text: &[Block]) -> String {
    let told: Vec<String> = text.iter().map(block).collect();
    told.join(" / ")
}

fn block(block: &Block) -> String {
    match block {
        Block::Paragraph(line) => inlines(line),
        Block::Heading { level, content } => format!("h{level}({})", inlines(content)),
        Block::List(list) => {
            let items: Vec<String> = list
                .items
                .iter()
                .map(|item| {
                    let ticked = item.checked.map_or("", |on| if on { "[x]" } else { "[ ]" });
                    format!("{ticked}{}", blocks(&item.content))
                })
                .collect();
            format!(
                "list({:?} {} {})",
                list.start,
                if list.tight { "tight" } else { "loose" },
                items.join(" | ")
            )
        }
        Block::Quote(content) => format!("quote({})", blocks(content)),
        Block::Code { language, text } => format!("code({language:?} {text:?})"),
        Block::Math(formula) => format!("math({:?})", formula.tex),
        Block::Figure(figure) => format!(
            "figure({} {:?} {} {:?})",
            figure.image.src,
            figure.image.alt,
            inlines(&figure.caption),
            figure.image.width
        ),
        Block::Table(table) => {
            let rows: Vec<String> = std::iter::once(&table.head)
                .chain(&table.rows)
                .map(|row| {
                    row.iter()
                        .map(|cell| inlines(cell))
                        .collect::<Vec<_>>()
                        .join(",")
                })
                .collect();
            format!("table({:?} {})", table.align, rows.join(" | "))
        }
        Block::Rule => "rule".to_owned(),
    }
}

fn inlines(line: &[Inline]) -> String {
    line.iter()
        .map(|inline| match inline {
            Inline::Text(text) => {
                assert!(!text.is_empty() && !text.contains('\n'), "{text:?}");
                text.clone()
            }
            Inline::Emphasis(content) => format!("<em {}>", inlines(content)),
            Inline::Strong(content) => format!("<b {}>", inlines(content)),
            Inline::Strike(content) => format!("<s {}>", inlines(content)),
            Inline::Code(code) => format!("<code {code}>"),
            Inline::Math(formula) => format!("<math {}>", formula.tex),
            Inline::Link { url, content } => format!("<a {url} {}>", inlines(content)),
            Inline::Image(image) => format!("<img {} {:?}>", image.src, image.alt),
            Inline::FootnoteRef(number) => format!("<fn {number}>"),
            Inline::HardBreak => "<br>".to_owned(),
        })
        .collect()
}

#[test]
fn emphasis_works_against_chinese_punctuation() {
    assert_eq!(told("**你好。**世界"), "<b 你好。>世界");
    assert_eq!(told("办法是**“化整为零”**：让"), "办法是<b “化整为零”>：让");
    assert_eq!(told("*着重*、~~删去~~"), "<em 着重>、<s 删去>");
    assert_eq!(told("约3~5个，6~8个"), "约3~5个，6~8个");
}

#[test]
fn line_breaks_between_wide_characters_leave_no_blank() {
    assert_eq!(told("汉字\n汉字"), "汉字汉字");
    assert_eq!(
        told("汉字，\n“汉字”\n汉字……\n汉字"),
        "汉字，“汉字”汉字……汉字"
    );
    assert_eq!(told("汉字\nword\n汉字"), "汉字 word 汉字");
    assert_eq!(told("汉**字\n汉**\n字"), "汉<b 字汉>字");
    assert_eq!(
        told("字\n`x`\n字[^1]\n字\n\n[^1]: 注"),
        "字 <code x> 字<fn 1>字"
    );
    assert_eq!(told("한글\n한글"), "한글 한글");
    assert_eq!(told("“a”\n“b”"), "“a” “b”");
    assert_eq!(told("甲\\\n乙  \n丙<br>丁"), "甲<br>乙<br>丙<br>丁");
    assert_eq!(told("a  b\tc"), "a b c");
}

#[test]
fn bare_addresses_end_before_chinese() {
    let link = |url: &str| format!("<a {url} {url}>");
    let url = link("https://a.example/b_c?d=1&e=2#f");
    for (before, after) in [
        ("见", "。后面"),
        ("（", "）"),
        ("(", ")."),
        ("", "，"),
        ("看 ", "看"),
    ] {
        assert_eq!(
            blocks(&read(&format!("{before}https://a.example/b_c?d=1&e=2#f{after}")).0),
            format!("{before}{url}{after}")
        );
    }
    assert_eq!(
        told("https://a.example/b_(c) https://d.example"),
        format!(
            "{} {}",
            link("https://a.example/b_(c)"),
            link("https://d.example")
        )
    );
    assert_eq!(
        told("**https://a.example/**"),
        format!("<b {}>", link("https://a.example/"))
    );
    assert_eq!(
        told("xhttps://a.example http:// https://，"),
        "xhttps://a.example http:// https://，"
    );
    assert_eq!(told("`https://a.example`"), "<code https://a.example>");
    assert_eq!(
        told("[https://a.example](https://b.example)"),
        "<a https://b.example https://a.example>"
    );
    assert_eq!(
        told("[词](https://zh.wikipedia.org/wiki/词) <a@b.example>"),
        "<a https://zh.wikipedia.org/wiki/%E8%AF%8D 词> <a mailto:a@b.example a@b.example>"
    );
}

#[test]
fn dollars_are_formulas_only_where_they_hug_one() {
    assert_eq!(told("$5 和 $6"), "$5 和 $6");
    assert_eq!(
        told("若 $a_1 * b_2 * c$，则"),
        "若 <math a_1 * b_2 * c>，则"
    );
    assert_eq!(told("前\n$$\nx\n$$\n后"), "前 / math(\"x\") / 后");
    assert_eq!(
        told("$$\na\n+ b\n\n- c\n= d\n$$"),
        "math(\"a\\n+ b\\n\\n- c\\n= d\")"
    );
    assert_eq!(told("> $$\n> a\n> - b\n> $$"), "quote(math(\"a\\n- b\"))");
    assert_eq!(
        told("~~~\n$$\n- a\n$$\n~~~"),
        "code(None \"$$\\n- a\\n$$\")"
    );
    assert_eq!(told("```math\nx\n```"), "math(\"x\")");
    assert_eq!(
        inlines(&title("$5 and $6: \\$x, $O(n)$")),
        "$5 and $6: $x, <math O(n)>"
    );
    assert_eq!(
        inlines(&title("*a* `b` <c> & [d](e)")),
        "*a* `b` <c> & [d](e)"
    );
}

#[test]
fn an_unpaired_display_formula_swallows_no_section() {
    let markdown = "$$\n\n## 节\n\n$$\n- a\n";
    assert!(told(markdown).contains("h1(节)"));
}

#[test]
fn pictures_on_their_own_are_figures() {
    assert_eq!(
        told("![甲](a.png \"题 $x$ **b**\"){width=60%}\n![乙](/b.png)"),
        "figure(issues/a.png \"甲\" 题 <math x> <b b> Some(60)) / figure(b.png \"乙\"  None)"
    );
    assert_eq!(
        told("文 ![丙 `x`](c.png) 字"),
        "文 <img issues/c.png \"丙 x\"> 字"
    );
    assert_eq!(read("![](a.png)").1, ["1:1 missing-alt"]);
    assert_eq!(read("![a](a.png){width=300px}").1, ["1:1 unknown-value"]);
    assert_eq!(read("文 ![a](../../a.png)").1, ["1:3 broken-image"]);
    let (text, codes) = read("![甲](https://a.example/b.png)");
    assert_eq!(blocks(&text), "<a https://a.example/b.png 甲>");
    assert_eq!(codes, ["1:1 remote-image"]);
}

#[test]
fn html_is_shown_and_reported() {
    let (text, codes) =
        read("甲<script>alert(1)</script>乙 &lt;b&gt; &copy;\n\n<div onclick=x>\n块\n</div>\n");
    assert_eq!(
        blocks(&text),
        "甲<script>alert(1)</script>乙 <b> © / <div onclick=x><br>块<br></div>"
    );
    assert_eq!(codes, ["1:2 raw-html", "3:1 raw-html"]);
    assert_eq!(told("甲<!-- c -->乙\n\n<!-- 一\n二 -->\n\n丙"), "甲乙 / 丙");
    assert_eq!(read("甲\n\n<!-- 没完\n\n乙").1, ["3:1 syntax"]);
}

#[test]
fn links_lead_to_the_web_or_a_mailbox() {
    for target in [
        "javascript:alert(1)",
        "//a.example",
        "a.md",
        "#x",
        "data:text/html,x",
        "vbscript:x",
    ] {
        let (text, codes) = read(&format!("甲[乙]({target})丙"));
        assert_eq!(blocks(&text), "甲乙丙");
        assert_eq!(codes, ["1:6 bad-url"], "{target}");
    }
}

#[test]
fn blocks_keep_their_form() {
    assert_eq!(
        told("#### 一\n\n##### 二\n\n###### 三\n"),
        "h1(一) / h2(二) / h3(三)"
    );
    assert_eq!(
        told("- a\n- [x] b\n- [ ] c\n\n\n3) d\n\n4) e\n"),
        "list(None tight a | [x]b | [ ]c) / list(Some(3) loose d | e)"
    );
    assert_eq!(
        told("| a | b | c |\n|---|:-:|--:|\n| x |\n| 1 | 2 | 3 | 4 |"),
        "table([Start, Center, End] a,b,c | x,, | 1,2,3)"
    );
    assert_eq!(told("> a\n>\n> > b"), "quote(a / quote(b))");
    assert_eq!(
        told("```rust ignore\nlet a;\n\n```\n\n    b\n"),
        "code(Some(\"rust\") \"let a;\") / code(None \"b\")"
    );
    assert_eq!(told("a\n---\nb\n\n***"), "a / rule / b / rule");
    assert_eq!(told("\u{0}甲\u{b}乙\u{ffff}"), "甲乙");
}

#[test]
fn places_in_text_that_was_unescaped_are_found_again() {
    let file = "{\"a\": \"一\\n[坏](foo)\\n\", \"b\": \"x \\\"y\\\" [坏](bar)\"}";
    let source = Source::new("text", file);
    let mut manuscript = Manuscript::new(&source, "", false);
    manuscript.text("一\n[坏](foo)\n", 6..27);
    manuscript.text("x \"y\" [坏](bar)", 34..file.len());
    let words: Vec<&str> = manuscript
        .diagnostics
        .iter()
        .map(|diagnostic| file.get(diagnostic.place.clone().unwrap().span).unwrap())
        .collect();
    assert_eq!(words, ["foo", "bar"]);
}

#[test]
fn bidi_controls_cannot_turn_what_follows_them() {
    let (text, _) = read("甲\u{202e}乙");
    assert_eq!(plain_text(&text), "甲\u{202e}乙\u{202c}");
}
