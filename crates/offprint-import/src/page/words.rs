//! The words by which pages of papers name things.

use offprint_core::model::{LinkKind, Status};

/// What a label announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Field {
    Title,
    /// The title in the page's language.
    Translation,
    Authors,
    Affiliations,
    Venue,
    Date,
    Url,
    Link(LinkKind),
    Arxiv,
    Doi,
    Openreview,
    Abstract,
    Tldr,
    /// What is said of a paper; the label says no more than that.
    Commentary,
    /// What is said of a paper, under a label that is a part of it.
    Aspect,
    /// What authors say to arXiv: pages, and where it was accepted.
    Comments,
    Tags,
    Status,
    Rating,
    Presenter,
    Editor,
    Translator,
    /// The title at the place where the page was taken from.
    Original,
    /// Where the page was taken from.
    Origin,
    Account,
    AccountId,
    Declaration,
    /// Something that an issue has no place for.
    Unwanted,
}

impl Field {
    /// Whether it says something of a paper, with a place of its own.
    pub(super) fn is_fact(self) -> bool {
        match self {
            Self::Title
            | Self::Translation
            | Self::Authors
            | Self::Affiliations
            | Self::Venue
            | Self::Date
            | Self::Url
            | Self::Link(_)
            | Self::Arxiv
            | Self::Doi
            | Self::Openreview
            | Self::Abstract
            | Self::Tldr
            | Self::Comments
            | Self::Tags
            | Self::Status
            | Self::Rating
            | Self::Presenter => true,
            Self::Commentary
            | Self::Aspect
            | Self::Editor
            | Self::Translator
            | Self::Original
            | Self::Origin
            | Self::Account
            | Self::AccountId
            | Self::Declaration
            | Self::Unwanted => false,
        }
    }

    /// Whether it says something of the page.
    pub(super) fn is_of_page(self) -> bool {
        matches!(
            self,
            Self::Editor
                | Self::Translator
                | Self::Original
                | Self::Origin
                | Self::Account
                | Self::AccountId
                | Self::Declaration
                | Self::Unwanted
        )
    }

    /// Whether its value is an address.
    pub(super) fn is_address(self) -> bool {
        matches!(
            self,
            Self::Url | Self::Link(_) | Self::Arxiv | Self::Doi | Self::Openreview
        )
    }
}

/// What a label announces, its case and blanks aside.
pub(super) fn field(label: &str) -> Option<Field> {
    let folded: String = label
        .chars()
        .filter(|character| !character.is_whitespace() && !matches!(character, '*' | '_' | '-'))
        .flat_map(char::to_lowercase)
        .collect();
    let folded = folded.trim_matches(is_decoration);
    if folded.is_empty() || folded.len() > 48 {
        return None;
    }
    // `论文/技术报告`: either.
    let first = folded
        .split_once(['/', '／'])
        .and_then(|(first, _)| exact(first));
    if let Some(field @ (Field::Title | Field::Url)) = first {
        return Some(field);
    }
    exact(folded).or_else(|| {
        // 论文代码链接: what it is of, what it is, and that it is an address.
        let stem = [
            "链接地址",
            "下载链接",
            "下载地址",
            "链接",
            "地址",
            "网址",
            "下载",
            "传送门",
            "入口",
            "link",
            "links",
            "url",
            "address",
            "website",
            "page",
            "homepage",
        ]
        .iter()
        .find_map(|end| folded.strip_suffix(end).filter(|stem| !stem.is_empty()));
        let stem = stem.unwrap_or(folded);
        let bare = [
            "论文", "文章", "本文", "该文", "原文", "官方", "开源", "相关", "paper", "official",
            "our", "the",
        ]
        .iter()
        .find_map(|start| stem.strip_prefix(start));
        match bare {
            Some("" | "的") => exact(folded).or(Some(Field::Url)),
            Some(bare) => exact(bare).filter(|field| stem == folded || field.is_address()),
            None if stem != folded => {
                let field = exact(stem)?;
                let is_thing = matches!(field, Field::Title | Field::Abstract);
                Some(if is_thing { Field::Url } else { field }).filter(|field| field.is_address())
            }
            None => None,
        }
    })
}

