//! The errno values, the one place that reads them, and the kinds they stand for.

use std::ffi::{c_int, c_void};
use std::ptr::NonNull;

pub(crate) use libc::{EACCES, EAGAIN, EINTR, EINVAL, EIO, ENOENT, ENOMEM, ENOTSUP};
use zmq_sys_ext as ffi;
pub(crate) use zmq_sys_ext::EFSM;

use crate::error::{Error, ErrorKind, Result};

// What only this crate knows, in numbers that no errno has.
pub(crate) const DISCONNECTED: i32 = -1;
pub(crate) const PANICKED: i32 = -2;
pub(crate) const FORKED: i32 = -3;
/// The other end of a pipe has left an error of its own, of which this is not the kind.
pub(crate) const REPORTED: i32 = -4;

/// libzmq's errno of the last call on this thread.
pub(crate) fn last() -> i32 {
    // SAFETY: zmq_errno(3) takes nothing and reads a thread-local.
    unsafe { ffi::zmq_errno() }
}

/// Translates the C convention "-1 is an error".
#[inline]
pub(crate) fn check(rc: c_int, operation: &'static str) -> Result<c_int> {
    if rc == -1 { Err(Error::new(last(), operation)) } else { Ok(rc) }
}

/// Translates the C convention "NULL is an error".
pub(crate) fn non_null(pointer: *mut c_void, operation: &'static str) -> Result<NonNull<c_void>> {
    NonNull::new(pointer).ok_or_else(|| Error::new(last(), operation))
}

/// The kind that `code` stands for.
pub(crate) fn kind(code: i32) -> ErrorKind {
    match code {
        DISCONNECTED | REPORTED => ErrorKind::Disconnected,
        PANICKED => ErrorKind::Panicked,
        FORKED => ErrorKind::Forked,
        ffi::ETERM => ErrorKind::Terminated,
        ffi::EFSM => ErrorKind::BadState,
        ffi::ENOCOMPATPROTO => ErrorKind::IncompatibleTransport,
        ffi::EMTHREAD => ErrorKind::NoIoThread,
        EAGAIN => ErrorKind::WouldBlock,
        EINTR => ErrorKind::Interrupted,
        EINVAL => ErrorKind::InvalidInput,
        EACCES | libc::EPERM => ErrorKind::PermissionDenied,
        ENOENT => ErrorKind::NotFound,
        ENOMEM => ErrorKind::OutOfMemory,
        libc::EHOSTUNREACH => ErrorKind::HostUnreachable,
        libc::EADDRINUSE => ErrorKind::AddrInUse,
        libc::EADDRNOTAVAIL => ErrorKind::AddrNotAvailable,
        libc::ENODEV => ErrorKind::NoDevice,
        libc::EMFILE | libc::ENFILE => ErrorKind::TooManySockets,
        libc::EPROTONOSUPPORT => ErrorKind::Unsupported,
        libc::ECONNREFUSED => ErrorKind::ConnectionRefused,
        libc::ENOTSOCK => ErrorKind::NotASocket,
        libc::EMSGSIZE => ErrorKind::MessageTooLarge,
        // Two numbers on some platforms, one on others, so not patterns.
        other if other == ENOTSUP || other == libc::EOPNOTSUPP => ErrorKind::Unsupported,
        other if other == libc::EWOULDBLOCK => ErrorKind::WouldBlock,
        other => ErrorKind::Other(other),
    }
}

/// The errno to show for `code`.
pub(crate) fn public(code: i32) -> i32 {
    match code {
        DISCONNECTED | REPORTED => libc::EPIPE,
        PANICKED => libc::ECONNABORTED,
        FORKED => libc::EPERM,
        errno => errno,
    }
}
