//! The socket options: a method or two of [`Socket`] for each, and a table of them all.
//!
//! The methods are named as libzmq's constants, in lower case and without ZMQ_: ZMQ_RCVTIMEO is read by
//! [`rcvtimeo`](Socket::rcvtimeo) and set by [`set_rcvtimeo`](Socket::set_rcvtimeo). Their types are Rust's: a time
//! is a [`Duration`](std::time::Duration), "for ever", "the system's" and "none" are `None`, a size is a `usize`, a
//! switch is a `bool`.
//! A duration that is no whole number of libzmq's units is rounded up, and one that libzmq cannot hold is an error.
//!
//! Most options count for the binds and connects that come after them. Those that act at once are linger, sndhwm,
//! rcvhwm, the timeouts, and the switches of ROUTER, REQ, XPUB and probe_router.
//!
//! All methods are there for every kind of socket, and on every libzmq. An option that the kind does not have is
//! [`InvalidInput`](crate::ErrorKind::InvalidInput); one that the libzmq that runs does not have, because it is older
//! or was built without it, is [`Unsupported`](crate::ErrorKind::Unsupported). [`TABLE`] tells before. The options of
//! libzmq's draft API are there too; the table and their docs say "draft", and libzmq may change them.
//! Subscriptions are options in libzmq, and here [`subscribe`](Socket::subscribe) and
//! [`unsubscribe`](Socket::unsubscribe).
//!
//! # Examples
//!
//! ```
//! use std::time::Duration;
//! use zmqx::{Context, Dealer, ErrorKind};
//!
//! let ctx = Context::new()?;
//! let socket = ctx.socket(Dealer)?;
//! socket.set_routing_id("worker-1")?;
//! socket.set_sndhwm(10_000)?;
//! socket.set_rcvtimeo(Some(Duration::from_secs(1)))?;
//! assert_eq!(socket.rcvtimeo()?, Some(Duration::from_secs(1)));
//!
//! let error = socket.set_router_mandatory(true).unwrap_err();
//! assert_eq!(error.kind(), ErrorKind::InvalidInput);
//! assert_eq!(error.to_string(), "set ZMQ_ROUTER_MANDATORY: not an option of a DEALER socket");
//! # Ok::<(), zmqx::Error>(())
//! ```

#[macro_use]
mod row;
mod access;
mod aliases;
mod drafts;
mod rows_a_to_h;
mod rows_i_to_q;
mod rows_r_to_s;
mod rows_t_to_z;
mod types;
mod use_fd;
mod value;
mod zap;

use crate::kind::SocketKind;
#[cfg(doc)]
use crate::socket::Socket;
use crate::version::{Capability, Version};

pub use types::{GssapiNameType, Mechanism, ReconnectStop, RouterNotify};

/// What is known of a socket option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct OptionInfo {
    /// libzmq's name, as "ZMQ_LINGER".
    pub name: &'static str,
    /// libzmq's number.
    pub number: i32,
    /// The first libzmq that has it.
    pub since: Version,
    /// Whether libzmq calls it a draft, which it may change.
    pub is_draft: bool,
    /// The kinds of sockets that it is for.
    pub kinds: &'static [SocketKind],
    /// What libzmq must have been built with.
    pub needs: Option<Capability>,
    /// Whether a method reads it.
    pub readable: bool,
    /// Whether a method sets it.
    pub writable: bool,
}

const PARTS: [&[OptionInfo]; 6] = [
    rows_a_to_h::ROWS,
    rows_i_to_q::ROWS,
    rows_r_to_s::ROWS,
    rows_t_to_z::ROWS,
    drafts::ROWS,
    aliases::ROWS,
];

const LEN: usize = {
    let (mut len, mut part) = (0, 0);
    while part < PARTS.len() {
        len += PARTS[part].len();
        part += 1;
    }
    len
};

const ALL: [OptionInfo; LEN] = {
    let mut all = [PARTS[0][0]; LEN];
    let (mut at, mut part) = (0, 0);
    while part < PARTS.len() {
        let mut row = 0;
        while row < PARTS[part].len() {
            all[at] = PARTS[part][row];
            at += 1;
            row += 1;
        }
        part += 1;
    }
    all
};

/// All stable socket options of libzmq 4.3, by name, after them the drafts, and then the old names that `zmq.h` keeps.
///
/// ```
/// use zmqx::options::TABLE;
///
/// for option in TABLE.iter().filter(|option| option.since > zmqx::version()) {
///     println!("{} comes with libzmq {}", option.name, option.since);
/// }
/// ```
pub const TABLE: &[OptionInfo] = &ALL;
