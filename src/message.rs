//! `Message`'s conversions and comparisons; its owner of memory is in `raw::message`.

use std::borrow::{Borrow, Cow};
use std::cmp::Ordering;
use std::ffi::CString;
use std::fmt::{self, Write};
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::str::Utf8Error;

use crate::error::{Error, Result};

pub use crate::raw::message::Message;

/// Up to this many bytes of an owned buffer are copied into the message itself, which costs no allocation; more are
/// taken as they are.
const COPIED: usize = 33;

/// Up to this many bytes of a shared `Bytes` are copied: to count references costs more.
#[cfg(feature = "bytes")]
const COPIED_SHARED: usize = 1023;

/// How much of a message its Debug shows.
const SHOWN: usize = 64;

impl Message {
    /// Returns the text, or where it is not UTF-8.
    ///
    /// # Errors
    ///
    /// - The position of the first byte that is not UTF-8.
    pub fn as_str(&self) -> Result<&str, Utf8Error> {
        std::str::from_utf8(self)
    }

    /// Returns the text, with U+FFFD for what is not UTF-8.
    pub fn to_string_lossy(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(self)
    }

    /// Returns a property of the connection that the message came by, as "Peer-Address", "Socket-Type" or "User-Id",
    /// or of its peer's own, as "X-key"; `None` where there is no such property. Since libzmq 4.1.
    ///
    /// Corresponds to [`zmq_msg_gets(3)`](https://libzmq.readthedocs.io/en/latest/zmq_msg_gets.html).
    ///
    /// # Errors
    ///
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput): a name with a NUL in it, or a value that is not UTF-8.
    /// - [`Unsupported`](crate::ErrorKind::Unsupported): by libzmq before 4.1.
    pub fn property(&self, name: &str) -> Result<Option<&str>> {
        let invalid = |reason| Error::invalid("get property", reason).on(format!("{name:?}"));
        let text = CString::new(name).map_err(|_| invalid("a name with a NUL in it"))?;
        let Some(value) = self.gets(&text)? else {
            return Ok(None);
        };
        value.to_str().map(Some).map_err(|_| invalid("its value is not UTF-8"))
    }

    /// Returns the kind of the socket that sent it, as "DEALER": the property "Socket-Type". Since libzmq 4.1.
    ///
    /// # Errors
    ///
    /// As [`property`](Self::property).
    pub fn socket_type(&self) -> Result<Option<&str>> {
        self.property("Socket-Type")
    }

    /// Returns the user that authentication found its sender to be: the property "User-Id". Since libzmq 4.1.
    ///
    /// # Errors
    ///
    /// As [`property`](Self::property).
    pub fn user_id(&self) -> Result<Option<&str>> {
        self.property("User-Id")
    }
}

impl Default for Message {
    fn default() -> Self {
        Self::new()
    }
}

impl Deref for Message {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        self.as_slice()
    }
}

impl AsRef<[u8]> for Message {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl Borrow<[u8]> for Message {
    fn borrow(&self) -> &[u8] {
        self
    }
}

impl Clone for Message {
    /// Copies the bytes; [`share`](Message::share) does not.
    fn clone(&self) -> Self {
        Self::copy_of(self)
    }
}

impl fmt::Debug for Message {
    /// Shows text as text and other bytes in hexadecimal, the first 64 of them, and how many there are.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{:03}] ", self.len())?;
        let shown = &self[..self.len().min(SHOWN)];
        match readable(shown, shown.len() < self.len()) {
            Some(text) => write!(f, "{text:?}")?,
            None => shown.iter().try_for_each(|byte| write!(f, "{byte:02X}"))?,
        }
        if shown.len() < self.len() {
            f.write_char('…')?;
        }
        Ok(())
    }
}

/// The text of bytes that a person can read. Where they were cut, a character that this left in two is not shown.
fn readable(bytes: &[u8], is_cut: bool) -> Option<&str> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) if is_cut && error.error_len().is_none() => {
            std::str::from_utf8(&bytes[..error.valid_up_to()]).ok()?
        }
        Err(_) => return None,
    };
    let printable = |letter: char| !letter.is_control() || letter.is_ascii_whitespace();
    text.chars().all(printable).then_some(text)
}

macro_rules! copied {
    ($([$($generic:tt)*] $from:ty;)+) => {
        $(impl<$($generic)*> From<$from> for Message {
            /// Copies the bytes.
            #[inline]
            fn from(value: $from) -> Self {
                let bytes: &[u8] = value.as_ref();
                Self::copy_of(bytes)
            }
        })+
    };
}

copied! {
    [] &[u8];
    [] &str;
    [] &String;
    [] &Vec<u8>;
    [const N: usize] [u8; N];
    [const N: usize] &[u8; N];
}

impl From<Vec<u8>> for Message {
    /// Takes the buffer without a copy, from 34 bytes on.
    #[inline]
    fn from(bytes: Vec<u8>) -> Self {
        if bytes.len() <= COPIED { Self::copy_of(&bytes) } else { Self::from_vec(bytes) }
    }
}

impl From<String> for Message {
    /// Takes the buffer without a copy, from 34 bytes on.
    #[inline]
    fn from(text: String) -> Self {
        text.into_bytes().into()
    }
}

impl From<Box<[u8]>> for Message {
    /// Takes the buffer without a copy, from 34 bytes on.
    fn from(bytes: Box<[u8]>) -> Self {
        bytes.into_vec().into()
    }
}

impl From<Cow<'_, [u8]>> for Message {
    fn from(bytes: Cow<'_, [u8]>) -> Self {
        match bytes {
            Cow::Borrowed(bytes) => bytes.into(),
            Cow::Owned(bytes) => bytes.into(),
        }
    }
}

impl From<Cow<'_, str>> for Message {
    fn from(text: Cow<'_, str>) -> Self {
        match text {
            Cow::Borrowed(text) => text.into(),
            Cow::Owned(text) => text.into(),
        }
    }
}

#[cfg(feature = "bytes")]
impl From<bytes::Bytes> for Message {
    /// Takes a share of the buffer without a copy, from 1 KiB on.
    fn from(bytes: bytes::Bytes) -> Self {
        if bytes.len() <= COPIED_SHARED { Self::copy_of(&bytes) } else { Self::from_owner(bytes) }
    }
}

#[cfg(feature = "bytes")]
impl From<Message> for bytes::Bytes {
    /// Takes the message without a copy.
    fn from(message: Message) -> Self {
        Self::from_owner(message)
    }
}

impl PartialEq for Message {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Message {}

impl PartialOrd for Message {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Message {
    fn cmp(&self, other: &Self) -> Ordering {
        (**self).cmp(other)
    }
}

impl Hash for Message {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

macro_rules! compared {
    ($([$($generic:tt)*] $with:ty;)+) => {
        $(
            impl<$($generic)*> PartialEq<$with> for Message {
                fn eq(&self, other: &$with) -> bool {
                    let other: &[u8] = other.as_ref();
                    **self == *other
                }
            }

            impl<$($generic)*> PartialEq<Message> for $with {
                fn eq(&self, other: &Message) -> bool {
                    other == self
                }
            }
        )+
    };
}

compared! {
    [] [u8];
    [] &[u8];
    [] str;
    [] &str;
    [] String;
    [] Vec<u8>;
    [const N: usize] [u8; N];
    [const N: usize] &[u8; N];
}
