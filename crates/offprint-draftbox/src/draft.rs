//! What is published, and what the interface takes of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use crate::line::line;
use crate::markup;
use crate::memory::hash;

/// The most articles of one draft.
pub(crate) const MAX_ARTICLES: usize = 8;
/// The most characters of a title.
const MAX_TITLE: usize = 32;
/// The most characters of an author's name.
const MAX_AUTHOR: usize = 16;
/// The most characters of a digest.
const MAX_DIGEST: usize = 128;
/// What an article's characters, markup included, must stay below.
const MAX_CHARACTERS: usize = 20_000;
/// What an article's bytes must stay below.
const MAX_BYTES: usize = 1024 * 1024;
/// The most bytes of the address behind 阅读原文.
const MAX_ADDRESS: usize = 1024;
/// What the bytes of a picture within an article must stay below.
const MAX_PICTURE: usize = 1024 * 1024;
/// The most bytes of a cover.
const MAX_COVER: usize = 10 * 1024 * 1024;
/// The most characters of an address that are shown.
const MAX_SHOWN: usize = 80;
/// Where pictures of articles are, besides those that are uploaded here.
const PICTURE_HOSTS: [&str; 5] = [
    "mmbiz.qpic.cn",
    "mmecoa.qpic.cn",
    "mmbiz.qlogo.cn",
    "res.wx.qq.com",
    "wx.qlogo.cn",
];

/// What goes into the draft box together: the parts of an issue, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Draft {
    /// The articles. More than eight become several drafts.
    pub articles: Vec<Article>,
}

/// An article.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Article {
    /// Its title.
    pub title: String,
    /// Who wrote it.
    pub author: Option<String>,
    /// What stands below the title where the article is offered. WeChat takes the first 54
    /// characters of an article without one.
    pub digest: Option<String>,
    /// Its HTML.
    pub content: String,
    /// Where 阅读原文 leads.
    pub source_url: Option<String>,
    /// Its pictures, by the `src` under which they stand in the HTML.
    pub pictures: BTreeMap<String, Picture>,
    /// Its cover. A further article without one has that of the first.
    pub cover: Option<Picture>,
}

/// A picture to be uploaded.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// Its name in messages and at WeChat.
    pub(crate) name: String,
    /// Its media type.
    pub(crate) media_type: String,
    pub(crate) bytes: Arc<[u8]>,
    /// The hash of the bytes, by which WeChat is remembered to have it.
    pub(crate) hash: String,
}

impl Picture {
    /// A picture with its name in messages and at WeChat, and its media type.
    #[must_use]
    pub fn new(
        name: impl Into<String>,
        media_type: impl Into<String>,
        bytes: impl Into<Arc<[u8]>>,
    ) -> Self {
        let bytes = bytes.into();
        Self {
            name: name.into(),
            media_type: media_type.into(),
            hash: hash(&bytes),
            bytes,
        }
    }
}

impl fmt::Debug for Picture {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Picture")
            .field("name", &self.name)
            .field("media_type", &self.media_type)
            .field("bytes", &self.bytes.len())
            .finish_non_exhaustive()
    }
}

/// Why an article cannot be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The rule's name, `wechat::…`.
    pub code: &'static str,
    /// One sentence, with the article in it.
    pub message: String,
    /// What to do.
    pub hint: String,
}

impl Draft {
    /// Everything in it that the interface would refuse.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.articles.is_empty() {
            faults.push(fault(
                "wechat::empty-article",
                "there is no article to publish",
                "give the issue papers or text",
            ));
        }
        for article in &self.articles {
            article.check(&mut faults);
        }
        if let Some(first) = self.articles.first()
            && first.cover.is_none()
        {
            faults.push(fault(
                "wechat::no-cover",
                format!(
                    "`{}` has no cover, and WeChat takes no draft without",
                    first.title
                ),
                "give the issue a `cover`, or the series a `logo`",
            ));
        }
        faults
    }

    /// The cover of an article of this draft.
    pub(crate) fn cover_of<'a>(&'a self, article: &'a Article) -> Option<&'a Picture> {
        let first = self.articles.first();
        article
            .cover
            .as_ref()
            .or_else(|| first.and_then(|first| first.cover.as_ref()))
    }
}

