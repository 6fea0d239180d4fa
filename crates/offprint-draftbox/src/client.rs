//! Requests to the interface: tokens, patience, and what answers mean.

use std::io;
use std::time::Duration;

use serde_json::{Value, json};
use ureq::{Agent, Timeout};

use crate::connection::Connection;
use crate::errcode::{Remedy, remedy};
use crate::error::PublishError;
use crate::line::line;
use crate::memory::{Memory, Token};
use crate::secret::{Credentials, Secret};
use crate::{Event, Host};

/// The most bytes of an answer to most questions.
pub(crate) const SHORT: u64 = 1024 * 1024;
/// The most bytes of an answer with whole articles: eight of 1 MB, escaped.
pub(crate) const LONG: u64 = 32 * 1024 * 1024;
/// The most characters of a message of WeChat that are shown.
const MAX_MESSAGE: usize = 200;
/// How long before its end a token is asked for anew, in seconds. WeChat lets the old one
/// live on for as long.
const MARGIN: u64 = 300;

/// A request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Request<'a> {
    /// What is being done, for messages.
    pub(crate) doing: &'a str,
    /// Below `/cgi-bin/`.
    pub(crate) path: &'static str,
    /// What follows the token.
    pub(crate) query: &'static str,
    pub(crate) content_type: &'a str,
    pub(crate) body: &'a [u8],
    /// The most bytes of the answer.
    pub(crate) limit: u64,
    /// What an answer that is no error has.
    pub(crate) wanted: &'static str,
}

/// Why there is no answer, and what may help.
enum Trouble {
    /// Another token.
    Token(PublishError),
    /// Time.
    Passing(PublishError),
    /// Nothing.
    Final(PublishError),
}

impl Trouble {
    fn into_error(self) -> PublishError {
        match self {
            Self::Token(error) | Self::Passing(error) | Self::Final(error) => error,
        }
    }
}

/// The interface, asked for one account.
pub(crate) struct Client<'a> {
    agent: Agent,
    connection: &'a Connection,
    credentials: &'a Credentials,
    pub(crate) memory: &'a mut Memory,
    pub(crate) host: &'a mut dyn Host,
}

impl<'a> Client<'a> {
    pub(crate) fn new(
        connection: &'a Connection,
        credentials: &'a Credentials,
        memory: &'a mut Memory,
        host: &'a mut dyn Host,
    ) -> Self {
        // What is sent unencrypted stays on this machine.
        let proxy = connection.proxy.clone();
        let proxy = proxy.filter(|_| connection.base.is_https());
        let config = Agent::config_builder()
            .https_only(connection.base.is_https())
            .proxy(proxy)
            // The token in an address is for one host.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .timeout_global(Some(connection.timeout))
            .user_agent(concat!("offprint/", env!("CARGO_PKG_VERSION")))
            .accept("application/json")
            .build();
        Self {
            agent: config.new_agent(),
            connection,
            credentials,
            memory,
            host,
        }
    }

    /// Sends a request that may be sent twice, with patience.
    pub(crate) fn call(&mut self, request: &Request<'_>) -> Result<Value, PublishError> {
        let mut attempt = 0;
        loop {
            match self.send(request) {
                Ok(answer) => return Ok(answer),
                Err(Trouble::Passing(error)) => {
                    self.pause(attempt, request.doing, error)?;
                    attempt += 1;
                }
                Err(trouble) => return Err(trouble.into_error()),
            }
        }
    }

    /// Sends a request once. The other half of an error says whether time may help.
    pub(crate) fn call_once(
        &mut self,
        request: &Request<'_>,
    ) -> Result<Value, (PublishError, bool)> {
        self.send(request).map_err(|trouble| {
            let may_pass = matches!(trouble, Trouble::Passing(_));
            (trouble.into_error(), may_pass)
        })
    }

    /// Waits before another attempt; gives the error back after the last.
    pub(crate) fn pause(
        &mut self,
        attempt: usize,
        doing: &str,
        error: PublishError,
    ) -> Result<(), PublishError> {
        let Some(&wait) = self.connection.waits.get(attempt) else {
            return Err(error);
        };
        self.host.tell(&Event::Retrying {
            doing,
            why: &error.why(),
            wait,
        });
        self.host.wait(wait);
        Ok(())
    }

