//! Each rule, broken and kept.

use super::*;

fn names(html: &str, channel: Channel) -> Vec<&'static str> {
    preflight(html, channel)
        .into_iter()
        .map(|finding| finding.rule.name)
        .collect()
}

fn nested(levels: usize) -> String {
    format!(
        "{}a{}",
        "<section>".repeat(levels),
        "</section>".repeat(levels)
    )
}

/// A rule's name, what breaks it, and what is nearly the same and does not.
const EXAMPLES: [(&str, &str, &str); 77] = [
    (
        "tag.forbidden",
        "<SCRIPT>1</SCRIPT>",
        "<section>script</section>",
    ),
    (
        "tag.iframe",
        "<iframe src=https://a.example/></iframe>",
        r#"<iframe class="video_iframe" data-src="https://v.qq.com/txp/a"></iframe>"#,
    ),
    ("tag.div", "<DIV>a</DIV>", "<section>a</section>"),
    (
        "tag.unverified",
        "<marquee>a</marquee>",
        "<blockquote>a</blockquote>",
    ),
    (
        "tag.wrapper",
        "<body><p>a</p></body>",
        "<!-- body --><p>a</p>",
    ),
    ("tag.deprecated", "<o:p>a</o:p>", "<p>a</p>"),
    ("attr.id", "<p ID=a>a</p>", "<p title=id>a</p>"),
    ("attr.event", "<p onclick='x'>a</p>", "<p lang=on>a</p>"),
    (
        "attr.class",
        "<p class='rich_pages a'>a</p>",
        "<p class=rich_pages>a</p>",
    ),
    (
        "attr.img-size",
        r#"<img src="https://mmbiz.qpic.cn/a/0" data-w="90" alt="a" style="max-width:100%" width=90>"#,
        r#"<img src="https://mmbiz.qpic.cn/a/0" data-w="90" alt="a" style="max-width:100%" height=90>"#,
    ),
    (
        "attr.unverified",
        "<p data-a=1>a</p>",
        "<p aria-label=a leaf>a</p>",
    ),
    (
        "attr.presentational",
        "<p align=center>a</p>",
        "<p style='text-align:center'>a</p>",
    ),
    (
        "css.position",
        r#"<section style="POSITION : relative">a</section>"#,
        r#"<section style="background-position:0 0">a</section>"#,
    ),
    (
        "css.offset",
        r#"<section style="inset:0">a</section>"#,
        r#"<section style="margin-left:1px;border-top:0">a</section>"#,
    ),
    (
        "css.animation",
        r#"<section style="-webkit-animation:a 1s">a</section>"#,
        r#"<section style="margin:0">a</section>"#,
    ),
    (
        "css.filter",
        r#"<section style="filter:blur(1px)">a</section>"#,
        r#"<section style="filter:none">a</section>"#,
    ),
    (
        "css.float",
        r#"<section style="float:left">a</section>"#,
        r#"<section style="float:none">a</section>"#,
    ),
    (
        "css.grid",
        r#"<section style="display:inline-grid">a</section>"#,
        r#"<section style="display:flex">a</section>"#,
    ),
    (
        "css.calc",
        r#"<section style="width:CALC(1px + 1%)">a</section>"#,
        r#"<section style="width:50%/*calc(*/">a</section>"#,
    ),
    (
        "css.var",
        r#"<section style="color:var(--a,red)">a</section>"#,
        r#"<section style="color:#333">a</section>"#,
    ),
    (
        "css.modern-fn",
        r#"<section style="width:min(9px,9%)">a</section>"#,
        r#"<section style="width:9px">a</section>"#,
    ),
    (
        "css.url-quoted",
        r#"<section style="background:url(&quot;https://mmbiz.qpic.cn/a&quot;)">a</section>"#,
        r#"<section style="background:url(https://mmbiz.qpic.cn/a)">a</section>"#,
    ),
    (
        "css.url-external",
        r#"<section style="background:#fff url(//a.example/mmbiz.qpic.cn)">a</section>"#,
        r#"<section style="background:#fff URL( https://MMBIZ.qpic.cn/a )">a</section>"#,
    ),
    (
        "css.url-data",
        r#"<section style="background:url(data:image/png;base64,AA==)">a</section>"#,
        r#"<section style="background:#fff">a</section>"#,
    ),
    (
        "css.important",
        r#"<section style="color:#333 ! important">a</section>"#,
        r#"<section style="color:#333">a</section>"#,
    ),
    (
        "css.text-align",
        r#"<section style="text-align:START">a</section>"#,
        r#"<section style="text-align:left">a</section>"#,
    ),
    (
        "css.line-height",
        "<section style='line-height:1'><p style='line-height:12px'>a</p></section>",
        "<section style='line-height:0'><img src=https://mmbiz.qpic.cn/a alt=a><p style='line-height:2'>a<sup style='line-height:0'>1</sup></p></section>",
    ),
    (
        "css.height-zero",
        "<section style='height:0px'><section><p>a</p></section></section>",
        "<section style='height:0'><br> </section><p>a</p>",
    ),
    (
        "css.height-clip",
        r#"<section style="height:20px;overflow:hidden">a</section>"#,
        r#"<section style="height:20px;overflow:auto">a</section>"#,
    ),
    (
        "css.width-fixed",
        r#"<section style="width:300pt">a</section>"#,
        "<section style='overflow-x:auto'><section style='width:600px'>a</section></section>",
    ),
    (
        "css.width-var",
        r#"<section style="width:300px">a</section>"#,
        "<section style='width:300px'></section><p style='width:90px'>a</p>",
    ),
    (
        "css.offset-x",
        r#"<section style="margin:0 -1.5em">a</section>"#,
        r#"<section style="margin:-90px 2px;padding:0 99px">a</section>"#,
    ),
    (
        "css.opacity-img",
        r#"<img src="https://mmbiz.qpic.cn/a/0" data-w="90" alt="a" style="opacity:.0;max-width:100%" >"#,
        r#"<img src="https://mmbiz.qpic.cn/a/0" data-w="90" alt="a" style="opacity:.5;max-width:100%" >"#,
    ),
    (
        "css.caret",
        r#"<section style="caret-color:rgba(0, 0, 0, 0)">a</section>"#,
        r#"<section style="caret-color:red">a</section>"#,
    ),
    (
        "css.font-family",
        r#"<section style="font:14px/2 Optima,serif">a</section>"#,
        r#"<section style="font-family:&quot;mp-quote&quot;, PingFang SC,system-ui, -apple-system,Arial">a</section>"#,
    ),
    (
        "css.underline-extras",
        r#"<section style="text-underline-offset:4px">a</section>"#,
        r#"<section style="text-decoration:underline">a</section>"#,
    ),
    (
        "css.gradient-text",
        r#"<section style="background-image:linear-gradient(#fff,#eee)">a</section>"#,
        "<section style='background:linear-gradient(red,blue)'><br></section>",
    ),
    (
        "css.pseudo",
        r#"<section style="content:'a'">a</section>"#,
        r#"<section style="align-content:center">a</section>"#,
    ),
    (
        "css.transform",
        r#"<section style="transform:scale(2)">a</section>"#,
        r#"<section style="text-transform:uppercase">a</section>"#,
    ),
    (
        "css.rem",
        r#"<section style="padding:0 1.5rem">a</section>"#,
        r#"<section style="padding:0 1.5em">a</section>"#,
    ),
    (
        "css.nowrap",
        r#"<section style="white-space:nowrap">a</section>"#,
        "<section style='overflow-x:auto;white-space:nowrap'>a</section>",
    ),
    (
        "css.tiny",
        r#"<section style="font-size:.6em">a</section>"#,
        "<section style='font-size:0'><p style='font-size:12px'>a</p></section>",
    ),
    (
        "css.tr-bg",
        "<table><tbody><tr style='background:#eee'><td>a</td></tr></tbody></table>",
        "<table><tbody><tr><td style='background:#eee'>a</td></tr></tbody></table>",
    ),
    (
        "link.external",
        "<a href='https://mp.weixin.qq.com@a.example/'>a</a>",
        "<a href='HTTPS://MP.weixin.qq.com/s?a=1&amp;b=2'>a</a>",
    ),
    (
        "link.fragment",
        "<a href=#a>a</a>",
        "<a href=https://mp.weixin.qq.com/s#a>a</a>",
    ),
    (
        "link.empty",
        "<a href=https://mp.weixin.qq.com/s> </a>",
        r#"<a href=https://mp.weixin.qq.com/s><img src="https://mmbiz.qpic.cn/a/0" data-w="90" alt="a" style="max-width:100%" ></a>"#,
    ),
    (
        "img.external",
        r#"<img src="https://mmbiz.qpic.cn.example/a/0" data-w="90" alt="a" style="max-width:100%" >"#,
        r#"<img src="https://mmbiz.qpic.cn/a/0" data-w="90" alt="a" style="max-width:100%" >"#,
    ),
    (
        "img.data",
        r#"<img src="DATA:image/png;base64,AA==" data-w="90" alt="a" style="max-width:100%" >"#,
        r#"<img src="https://mmbiz.qpic.cn/a/0" data-w="90" alt="a" style="max-width:100%" >"#,
    ),
    (
        "img.local",
        r#"<img src="images/a.png" data-w="90" alt="a" style="max-width:100%" >"#,
        r#"<img src="//mmbiz.qpic.cn/a/0" data-w="90" alt="a" style="max-width:100%" >"#,
    ),
    (
        "img.format",
        r#"<img src="https://a.example/a.WEBP?x" data-w="90" alt="a" style="max-width:100%" >"#,
        r#"<img src="https://a.example/a.png?x=.gif" data-w="90" alt="a" style="max-width:100%" >"#,
    ),
    (
        "img.fluid",
        r#"<img src="https://mmbiz.qpic.cn/a/0" data-w="90" alt="a" style="" >"#,
        r#"<img src="https://mmbiz.qpic.cn/a/0" data-w="90" alt="a" style="width:100%" >"#,
    ),
    (
        "img.data-w",
        r#"<img src="https://mmbiz.qpic.cn/a/0" data-s="90" alt="a" style="max-width:100%" >"#,
        r#"<img src="https://mmbiz.qpic.cn/a/0" data-w="90" alt="a" style="max-width:100%" >"#,
    ),
    (
        "img.alt",
        r#"<img src="https://mmbiz.qpic.cn/a/0" data-w="90" alt=" " style="max-width:100%" >"#,
        r#"<img src="https://mmbiz.qpic.cn/a/0" data-w="90"  style="max-width:100%" aria-hidden=true>"#,
    ),
    (
        "svg.defs",
        r#"<svg width="90" height="90" viewBox="0 0 90 90"><defs></defs></svg>"#,
        r#"<svg width="90" height="90" viewBox="0 0 90 90"><g></g></svg>"#,
    ),
    (
        "svg.urlref",
        "<svg width=\"90\" height=\"90\" viewBox=\"0 0 90 90\"><rect fill=\"url(#a)\"/></svg>",
        "<svg width=\"90\" height=\"90\" viewBox=\"0 0 90 90\"><rect fill=\"#ccc\"/></svg>",
    ),
    (
        "svg.image",
        r#"<svg width="90" height="90" viewBox="0 0 90 90"><image xlink:href="https://a.example/a.png"/></svg>"#,
        r#"<svg width="90" height="90" viewBox="0 0 90 90"><image href="https://mmbiz.qpic.cn/a"/></svg>"#,
    ),
    (
        "svg.foreign",
        r#"<svg width="90" height="90" viewBox="0 0 90 90"><foreignObject><p>a</p></foreignObject></svg>"#,
        r#"<svg width="90" height="90" viewBox="0 0 90 90"><foreignObject><section><p>a</p></section></foreignObject></svg>"#,
    ),
    (
        "svg.size",
        r#"<svg width="100%" height="9" viewBox="0 0 9 9"></svg>"#,
        r#"<svg style="width:9px;height:9px" viewBox="0 0 9 9"></svg>"#,
    ),
    (
        "svg.ink",
        "<svg width=\"90\" height=\"90\" viewBox=\"0 0 90 90\"><g stroke=\"#123\"><path fill=\"none\" d=\"M0 0\"/></g></svg>",
        "<svg width=\"90\" height=\"90\" viewBox=\"0 0 90 90\"><rect width=\"90\" height=\"90\" fill=\"#eee\"/><path d=\"M0 0\"/></svg>",
    ),
    (
        "svg.begin",
        r#"<svg width="90" height="90" viewBox="0 0 90 90"><animate begin="touchstart"/></svg>"#,
        r#"<svg width="90" height="90" viewBox="0 0 90 90"><animate begin="touchstart; click"/></svg>"#,
    ),
    (
        "struct.p-block",
        "<p>a<section>b</section></p>",
        "<p>a</p><section>b</section>",
    ),
    (
        "struct.span-leaf",
        "<span leaf><section>a</section></span>",
        "<span leaf>a<br></span>",
    ),
    (
        "struct.nodeleaf",
        r#"<section nodeleaf><img src="https://mmbiz.qpic.cn/a/0" data-w="90" alt="a" style="max-width:100%" >a</section>"#,
        r#"<section nodeleaf> <img src="https://mmbiz.qpic.cn/a/0" data-w="90" alt="a" style="max-width:100%" > </section>"#,
    ),
    (
        "struct.list-nested",
        "<ul><li>a<ol><li>b</li></ol></li></ul>",
        "<ul><li>a</li></ul><ol><li>b</li></ol>",
    ),
    (
        "struct.li-units",
        "<ul><li>a<b>b</b></li></ul>",
        "<ul><li><section>a<b>b</b></section></li></ul>",
    ),
    (
        "struct.list-native",
        "<ol><li>a</li></ol>",
        "<section>1. a</section>",
    ),
    (
        "struct.pre-prose",
        "<pre>a</pre>",
        "<pre><code>a</code></pre>",
    ),
    (
        "struct.table-wide",
        "<table><tr><td>a</td><td>a</td><td>a</td><td>a</td></tr></table>",
        "<table><tr><td>a</td><td>a</td><td>a</td></tr></table><section style='overflow:auto hidden'><table><tr><td>a</td><td>a</td><td>a</td><td>a</td><td>a</td><td>a</td><td>a</td><td>a</td><td>a</td></tr></table></section>",
    ),
    (
        "struct.unbalanced",
        "<p><b>a</p></b>",
        "<P><b>a<br/></b></p>",
    ),
    (
        "text.newline",
        "<p><b>a</b>\n<i>b</i></p>",
        "<section>\n  <p>a</p>\n</section>\n",
    ),
    (
        "text.spaces",
        "<p>a  b</p><p> c</p>",
        "<p>a&nbsp; b <b>c</b> d</p>",
    ),
    (
        "text.code-newline",
        "<code>a<br>  b</code>",
        "<code>a<br>&nbsp;&nbsp;b c</code>",
    ),
    (
        "text.zwsp",
        "<p>a&#8203;b</p>",
        "<p>👨\u{200d}👩 می\u{200c}خواهم</p>",
    ),
    (
        "dark.contrast",
        r#"<section style="color:#333;opacity:.1">a</section>"#,
        r#"<section style="background:#ffd700;color:#333">a</section>"#,
    ),
    (
        "dark.contrast-low",
        r#"<section style="background:#8a8a00;color:#ffffff;opacity:.6">a</section>"#,
        r#"<section style="background:#0f4c81;color:#fff">a</section>"#,
    ),
    (
        "light.contrast-low",
        r#"<section style="color:#ccc">a</section>"#,
        r#"<section style="color:#888">a</section>"#,
    ),
    (
        "dark.whitelist",
        "<p data-no-dark>a</p>",
        "<p data-ignore-dm=low-contrast>a</p>",
    ),
];

