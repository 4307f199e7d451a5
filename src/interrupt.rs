//! `Interrupt`: cancels what blocks, from any thread or from a signal handler.

use std::fmt;
use std::io::{ErrorKind, Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::error::{Error, Result};
use crate::raw::fork;
use crate::raw::poll::{Borrowed, RawFd, raw};

#[cfg(unix)]
pub use crate::raw::signal::SignalGuard;
#[cfg(unix)]
use std::os::unix::net::UnixStream as Stream;

#[cfg(windows)]
use std::net::TcpStream as Stream;

/// The signal of Ctrl-C, for [`Interrupt::on_signals`].
#[cfg(unix)]
pub const SIGINT: i32 = libc::SIGINT;
/// The signal that asks a program to end, for [`Interrupt::on_signals`].
#[cfg(unix)]
pub const SIGTERM: i32 = libc::SIGTERM;
/// The signal of a terminal that is gone, for [`Interrupt::on_signals`].
#[cfg(unix)]
pub const SIGHUP: i32 = libc::SIGHUP;

/// A handle that cancels blocking calls.
///
/// Give it to [`ContextBuilder::interrupt`](crate::ContextBuilder::interrupt): every blocking call on the sockets of
/// that context then waits on it too. From [`trigger`](Self::trigger) on, a receive, a poll or a proxy fails with
/// [`Interrupted`](crate::ErrorKind::Interrupted), even where something is queued, so that a busy server ends too;
/// `try_recv` still drains; and a send fails only where it would block, so that last words still go out. There is no
/// race: a call that begins right after the trigger sees it as well. On such a context an EINTR that another signal
/// causes is retried.
///
/// Clones are the same handle. See the Guide, "Handling Interrupt Signals", for the race that this removes.
///
/// ```
/// use zmqx::{Context, ErrorKind, Interrupt, Pull};
///
/// let interrupt = Interrupt::new()?;
/// let ctx = Context::builder().interrupt(interrupt.clone()).build()?;
/// let socket = ctx.socket(Pull)?;
/// interrupt.trigger();
/// assert_eq!(socket.recv().unwrap_err().kind(), ErrorKind::Interrupted);
/// # Ok::<(), zmqx::Error>(())
/// ```
#[derive(Clone)]
pub struct Interrupt {
    inner: Arc<Inner>,
}

/// What a signal handler reaches.
pub(crate) struct Inner {
    triggered: AtomicBool,
    /// Readable while triggered: one byte for each change from clear to triggered.
    reader: Stream,
    writer: Stream,
    generation: u32,
    /// The signals that have triggered it since they were taken, a bit for each.
    signals: AtomicU64,
    /// Those that have done so since it was clear.
    since_clear: AtomicU64,
}

/// The bit of a signal.
pub(crate) fn bit(signal: i32) -> u64 {
    1u64.rotate_left(signal.unsigned_abs())
}

impl Inner {
    /// Async-signal-safe: two atomics and one write(2).
    pub(crate) fn trigger(&self) {
        let was_triggered = self.triggered.swap(true, Ordering::SeqCst);
        // Also where another thread has triggered it, and is not here yet: once this returns, all calls know.
        fork::end_quiet();
        // A child after fork shares the descriptors with its parent, whom it must not wake.
        if !was_triggered && !self.is_inherited() {
            // It cannot fail for want of room: there is never more than a byte for each thread that is in here.
            let _ = (&self.writer).write(&[1]);
        }
    }

    /// Triggers it for a signal, and tells whether that signal has done so before, since it was clear. As
    /// async-signal-safe as `trigger`.
    #[cfg(unix)]
    pub(crate) fn trigger_by(&self, signal: i32) -> bool {
        self.signals.fetch_or(bit(signal), Ordering::SeqCst);
        let before = self.since_clear.fetch_or(bit(signal), Ordering::SeqCst);
        self.trigger();
        before & bit(signal) != 0
    }

    #[inline]
    fn is_triggered(&self) -> bool {
        self.triggered.load(Ordering::SeqCst)
    }

    pub(crate) fn is_inherited(&self) -> bool {
        self.generation != fork::generation()
    }
}

impl Interrupt {
    /// Creates one that is clear.
    ///
    /// # Errors
    ///
    /// - [`TooManySockets`](crate::ErrorKind::TooManySockets): no two file descriptors are free.
    pub fn new() -> Result<Self> {
        const DOING: &str = "create interrupt";
        fork::watch()?;
        let (reader, writer) = pair().map_err(|error| Error::from(error).during(DOING))?;
        writer.set_nonblocking(true).map_err(|error| Error::from(error).during(DOING))?;
        let (triggered, generation) = (AtomicBool::new(false), fork::generation());
        let (signals, since_clear) = (AtomicU64::new(0), AtomicU64::new(0));
        let inner = Inner { triggered, reader, writer, generation, signals, since_clear };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Cancels what blocks, and what is going to, until [`clear`](Self::clear).
    ///
    /// It may be called from a signal handler, as it only writes to atomics and to a descriptor.
    pub fn trigger(&self) {
        self.inner.trigger();
    }

    /// Lets calls block again.
    pub fn clear(&self) {
        self.inner.since_clear.store(0, Ordering::SeqCst);
        if self.inner.triggered.swap(false, Ordering::SeqCst) && !self.inner.is_inherited() {
            // The byte of that trigger is there, or on its way: a signal must not make this leave it behind.
            while let Err(error) = (&self.inner.reader).read(&mut [0]) {
                if error.kind() != ErrorKind::Interrupted {
                    break;
                }
            }
        }
    }

    /// Tells whether it is triggered.
    #[inline]
    pub fn is_triggered(&self) -> bool {
        self.inner.is_triggered()
    }

    /// Triggers it whenever one of these signals arrives, until the guard is dropped.
    ///
    /// The guard puts the earlier dispositions back. Signals belong to the process, so they can trigger only one
    /// `Interrupt` at a time; several guards for it may overlap. A signal that was ignored, as a shell does to SIGINT
    /// for what it starts with `&`, is taken as well.
    ///
    /// # Errors
    ///
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput): one is no signal that can be caught, or comes from a
    ///   fault, as SIGSEGV.
    /// - [`BadState`](crate::ErrorKind::BadState): another `Interrupt` has the signals.
    /// - [`Forked`](crate::ErrorKind::Forked): this one is another process's. In a child after fork, a new one takes
    ///   the signals over from it.
    ///
    /// # Examples
    ///
    /// ```
    /// use zmqx::{Context, Interrupt, interrupt::{SIGINT, SIGTERM}};
    ///
    /// let interrupt = Interrupt::new()?;
    /// let _guard = interrupt.on_signals(&[SIGINT, SIGTERM])?;
    /// let _ctx = Context::builder().interrupt(interrupt).build()?;
    /// # Ok::<(), zmqx::Error>(())
    /// ```
    #[cfg(unix)]
    pub fn on_signals(&self, signals: &[i32]) -> Result<SignalGuard> {
        SignalGuard::new(&self.inner, signals)
    }

    /// Unsupported on this platform.
    ///
    /// # Errors
    ///
    /// - [`Unsupported`](crate::ErrorKind::Unsupported), always.
    #[cfg(not(unix))]
    pub fn on_signals(&self, _signals: &[i32]) -> Result<SignalGuard> {
        Err(Error::unsupported("handle signals", "not on this platform"))
    }

    /// Returns the signals that have triggered it since this was called before, by their numbers.
    ///
    /// Whoever waits for signals calls [`clear`](Self::clear) and then this: one that arrives in between triggers it
    /// again, so that none is missed. One that arrives several times counts once.
    ///
    /// ```
    /// use zmqx::{Interrupt, interrupt::SIGHUP};
    ///
    /// let interrupt = Interrupt::new()?;
    /// let _guard = interrupt.on_signals(&[SIGHUP])?;
    /// // … once it is triggered:
    /// interrupt.clear();
    /// if interrupt.take_signals().contains(&SIGHUP) {
    ///     println!("reading the configuration again");
    /// }
    /// # Ok::<(), zmqx::Error>(())
    /// ```
    pub fn take_signals(&self) -> Vec<i32> {
        let taken = self.inner.signals.swap(0, Ordering::SeqCst);
        (1..=64).filter(|signal| taken & bit(*signal) != 0).collect()
    }

    /// Borrows a descriptor that is readable while this is triggered, for loops of other makes to wait on.
    ///
    /// Only wait on it: what is to be read from it belongs to [`clear`](Self::clear).
    #[cfg(unix)]
    pub fn as_fd(&self) -> std::os::fd::BorrowedFd<'_> {
        self.borrow()
    }

    /// Borrows a socket that is readable while this is triggered, for loops of other makes to wait on.
    ///
    /// Only wait on it: what is to be read from it belongs to [`clear`](Self::clear).
    #[cfg(windows)]
    pub fn as_socket(&self) -> std::os::windows::io::BorrowedSocket<'_> {
        self.borrow()
    }

    pub(crate) fn borrow(&self) -> Borrowed<'_> {
        #[cfg(unix)]
        return std::os::fd::AsFd::as_fd(&self.inner.reader);
        #[cfg(windows)]
        return std::os::windows::io::AsSocket::as_socket(&self.inner.reader);
    }

    pub(crate) fn raw_fd(&self) -> RawFd {
        raw(self.borrow())
    }

    /// Whether it was made before this process was forked off.
    pub(crate) fn is_inherited(&self) -> bool {
        self.inner.is_inherited()
    }

    /// Whether both are the same handle.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner)
    }
}

/// What [`Interrupt::on_signals`] would give; there is none on this platform.
#[cfg(not(unix))]
#[derive(Debug)]
pub enum SignalGuard {}

#[cfg(not(unix))]
impl SignalGuard {
    /// Returns itself, which is not.
    pub fn end_on_repeat(self) -> Self {
        self
    }
}

#[cfg(unix)]
impl std::os::fd::AsFd for Interrupt {
    fn as_fd(&self) -> std::os::fd::BorrowedFd<'_> {
        self.borrow()
    }
}

impl fmt::Debug for Interrupt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Interrupt")
            .field("is_triggered", &self.is_triggered())
            .finish_non_exhaustive()
    }
}

#[cfg(unix)]
fn pair() -> std::io::Result<(Stream, Stream)> {
    Stream::pair()
}

/// Two ends of a connection over loopback, which is all that Windows lets a program wait for beside libzmq's sockets.
#[cfg(windows)]
fn pair() -> std::io::Result<(Stream, Stream)> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    let writer = Stream::connect(listener.local_addr()?)?;
    loop {
        let (reader, peer) = listener.accept()?;
        // Anyone on this machine may connect in between.
        if peer == writer.local_addr()? {
            return Ok((reader, writer));
        }
    }
}
