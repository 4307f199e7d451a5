//! `ContextBuilder`: what must be set before a context's first socket.

use std::sync::Arc;
use std::time::Duration;

use zmq_sys_ext as ffi;

use crate::context::Context;
use crate::error::{Error, Result};
use crate::interrupt::Interrupt;
use crate::lifetime::{Defaults, Inner};
use crate::raw::context::RawContext;
use crate::raw::{errno, fork};
use crate::version::version;

/// How long the last messages of a socket that is dropped may take to go out, where nothing else is said.
pub(crate) const DEFAULT_LINGER: Duration = Duration::from_secs(30);

/// What libzmq can make room for, which it does before the first socket: where its sum overflows, it aborts the process.
const MOST_SOCKETS: usize = 1 << 24;

/// Sets up a [`Context`]; made by [`Context::builder`].
///
/// What is not set is as libzmq has it, save linger.
///
/// Corresponds to [`zmq_ctx_set(3)`](https://libzmq.readthedocs.io/en/latest/zmq_ctx_set.html).
///
/// ```
/// use std::time::Duration;
/// use zmqx::Context;
///
/// let _ctx = Context::builder().io_threads(2).linger(Some(Duration::from_secs(1))).build()?;
/// # Ok::<(), zmqx::Error>(())
/// ```
#[derive(Debug, Clone)]
#[must_use = "a builder does nothing until `build`"]
pub struct ContextBuilder {
    options: Vec<(i32, &'static str, Result<i32, String>)>,
    io_threads: usize,
    linger: Option<Duration>,
    interrupt: Option<Interrupt>,
}

impl ContextBuilder {
    pub(crate) fn new() -> Self {
        Self { options: Vec::new(), io_threads: 1, linger: Some(DEFAULT_LINGER), interrupt: None }
    }

    fn number(self, option: i32, name: &'static str, value: usize) -> Self {
        let value = i32::try_from(value).map_err(|_| format!("{value} is more than libzmq takes"));
        self.option(option, name, value)
    }

    fn option(mut self, option: i32, name: &'static str, value: Result<i32, String>) -> Self {
        self.options.retain(|(known, _, _)| *known != option);
        self.options.push((option, name, value));
        self
    }

    /// Sets how many threads do input and output: 1 unless set, and 0 will do for inproc alone (ZMQ_IO_THREADS).
    pub fn io_threads(self, threads: usize) -> Self {
        Self { io_threads: threads, ..self }.number(ffi::ZMQ_IO_THREADS, "ZMQ_IO_THREADS", threads)
    }

    /// Sets how many sockets may be open at a time: 1023 unless set, and 16,777,216 at most (ZMQ_MAX_SOCKETS).
    ///
    /// Leave some room: when the context ends, libzmq opens a socket for each endpoint over inproc that was connected to
    /// and never bound, and aborts the process where it cannot.
    pub fn max_sockets(self, sockets: usize) -> Self {
        const NAME: &str = "ZMQ_MAX_SOCKETS";
        if sockets > MOST_SOCKETS {
            let reason = format!("{sockets} are more than {MOST_SOCKETS}");
            return self.option(ffi::ZMQ_MAX_SOCKETS, NAME, Err(reason));
        }
        self.number(ffi::ZMQ_MAX_SOCKETS, NAME, sockets)
    }

    /// Sets the largest size of a message in bytes, 2^31 - 1 unless set (ZMQ_MAX_MSGSZ). Since libzmq 4.2.
    ///
    /// libzmq, up to 4.3.5, remembers it and does not look at it: `Socket::set_maxmsgsize` is what limits messages.
    pub fn max_msgsz(self, bytes: usize) -> Self {
        self.number(ffi::ZMQ_MAX_MSGSZ, "ZMQ_MAX_MSGSZ", bytes)
    }

    /// Sets whether sockets start with IPv6 enabled (ZMQ_IPV6).
    pub fn ipv6(self, enabled: bool) -> Self {
        self.option(ffi::ZMQ_IPV6, "ZMQ_IPV6", Ok(enabled.into()))
    }

    /// Sets the scheduling policy of the I/O threads, as SCHED_FIFO (ZMQ_THREAD_SCHED_POLICY). Since libzmq 4.1.
    pub fn thread_sched_policy(self, policy: i32) -> Self {
        self.option(ffi::ZMQ_THREAD_SCHED_POLICY, "ZMQ_THREAD_SCHED_POLICY", Ok(policy))
    }

    /// Sets the scheduling priority of the I/O threads (ZMQ_THREAD_PRIORITY). Since libzmq 4.1.
    pub fn thread_priority(self, priority: i32) -> Self {
        self.option(ffi::ZMQ_THREAD_PRIORITY, "ZMQ_THREAD_PRIORITY", Ok(priority))
    }

