//! Articles of a whole series: its themes, its templates, its settings.

use std::sync::Arc;

use offprint_core::load::{self, Form, Location};

use super::*;
use crate::dark::{Seen, contrasts};
use crate::preflight::Channel;

/// The first issue of `fixtures/iclr-2021`, with its pictures.
struct Fixture {
    series: Series,
    issue: Issue,
    assets: Assets,
    settings: Wechat,
}

fn fixture() -> Fixture {
    const TOML: &str = include_str!("../../../../fixtures/iclr-2021/offprint.toml");
    const MARKDOWN: &str =
        include_str!("../../../../fixtures/iclr-2021/issues/2020-11-02-ssl-transformer.md");
    let source = Source::new("offprint.toml", TOML);
    let series = load::series(&source).value.unwrap();
    let location = Location {
        folder: "issues".to_owned(),
        stem: "2020-11-02-ssl-transformer".to_owned(),
    };
    let text = Source::new("issue.md", MARKDOWN);
    let issue = load::issue(&text, Form::Markdown, &location, &series);
    let asset = |path: &str, data: &[u8]| {
        let asset = Asset::read(path, data.to_vec()).unwrap();
        (path.to_owned(), asset)
    };
    let assets = Assets::new(BTreeMap::from([
        asset(
            "issues/images/feedback-memory.png",
            include_bytes!("../../../../fixtures/iclr-2021/issues/images/feedback-memory.png"),
        ),
        asset(
            "issues/images/expire-span.png",
            include_bytes!("../../../../fixtures/iclr-2021/issues/images/expire-span.png"),
        ),
        asset(
            "assets/qr.png",
            include_bytes!("../../../../fixtures/iclr-2021/assets/qr.png"),
        ),
    ]));
    let mut diagnostics = Vec::new();
    let node = series.settings.get("wechat").unwrap();
    let settings = Wechat::read(&mut Fields::new(&source, node, &mut diagnostics));
    assert_eq!(diagnostics, []);
    Fixture {
        issue: issue.value.unwrap(),
        series: series.clone(),
        assets,
        settings,
    }
}

fn made(
    fixture: &Fixture,
    settings: &Wechat,
    files: &Files,
) -> Result<Vec<Article<'static>>, ExportError> {
    let context = Context {
        assets: &fixture.assets,
        fonts: &offprint_core::Fonts::new(),
        published: &[],
        files,
        attachments: &[],
        threads: 1,
    };
    let articles = settings.articles(&context, &fixture.series, &fixture.issue)?;
    Ok(articles
        .into_iter()
        .map(|article| Article {
            cover: None,
            ..article
        })
        .collect())
}

/// The words of an article without tags, references resolved.
fn words_of(html: &str) -> String {
    let mut words = String::new();
    let mut rest = html;
    while let Some((text, after)) = rest.split_once('<') {
        words.push_str(text);
        rest = after.split_once('>').unwrap().1;
    }
    words.push_str(rest);
    for (reference, character) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&amp;", "&"),
    ] {
        words = words.replace(reference, character);
    }
    words
}

/// An article with what its drawings say in their place: how long they are is not a theme's
/// affair.
fn without_drawings(html: &str) -> String {
    let mut parts = html.split("<svg");
    let mut written = parts.next().unwrap().to_owned();
    for part in parts {
        let (drawing, after) = part.split_once("</svg>").unwrap();
        let says = drawing.split_once("aria-label=\"");
        written.push_str(says.map_or("", |(_, says)| says.split_once('"').unwrap().0));
        written.push_str(after);
    }
    written
}

#[test]
fn every_theme_is_short_and_readable_by_day_and_by_night() {
    let fixture = fixture();
    for (name, theme) in Theme::BUILT_IN {
        let settings = Wechat {
            theme,
            ..fixture.settings.clone()
        };
        let articles = made(&fixture, &settings, &Files::new()).unwrap();
        assert_eq!(articles.len(), 1);
        let content = &articles[0].content;
        let written = without_drawings(content);
        let ratio = written.chars().count() as f64 / words_of(&written).chars().count() as f64;
        assert!(ratio <= 2.2, "{name}: {ratio:.3}");
        for contrast in contrasts(content) {
            let words = content.get(contrast.place.clone());
            let least = match contrast.what {
                Seen::Text if contrast.size >= 16.0 && !contrast.bold => 4.5,
                Seen::Text => 3.0,
                Seen::Border | Seen::Ground => continue,
            };
            assert!(
                contrast.ratio_light >= least && contrast.ratio_dark >= least,
                "{name}: {words:?} {contrast:?}"
            );
        }
        let found: Vec<_> = preflight(content, Channel::Paste);
        assert_eq!(found, [], "{name}");
        assert_eq!(articles[0].pictures.len(), 3);
        for address in articles[0].pictures.keys() {
            assert!(content.contains(&format!("src=\"{address}\"")), "{address}");
        }
    }
}

