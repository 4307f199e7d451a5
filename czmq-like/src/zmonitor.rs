//! `ZMonitor`, the class that tells of a socket's connections.

mod agent;

use std::fmt;
use std::ops::Deref;

use zmqx::{Kind, MonitorEvents, Pair, Result, Socket};

use crate::{ZActor, ZCtx, ZMsg, ZSocket, zstr};

/// Tells what happens to a socket's connections, in messages: the class `zmonitor`.
///
/// Each event is a message of three frames, as CZMQ's: its name, its value in digits, and the endpoint. Only those come
/// that were [listened](Self::listen) for, from when it was [started](Self::start) on. Since libzmq 4.1.6.
///
/// ```
/// use czmq_like::prelude::*;
///
/// # if zmqx::version() < (zmqx::Version { major: 4, minor: 1, patch: 6 }) { return Ok(()) }
/// let ctx = ZCtx::new()?;
/// let server = ctx.socket(Dealer)?;
/// let monitor = ZMonitor::new(&ctx, &server)?;
/// monitor.listen(&["LISTENING", "ACCEPTED"])?;
/// monitor.start()?;
///
/// let port = ZSock::bind(&server, "tcp://127.0.0.1:*")?;
/// let [event, _descriptor, endpoint] = zstr::recvx(&monitor)?;
/// assert_eq!(event.as_deref(), Some("LISTENING"));
/// assert_eq!(endpoint, Some(format!("tcp://127.0.0.1:{port}")));
///
/// let _client = ZSock::new_dealer(&ctx, format!(">tcp://127.0.0.1:{port}"))?;
/// assert_eq!(zstr::recv(&monitor)?, "ACCEPTED");
/// # Ok::<(), czmq_like::Error>(())
/// ```
///
/// # Or a `Monitor`
///
/// It is there for programs that are written for CZMQ's, and for those that pass events on as messages. It costs a
/// thread, and what is an error code, a descriptor or a protocol's mistake is a number in a string. [`Socket::monitor`]
/// gives the same events as types, without a thread; it stands in a [`ZLoop`](crate::ZLoop) and a
/// [`ZPoller`](crate::ZPoller) as this does, and can [wait for a connection](zmqx::Monitor::wait_connected). A socket has
/// one of the two at a time.
///
/// # Commands
///
/// It is an actor, and is used as the parent's end of its pipe. So each method here is also a command, as in CZMQ: only
/// START is answered, by a signal.
///
/// An event that no version of libzmq has is warned of in the log, as is a command that is none; libczmq ends the program
/// at that. Those of newer versions can be listened for with any. Where libczmq has HANDSHAKE_SUCCEED and HANDSHAKE_FAILED,
/// from libzmq's drafts, HANDSHAKE_SUCCEEDED and HANDSHAKE_FAILED_NO_DETAIL are their names since.
pub struct ZMonitor {
    actor: ZActor,
}

impl ZMonitor {
    /// Starts the thread, which waits for commands.
    ///
    /// It is made on the socket's own thread; after that it may go to any.
    ///
    /// # Errors
    ///
    /// - [`BadState`](crate::ErrorKind::BadState): the socket has a monitor already.
    /// - [`Unsupported`](crate::ErrorKind::Unsupported): libzmq is older than 4.1.6.
    /// - Those of [`Socket::monitor`] and [`ZActor::new`].
    #[doc(alias("zmonitor", "zmonitor_new"))]
    pub fn new<K: Kind>(ctx: &ZCtx, socket: &Socket<K>) -> Result<Self> {
        // All events, as only this thread may use the socket. The agent drops those that nobody wants.
        let monitor = socket.monitor(MonitorEvents::all())?;
        let actor = ZActor::new(ctx, move |_, pipe| agent::run(&pipe, &monitor))?;
        Ok(Self { actor })
    }

    /// Listens for these events too, by their names, as "CONNECTED", or "ALL": the command LISTEN.
    ///
    /// They are CONNECTED, CONNECT_DELAYED, CONNECT_RETRIED, LISTENING, BIND_FAILED, ACCEPTED, ACCEPT_FAILED, CLOSED,
    /// CLOSE_FAILED, DISCONNECTED, MONITOR_STOPPED, HANDSHAKE_FAILED_NO_DETAIL, HANDSHAKE_SUCCEEDED,
    /// HANDSHAKE_FAILED_PROTOCOL and HANDSHAKE_FAILED_AUTH, which [`EventKind`](zmqx::EventKind) explains.
    ///
    /// # Errors
    ///
    /// As [`Socket::send`]: [`Disconnected`](crate::ErrorKind::Disconnected) or
    /// [`Terminated`](crate::ErrorKind::Terminated) where it has ended.
    #[doc(alias("zmonitor_listen", "LISTEN"))]
    pub fn listen(&self, events: &[&str]) -> Result<()> {
        Ok([&["LISTEN"], events].concat().into_iter().collect::<ZMsg>().send(&self.actor)?)
    }

    /// Starts to tell, and returns when it has: the command START.
    ///
    /// # Errors
    ///
    /// As [`Socket::send`] and [`Socket::recv`].
    #[doc(alias("zmonitor_start", "START"))]
    pub fn start(&self) -> Result<()> {
        zstr::send(&self.actor, "START")?;
        ZSocket::wait(&self.actor).map(drop)
    }

    /// Has it log commands and events, by [`zsys::info`](crate::zsys::info): the command VERBOSE.
    ///
    /// # Errors
    ///
    /// As [`listen`](Self::listen).
    #[doc(alias("zmonitor_set_verbose", "VERBOSE"))]
    pub fn verbose(&self) -> Result<()> {
        zstr::send(&self.actor, "VERBOSE")
    }
}

impl Deref for ZMonitor {
    type Target = Socket<Pair>;

    /// Gives the pipe, for the events, and commands by hand.
    fn deref(&self) -> &Socket<Pair> {
        &self.actor
    }
}

impl fmt::Debug for ZMonitor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ZMonitor").finish_non_exhaustive()
    }
}
