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

/// A kind that can send a message of one frame: all that [send](Sends), and those of libzmq's draft API that know no
/// other messages.
pub trait SendsFrame: Kind {}

/// A kind that can send messages of any number of frames: all but SUB and PULL.
pub trait Sends: SendsFrame {}

/// A kind that can receive: all but PUB and PUSH.
pub trait Receives: Kind {}

/// A kind that has subscriptions: SUB and XSUB.
pub trait Subscribes: Kind {}

/// A kind that has groups to join: DISH. Feature `draft`.
#[cfg(feature = "draft")]
pub trait Joins: Kind {}

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
impl SendsFrame for Any {}
impl Sends for Any {}
impl Receives for Any {}
impl Subscribes for Any {}
#[cfg(feature = "draft")]
impl Joins for Any {}

impl Sealed for SocketKind {}
impl Open for SocketKind {
    type Kind = Any;

    fn socket_kind(self) -> SocketKind {
        self
    }
}

/// Makes the type of one kind.
macro_rules! kind {
    ($(#[doc = $doc:literal])+ $name:ident: $($can:ident)+) => {
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
        $(can!($name: $can);)+
    };
}

macro_rules! can {
    ($name:ident: Sends) => {
        impl SendsFrame for $name {}
        impl Sends for $name {}
    };
    ($name:ident: $can:ident) => {
        impl $can for $name {}
    };
}

macro_rules! kinds {
    (
        $($(#[doc = $doc:literal])+ $name:ident = $number:ident, $text:literal: $($can:ident)+;)+
        draft:
        $($(#[doc = $draft_doc:literal])+
        $draft:ident = $draft_number:ident, $draft_text:literal: $($draft_can:ident)+;)+
    ) => {
        /// A kind of socket, as a value.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum SocketKind {
            $($(#[doc = $doc])+ $name,)+
            $($(#[doc = $draft_doc])+ #[cfg(feature = "draft")] $draft,)+
        }

        impl SocketKind {
            /// All kinds that this crate knows.
            pub const ALL: &[Self] = &[
                $(Self::$name,)+
                $(#[cfg(feature = "draft")] Self::$draft,)+
            ];

            /// libzmq's number of it.
            pub(crate) fn number(self) -> i32 {
                match self {
                    $(Self::$name => ffi::$number,)+
                    $(#[cfg(feature = "draft")] Self::$draft => ffi::$draft_number,)+
                }
            }

            /// The kind of libzmq's number.
            pub(crate) fn from_number(number: i32) -> Option<Self> {
                match number {
                    $(ffi::$number => Some(Self::$name),)+
                    $(#[cfg(feature = "draft")] ffi::$draft_number => Some(Self::$draft),)+
                    _ => None,
                }
            }
        }

        impl fmt::Display for SocketKind {
            /// Writes libzmq's name of it, as "DEALER".
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(match self {
                    $(Self::$name => $text,)+
                    $(#[cfg(feature = "draft")] Self::$draft => $draft_text,)+
                })
            }
        }

        $(kind! { $(#[doc = $doc])+ $name: $($can)+ })+
        $(#[cfg(feature = "draft")] kind! { $(#[doc = $draft_doc])+ $draft: $($draft_can)+ })+
    };
}

impl SocketKind {
    /// Whether libzmq calls it a draft. Their numbers are the highest.
    pub(crate) fn is_draft(self) -> bool {
        self.number() > ffi::ZMQ_STREAM
    }

    /// Whether `call` is to do the waiting, whatever the context: libzmq itself would not see a signal while it waits on a
    /// thread-safe socket, and loses what a DGRAM is to send before it is bound.
    pub(crate) fn is_minded(self) -> bool {
        self.is_draft()
    }

    /// Whether it speaks UDP, each message an address and a datagram: DGRAM.
    #[inline(always)]
    pub(crate) fn is_datagrams(self) -> bool {
        #[cfg(feature = "draft")]
        return self == Self::Dgram;
        #[cfg(not(feature = "draft"))]
        return false;
    }

    /// Whether several threads may use a socket of this kind at once.
    pub(crate) fn is_thread_safe(self) -> bool {
        #[cfg(feature = "draft")]
        return self.is_draft() && self != Self::Dgram;
        #[cfg(not(feature = "draft"))]
        return false;
    }
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

    draft:
    /// Sends and receives by the peers' routing ids, as a ROUTER does, in messages of one frame. Feature `draft`.
    ///
    /// A message that was received tells its sender by [`Message::routing_id`](crate::Message::routing_id), and one that
    /// is to be sent needs one. The threads of a program may share the socket:
    ///
    /// ```no_run
    /// # fn answer(request: zmqx::Message) -> zmqx::Message { request }
    /// let ctx = zmqx::Context::new()?;
    /// let server = ctx.socket(zmqx::Server)?;
    /// server.bind("tcp://127.0.0.1:*")?;
    /// std::thread::scope(|scope| {
    ///     for _ in 0..4 {
    ///         scope.spawn(|| -> zmqx::Result<()> {
    ///             loop {
    ///                 let request = server.recv()?;
    ///                 let client = request.routing_id()?.unwrap_or_default();
    ///                 server.send(answer(request).with_routing_id(client)?)?;
    ///             }
    ///         });
    ///     }
    /// });
    /// # Ok::<(), zmqx::Error>(())
    /// ```
    ///
    /// A message has one frame:
    ///
    /// ```compile_fail,E0599
    /// # let ctx = zmqx::Context::new()?;
    /// ctx.socket(zmqx::Server)?.send_more("no")?;
    /// # Ok::<(), zmqx::Error>(())
    /// ```
    Server = ZMQ_SERVER, "SERVER": SendsFrame Receives;
    /// Sends round-robin to its SERVER peers and receives fairly, in messages of one frame. Feature `draft`.
    ///
    /// ```compile_fail,E0599
    /// # let ctx = zmqx::Context::new()?;
    /// ctx.socket(zmqx::Client)?.send_multipart(["no", "more"])?;
    /// # Ok::<(), zmqx::Error>(())
    /// ```
    Client = ZMQ_CLIENT, "CLIENT": SendsFrame Receives;
    /// Sends to the DISH peers that have joined the message's [group](crate::Message::set_group); never receives. Feature
    /// `draft`.
    ///
    /// ```compile_fail,E0599
    /// # let ctx = zmqx::Context::new()?;
    /// ctx.socket(zmqx::Radio)?.recv()?;
    /// # Ok::<(), zmqx::Error>(())
    /// ```
    Radio = ZMQ_RADIO, "RADIO": SendsFrame;
    /// Receives the messages of the groups that it has [joined](crate::Socket::join); never sends. Feature `draft`.
    ///
    /// ```compile_fail,E0599
    /// # let ctx = zmqx::Context::new()?;
    /// ctx.socket(zmqx::Dish)?.send("no")?;
    /// # Ok::<(), zmqx::Error>(())
    /// ```
    Dish = ZMQ_DISH, "DISH": Receives Joins;
    /// Receives fairly from its SCATTER peers, as a PULL does, messages of one frame; never sends. Feature `draft`.
    Gather = ZMQ_GATHER, "GATHER": Receives;
    /// Sends round-robin to its GATHER peers, as a PUSH does, messages of one frame; never receives. Feature `draft`.
    Scatter = ZMQ_SCATTER, "SCATTER": SendsFrame;
    /// Speaks raw UDP: a message has two frames, the address and the datagram. Feature `draft`.
    ///
    /// The address is as "127.0.0.1:5555"; in what is received a NUL comes after it, which may stay there in the answer.
    ///
    /// It is the one kind of the draft API that threads cannot share:
    ///
    /// ```compile_fail,E0277
    /// # let ctx = zmqx::Context::new()?;
    /// let socket = ctx.socket(zmqx::Dgram)?;
    /// std::thread::scope(|scope| {
    ///     scope.spawn(|| socket.recv_multipart());
    /// });
    /// # Ok::<(), zmqx::Error>(())
    /// ```
    Dgram = ZMQ_DGRAM, "DGRAM": Sends Receives;
    /// A SERVER that connects to its like, and knows each by its routing id: [`connect_peer`](crate::Socket::connect_peer)
    /// tells it. Feature `draft`.
    Peer = ZMQ_PEER, "PEER": SendsFrame Receives;
    /// One peer only, as a PAIR, in messages of one frame. Feature `draft`.
    Channel = ZMQ_CHANNEL, "CHANNEL": SendsFrame Receives;
}
