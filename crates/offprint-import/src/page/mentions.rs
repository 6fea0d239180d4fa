//! Papers that prose names in passing: what newsletters do.
//!
//! A page that writes its papers down has them read by the grammar. One that only speaks of
//! them, with a link behind a word or two, says where each is for certain, but seldom what it
//! is called. What is not said stays open.

use std::collections::{BTreeMap, BTreeSet};

use super::address::{self, Target};
use super::features::{self, Features, IN_CAPITALS};
use super::grammar::Role;
use super::line::{Line, MarkKind};

/// A paper that prose leads to.
#[derive(Debug, Clone)]
pub(super) struct Mention {
    /// Where it is.
    pub(super) url: String,
    /// What it is called, if the page says so.
    pub(super) title: Option<String>,
}

/// What a line of such a page is for.
#[derive(Debug, Clone)]
pub(super) enum Part {
    /// The words above a paper that are its title.
    Title,
    /// The words above what is said of a paper.
    Lead,
    /// It names papers that were not named before, and may be about one of them.
    Names {
        papers: Vec<Mention>,
        /// Which one, by its place among them.
        subject: Option<usize>,
    },
    /// It goes on about the paper that was named.
    More,
    /// The address of a paper again.
    Again,
}

/// How few papers prose must name for a page to be read so.
const FEWEST: usize = 2;

/// The most lines below a lead that are about one paper.
const MOST_LINES: usize = 5;

/// How many papers prose must name for each that seems to be written down: a picture's caption
/// may look like one.
const FOR_EACH: usize = 5;

/// The lines of a page that only speaks of papers, if it does. `certain` is how many seem to be
/// written down.
pub(super) fn of(
    lines: &[Line],
    features: &[Features],
    roles: &[Role],
    certain: usize,
) -> BTreeMap<usize, Part> {
    let page = Page {
        lines,
        features,
        roles,
    };
    let blocks = page.blocks();
    let named: BTreeSet<String> = blocks
        .iter()
        .cloned()
        .flatten()
        .flat_map(|index| page.links(index))
        .filter(|link| !link.is_bare)
        .map(|link| address::identity(&link.url))
        .collect();
    if named.len() < FEWEST.max(certain * FOR_EACH) {
        return BTreeMap::new();
    }
    let leads_are_titles = page.leads_are_titles(&blocks);
    // A paper may be called by its title further down.
    let called: BTreeMap<String, String> = blocks
        .iter()
        .cloned()
        .flatten()
        .flat_map(|index| page.links(index))
        .filter_map(|link| {
            let title = title_of(&link.words, link.begins)?;
            Some((address::identity(&link.url), title))
        })
        .collect();
    let mut out = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for block in blocks {
        page.read(block, leads_are_titles, &mut seen, &mut out);
    }
    for part in out.values_mut() {
        if let Part::Names { papers, .. } = part {
            for mention in papers {
                let known = called.get(&address::identity(&mention.url));
                mention.title = mention.title.take().or_else(|| known.cloned());
            }
        }
    }
    out
}

/// Whether a line is text that papers may be named in.
pub(super) fn is_text(role: Role) -> bool {
    matches!(
        role,
        Role::Intro | Role::Stray | Role::Section | Role::SectionText
    ) || role.is_within_paper()
}

struct Page<'a> {
    lines: &'a [Line],
    features: &'a [Features],
    roles: &'a [Role],
}

/// A link to a paper within a line.
struct Link {
    url: String,
    /// The words that carry it.
    words: String,
    /// Whether the line is nothing but links.
    is_bare: bool,
    /// Whether a sentence begins with those words.
    begins: bool,
}

type Block = std::ops::Range<usize>;

/// Links within words by their line, and links that stand alone with theirs.
type Found = (Vec<(usize, Vec<Link>)>, Vec<(usize, Link)>);

