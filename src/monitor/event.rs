//! What a monitor tells: `Event`, its kinds, and how they are read from libzmq's frames.

use std::fmt;
use std::time::Duration;

use smallvec::{SmallVec, smallvec};

use crate::error::{Error, ErrorKind, Result};
use crate::message::Message;
use crate::monitor::protocol::ProtocolError;
use crate::raw::errno;
use crate::raw::poll::RawFd;

/// libzmq's numbers, and one that `zmq.h` shows to those alone who ask for drafts.
mod ffi {
    pub(super) use zmq_sys_ext::*;

    pub(super) const ZMQ_EVENT_PIPES_STATS: i32 = 0x1_0000;
}

macro_rules! events {
    ($($(#[doc = $doc:literal])+ $kind:ident $flag:ident = $constant:ident, $text:literal;)+) => {
        bitflags::bitflags! {
            /// The events that a monitor is to tell of.
            ///
            /// An event that the libzmq at hand does not know never comes. [`all`](Self::all) has also those of later
            /// versions, which are of kind [`Other`](EventKind::Other).
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
            pub struct MonitorEvents: u64 {
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
            Other(u64),
        }

        impl EventKind {
            fn from_number(found: u64) -> Self {
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

/// libzmq's constants are ints.
#[allow(clippy::cast_sign_loss, reason = "positive, as is checked")]
const fn number(constant: i32) -> u64 {
    assert!(constant > 0, "an event is a bit");
    constant as u64
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
    /// How many messages wait on the way to a peer and from it, as [asked](crate::Socket::monitor_pipes_stats): the values
    /// are [these numbers](Event::pipes_stats). A draft of libzmq's.
    PipesStats PIPES_STATS = ZMQ_EVENT_PIPES_STATS, "statistics of a pipe";
}

/// Something that has happened to a socket's connections.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Event {
    kind: EventKind,
    /// One, or with version 2 as many as it says.
    values: SmallVec<[u64; 2]>,
    place: Place,
}

/// Where it has happened.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Place {
    /// Version 1 has one endpoint.
    Endpoint(String),
    /// Version 2 has both ends, as far as they are known.
    Ends { local: String, remote: String },
}

impl Event {
    /// Returns what has happened.
    pub fn kind(&self) -> EventKind {
        self.kind
    }

    /// Returns the endpoint that it is about: the socket's own, or the peer's. It may be empty.
    ///
    /// By [`monitor_v2`](crate::Socket::monitor_v2) it is the peer's, where that is known.
    pub fn endpoint(&self) -> &str {
        match &self.place {
            Place::Endpoint(endpoint) => endpoint,
            Place::Ends { local, remote } if remote.is_empty() => local,
            Place::Ends { remote, .. } => remote,
        }
    }

    /// Returns the endpoint of the socket's end of the connection, by [`monitor_v2`](crate::Socket::monitor_v2) alone.
    /// `None` where it is not known.
    pub fn local(&self) -> Option<&str> {
        match &self.place {
            Place::Ends { local, .. } if !local.is_empty() => Some(local),
            _ => None,
        }
    }

    /// Returns the endpoint of the peer's end of the connection, by [`monitor_v2`](crate::Socket::monitor_v2) alone.
    /// `None` where it is not known.
    pub fn remote(&self) -> Option<&str> {
        match &self.place {
            Place::Ends { remote, .. } if !remote.is_empty() => Some(remote),
            _ => None,
        }
    }

    /// Returns the value that came with it, as libzmq has it: the first, where there are several, and 0 where there is
    /// none. What it means depends on the kind: the methods below know.
    pub fn value(&self) -> u64 {
        self.values.first().copied().unwrap_or_default()
    }

    /// Returns the descriptor of the connection or of the endpoint, which is libzmq's, and may be closed already.
    pub fn fd(&self) -> Option<RawFd> {
        match self.kind {
            EventKind::Connected
            | EventKind::Listening
            | EventKind::Accepted
            | EventKind::Closed
            | EventKind::Disconnected => RawFd::try_from(self.value()).ok(),
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
                i32::try_from(self.value()).ok().filter(|errno| *errno != 0).map(errno::kind)
            }
            _ => None,
        }
    }

    /// Returns after which time connecting is tried again.
    pub fn interval(&self) -> Option<Duration> {
        let millis = Duration::from_millis(self.value());
        (self.kind == EventKind::ConnectRetried).then_some(millis)
    }

    /// Returns what was wrong in a handshake.
    pub fn protocol_error(&self) -> Option<ProtocolError> {
        (self.kind == EventKind::HandshakeFailedProtocol)
            .then(|| ProtocolError::from_number(self.value()))
    }

    /// Returns the status by which a ZAP handler did not let a peer in: 300, 400 or 500.
    pub fn zap_status(&self) -> Option<u16> {
        let status = u16::try_from(self.value()).ok();
        status.filter(|_| self.kind == EventKind::HandshakeFailedAuth)
    }

    /// Returns how many messages wait to be sent to a peer, and how many were received from it and wait to be read.
    pub fn pipes_stats(&self) -> Option<(u64, u64)> {
        match (self.kind, &self.values[..]) {
            (EventKind::PipesStats, [outbound, inbound]) => Some((*outbound, *inbound)),
            _ => None,
        }
    }

    /// Reads libzmq's frames, of version 1 or 2.
    pub(crate) fn from_frames(frames: &[Message]) -> Result<Self> {
        match frames {
            // A number and a value of 16 and 32 bits side by side, and the endpoint.
            [head, endpoint] => {
                let [n0, n1, v0, v1, v2, v3] = **head else {
                    return Err(malformed(format!("a frame of {} bytes, not 6", head.len())));
                };
                Ok(Self {
                    kind: EventKind::from_number(u16::from_ne_bytes([n0, n1]).into()),
                    values: smallvec![u32::from_ne_bytes([v0, v1, v2, v3]).into()],
                    place: Place::Endpoint(text(endpoint)),
                })
            }
            // A number, how many values there are, these, and both ends.
            [kind, count, values @ .., local, remote] => {
                if number_in(count)? != values.len() as u64 {
                    return Err(malformed(format!(
                        "{} values, not as many as it says",
                        values.len()
                    )));
                }
                Ok(Self {
                    kind: EventKind::from_number(number_in(kind)?),
                    values: values.iter().map(number_in).collect::<Result<_>>()?,
                    place: Place::Ends { local: text(local), remote: text(remote) },
                })
            }
            _ => Err(malformed(format!("{} frames, not 2, and not 4 or more", frames.len()))),
        }
    }
}

/// The number of 64 bits that the frame is.
fn number_in(frame: &Message) -> Result<u64> {
    let bytes = frame[..].try_into();
    let bytes = bytes.map_err(|_| malformed(format!("a frame of {} bytes, not 8", frame.len())))?;
    Ok(u64::from_ne_bytes(bytes))
}

fn text(frame: &Message) -> String {
    frame.to_string_lossy().into_owned()
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

    /// Those of version 2.
    fn frames_of_2(kind: u64, count: u64, values: &[u64], ends: [&str; 2]) -> Vec<Message> {
        let numbers = [kind, count].into_iter().chain(values.iter().copied());
        let mut frames: Vec<Message> = numbers.map(|number| number.to_ne_bytes().into()).collect();
        frames.extend(ends.map(Message::from));
        frames
    }

    fn event(number: u16, value: u32) -> Event {
        Event::from_frames(&[head(number, value), "tcp://1".into()]).unwrap()
    }

    #[test]
    fn each_value_is_told_as_what_it_is() {
        let event = |kind: EventKind, value| event(kind.flag().bits().try_into().unwrap(), value);
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
    fn version_2_tells_both_ends_and_all_values() {
        let event = |kind: EventKind, values: &[u64], ends| {
            let frames = frames_of_2(kind.flag().bits(), values.len() as u64, values, ends);
            Event::from_frames(&frames).unwrap()
        };
        let accepted = event(EventKind::Accepted, &[7], ["tcp://1", "tcp://2"]);
        assert_eq!((accepted.fd(), accepted.pipes_stats()), (Some(7), None));
        assert_eq!((accepted.local(), accepted.remote()), (Some("tcp://1"), Some("tcp://2")));
        assert_eq!(accepted.endpoint(), "tcp://2");
        let listening = event(EventKind::Listening, &[7], ["tcp://1", ""]);
        assert_eq!((listening.local(), listening.remote()), (Some("tcp://1"), None));
        assert_eq!(listening.endpoint(), "tcp://1");
        let stats = event(EventKind::PipesStats, &[3, 4], ["", ""]);
        assert_eq!((stats.pipes_stats(), stats.value()), (Some((3, 4)), 3));
        // A descriptor of -1, which is none
        assert_eq!(event(EventKind::Closed, &[u64::MAX], ["", ""]).fd(), None);
        assert_eq!(event(EventKind::Other(1 << 40), &[], ["", ""]).value(), 0);
    }

    #[test]
    fn frames_of_version_2_that_contradict_themselves_are_an_error() {
        for (count, values) in [(1, &[][..]), (0, &[1]), (u64::MAX, &[1, 2])] {
            let error = Event::from_frames(&frames_of_2(1, count, values, ["", ""])).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
        }
        let frames: Vec<Message> = ["", "", "", ""].map(Message::from).into();
        let error = Event::from_frames(&frames).unwrap_err();
        assert_eq!(error.to_string(), "read event: a frame of 0 bytes, not 8");
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
                    prop_assert!(frames.len() == 2 && frames[0].len() == 6 || frames.len() >= 4);
                    let _ = (event.fd(), event.error(), event.interval(), event.zap_status());
                }
                Err(error) => prop_assert_eq!(error.kind(), ErrorKind::InvalidInput),
            }
        }

        #[test]
        fn what_libzmq_writes_is_read(number in any::<u16>(), value in any::<u32>()) {
            let event = event(number, value);
            prop_assert_eq!(event.kind().flag().bits(), u64::from(number));
            prop_assert_eq!(event.value(), u64::from(value));
            let _ = (event.fd(), event.error(), event.protocol_error(), event.kind().to_string());
        }
    }
}
