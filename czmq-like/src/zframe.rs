//! `ZFrame`, the class of single frames.

mod convert;
mod print;

use std::io::{self, Write};

use ref_cast::RefCast;
use zmqx::{Message, Receives, Result, SendError, Sends, Socket};

/// One frame of a message: the class `zframe`.
///
/// It is a [`Message`], and has its methods, with CZMQ's beside them. It compares with strings and bytes, and its
/// bytes are those of a slice. They are never written to; [`reset`](Self::reset) gives it others.
///
/// ```
/// use czmq_like::prelude::*;
///
/// let ctx = zmqx::Context::new()?;
/// let output = ctx.socket(Pair)?;
/// output.bind("inproc://zframe")?;
/// let input = ctx.socket(Pair)?;
/// input.connect("inproc://zframe")?;
///
/// let mut frame = ZFrame::new("Hello");
/// frame.dup().send_more(&output)?; // ZFRAME_MORE + ZFRAME_REUSE
/// frame.reset("World");
/// frame.send(&output)?;
///
/// let frame = ZFrame::recv(&input)?;
/// assert!(frame.streq("Hello"));
/// assert!(frame.more());
/// let frame = ZFrame::recv(&input)?;
/// assert_eq!(frame, "World");
/// assert_eq!(frame.strhex(), "576F726C64");
/// assert!(!frame.more());
/// # Ok::<(), zmqx::Error>(())
/// ```
///
/// # The flags of zframe_send
///
/// | C | Rust |
/// |---|---|
/// | `zframe_send (&frame, socket, 0)` | [`frame.send(&socket)?`](Self::send) |
/// | `ZFRAME_MORE` | [`frame.send_more(&socket)?`](Self::send_more) |
/// | `ZFRAME_REUSE` | [`frame.dup()`](Self::dup)`.send(&socket)?` |
/// | `ZFRAME_DONTWAIT` | [`frame.try_send(&socket)?`](Self::try_send) |
/// | `ZFRAME_MORE + ZFRAME_DONTWAIT` | [`frame.try_send_more(&socket)?`](Self::try_send_more) |
// A ZMsg holds messages, and lends them as frames: `ref_cast` and `ref_cast_mut` make the one the other, as both are
// the same in memory.
#[derive(RefCast)]
#[repr(transparent)]
pub struct ZFrame(Message);

impl ZFrame {
    /// Creates a frame of these bytes. Owned ones, as a `String` or a `Vec<u8>`, are not copied.
    #[doc(alias("zframe_new", "zframe_from"))]
    #[inline]
    pub fn new(data: impl Into<Message>) -> Self {
        Self(data.into())
    }

    /// Creates a frame of no bytes.
    #[doc(alias = "zframe_new_empty")]
    #[inline]
    pub fn new_empty() -> Self {
        Self(Message::new())
    }

    /// Creates a frame over the bytes of `owner`, without a copy.
    ///
    /// The owner's `Drop` is what the free function is in C: it runs once, when nobody has the frame any more, perhaps
    /// on another thread. See [`Message::from_owner`].
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use czmq_like::ZFrame;
    ///
    /// let chunk: Arc<[u8]> = Arc::from([b'A'; 1024]);
    /// let frame = ZFrame::new_zero_copy(Arc::clone(&chunk));
    /// assert_eq!(frame.data().as_ptr(), chunk.as_ptr());
    /// ```
    #[doc(alias("zframe_new_zero_copy", "zframe_frommem", "zframe_freefn"))]
    pub fn new_zero_copy(owner: impl AsRef<[u8]> + Send + 'static) -> Self {
        Self(Message::from_owner(owner))
    }

    /// Receives a frame. It waits until one is there; [`more`](Self::more) tells whether another follows.
    ///
    /// # Errors
    ///
    /// As [`Socket::recv`]: where C gives NULL, [`Interrupted`](crate::ErrorKind::Interrupted) or
    /// [`Terminated`](crate::ErrorKind::Terminated).
    #[doc(alias = "zframe_recv")]
    #[inline]
    pub fn recv<K: Receives>(socket: &Socket<K>) -> Result<Self> {
        socket.recv().map(Self)
    }

    /// Receives as [`recv`](Self::recv), but does not wait.
    ///
    /// # Errors
    ///
    /// As [`Socket::try_recv`]: [`WouldBlock`](crate::ErrorKind::WouldBlock) where nothing is there.
    #[doc(alias = "zframe_recv_nowait")]
    #[inline]
    pub fn recv_nowait<K: Receives>(socket: &Socket<K>) -> Result<Self> {
        socket.try_recv().map(Self)
    }

    /// Sends it, as the last frame of its message.
    ///
    /// # Errors
    ///
    /// As [`Socket::send`], with the frame in the [`SendError`].
    #[doc(alias = "zframe_send")]
    #[inline]
    pub fn send<K: Sends>(self, socket: &Socket<K>) -> Result<(), SendError<Self>> {
        socket.send(self.0).map_err(unsent)
    }

