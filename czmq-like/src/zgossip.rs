//! `ZGossip`, the class of gossip: configuration that spreads over a network of nodes.

mod command;
mod msg;
mod node;
mod remote;
mod tuple;
mod tuples;

use std::time::Duration;

use zmqx::{Error, Pair, Result, Socket};

use crate::zactor::Service;
use crate::{ZCtx, ZSocket, zstr};
use command::Command;

pub use msg::ZGossipMsg;

/// A node of a network that shares tuples of a key and a value, each with all: the class `zgossip`.
///
/// A node [binds](Self::bind) for others to connect to it, or [connects](Self::connect) to others, or both, over any
/// transport. What one [publishes](Self::publish), each [receives](Self::recv) once, itself too, however many ways lead
/// there: a tuple that a node has, it does not pass on again. A node that comes late gets all that there is. Nothing is
/// ever taken back.
///
/// A value may be replaced, by the node that has published its key; one that goes back to what was a moment ago takes a
/// second or two, in which it may be an echo that comes by another way. That keys are unique is up to the program: of
/// two nodes that publish one key, each may have the other's value in the end.
///
/// It is an actor, a thread that goes when this is dropped, and its methods are CZMQ's commands; each returns when the
/// thread has done it. Nodes with libczmq's zgossip may be in the same network.
///
/// ```
/// use czmq_like::prelude::*;
///
/// let ctx = ZCtx::new()?;
/// let base = ZGossip::new(&ctx, "base")?;
/// let port = base.bind("tcp://127.0.0.1:*")?;
///
/// let alpha = ZGossip::new(&ctx, "alpha")?;
/// alpha.connect(format!("tcp://127.0.0.1:{port}"))?;
/// alpha.publish("inproc://alpha-1", "service1")?;
/// let beta = ZGossip::new(&ctx, "beta")?;
/// beta.connect(format!("tcp://127.0.0.1:{port}"))?;
///
/// let (key, value) = beta.recv()?;
/// assert_eq!((key.as_str(), value.as_str()), ("inproc://alpha-1", "service1"));
/// assert_eq!(beta.status()?, 1);
/// # Ok::<(), czmq_like::Error>(())
/// ```
///
/// # Clients and servers
///
/// A node is the client of each that it connects to, and pings it. A client that was silent for a
/// [time](Self::set_timeout) is forgotten, unless it has never pinged, as libczmq's, and its connection is there. What
/// comes from a client that is not known, or makes no sense, is answered INVALID; the client then says hello again, with
/// all that it has, and so it does where it has lost the connection, or has heard nothing for ten pings. Before libzmq
/// 4.1.6 it is not told that a connection is lost, so that a server of libczmq, which answers whoever pings it, has to be
/// away for those ten pings.
///
/// The nodes trust each other: whoever can connect can publish, as much as there is memory for.
#[derive(Debug)]
pub struct ZGossip {
    service: Service<Command, usize>,
}

impl ZGossip {
    /// Starts a node that is connected to nothing. The name is for what it logs.
    ///
    /// # Errors
    ///
    /// As [`ZActor::new`](crate::ZActor::new).
    #[doc(alias = "zgossip")]
    pub fn new(ctx: &ZCtx, name: impl Into<String>) -> Result<Self> {
        let name = name.into();
        let service = Service::new(ctx, move |ctx, pipe, desk| node::run(ctx, pipe, desk, name))?;
        Ok(Self { service })
    }

    /// Binds to an endpoint, and returns the port, as [`ZSocket::bind`](crate::ZSocket::bind): the command `BIND`.
    ///
    /// # Errors
    ///
    /// As [`ZSocket::bind`](crate::ZSocket::bind), where libczmq logs a warning.
    #[doc(alias = "BIND")]
    pub fn bind(&self, endpoint: impl Into<String>) -> Result<u16> {
        self.service.call(Command::Bind(endpoint.into())).map(to_port)
    }

    /// Returns the port that it has bound to last, or 0: the command `PORT`.
    ///
    /// # Errors
    ///
    /// As [`ZActor::new`](crate::ZActor::new), where the actor has ended.
    #[doc(alias = "PORT")]
    pub fn port(&self) -> Result<u16> {
        self.service.call(Command::Port).map(to_port)
    }

