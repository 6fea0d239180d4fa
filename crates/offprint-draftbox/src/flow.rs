//! From articles to drafts.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::client::{Client, JSON, LONG, Request, SHORT};
use crate::compare::{Change, MAX_SHOWN, compare, fingerprint};
use crate::connection::Connection;
use crate::draft::{Article, Draft, MAX_ARTICLES, Picture};
use crate::errcode::INVALID_MEDIA_ID;
use crate::error::PublishError;
use crate::line::line;
use crate::markup::{characters, with_sources};
use crate::memory::{self, Memory, hash};
use crate::multipart::form;
use crate::secret::Credentials;
use crate::{Event, Host};

/// How many drafts are looked at when one may have been made: those of the last minutes.
const NEWEST: usize = 20;
/// More characters than a media id has.
const MAX_ID: usize = 256;
/// What people set in the console and the articles do not say.
const SET_BY_HAND: [&str; 4] = [
    "need_open_comment",
    "only_fans_can_comment",
    "pic_crop_235_1",
    "pic_crop_1_1",
];

/// What a publication did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// The drafts, in order.
    pub drafts: Vec<SentDraft>,
    /// Drafts of this issue that were made before and are not needed now. They are still in
    /// the box.
    pub left_over: Vec<String>,
    /// How many pictures and covers were uploaded.
    pub uploaded: usize,
    /// How many were there from before.
    pub reused: usize,
    /// What WeChat changed beyond what is known and expected.
    pub changes: Vec<Change>,
}

/// A draft that is in the box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentDraft {
    /// WeChat's name for it.
    pub media_id: String,
    /// The titles of its articles.
    pub titles: Vec<String>,
    /// How it came there.
    pub why: Why,
}

/// How a draft came into the box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It is the first for these articles.
    New,
    /// The one that was made before holds them now.
    Updated,
    /// It is new, as WeChat does not know the one that was made before.
    Gone,
    /// It is new, as the one that was made before has another number of articles, which
    /// cannot be changed. That one is still there.
    Resized,
    /// WeChat's answer was lost, and the draft was found in the box.
    Found,
}

/// What a publication would do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// The pictures, each once, in order, and the covers after them.
    pub pictures: Vec<PlannedPicture>,
    /// The drafts, in order.
    pub drafts: Vec<PlannedDraft>,
}

/// A picture that a publication needs at WeChat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedPicture {
    /// Its name.
    pub name: String,
    /// Its length.
    pub bytes: usize,
    /// Whether it is a cover.
    pub is_cover: bool,
    /// Whether it is there already.
    pub is_known: bool,
}

/// A draft that a publication would make or update.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedDraft {
    /// The draft that was made before.
    pub media_id: Option<String>,
    /// The titles of its articles, and how many characters each has with its markup.
    pub articles: Vec<(String, usize)>,
}

/// What [`publish`] would do, as far as can be said without asking. `memory` is that of the
/// account, empty if it is not known.
#[must_use]
pub fn plan(memory: &Memory, key: &str, draft: &Draft) -> Plan {
    let mut plan = Plan::default();
    for (hash, picture) in pictures_of(draft) {
        plan.pictures.push(PlannedPicture {
            name: picture.name.clone(),
            bytes: picture.bytes.len(),
            is_cover: false,
            is_known: memory.pictures.contains_key(&hash),
        });
    }
    for (hash, picture) in covers_of(draft, &draft.articles) {
        plan.pictures.push(PlannedPicture {
            name: picture.name.clone(),
            bytes: picture.bytes.len(),
            is_cover: true,
            is_known: memory.covers.contains_key(&hash),
        });
    }
    for (index, articles) in draft.articles.chunks(MAX_ARTICLES).enumerate() {
        let before = memory.drafts.get(&key_of(key, index));
        let length = |article: &Article| (article.title.clone(), characters(&article.content));
        plan.drafts.push(PlannedDraft {
            media_id: before.and_then(|draft| draft.media_id.clone()),
            articles: articles.iter().map(length).collect(),
        });
    }
    plan
}

