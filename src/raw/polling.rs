//! `Kernel`: waits for many descriptors at once, by the crate `polling`, where there is no epoll.
//!
//! Each is told once, and then has to be asked for again: that is the one way that all platforms have.

use std::mem::ManuallyDrop;
use std::time::Duration;

use polling::{Event, Events, Poller};

use super::fork;
use super::poll::{Borrowed, RawFd, borrow};
use crate::error::{Error, Result};
use crate::poll::PollEvents;

/// Descriptors, each with a key, and the kernel's list of those that have news.
pub(crate) struct Kernel {
    poller: ManuallyDrop<Poller>,
    found: Events,
    generation: u32,
}

impl Kernel {
    pub(crate) fn new() -> Result<Self> {
        let poller = Poller::new().map_err(|error| Error::from(error).during("create poller"))?;
        let (poller, generation) = (ManuallyDrop::new(poller), fork::generation());
        Ok(Self { poller, found: Events::new(), generation })
    }

    /// Waits for a socket's descriptor: that it is readable is told once.
    pub(crate) fn add_socket(&self, fd: RawFd, key: usize) -> Result<()> {
        self.add_fd(fd, key, PollEvents::IN)
    }

    /// Waits for a descriptor: that it is ready is told once.
    pub(crate) fn add_fd(&self, fd: RawFd, key: usize, events: PollEvents) -> Result<()> {
        // SAFETY: the descriptor is open, and `crate::poller` removes it before that ends.
        let added = unsafe { self.poller.add(fd, wanted(key, events)) };
        added.map_err(|error| Error::from(error).during("poll"))
    }

    /// Waits for other events of a descriptor.
    pub(crate) fn modify_fd(&self, fd: RawFd, key: usize, events: PollEvents) -> Result<()> {
        let changed = self.poller.modify(borrowed(fd), wanted(key, events));
        changed.map_err(|error| Error::from(error).during("poll"))
    }

    /// Has a socket's descriptor told again, after it was told.
    pub(crate) fn again_socket(&self, fd: RawFd, key: usize) -> Result<()> {
        self.modify_fd(fd, key, PollEvents::IN)
    }

    /// Has a descriptor told again, after it was told.
    pub(crate) fn again_fd(&self, fd: RawFd, key: usize, events: PollEvents) -> Result<()> {
        self.modify_fd(fd, key, events)
    }

    /// Waits for it no longer.
    pub(crate) fn remove(&self, fd: RawFd) {
        // It fails only for what is not there.
        let _ = self.poller.delete(borrowed(fd));
    }

    /// Waits until one has news, or the time is up, and tells the keys. Signals do not end it, as the crate goes on.
    pub(crate) fn wait(
        &mut self,
        timeout: Option<Duration>,
        mut tell: impl FnMut(usize),
    ) -> Result<()> {
        self.found.clear();
        let waited = self.poller.wait(&mut self.found, timeout);
        waited.map_err(|error| Error::from(error).during("poll"))?;
        for event in self.found.iter() {
            tell(event.key);
        }
        Ok(())
    }
}

impl Drop for Kernel {
    fn drop(&mut self) {
        // A child after fork has the kernel's list in common with its parent, and dropping it would empty that.
        if self.generation == fork::generation() {
            // SAFETY: it is not used again.
            unsafe { ManuallyDrop::drop(&mut self.poller) };
        }
    }
}

fn borrowed(fd: RawFd) -> Borrowed<'static> {
    // SAFETY: it is open as long as it is registered, and nobody keeps what is given here.
    unsafe { borrow(fd) }
}

fn wanted(key: usize, events: PollEvents) -> Event {
    let mut event = Event::none(key);
    event.readable = events.contains(PollEvents::IN);
    event.writable = events.contains(PollEvents::OUT);
    event.set_priority(events.contains(PollEvents::PRI));
    event
}