#[test]
fn what_goes_with_an_article_is_told_by_the_issue() {
    let mut fixture = fixture();
    let article = |fixture: &Fixture, settings: &Wechat| {
        made(fixture, settings, &Files::new()).unwrap().remove(0)
    };
    let settings = fixture.settings.clone();
    let first = article(&fixture, &settings);
    assert_eq!(first.author.as_deref(), Some("深度学习自然语言处理"));
    assert_eq!(first.digest, fixture.issue.description);
    assert_eq!(
        first.source_url.as_deref(),
        Some("https://digest.example.org/2020-11-02-ssl-transformer/")
    );
    fixture.issue.canonical = Some("https://a.example/".to_owned());
    fixture.issue.description = None;
    let person = |name: &str| Person {
        name: name.to_owned(),
        ..fixture.issue.authors[0].clone()
    };
    fixture.issue.authors = vec![
        person("欧阳询"),
        person("上官婉儿"),
        person("夏侯惇"),
        person("司马相如"),
    ];
    let second = article(&fixture, &settings);
    assert_eq!(
        second.author.as_deref(),
        Some("欧阳询、上官婉儿、夏侯惇 等")
    );
    assert_eq!(second.source_url.as_deref(), Some("https://a.example/"));
    let digest = second.digest.unwrap();
    assert!(
        digest.chars().count() <= 120 && digest.ends_with('。'),
        "{digest}"
    );
    fixture.issue.intro = paragraph(&"没有标点的话".repeat(40));
    let third = article(
        &fixture,
        &Wechat {
            author: Some("本刊".to_owned()),
            source_url: SourceUrl::None,
            ..settings
        },
    );
    assert_eq!(third.author.as_deref(), Some("本刊"));
    assert_eq!(third.source_url, None);
    let digest = third.digest.unwrap();
    assert_eq!(digest.chars().count(), 120);
    assert!(digest.ends_with("…"), "{digest}");
}

fn files(files: &[(&str, &str)]) -> Files {
    files
        .iter()
        .map(|(path, text)| ((*path).to_owned(), Source::new(*path, *text)))
        .collect::<BTreeMap<String, Arc<Source>>>()
}

#[test]
fn a_template_of_the_series_takes_the_place_of_ours() {
    let fixture = fixture();
    let own = files(&[(
        "templates/wechat/paper.html",
        "<p style=\"{{ style.title }}\">\n  第{{ paper.number }}篇 {{ paper.title }}\n</p>\n",
    )]);
    assert_eq!(fixture.settings.check_files(&own), []);
    let article = made(&fixture, &fixture.settings, &own).unwrap().remove(0);
    assert!(
        article
            .content
            .contains("第1篇 Self-Supervised Variational")
    );
    assert!(!article.content.contains("把先验定成一个高斯"));
    assert!(!article.content.contains('\n'));
}

#[test]
fn what_is_wrong_with_a_template_is_told_at_its_line() {
    let fixture = fixture();
    let place = |diagnostic: &Diagnostic| {
        let place = diagnostic.place.clone().unwrap();
        (place.source.name.clone(), place.line_column().0)
    };
    let broken = files(&[
        ("templates/wechat/papr.html", "x"),
        ("templates/wechat/intro.html", "a\n{% if %}\n"),
        ("templates/wechat/list.html", "{{ a b }}"),
        ("themes/ours.toml", "x"),
    ]);
    let found = fixture.settings.check_files(&broken);
    let told: Vec<_> = found
        .iter()
        .map(|diagnostic| (diagnostic.code, place(diagnostic)))
        .collect();
    let at = |name: &str, line| (format!("templates/wechat/{name}"), line);
    assert_eq!(
        told,
        [
            ("bad-template", at("intro.html", 2)),
            ("bad-template", at("list.html", 1)),
            ("unknown-template", at("papr.html", 1)),
        ]
    );
    assert_eq!(found[2].hints, ["did you mean `paper.html`?"]);

    for (name, text, line) in [
        ("paper.html", "a\n{{ paper.titel }}\n", 2),
        ("paper.html", "a\n\n{{ paper.title | nothing }}\n", 3),
        ("papers.html", "{% include \"none.html\" %}", 1),
        ("intro.html", "\n{% include \"intro.html\" %}\n", 2),
        (
            "intro.html",
            "{% for a in range(9999) %}\n{% for b in range(9999) %}x{% endfor %}{% endfor %}",
            2,
        ),
    ] {
        let own = files(&[(&format!("templates/wechat/{name}"), text)]);
        let Err(ExportError::Input(found)) = made(&fixture, &fixture.settings, &own) else {
            panic!("{text}");
        };
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].code, "bad-template", "{}", found[0].message);
        assert_eq!(place(&found[0]), at(name, line), "{}", found[0].message);
    }
}

