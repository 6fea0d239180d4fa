//! What words of a list stand for: names, venues, years, labels of links.

use jiff::civil::Date;
use offprint_core::model::{LinkKind, Status};

/// Where a link leads, by its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// The paper, or its page.
    Paper,
    /// Something beside it.
    Beside(LinkKind),
    /// Nothing that is kept: citations, badges.
    Nothing,
}

/// A field that a line or a column is named for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Title,
    Authors,
    Affiliations,
    Venue,
    Date,
    Abstract,
    Tldr,
    Remark,
    Link(Role),
    /// A column or line that says nothing of a paper: its number, its stars.
    Nothing,
}

/// Words that labels of links consist of, with what they mean; those without a meaning only
/// stand beside others.
const LABELS: &[(&str, Option<Role>)] = &[
    ("paper", Some(Role::Paper)),
    ("papers", Some(Role::Paper)),
    ("arxiv", Some(Role::Paper)),
    ("abs", Some(Role::Paper)),
    ("openreview", Some(Role::Paper)),
    ("preprint", Some(Role::Paper)),
    ("doi", Some(Role::Paper)),
    ("html", Some(Role::Paper)),
    ("acl", Some(Role::Paper)),
    ("acm", Some(Role::Paper)),
    ("ieee", Some(Role::Paper)),
    ("springer", Some(Role::Paper)),
    ("cvf", Some(Role::Paper)),
    ("thecvf", Some(Role::Paper)),
    ("biorxiv", Some(Role::Paper)),
    ("pubmed", Some(Role::Paper)),
    ("publication", Some(Role::Paper)),
    ("article", Some(Role::Paper)),
    ("report", Some(Role::Paper)),
    ("论文", Some(Role::Paper)),
    ("论文链接", Some(Role::Paper)),
    ("论文地址", Some(Role::Paper)),
    ("论文原文", Some(Role::Paper)),
    ("论文下载", Some(Role::Paper)),
    ("原文", Some(Role::Paper)),
    ("链接", Some(Role::Paper)),
    ("地址", Some(Role::Paper)),
    ("link", Some(Role::Paper)),
    ("url", Some(Role::Paper)),
    ("pdf", Some(Role::Paper)),
    ("ps", Some(Role::Paper)),
    ("code", Some(Role::Beside(LinkKind::Code))),
    ("codes", Some(Role::Beside(LinkKind::Code))),
    ("github", Some(Role::Beside(LinkKind::Code))),
    ("gitlab", Some(Role::Beside(LinkKind::Code))),
    ("repo", Some(Role::Beside(LinkKind::Code))),
    ("repository", Some(Role::Beside(LinkKind::Code))),
    ("implementation", Some(Role::Beside(LinkKind::Code))),
    ("pytorch", Some(Role::Beside(LinkKind::Code))),
    ("tensorflow", Some(Role::Beside(LinkKind::Code))),
    ("keras", Some(Role::Beside(LinkKind::Code))),
    ("torch", Some(Role::Beside(LinkKind::Code))),
    ("caffe", Some(Role::Beside(LinkKind::Code))),
    ("caffe2", Some(Role::Beside(LinkKind::Code))),
    ("mxnet", Some(Role::Beside(LinkKind::Code))),
    ("jax", Some(Role::Beside(LinkKind::Code))),
    ("matlab", Some(Role::Beside(LinkKind::Code))),
    ("theano", Some(Role::Beside(LinkKind::Code))),
    ("chainer", Some(Role::Beside(LinkKind::Code))),
    ("paddle", Some(Role::Beside(LinkKind::Code))),
    ("python", Some(Role::Beside(LinkKind::Code))),
    ("lua", Some(Role::Beside(LinkKind::Code))),
    ("software", Some(Role::Beside(LinkKind::Code))),
    ("代码", Some(Role::Beside(LinkKind::Code))),
    ("源码", Some(Role::Beside(LinkKind::Code))),
    ("代码链接", Some(Role::Beside(LinkKind::Code))),
    ("代码地址", Some(Role::Beside(LinkKind::Code))),
    ("源码链接", Some(Role::Beside(LinkKind::Code))),
    ("开源代码", Some(Role::Beside(LinkKind::Code))),
    ("project", Some(Role::Beside(LinkKind::Project))),
    ("homepage", Some(Role::Beside(LinkKind::Project))),
    ("page", Some(Role::Beside(LinkKind::Project))),
    ("web", Some(Role::Beside(LinkKind::Project))),
    ("website", Some(Role::Beside(LinkKind::Project))),
    ("site", Some(Role::Beside(LinkKind::Project))),
    ("demo", Some(Role::Beside(LinkKind::Project))),
    ("主页", Some(Role::Beside(LinkKind::Project))),
    ("项目", Some(Role::Beside(LinkKind::Project))),
    ("项目主页", Some(Role::Beside(LinkKind::Project))),
    ("项目链接", Some(Role::Beside(LinkKind::Project))),
    ("项目地址", Some(Role::Beside(LinkKind::Project))),
    ("dataset", Some(Role::Beside(LinkKind::Data))),
    ("datasets", Some(Role::Beside(LinkKind::Data))),
    ("data", Some(Role::Beside(LinkKind::Data))),
    ("benchmark", Some(Role::Beside(LinkKind::Data))),
    ("数据", Some(Role::Beside(LinkKind::Data))),
    ("数据集", Some(Role::Beside(LinkKind::Data))),
    ("数据集链接", Some(Role::Beside(LinkKind::Data))),
    ("video", Some(Role::Beside(LinkKind::Video))),
    ("videos", Some(Role::Beside(LinkKind::Video))),
    ("talk", Some(Role::Beside(LinkKind::Video))),
    ("youtube", Some(Role::Beside(LinkKind::Video))),
    ("presentation", Some(Role::Beside(LinkKind::Video))),
    ("视频", Some(Role::Beside(LinkKind::Video))),
    ("slides", Some(Role::Beside(LinkKind::Slides))),
    ("slide", Some(Role::Beside(LinkKind::Slides))),
    ("ppt", Some(Role::Beside(LinkKind::Slides))),
    ("poster", Some(Role::Beside(LinkKind::Poster))),
    ("blog", Some(Role::Beside(LinkKind::Blog))),
    ("post", Some(Role::Beside(LinkKind::Blog))),
    ("blogpost", Some(Role::Beside(LinkKind::Blog))),
    ("博客", Some(Role::Beside(LinkKind::Blog))),
    ("解读", Some(Role::Beside(LinkKind::Blog))),
    ("中文解读", Some(Role::Beside(LinkKind::Blog))),
    ("论文解读", Some(Role::Beside(LinkKind::Blog))),
    ("tweet", Some(Role::Beside(LinkKind::Discussion))),
    ("twitter", Some(Role::Beside(LinkKind::Discussion))),
    ("discussion", Some(Role::Beside(LinkKind::Discussion))),
    ("reddit", Some(Role::Beside(LinkKind::Discussion))),
    ("讨论", Some(Role::Beside(LinkKind::Discussion))),
    ("bib", Some(Role::Nothing)),
    ("bibtex", Some(Role::Nothing)),
    ("cite", Some(Role::Nothing)),
    ("citation", Some(Role::Nothing)),
    ("citations", Some(Role::Nothing)),
    ("引用", Some(Role::Nothing)),
    ("scholar", Some(Role::Nothing)),
    ("star", Some(Role::Nothing)),
    ("stars", Some(Role::Nothing)),
    ("badge", Some(Role::Nothing)),
    ("license", Some(Role::Nothing)),
    ("note", Some(Role::Nothing)),
    ("notes", Some(Role::Nothing)),
    ("colab", Some(Role::Beside(LinkKind::Code))),
    ("model", Some(Role::Nothing)),
    ("models", Some(Role::Nothing)),
    ("weights", Some(Role::Nothing)),
    ("checkpoint", Some(Role::Nothing)),
    ("checkpoints", Some(Role::Nothing)),
    ("huggingface", Some(Role::Nothing)),
    ("hf", Some(Role::Nothing)),
    ("leaderboard", Some(Role::Nothing)),
    ("supp", Some(Role::Nothing)),
    ("supplementary", Some(Role::Nothing)),
    ("supplement", Some(Role::Nothing)),
    ("appendix", Some(Role::Nothing)),
    ("material", Some(Role::Nothing)),
    ("review", Some(Role::Nothing)),
    ("tutorial", Some(Role::Nothing)),
    ("wiki", Some(Role::Nothing)),
    ("docs", Some(Role::Nothing)),
    ("documentation", Some(Role::Nothing)),
    ("official", None),
    ("unofficial", None),
    ("author", None),
    ("authors", None),
    ("full", None),
    ("text", None),
    ("version", None),
    ("extended", None),
    ("conference", None),
    ("journal", None),
    ("long", None),
    ("short", None),
    ("original", None),
    ("technical", None),
    ("download", None),
    ("online", None),
    ("source", None),
    ("home", None),
    ("reference", None),
    ("here", None),
    ("c", None),
    ("tf", None),
    ("google", None),
    ("only", None),
    ("free", None),
    ("access", None),
    ("第三方", None),
    ("官方", None),
];

