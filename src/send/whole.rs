//! Sending a multipart message, whole or not at all.

use super::{Progress, SEND, watched};
use crate::error::{Error, Result, SendError};
use crate::multipart::Multipart;
use crate::raw::errno;
use crate::raw::socket::{DONTWAIT, SNDMORE, errno_of};
use crate::socket::Core;

impl Core {
    /// Sends a message of many frames, whole or not at all.
    #[inline]
    pub(crate) fn send_multipart(
        &self,
        mut message: Multipart,
        flags: i32,
    ) -> Result<(), SendError<Multipart>> {
        match self.send_frames(&mut message, flags) {
            Ok(()) => Ok(()),
            Err(error) => Err(SendError { error, message }),
        }
    }

    #[inline]
    fn send_frames(&self, message: &mut Multipart, flags: i32) -> Result<()> {
        let count = message.len();
        if count == 0 || self.progress.get() != Progress::None || !self.is_straight() {
            return self.send_minded(message, flags);
        }
        match self.raw.send_whole(message.frames_mut(), flags | self.patient_flags()) {
            Ok(()) => Ok(()),
            Err(code) => self.send_refused(message, flags, count, code),
        }
    }

    /// Sends where there is something to mind.
    #[cold]
    fn send_minded(&self, message: &mut Multipart, flags: i32) -> Result<()> {
        if message.is_empty() {
            return Err(Error::invalid(SEND, "a multipart message of no frames"));
        }
        if self.kind.is_datagrams() {
            self.check_datagram(message)?;
        }
        let begun = match self.progress.get() {
            Progress::None => self.send_first_watched(message, flags, None),
            _ => self.begin_further(message),
        };
        begun.map_err(|code| self.error(code, SEND))?;
        self.send_rest(message)
    }

    /// Goes on where libzmq has refused one of `count` frames.
    #[cold]
    fn send_refused(
        &self,
        message: &mut Multipart,
        flags: i32,
        count: usize,
        code: i32,
    ) -> Result<()> {
        if message.len() < count {
            self.mind_refusal(message, code)?;
        } else if self.is_watched() {
            let first = self.send_first_watched(message, flags, Some(code));
            first.map_err(|code| self.error(code, SEND))?;
        } else {
            return Err(self.error(code, SEND));
        }
        self.send_rest(message)
    }

    /// The frames belong to a message that has begun, and nobody gets them where the peer that had the others has gone.
    #[cold]
    fn begin_further(&self, message: &mut Multipart) -> Result<(), i32> {
        self.raw.touch();
        self.check_further()?;
        if self.progress.replace(Progress::None) == Progress::Lost {
            message.clear();
        }
        Ok(())
    }

    /// Takes note that a frame was refused which is not the first. As in `send_further`, it did not wait.
    #[cold]
    fn mind_refusal(&self, message: &mut Multipart, code: i32) -> Result<()> {
        match code {
            // Half a message cannot be taken back, so a signal has to wait.
            errno::EINTR => {}
            errno::EAGAIN if message.len() > 1 && self.is_rest_dropped() => {}
            errno::EAGAIN => message.clear(),
            // The context is shut down, and what libzmq has taken is gone with it.
            code => return Err(self.error(code, SEND)),
        }
        Ok(())
    }

    /// Sends the frames, of which the first has gone, in calls that do not wait.
    fn send_rest(&self, message: &mut Multipart) -> Result<()> {
        while !message.is_empty() {
            if let Err(code) = self.send_front_now(message, DONTWAIT) {
                self.mind_refusal(message, code)?;
            }
        }
        Ok(())
    }

    /// Sends the first of the frames in a call that does not wait.
    fn send_front_now(&self, message: &mut Multipart, flags: i32) -> Result<(), i32> {
        let more = if message.len() > 1 { SNDMORE } else { 0 };
        let flags = flags | more;
        if !self.kind.is_datagrams() {
            return errno_of(self.raw.send_front(message.frames_mut(), flags));
        }
        let sent = message.first_mut().map_or(Ok(()), |frame| self.send_datagram(frame, flags));
        sent.map(|()| drop(message.pop_front()))
    }

    /// libzmq takes the first frame of any, and keeps it for the next one.
    #[cold]
    fn check_datagram(&self, message: &Multipart) -> Result<()> {
        let begun = usize::from(self.progress.get() != Progress::None);
        match message.len() + begun {
            2 => Ok(()),
            _ => Err(Error::invalid(SEND, "a DGRAM's message is an address and a datagram")),
        }
    }

    #[cold]
    fn send_first_watched(
        &self,
        message: &mut Multipart,
        flags: i32,
        tried: Option<i32>,
    ) -> Result<(), i32> {
        let (patience, attempt) = watched(flags);
        self.caller().send(patience, tried, |_| self.send_front_now(message, attempt))
    }
}
