//! Binding, connecting, and their contrary, before libzmq 4.1.
//!
//! It knows a listener by the text that it was bound by: what came of a wildcard is not found, and those that were bound by
//! the same text end together. So the texts are kept here, and none is used twice. It cannot end a bind over inproc; 3.2
//! not even a connect.

use std::ffi::{CStr, CString, c_int};
use std::sync::{Mutex, MutexGuard, PoisonError};

use zmq_sys_ext as ffi;

use super::context::check_descriptors;
use super::errno::{self, check};
use super::library;
use super::socket::RawSocket;
use crate::error::{Error, Result};

/// What is to be known of a socket's endpoints.
#[derive(Default)]
pub(super) struct Names {
    bound: Mutex<Vec<Bound>>,
    /// The endpoints over inproc that it was connected to.
    connected: Mutex<Vec<CString>>,
}

struct Bound {
    /// The address, as `Socket::bind` gives it.
    name: CString,
    /// The text that libzmq knows it by.
    text: CString,
}

impl Names {
    fn bound(&self) -> MutexGuard<'_, Vec<Bound>> {
        self.bound.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn connected(&self) -> MutexGuard<'_, Vec<CString>> {
        self.connected.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_inproc(endpoint: &CStr) -> bool {
    endpoint.to_bytes().starts_with(b"inproc:")
}

impl RawSocket {
    pub(crate) fn bind(&self, endpoint: &CStr) -> Result<()> {
        if !is_inproc(endpoint) {
            // One to listen, and one to look for network interfaces, without which libzmq aborts the process.
            check_descriptors(2, "bind")?;
        }
        let before = self.names.bound().iter().rfind(|bound| *bound.text == *endpoint).map(
            // Of one that is there under this text, what it has become.
            |bound| bound.name.to_string_lossy().into_owned(),
        );
        let text = match before.as_deref().and_then(split_port) {
            Some((host, port)) => self.bind_beside(host, port)?,
            None => self.bind_once(endpoint).map(|()| endpoint.to_owned())?,
        };
        let name = if is_inproc(&text) { None } else { self.last_endpoint() };
        let name = name.unwrap_or_else(|| text.clone());
        self.names.bound().push(Bound { name, text });
        Ok(())
    }

    fn bind_once(&self, endpoint: &CStr) -> Result<()> {
        // SAFETY: the socket is open; libzmq reads the string, and does not keep it. The same for the three below.
        check(unsafe { ffi::zmq_bind(self.as_ptr(), endpoint.as_ptr()) }, "bind").map(drop)
    }

    /// Binds to a port that is free, after `port`, where the wildcard's text is used already; and gives the text.
    pub(super) fn bind_beside(&self, host: &str, port: u16) -> Result<CString> {
        let mut result = Err(Error::new(libc::EADDRINUSE, "bind"));
        for port in (port..=u16::MAX).skip(1) {
            let text = CString::new(format!("{host}:{port}"))
                .map_err(|_| Error::new(errno::EINVAL, "bind"))?;
            match self.bind_once(&text) {
                Err(error) if error.errno() == libc::EADDRINUSE => result = Err(error),
                done => return done.map(|()| text),
            }
        }
        result
    }

    /// The address that was bound last.
    fn last_endpoint(&self) -> Option<CString> {
        let mut buffer = [0; 1024];
        self.get(ffi::ZMQ_LAST_ENDPOINT, &mut buffer).ok()?;
        CStr::from_bytes_until_nul(&buffer).ok().map(CStr::to_owned)
    }

    pub(crate) fn connect(&self, endpoint: &CStr) -> Result<()> {
        // SAFETY: as for zmq_bind.
        check(unsafe { ffi::zmq_connect(self.as_ptr(), endpoint.as_ptr()) }, "connect")?;
        if is_inproc(endpoint) && !runs_with((4, 0)) {
            self.names.connected().push(endpoint.to_owned());
        }
        Ok(())
    }

    pub(crate) fn unbind(&self, endpoint: &CStr) -> Result<()> {
        const DOING: &str = "unbind";
        let end = |text: &CStr| {
            // SAFETY: as for zmq_bind.
            ended(unsafe { ffi::zmq_unbind(self.as_ptr(), text.as_ptr()) }, DOING)
        };
        if runs_with((4, 1)) {
            return end(endpoint);
        }
        let mut all = self.names.bound();
        let found = all.iter().find(|bound| *bound.name == *endpoint);
        if is_inproc(endpoint) {
            return Err(match found {
                Some(_) => Error::unsupported(DOING, "inproc is unbound by libzmq 4.1 or later"),
                None => Error::new(errno::ENOENT, DOING),
            });
        }
        let text = found.map_or_else(|| endpoint.to_owned(), |bound| bound.text.clone());
        end(&text)?;
        // As later ones do, it ends all that have one ipc endpoint.
        all.retain(|bound| bound.text != text);
        Ok(())
    }

    pub(crate) fn disconnect(&self, endpoint: &CStr) -> Result<()> {
        const DOING: &str = "disconnect";
        if is_inproc(endpoint) && !runs_with((4, 0)) {
            return Err(if self.names.connected().iter().any(|name| **name == *endpoint) {
                Error::unsupported(DOING, "inproc is disconnected by libzmq 4.0 or later")
            } else {
                Error::new(errno::ENOENT, DOING)
            });
        }
        // SAFETY: as for zmq_bind.
        ended(unsafe { ffi::zmq_disconnect(self.as_ptr(), endpoint.as_ptr()) }, DOING)
    }
}

/// Whether the libzmq that runs is of this level: it may be newer than the one that this was built for.
fn runs_with(level: (c_int, c_int)) -> bool {
    let (major, minor, _) = library::version();
    (major, minor) >= level
}

/// `tcp://127.0.0.1` and 5555.
fn split_port(name: &str) -> Option<(&str, u16)> {
    let (host, port) = name.strip_prefix("tcp:").and(name.rsplit_once(':'))?;
    Some((host, port.parse().ok()?))
}

/// Translates the result of zmq_unbind(3) and zmq_disconnect(3): for an endpoint that it does not know, 3.2 leaves errno as
/// it is after a look into the mailbox.
fn ended(rc: c_int, operation: &'static str) -> Result<()> {
    check(rc, operation).map(drop).map_err(|error| match error.errno() {
        errno::EAGAIN => Error::new(errno::ENOENT, operation),
        _ => error,
    })
}
