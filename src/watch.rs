//! Says so when a termination takes long.

use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

/// Warns, unless it is dropped within a second.
pub(crate) struct Watch {
    _done: Sender<()>,
}

/// Begins to watch a termination.
pub(crate) fn slow_termination() -> Option<Watch> {
    let (done, dropped) = channel::<()>();
    let watch = move || {
        if dropped.recv_timeout(Duration::from_secs(1)) == Err(RecvTimeoutError::Timeout) {
            tracing::warn!(
                "dropping a context waits for messages that are still to be sent (see linger)"
            );
        }
    };
    thread::Builder::new().name("zmqx-watch".to_owned()).spawn(watch).ok()?;
    Some(Watch { _done: done })
}
