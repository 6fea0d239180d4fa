//! Requests, with patience.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::time::Duration;

use ureq::{Agent, Timeout};

use crate::{Event, Host, Settings};

/// The most bytes of an answer: a hundred long abstracts are half a megabyte.
const LIMIT: u64 = 16 * 1024 * 1024;
/// The longest wait that a service may ask for.
const LONGEST: Duration = Duration::from_mins(5);
/// After so many requests in a row that failed, each with all its attempts, a service is left in peace.
const MAX_FAILED: usize = 3;
/// How many redirections are followed.
const REDIRECTS: u32 = 3;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// The service knows no such thing.
    NotFound,
    /// The service finds the request wrong: its status.
    Refused(u16),
    /// No answer came that could be understood, however often it was asked for.
    Failed(String),
}

/// What an attempt ended in.
enum Attempt {
    Passing(String, Option<Duration>),
    /// Nothing is reached, and nothing will be.
    Unreached(String),
    Final(Trouble),
}

/// The services.
pub(crate) struct Client<'a> {
    agent: Agent,
    pub(crate) settings: &'a Settings,
    pub(crate) host: &'a mut dyn Host,
    /// Services that are not asked again.
    pub(crate) down: BTreeSet<&'static str>,
    has_asked_arxiv: bool,
    /// Requests in a row that failed.
    failed: BTreeMap<&'static str, usize>,
}

impl<'a> Client<'a> {
    pub(crate) fn new(settings: &'a Settings, host: &'a mut dyn Host) -> Self {
        let agent = match &settings.mailto {
            Some(mailto) => format!("offprint/{} (mailto:{mailto})", env!("CARGO_PKG_VERSION")),
            None => concat!("offprint/", env!("CARGO_PKG_VERSION")).to_owned(),
        };
        // A header of one line, whatever the setting holds.
        let agent: String = agent
            .chars()
            .filter(|sign| sign.is_ascii_graphic() || *sign == ' ')
            .collect();
        let config = Agent::config_builder()
            .proxy(settings.proxy.clone())
            .max_redirects(REDIRECTS)
            .http_status_as_error(false)
            .timeout_global(Some(settings.timeout))
            .user_agent(agent)
            .build();
        Self {
            agent: config.new_agent(),
            settings,
            host,
            down: BTreeSet::new(),
            has_asked_arxiv: false,
            failed: BTreeMap::new(),
        }
    }

    /// Asks `service` at `address`; `read` says whether the answer can be understood.
    pub(crate) fn ask<T>(
        &mut self,
        service: &'static str,
        address: &str,
        read: impl Fn(&[u8]) -> Option<T>,
    ) -> Result<T, Trouble> {
        let mut attempt = 0;
        loop {
            self.leave_time(service);
            let (why, asked_for, is_reached) = match self.attempt(address) {
                Ok(bytes) => match read(&bytes) {
                    Some(answer) => {
                        self.failed.remove(service);
                        return Ok(answer);
                    }
                    None => (
                        "the answer cannot be understood; does a proxy or a login page stand between?".to_owned(),
                        None,
                        true,
                    ),
                },
                Err(Attempt::Final(trouble)) => return Err(trouble),
                Err(Attempt::Passing(why, wait)) => (why, wait, true),
                Err(Attempt::Unreached(why)) => (why, None, false),
            };
            let Some(&wait) = self.settings.waits.get(attempt) else {
                let failed = self.failed.entry(service).or_default();
                *failed += 1;
                if !is_reached || *failed >= MAX_FAILED {
                    self.down.insert(service);
                }
                return Err(Trouble::Failed(why));
            };
            let wait = asked_for.unwrap_or(wait).max(wait).min(LONGEST.max(wait));
            self.host.tell(&Event::Retrying {
                service,
                why: &why,
                wait,
            });
            self.host.wait(wait);
            attempt += 1;
        }
    }

    /// arXiv asks for three seconds between requests.
    fn leave_time(&mut self, service: &str) {
        if service == "arXiv" {
            if self.has_asked_arxiv {
                self.host.wait(self.settings.pause);
            }
            self.has_asked_arxiv = true;
        }
    }

