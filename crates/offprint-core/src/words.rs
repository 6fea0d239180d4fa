//! The program's own words in what readers see, in the issue's language.

use std::borrow::Cow;

use crate::book::{Span, Unit};
use crate::date::Moment;
use crate::model::{Issue, Lang, LinkKind, Paper, Person, Series, Status};
use crate::names::{Name, is_and_others};
use jiff::civil::Date;

/// Chinese or English: the languages in which outputs speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Words {
    /// Simplified Chinese.
    Chinese,
    /// English, also for every language we have no words for.
    English,
}

/// A label that an output writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is its own word")]
pub enum Label {
    Contents,
    Introduction,
    Abstract,
    Notes,
    References,
    Related,
    Tags,
    Source,
    OriginalTitle,
    Via,
    Authors,
    Editors,
    Translators,
    Declaration,
    License,
    Event,
    Cover,
    TitlePage,
    About,
    AboutBook,
    Followers,
    Articles,
    Views,
    Submissions,
    Presenter,
    Tldr,
    Rating,
    Affiliations,
    BackToText,
    FirstPublished,
    Updated,
    Figure,
    Paper,
    Papers,
    OriginalLink,
    Image,
    QrCode,
    Index,
    Previous,
    Next,
    Turn,
    OnThisPage,
    Cite,
    Citations,
}

impl Words {
    /// The words for a language.
    #[must_use]
    pub fn of(lang: &Lang) -> Self {
        if lang.is_chinese() {
            Self::Chinese
        } else {
            Self::English
        }
    }

