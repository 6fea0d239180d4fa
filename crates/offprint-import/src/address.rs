//! What the address of a paper says of it: identifiers, and the page it lies on.

use offprint_core::bibliography::Entry;
use offprint_core::check::identifier::{
    self, Identified, arxiv_url, doi_url, openreview_url, pmid_url,
};
use offprint_core::check::url::absolute;
use offprint_core::model::{LinkKind, without_version};

/// Where a work can be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Locator {
    /// arXiv identifier, perhaps with a version.
    Arxiv(String),
    /// DOI.
    Doi(String),
    /// OpenReview forum.
    Openreview(String),
    /// PubMed identifier.
    Pmid(String),
    /// ISBN.
    Isbn(String),
    /// A page of its own; absolute.
    Page(String),
    /// The document; absolute.
    Document(String),
}

/// Hosts whose pages are those of papers.
const ARCHIVES: &[&str] = &[
    "aclanthology.org",
    "aclweb.org",
    "ar5iv.org",
    "arxiv.org",
    "biorxiv.org",
    "chemrxiv.org",
    "cv-foundation.org",
    "dl.acm.org",
    "doi.org",
    "dx.doi.org",
    "ecva.net",
    "eprint.iacr.org",
    "ieeexplore.ieee.org",
    "ijcai.org",
    "isca-speech.org",
    "jmlr.org",
    "journals.aps.org",
    "jstor.org",
    "link.springer.com",
    "medrxiv.org",
    "nature.com",
    "ncbi.nlm.nih.gov",
    "neurips.cc",
    "nips.cc",
    "ojs.aaai.org",
    "onlinelibrary.wiley.com",
    "openaccess.thecvf.com",
    "openreview.net",
    "papers.ssrn.com",
    "pnas.org",
    "proceedings.mlr.press",
    "proceedings.mlsys.org",
    "pubmed.ncbi.nlm.nih.gov",
    "science.org",
    "sciencedirect.com",
    "semanticscholar.org",
    "tandfonline.com",
    "techrxiv.org",
    "usenix.org",
    "vldb.org",
];

/// Host in lower case without `www.`, and what follows it, of an `http` or `https` address.
fn host_and_path(url: &str) -> Option<(String, &str)> {
    let (scheme, rest) = url.split_once("://")?;
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return None;
    }
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at_checked(end)?;
    let host = host.to_ascii_lowercase();
    let host = host
        .strip_prefix("www.")
        .map_or(host.clone(), str::to_owned);
    Some((host, path.strip_prefix('/').unwrap_or(path)))
}

/// Whether a host, or one above it, is one of `hosts`.
fn is_of(host: &str, hosts: &[&str]) -> bool {
    hosts.iter().any(|known| {
        host.strip_suffix(known)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    })
}

/// Whether an address is one where papers lie: an archive's, a publisher's, or a document.
pub(crate) fn is_of_paper(url: &str) -> bool {
    host_and_path(url).is_some_and(|(host, path)| is_of(&host, ARCHIVES) || is_document(path))
        || identifier::of_url(url).is_some()
}

/// Whether an address is one where code lies.
pub(crate) fn is_of_code(url: &str) -> bool {
    host_and_path(url).is_some_and(|(host, path)| {
        is_of(
            &host,
            &["github.com", "gitlab.com", "bitbucket.org", "gitee.com"],
        ) && path.trim_end_matches('/').contains('/')
            && !is_document(path)
    })
}

/// Whether an address is one where recordings lie.
pub(crate) fn is_of_video(url: &str) -> bool {
    const SITES: &[&str] = &["youtube.com", "youtu.be", "vimeo.com", "bilibili.com"];
    host_and_path(url).is_some_and(|(host, _)| is_of(&host, SITES))
}

fn is_document(path: &str) -> bool {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let end = path.len().saturating_sub(4);
    path.get(end..)
        .is_some_and(|end| end.eq_ignore_ascii_case(".pdf"))
}

