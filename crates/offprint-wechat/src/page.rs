//! The page that shows an article as a phone does, and copies it for the editor.

use minijinja::Environment;
use minijinja::value::Value;
use offprint_core::colophon::imprint;
use offprint_core::words::Words;
use offprint_core::{ExportError, Issue, Series};
use serde::Serialize;

use crate::{MAX_CHARACTERS, Sheet, Wechat, characters, render};

#[derive(Debug, Serialize)]
struct Page<'a> {
    lang: &'a str,
    rtl: bool,
    title: &'a str,
    title_length: usize,
    max_title: usize,
    account: Option<&'a str>,
    date: String,
    article: Value,
    characters: usize,
    max_characters: usize,
    pictures: usize,
    embedded: bool,
    cover: Option<String>,
    base: Option<String>,
    words: Wording,
}

/// What the page says, in the issue's language.
#[derive(Debug, Serialize)]
struct Wording {
    preview: &'static str,
    copy: &'static str,
    copy_title: &'static str,
    copied: &'static str,
    failed: &'static str,
    characters: &'static str,
    title: &'static str,
    pictures: &'static str,
    upload: &'static str,
    cover: &'static str,
}

const CHINESE: Wording = Wording {
    preview: "公众号预览",
    copy: "复制正文",
    copy_title: "复制标题",
    copied: "已复制，请到公众号后台的编辑器里粘贴。",
    failed: "浏览器不让复制。正文已选中，请按 Ctrl+C 或 ⌘C。",
    characters: "字符（含标记）",
    title: "标题字数",
    pictures: "图片",
    upload: "粘贴后请逐张上传本页旁 images 文件夹里的图片。",
    cover: "封面",
};

const ENGLISH: Wording = Wording {
    preview: "WeChat preview",
    copy: "Copy the article",
    copy_title: "Copy the title",
    copied: "Copied. Paste it into WeChat's editor.",
    failed: "The browser refuses to copy. The article is selected: press Ctrl+C or ⌘C.",
    characters: "Characters with markup",
    title: "Characters in the title",
    pictures: "Pictures",
    upload: "After pasting, upload the pictures from the folder images beside this page.",
    cover: "Cover",
};

/// The title under which WeChat shows an issue.
pub(crate) fn title(issue: &Issue) -> &str {
    issue.short_title.as_deref().unwrap_or(&issue.title)
}

pub(crate) fn page(
    environment: &Environment<'_>,
    settings: &Wechat,
    series: &Series,
    issue: &Issue,
    sheets: &[Sheet<'_>],
) -> Result<String, ExportError> {
    let words = Words::of(&issue.lang);
    let fragment: String = sheets
        .iter()
        .map(|sheet| sheet.article.content.as_str())
        .collect();
    let cover = sheets.first().and_then(|sheet| sheet.article.cover);
    let account = settings.account.as_ref();
    let values = Page {
        lang: issue.lang.as_str(),
        rtl: issue.lang.is_rtl(),
        title: title(issue),
        title_length: title(issue).chars().count(),
        max_title: settings.max_title,
        account: account
            .map(|account| account.name.as_str())
            .or_else(|| imprint(series, issue)),
        date: words.moment(issue.date),
        article: Value::from_safe_string(fragment.clone()),
        characters: characters(&fragment),
        max_characters: MAX_CHARACTERS,
        pictures: fragment.matches("<img ").count(),
        embedded: false,
        cover: cover.map(|cover| format!("images/{}", cover.name)),
        base: series.url.as_ref().map(|url| format!("{url}{}/", issue.id)),
        words: match words {
            Words::Chinese => CHINESE,
            Words::English => ENGLISH,
        },
    };
    render(environment, "page.html", &values)
}
