//! What fields are called: the English name first, then the others.

use std::borrow::Cow;

/// The names of a field.
pub(super) type Names = &'static [&'static str];

pub(super) const TITLE: Names = &["title", "标题", "題目", "题目", "篇名"];
pub(super) const SHORT_TITLE: Names = &["short-title", "短标题", "简题"];
pub(super) const SUBTITLE: Names = &["subtitle", "副标题"];
pub(super) const DESCRIPTION: Names = &["description", "简介", "描述"];
pub(super) const DATE: Names = &["date", "日期", "发布日期"];
pub(super) const UPDATED: Names = &["updated", "更新", "更新日期"];
pub(super) const ID: Names = &["id", "编号"];
pub(super) const NUMBER: Names = &["number", "期号", "期数"];
pub(super) const VOLUME: Names = &["volume", "卷号", "卷"];
pub(super) const DRAFT: Names = &["draft", "草稿"];
pub(super) const LANG: Names = &["lang", "语言", "language"];
pub(super) const AUTHORS: Names = &["authors", "作者", "author"];
pub(super) const EDITORS: Names = &["editors", "责任编辑", "编辑", "责编", "editor"];
pub(super) const TRANSLATORS: Names = &["translators", "译者", "翻译", "translator"];
pub(super) const SOURCE: Names = &["source", "来源"];
pub(super) const DECLARATION: Names = &["declaration", "声明"];
pub(super) const LICENSE: Names = &["license", "许可", "许可协议", "授权", "licence"];
pub(super) const EVENT: Names = &["event", "活动", "会议信息"];
pub(super) const DEFAULTS: Names = &["defaults", "默认", "默认值"];
pub(super) const COVER: Names = &["cover", "封面"];
pub(super) const TAGS: Names = &["tags", "标签", "关键词", "keywords", "tag"];
pub(super) const RELATED: Names = &["related", "相关", "相关阅读", "相关文章"];
pub(super) const BIBLIOGRAPHY: Names = &["bibliography", "文献库", "参考文献"];
pub(super) const IDENTIFIER: Names = &["identifier", "标识"];
pub(super) const CANONICAL: Names = &["canonical", "首发链接", "原始链接"];
pub(super) const INTRO: Names = &["intro", "导读", "导语", "引言"];
pub(super) const SECTIONS: Names = &["sections", "栏目", "章节"];
pub(super) const PAPERS: Names = &["papers", "论文列表", "文章列表"];
pub(super) const SCHEMA: Names = &["schema"];

pub(super) const URL: Names = &["url", "链接", "论文", "地址", "link", "paper"];
pub(super) const DOI: Names = &["doi"];
pub(super) const ARXIV: Names = &["arxiv"];
pub(super) const OPENREVIEW: Names = &["openreview"];
pub(super) const PMID: Names = &["pmid"];
pub(super) const ISBN: Names = &["isbn"];
pub(super) const GUID: Names = &["guid"];
pub(super) const PDF: Names = &["pdf", "全文"];
pub(super) const CODE: Names = &["code", "代码", "源码"];
pub(super) const PROJECT: Names = &["project", "主页", "项目", "项目主页"];
pub(super) const DATA: Names = &["data", "数据", "数据集"];
pub(super) const VIDEO: Names = &["video", "视频"];
pub(super) const SLIDES: Names = &["slides", "幻灯片", "幻灯"];
pub(super) const POSTER: Names = &["poster", "海报"];
pub(super) const BLOG: Names = &["blog", "博客"];
pub(super) const DISCUSSION: Names = &["discussion", "讨论"];
pub(super) const CITE: Names = &["cite", "引用"];
pub(super) const AFFILIATIONS: Names = &["affiliations", "机构", "单位", "affiliation"];
pub(super) const VENUE: Names = &["venue", "会议", "期刊", "发表于"];
pub(super) const ISSUE_NUMBER: Names = &["issue", "期", "期号", "journal-issue"];
pub(super) const PAGES: Names = &["pages", "页码", "页"];
pub(super) const PUBLISHER: Names = &["publisher", "出版者", "出版社"];
pub(super) const YEAR: Names = &["year", "年份"];
pub(super) const STATUS: Names = &["status", "状态"];
pub(super) const TYPE: Names = &["type", "类型"];
pub(super) const TLDR: Names = &["tldr", "一句话", "一句话总结", "tl;dr"];
pub(super) const RATING: Names = &["rating", "推荐", "评分", "推荐指数"];
pub(super) const PRESENTER: Names = &["presenter", "主讲", "主讲人"];
pub(super) const ABSTRACT: Names = &["abstract", "摘要"];
pub(super) const IMAGE: Names = &["image", "配图", "图片"];
pub(super) const COMMENTARY: Names = &["commentary", "短评", "评论", "点评"];