impl Article {
    fn check(&self, faults: &mut Vec<Fault>) {
        let name = &self.title;
        let mut limit = |code, what: &str, count: usize, most: usize, hint: &str| {
            if count > most {
                let message = format!(
                    "{what} of `{name}` has {count} characters; WeChat's interface takes {most}"
                );
                faults.push(fault(code, message, hint));
            }
        };
        limit(
            "wechat::long-title",
            "the title",
            self.title.chars().count(),
            MAX_TITLE,
            "give the issue a `short-title`",
        );
        limit(
            "wechat::long-author",
            "the author",
            self.author.as_ref().map_or(0, |it| it.chars().count()),
            MAX_AUTHOR,
            "name fewer people, or the group",
        );
        limit(
            "wechat::long-digest",
            "the digest",
            self.digest.as_ref().map_or(0, |it| it.chars().count()),
            MAX_DIGEST,
            "shorten the issue's summary",
        );
        if self.title.trim().is_empty() {
            faults.push(fault(
                "wechat::no-title",
                "an article has no title",
                "give the issue a title",
            ));
        }
        if self.content.trim().is_empty() {
            faults.push(fault(
                "wechat::empty-article",
                format!("`{name}` is empty"),
                "give the issue papers or text",
            ));
        }
        if let Some(url) = &self.source_url
            && url.len() > MAX_ADDRESS
        {
            faults.push(fault(
                "wechat::long-address",
                format!(
                    "the address behind 阅读原文 of `{name}` has {} bytes; WeChat takes {MAX_ADDRESS}",
                    url.len()
                ),
                "give the issue a shorter `canonical` address",
            ));
        }
        self.check_length(&self.content, faults);
        self.check_pictures(faults);
    }

    /// Checks the HTML, with pictures where they are or where they will be.
    pub(crate) fn check_length(&self, content: &str, faults: &mut Vec<Fault>) {
        let characters = markup::characters(content);
        if characters >= MAX_CHARACTERS || content.len() >= MAX_BYTES + embedded(&self.pictures) {
            faults.push(fault(
                "wechat::too-long",
                format!(
                    "`{}` has {characters} characters and {} bytes, markup included; WeChat's \
                     interface takes fewer than {MAX_CHARACTERS} characters and 1 MB",
                    self.title,
                    content.len()
                ),
                "split the issue",
            ));
        }
    }

    fn check_pictures(&self, faults: &mut Vec<Fault>) {
        let name = &self.title;
        let mut unknown = BTreeSet::new();
        for src in markup::sources(&self.content) {
            if !self.pictures.contains_key(&src)
                && !is_at_wechat(&src)
                && unknown.insert(src.clone())
            {
                faults.push(fault(
                    "wechat::foreign-picture",
                    format!(
                        "`{name}` shows `{}`, which WeChat removes",
                        line(&src, MAX_SHOWN)
                    ),
                    "put the picture into the project, so that it is uploaded",
                ));
            }
        }
        for picture in self.pictures.values() {
            let shown = &picture.name;
            if !matches!(picture.media_type.as_str(), "image/png" | "image/jpeg") {
                faults.push(fault(
                    "wechat::image-type",
                    format!(
                        "`{shown}` is {}; WeChat takes PNG and JPEG within an article",
                        picture.media_type
                    ),
                    "store the picture as PNG or JPEG",
                ));
            }
            if picture.bytes.len() >= MAX_PICTURE {
                faults.push(fault(
                    "wechat::image-too-large",
                    format!(
                        "`{shown}` has {} bytes; WeChat takes less than 1 MB within an article",
                        picture.bytes.len()
                    ),
                    "make the picture smaller, or store it as JPEG",
                ));
            }
        }
        if let Some(cover) = &self.cover {
            let shown = &cover.name;
            if !matches!(
                cover.media_type.as_str(),
                "image/png" | "image/jpeg" | "image/gif" | "image/bmp"
            ) {
                faults.push(fault(
                    "wechat::image-type",
                    format!(
                        "the cover `{shown}` is {}; WeChat takes PNG, JPEG, GIF and BMP",
                        cover.media_type
                    ),
                    "store the cover as PNG or JPEG",
                ));
            }
            if cover.bytes.len() > MAX_COVER {
                faults.push(fault(
                    "wechat::image-too-large",
                    format!(
                        "the cover `{shown}` has {} bytes; WeChat takes 10 MB",
                        cover.bytes.len()
                    ),
                    "make the cover smaller, or store it as JPEG",
                ));
            }
        }
    }
}