/// With those that are long.
fn examples() -> Vec<(&'static str, String, String)> {
    let mut examples: Vec<_> = EXAMPLES
        .iter()
        .map(|(name, broken, kept)| (*name, (*broken).to_owned(), (*kept).to_owned()))
        .collect();
    let paragraphs = |empty: usize, full: usize| {
        let (empty, full) = ("<p><br></p>".repeat(empty), "<p>a</p>".repeat(full));
        format!("<section>{empty}{full}</section>")
    };
    let long = |count: usize| format!("<p>{}</p>", "字".repeat(count));
    examples.extend([
        ("struct.nest", nested(10), nested(9)),
        ("struct.empty", paragraphs(16, 5), paragraphs(15, 9)),
        ("limit.chars", long(20_000 - 7), long(20_000 - 8)),
        ("limit.bytes", long(349_524), long(349_500)),
        (
            "limit.overhead",
            "<section style='margin:0'>字</section>".repeat(99),
            "<p>一二三四五六七</p>".repeat(999),
        ),
    ]);
    examples
}

/// The same for what is sent beside an article.
fn facts() -> Vec<(&'static str, Channel, Facts<'static>, Facts<'static>)> {
    let long = |count: usize| -> &'static str { "字".repeat(count).leak() };
    let title = |count| Facts {
        title: long(count),
        ..Facts::default()
    };
    let author = |count| Facts {
        author: Some(long(count)),
        ..Facts::default()
    };
    let digest = |count| Facts {
        digest: Some(long(count)),
        ..Facts::default()
    };
    let url = |count| Facts {
        source_url: Some(long(count)),
        ..Facts::default()
    };
    vec![
        ("limit.title", Channel::Draft, title(33), title(32)),
        ("limit.title", Channel::Paste, title(65), title(64)),
        ("limit.author", Channel::Draft, author(17), author(16)),
        ("limit.author", Channel::Paste, author(9), author(8)),
        ("limit.digest", Channel::Draft, digest(129), digest(128)),
        ("limit.digest", Channel::Paste, digest(121), digest(120)),
        (
            "limit.digest-editor",
            Channel::Draft,
            digest(128),
            digest(120),
        ),
        ("limit.source-url", Channel::Draft, url(342), url(341)),
    ]
}