/// Labels, folded, by what they announce.
const LABELS: &[(Field, &[&str])] = &[
    (
        Field::Title,
        &[
            "标题",
            "题目",
            "论文标题",
            "论文题目",
            "论文名称",
            "论文名",
            "论文",
            "文章",
            "篇名",
            "文章标题",
            "文章题目",
            "英文标题",
            "英文题目",
            "題目",
            "标题原文",
            "原文",
            "title",
            "papertitle",
            "paper",
            "papername",
            "文献",
            "article",
            "文章名称",
            "名称",
            "论文全称",
            "原论文",
            "论文英文名",
            "題名",
            "题名",
            "原题",
        ],
    ),
    (
        Field::Translation,
        &[
            "中文标题",
            "标题翻译",
            "中文题目",
            "译名",
            "中文译名",
            "中文名",
            "题目翻译",
            "标题中文",
            "论文中文名",
            "中文",
            "标题译文",
            "标题(中文)",
            "chinesetitle",
            "titletranslation",
        ],
    ),
    (
        Field::Authors,
        &[
            "作者",
            "论文作者",
            "作者列表",
            "文章作者",
            "全部作者",
            "所有作者",
            "author",
            "authors",
            "author(s)",
            "第一作者",
            "通讯作者",
            "作者团队",
            "by",
        ],
    ),
    (
        Field::Affiliations,
        &[
            "机构",
            "单位",
            "作者单位",
            "作者机构",
            "机构单位",
            "研究机构",
            "发表机构",
            "所属机构",
            "团队",
            "研究团队",
            "作者单位/机构",
            "发表单位",
            "论文单位",
            "论文机构",
            "affiliation",
            "affiliations",
            "institution",
            "institutions",
            "institute",
            "organization",
            "单位机构",
            "学校",
            "来自",
            "高校",
        ],
    ),
    (
        Field::Venue,
        &[
            "会议",
            "期刊",
            "发表于",
            "发表会议",
            "发表期刊",
            "收录",
            "收录会议",
            "收录于",
            "收录情况",
            "录用",
            "录用会议",
            "会议/期刊",
            "期刊/会议",
            "论文来源",
            "论文出处",
            "发表",
            "发表在",
            "刊物",
            "来源期刊",
            "出版",
            "中稿会议",
            "录用情况",
            "发表情况",
            "发表平台",
            "中稿",
            "接收",
            "接收会议",
            "venue",
            "conference",
            "journal",
            "publishedin",
            "publication",
            "publishedat",
            "in",
            "accepted",
            "accept",
            "journal/conference",
            "conference/journal",
            "booktitle",
            "发表信息",
            "journalref",
            "journalreference",
        ],
    ),
    (
        Field::Date,
        &[
            "日期",
            "时间",
            "发表时间",
            "发布时间",
            "发布日期",
            "提交日期",
            "提交时间",
            "发表日期",
            "年份",
            "年",
            "上传时间",
            "更新时间",
            "论文时间",
            "发表年份",
            "发布于",
            "date",
            "published",
            "submitted",
            "year",
            "publisheddate",
            "publicationdate",
            "publishdate",
            "论文日期",
        ],
    ),
    (
        Field::Url,
        &[
            "链接",
            "论文链接",
            "论文地址",
            "原文链接",
            "文章链接",
            "地址",
            "网址",
            "原文地址",
            "下载地址",
            "论文下载",
            "下载链接",
            "论文网址",
            "原文网址",
            "link",
            "links",
            "url",
            "paperlink",
            "paperurl",
            "abs",
            "论文原文",
            "论文直达",
            "查看论文",
            "详情链接",
            "论文详情",
            "全文链接",
            "论文全文",
            "全文",
            "论文pdf链接",
            "阅读链接",
            "预印本",
            "预印版",
            "preprint",
            "阅读原文",
            "原文下载",
            "传送门",
            "论文传送门",
            "论文连接",
            "論文鏈接",
            "論文連結",
            "連結",
            "原文連結",
            "readpaper",
            "acl",
            "论文/arxiv",
            "available",
            "availableat",
            "source",
            "会议链接",
            "paper/pdf",
        ],
    ),
    (
        Field::Link(LinkKind::Pdf),
        &[
            "pdf",
            "论文pdf",
            "pdf链接",
            "paperpdf",
            "pdf下载",
            "pdf地址",
        ],
    ),
    (
        Field::Arxiv,
        &[
            "arxiv",
            "arxivid",
            "arxiv链接",
            "论文arxiv",
            "arxiv编号",
            "arxiv号",
            "arxiv地址",
            "arxivlink",
            "arxivurl",
        ],
    ),
    (Field::Doi, &["doi", "doi号", "doi链接", "论文doi"]),
    (Field::Openreview, &["openreview", "openreview链接"]),
    (
        Field::Link(LinkKind::Code),
        &[
            "代码",
            "源码",
            "源代码",
            "开源",
            "开源代码",
            "代码链接",
            "代码地址",
            "开源地址",
            "开源链接",
            "项目代码",
            "论文代码",
            "论文源码",
            "代码仓库",
            "github",
            "code",
            "codes",
            "sourcecode",
            "githubrepo",
            "repo",
            "repository",
            "codelink",
            "implementation",
            "代码已开源",
            "git",
            "github链接",
            "github地址",
            "代码开源",
            "代码和数据",
            "代码与数据",
            "代码和模型",
            "代码/数据",
            "官方代码",
            "開源代碼",
            "程式碼",
            "代碼",
            "代码(已开源)",
            "开源仓库",
            "仓库",
            "代码实现",
            "代码即将开源",
            "模型",
            "模型地址",
            "model",
            "models",
            "模型链接",
            "code/data",
            "codeanddata",
            "code&data",
        ],
    ),
    (
        Field::Link(LinkKind::Project),
        &[
            "项目",
            "主页",
            "项目主页",
            "项目地址",
            "项目链接",
            "工程主页",
            "网站",
            "官网",
            "项目网站",
            "项目网页",
            "项目页面",
            "论文主页",
            "demo",
            "演示",
            "homepage",
            "project",
            "projectpage",
            "webpage",
            "website",
            "projectlink",
            "projectwebsite",
            "projecturl",
            "page",
            "体验地址",
            "在线体验",
            "demo链接",
            "demo地址",
            "项目官网",
            "site",
        ],
    ),
    (
        Field::Link(LinkKind::Data),
        &[
            "数据",
            "数据集",
            "数据集地址",
            "数据集链接",
            "数据链接",
            "数据地址",
            "dataset",
            "datasets",
            "data",
            "数据下载",
            "数据集下载",
            "benchmark",
        ],
    ),
    (
        Field::Link(LinkKind::Video),
        &[
            "视频",
            "视频链接",
            "video",
            "演示视频",
            "讲解视频",
            "视频地址",
            "视频讲解",
            "视频演示",
            "talk",
            "youtube",
            "b站",
            "demo视频",
            "回放",
            "直播回放",
            "报告视频",
            "videolink",
        ],
    ),
    (
        Field::Link(LinkKind::Slides),
        &[
            "slides",
            "slide",
            "ppt",
            "幻灯片",
            "课件",
            "ppt链接",
            "slidesppt",
        ],
    ),
    (Field::Link(LinkKind::Poster), &["poster", "海报"]),
    (
        Field::Link(LinkKind::Blog),
        &[
            "博客",
            "blog",
            "博客链接",
            "解读链接",
            "中文解读",
            "解读文章",
            "论文解读链接",
            "解读地址",
            "blogpost",
            "博文",
            "相关解读",
            "知乎",
            "详细解读",
            "推文链接",
            "推送链接",
        ],
    ),
    (
        Field::Link(LinkKind::Discussion),
        &["讨论", "discussion", "tweet", "reddit", "hackernews"],
    ),
    (
        Field::Abstract,
        &[
            "摘要",
            "abstract",
            "论文摘要",
            "内容摘要",
            "英文摘要",
            "中文摘要",
            "摘要翻译",
            "文章摘要",
            "摘  要",
            "摘要内容",
            "原文摘要",
            "摘要(abstract)",
            "abs.",
            "完整摘要",
            "查看摘要",
            "查看完整摘要",
            "展开摘要",
        ],
    ),
    (
        Field::Tldr,
        &[
            "一句话",
            "一句话要点",
            "一句话总结",
            "一句话概括",
            "一句话介绍",
            "一句话简介",
            "一句话解读",
            "一句话点评",
            "tldr",
            "tl;dr",
            "太长不看",
            "一言以蔽之",
        ],
    ),
    (
        Field::Commentary,
        &[
            "解读",
            "点评",
            "短评",
            "推荐理由",
            "推荐语",
            "推荐",
            "简介",
            "介绍",
            "论文简介",
            "内容简介",
            "论文解读",
            "评论",
            "论文概述",
            "主要内容",
            "内容",
            "概述",
            "论文概要",
            "论文介绍",
            "内容概述",
            "导读",
            "论文导读",
            "速读",
            "总结",
            "小结",
            "comment",
            "summary",
            "overview",
            "论文总结",
            "论文内容",
            "内容介绍",
            "简述",
            "概要",
            "论文要点",
            "ai点评",
            "编辑点评",
            "论文速读",
            "内容简述",
            "解析",
            "说明",
            "description",
            "notes",
            "note",
            "review",
            "highlight",
            "highlights",
            "tl",
            "论文点评",
            "推荐原因",
            "入选理由",
            "内容概要",
            "文章简介",
            "推荐人",
        ],
    ),
    (
        Field::Aspect,
        &[
            "亮点",
            "创新点",
            "要点",
            "核心内容",
            "背景",
            "研究背景",
            "方法",
            "结果",
            "结论",
            "贡献",
            "动机",
            "问题",
            "实验",
            "意义",
            "启发",
            "主要贡献",
            "motivation",
            "method",
            "methods",
            "results",
            "result",
            "conclusion",
            "contribution",
            "contributions",
            "核心思想",
            "核心思路",
            "研究方法",
            "研究内容",
            "实验结果",
            "局限",
            "思路",
            "核心要点",
            "核心方法",
            "背景介绍",
            "论文方法",
            "why",
            "what",
            "how",
            "background",
            "takeaway",
            "key",
            "优点",
            "缺点",
            "应用",
            "性能",
        ],
    ),
    (Field::Comments, &["comments", "备注", "注", "注释"]),
    (
        Field::Tags,
        &[
            "关键词",
            "标签",
            "关键字",
            "主题",
            "领域",
            "分类",
            "方向",
            "研究方向",
            "任务",
            "类别",
            "论文类型",
            "研究领域",
            "论文关键词",
            "论文方向",
            "学科",
            "所属领域",
            "关键词汇",
            "keywords",
            "keyword",
            "tags",
            "tag",
            "subjects",
            "subject",
            "topic",
            "topics",
            "category",
            "categories",
            "task",
            "area",
            "tasks",
        ],
    ),
    (Field::Status, &["状态", "status"]),
    (
        Field::Rating,
        &[
            "推荐指数",
            "评分",
            "推荐度",
            "星级",
            "推荐星级",
            "rating",
            "score",
            "推荐程度",
        ],
    ),
    (
        Field::Presenter,
        &[
            "主讲",
            "主讲人",
            "报告人",
            "presenter",
            "speaker",
            "分享人",
            "讲者",
            "汇报人",
            "分享嘉宾",
            "讲解人",
        ],
    ),
    (
        Field::Editor,
        &[
            "责任编辑",
            "责编",
            "编辑",
            "editor",
            "本文编辑",
            "文字编辑",
            "本期编辑",
            "编辑整理",
            "主编",
            "责任编校",
            "编",
        ],
    ),
    (
        Field::Translator,
        &[
            "译者",
            "翻译",
            "编译",
            "translator",
            "参与编译",
            "译",
            "本文译者",
        ],
    ),
    (
        Field::Original,
        &["原文标题", "原标题", "原文题目", "originaltitle"],
    ),
    (
        Field::Origin,
        &[
            "来源",
            "文章出处",
            "出处",
            "转自",
            "转载自",
            "本文来源",
            "本文转自",
            "文章来源",
            "转载来源",
            "via",
            "本文转载自",
            "内容来源",
            "原文来源",
            "稿源",
            "信息来源",
            "原文出处",
            "本文首发于",
            "首发于",
            "首发",
            "来源公众号",
            "转载于",
        ],
    ),
    (
        Field::Account,
        &["微信公众号", "公众号", "账号", "公众号名称"],
    ),
    (Field::AccountId, &["微信号", "公众号id", "微信id"]),
    (
        Field::Declaration,
        &[
            "声明",
            "版权声明",
            "免责声明",
            "免责申明",
            "特别声明",
            "版权",
            "copyright",
            "disclaimer",
            "转载声明",
            "郑重声明",
            "本站声明",
            "版权申明",
            "©",
            "版权说明",
        ],
    ),
    (
        Field::Unwanted,
        &[
            "研究方向",
            "审核",
            "校对",
            "排版",
            "审校",
            "校稿",
            "投稿",
            "投稿邮箱",
            "商务合作",
            "联系方式",
            "联系我们",
            "邮箱",
            "email",
            "美编",
            "设计",
            "审稿",
            "版式",
            "添加微信",
            "微信",
            "qq群",
            "加群",
            "扫码",
            "图片来源",
            "图源",
            "供稿",
            "监制",
            "电话",
            "阅读时间",
            "字数",
            "被引",
            "引用量",
            "引用",
            "阅读量",
            "分类专栏",
            "专栏",
            "文章分类",
            "bibtex",
            "citation",
            "citations",
            "likes",
            "upvotes",
        ],
    ),
];

