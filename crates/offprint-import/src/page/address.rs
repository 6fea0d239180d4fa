//! Addresses in text, and what lies behind them.

use std::ops::Range;

use offprint_core::chars::{is_cjk_punctuation, is_wide};
use offprint_core::check::identifier;
use offprint_core::check::url::absolute;
use offprint_core::model::LinkKind;

/// What an address leads to, told from its host and path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// A paper's page or document.
    Paper,
    /// Something that goes with a paper.
    With(LinkKind),
    /// Anything else.
    Other,
}

/// Hosts whose pages are papers.
const PAPERS: &[&str] = &[
    "aclanthology.org",
    "aclweb.org",
    "aeaweb.org",
    "alphaxiv.org",
    "arxiv.org",
    "arxiv.paperswithcode.com",
    "biorxiv.org",
    "bmvc2021-virtualconference.com",
    "cell.com",
    "dl.acm.org",
    "doi.org",
    "dx.doi.org",
    "ecva.net",
    "eprint.iacr.org",
    "frontiersin.org",
    "hal.science",
    "ieeexplore.ieee.org",
    "ijcai.org",
    "isca-archive.org",
    "isca-speech.org",
    "jmlr.org",
    "journals.aps.org",
    "link.springer.com",
    "mdpi.com",
    "medrxiv.org",
    "nature.com",
    "ncbi.nlm.nih.gov",
    "ojs.aaai.org",
    "onlinelibrary.wiley.com",
    "openaccess.thecvf.com",
    "openreview.net",
    "papers.neurips.cc",
    "papers.nips.cc",
    "papers.ssrn.com",
    "pnas.org",
    "proceedings.mlr.press",
    "proceedings.mlsys.org",
    "proceedings.neurips.cc",
    "pubmed.ncbi.nlm.nih.gov",
    "roboticsproceedings.org",
    "science.org",
    "sciencedirect.com",
    "semanticscholar.org",
    "tandfonline.com",
    "usenix.org",
    "vldb.org",
];

/// Hosts that are written without a scheme often enough.
const BARE: &[&str] = &[
    "arxiv.org/",
    "www.arxiv.org/",
    "openreview.net/",
    "github.com/",
    "doi.org/",
    "dx.doi.org/",
    "aclanthology.org/",
    "openaccess.thecvf.com/",
    "papers.nips.cc/",
    "proceedings.mlr.press/",
    "huggingface.co/",
];

/// The addresses of a text in their order.
pub(super) fn find(text: &str) -> Vec<(Range<usize>, String)> {
    let mut starts: Vec<usize> = text.match_indices("http").map(|(at, _)| at).collect();
    for host in BARE {
        starts.extend(text.match_indices(host).map(|(at, _)| at).filter(|&at| {
            let before = text.get(..at).and_then(|before| before.chars().next_back());
            !before.is_some_and(|before| {
                before.is_ascii_alphanumeric() || matches!(before, '/' | '.' | '@' | '-')
            })
        }));
    }
    starts.sort_unstable();
    let mut out: Vec<(Range<usize>, String)> = Vec::new();
    let mut from = 0;
    for start in starts {
        if start < from {
            continue;
        }
        let rest = text.get(start..).unwrap_or_default();
        let has_scheme = rest.starts_with("http://") || rest.starts_with("https://");
        if rest.starts_with("http") && !has_scheme {
            continue;
        }
        let run = run_of(rest);
        let written = if has_scheme {
            run.to_owned()
        } else {
            format!("https://{run}")
        };
        // A scheme alone is no address.
        let host = written.split("//").nth(1).unwrap_or_default();
        if host.contains('.')
            && let Ok(url) = absolute(&written)
        {
            out.push((start..start + run.len(), unwrapped(url)));
            from = start + run.len();
        }
    }
    out
}

