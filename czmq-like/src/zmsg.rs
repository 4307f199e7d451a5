//! `ZMsg`, the class of messages of several frames.

mod codec;
mod convert;
mod cursor;
mod iter;
mod look;

use zmqx::{Multipart, Receives, Result, SendError, Sends, Socket};

use crate::ZFrame;
use cursor::Cursor;

pub use iter::{Frames, FramesMut, IntoFrames};

/// A message of any number of frames: the class `zmsg`.
///
/// Frames go in and come out at the front (`push`, `pop`), and go in at the end (`add`); strings and bytes do so as
/// well (`pushstr`, `popstr`, `addmem`, …). `wrap` and `unwrap` are for envelopes. Frames are moved, and the buffer that
/// holds them is recycled: to receive a message, take its envelope off and send it on copies and allocates nothing.
///
/// ```
/// use czmq_like::prelude::*;
///
/// let ctx = zmqx::Context::new()?;
/// let output = ctx.socket(Pair)?;
/// output.bind("inproc://zmsg")?;
/// let input = ctx.socket(Pair)?;
/// input.connect("inproc://zmsg")?;
///
/// let mut msg = ZMsg::new();
/// msg.addstr("Hello");
/// msg.addmem([0, 1, 2]);
/// msg.wrap("client"); // a frame, and an empty one before the others
/// msg.send(&output)?;
///
/// let mut msg = ZMsg::recv(&input)?;
/// assert_eq!(msg.size(), 4);
/// assert_eq!(msg[0], "client");
/// let identity = msg.unwrap().expect("a frame is there");
/// assert_eq!(identity, "client");
/// assert_eq!(msg.popstr().as_deref(), Some("Hello"));
/// assert!(msg.last().is_some_and(|frame| frame == &[0, 1, 2]));
/// # Ok::<(), zmqx::Error>(())
/// ```
///
/// # Looking at frames
///
/// `msg[0]` is the first frame, and panics where there is none, as with a slice; [`first`](Self::first) and
/// [`last`](Self::last) give an `Option`, which is right for what comes from a network. [`iter`](Self::iter) goes over
/// all. [`next`](Self::next) is CZMQ's cursor: `first` and `last` set it, `next` moves it, putting in and popping
/// frames takes it away, and `next` without a cursor is `first`.
pub struct ZMsg {
    frames: Multipart,
    cursor: Cursor,
}

impl ZMsg {
    /// Creates a message of no frames.
    #[doc(alias = "zmsg_new")]
    #[inline]
    pub const fn new() -> Self {
        Self { frames: Multipart::new(), cursor: Cursor::new() }
    }

    /// Creates a signal: a message that tells `status`, 0 for success, and is like no other.
    #[doc(alias = "zmsg_new_signal")]
    pub fn new_signal(status: u8) -> Self {
        Self::from([(SIGNAL | i64::from(status)).to_ne_bytes()])
    }

    /// Receives a message with all its frames. It waits until one is there.
    ///
    /// # Errors
    ///
    /// As [`Socket::recv_multipart`]: where C gives NULL, [`Interrupted`](crate::ErrorKind::Interrupted) or
    /// [`Terminated`](crate::ErrorKind::Terminated).
    #[doc(alias = "zmsg_recv")]
    #[inline]
    pub fn recv<K: Receives>(socket: &Socket<K>) -> Result<Self> {
        socket.recv_multipart().map(Self::from)
    }

    /// Receives as [`recv`](Self::recv), but does not wait.
    ///
    /// # Errors
    ///
    /// As [`Socket::try_recv`]: [`WouldBlock`](crate::ErrorKind::WouldBlock) where nothing is there.
    #[doc(alias = "zmsg_recv_nowait")]
    #[inline]
    pub fn recv_nowait<K: Receives>(socket: &Socket<K>) -> Result<Self> {
        socket.try_recv_multipart().map(Self::from)
    }

    /// Sends it, whole or not at all. A message of no frames sends nothing.
    ///
    /// # Errors
    ///
    /// As [`Socket::send_multipart`], with the whole message in the [`SendError`].
    #[doc(alias = "zmsg_send")]
    #[inline]
    pub fn send<K: Sends>(self, socket: &Socket<K>) -> Result<(), SendError<Self>> {
        if self.frames.is_empty() {
            return Ok(());
        }
        socket.send_multipart(self.frames).map_err(unsent)
    }

    /// Sends its frames as the first ones of a message that another send ends.
    ///
    /// # Errors
    ///
    /// As [`Socket::send_more`], with the whole message in the [`SendError`]. Only where the context is shut down, or
    /// the other end of a pipe goes, while the frames are being sent are some of them gone.
    #[doc(alias = "zmsg_sendm")]
    pub fn sendm<K: Sends>(mut self, socket: &Socket<K>) -> Result<(), SendError<Self>> {
        while let Some(frame) = self.frames.pop_front() {
            if let Err(unsent) = socket.send_more(frame) {
                self.frames.push_front(unsent.message);
                return Err(SendError { error: unsent.error, message: self });
            }
        }
        Ok(())
    }

    /// Returns how many frames it has.
    #[doc(alias = "zmsg_size")]
    #[inline]
    pub fn size(&self) -> usize {
        self.frames.len()
    }