pub(super) const SRC: Names = &["src", "文件", "路径"];
pub(super) const ALT: Names = &["alt", "替代文字", "说明文字"];
pub(super) const CAPTION: Names = &["caption", "图注"];
pub(super) const CREDIT: Names = &["credit", "图源", "版权"];
pub(super) const WIDTH: Names = &["width", "宽度"];
pub(super) const NAME: Names = &["name", "名称", "姓名"];
pub(super) const ROLE: Names = &["role", "职责"];
pub(super) const EMAIL: Names = &["email", "邮箱"];
pub(super) const ORCID: Names = &["orcid"];
pub(super) const AVATAR: Names = &["avatar", "头像"];
pub(super) const KIND: Names = &["kind", "类别"];
pub(super) const VIA: Names = &["via", "转自"];
pub(super) const START: Names = &["start", "开始"];
pub(super) const END: Names = &["end", "结束"];
pub(super) const PLACE: Names = &["place", "地点"];
pub(super) const SUBMISSIONS: Names = &["submissions", "投稿数", "投稿"];
pub(super) const REVIEW: Names = &["review", "评审"];
pub(super) const FOLLOWERS: Names = &["followers", "关注"];
pub(super) const ARTICLES: Names = &["articles", "文章"];
pub(super) const VIEWS: Names = &["views", "浏览", "浏览量", "阅读量"];
pub(super) const SUMMARY: Names = &["summary", "概要"];
pub(super) const ISSN: Names = &["issn"];
pub(super) const URN: Names = &["urn"];

/// The fields of an issue.
pub(super) const ISSUE: &[Names] = &[
    TITLE,
    SHORT_TITLE,
    SUBTITLE,
    DESCRIPTION,
    DATE,
    UPDATED,
    ID,
    NUMBER,
    VOLUME,
    DRAFT,
    LANG,
    AUTHORS,
    EDITORS,
    TRANSLATORS,
    SOURCE,
    DECLARATION,
    LICENSE,
    EVENT,
    DEFAULTS,
    COVER,
    TAGS,
    RELATED,
    BIBLIOGRAPHY,
    IDENTIFIER,
    CANONICAL,
    INTRO,
    SECTIONS,
    PAPERS,
    SCHEMA,
];

/// The fields of a section.
pub(super) const SECTION: &[Names] = &[TITLE, ID, INTRO, PAPERS];

/// The fields of a paper.
pub(super) const PAPER: &[Names] = &[
    TITLE,
    URL,
    DOI,
    ARXIV,
    OPENREVIEW,
    PMID,
    ISBN,
    PDF,
    CODE,
    PROJECT,
    DATA,
    VIDEO,
    SLIDES,
    POSTER,
    BLOG,
    DISCUSSION,
    CITE,
    AUTHORS,
    AFFILIATIONS,
    VENUE,
    VOLUME,
    ISSUE_NUMBER,
    PAGES,
    PUBLISHER,
    YEAR,
    DATE,
    STATUS,
    TYPE,
    LANG,
    TAGS,
    TLDR,
    RATING,
    PRESENTER,
    ABSTRACT,
    IMAGE,
    COMMENTARY,
    ID,
    GUID,
];

/// The fields of the tables within an issue.
const INNER: &[Names] = &[
    SRC,
    ALT,
    CAPTION,
    CREDIT,
    WIDTH,
    NAME,
    ROLE,
    EMAIL,
    ORCID,
    AVATAR,
    KIND,
    VIA,
    START,
    END,
    PLACE,
    SUBMISSIONS,
    REVIEW,
    FOLLOWERS,
    ARTICLES,
    VIEWS,
    SUMMARY,
    ISSN,
    URN,
];

/// Whether any table of an issue has a field of this name.
pub(super) fn is_known(name: &str) -> bool {
    [ISSUE, PAPER, INNER]
        .iter()
        .any(|fields| canonical(fields, name).is_some())
}

/// The field that a name means, whatever its case: `url` of `URL`, `short-title` of `Short_Title`.
pub(super) fn canonical(fields: &[Names], name: &str) -> Option<Names> {
    find(fields, &fold(name))
}

/// The field that has a folded name.
pub(super) fn find(fields: &[Names], name: &str) -> Option<Names> {
    // Most names differ in length or in their last byte, and need not be compared.
    let last = name.as_bytes().last();
    let is_it = |other: &&str| {
        other.len() == name.len() && other.as_bytes().last() == last && *other == name
    };
    let mut fields = fields.iter();
    fields.find(|names| names.iter().any(is_it)).copied()
}

/// A name as the tables above write names.
pub(super) fn fold(name: &str) -> Cow<'_, str> {
    let name = name.trim();
    let is_folded = !name
        .bytes()
        .any(|byte| byte.is_ascii_uppercase() || matches!(byte, b'_' | b' '));
    if is_folded {
        return Cow::Borrowed(name);
    }
    Cow::Owned(name.to_ascii_lowercase().replace(['_', ' '], "-"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_name_means_two_fields_of_a_table() {
        for fields in [ISSUE, SECTION, PAPER] {
            let mut taken = BTreeSet::new();
            for names in fields {
                for name in *names {
                    assert!(taken.insert(name), "{name}");
                    assert_eq!(find(fields, name), Some(*names));
                    assert_eq!(fold(name), *name);
                }
            }
            assert_eq!(find(fields, "titel"), None);
            assert_eq!(find(fields, ""), None);
        }
    }
}