/// What the words of a link say it is; `None` if they are no label.
pub(super) fn role(label: &str) -> Option<Role> {
    let label = label.trim().to_lowercase();
    if label.chars().count() > 48 {
        return None;
    }
    let mut found = None;
    let mut words = 0;
    for word in label
        .split(|sign: char| !sign.is_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        words += 1;
        if word.bytes().all(|byte| byte.is_ascii_digit()) && words > 1 {
            continue;
        }
        let (_, meaning) = LABELS.iter().find(|(name, _)| *name == word)?;
        // `project page` is a project, `paper (pdf)` a paper, `code page` code: what is said
        // first, but for words that fit everything.
        let is_vague = |role: Option<Role>| {
            matches!(role, None | Some(Role::Beside(LinkKind::Project)))
                || role == Some(Role::Nothing)
        };
        if found.is_none() || is_vague(found) && !is_vague(*meaning) && word != "link" {
            found = meaning.or(found);
        }
    }
    if words == 1 && label.contains("here") {
        return Some(Role::Paper);
    }
    found
}

/// What a link in brackets of its own is by any of its words.
pub(super) fn role_in_brackets(label: &str) -> Option<Role> {
    let label = label.to_lowercase();
    label
        .split(|sign: char| !sign.is_alphanumeric())
        .find_map(|word| LABELS.iter().find(|(name, _)| *name == word)?.1)
}

/// Whether a label says only that there is a link.
pub(super) fn is_vague(label: &str) -> bool {
    let label = label.to_lowercase();
    let label = label.trim_matches(|sign: char| !sign.is_alphanumeric());
    [
        "link",
        "url",
        "链接",
        "地址",
        "here",
        "html",
        "article",
        "report",
        "原文",
        "publication",
    ]
    .contains(&label)
}

/// A title and the names behind its last commas: `Title, A. Author and B. Author`.
pub(super) fn names_behind(text: &str) -> Option<(&str, Vec<String>)> {
    text.match_indices([',', '，']).find_map(|(at, mark)| {
        let own = text.get(..at)?;
        let rest = text.get(at + mark.len()..)?;
        let names = authors(rest, false)?;
        (words(own) >= 2 && authors(own, true).is_none()).then_some((own.trim(), names))
    })
}

