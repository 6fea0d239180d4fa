//! The files of the feeds, made of what the issues left in the spool.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use offprint_core::book::Span;
use offprint_core::words::Words;
use offprint_core::{Artifact, Context, ExportError, RelativePath, Series, Spool};

use crate::Rss;
use crate::catalogue;
use crate::channel::{self, Archive, Frame, Newest, Subject};
use crate::collect::{Kind, Shown, Spooled, State};
use crate::item::Desk;
use crate::json;
use crate::list::{self, Feeds};
use crate::pages::{Filling, Limit, part};

/// How far apart two stretches of the spool may lie that are read together.
const GAP: u64 = 64 * 1024;
/// How many bytes are read together at the most.
const READ: u64 = 4 * 1024 * 1024;
/// What a feed says of its archives and its dates, in bytes at the most: set aside, so that
/// where archives are cut does not depend on it.
const RESERVE: u64 = 2048;

/// Makes all files but those of pictures.
///
/// # Errors
/// Those of `sink` and of the spool, and what went wrong here.
pub(crate) fn write(
    desk: &Desk<'_>,
    spool: &dyn Spool,
    state: &State,
    context: &Context<'_>,
    sink: &mut dyn FnMut(Artifact) -> Result<(), ExportError>,
) -> Result<(), ExportError> {
    let settings = desk.settings;
    let mut files = Files {
        settings,
        series: desk.series,
        spool,
        desk,
        state,
        feeds: Feeds::default(),
        sink,
    };
    if settings.rss {
        files.rss()?;
    }
    if settings.json {
        files.json()?;
    }
    files.list()?;
    if settings.opds {
        files.catalogue(context)?;
    }
    Ok(())
}

/// What the files are made of.
struct Files<'f, 'd> {
    settings: &'f Rss,
    series: &'f Series,
    spool: &'f dyn Spool,
    desk: &'f Desk<'d>,
    state: &'f State,
    feeds: Feeds,
    sink: &'f mut dyn FnMut(Artifact) -> Result<(), ExportError>,
}

/// An item of a feed and the issue it comes from, by its place in time.
#[derive(Debug, Clone)]
struct Part {
    issue: usize,
    item: Spooled,
}

impl Part {
    fn new(issue: usize, item: &Spooled) -> Self {
        Self {
            issue,
            item: item.clone(),
        }
    }

    fn length(&self) -> u64 {
        self.item.end.saturating_sub(self.item.start)
    }
}

/// The papers of a section or with a tag.
struct Group<'s> {
    title: &'s str,
    parts: Vec<Part>,
    filling: Filling,
    is_full: bool,
}

