//! Identifiers of papers, people and periodicals: their forms, and the addresses they
//! stand for.

/// A DOI without its prefix: `10.48550/arXiv.2006.05929` (ISO 26324).
#[must_use]
pub fn doi(written: &str) -> Option<String> {
    let bare = without_prefix(
        written,
        &[
            "https://doi.org/",
            "http://doi.org/",
            "https://dx.doi.org/",
            "http://dx.doi.org/",
            "doi.org/",
            "doi:",
        ],
    );
    let (registrant, name) = bare.strip_prefix("10.")?.split_once('/')?;
    let well_formed = (2..=12).contains(&registrant.len())
        && registrant
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.')
        && registrant.starts_with(|first: char| first.is_ascii_digit())
        && !name.is_empty()
        && bare.len() <= 512
        && name
            .chars()
            .all(|character| character.is_ascii_graphic() && !"\"{}|\\^`".contains(character));
    well_formed.then(|| bare.to_owned())
}

/// An arXiv identifier, new (`2006.05929v2`) or old (`hep-th/9901001`).
#[must_use]
pub fn arxiv(written: &str) -> Option<String> {
    let bare = without_prefix(
        written,
        &[
            "https://arxiv.org/abs/",
            "http://arxiv.org/abs/",
            "https://arxiv.org/pdf/",
            "http://arxiv.org/pdf/",
            "https://www.arxiv.org/abs/",
            "https://www.arxiv.org/pdf/",
            "arxiv.org/abs/",
            "arxiv.org/pdf/",
            "arxiv:",
        ],
    );
    let bare = bare.strip_suffix(".pdf").unwrap_or(bare);
    let (id, version) = match bare.rsplit_once('v') {
        Some((id, version)) if is_digits(version, 1..=3) => (id, version),
        _ => (bare, ""),
    };
    let well_formed = match id.split_once('.') {
        Some((month, number)) if is_digits(month, 4..=4) => {
            is_digits(number, 4..=5) && has_month(month)
        }
        _ => id.split_once('/').is_some_and(|(archive, number)| {
            let (archive, class) = archive.split_once('.').unwrap_or((archive, "AA"));
            !archive.is_empty()
                && archive
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte == b'-')
                && class.len() == 2
                && class.bytes().all(|byte| byte.is_ascii_uppercase())
                && is_digits(number, 7..=7)
                && has_month(number)
        }),
    };
    well_formed.then(|| {
        if version.is_empty() {
            id.to_owned()
        } else {
            format!("{id}v{version}")
        }
    })
}

fn has_month(digits: &str) -> bool {
    digits
        .get(2..4)
        .is_some_and(|month| ("01"..="12").contains(&month))
}

/// An OpenReview forum id: letters, digits, `-` and `_`.
#[must_use]
pub fn openreview(written: &str) -> Option<String> {
    let bare = without_prefix(
        written,
        &[
            "https://openreview.net/forum?id=",
            "http://openreview.net/forum?id=",
            "https://openreview.net/pdf?id=",
            "http://openreview.net/pdf?id=",
            "openreview.net/forum?id=",
            "openreview.net/pdf?id=",
            "openreview:",
        ],
    );
    let bare = bare.split(['&', '#']).next().unwrap_or_default();
    let well_formed = (6..=64).contains(&bare.len())
        && bare
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    well_formed.then(|| bare.to_owned())
}

/// A PubMed identifier.
#[must_use]
pub fn pmid(written: &str) -> Option<String> {
    let bare = without_prefix(written, &["https://pubmed.ncbi.nlm.nih.gov/", "pmid:"]);
    let bare = bare.trim_end_matches('/');
    (is_digits(bare, 1..=8) && !bare.starts_with('0')).then(|| bare.to_owned())
}

