//! The functions of libzmq's draft API. Where the libzmq that is linked was built without it, they give Unsupported.

#[cfg(feature = "draft")]
use crate::kind::{Channel, Client, Dish, Gather, Peer, Radio, Scatter, Server};
#[cfg(feature = "draft")]
use crate::socket::Socket;

#[cfg_attr(libzmq_draft, path = "draft/there.rs")]
#[cfg_attr(not(libzmq_draft), path = "draft/absent.rs")]
mod calls;

use crate::error::Result;
use crate::poller::HasCore;
use crate::raw::poll::RawFd;
use crate::socket::Core;
use calls::Signal;

pub(crate) use calls::IS_THERE;

/// A thread-safe socket in a `Poller`, with what stands for the descriptor that it has not.
pub(crate) struct Shared<'a> {
    // Dropped before `socket`, which may close it.
    signal: Signal,
    socket: Box<dyn HasCore + 'a>,
}

impl<'a> Shared<'a> {
    pub(crate) fn new(socket: Box<dyn HasCore + 'a>) -> Result<Self> {
        // SAFETY: the signal is dropped before what keeps the socket open; it is always the same one.
        let signal = unsafe { Signal::new(&socket.core().raw)? };
        Ok(Self { signal, socket })
    }

    pub(crate) fn core(&self) -> &Core {
        self.socket.core()
    }

    /// The descriptor that becomes readable when there is news of the socket.
    pub(crate) fn fd(&self) -> Result<RawFd> {
        self.signal.fd()
    }

    /// Takes note of all news, and tells what the socket is ready for; or gives the errno.
    pub(crate) fn events(&self) -> Result<i16, i32> {
        self.signal.events()
    }
}

// SAFETY: zmq_socket(3): "'ZMQ_SERVER' sockets are threadsafe." What zmqx adds to a socket is Sync by itself, which
// `socket::check_sync` shows; the same for those below.
#[cfg(feature = "draft")]
unsafe impl Sync for Socket<Server> {}

// SAFETY: zmq_socket(3): "'ZMQ_CLIENT' sockets are threadsafe."
#[cfg(feature = "draft")]
unsafe impl Sync for Socket<Client> {}

// SAFETY: zmq_socket(3): "'ZMQ_RADIO' sockets are threadsafe."
#[cfg(feature = "draft")]
unsafe impl Sync for Socket<Radio> {}

// SAFETY: zmq_socket(3): "'ZMQ_DISH' sockets are threadsafe."
#[cfg(feature = "draft")]
unsafe impl Sync for Socket<Dish> {}

// SAFETY: zmq_socket(3): "'ZMQ_GATHER' sockets are threadsafe."
#[cfg(feature = "draft")]
unsafe impl Sync for Socket<Gather> {}

// SAFETY: zmq_socket(3): "'ZMQ_SCATTER' sockets are threadsafe."
#[cfg(feature = "draft")]
unsafe impl Sync for Socket<Scatter> {}

// SAFETY: zmq_socket(3): "'ZMQ_PEER' sockets are threadsafe."
#[cfg(feature = "draft")]
unsafe impl Sync for Socket<Peer> {}

// SAFETY: zmq_socket(3): "'ZMQ_CHANNEL' sockets are threadsafe."
#[cfg(feature = "draft")]
unsafe impl Sync for Socket<Channel> {}