    /// Sends it as a frame that others of the same message follow: ZFRAME_MORE.
    ///
    /// # Errors
    ///
    /// As [`Socket::send_more`], with the frame in the [`SendError`].
    #[doc(alias = "ZFRAME_MORE")]
    #[inline]
    pub fn send_more<K: Sends>(self, socket: &Socket<K>) -> Result<(), SendError<Self>> {
        socket.send_more(self.0).map_err(unsent)
    }

    /// Sends as [`send`](Self::send), but does not wait: ZFRAME_DONTWAIT.
    ///
    /// # Errors
    ///
    /// As [`Socket::try_send`], with the frame in the [`SendError`].
    #[doc(alias = "ZFRAME_DONTWAIT")]
    #[inline]
    pub fn try_send<K: Sends>(self, socket: &Socket<K>) -> Result<(), SendError<Self>> {
        socket.try_send(self.0).map_err(unsent)
    }

    /// Sends as [`send_more`](Self::send_more), but does not wait: ZFRAME_MORE and ZFRAME_DONTWAIT.
    ///
    /// # Errors
    ///
    /// As [`Socket::try_send_more`], with the frame in the [`SendError`].
    #[inline]
    pub fn try_send_more<K: Sends>(self, socket: &Socket<K>) -> Result<(), SendError<Self>> {
        socket.try_send_more(self.0).map_err(unsent)
    }

    /// Returns how many bytes it has.
    #[doc(alias = "zframe_size")]
    #[inline]
    pub fn size(&self) -> usize {
        self.0.len()
    }

    /// Returns its bytes.
    #[doc(alias = "zframe_data")]
    #[inline]
    pub fn data(&self) -> &[u8] {
        &self.0
    }

    /// Tells whether another frame of the same message followed when it was received.
    #[doc(alias = "zframe_more")]
    #[inline]
    pub fn more(&self) -> bool {
        self.0.has_more()
    }

    /// Returns a property of the connection that it was received by, as "Socket-Type" or "Peer-Address"; `None` where
    /// there is none, or libzmq is older than 4.1. [`Message::property`] says which of these.
    #[doc(alias = "zframe_meta")]
    pub fn meta(&self, property: &str) -> Option<&str> {
        self.0.property(property).ok().flatten()
    }

    /// Creates a frame with a copy of the bytes: ZFRAME_REUSE sends one.
    #[doc(alias("zframe_dup", "ZFRAME_REUSE"))]
    #[must_use]
    pub fn dup(&self) -> Self {
        self.clone()
    }

    /// Makes a second handle to the same bytes, which are counted and not copied: see [`Message::share`].
    #[must_use]
    pub fn share(&mut self) -> Self {
        Self(self.0.share())
    }

    /// Returns the bytes in hexadecimal, as to print an identity.
    #[doc(alias = "zframe_strhex")]
    pub fn strhex(&self) -> String {
        let mut hex = Vec::with_capacity(2 * self.size());
        print::push_hex(&mut hex, self);
        hex.into_iter().map(char::from).collect()
    }

    /// Returns the text, with U+FFFD for what is not UTF-8.
    #[doc(alias = "zframe_strdup")]
    pub fn strdup(&self) -> String {
        crate::zstr::text(self)
    }

    /// Tells whether its bytes are those of `string`.
    #[doc(alias = "zframe_streq")]
    pub fn streq(&self, string: &str) -> bool {
        self == string
    }

    /// Replaces its bytes.
    #[doc(alias = "zframe_reset")]
    pub fn reset(&mut self, data: impl Into<Message>) {
        self.0 = data.into();
    }

    /// Gives the message that it is.
    #[inline]
    pub fn into_message(self) -> Message {
        self.0
    }

    /// Prints it on stderr, after `prefix`, as a line.
    ///
    /// The line has the size, and text as it is, up to 70 bytes, or other bytes in hexadecimal, up to 35.
    #[doc(alias = "zframe_print")]
    pub fn print(&self, prefix: &str) {
        // As in C, what cannot be printed is lost.
        let _ = self.fprint(prefix, io::stderr().lock());
    }

    /// Prints it as [`print`](Self::print), to `file`.
    ///
    /// ```
    /// let frame = czmq_like::ZFrame::new([0, 0x6B, 0x8B, 0x45, 0x67]);
    /// let mut text = Vec::new();
    /// frame.fprint("Worker: ", &mut text)?;
    /// assert_eq!(text, b"Worker: [005] 006B8B4567\n");
    /// # Ok::<(), zmqx::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// - What writing to `file` gives.
    #[doc(alias = "zframe_fprint")]
    pub fn fprint(&self, prefix: &str, mut file: impl Write) -> Result<()> {
        let mut line = Vec::new();
        print::push_line(&mut line, prefix, self);
        Ok(file.write_all(&line)?)
    }

    /// Writes its line to a text.
    pub(crate) fn push_line(&self, text: &mut Vec<u8>) {
        print::push_line(text, "", self);
    }
}

/// Makes a message that was not sent the frame that it was.
#[cold]
fn unsent(unsent: SendError<Message>) -> SendError<ZFrame> {
    unsent.map(ZFrame)
}
