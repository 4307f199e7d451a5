//! `Poller`: waits for many sockets and file descriptors, at a cost that grows with those that are ready.
//!
//! libzmq's zmq_poll(3) asks each socket, each time. Here the kernel waits for the sockets' descriptors (ZMQ_FD), which
//! tell of news once, when it comes; and a queue holds the sockets that may be ready, the hot ones. One leaves it when
//! libzmq has said that it is not ready, which also takes note of all news, so that later news is told again. As any
//! call on a socket takes note of news, it puts the socket back into the queue: `RawSocket::touch` does, which `as_ptr` calls
//! for most of them, and those that move messages in `Core::is_straight` and `Caller`.

mod entry;
mod interrupts;
mod queue;
mod ready;
mod wait;

use std::collections::hash_map::{Entry as KeyEntry, HashMap};
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use slab::Slab;

use crate::as_socket::AsSocket;
use crate::error::{Error, Result};
use crate::interrupt::Interrupt;
use crate::poll::PollEvents;
use crate::raw::kernel::Kernel;
use crate::raw::poll::AsFd;
use crate::raw::{errno, fork};
use crate::touch::{Touched, Watch};
pub(crate) use entry::HasCore;
use entry::{Entry, Place, Source};
use interrupts::Minded;
use queue::{Links, Queue};
pub use ready::Ready;

/// After so many events the kernel is asked for news, though there are hot sockets.
const LOOK_EVERY: u32 = 16;

/// An epoch that no process reaches.
const UNKNOWN: usize = usize::MAX;

const POLL: &str = "poll";

/// Waits for many sockets and file descriptors.
///
/// Each is registered once, with a key, and [`wait`](Self::wait) gives the key of one that is ready. Its cost does not
/// grow with what is registered and idle, as [`poll`](crate::poll())'s does, so that a thousand sockets may be waited
/// for. None that is ready waits for long: they take turns.
///
/// A socket that is registered may be used as ever: by way of the reference that was given, or of an `Rc`. It is ready for
/// as long as something can be received, whether or not that is done. It can be in one `Poller` at a time.
///
/// A `Poller` borrows sockets, and so stays on its thread.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use zmqx::{Context, PollEvents, Poller, Pull, Push};
///
/// const TASKS: usize = 1;
/// const CONTROL: usize = 2;
///
/// let ctx = Context::new()?;
/// let (tasks, control, source) = (ctx.socket(Pull)?, ctx.socket(Pull)?, ctx.socket(Push)?);
/// tasks.bind("inproc://tasks")?;
/// control.bind("inproc://control")?;
/// source.connect("inproc://tasks")?;
/// source.send("task")?;
///
/// let mut poller = Poller::new()?;
/// poller.add(&tasks, TASKS, PollEvents::IN)?;
/// poller.add(&control, CONTROL, PollEvents::IN)?;
/// while let Some(ready) = poller.wait(Some(Duration::ZERO))? {
///     assert_eq!(ready.key(), TASKS);
///     assert_eq!(tasks.recv()?, "task");
/// }
/// # Ok::<(), zmqx::Error>(())
/// ```
///
/// ```compile_fail,E0277
/// # let ctx = zmqx::Context::new()?;
/// let socket = ctx.socket(zmqx::Pull)?;
/// let mut poller = zmqx::Poller::new()?;
/// poller.add(&socket, 1, zmqx::PollEvents::IN)?;
/// std::thread::scope(|scope| {
///     scope.spawn(move || poller.wait(None)); // Poller is not Send
/// });
/// # Ok::<(), zmqx::Error>(())
/// ```
///
/// ```compile_fail,E0505
/// # let ctx = zmqx::Context::new()?;
/// let socket = ctx.socket(zmqx::Pull)?;
/// let mut poller = zmqx::Poller::new()?;
/// poller.add(&socket, 1, zmqx::PollEvents::IN)?;
/// drop(socket);
/// poller.wait(None)?; // the socket is gone
/// # Ok::<(), zmqx::Error>(())
/// ```
pub struct Poller<'a> {
    kernel: Kernel,
    entries: Slab<Entry<'a>>,
    /// The slots of the keys.
    keys: HashMap<usize, usize>,
    /// Those that may be ready, in the order of their turns.
    hot: Queue,
    /// Those that are not ready, but may be the next time without a word from the kernel.
    unseen: Queue,
    /// Where the sockets say that they were used.
    touched: Arc<Touched>,
    /// What `touched` held last, to spare an allocation.
    slots: Vec<usize>,
    interrupts: Vec<Minded>,
    /// The one of those that no socket's context brought.
    own_interrupt: Option<Interrupt>,
    /// Whether these and signals end a wait.
    is_interruptible: bool,
    /// How many events may be told before the kernel is asked again.
    before_look: u32,
    /// How many are not hot: what only the kernel, or a use, can tell of.
    cold: usize,
    /// The first of `hot` was just found not ready.
    found_cold: bool,
    /// The epoch in which all sockets were last looked at for a shutdown, or `UNKNOWN`.
    epoch: usize,
    /// The context of one of them was shut down.
    has_ended: bool,
    /// The quiet epoch in which no interrupt was found triggered, and no context shut down, or `UNKNOWN`.
    quiet_in: usize,
    generation: u32,
    /// Not Send: only the thread that may use the sockets may poll them.
    not_send: PhantomData<*const ()>,
}