fn exact(label: &str) -> Option<Field> {
    let mut rows = LABELS.iter();
    rows.find(|(_, names)| names.contains(&label))
        .map(|(field, _)| *field)
}

/// Signs that pages put around labels.
fn is_decoration(character: char) -> bool {
    "【】[]()（）<>《》「」#●•▌■◆▶→".contains(character)
}

/// A label at a line's beginning: what it announces, and where the value begins.
pub(super) fn label(text: &str) -> Option<(Field, usize)> {
    let head = text.get(..text.floor_char_boundary(72))?;
    let lead = head.len()
        - head
            .trim_start_matches(|c: char| {
                !c.is_alphanumeric()
                    && !matches!(
                        c,
                        '【' | '[' | '(' | '（' | '《' | '"' | '“' | '$' | '\\' | '#' | '@'
                    )
            })
            .len();
    let rest = head.get(lead..)?;
    // 【标题】…
    if let Some(inner) = rest.strip_prefix(['【', '[', '「', '（', '('])
        && let Some(end) = inner.find(['】', ']', '」', '）', ')'])
    {
        let name = inner.get(..end)?;
        let close = inner.get(end..)?.chars().next()?;
        // `【论文推荐】…` begins titles of pages.
        let is_short = text.chars().count() <= 60;
        if let Some(field) = field(name.trim_end_matches([':', '：']))
            .filter(|field| !is_short || !matches!(field, Field::Commentary | Field::Aspect))
        {
            let after = lead + (rest.len() - inner.len()) + end + close.len_utf8();
            return Some((field, value_start(text, after)));
        }
        // A number in brackets may stand before the label.
    }
    let end = rest.find([':', '：', '|', '｜', '丨', '︱'])?;
    let name = rest.get(..end)?;
    let sign = rest.get(end..)?.chars().next()?;
    if name.contains("http") || name.chars().count() > 24 {
        return None;
    }
    let is_bar = !matches!(sign, ':' | '：');
    let found = by_line(name.trim()).or_else(|| field(name))?;
    // A bar also separates words of a title.
    if is_bar
        && !(found.is_of_page()
            || matches!(
                found,
                Field::Authors | Field::Affiliations | Field::Title | Field::Url | Field::Presenter
            ))
    {
        return None;
    }
    let from = value_start(text, lead + end + sign.len_utf8());
    let value = text.get(from..)?;
    // `paper: https://…` says where it is, `paper: …` what it is called.
    let is_address = value.starts_with("http://") || value.starts_with("https://");
    let found = if is_address && found == Field::Title {
        Field::Url
    } else {
        found
    };
    Some((found, from))
}

