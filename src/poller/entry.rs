//! What is registered in a `Poller`, and whether it is ready.

use std::time::Duration;

use super::queue::Links;
use crate::as_socket::AsSocket;
use crate::error::Result;
use crate::poll::PollEvents;
use crate::raw::draft::Shared;
use crate::raw::errno;
use crate::raw::kernel::Kernel;
use crate::raw::poll::{AsFd, Borrowed, Item, RawFd, lend, poll, raw};
use crate::socket::Core;

/// A socket, or a descriptor, that is registered.
pub(super) struct Entry<'a> {
    pub(super) source: Source<'a>,
    /// The descriptor that the kernel waits for; none where it cannot.
    pub(super) fd: Option<RawFd>,
    pub(super) key: usize,
    pub(super) events: PollEvents,
    pub(super) place: Place,
    pub(super) links: Links,
}

/// Where an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In the queue of those that may be ready.
    Hot,
    /// In the queue of those whose news nobody tells.
    Unseen,
    /// In none: what comes is told.
    Cold,
}

pub(super) enum Source<'a> {
    Socket(Box<dyn HasCore + 'a>),
    /// One that other threads may use.
    Shared(Shared<'a>),
    Fd(Box<dyn HasFd + 'a>),
}

/// A socket of any kind.
pub(crate) trait HasCore {
    fn core(&self) -> &Core;
}

impl<T: AsSocket> HasCore for T {
    fn core(&self) -> &Core {
        &self.as_socket().core
    }
}

/// A descriptor of any owner.
pub(super) trait HasFd {
    fn fd(&self) -> Borrowed<'_>;
}

impl<T: AsFd> HasFd for T {
    fn fd(&self) -> Borrowed<'_> {
        lend(self)
    }
}

/// The number of a descriptor.
pub(super) fn number(fd: &impl AsFd) -> RawFd {
    raw(lend(fd))
}

impl<'a> Source<'a> {
    /// A socket, of whatever kind.
    pub(super) fn socket(socket: impl AsSocket + 'a) -> Result<Self> {
        let is_shared = socket.core().kind.is_thread_safe();
        let socket = Box::new(socket);
        Ok(if is_shared { Self::Shared(Shared::new(socket)?) } else { Self::Socket(socket) })
    }

    /// The socket, if it is one.
    pub(super) fn core(&self) -> Option<&Core> {
        match self {
            Self::Socket(socket) => Some(socket.core()),
            Self::Shared(socket) => Some(socket.core()),
            Self::Fd(_) => None,
        }
    }

    /// What the kernel is to wait for.
    pub(super) fn descriptor(&self) -> Result<RawFd> {
        match self {
            Self::Socket(socket) => socket.core().raw.fd(),
            Self::Shared(socket) => socket.fd(),
            Self::Fd(fd) => Ok(raw(fd.fd())),
        }
    }
}

impl Entry<'_> {
    /// Asks what it is ready for, of the events that are wanted; or gives the errno.
    pub(super) fn check(&self) -> Result<PollEvents, i32> {
        match &self.source {
            Source::Socket(socket) => check_socket(socket.core(), self.events),
            Source::Shared(socket) => check_shared(socket, self.events),
            Source::Fd(fd) => check_fd(fd.fd(), self.events),
        }
    }

    /// Whether news of it is told: by the kernel, and where it is a socket, by every use of it.
    pub(super) fn is_seen(&self) -> bool {
        match &self.source {
            Source::Socket(socket) => !socket.core().raw.is_exposed(),
            Source::Shared(_) => true,
            Source::Fd(_) => self.fd.is_some(),
        }
    }

    /// Minds no use of it, as it is asked in its turn.
    pub(super) fn warm(&self) {
        if let Some(core) = self.source.core() {
            core.disarm();
        }
    }

    /// Waits for news, having found it not ready.
    pub(super) fn cool(&self, kernel: &Kernel, slot: usize) -> Result<()> {
        match (&self.source, self.fd) {
            (Source::Socket(socket), Some(fd)) => {
                socket.core().arm();
                kernel.again_socket(fd, slot)
            }
            (Source::Shared(socket), Some(fd)) => {
                socket.core().arm();
                kernel.again_socket(fd, slot)
            }
            (Source::Fd(_), Some(fd)) => kernel.again_fd(fd, slot, self.events),
            (_, None) => Ok(()),
        }
    }
}

/// Asks libzmq, which then takes note of all news.
fn check_socket(core: &Core, wanted: PollEvents) -> Result<PollEvents, i32> {
    core.raw.usable()?;
    loop {
        match ask_socket(core, wanted) {
            Err(errno::EINTR) => {}
            done => return done,
        }
    }
}

/// Asks libzmq of a socket that is usable.
#[inline]
pub(super) fn ask_socket(core: &Core, wanted: PollEvents) -> Result<PollEvents, i32> {
    let events = core.raw.ask_unarmed()? & i32::from(PollEvents::all().bits());
    let events = PollEvents::from_bits_truncate(i16::try_from(events).unwrap_or(0));
    if events.contains(wanted) {
        return Ok(wanted);
    }
    Ok((events | core.known()) & wanted)
}

/// Asks libzmq of a socket that other threads may use. Whatever comes is told to each `Poller` that it is in.
#[cold]
fn check_shared(socket: &Shared<'_>, wanted: PollEvents) -> Result<PollEvents, i32> {
    socket.core().raw.usable()?;
    Ok((PollEvents::from_bits_truncate(socket.events()?) | socket.core().known()) & wanted)
}

/// Asks the system. It need not be as the kernel has told: others may have read what there was.
fn check_fd(fd: Borrowed<'_>, wanted: PollEvents) -> Result<PollEvents, i32> {
    let mut item = [Item::fd(fd, wanted.bits())];
    loop {
        match poll(&mut item, Some(Duration::ZERO)).map_err(|error| error.errno()) {
            Ok(_) => return Ok(PollEvents::from_bits_truncate(item[0].revents())),
            Err(errno::EINTR) => {}
            Err(code) => return Err(code),
        }
    }
}
