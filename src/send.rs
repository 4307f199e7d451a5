//! Sending: one frame, or a multipart message.

mod whole;

use std::mem::ManuallyDrop;

use crate::call::Patience;
use crate::cell::Few;
use crate::error::{Result, SendError};
use crate::kind::{Sends, SendsFrame, SocketKind};
use crate::message::Message;
use crate::multipart::Multipart;
use crate::pipe::End;
use crate::raw::errno;
use crate::raw::socket::{DONTWAIT, POLLOUT, SNDMORE, errno_of};
use crate::socket::{Core, Socket};
use crate::version::{Version, version};

const SEND: &str = "send";

/// How far a socket is with a message that goes frame by frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Progress {
    /// The next frame is the first of a message.
    None,
    /// The next frame belongs to the message of the one before.
    Begun,
    /// As `Begun`, but the peer that had the first frames has gone: nobody gets the others.
    Lost,
}

impl Few for Progress {
    #[inline(always)]
    fn number(self) -> u8 {
        match self {
            Self::None => 0,
            Self::Begun => 1,
            Self::Lost => 2,
        }
    }

    #[inline(always)]
    fn from_number(number: u8) -> Self {
        match number {
            0 => Self::None,
            1 => Self::Begun,
            _ => Self::Lost,
        }
    }
}

impl Core {
    /// Sends a frame. `flags` are those of zmq_msg_send(3).
    #[inline(always)]
    pub(crate) fn send(&self, message: Message, flags: i32) -> Result<(), SendError<Message>> {
        // It stays where it is until libzmq has taken it: to move it costs more than all else here.
        let mut message = ManuallyDrop::new(message);
        match self.send_from(&mut message, flags) {
            // What was sent is empty: there is nothing to drop.
            Ok(()) => Ok(()),
            Err(code) => Err(self.unsent(code, ManuallyDrop::into_inner(message))),
        }
    }

    /// Sends what the message holds, which is empty then; or gives the errno, and leaves it as it is.
    #[inline(always)]
    fn send_from(&self, message: &mut Message, flags: i32) -> Result<(), i32> {
        if self.progress.get() != Progress::None {
            if self.is_straight() && self.progress.get() == Progress::Begun {
                if let Err(code) = errno_of(self.raw.send(message, flags | DONTWAIT)) {
                    return self.send_further(message, flags, Some(code));
                }
                self.end(flags);
                return Ok(());
            }
            self.send_further(message, flags, None)
        } else if self.is_straight() {
            let sent = match errno_of(self.raw.send(message, flags | self.patient_flags())) {
                Err(code) if self.is_watched() => self.send_watched(message, flags, Some(code)),
                sent => sent,
            };
            self.begin(sent, flags)
        } else {
            self.begin(self.send_watched(message, flags, None), flags)
        }
    }

    /// Sends a frame on as it came, and tells whether another follows.
    #[inline(always)]
    fn forward(&self, message: &mut Message, flags: i32) -> Result<bool> {
        let has_more = message.has_more();
        let more = if has_more { SNDMORE } else { 0 };
        self.send_from(message, flags | more).map_err(|code| self.error(code, SEND))?;
        Ok(has_more)
    }

    /// Gives libzmq a frame of a message, where it takes that at once, and tells whether it has; if not, the frame stays
    /// as it is, and it and those that follow go by [`send`](Self::send) or [`send_multipart`](Self::send_multipart).
    #[inline(always)]
    pub(crate) fn send_straight(&self, frame: &mut Message, more: bool, is_first: bool) -> bool {
        let flags = if more { DONTWAIT | SNDMORE } else { DONTWAIT };
        let sent = match self.progress.get() {
            Progress::None if self.is_straight() => errno_of(self.raw.send(frame, flags)),
            Progress::None => Err(errno::EINTR),
            // What has gone before is known.
            _ => return false,
        };
        match sent {
            Ok(()) => true,
            Err(code) => {
                if !is_first {
                    self.note_refused(code, more);
                }
                false
            }
        }
    }

    /// Takes note that a message has begun, of which a further frame was refused.
    #[cold]
    fn note_refused(&self, code: i32, more: bool) {
        if code == errno::EAGAIN && (!more || !self.is_rest_dropped()) {
            self.progress.set(Progress::Lost);
        } else {
            self.note_begun();
        }
    }

    /// Takes note of what became of a message's first frame. To a STREAM, which goes by twos, "more" says nothing.
    #[inline(always)]
    fn begin(&self, sent: Result<(), i32>, flags: i32) -> Result<(), i32> {
        if flags & SNDMORE != 0 && sent.is_ok() {
            self.note_begun();
        }
        sent
    }

