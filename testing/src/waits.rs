//! How long tests wait, and how often they try.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

/// Long enough for anything that should end at once, on a machine that is busy.
pub const SOON: Duration = Duration::from_secs(30);

/// By how much the environment's `ZMQX_PATIENCE` multiplies a limit, for a valgrind or a sanitizer, under which all is
/// slower.
fn patience() -> u32 {
    let wanted = std::env::var("ZMQX_PATIENCE").ok();
    wanted.and_then(|wanted| wanted.parse().ok()).unwrap_or(1)
}

/// Runs `body` on a thread of its own, and fails the test by name where it takes longer than `limit`.
///
/// The environment's `ZMQX_PATIENCE` multiplies the limit.
///
/// # Panics
///
/// When `body` does, when the time is up, and where there can be no other thread.
#[allow(clippy::panic, clippy::unwrap_used, reason = "a failure here is the test's failure")]
pub fn within<T: Send + 'static>(limit: Duration, body: impl FnOnce() -> T + Send + 'static) -> T {
    let limit = limit * patience();
    let test = thread::current().name().unwrap_or("a test").to_owned();
    let (done, ended) = channel();
    let thread = thread::Builder::new()
        .name(test.clone())
        .spawn(move || {
            let result = body();
            // What `body` owned is dropped by now: a drop that hangs counts too.
            let _ = done.send(());
            result
        })
        .unwrap();
    if ended.recv_timeout(limit) == Err(RecvTimeoutError::Timeout) {
        // The thread is left behind; the process ends without waiting for it.
        panic!("{test} took longer than {limit:?}");
    }
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Waits until `is_so`, which is to become true soon.
///
/// # Panics
///
/// Where it does not, within [`SOON`], which `ZMQX_PATIENCE` multiplies.
pub fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let limit = SOON * patience();
    let deadline = Instant::now() + limit;
    while !is_so() {
        assert!(Instant::now() < deadline, "not so after {limit:?}: {what}");
        // What is waited for says nothing when it comes.
        thread::sleep(Duration::from_millis(1));
    }
}

/// How often a test of random moments tries: ten times as often with ZMQX_LONG=1.
pub fn rounds(short: usize) -> usize {
    if std::env::var_os("ZMQX_LONG").is_some_and(|value| value == "1") { short * 10 } else { short }
}
