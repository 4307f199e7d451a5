//! `SignalGuard`: signal handlers that trigger an `Interrupt`, and the earlier dispositions.

use std::ffi::c_int;
use std::mem::MaybeUninit;
use std::ptr::{self, null_mut};
use std::sync::atomic::{AtomicPtr, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::errno::{self, check};
use super::fork;
use crate::error::{Error, Result};
use crate::interrupt::{Inner, bit};

/// The `Interrupt` that the handlers trigger, kept alive by `Bound::interrupt`; NULL when there is none.
static TARGET: AtomicPtr<Inner> = AtomicPtr::new(null_mut());
/// How many handlers are running: `TARGET` may be freed only when none is that saw it.
static RUNNING: AtomicUsize = AtomicUsize::new(0);
/// The signals that end the process when they arrive again, a bit for each.
static FINAL: AtomicU64 = AtomicU64::new(0);
/// What is bound, and how to undo it.
static BOUND: Mutex<Option<Bound>> = Mutex::new(None);

struct Bound {
    interrupt: Arc<Inner>,
    /// The fork generation of its guards.
    generation: u32,
    /// Each signal with the number of guards that want it, and its disposition before the first of them.
    signals: Vec<(c_int, usize, libc::sigaction)>,
}

/// Signals that trigger an [`Interrupt`](crate::Interrupt), until this is dropped.
///
/// Made by [`Interrupt::on_signals`](crate::Interrupt::on_signals).
#[derive(Debug)]
#[must_use = "dropping it puts the earlier signal dispositions back"]
pub struct SignalGuard {
    signals: Vec<c_int>,
    generation: u32,
}

extern "C" fn handle(signal: c_int) {
    let saved = ::errno::errno();
    RUNNING.fetch_add(1, Ordering::SeqCst);
    let target = TARGET.load(Ordering::SeqCst);
    // SAFETY: whoever frees it has put NULL there first, and then waits until no handler is running.
    let is_repeated =
        unsafe { target.as_ref() }.is_some_and(|interrupt| interrupt.trigger_by(signal));
    RUNNING.fetch_sub(1, Ordering::SeqCst);
    if is_repeated && FINAL.load(Ordering::SeqCst) & bit(signal) != 0 {
        end_process(signal);
    }
    ::errno::set_errno(saved);
}

/// Ends the process as `signal` does by default, once its handler returns. Async-signal-safe.
fn end_process(signal: c_int) {
    restore(signal, &default_action());
    // SAFETY: raise(3) touches no memory, and may be called from a handler.
    unsafe { libc::raise(signal) };
}

fn default_action() -> libc::sigaction {
    // SAFETY: all zeros is a sigaction: the default disposition, with no flag and no signal blocked.
    unsafe { MaybeUninit::zeroed().assume_init() }
}

impl SignalGuard {
    pub(crate) fn new(interrupt: &Arc<Inner>, signals: &[c_int]) -> Result<Self> {
        fork::watch()?;
        if interrupt.is_inherited() {
            return Err(Error::new(errno::FORKED, "handle signals"));
        }
        let generation = fork::generation();
        let mut bound = lock();
        if let Some(inherited) = bound.take_if(|bound| bound.generation != generation) {
            // The parent's guards are of no use here: nothing of their Interrupt's wakes anybody.
            inherited.undo();
        }
        match &*bound {
            Some(other) if !Arc::ptr_eq(&other.interrupt, interrupt) => {
                return Err(Error::new(zmq_sys_ext::EFSM, "handle signals")
                    .because("another Interrupt has this process's signals"));
            }
            Some(_) => {}
            None => {
                TARGET.store(Arc::as_ptr(interrupt).cast_mut(), Ordering::SeqCst);
                let interrupt = Arc::clone(interrupt);
                *bound = Some(Bound { interrupt, generation, signals: Vec::new() });
            }
        }
        // From here on, dropping the guard undoes what was done so far.
        let mut guard = Self { signals: Vec::with_capacity(signals.len()), generation };
        for &signal in signals {
            if let Err(error) = bound.as_mut().map_or(Ok(()), |bound| bound.add(signal)) {
                drop(bound);
                return Err(error);
            }
            guard.signals.push(signal);
        }
        drop(bound);
        Ok(guard)
    }

    /// Makes each of its signals end the process, as by default, when it arrives again before the `Interrupt` is
    /// clear: a second Ctrl-C ends a program that does not end at the first.
    ///
    /// It holds until the last guard of the signal is dropped.
    pub fn end_on_repeat(self) -> Self {
        // Under the lock, so that no guard goes in between.
        let bound = lock();
        if bound.as_ref().is_some_and(|bound| bound.generation == self.generation) {
            let signals = self.signals.iter().fold(0, |all, signal| all | bit(*signal));
            FINAL.fetch_or(signals, Ordering::SeqCst);
        }
        drop(bound);
        self
    }
}

impl Drop for SignalGuard {
    fn drop(&mut self) {
        let mut slot = lock();
        let Some(bound) = &mut *slot else { return };
        if bound.generation != self.generation {
            return;
        }
        for &signal in &self.signals {
            bound.remove(signal);
        }
        if bound.signals.is_empty() {
            TARGET.store(null_mut(), Ordering::SeqCst);
            // A handler on another thread may still hold the pointer. It does a write and is gone.
            while RUNNING.load(Ordering::SeqCst) > 0 {
                std::thread::yield_now();
            }
            *slot = None;
        }
    }
}

impl Bound {
    fn add(&mut self, signal: c_int) -> Result<()> {
        if let Some((_, guards, _)) = self.signals.iter_mut().find(|bound| bound.0 == signal) {
            *guards += 1;
            return Ok(());
        }
        if [libc::SIGSEGV, libc::SIGBUS, libc::SIGFPE, libc::SIGILL].contains(&signal) {
            return Err(Error::invalid(
                "handle signals",
                format!("signal {signal} comes from a fault"),
            ));
        }
        let mut action = default_action();
        action.sa_sigaction = handle as extern "C" fn(c_int) as libc::sighandler_t;
        action.sa_flags = libc::SA_RESTART;
        let mut before = action;
        // SAFETY: sigaction(2) reads one and writes the other. The handler does only what is async-signal-safe, and
        // leaves errno as it was.
        let rc = unsafe { libc::sigaction(signal, &raw const action, &raw mut before) };
        // With pointers that are right, what can be wrong is the signal.
        check(rc, "handle signals").map_err(|_| {
            Error::invalid("handle signals", format!("signal {signal} cannot be caught"))
        })?;
        self.signals.push((signal, 1, before));
        Ok(())
    }

    fn remove(&mut self, signal: c_int) {
        self.signals.retain_mut(|(bound, guards, before)| {
            *guards -= usize::from(*bound == signal);
            if *guards == 0 {
                FINAL.fetch_and(!bit(signal), Ordering::SeqCst);
                restore(signal, before);
            }
            *guards > 0
        });
    }

    /// Puts back the dispositions of all signals.
    fn undo(self) {
        TARGET.store(null_mut(), Ordering::SeqCst);
        FINAL.store(0, Ordering::SeqCst);
        for (signal, _, before) in &self.signals {
            restore(*signal, before);
        }
        // A handler that the fork interrupted may be running still, in this thread, below the call that forked.
        std::mem::forget(self.interrupt);
    }
}

fn restore(signal: c_int, before: &libc::sigaction) {
    // SAFETY: sigaction(2) reads what it gave itself.
    unsafe { libc::sigaction(signal, ptr::from_ref(before), null_mut()) };
}

/// Takes note, in a child after fork, that the parent's other threads did not come along.
pub(super) fn in_child() {
    RUNNING.store(0, Ordering::SeqCst);
}

fn lock() -> MutexGuard<'static, Option<Bound>> {
    BOUND.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failure here is the test's failure")]
mod tests {
    use std::thread;
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_last_guard_goes_when_no_handler_is_running() {
        let interrupt = crate::Interrupt::new().unwrap();
        let guard = interrupt.on_signals(&[libc::SIGUSR2]).unwrap();
        RUNNING.fetch_add(1, Ordering::SeqCst);
        let dropped = thread::spawn(move || drop(guard));
        // That it does not end says nothing: so long it has had the time to.
        thread::sleep(Duration::from_millis(100));
        let has_waited = !dropped.is_finished();
        RUNNING.fetch_sub(1, Ordering::SeqCst);
        dropped.join().unwrap();
        assert!(has_waited);
        assert!(lock().is_none() && TARGET.load(Ordering::SeqCst).is_null());
    }
}
