//! The two ends of `Context::pipe`, and how each learns that the other is gone.
//!
//! What the ends share says who has left. An end that leaves also sends a last message, a farewell, which wakes the
//! other and comes after all that was queued. Its byte is on the heap, this module's alone, and inproc carries a
//! message's buffer as it is, so that it is told from all others by its address.

mod fate;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use crate::cell::Cell;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::kind::Pair;
use crate::message::Message;
use crate::raw::errno;
use crate::raw::socket::{DONTWAIT, RawSocket};
use crate::socket::Socket;
use fate::{Fate, Outcome};

/// The bytes of every farewell. A constant static would not do: the linker may give a user's `b"\0"` its address.
static FAREWELL: OnceLock<Box<[u8]>> = OnceLock::new();
static NEXT: AtomicU64 = AtomicU64::new(0);

/// What makes a PAIR an end of a pipe.
#[derive(Debug)]
pub(crate) struct End {
    own: Arc<Fate>,
    other: Arc<Fate>,
    /// The farewell has been received: nothing comes any more.
    is_over: Cell<bool>,
}

/// Opens a pipe.
pub(crate) fn open(context: &Context) -> Result<(Socket<Pair>, Socket<Pair>)> {
    let endpoint = format!("inproc://zmqx-pipe-{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let (mut first, mut second) = (context.socket(Pair)?, context.socket(Pair)?);
    for end in [&first, &second] {
        end.set_sndhwm(0)?;
        end.set_rcvhwm(0)?;
    }
    first.bind(&endpoint)?;
    second.connect(&endpoint)?;
    let (one, two) = (Arc::new(Fate::new()), Arc::new(Fate::new()));
    first.set_pipe(End {
        own: Arc::clone(&one),
        other: Arc::clone(&two),
        is_over: Cell::new(false),
    });
    second.set_pipe(End { own: two, other: one, is_over: Cell::new(false) });
    Ok((first, second))
}

fn farewell() -> &'static [u8] {
    FAREWELL.get_or_init(|| Box::new([0]))
}

impl End {
    /// Says farewell, on a socket that is about to be closed.
    pub(crate) fn leave(&self, socket: &RawSocket) {
        self.own.leave();
        // Without a high-water mark it is refused only where nobody is left to read it.
        let _ = socket.send(&mut Message::from_static(farewell()), DONTWAIT);
    }

    /// Takes note of a message that has come, and tells whether it is the farewell.
    pub(crate) fn note(&self, message: &Message) -> Result<(), i32> {
        // The length counts too: an empty slice may begin anywhere.
        if message.len() == 1 && message.as_ptr() == farewell().as_ptr() {
            self.is_over.set(true);
        }
        self.check_receive()
    }

    /// The errno of receiving, where the other end is gone and nothing is left of it.
    pub(crate) fn check_receive(&self) -> Result<(), i32> {
        if self.is_over.get() { self.check_send() } else { Ok(()) }
    }

    /// The errno of sending, where the other end is gone.
    pub(crate) fn check_send(&self) -> Result<(), i32> {
        self.other.check()
    }

    /// Whether a receive gives an error at once, though libzmq has nothing to say.
    pub(crate) fn is_over(&self) -> bool {
        self.is_over.get()
    }

    /// Whether a send gives an error at once.
    pub(crate) fn is_alone(&self) -> bool {
        self.other.has_left()
    }

    /// The error for `errno::REPORTED`: the one that the other end has left.
    pub(crate) fn reported(&self, operation: &'static str) -> Error {
        self.other.reported().unwrap_or_else(|| Error::new(errno::DISCONNECTED, operation))
    }
}

/// What the other end of a [pipe](Context::pipe) is to learn of the thread that has this one.
///
/// Made by [`Socket::report`]. It may outlive the end that it is about, which a task usually owns and drops. Where it
/// is dropped without a word, the task has ended well, or, while unwinding, has panicked.
///
/// ```
/// use zmqx::{Context, ErrorKind};
///
/// let ctx = Context::new()?;
/// let (parent, child) = ctx.pipe()?;
/// let report = child.report()?;
/// std::thread::spawn(move || {
///     let task = move || child.context().socket(zmqx::Rep)?.bind("nowhere").map(drop);
///     report.end(task())
/// });
/// let error = parent.recv().unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::InvalidInput);
/// assert_eq!(error.to_string(), r#"bind "nowhere": no transport, as in tcp://"#);
/// # Ok::<(), zmqx::Error>(())
/// ```
#[derive(Debug)]
#[must_use = "dropping it says that all went well"]
pub struct PipeReport {
    own: Arc<Fate>,
    other: Arc<Fate>,
}

impl PipeReport {
    /// Says how it ended: with `Ok`, the other end gets `Disconnected` once this one is gone, and with an error that
    /// error, from each receive that has nothing left and from each send.
    ///
    /// # Errors
    ///
    /// - The error itself, where the other end is gone, and nobody learns of it.
    pub fn end(self, result: Result<()>) -> Result<()> {
        match result {
            Err(error) if self.other.has_left() => {
                self.own.end(Outcome::Left);
                Err(error)
            }
            Err(error) => {
                self.own.end(Outcome::Failed(error));
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    }
}

impl Drop for PipeReport {
    fn drop(&mut self) {
        // Where `end` has said how, this is not heard.
        self.own.end(Outcome::of_this_thread());
    }
}

impl Socket<Pair> {
    /// Announces a report on how the thread that has this end of a [pipe](Context::pipe) comes to its end.
    ///
    /// When the end is dropped, the other one waits for the report, but no longer than a second: a task usually ends
    /// with its end of the pipe.
    ///
    /// # Errors
    ///
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput): this is no end of a pipe.
    pub fn report(&self) -> Result<PipeReport> {
        let Some(end) = self.core.pipe() else {
            return Err(Error::invalid("announce report", "this is no end of a pipe"));
        };
        end.own.announce();
        Ok(PipeReport { own: Arc::clone(&end.own), other: Arc::clone(&end.other) })
    }
}
