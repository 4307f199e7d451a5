//! `ZCtx`, the class of contexts.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use std::{fmt, process};

use zmqx::{Context, Error, ErrorKind, Interrupt, Open, Result, Socket, SocketKind, TermTimeout};

use crate::interrupts::{self, Caught};
use crate::zsys;

/// How long `destroy` waits in silence.
const SLOW: Duration = Duration::from_secs(1);

/// What sockets are opened in, and what ends them all: the class `zctx`.
///
/// - It installs the handling of SIGINT and SIGTERM. From the first of these signals on, whatever blocks on one of its
///   sockets, on any thread, gives [`Interrupted`](crate::ErrorKind::Interrupted), and [`zsys::interrupted`] is true.
///   No signal is missed that comes right before a call. When the last `ZCtx` goes, the earlier dispositions are back.
/// - Sockets that are closed drop what they have not sent yet, unless [`set_linger`](Self::set_linger) says otherwise.
/// - When it goes, its sockets that are still open, as those of children, give
///   [`Terminated`](crate::ErrorKind::Terminated), which is how their loops end.
///
/// The sockets are zmqx's, with their kind in the type; each may outlive the `ZCtx`, and is closed when dropped.
///
/// In a child after fork, it and its sockets are the parent's: to use them is an error,
/// [`Forked`](crate::ErrorKind::Forked), and to drop them ends nothing. A new one is fine.
///
/// ```
/// use czmq_like::prelude::*;
///
/// let ctx = ZCtx::new()?;
/// let frontend = ctx.socket(Router)?;
/// frontend.bind("inproc://frontend")?;
/// let client = ctx.socket(Req)?;
/// client.connect("inproc://frontend")?;
///
/// zstr::send(&client, "Hello")?;
/// let mut msg = ZMsg::recv(&frontend)?;
/// assert!(msg.unwrap().is_some());
/// assert_eq!(msg.popstr().as_deref(), Some("Hello"));
///
/// drop(ctx);
/// assert_eq!(zstr::recv(&frontend).unwrap_err().kind(), ErrorKind::Terminated);
/// # Ok::<(), czmq_like::Error>(())
/// ```
///
/// [`zsys::interrupted`]: crate::zsys::interrupted
pub struct ZCtx {
    shared: Arc<Shared>,
    /// What makes it more than a shadow.
    caught: Option<Caught>,
}

/// What a context shares with its shadows.
struct Shared {
    /// Of this process when it was made: in a child after fork it is none to build a context with.
    interrupt: &'static Interrupt,
    process: u32,
    state: Mutex<State>,
}

struct State {
    /// Made at the first socket, as options of it are settled until then.
    context: Option<Context>,
    is_over: bool,
    iothreads: usize,
    linger: Option<Duration>,
    sndhwm: Option<usize>,
    rcvhwm: Option<usize>,
}

impl Default for State {
    fn default() -> Self {
        let (context, is_over, iothreads) = (None, false, 1);
        let (linger, sndhwm, rcvhwm) = (Some(Duration::ZERO), None, None);
        Self { context, is_over, iothreads, linger, sndhwm, rcvhwm }
    }
}

impl State {
    fn context(&mut self, interrupt: &Interrupt) -> Result<Context> {
        if let Some(context) = &self.context {
            return Ok(context.clone());
        }
        let context = build(self.iothreads, interrupt)?;
        if self.is_over {
            context.shutdown()?;
        }
        self.context = Some(context.clone());
        Ok(context)
    }
}

fn build(iothreads: usize, interrupt: &Interrupt) -> Result<Context> {
    let builder = Context::builder().io_threads(iothreads).linger(Some(Duration::ZERO));
    builder.interrupt(interrupt.clone()).build()
}

impl ZCtx {
    /// Creates a context, and has SIGINT and SIGTERM handled while it lives.
    ///
    /// A second Ctrl-C ends the process, as it does without a context. Where
    /// [`zsys::handler_set`](crate::zsys::handler_set) was called before, signals are handled as that says.
    ///
    /// # Errors
    ///
    /// - [`BadState`](crate::ErrorKind::BadState): the program has the signals trigger another
    ///   [`Interrupt`](zmqx::Interrupt); it says so by `zsys::handler_set(None)`.
    /// - [`TooManySockets`](crate::ErrorKind::TooManySockets): no file descriptor is free.
    #[doc(alias = "zctx_new")]
    pub fn new() -> Result<Self> {
        let caught = Caught::new()?;
        let (interrupt, process) = (interrupts::shared()?, process::id());
        let shared = Shared { interrupt, process, state: Mutex::default() };
        Ok(Self { shared: Arc::new(shared), caught: Some(caught) })
    }

    /// Opens a socket. The context of libzmq is created with the first one.
    ///
    /// # Errors
    ///
    /// As [`Context::socket`].
    #[doc(alias = "zsocket_new")]
    pub fn socket<O: Open>(&self, kind: O) -> Result<Socket<O::Kind>> {
        let mut state = self.lock()?;
        let context = state.context(self.shared.interrupt)?;
        let (linger, sndhwm, rcvhwm) = (state.linger, state.sndhwm, state.rcvhwm);
        drop(state);
        let socket = context.socket(kind)?;
        // A subscriber sends nothing that is worth waiting for.
        if !matches!(socket.kind(), SocketKind::Sub | SocketKind::XSub) && !is_zero(linger) {
            socket.set_linger(linger)?;
        }
        if let Some(hwm) = sndhwm {
            socket.set_sndhwm(hwm)?;
        }
        if let Some(hwm) = rcvhwm {
            socket.set_rcvhwm(hwm)?;
        }
        Ok(socket)
    }

