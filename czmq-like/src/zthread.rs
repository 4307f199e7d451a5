//! Threads: the class `zthread`.
//!
//! A task that is attached, by [`fork`], talks to its parent over a pipe, and has a shadow of its parent's context. One
//! that is detached, by [`spawn_detached`], has neither. What a task is told by C's `void *args`, a closure captures.
//!
//! ```
//! use czmq_like::prelude::*;
//!
//! fn ping_task(_ctx: ZCtx, pipe: Socket<Pair>) -> czmq_like::Result<()> {
//!     while zstr::recv(&pipe)? == "ping" {
//!         zstr::send(&pipe, "pong")?;
//!     }
//!     Ok(())
//! }
//!
//! let ctx = ZCtx::new()?;
//! let pipe = zthread::fork(&ctx, ping_task)?;
//! zstr::send(&pipe, "ping")?;
//! assert_eq!(zstr::recv(&pipe)?, "pong");
//!
//! zstr::send(&pipe, "enough")?;
//! assert_eq!(zstr::recv(&pipe).unwrap_err().kind(), ErrorKind::Disconnected);
//! # Ok::<(), czmq_like::Error>(())
//! ```
//!
//! # How a task ends
//!
//! It gives nothing, or a `Result`, or it never ends ([`Outcome`]). A program that is interrupted, and a context that
//! ends, end its receives with `Interrupted` and `Terminated`: with `?` these are a task's normal end. With any other
//! error, its parent's receives, after what is queued, and its sends, give that error; where it panics,
//! [`Panicked`](crate::ErrorKind::Panicked). An error that no parent can learn of is logged by
//! [`zsys::error`].
//!
//! The parent may drop its end of the pipe: the task goes on, until its context ends or it uses the pipe, which gives
//! [`Disconnected`](crate::ErrorKind::Disconnected). Nobody waits for a task, save
//! [`ZCtx::destroy`](crate::ZCtx::destroy), for its sockets.
//!
//! A thread has the name of its task's function, for debuggers; a closure's is that of the function it is in.

mod outcome;

use std::any;
use std::thread;

use zmqx::{Error, ErrorKind, Pair, Result, Socket};

use crate::{ZCtx, zsys};

pub use outcome::Outcome;

/// Runs a task on a thread of its own, with a shadow of the context and one end of a pipe, and returns the other end.
///
/// Pipes are PAIR sockets over inproc, without a high-water mark.
///
/// # Errors
///
/// As [`ZCtx::socket`](crate::ZCtx::socket), and:
/// - What the system says where there can be no thread.
#[doc(alias = "zthread_fork")]
pub fn fork<R: Outcome>(
    ctx: &ZCtx,
    task: impl FnOnce(ZCtx, Socket<Pair>) -> R + Send + 'static,
) -> Result<Socket<Pair>> {
    attach(ctx, task, ())
}

/// Does as `fork`, and drops `last` when all of the task is gone.
pub(crate) fn attach<R: Outcome, F: FnOnce(ZCtx, Socket<Pair>) -> R + Send + 'static>(
    ctx: &ZCtx,
    task: F,
    last: impl Send + 'static,
) -> Result<Socket<Pair>> {
    let (parents, pipe) = ctx.underlying()?.pipe()?;
    let shadow = ctx.shadow();
    let report = pipe.report()?;
    start::<F>(move || {
        // Dropped behind the report, also by a panic.
        let _last = last;
        // So is the report behind the task: what it says without a word is whether the thread panics.
        let report = report;
        let result = run(|| task(shadow, pipe));
        if let Err(error) = report.end(result) {
            log(&error);
        }
    })?;
    Ok(parents)
}

/// Runs a task on a thread of its own, which nobody hears of again.
///
/// # Errors
///
/// - What the system says where there can be no thread.
#[doc(alias = "zthread_new")]
pub fn spawn_detached<R: Outcome, F: FnOnce() -> R + Send + 'static>(task: F) -> Result<()> {
    start::<F>(move || {
        if let Err(error) = run(task) {
            log(&error);
        }
    })
}

/// Runs a task, and gives the error that is not its normal end.
fn run<R: Outcome>(task: impl FnOnce() -> R) -> Result<()> {
    match task().into_result() {
        Err(error) if matches!(error.kind(), ErrorKind::Interrupted | ErrorKind::Terminated) => {
            Ok(())
        }
        result => result,
    }
}

fn log(error: &Error) {
    zsys::error(format!("{}: {error}", thread::current().name().unwrap_or(UNNAMED)));
}

/// Starts a thread that has the name of `F`.
fn start<F>(body: impl FnOnce() + Send + 'static) -> Result<()> {
    let name = name_of(any::type_name::<F>());
    thread::Builder::new().name(name.to_owned()).spawn(body)?;
    Ok(())
}

const UNNAMED: &str = "zthread";

/// The name of the function in the name of a type, as "program::client_task", or "program::main::{{closure}}".
fn name_of(type_name: &str) -> &str {
    let path = type_name.split('<').find(|part| !part.is_empty()).unwrap_or_default();
    let is_name = |part: &&str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    path.rsplit("::").find(is_name).unwrap_or(UNNAMED)
}

#[cfg(test)]
mod tests {
    use super::name_of;

    #[test]
    fn a_thread_has_the_name_of_its_function() {
        assert_eq!(name_of("lbbroker2::client_task"), "client_task");
        assert_eq!(name_of("lbbroker2::main::{{closure}}"), "main");
        assert_eq!(name_of("guide::FlCliApi::new::{{closure}}::{{closure}}"), "new");
        assert_eq!(name_of("guide::agent_task<guide::Tcp>"), "agent_task");
        assert_eq!(name_of("<guide::Agent as guide::Task>::run"), "run");
        assert_eq!(name_of("fn(czmq_like::ZCtx) -> ()"), "zthread");
    }
}