/// Who made a page, as pages write it: `文 | …`, `©账号 原创 · 作者 | …`.
fn by_line(name: &str) -> Option<Field> {
    // What an account says of itself before it names the author.
    if (name.starts_with(['©', '®']) || name.contains("原创"))
        && let Some((_, last)) = name.rsplit_once([' ', '·', '丨', '|'])
        && !last.is_empty()
    {
        return by_line(last);
    }
    Some(match name {
        "文" | "撰文" | "撰稿" | "整理" | "作者" | "编写" | "©作者" | "本文作者" | "原创作者"
        | "解读" | "©️作者" | "© 作者" | "作者 / 整理" | "整理者" | "原作者" | "笔者"
        | "作者/编辑" => {
            if name == "解读" {
                return None;
            }
            Field::Authors
        }
        _ => return None,
    })
}

fn value_start(text: &str, from: usize) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    from + (rest.len()
        - rest
            .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '：' | '】'))
            .len())
}

/// A whole line that is a label without its colon.
pub(super) fn lone_label(text: &str) -> Option<Field> {
    let text = text.trim_end_matches([':', '：', ' ', '👇', '↓', '⬇']);
    (text.chars().count() <= 16).then(|| field(text)).flatten()
}

/// How a line is numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Numbering {
    /// `1.`, `01 |`
    Arabic,
    /// `1)`, `(1)`, `[1]`, `【1】`
    Bracket,
    /// `一、`
    Han,
    /// `论文1`, `Paper 3:`
    Word,
}

