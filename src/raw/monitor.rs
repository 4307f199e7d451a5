//! Monitors: how libzmq starts and stops them.

use std::ffi::{CStr, c_int, c_void};
use std::ptr::{self, NonNull};
use std::sync::{Mutex, MutexGuard, PoisonError};

use zmq_sys_ext as ffi;

use super::context::check_descriptors;
use super::errno::check;
use super::library;
use super::socket::{POLLOUT, RawSocket};
use crate::error::{Error, Result};

pub(crate) const MONITOR: &str = "monitor socket";

/// How libzmq starts to send a socket's events to an endpoint.
pub(crate) type Start = fn(&RawSocket, &CStr, u64) -> Result<()>;

impl RawSocket {
    /// Has libzmq send these events, of version 1, to an endpoint that it binds.
    pub(crate) fn monitor(&self, endpoint: &CStr, events: u64) -> Result<()> {
        // For the mailbox of libzmq's PAIR.
        check_descriptors(2, MONITOR)?;
        // Version 1 has 16 bits.
        let events = c_int::try_from(events & 0xFFFF).unwrap_or_default();
        // SAFETY: the socket is open; libzmq reads the string, and does not keep it.
        let rc = unsafe { ffi::zmq_socket_monitor(self.as_ptr(), endpoint.as_ptr(), events) };
        check(rc, MONITOR).map(drop)
    }
}

/// What a socket and its monitor have in common: whether either is gone.
///
/// The monitor's end, which libzmq sends the events to, must not go before libzmq has stopped sending: from the next
/// event on, the I/O thread would wait for another. What stops it is zmq_socket_monitor(3), since libzmq 4.2 from
/// any thread; before, only the end of the socket is safe.
pub(crate) struct Tap {
    /// The socket, which is open unless the stage is `Closed`.
    socket: NonNull<c_void>,
    stage: Mutex<Stage>,
}

enum Stage {
    /// It has no monitor.
    Free,
    /// It has one.
    Taken,
    /// Its monitor is gone, but libzmq could not be stopped: the end that the events still go to.
    Parked(RawSocket),
    /// The socket is closed, or no longer ours.
    Closed,
}

// SAFETY: the socket is used for nothing but zmq_socket_monitor(3): by `start` on the thread that has it, and by
// `leave` where libzmq has a lock for it.
unsafe impl Send for Tap {}
// SAFETY: as above.
unsafe impl Sync for Tap {}

impl Tap {
    /// For the socket's owner, which is to call `close` before the socket is closed.
    pub(crate) fn new(socket: &RawSocket) -> Self {
        Self { socket: socket.as_non_null(), stage: Mutex::new(Stage::Free) }
    }

    fn lock(&self) -> MutexGuard<'_, Stage> {
        self.stage.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether libzmq can have several threads tell of a socket. Before, they use its PAIR side by side, without a lock,
    /// which sooner or later aborts the process.
    pub(crate) fn is_there() -> bool {
        library::version() >= (4, 1, 6)
    }

    /// Whether libzmq can be stopped while the socket is open.
    pub(crate) fn can_stop() -> bool {
        library::version() >= (4, 2, 0)
    }

    /// Gives the end of a monitor that is gone, where libzmq still sends to it: the next monitor is to take it.
    pub(crate) fn resume(&self) -> Option<RawSocket> {
        let mut stage = self.lock();
        match std::mem::replace(&mut *stage, Stage::Taken) {
            Stage::Parked(parked) => Some(parked),
            other => {
                *stage = other;
                None
            }
        }
    }

    /// Has libzmq send events of `socket`, whose tap this is, to `end`, by a PAIR of its own that it binds to `endpoint`.
    /// For the thread that has the socket.
    pub(crate) fn start(
        &self,
        start: Start,
        socket: &RawSocket,
        end: &RawSocket,
        endpoint: &CStr,
        events: u64,
    ) -> Result<()> {
        let mut stage = self.lock();
        if matches!(*stage, Stage::Taken | Stage::Closed) {
            return Err(Error::bad_state(MONITOR, "it has a Monitor already"));
        }
        start(socket, endpoint, events)?;
        // Until this is done libzmq waits with the first event, and its I/O thread with it.
        end.connect(endpoint).map_err(|error| {
            self.stop();
            error.during(MONITOR)
        })?;
        *stage = Stage::Taken;
        Ok(())
    }

    /// Has libzmq send no more events. For whoever holds the lock, with the socket open.
    fn stop(&self) {
        // SAFETY: the socket is open. It fails only where the context was shut down, which has stopped it too.
        unsafe { ffi::zmq_socket_monitor(self.socket.as_ptr(), ptr::null(), 0) };
    }

    /// For the monitor, when it goes, on any thread: stops libzmq, and closes the end. Where it cannot be closed yet,
    /// because the socket is no longer ours to stop, it is given back.
    pub(crate) fn leave(&self, end: RawSocket) -> Option<RawSocket> {
        let mut stage = self.lock();
        if matches!(*stage, Stage::Closed) {
            return Some(end);
        }
        if Self::can_stop() {
            self.stop();
            *stage = Stage::Free;
        } else {
            *stage = Stage::Parked(end);
        }
        None
    }

    /// For the socket's owner, before it is closed or given away: gives the end that libzmq still sends to.
    pub(crate) fn close(&self) -> Option<RawSocket> {
        match std::mem::replace(&mut *self.lock(), Stage::Closed) {
            Stage::Parked(end) => Some(end),
            _ => None,
        }
    }
}

/// What is kept open though it is nobody's any more, as libzmq still counts on it.
#[derive(Default)]
pub(crate) struct Kept {
    /// The ends of monitors that are gone, to which libzmq may send events until their sockets have come to their end.
    pub(crate) ends: Vec<RawSocket>,
    /// The ZAP handler that a panic has dropped: without any, libzmq would let everyone in.
    pub(crate) handler: Option<RawSocket>,
}

impl Kept {
    /// Keeps one more end, and closes those that libzmq no longer sends to.
    pub(crate) fn keep_end(&mut self, end: RawSocket) {
        self.ends.push(end);
        // A PAIR can send as long as it has a peer.
        self.ends.retain(|end| end.ask_events().is_ok_and(|events| events & POLLOUT != 0));
    }
}
