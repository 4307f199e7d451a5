//! One direction of a proxy: messages that are taken from one side, and given to the other.

use std::mem;
use std::sync::Arc;

use super::steering::{Count, Traffic};
use crate::call::Patience;
use crate::error::{ErrorKind, Result};
use crate::message::Message;
use crate::multipart::Multipart;
use crate::raw::socket::{DONTWAIT, SNDMORE};
use crate::socket::Core;
use crate::version::{Version, version};

/// Messages that one side may hand on before the other has its turn.
const BURST: usize = 1000;

/// What a message in hand waits for: that the target, or the capture, has room for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Room {
    OfTarget,
    OfCapture,
}

/// One direction of a proxy.
pub(super) struct Way<'a> {
    from: &'a Core,
    to: &'a Core,
    capture: Option<&'a Core>,
    /// Whether frames may go on before the whole message is there. The context of one socket alone must not end between
    /// two frames: the others would be left with half a message. And where a peer goes between two frames, libzmq before
    /// 4.2 aborts: those are to be as close as can be.
    is_streamed: bool,
    /// The message that was taken from one side, and that the other has not taken yet; of no frames, if there is none.
    in_hand: Multipart,
    /// The capture has had that message.
    is_captured: bool,
    awaits: Option<Room>,
    /// Counted where somebody may ask.
    traffic: Option<Traffic>,
}

impl<'a> Way<'a> {
    pub(super) fn new(
        from: &'a Core,
        to: &'a Core,
        capture: Option<&'a Core>,
        traffic: Option<Traffic>,
    ) -> Self {
        let is_of_the_same =
            |other: &Core| Arc::ptr_eq(&from.context().inner, &other.context().inner);
        let is_one_context = is_of_the_same(to) && capture.is_none_or(is_of_the_same);
        let is_streamed = is_one_context && version() >= Version { major: 4, minor: 2, patch: 0 };
        let (in_hand, is_captured, awaits) = (Multipart::new(), false, None);
        Self { from, to, capture, is_streamed, in_hand, is_captured, awaits, traffic }
    }

    /// What the message in hand waits for.
    pub(super) fn awaits(&self) -> Option<Room> {
        self.awaits
    }

    /// What has gone through.
    pub(super) fn traffic(&self) -> Traffic {
        self.traffic.unwrap_or_default()
    }

    /// Hands on what there is, as long as there is room for it.
    pub(super) fn hand_on(&mut self) -> Result<()> {
        self.awaits = None;
        // One for all: to make one and to drop it costs as much as to fill it.
        let (mut frame, mut copy) = (Message::new(), Message::new());
        for _ in 0..BURST {
            if self.in_hand.is_empty() && self.from.is_straight() {
                match self.from.recv(&mut frame, Patience::None) {
                    Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                    received => received?,
                }
                if self.stream(&mut frame, &mut copy)? {
                    continue;
                }
            }
            if !self.hand_on_whole()? {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Hands a message on frame by frame, the first of which was received, and tells whether all went. Those that the
    /// other side does not take at once are in hand then.
    #[inline]
    fn stream(&mut self, frame: &mut Message, copy: &mut Message) -> Result<bool> {
        let mut count = Count::default();
        let mut is_first = true;
        loop {
            let more = frame.has_more();
            if self.traffic.is_some() {
                count.note(frame);
            }
            if more && !self.is_streamed {
                break;
            }
            if let Some(capture) = self.capture {
                frame.share_to(copy);
                if !send_copy(capture, copy, more, is_first)? {
                    break;
                }
                self.is_captured = true;
            }
            if !self.to.send_straight(frame, more, is_first) {
                break;
            }
            if !more {
                if let Some(traffic) = &mut self.traffic {
                    traffic.received(count);
                    traffic.sent();
                }
                self.is_captured = false;
                return Ok(true);
            }
            is_first = false;
            self.from.recv_further(frame)?;
        }
        self.keep(frame, count)?;
        Ok(false)
    }

    /// Has a frame that was not taken, and those that follow it, in hand.
    #[cold]
    fn keep(&mut self, frame: &mut Message, mut count: Count) -> Result<()> {
        loop {
            let more = frame.has_more();
            self.in_hand.push_back(mem::take(frame));
            if !more {
                break;
            }
            self.from.recv_further(frame)?;
            count.note(frame);
            if let (Some(capture), true) = (self.capture, self.is_captured) {
                send_copy(capture, &mut frame.share(), frame.has_more(), false)?;
            }
        }
        if let Some(traffic) = &mut self.traffic {
            traffic.received(count);
        }
        Ok(())
    }

    /// Hands on the message in hand, or else the next one, and tells whether it could.
    #[inline(never)]
    fn hand_on_whole(&mut self) -> Result<bool> {
        if self.in_hand.is_empty() {
            match self.from.recv_multipart(&mut self.in_hand, Patience::None) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(false),
                received => received?,
            }
            if let Some(traffic) = &mut self.traffic {
                traffic.received(Count::of(&self.in_hand));
            }
        }
        if let (Some(capture), false) = (self.capture, self.is_captured) {
            let copy = self.in_hand.iter_mut().map(Message::share).collect();
            if !send_at_once(capture, copy)? {
                self.awaits = Some(Room::OfCapture);
                return Ok(false);
            }
            self.is_captured = true;
        }
        if let Err(unsent) = self.to.send_multipart(mem::take(&mut self.in_hand), DONTWAIT) {
            self.in_hand = unsent.message;
            if unsent.error.kind() != ErrorKind::WouldBlock {
                return Err(unsent.error);
            }
            self.awaits = Some(Room::OfTarget);
            return Ok(false);
        }
        self.is_captured = false;
        if let Some(traffic) = &mut self.traffic {
            traffic.sent();
        }
        Ok(true)
    }
}

impl Drop for Way<'_> {
    fn drop(&mut self) {
        self.from.put_back(mem::take(&mut self.in_hand));
    }
}

/// Gives the capture a copy of a frame, and tells whether it takes the message. When it has taken the first frame, it
/// takes the others.
#[inline(always)]
fn send_copy(capture: &Core, copy: &mut Message, more: bool, is_first: bool) -> Result<bool> {
    if capture.send_straight(copy, more, is_first) {
        return Ok(true);
    }
    if is_first {
        return Ok(false);
    }
    capture.send(mem::take(copy), if more { DONTWAIT | SNDMORE } else { DONTWAIT })?;
    Ok(true)
}

/// Sends a message where there is room for it, and tells whether there was. A signal has to wait until that is done.
fn send_at_once(to: &Core, mut message: Multipart) -> Result<bool> {
    loop {
        match to.send_multipart(message, DONTWAIT) {
            Err(unsent) if unsent.kind() == ErrorKind::Interrupted => message = unsent.message,
            Err(unsent) if unsent.kind() == ErrorKind::WouldBlock => return Ok(false),
            sent => return Ok(sent.map(|()| true)?),
        }
    }
}