/// The number at a line's beginning, and where the words after it begin.
pub(super) fn numbering(text: &str) -> Option<(Numbering, u32, usize)> {
    let head = text.get(..text.floor_char_boundary(40))?;
    let first = head.chars().next()?;
    if let circled @ '①'..='⑳' = first {
        let number = u32::from(circled) - u32::from('①') + 1;
        return Some((Numbering::Bracket, number, skip(text, first.len_utf8())));
    }
    let mut at = 0;
    let bracket = matches!(first, '(' | '（' | '[' | '【' | '<' | '「');
    if bracket {
        at += first.len_utf8();
    }
    let mut word = false;
    let named = NUMBERED
        .iter()
        .find_map(|name| Some((name.len(), head.get(at..)?.strip_prefix(name)?)));
    if let Some((length, rest)) = named {
        at += length + rest.len() - rest.trim_start().len();
        word = true;
    }
    let rest = head.get(at..)?;
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, length, is_han) = if (1..=3).contains(&digits) {
        (rest.get(..digits)?.parse().ok()?, digits, false)
    } else {
        let han = rest.len() - rest.trim_start_matches(|c| HAN_DIGITS.contains(c)).len();
        if han == 0 || han > 12 {
            return None;
        }
        (han_number(rest.get(..han)?)?, han, true)
    };
    at += length;
    let after = head.get(at..)?;
    if bracket {
        let close = after.trim_start().chars().next()?;
        let gone = at + (after.len() - after.trim_start().len()) + close.len_utf8();
        let kind = if word {
            Numbering::Word
        } else {
            Numbering::Bracket
        };
        return matches!(close, ')' | '）' | ']' | '】' | '>' | '」')
            .then(|| (kind, number, skip(text, gone)));
    }
    if word {
        let after = after.strip_prefix('篇').unwrap_or(after);
        let ends = after.trim().is_empty()
            || after.starts_with([
                ':', '：', '.', '、', ' ', '|', '｜', '丨', '】', ')', '\u{3000}',
            ]);
        return ends.then(|| {
            (
                Numbering::Word,
                number,
                skip(text, head.len() - after.len()),
            )
        });
    }
    let Some(sign) = after.trim_start().chars().next() else {
        return (!is_han).then_some((Numbering::Arabic, number, text.len()));
    };
    let gone = at + (after.len() - after.trim_start().len()) + sign.len_utf8();
    if is_han {
        return ['、', '.', '．', ':', '：', ')', '）', '，']
            .contains(&sign)
            .then(|| (Numbering::Han, number, skip(text, gone)));
    }
    match sign {
        '.' | '．' | '、' | '|' | '｜' | '丨' | ':' | '：' | '·' => {
            let next = text.get(gone..)?;
            if sign == '.' && next.starts_with(|c: char| c.is_ascii_digit()) {
                let length = part_number(next)?;
                return Some((Numbering::Arabic, number, skip(text, gone + length)));
            }
            Some((Numbering::Arabic, number, skip(text, gone)))
        }
        ')' | '）' => Some((Numbering::Bracket, number, skip(text, gone))),
        _ => {
            let padded =
                digits >= 2 && rest.starts_with('0') && after.starts_with(char::is_whitespace);
            padded.then(|| (Numbering::Arabic, number, skip(text, at)))
        }
    }
}

