//! What an address that may be published could be better at.

use std::ops::Range;

use crate::check::identifier;
use crate::check::url::{self, absolute};
use crate::diagnostic::{Diagnostic, Edit, Fix, Place};

/// Hosts that are known to serve `https`; a name that begins with a dot stands for all that
/// are one label longer. Of others only the network could tell, and they are left alone.
const SECURE: &[&str] = &[
    ".github.io",
    ".readthedocs.io",
    ".wikipedia.org",
    "aclanthology.org",
    "api.semanticscholar.org",
    "arxiv.org",
    "bilibili.com",
    "creativecommons.org",
    "dblp.org",
    "dblp.uni-trier.de",
    "dl.acm.org",
    "doi.acm.org",
    "doi.org",
    "dx.doi.org",
    "export.arxiv.org",
    "gist.github.com",
    "gitee.com",
    "github.com",
    "gitlab.com",
    "huggingface.co",
    "iclr.cc",
    "icml.cc",
    "ieeexplore.ieee.org",
    "jmlr.org",
    "link.springer.com",
    "medium.com",
    "mp.weixin.qq.com",
    "neurips.cc",
    "nips.cc",
    "openaccess.thecvf.com",
    "openreview.net",
    "orcid.org",
    "papers.neurips.cc",
    "papers.nips.cc",
    "proceedings.mlr.press",
    "proceedings.neurips.cc",
    "pubmed.ncbi.nlm.nih.gov",
    "pypi.org",
    "raw.githubusercontent.com",
    "wikipedia.org",
    "www.aclanthology.org",
    "www.aclweb.org",
    "www.arxiv.org",
    "www.bilibili.com",
    "www.biorxiv.org",
    "www.doi.org",
    "www.github.com",
    "www.jmlr.org",
    "www.medrxiv.org",
    "www.nature.com",
    "www.ncbi.nlm.nih.gov",
    "www.openreview.net",
    "www.overleaf.com",
    "www.pnas.org",
    "www.science.org",
    "www.sciencedirect.com",
    "www.semanticscholar.org",
    "www.usenix.org",
    "www.youtube.com",
    "www.zhihu.com",
    "youtu.be",
    "youtube.com",
    "zenodo.org",
    "zhuanlan.zhihu.com",
];

/// Parameters that tell where a reader comes from and nothing else, whatever the site.
const TRACKING: &[&str] = &[
    "_hsenc", "_hsmi", "dclid", "fbclid", "gbraid", "gclid", "gclsrc", "igshid", "mc_cid",
    "mc_eid", "mkt_tok", "msclkid", "ttclid", "twclid", "vero_id", "wbraid", "yclid",
];

/// The same for sites that have their own.
const TRACKING_AT: &[(&str, &[&str])] = &[
    (
        ".bilibili.com",
        &[
            "from_spmid",
            "share_source",
            "spm_id_from",
            "unique_k",
            "vd_source",
        ],
    ),
    (
        "mp.weixin.qq.com",
        &[
            "ascene",
            "clicktime",
            "devicetype",
            "enterid",
            "exportkey",
            "from",
            "isappinstalled",
            "nettype",
            "pass_ticket",
            "scene",
            "sessionid",
            "subscene",
            "wx_header",
        ],
    ),
    (".1688.com", &["spm"]),
    (".alibaba.com", &["spm"]),
    (".aliyun.com", &["spm"]),
    (".csdn.net", &["depth_1-utm_source", "spm"]),
    (".taobao.com", &["spm"]),
    (".tmall.com", &["spm"]),
];

/// Stretches of an address and what is to stand there.
type Edits = Vec<(Range<usize>, String)>;

/// An address as its author wrote it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Written<'w> {
    /// The words that were read as an address.
    pub(crate) text: &'w str,
    /// Where they stand, or what they stand in.
    pub(crate) place: &'w Place,
    /// Whether the address leads to the page of a paper.
    pub(crate) is_landing: bool,
    /// Whether brackets tell where it ends.
    pub(crate) is_set_off: bool,
}