#[test]
fn each_rule_is_found_where_it_is_broken_and_nowhere_else() {
    for (name, broken, kept) in examples() {
        let rule = RULES.iter().find(|rule| rule.name == name).unwrap();
        for channel in [Channel::Paste, Channel::Draft] {
            let found = names(&broken, channel);
            assert_eq!(
                found.contains(&name),
                rule.holds(channel),
                "{name} for {channel:?} in {broken:.200}: {found:?}"
            );
            let found = names(&kept, channel);
            assert!(!found.contains(&name), "{name} in {kept:.200}: {found:?}");
        }
    }
    for (name, channel, broken, kept) in facts() {
        let found = |facts: &Facts<'_>| -> Vec<&str> {
            let findings = preflight_facts(facts, channel);
            findings.iter().map(|finding| finding.rule.name).collect()
        };
        assert_eq!(found(&broken), [name], "{channel:?}");
        assert!(!found(&kept).contains(&name), "{name} for {channel:?}");
    }
}

#[test]
fn every_rule_has_an_example() {
    let mut shown: Vec<&str> = examples().iter().map(|(name, ..)| *name).collect();
    shown.extend(facts().iter().map(|(name, ..)| *name));
    for rule in RULES {
        assert!(shown.contains(&rule.name), "{}", rule.name);
        assert!(rule.paste || rule.draft, "{}", rule.name);
    }
    let mut names: Vec<&str> = RULES.iter().map(|rule| rule.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), RULES.len(), "one rule a name");
}