    fn pick(self, chinese: &'static str, english: &'static str) -> &'static str {
        match self {
            Self::Chinese => chinese,
            Self::English => english,
        }
    }

    /// A label.
    #[must_use]
    pub fn label(self, label: Label) -> &'static str {
        match label {
            Label::Contents => self.pick("目录", "Contents"),
            Label::Introduction => self.pick("导读", "Introduction"),
            Label::Abstract => self.pick("摘要", "Abstract"),
            Label::Notes => self.pick("注释", "Notes"),
            Label::References => self.pick("参考链接", "References"),
            Label::Related => self.pick("相关阅读", "Related reading"),
            Label::Tags => self.pick("标签", "Tags"),
            Label::Source => self.pick("来源", "Source"),
            Label::OriginalTitle => self.pick("原文标题", "Original title"),
            Label::Via => self.pick("转自", "Via"),
            Label::Authors => self.pick("作者", "Authors"),
            Label::Editors => self.pick("责任编辑", "Editors"),
            Label::Translators => self.pick("翻译", "Translators"),
            Label::Declaration => self.pick("声明", "Declaration"),
            Label::License => self.pick("许可", "Licence"),
            Label::Event => self.pick("会议", "Event"),
            Label::Cover => self.pick("封面", "Cover"),
            Label::TitlePage => self.pick("书名页", "Title page"),
            Label::About => self.pick("关于本期", "About this issue"),
            Label::AboutBook => self.pick("关于本书", "About this book"),
            Label::Followers => self.pick("关注", "followers"),
            Label::Articles => self.pick("文章", "articles"),
            Label::Views => self.pick("浏览", "views"),
            Label::Submissions => self.pick("投稿", "submissions"),
            Label::Presenter => self.pick("主讲", "Presenter"),
            Label::Tldr => self.pick("一句话", "TL;DR"),
            Label::Rating => self.pick("推荐", "Rating"),
            Label::Affiliations => self.pick("机构", "Affiliations"),
            Label::BackToText => self.pick("回到正文", "Back to text"),
            Label::FirstPublished => self.pick("首发", "First published"),
            Label::Updated => self.pick("更新", "Updated"),
            Label::Figure => self.pick("图", "Figure"),
            Label::Paper => self.pick("论文", "Paper"),
            Label::Papers => self.pick("论文", "Papers"),
            Label::Cite => self.pick("引用", "Cite"),
            Label::Citations => self.pick("引用格式", "How to cite"),
            Label::OriginalLink => self.pick("阅读原文", "Read the original"),
            Label::Image => self.pick("图片", "Image"),
            Label::QrCode => self.pick("二维码", "QR code"),
            Label::Index => self.pick("索引", "Index"),
            Label::Previous => self.pick("上一页", "Previous"),
            Label::Next => self.pick("下一页", "Next"),
            Label::Turn => self.pick("翻页", "Other pages"),
            Label::OnThisPage => self.pick("本页论文", "On this page"),
        }
    }

    /// A label with its colon, ready for what follows: `来源：`, `Source: `.
    #[must_use]
    pub fn lead(self, label: Label) -> String {
        format!("{}{}", self.label(label), self.colon())
    }

    /// What stands between a label and what it tells.
    #[must_use]
    pub fn colon(self) -> &'static str {
        self.pick("：", ": ")
    }

    /// The badge of a status.
    #[must_use]
    pub fn status(self, status: Status) -> &'static str {
        match status {
            Status::Preprint => self.pick("预印本", "Preprint"),
            Status::Submitted => self.pick("投稿中", "Submitted"),
            Status::Accepted => self.pick("已录用", "Accepted"),
            Status::Oral => self.pick("口头报告", "Oral"),
            Status::Spotlight => self.pick("亮点论文", "Spotlight"),
            Status::Poster => self.pick("海报", "Poster"),
            Status::BestPaper => self.pick("最佳论文", "Best paper"),
            Status::Rejected => self.pick("未录用", "Rejected"),
            Status::Withdrawn => self.pick("已撤稿", "Withdrawn"),
        }
    }

    /// A date as it is read: `2020年11月2日`, `2 November 2020`.
    #[must_use]
    pub fn date(self, date: Date) -> String {
        match self {
            Self::Chinese => format!("{}年{}月{}日", date.year(), date.month(), date.day()),
            Self::English => date.strftime("%-d %B %Y").to_string(),
        }
    }

    /// A publication's date as it is read, without its time of day.
    #[must_use]
    pub fn moment(self, moment: Moment) -> String {
        self.date(moment.date())
    }

    /// `第 12 期`, `No. 12`; with a volume `第 3 卷第 12 期`, `Vol. 3, No. 12`.
    #[must_use]
    pub fn number(self, issue: &Issue) -> Option<String> {
        match (self, issue.volume, issue.number) {
            (_, None, None) => None,
            (Self::Chinese, None, Some(number)) => Some(format!("第 {number} 期")),
            (Self::Chinese, Some(volume), None) => Some(format!("第 {volume} 卷")),
            (Self::Chinese, Some(volume), Some(number)) => {
                Some(format!("第 {volume} 卷第 {number} 期"))
            }
            (Self::English, None, Some(number)) => Some(format!("No. {number}")),
            (Self::English, Some(volume), None) => Some(format!("Vol. {volume}")),
            (Self::English, Some(volume), Some(number)) => {
                Some(format!("Vol. {volume}, No. {number}"))
            }
        }
    }

    /// What stands between the items of a list: `、` or `, `.
    #[must_use]
    pub fn comma(self) -> &'static str {
        self.pick("、", ", ")
    }

    /// People on one line, at most `most` of them: `甲、乙 等`, `A, B, et al.`
    #[must_use]
    pub fn people(self, people: &[Person], most: usize) -> String {
        let names: Vec<&str> = people
            .iter()
            .take(most)
            .map(|person| person.name.as_str())
            .collect();
        let mut line = names.join(self.comma());
        if people.len() > most {
            line.push_str(self.and_others());
        }
        line
    }

    /// What stands for the rest of a list of names.
    fn and_others(self) -> &'static str {
        self.pick(" 等", ", et al.")
    }

    /// `共 10 篇`, `10 papers`.
    #[must_use]
    pub fn papers(self, count: usize) -> String {
        match self {
            Self::Chinese => format!("共 {count} 篇"),
            Self::English if count == 1 => "1 paper".to_owned(),
            Self::English => format!("{count} papers"),
        }
    }

    /// `共 52 期`, `52 issues`.
    #[must_use]
    pub fn issues(self, count: usize) -> String {
        match self {
            Self::Chinese => format!("共 {count} 期"),
            Self::English if count == 1 => "1 issue".to_owned(),
            Self::English => format!("{count} issues"),
        }
    }

    /// A run of issues by their numbers: `第 1–52 期`, `Nos. 1–52`.
    #[must_use]
    pub fn numbers_from_to(self, first: u32, last: u32) -> String {
        match self {
            Self::Chinese if first == last => format!("第 {first} 期"),
            Self::Chinese => format!("第 {first}–{last} 期"),
            Self::English if first == last => format!("No. {first}"),
            Self::English => format!("Nos. {first}–{last}"),
        }
    }

    /// What a book of issues is called by the days that it covers: whole years and months
    /// are named as such. `2026 年合订本`, `2026年1月至6月合订本`; `2026`,
    /// `January – June 2026`.
    #[must_use]
    pub fn book(self, span: Span) -> String {
        let Span { first, last } = span;
        let one_year = first.year() == last.year();
        let one_month = one_year && first.month() == last.month();
        match (self, span.unit()) {
            (Self::Chinese, Unit::Year) if one_year => format!("{} 年合订本", first.year()),
            (Self::Chinese, Unit::Year) => {
                format!("{}–{} 年合订本", first.year(), last.year())
            }
            (Self::English, Unit::Year) if one_year => first.year().to_string(),
            (Self::English, Unit::Year) => format!("{}–{}", first.year(), last.year()),
            (Self::Chinese, Unit::Month) => {
                let (start, end) = (first.strftime("%Y年%-m月"), last.strftime("%Y年%-m月"));
                if one_month {
                    format!("{start}合订本")
                } else if one_year {
                    format!("{start}至{}月合订本", last.month())
                } else {
                    format!("{start}至{end}合订本")
                }
            }
            (Self::English, Unit::Month) => {
                let (start, end) = (first.strftime("%B %Y"), last.strftime("%B %Y"));
                if one_month {
                    start.to_string()
                } else if one_year {
                    format!("{} – {end}", first.strftime("%B"))
                } else {
                    format!("{start} – {end}")
                }
            }
            (Self::Chinese, Unit::Day) if first == last => format!("{}合订本", self.date(first)),
            (Self::Chinese, Unit::Day) => {
                format!("{}至{}合订本", self.date(first), self.date(last))
            }
            (Self::English, Unit::Day) if first == last => self.date(first),
            (Self::English, Unit::Day) => {
                format!("{} – {}", self.date(first), self.date(last))
            }
        }
    }

    /// What the page is called that tells where an issue or a book comes from.
    #[must_use]
    pub fn about(self, issue: &Issue) -> &'static str {
        self.label(if issue.parts.is_empty() {
            Label::About
        } else {
            Label::AboutBook
        })
    }

    /// A run of a section's papers, counted from 1: `第 51–100 篇`, `Papers 51–100`.
    #[must_use]
    pub fn papers_from_to(self, first: usize, last: usize) -> String {
        match self {
            Self::Chinese if first == last => format!("第 {first} 篇"),
            Self::Chinese => format!("第 {first}–{last} 篇"),
            Self::English if first == last => format!("Paper {first}"),
            Self::English => format!("Papers {first}–{last}"),
        }
    }

    /// What follows the title of one of several parts of a piece, counted from 1: `（上）`,
    /// `（2/3）`, ` (2/3)`.
    #[must_use]
    pub fn part(self, number: usize, of: usize) -> String {
        match (self, number, of) {
            (Self::Chinese, 1, 2) => "（上）".to_owned(),
            (Self::Chinese, 2, 2) => "（下）".to_owned(),
            (Self::Chinese, ..) => format!("（{number}/{of}）"),
            (Self::English, ..) => format!(" ({number}/{of})"),
        }
    }

    /// The title of a section that began in an earlier part.
    #[must_use]
    pub fn continued(self, title: &str) -> String {
        match self {
            Self::Chinese => format!("{title}（续）"),
            Self::English => format!("{title} (continued)"),
        }
    }
}