/// How many bytes of an article are addresses that hold the pictures themselves.
fn embedded(pictures: &BTreeMap<String, Picture>) -> usize {
    pictures.keys().map(String::len).sum()
}

/// Whether a picture lies where WeChat shows it from.
fn is_at_wechat(src: &str) -> bool {
    let rest = src
        .strip_prefix("https://")
        .or_else(|| src.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        PICTURE_HOSTS.contains(&host)
    })
}

fn fault(code: &'static str, message: impl Into<String>, hint: &str) -> Fault {
    Fault {
        code,
        message: message.into(),
        hint: hint.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn article() -> Article {
        Article {
            title: "标".repeat(MAX_TITLE),
            author: Some("作".repeat(MAX_AUTHOR)),
            digest: Some("摘".repeat(MAX_DIGEST)),
            content: "<p>文</p><img src=\"a.png\">".to_owned(),
            source_url: Some("u".repeat(MAX_ADDRESS)),
            pictures: BTreeMap::from([("a.png".to_owned(), picture("image/png", MAX_PICTURE - 1))]),
            cover: Some(picture("image/gif", MAX_COVER)),
        }
    }

    fn picture(media_type: &str, length: usize) -> Picture {
        Picture::new("a.png", media_type, vec![0; length])
    }

    fn codes(articles: &[Article]) -> Vec<&'static str> {
        let draft = Draft {
            articles: articles.to_vec(),
        };
        draft.faults().into_iter().map(|fault| fault.code).collect()
    }

    #[test]
    fn what_is_at_the_limits_is_taken() {
        let mut article = article();
        assert_eq!(codes(std::slice::from_ref(&article)), Vec::<&str>::new());
        article.content = "文".repeat(MAX_CHARACTERS - 1);
        assert_eq!(codes(std::slice::from_ref(&article)), Vec::<&str>::new());
        // Further articles have the cover of the first.
        let bare = Article {
            cover: None,
            ..article.clone()
        };
        assert_eq!(codes(&[article, bare.clone()]), Vec::<&str>::new());
        assert_eq!(codes(&[bare]), ["wechat::no-cover"]);
    }

    #[test]
    fn everything_beyond_the_limits_is_told_at_once() {
        let mut article = article();
        article.title.push('标');
        article.author = Some("作".repeat(MAX_AUTHOR + 1));
        article.digest = Some("摘".repeat(MAX_DIGEST + 1));
        article.source_url = Some("u".repeat(MAX_ADDRESS + 1));
        article.content = format!(
            "{}<img src=\"https://example.org/b.png\"><img src=\"https://example.org/b.png\">\
             <img src=\"https://mmbiz.qpic.cn/b/0\"><img src=\"https://mmbiz.qpic.cn.example.org/c\">",
            "文".repeat(MAX_CHARACTERS)
        );
        article.pictures = BTreeMap::from([
            ("a.gif".to_owned(), picture("image/gif", 1)),
            ("a.png".to_owned(), picture("image/png", MAX_PICTURE)),
        ]);
        article.cover = Some(picture("image/webp", MAX_COVER + 1));
        assert_eq!(
            codes(&[article, Article::default()]),
            [
                "wechat::long-title",
                "wechat::long-author",
                "wechat::long-digest",
                "wechat::long-address",
                "wechat::too-long",
                "wechat::foreign-picture",
                "wechat::foreign-picture",
                "wechat::image-type",
                "wechat::image-too-large",
                "wechat::image-type",
                "wechat::image-too-large",
                "wechat::no-title",
                "wechat::empty-article",
            ]
        );
        assert_eq!(codes(&[]), ["wechat::empty-article"]);
    }
}
