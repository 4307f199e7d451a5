//! `Inner`, what the handles and sockets of a context share, and how it comes to its end.

use std::ffi::c_void;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use zmq_sys_ext as ffi;

use crate::context::Context;
use crate::error::{Error, Result};
use crate::interrupt::Interrupt;
use crate::kind::SocketKind;
use crate::raw::context::{RawContext, with_descriptors};
use crate::raw::fork::Validity;
use crate::raw::monitor::Kept;
use crate::raw::socket::RawSocket;
use crate::raw::{errno, fork, owner};

/// File descriptors that a context's first socket needs beside its I/O threads: libzmq aborts the process without.
const FIRST_SOCKET: usize = 6;
/// What each I/O thread needs: a mailbox and a poller.
const IO_THREAD: usize = 2;

/// How far the context has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    Open,
    /// Its sockets give ETERM.
    ShutDown,
    /// A thread waits in zmq_ctx_term(3).
    Terminating,
    /// libzmq has freed it.
    Terminated,
}

struct State {
    stage: Stage,
    /// Sockets that are ours to close.
    sockets: usize,
    /// Sockets that `into_raw` gave away, by their addresses. For each `KEPT` has the context.
    given_away: Vec<usize>,
    has_had_sockets: bool,
    kept: Kept,
    /// Calls of `with_endpoint` that are under way.
    connecting: usize,
}

/// Contexts of sockets that were given away, once for each: terminating one would wait for a socket that nobody here
/// can close.
static KEPT: Mutex<Vec<Arc<Inner>>> = Mutex::new(Vec::new());

fn kept() -> MutexGuard<'static, Vec<Arc<Inner>>> {
    KEPT.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a context starts its sockets with.
#[derive(Debug, Clone)]
pub(crate) struct Defaults {
    pub(crate) linger: Option<Duration>,
    pub(crate) io_threads: usize,
    pub(crate) interrupt: Option<Interrupt>,
    /// Where libzmq's contexts have no such option.
    pub(crate) ipv6: bool,
}

impl Defaults {
    /// Sets the options that a socket starts with.
    fn set(&self, raw: &RawSocket, kind: SocketKind) -> Result<()> {
        if self.ipv6 {
            raw.set_number(ffi::ZMQ_IPV6, 1)?;
        }
        if matches!(kind, SocketKind::Sub | SocketKind::XSub) {
            // All they send is subscriptions, which libzmq does not wait for: their linger is 0 from the start. With
            // another, a subscriber whose publisher has gone could not end.
            return Ok(());
        }
        let millis = |linger: Duration| i32::try_from(linger.as_millis()).unwrap_or(i32::MAX);
        raw.set_number(ffi::ZMQ_LINGER, self.linger.map_or(-1, millis))
    }
}

/// What the handles and the sockets of a context share.
pub(crate) struct Inner {
    raw: RawContext,
    is_borrowed: bool,
    validity: Arc<Validity>,
    defaults: Defaults,
    /// Whatever passes `raw` to libzmq holds this lock, or is a socket, so that termination cannot come in between.
    state: Mutex<State>,
    /// A socket is gone, a call of `with_endpoint` is done, or the context is terminated.
    changed: Condvar,
}

impl Inner {
    pub(crate) fn new(raw: RawContext, defaults: Defaults) -> Self {
        let state = State {
            stage: Stage::Open,
            sockets: 0,
            given_away: Vec::new(),
            has_had_sockets: false,
            kept: Kept::default(),
            connecting: 0,
        };
        Self {
            raw,
            is_borrowed: false,
            validity: Arc::new(Validity::new()),
            defaults,
            state: Mutex::new(state),
            changed: Condvar::new(),
        }
    }

    pub(crate) fn borrowed(raw: RawContext) -> Result<Self> {
        fork::watch()?;
        let io_threads = usize::try_from(raw.get(ffi::ZMQ_IO_THREADS)?).unwrap_or(1);
        let linger = Some(crate::builder::DEFAULT_LINGER);
        let mut inner =
            Self::new(raw, Defaults { linger, io_threads, interrupt: None, ipv6: false });
        inner.is_borrowed = true;
        Ok(inner)
    }

    pub(crate) fn raw(&self) -> RawContext {
        self.raw
    }

    pub(crate) fn validity(&self) -> &Arc<Validity> {
        &self.validity
    }