/// What a line's label or a column's head names.
pub(super) fn field(label: &str) -> Option<Field> {
    let label = label
        .trim_matches(|sign: char| !sign.is_alphanumeric() && sign != ')' && sign != '）')
        .to_lowercase();
    // `Paper(Oral)`
    let bare = label
        .split(['(', '（', '['])
        .next()
        .unwrap_or_default()
        .trim();
    Some(match bare {
        "title" | "paper title" | "titles" | "name" | "标题" | "题目" | "论文标题" | "论文题目"
        | "论文名称" | "名称" | "paper name" => Field::Title,
        "author" | "authors" | "作者" | "author(s)" | "first author" | "论文作者" => {
            Field::Authors
        }
        "affiliation" | "affiliations" | "institution" | "institutions" | "institute"
        | "organization" | "单位" | "机构" | "作者单位" | "company" => Field::Affiliations,
        "venue" | "conference" | "journal" | "publication" | "published" | "published in"
        | "publisher" | "pub" | "pub." | "会议" | "期刊" | "发表" | "出处" | "来源" | "conf"
        | "会议/期刊" | "conference/journal" | "venue/year" => Field::Venue,
        "date" | "year" | "日期" | "时间" | "年份" | "发表时间" | "pub. date"
        | "published date" | "publish date" | "release date" | "month" => Field::Date,
        "abstract" | "摘要" | "论文摘要" => Field::Abstract,
        "tldr" | "tl;dr" | "一句话" | "一句话总结" => Field::Tldr,
        "summary" | "description" | "comment" | "comments" | "remark" | "remarks" | "intro"
        | "introduction" | "contribution" | "contributions" | "highlights" | "简介" | "介绍"
        | "备注" | "说明" | "点评" | "概述" | "推荐理由" | "短评" => Field::Remark,
        "stars" | "star" | "#" | "no" | "no." | "id" | "index" | "序号" | "编号" | "rank"
        | "params" | "size" | "citations" | "cited by" | "license" | "状态" => Field::Nothing,
        _ => Field::Link(role(bare)?),
    })
}

/// Acronyms of conferences, journals and archives, in lower case.
const VENUES: &[&str] = &[
    "aaai",
    "aacl",
    "aamas",
    "accv",
    "acl",
    "acm",
    "acmmm",
    "aistats",
    "arxiv",
    "asplos",
    "atc",
    "bioinformatics",
    "biorxiv",
    "bmvc",
    "ccs",
    "chi",
    "cidr",
    "cikm",
    "coling",
    "colm",
    "colt",
    "conll",
    "corl",
    "corr",
    "crypto",
    "cscw",
    "cvpr",
    "cvprw",
    "cviu",
    "dac",
    "date",
    "eacl",
    "eccv",
    "eccvw",
    "ecir",
    "ecml",
    "emnlp",
    "eurocrypt",
    "eurosys",
    "fast",
    "fccm",
    "fg",
    "focs",
    "fpga",
    "fse",
    "globecom",
    "gecco",
    "hpca",
    "hpdc",
    "iccv",
    "iccvw",
    "icassp",
    "icde",
    "icdm",
    "icip",
    "iclr",
    "icme",
    "icml",
    "icmlw",
    "icpr",
    "icra",
    "icse",
    "icwsm",
    "ieee",
    "ijcai",
    "ijcb",
    "ijcnn",
    "ijcv",
    "ijrr",
    "infocom",
    "interspeech",
    "iros",
    "isca",
    "iswc",
    "jacm",
    "jair",
    "jmlr",
    "kbs",
    "kdd",
    "l4dc",
    "lrec",
    "medrxiv",
    "miccai",
    "micro",
    "midl",
    "mlhc",
    "mlsys",
    "mm",
    "mobicom",
    "naacl",
    "ndss",
    "neurips",
    "nips",
    "nipsw",
    "nsdi",
    "oakland",
    "oopsla",
    "openreview",
    "osdi",
    "pacmhci",
    "pakdd",
    "pami",
    "pldi",
    "pnas",
    "podc",
    "popl",
    "ppopp",
    "pr",
    "pvldb",
    "ral",
    "recsys",
    "repl4nlp",
    "rss",
    "sc",
    "sdm",
    "siam",
    "sigcomm",
    "siggraph",
    "sigir",
    "sigmod",
    "sigops",
    "soda",
    "socc",
    "sosp",
    "spl",
    "stoc",
    "tacl",
    "taslp",
    "tcad",
    "tcsvt",
    "tcyb",
    "tdsc",
    "tgrs",
    "tip",
    "tist",
    "tit",
    "tkdd",
    "tkde",
    "tmi",
    "tmlr",
    "tmm",
    "tnn",
    "tnnls",
    "tochi",
    "tog",
    "tois",
    "tpami",
    "tpds",
    "tro",
    "tse",
    "tsp",
    "tvcg",
    "uai",
    "uist",
    "usenix",
    "vldb",
    "wacv",
    "wmt",
    "wsdm",
    "www",
    "webconf",
    "3dv",
    "spaa",
    "nai",
    "nature",
    "science",
    "dla",
    "starsem",
    "ismar",
    "ismir",
    "isbi",
    "mia",
    "ipmi",
    "tc",
    "sigkdd",
    "cvm",
    "egsr",
    "eg",
    "cgf",
    "vr",
    "pg",
    "i3d",
    "hpg",
];

/// Words of venues that are written out.
const VENUE_WORDS: &[&str] = &[
    "proceedings",
    "proc",
    "conference",
    "workshop",
    "symposium",
    "transactions",
    "journal",
    "letters",
    "magazine",
    "neuroimage",
    "preprint",
    "preprints",
    "workshops",
    "会议",
    "期刊",
    "学报",
    "generated",
];

/// Where and when a paper appeared.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Appeared {
    pub(super) venue: Option<String>,
    pub(super) year: Option<i16>,
    pub(super) status: Option<Status>,
}

