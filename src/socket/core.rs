//! `Core`: what a socket is, whatever its kind, and whether its calls may go straight to libzmq.

#[cfg(unix)]
use std::os::fd::OwnedFd;
#[cfg(windows)]
use std::os::windows::io::OwnedSocket as OwnedFd;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use crate::call::Caller;
use crate::cell::Cell;
use crate::context::Context;
use crate::error::Error;
use crate::interrupt::Interrupt;
use crate::kind::SocketKind;
use crate::lifetime::Registration;
use crate::message::Message;
use crate::multipart::Multipart;
use crate::pipe::End;
use crate::raw::monitor::Tap;
use crate::raw::socket::{DONTWAIT, RawSocket};
use crate::raw::{errno, fork};
use crate::send::Progress;

/// What every socket is, whatever its kind.
///
/// `raw` makes it, and so `Socket`, not Sync: "ØMQ sockets are not thread safe", zmq_socket(3). Those of some kinds are,
/// so all else is.
pub(crate) struct Core {
    pub(crate) raw: RawSocket,
    pub(crate) kind: SocketKind,
    /// The quiet epoch in which calls go straight to libzmq: the last one in which the socket was found usable, and
    /// nothing that `call` minds was the case, nor was the socket armed. So one comparison tells the usual one.
    straight_in: Cell<usize>,
    /// What `straight_in` was when the socket was armed.
    straight_before: Cell<usize>,
    /// Blocking calls mind an `Interrupt`, a pipe or other threads: `call` does the waiting, and not libzmq.
    is_watched: bool,
    /// How far it is with a message that goes frame by frame.
    pub(crate) progress: Cell<Progress>,
    /// What a proxy took from it and could not hand on before it ended; the next receive gives it.
    in_hand: Mutex<Option<Box<Multipart>>>,
    /// Whether that has any frames.
    has_in_hand: Cell<bool>,
    /// The descriptor that the next bind is to use, until then ours to close.
    pub(crate) lent_fd: Mutex<Option<OwnedFd>>,
    pipe: Option<End>,
    /// What it has in common with its monitor, once it has had one.
    pub(crate) tap: OnceLock<Arc<Tap>>,
    // Dropped after `raw`: the context is terminated when nothing is registered any more, and waits for what is open.
    registration: Registration,
}

/// Fails to compile where a `Core` has anything but its `raw` that threads cannot share: some kinds of sockets are Sync.
#[cfg(feature = "draft")]
#[allow(dead_code, reason = "it is to be compiled")]
#[rustfmt::skip]
fn check_sync(core: &Core) {
    fn is_sync(_: &impl Sync) {}
    let Core {
        raw, kind, straight_in, straight_before, is_watched, progress, in_hand, has_in_hand, lent_fd, pipe, tap, registration,
    } = core;
    raw.check_sync();
    is_sync(&(kind, straight_in, straight_before, is_watched, progress));
    is_sync(&(in_hand, has_in_hand, lent_fd, pipe, tap, registration));
}

/// An epoch that no process reaches: the next call looks.
const UNKNOWN: usize = usize::MAX;

impl Core {
    pub(crate) fn new(raw: RawSocket, kind: SocketKind, registration: Registration) -> Self {
        let is_watched = registration.context().interrupt().is_some() || kind.is_minded();
        let (straight_in, straight_before) = (Cell::new(UNKNOWN), Cell::new(UNKNOWN));
        let progress = Cell::new(Progress::None);
        let (has_in_hand, pipe, tap) = (Cell::new(false), None, OnceLock::new());
        let (in_hand, lent_fd) = Default::default();
        Self {
            raw,
            kind,
            straight_in,
            straight_before,
            is_watched,
            progress,
            in_hand,
            has_in_hand,
            lent_fd,
            pipe,
            tap,
            registration,
        }
    }

    /// Whether a call may go straight to libzmq. Either way it has been reported.
    #[inline(always)]
    pub(crate) fn is_straight(&self) -> bool {
        self.straight_in.get() == fork::quiet_epoch() || self.goes_straight()
    }