#[test]
fn findings_lie_where_they_say() {
    let html = "<section>字<p ID='x' style=\"float:left\">a</p></section><div>b</div>";
    let shown: Vec<(&str, &str)> = preflight(html, Channel::Paste)
        .into_iter()
        .map(|finding| (finding.rule.name, html.get(finding.place).unwrap_or("")))
        .collect();
    assert_eq!(
        shown,
        [
            ("css.float", "<p ID='x' style=\"float:left\">"),
            ("attr.id", "x"),
            ("tag.div", "<div>"),
        ]
    );
}

#[test]
fn what_wechat_s_own_checker_finds_in_its_samples_is_found() {
    // A gradient is taken for its last colour, as it is by day.
    let band = "<section style=\"background:linear-gradient(to right,#4dbb6c,#b8ee84)\">\
        <section style=\"color:#fff\"><span leaf>字</span></section></section>";
    let found = names(band, Channel::Paste);
    assert!(found.contains(&"dark.contrast"), "{found:?}");
    // Type that is larger than its line, within a line that does not wrap, is sound.
    let line = |words: &str| {
        let html = format!(
            "<p style=\"line-height:19px\"><span style=\"font-size:24px\">{words}</span></p>"
        );
        names(&html, Channel::Paste).contains(&"css.line-height")
    };
    assert!(!line("01") && line("一二三四五六七八九十一二三四五"));
    // A card may stand within a line.
    let card =
        "<span leaf><mp-common-profile data-pluginname=\"mpprofile\"></mp-common-profile></span>";
    assert_eq!(names(card, Channel::Draft), [""; 0]);
}

