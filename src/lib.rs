//! ZeroMQ for Rust, over the system's libzmq.
//!
//! A [`Context`] opens [`Socket`]s, which exchange [`Message`]s. The kind of a socket is in its type, so that the
//! compiler stops a program from receiving on a PUB, from sharing a socket between threads, and from using one after
//! its context. Errors say what was being done to what, and a message that could not be sent comes back. Dropping things, in any
//! order, ends well.
//!
//! ```
//! use zmqx::{Context, Rep, Req};
//!
//! let ctx = Context::new()?;
//! let server = ctx.socket(Rep)?;
//! let endpoint = server.bind("tcp://127.0.0.1:*")?;
//!
//! let client = ctx.socket(Req)?;
//! client.connect(endpoint)?;
//! client.send("Hello")?;
//!
//! let request = server.recv()?;
//! assert_eq!(request, "Hello");
//! server.send("World")?;
//! assert_eq!(client.recv()?, "World");
//! # Ok::<(), zmqx::Error>(())
//! ```
//!
//! # Where to find what
//!
//! | libzmq | here |
//! |---|---|
//! | `zmq_ctx_*` | [`Context`], [`ContextBuilder`] |
//! | `zmq_socket`, `zmq_bind`, `zmq_connect`, … | [`Socket`] and its kinds, as [`Dealer`] |
//! | `zmq_msg_*` | [`Message`]; several frames: [`Multipart`] |
//! | `zmq_setsockopt`, `zmq_getsockopt` | methods of [`Socket`] named as the option: see [`options`] |
//! | `zmq_poll` | [`poll()`], [`PollItem`]; for many sockets: [`Poller`] |
//! | `zmq_socket_monitor` | [`Monitor`] |
//! | `zmq_proxy`, `zmq_proxy_steerable` | [`proxy()`], [`proxy_with_capture`], [`proxy_steerable`] |
//! | `zmq_errno`, `zmq_strerror` | [`Error`], [`ErrorKind`] |
//! | `zmq_version`, `zmq_has` | [`version()`], [`has`] |
//! | `zmq_curve_*`, `zmq_z85_*` | [`curve`], [`z85`] |
//! | `inproc://zeromq.zap.01` | [`zap`] |
//! | signals | [`Interrupt`] |
//!
//! `docs/porting.md` in the repository has a row for every C call of "ØMQ - The Guide".
//!
//! # Linking
//!
//! The system's libzmq, 3.2 or later, is found by pkg-config, or where `ZMQ_LIB_DIR` says. The feature `vendored`
//! builds libzmq 4.3.5 from source, `fallback` does so only where the system has none. What the libzmq at hand lacks
//! gives [`ErrorKind::Unsupported`]; the API is the same with all. The kinds of sockets of libzmq's draft API, as SERVER and
//! RADIO, come with the feature `draft`. Threads may share all of them but DGRAM, and over inproc are not to: libzmq locks
//! both ends of such a connection, in either order, so that two threads, one at each end, may wait for each other for ever.
#![deny(unsafe_code)]
#![doc(test(attr(deny(warnings))))]

mod as_socket;
mod builder;
mod call;
mod cell;
mod context;
pub mod curve;
mod draft;
mod endpoint;
mod error;
#[cfg(fuzzing)]
pub mod fuzzing;
pub mod interrupt;
mod kind;
mod lifetime;
mod message;
mod monitor;
mod multipart;
pub mod options;
mod pipe;
mod poll;
mod poller;
mod proxy;
mod raw;
mod receive;
mod send;
mod socket;
mod subscribe;
mod touch;
mod version;
#[cfg(feature = "tracing")]
mod watch;
pub mod z85;
pub mod zap;

pub use as_socket::AsSocket;
pub use builder::ContextBuilder;
pub use context::{Context, TermTimeout};
pub use endpoint::Endpoint;
pub use error::{Error, ErrorKind, Result, SendError};
pub use interrupt::Interrupt;
pub use kind::{
    Any, Dealer, Kind, Open, Pair, Pub, Pull, Push, Receives, Rep, Req, Router, Sends, SendsFrame,
    SocketKind, Stream, Sub, Subscribes, XPub, XSub,
};
#[cfg(feature = "draft")]
pub use kind::{Channel, Client, Dgram, Dish, Gather, Joins, Peer, Radio, Scatter, Server};
pub use message::Message;
pub use monitor::{Event, EventKind, Monitor, MonitorEvents, ProtocolError};
pub use multipart::Multipart;
pub use pipe::PipeReport;
pub use poll::{PollEvents, PollItem, poll};
pub use poller::{Poller, Ready};
pub use proxy::{proxy, proxy_steerable, proxy_steerable_with_capture, proxy_with_capture};
pub use socket::Socket;
pub use version::{Capability, Version, has, version};

// What README.md shows is compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
