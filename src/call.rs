//! The calls that may block: how they wait, for how long, and what ends them.
//!
//! A socket without an `Interrupt` that is no end of a pipe blocks in libzmq itself. The others try first, without
//! blocking, and then wait on the socket's descriptor and the interrupt's together, so that no trigger falls in between.
//! Where there is nothing to mind, that first try is made before anything here is called.

use std::time::{Duration, Instant};

use zmq_sys_ext as ffi;

use crate::context::Context;
use crate::kind::SocketKind;
use crate::pipe::End;
use crate::raw::errno;
use crate::raw::poll::{self, Item, wait_readable};
use crate::raw::socket::RawSocket;

/// How long a call may wait.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Patience {
    /// Not at all, and so no interrupt ends it.
    None,
    /// As long as RCVTIMEO or SNDTIMEO says, given as the option's number.
    Option(i32),
    /// Until then, or for ever where no clock goes that far.
    Until(Option<Instant>),
}

impl Patience {
    pub(crate) const RECEIVE: Self = Self::Option(ffi::ZMQ_RCVTIMEO);
    pub(crate) const SEND: Self = Self::Option(ffi::ZMQ_SNDTIMEO);

    pub(crate) fn lasting(timeout: Duration) -> Self {
        Self::Until(Instant::now().checked_add(timeout))
    }

    /// What is left of it: `None` is for ever. An option's time begins to run with the first look.
    fn left(&mut self, socket: &RawSocket) -> Result<Option<Duration>, i32> {
        if let Self::Option(option) = *self {
            let millis = socket.get_number::<i32>(option).map_err(|error| error.errno())?;
            *self = match u64::try_from(millis) {
                Ok(millis) => Self::lasting(Duration::from_millis(millis)),
                Err(_) => Self::Until(None),
            };
        }
        match *self {
            Self::None => Err(errno::EAGAIN),
            Self::Until(Some(deadline)) => match deadline.saturating_duration_since(Instant::now())
            {
                Duration::ZERO => Err(errno::EAGAIN),
                left => Ok(Some(left)),
            },
            _ => Ok(None),
        }
    }
}

/// A socket with what its calls have to mind.
pub(crate) struct Caller<'a> {
    pub(crate) raw: &'a RawSocket,
    pub(crate) kind: SocketKind,
    pub(crate) context: &'a Context,
    pub(crate) pipe: Option<&'a End>,
}

impl Caller<'_> {
    /// Receives by `attempt`, which does not block. Gives the errno of what went wrong. The first attempt was perhaps
    /// made already, and gave `tried`.
    pub(crate) fn receive<T>(
        &self,
        mut patience: Patience,
        mut tried: Option<i32>,
        mut attempt: impl FnMut(&RawSocket) -> Result<T, i32>,
    ) -> Result<T, i32> {
        self.raw.touch();
        loop {
            let done = match tried.take() {
                Some(code) => Err(code),
                None => {
                    self.raw.usable()?;
                    self.check_interrupt(patience)?;
                    let over = self.pipe.map_or(Ok(()), End::check_receive);
                    over.and_then(|()| attempt(self.raw))
                }
            };
            match done {
                // The mailbox is drained, so that whatever comes makes the descriptor readable.
                Err(errno::EAGAIN) => self.wait(&mut patience, poll::IN)?,
                Err(errno::EINTR) if self.context.interrupt().is_some() => {}
                Err(code) => return Err(self.reason(code, patience)),
                done => return done,
            }
        }
    }

    /// Sends by `attempt`, as `receive` does it.
    pub(crate) fn send<T>(
        &self,
        mut patience: Patience,
        mut tried: Option<i32>,
        mut attempt: impl FnMut(&RawSocket) -> Result<T, i32>,
    ) -> Result<T, i32> {
        self.raw.touch();
        let mut is_fresh = false;
        loop {
            let done = match tried.take() {
                Some(code) => Err(code),
                None => {
                    self.raw.usable()?;
                    self.pipe.map_or(Ok(()), End::check_send)?;
                    attempt(self.raw)
                }
            };
            match done {
                Err(errno::EAGAIN) => {
                    self.check_interrupt(patience)?;
                    if is_fresh || matches!(patience, Patience::None) {
                        self.wait(&mut patience, poll::OUT)?;
                    } else {
                        // Unlike a receive, a send that is refused may have left the mailbox full, and its descriptor
                        // readable or not: take note of what is there, and try again before waiting.
                        self.note_events()?;
                    }
                    is_fresh = !is_fresh;
                }
                Err(errno::EINTR) if self.context.interrupt().is_some() => {}
                done => return done,
            }
        }
    }

    fn note_events(&self) -> Result<(), i32> {
        match self.raw.events().map_err(|error| error.errno()) {
            Err(errno::EINTR) if self.context.interrupt().is_some() => Ok(()),
            other => other.map(drop),
        }
    }

    /// The errno of a receive that is over: an end that has left may have done so by the very trigger that this call is
    /// to end by.
    pub(crate) fn reason(&self, code: i32, patience: Patience) -> i32 {
        match code {
            errno::DISCONNECTED => self.check_interrupt(patience).err().unwrap_or(code),
            _ => code,
        }
    }

    fn check_interrupt(&self, patience: Patience) -> Result<(), i32> {
        match (self.context.interrupt(), patience) {
            (None, _) | (_, Patience::None) => Ok(()),
            (Some(interrupt), _) if interrupt.is_triggered() => Err(errno::EINTR),
            _ => Ok(()),
        }
    }

    /// Waits until the socket has news, or the interrupt is triggered, or the time is up.
    fn wait(&self, patience: &mut Patience, events: i16) -> Result<(), i32> {
        let left = patience.left(self.raw)?;
        if self.kind.is_thread_safe() {
            return self.wait_beside_others(left, events);
        }
        let socket = self.raw.fd().map_err(|error| error.errno())?;
        let waited = match self.context.interrupt() {
            Some(interrupt) => wait_readable(&[socket, interrupt.raw_fd()], left),
            None => wait_readable(&[socket], left),
        };
        match waited.map_err(|error| error.errno()) {
            Err(errno::EINTR) if self.context.interrupt().is_some() => Ok(()),
            other => other,
        }
    }

    /// The same where other threads may use the socket: it has no descriptor, as any of them could take its news. By
    /// zmq_poll(3) each has one of its own. libzmq's own waiting would mind neither a signal nor an interrupt.
    #[cold]
    fn wait_beside_others(&self, left: Option<Duration>, events: i16) -> Result<(), i32> {
        let socket = Item::socket(self.raw, events);
        let waited = match self.context.interrupt() {
            Some(interrupt) => {
                poll::poll(&mut [socket, Item::fd(interrupt.borrow(), poll::IN)], left)
            }
            None => poll::poll(&mut [socket], left),
        };
        match waited.map_err(|error| error.errno()) {
            Err(errno::EINTR) if self.context.interrupt().is_some() => Ok(()),
            other => other.map(drop),
        }
    }
}