/// An address to publish, and what is said of it; nothing when it cannot be one. What begins
/// with its host is read as https.
pub(crate) fn read(written: Written<'_>, out: &mut Vec<Diagnostic>) -> Option<String> {
    match absolute(written.text) {
        Ok(url) => {
            judge(written, out);
            Some(url)
        }
        Err(fault) => {
            if let Some(url) = url::as_https(written.text) {
                out.push(without_scheme(written));
                judge(written, out);
                return Some(url);
            }
            let mut diagnostic = Diagnostic::error("bad-url", fault.message);
            diagnostic.hints.extend(fault.hint);
            let bare = written.text.strip_prefix("//");
            out.push(match bare.and_then(url::as_https) {
                Some(_) => written.finding(
                    diagnostic,
                    "begin the address with https:",
                    vec![(0..0, "https:".to_owned())],
                ),
                None => diagnostic.at(written.place.clone()),
            });
            None
        }
    }
}

/// What is said of an address that may be published.
pub(crate) fn judge(written: Written<'_>, out: &mut Vec<Diagnostic>) {
    let text = written.text;
    let is_scheme = |scheme: &str| scheme.bytes().all(|byte| byte.is_ascii_alphabetic());
    let parts = text
        .split_once("://")
        .filter(|(scheme, _)| is_scheme(scheme));
    let Some((scheme, rest)) = parts else {
        if !text.starts_with("mailto:") {
            // It was read as if it had a scheme.
            further(written, text, host_of(text), out);
        }
        return;
    };
    let host = host_of(rest);
    if scheme.eq_ignore_ascii_case("http") && is_secure(host) {
        let at = scheme.len();
        out.push(
            written.finding(
                Diagnostic::warning("http-link", format!("`{}` serves https", shown(host)))
                    .hint(format!("write https://{}", shown(rest))),
                "begin the address with https",
                vec![(at..at, "s".to_owned())],
            ),
        );
    }
    if matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https") {
        further(written, rest, host, out);
    }
}

/// What an address is said of that begins with its host and is read as https.
fn without_scheme(written: Written<'_>) -> Diagnostic {
    written.finding(
        Diagnostic::warning("url-no-scheme", "this address has no scheme")
            .label("read as https")
            .hint(format!("write https://{}", shown(written.text))),
        "begin the address with https://",
        vec![(0..0, "https://".to_owned())],
    )
}

/// What is said of an address behind its scheme.
fn further(written: Written<'_>, rest: &str, host: &str, out: &mut Vec<Diagnostic>) {
    let offset = written.text.len() - rest.len();
    if let Some((names, edits)) = tracking(rest, host) {
        let names = names.join("`, `");
        out.push(
            written.finding(
                Diagnostic::warning(
                    "tracking-parameter",
                    format!("`{names}` tells where readers come from"),
                )
                .hint("remove it from the address; the page is the same without"),
                "remove what tracks readers",
                shifted(edits, offset),
            ),
        );
    }
    if written.is_landing
        && let Some((page, edits)) = arxiv_pdf(rest, host)
    {
        let found = Diagnostic::warning("arxiv-pdf-link", "this is the PDF, not the paper's page")
            .hint(format!(
                "write https://arxiv.org/abs/{page}, which has all versions"
            ));
        // What only tracks readers goes anyway.
        let query = match tracking(rest, host) {
            Some((_, edits)) => edits.iter().any(|(_, kept)| !kept.is_empty()),
            None => rest.contains('?'),
        };
        out.push(if query || rest.contains('#') {
            // A page of the PDF is no place on the paper's page.
            found
                .hint("what stands behind `?` or `#` is meant for the PDF: keep that as `pdf`")
                .at(written.place.clone())
        } else {
            written.finding(found, "lead to the paper's page", shifted(edits, offset))
        });
    }
    let path = rest.get(host.len()..).unwrap_or_default();
    let runs_on = path.find(|character: char| {
        crate::chars::is_cjk_punctuation(character) && !character.is_ascii()
            || character.is_whitespace()
    });
    if runs_on.is_some() && !written.is_set_off {
        let place = written.place.clone();
        out.push(
            Diagnostic::warning("bare-url-cjk", "this address runs on into text")
                .at(place)
                .hint("keep the address alone, and write the words where words are read"),
        );
    }
}

