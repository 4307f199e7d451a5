//! `Monitor`: tells what happens to a socket's connections.

mod event;
mod protocol;

use std::cell::Cell;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::call::Patience;
use crate::endpoint;
use crate::error::{Error, Result};
use crate::kind::{Kind, Pair};
use crate::multipart::Multipart;
use crate::poll::{PollEvents, PollItem};
use crate::raw::errno;
use crate::raw::monitor::{MONITOR, Start, Tap};
use crate::raw::socket::{DONTWAIT, RawSocket};
use crate::socket::{Core, Socket};
use crate::version::version;

pub use event::{Event, EventKind, MonitorEvents};
pub use protocol::ProtocolError;

const RECEIVE: &str = "receive event";
static NEXT: AtomicU64 = AtomicU64::new(0);

/// Tells what happens to a socket's connections: who connects, who fails to, who goes.
///
/// Made by [`Socket::monitor`]. It is an iterator of [`Event`]s, which ends when no more can come; [`recv`](Self::recv)
/// tells why. To wait for events together with sockets it stands in [`poll`](crate::poll()) and in a
/// [`Poller`](crate::Poller) as a socket does. It may go to another thread than its socket.
///
/// To drop it stops it. Dropped or unread, it never stops or slows its socket: events that are not read are kept,
/// with some 200 bytes of memory for each.
///
/// It counts as a socket of the context, and [`Context::term`](crate::Context::term) waits for it.
///
/// Connections over inproc have no events.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use zmqx::{Context, EventKind, MonitorEvents, Rep, Req};
///
/// let ctx = Context::new()?;
/// let server = ctx.socket(Rep)?;
/// let mut events = server.monitor(MonitorEvents::LISTENING | MonitorEvents::ACCEPTED)?;
/// let endpoint = server.bind("tcp://127.0.0.1:*")?;
///
/// let client = ctx.socket(Req)?;
/// let connected = client.monitor(MonitorEvents::all())?;
/// client.connect(&endpoint)?;
/// connected.wait_connected(Duration::from_secs(10))?;
///
/// assert_eq!(events.next().expect("a socket that is open").kind(), EventKind::Listening);
/// assert_eq!(events.next().expect("a client").kind(), EventKind::Accepted);
/// # Ok::<(), zmqx::Error>(())
/// ```
pub struct Monitor {
    /// The end that libzmq sends the events to.
    pub(crate) end: Socket<Pair>,
    tap: Arc<Tap>,
    /// What was asked for. libzmq may send more.
    wanted: MonitorEvents,
    /// The event that says it is the last has been received.
    is_over: Cell<bool>,
}

impl Core {
    /// The error of a bind, whose errno libzmq loses by telling a monitor of it.
    pub(crate) fn not_lost(&self, error: Error) -> Error {
        if error.errno() != errno::EAGAIN || self.tap.get().is_none() {
            return error;
        }
        let reason = "libzmq tells the reason to the socket's Monitor alone";
        Error::new(errno::EIO, "bind").because(reason)
    }

    /// Leaves the monitor to itself, as the socket is about to be closed, or given away.
    pub(crate) fn leave_monitor(&self) {
        if let Some(end) = self.tap.get().and_then(|tap| tap.close()) {
            self.context().inner.keep_end(end);
        }
    }
}

impl<K: Kind> Socket<K> {
    /// Has a [`Monitor`] tell of these events of the socket's connections.
    ///
    /// A socket has one `Monitor` at a time. Since libzmq 4.1.6.
    ///
    /// Corresponds to [`zmq_socket_monitor(3)`](https://libzmq.readthedocs.io/en/latest/zmq_socket_monitor.html).
    ///
    /// # Errors
    ///
    /// - [`BadState`](crate::ErrorKind::BadState): it has a `Monitor` already.
    /// - [`TooManySockets`](crate::ErrorKind::TooManySockets): a monitor takes two sockets of the context's limit.
    /// - [`Terminated`](crate::ErrorKind::Terminated): the context was shut down.
    /// - [`Unsupported`](crate::ErrorKind::Unsupported): libzmq is older than 4.1.6. It can be monitored, but several of
    ///   its threads then use one socket, and that may end the process.
    pub fn monitor(&self, events: MonitorEvents) -> Result<Monitor> {
        self.check_monitor()?;
        let Some(parked) = self.tap().resume() else {
            return self.monitor_by(RawSocket::monitor, events);
        };
        let monitor = self.monitor_at(Socket::adopt(parked, self.context())?, events);
        // Those of the time between two monitors are nobody's.
        while monitor.receive_any(Patience::None).is_ok() {}
        Ok(monitor)
    }

