//! Sending a multipart message, whole or not at all.

use super::{Progress, SEND, watched};
use crate::error::{Error, Result, SendError};
use crate::multipart::Multipart;
use crate::raw::errno;
use crate::raw::socket::{DONTWAIT, SNDMORE, errno_of};
use crate::socket::Core;

/// The flag that says that another frame follows the first.
fn more(message: &Multipart) -> i32 {
    if message.len() > 1 { SNDMORE } else { 0 }
}

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
        if message.is_empty() {
            return Err(Error::invalid(SEND, "a multipart message of no frames"));
        }
        if self.kind.is_datagrams() {
            self.check_datagram(message)?;
        }
        let begun = match self.progress.get() {
            Progress::None => self.send_first(message, flags | more(message)),
            _ => self.begin_further(message),
        };
        begun.map_err(|code| self.error(code, SEND))?;
        while let Err(code) = self.send_rest(message) {
            self.mind_refusal(message, code)?;
        }
        Ok(())
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
    #[inline]
    fn send_rest(&self, message: &mut Multipart) -> Result<(), i32> {
        if !self.kind.is_datagrams() {
            return self.raw.send_rest(message.frames_mut());
        }
        while !message.is_empty() {
            self.send_front_now(message, more(message) | DONTWAIT)?;
        }
        Ok(())
    }

    /// Sends the first of the frames in a call that does not wait.
    fn send_front_now(&self, message: &mut Multipart, flags: i32) -> Result<(), i32> {
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

    #[inline]
    fn send_first(&self, message: &mut Multipart, flags: i32) -> Result<(), i32> {
        if !self.is_straight() {
            return self.send_first_watched(message, flags, None);
        }
        let straight = flags | self.patient_flags();
        match errno_of(self.raw.send_front(message.frames_mut(), straight)) {
            Err(code) if self.is_watched() => self.send_first_watched(message, flags, Some(code)),
            sent => sent,
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