impl<'f> Files<'f, '_> {
    /// What `items` takes of every issue, in the order of the issues.
    fn parts<I>(&self, items: impl Fn(&'f Shown) -> I) -> Vec<Part>
    where
        I: IntoIterator<Item = &'f Spooled>,
    {
        let state = self.state;
        let issues = state.issues.iter().enumerate();
        issues
            .flat_map(|(issue, shown)| {
                let items = items(shown).into_iter();
                items.map(move |item| Part::new(issue, item))
            })
            .collect()
    }

    /// The feeds in RSS.
    fn rss(&mut self) -> Result<(), ExportError> {
        if self.settings.issues {
            let parts = self.parts(|shown| &shown.rss);
            self.archived(Subject::Issues, "feed", &parts)?;
        }
        if self.settings.papers {
            let parts = self.parts(|shown| shown.papers.iter().map(|paper| &paper.rss));
            self.archived(Subject::Papers, "papers", &parts)?;
            drop(parts);
            self.groups()?;
        }
        Ok(())
    }

    /// A main feed and its archives.
    fn archived(
        &mut self,
        subject: Subject<'_>,
        name: &str,
        parts: &[Part],
    ) -> Result<(), ExportError> {
        let path = format!("{name}.xml");
        let lengths: Vec<u64> = parts.iter().map(Part::length).collect();
        let parted = part(&lengths, self.limit(subject)?);
        let page_path = |number: usize| format!("archive/{name}-{number}.xml");
        let page_count = parted.pages.len();
        let closed_count = page_count.saturating_sub(1);
        let archive = Archive {
            prev: (closed_count > 0).then(|| page_path(closed_count)),
            ..Archive::default()
        };
        let main = parts.get(parted.main).unwrap_or_default();
        let title = self.feed(subject, &path, archive, main)?;
        self.feeds.whole.push(list::Entry {
            title,
            path: path.clone(),
            is_rss: true,
        });
        for (number, page) in (1..).zip(parted.pages) {
            let archive = Archive {
                is_closed: number < page_count,
                prev: (number > 1).then(|| page_path(number - 1)),
                next: (number < page_count).then(|| page_path(number + 1)),
                current: Some(path.clone()),
            };
            let parts = parts.get(page).unwrap_or_default();
            self.feed(subject, &page_path(number), archive, parts)?;
        }
        Ok(())
    }

    /// What a feed may hold beside its own words.
    fn limit(&self, subject: Subject<'_>) -> Result<Limit, ExportError> {
        let frame = Frame {
            subject,
            path: "",
            newest: None,
            modified: None,
            archive: Archive::default(),
        };
        let desk = self.desk;
        let (head, foot) =
            frame.write(self.settings, self.series, &desk.cleaner, &desk.pictures)?;
        let length = (head.len() + foot.len()) as u64 + RESERVE;
        Ok(Limit::new(self.settings, length))
    }

    /// The feeds of sections and tags.
    fn groups(&mut self) -> Result<(), ExportError> {
        let state = self.state;
        let limit = self.limit(Subject::Named(""))?;
        let mut groups: BTreeMap<(Kind, &str), Group<'f>> = BTreeMap::new();
        for (issue, shown) in state.issues.iter().enumerate() {
            for paper in &shown.papers {
                let tags = paper.tags.start as usize..paper.tags.end as usize;
                let tags = shown.tags.get(tags).unwrap_or_default();
                for &number in paper.section.iter().chain(tags) {
                    let Some(label) = state.labels.all.get(number as usize) else {
                        continue;
                    };
                    // What a feed is called in is the newest spelling.
                    let group = groups
                        .entry((label.kind, &label.slug))
                        .or_insert_with(|| Group {
                            title: &label.title,
                            parts: Vec::new(),
                            filling: Filling::default(),
                            is_full: false,
                        });
                    let part = Part::new(issue, &paper.rss);
                    // Two tags of a paper may go by one name.
                    let is_there = group
                        .parts
                        .last()
                        .is_some_and(|last| last.item == part.item);
                    if group.is_full || is_there {
                        continue;
                    }
                    if group.filling.takes(limit, part.length()) {
                        group.parts.push(part);
                    } else {
                        group.is_full = true;
                    }
                }
            }
        }
        for ((kind, slug), group) in groups {
            let folder = match kind {
                Kind::Section => "sections",
                Kind::Tag => "tags",
            };
            let path = format!("{folder}/{slug}.xml");
            let subject = Subject::Named(group.title);
            self.feed(subject, &path, Archive::default(), &group.parts)?;
            let entry = list::Entry {
                title: self.desk.cleaner.line("title", group.title).into_owned(),
                path,
                is_rss: true,
            };
            match kind {
                Kind::Section => self.feeds.sections.push(entry),
                Kind::Tag => self.feeds.tags.push(entry),
            }
        }
        Ok(())
    }

    /// What a feed is to know of the issues that it holds.
    fn frame<'s>(
        &self,
        subject: Subject<'s>,
        path: &'s str,
        archive: Archive,
        parts: &[Part],
    ) -> Frame<'s>
    where
        'f: 's,
    {
        let state = self.state;
        let issues: BTreeSet<usize> = parts.iter().map(|part| part.issue).collect();
        let shown = || issues.iter().filter_map(|&issue| state.issues.get(issue));
        Frame {
            subject,
            path,
            newest: shown().next().map(newest),
            modified: shown()
                .map(|issue| issue.modified)
                .max_by_key(|moment| moment.unix_seconds()),
            archive,
        }
    }

    /// A file of RSS; returns the feed's title.
    fn feed(
        &mut self,
        subject: Subject<'_>,
        path: &str,
        archive: Archive,
        parts: &[Part],
    ) -> Result<String, ExportError> {
        let is_listed = !path.contains('/');
        let mut frame = self.frame(subject, path, archive, parts);
        if parts.is_empty() {
            // Papers are missing, and issues may be there all the same.
            frame.newest = self.state.issues.first().map(newest);
            frame.modified = self.state.modified();
        }
        let desk = self.desk;
        let (head, foot) =
            frame.write(self.settings, self.series, &desk.cleaner, &desk.pictures)?;
        let title = frame.about(self.series, &desk.cleaner).title;
        let data = assembled(self.spool, &head, parts, 0, &foot)?;
        self.hand_over(path, channel::MEDIA_TYPE, data, is_listed)?;
        Ok(title)
    }

    /// The feeds in JSON.
    fn json(&mut self) -> Result<(), ExportError> {
        if self.settings.issues {
            let parts = self.parts(|shown| &shown.json);
            self.json_feed(Subject::Issues, "feed.json", &parts)?;
        }
        if self.settings.papers {
            let parts = self.parts(|shown| &shown.json_papers);
            self.json_feed(Subject::Papers, "papers.json", &parts)?;
        }
        Ok(())
    }

    fn json_feed(
        &mut self,
        subject: Subject<'_>,
        path: &str,
        parts: &[Part],
    ) -> Result<(), ExportError> {
        let mut frame = self.frame(subject, path, Archive::default(), parts);
        if parts.is_empty() {
            frame.newest = self.state.issues.first().map(newest);
        }
        let desk = self.desk;
        let (head, foot) = json::frame(
            &frame,
            self.settings,
            self.series,
            &desk.cleaner,
            &desk.pictures,
        )?;
        let limit = Limit::new(self.settings, (head.len() + foot.len()) as u64);
        let count = limit.first(parts.iter().map(Part::length));
        let parts = parts.get(..count).unwrap_or_default();
        let data = assembled(self.spool, &head, parts, 1, &foot)?;
        if !self.settings.rss {
            self.feeds.whole.push(list::Entry {
                title: frame.about(self.series, &desk.cleaner).title,
                path: path.to_owned(),
                is_rss: false,
            });
        }
        self.hand_over(path, json::MEDIA_TYPE, data, true)
    }

    /// The list of the feeds, where they have addresses.
    fn list(&mut self) -> Result<(), ExportError> {
        let Some(base) = &self.series.url else {
            return Ok(());
        };
        if self.feeds.whole.is_empty() {
            return Ok(());
        }
        let frame = Frame {
            subject: Subject::Issues,
            path: "",
            newest: self.state.issues.first().map(newest),
            modified: None,
            archive: Archive::default(),
        };
        let about = frame.about(self.series, &self.desk.cleaner);
        let lang = about
            .lang
            .as_deref()
            .and_then(offprint_core::model::Lang::parse);
        let words = lang.as_ref().map_or(Words::English, Words::of);
        let feeds = std::mem::take(&mut self.feeds);
        let data = list::write(&feeds, &about, base, words, self.state.modified())?;
        self.hand_over("feeds.opml", list::MEDIA_TYPE, data, true)
    }

    /// The catalogue of books, where there are any.
    fn catalogue(&mut self, context: &Context<'_>) -> Result<(), ExportError> {
        let state = self.state;
        let Some(updated) = state.modified() else {
            return Ok(());
        };
        let desk = self.desk;
        let frame = Frame {
            subject: Subject::Issues,
            path: "",
            newest: state.issues.first().map(newest),
            modified: None,
            archive: Archive::default(),
        };
        let about = frame.about(self.series, &desk.cleaner);
        // A book is as new as the newest of its issues.
        let modified = |name: &str| {
            let span = Span::of_id(name);
            let issues = state.issues.iter();
            issues
                .filter(|issue| span.is_none_or(|span| span.contains(issue.date)))
                .map(|issue| issue.modified)
                .max_by_key(|moment| moment.unix_seconds())
                .or(Some(updated))
        };
        let mut parts = Vec::new();
        for entry in catalogue::of_series(desk, context, &about, modified)? {
            let item = self.spool.put(entry.as_bytes())?;
            parts.push(Part::new(0, &item));
        }
        parts.extend(self.parts(|shown| &shown.entry));
        let icon = self.series.icon.as_ref();
        let icon = icon.and_then(|icon| desk.pictures.place_in_series(icon));
        let count = parts.len().div_ceil(catalogue::PAGE);
        for (number, parts) in (1..).zip(parts.chunks(catalogue::PAGE)) {
            let page = catalogue::Page {
                number,
                count,
                about: &about,
                updated,
                icon: icon.as_ref().map(|(path, _)| path.clone()),
            };
            let (head, foot) = page.frame(self.series, &desk.cleaner)?;
            let data = assembled(self.spool, &head, parts, 0, &foot)?;
            let path = catalogue::Page::path(number);
            self.hand_over(&path, catalogue::MEDIA_TYPE, data, number == 1)?;
        }
        Ok(())
    }

    fn hand_over(
        &mut self,
        path: &str,
        media_type: &'static str,
        data: Vec<u8>,
        listed: bool,
    ) -> Result<(), ExportError> {
        let mut artifact = Artifact::new(RelativePath::new(path)?, media_type, data);
        artifact.listed = listed;
        (self.sink)(artifact)
    }
}