    /// Adds a processor on which the I/O threads may run (ZMQ_THREAD_AFFINITY_CPU_ADD). Since libzmq 4.3.
    pub fn thread_affinity_cpu_add(mut self, cpu: usize) -> Self {
        // One call for each: they add up.
        let value = i32::try_from(cpu).map_err(|_| format!("{cpu} is no processor"));
        let name = "ZMQ_THREAD_AFFINITY_CPU_ADD";
        self.options.push((ffi::ZMQ_THREAD_AFFINITY_CPU_ADD, name, value));
        self
    }

    /// Sets a number that the names of the I/O threads begin with (ZMQ_THREAD_NAME_PREFIX). Since libzmq 4.3.
    pub fn thread_name_prefix(self, prefix: usize) -> Self {
        self.number(ffi::ZMQ_THREAD_NAME_PREFIX, "ZMQ_THREAD_NAME_PREFIX", prefix)
    }

    /// Sets the linger that sockets start with: how long their last messages may take to go out after they are
    /// dropped. 30 seconds unless set; `None` is for ever, which is libzmq's own default.
    pub fn linger(self, linger: Option<Duration>) -> Self {
        Self { linger, ..self }
    }

    /// Sets what cancels the blocking calls on the context's sockets.
    pub fn interrupt(self, interrupt: Interrupt) -> Self {
        Self { interrupt: Some(interrupt), ..self }
    }

    /// Creates the context.
    ///
    /// # Errors
    ///
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput): a value is out of range.
    /// - [`Unsupported`](crate::ErrorKind::Unsupported): the libzmq that runs does not have the option, or is older
    ///   than the one this was built for.
    /// - [`TooManySockets`](crate::ErrorKind::TooManySockets): no file descriptor is free.
    /// - [`Forked`](crate::ErrorKind::Forked): the interrupt is another process's.
    pub fn build(self) -> Result<Context> {
        const DOING: &str = "create context";
        check_library()?;
        fork::watch()?;
        if self.interrupt.as_ref().is_some_and(Interrupt::is_inherited) {
            return Err(Error::new(errno::FORKED, DOING));
        }
        if self.linger.is_some_and(|linger| i32::try_from(linger.as_millis()).is_err()) {
            return Err(Error::invalid(DOING, "a linger of more than 24 days"));
        }
        let raw = RawContext::new()?;
        let Self { options, linger, io_threads, interrupt } = self;
        let is_ipv6 = |(option, _, value): &(_, _, _)| *option == ffi::ZMQ_IPV6 && *value == Ok(1);
        let ipv6 = !RawContext::HAS_IPV6 && options.iter().any(is_ipv6);
        let inner = Inner::new(raw, Defaults { linger, io_threads, interrupt, ipv6 });
        // Owned from here on: where an option is refused, it is terminated.
        let context = Context { inner: Arc::new(inner) };
        for (option, name, value) in options {
            let value = value.map_err(|reason| Error::invalid(DOING, reason).on(name))?;
            if option != ffi::ZMQ_IPV6 || RawContext::HAS_IPV6 {
                raw.set(option, value).map_err(|error| explain(error, option).on(name))?;
            }
        }
        Ok(context)
    }
}

/// Says why a context could not be created with the option.
fn explain(error: Error, option: i32) -> Error {
    const DOING: &str = "create context";
    let since = match option {
        ffi::ZMQ_THREAD_PRIORITY | ffi::ZMQ_THREAD_SCHED_POLICY => (4, 1),
        ffi::ZMQ_MAX_MSGSZ => (4, 2),
        ffi::ZMQ_THREAD_AFFINITY_CPU_ADD | ffi::ZMQ_THREAD_NAME_PREFIX => (4, 3),
        _ => return error.during(DOING),
    };
    let runs = version();
    if error.errno() != errno::EINVAL || (runs.major, runs.minor) >= since {
        return error.during(DOING);
    }
    let (major, minor) = since;
    Error::unsupported(DOING, format!("not known to libzmq {runs} (since {major}.{minor})"))
}

/// Sees that the libzmq that runs has the functions of the one that this was built for.
fn check_library() -> Result<()> {
    let built_for = if cfg!(libzmq_4_3) {
        (4, 3)
    } else if cfg!(libzmq_4_2) {
        (4, 2)
    } else if cfg!(libzmq_4_1) {
        (4, 1)
    } else if cfg!(libzmq_4_0) {
        (4, 0)
    } else {
        (3, 2)
    };
    let runs = version();
    if (runs.major, runs.minor) >= built_for {
        return Ok(());
    }
    let (major, minor) = built_for;
    Err(Error::unsupported(
        "create context",
        format!(
            "this program was built for libzmq {major}.{minor}, and runs with {runs}: install the one it was built \
             with, or build it again; where another crate brings its own libzmq, turn on the feature `zmq-sys`"
        ),
    ))
}
