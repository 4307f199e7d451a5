//! Signals that cut system calls short.

use std::ptr::null_mut;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use libc::SIGUSR1;

/// How many signals of all storms have come.
static COME: AtomicUsize = AtomicUsize::new(0);

/// Sets what the process does on a signal: SIG_DFL, SIG_IGN, or a handler that is async-signal-safe.
///
/// # Panics
///
/// Where it is no signal that can be caught.
pub fn set_disposition(signal: i32, handler: usize) {
    // SAFETY: all zeros is a sigaction: no flags, so without SA_RESTART.
    let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
    action.sa_sigaction = handler;
    // SAFETY: sigaction(2) only reads `action`; the caller says that the handler may run at any time.
    let rc = unsafe { libc::sigaction(signal, &raw const action, null_mut()) };
    assert_eq!(rc, 0);
}

/// A handler that does nothing.
pub extern "C" fn do_nothing(_signal: i32) {}

extern "C" fn count(_signal: i32) {
    COME.fetch_add(1, Ordering::Relaxed);
}

/// SIGUSR1 a thousand times a second for the thread that made this, until it is dropped there.
#[derive(Debug)]
#[must_use = "it is over when it is dropped"]
pub struct Storm {
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Storm {
    /// Begins.
    pub fn on_this_thread() -> Self {
        set_disposition(SIGUSR1, count as extern "C" fn(i32) as usize);
        // SAFETY: pthread_self(3) touches no memory.
        let target = unsafe { libc::pthread_self() };
        let is_over = Arc::new(AtomicBool::new(false));
        let ends = Arc::clone(&is_over);
        let thread = thread::spawn(move || {
            while !ends.load(Ordering::SeqCst) {
                // SAFETY: the target waits, in `drop`, for this thread to end, so it is there.
                unsafe { libc::pthread_kill(target, SIGUSR1) };
                // A profiler's pace.
                thread::sleep(Duration::from_millis(1));
            }
        });
        Self { is_over, thread: Some(thread) }
    }

    /// How many signals have come, of this storm and of others.
    pub fn come() -> usize {
        COME.load(Ordering::Relaxed)
    }
}

impl Drop for Storm {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
