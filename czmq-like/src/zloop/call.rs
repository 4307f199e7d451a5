//! Calling a handler, which may do to the loop what it likes, and put an end to itself.

use std::ops::ControlFlow;

use zmqx::{ErrorKind, PollEvents, Result};

use super::schedule::AlarmId;
use super::{LoopEnd, ZLoop};

/// A handler of any sort, called for an `E`. What it needs besides is in it.
pub(super) type Handler<'a, S, E> =
    Box<dyn FnMut(&mut ZLoop<'a, S>, E, &mut S) -> Result<ControlFlow<()>> + 'a>;

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
    pub(super) fn run(mut self, event: P::Event, state: &mut S) -> Result<ControlFlow<()>> {
        match &mut self.handler {
            Some(handler) => handler(self.reactor, event, state),
            None => Ok(ControlFlow::Continue(())),
        }
    }
}

impl<'a, S, P: Place<'a, S>> Drop for Call<'_, 'a, S, P> {
    #[inline]
    fn drop(&mut self) {
        if let Some(handler) = self.handler.take() {
            self.place.put_back(self.reactor, handler);
        }
    }
}

/// What a handler's answer means for the loop.
#[inline]
pub(super) fn settle(answer: Result<ControlFlow<()>>) -> Result<Option<LoopEnd>> {
    match answer {
        Ok(ControlFlow::Continue(())) => Ok(None),
        Ok(ControlFlow::Break(())) => Ok(Some(LoopEnd::Ended)),
        Err(error) if error.kind() == ErrorKind::Interrupted => Ok(Some(LoopEnd::Interrupted)),
        Err(error) => Err(error),
    }
}
