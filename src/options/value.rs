//! How values are written for libzmq, and read from it: a codec for each way that an option has.

mod bytes;
mod time;

use std::borrow::Cow;
use std::ffi::c_int;
use std::fmt;

use super::access::retry;
use super::types::{GssapiNameType, Mechanism, ReconnectStop, RouterNotify};
use crate::error::{Error, ErrorKind, Result};
use crate::kind::SocketKind;
use crate::poll::PollEvents;
use crate::raw::poll::RawFd;
use crate::raw::socket::{Number, RawSocket};
use crate::version::version;

pub(super) use bytes::{
    Address, Binary, Device, Key, Name, Password, Property, RoutingId, Secret, SecretText, Text,
};
pub(super) use time::{Deciseconds, Forever, Millis, Seconds, ZeroIsNone};

/// Why a value cannot be an option's.
pub(super) type Reason = Cow<'static, str>;

/// A value as libzmq takes it.
#[derive(Clone, Copy)]
pub(super) enum Encoded<'a> {
    Int(i32),
    Long(i64),
    Unsigned(u64),
    Bytes(&'a [u8]),
    /// Bytes that no error shows.
    Secret(&'a [u8]),
    Null,
}

impl fmt::Display for Encoded<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(number) => number.fmt(f),
            Self::Long(number) => number.fmt(f),
            Self::Unsigned(number) => number.fmt(f),
            Self::Bytes(bytes) => write!(f, "\"{}\"", bytes.escape_ascii()),
            Self::Secret(_) => f.write_str("a secret"),
            Self::Null => f.write_str("none"),
        }
    }
}

/// A codec that writes values of type `V`.
pub(super) trait Encode<V> {
    fn encode(value: &V) -> Result<Encoded<'_>, Reason>;
}

/// A codec that reads values of type `V`.
pub(super) trait Decode<V> {
    fn decode(reader: &Reader<'_>) -> Result<V>;
}

/// Reads one option of a socket.
pub(super) struct Reader<'a> {
    pub(super) raw: &'a RawSocket,
    pub(super) number: c_int,
}

impl Reader<'_> {
    fn int(&self) -> Result<c_int> {
        self.number()
    }

    fn number<T: Number>(&self) -> Result<T> {
        retry(|| self.raw.get_number(self.number))
    }

    /// Reads a value of as many bytes as the buffer has, or fewer.
    fn bytes_into<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b mut [u8]> {
        let len = retry(|| self.raw.get(self.number, buffer))?;
        Ok(&mut buffer[..len])
    }

    /// Reads a value of any size: libzmq does not tell it, but gives EINVAL where the buffer is too small.
    fn bytes(&self) -> Result<Vec<u8>> {
        match self.bytes_into(&mut [0; 512]) {
            Err(error) if error.kind() == ErrorKind::InvalidInput => {}
            done => return done.map(|bytes| bytes.to_vec()),
        }
        self.bytes_into(&mut vec![0; 0x1_0000]).map(|bytes| bytes.to_vec())
    }
}

/// The error of a number that has no meaning here.
fn unknown(number: impl fmt::Display) -> Error {
    Error::unsupported("get", format!("libzmq says {number}, which means nothing here"))
}

/// A number that a C int cannot hold.
fn too_large(value: impl fmt::Display) -> Reason {
    format!("{value} is more than libzmq takes").into()
}

/// 1 or 0.
pub(super) struct Flag;

impl Encode<bool> for Flag {
    fn encode(value: &bool) -> Result<Encoded<'_>, Reason> {
        Ok(Encoded::Int((*value).into()))
    }
}

impl Decode<bool> for Flag {
    fn decode(reader: &Reader<'_>) -> Result<bool> {
        reader.int().map(|number| number != 0)
    }
}

/// 1, 0, or -1 for what the system does.
pub(super) struct Switch;

impl Encode<Option<bool>> for Switch {
    fn encode(value: &Option<bool>) -> Result<Encoded<'_>, Reason> {
        Ok(Encoded::Int(value.map_or(-1, i32::from)))
    }
}

impl Decode<Option<bool>> for Switch {
    fn decode(reader: &Reader<'_>) -> Result<Option<bool>> {
        reader.int().map(|number| (number >= 0).then_some(number > 0))
    }
}

