//! A message as one block of bytes, and as a file: CZMQ's formats.

use std::io::{BufWriter, Read, Write};

use zmqx::{Error, Result};

use super::ZMsg;

/// In an encoded message, the byte before a length of four bytes; a smaller one is a length itself.
const LONG: u8 = 0xFF;

impl ZMsg {
    /// Encodes it as one block of bytes, for what carries single frames only.
    ///
    /// The format is CZMQ's since version 2: before each frame its length, in one byte up to 254, or else in 0xFF and
    /// four bytes, the highest first. CZMQ 1.4 has another one for frames of 254 bytes up to 65,535.
    ///
    /// ```
    /// use czmq_like::ZMsg;
    ///
    /// let msg = ZMsg::from(["Hello", ""]);
    /// assert_eq!(msg.encode(), b"\x05Hello\x00");
    /// assert_eq!(ZMsg::decode(&msg.encode())?, msg);
    /// # Ok::<(), zmqx::Error>(())
    /// ```
    ///
    /// # Panics
    ///
    /// When a frame has 4 GiB or more, which the format has no length for.
    #[doc(alias = "zmsg_encode")]
    pub fn encode(&self) -> Vec<u8> {
        let size = |frame: &[u8]| frame.len() + if short(frame.len()).is_some() { 1 } else { 5 };
        let mut encoded = Vec::with_capacity(self.frames.iter().map(|frame| size(frame)).sum());
        for frame in &self.frames {
            match short(frame.len()) {
                Some(len) => encoded.push(len),
                None => {
                    #[allow(clippy::expect_used, reason = "the documented panic")]
                    let len = u32::try_from(frame.len()).expect("a frame of less than 4 GiB");
                    encoded.push(LONG);
                    encoded.extend_from_slice(&len.to_be_bytes());
                }
            }
            encoded.extend_from_slice(frame);
        }
        encoded
    }

    /// Decodes what [`encode`](Self::encode) or CZMQ encoded, as a frame or other bytes. No bytes are a message of no
    /// frames.
    ///
    /// The whole is checked before anything is allocated.
    ///
    /// # Errors
    ///
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput): a length, or the frame after it, goes beyond the end.
    #[doc(alias = "zmsg_decode")]
    pub fn decode(data: &[u8]) -> Result<Self> {
        split(data, encoded_len, "decode message")
    }

    /// Saves its frames to `file`; [`load`](Self::load) reads them again.
    ///
    /// The format is CZMQ's: before each frame its length, in the machine's `size_t` and byte order. It is for files
    /// that stay on one kind of machine; [`encode`](Self::encode) is for others.
    ///
    /// zmsg_load of CZMQ 4.2 takes no file that has an empty frame in it, be it written by this or by zmsg_save.
    ///
    /// # Errors
    ///
    /// - What writing to `file` gives.
    #[doc(alias = "zmsg_save")]
    pub fn save(&self, file: impl Write) -> Result<()> {
        let mut file = BufWriter::new(file);
        for frame in &self.frames {
            file.write_all(&frame.len().to_ne_bytes())?;
            file.write_all(frame)?;
        }
        Ok(file.flush()?)
    }

    /// Loads what [`save`](Self::save) or CZMQ saved: all that is left of `file`. An empty one is a message of no
    /// frames.
    ///
    /// ```
    /// use czmq_like::ZMsg;
    ///
    /// let msg = ZMsg::from(["Hello", "World"]);
    /// let mut file = Vec::new();
    /// msg.save(&mut file)?;
    /// assert_eq!(ZMsg::load(&file[..])?, msg);
    /// # Ok::<(), zmqx::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput): a length, or the frame after it, goes beyond the end. CZMQ
    ///   takes what is before for the message.
    /// - What reading from `file` gives.
    #[doc(alias = "zmsg_load")]
    pub fn load(mut file: impl Read) -> Result<Self> {
        // Read whole, as a length says nothing of how much there is.
        let mut data = Vec::new();
        file.read_to_end(&mut data)?;
        split(&data, saved_len, "load message")
    }
}

/// A frame's length as a byte, where that is enough.
fn short(len: usize) -> Option<u8> {
    u8::try_from(len).ok().filter(|len| *len < LONG)
}

/// Takes the length off the front of an encoded frame.
fn encoded_len(data: &mut &[u8]) -> Option<usize> {
    let (len, rest) = data.split_first()?;
    *data = rest;
    if *len < LONG {
        return Some(usize::from(*len));
    }
    let (len, rest) = data.split_first_chunk()?;
    *data = rest;
    usize::try_from(u32::from_be_bytes(*len)).ok()
}

/// Takes the length off the front of a saved frame.
fn saved_len(data: &mut &[u8]) -> Option<usize> {
    let (len, rest) = data.split_first_chunk()?;
    *data = rest;
    Some(usize::from_ne_bytes(*len))
}

/// Takes frames apart, each of which has its length in front.
fn split(
    data: &[u8],
    take_len: fn(&mut &[u8]) -> Option<usize>,
    operation: &'static str,
) -> Result<ZMsg> {
    let take_frame = |rest: &mut &'_ [u8]| {
        let len = take_len(rest)?;
        let (_, after) = rest.split_at_checked(len)?;
        *rest = after;
        Some(len)
    };
    // Once to see that it is a message, and then again for its frames: what is none costs nothing.
    let mut rest = data;
    while !rest.is_empty() {
        let invalid = || Error::invalid(operation, "it is cut short, or is none");
        take_frame(&mut rest).ok_or_else(invalid)?;
    }
    let mut msg = ZMsg::new();
    let mut rest = data;
    while let Some(len) = take_len(&mut rest) {
        let (frame, after) = rest.split_at(len);
        msg.frames.push_back(frame);
        rest = after;
    }
    Ok(msg)
}