    /// Writes down what is remembered.
    pub(crate) fn keep(&mut self) -> Result<(), PublishError> {
        let kept = self.host.keep(self.memory);
        kept.map_err(PublishError::NotKept)
    }

    /// Sends a request, with another token if the first is not taken.
    fn send(&mut self, request: &Request<'_>) -> Result<Value, Trouble> {
        let token = self.token().map_err(Trouble::Final)?;
        let refused = match self.exchange(request, Some(&token)) {
            Err(Trouble::Token(_)) => token,
            result => return result,
        };
        let token = self.renewed(&refused).map_err(Trouble::Final)?;
        self.exchange(request, Some(&token))
    }

    /// A token that has not expired.
    fn token(&mut self) -> Result<Secret, PublishError> {
        let now = self.host.now();
        match &self.memory.token {
            Some(token) if now < token.expires => Ok(token.value.clone()),
            _ => self.ask_for_token(false),
        }
    }

    /// Another token than the refused one. Somebody else may have asked for it already; only
    /// if not, WeChat is made to end the old one, which it allows twenty times a day.
    fn renewed(&mut self, refused: &Secret) -> Result<Secret, PublishError> {
        let token = self.ask_for_token(false)?;
        if token == *refused {
            self.ask_for_token(true)
        } else {
            Ok(token)
        }
    }

    fn ask_for_token(&mut self, force: bool) -> Result<Secret, PublishError> {
        self.memory.token = None;
        let body = json!({
            "grant_type": "client_credential",
            "appid": self.credentials.appid,
            "secret": self.credentials.secret.reveal(),
            "force_refresh": force,
        });
        let body = body.to_string();
        let request = Request {
            doing: "asking for an access token",
            path: "stable_token",
            query: "",
            content_type: JSON,
            body: body.as_bytes(),
            limit: SHORT,
            wanted: "access_token",
        };
        let mut attempt = 0;
        let answer = loop {
            match self.exchange(&request, None) {
                Ok(answer) => break answer,
                Err(Trouble::Passing(error)) => {
                    self.pause(attempt, request.doing, error)?;
                    attempt += 1;
                }
                Err(trouble) => return Err(trouble.into_error()),
            }
        };
        let value = answer.get("access_token").and_then(Value::as_str);
        let lasts = answer.get("expires_in").and_then(Value::as_u64);
        let value = Secret::new(value.unwrap_or_default());
        let lasts = lasts.unwrap_or_default().saturating_sub(MARGIN);
        self.memory.token = Some(Token {
            value: value.clone(),
            expires: self.host.now().saturating_add(lasts),
        });
        self.keep()?;
        Ok(value)
    }