/// Marks around words that are no part of them.
pub(super) const MARKS: &[char] = &[
    ' ', '\t', ',', '.', ';', ':', '|', '-', '–', '—', '：', '，', '。', '；', '、', '/', '\\',
    '*', '_', '~', '`', '·', '•', '●', '^', '#', '⭐', '🔥', '\u{fe0f}', '\u{a0}', '\u{3000}', '&',
    '>', '=', '+', '"', '“', '”',
];

/// A venue with its year, `ICLR 2021`, `CVPR'19`, `2012-ICML`, `In Proceedings of ACL 2019`.
pub(super) fn appeared(text: &str) -> Option<Appeared> {
    let text = text
        .trim_matches(MARKS)
        .trim_matches(['(', ')', '[', ']', '（', '）', '【', '】', '\'', '’']);
    let text = text.trim_matches(MARKS);
    if text.is_empty() || text.chars().count() > 140 {
        return None;
    }
    let mut bare = text;
    for lead in [
        "In ",
        "in ",
        "Published in ",
        "Published at ",
        "Accepted by ",
        "Accepted at ",
        "Accepted to ",
        "accepted by ",
        "To appear in ",
        "to appear in ",
        "Appeared in ",
    ] {
        bare = bare.strip_prefix(lead).unwrap_or(bare);
    }
    let has_lead = bare.len() < text.len();
    let tokens = tokens(bare);
    if tokens.is_empty() || tokens.len() > 18 {
        return None;
    }
    let year_at = tokens.iter().position(|token| token.year.is_some());
    let year = year_at
        .and_then(|at| tokens.get(at))
        .and_then(|token| token.year);
    if !says_where(bare, &tokens, year.is_some(), has_lead) {
        return None;
    }
    let mut status = None;
    for token in &tokens {
        status = status.or(match token.text.to_lowercase().as_str() {
            "oral" => Some(Status::Oral),
            "spotlight" => Some(Status::Spotlight),
            "poster" => Some(Status::Poster),
            _ => None,
        });
    }
    if bare.to_lowercase().contains("best paper") {
        status = Some(Status::BestPaper);
    }
    let name = venue_name(bare, year_at.and_then(|at| tokens.get(at)));
    Some(Appeared {
        venue: Some(name).filter(|name| has_letters(name)),
        year,
        status,
    })
}

/// A venue in brackets behind a title: there any few words with a year are one.
pub(super) fn appeared_in_brackets(text: &str) -> Option<Appeared> {
    if let Some(found) = appeared(text) {
        return Some(found);
    }
    let text = text.trim_matches(MARKS);
    let tokens = tokens(text);
    let (last, others) = tokens.split_last()?;
    let year = last.year?;
    let is_name = (1..=5).contains(&others.len())
        && others
            .iter()
            .all(|token| token.text.starts_with(char::is_uppercase))
        && !others.iter().any(|token| {
            let word = token.text.to_lowercase();
            [
                "book", "survey", "thesis", "tutorial", "talk", "course", "since", "updated",
            ]
            .contains(&word.as_str())
                || date(&format!("{word} 2000")).is_some()
        });
    let name = trimmed_name(text.get(..last.start)?);
    (is_name && has_letters(name)).then(|| Appeared {
        venue: Some(name.to_owned()),
        year: Some(year),
        status: None,
    })
}

