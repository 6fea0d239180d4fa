//! Where the interface is, and how patiently it is asked.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;
use std::time::Duration;

use ureq::Proxy;
use ureq::http::Uri;

/// How the interface is reached.
#[derive(Debug, Clone)]
pub struct Connection {
    /// Where it is.
    pub base: Base,
    /// What stands between. It is used for `https` alone, through a tunnel: what stands
    /// between sees a host's name and nothing else.
    pub proxy: Option<Proxy>,
    /// How long one request may take.
    pub timeout: Duration,
    /// How long is waited before each further attempt; after the last, a step has failed.
    pub waits: Vec<Duration>,
}

impl Default for Connection {
    fn default() -> Self {
        Self {
            base: Base::default(),
            proxy: None,
            timeout: Duration::from_mins(1),
            // More than a minute in all: some limits are for each minute.
            waits: [1, 4, 16, 45].map(Duration::from_secs).to_vec(),
        }
    }
}

/// The address of the interface, without a slash at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base {
    address: String,
    is_https: bool,
}

/// Why an address cannot be that of the interface.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BaseError {
    /// It is no address.
    #[error("it is no address; write one as `https://api.weixin.qq.com`")]
    NotAnAddress,
    /// It is neither `https` nor, on this machine, `http`.
    #[error(
        "the AppSecret would be sent unencrypted; write `https://…`, as `http://` is for this \
         machine alone (127.0.0.1, [::1], localhost)"
    )]
    NotHttps,
    /// It holds more than a host and a path.
    #[error("only scheme, host, port and path may be given: no user, no `?`, no `#`")]
    TooMuch,
}

impl Default for Base {
    fn default() -> Self {
        Self {
            address: "https://api.weixin.qq.com".to_owned(),
            is_https: true,
        }
    }
}

impl FromStr for Base {
    type Err = BaseError;

    fn from_str(written: &str) -> Result<Self, BaseError> {
        let written = written.trim();
        // `Uri` drops what follows `#`.
        if written.contains('#') {
            return Err(BaseError::TooMuch);
        }
        let uri = Uri::from_str(written).map_err(|_| BaseError::NotAnAddress)?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(BaseError::NotAnAddress);
        };
        if authority.host().is_empty() {
            return Err(BaseError::NotAnAddress);
        }
        if authority.as_str().contains('@') || uri.query().is_some() {
            return Err(BaseError::TooMuch);
        }
        let is_https = match scheme {
            "https" => true,
            "http" if is_loopback(authority.host()) => false,
            "http" => return Err(BaseError::NotHttps),
            _ => return Err(BaseError::NotAnAddress),
        };
        let path = uri.path().trim_end_matches('/');
        Ok(Self {
            address: format!("{scheme}://{authority}{path}"),
            is_https,
        })
    }
}

impl fmt::Display for Base {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.address)
    }
}

impl Base {
    /// Whether requests are encrypted.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.is_https
    }
}

/// What stands between, by its address as `HTTPS_PROXY` holds one, and the hosts that are
/// reached without it, separated by commas as in `NO_PROXY`. `None` for what is no address.
#[must_use]
pub fn proxy(address: &str, except: &str) -> Option<Proxy> {
    let proxy = Proxy::new(address).ok()?;
    let mut builder = Proxy::builder(proxy.protocol())
        .host(proxy.host())
        .port(proxy.port());
    if let Some(name) = proxy.username() {
        builder = builder.username(name);
    }
    if let Some(password) = proxy.password() {
        builder = builder.password(password);
    }
    for host in except.split(',').map(str::trim) {
        builder = builder.no_proxy(host);
    }
    builder.build().ok()
}

/// Whether a host is this machine, whatever a name server says.
fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.eq_ignore_ascii_case("localhost")
        || bare
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_taken_as_it_is_written() {
        let written = "http://me:p%40ss@proxy.example.org:3128";
        let read = proxy(written, "example.org, .example.com").unwrap();
        assert_eq!(read.host(), "proxy.example.org");
        assert_eq!(read.port(), 3128);
        assert_eq!(
            (read.username(), read.password()),
            (Some("me"), Some("p@ss"))
        );
        for (host, is_reached_without) in [
            ("https://example.org", true),
            ("https://api.example.com", true),
            ("https://api.example.org", false),
        ] {
            assert_eq!(read.is_no_proxy(&host.parse().unwrap()), is_reached_without);
        }
        assert_eq!(proxy("socks5://127.0.0.1:1080", "").unwrap().port(), 1080);
        assert_eq!(proxy("127.0.0.1:3128", "").unwrap().port(), 3128);
        for wrong in ["nonsense::", "ftp://proxy.example.org", "http://"] {
            assert!(proxy(wrong, "").is_none(), "{wrong}");
        }
    }

    #[test]
    fn only_this_machine_is_spoken_to_unencrypted() {
        for fine in [
            "https://api.weixin.qq.com",
            "https://api.weixin.qq.com/",
            "http://127.0.0.1:8080",
            "http://[::1]:8080/api/",
            "http://localhost",
        ] {
            let base = fine.parse::<Base>().unwrap();
            assert_eq!(base.to_string(), fine.trim_end_matches('/'));
        }
        for (wrong, why) in [
            ("http://api.weixin.qq.com", BaseError::NotHttps),
            ("http://127.0.0.1.example.org", BaseError::NotHttps),
            ("http://localhost.example.org", BaseError::NotHttps),
            ("http://2130706433", BaseError::NotHttps),
            ("https://me@api.weixin.qq.com", BaseError::TooMuch),
            ("http://localhost@example.org", BaseError::TooMuch),
            ("https://api.weixin.qq.com/?a=b", BaseError::TooMuch),
            ("https://api.weixin.qq.com/#a", BaseError::TooMuch),
            ("ftp://api.weixin.qq.com", BaseError::NotAnAddress),
            ("api.weixin.qq.com", BaseError::NotAnAddress),
            ("https://", BaseError::NotAnAddress),
            ("", BaseError::NotAnAddress),
            ("https://a b", BaseError::NotAnAddress),
        ] {
            assert_eq!(wrong.parse::<Base>(), Err(why), "{wrong}");
        }
    }
}
