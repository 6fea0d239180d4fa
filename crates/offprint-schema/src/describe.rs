//! Every field of the input format: its names, what it may hold, and what it means.

/// A table and its fields.
#[derive(Debug)]
pub struct Table {
    /// What it is called in a schema.
    pub name: &'static str,
    /// What it is about, in English and Chinese, without a full stop.
    pub about: (&'static str, &'static str),
    /// Its fields.
    pub fields: &'static [Field],
    /// Of each of these lists, by their English names, one field is needed.
    pub needs: &'static [&'static [&'static str]],
    /// Whether it may hold `x-…`, and names in capitals or with `_` are read as their own.
    pub is_read_kindly: bool,
}

/// A field.
#[derive(Debug)]
pub struct Field {
    /// Its English name, then its other names.
    pub names: &'static [&'static str],
    /// What it may hold.
    pub kind: Kind,
    /// What it means, in English and Chinese, without a full stop.
    pub about: (&'static str, &'static str),
}

/// What a value may be.
#[derive(Debug)]
pub enum Kind {
    /// Text; a number or a date counts as its spelling.
    Text,
    /// Text in the form of this regular expression (ECMA 262), blanks at both ends aside; or a
    /// number whose spelling may have it.
    Like(&'static str),
    /// Text in the form of this regular expression, which no number has.
    Only(&'static str),
    /// A whole number from one to another.
    Integer(i64, i64),
    /// A number from one to another.
    Number(f64, f64),
    /// Yes or no.
    Boolean,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A list, or a single value.
    List(&'static Kind),
    /// A table.
    Table(&'static Table),
    /// A table whose names are the author's own.
    Map(&'static Kind),
    /// Any of these.
    Either(&'static [Kind]),
    /// Whatever it is.
    Anything,
}

const fn field(
    names: &'static [&'static str],
    kind: Kind,
    english: &'static str,
    chinese: &'static str,
) -> Field {
    Field {
        names,
        kind,
        about: (english, chinese),
    }
}

const U32: i64 = u32::MAX as i64;

/// A day of the calendar, with or without a time; only leap years are not told.
const DATE: Kind = Kind::Only(concat!(
    "(?!0000)[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])",
    "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|[12][0-9]))",
    "(?:[Tt ]\\s*(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?(?:\\.[0-9]*)?\\s*",
    "(?:[Zz]|[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?)?)?"
));
/// An absolute address, bare, in angle brackets, or as a link.
const URL: Kind = Kind::Only(concat!(
    "(?:\\[[^\\]]*\\]\\(\\s*)?<?\\s*",
    "(?:[Hh][Tt][Tt][Pp][Ss]?://[^\\s/?#]|[Mm][Aa][Ii][Ll][Tt][Oo]:[^\\s])[^\\s]*"
));
/// A paper's page, or that there is none.
const PAGE: Kind = Kind::Only(concat!(
    "none|无|(?:\\[[^\\]]*\\]\\(\\s*)?<?\\s*",
    "(?:[Hh][Tt][Tt][Pp][Ss]?://[^\\s/?#]|[Mm][Aa][Ii][Ll][Tt][Oo]:[^\\s])[^\\s]*"
));
const LANG: Kind = Kind::Like("[A-Za-z]{1,8}(?:[-_][A-Za-z0-9]{1,8})*");
const ISSUE_ID: Kind = Kind::Like("[a-z0-9](?:[a-z0-9-]{0,98}[a-z0-9])?");
const ID: Kind = Kind::Like("[A-Za-z0-9_-]{1,100}");
const SLUG: Kind = Kind::Like("[a-z0-9][a-z0-9-]{0,59}");
const ISSN: Kind = Kind::Like(".*[0-9]{4}[-‐–]?[0-9]{3}[0-9Xx].*");
const EMAIL: Kind = Kind::Only("(?:mailto:)?[^\\s@]+@[^\\s@]+");
const ORCID: Kind = Kind::Like("(?:.*/)?[0-9]{4}-?[0-9]{4}-?[0-9]{4}-?[0-9]{3}[0-9Xx]/?");
const COLOR: Kind = Kind::Only("#(?:[0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})");
const PERCENT: Kind = Kind::Like("[0-9]+(?:\\.[0-9]+)?\\s*%?");
const TEXTS: Kind = Kind::List(&Kind::Text);
const PEOPLE: Kind = Kind::List(&Kind::Either(&[Kind::Text, Kind::Table(&PERSON)]));
const LICENSE: Kind = Kind::Either(&[Kind::Text, Kind::Table(&LICENSE_TABLE)]);
const FIGURE: Kind = Kind::Either(&[Kind::Text, Kind::Table(&IMAGE)]);
const COUNT: Kind = Kind::Integer(0, i64::MAX);
const LICENSE_NAMES: &[&str] = &["license", "许可", "许可协议", "授权", "licence"];

/// An issue: a file of data, or a Markdown file's front matter.
pub static ISSUE: Table = Table {
    name: "issue",
    about: (
        "An issue of a paper digest, or the front matter of one in Markdown",
        "一期论文选读，或 Markdown 文件的文首元数据",
    ),
    needs: &[&["date"]],
    is_read_kindly: true,
    fields: &[
        field(
            &["$schema"],
            Kind::Text,
            "The address of this schema, for editors",
            "本模式的地址，供编辑器使用",
        ),
        field(
            &["schema"],
            Kind::Integer(1, 1),
            "The version of the format",
            "格式的版本",
        ),
        field(
            &["title", "标题", "題目", "题目", "篇名"],
            Kind::Text,
            "The issue's title",
            "这一期的标题",
        ),
        field(
            &["date", "日期", "发布日期"],
            DATE,
            "When it is published: 2026-01-05, or with a time",
            "发布日期：2026-01-05，也可带时间",
        ),
        field(
            &["lang", "语言", "language"],
            LANG,
            "The language of titles of sections and commentary (BCP 47): zh-CN, en",
            "栏目标题和短评的语言（BCP 47）：zh-CN、en",
        ),
        field(
            &["id", "编号"],
            ISSUE_ID,
            "What files and addresses are named by; the file's name unless given",
            "文件名和网址所用的标识，默认取文件名",
        ),
        field(
            &["short-title", "短标题", "简题"],
            Kind::Text,
            "A title of at most 64 characters for feeds and WeChat",
            "不超过 64 字的标题，用于订阅源和公众号",
        ),
        field(
            &["subtitle", "副标题"],
            Kind::Text,
            "The subtitle",
            "副标题",
        ),
        field(
            &["description", "简介", "描述"],
            Kind::Text,
            "A summary for feeds and shops",
            "简介，用于订阅源和书店",
        ),
        field(
            &["number", "期号", "期数"],
            Kind::Integer(0, U32),
            "The issue's number",
            "期号",
        ),
        field(
            &["volume", "卷号", "卷"],
            Kind::Integer(0, U32),
            "The volume's number",
            "卷号",
        ),
        field(
            &["updated", "更新", "更新日期"],
            DATE,
            "When it was changed after publication",
            "发布后的更新日期",
        ),
        field(
            &["draft", "草稿"],
            Kind::Boolean,
            "Whether it is still being written: drafts are checked and not built",
            "是否草稿：草稿只检查，不生成",
        ),
        field(
            &["authors", "作者", "author"],
            PEOPLE,
            "Who wrote it: names, keys of [people], or tables",
            "作者：姓名、[people] 里的键，或表",
        ),
        field(
            &["editors", "责任编辑", "编辑", "责编", "editor"],
            PEOPLE,
            "Who edited it",
            "责任编辑",
        ),
        field(
            &["translators", "译者", "翻译", "translator"],
            PEOPLE,
            "Who translated it",
            "译者",
        ),
        field(
            &["source", "来源"],
            Kind::Either(&[Kind::Text, Kind::Table(&SOURCE)]),
            "Where it appeared first",
            "来源",
        ),
        field(
            &["declaration", "声明"],
            Kind::Text,
            "A word on rights and opinions",
            "声明",
        ),
        field(
            LICENSE_NAMES,
            LICENSE,
            "What readers may do with it: an SPDX identifier, or name and address",
            "许可：SPDX 标识，或名称与网址",
        ),
        field(
            &["event", "活动", "会议信息"],
            Kind::Either(&[Kind::Text, Kind::Table(&EVENT)]),
            "The conference it is about",
            "所关于的会议",
        ),
        field(
            &["defaults", "默认", "默认值"],
            Kind::Table(&PAPER_FIELDS),
            "Fields that every paper below inherits",
            "下面每篇论文都继承的字段",
        ),
        field(
            &["cover", "封面"],
            Kind::Either(&[Kind::Text, Kind::Table(&COVER)]),
            "The cover's picture and what it shows",
            "封面图及其说明",
        ),
        field(
            &["tags", "标签", "关键词", "keywords", "tag"],
            Kind::List(&Kind::Either(&[Kind::Text, Kind::Table(&TAG)])),
            "Subjects",
            "标签",
        ),
        field(
            &["related", "相关", "相关阅读", "相关文章"],
            Kind::List(&Kind::Either(&[Kind::Text, Kind::Table(&RELATED)])),
            "Further reading",
            "相关阅读",
        ),
        field(
            &["bibliography", "文献库", "参考文献"],
            TEXTS,
            "Files with the facts of papers that are cited",
            "文献库文件",
        ),
        field(
            &["identifier", "标识"],
            Kind::Table(&IDENTIFIER),
            "Identifiers of the issue",
            "这一期的标识符",
        ),
        field(
            &["canonical", "首发链接", "原始链接"],
            URL,
            "Where the piece first appeared",
            "首发链接",
        ),
        field(
            &["intro", "导读", "导语", "引言"],
            Kind::Text,
            "The introduction, in Markdown",
            "导读（Markdown）",
        ),
        field(
            &["sections", "栏目", "章节"],
            Kind::List(&Kind::Table(&SECTION)),
            "The sections",
            "栏目",
        ),
        field(
            &["papers", "论文列表", "文章列表"],
            Kind::List(&Kind::Table(&PAPER)),
            "Papers that stand in no section",
            "不属于任何栏目的论文",
        ),
    ],
};

/// A section of an issue.
pub static SECTION: Table = Table {
    name: "section",
    about: ("A section", "一个栏目"),
    needs: &[&["title"]],
    is_read_kindly: true,
    fields: &[
        field(
            &["title", "标题", "題目", "题目", "篇名"],
            Kind::Text,
            "The section's title",
            "栏目标题",
        ),
        field(
            &["id", "编号"],
            ID,
            "What links to it are named by",
            "链接所用的标识",
        ),
        field(
            &["intro", "导读", "导语", "引言"],
            Kind::Text,
            "What stands above its papers, in Markdown",
            "论文前的引言（Markdown）",
        ),
        field(
            &["papers", "论文列表", "文章列表"],
            Kind::List(&Kind::Table(&PAPER)),
            "Its papers",
            "栏目里的论文",
        ),
    ],
};

/// A paper with all that it needs.
pub static PAPER: Table = Table {
    name: "paper",
    about: ("A paper", "一篇论文"),
    needs: &[
        &["title", "cite"],
        &[
            "url",
            "doi",
            "arxiv",
            "openreview",
            "pmid",
            "isbn",
            "pdf",
            "code",
            "project",
            "data",
            "video",
            "slides",
            "poster",
            "blog",
            "discussion",
            "cite",
        ],
    ],
    is_read_kindly: true,
    fields: PAPER_FIELDS.fields,
};

/// Fields of a paper, none of them needed.
pub static PAPER_FIELDS: Table = Table {
    name: "paper-fields",
    about: ("Fields of a paper", "论文的字段"),
    needs: &[],
    is_read_kindly: true,
    fields: &[
        field(
            &["title", "标题", "題目", "题目", "篇名"],
            Kind::Text,
            "The title, verbatim; formulas in $…$",
            "标题，照录原文；公式写在 $…$ 里",
        ),
        field(
            &["url", "链接", "论文", "地址", "link", "paper"],
            PAGE,
            "The paper's page; `none` says that there is none",
            "论文页面；没有就写“无”",
        ),
        field(
            &["doi"],
            Kind::Like(".*10\\.[0-9]{4,9}(?:\\.[0-9]+)*(?:/|%2[Ff])\\S+"),
            "Its DOI: 10.1000/182",
            "DOI：10.1000/182",
        ),
        field(
            &["arxiv"],
            Kind::Like(".*(?:[0-9]{4}\\.[0-9]{4,5}|[A-Za-z-]+(?:\\.[A-Za-z]{2})?/[0-9]{7}).*"),
            "Its arXiv identifier: 2006.05929",
            "arXiv 编号：2006.05929",
        ),
        field(
            &["openreview"],
            Kind::Like("\\S+"),
            "Its OpenReview identifier: zOGdf9K8aC",
            "OpenReview 编号：zOGdf9K8aC",
        ),
        field(
            &["pmid"],
            Kind::Like("\\D*[0-9]{1,8}/?"),
            "Its PubMed identifier",
            "PubMed 编号",
        ),
        field(
            &["isbn"],
            Kind::Like("[^0-9]*(?:[0-9][-‐– ]?){9,12}[0-9Xx]"),
            "Its ISBN",
            "ISBN",
        ),
        field(&["pdf", "全文"], URL, "The PDF", "PDF 全文"),
        field(&["code", "代码", "源码"], URL, "The code", "代码"),
        field(
            &["project", "主页", "项目", "项目主页"],
            URL,
            "The project's page",
            "项目主页",
        ),
        field(&["data", "数据", "数据集"], URL, "The data", "数据"),
        field(&["video", "视频"], URL, "A video", "视频"),
        field(&["slides", "幻灯片", "幻灯"], URL, "Slides", "幻灯片"),
        field(&["poster", "海报"], URL, "A poster", "海报"),
        field(&["blog", "博客"], URL, "A post about it", "博客文章"),
        field(
            &["discussion", "讨论"],
            URL,
            "Where it is discussed",
            "讨论",
        ),
        field(
            &["cite", "引用"],
            Kind::Text,
            "Its key in a bibliography, from which facts are taken",
            "文献库里的键，从中取事实",
        ),
        field(
            &["authors", "作者", "author"],
            TEXTS,
            "All authors: a list, or names between `;` or 、",
            "全部作者：列表，或用；、隔开",
        ),
        field(
            &["affiliations", "机构", "单位", "affiliation"],
            TEXTS,
            "Where they work",
            "机构",
        ),
        field(
            &["venue", "会议", "期刊", "发表于"],
            Kind::Text,
            "Conference or journal",
            "会议或期刊",
        ),
        field(
            &["volume", "卷号", "卷"],
            Kind::Text,
            "The volume of the journal, the proceedings or the work",
            "卷",
        ),
        field(
            &["issue", "期", "期号", "journal-issue"],
            Kind::Text,
            "The issue of the journal",
            "期",
        ),
        field(
            &["pages", "页码", "页"],
            Kind::Text,
            "Pages, `1-10`, or the article's number",
            "页码，如 1-10；没有页码的写文章号",
        ),
        field(
            &["publisher", "出版者", "出版社"],
            Kind::Text,
            "Who published it; of a thesis the university",
            "出版者；学位论文写学校",
        ),
        field(
            &["year", "年份"],
            Kind::Integer(1000, 9999),
            "The year of publication",
            "发表年份",
        ),
        field(
            &["date", "日期", "发布日期"],
            DATE,
            "The day of publication",
            "发表日期",
        ),
        field(
            &["status", "状态"],
            Kind::Word(STATUSES),
            "How far it has come",
            "状态",
        ),
        field(
            &["type", "类型"],
            Kind::Word(TYPES),
            "What it is, in the words of CSL 1.0.2",
            "类型（CSL 1.0.2）",
        ),
        field(
            &["lang", "语言", "language"],
            LANG,
            "The language of its title (BCP 47)",
            "标题的语言（BCP 47）",
        ),
        field(
            &["tags", "标签", "关键词", "keywords", "tag"],
            TEXTS,
            "Subjects",
            "标签",
        ),
        field(
            &["tldr", "一句话", "一句话总结", "tl;dr"],
            Kind::Text,
            "What it says, in one sentence",
            "一句话总结",
        ),
        field(
            &["rating", "推荐", "评分", "推荐指数"],
            Kind::Integer(1, 5),
            "How much it is recommended, 1 to 5",
            "推荐指数，1 到 5",
        ),
        field(
            &["presenter", "主讲", "主讲人"],
            Kind::Text,
            "Who presents it",
            "主讲人",
        ),
        field(
            &["abstract", "摘要"],
            Kind::Text,
            "Its abstract, in Markdown",
            "摘要（Markdown）",
        ),
        field(
            &["image", "配图", "图片"],
            FIGURE,
            "A picture: a table, a path, or ![alt](path \"caption\")",
            "配图：表、路径，或 ![说明](路径 \"图注\")",
        ),
        field(
            &["commentary", "短评", "评论", "点评"],
            Kind::Text,
            "Why it is worth reading, in Markdown",
            "短评（Markdown）",
        ),
        field(
            &["id", "编号"],
            ID,
            "What feeds and links know it by",
            "订阅源和链接所用的标识",
        ),
        field(
            &["guid"],
            Kind::Text,
            "What feeds know it by where that is neither id nor address",
            "订阅源所用的标识，当它既非 id 又非网址时",
        ),
    ],
};

const STATUSES: &[&str] = &[
    "preprint",
    "submitted",
    "accepted",
    "oral",
    "spotlight",
    "poster",
    "best-paper",
    "rejected",
    "withdrawn",
    "预印本",
    "投稿中",
    "在投",
    "审稿中",
    "已录用",
    "录用",
    "已接收",
    "口头报告",
    "亮点论文",
    "海报",
    "最佳论文",
    "未录用",
    "拒稿",
    "已撤稿",
    "撤稿",
];

const TYPES: &[&str] = &[
    "paper-conference",
    "article",
    "article-journal",
    "article-magazine",
    "article-newspaper",
    "book",
    "chapter",
    "dataset",
    "document",
    "post",
    "post-weblog",
    "report",
    "review",
    "software",
    "speech",
    "standard",
    "thesis",
    "webpage",
];

/// A person.
pub static PERSON: Table = Table {
    name: "person",
    about: ("A person", "一个人"),
    needs: &[&["name"]],
    is_read_kindly: false,
    fields: KNOWN_PERSON.fields,
};

/// A person whose key stands for the name.
pub static KNOWN_PERSON: Table = Table {
    name: "known-person",
    about: ("A person that issues name by a key", "各期用键来称呼的人"),
    needs: &[],
    is_read_kindly: false,
    fields: &[
        field(&["name", "名称", "姓名"], Kind::Text, "The name", "姓名"),
        field(&["role", "职责"], Kind::Text, "What they do", "职责"),
        field(
            &["url", "链接", "论文", "地址", "link", "paper"],
            URL,
            "Their page",
            "个人主页",
        ),
        field(&["email", "邮箱"], EMAIL, "Their e-mail address", "邮箱"),
        field(&["orcid"], ORCID, "Their ORCID iD", "ORCID"),
        field(
            &["avatar", "头像"],
            Kind::Anything,
            "A portrait; has no effect yet",
            "头像；尚不起作用",
        ),
    ],
};

/// A licence that has no SPDX identifier.
pub static LICENSE_TABLE: Table = Table {
    name: "license",
    about: ("A licence", "许可"),
    needs: &[&["name", "url"]],
    is_read_kindly: false,
    fields: &[
        field(&["name", "名称", "姓名"], Kind::Text, "Its name", "名称"),
        field(
            &["url", "链接", "论文", "地址", "link", "paper"],
            URL,
            "Where it can be read",
            "网址",
        ),
    ],
};

/// Where an issue appeared first.
pub static SOURCE: Table = Table {
    name: "source",
    about: ("Where an issue appeared first", "来源"),
    needs: &[],
    is_read_kindly: false,
    fields: &[
        field(
            &["kind", "类别"],
            Kind::Word(&[
                "wechat",
                "web",
                "mail",
                "微信",
                "公众号",
                "网站",
                "网页",
                "邮件",
            ]),
            "What kind of place",
            "类别",
        ),
        field(
            &["name", "名称", "姓名"],
            Kind::Text,
            "The account or site",
            "公众号或网站的名称",
        ),
        field(&["id", "微信号"], Kind::Text, "The account's id", "微信号"),
        field(
            &["title", "标题", "原文标题"],
            Kind::Text,
            "The original title",
            "原文标题",
        ),
        field(
            &["url", "链接", "论文", "地址", "link", "paper"],
            URL,
            "The original address",
            "原文链接",
        ),
        field(&["via", "转自"], Kind::Text, "By whom it came here", "转自"),
        field(
            &["date", "日期", "发布日期"],
            DATE,
            "When it appeared there",
            "原文日期",
        ),
        field(LICENSE_NAMES, LICENSE, "Its licence", "原文的许可"),
    ],
};

/// A conference.
pub static EVENT: Table = Table {
    name: "event",
    about: ("A conference", "会议"),
    needs: &[&["name"]],
    is_read_kindly: false,
    fields: &[
        field(&["name", "名称", "姓名"], Kind::Text, "Its name", "名称"),
        field(&["start", "开始"], DATE, "The first day", "开始日期"),
        field(&["end", "结束"], DATE, "The last day", "结束日期"),
        field(&["place", "地点"], Kind::Text, "Where it is", "地点"),
        field(
            &["url", "链接", "论文", "地址", "link", "paper"],
            URL,
            "Its page",
            "网址",
        ),
        field(
            &["submissions", "投稿数", "投稿"],
            COUNT,
            "How many papers were submitted",
            "投稿数",
        ),
        field(
            &["review", "评审"],
            Kind::Text,
            "How papers are reviewed",
            "评审方式",
        ),
    ],
};

/// A cover.
pub static COVER: Table = Table {
    name: "cover",
    about: ("A cover", "封面"),
    needs: &[&["src"], &["alt"]],
    is_read_kindly: false,
    fields: &[
        field(
            &["src", "文件", "路径"],
            Kind::Text,
            "The picture's path",
            "图片路径",
        ),
        field(
            &["alt", "替代文字", "说明文字"],
            Kind::Text,
            "What it shows",
            "画面内容",
        ),
    ],
};

/// A subject with what is known of it elsewhere.
pub static TAG: Table = Table {
    name: "tag",
    about: ("A subject", "标签"),
    needs: &[&["name"]],
    is_read_kindly: false,
    fields: &[
        field(&["name", "名称", "姓名"], Kind::Text, "Its name", "名称"),
        field(
            &["url", "链接", "论文", "地址", "link", "paper"],
            URL,
            "Its page",
            "网址",
        ),
        field(
            &["followers", "关注"],
            COUNT,
            "How many follow it",
            "关注数",
        ),
        field(
            &["articles", "文章"],
            COUNT,
            "How many pieces it has",
            "文章数",
        ),
        field(
            &["views", "浏览", "浏览量", "阅读量"],
            COUNT,
            "How often it was looked at",
            "浏览量",
        ),
    ],
};

/// A piece of further reading.
pub static RELATED: Table = Table {
    name: "related",
    about: ("A piece of further reading", "一篇相关阅读"),
    needs: &[&["title"]],
    is_read_kindly: false,
    fields: &[
        field(
            &["title", "标题", "題目", "题目", "篇名"],
            Kind::Text,
            "Its title",
            "标题",
        ),
        field(
            &["url", "链接", "论文", "地址", "link", "paper"],
            URL,
            "Its address",
            "链接",
        ),
        field(
            &["date", "日期", "发布日期"],
            DATE,
            "When it appeared",
            "日期",
        ),
        field(&["summary", "概要"], Kind::Text, "What it is about", "概要"),
        field(&["image", "配图", "图片"], FIGURE, "A picture", "配图"),
        field(
            &["views", "浏览", "浏览量", "阅读量"],
            COUNT,
            "How often it was read",
            "阅读量",
        ),
    ],
};

/// Identifiers of an issue.
pub static IDENTIFIER: Table = Table {
    name: "identifier",
    about: ("Identifiers of an issue", "一期的标识符"),
    needs: &[],
    is_read_kindly: false,
    fields: &[
        field(
            &["doi"],
            Kind::Like(".*10\\.[0-9]{4,9}(?:\\.[0-9]+)*(?:/|%2[Ff])\\S+"),
            "Its DOI",
            "DOI",
        ),
        field(
            &["issn"],
            ISSN,
            "The ISSN of what it belongs to",
            "所属刊物的 ISSN",
        ),
        field(&["urn"], Kind::Text, "Its URN", "URN"),
    ],
};

/// A picture in a text.
pub static IMAGE: Table = Table {
    name: "image",
    about: ("A picture", "图片"),
    needs: &[&["src"]],
    is_read_kindly: false,
    fields: &[
        field(
            &["src", "文件", "路径"],
            Kind::Text,
            "Its path from the issue's file",
            "相对于本期文件的路径",
        ),
        field(
            &["alt", "替代文字", "说明文字"],
            Kind::Text,
            "What it shows, for those who do not see it",
            "画面内容，供看不见图的人",
        ),
        field(
            &["caption", "图注"],
            Kind::Text,
            "The words below it, in Markdown",
            "图注（Markdown）",
        ),
        field(
            &["credit", "图源", "版权"],
            Kind::Text,
            "Whose it is",
            "图源",
        ),
        field(
            &["width", "宽度"],
            PERCENT,
            "Its share of the text's width: 60%",
            "占正文宽度的比例：60%",
        ),
    ],
};

/// `offprint.toml`.
pub static SERIES_FILE: Table = Table {
    name: "series-file",
    about: ("The settings of a series", "系列的设置"),
    needs: &[&["series"]],
    is_read_kindly: false,
    fields: &[
        field(
            &["$schema"],
            Kind::Text,
            "The address of this schema, for editors",
            "本模式的地址，供编辑器使用",
        ),
        field(
            &["schema"],
            Kind::Integer(1, 1),
            "The version of the format",
            "格式的版本",
        ),
        field(
            &["series"],
            Kind::Table(&SERIES),
            "The series itself",
            "系列本身",
        ),
        field(
            &["people"],
            Kind::Map(&Kind::Table(&KNOWN_PERSON)),
            "People whom issues name by their key",
            "各期用键来称呼的人",
        ),
        field(
            &["paths"],
            Kind::Table(&PATHS),
            "Where things are",
            "各种路径",
        ),
        field(
            &["labels"],
            Kind::Table(&LABELS),
            "What link buttons are called",
            "链接按钮的文字",
        ),
        field(
            &["html"],
            Kind::Table(&HTML),
            "How papers are numbered",
            "论文编号方式",
        ),
        field(
            &["feed"],
            Kind::Table(&FEED),
            "Feeds: RSS, JSON Feed, OPDS",
            "订阅源：RSS、JSON Feed、OPDS",
        ),
        field(&["epub"], Kind::Table(&EPUB), "Books", "电子书"),
        field(&["pdf"], Kind::Table(&PDF), "PDFs", "PDF"),
        field(
            &["wechat"],
            Kind::Table(&WECHAT),
            "WeChat articles",
            "公众号文章",
        ),
        field(
            &["check"],
            Kind::Table(&CHECK),
            "How findings are judged",
            "检查的松紧",
        ),
    ],
};

/// `[series]`.
pub static SERIES: Table = Table {
    name: "series",
    about: ("A series of issues", "一个系列"),
    needs: &[&["id"], &["title"]],
    is_read_kindly: false,
    fields: &[
        field(
            &["id", "编号"],
            ID,
            "What feeds and books know it by for ever",
            "订阅源和电子书永远靠它认这个系列",
        ),
        field(
            &["title", "标题", "題目", "题目", "篇名"],
            Kind::Text,
            "Its title",
            "标题",
        ),
        field(
            &["subtitle", "副标题"],
            Kind::Text,
            "Its subtitle",
            "副标题",
        ),
        field(
            &["description", "简介", "描述"],
            Kind::Text,
            "What it is about",
            "简介",
        ),
        field(
            &["lang", "语言", "language"],
            LANG,
            "The language of issues that name none (BCP 47)",
            "各期没写语言时所用的语言（BCP 47）",
        ),
        field(
            &["url", "链接", "论文", "地址", "link", "paper"],
            URL,
            "The address below which everything is published",
            "发布后的网址，所有链接以它为基础",
        ),
        field(
            &["publisher", "出版者"],
            Kind::Text,
            "Who publishes it",
            "出版者",
        ),
        field(
            &["logo"],
            Kind::Either(&[Kind::Text, Kind::Table(&LOGO)]),
            "A picture for feeds",
            "标志",
        ),
        field(
            &["icon"],
            Kind::Either(&[Kind::Text, Kind::Table(&LOGO)]),
            "A small square picture",
            "小图标",
        ),
        field(
            LICENSE_NAMES,
            LICENSE,
            "What readers may do with it",
            "许可",
        ),
        field(
            &["declaration", "声明"],
            Kind::Text,
            "A word on rights and opinions",
            "声明",
        ),
        field(
            &["timezone", "时区"],
            Kind::Text,
            "The zone of times without an offset: Asia/Shanghai",
            "没写时差的时间所在的时区：Asia/Shanghai",
        ),
        field(&["issn"], ISSN, "Its ISSN", "ISSN"),
        field(
            &["rhythm", "周期"],
            Kind::Word(&[
                "daily",
                "weekdays",
                "weekly",
                "biweekly",
                "monthly",
                "日刊",
                "周刊",
                "双周刊",
                "月刊",
            ]),
            "How often it appears",
            "出刊周期",
        ),
        field(
            &["citation", "引文格式"],
            Kind::Word(&["gb7714", "GB/T 7714", "short"]),
            "How papers are cited; after the language unless given",
            "引文格式，默认随语言而定",
        ),
        field(
            &["tags", "标签", "关键词", "keywords", "tag"],
            TEXTS,
            "Subjects",
            "标签",
        ),
    ],
};

/// A picture of the series.
pub static LOGO: Table = Table {
    name: "logo",
    about: ("A picture of the series", "系列的图片"),
    needs: &[&["src"]],
    is_read_kindly: false,
    fields: COVER.fields,
};

/// `[paths]`.
pub static PATHS: Table = Table {
    name: "paths",
    about: ("Where things are", "各种路径"),
    needs: &[],
    is_read_kindly: false,
    fields: &[
        field(
            &["issues"],
            Kind::Text,
            "The folder of issues",
            "各期所在的文件夹",
        ),
        field(
            &["out"],
            Kind::Text,
            "The folder that outputs go to",
            "输出文件夹",
        ),
        field(
            &["bibliography", "文献库", "参考文献"],
            TEXTS,
            "Bibliographies of all issues",
            "各期共用的文献库",
        ),
    ],
};

/// `[labels]`.
pub static LABELS: Table = Table {
    name: "labels",
    about: ("What link buttons are called", "链接按钮的文字"),
    needs: &[],
    is_read_kindly: false,
    fields: &[
        field(&["url"], Kind::Text, "The paper's page", "论文页面"),
        field(&["pdf"], Kind::Text, "The PDF", "PDF"),
        field(&["code"], Kind::Text, "The code", "代码"),
        field(&["project"], Kind::Text, "The project's page", "项目主页"),
        field(&["data"], Kind::Text, "The data", "数据"),
        field(&["video"], Kind::Text, "A video", "视频"),
        field(&["slides"], Kind::Text, "Slides", "幻灯片"),
        field(&["poster"], Kind::Text, "A poster", "海报"),
        field(&["blog"], Kind::Text, "A post", "博客"),
        field(&["discussion"], Kind::Text, "A discussion", "讨论"),
    ],
};

/// `[html]`.
pub static HTML: Table = Table {
    name: "html",
    about: ("How papers are shown", "论文的显示方式"),
    needs: &[],
    is_read_kindly: false,
    fields: &[
        field(
            &["theme"],
            Kind::Anything,
            "Has no effect yet",
            "尚不起作用",
        ),
        field(
            &["numbering"],
            Kind::Table(&NUMBERING),
            "How papers are numbered",
            "论文编号方式",
        ),
    ],
};

/// `[html.numbering]`.
pub static NUMBERING: Table = Table {
    name: "numbering",
    about: ("How papers are numbered", "论文编号方式"),
    needs: &[],
    is_read_kindly: false,
    fields: &[field(
        &["papers"],
        Kind::Word(&["issue", "section", "none"]),
        "Through the issue, anew in each section, or not at all",
        "整期连续编号、各栏目重新编号，或不编号",
    )],
};

/// `[check]`.
pub static CHECK: Table = Table {
    name: "check",
    about: ("How findings are judged", "检查的松紧"),
    needs: &[],
    is_read_kindly: false,
    fields: &[
        field(
            &["deny"],
            TEXTS,
            "Rules whose findings are errors",
            "升为错误的规则",
        ),
        field(
            &["allow"],
            TEXTS,
            "Rules whose warnings and hints are dropped",
            "不再提示的规则",
        ),
        field(
            &["repeat-window"],
            Kind::Like("all|off|[0-9]+"),
            "How many issues back repeated papers are looked for: all, off, or a number",
            "往前查多少期的重复论文：all、off 或数字",
        ),
    ],
};

/// `[feed]`.
pub static FEED: Table = Table {
    name: "feed",
    about: ("Feeds", "订阅源"),
    needs: &[],
    is_read_kindly: false,
    fields: &[
        field(
            &["formats"],
            Kind::List(&Kind::Word(&["rss", "json", "opds", "atom"])),
            "Which formats are made",
            "生成哪些格式",
        ),
        field(
            &["items"],
            Kind::List(&Kind::Word(&["issue", "paper"])),
            "An item an issue, an item a paper, or both",
            "每期一条、每篇一条，或两者",
        ),
        field(
            &["content"],
            Kind::Word(&["full", "summary"]),
            "What an issue's item carries",
            "一期的条目带全文还是摘要",
        ),
        field(
            &["limit"],
            Kind::Integer(1, 10_000),
            "How many items a feed holds",
            "一份订阅源最多多少条",
        ),
        field(
            &["max-size"],
            Kind::Either(&[
                Kind::Number(0.02, 100.0),
                Kind::Only("[0-9.]+\\s*(?:[Mm][Bb]|[Kk][Bb])?"),
            ]),
            "How long a feed grows, in megabytes",
            "订阅源最大多少兆字节",
        ),
        field(
            &["math"],
            Kind::Word(&["image+text", "image", "mathml", "text"]),
            "Formulas as pictures or as TeX",
            "公式用图片还是 TeX",
        ),
        field(
            &["websub"],
            Kind::Only("https?://\\S*"),
            "The hub that is told of new items",
            "通知新条目的 WebSub 中心",
        ),
        field(
            &["names"],
            Kind::Map(&SLUG),
            "What feeds of sections and tags are called",
            "栏目和标签订阅源的文件名",
        ),
    ],
};

/// `[epub]`.
pub static EPUB: Table = Table {
    name: "epub",
    about: ("Books", "电子书"),
    needs: &[],
    is_read_kindly: false,
    fields: &[
        field(
            &["profile"],
            Kind::List(&Kind::Word(&[
                "epub3",
                "kindle",
                "kindle-safe",
                "eink-small",
            ])),
            "For which readers",
            "面向哪种阅读器",
        ),
        field(
            &["cover"],
            Kind::Text,
            "auto, none, or a picture's path",
            "auto、none 或图片路径",
        ),
        field(&["math"], Kind::Anything, "Has no effect yet", "尚不起作用"),
        field(
            &["omnibus"],
            Kind::List(&Kind::Word(&["year"])),
            "Which issues are bound together",
            "合订哪些期",
        ),
        field(
            &["citations"],
            Kind::Boolean,
            "Whether the book tells how to cite each paper",
            "是否附上每篇论文的引用格式",
        ),
    ],
};

/// `[pdf]`.
pub static PDF: Table = Table {
    name: "pdf",
    about: ("PDFs", "PDF"),
    needs: &[],
    is_read_kindly: false,
    fields: &[
        field(
            &["paper"],
            Kind::Word(&["A4", "A5", "Letter", "6in", "newsletter"]),
            "The size of paper",
            "纸张",
        ),
        field(
            &["columns"],
            Kind::Integer(1, 2),
            "How many columns",
            "栏数",
        ),
        field(
            &["margin"],
            Kind::Either(&[Kind::Number(5.0, 100.0), Kind::Table(&MARGIN)]),
            "Blank edges in millimetres",
            "页边距（毫米）",
        ),
        field(
            &["size"],
            Kind::Number(6.0, 24.0),
            "The size of type in points",
            "字号（点）",
        ),
        field(
            &["accent"],
            COLOR,
            "The colour of headings, links and rules",
            "标题、链接和线条的颜色",
        ),
        field(
            &["gray", "grey"],
            Kind::Boolean,
            "Black and grey only",
            "只用黑和灰",
        ),
        field(
            &["cover"],
            Kind::Word(&["masthead", "page"]),
            "The title above the contents, or on a page of its own",
            "标题在目录上方，或单独一页",
        ),
        field(
            &["emphasis"],
            Kind::Word(&["dots", "bold"]),
            "How Chinese is emphasised",
            "汉字的强调方式",
        ),
        field(
            &["qr"],
            Kind::Word(&["none", "papers"]),
            "Whether papers have QR codes",
            "论文旁是否印二维码",
        ),
        field(
            &["standard"],
            Kind::Word(&["PDF/A-2a", "PDF/UA-1"]),
            "What the file claims to be",
            "文件声明的标准",
        ),
        field(
            &["attach"],
            Kind::List(&Kind::Word(&["source", "epub"])),
            "Files carried within it",
            "随附的文件",
        ),
        field(
            &["fonts"],
            Kind::Either(&[FONTS, Kind::Table(&FONT_ROLES)]),
            "What it is set in",
            "字体",
        ),
    ],
};

/// `[pdf.margin]`.
pub static MARGIN: Table = Table {
    name: "margin",
    about: ("Blank edges in millimetres", "页边距（毫米）"),
    needs: &[],
    is_read_kindly: false,
    fields: &[
        field(&["top"], Kind::Number(5.0, 100.0), "Above the text", "上"),
        field(
            &["right"],
            Kind::Number(5.0, 100.0),
            "Right of the text",
            "右",
        ),
        field(
            &["bottom"],
            Kind::Number(5.0, 100.0),
            "Below the text",
            "下",
        ),
        field(
            &["left"],
            Kind::Number(5.0, 100.0),
            "Left of the text",
            "左",
        ),
    ],
};

const FONTS: Kind = Kind::List(&Kind::Either(&[Kind::Text, Kind::Table(&FONT)]));
const CUT: Kind = Kind::Either(&[Kind::Text, Kind::Table(&CUT_TABLE), AXES]);
const AXES: Kind = Kind::Map(&Kind::Number(-100_000.0, 100_000.0));

/// `[pdf.fonts]`.
pub static FONT_ROLES: Table = Table {
    name: "font-roles",
    about: ("Fonts by what they are for", "按用途分的字体"),
    needs: &[],
    is_read_kindly: false,
    fields: &[
        field(
            &["body"],
            FONTS,
            "For Latin and all that is no Chinese",
            "西文及一切非中文",
        ),
        field(&["cjk"], FONTS, "For Chinese", "中文"),
        field(&["mono"], FONTS, "For code", "代码"),
        field(
            &["fallback"],
            FONTS,
            "For what the others lack",
            "其他字体缺的字",
        ),
    ],
};

/// A font with its cuts.
pub static FONT: Table = Table {
    name: "font",
    about: ("A font with its cuts", "一款字体及其变体"),
    needs: &[&["file"]],
    is_read_kindly: false,
    fields: &[
        field(
            &["file"],
            Kind::Text,
            "Its path from the project's root, or its name",
            "从项目根起的路径，或字体名",
        ),
        field(
            &["index"],
            Kind::Integer(0, 65_535),
            "Which face of a collection, from 0",
            "字体集里的第几款，从 0 数起",
        ),
        field(
            &["axes"],
            AXES,
            "Where a variable font stands",
            "可变字体各轴的值",
        ),
        field(&["bold"], CUT, "For strong text and titles", "粗体"),
        field(&["italic"], CUT, "For emphasis", "斜体"),
        field(&["bold-italic"], CUT, "For both", "粗斜体"),
    ],
};

/// A cut of a font.
pub static CUT_TABLE: Table = Table {
    name: "cut",
    about: ("A cut of a font", "字体的变体"),
    needs: &[],
    is_read_kindly: false,
    fields: &[
        field(
            &["file"],
            Kind::Text,
            "Its file; that of the font unless given",
            "文件，默认同本款",
        ),
        field(
            &["index"],
            Kind::Integer(0, 65_535),
            "Which face of a collection, from 0",
            "字体集里的第几款，从 0 数起",
        ),
        field(
            &["axes"],
            AXES,
            "Where a variable font stands",
            "可变字体各轴的值",
        ),
    ],
};

/// `[wechat]`.
pub static WECHAT: Table = Table {
    name: "wechat",
    about: ("WeChat articles", "公众号文章"),
    needs: &[],
    is_read_kindly: false,
    fields: &[
        field(
            &["theme"],
            Kind::Either(&[
                Kind::Word(&["plain", "classic", "orange", "violet", "paper"]),
                Kind::Like("[^./]*[./].*"),
            ]),
            "A built-in theme, or your own by its file",
            "内置主题，或自己的主题文件",
        ),
        field(
            &["spacing"],
            Kind::Boolean,
            "Whether blanks part Chinese and Latin words",
            "中西文之间是否加空格",
        ),
        field(
            &["punctuation"],
            Kind::Boolean,
            "Whether marks between Chinese characters are made full-width",
            "汉字间的标点是否改成全角",
        ),
        field(
            &["split"],
            Kind::Boolean,
            "Whether a long issue becomes several articles",
            "太长的一期是否拆成几篇",
        ),
        field(
            &["max-title"],
            Kind::Integer(1, 64),
            "The most characters of a title",
            "标题最多多少字",
        ),
        field(
            &["author"],
            Kind::Like("(?:(?!\\n).){1,16}"),
            "Who wrote it, at most 16 characters",
            "作者，不超过 16 字",
        ),
        field(
            &["source-url"],
            Kind::Either(&[Kind::Boolean, Kind::Only("[Hh][Tt][Tt][Pp][Ss]?://\\S+")]),
            "What 阅读原文 leads to",
            "“阅读原文”的去处",
        ),
        field(
            &["account"],
            Kind::Table(&ACCOUNT),
            "The account at the article's end",
            "文末的公众号",
        ),
        field(
            &["past"],
            Kind::List(&Kind::Table(&PAST)),
            "Earlier issues",
            "往期",
        ),
        field(
            &["header"],
            Kind::Text,
            "What stands above every article, in Markdown",
            "每篇文章的页眉（Markdown）",
        ),
        field(
            &["footer"],
            Kind::Text,
            "What stands below every article, in Markdown",
            "每篇文章的页脚（Markdown）",
        ),
        field(
            &["blocks"],
            Kind::List(&Kind::Word(&[
                "header",
                "dateline",
                "intro",
                "papers",
                "notes",
                "references",
                "past",
                "related",
                "tags",
                "about",
                "footer",
                "account",
            ])),
            "The parts of an article in their order",
            "文章的板块及次序",
        ),
        field(
            &["images"],
            Kind::Anything,
            "Has no effect yet",
            "尚不起作用",
        ),
        field(
            &["links"],
            Kind::Anything,
            "Has no effect yet",
            "尚不起作用",
        ),
    ],
};

/// `[wechat.account]`.
pub static ACCOUNT: Table = Table {
    name: "account",
    about: ("A WeChat account", "公众号"),
    needs: &[&["name", "id"]],
    is_read_kindly: false,
    fields: &[
        field(&["name"], Kind::Text, "Its name", "名称"),
        field(&["id"], Kind::Text, "Its WeChat ID", "微信号"),
        field(
            &["qr"],
            Kind::Text,
            "The path of its QR code",
            "二维码图片的路径",
        ),
    ],
};

/// `[[wechat.past]]`.
pub static PAST: Table = Table {
    name: "past",
    about: ("An earlier issue", "一个往期"),
    needs: &[&["title"], &["url"]],
    is_read_kindly: false,
    fields: &[
        field(&["title"], Kind::Text, "Its title", "标题"),
        field(
            &["url"],
            Kind::Only("[Hh][Tt][Tt][Pp][Ss]?://\\S+"),
            "Its address",
            "网址",
        ),
    ],
};
