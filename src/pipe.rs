//! The two ends of `Context::pipe`, and how each learns that the other is gone.
//!
//! What the ends share says who has left. An end that leaves also sends a last message, a farewell, which wakes the
//! other and comes after all that was queued. Its byte is on the heap, this module's alone, and inproc carries a
//! message's buffer as it is, so that it is told from all others by its address.

use std::cell::Cell;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use crate::context::Context;
use crate::error::Result;
use crate::kind::Pair;
use crate::message::Message;
use crate::raw::errno;
use crate::raw::socket::{DONTWAIT, RawSocket};
use crate::socket::Socket;

/// The bytes of every farewell. A constant static would not do: the linker may give a user's `b"\0"` its address.
static FAREWELL: OnceLock<Box<[u8]>> = OnceLock::new();
static NEXT: AtomicU64 = AtomicU64::new(0);

const THERE: u8 = 0;
const LEFT: u8 = 1;
const PANICKED: u8 = 2;

/// What makes a PAIR an end of a pipe.
#[derive(Debug)]
pub(crate) struct End {
    own: Arc<AtomicU8>,
    other: Arc<AtomicU8>,
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
    let (one, two) = (Arc::new(AtomicU8::new(THERE)), Arc::new(AtomicU8::new(THERE)));
    let is_over = Cell::new(false);
    first.set_pipe(End {
        own: Arc::clone(&one),
        other: Arc::clone(&two),
        is_over: is_over.clone(),
    });
    second.set_pipe(End { own: two, other: one, is_over });
    Ok((first, second))
}

fn farewell() -> &'static [u8] {
    FAREWELL.get_or_init(|| Box::new([0]))
}

impl End {
    /// Says farewell, on a socket that is about to be closed.
    pub(crate) fn leave(&self, socket: &RawSocket) {
        let how = if std::thread::panicking() { PANICKED } else { LEFT };
        self.own.store(how, Ordering::SeqCst);
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
        match self.other.load(Ordering::SeqCst) {
            THERE => Ok(()),
            PANICKED => Err(errno::PANICKED),
            _ => Err(errno::DISCONNECTED),
        }
    }

    /// Whether a receive gives an error at once, though libzmq has nothing to say.
    pub(crate) fn is_over(&self) -> bool {
        self.is_over.get()
    }
}
