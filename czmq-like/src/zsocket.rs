//! `ZSocket`, the class of sockets.

pub(crate) mod ports;

use std::time::Duration;

use zmqx::{Kind, Message, PollEvents, Receives, Result, Sends, Socket, poll};

use crate::ZMsg;

/// CZMQ's ways with sockets: the class `zsocket`.
///
/// A socket is a [`Socket`], opened by [`ZCtx::socket`](crate::ZCtx::socket), and has zmqx's methods; these functions
/// are what CZMQ has beside.
///
/// ```
/// use czmq_like::prelude::*;
///
/// let ctx = ZCtx::new()?;
/// let writer = ctx.socket(Push)?;
/// let port = ZSocket::bind(&writer, "tcp://127.0.0.1:*")?; // the first free one from 49152 on
/// assert!(port >= 49152);
///
/// let reader = ctx.socket(Pull)?;
/// reader.connect(format!("tcp://127.0.0.1:{port}"))?;
/// zstr::send(&writer, "HELLO")?;
/// if ZSocket::poll(&reader, Some(Duration::from_secs(10)))? {
///     assert_eq!(zstr::recv(&reader)?, "HELLO");
/// }
/// assert_eq!(ZSocket::type_str(&reader), "PULL");
/// # Ok::<(), czmq_like::Error>(())
/// ```
///
/// | C | Rust |
/// |---|---|
/// | `zsocket_new (ctx, ZMQ_ROUTER)` | [`ctx.socket(Router)?`](crate::ZCtx::socket) |
/// | `zsocket_destroy (ctx, socket)` | `drop(socket)`, or the end of the scope |
/// | `zsocket_connect (socket, "tcp://%s:%d", host, port)` | [`socket.connect`](Socket::connect)`(format!("tcp://{host}:{port}"))?` |
/// | `zsocket_set_subscribe (socket, "A")` | [`socket.subscribe("A")?`](Socket::subscribe) |
/// | `zsocket_set_identity (socket, "me")` | [`socket.set_identity("me")?`](Socket::set_identity) |
#[derive(Debug)]
pub enum ZSocket {}

impl ZSocket {
    /// Binds a socket, and returns the port; 0 for a transport without ports.
    ///
    /// With `*` for the port, it is the first free one of 49152 to 65535; with `!`, one of these at random. Both may
    /// be given a range, as `tcp://*:*[60000-]` or `tcp://127.0.0.1:![50000-50999]`.
    ///
    /// # Errors
    ///
    /// As [`Socket::bind`], and:
    /// - [`AddrInUse`](crate::ErrorKind::AddrInUse): no port of the range is free.
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput): the range is none.
    #[doc(alias = "zsocket_bind")]
    pub fn bind<K: Kind>(socket: &Socket<K>, endpoint: impl AsRef<str>) -> Result<u16> {
        let endpoint = endpoint.as_ref();
        match ports::Dynamic::of(endpoint)? {
            Some(dynamic) => dynamic.bind(socket),
            None => Ok(socket.bind(endpoint)?.port().unwrap_or(0)),
        }
    }

    /// Waits until something can be received, and tells whether it can; not so when the time is up. `None` waits for
    /// ever.
    ///
    /// # Errors
    ///
    /// As [`poll`](zmqx::poll()).
    #[doc(alias = "zsocket_poll")]
    pub fn poll<K: Kind>(socket: &Socket<K>, timeout: Option<Duration>) -> Result<bool> {
        Ok(poll(&mut [socket.poll_item(PollEvents::IN)], timeout)? > 0)
    }

    /// Sets the high-water marks for sending and for receiving. 0 is none.
    ///
    /// # Errors
    ///
    /// As [`Socket::set_sndhwm`].
    #[doc(alias = "zsocket_set_hwm")]
    pub fn set_hwm<K: Kind>(socket: &Socket<K>, messages: usize) -> Result<()> {
        socket.set_sndhwm(messages)?;
        socket.set_rcvhwm(messages)
    }

    /// Returns the kind of socket in words, as "DEALER".
    #[doc(alias = "zsocket_type_str")]
    pub fn type_str<K: Kind>(socket: &Socket<K>) -> String {
        socket.kind().to_string()
    }

    /// Sends bytes as a frame, the last one of its message.
    ///
    /// # Errors
    ///
    /// As [`Socket::send`].
    #[doc(alias = "zsocket_sendmem")]
    pub fn sendmem<K: Sends>(socket: &Socket<K>, data: impl AsRef<[u8]>) -> Result<()> {
        Ok(socket.send(Message::from(data.as_ref()))?)
    }

    /// Sends a signal: a message that tells `status`, 0 for success, and is like no other.
    ///
    /// # Errors
    ///
    /// As [`Socket::send`].
    #[doc(alias("zsocket_signal", "zsock_signal"))]
    pub fn signal<K: Sends>(socket: &Socket<K>, status: u8) -> Result<()> {
        Ok(ZMsg::new_signal(status).send(socket)?)
    }

    /// Waits for a signal, and returns its status. Other messages that come before it are dropped.
    ///
    /// # Errors
    ///
    /// As [`Socket::recv`].
    #[doc(alias("zsocket_wait", "zsock_wait"))]
    pub fn wait<K: Receives>(socket: &Socket<K>) -> Result<u8> {
        loop {
            if let Some(status) = ZMsg::recv(socket)?.signal() {
                return Ok(status);
            }
        }
    }
}
