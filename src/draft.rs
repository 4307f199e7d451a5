//! What libzmq's draft API adds to sockets and messages: groups, and the peers of a SERVER.

use std::ffi::CString;

use crate::error::{Error, Result};
use crate::kind::Router;
#[cfg(feature = "draft")]
use crate::kind::{Joins, Peer};
use crate::message::Message;
use crate::poll::PollEvents;
#[cfg(feature = "draft")]
use crate::raw::socket::RawSocket;
use crate::socket::Socket;

/// The longest name that a group may have (ZMQ_GROUP_MAX_LENGTH).
const LONGEST: usize = 255;

/// A group's name as C has it. libzmq would cut a longer one.
fn name(operation: &'static str, group: &str) -> Result<CString> {
    let invalid = |reason| Error::invalid(operation, reason).on(format!("{group:?}"));
    if group.len() > LONGEST {
        return Err(invalid("a group's name has 255 bytes at most"));
    }
    CString::new(group).map_err(|_| invalid("a name with a NUL in it"))
}

#[cfg(feature = "draft")]
impl<K: Joins> Socket<K> {
    /// Joins a group, to receive what its RADIO peers send to it.
    ///
    /// Corresponds to `zmq_join`, of libzmq's draft API.
    ///
    /// # Errors
    ///
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput): it is a member already, or the name is longer than 255 bytes.
    /// - [`Unsupported`](crate::ErrorKind::Unsupported): the socket, an [`Any`](crate::Any), is no DISH, or libzmq has no
    ///   drafts.
    /// - [`Terminated`](crate::ErrorKind::Terminated): the context was shut down.
    pub fn join(&self, group: impl AsRef<str>) -> Result<()> {
        self.with_group("join", group.as_ref(), RawSocket::join)
    }

    /// Leaves a group.
    ///
    /// Corresponds to `zmq_leave`, of libzmq's draft API.
    ///
    /// # Errors
    ///
    /// As [`join`](Self::join); [`InvalidInput`](crate::ErrorKind::InvalidInput) where it is no member.
    pub fn leave(&self, group: impl AsRef<str>) -> Result<()> {
        self.with_group("leave", group.as_ref(), RawSocket::leave)
    }

    fn with_group(
        &self,
        operation: &'static str,
        group: &str,
        call: impl Fn(&RawSocket, &std::ffi::CStr) -> Result<()>,
    ) -> Result<()> {
        self.core.raw.check_usable(operation)?;
        let text = name(operation, group)?;
        call(&self.core.raw, &text).map_err(|error| error.on_with(|| format!("{group:?}")))
    }
}

#[cfg(feature = "draft")]
impl Socket<Peer> {
    /// Connects to an endpoint, and returns the routing id of the peer there.
    ///
    /// Corresponds to [`zmq_connect_peer(3)`](https://libzmq.readthedocs.io/en/latest/zmq_connect_peer.html), of libzmq's
    /// draft API.
    ///
    /// # Errors
    ///
    /// - As [`connect`](Self::connect).
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput): the option [immediate](Self::set_immediate) is on.
    pub fn connect_peer(&self, endpoint: impl AsRef<str>) -> Result<u32> {
        let endpoint = endpoint.as_ref();
        if self.immediate()? {
            let reason = "a peer is known at once only where ZMQ_IMMEDIATE is off";
            return Err(Error::invalid("connect", reason).on(format!("{endpoint:?}")));
        }
        self.with_endpoint("connect", endpoint, RawSocket::connect_peer)
    }
}