/// Words before the number of a paper.
const NUMBERED: [&str; 13] = [
    "论文", "Paper", "PAPER", "paper", "第", "No.", "NO.", "Top", "TOP", "#", "文献", "文章", "篇",
];

const HAN_DIGITS: &str = "〇一二三四五六七八九十百";

/// How long the second number of `4.1 Title` is; `1.5` has none.
fn part_number(text: &str) -> Option<usize> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let words = text.get(digits..)?.strip_prefix(' ')?;
    let begins = words.trim_start().starts_with(|c: char| {
        c.is_uppercase() || offprint_core::chars::is_han(c) || matches!(c, '[' | '《' | '【')
    });
    (digits <= 2 && begins).then_some(digits)
}

fn skip(text: &str, from: usize) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    from + (rest.len()
        - rest
            .trim_start_matches(|c: char| {
                c.is_whitespace()
                    || matches!(
                        c,
                        '.' | '．'
                            | '、'
                            | '|'
                            | '｜'
                            | '丨'
                            | ':'
                            | '：'
                            | ')'
                            | '）'
                            | '】'
                            | '-'
                            | '–'
                            | '—'
                    )
            })
            .len())
}

fn han_number(text: &str) -> Option<u32> {
    let mut total = 0;
    let mut digit = None;
    for character in text.chars() {
        match character {
            '百' => total += digit.take().unwrap_or(1) * 100,
            '十' => total += digit.take().unwrap_or(1) * 10,
            other => {
                let value = "〇一二三四五六七八九".chars().position(|c| c == other)?;
                digit = Some(value as u32);
            }
        }
    }
    Some(total + digit.unwrap_or(0))
}

/// Conferences and journals whose names are told by themselves.
const VENUES: &[&str] = &[
    "3DV",
    "AAAI",
    "AAMAS",
    "ACCV",
    "ACL",
    "AISTATS",
    "ASPLOS",
    "BMVC",
    "CCS",
    "CHI",
    "CIKM",
    "COLING",
    "COLM",
    "COLT",
    "CoNLL",
    "CoRL",
    "CSCW",
    "CVPR",
    "DAC",
    "EACL",
    "ECAI",
    "ECCV",
    "ECIR",
    "ECML",
    "EMNLP",
    "EuroSys",
    "FAccT",
    "FSE",
    "HPCA",
    "ICASSP",
    "ICCAD",
    "ICCV",
    "ICDE",
    "ICDM",
    "ICLR",
    "ICML",
    "ICRA",
    "ICSE",
    "IJCAI",
    "IJCV",
    "INFOCOM",
    "INTERSPEECH",
    "Interspeech",
    "IROS",
    "ISCA",
    "ISSTA",
    "JMLR",
    "KDD",
    "LREC",
    "MICCAI",
    "MICRO",
    "MLSys",
    "MobiCom",
    "NAACL",
    "NDSS",
    "NeurIPS",
    "NIPS",
    "NSDI",
    "OSDI",
    "PAKDD",
    "PLDI",
    "PODS",
    "POPL",
    "RecSys",
    "RSS",
    "SC",
    "SIGCOMM",
    "SIGGRAPH",
    "SIGIR",
    "SIGKDD",
    "SIGMOD",
    "SODA",
    "SOSP",
    "STOC",
    "TACL",
    "TASLP",
    "TIP",
    "TKDE",
    "TMLR",
    "TNNLS",
    "TOG",
    "TPAMI",
    "UAI",
    "UbiComp",
    "UIST",
    "USENIX",
    "VLDB",
    "WACV",
    "WMT",
    "WSDM",
    "WWW",
    "MM",
    "Nature",
    "Science",
    "Cell",
    "PNAS",
    "TheWebConf",
    "PAMI",
    "ICCP",
    "ICPR",
    "ICIP",
    "ICME",
    "CADE",
    "FOCS",
];

/// A venue in a short text: its words with the year, where they begin and end, the year, and
/// how the paper is shown there.
pub(super) struct Venue {
    /// `CVPR 2022`
    pub(super) name: String,
    /// As bytes of the text.
    pub(super) range: std::ops::Range<usize>,
    /// Talk, poster, prize.
    pub(super) status: Option<Status>,
}

