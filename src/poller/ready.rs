//! `Ready`, what a wait has found.

use crate::poll::PollEvents;

/// What [`Poller::wait`](crate::Poller::wait) has found: a key, and what its socket or file descriptor is ready for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ready {
    pub(super) key: usize,
    pub(super) revents: PollEvents,
}

impl Ready {
    /// Returns the key that was given to [`Poller::add`](crate::Poller::add).
    pub fn key(&self) -> usize {
        self.key
    }

    /// Returns what it is ready for.
    pub fn revents(&self) -> PollEvents {
        self.revents
    }

    /// Tells whether something can be received, or read.
    pub fn is_readable(&self) -> bool {
        self.revents.contains(PollEvents::IN)
    }

    /// Tells whether something can be sent, or written.
    pub fn is_writable(&self) -> bool {
        self.revents.contains(PollEvents::OUT)
    }

    /// Tells whether a file descriptor is in error.
    pub fn is_error(&self) -> bool {
        self.revents.contains(PollEvents::ERR)
    }
}
