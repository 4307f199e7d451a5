//! Calling a handler, which may do to the loop what it likes, and put an end to itself.

use std::mem;
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

/// The name of a handler's place in the loop.
pub(super) trait Place<'a, S>: Copy {
    /// What the handler is called for.
    type Event;

    /// Puts the handler back, or drops it, where its place is gone.
    fn put_back(self, reactor: &mut ZLoop<'a, S>, handler: Handler<'a, S, Self::Event>);
}

/// A handler that is out of its place while it runs. It is put back when this is dropped, also by a panic.
pub(super) struct Call<'l, 'a, S, P: Place<'a, S>> {
    pub(super) reactor: &'l mut ZLoop<'a, S>,
    pub(super) place: P,
    pub(super) handler: Option<Handler<'a, S, P::Event>>,
}

impl<'a, S, P: Place<'a, S>> Call<'_, 'a, S, P> {
    #[inline]
    pub(super) fn run(mut self, event: P::Event, state: &mut S) -> Option<End> {
        let end = match &mut self.handler {
            Some(handler) => handler(self.reactor, event, state),
            None => None,
        };
        self.put_back();
        // It has nothing left to do, and the compiler need not look for it.
        mem::forget(self);
        end
    }

    #[inline]
    fn put_back(&mut self) {
        if let Some(handler) = self.handler.take() {
            self.place.put_back(self.reactor, handler);
        }
    }
}

impl<'a, S, P: Place<'a, S>> Drop for Call<'_, 'a, S, P> {
    fn drop(&mut self) {
        self.put_back();
    }
}

/// What a handler's answer means for the loop.
#[inline]
pub(super) fn settle(answer: impl Reaction) -> Option<End> {
    let answer = answer.reaction();
    if matches!(answer, Ok(ControlFlow::Continue(()))) { None } else { Some(end_by(answer)) }
}

#[cold]
fn end_by(answer: Result<ControlFlow<()>>) -> End {
    Box::new(match answer {
        Ok(_) => Ok(LoopEnd::Ended),
        Err(error) if error.kind() == ErrorKind::Interrupted => Ok(LoopEnd::Interrupted),
        Err(error) => Err(error),
    })
}
