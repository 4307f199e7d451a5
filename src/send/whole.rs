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
        let more = |message: &Multipart| if message.len() > 1 { SNDMORE } else { 0 };
        if message.is_empty() {
            return Err(Error::invalid(SEND, "a multipart message of no frames"));
        }
        if self.kind.is_datagrams() {
            self.check_datagram(message)?;
        }
        let begun = match self.progress.get() {
            Progress::None => self.send_first(message, flags | more(message)),
            _ => self.check_further(),
        };
        begun.map_err(|code| self.error(code, SEND))?;
        if self.progress.replace(Progress::None) == Progress::Lost {
            message.clear();
        }
        // As in `send_further`, these wait for nothing.
        while !message.is_empty() {
            let flags = more(message) | DONTWAIT;
            match self.send_front_now(message, flags) {
                // Half a message cannot be taken back, so a signal has to wait.
                Ok(()) | Err(errno::EINTR) => {}
                Err(errno::EAGAIN) if message.len() > 1 && self.is_rest_dropped() => {}
                Err(errno::EAGAIN) => message.clear(),
                // The context is shut down, and what libzmq has taken is gone with it.
                Err(code) => return Err(self.error(code, SEND)),
            }
        }
        Ok(())
    }

    /// Sends the first of the frames by a call that does not wait.
    #[inline]
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
