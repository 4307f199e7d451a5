//! Interrupts, and logging: the class `zsys`.
//!
//! Each [`ZCtx`](crate::ZCtx) has SIGINT and SIGTERM handled while it lives, and nothing here need be called for that.
//! The program ends its loops where a receive gives [`Interrupted`](crate::ErrorKind::Interrupted), and asks
//! [`interrupted`] where nothing of that kind is at hand.
//!
//! ```
//! use czmq_like::prelude::*;
//!
//! zsys::catch_interrupts()?; // a program without a ZCtx
//! while !zsys::interrupted() {
//!     zclock::sleep(Duration::from_secs(1)); // until Ctrl-C
//! #   zsys::set_interrupted(true);
//! }
//! zsys::info("interrupted"); // I: 26-11-21 09:30:00 interrupted
//! # Ok::<(), czmq_like::Error>(())
//! ```

mod interface;
mod log;

use zmqx::Result;

use crate::interrupts::{self, Handler};

pub use interface::{interface, set_interface};
pub use log::{debug, error, info, notice, set_logident, set_logstream, warning};

/// Tells whether the program has been asked to end, by SIGINT or SIGTERM, since it started: `zctx_interrupted`.
///
/// It stays so, also for contexts that are created afterwards, until [`set_interrupted`]`(false)`.
#[doc(alias("zsys_interrupted", "zctx_interrupted"))]
pub fn interrupted() -> bool {
    interrupts::existing().is_some_and(zmqx::Interrupt::is_triggered)
}

/// Does as a signal would, from any thread; or lets what blocks block again.
///
/// It is the assignment to `zctx_interrupted`, with the difference that it wakes whatever is blocked.
#[doc(alias("zsys_interrupted", "zctx_interrupted"))]
pub fn set_interrupted(is_interrupted: bool) {
    if is_interrupted {
        // It fails only where no descriptor is free, and then nothing waits for it yet.
        if let Ok(interrupt) = interrupts::shared() {
            interrupt.trigger();
        }
    } else if let Some(interrupt) = interrupts::existing() {
        interrupt.clear();
    }
}

/// Has SIGINT and SIGTERM handled from now on, for a program without a [`ZCtx`](crate::ZCtx), until [`handler_reset`].
///
/// [`interrupted`] tells of them, [`zclock::sleep`](crate::zclock::sleep) ends with them, and [`interrupt_fd`] can be
/// waited for.
///
/// # Errors
///
/// As [`ZCtx::new`](crate::ZCtx::new).
#[doc(alias = "zsys_catch_interrupts")]
pub fn catch_interrupts() -> Result<()> {
    interrupts::catch()
}

/// Returns a descriptor that is readable while the program is [interrupted], for loops of other makes to wait on.
///
/// Only wait on it: there is nothing to be read that is for others.
///
/// # Errors
///
/// - [`TooManySockets`](crate::ErrorKind::TooManySockets): no file descriptor is free.
#[cfg(unix)]
pub fn interrupt_fd() -> Result<std::os::fd::BorrowedFd<'static>> {
    interrupts::shared().map(zmqx::Interrupt::as_fd)
}

/// Returns a socket of the system's that is readable while the program is [interrupted], for loops of other makes to
/// wait on.
///
/// Only wait on it: there is nothing to be read that is for others.
///
/// # Errors
///
/// - [`TooManySockets`](crate::ErrorKind::TooManySockets): no socket is free.
#[cfg(windows)]
pub fn interrupt_socket() -> Result<std::os::windows::io::BorrowedSocket<'static>> {
    interrupts::shared().map(zmqx::Interrupt::as_socket)
}

/// Has SIGINT and SIGTERM handled by the program instead, from now on.
///
/// With `None` they are left alone: called before the first [`ZCtx`](crate::ZCtx), the program's own handling stays, or
/// the system's.
///
/// A function is called with each signal's number. It is called on a thread of its own, and so may do what a signal's
/// handler in C may not, as to log or to take a lock; and what blocks goes on until it calls
/// [`set_interrupted`]`(true)`. Each call replaces what the one before has set.
///
/// ```
/// use czmq_like::zsys;
///
/// zsys::handler_set(Some(|signal| {
///     zsys::notice(format!("signal {signal}: ending"));
///     zsys::set_interrupted(true);
/// }))?;
/// # Ok::<(), czmq_like::Error>(())
/// ```
///
/// # Errors
///
/// Of a function alone:
/// - [`BadState`](crate::ErrorKind::BadState): the program has the signals trigger another
///   [`Interrupt`](zmqx::Interrupt).
/// - [`TooManySockets`](crate::ErrorKind::TooManySockets): no file descriptor is free.
/// - [`Unsupported`](crate::ErrorKind::Unsupported): the platform has no such signals.
#[doc(alias = "zsys_handler_set")]
pub fn handler_set(handler: Option<fn(i32)>) -> Result<()> {
    interrupts::set_handler(handler.map_or(Handler::Nobody, Handler::Function))
}

/// Puts the earlier dispositions of SIGINT and SIGTERM back, and undoes [`handler_set`] and [`catch_interrupts`].
///
/// The next [`ZCtx`](crate::ZCtx) that is created has them handled again.
#[doc(alias = "zsys_handler_reset")]
pub fn handler_reset() {
    interrupts::reset();
}