    #[inline]
    pub(crate) fn interrupt(&self) -> Option<&Interrupt> {
        self.defaults.interrupt.as_ref()
    }

    /// How far it has come, and how many of its sockets are open; not known of one that is another process's.
    pub(crate) fn census(&self) -> Option<(Stage, usize)> {
        if self.is_inherited() {
            // A thread of the parent's may have held the lock at the fork.
            return None;
        }
        let state = self.lock();
        Some((state.stage, state.sockets))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_inherited(&self) -> bool {
        self.validity.is_inherited()
    }

    fn check_owner(&self, operation: &'static str) -> Result<()> {
        if self.is_inherited() { Err(Error::new(errno::FORKED, operation)) } else { Ok(()) }
    }

    pub(crate) fn open_socket(
        this: &Arc<Self>,
        kind: SocketKind,
    ) -> Result<(RawSocket, Registration)> {
        this.check_owner("open socket")?;
        let mut state = this.lock();
        if state.stage != Stage::Open {
            return Err(Error::new(ffi::ETERM, "open socket"));
        }
        let needed = if state.has_had_sockets && !RawContext::SOCKETS_ABORT {
            0
        } else {
            FIRST_SOCKET.saturating_add(IO_THREAD.saturating_mul(this.defaults.io_threads))
        };
        let raw =
            with_descriptors(needed, "open socket", || this.raw.socket(kind, &this.validity))?;
        state.has_had_sockets = true;
        state.sockets += 1;
        drop(state);
        let registration = Registration { context: Context { inner: Arc::clone(this) } };
        match this.defaults.set(&raw, kind) {
            Ok(()) => Ok((raw, registration)),
            Err(error) => {
                // Closed before it stops counting.
                drop(raw);
                Err(error)
            }
        }
    }

    /// Counts a socket that was opened elsewhere, or given away before.
    pub(crate) fn adopt(this: &Arc<Self>, socket: *mut c_void) -> Result<Registration> {
        this.check_owner("adopt socket")?;
        let mut state = this.lock();
        if state.stage == Stage::Terminated {
            return Err(Error::new(ffi::ETERM, "adopt socket"));
        }
        state.sockets += 1;
        state.has_had_sockets = true;
        if let Some(index) = state.given_away.iter().position(|given| *given == socket.addr()) {
            state.given_away.swap_remove(index);
            let mut kept = kept();
            if let Some(index) = kept.iter().position(|context| Arc::ptr_eq(context, this)) {
                kept.swap_remove(index);
            }
        }
        Ok(Registration { context: Context { inner: Arc::clone(this) } })
    }

    pub(crate) fn shutdown(this: &Arc<Self>) -> Result<()> {
        this.check_owner("shut down context")?;
        let mut state = this.lock();
        if state.stage == Stage::Open {
            this.validity.end();
            state.stage = Stage::ShutDown;
            if RawContext::SHUTDOWN_IS_TERMINATION && !this.is_borrowed {
                Self::start_terminating(this, &mut state)?;
            } else {
                this.raw.shutdown();
            }
        }
        Ok(())
    }

    /// Runs a bind, a connect, or their contrary. Termination must not overlap one over inproc: it walks through libzmq's
    /// list of connects that have found no bind, without a lock.
    pub(crate) fn with_endpoint<T>(
        &self,
        operation: &'static str,
        endpoint: &str,
        call: impl FnOnce() -> Result<T>,
    ) -> Result<T> {
        if !RawContext::SHUTDOWN_IS_TERMINATION || !endpoint.starts_with("inproc:") {
            // Elsewhere termination begins when the sockets are closed.
            return call();
        }
        let mut state = self.lock();
        self.validity.check().map_err(|code| Error::new(code, operation))?;
        state.connecting += 1;
        // Not held meanwhile: libzmq may drop a message, whose owner may open a socket.
        drop(state);
        let done = call();
        self.lock().connecting -= 1;
        self.changed.notify_all();
        done
    }

    /// Shuts down and waits, and tells whether the context came to its end in time.
    pub(crate) fn term(this: &Arc<Self>, timeout: Option<Duration>) -> Result<bool> {
        if owner::is_dropping_owner() {
            return Err(Error::new(ffi::EFSM, "terminate context").because(
                "a message's owner is being dropped, and libzmq may be waiting for that",
            ));
        }
        Self::shutdown(this)?;
        let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        let (mut state, closed) = this.wait(this.lock(), deadline, |state| state.sockets == 0);
        if !closed || this.is_borrowed {
            return Ok(closed);
        }
        if state.stage == Stage::ShutDown {
            Self::start_terminating(this, &mut state)?;
        }
        Ok(this.wait(state, deadline, |state| state.stage == Stage::Terminated).1)
    }

    /// Waits for the state to be as wanted, and tells whether it came to be so before the deadline.
    fn wait<'a>(
        &'a self,
        state: MutexGuard<'a, State>,
        deadline: Option<Instant>,
        wanted: impl Fn(&State) -> bool,
    ) -> (MutexGuard<'a, State>, bool) {
        let Some(deadline) = deadline else {
            let state = self.changed.wait_while(state, |state| !wanted(state));
            return (state.unwrap_or_else(PoisonError::into_inner), true);
        };
        let left = deadline.saturating_duration_since(Instant::now());
        let (state, result) = self
            .changed
            .wait_timeout_while(state, left, |state| !wanted(state))
            .unwrap_or_else(PoisonError::into_inner);
        (state, !result.timed_out())
    }

