//! Z85, ZeroMQ's text for binary keys: five printable characters for four bytes.
//!
//! [RFC 32](https://rfc.zeromq.org/spec/32/) has it. None of its characters is a quote or a backslash, so that a key
//! can stand in source code and configuration files as it is.
//!
//! It needs nothing of libzmq's, and is there whichever one is linked.
//!
//! ```
//! use zmqx::z85;
//!
//! let text = z85::encode([0x86, 0x4F, 0xD2, 0x6F, 0xB5, 0x59, 0xF7, 0x5B])?;
//! assert_eq!(text, "HelloWorld");
//! assert_eq!(z85::decode("HelloWorld")?, [0x86, 0x4F, 0xD2, 0x6F, 0xB5, 0x59, 0xF7, 0x5B]);
//! # Ok::<(), zmqx::Error>(())
//! ```

use crate::error::{Error, Result};

const LETTERS: &[u8; 85] =
    b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

/// What stands for no letter.
const NONE: u8 = u8::MAX;

/// The value of each byte that is a letter.
const VALUES: [u8; 256] = {
    let mut values = [NONE; 256];
    let mut value = 0;
    while value < 85 {
        values[LETTERS[value as usize] as usize] = value;
        value += 1;
    }
    values
};

/// Encodes bytes, whose number is to be a multiple of four.
///
/// Corresponds to [`zmq_z85_encode(3)`](https://libzmq.readthedocs.io/en/latest/zmq_z85_encode.html).
///
/// # Errors
///
/// - [`InvalidInput`](crate::ErrorKind::InvalidInput): the number of bytes is no multiple of four.
pub fn encode(bytes: impl AsRef<[u8]>) -> Result<String> {
    let bytes = bytes.as_ref();
    let groups = bytes.chunks_exact(4);
    if !groups.remainder().is_empty() {
        let reason = format!("{} bytes, which is no multiple of 4", bytes.len());
        return Err(Error::invalid("encode Z85", reason));
    }
    // The room is there from the start: a text that grows would leave parts of a secret behind.
    let mut text = String::with_capacity(bytes.len() / 4 * 5);
    for group in groups {
        let number = group.iter().fold(0, |number, byte| number << 8 | u32::from(*byte));
        for unit in [85_u32.pow(4), 85_u32.pow(3), 85_u32.pow(2), 85, 1] {
            text.push(char::from(LETTERS[(number / unit % 85) as usize]));
        }
    }
    Ok(text)
}

/// Decodes a text, whose length is to be a multiple of five.
///
/// Corresponds to [`zmq_z85_decode(3)`](https://libzmq.readthedocs.io/en/latest/zmq_z85_decode.html).
///
/// # Errors
///
/// - [`InvalidInput`](crate::ErrorKind::InvalidInput): the length is no multiple of five, a character is none of
///   Z85's, or five of them stand for more than four bytes. The error does not show the text, which may be a secret.
pub fn decode(text: impl AsRef<str>) -> Result<Vec<u8>> {
    let text = text.as_ref().as_bytes();
    let mut bytes = vec![0; text.len() / 5 * 4];
    decode_into(text, &mut bytes)?;
    Ok(bytes)
}

/// Decodes into a buffer of just the size that the text makes.
pub(crate) fn decode_into(text: &[u8], bytes: &mut [u8]) -> Result<()> {
    const DOING: &str = "decode Z85";
    if text.len() % 5 != 0 || text.len() / 5 * 4 != bytes.len() {
        let reason = match text.len() % 5 {
            0 => format!("{} characters, not {}", text.len(), bytes.len() / 4 * 5),
            _ => format!("{} characters, which is no multiple of 5", text.len()),
        };
        return Err(Error::invalid(DOING, reason));
    }
    for (at, (letters, group)) in text.chunks_exact(5).zip(bytes.chunks_exact_mut(4)).enumerate() {
        let mut number = 0_u32;
        for (offset, letter) in letters.iter().enumerate() {
            let value = VALUES[usize::from(*letter)];
            if value == NONE {
                let reason = format!("no character of Z85 at byte {}", at * 5 + offset);
                return Err(Error::invalid(DOING, reason));
            }
            let grown = number.checked_mul(85).and_then(|grown| grown.checked_add(value.into()));
            number = grown.ok_or_else(|| {
                let reason = format!("more than four bytes' worth at byte {}", at * 5);
                Error::invalid(DOING, reason)
            })?;
        }
        group.copy_from_slice(&number.to_be_bytes());
    }
    Ok(())
}
