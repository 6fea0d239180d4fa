//! Identifiers of issues and papers for the world: tag URIs (RFC 4151), which stay when a feed moves.
//!
//! An issue is `tag:HOST,YEAR:SERIES/issue/ISSUE`, a paper in it
//! `tag:HOST,YEAR:SERIES/issue/ISSUE/paper/PAPER`. A paper that runs in two issues is two
//! items, each with a commentary of its own, so the issue belongs into the identifier.
//! PAPER is the paper's id, which the author gives or which follows from its identifier; a
//! paper known only by its place in the issue goes by its address instead, for places change.
//! An author who has to change what it follows from gives the former PAPER as `guid`.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use jiff::civil::Date;

use crate::model::{Issue, Paper, Series};

/// The host that stands in the identifiers of a series without an address. RFC 2606 keeps
/// it from ever being anyone's.
const NO_HOST: &str = "offprint.invalid";

/// The identifier of an issue that has none yet, first published on `date`.
#[must_use]
pub fn of_issue(series: &Series, id: &str, date: Date) -> String {
    let host = series
        .url
        .as_deref()
        .and_then(host)
        .unwrap_or_else(|| NO_HOST.to_owned());
    format!(
        "tag:{host},{:04}:{}/issue/{}",
        date.year(),
        encoded(&series.id),
        encoded(id)
    )
}

/// The identifiers of an issue's papers, in reading order, each once.
#[must_use]
pub fn of_papers(issue: &Issue) -> Vec<String> {
    let base = &issue.guid;
    let of = |name: &str| format!("{base}/paper/{}", encoded(name));
    let mut taken: BTreeSet<String> = issue
        .papers()
        .filter_map(|paper| paper.guid.as_deref().map(of))
        .collect();
    issue
        .papers()
        .map(|paper| {
            if let Some(given) = &paper.guid {
                return of(given);
            }
            let mut guid = of(name(paper));
            if !taken.insert(guid.clone()) {
                let _ = write!(guid, "/{}", encoded(&paper.id));
                taken.insert(guid.clone());
            }
            guid
        })
        .collect()
}

fn name(paper: &Paper) -> &str {
    let ordinal = paper
        .id
        .strip_prefix("paper-")
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()));
    if ordinal {
        paper.landing().unwrap_or(&paper.id)
    } else {
        &paper.id
    }
}

/// The host of a URL in lower case, without user and port.
fn host(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    let host = host.split(':').next()?.to_ascii_lowercase();
    let is_name = !host.is_empty()
        && host
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
    is_name.then_some(host)
}

/// What was [`encoded`].
pub(crate) fn decoded(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, behind @ ..] = rest {
        let digits = behind
            .get(..2)
            .filter(|digits| *first == b'%' && digits.iter().all(u8::is_ascii_hexdigit));
        let byte = digits
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        out.push(byte.unwrap_or(*first));
        rest = if byte.is_some() {
            behind.get(2..).unwrap_or_default()
        } else {
            behind
        };
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

/// Percent-encodes what the specific part of a tag URI may not hold.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_told_without_user_and_port() {
        assert_eq!(
            host("https://me@Digest.Example.org:8443/a").as_deref(),
            Some("digest.example.org")
        );
        assert_eq!(host("https://[::1]/"), None);
        assert_eq!(host("https:///a"), None);
    }

    #[test]
    fn what_a_tag_may_not_hold_is_encoded() {
        assert_eq!(encoded("10.1000/a<b>#期"), "10.1000/a%3Cb%3E%23%E6%9C%9F");
    }

    #[test]
    fn what_was_encoded_can_be_given_again() {
        for text in [
            "https://e.example.org/?q=期%20#x",
            "paper-2",
            "100% <b>",
            "%",
            "%4",
            "%zz",
        ] {
            assert_eq!(decoded(&encoded(text)), text);
        }
        assert_eq!(decoded("%FF"), "%FF");
        assert_eq!(decoded("%+1%41"), "%+1A");
    }
}