impl Page<'_> {
    /// The stretches of text from one heading or lead to the next.
    fn blocks(&self) -> Vec<Block> {
        let mut out: Vec<Block> = Vec::new();
        let mut start = None;
        for index in 0..self.lines.len() {
            let is_text = self.roles.get(index).is_some_and(|role| is_text(*role));
            let ends = !is_text || self.is_head(index);
            if ends && let Some(from) = start.take() {
                out.push(from..index);
            }
            if is_text && start.is_none() {
                start = Some(index);
            }
        }
        if let Some(from) = start {
            out.push(from..self.lines.len());
        }
        out
    }

    /// Whether a line is a heading or stands in bold above a text.
    fn is_head(&self, index: usize) -> bool {
        let (Some(line), Some(features)) = (self.lines.get(index), self.features.get(index)) else {
            return false;
        };
        line.dress.heading > 0 || self.is_lead(index) || features.is_page_title
    }

    fn is_lead(&self, index: usize) -> bool {
        let (Some(line), Some(features)) = (self.lines.get(index), self.features.get(index)) else {
            return false;
        };
        line.dress.heading == 0
            && features.is_bold
            && !line.dress.item
            && !features.is_sentence
            && features.length <= 200
            && features.anchor.is_none()
            && line.links().next().is_none()
    }

    /// The links to papers of a line.
    fn links(&self, index: usize) -> Vec<Link> {
        let (Some(line), Some(features)) = (self.lines.get(index), self.features.get(index)) else {
            return Vec::new();
        };
        if line.dress.aside || features.is_outside || line.dress.code {
            return Vec::new();
        }
        features::addresses(line)
            .into_iter()
            .filter_map(|(url, range)| {
                let words = line.text.get(range.clone())?;
                let is_shown = !words.starts_with("http");
                let words = if is_shown { words } else { "" };
                let is_known = address::target(&url) == Target::Paper
                    && (!is_document_of_others(&url) || says_paper(words));
                let before = line.text.get(..range.start).unwrap_or_default().trim_end();
                is_known.then(|| Link {
                    url,
                    words: words.to_owned(),
                    is_bare: features.is_bare_link,
                    begins: before.is_empty() || before.ends_with(['.', '!', '?', ':']),
                })
            })
            .collect()
    }

    /// Whether leads that stand above papers are told from others by their capitals.
    fn leads_are_titles(&self, blocks: &[Block]) -> bool {
        let mut others = 0_usize;
        let mut in_capitals = 0_usize;
        for block in blocks {
            let has_paper = block.clone().any(|index| !self.links(index).is_empty());
            if has_paper || !self.is_lead(block.start) {
                continue;
            }
            others += 1;
            in_capitals += usize::from(self.title_of_lead(block.start).is_some());
        }
        in_capitals * 4 <= others
    }

    fn title_of_lead(&self, index: usize) -> Option<String> {
        let line = self.lines.get(index)?;
        // A subject is written in capitals too, but it is short and in one piece.
        let is_long = line.text.split_whitespace().count() >= 8 || line.text.contains(": ");
        let is_title =
            self.is_lead(index) && is_long && features::latin_title(&line.text) >= IN_CAPITALS;
        is_title.then(|| line.text.clone())
    }

    /// The links to papers in some lines: those within words by line, and those that stand alone.
    fn found(&self, lines: Block) -> Found {
        let mut named: Vec<(usize, Vec<Link>)> = Vec::new();
        let mut bare: Vec<(usize, Link)> = Vec::new();
        for index in lines {
            let (shown, rest): (Vec<Link>, Vec<Link>) = self
                .links(index)
                .into_iter()
                .partition(|link| !link.is_bare);
            bare.extend(rest.into_iter().map(|link| (index, link)));
            if !shown.is_empty() {
                named.push((index, shown));
            }
        }
        (named, bare)
    }

    /// What the lines of a block are for.
    fn read(
        &self,
        block: Block,
        leads_are_titles: bool,
        seen: &mut BTreeSet<String>,
        out: &mut BTreeMap<usize, Part>,
    ) {
        let has_head = self.is_head(block.start);
        let is_lead = self.is_lead(block.start);
        let body = block.start + usize::from(has_head)..block.end;
        let (named, bare) = self.found(body.clone());
        let identities: BTreeSet<String> = named
            .iter()
            .flat_map(|(_, links)| links)
            .map(|link| address::identity(&link.url))
            .collect();
        let lead = if is_lead && leads_are_titles {
            self.title_of_lead(block.start)
        } else {
            None
        };
        // The address alone below a title is enough.
        if identities.is_empty()
            && let Some((index, link)) = bare.first()
            && lead.is_some()
            && seen.insert(address::identity(&link.url))
        {
            let mention = Mention {
                url: link.url.clone(),
                title: lead,
            };
            out.insert(block.start, Part::Title);
            let part = Part::Names {
                papers: vec![mention],
                subject: Some(0),
            };
            out.insert(*index, part);
            return;
        }
        for (index, link) in &bare {
            if identities.contains(&address::identity(&link.url)) {
                out.insert(*index, Part::Again);
            }
        }
        let is_repeated = bare
            .iter()
            .any(|(_, link)| identities.contains(&address::identity(&link.url)));
        let is_about_one = identities.len() == 1;
        for (index, links) in named {
            let mut mentions: Vec<Mention> = Vec::new();
            let of_line: BTreeSet<String> = links
                .iter()
                .map(|link| address::identity(&link.url))
                .collect();
            // The first link of a line that is a title is what the line is about.
            let first = links
                .first()
                .filter(|link| link.begins && title_of(&link.words, true).is_some())
                .map(|link| link.url.clone());
            for link in links {
                if !seen.insert(address::identity(&link.url)) {
                    continue;
                }
                let is_lead_meant = is_about_one && (says_paper(&link.words) || is_repeated);
                let own =
                    title_of(&link.words, link.begins).or_else(|| self.title_within(index, &link));
                mentions.push(Mention {
                    title: own.or_else(|| lead.clone().filter(|_| is_lead_meant)),
                    url: link.url,
                });
            }
            if mentions.is_empty() {
                continue;
            }
            let is_lead_title =
                lead.is_some() && mentions.iter().any(|mention| mention.title == lead);
            let is_short = body.len() <= MOST_LINES;
            if is_about_one && is_lead && is_short {
                out.insert(
                    block.start,
                    if is_lead_title {
                        Part::Title
                    } else {
                        Part::Lead
                    },
                );
                for other in body.clone().filter(|other| *other > index) {
                    out.entry(other).or_insert(Part::More);
                }
            } else if is_lead_title {
                out.insert(block.start, Part::Title);
            }
            let subject = if of_line.len() == 1 {
                Some(0)
            } else {
                mentions
                    .iter()
                    .position(|mention| Some(&mention.url) == first.as_ref())
            };
            let part = Part::Names {
                papers: mentions,
                subject,
            };
            out.insert(index, part);
        }
    }

    /// A title in bold at the beginning of the line, where the link only says `paper`.
    fn title_within(&self, index: usize, mention: &Link) -> Option<String> {
        let line = self.lines.get(index)?;
        let bold = line
            .marks
            .iter()
            .find(|mark| mark.kind == MarkKind::Strong && mark.range.start <= 2)?;
        let words = line.text.get(bold.range.clone())?;
        let is_only = self.links(index).len() == 1;
        (says_paper(&mention.words) && is_only)
            .then(|| title_of(words, true))
            .flatten()
    }
}

