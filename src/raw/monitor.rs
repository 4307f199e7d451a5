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

const MONITOR: &str = "monitor socket";

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

    /// Has libzmq send events to `end`, by a PAIR of its own that it binds to `endpoint`; or gives another end, to which
    /// it sends already. For the thread that has the socket.
    pub(crate) fn start(
        &self,
        end: &RawSocket,
        endpoint: &CStr,
        events: u16,
    ) -> Result<Option<RawSocket>> {
        let mut stage = self.lock();
        match std::mem::replace(&mut *stage, Stage::Taken) {
            Stage::Parked(parked) => Ok(Some(parked)),
            Stage::Free => self.connect(end, endpoint, events).map(|()| None).inspect_err(|_| {
                *stage = Stage::Free;
            }),
            other => {
                *stage = other;
                Err(Error::bad_state(MONITOR, "it has a Monitor already"))
            }
        }
    }

    fn connect(&self, end: &RawSocket, endpoint: &CStr, events: u16) -> Result<()> {
        // For the mailbox of libzmq's PAIR.
        check_descriptors(2, MONITOR)?;
        let (socket, events) = (self.socket.as_ptr(), c_int::from(events));
        // SAFETY: the socket is open, as its owner is the caller; libzmq reads the string, and does not keep it.
        check(unsafe { ffi::zmq_socket_monitor(socket, endpoint.as_ptr(), events) }, MONITOR)?;
        // Until this is done libzmq waits with the first event, and its I/O thread with it.
        end.connect(endpoint).map_err(|error| {
            self.stop();
            error.during(MONITOR)
        })
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
