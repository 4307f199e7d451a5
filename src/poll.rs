//! `poll`: waits for several sockets and file descriptors at once.

use std::fmt;
use std::time::{Duration, Instant};

use smallvec::SmallVec;

use crate::error::{Error, Result};
use crate::interrupt::Interrupt;
use crate::kind::Kind;
use crate::raw::errno;
use crate::raw::poll::{self as raw, Borrowed, Item};
use crate::socket::{Core, Socket};

/// So many items are polled without an allocation, as by libzmq itself.
const INLINE: usize = 16;

bitflags::bitflags! {
    /// What to wait for, and what has come.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
    pub struct PollEvents: i16 {
        /// Something can be received, or read.
        const IN = raw::IN;
        /// Something can be sent, or written.
        const OUT = raw::OUT;
        /// A file descriptor is in error. Never so of a socket.
        const ERR = raw::ERR;
        /// A file descriptor has urgent data. Never so of a socket. Since libzmq 4.2.
        const PRI = raw::PRI;
    }
}

/// A socket or file descriptor to [`poll`], and what it is ready for.
///
/// It borrows what it waits for, and so stays on its thread. It has no `Drop`: after the last look at an item, its
/// socket may be replaced, or its owner borrowed mutably.
///
/// ```compile_fail,E0505
/// # let ctx = zmqx::Context::new()?;
/// let socket = ctx.socket(zmqx::Pull)?;
/// let mut items = [socket.poll_item(zmqx::PollEvents::IN)];
/// drop(socket);
/// zmqx::poll(&mut items, None)?; // the socket is gone
/// # Ok::<(), zmqx::Error>(())
/// ```
///
/// ```compile_fail,E0277
/// # let ctx = zmqx::Context::new()?;
/// let socket = ctx.socket(zmqx::Pull)?;
/// let mut items = [socket.poll_item(zmqx::PollEvents::IN)];
/// std::thread::scope(|scope| {
///     scope.spawn(|| zmqx::poll(&mut items, None)); // PollItem is not Send
/// });
/// # Ok::<(), zmqx::Error>(())
/// ```
pub struct PollItem<'a> {
    item: Item<'a>,
    socket: Option<&'a Core>,
}

impl<K: Kind> Socket<K> {
    /// Makes an item for [`poll`] that waits for these events of the socket.
    pub fn poll_item(&self, events: PollEvents) -> PollItem<'_> {
        PollItem::of(&self.core, events)
    }
}

impl<'a> PollItem<'a> {
    pub(crate) fn of(core: &'a Core, events: PollEvents) -> Self {
        Self { item: Item::socket(&core.raw, events.bits()), socket: Some(core) }
    }

    /// Makes an item that waits for these events of a file descriptor, or on Windows of a socket of the system's.
    pub fn from_fd(fd: Borrowed<'a>, events: PollEvents) -> Self {
        Self { item: Item::fd(fd, events.bits()), socket: None }
    }

    /// Returns what the last [`poll`] found it ready for.
    pub fn revents(&self) -> PollEvents {
        PollEvents::from_bits_truncate(self.item.revents())
    }

    /// Tells whether the last [`poll`] found that something can be received.
    pub fn is_readable(&self) -> bool {
        self.revents().contains(PollEvents::IN)
    }

    /// Tells whether the last [`poll`] found that something can be sent.
    pub fn is_writable(&self) -> bool {
        self.revents().contains(PollEvents::OUT)
    }

    /// Tells whether the last [`poll`] found a file descriptor in error.
    pub fn is_error(&self) -> bool {
        self.revents().contains(PollEvents::ERR)
    }

    fn interrupt(&self) -> Option<&'a Interrupt> {
        self.socket?.context().interrupt()
    }

    /// Whether it waits for an end of a pipe to be sent to.
    fn is_sent_to_by_pipe(&self) -> bool {
        let is_awaited = self.item.events() & PollEvents::OUT.bits() != 0;
        is_awaited && self.socket.is_some_and(|core| core.pipe().is_some())
    }

    fn known(&self) -> i16 {
        self.socket.map_or(0, |core| core.known().bits() & self.item.events())
    }
}

impl Core {
    /// What it is ready for though libzmq does not know: a message was put back; or at an end of a pipe whose other end
    /// is gone, a receive that has nothing left, and every send, give an error at once.
    #[inline]
    pub(crate) fn known(&self) -> PollEvents {
        let mut known = PollEvents::empty();
        known.set(PollEvents::IN, self.has_in_hand());
        if let Some(pipe) = self.pipe() {
            known.set(PollEvents::IN, self.has_in_hand() || pipe.is_over());
            known.set(PollEvents::OUT, pipe.is_alone());
        }
        known
    }
}

impl fmt::Debug for PollItem<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let events = PollEvents::from_bits_truncate(self.item.events());
        f.debug_struct("PollItem")
            .field("kind", &self.socket.map(|core| core.kind))
            .field("events", &events)
            .field("revents", &self.revents())
            .finish()
    }
}