/// Puts the articles of an issue into the draft box of an account: the first time as a new
/// draft, later into the draft that was made. `key` names the issue among all that the
/// account publishes. `memory` is that of the account at this address of the interface. A
/// draft that was changed in the console is left alone unless `overwrite`.
///
/// # Errors
/// What WeChat refuses, and what the network does. All that was done until then is in
/// `memory`.
pub fn publish(
    connection: &Connection,
    credentials: &Credentials,
    memory: &mut Memory,
    host: &mut dyn Host,
    key: &str,
    draft: &Draft,
    overwrite: bool,
) -> Result<Outcome, PublishError> {
    let faults = draft.faults();
    if !faults.is_empty() {
        return Err(PublishError::Input(faults));
    }
    let mut flow = Flow {
        client: Client::new(connection, credentials, memory, host),
        draft,
        overwrite,
        outcome: Outcome::default(),
        uploaded_covers: BTreeSet::new(),
    };
    flow.upload_pictures()?;
    let contents = flow.contents()?;
    flow.upload_covers()?;
    let parts: Vec<Part<'_>> = draft
        .articles
        .iter()
        .zip(&contents)
        .map(|(article, content)| Part { article, content })
        .collect();
    let mut index = 0;
    for parts in parts.chunks(MAX_ARTICLES) {
        flow.place(&key_of(key, index), parts)?;
        index += 1;
    }
    // What an issue that has become shorter no longer needs.
    while let Some(left) = flow.client.memory.drafts.remove(&key_of(key, index)) {
        flow.outcome.left_over.extend(left.media_id);
        flow.client.keep()?;
        index += 1;
    }
    Ok(flow.outcome)
}

/// What names one draft of an issue.
fn key_of(key: &str, index: usize) -> String {
    match index {
        0 => key.to_owned(),
        index => format!("{key}#{}", index + 1),
    }
}

/// The pictures within articles, each once, by the hashes of their bytes.
fn pictures_of(draft: &Draft) -> Vec<(String, &Picture)> {
    let pictures = draft
        .articles
        .iter()
        .flat_map(|article| article.pictures.values());
    each_once(pictures)
}

/// The covers of some articles of a draft, each once, by the hashes of their bytes.
fn covers_of<'a>(draft: &'a Draft, articles: &'a [Article]) -> Vec<(String, &'a Picture)> {
    each_once(
        articles
            .iter()
            .filter_map(|article| draft.cover_of(article)),
    )
}

fn each_once<'a>(pictures: impl Iterator<Item = &'a Picture>) -> Vec<(String, &'a Picture)> {
    let mut seen = BTreeSet::new();
    pictures
        .map(|picture| (picture.hash.clone(), picture))
        .filter(|(hash, _)| seen.insert(hash.clone()))
        .collect()
}

/// An article as it is sent: its pictures are at WeChat.
struct Part<'a> {
    article: &'a Article,
    content: &'a str,
}

/// A publication at work.
struct Flow<'a> {
    client: Client<'a>,
    draft: &'a Draft,
    overwrite: bool,
    outcome: Outcome,
    /// The hashes of the covers that were uploaded in this run.
    uploaded_covers: BTreeSet<String>,
}