/// Whether there is surely nothing to say of an address, so that its place need not be found.
pub(crate) fn is_settled(url: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'?' | b'&');
    url.starts_with("https://") && url.bytes().all(is_plain) && absolute(url).is_ok()
}

fn shifted(edits: Edits, by: usize) -> Edits {
    let shift = |(span, text): (Range<usize>, String)| (span.start + by..span.end + by, text);
    edits.into_iter().map(shift).collect()
}

impl Written<'_> {
    /// A finding about the address; edits are made within its text, if that stands in the
    /// file as it is.
    fn finding(self, diagnostic: Diagnostic, about: &str, edits: Edits) -> Diagnostic {
        let diagnostic = diagnostic.at(self.place.clone());
        let span = &self.place.span;
        if self.place.source.text.get(span.clone()) != Some(self.text) {
            return diagnostic;
        }
        let edits = shifted(edits, span.start);
        diagnostic.fix(Fix {
            about: about.to_owned(),
            edits: edits
                .into_iter()
                .map(|(span, text)| Edit { span, text })
                .collect(),
        })
    }
}

/// What messages show of an address.
fn shown(text: &str) -> String {
    crate::load::shown(text)
}

/// The host that an address begins with, without user, port or path.
fn host_of(rest: &str) -> &str {
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    rest.get(..end).unwrap_or_default()
}

fn is_at(host: &str, known: &str) -> bool {
    match known.strip_prefix('.') {
        Some(above) => host
            .strip_suffix(above)
            .and_then(|below| below.strip_suffix('.'))
            .is_some_and(|below| !below.is_empty() && !below.contains('.')),
        None => host == known,
    }
}

/// Whether a host is known to serve https at the port that goes without saying.
fn is_secure(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    SECURE.iter().any(|known| is_at(&host, known))
}

/// The parameters of an address that track readers, and the edits of what follows the scheme
/// that take them out.
fn tracking(rest: &str, host: &str) -> Option<(Vec<String>, Edits)> {
    let end = rest.find('#').unwrap_or(rest.len());
    let start = rest.get(..end)?.find('?')?;
    let query = rest.get(start + 1..end)?;
    let host = host.to_ascii_lowercase();
    let is_tracking = |parameter: &str| {
        let name = parameter.split('=').next().unwrap_or_default();
        let name = name.to_ascii_lowercase();
        let own = TRACKING_AT.iter().filter(|(at, _)| is_at(&host, at));
        !name.is_empty()
            && (name.starts_with("utm_")
                || TRACKING.contains(&name.as_str())
                || own.flat_map(|(_, names)| *names).any(|own| *own == name))
    };
    let mut names = Vec::new();
    let mut kept = Vec::new();
    for parameter in query.split('&') {
        if is_tracking(parameter) {
            let name = parameter.split('=').next().unwrap_or_default();
            names.push(shown(name));
        } else {
            kept.push(parameter);
        }
    }
    if names.is_empty() {
        return None;
    }
    names.dedup();
    names.truncate(5);
    let query = match kept.join("&") {
        kept if kept.is_empty() => kept,
        kept => format!("?{kept}"),
    };
    Some((names, vec![(start..end, query)]))
}