/// The name of a link's button: the series' own, else the field's usual word. `None` is the
/// landing page.
#[must_use]
pub fn link_label(series: &Series, words: Words, kind: Option<LinkKind>) -> String {
    let key = kind.map_or("url", LinkKind::key);
    if let Some(label) = series.labels.get(key) {
        return label.clone();
    }
    let (chinese, english) = match kind {
        None => ("论文", "Paper"),
        Some(LinkKind::Pdf) => ("PDF", "PDF"),
        Some(LinkKind::Code) => ("代码", "Code"),
        Some(LinkKind::Project) => ("主页", "Project"),
        Some(LinkKind::Data) => ("数据", "Data"),
        Some(LinkKind::Video) => ("视频", "Video"),
        Some(LinkKind::Slides) => ("幻灯片", "Slides"),
        Some(LinkKind::Poster) => ("海报", "Poster"),
        Some(LinkKind::Blog) => ("博客", "Blog"),
        Some(LinkKind::Discussion) => ("讨论", "Discussion"),
    };
    words.pick(chinese, english).to_owned()
}

/// A rating of 1 to 5 as five stars: `★★★☆☆`.
#[must_use]
pub fn stars(rating: u8) -> String {
    let full = usize::from(rating.min(5));
    "★".repeat(full) + &"☆".repeat(5 - full)
}