/// A C int that counts something.
pub(super) struct Size;

impl Encode<usize> for Size {
    fn encode(value: &usize) -> Result<Encoded<'_>, Reason> {
        i32::try_from(*value).map(Encoded::Int).map_err(|_| too_large(value))
    }
}

impl Decode<usize> for Size {
    fn decode(reader: &Reader<'_>) -> Result<usize> {
        let number = reader.int()?;
        usize::try_from(number).map_err(|_| unknown(number))
    }
}

/// A C int that counts something of which there is one at least, or -1 for what the system does.
pub(super) struct Count;

impl Encode<Option<usize>> for Count {
    fn encode(value: &Option<usize>) -> Result<Encoded<'_>, Reason> {
        match value {
            None => Ok(Encoded::Int(-1)),
            Some(0) => Err("0 is out of range; None is the system's own".into()),
            Some(value) => Size::encode(value),
        }
    }
}

impl Decode<Option<usize>> for Count {
    fn decode(reader: &Reader<'_>) -> Result<Option<usize>> {
        reader.int().map(|number| usize::try_from(number).ok())
    }
}

/// The size of a buffer of the system's, or what the system has: -1, and before libzmq 4.2 it was 0.
pub(super) struct Buffer;

impl Buffer {
    fn system() -> i32 {
        let runs = version();
        if (runs.major, runs.minor) < (4, 2) { 0 } else { -1 }
    }
}

impl Encode<Option<usize>> for Buffer {
    fn encode(value: &Option<usize>) -> Result<Encoded<'_>, Reason> {
        value.as_ref().map_or(Ok(Encoded::Int(Self::system())), Size::encode)
    }
}

impl Decode<Option<usize>> for Buffer {
    fn decode(reader: &Reader<'_>) -> Result<Option<usize>> {
        let number = reader.int()?;
        Ok(usize::try_from(number).ok().filter(|_| number != Self::system()))
    }
}

/// An i64 that limits a size, or -1 for no limit.
pub(super) struct Limit;

impl Encode<Option<usize>> for Limit {
    fn encode(value: &Option<usize>) -> Result<Encoded<'_>, Reason> {
        let Some(value) = value else { return Ok(Encoded::Long(-1)) };
        i64::try_from(*value).map(Encoded::Long).map_err(|_| too_large(value))
    }
}

impl Decode<Option<usize>> for Limit {
    fn decode(reader: &Reader<'_>) -> Result<Option<usize>> {
        // More than there can be is no limit either.
        reader.number::<i64>().map(|number| usize::try_from(number).ok())
    }
}

/// A u64 that is a size.
pub(super) struct Size64;

impl Encode<usize> for Size64 {
    fn encode(value: &usize) -> Result<Encoded<'_>, Reason> {
        u64::try_from(*value).map(Encoded::Unsigned).map_err(|_| too_large(value))
    }
}

impl Decode<usize> for Size64 {
    fn decode(reader: &Reader<'_>) -> Result<usize> {
        let number = reader.number::<u64>()?;
        usize::try_from(number).map_err(|_| unknown(number))
    }
}

/// A u64 of bits.
pub(super) struct Bits;

impl Encode<u64> for Bits {
    fn encode(value: &u64) -> Result<Encoded<'_>, Reason> {
        Ok(Encoded::Unsigned(*value))
    }
}

impl Decode<u64> for Bits {
    fn decode(reader: &Reader<'_>) -> Result<u64> {
        reader.number()
    }
}

/// A C int that is a byte of a packet's header.
pub(super) struct Byte;

impl Encode<u8> for Byte {
    fn encode(value: &u8) -> Result<Encoded<'_>, Reason> {
        Ok(Encoded::Int((*value).into()))
    }
}

impl Decode<u8> for Byte {
    fn decode(reader: &Reader<'_>) -> Result<u8> {
        let number = reader.int()?;
        u8::try_from(number).map_err(|_| unknown(number))
    }
}

/// The number of a user, group or process to let in; NULL clears the list of them.
pub(super) struct Id;

impl Encode<Option<u32>> for Id {
    fn encode(value: &Option<u32>) -> Result<Encoded<'_>, Reason> {
        Ok(value.map_or(Encoded::Null, |id| Encoded::Int(i32::from_ne_bytes(id.to_ne_bytes()))))
    }
}