#[test]
fn a_theme_of_the_series_dresses_its_articles() {
    let mut fixture = fixture();
    let path = "themes/ours.toml".to_owned();
    fixture.settings.theme = Theme::Own(path.clone());
    assert!(fixture.settings.files().contains(&path.as_str()));
    let own = files(&[(
        &path,
        "base = \"violet\"\naccent = \"#123456\"\ncard = \"panel\"\n",
    )]);
    assert_eq!(fixture.settings.check_files(&own), []);
    let article = made(&fixture, &fixture.settings, &own).unwrap().remove(0);
    assert!(article.content.contains("#123456") && !article.content.contains("#55226d"));
    let wrong = files(&[(&path, "accent = \"red\"\n")]);
    let found = fixture.settings.check_files(&wrong);
    assert_eq!(found[0].code, "bad-color");
}

#[test]
fn settings_say_which_parts_stand_where() {
    let source = Source::new(
        "offprint.toml",
        "theme = \"themes/ours.toml\"\nauthor = \"本刊\"\nsource-url = false\n\
         header = \"**点击上方**关注，[上一期](https://mp.weixin.qq.com/s/a)\"\n\
         footer = \"见[网站](https://a.example/)\"\n\
         past = [{ title = \"第 0 期\", url = \"https://mp.weixin.qq.com/s/b\" }]\n\
         blocks = [\"notes\", \"papers\", \"header\", \"intro\", \"footer\", \"references\", \"past\"]\n",
    );
    let (node, _) = load::settings(&source);
    let mut diagnostics = Vec::new();
    let node = node.unwrap();
    let mut fields = Fields::new(&source, &node, &mut diagnostics);
    let settings = Wechat::read(&mut fields);
    fields.finish();
    assert_eq!(diagnostics, []);
    assert_eq!(settings.theme, Theme::Own("themes/ours.toml".to_owned()));
    assert_eq!(settings.source_url, SourceUrl::None);
    let settings = Wechat {
        theme: Theme::Paper,
        ..settings
    };
    let shown = words_of(&made(&fixture(), &settings, &Files::new()).unwrap()[0].content);
    let places: Vec<usize> = [
        "评审尚未结束",
        "1. Self-Super",
        "点击上方",
        "导读",
        "网站",
        "[11] 网站",
        "第 0 期",
    ]
    .iter()
    .map(|words| {
        shown
            .find(words)
            .unwrap_or_else(|| panic!("{words} in {shown}"))
    })
    .collect();
    assert!(places.is_sorted(), "{places:?}");
    assert!(!shown.contains("责任编辑") && !shown.contains("深度学习自然语言处理"));

    let source = Source::new(
        "offprint.toml",
        "theme = \"../ours.toml\"\nauthor = \"一个很长很长很长很长很长很长的名字啊\"\n\
         source-url = \"a.example\"\nheader = \"x[^1]\\n\\n[^1]: y\"\n\
         past = [{ title = \"x\" }]\nblocks = [\"papers\", \"papers\"]\npunctuation = 3\n",
    );
    let (node, _) = load::settings(&source);
    let node = node.unwrap();
    let mut diagnostics = Vec::new();
    Wechat::read(&mut Fields::new(&source, &node, &mut diagnostics));
    let codes: Vec<&str> = diagnostics.iter().map(|found| found.code).collect();
    assert_eq!(
        codes,
        [
            "broken-path",
            "wrong-type",
            "too-long",
            "bad-url",
            "missing-field",
            "footnote",
            "duplicate-value"
        ]
    );
}
