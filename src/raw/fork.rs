//! Tells until when a socket may be used: in the process that made it, and not after its context was shut down.
//!
//! A child must neither use, nor close, nor terminate what it inherited: libzmq's threads did not come along, and it
//! would hang or abort. Asking for the process id each time would be a system call, so the C library is asked to
//! count: a handler that runs in each child moves the generation on.

use std::ptr::null_mut;
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use zmq_sys_ext as ffi;

use super::errno;

static GENERATION: AtomicU32 = AtomicU32::new(0);
static EPOCH: AtomicUsize = AtomicUsize::new(0);
static QUIET_EPOCH: AtomicUsize = AtomicUsize::new(0);

/// How many forks lie between this process and the first one.
#[inline]
pub(crate) fn generation() -> u32 {
    // Relaxed: it changes only in a child, whose one thread has no other to see it late.
    GENERATION.load(Ordering::Relaxed)
}

/// How many forks and shutdowns there have been: as long as that stays, so does what may be used.
pub(crate) fn epoch() -> usize {
    EPOCH.load(Ordering::Acquire)
}

/// How many forks and shutdowns there have been, and triggers of an `Interrupt`: as long as that stays, what may be
/// used may be, and what was not interrupted is not.
#[inline(always)]
pub(crate) fn quiet_epoch() -> usize {
    QUIET_EPOCH.load(Ordering::Acquire)
}

/// Ends the quiet epoch, after an `Interrupt` was marked as triggered: whoever sees the new one sees the mark.
pub(crate) fn end_quiet() {
    QUIET_EPOCH.fetch_add(1, Ordering::AcqRel);
}

/// Until when a context and its sockets may be used.
///
/// libzmq's sockets learn of a shutdown only when they look at their mailbox, which not every call does.
pub(crate) struct Validity {
    made_in: u32,
    has_ended: AtomicBool,
}

impl Validity {
    pub(crate) fn new() -> Self {
        Self { made_in: generation(), has_ended: AtomicBool::new(false) }
    }

    /// Ends it by a shutdown.
    pub(crate) fn end(&self) {
        self.has_ended.store(true, Ordering::Release);
        // Whoever sees the new epoch sees the end.
        EPOCH.fetch_add(1, Ordering::AcqRel);
        end_quiet();
    }

    /// Whether this process is a child of the one that made the context.
    #[inline]
    pub(crate) fn is_inherited(&self) -> bool {
        self.made_in != generation()
    }

    /// The errno of using what is not valid any more.
    #[inline]
    pub(crate) fn check(&self) -> Result<(), i32> {
        if self.is_inherited() {
            Err(errno::FORKED)
        } else if self.has_ended.load(Ordering::Acquire) {
            Err(ffi::ETERM)
        } else {
            Ok(())
        }
    }
}

/// A lock that a child finds free, though a thread of its parent's held it at the fork.
pub(crate) struct ForkLock {
    /// The lock of one generation, with its number. It is never freed, as it may be held.
    current: AtomicPtr<(u32, Mutex<()>)>,
}

impl ForkLock {
    pub(crate) const fn new() -> Self {
        Self { current: AtomicPtr::new(null_mut()) }
    }

    pub(crate) fn lock(&self) -> MutexGuard<'static, ()> {
        loop {
            let found = self.current.load(Ordering::Acquire);
            // SAFETY: it is null, or what `renew` put there, which nobody frees or writes to.
            match unsafe { found.as_ref() } {
                Some((made_in, mutex)) if *made_in == generation() => {
                    return mutex.lock().unwrap_or_else(PoisonError::into_inner);
                }
                _ => self.renew(found),
            }
        }
    }

    /// Puts a lock of this generation in the place of `found`, unless another thread has done so.
    pub(super) fn renew(&self, found: *mut (u32, Mutex<()>)) {
        let fresh = Box::into_raw(Box::new((generation(), Mutex::new(()))));
        let (success, failure) = (Ordering::AcqRel, Ordering::Acquire);
        if self.current.compare_exchange(found, fresh, success, failure).is_err() {
            // SAFETY: the Box was made above, and nobody else has seen it.
            drop(unsafe { Box::from_raw(fresh) });
        }
    }
}

/// Starts to count; to be called before anything remembers a generation.
#[cfg(unix)]
pub(crate) fn watch() -> crate::Result<()> {
    use std::sync::OnceLock;
    static WATCHING: OnceLock<i32> = OnceLock::new();

    extern "C" fn in_child() {
        GENERATION.fetch_add(1, Ordering::Relaxed);
        EPOCH.fetch_add(1, Ordering::Relaxed);
        end_quiet();
        super::signal::in_child();
    }

    let errno = *WATCHING.get_or_init(|| {
        // SAFETY: pthread_atfork(3) keeps the handler, a function without state that touches a few atomics,
        // which is async-signal-safe, as a child of a process with threads must be.
        unsafe { libc::pthread_atfork(None, None, Some(in_child)) }
    });
    match errno {
        0 => Ok(()),
        _ => Err(crate::Error::new(errno, "watch for forks")),
    }
}

/// Nothing to count: this platform cannot fork.
#[cfg(not(unix))]
pub(crate) fn watch() -> crate::Result<()> {
    Ok(())
}
