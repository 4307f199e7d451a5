//! Strings as frames: the class `zstr`.
//!
//! A string goes as it is, without a NUL at its end. What is received and is not UTF-8 has U+FFFD in those places; for
//! the bytes as they came, use [`ZFrame::recv`](crate::ZFrame::recv). What C formats, `format!` does.
//!
//! ```
//! use czmq_like::prelude::*;
//!
//! let ctx = zmqx::Context::new()?;
//! let output = ctx.socket(Pair)?;
//! output.bind("inproc://zstr")?;
//! let input = ctx.socket(Pair)?;
//! input.connect("inproc://zstr")?;
//!
//! zstr::send(&output, "Hello")?;
//! zstr::sendm(&output, "temperature")?;
//! zstr::send(&output, format!("{}", 21))?;
//! zstr::sendx(&output, &["This", "is", "the", "END"])?;
//!
//! assert_eq!(zstr::recv(&input)?, "Hello");
//! let [name, value] = zstr::recvx(&input)?;
//! assert_eq!((name.as_deref(), value.as_deref()), (Some("temperature"), Some("21")));
//! assert_eq!(zstr::recv(&input)?, "This");
//! # Ok::<(), zmqx::Error>(())
//! ```

use zmqx::{Receives, Result, Sends, Socket};

use crate::ZMsg;

/// Sends a string as a frame, the last one of its message.
///
/// # Errors
///
/// As [`Socket::send`].
#[doc(alias("zstr_send", "zstr_sendf"))]
#[inline]
pub fn send<K: Sends>(socket: &Socket<K>, string: impl AsRef<str>) -> Result<()> {
    Ok(socket.send(string.as_ref())?)
}

/// Sends a string as a frame that others of the same message follow.
///
/// # Errors
///
/// As [`Socket::send_more`].
#[doc(alias("zstr_sendm", "zstr_sendfm"))]
#[inline]
pub fn sendm<K: Sends>(socket: &Socket<K>, string: impl AsRef<str>) -> Result<()> {
    Ok(socket.send_more(string.as_ref())?)
}

/// Sends strings as the frames of one message, all of them or none. No strings are no message.
///
/// # Errors
///
/// As [`Socket::send_multipart`].
#[doc(alias = "zstr_sendx")]
pub fn sendx<K: Sends>(socket: &Socket<K>, strings: &[&str]) -> Result<()> {
    Ok(strings.iter().copied().collect::<ZMsg>().send(socket)?)
}

/// Receives a frame as a string. It waits until one is there.
///
/// # Errors
///
/// As [`Socket::recv`]: where C gives NULL, [`Interrupted`](crate::ErrorKind::Interrupted) or
/// [`Terminated`](crate::ErrorKind::Terminated).
#[doc(alias = "zstr_recv")]
#[inline]
pub fn recv<K: Receives>(socket: &Socket<K>) -> Result<String> {
    socket.recv().map(text)
}

/// Receives as [`recv`], but does not wait.
///
/// # Errors
///
/// As [`Socket::try_recv`]: [`WouldBlock`](crate::ErrorKind::WouldBlock) where nothing is there.
#[doc(alias = "zstr_recv_nowait")]
#[inline]
pub fn recv_nowait<K: Receives>(socket: &Socket<K>) -> Result<String> {
    socket.try_recv().map(text)
}

/// Receives a whole message as so many strings: `None` for the frames that it lacks; those beyond are dropped.
///
/// # Errors
///
/// As [`recv`].
#[doc(alias = "zstr_recvx")]
pub fn recvx<const N: usize, K: Receives>(socket: &Socket<K>) -> Result<[Option<String>; N]> {
    let mut msg = ZMsg::recv(socket)?;
    Ok(std::array::from_fn(|_| msg.popstr()))
}

/// The text of a frame.
#[inline]
pub(crate) fn text(frame: impl AsRef<[u8]>) -> String {
    let bytes = frame.as_ref();
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => lossy(bytes),
    }
}

#[cold]
fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