impl<'a> Poller<'a> {
    /// Creates one that waits for nothing yet.
    ///
    /// # Errors
    ///
    /// - [`TooManySockets`](crate::ErrorKind::TooManySockets): no file descriptor is free.
    pub fn new() -> Result<Self> {
        fork::watch()?;
        Ok(Self {
            kernel: Kernel::new()?,
            entries: Slab::new(),
            keys: HashMap::new(),
            hot: Queue::new(),
            unseen: Queue::new(),
            touched: Arc::default(),
            slots: Vec::new(),
            interrupts: Vec::new(),
            own_interrupt: None,
            is_interruptible: true,
            before_look: LOOK_EVERY,
            cold: 0,
            found_cold: false,
            epoch: fork::epoch(),
            has_ended: false,
            quiet_in: UNKNOWN,
            generation: fork::generation(),
            not_send: PhantomData,
        })
    }

    /// Registers a socket, to wait for these events of it.
    ///
    /// The `Poller` has it until it is [removed](Self::remove), or the `Poller` dropped: a reference as well as a socket
    /// that is given away, or an `Rc` of one that others use, too.
    ///
    /// # Errors
    ///
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput): the key is taken, or the socket is in a `Poller` already.
    /// - [`TooManySockets`](crate::ErrorKind::TooManySockets): the system's limit for the kernel's poller is reached.
    /// - [`Terminated`](crate::ErrorKind::Terminated): the socket's context was shut down.
    pub fn add(
        &mut self,
        socket: impl AsSocket + 'a,
        key: usize,
        events: PollEvents,
    ) -> Result<()> {
        const ADD: &str = "register socket";
        self.check_owner(ADD)?;
        if socket.as_socket().core.raw.is_registered() {
            return Err(Error::invalid(ADD, "it is in a Poller already"));
        }
        self.check_key(key, ADD)?;
        let source = Source::socket(socket).map_err(|error| error.during(ADD))?;
        let fd = source.descriptor().map_err(|error| error.during(ADD))?;
        let core = source.core();
        let interrupt = core.and_then(|core| core.context().interrupt()).cloned();
        let slot = self.entries.vacant_key();
        self.kernel.add_socket(fd, slot).map_err(|error| error.during(ADD))?;
        if let Err(error) = self.mind(interrupt.as_ref()) {
            self.kernel.remove(fd);
            return Err(error);
        }
        let touched = Arc::clone(&self.touched);
        if let Some(core) = core {
            core.raw.set_watch(Some(Watch { touched, slot }));
        }
        self.insert(key, source, Some(fd), events);
        Ok(())
    }

    /// Registers a file descriptor, or on Windows a socket of the system's, to wait for these events of it.
    ///
    /// That it is in [error](Ready::is_error), or hung up, is told in any case, as by [`poll`](crate::poll()).
    ///
    /// # Errors
    ///
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput): the key is taken, or the descriptor is registered already.
    /// - [`TooManySockets`](crate::ErrorKind::TooManySockets): the system's limit for the kernel's poller is reached.
    pub fn add_fd(&mut self, fd: impl AsFd + 'a, key: usize, events: PollEvents) -> Result<()> {
        const ADD: &str = "register descriptor";
        self.check_owner(ADD)?;
        self.check_key(key, ADD)?;
        let number = entry::number(&fd);
        let number = match self.kernel.add_fd(number, self.entries.vacant_key(), events) {
            Ok(()) => Some(number),
            // A file on disk, which is always ready.
            Err(error) if error.errno() == libc::EPERM => None,
            Err(error) if error.errno() == libc::EEXIST => {
                return Err(Error::invalid(ADD, "it is registered already"));
            }
            Err(error) => return Err(error.during(ADD)),
        };
        self.insert(key, Source::Fd(Box::new(fd)), number, events);
        Ok(())
    }

    fn check_key(&self, key: usize, operation: &'static str) -> Result<()> {
        if self.keys.contains_key(&key) {
            return Err(Error::invalid(operation, format!("the key {key} is taken")));
        }
        Ok(())
    }

    fn insert(
        &mut self,
        key: usize,
        source: Source<'a>,
        fd: Option<crate::raw::poll::RawFd>,
        events: PollEvents,
    ) {
        let (place, links) = (Place::Hot, Links::NONE);
        let slot = self.entries.insert(Entry { source, fd, key, events, place, links });
        self.keys.insert(key, slot);
        self.hot.push(&mut self.entries, slot);
    }

    /// Waits for other events of what has this key.
    ///
    /// # Errors
    ///
    /// - [`NotFound`](crate::ErrorKind::NotFound): nothing has the key.
    pub fn modify(&mut self, key: usize, events: PollEvents) -> Result<()> {
        const MODIFY: &str = "modify registration";
        self.check_owner(MODIFY)?;
        let slot = *self.keys.get(&key).ok_or_else(|| not_found(MODIFY, key))?;
        let entry = &mut self.entries[slot];
        if let (Source::Fd(_), Some(fd)) = (&entry.source, entry.fd) {
            self.kernel.modify_fd(fd, slot, events).map_err(|error| error.during(MODIFY))?;
        }
        entry.events = events;
        self.warm(slot);
        Ok(())
    }

    /// Takes out what has this key, and drops what was given for it.
    ///
    /// # Errors
    ///
    /// - [`NotFound`](crate::ErrorKind::NotFound): nothing has the key.
    pub fn remove(&mut self, key: usize) -> Result<()> {
        const REMOVE: &str = "remove registration";
        let KeyEntry::Occupied(place) = self.keys.entry(key) else {
            return Err(not_found(REMOVE, key));
        };
        let slot = place.remove();
        match self.entries[slot].place {
            Place::Hot => self.hot.remove(&mut self.entries, slot),
            Place::Unseen => self.unseen.remove(&mut self.entries, slot),
            Place::Cold => self.cold -= 1,
        }
        let entry = self.entries.remove(slot);
        self.release(&entry);
        if self.has_ended {
            // It was perhaps the only one.
            self.epoch = UNKNOWN;
        }
        Ok(())
    }

    /// Undoes what registering the entry has done outside of it.
    fn release(&mut self, entry: &Entry<'a>) {
        // A child after fork has the kernel's list in common with its parent, whose it is.
        if let (Some(fd), false) = (entry.fd, self.is_inherited()) {
            self.kernel.remove(fd);
        }
        if let Some(core) = entry.source.core() {
            core.raw.set_watch(None);
            self.unmind(core.context().interrupt());
        }
    }

    fn is_inherited(&self) -> bool {
        self.generation != fork::generation()
    }

    fn check_owner(&self, operation: &'static str) -> Result<()> {
        if self.is_inherited() { Err(Error::new(errno::FORKED, operation)) } else { Ok(()) }
    }
}

fn not_found(operation: &'static str, key: usize) -> Error {
    Error::new(errno::ENOENT, operation).because(format!("nothing has the key {key}"))
}

impl Drop for Poller<'_> {
    fn drop(&mut self) {
        let entries = std::mem::take(&mut self.entries);
        for (_, entry) in &entries {
            self.release(entry);
        }
    }
}

impl fmt::Debug for Poller<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Poller")
            .field("registered", &self.entries.len())
            .field("hot", &(self.entries.len() - self.cold))
            .finish_non_exhaustive()
    }
}
