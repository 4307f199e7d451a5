//! `ZGossipMsg`, what the nodes of a gossip network say to each other, and its bytes.

use std::time::Duration;

use zmqx::{Error, Result};

/// What each message begins with.
const SIGNATURE: u16 = 0xAAA0;
/// Of the protocol.
const VERSION: u8 = 1;

const HELLO: u8 = 1;
const PUBLISH: u8 = 2;
const PING: u8 = 3;
const PONG: u8 = 4;
const INVALID: u8 = 5;

const ENCODE: &str = "encode gossip message";
const DECODE: &str = "decode gossip message";

/// A message of the ZeroMQ Gossip Protocol: the class `zgossip_msg`.
///
/// [`ZGossip`](crate::ZGossip) sends and receives these by itself. They are for programs that take part in the protocol
/// over a DEALER or ROUTER of their own.
///
/// ```
/// use czmq_like::ZGossipMsg;
///
/// let msg = ZGossipMsg::publish("host", "10.0.0.1");
/// let frame = msg.encode()?;
/// assert_eq!(frame, b"\xAA\xA0\x02\x01\x04host\0\0\0\x0810.0.0.1\0\0\0\0");
/// assert_eq!(ZGossipMsg::decode(&frame)?, msg);
/// # Ok::<(), czmq_like::Error>(())
/// ```
///
/// # The frame
///
/// | bytes | |
/// |---|---|
/// | 2 | AA A0 |
/// | 1 | which message: HELLO 1, PUBLISH 2, PING 3, PONG 4, INVALID 5 |
/// | 1 | the version of the protocol, 1 |
///
/// and of PUBLISH, with numbers in network order:
///
/// | bytes | |
/// |---|---|
/// | 1, and as many | the key |
/// | 4, and as many | the value |
/// | 4 | the time to live, in milliseconds |
#[doc(alias("zgossip_msg_t", "zgossip_msg_new"))]
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ZGossipMsg {
    /// A client's first message to a server, which answers with its tuples.
    Hello,
    /// A tuple, from either.
    Publish {
        /// Of no more than 255 bytes, and without NUL.
        key: String,
        /// Without NUL.
        value: String,
        /// How long it is to last, in whole milliseconds, of which CZMQ's stable API always sends 0 and makes nothing.
        ttl: Duration,
    },
    /// A client is alive.
    Ping,
    /// A server's answer to a ping.
    Pong,
    /// A server's answer to what it does not take, after which the client is unknown to it.
    Invalid,
}

impl ZGossipMsg {
    /// Makes a PUBLISH that says nothing about the time to live.
    pub fn publish(key: impl Into<String>, value: impl Into<String>) -> Self {
        Self::Publish { key: key.into(), value: value.into(), ttl: Duration::ZERO }
    }

    /// Returns the name of the message in the protocol, as "HELLO".
    #[doc(alias = "zgossip_msg_command")]
    pub fn command(&self) -> &'static str {
        match self {
            Self::Hello => "HELLO",
            Self::Publish { .. } => "PUBLISH",
            Self::Ping => "PING",
            Self::Pong => "PONG",
            Self::Invalid => "INVALID",
        }
    }

    /// Writes the frame.
    ///
    /// # Errors
    ///
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput): a key of more than 255 bytes, a value of more than 4 GB or a
    ///   time to live of more than 49 days, for which the frame has no room; or a NUL in a text, where C ends it.
    #[doc(alias = "zgossip_msg_send")]
    pub fn encode(&self) -> Result<Vec<u8>> {
        let mut frame = SIGNATURE.to_be_bytes().to_vec();
        frame.extend([self.number(), VERSION]);
        if let Self::Publish { key, value, ttl } = self {
            if has_nul(key) || has_nul(value) {
                return Err(Error::invalid(ENCODE, "a NUL in a key or value"));
            }
            let no_room = |what| move |_| Error::invalid(ENCODE, what);
            let key_len = u8::try_from(key.len()).map_err(no_room("a key of over 255 bytes"))?;
            let value_len = u32::try_from(value.len()).map_err(no_room("a value of over 4 GB"))?;
            let ttl = u32::try_from(ttl.as_millis())
                .map_err(no_room("a time to live of over 49 days"))?;
            frame.reserve_exact(key.len() + value.len() + 9);
            frame.push(key_len);
            frame.extend(key.as_bytes());
            frame.extend(value_len.to_be_bytes());
            frame.extend(value.as_bytes());
            frame.extend(ttl.to_be_bytes());
        }
        Ok(frame)
    }

    /// Reads a frame. It takes just the frames that [`encode`](Self::encode) writes, and no more memory than they have
    /// bytes.
    ///
    /// # Errors
    ///
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput): it is cut short, or something follows it; another protocol or
    ///   version; an unknown message; a text that is not UTF-8, or has a NUL.
    #[doc(alias = "zgossip_msg_recv")]
    pub fn decode(frame: &[u8]) -> Result<Self> {
        let mut rest = Rest(frame);
        if u16::from_be_bytes(rest.take_array()?) != SIGNATURE {
            return Err(Error::invalid(DECODE, "it is of another protocol"));
        }
        let [number, version] = rest.take_array()?;
        if version != VERSION {
            return Err(Error::invalid(DECODE, format!("its version is {version}")));
        }
        let msg = match number {
            HELLO => Self::Hello,
            PUBLISH => {
                let [key_len] = rest.take_array()?;
                let key = rest.take_text(key_len.into())?;
                let value_len = u32::from_be_bytes(rest.take_array()?);
                // What is too long for a usize is too long for the frame.
                let value = rest.take_text(usize::try_from(value_len).unwrap_or(usize::MAX))?;
                let ttl = u32::from_be_bytes(rest.take_array()?);
                let (key, value) = (key.to_owned(), value.to_owned());
                Self::Publish { key, value, ttl: Duration::from_millis(ttl.into()) }
            }
            PING => Self::Ping,
            PONG => Self::Pong,
            INVALID => Self::Invalid,
            _ => return Err(Error::invalid(DECODE, format!("there is no message {number}"))),
        };
        if !rest.0.is_empty() {
            return Err(Error::invalid(DECODE, format!("{} bytes too many", rest.0.len())));
        }
        Ok(msg)
    }

    fn number(&self) -> u8 {
        match self {
            Self::Hello => HELLO,
            Self::Publish { .. } => PUBLISH,
            Self::Ping => PING,
            Self::Pong => PONG,
            Self::Invalid => INVALID,
        }
    }
}

fn has_nul(text: &str) -> bool {
    text.contains('\0')
}

/// What of a frame is to be read yet.
struct Rest<'f>(&'f [u8]);

impl<'f> Rest<'f> {
    fn take(&mut self, len: usize) -> Result<&'f [u8]> {
        let Some((taken, rest)) = self.0.split_at_checked(len) else {
            return Err(Error::invalid(DECODE, "it is cut short"));
        };
        self.0 = rest;
        Ok(taken)
    }

    fn take_array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let Some((taken, rest)) = self.0.split_first_chunk() else {
            return Err(Error::invalid(DECODE, "it is cut short"));
        };
        self.0 = rest;
        Ok(*taken)
    }

    fn take_text(&mut self, len: usize) -> Result<&'f str> {
        let text = std::str::from_utf8(self.take(len)?);
        match text {
            Ok(text) if !has_nul(text) => Ok(text),
            _ => Err(Error::invalid(DECODE, "a key or value is no text")),
        }
    }
}
