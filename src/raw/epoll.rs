//! `Kernel`: waits for many descriptors at once, by epoll(7).

use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::time::Duration;

use libc::c_int;

use super::errno::check;
use super::poll::{RawFd, milliseconds};
use crate::error::Result;
use crate::poll::PollEvents;

/// What one wait can find; the rest is found by the next one.
const BATCH: u8 = 64;

/// Descriptors, each with a key, and the kernel's list of those that have news.
pub(crate) struct Kernel {
    epoll: OwnedFd,
    found: [libc::epoll_event; BATCH as usize],
}

impl Kernel {
    pub(crate) fn new() -> Result<Self> {
        // SAFETY: epoll_create1(2) takes no pointer.
        let fd = check(unsafe { libc::epoll_create1(libc::EPOLL_CLOEXEC) }, "create poller")?;
        // SAFETY: the descriptor is open, and nobody else's.
        let epoll = unsafe { OwnedFd::from_raw_fd(fd) };
        Ok(Self { epoll, found: [libc::epoll_event { events: 0, u64: 0 }; BATCH as usize] })
    }

    /// Waits for a socket's descriptor: each time that it becomes readable is told once.
    pub(crate) fn add_socket(&self, fd: RawFd, key: usize) -> Result<()> {
        self.control(libc::EPOLL_CTL_ADD, fd, key, libc::EPOLLIN | libc::EPOLLET)
    }

    /// Waits for a descriptor: that it is ready is told as long as it is so.
    pub(crate) fn add_fd(&self, fd: RawFd, key: usize, events: PollEvents) -> Result<()> {
        self.control(libc::EPOLL_CTL_ADD, fd, key, level(events))
    }

    /// Waits for other events of a descriptor.
    pub(crate) fn modify_fd(&self, fd: RawFd, key: usize, events: PollEvents) -> Result<()> {
        self.control(libc::EPOLL_CTL_MOD, fd, key, level(events))
    }

    /// Has a socket's descriptor told again, after it was told: here it is so anyway.
    #[expect(
        clippy::unused_self,
        clippy::unnecessary_wraps,
        reason = "other platforms' has work to do"
    )]
    pub(crate) fn again_socket(&self, _fd: RawFd, _key: usize) -> Result<()> {
        Ok(())
    }

    /// Has a descriptor told again, after it was told: here it is so anyway.
    #[expect(
        clippy::unused_self,
        clippy::unnecessary_wraps,
        reason = "other platforms' has work to do"
    )]
    pub(crate) fn again_fd(&self, _fd: RawFd, _key: usize, _events: PollEvents) -> Result<()> {
        Ok(())
    }

    /// Waits for it no longer.
    pub(crate) fn remove(&self, fd: RawFd) {
        // It fails only for what is not there.
        let _ = self.control(libc::EPOLL_CTL_DEL, fd, 0, 0);
    }

    fn control(&self, operation: c_int, fd: RawFd, key: usize, events: c_int) -> Result<()> {
        let events = u32::from_ne_bytes(events.to_ne_bytes());
        let mut event = libc::epoll_event { events, u64: key as u64 };
        // SAFETY: epoll_ctl(2) reads the event, and does not keep the pointer; a descriptor that is none is an error.
        let rc = unsafe { libc::epoll_ctl(self.epoll.as_raw_fd(), operation, fd, &raw mut event) };
        check(rc, "poll").map(drop)
    }

    /// Waits until one has news, or the time is up, and tells the keys. A signal ends it with EINTR.
    pub(crate) fn wait(
        &mut self,
        timeout: Option<Duration>,
        mut tell: impl FnMut(usize),
    ) -> Result<()> {
        let timeout = c_int::try_from(milliseconds(timeout)).unwrap_or(c_int::MAX);
        let (epoll, found) = (self.epoll.as_raw_fd(), self.found.as_mut_ptr());
        // SAFETY: the kernel writes at most `BATCH` events, for which there is room.
        let count = unsafe { libc::epoll_wait(epoll, found, BATCH.into(), timeout) };
        let count = usize::try_from(check(count, "poll")?).unwrap_or(0);
        for event in &self.found[..count] {
            let key = event.u64;
            tell(usize::try_from(key).unwrap_or(usize::MAX));
        }
        Ok(())
    }
}

fn level(events: PollEvents) -> c_int {
    let pairs = [
        (PollEvents::IN, libc::EPOLLIN),
        (PollEvents::OUT, libc::EPOLLOUT),
        (PollEvents::PRI, libc::EPOLLPRI),
    ];
    let wanted = pairs.iter().filter(|(event, _)| events.contains(*event));
    wanted.fold(0, |all, (_, bit)| all | bit)
}
