//! `Context`: what sockets are opened in, and what ends them.

use std::ffi::c_void;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::builder::ContextBuilder;
use crate::error::{Error, Result};
use crate::interrupt::Interrupt;
use crate::kind::{Open, Pair};
use crate::lifetime::{Inner, Registration};
use crate::pipe;
use crate::raw::context::RawContext;
use crate::raw::errno;
use crate::raw::fork::Validity;
use crate::socket::Socket;

/// The container of a process's sockets; a handle, whose clones are the same context.
///
/// A socket keeps its context alive: handles and sockets may be dropped in any order, on any thread. When the last of
/// them is gone the context is terminated, which waits for messages that are still to be sent, but no longer than
/// their sockets' linger: 30 seconds, unless [`ContextBuilder::linger`] or `Socket::set_linger` says otherwise.
///
/// In a child after fork, an inherited context is neither used nor terminated: its calls give
/// [`Forked`](crate::ErrorKind::Forked). A new one is fine.
///
/// Corresponds to [`zmq_ctx_new(3)`](https://libzmq.readthedocs.io/en/latest/zmq_ctx_new.html).
///
/// ```
/// use zmqx::{Context, Pull, Push};
///
/// let ctx = Context::new()?;
/// let (sink, source) = (ctx.socket(Pull)?, ctx.socket(Push)?);
/// let endpoint = sink.bind("inproc://example")?;
/// source.connect(endpoint)?;
/// source.send("Hello")?;
/// assert_eq!(sink.recv()?, "Hello");
/// # Ok::<(), zmqx::Error>(())
/// ```
///
/// What is taken by value is gone, so that nothing can be done twice:
///
/// ```compile_fail,E0382
/// let ctx = zmqx::Context::new()?;
/// ctx.term()?;
/// let socket = ctx.socket(zmqx::Pair)?; // `term` took the handle
/// # Ok::<(), zmqx::Error>(())
/// ```
#[derive(Clone)]
pub struct Context {
    pub(crate) inner: Arc<Inner>,
}

/// A [`Context::term_timeout`] that did not terminate the context, with the context.
///
/// `?` turns it into an [`Error`].
#[derive(Debug, thiserror::Error)]
#[error("{error} ({open_sockets} sockets still open)")]
#[non_exhaustive]
pub struct TermTimeout {
    /// The context: shut down, and perhaps about to be terminated; `term` waits for that again.
    pub context: Context,
    /// How many of its sockets are open. With none, messages are still to be sent.
    pub open_sockets: usize,
    /// Why it was not terminated: [`WouldBlock`](crate::ErrorKind::WouldBlock) where the time ran out.
    pub error: Error,
}

impl From<Box<TermTimeout>> for Error {
    fn from(timeout: Box<TermTimeout>) -> Self {
        timeout.error
    }
}

impl Context {
    /// Creates a context with one I/O thread, and a linger of 30 seconds for its sockets.
    ///
    /// # Errors
    ///
    /// - [`Unsupported`](crate::ErrorKind::Unsupported): the libzmq that runs is older than the one this was built for.
    /// - [`TooManySockets`](crate::ErrorKind::TooManySockets): no file descriptor is free.
    pub fn new() -> Result<Self> {
        Self::builder().build()
    }

    /// Returns a builder, for what must be set before the first socket.
    pub fn builder() -> ContextBuilder {
        ContextBuilder::new()
    }

    /// Opens a socket: of a kind such as [`Dealer`](crate::Dealer), which gives a `Socket<Dealer>`, or of a
    /// [`SocketKind`](crate::SocketKind), which gives a `Socket<Any>`.
    ///
    /// Corresponds to [`zmq_socket(3)`](https://libzmq.readthedocs.io/en/latest/zmq_socket.html).
    ///
    /// # Errors
    ///
    /// - [`Terminated`](crate::ErrorKind::Terminated): the context was shut down.
    /// - [`TooManySockets`](crate::ErrorKind::TooManySockets): the limit of sockets or of open files is reached.
    /// - [`Unsupported`](crate::ErrorKind::Unsupported): the libzmq that is linked lacks this kind.
    pub fn socket<O: Open>(&self, kind: O) -> Result<Socket<O::Kind>> {
        let kind = kind.socket_kind();
        let (raw, registration) = Inner::open_socket(&self.inner, kind)?;
        Ok(Socket::new(raw, kind, registration))
    }