    /// One request and its answer.
    fn exchange(&self, request: &Request<'_>, token: Option<&Secret>) -> Result<Value, Trouble> {
        let Request {
            doing,
            path,
            query,
            content_type,
            body,
            limit,
            wanted,
        } = *request;
        let base = &self.connection.base;
        let address = match token {
            Some(token) => {
                let token = percent_encoded(token.reveal());
                format!("{base}/cgi-bin/{path}?access_token={token}{query}")
            }
            None => format!("{base}/cgi-bin/{path}"),
        };
        let unanswered = |why: String, may_be_done| PublishError::Unanswered {
            doing: doing.to_owned(),
            why: self.cleaned(&why, token),
            may_be_done,
        };
        let sent = self.agent.post(&address).content_type(content_type);
        let mut response = sent
            .send(body)
            .map_err(|error| network(&error, self.connection.timeout, unanswered))?;
        let status = response.status();
        if status.is_redirection() {
            let why = format!(
                "the server sends on to another address ({status}), and nothing is sent there"
            );
            return Err(Trouble::Final(unanswered(why, false)));
        }
        let reader = response.body_mut().with_config().limit(limit);
        let bytes = match reader.read_to_vec() {
            Ok(bytes) => bytes,
            Err(error) => return Err(network(&error, self.connection.timeout, unanswered)),
        };
        if status.is_server_error() || status.as_u16() == 429 {
            let why = format!("the server answers {status}");
            return Err(Trouble::Passing(unanswered(why, true)));
        }
        // WeChat labels some of its JSON as text.
        let answer = serde_json::from_slice::<Value>(&bytes).ok();
        let Some(answer) = answer.filter(Value::is_object) else {
            return Err(if status.is_success() {
                let why = "the answer is no JSON; does a proxy or a login page stand between?";
                Trouble::Passing(unanswered(why.to_owned(), true))
            } else {
                let why = format!("the server answers {status}");
                Trouble::Final(unanswered(why, false))
            });
        };
        let code = answer.get("errcode").and_then(Value::as_i64).unwrap_or(0);
        if code != 0 {
            let errmsg = answer.get("errmsg").and_then(Value::as_str);
            let refused = PublishError::Refused {
                doing: doing.to_owned(),
                code,
                errmsg: self.cleaned(errmsg.unwrap_or("no reason given"), token),
            };
            return Err(match remedy(code) {
                Remedy::Token => Trouble::Token(refused),
                Remedy::Patience => Trouble::Passing(refused),
                Remedy::None => Trouble::Final(refused),
            });
        }
        let is_whole = match answer.get(wanted) {
            Some(Value::String(text)) => !text.is_empty(),
            Some(Value::Null) | None => false,
            Some(Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => true,
        };
        if !is_whole {
            let why = format!("the answer has no `{wanted}`");
            return Err(Trouble::Passing(unanswered(why, true)));
        }
        Ok(answer)
    }

    /// What others say, fit for a message: one short line, without what is secret.
    fn cleaned(&self, text: &str, token: Option<&Secret>) -> String {
        let mut text = self.credentials.secret.scrub(text);
        if let Some(token) = token {
            text = token.scrub(&text);
            text = Secret::new(percent_encoded(token.reveal())).scrub(&text);
        }
        line(&text, MAX_MESSAGE)
    }
}

/// The media type of what is sent.
pub(crate) const JSON: &str = "application/json; charset=utf-8";

const NOT_TRUSTED: &str = "the server's certificate is not trusted, or the connection is not \
    encrypted as it must be; does a proxy that reads along stand between?";

/// An error of the network in words; none of them holds the address, which holds the token.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the library adds kinds; the rest is told in general words"
)]
fn network(
    error: &ureq::Error,
    timeout: Duration,
    unanswered: impl Fn(String, bool) -> PublishError,
) -> Trouble {
    use ureq::Error;
    let (why, may_be_done) = match error {
        Error::Timeout(Timeout::Resolve | Timeout::Connect) => {
            ("no connection came about in time".to_owned(), false)
        }
        Error::Timeout(_) => {
            let why = format!("no answer came within {} s", timeout.as_secs_f32());
            (why, true)
        }
        Error::HostNotFound => ("no such host is known".to_owned(), false),
        Error::ConnectionFailed => ("no connection came about".to_owned(), false),
        Error::ConnectProxyFailed(_) | Error::InvalidProxyUrl => {
            ("the proxy lets no connection through".to_owned(), false)
        }
        Error::Rustls(_) | Error::Tls(_) | Error::Pem(_) | Error::TlsRequired => {
            return Trouble::Final(unanswered(NOT_TRUSTED.to_owned(), false));
        }
        // So the library passes on what is wrong with a certificate.
        Error::Io(error) if error.kind() == io::ErrorKind::InvalidData => {
            return Trouble::Final(unanswered(NOT_TRUSTED.to_owned(), false));
        }
        Error::Io(error) => {
            let is_unsent = matches!(
                error.kind(),
                io::ErrorKind::ConnectionRefused
                    | io::ErrorKind::HostUnreachable
                    | io::ErrorKind::NetworkUnreachable
                    | io::ErrorKind::AddrNotAvailable
            );
            (format!("the connection broke: {error}"), !is_unsent)
        }
        Error::BodyExceedsLimit(_) | Error::LargeResponseHeader(..) => {
            ("the answer is too long to be WeChat's".to_owned(), true)
        }
        Error::Protocol(_) => ("the answer is no HTTP".to_owned(), true),
        _ => ("the request could not be sent".to_owned(), true),
    };
    Trouble::Passing(unanswered(why, may_be_done))
}

/// A value of a query (RFC 3986, section 2).
fn percent_encoded(value: &str) -> String {
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
