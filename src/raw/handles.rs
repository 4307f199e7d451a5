//! Raw handles: contexts and sockets that were made by code that calls libzmq itself.

use std::ffi::c_void;
use std::ptr::NonNull;

use super::context::RawContext;
use super::socket::RawSocket;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::kind::Kind;
use crate::socket::Socket;

fn non_null(ptr: *mut c_void, operation: &'static str) -> Result<NonNull<c_void>> {
    NonNull::new(ptr).ok_or_else(|| Error::invalid(operation, "a null pointer"))
}

impl Context {
    /// Borrows a context that other code made, and will terminate.
    ///
    /// Sockets can be opened in it as in any other. Mind that its owner's `zmq_ctx_term` waits for them.
    ///
    /// # Safety
    ///
    /// - `ptr` is what `zmq_ctx_new` or `zmq_init` gave, of the libzmq that this crate is linked with.
    /// - It is not terminated before the last handle and socket of this context are gone, unless all of its sockets
    ///   are gone and nothing else is called on it.
    ///
    /// # Errors
    ///
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput): a null pointer.
    pub unsafe fn from_raw(ptr: *mut c_void) -> Result<Self> {
        let ptr = non_null(ptr, "borrow context")?;
        // SAFETY: the caller promises that the context is there, for as long as this one is used.
        let raw = unsafe { RawContext::from_ptr(ptr) };
        Self::borrowed(raw)
    }
}

impl<K: Kind> Socket<K> {
    /// Takes over a socket that other code opened, or that [`into_raw`](Self::into_raw) gave away, and closes it when
    /// dropped.
    ///
    /// # Safety
    ///
    /// - `ptr` is an open socket of the context `context`.
    /// - Nobody else uses or closes it from here on.
    ///
    /// # Errors
    ///
    /// With each of these the socket stays open, and the caller's:
    /// - [`InvalidInput`](crate::ErrorKind::InvalidInput): a null pointer, or a socket of another kind than `K`.
    /// - [`Unsupported`](crate::ErrorKind::Unsupported): a kind that this crate does not know.
    /// - [`Terminated`](crate::ErrorKind::Terminated): the context was shut down.
    pub unsafe fn from_raw(context: &Context, ptr: *mut c_void) -> Result<Self> {
        let ptr = non_null(ptr, "adopt socket")?;
        // SAFETY: the caller promises that the socket is open, and that it is ours alone.
        let raw = unsafe { RawSocket::from_ptr(ptr, context.validity()) };
        Self::adopt(raw, context)
    }
}