/// The arXiv identifier of a PDF's address, and the edits that make it that of its page.
fn arxiv_pdf(rest: &str, host: &str) -> Option<(String, Edits)> {
    let lower = host.to_ascii_lowercase();
    if lower != "arxiv.org" && !is_at(&lower, ".arxiv.org") {
        return None;
    }
    let path = rest.get(host.len()..)?;
    let file = path.strip_prefix("/pdf/")?;
    let file = file.get(..file.find(['?', '#']).unwrap_or(file.len()))?;
    let bare = file.strip_suffix(".pdf").unwrap_or(file);
    let id = identifier::arxiv(bare).filter(|id| id == bare)?;
    let name = host.len() + 1..host.len() + 4;
    let after = name.end + 1 + bare.len();
    let mut edits = vec![(name, "abs".to_owned())];
    if file.len() > bare.len() {
        edits.push((after..after + ".pdf".len(), String::new()));
    }
    Some((id, edits))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mend::mend;
    use crate::source::Source;

    fn mended(text: &str) -> (Vec<&'static str>, String) {
        let source = Source::new("a.md", text);
        let place = Place::new(&source, 0..text.len());
        let mut found = Vec::new();
        let written = Written {
            text,
            place: &place,
            is_landing: true,
            is_set_off: false,
        };
        judge(written, &mut found);
        let codes = found.iter().map(|diagnostic| diagnostic.code).collect();
        let fixes = found
            .iter()
            .filter_map(|diagnostic| diagnostic.fix.as_deref());
        (codes, mend(text, fixes).text)
    }

    #[test]
    fn addresses_are_mended_and_lead_to_the_same_page() {
        for (written, codes, wanted) in [
            (
                "http://arxiv.org/pdf/2006.05929v2.pdf?utm_source=a&x=1&UTM_medium=b#page=2",
                vec!["http-link", "tracking-parameter", "arxiv-pdf-link"],
                "https://arxiv.org/pdf/2006.05929v2.pdf?x=1#page=2",
            ),
            (
                "https://arxiv.org/pdf/2006.05929v2.pdf",
                vec!["arxiv-pdf-link"],
                "https://arxiv.org/abs/2006.05929v2",
            ),
            (
                "https://openreview.net/forum?id=zOGdf9K8aC&utm_source=mail",
                vec!["tracking-parameter"],
                "https://openreview.net/forum?id=zOGdf9K8aC",
            ),
            (
                "https://mp.weixin.qq.com/s?__biz=a&mid=1&sn=2&scene=21&from=timeline#wechat_redirect",
                vec!["tracking-parameter"],
                "https://mp.weixin.qq.com/s?__biz=a&mid=1&sn=2#wechat_redirect",
            ),
            (
                "https://arxiv.org/pdf/hep-th/9901001",
                vec!["arxiv-pdf-link"],
                "https://arxiv.org/abs/hep-th/9901001",
            ),
        ] {
            assert_eq!(mended(written), (codes, wanted.to_owned()), "{written}");
            let (again, same) = mended(wanted);
            assert_eq!(same, wanted);
            let is_for_the_author = |code: &&str| *code == "arxiv-pdf-link" && wanted.contains('#');
            assert!(again.iter().all(is_for_the_author), "{wanted}: {again:?}");
        }
    }

    #[test]
    fn what_may_be_meant_is_left_alone() {
        for written in [
            "http://lab.example.org/paper",
            "http://arxiv.org:8080/abs/2006.05929",
            "http://notarxiv.org/abs/2006.05929",
            "http://a.b.github.io/",
            "https://example.org/?from=a&source=b&utm=c",
            "https://arxiv.org/pdf/nothing",
            "https://example.org/pdf/2006.05929",
            "https://zh.wikipedia.org/wiki/自监督学习",
            "https://example.org/a#?utm_source=b",
            "mailto:a@example.org?subject=utm_source",
        ] {
            assert_eq!(mended(written), (Vec::new(), written.to_owned()));
        }
    }

    #[test]
    fn an_address_that_stands_otherwise_in_the_file_is_told_of_and_not_mended() {
        let source = Source::new("a.json", r#"{"url": "http:\/\/arxiv.org/abs/1"}"#);
        let place = Place::new(&source, 8..33);
        let mut found = Vec::new();
        judge(
            Written {
                text: "http://arxiv.org/abs/1",
                place: &place,
                is_landing: true,
                is_set_off: false,
            },
            &mut found,
        );
        assert_eq!(found.len(), 1);
        assert_eq!(found.first().and_then(|found| found.fix.as_ref()), None);
    }
}