    /// Returns how many bytes all its frames have.
    #[doc(alias = "zmsg_content_size")]
    pub fn content_size(&self) -> usize {
        self.frames.iter().map(|frame| frame.len()).sum()
    }

    /// Puts a frame before the others.
    #[doc(alias = "zmsg_push")]
    #[inline]
    pub fn push(&mut self, frame: impl Into<ZFrame>) {
        self.cursor.clear();
        self.frames.push_front(frame.into().into_message());
    }

    /// Puts a frame before the others: another name of [`push`](Self::push).
    #[doc(alias = "zmsg_prepend")]
    #[inline]
    pub fn prepend(&mut self, frame: impl Into<ZFrame>) {
        self.push(frame);
    }

    /// Puts a frame behind the others.
    #[doc(alias = "zmsg_add")]
    #[inline]
    pub fn add(&mut self, frame: impl Into<ZFrame>) {
        self.cursor.clear();
        self.frames.push_back(frame.into().into_message());
    }

    /// Puts a frame behind the others: another name of [`add`](Self::add).
    #[doc(alias = "zmsg_append")]
    #[inline]
    pub fn append(&mut self, frame: impl Into<ZFrame>) {
        self.add(frame);
    }

    /// Takes the first frame out.
    #[doc(alias = "zmsg_pop")]
    #[inline]
    pub fn pop(&mut self) -> Option<ZFrame> {
        self.cursor.clear();
        self.frames.pop_front().map(ZFrame::new)
    }

    /// Puts a copy of these bytes before the others.
    #[doc(alias = "zmsg_pushmem")]
    pub fn pushmem(&mut self, data: impl AsRef<[u8]>) {
        self.push(data.as_ref());
    }

    /// Puts a copy of these bytes behind the others.
    #[doc(alias = "zmsg_addmem")]
    pub fn addmem(&mut self, data: impl AsRef<[u8]>) {
        self.add(data.as_ref());
    }

    /// Puts a copy of a string before the others; [`push`](Self::push) takes an owned one without a copy.
    #[doc(alias("zmsg_pushstr", "zmsg_pushstrf"))]
    pub fn pushstr(&mut self, string: impl AsRef<str>) {
        self.push(string.as_ref());
    }

    /// Puts a copy of a string behind the others; [`add`](Self::add) takes an owned one without a copy.
    #[doc(alias("zmsg_addstr", "zmsg_addstrf"))]
    pub fn addstr(&mut self, string: impl AsRef<str>) {
        self.add(string.as_ref());
    }

    /// Takes the first frame out, as a string, with U+FFFD for what is not UTF-8.
    #[doc(alias = "zmsg_popstr")]
    pub fn popstr(&mut self) -> Option<String> {
        self.pop().map(|frame| frame.strdup())
    }

    /// Puts a message behind the others, encoded as one frame.
    ///
    /// # Panics
    ///
    /// As [`encode`](Self::encode).
    #[doc(alias = "zmsg_addmsg")]
    #[allow(clippy::needless_pass_by_value, reason = "as in C, the message has become a frame")]
    pub fn addmsg(&mut self, msg: Self) {
        self.add(msg.encode());
    }

    /// Takes the first frame out, and gives the message that is encoded in it.
    ///
    /// A frame that holds no message is dropped, and gives `None` as no frame does.
    #[doc(alias = "zmsg_popmsg")]
    pub fn popmsg(&mut self) -> Option<Self> {
        Self::decode(&self.pop()?).ok()
    }

    /// Puts an envelope before the others: a frame, as an identity, and then an empty one.
    #[doc(alias = "zmsg_wrap")]
    #[inline]
    pub fn wrap(&mut self, frame: impl Into<ZFrame>) {
        self.push(ZFrame::new_empty());
        self.push(frame);
    }

    /// Takes an envelope off: gives the first frame, and drops the next one where that is empty.
    #[doc(alias = "zmsg_unwrap")]
    #[inline]
    pub fn unwrap(&mut self) -> Option<ZFrame> {
        let frame = self.pop();
        if self.frames.first().is_some_and(|next| next.is_empty()) {
            self.frames.pop_front();
        }
        frame
    }

    /// Takes the frame at `index` out; those behind it move up.
    ///
    /// Where the cursor is on it, the cursor goes to the one before, so that [`next`](Self::next) gives the one behind.
    #[doc(alias = "zmsg_remove")]
    pub fn remove(&mut self, index: usize) -> Option<ZFrame> {
        let frame = self.frames.remove(index)?;
        self.cursor.removed(index);
        Some(ZFrame::new(frame))
    }

    /// Creates a message with copies of all frames.
    #[doc(alias = "zmsg_dup")]
    #[must_use]
    pub fn dup(&self) -> Self {
        self.clone()
    }

    /// Returns the status of a signal, and `None` where this is none.
    #[doc(alias = "zmsg_signal")]
    pub fn signal(&self) -> Option<u8> {
        let [frame] = &*self.frames else { return None };
        let value = i64::from_ne_bytes(<[u8; 8]>::try_from(&frame[..]).ok()?);
        u8::try_from(value ^ SIGNAL).ok()
    }
}

/// A signal's value, without its status.
const SIGNAL: i64 = 0x7766_5544_3322_1100;

/// Makes frames that were not sent the message that they were.
#[cold]
fn unsent(unsent: SendError<Multipart>) -> SendError<ZMsg> {
    unsent.map(ZMsg::from)
}
