//! ZMQ_PLAIN_SERVER and ZMQ_ZAP_ENFORCE_DOMAIN, which together want a ZAP domain: without one libzmq aborts the process
//! when the first client connects.

use super::access;
use super::drafts::ZMQ_ZAP_ENFORCE_DOMAIN;
use super::rows_i_to_q::ZMQ_PLAIN_SERVER;
use super::value::Encoded;
use crate::error::{Error, Result};
use crate::kind::Kind;
use crate::socket::Socket;

impl<K: Kind> Socket<K> {
    /// Sets whether the socket is a PLAIN server.
    ///
    /// Off by default. Names and passwords are checked by a [ZAP handler](crate::zap).
    ///
    /// Corresponds to ZMQ_PLAIN_SERVER of
    /// [`zmq_setsockopt(3)`](https://libzmq.readthedocs.io/en/latest/zmq_setsockopt.html). Since libzmq 4.0.
    ///
    /// # Errors
    ///
    /// - [`BadState`](crate::ErrorKind::BadState): [`set_zap_enforce_domain`](Self::set_zap_enforce_domain) wants a
    ///   [domain](Self::set_zap_domain) to be set first.
    /// - [`Unsupported`](crate::ErrorKind::Unsupported): the libzmq that runs does not have the option.
    /// - [`Terminated`](crate::ErrorKind::Terminated): the context was shut down.
    pub fn set_plain_server(&self, value: bool) -> Result<()> {
        if value && self.zap_enforce_domain().unwrap_or(false) {
            self.check_zap_domain(ZMQ_PLAIN_SERVER.name)?;
        }
        access::set(&self.core, &ZMQ_PLAIN_SERVER, Ok(Encoded::Int(value.into())))
    }

    /// Sets whether nobody is let in without a [ZAP handler](crate::zap), and the handler is asked only where a
    /// [domain](Self::set_zap_domain) is set.
    ///
    /// Off by default: without a handler CURVE and NULL clients are let in. It is what ZeroMQ's RFC 27 says.
    ///
    /// Corresponds to ZMQ_ZAP_ENFORCE_DOMAIN of
    /// [`zmq_setsockopt(3)`](https://libzmq.readthedocs.io/en/latest/zmq_setsockopt.html). Since libzmq 4.2.3 (draft).
    ///
    /// # Errors
    ///
    /// - [`BadState`](crate::ErrorKind::BadState): a [PLAIN server](Self::set_plain_server) wants a domain first.
    /// - [`Unsupported`](crate::ErrorKind::Unsupported): the libzmq that runs does not have the option.
    /// - [`Terminated`](crate::ErrorKind::Terminated): the context was shut down.
    pub fn set_zap_enforce_domain(&self, value: bool) -> Result<()> {
        if value && self.plain_server().unwrap_or(false) {
            self.check_zap_domain(ZMQ_ZAP_ENFORCE_DOMAIN.name)?;
        }
        access::set(&self.core, &ZMQ_ZAP_ENFORCE_DOMAIN, Ok(Encoded::Int(value.into())))
    }

    fn check_zap_domain(&self, option: &'static str) -> Result<()> {
        if self.zap_domain()?.is_empty() {
            let reason = "a PLAIN server that enforces ZAP domains wants one to be set first";
            return Err(Error::bad_state("set", reason).on(option));
        }
        Ok(())
    }
}
