//! `ZLoop`, CZMQ's zloop: a reactor of sockets, file descriptors, timers and tickets.

mod alarms;
mod call;
mod reaction;
mod readers;
mod schedule;

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use slab::Slab;
use zmqx::{Error, ErrorKind, Interrupt, Poller, Result};

pub use alarms::{TicketId, TimerId};
pub use reaction::Reaction;
pub(crate) use readers::address;
pub use readers::{ReaderId, ReaderKey};

use crate::interrupts;

use call::AlarmHandler;
use readers::Reader;
use schedule::Schedule;

/// A reactor: it calls a handler for whatever is ready or due, on one thread, until one of them ends it.
///
/// Handlers are functions or closures. Each gets the loop, what it was called for, and the program's state as `&mut S`.
/// It may register and end whatever it likes, itself included, and use any socket: none that is registered loses an
/// event by that. It gives `()`, or a [`ControlFlow`](std::ops::ControlFlow) that may end the loop, or a [`Result`] of
/// either, so that `?` works in it: an [`Interrupted`](ErrorKind::Interrupted) ends the loop as the interrupt does, and
/// any other error is [`start`](Self::start)'s.
///
/// Sockets are borrowed for `'a`, or handed over. A program declares its sockets first, then the state that
/// borrows them, then the reactor.
///
/// An event costs what it costs, however many readers and timers are registered and idle. Those that are ready take
/// turns, and timers that are due come first.
///
/// It stands for CZMQ's `zloop`.
///
/// # Examples
///
/// ```
/// use czmq_like::prelude::*;
/// use czmq_like::{LoopEnd, Result};
///
/// struct Worker {
///     done: Vec<String>,
/// }
///
/// fn handle_task<'a>(
///     reactor: &mut ZLoop<'a, Worker>,
///     tasks: &Socket<Pull>,
///     worker: &mut Worker,
/// ) -> Result<()> {
///     worker.done.push(zstr::recv(tasks)?);
///     if worker.done.len() == 2 {
///         reactor.timer(Duration::from_millis(1), 1, |_, _, _| Break(()))?;
///     }
///     Ok(())
/// }
///
/// let ctx = zmqx::Context::new()?;
/// let (tasks, source) = (ctx.socket(Pull)?, ctx.socket(Push)?);
/// tasks.bind("inproc://tasks")?;
/// source.connect("inproc://tasks")?;
///
/// let mut worker = Worker { done: Vec::new() };
/// let mut reactor = ZLoop::new()?;
/// reactor.reader(&tasks, handle_task)?;
/// reactor.timer(Duration::from_millis(1), 2, |_, _, _| {
///     zstr::send(&source, "task") // twice, a millisecond apart
/// })?;
/// assert_eq!(reactor.start(&mut worker)?, LoopEnd::Ended);
/// assert_eq!(worker.done, ["task", "task"]);
/// # Ok::<(), zmqx::Error>(())
/// ```
///
/// It borrows sockets, and so stays on its thread:
///
/// ```compile_fail,E0277
/// let mut reactor = czmq_like::ZLoop::new()?;
/// reactor.timer(std::time::Duration::ZERO, 1, |_, _, _: &mut ()| ())?;
/// std::thread::spawn(move || reactor.start(&mut ())); // ZLoop is not Send
/// # Ok::<(), zmqx::Error>(())
/// ```
pub struct ZLoop<'a, S> {
    // Before the handlers, which have what it waits for as well.
    poller: Poller<'a>,
    /// By the poller's keys.
    readers: Slab<Reader<'a, S>>,
    /// The readers of sockets, by the sockets' addresses.
    by_address: HashMap<usize, usize>,
    alarms: Schedule<AlarmHandler<'a, S>>,
    ticket_delay: Option<Duration>,
    /// 0 is any number.
    max_timers: usize,
    /// Counts what is registered, so that no two are ever the same.
    registrations: u64,
    /// Whether `set_interrupt` said what ends it; else it is what ends all of CZMQ's loops in this process.
    has_own_interrupt: bool,
    is_running: bool,
    is_verbose: bool,
}

/// How a [`ZLoop`] came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LoopEnd {
    /// By the [`Interrupt`] of a socket's context, or an [`Interrupted`](ErrorKind::Interrupted) that a handler gave.
    /// In C it is 0.
    Interrupted,
    /// By a handler. In C it is -1.
    Ended,
}