/// An ISBN of 10 or 13 digits whose check digit is right, without hyphens.
#[must_use]
pub fn isbn(written: &str) -> Option<String> {
    let bare: String = without_prefix(written, &["isbn:", "isbn"])
        .chars()
        .filter(|character| !matches!(character, '-' | ' '))
        .collect::<String>()
        .to_ascii_uppercase();
    let digits: Vec<u32> = bare
        .bytes()
        .enumerate()
        .map(|(index, byte)| match byte {
            b'0'..=b'9' => Some(u32::from(byte - b'0')),
            b'X' if index == 9 && bare.len() == 10 => Some(10),
            _ => None,
        })
        .collect::<Option<_>>()?;
    let right = match digits.len() {
        10 => {
            digits
                .iter()
                .zip((1..=10).rev())
                .map(|(digit, weight)| digit * weight)
                .sum::<u32>()
                % 11
                == 0
        }
        13 => {
            digits
                .iter()
                .zip([1, 3].iter().cycle())
                .map(|(digit, weight)| digit * weight)
                .sum::<u32>()
                % 10
                == 0
        }
        _ => false,
    };
    right.then_some(bare)
}

/// An ISSN whose check digit is right, `2049-3630`.
#[must_use]
pub fn issn(written: &str) -> Option<String> {
    let bare = written.trim().to_ascii_uppercase().replace('-', "");
    let digits: Vec<u32> = bare
        .bytes()
        .enumerate()
        .map(|(index, byte)| match byte {
            b'0'..=b'9' => Some(u32::from(byte - b'0')),
            b'X' if index == 7 => Some(10),
            _ => None,
        })
        .collect::<Option<_>>()?;
    let sum: u32 = digits
        .iter()
        .zip((1..=8).rev())
        .map(|(digit, weight)| digit * weight)
        .sum();
    let (front, back) = bare.split_at_checked(4)?;
    (digits.len() == 8 && sum.is_multiple_of(11)).then(|| format!("{front}-{back}"))
}

/// An ORCID iD, `0000-0002-1825-0097`, whose check digit is right (ISO 7064, MOD 11-2).
#[must_use]
pub fn orcid(written: &str) -> Option<String> {
    let bare = without_prefix(
        written,
        &["https://orcid.org/", "http://orcid.org/", "orcid.org/"],
    );
    let groups: Vec<&str> = bare.split('-').collect();
    if groups.len() != 4 || groups.iter().any(|group| group.len() != 4) {
        return None;
    }
    let mut total = 0;
    let digits: Vec<u8> = groups.concat().into_bytes();
    let (check, body) = digits.split_last()?;
    for digit in body {
        total = (total + u32::from(digit.is_ascii_digit().then(|| digit - b'0')?)) * 2;
    }
    let expected = match (12 - total % 11) % 11 {
        10 => b'X',
        digit => b'0' + digit as u8,
    };
    (*check == expected).then(|| bare.to_owned())
}

/// What of a paper's identifiers its address gives away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Identified {
    /// A DOI.
    Doi(String),
    /// An arXiv identifier.
    Arxiv(String),
    /// An OpenReview forum.
    Openreview(String),
}

/// The identifier that a URL holds, if it is one of a known archive.
#[must_use]
pub fn of_url(url: &str) -> Option<Identified> {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"))?;
    let (host, path) = rest.split_once('/')?;
    match host.strip_prefix("www.").unwrap_or(host) {
        "arxiv.org" => {
            let id = path
                .strip_prefix("abs/")
                .or_else(|| path.strip_prefix("pdf/"))?;
            let id = id.split(['?', '#']).next()?;
            arxiv(id).map(Identified::Arxiv)
        }
        "openreview.net" => {
            let query = path
                .strip_prefix("forum?")
                .or_else(|| path.strip_prefix("pdf?"))?;
            let id = query
                .split(['&', '#'])
                .find_map(|pair| pair.strip_prefix("id="))?;
            openreview(id).map(Identified::Openreview)
        }
        "doi.org" | "dx.doi.org" => doi(path).map(Identified::Doi),
        _ => None,
    }
}

/// The landing page of a DOI.
#[must_use]
pub fn doi_url(doi: &str) -> String {
    // Wiley's early names hold `<`, `>` and `#` (ANSI/NISO Z39.56), which mean something else
    // in an address; the address module sees to the first two.
    let name = doi
        .replace('%', "%25")
        .replace('#', "%23")
        .replace('?', "%3F");
    super::url::absolute(&format!("https://doi.org/{name}")).unwrap_or_default()
}

/// The landing page of an arXiv identifier.
#[must_use]
pub fn arxiv_url(id: &str) -> String {
    format!("https://arxiv.org/abs/{id}")
}

/// The forum of an OpenReview id.
#[must_use]
pub fn openreview_url(id: &str) -> String {
    format!("https://openreview.net/forum?id={id}")
}

