//! Receiving: one frame, or a multipart message.

use std::time::Duration;

use crate::call::Patience;
use crate::error::Result;
use crate::kind::Receives;
use crate::message::Message;
use crate::multipart::Multipart;
use crate::raw::errno;
use crate::raw::socket::{DONTWAIT, RawSocket, errno_of};
use crate::socket::{Core, Socket};

const RECEIVE: &str = "receive";

impl Core {
    /// Receives a frame, as long as `patience` lasts.
    #[inline(always)]
    pub(crate) fn recv(&self, message: &mut Message, patience: Patience) -> Result<()> {
        self.recv_frame(message, patience).map_err(|code| self.error(code, RECEIVE))
    }

    #[inline(always)]
    fn recv_frame(&self, message: &mut Message, patience: Patience) -> Result<(), i32> {
        match self.straight_flags(patience) {
            Some(flags) => match errno_of(self.raw.recv(message, flags)) {
                Err(code) if self.is_watched() => self.recv_watched(message, patience, Some(code)),
                done => done,
            },
            None => self.recv_watched(message, patience, None),
        }
    }

    /// Receives another frame of a message of which some were received. They come together, so that this does not wait.
    #[inline(always)]
    pub(crate) fn recv_further(&self, frame: &mut Message) -> Result<()> {
        loop {
            match errno_of(self.raw.recv(frame, DONTWAIT)) {
                Err(errno::EINTR) => {}
                done => return done.map_err(|code| self.error(code, RECEIVE)),
            }
        }
    }

    /// The flags of a receive that goes straight to libzmq.
    #[inline(always)]
    fn straight_flags(&self, patience: Patience) -> Option<i32> {
        match patience {
            Patience::Option(_) if self.is_straight() => Some(self.patient_flags()),
            Patience::None if self.is_straight() => Some(DONTWAIT),
            _ => None,
        }
    }

    #[cold]
    fn recv_watched(
        &self,
        message: &mut Message,
        patience: Patience,
        tried: Option<i32>,
    ) -> Result<(), i32> {
        self.caller().receive(patience, tried, |raw| {
            if let Some(frame) = self.take_in_hand() {
                *message = frame;
                return Ok(());
            }
            errno_of(raw.recv(message, DONTWAIT))?;
            self.pipe().map_or(Ok(()), |pipe| {
                pipe.note(message).inspect_err(|_| *message = Message::new())
            })
        })
    }

    /// Receives a message of all its frames into `message`, which is left empty by an error.
    #[inline]
    pub(crate) fn recv_multipart(&self, message: &mut Multipart, patience: Patience) -> Result<()> {
        let tried = match self.straight_flags(patience) {
            Some(flags) => match self.raw.recv_whole(message.frames_mut(), flags) {
                Ok(()) => return Ok(()),
                Err(code) => Some(code),
            },
            None => None,
        };
        self.recv_multipart_watched(message, patience, tried)
    }

    #[inline(always)]
    fn recv_new_multipart(&self, patience: Patience) -> Result<Multipart> {
        let tried = match self.straight_flags(patience) {
            Some(flags) => match self.raw.recv_new(flags) {
                Ok(frames) => return Ok(Multipart::from_frames(frames)),
                Err(code) => Some(code),
            },
            None => None,
        };
        let mut message = Multipart::new();
        self.recv_multipart_watched(&mut message, patience, tried).map(|()| message)
    }

    /// Receives it where there is something to mind, or something has come in between.
    #[cold]
    fn recv_multipart_watched(
        &self,
        message: &mut Multipart,
        patience: Patience,
        tried: Option<i32>,
    ) -> Result<()> {
        message.clear();
        let received = match tried {
            Some(code) if !self.is_watched() => Err(code),
            _ => self.caller().receive(patience, tried, |raw| self.recv_noted(raw, message)),
        };
        received.map_err(|code| {
            message.clear();
            self.error(code, RECEIVE)
        })
    }