fn newest(shown: &Shown) -> Newest<'_> {
    Newest {
        title: &shown.title,
        summary: shown.summary.as_deref(),
        canonical: shown.canonical.as_deref(),
        lang: &shown.lang,
    }
}

/// A file: `head`, the items without the first `skipped` bytes of the first one, `foot`.
/// What lies near each other in the spool is read together.
fn assembled(
    spool: &dyn Spool,
    head: &str,
    parts: &[Part],
    skipped: usize,
    foot: &str,
) -> Result<Vec<u8>, ExportError> {
    let length: u64 = parts.iter().map(Part::length).sum();
    let mut data = Vec::with_capacity(head.len() + length as usize + foot.len());
    data.extend_from_slice(head.as_bytes());
    let mut rest = parts;
    while let Some(first) = rest.first() {
        let mut stretch = first.item.clone();
        let count = rest
            .iter()
            .take_while(|part| {
                let is_near = part.item.start >= stretch.start
                    && part.item.start <= stretch.end.saturating_add(GAP)
                    && part.item.end.saturating_sub(stretch.start) <= READ.max(first.length());
                if is_near {
                    stretch.end = stretch.end.max(part.item.end);
                }
                is_near
            })
            .count();
        let (together, others) = rest.split_at_checked(count.max(1)).unwrap_or((rest, &[]));
        let start = stretch.start;
        let bytes = spool.get(stretch)?;
        for part in together {
            let from = (part.item.start - start) as usize;
            let item = bytes.get(from..from + part.length() as usize);
            data.extend_from_slice(
                item.ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof))?,
            );
        }
        rest = others;
    }
    if !parts.is_empty() {
        data.drain(head.len()..(head.len() + skipped).min(data.len()));
    }
    data.extend_from_slice(foot.as_bytes());
    Ok(data)
}

