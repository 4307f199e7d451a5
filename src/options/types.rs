//! The types of options whose values have names.

use zmq_sys_ext as ffi;

bitflags::bitflags! {
    /// What makes a socket give up on a peer that it has lost.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
    pub struct ReconnectStop: i32 {
        /// Nobody listens at its endpoint.
        const CONN_REFUSED = 1;
        /// What listens at its endpoint does not shake hands as a peer does.
        const HANDSHAKE_FAILED = 2;
        /// The program has disconnected. Since libzmq 4.3.5.
        const AFTER_DISCONNECT = 4;
    }
}

bitflags::bitflags! {
    /// Of what a ROUTER is told.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
    pub struct RouterNotify: i32 {
        /// A peer has connected.
        const CONNECT = 1;
        /// A peer has disconnected.
        const DISCONNECT = 2;
    }
}

/// A security mechanism, as [`Socket::mechanism`](crate::Socket::mechanism) tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Mechanism {
    /// None: whoever connects is let in, and nothing is encrypted.
    Null,
    /// A name and a password, sent in the clear.
    Plain,
    /// Public keys, by which all is encrypted.
    Curve,
    /// Kerberos, by way of GSSAPI.
    Gssapi,
}

impl Mechanism {
    pub(super) fn from_number(number: i32) -> Option<Self> {
        Some(match number {
            ffi::ZMQ_NULL => Self::Null,
            ffi::ZMQ_PLAIN => Self::Plain,
            ffi::ZMQ_CURVE => Self::Curve,
            ffi::ZMQ_GSSAPI => Self::Gssapi,
            _ => return None,
        })
    }
}

/// What sort of name a GSSAPI principal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum GssapiNameType {
    /// A service at a host.
    #[default]
    HostBased,
    /// A user of this machine.
    UserName,
    /// A principal's name as Kerberos writes it.
    Krb5Principal,
}

impl GssapiNameType {
    pub(super) fn number(self) -> i32 {
        match self {
            Self::HostBased => ffi::ZMQ_GSSAPI_NT_HOSTBASED,
            Self::UserName => ffi::ZMQ_GSSAPI_NT_USER_NAME,
            Self::Krb5Principal => ffi::ZMQ_GSSAPI_NT_KRB5_PRINCIPAL,
        }
    }

    pub(super) fn from_number(number: i32) -> Option<Self> {
        Some(match number {
            ffi::ZMQ_GSSAPI_NT_HOSTBASED => Self::HostBased,
            ffi::ZMQ_GSSAPI_NT_USER_NAME => Self::UserName,
            ffi::ZMQ_GSSAPI_NT_KRB5_PRINCIPAL => Self::Krb5Principal,
            _ => return None,
        })
    }
}
