//! Absolute URLs.

/// Why a text is no URL that may be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong, one clause.
    pub message: String,
    /// What to write instead.
    pub hint: Option<String>,
}

impl Fault {
    fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hint: None,
        }
    }

    fn hint(self, hint: impl Into<String>) -> Self {
        Self {
            hint: Some(hint.into()),
            ..self
        }
    }
}

/// An absolute `http`, `https` or `mailto` URL, with what RFC 3986 does not allow in it
/// (Chinese in a path, blanks, brackets) percent-encoded.
///
/// # Errors
/// When there is no scheme or another one, no host, or a host that is not ASCII.
pub fn absolute(written: &str) -> Result<String, Fault> {
    let written = written.trim();
    if written.is_empty() {
        return Err(Fault::new("an address is empty"));
    }
    if written.len() > 8 * 1024 {
        return Err(Fault::new("an address is longer than 8192 bytes"));
    }
    let Some((scheme, rest)) = split_scheme(written) else {
        return Err(without_scheme(written));
    };
    match scheme.to_ascii_lowercase().as_str() {
        scheme @ ("http" | "https") => {
            let Some(rest) = rest.strip_prefix("//") else {
                let shown = shown(written);
                return Err(Fault::new(format!("`{shown}` lacks `//` after its scheme"))
                    .hint(format!("write {scheme}://{}", rest.trim_start_matches('/'))));
            };
            let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
            let (authority, path) = rest.split_at_checked(end).unwrap_or((rest, ""));
            check_authority(authority, written)?;
            let mut url = String::with_capacity(written.len());
            url.push_str(scheme);
            url.push_str("://");
            url.extend(
                authority
                    .chars()
                    .map(|character| character.to_ascii_lowercase()),
            );
            push_encoded(path, &mut url);
            Ok(url)
        }
        "mailto" => {
            let address = rest.split('?').next().unwrap_or_default();
            if is_email(address) {
                let mut url = String::from("mailto:");
                push_encoded(rest, &mut url);
                Ok(url)
            } else {
                let shown = shown(written);
                Err(Fault::new(format!("`{shown}` holds no e-mail address")))
            }
        }
        // A host with a port looks like a scheme.
        _ if looks_like_host(written) => Err(without_scheme(written)),
        scheme => Err(
            Fault::new(format!("`{scheme}:` addresses cannot be published"))
                .hint("only http, https and mailto pass"),
        ),
    }
}

/// An address without a scheme read as https: it begins with a name that looks like a host's.
#[must_use]
pub fn as_https(written: &str) -> Option<String> {
    let written = written.trim();
    looks_like_host(written)
        .then(|| absolute(&format!("https://{written}")).ok())
        .flatten()
}

/// Whether a text has the form of an e-mail address.
#[must_use]
pub fn is_email(address: &str) -> bool {
    let is_plain = |part: &str, signs: &[u8]| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || signs.contains(&byte))
    };
    match address.split_once('@') {
        Some((local, host)) => {
            is_plain(local, b".!#$&'*+-/=^_`{|}~%")
                && is_plain(host, b".-")
                && host.contains('.')
                && !host.starts_with(['.', '-'])
                && !host.ends_with(['.', '-'])
                && !host.contains("..")
        }
        None => false,
    }
}

fn split_scheme(written: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = written.split_once(':')?;
    let well_formed = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    well_formed.then_some((scheme, rest))
}

/// What messages show of an address.
fn shown(written: &str) -> String {
    written.chars().take(80).collect()
}

fn without_scheme(written: &str) -> Fault {
    let fault = Fault::new(format!("`{}` is no absolute address", shown(written)));
    if let Some(rest) = written.strip_prefix("//") {
        fault.hint(format!("write https://{rest}"))
    } else if looks_like_host(written) {
        fault.hint(format!("write https://{written}"))
    } else if is_email(written) {
        fault.hint(format!("write mailto:{written}"))
    } else if crate::check::identifier::doi(written).is_some() {
        fault.hint("a DOI goes into the field `doi`, or behind https://doi.org/")
    } else if written.starts_with('#') {
        fault.hint("there is nothing within an issue that a link could lead to")
    } else {
        fault.hint("begin it with https://")
    }
}

/// Whether a text begins with a host: `openreview.net/forum`, and `a.example.org`, but no
/// file's name, number or DOI.
fn looks_like_host(written: &str) -> bool {
    let end = written.find(['/', '?', '#', ':']).unwrap_or(written.len());
    let (host, rest) = written.split_at_checked(end).unwrap_or((written, ""));
    let Some((name, top)) = host.rsplit_once('.') else {
        return false;
    };
    let is_top =
        (2..=24).contains(&top.len()) && top.bytes().all(|byte| byte.is_ascii_alphabetic());
    // Names of files and of hosts end alike where nothing follows.
    let is_known = COMMON_TOPS.contains(&top.to_ascii_lowercase().as_str());
    let is_file = FILES.contains(&top.to_ascii_lowercase().as_str());
    is_top
        && !is_file
        && is_host(host)
        && !name.is_empty()
        && (is_known || name.starts_with("www.") || rest.starts_with('/') && rest.len() > 1)
}

/// Endings of hosts that no file has.
const COMMON_TOPS: &[&str] = &[
    "ai", "au", "ca", "ch", "cn", "com", "de", "dev", "edu", "eu", "fr", "gov", "hk", "info", "io",
    "jp", "kr", "net", "nl", "org", "science", "sg", "tw", "uk", "us",
];