#[test]
fn a_cell_may_be_several_columns() {
    let table = |cells: &str| {
        let html = format!("<table><tbody><tr>{cells}</tr><tr><td>a</td></tr></tbody></table>");
        names(&html, Channel::Paste)
    };
    assert_eq!(table("<td>a</td><th colspan=\"2\">b</th>"), [""; 0]);
    assert_eq!(
        table("<td colspan=4>a</td><td>b</td>"),
        ["struct.table-wide"]
    );
    assert_eq!(table("<td colspan=x>a</td>"), [""; 0]);
}

#[test]
fn a_sound_article_has_nothing_wrong() {
    let html = "<section style=\"font-size:16px;line-height:1.7;color:#333\">\
        <p style=\"margin:0 0 16px\">一段<strong>话</strong>。<br>又一行</p>\
        <section style=\"overflow-x:auto\"><table><tbody><tr><td>a</td></tr></tbody></table></section>\
        <img src=\"https://mmbiz.qpic.cn/a/0\" alt=\"图\" data-w=\"90\" style=\"max-width:100%\">\
        <a href=\"https://mp.weixin.qq.com/s/x\">往期</a></section>";
    for channel in [Channel::Paste, Channel::Draft] {
        assert_eq!(names(html, channel), [""; 0]);
    }
}

