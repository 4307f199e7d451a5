//! `Error`: a kind, and what was being done to what.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::{fmt, io};

use crate::raw::errno;

/// The result of what can fail in this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What kind of thing went wrong, in words that a caller can act on.
///
/// Each is one errno of libzmq's, or a condition that only this crate knows. More are added as libzmq
/// learns them; an errno without a word of its own is [`Other`](ErrorKind::Other).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// It cannot be done now without waiting, or the time to wait ran out (EAGAIN).
    WouldBlock,
    /// A signal, or an [`Interrupt`](crate::Interrupt), cancelled the call (EINTR).
    Interrupted,
    /// The context was shut down or terminated (ETERM).
    Terminated,
    /// The socket cannot do this in its present state, as a REQ that sends twice (EFSM).
    BadState,
    /// A mandatory ROUTER knows no peer of that routing id (EHOSTUNREACH).
    HostUnreachable,
    /// The endpoint is bound already (EADDRINUSE).
    AddrInUse,
    /// The address is not one of this machine's (EADDRNOTAVAIL).
    AddrNotAvailable,
    /// The network interface does not exist (ENODEV).
    NoDevice,
    /// The context's socket limit, or the process's limit of open files, is reached (EMFILE).
    TooManySockets,
    /// The libzmq that is linked, or this platform, cannot do it (ENOTSUP, EPROTONOSUPPORT).
    Unsupported,
    /// An argument is wrong (EINVAL).
    InvalidInput,
    /// There is no such endpoint (ENOENT).
    NotFound,
    /// Nobody listens at that endpoint (ECONNREFUSED).
    ConnectionRefused,
    /// The operating system forbids it (EACCES, EPERM).
    PermissionDenied,
    /// The transport does not go with the kind of socket (ENOCOMPATPROTO).
    IncompatibleTransport,
    /// The context has no I/O thread to do it (EMTHREAD).
    NoIoThread,
    /// The pointer is not that of an open socket (ENOTSOCK).
    NotASocket,
    /// The message is too large (EMSGSIZE).
    MessageTooLarge,
    /// Memory is exhausted (ENOMEM).
    OutOfMemory,
    /// The other end of a [pipe](crate::Context::pipe) is gone (EPIPE).
    Disconnected,
    /// The thread with the other end of a [pipe](crate::Context::pipe) panicked.
    Panicked,
    /// The socket or context was made before this process was forked off: only its maker may use it.
    Forked,
    /// Another errno.
    Other(i32),
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::WouldBlock => "would block",
            Self::Interrupted => "interrupted",
            Self::Terminated => "the context was terminated",
            Self::BadState => "not possible in the socket's present state",
            Self::HostUnreachable => "no such peer",
            Self::AddrInUse => "address in use",
            Self::AddrNotAvailable => "address not available",
            Self::NoDevice => "no such network interface",
            Self::TooManySockets => "too many sockets or open files",
            Self::Unsupported => "not supported by this libzmq",
            Self::InvalidInput => "invalid argument",
            Self::NotFound => "no such endpoint",
            Self::ConnectionRefused => "connection refused",
            Self::PermissionDenied => "permission denied",
            Self::IncompatibleTransport => "transport not compatible with the kind of socket",
            Self::NoIoThread => "no I/O thread",
            Self::NotASocket => "not an open socket",
            Self::MessageTooLarge => "message too large",
            Self::OutOfMemory => "out of memory",
            Self::Disconnected => "the other end is gone",
            Self::Panicked => "the thread at the other end panicked",
            Self::Forked => "made before this process was forked off",
            Self::Other(errno) => return write_system_text(f, *errno),
        })
    }
}

/// Writes the operating system's text for `errno`, as "not a directory".
fn write_system_text(f: &mut fmt::Formatter<'_>, errno: i32) -> fmt::Result {
    let text = io::Error::from_raw_os_error(errno).to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => write!(f, "{}{}", first.to_lowercase(), letters.as_str()),
        None => write!(f, "errno {errno}"),
    }
}

/// What went wrong, and what was being done to what.
///
/// Displays as `bind "ipc:///x/y": not a directory`. Those that happen all the time
/// ([`WouldBlock`](ErrorKind::WouldBlock), [`Interrupted`](ErrorKind::Interrupted),
/// [`Terminated`](ErrorKind::Terminated)) cost no allocation.
pub struct Error {
    code: i32,
    operation: &'static str,
    detail: Option<Box<Detail>>,
}