#[cfg(test)]
mod tests {
    use super::*;
    use offprint_core::export::MemorySpool;

    #[test]
    fn items_are_read_wherever_they_lie() {
        let spool = MemorySpool::default();
        let size = READ as usize + 3 * GAP as usize;
        let bytes: Vec<u8> = (0..size).map(|n| b'a' + (n % 26) as u8).collect();
        spool.put(&bytes).unwrap();
        let (gap, read, end) = (GAP, READ, size as u64);
        let orders: [&[Spooled]; 6] = [
            &[],
            &[5..9, 9..12, 12..12],
            &[5..9, 2..4, 0..3, 100..200],
            &[0..10, gap + 10..gap + 20, 3 * gap..3 * gap + 1],
            &[0..1, read - 10..read + 10, end - 1..end, 7..8],
            &[0..end, 1..2],
        ];
        for order in orders {
            let parts: Vec<Part> = order.iter().map(|item| Part::new(0, item)).collect();
            let mut expected = b"<".to_vec();
            for item in order {
                expected.extend_from_slice(&bytes[item.start as usize..item.end as usize]);
            }
            expected.push(b'>');
            let read = assembled(&spool, "<", &parts, 0, ">").unwrap();
            assert!(read == expected, "{order:?}");
        }
        let parts = [Part::new(0, &(3..6)), Part::new(0, &(0..2))];
        assert_eq!(assembled(&spool, "<", &parts, 1, ">").unwrap(), b"<efab>");
        let beyond = [Part::new(0, &(end..end + 1))];
        assert!(assembled(&spool, "", &beyond, 0, "").is_err());
    }
}