    /// Receives behind what was put back, and takes note of a pipe's farewell.
    fn recv_noted(&self, raw: &RawSocket, message: &mut Multipart) -> Result<(), i32> {
        while message.last().is_none_or(Message::has_more) {
            match self.take_in_hand() {
                Some(frame) => message.push_back(frame),
                None => raw.recv_rest(message.frames_mut(), DONTWAIT)?,
            }
        }
        // An end of a pipe that went in the middle of a message has made its farewell the last frame.
        match (self.pipe(), message.last()) {
            (Some(pipe), Some(last)) => pipe.note(last),
            _ => Ok(()),
        }
    }

    /// Receives up to `limit` frames, of which only the first is waited for.
    fn recv_many(
        &self,
        frames: &mut Vec<Message>,
        limit: usize,
        patience: Patience,
    ) -> Result<usize> {
        let before = frames.len();
        let mut patience = patience;
        while frames.len() - before < limit {
            frames.push(Message::new());
            // It is received where it stays.
            let Some(frame) = frames.last_mut() else { break };
            if let Err(code) = self.recv_frame(frame, patience) {
                frames.pop();
                if frames.len() == before {
                    return Err(self.error(code, RECEIVE));
                }
                break;
            }
            patience = Patience::None;
        }
        Ok(frames.len() - before)
    }

    #[inline(always)]
    fn recv_new(&self, patience: Patience) -> Result<Message> {
        let mut message = Message::new();
        self.recv(&mut message, patience)?;
        Ok(message)
    }
}

impl<K: Receives> Socket<K> {
    /// Receives one frame; [`Message::has_more`] tells whether another follows.
    ///
    /// It waits until one is there; the time to wait is `set_rcvtimeo`'s.
    ///
    /// Corresponds to [`zmq_msg_recv(3)`](https://libzmq.readthedocs.io/en/latest/zmq_msg_recv.html).
    ///
    /// # Errors
    ///
    /// - [`WouldBlock`](crate::ErrorKind::WouldBlock): the time ran out.
    /// - [`Interrupted`](crate::ErrorKind::Interrupted): by a signal or by the context's [`Interrupt`](crate::Interrupt);
    ///   nothing is lost.
    /// - [`BadState`](crate::ErrorKind::BadState): it is not this socket's turn, as with a REQ that has asked nothing.
    /// - [`Disconnected`](crate::ErrorKind::Disconnected), [`Panicked`](crate::ErrorKind::Panicked): the other end of a
    ///   [pipe](crate::Context::pipe) is gone, and all that it sent was received.
    /// - [`Terminated`](crate::ErrorKind::Terminated): the context was shut down.
    #[inline(always)]
    pub fn recv(&self) -> Result<Message> {
        self.core.recv_new(Patience::RECEIVE)
    }

    /// Receives as [`recv`](Self::recv), but does not wait.
    ///
    /// Corresponds to zmq_msg_recv(3) with ZMQ_DONTWAIT.
    ///
    /// # Errors
    ///
    /// As [`recv`](Self::recv), with [`WouldBlock`](crate::ErrorKind::WouldBlock) where that would wait.
    #[inline]
    pub fn try_recv(&self) -> Result<Message> {
        self.core.recv_new(Patience::None)
    }

    /// Receives as [`recv`](Self::recv), but waits no longer than `timeout`, whatever `set_rcvtimeo` says.
    ///
    /// # Errors
    ///
    /// As [`recv`](Self::recv).
    pub fn recv_timeout(&self, timeout: Duration) -> Result<Message> {
        self.core.recv_new(Patience::lasting(timeout))
    }

    /// Receives as [`recv`](Self::recv), into a message that is there already. What it held is released.
    ///
    /// # Errors
    ///
    /// As [`recv`](Self::recv); the message may then be empty.
    #[inline(always)]
    pub fn recv_into(&self, message: &mut Message) -> Result<()> {
        self.core.recv(message, Patience::RECEIVE)
    }

