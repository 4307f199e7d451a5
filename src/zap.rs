//! ZAP: who may connect to the servers of a context is for a handler to say.
//!
//! libzmq asks a [`Handler`] about each client that connects, before its first message comes through: about its name and
//! password (PLAIN), its public key (CURVE), its principal (GSSAPI), or its address alone (NULL). The
//! handler answers with a [`Reply`]: the client is let in under a user id, which each of its messages then has as
//! [`Message::user_id`](crate::Message::user_id), or it is not.
//!
//! A context has one handler, bound at `inproc://zeromq.zap.01`, for all its servers. It runs in a loop of the program's
//! own, by [`recv`](Handler::recv) and [`reply`](Handler::reply), or on a thread of its own, by
//! [`spawn`](Handler::spawn). While it does not answer, nobody new comes in; those who are in are served.
//!
//! [RFC 27](https://rfc.zeromq.org/spec/27/) has the protocol. Since libzmq 4.0.
//!
//! # Without a handler
//!
//! Whom libzmq asks about depends on the server: PLAIN, CURVE and GSSAPI servers always ask, NULL servers where a
//! [`ZAP domain`](crate::Socket::set_zap_domain) is set. **Where there is no handler to ask, all CURVE and NULL
//! clients are let in**, and before libzmq 4.2.3 all PLAIN clients, too. So bind the handler before the servers, and drop it after them; on libzmq
//! 4.2.3 and later [`set_zap_enforce_domain(true)`](crate::Socket::set_zap_enforce_domain), with a ZAP domain, lets
//! no one in without one.
//!
//! A handler that dies of a panic lets no one in: a [`Service`] answers that request with an error, and goes on. A `Handler`
//! that is dropped by a panic leaves its endpoint bound, for the next one to take over.
//!
//! # Examples
//!
//! ```
//! use zmqx::zap::{Credentials, Handler, Reply};
//! use zmqx::{Context, Rep, Req};
//!
//! let ctx = Context::new()?;
//! let _handler = Handler::bind(&ctx)?.spawn(|request| match request.credentials() {
//!     Credentials::Plain { username, password } if username == "alice" && password == "secret" => {
//!         Reply::accept("alice")
//!     }
//!     _ => Reply::deny("not known here"),
//! })?;
//!
//! let server = ctx.socket(Rep)?;
//! server.set_plain_server(true)?;
//! server.set_zap_domain("doc")?;
//! let endpoint = server.bind("tcp://127.0.0.1:*")?;
//!
//! let client = ctx.socket(Req)?;
//! client.set_plain_username(Some("alice"))?;
//! client.set_plain_password(Some("secret"))?;
//! client.connect(endpoint)?;
//! client.send("Hello")?;
//! let request = server.recv()?;
//! # if zmqx::version().minor > 0 {
//! assert_eq!(request.user_id()?, Some("alice"));
//! # }
//! # Ok::<(), zmqx::Error>(())
//! ```

mod reply;
mod request;
mod service;

use std::fmt;
use std::time::Duration;

use crate::call::Patience;
use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::kind::Router;
use crate::multipart::Multipart;
use crate::poll::{PollEvents, PollItem};
use crate::socket::Socket;
use crate::version::version;

pub use reply::Reply;
pub use request::{Credentials, Request};
pub use service::Service;

const ENDPOINT: &str = "inproc://zeromq.zap.01";
const BIND: &str = "bind ZAP handler";

/// Is asked who may connect to the servers of a context.
///
/// See the [module](self).
pub struct Handler {
    pub(crate) socket: Socket<Router>,
}

impl Handler {
    /// Makes a context's handler. From here on clients wait for what it says.
    ///
    /// Where the one before was dropped by a panic, this one takes over, with the requests that wait.
    ///
    /// # Errors
    ///
    /// - [`AddrInUse`](crate::ErrorKind::AddrInUse): the context has a handler.
    /// - [`Unsupported`](crate::ErrorKind::Unsupported): by libzmq before 4.0, which asks nobody.
    /// - [`Terminated`](crate::ErrorKind::Terminated): the context was shut down.
    pub fn bind(context: &Context) -> Result<Self> {
        if version().major < 4 {
            return Err(Error::unsupported(BIND, "libzmq asks handlers since 4.0"));
        }
        if let Some(left) = context.inner.take_handler() {
            return Ok(Self { socket: Socket::adopt(left, context)? });
        }
        let socket = context.socket(Router).map_err(|error| error.during(BIND))?;
        socket.bind(ENDPOINT).map_err(|error| error.during(BIND))?;
        Ok(Self { socket })
    }