    /// Keeps the end of a monitor that is gone, for as long as libzmq may send events to it.
    pub(crate) fn keep_end(&self, end: RawSocket) {
        let mut state = self.lock();
        // After a shutdown no event makes libzmq wait.
        if state.stage == Stage::Open {
            state.kept.keep_end(end);
        }
    }

    /// Keeps a ZAP handler for the next one to take over.
    pub(crate) fn keep_handler(&self, handler: RawSocket) {
        let mut state = self.lock();
        if state.stage == Stage::Open {
            state.kept.handler = Some(handler);
        }
    }

    /// Gives the ZAP handler that was kept.
    pub(crate) fn take_handler(&self) -> Option<RawSocket> {
        if self.is_inherited() { None } else { self.lock().kept.handler.take() }
    }

    /// Terminates on a thread of its own, which keeps `this` until then.
    fn start_terminating(this: &Arc<Self>, state: &mut State) -> Result<()> {
        // libzmq would wait for them.
        state.kept = Kept::default();
        let inner = Arc::clone(this);
        let spawned = thread::Builder::new().name("zmqx-term".to_owned()).spawn(move || {
            drop(inner.wait(inner.lock(), None, |state| state.connecting == 0));
            inner.raw.term();
            // Sockets that were given away are closed by now, and keep nothing any more.
            kept().retain(|context| !Arc::ptr_eq(context, &inner));
            let mut state = inner.lock();
            state.given_away.clear();
            state.stage = Stage::Terminated;
            drop(state);
            inner.changed.notify_all();
        });
        spawned.map_err(|error| Error::from(error).during("terminate context"))?;
        state.stage = Stage::Terminating;
        Ok(())
    }
}

impl Drop for Inner {
    /// The last handle and socket are gone.
    fn drop(&mut self) {
        if self.is_borrowed || self.is_inherited() || self.lock().stage == Stage::Terminated {
            return;
        }
        let raw = self.raw;
        // libzmq would wait for them.
        self.lock().kept = Kept::default();
        if owner::is_dropping_owner() {
            // Perhaps on libzmq's own I/O thread, which would wait for itself. Where there can be no other thread,
            // the context stays.
            let _ = thread::Builder::new().name("zmqx-term".to_owned()).spawn(move || raw.term());
            return;
        }
        #[cfg(feature = "tracing")]
        let _watch = crate::watch::slow_termination();
        raw.term();
    }
}

/// A socket's share in its context, to be dropped after it is closed.
pub(crate) struct Registration {
    context: Context,
}

impl Registration {
    #[inline]
    pub(crate) fn context(&self) -> &Context {
        &self.context
    }

    /// Keeps the context for a socket that is no longer ours.
    pub(crate) fn give_away(&self, socket: *mut c_void) {
        let inner = &self.context.inner;
        if inner.is_inherited() {
            return;
        }
        inner.lock().given_away.push(socket.addr());
        kept().push(Arc::clone(inner));
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        let inner = &self.context.inner;
        if inner.is_inherited() {
            // Another thread of the parent's may have held the lock at the fork.
            return;
        }
        inner.lock().sockets -= 1;
        inner.changed.notify_all();
    }
}
