//! `ZreBeacon`, the beacon of ZeroMQ's Realtime Exchange Protocol.

use zmqx::{Error, Result};

/// The beacon of ZRE, RFC 20 and RFC 36: that a node is there, and on which port it can be reached.
///
/// A [`ZBeacon`](crate::ZBeacon) publishes [`encode`](Self::encode)'s bytes, on [`PORT`](Self::PORT), and subscribes to
/// [`HEADER`](Self::HEADER).
///
/// ```
/// use czmq_like::ZreBeacon;
///
/// let beacon = ZreBeacon { uuid: *b"sixteen bytes...", port: 0xC000 };
/// assert_eq!(beacon.encode(), *b"ZRE\x01sixteen bytes...\xC0\x00");
/// assert_eq!(ZreBeacon::decode(&beacon.encode())?, beacon);
/// # Ok::<(), czmq_like::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ZreBeacon {
    /// The node's own.
    pub uuid: [u8; 16],
    /// The TCP port on which it takes connections. 0 says that the node is leaving.
    pub port: u16,
}

impl ZreBeacon {
    /// What each begins with: "ZRE", and the version 1.
    pub const HEADER: [u8; 4] = *b"ZRE\x01";
    /// How many bytes each has.
    pub const LEN: usize = 22;
    /// The UDP port that IANA has assigned to it.
    pub const PORT: u16 = 5670;

    /// Writes the beacon.
    pub fn encode(&self) -> [u8; Self::LEN] {
        let mut beacon = [0; Self::LEN];
        beacon[..4].copy_from_slice(&Self::HEADER);
        beacon[4..20].copy_from_slice(&self.uuid);
        beacon[20..].copy_from_slice(&self.port.to_be_bytes());
        beacon
    }

    /// Reads a beacon.
    ///
    /// # Errors
    ///
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput): it is not 22 bytes, or begins with another header. The RFC
    ///   has a node discard it silently.
    pub fn decode(beacon: &[u8]) -> Result<Self> {
        let invalid = |reason| Error::invalid("decode ZRE beacon", reason);
        let beacon: &[u8; Self::LEN] =
            beacon.try_into().map_err(|_| invalid("it is not of 22 bytes"))?;
        let Some(([b'Z', b'R', b'E', 1], body)) = beacon.split_first_chunk() else {
            return Err(invalid("it has another header"));
        };
        let Some((uuid, &[high, low])) = body.split_first_chunk() else {
            return Err(invalid("it has another body"));
        };
        Ok(Self { uuid: *uuid, port: u16::from_be_bytes([high, low]) })
    }
}
