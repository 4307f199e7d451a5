//! `RawContext`, a pointer to libzmq's context; and what must be ruled out before it aborts the process.

use std::ffi::{c_int, c_void};
use std::ptr::NonNull;
use std::sync::Arc;

use zmq_sys_ext as ffi;

use super::draft;
use super::errno::{self, check, non_null};
use super::fork::{ForkLock, Validity};
use super::library;
use super::socket::RawSocket;
use crate::error::{Error, Result};
use crate::kind::SocketKind;

/// A context of libzmq's. That it is not used after `term` is on its owner, `context::Inner`, whose lock sees to it.
#[derive(Clone, Copy)]
pub(crate) struct RawContext {
    ptr: NonNull<c_void>,
}

// SAFETY: zmq(7): "A ØMQ context is thread safe and may be shared among as many application threads as necessary".
unsafe impl Send for RawContext {}
// SAFETY: as above.
unsafe impl Sync for RawContext {}

impl RawContext {
    pub(crate) fn new() -> Result<Self> {
        const DOING: &str = "create context";
        with_descriptors(Self::DESCRIPTORS, DOING, || {
            // SAFETY: zmq_ctx_new(3) has no preconditions.
            let ptr = unsafe { ffi::zmq_ctx_new() };
            Ok(Self { ptr: non_null(ptr, DOING)? })
        })
    }

    /// What a context needs to begin with: before 4.2 one without aborts the process when it is terminated.
    const DESCRIPTORS: usize = if cfg!(libzmq_4_2) { 0 } else { 2 };

    /// Whether every socket needs descriptors, or else aborts the process as the first does.
    pub(crate) const SOCKETS_ABORT: bool = cfg!(not(libzmq_4_0));

    /// # Safety
    ///
    /// The pointer is that of a context, which stays until the last use of what this gives.
    pub(crate) unsafe fn from_ptr(ptr: NonNull<c_void>) -> Self {
        Self { ptr }
    }

    pub(crate) fn as_ptr(self) -> *mut c_void {
        self.ptr.as_ptr()
    }

    pub(crate) fn set(self, option: c_int, value: c_int) -> Result<()> {
        // SAFETY: the context is there, and zmq_ctx_set(3) may be called from any thread.
        let rc = unsafe { ffi::zmq_ctx_set(self.as_ptr(), option, value) };
        check(rc, "set context option").map(drop)
    }

    pub(crate) fn get(self, option: c_int) -> Result<c_int> {
        // SAFETY: the context is there, and zmq_ctx_get(3) may be called from any thread.
        let rc = unsafe { ffi::zmq_ctx_get(self.as_ptr(), option) };
        check(rc, "get context option")
    }

    /// Opens a socket. The caller has seen to it, by `with_descriptors`, that libzmq can.
    pub(crate) fn socket(self, kind: SocketKind, validity: &Arc<Validity>) -> Result<RawSocket> {
        // Without drafts libzmq may open one all the same, which then does not work.
        if kind.is_draft() && !(draft::IS_THERE && library::has(c"draft")) {
            return Err(Error::unsupported("open socket", "this libzmq was built without DRAFT")
                .on(kind.to_string()));
        }
        // SAFETY: the context is there, and zmq_socket(3) may be called from any thread.
        let ptr = unsafe { ffi::zmq_socket(self.as_ptr(), kind.number()) };
        let ptr = non_null(ptr, "open socket").map_err(|error| match error.errno() {
            // That number is all that can be invalid.
            errno::EINVAL => Error::unsupported("open socket", "this libzmq has no such kind"),
            _ => error,
        });
        let ptr = ptr.map_err(|error| error.on(kind.to_string()))?;
        // SAFETY: it is a new socket, and nobody else has the pointer.
        Ok(unsafe { RawSocket::from_ptr(ptr, validity) })
    }

    /// Makes every call on its sockets give ETERM, and returns at once.
    #[cfg(libzmq_4_0)]
    pub(crate) fn shutdown(self) {
        // SAFETY: the context is there, and zmq_ctx_shutdown(3) may be called from any thread, and twice.
        unsafe { ffi::zmq_ctx_shutdown(self.as_ptr()) };
    }

    /// Without zmq_ctx_shutdown(3), the thread that terminates the context stops its sockets.
    #[cfg(not(libzmq_4_0))]
    pub(crate) fn shutdown(self) {}

    /// Whether it has the option ZMQ_IPV6, or else each socket is to be told.
    pub(crate) const HAS_IPV6: bool = cfg!(libzmq_4_0);

    /// Whether to shut down a context of ours is to terminate it, on a thread of its own.
    ///
    /// 3.2 has no zmq_ctx_shutdown(3). In 4.0 and 4.1 a zmq_ctx_term(3) after it crashes where an inproc connect has
    /// found no bind: it opens sockets to bind for it, and gets none.
    pub(crate) const SHUTDOWN_IS_TERMINATION: bool = cfg!(not(libzmq_4_2));

    /// Terminates it: waits until its sockets are closed and lingered, and frees it.
    ///
    /// To be called once, as the last use of it.
    pub(crate) fn term(self) {
        // A signal does not undo what has begun: it is to be called again. Other errors are EFAULT alone.
        while self.term_once() == -1 && errno::last() == errno::EINTR {}
    }

    #[cfg(libzmq_4_0)]
    fn term_once(self) -> c_int {
        // SAFETY: the context is there until this gives 0, and the owner sees to it that this is its last use.
        unsafe { ffi::zmq_ctx_term(self.as_ptr()) }
    }

    #[cfg(not(libzmq_4_0))]
    fn term_once(self) -> c_int {
        // SAFETY: as with zmq_ctx_term(3), which is zmq_ctx_destroy(3) under a later name.
        unsafe { ffi::zmq_ctx_destroy(self.as_ptr()) }
    }
}

/// What needs descriptors is done one by one, so that those that were free still are.
static NEEDY: ForkLock = ForkLock::new();

/// Runs `call` when `count` file descriptors are free, where libzmq would abort the process if they are not.
pub(crate) fn with_descriptors<T>(
    count: usize,
    operation: &'static str,
    call: impl FnOnce() -> Result<T>,
) -> Result<T> {
    let _one_by_one = NEEDY.lock();
    if count > 0 {
        find_descriptors(count, operation)?;
    }
    call()
}

/// Sees that `count` file descriptors are free. What comes after is not done one by one: it may drop a message, whose
/// owner may open a socket.
pub(crate) fn check_descriptors(count: usize, operation: &'static str) -> Result<()> {
    let _one_by_one = NEEDY.lock();
    find_descriptors(count, operation)
}

#[cfg(unix)]
fn find_descriptors(count: usize, operation: &'static str) -> Result<()> {
    use std::os::fd::{AsFd, OwnedFd};
    use std::os::unix::net::UnixDatagram;

    let none_left = |error: std::io::Error| {
        Error::new(error.raw_os_error().unwrap_or(errno::EIO), operation)
            .because(format!("fewer than {count} file descriptors are free, and libzmq needs them"))
    };
    let first = UnixDatagram::unbound().map_err(none_left)?;
    // It grows as descriptors are found: the count may be absurd.
    let mut held: Vec<OwnedFd> = Vec::new();
    for _ in 1..count {
        held.push(first.as_fd().try_clone_to_owned().map_err(none_left)?);
    }
    Ok(())
}

/// Handles are not scarce on this platform.
#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps, reason = "the Unix twin can fail")]
fn find_descriptors(_count: usize, _operation: &'static str) -> Result<()> {
    Ok(())
}