    /// Receives as [`recv_into`](Self::recv_into), but does not wait.
    ///
    /// # Errors
    ///
    /// As [`try_recv`](Self::try_recv); the message may then be empty.
    #[inline]
    pub fn try_recv_into(&self, message: &mut Message) -> Result<()> {
        self.core.recv(message, Patience::None)
    }

    /// Receives the frames that are there, `limit` at most, and tells how many. Where there is none it waits for the first.
    ///
    /// They come behind those that `frames` holds. One call takes what has come since the last; a message of several
    /// frames may begin in one and end in the next, as [`Message::has_more`] tells.
    ///
    /// # Errors
    ///
    /// As [`recv`](Self::recv), and then `frames` is as it was. What ends the receiving after the first frame is no
    /// error of this call: the next one meets it.
    ///
    /// # Examples
    ///
    /// ```
    /// use zmqx::{Context, ErrorKind, Pull, Push};
    ///
    /// let ctx = Context::new()?;
    /// let (sink, source) = (ctx.socket(Pull)?, ctx.socket(Push)?);
    /// sink.bind("inproc://tasks")?;
    /// source.connect("inproc://tasks")?;
    /// for task in ["wash", "dry", "iron"] {
    ///     source.send(task)?;
    /// }
    ///
    /// let mut tasks = Vec::new();
    /// assert_eq!(sink.recv_many(&mut tasks, 2)?, 2);
    /// assert_eq!(sink.recv_many(&mut tasks, 2)?, 1);
    /// assert_eq!(tasks, ["wash", "dry", "iron"]);
    /// let none_left = sink.try_recv_many(&mut tasks, 2);
    /// assert_eq!(none_left.unwrap_err().kind(), ErrorKind::WouldBlock);
    /// # Ok::<(), zmqx::Error>(())
    /// ```
    pub fn recv_many(&self, frames: &mut Vec<Message>, limit: usize) -> Result<usize> {
        self.core.recv_many(frames, limit, Patience::RECEIVE)
    }

    /// Receives as [`recv_many`](Self::recv_many), but does not wait.
    ///
    /// # Errors
    ///
    /// As [`recv_many`](Self::recv_many), with [`WouldBlock`](crate::ErrorKind::WouldBlock) where that would wait.
    pub fn try_recv_many(&self, frames: &mut Vec<Message>, limit: usize) -> Result<usize> {
        self.core.recv_many(frames, limit, Patience::None)
    }

    /// Receives a message with all its frames.
    ///
    /// # Errors
    ///
    /// As [`recv`](Self::recv).
    #[inline]
    pub fn recv_multipart(&self) -> Result<Multipart> {
        self.core.recv_new_multipart(Patience::RECEIVE)
    }

    /// Receives as [`recv_multipart`](Self::recv_multipart), but does not wait.
    ///
    /// # Errors
    ///
    /// As [`try_recv`](Self::try_recv).
    #[inline]
    pub fn try_recv_multipart(&self) -> Result<Multipart> {
        self.core.recv_new_multipart(Patience::None)
    }

    /// Receives as [`recv_multipart`](Self::recv_multipart), but waits no longer than `timeout`.
    ///
    /// # Errors
    ///
    /// As [`recv`](Self::recv).
    pub fn recv_multipart_timeout(&self, timeout: Duration) -> Result<Multipart> {
        self.core.recv_new_multipart(Patience::lasting(timeout))
    }

    /// Receives as [`recv_multipart`](Self::recv_multipart), into a buffer that is there already.
    ///
    /// # Errors
    ///
    /// As [`recv`](Self::recv); the message is then empty.
    #[inline]
    pub fn recv_multipart_into(&self, message: &mut Multipart) -> Result<()> {
        self.core.recv_multipart(message, Patience::RECEIVE)
    }

    /// Receives as [`recv_multipart_into`](Self::recv_multipart_into), but does not wait.
    ///
    /// # Errors
    ///
    /// As [`try_recv`](Self::try_recv); the message is then empty.
    #[inline]
    pub fn try_recv_multipart_into(&self, message: &mut Multipart) -> Result<()> {
        self.core.recv_multipart(message, Patience::None)
    }
}
