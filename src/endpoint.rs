//! `Endpoint`: an address that libzmq can bind or connect to, and what is wrong with one that is not.

use std::ffi::CString;
use std::fmt;
use std::str::FromStr;

use crate::error::{Error, Result};

/// An endpoint, as `tcp://127.0.0.1:5555`: a transport and an address.
///
/// [`Socket::bind`](crate::Socket::bind) gives the one that was really bound. See
/// [`zmq_tcp(7)`](https://libzmq.readthedocs.io/en/latest/zmq_tcp.html), zmq_ipc(7), zmq_inproc(7).
///
/// ```
/// use zmqx::{Context, Rep};
///
/// let server = Context::new()?.socket(Rep)?;
/// let endpoint = server.bind("tcp://127.0.0.1:*")?;
/// assert_eq!(endpoint.transport(), "tcp");
/// assert!(endpoint.port() > Some(0));
/// # Ok::<(), zmqx::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Endpoint {
    text: String,
}

impl Endpoint {
    /// Returns the endpoint as text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns what is before the `://`.
    pub fn transport(&self) -> &str {
        self.parts().0
    }

    /// Returns what is behind the `://`.
    pub fn address(&self) -> &str {
        self.parts().1
    }

    /// Returns the port, where the transport has ports and this is not a wildcard.
    pub fn port(&self) -> Option<u16> {
        let (transport, address) = self.parts();
        port_text(transport, address)?.parse().ok()
    }

    fn parts(&self) -> (&str, &str) {
        self.text.split_once("://").unwrap_or_default()
    }
}

/// What stands for the port in an address, for the transports that have ports.
fn port_text<'a>(transport: &str, address: &'a str) -> Option<&'a str> {
    let host_and_port = match transport {
        "tcp" | "udp" | "pgm" | "epgm" | "norm" => address,
        // A path may follow.
        "ws" | "wss" => address.split('/').next().unwrap_or_default(),
        _ => return None,
    };
    Some(host_and_port.rsplit_once(':').map_or("", |(_, port)| port))
}

/// Says what is wrong with an endpoint before libzmq sees it: some of this it would take, and cut short.
fn complaint(text: &str) -> Option<String> {
    if text.is_empty() {
        return Some("an empty endpoint".to_owned());
    }
    if text.contains('\0') {
        return Some("an endpoint with a NUL in it".to_owned());
    }
    let Some((transport, address)) = text.split_once("://") else {
        return Some("no transport, as in tcp://".to_owned());
    };
    if transport.is_empty() {
        return Some("no transport before ://".to_owned());
    }
    if address.is_empty() {
        return Some("no address behind ://".to_owned());
    }
    let port = port_text(transport, address)?;
    if port == "*" {
        return None;
    }
    match port.parse::<u16>() {
        Ok(_) if port.bytes().all(|byte| byte.is_ascii_digit()) => None,
        _ if port.is_empty() => Some("no port behind the last colon".to_owned()),
        _ if port.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(format!("port {port} is over 65535"))
        }
        _ => Some(format!("{port:?} is no port")),
    }
}

/// The endpoint as libzmq reads it, or what is wrong with it.
pub(crate) fn to_c(operation: &'static str, text: &str) -> Result<CString> {
    match complaint(text) {
        None => CString::new(text)
            .map_err(|_| Error::invalid(operation, "an endpoint with a NUL in it")),
        Some(complaint) => Err(Error::invalid(operation, complaint).on(format!("{text:?}"))),
    }
}

impl FromStr for Endpoint {
    type Err = Error;

    /// Takes what has the form of an endpoint; whether it can be bound or connected to, libzmq says.
    fn from_str(text: &str) -> Result<Self> {
        to_c("parse endpoint", text)?;
        Ok(Self { text: text.to_owned() })
    }
}

impl Endpoint {
    /// The endpoint that libzmq says was bound.
    pub(crate) fn bound(text: String) -> Self {
        Self { text }
    }
}

impl AsRef<str> for Endpoint {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

impl From<Endpoint> for String {
    fn from(endpoint: Endpoint) -> Self {
        endpoint.text
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}