impl<'a, S> ZLoop<'a, S> {
    /// Creates one in which nothing is registered.
    ///
    /// It stands for `zloop_new`.
    ///
    /// # Errors
    ///
    /// - [`TooManySockets`](ErrorKind::TooManySockets): no file descriptor is free.
    pub fn new() -> Result<Self> {
        Ok(Self {
            poller: Poller::new()?,
            readers: Slab::new(),
            by_address: HashMap::new(),
            alarms: Schedule::new(),
            ticket_delay: None,
            max_timers: 0,
            registrations: 0,
            has_own_interrupt: false,
            is_running: false,
            is_verbose: false,
        })
    }

    /// Waits on this interrupt, beside those of the sockets' contexts; `None`, as at the beginning, is the one that
    /// [`ZCtx`](crate::ZCtx) and [`zsys`](crate::zsys) have for the process, if there is one when the loop starts.
    ///
    /// # Errors
    ///
    /// - [`TooManySockets`](ErrorKind::TooManySockets): the system's limit for the kernel's poller is reached.
    pub fn set_interrupt(&mut self, interrupt: Option<&Interrupt>) -> Result<()> {
        self.has_own_interrupt = interrupt.is_some();
        self.poller.set_interrupt(interrupt)
    }

    /// Sets whether it says on stderr what it does.
    ///
    /// It stands for `zloop_set_verbose`.
    pub fn set_verbose(&mut self, is_verbose: bool) {
        self.is_verbose = is_verbose;
    }

    /// Runs until a handler ends it, or an interrupt, and says which.
    ///
    /// With nothing registered it waits for the interrupt. It can be started again, and goes on with what is registered:
    /// also after a handler that panicked, which unwinds out of here.
    ///
    /// It stands for `zloop_start`.
    ///
    /// # Errors
    ///
    /// - What a handler gave.
    /// - [`Terminated`](ErrorKind::Terminated): a socket's context was shut down.
    /// - [`BadState`](ErrorKind::BadState): it is running, and this is one of its handlers.
    pub fn start(&mut self, state: &mut S) -> Result<LoopEnd> {
        if self.is_running {
            return Err(Error::bad_state("start reactor", "it is running"));
        }
        if !self.has_own_interrupt {
            self.poller.set_interrupt(interrupts::existing())?;
        }
        self.is_running = true;
        let running = Running { reactor: self };
        running.reactor.run(state)
    }

    fn run(&mut self, state: &mut S) -> Result<LoopEnd> {
        loop {
            let timeout = if self.alarms.len() == 0 {
                None
            } else {
                match self.run_due(state) {
                    Ok(timeout) => timeout,
                    Err(end) => return *end,
                }
            };
            self.log(|| match timeout {
                Some(timeout) => format!("polling for {} msec", timeout.as_millis()),
                None => "polling".to_owned(),
            });
            match self.poller.wait(timeout) {
                Ok(None) => {}
                Ok(Some(ready)) => {
                    if let Some(end) = self.run_reader(ready, state) {
                        return *end;
                    }
                }
                Err(error) => return self.end_of(error),
            }
        }
    }

    /// What an error of the wait makes of the loop.
    #[cold]
    fn end_of(&self, error: Error) -> Result<LoopEnd> {
        if error.kind() != ErrorKind::Interrupted {
            return Err(error);
        }
        self.log(|| "interrupted".to_owned());
        Ok(LoopEnd::Interrupted)
    }

    /// A number that nothing else has that was ever registered.
    fn number(&mut self) -> u64 {
        self.registrations += 1;
        self.registrations
    }

    #[inline]
    fn log(&self, text: impl FnOnce() -> String) {
        if self.is_verbose {
            say(text);
        }
    }
}

/// Not inlined, for the sake of those who do not want it.
#[cold]
#[inline(never)]
fn say(text: impl FnOnce() -> String) {
    eprintln!("I: zloop: {}", text());
}

/// A loop that is running, until this is dropped.
struct Running<'l, 'a, S> {
    reactor: &'l mut ZLoop<'a, S>,
}

impl<S> Drop for Running<'_, '_, S> {
    fn drop(&mut self) {
        self.reactor.is_running = false;
    }
}

impl<S> fmt::Debug for ZLoop<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ZLoop")
            .field("readers", &self.readers.len())
            .field("timers", &self.alarms.len())
            .field("is_running", &self.is_running)
            .finish_non_exhaustive()
    }
}