/// The first venue of a text that stands beside a year.
pub(super) fn venue(text: &str) -> Option<Venue> {
    let text = text.get(..text.floor_char_boundary(400))?;
    for (at, _) in text.char_indices() {
        let before = text.get(..at)?.chars().next_back();
        if before.is_some_and(|c| c.is_ascii_alphanumeric()) {
            continue;
        }
        let rest = text.get(at..)?;
        let Some(name) = VENUES
            .iter()
            .filter(|name| rest.starts_with(**name))
            .max_by_key(|name| name.len())
        else {
            continue;
        };
        let after = rest.get(name.len()..)?;
        let gap = after.len()
            - after
                .trim_start_matches([' ', '-', '\'', '’', ',', '·', '_', '/'])
                .len();
        let digits = after.get(gap..)?;
        let count = digits.len()
            - digits
                .trim_start_matches(|c: char| c.is_ascii_digit())
                .len();
        let year = match count {
            4 if digits.starts_with("19") || digits.starts_with("20") => {
                digits.get(..4)?.to_owned()
            }
            2 => format!("20{}", digits.get(..2)?),
            _ => continue,
        };
        let mut end = at + name.len() + gap + count;
        let mut status = None;
        let tail = text.get(end..)?;
        let trimmed = tail.trim_start_matches([
            ' ', '(', '（', ',', '，', '-', '/', '|', '｜', ':', '：', '·',
        ]);
        let lower = trimmed
            .get(..trimmed.floor_char_boundary(24))?
            .to_lowercase();
        for (word, what) in [
            ("oral", Status::Oral),
            ("spotlight", Status::Spotlight),
            ("poster", Status::Poster),
            ("best paper", Status::BestPaper),
            ("最佳论文", Status::BestPaper),
            ("highlight", Status::Spotlight),
            ("口头报告", Status::Oral),
            ("under review", Status::Submitted),
            ("投稿", Status::Submitted),
            ("accepted", Status::Accepted),
            ("接收", Status::Accepted),
            ("录用", Status::Accepted),
        ] {
            if lower.starts_with(word) && word != "highlight" {
                status = Some(what);
                end += tail.len() - trimmed.len() + word.len();
            }
        }
        return Some(Venue {
            name: format!("{name} {year}"),
            range: at..end,
            status,
        });
    }
    None
}

/// Lines that sites put around their texts, folded.
const FURNITURE: &[&str] = &[
    "登录",
    "注册",
    "登录注册",
    "首页",
    "关于",
    "关于我们",
    "归档",
    "分类",
    "搜索",
    "会员中心",
    "创作中心",
    "收藏",
    "点赞",
    "分享",
    "举报",
    "投诉",
    "举报投诉",
    "关注",
    "评论",
    "打赏",
    "赞赏",
    "在看",
    "阅读原文",
    "点击阅读原文",
    "返回顶部",
    "上一篇",
    "下一篇",
    "下载app",
    "app",
    "菜单",
    "更多",
    "展开",
    "收起",
    "查看原文",
    "其他",
    "推荐",
    "登录后你可以",
    "下载海量资料",
    "在线课程",
    "观看技术视频",
    "聊天消息",
    "系统消息",
    "评论与回复",
    "学习在线课程",
    "收藏人收藏",
    "扫码关注",
    "微信扫一扫",
    "扫一扫",
    "复制链接",
    "分享到",
    "微博",
    "微信",
    "朋友圈",
    "知乎",
    "全文完",
    "end",
    "完",
    "home",
    "about",
    "archives",
    "archive",
    "login",
    "signin",
    "signup",
    "register",
    "subscribe",
    "share",
    "menu",
    "search",
    "tags",
    "categories",
    "toggle navigation",
    "skiptocontent",
    "nextpost",
    "previouspost",
    "prev",
    "next",
    "comments",
    "leaveacomment",
    "reply",
    "readmore",
    "continuereading",
    "写评论",
    "发表评论",
    "发布",
    "取消",
    "确定",
    "赞",
    "踩",
    "转发",
    "原创",
    "已关注",
    "点击上方蓝字关注我们",
    "喜欢",
    "目录",
    "文章目录",
    "本文目录",
    "tableofcontents",
    "contents",
    "预览时标签不可点",
    "微信扫一扫关注该公众号",
    "知道了",
    "允许",
    "取消允许",
    "即将打开新的小程序",
    "收录于合集",
    "收录于话题",
    "个人中心",
    "退出",
    "设置",
    "消息",
    "通知",
    "投稿",
    "rss",
    "github",
    "twitter",
    "facebook",
    "linkedin",
    "邮件",
    "打印",
    "toggle",
    "navigation",
    "博客",
    "友链",
    "留言板",
    "标签",
    "全部",
    "加入社区",
    "写文章发帖加入社区",
];

