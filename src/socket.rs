//! `Socket<K>`: opening, binding, and the raw handles. Sending and receiving are in `send` and `receive`.

mod core;

use std::ffi::c_void;
use std::fmt;
use std::marker::PhantomData;

use zmq_sys_ext as ffi;

pub(crate) use self::core::Core;
use crate::context::Context;
use crate::endpoint::{self, Endpoint};
use crate::error::{Error, Result};
use crate::kind::{Any, Kind, Pair, SocketKind};
use crate::lifetime::Registration;
use crate::pipe::End;
use crate::raw::errno;
use crate::raw::socket::RawSocket;

/// A socket of kind `K`.
///
/// The kind is in the type, so that what it cannot do does not compile: [`recv`](Self::recv) is there where
/// `K: Receives`, [`send`](Self::send) where `K: Sends`, [`subscribe`](Self::subscribe) where `K: Subscribes`. A
/// `Socket<Any>` has them all, and libzmq's errors.
///
/// A socket may go to another thread, but only one thread has it at a time. It keeps its [`Context`] alive. Dropping
/// it closes it and returns at once; messages that are still to be sent go out for as long as its linger says.
///
/// Corresponds to [`zmq_socket(3)`](https://libzmq.readthedocs.io/en/latest/zmq_socket.html).
///
/// # Examples
///
/// ```
/// use zmqx::{Context, Rep, Req};
///
/// let ctx = Context::new()?;
/// let server = ctx.socket(Rep)?;
/// let endpoint = server.bind("inproc://hello")?;
/// let client = ctx.socket(Req)?;
/// client.connect(endpoint)?;
///
/// client.send("Hello")?;
/// assert_eq!(server.recv()?, "Hello");
/// server.send("World")?;
/// assert_eq!(client.recv()?, "World");
/// # Ok::<(), zmqx::Error>(())
/// ```
///
/// A PUB cannot receive, and a SUB cannot send:
///
/// ```compile_fail,E0599
/// # let ctx = zmqx::Context::new()?;
/// ctx.socket(zmqx::Pub)?.recv()?;
/// # Ok::<(), zmqx::Error>(())
/// ```
///
/// ```compile_fail,E0599
/// # let ctx = zmqx::Context::new()?;
/// ctx.socket(zmqx::Sub)?.send("no")?;
/// # Ok::<(), zmqx::Error>(())
/// ```
///
/// Two threads cannot share a socket:
///
/// ```compile_fail,E0277
/// # let ctx = zmqx::Context::new()?;
/// let socket = ctx.socket(zmqx::Pair)?;
/// std::thread::scope(|scope| {
///     scope.spawn(|| socket.recv()); // Socket is not Sync
/// });
/// # Ok::<(), zmqx::Error>(())
/// ```
pub struct Socket<K: Kind = Any> {
    pub(crate) core: Core,
    kind: PhantomData<K>,
}

impl<K: Kind> Socket<K> {
    pub(crate) fn new(raw: RawSocket, kind: SocketKind, registration: Registration) -> Self {
        Self { core: Core::new(raw, kind, registration), kind: PhantomData }
    }

    /// Returns the kind of socket.
    pub fn kind(&self) -> SocketKind {
        self.core.kind
    }

    /// Returns the context that it was opened in.
    pub fn context(&self) -> &Context {
        self.core.context()
    }