/// An address as it is published. One without a scheme passes if its host is an archive's,
/// for those are surely meant as addresses.
pub(crate) fn published(written: &str) -> Option<String> {
    let written = written.trim();
    if let Ok(url) = absolute(written) {
        return Some(url);
    }
    let bare = written.trim_start_matches("//");
    let with_scheme = format!("https://{bare}");
    let (host, _) = host_and_path(&with_scheme)?;
    if is_of(&host, ARCHIVES) {
        absolute(&with_scheme).ok()
    } else {
        None
    }
}

/// What an address leads to. `None` if it cannot be published.
pub(crate) fn of_url(written: &str) -> Option<Locator> {
    let url = published(written)?;
    let (host, path) = host_and_path(&url)?;
    let bare = path.split(['?', '#']).next().unwrap_or_default();
    let bare = bare.trim_end_matches('/');
    let identified = match identifier::of_url(&url) {
        Some(Identified::Doi(doi)) => Some(of_doi(doi)),
        Some(Identified::Arxiv(id)) => Some(Locator::Arxiv(id)),
        Some(Identified::Openreview(id)) => Some(Locator::Openreview(id)),
        None => of_known_host(&host, bare),
    };
    Some(identified.unwrap_or_else(|| {
        if is_document(path) {
            Locator::Document(url.clone())
        } else {
            Locator::Page(url.clone())
        }
    }))
}

/// Identifiers in addresses that core does not know as canonical.
fn of_known_host(host: &str, path: &str) -> Option<Locator> {
    let last = || path.rsplit('/').next().unwrap_or_default();
    match host {
        "arxiv.org"
        | "export.arxiv.org"
        | "ar5iv.org"
        | "ar5iv.labs.arxiv.org"
        | "alphaxiv.org"
        | "browse.arxiv.org"
        | "cn.arxiv.org" => {
            let (kind, id) = path.split_once('/')?;
            if !["abs", "pdf", "html", "format", "ps", "pdf."].contains(&kind) {
                return None;
            }
            // What was pasted twice, or has words behind it, begins with the identifier.
            let id = id.split(['%', ' ', '&']).next().unwrap_or_default();
            let id = id.trim_end_matches(['.', '/', ')']);
            identifier::arxiv(id).map(Locator::Arxiv)
        }
        "huggingface.co" | "hf.co" => {
            let id = path.strip_prefix("papers/")?;
            identifier::arxiv(id).map(Locator::Arxiv)
        }
        "pubmed.ncbi.nlm.nih.gov" => identifier::pmid(path).map(Locator::Pmid),
        "ncbi.nlm.nih.gov" => identifier::pmid(path.strip_prefix("pubmed/")?).map(Locator::Pmid),
        "dl.acm.org"
        | "onlinelibrary.wiley.com"
        | "pnas.org"
        | "science.org"
        | "tandfonline.com"
        | "journals.sagepub.com" => {
            let at = path.find("10.")?;
            identifier::doi(path.get(at..)?).map(of_doi)
        }
        "link.springer.com" => {
            let at = path.find("10.")?;
            let doi = path.get(at..)?.replace("%2F", "/").replace("%2f", "/");
            let doi = doi.strip_suffix(".pdf").unwrap_or(&doi);
            identifier::doi(doi).map(of_doi)
        }
        "biorxiv.org" | "medrxiv.org" => {
            let name = path.strip_prefix("content/")?.strip_prefix("10.1101/")?;
            let name = name.split('/').next()?;
            let digits = name.find(|sign: char| !sign.is_ascii_digit() && sign != '.');
            let name = name.get(..digits.unwrap_or(name.len()))?;
            identifier::doi(&format!("10.1101/{}", name.trim_end_matches('.'))).map(of_doi)
        }
        "aclanthology.org" => {
            let id = path.strip_suffix(".pdf").unwrap_or(path);
            let id = id.split('/').next().unwrap_or_default();
            is_anthology_id(id).then(|| Locator::Page(format!("https://aclanthology.org/{id}/")))
        }
        "aclweb.org" => {
            let id = last();
            let id = id.strip_suffix(".pdf").unwrap_or(id);
            (path.starts_with("anthology/") && is_anthology_id(id))
                .then(|| Locator::Page(format!("https://aclanthology.org/{id}/")))
        }
        _ => None,
    }
}