/// What such lines have in them.
const FURNITURE_PARTS: &[&str] = &[
    "长按识别",
    "长按二维码",
    "扫码",
    "扫描二维码",
    "二维码",
    "点击关注",
    "点击上方",
    "点击蓝字",
    "加入交流群",
    "加群",
    "点个在看",
    "点赞在看",
    "欢迎关注",
    "关注公众号",
    "关注我们",
    "设为星标",
    "星标置顶",
    "添加小助手",
    "进群",
    "后台回复",
    "阅读原文",
    "立即完善",
    "天内不再提示",
    "次阅读",
    "技术交流群",
    "投稿通道",
    "商务合作",
    "转载请联系",
    "powered by",
    "all rights reserved",
    "icp备",
    "公网安备",
    "人赞同",
    "条评论",
    "cookie policy",
    "privacy policy",
    "terms of service",
    "点击查看",
    "阅读全文",
    "分享、点赞",
    "三连",
    "编辑于",
    "加入星球",
    "知识星球",
];

/// Whether a short line is one of those that sites put around their texts.
pub(super) fn is_furniture(text: &str) -> bool {
    let folded: String = text
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    if folded.is_empty() || FURNITURE.contains(&folded.as_str()) {
        return true;
    }
    let lower = text.to_lowercase();
    text.chars().count() <= 60 && FURNITURE_PARTS.iter().any(|part| lower.contains(part))
}

/// Whether a line announces what else there is to read.
pub(super) fn is_related_head(text: &str) -> bool {
    let folded = heading_words(text);
    matches!(
        folded.as_str(),
        "相关推荐"
            | "相关阅读"
            | "相关文章"
            | "推荐阅读"
            | "猜你喜欢"
            | "往期推荐"
            | "往期回顾"
            | "往期精彩"
            | "往期精选"
            | "延伸阅读"
            | "精彩推荐"
            | "热门文章"
            | "热门推荐"
            | "更多阅读"
            | "更多文章"
            | "历史文章"
            | "往期文章"
            | "往期精彩回顾"
            | "最新文章"
            | "好文推荐"
            | "精选文章"
            | "你可能还喜欢"
            | "大家都在看"
            | "相关内容"
            | "历史精品文章推荐"
            | "推荐文章"
            | "相关资讯"
            | "往期好文"
            | "精彩回顾"
            | "看了本文的人还看了"
            | "relatedposts"
            | "relatedarticles"
            | "related"
            | "youmayalsolike"
            | "youmightalsolike"
            | "readmore"
            | "furtherreading"
            | "recentposts"
            | "morefromthisblog"
            | "recommended"
            | "recommendedreading"
            | "相关vip内容"
            | "相关内容推荐"
            | "热门vip内容"
            | "相关主题"
            | "相关基金"
    )
}

/// Whether a line announces a list of references.
pub(super) fn is_reference_head(text: &str) -> bool {
    matches!(
        heading_words(text).as_str(),
        "参考文献"
            | "参考资料"
            | "参考链接"
            | "参考"
            | "reference"
            | "references"
            | "bibliography"
            | "引用文献"
            | "引用"
            | "参考内容"
            | "参考论文"
    )
}

/// Whether a heading announces an opening text.
pub(super) fn is_intro_head(text: &str) -> bool {
    matches!(
        heading_words(text).as_str(),
        "导读"
            | "前言"
            | "引言"
            | "编者按"
            | "序"
            | "写在前面"
            | "导语"
            | "introduction"
            | "intro"
            | "preface"
            | "简介"
            | "概述"
            | "背景"
            | "overview"
            | "引子"
            | "关于本期"
            | "本期导读"
            | "新智元导读"
            | "导言"
            | "写在前面的话"
    )
}

/// A heading's letters, without its number and its dress.
pub(super) fn heading_words(text: &str) -> String {
    let text = numbering(text).map_or(text, |(_, _, after)| text.get(after..).unwrap_or_default());
    if text.chars().count() > 24 {
        return String::new();
    }
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Headings within one paper's discussion, folded.
const INNER_HEADINGS: &[&str] = &[
    "简介",
    "介绍",
    "方法",
    "实验",
    "结论",
    "总结",
    "摘要",
    "背景",
    "动机",
    "结果",
    "贡献",
    "讨论",
    "相关工作",
    "引言",
    "论文概述",
    "方法介绍",
    "实验结果",
    "研究背景",
    "研究方法",
    "主要贡献",
    "创新点",
    "模型",
    "模型结构",
    "核心思想",
    "任务定义",
    "问题定义",
    "abstract",
    "introduction",
    "method",
    "methods",
    "experiments",
    "experiment",
    "results",
    "conclusion",
    "conclusions",
    "background",
    "motivation",
    "discussion",
    "approach",
    "evaluation",
    "relatedwork",
    "contributions",
    "limitations",
    "算法",
    "数据集",
    "思路",
    "实验分析",
    "模型介绍",
    "论文方法",
    "结语",
    "研究内容",
    "overview",
    "methodology",
    "损失函数",
    "网络结构",
    "消融实验",
    "展望",
];

/// A whole heading that belongs to the inside of one paper's discussion.
pub(super) fn is_inner_heading(text: &str) -> bool {
    let words = heading_words(text);
    INNER_HEADINGS.contains(&words.as_str())
}
