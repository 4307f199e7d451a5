//! `Service`: a handler on a thread of its own.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread::{self, JoinHandle};

use crate::error::{Error, ErrorKind, Result};
use crate::kind::Pair;
use crate::raw::errno;
use crate::raw::poll::wait_readable;
use crate::socket::Socket;
use crate::zap::{Handler, Reply, Request};

/// A [`Handler`] that answers on a thread of its own; made by [`Handler::spawn`].
///
/// Dropping it stops it, and waits for the answer that it is about to give. No [`Interrupt`](crate::Interrupt) ends it, as
/// servers may still be bound: it goes on until it is dropped, or its context shut down.
///
/// Where the function that decides panics, that client gets a [`Reply::internal_error`], and the next one is asked about as
/// ever.
#[must_use = "dropping it stops it"]
pub struct Service {
    /// Dropping it stops the thread.
    stop: Option<Socket<Pair>>,
    /// It gives the handler back, so that its endpoint is bound until this is dropped, whatever has ended the thread.
    thread: Option<JoinHandle<Handler>>,
}

impl Service {
    pub(super) fn start(
        handler: Handler,
        decide: impl FnMut(&Request) -> Reply + Send + 'static,
    ) -> Result<Self> {
        const START: &str = "start ZAP handler";
        let (stop, stopped) = handler.context().pipe()?;
        let run = move || {
            run(&handler, &stopped, decide);
            handler
        };
        let thread = thread::Builder::new().name("zmqx-zap".to_owned()).spawn(run);
        let thread = thread.map_err(|error| Error::from(error).during(START))?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

/// Answers until `stopped` says to stop, or the context is gone.
fn run(handler: &Handler, stopped: &Socket<Pair>, mut decide: impl FnMut(&Request) -> Reply) {
    // What is there is received before the next wait, so that both descriptors tell of what comes after.
    while is_idle(stopped.try_recv()) {
        let request = match handler.try_recv() {
            Ok(request) => request,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                if wait(handler, stopped).is_err() {
                    return;
                }
                continue;
            }
            Err(_) => return,
        };
        // Whatever state a panic has left behind is the function's own, and this client is not let in.
        let reply = catch_unwind(AssertUnwindSafe(|| decide(&request)))
            .unwrap_or_else(|_| Reply::internal_error("the handler has panicked"));
        match handler.reply(request, reply) {
            // Nobody is told that a reply was malformed, but its client was not let in.
            Err(error) if error.kind() != ErrorKind::InvalidInput => return,
            _ => {}
        }
    }
}

fn is_idle<T>(received: Result<T>) -> bool {
    match received {
        Ok(_) => false,
        Err(error) => matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted),
    }
}

/// Waits for news of either socket. Other than `poll`, it is no interrupt's to end.
fn wait(handler: &Handler, stopped: &Socket<Pair>) -> Result<()> {
    let fds = [handler.socket.core.raw.fd()?, stopped.core.raw.fd()?];
    match wait_readable(&fds, None) {
        Err(error) if error.errno() == errno::EINTR => Ok(()),
        waited => waited,
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let is_inherited = self.stop.as_ref().is_some_and(|stop| stop.core.raw.is_inherited());
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            if is_inherited {
                // The thread is the parent's.
                std::mem::forget(thread);
            } else {
                // It does not panic; and if it did, its handler was dropped by that.
                let _ = thread.join();
            }
        }
    }
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Service").finish_non_exhaustive()
    }
}