/// arXiv's own DOIs (`10.48550/arXiv.2006.05929`) say no more than its identifiers.
fn of_doi(doi: String) -> Locator {
    const ARXIV: &str = "10.48550/arxiv.";
    let id = doi
        .get(..ARXIV.len())
        .filter(|head| head.eq_ignore_ascii_case(ARXIV))
        .and_then(|_| identifier::arxiv(doi.get(ARXIV.len()..)?));
    id.map_or(Locator::Doi(doi), Locator::Arxiv)
}

/// `P19-1001`, `2020.acl-main.1`, `W04-10`.
fn is_anthology_id(id: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_old = || {
        let (volume, number) = id.split_once('-')?;
        let (letter, year) = volume.split_at_checked(1)?;
        let is_letter = letter.bytes().all(|byte| byte.is_ascii_uppercase());
        Some(is_letter && year.len() == 2 && digits(year) && digits(number))
    };
    let is_new = || {
        let mut parts = id.split('.');
        let (year, name, number) = (parts.next()?, parts.next()?, parts.next()?);
        let named = !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
        Some(year.len() == 4 && digits(year) && named && digits(number) && parts.next().is_none())
    };
    is_old().unwrap_or(false) || is_new().unwrap_or(false)
}

/// What a word is that stands for a work: an address, or an identifier. Bare numbers are none,
/// for they may be anything, and neither are bare names of OpenReview's.
pub(crate) fn of_word(word: &str) -> Option<Locator> {
    let word = word.trim();
    if word.contains("://") {
        return of_url(word);
    }
    if let Some(id) = identifier::arxiv(word) {
        return Some(Locator::Arxiv(id));
    }
    if let Some(doi) = identifier::doi(word) {
        return Some(of_doi(doi));
    }
    let prefix = |name: &str| {
        word.get(..name.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(name))
    };
    if prefix("openreview") {
        return identifier::openreview(word).map(Locator::Openreview);
    }
    if prefix("pmid:") {
        return identifier::pmid(word).map(Locator::Pmid);
    }
    if prefix("isbn") {
        return identifier::isbn(word.trim_start_matches(|sign: char| {
            sign.is_ascii_alphabetic() || matches!(sign, ':' | ' ')
        }))
        .map(Locator::Isbn);
    }
    let is_book = word.starts_with("978") || word.starts_with("979");
    if is_book && let Some(isbn) = identifier::isbn(word).filter(|isbn| isbn.len() == 13) {
        return Some(Locator::Isbn(isbn));
    }
    published(word).and_then(|url| of_url(&url))
}

impl Locator {
    /// What it is one of, whatever the version: equal for the same work.
    pub(crate) fn identity(&self) -> String {
        match self {
            Self::Arxiv(id) => format!("arxiv/{}", without_version(id)),
            Self::Doi(doi) => format!("doi/{}", doi.to_ascii_lowercase()),
            Self::Openreview(id) => format!("openreview/{id}"),
            Self::Pmid(id) => format!("pmid/{id}"),
            Self::Isbn(isbn) => format!("isbn/{isbn}"),
            Self::Page(url) | Self::Document(url) => {
                let bare = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
                format!("url/{}", bare.trim_end_matches('/'))
            }
        }
    }

    /// Its landing page, where there is one.
    pub(crate) fn landing(&self) -> Option<String> {
        match self {
            Self::Arxiv(id) => Some(arxiv_url(id)),
            Self::Doi(doi) => Some(doi_url(doi)).filter(|url| !url.is_empty()),
            Self::Openreview(id) => Some(openreview_url(id)),
            Self::Pmid(id) => Some(pmid_url(id)),
            Self::Isbn(_) | Self::Document(_) => None,
            Self::Page(url) => Some(url.clone()),
        }
    }