    /// Opens two PAIR sockets that are connected to each other, without a high-water mark.
    ///
    /// When one is dropped, the other gets, after what is queued, [`Disconnected`](crate::ErrorKind::Disconnected),
    /// or [`Panicked`](crate::ErrorKind::Panicked) where the drop was part of a panic: a PAIR by itself never learns
    /// that its peer is gone. So either end may go to another thread. See the Guide, "Signaling Between Threads".
    ///
    /// ```
    /// use zmqx::{Context, ErrorKind};
    ///
    /// let (parent, child) = Context::new()?.pipe()?;
    /// let thread = std::thread::spawn(move || child.send("ready"));
    /// assert_eq!(parent.recv()?, "ready");
    /// assert_eq!(parent.recv().unwrap_err().kind(), ErrorKind::Disconnected);
    /// # thread.join().unwrap()?;
    /// # Ok::<(), zmqx::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`socket`](Self::socket).
    pub fn pipe(&self) -> Result<(Socket<Pair>, Socket<Pair>)> {
        pipe::open(self)
    }

    /// Makes every call on its sockets, blocked or later, on every thread, give
    /// [`Terminated`](crate::ErrorKind::Terminated); returns at once. Twice is fine.
    ///
    /// Corresponds to [`zmq_ctx_shutdown(3)`](https://libzmq.readthedocs.io/en/latest/zmq_ctx_shutdown.html).
    ///
    /// # Errors
    ///
    /// - [`Forked`](crate::ErrorKind::Forked): the context is another process's.
    pub fn shutdown(&self) -> Result<()> {
        Inner::shutdown(&self.inner)
    }

    /// Shuts it down, and waits until its sockets are dropped and their last messages sent or given up.
    ///
    /// Other handles may exist: what they are asked for then is [`Terminated`](crate::ErrorKind::Terminated). Mind
    /// that it waits for the caller's own sockets too. A context that is [borrowed](Self::from_raw) is shut down and
    /// waited for, but not terminated.
    ///
    /// Corresponds to [`zmq_ctx_term(3)`](https://libzmq.readthedocs.io/en/latest/zmq_ctx_term.html).
    ///
    /// # Errors
    ///
    /// - [`Forked`](crate::ErrorKind::Forked): the context is another process's.
    /// - [`BadState`](crate::ErrorKind::BadState): called from the `Drop` of a message's owner, where libzmq itself
    ///   may be waiting.
    pub fn term(self) -> Result<()> {
        Inner::term(&self.inner, None).map(drop)
    }

    /// Does as [`term`](Self::term), but gives the context back when the time is up.
    ///
    /// # Errors
    ///
    /// - [`WouldBlock`](crate::ErrorKind::WouldBlock) where the time is up, and otherwise those of `term`; with the
    ///   context, and how many of its sockets are open.
    pub fn term_timeout(self, timeout: Duration) -> Result<(), Box<TermTimeout>> {
        let error = match Inner::term(&self.inner, Some(timeout)) {
            Ok(true) => return Ok(()),
            Ok(false) => Error::new(errno::EAGAIN, "terminate context"),
            Err(error) => error,
        };
        let open_sockets = self.inner.census().map_or(0, |(_, sockets)| sockets);
        Err(Box::new(TermTimeout { context: self, open_sockets, error }))
    }

    /// Returns libzmq's pointer to it, for code that calls libzmq itself.
    ///
    /// It is to be used while the context is alive, and not to be terminated.
    pub fn as_raw(&self) -> *mut c_void {
        self.inner.raw().as_ptr()
    }

    pub(crate) fn interrupt(&self) -> Option<&Interrupt> {
        self.inner.interrupt()
    }

    pub(crate) fn borrowed(raw: RawContext) -> Result<Self> {
        Ok(Self { inner: Arc::new(Inner::borrowed(raw)?) })
    }

    pub(crate) fn validity(&self) -> &Arc<Validity> {
        self.inner.validity()
    }

    pub(crate) fn adopt(&self, socket: *mut c_void) -> Result<Registration> {
        Inner::adopt(&self.inner, socket)
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Context");
        if let Some((stage, sockets)) = self.inner.census() {
            debug.field("state", &stage).field("open_sockets", &sockets);
        }
        debug.finish_non_exhaustive()
    }
}