    /// Connects to another node, which need not be there yet: the command `CONNECT`.
    ///
    /// To be connected already is fine.
    ///
    /// # Errors
    ///
    /// As [`Socket::connect`], where libczmq logs a warning.
    #[doc(alias = "CONNECT")]
    pub fn connect(&self, endpoint: impl Into<String>) -> Result<()> {
        self.call(Command::Connect(endpoint.into()))
    }

    /// Publishes a tuple, to all nodes: the command `PUBLISH`.
    ///
    /// # Errors
    ///
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput): a key of more than 255 bytes, or a NUL in key or value, which
    ///   the protocol does not carry.
    #[doc(alias = "PUBLISH")]
    pub fn publish(&self, key: impl Into<String>, value: impl Into<String>) -> Result<()> {
        let msg = ZGossipMsg::publish(key, value);
        msg.encode()?;
        self.call(Command::Publish(msg))
    }

    /// Returns how many tuples it has: the command `STATUS`.
    ///
    /// # Errors
    ///
    /// As [`port`](Self::port).
    #[doc(alias = "STATUS")]
    pub fn status(&self) -> Result<usize> {
        self.service.call(Command::Status)
    }

    /// Sets for how long the clients that come from now on may be silent, a second unless set: the command `SET` with
    /// `server/timeout`. `None`, and zero, is for ever.
    ///
    /// # Errors
    ///
    /// As [`port`](Self::port).
    #[doc(alias = "SET")]
    pub fn set_timeout(&self, timeout: Option<Duration>) -> Result<()> {
        self.call(Command::Timeout(timeout.filter(|timeout| !timeout.is_zero())))
    }

    /// Sets how often it pings those that it has connected to, and looks after its connections: four times a second
    /// unless set. To be kept by a node with a shorter timeout, set less than that.
    ///
    /// libczmq's clients do not ping.
    ///
    /// # Errors
    ///
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput): zero.
    pub fn set_ping(&self, interval: Duration) -> Result<()> {
        if interval.is_zero() {
            return Err(Error::invalid("set ping", "an interval of zero"));
        }
        self.call(Command::Ping(interval))
    }

    /// Sets whether it logs what it does, by [`zsys::debug`](crate::zsys::debug): the command `VERBOSE`.
    ///
    /// # Errors
    ///
    /// As [`port`](Self::port).
    #[doc(alias = "VERBOSE")]
    pub fn set_verbose(&self, is_verbose: bool) -> Result<()> {
        self.call(Command::Verbose(is_verbose))
    }

    /// Receives a tuple that is new to this node, or has a new value. It waits until there is one.
    ///
    /// # Errors
    ///
    /// As [`Socket::recv`], and as [`port`](Self::port).
    #[doc(alias = "DELIVER")]
    pub fn recv(&self) -> Result<(String, String)> {
        let [deliver, key, value] = zstr::recvx(self.sock())?;
        match (deliver.as_deref(), key, value) {
            (Some("DELIVER"), Some(key), Some(value)) => Ok((key, value)),
            _ => Err(Error::invalid("receive tuple", "not of three frames")),
        }
    }

    /// Receives as [`recv`](Self::recv), but waits no longer than this; `None` where the time is up.
    ///
    /// # Errors
    ///
    /// As [`recv`](Self::recv).
    pub fn recv_timeout(&self, timeout: Duration) -> Result<Option<(String, String)>> {
        if ZSocket::poll(self.sock(), Some(timeout))? { self.recv().map(Some) } else { Ok(None) }
    }

    /// Returns the socket on which tuples come, for a poller or reactor: messages of three frames, "DELIVER", the key and
    /// the value.
    #[doc(alias = "zactor_sock")]
    pub fn sock(&self) -> &Socket<Pair> {
        self.service.pipe()
    }

    fn call(&self, command: Command) -> Result<()> {
        self.service.call(command).map(drop)
    }
}

/// A port as the actor answers it.
fn to_port(answer: usize) -> u16 {
    u16::try_from(answer).unwrap_or(0)
}
