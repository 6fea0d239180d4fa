//! What the page says, in the language.

use offprint_core::words::Words;
use serde::Serialize;

macro_rules! wording {
    ($($name:ident: $chinese:literal, $english:literal;)+) => {
        /// What the page says.
        #[derive(Debug, Serialize)]
        pub(super) struct Wording {
            $(pub(super) $name: &'static str,)+
        }

        const CHINESE: Wording = Wording { $($name: $chinese,)+ };
        const ENGLISH: Wording = Wording { $($name: $english,)+ };
    };
}

wording! {
    preview: "公众号预览", "WeChat preview";
    no_script: "这一页的复制和切换要用 JavaScript；没有它时，按文件的主题显示全文。",
        "Copying and switching need JavaScript. Without it, all parts are shown in the theme of the files.";
    copies: "复制", "Copy";
    copy_article: "复制正文", "Copy the article";
    copy_title: "复制标题", "Copy the title";
    copy_digest: "复制摘要", "Copy the digest";
    copy_url: "复制链接", "Copy the link";
    part: "分篇", "Part";
    theme: "主题", "Theme";
    width: "宽度", "Width";
    mode: "显示", "Mode";
    light: "浅色", "Light";
    dark: "深色", "Dark";
    article: "正文", "Article";
    copied_article: "已复制正文，请到公众号后台的编辑器里粘贴。", "The article is copied. Paste it into WeChat's editor.";
    copied_title: "已复制标题。", "The title is copied.";
    copied_digest: "已复制摘要。", "The digest is copied.";
    copied_url: "已复制原文链接。", "The source link is copied.";
    failed: "浏览器不让复制。内容已选中，请按 Ctrl+C 或 ⌘C。",
        "The browser refuses to copy. What you want is selected: press Ctrl+C or ⌘C.";
    theme_hint: "文件用的是另一主题。要让文件也用它，在 offprint.toml 的 [wechat] 里写：",
        "The files are in another theme. For this one, write in offprint.toml below [wechat]:";
    report: "粘贴报告", "Paste report";
    clean: "没有要改的地方。", "Nothing to mend.";
    errors: "处必须改", "to mend";
    warnings: "处请留意", "to look at";
    lengths: "长度", "Lengths";
    title: "标题", "Title";
    author: "作者", "Author";
    digest: "摘要", "Digest";
    characters: "字符（含标记）", "Characters with markup";
    ratio: "字符与可见字之比", "Characters to visible ones";
    title_long: "接口最多 32 字，编辑器最多 64 字", "drafts take 32 characters, the editor 64";
    author_long: "接口最多 16 字，编辑器最多 8 字", "drafts take 16 characters, the editor 8";
    digest_long: "编辑器最多 120 字，接口最多 128 字", "the editor takes 120 characters, drafts 128";
    digest_none: "没有摘要，微信取正文开头 54 字", "none; WeChat takes the first 54 characters of the article";
    characters_long: "接口最多 20,000 字符", "drafts take 20,000";
    ratio_high: "标记太多，正文放不下多少", "so much markup leaves little room for words";
    findings: "预检", "Preflight";
    findings_none: "没有发现微信会删改的地方。", "Nothing that WeChat would drop or change.";
    remedy: "改法：", "Instead: ";
    stop: "。", ".";
    pictures: "图片", "Pictures";
    pictures_none: "没有图片。", "No pictures.";
    upload: "图片地址是本页旁的文件，编辑器取不到：粘贴后请从 images 文件夹逐张上传，或给系列设 url。",
        "The pictures lie beside this page, where the editor cannot fetch them. Upload them from the folder images after pasting, or give the series a url.";
    picture_heavy: "超过 1 MB：接口不收，编辑器会压缩", "over 1 MB: drafts refuse it, the editor converts it";
    picture_refused: "超过 10 MB：编辑器不收", "over 10 MB: the editor refuses it";
    references: "转成参考链接的外链", "Links that became references";
    listed: "条", "listed";
    references_none: "没有外链。", "No outside links.";
    links: "保留的公众号链接", "Links within WeChat, kept";
    card: "分享卡片", "How it is shared";
    no_cover: "没有封面", "No cover";
}

impl Wording {
    pub(super) fn of(words: Words) -> &'static Self {
        match words {
            Words::Chinese => &CHINESE,
            Words::English => &ENGLISH,
        }
    }
}

/// What a part is called among the others; two are the upper and the lower.
pub(super) fn part(words: Words, index: usize, count: usize) -> String {
    match (words, index, count) {
        (Words::Chinese, 0, 2) => "上".to_owned(),
        (Words::Chinese, 1, 2) => "下".to_owned(),
        (Words::Chinese | Words::English, ..) => (index + 1).to_string(),
    }
}

/// What a theme is called; that of a user by its name.
pub(super) fn theme(words: Words, name: &str) -> &str {
    let (chinese, english) = match name {
        "plain" => ("素净", "Plain"),
        "classic" => ("经典", "Classic"),
        "orange" => ("橙心", "Orange"),
        "violet" => ("凝紫", "Violet"),
        "paper" => ("书页", "Paper"),
        _ => return name,
    };
    match words {
        Words::Chinese => chinese,
        Words::English => english,
    }
}