/// What the socket is ready for.
pub(super) struct Events;

impl Decode<PollEvents> for Events {
    fn decode(reader: &Reader<'_>) -> Result<PollEvents> {
        let number = reader.int()?;
        number.try_into().map(PollEvents::from_bits_truncate).map_err(|_| unknown(number))
    }
}

/// A file descriptor, which is a SOCKET on Windows.
pub(super) struct Descriptor;

impl Decode<RawFd> for Descriptor {
    fn decode(reader: &Reader<'_>) -> Result<RawFd> {
        reader.number()
    }
}

/// The number of a descriptor, or -1 for none.
pub(super) struct DescriptorNumber;

impl Decode<Option<i32>> for DescriptorNumber {
    fn decode(reader: &Reader<'_>) -> Result<Option<i32>> {
        reader.int().map(|number| Some(number).filter(|number| *number >= 0))
    }
}

/// The number of a kind of sockets.
pub(super) struct KindNumber;

impl Decode<SocketKind> for KindNumber {
    fn decode(reader: &Reader<'_>) -> Result<SocketKind> {
        let number = reader.int()?;
        SocketKind::from_number(number).ok_or_else(|| unknown(number))
    }
}

/// The number of a security mechanism.
pub(super) struct MechanismNumber;

impl Decode<Mechanism> for MechanismNumber {
    fn decode(reader: &Reader<'_>) -> Result<Mechanism> {
        let number = reader.int()?;
        Mechanism::from_number(number).ok_or_else(|| unknown(number))
    }
}

/// The number of a type of GSSAPI names.
pub(super) struct NameType;

impl Encode<GssapiNameType> for NameType {
    fn encode(value: &GssapiNameType) -> Result<Encoded<'_>, Reason> {
        Ok(Encoded::Int(value.number()))
    }
}

impl Decode<GssapiNameType> for NameType {
    fn decode(reader: &Reader<'_>) -> Result<GssapiNameType> {
        let number = reader.int()?;
        GssapiNameType::from_number(number).ok_or_else(|| unknown(number))
    }
}

/// The bits of what ends the attempts to connect again.
pub(super) struct Stops;

impl Encode<ReconnectStop> for Stops {
    fn encode(value: &ReconnectStop) -> Result<Encoded<'_>, Reason> {
        Ok(Encoded::Int(value.bits()))
    }
}

impl Decode<ReconnectStop> for Stops {
    fn decode(reader: &Reader<'_>) -> Result<ReconnectStop> {
        reader.int().map(ReconnectStop::from_bits_retain)
    }
}

/// The bits of what a ROUTER is told of.
pub(super) struct Notices;

impl Encode<RouterNotify> for Notices {
    fn encode(value: &RouterNotify) -> Result<Encoded<'_>, Reason> {
        Ok(Encoded::Int(value.bits()))
    }
}

impl Decode<RouterNotify> for Notices {
    fn decode(reader: &Reader<'_>) -> Result<RouterNotify> {
        reader.int().map(RouterNotify::from_bits_retain)
    }
}

#[cfg(test)]
mod tests {
    use zmq_sys_ext as ffi;

    use super::{Encoded, Reader};
    use crate::{Context, Dealer, ErrorKind};

    #[test]
    fn rcvmore_size_checked() {
        let socket = Context::new().unwrap().socket(Dealer).unwrap();
        let reader = Reader { raw: &socket.core.raw, number: ffi::ZMQ_RCVMORE };
        assert_eq!(reader.int().unwrap(), 0);
        // 3.2 refuses nothing here, and later ones write four bytes of the eight.
        assert_eq!(reader.number::<i64>().unwrap_err().kind(), ErrorKind::InvalidInput);
    }

    #[test]
    fn a_secret_is_not_displayed() {
        assert_eq!(Encoded::Secret(b"hunter2").to_string(), "a secret");
        assert_eq!(Encoded::Bytes(b"a\0\"").to_string(), r#""a\x00\"""#);
    }

    #[test]
    fn an_unknown_number_is_an_error() {
        assert_eq!(super::unknown(99).kind(), ErrorKind::Unsupported);
        assert_eq!(super::Mechanism::from_number(99), None);
        assert_eq!(super::GssapiNameType::from_number(99), None);
    }
}
