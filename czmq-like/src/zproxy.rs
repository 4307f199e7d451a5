//! `ZProxy`, the class of proxies that run on a thread of their own.

mod agent;
mod side;

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};

use zmqx::curve::KeyPair;
use zmqx::{Error, Pair, Result, Socket, SocketKind};

use crate::{ZActor, ZCtx, ZMsg, ZSocket};

pub use side::ProxySide;

/// Hands messages on between a frontend and a backend, on a thread of its own: the class `zproxy`.
///
/// It begins when it has both sides. The loop is that of [`proxy_steerable`](zmqx::proxy_steerable()), and so are its
/// promises: where a side can take no more, the peers of the other wait; libczmq's drops messages then. When the `ZProxy`
/// goes, its sockets are closed.
///
/// ```
/// use czmq_like::prelude::*;
///
/// let ctx = ZCtx::new()?;
/// let proxy = ZProxy::new(&ctx)?;
/// proxy.frontend(Pull, "inproc://frontend")?;
/// proxy.backend(Push, "inproc://backend")?;
///
/// let faucet = ZSock::new_push(&ctx, ">inproc://frontend")?;
/// let sink = ZSock::new_pull(&ctx, ">inproc://backend")?;
/// zstr::sendx(&faucet, &["Hello", "World"])?;
/// assert_eq!(ZMsg::recv(&sink)?, ["Hello", "World"]);
///
/// proxy.pause()?;
/// zstr::send(&faucet, "It can wait")?;
/// assert!(!ZSock::poll(&sink, Some(Duration::from_millis(10)))?);
/// proxy.resume()?;
/// assert_eq!(zstr::recv(&sink)?, "It can wait");
/// # Ok::<(), czmq_like::Error>(())
/// ```
///
/// It is an actor, and is used as the parent's end of its pipe. So each method here is also a command, as in CZMQ, to
/// which it answers with a signal: 0, or 1 where it could not be done, and the log says why; libczmq ends the program then.
///
/// ```
/// # use czmq_like::prelude::*;
/// # let ctx = ZCtx::new()?;
/// # let proxy = ZProxy::new(&ctx)?;
/// zstr::sendx(&proxy, &["FRONTEND", "XSUB", "inproc://publishers"])?;
/// ZSock::wait(&proxy)?;
/// # Ok::<(), czmq_like::Error>(())
/// ```
///
/// [An interrupt](crate::zsys::interrupted) ends it, and so does the end of the context. What else may end the loop, as
/// [`HostUnreachable`](crate::ErrorKind::HostUnreachable), is the error of the next command.
pub struct ZProxy {
    actor: ZActor,
    /// Why the last command could not be done.
    failure: Failure,
}

/// An error that the task leaves for whoever gave the command.
type Failure = Arc<Mutex<Option<Error>>>;

impl ZProxy {
    /// Starts the thread, which waits for commands.
    ///
    /// # Errors
    ///
    /// Those of [`ZActor::new`].
    #[doc(alias("zproxy", "zproxy_new"))]
    pub fn new(ctx: &ZCtx) -> Result<Self> {
        let failure = Failure::default();
        let reported = Arc::clone(&failure);
        let actor = ZActor::new(ctx, move |ctx, pipe| agent::run(ctx, &pipe, &reported))?;
        Ok(Self { actor, failure })
    }

    /// Opens the frontend, and attaches it by an [attach string](crate::ZSock#attach-strings) whose endpoints it binds to
    /// where that does not say: the command FRONTEND.
    ///
    /// # Errors
    ///
    /// Of each command:
    /// - [`Interrupted`](crate::ErrorKind::Interrupted), [`Terminated`](crate::ErrorKind::Terminated),
    ///   [`Disconnected`](crate::ErrorKind::Disconnected): it has ended, and takes commands no more.
    ///
    /// And of this one:
    /// - [`BadState`](crate::ErrorKind::BadState): the frontend is open already.
    /// - Those of [`ZCtx::socket`] and [`ZSocket::attach`].
    #[doc(alias("zproxy_frontend", "FRONTEND"))]
    pub fn frontend(&self, kind: impl Into<SocketKind>, endpoints: impl AsRef<str>) -> Result<()> {
        self.open(ProxySide::Frontend, kind.into(), endpoints.as_ref(), &[])
    }

    /// Opens the backend, as [`frontend`](Self::frontend) does that: the command BACKEND.
    ///
    /// # Errors
    ///
    /// As [`frontend`](Self::frontend).
    #[doc(alias("zproxy_backend", "BACKEND"))]
    pub fn backend(&self, kind: impl Into<SocketKind>, endpoints: impl AsRef<str>) -> Result<()> {
        self.open(ProxySide::Backend, kind.into(), endpoints.as_ref(), &[])
    }