/// Whether the words of a possible venue name one.
fn says_where(bare: &str, tokens: &[Token<'_>], has_year: bool, has_lead: bool) -> bool {
    let known = tokens.iter().filter(|token| is_venue(token.text)).count();
    let written_out = tokens
        .iter()
        .filter(|token| VENUE_WORDS.contains(&token.text.to_lowercase().as_str()))
        .count();
    let others = tokens
        .iter()
        .filter(|token| token.year.is_none() && !is_venue(token.text))
        .count();
    let is_name_alone = ["nature", "science"].contains(&bare.to_lowercase().as_str());
    // `Title, CVPR` is more than a venue.
    let has_title = bare.rsplit_once(", ").is_some_and(|(head, _)| {
        let head = self::tokens(head);
        head.len() >= 4
            && !head.iter().any(|token| {
                is_venue(token.text) || VENUE_WORDS.contains(&token.text.to_lowercase().as_str())
            })
    });
    let is_amid = bare.starts_with(char::is_lowercase)
        && others > 0
        && !tokens.first().is_some_and(|first| is_venue(first.text));
    if has_title || is_amid || bare.contains(';') {
        return false;
    }
    // Two or three capitals may be anything.
    let is_sure = has_year
        || others == 0
        || tokens
            .iter()
            .any(|token| is_venue(token.text) && token.text.len() > 3 && token.text != "FAST");
    let is_short = known > 0 && is_sure && (others <= 2 || has_year && others <= 6);
    let is_long = written_out > 0
        && (has_lead || has_year || known > 0)
        && !bare.contains(": ")
        && !bare.ends_with('?');
    let is_journal = [
        "Journal of ",
        "Proceedings of ",
        "Transactions on ",
        "IEEE Transactions ",
        "ACM Transactions ",
    ]
    .iter()
    .any(|begin| bare.starts_with(begin))
        || bare.starts_with("Nature ") && tokens.len() <= 3;
    // `ACPR 2019`, `2014-ML`: capitals and a year are a venue, known or not.
    let is_acronym = has_year
        && tokens.len() == 2
        && tokens.iter().all(|token| {
            token.year.is_some()
                || (2..=8).contains(&token.text.len())
                    && token.text.chars().all(|sign| sign.is_ascii_uppercase())
        });
    is_short || is_long || is_name_alone || is_journal || is_acronym
}

/// Venues whose names are written with few capitals.
const PROPER: &[&str] = &[
    "aaai",
    "acl",
    "bioinformatics",
    "corr",
    "cvpr",
    "eccv",
    "emnlp",
    "eurosys",
    "iccv",
    "iclr",
    "icml",
    "ijcai",
    "interspeech",
    "kdd",
    "mlsys",
    "naacl",
    "nature",
    "neurips",
    "nips",
    "openreview",
    "science",
    "siggraph",
    "usenix",
];

/// Whether a word is the acronym of a venue, written as one.
fn is_venue(word: &str) -> bool {
    let letters = word.trim_end_matches(|sign: char| sign.is_ascii_digit());
    let lower = letters.to_lowercase();
    let capitals = letters.chars().filter(|sign| sign.is_uppercase()).count();
    let is_name =
        capitals >= 2 || lower == "arxiv" || capitals >= 1 && PROPER.contains(&lower.as_str());
    is_name
        && (VENUES.contains(&lower.as_str())
            || lower
                .strip_suffix('s')
                .is_some_and(|lower| VENUES.contains(&lower)))
}

/// The venue's name: what stands before the year, or behind it, or is one word with it.
fn venue_name(bare: &str, year: Option<&Token<'_>>) -> String {
    let name = match year {
        Some(token) => {
            let before = bare.get(..token.start).unwrap_or_default();
            let after = bare.get(token.end..).unwrap_or_default();
            let attached = &token.text;
            let own = attached.trim_matches(|sign: char| !sign.is_alphabetic());
            let before = trimmed_name(before);
            if !own.is_empty() && before.is_empty() {
                own.to_owned()
            } else if has_letters(before) {
                before.to_owned()
            } else {
                trimmed_name(after).to_owned()
            }
        }
        None => trimmed_name(bare).to_owned(),
    };
    let mut name = without_status(&name);
    // Volume and issue, and arXiv's identifier, are not the venue.
    while let Some((head, number)) = name.rsplit_once(' ')
        && number.starts_with(|sign: char| sign.is_ascii_digit())
        && number
            .chars()
            .all(|sign| sign.is_ascii_digit() || ".:-–()".contains(sign))
    {
        name.truncate(head.len());
    }
    if name.to_lowercase().contains("arxiv:") {
        "arXiv".clone_into(&mut name);
    }
    name
}

fn trimmed_name(text: &str) -> &str {
    text.trim_matches(MARKS)
        .trim_matches(['(', '[', '（', '\'', '’', '‘'])
        .trim_matches(MARKS)
}

fn without_status(name: &str) -> String {
    let mut name = name.to_owned();
    for word in ["Oral", "oral", "Spotlight", "spotlight", "Poster", "poster"] {
        if let Some(rest) = name.strip_suffix(word) {
            name.truncate(rest.trim_end_matches(['(', ' ', ',', '-', '[']).len());
        }
    }
    let opens = name.matches('(').count();
    if name.matches(')').count() > opens {
        name = name.trim_end_matches(')').trim_end().to_owned();
    } else if opens > name.matches(')').count() {
        name.push(')');
    }
    name
}

fn has_letters(text: &str) -> bool {
    text.chars().filter(|sign| sign.is_alphabetic()).count() >= 2
}

struct Token<'t> {
    text: &'t str,
    start: usize,
    end: usize,
    year: Option<i16>,
}

/// The words of a venue. `'19` and `2019` are years, and so is the end of `CVPR2019`.
fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut start = None;
    let mut push = |range: std::ops::Range<usize>| {
        let Some(word) = text.get(range.clone()) else {
            return;
        };
        let before = text.get(..range.start).unwrap_or_default().trim_end();
        let is_short = word.len() == 2
            && word.bytes().all(|byte| byte.is_ascii_digit())
            && before.ends_with(['\'', '’', '‘', '`', '′']);
        let year = if is_short {
            word.parse::<i16>()
                .ok()
                .map(|year| if year < 50 { 2000 + year } else { 1900 + year })
        } else {
            let digits = word.trim_matches(|sign: char| !sign.is_ascii_digit());
            year(digits).filter(|_| word.chars().filter(char::is_ascii_digit).count() == 4)
        };
        tokens.push(Token {
            text: word,
            start: range.start,
            end: range.end,
            year,
        });
    };
    for (index, sign) in text.char_indices() {
        match (sign.is_alphanumeric(), start) {
            (true, None) => start = Some(index),
            (false, Some(from)) => {
                push(from..index);
                start = None;
            }
            (true, Some(_)) | (false, None) => {}
        }
    }
    if let Some(from) = start {
        push(from..text.len());
    }
    tokens
}

/// A year of four digits, `1950` to `2099`.
pub(super) fn year(text: &str) -> Option<i16> {
    let is_year = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse()
        .ok()
        .filter(|year| is_year && (1950..=2099).contains(year))
}

/// When something was written: `2023/10`, `2021.9`, `2025-06-17`, `9 Jan 2024`, `2024年5月`,
/// `2017`.
pub(super) fn date(text: &str) -> Option<(i16, Option<Date>)> {
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let text = text
        .trim_matches(MARKS)
        .trim_matches(['(', ')', '[', ']', '（', '）', '【', '】'])
        .trim_matches(MARKS);
    if text.chars().count() > 20 {
        return None;
    }
    let (mut found, mut numbers, mut month) = (None, Vec::new(), None);
    for part in text
        .split(|sign: char| sign.is_whitespace() || "/-.,年月日".contains(sign))
        .filter(|part| !part.is_empty())
    {
        let digits = part
            .trim_end_matches("st")
            .trim_end_matches("nd")
            .trim_end_matches("rd")
            .trim_end_matches("th");
        if let Some(year) = year(part)
            && found.is_none()
        {
            found = Some((year, numbers.len()));
        } else if let Ok(number) = digits.parse::<i8>() {
            numbers.push(number);
        } else {
            let lower = part.to_lowercase();
            let index = MONTHS
                .iter()
                .position(|name| lower.len() >= 3 && lower.starts_with(name))?;
            if month.is_some() || lower.len() > 9 {
                return None;
            }
            month = i8::try_from(index + 1).ok();
        }
    }
    let (year, before) = found?;
    let date = match (month, numbers.as_slice()) {
        (None | Some(_), []) => return Some((year, None)),
        (Some(month), [day]) => Date::new(year, month, *day).ok(),
        (None, [month]) => return ((1..=12).contains(month)).then_some((year, None)),
        (None, [month, day]) if before == 0 => Date::new(year, *month, *day).ok(),
        _ => return None,
    };
    date.map(|date| (year, Some(date)))
}

