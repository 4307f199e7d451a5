//! The draft API where there is none.

use std::ffi::CStr;

use crate::error::{Error, Result};
use crate::raw::message::Message;
use crate::raw::poll::RawFd;
use crate::raw::socket::RawSocket;

/// Whether the libzmq that is linked has the draft API.
pub(crate) const IS_THERE: bool = false;

fn absent<T>(operation: &'static str) -> Result<T> {
    Err(Error::unsupported(
        operation,
        "needs libzmq 4.3.4, built with its draft API, and feature `draft`",
    ))
}

impl Message {
    pub(crate) fn peer(&self) -> Result<u32> {
        absent("get routing id")
    }

    pub(crate) fn set_peer(&mut self, _id: u32) -> Result<()> {
        absent("set routing id")
    }

    pub(crate) fn group_name(&self) -> Result<&CStr> {
        absent("get group")
    }

    pub(crate) fn set_group_name(&mut self, _name: &CStr) -> Result<()> {
        absent("set group")
    }
}

impl RawSocket {
    #[cfg(feature = "draft")]
    pub(crate) fn join(&self, _group: &CStr) -> Result<()> {
        absent("join")
    }

    #[cfg(feature = "draft")]
    pub(crate) fn leave(&self, _group: &CStr) -> Result<()> {
        absent("leave")
    }

    #[cfg(feature = "draft")]
    pub(crate) fn connect_peer(&self, _endpoint: &CStr) -> Result<u32> {
        absent("connect")
    }

    pub(crate) fn monitor_v2(&self, _endpoint: &CStr, _events: u64) -> Result<()> {
        absent("monitor socket")
    }

    pub(crate) fn monitor_pipes_stats(&self) -> Result<()> {
        absent("get statistics of pipes")
    }

    pub(crate) fn peer_state(&self, _peer: &[u8]) -> Result<i32> {
        absent("get peer state")
    }
}

/// What a thread-safe socket needs in a `Poller`. There are none.
pub(crate) enum Signal {}

impl Signal {
    /// # Safety
    ///
    /// None: it is as with drafts that it may be called.
    pub(crate) unsafe fn new(_socket: &RawSocket) -> Result<Self> {
        absent("register socket")
    }

    pub(crate) fn fd(&self) -> Result<RawFd> {
        match *self {}
    }

    pub(crate) fn events(&self) -> Result<i16, i32> {
        match *self {}
    }
}
