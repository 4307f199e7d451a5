//! `Service`, an actor that is spoken to by methods: each is a command, and waits for its answer.

use std::sync::mpsc::{Receiver, Sender, channel};

use zmqx::{Error, Pair, Result, Socket};

use super::ZActor;
use crate::{ZCtx, ZMsg, zstr};

/// What wakes the task when a command is there. "$TERM" ends it.
const COMMAND: &str = "COMMAND";

/// The parent's side. Commands go by a channel and answers by another, so that no answer waits behind what the task
/// sends over its pipe; a message over the pipe wakes the task.
#[derive(Debug)]
pub(crate) struct Service<C, A> {
    actor: ZActor,
    commands: Sender<C>,
    answers: Receiver<Result<A>>,
}

/// The task's side.
#[derive(Debug)]
pub(crate) struct Desk<C, A> {
    commands: Receiver<C>,
    answers: Sender<Result<A>>,
}

/// What comes to a task.
#[derive(Debug)]
pub(crate) enum Call<C> {
    Command(C),
    Term,
}

impl<C: Send + 'static, A: Send + 'static> Service<C, A> {
    /// Starts the task, as `ZActor::new`.
    pub(crate) fn new(
        ctx: &ZCtx,
        task: impl FnOnce(ZCtx, Socket<Pair>, Desk<C, A>) -> Result<()> + Send + 'static,
    ) -> Result<Self> {
        let ((commands, desk_commands), (desk_answers, answers)) = (channel(), channel());
        let desk = Desk { commands: desk_commands, answers: desk_answers };
        let actor = ZActor::new(ctx, move |ctx, pipe| task(ctx, pipe, desk))?;
        Ok(Self { actor, commands, answers })
    }

    /// Has the task do something, and returns what it answers.
    pub(crate) fn call(&self, command: C) -> Result<A> {
        // Where nobody takes it, the pipe says why.
        let _ = self.commands.send(command);
        zstr::send(&self.actor, COMMAND)?;
        self.answers.recv().unwrap_or_else(|_| Err(self.end()))
    }

    /// Why the task has ended.
    fn end(&self) -> Error {
        loop {
            if let Err(error) = self.actor.recv() {
                return error;
            }
        }
    }

    pub(crate) fn pipe(&self) -> &Socket<Pair> {
        self.actor.sock()
    }
}

impl<C, A> Desk<C, A> {
    /// Takes what has come over the pipe. `None` is for a message that says nothing to the task.
    pub(crate) fn receive(&self, pipe: &Socket<Pair>) -> Result<Option<Call<C>>> {
        Ok(match ZMsg::recv(pipe)?.popstr().as_deref() {
            Some("$TERM") => Some(Call::Term),
            Some(COMMAND) => self.commands.try_recv().ok().map(Call::Command),
            _ => None,
        })
    }

    pub(crate) fn answer(&self, answer: Result<A>) {
        // The parent waits for it, or has panicked.
        let _ = self.answers.send(answer);
    }
}
