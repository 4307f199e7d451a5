//! What a monitor tells: `Event`, its kinds, and how they are read from libzmq's frames.

use std::fmt;
use std::time::Duration;

use zmq_sys_ext as ffi;

use crate::error::{Error, ErrorKind, Result};
use crate::message::Message;
use crate::monitor::protocol::ProtocolError;
use crate::raw::errno;
use crate::raw::poll::RawFd;

macro_rules! events {
    ($($(#[doc = $doc:literal])+ $kind:ident $flag:ident = $constant:ident, $text:literal;)+) => {
        bitflags::bitflags! {
            /// The events that a monitor is to tell of.
            ///
            /// An event that the libzmq at hand does not know never comes. [`all`](Self::all) has also those of later
            /// versions, which are of kind [`Other`](EventKind::Other).
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
            pub struct MonitorEvents: u16 {
                $($(#[doc = $doc])+ const $flag = number(ffi::$constant);)+
                const _ = !0;
            }
        }

        /// What has happened.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum EventKind {
            $($(#[doc = $doc])+ $kind,)+
            /// An event of a later libzmq's, by its number.
            Other(u16),
        }

        impl EventKind {
            fn from_number(found: u16) -> Self {
                match MonitorEvents::from_bits_retain(found) {
                    $(MonitorEvents::$flag => Self::$kind,)+
                    _ => Self::Other(found),
                }
            }

            /// The flag that asks for it.
            pub(super) fn flag(self) -> MonitorEvents {
                match self {
                    $(Self::$kind => MonitorEvents::$flag,)+
                    Self::Other(number) => MonitorEvents::from_bits_retain(number),
                }
            }
        }

        impl fmt::Display for EventKind {
            /// Writes it in words, as "connect delayed".
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$kind => f.pad($text),)+
                    Self::Other(number) => write!(f, "event {number}"),
                }
            }
        }
    };
}

/// libzmq's constants are ints, of which version 1 of its events uses 16 bits.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "16 bits, as is checked"
)]
const fn number(constant: i32) -> u16 {
    assert!(constant > 0 && constant <= u16::MAX as i32, "an event is one of 16 bits");
    constant as u16
}

events! {
    /// A connection to a peer is there; the handshake comes next. The value is its [descriptor](Event::fd).
    Connected CONNECTED = ZMQ_EVENT_CONNECTED, "connected";
    /// To connect takes time. The value is an [error](Event::error): "in progress".
    ConnectDelayed CONNECT_DELAYED = ZMQ_EVENT_CONNECT_DELAYED, "connect delayed";
    /// To connect did not work, and is tried again after the [interval](Event::interval).
    ConnectRetried CONNECT_RETRIED = ZMQ_EVENT_CONNECT_RETRIED, "connect retried";
    /// An endpoint is bound. The value is its [descriptor](Event::fd).
    Listening LISTENING = ZMQ_EVENT_LISTENING, "listening";
    /// An endpoint could not be bound. The value is the [error](Event::error).
    BindFailed BIND_FAILED = ZMQ_EVENT_BIND_FAILED, "bind failed";
    /// A peer has connected; the handshake comes next. The value is the connection's [descriptor](Event::fd).
    Accepted ACCEPTED = ZMQ_EVENT_ACCEPTED, "accepted";
    /// A peer's connection could not be accepted. The value is the [error](Event::error).
    AcceptFailed ACCEPT_FAILED = ZMQ_EVENT_ACCEPT_FAILED, "accept failed";
    /// An endpoint is bound no more, or an attempt to connect is over. The value is the [descriptor](Event::fd) that
    /// was closed.
    Closed CLOSED = ZMQ_EVENT_CLOSED, "closed";
    /// A descriptor could not be closed. The value is the [error](Event::error).
    CloseFailed CLOSE_FAILED = ZMQ_EVENT_CLOSE_FAILED, "close failed";
    /// A connection has ended, by the peer or because of what it sent. The value is its [descriptor](Event::fd), which
    /// is closed.
    Disconnected DISCONNECTED = ZMQ_EVENT_DISCONNECTED, "disconnected";
    /// The socket was closed, or its context shut down: no event follows.
    MonitorStopped MONITOR_STOPPED = ZMQ_EVENT_MONITOR_STOPPED, "monitor stopped";
    /// The handshake failed; the value is an [error](Event::error), which often says little. Since libzmq 4.3.
    HandshakeFailedNoDetail HANDSHAKE_FAILED_NO_DETAIL = ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL, "handshake failed";
    /// The handshake is done: messages can be exchanged. Since libzmq 4.3.
    HandshakeSucceeded HANDSHAKE_SUCCEEDED = ZMQ_EVENT_HANDSHAKE_SUCCEEDED, "handshake succeeded";
    /// The handshake failed as the peer, or the ZAP handler, did not keep to its
    /// [protocol](Event::protocol_error). Since libzmq 4.3.
    HandshakeFailedProtocol HANDSHAKE_FAILED_PROTOCOL = ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL,
        "handshake failed by the protocol";
    /// The ZAP handler let the peer not in. The value is its [status](Event::zap_status). Since libzmq 4.3.
    HandshakeFailedAuth HANDSHAKE_FAILED_AUTH = ZMQ_EVENT_HANDSHAKE_FAILED_AUTH,
        "handshake failed by authentication";
}

/// Something that has happened to a socket's connections.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Event {
    kind: EventKind,
    value: u32,
    endpoint: String,
}

impl Event {
    /// Returns what has happened.
    pub fn kind(&self) -> EventKind {
        self.kind
    }

    /// Returns the endpoint that it is about: the socket's own, or the peer's. It may be empty.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Returns the value that came with it, as libzmq has it. What it means depends on the kind: the methods below know.
    pub fn value(&self) -> u32 {
        self.value
    }