    /// Takes note that the next frame is none of a new message.
    #[inline(always)]
    fn note_begun(&self) {
        if self.kind != SocketKind::Stream {
            self.progress.set(Progress::Begun);
        }
    }

    #[cold]
    fn send_watched(
        &self,
        message: &mut Message,
        flags: i32,
        tried: Option<i32>,
    ) -> Result<(), i32> {
        let (patience, attempt) = watched(flags);
        self.caller().send(patience, tried, |_| self.send_now(message, attempt))
    }

    /// Sends another frame of a message that has begun.
    ///
    /// libzmq takes all frames of a message when it has taken the first, so that this waits for nothing, unless the
    /// peer has gone since: nobody has the frames before, and whoever came next would take those behind for a message.
    #[cold]
    fn send_further(
        &self,
        message: &mut Message,
        flags: i32,
        mut tried: Option<i32>,
    ) -> Result<(), i32> {
        let is_last = flags & SNDMORE == 0;
        if tried.is_none() {
            self.check_further()?;
        }
        while self.progress.get() == Progress::Begun {
            let sent = match tried.take() {
                Some(code) => Err(code),
                None => self.send_now(message, flags | DONTWAIT),
            };
            match sent {
                Ok(()) => break,
                Err(errno::EINTR) => {}
                Err(errno::EAGAIN) if is_last || !self.is_rest_dropped() => {
                    self.progress.set(Progress::Lost);
                }
                Err(errno::EAGAIN) => {}
                Err(code) => return Err(code),
            }
        }
        if self.progress.get() == Progress::Lost {
            *message = Message::new();
        }
        self.end(flags);
        Ok(())
    }

    /// Takes note of a further frame that has gone: the last one ends the message.
    #[inline(always)]
    fn end(&self, flags: i32) {
        if flags & SNDMORE == 0 {
            self.progress.set(Progress::None);
        }
    }

    fn check_further(&self) -> Result<(), i32> {
        self.raw.usable()?;
        self.pipe().map_or(Ok(()), End::check_send)
    }

    /// Whether libzmq, having refused a frame because the peer of the ones before has gone, takes and drops the others.
    #[cold]
    fn is_rest_dropped(&self) -> bool {
        const SINCE: Version = Version { major: 4, minor: 3, patch: 1 };
        matches!(self.kind, SocketKind::Push | SocketKind::Dealer | SocketKind::Req)
            && version() >= SINCE
    }

    /// Sends a frame by a call that does not wait.
    #[inline]
    fn send_now(&self, message: &mut Message, flags: i32) -> Result<(), i32> {
        if self.kind.is_datagrams() {
            return self.send_datagram(message, flags);
        }
        errno_of(self.raw.send(message, flags))
    }

    /// Sends a frame of a DGRAM. One that is not bound loses what it is given, and says nothing true of it: it waits, as a
    /// PUSH without peers does, and libzmq is given a second handle.
    #[cold]
    fn send_datagram(&self, message: &mut Message, flags: i32) -> Result<(), i32> {
        if self.raw.ask_events()? & POLLOUT == 0 {
            return Err(errno::EAGAIN);
        }
        errno_of(self.raw.send(&mut message.share(), flags))?;
        *message = Message::new();
        Ok(())
    }

    #[cold]
    fn unsent(&self, code: i32, message: Message) -> SendError<Message> {
        SendError { error: self.error(code, SEND), message }
    }
}

/// How a watched call with these flags waits, and the flags of each of its attempts.
fn watched(flags: i32) -> (Patience, i32) {
    let patience = if flags & DONTWAIT != 0 { Patience::None } else { Patience::SEND };
    (patience, flags | DONTWAIT)
}

impl<K: SendsFrame> Socket<K> {
    /// Sends a message of one frame, or the last frame of a message that [`send_more`](Socket::send_more) began.
    ///
    /// It waits where the kind of socket does so: until a peer is there that can take it. What is then on its way is
    /// libzmq's. The time to wait is `set_sndtimeo`'s.
    ///
    /// Corresponds to [`zmq_msg_send(3)`](https://libzmq.readthedocs.io/en/latest/zmq_msg_send.html).
    ///
    /// # Errors
    ///
    /// With each of these the message comes back in the [`SendError`]:
    /// - [`WouldBlock`](crate::ErrorKind::WouldBlock): the time ran out.
    /// - [`Interrupted`](crate::ErrorKind::Interrupted): by a signal or by the context's [`Interrupt`](crate::Interrupt).
    /// - [`BadState`](crate::ErrorKind::BadState): it is not this socket's turn, as with a REQ that waits for a reply.
    /// - [`HostUnreachable`](crate::ErrorKind::HostUnreachable): a ROUTER that is mandatory knows no such peer.
    /// - [`Disconnected`](crate::ErrorKind::Disconnected), [`Panicked`](crate::ErrorKind::Panicked): the other end of a
    ///   [pipe](crate::Context::pipe) is gone.
    /// - [`Terminated`](crate::ErrorKind::Terminated): the context was shut down.
    #[inline(always)]
    pub fn send(&self, message: impl Into<Message>) -> Result<(), SendError<Message>> {
        self.core.send(message.into(), 0)
    }