#[derive(Default)]
struct Detail {
    /// The endpoint, option or size that the operation was about.
    subject: Option<String>,
    /// Why, where it can be said better than by the kind's words.
    reason: Option<Cow<'static, str>>,
    /// Where the error came in from elsewhere.
    source: Option<io::Error>,
}

impl Error {
    /// The error for `code`, an errno of libzmq's or one of `raw::errno`'s own.
    #[cold]
    pub(crate) fn new(code: i32, operation: &'static str) -> Self {
        Self { code, operation, detail: None }
    }

    /// Creates an [`InvalidInput`](ErrorKind::InvalidInput), for layers above this one that find something wrong with
    /// what they are given: `operation` is what was being done, and `reason` what is wrong.
    ///
    /// ```
    /// let error = zmqx::Error::invalid("decode message", "it is cut short");
    /// assert_eq!(error.to_string(), "decode message: it is cut short");
    /// ```
    #[cold]
    pub fn invalid(operation: &'static str, reason: impl Into<Cow<'static, str>>) -> Self {
        Self::new(errno::EINVAL, operation).because(reason)
    }

    /// Creates a [`BadState`](ErrorKind::BadState), for layers above this one that are asked for what cannot be done
    /// now: `operation` is what was being done, and `reason` why it cannot.
    ///
    /// ```
    /// let error = zmqx::Error::bad_state("start reactor", "it is running");
    /// assert_eq!(error.kind(), zmqx::ErrorKind::BadState);
    /// ```
    #[cold]
    pub fn bad_state(operation: &'static str, reason: impl Into<Cow<'static, str>>) -> Self {
        Self::new(errno::EFSM, operation).because(reason)
    }

    /// `Unsupported`, with what would support it.
    #[cold]
    pub(crate) fn unsupported(
        operation: &'static str,
        reason: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::new(errno::ENOTSUP, operation).because(reason)
    }

    /// Adds what the operation was about, save to the kinds that must not allocate.
    #[must_use]
    pub(crate) fn on(self, subject: impl Into<String>) -> Self {
        self.on_with(|| subject.into())
    }

    /// Adds what the operation was about, save to the kinds that must not allocate, for which it is not even written.
    #[must_use]
    pub(crate) fn on_with(mut self, subject: impl FnOnce() -> String) -> Self {
        if !self.is_frequent() {
            self.detail.get_or_insert_default().subject = Some(subject());
        }
        self
    }

    /// Adds why, in better words than the kind's.
    #[must_use]
    pub(crate) fn because(mut self, reason: impl Into<Cow<'static, str>>) -> Self {
        if !self.is_frequent() {
            self.detail.get_or_insert_default().reason = Some(reason.into());
        }
        self
    }

    /// Says what was being done, in better words than the call below did.
    #[must_use]
    pub(crate) fn during(self, operation: &'static str) -> Self {
        Self { operation, ..self }
    }

    /// Another one that says the same.
    pub(crate) fn again(&self) -> Self {
        let detail = self.detail.as_deref().map(|detail| {
            let reason = detail.reason.clone();
            let reason = reason.or_else(|| Some(detail.source.as_ref()?.to_string().into()));
            Box::new(Detail { subject: detail.subject.clone(), reason, source: None })
        });
        Self { detail, ..*self }
    }

    fn is_frequent(&self) -> bool {
        matches!(
            self.kind(),
            ErrorKind::WouldBlock | ErrorKind::Interrupted | ErrorKind::Terminated
        )
    }

    /// Returns what kind of error it is.
    pub fn kind(&self) -> ErrorKind {
        errno::kind(self.code)
    }

