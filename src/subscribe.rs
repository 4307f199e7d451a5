//! Subscribing: the prefixes of the messages that a SUB, or an XSUB, is to receive.

use zmq_sys_ext as ffi;

use crate::error::{Error, Result};
use crate::kind::{Kind, SocketKind, Subscribes, XPub};
use crate::message::Message;
use crate::send::Progress;
use crate::socket::Socket;

impl<K: Subscribes> Socket<K> {
    /// Subscribes to the messages whose first frame begins with `prefix`; an empty prefix is all of them.
    ///
    /// Subscriptions add up. On an XSUB it sends the message that subscribes.
    ///
    /// Corresponds to ZMQ_SUBSCRIBE of [`zmq_setsockopt(3)`](https://libzmq.readthedocs.io/en/latest/zmq_setsockopt.html).
    ///
    /// # Errors
    ///
    /// - [`BadState`](crate::ErrorKind::BadState): the socket, an XSUB, is in the middle of a message.
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput): the socket, an [`Any`](crate::Any), is neither SUB nor XSUB.
    /// - [`Terminated`](crate::ErrorKind::Terminated): the context was shut down.
    pub fn subscribe(&self, prefix: impl AsRef<[u8]>) -> Result<()> {
        self.set_subscription(ffi::ZMQ_SUBSCRIBE, "subscribe", 1, prefix.as_ref())
    }

    /// Takes one subscription to `prefix` back.
    ///
    /// Corresponds to ZMQ_UNSUBSCRIBE of [`zmq_setsockopt(3)`](https://libzmq.readthedocs.io/en/latest/zmq_setsockopt.html).
    ///
    /// # Errors
    ///
    /// As [`subscribe`](Self::subscribe).
    pub fn unsubscribe(&self, prefix: impl AsRef<[u8]>) -> Result<()> {
        self.set_subscription(ffi::ZMQ_UNSUBSCRIBE, "unsubscribe", 0, prefix.as_ref())
    }
}

impl Socket<XPub> {
    /// Subscribes the peer whose subscription was received last, where `set_xpub_manual` leaves that to the program.
    ///
    /// Corresponds to ZMQ_SUBSCRIBE of [`zmq_setsockopt(3)`](https://libzmq.readthedocs.io/en/latest/zmq_setsockopt.html),
    /// with ZMQ_XPUB_MANUAL. Since libzmq 4.1.
    ///
    /// # Errors
    ///
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput): subscriptions are not left to the program, or no peer has
    ///   subscribed.
    /// - [`Terminated`](crate::ErrorKind::Terminated): the context was shut down.
    pub fn subscribe(&self, prefix: impl AsRef<[u8]>) -> Result<()> {
        self.set_subscription(ffi::ZMQ_SUBSCRIBE, "subscribe", 1, prefix.as_ref())
    }

    /// Takes a subscription of that peer back.
    ///
    /// # Errors
    ///
    /// As [`subscribe`](Self::subscribe).
    pub fn unsubscribe(&self, prefix: impl AsRef<[u8]>) -> Result<()> {
        self.set_subscription(ffi::ZMQ_UNSUBSCRIBE, "unsubscribe", 0, prefix.as_ref())
    }
}

impl<K: Kind> Socket<K> {
    fn set_subscription(
        &self,
        option: i32,
        operation: &'static str,
        first: u8,
        prefix: &[u8],
    ) -> Result<()> {
        match self.core.kind {
            SocketKind::Sub | SocketKind::XPub => {
                self.core.raw.set(option, Some(prefix)).map_err(|error| error.during(operation))
            }
            SocketKind::XSub if self.core.progress.get() != Progress::None => {
                // It would become a frame of that message.
                Err(Error::new(ffi::EFSM, operation).because("a message is sent half"))
            }
            SocketKind::XSub => {
                let message = Message::build(1 + prefix.len(), |buffer| {
                    buffer[0] = first;
                    buffer[1..].copy_from_slice(prefix);
                });
                self.core.send(message, 0).map_err(Error::from)
            }
            kind => Err(Error::invalid(operation, format!("a {kind} has no subscriptions"))),
        }
    }
}