    /// Returns the descriptor of the connection or of the endpoint, which is libzmq's, and may be closed already.
    pub fn fd(&self) -> Option<RawFd> {
        match self.kind {
            EventKind::Connected
            | EventKind::Listening
            | EventKind::Accepted
            | EventKind::Closed
            | EventKind::Disconnected => RawFd::try_from(self.value).ok(),
            _ => None,
        }
    }

    /// Returns why it failed, or is delayed.
    pub fn error(&self) -> Option<ErrorKind> {
        match self.kind {
            EventKind::ConnectDelayed
            | EventKind::BindFailed
            | EventKind::AcceptFailed
            | EventKind::CloseFailed
            | EventKind::HandshakeFailedNoDetail => {
                i32::try_from(self.value).ok().filter(|errno| *errno != 0).map(errno::kind)
            }
            _ => None,
        }
    }

    /// Returns after which time connecting is tried again.
    pub fn interval(&self) -> Option<Duration> {
        let millis = Duration::from_millis(self.value.into());
        (self.kind == EventKind::ConnectRetried).then_some(millis)
    }

    /// Returns what was wrong in a handshake.
    pub fn protocol_error(&self) -> Option<ProtocolError> {
        (self.kind == EventKind::HandshakeFailedProtocol)
            .then(|| ProtocolError::from_number(self.value))
    }

    /// Returns the status by which a ZAP handler did not let a peer in: 300, 400 or 500.
    pub fn zap_status(&self) -> Option<u16> {
        let status = u16::try_from(self.value).ok();
        status.filter(|_| self.kind == EventKind::HandshakeFailedAuth)
    }

    /// Reads libzmq's frames: a number and a value of 16 and 32 bits side by side, and the endpoint.
    pub(super) fn from_frames(frames: &[Message]) -> Result<Self> {
        match frames {
            [head, endpoint] => {
                let [n0, n1, v0, v1, v2, v3] = **head else {
                    return Err(malformed(format!("a frame of {} bytes, not 6", head.len())));
                };
                Ok(Self {
                    kind: EventKind::from_number(u16::from_ne_bytes([n0, n1])),
                    value: u32::from_ne_bytes([v0, v1, v2, v3]),
                    endpoint: endpoint.to_string_lossy().into_owned(),
                })
            }
            _ => Err(malformed(format!("{} frames, not 2", frames.len()))),
        }
    }
}

fn malformed(reason: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::invalid("read event", reason)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

    use super::*;

    fn head(number: u16, value: u32) -> Message {
        let mut bytes = number.to_ne_bytes().to_vec();
        bytes.extend(value.to_ne_bytes());
        bytes.into()
    }

    fn event(number: u16, value: u32) -> Event {
        Event::from_frames(&[head(number, value), "tcp://1".into()]).unwrap()
    }

    #[test]
    fn each_value_is_told_as_what_it_is() {
        let event = |kind: EventKind, value| event(kind.flag().bits(), value);
        assert_eq!(event(EventKind::Accepted, 7).fd(), Some(7));
        assert_eq!(event(EventKind::Accepted, 7).error(), None);
        let in_use = u32::try_from(libc::EADDRINUSE).unwrap();
        assert_eq!(event(EventKind::BindFailed, in_use).error(), Some(ErrorKind::AddrInUse));
        let retried = event(EventKind::ConnectRetried, 183);
        assert_eq!(retried.interval(), Some(Duration::from_millis(183)));
        assert_eq!(retried.fd(), None);
        assert_eq!(event(EventKind::HandshakeFailedAuth, 400).zap_status(), Some(400));
        let failed = event(EventKind::HandshakeFailedProtocol, 0x1100_0002);
        assert_eq!(failed.protocol_error(), Some(ProtocolError::ZmtpMechanismMismatch));
        assert_eq!(failed.value(), 0x1100_0002);
        assert_eq!(failed.endpoint(), "tcp://1");
    }

    #[test]
    fn an_event_of_a_later_libzmq_is_other() {
        assert_eq!(event(0x8000, 1).kind(), EventKind::Other(0x8000));
        assert_eq!(event(3, 1).kind(), EventKind::Other(3));
        assert!(MonitorEvents::all().contains(EventKind::Other(0x8000).flag()));
        assert_eq!(EventKind::Other(0x8000).to_string(), "event 32768");
    }

    #[test]
    fn frames_that_are_cut_short_are_an_error() {
        for frames in [vec![], vec!["".into()], vec![head(1, 1), "a".into(), "b".into()]] {
            let error = Event::from_frames(&frames).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
        }
        let error = Event::from_frames(&["\x01\0\0\0\0".into(), "tcp://1".into()]).unwrap_err();
        assert_eq!(error.to_string(), "read event: a frame of 5 bytes, not 6");
    }

    proptest! {
        #[test]
        fn any_frames_are_an_event_or_an_error(frames in any::<Vec<Vec<u8>>>()) {
            let frames: Vec<Message> = frames.into_iter().map(Message::from).collect();
            match Event::from_frames(&frames) {
                Ok(event) => {
                    prop_assert_eq!(frames.len(), 2);
                    prop_assert!(frames[0].len() == 6);
                    let _ = (event.fd(), event.error(), event.interval(), event.zap_status());
                }
                Err(error) => prop_assert_eq!(error.kind(), ErrorKind::InvalidInput),
            }
        }

        #[test]
        fn what_libzmq_writes_is_read(number in any::<u16>(), value in any::<u32>()) {
            let event = event(number, value);
            prop_assert_eq!(event.kind().flag().bits(), number);
            prop_assert_eq!(event.value(), value);
            let _ = (event.fd(), event.error(), event.protocol_error(), event.kind().to_string());
        }
    }
}