/// The names of a list of authors; `None` if it is none. A single name is one only where
/// `single` says that nothing else can stand there.
pub(super) fn authors(text: &str, single: bool) -> Option<Vec<String>> {
    let mut text = without_brackets(text);
    for lead in ["by ", "By ", "with ", "Authors: ", "Author: "] {
        if let Some(rest) = text.strip_prefix(lead) {
            text = rest.to_owned();
        }
    }
    let lower = text.to_lowercase();
    let end = ["et al", "et. al", " 等"]
        .iter()
        .find_map(|mark| lower.find(mark));
    let has_others = end.is_some();
    // Where lower case is longer than what was written, nothing is cut off.
    if let Some(end) = end {
        text = text.get(..end)?.to_owned();
    }
    let text = text.trim_matches(|sign: char| MARKS.contains(&sign) && sign != '.');
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = text.trim_start_matches('.').trim();
    if text.is_empty() || text.chars().count() > 8000 {
        return None;
    }
    // BibTeX: `Family, Given and Family, Given`.
    let turned: Option<Vec<String>> = text
        .trim_end_matches('.')
        .split(" and ")
        .map(|name| {
            let (family, given) = name.trim().split_once(", ")?;
            let name = format!("{} {}", given.trim(), family.trim());
            (!given.contains(',') && is_family(family) && is_name(&name)).then_some(name)
        })
        .collect();
    if let Some(names) = turned.filter(|names| names.len() >= 2) {
        return Some(names);
    }
    let joined = text
        .replace(" and ", ", ")
        .replace(", and ", ", ")
        .replace(" & ", ", ")
        .replace(['；', ';', '、', '，', '·'], ",")
        .replace(",and ", ", ");
    let parts: Vec<&str> = joined
        .split(',')
        .map(|part| part.trim().trim_start_matches("and ").trim())
        .map(|part| {
            let rest = part.strip_prefix("and").unwrap_or(part);
            if rest.starts_with(char::is_uppercase) {
                rest
            } else {
                part
            }
        })
        .map(|part| {
            part.trim_matches(|sign: char| sign.is_ascii_digit() || "*†‡§¶∗^ \u{a0}".contains(sign))
        })
        .filter(|part| !part.is_empty())
        .collect();
    let names = paired(&parts)?;
    let enough = names.len() >= 2
        || has_others
        || single
        || names.first().is_some_and(|name| has_initial(name));
    (enough && !names.is_empty()).then_some(names)
}

/// Text without what stands in round brackets: institutions.
fn without_brackets(text: &str) -> String {
    let mut depth = 0_usize;
    text.chars()
        .filter(|&sign| {
            match sign {
                '(' | '（' => depth += 1,
                ')' | '）' => {
                    let inside = depth > 0;
                    depth = depth.saturating_sub(1);
                    return !inside;
                }
                _ => {}
            }
            depth == 0
        })
        .collect()
}

fn has_initial(name: &str) -> bool {
    name.split_whitespace().any(|word| {
        let bare = word.trim_end_matches('.');
        word.ends_with('.') && bare.chars().count() == 1
    })
}

/// Names from parts between commas: `Hinton, G., Osindero, S.` has two parts a name.
fn paired(parts: &[&str]) -> Option<Vec<String>> {
    let is_word = |part: &str| !part.contains(' ') && !part.contains('.') && is_latin(part);
    let is_initials = |part: &str| {
        part.split([' ', '-', '.'])
            .filter(|word| !word.is_empty())
            .all(|word| word.chars().count() <= 2 && word.chars().all(char::is_uppercase))
            && part.chars().any(char::is_alphabetic)
    };
    let mut names = Vec::new();
    let mut index = 0;
    while let Some(part) = parts.get(index) {
        let next = parts.get(index + 1);
        let surname_first = next.is_some_and(|next| {
            let lone = is_word(part);
            lone && is_initials(next)
                || is_family(part) && is_initials(next)
                // MLA and BibTeX: the first name, or every name, is turned round.
                || index == 0 && lone && (is_word(next) || is_name(next))
        });
        if surname_first && let Some(next) = next {
            names.push(format!("{next} {part}"));
            index += 2;
            continue;
        }
        let part = without_stop(part);
        if !is_name(part) {
            return None;
        }
        names.push(part.to_owned());
        index += 1;
    }
    Some(names)
}

/// A name without the full stop of its sentence; one behind an initial stays.
fn without_stop(name: &str) -> &str {
    match name.strip_suffix('.') {
        Some(bare) => {
            let last = bare.rsplit([' ', '.', '-']).next().unwrap_or_default();
            if last.chars().count() > 2 && last != "Jr" && last != "Sr" {
                bare
            } else {
                name
            }
        }
        None => name,
    }
}

fn is_latin(text: &str) -> bool {
    text.chars().all(|sign| {
        sign.is_alphabetic() && !offprint_core::chars::is_wide(sign) || "-'’".contains(sign)
    }) && text.starts_with(char::is_uppercase)
}

/// A family name of several words: `van den Oord`.
fn is_family(part: &str) -> bool {
    let words: Vec<&str> = part.split(' ').collect();
    words.len() <= 3 && words.iter().all(|word| is_particle(word) || is_latin(word))
}