/// A paper's authors on one line, at most `most` of them: `A, B, C, et al.` or, for a
/// paper in Chinese, `甲、乙、丙 等`. A paper that names no language is taken for Chinese when
/// its title or every author's name is.
#[must_use]
pub fn byline(paper: &Paper, most: usize) -> String {
    let words = if crate::citation::is_chinese(paper) {
        Words::Chinese
    } else {
        Words::English
    };
    // Whoever lists `et al.` among the names gets it where it belongs.
    let named = || paper.authors.iter().filter(|author| !is_and_others(author));
    let shown: Vec<Cow<'_, str>> = named()
        .take(most)
        .map(|author| {
            // `Family, Given` would read as two authors among commas.
            if author.contains([',', '，']) {
                Cow::Owned(Name::of(author).shown())
            } else {
                Cow::Borrowed(author.as_str())
            }
        })
        .collect();
    let mut line = shown.join(words.comma());
    if paper.authors.len() > shown.len() && !shown.is_empty() {
        line.push_str(words.and_others());
    }
    line
}

/// What is known of a paper's appearance, in reading order: venue, year unless the venue
/// says it, status.
#[must_use]
pub fn facts(paper: &Paper, words: Words) -> Vec<String> {
    let mut facts: Vec<String> = paper.venue.clone().into_iter().collect();
    let year = paper.year.or_else(|| paper.date.map(Date::year));
    if let Some(year) = year.map(|year| year.to_string())
        && !facts.iter().any(|fact| fact.contains(&year))
    {
        facts.push(year);
    }
    facts.extend(paper.status.map(|status| words.status(status).to_owned()));
    facts
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::load::{Form, Location, issue};
    use crate::source::Source;

    fn paper(fields: &str) -> Paper {
        let text = format!(
            "---\ntitle: t\ndate: 2024-02-01\nlang: zh-CN\n---\n## s\n### Title\n- url: https://a.example/\n{fields}\n"
        );
        let source: Arc<Source> = Source::new("a.md", text);
        let location = Location {
            folder: String::new(),
            stem: "a".to_owned(),
        };
        let loaded = issue(&source, Form::Markdown, &location, &Series::default());
        loaded.value.unwrap().sections.remove(0).papers.remove(0)
    }

    #[test]
    fn the_rest_of_the_authors_is_named_in_the_papers_language() {
        let english = paper("- lang: en\n- authors: A. One; 林舟; C. Three");
        assert_eq!(byline(&english, 2), "A. One, 林舟, et al.");
        assert_eq!(byline(&english, 3), "A. One, 林舟, C. Three");
        let chinese = paper("- lang: zh\n- authors: 张三、李四、王五");
        assert_eq!(byline(&chinese, 2), "张三、李四 等");
    }

    #[test]
    fn a_paper_without_a_language_goes_by_its_names() {
        assert_eq!(byline(&paper("- authors: 张三、李四"), 9), "张三、李四");
        assert_eq!(byline(&paper("- authors: A. One; 张三"), 9), "A. One, 张三");
    }

    #[test]
    fn a_year_that_the_venue_names_is_not_said_twice() {
        let paper_of = |fields| facts(&paper(fields), Words::English);
        assert_eq!(paper_of("- venue: ICLR 2021\n- year: 2021"), ["ICLR 2021"]);
        assert_eq!(
            paper_of("- venue: JMLR\n- year: 2021\n- status: oral"),
            ["JMLR", "2021", "Oral"]
        );
    }

    #[test]
    fn a_book_is_called_by_the_years_months_or_days_that_it_covers() {
        let date = jiff::civil::date;
        let named = |first, last| {
            let span = Span { first, last };
            [Words::Chinese.book(span), Words::English.book(span)]
        };
        let year = [date(2026, 1, 1), date(2026, 12, 31)];
        assert_eq!(named(year[0], year[1]), ["2026 年合订本", "2026"]);
        assert_eq!(
            named(date(2024, 1, 1), year[1]),
            ["2024–2026 年合订本", "2024–2026"]
        );
        assert_eq!(
            named(date(2024, 1, 1), date(2024, 2, 29)),
            ["2024年1月至2月合订本", "January – February 2024"]
        );
        assert_eq!(
            named(date(2025, 12, 1), date(2025, 12, 31)),
            ["2025年12月合订本", "December 2025"]
        );
        assert_eq!(
            named(date(2025, 12, 1), date(2026, 1, 31)),
            [
                "2025年12月至2026年1月合订本",
                "December 2025 – January 2026"
            ]
        );
        assert_eq!(
            named(date(2025, 12, 2), date(2026, 1, 31)),
            [
                "2025年12月2日至2026年1月31日合订本",
                "2 December 2025 – 31 January 2026"
            ]
        );
        assert_eq!(
            named(year[0], year[0]),
            ["2026年1月1日合订本", "1 January 2026"]
        );
    }

    #[test]
    fn dates_read_as_their_language_writes_them() {
        let date = jiff::civil::date(2020, 11, 2);
        assert_eq!(Words::Chinese.date(date), "2020年11月2日");
        assert_eq!(Words::English.date(date), "2 November 2020");
    }
}
