//! `ZPoller`, the class that waits for one of several sockets.

use std::collections::HashMap;
use std::fmt;
#[cfg(unix)]
use std::os::fd::AsFd;
use std::time::Duration;

use zmqx::{AsSocket, ErrorKind, PollEvents, Poller, Result};

use crate::interrupts;
use crate::zloop::address;

/// Waits until something can be received on one of its readers, and tells on which: the class `zpoller`.
///
/// ```
/// use czmq_like::prelude::*;
///
/// let ctx = ZCtx::new()?;
/// let tasks = ZSock::new_pull(&ctx, "inproc://tasks")?;
/// let control = ZSock::new_pull(&ctx, "inproc://control")?;
/// let ventilator = ZSock::new_push(&ctx, "inproc://tasks")?;
/// zstr::send(&ventilator, "Hello, World")?;
///
/// let mut poller = ZPoller::new()?;
/// poller.add(&tasks)?;
/// poller.add(&control)?;
/// let which = poller.wait(None)?.expect("a wait without an end");
/// assert!(which.is(&tasks) && !which.is(&control));
/// assert_eq!(zstr::recv(&tasks)?, "Hello, World");
///
/// assert!(poller.wait(Some(Duration::from_millis(10)))?.is_none());
/// assert!(poller.expired() && !poller.terminated());
/// # Ok::<(), czmq_like::Error>(())
/// ```
///
/// It is a [`Poller`], whose wake-ups cost what is ready and not what is registered. Unlike in C the readers take turns,
/// so that none has to wait for others that come before it; and a socket is in one `ZPoller`, [`ZLoop`](crate::ZLoop) or
/// `Poller` at a time.
pub struct ZPoller<'a> {
    poller: Poller<'a>,
    /// By their keys, of which none is used twice. The number is the address of a socket, which stays where it is; a
    /// descriptor has none.
    readers: HashMap<usize, Option<usize>>,
    next_key: usize,
    is_expired: bool,
    is_terminated: bool,
}

/// What [`ZPoller::wait`] has found, or [`ZPoller::add`] put in: one of the readers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Which {
    key: usize,
    address: Option<usize>,
}

impl Which {
    /// Tells whether it is this socket.
    pub fn is(&self, socket: &impl AsSocket) -> bool {
        self.address == Some(address(socket))
    }
}

impl<'a> ZPoller<'a> {
    /// Creates one that waits for nothing yet, save the program's interrupt.
    ///
    /// # Errors
    ///
    /// - [`TooManySockets`](crate::ErrorKind::TooManySockets): no file descriptor is free.
    #[doc(alias = "zpoller_new")]
    pub fn new() -> Result<Self> {
        let mut poller = Poller::new()?;
        poller.set_interrupt(Some(interrupts::shared()?))?;
        Ok(Self {
            poller,
            readers: HashMap::new(),
            next_key: 0,
            is_expired: false,
            is_terminated: false,
        })
    }

    /// Waits for this socket too, which is lent, or given away: then it is dropped when it is removed.
    ///
    /// # Errors
    ///
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput): it is in a poller already.
    /// - [`Terminated`](crate::ErrorKind::Terminated): its context was shut down.
    /// - [`TooManySockets`](crate::ErrorKind::TooManySockets): the system's limit for the kernel's poller is reached.
    #[doc(alias = "zpoller_add")]
    pub fn add(&mut self, reader: impl AsSocket + 'a) -> Result<Which> {
        // A socket that is given away may move, and then is known by what this returns.
        let reader = Box::new(reader);
        let address = Some(address(&*reader));
        self.poller.add(reader, self.next_key, PollEvents::IN)?;
        Ok(self.insert(address))
    }

    /// Waits for this file descriptor too, until it can be read, or is in error.
    ///
    /// # Errors
    ///
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput): it is in the poller already.
    /// - [`TooManySockets`](crate::ErrorKind::TooManySockets): the system's limit for the kernel's poller is reached.
    #[cfg(unix)]
    #[doc(alias = "zpoller_add")]
    pub fn add_fd(&mut self, reader: impl AsFd + 'a) -> Result<Which> {
        self.poller.add_fd(reader, self.next_key, PollEvents::IN)?;
        Ok(self.insert(None))
    }

    fn insert(&mut self, address: Option<usize>) -> Which {
        let key = self.next_key;
        self.next_key += 1;
        self.readers.insert(key, address);
        Which { key, address }
    }

    /// Waits no longer for what [`add`](Self::add) or [`wait`](Self::wait) gave.
    ///
    /// # Errors
    ///
    /// - [`NotFound`](crate::ErrorKind::NotFound): it is not there any more.
    #[doc(alias = "zpoller_remove")]
    pub fn remove(&mut self, which: Which) -> Result<()> {
        self.poller.remove(which.key)?;
        self.readers.remove(&which.key);
        Ok(())
    }

    /// Waits no longer for this socket.
    ///
    /// # Errors
    ///
    /// - [`NotFound`](crate::ErrorKind::NotFound): it is not there.
    #[doc(alias = "zpoller_remove")]
    pub fn remove_socket(&mut self, socket: &impl AsSocket) -> Result<()> {
        let address = Some(address(socket));
        let key = self.readers.iter().find(|(_, of)| **of == address).map(|(key, _)| *key);
        // The next one is nobody's yet.
        let key = key.unwrap_or(self.next_key);
        self.remove(Which { key, address })
    }

    /// Waits until a reader is ready, and tells which; `None` when the time is up. Without a timeout it waits for ever.
    ///
    /// # Errors
    ///
    /// - [`Interrupted`](crate::ErrorKind::Interrupted): by SIGINT or SIGTERM, even where a reader is ready.
    /// - [`Terminated`](crate::ErrorKind::Terminated): the context of a reader was shut down.
    #[doc(alias = "zpoller_wait")]
    pub fn wait(&mut self, timeout: Option<Duration>) -> Result<Option<Which>> {
        let waited = self.poller.wait(timeout);
        self.is_expired = matches!(waited, Ok(None));
        self.is_terminated = waited.as_ref().is_err_and(|error| {
            matches!(error.kind(), ErrorKind::Interrupted | ErrorKind::Terminated)
        });
        Ok(waited?.map(|ready| {
            let key = ready.key();
            Which { key, address: self.readers.get(&key).copied().flatten() }
        }))
    }

    /// Tells whether the last [`wait`](Self::wait) ended as the time was up.
    #[doc(alias = "zpoller_expired")]
    pub fn expired(&self) -> bool {
        self.is_expired
    }

    /// Tells whether the last [`wait`](Self::wait) ended as the program was interrupted, or a context shut down.
    #[doc(alias = "zpoller_terminated")]
    pub fn terminated(&self) -> bool {
        self.is_terminated
    }

    /// Has the waits go on though the program is interrupted, or not: for those who serve others until these have ended.
    ///
    /// A receive that blocks is still interrupted; [`ZMsg::recv_nowait`](crate::ZMsg::recv_nowait) and its like are not.
    ///
    /// # Errors
    ///
    /// As [`Poller::set_interruptible`].
    #[doc(alias = "zpoller_set_nonstop")]
    pub fn set_nonstop(&mut self, nonstop: bool) -> Result<()> {
        self.poller.set_interruptible(!nonstop)
    }
}

impl fmt::Debug for ZPoller<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ZPoller").field("readers", &self.readers.len()).finish_non_exhaustive()
    }
}
