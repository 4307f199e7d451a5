//! What `czmq.h` brings: `use czmq_like::prelude::*;` is the first line of a program.
//!
//! It has no `Result` and no `Error`, which are the crate's: `std`'s stay as they are.

pub use std::collections::{HashMap, VecDeque};
pub use std::ops::ControlFlow::{self, Break, Continue};
pub use std::time::Duration;

pub use zmqx::{
    Any, Dealer, ErrorKind, Kind, Message, Pair, PollEvents, PollItem, Pub, Pull, Push, Receives,
    Rep, Req, Router, Sends, Socket, SocketKind, Stream, Sub, Subscribes, XPub, XSub, poll, proxy,
    proxy_with_capture,
};

pub use crate::zthread::Outcome;
pub use crate::{
    CURVE_ALLOW_ANY, LoopEnd, Reaction, ReaderId, TicketId, TimerId, ZActor, ZAuth, ZBeacon, ZCert,
    ZCertStore, ZConfig, ZCtx, ZFrame, ZGossip, ZLoop, ZMonitor, ZMsg, ZPoller, ZProxy, ZSock,
    ZSocket, randof, zclock, zfile, zstr, zsys, zthread,
};