    /// Has a [`Monitor`] tell of these events, each with [both ends](Event::local) of the connection, and of
    /// [`PIPES_STATS`](MonitorEvents::PIPES_STATS) too.
    ///
    /// Corresponds to [`zmq_socket_monitor_versioned(3)`](https://libzmq.readthedocs.io/en/latest/zmq_socket_monitor.html),
    /// of libzmq's draft API, with version 2.
    ///
    /// # Errors
    ///
    /// As [`monitor`](Self::monitor); [`Unsupported`](crate::ErrorKind::Unsupported) also where libzmq has no drafts, or
    /// feature `draft` is off.
    pub fn monitor_v2(&self, events: MonitorEvents) -> Result<Monitor> {
        self.check_monitor()?;
        self.monitor_by(RawSocket::monitor_v2, events)
    }

    /// Asks how many messages wait on the way to each peer, and from it: a [`PipesStats`](EventKind::PipesStats) for each
    /// comes to the [`monitor_v2`](Self::monitor_v2), which must have been asked for
    /// [`PIPES_STATS`](MonitorEvents::PIPES_STATS).
    ///
    /// The peer's side answers, and the socket takes the answer when it is next used: sent to, received from, polled.
    ///
    /// Corresponds to `zmq_socket_monitor_pipes_stats`, of libzmq's draft API.
    ///
    /// # Errors
    ///
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput): the socket has no monitor that was asked for them.
    /// - [`WouldBlock`](crate::ErrorKind::WouldBlock): it has no peers.
    /// - [`Unsupported`](crate::ErrorKind::Unsupported): libzmq has no drafts, or feature `draft` is off.
    /// - [`Terminated`](crate::ErrorKind::Terminated): the context was shut down.
    pub fn monitor_pipes_stats(&self) -> Result<()> {
        self.core.raw.check_usable("get statistics of pipes")?;
        self.core.raw.monitor_pipes_stats()
    }

    fn monitor_by(&self, start: Start, events: MonitorEvents) -> Result<Monitor> {
        let end = self.context().socket(Pair).map_err(|error| error.during(MONITOR))?;
        // However many are not read, libzmq's I/O thread is not to wait.
        end.set_rcvhwm(0)?;
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let endpoint = endpoint::to_c(MONITOR, &format!("inproc://zmqx-monitor-{number}"))?;
        // What cannot be stopped cannot be changed either, and a later monitor may ask for others.
        let asked = if Tap::can_stop() {
            events | MonitorEvents::MONITOR_STOPPED
        } else {
            MonitorEvents::all()
        };
        self.tap().start(start, &self.core.raw, &end.core.raw, &endpoint, asked.bits())?;
        Ok(self.monitor_at(end, events))
    }

    fn monitor_at(&self, end: Socket<Pair>, wanted: MonitorEvents) -> Monitor {
        Monitor { end, tap: Arc::clone(self.tap()), wanted, is_over: Cell::new(false) }
    }

    fn check_monitor(&self) -> Result<()> {
        if !Tap::is_there() {
            return Err(Error::unsupported(MONITOR, "libzmq before 4.1.6 does so without a lock"));
        }
        self.core.raw.check_usable(MONITOR)
    }

    fn tap(&self) -> &Arc<Tap> {
        self.core.tap.get_or_init(|| Arc::new(Tap::new(&self.core.raw)))
    }
}

impl Monitor {
    /// Receives the next event, and waits for it.
    ///
    /// # Errors
    ///
    /// - [`Disconnected`](crate::ErrorKind::Disconnected): its socket was closed, and there are no more events.
    /// - [`Interrupted`](crate::ErrorKind::Interrupted): by a signal or by the context's [`Interrupt`](crate::Interrupt).
    /// - [`Terminated`](crate::ErrorKind::Terminated): the context was shut down.
    pub fn recv(&self) -> Result<Event> {
        self.receive(Patience::Until(None))
    }

    /// Receives an event that is there already.
    ///
    /// # Errors
    ///
    /// - [`WouldBlock`](crate::ErrorKind::WouldBlock): there is none.
    /// - Those of [`recv`](Self::recv), save that no `Interrupt` ends it.
    pub fn try_recv(&self) -> Result<Event> {
        self.receive(Patience::None)
    }