    /// Sends as [`send`](Self::send), but does not wait.
    ///
    /// Corresponds to zmq_msg_send(3) with ZMQ_DONTWAIT.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send), with [`WouldBlock`](crate::ErrorKind::WouldBlock) where that would wait.
    #[inline]
    pub fn try_send(&self, message: impl Into<Message>) -> Result<(), SendError<Message>> {
        self.core.send(message.into(), DONTWAIT)
    }
}

impl<K: Sends> Socket<K> {
    /// Sends a frame that others follow. Peers get all frames of a message, or none.
    ///
    /// Corresponds to zmq_msg_send(3) with ZMQ_SNDMORE.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send).
    #[inline]
    pub fn send_more(&self, message: impl Into<Message>) -> Result<(), SendError<Message>> {
        self.core.send(message.into(), SNDMORE)
    }

    /// Sends as [`send_more`](Self::send_more), but does not wait.
    ///
    /// # Errors
    ///
    /// As [`try_send`](Self::try_send).
    #[inline]
    pub fn try_send_more(&self, message: impl Into<Message>) -> Result<(), SendError<Message>> {
        self.core.send(message.into(), DONTWAIT | SNDMORE)
    }

    /// Sends a frame on that was received, as one that others follow where it [has more](Message::has_more), and returns
    /// whether that is so.
    ///
    /// The message is empty then, to be received into again. A broker that has nothing to do with what passes through
    /// it hands it on in this way, at the cost of raw C.
    ///
    /// Corresponds to `zmq_msg_send (&msg, socket, zmq_msg_more (&msg)? ZMQ_SNDMORE: 0)`.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send), and the message stays as it is.
    ///
    /// # Examples
    ///
    /// ```
    /// use zmqx::{Context, Message};
    ///
    /// let ctx = Context::new()?;
    /// let ((client, frontend), (backend, worker)) = (ctx.pipe()?, ctx.pipe()?);
    /// client.send_multipart(["Hello", "World"])?;
    ///
    /// let mut message = Message::new();
    /// let mut has_more = true;
    /// while has_more {
    ///     frontend.recv_into(&mut message)?;
    ///     has_more = backend.forward(&mut message)?;
    /// }
    /// assert_eq!(worker.recv_multipart()?, ["Hello", "World"]);
    /// # Ok::<(), zmqx::Error>(())
    /// ```
    #[inline]
    pub fn forward(&self, message: &mut Message) -> Result<bool> {
        self.core.forward(message, 0)
    }

    /// Sends on as [`forward`](Self::forward), but does not wait.
    ///
    /// # Errors
    ///
    /// As [`forward`](Self::forward), with [`WouldBlock`](crate::ErrorKind::WouldBlock) where that would wait.
    #[inline]
    pub fn try_forward(&self, message: &mut Message) -> Result<bool> {
        self.core.forward(message, DONTWAIT)
    }

    /// Sends a message of one or more frames, whole or not at all.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send), with the whole message in the [`SendError`]; and
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for a message of no frames. Only where the context is shut
    /// down while the frames go to libzmq are some of them gone with it.
    #[inline]
    pub fn send_multipart(
        &self,
        message: impl Into<Multipart>,
    ) -> Result<(), SendError<Multipart>> {
        self.core.send_multipart(message.into(), 0)
    }

    /// Sends as [`send_multipart`](Self::send_multipart), but does not wait.
    ///
    /// # Errors
    ///
    /// As [`send_multipart`](Self::send_multipart), with [`WouldBlock`](crate::ErrorKind::WouldBlock) where that would
    /// wait.
    #[inline]
    pub fn try_send_multipart(
        &self,
        message: impl Into<Multipart>,
    ) -> Result<(), SendError<Multipart>> {
        self.core.send_multipart(message.into(), DONTWAIT)
    }
}