fn is_particle(word: &str) -> bool {
    [
        "van", "von", "der", "den", "de", "la", "le", "di", "da", "dos", "del", "della", "el",
        "al", "bin", "ben", "ter", "ten", "du", "and", "y", "zu", "af",
    ]
    .contains(&word.to_lowercase().as_str())
}

/// Words that stand in titles and never in names.
const NO_NAMES: &[&str] = &[
    "learning",
    "deep",
    "neural",
    "network",
    "networks",
    "model",
    "models",
    "modeling",
    "the",
    "a",
    "an",
    "of",
    "for",
    "with",
    "in",
    "on",
    "via",
    "by",
    "to",
    "from",
    "using",
    "is",
    "are",
    "data",
    "language",
    "vision",
    "image",
    "images",
    "video",
    "training",
    "towards",
    "toward",
    "survey",
    "based",
    "graph",
    "graphs",
    "attention",
    "transformer",
    "transformers",
    "representation",
    "representations",
    "recognition",
    "detection",
    "segmentation",
    "generation",
    "generative",
    "adversarial",
    "reinforcement",
    "supervised",
    "unsupervised",
    "semi",
    "self",
    "machine",
    "translation",
    "classification",
    "optimization",
    "prediction",
    "estimation",
    "analysis",
    "research",
    "university",
    "institute",
    "lab",
    "labs",
    "google",
    "microsoft",
    "facebook",
    "deepmind",
    "openai",
    "amazon",
    "nvidia",
    "github",
    "code",
    "paper",
    "project",
    "dataset",
    "ai",
    "inc",
    "method",
    "methods",
    "system",
    "systems",
    "algorithm",
    "algorithms",
    "inference",
    "visual",
    "object",
    "convolutional",
    "recurrent",
    "memory",
    "large",
    "small",
    "new",
    "efficient",
    "robust",
    "multi",
    "cross",
    "zero",
    "few",
    "shot",
    "domain",
    "adaptation",
    "transfer",
    "knowledge",
    "distillation",
    "text",
    "speech",
    "audio",
    "reasoning",
    "agents",
    "agent",
    "scaling",
    "online",
    "offline",
    "end",
    "beyond",
    "group",
    "team",
    "tech",
    "chapter",
    "part",
    "introduction",
    "other",
    "others",
    "papers",
    "awesome",
    "overview",
    "conference",
    "workshop",
    "journal",
    "proceedings",
    "benchmark",
    "benchmarks",
    "evaluation",
    "gradient",
    "batch",
    "normalization",
    "embedding",
    "embeddings",
    "search",
    "tuning",
    "alignment",
    "diffusion",
    "probabilistic",
    "bayesian",
    "theory",
    "applications",
    "framework",
    "approach",
    "natural",
    "processing",
    "computer",
    "science",
    "adaptive",
    "dynamic",
    "structured",
    "semantic",
    "spatial",
    "temporal",
    "quantum",
    "medical",
    "parallel",
    "distributed",
    "federated",
    "meta",
    "tutorial",
];

/// Whether a part has the form of one person's name.
fn is_name(part: &str) -> bool {
    let count = part.chars().count();
    let han = part
        .chars()
        .filter(|&sign| offprint_core::chars::is_wide(sign))
        .count();
    if han > 0 {
        return han == count && (2..=4).contains(&count);
    }
    let words: Vec<&str> = part.split_whitespace().collect();
    let is_common = |word: &&str| {
        let bare = word.trim_matches(|sign: char| !sign.is_alphabetic());
        // `A.` is an initial.
        bare != "A" && NO_NAMES.contains(&bare.to_lowercase().as_str())
    };
    // What PDF readers make of accents may stand in names that have initials.
    if has_initial(part)
        && words.len() <= 6
        && !words.iter().any(is_common)
        && !part.contains([':', '(', ')', '[', ']'])
        && !part.chars().any(|sign| sign.is_ascii_digit())
    {
        return true;
    }
    let is_word = |word: &&str| {
        let bare = word.trim_matches(|sign: char| !sign.is_alphabetic());
        let lower = bare.to_lowercase();
        is_particle(word)
            || bare.starts_with(char::is_uppercase)
                && (bare == "A" || !NO_NAMES.contains(&lower.as_str()))
                && word
                    .chars()
                    .all(|sign| sign.is_alphabetic() || ".-'’‘*†‡∗`´ˇ˜¨^".contains(sign))
                && (bare.chars().count() <= 3
                    || bare.chars().filter(|sign| sign.is_uppercase()).count() <= 3)
    };
    (2..=6).contains(&words.len()) && words.iter().all(is_word)
        || words.len() == 1
            && count >= 3
            && words.iter().all(is_word)
            && part.contains('.')
            && part.chars().any(char::is_lowercase)
}

/// Names, and what follows them after the last: `A. Author, B. Author, Title, Venue`. The
/// names end behind an `and`, or where a part has not the form of a name.
pub(super) fn authors_then(text: &str) -> Option<(Vec<String>, &str)> {
    let mut names = Vec::new();
    let mut rest = text;
    loop {
        let Some((part, after)) = rest.split_once([',', '，']) else {
            return (names.len() >= 2).then_some((names, rest.trim()));
        };
        let part = part.trim();
        let (before_and, ends) = match part.split_once(" and ").or_else(|| part.split_once(" & ")) {
            Some((first, last)) => (vec![first.trim(), last.trim()], true),
            None => match part.strip_prefix("and ") {
                Some(last) => (vec![last.trim()], true),
                None => (
                    vec![part],
                    part.to_lowercase().ends_with("et al")
                        || part.to_lowercase().ends_with("et al."),
                ),
            },
        };
        let cleaned: Vec<&str> = before_and
            .iter()
            .map(|name| {
                name.trim_end_matches("et al.")
                    .trim_end_matches("et al")
                    .trim()
            })
            .filter(|name| !name.is_empty())
            .collect();
        if !cleaned.iter().all(|name| is_name(name)) {
            return (names.len() >= 2).then_some((names, rest.trim()));
        }
        names.extend(cleaned.iter().map(|name| (*name).to_owned()));
        if part.to_lowercase().trim_end_matches('.').ends_with("et al") {
            // That a list breaks off is a fact too; `check` tells it.
            names.push("et al.".to_owned());
        }
        rest = after;
        if ends {
            return Some((names, rest.trim()));
        }
    }
}

