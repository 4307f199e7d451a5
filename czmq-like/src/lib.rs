//! CZMQ's classes in Rust: the high-level API that "ØMQ - The Guide" is written in, over [`zmqx`].
//!
//! The names are CZMQ 1.4's, which the Guide's listings use, in Rust's spelling: a class is a type, `zmsg_pushstr (msg, …)`
//! is [`msg.pushstr(…)`](ZMsg::pushstr), and a class without objects is a module, as [`zstr`]. A destructor is the end of a
//! scope, a `zlist` is a `VecDeque`, and a `zhash` a `HashMap`. Searching these pages for the name of a C function finds
//! what stands for it.
//!
//! ```
//! use czmq_like::prelude::*;
//!
//! let ctx = ZCtx::new()?;
//! let server = ctx.socket(Router)?;
//! server.bind("inproc://server")?;
//! let client = ctx.socket(Req)?;
//! client.connect("inproc://server")?;
//!
//! zstr::send(&client, "Hello")?;
//!
//! let mut msg = ZMsg::recv(&server)?;
//! let identity = msg.unwrap().expect("a ROUTER puts one in front");
//! assert_eq!(msg.popstr().as_deref(), Some("Hello"));
//!
//! let mut reply = ZMsg::new();
//! reply.addstr("World");
//! reply.wrap(identity);
//! reply.send(&server)?;
//! assert_eq!(zstr::recv(&client)?, "World");
//! # Ok::<(), czmq_like::Error>(())
//! ```
//!
//! # What differs from CZMQ
//!
//! - Sockets are zmqx's, with their kind in the type: what a kind of socket cannot do does not compile.
//! - A C function that gives NULL or -1 gives an [`Option`] where there may be nothing, and a [`Result`] that says what
//!   went wrong where it can fail.
//! - A send takes the frame or message. One that fails gives it back, whole, in the [`SendError`].
//! - Frames move: one that was received, and goes on in another message, is neither copied nor allocated for.
//!
//! # Interrupts
//!
//! From the first Ctrl-C (SIGINT), or SIGTERM, on, whatever blocks on a [`ZCtx`]'s sockets, on any thread, gives
//! `Interrupted`, and so ends a program that passes errors on, or breaks its loops on them. See [`ZCtx`] and [`zsys`].
//!
//! `docs/porting.md` in the repository has a row for every function of these classes.
#![forbid(unsafe_code)]
#![doc(test(attr(deny(warnings))))]

#[cfg(fuzzing)]
pub mod fuzzing;
mod interrupts;
pub mod prelude;
mod random;
mod textfile;
mod zactor;
mod zauth;
mod zbeacon;
mod zcert;
mod zcertstore;
pub mod zclock;
mod zconfig;
mod zctx;
pub mod zfile;
mod zframe;
mod zgossip;
mod zloop;
mod zmonitor;
mod zmsg;
mod zpoller;
mod zproxy;
mod zsock;
mod zsocket;
pub mod zstr;
pub mod zsys;
pub mod zthread;

pub use random::{Random, randof};
pub use zactor::ZActor;
pub use zauth::{CURVE_ALLOW_ANY, ZAuth};
pub use zbeacon::{ZBeacon, ZreBeacon};
pub use zcert::ZCert;
pub use zcertstore::ZCertStore;
pub use zconfig::ZConfig;
pub use zctx::ZCtx;
pub use zframe::ZFrame;
pub use zgossip::{ZGossip, ZGossipMsg};
pub use zloop::{LoopEnd, Reaction, ReaderId, ReaderKey, TicketId, TimerId, ZLoop};
pub use zmonitor::ZMonitor;
pub use zmqx::{Error, ErrorKind, Result, SendError};
pub use zmsg::{Frames, FramesMut, IntoFrames, ZMsg};
pub use zpoller::{Which, ZPoller};
pub use zproxy::{ProxySide, ZProxy};
pub use zsock::{FromPicture, IntoPicture, PictureElement, PictureValue, RecvError, ZSock};
pub use zsocket::ZSocket;

// What README.md shows is compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