    fn attempt(&self, address: &str) -> Result<Vec<u8>, Attempt> {
        let mut response = self
            .agent
            .get(address)
            .call()
            .map_err(|error| unreached(&error, self.settings.timeout))?;
        let status = response.status();
        if status.as_u16() == 429 || status.is_server_error() {
            let wait = response
                .headers()
                .get("retry-after")
                .and_then(|value| value.to_str().ok())
                .and_then(|value| value.trim().parse().ok())
                .map(Duration::from_secs);
            let why = if status.as_u16() == 429 {
                "too many requests for now (429)".to_owned()
            } else {
                format!("the server answers {status}")
            };
            return Err(Attempt::Passing(why, wait));
        }
        match status.as_u16() {
            404 | 410 => return Err(Attempt::Final(Trouble::NotFound)),
            407 => {
                let why = "the proxy asks for a name and a password".to_owned();
                return Err(Attempt::Final(Trouble::Failed(why)));
            }
            400 | 403 | 422 => return Err(Attempt::Final(Trouble::Refused(status.as_u16()))),
            _ if !status.is_success() => {
                let why = format!("the server answers {status}");
                return Err(Attempt::Final(Trouble::Failed(why)));
            }
            _ => {}
        }
        let reader = response.body_mut().with_config().limit(LIMIT);
        reader
            .read_to_vec()
            .map_err(|error| unreached(&error, self.settings.timeout))
    }
}

/// An error of the network in words.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the library adds kinds; the rest is told in general words"
)]
fn unreached(error: &ureq::Error, timeout: Duration) -> Attempt {
    use ureq::Error;
    const NOT_TRUSTED: &str = "the server's certificate is not trusted, or the connection is \
        not encrypted as it must be; does a proxy that reads along stand between?";
    match error {
        Error::Timeout(Timeout::Resolve | Timeout::Connect) => {
            Attempt::Unreached("no connection came about in time".to_owned())
        }
        Error::Timeout(_) => Attempt::Passing(
            format!("no answer came within {} s", timeout.as_secs_f32()),
            None,
        ),
        Error::HostNotFound => Attempt::Unreached("no such host is known".to_owned()),
        Error::ConnectionFailed => Attempt::Unreached("no connection came about".to_owned()),
        Error::ConnectProxyFailed(_) | Error::InvalidProxyUrl => {
            Attempt::Unreached("the proxy lets no connection through".to_owned())
        }
        Error::Rustls(_) | Error::Tls(_) | Error::Pem(_) | Error::TlsRequired => {
            Attempt::Final(Trouble::Failed(NOT_TRUSTED.to_owned()))
        }
        Error::Io(error) if error.kind() == io::ErrorKind::InvalidData => {
            Attempt::Final(Trouble::Failed(NOT_TRUSTED.to_owned()))
        }
        Error::Io(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
            Attempt::Unreached("the connection is refused".to_owned())
        }
        Error::Io(error) => Attempt::Passing(format!("the connection broke: {error}"), None),
        Error::TooManyRedirects => Attempt::Final(Trouble::Failed(
            "the server sends on to other addresses without end".to_owned(),
        )),
        Error::BodyExceedsLimit(_) | Error::LargeResponseHeader(..) => Attempt::Final(
            Trouble::Failed("the answer is too long to be about papers".to_owned()),
        ),
        Error::BadUri(_) => Attempt::Final(Trouble::Failed(
            "the service's address cannot be used; look at the settings".to_owned(),
        )),
        Error::Protocol(_) => Attempt::Passing("the answer is no HTTP".to_owned(), None),
        _ => Attempt::Passing("the request could not be sent".to_owned(), None),
    }
}

/// A value of a query or a segment of a path (RFC 3986, section 2).
pub(crate) fn percent_encoded(value: &str) -> String {
    let mut encoded = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
            encoded.push('%');
            encoded.push(digit(byte >> 4).to_ascii_uppercase());
            encoded.push(digit(byte & 15).to_ascii_uppercase());
        }
    }
    encoded
}