/// Waits until one of the items is ready, and returns how many are; 0 when the time is up. `None` waits for ever.
///
/// Corresponds to [`zmq_poll(3)`](https://libzmq.readthedocs.io/en/latest/zmq_poll.html).
///
/// # Errors
///
/// - [`Interrupted`](crate::ErrorKind::Interrupted): by a signal, or by the [`Interrupt`] of an item's context.
/// - [`Terminated`](crate::ErrorKind::Terminated): an item's context was shut down.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use zmqx::{Context, PollEvents, Pull, Push, poll};
///
/// let ctx = Context::new()?;
/// let (sink, source) = (ctx.socket(Pull)?, ctx.socket(Push)?);
/// sink.bind("inproc://sink")?;
/// source.connect("inproc://sink")?;
/// source.send("task")?;
///
/// let mut items = [sink.poll_item(PollEvents::IN)];
/// assert_eq!(poll(&mut items, Some(Duration::from_secs(1)))?, 1);
/// assert!(items[0].is_readable());
/// # Ok::<(), zmqx::Error>(())
/// ```
pub fn poll(items: &mut [PollItem<'_>], timeout: Option<Duration>) -> Result<usize> {
    let is_known = look(items)?;
    wait_for(items, if is_known { Some(Duration::ZERO) } else { timeout })
}

/// Looks whether the sockets may be used, and whether one is known to be ready.
#[inline]
pub(crate) fn look(items: &mut [PollItem<'_>]) -> Result<bool> {
    let mut is_known = false;
    for item in &mut *items {
        item.item.set_revents(0);
        if let Some(core) = item.socket {
            core.raw.check_usable("poll")?;
            // The item may be older than a `Poller`'s last look at the socket.
            core.raw.touch();
            is_known |= item.known() != 0;
        }
    }
    Ok(is_known)
}

/// Waits for items of which none was known to be ready, and returns how many are.
#[inline]
pub(crate) fn wait_for(items: &mut [PollItem<'_>], timeout: Option<Duration>) -> Result<usize> {
    let mut polled: SmallVec<[Item<'_>; INLINE]> = SmallVec::new();
    let mut interrupts: SmallVec<[&Interrupt; 2]> = SmallVec::new();
    let mut is_sent_to_by_pipe = false;
    for item in &*items {
        polled.push(item.item.again());
        is_sent_to_by_pipe |= item.is_sent_to_by_pipe();
        match item.interrupt() {
            Some(interrupt) if !interrupts.iter().any(|known| known.is(interrupt)) => {
                interrupts.push(interrupt);
            }
            _ => {}
        }
    }
    for interrupt in &interrupts {
        polled.push(Item::fd(interrupt.borrow(), PollEvents::IN.bits()));
    }
    if is_sent_to_by_pipe && timeout != Some(Duration::ZERO) {
        // The other end may have gone since it was looked at: then libzmq knows of no peer, and of no news either.
        let ready = try_once(items, &mut polled, &interrupts)?;
        if ready > 0 {
            return Ok(ready);
        }
    }
    wait(&mut polled, &interrupts, timeout)?;
    Ok(note(items, &polled))
}

/// Looks without waiting how many are ready. Apart from the usual way, which is faster so.
#[cold]
fn try_once(
    items: &mut [PollItem<'_>],
    polled: &mut [Item<'_>],
    interrupts: &[&Interrupt],
) -> Result<usize> {
    wait(polled, interrupts, Some(Duration::ZERO))?;
    Ok(note(items, polled))
}

/// Notes what the items were found ready for, or are known to be, and returns how many are.
#[inline(always)]
fn note(items: &mut [PollItem<'_>], polled: &[Item<'_>]) -> usize {
    let mut ready = 0;
    for (item, polled) in items.iter_mut().zip(polled) {
        item.item.set_revents(polled.revents() | item.known());
        ready += usize::from(item.item.revents() != 0);
    }
    ready
}

/// Waits for one of the items, the last of which are the interrupts.
#[inline(always)]
fn wait(
    polled: &mut [Item<'_>],
    interrupts: &[&Interrupt],
    timeout: Option<Duration>,
) -> Result<()> {
    // Whoever does not wait needs no clock.
    let is_over = timeout == Some(Duration::ZERO);
    let deadline = match timeout {
        Some(timeout) if !is_over => Instant::now().checked_add(timeout),
        _ => None,
    };
    let is_interrupted = || interrupts.iter().any(|interrupt| interrupt.is_triggered());
    let own = polled.len() - interrupts.len();
    let mut left = timeout;
    loop {
        if is_interrupted() {
            return Err(Error::new(errno::EINTR, "poll"));
        }
        match raw::poll(polled, left) {
            Err(error) if error.errno() != errno::EINTR || interrupts.is_empty() => {
                return Err(error);
            }
            Ok(found) if found > 0 && interrupts.is_empty() => return Ok(()),
            Ok(found)
                if found > 0
                    && polled[..own].iter().any(|item| item.revents() != 0)
                    && !is_interrupted() =>
            {
                return Ok(());
            }
            // Another signal's EINTR, an interrupt that was cleared again, or a timeout longer than libzmq's longest.
            _ if !is_over => {
                left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
            }
            _ => {}
        }
        if left == Some(Duration::ZERO) && !is_interrupted() {
            return Ok(());
        }
    }
}

const _: () = assert!(!std::mem::needs_drop::<PollItem<'static>>());