    /// Opens a side that is a SUB or an XSUB with these subscriptions: the command FRONTEND or BACKEND, with topics.
    ///
    /// Where the other side is an XPUB, its subscribers' subscriptions pass through an XSUB by themselves.
    ///
    /// # Errors
    ///
    /// As [`frontend`](Self::frontend), and:
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput): another kind of socket has no subscriptions.
    pub fn subscribed(
        &self,
        side: ProxySide,
        kind: impl Into<SocketKind>,
        endpoints: impl AsRef<str>,
        topics: &[&str],
    ) -> Result<()> {
        self.open(side, kind.into(), endpoints.as_ref(), topics)
    }

    /// Sends a copy of each message to this endpoint from now on, by a PUSH that connects to it: the command CAPTURE.
    ///
    /// While that has no room for it, messages wait. An [attach string](crate::ZSock#attach-strings) will do.
    ///
    /// # Errors
    ///
    /// As [`frontend`](Self::frontend); [`BadState`](crate::ErrorKind::BadState) where it has a capture already.
    #[doc(alias("zproxy_capture", "CAPTURE"))]
    pub fn capture(&self, endpoints: impl AsRef<str>) -> Result<()> {
        self.command(&["CAPTURE", endpoints.as_ref()])
    }

    /// Leaves messages where they are, until [`resume`](Self::resume): the command PAUSE.
    ///
    /// When it returns, nothing is handed on any more. Before both sides are open it holds as well.
    ///
    /// # Errors
    ///
    /// Those of each command, which [`frontend`](Self::frontend) has.
    #[doc(alias("zproxy_pause", "PAUSE"))]
    pub fn pause(&self) -> Result<()> {
        self.command(&["PAUSE"])
    }

    /// Hands messages on again: the command RESUME.
    ///
    /// # Errors
    ///
    /// Those of each command, which [`frontend`](Self::frontend) has.
    #[doc(alias("zproxy_resume", "RESUME"))]
    pub fn resume(&self) -> Result<()> {
        self.command(&["RESUME"])
    }

    /// Has it log the commands, by [`zsys::info`](crate::zsys::info), in which no secret key is shown: the command VERBOSE.
    ///
    /// # Errors
    ///
    /// Those of each command, which [`frontend`](Self::frontend) has.
    #[doc(alias("zproxy_set_verbose", "VERBOSE"))]
    pub fn verbose(&self) -> Result<()> {
        self.command(&["VERBOSE"])
    }

    /// Sets the [ZAP domain](Socket::set_zap_domain) that a side is to be opened with: the command DOMAIN.
    ///
    /// # Errors
    ///
    /// Those of each command, which [`frontend`](Self::frontend) has, and [`BadState`](crate::ErrorKind::BadState) where
    /// the side is open already.
    #[doc(alias("zproxy_set_domain", "DOMAIN"))]
    pub fn domain(&self, side: ProxySide, domain: &str) -> Result<()> {
        self.command(&["DOMAIN", side.name(), domain])
    }

    /// Has a side be a PLAIN server when it is opened: the command PLAIN.
    ///
    /// # Errors
    ///
    /// As [`domain`](Self::domain).
    #[doc(alias("zproxy_set_plain", "PLAIN"))]
    pub fn plain(&self, side: ProxySide) -> Result<()> {
        self.command(&["PLAIN", side.name()])
    }

    /// Has a side be a CURVE server with these keys when it is opened: the command CURVE.
    ///
    /// # Errors
    ///
    /// As [`domain`](Self::domain).
    #[doc(alias("zproxy_set_curve", "CURVE"))]
    pub fn curve(&self, side: ProxySide, keys: &KeyPair) -> Result<()> {
        self.command(&["CURVE", side.name(), &keys.public.to_string(), &keys.secret.to_z85()])
    }

    fn open(
        &self,
        side: ProxySide,
        kind: SocketKind,
        endpoints: &str,
        topics: &[&str],
    ) -> Result<()> {
        self.command(&[&[side.name(), &kind.to_string(), endpoints], topics].concat())
    }

    fn command(&self, words: &[&str]) -> Result<()> {
        words.iter().copied().collect::<ZMsg>().send(&self.actor)?;
        if ZSocket::wait(&self.actor)? == 0 {
            return Ok(());
        }
        let failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner).take();
        // It was taken for a command by hand, of which nobody has read the answer. Other words may be secret.
        let name = words.first().copied().unwrap_or_default();
        Err(failure.unwrap_or_else(|| Error::invalid(agent::COMMAND, name.to_owned())))
    }
}

impl Deref for ZProxy {
    type Target = Socket<Pair>;

    /// Gives the pipe, for commands by hand.
    fn deref(&self) -> &Socket<Pair> {
        &self.actor
    }
}

impl fmt::Debug for ZProxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ZProxy").finish_non_exhaustive()
    }
}