    /// Creates a shadow: another handle to the same context, as a thread gets it to open its sockets with.
    ///
    /// When a shadow goes, nothing ends. It has nothing to do with signals.
    #[doc(alias("zctx_shadow", "zctx_shadow_zmq_ctx"))]
    #[must_use]
    pub fn shadow(&self) -> Self {
        Self { shared: Arc::clone(&self.shared), caught: None }
    }

    /// Sets how many threads do input and output, 1 unless set.
    ///
    /// # Errors
    ///
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput): a socket was opened before, so that it is too late.
    /// - [`Forked`](crate::ErrorKind::Forked): it was made before this process was forked off.
    #[doc(alias = "zctx_set_iothreads")]
    pub fn set_iothreads(&self, iothreads: usize) -> Result<()> {
        let mut state = self.lock()?;
        if state.context.is_some() {
            return Err(Error::invalid("set iothreads", "a socket was opened before"));
        }
        state.iothreads = iothreads;
        Ok(())
    }

    /// Sets how long what the sockets opened from now on have not sent may take to go out after they are closed.
    ///
    /// It is zero unless set; `None` is for ever. To change it for one socket, [`Socket::set_linger`].
    ///
    /// # Errors
    ///
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput): more than 24 days, which libzmq cannot count.
    /// - [`Forked`](crate::ErrorKind::Forked): it was made before this process was forked off.
    #[doc(alias = "zctx_set_linger")]
    pub fn set_linger(&self, linger: Option<Duration>) -> Result<()> {
        if linger.is_some_and(|linger| i32::try_from(linger.as_millis()).is_err()) {
            return Err(Error::invalid("set linger", "more than 24 days"));
        }
        self.lock()?.linger = linger;
        Ok(())
    }

    /// Sets the high-water mark of the sockets opened from now on, for sending.
    #[doc(alias("zctx_set_sndhwm", "zctx_set_hwm"))]
    pub fn set_sndhwm(&self, messages: usize) {
        if let Ok(mut state) = self.lock() {
            state.sndhwm = Some(messages);
        }
    }

    /// Sets the high-water mark of the sockets opened from now on, for receiving.
    #[doc(alias("zctx_set_rcvhwm", "zctx_set_hwm"))]
    pub fn set_rcvhwm(&self, messages: usize) {
        if let Ok(mut state) = self.lock() {
            state.rcvhwm = Some(messages);
        }
    }

    /// Returns zmqx's context, which it creates if need be.
    ///
    /// # Errors
    ///
    /// As [`Context::new`].
    #[doc(alias = "zctx_underlying")]
    pub fn underlying(&self) -> Result<Context> {
        self.lock()?.context(self.shared.interrupt)
    }

    /// Ends it, and waits until all its sockets are closed, those of other threads too, and what lingers is sent or
    /// given up. Of a shadow, nothing ends.
    ///
    /// Just dropping it waits for nobody's sockets. Mind that this waits for the caller's own: it logs a warning when
    /// it has waited for open sockets for a second.
    ///
    /// # Errors
    ///
    /// As [`Context::term`].
    #[doc(alias = "zctx_destroy")]
    pub fn destroy(self) -> Result<()> {
        if self.caught.is_none() {
            return Ok(());
        }
        let mut state = self.lock()?;
        state.is_over = true;
        let context = state.context.clone();
        drop(state);
        // The signals stay handled until that is done.
        let Some(context) = context else { return Ok(()) };
        match context.term_timeout(SLOW).map_err(|timeout| *timeout) {
            Err(TermTimeout { context, open_sockets, error, .. })
                if error.kind() == ErrorKind::WouldBlock =>
            {
                if open_sockets > 0 {
                    zsys::warning(format!("ZCtx::destroy waits for {open_sockets} open sockets"));
                }
                context.term()
            }
            result => result.map_err(|timeout| timeout.error),
        }
    }

    fn lock(&self) -> Result<MutexGuard<'_, State>> {
        if self.shared.process != process::id() {
            // A thread of the parent's may have held the lock at the fork. With the parent's interrupt none is built.
            build(1, self.shared.interrupt)?;
        }
        Ok(self.shared.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn is_zero(linger: Option<Duration>) -> bool {
    linger == Some(Duration::ZERO)
}

impl Drop for ZCtx {
    fn drop(&mut self) {
        if self.caught.is_none() {
            return;
        }
        // In a child after fork it is its parent's.
        let Ok(mut state) = self.lock() else { return };
        state.is_over = true;
        if let Some(context) = &state.context {
            // It fails only where there can be no thread, which libzmq 3.2 needs for it; then nothing can be done.
            let _ = context.shutdown();
        }
    }
}

impl fmt::Debug for ZCtx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_shadow = self.caught.is_none();
        f.debug_struct("ZCtx").field("is_shadow", &is_shadow).finish_non_exhaustive()
    }
}