    /// Makes an endpoint others can connect to, and returns the address that was really bound: with
    /// `tcp://127.0.0.1:*` the one with the port that the system chose.
    ///
    /// Corresponds to [`zmq_bind(3)`](https://libzmq.readthedocs.io/en/latest/zmq_bind.html).
    ///
    /// # Errors
    ///
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput): it is no endpoint.
    /// - [`AddrInUse`](crate::ErrorKind::AddrInUse), [`AddrNotAvailable`](crate::ErrorKind::AddrNotAvailable),
    ///   [`NoDevice`](crate::ErrorKind::NoDevice), [`PermissionDenied`](crate::ErrorKind::PermissionDenied).
    /// - [`Unsupported`](crate::ErrorKind::Unsupported): libzmq does not know the transport.
    /// - [`IncompatibleTransport`](crate::ErrorKind::IncompatibleTransport): the kind of socket cannot use it.
    /// - [`Terminated`](crate::ErrorKind::Terminated): the context was shut down.
    pub fn bind(&self, endpoint: impl AsRef<str>) -> Result<Endpoint> {
        // Of two threads that bind at once, each gets its own endpoint.
        let mut lent_fd = self.core.lent_fd();
        self.with_endpoint("bind", endpoint.as_ref(), RawSocket::bind)?;
        self.core.note_bound(endpoint.as_ref(), &mut lent_fd)?;
        self.last_endpoint().map(Endpoint::bound)
    }

    /// Connects to an endpoint, which need not be there yet.
    ///
    /// Corresponds to [`zmq_connect(3)`](https://libzmq.readthedocs.io/en/latest/zmq_connect.html).
    ///
    /// # Errors
    ///
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput): it is no endpoint.
    /// - [`ConnectionRefused`](crate::ErrorKind::ConnectionRefused): libzmq 3.2 wants inproc endpoints bound first.
    /// - [`Unsupported`](crate::ErrorKind::Unsupported): libzmq does not know the transport.
    /// - [`IncompatibleTransport`](crate::ErrorKind::IncompatibleTransport): the kind of socket cannot use it.
    /// - [`Terminated`](crate::ErrorKind::Terminated): the context was shut down.
    pub fn connect(&self, endpoint: impl AsRef<str>) -> Result<()> {
        self.with_endpoint("connect", endpoint.as_ref(), RawSocket::connect)
    }

    /// Ends what [`bind`](Self::bind) began; it takes the endpoint that `bind` gave.
    ///
    /// Corresponds to [`zmq_unbind(3)`](https://libzmq.readthedocs.io/en/latest/zmq_unbind.html).
    ///
    /// # Errors
    ///
    /// - [`NotFound`](crate::ErrorKind::NotFound): it is not bound there.
    pub fn unbind(&self, endpoint: impl AsRef<str>) -> Result<()> {
        self.with_endpoint("unbind", endpoint.as_ref(), RawSocket::unbind)
    }

    /// Ends what [`connect`](Self::connect) began.
    ///
    /// Corresponds to [`zmq_disconnect(3)`](https://libzmq.readthedocs.io/en/latest/zmq_disconnect.html).
    ///
    /// # Errors
    ///
    /// - [`NotFound`](crate::ErrorKind::NotFound): it is not connected there.
    pub fn disconnect(&self, endpoint: impl AsRef<str>) -> Result<()> {
        self.with_endpoint("disconnect", endpoint.as_ref(), RawSocket::disconnect)
    }

    pub(crate) fn with_endpoint<T>(
        &self,
        operation: &'static str,
        endpoint: &str,
        call: impl Fn(&RawSocket, &std::ffi::CStr) -> Result<T>,
    ) -> Result<T> {
        self.core.raw.check_usable(operation)?;
        let text = endpoint::to_c(operation, endpoint)?;
        loop {
            let once = || call(&self.core.raw, &text);
            match self.context().inner.with_endpoint(operation, endpoint, once) {
                // Nothing was done yet: libzmq looks for commands first.
                Err(error) if error.errno() == errno::EINTR && self.core.is_watched() => {}
                done => {
                    let subject = || format!("{endpoint:?}");
                    return done.map_err(|error| self.core.not_lost(error).on_with(subject));
                }
            }
        }
    }

    /// Forgets the kind in the type: all methods are there, and what the kind cannot do is libzmq's error.
    pub fn into_any(self) -> Socket<Any> {
        Socket { core: self.core, kind: PhantomData }
    }

    /// Returns libzmq's pointer to the socket, for code that calls libzmq itself, on this thread.
    ///
    /// A [`Poller`](crate::Poller) does not see such calls, and from then on asks this socket each time.
    pub fn as_raw(&self) -> *mut c_void {
        self.core.raw.expose();
        self.core.raw.as_ptr()
    }

    /// Gives the socket away to code that calls libzmq itself, and that is to close it.
    ///
    /// Its context is kept for it, and is terminated only when the socket has come back by
    /// [`from_raw`](Self::from_raw) and was dropped, or by an explicit [`Context::term`]. An end of a
    /// [pipe](Context::pipe) is a plain PAIR from then on.
    pub fn into_raw(mut self) -> *mut c_void {
        let ptr = self.as_raw();
        self.core.give_away();
        ptr
    }

    /// Makes a socket of one that was opened elsewhere. Where it cannot be, it is left open.
    pub(crate) fn adopt(mut raw: RawSocket, context: &Context) -> Result<Self> {
        match Self::check_kind(&raw).and_then(|kind| Ok((kind, context.adopt(raw.as_ptr())?))) {
            Ok((kind, registration)) => Ok(Self::new(raw, kind, registration)),
            Err(error) => {
                raw.give_away();
                Err(error)
            }
        }
    }

    /// Asks libzmq for the kind, which must be `K`.
    fn check_kind(raw: &RawSocket) -> Result<SocketKind> {
        const DOING: &str = "adopt socket";
        let number = raw.get_number::<i32>(ffi::ZMQ_TYPE)?;
        match (SocketKind::from_number(number), K::KIND) {
            (Some(kind), Some(wanted)) if kind != wanted => {
                Err(Error::invalid(DOING, format!("it is a {kind}, not a {wanted}")))
            }
            (Some(kind), _) => Ok(kind),
            (None, _) => {
                Err(Error::unsupported(DOING, format!("it is of type {number}, not known here")))
            }
        }
    }
}

impl Socket<Any> {
    /// Puts the kind into the type, or gives the socket back where it is of another.
    ///
    /// # Errors
    ///
    /// - The socket itself, when its kind is not `K`.
    ///
    /// ```
    /// use zmqx::{Context, Dealer, Pub, SocketKind};
    ///
    /// let socket = Context::new()?.socket(SocketKind::Dealer)?;
    /// let socket = socket.downcast::<Pub>().unwrap_err();
    /// let _socket = socket.downcast::<Dealer>().expect("it was opened as a DEALER");
    /// # Ok::<(), zmqx::Error>(())
    /// ```
    #[allow(clippy::result_large_err, reason = "it is the socket, which is there already")]
    pub fn downcast<K: Kind>(self) -> Result<Socket<K>, Self> {
        match K::KIND {
            Some(kind) if kind != self.core.kind => Err(self),
            _ => Ok(Socket { core: self.core, kind: PhantomData }),
        }
    }
}

impl Socket<Pair> {
    pub(crate) fn set_pipe(&mut self, end: End) {
        self.core.set_pipe(end);
    }
}

impl<K: Kind> fmt::Debug for Socket<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Socket");
        debug.field("kind", &self.core.kind);
        if let Ok(endpoint) = self.last_endpoint() {
            debug.field("last_endpoint", &endpoint);
        }
        debug.finish_non_exhaustive()
    }
}
