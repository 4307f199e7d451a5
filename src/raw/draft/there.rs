//! The draft API, as it is called.

use std::ffi::{CStr, c_void};
use std::ptr::NonNull;
use std::sync::Arc;

use zmq_sys_ext as ffi;

use crate::error::{Error, Result};
use crate::raw::context::check_descriptors;
use crate::raw::errno::{self, check, non_null};
use crate::raw::fork::Validity;
use crate::raw::message::Message;
use crate::raw::monitor::MONITOR;
use crate::raw::poll::{IN, OUT, RawFd};
use crate::raw::socket::RawSocket;

/// Whether the libzmq that is linked has the draft API.
pub(crate) const IS_THERE: bool = true;

impl Message {
    /// The routing id of its peer, or 0.
    pub(crate) fn peer(&self) -> Result<u32> {
        // SAFETY: the zmq_msg_t is initialised, and zmq_msg_routing_id(3) only reads it.
        Ok(unsafe { ffi::zmq_msg_routing_id(self.as_ptr().cast_mut()) })
    }

    /// Sets it, to other than 0.
    pub(crate) fn set_peer(&mut self, id: u32) -> Result<()> {
        // SAFETY: the zmq_msg_t is initialised, and `&mut self` keeps others from it.
        let rc = unsafe { ffi::zmq_msg_set_routing_id(self.as_mut_ptr(), id) };
        check(rc, "set routing id").map(drop)
    }

    /// The name of its group, which is empty where it has none.
    pub(crate) fn group_name(&self) -> Result<&CStr> {
        // SAFETY: the zmq_msg_t is initialised, and zmq_msg_group(3) only reads it.
        let name = unsafe { ffi::zmq_msg_group(self.as_ptr().cast_mut()) };
        // SAFETY: it gives a NUL-terminated string that is in the zmq_msg_t or owned by it, for as long as it is
        // neither closed, nor received into, nor given another group: all need it mutably.
        Ok(unsafe { CStr::from_ptr(name) })
    }

    /// Sets it, of a message that has none yet: libzmq forgets to free the one before.
    pub(crate) fn set_group_name(&mut self, name: &CStr) -> Result<()> {
        // SAFETY: the zmq_msg_t is initialised, and `&mut self` keeps others from it; the string is read only.
        let rc = unsafe { ffi::zmq_msg_set_group(self.as_mut_ptr(), name.as_ptr()) };
        check(rc, "set group").map(drop)
    }
}

impl RawSocket {
    pub(crate) fn join(&self, group: &CStr) -> Result<()> {
        // SAFETY: the socket is open; libzmq copies the string.
        check(unsafe { ffi::zmq_join(self.as_ptr(), group.as_ptr()) }, "join").map(drop)
    }

    pub(crate) fn leave(&self, group: &CStr) -> Result<()> {
        // SAFETY: the socket is open; libzmq only reads the string.
        check(unsafe { ffi::zmq_leave(self.as_ptr(), group.as_ptr()) }, "leave").map(drop)
    }

    /// Connects, and gives the routing id of the peer.
    pub(crate) fn connect_peer(&self, endpoint: &CStr) -> Result<u32> {
        // SAFETY: the socket is open; libzmq reads the string, and does not keep it.
        match unsafe { ffi::zmq_connect_peer(self.as_ptr(), endpoint.as_ptr()) } {
            0 => Err(Error::new(errno::last(), "connect")),
            id => Ok(id),
        }
    }

    /// Has libzmq send these events, of version 2, to an endpoint that it binds.
    pub(crate) fn monitor_v2(&self, endpoint: &CStr, events: u64) -> Result<()> {
        // For the mailbox of libzmq's PAIR.
        check_descriptors(2, MONITOR)?;
        let (socket, pair) = (self.as_ptr(), ffi::ZMQ_PAIR);
        // SAFETY: the socket is open; libzmq reads the string, and does not keep it.
        let rc = unsafe {
            ffi::zmq_socket_monitor_versioned(socket, endpoint.as_ptr(), events, 2, pair)
        };
        check(rc, MONITOR).map(drop)
    }

    /// Has each pipe's other end tell how many messages wait.
    pub(crate) fn monitor_pipes_stats(&self) -> Result<()> {
        // SAFETY: the socket is open.
        let rc = unsafe { ffi::zmq_socket_monitor_pipes_stats(self.as_ptr()) };
        check(rc, "get statistics of pipes").map(drop)
    }

    /// What a ROUTER's peer is ready for.
    pub(crate) fn peer_state(&self, peer: &[u8]) -> Result<i32> {
        let (data, len) = (peer.as_ptr().cast(), peer.len());
        // SAFETY: the socket is open; libzmq reads `len` bytes.
        let rc = unsafe { ffi::zmq_socket_get_peer_state(self.as_ptr(), data, len) };
        check(rc, "get peer state")
    }
}

/// A descriptor that becomes readable when there is news of a thread-safe socket, which has none itself.
pub(crate) struct Signal {
    poller: NonNull<c_void>,
    validity: Arc<Validity>,
}

impl Signal {
    /// # Safety
    ///
    /// The socket stays open until this is dropped.
    pub(crate) unsafe fn new(socket: &RawSocket) -> Result<Self> {
        // SAFETY: zmq_poller_new(3) has no preconditions.
        let poller = non_null(unsafe { ffi::zmq_poller_new() }, "register socket")?;
        let signal = Self { poller, validity: Arc::clone(socket.validity()) };
        // SAFETY: the poller is there, and the socket is open.
        let rc = unsafe {
            ffi::zmq_poller_add(poller.as_ptr(), socket.as_ptr(), std::ptr::null_mut(), IN | OUT)
        };
        check(rc, "register socket")?;
        Ok(signal)
    }

    pub(crate) fn fd(&self) -> Result<RawFd> {
        let mut fd = RawFd::default();
        // SAFETY: the poller is there; libzmq writes a descriptor.
        let rc = unsafe { ffi::zmq_poller_fd(self.poller.as_ptr(), &raw mut fd) };
        check(rc, "register socket")?;
        Ok(fd)
    }

    /// Takes note of all news, and tells what the socket is ready for; or gives the errno.
    pub(crate) fn events(&self) -> Result<i16, i32> {
        let mut event = ffi::zmq_poller_event_t {
            socket: std::ptr::null_mut(),
            fd: RawFd::default(),
            user_data: std::ptr::null_mut(),
            events: 0,
        };
        // SAFETY: the poller and its socket are there; libzmq writes one event.
        let rc = unsafe { ffi::zmq_poller_wait(self.poller.as_ptr(), &raw mut event, 0) };
        match check(rc, "poll").map_err(|error| error.errno()) {
            Ok(_) => Ok(event.events),
            Err(errno::EAGAIN) => Ok(0),
            Err(code) => Err(code),
        }
    }
}

impl Drop for Signal {
    fn drop(&mut self) {
        if self.validity.is_inherited() {
            // A thread of the parent's may have held the socket's lock at the fork.
            return;
        }
        let mut poller = self.poller.as_ptr();
        // SAFETY: the poller is there, its socket is open, as whoever made this promised, and this is its last use.
        unsafe { ffi::zmq_poller_destroy(&raw mut poller) };
    }
}