/// How many words a text has; Han characters count by twos.
pub(super) fn words(text: &str) -> usize {
    let latin = text
        .split(|sign: char| !sign.is_alphanumeric() || offprint_core::chars::is_wide(sign))
        .filter(|word| !word.is_empty())
        .count();
    let wide = text
        .chars()
        .filter(|&sign| sign.is_alphanumeric() && offprint_core::chars::is_wide(sign))
        .count();
    latin + wide.div_ceil(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn venues_are_known_in_every_spelling() {
        for (text, venue, year) in [
            ("NeurIPS 2020", "NeurIPS", Some(2020)),
            ("ICLR'21", "ICLR", Some(2021)),
            ("[CVPR' 17]", "CVPR", Some(2017)),
            ("(CVPR 2019)", "CVPR", Some(2019)),
            ("arXiv 2020", "arXiv", Some(2020)),
            ("2012-ICML", "ICML", Some(2012)),
            ("ICML2012", "ICML", Some(2012)),
            ("SOSP '24", "SOSP", Some(2024)),
            (
                "In Proceedings of ACL 2019",
                "Proceedings of ACL",
                Some(2019),
            ),
            ("IEEE TNN 2009", "IEEE TNN", Some(2009)),
            ("ICML 2018 Workshop", "ICML", Some(2018)),
            ("Arxiv", "Arxiv", None),
            ("Nature", "Nature", None),
            ("ICLR 2021 (Oral)", "ICLR", Some(2021)),
        ] {
            let found = appeared(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(found.venue.as_deref(), Some(venue), "{text}");
            assert_eq!(found.year, year, "{text}");
        }
        assert_eq!(
            appeared("ICLR 2021 (Oral)").unwrap().status,
            Some(Status::Oral)
        );
        for wrong in [
            "Learning to Fold",
            "Nature of Deep Networks Explained Well",
            "2020",
            "Google",
            "A Science of Folding",
            "Learning to Fold Many Cranes, CVPR 2015",
            "addition, the conference was held in 2020",
            "MM-Evol",
        ] {
            assert_eq!(appeared(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn names_are_told_from_titles() {
        for (text, names) in [
            (
                "Sergey Ioffe, Christian Szegedy",
                vec!["Sergey Ioffe", "Christian Szegedy"],
            ),
            ("M. Oquab et al.", vec!["M. Oquab"]),
            (
                "Vinyals, Oriol, and Quoc Le",
                vec!["Oriol Vinyals", "Quoc Le"],
            ),
            (
                "Hinton, G., Osindero, S., & Teh, Y. W.",
                vec!["G. Hinton", "S. Osindero", "Y. W. Teh"],
            ),
            (
                "Yuandong Tian, Lantao Yu, and Surya Ganguli.",
                vec!["Yuandong Tian", "Lantao Yu", "Surya Ganguli"],
            ),
            (
                "Aaron van den Oord, Yazhe Li",
                vec!["Aaron van den Oord", "Yazhe Li"],
            ),
            ("李明、王小红", vec!["李明", "王小红"]),
            (
                "Kristy Lee*, Zheng Zhang*",
                vec!["Kristy Lee", "Zheng Zhang"],
            ),
            ("Charles Packer (UC Berkeley) et al", vec!["Charles Packer"]),
        ] {
            assert_eq!(authors(text, false).unwrap_or_default(), names, "{text}");
        }
        for wrong in [
            "Learning to Fold, Cut, and Glue",
            "Deep Learning",
            "Google Research, Brain Team",
            "a sentence, and another",
            "",
        ] {
            assert_eq!(authors(wrong, false), None, "{wrong}");
        }
    }

    #[test]
    fn dates_have_many_forms() {
        for (text, year, day) in [
            ("2023/10", 2023, None),
            ("[2023-10]", 2023, None),
            ("2021.9", 2021, None),
            ("2025-06-17", 2025, Some((6, 17))),
            ("9 Jan 2024", 2024, Some((1, 9))),
            ("2024年5月", 2024, None),
            ("(2014)", 2014, None),
        ] {
            let (found, date) = date(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(found, year, "{text}");
            assert_eq!(date.map(|date| (date.month(), date.day())), day, "{text}");
        }
        for wrong in ["2023/13", "2025-02-30", "12", "1000", "May", "2024 ideas"] {
            assert_eq!(date(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn labels_are_known_and_titles_are_none() {
        assert_eq!(role("PDF"), Some(Role::Paper));
        assert_eq!(
            role("official code - c"),
            Some(Role::Beside(LinkKind::Code))
        );
        assert_eq!(role("Project Page"), Some(Role::Beside(LinkKind::Project)));
        assert_eq!(role("代码"), Some(Role::Beside(LinkKind::Code)));
        assert_eq!(role("Python Reference"), Some(Role::Beside(LinkKind::Code)));
        assert_eq!(role("Attention"), None);
        assert_eq!(role("Code Generation by Folding"), None);
        assert_eq!(field("论文链接："), Some(Field::Link(Role::Paper)));
        assert_eq!(field("Paper(Oral):"), Some(Field::Link(Role::Paper)));
    }
}