    /// Receives the next event, but waits no longer than `timeout`.
    ///
    /// # Errors
    ///
    /// - [`WouldBlock`](crate::ErrorKind::WouldBlock): the time ran out.
    /// - Those of [`recv`](Self::recv).
    pub fn recv_timeout(&self, timeout: Duration) -> Result<Event> {
        self.receive(Patience::lasting(timeout))
    }

    /// Waits until messages can be exchanged with a peer, and passes over all other events.
    ///
    /// That is when the handshake is done, [`HandshakeSucceeded`](EventKind::HandshakeSucceeded); libzmq before 4.3 does
    /// not tell that, and then it is [`Connected`](EventKind::Connected) or [`Accepted`](EventKind::Accepted). The
    /// monitor is to be asked for all three, or simply for all.
    ///
    /// # Errors
    ///
    /// - [`WouldBlock`](crate::ErrorKind::WouldBlock): the time ran out; libzmq goes on trying.
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput): the monitor was not asked for these events.
    /// - Those of [`recv`](Self::recv).
    pub fn wait_connected(&self, timeout: Duration) -> Result<Event> {
        let runs = version();
        let awaited = if (runs.major, runs.minor) < (4, 3) {
            MonitorEvents::CONNECTED | MonitorEvents::ACCEPTED
        } else {
            MonitorEvents::HANDSHAKE_SUCCEEDED
        };
        if !self.wanted.contains(awaited) {
            let reason =
                "the monitor was not asked for CONNECTED, ACCEPTED and HANDSHAKE_SUCCEEDED";
            return Err(Error::invalid("wait for connection", reason));
        }
        let patience = Patience::lasting(timeout);
        loop {
            let event = self.receive(patience)?;
            if awaited.contains(event.kind().flag()) {
                return Ok(event);
            }
        }
    }

    /// Makes an item for [`poll`](crate::poll()), which is readable when an event can be received.
    ///
    /// Libzmq before 4.2 may send events that were not asked for: then [`try_recv`](Self::try_recv) has none.
    pub fn poll_item(&self, events: PollEvents) -> PollItem<'_> {
        self.end.poll_item(events)
    }

    /// Receives the next event that was asked for.
    fn receive(&self, patience: Patience) -> Result<Event> {
        loop {
            let event = self.receive_any(patience)?;
            if self.wanted.contains(event.kind().flag()) {
                return Ok(event);
            }
        }
    }

    fn receive_any(&self, patience: Patience) -> Result<Event> {
        let caller = self.end.core.caller();
        let received = caller.receive(patience, None, |end| self.receive_frames(end));
        let frames = received.map_err(|code| match code {
            errno::DISCONNECTED => Error::new(code, RECEIVE).because("its socket is closed"),
            _ => Error::new(code, RECEIVE),
        })?;
        let event = Event::from_frames(&frames)?;
        self.is_over.set(event.kind() == EventKind::MonitorStopped);
        Ok(event)
    }

    /// Receives what is there, or gives the errno.
    fn receive_frames(&self, end: &RawSocket) -> Result<Multipart, i32> {
        if self.is_over.get() {
            return Err(errno::DISCONNECTED);
        }
        loop {
            match end.recv_new(DONTWAIT) {
                Err(errno::EAGAIN) => {
                    // libzmq's end is the only peer. Without it, and with nothing left of it, nothing comes.
                    let events = PollEvents::from_bits_truncate(ready(end)?);
                    if !events.contains(PollEvents::IN) {
                        let is_gone = !events.contains(PollEvents::OUT);
                        return Err(if is_gone { errno::DISCONNECTED } else { errno::EAGAIN });
                    }
                }
                received => return received.map(Multipart::from_frames),
            }
        }
    }
}

fn ready(end: &RawSocket) -> Result<i16, i32> {
    Ok(i16::try_from(end.ask_events()?).unwrap_or_default())
}

impl Iterator for Monitor {
    type Item = Event;

    /// Receives the next event, and waits for it; `None` where [`recv`](Monitor::recv) gives an error.
    fn next(&mut self) -> Option<Event> {
        self.recv().ok()
    }
}

impl Drop for Monitor {
    fn drop(&mut self) {
        if self.end.core.raw.is_inherited() {
            return;
        }
        if let Some(end) = self.tap.leave(self.end.core.raw.take()) {
            self.end.context().inner.keep_end(end);
        }
    }
}

impl fmt::Debug for Monitor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Monitor").field("events", &self.wanted).finish_non_exhaustive()
    }
}
