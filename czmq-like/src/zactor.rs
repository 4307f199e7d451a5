//! `ZActor`, the class of threads that are started, talked to, and ended in one way.

mod service;

use std::fmt;
use std::ops::Deref;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use zmqx::{ErrorKind, Pair, Result, Socket};

use crate::zthread::{self, Outcome};
use crate::{ZCtx, ZSocket, zstr};

pub(crate) use service::{Call, Desk, Service};

/// How long a drop waits for the task, unless set.
const PATIENCE: Duration = Duration::from_secs(5);

/// A thread with a pipe, and CZMQ 3's handshake: the class `zactor`.
///
/// The task signals, by [`ZSocket::signal`], that it is ready, for which [`new`](Self::new) waits. Then it serves the
/// commands that come over its pipe, until "$TERM" is one, which the actor's drop sends. The drop waits until the task
/// has ended, but for no more than 5 seconds, or what [`set_patience`](Self::set_patience) says, where it is deaf.
///
/// An actor is used as the parent's end of the pipe, a `Socket<Pair>`.
///
/// ```
/// use czmq_like::prelude::*;
///
/// fn echo_actor(_ctx: ZCtx, pipe: Socket<Pair>) -> czmq_like::Result<()> {
///     ZSocket::signal(&pipe, 0)?;
///     loop {
///         let mut msg = ZMsg::recv(&pipe)?;
///         match msg.popstr().as_deref() {
///             Some("ECHO") => msg.send(&pipe)?,
///             Some("$TERM") => return Ok(()),
///             _ => zsys::error("invalid message to actor"),
///         }
///     }
/// }
///
/// let ctx = ZCtx::new()?;
/// let actor = ZActor::new(&ctx, echo_actor)?;
/// zstr::sendx(&actor, &["ECHO", "This is a string"])?;
/// assert_eq!(zstr::recv(&actor)?, "This is a string");
/// drop(actor); // the task is gone
/// # Ok::<(), czmq_like::Error>(())
/// ```
pub struct ZActor {
    pipe: Socket<Pair>,
    /// Closed by the end of the thread.
    ended: Receiver<()>,
    patience: Duration,
}

impl ZActor {
    /// Runs a task as [`zthread::fork`] does, and waits until it signals that it is ready.
    ///
    /// The status of that signal counts for nothing, as in C.
    ///
    /// # Errors
    ///
    /// As [`zthread::fork`], and where the task ends without a signal:
    /// - The error that it gives, [`Disconnected`](crate::ErrorKind::Disconnected) where it gives none, or
    ///   [`Panicked`](crate::ErrorKind::Panicked).
    #[doc(alias = "zactor_new")]
    pub fn new<R: Outcome>(
        ctx: &ZCtx,
        task: impl FnOnce(ZCtx, Socket<Pair>) -> R + Send + 'static,
    ) -> Result<Self> {
        let (end, ended) = channel::<()>();
        let pipe = zthread::attach(ctx, task, end)?;
        ZSocket::wait(&pipe)?;
        Ok(Self { pipe, ended, patience: PATIENCE })
    }

    /// Sets how long a drop waits for a task that does not end, 5 seconds unless set.
    pub fn set_patience(&mut self, patience: Duration) {
        self.patience = patience;
    }

    /// Returns the parent's end of the pipe, which an actor dereferences to as well.
    #[doc(alias = "zactor_sock")]
    pub fn sock(&self) -> &Socket<Pair> {
        &self.pipe
    }
}

impl Deref for ZActor {
    type Target = Socket<Pair>;

    fn deref(&self) -> &Socket<Pair> {
        &self.pipe
    }
}

impl Drop for ZActor {
    fn drop(&mut self) {
        match zstr::send(&self.pipe, "$TERM") {
            // In a child after fork there is no thread to wait for.
            Err(error) if error.kind() == ErrorKind::Forked => return,
            // It is refused otherwise only where the task or its context has ended, which ends the task as well.
            _ => {}
        }
        // Not by the pipe, whose receives an interrupt ends: the task is to end in its own time.
        let _ = self.ended.recv_timeout(self.patience);
    }
}

impl fmt::Debug for ZActor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ZActor").field("patience", &self.patience).finish_non_exhaustive()
    }
}
