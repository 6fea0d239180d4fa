//! A series with something hostile in every field: what breaks markup, what XML forbids,
//! what reorders text, what has been escaped before.

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{folder_with, write};

/// What stands in every text of an issue, an issue each.
pub const STRINGS: &[&str] = &[
    "]]> <![CDATA[ ]]]]><![CDATA[> ]]",
    "<script>alert(1)</script><img src=x onerror=alert(1)><svg/onload=alert(1)>",
    "javascript:alert(1) <a href=\"JaVaScRiPt:alert(1)\">b</a> data:text/html,<script>alert(1)</script> &#106;avascript:x",
    "\" onmouseover=\"alert(1) ' onfocus='alert(1) `x=1",
    "nul \u{0} bell \u{7} escape \u{1b}[31m next line \u{85} \u{9f} delete \u{7f}",
    "not characters \u{fffe} \u{ffff} \u{fdd0} \u{1fffe} \u{10ffff} mark \u{feff}",
    "\u{202e}backwards \u{2066}isolated \u{2069}\u{2069} \u{200f}marked \u{202c}",
    "&amp;amp; &lt;b&gt; &amp;lt;script&amp;gt; &#x3C;script&#x3E; &nbsp; &bogus; &#0; &#xFFFE; AT&T",
    "👩‍👩‍👧‍👦 🇨🇳 𝔘𝔫𝔦 𠮷野家 e\u{301}\u{301}\u{301}\u{301} ﷽",
    "مرحبا بالعالم שלום עולם (a) [b] 12:34",
    "lines\r\nof\ttext\u{2028}and\u{2029}more\u{a0}\u{3000}\u{200b}blanks\rhere",
    "--> <!-- --><?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"b\">]> </title></item></channel></rss> </p>",
    "{{ 7*7 }} {% raw %} ${7*7} {# x #} %s %n \\0 \\u0000",
];

/// The series, built nowhere yet.
///
/// # Panics
/// When it cannot be written.
#[must_use]
pub fn series() -> TempDir {
    let folder = folder_with(&[("offprint.toml", settings().as_bytes())]);
    // Titles have 2,000 bytes at the most.
    let long = "长".repeat(300) + &"long ".repeat(200);
    let strings = STRINGS.iter().copied().chain([long.as_str()]);
    for (number, text) in strings.enumerate() {
        let path = format!("issues/hostile-{number:02}.json");
        let issue = issue(text, number).to_string();
        write(&folder.path().join(path), issue.as_bytes());
    }
    folder
}

/// `offprint.toml`, with several of the strings at once.
fn settings() -> String {
    // What JSON escapes, TOML escapes likewise.
    let texts: Vec<String> = STRINGS
        .iter()
        .map(|text| Value::from(text.replace(['\u{7f}', '\u{0}'], "")).to_string())
        .collect();
    let text = |index: usize| texts.get(index).map_or("\"\"", String::as_str);
    format!(
        "schema = 1\n\n[series]\nid = \"hostile\"\ntitle = {}\nsubtitle = {}\ndescription = {}\nlang = \"zh-CN\"\n\
         url = \"https://hostile.example.org/a b/\"\npublisher = {}\nlicense = {{ name = {}, url = \"https://l.example/?<>\" }}\n\
         declaration = {}\ntags = [{}, {}, {}]\n\n[labels]\nurl = {}\ncode = {}\n",
        text(1),
        text(2),
        text(7),
        text(0),
        text(11),
        text(3),
        text(1),
        text(7),
        text(6),
        text(1),
        text(3),
    )
}

fn issue(text: &str, number: usize) -> Value {
    let url = format!("https://u.example.org/{number}?<script>&\"'|{{}} ]]>中&amp;amp;#a");
    let paper = |place: usize| {
        json!({
            "title": text,
            "url": format!("{url}{place}"),
            "pdf": url,
            "code": url,
            "authors": [text, format!("{text} 二")],
            "affiliations": [text],
            "venue": text,
            "year": 2019,
            "tags": [text, format!("{text} 乙")],
            "tldr": text,
            "rating": 4,
            "presenter": text,
            "abstract": format!("{text}\n\n- {text}\n"),
            "commentary": format!("{text} [^n]\n\n| a | {} |\n|---|---|\n| b | c |\n\n```\n{text}\n```\n\n[^n]: {text}\n", text.replace(['|', '\n', '\r'], " ")),
            "x-more": text,
        })
    };
    json!({
        "title": text,
        "subtitle": text,
        "description": text,
        "number": number + 1,
        "date": format!("2020-11-{:02}T08:00:00+08:00", number + 1),
        "lang": "zh-CN",
        "authors": [text],
        "editors": [format!("{text} 编")],
        "translators": [format!("{text} 译")],
        "source": {"kind": "web", "name": text, "id": text, "title": text, "url": url, "via": text},
        "declaration": text,
        "license": {"name": text, "url": url},
        "event": {"name": text, "place": text, "url": url},
        "tags": [text, {"name": format!("{text} 甲"), "url": url}],
        "related": [{"title": text, "url": url, "summary": text}],
        "intro": text,
        "sections": [
            {"title": text, "intro": text, "papers": [paper(1), paper(2)]},
            {"title": format!("{text} 丙"), "intro": text, "papers": [paper(3)]},
        ],
    })
}
