//! Children after fork.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;
use std::time::{Duration, Instant};

/// Runs `body` in a child that is forked off, and fails where it panics, or takes longer than `limit`.
///
/// The child has this thread alone: a lock that another one holds stays locked in it.
///
/// # Panics
///
/// When `body` does, or is killed, when the time is up, and where there can be no other process.
#[allow(clippy::panic, reason = "a failure here is the test's failure")]
pub fn in_fork(limit: Duration, body: impl FnOnce()) {
    // SAFETY: the child runs `body` on its one thread and ends by _exit(2), so that nothing of the test's is run twice.
    // It allocates, which glibc's and musl's fork(2) see to.
    let child = unsafe { libc::fork() };
    assert!(child >= 0, "there can be no other process");
    if child == 0 {
        let ended = catch_unwind(AssertUnwindSafe(body));
        // SAFETY: _exit(2) does not return.
        unsafe { libc::_exit(i32::from(ended.is_err())) };
    }
    let deadline = Instant::now() + limit;
    loop {
        let mut status = 0;
        // SAFETY: waitpid(2) only writes to `status`.
        let ended = unsafe { libc::waitpid(child, &raw mut status, libc::WNOHANG) };
        if ended == child {
            assert!(libc::WIFEXITED(status), "the child was killed: {status:#x}");
            assert_eq!(libc::WEXITSTATUS(status), 0, "the child panicked: see above");
            return;
        }
        if Instant::now() > deadline {
            // SAFETY: the child is ours, and not waited for yet.
            unsafe { libc::kill(child, libc::SIGKILL) };
            panic!("the child took longer than {limit:?}");
        }
        // waitpid(2) knows no deadline.
        thread::sleep(Duration::from_millis(1));
    }
}