#[test]
fn whatever_comes_is_judged_without_a_fall() {
    let pieces = [
        "<p",
        "</p>",
        "<svg",
        "<foreignObject>",
        ">",
        "/>",
        " style='",
        "'",
        "color:",
        "#",
        "rgb(",
        "url(",
        "\"",
        ";",
        "!important",
        "&#",
        "字",
        "<td>",
        "<li>",
        "<pre>",
        "\n",
        "  ",
        "<!--",
        "font-size:1e309em",
        "opacity:nan",
        " viewBox='0 0'",
        " src=data:",
        "</",
        "<section nodeleaf>",
    ];
    // Equal for each run, and every pair comes next to each other somewhere.
    let mut seed = 1_u32;
    for _ in 0..4_000 {
        let html: String = (0..12)
            .map(|_| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                pieces[(seed >> 16) as usize % pieces.len()]
            })
            .collect();
        for channel in [Channel::Paste, Channel::Draft] {
            for finding in preflight(&html, channel) {
                assert!(
                    html.get(finding.place.clone()).is_some(),
                    "{finding:?} in {html}"
                );
            }
        }
        let _ = crate::dark::dark(&html);
        let _ = crate::dark::contrasts(&html);
        let _ = characters(&html);
    }
}

/// Each of these took time in proportion to its square if what is open were gone through for
/// each tag; then this would take minutes.
#[test]
fn deep_and_broken_articles_are_judged_in_one_pass() {
    for (open, close) in [
        ("<section>", "</section>"),
        ("<b style='color:red'>a", "</i>"),
        ("<p style='height:0'>", "</section>"),
        ("<table><td><td><td><td>a", "</table>"),
        ("<svg>", "<path>"),
        ("<!--", "<"),
        ("<style>", "&#"),
        ("<a href='", "\""),
        (
            "<p style='background:linear-gradient(red,blue);background:url(",
            "'>a",
        ),
        ("<ul><li>", "\n  "),
    ] {
        let html = open.repeat(5_000) + &close.repeat(5_000);
        for channel in [Channel::Paste, Channel::Draft] {
            let _ = preflight(&html, channel);
        }
        let _ = crate::dark::dark(&html);
        let _ = crate::dark::contrasts(&html);
    }
}

#[test]
fn pictures_in_the_page_count_as_the_addresses_they_will_have() {
    let data = "A".repeat(90_000);
    let html = format!("<IMG alt=a SRC='data:image/png;base64,{data}'>");
    assert_eq!(characters(&html), "<IMG alt=a SRC=''>".len() + MMBIZ_URL);
    assert_eq!(characters("字<b>data:</b>"), 13);
}