    /// Returns the errno: libzmq's, or for what only this crate knows the nearest one.
    ///
    /// The nearest are EPIPE for [`Disconnected`](ErrorKind::Disconnected), ECONNABORTED for
    /// [`Panicked`](ErrorKind::Panicked), and EPERM for [`Forked`](ErrorKind::Forked).
    pub fn errno(&self) -> i32 {
        errno::public(self.code)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.operation)?;
        let detail = self.detail.as_deref();
        if let Some(subject) = detail.and_then(|detail| detail.subject.as_deref()) {
            write!(f, " {subject}")?;
        }
        match detail {
            Some(Detail { reason: Some(reason), .. }) => write!(f, ": {reason}"),
            Some(Detail { source: Some(source), .. }) => write!(f, ": {source}"),
            _ => write!(f, ": {}", self.kind()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A `main` that gives it prints this, so that it has to read well.
        write!(f, "{self} ({:?})", self.kind())
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.detail.as_ref()?.source.as_ref().map(|source| source as &dyn StdError)
    }
}

impl From<Error> for io::Error {
    fn from(error: Error) -> Self {
        let kind = match error.kind() {
            ErrorKind::WouldBlock => io::ErrorKind::WouldBlock,
            ErrorKind::Interrupted => io::ErrorKind::Interrupted,
            ErrorKind::HostUnreachable => io::ErrorKind::HostUnreachable,
            ErrorKind::AddrInUse => io::ErrorKind::AddrInUse,
            ErrorKind::AddrNotAvailable => io::ErrorKind::AddrNotAvailable,
            ErrorKind::Unsupported => io::ErrorKind::Unsupported,
            ErrorKind::InvalidInput => io::ErrorKind::InvalidInput,
            ErrorKind::NotFound => io::ErrorKind::NotFound,
            ErrorKind::ConnectionRefused => io::ErrorKind::ConnectionRefused,
            ErrorKind::PermissionDenied => io::ErrorKind::PermissionDenied,
            ErrorKind::OutOfMemory => io::ErrorKind::OutOfMemory,
            ErrorKind::Disconnected => io::ErrorKind::BrokenPipe,
            ErrorKind::Panicked => io::ErrorKind::ConnectionAborted,
            ErrorKind::Other(errno) => io::Error::from_raw_os_error(errno).kind(),
            _ => io::ErrorKind::Other,
        };
        io::Error::new(kind, error)
    }
}

impl From<io::Error> for Error {
    /// Gives back the `Error` that is inside, or wraps what came from elsewhere.
    fn from(error: io::Error) -> Self {
        let error = match error.downcast::<Self>() {
            Ok(own) => return own,
            Err(other) => other,
        };
        let code = error.raw_os_error().unwrap_or_else(|| match error.kind() {
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => errno::EAGAIN,
            io::ErrorKind::Interrupted => errno::EINTR,
            io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => errno::EINVAL,
            io::ErrorKind::Unsupported => errno::ENOTSUP,
            io::ErrorKind::NotFound => errno::ENOENT,
            io::ErrorKind::PermissionDenied => errno::EACCES,
            io::ErrorKind::OutOfMemory => errno::ENOMEM,
            _ => errno::EIO,
        });
        let mut wrapped = Self::new(code, "I/O");
        if !wrapped.is_frequent() {
            wrapped.detail.get_or_insert_default().source = Some(error);
        }
        wrapped
    }
}

/// A send that failed, with the message, which is whole and can be sent again.
///
/// `?` turns it into an [`Error`] or a [`std::io::Error`].
pub struct SendError<M> {
    /// Why it was not sent.
    pub error: Error,
    /// What was not sent.
    pub message: M,
}

impl<M> SendError<M> {
    /// Returns what kind of error it is.
    pub fn kind(&self) -> ErrorKind {
        self.error.kind()
    }

    /// Gives the message back.
    pub fn into_message(self) -> M {
        self.message
    }

    /// Turns the message into another form of itself.
    pub fn map<N>(self, convert: impl FnOnce(M) -> N) -> SendError<N> {
        SendError { error: self.error, message: convert(self.message) }
    }
}

impl<M> fmt::Display for SendError<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl<M> fmt::Debug for SendError<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendError").field("error", &self.error).finish_non_exhaustive()
    }
}

// No bound on M: the message need not be printable for the error to be one.
impl<M> StdError for SendError<M> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.error.source()
    }
}

impl<M> From<SendError<M>> for Error {
    fn from(error: SendError<M>) -> Self {
        error.error
    }
}

impl<M> From<SendError<M>> for io::Error {
    fn from(error: SendError<M>) -> Self {
        error.error.into()
    }
}
