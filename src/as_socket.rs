//! `AsSocket`: the ways in which a socket is lent, or given, to what holds many.

use std::rc::Rc;

use crate::kind::{Kind, Pair, Router};
use crate::monitor::Monitor;
use crate::socket::Socket;
use crate::zap::Handler;

mod sealed {
    pub trait Sealed {}
}
use sealed::Sealed;

/// What stands for a socket: a [`Socket<K>`](Socket), a [`Monitor`], a [ZAP handler](Handler), a
/// reference to one, or a `Box` or `Rc` of one.
///
/// It is what a [`Poller`](crate::Poller) takes. The kind is an associated type, so that it need not be written where
/// the socket is known.
pub trait AsSocket: Sealed {
    /// The kind of the socket.
    type Kind: Kind;

    /// Returns the socket, which is always the same one.
    fn as_socket(&self) -> &Socket<Self::Kind>;
}

impl<K: Kind> Sealed for Socket<K> {}
impl<K: Kind> AsSocket for Socket<K> {
    type Kind = K;

    fn as_socket(&self) -> &Self {
        self
    }
}

impl Sealed for Monitor {}
impl AsSocket for Monitor {
    type Kind = Pair;

    /// Returns the PAIR that libzmq sends the events to, as frames of its own.
    fn as_socket(&self) -> &Socket<Pair> {
        &self.end
    }
}

impl Sealed for Handler {}
impl AsSocket for Handler {
    type Kind = Router;

    /// Returns the ROUTER that it is.
    fn as_socket(&self) -> &Socket<Router> {
        &self.socket
    }
}

macro_rules! lent {
    ($($pointer:ty),+) => {$(
        impl<T: AsSocket + ?Sized> Sealed for $pointer {}
        impl<T: AsSocket + ?Sized> AsSocket for $pointer {
            type Kind = T::Kind;

            fn as_socket(&self) -> &Socket<T::Kind> {
                T::as_socket(self)
            }
        }
    )+};
}

lent!(&T, Box<T>, Rc<T>);