impl Flow<'_> {
    fn upload_pictures(&mut self) -> Result<(), PublishError> {
        for (hash, picture) in pictures_of(self.draft) {
            if self.client.memory.pictures.contains_key(&hash) {
                self.outcome.reused += 1;
                continue;
            }
            let doing = format!("uploading the picture `{}`", picture.name);
            let answer = self.upload(picture, &doing, "media/uploadimg", "", "url")?;
            let url = text(&answer, "url");
            let rest = url
                .strip_prefix("http://")
                .or_else(|| url.strip_prefix("https://"));
            // It goes into the article.
            let rest = rest.filter(|rest| rest.bytes().all(|byte| byte.is_ascii_graphic()));
            let Some(rest) = rest else {
                return Err(PublishError::Unanswered {
                    doing,
                    why: "the answer names no address of the web".to_owned(),
                    may_be_done: true,
                });
            };
            let url = format!("https://{rest}");
            self.client.memory.pictures.insert(hash, url);
            self.client.keep()?;
        }
        Ok(())
    }

    fn upload_covers(&mut self) -> Result<(), PublishError> {
        for (hash, picture) in covers_of(self.draft, &self.draft.articles) {
            if self.client.memory.covers.contains_key(&hash) {
                self.outcome.reused += 1;
            } else {
                self.upload_cover(hash, picture)?;
            }
        }
        Ok(())
    }

    fn upload_cover(&mut self, hash: String, picture: &Picture) -> Result<(), PublishError> {
        let doing = format!("uploading the cover `{}`", picture.name);
        let answer = self.upload(
            picture,
            &doing,
            "material/add_material",
            "&type=image",
            "media_id",
        )?;
        let media_id = line(text(&answer, "media_id"), MAX_ID);
        self.client.memory.covers.insert(hash.clone(), media_id);
        self.uploaded_covers.insert(hash);
        self.client.keep()
    }

    fn upload(
        &mut self,
        picture: &Picture,
        doing: &str,
        path: &'static str,
        query: &'static str,
        wanted: &'static str,
    ) -> Result<Value, PublishError> {
        let form = form(picture);
        let answer = self.client.call(&Request {
            doing,
            path,
            query,
            content_type: &form.content_type,
            body: &form.body,
            limit: SHORT,
            wanted,
        })?;
        self.outcome.uploaded += 1;
        self.client.host.tell(&Event::Uploaded {
            name: &picture.name,
            bytes: picture.bytes.len(),
        });
        Ok(answer)
    }

    /// The HTML of all articles with their pictures at WeChat, which must not have become too
    /// long.
    fn contents(&self) -> Result<Vec<String>, PublishError> {
        let mut contents = Vec::new();
        let mut faults = Vec::new();
        for article in &self.draft.articles {
            let mut addresses = BTreeMap::new();
            for (src, picture) in &article.pictures {
                let url = self.client.memory.pictures.get(&picture.hash);
                addresses.extend(url.map(|url| (src.as_str(), url.as_str())));
            }
            let content = with_sources(&article.content, &addresses);
            article.check_length(&content, &mut faults);
            contents.push(content);
        }
        if faults.is_empty() {
            Ok(contents)
        } else {
            Err(PublishError::Input(faults))
        }
    }

    /// Puts up to eight articles into a draft, and reads it back.
    fn place(&mut self, key: &str, parts: &[Part<'_>]) -> Result<(), PublishError> {
        let (media_id, why) = self.write(key, parts)?;
        let titles = parts.iter().map(|part| part.article.title.clone());
        self.outcome.drafts.push(SentDraft {
            media_id: media_id.clone(),
            titles: titles.collect(),
            why,
        });
        let now = self.read(&media_id)?;
        for (index, part) in parts.iter().enumerate() {
            let nothing = Value::Null;
            let now = now.get(index).unwrap_or(&nothing);
            self.tell_changes(part, now);
        }
        let record = self.client.memory.drafts.entry(key.to_owned()).or_default();
        record.seen = Some(fingerprint_of(&now));
        self.client.keep()
    }

    /// Makes a draft or updates the one that was made. Returns its media id.
    fn write(&mut self, key: &str, parts: &[Part<'_>]) -> Result<(String, Why), PublishError> {
        let record = self.client.memory.drafts.get(key).cloned();
        let memory::Draft {
            mut media_id,
            pending,
            mut seen,
        } = record.unwrap_or_default();
        let mut why = Why::New;
        if let Some(known) = pending
            && let Some(found) = self.find(&known, parts)?
        {
            self.remember(key, &found)?;
            media_id = Some(found);
            seen = None;
        }
        if let Some(media_id) = media_id {
            match self.read(&media_id) {
                Err(error) if error.code() == Some(INVALID_MEDIA_ID) => why = Why::Gone,
                Err(error) => return Err(error),
                Ok(now) if now.len() != parts.len() => why = Why::Resized,
                Ok(now) => {
                    let is_edited = seen.is_some_and(|seen| seen != fingerprint_of(&now));
                    if is_edited && !self.overwrite {
                        let title = parts.first().map(|part| part.article.title.clone());
                        return Err(PublishError::Edited(title.unwrap_or_default()));
                    }
                    // Until all of it is there, it is not what was seen.
                    self.remember(key, &media_id)?;
                    self.update(&media_id, parts, &now)?;
                    return Ok((media_id, Why::Updated));
                }
            }
        }
        let (media_id, is_found) = self.add(key, parts)?;
        let why = if is_found { Why::Found } else { why };
        Ok((media_id, why))
    }

    /// Writes down that a draft is in the box.
    fn remember(&mut self, key: &str, media_id: &str) -> Result<(), PublishError> {
        let record = memory::Draft {
            media_id: Some(media_id.to_owned()),
            ..memory::Draft::default()
        };
        self.client.memory.drafts.insert(key.to_owned(), record);
        self.client.keep()
    }

    /// Makes a draft, once: where the answer is lost, it is looked for before another attempt.
    /// Returns its media id, and whether it was found so.
    fn add(&mut self, key: &str, parts: &[Part<'_>]) -> Result<(String, bool), PublishError> {
        let doing = format!("making the draft of `{}`", title_of(parts));
        let known: Vec<String> = self.newest()?.into_iter().map(|(id, _)| id).collect();
        let record = self.client.memory.drafts.entry(key.to_owned()).or_default();
        record.pending = Some(known.clone());
        self.client.keep()?;
        let mut attempt = 0;
        let mut may_be_there = false;
        loop {
            let articles: Vec<Value> = parts
                .iter()
                .map(|part| self.article(part, &Value::Null))
                .collect();
            let body = json!({ "articles": articles }).to_string();
            let sent = self.client.call_once(&Request {
                doing: &doing,
                path: "draft/add",
                query: "",
                content_type: JSON,
                body: body.as_bytes(),
                limit: SHORT,
                wanted: "media_id",
            });
            let (error, may_pass) = match sent {
                Ok(answer) => {
                    let media_id = line(text(&answer, "media_id"), MAX_ID);
                    self.remember(key, &media_id)?;
                    return Ok((media_id, false));
                }
                Err(failed) => failed,
            };
            if error.code() == Some(INVALID_MEDIA_ID) && self.renew_covers(parts)? {
                continue;
            }
            may_be_there |= error.may_be_done();
            if !may_pass {
                if !may_be_there && let Some(record) = self.client.memory.drafts.get_mut(key) {
                    record.pending = None;
                    self.client.keep()?;
                }
                return Err(error);
            }
            self.client.pause(attempt, &doing, error)?;
            attempt += 1;
            if may_be_there && let Some(found) = self.find(&known, parts)? {
                self.remember(key, &found)?;
                return Ok((found, true));
            }
        }
    }

    /// Puts articles in the place of those that a draft holds `now`.
    fn update(
        &mut self,
        media_id: &str,
        parts: &[Part<'_>],
        now: &[Value],
    ) -> Result<(), PublishError> {
        for (index, (part, now)) in parts.iter().zip(now).enumerate() {
            let doing = format!("updating the draft of `{}`", part.article.title);
            loop {
                let body = json!({
                    "media_id": media_id,
                    "index": index,
                    "articles": self.article(part, now),
                });
                let sent = self.client.call(&Request {
                    doing: &doing,
                    path: "draft/update",
                    query: "",
                    content_type: JSON,
                    body: body.to_string().as_bytes(),
                    limit: SHORT,
                    wanted: "errcode",
                });
                match sent {
                    Ok(_) => break,
                    // The draft was there a moment ago: it is the cover that is not known.
                    Err(error)
                        if error.code() == Some(INVALID_MEDIA_ID)
                            && self.renew_covers(parts)? => {}
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(())
    }

    /// Uploads covers again that WeChat was remembered to have. `false` if all of them were
    /// uploaded in this run.
    fn renew_covers(&mut self, parts: &[Part<'_>]) -> Result<bool, PublishError> {
        let covers = parts
            .iter()
            .filter_map(|part| self.draft.cover_of(part.article));
        let covers = each_once(covers);
        let mut is_renewed = false;
        for (hash, picture) in covers {
            if !self.uploaded_covers.contains(&hash) {
                self.outcome.reused = self.outcome.reused.saturating_sub(1);
                self.upload_cover(hash, picture)?;
                is_renewed = true;
            }
        }
        Ok(is_renewed)
    }

    /// An article as the interface takes it. What was set by hand for the one that is there
    /// `now` stays.
    fn article(&self, part: &Part<'_>, now: &Value) -> Value {
        let Part { article, content } = part;
        let cover = self.draft.cover_of(article);
        let cover = cover.and_then(|cover| self.client.memory.covers.get(&cover.hash));
        let mut fields = Map::new();
        fields.insert("article_type".to_owned(), json!("news"));
        fields.insert("title".to_owned(), json!(article.title));
        for (name, value) in [
            ("author", &article.author),
            ("digest", &article.digest),
            ("content_source_url", &article.source_url),
        ] {
            if let Some(value) = value {
                fields.insert(name.to_owned(), json!(value));
            }
        }
        fields.insert("content".to_owned(), json!(content));
        fields.insert("thumb_media_id".to_owned(), json!(cover));
        for name in SET_BY_HAND {
            if let Some(value) = now.get(name) {
                fields.insert(name.to_owned(), value.clone());
            }
        }
        Value::Object(fields)
    }

    /// The articles of a draft.
    fn read(&mut self, media_id: &str) -> Result<Vec<Value>, PublishError> {
        let body = json!({ "media_id": media_id }).to_string();
        let answer = self.client.call(&Request {
            doing: "reading the draft back",
            path: "draft/get",
            query: "",
            content_type: JSON,
            body: body.as_bytes(),
            limit: LONG,
            wanted: "news_item",
        })?;
        Ok(articles_of(&answer))
    }

    /// The newest drafts with their articles, without contents.
    fn newest(&mut self) -> Result<Vec<(String, Vec<Value>)>, PublishError> {
        let body = json!({ "offset": 0, "count": NEWEST, "no_content": 1 }).to_string();
        let answer = self.client.call(&Request {
            doing: "looking into the draft box",
            path: "draft/batchget",
            query: "",
            content_type: JSON,
            body: body.as_bytes(),
            limit: LONG,
            wanted: "total_count",
        })?;
        let items = answer.get("item").and_then(Value::as_array);
        let items = items.into_iter().flatten();
        Ok(items
            .map(|item| {
                let articles = item.get("content").map(articles_of).unwrap_or_default();
                (line(text(item, "media_id"), MAX_ID), articles)
            })
            .collect())
    }

    /// A draft of these articles that is not among the `known` ones.
    fn find(
        &mut self,
        known: &[String],
        parts: &[Part<'_>],
    ) -> Result<Option<String>, PublishError> {
        let is_it = |(id, articles): &(String, Vec<Value>)| {
            !known.contains(id)
                && articles.len() == parts.len()
                && articles
                    .iter()
                    .zip(parts)
                    .all(|(now, part)| is_same(now, part.article))
        };
        let newest = self.newest()?;
        Ok(newest.into_iter().find(is_it).map(|(id, _)| id))
    }

    /// Notes what WeChat changed in an article.
    fn tell_changes(&mut self, part: &Part<'_>, now: &Value) {
        let Part { article, content } = part;
        let mut add = |place: String, sent: String, now: String| {
            self.outcome.changes.push(Change {
                article: article.title.clone(),
                place,
                sent,
                now,
            });
        };
        for (name, sent) in [
            ("title", Some(&article.title)),
            ("author", article.author.as_ref()),
            ("digest", article.digest.as_ref()),
            ("content_source_url", article.source_url.as_ref()),
        ] {
            let now = text(now, name);
            if let Some(sent) = sent.filter(|sent| sent.as_str() != now) {
                add(name.to_owned(), sent.clone(), line(now, MAX_SHOWN));
            }
        }
        for (place, sent, now) in compare(content, text(now, "content")) {
            add(place, sent, now);
        }
    }
}

/// Whether an article of the draft box is this one, as far as it is told without contents.
fn is_same(now: &Value, article: &Article) -> bool {
    let is_as_sent = |name, sent: &Option<String>| {
        sent.as_ref()
            .is_none_or(|sent| sent.as_str() == text(now, name))
    };
    article.title == text(now, "title")
        && is_as_sent("digest", &article.digest)
        && is_as_sent("author", &article.author)
}

fn title_of<'a>(parts: &'a [Part<'_>]) -> &'a str {
    parts.first().map_or("", |part| part.article.title.as_str())
}

fn articles_of(answer: &Value) -> Vec<Value> {
    let articles = answer.get("news_item").and_then(Value::as_array);
    articles.cloned().unwrap_or_default()
}

/// What a draft is, without what WeChat adds.
fn fingerprint_of(articles: &[Value]) -> String {
    let mut all = String::new();
    for article in articles {
        for name in ["title", "author", "digest", "content_source_url"] {
            all.push_str(text(article, name));
            all.push('\0');
        }
        all.push_str(&fingerprint(text(article, "content")));
        all.push('\0');
    }
    hash(all.as_bytes())
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}