/// The page of a PubMed identifier.
#[must_use]
pub fn pmid_url(id: &str) -> String {
    format!("https://pubmed.ncbi.nlm.nih.gov/{id}/")
}

fn without_prefix<'a>(written: &'a str, prefixes: &[&str]) -> &'a str {
    let written = written.trim();
    for prefix in prefixes {
        if let Some(head) = written.get(..prefix.len())
            && head.eq_ignore_ascii_case(prefix)
        {
            return written.get(prefix.len()..).unwrap_or_default().trim();
        }
    }
    written
}

fn is_digits(text: &str, length: std::ops::RangeInclusive<usize>) -> bool {
    length.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arxiv_has_an_old_and_a_new_form() {
        assert_eq!(arxiv("arXiv:2006.05929v2").unwrap(), "2006.05929v2");
        assert_eq!(
            arxiv("https://arxiv.org/pdf/2006.05929.pdf").unwrap(),
            "2006.05929"
        );
        assert_eq!(arxiv("hep-th/9901001").unwrap(), "hep-th/9901001");
        assert_eq!(arxiv("math.GT/0309136v1").unwrap(), "math.GT/0309136v1");
        for wrong in [
            "2006.059",
            "2013.05929",
            "20060.5929",
            "hep-th/99",
            "v2",
            "",
            "x/y",
        ] {
            assert_eq!(arxiv(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn openreview_ids_may_begin_with_a_sign() {
        assert_eq!(openreview("-bdp_8Itjwp").unwrap(), "-bdp_8Itjwp");
        assert_eq!(openreview("_adSMszz_g9").unwrap(), "_adSMszz_g9");
        assert_eq!(openreview("abc"), None);
        assert_eq!(openreview("zOGdf9K8aC?"), None);
        assert_eq!(openreview("自监督学习论文"), None);
    }

    #[test]
    fn a_doi_with_angle_brackets_has_an_address_without() {
        let written = "10.1002/(SICI)1097-4571(199806)49:8<693::AID-ASI4>3.0.CO;2-O";
        assert_eq!(doi(written).unwrap(), written);
        assert_eq!(
            doi_url(written),
            "https://doi.org/10.1002/(SICI)1097-4571(199806)49:8%3C693::AID-ASI4%3E3.0.CO;2-O"
        );
        assert_eq!(doi_url("10.1/a#b?c"), "https://doi.org/10.1/a%23b%3Fc");
    }

    #[test]
    fn dois_lose_their_prefix() {
        assert_eq!(doi("https://doi.org/10.1000/182").unwrap(), "10.1000/182");
        assert_eq!(
            doi("doi:10.1145/3292500.3330701").unwrap(),
            "10.1145/3292500.3330701"
        );
        for wrong in [
            "10.1000",
            "11.1000/1",
            "10./x",
            "10.1000/",
            "10.1000/a b",
            "doi",
        ] {
            assert_eq!(doi(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn check_digits_are_checked() {
        assert_eq!(isbn("978-3-16-148410-0").unwrap(), "9783161484100");
        assert_eq!(isbn("0-8044-2957-x").unwrap(), "080442957X");
        assert_eq!(isbn("978-3-16-148410-1"), None);
        assert_eq!(issn("2049-3630").unwrap(), "2049-3630");
        assert_eq!(issn("2049-3631"), None);
        assert_eq!(
            orcid("https://orcid.org/0000-0002-1825-0097").unwrap(),
            "0000-0002-1825-0097"
        );
        assert_eq!(orcid("0000-0002-1825-0098"), None);
        assert_eq!(orcid("0000-0002-169四-2339"), None);
    }

    #[test]
    fn addresses_give_identifiers_away() {
        assert_eq!(
            of_url("https://openreview.net/pdf?noteId=a&id=zOGdf9K8aC"),
            Some(Identified::Openreview("zOGdf9K8aC".to_owned()))
        );
        assert_eq!(
            of_url("http://www.arxiv.org/pdf/2006.05929v1.pdf#page=2"),
            Some(Identified::Arxiv("2006.05929v1".to_owned()))
        );
        assert_eq!(
            of_url("https://doi.org/10.1000/182"),
            Some(Identified::Doi("10.1000/182".to_owned()))
        );
        assert_eq!(of_url("https://example.org/abs/2006.05929"), None);
    }
}