impl Socket<Router> {
    /// Returns what the peer of that routing id is ready for: [`OUT`](PollEvents::OUT), where it can be sent to.
    ///
    /// Corresponds to `zmq_socket_get_peer_state`, of libzmq's draft API.
    ///
    /// # Errors
    ///
    /// - [`HostUnreachable`](crate::ErrorKind::HostUnreachable): there is no such peer.
    /// - [`Unsupported`](crate::ErrorKind::Unsupported): libzmq has no drafts, or feature `draft` is off.
    /// - [`Terminated`](crate::ErrorKind::Terminated): the context was shut down.
    pub fn peer_state(&self, routing_id: impl AsRef<[u8]>) -> Result<PollEvents> {
        self.core.raw.check_usable("get peer state")?;
        let state = self.core.raw.peer_state(routing_id.as_ref())?;
        Ok(i16::try_from(state).map_or(PollEvents::empty(), PollEvents::from_bits_truncate))
    }
}

/// What a message says beside its bytes, to sockets of libzmq's draft API. A clone does not have it, a
/// [shared](Message::share) one does.
impl Message {
    /// Returns the routing id of the peer that a SERVER or PEER has it from, or that it is to go to; `None` where there is
    /// none.
    ///
    /// Corresponds to [`zmq_msg_routing_id(3)`](https://libzmq.readthedocs.io/en/latest/zmq_msg_routing_id.html).
    ///
    /// # Errors
    ///
    /// - [`Unsupported`](crate::ErrorKind::Unsupported): libzmq has no drafts, or feature `draft` is off.
    pub fn routing_id(&self) -> Result<Option<u32>> {
        self.peer().map(|id| Some(id).filter(|id| *id != 0))
    }

    /// Sets the routing id of the peer that a SERVER or PEER is to send it to.
    ///
    /// Corresponds to
    /// [`zmq_msg_set_routing_id(3)`](https://libzmq.readthedocs.io/en/latest/zmq_msg_set_routing_id.html).
    ///
    /// # Errors
    ///
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput): 0, which is no routing id.
    /// - [`Unsupported`](crate::ErrorKind::Unsupported): libzmq has no drafts, or feature `draft` is off.
    pub fn set_routing_id(&mut self, id: u32) -> Result<()> {
        self.set_peer(id)
    }

    /// Gives the message, with its [routing id](Self::set_routing_id) set.
    ///
    /// # Errors
    ///
    /// As [`set_routing_id`](Self::set_routing_id).
    pub fn with_routing_id(mut self, id: u32) -> Result<Self> {
        self.set_routing_id(id)?;
        Ok(self)
    }

    /// Returns the group that a DISH has it by, or that a RADIO is to send it to; `None` where there is none.
    ///
    /// Corresponds to `zmq_msg_group`, of libzmq's draft API.
    ///
    /// # Errors
    ///
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput): its name is not UTF-8.
    /// - [`Unsupported`](crate::ErrorKind::Unsupported): libzmq has no drafts, or feature `draft` is off.
    pub fn group(&self) -> Result<Option<&str>> {
        let invalid = |_| Error::invalid("get group", "its name is not UTF-8");
        let name = self.group_name()?.to_str().map_err(invalid)?;
        Ok(Some(name).filter(|name| !name.is_empty()))
    }

    /// Sets the group that a RADIO is to send it to.
    ///
    /// Corresponds to `zmq_msg_set_group`, of libzmq's draft API.
    ///
    /// # Errors
    ///
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput): the name has more than 255 bytes, or a NUL.
    /// - [`Unsupported`](crate::ErrorKind::Unsupported): libzmq has no drafts, or feature `draft` is off.
    pub fn set_group(&mut self, group: impl AsRef<str>) -> Result<()> {
        let name = name("set group", group.as_ref())?;
        if !self.group_name()?.is_empty() {
            // libzmq would not free the name that it has.
            let (id, copy) = (self.routing_id()?, self.clone());
            *self = copy;
            if let Some(id) = id {
                self.set_routing_id(id)?;
            }
        }
        self.set_group_name(&name)
    }

    /// Gives the message, with its [group](Self::set_group) set.
    ///
    /// # Errors
    ///
    /// As [`set_group`](Self::set_group).
    pub fn with_group(mut self, group: impl AsRef<str>) -> Result<Self> {
        self.set_group(group)?;
        Ok(self)
    }
}
