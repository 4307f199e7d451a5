//! Signals that cut system calls short.

use std::ptr::null_mut;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use libc::SIGUSR1;

/// Sets what the process does on a signal: SIG_DFL, SIG_IGN, or a handler that does nothing.
pub(crate) fn set_disposition(signal: i32, handler: usize) {
    // SAFETY: all zeros is a sigaction: no flags, so without SA_RESTART.
    let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
    action.sa_sigaction = handler;
    // SAFETY: sigaction(2) only reads `action`; the handlers that are passed here do nothing.
    let rc = unsafe { libc::sigaction(signal, &raw const action, null_mut()) };
    assert_eq!(rc, 0);
}

pub(crate) extern "C" fn do_nothing(_signal: i32) {}

/// SIGUSR1 a thousand times a second for the thread that made this, until it is dropped there.
pub(crate) struct Storm {
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Storm {
    pub(crate) fn on_this_thread() -> Self {
        set_disposition(SIGUSR1, do_nothing as extern "C" fn(i32) as usize);
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
}

impl Drop for Storm {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
        self.thread.take().unwrap().join().unwrap();
    }
}
