//! Calling a handler, which may do to the loop what it likes, and put an end to itself.

use std::ops::ControlFlow;

use zmqx::{ErrorKind, PollEvents, Result};

use super::schedule::AlarmId;
use super::{LoopEnd, Reaction, ZLoop};

/// How the loop is to end. In a box, so that the usual answer of a handler, that it goes on, is a null in a register.
pub(super) type End = Box<Result<LoopEnd>>;

/// A handler of any sort, called for an `E`. What it needs besides is in it.
pub(super) type Handler<'a, S, E> =
    Box<dyn FnMut(&mut ZLoop<'a, S>, E, &mut S) -> Option<End> + 'a>;

pub(super) type ReaderHandler<'a, S> = Handler<'a, S, PollEvents>;
pub(super) type AlarmHandler<'a, S> = Handler<'a, S, AlarmId>;

/// The handler of a timer or ticket, which the schedule has not while it runs. It is given back when this is dropped,
/// also by a panic.
pub(super) struct Call<'l, 'a, S> {
    pub(super) reactor: &'l mut ZLoop<'a, S>,
    pub(super) id: AlarmId,
    pub(super) handler: Option<AlarmHandler<'a, S>>,
}

impl<S> Call<'_, '_, S> {
    pub(super) fn run(mut self, state: &mut S) -> Option<End> {
        let handler = self.handler.as_mut()?;
        handler(self.reactor, self.id, state)
    }
}

impl<S> Drop for Call<'_, '_, S> {
    fn drop(&mut self) {
        if let Some(handler) = self.handler.take() {
            drop(self.reactor.alarms.put_back(self.id, handler));
        }
    }
}

/// What a handler's answer means for the loop.
///
/// Not inlined into the handler: where the compiler sees the answer taken apart, it moves a frame that the handler
/// receives in as many parts, which costs more than the call.
#[inline(never)]
pub(super) fn settle(answer: impl Reaction) -> Option<End> {
    match answer.reaction() {
        Ok(ControlFlow::Continue(())) => None,
        answer => Some(end_by(answer)),
    }
}

#[cold]
fn end_by(answer: Result<ControlFlow<()>>) -> End {
    Box::new(match answer {
        Ok(_) => Ok(LoopEnd::Ended),
        Err(error) if error.kind() == ErrorKind::Interrupted => Ok(LoopEnd::Interrupted),
        Err(error) => Err(error),
    })
}