    /// Looks closer, after a fork, the shutdown of some context, or the trigger of some interrupt, and where the socket is
    /// armed.
    #[cold]
    fn goes_straight(&self) -> bool {
        self.raw.touch();
        // Before all else: what happens while this looks has the next call look again.
        let epoch = fork::quiet_epoch();
        let is_interrupted = self.context().interrupt().is_some_and(Interrupt::is_triggered);
        let is_minded = self.pipe.is_some() || self.kind.is_datagrams();
        if is_minded || self.has_in_hand() || is_interrupted || self.raw.usable().is_err() {
            return false;
        }
        // Another thread may arm what several use.
        if !self.kind.is_thread_safe() {
            self.straight_in.set(epoch);
        }
        true
    }

    /// Has no call go straight to libzmq before a closer look.
    fn look_closer(&self) {
        self.straight_in.set(UNKNOWN);
        self.straight_before.set(UNKNOWN);
    }

    /// Has the next use reported to the `Poller` that the socket is in.
    pub(crate) fn arm(&self) {
        self.raw.arm();
        self.straight_before.set(self.straight_in.replace(UNKNOWN));
    }

    /// Has no use reported until it is armed again: the `Poller` will ask it in any case.
    pub(crate) fn disarm(&self) {
        self.raw.disarm();
        self.straight_in.set(self.straight_before.get());
    }

    /// The flags of a call that may block, for libzmq.
    #[inline(always)]
    pub(crate) fn patient_flags(&self) -> i32 {
        if self.is_watched { DONTWAIT } else { 0 }
    }

    /// Whether blocking calls mind an `Interrupt` or a pipe.
    #[inline(always)]
    pub(crate) fn is_watched(&self) -> bool {
        self.is_watched
    }

    /// Gives back the frames of a message that was received, before what is still to be received.
    pub(crate) fn put_back(&self, frames: Multipart) {
        if !frames.is_empty() {
            self.in_hand().get_or_insert_default().extend(frames);
            self.has_in_hand.set(true);
            self.raw.touch();
            self.look_closer();
        }
    }

    /// Takes a frame of what was put back.
    #[inline]
    pub(crate) fn take_in_hand(&self) -> Option<Message> {
        if self.has_in_hand() { self.take_first_in_hand() } else { None }
    }

    #[cold]
    fn take_first_in_hand(&self) -> Option<Message> {
        let mut frames = self.in_hand();
        let first = frames.as_mut().and_then(|frames| frames.pop_front());
        self.has_in_hand.set(frames.as_ref().is_some_and(|frames| !frames.is_empty()));
        first
    }

    fn in_hand(&self) -> MutexGuard<'_, Option<Box<Multipart>>> {
        self.in_hand.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether something was put back.
    #[inline]
    pub(crate) fn has_in_hand(&self) -> bool {
        self.has_in_hand.get()
    }

    /// Leaves it to others to close it, and keeps its context for them.
    pub(crate) fn give_away(&mut self) {
        self.leave_monitor();
        self.registration.give_away(self.raw.as_ptr());
        self.raw.give_away();
        self.pipe = None;
    }

    pub(crate) fn set_pipe(&mut self, end: End) {
        self.pipe = Some(end);
        self.is_watched = true;
        self.look_closer();
    }

    pub(crate) fn caller(&self) -> Caller<'_> {
        let (context, pipe) = (self.context(), self.pipe.as_ref());
        Caller { raw: &self.raw, kind: self.kind, context, pipe }
    }

    #[inline]
    pub(crate) fn context(&self) -> &Context {
        self.registration.context()
    }

    #[inline]
    pub(crate) fn pipe(&self) -> Option<&End> {
        self.pipe.as_ref()
    }

    /// The error for the errno that a receive or a send gave.
    #[cold]
    pub(crate) fn error(&self, code: i32, operation: &'static str) -> Error {
        match &self.pipe {
            Some(pipe) if code == errno::REPORTED => pipe.reported(operation),
            _ => Error::new(code, operation),
        }
    }
}

impl Drop for Core {
    fn drop(&mut self) {
        if self.raw.is_inherited() {
            return;
        }
        if let Some(pipe) = &self.pipe {
            pipe.leave(&self.raw);
        }
        self.leave_monitor();
    }
}
