//! The kinds of sockets, as types and as a value, and what each can do.

use std::fmt;

use zmq_sys_ext as ffi;

mod sealed {
    pub trait Sealed {}
}
use sealed::Sealed;

/// What [`Context::socket`](crate::Context::socket) opens a socket of: a unit struct such as [`Dealer`], or a
/// [`SocketKind`] that is known at run time only.
pub trait Open: Sealed {
    /// The kind in the socket's type: the unit struct itself, or [`Any`].
    type Kind: Kind;

    /// Returns the kind as a value.
    fn socket_kind(self) -> SocketKind;
}

/// A kind of socket, the `K` of `Socket<K>`.
pub trait Kind: Open<Kind = Self> + Sized + Send + 'static {
    /// The kind as a value; `None` for [`Any`].
    const KIND: Option<SocketKind>;
}

/// A kind that can send: all but SUB and PULL.
pub trait Sends: Kind {}

/// A kind that can receive: all but PUB and PUSH.
pub trait Receives: Kind {}

/// A kind that has subscriptions: SUB and XSUB.
pub trait Subscribes: Kind {}

/// The kind of a socket whose kind is known at run time only.
///
/// It has all methods; what a kind cannot do is then libzmq's error. There is no value of it: a `Socket<Any>` is
/// opened by a [`SocketKind`], or comes from [`Socket::into_any`](crate::Socket::into_any).
#[derive(Debug, Clone, Copy)]
pub enum Any {}

impl Sealed for Any {}
impl Open for Any {
    type Kind = Self;

    fn socket_kind(self) -> SocketKind {
        match self {}
    }
}
impl Kind for Any {
    const KIND: Option<SocketKind> = None;
}
impl Sends for Any {}
impl Receives for Any {}
impl Subscribes for Any {}

impl Sealed for SocketKind {}
impl Open for SocketKind {
    type Kind = Any;

    fn socket_kind(self) -> SocketKind {
        self
    }
}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $name:ident = $constant:ident, $text:literal: $($can:ident)+;)+) => {
        /// A kind of socket, as a value.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum SocketKind {
            $($(#[doc = $doc])+ $name,)+
        }

        impl SocketKind {
            /// All kinds that this crate knows.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// libzmq's number of it.
            pub(crate) fn number(self) -> i32 {
                match self {
                    $(Self::$name => ffi::$constant,)+
                }
            }

            /// The kind of libzmq's number.
            pub(crate) fn from_number(number: i32) -> Option<Self> {
                match number {
                    $(ffi::$constant => Some(Self::$name),)+
                    _ => None,
                }
            }
        }

        impl fmt::Display for SocketKind {
            /// Writes libzmq's name of it, as "DEALER".
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(match self {
                    $(Self::$name => $text,)+
                })
            }
        }

        $(
            $(#[doc = $doc])+
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
            pub struct $name;

            impl Sealed for $name {}
            impl Open for $name {
                type Kind = Self;

                fn socket_kind(self) -> SocketKind {
                    SocketKind::$name
                }
            }
            impl Kind for $name {
                const KIND: Option<SocketKind> = Some(SocketKind::$name);
            }
            impl From<$name> for SocketKind {
                fn from(kind: $name) -> Self {
                    kind.socket_kind()
                }
            }
            $(impl $can for $name {})+
        )+
    };
}

kinds! {
    /// One peer only, for threads that talk in pairs over inproc.
    Pair = ZMQ_PAIR, "PAIR": Sends Receives;
    /// Sends to every subscriber; never receives.
    Pub = ZMQ_PUB, "PUB": Sends;
    /// Receives what it subscribed to; never sends.
    Sub = ZMQ_SUB, "SUB": Receives Subscribes;
    /// Sends a request, then receives its reply.
    Req = ZMQ_REQ, "REQ": Sends Receives;
    /// Receives a request, then sends its reply.
    Rep = ZMQ_REP, "REP": Sends Receives;
    /// Sends round-robin and receives fairly, in any order: an asynchronous REQ.
    Dealer = ZMQ_DEALER, "DEALER": Sends Receives;
    /// Puts the sender's routing id before what it receives, and sends to the peer named first: an asynchronous REP.
    Router = ZMQ_ROUTER, "ROUTER": Sends Receives;
    /// Receives fairly from its PUSH peers; never sends.
    Pull = ZMQ_PULL, "PULL": Receives;
    /// Sends round-robin to its PULL peers; never receives.
    Push = ZMQ_PUSH, "PUSH": Sends;
    /// A PUB that receives its subscribers' subscriptions as messages.
    XPub = ZMQ_XPUB, "XPUB": Sends Receives;
    /// A SUB that subscribes by sending messages.
    XSub = ZMQ_XSUB, "XSUB": Sends Receives Subscribes;
    /// Speaks raw TCP with peers that are not ZeroMQ.
    Stream = ZMQ_STREAM, "STREAM": Sends Receives;
}
