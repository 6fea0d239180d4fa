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
fn examples() -> Vec<(&'static str, String, String)> {
    let picture = |attributes: &str| {
        format!(
            "<img src=\"https://mmbiz.qpic.cn/a/0\" data-w=\"90\" alt=\"a\" style=\"max-width:100%\" {attributes}>"
        )
    };
    let drawing = |inside: &str| {
        format!("<svg width=\"90\" height=\"90\" viewBox=\"0 0 90 90\">{inside}</svg>")
    };
    let styled = |style: &str| format!("<section style=\"{style}\">a</section>");
    let mut examples: Vec<(&str, String, String)> = Vec::new();
    let mut add = |name, broken: &str, kept: &str| {
        examples.push((name, broken.to_owned(), kept.to_owned()));
    };
    add(
        "tag.forbidden",
        "<SCRIPT>1</SCRIPT>",
        "<section>script</section>",
    );
    add(
        "tag.iframe",
        "<iframe src=https://a.example/></iframe>",
        "<iframe class=\"video_iframe\" data-src=\"https://v.qq.com/txp/a\"></iframe>",
    );
    add("tag.div", "<DIV>a</DIV>", "<section>a</section>");
    add(
        "tag.unverified",
        "<marquee>a</marquee>",
        "<blockquote>a</blockquote>",
    );
    add(
        "tag.wrapper",
        "<body><p>a</p></body>",
        "<!-- body --><p>a</p>",
    );
    add("tag.deprecated", "<o:p>a</o:p>", "<p>a</p>");
    add("attr.id", "<p ID=a>a</p>", "<p title=id>a</p>");
    add("attr.event", "<p onclick='x'>a</p>", "<p lang=on>a</p>");
    add(
        "attr.class",
        "<p class='rich_pages a'>a</p>",
        "<p class=rich_pages>a</p>",
    );
    add("attr.img-size", &picture("width=90"), &picture("height=90"));
    add(
        "attr.unverified",
        "<p data-a=1>a</p>",
        "<p aria-label=a leaf>a</p>",
    );
    add(
        "attr.presentational",
        "<p align=center>a</p>",
        "<p style='text-align:center'>a</p>",
    );
    add(
        "css.position",
        &styled("POSITION : relative"),
        &styled("background-position:0 0"),
    );
    add(
        "css.offset",
        &styled("inset:0"),
        &styled("margin-left:1px;border-top:0"),
    );
    add(
        "css.animation",
        &styled("-webkit-animation:a 1s"),
        &styled("margin:0"),
    );
    add(
        "css.filter",
        &styled("filter:blur(1px)"),
        &styled("filter:none"),
    );
    add("css.float", &styled("float:left"), &styled("float:none"));
    add(
        "css.grid",
        &styled("display:inline-grid"),
        &styled("display:flex"),
    );
    add(
        "css.calc",
        &styled("width:CALC(1px + 1%)"),
        &styled("width:50%/*calc(*/"),
    );
    add(
        "css.var",
        &styled("color:var(--a,red)"),
        &styled("color:#333"),
    );
    add(
        "css.modern-fn",
        &styled("width:min(9px,9%)"),
        &styled("width:9px"),
    );
    add(
        "css.url-quoted",
        &styled("background:url(&quot;https://mmbiz.qpic.cn/a&quot;)"),
        &styled("background:url(https://mmbiz.qpic.cn/a)"),
    );
    add(
        "css.url-external",
        &styled("background:#fff url(//a.example/mmbiz.qpic.cn)"),
        &styled("background:#fff URL( https://MMBIZ.qpic.cn/a )"),
    );
    add(
        "css.url-data",
        &styled("background:url(data:image/png;base64,AA==)"),
        &styled("background:#fff"),
    );
    add(
        "css.important",
        &styled("color:#333 ! important"),
        &styled("color:#333"),
    );
    add(
        "css.text-align",
        &styled("text-align:START"),
        &styled("text-align:left"),
    );
    add(
        "css.line-height",
        "<section style='line-height:1'><p style='line-height:12px'>a</p></section>",
        "<section style='line-height:0'><img src=https://mmbiz.qpic.cn/a alt=a><p style='line-height:2'>a<sup style='line-height:0'>1</sup></p></section>",
    );
    add(
        "css.height-zero",
        "<section style='height:0px'><section><p>a</p></section></section>",
        "<section style='height:0'><br> </section><p>a</p>",
    );
    add(
        "css.height-clip",
        &styled("height:20px;overflow:hidden"),
        &styled("height:20px;overflow:auto"),
    );
    add(
        "css.width-fixed",
        &styled("width:300pt"),
        "<section style='overflow-x:auto'><section style='width:600px'>a</section></section>",
    );
    add(
        "css.width-var",
        &styled("width:300px"),
        "<section style='width:300px'></section><p style='width:90px'>a</p>",
    );
    add(
        "css.offset-x",
        &styled("margin:0 -1.5em"),
        &styled("margin:-90px 2px;padding:0 99px"),
    );
    add(
        "css.opacity-img",
        &picture("").replace("max", "opacity:.0;max"),
        &picture("").replace("max", "opacity:.5;max"),
    );
    add(
        "css.caret",
        &styled("caret-color:rgba(0, 0, 0, 0)"),
        &styled("caret-color:red"),
    );
    add(
        "css.font-family",
        &styled("font:14px/2 Optima,serif"),
        &styled("font-family:&quot;mp-quote&quot;, PingFang SC,system-ui, -apple-system,Arial"),
    );
    add(
        "css.underline-extras",
        &styled("text-underline-offset:4px"),
        &styled("text-decoration:underline"),
    );
    add(
        "css.gradient-text",
        &styled("background-image:linear-gradient(#fff,#eee)"),
        "<section style='background:linear-gradient(red,blue)'><br></section>",
    );
    add(
        "css.pseudo",
        &styled("content:'a'"),
        &styled("align-content:center"),
    );
    add(
        "css.transform",
        &styled("transform:scale(2)"),
        &styled("text-transform:uppercase"),
    );
    add(
        "css.rem",
        &styled("padding:0 1.5rem"),
        &styled("padding:0 1.5em"),
    );
    add(
        "css.nowrap",
        &styled("white-space:nowrap"),
        "<section style='overflow-x:auto;white-space:nowrap'>a</section>",
    );
    add(
        "css.tiny",
        &styled("font-size:.6em"),
        "<section style='font-size:0'><p style='font-size:12px'>a</p></section>",
    );
    add(
        "css.tr-bg",
        "<table><tbody><tr style='background:#eee'><td>a</td></tr></tbody></table>",
        "<table><tbody><tr><td style='background:#eee'>a</td></tr></tbody></table>",
    );
    add(
        "link.external",
        "<a href='https://mp.weixin.qq.com@a.example/'>a</a>",
        "<a href='HTTPS://MP.weixin.qq.com/s?a=1&amp;b=2'>a</a>",
    );
    add(
        "link.fragment",
        "<a href=#a>a</a>",
        "<a href=https://mp.weixin.qq.com/s#a>a</a>",
    );
    add(
        "link.empty",
        "<a href=https://mp.weixin.qq.com/s> </a>",
        &format!("<a href=https://mp.weixin.qq.com/s>{}</a>", picture("")),
    );
    add(
        "img.external",
        &picture("").replace("mmbiz.qpic.cn", "mmbiz.qpic.cn.example"),
        &picture(""),
    );
    add(
        "img.data",
        &picture("").replace("https://mmbiz.qpic.cn/a/0", "DATA:image/png;base64,AA=="),
        &picture(""),
    );
    add(
        "img.local",
        &picture("").replace("https://mmbiz.qpic.cn/a/0", "images/a.png"),
        &picture("").replace("https:", ""),
    );
    add(
        "img.format",
        &picture("").replace("https://mmbiz.qpic.cn/a/0", "https://a.example/a.WEBP?x"),
        &picture("").replace(
            "https://mmbiz.qpic.cn/a/0",
            "https://a.example/a.png?x=.gif",
        ),
    );
    add(
        "img.fluid",
        &picture("").replace("max-width:100%", ""),
        &picture("").replace("max-", ""),
    );
    add(
        "img.data-w",
        &picture("").replace("data-w", "data-s"),
        &picture(""),
    );
    add(
        "img.alt",
        &picture("").replace("alt=\"a\"", "alt=\" \""),
        &picture("aria-hidden=true").replace("alt=\"a\"", ""),
    );
    add("svg.defs", &drawing("<defs></defs>"), &drawing("<g></g>"));
    add(
        "svg.urlref",
        &drawing("<rect fill=\"url(#a)\"/>"),
        &drawing("<rect fill=\"#ccc\"/>"),
    );
    add(
        "svg.image",
        &drawing("<image xlink:href=\"https://a.example/a.png\"/>"),
        &drawing("<image href=\"https://mmbiz.qpic.cn/a\"/>"),
    );
    add(
        "svg.foreign",
        &drawing("<foreignObject><p>a</p></foreignObject>"),
        &drawing("<foreignObject><section><p>a</p></section></foreignObject>"),
    );
    add(
        "svg.size",
        "<svg width=\"100%\" height=\"9\" viewBox=\"0 0 9 9\"></svg>",
        "<svg style=\"width:9px;height:9px\" viewBox=\"0 0 9 9\"></svg>",
    );
    add(
        "svg.ink",
        &drawing("<g stroke=\"#123\"><path fill=\"none\" d=\"M0 0\"/></g>"),
        &drawing("<rect width=\"90\" height=\"90\" fill=\"#eee\"/><path d=\"M0 0\"/>"),
    );
    add(
        "svg.begin",
        &drawing("<animate begin=\"touchstart\"/>"),
        &drawing("<animate begin=\"touchstart; click\"/>"),
    );
    add(
        "struct.p-block",
        "<p>a<section>b</section></p>",
        "<p>a</p><section>b</section>",
    );
    add(
        "struct.span-leaf",
        "<span leaf><section>a</section></span>",
        "<span leaf>a<br></span>",
    );
    add(
        "struct.nodeleaf",
        &format!("<section nodeleaf>{}a</section>", picture("")),
        &format!("<section nodeleaf> {} </section>", picture("")),
    );
    add("struct.nest", &nested(10), &nested(9));
    add(
        "struct.empty",
        &format!(
            "<section>{}{}</section>",
            "<p><br></p>".repeat(16),
            "<p>a</p>".repeat(5)
        ),
        &format!(
            "<section>{}{}</section>",
            "<p><br></p>".repeat(15),
            "<p>a</p>".repeat(9)
        ),
    );
    add(
        "struct.list-nested",
        "<ul><li>a<ol><li>b</li></ol></li></ul>",
        "<ul><li>a</li></ul><ol><li>b</li></ol>",
    );
    add(
        "struct.li-units",
        "<ul><li>a<b>b</b></li></ul>",
        "<ul><li><section>a<b>b</b></section></li></ul>",
    );
    add(
        "struct.list-native",
        "<ol><li>a</li></ol>",
        "<section>1. a</section>",
    );
    add(
        "struct.pre-prose",
        "<pre>a</pre>",
        "<pre><code>a</code></pre>",
    );
    let table = |cells: usize| format!("<table><tr>{}</tr></table>", "<td>a</td>".repeat(cells));
    add(
        "struct.table-wide",
        &table(4),
        &format!(
            "{}<section style='overflow:auto hidden'>{}</section>",
            table(3),
            table(9)
        ),
    );
    add(
        "struct.unbalanced",
        "<p><b>a</p></b>",
        "<P><b>a<br/></b></p>",
    );
    add(
        "text.newline",
        "<p><b>a</b>\n<i>b</i></p>",
        "<section>\n  <p>a</p>\n</section>\n",
    );
    add(
        "text.spaces",
        "<p>a  b</p><p> c</p>",
        "<p>a&nbsp; b <b>c</b> d</p>",
    );
    add(
        "text.code-newline",
        "<code>a<br>  b</code>",
        "<code>a<br>&nbsp;&nbsp;b c</code>",
    );
    add(
        "text.zwsp",
        "<p>a&#8203;b</p>",
        "<p>👨\u{200d}👩 می\u{200c}خواهم</p>",
    );
    add(
        "dark.contrast",
        &styled("color:#333;opacity:.1"),
        &styled("background:#ffd700;color:#333"),
    );
    add(
        "dark.contrast-low",
        &styled("background:#8a8a00;color:#ffffff;opacity:.6"),
        &styled("background:#0f4c81;color:#fff"),
    );
    add(
        "light.contrast-low",
        &styled("color:#ccc"),
        &styled("color:#888"),
    );
    add(
        "dark.whitelist",
        "<p data-no-dark>a</p>",
        "<p data-ignore-dm=low-contrast>a</p>",
    );
    let long = |count: usize| format!("<p>{}</p>", "字".repeat(count));
    add("limit.chars", &long(20_000 - 7), &long(20_000 - 8));
    add("limit.bytes", &long(349_524), &long(349_500));
    add(
        "limit.overhead",
        &"<section style='margin:0'>字</section>".repeat(99),
        &"<p>一二三四五六七</p>".repeat(999),
    );
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
        .map(|finding| (finding.rule.name, &html[finding.place]))
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
    for _ in 0..20_000 {
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

#[test]
fn pictures_in_the_page_count_as_the_addresses_they_will_have() {
    let data = "A".repeat(90_000);
    let html = format!("<IMG alt=a SRC='data:image/png;base64,{data}'>");
    assert_eq!(characters(&html), "<IMG alt=a SRC=''>".len() + MMBIZ_URL);
    assert_eq!(characters("字<b>data:</b>"), 13);
}