    /// Writes it into the facts of a work, where nothing of its kind stands yet.
    pub(crate) fn fill(self, entry: &mut Entry) {
        let landing = self.landing();
        match self {
            Self::Arxiv(id) => entry.arxiv = entry.arxiv.take().or(Some(id)),
            Self::Doi(doi) => entry.doi = entry.doi.take().or(Some(doi)),
            Self::Openreview(id) => entry.openreview = entry.openreview.take().or(Some(id)),
            Self::Pmid(id) => entry.pmid = entry.pmid.take().or(Some(id)),
            Self::Isbn(isbn) => entry.isbn = entry.isbn.take().or(Some(isbn)),
            Self::Document(url) => {
                entry.links.entry(LinkKind::Pdf).or_insert(url);
            }
            Self::Page(_) => {}
        }
        entry.url = entry.url.take().or(landing);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_archives_give_identifiers_away() {
        let arxiv = |id: &str| Some(Locator::Arxiv(id.to_owned()));
        let doi = |id: &str| Some(Locator::Doi(id.to_owned()));
        for (written, wanted) in [
            (
                "https://arxiv.org/pdf/2006.05929v3.pdf",
                arxiv("2006.05929v3"),
            ),
            ("arXiv:2006.05929v2", arxiv("2006.05929v2")),
            ("2006.05929", arxiv("2006.05929")),
            ("https://arxiv.org/html/2006.05929v1", arxiv("2006.05929v1")),
            (
                "https://ar5iv.labs.arxiv.org/html/2006.05929",
                arxiv("2006.05929"),
            ),
            (
                "https://huggingface.co/papers/2006.05929",
                arxiv("2006.05929"),
            ),
            (
                "https://doi.org/10.48550/arXiv.2006.05929",
                arxiv("2006.05929"),
            ),
            ("arxiv.org/abs/hep-th/9901001", arxiv("hep-th/9901001")),
            ("https://arxiv.org/abs/2006.05929).", arxiv("2006.05929")),
            ("doi:10.1000/182", doi("10.1000/182")),
            (
                "https://dl.acm.org/doi/pdf/10.1145/3627703.3650083",
                doi("10.1145/3627703.3650083"),
            ),
            (
                "https://link.springer.com/article/10.1007/s10994-013-5412-1",
                doi("10.1007/s10994-013-5412-1"),
            ),
            (
                "https://www.biorxiv.org/content/10.1101/2020.01.30.926477v1.full.pdf",
                doi("10.1101/2020.01.30.926477"),
            ),
            (
                "https://openreview.net/pdf?id=zOGdf9K8aC",
                Some(Locator::Openreview("zOGdf9K8aC".to_owned())),
            ),
            (
                "https://www.ncbi.nlm.nih.gov/pubmed/123456",
                Some(Locator::Pmid("123456".to_owned())),
            ),
            (
                "ISBN: 978-3-16-148410-0",
                Some(Locator::Isbn("9783161484100".to_owned())),
            ),
            (
                "https://www.aclweb.org/anthology/P19-1001.pdf",
                Some(Locator::Page(
                    "https://aclanthology.org/P19-1001/".to_owned(),
                )),
            ),
            (
                "https://aclanthology.org/2020.acl-main.1",
                Some(Locator::Page(
                    "https://aclanthology.org/2020.acl-main.1/".to_owned(),
                )),
            ),
            (
                "https://papers.nips.cc/paper/5073-x.pdf",
                Some(Locator::Document(
                    "https://papers.nips.cc/paper/5073-x.pdf".to_owned(),
                )),
            ),
            (
                "openaccess.thecvf.com/a.html",
                Some(Locator::Page(
                    "https://openaccess.thecvf.com/a.html".to_owned(),
                )),
            ),
            ("12345678", None),
            ("zOGdf9K8aC", None),
            ("hello.world", None),
            ("javascript:alert(1)", None),
        ] {
            assert_eq!(of_word(written), wanted, "{written}");
        }
    }

    #[test]
    fn hosts_are_compared_whole() {
        assert!(is_of_paper("https://www.arxiv.org/abs/x"));
        assert!(is_of_paper("https://proceedings.neurips.cc/paper/1"));
        assert!(!is_of_paper("https://notarxiv.org/abs/x"));
        assert!(is_of_paper("https://people.example.edu/a.PDF"));
        assert!(is_of_code("https://github.com/a/b"));
        assert!(!is_of_code("https://github.com/a"));
    }
}