/// An address at the text's beginning: it ends before a blank, a wide character or a mark
/// that Chinese text uses, and gives up punctuation that ends a sentence.
fn run_of(text: &str) -> &str {
    let mut depth = 0_usize;
    let end = text
        .char_indices()
        .find(|&(at, character)| {
            if character == '(' {
                depth += 1;
            }
            if character == ')' {
                match depth.checked_sub(1) {
                    Some(less) => depth = less,
                    None => return true,
                }
            }
            character.is_whitespace()
                || !character.is_ascii() && (is_wide(character) || is_cjk_punctuation(character))
                || matches!(
                    character,
                    '<' | '>'
                        | '"'
                        | '`'
                        | '|'
                        | '\\'
                        | '^'
                        | '{'
                        | '}'
                        | '['
                        | ']'
                        | '\u{200b}'
                        | '“'
                        | '”'
                        | '’'
                        | '…'
                )
                || (at > 8
                    && text.get(at..).is_some_and(|rest| {
                        rest.starts_with("http://") || rest.starts_with("https://")
                    })
                    && !text
                        .get(..at)
                        .is_some_and(|before| before.ends_with(['=', '/'])))
        })
        .map_or(text.len(), |(at, _)| at);
    let run = text.get(..end).unwrap_or_default();
    run.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_', '~', '('])
}

/// The address behind one that only passes readers on: sites wrap the links that leave them.
pub(super) fn unwrapped(url: String) -> String {
    let Some((before, query)) = url.split_once('?') else {
        return url;
    };
    let is_passing = [
        "link", "redirect", "jump", "goto", "url", "away", "external", "safego",
    ]
    .iter()
    .any(|word| before.contains(word));
    if !is_passing {
        return url;
    }
    let target = query.split('&').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        let named = ["target", "url", "q", "u", "to", "link"].contains(&name);
        let value = percent_decoded(value)?;
        (named && (value.starts_with("http://") || value.starts_with("https://"))).then_some(value)
    });
    target
        .and_then(|target| absolute(&target).ok())
        .unwrap_or(url)
}

fn percent_decoded(value: &str) -> Option<String> {
    let mut out = Vec::with_capacity(value.len());
    let mut bytes = value.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let high = char::from(bytes.next()?).to_digit(16)?;
            let low = char::from(bytes.next()?).to_digit(16)?;
            out.push((high * 16 + low) as u8);
        } else {
            out.push(byte);
        }
    }
    String::from_utf8(out).ok()
}

/// The host and the path of an address.
fn host_and_path(url: &str) -> (&str, &str) {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"))
        .unwrap_or(url);
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at_checked(end).unwrap_or((rest, ""));
    (host.strip_prefix("www.").unwrap_or(host), path)
}

/// Whether an address is at a host whose pages are papers.
pub(super) fn is_of_papers(url: &str) -> bool {
    let (host, _) = host_and_path(url);
    is_at(host, PAPERS)
}

/// Whether a host is one of those known, or within one.
fn is_at(host: &str, hosts: &[&str]) -> bool {
    hosts.iter().any(|known| {
        host == *known
            || host
                .strip_suffix(known)
                .is_some_and(|rest| rest.ends_with('.'))
    })
}

/// What an address leads to.
pub(super) fn target(url: &str) -> Target {
    let (host, path) = host_and_path(url);
    let has_path = path.len() > 1;
    let is_at = |hosts: &[&str]| is_at(host, hosts);
    if host == "huggingface.co" {
        let paper = path.strip_prefix("/papers/");
        return if paper.is_some_and(|id| id.starts_with(|c: char| c.is_ascii_digit())) {
            Target::Paper
        } else if paper.is_some() {
            // The papers of a day.
            Target::Other
        } else if path.starts_with("/datasets/") {
            Target::With(LinkKind::Data)
        } else if path.starts_with("/blog") {
            Target::With(LinkKind::Blog)
        } else if path.starts_with("/spaces/") {
            Target::With(LinkKind::Project)
        } else {
            Target::With(LinkKind::Code)
        };
    }
    if host == "paperswithcode.com" {
        return if path.starts_with("/paper/") {
            Target::Paper
        } else {
            Target::Other
        };
    }
    if is_at(&[
        "github.com",
        "gitlab.com",
        "gitee.com",
        "bitbucket.org",
        "colab.research.google.com",
    ]) {
        let is_talk = [
            "/issues",
            "/pull/",
            "/discussions",
            "/releases",
            "/stargazers",
        ]
        .iter()
        .any(|part| path.contains(part));
        return if is_talk {
            Target::Other
        } else if has_path && path.to_ascii_lowercase().ends_with(".pdf") {
            Target::Paper
        } else if has_path {
            Target::With(LinkKind::Code)
        } else {
            Target::Other
        };
    }
    if is_at(&["youtube.com", "youtu.be", "bilibili.com", "vimeo.com"]) {
        return Target::With(LinkKind::Video);
    }
    if host.ends_with(".github.io") {
        return if path.to_ascii_lowercase().ends_with(".pdf") {
            Target::Paper
        } else {
            Target::With(LinkKind::Project)
        };
    }
    let is_list = path.starts_with("/list")
        || path.starts_with("/archive")
        || path.starts_with("/group")
        || path.starts_with("/year");
    // What Nature reports of science stands beside its papers.
    let is_news = host == "nature.com" && path.starts_with("/articles/d41586");
    if is_at(PAPERS) && has_path && !is_list && !is_news {
        return Target::Paper;
    }
    let file = path.split(['?', '#']).next().unwrap_or_default();
    if file.to_ascii_lowercase().ends_with(".pdf") {
        return Target::Paper;
    }
    Target::Other
}