/// Endings of files that stand before a `/` in no address.
const FILES: &[&str] = &[
    "csv", "gif", "htm", "html", "jpeg", "jpg", "json", "markdown", "md", "pdf", "png", "svg",
    "tar", "tex", "toml", "txt", "webp", "xml", "yaml", "yml", "zip",
];

fn is_host(host: &str) -> bool {
    host.len() <= 253
        && host.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        })
}

fn check_authority(authority: &str, written: &str) -> Result<(), Fault> {
    let ill_formed = || Fault::new(format!("the host of `{}` is ill-formed", shown(written)));
    if authority.contains('@') {
        return Err(
            Fault::new(format!("`{}` holds a user name", shown(written)))
                .hint("remove what stands before the `@`"),
        );
    }
    let (host, port) = match authority.strip_prefix('[') {
        Some(literal) => {
            let Some((host, port)) = literal.split_once(']') else {
                return Err(ill_formed());
            };
            if host.parse::<std::net::Ipv6Addr>().is_err() {
                return Err(ill_formed());
            }
            (
                "",
                port.strip_prefix(':').or((port.is_empty()).then_some("")),
            )
        }
        None => match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, Some("")),
        },
    };
    if !port.is_some_and(|port| port.is_empty() || port.parse::<u16>().is_ok()) {
        return Err(Fault::new(format!(
            "the port of `{}` is no number up to 65535",
            shown(written)
        )));
    }
    if authority.starts_with('[') {
        return Ok(());
    }
    if host.is_empty() {
        return Err(Fault::new(format!("`{}` names no host", shown(written))));
    }
    if !host.is_ascii() {
        return Err(Fault::new(format!(
            "the host of `{}` is not written in ASCII",
            shown(written)
        ))
        .hint("write its `xn--` form, or leave a blank between the address and the text"));
    }
    // A final dot is the root of the name system and allowed.
    if !is_host(host.strip_suffix('.').unwrap_or(host)) {
        return Err(ill_formed());
    }
    Ok(())
}

/// Writes path, query and fragment as RFC 3986 allows them; what is percent-encoded stays.
fn push_encoded(rest: &str, out: &mut String) {
    let bytes = rest.as_bytes();
    let mut in_fragment = false;
    for (index, &byte) in bytes.iter().enumerate() {
        let is_hex = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_hexdigit);
        let keep = match byte {
            b'%' => is_hex(index + 1) && is_hex(index + 2),
            b'#' => !std::mem::replace(&mut in_fragment, true),
            b'-' | b'.' | b'_' | b'~' | b'/' | b'?' | b':' | b'@' | b'!' | b'$' | b'&' | b'\''
            | b'(' | b')' | b'*' | b'+' | b',' | b';' | b'=' => true,
            _ => byte.is_ascii_alphanumeric(),
        };
        if keep {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for digit in [byte >> 4, byte & 15] {
                let digit = char::from_digit(u32::from(digit), 16).unwrap_or('0');
                out.push(digit.to_ascii_uppercase());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_http_https_and_mailto_pass() {
        for url in [
            "https://openreview.net/forum?id=-bdp_8Itjwp",
            "http://localhost:8080/a#b",
            "https://[::1]/x",
            "mailto:a.b@example.org?subject=x",
        ] {
            assert_eq!(absolute(url), Ok(url.to_owned()));
        }
        for url in [
            "javascript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "//evil.example/x",
            "/a/b",
            "#x",
            "https:/a",
            "https://",
            "https://a b/",
            "https://user@host.example/",
            "https://例子.测试/",
            "mailto:x",
            "java\u{0}script:x",
            "https://a:99999/",
            "",
        ] {
            assert!(absolute(url).is_err(), "{url}");
        }
    }

    #[test]
    fn what_a_url_may_not_hold_is_percent_encoded() {
        assert_eq!(
            absolute("HTTPS://ZH.Wikipedia.org/wiki/自监督?a=[1]#b#c%2f%zz").unwrap(),
            "https://zh.wikipedia.org/wiki/%E8%87%AA%E7%9B%91%E7%9D%A3?a=%5B1%5D#b%23c%2f%25zz"
        );
    }

    #[test]
    fn a_host_is_read_as_https_and_a_file_is_not() {
        for (written, url) in [
            (
                "openreview.net/forum?id=x",
                "https://openreview.net/forum?id=x",
            ),
            ("a.example/x", "https://a.example/x"),
            ("example.org", "https://example.org"),
            ("www.lab.uni:8080/x", "https://www.lab.uni:8080/x"),
        ] {
            assert_eq!(as_https(written).as_deref(), Some(url), "{written}");
        }
        for written in [
            "//arxiv.org/abs/1",
            "main.py",
            "notes.md",
            "fig.pdf/page",
            "10.1000/182",
            "images/a.b/c",
            "../a.org/x",
            "2006.05929",
            "e.g./x",
            "javascript:alert(1).com/x",
            "user@example.org",
            "https://example.org/",
            "a..org/x",
            ".org/x",
            "",
        ] {
            assert_eq!(as_https(written), None, "{written}");
        }
    }

    #[test]
    fn a_missing_scheme_is_suggested() {
        let fault = absolute("openreview.net/forum?id=x").unwrap_err();
        assert_eq!(
            fault.hint.as_deref(),
            Some("write https://openreview.net/forum?id=x")
        );
        let fault = absolute("openreview.net:443/x").unwrap_err();
        assert_eq!(
            fault.hint.as_deref(),
            Some("write https://openreview.net:443/x")
        );
    }
}