/// Whether an address is a document that need be no paper: a report, a booklet.
fn is_document_of_others(url: &str) -> bool {
    url.split(['?', '#'])
        .next()
        .is_some_and(|path| path.to_ascii_lowercase().ends_with(".pdf"))
        && offprint_core::check::identifier::of_url(url).is_none()
        && !address::is_of_papers(url)
}

/// Whether the words of a link are those for a paper and no name of one.
fn says_paper(words: &str) -> bool {
    const WORDS: [&str; 24] = [
        "a",
        "an",
        "and",
        "article",
        "arxiv",
        "from",
        "full",
        "here",
        "in",
        "link",
        "new",
        "of",
        "paper",
        "pdf",
        "pre-print",
        "preprint",
        "recent",
        "report",
        "research",
        "source",
        "study",
        "the",
        "this",
        "work",
    ];
    let is_han = ["论文", "原文", "文章", "这里", "链接", "预印本"].contains(&words.trim());
    let mut all = words
        .split(|c: char| !(c.is_alphanumeric() || c == '-'))
        .filter(|word| !word.is_empty())
        .peekable();
    is_han
        || all.peek().is_some()
            && all.all(|word| WORDS.contains(&word.to_ascii_lowercase().as_str()))
}

/// Words without what stands in brackets behind them with a year: `Title (EMNLP 2018)`.
fn without_venue(words: &str) -> &str {
    let Some((title, inside)) = words.strip_suffix(')').and_then(|all| all.rsplit_once('(')) else {
        return words;
    };
    let has_year = inside
        .split(|c: char| !c.is_ascii_digit())
        .any(|digits| digits.len() == 4);
    if has_year { title.trim_end() } else { words }
}

/// The title that a link's words are: words in capitals, or words that begin large amid a
/// sentence.
fn title_of(words: &str, begins: bool) -> Option<String> {
    let words = words
        .trim()
        .trim_matches(['"', '“', '”', '\'', '‘', '’', '《', '》', ' ', ','])
        .trim_end_matches('.');
    let words = without_venue(words);
    let count = words.split_whitespace().count();
    let score = features::latin_title(words);
    let starts_large = words.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
        || words
            .split_whitespace()
            .next()
            .is_some_and(|first| first.chars().any(char::is_uppercase));
    // A sentence says what was; a title does not.
    let says = [" was ", " were ", " had ", " has ", " will ", " did "];
    // `Folding Many Cranes (FMC)` is what a thing is called, and no paper.
    let is_title = starts_large
        && !words.contains('(')
        && !says.iter().any(|verb| words.contains(verb))
        && !says_paper(words)
        && (count >= 4 && score >= IN_CAPITALS
            || count >= 4 && score >= 1.5 && !begins
            || count >= 3 && words.contains(": ") && score >= 1.5);
    is_title.then(|| words.to_owned())
}