/// Whether a few words are the name of a place where nothing but papers stands.
pub(super) fn is_archive(name: &str) -> bool {
    const NAMES: [&str; 8] = [
        "arxiv",
        "biorxiv",
        "medrxiv",
        "chemrxiv",
        "chinaxiv",
        "ssrn",
        "openreview",
        "pubmed",
    ];
    let name = name.trim().to_lowercase();
    NAMES.contains(&name.as_str())
}

/// What makes two addresses lead to one paper: identifier, else the address.
pub(super) fn identity(url: &str) -> String {
    match identifier::of_url(url) {
        Some(identifier::Identified::Arxiv(id)) => {
            format!("arxiv/{}", offprint_core::model::without_version(&id))
        }
        Some(identifier::Identified::Openreview(id)) => format!("openreview/{id}"),
        Some(identifier::Identified::Doi(id)) => format!("doi/{}", id.to_ascii_lowercase()),
        None => {
            let (host, path) = host_and_path(url);
            format!("{host}{path}")
        }
    }
}

/// How long the identifier at a text's beginning is, if it is one of those since 2007:
/// `2006.05929v2`.
fn new_style(text: &str) -> Option<usize> {
    let digits =
        |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let number = text
        .strip_prefix(|c: char| c.is_ascii_digit())
        .map(|_| digits(text))?;
    let rest = text.get(number..)?.strip_prefix('.')?;
    let serial = digits(rest);
    if number != 4 || !(4..=5).contains(&serial) {
        return None;
    }
    let version = rest.get(serial..)?.strip_prefix('v').map_or(0, digits);
    Some(number + 1 + serial + if version > 0 { 1 + version } else { 0 })
}

/// Whether an address is one of an archive's lists of papers.
pub(super) fn is_listing(url: &str) -> bool {
    is_of_papers(url) && target(url) == Target::Other
}

/// An arXiv identifier that is written out: `arXiv:2006.05929`, `arXiv: 2006.05929v2`.
pub(super) fn arxiv_in(text: &str) -> Option<(Range<usize>, String)> {
    let lower = text.to_ascii_lowercase();
    let mut from = 0;
    while let Some(at) = lower.get(from..).and_then(|rest| rest.find("arxiv")) {
        let start = from + at;
        let after = start + "arxiv".len();
        let rest = text.get(after..)?;
        let gap = rest.len()
            - rest
                .trim_start_matches(|c: char| {
                    c.is_whitespace() || matches!(c, ':' | '：' | '[' | '#' | '(' | '（')
                })
                .len();
        let id = rest.get(gap..)?;
        let length = id
            .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '/' | '-')))
            .unwrap_or(id.len());
        // Words may follow without a blank.
        let length = new_style(id).unwrap_or(length);
        let written = id.get(..length)?.trim_end_matches(['.', '/', '-']);
        if gap > 0
            && let Some(found) = identifier::arxiv(written)
        {
            return Some((start..after + gap + written.len(), found));
        }
        from = after;
    }
    None
}
