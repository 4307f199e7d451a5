//! What steers a proxy: the commands on its control socket, and the count of what has gone through.

use std::ops::ControlFlow;

use super::way::Way;
use crate::call::Patience;
use crate::error::{ErrorKind, Result};
use crate::kind::SocketKind;
use crate::message::Message;
use crate::multipart::Multipart;
use crate::poll::{PollEvents, PollItem};
use crate::raw::socket::DONTWAIT;
use crate::socket::Core;

/// How many frames, and how many bytes they have.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Count {
    frames: u64,
    bytes: u64,
}

impl Count {
    pub(super) fn of(message: &Multipart) -> Self {
        let size = |frame: &Message| frame.len() as u64;
        Self { frames: message.len() as u64, bytes: message.iter().map(size).sum() }
    }

    /// One frame more.
    #[inline]
    pub(super) fn note(&mut self, frame: &Message) {
        self.add(Self { frames: 1, bytes: frame.len() as u64 });
    }

    /// As in C, they wrap.
    fn add(&mut self, other: Self) {
        self.frames = self.frames.wrapping_add(other.frames);
        self.bytes = self.bytes.wrapping_add(other.bytes);
    }
}

/// Counts what goes one way.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Traffic {
    received: Count,
    sent: Count,
    last: Count,
}

impl Traffic {
    /// The message was taken from one side.
    #[inline]
    pub(super) fn received(&mut self, message: Count) {
        self.last = message;
        self.received.add(message);
    }

    /// The message that was taken last was given to the other side.
    #[inline]
    pub(super) fn sent(&mut self) {
        self.sent.add(self.last);
    }
}

/// A control socket.
pub(super) struct Steered<'a> {
    control: &'a Core,
    is_paused: bool,
}

impl<'a> Steered<'a> {
    pub(super) fn by(control: &'a Core) -> Self {
        Self { control, is_paused: false }
    }

    /// What to wait for beside the proxy's own sockets.
    pub(super) fn item(&self) -> PollItem<'a> {
        PollItem::of(self.control, PollEvents::IN)
    }

    /// Whether messages are to stay where they are.
    pub(super) fn is_paused(&self) -> bool {
        self.is_paused
    }

    /// Answers, where somebody waits for it. Who does not take it at once does without.
    fn answer(&self, envelope: Multipart, answer: impl Iterator<Item = Message>) -> Result<()> {
        let mut message = envelope;
        message.extend(answer);
        loop {
            let Err(unsent) = self.control.send_multipart(message, DONTWAIT) else { return Ok(()) };
            match unsent.error.kind() {
                ErrorKind::WouldBlock | ErrorKind::HostUnreachable => return Ok(()),
                // Unanswered, a REP could take no further command.
                ErrorKind::Interrupted => message = unsent.message,
                _ => return Err(unsent.error),
            }
        }
    }

    /// Does what a command says, and tells whether the proxy goes on.
    ///
    /// One command a turn: whoever has many does not keep the messages waiting.
    pub(super) fn obey(&mut self, ways: &[Way<'_>; 2]) -> Result<ControlFlow<()>> {
        let mut message = Multipart::new();
        match self.control.recv_multipart(&mut message, Patience::None) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                return Ok(ControlFlow::Continue(()));
            }
            received => received?,
        }
        // What is before it is the envelope of a ROUTER, or the topic of a SUB.
        let command = message.pop_back().unwrap_or_default();
        if &command[..] == b"STATISTICS" {
            if self.control.kind.answers() {
                self.answer(message, statistics(ways))?;
            }
            return Ok(ControlFlow::Continue(()));
        }
        match &command[..] {
            b"PAUSE" => self.is_paused = true,
            b"RESUME" => self.is_paused = false,
            _ => {}
        }
        if self.control.kind.acknowledges() {
            self.answer(message, std::iter::once(Message::new()))?;
        }
        let is_over = command == "TERMINATE";
        Ok(if is_over { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    }
}

impl SocketKind {
    /// Whether it can send what belongs to a message that it has received.
    fn answers(self) -> bool {
        self.acknowledges() || matches!(self, Self::Pair | Self::Dealer)
    }

    /// Whether its peer waits for an answer, whatever it has said.
    fn acknowledges(self) -> bool {
        matches!(self, Self::Rep | Self::Router)
    }
}

/// The eight numbers of zmq_proxy_steerable(3), in its order, as C has them in memory.
fn statistics(ways: &[Way<'_>; 2]) -> impl Iterator<Item = Message> + use<> {
    let [forth, back] = ways.each_ref().map(Way::traffic);
    [forth.received, back.sent, back.received, forth.sent]
        .into_iter()
        .flat_map(|count| [count.frames, count.bytes])
        .map(|number| Message::from(number.to_ne_bytes()))
}