    /// Receives the next request, and waits for it.
    ///
    /// What is no request of ZAP's is answered with an error here, and not given.
    ///
    /// # Errors
    ///
    /// - [`Interrupted`](crate::ErrorKind::Interrupted): by a signal or by the context's [`Interrupt`](crate::Interrupt).
    /// - [`Terminated`](crate::ErrorKind::Terminated): the context was shut down.
    pub fn recv(&self) -> Result<Request> {
        self.receive(Patience::Until(None))
    }

    /// Receives a request that is there already.
    ///
    /// # Errors
    ///
    /// - [`WouldBlock`](crate::ErrorKind::WouldBlock): there is none.
    /// - [`Terminated`](crate::ErrorKind::Terminated): the context was shut down.
    pub fn try_recv(&self) -> Result<Request> {
        self.receive(Patience::None)
    }

    /// Receives the next request, but waits no longer than `timeout`.
    ///
    /// # Errors
    ///
    /// - [`WouldBlock`](crate::ErrorKind::WouldBlock): the time ran out.
    /// - Those of [`recv`](Self::recv).
    pub fn recv_timeout(&self, timeout: Duration) -> Result<Request> {
        self.receive(Patience::lasting(timeout))
    }

    fn receive(&self, patience: Patience) -> Result<Request> {
        let mut frames = Multipart::new();
        loop {
            let received = self.socket.core.recv_multipart(&mut frames, patience);
            received.map_err(|error| error.during("receive ZAP request"))?;
            match Request::from_frames(&mut frames) {
                Ok(request) => return Ok(request),
                // Somebody in this process has sent it, who may want no reply.
                Err(Some(refused)) => self.send(refused)?,
                Err(None) => {}
            }
        }
    }

    /// Answers a request.
    ///
    /// # Errors
    ///
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput): the reply cannot be sent as it is; the client is not let in.
    /// - [`Terminated`](crate::ErrorKind::Terminated): the context was shut down.
    pub fn reply(&self, request: Request, reply: Reply) -> Result<()> {
        match reply.to_frames(&request) {
            Ok(frames) => self.send(frames),
            Err(error) => {
                let refused = Reply::internal_error("the handler's reply is malformed");
                self.send(refused.to_frames(&request)?)?;
                Err(error)
            }
        }
    }

    /// Sends what a ROUTER never waits with: whoever has gone gets nothing. A signal is not to leave it unsent.
    fn send(&self, mut frames: Multipart) -> Result<()> {
        loop {
            match self.socket.send_multipart(frames) {
                Err(unsent) if unsent.kind() == ErrorKind::Interrupted => frames = unsent.message,
                sent => return sent.map_err(|unsent| unsent.error.during("send ZAP reply")),
            }
        }
    }

    /// Answers all requests as `decide` says, until an error ends it.
    ///
    /// # Errors
    ///
    /// - Those of [`recv`](Self::recv), and of [`reply`](Self::reply).
    pub fn serve(&self, mut decide: impl FnMut(&Request) -> Reply) -> Result<()> {
        loop {
            let request = self.recv()?;
            let reply = decide(&request);
            self.reply(request, reply)?;
        }
    }

    /// Answers all requests as `decide` says, on a thread of its own, until what this gives is dropped or the context is
    /// shut down.
    ///
    /// # Errors
    ///
    /// - Those of [`Context::pipe`], and where there can be no other thread.
    pub fn spawn(self, decide: impl FnMut(&Request) -> Reply + Send + 'static) -> Result<Service> {
        Service::start(self, decide)
    }

    /// Makes an item for [`poll`](crate::poll()), which is readable when there is a request.
    ///
    /// What is no request of ZAP's makes it readable, too: then [`try_recv`](Self::try_recv) has none.
    pub fn poll_item(&self, events: PollEvents) -> PollItem<'_> {
        self.socket.poll_item(events)
    }

    /// Returns the context whose handler it is.
    pub fn context(&self) -> &Context {
        self.socket.context()
    }
}

impl Drop for Handler {
    fn drop(&mut self) {
        let core = &mut self.socket.core;
        if std::thread::panicking() && !core.raw.is_inherited() {
            // Without a handler libzmq would let everyone in.
            let left = core.raw.take();
            core.context().inner.keep_handler(left);
        } else {
            // Free for the next one at once; closing would leave that to libzmq's own thread. It fails before libzmq 4.1.
            let _ = self.socket.unbind(ENDPOINT);
        }
    }
}

impl fmt::Debug for Handler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handler").finish_non_exhaustive()
    }
}
